//! Scripts that copy data away.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "backup-scripts",
    docs: "\
### What it finds
Commands in shell scripts, Makefiles and pipelines that copy data away: dumps of databases
(`pg_dump`, `pg_dumpall`, `pg_basebackup`, `mysqldump`, `mariadb-dump`, `mongodump`, `BACKUP DATABASE` of SQL
Server, also in scripts of SQL), restic, borg, Velero, WAL-G, pgBackRest, Barman; commands of Django that
are called after backups.

### What it does not find
Who runs a script and how often, copies by plain `cp` or `rsync`.
",
    reads: &[
        Reads::Languages(&[Language::Shell, Language::Sql]),
        Reads::Paths(&[
            "Makefile",
            "*.mk",
            "Justfile",
            "Taskfile.yml",
            ".gitlab-ci.yml",
            ".woodpecker.yml",
            "**/.github/workflows/*.yml",
            "**/.github/workflows/*.yaml",
            ".github/workflows/*.yml",
            "**/management/commands/*backup*.py",
        ]),
    ],
    markers: &[
        "pg_dump",
        "pg_basebackup",
        "mysqldump",
        "mariadb-dump",
        "mongodump",
        "restic ",
        "borg create",
        "velero ",
        "wal-g",
        "pgbackrest",
        "barman ",
        "BACKUP DATABASE",
        "backup database",
        "BaseCommand",
    ],
    run: extract,
};

/// The command as it stands in a line, and the name under which it is told.
const COMMANDS: [(&str, &str); 13] = [
    ("pg_dumpall", "pg_dumpall"),
    ("pg_dump", "pg_dump"),
    ("pg_basebackup", "pg_basebackup"),
    ("mysqldump", "mysqldump"),
    ("mariadb-dump", "mariadb-dump"),
    ("mongodump", "mongodump"),
    ("restic backup", "restic"),
    ("borg create", "Borg"),
    ("velero backup", "Velero"),
    ("wal-g backup-push", "WAL-G"),
    ("pgbackrest", "pgBackRest"),
    ("barman backup", "Barman"),
    ("backup database ", "BACKUP DATABASE"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // <https://docs.djangoproject.com/en/stable/howto/custom-management-commands/>
    if file.language == Language::Python {
        let mut lines = (1_u32..).zip(file.text.lines());
        let class = lines.find(|(_, line)| line.starts_with("class Command"));
        if let Some((line, _)) = class {
            let name = file.name().trim_end_matches(".py").to_owned();
            let mark = Mark {
                topic: Topic::Backup,
                name,
                detail: Some("a command of the program".to_owned()),
            };
            acc.add(file, line, line, Claim::Mark(mark));
        }
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim();
        let quiet = ["#", "--", "echo ", "grep "];
        if quiet.iter().any(|begin| text.starts_with(begin)) {
            continue;
        }
        let lower = text.to_ascii_lowercase();
        let Some((_, name)) = COMMANDS.iter().find(|(command, _)| {
            // `command -v pg_dump` asks whether it is there.
            lower.contains(command) && !text.contains("command -v") && !text.contains("which ")
        }) else {
            continue;
        };
        // A schema alone is no backup of data.
        if seen.contains(name) || text.contains("--schema-only") {
            continue;
        }
        seen.push(name);
        let number = number as u32 + 1;
        let mark = Mark {
            topic: Topic::Backup,
            name: (*name).to_owned(),
            detail: Some(format!("by `{}`", file.name())),
        };
        acc.add(file, number, number, Claim::Mark(mark));
    }
}
