//! What stands above the methods of views of Django REST framework: permissions, limits, what exceptions are
//! answered with, methods of their own class and those above it, and what the framework's classes answer where
//! a class leaves it to them (<https://www.django-rest-framework.org/api-guide/generic-views/>).

use crate::extractors::django_handlers::{EXCEPTIONS, MISSING, OF_SELF, OF_SUPER};
use crate::extractors::python_views::{COUNTS, SIGNS_IN};
use crate::facts::{ANSWERED_BY, Before, Endpoint};
use crate::resolve::django::{of_base, view_of};
use crate::resolve::handlers::{Handlers, Seen};
use crate::resolve::outcomes::{MOST_PLACES, fill_in};
use crate::statuses;
use groundplan_model::{Evidence, Operation};
use std::collections::BTreeSet;

/// Functions that hand the request on, at most.
const DEEPEST: u8 = 3;

/// The classes of a view, nearest first, and those that stand elsewhere.
struct Line<'f> {
    classes: Vec<Seen<'f>>,
    foreign: BTreeSet<&'f str>,
}

impl<'f> Line<'f> {
    /// The first that says something, with where it stands.
    fn first<T>(&self, says: impl Fn(&Seen<'f>) -> Option<T>) -> Option<(T, &'f Evidence)> {
        let mut all = self.classes.iter();
        all.find_map(|class| Some((says(class)?, class.at)))
    }

    /// Whether the framework checks who may call it: plain views of Django do not look at permissions.
    fn is_rest(&self) -> bool {
        const ENDS: [&str; 4] = ["APIView", "ModelMixin", "ViewSet", "ViewSetMixin"];
        let ends = |name: &str| ENDS.iter().any(|end| name.ends_with(end));
        self.foreign.iter().any(|name| ends(name))
    }

    /// The method called `name` of a class of the line, or of one above it that is no view.
    fn method(
        &self,
        handlers: &Handlers<'f>,
        name: &str,
        skip: Option<&Evidence>,
    ) -> Option<Seen<'f>> {
        for class in &self.classes {
            let own = std::iter::once(&class.handler.name).chain(&class.handler.bases);
            for of in own {
                let found = handlers.named(&format!("{of}.{name}"), &class.at.path);
                if let Some(found) = found.filter(|f| skip.is_none_or(|at| at != f.at)) {
                    return Some(found);
                }
            }
        }
        None
    }
}

/// Adds to an operation of Django what stands above its method.
pub(crate) fn above(
    made: &mut Operation,
    endpoint: &Endpoint,
    at: &Evidence,
    seen: Option<Seen<'_>>,
    handlers: &Handlers<'_>,
) {
    if !endpoint.framework.starts_with("django") {
        return;
    }
    let name = view_of(endpoint);
    let line = name.map(|name| {
        // The method that answers stands in the class itself, or in one above it.
        let last = name.rsplit('.').next().unwrap_or(name);
        let own = seen.filter(|seen| seen.handler.name.split('.').next() == Some(last));
        match own {
            Some(seen) => handlers.line(last, &seen.at.path),
            None => handlers.line(name, &at.path),
        }
    });
    let (classes, foreign) = line.unwrap_or_default();
    let line = Line { classes, foreign };
    let mut places: Vec<Evidence> = Vec::new();
    match seen {
        Some(seen) => {
            given_on(made, seen, &line, handlers);
            read_whole(made, seen, &line, handlers);
        }
        None => by_default(made, endpoint, &line, &mut places),
    }
    if line.is_rest() {
        let missing = seen.is_some_and(|seen| seen.handler.throws.iter().any(|t| t == MISSING));
        exceptions(made, missing, &line, &mut places);
        permissions(made, endpoint, &line, handlers, &mut places);
    }
    places.dedup();
    let places = places.into_iter().take(MOST_PLACES);
    made.provenance = made.provenance.clone().and(places);
    statuses::in_order(&mut made.responses);
}

/// Takes in what methods of the class answer whose answer is given away.
fn given_on(made: &mut Operation, seen: Seen<'_>, line: &Line<'_>, handlers: &Handlers<'_>) {
    let mut known: BTreeSet<(&str, Option<(&str, u32)>)> = BTreeSet::new();
    let mut open: Vec<(Seen<'_>, u8)> = vec![(seen, 0)];
    while let Some((from, depth)) = open.pop() {
        for name in &from.handler.throws {
            let Some(name) = name.strip_prefix(ANSWERED_BY) else {
                continue;
            };
            let (own, skip) = match (name.strip_prefix(OF_SELF), name.strip_prefix(OF_SUPER)) {
                (Some(own), _) => (own, None),
                (_, Some(own)) => (own, Some(from.at)),
                _ => continue,
            };
            // What the class above has depends on the one that asks for it.
            if !known.insert((name, skip.map(|at| (at.path.as_str(), at.lines[0])))) {
                continue;
            }
            match line.method(handlers, own, skip) {
                Some(found) => {
                    for response in &found.handler.responses {
                        statuses::add(&mut made.responses, &response.status);
                    }
                    made.more_outcomes |= found.handler.leaves;
                    if depth < DEEPEST {
                        open.push((found, depth + 1));
                    }
                }
                None if skip.is_some() && defaults(own, line).is_some() => {
                    let serializer = line.first(|class| class.handler.request.as_deref());
                    fill_default(made, own, serializer.map(|(name, _)| name), line);
                }
                None => made.more_outcomes = true,
            }
        }
    }
}

/// A method that is left to the framework.
fn by_default(
    made: &mut Operation,
    endpoint: &Endpoint,
    line: &Line<'_>,
    places: &mut Vec<Evidence>,
) {
    let word = match endpoint.verbs.as_slice() {
        [word] => word.as_str(),
        _ => return,
    };
    if defaults(word, line).is_none() {
        return;
    }
    let serializer = line.first(|class| class.handler.request.as_deref());
    places.extend(serializer.iter().map(|(_, at)| (*at).clone()));
    places.extend(line.classes.first().map(|class| class.at.clone()));
    fill_default(made, word, serializer.map(|(name, _)| name), line);
}

/// What the class of the framework answers for a method that the classes here leave to it.
fn defaults(word: &str, line: &Line<'_>) -> Option<&'static [&'static str]> {
    let (view, answers): (&str, &[&str]) = match word {
        "list" => ("List", &["200"]),
        "create" => ("Create", &["201", "400"]),
        "retrieve" => ("Retrieve", &["200", "404"]),
        "update" | "partial_update" => ("Update", &["200", "400", "404"]),
        "destroy" => ("Destroy", &["204", "404"]),
        _ => return None,
    };
    let has = |name: &str| {
        of_base(name).contains(&word) || name.ends_with("APIView") && name.contains(view)
    };
    (line.foreign.iter().copied().any(has)).then_some(answers)
}

fn fill_default(made: &mut Operation, word: &str, serializer: Option<&str>, line: &Line<'_>) {
    for status in defaults(word, line).into_iter().flatten() {
        statuses::add(&mut made.responses, status);
    }
    // Which one it is for whom, its code decides.
    let chosen = line.classes.iter().any(|class| class.handler.more);
    let takes = matches!(word, "create" | "update" | "partial_update");
    if takes && !chosen && made.request.is_none() {
        made.request = serializer.map(str::to_owned);
    }
    made.unread = takes && made.request.is_none();
}

/// Whether no function that is handed the request takes something of its body; what such functions take is the
/// operation's.
fn read_whole(made: &mut Operation, seen: Seen<'_>, line: &Line<'_>, handlers: &Handlers<'_>) {
    let mut whole = !seen.handler.more;
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<(Seen<'_>, u8)> = vec![(seen, 0)];
    while let Some((from, depth)) = open.pop() {
        for name in &from.handler.calls {
            if !known.insert(name) {
                continue;
            }
            let found = match (name.strip_prefix(OF_SELF), name.strip_prefix(OF_SUPER)) {
                (Some(own), _) => line.method(handlers, own, None),
                (_, Some(own)) => {
                    // The framework's own method takes the body by its serializer.
                    whole &= line.method(handlers, own, Some(from.at)).is_some()
                        || made.request.is_some();
                    line.method(handlers, own, Some(from.at))
                }
                _ => handlers
                    .view(name, &made.method, &from.at.path)
                    .or_else(|| {
                        let (module, name) = name.rsplit_once('.').unwrap_or(("", name));
                        let made = format!("{name}.__init__");
                        handlers.of_module(module, &made, &from.at.path)
                    }),
            };
            match found {
                Some(found) if depth < DEEPEST => {
                    whole &= !found.handler.more;
                    let mut taken = found.handler.clone();
                    taken.responses.clear();
                    // What it takes of headers and the query, callers give by themselves.
                    taken
                        .inputs
                        .retain(|i| matches!(i.place.as_str(), "body" | "form"));
                    let handler = &taken;
                    fill_in(made, Seen { handler, ..found });
                    open.push((found, depth + 1));
                }
                Some(_) => whole = false,
                None => whole &= name.starts_with(OF_SUPER),
            }
        }
    }
    if whole && !made.responses.is_empty() {
        made.unread = false;
    }
}

/// What the nearest class answers a record that is not there with.
fn exceptions(made: &mut Operation, missing: bool, line: &Line<'_>, places: &mut Vec<Evidence>) {
    let handled = line.first(|class| {
        let befores = &class.handler.befores;
        befores.iter().any(|b| b.on.is_some()).then_some(befores)
    });
    let Some((befores, at)) = handled.filter(|_| missing) else {
        return;
    };
    let status = befores.iter().find(|b| b.on.as_deref() == Some(MISSING));
    if let Some(status) = status {
        statuses::add(&mut made.responses, &status.name);
        places.push(at.clone());
    }
}

/// Who may call, and how often.
fn permissions(
    made: &mut Operation,
    endpoint: &Endpoint,
    line: &Line<'_>,
    handlers: &Handlers<'_>,
    places: &mut Vec<Evidence>,
) {
    let classes = |class: &Seen<'_>, lead: &str| -> Option<Vec<String>> {
        let calls = class.handler.calls.iter();
        let named: Vec<String> = calls
            .filter_map(|call| Some(call.strip_prefix(lead)?.to_owned()))
            .collect();
        (!named.is_empty()).then_some(named)
    };
    let action = endpoint.verbs.first().map_or("", String::as_str);
    let asked = line.first(|class| {
        let guards = &class.handler.guards;
        let chosen = class.handler.befores.iter().filter(|b| b.asks);
        let chosen: Vec<_> = chosen.collect();
        if chosen.is_empty() {
            return (!guards.is_empty()).then(|| guards.clone());
        }
        // `GET` is a method, `list` an action of a view set.
        let holds = |b: &&&Before| {
            let words = b.only.iter().chain(&b.except);
            let method = words
                .take(1)
                .any(|w| w.bytes().all(|b| b.is_ascii_uppercase()));
            b.is_for(if method { &made.method } else { action })
        };
        let names = chosen.iter().filter(holds).map(|b| b.name.clone());
        Some(names.collect::<Vec<_>>())
    });
    let by_code = line.classes.iter().any(|class| class.handler.leaves);
    made.more_outcomes |= by_code && !made.responses.is_empty();
    if let Some((asked, at)) = asked.filter(|_| !by_code) {
        let reads = matches!(made.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        let free = |name: &str| {
            let unless_read = name.ends_with("OrReadOnly") || name.ends_with("OrAnonReadOnly");
            name == "AllowAny" || reads && unless_read
        };
        let asking: Vec<&String> = asked.iter().filter(|name| !free(name)).collect();
        for name in &asking {
            if !made.guards.contains(name) {
                made.guards.push((*name).clone());
            }
        }
        if !asking.is_empty() {
            places.push(at.clone());
            let more = asking
                .iter()
                .any(|name| !name.starts_with("IsAuthenticated"));
            if more {
                statuses::add(&mut made.responses, "403");
            }
            if let Some(status) = unknown_caller(line, handlers, at, &classes) {
                statuses::add(&mut made.responses, status);
            }
        }
    }
    // An empty list counts nothing, whatever the classes above do.
    let counted = line.first(|class| classes(class, COUNTS));
    if let Some((_, at)) = counted.filter(|(names, _)| names.iter().any(|n| !n.is_empty())) {
        statuses::add(&mut made.responses, "429");
        places.push(at.clone());
    }
}

/// What callers get who are not known: 401 where the first class that says who calls can ask for it, else 403
/// (<https://www.django-rest-framework.org/api-guide/authentication/#unauthorized-and-forbidden-responses>),
/// unless the program answers that itself.
fn unknown_caller<'f>(
    line: &Line<'f>,
    handlers: &Handlers<'f>,
    at: &Evidence,
    classes: &dyn Fn(&Seen<'_>, &str) -> Option<Vec<String>>,
) -> Option<&'static str> {
    let own = handlers.named(EXCEPTIONS, &at.path);
    let own = own.and_then(|seen| {
        let mut befores = seen.handler.befores.iter();
        befores.find(|b| b.on.as_deref() == Some("NotAuthenticated"))
    });
    match own.map(|before| before.name.as_str()) {
        Some("401") => return Some("401"),
        Some("403") => return Some("403"),
        _ => {}
    }
    let (first, _) = line.first(|class| classes(class, SIGNS_IN))?;
    match first.first().map(String::as_str) {
        // Nothing that could ask for who calls is the same as a session.
        Some("SessionAuthentication" | "") => Some("403"),
        Some("BasicAuthentication" | "TokenAuthentication" | "JWTAuthentication") => Some("401"),
        _ => None,
    }
}
