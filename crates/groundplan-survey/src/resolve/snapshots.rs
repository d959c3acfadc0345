//! Snapshots of contexts: one schema, for however many products it is kept.

use crate::extractors::SNAPSHOT_FILE;
use crate::facts::{Claim, SqlChange};
use crate::resolve::names::is_aside;
use crate::resolve::schemas;
use crate::resolve::world::{World, folder_of};
use groundplan_model::Entity;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The tables of all contexts, each with the path of its snapshot. Of snapshots of one context that
/// have most tables in common the one for a server, then the one with most tables, is told.
pub(super) fn tables<'f>(world: &World<'f>) -> Vec<(&'f str, Entity)> {
    let mut contexts: BTreeMap<&str, Vec<(&'f str, Vec<&'f Entity>)>> = BTreeMap::new();
    for file in world
        .files
        .iter()
        .filter(|f| is_snapshot(&f.path) && !is_aside(&f.path))
    {
        let made = file.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Sql(change) => match change.as_ref() {
                SqlChange::Create(entity) => Some(entity),
                _ => None,
            },
            _ => None,
        });
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let of_it = contexts.entry(name).or_default();
        of_it.push((&file.path, made.collect()));
    }
    let mut all = Vec::new();
    for mut snapshots in contexts.into_values() {
        let serves = |path: &str| !product(path).is_some_and(schemas::is_in_program);
        snapshots.sort_by_key(|(path, tables)| Reverse((serves(path), tables.len())));
        let mut told: Vec<(&str, BTreeSet<&str>)> = Vec::new();
        for (path, tables) in snapshots {
            let own: BTreeSet<&str> = tables.iter().map(|e| e.id.as_str()).collect();
            // Two programs may call their contexts alike and begin with the same tables.
            let same = |(other, known): &(&str, BTreeSet<&str>)| {
                let variants = product(path) != product(other)
                    || world.project_of(path) == world.project_of(other);
                variants && known.intersection(&own).count() * 2 >= own.len()
            };
            if told.iter().any(same) {
                continue;
            }
            told.push((path, own));
            all.extend(tables.into_iter().map(|e| (path, e.clone())));
        }
    }
    all
}

/// Whether a file is the snapshot of a context.
pub(super) fn is_snapshot(path: &str) -> bool {
    path.ends_with(SNAPSHOT_FILE)
}

/// The product for which a folder holds migrations: `Migrations.PostgreSQL`, `SqliteMigrations`.
fn product(path: &str) -> Option<&'static str> {
    let folders = folder_of(path).to_ascii_lowercase();
    let known = ["sqlite", "postgres", "mysql", "sqlserver", "mssql"];
    known.into_iter().find(|name| folders.contains(name))
}

#[cfg(test)]
mod tests {
    use super::tables;
    use crate::resolve::world::World;

    fn snapshot(names: &[&str]) -> String {
        let entity = |name: &&str| {
            format!(
                "modelBuilder.Entity(\"Shop.{name}\", b => {{ b.Property<int>(\"Id\"); \
                 b.HasKey(\"Id\"); b.ToTable(\"{name}\"); }});\n"
            )
        };
        let entities: String = names.iter().map(entity).collect();
        format!("class C : ModelSnapshot {{ void Build() {{ {entities} }} }}")
    }

    #[test]
    fn products_of_a_context_are_told_once_and_contexts_of_one_name_apart() {
        let server = snapshot(&["Loans", "Readers"]);
        let small = snapshot(&["Loans", "Readers", "Locks"]);
        let other = snapshot(&["Fines", "Fees"]);
        let files = [
            ("a/SqliteMigrations/ShopContextModelSnapshot.cs", &small),
            ("a/PostgresMigrations/ShopContextModelSnapshot.cs", &server),
            ("b/Migrations/ShopContextModelSnapshot.cs", &other),
        ];
        let facts: Vec<_> = files
            .iter()
            .map(|(p, t)| crate::extract_file(p, t))
            .collect();
        let world = World::new(&facts, groundplan_knowledge::knowledge());
        let found = tables(&world);
        let found: Vec<_> = found
            .iter()
            .map(|(path, e)| (&path[..2], e.id.as_str()))
            .collect();
        let wanted = [
            ("a/", "loans"),
            ("a/", "readers"),
            ("b/", "fees"),
            ("b/", "fines"),
        ];
        assert_eq!(found, wanted);
    }
}
