//! Schemas of GraphQL.

mod tokens;

use self::tokens::{Kind, Token};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::{
    Audience, Interface, InterfaceKind, Operation, Parameter, Provenance, Response, Schema,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "graphql",
    docs: "\
### What it finds
Schemas in the language of GraphQL: the fields of the types for queries, mutations and subscriptions
as operations, with their arguments, result, description and deprecation; input types and the types
that these operations give, with their fields.

### What it does not find
Schemas that code builds, documents of callers (`query Cart { … }`), directives of the schema itself.
",
    reads: &[Reads::Paths(&["*.graphql", "*.graphqls", "*.gql"])],
    markers: &["type ", "schema"],
    run: extract,
};

/// Most types that an interface lists.
const MOST_TYPES: usize = 400;

/// A field of a type, or an argument.
#[derive(Debug)]
struct Field {
    name: String,
    about: Option<String>,
    arguments: Vec<Field>,
    kind: String,
    default: bool,
    deprecated: bool,
    lines: (u32, u32),
}

/// A type with fields.
#[derive(Debug)]
struct Type {
    word: String,
    name: String,
    fields: Vec<Field>,
    lines: (u32, u32),
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let tokens = tokens::of(file.text);
    let mut reader = Reader { tokens, at: 0 };
    let (types, roots) = reader.types();
    let method = |name: &str| match roots.get(name) {
        Some(word) => Some(*word),
        None if roots.is_empty() => root(name),
        None => None,
    };
    let mut operations = Vec::new();
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut first = u32::MAX;
    for found in types.iter().filter(|t| t.word == "type") {
        let Some(method) = method(&found.name) else {
            continue;
        };
        first = first.min(found.lines.0);
        for field in &found.fields {
            named.insert(bare(&field.kind).to_owned());
            named.extend(field.arguments.iter().map(|a| bare(&a.kind).to_owned()));
            operations.push(operation(file, method, field));
        }
    }
    if operations.is_empty() {
        return;
    }
    let schemas = types
        .iter()
        .filter(|t| named.contains(&t.name) && method(&t.name).is_none())
        .take(MOST_TYPES)
        .map(|t| Schema {
            name: t.name.clone(),
            fields: t
                .fields
                .iter()
                .map(|f| (f.name.clone(), f.kind.clone(), required(f)))
                .collect(),
            form: None,
            provenance: Provenance::observed([file.evidence(t.lines.0, t.lines.1)]),
        })
        .collect();
    let interface = Interface {
        id: file.path.to_ascii_lowercase().replace([' ', '\\'], "-"),
        name: file.name().to_owned(),
        element: None,
        kind: InterfaceKind::Graphql,
        audience: Audience::Unknown,
        partial: false,
        unserved: false,
        version: None,
        base_path: None,
        description: None,
        security_schemes: Vec::new(),
        security_default: None,
        operations,
        schemas,
        provenance: Provenance::observed([file.evidence(first, first)]),
    };
    acc.add(file, first, first, Claim::Interface(Box::new(interface)));
}

/// The kind of operation of a type that has its usual name.
fn root(name: &str) -> Option<&'static str> {
    Some(match name {
        "Query" => "QUERY",
        "Mutation" => "MUTATION",
        "Subscription" => "SUBSCRIPTION",
        _ => return None,
    })
}

/// The name in a type: `Product` of `[Product!]!`.
fn bare(kind: &str) -> &str {
    kind.trim_matches(['[', ']', '!'])
}

fn required(field: &Field) -> bool {
    field.kind.ends_with('!') && !field.default
}

fn operation(file: &SourceFile<'_>, method: &str, field: &Field) -> Operation {
    Operation {
        id: field.name.clone(),
        method: method.to_owned(),
        path: field.name.clone(),
        summary: field.about.as_deref().and_then(|d| sentence::one(d, 200)),
        handler: None,
        parameters: field
            .arguments
            .iter()
            .map(|a| Parameter {
                name: a.name.clone(),
                place: "argument".to_owned(),
                data_type: Some(a.kind.clone()),
                required: required(a),
                description: a.about.as_deref().and_then(|d| sentence::one(d, 160)),
            })
            .collect(),
        request: None,
        responses: vec![Response {
            status: "data".to_owned(),
            description: None,
            schema: Some(field.kind.clone()),
            origin: None,
        }],
        security: Vec::new(),
        security_inherited: false,
        security_all: None,
        security_optional: false,
        tag: None,
        deprecated: field.deprecated,
        unread: false,
        more_outcomes: false,
        undeclared: Vec::new(),
        guards: Vec::new(),
        before: Vec::new(),
        provenance: Provenance::observed([file.evidence(field.lines.0, field.lines.1)]),
    }
}

/// Types of a schema, and what its `schema { … }` calls the types for operations.
type Schemas = (Vec<Type>, BTreeMap<String, &'static str>);

struct Reader<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn text(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |t| match t.kind {
            Kind::Text => "",
            _ => t.text,
        })
    }

    fn line(&self, at: usize) -> u32 {
        self.tokens.get(at).map_or(1, |t| t.line)
    }

    fn is(&self, text: &str) -> bool {
        self.text(self.at) == text
    }

    fn types(&mut self) -> Schemas {
        let mut all = Vec::new();
        let mut roots = BTreeMap::new();
        while self.at < self.tokens.len() {
            let first = self.line(self.at);
            match self.text(self.at) {
                "schema" => {
                    self.at += 1;
                    self.directives();
                    if !self.is("{") {
                        continue;
                    }
                    for field in self.fields("{", "}") {
                        let word = match field.name.as_str() {
                            "query" => "QUERY",
                            "mutation" => "MUTATION",
                            "subscription" => "SUBSCRIPTION",
                            _ => continue,
                        };
                        roots.insert(field.kind, word);
                    }
                }
                word @ ("type" | "input" | "interface") => {
                    let name = self.text(self.at + 1).to_owned();
                    self.at += 2;
                    // `implements A & B @key(fields: "id")`
                    while !self.is("{") {
                        match self.text(self.at) {
                            "@" => {
                                self.directives();
                            }
                            "implements" | "&" | "," => self.at += 1,
                            _ if self.text(self.at.wrapping_sub(1)) == "implements"
                                || self.text(self.at.wrapping_sub(1)) == "&" =>
                            {
                                self.at += 1;
                            }
                            _ => break,
                        }
                    }
                    if self.is("{") {
                        let fields = self.fields("{", "}");
                        let lines = (first, self.line(self.at.saturating_sub(1)));
                        all.push(Type {
                            word: word.to_owned(),
                            name,
                            fields,
                            lines,
                        });
                    }
                }
                // What stands in other brackets at this place declares no type.
                "{" | "(" | "[" => self.skip(),
                _ => self.at += 1,
            }
        }
        (all, roots)
    }

    /// Goes behind the bracket that closes the one here.
    fn skip(&mut self) {
        let mut depth = 0_u32;
        while self.at < self.tokens.len() {
            match self.text(self.at) {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// Directives here; whether one says that something is deprecated.
    fn directives(&mut self) -> bool {
        let mut deprecated = false;
        while self.is("@") {
            deprecated |= self.text(self.at + 1) == "deprecated";
            self.at += 2;
            if self.is("(") {
                self.skip();
            }
        }
        deprecated
    }

    /// Fields or arguments between two brackets.
    fn fields(&mut self, open: &str, close: &str) -> Vec<Field> {
        let mut all = Vec::new();
        if !self.is(open) {
            return all;
        }
        self.at += 1;
        let mut about: Option<String> = None;
        while self.at < self.tokens.len() && !self.is(close) {
            let Some(token) = self.tokens.get(self.at).copied() else {
                break;
            };
            if token.kind == Kind::Text {
                about = Some(tokens::words(token.text));
                self.at += 1;
                continue;
            }
            if token.kind != Kind::Name {
                self.at += 1;
                continue;
            }
            self.at += 1;
            let mut arguments = Vec::new();
            if self.is("(") {
                // Arguments have none themselves.
                match open {
                    "{" => arguments = self.fields("(", ")"),
                    _ => self.skip(),
                }
            }
            if !self.is(":") {
                about = None;
                continue;
            }
            self.at += 1;
            let mut kind = String::new();
            let mut depth = 0_u32;
            while let Some(part) = self.tokens.get(self.at) {
                match (part.kind, part.text) {
                    (Kind::Punct, "[") => depth += 1,
                    (Kind::Punct, "]") if depth > 0 => depth -= 1,
                    (Kind::Punct, "!") if !kind.is_empty() => {}
                    (Kind::Name, _) if kind.is_empty() || kind.ends_with('[') => {}
                    _ => break,
                }
                kind.push_str(part.text);
                self.at += 1;
            }
            let default = self.is("=");
            if default {
                self.at += 1;
                match self.text(self.at) {
                    "{" | "[" => self.skip(),
                    _ => self.at += 1,
                }
            }
            let deprecated = self.directives();
            let last = self.line(self.at.saturating_sub(1));
            all.push(Field {
                name: token.text.to_owned(),
                about: about.take(),
                arguments,
                kind,
                default,
                deprecated,
                lines: (token.line, last.max(token.line)),
            });
        }
        self.at += 1;
        all
    }
}
