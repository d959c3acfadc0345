//! Attributes of PHP 8 and annotations of comments, as one kind of thing.

use crate::php;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

/// Lists in lists at most.
const DEEPEST: u8 = 6;

/// Annotations of one comment at most, and its size in bytes.
const MOST: usize = 60;
const LONGEST: usize = 32 * 1024;

/// The value of an argument.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text, or what is written, without the namespace of a class.
    Text(String),
    List(Vec<(Option<String>, Value)>),
    Mark(Mark),
}

impl Value {
    fn mark(&self) -> Option<&Mark> {
        match self {
            Value::Mark(mark) => Some(mark),
            _ => None,
        }
    }
}

/// `#[ORM\Column(length: 20)]` or `@ORM\Column(length=20)`.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// Without its namespace.
    pub(crate) name: String,
    pub(crate) arguments: Vec<(Option<String>, Value)>,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

impl Mark {
    fn value(&self, name: &str) -> Option<&Value> {
        let is = |known: &Option<String>| known.as_deref() == Some(name);
        let found = self.arguments.iter().find(|(key, _)| is(key));
        found.map(|(_, value)| value)
    }

    /// The text of a named argument.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name)
            .is_some_and(|v| v.eq_ignore_ascii_case(value))
    }

    /// The first argument without a name.
    pub(crate) fn plain(&self) -> Option<&Value> {
        let found = self.arguments.iter().find(|(key, _)| key.is_none());
        found.map(|(_, value)| value)
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        let Some(Value::List(all)) = self.value(name) else {
            return self.get(name).map(str::to_owned).into_iter().collect();
        };
        let text = |(_, value): &(Option<String>, Value)| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        all.iter().filter_map(text).collect()
    }

    /// The text under a key of a list: `options: ['default' => 0]`.
    pub(crate) fn option(&self, name: &str, key: &str) -> Option<&str> {
        let Value::List(all) = self.value(name)? else {
            return None;
        };
        all.iter().find_map(|(known, value)| match value {
            Value::Text(text) if known.as_deref() == Some(key) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The marks that an argument holds: `indexes: [new ORM\Index(…)]`.
    pub(crate) fn inner(&self, name: Option<&str>) -> Vec<&Mark> {
        let value = match name {
            Some(name) => self.value(name),
            None => self.plain(),
        };
        match value {
            Some(Value::List(all)) => all.iter().filter_map(|(_, v)| v.mark()).collect(),
            Some(value) => value.mark().into_iter().collect(),
            None => Vec::new(),
        }
    }
}

/// The marks of an attribute list whose `[` stands at `open`.
pub(crate) fn of_attribute(code: &Code<'_>, open: usize) -> Vec<Mark> {
    let parts = code.arguments(open).into_iter();
    parts.filter_map(|part| mark(code, part, 0, 0)).collect()
}

/// The marks of a comment that begins at line `line`, where `known` takes the name as it is written
/// behind the `@`: `ORM\Column`, `Route`.
pub(crate) fn of_comment(text: &str, line: u32, known: impl Fn(&str) -> bool) -> Vec<Mark> {
    let mut all = Vec::new();
    if text.len() > LONGEST || !text.contains('@') {
        return all;
    }
    // Stars before lines are no part of what is said.
    let plain: Vec<&str> = (text.lines())
        .map(|l| {
            l.trim_start()
                .trim_start_matches("/*")
                .trim_start_matches('*')
        })
        .collect();
    for (at, own) in plain.iter().enumerate() {
        let name = own.trim_start().strip_prefix('@').map(written_name);
        if !name.is_some_and(&known) || all.len() >= MOST {
            continue;
        }
        // An apostrophe in what follows hurts nothing that stands before it.
        let rest = plain[at..].join("\n");
        let rest = rest.trim_end_matches("*/");
        let code = Code::new(rest, Language::Php);
        let before = line.saturating_sub(1) + at as u32;
        let name = (1..code.tokens.len().min(8)).find(|&i| code.is_byte(i, b'('));
        let whole = match name.and_then(|open| code.partner(open)) {
            Some(close) if code.line(name.unwrap_or(0)) == 1 => 1..close + 1,
            _ => 1..code.tokens.len().min(4),
        };
        all.extend(mark(&code, whole, before, 0));
    }
    all
}

/// A name with its namespace, up to what is no part of it.
fn written_name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\\')));
    &text[..end.unwrap_or(text.len())]
}

fn mark(code: &Code<'_>, range: Range<usize>, before: u32, depth: u8) -> Option<Mark> {
    let mut at = range.start;
    let mut name = None;
    while at < range.end {
        match code.ident(at) {
            Some(word) => name = Some(word),
            None if code.is_byte(at, b'\\') => {}
            None => break,
        }
        at += 1;
    }
    let last = name?.rsplit('\\').next().unwrap_or_default().to_owned();
    let open = Some(at).filter(|&at| at < range.end && code.is_byte(at, b'('));
    let end = open
        .and_then(|open| code.partner(open))
        .unwrap_or(at.saturating_sub(1));
    Some(Mark {
        name: last,
        arguments: open
            .map(|open| arguments(code, open, before, depth))
            .unwrap_or_default(),
        first: before + code.line(range.start),
        last: before + code.line(end),
    })
}

fn arguments(code: &Code<'_>, open: usize, before: u32, depth: u8) -> Vec<(Option<String>, Value)> {
    let parts = code.arguments(open).into_iter().take(200);
    parts
        .filter_map(|part| argument(code, part, before, depth))
        .collect()
}

/// `name: value`, `name=value`, `'key' => value`, `"key"=value` or a value alone.
fn argument(
    code: &Code<'_>,
    range: Range<usize>,
    before: u32,
    depth: u8,
) -> Option<(Option<String>, Value)> {
    let first = range.start;
    let key = code.ident(first).or_else(|| code.string(first));
    let is = |at: usize, byte: u8| code.is_byte(at, byte);
    let skip = if is(first + 1, b'=') && is(first + 2, b'>') {
        3
    } else if is(first + 1, b'=') || (is(first + 1, b':') && !is(first + 2, b':')) {
        2
    } else {
        0
    };
    let key = key.filter(|_| skip > 0).map(str::to_owned);
    let inner = if key.is_some() {
        first + skip..range.end
    } else {
        range
    };
    Some((key, value(code, inner, before, depth)?))
}

fn value(code: &Code<'_>, range: Range<usize>, before: u32, depth: u8) -> Option<Value> {
    if range.is_empty() || depth > DEEPEST {
        return None;
    }
    let first = range.start;
    if code.is(first, "new") || code.is_byte(first, b'@') {
        return mark(code, first + 1..range.end, before, depth + 1).map(Value::Mark);
    }
    let list = php::list_at(code, &range).or(Some(first).filter(|&at| code.is_byte(at, b'{')));
    if let Some(open) = list {
        return Some(Value::List(arguments(code, open, before, depth + 1)));
    }
    let text = php::text(code, &range).or_else(|| php::class(code, &range));
    let written = || {
        let short = range.len() <= 8;
        short.then(|| range.clone().map(|at| code.raw(at)).collect::<String>())
    };
    text.or_else(written).map(Value::Text)
}
