//! Calls in expressions of Elixir.

use crate::elixir;

/// Bytes of one expression, and calls in it, at most.
pub(super) const LONGEST: usize = 20_000;
const MOST: usize = 200;

/// `word(a, b)` in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call<'t> {
    pub(super) name: &'t str,
    pub(super) arguments: Vec<&'t str>,
    /// Whether it is given the value before `|>` first.
    pub(super) piped: bool,
}

impl<'t> Call<'t> {
    pub(super) fn last(&self) -> &'t str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    pub(super) fn module(&self) -> &'t str {
        self.name.rsplit_once('.').map_or("", |(module, _)| module)
    }

    pub(super) fn arity(&self) -> usize {
        self.arguments.len() + usize::from(self.piped)
    }
}

/// All calls of an expression in the order of their names.
pub(super) fn all(text: &str) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    if text.len() > LONGEST {
        return found;
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' {
            at = past_text(bytes, at);
            continue;
        }
        if !(byte.is_ascii_alphabetic() || byte == b'_') {
            at += 1;
            continue;
        }
        let start = at;
        while bytes
            .get(at)
            .is_some_and(|b| b.is_ascii_alphanumeric() || b"_.?!".contains(b))
        {
            at += 1;
        }
        if bytes.get(at) != Some(&b'(') || found.len() >= MOST {
            continue;
        }
        let (Some(name), Some(inner), Some(before)) =
            (text.get(start..at), text.get(at + 1..), text.get(..start))
        else {
            continue;
        };
        found.push(Call {
            name,
            arguments: elixir::parts(elixir::closed(inner).unwrap_or(inner)),
            piped: before.trim_end().ends_with("|>"),
        });
    }
    found
}

/// The place behind a text that begins at a quote.
fn past_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The parts of an expression that stand for themselves, behind arrows, `do:` and `else:`, and whether an arrow
/// follows: those are patterns.
pub(super) fn segments(text: &str) -> Vec<(&str, bool)> {
    const MARKS: [&str; 3] = ["-> ", "do: ", "else: "];
    let bytes = text.as_bytes();
    let (mut found, mut at, mut start) = (Vec::new(), 0, 0);
    while let Some(&byte) = bytes.get(at) {
        if byte == b'"' {
            at = past_text(bytes, at);
            continue;
        }
        let mark = MARKS.iter().find(|mark| {
            let rest = bytes.get(at..).unwrap_or_default();
            let begins = at == 0 || !bytes.get(at - 1).is_some_and(u8::is_ascii_alphanumeric);
            begins && rest.starts_with(mark.as_bytes())
        });
        match mark {
            Some(mark) => {
                found.extend(text.get(start..at).map(|part| (part, *mark == "-> ")));
                at += mark.len();
                start = at;
            }
            None => at += 1,
        }
    }
    found.extend(text.get(start..).map(|part| (part, false)));
    found
}

/// Whether a name stands in an expression as a word of its own.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(|c| is_name(c) || c == ':')
            && !after.is_some_and(|c| is_name(c) || c == ':')
    })
}

/// Whether a parameter is the connection of a request.
pub(super) fn is_connection(parameter: &str) -> bool {
    has_word(parameter, "conn") || has_word(parameter, "_conn") || parameter.contains("Conn{")
}

/// A text that is written whole, without what is filled in.
pub(super) fn literal(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = match text.strip_prefix("\"\"\"") {
        Some(rest) => rest.strip_suffix("\"\"\"")?,
        None => text.strip_prefix('"')?.strip_suffix('"')?,
    };
    (!inner.contains("#{") && !inner.contains('"')).then_some(inner)
}

/// All texts of an expression.
pub(super) fn texts(text: &str) -> Vec<String> {
    let parts = text.split('"').skip(1).step_by(2);
    parts.filter(|t| !t.is_empty()).map(str::to_owned).collect()
}

/// The keys of the maps of an expression that are texts: `bearer` of `[%{"bearer" => ["read"]}]`.
pub(super) fn keys(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('"').collect();
    let pairs = parts.windows(2).skip(1).step_by(2);
    pairs
        .filter_map(|pair| match pair {
            [key, after] => Some((key, after)),
            _ => None,
        })
        .filter(|(key, after)| !key.is_empty() && after.trim_start().starts_with("=>"))
        .map(|(key, _)| (*key).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{all, has_word, keys, segments};

    #[test]
    fn calls_of_pipelines() {
        let found = all("conn |> put_status(404) |> json(%{error: \"no (such)\"})");
        let names: Vec<_> = found
            .iter()
            .map(|c| (c.name, c.piped, c.arguments.len()))
            .collect();
        assert_eq!(names, [("put_status", true, 1), ("json", true, 1)]);
    }

    #[test]
    fn segments_of_expressions() {
        let found = segments("if(ok?, do: json(conn, 1), else: send_resp(conn, 404, \"-> x\"))");
        assert_eq!(
            found,
            [
                ("if(ok?, ", false),
                ("json(conn, 1), ", false),
                ("send_resp(conn, 404, \"-> x\"))", false)
            ]
        );
        assert_eq!(
            segments("{:error, :full} -> :none"),
            [("{:error, :full} ", true), (":none", false)]
        );
        assert_eq!(
            keys("[%{\"bearer\" => [\"read\"]}, %{\"key\" => []}]"),
            ["bearer", "key"]
        );
        assert!(has_word("get(conn, 1)", "conn"));
        assert!(!has_word("connection", "conn"));
    }
}
