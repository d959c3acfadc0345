//! What a resource says of itself and of others, kept as written for the resolver to fill in.

use super::expression;
use crate::facts::{Claim, Deployable, EnvValue, FileFacts, Placed};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::hcl::{self, Attribute, Block};

/// What stands before an expression: in the key of an attribute before its path, and in the origin of
/// a variable before the expression itself.
pub(crate) const EXPRESSION: &str = "expression:";

/// Blocks inside one another beyond these, and variables beyond these, are left out.
const MAX_DEPTH: usize = 8;
const MAX_VARIABLES: usize = 200;

/// Arguments that the resolver asks for, by their own name, wherever they stand in the resource.
const KEPT: [&str; 81] = [
    "api_id",
    "arn",
    "bucket",
    "bucket_name",
    "cluster_arn",
    "cluster_identifier",
    "cluster_name",
    "code",
    "code_uri",
    "content_uri",
    "database_version",
    "db_cluster_identifier",
    "db_instance_identifier",
    "dead_letter_target_arn",
    "definition",
    "definition_body",
    "definition_substitutions",
    "definition_uri",
    "desired_count",
    "destination",
    "docker_context",
    "dockerfile",
    "domain",
    "domain_name",
    "endpoint",
    "engine",
    "engine_version",
    "event_bus_name",
    "event_source_arn",
    "family",
    "filename",
    "function",
    "function_name",
    "grant_calls",
    "grant_publishes",
    "grant_reads",
    "grant_subscribes",
    "grant_writes",
    "handler",
    "hash_key",
    "identifier",
    "image",
    "image_identifier",
    "image_uri",
    "integration_uri",
    "lambda_function_arn",
    "listener_arn",
    "load_balancer_arn",
    "memory",
    "memory_size",
    "name",
    "operation",
    "push_endpoint",
    "queue",
    "queue_name",
    "redrive_policy",
    "replicas",
    "replication_group_id",
    "rest_api_id",
    "role",
    "roles",
    "route_key",
    "runtime",
    "schedule_expression",
    "source",
    "source_arn",
    "source_dir",
    "stream_name",
    "table_name",
    "target",
    "target_arn",
    "target_group_arn",
    "task_definition",
    "timeout",
    "topic",
    "topic_arn",
    "topic_name",
    "tracing",
    "tracing_enabled",
    "uri",
    "user_pool_id",
];

/// Objects of the environment: name and value.
const VARIABLES: [&str; 4] = [
    "variables",
    "environment_variables",
    "app_settings",
    "environment",
];

/// Blocks that name a variable of the environment and what it is set to.
const NAMED: [&str; 4] = [
    "environment",
    "runtime_environment_secrets",
    "runtime_environment_variables",
    "secrets",
];

/// Reads a resource, or a call of a module, of one of the tools that make resources of a cloud.
pub(in crate::extractors) fn read(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    block: &Block<'_>,
    source: &str,
    kind: &str,
    name: &str,
) {
    let mut made = Deployable {
        source: source.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        ..Deployable::default()
    };
    let mut reader = Reader {
        file,
        made: &mut made,
        told: false,
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
    /// Whether the first of several containers was read.
    told: bool,
}

impl Reader<'_, '_, '_> {
    fn block(&mut self, block: &Block<'_>, path: &str, all: bool, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let named = || NAMED.contains(&block.kind) && block.get("name").is_some();
        if depth > 0 && (block.kind == "env" || named()) {
            self.named(block);
            return;
        }
        if depth > 0 && matches!(block.kind, "variables" | "environment_variables") {
            for entry in &block.attributes {
                self.variable(entry.name, entry.value, entry.lines.0);
            }
            return;
        }
        // Of several containers the first one is what runs.
        if block.kind == "container_definitions" {
            if self.told {
                self.sidecar(block.get("image"));
                return;
            }
            self.told = true;
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
    /// (<https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html>);
    /// modules take them by name: `{ orders = { image = … } }`, also of several that `merge` joins.
    fn containers(&mut self, attribute: &Attribute<'_>) {
        let made = hcl::call(attribute.value, attribute.lines.0);
        let all: Vec<Vec<Attribute<'_>>> = match made {
            Some(("jsonencode", inner, line)) => (hcl::list(inner, line).into_iter())
                .map(|(item, line)| hcl::object(item, line))
                .collect(),
            _ => (entries(attribute.value, attribute.lines.0).into_iter())
                .map(|named| hcl::object(named.value, named.lines.0))
                .filter(|keys| keys.iter().any(|k| k.name == "image"))
                .collect(),
        };
        for (at, keys) in all.into_iter().enumerate() {
            for key in &keys {
                let line = key.lines.0;
                match key.name {
                    "image" if at == 0 => self.attribute(key, "", false),
                    "image" => self.sidecar(Some(key)),
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

    fn sidecar(&mut self, image: Option<&Attribute<'_>>) {
        if let Some(image) = image
            && let Some(name) = hcl::literal(image.value)
        {
            let placed = self.file.placed(name.to_owned(), image.lines.0);
            self.made.sidecars.push(placed);
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
