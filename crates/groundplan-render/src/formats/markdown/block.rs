//! Blocks: paragraphs, lists, tables, code, drawings, the table of contents.

use super::escape::{Place, fenced, plain};
use super::full_heading;
use super::inline::Inline;
use crate::words;
use groundplan_document::{Block, DiagramForm, Document, Item, Section, Text};
use groundplan_model::{Provenance, View};

/// A Mermaid drawing with more boxes than this is not readable on a code-hosting site.
const MERMAID_NODES: usize = 60;
/// A table of contents with more lines than this shows fewer levels.
const CONTENTS_LINES: usize = 120;
/// Most levels of a table of contents.
const CONTENTS_LEVELS: usize = 3;

/// What blocks need to know of their document.
pub(super) struct Blocks<'a> {
    pub(super) inline: &'a Inline<'a>,
    pub(super) document: &'a Document,
}

/// `**Label:** text`.
pub(super) fn labelled(label: &str, text: &str) -> String {
    let label = words::line(label);
    let label = plain(label.trim().trim_end_matches(':'), Place::Line);
    match (label.is_empty(), text.is_empty()) {
        (true, _) => text.to_string(),
        (false, true) => format!("**{label}:**"),
        (false, false) => format!("**{label}:** {text}"),
    }
}

impl Blocks<'_> {
    /// Writes blocks; each entry of `out` is set off by blank lines.
    pub(super) fn write(&self, blocks: &[Block], out: &mut Vec<String>) {
        // Two lists in a row would be read as one unless their marks differ.
        let mut alternate = false;
        let mut last_list = None;
        for block in blocks {
            let list = match block {
                Block::List { ordered, .. } => Some(*ordered),
                _ => None,
            };
            alternate = list.is_some() && list == last_list && !alternate;
            last_list = list;
            match block {
                Block::Paragraph(text) => out.push(self.inline.line(text)),
                Block::Labelled {
                    label,
                    text,
                    blocks,
                } => {
                    out.push(labelled(label, &self.inline.middle(text)));
                    self.write(blocks, out);
                }
                Block::List { ordered, items } => {
                    let mut lines = Vec::new();
                    self.items(items, *ordered, alternate, 0, &mut lines);
                    out.push(lines.join("\n"));
                }
                Block::Table { columns, rows } => out.push(self.table(columns, rows)),
                Block::Code {
                    language,
                    text,
                    source,
                } => self.code(language, text, source.as_ref(), out),
                Block::Diagram {
                    view,
                    form,
                    caption,
                } => self.diagram(view, *form, caption, out),
                Block::Contents => out.push(self.contents()),
            }
        }
    }

    fn items(
        &self,
        items: &[Item],
        ordered: bool,
        alternate: bool,
        indent: usize,
        out: &mut Vec<String>,
    ) {
        for (i, item) in items.iter().enumerate() {
            let mark = match (ordered, alternate) {
                (true, false) => format!("{}.", i + 1),
                (true, true) => format!("{})", i + 1),
                (false, false) => "-".to_string(),
                (false, true) => "*".to_string(),
            };
            let tick = match item.checked {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "",
            };
            let words = match &item.label {
                Some(label) => labelled(label, &self.inline.middle(&item.text)),
                None if item.checked.is_some() => self.inline.middle(&item.text),
                None => self.inline.line(&item.text),
            };
            let line = format!("{:indent$}{mark} {tick}{words}", "");
            out.push(line.trim_end().to_string());
            self.items(&item.items, false, false, indent + mark.len() + 1, out);
        }
    }

    fn table(&self, columns: &[String], rows: &[Vec<Text>]) -> String {
        if columns.is_empty() {
            return String::new();
        }
        let heads: Vec<String> = columns
            .iter()
            .map(|c| plain(words::line(c).trim(), Place::Cell))
            .collect();
        let empty = Text::default();
        let body: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                (0..columns.len())
                    .map(|i| self.inline.cell(row.get(i).unwrap_or(&empty)))
                    .collect()
            })
            .collect();
        let rule = (0..columns.len()).map(|i| match words::numeric(rows, i) {
            true => "---:".to_string(),
            false => "---".to_string(),
        });
        let mut lines = vec![bars(&heads), bars(&rule.collect::<Vec<_>>())];
        lines.extend(body.iter().map(|row| bars(row)));
        lines.join("\n")
    }

    fn code(&self, language: &str, text: &str, source: Option<&Provenance>, out: &mut Vec<String>) {
        let text = words::lines(text);
        if text.is_empty() {
            return;
        }
        out.push(fenced(language, &text));
        let places = source.map(|s| s.evidence.as_slice()).unwrap_or_default();
        let links: Vec<String> = places
            .iter()
            .take(2)
            .map(|p| self.inline.place(p, Place::Line))
            .collect();
        match (links.len(), places.len().saturating_sub(2)) {
            (0, _) => {}
            (1, _) => out.push(format!("Source: {}", links.join(", "))),
            (_, 0) => out.push(format!("Sources: {}", links.join(", "))),
            (_, more) => out.push(format!("Sources: {}, +{more} more", links.join(", "))),
        }
    }

    fn diagram(&self, id: &str, form: DiagramForm, caption: &Text, out: &mut Vec<String>) {
        let mut words = vec![self.inline.line(caption)];
        let view = self
            .inline
            .context
            .blueprint
            .views
            .iter()
            .find(|view| view.id == id);
        if let Some(view) = view {
            out.push(drawing(view, form));
            // A text drawing says itself what it leaves out.
            if form == DiagramForm::Drawing {
                words.push(plain(words::line(&view.omitted).trim(), Place::Line));
            }
            words.push(format!("[SVG]({})", self.inline.context.links.drawing(id)));
        }
        words.retain(|part| !part.is_empty());
        out.push(words.join(" "));
    }

    /// A nested list of links; the section that holds the list is left out.
    fn contents(&self) -> String {
        let mut levels = CONTENTS_LEVELS;
        while levels > 1 && count(&self.document.sections, levels) > CONTENTS_LINES {
            levels -= 1;
        }
        let mut lines = Vec::new();
        self.links(&self.document.sections, 0, levels, &mut lines);
        lines.join("\n")
    }

    fn links(&self, sections: &[Section], depth: usize, levels: usize, out: &mut Vec<String>) {
        for section in sections.iter().filter(|section| !holds_contents(section)) {
            let words = plain(&full_heading(section), Place::Line);
            let slug = self.inline.anchors.get(section.anchor.as_str());
            let slug = slug.map(String::as_str).unwrap_or_default();
            out.push(format!(
                "{:indent$}- [{words}](#{slug})",
                "",
                indent = depth * 2
            ));
            if depth + 1 < levels {
                self.links(&section.sections, depth + 1, levels, out);
            }
        }
    }
}

fn bars(cells: &[String]) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line.push_str(cell);
        line.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    line
}

fn drawing(view: &View, form: DiagramForm) -> String {
    match form {
        DiagramForm::Text => fenced("text", &words::lines(&groundplan_diagram::text(view))),
        DiagramForm::Drawing if view.nodes.len() > MERMAID_NODES => String::new(),
        DiagramForm::Drawing => {
            fenced("mermaid", &words::lines(&groundplan_diagram::mermaid(view)))
        }
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
