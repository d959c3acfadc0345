//! Words and addresses to HTML.

use crate::words;

/// Words of one line, fit for text and for attributes in double quotes.
pub(super) fn text(words: &str) -> String {
    markup(&words::line(words))
}

/// Lines of code, with their line breaks.
pub(super) fn code(lines: &str) -> String {
    markup(&words::lines(lines))
}

/// Escapes and nothing else, for addresses that are encoded already.
pub(super) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_place() {
        assert_eq!(
            text("<a b=\"c\" d='e'>&\n"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp; "
        );
        assert_eq!(code("a\n<b>\n"), "a\n&lt;b&gt;");
    }
}
