//! Functions of Azure that code declares.

use crate::extractor::{Extractor, Reads};
use crate::extractors::azure_functions::endpoint;
use crate::extractors::manifests::mark;
use crate::facts::{Channel, Claim, FileFacts};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "azure-function-code",
    docs: "\
### What it finds
Functions of Azure without a descriptor: `app.http`, `app.get`, `app.timer`, `app.serviceBusQueue` and
their like of the package `@azure/functions`, `HttpTrigger` and `TimerTrigger` of .NET, decorators of Python,
with route, methods, queue or schedule
(<https://learn.microsoft.com/azure/azure-functions/functions-reference-node>).

### What it does not find
The prefix of routes where `host.json` sets another than `api`; queues whose name is a setting; blueprints
of Python.
",
    reads: &[Reads::Own(&[
        Language::JavaScript,
        Language::TypeScript,
        Language::CSharp,
        Language::Python,
    ])],
    markers: &["@azure/functions", "HttpTrigger", "TimerTrigger", "azure.functions"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    match file.language {
        Language::CSharp => attributes(acc, file),
        Language::Python => decorators(acc, file),
        _ => calls(acc, file),
    }
}

/// `app.http('orders', { methods: ['GET'], route: 'orders/{id}', handler })`.
fn calls(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let imported = (1..code.tokens.len()).any(|at| {
        code.string(at) == Some("@azure/functions")
            && (code.is(at - 1, "from") || code.is(at - 1, "("))
    });
    if !imported {
        return;
    }
    let values = Values::new(file);
    for call in code.calls() {
        if call.first + 3 != call.open || !code.is(call.first, "app") {
            continue;
        }
        let Some(name) = values.argument(call.open, 0) else {
            continue;
        };
        let arguments = code.arguments(call.open);
        let options = arguments.get(1).and_then(|range| values.literal_at(range));
        let option = |keys: &[&str]| values.folded_property(options?, keys);
        let lines = (
            call.line,
            code.line(code.partner(call.open).unwrap_or(call.open)),
        );
        let word = code.raw(call.open - 1);
        match word {
            "http" | "get" | "post" | "put" | "patch" | "deleteRequest" => {
                let mut methods: Vec<String> = match word {
                    "http" => options
                        .and_then(|at| values.property(at, "methods"))
                        .into_iter()
                        .flatten()
                        .filter_map(|at| code.string(at))
                        .map(str::to_uppercase)
                        .collect(),
                    "deleteRequest" => vec!["DELETE".to_owned()],
                    other => vec![other.to_uppercase()],
                };
                if methods.is_empty() {
                    // What is not told is answered for both.
                    methods = vec!["GET".to_owned(), "POST".to_owned()];
                }
                let route = option(&["route"]).unwrap_or_else(|| name.clone());
                let handler = handler(code, &values, options, &arguments).unwrap_or(name);
                endpoint(acc, file, lines, methods, &route, &handler);
            }
            "timer" => {
                if let Some(schedule) = option(&["schedule"]) {
                    mark(acc, file, lines, Topic::ScheduledJob, &name, Some(schedule));
                }
            }
            "serviceBusQueue" => {
                wakes(
                    acc,
                    file,
                    lines,
                    option(&["queueName"]),
                    "azure-service-bus",
                );
            }
            "serviceBusTopic" => {
                wakes(
                    acc,
                    file,
                    lines,
                    option(&["topicName"]),
                    "azure-service-bus",
                );
            }
            "storageQueue" => {
                wakes(
                    acc,
                    file,
                    lines,
                    option(&["queueName"]),
                    "azure-queue-storage",
                );
            }
            "eventHub" => {
                wakes(
                    acc,
                    file,
                    lines,
                    option(&["eventHubName"]),
                    "azure-event-hubs",
                );
            }
            _ => {}
        }
    }
}

/// The function that answers, where it is given by name.
fn handler(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    options: Option<usize>,
    arguments: &[std::ops::Range<usize>],
) -> Option<String> {
    let range = match options {
        Some(at) => values.property(at, "handler")?,
        None => arguments.get(1)?.clone(),
    };
    let one = range.len() == 1;
    one.then(|| code.ident(range.start))
        .flatten()
        .map(str::to_owned)
}

/// A queue or topic whose messages wake a function. `%Name%` stands for a setting.
fn wakes(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    name: Option<String>,
    broker: &str,
) {
    let Some(name) = name.filter(|name| !name.starts_with('%')) else {
        return;
    };
    let claim = Channel {
        name,
        produces: false,
        consumes: true,
        broker: Some(broker.to_owned()),
        awaited: false,
    };
    acc.add(file, lines.0, lines.1, Claim::Channel(claim));
}

/// `[Function("CreateOrder")] … [HttpTrigger(AuthorizationLevel.Function, "post", Route = "orders")]`.
fn attributes(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let mut name = None;
    for call in code.calls() {
        let word = code.raw(scan::word_at(code, call));
        let arguments = code.arguments(call.open);
        if matches!(word, "Function" | "FunctionName") {
            name = arguments.first().and_then(|first| text(code, first));
            continue;
        }
        let Some(name) = name else { continue };
        let lines = (call.line, call.line);
        if word == "TimerTrigger" {
            let schedule = arguments.first().and_then(|first| text(code, first));
            if let Some(schedule) = schedule.filter(|text| !text.starts_with('%')) {
                let schedule = Some(schedule.to_owned());
                mark(acc, file, lines, Topic::ScheduledJob, name, schedule);
            }
        }
        if word != "HttpTrigger" {
            continue;
        }
        let mut methods = Vec::new();
        let mut route = name;
        for argument in &arguments {
            if code.is(argument.start, "Route") && code.is(argument.start + 1, "=") {
                route = code.string(argument.start + 2).unwrap_or(route);
            } else if let Some(method) = text(code, argument) {
                methods.push(method.to_uppercase());
            }
        }
        if methods.is_empty() {
            methods.push("ANY".to_owned());
        }
        endpoint(acc, file, lines, methods, route, name);
    }
}

fn text<'t>(code: &Code<'t>, range: &std::ops::Range<usize>) -> Option<&'t str> {
    (range.len() == 1)
        .then(|| code.string(range.start))
        .flatten()
}

/// `@app.route(route="orders/{id}", methods=["GET"])` above `def get_order(req: func.HttpRequest)`.
fn decorators(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    let made = file.text.contains("FunctionApp(");
    for call in code.calls().filter(|_| made) {
        if !decorates(code, call) {
            continue;
        }
        let word = code.raw(call.open - 1);
        let arguments = code.arguments(call.open);
        let named = |name: &str| {
            let mut all = arguments.iter();
            let found = all.find(|a| code.is(a.start, name) && code.is(a.start + 1, "="))?;
            Some(found.start + 2..found.end)
        };
        let Some(function) = (call.open..code.tokens.len())
            .find(|&at| code.is(at, "def"))
            .and_then(|at| code.ident(at + 1))
        else {
            continue;
        };
        let given = |name: &str| named(name).and_then(|range| text(code, &range));
        let lines = (call.line, call.line);
        match word {
            "route" => {
                let mut methods: Vec<String> = (named("methods").into_iter().flatten())
                    .filter_map(|at| code.string(at))
                    .map(str::to_uppercase)
                    .collect();
                if methods.is_empty() {
                    methods.push("ANY".to_owned());
                }
                let route = given("route").unwrap_or(function);
                endpoint(acc, file, lines, methods, route, function);
            }
            "timer_trigger" | "schedule" => {
                if let Some(schedule) = given("schedule") {
                    let schedule = Some(schedule.to_owned());
                    mark(acc, file, lines, Topic::ScheduledJob, function, schedule);
                }
            }
            "service_bus_queue_trigger" => {
                let name = given("queue_name").map(str::to_owned);
                wakes(acc, file, lines, name, "azure-service-bus");
            }
            "queue_trigger" => {
                let name = given("queue_name").map(str::to_owned);
                wakes(acc, file, lines, name, "azure-queue-storage");
            }
            _ => {}
        }
    }
}

fn decorates(code: &Code<'_>, call: Call) -> bool {
    call.first > 0 && code.is(call.first - 1, "@") && call.first + 3 == call.open
}
