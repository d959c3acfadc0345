//! Java and Kotlin: HTTP routes that code adds to a router, of Javalin, Vert.x, Spark and Jooby.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths::{self, Written};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "java-routers",
    docs: "\
### What it finds
Routes of Javalin (`app.get(\"/orders\", ctx -> …)`, `path` and `crud` of its builder;
<https://javalin.io/documentation>), of Vert.x Web (`router.get(\"/orders\").handler(…)`,
`router.route(HttpMethod.GET, \"/orders\")`, routers that the same file mounts), of Spark and of Jooby.

### What it does not find
Paths of constants that another file holds, routers that a function of another file fills, routes for any method
(`router.route(\"/x\")`), which most often are middleware, tests.
",
    reads: &[Reads::Own(&[Language::Java, Language::Kotlin])],
    markers: &["io.javalin", "io.vertx.ext.web", "io.jooby", "org.jooby", "import static spark.Spark"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let framework = match file.text {
        text if text.contains("io.javalin") => "javalin",
        text if text.contains("io.vertx.ext.web.") => "vertx",
        text if text.contains("jooby.") => "jooby",
        text if text.contains("spark.Spark") => "spark-java",
        _ => return,
    };
    let code = file.code();
    let values = Values::new(file);
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let upper = word.to_ascii_uppercase();
        let verb = matches!(
            word,
            "get" | "post" | "put" | "delete" | "patch" | "head" | "options"
        );
        let arguments = code.arguments(call.open);
        let chained = code.partner(call.open).map_or(0, |close| close + 1);
        match framework {
            "vertx" => {
                // A client of Vert.x asks with `client.get(port, host, path)`.
                let receiver = code.raw(call.first).to_ascii_lowercase();
                let handled = code.is(chained, ".");
                if call.first + 3 > call.open || !receiver.contains("router") || !handled {
                    continue;
                }
                let (method, path) = match (word, arguments.as_slice()) {
                    (_, [path]) if verb => (upper, path),
                    ("route", [method, path]) => {
                        let named = method.clone().rev().find_map(|at| code.ident(at));
                        let known = named.filter(|name| METHODS.contains(name));
                        match known {
                            Some(name) => (name.to_owned(), path),
                            None => continue,
                        }
                    }
                    _ => continue,
                };
                let prefix = mounted(code, &values, code.raw(call.first));
                add(
                    acc,
                    file,
                    &values,
                    call,
                    framework,
                    (&method, &prefix, path),
                );
            }
            _ => {
                // `app.get("/x", handler)`, and `get("/x", handler)` of a static import or within a class.
                let bare = call.first + 1 == call.open;
                let on = code.raw(call.first);
                let own = bare
                    || call.first + 3 == call.open
                        && matches!(
                            on,
                            "app"
                                | "javalin"
                                | "server"
                                | "config"
                                | "http"
                                | "Spark"
                                | "ApiBuilder"
                                | "router"
                                | "service"
                        );
                // A chain that begins with `Javalin.create()`.
                let created = || {
                    (call.first..call.open).any(|at| code.is(at, "create"))
                        && code.is(call.first, "Javalin")
                };
                if !own && !created() {
                    continue;
                }
                let prefix = around(code, &values, call.open);
                // Kotlin: `get("/x") { … }`
                let block = code.language == Language::Kotlin && code.is(chained, "{");
                match (word, arguments.as_slice()) {
                    ("crud", [path, _, ..]) if framework == "javalin" => {
                        for (method, one) in [
                            ("GET", false),
                            ("POST", false),
                            ("GET", true),
                            ("PATCH", true),
                            ("DELETE", true),
                        ] {
                            let whole = (method, prefix.as_str(), path);
                            crud(acc, file, &values, call, whole, one);
                        }
                    }
                    // Within `path` a method of the builder needs no path.
                    (_, [handler])
                        if verb
                            && bare
                            && framework == "javalin"
                            && !prefix.is_empty()
                            && !block =>
                    {
                        let answers = code.string(handler.start).is_none();
                        if answers {
                            let empty = handler.start..handler.start;
                            add(
                                acc,
                                file,
                                &values,
                                call,
                                framework,
                                (&upper, &prefix, &empty),
                            );
                        }
                    }
                    (_, [path]) if verb && block => {
                        add(acc, file, &values, call, framework, (&upper, &prefix, path));
                    }
                    (_, [path, ..]) if verb && arguments.len() > 1 && answers(code, &arguments) => {
                        add(acc, file, &values, call, framework, (&upper, &prefix, path));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether an argument behind the path is a function: a lambda, a method by its name, or an object.
fn answers(code: &Code<'_>, arguments: &[Range<usize>]) -> bool {
    let is_function = |range: &Range<usize>| {
        let lambda = range
            .clone()
            .any(|at| code.is(at, "-") && code.is(at + 1, ">"));
        let named = range
            .clone()
            .any(|at| code.is(at, ":") && code.is(at + 1, ":"));
        lambda || named || matches!(code.raw(range.start), "new" | "{" | "this")
    };
    arguments[1..]
        .iter()
        .any(|range| is_function(range) || range.len() == 1 && code.ident(range.start).is_some())
}

/// A path that is written out, also one that is a parameter or empty; else what names of the file come to.
fn text(code: &Code<'_>, values: &Values<'_, '_>, range: &Range<usize>) -> Option<String> {
    match code.string(range.start).filter(|_| range.len() == 1) {
        Some(text) => Some(text.to_owned()),
        None => values.fold(range.clone()),
    }
}

/// The paths of `path("/orders", () -> {…})` around a token, outermost first.
fn around(code: &Code<'_>, values: &Values<'_, '_>, at: usize) -> String {
    let mut prefix = String::new();
    for call in code.calls() {
        if call.open >= at {
            break;
        }
        let Some(close) = code
            .partner(call.open)
            .filter(|_| code.is(call.open - 1, "path"))
        else {
            continue;
        };
        let block = code.is(close + 1, "{") && code.partner(close + 1).is_some_and(|end| end > at);
        if close < at && !block {
            continue;
        }
        match code
            .arguments(call.open)
            .into_iter()
            .next()
            .and_then(|first| text(code, values, &first))
        {
            Some(text) => prefix = http_paths::join(&prefix, &http_paths::template(&text)),
            None => prefix = http_paths::join(&prefix, http_paths::UNREAD),
        }
    }
    prefix
}

/// `router.mountSubRouter("/api", orders)`, `router.route("/api/*").subRouter(orders)`: what stands before
/// the routes of `orders`.
fn mounted(code: &Code<'_>, values: &Values<'_, '_>, name: &str) -> String {
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let given = arguments
            .last()
            .filter(|last| last.len() == 1 && code.is(last.start, name));
        if given.is_none() {
            continue;
        }
        let path = match code.raw(call.open - 1) {
            "mountSubRouter" => arguments.first().cloned(),
            "subRouter" => (call.first..call.open)
                .find(|&at| code.is(at, "route") && code.is(at + 1, "("))
                .and_then(|at| code.arguments(at + 1).into_iter().next()),
            _ => continue,
        };
        let text = path.and_then(|range| values.fold(range));
        let text = text.unwrap_or_else(|| http_paths::UNREAD.to_owned());
        return http_paths::prefix(text.trim_end_matches('*'));
    }
    String::new()
}

fn crud(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    (method, prefix, path): (&str, &str, &Range<usize>),
    one: bool,
) {
    let Some(text) = text(file.code(), values, path) else {
        return;
    };
    let text = text.trim_end_matches('/');
    let whole = match one {
        true => text,
        false => text.rsplit_once('/').map_or("", |(before, _)| before),
    };
    let endpoint = Endpoint {
        method: method.to_owned(),
        path: http_paths::join(prefix, &http_paths::template(whole)),
        ..http_paths::unread("javalin")
    };
    http_paths::add(acc, file, call.line, call.line, endpoint);
}

fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    framework: &str,
    (method, prefix, path): (&str, &str, &Range<usize>),
) {
    let code = file.code();
    let own = match path.is_empty() {
        true => String::new(),
        false => match http_paths::written(code, path, |r| text(code, values, &r)) {
            Written::Path(text) => text,
            Written::Unread => http_paths::UNREAD.to_owned(),
            Written::Other => return,
        },
    };
    // What is asked of every path is no operation.
    if matches!(own.as_str(), "/*" | "*") {
        return;
    }
    let whole = http_paths::join(prefix, &http_paths::template(&own));
    let endpoint = Endpoint {
        method: method.to_owned(),
        path: whole,
        ..http_paths::unread(framework)
    };
    http_paths::add(acc, file, call.line, call.line, endpoint);
}
