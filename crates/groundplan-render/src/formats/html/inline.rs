//! Running text: spans, the mark that opens their sources, and the sources for paper.

use super::escape::{markup, text};
use super::page::Page;
use super::provenance::kind;
use crate::links::web;
use groundplan_document::{Span, Text};
use groundplan_model::{Evidence, Provenance};
use std::collections::BTreeSet;

impl<'a> Page<'a> {
    /// A text with its sources; `most` is the number of places that are printed on paper.
    pub(super) fn text(&mut self, words: &'a Text, most: usize) {
        if words.sources.is_empty() {
            self.spans(&words.spans);
            return;
        }
        let mut numbers: Vec<usize> = Vec::new();
        for source in &words.sources {
            let number = self.sources.number(source);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        self.push(&format!(
            "<span class=\"st\" data-p=\"{}\">",
            numbers.join(" ")
        ));
        self.spans(&words.spans);
        let first = &words.sources[0];
        let name = kind(first.kind);
        let label = match first.evidence.first() {
            Some(place) => format!("Source: {name}, {}", place.label()),
            None => format!("Source: {name}"),
        };
        // A word joiner keeps the mark on the line of the last word.
        self.push(&format!(
            "<span class=\"nb\">&#8288;<button type=\"button\" class=\"src {name}\" \
             aria-haspopup=\"dialog\" aria-label=\"{}\"></button></span>",
            text(&label)
        ));
        let cites = self.cites(&words.sources, most);
        if !cites.is_empty() {
            self.push(&format!("<span class=\"cites\"> ({cites})</span>"));
        }
        self.push("</span>");
    }

    /// Places and formulas for readers on paper or without scripts.
    fn cites(&self, sources: &[Provenance], most: usize) -> String {
        let mut seen: BTreeSet<(&str, [u32; 2])> = BTreeSet::new();
        let mut parts = Vec::new();
        let mut more = 0;
        for place in sources.iter().flat_map(|source| &source.evidence) {
            if !seen.insert((&place.path, place.lines)) {
                continue;
            }
            if parts.len() < most {
                parts.push(self.place_link(place));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            parts.push(format!("+{more} more"));
        }
        for source in sources.iter().filter(|source| source.evidence.is_empty()) {
            if let Some(formula) = &source.formula {
                parts.push(format!("source: {}", text(formula)));
            }
            if let Some(id) = &source.decision {
                parts.push(text(id));
            }
            if let Some(id) = &source.question {
                parts.push(format!("assumed, {}", text(id)));
            }
        }
        parts.join(", ")
    }

    /// A link to a place, or the place in code font if nothing can be linked.
    pub(super) fn place_link(&self, place: &Evidence) -> String {
        match self.context.links.file(&place.path, Some(place.lines)) {
            Some(href) => format!(
                "<a class=\"cite\" href=\"{}\" title=\"{}\">{}</a>",
                markup(&href),
                text(&place.label()),
                text(&self.index.label(place))
            ),
            None => format!("<code class=\"cite\">{}</code>", text(&place.label())),
        }
    }

    pub(super) fn spans(&mut self, spans: &[Span]) {
        let mut attached = false;
        for span in spans {
            match span {
                Span::Plain(words) => self.push(&text(words)),
                Span::Strong(words) => self.push(&format!("<strong>{}</strong>", text(words))),
                Span::Emphasis(words) => self.push(&format!("<em>{}</em>", text(words))),
                Span::Code(name) if name.trim().is_empty() => {}
                Span::Code(name) => self.push(&format!("<code>{}</code>", breakable(name))),
                Span::Link { text: words, url } => self.push(&link(words, url)),
                Span::File { text: words, path } => match self.context.links.file(path, None) {
                    Some(href) => {
                        self.push(&format!(
                            "<a href=\"{}\">{}</a>",
                            markup(&href),
                            text(words)
                        ));
                    }
                    None => self.push(&format!("<code>{}</code>", text(words))),
                },
                Span::Section {
                    text: words,
                    anchor,
                } if self.has(anchor) => {
                    self.push(&format!(
                        "<a href=\"#{}\">{}</a>",
                        markup(anchor),
                        text(words)
                    ));
                }
                Span::Section { text: words, .. } => self.push(&text(words)),
                // A place that stands as a word of the sentence is printed as it is; one that
                // hangs on the word before it is put in parentheses.
                Span::Cite(place) => {
                    let link = self.place_link(place);
                    match attached {
                        true => self.push(&format!(" ({link})")),
                        false => self.push(&link),
                    }
                }
                Span::Question(id) => {
                    let known = self
                        .context
                        .blueprint
                        .questions
                        .iter()
                        .find(|q| &q.id == id);
                    let title = known.map(|q| q.text.clone()).unwrap_or_default();
                    self.chip(id, "oq", &title);
                }
                Span::Decision(id) => {
                    let known = self
                        .context
                        .blueprint
                        .decisions
                        .iter()
                        .find(|d| &d.id == id);
                    let title = known.map(|d| format!("{}: {}", d.status.word(), d.title));
                    self.chip(id, "adr", &title.unwrap_or_default());
                }
            }
            attached = match span {
                Span::Plain(words) => words
                    .chars()
                    .last()
                    .map_or(attached, |c| !c.is_whitespace() && c != '('),
                _ => true,
            };
        }
    }

    /// The id of a question or decision, linked to where it is listed.
    fn chip(&mut self, id: &str, class: &str, title: &str) {
        let title = match title.is_empty() {
            true => String::new(),
            false => format!(" title=\"{}\"", text(title)),
        };
        let html = match self.listing(id) {
            Some(href) => format!(
                "<a class=\"chip {class}\" href=\"{}\"{title}>{}</a>",
                markup(&href),
                text(id)
            ),
            None => format!("<span class=\"chip {class}\"{title}>{}</span>", text(id)),
        };
        self.push(&html);
    }
}

/// A long name with places where its line may break: after separators.
fn breakable(name: &str) -> String {
    let name = text(name);
    if name.len() < 24 {
        return name;
    }
    let parts: Vec<&str> = name.split_inclusive(['/', '.', '_', ':']).collect();
    parts.join("<wbr>")
}

/// A link; an address that is no web or mail address is shown as text.
fn link(words: &str, url: &str) -> String {
    match web(url) {
        Some(href) => {
            let words = if words.trim().is_empty() { url } else { words };
            format!(
                "<a href=\"{}\" rel=\"noreferrer\">{}</a>",
                markup(&href),
                text(words)
            )
        }
        None if words.trim() == url.trim() => text(words),
        None => format!("{} (<code>{}</code>)", text(words), text(url)),
    }
}
