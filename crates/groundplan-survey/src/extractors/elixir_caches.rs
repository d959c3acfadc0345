//! Elixir: caches that a program keeps in its own memory.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::extractors::phoenix_controllers;
use crate::facts::FileFacts;
use crate::paths;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-caches",
    docs: "\
### What it finds
Caches in the memory of a program of Elixir: modules of Nebulex (`use Nebulex.Cache`), caches of Cachex and ConCache
that are started under a name, tables of ETS, agents and persistent terms that their own name, that of their module or
that of their file calls a cache; how long entries are kept, where that is written as a number.

### What it does not find
Tables and agents that nothing calls a cache, what fills and empties them, adapters that are set when the program starts.
",
    reads: &[Reads::Paths(&["*.ex"])],
    markers: &[
        "Nebulex.Cache", "Cachex", "ConCache", ":ets.new", "Agent.start", ":persistent_term.put",
    ],
    run: extract,
};

/// Blocks in blocks at most.
const DEEPEST: u32 = 20;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    let all = elixir::statements(file.text);
    for (name, module) in elixir::modules(&all) {
        visit(acc, file, &name, &module.body, 0);
    }
}

fn visit(acc: &mut FileFacts, file: &SourceFile<'_>, module: &str, all: &[Statement], depth: u32) {
    if depth > DEEPEST {
        return;
    }
    for statement in all {
        // A macro makes modules of others, and documentation shows what others write.
        if matches!(statement.word.as_str(), "quote" | "defmodule")
            || statement.word.ends_with("doc")
        {
            continue;
        }
        let text = phoenix_controllers::written(statement);
        if let Some((name, detail)) = cache(&text, statement, module, file) {
            let line = statement.lines.0;
            scan::mark(acc, file, line, Topic::CacheUse, &name, Some(detail));
        }
        visit(acc, file, module, &statement.body, depth + 1);
    }
}

/// The name of the cache that a statement makes, and what it is.
fn cache(
    text: &str,
    statement: &Statement,
    module: &str,
    file: &SourceFile<'_>,
) -> Option<(String, String)> {
    let name_of = |rest: &str| match named(rest) {
        Some(name) => Some(name),
        None => rest.contains(":start_link").then(|| module.to_owned()),
    };
    let kept = |what: &str, key: &str| match seconds(text, key) {
        Some(time) => format!("{what}, entries kept for {time}"),
        None => what.to_owned(),
    };
    if statement.word == "use"
        && statement
            .arguments
            .first()
            .is_some_and(|a| a == "Nebulex.Cache")
    {
        let adapter = statement
            .option("adapter")
            .and_then(|a| a.rsplit('.').next());
        let what = match adapter {
            Some(adapter) => format!("Nebulex with the adapter {adapter}"),
            None => "Nebulex".to_owned(),
        };
        return Some((module.to_owned(), what));
    }
    // `{Cachex, name: :rates}`, `{Cachex, [:rates, []]}`, `Cachex.start_link(:rates)`
    if let Some(rest) = behind(
        text,
        &["{Cachex,", "Cachex.start_link(", "Cachex.child_spec("],
    ) {
        return Some((
            name_of(rest)?,
            kept("Cachex, in the memory of the program", "default:"),
        ));
    }
    if let Some(rest) = behind(
        text,
        &["{ConCache,", "ConCache.start_link(", "ConCache.child_spec("],
    ) {
        return Some((
            name_of(rest)?,
            kept("ConCache, in the memory of the program", "global_ttl:"),
        ));
    }
    let called = |name: &str| name.to_ascii_lowercase().contains("cache");
    let around = || called(module.rsplit('.').next().unwrap_or(module)) || called(file.name());
    // A variable names none.
    let own = |rest: &str| -> String {
        let first = elixir::parts(elixir::closed(rest).unwrap_or(rest));
        let first = first.first().copied().unwrap_or_default();
        let name = first.strip_prefix(':').unwrap_or(first);
        let plain = !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_.".contains(c));
        let named = first.starts_with(|c: char| c == ':' || c.is_ascii_uppercase());
        match plain && named {
            true => name.to_owned(),
            false => module.to_owned(),
        }
    };
    if let Some(rest) = behind(text, &[":ets.new("]) {
        let name = own(rest);
        let what = "a table of ETS, in the memory of the program".to_owned();
        // One that is only for the process which makes it ends with what that does.
        let shared = !rest.contains(":private");
        return (shared && (called(&name) || around())).then_some((name, what));
    }
    if let Some(rest) = behind(text, &["Agent.start_link(", "Agent.start("]) {
        let name = rest.split_once("name: ").map_or("", |(_, name)| name);
        let end = name.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
        let name = name.get(..end.unwrap_or(name.len())).unwrap_or(name);
        let name = name.replace("__MODULE__", module);
        let what = "an agent, in the memory of the program".to_owned();
        return (!name.is_empty() && called(name.rsplit('.').next().unwrap_or(&name)))
            .then_some((name, what));
    }
    let rest = behind(text, &[":persistent_term.put("])?;
    let key = elixir::parts(elixir::closed(rest).unwrap_or(rest))
        .first()
        .copied()?
        .to_owned();
    let what = "a persistent term, in the memory of the program".to_owned();
    (called(&key) || around()).then_some((module.to_owned(), what))
}

fn behind<'t>(text: &'t str, heads: &[&str]) -> Option<&'t str> {
    heads.iter().find_map(|head| Some(text.split_once(head)?.1))
}

/// The name that a cache is started under: `name: :rates` or a first `:rates`.
fn named(rest: &str) -> Option<String> {
    let rest = elixir::closed(rest).unwrap_or(rest);
    let text = match rest.split_once("name: ") {
        Some((_, name)) => name,
        None => rest.trim_start().trim_start_matches('['),
    };
    // A variable names none.
    let text = match text.strip_prefix(':') {
        Some(rest) => rest,
        None => Some(text).filter(|t| t.starts_with(|c: char| c.is_ascii_uppercase()))?,
    };
    let end = text.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
    let name = text.get(..end.unwrap_or(text.len()))?;
    // `{Cachex, :start_link, [name]}` names a function.
    (!name.is_empty() && name != "start_link").then(|| name.to_owned())
}

/// The time behind a key, where it is a number: `:timer.minutes(5)`, `:timer.seconds(30)`.
fn seconds(text: &str, key: &str) -> Option<String> {
    let (_, rest) = text.split_once(key)?;
    let rest = rest.trim_start().strip_prefix(":timer.")?;
    let (unit, rest) = rest.split_once('(')?;
    let (number, _) = rest.split_once(')')?;
    let number: u32 = number.trim().parse().ok()?;
    let unit = match (unit, number) {
        ("seconds", 1) => "second",
        ("minutes", 1) => "minute",
        ("hours", 1) => "hour",
        ("seconds" | "minutes" | "hours", _) => unit,
        _ => return None,
    };
    Some(format!("{number} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::{named, seconds};

    #[test]
    fn names_and_times() {
        assert_eq!(named(" name: :rates}").as_deref(), Some("rates"));
        assert_eq!(named(" [:rates, []]}").as_deref(), Some("rates"));
        assert_eq!(named("name)"), None);
        let of = |text| seconds(text, "global_ttl:");
        assert_eq!(
            of("global_ttl: :timer.minutes(5)").as_deref(),
            Some("5 minutes")
        );
        assert_eq!(of("global_ttl: @ttl"), None);
    }
}
