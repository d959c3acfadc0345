//! What a resource says of itself and of others, kept as written for the resolver to fill in.

use super::{TERRAFORM, expression};
use crate::facts::{Claim, Deployable, EnvValue, FileFacts, Placed};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::hcl::{self, Attribute, Block};

/// What stands before an expression: in the key of an attribute before its path, and in the origin of
/// a variable before the expression itself.
pub(crate) const EXPRESSION: &str = "terraform:";

/// Blocks inside one another beyond these, and variables beyond these, are left out.
const MAX_DEPTH: usize = 8;
const MAX_VARIABLES: usize = 200;

/// Arguments that the resolver asks for, by their own name, wherever they stand in the resource.
const KEPT: [&str; 39] = [
    "api_id",
    "arn",
    "bucket",
    "cluster_identifier",
    "database_version",
    "definition",
    "desired_count",
    "domain_name",
    "endpoint",
    "engine",
    "engine_version",
    "event_bus_name",
    "event_source_arn",
    "family",
    "filename",
    "function_name",
    "handler",
    "identifier",
    "image",
    "image_uri",
    "integration_uri",
    "lambda_function_arn",
    "listener_arn",
    "load_balancer_arn",
    "memory",
    "memory_size",
    "name",
    "push_endpoint",
    "redrive_policy",
    "replicas",
    "rest_api_id",
    "runtime",
    "source",
    "source_dir",
    "target_group_arn",
    "task_definition",
    "topic",
    "topic_arn",
    "uri",
];

/// Objects of the environment: name and value.
const VARIABLES: [&str; 4] = [
    "variables",
    "environment_variables",
    "app_settings",
    "environment",
];

pub(super) fn read(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    block: &Block<'_>,
    kind: &str,
    name: &str,
) {
    let mut made = Deployable {
        source: TERRAFORM.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        ..Deployable::default()
    };
    let mut reader = Reader {
        file,
        made: &mut made,
    };
    // A module is given whatever it asks for.
    let all = block.kind == "module";
    reader.block(block, "", all, 0);
    let (first, last) = block.lines;
    acc.add(file, first, last, Claim::Deployable(Box::new(made)));
}

struct Reader<'f, 't, 'd> {
    file: &'f SourceFile<'t>,
    made: &'d mut Deployable,
}

impl Reader<'_, '_, '_> {
    fn block(&mut self, block: &Block<'_>, path: &str, all: bool, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        if block.kind == "env" && depth > 0 {
            self.named(block);
            return;
        }
        for attribute in &block.attributes {
            self.attribute(attribute, path, all);
        }
        for inner in &block.blocks {
            // `dynamic "env" { content { … } }` makes blocks of its label.
            let kind = match (inner.kind, inner.labels.first()) {
                ("dynamic", Some(label)) => label,
                _ => inner.kind,
            };
            let below = match path {
                "" => kind.to_owned(),
                _ => format!("{path}.{kind}"),
            };
            self.block(inner, &below, false, depth + 1);
        }
    }

    fn attribute(&mut self, attribute: &Attribute<'_>, path: &str, all: bool) {
        let (name, line) = (attribute.name, attribute.lines.0);
        if VARIABLES.contains(&name) {
            for entry in entries(attribute.value, line) {
                self.variable(entry.name, entry.value, entry.lines.0);
            }
            return;
        }
        if name.contains("container_definitions") {
            self.containers(attribute);
            return;
        }
        let kept = all || KEPT.contains(&name);
        let Some(value) = expression(name, attribute.value).filter(|_| kept) else {
            return;
        };
        let key = match path {
            "" => format!("{EXPRESSION}{name}"),
            _ => format!("{EXPRESSION}{path}.{name}"),
        };
        let (first, last) = attribute.lines;
        let at = self.file.evidence(first, last);
        self.made.attributes.push((key, Placed { value, at }));
    }

    /// `env { name = "A" value = … }`.
    fn named(&mut self, block: &Block<'_>) {
        let Some(name) = block.get("name").and_then(|a| hcl::literal(a.value)) else {
            return;
        };
        match block.get("value") {
            Some(value) => self.variable(name, value.value, value.lines.0),
            None => self.secret(name, block.lines.0),
        }
    }

    /// `jsonencode([{ name = …, image = …, environment = [{ name = "A", value = … }] }])`
    /// (<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html>).
    fn containers(&mut self, attribute: &Attribute<'_>) {
        let made = hcl::call(attribute.value, attribute.lines.0);
        let Some(("jsonencode", inner, line)) = made else {
            return;
        };
        for (at, (item, line)) in hcl::list(inner, line).into_iter().enumerate() {
            let keys = hcl::object(item, line);
            for key in &keys {
                let line = key.lines.0;
                match key.name {
                    "image" if at == 0 => self.attribute(key, "", false),
                    "image" => {
                        if let Some(image) = hcl::literal(key.value) {
                            let placed = self.file.placed(image.to_owned(), line);
                            self.made.sidecars.push(placed);
                        }
                    }
                    "environment" if at == 0 => {
                        for (pair, line) in hcl::list(key.value, line) {
                            let pair = hcl::object(pair, line);
                            let part = |name: &str| pair.iter().find(|k| k.name == name);
                            if let Some(name) = part("name").and_then(|k| hcl::literal(k.value))
                                && let Some(value) = part("value")
                            {
                                self.variable(name, value.value, value.lines.0);
                            }
                        }
                    }
                    "secrets" if at == 0 => {
                        for (pair, line) in hcl::list(key.value, line) {
                            let pair = hcl::object(pair, line);
                            let name = pair.iter().find(|k| k.name == "name");
                            if let Some(name) = name.and_then(|k| hcl::literal(k.value)) {
                                self.secret(name, line);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn variable(&mut self, name: &str, value: &str, line: u32) {
        if name.is_empty() || self.full() {
            return;
        }
        let at = self.file.evidence(line, line);
        let secret = secrets::is_secret_name(name);
        let literal = hcl::literal(value);
        self.made.env.push(EnvValue {
            name: name.to_owned(),
            value: literal.and_then(|v| secrets::keep(name, v)),
            from: match literal {
                Some(_) => None,
                // A text with a password in it is no reference.
                None => expression(name, value)
                    .filter(|_| !value.starts_with('"') || !secret)
                    .map(|v| format!("{EXPRESSION}{v}")),
            },
            secret,
            at,
        });
    }

    fn secret(&mut self, name: &str, line: u32) {
        if self.full() {
            return;
        }
        self.made.env.push(EnvValue {
            name: name.to_owned(),
            value: None,
            from: Some("secret:".to_owned()),
            secret: true,
            at: self.file.evidence(line, line),
        });
    }

    fn full(&self) -> bool {
        self.made.env.len() >= MAX_VARIABLES
    }
}

/// The keys of an object, also of several that `merge` joins.
fn entries(value: &str, line: u32) -> Vec<Attribute<'_>> {
    match hcl::call(value, line) {
        Some(("merge", inner, line)) => hcl::arguments(inner, line)
            .into_iter()
            .flat_map(|(item, line)| hcl::object(item, line))
            .collect(),
        _ => hcl::object(value, line),
    }
}
