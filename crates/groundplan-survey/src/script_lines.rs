//! Lines of Ruby, PHP and Elixir as far as they are code: comments are cut off, and what stands in
//! texts of several lines is told apart, since documentation and sample code stand there.

use groundplan_syntax::Language;

/// Lines at most.
const MOST: usize = 20_000;

/// A line of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScriptLine<'t> {
    /// From 1.
    pub(crate) number: u32,
    /// Without indentation and without a comment at its end.
    pub(crate) text: &'t str,
    /// Columns of indentation.
    pub(crate) indent: usize,
    /// Whether it stands in a text of several lines.
    pub(crate) quoted: bool,
}

/// What a text or comment of several lines ends with.
enum End<'t> {
    /// This word at the begin of a line.
    Word(&'t str),
    /// These characters anywhere.
    Mark(&'static str),
    /// As before, and what is passed over is a comment.
    Comment(&'static str),
}

/// The lines of code of a file; blank lines and comments are left out.
pub(crate) fn lines(text: &str, language: Language) -> Vec<ScriptLine<'_>> {
    let mut all = Vec::new();
    let mut end: Option<End<'_>> = None;
    for (index, whole) in text.lines().take(MOST).enumerate() {
        let line = whole.trim_start();
        let made = |text, quoted| ScriptLine {
            number: index as u32 + 1,
            text,
            indent: whole.len() - line.len(),
            quoted,
        };
        if let Some(open) = &end {
            let over = match open {
                End::Word(word) => line.strip_prefix(word).is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                }),
                End::Mark(mark) | End::Comment(mark) => line.contains(mark),
            };
            if !over && matches!(open, End::Word(_) | End::Mark(_)) {
                all.push(made(line, true));
            }
            if over {
                end = None;
            }
            continue;
        }
        if language == Language::Ruby && line == "__END__" {
            break;
        }
        let comment = match language {
            Language::Php if line.starts_with("/*") => Some("*/"),
            Language::Ruby if line.starts_with("=begin") => Some("=end"),
            _ => None,
        };
        if let Some(mark) = comment {
            if !line.contains(mark) {
                end = Some(End::Comment(mark));
            }
            continue;
        }
        let code = without_comment(line, language);
        if code.is_empty() {
            continue;
        }
        all.push(made(code, false));
        end = opened(code, language);
    }
    all
}

/// What a text that begins in this line ends with.
fn opened<'t>(code: &'t str, language: Language) -> Option<End<'t>> {
    match language {
        Language::Elixir => ["\"\"\"", "'''"]
            .into_iter()
            .find(|mark| code.matches(mark).count() % 2 == 1)
            .map(End::Mark),
        Language::Php => heredoc(code, "<<<").map(End::Word),
        _ => heredoc(code, "<<").map(End::Word),
    }
}

/// The word behind `<<~`, `<<-`, `<<` or `<<<`, with or without quotes.
fn heredoc<'t>(code: &'t str, mark: &str) -> Option<&'t str> {
    let rest = code.get(code.find(mark)? + mark.len()..)?;
    let rest = rest.trim_start_matches(['~', '-']).trim_start_matches(' ');
    let rest = rest.trim_start_matches(['"', '\'']);
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(rest.len());
    let word = rest.get(..end)?;
    // `class << self`, `list << value` and `list << X` begin none.
    let shortest = if mark == "<<<" { 1 } else { 2 };
    let named = word.len() >= shortest && !word.bytes().any(|b| b.is_ascii_lowercase());
    named.then_some(word)
}

/// The line up to a comment.
fn without_comment(line: &str, language: Language) -> &str {
    let whole: &[&str] = match language {
        Language::Php => &["//", "* ", "*/", "#"],
        _ => &["#"],
    };
    if whole.iter().any(|mark| line.starts_with(mark)) && !line.starts_with("#[") || line == "*" {
        return "";
    }
    let marks: &[&str] = match language {
        Language::Php => &[" // ", " # "],
        _ => &[" # "],
    };
    for mark in marks {
        for (at, _) in line.match_indices(mark) {
            let before = line.get(..at).unwrap_or_default();
            let even = |quote: char| before.matches(quote).count() % 2 == 0;
            if even('"') && even('\'') {
                return before.trim_end();
            }
        }
    }
    line.trim_end()
}

/// The literal at the begin of a text: what stands between quotes, a number, `true` or `false`.
pub(crate) fn literal(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    if matches!(first, '"' | '\'') {
        let inner = text.get(1..)?;
        let content = inner.get(..inner.find(first)?)?;
        let filled = first == '"' && (content.contains("#{") || content.contains('$'));
        return (!filled && !content.contains('\\')).then_some(content);
    }
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || "_.".contains(c)))
        .unwrap_or(text.len());
    let word = text.get(..end)?;
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    (number || matches!(word, "true" | "false")).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, language: Language) -> Vec<(u32, &str, bool)> {
        lines(text, language)
            .into_iter()
            .map(|l| (l.number, l.text, l.quoted))
            .collect()
    }

    #[test]
    fn texts_of_several_lines_are_told_apart() {
        assert_eq!(
            texts(
                "a <<~SQL, 1 # b\n  c\nSQL\nlist << item\n# d\nclass << self\n",
                Language::Ruby
            ),
            [
                (1, "a <<~SQL, 1", false),
                (2, "c", true),
                (4, "list << item", false),
                (6, "class << self", false)
            ]
        );
        assert_eq!(
            texts(
                "/**\n * a\n */\n$b = <<<'X'\nc\n  X;\n$d = 'e // f'; // g\n",
                Language::Php
            ),
            [
                (4, "$b = <<<'X'", false),
                (5, "c", true),
                (7, "$d = 'e // f';", false)
            ]
        );
        assert_eq!(
            texts(
                "@doc \"\"\"\nx\n\"\"\"\ndef a, do: \"#{b}\"\n",
                Language::Elixir
            ),
            [
                (1, "@doc \"\"\"", false),
                (2, "x", true),
                (4, "def a, do: \"#{b}\"", false)
            ]
        );
    }
}
