//! What a resource says of itself and of others, kept as written for the resolver to fill in.

use super::{MAX_EXPRESSION, TERRAFORM};
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

/// Arguments that are kept, by their own name, wherever they stand in the resource.
const KEPT: [&str; 44] = [
    "action_group_arn",
    "api_id",
    "arn",
    "bucket",
    "chart",
    "cluster_identifier",
    "cpu",
    "database_version",
    "desired_count",
    "domain_name",
    "endpoint",
    "engine",
    "engine_version",
    "event_source_arn",
    "filename",
    "function_name",
    "handler",
    "identifier",
    "image",
    "image_uri",
    "instance_class",
    "integration_uri",
    "lambda_function_arn",
    "load_balancer_arn",
    "max_capacity",
    "memory",
    "memory_size",
    "min_capacity",
    "multi_az",
    "name",
    "protocol",
    "push_endpoint",
    "replicas",
    "repository",
    "rest_api_id",
    "runtime",
    "source",
    "source_dir",
    "source_file",
    "target_group_arn",
    "task_definition",
    "timeout",
    "topic",
    "topic_arn",
];

/// Further ones: what has to be kept although its name is a common word.
const ALSO: [&str; 6] = [
    "definition",
    "event_bus_name",
    "listener_arn",
    "redrive_policy",
    "uri",
    "version",
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
        let kept = all || KEPT.contains(&name) || ALSO.contains(&name);
        if !kept || attribute.value.len() > MAX_EXPRESSION {
            return;
        }
        let Some(value) = secrets::keep(name, attribute.value) else {
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
        let Some(("jsonencode", inner)) = hcl::call(attribute.value) else {
            return;
        };
        let before =
            attribute.value.len() - attribute.value.split_once('(').map_or(0, |p| p.1.len());
        let opened = attribute.value.get(..before).unwrap_or_default();
        let line = attribute.lines.0 + opened.matches('\n').count() as u32;
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
        if name.is_empty() || value.len() > MAX_EXPRESSION || self.full() {
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
                None => secrets::keep(name, value)
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
    match hcl::call(value) {
        Some(("merge", inner)) => {
            let opened = value.len() - inner.len();
            let skipped = value.get(..opened).unwrap_or_default();
            let line = line + skipped.matches('\n').count() as u32;
            let arguments = hcl::arguments(inner, line).into_iter();
            arguments
                .flat_map(|(item, line)| hcl::object(item, line))
                .collect()
        }
        _ => hcl::object(value, line),
    }
}
