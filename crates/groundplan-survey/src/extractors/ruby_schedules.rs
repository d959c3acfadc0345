//! Schedules of jobs of Ruby that stand in YAML.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ruby-schedules",
    docs: "\
### What it finds
Jobs with their cron or period in `config/recurring.yml` of Solid Queue, `config/schedule.yml` and
`config/sidekiq_cron.yml` of sidekiq-cron, and under `schedule` in `config/sidekiq.yml` of
sidekiq-scheduler: the class or command, its schedule and the environment.

### What it does not find
Schedules of tests and of development alone, files under other names.
",
    reads: &[Reads::Paths(&[
        "**/config/recurring.yml",
        "**/config/schedule.yml",
        "**/config/sidekiq.yml",
        "**/config/sidekiq_cron.yml",
        "**/config/sidekiq_scheduler.yml",
        "**/config/resque_schedule.yml",
    ])],
    markers: &["cron:", "schedule:", "every:"],
    run: extract,
};

/// A mapping that is open: its name, its indentation and what it is given.
struct Open<'t> {
    name: &'t str,
    indent: usize,
    line: u32,
    given: BTreeMap<&'t str, (&'t str, u32)>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    for (index, whole) in file.text.lines().enumerate() {
        let text = whole.trim_start();
        let indent = whole.len() - text.len();
        if text.is_empty() || text.starts_with(['#', '-', '<']) {
            continue;
        }
        while open.last().is_some_and(|o| o.indent >= indent) {
            close(acc, file, &mut open);
        }
        // Keys of Sidekiq may be symbols: `:schedule:`.
        let text = text.trim_start_matches(':');
        let Some((key, value)) = text.split_once(':') else {
            continue;
        };
        let key = key.trim_matches(['"', '\'', ' ']);
        let value = value.split(" #").next().unwrap_or(value).trim();
        let value = value.trim_matches(['"', '\'']).trim_start_matches(':');
        let line = index as u32 + 1;
        match (value.is_empty(), open.last_mut()) {
            (false, Some(outer)) => {
                outer.given.insert(key, (value, line));
            }
            (false, None) => {}
            (true, _) => open.push(Open {
                name: key,
                indent,
                line,
                given: BTreeMap::new(),
            }),
        }
    }
    while !open.is_empty() {
        close(acc, file, &mut open);
    }
}

fn close(acc: &mut FileFacts, file: &SourceFile<'_>, open: &mut Vec<Open<'_>>) {
    let Some(done) = open.pop() else { return };
    let stage = open
        .iter()
        .map(|o| o.name)
        .find(|name| matches!(*name, "development" | "test" | "staging" | "production"));
    if matches!(stage, Some("development" | "test")) {
        return;
    }
    let get = |keys: &[&str]| keys.iter().find_map(|key| done.given.get(key)).copied();
    let when = get(&["cron", "schedule", "every"]);
    let what = get(&["class", "job_class", "command"]);
    let (Some((when, _)), Some((what, _))) = (when, what) else {
        return;
    };
    let detail = match stage {
        Some(stage) => format!("{when}, in {stage}"),
        None => when.to_owned(),
    };
    let name = match what.contains(['"', '\'', '(', ' ']) {
        true => done.name,
        false => what,
    };
    scan::mark(
        acc,
        file,
        done.line,
        Topic::ScheduledJob,
        name,
        Some(detail),
    );
}
