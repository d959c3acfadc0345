//! What Laravel does by itself: commands and jobs on a schedule, and jobs in batches and chains.

use crate::php::{self, Chain, Link};
use crate::scan;
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
}

/// `$schedule->command('orders:close')->dailyAt('03:00')`, `Schedule::job(new Sync)->hourly()`,
/// `Schedule::daily()->group(function () {…})`
/// (<https://laravel.com/docs/scheduling>).
pub(super) fn read(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains("Schedul") {
        return;
    }
    let code = file.code();
    walk(acc, file, 0..code.tokens.len(), &When::default(), 0);
}

fn walk(acc: &mut FileFacts, file: &SourceFile<'_>, range: Range<usize>, outer: &When, depth: u8) {
    let code = file.code();
    let mut at = range.start;
    while at < range.end {
        let root = matches!(code.raw(at), "$schedule" | "Schedule");
        let Some(chain) = php::chain_at(code, at).filter(|_| root) else {
            at += 1;
            continue;
        };
        let mut when = outer.clone();
        when.depends |= decided(code, range.start, at);
        for link in &chain.links {
            let often = often(code, link);
            if let ("at", Some(daily)) = (link.name, &mut when.often)
                && let [time] = php::all_texts(code, link.open).as_slice()
            {
                daily.push_str(&format!(" at {time}"));
            }
            when.depends |= matches!(link.name, "environments" | "skip" | "unless" | "when");
            if often.is_some() {
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

/// Whether a statement stands in a block that something decides on.
fn decided(code: &Code<'_>, begin: usize, at: usize) -> bool {
    (begin..at).any(|open| {
        let around = code.is_byte(open, b'{') && code.partner(open).is_some_and(|c| c > at);
        let close = open
            .checked_sub(1)
            .filter(|&i| around && code.is_byte(i, b')'));
        let head = close.and_then(|close| code.partner(close)?.checked_sub(1));
        let chosen = head.is_some_and(|i| matches!(code.raw(i), "if" | "elseif" | "foreach"));
        chosen || around && open > 0 && code.is(open - 1, "else")
    })
}

/// Notes one command, job or closure.
fn one(acc: &mut FileFacts, file: &SourceFile<'_>, at: usize, chain: &Chain<'_>, when: When) {
    let code = file.code();
    let kinds = ["command", "job", "exec", "call"];
    let Some(link) = chain.links.iter().find(|l| kinds.contains(&l.name)) else {
        return;
    };
    // What names no time is done each minute
    // (`Illuminate\Console\Scheduling\Event` begins with `* * * * *`).
    let often = when.often.filter(|w| w.len() < 80);
    let often = often.unwrap_or_else(|| "everyMinute".to_owned());
    let first = code.arguments(link.open).into_iter().next();
    let name = first.and_then(|range| called(code, &range));
    let name = name.unwrap_or_else(|| "a closure".to_owned());
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
