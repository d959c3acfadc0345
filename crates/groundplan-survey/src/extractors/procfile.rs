//! Processes of a `Procfile`.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Deployable, FileFacts, Placed};
use crate::processes::{Process, is_for_development, process};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "procfile",
    docs: "\
### What it finds
Processes of a `Procfile` by name and command (<https://devcenter.heroku.com/articles/procfile>): each
is started and scaled for itself from one build of the folder.

### What it does not find
The release phase, which starts nothing that stays, what only watches files of those who work on them
(`tailwindcss:watch`, `webpack --watch`, `guard`), a single process, which is the program itself, and
files for developers (`Procfile.dev`). A file with a watcher, or with commands for `development`, says
which processes there are, and not how they are deployed.
",
    reads: &[Reads::Paths(&["Procfile"])],
    markers: &[":"],
    run: extract,
};

/// Where a deployable comes from.
pub(crate) const PROCFILE: &str = "procfile";

/// The kind of a process that a file for developers lists.
pub(crate) const LOCAL_PROCESS: &str = "local process";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let mut all: Vec<(&str, &str, u32)> = Vec::new();
    for (index, line) in file.text.lines().enumerate().take(200) {
        let Some((name, command)) = line.split_once(':') else {
            continue;
        };
        let (name, command) = (name.trim(), command.trim());
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(plain) || command.is_empty() {
            continue;
        }
        if name != "release" {
            all.push((name, command, index as u32 + 1));
        }
    }
    let count = all.len();
    let told = all
        .iter()
        .any(|(_, command, _)| is_for_development(command));
    all.retain(|(name, command, _)| process(name, command) != Process::Watcher);
    let local = told || all.len() < count;
    // A single process is the program itself, under a name that says nothing.
    if all.len() < 2 {
        return;
    }
    for (name, command, line) in all {
        let placed = |value: &str| Placed {
            value: value.to_owned(),
            at: file.evidence(line, line),
        };
        let deployable = Deployable {
            source: PROCFILE.to_owned(),
            kind: match local {
                true => LOCAL_PROCESS.to_owned(),
                false => "process".to_owned(),
            },
            name: name.to_owned(),
            build: Some(placed(file.folder())),
            command: Some(placed(command)),
            ..Deployable::default()
        };
        acc.add(file, line, line, Claim::Deployable(Box::new(deployable)));
    }
}
