//! Templates of Go as charts of Helm write them, evaluated with given values.
//!
//! Nothing is read but what is handed in, and every run has a [`Budget`]: a template that calls
//! itself, or counts to a billion, ends. A value that is not known makes no other value unknown.

mod data;
mod functions;
mod parse;
mod versions;

pub use data::{Data, UNKNOWN};
pub use parse::template_actions;

use data::MAX_TEXT;
use parse::{Pipe, Step, Steps, Term, parse};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Templates that call each other deeper than this end.
const MAX_CALLS: u32 = 40;
/// Longest text that one file renders to, in bytes.
const MAX_OUTPUT: usize = 1_000_000;

/// What evaluation may cost before it ends: steps, each of them some hundred nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Budget(pub u64);

/// Templates that can call each other by their names.
#[derive(Debug)]
pub struct Templates {
    defined: BTreeMap<String, Steps>,
    /// The template that stands for one which is not defined.
    other: fn(&str) -> Option<&'static str>,
}

/// The body of a file that was parsed.
#[derive(Debug)]
pub struct Body(Steps);

/// What a template renders to.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// For each of its lines the one-based line of the template that made it.
    pub lines: Vec<u32>,
}

impl Templates {
    /// No templates yet; `other` names the one that stands for one which is not defined.
    pub fn new(other: fn(&str) -> Option<&'static str>) -> Templates {
        Templates {
            defined: BTreeMap::new(),
            other,
        }
    }

    fn get(&self, name: &str) -> Option<Steps> {
        let found = self.defined.get(name);
        let found = found.or_else(|| self.defined.get((self.other)(name)?));
        found.cloned()
    }

    /// Parses a file; what it defines can be called from all others, and what is defined later
    /// stands for what was defined before. Nothing if it is no template.
    pub fn add(&mut self, text: &str) -> Option<Body> {
        let (body, defined) = parse(text)?;
        self.defined.extend(defined);
        Some(Body(body))
    }

    /// Renders a file with `dot` as `.` and `$`. What stands where the budget ends is left out.
    pub fn render(&self, body: &Body, dot: &Data, budget: &mut Budget) -> Rendered {
        let mut run = Run {
            templates: self,
            steps: budget.0,
            out: Output::default(),
            variables: vec![(String::new(), dot.clone())],
            dot: dot.clone(),
            calls: 0,
            line: None,
            at: 1,
        };
        run.steps(&body.0);
        budget.0 = run.steps;
        run.out.end(run.at);
        Rendered {
            text: run.out.text,
            lines: run.out.lines,
        }
    }
}

/// Text with the line of the template for each of its own.
#[derive(Default)]
struct Output {
    text: String,
    lines: Vec<u32>,
    /// The line that the current one comes from, once it is more than blanks.
    from: Option<u32>,
}

impl Output {
    /// Adds a text that begins at a line of the template, and goes on there line by line if it
    /// `moves`.
    fn push(&mut self, text: &str, mut line: u32, moves: bool) {
        for part in text.split_inclusive('\n') {
            if self.from.is_none() && !part.trim().is_empty() {
                self.from = Some(line);
            }
            self.text.push_str(part);
            if part.ends_with('\n') {
                self.end(line);
                line += u32::from(moves);
            }
        }
    }

    fn end(&mut self, line: u32) {
        self.lines.push(self.from.take().unwrap_or(line));
    }
}

/// How a list of steps ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
    /// The budget is used up.
    Stop,
}

struct Run<'t> {
    templates: &'t Templates,
    steps: u64,
    out: Output,
    /// Variables by name, inner ones last; the first, without a name, is `$`.
    variables: Vec<(String, Data)>,
    dot: Data,
    calls: u32,
    /// The line that stands for all that a called template shows.
    line: Option<u32>,
    /// The line that was reached.
    at: u32,
}

impl Run<'_> {
    /// Takes steps from the budget; whether there were as many.
    fn spend(&mut self, steps: usize) -> bool {
        let left = self.steps.checked_sub(1 + steps as u64);
        self.steps = left.unwrap_or(0);
        left.is_some()
    }

    fn push(&mut self, text: &str, line: u32, moves: bool) {
        if !self.spend(text.len() / 64) || self.out.text.len() + text.len() > MAX_OUTPUT {
            self.steps = 0;
            return;
        }
        let (line, moves) = match self.line {
            Some(line) => (line, false),
            None => (line, moves),
        };
        self.at = line;
        self.out.push(text, line, moves);
    }

    fn steps(&mut self, steps: &Steps) -> Flow {
        let known = self.variables.len();
        let mut flow = Flow::Next;
        for step in steps.iter() {
            flow = match self.spend(0) {
                true => self.step(step),
                false => Flow::Stop,
            };
            if flow != Flow::Next {
                break;
            }
        }
        self.variables.truncate(known);
        flow
    }

    fn step(&mut self, step: &Step) -> Flow {
        match step {
            Step::Text(text, line) => self.push(text, *line, true),
            Step::Show(pipe, line) => {
                let value = self.pipe(pipe);
                if pipe.names.is_empty() {
                    self.push(&value.show(), *line, false);
                }
            }
            Step::Choose { arms, other } => return self.choose(arms, other),
            Step::Range { over, body, other } => return self.range(over, body, other),
            Step::Call(name, given, line) => {
                let dot = given.as_ref().map_or(Data::Null, |pipe| self.pipe(pipe));
                let before = self.line;
                self.line = before.or(Some(*line));
                if !self.call(name, dot) {
                    self.push(UNKNOWN, *line, false);
                }
                self.line = before;
            }
            Step::Break => return Flow::Break,
            Step::Continue => return Flow::Continue,
        }
        Flow::Next
    }

    fn choose(&mut self, arms: &[(Pipe, bool, Steps)], other: &Steps) -> Flow {
        let known = self.variables.len();
        for (condition, sets_dot, body) in arms {
            let value = self.pipe(condition);
            match value.truth() {
                Some(false) => {}
                Some(true) if *sets_dot => {
                    let outer = std::mem::replace(&mut self.dot, value);
                    let flow = self.steps(body);
                    self.dot = outer;
                    self.variables.truncate(known);
                    return flow;
                }
                // Of what hangs on an unknown value nothing is made.
                tested => {
                    let flow = match tested {
                        Some(_) => self.steps(body),
                        None => Flow::Next,
                    };
                    self.variables.truncate(known);
                    return flow;
                }
            }
        }
        let flow = self.steps(other);
        self.variables.truncate(known);
        flow
    }

    fn range(&mut self, over: &Pipe, body: &Steps, other: &Steps) -> Flow {
        let known = self.variables.len();
        // Variables of `range` take what is found, not the whole.
        let value = self.stages(over);
        let items: Vec<(Data, Data)> = match value {
            Data::List(held) => {
                let all = held.all.iter().enumerate();
                all.map(|(i, v)| (Data::Int(i as i64), v.clone())).collect()
            }
            Data::Map(held) => {
                let all = held.all.iter();
                all.map(|(k, v)| (Data::text(k), v.clone())).collect()
            }
            Data::Int(count) => (0..count.clamp(0, data::MAX_ITEMS as i64))
                .map(|i| (Data::Int(i), Data::Int(i)))
                .collect(),
            Data::Unknown(_) => return Flow::Next,
            _ => Vec::new(),
        };
        if items.is_empty() {
            return self.steps(other);
        }
        self.spend(items.len());
        let outer = self.dot.clone();
        let mut last = Flow::Next;
        for (key, item) in items {
            let values = match over.names.len() {
                0 => vec![],
                1 => vec![item.clone()],
                _ => vec![key, item.clone()],
            };
            for (name, value) in over.names.iter().zip(values) {
                self.assign(name, value, over.declares);
            }
            self.dot = item;
            let flow = self.steps(body);
            self.variables.truncate(known);
            if matches!(flow, Flow::Break | Flow::Stop) {
                last = if flow == Flow::Stop { flow } else { Flow::Next };
                break;
            }
        }
        self.dot = outer;
        last
    }

    fn assign(&mut self, name: &str, value: Data, declares: bool) {
        let mut known = self.variables.iter_mut().rev();
        let known = (!declares)
            .then(|| known.find(|(n, _)| n == name))
            .flatten();
        match known {
            Some((_, held)) => *held = value,
            None => self.variables.push((name.to_owned(), value)),
        }
    }

    /// Runs a template by its name; whether there is one.
    fn call(&mut self, name: &str, dot: Data) -> bool {
        let Some(body) = self.templates.get(name) else {
            return false;
        };
        self.inside(&body, dot)
    }

    fn inside(&mut self, body: &Steps, dot: Data) -> bool {
        if self.calls >= MAX_CALLS {
            return false;
        }
        self.calls += 1;
        let variables = vec![(String::new(), dot.clone())];
        let variables = std::mem::replace(&mut self.variables, variables);
        let outer = std::mem::replace(&mut self.dot, dot);
        self.steps(body);
        self.dot = outer;
        self.variables = variables;
        self.calls -= 1;
        true
    }

    /// What a template shows, as a text.
    fn shown(&mut self, body: &Steps, dot: Data) -> Data {
        let (line, at) = (self.line, self.at);
        self.line = Some(line.unwrap_or(at));
        let outer = std::mem::take(&mut self.out);
        let known = self.inside(body, dot);
        let inner = std::mem::replace(&mut self.out, outer);
        (self.line, self.at) = (line, at);
        match known && inner.text.len() < MAX_TEXT {
            true => Data::text(inner.text),
            false => Data::Unknown(false),
        }
    }

    fn pipe(&mut self, pipe: &Pipe) -> Data {
        let value = self.stages(pipe);
        if let Some(name) = pipe.names.first() {
            self.assign(name, value.clone(), pipe.declares);
        }
        value
    }

    fn stages(&mut self, pipe: &Pipe) -> Data {
        let mut last = None;
        for stage in &pipe.stages {
            if !self.spend(0) {
                return Data::Unknown(false);
            }
            last = Some(self.stage(stage, last.take()));
        }
        last.unwrap_or(Data::Null)
    }

    fn stage(&mut self, terms: &[Term], last: Option<Data>) -> Data {
        let Some((head, rest)) = terms.split_first() else {
            return Data::Null;
        };
        let mut given: Vec<Data> = rest.iter().map(|term| self.term(term)).collect();
        given.extend(last);
        match head {
            Term::Function(name) => self.function(name, rest, given),
            // A method: of those that charts call only the kinds of the cluster are known.
            Term::Field(_, names) if !given.is_empty() => match names.last().map(String::as_str) {
                Some("Has") => versions::is_built_in(&given[0].show()),
                _ => Data::Unknown(false),
            },
            head => self.term(head),
        }
    }

    fn term(&mut self, term: &Term) -> Data {
        match term {
            Term::Value(value) => value.clone(),
            Term::Dot => self.dot.clone(),
            Term::Function(name) => self.function(name, &[], Vec::new()),
            Term::Variable(name) => {
                self.spend(self.variables.len() / 64);
                let known = self.variables.iter().rev().find(|(n, _)| n == name);
                known.map_or(Data::Unknown(false), |(_, value)| value.clone())
            }
            Term::Inner(pipe) => self.pipe(pipe),
            Term::Field(of, names) => {
                let of = self.term(of);
                names.iter().fold(of, |data, name| data.get(name))
            }
        }
    }

    /// A function that needs the templates or changes a variable; all others stand in `functions`.
    fn function(&mut self, name: &str, terms: &[Term], given: Vec<Data>) -> Data {
        if !self.spend(0) {
            return Data::Unknown(false);
        }
        match (name, given.as_slice()) {
            ("include", [called, rest @ ..]) => {
                let dot = rest.first().cloned().unwrap_or(Data::Null);
                let body = self.templates.get(&called.show());
                body.map_or(Data::Unknown(false), |body| self.shown(&body, dot))
            }
            ("tpl", [text, dot]) => {
                let Data::Text(text) = text else {
                    return text.clone();
                };
                if !text.contains("{{") {
                    return Data::Text(Rc::clone(text));
                }
                if !self.spend(text.len() / 16) {
                    return Data::Unknown(false);
                }
                match parse(text) {
                    Some((body, _)) => self.shown(&body, dot.clone()),
                    None => Data::Unknown(false),
                }
            }
            _ => {
                let (value, cost) = functions::call(name, &given);
                self.spend(cost);
                // These change the mapping that they are given.
                let changes = name.starts_with("merge") || name.starts_with("mustMerge");
                let changes = changes || matches!(name, "set" | "unset");
                if let (true, Some(Term::Variable(variable))) = (changes, terms.first()) {
                    self.assign(variable, value.clone(), false);
                }
                value
            }
        }
    }
}

#[cfg(test)]
mod tests;
