//! Folding of string expressions: what a reader sees in `"http://" + host + "/orders"`.

use crate::{Code, Language, TokenKind};
use std::ops::Range;

/// What a caller knows of names: given a dotted name, the index of its first token and, if it is
/// called or indexed, the index of the bracket, the text it stands for.
pub type Known<'k> = dyn Fn(&str, usize, Option<usize>) -> Option<String> + 'k;

/// Methods that leave a string what it is for a reader.
const TRANSPARENT: &[&str] = &[
    "as_deref",
    "as_ref",
    "as_str",
    "clone",
    "encode",
    "expect",
    "into",
    "into_string",
    "lower",
    "ok",
    "parse",
    "rstrip",
    "strip",
    "to_owned",
    "to_string",
    "toString",
    "trim",
    "trim_end_matches",
    "trimEnd",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "or_else",
    "ok_or_else",
    "map_err",
    "context",
];

/// Calls whose value is their first argument for a reader.
const WRAPPERS: &[&str] = &[
    "Arc.new",
    "Box.new",
    "Cow.from",
    "Ok",
    "Some",
    "String.from",
    "URL",
    "Uri.create",
    "Url.parse",
    "aws.String",
    "cmp.Or",
    "int",
    "kafka.TCP",
    "proto.String",
    "reqwest.Url.parse",
    "str",
    "url.Parse",
    "string",
    "yarl.URL",
];

/// Whether a function is called as one that writes an address in another way: `normalize_url`.
fn tidies_address(name: &str) -> bool {
    const VERBS: [&str; 6] = [
        "clean",
        "ensure",
        "normalise",
        "normalize",
        "sanitize",
        "trim",
    ];
    let lower = name.to_ascii_lowercase();
    // Letters that are a word of the name: `ensure_security` is about no URI.
    let of_address = ["Url", "URL", "Uri", "URI"]
        .iter()
        .any(|w| name.contains(w))
        || (lower.split('_')).any(|w| matches!(w, "url" | "urls" | "uri" | "uris"));
    of_address && VERBS.iter().any(|verb| lower.starts_with(verb))
}

/// No string of an address or name is longer; more is text.
const LONGEST: usize = 2048;

impl Code<'_> {
    /// The string that the tokens of `range` build, with `{name}` for what is not known here:
    /// literals, concatenation, template literals, f-strings, `Sprintf`-like formats and names of
    /// string constants of this file. `None` if it is no string expression.
    pub fn fold(&self, range: Range<usize>) -> Option<String> {
        self.fold_with(range, &|name, _, open| {
            if open.is_some() {
                return None;
            }
            let (value, _) = self.constants().get(name)?;
            Some((*value).to_owned())
        })
    }

    /// Like [`Code::fold`], with what the caller knows of names instead of the constants.
    pub fn fold_with(&self, range: Range<usize>, known: &Known<'_>) -> Option<String> {
        self.fold_deep(range, known, 0)
    }

    fn fold_deep(&self, range: Range<usize>, known: &Known<'_>, depth: u8) -> Option<String> {
        let mut out = String::new();
        let mut literal = false;
        let mut at = range.start;
        while at < range.end && out.len() < LONGEST {
            let token = self.tokens.get(at)?;
            match token.kind {
                TokenKind::Str => {
                    let text = self.literal(at, known);
                    at += 1;
                    let (text, next) = self.after_literal(text, at, range.end, known, depth)?;
                    out.push_str(&text);
                    at = next;
                    literal = true;
                }
                TokenKind::Ident if matches!(self.raw(at), "await" | "mut" | "new" | "move") => {
                    at += 1;
                }
                TokenKind::Ident if matches!(self.raw(at), "or" | "if" | "else" | "as") => {
                    return (!out.is_empty()).then_some(out);
                }
                // Prefixes of byte strings that the lexer leaves standing.
                TokenKind::Ident
                    if matches!(self.raw(at), "b" | "c") && self.string(at + 1).is_some() =>
                {
                    at += 1;
                }
                TokenKind::Ident => {
                    let (text, is_literal, next) = self.named(at, range.end, known, depth)?;
                    out.push_str(&text);
                    literal |= is_literal;
                    at = next;
                }
                TokenKind::Punct if self.is(at, "%") && self.language == Language::Python => {
                    let arguments = if self.is(at + 1, "(") {
                        self.arguments(at + 1)
                    } else {
                        std::iter::once(at + 1..range.end).collect()
                    };
                    return Some(self.filled(&out, &arguments, at, known, depth));
                }
                TokenKind::Punct
                    if matches!(self.raw(at), "+" | "." | "&" | "$" | "!" | "*" | "?") =>
                {
                    at += 1;
                }
                TokenKind::Punct if self.is(at, "(") => {
                    // Brackets around the whole or a part: Python joins adjacent literals there.
                    let close = self.partner(at).filter(|&c| c < range.end)?;
                    if depth > 6 {
                        return None;
                    }
                    out.push_str(&self.fold_deep(at + 1..close, known, depth + 1)?);
                    literal = true;
                    at = close + 1;
                }
                TokenKind::Number if out.ends_with(':') => {
                    out.push_str(self.raw(at));
                    at += 1;
                }
                _ => return literal.then_some(out),
            }
        }
        (literal || !out.is_empty()).then_some(out)
    }

    /// A literal as a reader sees it; placeholders of f-strings are looked up.
    fn literal(&self, at: usize, known: &Known<'_>) -> String {
        let text = self.string(at).unwrap_or_default();
        if self.language != Language::Python || !self.is_f_string(at) {
            return braces(text);
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open + 1..];
            if let Some(escaped) = rest.strip_prefix('{') {
                out.push('{');
                rest = escaped;
                continue;
            }
            let close = rest.find('}').unwrap_or(rest.len());
            let inner = &rest[..close];
            let name = inner.split(['!', ':']).next().unwrap_or(inner).trim();
            match known(name, at, None) {
                Some(value) => out.push_str(&value),
                None => out.push_str(&format!("{{{name}}}")),
            }
            rest = rest.get(close + 1..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// Whether the string at `at` is one of Python in which names stand for their values (`f"…"`).
    pub fn is_f_string(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return false;
        };
        let head = self.text.as_bytes().get(..token.start as usize);
        head.is_some_and(|h| {
            h.iter()
                .rev()
                .take(2)
                .take_while(|b| b.is_ascii_alphabetic())
                .any(|b| b.eq_ignore_ascii_case(&b'f'))
        })
    }

    /// What methods called on a literal make of it, and the index after them.
    fn after_literal(
        &self,
        text: String,
        from: usize,
        limit: usize,
        known: &Known<'_>,
        depth: u8,
    ) -> Option<(String, usize)> {
        let mut text = text;
        let mut at = from;
        while at < limit
            && let Some((name, open)) = self.method(at)
        {
            let close = self.partner(open)?;
            if name == "format" {
                text = self.filled(&text, &self.arguments(open), at, known, depth);
            } else if !TRANSPARENT.contains(&name) {
                return None;
            }
            at = close + 1;
        }
        Some((text, at))
    }

    /// A name, call or chain: its text, whether it is known, and the index after it.
    fn named(
        &self,
        at: usize,
        limit: usize,
        known: &Known<'_>,
        depth: u8,
    ) -> Option<(String, bool, usize)> {
        let end = self.name_end(at, limit);
        let mut name = self.dotted(at, end);
        let mut next = end;
        let mut found = None;
        if self.is(end, "(") || self.is(end, "[") {
            let close = self.partner(end)?;
            found = known(&name, at, Some(end));
            if self.is(end, "[")
                && close == end + 2
                && let Some(key) = self.string(end + 1)
            {
                name = key.to_owned();
            }
            if found.is_none() && self.is(end, "(") && depth < 6 {
                found = self.formatted(&name, end, known, depth);
            }
            next = close + 1;
        } else if let Some(value) = known(&name, at, None) {
            return Some((value, true, end));
        }
        // The chain after it: what leaves the value alone is skipped, the rest makes it unknown.
        let mut skipped = next;
        while skipped < limit {
            if self.is(skipped, "?") && !self.is(skipped + 1, "?") {
                skipped += 1;
            } else if let Some((method, open)) = self.method(skipped) {
                let close = self.partner(open)?;
                if !TRANSPARENT.contains(&method) {
                    found = None;
                    name = self.dotted(at, open);
                }
                skipped = close + 1;
            } else if self.is(skipped, ".") && self.ident(skipped + 1).is_some() {
                if !self.is(skipped + 1, "await") {
                    found = None;
                    name = self.dotted(at, skipped + 2);
                }
                skipped += 2;
            } else {
                break;
            }
        }
        if found.is_none()
            && next > end
            && let Some((head, method)) = name.rsplit_once('.')
            && TRANSPARENT.contains(&method)
            && !head.is_empty()
        {
            // `addr.as_str()`: the name before the method is what counts.
            found = known(head, at, None);
            name = head.to_owned();
        }
        Some(match found {
            Some(value) => (value, true, skipped),
            None => (format!("{{{name}}}"), false, skipped),
        })
    }

    /// `.method(` or `.method::<T>(` at `dot`: the name and the index of the bracket.
    fn method(&self, dot: usize) -> Option<(&str, usize)> {
        let name = self.ident(dot + 1).filter(|_| self.is(dot, "."))?;
        if self.is(dot + 2, "(") {
            return Some((name, dot + 2));
        }
        let generic = self.is(dot + 2, ":") && self.is(dot + 4, "<");
        let open = (dot + 6..dot + 14).find(|&at| self.is(at, "(") && self.is(at - 1, ">"));
        open.filter(|_| generic).map(|open| (name, open))
    }

    fn name_end(&self, from: usize, limit: usize) -> usize {
        let mut at = from + 1;
        while at + 1 < limit {
            let generic = self.is(at + 2, ":") && self.is(at + 4, "<");
            if self.is(at, ".") && self.ident(at + 1).is_some() && !generic {
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

    /// `fmt.Sprintf("http://%s/x", host)`, `format!("{}/x", base)`, `String.format(…)`, and calls
    /// that only wrap a string.
    fn formatted(&self, name: &str, open: usize, known: &Known<'_>, depth: u8) -> Option<String> {
        let arguments = self.arguments(open);
        let first = arguments.first()?.clone();
        if WRAPPERS.contains(&name) {
            return self.fold_deep(first, known, depth + 1);
        }
        let last = name.rsplit('.').next()?;
        if arguments.len() == 1 && tidies_address(last) {
            return self.fold_deep(first, known, depth + 1);
        }
        if matches!(name, "flag.String" | "pflag.String") {
            // The default of a command-line flag.
            return self.fold_deep(arguments.get(1)?.clone(), known, depth + 1);
        }
        if last == "JoinHostPort" {
            let mut parts = arguments
                .into_iter()
                .filter_map(|r| self.fold_deep(r, known, depth + 1));
            return Some(format!("{}:{}", parts.next()?, parts.next()?));
        }
        if !matches!(
            last,
            "Sprintf" | "format" | "format_args" | "Format" | "Concat" | "join"
        ) {
            return None;
        }
        let pattern = self.string(first.start)?;
        Some(self.filled(pattern, arguments.get(1..)?, open, known, depth))
    }

    /// A pattern with its `%s`, `{}` and `{name}` filled from arguments.
    fn filled(
        &self,
        pattern: &str,
        arguments: &[Range<usize>],
        place: usize,
        known: &Known<'_>,
        depth: u8,
    ) -> String {
        let mut values = arguments.iter().map(|r| {
            let value = (depth < 6).then(|| self.fold_deep(r.clone(), known, depth + 1));
            match value.flatten() {
                Some(value) => value,
                None => format!("{{{}}}", self.dotted(r.start, r.end)),
            }
        });
        let percent = !pattern.contains("{}") && pattern.contains('%');
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(at) = rest.find(if percent { '%' } else { '{' }) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            let used = if let Some(stripped) = tail.strip_prefix('%') {
                if let Some(after) = stripped.strip_prefix('%') {
                    out.push('%');
                    rest = after;
                    continue;
                }
                1 + stripped
                    .find(|c: char| c.is_ascii_alphabetic())
                    .map_or(stripped.len(), |p| p + 1)
            } else {
                tail.find('}').map_or(tail.len(), |p| p + 1)
            };
            let inner = tail.get(1..used.saturating_sub(1)).unwrap_or_default();
            let word = inner.split(':').next().unwrap_or(inner);
            if tail.starts_with('{') && word.chars().any(char::is_alphabetic) {
                let named = arguments.iter().find(|r| self.is(r.start, word));
                let value = match named {
                    Some(r) if self.is(r.start + 1, "=") => {
                        self.fold_deep(r.start + 2..r.end, known, depth + 1)
                    }
                    _ => known(word, place, None),
                };
                out.push_str(&value.unwrap_or_else(|| format!("{{{word}}}")));
            } else {
                out.push_str(&values.next().unwrap_or_else(|| "{}".to_owned()));
            }
            rest = rest.get(at + used..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

/// `${name}` and `#{name}` of templates become `{name}`.
fn braces(text: &str) -> String {
    text.replace("${", "{").replace("#{", "{")
}
