//! Routes of one verb or several of Laravel, and the actions that answer them.

use super::{Routes, Scope};
use crate::call_rules::METHODS;
use crate::extractors::js_inline::INLINE;
use crate::facts::{Endpoint, Handler};
use crate::http_paths;
use crate::php::{self, Chain, Link};
use crate::php_actions;
use groundplan_model::Response;
use std::ops::Range;

/// What answers a route that names no action.
fn answering(status: &str, schema: Option<&str>) -> Handler {
    Handler {
        name: INLINE.to_owned(),
        responses: vec![Response {
            status: status.to_owned(),
            description: None,
            schema: schema.map(str::to_owned),
            origin: None,
        }],
        ..Handler::default()
    }
}

impl<'t> Routes<'_, 't> {
    /// A route of a verb; `false` if the link is none.
    pub(super) fn verb(
        &mut self,
        chain: &Chain<'t>,
        name: &str,
        link: &Link<'t>,
        arguments: &[Range<usize>],
        scope: &Scope,
    ) -> bool {
        let code = self.code;
        let uses = chain.links.iter().find(|l| l.name == "uses");
        let (methods, path, action) = match (name, arguments) {
            ("any" | "redirect" | "permanentRedirect", [path, rest @ ..]) => {
                (vec!["ANY".to_owned()], path, rest.first())
            }
            ("view", [path, _, ..]) => (vec!["GET".to_owned()], path, None),
            ("match" | "addRoute", [methods, path, rest @ ..]) => {
                let named = php::texts(code, methods);
                let upper = named.iter().map(|m| m.to_ascii_uppercase());
                (upper.collect(), path, rest.first())
            }
            (verb, [path, rest @ ..]) if !rest.is_empty() || uses.is_some() => {
                let upper = verb.to_ascii_uppercase();
                if !METHODS.contains(&upper.as_str()) || upper == verb {
                    return false;
                }
                (vec![upper], path, rest.first())
            }
            _ => return false,
        };
        let redirects = matches!(name, "redirect" | "permanentRedirect");
        let of_chain = uses.and_then(|l| code.arguments(l.open).into_iter().next());
        let handler = action
            .or(of_chain.as_ref())
            .filter(|_| !redirects)
            .and_then(|range| self.action(range, scope));
        let line = code.line(link.open - 1);
        let last = path.end.checked_sub(1).map_or(line, |at| code.line(at));
        let inline = match (name, action) {
            ("view", _) => Some(answering("200", Some("HTML"))),
            ("redirect" | "permanentRedirect", Some(_)) => {
                // <https://laravel.com/docs/routing#redirect-routes>
                let given = arguments.get(2).map(|range| code.raw(range.start));
                match (name, given) {
                    ("permanentRedirect", _) => Some(answering("301", None)),
                    (_, None) => Some(answering("302", None)),
                    (_, Some(status)) => {
                        crate::statuses::code(status).map(|status| answering(status, None))
                    }
                }
            }
            (_, Some(action)) => php::closure(code, action).and_then(|(body, _)| {
                let open = action.clone().find(|&at| code.is_byte(at, b'('))?;
                php_actions::of_closure(self.file, open, body, php_actions::Framework::Laravel)
            }),
            _ => None,
        };
        if let Some(inline) = inline {
            self.inline.push((line, last, inline));
        }
        let Some(text) = php::text(code, path) else {
            self.put(line, last, http_paths::unread(self.framework), scope);
            return true;
        };
        for text in http_paths::alternatives(&text) {
            let path = http_paths::join(&scope.prefix, &http_paths::template(&text));
            for method in &methods {
                let endpoint = self.endpoint(method, &path, handler.clone());
                self.put(line, last, endpoint, scope);
            }
        }
        true
    }

    pub(super) fn endpoint(&self, method: &str, path: &str, handler: Option<String>) -> Endpoint {
        Endpoint {
            method: method.to_owned(),
            path: path.to_owned(),
            handler,
            ..http_paths::unread(self.framework)
        }
    }

    pub(super) fn put(&mut self, first: u32, last: u32, endpoint: Endpoint, scope: &Scope) {
        let guards: Vec<(String, u32)> = scope.on().cloned().collect();
        self.guards.count(&guards);
        let mut endpoint = endpoint;
        for (name, _) in &guards {
            let name = self.marked(name);
            if !endpoint.guards.contains(&name) {
                endpoint.guards.push(name);
            }
        }
        let gone = scope.gone.iter();
        let gone = gone.map(|name| format!("{}{name}", super::GONE));
        endpoint.guards.extend(gone);
        if let Some((summary, deprecated)) = &self.said {
            endpoint.summary.clone_from(summary);
            if *deprecated {
                endpoint.guards.push(super::DEPRECATED.to_owned());
            }
        }
        self.whole(&mut endpoint, scope);
        self.found.push((first, last, endpoint));
    }

    /// Gives a handler its class as other files know it, with its namespace.
    fn whole(&self, endpoint: &mut Endpoint, scope: &Scope) {
        let Some(handler) = &endpoint.handler else {
            return;
        };
        let (class, method) = match handler.split_once("::") {
            Some((class, method)) => (class, Some(method)),
            None => (handler.as_str(), None),
        };
        let whole = match (self.imports.get(class), &scope.namespace) {
            (Some(whole), _) => whole.clone(),
            (None, Some(outer)) if !class.starts_with('\\') => format!("{outer}\\{class}"),
            _ => class.trim_start_matches('\\').to_owned(),
        };
        let own = whole.rsplit('\\').next().unwrap_or(&whole);
        let renamed = match method {
            Some(method) => format!("{own}::{method}"),
            None => own.to_owned(),
        };
        endpoint.handler = Some(renamed);
        endpoint.class = whole.contains('\\').then_some(whole);
    }

    /// The action of a route: `[Orders::class, 'list']`, `Orders::class`, `'Orders@list'`, and
    /// `'list'` below a controller; none for a closure.
    fn action(&self, range: &Range<usize>, scope: &Scope) -> Option<String> {
        let code = self.code;
        if let Some(open) = php::list_at(code, range) {
            if let Some(uses) = php::value_of(code, open, "uses") {
                return self.action(&uses, scope);
            }
            let parts = php::entries(code, open);
            let [(None, class), (None, method)] = parts.as_slice() else {
                return None;
            };
            let class = php::class(code, class)?;
            return Some(format!("{class}::{}", php::text(code, method)?));
        }
        if let Some(text) = php::text(code, range) {
            if let Some((class, method)) = text.split_once('@') {
                // What a text names stands below the namespace of its group, whatever the file uses.
                let class = class.replace("\\\\", "\\");
                let outer = scope
                    .namespace
                    .as_ref()
                    .filter(|_| !class.starts_with('\\'));
                let outer = outer.map(|outer| format!("\\{outer}"));
                let class = class.trim_start_matches('\\');
                return Some(format!("{}\\{class}::{method}", outer.unwrap_or_default()));
            }
            if let Some(class) = &scope.controller {
                return Some(format!("{class}::{text}"));
            }
        }
        php::class(code, range)
    }
}
