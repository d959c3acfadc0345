//! A page while it is written.

use super::escape::{markup, text};
use super::provenance::Sources;
use crate::Context;
use crate::index::{Index, Place};
use groundplan_document::{Block, Document, Section};
use groundplan_model::View;
use std::collections::BTreeSet;

/// A table of contents with more lines than this shows fewer levels.
const CONTENTS_LINES: usize = 200;
/// Most levels of a table of contents.
const CONTENTS_LEVELS: usize = 3;

/// The document, what is known of it, and what was written so far.
pub(super) struct Page<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) document: &'a Document,
    pub(super) index: Index<'a>,
    pub(super) sources: Sources<'a>,
    /// Anchor of the section that is being written.
    pub(super) section: &'a str,
    /// Ids of questions and decisions whose place has its `id` attribute already.
    placed: BTreeSet<&'a str>,
    /// Views that were drawn already.
    drawn: BTreeSet<&'a str>,
    /// Styles of drawings that stand in the page already.
    pub(super) styles: BTreeSet<String>,
    anchors: BTreeSet<&'a str>,
    pub(super) out: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(document: &'a Document, context: &'a Context<'a>) -> Self {
        let mut anchors = BTreeSet::new();
        collect(&document.sections, &mut anchors);
        Page {
            context,
            document,
            index: Index::new(document, context.blueprint),
            sources: Sources::default(),
            section: "",
            placed: BTreeSet::new(),
            drawn: BTreeSet::new(),
            styles: BTreeSet::new(),
            anchors,
            out: String::new(),
        }
    }

    pub(super) fn push(&mut self, html: &str) {
        self.out.push_str(html);
    }

    /// Whether the document has a section with this anchor.
    pub(super) fn has(&self, anchor: &str) -> bool {
        self.anchors.contains(anchor)
    }

    /// The view with this id, and whether it is met for the first time.
    pub(super) fn view(&mut self, id: &str) -> Option<(&'a View, bool)> {
        let view = self
            .context
            .blueprint
            .views
            .iter()
            .find(|view| view.id == id)?;
        Some((view, self.drawn.insert(&view.id)))
    }

    /// The address of the place in this page where a question or decision is listed.
    pub(super) fn listing(&self, id: &str) -> Option<String> {
        let listing = self.index.listing(id)?;
        Some(match listing.place {
            Place::Heading => format!("#{}", listing.section),
            Place::Row | Place::Item => format!("#{}", place_id(id)),
        })
    }

    /// The `id` attribute of an item, row or label that begins with `id`, if this is the place to
    /// which links lead.
    pub(super) fn place(&mut self, id: Option<&'a str>, place: Place) -> String {
        let Some(id) = id else {
            return String::new();
        };
        let here = |listing: &crate::index::Listing| {
            listing.place == place && listing.section == self.section
        };
        if self.index.listing(id).is_some_and(here) && self.placed.insert(id) {
            format!(" id=\"{}\"", markup(&place_id(id)))
        } else {
            String::new()
        }
    }

    /// A nested list of links to the sections; the section that holds the list is left out.
    pub(super) fn contents(&mut self) {
        let document = self.document;
        let mut levels = CONTENTS_LEVELS;
        while levels > 1 && count(&document.sections, levels) > CONTENTS_LINES {
            levels -= 1;
        }
        self.links(&document.sections, levels);
    }

    fn links(&mut self, sections: &[Section], levels: usize) {
        let shown: Vec<&Section> = sections.iter().filter(|s| !holds_contents(s)).collect();
        if shown.is_empty() || levels == 0 {
            return;
        }
        self.push("<ol>");
        for section in shown {
            let line = format!(
                "<li><a href=\"#{}\">{}</a>",
                markup(&section.anchor),
                heading(section)
            );
            self.push(&line);
            self.links(&section.sections, levels - 1);
            self.push("</li>\n");
        }
        self.push("</ol>\n");
    }
}

/// Number and words of a heading, escaped.
pub(super) fn heading(section: &Section) -> String {
    match section
        .number
        .as_deref()
        .map(str::trim)
        .filter(|number| !number.is_empty())
    {
        Some(number) => {
            format!(
                "<span class=\"no\">{}</span> {}",
                text(number),
                text(section.heading.trim())
            )
        }
        None => text(section.heading.trim()),
    }
}

/// Ids of our own begin with `_`, which no anchor of a section does.
fn place_id(id: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    format!("_{}", id.chars().map(safe).collect::<String>())
}

fn collect<'a>(sections: &'a [Section], anchors: &mut BTreeSet<&'a str>) {
    for section in sections {
        anchors.insert(&section.anchor);
        collect(&section.sections, anchors);
    }
}

fn count(sections: &[Section], levels: usize) -> usize {
    match levels {
        0 => 0,
        _ => sections
            .iter()
            .map(|s| 1 + count(&s.sections, levels - 1))
            .sum(),
    }
}

fn holds_contents(section: &Section) -> bool {
    section
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Contents))
}
