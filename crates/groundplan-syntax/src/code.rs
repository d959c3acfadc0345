//! A lexed source file, and the questions that extractors ask of it.

use crate::alternatives;
use crate::definitions::Definition;
use crate::functions::Function;
use crate::lex::{self, Comment, Token, TokenKind};
use crate::{Language, Lines};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// A lexed source file.
#[derive(Debug)]
pub struct Code<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Its language.
    pub language: Language,
    /// Its tokens; comments are not among them.
    pub tokens: Vec<Token>,
    comments: Vec<Comment>,
    pairs: OnceCell<Vec<u32>>,
    calls: OnceCell<Vec<Call>>,
    constants: OnceCell<BTreeMap<&'t str, (&'t str, u32)>>,
    functions: OnceCell<Vec<Function<'t>>>,
    definitions: OnceCell<Vec<Definition<'t>>>,
}

/// A call `a.b.c(…)`: where its name begins and where its bracket opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Index of the first token of the name.
    pub first: usize,
    /// Index of the opening bracket.
    pub open: usize,
    /// One-based line of the last word of the name.
    pub line: u32,
}

/// An annotation, decorator or attribute: `@Get("/x")`, `#[get("/x")]`, `[HttpGet("x")]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Its name, dotted, without arguments.
    pub name: String,
    /// Index of the opening bracket of its arguments, if it has some.
    pub open: Option<usize>,
    /// Index of the first token after it.
    pub next: usize,
    /// One-based line.
    pub line: u32,
}

impl<'t> Code<'t> {
    /// Lexes `text`.
    pub fn new(text: &'t str, language: Language) -> Self {
        let (mut tokens, comments) = lex::lex(text, language);
        if language == Language::CSharp && alternatives::any(text) {
            let out = alternatives::left_out(text);
            let mut next = 0;
            tokens.retain(|token| {
                while out.get(next).is_some_and(|lines| lines.end <= token.line) {
                    next += 1;
                }
                out.get(next).is_none_or(|lines| token.line < lines.start)
            });
        }
        Code {
            text,
            language,
            tokens,
            comments,
            pairs: OnceCell::new(),
            calls: OnceCell::new(),
            constants: OnceCell::new(),
            functions: OnceCell::new(),
            definitions: OnceCell::new(),
        }
    }

    /// The text of a token; empty if there is no such token. Strings keep their quotes.
    #[inline]
    pub fn raw(&self, index: usize) -> &'t str {
        let Some(token) = self.tokens.get(index) else {
            return "";
        };
        self.text
            .get(token.start as usize..token.end as usize)
            .unwrap_or_default()
    }

    /// Whether the token at `index` is exactly `text`.
    #[inline]
    pub fn is(&self, index: usize, text: &str) -> bool {
        // Asked more often than anything else, and the length nearly always says no.
        let Some(token) = self.tokens.get(index) else {
            return text.is_empty();
        };
        let (start, end) = (token.start as usize, token.end as usize);
        end - start == text.len() && self.text.as_bytes().get(start..end) == Some(text.as_bytes())
    }

    /// The word at `index`, if it is a word.
    #[inline]
    pub fn ident(&self, index: usize) -> Option<&'t str> {
        let token = self.tokens.get(index)?;
        (token.kind == TokenKind::Ident).then(|| self.raw(index))
    }

    /// The content of the string literal at `index` without quotes; escapes stay as they are.
    #[inline]
    pub fn string(&self, index: usize) -> Option<&'t str> {
        let token = self.tokens.get(index)?;
        if token.kind != TokenKind::Str {
            return None;
        }
        Some(unquote(self.raw(index)))
    }

    /// One-based line of a token; 1 if there is no such token.
    #[inline]
    pub fn line(&self, index: usize) -> u32 {
        self.tokens.get(index).map_or(1, |t| t.line)
    }

    /// The partner of the bracket at `index`, if it has one.
    pub fn partner(&self, index: usize) -> Option<usize> {
        let pairs = self.pairs.get_or_init(|| pair_brackets(self));
        match pairs.get(index) {
            Some(&p) if p != u32::MAX => Some(p as usize),
            _ => None,
        }
    }

    /// All calls in order.
    pub fn calls(&self) -> impl Iterator<Item = Call> + '_ {
        let all = self.calls.get_or_init(|| {
            (1..self.tokens.len())
                .filter(|&i| self.is_byte(i, b'('))
                .filter_map(|i| self.call_at(i))
                .collect()
        });
        all.iter().copied()
    }

    /// Whether a token is this one character of punctuation.
    #[inline]
    pub fn is_byte(&self, index: usize, byte: u8) -> bool {
        self.mark(index) == Some(byte)
    }

    /// The character of punctuation that a token is, if it is one: to ask for one of several costs as
    /// much as to ask for one.
    #[inline]
    pub fn mark(&self, index: usize) -> Option<u8> {
        let token = self.tokens.get(index)?;
        let byte = self.text.as_bytes().get(token.start as usize).copied();
        byte.filter(|_| token.kind == TokenKind::Punct)
    }

    /// The call whose bracket opens at `open`.
    pub fn call_at(&self, open: usize) -> Option<Call> {
        let mut last = open.checked_sub(1)?;
        if self.is_byte(last, b'>') {
            last = self.before_generics(last)?;
        }
        if self.is_byte(last, b'!') {
            last = last.checked_sub(1)?;
        }
        self.ident(last)?;
        Some(Call {
            first: self.chain_start(last),
            open,
            line: self.line(last),
        })
    }

    fn before_generics(&self, close: usize) -> Option<usize> {
        let mut depth = 0_u32;
        for back in 0..24 {
            let at = close.checked_sub(back)?;
            if self.is_byte(at, b'>') {
                depth += 1;
            } else if self.is_byte(at, b'<') {
                depth -= 1;
                if depth == 0 {
                    let before = at.checked_sub(1)?;
                    // `collect::<T>()` has two colons between name and type.
                    let colons = self.is_byte(before, b':');
                    return if colons {
                        before.checked_sub(2)
                    } else {
                        Some(before)
                    };
                }
            }
        }
        None
    }

    /// Walks a dotted name back to its first token, over brackets of earlier calls.
    fn chain_start(&self, last: usize) -> usize {
        let mut first = last;
        for _ in 0..64 {
            let Some(link) = self.link_before(first) else {
                break;
            };
            if self.ident(link).is_some() {
                first = link;
            } else if self.is_byte(link, b')') || self.is_byte(link, b']') {
                let Some(open) = self.partner(link) else {
                    break;
                };
                match open.checked_sub(1) {
                    Some(name) if self.ident(name).is_some() => first = name,
                    _ => {
                        first = open;
                        break;
                    }
                }
            } else {
                break;
            }
        }
        first
    }

    /// The token before a `.`, `::`, `->` or `?.` that stands before `index`.
    fn link_before(&self, index: usize) -> Option<usize> {
        let one = index.checked_sub(1)?;
        if self.is_byte(one, b'.') {
            let two = one.checked_sub(1)?;
            return if self.is_byte(two, b'?') || self.is_byte(two, b'!') {
                two.checked_sub(1)
            } else {
                Some(two)
            };
        }
        let two = one.checked_sub(1)?;
        let pair = (self.is_byte(two, b':') && self.is_byte(one, b':'))
            || (self.is_byte(two, b'-') && self.is_byte(one, b'>'));
        if pair { two.checked_sub(1) } else { None }
    }

    /// The name of a call with dots between its words and `()` for calls on the way:
    /// `app.route().get`.
    pub fn name(&self, call: Call) -> String {
        self.dotted(call.first, call.open)
    }

    /// The words of `from..to` joined by dots; brackets on the way become `()`.
    pub fn dotted(&self, from: usize, to: usize) -> String {
        let mut name = String::new();
        let mut at = from;
        while at < to {
            if let Some(word) = self.ident(at) {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(word);
            } else if self.is_byte(at, b'(') || self.is_byte(at, b'[') {
                match self.partner(at) {
                    Some(close) if close < to => {
                        name.push_str("()");
                        at = close;
                    }
                    _ => break,
                }
            } else if self.is_byte(at, b'<') {
                break;
            }
            at += 1;
        }
        name
    }

    /// The arguments of a bracket, as ranges of tokens split at commas of the same level.
    pub fn arguments(&self, open: usize) -> Vec<Range<usize>> {
        let Some(close) = self.partner(open) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        let mut start = open + 1;
        let mut at = start;
        while at < close {
            if self.is_byte(at, b',') {
                all.push(start..at);
                start = at + 1;
            } else if self.is_byte(at, b'(') || self.is_byte(at, b'[') || self.is_byte(at, b'{') {
                match self.partner(at) {
                    Some(end) if end < close => at = end,
                    _ => {}
                }
            }
            at += 1;
        }
        if start < close {
            all.push(start..close);
        }
        all
    }

    /// The argument called `name` (`name = value`, `name: value`), else `None`.
    pub fn named_argument(&self, open: usize, name: &str) -> Option<Range<usize>> {
        self.arguments(open).into_iter().find_map(|range| {
            let named = self.is(range.start, name)
                && (self.is(range.start + 1, "=") || self.is(range.start + 1, ":"));
            named.then_some(range.start + 2..range.end)
        })
    }

    /// All annotations, decorators and attributes in order.
    pub fn annotations(&self) -> Vec<Annotation> {
        let mut all = Vec::new();
        for index in 0..self.tokens.len() {
            let name_at = match self.language {
                Language::Rust if self.is_byte(index, b'#') && self.is_byte(index + 1, b'[') => {
                    index + 2
                }
                Language::CSharp if self.is_byte(index, b'[') && self.starts_attribute(index) => {
                    index + 1
                }
                Language::Rust | Language::CSharp => continue,
                _ if self.is_byte(index, b'@') => index + 1,
                _ => continue,
            };
            let Some(first) = self.ident(name_at) else {
                continue;
            };
            let mut name = first.to_owned();
            let mut at = name_at + 1;
            while let Some(step) = self.step(at) {
                let Some(word) = self.ident(at + step) else {
                    break;
                };
                name.push('.');
                name.push_str(word);
                at += step + 1;
            }
            if self.language == Language::CSharp {
                at = self.after_types(at);
            }
            let open = self.is_byte(at, b'(').then_some(at);
            let mut next = open
                .and_then(|o| self.partner(o))
                .map_or(at, |close| close + 1);
            if matches!(self.language, Language::Rust | Language::CSharp)
                && self.is_byte(next, b']')
            {
                next += 1;
            }
            all.push(Annotation {
                name,
                open,
                next,
                line: self.line(name_at),
            });
        }
        all
    }

    /// The token behind the types in angle brackets that begin at `at`, and `at` where none do:
    /// `[Produces<Order[]>(200)]` of C# 11.
    pub fn after_types(&self, at: usize) -> usize {
        if !self.is_byte(at, b'<') {
            return at;
        }
        let mut depth = 0_u32;
        for next in at..self.tokens.len().min(at + 60) {
            match self.raw(next) {
                "<" => depth += 1,
                ">" => depth -= 1,
                ";" | "{" | "}" | "(" => break,
                _ => {}
            }
            if depth == 0 {
                return next + 1;
            }
        }
        at
    }

    fn step(&self, at: usize) -> Option<usize> {
        if self.is_byte(at, b'.') {
            Some(1)
        } else if self.is_byte(at, b':') && self.is_byte(at + 1, b':') {
            Some(2)
        } else {
            None
        }
    }

    /// A bracket begins an attribute of C# where a statement or member may begin.
    fn starts_attribute(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return true;
        };
        matches!(self.raw(before), "]" | ";" | "{" | "}" | "," | "(")
    }

    /// The comments in order: one-based first line and text with its marks.
    pub fn comments(&self) -> impl Iterator<Item = (u32, &'t str)> + '_ {
        self.comments.iter().filter_map(|&(start, end, line)| {
            Some((line, self.text.get(start as usize..end as usize)?))
        })
    }

    /// The comment that ends on the line before `line` or directly above it in one block:
    /// its first and last line and its text without marks.
    pub fn comment_above(&self, line: u32) -> Option<(u32, u32, String)> {
        let mut wanted = line.checked_sub(1)?;
        let mut parts: Vec<&str> = Vec::new();
        let mut first = line;
        let until = self.comments.partition_point(|c| c.2 < line);
        for &(start, end, at) in self.comments[..until].iter().rev() {
            let text = self.text.get(start as usize..end as usize)?;
            let last = at + text.matches('\n').count() as u32;
            if last != wanted {
                break;
            }
            parts.push(text);
            first = at;
            wanted = at.saturating_sub(1);
        }
        if parts.is_empty() {
            return None;
        }
        parts.reverse();
        let words: Vec<String> = parts.iter().map(|p| comment_text(p)).collect();
        Some((first, line - 1, words.join("\n")))
    }

    /// The text without marks of the comment that begins on `line` behind other text.
    pub fn comment_behind(&self, line: u32) -> Option<String> {
        let until = self.comments.partition_point(|c| c.2 <= line);
        let (start, end, at) = *self.comments[..until].last()?;
        let before = self.text.get(..start as usize)?;
        let row = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
        if at != line || row.trim().is_empty() {
            return None;
        }
        self.text
            .get(start as usize..end as usize)
            .map(comment_text)
    }

    /// String constants of the file: the first literal assigned to each name, with its line.
    pub fn constants(&self) -> &BTreeMap<&'t str, (&'t str, u32)> {
        self.constants.get_or_init(|| self.find_constants())
    }

    /// All functions and classes in order of their bodies, nested ones included; Go, Rust and
    /// Python only.
    pub fn functions(&self) -> &[Function<'t>] {
        self.functions.get_or_init(|| self.find_functions())
    }

    /// All definitions of names in order; Go, Rust and Python only.
    pub fn definitions(&self) -> &[Definition<'t>] {
        self.definitions.get_or_init(|| self.find_definitions())
    }

    fn find_constants(&self) -> BTreeMap<&'t str, (&'t str, u32)> {
        let mut all = BTreeMap::new();
        for index in 1..self.tokens.len().saturating_sub(1) {
            if !self.is_byte(index, b'=') || self.is_byte(index + 1, b'=') {
                continue;
            }
            let name = if self.is_byte(index - 1, b':') {
                index.checked_sub(2)
            } else {
                Some(index - 1)
            };
            let Some(name) = name.and_then(|at| self.declared_name(at)) else {
                continue;
            };
            if let Some(value) = self.string(index + 1) {
                let ends = self.tokens.get(index + 2).is_none_or(|t| {
                    t.line > self.line(index + 1)
                        || matches!(self.raw(index + 2), ";" | "," | ")" | "}")
                });
                if ends {
                    all.entry(name).or_insert((value, self.line(index)));
                }
            }
        }
        all
    }

    /// The name before `=`; a type annotation between (`NAME: &str = …`) is stepped over.
    fn declared_name(&self, at: usize) -> Option<&'t str> {
        let word = self.ident(at)?;
        for back in 1..=4 {
            let Some(before) = at.checked_sub(back) else {
                break;
            };
            if self.is_byte(before, b':')
                && !self.is_byte(before.wrapping_sub(1), b':')
                && let Some(name) = before.checked_sub(1).and_then(|b| self.ident(b))
            {
                return Some(name);
            }
            if !matches!(self.raw(before), "&" | "'" | "static" | "str") {
                break;
            }
        }
        Some(word)
    }

    /// Evidence for lines of this file.
    pub fn lines(&self) -> Lines<'t> {
        Lines::new(self.text)
    }
}

fn pair_brackets(code: &Code<'_>) -> Vec<u32> {
    let mut pairs = vec![u32::MAX; code.tokens.len()];
    let mut open: Vec<(u8, usize)> = Vec::new();
    for (index, token) in code.tokens.iter().enumerate() {
        if token.kind != TokenKind::Punct {
            continue;
        }
        let Some(&byte) = code.text.as_bytes().get(token.start as usize) else {
            continue;
        };
        match byte {
            b'(' | b'[' | b'{' => open.push((byte, index)),
            b')' | b']' | b'}' => {
                let wanted = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                // A bracket without partner is stepped over, so that one slip costs one bracket.
                let depth = open.len().saturating_sub(8);
                if let Some(back) = open[depth..].iter().rposition(|o| o.0 == wanted) {
                    let (_, partner) = open[depth + back];
                    open.truncate(depth + back);
                    pairs[index] = partner as u32;
                    pairs[partner] = index as u32;
                }
            }
            _ => {}
        }
    }
    pairs
}

/// A comment without its marks, line by line.
pub(crate) fn comment_text(comment: &str) -> String {
    let body = comment
        .trim_start_matches("/**")
        .trim_start_matches("/*")
        .trim_end_matches("*/");
    let lines: Vec<&str> = body
        .lines()
        .map(|line| {
            line.trim()
                .trim_start_matches("//!")
                .trim_start_matches("///")
                .trim_start_matches("//")
                .trim_start_matches('#')
                .trim_start_matches("--")
                .trim_start_matches('*')
                .trim()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// A string literal without quotes, whatever its kind.
pub(crate) fn unquote(raw: &str) -> &str {
    let raw = raw.trim_start_matches(['@', 'r', 'b']);
    let raw = raw.trim_matches('#');
    // A long bracket of Lua.
    if let Some(inner) = raw.strip_prefix('[') {
        let inner = inner.trim_start_matches('=').strip_prefix('[');
        let closed = inner.and_then(|i| i.strip_suffix(']'));
        let closed = closed.and_then(|i| i.trim_end_matches('=').strip_suffix(']'));
        return closed.unwrap_or(raw);
    }
    // The letters of a sigil of Elixir.
    let raw = match raw.strip_prefix('~') {
        Some(sigil) => sigil.trim_start_matches(|c: char| c.is_ascii_alphanumeric()),
        None => raw,
    };
    for quote in ["\"\"\"", "'''", "\"", "'", "`"] {
        if let Some(inner) = raw.strip_prefix(quote) {
            return inner.strip_suffix(quote).unwrap_or(inner);
        }
    }
    raw
}
