//! Who may send which request, by the rules of Spring Security: of the chains the first whose paths fit, of its
//! rules the first that does.

use crate::extractors::spring_access::{CHAIN, UNREAD};
use crate::facts::{Claim, Handler};
use crate::resolve::names::is_aside;
use crate::resolve::outcomes::add_status;
use crate::resolve::world::World;
use groundplan_model::{Evidence, Operation};
use std::collections::BTreeMap;

/// The chains of each project in the order in which they are asked: those for some paths first.
#[derive(Default)]
pub(crate) struct SpringAccess<'f> {
    chains: BTreeMap<Option<usize>, Vec<(&'f Handler, &'f Evidence)>>,
}

impl<'f> SpringAccess<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = SpringAccess::default();
        for (file, fact) in world.facts() {
            if let Claim::Handler(handler) = &fact.claim
                && handler.name.starts_with(CHAIN)
                && !is_aside(&file.path)
            {
                let project = world.project_of(&file.path);
                let all = found.chains.entry(project).or_default();
                all.push((handler.as_ref(), &fact.at));
            }
        }
        for all in found.chains.values_mut() {
            all.sort_by_key(|(chain, _)| chain.methods.is_empty());
        }
        found
    }

    /// Adds to an operation what the rules ask of callers at its whole path, and what those are answered who may
    /// not.
    pub(crate) fn answer(&self, made: &mut Operation, path: &str, project: Option<usize>) {
        let Some((rule, at)) = self.rule(&made.method, path, project) else {
            return;
        };
        let name = rule.split('(').next().unwrap_or(rule);
        let free = matches!(name, "permitAll" | "anonymous");
        if free || name.is_empty() || rule.len() > 100 {
            return;
        }
        if !made.guards.iter().any(|guard| guard == rule) {
            made.guards.push(rule.to_owned());
        }
        let known =
            |made: &Operation, status: &str| made.responses.iter().any(|r| r.status == status);
        let mut statuses = vec!["401"];
        if !matches!(name, "authenticated" | "fullyAuthenticated" | "rememberMe") {
            statuses.push("403");
        }
        for status in statuses {
            // What a contract does not say, the code does beside it.
            let by_contract = made
                .provenance
                .first()
                .is_some_and(|e| !e.path.ends_with("java"));
            if known(made, status) || made.undeclared.iter().any(|s| s == status) {
                continue;
            }
            match by_contract && !made.responses.is_empty() {
                true => made.undeclared.push(status.to_owned()),
                false => add_status(made, status),
            }
        }
        made.undeclared.sort();
        made.responses
            .sort_by_key(|r| (r.status.starts_with(['4', '5']), r.status.clone()));
        made.provenance = made.provenance.clone().and([at.clone()]);
    }

    fn rule(
        &self,
        method: &str,
        path: &str,
        project: Option<usize>,
    ) -> Option<(&'f str, &'f Evidence)> {
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
                    return Some((&rule.name, at));
                }
            }
        }
        None
    }
}

/// Whether a pattern of Ant holds for a path with parameters: `*` is one part, `**` any number of them
/// (<https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/util/AntPathMatcher.html>).
fn matches(pattern: &str, path: &str) -> bool {
    let parts = |text: &'_ str| -> Vec<String> {
        let all = text.split('/').filter(|part| !part.is_empty());
        all.map(str::to_owned).collect()
    };
    fits(&parts(pattern), &parts(path))
}

fn fits(pattern: &[String], path: &[String]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "**" => {
            fits(rest, path)
                || path
                    .split_first()
                    .is_some_and(|(_, more)| fits(pattern, more))
        }
        (Some((first, rest)), Some((part, more))) => {
            let one = first == "*" || first.starts_with('{') || first == part || {
                let around = first.split_once('*');
                around.is_some_and(|(head, tail)| {
                    !part.starts_with('{') && part.starts_with(head) && part.ends_with(tail)
                })
            };
            one && fits(rest, more)
        }
        _ => false,
    }
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
        assert!(!matches("/api/orders/open", "/api/orders/{id}"));
        assert!(!matches("/api/orders/*", "/api/orders/{id}/lines"));
        assert!(!matches("/api/orders", "/api/orders/{id}"));
    }
}
