//! Schema migrations by the set that they belong to.

use super::goals::distinct;
use super::seen::{MOST, end};
use crate::answer::Answer;
use crate::context::Context;
use crate::text::{bullets, first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{Observation, Provenance, Topic};
use std::collections::BTreeMap;

/// What the survey says of code that applies migrations.
const APPLIED: &str = "applied by the program";

/// The migrations themselves, without the code that applies them.
pub(super) fn steps<'a>(c: &Context<'a>) -> Vec<&'a Observation> {
    let all = c.seen(Topic::Migration).iter().copied();
    all.filter(|o| o.detail.as_deref() != Some(APPLIED))
        .collect()
}

/// `` Code applies them: `MigrateAsync` in `lending` ``.
pub(super) fn applied(c: &Context) -> Option<Text> {
    let all = c.seen(Topic::Migration).iter();
    let all: Vec<_> = all
        .filter(|o| o.detail.as_deref() == Some(APPLIED))
        .collect();
    let first = all.first()?;
    let parts = distinct(
        all.iter()
            .filter_map(|o| o.element.as_deref())
            .map(|id| c.name_of(id)),
    );
    let text = Text::plain("Code applies them: ").then_code(&first.name);
    let text = match parts.is_empty() {
        true => text,
        false => text.then(" in ").spans(names(parts, 4)),
    };
    Some(end(
        text.from(&first_places(all.iter().map(|o| &o.provenance), 3))
    ))
}

/// Files of migrations counted by folder, where there are several: one repository often has a set
/// for each product that it runs on, and only one of them is applied to a database.
pub(super) fn by_set(c: &Context) -> Option<Answer> {
    let mut sets: BTreeMap<&str, BTreeMap<&str, &Provenance>> = BTreeMap::new();
    for o in steps(c) {
        let (set, step) = place(o)?;
        sets.entry(set).or_default().insert(step, &o.provenance);
    }
    if sets.len() < 2 {
        return None;
    }
    let all: usize = sets.values().map(BTreeMap::len).sum();
    if let Some(products) = by_product(&sets) {
        let items = products.into_iter().map(|(folder, steps)| {
            let text = Text::plain(format!(
                "{} in ",
                words::count(steps.len(), "schema migration")
            ))
            .then_code(folder);
            end(text.from(&first_places(steps, 3)))
        });
        let items: Vec<Text> = items.collect();
        let text = Text::plain(format!(
            "{} in {}, each for one product by the name of its folder; a database gets those of one:",
            words::count(all, "schema migration"),
            words::spelled_count(items.len(), "set"),
        ));
        return Some(Answer::both(text, vec![bullets(items)]));
    }
    let items = sets.iter().take(MOST).map(|(folder, steps)| {
        let text = Text::plain(format!(
            "{} in ",
            words::count(steps.len(), "schema migration")
        ))
        .then_code(if folder.is_empty() { "." } else { *folder });
        end(text.from(&first_places(steps.values().copied(), 3)))
    });
    let mut items: Vec<Text> = items.collect();
    if sets.len() > MOST {
        items.push(Text::plain(format!(
            "and {} more",
            words::count(sets.len() - MOST, "folder")
        )));
    }
    // Only names of products make it likely that a database gets one set of several.
    let of_product = |folder: &&str| folder.split('/').any(|part| PRODUCTS.contains(&part));
    let open = match sets.keys().any(of_product) {
        true => "; whether they are sets of one schema for several products was not followed:",
        false => ":",
    };
    let text = Text::plain(format!(
        "{} in {}{open}",
        words::count(all, "schema migration"),
        words::spelled_count(sets.len(), "folder"),
    ));
    Some(Answer::both(text, vec![bullets(items)]))
}

/// Names of folders that say for which product a set is.
const PRODUCTS: [&str; 14] = [
    "cockroachdb",
    "h2",
    "mariadb",
    "mssql",
    "mysql",
    "oracle",
    "pgsql",
    "postgres",
    "postgresql",
    "sqlite",
    "sqlite3",
    "sqlserver",
    "tidb",
    "yugabytedb",
];

/// The sets by the folder that names their product, where all of them lie below one and there are several.
fn by_product<'a>(
    sets: &BTreeMap<&'a str, BTreeMap<&'a str, &'a Provenance>>,
) -> Option<BTreeMap<&'a str, Vec<&'a Provenance>>> {
    let mut all: BTreeMap<&str, Vec<&Provenance>> = BTreeMap::new();
    for (folder, steps) in sets {
        let mut end = 0;
        let mut parts = folder.split('/').map(|part| {
            let from = end;
            end += part.len() + 1;
            (part, from + part.len())
        });
        let (_, end) = parts.find(|(part, _)| PRODUCTS.contains(part))?;
        let known = all.entry(folder.get(..end)?).or_default();
        known.extend(steps.values().copied());
    }
    (all.len() > 1).then_some(all)
}

/// The folder of a migration and what tells it from others there; `None` for a mark that is no
/// whole file. A tool that makes a folder for each has one file or two in it.
fn place(o: &Observation) -> Option<(&str, &str)> {
    let at = o.provenance.first()?;
    let path = at.path.as_str();
    if at.lines[0] != 1 {
        return None;
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.to_ascii_lowercase().as_str() {
        "up.sql" | "migration.sql" => {
            Some((folder.rsplit_once('/').map_or("", |(up, _)| up), folder))
        }
        _ => Some((folder, path)),
    }
}
