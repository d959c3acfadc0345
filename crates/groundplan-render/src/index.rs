//! What a renderer must know of the whole document before it prints a part: short names of files,
//! and where questions and decisions are listed.

use groundplan_document::{Block, Document, Item, Section, Span, Text};
use groundplan_model::{Blueprint, Evidence, Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// Where an open question or a decision is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Anchor of the section.
    pub(crate) section: String,
    /// What kind of place it is.
    pub(crate) place: Place,
}

/// The kinds of places where something can be listed; the later, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// An item that begins with the id.
    Item,
    /// A label or a row that begins with the id.
    Row,
    /// A section of its own.
    Heading,
}

/// The index of one document.
#[derive(Debug, Default)]
pub(crate) struct Index<'a> {
    short: BTreeMap<&'a str, &'a str>,
    listed: BTreeMap<String, Listing>,
    ids: BTreeSet<&'a str>,
    titles: BTreeMap<&'a str, &'a str>,
    paths: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    /// Reads the whole document once.
    pub(crate) fn new(document: &'a Document, blueprint: &'a Blueprint) -> Self {
        let mut index = Index::default();
        index
            .ids
            .extend(blueprint.questions.iter().map(|q| q.id.as_str()));
        for decision in &blueprint.decisions {
            index.ids.insert(&decision.id);
            index.titles.insert(&decision.title, &decision.id);
        }
        document
            .header
            .iter()
            .for_each(|(_, text)| index.text(text));
        index.text(&document.footer);
        for section in &document.sections {
            index.section(section, false);
        }
        index.short = short_names(&index.paths);
        index
    }

    /// Where an id is listed, if it is.
    pub(crate) fn listing(&self, id: &str) -> Option<&Listing> {
        self.listed.get(id)
    }

    /// The id that a heading announces: by the id itself or, among decisions, by the title of one.
    fn id_of_heading(&self, section: &Section, decisions: bool) -> Option<&'a str> {
        let heading = section.heading.trim();
        let number = section
            .number
            .as_deref()
            .and_then(|number| self.id_at(number));
        if let Some(id) = number.or_else(|| self.id_at(heading)) {
            return Some(id);
        }
        // Elsewhere a heading such as `Logging` may be a topic that a decision is named after.
        let title = heading.split_once(": ").map_or(heading, |(_, title)| title);
        let mut titles = [heading, title].into_iter().filter(|_| decisions);
        titles.find_map(|title| self.titles.get(title).copied())
    }

    /// The id that an item begins with.
    pub(crate) fn id_of_item(&self, item: &Item) -> Option<&'a str> {
        match &item.label {
            Some(label) => self.id_at(label),
            None => self.id_of_text(&item.text),
        }
    }

    /// The id that a text begins with.
    pub(crate) fn id_of_text(&self, text: &Text) -> Option<&'a str> {
        match text.spans.first()? {
            Span::Plain(words)
            | Span::Strong(words)
            | Span::Emphasis(words)
            | Span::Code(words)
            | Span::Question(words)
            | Span::Decision(words) => self.id_at(words),
            Span::Link { .. } | Span::File { .. } | Span::Section { .. } | Span::Cite(_) => None,
        }
    }

    /// The id at the beginning of some words.
    pub(crate) fn id_at(&self, words: &str) -> Option<&'a str> {
        let words = words.trim_start();
        let end =
            words.find(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | ')' | '('));
        let word = words
            .get(..end.unwrap_or(words.len()))?
            .trim_end_matches('.');
        self.ids.get(word).copied()
    }

    /// `file.go:3-9`, with as many folders as it takes to be unique in the document.
    pub(crate) fn label(&self, place: &Evidence) -> String {
        let name = self
            .short
            .get(place.path.as_str())
            .copied()
            .unwrap_or(&place.path);
        match place.lines {
            [0, _] => name.to_string(),
            [first, last] if last > first => format!("{name}:{first}-{last}"),
            [first, _] => format!("{name}:{first}"),
        }
    }

    fn section(&mut self, section: &'a Section, decisions: bool) {
        if let Some(id) = self.id_of_heading(section, decisions) {
            self.list(id, section, Place::Heading);
        }
        self.blocks(&section.blocks, section);
        let heading = section.heading.to_lowercase();
        let decisions = decisions || heading.contains("decision") || heading.contains("adr");
        for below in &section.sections {
            self.section(below, decisions);
        }
    }

    fn blocks(&mut self, blocks: &'a [Block], section: &Section) {
        for block in blocks {
            match block {
                Block::Paragraph(text) | Block::Diagram { caption: text, .. } => self.text(text),
                Block::Labelled {
                    label,
                    text,
                    blocks,
                } => {
                    if let Some(id) = self.id_at(label) {
                        self.list(id, section, Place::Row);
                    }
                    self.text(text);
                    self.blocks(blocks, section);
                }
                Block::List { items, .. } => self.items(items, section),
                Block::Table { rows, .. } => {
                    for row in rows {
                        if let Some(id) = row.first().and_then(|cell| self.id_of_text(cell)) {
                            self.list(id, section, Place::Row);
                        }
                        row.iter().for_each(|cell| self.text(cell));
                    }
                }
                Block::Code { source, .. } => source.iter().for_each(|s| self.source(s)),
                Block::Contents => {}
            }
        }
    }

    fn items(&mut self, items: &'a [Item], section: &Section) {
        for item in items {
            if let Some(id) = self.id_of_item(item) {
                self.list(id, section, Place::Item);
            }
            self.text(&item.text);
            self.items(&item.items, section);
        }
    }

    fn text(&mut self, text: &'a Text) {
        for span in &text.spans {
            if let Span::Cite(place) = span {
                self.paths.insert(&place.path);
            }
        }
        text.sources.iter().for_each(|source| self.source(source));
    }

    fn source(&mut self, source: &'a Provenance) {
        self.paths
            .extend(source.evidence.iter().map(|place| place.path.as_str()));
    }

    /// The best kind of place wins, then the last one: lists of questions stand at the end.
    fn list(&mut self, id: &str, section: &Section, place: Place) {
        if self.listed.get(id).is_none_or(|best| best.place <= place) {
            let listing = Listing {
                section: section.anchor.clone(),
                place,
            };
            self.listed.insert(id.to_string(), listing);
        }
    }
}

/// For each path the shortest end of whole components that no other path of the set has.
fn short_names<'a>(paths: &BTreeSet<&'a str>) -> BTreeMap<&'a str, &'a str> {
    let mut short = BTreeMap::new();
    let mut open: Vec<&'a str> = paths.iter().copied().collect();
    let mut components = 1;
    while !open.is_empty() {
        let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
        for path in &open {
            *holders.entry(tail(path, components)).or_default() += 1;
        }
        open.retain(|path| {
            let name = tail(path, components);
            let settled = name.len() == path.len() || holders.get(name) == Some(&1);
            if settled {
                short.insert(*path, name);
            }
            !settled
        });
        components += 1;
    }
    short
}

/// The last `count` components of a path.
fn tail(path: &str, count: usize) -> &str {
    match path.rmatch_indices('/').nth(count - 1) {
        Some((cut, _)) if cut + 1 < path.len() => &path[cut + 1..],
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_grow_only_where_they_clash() {
        let paths = BTreeSet::from([
            "a/b/main.go",
            "a/c/main.go",
            "x/compose.yaml",
            "main.go",
            "z/",
            "",
        ]);
        let short = short_names(&paths);
        assert_eq!(short["a/b/main.go"], "b/main.go");
        assert_eq!(short["a/c/main.go"], "c/main.go");
        assert_eq!(short["main.go"], "main.go");
        assert_eq!(short["x/compose.yaml"], "compose.yaml");
    }

    #[test]
    fn an_id_is_a_whole_word() {
        let mut index = Index::default();
        index.ids.insert("OQ-1");
        assert_eq!(index.id_at("OQ-1 (product owner): how many?"), Some("OQ-1"));
        assert_eq!(index.id_at("OQ-1."), Some("OQ-1"));
        assert_eq!(index.id_at("OQ-12"), None);
        assert_eq!(index.id_at(""), None);
    }
}
