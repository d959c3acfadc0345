//! Rust: endpoints of Dropshot, by the attribute of the function that answers.

use super::rust_http::made;
use crate::code_view::CodeView;
use crate::facts::Endpoint;

/// `#[endpoint { method = GET, path = "/orders/{id}" }]` and `#[channel { protocol = WEBSOCKETS, path = … }]`
/// of functions and of the methods of a trait (<https://docs.rs/dropshot>).
pub(super) fn find(view: &CodeView<'_, '_>, found: &mut Vec<(u32, Endpoint)>) {
    let code = view.code;
    if !view.imports_any(&["dropshot"]) && !code.text.contains("dropshot::") {
        return;
    }
    for open in 3..code.tokens.len() {
        let kind = code.raw(open - 1);
        let attribute = code.is_byte(open, b'{')
            && matches!(kind, "endpoint" | "channel")
            && ((2..8).take_while(|back| open > *back))
                .find(|back| !code.is_byte(open - back, b':') && code.ident(open - back).is_none())
                .is_some_and(|back| code.is_byte(open - back, b'['));
        let Some(close) = code.partner(open).filter(|_| attribute) else {
            continue;
        };
        let value = |name: &str| {
            let items = code.arguments(open).into_iter();
            let mut named = items
                .filter(|item| code.is(item.start, name) && code.is_byte(item.start + 1, b'='));
            named.next().map(|item| item.start + 2..item.end)
        };
        let method = match kind {
            "channel" => Some("WEBSOCKET".to_owned()),
            _ => value("method").and_then(|range| code.ident(range.start).map(str::to_owned)),
        };
        let path = value("path").and_then(|range| view.fold(range));
        let path = path.filter(|path| path.starts_with('/'));
        let function = (close..code.tokens.len().min(close + 400))
            .find(|&at| code.is(at, "fn"))
            .and_then(|at| code.ident(at + 1));
        if let (Some(method), Some(path)) = (method, path) {
            // `{path:.*}` takes all that is left.
            let handler = function.map(str::to_owned);
            found.push((
                code.line(open),
                made(view, &method, &path, handler, "dropshot"),
            ));
        }
    }
}
