//! What is said of a part whose code is told at another part that runs it too.

use crate::context::Context;
use crate::text::first_places;
use crate::tree::Text;
use groundplan_model::Element;

/// The part at which the code of another is told, and in what words that stands after `Runs`.
fn leader<'a>(c: &Context<'a>, e: &'a Element) -> Option<(&'a Element, &'static str, Text)> {
    let kinds = [
        ("program-of", "the same program as "),
        ("code-of", "code of the same source as "),
    ];
    kinds.into_iter().find_map(|(key, words)| {
        let a = e.attribute(key)?;
        let other = c.containers.iter().find(|o| o.id == a.value)?;
        let from = Text::default().from(&first_places([&a.provenance], 1));
        Some((*other, words, from))
    })
}

/// ``Runs the same program as `api`: what was read in its code is told there.``
pub(super) fn told_there(c: &Context, e: &Element) -> Option<Text> {
    let (other, words, from) = leader(c, e)?;
    let text = Text::plain("Runs ")
        .then(words)
        .then_code(c.name_of(&other.id))
        .then(": what was read in its code is told there.");
    Some(text.append(from))
}
