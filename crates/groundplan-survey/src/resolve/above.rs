//! What stands above the handlers of NestJS and answers in their place: guards, pipes that check bodies, and
//! the interceptor that puts all answers into one object.

use crate::extractors::guard_topic;
use crate::extractors::js_marks::composed::is_exemption;
use crate::extractors::nest_above::{
    ABOVE, CHECKED, FILTER, FILTERED, GUARD, INHERITS, INTERCEPTOR, OPEN, PIPE, UNCOUNTED, WRAPS,
};
use crate::extractors::nest_handlers::{CHECKS, TAKES};
use crate::facts::{Claim, Endpoint, Mount};
use crate::resolve::handlers::{Handlers, Seen};
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use crate::statuses;
use groundplan_model::{Evidence, Operation, Response};
use std::collections::{BTreeMap, BTreeSet};

/// Classes above a guard at most.
const HIGHEST: u8 = 8;

/// What one application says of all its handlers.
#[derive(Default)]
struct Said<'f> {
    guards: Vec<(&'f str, &'f Evidence)>,
    pipes: Vec<(&'f str, &'f Evidence)>,
    interceptors: Vec<(&'f str, &'f Evidence)>,
    /// Whether a filter writes what exceptions answer.
    filtered: bool,
}

impl Said<'_> {
    /// Whether a guard that asks who calls stands before all handlers.
    fn asks_who_calls(&self) -> bool {
        let mut guards = self.guards.iter();
        guards.any(|(name, _)| guard_topic(name).is_some())
    }
}

/// The object that answers are put into.
pub(crate) struct Shape<'f> {
    /// Name of the interceptor.
    pub(crate) by: &'f str,
    /// Its keys in order, and whether one holds the answer.
    keys: Vec<(&'f str, bool)>,
    /// Where it is put before all handlers, and where it stands.
    pub(crate) places: [&'f Evidence; 2],
}

impl Shape<'_> {
    /// `{data, success, status}`, with a type in place of what holds the answer if one is known.
    pub(crate) fn of(&self, schema: Option<&str>) -> String {
        let keys = self.keys.iter().map(|(key, holds)| match schema {
            Some(schema) if *holds => format!("{key}: {schema}"),
            _ => (*key).to_owned(),
        });
        format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
    }
}

/// What stands above handlers, by project.
#[derive(Default)]
pub(crate) struct Above<'f> {
    said: BTreeMap<Option<usize>, Said<'f>>,
    /// Classes in which a pipe finds something to check.
    checked: BTreeSet<&'f str>,
    wraps: BTreeMap<&'f str, Vec<(&'f str, &'f Evidence)>>,
    /// Decorators of the repository that are made of guards.
    made_of: BTreeMap<&'f str, BTreeSet<&'f [String]>>,
}

impl<'f> Above<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = Above::default();
        for (file, fact) in world.facts() {
            match &fact.claim {
                Claim::Mount(mount)
                    if mount.target.starts_with("*nest-") && !is_aside(&file.path) =>
                {
                    found.add(world.project_of(&file.path), mount, &fact.at);
                }
                Claim::Guarding(g) if !is_aside(&file.path) => {
                    found
                        .made_of
                        .entry(&g.decorator)
                        .or_default()
                        .insert(&g.guards);
                }
                _ => {}
            }
        }
        found
    }

    fn add(&mut self, project: Option<usize>, mount: &'f Mount, at: &'f Evidence) {
        let Some(name) = mount.router.as_deref() else {
            return;
        };
        let said = self.said.entry(project).or_default();
        match mount.target.as_str() {
            GUARD => said.guards.push((name, at)),
            PIPE => said.pipes.push((name, at)),
            INTERCEPTOR => said.interceptors.push((name, at)),
            FILTER => said.filtered = true,
            CHECKED => {
                self.checked.insert(name);
            }
            WRAPS => self
                .wraps
                .entry(name)
                .or_default()
                .push((&mount.prefix, at)),
            _ => {}
        }
    }

    /// Whether a guard that asks who calls may stand before all handlers: the module of another package may put it
    /// there.
    pub(crate) fn stands_before_all(&self) -> bool {
        self.said.values().any(Said::asks_who_calls)
    }

    /// The object that one interceptor of all handlers of a project puts their answers into.
    pub(crate) fn shape(&self, project: Option<usize>) -> Option<Shape<'f>> {
        let said = self.said.get(&project)?;
        let mut all = said.interceptors.iter().filter_map(|(name, at)| {
            let [(keys, place)] = self.wraps.get(name)?.as_slice() else {
                return None;
            };
            let keys = keys.split(',').map(|key| match key.strip_suffix('=') {
                Some(key) => (key, true),
                None => (key, false),
            });
            Some(Shape {
                by: name,
                keys: keys.collect(),
                places: [at, place],
            })
        });
        let one = all.next()?;
        // Of several the outer one decides, and which that is was not read.
        all.all(|other| other.by == one.by).then_some(one)
    }

    /// Adds what guards and pipes answer in place of a handler, and puts names of guards in place of what its
    /// decorators are called.
    pub(crate) fn answer(
        &self,
        operation: &mut Operation,
        endpoint: &Endpoint,
        at: &Evidence,
        seen: Option<Seen<'_>>,
        handlers: &Handlers<'_>,
        project: Option<usize>,
    ) {
        let none = Said::default();
        let said = self.said.get(&project).unwrap_or(&none);
        let open = endpoint.guards.iter().any(|g| g == OPEN);
        let uncounted = endpoint.guards.iter().any(|g| g == UNCOUNTED);
        let mut all: Vec<(&str, Option<&Evidence>)> = Vec::new();
        for (name, place) in &said.guards {
            if !open || guard_topic(name).is_none() {
                all.push((name, Some(place)));
            }
        }
        for name in endpoint.guards.iter().filter(|g| !g.starts_with('!')) {
            match name.strip_prefix('@') {
                Some(decorator) => {
                    // Of two decorators with one name it is not known which stands here.
                    let made = self.made_of.get(decorator).filter(|made| made.len() == 1);
                    for name in made.into_iter().flatten().copied().flatten() {
                        own(&mut all, name.as_str());
                    }
                }
                None => own(&mut all, name.as_str()),
            }
        }
        operation.guards.clear();
        let mut added: Vec<Response> = Vec::new();
        for (name, place) in all {
            if guard_topic(name).is_some() {
                operation.guards.push(name.to_owned());
                note(operation, place);
            }
            let mut found = Vec::new();
            let stands = of_guard(name, &at.path, handlers, &mut found, 0);
            found.retain(|r| !uncounted || r.status != "429");
            if !found.is_empty() {
                note(operation, stands.as_ref());
            }
            added.extend(found);
        }
        let is_checked = |kind: &str| {
            let kind = kind.trim_end_matches("[]");
            let kind = kind.strip_prefix("Array<").unwrap_or(kind);
            self.checked.contains(kind.trim_end_matches('>'))
        };
        if let Some(seen) = seen {
            let taken = seen
                .handler
                .calls
                .iter()
                .filter_map(|c| c.strip_prefix(TAKES));
            let checked = (operation.request.as_deref().into_iter().chain(taken)).any(is_checked);
            let own = seen.handler.calls.iter().any(|call| call == CHECKS);
            match said.pipes.first() {
                _ if !checked => {}
                Some((status, place)) => {
                    statuses::give(&mut operation.responses, statuses::response(*status));
                    note(operation, Some(place));
                }
                // What options a pipe of its own has was not read.
                None if own => statuses::give(&mut operation.responses, statuses::response("400")),
                None => {}
            }
        }
        for response in added {
            statuses::give(&mut operation.responses, response);
        }
        // What an exception of the framework writes has no type of the program, unless a filter writes it.
        let filtered = said.filtered || endpoint.guards.iter().any(|name| name == FILTERED);
        let responses = operation.responses.iter_mut();
        for one in responses.filter(|r| r.fails() && !r.only_declared() && !filtered) {
            one.schema = None;
        }
        self.put_in(operation, endpoint, project);
        statuses::in_order(&mut operation.responses);
    }

    /// Puts the type of an answer into the object that an interceptor makes of it.
    fn put_in(&self, operation: &mut Operation, endpoint: &Endpoint, project: Option<usize>) {
        // A decorator of the repository may take a handler out.
        let taken_out = |name: &&String| {
            name.strip_prefix('@').is_some_and(|name| {
                let lower = name.to_ascii_lowercase();
                is_exemption(name)
                    || [
                        "skip", "raw", "without", "ignore", "bypass", "exclude", "no",
                    ]
                    .iter()
                    .any(|word| lower.starts_with(word))
            })
        };
        if endpoint.guards.iter().any(|g| taken_out(&g)) {
            return;
        }
        let Some(shape) = self.shape(project) else {
            return;
        };
        for response in &mut operation.responses {
            if let Some(schema) = response.schema.as_mut()
                && response.status.starts_with('2')
            {
                *schema = shape.of(Some(schema));
            }
        }
    }
}

/// How the operations of a file of controllers are guarded.
#[derive(Default)]
struct Guarded<'e> {
    /// Whether a guard stands before one of them: of several classes in one file, what holds for one is taken to
    /// be known of all.
    guarded: bool,
    /// Whether something that was not read, or that lets everybody in on purpose, stands before one.
    unknown: bool,
    bare: Vec<(String, &'e Evidence)>,
}

/// Controllers by file, to tell those that no guard stands before from the others: the classes of one file are one
/// controller.
#[derive(Default)]
pub(crate) struct Controllers<'e> {
    all: BTreeMap<&'e str, Guarded<'e>>,
}

impl<'e> Controllers<'e> {
    pub(crate) fn add(
        &mut self,
        operation: &Operation,
        endpoint: &Endpoint,
        at: &'e Evidence,
        before_all: bool,
    ) {
        let found = self.all.entry(&at.path).or_default();
        let refuses = |r: &Response| !r.only_declared() && matches!(&*r.status, "401" | "403");
        let marked = |name: &String| name.starts_with('@') || name == OPEN || name == INHERITS;
        match operation.guards.is_empty() {
            false => found.guarded = true,
            true if before_all
                || endpoint.guards.iter().any(marked)
                || operation.responses.iter().any(refuses) =>
            {
                found.unknown = true;
            }
            true => found.bare.push((operation.id.clone(), at)),
        }
    }

    /// The controllers that no guard stands before, where guards stand before more of the others, and where they
    /// stand. Who has not signed in yet and who only asks whether a program runs, is asked for nothing.
    pub(crate) fn open(&self) -> Option<(String, Vec<Evidence>)> {
        const OPEN_TO_ALL: [&str; 18] = [
            "auth", "callback", "health", "healthz", "login", "logout", "metrics", "oauth", "ping",
            "public", "register", "robots", "setup", "share", "signup", "status", "version",
            "webhook",
        ];
        let words = |id: &str| -> Vec<String> {
            let parts = id.split(|c: char| !c.is_ascii_alphanumeric());
            let all = parts.filter(|w| !w.is_empty());
            all.map(|w| w.trim_end_matches('s').to_ascii_lowercase())
                .collect()
        };
        let for_all = |id: &str| {
            words(id)
                .iter()
                .any(|w| OPEN_TO_ALL.iter().any(|o| o.trim_end_matches('s') == w))
        };
        let guarded = self.all.values().filter(|c| c.guarded).count();
        let bare = |c: &&Guarded<'e>| {
            let rooted = |id: &str| words(id).len() < 2;
            !c.guarded
                && !c.unknown
                && !c.bare.is_empty()
                && c.bare.iter().all(|(id, _)| !for_all(id) && !rooted(id))
        };
        let open: Vec<&Guarded<'e>> = self.all.values().filter(bare).collect();
        let operations: Vec<&str> = (open.iter().flat_map(|c| &c.bare))
            .map(|(id, _)| id.as_str())
            .collect();
        let (first, rest) = operations.split_first()?;
        if guarded <= open.len() {
            return None;
        }
        let of = match open.len() {
            1 => "its controller".to_owned(),
            n => format!("{n} controllers"),
        };
        let beside = match rest {
            [] => format!("`{first}`"),
            [one] => format!("`{first}` and `{one}`"),
            more => format!("`{first}` and {} more operations of {of}", more.len()),
        };
        let files = if guarded == 1 {
            "controller"
        } else {
            "controllers"
        };
        let text = format!(
            "No guard of NestJS was found before {beside} (middleware was not read), while guards stand before operations of {guarded} other {files}."
        );
        let places = open.iter().filter_map(|c| Some(c.bare.first()?.1.clone()));
        Some((text, places.take(2).collect()))
    }
}

/// Adds a guard that stands at a handler or its class.
fn own<'a>(all: &mut Vec<(&'a str, Option<&'a Evidence>)>, name: &'a str) {
    if !all.iter().any(|(known, _)| *known == name) {
        all.push((name, None));
    }
}

fn note(operation: &mut Operation, at: Option<&Evidence>) {
    if let Some(at) = at {
        operation.provenance = operation.provenance.clone().and([at.clone()]);
    }
}

/// Strategies of Passport that send a caller on instead of refusing it.
const SENDING: [&str; 14] = [
    "apple",
    "auth0",
    "azure",
    "discord",
    "facebook",
    "github",
    "gitlab",
    "google",
    "linkedin",
    "microsoft",
    "oauth",
    "oidc",
    "openid",
    "saml",
];

/// Adds the statuses of a guard, and gives where it stands; nothing of one that is not here and no guard of
/// the framework.
fn of_guard(
    name: &str,
    path: &str,
    handlers: &Handlers<'_>,
    found: &mut Vec<Response>,
    depth: u8,
) -> Option<Evidence> {
    // What Passport answers, unless a class says otherwise
    // (<https://docs.nestjs.com/recipes/passport#extending-guards>).
    if let Some(strategy) = name.strip_prefix("AuthGuard(") {
        let lower = strategy.to_ascii_lowercase();
        if !SENDING.iter().any(|word| lower.contains(word)) {
            statuses::give(found, statuses::response("401"));
        }
        return None;
    }
    // <https://docs.nestjs.com/security/rate-limiting>
    if name == "ThrottlerGuard" {
        statuses::give(found, statuses::response("429"));
        return None;
    }
    let seen = handlers.named(name, path)?;
    let handler = seen.handler;
    for response in &handler.responses {
        statuses::give(found, response.clone());
    }
    let has = |name: &str| handler.methods.iter().any(|m| m == name);
    let above = !has("canActivate") || handler.calls.iter().any(|call| call == ABOVE);
    if above && depth < HIGHEST {
        for base in &handler.bases {
            // A class that handles what the strategy found says itself whom it refuses.
            if base.starts_with("AuthGuard(") && has("handleRequest") {
                continue;
            }
            of_guard(base, &seen.at.path, handlers, found, depth + 1);
        }
    }
    Some(seen.at.clone())
}
