//! What Laravel does by itself: commands and jobs on a schedule, and jobs in batches and chains.

use crate::php::{self, Chain, Link};
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Code;
use std::collections::BTreeSet;
use std::ops::Range;

use super::job;
use crate::facts::{Claim, FileFacts};

/// Groups in groups at most.
const DEEPEST: u8 = 6;

/// How often at all, as a chain says it, and whether something else decides besides.
#[derive(Clone, Default)]
struct When {
    often: Option<String>,
    depends: bool,
    /// Whether a link may say a time that was not read.
    unread: bool,
}

/// Links that say nothing of when.
const TIMELESS: [&str; 31] = [
    "after",
    "appendOutputTo",
    "before",
    "call",
    "command",
    "description",
    "emailOutputOnFailure",
    "emailOutputTo",
    "environments",
    "evenInMaintenanceMode",
    "exec",
    "group",
    "job",
    "name",
    "onFailure",
    "onOneServer",
    "onQueue",
    "onSuccess",
    "pingBefore",
    "pingOnFailure",
    "runInBackground",
    "sendOutputTo",
    "skip",
    "storeOutput",
    "then",
    "thenPing",
    "timezone",
    "unless",
    "user",
    "when",
    "withoutOverlapping",
];

/// Links that say on which days, or in which hours of them.
const DAYS: [&str; 12] = [
    "between",
    "days",
    "fridays",
    "mondays",
    "saturdays",
    "sundays",
    "thursdays",
    "tuesdays",
    "unlessBetween",
    "wednesdays",
    "weekdays",
    "weekends",
];

/// `$schedule->command('orders:close')->dailyAt('03:00')`, `Schedule::job(new Sync)->hourly()`,
/// `Schedule::daily()->group(function () {…})`
/// (<https://laravel.com/docs/scheduling>).
pub(super) fn read(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // Models and services may have the name too.
    const OF_LARAVEL: [&str; 4] = [
        "Console\\Scheduling",
        "Facades\\Schedule",
        "Facades\\{",
        "withSchedule",
    ];
    let of_laravel = OF_LARAVEL.iter().any(|words| file.text.contains(words));
    if !of_laravel && !file.path.ends_with("routes/console.php") {
        return;
    }
    let code = file.code();
    walk(acc, file, 0..code.tokens.len(), &When::default(), 0);
}

fn walk(acc: &mut FileFacts, file: &SourceFile<'_>, range: Range<usize>, outer: &When, depth: u8) {
    let code = file.code();
    let mut at = range.start;
    // The ends of the blocks around that something decides on.
    let mut decided: Vec<usize> = Vec::new();
    while at < range.end {
        while decided.last().is_some_and(|&close| close < at) {
            decided.pop();
        }
        if let Some(close) = code.partner(at).filter(|_| decides(code, at)) {
            decided.push(close);
        }
        let root = matches!(code.raw(at), "$schedule" | "Schedule");
        let Some(chain) = php::chain_at(code, at).filter(|_| root) else {
            at += 1;
            continue;
        };
        let mut when = outer.clone();
        when.depends |= !decided.is_empty() || is_chosen(code, at);
        for link in &chain.links {
            let often = often(code, link);
            // One of two hours says nothing.
            let mut times = php::all_texts(code, link.open);
            if times.len() != code.arguments(link.open).len() {
                times.clear();
            }
            let of_days = DAYS.contains(&link.name);
            match (link.name, &mut when.often, times.as_slice()) {
                ("at", Some(daily), [time]) => daily.push_str(&format!(" at {time}")),
                // `at` alone is `dailyAt`.
                ("at", none, [time]) => *none = Some(format!("daily at {time}")),
                (name, Some(told), []) if of_days => told.push_str(&format!(", {name}")),
                (name, Some(told), times) if of_days => {
                    told.push_str(&format!(", {name} {}", times.join(", ")));
                }
                (_, None, _) if of_days => {
                    when.depends = true;
                    when.unread = true;
                }
                (name, ..) => when.unread |= often.is_none() && !TIMELESS.contains(&name),
            }
            when.depends |= matches!(link.name, "environments" | "skip" | "unless" | "when");
            if often.is_some() {
                // The days that a group around names hold on.
                let days = |told: &String| DAYS.iter().any(|d| told.contains(&format!(", {d}")));
                when.depends |= when.often.as_ref().is_some_and(days);
                when.often = often;
            }
        }
        let group = chain.links.iter().find(|l| l.name == "group");
        let body = group.and_then(|link| {
            let first = code.arguments(link.open).into_iter().next()?;
            php::closure(code, &first)
        });
        match body {
            Some((body, _)) if depth < DEEPEST => walk(acc, file, body, &when, depth + 1),
            Some(_) => {}
            None => one(acc, file, at, &chain, when),
        }
        at = chain.end.max(at + 1);
    }
}

/// Whether something decides on the block that opens at a token.
fn decides(code: &Code<'_>, open: usize) -> bool {
    let Some(before) = open.checked_sub(1).filter(|_| code.is_byte(open, b'{')) else {
        return false;
    };
    code.is(before, "else") || is_head(code, before)
}

/// Whether a statement without braces stands behind `if (…)`.
fn is_chosen(code: &Code<'_>, at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|before| is_head(code, before))
}

/// Whether the bracket that closes at a token is that of a condition.
fn is_head(code: &Code<'_>, close: usize) -> bool {
    const HEADS: [&str; 6] = ["if", "elseif", "for", "foreach", "switch", "while"];
    let open = code.partner(close).filter(|_| code.is_byte(close, b')'));
    let word = open.and_then(|open| open.checked_sub(1));
    word.is_some_and(|at| HEADS.contains(&code.raw(at)))
}

/// Notes one command, job or closure.
fn one(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize, chain: &Chain<'_>, when: When) {
    let code = file.code();
    let kinds = ["command", "job", "exec", "call"];
    let Some(link) = chain.links.iter().find(|l| kinds.contains(&l.name)) else {
        return;
    };
    // What names no time is done each minute
    // (`Illuminate\Console\Scheduling\Event` begins with `* * * * *`), unless what keeps it names one later.
    let kept = at.checked_sub(1).is_some_and(|before| {
        code.is_byte(before, b'=') || code.is(before, "return") || code.is_byte(before, b'>')
    });
    let alone = code.is_byte(chain.end, b';') && !kept;
    let often = match when.often {
        Some(often) => Some(often).filter(|w| w.len() < 80),
        None => (alone && !when.unread).then(|| "everyMinute".to_owned()),
    };
    let Some(often) = often else { return };
    let arguments = code.arguments(link.open);
    let name = arguments.first().and_then(|range| called(code, range));
    let name = match (link.name, name) {
        // What a shell is given may hold passwords.
        ("exec", name) => name
            .and_then(|n| {
                let mut words = n.split_whitespace();
                words.find(|w| !w.contains('=')).map(str::to_owned)
            })
            .unwrap_or_else(|| "a program".to_owned()),
        ("command", Some(name)) => format!("{}{}", open_words(&name), options(code, &arguments)),
        (_, name) => name.unwrap_or_else(|| "a closure".to_owned()),
    };
    let detail = match when.depends {
        true => format!("{often}, under a condition"),
        false => often,
    };
    scan::mark(
        acc,
        file,
        code.line(at),
        Topic::ScheduledJob,
        name,
        Some(detail),
    );
}

/// The words of a command without secrets among its options.
fn open_words(command: &str) -> String {
    let (mut open, mut hidden) = (Vec::new(), false);
    for word in command.split(' ') {
        let bare = word.trim_start_matches('-');
        let secret = match bare.split_once('=') {
            Some((name, value)) => secrets::holds_secret(name, value),
            None => hidden || !open.is_empty() && secrets::is_secret_value(bare),
        };
        // `--token abc`
        hidden = bare != word && secrets::is_secret_name(bare);
        if !secret {
            open.push(word);
        }
    }
    secrets::without_credentials(&open.join(" "))
}

/// The names of the options that a command is given beside: `command('model:prune', ['--model' => [Loan::class]])`.
fn options(code: &Code<'_>, arguments: &[Range<usize>]) -> String {
    let Some(second) = arguments.get(1) else {
        return String::new();
    };
    let Some(open) = php::list_at(code, second) else {
        return " …".to_owned();
    };
    let mut told = String::new();
    for (key, value) in php::entries(code, open) {
        let option = php::text(code, &key.unwrap_or(value));
        if let Some(option) = option.filter(|o| o.starts_with("--")) {
            let name = option.split('=').next().unwrap_or_default();
            told.push(' ');
            told.push_str(name);
        }
    }
    told
}

/// How often a link of a chain says that something is done.
fn often(code: &Code<'_>, link: &Link<'_>) -> Option<String> {
    const BEGINS: [&str; 8] = [
        "daily",
        "every",
        "hourly",
        "monthly",
        "quarterly",
        "twice",
        "weekly",
        "yearly",
    ];
    let known = BEGINS.iter().any(|begin| link.name.starts_with(begin)) || link.name == "cron";
    if !known {
        return None;
    }
    let mut told = link.name.to_owned();
    for range in code.arguments(link.open) {
        let words: Vec<&str> = range
            .filter(|&i| !matches!(code.raw(i), "(" | ")"))
            .map(|i| code.string(i).unwrap_or(code.raw(i)))
            .collect();
        told.push_str(if told.len() > link.name.len() {
            ", "
        } else {
            " "
        });
        told.push_str(&words.join(" "));
    }
    Some(told)
}

/// What an argument starts: a command, the class of a job, or the one call of a closure.
fn called(code: &Code<'_>, range: &Range<usize>) -> Option<String> {
    if let Some(text) = php::text(code, range) {
        return Some(text);
    }
    if code.is(range.start, "new") {
        return made(code, range.start);
    }
    if let Some(open) = php::list_at(code, range) {
        let first = code.arguments(open).into_iter().next()?;
        return php::class(code, &first);
    }
    if let Some((body, _)) = php::closure(code, range) {
        let mut begin = body.start + usize::from(code.is(body.start, "return"));
        // `\App\Jobs\Close::run()`
        while code.is_byte(begin + 1, b'\\') || code.is_byte(begin, b'\\') {
            begin += 1;
        }
        let chain = php::chain_at(code, begin)?;
        let alone = chain.end + 1 >= body.end;
        let class = code.ident(begin).filter(|c| !c.starts_with('$') && alone)?;
        return Some(format!("{class}::{}", chain.links.first()?.name));
    }
    php::class(code, range)
}

/// The last word of the class that `new` at a token makes.
fn made(code: &Code<'_>, new: usize) -> Option<String> {
    let mut at = new + 1;
    while code.is_byte(at, b'\\') || code.is_byte(at + 1, b'\\') {
        at += 1;
    }
    let name = code.ident(at)?;
    name.starts_with(|c: char| c.is_ascii_uppercase())
        .then(|| name.to_owned())
}

/// Jobs that `Bus::batch([…])` and `Bus::chain([…])` put into the queue, those of a chain within a batch
/// included (<https://laravel.com/docs/queues#job-batching>).
pub(super) fn batches(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    jobs: &BTreeSet<&str>,
    said: &mut BTreeSet<String>,
) {
    if !file.text.contains("Bus::") {
        return;
    }
    let code = file.code();
    for at in 0..code.tokens.len() {
        if !code.is(at, "Bus") {
            continue;
        }
        let Some(chain) = php::chain_at(code, at) else {
            continue;
        };
        let sends = |l: &&Link<'_>| matches!(l.name, "batch" | "chain" | "dispatch");
        let Some(link) = chain.links.iter().find(sends) else {
            continue;
        };
        let close = code.partner(link.open).unwrap_or(link.open);
        for new in (link.open..close).filter(|&i| code.is(i, "new")) {
            let name = made(code, new).filter(|name| jobs.contains(name.as_str()));
            if let Some(name) = name.filter(|name| said.insert(name.clone())) {
                let channel = job(&name, true);
                scan::add(acc, file, code.line(new), Claim::Channel(channel));
            }
        }
    }
}
