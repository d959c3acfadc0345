//! Slim: HTTP routes.

use crate::call_rules::METHODS;
use crate::extractor::{Extractor, Reads};
use crate::extractors::LARAVEL_FILE;
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths;
use crate::paths;
use crate::php::{self, Place};
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "slim-http",
    docs: "\
### What it finds
Routes of Slim (`$app->get('/x', …)`, `map`, `any`, `redirect`) below the groups of the same file and
the path that `setBasePath` gives to all, with the class or method that answers; files that fill a group
(`call_user_func(include(__DIR__ . '/routes/api.php'), $group)`, `(require __DIR__ . '/api.php')($group)`).

### What it does not find
Groups that a function of another file fills, paths that are put together while the program runs (one note says
that there are more), middleware, tests.
",
    reads: &[Reads::Own(&[Language::Php])],
    markers: &["Slim\\"],
    run: extract,
};

/// Groups in groups at most.
const DEEPEST: u8 = 24;

struct Routes<'f, 't> {
    file: &'f SourceFile<'t>,
    code: &'f Code<'t>,
    found: Vec<(u32, Endpoint)>,
    mounts: Vec<(u32, Mount)>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if php::is_foreign(file.path) || paths::is_test(file.path) {
        return;
    }
    let code = file.code();
    let mut routes = Routes {
        file,
        code,
        found: Vec::new(),
        mounts: Vec::new(),
    };
    routes.walk(0..code.tokens.len(), "", 0);
    for (line, endpoint) in routes.found {
        http_paths::add(acc, file, line, line, endpoint);
    }
    for (line, mount) in routes.mounts {
        acc.add(file, line, line, Claim::Mount(mount));
    }
    for call in code.calls().filter(|c| code.is(c.open - 1, "setBasePath")) {
        let first = code.arguments(call.open).into_iter().next();
        if let Some(text) = first.and_then(|range| php::text(code, &range)) {
            let mount = Mount {
                prefix: http_paths::prefix(&text),
                target: "*slim".to_owned(),
                ..Mount::default()
            };
            acc.add(file, call.line, call.line, Claim::Mount(mount));
        }
    }
}

impl Routes<'_, '_> {
    fn walk(&mut self, range: Range<usize>, prefix: &str, depth: u8) {
        let code = self.code;
        let mut at = range.start;
        while at < range.end {
            if matches!(
                code.raw(at),
                "include" | "require" | "include_once" | "require_once"
            ) {
                self.filled(at, prefix);
            }
            let variable = code.ident(at).is_some_and(|name| name.starts_with('$'));
            let Some(chain) = variable.then(|| php::chain_at(code, at)).flatten() else {
                at += 1;
                continue;
            };
            // Only the first call is one of the router; what follows speaks of the route.
            let link = chain.links[0];
            let arguments = code.arguments(link.open);
            at = link.open + 1;
            match (link.name, arguments.as_slice()) {
                ("group", [path, inner]) => {
                    let Some((body, _)) = php::closure(code, inner) else {
                        continue;
                    };
                    if let Some(text) = php::text(code, path).filter(|_| depth < DEEPEST) {
                        let below = http_paths::join(prefix, &http_paths::prefix(&whole(&text)));
                        let below = if below == "/" { "" } else { below.as_str() };
                        self.walk(body.clone(), below, depth + 1);
                    }
                    at = body.end;
                }
                ("map", [methods, path, action]) if php::list_at(code, methods).is_some() => {
                    for method in php::texts(code, methods) {
                        self.route(&method.to_ascii_uppercase(), path, action, prefix);
                    }
                }
                ("any" | "redirect", [path, action, ..]) => {
                    self.route("ANY", path, action, prefix);
                }
                (name, [path, action]) => {
                    let upper = name.to_ascii_uppercase();
                    if METHODS.contains(&upper.as_str()) && name != upper {
                        self.route(&upper, path, action, prefix);
                    }
                }
                _ => {}
            }
        }
    }

    /// `call_user_func(include(__DIR__ . '/routes/api.php'), $group)`, `(require __DIR__ . '/api.php')($group)`: what the
    /// file gives away fills the group that it is given.
    fn filled(&mut self, at: usize, prefix: &str) {
        let code = self.code;
        let Some(before) = at.checked_sub(1).filter(|&open| code.is_byte(open, b'(')) else {
            return;
        };
        let called = before > 0 && code.is(before - 1, "call_user_func");
        let given = code.arguments(before);
        let Some(file) = given.first().filter(|range| range.contains(&at)) else {
            return;
        };
        let handed = match called {
            true => given.get(1).map(|range| range.start),
            false => {
                let close = code.partner(before);
                close
                    .filter(|&close| code.is_byte(close + 1, b'('))
                    .map(|close| close + 2)
            }
        };
        let router = handed.and_then(|at| code.ident(at));
        if !router.is_some_and(|name| name.starts_with('$')) {
            return;
        }
        let bracket = code.is_byte(at + 1, b'(') && code.partner(at + 1) == Some(file.end - 1);
        let path = match bracket {
            true => at + 2..file.end - 1,
            false => at + 1..file.end,
        };
        let Some(Place::Beside(path)) = php::place(code, &path) else {
            return;
        };
        if let Some(path) = self.file.resolve(&path) {
            let mount = Mount {
                prefix: prefix.to_owned(),
                target: format!("{LARAVEL_FILE}={path}"),
                ..Mount::default()
            };
            self.mounts.push((code.line(at), mount));
        }
    }

    fn route(&mut self, method: &str, path: &Range<usize>, action: &Range<usize>, prefix: &str) {
        let code = self.code;
        let line = code.line(path.start);
        let is_path = |text: &str| text.is_empty() || text.starts_with(['/', '[', '{']);
        let Some(text) = php::text(code, path).filter(|t| is_path(t)) else {
            // `$params->get('page', 1)` is no route.
            let answers = php::closure(code, action).is_some()
                || code.is(action.end.saturating_sub(1), "class");
            if answers && php::text(code, path).is_none() {
                self.found.push((line, http_paths::unread("slim")));
            }
            return;
        };
        let handler = php::class(code, action).or_else(|| handler(code, action));
        if handler.is_none() && php::closure(code, action).is_none() {
            return;
        }
        let handler = handler.map(|name| name.replace(':', "::").replace("::::", "::"));
        for text in http_paths::alternatives(&text) {
            let endpoint = Endpoint {
                method: method.to_owned(),
                path: http_paths::join(prefix, &http_paths::template(&whole(&text))),
                handler: handler.clone(),
                ..http_paths::unread("slim")
            };
            self.found.push((line, endpoint));
        }
    }
}

/// `Orders::class . ':list'`, `[Orders::class, 'list']`.
fn handler(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    if let Some(open) = php::list_at(code, range) {
        let parts = code.arguments(open);
        let [class, method] = parts.as_slice() else {
            return None;
        };
        return Some(format!(
            "{}::{}",
            php::class(code, class)?,
            php::text(code, method)?
        ));
    }
    let dot = range.clone().find(|&at| code.is_byte(at, b'.'))?;
    let class = php::class(code, &(range.start..dot))?;
    let method = php::text(code, &(dot + 1..range.end))?;
    Some(format!("{class}::{}", method.trim_start_matches(':')))
}

/// A path with its optional parts, `/orders[/{id}]`.
fn whole(path: &str) -> String {
    let mut depth = 0_u32;
    let kept = path.chars().filter(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '[' | ']' => return depth > 0,
            _ => {}
        }
        true
    });
    kept.collect()
}
