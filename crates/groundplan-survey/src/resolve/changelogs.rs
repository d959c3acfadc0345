//! Liquibase: changelogs run in the order of their includes, each by itself.

use crate::facts::{ChangelogStep, Claim, FileFacts, SqlChange, StepKind};
use crate::resolve::names::is_aside;
use crate::resolve::schemas;
use crate::resolve::world::{World, folder_of};
use crate::resolve_sql::{OrderKey, replay};
use crate::secrets;
use crate::source::join;
use groundplan_model::{Entity, EntityKind};
use std::collections::{BTreeMap, BTreeSet};

/// Includes in includes at most.
const DEEPEST: u8 = 32;

/// What changelogs make.
#[derive(Default)]
pub(super) struct Changelogs<'f> {
    /// Files whose changes are told here.
    pub(super) taken: BTreeSet<&'f str>,
    /// The tables that stand at the end, each with the changelog that leads to it.
    pub(super) tables: Vec<(&'f str, Entity)>,
}

impl<'f> Changelogs<'f> {
    pub(super) fn of(world: &World<'f>) -> Self {
        let mut facts = world.facts();
        if !facts.any(|(_, fact)| matches!(fact.claim, Claim::Changelog(_))) {
            return Self::default();
        }
        let files = Files::of(world);
        let logs: Vec<&FileFacts> = (files.by_path.values().copied())
            .filter(|f| steps(f).next().is_some())
            .collect();
        let mut included: BTreeSet<&str> = BTreeSet::new();
        let mut masters: BTreeSet<&str> = BTreeSet::new();
        for file in &logs {
            for step in steps(file) {
                let found = files.included(file, &step.kind);
                // What only a script runs has no other changelogs.
                if !found.is_empty() {
                    masters.insert(&file.path);
                }
                included.extend(found.iter().map(|f| f.path.as_str()));
            }
        }
        let mut made = Changelogs {
            taken: logs
                .iter()
                .map(|f| f.path.as_str())
                .chain(included.iter().copied())
                .collect(),
            tables: Vec::new(),
        };
        // Changelogs of a folder that nothing includes are one after the other; one that its master
        // leaves out does not run.
        let mut roots: BTreeMap<&str, Vec<&FileFacts>> = BTreeMap::new();
        for file in logs.iter().filter(|f| !included.contains(f.path.as_str())) {
            let left_out = |master: &&str| {
                let folder = folder_of(master);
                file.path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
            };
            if masters.contains(file.path.as_str()) {
                roots.insert(&file.path, vec![file]);
            } else if !masters.iter().any(left_out) {
                roots.entry(folder_of(&file.path)).or_default().push(file);
            }
        }
        let mut schemas: Vec<(&str, Vec<Entity>)> = Vec::new();
        for begin in roots.into_values() {
            let tables = run(&files, &begin);
            if let Some(first) = begin.first().filter(|_| !tables.is_empty()) {
                schemas.push((&first.path, tables));
            }
        }
        made.tables = apart(world, schemas);
        made
    }
}

fn steps(file: &FileFacts) -> impl Iterator<Item = &ChangelogStep> {
    file.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Changelog(step) => Some(step.as_ref()),
        _ => None,
    })
}

/// The schemas of one project: of those that have most tables in common, which are for several
/// products, the largest; tables of one name in two databases are two.
fn apart<'f>(
    world: &World<'f>,
    mut schemas: Vec<(&'f str, Vec<Entity>)>,
) -> Vec<(&'f str, Entity)> {
    let serves = |path: &str| {
        let product = schemas::product_named(path);
        !product.is_some_and(schemas::is_in_program)
    };
    schemas.sort_by_key(|(path, tables)| std::cmp::Reverse((serves(path), tables.len())));
    let mut told: BTreeMap<Option<usize>, BTreeSet<String>> = BTreeMap::new();
    let mut all = Vec::new();
    for (path, mut tables) in schemas {
        let known = told.entry(world.project_of(path)).or_default();
        let own: BTreeSet<String> = tables.iter().map(|e| e.id.clone()).collect();
        let shared: BTreeSet<&String> = known.intersection(&own).collect();
        if shared.len() * 2 >= own.len() {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name
            .split('.')
            .find(|part| !part.is_empty())
            .unwrap_or(name)
            .to_lowercase();
        let rename = |id: &mut String| {
            if shared.contains(id) {
                *id = format!("{stem}.{id}");
            }
        };
        for table in &mut tables {
            rename(&mut table.id);
            table.relations.iter_mut().for_each(|r| rename(&mut r.to));
        }
        known.extend(own);
        all.extend(tables.into_iter().map(|table| (path, table)));
    }
    all
}

/// Changelogs and scripts, by path and by name.
struct Files<'f> {
    by_path: BTreeMap<&'f str, &'f FileFacts>,
    by_name: BTreeMap<&'f str, Vec<&'f FileFacts>>,
}

impl<'f> Files<'f> {
    fn of(world: &World<'f>) -> Self {
        let mut files = Files {
            by_path: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        let speaks = |file: &FileFacts| {
            (file.facts.iter()).any(|f| matches!(f.claim, Claim::Changelog(_) | Claim::Sql(_)))
        };
        for file in world
            .files
            .iter()
            .filter(|f| speaks(f) && !is_aside(&f.path))
        {
            files.by_path.insert(&file.path, file);
            let name = file.path.rsplit('/').next().unwrap_or(&file.path);
            files.by_name.entry(name).or_default().push(file);
        }
        files
    }

    /// The files that a step brings in, in order. A path that is not relative begins at some root
    /// of resources: of several files the one that lies nearest is meant.
    fn included(&self, from: &FileFacts, step: &StepKind) -> Vec<&'f FileFacts> {
        match step {
            StepKind::Include { path, relative } => {
                let path = path.trim_start_matches('/').trim_start_matches("./");
                let beside = join(folder_of(&from.path), path)
                    .and_then(|path| self.by_path.get(path.as_str()).copied());
                if *relative {
                    return beside.into_iter().collect();
                }
                let name = path.rsplit('/').next().unwrap_or(path);
                let ends = |file: &&&FileFacts| {
                    let before = file.path.strip_suffix(path);
                    before.is_some_and(|b| b.is_empty() || b.ends_with('/'))
                };
                let found = self.by_name.get(name).into_iter().flatten();
                let nearest = found
                    .filter(ends)
                    .max_by_key(|f| common(&f.path, &from.path));
                nearest.copied().or(beside).into_iter().collect()
            }
            StepKind::IncludeAll { path, relative } => {
                let path = path.trim_matches('/').trim_start_matches("./");
                let beside = join(folder_of(&from.path), path);
                if *relative {
                    return beside.map(|f| self.below(&f, from)).unwrap_or_default();
                }
                let part = format!("/{path}/");
                let base = |file: &str| -> Option<String> {
                    if file.starts_with(&part[1..]) {
                        return Some(path.to_owned());
                    }
                    let at = file.find(&part)?;
                    Some(file[..at + part.len() - 1].to_owned())
                };
                let bases: BTreeSet<String> = self.by_path.keys().filter_map(|f| base(f)).collect();
                let nearest = bases.into_iter().max_by_key(|f| common(f, &from.path));
                let folder = nearest.or(beside);
                folder.map(|f| self.below(&f, from)).unwrap_or_default()
            }
            StepKind::Set | StepKind::Property { .. } => Vec::new(),
        }
    }

    /// All files below a folder but the one that asks.
    fn below(&self, folder: &str, from: &FileFacts) -> Vec<&'f FileFacts> {
        let prefix = format!("{folder}/");
        let after = self.by_path.range(prefix.as_str()..);
        let inside = after.take_while(|(path, _)| path.starts_with(&prefix));
        inside
            .map(|(_, file)| *file)
            .filter(|f| f.path != from.path)
            .collect()
    }
}

/// How many folders two paths have in common from the root.
fn common(one: &str, other: &str) -> usize {
    let same = one.split('/').zip(other.split('/'));
    same.take_while(|(a, b)| a == b).count()
}

/// The tables after changelogs ran one after the other, for the product that most sets are for.
fn run(files: &Files<'_>, begin: &[&FileFacts]) -> Vec<Entity> {
    let mut all = Run::new(files, None);
    begin.iter().for_each(|file| all.file(file, 0));
    let products = all.products;
    let serves = |product: &str| !schemas::is_in_program(product);
    let product = products
        .iter()
        .max_by_key(|(product, count)| (serves(product), **count));
    let mut run = Run::new(files, product.map(|(product, _)| *product));
    begin.iter().for_each(|file| run.file(file, 0));
    let key = OrderKey::of("");
    let changes: Vec<_> = run.changes.iter().map(|c| (key.clone(), *c)).collect();
    let mut tables = replay(&changes);
    for table in &mut tables {
        for field in &mut table.fields {
            run.properties.fill(&mut field.data_type);
            field.data_type = field.data_type.to_lowercase();
            if let Some(default) = &mut field.default {
                run.properties.fill(default);
            }
            // What a property holds was judged by the name of the property alone.
            let default = field.default.take();
            field.default = default.and_then(|d| secrets::keep(&field.name, &d));
        }
    }
    // A table of which nothing but a name was read stands in no changelog.
    tables.retain(|t| t.kind != EntityKind::Table || !t.fields.is_empty());
    tables
}

/// Texts that stand for `${name}`, by the name in lower case; the first that is set stays.
#[derive(Default)]
struct Properties<'f>(BTreeMap<String, &'f str>);

impl Properties<'_> {
    fn fill(&self, text: &mut String) {
        // A value may hold a name again.
        for _ in 0..4 {
            let Some(at) = text.find("${") else {
                return;
            };
            let Some(end) = text[at..].find('}').map(|end| at + end) else {
                return;
            };
            let Some(value) = self.0.get(&text[at + 2..end].to_lowercase()) else {
                return;
            };
            text.replace_range(at..=end, value);
        }
    }
}

struct Run<'r, 'f> {
    files: &'r Files<'f>,
    product: Option<&'f str>,
    seen: BTreeSet<&'f str>,
    changes: Vec<&'f SqlChange>,
    properties: Properties<'f>,
    /// How many sets are for a product alone.
    products: BTreeMap<&'f str, usize>,
}

impl<'r, 'f> Run<'r, 'f> {
    fn new(files: &'r Files<'f>, product: Option<&'f str>) -> Self {
        Run {
            files,
            product,
            seen: BTreeSet::new(),
            changes: Vec::new(),
            properties: Properties::default(),
            products: BTreeMap::new(),
        }
    }

    /// A set runs once, so that a file that is included twice changes nothing.
    fn file(&mut self, file: &FileFacts, depth: u8) {
        let Some(file) = self.files.by_path.get(file.path.as_str()).copied() else {
            return;
        };
        if depth > DEEPEST || !self.seen.insert(&file.path) {
            return;
        }
        let mut on = true;
        for fact in &file.facts {
            match &fact.claim {
                Claim::Sql(change) if on => self.changes.push(change),
                Claim::Changelog(step) => {
                    let runs = self.runs(step);
                    match &step.kind {
                        StepKind::Set => on = runs,
                        StepKind::Property { name, value } if runs => {
                            let known = self.properties.0.entry(name.to_lowercase());
                            known.or_insert(value);
                        }
                        kind if runs => {
                            for inner in self.files.included(file, kind) {
                                self.file(inner, depth + 1);
                            }
                        }
                        _ => {}
                    }
                }
                _ => {}
            }
        }
    }

    fn runs(&mut self, step: &'f ChangelogStep) -> bool {
        let known = |words: &'f [String]| words.iter().filter_map(|w| schemas::product_named(w));
        for product in known(&step.only) {
            *self.products.entry(product).or_default() += 1;
        }
        let Some(product) = self.product else {
            return true;
        };
        let mut only = known(&step.only).peekable();
        (only.peek().is_none() || only.any(|p| p == product))
            && !known(&step.never).any(|p| p == product)
    }
}

#[cfg(test)]
mod tests {
    use super::Changelogs;
    use crate::resolve::world::World;

    fn tables(files: &[(&str, &str)]) -> Vec<String> {
        let facts: Vec<_> = files
            .iter()
            .map(|(p, t)| crate::extract_file(p, t))
            .collect();
        let knowledge = groundplan_knowledge::knowledge();
        let made = Changelogs::of(&World::new(&facts, knowledge));
        let line = |(path, table): &(&str, groundplan_model::Entity)| {
            let fields: Vec<_> = (table.fields.iter())
                .map(|f| format!("{} {}", f.name, f.data_type))
                .collect();
            format!("{path}: {} ({})", table.id, fields.join(", "))
        };
        made.tables.iter().map(line).collect()
    }

    fn log(inner: &str) -> String {
        format!("<databaseChangeLog>{inner}</databaseChangeLog>")
    }

    fn set(runs: &str, id: &str, columns: &str) -> String {
        let columns: Vec<_> = (columns.split(' '))
            .map(|c| format!("<column name=\"{c}\" type=\"${{text}}\"/>"))
            .collect();
        let columns = columns.join("");
        format!(
            "<changeSet {runs}><createTable tableName=\"{id}\">{columns}</createTable></changeSet>"
        )
    }

    #[test]
    fn includes_run_in_order_for_one_product() {
        let master = log("<property name=\"text\" value=\"clob\" dbms=\"oracle\"/>\
            <property name=\"text\" value=\"text\"/>\
            <include file=\"db/b.xml\"/><include file=\"a.xml\" relativeToChangelogFile=\"true\"/>\
            <includeAll path=\"db/more\"/>");
        let b = log(&set("", "loan", "id reader"));
        let a = log(
            "<changeSet dbms=\"postgresql\"><renameColumn tableName=\"loan\" \
            oldColumnName=\"reader\" newColumnName=\"reader_id\"/></changeSet>\
            <changeSet dbms=\"!postgresql\"><dropTable tableName=\"loan\"/></changeSet>",
        );
        let more = "--liquibase formatted sql\n--changeset a:1 dbms:h2\nDROP TABLE loan;\n\
            --changeset a:2\nALTER TABLE loan ADD COLUMN due date;\n";
        let dead = log(&set("", "never", "id"));
        let found = tables(&[
            ("app/db/master.xml", &master),
            ("app/db/b.xml", &b),
            ("app/db/a.xml", &a),
            ("app/db/more/1.sql", more),
            ("app/db/old/dead.xml", &dead),
            ("other/db/b.xml", &dead),
        ]);
        let wanted = [
            "app/db/master.xml: loan (id text, reader_id text, due date)",
            "other/db/b.xml: never (id ${text})",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn two_databases_have_a_table_of_one_name_each_and_variants_are_one() {
        let main = log(&[set("", "a", "id"), set("", "b", "id"), set("", "log", "id")].concat());
        let store = log(&[set("", "log", "at"), set("", "c", "id"), set("", "d", "id")].concat());
        let found = tables(&[
            ("db/main/changelog.xml", &main),
            ("db/h2/changelog.xml", &main),
            ("db/store/store.changelog.xml", &store),
        ]);
        let wanted = [
            "db/main/changelog.xml: a (id ${text})",
            "db/main/changelog.xml: b (id ${text})",
            "db/main/changelog.xml: log (id ${text})",
            "db/store/store.changelog.xml: c (id ${text})",
            "db/store/store.changelog.xml: d (id ${text})",
            "db/store/store.changelog.xml: store.log (at ${text})",
        ];
        assert_eq!(found, wanted);
    }
}
