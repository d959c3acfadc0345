//! What methods of controllers read of a request.

use super::{Framework, GIVEN, RETURNED, Reader, rules};
use crate::facts::Input;
use crate::php;
use crate::scan;
use std::ops::Range;

/// Types of parameters that a framework fills with something of its own.
const SCALARS: [&str; 6] = ["string", "int", "float", "bool", "array", "mixed"];

impl<'t> Reader<'_, 't> {
    /// The parameters of the method.
    pub(super) fn parameters(&mut self) {
        let code = self.code;
        for range in code.arguments(self.method.params.start) {
            let mut start = range.start;
            let mut marks = Vec::new();
            while code.is_byte(start, b'#') && code.is_byte(start + 1, b'[') {
                marks.extend(crate::php_annotations::of_attribute(code, start + 1));
                start = code.partner(start + 1).unwrap_or(start + 1) + 1;
            }
            let variable = (start..range.end).find(|&i| code.ident(i).is_some_and(is_variable));
            let Some(at) = variable else { continue };
            let name = code.raw(at).trim_start_matches('$');
            let optional =
                code.is_byte(start, b'?') || (at..range.end).any(|i| code.is_byte(i, b'='));
            let written: String = (start..at)
                .filter(|&i| !code.is_byte(i, b'?') && !code.is_byte(i, b'&'))
                .map(|i| code.raw(i))
                .filter(|w| !matches!(*w, "readonly" | "private" | "public" | "protected"))
                .collect();
            let kind = written.rsplit('\\').next().unwrap_or_default().to_owned();
            let marked = marks.iter().find(|m| m.name.starts_with("Map"));
            if let Some(mark) = marked {
                let given = match mark.plain() {
                    Some(crate::php_annotations::Value::Text(text)) => Some(text.as_str()),
                    _ => mark.get("name"),
                };
                // What does not fit is answered by the framework
                // (<https://symfony.com/doc/current/controller.html#mapping-request-payload>).
                let own = mark.get("validationFailedStatusCode").is_some();
                match mark.name.as_str() {
                    "MapRequestPayload" if !own => self.answer("422", None),
                    "MapQueryParameter" | "MapQueryString" if !own => self.answer("404", None),
                    _ => {}
                }
                self.mapped(&mark.name, given.unwrap_or(name), &kind, optional);
                continue;
            }
            let scalar = SCALARS.contains(&kind.as_str());
            if kind == "Request" || kind == "ServerRequestInterface" {
                self.requests.push(code.raw(at));
            } else if self.framework == Framework::Laravel && kind.ends_with("Request") {
                self.requests.push(code.raw(at));
                self.ruled = true;
                self.handler.request = Some(kind.clone());
                let whole = self.whole(&written);
                self.call(format!("{GIVEN}{whole}"));
            } else if scalar || kind.starts_with(|c: char| c.is_ascii_uppercase()) {
                // Of services the path has no part of this name.
                self.handler.inputs.push(Input {
                    name: name.to_owned(),
                    place: "path".to_owned(),
                    data_type: Some(kind).filter(|k| k != "mixed" && !k.contains('|')),
                    required: true,
                });
            }
        }
    }

    /// `#[MapQueryParameter] int $page = 1`, `#[MapRequestPayload] NewOrder $order`.
    fn mapped(&mut self, mark: &str, name: &str, kind: &str, optional: bool) {
        // What does not fit is answered by the framework.
        self.handler.leaves = true;
        let place = match mark {
            "MapQueryParameter" => "query",
            "MapUploadedFile" => "form",
            "MapRequestPayload" => {
                self.handler.request = Some(kind.to_owned());
                return;
            }
            "MapQueryString" => {
                self.handler.more = true;
                return;
            }
            _ => return,
        };
        let kind = (!kind.is_empty()).then(|| kind.to_owned());
        self.input(name, place, kind, !optional);
    }

    pub(super) fn input(&mut self, name: &str, place: &str, kind: Option<String>, required: bool) {
        let plain = |c: char| !c.is_whitespace() && !matches!(c, '$' | '{' | '}');
        if name.is_empty() || name.len() > 100 || !name.chars().all(plain) {
            return;
        }
        let inputs = &mut self.handler.inputs;
        match inputs
            .iter_mut()
            .find(|i| i.name == name && i.place == place)
        {
            Some(known) => {
                known.required |= required;
                known.data_type = known.data_type.take().or(kind);
            }
            None => inputs.push(Input {
                name: name.to_owned(),
                place: place.to_owned(),
                data_type: kind,
                required,
            }),
        }
    }

    /// Reads the body for what it takes, asks and calls.
    pub(super) fn walk(&mut self) {
        let body = self.method.body.clone();
        for at in body {
            let Some(word) = self.code.ident(at) else {
                continue;
            };
            if self.requests.contains(&word) {
                self.request(at, at + 1);
                continue;
            }
            let open = self.code.is_byte(at + 1, b'(');
            match word {
                "request"
                    if open && !self.is_behind(at) && self.framework == Framework::Laravel =>
                {
                    self.helper(at);
                }
                "$this" => self.own(at),
                "Gate" | "Validator" if self.framework == Framework::Laravel => {
                    self.facade(at, word)
                }
                _ => self.failing(at, word, open),
            }
        }
    }

    /// `request('page')`, `request()->input('page')`.
    fn helper(&mut self, at: usize) {
        let Some(close) = self.code.partner(at + 1) else {
            return;
        };
        match self.code.arguments(at + 1).first() {
            Some(first) => match php::texts(self.code, first) {
                names if names.is_empty() => self.handler.more = true,
                names => names
                    .iter()
                    .for_each(|n| self.input(n, "form", None, false)),
            },
            None => self.request(at, close + 1),
        }
    }

    /// What is asked of the request, behind which `next` stands.
    fn request(&mut self, at: usize, next: usize) {
        let code = self.code;
        let Some((asked, place)) = self.behind(next) else {
            // Handed on whole: to a method of the class, which is followed, or elsewhere.
            let handed = |i: usize| matches!(code.raw(i), "," | ")");
            let given = at > 0 && matches!(code.raw(at - 1), "(" | ",");
            if handed(next) && given && !self.ruled && !self.is_followed(at) {
                self.handler.more = true;
            }
            return;
        };
        let open = place + 1;
        if !code.is_byte(open, b'(') {
            self.property(asked, place);
            return;
        }
        if self.framework == Framework::Symfony {
            match asked {
                "get" => self.first(open, "form", None),
                "getContent" | "toArray" | "getPayload" => self.handler.more = true,
                _ => {}
            }
            return;
        }
        match asked {
            "input" | "get" | "post" | "string" | "str" | "has" | "filled" | "exists"
            | "missing" | "whenFilled" | "whenHas" | "isNotFilled" | "enum" => {
                self.first(open, "form", None)
            }
            "boolean" | "integer" | "float" | "date" => {
                self.first(open, "form", Some(asked.to_owned()));
            }
            "query" => self.first(open, "query", None),
            "json" => self.first(open, "form", None),
            "file" | "hasFile" => self.first(open, "form", Some("file".to_owned())),
            "header" | "hasHeader" => self.first(open, "header", None),
            "cookie" | "hasCookie" => self.first(open, "cookie", None),
            "only" | "hasAny" | "anyFilled" => {
                let names = php::all_texts(code, open);
                self.handler.more |= names.is_empty();
                for name in names {
                    self.input(&name, "form", None, false);
                }
            }
            "validate" | "validateWithBag" => {
                for range in code.arguments(open) {
                    self.rules(&range);
                }
                self.checks();
            }
            "all" | "except" | "toArray" | "getContent" | "collect" | "keys" | "replace"
            | "merge" | "getPayload"
                if !self.ruled =>
            {
                self.handler.more = true;
            }
            _ => {}
        }
    }

    /// `$request->query->get('page')` of Symfony, `$request->name` of Laravel.
    fn property(&mut self, bag: &str, at: usize) {
        let place = match bag {
            "query" => "query",
            "request" | "files" => "form",
            "headers" => "header",
            "cookies" => "cookie",
            "attributes" | "server" | "session" => return,
            _ => {
                let sets = self.code.is_byte(at + 1, b'=') && !self.code.is_byte(at + 2, b'=');
                if self.framework == Framework::Laravel && !sets {
                    self.input(bag, "form", None, false);
                }
                return;
            }
        };
        let Some((asked, place_of)) = self.behind(at + 1) else {
            self.handler.more |= place != "header";
            return;
        };
        let open = place_of + 1;
        let kind = match asked {
            "getInt" => Some("int"),
            "getBoolean" => Some("bool"),
            "get" if bag == "files" => Some("file"),
            "get" | "has" | "getString" | "getAlpha" | "getAlnum" | "getDigits" | "getEnum"
            | "filter" => None,
            "all" if !self.code.arguments(open).is_empty() => Some("array"),
            "all" | "keys" | "getIterator" | "count" => {
                self.handler.more |= place != "header";
                return;
            }
            _ => return,
        };
        self.first(open, place, kind.map(str::to_owned));
    }

    /// The input that the first argument names.
    fn first(&mut self, open: usize, place: &str, kind: Option<String>) {
        let Some(range) = self.code.arguments(open).into_iter().next() else {
            self.handler.more |= !self.ruled;
            return;
        };
        let names = php::texts(self.code, &range);
        if names.is_empty() {
            self.handler.more = true;
        }
        for name in names {
            self.input(&name, place, kind.clone(), false);
        }
    }

    /// Whether the call that something is handed to is one of the class itself.
    fn is_followed(&self, at: usize) -> bool {
        let code = self.code;
        let inside = at.saturating_sub(self.method.body.start);
        let Some(open) = scan::bracket_around(code, at, inside) else {
            return false;
        };
        // `$this->authorize($request)`, `$form->handleRequest($request)`: told by the type of the form.
        open > 3
            && (code.is(open - 4, "$this") && self.is_behind(open - 1)
                || code.is(open - 1, "handleRequest"))
    }

    fn rules(&mut self, range: &Range<usize>) {
        let Some(open) = php::list_at(self.code, range) else {
            // Rules that a variable or a method holds.
            let named = self.code.ident(range.start);
            self.handler.more |= named.is_some_and(|n| !self.requests.contains(&n));
            return;
        };
        let (found, whole) = rules::of(self.code, open);
        self.handler.more |= !whole;
        // How a caller hears of a fault depends on what it takes.
        self.handler.leaves = true;
        for input in found {
            self.input(&input.name, "form", input.data_type, input.required);
        }
    }

    /// `Gate::authorize('update', $order)`, `Validator::make($request->all(), […])`.
    fn facade(&mut self, at: usize, word: &str) {
        let Some((asked, place)) = self.behind(at + 1) else {
            return;
        };
        let open = place + 1;
        let arguments = self.code.arguments(open);
        match (word, asked) {
            ("Gate", "authorize") => self.authorize(at, open),
            ("Validator", "make") => {
                if let Some(rules) = arguments.get(1) {
                    self.rules(rules);
                }
                // `Validator::make($data, $rules)->validate()` fails as rules of the request do.
                let next = self.code.partner(open).map(|close| close + 1);
                if let Some(("validate" | "validated", _)) = next.and_then(|at| self.behind(at)) {
                    self.checks();
                }
            }
            _ => {}
        }
    }

    pub(super) fn authorize(&mut self, at: usize, open: usize) {
        let first = self.code.arguments(open).into_iter().next();
        let ability = first.and_then(|range| php::text(self.code, &range));
        self.fails("403");
        // Whoever is not signed in is answered by the firewall of Symfony.
        self.handler.leaves |= self.framework == Framework::Symfony;
        if let Some(ability) = ability.filter(|_| self.is_plain(at)) {
            let asked = self.code.raw(open - 1);
            self.guard(format!("{asked}('{ability}')"));
        }
    }

    /// A form that is made, with the brackets of what makes it.
    fn form(&mut self, open: usize) {
        let code = self.code;
        // The status of a page with a form that has faults is the framework's.
        self.handler.leaves = true;
        // A form that is given a list of what was read of the request by itself, `$form->submit(['name' => …])`, is
        // no body.
        let body = self.method.body.clone();
        let is_list = |at: usize| code.is_byte(at, b'[') || code.is(at, "array");
        let mut given = body.take(LONGEST).filter(|&at| {
            code.is(at, "handleRequest")
                || code.is(at, "submit") && self.is_behind(at) && code.is_byte(at + 1, b'(')
        });
        let first = given.next();
        let listed = |at: usize| code.is(at, "submit") && is_list(at + 2);
        if first.is_some_and(listed) && given.all(listed) {
            return;
        }
        let arguments = code.arguments(open);
        match arguments.iter().find_map(|r| php::class(code, r)) {
            Some(name) if self.handler.request.is_none() => self.handler.request = Some(name),
            _ => self.handler.more = true,
        }
    }

    /// A method of the class itself.
    fn own(&mut self, at: usize) {
        let Some((asked, place)) = self.behind(at + 1) else {
            return;
        };
        let open = place + 1;
        // `$this->formFactory->createNamed('', OrderType::class, $order)`
        if self.framework == Framework::Symfony
            && asked == "formFactory"
            && let Some(("create" | "createNamed", made)) = self.behind(open)
            && self.code.is_byte(made + 1, b'(')
        {
            self.form(made + 1);
            return;
        }
        if !self.code.is_byte(open, b'(') {
            return;
        }
        let arguments = self.code.arguments(open);
        match (self.framework, asked) {
            (Framework::Laravel, "authorize") => self.authorize(at, open),
            (Framework::Laravel, "validate") => {
                if let Some(rules) = arguments.get(1) {
                    self.rules(rules);
                    self.checks();
                }
            }
            (Framework::Laravel, "middleware" | "dispatch") => {}
            (Framework::Symfony, "denyAccessUnlessGranted") => self.authorize(at, open),
            (Framework::Symfony, "createForm" | "createNamed") => self.form(open),
            (Framework::Symfony, "createFormBuilder") => self.handler.more = true,
            (Framework::Symfony, name) if SYMFONY.contains(&name) => {}
            _ => {
                let returned = format!("{RETURNED}{asked}");
                if !self.handler.calls.contains(&returned) {
                    self.call(asked.to_owned());
                }
            }
        }
    }
}

/// Tokens of a method that are looked through for what a form is given, at most.
const LONGEST: usize = 20_000;

/// Methods of the base class of Symfony, which read nothing of a request.
const SYMFONY: [&str; 21] = [
    "addFlash",
    "addLink",
    "container",
    "createAccessDeniedException",
    "createNotFoundException",
    "dispatchMessage",
    "file",
    "forward",
    "generateUrl",
    "get",
    "getDoctrine",
    "getParameter",
    "getUser",
    "has",
    "isCsrfTokenValid",
    "isGranted",
    "json",
    "redirect",
    "redirectToRoute",
    "render",
    "renderView",
];

fn is_variable(word: &str) -> bool {
    word.starts_with('$')
}
