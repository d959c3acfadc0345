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

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    for (number, line) in (1..).zip(file.text.lines()) {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let name = |word: &str| match word.rsplit('/').next() {
            Some("celery") => Some("celery"),
            Some("sidekiq") => Some("sidekiq"),
            _ => None,
        };
        let Some(technology) = words.find_map(name) else {
            continue;
        };
        let side = match process("", line) {
            Process::Worker => "worker",
            Process::Scheduler => "scheduler",
            _ => continue,
        };
        scan::uses(acc, file, number, technology, side, line);
    }
}
