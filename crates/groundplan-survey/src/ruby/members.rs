//! The members of a class of Ruby: its methods and the statements that stand in its body, as ranges
//! of tokens. For what methods do, where declarations alone do not tell it.

use super::{Kind, Token, lex};
use std::ops::Range;

/// Methods and statements of one file at most.
const MOST: usize = 2_000;

/// A method that a class defines.
#[derive(Clone, Debug)]
pub(crate) struct Method<'t> {
    pub(crate) name: &'t str,
    /// First and last line.
    pub(crate) lines: (u32, u32),
    /// The tokens of its parameters.
    pub(crate) params: Range<usize>,
    pub(crate) body: Range<usize>,
    pub(crate) public: bool,
}

/// A statement in the body of a class.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) tokens: Range<usize>,
    /// Whether a condition stands around it.
    pub(crate) depends: bool,
}

/// What a file defines.
#[derive(Debug, Default)]
pub(crate) struct Members<'t> {
    pub(crate) tokens: Vec<Token<'t>>,
    /// The other bracket of each bracket.
    partners: Vec<usize>,
    /// How many blocks and conditions stand around each token within its method.
    pub(crate) depth: Vec<u8>,
    pub(crate) methods: Vec<Method<'t>>,
    pub(crate) said: Vec<Said>,
    /// Whether words that open and words that end did not fit each other.
    pub(crate) torn: bool,
}

/// What an `end` ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Class,
    /// `included do`: a part of the class.
    Part,
    /// `class_methods do`, `class << self`: not of the actions.
    Apart,
    Method(usize),
    Condition,
    Other,
}

/// Blocks in each other at most.
const DEEPEST_BLOCK: usize = 120;

impl<'t> Members<'t> {
    /// Reads the members of a file. Linear in its length; never fails.
    pub(crate) fn of(text: &'t str) -> Self {
        let tokens = lex(text);
        let mut found = Members {
            partners: partners(&tokens),
            depth: vec![0; tokens.len()],
            tokens,
            ..Members::default()
        };
        found.read();
        found
    }

    pub(crate) fn token(&self, at: usize) -> Option<Token<'t>> {
        self.tokens.get(at).copied()
    }

    /// The text of a word, else nothing.
    pub(crate) fn word(&self, at: usize) -> &'t str {
        match self.tokens.get(at) {
            Some(token) if token.kind == Kind::Word => token.text,
            _ => "",
        }
    }

    pub(crate) fn is_mark(&self, at: usize, mark: &str) -> bool {
        (self.tokens.get(at)).is_some_and(|t| t.kind == Kind::Mark && t.text == mark)
    }

    pub(crate) fn is_line(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|t| t.kind == Kind::Line)
    }

    /// The bracket that closes one.
    pub(crate) fn partner(&self, at: usize) -> Option<usize> {
        self.partners.get(at).copied().filter(|&p| p != usize::MAX)
    }

    /// Whether a point stands before a token, so that it is a method of something else.
    pub(crate) fn is_behind_point(&self, at: usize) -> bool {
        at > 0 && [".", "&.", "::"].iter().any(|m| self.is_mark(at - 1, m))
    }

    /// The token of a method that is called on what ends at `at`: behind a point, also on the next line.
    pub(crate) fn called_on(&self, at: usize) -> Option<usize> {
        let mut next = at;
        while next < self.tokens.len() && next < at + 4 && self.is_line(next) {
            next += 1;
        }
        let point = self.is_mark(next, ".") || self.is_mark(next, "&.");
        (point && !self.word(next + 1).is_empty()).then_some(next + 1)
    }

    /// The tokens that a word at `at` is given, with or without brackets.
    pub(crate) fn given(&self, at: usize) -> Range<usize> {
        let open = at + 1;
        let ends = self.token(at).map_or(0, |t| t.end);
        if self.is_mark(open, "(") && self.token(open).is_some_and(|t| t.start == ends) {
            return open + 1..self.partner(open).unwrap_or(open + 1);
        }
        let mut end = open;
        while let Some(token) = self.token(end) {
            let stops = match token.kind {
                // A comma at the end of a line goes on.
                Kind::Line => !(end > open && self.is_mark(end - 1, ",")),
                Kind::Word => matches!(token.text, "do" | "if" | "unless" | "and" | "or" | "end"),
                // A bracket right behind the word is its block.
                Kind::Mark if token.text == "{" => end == open,
                Kind::Mark => matches!(token.text, "}" | ")" | "]"),
                _ => false,
            };
            if stops {
                break;
            }
            end = match self.partner(end).filter(|&p| p > end) {
                Some(close) => close + 1,
                None => end + 1,
            };
        }
        open..end.max(open)
    }

    /// The arguments of a range of tokens, parted by commas.
    pub(crate) fn arguments(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut all = Vec::new();
        let (mut from, mut at) = (range.start, range.start);
        while at < range.end {
            if self.is_mark(at, ",") {
                all.push(from..at);
                from = at + 1;
            }
            at = match self.partner(at).filter(|&p| p > at) {
                Some(close) => close + 1,
                None => at + 1,
            };
        }
        all.push(from..range.end);
        // Ends of lines around an argument are none of it.
        all.into_iter()
            .map(|mut r| {
                while r.start < r.end && self.is_line(r.start) {
                    r.start += 1;
                }
                while r.start < r.end && self.is_line(r.end - 1) {
                    r.end -= 1;
                }
                r
            })
            .filter(|r| !r.is_empty())
            .collect()
    }

    /// The key of an argument and the tokens of its value: `status: :ok`, `:status => :ok`.
    pub(crate) fn keyed(&self, argument: &Range<usize>) -> Option<(&'t str, Range<usize>)> {
        let first = self.token(argument.start)?;
        match first.kind {
            Kind::Label => Some((first.text, argument.start + 1..argument.end)),
            Kind::Symbol | Kind::Text if self.is_mark(argument.start + 1, "=>") => {
                Some((first.text, argument.start + 2..argument.end))
            }
            _ => None,
        }
    }

    /// The symbols and texts of one value: `:a`, `[:a, :b]`, `%i[a b]`; nothing where there is more.
    pub(crate) fn names(&self, value: &Range<usize>) -> Option<Vec<&'t str>> {
        let first = self.token(value.start)?;
        match first.kind {
            Kind::Symbol | Kind::Text if value.len() == 1 => Some(vec![first.text]),
            Kind::Words if value.len() == 1 => Some(first.text.split_whitespace().collect()),
            Kind::Mark if first.text == "[" && self.partner(value.start) == Some(value.end - 1) => {
                let parts = self.arguments(value.start + 1..value.end - 1);
                let mut all = Vec::new();
                for part in parts {
                    // A list in a list names nothing.
                    let single = part.len() == 1;
                    all.extend(single.then(|| self.names(&part)).flatten()?);
                }
                Some(all)
            }
            _ => None,
        }
    }

    /// The tokens between the words or brackets of the block that begins at `at`.
    pub(crate) fn block(&self, at: usize) -> Option<Range<usize>> {
        if self.is_mark(at, "{") {
            return Some(at + 1..self.partner(at)?);
        }
        if self.word(at) != "do" {
            return None;
        }
        let depth = self.depth.get(at).copied()?;
        let end = (at + 1..self.tokens.len())
            .find(|&i| self.word(i) == "end" && self.depth[i] == depth && !self.is_behind_point(i));
        Some(at + 1..end?)
    }

    fn read(&mut self) {
        let mut open: Vec<Open> = Vec::new();
        let mut public = true;
        let mut loops = false;
        let mut hidden: Vec<&'t str> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            // Nobody writes so many blocks in each other, and each word looks at those around it.
            if open.len() > DEEPEST_BLOCK {
                self.torn = true;
                return;
            }
            let nested = open.iter().rev().take_while(|o| !is_frame(**o)).count();
            self.depth[at] = nested.min(255) as u8;
            let token = self.tokens[at];
            if token.kind == Kind::Line {
                loops = false;
            }
            let starts = at == 0 || self.is_line(at - 1);
            if token.kind != Kind::Word || self.is_behind_point(at) {
                at += 1;
                continue;
            }
            let in_class =
                (open.iter()).all(|o| matches!(o, Open::Class | Open::Part | Open::Condition));
            match token.text {
                "class" | "module" if starts => {
                    let apart = self.is_mark(at + 1, "<<");
                    public = true;
                    open.push(if apart { Open::Apart } else { Open::Class });
                }
                "def" => {
                    let before = if starts { "" } else { self.word(at - 1) };
                    let own = !matches!(before, "private" | "protected" | "private_class_method");
                    let visible = public && own && in_class;
                    let (end, body) = self.method(at, visible);
                    // What stands in `class << self` and the like is no method of an action.
                    if !in_class && let Some(method) = self.methods.last_mut() {
                        method.name = "";
                    }
                    match body {
                        Some(range) => {
                            for i in at..range.end.min(self.depth.len()) {
                                self.depth[i] = 0;
                            }
                            at = range.end;
                            continue;
                        }
                        None => open.push(Open::Method(self.methods.len().saturating_sub(1))),
                    }
                    at = end;
                    continue;
                }
                "if" | "unless" if self.begins_value(at) => open.push(Open::Condition),
                "while" | "until" | "for" if self.begins_value(at) => {
                    loops = true;
                    open.push(Open::Other);
                }
                "case" | "begin" => open.push(Open::Other),
                "do" if loops => loops = false,
                "do" => open.push(self.kind_of_block(at, in_class)),
                "end" => match open.pop() {
                    Some(Open::Method(index)) => {
                        let line = token.line;
                        if let Some(method) = self.methods.get_mut(index) {
                            method.body.end = at;
                            method.lines.1 = line;
                        }
                    }
                    Some(_) => {
                        let nested = open.iter().rev().take_while(|o| !is_frame(**o)).count();
                        self.depth[at] = nested.min(255) as u8;
                    }
                    None => self.torn = true,
                },
                "private" | "protected" if in_class && starts => {
                    if self.is_line(at + 1) {
                        public = false;
                    } else if self.word(at + 1) != "def" {
                        let given = self.given(at);
                        for part in self.arguments(given) {
                            hidden.extend(self.names(&part).unwrap_or_default());
                        }
                    }
                }
                "public" if in_class && starts && self.is_line(at + 1) => public = true,
                _ if in_class && starts && self.said.len() < MOST => {
                    let depends = open.contains(&Open::Condition);
                    let given = self.given(at);
                    self.said.push(Said {
                        tokens: at..given.end,
                        depends,
                    });
                }
                _ => {}
            }
            at += 1;
        }
        self.torn |= !open.is_empty();
        for method in &mut self.methods {
            method.public &= !hidden.contains(&method.name);
        }
        self.methods.retain(|method| !method.name.is_empty());
        self.methods.truncate(MOST);
    }

    fn kind_of_block(&self, at: usize, in_class: bool) -> Open {
        if !in_class {
            return Open::Other;
        }
        let first = (0..at)
            .rev()
            .find(|&i| self.is_line(i))
            .map_or(0, |i| i + 1);
        match self.word(first) {
            "included" | "prepended" | "with_options" => Open::Part,
            "class_methods" => Open::Apart,
            _ => Open::Other,
        }
    }

    /// Takes in the method whose `def` stands at `at`: the token behind its head, and its body if it
    /// has no `end`.
    fn method(&mut self, at: usize, public: bool) -> (usize, Option<Range<usize>>) {
        let mut name = at + 1;
        let mut apart = false;
        if self.is_mark(name + 1, ".") {
            apart = true;
            name += 2;
        }
        let text = self.word(name);
        let mut next = name + 1;
        let touches = |a: usize, b: usize| {
            let ends = self.token(a).map(|t| t.end);
            ends.is_some() && ends == self.token(b).map(|t| t.start)
        };
        // `def size=(n)` sets something.
        let sets = self.is_mark(next, "=") && touches(name, next);
        if sets {
            next += 1;
        }
        let mut params = next..next;
        if self.is_mark(next, "(") {
            let close = self.partner(next).unwrap_or(next);
            params = next + 1..close;
            next = close + 1;
        } else if !self.is_mark(next, "=") {
            while !self.is_line(next) {
                next += 1;
            }
            params.end = next;
        }
        let line = self.tokens[at].line;
        let short = !sets && self.is_mark(next, "=");
        let mut end = next;
        if short {
            end = self.given(next).end.max(next + 1);
            while !self.is_line(end) {
                end += 1;
            }
        }
        let last = self.token(end.saturating_sub(1)).map_or(line, |t| t.line);
        if self.methods.len() < 2 * MOST {
            self.methods.push(Method {
                name: if apart || sets { "" } else { text },
                lines: (line, last),
                params,
                body: next..end,
                public,
            });
        }
        (next, short.then_some(next..end))
    }

    /// Whether a condition that stands here has an `end`, and is none behind a statement.
    fn begins_value(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|i| self.token(i)) else {
            return true;
        };
        match before.kind {
            Kind::Line | Kind::Label => true,
            Kind::Mark => !matches!(before.text, ")" | "]" | "}"),
            Kind::Word => matches!(before.text, "else" | "then" | "do" | "begin" | "ensure"),
            _ => false,
        }
    }
}

/// Whether what stands within it begins to count anew.
fn is_frame(open: Open) -> bool {
    matches!(
        open,
        Open::Class | Open::Part | Open::Apart | Open::Method(_)
    )
}

fn partners(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut all = vec![usize::MAX; tokens.len()];
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != Kind::Mark {
            continue;
        }
        let closes = match token.text {
            "(" => ")",
            "[" => "]",
            "{" => "}",
            text @ (")" | "]" | "}") => {
                if let Some(&(other, closing)) = open.last()
                    && closing == text
                {
                    open.pop();
                    all[other] = at;
                    all[at] = other;
                }
                continue;
            }
            _ => continue,
        };
        open.push((at, closes));
    }
    all
}
