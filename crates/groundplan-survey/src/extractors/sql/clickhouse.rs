//! Scripts of ClickHouse, put into the words of SQL at the same places.

use super::split::strip_word;
use groundplan_model::Entity;
use std::ops::Range;

/// The script with what only ClickHouse has as spaces: indexes, projections and rules beside the columns of a
/// table, how a column is packed and made, and what stands behind a table
/// (<https://clickhouse.com/docs/sql-reference/statements/create/table>).
pub(super) fn plain(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let code = masked(text);
    let mut from = 0;
    for statement in code.split_inclusive(';') {
        let range = from..from + statement.len();
        from = range.end;
        cluster(&mut bytes, statement, range.start);
        if strip_word(statement.trim_start(), "ALTER").is_some() {
            for part in parts(statement, 0..statement.len()) {
                let inner = statement.get(part.clone()).unwrap_or_default();
                column(&mut bytes, inner, range.start + part.start);
            }
            continue;
        }
        let table = strip_word(statement.trim_start(), "CREATE")
            .is_some_and(|rest| strip_word(rest.trim_start(), "TABLE").is_some());
        if let Some((open, close)) = brackets(statement).filter(|_| table) {
            for part in parts(statement, open + 1..close) {
                element(&mut bytes, statement, part, range.start);
            }
            let end = statement.len() - usize::from(statement.ends_with(';'));
            blank(&mut bytes, range.start + close + 1..range.start + end);
        }
    }
    // Only whole ASCII bytes were replaced.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A column takes no empty value unless its type says so.
pub(super) fn nullability(entity: &mut Entity) {
    for field in &mut entity.fields {
        let inner = (field.data_type.strip_prefix("nullable("))
            .and_then(|rest| rest.strip_suffix(')'))
            .map(str::to_owned);
        field.nullable = inner.is_some();
        if let Some(inner) = inner {
            field.data_type = inner;
        }
    }
}

/// The text with comments and what stands between quotes as spaces, byte for byte.
fn masked(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'-', Some(b'-')) => find(&bytes, at, b"\n"),
            (b'/', Some(b'*')) => find(&bytes, at + 2, b"*/") + 2,
            (quote @ (b'\'' | b'"' | b'`'), _) => find(&bytes, at + 1, &[quote]) + 1,
            _ => {
                at += 1;
                continue;
            }
        };
        let end = end.min(bytes.len());
        for byte in &mut bytes[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let found = rest.windows(what.len()).position(|w| w == what);
    found.map_or(bytes.len(), |at| from + at)
}

/// The first bracket and the one that closes it.
fn brackets(text: &str) -> Option<(usize, usize)> {
    let open = text.find('(')?;
    Some((open, closing(text, open)?))
}

fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at),
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The elements between commas that no bracket encloses.
fn parts(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let (mut depth, mut first) = (0_u32, range.start);
    for at in range.clone() {
        match text.as_bytes().get(at) {
            Some(b'(') => depth += 1,
            Some(b')') => depth = depth.saturating_sub(1),
            Some(b',') if depth == 0 => {
                all.push(first..at);
                first = at + 1;
            }
            _ => {}
        }
    }
    all.push(first..range.end);
    all
}

/// An element of a table: a column loses its packing, and what is none is left out with its comma.
fn element(bytes: &mut [u8], text: &str, part: Range<usize>, offset: usize) {
    let inner = text.get(part.clone()).unwrap_or_default();
    let other = ["INDEX", "PROJECTION", "CONSTRAINT"];
    let head = inner.trim_start();
    if other.iter().any(|word| strip_word(head, word).is_some()) {
        blank(
            bytes,
            offset + part.start.saturating_sub(1)..offset + part.end,
        );
    } else {
        column(bytes, inner, offset + part.start);
    }
}

/// Blanks how a column is packed, and how it is made of others.
fn column(bytes: &mut [u8], text: &str, offset: usize) {
    let upper = text.to_ascii_uppercase();
    for word in ["CODEC(", "STATISTICS("] {
        for (at, _) in upper.match_indices(word) {
            if let Some(close) = closing(text, at + word.len() - 1) {
                blank(bytes, offset + at..offset + close + 1);
            }
        }
    }
    for word in [
        " MATERIALIZED ",
        " ALIAS ",
        " EPHEMERAL",
        " TTL ",
        " AFTER ",
    ] {
        if let Some(at) = upper.find(word) {
            let end = text.trim_end_matches([';', '\n', ' ']).len();
            blank(bytes, offset + at..offset + end);
        }
    }
}

/// Blanks `ON CLUSTER name`.
fn cluster(bytes: &mut [u8], text: &str, offset: usize) {
    let upper = text.to_ascii_uppercase();
    if let Some(at) = upper.find(" ON CLUSTER ") {
        let behind = at + " ON CLUSTER ".len();
        let rest = upper.get(behind..).unwrap_or_default();
        let name = rest
            .find(|c: char| c.is_whitespace() || c == '(')
            .unwrap_or(rest.len());
        blank(bytes, offset + at..offset + behind + name);
    }
}

fn blank(bytes: &mut [u8], range: Range<usize>) {
    for byte in bytes.get_mut(range).into_iter().flatten() {
        if *byte != b'\n' && byte.is_ascii() {
            *byte = b' ';
        }
    }
}
