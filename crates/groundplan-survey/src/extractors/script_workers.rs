//! Workers and schedulers that shell scripts start.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::processes::{Process, process};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "script-workers",
    docs: "\
### What it finds
In shell scripts the command of Celery or Sidekiq that starts a worker or a scheduler: a container that runs
the script is that.

### What it does not find
Commands that are put together from variables, and scripts that call other scripts.
",
    reads: &[Reads::Paths(&["*.sh", "*.bash"])],
    markers: &["celery", "sidekiq"],
    run: extract,
};

/// The program that a line starts, behind what it is started with (`exec`, `bundle exec`, `uv run`).
fn started(line: &str) -> Option<&'static str> {
    const BEFORE: [&str; 11] = [
        "-m", "bundle", "env", "exec", "nohup", "pipenv", "poetry", "python", "python3", "run",
        "uv",
    ];
    let mut words = line.split_whitespace();
    let word = words.find(|word| !BEFORE.contains(word) && !word.contains('='))?;
    match word.rsplit('/').next() {
        Some("celery") => Some("celery"),
        Some("sidekiq") => Some("sidekiq"),
        _ => None,
    }
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    for (number, line) in (1..).zip(file.text.lines()) {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let Some(technology) = started(line) else {
            continue;
        };
        let side = match process("", line) {
            Process::Worker => "worker",
            Process::Scheduler => "scheduler",
            _ => continue,
        };
        // The line itself may hold a password: `REDIS_PASSWORD=… celery worker`.
        let mark = format!("{technology} {side}");
        scan::uses(acc, file, number, technology, side, mark);
    }
}
