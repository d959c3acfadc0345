//! Which methods of a class answer at which of its routes: those that take what the path gives.

use crate::facts::Endpoint;
use crate::resolve::django::view_of;
use crate::resolve::handlers::Handlers;
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// The parameters of a path.
type Given = BTreeSet<String>;

/// One route of a class: what its path gives, and which methods of the class it names, if any.
struct Route {
    given: Given,
    /// Whether a prefix that was not read may give more.
    open: bool,
    words: Vec<String>,
}

/// All routes by the class that answers.
pub(crate) struct Routes<'a, 'f> {
    handlers: &'a Handlers<'f>,
    of_class: BTreeMap<(&'f str, u32), Vec<Route>>,
}

impl<'a, 'f> Routes<'a, 'f> {
    pub(crate) fn of(
        found: &[(&Endpoint, &Evidence)],
        prefixes: &BTreeMap<&str, Vec<String>>,
        handlers: &'a Handlers<'f>,
    ) -> Self {
        let mut of_class: BTreeMap<(&'f str, u32), Vec<Route>> = BTreeMap::new();
        for (endpoint, at) in found.iter().filter(|(e, _)| e.framework == "django") {
            let Some(name) = view_of(endpoint) else {
                continue;
            };
            let (line, _) = handlers.line(name, &at.path);
            let Some(first) = line.first() else {
                continue;
            };
            let key = (first.at.path.as_str(), first.at.lines[0]);
            for prefix in prefixes.get(at.path.as_str()).into_iter().flatten() {
                of_class
                    .entry(key)
                    .or_default()
                    .push(route(endpoint, prefix));
            }
        }
        Routes { handlers, of_class }
    }

    /// Whether the method `word` of the class answers at this route. A signature that fits none of
    /// the routes of its class speaks of code between the two that was not followed, and decides
    /// nothing.
    pub(crate) fn fits(
        &self,
        endpoint: &Endpoint,
        at: &Evidence,
        prefix: &str,
        word: &str,
    ) -> bool {
        if endpoint.framework != "django" || endpoint.given {
            return true;
        }
        let Some(name) = view_of(endpoint) else {
            return true;
        };
        let (line, _) = self.handlers.line(name, &at.path);
        let takes = line.iter().find_map(|class| {
            let mut all = class.handler.takes.iter();
            all.find(|(method, _)| method == word)
                .map(|(_, names)| names)
        });
        let (Some(takes), Some(first)) = (takes, line.first()) else {
            return true;
        };
        if accepts(takes, &route(endpoint, prefix)) {
            return true;
        }
        let key = (first.at.path.as_str(), first.at.lines[0]);
        let others = self.of_class.get(&key).into_iter().flatten();
        let named = |r: &&Route| r.words.is_empty() || r.words.iter().any(|w| w == word);
        !others.filter(named).any(|r| accepts(takes, r))
    }
}

fn route(endpoint: &Endpoint, prefix: &str) -> Route {
    let path = format!("{prefix}/{}", endpoint.path);
    let mut given = Given::new();
    for part in path.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}') {
            given.insert(name.to_owned());
        }
    }
    let words = endpoint.verbs.iter();
    let words = words.map(|v| v.split_once(':').map_or(v.as_str(), |(_, word)| word));
    Route {
        given,
        open: prefix.starts_with('…'),
        words: words.map(str::to_owned).collect(),
    }
}

/// Whether a method that takes these parameters can be called with what a route gives.
fn accepts(takes: &[String], route: &Route) -> bool {
    let any = takes.iter().any(|t| t == "**");
    let known = |name: &String| takes.iter().any(|t| t.trim_end_matches('?') == name);
    // What has no name comes by position.
    let unnamed = |name: &str| {
        let digits = name.strip_prefix("arg");
        digits.is_some_and(|d| d.parse::<u8>().is_ok())
    };
    if route.given.iter().any(|name| unnamed(name)) {
        return true;
    }
    let needed = takes.iter().filter(|t| *t != "**" && !t.ends_with('?'));
    let mut missing = needed.filter(|t| !route.given.contains(*t));
    (any || route.given.iter().all(known)) && (route.open || missing.next().is_none())
}
