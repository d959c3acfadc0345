//! JavaScript and TypeScript: jobs whose definition says when they run.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use crate::timers;
use crate::values::Values;
use groundplan_model::Topic;
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "js-schedules",
    docs: "\
### What it finds
Definitions of jobs with the expression of cron that says when they run: an object with `cron` and what runs
(`{ id: \"close\", cron: \"0 * * * *\", run }`), also as its `trigger`; functions of Inngest
(<https://www.inngest.com/docs/guides/scheduled-functions>); jobs that a queue of Bull or BullMQ repeats
(<https://docs.bullmq.io/guide/jobs/repeatable>).

### What it does not find
Expressions that the environment or a database gives, and objects that only list some.
",
    reads: &[Reads::Own(&[Language::JavaScript, Language::TypeScript])],
    markers: &["cron: ", "cron:\"", "cron:'", "repeat: {", "repeat:{"],
    run: extract,
};

/// Properties of a definition that hold what runs.
const RUNS: [&str; 6] = ["execute", "fn", "handler", "perform", "process", "run"];

/// Expressions of one file at most.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own {
        return;
    }
    let code = file.code();
    let values = Values::new(file);
    let keys = (1..code.tokens.len()).filter(|&at| {
        matches!(code.raw(at), "cron" | "pattern")
            && code.is(at + 1, ":")
            && matches!(code.raw(at - 1), "{" | ",")
    });
    for at in keys.take(MOST) {
        let Some(open) = scan::open_around(code, at).filter(|&open| code.is(open, "{")) else {
            continue;
        };
        let written = values.folded_property(open, &[code.raw(at)]);
        let Some(cron) = written.filter(|text| timers::is_cron(without_zone(text))) else {
            continue;
        };
        let name = match code.is(at, "cron") {
            true => of_definition(code, &values, open)
                .or_else(|| of_function(code, &values, open))
                .or_else(|| repeated(file, &values, open)),
            false => repeated(file, &values, open),
        };
        if let Some(name) = name {
            let line = code.line(at);
            scan::mark(acc, file, line, Topic::ScheduledJob, name, Some(cron));
        }
    }
}

/// The key that an object is the value of, with the object around it; also of one in a list.
fn key_of<'t>(code: &Code<'t>, open: usize) -> Option<(&'t str, usize)> {
    let mut open = open;
    if let Some(list) = scan::open_around(code, open).filter(|&at| code.is(at, "[")) {
        open = list;
    }
    let key = open.checked_sub(2).filter(|&at| code.is(at + 1, ":"))?;
    let outer = scan::open_around(code, key).filter(|&at| code.is(at, "{"))?;
    Some((code.ident(key)?, outer))
}

/// What a definition calls its job.
fn named(values: &Values<'_, '_>, open: usize) -> Option<String> {
    let name = values.folded_property(open, &["id", "name", "slug"])?;
    (!name.contains(['{', '\n'])).then_some(name)
}

/// Whether a definition has what runs.
fn runs(code: &Code<'_>, open: usize) -> bool {
    code.arguments(open).into_iter().any(|part| {
        let at = part.start + usize::from(code.is(part.start, "async"));
        RUNS.contains(&code.raw(at)) && matches!(code.raw(at + 1), ":" | "(" | "," | "}")
    })
}

/// `{ id: "close", trigger: { cron: "…" }, handler }`, `{ id: "close", cron: "…", run }`
fn of_definition(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    if runs(code, open) {
        return named(values, open);
    }
    let (key, outer) = key_of(code, open)?;
    let fits = matches!(key, "trigger" | "triggers" | "schedule") && runs(code, outer);
    fits.then(|| named(values, outer).or_else(|| named(values, open)))
        .flatten()
}

/// `inngest.createFunction({ id: "close" }, { cron: "…" }, …)`, also in its `triggers`.
fn of_function(code: &Code<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    let listed = scan::open_around(code, open).filter(|&at| code.is(at, "["));
    let mut around = scan::open_around(code, listed.unwrap_or(open))?;
    if let Some((_, outer)) = key_of(code, open).filter(|(key, _)| *key == "triggers") {
        around = scan::open_around(code, outer)?;
    }
    if !code.is(around, "(") || !code.is(around.checked_sub(1)?, "createFunction") {
        return None;
    }
    let first = code.arguments(around).into_iter().next()?;
    named(values, values.literal_at(&first)?)
}

/// `queue.add("close", data, { repeat: { pattern: "…" } })`
fn repeated(file: &SourceFile<'_>, values: &Values<'_, '_>, open: usize) -> Option<String> {
    let code = file.code();
    if !file.says("bull") && !file.says("Queue") {
        return None;
    }
    let (_, options) = key_of(code, open).filter(|(key, _)| *key == "repeat")?;
    let call = scan::open_around(code, options).filter(|&at| code.is(at, "("))?;
    if !code.is(call.checked_sub(1)?, "add") {
        return None;
    }
    let first = code.arguments(call).into_iter().next()?;
    let name = values.fold(first)?;
    (!name.contains('{')).then_some(name)
}

/// An expression without the zone that Inngest lets stand before it: `TZ=Europe/Paris 0 12 * * 5`.
fn without_zone(text: &str) -> &str {
    let rest = text
        .strip_prefix("TZ=")
        .and_then(|rest| rest.split_once(' '));
    rest.map_or(text, |(_, rest)| rest)
}
