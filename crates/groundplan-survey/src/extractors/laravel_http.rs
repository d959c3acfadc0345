//! Laravel and Lumen: HTTP routes, and which route file stands below which prefix.

mod guards;
mod resources;
mod verbs;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Endpoint, FileFacts, Handler, Mount};
use crate::http_paths::{self, UNREAD};
use crate::paths;
use crate::php::{self, Chain, Link, Place};
use crate::php_actions;
use crate::prose;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};
use guards::Guards;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "laravel-http",
    docs: "\
### What it finds
Routes of Laravel and Lumen: verbs, `match`, `any`, `view`, `redirect`, resources and singletons with
`only` and `except`, below the prefixes of nested groups; the action as controller and method;
middleware that asks who calls, what they may do or how often, one observation for each. Which route
file a provider, `withRouting`, `loadRoutesFrom` or `require` takes in, and below which prefix.

### What it does not find
Routes whose path is put together while the program runs (one note says that there are more), those
that packages add (`Auth::routes()`), folders of route files that are read in a loop, tests.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &[
        "Route::",
        "withRouting",
        "loadRoutesFrom",
        "$router->",
        "require __DIR__",
    ],
    run: extract,
};

/// Begin of the target of a mount that takes in a route file. What follows says how its path is
/// meant: `=` from the root of the survey, `~` from that of the application, `*` its end.
pub(crate) const FILE: &str = "*laravel-file:";

/// What stands before the name of middleware that counts calls, among what is before a route.
pub(crate) const COUNTED: &str = "!throttle:";

/// What stands before the name of other middleware there.
pub(crate) const VIA: &str = "!via:";

/// What stands there before the name of middleware that a route takes off, whoever put it there.
pub(crate) const GONE: &str = "!gone:";

/// Stands there where the comment above a route says that it should no longer be called.
pub(crate) const DEPRECATED: &str = "!deprecated";

/// Whether middleware says by its name that it asks who calls or what they may do.
pub(crate) fn is_guard(name: &str) -> bool {
    matches!(
        guards::topic(name),
        Some(Topic::Authentication | Topic::Authorization)
    )
}

/// Whether a route takes middleware off: by its name among what is before the route, or by its class. What
/// takes off `auth` leaves `auth:sanctum` (<https://laravel.com/docs/middleware#excluding-middleware>).
pub(crate) fn is_gone(guards: &[String], name: &str) -> bool {
    let bare = match name.strip_prefix(COUNTED) {
        Some(given) => format!("throttle:{given}"),
        None => name.strip_prefix(VIA).unwrap_or(name).to_owned(),
    };
    let bare = bare.trim_end_matches(':');
    let short = bare.rsplit('\\').next().unwrap_or(bare);
    let mut gone = guards.iter().filter_map(|g| g.strip_prefix(GONE));
    gone.any(|gone| gone == bare || gone == short)
}

/// Groups in groups at most.
const DEEPEST: u8 = 24;

/// Middleware that one call takes off, at most.
const MOST_GONE: usize = 20;

/// What the groups around a route say.
#[derive(Clone, Debug, Default)]
struct Scope {
    /// Path template, empty at the outermost.
    prefix: String,
    /// Controller of actions that are named alone.
    controller: Option<String>,
    /// Namespace of controllers that are named as texts.
    namespace: Option<String>,
    /// Middleware with the line that names it.
    guards: Vec<(String, u32)>,
    /// Middleware that is taken off, also where it is put before the whole file.
    gone: Vec<String>,
}

impl Scope {
    /// The middleware before what stands within: what a group takes off stays off, whatever is put on within.
    fn on(&self) -> impl Iterator<Item = &(String, u32)> {
        let on = |(name, _): &&(String, u32)| !self.gone.contains(name);
        self.guards.iter().filter(on)
    }
}

struct Routes<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    framework: &'static str,
    /// Whether a variable may be the router: only in a file that is one of routes.
    variables: bool,
    found: Vec<(u32, u32, Endpoint)>,
    /// What answers routes that name no action.
    inline: Vec<(u32, u32, Handler)>,
    mounts: Vec<(u32, Mount)>,
    guards: Guards,
    /// Classes that the file uses, by the name it has for them.
    imports: BTreeMap<&'t str, String>,
    /// What the comment above a statement says of the one route that it makes, and whether that is deprecated.
    said: Option<(Option<String>, bool)>,
    /// What stands before the routes of another file, with its line and that file.
    before: Vec<(u32, String, String)>,
    /// The path at which the framework itself says that it is up.
    health: Option<(u32, String)>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || php::is_foreign(file.path) {
        return;
    }
    let has = |word: &str| file.text.contains(word);
    let of_routes = file
        .folder()
        .split('/')
        .any(|part| part.eq_ignore_ascii_case("routes"));
    let facade = has("Facades\\Route") || has("Facades\\{");
    if !(of_routes || facade || has("withRouting") || has("loadRoutesFrom")) {
        return;
    }
    let lumen = !has("Route::") && has("$router->");
    let mut routes = Routes {
        file,
        code: file.code(),
        framework: if lumen { "lumen" } else { "laravel" },
        variables: of_routes,
        found: Vec::new(),
        inline: Vec::new(),
        mounts: Vec::new(),
        guards: Guards::default(),
        imports: php_actions::imports(file.code()),
        said: None,
        before: Vec::new(),
        health: None,
    };
    let all = 0..routes.code.tokens.len();
    routes.walk(all, &Scope::default(), 0);
    for (line, mount) in routes.mounts {
        acc.add(file, line, line, Claim::Mount(mount));
    }
    for (first, last, handler) in routes.inline {
        acc.add(file, first, last, Claim::Handler(Box::new(handler)));
    }
    let mut found = routes.found;
    found.sort_by(|a, b| (a.0, &a.2.path, &a.2.method).cmp(&(b.0, &b.2.path, &b.2.method)));
    found.dedup();
    for (first, last, endpoint) in found {
        http_paths::add(acc, file, first, last, endpoint);
    }
    // `/up` says nothing by its name, the argument does; a name that speaks is noted already.
    if let Some((line, path)) = routes.health {
        let told = |claim: &Claim| matches!(claim, Claim::Mark(m) if m.topic == Topic::HealthCheck && m.name == path);
        if !acc.facts.iter().any(|fact| told(&fact.claim)) {
            scan::mark(acc, file, line, Topic::HealthCheck, path, None);
        }
    }
    routes.guards.add(acc, file);
    for (line, name, of) in routes.before {
        guards::before(acc, file, line, &name, &of);
    }
}

impl<'t> Routes<'_, 't> {
    /// Reads all routes of a range of tokens.
    fn walk(&mut self, range: Range<usize>, scope: &Scope, depth: u8) {
        let code = self.code;
        let mut at = range.start;
        while at < range.end {
            let Some(word) = code.ident(at) else {
                at += 1;
                continue;
            };
            match word {
                "Route" => {}
                "$router" | "$route" | "$app" if self.variables => {}
                "require" | "require_once" | "include" | "include_once" => {
                    let end = (at..range.end).find(|&i| code.is_byte(i, b';'));
                    let named = at + 1..end.unwrap_or(range.end).min(at + 16);
                    self.mount(&named, scope, code.line(at));
                    at = named.end.max(at + 1);
                    continue;
                }
                "loadRoutesFrom" | "withRouting" if code.is_byte(at + 1, b'(') => {
                    match word {
                        "withRouting" => self.routing(at + 1, scope),
                        _ => {
                            for named in code.arguments(at + 1).into_iter().take(1) {
                                self.mount(&named, scope, code.line(at));
                            }
                        }
                    }
                    at += 1;
                    continue;
                }
                _ => {
                    at += 1;
                    continue;
                }
            }
            match php::chain_at(code, at) {
                Some(chain) => {
                    self.said = self.comment(at, chain.end);
                    self.chain(&chain, scope, depth);
                    at = chain.end;
                }
                None => at += 1,
            }
        }
    }

    /// What a documentation comment says that stands directly above one statement. Where the next statement
    /// follows without a blank line or a comment, it may head all of them.
    fn comment(&self, at: usize, end: usize) -> Option<(Option<String>, bool)> {
        const HEADS: [&str; 6] = ["api", "endpoint", "endpoints", "group", "routes", "section"];
        let code = self.code;
        let line = code.line(at);
        let (.., text) = code.comment_above(line)?;
        let last = code.line(end);
        let next = code.line(end + 1);
        if at > 0 && code.line(at - 1) == line || next == last + 1 {
            return None;
        }
        let deprecated = text.lines().any(|l| l.starts_with("@deprecated"));
        let summary = prose::summary(self.file, line).filter(|said| {
            let words = said.trim_end_matches(['.', ':']);
            let end = words.rsplit(' ').next().unwrap_or(words);
            !HEADS.contains(&&*end.to_ascii_lowercase()) && !said.contains(['|', '='])
        });
        (deprecated || summary.is_some()).then_some((summary, deprecated))
    }

    /// `Route::prefix('x')->middleware('auth')->group(…)`, `Route::get('x', …)->middleware('auth')`.
    fn chain(&mut self, chain: &Chain<'t>, scope: &Scope, depth: u8) {
        let code = self.code;
        let mut inner = scope.clone();
        for link in &chain.links {
            self.attribute(link, &mut inner);
        }
        for link in &chain.links {
            let arguments = code.arguments(link.open);
            match link.name {
                "group" => {
                    // What is said of all is said of none.
                    self.said = None;
                    let Some(last) = arguments.last() else {
                        continue;
                    };
                    if let [options, _] = arguments.as_slice()
                        && let Some(open) = php::list_at(code, options)
                    {
                        self.options(open, &mut inner);
                    }
                    match php::closure(code, last) {
                        Some((body, _)) if depth < DEEPEST => self.walk(body, &inner, depth + 1),
                        Some(_) => {}
                        None => self.mount(last, &inner, code.line(link.open)),
                    }
                    return;
                }
                "resource" | "apiResource" | "resources" | "apiResources" | "singleton"
                | "apiSingleton" => {
                    self.said = None;
                    self.resources(chain, link, &inner);
                    return;
                }
                name => {
                    if self.verb(chain, name, link, &arguments, &inner) {
                        return;
                    }
                }
            }
        }
    }

    /// What `prefix`, `middleware`, `controller` and `can` add.
    fn attribute(&self, link: &Link<'t>, scope: &mut Scope) {
        let code = self.code;
        let arguments = code.arguments(link.open);
        let Some(first) = arguments.first() else {
            return;
        };
        match link.name {
            "prefix" => self.below(first, scope),
            "controller" => scope.controller = php::class(code, first),
            "namespace" => self.named(first, scope),
            "middleware" => {
                for range in &arguments {
                    self.guarded(range, scope);
                }
            }
            "can" => {
                if let Some(ability) = php::text(code, first) {
                    let line = code.line(first.start);
                    scope.guards.push((format!("can:{ability}"), line));
                }
            }
            "withoutMiddleware" => {
                let gone: Vec<String> = arguments.iter().flat_map(|r| self.names(r)).collect();
                scope.guards.retain(|(name, _)| !gone.contains(name));
                scope.gone.extend(gone.into_iter().take(MOST_GONE));
            }
            _ => {}
        }
    }

    /// What the list of options of a group adds.
    fn options(&self, open: usize, scope: &mut Scope) {
        if let Some(prefix) = php::value_of(self.code, open, "prefix") {
            self.below(&prefix, scope);
        }
        if let Some(names) = php::value_of(self.code, open, "middleware") {
            self.guarded(&names, scope);
        }
        if let Some(name) = php::value_of(self.code, open, "namespace") {
            self.named(&name, scope);
        }
        if let Some(class) = php::value_of(self.code, open, "controller") {
            scope.controller = php::class(self.code, &class);
        }
    }

    /// A namespace within that of the groups around.
    fn named(&self, range: &Range<usize>, scope: &mut Scope) {
        let Some(text) = php::text(self.code, range) else {
            return;
        };
        let text = text.replace("\\\\", "\\");
        let inner = text.trim_matches('\\');
        scope.namespace = Some(match &scope.namespace {
            Some(outer) if !text.starts_with('\\') => format!("{outer}\\{inner}"),
            _ => inner.to_owned(),
        });
    }

    fn below(&self, range: &Range<usize>, scope: &mut Scope) {
        let inner = match php::text(self.code, range) {
            Some(text) => http_paths::prefix(&text),
            None => format!("/{UNREAD}"),
        };
        if !inner.is_empty() {
            scope.prefix = http_paths::join(&scope.prefix, &inner);
        }
    }

    /// The names of middleware that an argument gives: texts and classes.
    fn names(&self, range: &Range<usize>) -> Vec<String> {
        let parts = match php::list_at(self.code, range) {
            Some(open) => php::entries(self.code, open)
                .into_iter()
                .map(|(_, value)| value)
                .collect(),
            None => vec![range.clone()],
        };
        let mut all = Vec::new();
        for part in parts {
            match php::text(self.code, &part) {
                // `auth|verified` names two.
                Some(text) if !text.contains(':') => {
                    all.extend(text.split('|').map(str::to_owned));
                }
                Some(text) => all.push(text),
                None => all.extend(php::class(self.code, &part)),
            }
        }
        all
    }

    fn guarded(&self, range: &Range<usize>, scope: &mut Scope) {
        let line = self.code.line(range.start);
        let names = self.names(range);
        scope.guards.extend(names.into_iter().map(|n| (n, line)));
    }

    /// Middleware as it stands among what is before a route.
    fn marked(&self, name: &str) -> String {
        if is_guard(name) {
            return name.to_owned();
        }
        // <https://laravel.com/docs/routing#attaching-rate-limiters-to-routes>
        let (base, given) = name.split_once(':').unwrap_or((name, ""));
        if base == "throttle" {
            return format!("{COUNTED}{given}");
        }
        let whole = self.imports.get(name).map_or(name, String::as_str);
        format!("{VIA}{}", whole.trim_start_matches('\\'))
    }

    /// A route file that is taken in below the groups around.
    fn mount(&mut self, range: &Range<usize>, scope: &Scope, line: u32) {
        let path = match php::place(self.code, range) {
            Some(Place::Beside(path)) => match self.file.resolve(&path) {
                Some(path) => format!("={path}"),
                None => return,
            },
            Some(Place::Root(path)) => format!("~{path}"),
            Some(Place::End(path)) => format!("*{path}"),
            None => return,
        };
        for (name, line) in scope.on() {
            let file = path.trim_start_matches(['=', '~', '*']);
            self.before.push((*line, name.clone(), file.to_owned()));
        }
        let names = scope.guards.iter().map(|(name, _)| self.marked(name));
        let gone = scope.gone.iter().map(|name| format!("{GONE}{name}"));
        let mount = Mount {
            prefix: scope.prefix.clone(),
            target: format!("{FILE}{path}"),
            depends: names.chain(gone).collect(),
            ..Mount::default()
        };
        self.mounts.push((line, mount));
    }

    /// `->withRouting(web: …, api: …, apiPrefix: 'v1', health: '/up')` of `bootstrap/app.php`.
    fn routing(&mut self, open: usize, scope: &Scope) {
        let code = self.code;
        for name in ["web", "api"] {
            let Some(range) = php::named(code, open, name) else {
                continue;
            };
            let mut inner = scope.clone();
            if name == "api" {
                match php::named(code, open, "apiPrefix") {
                    Some(prefix) => self.below(&prefix, &mut inner),
                    None => inner.prefix = http_paths::join(&inner.prefix, "api"),
                }
            }
            let line = code.line(range.start);
            inner.guards.push((name.to_owned(), line));
            let parts = match php::list_at(code, &range) {
                Some(open) => code.arguments(open),
                None => vec![range],
            };
            for part in parts {
                self.mount(&part, &inner, line);
            }
        }
        if let Some(range) = php::named(code, open, "health")
            && let Some(path) = php::text(code, &range)
        {
            let line = code.line(range.start);
            let path = http_paths::template(&path);
            let endpoint = self.endpoint("GET", &path, None);
            self.put(line, line, endpoint, scope);
            self.health = Some((line, path));
        }
    }
}
