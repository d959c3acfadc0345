//! HTTP endpoints of Java and Kotlin services.

pub(crate) mod bases;
mod composed;
mod functional;
mod generated;
mod inherited;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::prose;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Annotation, DeclKind, Declared, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-http",
    docs: "\
### What it finds
Endpoints of Spring controllers (`@GetMapping` and the like, `@RequestMapping` with its prefix and
methods, functional routes, `@RepositoryRestResource(path)`), of JAX-RS resources, of Micronaut
controllers, of annotated services of Armeria and of servlets, with the method that answers and the
first sentence of its comment or of `@Operation`. Constants of the same file are filled in. Annotations of a
program's own that are marked as controllers, the path of the application or servlet that answers for all
resources, and prefixes that the configuration of Spring gives to the
classes with an annotation.

### What it does not find
Context paths of the configuration, prefixes of a base class, services that Armeria mounts by code
alone and paths that are regular expressions. Routes that a class only lends to
those that extend it are joined with these later, and so are the methods of a class that implements
an interface which the build makes from an OpenAPI document (`implements OrdersApi`). Constants of another file stay as
`{Name}` until all files are joined. Functional routes that a function of another file takes in begin with `…`,
since what it puts before them is not read. Mappings of Feign clients are no endpoints, and what only a
profile of tests brings in is none of the program.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &[
        "Mapping",
        "@Path",
        "ws.rs",
        "@Controller",
        "@RestController",
        "ApiDelegate",
        "@RepositoryRestResource",
        "@WebServlet",
        "armeria.server.annotation",
        "annotatedService(",
        "RouterFunction",
        "router {",
        "coRouter",
        "addPathPrefix",
        "ServletContainer",
        "setUrlPattern(",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let values = Values::new(file);
    for declared in &file.outline().declared {
        match declared.kind {
            DeclKind::Function => method(acc, file, &values, declared),
            DeclKind::Type => class(acc, file, &values, declared),
            _ => {}
        }
    }
    if file.text.contains("annotatedService(") {
        armeria_services(acc, file, &values);
    }
    bases::add(acc, file, &values);
    inherited::classes(acc, file, &values);
    composed::add(acc, file, &values);
    generated::classes(acc, file);
    let built = ["RouterFunction", "router {", "coRouter"];
    if built.iter().any(|word| file.text.contains(word)) {
        functional::routes(acc, file, &values);
    }
}

/// The package whose annotations make a method of any class a route
/// (<https://armeria.dev/docs/server/annotated-service/>).
const ARMERIA: &str = "com.linecorp.armeria.server.annotation.";

/// Annotations of types whose mappings are what they call.
const CLIENTS: &[&str] = &[
    "FeignClient",
    "RegisterRestClient",
    "HttpExchange",
    "Client",
];

/// The framework that a class belongs to, and the prefix of its paths.
fn owner_of_class(
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    owner: usize,
) -> Option<(&'static str, Vec<String>)> {
    let outline = file.outline();
    let class = outline.of_type(owner);
    let is_interface = outline.types.get(owner)?.keyword == "interface";
    let has = |names: &[&str]| class.and_then(|c| c.annotation(names));
    if is_client(file, owner) {
        return None;
    }
    let framework = if has(&["RestController", "Controller"]).is_some() {
        if file.text.contains("io.micronaut") {
            "micronaut"
        } else {
            "spring-web"
        }
    } else if has(&["Path"]).is_some() && !is_abstract(file, owner) {
        "jax-rs"
    } else if is_interface && has(&["Api", "Tag", "Validated", "RequestMapping"]).is_some()
        || has(&[
            "RepositoryRestController",
            "BasePathAwareController",
            "FrameworkEndpoint",
        ])
        .is_some()
    {
        "spring-web"
    } else if !is_interface && file.text.contains(ARMERIA) {
        "armeria"
    } else {
        return None;
    };
    let names: &[&str] = match framework {
        "spring-web" => &["RequestMapping"],
        "micronaut" => &["Controller"],
        "armeria" => &["PathPrefix"],
        _ => &["Path"],
    };
    let prefixes = has(names).map_or_else(Vec::new, |a| paths(file, values, a));
    Some((framework, prefixes))
}

/// Whether a type is one whose mappings are what it calls.
fn is_client(file: &SourceFile<'_>, owner: usize) -> bool {
    let class = file.outline().of_type(owner);
    class.is_some_and(|c| c.annotation(CLIENTS).is_some())
}

/// The paths of a mapping: one, a list, or none.
fn paths(file: &SourceFile<'_>, values: &Values<'_, '_>, annotation: &Annotation) -> Vec<String> {
    let code = file.code();
    let Some(open) = annotation.open else {
        return Vec::new();
    };
    let named = ["value", "path", "uri", "uris", "urlPatterns"]
        .iter()
        .find_map(|name| code.named_argument(open, name));
    let range = named.or_else(|| {
        let first = code.arguments(open).into_iter().next()?;
        (!code.is(first.start + 1, "=")).then_some(first)
    });
    range.map_or_else(Vec::new, |range| list(file, values, range))
}

/// A string expression or a list of them in curly or square brackets.
fn list(file: &SourceFile<'_>, values: &Values<'_, '_>, range: Range<usize>) -> Vec<String> {
    let code = file.code();
    let parts = if code.is(range.start, "{") || code.is(range.start, "[") {
        code.arguments(range.start)
    } else {
        vec![range]
    };
    let kotlin = file.path.ends_with(".kt");
    let one = |part: Range<usize>| match code.string(part.start) {
        Some(text) if part.len() == 1 && kotlin => Some(filled_in(text)),
        // An empty path is a path too.
        Some(text) if part.len() == 1 => Some(text.to_owned()),
        _ => values.fold(part.clone()).or_else(|| {
            let name = code.dotted(part.start, part.end);
            (!name.is_empty()).then(|| format!("{{{name}}}"))
        }),
    };
    parts.into_iter().filter_map(one).collect()
}

/// A text of Kotlin with the names in it as constants that are looked up later: `"$BASE/orders"` and
/// `"${Paths.BASE}/orders"` are `{BASE}/orders` and `{Paths.BASE}/orders`; `"\${shop.base}"` stays a property.
pub(super) fn filled_in(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        if let Some(escaped) = before.strip_suffix('\\') {
            out.push_str(escaped);
            out.push('$');
            rest = after;
            continue;
        }
        out.push_str(before);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        rest = after;
        if after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let end = after.find(|c: char| !plain(c)).unwrap_or(after.len());
            out.push_str(&format!("{{{}}}", &after[..end]));
            rest = &after[end..];
        } else if !after.starts_with('{') {
            out.push('$');
        }
    }
    out + rest
}

/// The HTTP methods of a mapping annotation; empty if it is none.
fn methods(file: &SourceFile<'_>, annotation: &Annotation, framework: &str) -> Vec<String> {
    let code = file.code();
    let name = annotation.name.rsplit('.').next().unwrap_or_default();
    let verb = |name: &str| {
        matches!(
            name,
            "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS"
        )
        .then(|| name.to_owned())
    };
    match framework {
        "spring-web" => {
            if name == "RequestMapping" {
                let Some(range) = annotation
                    .open
                    .and_then(|open| code.named_argument(open, "method"))
                else {
                    return vec!["ANY".to_owned()];
                };
                let all: Vec<String> = range.filter_map(|at| verb(code.raw(at))).collect();
                return if all.is_empty() {
                    vec!["ANY".to_owned()]
                } else {
                    all
                };
            }
            let upper = name
                .strip_suffix("Mapping")
                .unwrap_or_default()
                .to_ascii_uppercase();
            verb(&upper).into_iter().collect()
        }
        "armeria" | "micronaut" => {
            let capital = name.starts_with(char::is_uppercase) && name != name.to_ascii_uppercase();
            let upper = name.to_ascii_uppercase();
            verb(&upper).filter(|_| capital).into_iter().collect()
        }
        _ => verb(name).into_iter().collect(),
    }
}

/// Whether a class is abstract: what it maps is served by those that extend it, below their own paths.
fn is_abstract(file: &SourceFile<'_>, owner: usize) -> bool {
    let Some(class) = file.outline().types.get(owner) else {
        return false;
    };
    let code = file.code();
    let ends = |at: &usize| code.is(*at, ";") || code.is(*at, "{") || code.is(*at, "}");
    let mut front = (0..class.at).rev().take_while(|at| !ends(at));
    class.keyword == "class" && front.any(|at| code.is(at, "abstract"))
}

fn method(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
) {
    let found: Vec<&Annotation> = declared.annotations.iter().collect();
    let maps = |a: &&Annotation| {
        ["spring-web", "micronaut", "jax-rs"]
            .iter()
            .any(|framework| !methods(file, a, framework).is_empty())
    };
    if !found.iter().any(maps) {
        return;
    }
    let Some(owner) = declared.owner else {
        return;
    };
    let (framework, prefixes, router) = match owner_of_class(file, values, owner) {
        Some((framework, prefixes)) => (framework, prefixes, None),
        None => {
            let lent = || {
                let class = file.outline().types.get(owner)?;
                let lends = class.keyword == "class" && !is_client(file, owner);
                let framework = found.iter().find_map(|a| inherited::framework(file, a));
                Some((framework?, class.name.clone())).filter(|_| lends)
            };
            let Some((framework, class)) = lent() else {
                return;
            };
            (framework, Vec::new(), Some(class))
        }
    };
    if is_for_tests(file, declared)
        || file
            .outline()
            .of_type(owner)
            .is_some_and(|c| is_for_tests(file, c))
    {
        return;
    }
    let summary = described(file, declared).or_else(|| prose::summary(file, declared.first));
    for annotation in &declared.annotations {
        for verb in methods(file, annotation, framework) {
            let beside = || {
                let path = declared.annotation(&["Path"]);
                path.map_or_else(Vec::new, |a| paths(file, values, a))
            };
            let own = match framework {
                "jax-rs" => beside(),
                "armeria" => {
                    let mut all = paths(file, values, annotation);
                    all.extend(beside());
                    let said = !all.is_empty();
                    let all: Vec<String> = all.iter().filter_map(|p| of_armeria(p)).collect();
                    if said && all.is_empty() {
                        continue;
                    }
                    all
                }
                _ => paths(file, values, annotation),
            };
            let or_root = |all: &[String]| {
                if all.is_empty() {
                    vec![String::new()]
                } else {
                    all.to_vec()
                }
            };
            for prefix in or_root(&prefixes) {
                for path in or_root(&own) {
                    let endpoint = Endpoint {
                        method: verb.clone(),
                        path: scan::below(&prefix, &path),
                        handler: Some(declared.name.clone()),
                        framework: framework.to_owned(),
                        summary: summary.clone(),
                        router: router.clone(),
                        verbs: Vec::new(),
                        given: false,
                        mounts: Vec::new(),
                        class: None,
                        guards: Vec::new(),
                    };
                    let first = declared.first;
                    scan::endpoint(acc, file, first, declared.line, endpoint);
                }
            }
        }
    }
}

/// `builder.annotatedService("/api", new Orders())`: what stands before the routes of annotated services. Where
/// no file says it, as in a builder of the program's own, their paths are not whole.
fn armeria_services(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>) {
    let code = file.code();
    for call in code
        .calls()
        .filter(|call| code.is(call.open - 1, "annotatedService"))
    {
        let arguments = code.arguments(call.open);
        let prefix = match arguments.as_slice() {
            [] => continue,
            [_] => Some(String::new()),
            [path, ..] => values
                .fold(path.clone())
                .filter(|text| text.starts_with('/')),
        };
        let Some(prefix) = prefix else { continue };
        let mount = Mount {
            prefix: http_paths::prefix(&prefix),
            target: "*armeria".to_owned(),
            ..Mount::default()
        };
        acc.add(file, call.line, call.line, Claim::Mount(mount));
    }
}

/// The path of a pattern of Armeria; none of a regular expression.
fn of_armeria(pattern: &str) -> Option<String> {
    if pattern.starts_with("regex:") {
        return None;
    }
    let path = ["exact:", "prefix:", "glob:"]
        .iter()
        .find_map(|kind| pattern.strip_prefix(kind));
    Some(path.unwrap_or(pattern).to_owned())
}

/// Whether a class or method is there only in profiles of tests: `@Profile("test")`,
/// `@Profile(Profiles.TEST)`.
fn is_for_tests(file: &SourceFile<'_>, declared: &Declared) -> bool {
    let code = file.code();
    let Some(open) = declared.annotation(&["Profile"]).and_then(|a| a.open) else {
        return false;
    };
    let arguments = code.arguments(open).into_iter().flat_map(|part| {
        // A list stands in brackets, with or without its name.
        match part.clone().find(|&at| matches!(code.raw(at), "{" | "[")) {
            Some(list) => code.arguments(list),
            None => vec![part],
        }
    });
    let mut any = false;
    let all = arguments.into_iter().all(|part| {
        any = true;
        let last = part.end.saturating_sub(1);
        let name = code.string(last).or_else(|| code.ident(last));
        name.is_some_and(|name| {
            let lower = name.to_ascii_lowercase();
            !lower.starts_with('!')
                && lower
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .any(|word| matches!(word, "test" | "tests" | "testing" | "e2e"))
        })
    });
    any && all
}

/// The summary of an OpenAPI annotation.
fn described(file: &SourceFile<'_>, declared: &Declared) -> Option<String> {
    let code = file.code();
    let open = declared.annotation(&["Operation", "ApiOperation"])?.open?;
    let range = ["summary", "value"]
        .iter()
        .find_map(|name| code.named_argument(open, name));
    let text = code.string(range.map_or(open + 1, |r| r.start))?.trim();
    (!text.is_empty() && text.len() < 300).then(|| text.trim_end_matches('.').to_owned())
}

fn class(acc: &mut FileFacts, file: &SourceFile<'_>, values: &Values<'_, '_>, declared: &Declared) {
    let found = [
        ("RepositoryRestResource", "spring-data-rest"),
        ("WebServlet", "servlet"),
    ]
    .into_iter()
    .find_map(|(name, framework)| Some((declared.annotation(&[name])?, framework)));
    let Some((annotation, framework)) = found else {
        return;
    };
    let exported = annotation
        .open
        .and_then(|open| file.code().named_argument(open, "exported"))
        .is_none_or(|range| !file.code().is(range.start, "false"));
    // The first argument without a name is the path of a servlet only.
    let named = annotation
        .open
        .is_some_and(|open| file.code().named_argument(open, "path").is_some());
    if !exported || framework == "spring-data-rest" && !named {
        return;
    }
    for path in paths(file, values, annotation) {
        let endpoint = Endpoint {
            method: "ANY".to_owned(),
            path: scan::path(&path),
            handler: Some(declared.name.clone()),
            framework: framework.to_owned(),
            summary: prose::summary(file, declared.first),
            router: None,
            verbs: Vec::new(),
            given: false,
            mounts: Vec::new(),
            class: None,
            guards: Vec::new(),
        };
        scan::endpoint(acc, file, declared.first, declared.line, endpoint);
    }
}
