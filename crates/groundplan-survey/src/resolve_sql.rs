//! Changes of a schema, replayed in order, to the entities that stand at the end.

use crate::facts::{ALL_COLUMNS as ALL, COMPUTED, KeyKind, SqlChange, TAKEN_FROM};
use groundplan_model::{Cardinality, Entity, EntityKind, Evidence, Field};
use std::collections::{BTreeMap, BTreeSet};

/// A part of a path: numbers compare as numbers, so that `V2` comes before `V10`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// `/`, or the `__` of Flyway, so that `V2__a` comes before `V2.1__b`.
    End,
    /// Digits without leading zeros, after their count.
    Number(usize, String),
    Text(String),
}

/// The place of a file among the migrations of a schema.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderKey {
    folder: Vec<Part>,
    /// Repeatable migrations of Flyway run after all others.
    repeatable: bool,
    name: Vec<Part>,
    line: u32,
}

impl OrderKey {
    /// The key of a path relative to the root.
    pub(crate) fn of(path: &str) -> Self {
        let path = &undashed(path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if let Some((root, _)) = laravel_dump(path) {
            return OrderKey {
                folder: parts(&format!("{root}database/migrations")),
                repeatable: false,
                name: Vec::new(),
                line: 0,
            };
        }
        OrderKey {
            folder: parts(folder),
            repeatable: name.starts_with("R__"),
            name: parts(name),
            line: 0,
        }
    }

    /// The key of a line of the file, where the changes of a file come from several readers.
    pub(crate) fn at(mut self, line: u32) -> Self {
        self.line = line;
        self
    }
}

/// The folder of the program and the connection of a dump that Laravel begins with before it runs the migrations
/// beside it, `database/schema/mysql-schema.sql` (<https://laravel.com/docs/migrations#squashing-migrations>).
pub(crate) fn laravel_dump(path: &str) -> Option<(&str, &str)> {
    const ENDS: [&str; 2] = ["-schema.sql", "-schema.dump"];
    let (folder, name) = path.rsplit_once('/')?;
    let root = folder.strip_suffix("database/schema")?;
    let connection = ENDS.iter().find_map(|end| name.strip_suffix(end))?;
    (root.is_empty() || root.ends_with('/')).then_some((root, connection))
}

/// A date at the beginning of a folder or a file, `2024-01-02-030405_orders`, as one number: tools that
/// read these leave the dashes out, and compare it with `20240102030405_orders`.
fn undashed(path: &str) -> String {
    let date = |part: &str| {
        let bytes = part.as_bytes();
        let dashes = [4, 7, 10].iter().all(|at| bytes.get(*at) == Some(&b'-'));
        let digits = (0..17)
            .all(|at| matches!(at, 4 | 7 | 10) || bytes.get(at).is_some_and(u8::is_ascii_digit));
        dashes && digits
    };
    let parts = path.split('/').map(|part| match date(part) {
        true => [&part[..4], &part[5..7], &part[8..10], &part[11..]].concat(),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

fn parts(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("__").or(rest.strip_prefix('/')) {
            found.push(Part::End);
            rest = after;
            continue;
        }
        let digits = first.is_ascii_digit();
        let end = rest
            .char_indices()
            .position(|(at, c)| {
                c.is_ascii_digit() != digits || c == '/' || rest[at..].starts_with("__")
            })
            .map_or(rest.len(), |count| {
                rest.char_indices()
                    .nth(count)
                    .map_or(rest.len(), |(at, _)| at)
            });
        let (part, after) = rest.split_at(end);
        if digits {
            let number = part.trim_start_matches('0');
            found.push(Part::Number(number.len(), number.to_owned()));
        } else {
            found.push(Part::Text(part.to_owned()));
        }
        rest = after;
    }
    found
}

/// The entities after all changes, by id. Changes are applied in the order of their keys, those of
/// one file in the order given. A change to a table that nobody created changes nothing.
pub(crate) fn replay(changes: &[(OrderKey, &SqlChange)]) -> Vec<Entity> {
    let mut ordered: Vec<&(OrderKey, &SqlChange)> = changes.iter().collect();
    ordered.sort_by(|a, b| a.0.cmp(&b.0));
    let mut schema = Schema::default();
    for (_, change) in ordered {
        schema.apply(change);
    }
    schema.finish()
}

/// What a constraint name stands for.
#[derive(Clone, Debug)]
struct Key {
    fields: Vec<String>,
    kind: KeyKind,
}

#[derive(Default)]
struct Schema {
    entities: BTreeMap<String, Entity>,
    /// Table id, then lower-case name of a constraint. PostgreSQL's own names are entered when a
    /// table is made, because they outlive a renaming.
    keys: BTreeMap<String, BTreeMap<String, Key>>,
    dropped: BTreeSet<String>,
    /// What routines do to the tables that they are called for.
    routines: BTreeMap<String, Vec<SqlChange>>,
}

impl Schema {
    fn apply(&mut self, change: &SqlChange) {
        match change {
            SqlChange::Create(entity) => {
                let known = self.entities.get(&entity.id);
                let keep = known.is_some_and(|known| {
                    known.kind == EntityKind::Table && !known.fields.is_empty()
                });
                if !keep {
                    self.name_keys(entity);
                    self.entities.insert(entity.id.clone(), entity.clone());
                }
            }
            SqlChange::Extend(new) => self.extend(new),
            SqlChange::DropColumn { table, column } => {
                self.edit(table, |entity| {
                    let is = |name: &String| name.eq_ignore_ascii_case(column);
                    let in_it = |text: &String| is(text) || words::has(text, column);
                    entity.fields.retain(|f| !is(&f.name));
                    entity.relations.retain(|r| !r.fields.iter().any(is));
                    // An index falls with a column of its keys or of its condition.
                    entity
                        .indexes
                        .retain(|i| !i.fields.iter().chain(&i.predicate).any(in_it));
                    for field in &mut entity.fields {
                        field
                            .constraints
                            .retain(|c| !(c.contains("CHECK") && words::has(c, column)));
                    }
                });
            }
            SqlChange::Routine { name, changes } => {
                self.routines.insert(name.clone(), changes.clone());
            }
            SqlChange::Called {
                table,
                routine,
                asked,
                at,
            } => {
                let Some(changes) = self.routines.get(routine).cloned() else {
                    self.edit(table, |entity| {
                        entity.partial |= !asked;
                        let place = entity.provenance.clone().and([at.clone()]);
                        entity.provenance = if *asked {
                            entity.provenance.clone()
                        } else {
                            place
                        };
                    });
                    return;
                };
                for change in &changes {
                    self.called(table, change, at);
                }
            }
            SqlChange::RenameColumn { table, from, to } => self.rename_column(table, from, to),
            SqlChange::Rename { from, to, at } => self.rename(from, to, at),
            SqlChange::RenameType { from, to, at } => {
                for field in self.entities.values_mut().flat_map(|e| &mut e.fields) {
                    // Arrays of a type are renamed with it; its schema stays.
                    let (whole, array) = match field.data_type.strip_suffix("[]") {
                        Some(whole) => (whole, "[]"),
                        None => (field.data_type.as_str(), ""),
                    };
                    let plain = |name: &str| name.trim_matches(['"', '`']).to_owned();
                    let (schema, name) = match whole.rsplit_once('.') {
                        Some((schema, name)) => (format!("{schema}."), plain(name)),
                        None => (String::new(), plain(whole)),
                    };
                    if name == *from {
                        field.data_type = format!("{schema}{to}{array}");
                        field.provenance = field.provenance.clone().and([at.clone()]);
                    }
                }
            }
            SqlChange::RenameIndex { from, to, at } => self.rename_index(from, to, at),
            SqlChange::RenameConstraint { table, from, to } => {
                if let Some(keys) = self.keys.get_mut(table)
                    && let Some(key) = keys.remove(&from.to_lowercase())
                {
                    keys.insert(to.to_lowercase(), key);
                }
                self.edit(table, |entity| {
                    for index in &mut entity.indexes {
                        if index.name.eq_ignore_ascii_case(from) {
                            index.name.clone_from(to);
                        }
                    }
                    let (old, new) = (format!("CONSTRAINT {from} "), format!("CONSTRAINT {to} "));
                    for text in entity.fields.iter_mut().flat_map(|f| &mut f.constraints) {
                        if let Some(rest) = text.strip_prefix(&old) {
                            *text = format!("{new}{rest}");
                        }
                    }
                });
            }
            SqlChange::Column { table, column } => {
                self.edit(table, |entity| {
                    if let Some(field) = find(&mut entity.fields, &column.name) {
                        change_field(field, column);
                    }
                });
            }
            SqlChange::NamedKey {
                table,
                name,
                fields,
                kind,
            } => {
                let key = Key {
                    fields: fields.clone(),
                    kind: *kind,
                };
                let names = self.keys.entry(table.clone()).or_default();
                names.insert(name.to_lowercase(), key);
            }
            SqlChange::DropConstraint { table, name } => self.drop_constraint(table, name),
            SqlChange::Drop(table) => {
                self.keys.remove(table);
                if self.entities.remove(table).is_some() {
                    self.dropped.insert(table.clone());
                }
            }
            SqlChange::DropIndex(name) => {
                for entity in self.entities.values_mut() {
                    entity
                        .indexes
                        .retain(|index| !index.name.eq_ignore_ascii_case(name));
                }
            }
            SqlChange::Comment {
                table,
                column,
                text,
            } => {
                let text = (!text.is_empty()).then(|| text.clone());
                self.edit(table, |entity| match column {
                    None => entity.description = text,
                    Some(column) => {
                        if let Some(field) = find(&mut entity.fields, column) {
                            field.description = text;
                        }
                    }
                });
            }
        }
    }

    /// What a routine does to the table that it is called for.
    fn called(&mut self, table: &str, change: &SqlChange, at: &Evidence) {
        let mut change = change.clone();
        match &mut change {
            SqlChange::Extend(entity) => {
                table.clone_into(&mut entity.id);
                for field in &mut entity.fields {
                    field.provenance = field.provenance.clone().and([at.clone()]);
                }
            }
            SqlChange::DropColumn { table: of, .. }
            | SqlChange::RenameColumn { table: of, .. }
            | SqlChange::Column { table: of, .. } => table.clone_into(of),
            _ => return,
        }
        self.apply(&change);
    }

    fn edit(&mut self, table: &str, change: impl FnOnce(&mut Entity)) {
        if let Some(entity) = self.entities.get_mut(table) {
            change(entity);
        }
    }

    fn extend(&mut self, new: &Entity) {
        if !self.entities.contains_key(&new.id) {
            return;
        }
        self.name_keys(new);
        self.edit(&new.id, |entity| {
            for field in &new.fields {
                match find(&mut entity.fields, &field.name) {
                    None if field.data_type.is_empty() => {}
                    None => entity.fields.push(field.clone()),
                    Some(known) => {
                        known.unique |= field.unique;
                        if field.primary_key {
                            known.primary_key = true;
                            known.nullable = false;
                        }
                        known.constraints.extend(field.constraints.iter().cloned());
                        let places = field.provenance.evidence.clone();
                        known.provenance = known.provenance.clone().and(places);
                    }
                }
            }
            for relation in &new.relations {
                let same = |r: &groundplan_model::EntityRelation| {
                    r.fields == relation.fields && r.to == relation.to
                };
                match entity.relations.iter_mut().find(|r| same(r)) {
                    None => entity.relations.push(relation.clone()),
                    // The key is made once more: the one before was dropped by a name that was not read.
                    Some(known)
                        if relation.on_delete.is_some()
                            && known.on_delete != relation.on_delete =>
                    {
                        known.on_delete.clone_from(&relation.on_delete);
                        let places = relation.provenance.evidence.clone();
                        known.provenance = known.provenance.clone().and(places);
                    }
                    Some(_) => {}
                }
            }
            for index in &new.indexes {
                let known =
                    |i: &groundplan_model::Index| !i.name.is_empty() && i.name == index.name;
                if !entity.indexes.iter().any(known) {
                    entity.indexes.push(index.clone());
                }
            }
        });
    }

    /// Enters the names that PostgreSQL gives to keys without one.
    fn name_keys(&mut self, entity: &Entity) {
        let names = self.keys.entry(entity.id.clone()).or_default();
        let table = entity.name.to_lowercase();
        let mut put = |name: String, fields: Vec<String>, kind| {
            names.insert(name.to_lowercase(), Key { fields, kind });
        };
        for relation in &entity.relations {
            let name = format!("{table}_{}_fkey", relation.fields.join("_"));
            put(name, relation.fields.clone(), KeyKind::Foreign);
        }
        for field in entity.fields.iter().filter(|f| f.unique) {
            let name = format!("{table}_{}_key", field.name);
            put(name, vec![field.name.clone()], KeyKind::Unique);
        }
        for index in entity
            .indexes
            .iter()
            .filter(|i| i.unique && i.name.is_empty())
        {
            let name = format!("{table}_{}_key", index.fields.join("_"));
            put(name, index.fields.clone(), KeyKind::Unique);
        }
        let primary = primary_key(entity);
        if !primary.is_empty() {
            put(format!("{table}_pkey"), primary, KeyKind::Primary);
        }
    }

    fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        let swap = |names: &mut Vec<String>| {
            for name in names.iter_mut().filter(|n| n.eq_ignore_ascii_case(from)) {
                *name = to.to_owned();
            }
        };
        self.edit(table, |entity| {
            // A migration from before a dump that begins with what it made.
            let there = !from.eq_ignore_ascii_case(to) && find(&mut entity.fields, to).is_some();
            if there {
                let old = |field: &Field| field.name.eq_ignore_ascii_case(from);
                entity.fields.retain(|field| !old(field));
            } else if let Some(field) = find(&mut entity.fields, from) {
                field.name = to.to_owned();
            }
            entity
                .relations
                .iter_mut()
                .for_each(|r| swap(&mut r.fields));
            for index in &mut entity.indexes {
                swap(&mut index.fields);
                for text in index.fields.iter_mut().chain(&mut index.predicate) {
                    words::swap(text, from, to);
                }
            }
            for text in entity.fields.iter_mut().flat_map(|f| &mut f.constraints) {
                words::swap(text, from, to);
            }
        });
        for key in self
            .keys
            .get_mut(table)
            .into_iter()
            .flat_map(|k| k.values_mut())
        {
            swap(&mut key.fields);
        }
        for entity in self.entities.values_mut() {
            for relation in entity.relations.iter_mut().filter(|r| r.to == table) {
                swap(&mut relation.to_fields);
            }
        }
    }

    fn rename_index(&mut self, from: &str, to: &str, at: &Evidence) {
        for entity in self.entities.values_mut() {
            for index in &mut entity.indexes {
                if index.name.eq_ignore_ascii_case(from) {
                    to.clone_into(&mut index.name);
                    index.provenance = index.provenance.clone().and([at.clone()]);
                }
            }
        }
        // The index of a key has the name of its constraint.
        let (from, to) = (from.to_lowercase(), to.to_lowercase());
        for keys in self.keys.values_mut() {
            if let Some(key) = keys.remove(&from) {
                keys.insert(to.clone(), key);
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str, at: &Evidence) {
        let Some(mut entity) = self.entities.remove(from) else {
            // PostgreSQL renames an index like a table.
            self.rename_index(from, to, at);
            return;
        };
        entity.provenance = entity.provenance.clone().and([at.clone()]);
        let schema = from.rsplit_once('.').map(|(schema, _)| schema);
        let name = to.rsplit('.').next().unwrap_or(to);
        let id = match schema {
            Some(schema) => format!("{schema}.{}", name.to_lowercase()),
            None => name.to_lowercase(),
        };
        // A migration from before a dump that begins with what it made.
        if id != from && self.entities.contains_key(&id) {
            self.keys.remove(from);
            return;
        }
        entity.id.clone_from(&id);
        entity.name = name.to_owned();
        if let Some(keys) = self.keys.remove(from) {
            self.keys.insert(id.clone(), keys);
        }
        self.entities.insert(id.clone(), entity);
        for entity in self.entities.values_mut() {
            for relation in entity.relations.iter_mut().filter(|r| r.to == from) {
                relation.to.clone_from(&id);
            }
            // A view goes on to show what it was made of.
            let of_view = entity.kind == EntityKind::View;
            for table in entity.over.iter_mut().filter(|table| *table == from) {
                table.clone_from(&id);
            }
            for field in entity.fields.iter_mut().filter(|_| of_view) {
                if field.name == ALL && field.data_type == from {
                    field.data_type.clone_from(&id);
                }
                for open in field.constraints.iter_mut().filter(|c| is_open(c)) {
                    let said = open.trim_start_matches(TAKEN_FROM);
                    if let Some((tables, column)) = said.split_once('#') {
                        let named = tables.split('|');
                        let named = named.map(|t| if t == from { id.as_str() } else { t });
                        let tables = named.collect::<Vec<_>>().join("|");
                        *open = format!("{TAKEN_FROM}{tables}#{column}");
                    }
                }
            }
        }
    }

    fn drop_constraint(&mut self, table: &str, name: &str) {
        let lower = name.to_lowercase();
        let keys = self.keys.get_mut(table);
        let key = keys.and_then(|keys| keys.remove(&lower));
        let primary = name == "PRIMARY" || matches!(&key, Some(k) if k.kind == KeyKind::Primary);
        self.edit(table, |entity| {
            if primary {
                entity.fields.iter_mut().for_each(|f| f.primary_key = false);
            }
            match key {
                Some(key) if key.kind == KeyKind::Foreign => {
                    entity.relations.retain(|r| r.fields != key.fields);
                }
                Some(key) if key.kind == KeyKind::Unique => {
                    if let [field] = key.fields.as_slice() {
                        if let Some(field) = find(&mut entity.fields, field) {
                            field.unique = false;
                        }
                    } else {
                        let same = sorted(&key.fields);
                        entity
                            .indexes
                            .retain(|i| !(i.unique && sorted(&i.fields) == same));
                    }
                }
                _ => {}
            }
            entity
                .indexes
                .retain(|i| !i.name.eq_ignore_ascii_case(name));
            let table = entity.name.to_lowercase();
            for field in &mut entity.fields {
                let own = format!("{table}_{}_check", field.name.to_lowercase()) == lower;
                field.constraints.retain(|text| {
                    let label = text.strip_prefix("CONSTRAINT ");
                    let label = label.and_then(|rest| rest.split(' ').next());
                    let named = label.is_some_and(|l| l.eq_ignore_ascii_case(name));
                    let dropped = named || (own && text.starts_with("CHECK "));
                    !dropped
                });
            }
        });
    }

    /// Gives views that take all columns of a table these columns; of one that is not known, more.
    fn fill_views(&mut self) {
        // A view may take all columns of another view.
        for _ in 0..4 {
            let views: Vec<String> = self
                .entities
                .iter()
                .filter(|(_, e)| e.fields.iter().any(|f| f.name == ALL))
                .map(|(id, _)| id.clone())
                .collect();
            if views.is_empty() {
                return;
            }
            for id in views {
                let Some(mut view) = self.entities.remove(&id) else {
                    continue;
                };
                let mut fields: Vec<Field> = Vec::new();
                for field in std::mem::take(&mut view.fields) {
                    if field.name != ALL {
                        fields.push(field);
                        continue;
                    }
                    let table = self.entities.get(&field.data_type);
                    view.partial |= table.is_none_or(|t| t.partial);
                    for column in table.into_iter().flat_map(|t| &t.fields) {
                        if fields
                            .iter()
                            .any(|f| f.name.eq_ignore_ascii_case(&column.name))
                        {
                            continue;
                        }
                        fields.push(Field {
                            primary_key: false,
                            unique: false,
                            default: None,
                            // Where branches of a query have other values, they are not all of it.
                            constraints: match field.constraints.is_empty() {
                                true => Vec::new(),
                                false => {
                                    vec![format!("{TAKEN_FROM}{}.{}", field.data_type, column.name)]
                                }
                            },
                            ..column.clone()
                        });
                    }
                }
                view.fields = fields;
                self.entities.insert(id, view);
            }
        }
        // Views that lead in a circle.
        for view in self.entities.values_mut() {
            let before = view.fields.len();
            view.fields.retain(|f| f.name != ALL);
            view.partial |= view.fields.len() < before;
        }
    }

    /// Gives columns of views that are columns of tables the type of these, and says which they are.
    fn type_views(&mut self) {
        // A view may take the columns of another view.
        for _ in 0..4 {
            let mut known: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
            for (id, entity) in &self.entities {
                for field in &entity.fields {
                    let waits = field.constraints.iter().any(|c| is_open(c));
                    let kind = (!waits && !entity.partial).then(|| viewed(&field.data_type));
                    known.insert((id.clone(), field.name.to_lowercase()), kind);
                }
            }
            for view in self.entities.values_mut() {
                if view.kind == EntityKind::View {
                    view.fields.iter_mut().for_each(|f| take_type(f, &known));
                }
            }
        }
        for field in self.entities.values_mut().flat_map(|e| &mut e.fields) {
            field.constraints.retain(|c| !is_open(c) && c != COMPUTED);
        }
    }

    fn finish(mut self) -> Vec<Entity> {
        self.fill_views();
        self.type_views();
        let present: BTreeSet<String> = self.entities.keys().cloned().collect();
        for entity in self.entities.values_mut() {
            let gone = |to: &String| self.dropped.contains(to) && !present.contains(to);
            entity.relations.retain(|r| !gone(&r.to));
            let primary = sorted(&primary_key(entity));
            let unique: Vec<Vec<String>> = entity
                .indexes
                .iter()
                // One that holds for some rows lets others share a value.
                .filter(|i| i.unique && i.predicate.is_none())
                .map(|i| sorted(&i.fields))
                .chain(
                    entity
                        .fields
                        .iter()
                        .filter(|f| f.unique)
                        .map(|f| sorted(std::slice::from_ref(&f.name))),
                )
                .collect();
            for relation in &mut entity.relations {
                let fields = sorted(&relation.fields);
                if fields == primary || unique.contains(&fields) {
                    relation.cardinality = Cardinality::OneToOne;
                }
            }
        }
        self.entities.into_values().collect()
    }
}

/// Whether a column of a view waits for the table that it comes from.
fn is_open(constraint: &str) -> bool {
    constraint.starts_with(TAKEN_FROM) && constraint.contains('#')
}

/// The type that a column of a table has in a view: `serial` is a way to make values, no type.
fn viewed(data_type: &str) -> String {
    match data_type {
        "serial" => "integer".to_owned(),
        "bigserial" => "bigint".to_owned(),
        "smallserial" => "smallint".to_owned(),
        other => other.to_owned(),
    }
}

/// Takes the type of the only column that a column of a view can be, among the tables known.
fn take_type(field: &mut Field, known: &BTreeMap<(String, String), Option<String>>) {
    let Some(at) = field.constraints.iter().position(|c| is_open(c)) else {
        return;
    };
    let open = field.constraints[at].trim_start_matches(TAKEN_FROM);
    let Some((tables, column)) = open.split_once('#') else {
        return;
    };
    let column = column.to_lowercase();
    let tables: Vec<&str> = tables.split('|').collect();
    let all_known = tables.iter().all(|table| {
        let from = (String::from(*table), String::new());
        known
            .range(from..)
            .next()
            .is_some_and(|((id, _), _)| id == table)
    });
    let mut has = tables
        .iter()
        .filter_map(|table| Some((table, known.get(&((*table).to_owned(), column.clone()))?)));
    let (Some((table, kind)), None) = (has.next(), has.next()) else {
        return;
    };
    let Some(kind) = kind.as_ref().filter(|_| all_known) else {
        return;
    };
    field.data_type.clone_from(kind);
    field.constraints[at] = format!("{TAKEN_FROM}{table}.{column}");
    // Where branches of a query have other values, the column has the type alone.
    if field.constraints.iter().any(|c| c == COMPUTED) {
        field.constraints.remove(at);
    }
}

fn find<'f>(fields: &'f mut [Field], name: &str) -> Option<&'f mut Field> {
    fields
        .iter_mut()
        .find(|f| f.name.eq_ignore_ascii_case(name))
}

fn primary_key(entity: &Entity) -> Vec<String> {
    let fields = entity.fields.iter().filter(|f| f.primary_key);
    fields.map(|f| f.name.clone()).collect()
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut all: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
    all.sort();
    all
}

/// Names inside of expressions.
mod words {
    /// Places of `name` as a whole word outside of quoted texts.
    fn places(text: &str, name: &str) -> Vec<usize> {
        let mut found = Vec::new();
        if name.is_empty() {
            return found;
        }
        let lower = text.to_ascii_lowercase();
        let name = name.to_ascii_lowercase();
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || !b.is_ascii();
        for (at, _) in lower.match_indices(&name) {
            let bytes = lower.as_bytes();
            let before = at.checked_sub(1).is_none_or(|b| !is_part(bytes[b]));
            let after = bytes.get(at + name.len()).is_none_or(|b| !is_part(*b));
            let quoted = bytes[..at].iter().filter(|b| **b == b'\'').count() % 2 == 1;
            if before && after && !quoted {
                found.push(at);
            }
        }
        found
    }

    pub(super) fn has(text: &str, name: &str) -> bool {
        !places(text, name).is_empty()
    }

    pub(super) fn swap(text: &mut String, from: &str, to: &str) {
        for at in places(text, from).into_iter().rev() {
            text.replace_range(at..at + from.len(), to);
        }
    }
}

/// Writes a changed column over the field that is there.
fn change_field(field: &mut Field, column: &Field) {
    match column.constraints.first().map(String::as_str) {
        Some("SET NOT NULL") => field.nullable = false,
        Some("DROP NOT NULL") => field.nullable = true,
        Some("SET DEFAULT") => field.default.clone_from(&column.default),
        Some("DROP DEFAULT") => field.default = None,
        Some("TYPE") => field.data_type.clone_from(&column.data_type),
        _ => {
            // A column that is defined anew keeps the keys, which stand beside it.
            let old = std::mem::replace(field, column.clone());
            field.primary_key |= old.primary_key;
            field.unique |= old.unique;
            field.nullable &= !field.primary_key;
            field.description = field.description.take().or(old.description);
            field.provenance = old.provenance;
        }
    }
    let places = column.provenance.evidence.clone();
    field.provenance = field.provenance.clone().and(places);
}

#[cfg(test)]
mod tests {
    use super::{OrderKey, replay};
    use crate::facts::Claim;
    use std::fmt::Write as _;
    use std::path::Path;

    /// Entities as text for eyes.
    fn listing(entities: &[groundplan_model::Entity]) -> String {
        let mut out = String::new();
        for entity in entities {
            let kind = format!("{:?}", entity.kind).to_lowercase();
            let _ = write!(out, "{kind} {} `{}`", entity.id, entity.name);
            if let Some(text) = &entity.description {
                let _ = write!(out, ": {text}");
            }
            if entity.materialized {
                out.push_str(" materialized");
            }
            if !entity.over.is_empty() {
                let _ = write!(out, " over {}", entity.over.join(", "));
            }
            if let Some(by) = &entity.partitioning {
                let _ = write!(out, " partitioned by {by}");
            }
            let more = if entity.partial { ", partial" } else { "" };
            let _ = writeln!(out, " ({}{more})", places(&entity.provenance));
            for field in &entity.fields {
                let mut words = vec![field.name.clone(), field.data_type.clone()];
                words.extend((!field.nullable).then(|| "not null".to_owned()));
                words.extend(field.primary_key.then(|| "primary".to_owned()));
                words.extend(field.unique.then(|| "unique".to_owned()));
                words.extend(field.default.as_ref().map(|d| format!("default {d}")));
                words.extend(field.constraints.iter().cloned());
                words.extend(field.description.as_ref().map(|d| format!("-- {d}")));
                let place = places(&field.provenance);
                let _ = writeln!(out, "  {} ({place})", words.join(" "));
            }
            for r in &entity.relations {
                let (from, to) = (r.fields.join(", "), r.to_fields.join(", "));
                let delete = r.on_delete.as_deref().unwrap_or("-");
                let place = places(&r.provenance);
                let how = format!("{:?}", r.cardinality);
                let _ = writeln!(out, "  {from} -> {} ({to}) {how} {delete} ({place})", r.to);
            }
            for index in &entity.indexes {
                let unique = if index.unique { "unique " } else { "" };
                let method = index.method.as_deref().unwrap_or("-");
                let mut fields = index.fields.join(", ");
                if let Some(predicate) = &index.predicate {
                    let _ = write!(fields, " where {predicate}");
                }
                let place = places(&index.provenance);
                let name = &index.name;
                let _ = writeln!(out, "  {unique}index {name} {method} ({fields}) ({place})");
            }
        }
        out
    }

    fn places(provenance: &groundplan_model::Provenance) -> String {
        let labels: Vec<String> = provenance.evidence.iter().map(|e| e.label()).collect();
        labels.join(", ")
    }

    #[test]
    fn fixtures() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sql-replay");
        groundplan_testing::run(&root, |case| {
            let mut all = Vec::new();
            // The order of the files must not matter, so they come in reverse.
            let mut files: Vec<_> = std::fs::read_dir(case.path.join("input"))
                .into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
                .collect();
            files.sort();
            files.reverse();
            for file in files {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let text = std::fs::read_to_string(&file).unwrap_or_default();
                let facts = crate::extract_file(&format!("migrations/{name}"), &text);
                assert!(facts.diagnostics.is_empty(), "{:?}", facts.diagnostics);
                all.extend(facts.facts.into_iter().filter_map(|f| match f.claim {
                    Claim::Sql(change) => Some((OrderKey::of(&facts.path), change)),
                    _ => None,
                }));
            }
            let changes: Vec<_> = all.iter().map(|(k, c)| (k.clone(), c.as_ref())).collect();
            listing(&replay(&changes))
        });
    }

    #[test]
    fn numbers_in_paths_compare_as_numbers() {
        let mut paths = vec![
            "db/R__views.sql",
            "db/V10__c.sql",
            "db/V2.1__b.sql",
            "db/V2__b.sql",
            "db/V1__a.sql",
            "a/20240102030405_x.sql",
            "a/0002_y.sql",
            "a/1_z.sql",
            "a/2024-01-02-030405_w/up.sql",
            "a/20230102030405_v/up.sql",
        ];
        paths.sort_by_key(|path| OrderKey::of(path));
        let wanted = vec![
            "a/1_z.sql",
            "a/0002_y.sql",
            "a/20240102030405_x.sql",
            "a/20230102030405_v/up.sql",
            "a/2024-01-02-030405_w/up.sql",
            "db/V1__a.sql",
            "db/V2__b.sql",
            "db/V2.1__b.sql",
            "db/V10__c.sql",
            "db/R__views.sql",
        ];
        assert_eq!(paths, wanted);
    }
}
