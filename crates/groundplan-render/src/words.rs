//! Words of hostile files, made fit to be shown: no control characters, no hidden direction changes.

use groundplan_document::{Span, Text};

/// One line: every run of white space, line breaks included, becomes one space.
pub(crate) fn line(text: &str) -> String {
    // Most words are plain letters with single spaces between them.
    let graphic = |b: &u8| matches!(b, b' '..=b'~');
    if text.as_bytes().iter().all(graphic) && !text.contains("  ") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_space(c) {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(visible(c));
        }
    }
    out
}

/// Lines of code: line ends are `\n`, tabs stay, white space at the end of a line goes.
pub(crate) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for row in text.lines() {
        let row = row.trim_end();
        out.extend(row.chars().map(|c| if c == '\t' { c } else { visible(c) }));
        out.push('\n');
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    out
}

/// At most `limit` characters of a line, with an ellipsis if something was cut.
pub(crate) fn short(text: &str, limit: usize) -> String {
    let text = line(text);
    let text = text.trim();
    match text.char_indices().nth(limit) {
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
        None => text.to_string(),
    }
}

/// Whether every cell of a column that says something is one number, so that it is set flush right.
pub(crate) fn numeric(rows: &[Vec<Text>], column: usize) -> bool {
    let mut some = false;
    for cell in rows
        .iter()
        .filter_map(|row| row.get(column))
        .filter(|cell| !cell.is_empty())
    {
        let [Span::Plain(words)] = cell.spans.as_slice() else {
            return false;
        };
        let words = words.trim().trim_end_matches('%').trim_end();
        let digit = |c: char| c.is_ascii_digit();
        let group = |c: char| matches!(c, '.' | ',' | '\u{a0}' | '\u{202f}');
        // Two points make a version or an address.
        let number = words.starts_with(digit)
            && words.chars().all(|c| digit(c) || group(c))
            && words.matches('.').count() < 2;
        if !number {
            return false;
        }
        some = true;
    }
    some
}

fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Control characters have no place in a document, and the embedding and override characters let a
/// file show other words than it holds ("Trojan Source"); both are replaced so that it is seen.
fn visible(c: char) -> char {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_and_no_hidden_direction() {
        assert_eq!(line("a\r\n\t b\u{2028}c"), "a b c");
        assert_eq!(line(" a "), " a ");
        assert_eq!(line("x\u{202e}y\u{0}z"), "x\u{fffd}y\u{fffd}z");
        assert_eq!(line("שלום 👩‍💻"), "שלום 👩‍💻");
    }

    #[test]
    fn code_keeps_its_lines_and_tabs() {
        assert_eq!(lines("a:\r\n\tb  \n\n"), "a:\n\tb");
        assert_eq!(lines(""), "");
    }

    #[test]
    fn a_column_of_numbers_has_nothing_else() {
        let column = |cells: &[&str]| -> Vec<Vec<Text>> {
            cells.iter().map(|cell| vec![Text::plain(*cell)]).collect()
        };
        assert!(numeric(&column(&["1,200", "", "3.5", "12 %"]), 0));
        for other in [
            &["1", "a"][..],
            &["0.10.1"],
            &["2026-10-02"],
            &["100m"],
            &[""],
            &["-"],
            &[],
        ] {
            assert!(!numeric(&column(other), 0), "{other:?}");
        }
        assert!(!numeric(&column(&["1"]), 1));
    }

    #[test]
    fn short_cuts_at_characters() {
        assert_eq!(short("äöü", 2), "äö…");
        assert_eq!(short(" ab ", 2), "ab");
    }
}
