//! The views of a blueprint.

use groundplan_model::{Blueprint, View};

/// All views, in document order.
pub(crate) fn all(_blueprint: &Blueprint) -> Vec<View> {
    Vec::new()
}
