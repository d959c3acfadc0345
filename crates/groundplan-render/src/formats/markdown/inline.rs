//! Running text: spans, and the sources after them.

use super::escape::{Place, code, line_start, plain};
use crate::Context;
use crate::index::Index;
use crate::links::web;
use crate::words;
use groundplan_document::{Span, Text};
use groundplan_model::{Evidence, ProvenanceKind};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Longest formula that is printed whole after a text, in characters.
const FORMULA: usize = 160;

/// What running text needs to know of its document.
pub(super) struct Inline<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) index: Index<'a>,
    /// GitHub's anchor of each section, by `Section::anchor`.
    pub(super) anchors: BTreeMap<&'a str, String>,
}

impl Inline<'_> {
    /// A text at the beginning of a line, with its sources.
    pub(super) fn line(&self, text: &Text) -> String {
        // Marks of spans begin with none of the characters that `line_start` escapes.
        line_start(&self.run(text, Place::Line, 2))
    }

    /// A text in the middle of a line, with its sources.
    pub(super) fn middle(&self, text: &Text) -> String {
        self.run(text, Place::Line, 2)
    }

    /// A text in a cell of a table, with one source.
    pub(super) fn cell(&self, text: &Text) -> String {
        self.run(text, Place::Cell, 1)
    }

    /// A link to a place, or the place in code font if nothing can be linked.
    pub(super) fn place(&self, evidence: &Evidence, place: Place) -> String {
        let label = words::line(&self.index.label(evidence));
        match self
            .context
            .links
            .file(&evidence.path, Some(evidence.lines))
        {
            Some(target) => format!("[{}]({target})", plain(&label, place)),
            None => code(&words::line(&evidence.label()), place),
        }
    }

    fn run(&self, text: &Text, place: Place, most: usize) -> String {
        let mut out = self.spans(&text.spans, place);
        out.truncate(out.trim_end().len());
        let sources = self.sources(text, place, most);
        if !sources.is_empty() {
            let gap = if out.is_empty() { "" } else { " " };
            out = format!("{out}{gap}({sources})");
        }
        out.trim_start().to_string()
    }

    fn spans(&self, spans: &[Span], place: Place) -> String {
        let spans = merged(spans);
        let mut out = String::new();
        for (i, span) in spans.iter().enumerate() {
            let after = spans.get(i + 1).and_then(|s| first_char(s));
            match span.as_ref() {
                Span::Plain(words) => out.push_str(&plain(&words::line(words), place)),
                Span::Strong(words) => emphasise(&mut out, words, "**", after, place),
                Span::Emphasis(words) => emphasise(&mut out, words, "*", after, place),
                Span::Code(name) => {
                    // Backticks side by side would be read as one fence.
                    if i > 0 && matches!(spans[i - 1].as_ref(), Span::Code(_)) {
                        out.push(' ');
                    }
                    out.push_str(&code(&words::line(name), place));
                }
                Span::Link { text, url } => out.push_str(&link(text, url, place)),
                Span::File { text, path } => match self.context.links.file(path, None) {
                    Some(target) => out.push_str(&bracketed(text, &target, place)),
                    None => out.push_str(&code(&words::line(text), place)),
                },
                Span::Section { text, anchor } => match self.anchors.get(anchor.as_str()) {
                    Some(slug) => out.push_str(&bracketed(text, &format!("#{slug}"), place)),
                    None => out.push_str(&plain(&words::line(text), place)),
                },
                // A place that stands as a word of the sentence is printed as it is; one that
                // hangs on the word before it is put in parentheses.
                Span::Cite(evidence) => match out.chars().last() {
                    Some(c) if !c.is_whitespace() && c != '(' => {
                        out.push_str(&format!(" ({})", self.place(evidence, place)));
                    }
                    _ => out.push_str(&self.place(evidence, place)),
                },
                Span::Question(id) | Span::Decision(id) => out.push_str(&self.id(id, place)),
            }
        }
        out
    }

    /// A question or a decision, linked to where it is listed.
    fn id(&self, id: &str, place: Place) -> String {
        let listing = self.index.listing(id);
        match listing.and_then(|listing| self.anchors.get(listing.section.as_str())) {
            Some(slug) => bracketed(id, &format!("#{slug}"), place),
            None => plain(&words::line(id), place),
        }
    }

    /// What stands in parentheses after a text: places, then a sum, a decision or an assumption
    /// that the text itself does not show.
    fn sources(&self, text: &Text, place: Place, most: usize) -> String {
        let mut seen: BTreeSet<(&str, [u32; 2])> = BTreeSet::new();
        let (mut sum, mut shown_ids) = (false, BTreeSet::new());
        for span in &text.spans {
            match span {
                Span::Cite(evidence) => {
                    seen.insert((&evidence.path, evidence.lines));
                }
                Span::Question(id) | Span::Decision(id) => {
                    shown_ids.insert(id.as_str());
                }
                Span::Plain(words)
                | Span::Strong(words)
                | Span::Emphasis(words)
                | Span::Code(words) => {
                    sum |= words.contains('=');
                }
                Span::Link { .. } | Span::File { .. } | Span::Section { .. } => {}
            }
        }
        let mut parts = Vec::new();
        let mut more = 0;
        for evidence in text.sources.iter().flat_map(|source| &source.evidence) {
            if !seen.insert((&evidence.path, evidence.lines)) {
                continue;
            }
            if parts.len() < most {
                parts.push(self.place(evidence, place));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            parts.push(format!("+{more} more"));
        }
        for source in &text.sources {
            match (
                source.kind,
                &source.formula,
                &source.decision,
                &source.question,
            ) {
                (ProvenanceKind::Computed, Some(formula), _, _)
                    if !sum && source.evidence.is_empty() =>
                {
                    sum = true;
                    parts.push(format!(
                        "source: {}",
                        plain(&words::short(formula, FORMULA), place)
                    ));
                }
                (ProvenanceKind::Decided, _, Some(id), _) if shown_ids.insert(id) => {
                    parts.push(self.id(id, place));
                }
                (ProvenanceKind::Assumed, _, _, Some(id)) if shown_ids.insert(id) => {
                    parts.push(format!("assumed, {}", self.id(id, place)));
                }
                _ => {}
            }
        }
        parts.join(", ")
    }
}

/// A link; an address that is no web or mail address is shown as text.
fn link(text: &str, url: &str, place: Place) -> String {
    let words = words::line(text);
    match web(url) {
        Some(target) if words.trim().is_empty() => bracketed(&target, &target, place),
        Some(target) => bracketed(text, &target, place),
        None if words.trim() == url.trim() => plain(&words, place),
        None => format!(
            "{} ({})",
            plain(&words, place),
            code(&words::line(url), place)
        ),
    }
}

fn bracketed(text: &str, target: &str, place: Place) -> String {
    let words = words::line(text);
    // An ampersand in an address would start an entity.
    format!(
        "[{}]({})",
        plain(words.trim(), place),
        target.replace('&', "&amp;")
    )
}

/// Neighbouring plain spans as one, so that nothing hides across their border.
fn merged(spans: &[Span]) -> Vec<Cow<'_, Span>> {
    let mut out: Vec<Cow<'_, Span>> = Vec::new();
    for span in spans.iter().filter(|span| !is_empty(span)) {
        if let (Span::Plain(more), Some(last)) = (span, out.last_mut())
            && matches!(last.as_ref(), Span::Plain(_))
        {
            if let Span::Plain(words) = last.to_mut() {
                words.push_str(more);
            }
            continue;
        }
        out.push(Cow::Borrowed(span));
    }
    out
}

fn is_empty(span: &Span) -> bool {
    match span {
        Span::Plain(words) => words.is_empty(),
        Span::Strong(words) | Span::Emphasis(words) | Span::Code(words) => words.trim().is_empty(),
        _ => false,
    }
}

/// The first character that a span prints, as far as delimiters care.
fn first_char(span: &Span) -> Option<char> {
    match span {
        Span::Plain(words) => words.chars().next(),
        Span::Cite(_) => Some(' '),
        _ => Some('*'),
    }
}

/// Puts words between delimiters where CommonMark's flanking rules let them work; prints the bare
/// words where they would not, since stray asterisks are worse than missing emphasis.
fn emphasise(out: &mut String, words: &str, mark: &str, after: Option<char>, place: Place) {
    let line = words::line(words);
    let inner = line.trim();
    let (Some(first), Some(last)) = (inner.chars().next(), inner.chars().last()) else {
        return;
    };
    let word = |c: char| !c.is_whitespace() && !is_punctuation(c);
    let open = line.starts_with(' ') || out.chars().last().is_none_or(|c| !word(c) || word(first));
    let close = line.ends_with(' ') || after.is_none_or(|c| !word(c) || word(last));
    // Two runs of asterisks side by side would be read as one.
    let touches_before = out.ends_with('*') && !line.starts_with(' ');
    let touches_after = after == Some('*') && !line.ends_with(' ');
    if line.starts_with(' ') {
        out.push(' ');
    }
    let escaped = plain(inner, place);
    if open && close && !touches_before && !touches_after {
        out.push_str(&format!("{mark}{escaped}{mark}"));
    } else {
        out.push_str(&escaped);
    }
    if line.ends_with(' ') {
        out.push(' ');
    }
}

/// Unicode punctuation and symbols, nearly: what is neither letter, number nor white space.
fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}
