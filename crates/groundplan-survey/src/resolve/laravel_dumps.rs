//! Dumps of schemas that Laravel keeps beside its migrations, each for one connection
//! (<https://laravel.com/docs/migrations#squashing-migrations>): what stands only in the dump of another connection
//! is no table of the database that the program runs on.

use crate::facts::{Claim, SqlChange};
use crate::resolve::settings;
use crate::resolve::world::World;
use crate::resolve_sql::laravel_dump;
use std::collections::{BTreeMap, BTreeSet};

/// The dump of one connection.
struct Dump<'f> {
    root: &'f str,
    connection: &'f str,
    tables: BTreeSet<&'f str>,
}

/// Paths of dumps of other connections than the one that is used.
pub(crate) fn of_others<'f>(world: &World<'f>) -> BTreeSet<&'f str> {
    let mut dumps: BTreeMap<&'f str, Dump<'f>> = BTreeMap::new();
    // Tables that migrations make, and what selects the connection, by the folder of the program.
    let mut made: BTreeMap<&'f str, BTreeSet<&'f str>> = BTreeMap::new();
    let mut chosen: BTreeMap<&'f str, &'f str> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let path = file.path.as_str();
        match &fact.claim {
            Claim::Sql(change) => {
                let SqlChange::Create(entity) = change.as_ref() else {
                    continue;
                };
                // A dump names the schema of a table, a migration mostly does not.
                let table = entity.id.rsplit('.').next().unwrap_or(&entity.id);
                if let Some((root, connection)) = laravel_dump(path) {
                    let known = dumps.entry(path).or_insert(Dump {
                        root,
                        connection,
                        tables: BTreeSet::new(),
                    });
                    known.tables.insert(table);
                } else if let Some((root, _)) = below(path, "database/migrations/") {
                    made.entry(root).or_default().insert(table);
                }
            }
            Claim::Store(store) if store.library == "Eloquent" => {
                if let (Some((root, "")), Some(choice)) =
                    (below(path, "config/database.php"), &store.chosen_by)
                {
                    chosen.insert(root, choice);
                }
            }
            _ => {}
        }
    }
    let is_other = |one: &Dump<'f>| {
        let choice = chosen.get(one.root).copied().unwrap_or_default();
        // What the environment may choose is open, whatever it is by default.
        let open = choice.is_empty() || choice.starts_with('{');
        if settings::fill(choice, &|_| None) == one.connection {
            return false;
        }
        // Where migrations were squashed into it, a dump alone has the tables.
        let own = made.get(one.root);
        let shared = own.map_or(0, |own| own.intersection(&one.tables).count());
        let migrated = shared * 2 >= one.tables.len();
        let beside = dumps
            .values()
            .any(|other| other.root == one.root && !is_for_tests(other.connection));
        !open && migrated || is_for_tests(one.connection) && (migrated || beside)
    };
    let others = dumps.iter();
    let others = others.filter_map(|(path, one)| is_other(one).then_some(*path));
    others.collect()
}

/// What stands before a folder or file of a program, and what behind it.
fn below<'p>(path: &'p str, part: &str) -> Option<(&'p str, &'p str)> {
    let at = path.rfind(part)?;
    let (root, rest) = (path.get(..at)?, path.get(at + part.len()..)?);
    (root.is_empty() || root.ends_with('/')).then_some((root, rest))
}

/// Whether tests alone use a connection of this name: `pgsql_test`, `testing`.
fn is_for_tests(connection: &str) -> bool {
    let mut words = connection.split(['_', '-', '.']);
    words.any(|word| matches!(word, "test" | "testing" | "tests"))
}

#[cfg(test)]
mod tests {
    use super::is_for_tests;
    use crate::resolve_sql::laravel_dump;

    #[test]
    fn a_dump_is_that_of_one_connection() {
        assert_eq!(
            laravel_dump("api/database/schema/pgsql_test-schema.sql"),
            Some(("api/", "pgsql_test"))
        );
        assert_eq!(
            laravel_dump("database/schema/mysql-schema.dump"),
            Some(("", "mysql"))
        );
        assert_eq!(laravel_dump("database/schema.sql"), None);
        assert!(is_for_tests("pgsql_test") && is_for_tests("testing"));
        assert!(!is_for_tests("latest"));
    }
}
