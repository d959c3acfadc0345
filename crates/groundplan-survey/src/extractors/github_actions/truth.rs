//! When an expression of GitHub Actions holds, as far as its events, branches, tags and inputs tell
//! (<https://docs.github.com/actions/reference/workflows-and-actions/expressions>).

use super::limit;
use groundplan_model::CALLED;
use std::collections::BTreeMap;

/// When an expression holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Always,
    Never,
    /// In words that follow `only`: `for tags v*`, `on push`.
    When(String),
}

/// What is known where an expression stands.
pub(crate) struct Given<'g> {
    /// What starts the pipeline.
    pub(crate) triggers: &'g [String],
    /// The inputs, where they are known.
    pub(crate) inputs: Option<&'g BTreeMap<String, String>>,
}

/// What cannot be told in words.
const UNTOLD: &str = "under a condition of its own";
/// Expressions longer than this are not followed.
const LONGEST: usize = 300;
/// How deep brackets and inputs of inputs are followed.
const DEEPEST: usize = 6;

impl Truth {
    /// Holds where both do.
    pub(crate) fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Never, _) | (_, Truth::Never) => Truth::Never,
            (Truth::Always, rest) | (rest, Truth::Always) => rest,
            (Truth::When(one), Truth::When(two)) if one == two => Truth::When(one),
            // What is known says more than that there is something else.
            (Truth::When(one), Truth::When(two)) if one == UNTOLD || two == UNTOLD => {
                let known = if one == UNTOLD { two } else { one };
                match known == UNTOLD {
                    true => Truth::When(known),
                    false => Truth::When(format!("{known} and {UNTOLD}")),
                }
            }
            (Truth::When(one), Truth::When(two)) => Truth::When(format!("{one} and {two}")),
        }
    }

    fn or(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::Always, _) | (_, Truth::Always) => Truth::Always,
            (Truth::Never, rest) | (rest, Truth::Never) => rest,
            (Truth::When(one), Truth::When(two)) if one == two => Truth::When(one),
            (Truth::When(one), Truth::When(two)) if one == UNTOLD || two == UNTOLD => untold(),
            (Truth::When(one), Truth::When(two)) => Truth::When(format!("{one} or {two}")),
        }
    }
}

/// The inside of `${{ … }}` where that is the whole text.
pub(crate) fn inside(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    (!inner.contains("}}")).then_some(inner.trim())
}

/// When an expression holds, with or without `${{ }}` around it.
pub(crate) fn truth(expression: &str, given: &Given<'_>) -> Truth {
    of(inside(expression).unwrap_or(expression), given, DEEPEST)
}

fn untold() -> Truth {
    Truth::When(UNTOLD.to_owned())
}

/// Where nobody knows what an input is given.
fn by_input(name: &str) -> Truth {
    Truth::When(format!("where its input {name} says so"))
}

fn of(text: &str, given: &Given<'_>, depth: usize) -> Truth {
    let text = text.trim();
    if depth == 0 || text.len() > LONGEST {
        return untold();
    }
    if matches!(
        text,
        "always()" | "success()" | "!cancelled()" | "!failure()"
    ) {
        return Truth::Always;
    }
    let some = split(text, "||");
    if some.len() > 1 {
        let all = some.into_iter().map(|part| of(part, given, depth - 1));
        return all.fold(Truth::Never, Truth::or);
    }
    let all = split(text, "&&");
    if all.len() > 1 {
        let all = all.into_iter().map(|part| of(part, given, depth - 1));
        return all.fold(Truth::Always, Truth::and);
    }
    if let Some(inner) = bracketed(text) {
        return of(inner, given, depth - 1);
    }
    if let Some(rest) = text.strip_prefix('!').filter(|r| !r.starts_with('=')) {
        return match of(rest, given, depth - 1) {
            Truth::Always => Truth::Never,
            Truth::Never => Truth::Always,
            Truth::When(_) => untold(),
        };
    }
    for (sign, equal) in [("==", true), ("!=", false)] {
        if let [left, right] = split(text, sign).as_slice() {
            return compared(left.trim(), right.trim(), equal, given, depth);
        }
    }
    let bare = text
        .strip_prefix("fromJSON(")
        .and_then(|r| r.strip_suffix(')'));
    atom(bare.unwrap_or(text).trim(), given, depth)
}

fn atom(text: &str, given: &Given<'_>, depth: usize) -> Truth {
    match text.trim_matches(['\'', '"']) {
        "true" => return Truth::Always,
        "false" | "" | "0" => return Truth::Never,
        _ => {}
    }
    if let Some(name) = input(text) {
        return match given.inputs.map(|all| all.get(name)) {
            Some(Some(value)) => of_value(value, given, depth),
            Some(None) => Truth::Never,
            None => by_input(name),
        };
    }
    limit(text).map_or_else(untold, Truth::When)
}

/// When the value of an input holds.
fn of_value(value: &str, given: &Given<'_>, depth: usize) -> Truth {
    match inside(value) {
        // What the caller wrote speaks of its own inputs, which were put in place before.
        Some(inner) => {
            let outer = Given {
                triggers: given.triggers,
                inputs: None,
            };
            of(inner, &outer, depth - 1)
        }
        None if value.contains("${{") => untold(),
        None => match value.trim() {
            "" | "false" | "0" => Truth::Never,
            _ => Truth::Always,
        },
    }
}

fn input(text: &str) -> Option<&str> {
    let name = ["inputs.", "github.event.inputs."]
        .iter()
        .find_map(|begin| text.strip_prefix(begin))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

fn compared(left: &str, right: &str, equal: bool, given: &Given<'_>, depth: usize) -> Truth {
    let turned = |truth: Truth| match (truth, equal) {
        (truth, true) => truth,
        (Truth::Always, false) => Truth::Never,
        (Truth::Never, false) => Truth::Always,
        (Truth::When(_), false) => untold(),
    };
    let quoted = |text: &str| {
        let inner = text
            .strip_prefix('\'')
            .and_then(|t| t.strip_suffix('\''))
            .or_else(|| text.strip_prefix('"').and_then(|t| t.strip_suffix('"')));
        inner
            .or_else(|| matches!(text, "true" | "false").then_some(text))
            .map(str::to_owned)
    };
    let Some(value) = quoted(right) else {
        return untold();
    };
    if left == "github.event_name" {
        return event(&value, equal, given.triggers);
    }
    // Copies of a repository leave out what the repository itself does.
    if matches!(left, "github.repository" | "github.repository_owner") {
        return turned(Truth::Always);
    }
    if let Some(name) = input(left) {
        let Some(inputs) = given.inputs else {
            return match (value.as_str(), equal) {
                ("true", true) | ("false" | "", false) => by_input(name),
                _ => untold(),
            };
        };
        let is = inputs.get(name).map_or("", String::as_str);
        if let Some(inner) = inside(is) {
            let handed = ["secrets.", "github.token", "env."];
            return match value.as_str() {
                "" if handed.iter().any(|h| inner.contains(h)) => turned(Truth::Never),
                "true" => turned(of_value(is, given, depth)),
                _ => untold(),
            };
        }
        if is.contains("${{") {
            return match value.is_empty() {
                true => turned(Truth::Never),
                false => untold(),
            };
        }
        return turned(match is == value {
            true => Truth::Always,
            false => Truth::Never,
        });
    }
    if !equal {
        return untold();
    }
    limit(&format!("{left} == '{value}'")).map_or_else(untold, Truth::When)
}

/// The event behind a phrase of what starts a pipeline; `None` where another workflow does.
pub(crate) fn event_of(trigger: &str) -> Option<&str> {
    if trigger == CALLED {
        return None;
    }
    let mut known = groundplan_model::EVENTS.into_iter();
    let found = known.find(|(begin, _)| trigger.starts_with(begin));
    Some(found.map_or(trigger, |(_, event)| event))
}

/// Whether all that starts a pipeline is a change that somebody asks to merge: what runs for it releases nothing.
pub(crate) fn only_tries(triggers: &[String]) -> bool {
    let tries = |t: &String| t.starts_with("pull request") && !t.contains("secrets");
    !triggers.is_empty() && triggers.iter().all(tries)
}

fn event(name: &str, equal: bool, triggers: &[String]) -> Truth {
    let plain = |event: &str| event.replace('_', " ");
    let words = match (name, equal) {
        ("workflow_dispatch", true) => "by hand".to_owned(),
        ("workflow_dispatch", false) => "unless started by hand".to_owned(),
        (_, true) => format!("on {}", plain(name)),
        (_, false) => format!("on all events but {}", plain(name)),
    };
    if triggers.is_empty() || triggers.iter().any(|t| event_of(t).is_none()) {
        return Truth::When(words);
    }
    let of = |t: &&String| event_of(t).is_some_and(|event| plain(event) == plain(name));
    let hits = triggers.iter().filter(of).count();
    match (hits, equal) {
        (0, true) => Truth::Never,
        (0, false) => Truth::Always,
        (n, true) if n == triggers.len() => Truth::Always,
        (n, false) if n == triggers.len() => Truth::Never,
        _ => Truth::When(words),
    }
}

/// What a bracket around the whole encloses.
fn bracketed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i32;
    for c in inner.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
}

/// The parts of an expression between signs that stand in no bracket and no quotes.
fn split<'t>(text: &'t str, sign: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut quoted, mut from) = (0_i32, false, 0);
    for (at, c) in text.char_indices() {
        if at < from {
            continue;
        }
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ if !quoted && depth == 0 && text.get(at..).is_some_and(|t| t.starts_with(sign)) => {
                parts.push(text.get(from..at).unwrap_or_default());
                from = at + sign.len();
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(triggers: &[&str], expression: &str) -> Truth {
        let triggers: Vec<String> = triggers.iter().map(|t| (*t).to_owned()).collect();
        let given = Given {
            triggers: &triggers,
            inputs: None,
        };
        truth(expression, &given)
    }

    #[test]
    fn events_are_those_that_start_the_pipeline() {
        let but = "${{ github.event_name != 'pull_request' }}";
        assert_eq!(on(&["push to main"], but), Truth::Always);
        assert_eq!(on(&["pull request to main"], but), Truth::Never);
        assert_eq!(
            on(&["push to main", "pull request"], but),
            Truth::When("on all events but pull request".to_owned())
        );
        let pushed = "github.event_name == 'push' && github.repository == 'acme/shop'";
        assert_eq!(on(&["tag v*"], pushed), Truth::Always);
        assert_eq!(
            on(&["tag v*", "manual"], pushed),
            Truth::When("on push".to_owned())
        );
        let tags = "startsWith(github.ref, 'refs/tags/v')";
        assert_eq!(
            on(&["push to main"], tags),
            Truth::When("for tags v*".to_owned())
        );
        assert_eq!(on(&["push to main"], "steps.check.outputs.push"), untold());
    }

    #[test]
    fn inputs_are_what_the_caller_gives() {
        let triggers = vec!["push to main".to_owned(), "pull request".to_owned()];
        let told = |value: &str, expression: &str| {
            let inputs = BTreeMap::from([("push".to_owned(), value.to_owned())]);
            let given = Given {
                triggers: &triggers,
                inputs: Some(&inputs),
            };
            truth(expression, &given)
        };
        assert_eq!(told("true", "inputs.push"), Truth::Always);
        assert_eq!(told("false", "inputs.push == 'true'"), Truth::Never);
        assert_eq!(told("false", "!inputs.push"), Truth::Always);
        assert_eq!(
            told("", "(inputs.push != '' || inputs.other) && true"),
            Truth::Never
        );
        assert_eq!(
            told("${{ github.event_name == 'push' }}", "inputs.push"),
            Truth::When("on push".to_owned())
        );
        assert_eq!(
            told("${{ secrets.KEY }}", "inputs.push != ''"),
            Truth::Always
        );
    }
}
