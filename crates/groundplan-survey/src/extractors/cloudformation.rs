//! Templates of AWS CloudFormation and AWS SAM.

pub(super) mod sam;
pub(crate) mod shape;

use crate::extractor::{Extractor, Reads};
use crate::extractors::terraform::{expression, mark, marks, parts, resource};
use crate::facts::{Claim, FileFacts, ModuleValue, ValueKind};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::{Node, Value, hcl};
use shape::{Scope, Shape};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cloudformation",
    docs: "\
### What it finds
Resources of templates of CloudFormation and of AWS SAM, in YAML with short tags (`!Ref`, `!Sub`,
`!GetAtt`) and in JSON: stores, queues, topics, buses, functions, services of containers, gateways,
state machines, with images, engines, sizes, runtimes, folders of code and variables of the
environment. What joins them: event source mappings, subscriptions, integrations, listeners, targets
of rules, notifications of buckets, events of SAM, and what policies let a function do with a table, a
queue, a topic or a bucket. Parameters with their defaults, outputs, exports and parameters of the
parameter store by which one stack hands values to another, and nested stacks. Schedules, alarms,
dashboards, backups, encryption, certificates, roles and how long logs are kept.

### What it does not find
Macros, values of parameters that are given when a stack is made, mappings, conditions, templates
that a program writes, and definitions of an interface in a file of its own.
",
    reads: &[Reads::Paths(&["*.yaml", "*.yml", "*.json", "*.template"])],
    markers: &["AWS::"],
    run: extract,
};

/// Source of what CloudFormation makes.
pub(crate) const CLOUDFORMATION: &str = "cloudformation";

/// Resources of one template beyond these are left out; the service itself allows 500.
const MAX_RESOURCES: usize = 500;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        let own = |node: &Node| {
            let kind = node.str_of("Type").unwrap_or_default();
            kind.starts_with("AWS::") || kind.starts_with("Custom::")
        };
        let resources = root.get("Resources");
        let known = resources.is_some_and(|all| all.entries().iter().any(|(_, one)| own(one)));
        if known {
            template(acc, file, root, CLOUDFORMATION);
        }
    }
}

/// Reads a whole template.
fn template(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, source: &str) {
    let scope = Scope::of(root);
    for (key, parameter) in root.get("Parameters").iter().flat_map(|n| n.entries()) {
        let hidden = parameter.get("NoEcho").and_then(Node::truth) == Some(true);
        let kind = parameter.str_of("Type").unwrap_or_default();
        let default = parameter.get("Default").filter(|_| !hidden);
        // What the type of a parameter looks up has another template put into the store.
        let value = match default.and_then(Node::str) {
            Some(name) if kind.starts_with("AWS::SSM::Parameter::") => {
                Some(format!("shared.{}", shape::shared(name)))
            }
            Some(text) => secrets::keep(&key.text, text).and_then(|text| shape::quoted(&text)),
            None => None,
        };
        let claim = ModuleValue {
            kind: ValueKind::Variable,
            name: key.text.clone(),
            value,
        };
        let last = parameter.last.max(key.line);
        acc.add(file, key.line, last, Claim::ModuleValue(claim));
    }
    outputs(acc, file, root, &scope);
    if let Some(all) = root.get("Resources") {
        resources(acc, file, root, all, &scope, source);
    }
}

/// Reads what a template gives to those who call it, and what it exports.
pub(super) fn outputs(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, scope: &Scope<'_>) {
    for (key, output) in root.get("Outputs").iter().flat_map(|n| n.entries()) {
        let Some(value) = output.get("Value") else {
            continue;
        };
        let value = scope.expression(value, 0);
        let export = output.at(&["Export", "Name"]);
        let lines = (key.line, output.last.max(key.line));
        hand_over(
            acc,
            file,
            ValueKind::Output,
            &key.text,
            value.clone(),
            lines,
        );
        if let Some(name) = export.and_then(|n| scope.expression(n, 0)) {
            let name = shape::shared(&name);
            hand_over(acc, file, ValueKind::Shared, &name, value, lines);
        }
    }
}

/// A value that another template may ask for.
fn hand_over(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    kind: ValueKind,
    name: &str,
    value: Option<String>,
    (first, last): (u32, u32),
) {
    // What refers to nothing joins nothing, and may be a secret.
    let value = value.filter(|value| !hcl::references(value).is_empty());
    let claim = ModuleValue {
        kind,
        name: name.to_owned(),
        value: value.and_then(|value| expression(name, &value)),
    };
    acc.add(file, first, last, Claim::ModuleValue(claim));
}

/// Reads the resources of a template, also those that a descriptor of another tool brings along.
pub(super) fn resources(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    root: &Node,
    all: &Node,
    scope: &Scope<'_>,
    source: &str,
) {
    let globals = root.get("Globals");
    let mut implied = sam::Implied::default();
    for (key, node) in all.entries().into_iter().take(MAX_RESOURCES) {
        let Some(kind) = node.str_of("Type") else {
            continue;
        };
        let lines = (key.line, node.last.max(key.line));
        let name = key.text.as_str();
        if matches!(
            kind,
            "AWS::CloudFormation::Stack" | "AWS::Serverless::Application"
        ) {
            nested(acc, file, scope, node, source, name, lines);
            continue;
        }
        let mut shape = Shape::new("resource", lines);
        if let Some(own) = node.get("Properties") {
            scope.fill(&mut shape, own, 0);
        }
        // What holds for all functions is told once, below.
        marks::read(acc, file, &shape.block(), kind, name);
        if let Some(given) = globals.and_then(|g| sam::defaults(g, kind)) {
            scope.fill_up(&mut shape, given);
        }
        if let Some(image) = node
            .get("Metadata")
            .filter(|n| n.get("DockerContext").is_some())
        {
            scope.fill(&mut shape, image, 0);
        }
        sam::grants(scope, node, &mut shape);
        let block = shape.block();
        resource(acc, file, &block, kind, name);
        parts::read(acc, file, &block, source, kind, name);
        if kind == "AWS::SSM::Parameter"
            && let Some(own) = node.get("Properties")
            && let (Some(name), Some(value)) = (own.get("Name"), own.get("Value"))
            && let Some(name) = scope.expression(name, 0)
        {
            let value = scope.expression(value, 0);
            let name = shape::shared(&name);
            hand_over(acc, file, ValueKind::Shared, &name, value, lines);
        }
        if kind.starts_with("AWS::Serverless::") {
            sam::events(acc, file, scope, node, source, name, &mut implied);
        }
    }
    for (key, given) in globals.iter().flat_map(|g| g.entries()) {
        let mut shape = Shape::new("resource", (key.line, given.last.max(key.line)));
        scope.fill(&mut shape, given, 0);
        let kind = format!("AWS::Serverless::{}", key.text);
        marks::read(
            acc,
            file,
            &shape.block(),
            &kind,
            &format!("Globals.{}", key.text),
        );
    }
    implied.add(acc, file, source);
}

/// A stack inside a stack: a call of the template that it names.
fn nested(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    scope: &Scope<'_>,
    node: &Node,
    source: &str,
    name: &str,
    lines: (u32, u32),
) {
    let properties = node.get("Properties");
    let place = |key: &str| properties.and_then(|p| p.get(key));
    let Some(place) = place("TemplateURL").or_else(|| place("Location")) else {
        return;
    };
    let Some(written) = scope.expression(place, 0) else {
        return;
    };
    let text = written.trim_matches('"');
    // A template in a bucket is known by what stands behind the bucket.
    let path = match text.rsplit_once('}') {
        Some((_, rest)) => rest.trim_start_matches('/'),
        None => match text.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
            None => text,
        },
    };
    let named = [".yaml", ".yml", ".json", ".template"];
    if !named.iter().any(|end| path.ends_with(end)) {
        mark(
            acc,
            file,
            &Shape::new("resource", lines).block(),
            "AWS::CloudFormation::Stack".to_owned(),
            name.to_owned(),
        );
        return;
    }
    let mut shape = Shape::new("module", lines);
    if let Some(Value::Mapping(given)) = properties
        .and_then(|p| p.get("Parameters"))
        .map(|n| &n.value)
    {
        for (key, value) in given {
            scope.put(&mut shape, &key.text, value, 0);
        }
    }
    let path = match path.starts_with('.') {
        true => path.to_owned(),
        false => format!("./{path}"),
    };
    parts::read(acc, file, &shape.block(), source, &path, name);
}
