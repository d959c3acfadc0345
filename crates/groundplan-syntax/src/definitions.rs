//! Where names get their values and types, from tokens alone.

use crate::{Code, Language};
use std::ops::Range;

/// A place where a name gets a value or a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition<'t> {
    /// The name; of a field (`self.x = …`, `x: …` in a literal or struct) its last word.
    pub name: &'t str,
    /// Index of the token of the name.
    pub at: usize,
    /// Function in which it stands, as index into [`Code::functions`]; `None` for the file.
    pub scope: Option<usize>,
    /// Whether it is a field of something.
    pub field: bool,
    /// Whether it is a parameter of the function `scope`: its value comes from callers.
    pub param: bool,
    /// Tokens of the value; empty if only a type is given.
    pub value: Range<usize>,
    /// Tokens of the type; empty if only a value is given.
    pub kind: Range<usize>,
}

impl<'t> Code<'t> {
    pub(crate) fn find_definitions(&self) -> Vec<Definition<'t>> {
        if !matches!(
            self.language,
            Language::Go | Language::Rust | Language::Python
        ) {
            return Vec::new();
        }
        let mut all = Vec::new();
        self.parameters(&mut all);
        // Kinds of the brackets that are open.
        let mut open: Vec<u8> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let Some(&byte) = self.text.as_bytes().get(token.start as usize) else {
                continue;
            };
            match byte {
                b'(' | b'[' | b'{' => {
                    open.push(byte);
                    if byte == b'{' && self.language != Language::Python {
                        self.struct_fields(index, &mut all);
                    }
                }
                b')' | b']' | b'}' => {
                    open.pop();
                }
                b'=' => {
                    let inside = open.last().copied();
                    let skipped = match self.language {
                        Language::Python => inside.is_some(),
                        Language::Rust => matches!(inside, Some(b'(' | b'[')),
                        _ => false,
                    };
                    if !skipped && self.is_assignment(index) {
                        all.extend(self.assigned(index));
                    }
                }
                b':' if open.last() == Some(&b'{') && self.language != Language::Python => {
                    all.extend(self.literal_field(index));
                }
                b':' if open.is_empty() && self.language == Language::Python => {
                    all.extend(self.bare_annotation(index));
                }
                b'v' if self.language == Language::Go && self.is(index, "var") => {
                    self.go_variables(index, &mut all);
                }
                b'w' if self.language == Language::Python && self.is(index, "with") => {
                    self.with_items(index, &mut all);
                }
                _ => {}
            }
        }
        all.sort_by_key(|d| d.at);
        all
    }

    fn definition(&self, at: usize, value: Range<usize>, kind: Range<usize>) -> Definition<'t> {
        Definition {
            name: self.raw(at),
            at,
            scope: self.function_at(at),
            field: at > 0 && self.is(at - 1, "."),
            param: false,
            value,
            kind,
        }
    }

    fn is_assignment(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        if matches!(self.raw(index + 1), "=" | ">") && self.touches(index) {
            return false;
        }
        !(self.touches(before)
            && matches!(
                self.raw(before),
                "=" | "!" | "<" | ">" | "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "~"
            ))
    }

    /// No blank stands between this token and the next.
    fn touches(&self, index: usize) -> bool {
        match (self.tokens.get(index), self.tokens.get(index + 1)) {
            (Some(a), Some(b)) => a.end == b.start,
            _ => false,
        }
    }

    fn assigned(&self, equals: usize) -> Option<Definition<'t>> {
        let value = equals + 1..self.value_end(equals + 1);
        match self.language {
            Language::Go => {
                let last = if self.is(equals - 1, ":") {
                    equals.checked_sub(2)?
                } else {
                    equals.checked_sub(1)?
                };
                self.ident(last)?;
                // The first name of `a, err := f()` gets the value that counts.
                let mut at = last;
                for _ in 0..8 {
                    if at >= 2 && self.is(at - 1, ",") && self.ident(at - 2).is_some() {
                        at -= 2;
                    } else {
                        break;
                    }
                }
                // `var addr string = …`: the word before `=` is the type.
                if at == last
                    && at >= 1
                    && let Some(before) = self.ident(at - 1)
                    && self.line(at - 1) == self.line(at)
                    && !matches!(
                        before,
                        "var" | "const" | "if" | "for" | "switch" | "else" | "case"
                    )
                {
                    at -= 1;
                }
                // `var handler http.Handler = …`: the name stands behind `var`.
                if at == last
                    && let Some(word) = (2..8)
                        .map_while(|back| last.checked_sub(back))
                        .take_while(|&i| self.line(i) == self.line(last))
                        .find(|&i| self.is(i, "var"))
                    && self.ident(word + 1).is_some()
                    && matches!(self.raw(word + 2), "*" | "[") | self.is(last - 1, ".")
                {
                    at = word + 1;
                }
                Some(self.definition(at, value, 0..0))
            }
            Language::Rust => {
                for back in 1..24 {
                    let at = equals.checked_sub(back)?;
                    if matches!(self.raw(at), "let" | "const" | "static") {
                        let mut name = at + 1;
                        while matches!(
                            self.raw(name),
                            "mut" | "ref" | "Ok" | "Some" | "Err" | "(" | "&"
                        ) {
                            name += 1;
                        }
                        self.ident(name)?;
                        let kind = if self.is(name + 1, ":") {
                            name + 2..equals
                        } else {
                            0..0
                        };
                        return Some(self.definition(name, value, kind));
                    }
                    if matches!(self.raw(at), ";" | "{" | "}") {
                        break;
                    }
                }
                let at = equals.checked_sub(1)?;
                self.ident(at)?;
                Some(self.definition(at, value, 0..0))
            }
            _ => self.python_assigned(equals, value),
        }
    }

    fn python_assigned(&self, equals: usize, value: Range<usize>) -> Option<Definition<'t>> {
        // From the begin of the statement: a dotted name, perhaps with an annotation.
        let mut start = equals.checked_sub(1)?;
        for _ in 0..40 {
            if self.starts_line(start) {
                break;
            }
            start = match self.raw(start) {
                "]" | ")" => self.partner(start)?,
                _ => start,
            };
            start = start.checked_sub(1)?;
        }
        let mut at = start;
        self.ident(at)?;
        while self.is(at + 1, ".") && self.ident(at + 2).is_some() {
            at += 2;
        }
        if self.is(at + 1, "[")
            && self.is(at + 3, "]")
            && at + 4 == equals
            && let Some(key) = self.string(at + 2)
        {
            // `app.config["X"] = …` is a field by its key.
            return Some(Definition {
                name: key,
                field: true,
                ..self.definition(at + 2, value, 0..0)
            });
        }
        let kind = if self.is(at + 1, ":") {
            at + 2..equals
        } else if at + 1 == equals {
            0..0
        } else {
            return None;
        };
        Some(self.definition(at, value, kind))
    }

    /// The index after the expression that begins at `from`.
    fn value_end(&self, from: usize) -> usize {
        let mut at = from;
        // A bound, so that a file without ends of statements costs no more than others.
        for _ in 0..256 {
            if at >= self.tokens.len() {
                break;
            }
            let ends_line = at > from && self.starts_line(at);
            match self.raw(at) {
                ";" | ")" | "]" | "}" => break,
                "," if self.language != Language::Python => break,
                _ if self.language == Language::Python && ends_line && !self.continues_line(at) => {
                    break;
                }
                _ if self.language == Language::Python => {}
                "{" if self.language == Language::Go && !self.touches(at.wrapping_sub(1)) => break,
                _ if self.language == Language::Go
                    && ends_line
                    && !matches!(self.raw(at - 1), "." | "+" | "&" | "|" | "(" | ",") =>
                {
                    break;
                }
                _ => {}
            }
            at = match self.raw(at) {
                "(" | "[" | "{" => match self.partner(at) {
                    Some(close) => close + 1,
                    None => return at,
                },
                _ => at + 1,
            };
        }
        at
    }

    /// `name: type` without a value in the body of a class.
    fn bare_annotation(&self, colon: usize) -> Option<Definition<'t>> {
        let at = colon.checked_sub(1)?;
        if !self.starts_line(at) || self.starts_line(colon + 1) || self.ident(at).is_none() {
            return None;
        }
        let class = self.functions().get(self.function_at(at)?)?;
        if !class.class {
            return None;
        }
        let end = self.value_end(colon + 1);
        let mut kind = colon + 1..end;
        // With a value it is an assignment.
        if kind.is_empty() || kind.any(|at| self.is(at, "=")) {
            return None;
        }
        Some(Definition {
            field: true,
            ..self.definition(at, 0..0, colon + 1..end)
        })
    }

    /// `name: value` in a literal of a struct.
    fn literal_field(&self, colon: usize) -> Option<Definition<'t>> {
        let at = colon.checked_sub(1)?;
        self.ident(at)?;
        let before = at.checked_sub(1)?;
        if !matches!(self.raw(before), "{" | ",")
            || matches!(self.raw(colon + 1), ":" | "=") && self.touches(colon)
        {
            return None;
        }
        let value = colon + 1..self.value_end(colon + 1);
        Some(Definition {
            field: true,
            ..self.definition(at, value, 0..0)
        })
    }

    /// Fields with their types in a declaration of a struct.
    fn struct_fields(&self, open: usize, all: &mut Vec<Definition<'t>>) {
        let Some(close) = self.partner(open) else {
            return;
        };
        let is_go = self.language == Language::Go;
        let declares = if is_go {
            open > 0 && self.is(open - 1, "struct")
        } else {
            (1..=12)
                .map_while(|back| open.checked_sub(back))
                .take_while(|&at| !matches!(self.raw(at), ";" | "}" | "{" | ")" | "]"))
                .any(|at| self.is(at, "struct"))
        };
        if !declares {
            return;
        }
        let mut at = open + 1;
        while at < close {
            if self.starts_line(at) && self.ident(at).is_some() {
                let mut end = at + 1;
                while end < close
                    && !self.is(end, ",")
                    && !(is_go && self.starts_line(end))
                    && self.string(end).is_none()
                {
                    end = match self.raw(end) {
                        "(" | "[" | "{" => self.partner(end).unwrap_or(end) + 1,
                        _ => end + 1,
                    };
                }
                let name = match self.raw(at) {
                    "pub" if self.is(at + 1, "(") => self.partner(at + 1).map_or(at, |c| c + 1),
                    "pub" => at + 1,
                    _ => at,
                };
                let kind = if is_go { name + 1 } else { name + 2 };
                if kind < end && self.ident(name).is_some() {
                    all.push(Definition {
                        field: true,
                        ..self.definition(name, 0..0, kind..end)
                    });
                }
                at = end;
            } else {
                at += 1;
            }
        }
    }

    fn parameters(&self, all: &mut Vec<Definition<'t>>) {
        for (index, function) in self.functions().iter().enumerate() {
            let Some(open) = function.params.filter(|_| !function.class) else {
                continue;
            };
            let arguments = self.arguments(open);
            let mut later: Range<usize> = 0..0;
            for range in arguments.into_iter().rev() {
                let mut at = range.start;
                while at < range.end && matches!(self.raw(at), "*" | "&" | "'" | "mut") {
                    at += 1;
                }
                if self.ident(at).is_none() {
                    continue;
                }
                let kind = match self.language {
                    // `a, b T`: the type of the last counts for those before it.
                    Language::Go if at + 1 < range.end => at + 1..range.end,
                    Language::Go => later.clone(),
                    _ if self.is(at + 1, ":") => at + 2..range.end,
                    _ => 0..0,
                };
                later = kind.clone();
                all.push(Definition {
                    name: self.raw(at),
                    at,
                    scope: Some(index),
                    field: false,
                    param: true,
                    value: 0..0,
                    kind,
                });
            }
        }
    }

    /// `var a T` and the lines of `var ( … )` that have a type and no value.
    fn go_variables(&self, var: usize, all: &mut Vec<Definition<'t>>) {
        let (mut at, limit) = if self.is(var + 1, "(") {
            (var + 2, self.partner(var + 1).unwrap_or(self.tokens.len()))
        } else {
            (var + 1, self.tokens.len())
        };
        while at < limit {
            let mut end = at + 1;
            while end < limit && !self.starts_line(end) && !matches!(self.raw(end), "=" | ";") {
                end += 1;
            }
            if self.ident(at).is_some() && end > at + 1 && !self.is(end, "=") {
                all.push(self.definition(at, 0..0, at + 1..end));
            }
            if !self.is(var + 1, "(") {
                return;
            }
            while end < limit && !self.starts_line(end) {
                end = match self.raw(end) {
                    "(" | "[" | "{" => self.partner(end).unwrap_or(end) + 1,
                    _ => end + 1,
                };
            }
            at = end;
        }
    }

    /// `with open(x) as f, client() as c:`
    fn with_items(&self, with: usize, all: &mut Vec<Definition<'t>>) {
        let mut start = with + 1;
        let mut at = start;
        for _ in 0..200 {
            match self.raw(at) {
                ":" | "" => break,
                "," => start = at + 1,
                "as" if self.ident(at + 1).is_some() => {
                    all.push(self.definition(at + 1, start..at, 0..0));
                }
                _ => {}
            }
            at = match self.raw(at) {
                "(" | "[" | "{" if at > with + 1 => self.partner(at).unwrap_or(at) + 1,
                _ => at + 1,
            };
        }
    }
}
