use crate::{Key, Lines, Node, SyntaxError, Value};
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use std::rc::Rc;

const MAX_DEPTH: usize = 256;

/// A JSON document; comments and trailing commas are read over, as editors and compilers do.
///
/// # Errors
/// The place and reason of the first fault; also for nesting beyond 256 levels.
pub fn json(text: &str) -> Result<Rc<Node>, SyntaxError> {
    let lines = Lines::new(text);
    if let Some(at) = too_deep(text) {
        let message = format!("expected at most {MAX_DEPTH} levels of nesting, found more");
        return Err(SyntaxError {
            message,
            line: lines.line_of(at),
            column: 0,
        });
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).map_err(
        |error| SyntaxError {
            message: error.kind().to_string(),
            line: lines.line_of(error.range().start),
            column: error.column_display() as u32,
        },
    )?;
    let Some(value) = parsed.value else {
        return Ok(Rc::new(Node {
            value: Value::Null,
            first: 1,
            last: 1,
        }));
    };
    Ok(Rc::new(convert(&value, &lines)))
}

/// The offset at which brackets nest too deep: the parser is recursive, so it must not see it.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Some(at);
                }
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn convert(value: &ast::Value<'_>, lines: &Lines<'_>) -> Node {
    let range = value.range();
    let first = lines.line_of(range.start);
    let last = lines.line_of(range.end.saturating_sub(1));
    let scalar = |text: &str, quoted| Value::Scalar {
        text: text.to_owned(),
        quoted,
    };
    let value = match value {
        ast::Value::StringLit(text) => scalar(&text.value, true),
        ast::Value::NumberLit(number) => scalar(number.value, false),
        ast::Value::BooleanLit(truth) => scalar(if truth.value { "true" } else { "false" }, false),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(array) => Value::Sequence(
            array
                .elements
                .iter()
                .map(|e| Rc::new(convert(e, lines)))
                .collect(),
        ),
        ast::Value::Object(object) => {
            let entry = |p: &ast::ObjectProp<'_>| {
                let text = p.name.as_str().to_owned();
                let line = lines.line_of(p.range.start);
                (Key { text, line }, Rc::new(convert(&p.value, lines)))
            };
            Value::Mapping(object.properties.iter().map(entry).collect())
        }
    };
    Node { value, first, last }
}
