//! What middleware of Laravel answers in place of the actions that it stands before.

use crate::extractors::{
    LARAVEL_ALIAS as ALIAS, LARAVEL_COUNTED as COUNTED, LARAVEL_DEPRECATED as DEPRECATED,
    LARAVEL_GLOBAL as GLOBAL, LARAVEL_GONE as GONE, LARAVEL_GROUP as GROUP, LARAVEL_VIA as VIA,
    is_laravel_gone, is_laravel_guard,
};
use crate::facts::{Claim, Endpoint, Handler};
use crate::resolve::names::is_aside;
use crate::resolve::outcomes::MOST_PLACES;
use crate::resolve::php_actions::{PhpActions, is_api};
use crate::resolve::world::World;
use crate::statuses;
use groundplan_model::{Evidence, Operation};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Classes of the framework and the names that it has for them
/// (<https://laravel.com/docs/middleware#middleware-aliases>).
const CLASSES: [(&str, &str); 11] = [
    ("Authenticate", "auth"),
    ("AuthenticateWithBasicAuth", "auth.basic"),
    ("Authorize", "can"),
    ("CheckAbilities", "abilities"),
    ("CheckForAnyAbility", "ability"),
    ("EnsureEmailIsVerified", "verified"),
    ("RedirectIfAuthenticated", "guest"),
    ("RequirePassword", "password.confirm"),
    ("ThrottleRequests", "throttle"),
    ("ThrottleRequestsWithRedis", "throttle"),
    ("ValidateSignature", "signed"),
];

/// Groups, and middleware before one route, at most.
const MOST: usize = 60;

type Stack<'f> = BTreeMap<(Option<usize>, &'f str), Vec<&'f Handler>>;

/// Names, groups and classes of middleware.
pub(crate) struct Middleware<'a, 'f> {
    php: &'a PhpActions<'f>,
    world: &'a World<'f>,
    stacks: Stack<'f>,
}

impl<'a, 'f> Middleware<'a, 'f> {
    pub(crate) fn of(world: &'a World<'f>, php: &'a PhpActions<'f>) -> Self {
        let mut stacks = Stack::new();
        for (file, fact) in world.facts() {
            if let Claim::Handler(handler) = &fact.claim
                && file.language == Language::Php
                && handler.name.starts_with("middleware ")
                && !is_aside(&file.path)
            {
                let key = (world.project_of(&file.path), handler.name.as_str());
                stacks.entry(key).or_default().push(handler.as_ref());
            }
        }
        Middleware { php, world, stacks }
    }

    /// All middleware that names mean, groups taken apart, the names of the framework as they are, each with the
    /// name that it came from: `api` and `web` for what these groups hold wherever they stand.
    fn apart(&self, project: Option<usize>, names: Vec<String>) -> Vec<(String, String)> {
        let given = names.into_iter().rev();
        let mut open: Vec<(String, String)> = given.map(|name| (name.clone(), name)).collect();
        let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some((name, of)) = open.pop() {
            let of = if is_usual(&name) { name.clone() } else { of };
            if !seen.insert(name.clone()) || seen.len() > MOST {
                continue;
            }
            match self.stacks.get(&(project, &*format!("{GROUP}{name}"))) {
                Some(stack) => {
                    let gone = |call: &&String| stack.iter().any(|s| s.methods.contains(call));
                    let calls = stack.iter().flat_map(|s| &s.calls);
                    let calls = calls.filter(|call| !gone(call));
                    open.extend(calls.map(|call| (call.clone(), of.clone())));
                }
                None => all.push((name, of)),
            }
        }
        all
    }

    /// What a route takes off, by all names that it has: those that are given, the classes that they are names
    /// of, and the names of classes.
    fn gone(&self, project: Option<usize>, guards: &[String]) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let given = guards.iter().filter_map(|g| g.strip_prefix(GONE));
        for name in given.take(MOST) {
            let mut add = |name: &str| all.push(format!("{GONE}{name}"));
            add(name);
            let alias = format!("{ALIAS}{name}");
            if let Some(stack) = self.stacks.get(&(project, alias.as_str())) {
                for class in stack.iter().flat_map(|s| &s.calls) {
                    add(class.rsplit('\\').next().unwrap_or(class));
                }
            }
            let mut classes = CLASSES.iter();
            if let Some((class, _)) = classes.find(|(_, alias)| *alias == name) {
                add(class);
            }
            if let Some(alias) = framework(name) {
                add(alias);
            }
            for ((of, key), stack) in self.stacks.range((project, ALIAS)..) {
                let Some(alias) = key.strip_prefix(ALIAS).filter(|_| *of == project) else {
                    break;
                };
                let short = |class: &String| class.rsplit('\\').next() == Some(name);
                if stack.iter().any(|s| s.calls.iter().any(short)) {
                    add(alias);
                }
            }
        }
        all
    }

    /// Adds what middleware answers before an action
    /// (<https://laravel.com/docs/authentication#redirecting-unauthenticated-users>,
    /// <https://laravel.com/docs/authorization#via-middleware>, <https://laravel.com/docs/sanctum#token-ability-middleware>,
    /// <https://laravel.com/docs/passwords#routing>).
    pub(crate) fn before(&self, operation: &mut Operation, endpoint: &Endpoint, at: &Evidence) {
        let project = self.world.project_of(&at.path);
        operation.deprecated |= endpoint.guards.iter().any(|g| g == DEPRECATED);
        let gone = self.gone(project, &endpoint.guards);
        (operation.guards).retain(|name| !is_laravel_gone(&gone, name));
        let mut names: Vec<String> = operation.guards.clone();
        let via = endpoint.guards.iter().filter_map(|g| g.strip_prefix(VIA));
        names.extend(via.map(str::to_owned));
        names.retain(|name| !is_laravel_gone(&gone, name));
        let of_all = self.stacks.get(&(project, GLOBAL)).into_iter().flatten();
        names.extend(of_all.flat_map(|s| s.calls.iter().cloned()));
        let api = is_api(endpoint, at);
        let mut added: BTreeSet<String> = BTreeSet::new();
        let mut more = false;
        let mut places = Vec::new();
        let names = self.apart(project, names);
        let here = |(name, _): &(String, String)| !is_laravel_gone(&gone, name);
        for (name, of) in names.into_iter().filter(here) {
            let known = |g: &String| *g == of || g.strip_prefix(VIA) == Some(&of);
            let by_route = !is_usual(&of) && endpoint.guards.iter().any(known);
            let (base, given) = name.split_once(':').unwrap_or((&name, ""));
            let alias = format!("{ALIAS}{base}");
            let alias = self.stacks.get(&(project, alias.as_str()));
            let class = match alias.map(Vec::as_slice) {
                Some([one]) => one.calls.first().map(String::as_str),
                _ => None,
            };
            let class = class.unwrap_or(base);
            let short = class.rsplit('\\').next().unwrap_or(class);
            let whole = Some(class).filter(|c| c.contains('\\'));
            if let Some((found, place)) = self.php.method_of(short, whole, &at.path, "handle") {
                more |= found.leaves || found.more || !found.throws.is_empty();
                let own = found.responses.into_iter().map(|r| r.status);
                let own: Vec<String> = own.filter(|status| !status.starts_with('2')).collect();
                if !found.more && !own.is_empty() {
                    added.extend(own);
                    places.push(place);
                    ask(operation, &name);
                }
                continue;
            }
            let base = (self.php.base_of(short, whole, &at.path))
                .and_then(|base| framework(&base).or(framework(short)))
                .or(framework(short))
                .unwrap_or(base);
            let status = match base {
                "auth" | "auth.basic" if api => "401",
                // Whom the guard of a session does not know, it asks to sign in.
                "auth" if given.is_empty() || given == "web" => "302",
                "auth.basic" => "401",
                "can" | "ability" | "abilities" | "signed" => "403",
                "throttle" => "429",
                "guest" if !api => "302",
                "verified" | "password.confirm" if !api => "302",
                "verified" => "403",
                "password.confirm" => "423",
                "auth" => {
                    more = true;
                    ask(operation, &name);
                    continue;
                }
                // What middleware of packages answers was not followed.
                _ => {
                    more |= by_route;
                    continue;
                }
            };
            added.insert(status.to_owned());
            ask(operation, &name);
        }
        operation.more_outcomes |= more && !operation.responses.is_empty();
        if endpoint.guards.iter().any(|g| g.starts_with(COUNTED)) {
            added.insert("429".to_owned());
        }
        for status in &added {
            statuses::add(&mut operation.responses, status);
        }
        statuses::in_order(&mut operation.responses);
        places.truncate(MOST_PLACES);
        operation.provenance = operation.provenance.clone().and(places);
    }
}

/// Whether a name is that of a group which the framework puts before all routes of a file.
fn is_usual(name: &str) -> bool {
    matches!(name, "api" | "web")
}

/// Names middleware that turns callers away, by its class alone, where its name says whom.
fn ask(operation: &mut Operation, name: &str) {
    let name = name.rsplit('\\').next().unwrap_or(name);
    if is_laravel_guard(name) && !operation.guards.iter().any(|g| g == name) {
        operation.guards.push(name.to_owned());
    }
}

/// The name that the framework has for a class of its own.
fn framework(class: &str) -> Option<&'static str> {
    let found = CLASSES.iter().find(|(name, _)| *name == class);
    found.map(|(_, alias)| *alias)
}
