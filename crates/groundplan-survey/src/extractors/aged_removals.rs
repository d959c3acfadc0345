//! What functions remove because of its age where they count the time back themselves.

use crate::conditions;
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{DELETED_AFTER, DELETED_DAYS, FILES_DELETED_AFTER, Topic};
use groundplan_syntax::{Code, Language};
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "aged-removals",
    docs: "\
### What it finds
Functions that count days back from now (`Subtract(TimeSpan.FromDays(n))`, `AddDays(-n)`, `- timedelta(days=n)`,
`minusDays(n)`, `subDays(date, n)`), compare the time of files or, in Python, a column of a model of Django or of SQLAlchemy
(`delete(Token).where(Token.created_at <= limit)`) with it and remove what is older, or that are handed to a function which does, with what they remove and the number of days: written
there, in Python the default of a variable of the environment, or the name of the setting that holds it.

### What it does not find
Windows of time that a query only reads, days that are counted in another function, rows that
libraries other than these two choose, and files that Python removes.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Python,
        Language::TypeScript,
    ])],
    markers: &[
        "FromDays(",
        "AddDays(-",
        "timedelta(",
        "timedelta as ",
        "minusDays(",
        "subDays(",
    ],
    run: extract,
};

/// Removals of one file at most.
const MOST: usize = 8;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.path.to_ascii_lowercase();
    if scan::part(file) != Part::Own || file.is_test() || lower.contains("migrat") {
        return;
    }
    let code = file.code();
    let mut judged = BTreeMap::new();
    let mut seen: Vec<String> = Vec::new();
    for at in 0..code.tokens.len() {
        let Some(days) = counted_back(code, at) else {
            continue;
        };
        let Some(body) = body_around(code, at) else {
            continue;
        };
        // Most functions that count days remove nothing.
        if !*(judged.entry(body.start)).or_insert_with(|| is_to_remove(code, &body)) {
            continue;
        }
        let Some(removal) = removal(code, &body, days) else {
            continue;
        };
        if !seen.contains(&removal.1) {
            seen.push(removal.1.clone());
            let line = code.line(at);
            scan::mark(acc, file, line, Topic::Stated, removal.0, Some(removal.1));
        }
        if seen.len() == MOST {
            break;
        }
    }
}

/// The tokens of the number of days that the call at `at` counts back from now.
fn counted_back(code: &Code<'_>, at: usize) -> Option<Range<usize>> {
    let name = code.ident(at)?;
    let open = at + 1;
    if !code.is(open, "(") {
        return None;
    }
    let close = code.partner(open)?;
    let before = |back: usize| at.checked_sub(back).map_or("", |i| code.raw(i));
    match name {
        // `….Subtract(TimeSpan.FromDays(n))`, `now - TimeSpan.FromDays(n)`
        "FromDays" => {
            let lead = before(3);
            (before(2) == "TimeSpan" && (lead == "-" || lead == "(" && before(4) == "Subtract"))
                .then(|| open + 1..close)
        }
        "AddDays" => code.is(open + 1, "-").then(|| open + 2..close),
        "minusDays" => Some(open + 1..close),
        "subDays" => {
            let arguments = code.arguments(open);
            arguments.get(1).cloned()
        }
        _ if code.language == Language::Python => {
            let days = code.named_argument(open, "days")?;
            let lead = [before(1), before(3)];
            (lead.contains(&"-") && (name == "timedelta" || is_renamed(code, name))).then_some(days)
        }
        _ => None,
    }
}

/// Whether a file takes in `timedelta` by another name: `from datetime import timedelta as td`.
fn is_renamed(code: &Code<'_>, name: &str) -> bool {
    (2..code.tokens.len())
        .any(|at| code.is(at, name) && code.is(at - 1, "as") && code.is(at - 2, "timedelta"))
}

/// The tokens of the body of the function around a token.
fn body_around(code: &Code<'_>, at: usize) -> Option<Range<usize>> {
    if code.language == Language::Python {
        let function = code.functions().get(code.function_at(at)?)?;
        return Some(function.at..function.body.end);
    }
    // A closure of a query is part of the function that makes it.
    let mut at = at;
    loop {
        let (params, open) = conditions::function_around(code, at)?;
        let name = params.checked_sub(1)?;
        if code.ident(name).is_some() {
            return Some(name..code.partner(open)?);
        }
        at = params;
    }
}

const VERBS: [&str; 10] = [
    "clean", "cleanup", "clear", "delete", "destroy", "prune", "purge", "remove", "expire", "trim",
];

/// Whether a name is that of something which removes: `delete_api_logs`, `DeleteFiles`, `CleanupBackups`. That days are
/// counted back says that it is about what is old, which names after timers have to say themselves.
fn removes(name: &str) -> bool {
    scan::snake(name)
        .split('_')
        .any(|word| VERBS.contains(&word) || word == "deletes" || word == "removes")
}

/// Whether a token is the name of a call that removes.
fn is_removal(code: &Code<'_>, at: usize) -> bool {
    if !code.is(at + 1, "(") {
        return false;
    }
    match code.language {
        // What is chosen is deleted as a whole; `s3.delete_object(…)` leaves the row.
        // SQLAlchemy names the model: `delete(Token)`.
        Language::Python => {
            code.is(at, "delete") && (code.is(at + 2, ")") || deleted(code, at).is_some())
        }
        _ => code.ident(at).is_some_and(removes),
    }
}

/// Whether a function removes something, or is handed to one that does: `process(queryset=old_logs)` in
/// `def delete_logs():`.
fn is_to_remove(code: &Code<'_>, body: &Range<usize>) -> bool {
    let name = code.ident(body.start);
    let mut inside = body.start + 1..body.end;
    let mut others =
        (0..code.tokens.len()).filter(|at| !body.contains(at) && code.ident(*at) == name);
    name.is_some()
        && (inside.any(|at| is_removal(code, at))
            || others.any(|at| {
                let around = body_around(code, at);
                around.is_some_and(|b| code.ident(b.start).is_some_and(removes))
            }))
}

/// The model that a statement of SQLAlchemy deletes rows of: `delete(Token)`.
fn deleted<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let apart = at.checked_sub(1).is_none_or(|before| !code.is(before, "."));
    let model = code.ident(at + 2)?;
    let class = model.starts_with(|c: char| c.is_ascii_uppercase());
    (apart && class && code.is(at, "delete") && code.is(at + 1, "(") && code.is(at + 3, ")"))
        .then_some(model)
}

/// The column of a model that the body compares with a time before now: `Token.created_at <= limit`.
fn compared<'t>(code: &Code<'t>, inside: &Range<usize>, model: &str) -> Option<&'t str> {
    let mut columns = inside.clone().filter_map(|at| {
        let column = code.ident(at + 2)?;
        let of_time = column.ends_with("_at") || column.contains("date") || column.contains("time");
        let older = code.ident(at) == Some(model)
            && code.is(at + 1, ".")
            && of_time
            && code.is(at + 3, "<");
        older.then_some(column)
    });
    columns.next()
}

/// What the function removes and when: the name of the observation and its detail.
fn removal(
    code: &Code<'_>,
    body: &Range<usize>,
    days: Range<usize>,
) -> Option<(&'static str, String)> {
    let name = code.ident(body.start)?;
    let inside = body.start + 1..body.end;
    let after = after(code, &inside, days)?;
    // The time of a file, as file systems keep it.
    let of_files = inside.clone().any(|at| {
        matches!(
            code.ident(at),
            Some(
                "CreationTime"
                    | "LastWriteTime"
                    | "CreationTimeUtc"
                    | "LastWriteTimeUtc"
                    | "mtimeMs"
                    | "birthtimeMs"
                    | "lastModified"
            )
        )
    });
    if of_files && removes(name) {
        return Some((FILES_DELETED_AFTER, format!("{name}\n{after}")));
    }
    let chosen = model(code, &inside)?;
    let mut detail = format!("{}\n{after}", chosen.model);
    // What is compared with a time of its own is not the age of the row.
    let of_making = ["added", "creat", "insert", "join", "regist"];
    let column = (chosen.column).filter(|c| !of_making.iter().any(|word| c.contains(word)));
    if column.is_some() || !chosen.others.is_empty() {
        detail.push('\n');
        detail.push_str(column.unwrap_or_default());
    }
    if !chosen.others.is_empty() {
        detail.push('\n');
        detail.push_str(&chosen.others.join(","));
    }
    Some((DELETED_AFTER, detail))
}

/// The rows that a body chooses.
struct Chosen<'t> {
    model: &'t str,
    /// The column of time.
    column: Option<&'t str>,
    /// What else they are chosen by.
    others: Vec<&'t str>,
}

/// The model whose rows the body chooses by a column of time.
fn model<'t>(code: &Code<'t>, inside: &Range<usize>) -> Option<Chosen<'t>> {
    let mut found: Option<Chosen<'t>> = None;
    for at in inside.clone() {
        let Some(word) = code.ident(at) else {
            continue;
        };
        if code.language == Language::Python
            && let Some(model) = deleted(code, at)
            && let Some(column) = compared(code, inside, model)
        {
            return Some(Chosen {
                model,
                column: Some(column),
                others: Vec::new(),
            });
        }
        if !is_manager(code, at) {
            continue;
        }
        let window = at..inside.end.min(at + 60);
        let Some(column) = window.clone().find_map(|i| older(code, i)) else {
            continue;
        };
        match &found {
            None => {
                // Up to where rows of another model are chosen.
                let next = (at + 1..inside.end).find(|&i| is_manager(code, i));
                found = Some(Chosen {
                    model: word,
                    column: Some(column),
                    others: others(code, at..next.unwrap_or(inside.end)),
                });
            }
            // Of several nobody knows which is meant.
            Some(known) if known.model != word => return found,
            Some(_) => {}
        }
    }
    found
}

/// Whether rows of a model are chosen there: `Entry.objects.filter(…)`.
fn is_manager(code: &Code<'_>, at: usize) -> bool {
    let of_model = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    code.ident(at).is_some_and(of_model)
        && code.is(at + 1, ".")
        && code.ident(at + 2).is_some_and(|m| m.ends_with("objects"))
        && code.is(at + 3, ".")
}

/// The column of `created_at__lt`.
fn older<'t>(code: &Code<'t>, at: usize) -> Option<&'t str> {
    let key = code.ident(at)?;
    key.strip_suffix("__lt")
        .or_else(|| key.strip_suffix("__lte"))
}

/// What rows are chosen by beside their time: names of arguments of `filter` and `exclude`.
fn others<'t>(code: &Code<'t>, within: Range<usize>) -> Vec<&'t str> {
    let mut all = Vec::new();
    for at in within {
        if !(code.is(at, "filter") || code.is(at, "exclude")) || !code.is(at + 1, "(") {
            continue;
        }
        for argument in code.arguments(at + 1) {
            let key = code.ident(argument.start).unwrap_or_default();
            let name = key.split("__").next().unwrap_or_default();
            if older(code, argument.start).is_none() && !name.is_empty() && !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}

/// The number of days as it is told: `30 days`, or the name of the setting that holds them behind [`DELETED_DAYS`].
fn after(code: &Code<'_>, inside: &Range<usize>, days: Range<usize>) -> Option<String> {
    let mut days = days;
    for _ in 0..3 {
        if let Some(told) = number(code, &days) {
            return Some(told);
        }
        let name = match days.len() {
            1 => code.ident(days.start)?,
            // `settings.KEEP_DAYS`, `(await settings.Get()).TotalLogs`
            3.. if code.is(days.end - 2, ".") && is_one(code, &days) => {
                return Some(format!("{DELETED_DAYS}{}", code.ident(days.end - 1)?));
            }
            _ => return None,
        };
        // The value that the name has in the function.
        let set = inside.clone().rev().find(|&at| {
            code.ident(at) == Some(name) && code.is(at + 1, "=") && !code.is(at + 2, "=")
        });
        let Some(set) = set else {
            let constant = code.constants().get(name);
            if let Some((value, _)) = constant
                && value.bytes().all(|b| b.is_ascii_digit())
            {
                return days_of(value);
            }
            let upper = name
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit());
            return upper.then(|| format!("{DELETED_DAYS}{name}"));
        };
        days = set + 2..statement_end(code, set + 2, inside.end);
    }
    None
}

/// Whether an expression gives what one name holds: no product or sum of it, and none of several.
fn is_one(code: &Code<'_>, tokens: &Range<usize>) -> bool {
    !tokens.clone().any(|at| match code.raw(at) {
        "*" | "/" | "%" | "+" | "-" | ":" | "|" | "if" | "or" => true,
        // `settings?.KeepDays`
        "?" => !code.is(at + 1, "."),
        _ => false,
    })
}

/// The token behind the statement that begins at `from`.
fn statement_end(code: &Code<'_>, from: usize, end: usize) -> usize {
    let line = code.line(from);
    let mut at = from;
    while at < end {
        match code.raw(at) {
            ";" => break,
            "(" | "[" | "{" => at = code.partner(at).unwrap_or(at),
            _ if code.language == Language::Python && code.line(at) > line => break,
            _ => {}
        }
        at += 1;
    }
    at
}

/// A number of days that stands in the tokens: alone, or as the default of a variable of the environment.
fn number(code: &Code<'_>, tokens: &Range<usize>) -> Option<String> {
    if tokens.len() == 1 {
        return days_of(code.raw(tokens.start));
    }
    let reads = tokens.clone().find(|&at| {
        code.is(at + 1, "(")
            && (code.is(at, "getenv") || code.is(at, "get") && at > 1 && code.is(at - 2, "environ"))
    })?;
    let arguments = code.arguments(reads + 1);
    let name = code.string(arguments.first()?.start)?;
    let given = arguments.get(1).filter(|range| range.len() == 1)?;
    let value = code.string(given.start).unwrap_or(code.raw(given.start));
    Some(format!(
        "{}, if `{name}` says nothing else",
        days_of(value)?
    ))
}

fn days_of(value: &str) -> Option<String> {
    let sound = !value.is_empty() && value.len() < 6 && value.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| scan::many(value, "day"))
}
