//! What an action of Laravel or Symfony takes, answers and asks: what its method does with those that it
//! calls, its form request, and what its class asks before all of its methods.

use crate::extractors::symfony_exceptions::{INTO, PERHAPS, TURNS};
use crate::facts::{Claim, Endpoint, Handler, Input};
use crate::php_actions::{GIVEN, INVALID, METHOD, PARENT, RETURNED, THROWN_STATUS, TRAIT};
use crate::resolve::handlers::nearest;
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use crate::statuses;
use groundplan_model::{Blueprint, Evidence, Response};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// A class or method and where it stands.
type Read<'f> = (&'f Handler, &'f Evidence);

/// Classes and traits of one controller, and methods that one action calls, at most.
const WIDEST: usize = 24;
const MOST: usize = 100;

/// Base classes of the frameworks that answer nothing by themselves.
const ROOTS: [&str; 5] = [
    "AbstractController",
    "AbstractFOSRestController",
    "BaseController",
    "Controller",
    "FormRequest",
];

/// All classes of PHP whose methods were read.
#[derive(Default)]
pub(crate) struct PhpActions<'f> {
    classes: BTreeMap<&'f str, Vec<Read<'f>>>,
    /// By the file and the name with that of the class before it.
    methods: BTreeMap<(&'f str, &'f str), Read<'f>>,
    /// What classes ask before their methods, by file and class.
    befores: BTreeMap<(&'f str, &'f str), Vec<Read<'f>>>,
    /// What listeners answer in place of exceptions.
    turned: Vec<Turned<'f>>,
    /// The project of each file with methods or such listeners, where there are listeners.
    projects: BTreeMap<&'f str, Option<usize>>,
}

/// The status of exceptions, the one that a listener answers instead, whether always, and where.
type Turned<'f> = (&'f str, &'f str, bool, &'f Evidence);

/// What a listener turns.
fn turned<'f>(handler: &'f Handler, at: &'f Evidence) -> Option<Turned<'f>> {
    let told = handler.throws.first().filter(|_| handler.name == TURNS)?;
    let (from, to) = told.split_once([INTO, PERHAPS])?;
    Some((from, to, told.contains(INTO), at))
}

/// Says of refusals of a program of Symfony which status a listener answers in place of theirs.
pub(crate) fn tell_turned(blueprint: &mut Blueprint, world: &World<'_>) {
    let listeners = world.facts().filter_map(|(file, fact)| match &fact.claim {
        Claim::Handler(handler) if !is_aside(&file.path) => turned(handler, &fact.at),
        _ => None,
    });
    for (from, to, _, at) in listeners.filter(|(from, _, always, _)| *always && *from == "403") {
        let project = world.project_of(&at.path);
        let refuses = format!("Code refuses requests with `{from}`");
        for one in &mut blueprint.observations {
            let first = one.provenance.first().filter(|_| one.name == refuses);
            let own = first.is_some_and(|first| {
                first.path.ends_with(".php") && world.project_of(&first.path) == project
            });
            if own {
                one.name = format!("{refuses}, which a listener of exceptions turns into `{to}`,");
                one.provenance = one.provenance.clone().and([at.clone()]);
            }
        }
    }
}

/// What is put together of one action.
struct Whole {
    made: Handler,
    places: Vec<Evidence>,
}

impl<'f> PhpActions<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = PhpActions::default();
        for (file, fact) in world.facts() {
            let Claim::Handler(handler) = &fact.claim else {
                continue;
            };
            if file.language != Language::Php || is_aside(&file.path) {
                continue;
            }
            let read = (handler.as_ref(), &fact.at);
            let path = file.path.as_str();
            if handler.name == TURNS {
                found.turned.extend(turned(handler, &fact.at));
                continue;
            }
            match handler.name.split_once(METHOD) {
                Some((class, "")) => {
                    let all = found.befores.entry((path, class)).or_default();
                    all.push(read);
                }
                Some(_) => {
                    found.methods.insert((path, &handler.name), read);
                }
                None => found.classes.entry(&handler.name).or_default().push(read),
            }
        }
        if !found.turned.is_empty() {
            let listeners = found.turned.iter().map(|(.., at)| at.path.as_str());
            let files = found.methods.keys().map(|(path, _)| *path);
            let files: BTreeSet<&str> = files.chain(listeners).collect();
            let projects = files.into_iter().map(|path| (path, world.project_of(path)));
            found.projects = projects.collect();
        }
        found
    }

    /// The class of a name: with its namespace the one whose file has most of it, else the nearest.
    fn class(&self, name: &str, whole: Option<&str>, path: &str) -> Option<Read<'f>> {
        let all = self.classes.get(name)?;
        let Some(whole) = whole else {
            return match all.as_slice() {
                [one] => Some(*one),
                all => nearest(all, path),
            };
        };
        let common = |at: &Evidence| {
            let stem = at.path.strip_suffix(".php").unwrap_or(&at.path);
            let parts = stem.rsplit('/').zip(whole.rsplit('\\'));
            parts.take_while(|(a, b)| a == b).count()
        };
        let most = all.iter().map(|(_, at)| common(at)).max()?;
        // Another class of the name in another namespace is not the one that is meant.
        if most < 2 && whole.matches('\\').count() > 1 {
            return None;
        }
        let mut best = all.iter().filter(|(_, at)| common(at) == most);
        let one = best.next()?;
        best.next().is_none().then_some(*one)
    }

    /// A class with its traits and parents, nearest first, and whether one of them is not here.
    fn line(&self, first: Read<'f>) -> (Vec<Read<'f>>, bool) {
        let mut line = vec![first];
        let mut foreign = false;
        let mut at = 0;
        while let Some((class, place)) = line.get(at).copied() {
            at += 1;
            for base in &class.bases {
                let name = base.strip_prefix(TRAIT).unwrap_or(base);
                match self.class(name, None, &place.path) {
                    Some(found) if found.1 != place && line.len() < WIDEST => {
                        if !line.iter().any(|(_, at)| *at == found.1) {
                            line.push(found);
                        }
                    }
                    _ => foreign |= !ROOTS.contains(&name),
                }
            }
        }
        (line, foreign)
    }

    fn method(&self, line: &[Read<'f>], name: &str) -> Option<Read<'f>> {
        line.iter().find_map(|(class, at)| {
            let key = format!("{}{METHOD}{name}", class.name);
            self.methods.get(&(at.path.as_str(), key.as_str())).copied()
        })
    }

    /// What a method of a class answers, itself and by those of the class that it calls, where it is read.
    pub(crate) fn method_of(
        &self,
        name: &str,
        whole: Option<&str>,
        path: &str,
        method: &str,
    ) -> Option<(Handler, Evidence)> {
        let first = self.class(name, whole, path)?;
        // A class of another kind that has a method of the name is none of these.
        first.0.methods.iter().find(|m| *m == method)?;
        let (line, _) = self.line(first);
        let (found, place) = self.method(&line, method)?;
        let mut whole = Whole {
            made: Handler::default(),
            places: Vec::new(),
        };
        whole.take(found, true, false);
        self.follow(&mut whole, found, place, &line);
        // What it asks may stand in what it extends.
        whole.made.more = line.iter().any(|(class, _)| class.more);
        Some((whole.made, place.clone()))
    }

    /// What a class extends.
    pub(crate) fn base_of(&self, name: &str, whole: Option<&str>, path: &str) -> Option<String> {
        let (class, _) = self.class(name, whole, path)?;
        class.bases.iter().find(|b| !b.starts_with(TRAIT)).cloned()
    }

    /// What the action of an endpoint takes, answers and asks, with the places that say so, the
    /// method first; nothing where no method of it was read.
    pub(crate) fn action(
        &self,
        endpoint: &Endpoint,
        at: &Evidence,
    ) -> Option<(Handler, Vec<Evidence>)> {
        if !matches!(endpoint.framework.as_str(), "laravel" | "lumen" | "symfony") {
            return None;
        }
        let handler = endpoint.handler.as_deref()?;
        let (class, action) = handler.split_once(METHOD).unwrap_or((handler, "__invoke"));
        let first = self.class(class, endpoint.class.as_deref(), &at.path)?;
        let (line, foreign) = self.line(first);
        let (method, place) = self.method(&line, action)?;
        let mut whole = Whole {
            made: Handler::default(),
            places: vec![place.clone()],
        };
        whole.take(method, true, true);
        whole.made.request.clone_from(&method.request);
        whole.made.summary = method.summary.clone().filter(|said| !is_stub(said));
        whole.bound(method, endpoint);
        self.follow(&mut whole, method, place, &line);
        for (class, at) in &line {
            let said = self.befores.get(&(at.path.as_str(), class.name.as_str()));
            for (before, at) in said.into_iter().flatten() {
                let asks = before
                    .befores
                    .iter()
                    .filter(|b| b.is_for(action) && !b.depends);
                for name in asks.map(|b| &b.name) {
                    if !whole.made.guards.contains(name) {
                        whole.made.guards.push(name.clone());
                        whole.places.push((*at).clone());
                    }
                }
            }
        }
        let mut made = whole.made;
        if made.throws.iter().any(|name| name == INVALID) {
            made.throws.retain(|name| name != INVALID);
            for status in of_faults(endpoint, at, &made) {
                fail(&mut made, status);
            }
        }
        let mut thrown: BTreeSet<String> = BTreeSet::new();
        made.throws
            .retain(|name| match name.strip_prefix(THROWN_STATUS) {
                Some(status) => {
                    thrown.insert(status.to_owned());
                    false
                }
                None => true,
            });
        for guard in made.guards.clone() {
            // Who may not, and one that names another status, is answered so by the framework
            // (<https://symfony.com/doc/current/security.html#securing-controllers-and-other-code>).
            let asks = guard
                .strip_prefix("IsGranted('")
                .or(guard.strip_prefix("Security('"));
            // Whoever is not signed in is answered by the firewall.
            made.leaves |= asks.is_some();
            match asks.and_then(|rest| rest.rsplit_once("', ")) {
                Some((_, status)) => {
                    let status = status.trim_end_matches(')');
                    if let Some(status) = statuses::code(status) {
                        fail(&mut made, status);
                    }
                }
                None if asks.is_some_and(|rest| !rest.contains("IS_AUTHENTICATED")) => {
                    fail(&mut made, "403");
                    thrown.insert("403".to_owned());
                }
                None => {}
            }
        }
        let project_of = |at: &Evidence| self.projects.get(at.path.as_str());
        for (from, to, always, at) in &self.turned {
            // A listener of another program hears nothing of it.
            if thrown.contains(*from) && project_of(at) == project_of(place) {
                // What it answers itself has a type.
                let of_exception = |r: &Response| r.status == *from && r.schema.is_none();
                made.responses.retain(|r| !(*always && of_exception(r)));
                fail(&mut made, to);
                whole.places.push((*at).clone());
            }
        }
        // What middleware, listeners and handlers of exceptions answer stands elsewhere.
        made.leaves |= foreign || !made.throws.is_empty();
        made.name = action.to_owned();
        statuses::in_order(&mut made.responses);
        let mut seen = BTreeSet::new();
        whole
            .places
            .retain(|at| seen.insert((at.path.clone(), at.lines)));
        Some((made, whole.places))
    }

    /// Takes in what the methods do that an action calls, and its form request.
    fn follow(&self, whole: &mut Whole, method: &Handler, place: &Evidence, line: &[Read<'f>]) {
        let mut open: Vec<String> = method.calls.clone();
        let mut seen = BTreeSet::new();
        while let Some(call) = open.pop() {
            if !seen.insert(call.clone()) || seen.len() > MOST {
                continue;
            }
            if let Some(given) = call.strip_prefix(GIVEN) {
                let name = given.rsplit('\\').next().unwrap_or(given);
                match self.class(name, Some(given), &place.path) {
                    Some(found) => {
                        let (all, foreign) = self.line(found);
                        whole.made.more |= foreign;
                        for (request, at) in all {
                            whole.take(request, false, true);
                            whole.places.push(at.clone());
                        }
                    }
                    None => whole.made.more = true,
                }
                continue;
            }
            let returned = call.strip_prefix(RETURNED);
            let name = returned.unwrap_or(&call);
            let (name, line) = match name.strip_prefix(PARENT) {
                Some(name) => (name, line.get(1..).unwrap_or_default()),
                None => (name, line),
            };
            match self.method(line, name) {
                Some((handler, at)) => {
                    whole.take(handler, returned.is_some(), false);
                    whole.places.push(at.clone());
                    let calls = handler
                        .calls
                        .iter()
                        .map(|c| match c.strip_prefix(RETURNED) {
                            // What is not answered by the one is not by those that it hands on to.
                            Some(name) if returned.is_none() => name.to_owned(),
                            _ => c.clone(),
                        });
                    open.extend(calls.collect::<Vec<_>>());
                }
                None => {
                    let here = line
                        .iter()
                        .any(|(c, _)| c.methods.iter().any(|m| m == name));
                    whole.made.leaves |= returned.is_some() || !here;
                }
            }
        }
    }
}

/// Whether a comment is one that a generator of the frameworks writes above each action of a kind, whatever the
/// program does in it: `Display a listing of the resource.`
fn is_stub(said: &str) -> bool {
    const STUBS: [&str; 5] = [
        "created resource",
        "new resource",
        "specified resource",
        "the incoming request",
        "the resource",
    ];
    let lower = said.to_lowercase();
    let plain = lower.trim_end_matches('.').trim_end_matches(" in storage");
    let plain = plain.trim_end_matches(" from storage");
    STUBS.iter().any(|stub| plain.ends_with(stub))
}

fn fail(made: &mut Handler, status: &str) {
    statuses::add(&mut made.responses, status);
}

/// Whether callers of a route of Laravel are programs: its file or path is that of an API.
pub(crate) fn is_api(endpoint: &Endpoint, at: &Evidence) -> bool {
    at.path.ends_with("/api.php") || endpoint.path == "/api" || endpoint.path.starts_with("/api/")
}

/// What the framework answers to what rules do not let through: those who take JSON get 422, others are sent
/// back (<https://laravel.com/docs/validation#quick-writing-the-validation-logic>).
fn of_faults(endpoint: &Endpoint, at: &Evidence, made: &Handler) -> &'static [&'static str] {
    let shows = |word: &str| {
        made.responses
            .iter()
            .any(|r| r.schema.as_deref() == Some(word))
    };
    match is_api(endpoint, at) || shows("JSON") && !shows("HTML") {
        true => &["422"],
        false => &["302", "422"],
    }
}

impl Whole {
    /// Takes in what a method does; of one whose value is not answered only what it fails with.
    fn take(&mut self, handler: &Handler, answers: bool, own: bool) {
        for input in handler.inputs.iter().filter(|i| own || i.place != "path") {
            let same = |i: &&mut Input| i.name == input.name && i.place == input.place;
            match self.made.inputs.iter_mut().find(same) {
                Some(known) => known.required |= input.required,
                None => self.made.inputs.push(input.clone()),
            }
        }
        for response in &handler.responses {
            if (answers || response.fails()) && !self.made.responses.contains(response) {
                self.made.responses.push(response.clone());
            }
        }
        for guard in &handler.guards {
            if !self.made.guards.contains(guard) {
                self.made.guards.push(guard.clone());
            }
        }
        for name in &handler.throws {
            if !self.made.throws.contains(name) {
                self.made.throws.push(name.clone());
            }
        }
        self.made.more |= handler.more;
        // What a value that is used on the way is made of, is no answer.
        self.made.leaves |= handler.leaves && (answers || own || handler.responses.is_empty());
    }

    /// A record that the path names and the framework looks up is answered with 404 where there is none
    /// (<https://laravel.com/docs/routing#implicit-binding>).
    fn bound(&mut self, method: &Handler, endpoint: &Endpoint) {
        let by_path = |input: &&Input| {
            let class = |t: &str| t.starts_with(|c: char| c.is_ascii_uppercase());
            input.place == "path"
                && input.data_type.as_deref().is_some_and(class)
                && endpoint.path.contains(&format!("{{{}}}", input.name))
        };
        let lost = statuses::response("404");
        if method.inputs.iter().any(|i| by_path(&i)) && !self.made.responses.contains(&lost) {
            self.made.responses.push(lost);
        }
    }
}
