//! Text without its markup, and the links in it.

use std::borrow::Cow;

/// How far a closing bracket is searched for.
const REACH: usize = 1_000;
/// After so many brackets without an end the rest of a text is taken as it stands.
const MISSES: u32 = 64;

/// Plain words: without emphasis, code marks, tags, images, badges, addresses of links, emoji.
pub(crate) fn plain(text: &str) -> String {
    plain_within(&without_footnotes(text), 0)
}

/// A text without marks of footnotes, `[[disclaimer](#disclaimer)]`, which lead on within the document.
fn without_footnotes(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("[[") {
        let inner = &rest[at + 2..];
        // Within a window only: a search to the end for every bracket would be quadratic.
        let mut reach = inner.len().min(REACH);
        while !inner.is_char_boundary(reach) {
            reach -= 1;
        }
        let window = &inner[..reach];
        let end = window.find("](#").and_then(|link| {
            let (label, target) = (&window[..link], &window[link + 3..]);
            let close = target.find(")]").filter(|_| !label.contains(['[', '\n']))?;
            (!target[..close].contains(['(', ' '])).then_some(link + 3 + close + 2)
        });
        match end {
            Some(end) => {
                out.push_str(rest[..at].trim_end());
                rest = &inner[end..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = inner;
            }
        }
    }
    match out.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(out + rest),
    }
}

fn plain_within(text: &str, depth: u32) -> String {
    let mut out = String::with_capacity(text.len());
    walk(text, 0, &mut |piece| match piece {
        Piece::Text(text) => out.push_str(text),
        Piece::Code(text) => add_shielded(&mut out, text),
        // A bare address is its own text.
        Piece::Link { text, address } if text == address || depth > 4 => {
            add_shielded(&mut out, text);
        }
        // `here` says nothing without the place that it points at.
        Piece::Link { text, address } if points(text) && address.starts_with("http") => {
            add_shielded(&mut out, &format!("{text} ({address})"));
        }
        Piece::Link { text, .. } => {
            add_shielded(&mut out, &plain_within(text, depth + 1));
        }
    });
    let tidied = tidy(&out);
    // Few texts have marks that were moved out of the way: all of these begin with one byte.
    match memchr::memchr(0xEE, tidied.as_bytes()) {
        Some(_) => mapped(&tidied, unshield),
        None => tidied,
    }
}

/// Whether the text of a link only points at its address.
fn points(text: &str) -> bool {
    ["here", "repo", "repository", "link", "this repo"]
        .iter()
        .any(|word| text.trim().eq_ignore_ascii_case(word))
}

/// Marks that are no markup where they stand, moved out of the way of [`tidy`].
const SHIELDED: [(char, char); 5] = [
    ('*', '\u{E000}'),
    ('_', '\u{E001}'),
    ('~', '\u{E002}'),
    (':', '\u{E003}'),
    ('\\', '\u{E004}'),
];

fn shield(c: char) -> char {
    SHIELDED
        .iter()
        .find(|(from, _)| *from == c)
        .map_or(c, |(_, to)| *to)
}

/// Adds a text with its marks out of the way; most have none.
fn add_shielded(out: &mut String, text: &str) {
    match text
        .bytes()
        .any(|b| matches!(b, b'*' | b'_' | b'~' | b':' | b'\\'))
    {
        true => out.push_str(&mapped(text, shield)),
        false => out.push_str(text),
    }
}

/// A text with each character put through `change`.
fn mapped(text: &str, change: fn(char) -> char) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|c| out.push(change(c)));
    out
}

fn unshield(c: char) -> char {
    SHIELDED
        .iter()
        .find(|(_, to)| *to == c)
        .map_or(c, |(from, _)| *from)
}

/// Texts and addresses of links; images and anchors inside the document are left out.
pub(crate) fn links(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    walk(text, 0, &mut |piece| {
        if let Piece::Link { text, address } = piece {
            let label = plain(text);
            if !label.is_empty() && !address.is_empty() && !address.starts_with('#') {
                found.push((label, crate::secrets::without_credentials(address)));
            }
        }
    });
    found
}

/// Whether more than half of the words are links: navigation, not prose.
pub(crate) fn is_link_only(text: &str) -> bool {
    let (mut linked, mut rest) = (0, 0);
    let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    walk(text, 0, &mut |piece| match piece {
        Piece::Text(text) | Piece::Code(text) => rest += count(text),
        Piece::Link { text, .. } => linked += count(&plain(text)),
    });
    linked > rest
}

enum Piece<'t> {
    Text(&'t str),
    Code(&'t str),
    Link { text: &'t str, address: &'t str },
}

fn walk<'t>(text: &'t str, depth: u32, visit: &mut dyn FnMut(Piece<'t>)) {
    let mut at = 0;
    let (mut plain_from, mut misses) = (0, 0);
    let marks = |rest: &str| {
        let mut bytes = rest.bytes();
        bytes.position(|b| matches!(b, b'[' | b'!' | b'<' | b'`' | b'h'))
    };
    while let Some(offset) = text.get(at..).and_then(marks) {
        at += offset;
        let rest = &text[at..];
        let before = text[..at].chars().next_back();
        let (length, link) = if rest.starts_with("![") {
            (image(rest), None)
        } else if rest.starts_with('[') {
            bracket(rest)
        } else if rest.starts_with('<') {
            angle(rest)
        } else if rest.starts_with('`') {
            backtick(rest)
        } else if is_address(rest) && !before.is_some_and(char::is_alphanumeric) {
            bare_address(rest)
        } else {
            (0, None)
        };
        if length == 0 {
            misses += 1;
            if misses > MISSES && !rest.starts_with('h') {
                break;
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        visit(Piece::Text(&text[plain_from..at]));
        if let Some((label, address)) = link {
            if address.is_empty() && rest.starts_with('`') {
                visit(Piece::Code(label));
            } else if address.is_empty() && depth < 4 {
                walk(label, depth + 1, visit);
            } else {
                visit(Piece::Link {
                    text: label,
                    address,
                });
            }
        }
        at += length;
        plain_from = at;
    }
    visit(Piece::Text(text.get(plain_from..).unwrap_or_default()));
}

type Found<'t> = (usize, Option<(&'t str, &'t str)>);

/// The beginning of a text, as far as an end is searched for.
fn near(rest: &str) -> &str {
    let mut end = rest.len().min(REACH);
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    &rest[..end]
}

/// Length up to the bracket that closes the one at the start; 0 if there is none near by.
fn closed(rest: &str, open: char, close: char) -> usize {
    let mut depth = 0_u32;
    for (at, c) in rest.char_indices().take(REACH) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return at + c.len_utf8();
            }
        }
    }
    0
}

/// `![alt](source)`, `![alt][ref]`, `![alt]`.
fn image(rest: &str) -> usize {
    let label = closed(&rest[1..], '[', ']');
    if label == 0 {
        return 0;
    }
    let after = &rest[1 + label..];
    target(after).map_or(0, |length| 1 + label + length)
}

/// Length of `(address)` or `[ref]`; 0 if neither follows, `None` if it does not end near by.
fn target(after: &str) -> Option<usize> {
    let length = if after.starts_with('(') {
        closed(after, '(', ')')
    } else if after.starts_with('[') {
        closed(after, '[', ']')
    } else {
        return Some(0);
    };
    (length > 0).then_some(length)
}

/// `[text](address "title")`, `[text][ref]`, `[text]`.
fn bracket(rest: &str) -> Found<'_> {
    let label = closed(rest, '[', ']');
    if label < 3 {
        return (0, None);
    }
    let text = &rest[1..label - 1];
    let after = &rest[label..];
    let Some(length) = target(after) else {
        return (0, None);
    };
    // `Acme [pronounced: ak-mee]` is an aside and no reference.
    if length == 0 && text.contains(": ") {
        return (0, None);
    }
    let address = if after.starts_with('(') && length > 1 {
        let inner = after[1..length - 1].trim();
        inner.split_whitespace().next().unwrap_or("")
    } else {
        ""
    };
    let address = address.trim_matches(['<', '>']);
    (label + length, Some((text, address)))
}

/// `<https://…>`, a tag, or a comment.
fn angle(rest: &str) -> Found<'_> {
    let inner = &rest[1..];
    if inner.starts_with("!--") {
        let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
        return (end, None);
    }
    let near = near(rest);
    let inner = &near[1..];
    if inner.is_empty() {
        return (0, None);
    }
    if is_address(inner) {
        let Some(end) = inner.find('>') else {
            return (0, None);
        };
        let address = &inner[..end];
        return (end + 2, Some((address, address)));
    }
    let is_tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let Some(end) = near.find('>').filter(|_| is_tag) else {
        return (0, None);
    };
    let tag = &rest[..=end];
    // A link of HTML: its text goes up to `</a>`.
    if let Some(address) = attribute(tag, "href")
        && let Some(close) = near.find("</a>")
        && tag.len() <= close
    {
        let text = &rest[tag.len()..close];
        if !text.contains("<a ") {
            return (close + 4, Some((text, address)));
        }
    }
    (tag.len(), None)
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let rest = &tag[tag.find(name)? + name.len()..];
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// Code as it stands; in reStructuredText also a link.
fn backtick(rest: &str) -> Found<'_> {
    let marks = rest.bytes().take(8).take_while(|b| *b == b'`').count();
    let inner = &rest[marks..];
    let Some(end) = near(inner).find(&rest[..marks]) else {
        return (0, None);
    };
    let text = &inner[..end];
    let mut length = marks + end + marks;
    if rest[length..].starts_with('_') {
        length += rest[length..].bytes().take_while(|b| *b == b'_').count();
        if let Some((label, address)) = text.split_once('<') {
            return (length, Some((label.trim(), address.trim_end_matches('>'))));
        }
    }
    // An address that stays empty: the text is shown, and its marks are kept from being read.
    (length, Some((text, "")))
}

fn is_address(rest: &str) -> bool {
    rest.starts_with("https://") || rest.starts_with("http://")
}

/// A bare address; in AsciiDoc with its text in brackets behind it.
fn bare_address(rest: &str) -> Found<'_> {
    let end = rest
        .find(|c: char| c.is_whitespace() || "<>\"[]`|".contains(c))
        .unwrap_or(rest.len());
    let address = rest[..end].trim_end_matches(['.', ',', ')', ';', ':', '*', '_', '!']);
    if rest[end..].starts_with('[') && address.len() == end {
        let label = closed(&rest[end..], '[', ']');
        if label > 2 {
            return (
                end + label,
                Some((&rest[end + 1..end + label - 1], address)),
            );
        }
    }
    if address.len() <= "https://".len() {
        return (0, None);
    }
    (address.len(), Some((address, address)))
}

/// Takes out emphasis, escapes, entities and emoji, and joins blanks.
fn tidy(text: &str) -> String {
    let text = match text.contains('&') {
        true => Cow::Owned(
            text.replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&apos;", "'")
                .replace("&amp;", "&"),
        ),
        false => Cow::Borrowed(text),
    };
    let out = match text
        .bytes()
        .any(|b| !b.is_ascii() || b"\\*_~:".contains(&b))
    {
        true => without_marks(&text),
        false => text.into_owned(),
    };
    let mut joined = String::with_capacity(out.len());
    for word in out.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    let joined = match joined.contains(" ,") || joined.contains(" )") {
        true => joined.replace(" ,", ",").replace(" )", ")"),
        false => joined,
    };
    // A point before a letter begins a name: `modular .NET`, `the .env file`.
    let mut out = String::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some(at) = rest.find(" .") {
        let ends =
            rest[at + 2..].starts_with(|c: char| !c.is_alphanumeric()) || rest.len() == at + 2;
        out.push_str(&rest[..at]);
        out.push_str(if ends { "." } else { " ." });
        rest = &rest[at + 2..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// The text without emphasis, escapes and emoji.
fn without_marks(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let before = at.checked_sub(1).and_then(|i| chars.get(i)).copied();
        let next = chars.get(at + 1).copied();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '\\' if next.is_some_and(|n| n.is_ascii_punctuation()) => {
                out.extend(next);
                at += 1;
            }
            '*' if !(before == Some(' ') && next == Some(' ')) => {}
            // Inside a word it is part of a name, between blanks it stands for itself.
            '_' if inside(before) != inside(next) || before == Some('_') || next == Some('_') => {}
            // The end of a text that is emphasised as a whole, behind its full stop.
            '_' if next.is_none() && chars.first() == Some(&'_') => {}
            '~' if next == Some('~') || before == Some('~') => {}
            ':' => match shortcode(&chars[at..]) {
                0 => out.push(':'),
                length => at += length - 1,
            },
            c if is_emoji(c) => {}
            c => out.push(c),
        }
        at += 1;
    }
    out
}

/// Length of `:rocket:`; 0 if it is none.
fn shortcode(chars: &[char]) -> usize {
    let inner = chars[1..]
        .iter()
        .take(40)
        .take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_+-".contains(**c))
        .count();
    let is_word = chars.get(1).is_some_and(char::is_ascii_lowercase);
    let ends = chars.get(inner + 1) == Some(&':');
    let free = !chars.get(inner + 2).is_some_and(|c| c.is_alphanumeric());
    if inner >= 2 && is_word && ends && free {
        inner + 2
    } else {
        0
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c as u32,
        0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B50 | 0x2B55 | 0xFE0F | 0x200D | 0x20E3
        | 0x2B1B | 0x2B1C | 0x231A | 0x231B | 0x23E9..=0x23FA)
}
