//! Django and Django REST framework: URL patterns and routers.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts};
use crate::http_paths;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Call, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "django-http",
    docs: "\
### What it finds
`path()`, `re_path()` and `url()` of `urlpatterns` with their view, nested lists included; what is
included from elsewhere as handler `include:module`; resources registered at a router of Django
REST framework. A slash at the end is kept, and added for routers. The method is `ANY`, since the
view decides.

### What it does not find
The methods that a view answers, the prefix under which another file includes this one, patterns
from loops, tests.
",
    reads: &[Reads::Languages(&[Language::Python])],
    markers: &["urlpatterns", ".register("],
    run: extract,
};

/// Tokens whose patterns stand below a prefix.
struct Region {
    range: Range<usize>,
    prefix: String,
    /// Where the prefix was given: that place may lie in a region itself.
    at: usize,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let view = CodeView::of(file);
    let mut patterns: Vec<(Call, String)> = Vec::new();
    for name in ["path", "re_path", "url"] {
        for &call in view.calls_of(name) {
            let on = view.callee(call).on.unwrap_or_default();
            if !matches!(
                on.as_str(),
                "django.urls" | "django.conf.urls" | "django.urls.conf"
            ) {
                continue;
            }
            let Some(raw) = view.argument(call.open, 0).and_then(|r| view.fold(r)) else {
                continue;
            };
            let (path, written) = if name == "path" {
                (http_paths::template(&raw), raw.as_str())
            } else {
                let end = raw.trim_end_matches("\\Z").trim_end_matches('$');
                (http_paths::from_regex(&raw), end)
            };
            let path = ended(path, written.ends_with('/'));
            patterns.push((call, path));
        }
    }
    patterns.sort_by_key(|(call, _)| call.open);
    let mut found: Vec<(u32, Endpoint)> = Vec::new();
    let mut regions: Vec<Region> = Vec::new();
    let mut routers: Vec<(String, String, usize)> = Vec::new();
    let mut direct: Vec<(Call, String, String)> = Vec::new();
    for (call, path) in patterns {
        let Some(target) = view
            .argument(call.open, 1)
            .or_else(|| view.code.named_argument(call.open, "view"))
        else {
            continue;
        };
        match included(&view, &target) {
            Included::Not => {
                if let Some(handler) = handler_name(&view, &target) {
                    direct.push((call, path, handler));
                }
            }
            Included::Here(range) => regions.push(Region {
                range,
                prefix: path,
                at: call.open,
            }),
            Included::Router(name) => routers.push((name, path, call.open)),
            Included::Elsewhere(module) => direct.push((call, path, format!("include:{module}"))),
        }
    }
    for (call, path, handler) in direct {
        // `Consumer.as_asgi()` answers at a socket.
        let socket = handler.ends_with(".as_asgi");
        let handler = handler.trim_end_matches(".as_asgi").to_owned();
        let path = http_paths::append(&prefix_at(&regions, call.open, 0), &path);
        let summary = view.summary(&handler);
        let mut endpoint = made(path, handler, "django", summary);
        if socket {
            "WEBSOCKET".clone_into(&mut endpoint.method);
        }
        found.push((view.code.line(call.first), endpoint));
    }
    spliced(&view, &regions, &mut routers);
    for &call in view.calls_of("register") {
        resource(&view, call, &regions, &routers, &mut found);
    }
    found.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

/// Routers of this file whose patterns stand in a list: `*router.urls`, `[…] + router.urls`.
fn spliced(
    view: &CodeView<'_, '_>,
    regions: &[Region],
    routers: &mut Vec<(String, String, usize)>,
) {
    let code = view.code;
    let mut made: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for &call in view.calls_of("register") {
        made.extend(code.ident(call.first));
    }
    for region in regions {
        for at in region.range.clone() {
            let Some(name) = code.ident(at).filter(|n| made.contains(n)) else {
                continue;
            };
            let urls = code.is(at + 1, ".") && code.is(at + 2, "urls");
            if urls && at > 0 && matches!(code.raw(at - 1), "*" | "+" | "[" | ",") {
                let known = |r: &(String, String, usize)| r.0 == name;
                if !routers.iter().any(known) {
                    routers.push((name.to_owned(), String::new(), at));
                }
            }
        }
    }
}

/// A path with the slash that its pattern has at the end: Django answers no other.
fn ended(path: String, slash: bool) -> String {
    match slash && !path.ends_with('/') {
        true => path + "/",
        false => path,
    }
}

fn made(path: String, handler: String, framework: &str, summary: Option<String>) -> Endpoint {
    Endpoint {
        method: "ANY".to_owned(),
        path: ended(http_paths::template(&path), path.ends_with('/')),
        handler: Some(handler),
        framework: framework.to_owned(),
        summary,
        router: None,
        mounts: Vec::new(),
    }
}

fn prefix_at(regions: &[Region], at: usize, depth: u8) -> String {
    if depth > 8 {
        return String::new();
    }
    // The innermost region counts; what lies around its own place comes before it.
    let inner = regions
        .iter()
        .filter(|r| r.range.contains(&at) && !r.range.contains(&r.at))
        .min_by_key(|r| r.range.len());
    match inner {
        Some(region) => {
            http_paths::append(&prefix_at(regions, region.at, depth + 1), &region.prefix)
        }
        None => String::new(),
    }
}

enum Included {
    Not,
    /// Patterns in this file.
    Here(Range<usize>),
    /// The URLs of a router of this file.
    Router(String),
    /// Patterns of a module.
    Elsewhere(String),
}

fn included(view: &CodeView<'_, '_>, target: &Range<usize>) -> Included {
    let code = view.code;
    let open = target.start + 1;
    if !code.is(target.start, "include") || !code.is(open, "(") {
        return Included::Not;
    }
    let Some(mut inner) = code.arguments(open).into_iter().next() else {
        return Included::Not;
    };
    // `include((patterns, "namespace"))`
    if code.is(inner.start, "(")
        && let Some(first) = code.arguments(inner.start).into_iter().next()
    {
        inner = first;
    }
    if code.is(inner.start, "[") {
        return Included::Here(inner);
    }
    if let Some(module) = code.string(inner.start) {
        return Included::Elsewhere(module.to_owned());
    }
    let call = (inner.start..inner.end).find(|&at| code.is(at, "("));
    let name = code.dotted(inner.start, call.unwrap_or(inner.end));
    if let Some(router) = name.strip_suffix(".urls").filter(|r| !r.contains('.')) {
        let local = view.visible(router, inner.start);
        if local.iter().any(|d| d.scope.is_none()) {
            return Included::Router(router.to_owned());
        }
    }
    if inner.len() == 1
        && let Some(list) = view.visible(&name, inner.start).last()
        && code.is(list.value.start, "[")
    {
        return Included::Here(list.value.clone());
    }
    let mut whole = view.canonical(&name, inner.start).unwrap_or(name);
    if call.is_some() {
        // What a function gives is known when the program runs.
        whole.push_str("()");
    }
    Included::Elsewhere(whole)
}

/// `views.X.as_view(…)`, `views.x`, `admin.site.urls`, `login_required(views.x)`.
fn handler_name(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    code.ident(range.start)?;
    if code.is(range.start, "lambda") {
        return None;
    }
    let mut end = range.start + 1;
    while end + 1 < range.end && code.is(end, ".") && code.ident(end + 1).is_some() {
        end += 2;
    }
    let name = code.dotted(range.start, end);
    if let Some(class) = name.strip_suffix(".as_view") {
        return Some(class.to_owned());
    }
    if code.is(end, "(") {
        // `cache_page(60)(View.as_view())` decorates what the second bracket holds.
        let after = code.partner(end).map(|close| close + 1);
        let open = after.filter(|&open| code.is(open, "(")).unwrap_or(end);
        if let Some(first) = code.arguments(open).first()
            && let Some(inner) = handler_name(view, first)
        {
            return Some(inner);
        }
    }
    Some(name)
}

/// `router.register("users", UserViewSet)`.
fn resource(
    view: &CodeView<'_, '_>,
    call: Call,
    regions: &[Region],
    routers: &[(String, String, usize)],
    found: &mut Vec<(u32, Endpoint)>,
) {
    let code = view.code;
    let Some(router) = code
        .ident(call.first)
        .filter(|_| call.open == call.first + 3)
    else {
        return;
    };
    let on = view.callee(call).on.unwrap_or_default();
    if !on.ends_with("Router") {
        return;
    }
    let Some(raw) = view.argument(call.open, 0).and_then(|r| view.fold(r)) else {
        return;
    };
    let handler = view
        .argument(call.open, 1)
        .or_else(|| code.named_argument(call.open, "viewset"))
        .and_then(|r| handler_name(view, &r));
    let Some(handler) = handler else {
        return;
    };
    let prefix = routers
        .iter()
        .find(|(name, ..)| name == router)
        .map(|(_, path, at)| http_paths::append(&prefix_at(regions, *at, 0), path))
        .unwrap_or_default();
    let path = http_paths::append(&prefix, &http_paths::from_regex(&raw));
    // Routers put a slash behind every path unless they are told not to
    // (<https://www.django-rest-framework.org/api-guide/routers/>).
    let path = ended(path, !view.file.text.contains("trailing_slash=False"));
    let summary = view.summary(&handler);
    let kind = on.rsplit('.').next().map(str::to_owned);
    let line = code.line(call.first);
    // Some routers answer for themselves with a list of what is below them.
    let root = ended(prefix.clone(), true);
    let known = |e: &Endpoint| e.path == root && e.framework.ends_with("-root");
    if !found.iter().any(|(_, e)| known(e)) {
        let name = "APIRootView".to_owned();
        let mut endpoint = made(root, name, "django-rest-framework-root", None);
        endpoint.router.clone_from(&kind);
        found.push((line, endpoint));
    }
    let mut endpoint = made(path, handler, "django-rest-framework", summary);
    endpoint.router = kind;
    found.push((line, endpoint));
}
