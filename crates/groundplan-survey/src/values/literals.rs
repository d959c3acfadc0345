//! String literals with placeholders, and formats.

use super::{Arguments, MAX_DEPTH, Values};
use crate::environment::closing;
use groundplan_syntax::Language;

impl Values<'_, '_> {
    /// A string literal with what its placeholders come to.
    pub(super) fn literal(&self, at: usize, given: &Arguments, depth: u32) -> String {
        let Some(text) = self.code.string(at) else {
            return String::new();
        };
        let raw = self.code.raw(at);
        let (mark, braced) = match self.code.language {
            Language::JavaScript | Language::TypeScript if raw.starts_with('`') => ("${", true),
            Language::Kotlin => ("$", false),
            Language::CSharp if at > 0 && self.is_interpolated(at) => ("{", true),
            _ => return text.to_owned(),
        };
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(mark) {
            out.push_str(&rest[..start]);
            let tail = &rest[start + mark.len()..];
            let (inner, used) = if braced || tail.starts_with('{') {
                let skip = usize::from(!braced);
                let end = closing(&tail[skip..]) + skip;
                (&tail[skip..end], (end + 1).min(tail.len()))
            } else {
                let end = tail
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(tail.len());
                (&tail[..end], end)
            };
            out.push_str(&self.placeholder(inner, at, given, depth));
            rest = tail.get(used..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    fn is_interpolated(&self, at: usize) -> bool {
        self.code.is(at - 1, "$")
            || at > 1 && self.code.is(at - 1, "@") && self.code.is(at - 2, "$")
    }

    /// What stands in `${…}` of a template: a name, or a read of the environment.
    fn placeholder(&self, inner: &str, at: usize, given: &Arguments, depth: u32) -> String {
        let inner = inner.trim();
        let head = inner.split(['|', '?']).next().unwrap_or_default().trim();
        let head = head.trim_start_matches('(').trim_start_matches("this.");
        for prefix in ["process.env.", "import.meta.env."] {
            if let Some(name) = head.strip_prefix(prefix) {
                return format!("{{env:{}}}", word_of(name));
            }
        }
        let plain = head
            .chars()
            .all(|c| c.is_alphanumeric() || "_$.".contains(c));
        if !plain || head.is_empty() {
            let call = head.split('(').next().unwrap_or_default();
            let inner = head.split('(').nth(1).unwrap_or_default();
            let inner = inner.split([')', ',']).next().unwrap_or_default().trim();
            let through = matches!(call, "encodeURIComponent" | "encodeURI" | "String");
            // `options.get("room_id")` is called by what it gets, `id.toString()` by what it is of.
            let asked = inner.trim_matches(['"', '\'', '`']);
            let quoted =
                asked.len() + 2 == inner.len() && !asked.is_empty() && asked == word_of(asked);
            let (on, method) = call.rsplit_once('.').unwrap_or(("", call));
            let leaves = inner.is_empty() && matches!(method, "toString" | "trim" | "toLowerCase");
            return unknown(match () {
                () if through => inner,
                () if quoted => asked,
                () if leaves && !on.is_empty() => on.rsplit('.').next().unwrap_or(on),
                () => call,
            });
        }
        if let Some(value) = given.get(head) {
            return value.clone();
        }
        let last = head.rsplit('.').next().unwrap_or(head);
        let dotted = head.contains('.') && !inner.starts_with("this.");
        let shouted = last.chars().all(|c| !c.is_lowercase());
        if (!dotted || shouted || self.assigned_once(last))
            && depth < MAX_DEPTH
            && let Some(value) = self.assignment_for(last, at, !dotted)
        {
            let end = self.end_of_value(value);
            if !(value..end).contains(&at)
                && let Some(text) = self.expression(value..end, &Arguments::new(), depth + 1)
                && (!self.by_names || known(&text))
            {
                return text;
            }
        }
        self.tables()
            .injected
            .get(last)
            .cloned()
            .unwrap_or_else(|| unknown(head))
    }
}

fn word_of(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

/// A name of which nothing is known, as a placeholder.
pub(super) fn unknown(name: &str) -> String {
    let name = name.strip_prefix("this.").unwrap_or(name);
    let short: String = name.chars().take(60).collect();
    format!("{{{short}}}")
}

/// Whether anything but unknown names is in a folded text.
pub(crate) fn known(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        if start > 0 || rest[start..].starts_with("{env:") {
            return true;
        }
        let tail = &rest[start + 1..];
        rest = tail.get(closing(tail) + 1..).unwrap_or_default();
    }
    !rest.is_empty()
}

/// A format with its arguments: `%s`, `{}` and `{0}`.
pub(super) fn formatted(pattern: &str, mut texts: impl Iterator<Item = Option<String>>) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['%', '{']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let used = if let Some(directive) = tail.strip_prefix('%') {
            1 + directive
                .find(|c: char| c.is_ascii_alphabetic() || c == '%')
                .map_or(0, |p| p + 1)
        } else {
            tail.find('}').map_or(tail.len(), |p| p + 1)
        };
        let piece = &tail[..used];
        let numbered = piece.len() > 2
            && piece.starts_with('{')
            && piece[1..].starts_with(|c: char| c.is_ascii_digit());
        if piece == "%%" {
            out.push('%');
        } else if piece.starts_with('{') && !numbered {
            out.push_str(piece);
        } else {
            out.push_str(&texts.next().flatten().unwrap_or_else(|| "{}".to_owned()));
        }
        rest = &tail[used..];
    }
    out.push_str(rest);
    out
}
