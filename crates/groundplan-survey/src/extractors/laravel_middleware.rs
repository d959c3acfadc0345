//! Middleware of Laravel: what classes of the program answer in place of actions, and under which names
//! and in which groups they stand before routes.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Handler};
use crate::paths;
use crate::php;
use crate::php_actions::{self, Framework};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-middleware",
    docs: "\
### What it finds
Classes with a method `handle($request, Closure $next)`: what they answer instead of going on. The names and
groups that `bootstrap/app.php` (`alias`, `web`, `api`, `group`, `prependToGroup`, `appendToGroup`, `append`,
`throttleApi`) or a kernel (`$middleware`, `$middlewareGroups`, `$middlewareAliases`) gives to middleware.

### What it does not find
Middleware that packages add to groups, and what is put together while the program runs.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &[
        "$next",
        "Illuminate\\Auth\\Middleware",
        "Illuminate\\Routing\\Middleware",
        "withMiddleware",
        "middlewareGroups",
        "routeMiddleware",
        "middlewareAliases",
        "aliasMiddleware",
    ],
    run: extract,
};

/// What stands before the name of a group or of an alias, and what is called what stands before all routes.
pub(crate) const GROUP: &str = "middleware group ";
pub(crate) const ALIAS: &str = "middleware alias ";
pub(crate) const GLOBAL: &str = "middleware of all";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let imports = php_actions::imports(code);
    let mut found = Stacks {
        file,
        code,
        imports: &imports,
        all: Vec::new(),
        limits: Vec::new(),
    };
    for at in 0..code.tokens.len() {
        match code.raw(at) {
            "$middleware" | "$router" | "Route" => found.chain(at),
            _ => {}
        }
        found.property(at);
    }
    for (line, handler) in found.all {
        acc.add(file, line, line, Claim::Handler(Box::new(handler)));
    }
    for (line, name, told) in found.limits {
        scan::mark(acc, file, line, Topic::RateLimit, name, Some(told));
    }
    let Some(class) = php_actions::class(code) else {
        return;
    };
    let methods = php_actions::methods(code, &class);
    let handle = methods.iter().find(|m| m.name == "handle");
    let goes_on = handle.is_some_and(|m| m.params.clone().any(|at| code.is(at, "$next")));
    // One that only sets up what it extends is that.
    let extends = class.base.as_deref().map(|base| {
        let whole = imports.get(base).map_or(base, String::as_str);
        whole.rsplit('\\').next().unwrap_or(whole).to_owned()
    });
    if !(goes_on || handle.is_none() && file.folder().ends_with("Middleware") && extends.is_some())
    {
        return;
    }
    let handler = Handler {
        name: class.name.to_owned(),
        bases: extends.into_iter().collect(),
        methods: methods.iter().map(|m| m.name.to_owned()).collect(),
        // What it does with one route it need not do with another.
        more: class.body.clone().any(|at| asks_where(code, at)),
        ..Handler::default()
    };
    let (first, last) = (code.line(class.at), code.line(class.body.start - 1));
    acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    if goes_on {
        php_actions::add(acc, file, &class, Framework::Laravel);
    }
}

/// Whether a request is asked which route or method it is one of.
fn asks_where(code: &Code<'_>, at: usize) -> bool {
    const OF_REQUEST: [&str; 12] = [
        "current",
        "fullUrl",
        "getMethod",
        "getName",
        "getUri",
        "is",
        "method",
        "path",
        "route",
        "segment",
        "segments",
        "url",
    ];
    // What nothing but a request or its route is asked.
    const ALONE: [&str; 11] = [
        "currentRouteAction",
        "currentRouteName",
        "currentRouteNamed",
        "decodedPath",
        "fullUrlIs",
        "getCurrentRoute",
        "getPathInfo",
        "getRequestUri",
        "inExceptArray",
        "isMethod",
        "routeIs",
    ];
    let word = code.raw(at);
    if word == "$_SERVER" {
        return true;
    }
    if !code.is_byte(at + 1, b'(') {
        return false;
    }
    if ALONE.contains(&word) {
        return true;
    }
    let linked = at > 3 && (code.is_byte(at - 1, b'>') || code.is_byte(at - 1, b':'));
    if !linked || !OF_REQUEST.contains(&word) {
        return false;
    }
    let before = if code.is_byte(at - 3, b'?') {
        at - 4
    } else {
        at - 3
    };
    // `$request->is('x')`, `$this->request->is('x')`, `request()->is('x')`, against `redirect()->route('x')`
    let helper = |close: usize| {
        let open = code.partner(close).filter(|&open| open > 0);
        open.is_some_and(|open| {
            let name = code.raw(open - 1);
            matches!(
                name,
                "app" | "getRoute" | "request" | "resolve" | "route" | "url"
            )
        })
    };
    let named = match code.raw(before) {
        // `URL::route('x')` makes an address.
        "Route" | "URL" => !matches!(word, "route" | "method"),
        "Request" | "request" => true,
        name => name.starts_with('$') && name != "$this",
    };
    named || helper(before)
}

struct Stacks<'s, 't> {
    file: &'s SourceFile<'t>,
    code: &'s Code<'t>,
    /// Classes with their namespace by the names by which the file takes them in.
    imports: &'s BTreeMap<&'t str, String>,
    all: Vec<(u32, Handler)>,
    /// Limits with their line and what they are.
    limits: Vec<(u32, String, String)>,
}

impl Stacks<'_, '_> {
    fn add(&mut self, at: usize, name: String, calls: Vec<String>, gone: Vec<String>) {
        // `throttle:60,1` is 60 requests in one minute
        // (<https://laravel.com/docs/routing#attaching-rate-limiters-to-routes>).
        if let Some(group) = name.strip_prefix(GROUP) {
            for call in &calls {
                let given = call
                    .strip_prefix("throttle:")
                    .and_then(|g| g.split_once(','));
                let plain = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
                if let Some((most, minutes)) = given.filter(|(a, b)| plain(a) && plain(b)) {
                    let time = scan::many(minutes, "minute");
                    let told = format!("at most {most} in {time}, before routes of `{group}`");
                    self.limits.push((self.code.line(at), call.clone(), told));
                }
            }
        }
        if calls.is_empty() && gone.is_empty() {
            return;
        }
        let handler = Handler {
            name,
            calls,
            methods: gone,
            ..Handler::default()
        };
        self.all.push((self.code.line(at), handler));
    }

    /// The middleware that an argument names.
    fn names(&self, range: &Range<usize>) -> Vec<String> {
        let parts = match php::list_at(self.code, range) {
            Some(open) => self.code.arguments(open),
            None => vec![range.clone()],
        };
        let one = |part: Range<usize>| match php::text(self.code, &part) {
            Some(text) => Some(text),
            None => {
                php::class(self.code, &part)?;
                let class = part.start..part.end.saturating_sub(3);
                let class: String = class.map(|at| self.code.raw(at)).collect();
                let class = class.trim_start_matches('\\').to_owned();
                let whole = self.imports.get(class.as_str()).cloned();
                Some(whole.unwrap_or(class))
            }
        };
        parts.into_iter().filter_map(one).collect()
    }

    /// Adds what an argument names.
    fn put(&mut self, at: usize, given: Option<&Range<usize>>, name: String) {
        let calls = given.map(|range| self.names(range)).unwrap_or_default();
        self.add(at, name, calls, Vec::new());
    }

    /// Names or groups that a list gives by key.
    fn keyed(&mut self, open: usize, before: &str) {
        for (key, value) in php::entries(self.code, open).into_iter().take(100) {
            let key = key.and_then(|k| Some((php::text(self.code, &k)?, k.start)));
            if let Some((name, at)) = key {
                let calls = self.names(&value);
                self.add(at, format!("{before}{name}"), calls, Vec::new());
            }
        }
    }

    /// `protected $middlewareGroups = ['web' => […]];` of a kernel.
    fn property(&mut self, at: usize) {
        let code = self.code;
        let before = match code.raw(at) {
            "$middlewareGroups" => GROUP,
            "$middlewareAliases" | "$routeMiddleware" => ALIAS,
            // Buses and pipelines have middleware of their own.
            "$middleware" if self.file.text.contains("Foundation\\Http\\Kernel") => GLOBAL,
            _ => return,
        };
        let declared = at > 0 && matches!(code.raw(at - 1), "protected" | "public" | "array");
        let list = code.is_byte(at + 1, b'=').then_some(at + 2);
        let list = list.and_then(|from| php::list_at(code, &(from..code.tokens.len())));
        match list.filter(|_| declared) {
            Some(open) if before == GLOBAL => {
                let calls = self.names(&(open..code.tokens.len()));
                self.add(at, GLOBAL.to_owned(), calls, Vec::new());
            }
            Some(open) => self.keyed(open, before),
            None => {}
        }
    }

    /// `$middleware->alias([…])->prependToGroup('api', […])` of `bootstrap/app.php`.
    fn chain(&mut self, at: usize) {
        let code = self.code;
        let root = code.is(at, "$middleware") && self.file.text.contains("withMiddleware");
        let Some(chain) = php::chain_at(code, at) else {
            return;
        };
        for link in &chain.links {
            let given = code.arguments(link.open);
            let first = given.first().and_then(|range| php::text(code, range));
            let group = |name: &str| format!("{GROUP}{name}");
            match (link.name, first) {
                ("alias", _) if root => {
                    let list = given.first().and_then(|range| php::list_at(code, range));
                    if let Some(open) = list {
                        self.keyed(open, ALIAS);
                    }
                }
                ("web" | "api", _) if root => {
                    let mut calls = Vec::new();
                    for (index, key) in ["append", "prepend"].into_iter().enumerate() {
                        let range = php::named(code, link.open, key);
                        let by_place = given.get(index).filter(|r| {
                            !code.is_byte(r.start + 1, b':') || code.is_byte(r.start + 2, b':')
                        });
                        if let Some(range) = range.or(by_place.cloned()) {
                            calls.extend(self.names(&range));
                        }
                    }
                    let gone = php::named(code, link.open, "remove");
                    let gone = gone.map(|r| self.names(&r)).unwrap_or_default();
                    self.add(link.open, group(link.name), calls, gone);
                }
                ("group" | "prependToGroup" | "appendToGroup", Some(name)) if root => {
                    self.put(link.open, given.get(1), group(&name));
                }
                ("append" | "prepend", _) if root => {
                    self.put(link.open, given.first(), GLOBAL.to_owned());
                }
                ("throttleApi", name) if root => {
                    let limit = vec![format!("throttle:{}", name.unwrap_or("api".to_owned()))];
                    self.add(link.open, group("api"), limit, Vec::new());
                }
                ("aliasMiddleware", Some(name)) => {
                    self.put(link.open, given.get(1), format!("{ALIAS}{name}"));
                }
                ("pushMiddlewareToGroup" | "prependMiddlewareToGroup", Some(name)) => {
                    self.put(link.open, given.get(1), group(&name));
                }
                _ => {}
            }
        }
    }
}
