//! gRPC in Go, Rust and Python: services that code implements, stubs and channels it opens.

use crate::call_rules::address;
use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts, Mark};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Call, Language};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "grpc-code",
    docs: "\
### What it finds
gRPC services that Go (`pb.RegisterCartServer`, `pb.RegisterCartHandlerServer` of grpc-gateway,
`cartconnect.NewCartHandler` of Connect), Python (`add_CartServicer_to_server`) and Rust
(`CartServer::new` of tonic, the generated trait that is implemented) code serves; stubs it calls through, by the name of the service, with
the address of their channel where the same file opens it; channels opened without a stub; the
health service.

### What it does not find
Which methods of a service are called (see `grpc-invoked`), services behind reflection, generated code and tests.
",
    reads: &[Reads::Own(&[
        Language::Go,
        Language::Python,
        Language::Rust,
    ])],
    markers: &[
        "grpc", "tonic", "Client(", "_pb2", "Client::", "Server(", "Service for ", "connect\"",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    let mut found: Vec<(u32, u32, Claim)> = Vec::new();
    match file.language {
        Language::Go => go(&view, &mut found),
        Language::Python => python(&view, &mut found),
        _ => rust(&view, &mut found),
    }
    found.sort_by_key(|(first, last, _)| (*first, *last));
    let mut seen = BTreeSet::new();
    for (first, last, claim) in found {
        let once = match &claim {
            Claim::GrpcServer(name) => seen.insert((0, name.clone())),
            other => seen.insert((first, format!("{other:?}"))),
        };
        if once {
            acc.add(file, first, last, claim);
        }
    }
}

fn push(view: &CodeView<'_, '_>, call: Call, claim: Claim, found: &mut Vec<(u32, u32, Claim)>) {
    let close = view.code.partner(call.open).unwrap_or(call.open);
    let first = view.code.line(call.first);
    found.push((first, view.code.line(close).min(first + 20), claim));
}

fn stub(service: &str, target: Option<String>, library: &str) -> Claim {
    Claim::Client(Client {
        protocol: "grpc".to_owned(),
        target: target.map(|t| address(&t)).filter(|t| !t.is_empty()),
        method: None,
        library: Some(library.to_owned()),
        operation: (!service.is_empty()).then(|| service.to_owned()),
    })
}

fn health() -> Claim {
    Claim::Mark(Mark {
        topic: Topic::HealthCheck,
        name: "grpc.health.v1.Health".to_owned(),
        detail: Some("gRPC health service".to_owned()),
    })
}

fn is_health(service: &str, module: &str) -> bool {
    service == "Health" || module.contains("grpc_health")
}

/// An address worth a claim: it holds a name, a host with port, or a variable.
fn says(target: &str) -> bool {
    target.contains("{env:") || (target.contains(':') && !target.starts_with('{'))
}

const GRPC_GO: &str = "google.golang.org/grpc";

/// The argument that holds the address in a call that opens a channel.
fn go_dial(view: &CodeView<'_, '_>, call: Call) -> Option<Range<usize>> {
    let callee = view.callee(call);
    if callee.on.as_deref() != Some(GRPC_GO) {
        return None;
    }
    let index = match callee.method.as_ref() {
        "Dial" | "NewClient" => 0,
        "DialContext" => 1,
        _ => return None,
    };
    view.argument(call.open, index)
}

fn go(view: &CodeView<'_, '_>, found: &mut Vec<(u32, u32, Claim)>) {
    // Functions of this file that open a channel, and fields that they fill.
    let mut dialers: BTreeSet<&str> = BTreeSet::new();
    let mut direct: Vec<(Call, Option<String>)> = Vec::new();
    for name in ["Dial", "NewClient", "DialContext"] {
        for &call in view.calls_of(name) {
            let Some(range) = go_dial(view, call) else {
                continue;
            };
            let function = view
                .code
                .function_at(call.first)
                .and_then(|f| view.code.functions().get(f));
            let parameter = view
                .code
                .ident(range.start)
                .filter(|_| range.len() == 1)
                .and_then(|word| view.parameter_of(word, range.start));
            match (parameter, function) {
                (Some(_), Some(function)) if !function.name.is_empty() => {
                    dialers.insert(function.name);
                }
                _ => direct.push((call, view.fold(range))),
            }
        }
    }
    let mut fields: BTreeMap<String, String> = BTreeMap::new();
    for name in &dialers {
        for &call in view.calls_of(name) {
            let target = any_address(view, call);
            if let Some(target) = &target
                && let Some(field) = pointer_field(view, call)
            {
                fields.insert(field, target.clone());
            }
            direct.push((call, target));
        }
    }
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (last, calls) in view.calls() {
        let registered = last
            .strip_prefix("Register")
            .and_then(|rest| rest.strip_suffix("Server"))
            .filter(|s| !s.is_empty());
        // What a gateway calls in the same process, and what Connect serves
        // (<https://connectrpc.com/docs/go/getting-started>).
        let through = registered.and_then(|service| service.strip_suffix("Handler"));
        let connect = last
            .strip_prefix("New")
            .and_then(|rest| rest.strip_suffix("Handler"))
            .filter(|s| !s.is_empty());
        if let Some(service) = through.or(registered).or(connect) {
            for &call in calls {
                let callee = view.callee(call);
                let of_stubs = |module: &String| match connect {
                    Some(_) => module.ends_with("connect"),
                    None => is_stub_module(view, module) || is_package(view, module),
                };
                let Some(module) = callee.on.filter(of_stubs) else {
                    continue;
                };
                let arguments = view.code.arguments(call.open).len();
                let wanted = match (through, connect) {
                    (Some(_), _) => arguments == 3,
                    (_, Some(_)) => arguments > 0,
                    _ => arguments == 2,
                };
                if !wanted {
                    continue;
                }
                let claim = if is_health(service, &module) {
                    health()
                } else {
                    Claim::GrpcServer(service.to_owned())
                };
                push(view, call, claim, found);
            }
        }
        let Some(service) = last
            .strip_prefix("New")
            .and_then(|rest| rest.strip_suffix("Client"))
            .filter(|s| !s.is_empty())
        else {
            continue;
        };
        for &call in calls {
            let callee = view.callee(call);
            let arguments = view.code.arguments(call.open);
            let [connection] = arguments.as_slice() else {
                continue;
            };
            let of_stubs = |module: &String| {
                is_stub_module(view, module)
                    || is_package(view, module) && is_channel(view, connection)
            };
            let Some(module) = callee.on.filter(of_stubs) else {
                continue;
            };
            if is_health(service, &module) {
                continue;
            }
            let target = go_target(view, connection, &dialers, &fields);
            if let Some(target) = &target {
                used.insert(target.clone());
            }
            push(view, call, stub(service, target, "grpc-go"), found);
        }
    }
    for (call, target) in direct {
        let Some(target) = target.filter(|t| says(t) && !used.contains(t)) else {
            continue;
        };
        push(view, call, stub("", Some(target), "grpc-go"), found);
    }
}

/// A package of generated stubs, by the look of its path.
fn is_stub_module(view: &CodeView<'_, '_>, module: &str) -> bool {
    if module == GRPC_GO || module.starts_with("net/") || module.contains("redis") {
        return false;
    }
    let last = module.rsplit('/').next().unwrap_or(module);
    let looks = [
        "pb", "proto", "grpc", "genproto", "gen", "api", "rpc", "stub", "protos", "v1",
    ];
    looks.iter().any(|w| last == *w || last.ends_with(w) || last.starts_with("pb"))
        || module.split('/').any(|p| matches!(p, "genproto" | "gen" | "pb" | "proto" | "protos" | "grpc"))
        // A versioned package `cart/v1` loses its last part; the file speaks gRPC then.
        || view.imports_any(&[GRPC_GO]) && module.contains('.') && module.contains("/api/")
}

/// Whether a module is a package of somebody in a file that speaks gRPC: generated code may be called
/// like what it is about.
fn is_package(view: &CodeView<'_, '_>, module: &str) -> bool {
    let host = module.split('/').next().unwrap_or(module);
    view.imports_any(&[GRPC_GO]) && host.contains('.') && module.contains('/') && module != GRPC_GO
}

/// Whether what a stub is made with is called a channel.
fn is_channel(view: &CodeView<'_, '_>, range: &Range<usize>) -> bool {
    let last = range.end.checked_sub(1).and_then(|at| view.code.ident(at));
    last.is_some_and(|name| name == "cc" || name.to_ascii_lowercase().ends_with("conn"))
}

/// The address of the channel that a stub is made with.
fn go_target(
    view: &CodeView<'_, '_>,
    connection: &Range<usize>,
    dialers: &BTreeSet<&str>,
    fields: &BTreeMap<String, String>,
) -> Option<String> {
    let code = view.code;
    let last = code.ident(connection.end.checked_sub(1)?)?;
    if connection.len() > 1 {
        return fields.get(last).cloned();
    }
    let definition = view
        .visible(last, connection.start)
        .into_iter()
        .next_back()?;
    let open = (definition.value.start..definition.value.end).find(|&at| code.is(at, "("))?;
    let call = code.call_at(open)?;
    if let Some(range) = go_dial(view, call) {
        return view.fold(range);
    }
    let name = code.name(call);
    let helper = name.rsplit('.').next()?;
    dialers.contains(helper).then(|| any_address(view, call))?
}

/// The first argument that is an address.
fn any_address(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    view.code
        .arguments(call.open)
        .into_iter()
        .filter(|r| !view.code.is(r.start, "&"))
        .filter_map(|r| view.fold(r))
        .find(|t| says(t))
}

fn pointer_field(view: &CodeView<'_, '_>, call: Call) -> Option<String> {
    let range = view
        .code
        .arguments(call.open)
        .into_iter()
        .find(|r| view.code.is(r.start, "&"))?;
    view.code.ident(range.end - 1).map(str::to_owned)
}

fn python(view: &CodeView<'_, '_>, found: &mut Vec<(u32, u32, Claim)>) {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for (last, calls) in view.calls() {
        for &call in calls {
            let callee = view.callee(call);
            let module = callee.on.unwrap_or_default();
            let generated = module.contains("_grpc") || module.contains("pb2");
            let method = callee.method.as_ref();
            if let Some(service) = last
                .strip_prefix("add_")
                .and_then(|rest| rest.strip_suffix("Servicer_to_server"))
            {
                let claim = if is_health(service, &module) {
                    health()
                } else {
                    Claim::GrpcServer(service.to_owned())
                };
                push(view, call, claim, found);
            } else if let Some(service) = method
                .strip_suffix("Stub")
                .filter(|s| !s.is_empty() && generated)
                && !is_health(service, &module)
            {
                let channel = view
                    .argument(call.open, 0)
                    .and_then(|r| python_channel(view, &r));
                if let Some(channel) = channel {
                    used.insert(channel.open);
                }
                let target = channel
                    .and_then(|c| view.argument(c.open, 0))
                    .and_then(|r| view.fold(r));
                push(view, call, stub(service, target, "grpcio"), found);
            }
        }
    }
    for name in ["insecure_channel", "secure_channel"] {
        for &call in view.calls_of(name) {
            let on = view.callee(call).on.unwrap_or_default();
            if used.contains(&call.open) || !matches!(on.as_str(), "grpc" | "grpc.aio") {
                continue;
            }
            let target = view.argument(call.open, 0).and_then(|r| view.fold(r));
            if let Some(target) = target.filter(|t| says(t)) {
                push(view, call, stub("", Some(target), "grpcio"), found);
            }
        }
    }
}

/// The call that opened the channel given to a stub.
fn python_channel(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<Call> {
    let code = view.code;
    let opened = |range: Range<usize>| {
        range
            .filter(|&at| code.is(at, "("))
            .filter_map(|open| code.call_at(open))
            .find(|&c| {
                let name = code.name(c);
                name.ends_with("secure_channel")
            })
    };
    if range.len() > 1
        && let Some(call) = opened(range.clone())
    {
        return Some(call);
    }
    let last = code.ident(range.end.checked_sub(1)?)?;
    let definitions = if range.len() == 1 {
        view.visible(last, range.start)
    } else {
        view.fields(last)
    };
    definitions
        .into_iter()
        .rev()
        .find_map(|d| opened(d.value.clone()))
}

fn rust(view: &CodeView<'_, '_>, found: &mut Vec<(u32, u32, Claim)>) {
    // tonic names its modules `x_client` and `x_server`, its types `XClient` and `XServer`.
    for name in [
        "connect",
        "connect_lazy",
        "new",
        "with_interceptor",
        "with_origin",
    ] {
        for &call in view.calls_of(name) {
            let Some(on) = view.callee(call).on else {
                continue;
            };
            let mut parts = on.rsplit('.');
            let kind = parts.next().unwrap_or_default();
            let module = parts.next().unwrap_or_default();
            if let Some(service) = kind
                .strip_suffix("Client")
                .filter(|_| module.ends_with("_client"))
            {
                let target = (name == "connect")
                    .then(|| view.argument(call.open, 0))
                    .flatten()
                    .and_then(|r| view.fold(r));
                push(view, call, stub(service, target, "tonic"), found);
            } else if let Some(service) = kind
                .strip_suffix("Server")
                .filter(|_| module.ends_with("_server"))
            {
                push(view, call, Claim::GrpcServer(service.to_owned()), found);
            }
        }
    }
    implemented(view, found);
    for &call in view.calls_of("health_reporter") {
        if view
            .callee(call)
            .on
            .is_some_and(|on| on.starts_with("tonic_health"))
        {
            push(view, call, health(), found);
        }
    }
}

/// `impl CartService for Carts`, of a trait that generated code gives: what serves it may be
/// generated too.
fn implemented(view: &CodeView<'_, '_>, found: &mut Vec<(u32, u32, Claim)>) {
    let code = view.code;
    for at in 2..code.tokens.len() {
        if !code.is(at, "for") {
            continue;
        }
        let Some(service) = code.ident(at - 1).filter(|n| n.ends_with("Service")) else {
            continue;
        };
        let mut first = at - 1;
        while first >= 3 && code.is(first - 1, ":") && code.is(first - 2, ":") {
            first -= 3;
        }
        let generated = |module: &str| {
            module.split('.').any(|part| {
                ["proto", "pb", "grpc"]
                    .iter()
                    .any(|w| part == *w || part.ends_with(&format!("_{w}")))
                    || part.ends_with("_server")
            })
        };
        let whole = match (first == at - 1, view.alias(service)) {
            (true, Some(module)) => module.to_owned(),
            // `use shop_proto::cart::*`
            (true, None) => globs(code.text, generated),
            (false, _) => code.dotted(first, at),
        };
        if matches!(code.raw(first.saturating_sub(1)), "impl" | ">") && generated(&whole) {
            let line = code.line(at);
            found.push((line, line, Claim::GrpcServer(service.to_owned())));
        }
    }
}

/// The first module of generated code of which a file takes in all names.
fn globs(text: &str, generated: impl Fn(&str) -> bool) -> String {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("use ")?.strip_suffix("::*;"))
        .map(|module| module.replace("::", "."))
        .find(|module| generated(module))
        .unwrap_or_default()
}
