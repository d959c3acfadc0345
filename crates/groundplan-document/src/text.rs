//! Small helpers that put sentences together from names, places and foreign text.

use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{Evidence, Provenance, Statement};

/// `3 more operations are not listed here.`: what a list leaves out, without a pointer to a place
/// that the reader may not have.
pub(crate) fn unlisted(n: usize, noun: &str) -> Text {
    let noun = words::noun_for(n, noun);
    let verb = words::verb_for(n, "is", "are");
    let n = words::number(n as u64);
    Text::plain(format!("{n} more {noun} {verb} not listed here."))
}

/// A name in code font; an empty name gives an empty text.
pub(crate) fn name(name: &str) -> Text {
    if name.trim().is_empty() {
        Text::default()
    } else {
        Text::code(name)
    }
}

/// Words of a cell; empty ones as a dash, so that readers see that nothing was lost.
pub(crate) fn plain_cell(words: &str) -> Text {
    if words.trim().is_empty() {
        Text::plain("–")
    } else {
        Text::plain(words)
    }
}

/// What a table says in SQL: an expression stands in code font, a word does not.
pub(crate) fn sql_cell(sql: &str) -> Text {
    match sql.contains('(') {
        true => Text::default().then_code(sql),
        false => plain_cell(sql),
    }
}

/// Names in code font as a list: `a`, `b` and 3 more.
pub(crate) fn names<'n>(all: impl IntoIterator<Item = &'n str>, most: usize) -> Vec<Span> {
    let spans = all.into_iter().map(|n| Span::Code(n.to_owned())).collect();
    words::list_spans(spans, most, "and")
}

impl Text {
    /// The same with more spans.
    pub(crate) fn spans(mut self, more: Vec<Span>) -> Text {
        self.spans.extend(more);
        self
    }

    /// The same with several sources.
    #[expect(
        clippy::wrong_self_convention,
        reason = "reads like `from`, which takes one source"
    )]
    pub(crate) fn from_all<'p>(self, sources: impl IntoIterator<Item = &'p Provenance>) -> Text {
        sources
            .into_iter()
            .fold(self, |text, source| text.from(source))
    }

    /// The same with the words and sources of another text after it.
    pub(crate) fn append(mut self, other: Text) -> Text {
        self.spans.extend(other.spans);
        other
            .sources
            .iter()
            .fold(self, |text, source| text.from(source))
    }
}

/// One source made of the first place of each of several, so that a sentence does not drag
/// dozens of places after it.
pub(crate) fn first_places<'p>(
    all: impl IntoIterator<Item = &'p Provenance>,
    most: usize,
) -> Provenance {
    let places: Vec<Evidence> = all
        .into_iter()
        .filter_map(Provenance::first)
        .take(most)
        .cloned()
        .collect();
    Provenance::observed(places)
}

/// Whether words of a document speak of their author or of the place where they stand, so that they
/// mean something only there: `we use`, `this branch`.
fn speaks_of_itself(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|w| matches!(w, "we" | "our" | "us" | "i" | "my"));
    let here = [
        "this branch",
        "this repo",
        "this project",
        "this fork",
        "this readme",
        "this document",
        "this page",
        "this directory",
        "this folder",
    ];
    first || here.iter().any(|h| lower.contains(h))
}

/// A table without the columns that say nothing: those in which no row has a value, and those of
/// `constant` in which all rows have the same. The first column always stays.
pub(crate) fn full_table(columns: &[&str], rows: Vec<Vec<Text>>, constant: &[&str]) -> Block {
    let words: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(plain).collect())
        .collect();
    let says = |at: usize, name: &str| {
        let mut cells = words.iter().filter_map(|row| row.get(at));
        let first = cells.clone().next();
        let empty = cells.clone().all(|w| matches!(w.trim(), "" | "–"));
        let same = rows.len() > 1 && cells.all(|w| Some(w) == first);
        at == 0 || !(empty || same && constant.contains(&name))
    };
    let kept: Vec<bool> = columns
        .iter()
        .enumerate()
        .map(|(at, name)| says(at, name))
        .collect();
    let pick = |at: usize| kept.get(at).copied().unwrap_or(true);
    let names: Vec<&str> = columns
        .iter()
        .enumerate()
        .filter(|(at, _)| pick(*at))
        .map(|(_, name)| *name)
        .collect();
    let rows = rows
        .into_iter()
        .map(|row| {
            let cells = row.into_iter().enumerate();
            cells
                .filter(|(at, _)| pick(*at))
                .map(|(_, cell)| cell)
                .collect()
        })
        .collect();
    table(&names, rows)
}

/// Whether a file declares a package.
fn is_manifest(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let known = [
        "package.json",
        "pyproject.toml",
        "Cargo.toml",
        "setup.py",
        "setup.cfg",
        "composer.json",
        "pom.xml",
        "mix.exs",
    ];
    known.contains(&name) || name.ends_with(".gemspec") || name.ends_with(".csproj")
}

/// Whether a description names what its subject is made with.
fn tells_stack(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        " built with ",
        " built on ",
        " built using ",
        " powered by ",
        " based on ",
        " written in ",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

/// A statement as a sentence with its source; what a file says in its own voice stands as its words.
pub(crate) fn stated(statement: &Statement) -> Text {
    let place = statement.provenance.first().map(|e| e.path.as_str());
    let prose = place.filter(|p| {
        let lower = p.to_lowercase();
        [".md", ".rst", ".adoc", ".txt", ".mdx"]
            .iter()
            .any(|end| lower.ends_with(end))
    });
    if let Some(path) = prose.filter(|_| speaks_of_itself(&statement.text)) {
        let file = path.rsplit('/').next().unwrap_or(path);
        let who = match file.to_lowercase().starts_with("readme") {
            true => "The README says: “".to_owned(),
            false => format!("{file} says: “"),
        };
        let mut spans = vec![Span::Plain(who)];
        spans.extend(inline(&words::sentence(&statement.text)));
        spans.push(Span::Plain("”".to_owned()));
        return Text {
            spans,
            sources: vec![statement.provenance.clone()],
        };
    }
    // What a manifest says of its own stack may be older than the stack.
    if place.is_some_and(is_manifest) && tells_stack(&statement.text) {
        let mut spans = vec![Span::Plain("The manifest says: “".to_owned())];
        spans.extend(inline(&words::sentence(&statement.text)));
        spans.push(Span::Plain("”".to_owned()));
        return Text {
            spans,
            sources: vec![statement.provenance.clone()],
        };
    }
    let spans = inline(&words::sentence(&statement.text));
    Text {
        spans,
        sources: vec![statement.provenance.clone()],
    }
}

/// Foreign text of one line with the Markdown marks taken out: code stays code, links and emphasis
/// become words.
pub(crate) fn inline(text: &str) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    // How much is left of the text where a bracket around a title closes.
    let mut titles: Vec<usize> = Vec::new();
    // What can begin a mark; everything else is copied as it stands.
    let begins = |b: u8| matches!(b, b'`' | b'!' | b'[' | b']' | b'*' | b'_' | b'T');
    loop {
        let run = rest.bytes().position(begins).unwrap_or(rest.len());
        let (words, from) = rest.split_at(run);
        plain.push_str(words);
        rest = from;
        let Some(c) = rest.chars().next() else {
            break;
        };
        if c == '`' {
            let ticks = rest.chars().take_while(|c| *c == '`').count();
            let (fence, after) = rest.split_at(ticks);
            // Within a window only: a search to the end for every mark would be quadratic.
            if let Some(end) = closing(words_window(after), fence).filter(|_| ticks < 4) {
                flush(&mut out, &mut plain);
                out.push(Span::Code(after.get(..end).unwrap_or("").to_owned()));
                rest = after.get(end + ticks..).unwrap_or("");
                continue;
            }
        }
        if c == '!' && rest.starts_with("![") {
            rest = rest.get(1..).unwrap_or("");
            continue;
        }
        if c == '[' {
            // Only a link right here is undone; a search over the whole text would be quadratic.
            let window = words_window(rest);
            if let Some(close) = window.find("](")
                && !window.get(1..close).unwrap_or("").contains(['[', ']'])
                && let Some(end) = window.get(close..).and_then(|s| s.find(')'))
            {
                plain.push_str(window.get(1..close).unwrap_or(""));
                rest = rest.get(close + end + 1..).unwrap_or("");
                continue;
            }
        }
        if rest.starts_with("**") || rest.starts_with("__") {
            rest = rest.get(2..).unwrap_or("");
            continue;
        }
        // A title in brackets, as templates of decisions put it: `Chosen option: [Option 1: Cloud Run]`.
        if c == '[' {
            let window = words_window(rest);
            let inner = window.get(1..).and_then(|w| w.split_once(']'));
            if let Some((title, behind)) = inner
                && is_title(title)
                && !behind.starts_with(['(', '[', ':'])
            {
                titles.push(rest.len() - title.len() - 1);
                rest = behind_of(rest, 1);
                continue;
            }
        }
        if c == ']' && titles.last() == Some(&rest.len()) {
            titles.pop();
            rest = behind_of(rest, 1);
            continue;
        }
        if let Some(length) = undecided(rest, &plain) {
            plain.push_str("to be decided");
            rest = behind_of(rest, length);
            continue;
        }
        plain.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or("");
    }
    flush(&mut out, &mut plain);
    out
}

fn behind_of(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or("")
}

/// Whether what stands in brackets is a title of some words.
fn is_title(text: &str) -> bool {
    text.len() < 120
        && text.starts_with(|c: char| c.is_uppercase())
        && text.contains(' ')
        && !text.contains(['[', '\n'])
}

/// The length of the mark for what nobody has decided, where the text begins with it as a word of its own.
fn undecided(rest: &str, before: &str) -> Option<usize> {
    const MARK: &str = "TBD";
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let whole = !before.ends_with(part) && !behind_of(rest, MARK.len()).starts_with(part);
    (whole && rest.starts_with(MARK)).then_some(MARK.len())
}

/// Where the fence closes: a run of exactly as many ticks.
fn closing(text: &str, fence: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let run = text
            .get(start..)?
            .bytes()
            .take_while(|b| *b == b'`')
            .count();
        if run == fence.len() {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// The next 600 bytes or so.
fn words_window(text: &str) -> &str {
    let mut end = text.len().min(600);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

fn flush(out: &mut Vec<Span>, plain: &mut String) {
    if !plain.is_empty() {
        out.push(Span::Plain(std::mem::take(plain)));
    }
}

/// Foreign text of several paragraphs as blocks; the first carries the source. At most `most`
/// blocks.
pub(crate) fn paragraphs(text: &str, source: &Provenance, most: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut prose = String::new();
    let mut items: Vec<Item> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        if let Some(item) = list_item(trimmed).filter(|_| !fenced) {
            close_prose(&mut blocks, &mut prose);
            items.push(Item::of(Text {
                spans: inline(item),
                sources: Vec::new(),
            }));
        } else if trimmed.is_empty() {
            close_prose(&mut blocks, &mut prose);
        } else if !items.is_empty() && line.starts_with([' ', '\t']) {
            if let Some(last) = items.last_mut() {
                last.text.spans.push(Span::Plain(" ".to_owned()));
                last.text.spans.extend(inline(trimmed));
            }
        } else {
            close_items(&mut blocks, &mut items);
            if !prose.is_empty() {
                prose.push(' ');
            }
            prose.push_str(trimmed.trim_start_matches('#').trim());
        }
    }
    close_prose(&mut blocks, &mut prose);
    close_items(&mut blocks, &mut items);
    blocks.truncate(most);
    match blocks.first_mut() {
        Some(Block::Paragraph(text)) => text.sources.push(source.clone()),
        Some(Block::List { items, .. }) => {
            if let Some(first) = items.first_mut() {
                first.text.sources.push(source.clone());
            }
        }
        _ => {}
    }
    blocks
}

fn list_item(line: &str) -> Option<&str> {
    for mark in ["- ", "* ", "+ "] {
        if let Some(item) = line.strip_prefix(mark) {
            return Some(item.trim());
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let after = line.get(digits..)?;
    let item = after
        .strip_prefix(". ")
        .or_else(|| after.strip_prefix(") "))?;
    (digits > 0 && digits < 4).then_some(item.trim())
}

fn close_prose(blocks: &mut Vec<Block>, prose: &mut String) {
    if !prose.is_empty() {
        let spans = inline(&std::mem::take(prose));
        blocks.push(Block::Paragraph(Text {
            spans,
            sources: Vec::new(),
        }));
    }
}

fn close_items(blocks: &mut Vec<Block>, items: &mut Vec<Item>) {
    if !items.is_empty() {
        blocks.push(Block::List {
            ordered: false,
            items: std::mem::take(items),
        });
    }
}

/// A list of sentences.
pub(crate) fn bullets(texts: Vec<Text>) -> Block {
    Block::List {
        ordered: false,
        items: texts.into_iter().map(Item::of).collect(),
    }
}

/// A list of steps.
pub(crate) fn steps(texts: Vec<Text>) -> Block {
    Block::List {
        ordered: true,
        items: texts.into_iter().map(Item::of).collect(),
    }
}

/// A table with these columns.
pub(crate) fn table(columns: &[&str], rows: Vec<Vec<Text>>) -> Block {
    Block::Table {
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        rows,
    }
}

/// The words of a text without marks, for tests and comparisons.
pub(crate) fn plain(text: &Text) -> String {
    text.spans
        .iter()
        .map(|span| match span {
            Span::Plain(t) | Span::Strong(t) | Span::Emphasis(t) | Span::Code(t) => t.as_str(),
            Span::Link { text, .. } | Span::File { text, .. } | Span::Section { text, .. } => text,
            Span::Question(id) | Span::Decision(id) => id,
            Span::Cite(_) => "",
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        plain(&Text {
            spans: inline(text),
            sources: Vec::new(),
        })
    }

    #[test]
    fn markdown_marks_are_taken_out() {
        assert_eq!(
            words("A **big** [shop](https://x.example) of `socks`."),
            "A big shop of socks."
        );
        assert_eq!(
            words("![logo](a.png) [x] [broken](no end"),
            "logo [x] [broken](no end"
        );
        assert_eq!(words("`open and ``two` end``"), "open and ``two end``");
        assert!(inline("run `a b`").contains(&Span::Code("a b".to_owned())));
        assert_eq!(words(""), "");
    }

    #[test]
    fn paragraphs_and_lists_are_told_apart() {
        let source = Provenance::observed([Evidence::new("a.md", 1, 9, "")]);
        let blocks = paragraphs("One\ntwo.\n\n- a\n- b\n  more\n\nEnd.", &source, 9);
        assert_eq!(blocks.len(), 3);
        assert!(blocks[0].is_cited());
        let Block::List { items, .. } = &blocks[1] else {
            panic!("no list");
        };
        assert_eq!(plain(&items[1].text), "b more");
        assert!(paragraphs("", &source, 9).is_empty());
    }
}
