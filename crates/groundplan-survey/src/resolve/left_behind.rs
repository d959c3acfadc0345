//! Scripts of SQL that describe no schema that is in use: those kept of an earlier one, copies of
//! databases and data to try things out with.

use crate::facts::Claim;
use crate::resolve::names::is_aside;
use crate::resolve::world::{World, folder_of};
use groundplan_model::Topic;

/// What is left behind, where there is anything else.
#[derive(Debug, Default)]
pub(crate) struct LeftBehind {
    /// Whether tables or migrations stand elsewhere too.
    others: bool,
}

impl LeftBehind {
    pub(crate) fn of(world: &World<'_>) -> Self {
        let others = world.facts().any(|(file, fact)| {
            let says = match &fact.claim {
                Claim::Sql(_) | Claim::Entity(_) => true,
                Claim::Mark(mark) => mark.topic == Topic::Migration,
                _ => false,
            };
            says && !is_aside(&file.path) && !speaks(&file.path)
        });
        LeftBehind { others }
    }

    /// Whether a script is one of those.
    pub(crate) fn holds(&self, path: &str) -> bool {
        self.others && path.ends_with(".sql") && !is_aside(path) && speaks(path)
    }
}

/// Words of folders of what was in use once.
const PAST: [&str; 9] = [
    "archive",
    "archived",
    "archives",
    "backup",
    "backups",
    "deprecated",
    "legacy",
    "obsolete",
    "old",
];

/// Words of folders of what is there to try things out with.
const TRIAL: [&str; 4] = ["demo", "demos", "sample", "samples"];

/// Words beside which the others speak of scripts, not of a part of the system.
const SCRIPTS: [&str; 14] = [
    "data",
    "database",
    "databases",
    "db",
    "ddl",
    "dump",
    "dumps",
    "files",
    "migrations",
    "schema",
    "schemas",
    "scripts",
    "sql",
    "tables",
];

/// Whether a folder of a path is called so: `old-schema-files`, `archive`, `sample_data`.
fn speaks(path: &str) -> bool {
    // The folder of one migration says what it does: `20260723150000_drop_legacy_tables`.
    let is_step = |folder: &&str| {
        let digits = folder.bytes().take_while(u8::is_ascii_digit).count();
        digits > 2 && folder[digits..].starts_with(['_', '-'])
    };
    let mut folders = folder_of(path).split('/').filter(|f| !is_step(f));
    folders.any(|folder| {
        let lower = folder.to_ascii_lowercase();
        let words: Vec<&str> = lower.split(['-', '_', '.']).collect();
        let any = |of: &[&str]| words.iter().any(|w| of.contains(w));
        let past = any(&PAST) && (words.len() == 1 || any(&SCRIPTS) || any(&TRIAL));
        past || any(&TRIAL) && any(&SCRIPTS)
    })
}

#[cfg(test)]
mod tests {
    use super::speaks;

    #[test]
    fn folders_tell_what_is_left_behind() {
        for (path, expected) in [
            ("db/old-schema-files/0001.sql", true),
            ("db/archive/V1__init.sql", true),
            ("sql/migrations/sample_data/load.sql", true),
            ("db/multi-tenant-demo-backups/acme/dump.sql", true),
            ("legacy-orders/db/V1__init.sql", false),
            ("demo/db/V1__init.sql", false),
            ("src/main/resources/db/migration/V1__old.sql", false),
        ] {
            assert_eq!(speaks(path), expected, "{path}");
        }
    }
}
