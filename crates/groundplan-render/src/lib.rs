//! Document tree to Markdown, HTML and JSON.
//!
//! A format is one `static` record in one file under `formats/` and one line in [`FORMATS`].
//! Invariant: every word of a document may come from a hostile file, so nothing of it reaches an
//! output unescaped; and a format is a pure function, so the same document gives the same bytes.

mod formats;
mod index;
mod links;
mod words;

pub use formats::FORMATS;
pub use links::Links;

use groundplan_diagram::{Hints, Look, Theme};
use groundplan_document::Document;
use groundplan_model::{Blueprint, View};
use std::collections::BTreeMap;

/// What a format may look up while it prints a document.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The blueprint that the document was written from: its views, questions and decisions.
    pub blueprint: &'a Blueprint,
    /// Where links lead.
    pub links: Links,
    /// The SVG of each view by the id of the view. Several documents show the same views, and
    /// laying them out is most of the work.
    pub drawings: BTreeMap<String, String>,
}

impl<'a> Context<'a> {
    /// Draws all views of the blueprint in the colours of `theme`.
    pub fn new(blueprint: &'a Blueprint, links: Links, theme: Theme) -> Self {
        Context::placed(blueprint, links, theme, |_| Hints::default())
    }

    /// As [`Context::new`], with boxes where the hints of each view have them.
    pub fn placed(
        blueprint: &'a Blueprint,
        links: Links,
        theme: Theme,
        hints: impl Fn(&View) -> Hints,
    ) -> Self {
        let look = Look::Switching(theme);
        let draw = |view: &View| {
            let svg = groundplan_diagram::svg_in(view, &hints(view), &look);
            (view.id.clone(), svg)
        };
        Context {
            blueprint,
            links,
            drawings: blueprint.views.iter().map(draw).collect(),
        }
    }
}

/// An output format.
#[derive(Debug)]
pub struct Format {
    /// Name on the command line, lower case.
    pub name: &'static str,
    /// Extension of its files, without dot.
    pub extension: &'static str,
    /// Media type, as HTTP has it.
    pub media_type: &'static str,
    /// One line for the list of formats.
    pub about: &'static str,
    /// Prints a document; the text ends with one line break.
    pub run: fn(&Document, &Context) -> String,
}

/// The format with this name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_is_sorted_unique_and_documented() {
        assert!(
            FORMATS.is_sorted_by(|a, b| a.name < b.name),
            "sorted by name, each once"
        );
        for entry in FORMATS {
            let lower = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_lowercase());
            assert!(
                lower(entry.name) && lower(entry.extension),
                "{}",
                entry.name
            );
            assert!(entry.media_type.contains('/'), "{}", entry.name);
            assert!(
                entry.about.len() > 20 && !entry.about.contains('\n'),
                "{}",
                entry.name
            );
            assert!(std::ptr::eq(
                *entry,
                format(entry.name).unwrap_or(FORMATS[0])
            ));
        }
        assert!(format("docx-from-nowhere").is_none());
    }

    #[test]
    fn every_format_has_a_fixture() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
        for entry in FORMATS {
            assert!(
                root.join(entry.name).join("conformance").is_dir(),
                "{}",
                entry.name
            );
        }
    }
}
