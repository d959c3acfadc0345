//! Thrift: services and structures of its interface definitions.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::{
    Audience, Cardinality, Entity, EntityKind, EntityRelation, Field, Interface, InterfaceKind,
    Operation, Provenance, Response,
};
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "thrift",
    docs: "\
### What it finds
Services of `.thrift` files with their methods, what these take, give and throw; structures, unions and
exceptions as messages with their fields; comments as descriptions.

### What it does not find
Enumerations, constants and other names of types; methods of a service that another extends; which
program serves it.
",
    reads: &[Reads::Paths(&["*.thrift"])],
    markers: &["service", "struct", "union", "exception"],
    run: extract,
};

/// Fields of a structure and methods of a service at most.
const MOST: usize = 1_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    // Comments and texts are written as in PHP: `//`, `#`, `/* */`, both kinds of quotes.
    let code = Code::new(file.text, Language::Php);
    let package = package(&code);
    let mut at = 0;
    while at < code.tokens.len() {
        let word = code.raw(at);
        let body = (at + 2..at + 8).find(|&i| code.is_byte(i, b'{'));
        let whole = body.and_then(|open| Some(open..code.partner(open)?));
        match (word, code.ident(at + 1), whole) {
            ("struct" | "union" | "exception", Some(name), Some(body)) => {
                let next = body.end + 1;
                structure(acc, file, &code, &package, (at, name), body);
                at = next;
            }
            ("service", Some(name), Some(body)) => {
                let next = body.end + 1;
                service(acc, file, &code, (at, name), body);
                at = next;
            }
            _ => at += 1,
        }
    }
}

/// The namespace for all languages, else the first.
fn package(code: &Code<'_>) -> String {
    let mut found = String::new();
    for at in 0..code.tokens.len() {
        if !code.is(at, "namespace") {
            continue;
        }
        let star = code.is_byte(at + 1, b'*');
        let mut name = code.ident(at + 2).unwrap_or_default().to_owned();
        let mut next = at + 3;
        while let Some(word) = code.ident(next + 1).filter(|_| code.is_byte(next, b'.')) {
            name.push('.');
            name.push_str(word);
            next += 2;
        }
        if star || found.is_empty() {
            found = name;
        }
        if star {
            break;
        }
    }
    found
}

fn about(code: &Code<'_>, line: u32) -> Option<String> {
    let (_, _, text) = code.comment_above(line)?;
    sentence::one(&text, 200)
}

/// The type that begins at `at`, and the index after it: `map<string, list<User>>`, `shared.Id`.
fn type_at(code: &Code<'_>, at: usize, end: usize) -> Option<(String, usize)> {
    code.ident(at)?;
    let mut text = code.raw(at).to_owned();
    let mut next = at + 1;
    let mut depth = 0_u32;
    while next < end && next < at + 60 {
        match code.raw(next) {
            "<" => depth += 1,
            ">" if depth > 0 => depth -= 1,
            "." => {}
            "," if depth > 0 => {
                text.push_str(", ");
                next += 1;
                continue;
            }
            _ if depth > 0 || code.is_byte(next - 1, b'.') => {}
            _ => break,
        }
        text.push_str(code.raw(next));
        next += 1;
    }
    (depth == 0).then_some((text, next))
}

/// A field or an argument: `1: required string name = "x"`.
struct Part {
    name: String,
    kind: String,
    optional: bool,
    default: Option<String>,
    line: u32,
}

fn parts(code: &Code<'_>, body: Range<usize>) -> Vec<Part> {
    let mut all = Vec::new();
    let mut at = body.start + 1;
    while at < body.end && all.len() < MOST {
        // A number and a colon begin each.
        if !code.is_byte(at + 1, b':') || code.ident(at).is_some() {
            at += 1;
            continue;
        }
        let mut next = at + 2;
        let word = code.raw(next);
        let optional = word == "optional";
        next += usize::from(matches!(word, "optional" | "required"));
        let Some((kind, after)) = type_at(code, next, body.end) else {
            at += 2;
            continue;
        };
        if let Some(name) = code.ident(after) {
            let value = code.is_byte(after + 1, b'=').then_some(after + 2);
            let default = value.map(|v| code.string(v).unwrap_or_else(|| code.raw(v)));
            let default = default.filter(|d| !d.is_empty() && !"[{-".contains(*d));
            all.push(Part {
                name: name.to_owned(),
                kind,
                optional,
                default: default.and_then(|d| crate::secrets::keep(name, d)),
                line: code.line(after),
            });
        }
        at = after + 1;
    }
    all
}

fn structure(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    code: &Code<'_>,
    package: &str,
    (at, name): (usize, &str),
    body: Range<usize>,
) {
    let id = |name: &str| match package.is_empty() || name.contains('.') {
        true => name.to_lowercase(),
        false => format!("{package}.{name}").to_lowercase(),
    };
    let is_union = code.is(at, "union");
    let (first, last) = (code.line(at), code.line(body.end));
    let (mut fields, mut relations) = (Vec::new(), Vec::new());
    for part in parts(code, body) {
        let seen = Provenance::observed([file.evidence(part.line, part.line)]);
        // The last name of a type is what a list or map holds.
        let inner = part.kind.rsplit(['<', ',', ' ']).next().unwrap_or_default();
        let inner = inner.trim_end_matches('>');
        let plain = matches!(
            inner,
            "bool"
                | "byte"
                | "i8"
                | "i16"
                | "i32"
                | "i64"
                | "double"
                | "string"
                | "binary"
                | "uuid"
        );
        if !plain {
            relations.push(EntityRelation {
                fields: vec![part.name.clone()],
                to: id(inner),
                to_fields: Vec::new(),
                cardinality: match part.kind.contains('<') {
                    true => Cardinality::OneToMany,
                    false => Cardinality::OneToOne,
                },
                on_delete: None,
                through: None,
                provenance: seen.clone(),
            });
        }
        fields.push(Field {
            name: part.name,
            data_type: part.kind,
            nullable: part.optional || is_union,
            default: part.default,
            primary_key: false,
            unique: false,
            constraints: Vec::new(),
            description: None,
            provenance: seen,
        });
    }
    let entity = Entity {
        id: id(name),
        name: name.to_owned(),
        kind: EntityKind::Message,
        description: about(code, first),
        owner: None,
        store: None,
        over: Vec::new(),
        materialized: false,
        partial: false,
        fields,
        relations,
        indexes: Vec::new(),
        partitioning: None,
        retention: None,
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Entity(Box::new(entity)));
}

/// The methods of a service: `oneway void log(1: string text) throws (1: Failed f)`.
fn service(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    code: &Code<'_>,
    (start, name): (usize, &str),
    body: Range<usize>,
) {
    let mut operations = Vec::new();
    let mut at = body.start + 1;
    while at < body.end && operations.len() < MOST {
        let first = at;
        let oneway = matches!(code.raw(at), "oneway" | "async");
        let written = type_at(code, at + usize::from(oneway), body.end);
        let method = written.and_then(|(gives, after)| {
            let name = code.ident(after)?;
            let open = Some(after + 1).filter(|&open| code.is_byte(open, b'('))?;
            Some((gives, name, open, code.partner(open)?))
        });
        let Some((gives, method, open, close)) = method else {
            at += 1;
            continue;
        };
        let takes: Vec<String> = parts(code, open..close)
            .into_iter()
            .map(|p| p.kind)
            .collect();
        let mut end = close;
        let mut responses = Vec::new();
        if gives != "void" {
            responses.push(("OK".to_owned(), gives));
        }
        if code.is(close + 1, "throws") && code.is_byte(close + 2, b'(') {
            end = code.partner(close + 2).unwrap_or(close + 2);
            let thrown = parts(code, close + 2..end).into_iter();
            responses.extend(thrown.map(|p| ("thrown".to_owned(), p.kind)));
        }
        let (line, last) = (code.line(first), code.line(end));
        operations.push(Operation {
            id: method.to_owned(),
            method: if oneway { "ONEWAY" } else { "RPC" }.to_owned(),
            path: format!("{name}.{method}"),
            summary: about(code, line),
            handler: None,
            parameters: Vec::new(),
            request: (!takes.is_empty()).then(|| takes.join(", ")),
            responses: (responses.into_iter())
                .map(|(status, kind)| Response {
                    status,
                    description: None,
                    schema: Some(kind),
                    origin: None,
                })
                .collect(),
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
            provenance: Provenance::observed([file.evidence(line, last)]),
        });
        at = end + 1;
    }
    if operations.is_empty() {
        return;
    }
    let (first, last) = (code.line(start), code.line(body.end));
    let interface = Interface {
        id: name.to_lowercase(),
        name: name.to_owned(),
        element: None,
        kind: InterfaceKind::Thrift,
        audience: Audience::Unknown,
        // What it extends brings more.
        partial: code.is(start + 2, "extends"),
        unserved: false,
        version: None,
        base_path: None,
        description: about(code, first),
        security_schemes: Vec::new(),
        security_default: None,
        operations,
        schemas: Vec::new(),
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Interface(Box::new(interface)));
}
