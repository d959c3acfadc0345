//! Django and Django REST framework: URL patterns and routers.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Endpoint, FileFacts, Mount};
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
included from elsewhere, or spliced in from the lists of other modules, as handler `include:module`; resources registered at a router of Django
REST framework, also below others, and those that one router takes over from another. A slash at the end is kept, and added for routers. The method is `ANY`, since the
view decides; a list that is included below several paths counts below each, and a name in a path is
what the file gives it first; the methods that the route itself names, `as_view({get: list})` or
`as_view(http_method_names=[get])`, stand beside it. What `i18n_patterns` is given stands below
`{lang}`, unless the default language has no prefix.

### What it does not find
The methods that a view answers, the prefix under which another file includes this one, patterns
from loops or for those who debug (`if settings.DEBUG`), tests.
",
    reads: &[Reads::Own(&[Language::Python])],
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
            let Some(range) = view.argument(call.open, 0) else {
                continue;
            };
            let Some(raw) = view.fold(range.clone()) else {
                continue;
            };
            let raw = by_default(&view, filled(&view, &range, raw));
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
    let mut regions: Vec<Region> = by_language(&view);
    let mut routers: Vec<(String, String, usize)> = Vec::new();
    let mut direct: Vec<(Call, String, String)> = Vec::new();
    let mut verbs: std::collections::BTreeMap<usize, Vec<String>> = Default::default();
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
                    verbs.insert(call.open, verbs_of(&view, &target));
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
        let summary = view.summary(&handler);
        let own_verbs = verbs.remove(&call.open).unwrap_or_default();
        let third = view.argument(call.open, 2);
        let given = third.is_some_and(|r| !view.code.is(r.start + 1, "="))
            || view.code.named_argument(call.open, "kwargs").is_some();
        for prefix in prefixes_at(&regions, call.open, 0) {
            let path = http_paths::append(&prefix, &path);
            let mut endpoint = made(path, handler.clone(), "django", summary.clone());
            if socket {
                "WEBSOCKET".clone_into(&mut endpoint.method);
            }
            endpoint.verbs.clone_from(&own_verbs);
            endpoint.given = given;
            endpoint.mounts = imported(&view, &endpoint, call.open);
            found.push((view.code.line(call.first), endpoint));
        }
    }
    spliced(&view, &regions, &mut routers);
    for (at, module) in joined(&view, &regions) {
        let prefix = ended(prefix_at(&regions, at, 0), true);
        let endpoint = made(prefix, format!("include:{module}"), SPLICED, None);
        found.push((view.code.line(at), endpoint));
    }
    for &call in view.calls_of("register") {
        resource(&view, call, &regions, &routers, &mut found);
    }
    taken_over(&view, &regions, &routers, &mut found);
    found.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    let workbench = while_debugging(file.text);
    found.retain(|(line, _)| !workbench.iter().any(|block| block.contains(line)));
    for (line, endpoint) in found {
        http_paths::add(acc, file, line, line, endpoint);
    }
}

/// `i18n_patterns(…)` puts the language before what it is given, and leaves it out for the language
/// of the settings where it is told so: then the path without it is right
/// (<https://docs.djangoproject.com/en/stable/topics/i18n/translation/#language-prefix-in-url-patterns>).
fn by_language(view: &CodeView<'_, '_>) -> Vec<Region> {
    let code = view.code;
    let mut regions = Vec::new();
    for &call in view.calls_of("i18n_patterns") {
        let on = view.callee(call).on.unwrap_or_default();
        let bare = code
            .named_argument(call.open, "prefix_default_language")
            .is_some_and(|r| !code.is(r.start, "True"));
        let Some(close) = code.partner(call.open) else {
            continue;
        };
        if bare || !on.starts_with("django.") {
            continue;
        }
        let own: Range<usize> = call.open + 1..close;
        let mut below = Vec::from([own]);
        // `i18n_patterns(*pages)`: the list stands elsewhere in the file.
        for range in code.arguments(call.open) {
            let name = range.end.checked_sub(1).and_then(|at| code.ident(at));
            let lists = name.map(|name| view.visible(name, range.start));
            let list = lists.and_then(|all| all.last().map(|d| d.value.clone()));
            below.extend(list.filter(|r| range.len() <= 2 && code.is(r.start, "[")));
        }
        regions.extend(below.into_iter().map(|range| Region {
            range,
            prefix: "{lang}/".to_owned(),
            at: call.first,
        }));
    }
    regions
}

/// The lines of blocks that only run while somebody debugs: `if settings.DEBUG:` adds pages for those
/// who work on the program, none of the system.
fn while_debugging(text: &str) -> Vec<Range<u32>> {
    let mut blocks = Vec::new();
    if !text.contains("DEBUG") {
        return blocks;
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut open: Option<(usize, u32)> = None;
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        let code = line.trim();
        if code.is_empty() || code.starts_with('#') {
            continue;
        }
        if let Some((outer, first)) = open {
            if indent(line) > outer {
                continue;
            }
            blocks.push(first..number);
            open = None;
        }
        let mut words = code
            .strip_prefix("if ")
            .into_iter()
            .flat_map(|c| c.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')));
        let plain = !code.contains(" or ") && !code.contains("not ") && !code.contains("False");
        if plain && words.any(|word| word == "DEBUG") {
            open = Some((indent(line), number));
        }
    }
    blocks.extend(open.map(|(_, first)| first..number + 1));
    blocks
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

/// The framework of an include that is only a list of another module within a list of this one.
pub(crate) const SPLICED: &str = "django-spliced";

/// Lists of patterns of other modules that stand in one of this file: `[*user_urls, *team_urls]`,
/// `user_urls + team_urls`, `urlpatterns += user_urls`, `urlpatterns.extend(user_urls)`.
fn joined(view: &CodeView<'_, '_>, regions: &[Region]) -> Vec<(usize, String)> {
    let code = view.code;
    let mut ranges: Vec<Range<usize>> = regions.iter().map(|r| r.range.clone()).collect();
    let is_list = |name: &str| name.ends_with("patterns");
    for definition in code.definitions() {
        if definition.scope.is_none() && is_list(definition.name) {
            ranges.push(definition.value.clone());
        }
    }
    for at in 0..code.tokens.len() {
        if !code.ident(at).is_some_and(is_list) {
            continue;
        }
        let extended = code.is(at + 1, ".") && code.is(at + 2, "extend") && code.is(at + 3, "(");
        let from = match extended {
            true => at + 4,
            false if code.is(at + 1, "+") && code.is(at + 2, "=") => at + 3,
            false => continue,
        };
        ranges.push(from..from + 1);
    }
    let mut found: Vec<(usize, String)> = Vec::new();
    for range in ranges {
        // Whether each open bracket is that of a call: what `include(…)` is given stands in no list.
        let mut calls: Vec<bool> = Vec::new();
        for at in range.clone() {
            let before = at.checked_sub(1).map_or("", |at| code.raw(at));
            match code.raw(at) {
                "(" => calls.push(
                    at > range.start && code.ident(at - 1).is_some_and(|name| !is_list(name)),
                ),
                ")" => {
                    calls.pop();
                }
                _ => {}
            }
            let alone = at == range.start || matches!(before, "*" | "+" | "(");
            let (Some(name), true) = (code.ident(at), alone && !calls.contains(&true)) else {
                continue;
            };
            // `users.urlpatterns`
            let more = code.is(at + 1, ".") && code.ident(at + 2).is_some();
            let end = if more { at + 3 } else { at + 1 };
            if code.is(end, "(") || code.is(end, ".") || found.iter().any(|(a, _)| *a == at) {
                continue;
            }
            let whole = code.dotted(at, end);
            if view
                .visible(name, at)
                .iter()
                .any(|d| code.is(d.value.start, "["))
            {
                continue;
            }
            let Some(module) = view.canonical(&whole, at).filter(|m| m.contains('.')) else {
                continue;
            };
            if module.rsplit('.').next().is_some_and(is_list) {
                found.push((at, module));
            }
        }
    }
    found
}

/// The methods that `as_view(…)` of a route names: `get:list` of a map, `get` of a list.
fn verbs_of(view: &CodeView<'_, '_>, target: &Range<usize>) -> Vec<String> {
    let code = view.code;
    let call = target.clone().find(|&at| code.is(at, "as_view"));
    let Some(open) = call.map(|at| at + 1).filter(|&at| code.is(at, "(")) else {
        return Vec::new();
    };
    let is_method = |word: &str| {
        let word = word.to_ascii_uppercase();
        word == "HEAD" || word == "OPTIONS" || crate::call_rules::METHODS.contains(&word.as_str())
    };
    let map = view
        .argument(open, 0)
        .or_else(|| code.named_argument(open, "actions"));
    // A map that stands elsewhere in the file: `view_list = {…}`.
    let map = map.map(|r| match code.ident(r.start).filter(|_| r.len() == 1) {
        Some(name) => view
            .visible(name, r.start)
            .last()
            .map_or(r, |d| d.value.clone()),
        None => r,
    });
    if let Some(map) = map.filter(|r| code.is(r.start, "{")) {
        let pairs = code.arguments(map.start).into_iter();
        return pairs
            .filter_map(|pair| {
                let method = code.string(pair.start)?;
                let action = code.string(pair.end.checked_sub(1)?)?;
                is_method(method).then(|| format!("{}:{action}", method.to_ascii_lowercase()))
            })
            .collect();
    }
    let names = code.named_argument(open, "http_method_names");
    let words = names.into_iter().flatten().filter_map(|at| code.string(at));
    words
        .filter(|w| is_method(w))
        .map(str::to_ascii_lowercase)
        .collect()
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
        verbs: Vec::new(),
        given: false,
        mounts: Vec::new(),
        class: None,
        guards: Vec::new(),
    }
}

/// Places at which one list of patterns is taken in, at most.
const PLACES: usize = 8;

fn prefix_at(regions: &[Region], at: usize, depth: u8) -> String {
    prefixes_at(regions, at, depth).swap_remove(0)
}

/// What stands before a place: one list may be included below several paths, and counts below each. At
/// least one.
fn prefixes_at(regions: &[Region], at: usize, depth: u8) -> Vec<String> {
    let around = |r: &&Region| r.range.contains(&at) && !r.range.contains(&r.at);
    // The innermost region counts; what lies around its own place comes before it.
    let inner = regions.iter().filter(around).map(|r| r.range.len()).min();
    let Some(inner) = inner.filter(|_| depth <= 8) else {
        return vec![String::new()];
    };
    let mut all = Vec::new();
    for region in regions.iter().filter(around) {
        if region.range.len() == inner {
            let outer = prefixes_at(regions, region.at, depth + 1);
            all.extend((outer.iter()).map(|o| http_paths::append(o, &region.prefix)));
        }
    }
    all.truncate(PLACES);
    all
}

/// A path with what names of this file stand for in it: a name has what it is given first, also where a
/// setting may give it more. What is still a name then is no parameter of the caller.
fn filled(view: &CodeView<'_, '_>, range: &Range<usize>, raw: String) -> String {
    let code = view.code;
    let formatted = (range.clone()).any(|at| code.string(at).is_some() && code.is_f_string(at));
    let named = code.ident(range.start).is_some() && code.string(range.start).is_none();
    if !(formatted || named) {
        return raw;
    }
    let mut out = String::new();
    let mut rest = raw.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(plain) || name.starts_with(char::is_numeric) {
            out.push_str(&format!("{{{name}}}"));
            rest = after;
            continue;
        }
        let known = view.visible(name, range.start);
        let mut texts = known.iter().filter(|d| d.value.len() == 1 && !d.param);
        // `API_PATH_PREFIX = settings.API_PATH_PREFIX`, whose default the settings have.
        let mut settings = known.iter().filter_map(|d| {
            let value = &d.value;
            let of_settings = value.len() == 3
                && code.is(value.start, "settings")
                && code.is(value.start + 1, ".");
            let setting = code.ident(value.start + 2).filter(|_| of_settings)?;
            http_paths::is_base(setting).then_some(setting)
        });
        match texts.find_map(|d| code.string(d.value.start)) {
            Some(text) if !text.contains('{') => out.push_str(text),
            Some(_) => out.push_str(http_paths::UNREAD),
            None => match settings.next().filter(|_| out.is_empty()) {
                Some(setting) => out = http_paths::open_base(&format!("settings.{setting}")),
                None => out.push_str(http_paths::UNREAD),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A path with the defaults of the variables of the environment in it: `{env:API_PREFIX}v1/`.
fn by_default(view: &CodeView<'_, '_>, raw: String) -> String {
    let mut out = String::new();
    let mut rest = raw.as_str();
    while let Some((before, after)) = rest.split_once("{env:") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        let mut reads = view.env().values().filter(|read| read.name == name);
        match reads.find_map(|read| read.default()) {
            Some(text) => out.push_str(text),
            None => out.push_str(&format!("{{env:{name}}}")),
        }
        rest = behind;
    }
    out + rest
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
    if !code.is(open, "(") {
        // `path("api/", api.urls)` takes in an API of Django Ninja, which has its routes elsewhere.
        let name = code.dotted(target.start, target.end);
        let api = name.strip_suffix(".urls").filter(|api| {
            let last = api.rsplit('.').next().unwrap_or(api);
            last.to_ascii_lowercase().contains("api")
        });
        return match api {
            Some(_) => Included::Elsewhere(view.canonical(&name, target.start).unwrap_or(name)),
            None => Included::Not,
        };
    }
    let mut given = code.arguments(open).into_iter();
    let inner = match code.raw(target.start) {
        "include" => given.next(),
        // `decorator_include(login_required, "users.urls")` includes what stands behind the decorators.
        "decorator_include" => given.nth(1),
        _ => None,
    };
    let Some(mut inner) = inner else {
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
    // `v0_urls = v0_router.urls`
    if inner.len() == 1
        && let Some(list) = view.visible(&name, inner.start).last()
        && list.value.len() == 3
        && code.is(list.value.start + 2, "urls")
        && let Some(router) = code.ident(list.value.start)
    {
        return Included::Router(router.to_owned());
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

/// The class of a router by its last word: of one that this file derives from another, what that is
/// called in the end (`class VersionedRouter(DefaultRouter)`); `None` for what is no router.
fn router_class(view: &CodeView<'_, '_>, on: &str) -> Option<String> {
    let mut class = on.rsplit('.').next().unwrap_or(on).to_owned();
    for _ in 0..4 {
        let Some(own) = view.function(&class).filter(|f| f.class) else {
            break;
        };
        let bases = view.bases(own);
        match bases.into_iter().find(|base| base.contains("Router")) {
            Some(base) => class = base,
            None => break,
        }
    }
    // `SimpleRouterWithNesting` of another file.
    class.contains("Router").then_some(class)
}

/// The class that answers with the module that it is imported from: several versions of an interface
/// have classes of one name.
fn imported(view: &CodeView<'_, '_>, endpoint: &Endpoint, at: usize) -> Vec<Mount> {
    let name = endpoint.handler.as_deref().unwrap_or_default();
    let class = name.rsplit('.').next().unwrap_or(name);
    if !class.starts_with(char::is_uppercase) {
        return Vec::new();
    }
    let whole = view.canonical(name, at).filter(|whole| whole != name);
    let mount = |target| Mount {
        target,
        ..Mount::default()
    };
    whole.map(mount).into_iter().collect()
}

/// What stands before the resources of a router that is nested in another:
/// `NestedSimpleRouter(orders, "orders", lookup="order")`
/// (<https://github.com/alanjds/drf-nested-routers>).
fn nested(view: &CodeView<'_, '_>, router: &str, at: usize, depth: u8) -> Option<String> {
    let code = view.code;
    let made = view.visible(router, at).pop()?.value.clone();
    let open = made.clone().find(|&at| code.is(at, "("))?;
    let class = code.dotted(made.start, open);
    if !class.rsplit('.').next()?.contains("Nested") || depth > 4 {
        return None;
    }
    let parent = view.argument(open, 0)?;
    let outer = nested(view, code.ident(parent.start)?, made.start, depth + 1);
    let own = http_paths::from_regex(&view.fold(view.argument(open, 1)?)?);
    let lookup = code
        .named_argument(open, "lookup")
        .and_then(|r| view.fold(r));
    let name = lookup.unwrap_or_else(|| "nested_1".to_owned());
    let below = format!("{}/{{{name}_pk}}/", own.trim_matches('/'));
    Some(http_paths::append(&outer.unwrap_or_default(), &below))
}

/// The router that a resource is registered at in the end, and what stands before it where it is
/// registered below others: `orders = router.register("orders", OrderViewSet)`, then
/// `orders.register("lines", LineViewSet, parents_query_lookups=["order"])`, also in one chain
/// (<https://chibisov.github.io/drf-extensions/docs/#nested-routes>).
fn registered_at<'t>(view: &CodeView<'t, '_>, call: Call) -> Option<(&'t str, String)> {
    let code = view.code;
    let lookups = code.named_argument(call.open, "parents_query_lookups");
    if lookups.is_none() {
        let router = code.ident(call.first);
        let plain = router.filter(|_| call.open == call.first + 3)?;
        return Some((plain, String::new()));
    }
    let mut lookups: Vec<&str> = lookups?.filter_map(|at| code.string(at)).collect();
    let mut above: Vec<String> = Vec::new();
    let mut first = call.first;
    let mut until = call.open;
    for _ in 0..4 {
        let router = code.ident(first)?;
        // The registrations of a chain before the one that is asked for.
        let mut chain = Vec::new();
        let mut at = first + 1;
        while at < until && code.is(at, ".") && code.is(at + 1, "register") && code.is(at + 2, "(")
        {
            if at + 2 == until {
                break;
            }
            chain.push(at + 2);
            at = code.partner(at + 2)? + 1;
        }
        for open in chain.into_iter().rev() {
            above.push(http_paths::from_regex(&view.fold(view.argument(open, 0)?)?));
        }
        let made = view.visible(router, first).pop().map(|d| d.value.clone());
        let registers = made.filter(|value| {
            let receiver = code.ident(value.start).is_some();
            receiver && code.is(value.start + 1, ".") && code.is(value.start + 2, "register")
        });
        let Some(value) = registers else {
            above.reverse();
            let mut path = String::new();
            for own in above {
                let name = match lookups.is_empty() {
                    true => "parent_lookup".to_owned(),
                    false => format!("parent_lookup_{}", lookups.remove(0)),
                };
                path = format!("{path}{}/{{{name}}}/", own.trim_matches('/'));
            }
            return Some((router, path));
        };
        first = value.start;
        until = value.end;
    }
    None
}

/// Resources that one router takes over from that of another module:
/// `router.registry.extend(user_router.registry)`.
fn taken_over(
    view: &CodeView<'_, '_>,
    regions: &[Region],
    routers: &[(String, String, usize)],
    found: &mut Vec<(u32, Endpoint)>,
) {
    let code = view.code;
    for &call in view.calls_of("extend") {
        let Some(router) = code
            .ident(call.first)
            .filter(|_| call.open == call.first + 5 && code.is(call.first + 2, "registry"))
        else {
            continue;
        };
        let Some(given) = code.arguments(call.open).into_iter().next() else {
            continue;
        };
        let name = code.dotted(given.start, given.end);
        let Some(other) = name.strip_suffix(".registry") else {
            continue;
        };
        let Some(module) = view
            .canonical(other, given.start)
            .filter(|m| m.contains('.'))
        else {
            continue;
        };
        let prefix = routers
            .iter()
            .find(|(name, ..)| name == router)
            .map(|(_, path, at)| http_paths::append(&prefix_at(regions, *at, 0), path));
        let prefix = ended(prefix.unwrap_or_default(), true);
        let endpoint = made(prefix, format!("include:{module}.urls"), SPLICED, None);
        found.push((code.line(call.first), endpoint));
    }
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
    let Some((router, given)) = registered_at(view, call) else {
        return;
    };
    // A class of this file leads to no import.
    let on = match code.is(call.first, router) {
        true => view.callee(call).on,
        false => None,
    };
    let on = on.filter(|on| !on.ends_with(".register")).or_else(|| {
        let made = view.visible(router, call.first).pop()?.value.clone();
        let open = made.clone().find(|&at| code.is(at, "("))?;
        let class = code.dotted(made.start, open);
        Some(view.canonical(&class, made.start).unwrap_or(class))
    });
    let Some(class) = on.and_then(|on| router_class(view, &on)) else {
        return;
    };
    let Some(raw) = view.argument(call.open, 0).and_then(|r| view.fold(r)) else {
        return;
    };
    let handler = view
        .argument(call.open, 1)
        .or_else(|| code.named_argument(call.open, "viewset"))
        .and_then(|r| handler_name(view, &r));
    // Routers of commands and events are given methods of objects.
    let Some(handler) = handler.filter(|handler| !handler.starts_with("self.")) else {
        return;
    };
    // One router may be included below several paths.
    let places = routers.iter().filter(|(name, ..)| name == router);
    let mut prefixes: Vec<String> = places
        .map(|(_, path, at)| http_paths::append(&prefix_at(regions, *at, 0), path))
        .collect();
    if prefixes.is_empty() {
        prefixes.push(String::new());
    }
    let above = nested(view, router, call.first, 0).unwrap_or_default();
    let above = http_paths::append(&above, &given);
    let own = http_paths::append(&above, &http_paths::from_regex(&raw));
    for prefix in prefixes {
        let place = (router, class.as_str(), prefix.as_str());
        resource_at(view, call, place, &own, handler.clone(), found);
    }
}

/// The same below one of the paths that its router is included below.
fn resource_at(
    view: &CodeView<'_, '_>,
    call: Call,
    (router, class, prefix): (&str, &str, &str),
    own: &str,
    handler: String,
    found: &mut Vec<(u32, Endpoint)>,
) {
    let code = view.code;
    let path = http_paths::append(prefix, own);
    // Routers put a slash behind every path unless they are told not to
    // (<https://www.django-rest-framework.org/api-guide/routers/>).
    let path = ended(path, !view.file.text.contains("trailing_slash=False"));
    let summary = view.summary(&handler);
    // Which of several routers of a file it is decides below which include it stands.
    let kind = Some(format!("{router}:{class}"));
    let line = code.line(call.first);
    // Some routers answer for themselves with a list of what is below them.
    let root = ended(prefix.to_owned(), true);
    let known = |e: &Endpoint| e.path == root && e.framework.ends_with("-root") && e.router == kind;
    if !found.iter().any(|(_, e)| known(e)) {
        let name = "APIRootView".to_owned();
        let mut endpoint = made(root, name, "django-rest-framework-root", None);
        endpoint.router.clone_from(&kind);
        found.push((line, endpoint));
    }
    for (name, handler) in given_below(view, call) {
        let below = http_paths::append(&path, &format!("{{parent_pk}}/{name}"));
        let below = ended(below, path.ends_with('/'));
        let mut endpoint = made(below, handler, "django-rest-framework", None);
        endpoint.router.clone_from(&kind);
        endpoint.mounts = imported(view, &endpoint, call.open);
        found.push((line, endpoint));
    }
    let mut endpoint = made(path, handler, "django-rest-framework", summary);
    endpoint.router = kind;
    endpoint.mounts = imported(view, &endpoint, call.open);
    found.push((line, endpoint));
}

/// Resources that a registration gives below those that it registers:
/// `router.register("orders", OrderViewSet, [Nested("lines", LineViewSet)])`
/// (<https://github.com/VNG-Realisatie/vng-api-common>).
fn given_below(view: &CodeView<'_, '_>, call: Call) -> Vec<(String, String)> {
    let code = view.code;
    let list = view
        .argument(call.open, 2)
        .filter(|r| code.is(r.start, "["));
    let entries = list.map(|r| code.arguments(r.start)).unwrap_or_default();
    let one = |range: Range<usize>| {
        let open = range.clone().find(|&at| code.is(at, "("))?;
        let nested = code.is(open.checked_sub(1)?, "Nested");
        let name = view.fold(view.argument(open, 0)?).filter(|_| nested)?;
        let handler = handler_name(view, &view.argument(open, 1)?)?;
        Some((name, handler))
    };
    entries.into_iter().filter_map(one).collect()
}
