//! GraphQL operations that code declares: resolvers of NestJS and TypeGraphQL.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::prose;
use crate::scan::{self, Part};
use crate::sentence;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_model::{
    Audience, Interface, InterfaceKind, Operation, Parameter, Provenance, Response,
};
use groundplan_syntax::{Annotation, Code, DeclKind, Declared, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "graphql-code",
    docs: "\
### What it finds
Queries, mutations and subscriptions of GraphQL that methods with `@Query`, `@Mutation` and
`@Subscription` declare in classes with `@Resolver` (NestJS, <https://docs.nestjs.com/graphql/resolvers>;
TypeGraphQL, <https://typegraphql.com/docs/resolvers.html>): name, description, result, deprecation, and
what `@Args` and `@Arg` take. Those of one part are one interface, without what a schema lists already.

### What it does not find
Fields that resolvers add to types (`@ResolveField`), fields of classes of arguments, builders of schemas
without decorators (Pothos, Nexus), libraries of other languages.
",
    reads: &[Reads::Own(&[Language::TypeScript, Language::JavaScript])],
    markers: &["@Resolver"],
    run: extract,
};

/// The end of the id of an interface that code declares, whose parts are joined later.
pub(crate) const IN_CODE: &str = "#resolver";

/// The packages that the decorators come from.
const PACKAGES: [&str; 2] = ["@nestjs/graphql", "type-graphql"];

fn method(name: &str) -> Option<&'static str> {
    Some(match name {
        "Query" => "QUERY",
        "Mutation" => "MUTATION",
        "Subscription" => "SUBSCRIPTION",
        _ => return None,
    })
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || !PACKAGES.iter().any(|p| file.text.contains(p)) {
        return;
    }
    let values = Values::new(file);
    let outline = file.outline();
    let resolves = |declared: &Declared| {
        let class = declared.owner.and_then(|owner| outline.of_type(owner));
        class.is_some_and(|c| c.annotation(&["Resolver"]).is_some())
    };
    let mut operations = Vec::new();
    for declared in &outline.declared {
        if declared.kind != DeclKind::Function || !resolves(declared) {
            continue;
        }
        for annotation in &declared.annotations {
            if let Some(method) = method(&annotation.name) {
                operations.push(operation(file, &values, declared, annotation, method));
            }
        }
    }
    let Some(first) = operations.first() else {
        return;
    };
    let provenance = first.provenance.clone();
    let line = provenance.evidence.first().map_or(1, |at| at.lines[0]);
    let interface = Interface {
        id: format!("{}{IN_CODE}", file.path.to_ascii_lowercase()),
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
        schemas: Vec::new(),
        provenance,
    };
    acc.add(file, line, line, Claim::Interface(Box::new(interface)));
}

fn operation(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
    annotation: &Annotation,
    method: &str,
) -> Operation {
    let code = file.code();
    let arguments = annotation.open.map(|open| code.arguments(open));
    let arguments = arguments.unwrap_or_default();
    let object = arguments.iter().find_map(|range| {
        values
            .literal_at(range)
            .filter(|&at| code.is(at, "{") && range.start == at)
    });
    let of = |key: &str| object.and_then(|at| values.folded_property(at, &[key]));
    let given = (arguments.first())
        .filter(|r| r.len() == 1)
        .and_then(|r| code.string(r.start));
    let name = given.map(str::to_owned).or_else(|| of("name"));
    let name = name.unwrap_or_else(|| declared.name.clone());
    let kind = arguments.iter().find_map(|range| type_of(code, range));
    let kind = kind.map(|kind| required(kind, object, code, values));
    let open = declared.at + 1;
    let taken = code.is(open, "(").then(|| scan::parameters(code, open));
    let parameters = (taken.into_iter().flatten())
        .filter_map(|range| parameter(code, values, range))
        .collect();
    let summary = of("description").and_then(|text| sentence::one(&text, 200));
    let last = code
        .partner(open)
        .map_or(declared.line, |close| code.line(close));
    Operation {
        id: name.clone(),
        method: method.to_owned(),
        path: name,
        summary: summary.or_else(|| prose::summary(file, declared.first)),
        handler: Some(declared.name.clone()),
        parameters,
        request: None,
        responses: vec![Response {
            status: "data".to_owned(),
            description: None,
            schema: kind,
            origin: None,
        }],
        security: Vec::new(),
        security_inherited: false,
        security_all: None,
        security_optional: false,
        tag: None,
        deprecated: of("deprecationReason").is_some(),
        unread: false,
        more_outcomes: false,
        undeclared: Vec::new(),
        guards: Vec::new(),
        before: Vec::new(),
        provenance: Provenance::observed([file.evidence(declared.first, last)]),
    }
}

/// `User` of `() => User`, `[User]` of `returns => [User]`.
fn type_of(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let arrow = range
        .clone()
        .find(|&at| code.is(at, "=>") || code.is(at, "=") && code.is(at + 1, ">"))?;
    let first = arrow + if code.is(arrow, "=>") { 1 } else { 2 };
    let text: String = (first..range.end).map(|at| code.raw(at)).collect();
    let inner = text.trim_matches(['[', ']']);
    let plain = !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || c == '_');
    let inner = match inner {
        "String" | "Boolean" | "Int" | "Float" | "ID" => inner,
        "Number" => "Float",
        "Date" => "DateTime",
        other => other,
    };
    plain.then(|| match text.starts_with('[') {
        true => format!("[{inner}!]"),
        false => inner.to_owned(),
    })
}

/// A type with the mark of what is never missing, unless the object of options says `nullable`.
fn required(
    kind: String,
    object: Option<usize>,
    code: &Code<'_>,
    values: &Values<'_, '_>,
) -> String {
    let nullable = object.and_then(|at| values.property(at, "nullable"));
    match nullable.is_some_and(|range| !code.is(range.start, "false")) {
        true => kind,
        false => format!("{kind}!"),
    }
}

/// `@Args('id') id: string`, `@Args({ name: 'id', type: () => ID }) id: string`, `@Arg('id', () => ID)`,
/// `@Args() args: PageArgs`.
fn parameter(code: &Code<'_>, values: &Values<'_, '_>, range: Range<usize>) -> Option<Parameter> {
    let mark = range.clone().find(|&at| {
        code.is(at, "@") && matches!(code.raw(at + 1), "Args" | "Arg") && code.is(at + 2, "(")
    })?;
    let open = mark + 2;
    let close = code.partner(open)?;
    let arguments = code.arguments(open);
    let object = arguments.iter().find_map(|r| {
        values
            .literal_at(r)
            .filter(|&at| code.is(at, "{") && r.start == at)
    });
    let variable = (close + 1..range.end).find(|&at| code.ident(at).is_some())?;
    let given = (arguments.first())
        .filter(|r| r.len() == 1)
        .and_then(|r| code.string(r.start));
    let name = given.map(str::to_owned);
    let name = name.or_else(|| object.and_then(|at| values.folded_property(at, &["name"])));
    let name = name.unwrap_or_else(|| code.raw(variable).to_owned());
    let said = object.and_then(|at| values.property(at, "type"));
    let said = said.and_then(|r| type_of(code, &r));
    let said = said.or_else(|| arguments.iter().find_map(|r| type_of(code, r)));
    let written = || {
        let colon = (variable..range.end).find(|&at| code.is(at, ":"))?;
        let text: String = (colon + 1..range.end)
            .take_while(|&at| !code.is(at, "=") && !code.is(at, "|"))
            .map(|at| code.raw(at))
            .collect();
        let (inner, list) = match text.strip_suffix("[]") {
            Some(inner) => (inner, true),
            None => (text.as_str(), false),
        };
        let inner = match inner {
            "string" => "String",
            "number" => "Float",
            "boolean" => "Boolean",
            other => other,
        };
        let plain = !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || c == '_');
        plain.then(|| match list {
            true => format!("[{inner}!]"),
            false => inner.to_owned(),
        })
    };
    let nullable = object.and_then(|at| values.property(at, "nullable"));
    let optional = code.is(variable + 1, "?")
        || nullable.is_some_and(|r| !code.is(r.start, "false"))
        || object.is_some_and(|at| values.property(at, "defaultValue").is_some());
    let described = object.and_then(|at| values.folded_property(at, &["description"]));
    Some(Parameter {
        name,
        place: "argument".to_owned(),
        data_type: said.or_else(written),
        required: !optional,
        description: described.and_then(|text| sentence::one(&text, 160)),
    })
}
