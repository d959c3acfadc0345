//! Blocks: paragraphs, lists, tables, code, drawings.

use super::escape::{code, markup, text};
use super::page::{Page, heading};
use super::sheet;
use crate::index::Place;
use crate::words;
use groundplan_document::{Block, Item, Section, State, Text};
use groundplan_model::{ElementKind, Provenance, View, ViewKind};

/// Places that are printed on paper after a paragraph and in a cell.
const PLACES: usize = 2;
const PLACES_IN_CELL: usize = 1;

impl<'a> Page<'a> {
    /// A section with its sub-sections; `level` is that of its heading.
    pub(super) fn section(&mut self, section: &'a Section, level: usize) {
        self.section = &section.anchor;
        let level = level.min(6);
        let anchor = markup(&section.anchor);
        let open = match section.state {
            State::Gap => " <span class=\"chip gap\">open</span>",
            State::Absent | State::Filled | State::Cited => "",
        };
        self.push(&format!(
            "<section id=\"{anchor}\"><h{level}>{}{open} <a class=\"here\" href=\"#{anchor}\" aria-label=\"Link to this section\">#</a></h{level}>\n",
            heading(section)
        ));
        self.blocks(&section.blocks);
        for below in &section.sections {
            self.section(below, level + 1);
        }
        self.push("</section>\n");
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(words) if words.is_empty() && words.sources.is_empty() => {}
                Block::Paragraph(words) => self.paragraph("", words),
                Block::Labelled {
                    label,
                    text: words,
                    blocks,
                } => {
                    let id = self.index.id_at(label);
                    let id = self.place(id, Place::Row);
                    self.push(&format!("<div class=\"labelled\"{id}>"));
                    self.paragraph(label, words);
                    self.blocks(blocks);
                    self.push("</div>\n");
                }
                Block::List { ordered, items } => self.list(*ordered, items),
                Block::Table { columns, rows } => self.table(columns, rows),
                Block::Code {
                    language,
                    text,
                    source,
                } => self.code(language, text, source.as_ref()),
                Block::Diagram { view, caption, .. } => self.diagram(view, caption),
                Block::Contents => {
                    self.push("<div class=\"contents\">");
                    self.contents();
                    self.push("</div>\n");
                }
            }
        }
    }

    fn paragraph(&mut self, label: &str, words: &'a Text) {
        self.push("<p>");
        self.label(label);
        self.text(words, PLACES);
        self.push("</p>\n");
    }

    fn label(&mut self, label: &str) {
        let label = label.trim().trim_end_matches(':');
        if !label.is_empty() {
            self.push(&format!(
                "<strong class=\"label\">{}:</strong> ",
                text(label)
            ));
        }
    }

    fn list(&mut self, ordered: bool, items: &'a [Item]) {
        if items.is_empty() {
            return;
        }
        let ticks = items.iter().any(|item| item.checked.is_some());
        let (tag, class) = match (ordered, ticks) {
            (true, _) => ("ol", ""),
            (false, true) => ("ul", " class=\"ticks\""),
            (false, false) => ("ul", ""),
        };
        self.push(&format!("<{tag}{class}>\n"));
        for item in items {
            let id = self.index.id_of_item(item);
            let id = self.place(id, Place::Item);
            self.push(&format!("<li{id}>"));
            match item.checked {
                Some(true) => {
                    self.push("<span class=\"tick on\" role=\"img\" aria-label=\"done\">✓</span> ")
                }
                Some(false) => {
                    self.push("<span class=\"tick\" role=\"img\" aria-label=\"not done\"></span> ")
                }
                None => {}
            }
            self.label(item.label.as_deref().unwrap_or_default());
            self.text(&item.text, PLACES);
            self.list(false, &item.items);
            self.push("</li>\n");
        }
        self.push(&format!("</{tag}>\n"));
    }

    fn table(&mut self, columns: &[String], rows: &'a [Vec<Text>]) {
        if columns.is_empty() {
            return;
        }
        let classes: Vec<&str> = (0..columns.len())
            .map(|column| {
                if words::numeric(rows, column) {
                    " class=\"n\""
                } else {
                    ""
                }
            })
            .collect();
        self.push("<div class=\"scroll\"><table>\n<thead><tr>");
        for (name, class) in columns.iter().zip(&classes) {
            self.push(&format!(
                "<th scope=\"col\"{class}>{}</th>",
                text(name.trim())
            ));
        }
        self.push("</tr></thead>\n<tbody>\n");
        for row in rows {
            let id = row.first().and_then(|cell| self.index.id_of_text(cell));
            let id = self.place(id, Place::Row);
            self.push(&format!("<tr{id}>"));
            for (column, class) in classes.iter().enumerate() {
                self.push(&format!("<td{class}>"));
                if let Some(cell) = row.get(column) {
                    self.text(cell, PLACES_IN_CELL);
                }
                self.push("</td>");
            }
            self.push("</tr>\n");
        }
        self.push("</tbody></table></div>\n");
    }

    fn code(&mut self, language: &str, lines: &str, source: Option<&'a Provenance>) {
        let lines = code(lines);
        if lines.is_empty() {
            return;
        }
        let language: String = language
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "+-_.#".contains(*c))
            .collect();
        self.push("<figure class=\"code\">");
        self.push(&format!(
            "<pre><code class=\"language-{language}\">{lines}</code></pre>"
        ));
        let places = source.map(|s| s.evidence.as_slice()).unwrap_or_default();
        if !places.is_empty() {
            let mut links: Vec<String> = places
                .iter()
                .take(PLACES)
                .map(|place| self.place_link(place))
                .collect();
            if places.len() > PLACES {
                links.push(format!("+{} more", places.len() - PLACES));
            }
            self.push(&format!("<figcaption>{}</figcaption>", links.join(", ")));
        }
        self.push("</figure>\n");
    }

    fn diagram(&mut self, id: &str, caption: &'a Text) {
        let Some((view, first)) = self.view(id) else {
            if !caption.is_empty() {
                self.paragraph("", caption);
            }
            return;
        };
        let title = text(view.title.trim());
        let figure = format!("_view-{}", markup(&crate::links::encode_path(&view.id)));
        if !first {
            self.push(&format!(
                "<p>Drawn above: <a href=\"#{figure}\">{title}</a>. "
            ));
            self.text(caption, PLACES);
            self.push("</p>\n");
            return;
        }
        let drawing = self.context.drawings.get(&view.id);
        let sheet = drawing.map_or("", |svg| sheet::class(svg));
        self.push(&format!(
            "<figure class=\"diagram{sheet}\" id=\"{figure}\"><div class=\"canvas\">"
        ));
        if let Some(svg) = drawing {
            self.drawing(svg);
        }
        // The drawing itself says what it leaves out.
        self.push("</div><figcaption>");
        self.text(caption, PLACES);
        self.push("</figcaption>");
        let sentences = groundplan_diagram::description(view);
        if !sentences.is_empty() {
            self.push(&format!(
                "<details><summary>{title} in words</summary><ul>\n"
            ));
            for sentence in &sentences {
                self.push(&format!("<li>{}</li>\n", text(sentence)));
            }
            self.code_of(view);
            self.push("</ul></details>");
        }
        self.push("</figure>\n");
    }

    /// Where the code of each component of a view is: nothing of the document is below them.
    fn code_of(&mut self, view: &'a View) {
        if view.kind != ViewKind::Component {
            return;
        }
        for node in &view.nodes {
            let element = self.context.blueprint.element(&node.id);
            let place = element.and_then(|element| element.provenance.evidence.first());
            let is_component = element.is_some_and(|e| e.kind == ElementKind::Component);
            if let Some(place) = place.filter(|_| is_component) {
                let link = self.place_link(place);
                let (id, name) = (markup(&node.id), text(node.name.trim()));
                self.push(&format!("<li data-code=\"{id}\">{name}: {link}</li>\n"));
            }
        }
    }
}
