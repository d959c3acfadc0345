//! Words of a schema of GraphQL with their lines.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a number.
    Name,
    /// A single sign.
    Punct,
    /// A string with its quotes.
    Text,
}

/// A token and its one-based line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    pub(super) line: u32,
}

/// All tokens; comments, commas and space are left out.
pub(super) fn of(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let begin = at;
        let start = line;
        let kind = match byte {
            b'\n' => {
                line += 1;
                at += 1;
                continue;
            }
            b'#' => {
                while bytes.get(at).is_some_and(|b| *b != b'\n') {
                    at += 1;
                }
                continue;
            }
            b'"' => {
                let block = bytes[at..].starts_with(b"\"\"\"");
                at += if block { 3 } else { 1 };
                while let Some(&b) = bytes.get(at) {
                    if b == b'\n' {
                        if !block {
                            break;
                        }
                        line += 1;
                    }
                    if b == b'\\' {
                        at += 2;
                        continue;
                    }
                    if b == b'"' && (!block || bytes[at..].starts_with(b"\"\"\"")) {
                        at += if block { 3 } else { 1 };
                        break;
                    }
                    at += 1;
                }
                Kind::Text
            }
            _ if byte == b'_' || byte == b'-' || byte.is_ascii_alphanumeric() => {
                while bytes
                    .get(at)
                    .is_some_and(|b| matches!(b, b'_' | b'-' | b'.') || b.is_ascii_alphanumeric())
                {
                    at += 1;
                }
                Kind::Name
            }
            _ if byte.is_ascii_whitespace() || byte == b',' || !byte.is_ascii() => {
                at += 1;
                continue;
            }
            _ => {
                at += 1;
                Kind::Punct
            }
        };
        let Some(text) = text.get(begin..at.min(text.len())) else {
            continue;
        };
        all.push(Token {
            kind,
            text,
            line: start,
        });
    }
    all
}

/// What the first paragraph of a string says, on one line.
pub(super) fn words(text: &str) -> String {
    let inner = text.trim_matches('"').trim();
    let plain = match text.starts_with("\"\"\"") {
        true => inner.to_owned(),
        false => inner.replace("\\n", "\n").replace("\\\"", "\""),
    };
    let first = plain
        .lines()
        .map(str::trim)
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty());
    first.collect::<Vec<_>>().join(" ")
}
