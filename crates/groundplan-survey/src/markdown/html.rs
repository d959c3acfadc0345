//! Headings and paragraphs of HTML inside Markdown.

use super::{Block, Kind};

const BLOCK_TAGS: [&str; 22] = [
    "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "li", "details",
    "summary", "center", "picture", "section", "header", "br", "hr", "figure", "strong",
];

/// Whether a line begins an HTML block; `<a>` or `<img>` begin a paragraph.
pub(super) fn starts_block(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('<') else {
        return false;
    };
    let name = tag_name(rest.trim_start_matches('/'));
    // A lone `<strong>` wraps what follows; `<strong>Name</strong> is …` is prose.
    let lone = line.ends_with('>') && line.matches('<').count() == 1;
    BLOCK_TAGS.contains(&name.as_str()) && (name != "strong" || lone)
}

fn tag_name(rest: &str) -> String {
    rest.chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(10)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Headings and paragraphs of the lines of an HTML block that begins at line `first`. What stands
/// in neither is left out.
pub(super) fn blocks(lines: &[&str], first: u32) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in lines.iter().enumerate() {
        let number = first + number as u32;
        let mut rest = *line;
        loop {
            let (text, tag) = match rest.split_once('<') {
                Some((text, tag)) => (text, Some(tag)),
                None => (rest, None),
            };
            push(&mut open, text, number);
            let Some(tag) = tag else {
                break;
            };
            let closing = tag.starts_with('/');
            let name = tag_name(tag.trim_start_matches('/'));
            let kind = match name.as_str() {
                "p" => Some(Kind::Paragraph),
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                    Some(Kind::Heading(name.as_bytes()[1] - b'0'))
                }
                _ => None,
            };
            // A paragraph inside a heading is the text of the heading.
            let in_heading = matches!(&open, Some(b) if matches!(b.kind, Kind::Heading(_)));
            if in_heading && name == "p" {
                push(&mut open, " ", number);
                rest = tag.split_once('>').map_or("", |(_, after)| after);
                continue;
            }
            let again = open.as_ref().map(|block| block.kind.clone());
            let kind = if name == "br" { again } else { kind };
            if kind.is_some() {
                found.extend(open.take().filter(|b: &Block| !b.text.trim().is_empty()));
            } else {
                // Other tags stay for the inline reader, which knows links and images.
                let end = tag.find('>').map_or(tag.len(), |end| end + 1);
                push(&mut open, &rest[text.len()..text.len() + 1 + end], number);
            }
            if let Some(kind) = kind.filter(|_| !closing) {
                open = Some(Block {
                    kind,
                    text: String::new(),
                    first: number,
                    last: number,
                });
            }
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        }
        push(&mut open, " ", number);
    }
    found.extend(open.filter(|b| !b.text.trim().is_empty()));
    for block in &mut found {
        block.text = block.text.trim().to_owned();
    }
    found
}

fn push(open: &mut Option<Block>, text: &str, number: u32) {
    let Some(block) = open else {
        return;
    };
    if text.trim().is_empty() {
        if !block.text.is_empty() && !block.text.ends_with(' ') {
            block.text.push(' ');
        }
        return;
    }
    if block.text.trim().is_empty() {
        block.first = number;
    }
    block.text.push_str(text);
    block.last = number;
}
