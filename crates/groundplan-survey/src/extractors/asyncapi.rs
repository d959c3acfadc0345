//! AsyncAPI 2 and 3.

use super::openapi::schema::{Schemas, name_of};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, FileFacts};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::{Audience, Interface, InterfaceKind, Operation, Provenance, Schema};
use groundplan_syntax::{Key, Language, Node};
use std::collections::BTreeSet;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "asyncapi",
    docs: "\
### What it finds
The interface that an AsyncAPI 2 or 3 document describes, in YAML or JSON: title, version, what the
application sends to and receives from each channel, with its messages and the fields of their
payloads. Of version 3, with one protocol of a broker, also the channels that the program uses.

### What it does not find
References into other files keep the last part of their name; bindings, traits, replies, examples.
`publish` of version 2 is what others send, as its specification says.
",
    reads: &[Reads::Own(&[Language::Yaml, Language::Json])],
    markers: &["asyncapi:", "\"asyncapi\"", "'asyncapi'"],
    run: extract,
};

/// Operations and messages of a document at most.
const MOST: usize = 2_000;

/// An operation of either version.
struct Found<'n> {
    id: String,
    address: String,
    sends: bool,
    node: &'n Node,
    messages: Vec<(&'n str, &'n Node)>,
    lines: (u32, u32),
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    for root in file.documents() {
        let version = root.str_of("asyncapi").unwrap_or_default();
        let schemas = Schemas::new(root);
        let found = match version.split('.').next() {
            Some("2") => second(root, &schemas),
            Some("3") => third(root, &schemas),
            _ => continue,
        };
        if found.is_empty() {
            continue;
        }
        if version.starts_with('3')
            && let Some(broker) = broker(root)
        {
            for operation in &found {
                let channel = Channel {
                    name: operation.address.clone(),
                    produces: operation.sends,
                    consumes: !operation.sends,
                    broker: Some(broker.to_owned()),
                    awaited: false,
                };
                let (first, last) = operation.lines;
                acc.add(file, first, last, Claim::Channel(channel));
            }
        }
        interface(acc, file, root, &schemas, &found);
    }
}

/// A message by the name of its reference, or by its key.
fn message<'n>(schemas: &Schemas<'n>, key: &'n str, node: &'n Node) -> (&'n str, &'n Node) {
    let name = node.str_of("$ref").map_or(key, name_of);
    let followed = schemas.follow(node);
    (followed.str_of("name").unwrap_or(name), followed)
}

fn lines(key: &Key, node: &Node) -> (u32, u32) {
    (key.line, node.last.max(key.line))
}

/// Version 2: what stands below channels.
fn second<'n>(root: &'n Node, schemas: &Schemas<'n>) -> Vec<Found<'n>> {
    let mut all = Vec::new();
    let channels = root.get("channels").map(Node::entries).unwrap_or_default();
    for (address, channel) in channels {
        let channel = schemas.follow(channel);
        for (key, node) in channel.entries() {
            let sends = match key.text.as_str() {
                "subscribe" => true,
                "publish" => false,
                _ => continue,
            };
            let mut messages = Vec::new();
            if let Some(own) = node.get("message") {
                match own.get("oneOf") {
                    Some(choice) => messages
                        .extend((choice.items().iter().take(64)).map(|m| message(schemas, "", m))),
                    None => messages.push(message(schemas, "", own)),
                }
            }
            let id = node.str_of("operationId").map(str::to_owned);
            all.push(Found {
                id: id.unwrap_or_else(|| format!("{} {}", key.text, address.text)),
                address: address.text.clone(),
                sends,
                node,
                messages,
                lines: lines(key, node),
            });
            if all.len() >= MOST {
                return all;
            }
        }
    }
    all
}

/// Version 3: operations of their own, which refer to channels.
fn third<'n>(root: &'n Node, schemas: &Schemas<'n>) -> Vec<Found<'n>> {
    let mut all = Vec::new();
    let operations = root
        .get("operations")
        .map(Node::entries)
        .unwrap_or_default();
    for (key, node) in operations.into_iter().take(MOST) {
        let sends = match node.str_of("action") {
            Some("send") => true,
            Some("receive") => false,
            _ => continue,
        };
        let Some(written) = node.get("channel") else {
            continue;
        };
        let channel = schemas.follow(written);
        let named = written.str_of("$ref").map(name_of);
        let Some(address) = channel.str_of("address").or(named) else {
            continue;
        };
        let own = node.get("messages").map(Node::items).unwrap_or_default();
        let messages = match own.is_empty() {
            false => (own.iter().take(64))
                .map(|m| message(schemas, "", m))
                .collect(),
            true => {
                let all = channel
                    .get("messages")
                    .map(Node::entries)
                    .unwrap_or_default();
                let all = all.into_iter().take(64);
                all.map(|(key, m)| message(schemas, &key.text, m)).collect()
            }
        };
        all.push(Found {
            id: key.text.clone(),
            address: address.to_owned(),
            sends,
            node,
            messages,
            lines: lines(key, node),
        });
    }
    all
}

/// The broker of all servers, if their protocol is that of one.
fn broker(root: &Node) -> Option<&'static str> {
    let servers = root.get("servers").map(Node::entries).unwrap_or_default();
    let mut all: BTreeSet<Option<&'static str>> = BTreeSet::new();
    for (_, server) in servers {
        let protocol = server
            .str_of("protocol")
            .unwrap_or_default()
            .to_ascii_lowercase();
        all.insert(match protocol.as_str() {
            "kafka" | "kafka-secure" => Some("kafka"),
            "amqp" | "amqps" => Some("amqp"),
            "mqtt" | "mqtts" | "secure-mqtt" | "mqtt5" => Some("mqtt"),
            "nats" => Some("nats"),
            "pulsar" => Some("pulsar"),
            "redis" => Some("redis"),
            "sqs" => Some("amazon-sqs"),
            "sns" => Some("amazon-sns"),
            "googlepubsub" => Some("google-pubsub"),
            "ibmmq" => Some("ibm-mq"),
            _ => None,
        });
    }
    match all.into_iter().collect::<Vec<_>>().as_slice() {
        [one] => *one,
        _ => None,
    }
}

/// What a message carries: the name of a schema, else its own.
fn payload<'n>(schemas: &Schemas<'n>, node: &'n Node) -> Option<&'n Node> {
    let payload = node.get("payload")?;
    // Version 3 may say which language of schemas it is.
    let inner = payload
        .get("schema")
        .filter(|_| payload.get("schemaFormat").is_some());
    let payload = inner.unwrap_or(payload);
    let named = payload.str_of("$ref").is_some();
    Some(if named {
        payload
    } else {
        schemas.follow(payload)
    })
}

fn interface(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    root: &Node,
    schemas: &Schemas<'_>,
    found: &[Found<'_>],
) {
    let info = root.get("info");
    let text = |key: &str| {
        let text = info?.str_of(key)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    if super::openapi::is_template(info) {
        return;
    }
    let mut listed: Vec<Schema> = schemas.listed(file);
    let mut operations = Vec::new();
    for operation in found {
        let mut carried: Vec<String> = Vec::new();
        for (name, node) in &operation.messages {
            let Some(payload) = payload(schemas, node) else {
                carried.extend((!name.is_empty()).then(|| (*name).to_owned()));
                continue;
            };
            let inline = payload.str_of("$ref").is_none() && payload.get("properties").is_some();
            if inline && !name.is_empty() {
                if !listed.iter().any(|s| s.name == *name) && listed.len() < MOST {
                    listed.push(schemas.schema(file, name, (node.first, node.last), payload));
                }
                carried.push((*name).to_owned());
            } else {
                carried.push(schemas.type_of(payload));
            }
        }
        carried.retain(|name| !name.is_empty());
        carried.dedup();
        let summary = operation
            .node
            .str_of("summary")
            .or(operation.node.str_of("description"));
        let (first, last) = operation.lines;
        operations.push(Operation {
            id: operation.id.clone(),
            method: if operation.sends {
                "PUBLISH"
            } else {
                "SUBSCRIBE"
            }
            .to_owned(),
            path: operation.address.clone(),
            summary: summary.and_then(|text| sentence::one(text, 200)),
            handler: None,
            parameters: Vec::new(),
            request: (!carried.is_empty()).then(|| carried.join(" | ")),
            responses: Vec::new(),
            security: Vec::new(),
            security_inherited: false,
            security_all: None,
            security_optional: false,
            tag: None,
            deprecated: false,
            unread: false,
            more_outcomes: false,
            undeclared: Vec::new(),
            guards: Vec::new(),
            before: Vec::new(),
            provenance: Provenance::observed([file.evidence(first, last)]),
        });
    }
    let entries = root.entries();
    let head = entries.iter().find(|(key, _)| key.text == "info");
    let (first, last) = head.map_or((root.first, root.first), |(key, node)| lines(key, node));
    let stem = file
        .name()
        .rsplit_once('.')
        .map_or(file.name(), |(stem, _)| stem);
    let interface = Interface {
        id: file.path.to_ascii_lowercase().replace([' ', '\\'], "-"),
        name: text("title").unwrap_or_else(|| stem.to_owned()),
        element: None,
        kind: InterfaceKind::Message,
        audience: Audience::Unknown,
        partial: false,
        unserved: false,
        version: text("version"),
        base_path: None,
        description: text("description").and_then(|d| sentence::one(&d, 300)),
        security_schemes: Vec::new(),
        security_default: None,
        operations,
        schemas: listed,
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Interface(Box::new(interface)));
}
