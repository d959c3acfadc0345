//! JavaScript and TypeScript: routers, what they stand below, and which others they take in.

use crate::extractors::js_imports::imports;
use crate::extractors::js_router_prefixes::{base_path, below, prefix_of, prefixes_of, unwrapped};
use crate::extractors::{js_handed_routers, js_http};
use crate::facts::{Claim, FileFacts, Mount, Router};
use crate::scan;
use crate::source::SourceFile;
use crate::values::Values;
use groundplan_syntax::{Call, Code};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Where a route stands: prefixes of this file, and the router that they begin at.
#[derive(Clone, Debug, Default)]
pub(super) struct Stand {
    pub(super) prefix: String,
    pub(super) router: Option<String>,
}

/// Functions and classes that make routers and applications.
const MAKERS: [&str; 10] = [
    "Router",
    "PromiseRouter",
    "Hono",
    "express",
    "fastify",
    "Fastify",
    "Koa",
    "KoaRouter",
    "OpenAPIHono",
    "Elysia",
];

/// Those whose routers answer nothing until something takes them in.
const TAKEN_IN: [&str; 3] = ["Router", "PromiseRouter", "KoaRouter"];

/// How a router was made.
struct Made {
    prefix: String,
    /// Whether something has to take it in.
    partial: bool,
    line: u32,
}

/// The routers of a file.
pub(super) struct Routers {
    made: BTreeMap<String, Made>,
    /// Routers of this file that it takes in: the prefix, and what takes in.
    taken: BTreeMap<String, (String, String, usize)>,
    /// The same of those that it takes in at several places, with the name.
    several: Vec<(String, (String, String, usize))>,
    /// Names that imports give to what stands elsewhere: `./users#default`.
    imports: BTreeMap<String, String>,
    /// Names that are given what a function of another file makes: `const users = createUsers(store)`.
    results: BTreeMap<String, String>,
    /// Functions of this file that give away a router which they make, with its name.
    makers: BTreeMap<String, String>,
    /// What the file gives away as itself.
    default: Option<String>,
    /// Calls that register something, in order, each with the one around it.
    registering: Vec<(Call, Option<usize>)>,
}

/// The name of what is called: of `this.router.get` the field, of `const app = new Hono().get` what is
/// given the chain.
pub(super) fn receiver<'t>(code: &Code<'t>, first: usize) -> (&'t str, usize) {
    let field = code.is(first, "this") && code.is(first + 1, ".") && code.is(first + 3, ".");
    let chain = || given_to(code, maker_at(code, first)?);
    // `app.withTypeProvider<Zod>().get`: the chain begins before the types.
    if !field
        && let Some(last) = before_types(code, first)
        && code.is(last.wrapping_sub(1), ".")
        && !MAKERS.contains(&code.raw(last))
    {
        let mut at = last;
        while at >= 2 && code.is(at - 1, ".") && code.ident(at - 2).is_some() {
            at -= 2;
        }
        return (code.raw(at), at);
    }
    if let Some(at) = js_handed_routers::member(code, first) {
        return (code.raw(at), at);
    }
    match field {
        true => (code.raw(first + 2), first + 2),
        false => (chain().unwrap_or(code.raw(first)), first),
    }
}

/// The word before the types of a call whose bracket opens at `open`: `withTypes` of `withTypes<A>()`.
pub(super) fn before_types(code: &Code<'_>, open: usize) -> Option<usize> {
    if !code.is(open, "(") || !code.is(open.checked_sub(1)?, ">") {
        return None;
    }
    let mut depth = 0_u32;
    let begin = (open.saturating_sub(400)..open).rev().find(|&back| {
        match code.raw(back) {
            // `() => void` closes nothing.
            ">" if !code.is(back.wrapping_sub(1), "=") => depth += 1,
            "<" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    begin.checked_sub(1)
}

/// The word of a function or class that makes routers, at which a chain begins: `Hono` of
/// `new Hono<Env>().get`, where the chain begins at the bracket.
fn maker_at(code: &Code<'_>, first: usize) -> Option<usize> {
    let mut at = before_types(code, first).unwrap_or(first);
    // `express.Router()`
    if code.is(at + 1, ".") && MAKERS.contains(&code.raw(at + 2)) && code.is(at + 3, "(") {
        at += 2;
    }
    (MAKERS.contains(&code.raw(at)) || is_factory(code.raw(at))).then_some(at)
}

/// Whether a function is called like one of the program's own that makes applications: `createRouter`, `newApp`.
pub(super) fn is_factory(name: &str) -> bool {
    const BEGIN: [&str; 4] = ["create", "make", "build", "new"];
    const END: [&str; 3] = ["App", "Router", "Hono"];
    let rest = BEGIN.iter().find_map(|begin| name.strip_prefix(begin));
    rest.is_some_and(|rest| {
        rest.starts_with(char::is_uppercase) && END.iter().any(|end| rest.ends_with(end))
    })
}

/// The variable that is given what is made at a word: `api` of `export const api: Api = new Hono()`;
/// `default` where it is given away at once.
fn given_to<'t>(code: &Code<'t>, maker: usize) -> Option<&'t str> {
    let mut at = maker.checked_sub(1)?;
    while code.is(at, ".") {
        // `require("express").Router()`
        let required = code.is(at.checked_sub(1)?, ")");
        at = match required {
            true => code.partner(at - 1)?.checked_sub(2)?,
            false => at.checked_sub(2)?,
        };
    }
    if code.is(at, "new") || code.is(at, "await") {
        at = at.checked_sub(1)?;
    }
    if code.is(at, "default") {
        return Some("default");
    }
    if !code.is(at, "=") {
        return None;
    }
    let declared = (at.saturating_sub(60)..at)
        .rev()
        .take_while(|&back| !code.is(back, ";"))
        .find(|&back| matches!(code.raw(back), "const" | "let" | "var"));
    match declared {
        Some(word) if code.is(word + 2, ":") || word + 2 == at => code.ident(word + 1),
        _ => code.ident(before_type(code, at.checked_sub(1)?)),
    }
}

/// The field that a type before `=` is of: `router` of `readonly router: express.Router = express.Router()`; the
/// word itself where it is no type.
fn before_type(code: &Code<'_>, last: usize) -> usize {
    let mut first = last;
    while first > 3 && code.is(first - 1, ".") && code.ident(first - 2).is_some() {
        first -= 2;
    }
    let typed = first > 2 && code.is(first - 1, ":") && code.ident(first - 2).is_some();
    if typed { first - 2 } else { last }
}

impl Routers {
    pub(super) fn of(file: &SourceFile<'_>, values: &Values<'_, '_>) -> Self {
        let code = file.code();
        let mut all = Routers {
            made: BTreeMap::new(),
            taken: BTreeMap::new(),
            several: Vec::new(),
            imports: imports(code),
            results: BTreeMap::new(),
            makers: BTreeMap::new(),
            default: None,
            registering: registering(code),
        };
        for at in 0..code.tokens.len() {
            if code.is(at, "default") && code.is(at.wrapping_sub(1), "export")
                || code.is(at, "=")
                    && code.is(at.wrapping_sub(1), "exports")
                    && !code.is(at + 1, "{")
            {
                let mut next = at + 1;
                // `exports = module.exports = router`
                while matches!(code.raw(next), "module" | "." | "exports" | "=") {
                    next += 1;
                }
                let name = code.ident(next);
                let alone = !matches!(code.raw(next + 1), "(" | "." | "=");
                if let Some(name) = name.filter(|_| alone) {
                    all.default = Some(name.to_owned());
                }
            }
        }
        all.make(code, values);
        all.make_views(code, values);
        all.results = results(code, &all);
        all.makers = makers(code, &all);
        for call in code.calls() {
            // `router.prefix("/api")` of Koa, said after it was made.
            let path = code.arguments(call.open).into_iter().next();
            let path =
                path.filter(|_| code.is(call.open - 1, "prefix") && call.first + 3 == call.open);
            if let Some(path) = path.and_then(|range| values.fold(range))
                && path.starts_with('/')
                && let Some(made) = all.made.get_mut(code.raw(call.first))
            {
                made.prefix = scan::path(&path);
            }
        }
        for call in code.calls() {
            if !matches!(code.raw(call.open - 1), "use" | "register" | "route") {
                continue;
            }
            let (parent, at) = receiver(code, call.first);
            for outer in prefixes_of(code, values, call) {
                for given in code.arguments(call.open) {
                    let (prefix, given) = unwrapped(code, values, &outer, given);
                    let name = all.child(code, &given);
                    if all.made.contains_key(&name) && name != parent {
                        let entry = (prefix.clone(), parent.to_owned(), at);
                        all.several.push((name.clone(), entry.clone()));
                        all.taken.entry(name).or_insert(entry);
                    }
                }
            }
        }
        let mut places: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
        for (name, (prefix, parent, _)) in &all.several {
            places.entry(name).or_default().insert((prefix, parent));
        }
        let twice = places.iter().filter(|(_, places)| places.len() > 1);
        let twice: BTreeSet<String> = twice.map(|(name, _)| (*name).to_owned()).collect();
        all.several.retain(|(name, _)| twice.contains(name));
        all.taken.retain(|name, _| !twice.contains(name));
        all
    }

    /// `const router = express.Router()`, `this.router = Router()`, `new Router({ prefix })`,
    /// `const api = new Koa<State>()`, `new Hono().basePath("/api")`.
    fn make(&mut self, code: &Code<'_>, values: &Values<'_, '_>) {
        for open in 1..code.tokens.len() {
            if !code.is(open, "(") {
                continue;
            }
            let typed = code.is(open - 1, ">");
            let Some(at) = maker_at(code, if typed { open } else { open - 1 }) else {
                continue;
            };
            let kind = code.raw(at);
            let Some(name) = given_to(code, at) else {
                continue;
            };
            // A function of another file makes a router of its own, unless it is one of a package.
            if is_factory(kind) && !self.imports.contains_key(kind) {
                continue;
            }
            let options = code.arguments(open).first().cloned();
            let prefix = options
                .and_then(|o| values.literal_at(&o))
                .and_then(|open| values.folded_property(open, &["prefix"]));
            let prefix = prefix.map(|p| scan::path(&p)).unwrap_or_default();
            let made = Made {
                prefix: below(&prefix, &base_path(code, values, open).unwrap_or_default()),
                partial: TAKEN_IN.contains(&kind),
                line: code.line(at),
            };
            self.made.entry(name.to_owned()).or_insert(made);
        }
    }

    /// `const v1 = app.basePath("/v1")` of Hono: a view of the same application.
    fn make_views(&mut self, code: &Code<'_>, values: &Values<'_, '_>) {
        for call in code.calls() {
            if !code.is(call.open - 1, "basePath") || call.first == 0 {
                continue;
            }
            let (parent, at) = receiver(code, call.first);
            let name = given_to(code, call.first).filter(|name| *name != parent);
            let path = code.arguments(call.open).into_iter().next();
            let path = path.and_then(|range| values.fold(range));
            if let (Some(name), Some(path)) = (name, path)
                && self.made.contains_key(parent)
            {
                let made = Made {
                    prefix: String::new(),
                    partial: false,
                    line: call.line,
                };
                self.made.entry(name.to_owned()).or_insert(made);
                let entry = (scan::path(&path), parent.to_owned(), at);
                self.taken.entry(name.to_owned()).or_insert(entry);
            }
        }
    }

    /// What a name of an import stands for: `./users#default`.
    pub(super) fn imported(&self, name: &str) -> Option<&str> {
        self.imports.get(name).map(String::as_str)
    }

    /// Whether this file makes a router of that name.
    pub(super) fn makes(&self, name: &str) -> bool {
        self.made.contains_key(name)
    }

    /// What an argument names first: of `users.routes()` and `users` it is `users`; of `createUsers(store)`
    /// the router that a function of this file of that name makes.
    fn child(&self, code: &Code<'_>, given: &Range<usize>) -> String {
        // `this.router`
        let field =
            given.len() == 3 && code.is(given.start, "this") && code.is(given.start + 1, ".");
        let at = given.start + 2 * usize::from(field);
        let name = code.ident(at).unwrap_or_default();
        let called = code.is(given.start + 1, "(");
        let made = self.makers.get(name).filter(|_| called);
        made.map_or(name, String::as_str).to_owned()
    }

    fn known_as(&self, name: &str) -> String {
        match self.default.as_deref() == Some(name) {
            true => "default".to_owned(),
            false => name.to_owned(),
        }
    }

    /// Where routes of a router stand, as far as this file shows it.
    pub(super) fn stand(&self, file: &SourceFile<'_>, name: &str, at: usize, depth: u8) -> Stand {
        let made = self.made.get(name);
        // What a plugin is given hides a variable of the same name.
        if made.is_some() && depth < 6 && !self.registering.is_empty() {
            if let Some(stand) = self.registered(file, name, at, depth) {
                return stand;
            }
            if let Some(function) = self.plugin_with(file, name, at) {
                return Stand {
                    prefix: String::new(),
                    router: Some(function),
                };
            }
        }
        let own = made.map_or("", |m| m.prefix.as_str());
        if let Some((prefix, parent, place)) = self.taken.get(name).filter(|_| depth < 6) {
            let mut outer = self.stand(file, parent, *place, depth + 1);
            outer.prefix = below(&below(&outer.prefix, prefix), own);
            return outer;
        }
        match made {
            Some(made) => Stand {
                // The prefix of a router that others take in stands with the router.
                prefix: if made.partial {
                    String::new()
                } else {
                    own.to_owned()
                },
                router: Some(self.known_as(name)),
            },
            None => Stand {
                prefix: String::new(),
                router: match self.imports.get(name) {
                    Some(target) => Some(format!("={target}")),
                    None => match self.registered(file, name, at, depth) {
                        Some(stand) => return stand,
                        None => self.function_with(file, name, at).or_else(|| {
                            let holder = js_handed_routers::holder(file.code(), name, at)?;
                            self.function_with(file, holder, at)
                        }),
                    },
                },
            },
        }
    }

    /// Whether a name is what a plugin is given that is written where it is registered.
    pub(super) fn in_plugin(&self, file: &SourceFile<'_>, name: &str, at: usize) -> bool {
        self.registered(file, name, at, 0).is_some()
    }

    /// Where routes of a plugin stand that is written where it is registered:
    /// `app.register(async (scope) => {…}, { prefix: "/admin" })`.
    fn registered(&self, file: &SourceFile<'_>, name: &str, at: usize, depth: u8) -> Option<Stand> {
        let code = file.code();
        let before = self.registering.partition_point(|(call, _)| call.open < at);
        // The innermost around is the last one that begins before, or stands around that.
        let mut inner = before.checked_sub(1).filter(|_| depth <= 6);
        let call = loop {
            let (call, outer) = *self.registering.get(inner?)?;
            if code.partner(call.open).is_some_and(|close| close > at) {
                break call;
            }
            inner = outer;
        };
        let values = Values::new(file);
        let plugin = code.arguments(call.open).into_iter().next()?;
        let written = plugin.contains(&at)
            && matches!(code.raw(plugin.start), "async" | "function" | "(")
            && (plugin.start..plugin.end)
                .take(6)
                .any(|i| code.is(i, name) && matches!(code.raw(i - 1), "(" | "async"));
        if !written {
            return None;
        }
        let (parent, place) = receiver(code, call.first);
        let mut outer = self.stand(file, parent, place, depth + 1);
        let own = prefix_of(code, &values, call).unwrap_or_default();
        outer.prefix = below(&outer.prefix, &own);
        Some(outer)
    }

    /// The plugin around a token that is given `name`, if it is one that is registered by its name here or
    /// elsewhere: an arrow function of a constant.
    fn plugin_with(&self, file: &SourceFile<'_>, name: &str, at: usize) -> Option<String> {
        let function = self.function_with(file, name, at)?;
        (!self.made.contains_key(&function)).then_some(function)
    }

    /// The function around a token that has `name` as a parameter, as other files know it.
    fn function_with(&self, file: &SourceFile<'_>, name: &str, at: usize) -> Option<String> {
        let code = file.code();
        let mut index = at;
        let mut steps = 0;
        while index > 0 && steps < 4_000 {
            index -= 1;
            steps += 1;
            match code.raw(index) {
                ")" | "]" | "}" => index = code.partner(index).filter(|&p| p < index)?,
                "{" => {
                    // `async fastify => {`
                    if index > 3
                        && code.is(index - 1, ">")
                        && code.is(index - 2, "=")
                        && code.ident(index - 3).is_some()
                    {
                        match code.is(index - 3, name) {
                            true => return self.function_name(code, index - 3),
                            false => continue,
                        }
                    }
                    let from = index.saturating_sub(14);
                    let close = (from..index).rev().find(|&i| code.is(i, ")"));
                    let Some(open) = close.and_then(|c| code.partner(c)) else {
                        continue;
                    };
                    let close = close.unwrap_or(index);
                    if !(open..close)
                        .any(|i| code.is(i, name) && matches!(code.raw(i - 1), "(" | "," | "{"))
                    {
                        continue;
                    }
                    let function = self.function_name(code, open)?;
                    let given = code.arguments(open);
                    let place = given.iter().position(|p| code.is(p.start, name));
                    let first = given.iter().position(|p| {
                        let word = code.ident(p.start);
                        word.is_some_and(|word| js_http::is_router(file, word))
                    });
                    return Some(match (place, first) {
                        (Some(place), Some(first)) if first < place => at_place(&function, place),
                        _ => function,
                    });
                }
                _ => {}
            }
        }
        None
    }

    /// The name of the innermost function around a token that has one.
    fn function_around(&self, code: &Code<'_>, at: usize) -> Option<String> {
        let mut index = at;
        let mut steps = 0;
        while index > 0 && steps < 4_000 {
            index -= 1;
            steps += 1;
            match code.raw(index) {
                ")" | "]" | "}" => index = code.partner(index).filter(|&p| p < index)?,
                "{" => {
                    let from = index.saturating_sub(14);
                    let close = (from..index).rev().find(|&i| code.is(i, ")"));
                    let open = close.and_then(|close| code.partner(close));
                    // `if (x) {` and `for (x) {` are no functions.
                    let word = open.and_then(|open| open.checked_sub(1));
                    let control = word.is_some_and(|word| {
                        matches!(code.raw(word), "if" | "for" | "while" | "switch" | "catch")
                    });
                    let Some(open) = open.filter(|_| !control) else {
                        continue;
                    };
                    return self.function_name(code, open);
                }
                _ => {}
            }
        }
        None
    }

    fn function_name(&self, code: &Code<'_>, open: usize) -> Option<String> {
        let mut before = open.checked_sub(1)?;
        while matches!(code.raw(before), "function" | "async" | "*") {
            before = before.checked_sub(1)?;
        }
        match code.raw(before) {
            "=" if code.is(before - 1, "exports") => Some("default".to_owned()),
            "default" => Some("default".to_owned()),
            "=" => {
                let mut name = before - 1;
                // `const routes: FastifyPluginAsync = async (fastify) => {`
                if name > 1 && code.is(name - 1, ":") {
                    name -= 2;
                } else if code.is(name, ">") {
                    // `const routes: FastifyPluginAsync<Options, Server> = async fastify => {`
                    let word = (before.saturating_sub(60)..before)
                        .rev()
                        .take_while(|&back| !code.is(back, ";"))
                        .find(|&back| matches!(code.raw(back), "const" | "let" | "var"))?;
                    name = Some(word + 1).filter(|&name| code.is(name + 1, ":"))?;
                }
                Some(self.known_as(code.ident(name)?))
            }
            _ => {
                let name = code.ident(before)?;
                let exported = before >= 2
                    && (code.is(before - 2, "default")
                        || code.is(before - 2, "async") && code.is(before - 3, "default"));
                let direct = before >= 3
                    && code.is(before - 1, "function")
                    && (code.is(before - 2, "=") && code.is(before - 3, "exports"));
                Some(match exported || direct {
                    true => "default".to_owned(),
                    false => self.known_as(name),
                })
            }
        }
    }
}

/// The calls of a file that register something, each with the one around it.
fn registering(code: &Code<'_>) -> Vec<(Call, Option<usize>)> {
    let mut all: Vec<(Call, Option<usize>)> = Vec::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for call in code
        .calls()
        .filter(|call| code.is(call.open - 1, "register"))
    {
        let Some(close) = code.partner(call.open) else {
            continue;
        };
        while open.last().is_some_and(|(_, end)| *end < call.open) {
            open.pop();
        }
        all.push((call, open.last().map(|(index, _)| *index)));
        open.push((all.len() - 1, close));
    }
    all
}

/// What a function fills that is given several routers, by the place of the one that is meant; the
/// first of them goes by the name of the function alone.
fn at_place(function: &str, place: usize) -> String {
    format!("{function}@{place}")
}

/// Names that are given what a function or class of another file makes of what it gets:
/// `const users = createUsers(store)`.
fn results(code: &Code<'_>, routers: &Routers) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for at in 2..code.tokens.len() {
        if !code.is(at - 1, "=") {
            continue;
        }
        let maker = at + usize::from(code.is(at, "await"));
        let name = code.ident(at - 2);
        let called = code.is(maker + 1, "(");
        let (Some(name), Some(target)) = (
            name.filter(|_| called),
            code.ident(maker).and_then(|word| routers.imports.get(word)),
        ) else {
            continue;
        };
        // What goes on with the result is another thing: `createUsers(store).list`.
        let whole = code
            .partner(maker + 1)
            .is_some_and(|close| !code.is(close + 1, "."));
        let known = routers.made.contains_key(name) || routers.imports.contains_key(name);
        if whole && !known {
            all.insert(name.to_owned(), target.clone());
        }
    }
    all
}

/// Functions of a file that give away a router which they make themselves, where it is the only one of
/// that name: `function createUsers(store) { const users = Router(); …; return users; }`.
fn makers(code: &Code<'_>, routers: &Routers) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    if routers.made.is_empty() {
        return all;
    }
    for at in 0..code.tokens.len() {
        let Some(router) = code
            .ident(at + 1)
            .filter(|name| code.is(at, "return") && routers.made.contains_key(*name))
        else {
            continue;
        };
        if matches!(code.raw(at + 2), "." | "(" | "[") {
            continue;
        }
        if let Some(function) = routers.function_around(code, at)
            && function != router
        {
            all.insert(function, router.to_owned());
        }
    }
    // Of several routers of one name nobody knows here which is meant.
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for router in all.values() {
        *times.entry(router.clone()).or_default() += 1;
    }
    all.retain(|_, router| times.get(router) == Some(&1));
    all
}

/// The names under which a file gives away its routers, where they are others than its own:
/// `module.exports = { api: apiRouter }`.
fn given_away<'t>(code: &Code<'t>, routers: &Routers) -> Vec<(u32, &'t str, &'t str)> {
    let mut all = Vec::new();
    for open in 2..code.tokens.len() {
        let gives = code.is(open, "{")
            && (code.is(open - 1, "=") && code.is(open - 2, "exports")
                || code.is(open - 1, "default") && code.is(open - 2, "export"));
        if !gives {
            continue;
        }
        for item in code.arguments(open) {
            if item.len() == 3
                && code.is(item.start + 1, ":")
                && let Some(name) = code.ident(item.start)
                && let Some(own) = code.ident(item.start + 2)
                && name != own
                && routers.made.contains_key(own)
                && !routers.made.contains_key(name)
            {
                all.push((code.line(item.start), name, own));
            }
        }
    }
    all
}

/// What an argument of `use` or `register` takes in, if that stands in another file.
fn target(code: &Code<'_>, routers: &Routers, given: &Range<usize>) -> Option<String> {
    let mut at = given.start;
    if matches!(code.raw(at), "new" | "await") {
        at += 1;
    }
    if matches!(code.raw(at), "require" | "import") && code.is(at + 1, "(") {
        let module = code.string(at + 2)?;
        let part = code.is(at + 4, ".").then(|| code.ident(at + 5)).flatten();
        let part = part.unwrap_or("default");
        return module.starts_with('.').then(|| format!("{module}#{part}"));
    }
    if let Some(target) = of_object(code, routers, given) {
        return Some(target);
    }
    let name = code.ident(at)?;
    let known = routers.imports.get(name).or(routers.results.get(name));
    let Some(target) = known else {
        // A plugin of the same file.
        let own = given.len() == 1 && is_function(code, name);
        return own.then(|| format!("#{}", routers.known_as(name)));
    };
    let part = code.is(at + 1, ".").then(|| code.ident(at + 2)).flatten();
    // `users.routes()` of Koa gives the router itself.
    let called = code.is(at + 3, "(");
    match part.filter(|p| !(called && matches!(*p, "routes" | "middleware"))) {
        Some(part) if target.ends_with("#default") => {
            Some(format!("{}#{part}", target.trim_end_matches("#default")))
        }
        _ => Some(target.clone()),
    }
}

/// The router of an object of a class of another file: `this.api.router` of `this.api = new ApiRouter(store)`.
fn of_object(code: &Code<'_>, routers: &Routers, given: &Range<usize>) -> Option<String> {
    let field = code.is(given.start, "this") && code.is(given.start + 1, ".");
    let at = given.start + 2 * usize::from(field);
    let name = code.ident(at)?;
    if at + 3 != given.end || !code.is(at + 1, ".") || routers.imports.contains_key(name) {
        return None;
    }
    let part = code.ident(at + 2)?;
    let class = (0..code.tokens.len()).find_map(|i| {
        let made = code.is(i, name) && code.is(i + 1, "=") && code.is(i + 2, "new");
        code.ident(i + 3).filter(|_| made && code.is(i + 4, "("))
    })?;
    let (module, _) = routers.imports.get(class)?.rsplit_once('#')?;
    Some(format!("{module}#{part}"))
}

/// Whether the file declares a function of that name.
fn is_function(code: &Code<'_>, name: &str) -> bool {
    // `const plugin: FastifyPluginAsync<Options, Server> = async`
    let typed = |at: usize| {
        if code.is(at + 1, ":") {
            at + 40
        } else {
            at + 8
        }
    };
    (1..code.tokens.len()).any(|at| {
        code.is(at, name)
            && (code.is(at - 1, "function") && code.is(at + 1, "(")
                || code.is(at - 1, "const")
                    && (at + 1..typed(at))
                        .take_while(|&i| !code.is(i, ";"))
                        .any(|i| {
                            code.is(i, "=") && matches!(code.raw(i + 1), "async" | "function")
                        }))
    })
}

/// Adds the routers that others have to take in, and those of others that this file takes in.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    values: &Values<'_, '_>,
    routers: &Routers,
) {
    let code = file.code();
    for (name, made) in &routers.made {
        if made.partial && !routers.taken.contains_key(name) {
            let router = Router {
                name: routers.known_as(name),
                prefix: made.prefix.clone(),
                ..Router::default()
            };
            acc.add(file, made.line, made.line, Claim::Router(router));
        }
    }
    // Of a file with one router every name that it gives away stands for that.
    if routers.made.len() > 1 {
        for (function, router) in &routers.makers {
            let line = routers.made.get(router).map_or(1, |made| made.line);
            let mount = Mount {
                router: Some(routers.known_as(function)),
                target: format!("#{}", routers.known_as(router)),
                alias: true,
                ..Mount::default()
            };
            acc.add(file, line, line, Claim::Mount(mount));
        }
    }
    for (name, (prefix, parent, at)) in &routers.several {
        let stand = routers.stand(file, parent, *at, 0);
        let mount = Mount {
            router: stand.router,
            prefix: below(&stand.prefix, prefix),
            target: format!("#{}", routers.known_as(name)),
            ..Mount::default()
        };
        let line = code.line(*at);
        acc.add(file, line, line, Claim::Mount(mount));
    }
    for (line, name, own) in given_away(code, routers) {
        let mount = Mount {
            router: Some(name.to_owned()),
            target: format!("#{}", routers.known_as(own)),
            alias: true,
            ..Mount::default()
        };
        acc.add(file, line, line, Claim::Mount(mount));
    }
    let mut seen = BTreeSet::new();
    let mut push = |acc: &mut FileFacts, line: u32, mount: Mount| {
        if seen.insert((
            mount.router.clone(),
            mount.prefix.clone(),
            mount.target.clone(),
        )) {
            acc.add(file, line, line, Claim::Mount(mount));
        }
    };
    // What a name is, the text of the whole file says.
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    let mut is_router = |name| {
        *known
            .entry(name)
            .or_insert_with(|| routers.makes(name) || js_http::is_router(file, name))
    };
    let all_used = js_http::all_used(file);
    for call in code.calls() {
        let word = code.raw(call.open - 1);
        let (name, at) = receiver(code, call.first);
        let taking = matches!(word, "use" | "register" | "route" | "mount") && is_router(name);
        if taking {
            let stand = routers.stand(file, name, at, 0);
            let arguments = code.arguments(call.open);
            let listed = arguments
                .first()
                .is_some_and(|first| code.dotted(first.start, first.end).ends_with(".path"));
            if listed {
                for (prefix, target) in table(code, values, routers) {
                    let mount = Mount {
                        router: stand.router.clone(),
                        prefix: below(&stand.prefix, &prefix),
                        target,
                        ..Mount::default()
                    };
                    push(acc, call.line, mount);
                }
                continue;
            }
            let outers = prefixes_of(code, values, call);
            // An argument in the first place that is a path stands before no router.
            let first = usize::from(outers.iter().any(|outer| !outer.is_empty()));
            let above = js_http::used(&all_used, code, call, name);
            for (outer, place, given) in outers.iter().flat_map(|outer| {
                let each = arguments.iter().enumerate();
                each.map(move |(place, given)| (outer, place, given))
            }) {
                let standing = || js_http::standing(file, &above, arguments.get(first..place));
                let (prefix, given) = unwrapped(code, values, outer, given.clone());
                // A middleware of the file is a function too.
                let own = word == "register" || !is_function(code, code.raw(given.start));
                if let Some(target) = target(code, routers, &given).filter(|_| own) {
                    let mount = Mount {
                        router: stand.router.clone(),
                        prefix: below(&stand.prefix, &prefix),
                        target,
                        depends: standing(),
                        ..Mount::default()
                    };
                    push(acc, call.line, mount);
                }
            }
            continue;
        }
        // `require("./routes")(app)`, `registerUsers(app)`, `registerAll(app, apiRouter)`
        let arguments = code.arguments(call.open);
        let mut given: Vec<(usize, Range<usize>)> = (arguments.iter().cloned().enumerate())
            .filter(|(_, r)| r.len() == 1 && code.ident(r.start).is_some_and(&mut is_router))
            .collect();
        if given.is_empty() {
            let handed = js_handed_routers::handed(code, call.open, &arguments, &mut is_router);
            // Only what a function is given, or makes itself, is handed on.
            given.extend(handed.into_iter().filter(|(_, r)| {
                let at = r.start;
                let name = code.raw(at);
                routers.makes(name) || routers.function_with(file, name, at).is_some()
            }));
        }
        // `function registerUsers(app) {` calls nothing.
        let declared = call.first > 0 && code.is(call.first - 1, "function");
        if given.is_empty() || declared {
            continue;
        }
        let callee = match code.is(call.open - 1, ")") {
            true => code
                .partner(call.open - 1)
                .and_then(|open| open.checked_sub(1))
                .filter(|&at| code.is(at, "require"))
                .map(|at| at..call.open),
            false => Some(call.first..call.open),
        };
        let Some(target) = callee.and_then(|range| target(code, routers, &range)) else {
            continue;
        };
        for (index, (place, given)) in given.into_iter().enumerate() {
            let stand = routers.stand(file, code.raw(given.start), given.start, 0);
            let mount = Mount {
                router: stand.router,
                prefix: below(&stand.prefix, ""),
                target: match index {
                    0 => target.clone(),
                    _ => at_place(&target, place),
                },
                ..Mount::default()
            };
            push(acc, call.line, mount);
        }
    }
}

/// `[{ path: "/users", route: usersRoute }]` that a loop takes in.
fn table(code: &Code<'_>, values: &Values<'_, '_>, routers: &Routers) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for open in 0..code.tokens.len() {
        if !code.is(open, "{") || !matches!(code.raw(open.wrapping_sub(1)), "[" | ",") {
            continue;
        }
        let Some(path) = values.folded_property(open, &["path"]) else {
            continue;
        };
        for item in code.arguments(open) {
            let value = item.start + 2..item.end;
            if code.is(item.start + 1, ":")
                && let Some(target) = target(code, routers, &value)
            {
                all.push((scan::path(&path), target));
            }
        }
    }
    all
}
