use crate::{Key, Lines, Node, SyntaxError, Value};
use std::rc::Rc;
use toml_edit::{Document, Item, TableLike};

/// A TOML document.
///
/// # Errors
/// The place and reason of the first fault.
pub fn toml(text: &str) -> Result<Rc<Node>, SyntaxError> {
    let lines = Lines::new(text);
    let document = Document::parse(text).map_err(|error| SyntaxError {
        message: error
            .message()
            .lines()
            .next()
            .unwrap_or("broken TOML")
            .to_owned(),
        line: error.span().map_or(1, |span| lines.line_of(span.start)),
        column: 0,
    })?;
    Ok(Rc::new(table(document.as_table(), &lines, 1, 0)))
}

fn table(table: &dyn TableLike, lines: &Lines<'_>, line: u32, depth: usize) -> Node {
    let mut entries = Vec::new();
    let (mut first, mut last) = (line, line);
    for (name, item) in table.iter() {
        let key = table.key(name);
        let at = key
            .and_then(|k| k.span())
            .or_else(|| item.span())
            .map_or(line, |span| lines.line_of(span.start));
        let node = convert(item, lines, at, depth + 1);
        first = first.min(at);
        last = last.max(node.last);
        entries.push((
            Key {
                text: name.to_owned(),
                line: at,
            },
            Rc::new(node),
        ));
    }
    Node {
        value: Value::Mapping(entries),
        first,
        last,
    }
}

fn convert(item: &Item, lines: &Lines<'_>, line: u32, depth: usize) -> Node {
    let span = item.span();
    let first = span.as_ref().map_or(line, |s| lines.line_of(s.start));
    let last = span
        .as_ref()
        .map_or(first, |s| lines.line_of(s.end.saturating_sub(1)));
    if depth > 100 {
        return Node {
            value: Value::Null,
            first,
            last,
        };
    }
    match item {
        Item::None => Node {
            value: Value::Null,
            first,
            last,
        },
        Item::Table(inner) => {
            let node = table(inner, lines, first, depth);
            Node {
                first,
                last: node.last.max(first),
                ..node
            }
        }
        Item::ArrayOfTables(array) => {
            let items: Vec<Rc<Node>> = array
                .iter()
                .map(|t| {
                    let line = t.span().map_or(first, |s| lines.line_of(s.start));
                    Rc::new(table(t, lines, line, depth))
                })
                .collect();
            let last = items.last().map_or(last, |n| n.last);
            Node {
                value: Value::Sequence(items),
                first,
                last,
            }
        }
        Item::Value(value) => Node {
            value: scalar(value, lines, first, depth),
            first,
            last,
        },
    }
}

fn scalar(value: &toml_edit::Value, lines: &Lines<'_>, line: u32, depth: usize) -> Value {
    use toml_edit::Value as T;
    match value {
        T::String(text) => Value::Scalar {
            text: text.value().clone(),
            quoted: true,
        },
        T::Integer(number) => Value::Scalar {
            text: number.value().to_string(),
            quoted: false,
        },
        T::Float(number) => Value::Scalar {
            text: number.value().to_string(),
            quoted: false,
        },
        T::Boolean(truth) => Value::Scalar {
            text: truth.value().to_string(),
            quoted: false,
        },
        T::Datetime(date) => Value::Scalar {
            text: date.value().to_string(),
            quoted: false,
        },
        T::Array(array) => Value::Sequence(
            array
                .iter()
                .map(|item| {
                    let first = item.span().map_or(line, |s| lines.line_of(s.start));
                    let last = item
                        .span()
                        .map_or(first, |s| lines.line_of(s.end.saturating_sub(1)));
                    let value = if depth > 100 {
                        Value::Null
                    } else {
                        scalar(item, lines, first, depth + 1)
                    };
                    Rc::new(Node { value, first, last })
                })
                .collect(),
        ),
        T::InlineTable(inner) => table(inner, lines, line, depth + 1).value,
    }
}
