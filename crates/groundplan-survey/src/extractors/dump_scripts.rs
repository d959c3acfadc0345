//! Shell scripts that copy a database away.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "dump-scripts",
    docs: "\
### What it finds
Commands in shell scripts that dump a database: `pg_dump`, `mysqldump`, `mongodump` and the like.

### What it does not find
Who runs the script and when; copies by other programs.
",
    reads: &[Reads::Languages(&[Language::Shell])],
    markers: &[
        "pg_dump",
        "pg_basebackup",
        "mysqldump",
        "mariadb-dump",
        "mongodump",
        "sqlite3_backup",
        "wal-g",
        "restic",
    ],
    run: extract,
};

/// Commands that write a copy of what a store holds.
const COMMANDS: [&str; 9] = [
    "pg_dump",
    "pg_dumpall",
    "pg_basebackup",
    "mysqldump",
    "mariadb-dump",
    "mongodump",
    "sqlite3_backup",
    "wal-g",
    "restic",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for (line, text) in (1_u32..).zip(file.text.lines()) {
        let text = text.trim();
        if text.starts_with('#') {
            continue;
        }
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        let Some(command) = words.find(|w| COMMANDS.contains(w)) else {
            continue;
        };
        let mark = Mark {
            topic: Topic::Backup,
            name: command.to_owned(),
            detail: Some("run by hand from a script, unless something starts it".to_owned()),
        };
        acc.add(file, line, line, Claim::Mark(mark));
        return;
    }
}
