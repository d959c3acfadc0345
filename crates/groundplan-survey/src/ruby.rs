//! Ruby files that are written as declarations, such as routes and migrations, as statements: a
//! word with what it is given, and the statements of its block. Nothing is run.

pub(crate) mod environment;
mod lex;
pub(crate) mod members;

pub(crate) use lex::{Kind, Token, lex};

/// Blocks in blocks at most.
const DEEPEST: u32 = 60;

/// A value as far as it is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'t> {
    /// A string as written between its quotes; `#{…}` stays.
    Text(&'t str),
    /// A symbol, without its colon.
    Symbol(&'t str),
    /// `[a, b]`, `%w[a b]`, `%i[a b]`.
    List(Vec<Value<'t>>),
    /// `{ a: b }`; only keys that are names.
    Map(Vec<(&'t str, Value<'t>)>),
    /// One word: a constant, a number, `true`, `nil`, a variable.
    Word(&'t str),
    /// Anything else, as written.
    Code(&'t str),
}

impl<'t> Value<'t> {
    /// The text of a string or symbol.
    pub(crate) fn name(&self) -> Option<&'t str> {
        match self {
            Value::Text(text) | Value::Symbol(text) => Some(text),
            _ => None,
        }
    }

    /// The names of a list, or the one name that stands in place of it.
    pub(crate) fn names(&self) -> Vec<&'t str> {
        match self {
            Value::List(all) => all.iter().filter_map(Value::name).collect(),
            one => one.name().into_iter().collect(),
        }
    }
}

/// A statement: `word args, key: value do … end`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Statement<'t> {
    /// First line, and last line before its block.
    pub(crate) lines: (u32, u32),
    /// What stands before the last point: `t` of `t.string`.
    pub(crate) on: &'t str,
    /// The word; `=` for an assignment to the first argument, `each` for a loop over it.
    pub(crate) word: &'t str,
    /// What it is given in order. Of `if` and `unless` the condition, of `class` name and parent.
    pub(crate) args: Vec<Value<'t>>,
    /// What it is given by name.
    pub(crate) options: Vec<(&'t str, Value<'t>)>,
    /// What it is given by a key that is no name: `'/x' => 'c#a'`.
    pub(crate) pairs: Vec<(Value<'t>, Value<'t>)>,
    /// Parameters of its block.
    pub(crate) params: Vec<&'t str>,
    /// Whether it has a block.
    pub(crate) block: bool,
    /// Its block.
    pub(crate) body: Vec<Statement<'t>>,
    /// The `else` of a condition.
    pub(crate) otherwise: Vec<Statement<'t>>,
}

impl<'t> Statement<'t> {
    /// What `key:` is given.
    pub(crate) fn option(&self, key: &str) -> Option<&Value<'t>> {
        let found = self.options.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| value)
    }

    /// The name that `key:` is given.
    pub(crate) fn option_name(&self, key: &str) -> Option<&'t str> {
        self.option(key)?.name()
    }

    /// Whether `key: true` stands there, or `key: false`.
    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        match self.option(key)? {
            Value::Word("true") => Some(true),
            Value::Word("false") => Some(false),
            _ => None,
        }
    }
}

/// The statements of a file. Linear in its length but for blocks too deep to be meant; never fails.
pub(crate) fn statements(text: &str) -> Vec<Statement<'_>> {
    let mut parser = Parser {
        text,
        tokens: lex(text),
        at: 0,
        depth: 0,
    };
    let mut all = Vec::new();
    while parser.at < parser.tokens.len() {
        all.extend(parser.block());
        // A word that ends a block which nobody opened.
        parser.at += 1;
    }
    all
}

/// A class of a file.
pub(crate) struct Class<'a, 't> {
    /// With the modules and classes around it: `Shop::Orders`.
    pub(crate) name: String,
    /// Its parent as written, without colons before it; empty without one.
    pub(crate) parent: &'t str,
    pub(crate) body: &'a [Statement<'t>],
}

/// The classes of a file, in modules and in other classes too, each before those in it.
pub(crate) fn classes<'a, 't>(all: &'a [Statement<'t>]) -> Vec<Class<'a, 't>> {
    let mut found = Vec::new();
    add_classes(all, "", &mut found);
    found
}

fn add_classes<'a, 't>(all: &'a [Statement<'t>], outer: &str, found: &mut Vec<Class<'a, 't>>) {
    let inside = |s: &&Statement<'_>| matches!(s.word, "class" | "module");
    for statement in all.iter().filter(inside) {
        let Some(Value::Word(name)) = statement.args.first() else {
            continue;
        };
        let name = match outer.is_empty() {
            true => (*name).to_owned(),
            false => format!("{outer}::{name}"),
        };
        if statement.word == "class" {
            let parent = match statement.args.get(1) {
                Some(Value::Code(parent)) => parent.trim_start_matches("::"),
                _ => "",
            };
            found.push(Class {
                name: name.clone(),
                parent,
                body: &statement.body,
            });
        }
        add_classes(&statement.body, &name, found);
    }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn is(&self, kind: Kind, text: &str) -> bool {
        self.peek()
            .is_some_and(|t| t.kind == kind && t.text == text)
    }

    fn is_word(&self, words: &[&str]) -> bool {
        self.peek()
            .is_some_and(|t| t.kind == Kind::Word && words.contains(&t.text))
    }

    /// Passes over a token if it is this punctuation.
    fn take(&mut self, mark: &str) -> bool {
        let found = self.is(Kind::Mark, mark);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(&[word]);
        self.at += usize::from(found);
        found
    }

    fn skip_lines(&mut self) {
        while self.peek().is_some_and(|t| t.kind == Kind::Line) {
            self.at += 1;
        }
    }

    /// The text of the tokens from one up to this one.
    fn since(&self, from: usize) -> &'t str {
        let (Some(first), Some(last)) = (
            self.tokens.get(from),
            self.tokens.get(self.at.saturating_sub(1)),
        ) else {
            return "";
        };
        self.text.get(first.start..last.end).unwrap_or_default()
    }

    fn rest_of_line(&mut self) -> &'t str {
        let from = self.at;
        while self.peek().is_some_and(|t| t.kind != Kind::Line) {
            self.at += 1;
        }
        match self.at > from {
            true => self.since(from),
            false => "",
        }
    }

    /// Statements up to the word or bracket that ends their block, which is left to the caller.
    fn block(&mut self) -> Vec<Statement<'t>> {
        const ENDS: [&str; 7] = ["end", "else", "elsif", "when", "in", "rescue", "ensure"];
        let mut all = Vec::new();
        self.depth += 1;
        loop {
            self.skip_lines();
            if self.peek().is_none() || self.is_word(&ENDS) || self.is(Kind::Mark, "}") {
                break;
            }
            if self.depth > DEEPEST {
                self.at = self.tokens.len();
                break;
            }
            let before = self.at;
            all.push(self.statement());
            if self.at == before {
                self.at += 1;
            }
        }
        self.depth -= 1;
        all
    }

    fn statement(&mut self) -> Statement<'t> {
        let first = self.peek().map_or(1, |t| t.line);
        let mut made = Statement {
            lines: (first, first),
            ..Statement::default()
        };
        match self.peek() {
            Some(t) if t.kind == Kind::Word => match t.text {
                "if" | "unless" | "while" | "until" | "for" => self.condition(&mut made),
                "case" | "begin" => self.branches(&mut made),
                "def" | "class" | "module" => self.definition(&mut made),
                _ => return self.call(made),
            },
            _ => return self.call(made),
        }
        // `end.each …` and the like say nothing more.
        self.rest_of_line();
        made
    }

    /// `if x … elsif y … else … end`
    fn condition(&mut self, made: &mut Statement<'t>) {
        made.word = self.peek().map_or("", |t| t.text);
        self.at += 1;
        let from = self.at;
        while self.peek().is_some_and(|t| t.kind != Kind::Line) && !self.is_word(&["then", "do"]) {
            self.at += 1;
        }
        made.args.push(Value::Code(self.since(from)));
        if self.is_word(&["then", "do"]) {
            self.at += 1;
        }
        made.block = true;
        made.body = self.block();
        loop {
            if self.take_word("elsif") {
                self.rest_of_line();
                made.otherwise.extend(self.block());
            } else if self.take_word("else") {
                made.otherwise.extend(self.block());
            } else {
                break;
            }
        }
        self.take_word("end");
    }

    /// `case … when … end` and `begin … rescue … end`, all branches in one.
    fn branches(&mut self, made: &mut Statement<'t>) {
        made.word = self.peek().map_or("", |t| t.text);
        self.at += 1;
        made.block = true;
        if made.word == "case" {
            self.rest_of_line();
        }
        self.bodies(made);
    }

    /// Statements up to `end`, with those of all branches on the way.
    fn bodies(&mut self, made: &mut Statement<'t>) {
        made.body = self.block();
        while self.is_word(&["when", "in", "else", "elsif", "rescue", "ensure"]) {
            let handles = self.is_word(&["rescue", "ensure"]);
            if !self.take_word("else") {
                self.rest_of_line();
            }
            let more = self.block();
            if !handles {
                made.body.extend(more);
            }
        }
        self.take_word("end");
    }

    /// `def name`, `class Name < Parent`, `module Name`
    fn definition(&mut self, made: &mut Statement<'t>) {
        made.word = self.peek().map_or("", |t| t.text);
        self.at += 1;
        let from = self.at;
        let head = self.rest_of_line();
        // `self.up` is one name.
        let name = head.split(['(', ' ', '<', ';']).next().unwrap_or(head);
        made.args.push(Value::Word(name));
        if made.word == "def"
            && let Some((_, given)) = head.split_once('(')
        {
            let given = given.split(')').next().unwrap_or_default().split(',');
            let names = given.map(|p| p.split(['=', ':']).next().unwrap_or(p).trim());
            made.params = names.filter(|n| !n.is_empty()).collect();
        }
        let is_short = made.word == "def" && self.is_endless(from);
        if let Some((_, parent)) = head.split_once('<') {
            made.args.push(Value::Code(parent.trim()));
        }
        if !is_short {
            made.block = true;
            self.bodies(made);
        }
    }

    /// Whether a method has no `end`: `def double(n) = n * 2`, against `def size=(n)`.
    fn is_endless(&self, from: usize) -> bool {
        let head = self.tokens.get(from..self.at).unwrap_or_default();
        let mut depth = 0_u32;
        let mut before = usize::MAX;
        for token in head {
            if token.kind == Kind::Mark {
                match token.text {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => depth = depth.saturating_sub(1),
                    "=" if depth == 0 && token.start > before => return true,
                    _ => {}
                }
            }
            before = token.end;
        }
        false
    }

    /// `receiver.word args do |x| … end if condition`
    fn call(&mut self, mut made: Statement<'t>) -> Statement<'t> {
        let begin = self.at;
        let Some(token) = self.peek() else {
            return made;
        };
        if token.kind == Kind::Word {
            made.word = token.text;
            self.at += 1;
        } else {
            // `%w[a b].each do |x|`
            let value = self.primary();
            made.args.push(value);
        }
        self.chain(begin, &mut made);
        self.pass_assigned_index();
        if self.is(Kind::Mark, "=") || self.is(Kind::Mark, "||") {
            made.args = vec![Value::Code(self.since(begin))];
            made.word = "=";
            while self.take("||") || self.take("=") {}
            self.skip_lines();
            if self.is_word(&["if", "unless", "case", "begin"]) {
                self.statement();
            } else {
                let value = self.value();
                made.args.push(value);
            }
        } else {
            let open = self
                .peek()
                .filter(|t| t.text == "(" && t.kind == Kind::Mark);
            let touches = |t: Token<'t>| {
                let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
                before.is_some_and(|b| b.end == t.start)
            };
            if open.is_some_and(touches) {
                self.at += 1;
                self.arguments(&mut made, true);
                self.take(")");
            } else {
                self.arguments(&mut made, false);
            }
        }
        let behind = |s: &Self| s.at.saturating_sub(1);
        made.lines.1 = (self.tokens.get(behind(self))).map_or(made.lines.0, |t| t.line);
        // `foo(x).bar(y) do`
        while self.is(Kind::Mark, ".") || self.is(Kind::Mark, "&.") {
            self.at += 2;
            if self.is(Kind::Mark, "(") {
                self.balanced();
            }
        }
        self.take_block(&mut made);
        if self.is_word(&["if", "unless"]) {
            let word = self.peek().map_or("", |t| t.text);
            self.at += 1;
            let condition = self.rest_of_line();
            return Statement {
                lines: made.lines,
                word,
                args: vec![Value::Code(condition)],
                block: true,
                body: vec![made],
                ..Statement::default()
            };
        }
        // What is not understood ends with its line; blocks on the way are passed over whole.
        while self.peek().is_some_and(|t| t.kind != Kind::Line) {
            if self.is_word(&["end"]) || self.is(Kind::Mark, "}") {
                break;
            }
            self.pass();
        }
        made
    }

    /// Passes over the index of `flash["notice"] = …`, where what is assigned may be a whole condition.
    fn pass_assigned_index(&mut self) {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let touches = self
            .peek()
            .is_some_and(|t| before.is_some_and(|b| b.end == t.start));
        if !touches || !self.is(Kind::Mark, "[") {
            return;
        }
        let begin = self.at;
        self.balanced();
        let next = self.tokens.get(self.at + 1);
        let compared =
            next.is_some_and(|t| matches!(t.text, "=" | "~" | ">") && t.kind == Kind::Mark);
        let touching = self
            .peek()
            .is_some_and(|t| next.is_some_and(|n| n.start == t.end));
        if !self.is(Kind::Mark, "=") || compared && touching {
            self.at = begin;
        }
    }

    /// Follows `.name` after `.name`; what stands before the last is the receiver.
    fn chain(&mut self, begin: usize, made: &mut Statement<'t>) {
        loop {
            let next = self.tokens.get(self.at + 1).copied();
            let named = |t: Token<'t>| matches!(t.kind, Kind::Word | Kind::Label);
            if !(self.is(Kind::Mark, ".") || self.is(Kind::Mark, "&.")) || !next.is_some_and(named)
            {
                return;
            }
            made.on = self.since(begin);
            made.word = next.map_or("", |t| t.text);
            self.at += 2;
        }
    }

    /// `do |x| … end` or `{ |x| … }`
    fn take_block(&mut self, made: &mut Statement<'t>) {
        let ends = match self.peek() {
            Some(t) if t.kind == Kind::Word && t.text == "do" => "end",
            Some(t) if t.kind == Kind::Mark && t.text == "{" => "}",
            _ => return,
        };
        self.at += 1;
        made.block = true;
        if self.take("|") {
            while self.peek().is_some_and(|t| t.kind != Kind::Line) && !self.take("|") {
                if let Some(t) = self.peek().filter(|t| t.kind == Kind::Word) {
                    made.params.push(t.text);
                }
                self.at += 1;
            }
        }
        match ends {
            "end" => {
                // The body of a block may handle exceptions as that of a method.
                self.bodies(made);
            }
            _ => {
                made.body = self.block();
                self.take("}");
            }
        }
    }

    fn arguments(&mut self, made: &mut Statement<'t>, bracket: bool) {
        loop {
            if bracket {
                self.skip_lines();
            }
            while self.take("*") || self.take("**") || self.take("&") {}
            let Some(token) = self.peek() else { return };
            let ends = match token.kind {
                Kind::Line => true,
                // `post { … }` has a block, and no argument that is a hash.
                Kind::Mark if token.text == "{" => {
                    !bracket && made.args.is_empty() && made.options.is_empty()
                }
                Kind::Mark => matches!(token.text, ")" | "]" | "}" | "=>" | "," | "."),
                Kind::Word => matches!(token.text, "do" | "if" | "unless" | "end"),
                _ => false,
            };
            if ends {
                return;
            }
            if token.kind == Kind::Label {
                self.at += 1;
                let value = self.labelled(token.text, bracket);
                made.options.push((token.text, value));
            } else {
                let value = self.value();
                if self.take("=>") {
                    self.skip_lines();
                    let given = self.value();
                    match value {
                        Value::Symbol(name) => made.options.push((name, given)),
                        other => made.pairs.push((other, given)),
                    }
                } else {
                    made.args.push(value);
                }
            }
            if bracket {
                self.skip_lines();
            }
            if !self.take(",") {
                return;
            }
            self.skip_lines();
        }
    }

    /// What stands behind `name:`; nothing stands for the variable of that name.
    fn labelled(&mut self, name: &'t str, lines: bool) -> Value<'t> {
        let short = |s: &Self| s.is(Kind::Mark, ",") || s.is(Kind::Mark, ")");
        if short(self)
            || lines && self.peek().is_some_and(|t| t.kind == Kind::Line) && {
                let next = self.tokens.get(self.at + 1);
                next.is_some_and(|t| t.text == ")" && t.kind == Kind::Mark)
            }
        {
            return Value::Word(name);
        }
        self.skip_lines();
        self.value()
    }

    /// One value: a literal if nothing is done with it, else the code of the expression.
    fn value(&mut self) -> Value<'t> {
        let from = self.at;
        let value = self.primary();
        let mut plain = self.at > from;
        while let Some(token) = self.peek() {
            let ends = match token.kind {
                Kind::Line => true,
                Kind::Mark => matches!(token.text, "," | ")" | "]" | "}" | "=>" | "|"),
                Kind::Word => {
                    matches!(token.text, "do" | "if" | "unless" | "and" | "or" | "end")
                }
                _ => false,
            };
            if ends {
                break;
            }
            plain = false;
            self.pass();
            // An operator at the end of a line goes on.
            let operator = token.kind == Kind::Mark
                && matches!(token.text, "+" | "||" | "&&" | "." | "&." | "?" | ":");
            if operator {
                self.skip_lines();
            }
        }
        match plain {
            true => value,
            false if self.at > from => Value::Code(self.since(from)),
            false => Value::Code(""),
        }
    }

    fn primary(&mut self) -> Value<'t> {
        let Some(token) = self.peek() else {
            return Value::Code("");
        };
        let from = self.at;
        if self.depth > DEEPEST {
            self.pass();
            return Value::Code("");
        }
        match (token.kind, token.text) {
            (Kind::Text, text) => {
                self.at += 1;
                Value::Text(text)
            }
            (Kind::Symbol, text) => {
                self.at += 1;
                Value::Symbol(text)
            }
            (Kind::Words, text) => {
                self.at += 1;
                Value::List(text.split_whitespace().map(Value::Text).collect())
            }
            (Kind::Mark, "[") => {
                self.at += 1;
                let mut list = Statement::default();
                self.depth += 1;
                self.arguments(&mut list, true);
                self.depth -= 1;
                self.close("]");
                Value::List(list.args)
            }
            (Kind::Mark, "{") => {
                self.at += 1;
                let mut map = Statement::default();
                self.depth += 1;
                self.arguments(&mut map, true);
                self.depth -= 1;
                self.close("}");
                Value::Map(map.options)
            }
            (Kind::Word, "lambda" | "proc") => {
                self.at += 1;
                self.take_block(&mut Statement::default());
                Value::Code(self.since(from))
            }
            (Kind::Mark, "->") => {
                self.at += 1;
                if self.is(Kind::Mark, "(") {
                    self.balanced();
                }
                // `-> request { … }` has its parameters without a bracket.
                while self.peek().is_some_and(|t| t.kind == Kind::Word) && !self.is_word(&["do"]) {
                    self.at += 1;
                    self.take(",");
                }
                self.take_block(&mut Statement::default());
                Value::Code(self.since(from))
            }
            (Kind::Word, text) => {
                self.at += 1;
                Value::Word(text)
            }
            (Kind::Mark, ")" | "]" | "}" | "," | "=>") | (Kind::Line, _) => Value::Code(""),
            _ => {
                self.pass();
                Value::Code(self.since(from))
            }
        }
    }

    /// Passes over what was not read up to a closing bracket, and over it.
    fn close(&mut self, mark: &str) {
        while self.peek().is_some() && !self.take(mark) {
            if self.is(Kind::Mark, ")") || self.is(Kind::Mark, "]") || self.is(Kind::Mark, "}") {
                return;
            }
            self.pass();
        }
    }

    /// Passes over one token, or a bracket or block with all that stands in it.
    fn pass(&mut self) {
        match self.peek() {
            Some(t) if t.kind == Kind::Mark && matches!(t.text, "(" | "[" | "{") => {
                self.balanced();
            }
            Some(t) if t.kind == Kind::Word && t.text == "do" => {
                self.take_block(&mut Statement::default());
            }
            _ => self.at += 1,
        }
    }

    /// Passes over a bracket with all that stands in it.
    fn balanced(&mut self) {
        let mut depth = 0_u32;
        while let Some(token) = self.peek() {
            self.at += 1;
            if token.kind == Kind::Mark {
                match token.text {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return;
                        }
                    }
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
