//! Hono: routes that are described by themselves, `createRoute({ method, path })`, and given to an application
//! with what answers: `app.openapi(route, handler)` (<https://hono.dev/examples/zod-openapi>).

use super::js_http::name_of;
use super::js_routers::{self, Routers};
use crate::facts::{Claim, Endpoint, FileFacts, Router};
use crate::http_paths;
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::collections::BTreeSet;
use std::ops::Range;

/// Begins the name under which a file gives such a route away, and stands before it in what others say of it.
pub(crate) const DESCRIBED: &str = "[described]";

/// Routes of a file at most.
const MOST: usize = 500;

/// Adds the routes that a file gives away, each with its method and path.
pub(super) fn define(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.says("createRoute(") {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let listed = listed(code);
    let made = (3..code.tokens.len()).filter(|&at| is_made(code, at) && code.is(at - 1, "="));
    for at in made.take(MOST) {
        // `export const list = createRoute({…})`
        let Some(name) = code.ident(at - 2).filter(|_| code.is(at - 3, "const")) else {
            continue;
        };
        let given = at >= 4 && code.is(at - 4, "export") || listed.contains(name);
        if let Some((method, path)) = said(code, &values, at + 1).filter(|_| given) {
            let line = code.line(at);
            let router = Router {
                name: format!("{DESCRIBED}{name}"),
                verbs: vec![format!("{method} {}", scan::below("", &path))],
                ..Router::default()
            };
            acc.add(file, line, line, Claim::Router(router));
        }
    }
}

/// The names that a file gives away in lists: `export { list, one }`.
fn listed<'t>(code: &Code<'t>) -> BTreeSet<&'t str> {
    let opens =
        (1..code.tokens.len()).filter(|&open| code.is(open, "{") && code.is(open - 1, "export"));
    let items = opens.flat_map(|open| code.arguments(open));
    items
        .filter(|item| item.len() == 1)
        .filter_map(|item| code.ident(item.start))
        .collect()
}

fn is_made(code: &Code<'_>, at: usize) -> bool {
    code.is(at, "createRoute") && code.is(at + 1, "(")
}

/// The method and the path of a route whose bracket opens at `open`.
fn said(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Option<(String, String)> {
    let first = code.arguments(open).into_iter().next()?;
    let literal = values.literal_at(&first)?;
    let path = values.folded_property(literal, &["path"])?;
    let mut method = values.property(literal, "method")?;
    let method = method.find_map(|at| code.string(at))?;
    Some((method.to_ascii_uppercase(), path))
}

/// The route of another file that an argument names, as the imports of this one lead there: `list`, or
/// `routes.list` of a whole module.
fn imported(code: &Code<'_>, routers: &Routers, route: &Range<usize>) -> Option<String> {
    let first = code.ident(route.start)?;
    let (module, own) = routers.imported(first)?.rsplit_once('#')?;
    let name = match route.len() {
        1 => own,
        3 if code.is(route.start + 1, ".") => code.ident(route.start + 2)?,
        _ => return None,
    };
    Some(format!("{module}#{DESCRIBED}{name}"))
}

/// `app.openapi(createRoute({ method, path }), handler)`, also where the route is a constant of the file or of
/// another.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    call: Call,
    framework: &str,
    routers: &Routers,
    is_own: bool,
) {
    let code = file.code();
    let (receiver, at) = js_routers::receiver(code, call.first);
    let arguments = code.arguments(call.open);
    let [route, handler, ..] = arguments.as_slice() else {
        return;
    };
    let open = match is_made(code, route.start) {
        true => Some(route.start + 1),
        false => code.ident(route.start).and_then(|name| {
            (2..code.tokens.len())
                .find(|&at| is_made(code, at) && code.is(at - 1, "=") && code.is(at - 2, name))
                .map(|at| at + 1)
        }),
    };
    let said_here = open.and_then(|open| said(code, values, open));
    let said_there =
        || imported(code, routers, route).map(|name| (format!("[{name}]"), "/".to_owned()));
    let Some((method, path)) = said_here.or_else(said_there) else {
        if is_own {
            let endpoint = http_paths::unread(framework);
            scan::endpoint(acc, file, call.line, call.line, endpoint);
        }
        return;
    };
    let stand = routers.stand(file, receiver, at, 0);
    let endpoint = Endpoint {
        method,
        path: scan::below(&stand.prefix, &path),
        handler: name_of(file, handler),
        router: stand.router,
        ..http_paths::unread(framework)
    };
    scan::endpoint(acc, file, call.line, call.line, endpoint);
}
