use crate::{Key, Node, SyntaxError, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Nesting beyond this is cut, with an error.
const MAX_DEPTH: usize = 128;

/// The documents of a YAML text, and what could not be read.
///
/// A short tag of CloudFormation gives what its function in full gives, `!Ref Table` a mapping with
/// the key `Ref`; other tags are passed over. Each document between `---` lines is read by itself, so that a broken one costs no other; of a
/// broken document what stands before the fault is kept.
pub fn yaml(text: &str) -> (Vec<Rc<Node>>, Vec<SyntaxError>) {
    let mut documents = Vec::new();
    let mut errors = Vec::new();
    for (offset, part) in split(text) {
        let (root, error) = read_leniently(offset, part);
        documents.extend(root);
        errors.extend(error);
    }
    (documents, errors)
}

/// Blanks that move a line of a flow collection to the right, and out of block scalars again.
const PAD: &str =
    "                                                                                ";
/// A document with more badly indented lines than this stays broken.
const MAX_REPAIRS: usize = 24;

/// Reads a document; closing brackets that stand no deeper than their key are accepted, as Docker
/// and Kubernetes accept them although YAML 1.2 does not.
fn read_leniently(offset: u32, part: &str) -> (Option<Rc<Node>>, Option<SyntaxError>) {
    let mut found = read(offset, part);
    let mut repaired = String::new();
    for attempt in 0..MAX_REPAIRS {
        let Some(error) = &found.1 else { break };
        if !error.message.starts_with("invalid indentation") || part.len() > 4_000_000 {
            break;
        }
        // A quoted scalar is reported where it begins, and that line stands well.
        let quoted = error.message.contains("quoted");
        let failed = (error.line - offset) as usize;
        let text = if attempt == 0 { part } else { &repaired };
        let moved: String = text
            .split_inclusive('\n')
            .enumerate()
            .flat_map(|(number, line)| {
                let closes = attempt == 0 && line.trim_start().starts_with([']', '}']);
                let moves = closes || !quoted && number + 1 == failed;
                [if moves { PAD } else { "" }, line]
            })
            .collect();
        let next = read(offset, &moved);
        if next.1.as_ref().is_some_and(|e| e.line <= error.line) {
            break;
        }
        found = next;
        repaired = moved;
    }
    found
}

fn read(offset: u32, text: &str) -> (Option<Rc<Node>>, Option<SyntaxError>) {
    let mut builder = Builder::new(offset, text);
    builder.read();
    (builder.root, builder.error)
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

/// Functions of CloudFormation: the tag that is short for each, and its full name
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html>).
const FUNCTIONS: [(&str, &str); 14] = [
    ("And", "Fn::And"),
    ("Base64", "Fn::Base64"),
    ("Cidr", "Fn::Cidr"),
    ("Equals", "Fn::Equals"),
    ("FindInMap", "Fn::FindInMap"),
    ("GetAZs", "Fn::GetAZs"),
    ("GetAtt", "Fn::GetAtt"),
    ("If", "Fn::If"),
    ("ImportValue", "Fn::ImportValue"),
    ("Join", "Fn::Join"),
    ("Ref", "Ref"),
    ("Select", "Fn::Select"),
    ("Split", "Fn::Split"),
    ("Sub", "Fn::Sub"),
];

/// The function that a tag is short for.
fn function(tag: &Tag) -> Option<&'static str> {
    let known = FUNCTIONS.iter().find(|(short, _)| *short == tag.suffix);
    known.filter(|_| tag.handle == "!").map(|(_, full)| *full)
}

/// A node under the function that its tag is short for: `!Ref Table` is `{ Ref: Table }`.
fn applied(function: Option<&'static str>, node: Node) -> Node {
    let Some(name) = function else {
        return node;
    };
    let (first, last) = (node.first, node.last);
    let key = Key {
        text: name.to_owned(),
        line: first,
    };
    Node {
        value: Value::Mapping(vec![(key, Rc::new(node))]),
        first,
        last,
    }
}

enum Open {
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<(Key, Rc<Node>)>, Option<Key>),
}

struct Level {
    open: Open,
    first: u32,
    anchor: usize,
    /// The function of CloudFormation that stands before it.
    function: Option<&'static str>,
    /// Last line that anything in it has reached; an alias counts where it is written.
    reached: u32,
}

struct Builder<'t> {
    text: &'t str,
    offset: u32,
    stack: Vec<Level>,
    anchors: BTreeMap<usize, Rc<Node>>,
    root: Option<Rc<Node>>,
    error: Option<SyntaxError>,
    last: u32,
    /// Byte offsets of the lines, made for the first block scalar.
    starts: Vec<usize>,
}

impl<'t> Builder<'t> {
    fn new(offset: u32, text: &'t str) -> Self {
        Builder {
            text,
            offset,
            stack: Vec::new(),
            anchors: BTreeMap::new(),
            root: None,
            error: None,
            last: 1,
            starts: Vec::new(),
        }
    }

    fn read(&mut self) {
        for event in Parser::new_from_str(self.text) {
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
        // What ends at column 0 ends in the line before it.
        let end = span.end.line()
            - usize::from(span.end.col() == 0 && span.end.line() > span.start.line());
        let last = self.line(end).max(first);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = style != ScalarStyle::Plain;
                let null = !quoted && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL");
                let last = if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    let end = self.block_end(span.start.line(), end);
                    self.line(end)
                } else {
                    last
                };
                let value = if null && !self.wants_key() {
                    Value::Null
                } else {
                    let text = if text.contains(PAD) {
                        text.replace(PAD, "")
                    } else {
                        text.into_owned()
                    };
                    Value::Scalar { text, quoted }
                };
                self.last = last;
                let function = tag.and_then(|tag| function(&tag));
                self.add(applied(function, Node { value, first, last }), anchor);
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
                self.last = last;
                self.attach(node, first, last);
            }
            Event::SequenceStart(anchor, tag) => {
                let function = tag.and_then(|tag| function(&tag));
                self.open(Open::Sequence(Vec::new()), first, anchor, function);
            }
            Event::MappingStart(anchor, tag) => {
                let function = tag.and_then(|tag| function(&tag));
                self.open(Open::Mapping(Vec::new(), None), first, anchor, function);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // A bracket is a token of its own; the end of a block is no text.
                let bracket = span.end.index() > span.start.index();
                let reached = self.stack.last().map_or(first, |level| level.reached);
                self.close(if bracket { last.max(reached) } else { reached });
            }
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

    /// The last line of a block scalar, which the parser ends where the next token begins: blank
    /// lines and what is indented less are no part of it.
    fn block_end(&mut self, first: usize, end: usize) -> usize {
        if self.starts.is_empty() {
            self.starts.push(0);
            let ends = self.text.match_indices('\n').map(|(at, _)| at + 1);
            self.starts.extend(ends);
        }
        let line = |number: usize| {
            let start = self.starts.get(number - 1).copied().unwrap_or_default();
            let end = self.starts.get(number).copied();
            &self.text[start..end.unwrap_or(self.text.len())]
        };
        let indent = |text: &str| text.len() - text.trim_start_matches(' ').len();
        let first = first.max(1);
        let depth = indent(line(first));
        let mut last = end.max(first);
        while last > first && (line(last).trim().is_empty() || indent(line(last)) < depth) {
            last -= 1;
        }
        last
    }

    fn wants_key(&self) -> bool {
        matches!(
            self.stack.last().map(|level| &level.open),
            Some(Open::Mapping(_, None))
        )
    }

    fn open(&mut self, open: Open, first: u32, anchor: usize, function: Option<&'static str>) {
        self.stack.push(Level {
            open,
            first,
            anchor,
            function,
            reached: first,
        });
    }

    fn close(&mut self, last: u32) {
        let Some(level) = self.stack.pop() else {
            return;
        };
        let value = match level.open {
            Open::Sequence(items) => Value::Sequence(items),
            Open::Mapping(entries, _) => Value::Mapping(entries),
        };
        let first = level.first;
        let last = last.max(first);
        self.last = self.last.max(last);
        let node = applied(level.function, Node { value, first, last });
        self.add(node, level.anchor);
    }

    fn add(&mut self, node: Node, anchor: usize) {
        let (first, last) = (node.first, node.last);
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.attach(node, first, last);
    }

    /// Puts a node into what is open; `first..=last` are the lines where it is written.
    fn attach(&mut self, node: Rc<Node>, first: u32, last: u32) {
        let Some(level) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        level.reached = level.reached.max(last);
        match &mut level.open {
            Open::Sequence(items) => items.push(node),
            Open::Mapping(entries, key) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    let text = node.str().unwrap_or_default().to_owned();
                    *key = Some(Key { text, line: first });
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tags_are_functions() {
        let text = "a: !Ref Table\nb: !Sub \"${Table}-x\"\nc: !Join [\"-\", [!Ref A, b]]\nd: !GetAtt Table.Arn\ne: !secret name\n";
        let (documents, errors) = yaml(text);
        assert!(errors.is_empty());
        let root = documents.first().map(Rc::as_ref);
        let at = |path: &[&str]| root.and_then(|root| root.at(path)?.str());
        assert_eq!(at(&["a", "Ref"]), Some("Table"));
        assert_eq!(at(&["b", "Fn::Sub"]), Some("${Table}-x"));
        assert_eq!(at(&["d", "Fn::GetAtt"]), Some("Table.Arn"));
        assert_eq!(at(&["e"]), Some("name"));
        let join = root.and_then(|root| root.at(&["c", "Fn::Join"]));
        let inner = join.and_then(|join| join.items().get(1)?.items().first()?.str_of("Ref"));
        assert_eq!(inner, Some("A"));
        assert_eq!(root.and_then(|root| Some(root.get("c")?.first)), Some(3));
    }
}
