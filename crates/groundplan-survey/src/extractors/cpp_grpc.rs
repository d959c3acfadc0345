//! gRPC in C++: services that code implements and stubs that it opens.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts, Mark};
use crate::paths;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "cpp-grpc",
    docs: "\
### What it finds
gRPC services that C++ classes implement (`: public shop::Cart::Service`, also the asynchronous and
callback forms), the health service, and stubs by the name of their service (`Cart::NewStub`).

### What it does not find
Addresses of channels, generated code and tests.
",
    reads: &[Reads::Languages(&[Language::C, Language::Cpp])],
    markers: &[
        "::Service",
        "::AsyncService",
        "::CallbackService",
        "::NewStub",
        "EnableDefaultHealthCheckService",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let generated = paths::is_generated(file.path, file.text) || file.path.contains(".pb.");
    if paths::is_test(file.path) || generated {
        return;
    }
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        let text = text.trim();
        if text.starts_with("//") || text.starts_with('*') {
            continue;
        }
        if text.contains("EnableDefaultHealthCheckService(true)") {
            acc.add(file, line, line, health());
        }
        for end in ["::Service", "::AsyncService", "::CallbackService"] {
            let Some(service) = base(text, end) else {
                continue;
            };
            let claim = match service {
                "Health" => health(),
                other => Claim::GrpcServer(other.to_owned()),
            };
            acc.add(file, line, line, claim);
        }
        if let Some(at) = text.find("::NewStub(")
            && let Some(service) = last_name(&text[..at]).filter(|s| *s != "Health")
        {
            let client = Client {
                protocol: "grpc".to_owned(),
                target: None,
                method: None,
                library: Some("grpc++".to_owned()),
                operation: Some(service.to_owned()),
            };
            acc.add(file, line, line, Claim::Client(client));
        }
    }
}

fn health() -> Claim {
    Claim::Mark(Mark {
        topic: Topic::HealthCheck,
        name: "grpc.health.v1.Health".to_owned(),
        detail: Some("gRPC health service".to_owned()),
    })
}

/// The service of `public shop::Cart::Service` in a list of base classes.
fn base<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let at = text.find(end)?;
    let rest = &text[at + end.len()..];
    let whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    let head = &text[..at];
    let start = head.rfind("public ")?;
    let name = head[start + "public ".len()..].trim();
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || "_:".contains(c));
    (whole && plain).then(|| last_name(name))?
}

fn last_name(path: &str) -> Option<&str> {
    let name = path.rsplit("::").next().unwrap_or(path);
    let name = name
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or(name);
    (!name.is_empty()).then_some(name)
}
