//! Functions of Azure by their descriptors.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, Endpoint, FileFacts, Mark};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "azure-functions",
    docs: "\
### What it finds
Bindings of a `function.json`: routes with methods of HTTP triggers, queues and topics of Storage,
Service Bus and Event Hubs that wake a function or that it writes to, and schedules of timers
(<https://learn.microsoft.com/azure/azure-functions/functions-triggers-bindings>).

### What it does not find
What code declares without a descriptor (see `azure-function-code`), and the prefix of routes where `host.json` sets another than `api`.
",
    reads: &[Reads::Paths(&["function.json"])],
    markers: &["\"bindings\""],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.json() else {
        return;
    };
    let function = file.folder().rsplit('/').next().unwrap_or_default();
    if function.is_empty() || root.get("disabled").and_then(Node::str) == Some("true") {
        return;
    }
    for binding in root.get("bindings").map(Node::items).unwrap_or_default() {
        let (Some(kind), lines) = (binding.str_of("type"), (binding.first, binding.last)) else {
            continue;
        };
        let out = binding.str_of("direction") == Some("out");
        match kind {
            "httpTrigger" => http(acc, file, binding, function),
            "timerTrigger" => {
                if let Some(schedule) = binding.str_of("schedule") {
                    let mark = Mark {
                        topic: Topic::ScheduledJob,
                        name: function.to_owned(),
                        detail: Some(schedule.to_owned()),
                    };
                    acc.add(file, lines.0, lines.1, Claim::Mark(mark));
                }
            }
            "queueTrigger" | "queue" => {
                let broker = Some("azure-queue-storage");
                channel(acc, file, binding, "queueName", broker, out);
            }
            "serviceBusTrigger" | "serviceBus" => {
                let broker = Some("azure-service-bus");
                let key = match binding.get("topicName") {
                    Some(_) => "topicName",
                    None => "queueName",
                };
                channel(acc, file, binding, key, broker, out);
            }
            "eventHubTrigger" | "eventHub" => {
                let broker = Some("azure-event-hubs");
                channel(acc, file, binding, "eventHubName", broker, out);
            }
            _ => {}
        }
    }
}

fn http(acc: &mut FileFacts, file: &SourceFile<'_>, binding: &Node, function: &str) {
    let route = binding.str_of("route").unwrap_or(function);
    let listed = binding
        .get("methods")
        .map(Node::strings)
        .unwrap_or_default();
    let mut methods: Vec<String> = listed.iter().map(|(m, _)| m.to_uppercase()).collect();
    if methods.is_empty() {
        methods.push("ANY".to_owned());
    }
    let lines = (binding.first, binding.last);
    endpoint(acc, file, lines, methods, route, function);
}

/// Endpoints of a function, one for each method, under the usual prefix. `{id:int?}` is a parameter
/// with a type.
pub(super) fn endpoint(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    methods: Vec<String>,
    route: &str,
    function: &str,
) {
    let mut path = String::from("/api");
    for part in route.split('/').filter(|p| !p.is_empty()) {
        path.push('/');
        let name = part.trim_matches(['{', '}', '?', '*']);
        match part.starts_with('{') {
            true => path.push_str(&format!("{{{}}}", name.split(':').next().unwrap_or(name))),
            false => path.push_str(part),
        }
    }
    for method in methods {
        let endpoint = Endpoint {
            method,
            path: path.clone(),
            handler: Some(function.to_owned()),
            framework: "azure-functions".to_owned(),
            summary: None,
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        scan::endpoint(acc, file, lines.0, lines.1, endpoint);
    }
}

fn channel(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    binding: &Node,
    key: &str,
    broker: Option<&str>,
    out: bool,
) {
    let Some(name) = binding.str_of(key) else {
        return;
    };
    let claim = Channel {
        name: name.to_owned(),
        produces: out,
        consumes: !out,
        broker: broker.map(str::to_owned),
        awaited: false,
    };
    acc.add(file, binding.first, binding.last, Claim::Channel(claim));
}
