//! Functions and resources of the Serverless Framework.

use crate::extractor::{Extractor, Reads};
use crate::extractors::SERVERLESS;
use crate::extractors::cloudformation::{outputs, resources, sam, shape};
use crate::extractors::terraform::{parts, resource};
use crate::facts::{Claim, FileFacts, ModuleValue, ValueKind};
use crate::source::SourceFile;
use groundplan_syntax::{Node, Value};
use shape::{Scope, Shape};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "serverless",
    docs: "\
### What it finds
Functions of `serverless.yml` with handler, runtime, memory, image and variables of the environment;
what wakes them (`http`, `httpApi`, `websocket`, `sqs`, `sns`, `stream`, `s3`, `schedule`,
`eventBridge`, `msk`, `kafka`, `activemq`, `rabbitmq`, `cognitoUserPool`) with the gateway, topics and
buckets that these make; what the statements of the role allow; the resources of CloudFormation under
`resources`, also in files beside it. `${self:…}` is filled in from the same file.

### What it does not find
Variables of other files, what plugins add, `serverless.ts`, functions in files of their own, and events
of clouds other than AWS.
",
    reads: &[Reads::Paths(&[
        "serverless.yml",
        "serverless.yaml",
        "serverless.json",
    ])],
    markers: &["provider"],
    run: extract,
};

/// Functions beyond these, and events of one of them beyond these, are left out.
const MAX_FUNCTIONS: usize = 300;
const MAX_EVENTS: usize = 60;

/// Resources that an event makes: kind and name, with the first place that asks for one.
type Made = BTreeMap<(&'static str, String), (u32, u32)>;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        let provider = root.get("provider");
        let cloud = match provider {
            Some(node) => node.str_of("name").or_else(|| node.str()),
            None => continue,
        };
        let Some(cloud) = cloud.filter(|_| root.get("service").is_some()) else {
            continue;
        };
        let functions = root.get("functions").map(Node::entries).unwrap_or_default();
        let kind = match cloud {
            "aws" => "AWS::Lambda::Function",
            "google" => "google_cloudfunctions_function",
            "azure" => "azurerm_function_app",
            _ => continue,
        };
        service(acc, file, root);
        let scope = Scope::of_service(root);
        let mut made = Made::new();
        for (key, function) in functions.into_iter().take(MAX_FUNCTIONS) {
            if !function.is_mapping() {
                continue;
            }
            let lines = (key.line, function.last.max(key.line));
            let name = key.text.as_str();
            let mut shape = Shape::new("resource", lines);
            describe(&scope, root, function, &mut shape, lines);
            let block = shape.block();
            resource(acc, file, &block, kind, name);
            parts::read(acc, file, &block, SERVERLESS, kind, name);
            let events = function.get("events").map(Node::items).unwrap_or_default();
            for event in events.iter().take(MAX_EVENTS).filter(|_| cloud == "aws") {
                wake(acc, file, &scope, name, event, &mut made);
            }
        }
        for ((kind, name), lines) in made {
            let mut shape = Shape::new("resource", lines);
            if let Some(text) = shape::quoted(&name) {
                shape.set("name", text, lines);
            }
            parts::read(acc, file, &shape.block(), SERVERLESS, kind, &name);
        }
        if let Some(given) = root.get("resources") {
            let lists = match given.items() {
                [] => vec![given],
                all => all.iter().map(|n| n.as_ref()).collect(),
            };
            for given in lists {
                outputs(acc, file, given, &scope);
                if let Some(all) = given.get("Resources") {
                    resources(acc, file, root, all, &scope, SERVERLESS);
                }
            }
        }
    }
}

/// The name of the service, which is that of its stack.
fn service(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let Some(node) = root.get("service") else {
        return;
    };
    let name = node.str().or_else(|| node.str_of("name"));
    if let Some(name) = name.filter(|n| !n.contains('$')) {
        let claim = ModuleValue {
            kind: ValueKind::Local,
            name: "service".to_owned(),
            value: shape::quoted(name),
        };
        acc.add(file, node.first, node.last, Claim::ModuleValue(claim));
    }
}

/// What a function is given: its own settings, then those of the provider.
fn describe(scope: &Scope<'_>, root: &Node, function: &Node, shape: &mut Shape, lines: (u32, u32)) {
    let provider = root.get("provider");
    let given = |key: &str| {
        let of_all = || provider.and_then(|p| p.get(key));
        function.get(key).or_else(of_all)
    };
    shape.set("code_uri", "\"./\"".to_owned(), lines);
    for (key, name) in [
        ("handler", "handler"),
        ("runtime", "runtime"),
        ("memorySize", "memory_size"),
    ] {
        if let Some(node) = given(key)
            && let Some(value) = scope.expression(node, 0)
        {
            shape.set(name, value, (node.first, node.last));
        }
    }
    if let Some(image) = function.get("image") {
        let node = image.get("uri").unwrap_or(image);
        let named = node.str().filter(|text| text.contains(['/', ':']));
        if let Some(value) = named.and_then(|_| scope.expression(node, 0)) {
            shape.set("image", value, (node.first, node.last));
        }
    }
    let mut environment = Shape::new("variables", lines);
    for of in [
        function.get("environment"),
        provider.and_then(|p| p.get("environment")),
    ] {
        for (key, value) in of.iter().flat_map(|n| n.entries()) {
            scope.put(&mut environment, &key.text, value, 0);
        }
    }
    shape.nest(environment);
    let mut found = Vec::new();
    let statements = [
        function.get("iamRoleStatements"),
        provider.and_then(|p| p.get("iamRoleStatements")),
        provider.and_then(|p| p.at(&["iam", "role", "statements"])),
    ];
    for statement in statements.iter().flatten().flat_map(|n| n.items()).take(60) {
        sam::statement_grants(scope, statement, &mut found);
    }
    for (verb, value, lines) in found.into_iter().take(60) {
        shape.add(&format!("grant_{verb}"), value, lines);
    }
}

/// One event of a function
/// (<https://www.serverless.com/framework/docs/providers/aws/guide/events>).
fn wake(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    scope: &Scope<'_>,
    function: &str,
    event: &Node,
    made: &mut Made,
) {
    let Value::Mapping(entries) = &event.value else {
        return;
    };
    for (key, given) in entries {
        let lines = (key.line, given.last.max(key.line));
        let waker = sam::Waker {
            source: SERVERLESS,
            function,
            name: format!("{function}-{}", key.line),
            lines,
        };
        let of = |names: &[&str]| {
            let found = names.iter().find_map(|name| given.get(name));
            found.and_then(|n| scope.expression(n, 0))
        };
        let whole = || match function_or_text(given) {
            true => scope.expression(given, 0),
            false => None,
        };
        match key.text.as_str() {
            "http" | "httpApi" | "websocket" => {
                let (kind, name) = match key.text.as_str() {
                    "http" => ("AWS::ApiGateway::RestApi", "ApiGatewayRestApi"),
                    "httpApi" => ("AWS::ApiGatewayV2::Api", "HttpApi"),
                    _ => ("AWS::ApiGatewayV2::Api", "WebsocketsApi"),
                };
                made.entry((kind, name.to_owned())).or_insert(lines);
                let (method, path) = match given.str() {
                    Some("*") => ("*", "/"),
                    Some(text) => text.split_once(' ').unwrap_or(("", text)),
                    None => {
                        let path = given.str_of("path").or_else(|| given.str_of("route"));
                        let method = given.str_of("method").unwrap_or_default();
                        (method, path.unwrap_or_default())
                    }
                };
                let path = path.trim();
                let path = match path.starts_with('/') || key.text == "websocket" {
                    true => path.to_owned(),
                    false => format!("/{path}"),
                };
                waker.answers(acc, file, format!("resource.{name}"), method, &path);
            }
            "sqs" | "stream" | "msk" | "activemq" | "rabbitmq" | "kafka" => {
                if let Some(from) = of(&["arn"]).or_else(whole) {
                    waker.fetches(acc, file, from);
                }
            }
            "sns" => {
                let named = given.str().or_else(|| given.str_of("topicName"));
                let topic = match named.filter(|n| !n.contains([':', '$'])) {
                    Some(name) if given.get("arn").is_none() => {
                        made.entry(("AWS::SNS::Topic", name.to_owned()))
                            .or_insert(lines);
                        Some(format!("resource.{name}"))
                    }
                    _ => of(&["arn"]).or_else(whole),
                };
                if let Some(topic) = topic {
                    waker.subscribes(acc, file, topic);
                }
            }
            "s3" => {
                if let Some(bucket) = of(&["bucket"]).or_else(whole) {
                    waker.notified(acc, file, bucket);
                }
            }
            "eventBridge" | "cloudwatchEvent" => {
                if let Some(bus) = of(&["eventBus"]) {
                    let types = given.at(&["pattern", "detail-type"]);
                    let types = types.map(Node::strings).unwrap_or_default();
                    let types: Vec<String> = types.iter().map(|(t, _)| (*t).to_owned()).collect();
                    waker.listens(acc, file, bus, &types);
                }
                if let Some(when) = given.str_of("schedule") {
                    waker.scheduled(acc, file, when);
                }
            }
            "schedule" => {
                let rates = given.get("rate").unwrap_or(given);
                for (when, _) in rates.strings() {
                    waker.scheduled(acc, file, when);
                }
            }
            _ => {}
        }
    }
}

/// Whether a value is a text or a function of CloudFormation, in contrast to settings.
fn function_or_text(node: &Node) -> bool {
    match &node.value {
        Value::Scalar { .. } => true,
        Value::Mapping(entries) => {
            let named = |key: &str| key == "Ref" || key.starts_with("Fn::");
            entries.len() == 1 && entries.iter().all(|(key, _)| named(&key.text))
        }
        _ => false,
    }
}
