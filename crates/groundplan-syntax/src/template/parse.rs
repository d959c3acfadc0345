//! Text of a template to steps.

use super::data::{Data, UNKNOWN};
use std::rc::Rc;

/// Blocks in blocks, and brackets in brackets, beyond this depth make a template unreadable.
const MAX_DEPTH: u32 = 60;

/// What a template does, in order.
pub(super) type Steps = Rc<Vec<Step>>;

/// One step; lines are one-based.
#[derive(Debug)]
pub(super) enum Step {
    /// Plain text that begins on a line.
    Text(Rc<str>, u32),
    /// The value of a pipeline, or an assignment.
    Show(Pipe, u32),
    /// `if` and `with`: the arms with their conditions, and what else.
    Choose {
        arms: Vec<(Pipe, bool, Steps)>,
        other: Steps,
    },
    /// `range`.
    Range {
        over: Pipe,
        body: Steps,
        other: Steps,
    },
    /// `template` and `block`.
    Call(String, Option<Pipe>, u32),
    Break,
    Continue,
}

/// Terms with what comes of each handed to the next.
#[derive(Debug, Default)]
pub(super) struct Pipe {
    /// Variables that take the value.
    pub(super) names: Vec<String>,
    /// Whether these are new.
    pub(super) declares: bool,
    pub(super) stages: Vec<Vec<Term>>,
}

#[derive(Debug)]
pub(super) enum Term {
    Value(Data),
    Dot,
    Function(String),
    Variable(String),
    Inner(Box<Pipe>),
    Field(Box<Term>, Vec<String>),
}

/// A piece of the text.
enum Piece<'t> {
    Text(&'t str, u32),
    Action(&'t str, u32),
}

/// Steps of a text, and the templates that it defines; nothing if it is no template.
pub(super) fn parse(text: &str) -> Option<(Steps, Vec<(String, Steps)>)> {
    let mut parser = Parser {
        pieces: pieces(text)?,
        at: 0,
        defined: Vec::new(),
    };
    let (steps, end) = parser.block(0)?;
    end.is_none()
        .then(|| (Rc::new(steps), std::mem::take(&mut parser.defined)))
}

/// Where the actions of a template stand, with their brackets; nothing if one does not end.
pub fn template_actions(text: &str) -> Option<Vec<std::ops::Range<usize>>> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{") {
        let start = at + open;
        let inner = &text[start + 2..];
        let dash = usize::from(inner.starts_with("- ") || inner.starts_with("-\n"));
        let end = start + 2 + dash + end_of_action(&inner[dash..])? + 2;
        all.push(start..end);
        at = end;
    }
    Some(all)
}

fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut all = Vec::new();
    let mut rest = text;
    let mut line = 1u32;
    let mut trims = false;
    let count = |text: &str| text.bytes().filter(|b| *b == b'\n').count() as u32;
    loop {
        let open = rest.find("{{");
        let (before, after) = rest.split_at(open.unwrap_or(rest.len()));
        let mut shown = before;
        let mut first = line;
        if trims {
            shown = shown.trim_start();
            first += count(&before[..before.len() - shown.len()]);
        }
        line += count(before);
        let after = after.get(2..).unwrap_or("");
        let marks = |text: &str| {
            let mut all = text.bytes();
            all.next() == Some(b'-') && all.next().is_none_or(|b| b.is_ascii_whitespace())
        };
        let trims_left = open.is_some() && marks(after);
        if trims_left {
            shown = shown.trim_end();
        }
        if !shown.is_empty() {
            all.push(Piece::Text(shown, first));
        }
        if open.is_none() {
            return Some(all);
        }
        let inner = after.get(usize::from(trims_left)..)?;
        let end = end_of_action(inner)?;
        let action = &inner[..end];
        let ends = action.strip_suffix('-').filter(|a| {
            a.is_empty() || a.ends_with(|c: char| c.is_ascii_whitespace()) || a.ends_with("*/")
        });
        trims = ends.is_some();
        let body = ends.unwrap_or(action).trim();
        if !body.starts_with("/*") && !body.is_empty() {
            all.push(Piece::Action(body, line));
        }
        line += count(action);
        rest = inner.get(end + 2..)?;
    }
}

/// Where the `}}` of an action stands, outside of texts and comments.
fn end_of_action(text: &str) -> Option<usize> {
    if text.trim_start().starts_with("/*") {
        let end = text.find("*/")?;
        return Some(end + text[end..].find("}}")?);
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            mark @ (b'"' | b'`' | b'\'') => at = end_of_text(text, at, mark)?,
            _ => at += 1,
        }
    }
    None
}

/// The place behind a quoted text that begins at `at`.
fn end_of_text(text: &str, at: usize, mark: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    loop {
        match bytes.get(end)? {
            b'\\' if mark != b'`' => end += 2,
            b if *b == mark => return Some(end + 1),
            _ => end += 1,
        }
    }
}

/// What ends a block: `end`, or `else` with the rest of its action.
type End<'t> = Option<(&'t str, u32)>;

struct Parser<'t> {
    pieces: Vec<Piece<'t>>,
    at: usize,
    defined: Vec<(String, Steps)>,
}

impl<'t> Parser<'t> {
    /// Steps up to what ends the block.
    fn block(&mut self, depth: u32) -> Option<(Vec<Step>, End<'t>)> {
        let mut steps = Vec::new();
        if depth > MAX_DEPTH {
            return None;
        }
        while let Some(piece) = self.pieces.get(self.at) {
            self.at += 1;
            let (action, line) = match *piece {
                Piece::Text(text, line) => {
                    steps.push(Step::Text(Rc::from(text), line));
                    continue;
                }
                Piece::Action(action, line) => (action, line),
            };
            let (word, rest) = split_word(action);
            match word {
                "end" | "else" => return Some((steps, Some((action, line)))),
                "if" | "with" => steps.push(self.choose(rest, word == "with", depth)?),
                "range" => {
                    let over = Expression::pipe(rest)?;
                    let (body, end) = self.block(depth + 1)?;
                    let other = self.otherwise(end?, depth)?;
                    let body = Rc::new(body);
                    steps.push(Step::Range { over, body, other });
                }
                "define" => {
                    let (name, _) = name(rest)?;
                    let (body, end) = self.block(depth + 1)?;
                    (end?.0 == "end").then(|| self.defined.push((name, Rc::new(body))))?;
                }
                "template" | "block" => {
                    let (name, rest) = name(rest)?;
                    let given = rest.trim();
                    let given = match given.is_empty() {
                        true => None,
                        false => Some(Expression::pipe(given)?),
                    };
                    if word == "block" {
                        let (body, end) = self.block(depth + 1)?;
                        (end?.0 == "end").then_some(())?;
                        self.defined.push((name.clone(), Rc::new(body)));
                    }
                    steps.push(Step::Call(name, given, line));
                }
                "break" => steps.push(Step::Break),
                "continue" => steps.push(Step::Continue),
                _ => steps.push(Step::Show(Expression::pipe(action)?, line)),
            }
        }
        Some((steps, None))
    }

    fn choose(&mut self, condition: &str, sets_dot: bool, depth: u32) -> Option<Step> {
        let mut arms = Vec::new();
        let mut condition = (Expression::pipe(condition)?, sets_dot);
        loop {
            let (body, end) = self.block(depth + 1)?;
            arms.push((condition.0, condition.1, Rc::new(body)));
            let (action, _) = end?;
            let (word, rest) = split_word(action);
            let (next, tested) = split_word(rest);
            let other = match (word, next) {
                ("end", _) => Rc::default(),
                (_, "if" | "with") => {
                    condition = (Expression::pipe(tested)?, next == "with");
                    continue;
                }
                _ => {
                    let (body, end) = self.block(depth + 1)?;
                    (end?.0 == "end").then(|| Rc::new(body))?
                }
            };
            return Some(Step::Choose { arms, other });
        }
    }

    fn otherwise(&mut self, end: (&str, u32), depth: u32) -> Option<Steps> {
        if end.0 == "end" {
            return Some(Rc::default());
        }
        let (body, end) = self.block(depth + 1)?;
        (end?.0 == "end").then(|| Rc::new(body))
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    // `end.x` is no word of the language.
    match rest.starts_with(['.', '_']) {
        true => (text, ""),
        false => (word, rest.trim_start()),
    }
}

/// A name in quotes, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let mark = *text.as_bytes().first().filter(|b| b"\"`".contains(b))?;
    let end = end_of_text(text, 0, mark)?;
    Some((text[1..end - 1].to_owned(), &text[end..]))
}

struct Expression<'t> {
    rest: &'t str,
    depth: u32,
}

impl<'t> Expression<'t> {
    fn pipe(text: &'t str) -> Option<Pipe> {
        let mut parser = Expression {
            rest: text,
            depth: 0,
        };
        let pipe = parser.stages()?;
        parser.rest.is_empty().then_some(pipe)
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// `$a, $b := …` before a pipeline.
    fn variables(&mut self) -> Option<(Vec<String>, bool)> {
        let mut names = Vec::new();
        let mut rest = self.rest.trim_start();
        loop {
            let after = rest.strip_prefix('$')?;
            let end = after.find(|c: char| !is_name(c)).unwrap_or(after.len());
            names.push(after[..end].to_owned());
            rest = after[end..].trim_start();
            match rest.strip_prefix(',') {
                Some(more) => rest = more.trim_start(),
                None => break,
            }
        }
        let declares = rest.starts_with(":=");
        let after = rest.strip_prefix(":=").or(rest.strip_prefix('='))?;
        self.rest = after.trim_start();
        Some((names, declares))
    }

    fn stages(&mut self) -> Option<Pipe> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let (names, declares) = self.variables().unwrap_or_default();
        let mut stages = vec![Vec::new()];
        loop {
            self.blanks();
            match self.rest.as_bytes().first() {
                None | Some(b')') => break,
                Some(b'|') => {
                    self.rest = &self.rest[1..];
                    stages.push(Vec::new());
                }
                _ => {
                    let term = self.term()?;
                    stages.last_mut()?.push(term);
                }
            }
        }
        self.depth -= 1;
        let whole = stages.iter().all(|stage| !stage.is_empty());
        whole.then_some(Pipe {
            names,
            declares,
            stages,
        })
    }

    fn term(&mut self) -> Option<Term> {
        let first = self.rest.chars().next()?;
        let term = match first {
            '(' => {
                self.rest = &self.rest[1..];
                let inner = self.stages()?;
                self.rest = self.rest.strip_prefix(')')?;
                Term::Inner(Box::new(inner))
            }
            '"' | '`' => {
                let end = end_of_text(self.rest, 0, first as u8)?;
                let text = self.rest.get(1..end - 1)?;
                self.rest = self.rest.get(end..)?;
                let text = match first {
                    '"' => unescaped(text),
                    _ => text.to_owned(),
                };
                return Some(Term::Value(match text.as_str() {
                    UNKNOWN => Data::Unknown(true),
                    text => Data::text(text),
                }));
            }
            '\'' => {
                let end = end_of_text(self.rest, 0, b'\'')?;
                let c = self.rest.get(1..end - 1)?.chars().next_back()?;
                self.rest = self.rest.get(end..)?;
                return Some(Term::Value(Data::Int(i64::from(c as u32))));
            }
            '$' => {
                self.rest = &self.rest[1..];
                Term::Variable(self.name().to_owned())
            }
            '.' if !self.rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                if !self.rest[1..].starts_with(is_name) {
                    self.rest = &self.rest[1..];
                }
                Term::Dot
            }
            c if c.is_ascii_digit() || "+-.".contains(c) => {
                let end = self.rest[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
                let (number, rest) = self.rest.split_at(end.map_or(self.rest.len(), |e| e + 1));
                self.rest = rest;
                let whole = number.parse().map(Data::Int);
                let number = whole.or_else(|_| number.parse().map(Data::Number));
                return Some(Term::Value(number.unwrap_or(Data::Unknown(false))));
            }
            c if is_name(c) => {
                let name = self.name();
                match name {
                    "true" | "false" => return Some(Term::Value(Data::Bool(name == "true"))),
                    "nil" => return Some(Term::Value(Data::Null)),
                    _ => return Some(Term::Function(name.to_owned())),
                }
            }
            _ => return None,
        };
        let mut fields = Vec::new();
        while self.rest.starts_with('.') && self.rest[1..].starts_with(is_name) {
            self.rest = &self.rest[1..];
            fields.push(self.name().to_owned());
        }
        Some(match fields.is_empty() {
            true => term,
            false => Term::Field(Box::new(term), fields),
        })
    }

    fn name(&mut self) -> &'t str {
        let end = self.rest.find(|c: char| !is_name(c));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        name
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut all = text.chars();
    while let Some(c) = all.next() {
        match c {
            '\\' => match all.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}
