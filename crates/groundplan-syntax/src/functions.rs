//! Where functions and classes begin and end, from tokens alone.

use crate::{Code, Language, TokenKind};
use std::ops::Range;

/// A function, method, closure (Go) or class (Python) with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function<'t> {
    /// Its name; empty for a closure.
    pub name: &'t str,
    /// Index of the token of its name, or of the keyword if it has none.
    pub at: usize,
    /// Index of the first token of the declaration: attribute, `pub`, `async` included.
    pub first: usize,
    /// Index of the bracket of its parameters (of a class: its bases), if it has one.
    pub params: Option<usize>,
    /// Tokens of the body, brackets not included.
    pub body: Range<usize>,
    /// One-based line of the first token of the declaration.
    pub line: u32,
    /// Whether it is a class.
    pub class: bool,
    /// The function or class around it, as index into [`Code::functions`].
    pub parent: Option<usize>,
}

/// Tokens of a signature at most: what is longer is no function that a person wrote.
const LONGEST: usize = 400;

/// Functions in functions at most.
const DEEPEST: usize = 64;

impl<'t> Code<'t> {
    pub(crate) fn find_functions(&self) -> Vec<Function<'t>> {
        let mut all = match self.language {
            Language::Go => self.go_functions(),
            Language::Rust => self.rust_functions(),
            Language::Python => self.python_functions(),
            _ => Vec::new(),
        };
        all.sort_by_key(|f| (f.body.start, usize::MAX - f.body.end));
        let mut open: Vec<usize> = Vec::new();
        for index in 0..all.len() {
            let start = all[index].at;
            while open.last().is_some_and(|&o| all[o].body.end <= start) {
                open.pop();
            }
            all[index].parent = open.last().copied();
            open.push(index);
        }
        all
    }

    /// The innermost function or class whose body holds the token, as index into
    /// [`Code::functions`].
    pub fn function_at(&self, index: usize) -> Option<usize> {
        let all = self.functions();
        let mut at = all
            .partition_point(|f| f.body.start <= index)
            .checked_sub(1)?;
        for _ in 0..DEEPEST {
            let function = all.get(at)?;
            if function.body.end > index {
                return Some(at);
            }
            at = function.parent?;
        }
        None
    }

    /// Whether the token is the first of its line.
    pub fn starts_line(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return true;
        };
        self.line(before) < self.line(index)
    }

    /// Bytes between the begin of the line and the token.
    pub fn column(&self, index: usize) -> usize {
        let Some(token) = self.tokens.get(index) else {
            return 0;
        };
        let start = token.start as usize;
        let head = self.text.as_bytes().get(..start).unwrap_or_default();
        memchr::memrchr(b'\n', head).map_or(start, |p| start - p - 1)
    }

    fn go_functions(&self) -> Vec<Function<'t>> {
        let mut all = Vec::new();
        for index in 0..self.tokens.len() {
            if !self.is(index, "func") || self.ident(index).is_none() {
                continue;
            }
            let mut at = index + 1;
            // A receiver stands in brackets before the name; a closure has no name.
            if self.is(at, "(")
                && let Some(close) = self.partner(at)
                && self.ident(close + 1).is_some()
                && (self.is(close + 2, "(") || self.is(close + 2, "["))
                && self.starts_line(index)
            {
                at = close + 1;
            }
            let name_at = self.ident(at).map(|_| at);
            if name_at.is_some() {
                at += 1;
            }
            if self.is(at, "[") {
                at = self.partner(at).map_or(at, |c| c + 1);
            }
            if !self.is(at, "(") {
                continue;
            }
            let Some(close) = self.partner(at) else {
                continue;
            };
            let Some(open) = self.go_body(close) else {
                continue;
            };
            let Some(end) = self.partner(open) else {
                continue;
            };
            all.push(Function {
                name: name_at.map_or("", |n| self.raw(n)),
                at: name_at.unwrap_or(index),
                first: index,
                params: Some(at),
                body: open + 1..end,
                line: self.line(index),
                class: false,
                parent: None,
            });
        }
        all
    }

    /// The bracket of the body after the parameters that close at `close`.
    fn go_body(&self, close: usize) -> Option<usize> {
        let line = self.line(close);
        let mut at = close + 1;
        for _ in 0..LONGEST {
            if self.line(at) != line && !self.is(at - 1, ",") {
                return None;
            }
            let token = self.tokens.get(at)?;
            match self.raw(at) {
                "{" if matches!(self.raw(at - 1), "interface" | "struct") => {
                    at = self.partner(at)? + 1;
                }
                "{" => return Some(at),
                "(" | "[" => at = self.partner(at)? + 1,
                "." | "*" | "<" | "-" => at += 1,
                _ if token.kind == TokenKind::Ident => at += 1,
                _ => return None,
            }
        }
        None
    }

    fn rust_functions(&self) -> Vec<Function<'t>> {
        let mut all = Vec::new();
        for index in 0..self.tokens.len() {
            if !self.is(index, "fn") {
                continue;
            }
            let Some(name) = self.ident(index + 1) else {
                continue;
            };
            // Generics may hold `Fn(A) -> B`; the parameters follow the closing angle bracket.
            let mut at = index + 2;
            let mut angles = 0_i32;
            while at < index + LONGEST {
                match self.raw(at) {
                    "<" => angles += 1,
                    ">" if !self.is(at - 1, "-") => angles -= 1,
                    "(" if angles > 0 => at = self.partner(at).unwrap_or(at),
                    "(" | "{" | ";" | "" => break,
                    _ => {}
                }
                at += 1;
            }
            if !self.is(at, "(") {
                continue;
            }
            let Some(open) = self.partner(at).and_then(|close| self.rust_body(close)) else {
                continue;
            };
            let Some(end) = self.partner(open) else {
                continue;
            };
            let first = self.rust_first(index);
            all.push(Function {
                name,
                at: index + 1,
                first,
                params: Some(at),
                body: open + 1..end,
                line: self.line(first),
                class: false,
                parent: None,
            });
        }
        all
    }

    fn rust_body(&self, close: usize) -> Option<usize> {
        let mut at = close + 1;
        for _ in 0..LONGEST {
            match self.raw(at) {
                "{" => return Some(at),
                ";" | "" | "}" => return None,
                "(" | "[" => at = self.partner(at)? + 1,
                _ => at += 1,
            }
        }
        None
    }

    /// The first token of the declaration whose keyword stands at `index`.
    fn rust_first(&self, index: usize) -> usize {
        let mut first = index;
        while let Some(before) = first.checked_sub(1) {
            first = match self.raw(before) {
                "pub" | "async" | "const" | "unsafe" | "extern" | "default" => before,
                ")" => match self.partner(before) {
                    Some(open) if open > 0 && self.is(open - 1, "pub") => open - 1,
                    _ => break,
                },
                "]" => match self.partner(before) {
                    Some(open) if open > 0 && self.is(open - 1, "#") => open - 1,
                    _ => break,
                },
                _ => break,
            };
        }
        first
    }

    fn python_functions(&self) -> Vec<Function<'t>> {
        let mut all: Vec<Function<'t>> = Vec::new();
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if matches!(self.raw(at), "(" | "[" | "{") {
                at = self.partner(at).unwrap_or(at) + 1;
                continue;
            }
            if self.starts_line(at) && !self.continues_line(at) {
                let column = self.column(at);
                while let Some(&(index, at_column)) = open.last() {
                    if column > at_column {
                        break;
                    }
                    if let Some(function) = all.get_mut(index) {
                        function.body.end = at;
                    }
                    open.pop();
                }
                let keyword = if self.is(at, "async") { at + 1 } else { at };
                if matches!(self.raw(keyword), "def" | "class")
                    && let Some(name) = self.ident(keyword + 1)
                {
                    let params = self.is(keyword + 2, "(").then_some(keyword + 2);
                    let mut colon = params
                        .and_then(|p| self.partner(p))
                        .map_or(keyword + 2, |close| close + 1);
                    for _ in 0..LONGEST {
                        if self.is(colon, ":") || colon >= self.tokens.len() {
                            break;
                        }
                        colon = match self.raw(colon) {
                            "(" | "[" | "{" => self.partner(colon).unwrap_or(colon) + 1,
                            _ => colon + 1,
                        };
                    }
                    open.push((all.len(), column));
                    all.push(Function {
                        name,
                        at: keyword + 1,
                        first: at,
                        params,
                        body: colon + 1..self.tokens.len(),
                        line: self.line(at),
                        class: self.is(keyword, "class"),
                        parent: None,
                    });
                    at = colon;
                }
            }
            at += 1;
        }
        all
    }

    /// Whether a backslash ends the line before the token.
    pub fn continues_line(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|b| self.is(b, "\\"))
    }

    /// First lines of what the function says of itself: the comment above it, or its docstring.
    pub fn doc_of(&self, function: &Function<'_>) -> Option<String> {
        if self.language == Language::Python {
            let text = self.string(function.body.start)?;
            return Some(text.trim().to_owned());
        }
        let (_, _, text) = self.comment_above(function.line)?;
        Some(text)
    }
}
