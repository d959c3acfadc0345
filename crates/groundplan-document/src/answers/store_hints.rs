//! What speaks for the use of a store of which no connection was read.

use super::found::kind_of;
use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use groundplan_knowledge::{Technology, knowledge};
use groundplan_model::{Element, Provenance, Setting};

/// Settings whose address has the scheme of a store, or whose name says that they hold its address.
fn settings_of<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a Setting> {
    let Some(product) = e.technology.iter().find_map(|t| knowledge().by_name(t)) else {
        return Vec::new();
    };
    let settings = c.blueprint.settings.iter();
    settings
        .filter(|s| s.element.as_deref() != Some(e.id.as_str()))
        .filter(|s| speaks_of(s, product))
        .collect()
}

fn speaks_of(s: &Setting, product: &Technology) -> bool {
    let by_value = s.value.as_deref().filter(|v| v.contains("://"));
    if let Some(known) = by_value.and_then(|v| knowledge().by_scheme(v)) {
        return knowledge().serves(&product.id, &known.id);
    }
    let lower = s.name.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    const ADDRESS: [&str; 9] = [
        "url",
        "uri",
        "host",
        "dsn",
        "addr",
        "address",
        "endpoint",
        "server",
        "connection",
    ];
    let address = words.iter().any(|w| ADDRESS.contains(w));
    // `MONGO_URL` for `mongodb`, `POSTGRES_HOST` for `postgresql`.
    let named = |w: &str| w.len() > 3 && product.id.starts_with(w);
    address && words.iter().any(|w| named(w))
}

/// `` `db` (MongoDB) is among the containers; which part uses it is not decided: `MONGO_URL` of `api`
/// names MongoDB ``.
pub(super) fn undecided<'a>(c: &Context<'a>, e: &Element) -> (Text, Vec<&'a Provenance>) {
    let text = Text::code(&e.name)
        .then(kind_of(e))
        .then(" is among the containers; which part uses it is not decided");
    let settings = settings_of(c, e);
    let Some(first) = settings.first() else {
        return (text, Vec::new());
    };
    let same = || settings.iter().filter(|s| s.name == first.name);
    let mut owners: Vec<&str> = same()
        .filter_map(|s| s.element.as_deref())
        .map(|id| c.name_of(id))
        .collect();
    owners.sort_unstable();
    owners.dedup();
    let mut text = text.then(": ").then_code(&first.name);
    if !owners.is_empty() {
        text = text.then(" of ").spans(names(owners, 4));
    }
    let product = e.technology.first().map_or("a store", String::as_str);
    let text = text.then(format!(" speaks of {product}"));
    (text, same().map(|s| &s.provenance).take(2).collect())
}

/// The sentence on a cache of which no connection was read.
pub(super) fn undecided_cache(c: &Context, e: &Element) -> Text {
    let (text, mut sources) = undecided(c, e);
    sources.push(&e.provenance);
    end(text.from(&first_places(sources, 3)))
}
