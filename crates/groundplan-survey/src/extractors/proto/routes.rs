//! HTTP in front of gRPC: what `google.api.http` says of methods
//! (<https://github.com/googleapis/googleapis/blob/master/google/api/http.proto>).

use super::{Service, full, short};
use crate::facts::{Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_model::{Audience, Interface, InterfaceKind, Operation, Provenance, Response};
use prost_types::UninterpretedOption;

/// The end of the id of an interface that only a gateway serves.
pub(crate) const TRANSCODED: &str = "#http";

const VERBS: [(&str, &str); 5] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("patch", "PATCH"),
];

/// Routes of one method at most.
const MOST: usize = 20;

/// `option (google.api.http) = { get: "/v1/{name=orders/*}" additional_bindings { … } };` and
/// `option (google.api.http).get = "/v1/orders";`.
pub(super) fn of(options: &[UninterpretedOption]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for option in options {
        let mut names = option.name.iter().map(|part| part.name_part.as_str());
        if names.next() != Some("google.api.http") {
            continue;
        }
        match names.next() {
            Some(field) => {
                let verb = VERBS.iter().find(|(word, _)| *word == field);
                let path = option.string_value.as_deref();
                let path = path.and_then(|bytes| std::str::from_utf8(bytes).ok());
                if let (Some((_, verb)), Some(path)) = (verb, path) {
                    found.push((*verb, path.to_owned()));
                }
            }
            None => found.extend(listed(
                option.aggregate_value.as_deref().unwrap_or_default(),
            )),
        }
    }
    found.truncate(MOST);
    found
}

/// Each `get: "/path"` of a text, also inside of `additional_bindings`.
fn listed(text: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['"', '\'']) {
        let Some((value, behind)) = after.split_once(['"', '\'']) else {
            break;
        };
        let key = before.trim_end().trim_end_matches(':').trim_end();
        let word = key.rsplit(|c: char| !c.is_ascii_lowercase()).next();
        let verb = VERBS.iter().find(|(name, _)| Some(*name) == word);
        if let Some((_, verb)) = verb.filter(|_| value.starts_with('/')) {
            found.push((*verb, value.to_owned()));
        }
        rest = behind;
    }
    found
}

/// The path template of a route: `/v1/orders/{order}` of `/v1/{name=orders/*}`.
fn template(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inner, behind)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        match inner.split_once('=') {
            Some((name, pattern)) => {
                let mut above = "";
                let parts = pattern.split('/').map(|part| {
                    let shown = match part {
                        "*" if above.len() > 1 => {
                            format!("{{{}}}", above.strip_suffix('s').unwrap_or(above))
                        }
                        "*" | "**" => format!("{{{name}}}"),
                        word => word.to_owned(),
                    };
                    above = part;
                    shown
                });
                out.push_str(&parts.collect::<Vec<_>>().join("/"));
            }
            None => out.push_str(&format!("{{{inner}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// Adds the routes of a service as an interface of its own.
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, package: &str, service: &Service) {
    let name = full(package, &service.name);
    let mut operations = Vec::new();
    for method in &service.methods {
        for (verb, path) in &method.routes {
            let path = template(path);
            let takes = matches!(*verb, "PUT" | "POST" | "PATCH");
            let kind = |name: &str| short(name, package).to_owned();
            operations.push(Operation {
                id: format!("{verb} {path}"),
                method: (*verb).to_owned(),
                path,
                summary: method.comment.clone().and_then(super::without_route),
                handler: Some(method.name.clone()),
                parameters: Vec::new(),
                request: takes.then(|| kind(&method.request)),
                responses: vec![Response {
                    status: "200".to_owned(),
                    description: None,
                    schema: Some(kind(&method.response)),
                    origin: None,
                }],
                security: Vec::new(),
                security_inherited: false,
                security_all: None,
                security_optional: false,
                tag: Some(service.name.clone()),
                unread: false,
                more_outcomes: false,
                undeclared: Vec::new(),
                guards: Vec::new(),
                before: Vec::new(),
                deprecated: method.deprecated || service.deprecated,
                provenance: Provenance::observed([file.evidence(method.lines.0, method.lines.1)]),
            });
        }
    }
    if operations.is_empty() {
        return;
    }
    let (first, last) = service.lines;
    let interface = Interface {
        id: format!("{}{TRANSCODED}", name.to_lowercase()),
        name: service.name.clone(),
        element: None,
        kind: InterfaceKind::Http,
        audience: Audience::Unknown,
        partial: false,
        unserved: false,
        version: None,
        base_path: None,
        description: None,
        security_schemes: Vec::new(),
        security_default: None,
        operations,
        schemas: Vec::new(),
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Interface(Box::new(interface)));
}
