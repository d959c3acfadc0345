//! Plain words to Markdown that shows exactly these words (CommonMark 0.31 with GitHub's extensions).

/// Where a piece of text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In a paragraph, heading or item.
    Line,
    /// In a cell of a table, where a bar ends the cell.
    Cell,
}

/// Plain words with every character escaped that could become markup. What stands before and after
/// the words is not known, so their ends are treated with the greatest care.
pub(super) fn plain(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // What may need an escape; everything between is copied as it stands.
    let special = |b: u8| {
        matches!(
            b,
            b'\\'
                | b'`'
                | b'['
                | b']'
                | b'$'
                | b'*'
                | b'_'
                | b'~'
                | b'!'
                | b'|'
                | b':'
                | b'.'
                | b'<'
                | b'&'
        )
    };
    let mut rest = text;
    while let Some(run) = rest.bytes().position(special) {
        let (words, from) = rest.split_at(run);
        out.push_str(words);
        let mut chars = from.chars();
        let Some(c) = chars.next() else { break };
        let before = text[..text.len() - from.len()].chars().next_back();
        let after = chars.next();
        rest = &from[1..];
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let space = |c: Option<char>| c.is_some_and(char::is_whitespace);
        let escape = match c {
            '\\' | '`' | '[' | ']' | '$' => true,
            '*' => !(space(before) && space(after)),
            // Inside a word an underscore neither opens nor closes emphasis.
            '_' => !(word(before) && word(after) || space(before) && space(after)),
            '~' => !(space(before) && after.is_some_and(|c| c.is_ascii_digit())),
            '!' => after.is_none(),
            '|' => place == Place::Cell,
            // Bare addresses become links on GitHub, and only `Span::Link` may do that.
            ':' => word(before) && after == Some('/'),
            '.' => out
                .as_bytes()
                .last_chunk::<3>()
                .is_some_and(|w| w.eq_ignore_ascii_case(b"www")),
            _ => false,
        };
        match c {
            // Entities instead of backslashes: they hold in every dialect.
            '<' => out.push_str("&lt;"),
            '&' if after.is_none_or(|c| c.is_alphanumeric() || c == '#') => out.push_str("&amp;"),
            _ => {
                if escape {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out.push_str(rest);
    out
}

/// Escapes what makes a heading, list, quote or rule of a line that begins with plain words.
pub(super) fn line_start(line: &str) -> String {
    let rest = line.trim_start();
    let ends = |s: &str| s.is_empty() || s.starts_with(' ');
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let hashes = rest.bytes().take_while(|b| *b == b'#').count();
    let after_digits = &rest[digits..];
    if digits > 0 && after_digits.starts_with(['.', ')']) && ends(&after_digits[1..]) {
        return format!("{}\\{after_digits}", &rest[..digits]);
    }
    let marks = match rest.chars().next() {
        Some('#') => ends(&rest[hashes..]),
        Some('-') => ends(&rest[1..]) || rest.starts_with("--"),
        Some('+') => ends(&rest[1..]),
        Some('>' | '=') => true,
        _ => false,
    };
    if marks {
        format!("\\{rest}")
    } else {
        rest.to_string()
    }
}

/// Text in code font, between as many backticks as it takes.
pub(super) fn code(text: &str, place: Place) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    // Parsers disagree on a backslash before a bar in code in a cell; as plain words it is certain.
    if place == Place::Cell && text.contains("\\|") {
        return plain(text, place);
    }
    let fence = "`".repeat(longest_run(text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    let text = match place {
        Place::Line => text.to_string(),
        Place::Cell => text.replace('|', "\\|"),
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A fenced block whose fence is longer than any inside.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest_run(text, '`') + 1).max(3));
    let language: String = language
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '_' | '.' | '#'))
        .take(32)
        .collect();
    format!("{fence}{language}\n{text}\n{fence}")
}

fn longest_run(text: &str, mark: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == mark { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        let line = |s| plain(s, Place::Line);
        assert_eq!(line("<b>R&D & co</b>"), "&lt;b>R&amp;D & co&lt;/b>");
        assert_eq!(line("snake_case _x_ __y"), "snake_case \\_x\\_ \\_\\_y");
        assert_eq!(line("3 * 4, *x*"), "3 * 4, \\*x\\*");
        assert_eq!(line("at ~5 ms, ~~gone~~"), "at ~5 ms, \\~\\~gone\\~\\~");
        assert_eq!(line("[a](b) ![c] d!"), "\\[a\\](b) !\\[c\\] d\\!");
        assert_eq!(
            line("see https://x.example or WWW.x.example"),
            "see https\\://x.example or WWW\\.x.example"
        );
        assert_eq!(line("12:30, a: b"), "12:30, a: b");
        assert_eq!(plain("a|b\\|c", Place::Cell), "a\\|b\\\\\\|c");
        assert_eq!(line("äöüwww.x"), "äöüwww\\.x");
        assert_eq!(line("é.x"), "é.x");
    }

    #[test]
    fn a_line_starts_no_block() {
        let cases = [
            ("# a", "\\# a"),
            ("#tag", "#tag"),
            ("- a", "\\- a"),
            ("-1", "-1"),
            ("---", "\\---"),
            ("+ a", "\\+ a"),
            ("> a", "\\> a"),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
            ("1.5 s", "1.5 s"),
            ("===", "\\==="),
            ("    a", "a"),
            ("", ""),
            ("7", "7"),
        ];
        for (words, wanted) in cases {
            assert_eq!(line_start(words), wanted);
        }
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(code("a`b``c", Place::Line), "```a`b``c```");
        assert_eq!(code("`", Place::Line), "`` ` ``");
        assert_eq!(code(" ", Place::Line), "");
        assert_eq!(code("a|b", Place::Cell), "`a\\|b`");
        assert_eq!(code("a\\|b", Place::Cell), "a\\\\\\|b");
        assert_eq!(fenced("ya`ml\n", "````"), "`````yaml\n````\n`````");
    }
}
