//! Folding of string expressions: what a reader sees in `"http://" + host + "/orders"`.

use crate::{Code, TokenKind};
use std::ops::Range;

impl Code<'_> {
    /// The string that the tokens of `range` build, with `{name}` for what is not known here:
    /// literals, concatenation, template literals, f-strings, `Sprintf`-like formats and names of
    /// string constants of this file. `None` if it is no string expression.
    pub fn fold(&self, range: Range<usize>) -> Option<String> {
        let mut out = String::new();
        let mut literal = false;
        let mut at = range.start;
        while at < range.end {
            let token = self.tokens.get(at)?;
            match token.kind {
                TokenKind::Str => {
                    out.push_str(&braces(self.string(at)?));
                    literal = true;
                    at += 1;
                }
                TokenKind::Ident => {
                    let end = self.name_end(at, range.end);
                    let open = end;
                    if self.is(open, "(") {
                        let close = self.partner(open)?;
                        if let Some(text) = self.formatted(at, open) {
                            out.push_str(&text);
                            literal = true;
                        } else {
                            out.push_str(&format!("{{{}}}", self.dotted(at, open)));
                        }
                        at = close + 1;
                    } else {
                        let name = self.dotted(at, end);
                        match self.constants().get(name.as_str()) {
                            Some((value, _)) => {
                                out.push_str(&braces(value));
                                literal = true;
                            }
                            None => out.push_str(&format!("{{{name}}}")),
                        }
                        at = end;
                    }
                }
                TokenKind::Punct if matches!(self.raw(at), "+" | "." | "&" | "$" | "!") => at += 1,
                TokenKind::Number if out.ends_with(':') => {
                    out.push_str(self.raw(at));
                    at += 1;
                }
                _ => return literal.then_some(out),
            }
        }
        (literal || !out.is_empty()).then_some(out)
    }

    fn name_end(&self, from: usize, limit: usize) -> usize {
        let mut at = from + 1;
        while at + 1 < limit {
            if self.is(at, ".") && self.ident(at + 1).is_some() {
                at += 2;
            } else if self.is(at, ":") && self.is(at + 1, ":") && self.ident(at + 2).is_some() {
                at += 3;
            } else if self.is(at, "!") {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    /// `fmt.Sprintf("http://%s/x", host)`, `format!("{}/x", base)`, `String.format(…)`.
    fn formatted(&self, from: usize, open: usize) -> Option<String> {
        let name = self.dotted(from, open);
        let last = name.rsplit('.').next()?;
        if !matches!(
            last,
            "Sprintf" | "format" | "Format" | "Concat" | "join" | "String"
        ) {
            return None;
        }
        let arguments = self.arguments(open);
        let first = arguments.first()?;
        let pattern = self.string(first.start)?;
        let mut names = arguments.iter().skip(1).map(|r| {
            let name = self.dotted(r.start, r.end);
            match self.constants().get(name.as_str()) {
                Some((value, _)) => (*value).to_owned(),
                None => format!("{{{name}}}"),
            }
        });
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(['%', '{']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            let used = if let Some(stripped) = tail.strip_prefix('%') {
                1 + stripped
                    .find(|c: char| c.is_ascii_alphabetic())
                    .map_or(0, |p| p + 1)
            } else {
                tail.find('}').map_or(tail.len(), |p| p + 1)
            };
            let inner = tail.get(1..used.saturating_sub(1)).unwrap_or_default();
            let is_name = tail.starts_with('{') && inner.chars().any(|c| c.is_alphabetic());
            if is_name {
                out.push_str(tail.get(..used).unwrap_or_default());
            } else {
                out.push_str(&names.next().unwrap_or_else(|| "{}".to_owned()));
            }
            rest = rest.get(at + used..).unwrap_or_default();
        }
        out.push_str(rest);
        Some(out)
    }
}

/// `${name}` and `#{name}` of templates become `{name}`.
fn braces(text: &str) -> String {
    text.replace("${", "{").replace("#{", "{")
}
