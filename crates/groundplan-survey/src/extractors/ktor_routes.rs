//! Ktor: HTTP routes, nested and by classes of resources.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Mount, PathConstant, Router};
use crate::http_paths::{self, CONSTANT, UNREAD, Written};
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Code, DeclKind, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ktor-routes",
    docs: "\
### What it finds
Routes of Ktor (<https://ktor.io/docs/server-routing.html>): `get`, `post` and the like with a path or
inside `route`, `method` with `handle`, sockets, and type-safe routes (`get<Orders.ById>`) with the paths of
classes marked as `@Resource` or `@Location`, below the `route` around them. Functions of `Route` are
joined with the places that call them, in this file and in others.

### What it does not find
Routes of regular expressions, static files, the root path of the configuration, functions that are called
by a name which several classes have, tests.
",
    reads: &[Reads::Own(&[Language::Kotlin])],
    markers: &[
        "io.ktor.server",
        "io.ktor.routing",
        "io.ktor.resources",
        "io.ktor.locations",
        "smiley4.ktor",
    ],
    run: extract,
};

/// Types that a function with routes extends.
const ROUTES: [&str; 6] = [
    "Route",
    "Routing",
    "RoutingRoot",
    "RoutingBuilder",
    "IRoute",
    "NormalOpenAPIRoute",
];

/// A function of the file.
struct Function<'t> {
    name: &'t str,
    /// Whether it adds routes to what it extends.
    adds: bool,
    line: u32,
    body: Range<usize>,
}

/// Where a token stands among routes.
#[derive(Debug, Default)]
struct Place {
    prefix: String,
    /// The function that others have to call.
    router: Option<String>,
    method: Option<String>,
}

struct Routes<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    values: Values<'f, 't>,
    functions: Vec<Function<'t>>,
    names: Names,
    /// Paths of the classes of resources of this file, by dotted name.
    resources: BTreeMap<String, String>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let mut routes = Routes {
        file,
        code,
        values: Values::new(file),
        functions: functions(code),
        names: Names::of(code),
        resources: BTreeMap::new(),
    };
    for (line, name, path) in resources(file, &routes.values) {
        let constant = PathConstant {
            class: routes.names.package.clone(),
            name: name.clone(),
            value: path.clone(),
        };
        acc.add(file, line, line, Claim::PathConstant(constant));
        routes.resources.insert(name, path);
    }
    for function in routes.functions.iter().filter(|f| f.adds) {
        let router = Router {
            name: function.name.to_owned(),
            ..Router::default()
        };
        acc.add(file, function.line, function.line, Claim::Router(router));
    }
    for at in 0..code.tokens.len() {
        if let Some(word) = code.ident(at) {
            routes.word(acc, at, word);
        }
    }
}

impl Routes<'_, '_> {
    /// What a word of the file adds: a route, or the routes of a function that it calls.
    fn word(&self, acc: &mut FileFacts, at: usize, word: &str) {
        let code = self.code;
        let upper = word.to_ascii_uppercase();
        let verb = METHODS.contains(&upper.as_str()) && word != upper;
        let other = matches!(word, "handle" | "webSocket" | "sse");
        let member = at > 0 && code.is(at - 1, ".");
        let declared = at > 0 && code.is(at - 1, "fun");
        if declared || (verb || other) && member {
            return;
        }
        if !verb && !other {
            return self.call(acc, at, word);
        }
        let Some((own, from)) = self.written(at + 1) else {
            return;
        };
        let Some(place) = self.place(at) else {
            return;
        };
        let method = match word {
            "webSocket" => "WEBSOCKET".to_owned(),
            "sse" => "GET".to_owned(),
            "handle" => place.method.clone().unwrap_or_else(|| "ANY".to_owned()),
            _ => upper,
        };
        let mut endpoint = Endpoint {
            method,
            path: http_paths::join(&place.prefix, &own),
            handler: self.handler(from),
            router: place.router,
            ..http_paths::unread("ktor")
        };
        if endpoint.path.ends_with(UNREAD) {
            endpoint = http_paths::unread("ktor");
        }
        let line = code.line(at);
        http_paths::add(acc, self.file, line, line, endpoint);
    }

    /// The path that a route says itself, of `("/x") {`, `<Orders> {` and `{`, and the tokens of what it is
    /// given.
    fn written(&self, at: usize) -> Option<(String, Range<usize>)> {
        let code = self.code;
        if code.is(at, "{") {
            return Some((String::new(), at..at));
        }
        if code.is(at, "<") {
            let end = (at + 1..at + 20).find(|&end| code.is(end, ">"))?;
            let name = code.dotted(at + 1, end);
            let behind = match code.is(end + 1, "(") {
                true => code.partner(end + 1)? + 1,
                false => end + 1,
            };
            let path = self.resource(&name)?;
            return code.is(behind, "{").then_some((path, at..at));
        }
        if !code.is(at, "(") {
            return None;
        }
        let close = code.partner(at)?;
        let arguments = code.arguments(at);
        let referred = (at..close).any(|i| code.is(i, ":") && code.is(i + 1, ":"));
        if !code.is(close + 1, "{") && !referred {
            return None;
        }
        let path = match arguments.first() {
            Some(first) if !code.is(first.start, "{") => self.text(first)?,
            _ => String::new(),
        };
        Some((path, at..close))
    }

    /// A path that an argument gives: `"/orders"`, `path = "/orders"`.
    fn text(&self, range: &Range<usize>) -> Option<String> {
        let code = self.code;
        let named = code.is(range.start + 1, "=");
        let range = range.start + 2 * usize::from(named)..range.end;
        match http_paths::written(code, &range, |r| match code.string(r.start) {
            Some("") if r.len() == 1 => Some(String::new()),
            _ => self.values.fold(r),
        }) {
            Written::Path(text) if text.starts_with(UNREAD) => Some(text),
            Written::Path(text) => Some(scan::path(&text)),
            Written::Unread => Some(UNREAD.to_owned()),
            Written::Other => None,
        }
    }

    /// The function that a route refers to: `get("/orders", orders::list)`.
    fn handler(&self, given: Range<usize>) -> Option<String> {
        let code = self.code;
        let at = given
            .clone()
            .find(|&at| code.is(at, ":") && code.is(at + 1, ":"))?;
        code.ident(at + 2).map(str::to_owned)
    }

    /// The path of a class of resources, of this file or as another file will say.
    fn resource(&self, name: &str) -> Option<String> {
        if !name.starts_with(char::is_uppercase) {
            return None;
        }
        if let Some(path) = found(&self.resources, name) {
            return Some(path.clone());
        }
        let all = self.names.all(name).join("|");
        Some(format!("/{{{CONSTANT}{all}}}"))
    }

    /// A call that may take in the routes of a function.
    fn call(&self, acc: &mut FileFacts, at: usize, word: &str) {
        let code = self.code;
        let plain = word.starts_with(char::is_lowercase) && code.is(at + 1, "(");
        if !plain || matches!(word, "route" | "method" | "authenticate" | "if" | "when") {
            return;
        }
        let Some(place) = self.place(at) else {
            return;
        };
        let mount = Mount {
            router: place.router,
            prefix: match place.prefix.as_str() {
                "/" => String::new(),
                prefix => prefix.to_owned(),
            },
            target: self.names.imported(word).unwrap_or(word).to_owned(),
            ..Mount::default()
        };
        let line = code.line(at);
        acc.add(self.file, line, line, Claim::Mount(mount));
    }

    /// Where a token stands among routes; none if it stands in what answers, or nowhere among them.
    fn place(&self, at: usize) -> Option<Place> {
        let code = self.code;
        let function = (self.functions.iter())
            .filter(|f| f.body.contains(&at))
            .min_by_key(|f| f.body.len());
        let begin = function.map_or(0, |f| f.body.start);
        let mut place = Place::default();
        for open in self.file.outline().ancestors(at) {
            if open < begin {
                break;
            }
            if !code.is(open, "{") {
                continue;
            }
            let Some((name, given)) = head(code, open) else {
                continue;
            };
            let upper = name.to_ascii_uppercase();
            match name {
                "route" => {
                    let arguments = given.map(|open| code.arguments(open)).unwrap_or_default();
                    // `route({ docs })` of a library has no path of its own.
                    if let Some(first) = arguments.first().filter(|r| !code.is(r.start, "{")) {
                        let own = self.text(first).unwrap_or_else(|| UNREAD.to_owned());
                        place.prefix = http_paths::join(&own, &place.prefix);
                    }
                    let method = arguments.iter().skip(1).find_map(|r| method(code, r));
                    place.method = place.method.take().or(method);
                }
                "method" => {
                    let first = given.and_then(|open| code.arguments(open).into_iter().next());
                    let method = first.and_then(|r| method(code, &r));
                    place.method = place.method.take().or(method);
                }
                "routing" => return Some(place),
                // `install(Routing) { … }` of the first versions.
                "install" if given.is_some_and(|open| code.is(open + 1, "Routing")) => {
                    return Some(place);
                }
                "handle" | "webSocket" | "sse" | "intercept" | "install" | "onCall" => return None,
                _ if METHODS.contains(&upper.as_str()) => return None,
                _ => {}
            }
        }
        let function = function.filter(|f| f.adds)?;
        place.router = Some(function.name.to_owned());
        Some(place)
    }
}

/// The method that an argument names: `HttpMethod.Get`.
fn method(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    let named = code.is(range.end.checked_sub(3)?, "HttpMethod");
    let method = code.ident(range.end - 1)?.to_ascii_uppercase();
    (named && METHODS.contains(&method.as_str())).then_some(method)
}

/// The word before a block, `route` of `route("/x") {`, with the bracket of what it is given.
fn head<'t>(code: &Code<'t>, open: usize) -> Option<(&'t str, Option<usize>)> {
    let mut at = open.checked_sub(1)?;
    let mut given = None;
    if code.is(at, ")") {
        let bracket = code.partner(at)?;
        given = Some(bracket);
        at = bracket.checked_sub(1)?;
    }
    if code.is(at, ">") {
        at = (at.saturating_sub(20)..at)
            .rev()
            .find(|&i| code.is(i, "<"))?;
        at = at.checked_sub(1)?;
    }
    Some((code.ident(at)?, given))
}

/// The functions of a file, with blocks and with expressions as bodies.
fn functions<'t>(code: &Code<'t>) -> Vec<Function<'t>> {
    let mut all = Vec::new();
    for fun in 0..code.tokens.len() {
        if !code.is(fun, "fun") {
            continue;
        }
        let Some(params) = (fun + 1..fun + 40).find(|&at| code.is(at, "(")) else {
            continue;
        };
        let Some((name, close)) = code.ident(params - 1).zip(code.partner(params)) else {
            continue;
        };
        // `fun(order: Order) = …` has no name.
        let Some(before) = params.checked_sub(2).filter(|_| params > fun + 1) else {
            continue;
        };
        let adds = code.is(before, ".") && ROUTES.contains(&code.raw(params.max(3) - 3));
        let Some(start) = (close + 1..close + 30).find(|&at| code.is(at, "{") || code.is(at, "="))
        else {
            continue;
        };
        // What only declares a function ends with its line.
        if (close + 1..start).any(|at| code.is(at, "fun") || code.is(at, "}")) {
            continue;
        }
        let end = match code.is(start, "{") {
            true => code.partner(start).unwrap_or(start),
            false => expression_end(code, fun, start),
        };
        all.push(Function {
            name,
            adds,
            line: code.line(fun),
            body: start..end + 1,
        });
    }
    all
}

/// The last token of an expression that is the body of a function.
fn expression_end(code: &Code<'_>, fun: usize, equals: usize) -> usize {
    let first = (0..=fun).rev().find(|&at| code.starts_line(at));
    let column = first.map_or(0, |at| code.column(at));
    let mut at = equals + 1;
    while at < code.tokens.len() {
        if code.starts_line(at) && code.column(at) <= column || code.is(at, "}") {
            break;
        }
        at = match code.raw(at) {
            "{" | "(" | "[" => code.partner(at).unwrap_or(at) + 1,
            _ => at + 1,
        };
    }
    at.saturating_sub(1)
}

/// What names of a file stand for.
#[derive(Debug, Default)]
struct Names {
    package: String,
    imports: BTreeMap<String, String>,
    /// Packages that are imported as a whole.
    whole: Vec<String>,
}

impl Names {
    fn of(code: &Code<'_>) -> Self {
        let mut names = Names::default();
        for at in 0..code.tokens.len() {
            if !code.starts_line(at) || !(code.is(at, "import") || code.is(at, "package")) {
                continue;
            }
            let line = code.line(at);
            let words = (at + 1..code.tokens.len())
                .take_while(|&i| code.line(i) == line && !code.is(i, ";") && !code.is(i, "as"));
            let end = words.clone().last().map_or(at, |last| last + 1);
            let whole: String = words.map(|i| code.raw(i)).collect();
            let alias = code.is(end, "as").then(|| code.ident(end + 1)).flatten();
            if code.is(at, "package") {
                names.package = whole;
            } else if let Some(package) = whole.strip_suffix(".*") {
                names.whole.push(package.to_owned());
            } else {
                let last = whole.rsplit('.').next().unwrap_or(&whole);
                let name = alias.unwrap_or(last).to_owned();
                names.imports.insert(name, whole);
            }
        }
        names
    }

    fn imported(&self, name: &str) -> Option<&str> {
        self.imports.get(name).map(String::as_str)
    }

    /// All that a name may stand for: `com.acme.Orders.ById`.
    fn all(&self, name: &str) -> Vec<String> {
        let (first, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
        if let Some(whole) = self.imported(first) {
            return vec![format!("{whole}{rest}")];
        }
        let own = [&self.package].into_iter().filter(|p| !p.is_empty());
        let foreign = self.whole.iter().filter(|p| !p.starts_with("io.ktor"));
        let mut all: Vec<String> = own
            .chain(foreign)
            .map(|package| format!("{package}.{name}"))
            .collect();
        // What has no package is seen from everywhere.
        all.push(name.to_owned());
        all
    }
}

/// A resource by its dotted name, or by the end of it.
fn found<'r>(all: &'r BTreeMap<String, String>, name: &str) -> Option<&'r String> {
    let end = format!(".{name}");
    all.get(name).or_else(|| {
        let mut ending = all.iter().filter(|(known, _)| known.ends_with(&end));
        let (_, path) = ending.next()?;
        ending.next().is_none().then_some(path)
    })
}

/// The classes of resources of a file, `@Resource("/orders") class Orders`, with line, dotted name and whole
/// path: one that has another as a property stands below it.
fn resources(file: &SourceFile<'_>, values: &Values<'_, '_>) -> Vec<(u32, String, String)> {
    let code = file.code();
    let outline = file.outline();
    let mut found: Vec<(u32, String, String, Vec<String>)> = Vec::new();
    for declared in &outline.declared {
        let Some(mark) = declared.annotation(&["Resource", "Location"]) else {
            continue;
        };
        if declared.kind != DeclKind::Type {
            continue;
        }
        let Some(first) = mark
            .open
            .and_then(|open| code.arguments(open).into_iter().next())
        else {
            continue;
        };
        let named = 2 * usize::from(code.is(first.start + 1, "="));
        let first = first.start + named..first.end;
        let path = match code.string(first.start) {
            Some(text) if first.len() == 1 => text.to_owned(),
            _ => match values.fold(first) {
                Some(text) => text,
                None => continue,
            },
        };
        let mut name: Vec<&str> = (outline.types.iter())
            .filter(|t| t.open < declared.at && declared.at < t.close)
            .map(|t| t.name.as_str())
            .collect();
        name.push(&declared.name);
        let given = (declared.at + 1..declared.at + 3).find(|&at| code.is(at, "("));
        let given = given.map(|open| code.arguments(open)).unwrap_or_default();
        let kinds = given.iter().filter_map(|range| {
            let colon = range.clone().find(|&at| code.is(at, ":"))?;
            let end = (colon + 1..range.end)
                .find(|&at| code.ident(at).is_none() && !code.is(at, "."))
                .unwrap_or(range.end);
            Some(code.dotted(colon + 1, end))
        });
        let kinds = kinds.collect();
        found.push((declared.line, name.join("."), path, kinds));
    }
    let own: BTreeMap<String, String> = (found.iter())
        .map(|(_, name, path, _)| (name.clone(), path.clone()))
        .collect();
    let parent = |kinds: &[String], inner: &str| -> Option<String> {
        kinds.iter().find_map(|kind| {
            let end = format!(".{kind}");
            let fits = |known: &&String| {
                (*known == kind || known.ends_with(&end)) && known.as_str() != inner
            };
            own.keys().find(fits).cloned()
        })
    };
    (found.iter())
        .map(|(line, name, path, kinds)| {
            let mut whole = scan::path(path);
            let mut outer = parent(kinds, name);
            for _ in 0..8 {
                let Some((_, above, path, kinds)) = outer
                    .as_ref()
                    .and_then(|outer| found.iter().find(|(_, name, ..)| name == outer))
                else {
                    break;
                };
                whole = http_paths::join(&scan::path(path), &whole);
                outer = parent(kinds, above);
            }
            (*line, name.clone(), whole)
        })
        .collect()
}
