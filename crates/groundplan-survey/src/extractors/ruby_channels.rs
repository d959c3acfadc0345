//! Ruby: jobs of Sidekiq and of Active Job.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Channel, Claim, FileFacts};
use crate::paths;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ruby-channels",
    docs: "\
### What it finds
Jobs by the name of their class, with the queue that the class names: classes that include
`Sidekiq::Job` or `Sidekiq::Worker`, and subclasses of `ApplicationJob` and `ActiveJob::Base`; who
puts them into their queue (`perform_async`, `perform_in`, `perform_at`, `perform_bulk`,
`perform_later`, also behind `set`), and who does them at once (`perform_now`, `perform_inline`).

### What it does not find
Jobs whose class is computed, subclasses of other jobs, schedules, and what keeps the queue of Active
Job; tests.
",
    reads: &[Reads::Own(&[Language::Ruby])],
    markers: &[
        "Sidekiq::Job",
        "Sidekiq::Worker",
        "ApplicationJob",
        "ActiveJob::Base",
        ".perform_",
        ".new.perform",
    ],
    run: extract,
};

/// Sidekiq keeps its jobs in Redis alone (<https://sidekiq.org>).
const SIDEKIQ: &str = "redis";

/// What keeps the jobs of Active Job is a setting of each environment.
const ACTIVE_JOB: &str = "active-job";

/// Ways to put a job into its queue.
const CALLS: [(&str, &str); 5] = [
    (".perform_async", SIDEKIQ),
    (".perform_in", SIDEKIQ),
    (".perform_at", SIDEKIQ),
    (".perform_bulk", SIDEKIQ),
    (".perform_later", ACTIVE_JOB),
];

/// Ways to do a job at once, without its queue.
const AT_ONCE: [&str; 4] = [
    ".new.perform",
    ".perform_inline",
    ".perform_now",
    ".perform_sync",
];

/// A class or module that is open, by the blanks before it.
struct Open<'t> {
    indent: usize,
    name: &'t str,
    job: Option<&'static str>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || paths::is_test(file.path) {
        return;
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let at = number as u32 + 1;
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        // Ruby is written with the end of a class below its begin.
        if text.starts_with("end") && open.last().is_some_and(|o| o.indent >= indent) {
            open.pop();
            continue;
        }
        if let Some(head) = text.strip_prefix("class ").or(text.strip_prefix("module ")) {
            let name = word(head);
            let parent = head
                .split_once('<')
                .map_or("", |(_, p)| word(p.trim_start()));
            let is_job = matches!(
                parent.trim_start_matches("::"),
                "ApplicationJob" | "ActiveJob::Base"
            );
            // The base of all jobs of an application is none itself.
            let job = (is_job && name != "ApplicationJob").then_some(ACTIVE_JOB);
            // `class Failed < StandardError; end` is over.
            if !name.is_empty() && !text.ends_with("end") {
                open.push(Open { indent, name, job });
            }
            if let Some(broker) = job {
                consume(acc, file, at, full(&open), broker);
            }
            continue;
        }
        inside(acc, file, at, text, &mut open);
        for call in AT_ONCE {
            for (found, _) in text.match_indices(call) {
                let rest = &text[found + call.len()..];
                if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                if let Some(class) = receiver(&text[..found]) {
                    let name = class.trim_start_matches("::").to_owned();
                    scan::add(acc, file, at, Claim::DoneAtOnce(name));
                }
            }
        }
        for (call, broker) in CALLS {
            for (found, _) in text.match_indices(call) {
                let rest = &text[found + call.len()..];
                // A word that goes on is another method.
                if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                if let Some(class) = receiver(&text[..found]) {
                    let channel = made(class.trim_start_matches("::").to_owned(), broker, true);
                    scan::add(acc, file, at, Claim::Channel(channel));
                }
            }
        }
    }
}

/// What a line in the body of a class says of it.
fn inside(acc: &mut FileFacts, file: &SourceFile<'_>, at: u32, text: &str, open: &mut [Open<'_>]) {
    let included = text.strip_prefix("include ").map(word);
    let is_worker = included.is_some_and(|name| {
        let name = name.trim_start_matches("::");
        matches!(name, "Sidekiq::Job" | "Sidekiq::Worker")
    });
    if is_worker && !open.is_empty() {
        let name = full(open);
        if let Some(last) = open.last_mut() {
            last.job = Some(SIDEKIQ);
        }
        consume(acc, file, at, name, SIDEKIQ);
    }
    let Some(broker) = open.last().and_then(|o| o.job) else {
        return;
    };
    let queue = match (
        text.strip_prefix("queue_as "),
        text.strip_prefix("sidekiq_options "),
    ) {
        (Some(rest), _) => Some(rest),
        (None, Some(rest)) => ["queue: ", ":queue => "]
            .iter()
            .find_map(|key| rest.split_once(key).map(|(_, value)| value)),
        (None, None) => None,
    };
    let name = queue.map(|q| word(q.trim_start_matches([':', '"', '\'', '('])));
    if let Some(name) = name.filter(|n| n.starts_with(|c: char| c.is_ascii_lowercase())) {
        consume(acc, file, at, name.to_owned(), broker);
    }
}

fn consume(acc: &mut FileFacts, file: &SourceFile<'_>, at: u32, name: String, broker: &str) {
    let channel = made(name, broker, false);
    scan::add(acc, file, at, Claim::Channel(channel));
}

fn made(name: String, broker: &str, produces: bool) -> Channel {
    Channel {
        name,
        produces,
        consumes: !produces,
        broker: Some(broker.to_owned()),
        awaited: false,
    }
}

/// The name that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "_:-".contains(c)));
    &text[..end.unwrap_or(text.len())]
}

/// The name of the innermost class with those around it.
fn full(open: &[Open<'_>]) -> String {
    let names: Vec<&str> = open.iter().map(|o| o.name).collect();
    names.join("::")
}

/// The class that a call stands at: `Orders::ShipJob`, also behind `.set(wait: 5)`.
fn receiver(before: &str) -> Option<&str> {
    let mut rest = before;
    if rest.ends_with(')') {
        let mut depth = 0_u32;
        let open = rest.char_indices().rev().find_map(|(at, c)| {
            match c {
                ')' => depth += 1,
                '(' => depth = depth.saturating_sub(1),
                _ => {}
            }
            (depth == 0).then_some(at)
        })?;
        rest = rest[..open].strip_suffix(".set")?;
    }
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let start = rest.rfind(|c: char| !part(c)).map_or(0, |at| {
        at + rest[at..].chars().next().map_or(1, char::len_utf8)
    });
    let class = &rest[start..];
    let bare = class.trim_start_matches("::");
    bare.starts_with(|c: char| c.is_ascii_uppercase())
        .then_some(class)
}
