//! Plugs of controllers.

use crate::elixir::{self, Statement};
use crate::extractors::elixir_marks;
use crate::facts::Before;
use std::collections::BTreeMap;

/// `plug Shop.Auth when action in [:show]`, `plug :authorize, [role: :admin] when action not in [:index]`
pub(super) fn before(plug: &Statement, aliases: &BTreeMap<String, String>) -> Option<Before> {
    let text = plug.arguments.join(", ");
    let (given, guard) = match text.split_once(" when ") {
        Some((given, guard)) => (given, Some(guard)),
        None => (text.as_str(), None),
    };
    let first = given.split(',').next().unwrap_or(given).trim();
    let name = match first.strip_prefix(':') {
        Some(_) => first.to_owned(),
        None => elixir::expanded(first, aliases),
    };
    let plain = name.trim_start_matches(':');
    if plain.is_empty()
        || !plain
            .chars()
            .all(|c| c.is_alphanumeric() || "_.?!".contains(c))
    {
        return None;
    }
    let mut made = Before {
        asks: elixir_marks::asks(plain),
        name,
        ..Before::default()
    };
    if let Some(guard) = guard {
        match actions(guard) {
            Some((names, true)) => made.only = names,
            Some((names, false)) => made.except = names,
            None => made.depends = true,
        }
    }
    Some(made)
}

/// The actions that a guard names, and whether it is those or all others.
fn actions(guard: &str) -> Option<(Vec<String>, bool)> {
    let rest = guard.trim().strip_prefix("action ")?.trim();
    let (rest, only) = match rest.strip_prefix("not in ").or(rest.strip_prefix("!= ")) {
        Some(rest) => (rest, false),
        None => (rest.strip_prefix("in ").or(rest.strip_prefix("== "))?, true),
    };
    let rest = rest.trim();
    let names = match elixir::list(rest) {
        Some(list) => list,
        None => match rest.strip_prefix("~w(").and_then(|r| r.strip_suffix(")a")) {
            Some(words) => words.split_whitespace().map(|w| format!(":{w}")).collect(),
            None => vec![rest.to_owned()],
        },
    };
    let names = names
        .iter()
        .map(|n| Some(elixir::name(n.strip_prefix(':')?)?.to_owned()));
    let names: Vec<String> = names.collect::<Option<_>>()?;
    (!names.is_empty()).then_some((names, only))
}

#[cfg(test)]
mod tests {
    use super::actions;

    #[test]
    fn actions_of_guards() {
        let of = |text| actions(text).map(|(names, only)| (names.join(" "), only));
        assert_eq!(
            of("action in [:show, :edit]"),
            Some(("show edit".to_owned(), true))
        );
        assert_eq!(of("action == :show"), Some(("show".to_owned(), true)));
        assert_eq!(
            of("action not in ~w(a b)a"),
            Some(("a b".to_owned(), false))
        );
        assert_eq!(of("action in @reading"), None);
    }
}
