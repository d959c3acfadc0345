//! Go: routes that stand in a table which a loop adds, with method, path and handler beside each other.

use super::go_http::handler_name;
use super::go_paths;
use super::go_routers::{self, Stand};
use crate::call_rules::METHODS;
use crate::code_view::CodeView;
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths::{self, UNREAD, Written};
use groundplan_syntax::Definition;
use std::collections::BTreeMap;
use std::ops::Range;

/// Tokens back from a list to the name of its type.
const LONGEST: usize = 12;

/// What one row of a table says.
#[derive(Default)]
struct Row {
    method: Option<String>,
    path: Option<String>,
    handler: Option<String>,
    /// Whether anything answers.
    answered: bool,
}

/// Adds the rows of all tables whose type is called one of routes: `Routes{{"List", "GET", "/users", list}}`,
/// `[]rest.Route{{Method: http.MethodGet, Path: "/users", Handler: list}}`.
pub(super) fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    let text = code.text;
    if !["Route", "Endpoint", "route"]
        .iter()
        .any(|word| text.contains(word))
    {
        return;
    }
    let framework = match text.contains("/go-zero/rest") {
        true => "go-zero",
        false => "go-net-http",
    };
    let mut loops = Loops::of(view);
    for open in 1..code.tokens.len() {
        if !code.is(open, "{") || !is_row(view, open) {
            continue;
        }
        let row = row(view, &code.arguments(open));
        let (Some(method), Some(path), true) = (row.method, row.path, row.answered) else {
            continue;
        };
        let place = match prefix(view, open) {
            Some(prefix) => Stand {
                prefix,
                ..Stand::default()
            },
            None => loops.place_of(view, open),
        };
        let endpoint = Endpoint {
            method,
            path: http_paths::template(&http_paths::join(&place.prefix, &path)),
            router: place.router,
            summary: row.handler.as_deref().and_then(|name| view.summary(name)),
            handler: row.handler,
            ..http_paths::unread(framework)
        };
        let first = code.line(open);
        let last = code.partner(open).map_or(first, |close| code.line(close));
        http_paths::add(acc, view.file, first, last.min(first + 20), endpoint);
    }
}

/// The loops of a file over what a variable holds: the name, and the brace of the body.
struct Loops<'t> {
    all: Vec<(&'t str, usize)>,
    /// Where the routes of a table stand, by the brace of its list.
    known: BTreeMap<usize, Stand>,
}

impl<'t> Loops<'t> {
    fn of(view: &CodeView<'_, 't>) -> Self {
        let code = view.code;
        // `for _, route := range routes {`
        let over = |at: usize| {
            let name = code.ident(at + 1).filter(|_| code.is(at, "range"))?;
            code.is(at + 2, "{").then_some((name, at + 2))
        };
        Loops {
            all: (0..code.tokens.len()).filter_map(over).collect(),
            known: BTreeMap::new(),
        }
    }

    /// Where the loop over the table that a row is of adds its routes: of `for _, r := range routes {
    /// api.Handle(r.Path, r.Handler) }` that is where `api` stands.
    fn place_of(&mut self, view: &CodeView<'_, 't>, row: usize) -> Stand {
        let code = view.code;
        let adds = |body: usize| {
            let close = code.partner(body)?;
            let calls = view.calls().flat_map(|(_, calls)| calls.iter());
            let inside = calls.filter(|call| (body..close).contains(&call.first));
            let router = inside.filter(|call| go_routers::is_router(view, call.first));
            router.map(|call| call.first).min()
        };
        let stand = |at: usize| go_routers::stand(view, at, 0);
        let list = around(view, row).unwrap_or(row);
        if let Some(known) = self.known.get(&list) {
            return known.clone();
        }
        // `for _, r := range map[string]route{…} {`
        if let Some(body) = over(view, list) {
            let place = adds(body).map_or_else(Stand::default, stand);
            self.known.insert(list, place.clone());
            return place;
        }
        let holds = |d: &&Definition<'_>| d.value.contains(&row) && !d.field && !d.param;
        let table = code.definitions().iter().filter(holds);
        let Some(table) = table.min_by_key(|d| d.value.len()) else {
            return Stand::default();
        };
        let is_over = |(name, body): &&(&str, usize)| {
            let last = || view.in_blocks(name, *body).pop();
            *name == table.name && last().is_some_and(|d| d.at == table.at)
        };
        let mut bodies = self.all.iter().filter(is_over).map(|(_, body)| *body);
        let here = bodies.find_map(adds);
        let at = here.or_else(|| self.handed(view, table, adds));
        let place = at.map_or_else(Stand::default, stand);
        self.known.insert(list, place.clone());
        place
    }

    /// The router that a call gives to a function of this file beside a table, where a loop of the function adds
    /// what the table holds to it: `register(api, routes)`.
    fn handed(
        &self,
        view: &CodeView<'_, 't>,
        table: &Definition<'t>,
        adds: impl Fn(usize) -> Option<usize>,
    ) -> Option<usize> {
        let code = view.code;
        let is_table = |range: &Range<usize>| {
            let known = || view.in_blocks(table.name, range.start).pop();
            range.len() == 1
                && code.is(range.start, table.name)
                && known().is_some_and(|d| d.at == table.at)
        };
        view.calls().find_map(|(last, calls)| {
            // Few calls are of functions of the file.
            let function = view.function(last).filter(|f| !f.class)?;
            let parameters = code.arguments(function.params?);
            calls.iter().find_map(|call| {
                let given = code.arguments(call.open);
                let place = given.iter().position(is_table)?;
                let name = code.ident(parameters.get(place)?.start)?;
                let mut bodies = self
                    .all
                    .iter()
                    .filter(|(over, body)| *over == name && function.body.contains(body));
                let router = bodies.find_map(|(_, body)| adds(*body))?;
                let own = code.raw(router);
                let beside = parameters.iter().position(|p| code.is(p.start, own));
                Some(
                    beside
                        .and_then(|at| given.get(at))
                        .map_or(router, |range| range.start),
                )
            })
        })
    }
}

/// Whether a brace opens a row of a table of routes, by the type of the row or of the list around it.
fn is_row(view: &CodeView<'_, '_>, open: usize) -> bool {
    let code = view.code;
    if let Some(kind) = code.ident(open - 1) {
        return is_of_routes(kind) && !is_declared(view, open);
    }
    // Rows of a list need no type; those of a map stand behind their key.
    let Some(at) = around(view, open) else {
        return false;
    };
    let kind = (at.saturating_sub(LONGEST)..at)
        .rev()
        .take_while(|&i| !matches!(code.raw(i), "{" | "}" | "(" | "=" | ";" | ","))
        .find_map(|i| code.ident(i));
    kind.is_some_and(is_of_routes) && !is_declared(view, at)
}

/// The brace of the list around a row.
fn around(view: &CodeView<'_, '_>, row: usize) -> Option<usize> {
    let code = view.code;
    let mut at = row;
    let from = row.saturating_sub(4_000);
    while at > from {
        at -= 1;
        match code.raw(at) {
            ")" | "]" | "}" => at = code.partner(at).filter(|partner| *partner < at)?,
            "{" => return Some(at),
            "(" | ";" => return None,
            _ => {}
        }
    }
    None
}

/// The brace of the body of the loop over a list that stands in its head.
fn over(view: &CodeView<'_, '_>, list: usize) -> Option<usize> {
    let code = view.code;
    let looped = (list.saturating_sub(LONGEST)..list)
        .rev()
        .take_while(|&at| !matches!(code.raw(at), "{" | "}" | "(" | "=" | ";" | ","))
        .any(|at| code.is(at, "range"));
    let body = code.partner(list)? + 1;
    (looped && code.is(body, "{")).then_some(body)
}

/// `type Routes struct {` and `func (r *Route) Serve() Route {` hold no rows.
pub(super) fn is_declared(view: &CodeView<'_, '_>, open: usize) -> bool {
    let code = view.code;
    let bodies = code
        .functions()
        .iter()
        .any(|f| f.body.start == open || f.body.start == open + 1);
    bodies || code.is(open - 1, "struct") || code.is(open - 1, "interface")
}

pub(super) fn is_of_routes(kind: &str) -> bool {
    let lower = kind.to_ascii_lowercase();
    let named = [
        "route",
        "routes",
        "endpoint",
        "endpoints",
        "routerinfo",
        "api",
        "apis",
    ];
    const WORDS: [&str; 7] = [
        "definition",
        "def",
        "config",
        "spec",
        "info",
        "entry",
        "item",
    ];
    let ends = ["route", "endpoint"];
    let plain = lower.strip_suffix('s').unwrap_or(&lower);
    // `RouteDefinition` is a row as `Route` is.
    let word = WORDS.iter().find_map(|word| plain.strip_suffix(word));
    let word = word.unwrap_or(plain);
    named.contains(&lower.as_str()) || ends.iter().any(|end| word.ends_with(end))
}

fn row(view: &CodeView<'_, '_>, items: &[Range<usize>]) -> Row {
    let code = view.code;
    let mut row = Row::default();
    for item in items.iter().take(10) {
        let keyed = code.ident(item.start).is_some() && code.is(item.start + 1, ":");
        let value = match keyed {
            true => item.start + 2..item.end,
            false => item.clone(),
        };
        let key = match keyed {
            true => code.raw(item.start).to_ascii_lowercase(),
            false => String::new(),
        };
        let called = |words: &[&str]| key.is_empty() || words.iter().any(|w| key.contains(w));
        if called(&["method", "verb"])
            && row.method.is_none()
            && let Some(method) = method(view, &value)
        {
            row.method = Some(method);
            continue;
        }
        if called(&["path", "pattern", "url", "uri", "route", "endpoint"])
            && row.path.is_none()
            && let Written::Path(path) = go_paths::written(view, &value)
            && (path.starts_with('/') || path.starts_with("{const:"))
            && path != UNREAD
            && (row.method.is_some() || !key.is_empty() || code.string(value.start).is_some())
        {
            row.path = Some(path);
            continue;
        }
        let answers = match key.as_str() {
            "" => row.path.is_some() && row.method.is_some(),
            key => key.contains("handle") || key.contains("func") || key.contains("action"),
        };
        let plain = code.ident(value.start).is_some()
            && !matches!(code.raw(value.start), "nil" | "true" | "false");
        if answers && !row.answered && plain {
            row.answered = true;
            row.handler = handler_name(view, &value, 0);
        }
    }
    row
}

/// `"GET"`, `http.MethodGet`, `strings.ToUpper("Get")`.
fn method(view: &CodeView<'_, '_>, value: &Range<usize>) -> Option<String> {
    let code = view.code;
    let inner = match code.is(value.start, "strings") && code.is(value.start + 3, "(") {
        true => code.arguments(value.start + 3).into_iter().next()?,
        false => value.clone(),
    };
    let word = view.fold(inner)?.to_ascii_uppercase();
    METHODS.contains(&word.as_str()).then_some(word)
}

/// `server.AddRoutes(rows, rest.WithPrefix("/api"))` of go-zero.
fn prefix(view: &CodeView<'_, '_>, at: usize) -> Option<String> {
    let code = view.code;
    let calls = view.calls_of("AddRoutes").iter();
    let call = calls
        .copied()
        .find(|call| call.open < at && code.partner(call.open).is_some_and(|close| close > at))?;
    let close = code.partner(call.open)?;
    let open = (call.open..close).find(|&i| code.is(i, "WithPrefix") && code.is(i + 1, "("))? + 1;
    let given = code.arguments(open).into_iter().next()?;
    match go_paths::written(view, &given) {
        Written::Path(path) => Some(path),
        _ => Some(UNREAD.to_owned()),
    }
}
