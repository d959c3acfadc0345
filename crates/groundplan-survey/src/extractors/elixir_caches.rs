//! Elixir: caches that a program keeps in its own memory.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
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
that are started under a name, tables of ETS, agents and persistent terms that their own name or that of their module
calls a cache; how long entries are kept, where `:timer.minutes(5)` and the like say it.

### What it does not find
Tables and agents that nothing calls a cache, what a name calls a limit or a counter, what fills and empties caches,
adapters that are set when the program starts.
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
        let text = elixir::written(statement);
        for (name, detail) in caches(&text, statement, module) {
            let line = statement.lines.0;
            scan::mark(acc, file, line, Topic::CacheUse, &name, Some(detail));
        }
        visit(acc, file, module, &statement.body, depth + 1);
    }
}

/// The names of the caches that a statement makes, and what each is.
fn caches(text: &str, statement: &Statement, module: &str) -> Vec<(String, String)> {
    if statement.word == "use" {
        let of_nebulex = statement
            .arguments
            .first()
            .is_some_and(|a| a == "Nebulex.Cache");
        if !of_nebulex || is_other(module) {
            return Vec::new();
        }
        let adapter = statement
            .option("adapter")
            .and_then(|a| a.rsplit('.').next());
        let what = match adapter {
            Some(adapter) => format!("Nebulex with the adapter {adapter}"),
            None => "Nebulex".to_owned(),
        };
        return vec![(module.to_owned(), what)];
    }
    let mut found = Vec::new();
    // `{Cachex, name: :rates}`, `{Cachex, [:rates, []]}`, `Cachex.start_link(:rates)`
    for (library, limit) in [("Cachex", "default:"), ("ConCache", "global_ttl:")] {
        let heads = [
            format!("{{{library},"),
            format!("{library}.start_link("),
            format!("{library}.child_spec("),
        ];
        for inner in heads.iter().flat_map(|head| behind(text, head)) {
            // What counts or limits keeps nothing that another place has.
            let name = named(&inner.replace("__MODULE__", module));
            let Some(name) = name.filter(|name| !is_other(name)) else {
                continue;
            };
            let what = format!("{library}, in the memory of the program");
            let what = match time(inner, limit) {
                Some(span) => format!("{what}, entries kept for {span}"),
                None => what,
            };
            found.push((name, what));
        }
    }
    // One that is only for the process which makes it ends with what that does.
    for inner in behind(text, ":ets.new(") {
        if inner.contains(":private") {
            continue;
        }
        let own = first_name(inner);
        let name = own.unwrap_or(module);
        if is_cache(name) || is_cache(module) && last_word(module).ends_with("cache") {
            let what = "a table of ETS, in the memory of the program".to_owned();
            found.push((name.to_owned(), what));
        }
    }
    let agents = ["Agent.start_link(", "Agent.start("];
    for inner in agents.iter().flat_map(|head| behind(text, head)) {
        let name = inner.split_once("name: ").map_or("", |(_, name)| name);
        let end = name.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)));
        let name = name.get(..end.unwrap_or(name.len())).unwrap_or(name);
        let name = name.replace("__MODULE__", module);
        if is_cache(&name) {
            let what = "an agent, in the memory of the program".to_owned();
            found.push((name, what));
        }
    }
    for inner in behind(text, ":persistent_term.put(") {
        let key = elixir::parts(inner).first().copied().unwrap_or_default();
        // `{__MODULE__, :started}` of a cache says how it is, and is none.
        let whole = key == "__MODULE__" && is_cache(module);
        let said = key.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        if whole || said.filter(|word| !word.is_empty()).any(is_cache) {
            let what = "a persistent term, in the memory of the program".to_owned();
            found.push((module.to_owned(), what));
        }
    }
    found.dedup();
    found
}

/// Caches of one kind in one statement at most.
const MOST: usize = 20;

/// What is given behind a head, each time that it stands in a text, up to the bracket that ends it.
fn behind<'t>(text: &'t str, head: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once(head) {
        // `MyCachex.start_link(` and `Shop.Agent.start(` are of others.
        let other = head.starts_with(|c: char| c.is_ascii_uppercase())
            && before.ends_with(|c: char| c.is_alphanumeric() || "_.".contains(c));
        if !other {
            found.push(elixir::closed(inner).unwrap_or(inner));
        }
        if found.len() >= MOST {
            break;
        }
        rest = inner;
    }
    found
}

/// The name that a table is given: a variable and `__MODULE__` name none.
fn first_name(inner: &str) -> Option<&str> {
    let first = elixir::parts(inner).first().copied()?;
    let named = first.starts_with(|c: char| c == ':' || c.is_ascii_uppercase());
    let name = first.strip_prefix(':').unwrap_or(first);
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_.".contains(c));
    (named && plain).then_some(name)
}

/// The last word of a name in small letters: `price_cache` of `Shop.PriceCache`.
fn last_word(name: &str) -> String {
    scan::snake(name.rsplit('.').next().unwrap_or(name))
}

/// Whether a name says that something is a cache.
fn is_cache(name: &str) -> bool {
    let last = last_word(name);
    let says = |word: &str| word.starts_with("cache") || word.ends_with("cache");
    last.split('_').any(says) && !is_other(name)
}

/// Whether a name says that something counts or limits, or looks after a cache.
fn is_other(name: &str) -> bool {
    const OTHERS: [&str; 19] = [
        "attempts",
        "bucket",
        "buckets",
        "config",
        "counts",
        "enabled",
        "hits",
        "lock",
        "locks",
        "misses",
        "quota",
        "quotas",
        "rate",
        "refresher",
        "stats",
        "supervisor",
        "ttl",
        "version",
        "warmer",
    ];
    let last = last_word(name);
    let contained = ["limit", "throttl", "counter", "invalidat"];
    last.split('_').any(|word| OTHERS.contains(&word))
        || contained.iter().any(|part| last.contains(part))
}

/// The name that a cache is started under: `name: :rates` or a first `:rates`.
fn named(rest: &str) -> Option<String> {
    // `start: {Cachex, :start_link, [:rates, []]}` gives the name to a function.
    let rest = rest.trim_start();
    let rest = rest
        .strip_prefix(":start_link,")
        .map_or(rest, str::trim_start);
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
    (!name.is_empty() && !name.starts_with("start_link")).then(|| name.to_owned())
}

/// The time behind a key, where it is a number: `:timer.minutes(5)`, `:timer.seconds(30)`.
fn time(text: &str, key: &str) -> Option<String> {
    let (_, rest) = text.split_once(key)?;
    let rest = rest.trim_start().strip_prefix(":timer.")?;
    let (unit, rest) = rest.split_once('(')?;
    let (number, _) = rest.split_once(')')?;
    let number: u32 = number.trim().parse().ok()?;
    let known = matches!(unit, "seconds" | "minutes" | "hours");
    known.then(|| scan::many(&number.to_string(), unit.trim_end_matches('s')))
}

#[cfg(test)]
mod tests {
    use super::{is_cache, is_other, named, time};

    #[test]
    fn names_and_times() {
        assert_eq!(named(" name: :rates").as_deref(), Some("rates"));
        assert_eq!(named(" [:rates, []]").as_deref(), Some("rates"));
        assert_eq!(
            named(" :start_link, [:rates, []]").as_deref(),
            Some("rates")
        );
        assert_eq!(named("name"), None);
        assert!(is_cache("Shop.PriceCache") && is_cache("cache_of_prices"));
        assert!(!is_cache("Shop.CacheWarmer") && !is_cache("rate_limit_cache"));
        assert!(is_other("Shop.RateCounter") && !is_other("rates"));
        let of = |text| time(text, "global_ttl:");
        assert_eq!(
            of("global_ttl: :timer.minutes(5)").as_deref(),
            Some("5 minutes")
        );
        assert_eq!(of("global_ttl: @ttl"), None);
    }
}
