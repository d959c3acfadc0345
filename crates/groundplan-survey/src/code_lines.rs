//! Lines of code of languages with comments of C, without a split into tokens: tests are half of many
//! trees, and little is wanted of them.

use crate::source::SourceFile;
use std::ops::Range;

/// The lines of a file in a language with comments of C, with their numbers and without what they
/// are indented by; blank lines and comments of whole lines are left out.
pub(crate) fn lines<'f, 't>(
    file: &'f SourceFile<'t>,
) -> impl Iterator<Item = (u32, &'t str)> + use<'f, 't> {
    let mut comment = false;
    let lines = file.lines().all().zip(1..).map(|(line, at)| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        (without_blanks(line), at)
    });
    lines.filter_map(move |(text, at)| {
        if comment || text.starts_with("/*") {
            comment = !ends_comment(text);
            return None;
        }
        (!text.is_empty() && !text.starts_with("//")).then_some((at, text))
    })
}

/// A line without what it is indented by. Blanks are nearly always plain ones, of which eight are looked
/// at at once.
fn without_blanks(line: &str) -> &str {
    let bytes = line.as_bytes();
    let mut at = 0;
    while bytes.get(at..at + 8) == Some(b"        ") {
        at += 8;
    }
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    match bytes.get(at) {
        Some(b) if !b.is_ascii() || b.is_ascii_whitespace() || *b == 11 => line[at..].trim_start(),
        _ => &line[at..],
    }
}

/// Those lines of code from line `from` on that begin with `mark`, found without a look at the others;
/// `from` is in no comment.
pub(crate) fn lines_with<'t>(file: &SourceFile<'t>, from: u32, mark: u8) -> Vec<(u32, &'t str)> {
    let mut found = Vec::new();
    let text = file.text;
    let opens = memchr::memmem::Finder::new("/*");
    let is_blank = |range: Range<usize>| text.get(range).is_some_and(|t| t.trim().is_empty());
    let next_line = |at: usize| {
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]);
        end.map_or(text.len(), |end| at + end + 1)
    };
    // Where a line begins that is in no comment.
    let mut begin = match from {
        0 | 1 => 0,
        _ => file.lines().slice(1, from - 1).len(),
    };
    while let Some(hit) = memchr::memchr(mark, &text.as_bytes()[begin..]).map(|at| begin + at) {
        let start = |at: usize| {
            let before = memchr::memrchr(b'\n', &text.as_bytes()[begin..at]);
            before.map_or(begin, |end| begin + end + 1)
        };
        let before = &text.as_bytes()[begin..hit];
        let mut comments = opens.find_iter(before).map(|at| begin + at);
        if let Some(comment) = comments.find(|&at| is_blank(start(at)..at)) {
            let rest = &text.as_bytes()[comment..];
            let Some(end) = memchr::memmem::find(rest, b"*/") else {
                break;
            };
            begin = next_line(comment + end);
            continue;
        }
        let next = next_line(hit);
        if is_blank(start(hit)..hit) {
            let line = text[hit..next].trim_end_matches('\n');
            let line = line.strip_suffix('\r').unwrap_or(line);
            found.push((file.lines().line_of(hit), line));
        }
        begin = next;
    }
    found
}

fn ends_comment(line: &str) -> bool {
    let mut stars = memchr::memchr_iter(b'*', line.as_bytes());
    stars.any(|at| line.as_bytes().get(at + 1) == Some(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_with_a_mark_are_those_among_all_lines() {
        let text = "package a;\n\nclass A {\n  @Test // @Test\n  void a() { b(\"@\"); }\r\n\t@Test\r\n\
                    /* @Test */ @Test\n /**\n@Test\n * @see B\n */ @Test\n  x(); /* y\n  @Test\n*/\n\
                    \u{a0}@Test /*\n@Test\n/*/\n@Test\n/* open\n@Test";
        let file = SourceFile::new("A.java", text);
        for from in [1, 3, 4, 7] {
            let all = lines(&file).filter(|(at, text)| *at >= from && text.starts_with('@'));
            let all: Vec<_> = all.collect();
            assert!(all.len() > 2);
            assert_eq!(lines_with(&file, from, b'@'), all, "{from}");
        }
    }

    #[test]
    fn blank_lines_and_comments_are_left_out() {
        let text = "a\n\n          b\n\t \u{b}c\r\n// d\n  /* e\n f */ g\nh";
        let file = SourceFile::new("A.java", text);
        let all: Vec<_> = lines(&file).collect();
        assert_eq!(all, [(1, "a"), (3, "b"), (4, "c"), (8, "h")]);
    }
}
