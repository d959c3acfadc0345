//! Service levels, capacity and reliability.

use crate::answers::records;
use crate::tree::Text;
use groundplan_model::Slo;

records! {}

/// A service level in words: indicator, percentile, target, window.
pub(super) fn slo_text(slo: &Slo) -> Text {
    let percentile = slo.percentile.as_deref().map(|p| format!(", {p}")).unwrap_or_default();
    let window = slo.window.as_deref().map(|w| format!(" over {w}")).unwrap_or_default();
    let words = format!("{}{percentile}: {}{window}", slo.indicator, slo.target);
    Text::sourced(words, slo.provenance.clone())
}
