//! Headings and paragraphs of HTML, inside Markdown or as a page.

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

fn kind_of(name: &str) -> Option<Kind> {
    match name.as_bytes() {
        b"p" => Some(Kind::Paragraph),
        [b'h', level @ b'1'..=b'6'] => Some(Kind::Heading(level - b'0')),
        _ => None,
    }
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
            let kind = kind_of(&name);
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
                open = Some(Block::new(kind, String::new(), number, number));
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

/// Headings, paragraphs and items of a page of elements, in HTML or as a component. What stands in none of them is
/// left out, and so is an element with an expression: what it says is not known.
pub(crate) fn page(text: &str) -> Vec<Block> {
    const MOST: usize = 2_000;
    let text = without_comments(text);
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<(usize, u32, Kind)> = None;
    let (mut at, mut line) = (0, 1);
    for (start, _) in text.match_indices('<') {
        line += text[at..start].matches('\n').count() as u32;
        at = start;
        let rest = &text[start + 1..];
        let closes = rest.starts_with('/');
        let name = tag_name(rest.trim_start_matches('/'));
        let kind = match name.as_str() {
            "li" => Some(Kind::Item(0)),
            name => kind_of(name),
        };
        let Some(kind) = kind.filter(|_| found.len() < MOST) else {
            continue;
        };
        match open.take() {
            Some((from, first, opened)) if closes && opened == kind => {
                let inner = text.get(from..start).unwrap_or_default();
                found.extend(text_of(inner).map(|text| Block::new(kind, text, first, line)));
            }
            // `<p>` without an end, or an element in another one: the inner one is read.
            _ if !closes => open = end_of_tag(rest).map(|end| (start + 1 + end, line, kind)),
            _ => {}
        }
    }
    found
}

/// A page without what is commented out; its lines stay.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices(['<', '{']) {
        let rest = &text[at..];
        let close = match () {
            () if rest.starts_with("<!--") => "-->",
            () if rest.starts_with("{/*") => "*/}",
            () => continue,
        };
        if at >= from {
            let end = rest
                .find(close)
                .map_or(text.len(), |end| at + end + close.len());
            out.push_str(&text[from..at]);
            out.extend(text[at..end].chars().filter(|c| *c == '\n'));
            from = end;
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Length of a tag up to its `>`, those within braces and quoted attributes passed over.
fn end_of_tag(rest: &str) -> Option<usize> {
    const LONGEST: usize = 2_000;
    let (mut braces, mut quote) = (0_usize, None);
    rest.bytes()
        .take(LONGEST)
        .position(|b| {
            match b {
                _ if quote == Some(b) => quote = None,
                _ if quote.is_some() => {}
                b'"' | b'\'' if braces == 0 => quote = Some(b),
                b'{' => braces += 1,
                b'}' => braces = braces.saturating_sub(1),
                _ => {}
            }
            b == b'>' && braces == 0 && quote.is_none()
        })
        .map(|at| at + 1)
}

/// The text of an element with the tags in it; `None` where it is empty or has an expression other than a string.
fn text_of(inner: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = inner;
    while let Some(at) = rest.find(['<', '{']) {
        out.push_str(&rest[..at]);
        let mark = &rest[at..];
        let length = if mark.starts_with('{') {
            let end = mark.find('}')?;
            let quoted = mark[1..end].trim();
            let quote = quoted.chars().next().filter(|c| "\"'`".contains(*c))?;
            let said = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
            out.push_str(Some(said).filter(|said| !said.contains([quote, '$', '{']))?);
            end + 1
        } else {
            let name = tag_name(mark[1..].trim_start_matches('/'));
            if BLOCK_TAGS.contains(&name.as_str()) && name != "strong" {
                out.push(' ');
            }
            let end = end_of_tag(mark).filter(|_| !name.is_empty()).unwrap_or(1);
            // What its attributes hold is no text, and the inline reader takes out the rest.
            if !mark[..end - 1].contains(['{', '>']) {
                out.push_str(&mark[..end]);
            }
            end
        };
        rest = &mark[length..];
    }
    out.push_str(rest);
    let joined = out.split_whitespace().collect::<Vec<_>>().join(" ");
    (!joined.is_empty()).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::markdown::plain;

    #[test]
    fn attributes_are_no_text() {
        let text = "<p v-if=\"count > 0\">We keep <b :class=\"a > b\">it</b> for 30 days.</p>\n<p>It's kept.</p>";
        let all = page(text);
        let told: Vec<String> = all.iter().map(|block| plain(&block.text)).collect();
        assert_eq!(told, ["We keep it for 30 days.", "It's kept."]);
    }
}
