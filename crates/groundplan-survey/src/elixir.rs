//! Elixir files that are written as declarations, such as migrations, schemas and configuration, as
//! statements: a word with its arguments as written, and the statements of its block. Nothing is run.

use std::collections::BTreeMap;

/// Lines at most, and blocks in blocks at most.
const MOST: usize = 20_000;
const DEEPEST: usize = 40;
/// Lines of one statement at most.
const LONGEST: usize = 400;

/// A statement: `word a, key: b do … end`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statement {
    /// First and last line of what stands before its block, from 1.
    pub(crate) lines: (u32, u32),
    /// The word it begins with; empty for what begins with none.
    pub(crate) word: String,
    /// Its arguments as written, without comments, on one line but for texts of several lines.
    pub(crate) arguments: Vec<String>,
    /// Its block.
    pub(crate) body: Vec<Statement>,
    /// How many statements of its block stand before its `else`.
    otherwise: Option<usize>,
}

impl Statement {
    /// What `key:` is given.
    pub(crate) fn option(&self, key: &str) -> Option<&str> {
        option(&self.arguments, key)
    }

    /// What stands in its block before `else`.
    pub(crate) fn before_else(&self) -> &[Statement] {
        let end = self.otherwise.unwrap_or(self.body.len());
        self.body.get(..end).unwrap_or(&self.body)
    }
}

/// The statements of a file. Linear in its length; never fails.
pub(crate) fn statements(source: &str) -> Vec<Statement> {
    let mut open: Vec<Statement> = vec![Statement::default()];
    // Blocks that are too deep to be meant.
    let mut passed = 0_u32;
    let close = |open: &mut Vec<Statement>| {
        if open.len() > 1
            && let Some(done) = open.pop()
            && let Some(outer) = open.last_mut()
        {
            outer.body.push(done);
        }
    };
    let lines: Vec<&str> = source.lines().take(MOST).collect();
    let mut at = 0;
    while at < lines.len() {
        let (text, next) = whole(&lines, at);
        let span = (at as u32 + 1, next as u32);
        at = next;
        let text = text.trim();
        let word_end = text
            .find(|c: char| !(c.is_alphanumeric() || "_.!?@".contains(c)))
            .unwrap_or(text.len());
        let (word, rest) = text.split_at(word_end);
        if word == "end" {
            match passed {
                0 => close(&mut open),
                _ => passed -= 1,
            }
            continue;
        }
        if text == "else"
            && passed == 0
            && let Some(outer) = open.last_mut()
        {
            outer.otherwise.get_or_insert(outer.body.len());
        }
        if text.is_empty() || matches!(word, "else" | "rescue" | "catch" | "after") {
            continue;
        }
        let (rest, block) = match rest.trim_end().strip_suffix("do") {
            Some(head) if head.is_empty() || head.ends_with([' ', ')']) => (head, true),
            _ => (rest, opens_function(text)),
        };
        let made = Statement {
            lines: span,
            word: word.to_owned(),
            arguments: arguments(bracketed(rest.trim())),
            body: Vec::new(),
            otherwise: None,
        };
        if block && open.len() > DEEPEST {
            passed += 1;
        } else if block {
            open.push(made);
        } else if let Some(outer) = open.last_mut() {
            outer.body.push(made);
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|all| all.body).unwrap_or_default()
}

/// `Enum.each list, fn x ->` begins a block.
fn opens_function(text: &str) -> bool {
    text.ends_with("->")
        && (text.contains(" fn ") || text.contains("(fn ") || text.starts_with("fn "))
}

/// The statement that begins in a line, and the line after it: brackets and texts are closed, and no
/// comma or operator stands at its end.
fn whole(lines: &[&str], first: usize) -> (String, usize) {
    let mut out = String::new();
    let mut state = State::default();
    let mut at = first;
    while at < lines.len() && at - first < LONGEST {
        state.line(lines[at], &mut out);
        at += 1;
        let tail = out.trim_end();
        let goes_on = ["|>", "<>", "++", "||", "&&", "=", ","]
            .iter()
            .any(|mark| tail.ends_with(mark));
        let follows = || {
            let next = lines.get(at).map_or("", |l| l.trim_start());
            ["|>", "<>", "||", "&&"]
                .iter()
                .any(|mark| next.starts_with(mark))
        };
        if state.text.is_none() && state.depth <= 0 && !goes_on && !follows() {
            break;
        }
        out.push(if state.text.is_some() { '\n' } else { ' ' });
    }
    (out, at)
}

/// Where a reader of lines stands.
#[derive(Default)]
struct State {
    depth: i32,
    /// What ends the text that is open.
    text: Option<&'static str>,
}

impl State {
    fn line(&mut self, line: &str, out: &mut String) {
        let mut rest = line;
        if self.text.is_none() {
            rest = rest.trim_start();
        }
        while let Some(c) = rest.chars().next() {
            if let Some(end) = self.text {
                if let Some(after) = rest.strip_prefix(end) {
                    out.push_str(end);
                    self.text = None;
                    rest = after;
                    continue;
                }
                let width = match c {
                    '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                    c => c.len_utf8(),
                };
                out.push_str(&rest[..width]);
                rest = &rest[width..];
                continue;
            }
            let begun = ["\"\"\"", "'''", "\"", "'"]
                .into_iter()
                .find(|mark| rest.starts_with(mark));
            if let Some(mark) = begun {
                out.push_str(mark);
                self.text = Some(mark);
                rest = &rest[mark.len()..];
                continue;
            }
            match c {
                '#' => return,
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth -= 1,
                _ => {}
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// What stands in the brackets that hold all of a text, or the text.
fn bracketed(text: &str) -> &str {
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    match inner {
        Some(inner) if is_closed(inner) => inner,
        _ => text,
    }
}

/// Whether brackets of a text match without what stands around it.
fn is_closed(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The parts of a list, split at commas outside of brackets and texts.
pub(crate) fn arguments(text: &str) -> Vec<String> {
    parts(text).into_iter().map(str::to_owned).collect()
}

/// The same as they stand in the text.
pub(crate) fn parts(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut depth, mut quoted, mut start) = (0_i32, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                all.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(text[start..].trim());
    all.retain(|a| !a.is_empty());
    all
}

/// What stands in a bracket that is open, up to where it is closed.
pub(crate) fn closed(inner: &str) -> Option<&str> {
    let (mut depth, mut quoted) = (0_i32, false);
    for (at, c) in inner.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return inner.get(..at),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether a file of `config` is read for a release, by its name: the files of other stages are not, and one such as
/// `prod.secret.exs` only where another imports it (<https://hexdocs.pm/elixir/Config.html>).
pub(crate) fn is_for_production(name: &str) -> bool {
    matches!(
        name,
        "config.exs" | "prod.exs" | "releases.exs" | "runtime.exs"
    )
}

/// Modules in modules at most.
const MOST_NESTED: usize = 8;

/// The modules among statements with their whole names, each before those that stand in it.
pub(crate) fn modules(all: &[Statement]) -> Vec<(String, &Statement)> {
    let mut found = Vec::new();
    modules_below(all, "", 0, &mut found);
    found
}

fn modules_below<'s>(
    all: &'s [Statement],
    outer: &str,
    depth: usize,
    found: &mut Vec<(String, &'s Statement)>,
) {
    if depth > MOST_NESTED {
        return;
    }
    for module in all.iter().filter(|s| s.word == "defmodule") {
        let first = module.arguments.first().map_or("", String::as_str);
        let name = match outer.is_empty() {
            true => first.to_owned(),
            false => format!("{outer}.{first}"),
        };
        found.push((name.clone(), module));
        modules_below(&module.body, &name, depth + 1, found);
    }
}

/// What the attributes of a module are given, `@paths ["/live"]`, by their names.
pub(crate) fn attributes(body: &[Statement]) -> BTreeMap<&str, String> {
    (body.iter())
        .filter(|s| s.word.starts_with('@'))
        .map(|s| (s.word.as_str(), s.arguments.join(", ")))
        .collect()
}

/// What a module calls other modules: `alias Shop.Orders`, `alias Shop.{Orders, Web.Errors}`, `as: Row`.
pub(crate) fn aliases(body: &[Statement], module: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for statement in body.iter().filter(|s| s.word == "alias") {
        let Some(first) = statement.arguments.first() else {
            continue;
        };
        let whole = first.replace("__MODULE__", module);
        let known = |all: &BTreeMap<String, String>, name: &str| expanded(name, all);
        if let Some((before, inner)) = whole.split_once(".{") {
            let before = known(&all, before);
            for part in inner.trim_end_matches('}').split(',').map(str::trim) {
                let last = part.rsplit('.').next().unwrap_or(part);
                all.insert(last.to_owned(), format!("{before}.{part}"));
            }
            continue;
        }
        let last = whole.rsplit('.').next().unwrap_or(&whole).to_owned();
        let own = statement.option("as").map_or(last, str::to_owned);
        let whole = known(&all, &whole);
        all.insert(own, whole);
    }
    all
}

/// A module with its whole name.
pub(crate) fn expanded(name: &str, aliases: &BTreeMap<String, String>) -> String {
    let (first, rest) = name.split_once('.').unwrap_or((name, ""));
    match (aliases.get(first), rest) {
        (Some(whole), "") => whole.clone(),
        (Some(whole), rest) => format!("{whole}.{rest}"),
        (None, _) => name.to_owned(),
    }
}

/// A statement as one expression: brackets of its call are put where the reader of statements took them.
pub(crate) fn written(statement: &Statement) -> String {
    let rest = statement.arguments.join(", ");
    let word = &statement.word;
    if word.is_empty() {
        return rest;
    }
    let calls = word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        || word.contains('.') && !word.contains('@');
    let goes_on = [
        "(", "|>", "=", "<-", "->", "<>", "++", "||", "&&", "when ", "{", ",",
    ]
    .iter()
    .any(|mark| rest.starts_with(mark));
    match calls && !goes_on && !rest.is_empty() {
        true => format!("{word}({rest})"),
        false => format!("{word} {rest}"),
    }
}

/// What `key:` is given among arguments.
pub(crate) fn option<'a>(arguments: &'a [String], key: &str) -> Option<&'a str> {
    arguments.iter().find_map(|argument| {
        let rest = argument.strip_prefix(key)?.strip_prefix(':')?;
        rest.starts_with(' ').then(|| rest.trim())
    })
}

/// The name of an atom or a text without interpolation: `:users`, `:"odd name"`, `"users"`.
pub(crate) fn name(text: &str) -> Option<&str> {
    let text = text.trim();
    let text = text.strip_prefix(':').unwrap_or(text);
    let inner = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    let is_plain = !inner.is_empty() && !inner.contains(['"', '(', '{', '[', '#', '\n']);
    (is_plain && (text.starts_with('"') || !inner.contains(' '))).then_some(inner)
}

/// An inner call, `table(:users, prefix: "audit")`: its word and its arguments.
pub(crate) fn call(text: &str) -> Option<(&str, Vec<String>)> {
    let (word, rest) = text.trim().split_once('(')?;
    let inner = rest.trim_end().strip_suffix(')')?;
    let plain = !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || "_.!?".contains(c));
    plain.then(|| (word, arguments(inner)))
}

/// The parts of a list in square brackets.
pub(crate) fn list(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    Some(arguments(inner))
}

#[cfg(test)]
mod tests {
    use super::{call, list, name, statements};

    #[test]
    fn statements_with_their_blocks() {
        let text = "defmodule A do\n  use B, :c # d, e\n  create table(:x, prefix: \"p\") do\n    add :a, :string,\n      null: false\n    add(:b, references(:y), default: \"1, (2\")\n  end\n\n  execute \"\"\"\n  SELECT (1\n  \"\"\"\n  Enum.each(l, fn x ->\n    do_it(x)\n  end)\n  if up?() do\n    z()\n  else\n    y()\n  end\nend\n";
        let all = statements(text);
        assert_eq!(all.len(), 1);
        let body = &all[0].body;
        let words: Vec<&str> = body.iter().map(|s| s.word.as_str()).collect();
        assert_eq!(words, ["use", "create", "execute", "Enum.each", "if"]);
        assert_eq!(body[0].arguments, ["B", ":c"]);
        assert_eq!(body[1].arguments, ["table(:x, prefix: \"p\")"]);
        assert_eq!(body[1].body[0].lines, (4, 5));
        assert_eq!(body[1].body[0].option("null"), Some("false"));
        assert_eq!(body[1].body[1].option("default"), Some("\"1, (2\""));
        assert_eq!(body[2].lines, (9, 11));
        assert_eq!(body[4].body.len(), 2);
        assert_eq!(body[4].before_else().len(), 1);
        assert_eq!(body[1].before_else().len(), 2);
    }

    #[test]
    fn parts_of_arguments() {
        assert_eq!(name(":users"), Some("users"));
        assert_eq!(name(":\"a b\""), Some("a b"));
        assert_eq!(name("\"a#{b}\""), None);
        assert_eq!(name("prefix()"), None);
        let found = call("table(:users, prefix: \"audit\")");
        let wanted = vec![":users".to_owned(), "prefix: \"audit\"".to_owned()];
        assert_eq!(found, Some(("table", wanted)));
        assert_eq!(list("[:a, :b]").map(|l| l.len()), Some(2));
    }
}
