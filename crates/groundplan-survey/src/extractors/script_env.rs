//! Environment variables that Ruby, PHP and Elixir read.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::scan::{self, Part};
use crate::script_lines::{self, ScriptLine, literal};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "script-env",
    docs: "\
### What it finds
Environment variables with their defaults: `ENV[\"X\"]` and `ENV.fetch` of Ruby; `env('X', 'd')`,
`getenv`, `$_ENV['X']` and helpers whose name speaks of the environment in PHP; `System.get_env` and
`fetch_env` of Elixir and modules that are called `Env`.

### What it does not find
Names that are put together, defaults that are computed, what only the settings of tests and
tasks of Mix and Rake read, and sample code in texts of several lines.
",
    reads: &[Reads::Languages(&[
        Language::Elixir,
        Language::Php,
        Language::Ruby,
    ])],
    markers: &[
        "env(", "env!(", "ENV", "Env.", "Env::", "env \"", "env '", "getenv",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What a task is given by whoever calls it by hand is no setting of the program.
    let of_tests = ["config/test.exs", "environments/test.rb", ".rake"];
    if scan::part(file) != Part::Own
        || paths::is_test(file.path)
        || crate::php::is_foreign(file.path)
        || of_tests.iter().any(|end| file.path.ends_with(end))
        || file.path.contains("lib/mix/tasks/")
    {
        return;
    }
    // What developers get is no default of the program.
    let of_developers = ["config/dev.exs", "environments/development.rb"]
        .iter()
        .any(|end| file.path.ends_with(end));
    let lines = script_lines::lines(file.text, file.language);
    let mut before = "";
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map_or("", |l: &ScriptLine<'_>| l.text);
        for (start, name, rest) in variables(line.text) {
            let head = line.text.get(..start).unwrap_or_default().trim_end();
            // The name alone in its line belongs to the call that the line before opens.
            let head = match head.is_empty() {
                true => before,
                false => head,
            };
            // Of a text only what is filled in is code.
            if line.quoted && head.rsplit_once("#{").is_none_or(|(_, l)| l.contains('}')) {
                continue;
            }
            let rest_of = rest.trim_start().strip_prefix(']').map(str::trim_start);
            let written = rest_of.is_some_and(|r| {
                r.starts_with('=') && !r.starts_with("==") && !r.starts_with("=~")
            });
            if reads(head) && !written {
                let given = default(rest, next).filter(|_| !of_developers);
                scan::env(acc, file, line.number, name, given);
            }
        }
        before = line.text;
    }
}

/// Literals that look like the name of a variable, with where they start and what follows.
fn variables(line: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let quotes = line.match_indices(['"', '\'']);
    quotes.filter_map(|(start, quote)| {
        let inner = line.get(start + 1..)?;
        let end =
            inner.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?;
        let name = inner.get(..end)?;
        let rest = inner.get(end..)?.strip_prefix(quote)?;
        let begins = name.starts_with(|c: char| c.is_ascii_uppercase());
        (begins && name.len() > 1).then_some((start, name, rest))
    })
}

/// Whether what stands before a name reads the environment: `ENV[`, `System.get_env(`, `env(`.
fn reads(head: &str) -> bool {
    if let Some(list) = head.strip_suffix('[') {
        let word = path(list);
        return matches!(word.rsplit(':').next(), Some("ENV" | "$_ENV"));
    }
    // `System.get_env "PORT"` needs no bracket.
    let called = head.strip_suffix('(').unwrap_or(head).trim_end();
    let name = path(called).trim_end_matches(['!', '?']);
    let mut parts = name.rsplit(['.', ':', '\\']).filter(|p| !p.is_empty());
    let (Some(last), of) = (parts.next(), parts.next()) else {
        return false;
    };
    let bare = called.len() == head.len();
    let by = matches!(of, Some("ENV" | "Env" | "Environment"));
    let verb = matches!(
        last.split('_').next().unwrap_or(last),
        "get" | "fetch" | "key" | "has" | "dig" | "values" | "include" | "required" | "optional"
    );
    if by {
        return verb || last.starts_with("get");
    }
    let words = scan::snake(last);
    let mut words = words.split('_');
    let writes = ["put", "set", "delete", "unset", "config", "mix"];
    let first = words.next().unwrap_or_default();
    if writes.contains(&first) || first.starts_with("put") || first.starts_with("set") {
        return false;
    }
    let speaks = |word: &str| matches!(word, "env" | "getenv" | "environment");
    let named = speaks(first) || words.any(speaks);
    named && (!bare || of == Some("System"))
}

/// The name with its receivers that a text ends with.
fn path(text: &str) -> &str {
    let part = |c: char| c.is_ascii_alphanumeric() || "_.:$!?\\".contains(c);
    let start = text.rfind(|c: char| !part(c)).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    text.get(start..).unwrap_or_default()
}

/// The default behind a name: the next argument, what follows `||`, `?:` or `??`, or the value of a
/// block.
fn default<'t>(rest: &'t str, next: &'t str) -> Option<&'t str> {
    let rest = rest.trim_start();
    if let Some(argument) = rest.strip_prefix(',') {
        let whole = literal(argument)?;
        // `env('X', 'a' . b)` gives something else.
        let after = behind(argument, whole);
        return after.starts_with([')', ',']).then_some(whole);
    }
    let rest = rest.strip_prefix([')', ']'])?.trim_start();
    if let Some(block) = rest.strip_prefix('{') {
        return literal(block).filter(|d| behind(block, d).starts_with('}'));
    }
    let other = ["||", "?:", "??"]
        .into_iter()
        .find_map(|mark| rest.strip_prefix(mark))?;
    match other.trim().is_empty() {
        true => literal(next),
        false => literal(other),
    }
}

/// What follows a literal.
fn behind<'t>(text: &'t str, literal: &str) -> &'t str {
    let at = text
        .find(literal)
        .map_or(text.len(), |at| at + literal.len());
    let rest = text.get(at..).unwrap_or_default();
    rest.trim_start_matches(['"', '\'']).trim_start()
}
