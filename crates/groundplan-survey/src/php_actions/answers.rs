//! What methods of controllers answer.

use super::{Framework, PARENT, RETURNED, Reader};
use crate::php;
use crate::statuses;
use groundplan_model::Response;
use groundplan_syntax::Code;
use std::ops::Range;

/// Exceptions that the frameworks answer with a status
/// (<https://symfony.com/doc/current/components/http_kernel.html>).
const THROWN: [(&str, &str); 16] = [
    ("AccessDeniedException", "403"),
    ("AccessDeniedHttpException", "403"),
    ("AuthenticationException", "401"),
    ("AuthorizationException", "403"),
    ("BadRequestException", "400"),
    ("BadRequestHttpException", "400"),
    ("ConflictHttpException", "409"),
    ("GoneHttpException", "410"),
    ("MethodNotAllowedHttpException", "405"),
    ("ModelNotFoundException", "404"),
    ("NotAcceptableHttpException", "406"),
    ("NotFoundHttpException", "404"),
    ("ServiceUnavailableHttpException", "503"),
    ("TooManyRequestsHttpException", "429"),
    ("UnauthorizedHttpException", "401"),
    ("UnprocessableEntityHttpException", "422"),
];

/// The status that the frameworks answer an exception with, by the last word of its name.
pub(crate) fn status_of(exception: &str) -> Option<&'static str> {
    let known = THROWN.iter().find(|(known, _)| *known == exception);
    known.map(|(_, status)| *status)
}

/// Assignments of one variable at most.
const MOST: usize = 12;

impl<'t> Reader<'_, 't> {
    pub(super) fn answer(&mut self, status: &str, schema: Option<&str>) {
        let response = Response {
            status: status.to_owned(),
            description: None,
            schema: schema.map(str::to_owned),
            origin: None,
        };
        if !self.handler.responses.contains(&response) {
            self.handler.responses.push(response);
        }
    }

    /// A failure that an exception stands for; one that is caught is none.
    pub(super) fn fails(&mut self, status: &str) {
        match self.catches {
            true => self.handler.leaves = true,
            false => self.answer(status, None),
        }
        let thrown = format!("{}{status}", super::THROWN_STATUS);
        let symfony = self.framework == Framework::Symfony && !self.catches;
        if symfony && !self.handler.throws.contains(&thrown) {
            self.handler.throws.push(thrown);
        }
    }

    /// A check of what the caller gives, which the framework answers where it fails.
    pub(super) fn checks(&mut self) {
        match self.catches {
            true => self.handler.leaves = true,
            false if self.handler.throws.is_empty() => {
                self.handler.throws.push(super::INVALID.to_owned());
            }
            false => {}
        }
    }

    /// What ends a request on the way: `abort(404)`, `findOrFail`, exceptions.
    pub(super) fn failing(&mut self, at: usize, word: &str, open: bool) {
        let laravel = self.framework == Framework::Laravel;
        let nth = |n: usize| self.code.arguments(at + 1).get(n).cloned();
        match word {
            "abort" if open && laravel && !self.is_behind(at) => self.aborts(nth(0)),
            "abort_if" | "abort_unless" if open && laravel => self.aborts(nth(1)),
            "findOrFail" | "firstOrFail" | "sole" if open && laravel && self.is_behind(at) => {
                self.fails("404");
            }
            "createNotFoundException" if open => self.fails("404"),
            "createAccessDeniedException" if open => {
                self.fails("403");
                // Whoever is not signed in is answered by the firewall.
                self.handler.leaves = true;
            }
            "throw" => self.throws(at),
            _ => {}
        }
    }

    fn aborts(&mut self, range: Option<Range<usize>>) {
        match range.and_then(|range| self.status(&range)) {
            Some(status) => self.fails(&status),
            None => self.handler.leaves = true,
        }
    }

    fn throws(&mut self, at: usize) {
        let code = self.code;
        if code.is(at + 1, "$this") {
            // `throw $this->createNotFoundException(…)`
            return;
        }
        let open = (at..at + 14).find(|&i| code.is_byte(i, b'(') || code.is_byte(i, b';'));
        let name = open.and_then(|open| code.ident(open - 1));
        let name = name
            .map(|n| n.rsplit('\\').next().unwrap_or(n))
            .unwrap_or_default();
        match (status_of(name), open) {
            (Some(status), _) => self.fails(status),
            (None, Some(open)) if name == "HttpException" => {
                let first = code.arguments(open).into_iter().next();
                self.aborts(first);
            }
            _ => self.handler.leaves = true,
        }
    }

    /// `404`, `Response::HTTP_NOT_FOUND`.
    fn status(&self, range: &Range<usize>) -> Option<String> {
        let last = range.end.checked_sub(1)?;
        let raw = self.code.raw(last);
        if range.len() == 1 && raw.len() == 3 && raw.bytes().all(|b| b.is_ascii_digit()) {
            return Some(raw.to_owned());
        }
        let constant = self.code.ident(last)?.strip_prefix("HTTP_")?;
        statuses::code(constant).map(str::to_owned)
    }

    /// What the method returns.
    pub(super) fn returns(&mut self) {
        let code = self.code;
        let mut at = self.method.body.start;
        while at < self.method.body.end {
            // What a closure returns is not what the method returns.
            let closure = code.is(at, "function") && !self.is_behind(at);
            if closure
                && let Some(open) = (at..self.method.body.end).find(|&i| code.is_byte(i, b'{'))
                && let Some(close) = code.partner(open)
            {
                at = close + 1;
                continue;
            }
            if code.is(at, "return") {
                let end = self.statement_end(at + 1);
                self.value(at + 1..end, 0);
                at = end;
            }
            at += 1;
        }
    }

    fn statement_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.method.body.end && !self.code.is_byte(at, b';') {
            at = match self.code.partner(at).filter(|&p| p > at) {
                Some(close) => close + 1,
                None => at + 1,
            };
        }
        at.min(self.method.body.end)
    }

    /// Reads an expression that is answered.
    pub(super) fn value(&mut self, range: Range<usize>, depth: u8) {
        let code = self.code;
        let at = range.start;
        if range.is_empty() {
            return;
        }
        if depth > 4 {
            self.handler.leaves = true;
            return;
        }
        if code.is_byte(at, b'(') && code.partner(at) == Some(range.end - 1) {
            self.value(at + 1..range.end - 1, depth + 1);
            return;
        }
        if let Some((yes, no)) = self.choice(&range) {
            self.value(yes, depth + 1);
            self.value(no, depth + 1);
            return;
        }
        // A status that is set behind all else.
        let set = self.set_later(&range);
        let set = match set {
            Ok(set) => set,
            Err(()) => {
                self.handler.leaves = true;
                return;
            }
        };
        if let Some((status, kind)) = self.made(&range) {
            match status {
                Some(status) => {
                    let status = set.unwrap_or(status);
                    // A view may be sent as another type.
                    let typed = range
                        .clone()
                        .any(|i| matches!(code.raw(i), "header" | "withHeaders" | "headers"));
                    let kind = kind.filter(|k| !(typed && k == "HTML"));
                    for status in status.split('|') {
                        let bare = status == "204" || status.starts_with('3');
                        self.answer(status, kind.as_deref().filter(|_| !bare));
                    }
                }
                None => self.handler.leaves = true,
            }
            return;
        }
        let word = code.ident(at).unwrap_or_default();
        if matches!(word, "$this" | "parent") {
            if let Some((name, place)) = self.behind(at + 1)
                && code.is_byte(place + 1, b'(')
                && code.partner(place + 1) == Some(range.end - 1)
            {
                match word {
                    "parent" => self.call(format!("{RETURNED}{PARENT}{name}")),
                    _ => {
                        self.handler.calls.retain(|call| call != name);
                        self.call(format!("{RETURNED}{name}"));
                    }
                }
                return;
            }
            self.handler.leaves = true;
            return;
        }
        // Middleware goes on: what follows answers.
        if word == "$next" && code.is_byte(at + 1, b'(') {
            return;
        }
        if word.starts_with('$') && range.len() == 1 {
            self.variable(word, depth);
            return;
        }
        if php::list_at(code, &range).is_some() && self.framework == Framework::Laravel {
            self.answer(&set.unwrap_or("200".to_owned()), Some("JSON"));
            return;
        }
        self.handler.leaves = true;
    }

    /// What a variable was given that is answered.
    fn variable(&mut self, name: &str, depth: u8) {
        let code = self.code;
        let body = self.method.body.clone();
        let given: Vec<usize> = (body.start..body.end)
            .filter(|&at| {
                code.is(at, name)
                    && code.is_byte(at + 1, b'=')
                    && !code.is_byte(at + 2, b'=')
                    && !code.is_byte(at + 2, b'>')
            })
            .take(MOST)
            .collect();
        // What is done with an answer before it is given may change it.
        let changed = (body.start..body.end).any(|at| {
            code.is(at, name)
                && self
                    .behind(at + 1)
                    .is_some_and(|(w, _)| w == "setStatusCode")
        });
        if given.is_empty() || changed {
            self.handler.leaves = true;
            return;
        }
        for at in given {
            let end = self.statement_end(at + 2);
            let before = self.handler.responses.len() + self.handler.calls.len();
            self.value(at + 2..end, depth + 1);
            let now = self.handler.responses.len() + self.handler.calls.len();
            self.handler.leaves |= before == now && !code.is(at + 2, "$next");
        }
    }

    /// The two sides of `a ? b : c`.
    fn choice(&self, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let code = self.code;
        let (mut at, mut asked) = (range.start, None);
        while at < range.end {
            let double = code.is_byte(at + 1, b':') || at > 0 && code.is_byte(at - 1, b':');
            let arrow = code.is_byte(at + 1, b'-')
                || code.is_byte(at + 1, b'?')
                || at > 0 && code.is_byte(at - 1, b'?');
            if code.is_byte(at, b'?') && !arrow && asked.is_none() {
                asked = Some(at);
            } else if code.is_byte(at, b':')
                && !double
                && let Some(from) = asked
            {
                return Some((from + 1..at, at + 1..range.end));
            }
            at = match code.partner(at).filter(|&p| p > at) {
                Some(close) => close + 1,
                None => at + 1,
            };
        }
        None
    }

    /// The status of `…->setStatusCode(202)`; an error where it is not written out.
    fn set_later(&self, range: &Range<usize>) -> Result<Option<String>, ()> {
        let code = self.code;
        let found = range.clone().find(|&at| {
            matches!(code.raw(at), "setStatusCode" | "withStatus") && code.is_byte(at + 1, b'(')
        });
        let Some(at) = found else { return Ok(None) };
        let first = code.arguments(at + 1).into_iter().next();
        first.and_then(|r| self.status(&r)).map(Some).ok_or(())
    }

    /// The status and type of an answer that is made here; no status where it is not written out.
    fn made(&self, range: &Range<usize>) -> Option<(Option<String>, Option<String>)> {
        let code = self.code;
        let mut at = range.start;
        let given = |open: usize, index: usize, usual: &str| {
            let named = php::named(code, open, "status");
            let range = named.or_else(|| {
                let all = code.arguments(open);
                all.get(index).cloned().filter(|r| !is_named(code, r))
            });
            match range {
                Some(range) => self.status(&range),
                None => Some(usual.to_owned()),
            }
        };
        let some = |kind: &str| Some(kind.to_owned());
        if code.is_byte(at, b'(') && code.is(at + 1, "new") {
            at += 1;
        }
        if code.is(at, "new") {
            let open = (at + 1..range.end).find(|&i| code.is_byte(i, b'('));
            let last = open.unwrap_or(range.end) - 1;
            let name = code.ident(last)?;
            let name = name.rsplit('\\').next().unwrap_or(name);
            let status = |index: usize, usual: &str| match open {
                Some(open) => given(open, index, usual),
                None => Some(usual.to_owned()),
            };
            return match name {
                "JsonResponse" => Some((status(1, "200"), some("JSON"))),
                "Response" => Some((status(1, "200"), None)),
                "RedirectResponse" => Some((status(1, "302"), None)),
                "BinaryFileResponse" | "StreamedResponse" => Some((status(1, "200"), some("file"))),
                _ if shows(name) && self.framework == Framework::Laravel => {
                    Some((self.usual(open), some(name)))
                }
                _ => None,
            };
        }
        let word = code.ident(at)?;
        let open = at + 1;
        if word == "$this" && self.framework == Framework::Symfony {
            let (name, place) = self.behind(open)?;
            let open = Some(place + 1).filter(|&i| code.is_byte(i, b'('))?;
            return match name {
                "json" => Some((given(open, 1, "200"), some("JSON"))),
                "redirectToRoute" => Some((given(open, 2, "302"), None)),
                "redirect" => Some((given(open, 1, "302"), None)),
                "file" => Some((some("200"), some("file"))),
                "render" | "renderForm" | "renderBlock" => {
                    // A response that is handed in may have a status of its own.
                    let own = code.arguments(open).len() > 2
                        || php::named(code, open, "response").is_some();
                    Some((some("200").filter(|_| !own), some("HTML")))
                }
                _ => None,
            };
        }
        if self.framework == Framework::Symfony {
            return None;
        }
        if code.is_byte(open, b'(') {
            let close = code.partner(open)?;
            let empty = code.arguments(open).is_empty();
            let next = self.behind(close + 1);
            return match word {
                "response" if empty => {
                    let (name, place) = next?;
                    self.factory(name, place + 1)
                }
                "response" => Some((given(open, 1, "200"), None)),
                "view" if !empty && next.is_none_or(|(n, _)| n == "with") => {
                    Some((some("200"), some("HTML")))
                }
                "inertia" => Some((some("200"), some("HTML"))),
                "redirect" | "back" | "to_route" => {
                    let status = match (word, empty) {
                        ("redirect", true) => match next {
                            Some((name, place)) => self.redirected(name, place + 1),
                            None => some("302"),
                        },
                        ("redirect", false) => given(open, 1, "302"),
                        ("to_route", _) => given(open, 2, "302"),
                        _ => some("302"),
                    };
                    Some((status, None))
                }
                _ => None,
            };
        }
        let (name, place) = self.behind(open)?;
        let open = Some(place + 1).filter(|&i| code.is_byte(i, b'('))?;
        match (word, name) {
            ("Response", _) => self.factory(name, open),
            ("View", "make") | ("Inertia", "render") => Some((some("200"), some("HTML"))),
            ("Redirect" | "Redirector", _) => Some((self.redirected(name, open), None)),
            ("Storage", "download" | "response") => Some((some("200"), some("file"))),
            (class, "collection") if shows(class) => {
                Some((some("200"), Some(format!("{class}[]"))))
            }
            (class, "make") if shows(class) => Some((self.usual(Some(open)), some(class))),
            _ => None,
        }
    }

    /// The status of `redirect()->to('/x', 301)` and `Redirect::route('x', [], 301)`.
    fn redirected(&self, name: &str, open: usize) -> Option<String> {
        let index = match name {
            "to" | "away" | "secure" | "guest" | "intended" => 1,
            "route" | "action" | "signedRoute" => 2,
            "back" | "refresh" | "home" => 0,
            _ => return None,
        };
        let status = self.code.arguments(open).get(index).cloned();
        match status {
            Some(range) => self.status(&range),
            None => Some("302".to_owned()),
        }
    }

    /// `response()->json($x, 201)`.
    fn factory(&self, name: &str, open: usize) -> Option<(Option<String>, Option<String>)> {
        let code = self.code;
        if !code.is_byte(open, b'(') {
            return None;
        }
        let nth = |index: usize, usual: &str| {
            let named = php::named(code, open, "status");
            let all = code.arguments(open);
            let nth = all.get(index).filter(|r| !is_named(code, r));
            match named.or_else(|| nth.cloned()) {
                Some(range) => self.status(&range),
                None => Some(usual.to_owned()),
            }
        };
        let some = |kind: &str| Some(kind.to_owned());
        Some(match name {
            "json" | "jsonp" => (nth(usize::from(name == "jsonp") + 1, "200"), some("JSON")),
            "noContent" => (nth(0, "204"), None),
            "view" => (nth(2, "200"), some("HTML")),
            "make" => (nth(1, "200"), None),
            "stream" => (nth(1, "200"), some("file")),
            "download" | "file" | "streamDownload" => (some("200"), some("file")),
            "redirectTo" | "redirectGuest" => (nth(1, "302"), None),
            "redirectToRoute" => (nth(2, "302"), None),
            _ => return None,
        })
    }

    /// The status of a resource: where its record was made in this request it is another
    /// (<https://laravel.com/docs/eloquent-resources>). A record that the route names was there before; of one
    /// that helpers bring in an action that makes something nothing is said.
    fn usual(&self, open: Option<usize>) -> Option<String> {
        let makes = |word: &str| {
            let lower = word.to_ascii_lowercase();
            [
                "create",
                "store",
                "save",
                "insert",
                "make",
                "add",
                "new",
                "upsert",
                "replicate",
                "clone",
            ]
            .iter()
            .any(|w| lower.starts_with(w))
                || lower.ends_with("orcreate")
        };
        let code = self.code;
        let made = self.method.body.clone().any(|at| {
            code.ident(at).is_some_and(makes) && code.is_byte(at + 1, b'(') && self.is_behind(at)
        });
        let some = |status: &str| Some(status.to_owned());
        if !made && !makes(self.method.name) {
            return some("200");
        }
        let shown = open.and_then(|open| code.arguments(open).into_iter().next());
        let shown = shown.filter(|range| range.len() == 1)?;
        let name = code.raw(shown.start);
        let set = |at: &usize| {
            code.raw(*at) == name && code.is_byte(at + 1, b'=') && !code.is_byte(at + 2, b'=')
        };
        let all: Vec<usize> = self.method.body.clone().filter(set).collect();
        match all.as_slice() {
            [] if self.method.params.clone().any(|at| code.raw(at) == name) => some("200"),
            [at] => {
                let end = (*at..self.method.body.end).find(|&i| code.is_byte(i, b';'))?;
                let words = (*at..end).filter(|&i| code.is_byte(i + 1, b'('));
                let words: Vec<&str> = words.filter_map(|i| code.ident(i)).collect();
                // Of `firstOrCreate` only the running program knows.
                let either = words
                    .iter()
                    .any(|w| w.to_ascii_lowercase().contains("orcreate"));
                let created = words.contains(&"create") || words.contains(&"replicate");
                (created && !either).then(|| "201".to_owned())
            }
            _ => None,
        }
    }
}

/// Whether an argument is given by name: `status: 201`, against `Response::HTTP_CREATED`.
fn is_named(code: &Code<'_>, range: &Range<usize>) -> bool {
    code.is_byte(range.start + 1, b':') && !code.is_byte(range.start + 2, b':')
}

/// Whether a class says by its name that it shows records to callers.
fn shows(name: &str) -> bool {
    name.len() > 8
        && ["Resource", "Collection"]
            .iter()
            .any(|end| name.ends_with(end))
}
