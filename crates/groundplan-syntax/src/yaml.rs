use crate::{Key, Node, SyntaxError, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Nesting beyond this is cut, with an error.
const MAX_DEPTH: usize = 128;

/// The documents of a YAML text, and what could not be read.
///
/// Each document between `---` lines is read by itself, so that a broken one costs no other; of a
/// broken document what stands before the fault is kept.
pub fn yaml(text: &str) -> (Vec<Rc<Node>>, Vec<SyntaxError>) {
    let mut documents = Vec::new();
    let mut errors = Vec::new();
    for (offset, part) in split(text) {
        let mut builder = Builder::new(offset);
        builder.read(part);
        documents.extend(builder.root);
        errors.extend(builder.error);
    }
    (documents, errors)
}

/// The parts between lines that begin with `---`, each with the number of lines before it.
fn split(text: &str) -> Vec<(u32, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut start_line) = (0, 0);
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 0 && line.starts_with("---") && line[3..].trim_start().len() < line.len() - 3
            || number > 0 && line.trim_end() == "---"
        {
            parts.push((start_line, &text[start..at]));
            start = at;
            start_line = number as u32;
        }
        at += line.len();
    }
    parts.push((start_line, &text[start..]));
    parts.retain(|(_, part)| !part.trim().is_empty());
    parts
}

enum Open {
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<(Key, Rc<Node>)>, Option<Key>),
}

struct Builder {
    offset: u32,
    stack: Vec<(Open, u32, usize)>,
    anchors: BTreeMap<usize, Rc<Node>>,
    root: Option<Rc<Node>>,
    error: Option<SyntaxError>,
    last: u32,
}

impl Builder {
    fn new(offset: u32) -> Self {
        Builder {
            offset,
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            root: None,
            error: None,
            last: 1,
        }
    }

    fn read(&mut self, text: &str) {
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => {
                    if !self.event(event, span) {
                        break;
                    }
                }
                Err(error) => {
                    let at = error.marker();
                    self.error = Some(SyntaxError {
                        message: error.info().to_owned(),
                        line: self.line(at.line()),
                        column: at.col() as u32 + 1,
                    });
                    break;
                }
            }
        }
        while !self.stack.is_empty() {
            self.close(self.last);
        }
    }

    fn line(&self, line: usize) -> u32 {
        self.offset + line.max(1) as u32
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> bool {
        let first = self.line(span.start.line());
        // A block scalar ends at column 0 of the line after it.
        let end = span.end.line()
            - usize::from(span.end.col() == 0 && span.end.line() > span.start.line());
        let last = self.line(end).max(first);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let quoted = style != ScalarStyle::Plain;
                let null = !quoted && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let value = if null && !self.wants_key() {
                    Value::Null
                } else {
                    Value::Scalar {
                        text: text.into_owned(),
                        quoted,
                    }
                };
                self.last = last;
                self.add(Node { value, first, last }, anchor);
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned();
                let node = node.unwrap_or_else(|| {
                    Rc::new(Node {
                        value: Value::Null,
                        first,
                        last,
                    })
                });
                self.attach(node);
            }
            Event::SequenceStart(anchor, _) => {
                self.stack.push((Open::Sequence(Vec::new()), first, anchor))
            }
            Event::MappingStart(anchor, _) => {
                self.stack
                    .push((Open::Mapping(Vec::new(), None), first, anchor));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(last),
            _ => {}
        }
        if self.stack.len() > MAX_DEPTH {
            self.error = Some(SyntaxError {
                message: format!("expected at most {MAX_DEPTH} levels of nesting, found more"),
                line: first,
                column: 0,
            });
            return false;
        }
        true
    }

    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some((Open::Mapping(_, None), _, _)))
    }

    fn close(&mut self, line: u32) {
        let Some((open, first, anchor)) = self.stack.pop() else {
            return;
        };
        let (value, last) = match open {
            Open::Sequence(items) => {
                let last = items.last().map_or(first, |n| n.last);
                (Value::Sequence(items), last)
            }
            Open::Mapping(entries, _) => {
                // An alias carries the lines of its anchor, which may lie above.
                let last = entries
                    .iter()
                    .map(|(k, n)| if n.first >= k.line { n.last } else { k.line });
                let last = last.max().unwrap_or(first);
                (Value::Mapping(entries), last)
            }
        };
        let last = last.clamp(first, line.max(first).max(self.last));
        self.add(Node { value, first, last }, anchor);
    }

    fn add(&mut self, node: Node, anchor: usize) {
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.attach(node);
    }

    fn attach(&mut self, node: Rc<Node>) {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some((Open::Sequence(items), _, _)) => items.push(node),
            Some((Open::Mapping(entries, key), _, _)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let text = node.str().unwrap_or_default().to_owned();
                    *key = Some(Key {
                        text,
                        line: node.first,
                    });
                }
            },
        }
    }
}
