//! Who may send which request, by the rules of Spring Security: of the chains the first whose paths fit, of its
//! rules the first that does.

use crate::extractors::java_refusals::FILTER;
use crate::extractors::spring_access::{CHAIN, UNREAD};
use crate::facts::{Claim, Handler};
use crate::resolve::names::is_aside;
use crate::resolve::world::{World, glob};
use crate::statuses;
use groundplan_model::{Evidence, Operation};
use std::collections::BTreeMap;

/// The chains of each project in the order in which they are asked: those for some paths first.
#[derive(Default)]
pub(crate) struct SpringAccess<'f> {
    chains: BTreeMap<Option<usize>, Vec<(&'f Handler, &'f Evidence)>>,
    /// Filters of the program by the names that chains call them by; none where several are called so.
    filters: BTreeMap<&'f str, Option<(&'f Handler, &'f Evidence)>>,
}

impl<'f> SpringAccess<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = SpringAccess::default();
        for (file, fact) in world.facts() {
            let Claim::Handler(handler) = &fact.claim else {
                continue;
            };
            let name = handler.name.as_str();
            let (filter, chain) = (name.starts_with(FILTER), name.starts_with(CHAIN));
            if !filter && !chain || is_aside(&file.path) {
                continue;
            }
            let seen = (handler.as_ref(), &fact.at);
            if filter {
                let known = found.filters.contains_key(name);
                found.filters.insert(name, (!known).then_some(seen));
            } else {
                let project = world.project_of(&file.path);
                found.chains.entry(project).or_default().push(seen);
            }
        }
        for all in found.chains.values_mut() {
            all.sort_by_key(|(chain, _)| chain.methods.is_empty());
        }
        found
    }

    /// Adds to an operation what the rules ask of callers at its whole path, and what those are answered who may
    /// not.
    pub(crate) fn answer(
        &self,
        made: &mut Operation,
        path: &str,
        project: Option<usize>,
        by_contract: bool,
    ) {
        let Some((rule, chain, at)) = self.rule(&made.method, path, project) else {
            return;
        };
        let name = rule.split('(').next().unwrap_or(rule);
        let free = matches!(name, "permitAll" | "anonymous") || rule.contains("permitAll");
        if free || name.is_empty() {
            return;
        }
        if !made.guards.iter().any(|guard| guard == rule) {
            made.guards.push(rule.to_owned());
        }
        let rights = !matches!(name, "authenticated" | "fullyAuthenticated" | "rememberMe");
        let of_unknown = chain.responses.iter().map(|r| r.status.as_str());
        // An entry point of the program answers callers who are not known.
        made.more_outcomes |= chain.responses.is_empty() && !made.responses.is_empty();
        for status in of_unknown.chain(rights.then_some("403")) {
            if made.undeclared.iter().any(|s| s == status) {
                continue;
            }
            // What a contract does not say, the code does beside it.
            match by_contract && !made.responses.is_empty() {
                true if made.responses.iter().any(|r| r.status == status) => {}
                true => made.undeclared.push(status.to_owned()),
                false => statuses::add(&mut made.responses, status),
            }
        }
        for filter in &chain.calls {
            match self.filters.get(filter.as_str()).copied().flatten() {
                // A filter that answers in place of the handlers may do so in other ways as well.
                Some((filter, place)) if !filter.responses.is_empty() => {
                    made.more_outcomes = true;
                    if !by_contract {
                        for response in &filter.responses {
                            statuses::add(&mut made.responses, &response.status);
                        }
                        made.provenance = made.provenance.clone().and([place.clone()]);
                    }
                }
                Some((filter, _)) => {
                    made.more_outcomes |= filter.leaves && !made.responses.is_empty();
                }
                None => made.more_outcomes |= !made.responses.is_empty(),
            }
        }
        made.undeclared.sort();
        statuses::in_order(&mut made.responses);
        made.provenance = made.provenance.clone().and([at.clone()]);
    }

    fn rule(
        &self,
        method: &str,
        path: &str,
        project: Option<usize>,
    ) -> Option<(&'f str, &'f Handler, &'f Evidence)> {
        let chains = self.chains.get(&project)?;
        // Which of several for all paths is asked, an order says that was not read.
        let open = chains.iter().filter(|(chain, _)| chain.methods.is_empty());
        let several = open.count() > 1;
        let fits = |chain: &Handler| {
            chain.methods.is_empty() && !several
                || chain.methods.iter().any(|pattern| matches(pattern, path))
        };
        if chains
            .iter()
            .any(|(chain, _)| chain.methods.iter().any(|p| p == UNREAD))
        {
            return None;
        }
        let (chain, at) = chains.iter().find(|(chain, _)| fits(chain))?;
        for rule in &chain.befores {
            for pattern in &rule.only {
                let (of, pattern) = pattern.split_once(' ').unwrap_or(("", pattern));
                if pattern == UNREAD {
                    return None;
                }
                if (of.is_empty() || of == method) && matches(pattern, path) {
                    return Some((&rule.name, chain, at));
                }
            }
        }
        None
    }
}

/// Whether a pattern of Ant holds for a path with parameters: `*` is one part, `**` any number of them
/// (<https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/util/AntPathMatcher.html>).
fn matches(pattern: &str, path: &str) -> bool {
    let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    // Whether what follows in the pattern holds for what follows in the path, from the end of both.
    let mut rest: Vec<bool> = (0..=path.len()).map(|i| i == path.len()).collect();
    for one in pattern.split('/').filter(|part| !part.is_empty()).rev() {
        let mut next = vec![false; path.len() + 1];
        for i in (0..=path.len()).rev() {
            let more = path.get(i);
            next[i] = match one {
                "**" => rest[i] || more.is_some() && next[i + 1],
                one => more.is_some_and(|part| is_part(one, part)) && rest[i + 1],
            };
        }
        rest = next;
    }
    rest[0]
}

/// Whether one part of a pattern holds for one of a path.
fn is_part(pattern: &str, part: &str) -> bool {
    pattern == "*"
        || pattern.starts_with('{')
        || pattern == part
        || !part.starts_with('{') && glob(pattern, part)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_hold_for_paths_with_parameters() {
        assert!(matches("/api/orders/*", "/api/orders/{id}"));
        assert!(matches("/api/**", "/api/orders/{id}/lines"));
        assert!(matches("/rest/**", "/rest/{service}/**"));
        assert!(matches("/files/*.png", "/files/a.png"));
        assert!(!matches("/files/a*a", "/files/a"));
        let many = "/**/a".repeat(40);
        assert!(!matches(&format!("{many}/b"), &"/a".repeat(80)));
        assert!(!matches("/api/orders/open", "/api/orders/{id}"));
        assert!(!matches("/api/orders/*", "/api/orders/{id}/lines"));
        assert!(!matches("/api/orders", "/api/orders/{id}"));
    }
}
