//! Addresses that a registry of services gives.

use super::{Arguments, Values};
use groundplan_syntax::{Code, Language};

/// Calls of a registry whose first argument is the name of a service: `DiscoveryClient`,
/// `LoadBalancerClient` and `EurekaClient`.
const LOOKUPS: [&str; 4] = [
    "choose",
    "getInstances",
    "getInstancesByVipAddress",
    "getNextServerFromEureka",
];

/// What leads from instances to an address.
const STEPS: [&str; 10] = [
    "findAny",
    "findFirst",
    "get",
    "getFirst",
    "getHomePageUrl",
    "getUri",
    "next",
    "orElseThrow",
    "stream",
    "toString",
];

impl Values<'_, '_> {
    /// `discoveryClient.getInstances("cart")` is `http://cart`, and so is a step from a variable
    /// that holds it.
    pub(super) fn discovered(
        &self,
        first: usize,
        last: usize,
        given: &Arguments,
        depth: u32,
    ) -> Option<String> {
        let code = self.code;
        if !matches!(code.language, Language::Java | Language::Kotlin) || first == last {
            return None;
        }
        let word = code.ident(last)?;
        if LOOKUPS.contains(&word) {
            let receiver = code.dotted(first, last).to_ascii_lowercase();
            let registry = ["discovery", "eureka", "balancer", "registry"];
            if word == "choose" && !registry.iter().any(|w| receiver.contains(w)) {
                return None;
            }
            let range = code.arguments(last + 1).first()?.clone();
            let name = self.expression(range, given, depth + 1)?;
            return Some(format!("http://{name}"));
        }
        // `instances.get(0).getUri()`
        if last != first + 2 || !STEPS.contains(&word) {
            return None;
        }
        let name = code.ident(first)?;
        let value = self.assignment_for(name, first, true)?;
        let end = self.end_of_value(value);
        let looked_up = (value..end.min(value + 12)).any(|at| LOOKUPS.contains(&code.raw(at)));
        if !looked_up || (value..end).contains(&first) {
            return None;
        }
        self.expression(value..end, given, depth + 1)
    }
}

/// The index behind the steps that follow a call which closes at `close`.
pub(super) fn after(code: &Code<'_>, close: usize) -> usize {
    let mut at = close + 1;
    while code.is(at, ".")
        && STEPS.contains(&code.raw(at + 1))
        && code.is(at + 2, "(")
        && let Some(close) = code.partner(at + 2)
    {
        at = close + 1;
    }
    at
}
