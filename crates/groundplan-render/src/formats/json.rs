//! The document tree as it is, for programs.

use crate::{Context, Format};
use groundplan_document::Document;

/// JSON: the tree of `groundplan_document`, indented by two spaces.
pub(crate) static JSON: Format = Format {
    name: "json",
    extension: "json",
    media_type: "application/json",
    about: "the document tree with every source, for programs",
    run,
};

fn run(document: &Document, _: &Context) -> String {
    // The tree has string keys only, so writing it to memory cannot fail.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
