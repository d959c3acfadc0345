//! Protocol Buffers.

mod message;
mod routes;
mod scan;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Import};
use crate::source::SourceFile;
use groundplan_model::{
    Audience, Diagnostic, Interface, InterfaceKind, Operation, Provenance, Response, Severity,
};
use groundplan_syntax::Language;
use prost_types::{FileDescriptorProto, UninterpretedOption};
use std::collections::BTreeMap;

pub(crate) use routes::TRANSCODED;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "proto",
    docs: "\
### What it finds
Services of `.proto` files with their methods, request and response types, streaming and
deprecation; messages with their fields, comments as descriptions; imports; the methods and paths of HTTP
that `google.api.http` gives to methods, told where a gateway is built in. Of a file that does not
parse, services and methods are still found by their words.

### What it does not find
Options of other kinds, enumerations, extensions. Types of other files keep their names
as written.
",
    reads: &[Reads::Languages(&[Language::Proto])],
    markers: &[],
    run: extract,
};

/// A line beyond this was written by no person.
const MAX_LINE: usize = 20_000;

/// A method, wherever it was read from.
struct Method {
    name: String,
    request: String,
    response: String,
    streams: (bool, bool),
    comment: Option<String>,
    deprecated: bool,
    /// Methods and paths of HTTP that its annotation gives it.
    routes: Vec<(&'static str, String)>,
    lines: (u32, u32),
}

/// A service, wherever it was read from.
struct Service {
    name: String,
    comment: Option<String>,
    deprecated: bool,
    lines: (u32, u32),
    methods: Vec<Method>,
}

/// Lines and comments by the path of a descriptor.
type Places = BTreeMap<Vec<i32>, ((u32, u32), Option<String>)>;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // The parser counts columns from the start of the line at every token.
    let is_minified = file.text.lines().any(|line| line.len() > MAX_LINE);
    let parsed = (!is_minified)
        .then(|| protox_parse::parse(file.path, file.text.trim_start_matches('\u{feff}')))
        .and_then(|parsed| parsed.map_err(|error| report(acc, file, &error)).ok());
    let Some(parsed) = parsed else {
        let (package, services) = scan::services(file.text);
        for service in services {
            add_service(acc, file, &package, service);
        }
        return;
    };
    let places = places(&parsed);
    let package = parsed.package.clone().unwrap_or_default();
    for (index, module) in parsed.dependency.iter().enumerate() {
        let ((first, last), _) = place(&places, &[3, index as i32]);
        let module = module.clone();
        acc.add(file, first, last, Claim::Import(Import { module }));
    }
    for (index, service) in parsed.service.iter().enumerate() {
        let at = [6, index as i32];
        let (lines, comment) = place(&places, &at);
        let mut methods = Vec::new();
        for (number, method) in service.method.iter().enumerate() {
            let (lines, comment) = place(&places, &[at[0], at[1], 2, number as i32]);
            let options = method
                .options
                .as_ref()
                .map(|o| o.uninterpreted_option.as_slice());
            methods.push(Method {
                name: method.name().to_owned(),
                request: method.input_type().to_owned(),
                response: method.output_type().to_owned(),
                streams: (method.client_streaming(), method.server_streaming()),
                comment,
                deprecated: is_deprecated(options),
                routes: routes::of(options.unwrap_or_default()),
                lines,
            });
        }
        let options = service
            .options
            .as_ref()
            .map(|o| o.uninterpreted_option.as_slice());
        let service = Service {
            name: service.name().to_owned(),
            comment,
            deprecated: is_deprecated(options),
            lines,
            methods,
        };
        add_service(acc, file, &package, service);
    }
    if !is_of_others(file.path) {
        message::add_all(acc, file, &package, &parsed, &places);
    }
}

/// Whether a file is a copy of what others publish: its messages are no data of the system.
fn is_of_others(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let mut parts = folders.split('/').peekable();
    while let Some(part) = parts.next() {
        let vendored = matches!(
            part,
            "third-party" | "third_party" | "thirdparty" | "3rdparty" | "vendor" | "vendored"
        );
        // The well-known types and the APIs of Google lie under their own names.
        let known = part == "google"
            && matches!(
                parts.peek(),
                Some(&("protobuf" | "api" | "rpc" | "type" | "longrunning"))
            );
        if vendored || known {
            return true;
        }
    }
    false
}

fn report(acc: &mut FileFacts, file: &SourceFile<'_>, error: &protox_parse::ParseError) {
    let line = error
        .span()
        .map_or(1, |span| file.lines().line_of(span.start));
    let found = Diagnostic::new(Severity::Warning, "broken-file", error.to_string())
        .at(file.evidence(line, line))
        .help("services and methods were read by their words; messages were not read");
    acc.diagnostics.push(found);
}

fn places(parsed: &FileDescriptorProto) -> Places {
    let info = parsed.source_code_info.as_ref();
    let mut found = Places::new();
    for location in info.map(|i| i.location.as_slice()).unwrap_or_default() {
        let (Some(&first), Some(&last)) = (
            location.span.first(),
            location
                .span
                .get(if location.span.len() == 4 { 2 } else { 0 }),
        ) else {
            continue;
        };
        let comment = location.leading_comments.as_deref();
        let comment = comment.or(location.trailing_comments.as_deref());
        let comment = comment.and_then(paragraph);
        let lines = (first.max(0) as u32 + 1, last.max(first).max(0) as u32 + 1);
        found
            .entry(location.path.clone())
            .or_insert((lines, comment));
    }
    found
}

fn place(places: &Places, path: &[i32]) -> ((u32, u32), Option<String>) {
    places.get(path).cloned().unwrap_or(((1, 1), None))
}

/// The first paragraph of a comment on one line.
fn paragraph(comment: &str) -> Option<String> {
    let lines = comment
        .lines()
        .map(|l| l.trim().trim_start_matches(['*', '/', '-', '=']).trim())
        .skip_while(|l| l.is_empty())
        .take_while(|l| !l.is_empty());
    let text = lines.collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn is_deprecated(options: Option<&[UninterpretedOption]>) -> bool {
    options.unwrap_or_default().iter().any(|option| {
        matches!(option.name.as_slice(), [part] if part.name_part == "deprecated")
            && option.identifier_value() == "true"
    })
}

/// A type name without the leading dot and the file's own package.
fn short<'n>(name: &'n str, package: &str) -> &'n str {
    let name = name.trim_start_matches('.');
    name.strip_prefix(package)
        .and_then(|rest| rest.strip_prefix('.'))
        .filter(|_| !package.is_empty())
        .unwrap_or(name)
}

fn full(package: &str, name: &str) -> String {
    if package.is_empty() {
        name.to_owned()
    } else {
        format!("{package}.{name}")
    }
}

fn add_service(acc: &mut FileFacts, file: &SourceFile<'_>, package: &str, service: Service) {
    let name = full(package, &service.name);
    routes::add(acc, file, package, &service);
    let operations = service.methods.into_iter().map(|method| {
        let streams = match method.streams {
            (true, true) => Some("streams both ways"),
            (true, false) => Some("streams requests"),
            (false, true) => Some("streams responses"),
            (false, false) => None,
        };
        let comment = method.comment.and_then(without_route);
        let summary = match (comment, streams) {
            (Some(text), Some(streams)) => Some(format!("{text} ({streams})")),
            (text, streams) => text.or(streams.map(str::to_owned)),
        };
        Operation {
            id: method.name.clone(),
            method: "RPC".to_owned(),
            path: format!("/{name}/{}", method.name),
            summary,
            handler: None,
            parameters: Vec::new(),
            request: Some(short(&method.request, package).to_owned()),
            responses: vec![Response {
                status: "OK".to_owned(),
                description: None,
                schema: Some(short(&method.response, package).to_owned()),
                origin: None,
            }],
            security: Vec::new(),
            security_inherited: false,
            security_all: None,
            security_optional: false,
            tag: None,
            unread: false,
            more_outcomes: false,
            undeclared: Vec::new(),
            guards: Vec::new(),
            before: Vec::new(),
            deprecated: method.deprecated || service.deprecated,
            provenance: Provenance::observed([file.evidence(method.lines.0, method.lines.1)]),
        }
    });
    let (first, last) = service.lines;
    let interface = Interface {
        id: name.to_lowercase(),
        name: service.name,
        element: None,
        kind: InterfaceKind::Grpc,
        audience: Audience::Unknown,
        partial: false,
        unserved: false,
        version: version(package),
        base_path: None,
        description: service.comment,
        security_schemes: Vec::new(),
        security_default: None,
        operations: operations.collect(),
        schemas: Vec::new(),
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Interface(Box::new(interface)));
}

/// A comment without the route of another interface with which it begins (`GET /orders/{id}`): this
/// says where the like is offered, and not what the method does.
fn without_route(comment: String) -> Option<String> {
    const VERBS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let text = comment.trim();
    let Some((verb, rest)) = text.split_once(char::is_whitespace) else {
        return Some(comment);
    };
    let verb = verb.trim_end_matches(':');
    let rest = rest.trim_start();
    if !VERBS.contains(&verb) || !rest.starts_with('/') {
        return Some(comment);
    }
    let rest = rest
        .split_once(char::is_whitespace)
        .map_or("", |(_, rest)| rest);
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "-:–—".contains(c));
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// The version at the end of a package name: `shop.cart.v1`.
fn version(package: &str) -> Option<String> {
    let last = package.rsplit('.').next()?;
    let digits = last.strip_prefix('v')?;
    digits
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| last.to_owned())
}
