//! How long data is kept.

use super::configuration::{is, scoped};
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, inline, name, names, table};
use crate::tree::Text;
use crate::words;
use groundplan_model::{
    Attribute, DELETED_AFTER, DELETED_DAYS, EXPIRED, FILES_DELETED_AFTER, Field, KEPT_FOR,
    Observation, Provenance, Setting, Topic,
};

records! {
    "data-lifecycle": data_lifecycle, "Retention and archival, by store or record.";
    "data-retention": data_retention, "How long data is to be kept.";
    "data-retention-seen": data_retention_seen, "Retention rules that were seen.";
}

fn retention_requirement(c: &Context) -> Option<Text> {
    let all = &c.blueprint.requirements;
    let found = all.iter().find(|r| {
        let words = r.text.to_lowercase();
        r.kind == groundplan_model::RequirementKind::Privacy
            || words.contains("retention")
            || words.contains("retain")
    })?;
    let mut text = Text {
        spans: inline(&words::sentence(&found.text)),
        sources: vec![found.provenance.clone()],
    };
    if let Some(target) = &found.target {
        text = text.then(format!(" Target: {target}."));
    }
    Some(text)
}

fn data_retention<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = crate::context::declared(c, "data.retention") {
        return Answer::text(text);
    }
    retention_requirement(c).map_or(Answer::Gap("data-retention"), Answer::text)
}

/// Whether a name speaks of how long data is kept. The life of a token, a session or a cached copy
/// is none of it, nor is what a store keeps of its own workings.
fn speaks(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    const NOT: [&str; 36] = [
        "access",
        "auth",
        "cache",
        "cert",
        "certificate",
        "code",
        "cookie",
        "cookies",
        "cors",
        "dns",
        "hsts",
        "job",
        "jobs",
        "lock",
        "locks",
        "invite",
        "jwt",
        "link",
        "lock",
        "login",
        "metadata",
        "otp",
        "password",
        "presign",
        "presigned",
        "querystring",
        "refresh",
        "sas",
        "segment",
        "session",
        "sessions",
        "signature",
        "signed",
        "token",
        "url",
        "urls",
    ];
    if words
        .iter()
        .any(|w| NOT.contains(w) || w.ends_with("token"))
    {
        return false;
    }
    let has = |all: &[&str]| words.iter().any(|w| all.contains(w));
    // The life of a process or of a container is none of data.
    let process = has(&[
        "spring",
        "timeout",
        "shutdown",
        "hook",
        "prestop",
        "poststart",
        "pod",
    ]);
    let lived = name.contains("lifecycle") && !process;
    // What expires may be an offer or a price; what is kept is data.
    let ends = has(&["ttl", "expire", "expires", "expiry", "expiration"]);
    let kept = has(&[
        "archive",
        "audit",
        "backup",
        "backups",
        "data",
        "document",
        "documents",
        "event",
        "events",
        "file",
        "files",
        "history",
        "index",
        "item",
        "items",
        "log",
        "logs",
        "message",
        "messages",
        "metric",
        "metrics",
        "object",
        "objects",
        "queue",
        "record",
        "records",
        "report",
        "reports",
        "row",
        "rows",
        "table",
        "trace",
        "traces",
        "upload",
        "uploads",
        "user",
        "users",
    ]);
    let named = name.contains("retention") || lived || has(&["retain"]) || ends && kept;
    let removes = has(&[
        "archive", "cleanup", "clean", "delete", "deletion", "keep", "prune", "purge", "remove",
    ]);
    let time = has(&[
        "age", "after", "day", "days", "hours", "months", "weeks", "years",
    ]);
    let often = has(&["beat", "frequency", "interval", "schedule", "cron"]);
    (named || removes && time) && !often
}

/// Name, value, source, and the setting where it is one.
type Rule<'a> = (String, String, &'a Provenance, Option<&'a Setting>);

/// Settings and attributes whose names speak of retention or expiry.
fn retention_marks<'a>(c: &Context<'a>) -> Vec<Rule<'a>> {
    let settings = c
        .blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && speaks(&s.name))
        .filter_map(|s| {
            let value = s.value.as_deref().filter(|v| !v.is_empty())?;
            Some((s.name.clone(), value.to_owned(), &s.provenance, Some(s)))
        });
    let attributes = c.blueprint.elements.iter().flat_map(|e| {
        let all = e.attributes.iter().filter(|a| speaks(&a.key));
        all.map(|a| {
            (
                format!("{} {}", e.name, a.key),
                a.value.clone(),
                &a.provenance,
                None,
            )
        })
    });
    let logs = c.seen(Topic::Logging).iter().filter_map(|o| {
        let kept = o.detail.as_deref()?.strip_prefix("logs are kept for ")?;
        let name = format!("{} log retention", o.name);
        Some((name, kept.to_owned(), &o.provenance, None))
    });
    let flags = c.blueprint.elements.iter().flat_map(|e| {
        let all = e.attributes_of("command").flat_map(kept_by_command);
        all.map(|(flag, value, at)| (format!("{} {flag}", e.name), value, at, None))
    });
    let constants = c.seen(Topic::Stated).iter().filter_map(|o| {
        let detail = o.detail.as_deref().filter(|_| o.name == KEPT_FOR)?;
        let (name, value) = detail.split_once('\n')?;
        Some((name.to_owned(), value.to_owned(), &o.provenance, None))
    });
    let columns = c.blueprint.entities.iter().flat_map(|e| {
        let of = move |f: &'a Field| {
            let days = f.default.as_deref()?.trim_matches('\'');
            let number = !days.is_empty() && days.bytes().all(|b| b.is_ascii_digit());
            let kept = number && e.kind.is_kept() && speaks(&f.name);
            kept.then(|| {
                (
                    format!("{}.{}", e.name, f.name),
                    days.to_owned(),
                    &f.provenance,
                    None,
                )
            })
        };
        e.fields.iter().filter_map(of)
    });
    // One value that several parts are given is one rule.
    let mut seen = std::collections::BTreeSet::new();
    settings
        .chain(attributes)
        .chain(logs)
        .chain(flags)
        .chain(constants)
        .chain(columns)
        .filter(|(name, value, ..)| seen.insert((name.clone(), value.clone())))
        .collect()
}

/// How long a program keeps data by the flags that it is started with:
/// `--storage.tsdb.retention.time=15d` of Prometheus, `-retentionPeriod=1y` of VictoriaMetrics.
fn kept_by_command(command: &Attribute) -> Vec<(String, String, &Provenance)> {
    const FLAGS: [&str; 6] = [
        "--storage.tsdb.retention",
        "--storage.tsdb.retention.size",
        "--storage.tsdb.retention.time",
        "--retentionPeriod",
        "-retentionPeriod",
        "--retention.resolution-raw",
    ];
    let words = command
        .value
        .split(|c: char| c.is_whitespace() || "\"',[]".contains(c));
    let given = words.filter_map(|word| {
        let (flag, value) = word.split_once('=')?;
        let known = FLAGS.contains(&flag) && !value.is_empty() && !value.contains('$');
        known.then(|| (flag.to_owned(), value.to_owned(), &command.provenance))
    });
    given.collect()
}

/// Whether the name of a job says that it removes data: what expires or is made inactive may stay.
fn removes(name: &str) -> bool {
    let words = crate::named::parts(name);
    let is = |all: &[&str]| words.iter().any(|w| all.contains(&w.as_str()));
    let lower = name.to_lowercase();
    !lower.contains("cache")
        && (["cleanup", "purge", "prune"]
            .iter()
            .any(|w| lower.contains(w))
            || is(&[
                "clean", "clear", "delete", "deletes", "flush", "remove", "removes",
            ]))
}

/// Jobs in code that remove data by their names.
fn removal_jobs<'a>(c: &Context<'a>) -> Vec<&'a Observation> {
    let jobs = c.seen(Topic::ScheduledJob).iter();
    jobs.filter(|o| o.element.is_some() && removes(&o.name))
        .filter(|o| o.detail.as_deref().is_none_or(|d| !d.contains("GitHub")))
        .copied()
        .collect()
}

/// Those jobs as a sentence.
fn removals(c: &Context) -> Vec<Text> {
    let jobs = removal_jobs(c);
    if jobs.is_empty() {
        return Vec::new();
    }
    let named = names(
        super::goals::distinct(jobs.iter().map(|o| o.name.as_str())),
        5,
    );
    let parts = super::goals::distinct(jobs.iter().filter_map(|o| o.element.as_deref()));
    let parts = names(parts.into_iter().map(|id| c.name_of(id)), 3);
    let text = Text::plain("By their names, jobs in the code of ").spans(parts);
    let text = text.then(" clean up again and again: ").spans(named);
    vec![end(
        text.from(&first_places(jobs.iter().map(|o| &o.provenance), 3))
    )]
}

/// Two lines of a detail.
fn pair(o: &Observation) -> Option<(&str, &str)> {
    o.detail.as_deref()?.split_once('\n')
}

/// The time of a deletion in words: `30 days`, `the days that `KEEP_LOGS` holds (30 by default)`.
fn told_time(c: &Context, after: &str) -> String {
    let Some(name) = after.strip_prefix(DELETED_DAYS) else {
        return after.to_owned();
    };
    let set = || {
        let setting = c.blueprint.settings.iter().find(|s| s.name == name)?;
        let value = setting.value.as_deref().filter(|_| !setting.secret)?;
        Some(format!(" ({} by default)", words::short(value, 20)))
    };
    let value = set().unwrap_or_default();
    format!("the days that `{name}` holds{value}")
}

/// Files that functions delete by their age: the function, the time in words and the place.
pub(super) fn file_deletions<'a>(c: &Context<'a>) -> Vec<(&'a str, String, &'a Provenance)> {
    let all = c.seen(Topic::Stated).iter();
    let all = all.filter(|o| o.name == FILES_DELETED_AFTER);
    let mut found: Vec<_> = all
        .filter_map(|o| {
            let (function, after) = pair(o)?;
            Some((function, told_time(c, after), &o.provenance))
        })
        .collect();
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found.dedup_by(|a, b| a.0 == b.0 && a.1 == b.1);
    found
}

/// `` `CleanupLogs` deletes files that are older than 30 days. ``
fn file_deletions_text(c: &Context) -> Option<Text> {
    let all = file_deletions(c);
    all.first()?;
    let mut text = Text::default();
    for (i, (function, after, at)) in all.iter().take(4).enumerate() {
        let joint = if i == 0 { "" } else { ", and " };
        text = text
            .then(joint)
            .then_code(*function)
            .then(" files that are older than ")
            .spans(inline(after))
            .from(at);
    }
    let text = match all.len() > 4 {
        true => text.then(format!(", and with {} more", words::spelled(all.len() - 4))),
        false => text,
    };
    Some(end(Text::plain("Code deletes with ").append(text)))
}

/// Tables and models whose rows code deletes by their age, with the time where it is written there.
fn deletions<'a>(c: &Context<'a>) -> Vec<(&'a str, Option<&'a str>, &'a Provenance)> {
    let all = c.seen(Topic::Stated).iter();
    let mut found: Vec<_> = all
        .filter(|o| o.name == DELETED_AFTER)
        .filter_map(|o| {
            let detail = o.detail.as_deref()?;
            let (what, after) = match detail.split_once('\n') {
                Some((what, after)) => (what, Some(after)),
                None => (detail, None),
            };
            Some((what, after, &o.provenance))
        })
        .collect();
    found.sort_by_key(|(what, after, _)| (after.is_none(), *what, *after));
    found.dedup_by_key(|(what, after, _)| (*what, *after));
    // Where the time is known, that there is one says nothing.
    let timed: Vec<&str> = (found.iter().filter(|f| f.1.is_some()))
        .map(|(what, ..)| *what)
        .collect();
    found.retain(|(what, after, _)| after.is_some() || !timed.contains(what));
    found
}

/// Which rows by their age, from the lines of a detail: ` that are older than 30 days`, `` whose `updated` lies more
/// than 1 day back, where `state` fits too``.
fn aged(c: &Context, after: &str) -> String {
    let (time, column, others) = age(c, after);
    match column {
        None => format!(" that are older than {time}{others}"),
        Some(column) => format!(" whose `{column}` lies more than {time} back{others}"),
    }
}

/// The time, its column and what else has to fit, from the lines of a detail.
fn age<'a>(c: &Context, after: &'a str) -> (String, Option<&'a str>, String) {
    let mut lines = after.split('\n');
    let time = told_time(c, lines.next().unwrap_or_default());
    let column = lines.next().filter(|column| !column.is_empty());
    let others = lines.next().map_or_else(String::new, |others| {
        let others: Vec<String> = others.split(',').map(|name| format!("`{name}`")).collect();
        let verb = words::verb_for(others.len(), "fits", "fit");
        format!(", where {} {verb} too", words::list(&others, "and"))
    });
    (time, column, others)
}

/// ``Code deletes rows of `sent_activity` after 7 days and those of `entries` by their age, …``
fn deletions_text(c: &Context) -> Option<Text> {
    let all = deletions(c);
    all.first()?;
    let mut text = Text::plain("Code deletes rows of ");
    for (i, (what, after, at)) in all.iter().take(5).enumerate() {
        let joint = match i {
            0 => "",
            _ if i + 1 == all.len() => " and of ",
            _ => ", of ",
        };
        let when = match after {
            Some(EXPIRED) => " whose time of expiry has passed".to_owned(),
            Some(after) => aged(c, after),
            None => " by their age, with a time that is given to it".to_owned(),
        };
        text = text
            .then(joint)
            .then_code(*what)
            .spans(inline(&when))
            .from(at);
    }
    let text = match all.len() > 5 {
        true => text.then(format!(" and of {} more", words::spelled(all.len() - 5))),
        false => text,
    };
    Some(end(text))
}

fn data_retention_seen<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let marks = retention_marks(c);
    let texts: Vec<Text> = marks
        .iter()
        .take(3)
        .map(|(name, value, source, setting)| {
            let text = Text::code(name)
                .then(is(*setting))
                .then_code(words::short(value, 40));
            end(scoped(text, *setting).from(source))
        })
        .chain(deletions_text(c))
        .chain(file_deletions_text(c))
        .chain(removals(c))
        .chain(c.stated_in_documents("data-retention").map(end))
        .collect();
    super::goals::one_line(texts).unwrap_or_else(|| {
        c.absent(
            "retention setting or lifecycle rule",
            &["settings", "store configuration", "bucket rules"],
            "data-retention",
        )
    })
}

fn data_lifecycle<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let marks = retention_marks(c);
    let declared = retention_requirement(c);
    let jobs = removal_jobs(c);
    let deleted = deletions(c);
    let files = file_deletions(c);
    let known = !deleted.is_empty() || !files.is_empty();
    if marks.is_empty() && declared.is_none() && jobs.is_empty() && !known {
        if let Some(said) = c.stated_in_documents("data-retention") {
            return Answer::text(said);
        }
        return c.absent(
            "retention, archival or expiry rule",
            &[
                "settings",
                "store configuration",
                "scheduled jobs",
                "bucket rules",
            ],
            "data-retention",
        );
    }
    let kept = c.entities.iter().filter_map(|e| {
        let retention = e.retention.as_deref()?;
        let then = match e.partitioning.is_some() {
            true => "its partition is dropped",
            false => "a nightly job deletes",
        };
        Some(vec![
            name(&e.name),
            Text::sourced(retention, e.provenance.clone()),
            Text::plain(then),
        ])
    });
    let mut rows: Vec<Vec<Text>> = kept.take(30).collect();
    if !rows.is_empty() {
        return Answer::blocks(vec![table(
            &["Data Type", "Retention", "Archival Strategy"],
            rows,
        )]);
    }
    if let Some(text) = declared {
        rows.push(vec![
            Text::plain("All data"),
            text,
            Text::default().and(c.ask("data-retention")),
        ]);
    }
    for (name_of, value, source, setting) in marks.iter().take(10) {
        let value = Text::code(words::short(value, 60));
        let value = match setting.is_some_and(|s| s.source.is_read()) {
            true => Text::plain("default ").append(value),
            false => scoped(value, *setting),
        };
        rows.push(vec![
            name(name_of),
            value.from(source),
            Text::default().and(c.ask("data-retention")),
        ]);
    }
    for (what, after, at) in deleted.iter().take(10) {
        let after = match after {
            Some(EXPIRED) => "the time of expiry in the row".to_owned(),
            Some(after) => {
                let (time, column, others) = age(c, after);
                let column = column.map(|column| format!(" by `{column}`"));
                format!("{time}{}{others}", column.unwrap_or_default())
            }
            None => "a time that is given to the code".to_owned(),
        };
        rows.push(vec![
            Text::plain("Rows of ").then_code(*what),
            Text::default().spans(inline(&after)).from(at),
            Text::plain("deleted by code"),
        ]);
    }
    for (function, after, at) in files.iter().take(10) {
        rows.push(vec![
            Text::plain("Files of ").then_code(*function),
            Text::default().spans(inline(after)).from(at),
            Text::plain("deleted by code"),
        ]);
    }
    // Where code tells what it deletes, the names of its jobs tell less.
    for job in jobs.iter().take(if known { 0 } else { 10 }) {
        let part = job.element.as_deref().map_or("", |id| c.name_of(id));
        rows.push(vec![
            Text::plain("What ").then_code(&job.name).then(" removes"),
            Text::default()
                .and(c.ask("data-retention"))
                .from(&job.provenance),
            Text::plain("removed by a job of ").then_code(part),
        ]);
    }
    Answer::blocks(vec![table(
        &["Data Type", "Retention", "Archival Strategy"],
        rows,
    )])
}

#[cfg(test)]
mod tests {
    use super::{removes, speaks};

    #[test]
    fn what_expires_may_stay() {
        for name in [
            "delete-expired-carts",
            "CleanupJob",
            "remove_old_files",
            "purgeSends",
        ] {
            assert!(removes(name), "{name}");
        }
        for name in [
            "expire-orders",
            "deactivate-expired-vouchers",
            "clear_cache",
            "undeleted",
        ] {
            assert!(!removes(name), "{name}");
        }
    }

    #[test]
    fn the_life_of_a_token_is_no_retention() {
        for name in [
            "LOG_RETENTION_DAYS",
            "EVENTS_DAYS_RETAIN",
            "TRASH_AUTO_DELETE_DAYS",
            "CLEANUP_ARCHIVE_READ_DAYS",
            "document.ttl",
        ] {
            assert!(speaks(name), "{name}");
        }
        for name in [
            "TOKEN_EXPIRY_SECONDS",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "SESSION_MAX_AGE",
            "KAFKA_METADATA_MAX_RETENTION_MS",
            "KEEP_ALIVE",
            "JWT_TTL",
            "AWS_QUERYSTRING_EXPIRE",
            "CHECKOUT_PRICES_TTL",
        ] {
            assert!(!speaks(name), "{name}");
        }
    }
}
