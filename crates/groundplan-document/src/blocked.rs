//! Documents of a brief with errors: the faults first, and no number that rests on them.

use crate::tree::{Block, Document, Item, Section, Span, State, Text};
use groundplan_model::{Diagnostic, Provenance, ProvenanceKind};

/// Groups of facts that are sums over numbers of a brief.
const SUMS: [&str; 14] = [
    "availability.",
    "cache.",
    "cdn.",
    "compute.",
    "cost.",
    "data.",
    "db.",
    "latency.",
    "load.",
    "recovery.",
    "schedule.",
    "slo.",
    "stream.",
    "team.",
];

/// What a document says where a fault forbids an answer.
struct Blocked<'f> {
    faults: &'f [Diagnostic],
}

/// Puts `faults` before everything else. Where the system was `designed` from the brief, whatever
/// needs a number gives way to the names of the faults: it would rest on a value that nobody said.
pub(crate) fn block(document: &mut Document, faults: &[Diagnostic], designed: bool) {
    if faults.is_empty() {
        return;
    }
    let blocked = Blocked { faults };
    if designed {
        for (_, text) in &mut document.header {
            // What a document says of itself counts facts that nothing here rests on.
            if blocked.counts(text) {
                *text = blocked.text();
            }
        }
        document
            .sections
            .iter_mut()
            .for_each(|s| blocked.section(s));
    }
    let names = blocked.names(Text::plain("not valid: "));
    document.header.insert(0, ("Brief".to_owned(), names));
    if let Some(first) = document.sections.first_mut() {
        let lead = match designed {
            true => "The brief holds errors, so that nothing here rests on a number of it:",
            false => "The brief holds errors, so that the repository stands here without a design:",
        };
        let items = faults.iter().map(fault).collect();
        first.blocks.splice(
            0..0,
            [
                Block::Paragraph(Text::plain(lead)),
                Block::List {
                    ordered: false,
                    items,
                },
            ],
        );
    }
}

/// A fault with its place and its cure.
fn fault(fault: &Diagnostic) -> Item {
    let mut text = Text::code(&fault.name).then(format!(": {}", ticked(&fault.message)));
    if let Some(place) = &fault.place {
        text = text.from(&Provenance::declared([place.clone()]));
    }
    match fault.help.first() {
        Some(help) => Item::of(text.then(format!("; {}", ticked(help)))),
        None => Item::of(text),
    }
}

/// Back ticks of a message are for terminals.
fn ticked(words: &str) -> String {
    words.replace('`', "\"")
}

impl Blocked<'_> {
    /// `Blocked by V-TEAM-INVALID.`
    fn text(&self) -> Text {
        self.names(Text::plain("Blocked by ")).then(".")
    }

    /// The same text with the names of the faults.
    fn names(&self, mut text: Text) -> Text {
        for (i, fault) in self.faults.iter().enumerate() {
            let last = i + 1 == self.faults.len();
            match (i, last) {
                (0, _) => {}
                (_, true) => text = text.then(" and "),
                (_, false) => text = text.then(", "),
            }
            text = text.then_code(&fault.name);
        }
        text
    }

    /// Whether a text rests on a number, or on a decision, which load and team made. What the brief
    /// says in its own words does not.
    fn forbids(&self, text: &Text) -> bool {
        let said = |p: &Provenance| p.kind == ProvenanceKind::Declared;
        if !text.sources.is_empty() && text.sources.iter().all(said) {
            return false;
        }
        let derived = |p: &Provenance| {
            let number = |input: &String| SUMS.iter().any(|group| input.starts_with(group));
            p.kind == ProvenanceKind::Decided
                || p.decision.is_some()
                || p.kind == ProvenanceKind::Computed && p.inputs.iter().any(number)
        };
        text.sources.iter().any(derived) || self.counts(text)
    }

    /// Whether words hold a digit, or name a decision.
    fn counts(&self, text: &Text) -> bool {
        let digits = |words: &String| {
            let number = words.bytes().any(|b| b.is_ascii_digit());
            number && !words.starts_with("OQ-")
        };
        text.spans.iter().any(|span| match span {
            Span::Plain(words) | Span::Strong(words) | Span::Emphasis(words) => digits(words),
            Span::Decision(_) => true,
            Span::Code(_)
            | Span::Link { .. }
            | Span::File { .. }
            | Span::Section { .. }
            | Span::Cite(_)
            | Span::Question(_) => false,
        })
    }

    fn section(&self, section: &mut Section) {
        let before = std::mem::take(&mut section.blocks);
        let all = before.len();
        section.blocks = self.blocks(before);
        if all > 0 && section.blocks.iter().all(|b| self.stands_for(b)) {
            section.state = State::Gap;
        }
        section.sections.iter_mut().for_each(|s| self.section(s));
    }

    /// The blocks that need no number; neighbours that do are named once.
    fn blocks(&self, blocks: Vec<Block>) -> Vec<Block> {
        let mut all: Vec<Block> = Vec::new();
        for block in blocks {
            let block = self.one(block);
            let again = self.stands_for(&block) && all.last().is_some_and(|b| self.stands_for(b));
            if !again {
                all.push(block);
            }
        }
        all
    }

    fn stands_for(&self, block: &Block) -> bool {
        matches!(block, Block::Paragraph(text) if *text == self.text())
    }

    fn one(&self, block: Block) -> Block {
        let instead = || Block::Paragraph(self.text());
        match block {
            Block::Paragraph(text) if self.forbids(&text) => instead(),
            Block::Labelled {
                label,
                text,
                blocks,
            } => {
                let forbidden = self.forbids(&text);
                let mut blocks = self.blocks(blocks);
                blocks.retain(|b| !self.stands_for(b));
                let empty = blocks.is_empty() && text.is_empty();
                Block::Labelled {
                    label,
                    text: if forbidden || empty {
                        self.text()
                    } else {
                        text
                    },
                    blocks,
                }
            }
            Block::List { ordered, items } => {
                let items = self.items(items);
                match items.is_empty() {
                    true => instead(),
                    false => Block::List { ordered, items },
                }
            }
            Block::Table { columns, rows } => Block::Table {
                columns,
                rows: rows.into_iter().map(|row| self.row(row)).collect(),
            },
            Block::Code { source, text, .. }
                if source
                    .as_ref()
                    .is_none_or(|s| s.kind != ProvenanceKind::Declared)
                    && text.bytes().any(|b| b.is_ascii_digit()) =>
            {
                instead()
            }
            // What is deployed follows from load and team.
            Block::Diagram { view, .. } if view != "context" => instead(),
            other => other,
        }
    }

    fn items(&self, items: Vec<Item>) -> Vec<Item> {
        let mut all = Vec::new();
        for item in items {
            let forbidden = self.forbids(&item.text);
            match (forbidden, &item.label) {
                // A label is what a reader looks for.
                (true, Some(_)) => all.push(Item {
                    text: self.text(),
                    items: Vec::new(),
                    ..item
                }),
                (true, None) => {}
                (false, _) => {
                    let below = self.items(item.items);
                    let empty = below.is_empty() && item.text.is_empty();
                    let text = if empty { self.text() } else { item.text };
                    all.push(Item {
                        text,
                        items: below,
                        ..item
                    });
                }
            }
        }
        all
    }

    fn row(&self, row: Vec<Text>) -> Vec<Text> {
        let cells = row.into_iter();
        cells
            .map(|cell| match self.forbids(&cell) {
                true => self.text(),
                false => cell,
            })
            .collect()
    }
}
