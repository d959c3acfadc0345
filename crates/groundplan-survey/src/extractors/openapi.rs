//! OpenAPI 3 and Swagger 2.

pub(super) mod parts;
pub(super) mod schema;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark, PathElsewhere};
use crate::prose;
use crate::source::{SourceFile, join};
use groundplan_model::{
    Audience, Interface, InterfaceKind, Operation, Parameter, Provenance, Response, Topic,
};
use groundplan_syntax::{Key, Language, Node};
use schema::Schemas;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "openapi",
    docs: "\
### What it finds
The interface that an OpenAPI 3 or Swagger 2 document describes, in YAML or JSON: title, version,
path prefix, security schemes, operations with parameters, bodies, responses, guards, tag and
deprecation, and named schemas with their fields, `allOf` merged one level deep; what the description of a tag
says that a thing of its name is.

### What it does not find
References into other files keep the last part of their name; paths that stand in files outside of the
repository are left out, and the interface is marked as partial. Webhooks, callbacks, links and examples are left out.
",
    reads: &[Reads::Languages(&[Language::Yaml, Language::Json])],
    markers: &[
        "openapi:",
        "\"openapi\"",
        "'openapi'",
        "swagger:",
        "\"swagger\"",
        "'swagger'",
    ],
    run: extract,
};

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !looks_like_one(file) {
        return;
    }
    for root in file.documents() {
        let version = root.str_of("openapi").or(root.str_of("swagger"));
        if !version.is_some_and(|v| v.starts_with(['2', '3'])) {
            continue;
        }
        let paths = root.get("paths").filter(|p| p.is_mapping());
        if paths.is_none() && root.get("components").is_none() {
            continue;
        }
        add_interface(acc, file, root, paths);
    }
}

/// Whether a top-level key may say so: a cheap look before a large file is parsed.
fn looks_like_one(file: &SourceFile<'_>) -> bool {
    if file.language == Language::Json {
        return file.text.contains("\"paths\"") || file.text.contains("\"components\"");
    }
    file.text.lines().any(|line| {
        let line = line.trim_start_matches(['"', '\'', '{', ' ', '\u{feff}']);
        line.starts_with("openapi") || line.starts_with("swagger")
    })
}

/// Whether a program fills in what the interface is called: `title: {service}`.
pub(super) fn is_template(info: Option<&Node>) -> bool {
    let title = info.and_then(|info| info.get("title"));
    title.is_some_and(|t| t.is_mapping() || t.str().is_some_and(|t| t.contains('{')))
}

/// What the descriptions of tags say that a thing of this name is: `Lists can be manual or smart.` What only
/// says what the operations do explains no term.
fn terms(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    const MOST: usize = 20;
    const SAYS: [&str; 16] = [
        "is",
        "are",
        "can",
        "may",
        "hold",
        "holds",
        "contain",
        "contains",
        "group",
        "groups",
        "represent",
        "represents",
        "support",
        "supports",
        "describe",
        "describes",
    ];
    let tags = root.get("tags").map(Node::items).unwrap_or_default();
    for tag in tags.iter().take(MOST) {
        let (Some(name), Some(text)) = (tag.str_of("name"), tag.str_of("description")) else {
            continue;
        };
        let name = name.trim();
        let lower = name.to_lowercase();
        let said = crate::statements::sentences_of(text)
            .into_iter()
            .filter(|sentence| {
                let sentence = sentence.to_lowercase();
                let rest = sentence
                    .strip_prefix(lower.as_str())
                    .and_then(|rest| rest.strip_prefix(' '));
                let next = rest.and_then(|rest| rest.split_whitespace().next());
                next.is_some_and(|word| SAYS.contains(&word))
            });
        let said: Vec<&str> = said.take(2).collect();
        if !said.is_empty() && (2..40).contains(&name.len()) {
            let mark = Mark {
                topic: Topic::Stated,
                name: TERM.to_owned(),
                detail: Some(format!("{name}\n{}", said.join(" "))),
            };
            acc.add(file, tag.first, tag.last, Claim::Mark(mark));
        }
    }
}

/// The name of marks of a term, with what it means behind it in their detail.
pub(crate) const TERM: &str = "term";

fn add_interface(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, paths: Option<&Node>) {
    let info = root.get("info");
    let text = |key: &str| {
        let text = info?.str_of(key)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    if is_template(info) {
        return;
    }
    let schemas = Schemas::new(root);
    let default = default_security(root);
    let guards = default
        .map(|(_, node)| named_guards(node))
        .unwrap_or_default();
    let all = default.and_then(|(_, node)| joined(node));
    let optional = default.is_some_and(|(_, node)| is_optional(node));
    let mut elsewhere = Vec::new();
    let mut operations = Vec::new();
    let mut names = BTreeMap::new();
    for (path, item) in paths.map(Node::entries).unwrap_or_default() {
        if path.text.starts_with("x-") {
            continue;
        }
        let item = match item.str_of("$ref") {
            None => item,
            Some(target) => match schemas.at(target) {
                Some(item) => item,
                None => {
                    elsewhere.push((path, target));
                    continue;
                }
            },
        };
        for (key, node) in item.entries() {
            if METHODS.contains(&key.text.as_str()) && node.is_mapping() {
                if let Some(name) = node.str_of("operationId") {
                    let id = format!("{} {}", key.text.to_ascii_uppercase(), path.text);
                    names.insert(id, name.to_owned());
                }
                let guarded = (guards.as_slice(), all);
                let mut made = operation(file, &schemas, guarded, &path.text, item, (key, node));
                made.security_optional |= made.security_inherited && optional;
                operations.push(made);
            }
        }
    }
    let (first, last) = lines_of_head(root);
    // An interface of which no operation is known would seem to have none.
    if operations.is_empty() && elsewhere.is_empty() {
        return;
    }
    terms(acc, file, root);
    let name = text("title").unwrap_or_else(|| {
        let stem = file.name().rsplit_once('.').map(|(stem, _)| stem);
        stem.unwrap_or(file.name()).to_owned()
    });
    let interface = Interface {
        id: id_of(file.path),
        name,
        element: None,
        kind: InterfaceKind::Http,
        audience: Audience::Unknown,
        partial: !elsewhere.is_empty(),
        unserved: false,
        version: text("version"),
        base_path: base_path(root),
        description: text("description").and_then(|d| first_paragraph(&d)),
        security_schemes: security_schemes(root),
        security_default: default.filter(|_| !guards.is_empty()).map(|(key, node)| {
            let last = node.last.max(key.line);
            Provenance::observed([file.evidence(key.line, last)])
        }),
        operations,
        schemas: schemas.listed(file),
        provenance: Provenance::observed([file.evidence(first, last)]),
    };
    acc.add(file, first, last, Claim::Interface(Box::new(interface)));
    if !names.is_empty() {
        acc.add(file, first, last, Claim::OperationNames(names));
    }
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for (path, target) in elsewhere {
        let (relative, pointer) = target.split_once('#').unwrap_or((target, ""));
        // What lies outside of the tree is in no file of it, and is missing.
        let file_of = join(folder, relative).unwrap_or_else(|| relative.to_owned());
        let found = PathElsewhere {
            path: path.text.clone(),
            target: format!("{file_of}#{}", pointer.trim_end_matches('/')),
            guards: guards.clone(),
            all,
        };
        acc.add(file, path.line, path.line, Claim::PathElsewhere(found));
    }
}

/// The lines of `info`, which is what an interface is cited by; without it those of the version.
fn lines_of_head(root: &Node) -> (u32, u32) {
    let entries = root.entries();
    let find = |name: &str| entries.iter().find(|(key, _)| key.text == name);
    let head = find("info")
        .or_else(|| find("openapi"))
        .or_else(|| find("swagger"));
    head.map_or((root.first, root.first), |(key, node)| {
        (key.line, node.last.max(key.line))
    })
}

fn operation(
    file: &SourceFile<'_>,
    schemas: &Schemas<'_>,
    (guards, all): (&[String], Option<bool>),
    path: &str,
    item: &Node,
    (method, node): (&Key, &Node),
) -> Operation {
    let upper = method.text.to_ascii_uppercase();
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut request = None;
    // Those of the operation come first and hide those of the path.
    for list in [node, item].map(|n| n.get("parameters")) {
        for written in list.map(Node::items).unwrap_or_default() {
            let found = schemas.follow(written);
            let (Some(name), Some(place)) = (found.str_of("name"), found.str_of("in")) else {
                continue;
            };
            if place == "body" {
                request = request.or(found.get("schema").map(|s| schemas.type_of(s)));
                continue;
            }
            let place = if place == "formData" { "body" } else { place };
            if parameters
                .iter()
                .any(|p| p.name == name && p.place == place)
            {
                continue;
            }
            let typed = found.get("schema").unwrap_or(found);
            let data_type = schemas.type_of(typed);
            parameters.push(Parameter {
                name: name.to_owned(),
                place: place.to_owned(),
                data_type: (!data_type.is_empty()).then_some(data_type),
                required: found.get("required").and_then(Node::truth) == Some(true),
                description: found.str_of("description").and_then(first_paragraph),
            });
        }
    }
    if let Some(body) = node.get("requestBody") {
        request = body_type(schemas, schemas.follow(body));
    }
    let mut responses: Vec<Response> = node
        .get("responses")
        .map(Node::entries)
        .unwrap_or_default()
        .into_iter()
        .filter(|(key, _)| !key.text.starts_with("x-"))
        .map(|(key, written)| {
            let found = schemas.follow(written);
            let direct = found.get("schema").map(|s| schemas.type_of(s));
            Response {
                status: key.text.clone(),
                description: found.str_of("description").and_then(first_paragraph),
                schema: direct.or_else(|| body_type(schemas, found)),
                origin: None,
            }
        })
        .collect();
    responses.sort_by_key(|r| !r.status.starts_with('2'));
    let own = node.get("security").map(named_guards);
    let tags = node.get("tags").map(Node::strings).unwrap_or_default();
    let summary = node.str_of("summary").filter(|s| !s.trim().is_empty());
    Operation {
        id: format!("{upper} {path}"),
        method: upper,
        path: path.to_owned(),
        summary: summary
            .or_else(|| node.str_of("description"))
            .and_then(first_paragraph)
            .map(|text| prose::without_remarks(&text)),
        handler: None,
        parameters,
        request,
        responses,
        security_inherited: own.is_none() && (!guards.is_empty() || path.is_empty()),
        security_all: match node.get("security") {
            Some(own) => joined(own),
            None => all,
        },
        security_optional: node.get("security").is_some_and(is_optional),
        security: own.unwrap_or_else(|| guards.to_vec()),
        tag: tags.first().map(|(tag, _)| (*tag).to_owned()),
        unread: false,
        more_outcomes: false,
        undeclared: Vec::new(),
        guards: Vec::new(),
        before: Vec::new(),
        deprecated: node.get("deprecated").and_then(Node::truth) == Some(true),
        provenance: Provenance::observed([file.evidence(method.line, node.last.max(method.line))]),
    }
}

/// The type of a body: of JSON if it is offered, else of what comes first.
fn body_type(schemas: &Schemas<'_>, body: &Node) -> Option<String> {
    let content = body.get("content")?.entries();
    let json = content.iter().find(|(key, _)| key.text.contains("json"));
    let (kind, media) = json.or(content.first())?;
    let found = media.get("schema").map(|s| schemas.type_of(s));
    Some(found.filter(|t| !t.is_empty()).unwrap_or(kind.text.clone()))
}

/// What the document names for all operations that name no scheme of their own.
fn default_security(root: &Node) -> Option<(&Key, &Node)> {
    let all = root.entries();
    all.into_iter().find(|(key, _)| key.text == "security")
}

/// Whether the schemes of a list are needed together, or one of them is enough: items are alternatives, and the names
/// of one item are needed at once (<https://spec.openapis.org/oas/v3.1.0#security-requirement-object>). Nothing is said
/// of a list that does both.
fn joined(node: &Node) -> Option<bool> {
    let items: Vec<usize> = node.items().iter().map(|i| i.entries().len()).collect();
    match items.as_slice() {
        [one] if *one > 1 => Some(true),
        [_, _, ..] if items.iter().all(|n| *n == 1) => Some(false),
        _ => None,
    }
}

/// Whether nothing is among what a caller may come with: `security: [{ token: [] }, {}]`
/// (<https://spec.openapis.org/oas/v3.1.0#security-requirement-object>).
fn is_optional(node: &Node) -> bool {
    let all = node.items();
    all.len() > 1
        && all
            .iter()
            .any(|item| item.is_mapping() && item.entries().is_empty())
}

fn named_guards(node: &Node) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in node.items() {
        for (key, _) in item.entries() {
            if !names.contains(&key.text) {
                names.push(key.text.clone());
            }
        }
    }
    names
}

fn security_schemes(root: &Node) -> Vec<(String, String)> {
    let node = root
        .at(&["components", "securitySchemes"])
        .or_else(|| root.get("securityDefinitions"));
    node.map(Node::entries)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(key, scheme)| {
            let kind = scheme.str_of("type")?;
            let more = match kind {
                "http" => scheme.str_of("scheme"),
                "apiKey" => scheme.str_of("in"),
                _ => None,
            };
            let kind = more.map_or(kind.to_owned(), |more| format!("{kind} {more}"));
            Some((key.text.clone(), kind))
        })
        .collect()
}

/// The common prefix of the paths: `basePath`, or the path of the first server with the defaults
/// of its variables.
fn base_path(root: &Node) -> Option<String> {
    let server = root.get("servers").and_then(|s| s.items().first());
    let written = match server {
        Some(server) => {
            let mut url = server.str_of("url")?.to_owned();
            let variables = server.get("variables").map(Node::entries);
            for (key, variable) in variables.unwrap_or_default().into_iter().take(20) {
                if let Some(default) = variable.str_of("default") {
                    url = url.replace(&format!("{{{}}}", key.text), default);
                }
            }
            url
        }
        None => root.str_of("basePath")?.to_owned(),
    };
    let path = match written.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None if written.starts_with("//") => {
            let rest = &written[2..];
            rest.find('/').map_or("", |at| &rest[at..])
        }
        None => written.as_str(),
    };
    let path = path.trim_end_matches('/');
    (!path.is_empty()).then(|| format!("/{}", path.trim_start_matches('/')))
}

/// The first paragraph of a description on one line: up to a list, a table or a heading, since what leads to
/// one says nothing without it.
fn first_paragraph(text: &str) -> Option<String> {
    let ends = |l: &str| {
        l.is_empty()
            || ["```", "#", "* ", "- ", "|", "1. "]
                .iter()
                .any(|mark| l.starts_with(mark))
    };
    let lines = text
        .lines()
        .map(str::trim)
        .skip_while(|l| l.is_empty() || l.starts_with('#'))
        .take_while(|l| !ends(l));
    let joined = lines.collect::<Vec<_>>().join(" ");
    let whole = match joined.ends_with(':') {
        // What comes before the sentence that leads to a list.
        true => joined
            .rsplit_once(". ")
            .map(|(before, _)| format!("{before}.")),
        false => Some(joined),
    };
    whole.filter(|text| !text.is_empty())
}

/// Titles repeat in a repository (`OpenAPI definition`), so the path makes the id.
fn id_of(path: &str) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let plain = |c: char| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() || "._/-".contains(c) => c,
        _ => '-',
    };
    stem.chars().map(plain).collect()
}
