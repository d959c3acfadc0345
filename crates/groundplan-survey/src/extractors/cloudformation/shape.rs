//! Properties of CloudFormation in the form that resources of Terraform have, so that one reader and
//! one resolver serve both.
//!
//! Names of properties become words with `_` between them (`EventSourceArn` is `event_source_arn`),
//! functions become expressions: `!Ref Stage` is `var.Stage` where `Stage` is a parameter and
//! `resource.Stage` where it is a resource, `!Sub "${Stage}-orders"` is `"${var.Stage}-orders"`.

use groundplan_syntax::hcl::{Attribute, Block};
use groundplan_syntax::{Node, Value};
use std::collections::BTreeSet;

/// Properties inside one another beyond these, and items of one list beyond these, are left out.
const MAX_DEPTH: usize = 16;
const MAX_ITEMS: usize = 200;

/// Longest expression that is made, in bytes.
const MAX_TEXT: usize = 2_000;

/// A block or an argument of a resource, before it is borrowed by a [`Block`].
#[derive(Debug, Default)]
pub(in crate::extractors) struct Shape {
    name: String,
    /// The expression of an argument.
    value: Option<String>,
    lines: (u32, u32),
    inner: Vec<Shape>,
}

impl Shape {
    /// A block.
    pub(in crate::extractors) fn new(name: &str, lines: (u32, u32)) -> Self {
        Shape {
            name: name.to_owned(),
            lines,
            ..Shape::default()
        }
    }

    /// Adds a block inside, unless it is empty.
    pub(in crate::extractors) fn nest(&mut self, inner: Shape) {
        if !inner.inner.is_empty() {
            self.inner.push(inner);
        }
    }

    /// Adds an argument, unless it is there.
    pub(in crate::extractors) fn set(&mut self, name: &str, value: String, lines: (u32, u32)) {
        if self.inner.iter().any(|known| known.name == name) {
            return;
        }
        self.add(name, value, lines);
    }

    /// Adds an argument, also beside another of its name.
    pub(in crate::extractors) fn add(&mut self, name: &str, value: String, lines: (u32, u32)) {
        self.inner.push(Shape {
            name: name.to_owned(),
            value: Some(value),
            lines,
            inner: Vec::new(),
        });
    }

    /// The block that it is.
    pub(in crate::extractors) fn block(&self) -> Block<'_> {
        let mut block = Block {
            kind: &self.name,
            lines: self.lines,
            ..Block::default()
        };
        for inner in &self.inner {
            match &inner.value {
                Some(value) => block.attributes.push(Attribute {
                    name: &inner.name,
                    value,
                    lines: inner.lines,
                }),
                None => block.blocks.push(inner.block()),
            }
        }
        block
    }
}

/// What names in a template mean.
#[derive(Default)]
pub(in crate::extractors) struct Scope<'n> {
    parameters: BTreeSet<&'n str>,
    stacks: BTreeSet<&'n str>,
    /// The descriptor whose own values `${self:…}` stands for.
    service: Option<&'n Node>,
}

impl<'n> Scope<'n> {
    /// The names of a template.
    pub(in crate::extractors) fn of(root: &'n Node) -> Self {
        let names = |key: &str| {
            let all = root.get(key).map(Node::entries).unwrap_or_default();
            all.into_iter()
        };
        let parameters = names("Parameters").map(|(key, _)| key.text.as_str());
        let is_stack = |node: &Node| {
            let kind = node.str_of("Type").unwrap_or_default();
            matches!(
                kind,
                "AWS::CloudFormation::Stack" | "AWS::Serverless::Application"
            )
        };
        let stacks = names("Resources").filter(|(_, node)| is_stack(node));
        Scope {
            parameters: parameters.collect(),
            stacks: stacks.map(|(key, _)| key.text.as_str()).collect(),
            service: None,
        }
    }

    /// The names of a descriptor of the Serverless Framework, where any name is a resource
    /// (<https://www.serverless.com/framework/docs/guides/variables>).
    pub(in crate::extractors) fn of_service(root: &'n Node) -> Self {
        Scope {
            service: Some(root),
            ..Scope::default()
        }
    }

    /// A text with `${self:…}` filled in; other variables become references to nothing.
    fn own(&self, text: &str, depth: usize) -> String {
        let Some(root) = self
            .service
            .filter(|_| text.contains("${") && depth < MAX_DEPTH)
        else {
            return text.to_owned();
        };
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some((inner, behind)) = closing(after) else {
                break;
            };
            rest = behind;
            // Names of resources inside of `Fn::Sub` are no variables of the framework.
            if !inner.contains([':', '(']) || inner.starts_with("AWS::") {
                out.push_str(&format!("${{{inner}}}"));
                continue;
            }
            let own = inner.split(',').next().unwrap_or(inner).trim();
            let path: Option<Vec<&str>> = own.strip_prefix("self:").map(|p| p.split('.').collect());
            let found = path.and_then(|path| match path.as_slice() {
                ["service"] => {
                    let node = root.get("service")?;
                    node.str().or_else(|| node.str_of("name"))
                }
                path => root.at(path)?.str(),
            });
            if let Some(name) = own.strip_prefix("ssm:") {
                let name = name.split('~').next().unwrap_or(name);
                out.push_str(&format!("${{shared.{}}}", shared(name)));
            } else {
                match found {
                    Some(text) if text != inner => out.push_str(&self.own(text, depth + 1)),
                    _ => {
                        let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                        let word: String = own.chars().map(word).collect();
                        out.push_str(&format!("${{sls.{word}}}"));
                    }
                }
            }
            if out.len() > MAX_TEXT {
                break;
            }
        }
        out.push_str(rest);
        out
    }

    /// Adds the properties of a mapping to a block.
    pub(in crate::extractors) fn fill(&self, into: &mut Shape, node: &Node, depth: usize) {
        let Value::Mapping(entries) = &node.value else {
            return;
        };
        // Names of variables are no words of the template.
        let verbatim = matches!(into.name.as_str(), "variables" | "environment_variables");
        for (key, value) in entries.iter().take(MAX_ITEMS) {
            match verbatim {
                true => self.put(into, &key.text, value, depth),
                false => self.put(into, &snake(&key.text), value, depth),
            }
        }
    }

    /// Adds the properties of a mapping to a block that has its own: what is there stays, and blocks
    /// inside are joined.
    pub(in crate::extractors) fn fill_up(&self, into: &mut Shape, node: &Node) {
        let mut given = Shape::new(&into.name, into.lines);
        self.fill(&mut given, node, 0);
        join(into, given);
    }

    /// Adds one property under the name that it shall have.
    pub(in crate::extractors) fn put(
        &self,
        into: &mut Shape,
        name: &str,
        node: &Node,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        let lines = (node.first, node.last);
        let list = |node: &Node| {
            node.items()
                .iter()
                .any(|item| item.is_mapping() && function(item).is_none())
        };
        if node.is_mapping() && function(node).is_none() {
            let mut block = Shape::new(name, lines);
            self.fill(&mut block, node, depth + 1);
            into.inner.push(block);
        } else if list(node) {
            for item in node.items().iter().take(MAX_ITEMS) {
                let mut block = Shape::new(name, (item.first, item.last));
                self.fill(&mut block, item, depth + 1);
                into.inner.push(block);
            }
        } else if let Some(value) = self.expression(node, depth) {
            into.set(name, value, lines);
        }
    }

    /// The expression that a value is.
    pub(in crate::extractors) fn expression(&self, node: &Node, depth: usize) -> Option<String> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &node.value {
            Value::Null => None,
            Value::Scalar { text, .. } => self.text(text),
            Value::Sequence(_) => self.all(node, depth),
            Value::Mapping(_) => match function(node) {
                Some((name, argument)) => self.applied(name, argument, depth + 1),
                None => self.all(node, depth),
            },
        }
    }

    /// A text, with what it asks the parameter store for
    /// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>).
    fn text(&self, text: &str) -> Option<String> {
        let filled = self.own(text, 0);
        let text = filled.as_str();
        if let Some((before, rest)) = text.split_once("{{resolve:ssm:")
            && let Some((name, after)) = rest.split_once("}}")
        {
            let name = name.split(':').next().unwrap_or(name);
            let asked = format!("shared.{}", shared(name));
            return match (before, after) {
                ("", "") => Some(asked),
                _ => quoted(&format!("{before}${{{asked}}}{after}")),
            };
        }
        quoted(text)
    }

    /// What stands in a list or a mapping: only what it refers to counts.
    fn all(&self, node: &Node, depth: usize) -> Option<String> {
        let mut found: Vec<String> = Vec::new();
        let mut add = |node: &Node| {
            if let Some(one) = self.expression(node, depth + 1)
                && found.iter().map(String::len).sum::<usize>() < MAX_TEXT
            {
                found.push(one);
            }
        };
        match &node.value {
            Value::Sequence(items) => items.iter().take(MAX_ITEMS).for_each(|n| add(n)),
            Value::Mapping(entries) => (entries.iter().take(MAX_ITEMS)).for_each(|(_, n)| add(n)),
            _ => {}
        }
        (!found.is_empty()).then(|| format!("[{}]", found.join(", ")))
    }

    fn applied(&self, name: &str, argument: &Node, depth: usize) -> Option<String> {
        match name {
            "Ref" => Some(self.name(argument.str()?)),
            "Fn::GetAtt" => {
                let parts: Vec<&str> = match argument.str() {
                    Some(text) => text.split('.').collect(),
                    None => argument
                        .strings()
                        .into_iter()
                        .map(|(text, _)| text)
                        .collect(),
                };
                self.attribute(&parts.join("."))
            }
            "Fn::Sub" => self.substituted(argument, depth),
            "Fn::Join" => self.joined(argument, depth),
            "Fn::ImportValue" => {
                let name = self.expression(argument, depth)?;
                Some(format!("shared.{}", shared(&name)))
            }
            "Fn::If" => {
                let ways = argument.items().get(1..)?;
                let mut told: Vec<String> = ways
                    .iter()
                    .filter_map(|way| self.expression(way, depth))
                    .filter(|way| way != "aws.NoValue")
                    .collect();
                told.dedup();
                match told.len() {
                    0 => None,
                    1 => told.pop(),
                    _ => Some(format!("[{}]", told.join(", "))),
                }
            }
            _ => self.all(argument, depth),
        }
    }

    /// What a plain name refers to.
    fn name(&self, name: &str) -> String {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return format!("aws.{pseudo}");
        }
        match self.parameters.contains(name) {
            true => format!("var.{name}"),
            false => format!("resource.{name}"),
        }
    }

    /// What `Table.Arn` refers to; outputs of nested stacks have a word more.
    fn attribute(&self, path: &str) -> Option<String> {
        let (name, attribute) = path.split_once('.')?;
        if self.stacks.contains(name) {
            let output = attribute.strip_prefix("Outputs.")?;
            return Some(format!("module.{name}.{output}"));
        }
        Some(format!("resource.{name}.{attribute}"))
    }

    fn substituted(&self, argument: &Node, depth: usize) -> Option<String> {
        let (text, own) = match argument.items() {
            [text, own] => (text.str()?, Some(own)),
            _ => (argument.str()?, None),
        };
        let filled = self.own(text, 0);
        let mut out = String::new();
        let mut rest = filled.as_str();
        while let Some((before, after)) = rest.split_once("${") {
            let Some((inner, behind)) = after.split_once('}') else {
                break;
            };
            out.push_str(before);
            rest = behind;
            if inner.starts_with("sls.") || inner.starts_with("shared.") {
                out.push_str(&format!("${{{inner}}}"));
                continue;
            }
            if inner.starts_with('!') {
                continue;
            }
            let given = own.and_then(|own| own.get(inner));
            let put = match given {
                Some(node) => self.expression(node, depth).unwrap_or_default(),
                None if inner.contains('.') => self.attribute(inner).unwrap_or_default(),
                None => self.name(inner),
            };
            match put.strip_prefix('"').and_then(|p| p.strip_suffix('"')) {
                Some(literal) => out.push_str(literal),
                None => out.push_str(&format!("${{{put}}}")),
            }
        }
        out.push_str(rest);
        self.text(&out)
    }

    fn joined(&self, argument: &Node, depth: usize) -> Option<String> {
        let [between, list] = argument.items() else {
            return self.all(argument, depth);
        };
        let (between, items) = (between.str().unwrap_or_default(), list.items());
        if items.is_empty() {
            return self.all(list, depth);
        }
        let mut out = String::new();
        for (at, item) in items.iter().take(MAX_ITEMS).enumerate() {
            if at > 0 {
                out.push_str(between);
            }
            let put = self.expression(item, depth)?;
            match put.strip_prefix('"').and_then(|p| p.strip_suffix('"')) {
                Some(literal) => out.push_str(literal),
                None => out.push_str(&format!("${{{put}}}")),
            }
        }
        quoted(&out)
    }
}

/// Adds to a block what another has beyond it.
fn join(into: &mut Shape, given: Shape) {
    for one in given.inner {
        let known = into.inner.iter_mut().find(|known| known.name == one.name);
        match known {
            Some(known) if known.value.is_none() && one.value.is_none() => join(known, one),
            Some(_) => {}
            None => into.inner.push(one),
        }
    }
}

/// What stands before the bracket that closes, and what behind it; variables may hold others.
fn closing(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The only key of a mapping that is a function, with what it is applied to.
fn function(node: &Node) -> Option<(&str, &Node)> {
    let Value::Mapping(entries) = &node.value else {
        return None;
    };
    let [(key, argument)] = entries.as_slice() else {
        return None;
    };
    let known = key.text == "Ref" || key.text.starts_with("Fn::");
    known.then_some((key.text.as_str(), argument.as_ref()))
}

/// A text in quotes; `None` where it could not be told from an expression.
pub(in crate::extractors) fn quoted(text: &str) -> Option<String> {
    let plain = !text.contains(['"', '\\', '\n']) && text.len() <= MAX_TEXT;
    plain.then(|| format!("\"{text}\""))
}

/// The name under which stacks know an export or a parameter of the store, as one word: what is
/// filled in tells nothing, since it is another in each environment.
pub(in crate::extractors) fn shared(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name.trim_matches('"');
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        out.push('-');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    let word = |c: char| match c.is_ascii_alphanumeric() {
        true => c,
        false => '-',
    };
    let word: String = out.chars().map(word).collect();
    word.trim_matches('-').to_owned()
}

/// `EventSourceArn` as `event_source_arn`; what is not written in that way stays as it is.
pub(crate) fn snake(name: &str) -> String {
    let bytes = name.as_bytes();
    let pascal = bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().any(u8::is_ascii_lowercase)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !pascal {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 6);
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let lower =
            |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if byte.is_ascii_uppercase()
            && at > 0
            && (lower(before) || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase))
        {
            out.push('_');
        }
        out.push(byte.to_ascii_lowercase() as char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{shared, snake};

    #[test]
    fn names_become_words() {
        assert_eq!(snake("EventSourceArn"), "event_source_arn");
        assert_eq!(snake("SSEAlgorithm"), "sse_algorithm");
        assert_eq!(snake("RestApiId"), "rest_api_id");
        assert_eq!(snake("TABLE_NAME"), "TABLE_NAME");
        assert_eq!(snake("deadLetterTargetArn"), "dead_letter_target_arn");
    }

    #[test]
    fn shared_names_leave_out_what_is_filled_in() {
        assert_eq!(shared("\"/shop/${var.Stage}/bus/name\""), "shop---bus-name");
        assert_eq!(shared("${aws.StackName}-VpcId"), "VpcId");
    }
}
