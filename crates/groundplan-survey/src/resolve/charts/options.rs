//! What the templates of a chart make only where its values ask for it, and which values they take.

use crate::facts::{Autoscaler, Deployable, Placed};
use groundplan_model::Evidence;
use groundplan_syntax::Data;
use std::collections::BTreeSet;

/// The attribute of a workload that names a variable and the value of the chart which it takes, and which is empty
/// by default: `MAIL_FROM; mail.from`.
const CHART_VALUE: &str = "chart-value";

/// Blocks in each other, and lines of one template, that are looked at, at most.
const DEEPEST: usize = 32;
const MOST_LINES: usize = 5_000;

/// A block of a template that is made under a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block<'t> {
    /// `if`, with its condition as written.
    If(&'t str),
    /// `with`, with what it is about.
    With(&'t str),
    /// The other branch of one, and what says no condition.
    Other,
}

/// A line of a template with the blocks around it, the outermost first.
struct Line<'t> {
    number: u32,
    text: &'t str,
    under: Vec<Block<'t>>,
}

/// The value that a condition asks for, where it asks for one alone to be set: `.Values.ingress.enabled`,
/// `$.Values.ingress.enabled`, `.Values.persistence`.
fn value_of(condition: &str) -> Option<&str> {
    let path = condition.trim().trim_start_matches('$');
    let path = path.strip_prefix(".Values.")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    // A path of many keys is nobody's, and would be followed key by key.
    let short = path.split('.').count() <= DEEPEST;
    (!path.is_empty() && short && path.chars().all(plain)).then_some(path)
}

/// All values that a condition asks for which joins them with `and` alone: `and .Values.a.enabled .Values.b.enabled`.
/// What the cluster can do may stand beside them. Any other function may ask for something else.
fn values_of(condition: &str) -> Vec<&str> {
    let words = condition.split([' ', '(', ')']).filter(|w| !w.is_empty());
    let mut all = Vec::new();
    for word in words {
        let of_cluster = word.trim_start_matches('$').starts_with(".Capabilities.");
        match value_of(word) {
            Some(path) => all.push(path),
            None if word == "and" || of_cluster || word.starts_with(['"', '`']) => {}
            None => return Vec::new(),
        }
    }
    all
}

/// The lines of a template with the blocks around each.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut all = Vec::new();
    let mut stack: Vec<Block<'_>> = Vec::new();
    let mut comment = false;
    for (number, line) in (1_u32..).zip(text.lines().take(MOST_LINES)) {
        all.push(Line {
            number,
            text: line,
            under: stack.clone(),
        });
        let mut rest = line;
        loop {
            if comment {
                let Some((_, after)) = rest.split_once("*/") else {
                    break;
                };
                (rest, comment) = (after, false);
            }
            let Some((_, after)) = rest.split_once("{{") else {
                break;
            };
            let inner = after.trim_start_matches('-').trim_start();
            if let Some(inner) = inner.strip_prefix("/*") {
                (rest, comment) = (inner, true);
                continue;
            }
            let (action, after) = inner.split_once("}}").unwrap_or((inner, ""));
            act(&mut stack, action.trim_end_matches('-').trim());
            rest = after;
        }
    }
    all
}

fn act<'t>(stack: &mut Vec<Block<'t>>, action: &'t str) {
    let (word, rest) = action.split_once(' ').unwrap_or((action, ""));
    let block = match word {
        "if" => Block::If(rest.trim()),
        "with" => Block::With(rest.trim()),
        "range" | "define" | "block" => Block::Other,
        "else" => {
            if let Some(last) = stack.last_mut() {
                *last = Block::Other;
            }
            return;
        }
        "end" => {
            stack.pop();
            return;
        }
        _ => return,
    };
    if stack.len() < DEEPEST {
        stack.push(block);
    }
}

/// The kinds of objects that a template may make, as its lines name them.
pub(super) fn kinds(text: &str) -> BTreeSet<&str> {
    let named = text.lines().take(MOST_LINES).filter_map(|line| {
        let kind = line.strip_prefix("kind:")?.trim().trim_matches('"');
        let plain = kind.bytes().all(|b| b.is_ascii_alphanumeric()) && !kind.is_empty();
        plain.then_some(kind)
    });
    named.filter(|kind| *kind != "List").collect()
}

/// The values that have to be set for a template to make anything, where it names them and they are off by default.
pub(super) fn asked<'t>(text: &'t str, dot: &Data) -> Vec<&'t str> {
    let all = lines(text);
    let kind = all.iter().find(|line| line.text.starts_with("kind:"));
    let under = kind.map_or(&[][..], |line| &line.under[..]);
    let conditions = under.iter().flat_map(|block| match block {
        Block::If(condition) => values_of(condition),
        _ => Vec::new(),
    });
    let values = dot.get("Values");
    let mut all: Vec<&str> = Vec::new();
    for path in conditions {
        if values.at(path).truth() == Some(false) && !all.contains(&path) {
            all.push(path);
        }
    }
    all
}

/// The same values with some of them set.
pub(super) fn with_set(dot: &Data, paths: &[&str]) -> Data {
    fn set(data: &Data, mut keys: std::str::Split<'_, char>) -> Data {
        match keys.next() {
            Some(key) => data.with(key, set(&data.get(key), keys)),
            None => Data::Bool(true),
        }
    }
    let values = paths.iter().fold(dot.get("Values"), |values, path| {
        set(&values, path.split('.'))
    });
    dot.with("Values", values)
}

/// What a rule of scaling says that is made only where values ask for it: `1 to 5 replicas by cpu 80 %;
/// autoscaling.enabled`.
pub(crate) fn optional(scaler: &Autoscaler) -> Option<String> {
    let bounds = match (&scaler.min, &scaler.max) {
        (Some(min), Some(max)) => format!("{min} to {max} replicas"),
        (None, Some(max)) => format!("at most {max} replicas"),
        _ => return None,
    };
    let by = match scaler.metrics.is_empty() {
        true => String::new(),
        false => format!(" by {}", scaler.metrics.join(", ")),
    };
    Some(format!("{bounds}{by}; {}", scaler.asks.join(", ")))
}

/// Notes at a workload which strategy its template gives it only where a value asks for it: `Recreate;
/// persistence.enabled`, or without a strategy the value that is one.
pub(super) fn note_strategy(
    unit: &mut Deployable,
    text: &str,
    dot: &Data,
    evidence: &dyn Fn(u32, u32) -> Evidence,
) {
    let known = |key: &str| unit.attributes.iter().any(|(own, _)| own == key);
    if !matches!(unit.kind.as_str(), "Deployment" | "StatefulSet") || known("rollout") {
        return;
    }
    if !text.contains("trategy:") {
        return;
    }
    let all = lines(text);
    let heads = |line: &&Line<'_>| {
        let key = line.text.trim_end();
        matches!(key, "  strategy:" | "  updateStrategy:")
    };
    let mut found = all.iter().filter(heads);
    let (Some(head), None) = (found.next(), found.next()) else {
        return;
    };
    // A file with several objects does not say which of them is meant.
    if all.iter().filter(|l| l.text.starts_with("kind:")).count() != 1 {
        return;
    }
    let (key, first) = match head.under.last() {
        Some(Block::If(condition)) => (value_of(condition), false),
        Some(Block::With(of)) => (value_of(of), true),
        _ => return,
    };
    let off = |key: &&str| dot.get("Values").at(key).truth() == Some(false);
    let Some(key) = key.filter(off) else { return };
    let inner = all.iter().skip_while(|l| l.number <= head.number);
    let mut inner = inner.take_while(|l| l.text.starts_with("    ") || l.text.trim().is_empty());
    let kind = inner.find_map(|l| {
        let kind = l.text.trim().strip_prefix("type:")?.trim();
        (!kind.contains('{')).then_some((l.number, kind))
    });
    let (last, value) = match kind {
        Some((last, kind)) if !first => (last, format!("{kind}; {key}")),
        _ if first => (head.number, format!("; {key}")),
        _ => return,
    };
    let at = evidence(head.number.saturating_sub(1).max(1), last);
    (unit.attributes).push(("rollout.optional".to_owned(), Placed { value, at }));
}

/// Names the values of the chart that variables of a workload take, where these are empty by default.
pub(super) fn name_values(unit: &mut Deployable, text: &str) {
    /// Words of actions that take a value for something else than what it is.
    const OTHERS: [&str; 14] = [
        "and", "eq", "if", "include", "index", "join", "lookup", "ne", "not", "or", "printf",
        "range", "ternary", "with",
    ];
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    let mut named = Vec::new();
    for env in &unit.env {
        if env.value.as_deref() != Some("") || env.from.is_some() {
            continue;
        }
        let (first, last) = (env.at.lines[0] as usize, env.at.lines[1] as usize);
        let own = lines.get(first.saturating_sub(1)..last.min(lines.len()));
        let own = own.unwrap_or_default();
        let apart = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-' | '$');
        let mut words = own.iter().flat_map(|line| line.split(apart));
        if words.any(|word| OTHERS.contains(&word)) {
            continue;
        }
        let takes = own.iter().flat_map(|line| {
            let mut parts = line.split(".Values.");
            parts.next();
            parts.map(|rest| {
                let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
                let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
                rest.get(..end).unwrap_or_default().trim_end_matches('.')
            })
        });
        let takes: BTreeSet<&str> = takes.filter(|key| !key.is_empty()).collect();
        if let (Some(key), 1) = (takes.first(), takes.len()) {
            let value = format!("{}; {key}", env.name);
            let at = env.at.clone();
            named.push((CHART_VALUE.to_owned(), Placed { value, at }));
        }
    }
    unit.attributes.extend(named);
}

#[cfg(test)]
mod tests {
    use super::{Data, asked, kinds, value_of};

    #[test]
    fn what_a_template_asks_for() {
        let none = Data::Null;
        for condition in [
            "and .Values.scaling.enabled (not .Values.fixed)",
            "gt (int .Values.replicas) 1",
            "hasKey .Values.scaling \"max\"",
        ] {
            let text = format!("{{{{- if {condition} }}}}\nkind: A\n{{{{- end }}}}\n");
            assert!(asked(&text, &none).is_empty(), "{condition}");
        }
        let text =
            "{{- if and .Values.a (.Capabilities.APIVersions.Has \"b/v2\") .Values.c }}\nkind: A\n";
        assert_eq!(asked(text, &none), ["a", "c"]);
        let set = super::with_set(&none, &["c"]);
        assert_eq!(asked(text, &set), ["a"]);
        let text = "{{/* if\n{{ if }} */}}\n{{- if .Values.scaling.enabled -}}\n{{ with .Values.x }}y{{ end }}\nkind: A\n{{- end }}\n";
        assert_eq!(asked(text, &none), ["scaling.enabled"]);
        let text = "{{- if .Values.a }}\n{{- else }}\nkind: A\n{{- end }}\n";
        assert!(asked(text, &none).is_empty());
    }

    #[test]
    fn kinds_stand_at_the_start_of_a_line() {
        let text = "kind: \"Service\"\n  kind: Deployment\nkind: {{ .Values.kind }}\nkind: List\n";
        assert_eq!(kinds(text).into_iter().collect::<Vec<_>>(), ["Service"]);
        assert_eq!(value_of("$.Values.a.b"), Some("a.b"));
        assert_eq!(value_of(".Values.a | default 1"), None);
    }
}
