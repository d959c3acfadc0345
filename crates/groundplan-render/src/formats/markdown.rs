//! GitHub-flavoured Markdown, for documents that are read on a code-hosting site.

mod anchor;
mod block;
mod escape;
mod inline;

use crate::index::Index;
use crate::{Context, Format, words};
use anchor::Anchors;
use block::Blocks;
use escape::{Place, plain};
use groundplan_document::{Document, Section};
use inline::Inline;
use std::collections::BTreeMap;

/// Markdown with tables, task lists and Mermaid drawings as GitHub and GitLab read them.
pub(crate) static MARKDOWN: Format = Format {
    name: "md",
    extension: "md",
    media_type: "text/markdown; charset=utf-8",
    about: "GitHub-flavoured Markdown with Mermaid drawings and links into the code",
    run,
};

fn run(document: &Document, context: &Context) -> String {
    let mut anchors = BTreeMap::new();
    let mut next = Anchors::default();
    next.of(&words::line(&document.title));
    for section in &document.sections {
        anchor(section, &mut next, &mut anchors);
    }
    let inline = Inline {
        context,
        index: Index::new(document, context.blueprint),
        anchors,
    };
    let blocks = Blocks {
        inline: &inline,
        document,
    };
    let mut out = vec![heading(1, &document.title)];
    // Two spaces at the end of a line break it; the last line needs none.
    let header: Vec<String> = document
        .header
        .iter()
        .map(|(label, text)| block::labelled(label, &inline.middle(text)))
        .collect();
    out.push(header.join("  \n"));
    for section in &document.sections {
        write(section, 2, &blocks, &mut out);
    }
    let footer = inline.middle(&document.footer);
    if !footer.is_empty() {
        out.push(format!("_{footer}_"));
    }
    out.retain(|block| !block.is_empty());
    let mut text = out.join("\n\n");
    text.push('\n');
    text
}

fn anchor<'a>(section: &'a Section, next: &mut Anchors, anchors: &mut BTreeMap<&'a str, String>) {
    let slug = next.of(&full_heading(section));
    anchors.entry(&section.anchor).or_insert(slug);
    for below in &section.sections {
        anchor(below, next, anchors);
    }
}

fn write(section: &Section, level: usize, blocks: &Blocks, out: &mut Vec<String>) {
    out.push(heading(level, &full_heading(section)));
    blocks.write(&section.blocks, out);
    for below in &section.sections {
        write(below, level + 1, blocks, out);
    }
}

/// Number and heading, in one line.
fn full_heading(section: &Section) -> String {
    let number = section.number.as_deref().unwrap_or_default();
    words::line(&format!("{number} {}", section.heading))
        .trim()
        .to_string()
}

fn heading(level: usize, words: &str) -> String {
    let mut text = plain(words::line(words).trim(), Place::Line);
    if text.is_empty() {
        return text;
    }
    // Hashes at the end would be taken for the closing of the heading.
    let bare = text.trim_end_matches('#').len();
    if bare < text.len() && (bare == 0 || text[..bare].ends_with(' ')) {
        text.insert(bare, '\\');
    }
    format!("{} {text}", "#".repeat(level.min(6)))
}
