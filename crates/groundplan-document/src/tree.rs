//! The document tree: what a document says, without a word on how it is printed.

use groundplan_model::{Evidence, Provenance};
use serde::{Deserialize, Serialize};

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Words. Renderers escape them; they may come from hostile files.
    Plain(String),
    /// Words that stand out.
    Strong(String),
    /// Words in italics.
    Emphasis(String),
    /// A name, path or value as it stands in a file.
    Code(String),
    /// A link to a web address (http, https or mailto only; others are printed as text).
    Link {
        /// What the reader clicks.
        text: String,
        /// Where it leads.
        url: String,
    },
    /// A link to a file of the repository without a line.
    File {
        /// What the reader clicks.
        text: String,
        /// Path relative to the repository.
        path: String,
    },
    /// A link to a section of the same document.
    Section {
        /// What the reader clicks.
        text: String,
        /// Anchor of the section.
        anchor: String,
    },
    /// A source in the middle of a sentence. Sources of the whole text go to `Text::sources`.
    Cite(Evidence),
    /// An open question, `OQ-7`.
    Question(String),
    /// A decision, by its id.
    Decision(String),
}

/// A sentence, a cell or an item: spans and the reasons behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// What is said.
    pub spans: Vec<Span>,
    /// Who says so. Renderers print evidence after the text and show the rest on demand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Provenance>,
}

/// An item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Bold words before the text, without colon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What is said.
    pub text: Text,
    /// A box that is ticked or not; `None` for an ordinary item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
    /// Items below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
}

/// How a diagram is wanted in a text format. HTML always draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiagramForm {
    /// A drawing: Mermaid in Markdown, SVG elsewhere.
    Drawing,
    /// Box-drawing characters, as the technical and module outlines show.
    Text,
}

/// A block of a section. Closed: a renderer matches every kind, without a wildcard arm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(Text),
    /// A paragraph that answers a label: `**Label:** text`.
    Labelled {
        /// The label of the outline, without colon.
        label: String,
        /// The answer; may be empty if `blocks` hold it.
        text: Text,
        /// What follows and belongs to the label.
        blocks: Vec<Block>,
    },
    /// A list.
    List {
        /// Numbered or not.
        ordered: bool,
        /// Its items.
        items: Vec<Item>,
    },
    /// A table. Every row has as many cells as there are columns.
    Table {
        /// Column heads.
        columns: Vec<String>,
        /// Cells, row by row.
        rows: Vec<Vec<Text>>,
    },
    /// Code or configuration, quoted or derived.
    Code {
        /// Language for colouring: `json`, `yaml`, `sql`, `text` …
        language: String,
        /// The lines.
        text: String,
        /// Where they come from.
        source: Option<Provenance>,
    },
    /// A view of the blueprint.
    Diagram {
        /// Id of the view.
        view: String,
        /// Drawing or text.
        form: DiagramForm,
        /// A sentence under it; may be empty.
        caption: Text,
    },
    /// The table of contents of the whole document.
    Contents,
}

/// How well a section or label is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// An open question stands for it.
    Gap,
    /// A reasoned absence: what was searched, or why it is not needed.
    Absent,
    /// It says something without a source of its own.
    Filled,
    /// It says something with its source.
    Cited,
}

/// A section with its sub-sections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Unique in the document, `[a-z0-9-]+`.
    pub anchor: String,
    /// Heading as the outline has it, without number.
    pub heading: String,
    /// Number in the outline's manner (`3)`, `4.`, `Appendix A`), if it numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// How well it is answered, the best of its parts.
    pub state: State,
    /// What stands under the heading.
    pub blocks: Vec<Block>,
    /// Sub-sections.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
}

/// A whole document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Key of the outline.
    pub outline: String,
    /// Title, printed as the only first-level heading.
    pub title: String,
    /// Lines under the title: label and text (`Version`, `Status`, `Blueprint ID` …).
    pub header: Vec<(String, Text)>,
    /// First-level sections.
    pub sections: Vec<Section>,
    /// Last line, in italics; may be empty.
    pub footer: Text,
}

impl Text {
    /// Plain words without a source.
    pub fn plain(words: impl Into<String>) -> Self {
        Text {
            spans: vec![Span::Plain(words.into())],
            sources: Vec::new(),
        }
    }

    /// Plain words with their source.
    pub fn sourced(words: impl Into<String>, source: Provenance) -> Self {
        Text {
            spans: vec![Span::Plain(words.into())],
            sources: vec![source],
        }
    }

    /// A name in code font.
    pub fn code(name: impl Into<String>) -> Self {
        Text {
            spans: vec![Span::Code(name.into())],
            sources: Vec::new(),
        }
    }

    /// The same with the first place of its sources only.
    pub(crate) fn with_one_place(mut self) -> Self {
        let mut shown = false;
        for source in &mut self.sources {
            let room = usize::from(!shown);
            source.evidence.truncate(room);
            shown |= !source.evidence.is_empty();
        }
        self
    }

    /// The same with more words.
    pub fn and(mut self, span: Span) -> Self {
        self.spans.push(span);
        self
    }

    /// The same with plain words after it.
    pub fn then(self, words: impl Into<String>) -> Self {
        self.and(Span::Plain(words.into()))
    }

    /// The same with a name in code font after it.
    pub fn then_code(self, name: impl Into<String>) -> Self {
        self.and(Span::Code(name.into()))
    }

    /// The same with another source; a source that is there already is not repeated.
    pub fn from(mut self, source: &Provenance) -> Self {
        if !self.sources.contains(source) {
            self.sources.push(source.clone());
        }
        self
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.spans
            .iter()
            .all(|s| matches!(s, Span::Plain(t) if t.trim().is_empty()))
    }

    /// The evidence of all sources and citations, each place once, in order.
    pub fn evidence(&self) -> Vec<&Evidence> {
        let mut all: Vec<&Evidence> = Vec::new();
        let cited = self.spans.iter().filter_map(|s| match s {
            Span::Cite(place) => Some(place),
            _ => None,
        });
        for place in cited.chain(self.sources.iter().flat_map(|p| &p.evidence)) {
            if !all.contains(&place) {
                all.push(place);
            }
        }
        all
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Text::plain(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Text::plain(words)
    }
}

impl Item {
    /// An item with text only.
    pub fn of(text: Text) -> Self {
        Item {
            text,
            ..Item::default()
        }
    }

    /// An item with bold words before its text.
    pub fn labelled(label: impl Into<String>, text: Text) -> Self {
        Item {
            label: Some(label.into()),
            text,
            ..Item::default()
        }
    }

    fn is_cited(&self) -> bool {
        !self.text.sources.is_empty() || self.items.iter().any(Item::is_cited)
    }
}

impl Block {
    /// Whether anything in it carries a source.
    pub fn is_cited(&self) -> bool {
        match self {
            Block::Paragraph(text) => !text.sources.is_empty(),
            Block::Labelled { text, blocks, .. } => {
                !text.sources.is_empty() || blocks.iter().any(Block::is_cited)
            }
            Block::List { items, .. } => items.iter().any(Item::is_cited),
            Block::Table { rows, .. } => rows.iter().flatten().any(|t| !t.sources.is_empty()),
            Block::Code { source, .. } => source.is_some(),
            Block::Diagram { caption, .. } => !caption.sources.is_empty(),
            Block::Contents => false,
        }
    }
}
