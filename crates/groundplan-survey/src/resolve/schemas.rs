//! One table, however many files speak of it: schemas for several products, classes of code.

use crate::facts::SqlChange;
use crate::inflect::plural;
use crate::resolve::world::folder_of;
use crate::resolve_sql::{OrderKey, replay};
use groundplan_model::{
    Cardinality, DEFAULT_IN_PROGRAM, Entity, EntityKind, EntityRelation, Field, NULLABILITY_UNREAD,
};
use std::collections::{BTreeMap, BTreeSet};

/// A change of a schema with its place in the order and the path of its file.
pub(super) type Change<'f> = (OrderKey, &'f str, &'f SqlChange);

/// Words of paths that say for which product a script is.
const DIALECTS: [&str; 18] = [
    "cockroachdb",
    "db2",
    "derby",
    "h2",
    "hsql",
    "hsqldb",
    "mariadb",
    "mssql",
    "mysql",
    "oracle",
    "pgsql",
    "postgres",
    "postgresql",
    "psql",
    "sqlite",
    "sqlite3",
    "sqlserver",
    "tidb",
];

/// Products that stand beside the database of an application, with tables of their own, and for
/// which nobody writes the same schema once more.
const BESIDE: [&str; 8] = [
    "bigquery",
    "cassandra",
    "clickhouse",
    "duckdb",
    "redshift",
    "scylla",
    "snowflake",
    "vertica",
];

/// Puts the changes of projects together that describe one schema for different products: each has
/// scripts of one product, and most tables of the smaller one are among those of the other.
pub(super) fn of_one_schema(all: Vec<Vec<Change<'_>>>) -> Vec<Vec<Change<'_>>> {
    let product = |changes: &[Change<'_>]| -> Option<String> {
        let written = Written::of(changes);
        let mut found = changes.iter().map(|c| written.product(c.1));
        let first = found.next()??;
        let alone = product_beside(changes.first()?.1).is_none() && found.all(|d| d == Some(first));
        alone.then(|| first.to_owned())
    };
    let tables = |changes: &[Change<'_>]| -> BTreeSet<String> {
        let made = changes.iter().filter_map(|(_, _, change)| match change {
            SqlChange::Create(entity) => Some(entity.id.clone()),
            _ => None,
        });
        made.collect()
    };
    let mut groups: Vec<(BTreeSet<String>, BTreeSet<String>, Vec<Change<'_>>)> = Vec::new();
    for changes in all {
        let Some(product) = product(&changes) else {
            groups.push((BTreeSet::new(), BTreeSet::new(), changes));
            continue;
        };
        let own = tables(&changes);
        let fits = |(products, known, _): &&mut (BTreeSet<String>, BTreeSet<String>, Vec<_>)| {
            let shared = known.intersection(&own).count();
            !products.is_empty()
                && !products.contains(&product)
                && shared > 0
                && shared * 2 >= known.len().min(own.len())
        };
        match groups.iter_mut().find(fits) {
            Some((products, known, others)) => {
                products.insert(product);
                known.extend(own);
                others.extend(changes);
            }
            None => groups.push(([product].into(), own, changes)),
        }
    }
    groups.into_iter().map(|(_, _, changes)| changes).collect()
}

/// The product for which a script is, where a path says so and products of that kind stand beside
/// the database of an application.
pub(super) fn product_beside(path: &str) -> Option<&str> {
    word_of(path, &BESIDE)
}

/// The entities of one project: those of its database, and those of each product beside it. `usual`
/// is the product that the program opens unless it is told otherwise, asked where there are several.
pub(super) fn tables(changes: &[Change<'_>], usual: &dyn Fn() -> Option<String>) -> Vec<Entity> {
    let beside: BTreeSet<&str> = changes.iter().filter_map(|c| product_beside(c.1)).collect();
    if beside.is_empty() {
        return of_database(changes, usual);
    }
    let of = |product: Option<&str>| -> Vec<Change<'_>> {
        let own = changes.iter().filter(|c| product_beside(c.1) == product);
        own.cloned().collect()
    };
    let mut all = of_database(&of(None), usual);
    for product in beside {
        for mut entity in of_database(&of(Some(product)), usual) {
            // A table of the same name in another store is another table.
            if all.iter().any(|e| e.id == entity.id) {
                entity.id = format!("{product}.{}", entity.id);
            }
            all.push(entity);
        }
    }
    all
}

/// The product that a word of a setting means: `sqlite3` is SQLite.
pub(super) fn product_called(word: &str) -> Option<String> {
    let known = |w: &&&str| w.eq_ignore_ascii_case(word);
    let word = DIALECTS.iter().find(known)?;
    product_named(word).map(str::to_owned)
}

/// Scripts for several products are variants of one schema: each is replayed by itself. That of the
/// product which the program opens by default is told, else the one with most tables, with tables that
/// only others have; types and rules of products are not mixed.
fn of_database(changes: &[Change<'_>], usual: &dyn Fn() -> Option<String>) -> Vec<Entity> {
    let written = Written::of(changes);
    let variants: BTreeSet<&str> = changes
        .iter()
        .filter_map(|c| written.product(c.1))
        .collect();
    if variants.len() < 2 {
        return of_product(&changes.iter().collect::<Vec<_>>());
    }
    let usual = usual();
    let mut made: Vec<(bool, bool, usize, Vec<Entity>)> = Vec::new();
    for variant in variants {
        let of_it = |c: &&Change<'_>| written.product(c.1).is_none_or(|d| d == variant);
        let all: Vec<&Change<'_>> = changes.iter().filter(of_it).collect();
        let serves = !is_in_program(variant);
        let opened = usual.as_deref() == Some(variant);
        made.push((opened, serves, all.len(), of_product(&all)));
    }
    made.sort_by_key(|(usual, serves, changes, tables)| {
        std::cmp::Reverse((
            *usual && !tables.is_empty(),
            tables.len(),
            *serves,
            *changes,
        ))
    });
    let mut found: BTreeMap<String, Entity> = BTreeMap::new();
    for entity in made.into_iter().flat_map(|(.., tables)| tables) {
        match found.get_mut(&entity.id) {
            // What a routine did to the table in one product stands in plain words in another.
            Some(known) if known.partial && !entity.partial => *known = entity,
            Some(_) => {}
            None => {
                found.insert(entity.id.clone(), entity);
            }
        }
    }
    found.into_values().collect()
}

/// The tables at the end of all scripts. A script of the whole schema that is kept beside migrations,
/// such as `LATEST.sql` or `structure.sql`, says it alone; a `schema.sql` does where it has all that
/// the migrations come to, since it may as well be what they begin with.
fn of_product(changes: &[&Change<'_>]) -> Vec<Entity> {
    let (whole, rest): (Vec<&Change<'_>>, Vec<&Change<'_>>) =
        changes.iter().copied().partition(|c| is_whole(c.1));
    if whole.is_empty() || rest.is_empty() {
        return replay(&in_order(changes));
    }
    let known = replay(&in_order(&whole));
    let later = replay(&in_order(&rest));
    let told = |table: &Entity| {
        known.iter().any(|k| {
            let has = |name: &str| k.fields.iter().any(|f| f.name.eq_ignore_ascii_case(name));
            k.id == table.id && table.fields.iter().all(|f| has(&f.name))
        })
    };
    let named = whole
        .iter()
        .all(|c| !file_stem(c.1).eq_ignore_ascii_case("schema"));
    let most = known.len() * 2 >= later.len();
    if most && named || !later.is_empty() && later.iter().all(told) {
        return known;
    }
    replay(&in_order(changes))
}

fn in_order<'c>(all: &[&Change<'c>]) -> Vec<(OrderKey, &'c SqlChange)> {
    all.iter().map(|(k, _, c)| (k.clone(), *c)).collect()
}

/// Whether the name of a script says that it is the whole schema.
fn is_whole(path: &str) -> bool {
    let stem = file_stem(path).to_ascii_lowercase();
    matches!(
        stem.as_str(),
        "latest"
            | "schema"
            | "structure"
            | "current"
            | "full_schema"
            | "schema_latest"
            | "current_schema"
    )
}

fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// For which product the scripts of a folder are written, by the types that their columns have.
struct Written<'p>(BTreeMap<&'p str, BTreeSet<&'static str>>);

impl<'p> Written<'p> {
    fn of(changes: &[Change<'p>]) -> Self {
        let mut all: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
        // A blueprint of a framework is written for all products.
        for (_, path, change) in changes.iter().filter(|c| !c.1.ends_with(".php")) {
            if let SqlChange::Create(entity) | SqlChange::Extend(entity) = change {
                let types = entity
                    .fields
                    .iter()
                    .filter_map(|f| product_of(&f.data_type));
                all.entry(folder_of(path)).or_default().extend(types);
            }
        }
        Written(all)
    }

    /// The product that the path of a script names, else the one that all scripts beside it are for.
    fn product(&self, path: &'p str) -> Option<&'p str> {
        product_named(path).or_else(|| {
            let types = self.0.get(folder_of(path))?;
            types.first().copied().filter(|_| types.len() == 1)
        })
    }
}

/// The product that alone has a type of this name.
fn product_of(data_type: &str) -> Option<&'static str> {
    let lower = data_type.to_ascii_lowercase();
    let name = lower.split(['(', ' ', '[']).next().unwrap_or_default();
    match name {
        "nvarchar" | "uniqueidentifier" | "datetime2" | "datetimeoffset" | "smalldatetime" => {
            Some("mssql")
        }
        "longtext" | "mediumtext" | "tinytext" | "longblob" | "mediumblob" => Some("mysql"),
        "tinyint" if lower.starts_with("tinyint(1)") => Some("mysql"),
        "jsonb" | "timestamptz" | "bytea" | "serial" | "bigserial" | "tsvector" => Some("postgres"),
        _ => None,
    }
}

/// The product that a path names: a folder (`db/mysql/schema.sql`), or a word of the file's name
/// (`schema-mysql.sql`).
pub(super) fn product_named(path: &str) -> Option<&str> {
    let word = word_of(path, &DIALECTS)?;
    let same = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(word));
    Some(if same(&["pgsql", "postgres", "postgresql", "psql"]) {
        "postgres"
    } else if same(&["mssql", "sqlserver"]) {
        "mssql"
    } else if same(&["mysql", "mariadb"]) {
        "mysql"
    } else if same(&["sqlite", "sqlite3"]) {
        "sqlite"
    } else {
        word
    })
}

/// Whether a product runs inside of a program, which is mostly there for tests.
pub(super) fn is_in_program(product: &str) -> bool {
    matches!(product, "h2" | "hsql" | "hsqldb" | "derby" | "sqlite")
}

fn word_of<'p>(path: &'p str, words: &[&str]) -> Option<&'p str> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let known = |word: &&str| words.iter().any(|d| d.eq_ignore_ascii_case(word));
    let parts = |text: &'p str| text.split(['-', '_', '.']);
    let mut above = folders.rsplit('/').flat_map(parts);
    parts(name).find(known).or_else(|| above.find(known))
}

/// Adds what the class of a table says and its script does not.
fn add(entity: &mut Entity, mut other: Entity) {
    columns_of(&mut other, &entity.fields);
    let made = entity.fields.iter().any(|f| f.name == "created_at");
    for field in other.fields {
        match find(&mut entity.fields, &field.name) {
            Some(known) => {
                for constraint in field.constraints {
                    // What the database says, the class need not say once more.
                    let told = constraint == NULLABILITY_UNREAD
                        || constraint
                            .strip_prefix(DEFAULT_IN_PROGRAM)
                            .is_some_and(|value| known.default.as_deref() == Some(value));
                    if !told && !known.constraints.contains(&constraint) {
                        known.constraints.push(constraint);
                    }
                }
                known.unique |= field.unique;
                known.primary_key |= field.primary_key;
                known.default = known.default.take().or(field.default);
                known.description = known.description.take().or(field.description);
                let places = field.provenance.evidence;
                known.provenance = known.provenance.clone().and(places);
            }
            // A macro of the program may give the times of Ecto another name than is usual.
            None if field.name == "inserted_at" && made => {}
            None => entity.fields.push(field),
        }
    }
    let to_one = |r: &EntityRelation| {
        matches!(
            r.cardinality,
            Cardinality::ManyToOne | Cardinality::OneToOne
        )
    };
    let keys: Vec<(Vec<String>, String)> = (entity.relations.iter())
        .filter(|r| r.fields.len() == 1 && to_one(r))
        .map(|r| (lower(&r.fields), r.to.clone()))
        .collect();
    for relation in other.relations {
        // A key of the database leads where the database says.
        let elsewhere = |(fields, to): &(Vec<String>, String)| {
            *fields == lower(&relation.fields) && *to != relation.to
        };
        if to_one(&relation) && keys.iter().any(elsewhere) {
            continue;
        }
        let same = |r: &&mut EntityRelation| {
            r.to == relation.to && lower(&r.fields) == lower(&relation.fields)
        };
        match entity.relations.iter_mut().find(same) {
            Some(known) => {
                known.on_delete = known.on_delete.take().or(relation.on_delete);
                let places = relation.provenance.evidence;
                known.provenance = known.provenance.clone().and(places);
            }
            None => entity.relations.push(relation),
        }
    }
    for index in other.indexes {
        let known = entity
            .indexes
            .iter()
            .any(|i| lower(&i.fields) == lower(&index.fields) && (i.unique || !index.unique));
        if !known {
            entity.indexes.push(index);
        }
    }
    entity.description = entity.description.take().or(other.description);
    let places = other.provenance.evidence;
    entity.provenance = entity.provenance.clone().and(places);
}

/// Calls the fields of a class as the columns of its table are called: `birthDate` is `birth_date`,
/// and an object is kept by its key.
fn columns_of(class: &mut Entity, columns: &[Field]) {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let exact = |name: &str| columns.iter().any(|c| c.name.eq_ignore_ascii_case(name));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for field in &class.fields {
        if exact(&field.name) {
            continue;
        }
        let is_key = class
            .relations
            .iter()
            .any(|r| r.fields == [field.name.clone()]);
        let own = plain(&field.name);
        let column = columns.iter().find(|c| plain(&c.name) == own).or_else(|| {
            let key = format!("{own}id");
            columns.iter().find(|c| is_key && plain(&c.name) == key)
        });
        if let Some(column) = column {
            names.insert(field.name.clone(), column.name.clone());
        }
    }
    let rename = |name: &mut String| {
        if let Some(column) = names.get(name) {
            name.clone_from(column);
        }
    };
    class.fields.iter_mut().for_each(|f| rename(&mut f.name));
    for relation in &mut class.relations {
        relation.fields.iter_mut().for_each(rename);
    }
    for index in &mut class.indexes {
        index.fields.iter_mut().for_each(rename);
    }
}

fn find<'f>(fields: &'f mut [Field], name: &str) -> Option<&'f mut Field> {
    fields
        .iter_mut()
        .find(|f| f.name.eq_ignore_ascii_case(name))
}

fn lower(names: &[String]) -> Vec<String> {
    names.iter().map(|n| n.to_lowercase()).collect()
}

/// Joins the tables of scripts with the classes of code that are stored in them: by the table's
/// name, and where the code gives none by the plural of the class's. Relations between classes
/// become relations between tables.
pub(super) fn join(all: &mut Vec<Entity>, classes: Vec<Entity>) {
    let mut tables: BTreeMap<(Option<String>, String), usize> = BTreeMap::new();
    let mut anywhere: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, entity) in all.iter().enumerate() {
        if entity.kind == EntityKind::Table {
            let name = entity.name.to_lowercase();
            anywhere.entry(name).or_default().push(at);
            let key = (entity.owner.clone(), entity.name.to_lowercase());
            tables.entry(key).or_insert(at);
        }
    }
    let classes = of_own_tables(classes);
    let mut ids: BTreeMap<(Option<String>, String), String> = BTreeMap::new();
    let mut known = Vec::new();
    let mut rest = Vec::new();
    let stored: BTreeSet<(String, Option<String>)> = (all.iter())
        .map(|e| (e.id.clone(), e.owner.clone()))
        .collect();
    let mut owners: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for class in classes {
        // What is defined again is the same; messages are the same in all containers.
        let of_it = owners.entry(class.id.clone()).or_default();
        let message = class.kind == EntityKind::Message && !of_it.is_empty();
        if !of_it.insert(class.owner.clone()) || message {
            continue;
        }
        let table = |name: String| tables.get(&(class.owner.clone(), name)).copied();
        // A class of a library that no program keeps for itself is stored by who has its table, and one
        // of a program in the table whose script lies beside all programs.
        let of_library = |name: String| {
            let [first, rest @ ..] = anywhere.get(&name)?.as_slice() else {
                return None;
            };
            let one = rest.iter().all(|at| all[*at].owner == all[*first].owner);
            let shared = class.owner.is_none() || all[*first].owner.is_none();
            let stored = shared && one && has_columns(&all[*first], &class);
            stored.then_some(*first)
        };
        let of_names = |find: &dyn Fn(String) -> Option<usize>| {
            let known = (class.kind == EntityKind::Table).then(|| names(&class));
            known.into_iter().flatten().find_map(find)
        };
        let found = of_names(&table).or_else(|| of_names(&of_library));
        match found {
            Some(at) => {
                let key = (class.owner.clone(), class.id.clone());
                ids.insert(key, all[at].id.clone());
                known.push((at, class));
            }
            // Another thing of the same name in the same part would be taken for the table.
            None if stored.contains(&(class.id.clone(), class.owner.clone())) => {}
            None => rest.push(class),
        }
    }
    // A table beside all programs belongs to the one that keeps its class. Where a library has a class of
    // that name too, the table is its, and the program has another in a database of its own.
    let mut keepers: BTreeMap<usize, BTreeSet<Option<String>>> = BTreeMap::new();
    for (at, class) in known.iter().filter(|(at, _)| all[*at].owner.is_none()) {
        keepers.entry(*at).or_default().insert(class.owner.clone());
    }
    let shared = |at: &usize, owner: &Option<String>| {
        let of_it = keepers.get(at);
        owner.is_some() && of_it.is_some_and(|all| all.contains(&None))
    };
    let (apart, known): (Vec<_>, Vec<_>) = known
        .into_iter()
        .partition(|(at, class): &(usize, Entity)| shared(at, &class.owner));
    for (_, class) in apart {
        ids.remove(&(class.owner.clone(), class.id.clone()));
        rest.push(class);
    }
    for (at, owners) in &keepers {
        let mut owners = owners.iter();
        if let (Some(Some(only)), None) = (owners.next(), owners.next()) {
            all[*at].owner = Some(only.clone());
        }
    }
    for (at, mut class) in known {
        rename(&mut class, &ids);
        // The keys of the tables say better what collections of a class stand for.
        let table = all[at].id.clone();
        class.relations.retain(|r| {
            let many = matches!(
                r.cardinality,
                Cardinality::OneToMany | Cardinality::ManyToMany
            );
            !many || !keyed(all, &table, &r.to)
        });
        add(&mut all[at], class);
    }
    for mut class in rest {
        rename(&mut class, &ids);
        all.push(class);
    }
}

/// Classes of one name that are stored in tables of different names are different things: the one whose
/// table is called by it keeps the name, others are called by their tables. The table between two that one
/// end names is told by the class that it has, if it has one.
fn of_own_tables(mut classes: Vec<Entity>) -> Vec<Entity> {
    let is_table = |class: &Entity| class.kind == EntityKind::Table;
    let stored = |class: &Entity| class.name.to_lowercase();
    let with_class: BTreeSet<(Option<String>, String)> = (classes.iter())
        .filter(|class| is_table(class) && class.id != stored(class))
        .map(|class| (class.owner.clone(), stored(class)))
        .collect();
    classes.retain(|class| {
        let table = (class.owner.clone(), stored(class));
        !is_table(class) || class.id != table.1 || !with_class.contains(&table)
    });
    let mut first: BTreeMap<(Option<String>, String), String> = BTreeMap::new();
    for class in classes.iter().filter(|class| is_table(class)) {
        let by_name = |name: &str| name == class.id || name == plural(&class.id);
        let name = first
            .entry((class.owner.clone(), class.id.clone()))
            .or_insert_with(|| stored(class));
        if by_name(&stored(class)) && !by_name(name) {
            *name = stored(class);
        }
    }
    for class in classes.iter_mut().filter(|class| is_table(class)) {
        let name = stored(class);
        let named = first.get(&(class.owner.clone(), class.id.clone()));
        let keeps = named.is_none_or(|named| *named == name);
        if !keeps && !first.contains_key(&(class.owner.clone(), name.clone())) {
            class.id = name;
        }
    }
    classes
}

fn rename(class: &mut Entity, ids: &BTreeMap<(Option<String>, String), String>) {
    for relation in &mut class.relations {
        let id = ids.get(&(class.owner.clone(), relation.to.clone()));
        // A program stores objects of the classes of its libraries.
        if let Some(id) = id.or_else(|| ids.get(&(None, relation.to.clone()))) {
            relation.to.clone_from(id);
        }
    }
}

/// Whether two descriptions are of one table: by its name and half of the columns of the other, in one
/// program or where only one of the two has a program.
pub(super) fn is_same(known: &Entity, other: &Entity) -> bool {
    let apart = known.owner.is_some() && other.owner.is_some() && known.owner != other.owner;
    !apart && known.id == other.id && has_columns(known, other)
}

/// Puts a table among others, unless it is one of these: that of a script inside of a program, for a product
/// that runs in it, and that of a script beside all programs. The one that is made for a server is told, and
/// belongs to the program.
pub(super) fn put(all: &mut Vec<Entity>, mut entity: Entity) {
    let inside = |e: &Entity| {
        let first = e.provenance.first();
        first.is_some_and(|at| product_named(&at.path).is_some_and(is_in_program))
    };
    let variant = |known: &&mut Entity| {
        known.owner.is_some() != entity.owner.is_some()
            && inside(known) != inside(&entity)
            && is_same(known, &entity)
    };
    let Some(known) = all.iter_mut().find(variant) else {
        all.push(entity);
        return;
    };
    let owner = known.owner.take().or(entity.owner.take());
    if inside(known) {
        *known = entity;
    }
    known.owner = owner;
}

/// Whether at least half of the fields of a class are columns of a table.
fn has_columns(table: &Entity, class: &Entity) -> bool {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let columns: BTreeSet<String> = table.fields.iter().map(|f| plain(&f.name)).collect();
    let is_column = |field: &&Field| {
        let name = plain(&field.name);
        columns.contains(&name) || columns.contains(&format!("{name}id"))
    };
    class.fields.iter().filter(is_column).count() * 2 >= class.fields.len()
}

/// Whether keys join two tables: one refers to the other, or a third to both.
fn keyed(all: &[Entity], one: &str, other: &str) -> bool {
    let refers = |e: &Entity, to: &str| e.relations.iter().any(|r| r.to == to);
    all.iter()
        .any(|e| refers(e, one) && (e.id == other || refers(e, other)))
}

/// The names that the table of a class may have, in lower case.
fn names(class: &Entity) -> Vec<String> {
    let stored = class.name.to_lowercase();
    let plain = class.id.replace('_', "");
    // A name of its own in the annotation is the only one.
    if stored != plain {
        return vec![stored];
    }
    let id = class.id.clone();
    let mut all = vec![stored, id.clone()];
    all.extend([format!("{id}s"), format!("{id}es")]);
    if let Some(stem) = id.strip_suffix('y') {
        all.push(format!("{stem}ies"));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{join, product_named, tables};
    use crate::facts::Claim;
    use crate::resolve_sql::OrderKey;
    use groundplan_model::Entity;

    fn changes(files: &[(&str, &str)]) -> Vec<Entity> {
        let facts: Vec<_> = files
            .iter()
            .map(|(path, text)| crate::extract_file(path, text))
            .collect();
        let mut all = Vec::new();
        for file in &facts {
            for fact in &file.facts {
                if let Claim::Sql(change) = &fact.claim {
                    all.push((
                        OrderKey::of(&file.path),
                        file.path.as_str(),
                        change.as_ref(),
                    ));
                }
            }
        }
        tables(&all, &|| None)
    }

    #[test]
    fn a_product_beside_the_database_has_tables_of_its_own() {
        let all = changes(&[
            (
                "migrations/01.sql",
                "CREATE TABLE visit (id uuid PRIMARY KEY, url text);",
            ),
            (
                "db/clickhouse/01.sql",
                "CREATE TABLE visit (id UUID, browser String); CREATE TABLE hourly (hour Int64);",
            ),
        ]);
        let ids: Vec<_> = all
            .iter()
            .map(|e| (e.id.as_str(), e.fields.len()))
            .collect();
        assert_eq!(ids, [("visit", 2), ("hourly", 1), ("clickhouse.visit", 2)]);
    }

    fn lines(all: &[Entity]) -> Vec<String> {
        all.iter()
            .map(|e| {
                let fields: Vec<_> = e
                    .fields
                    .iter()
                    .map(|f| format!("{}{}", f.name, f.constraints.join("")))
                    .collect();
                let to: Vec<_> = e
                    .relations
                    .iter()
                    .map(|r| format!("{}>{}", r.fields.join(","), r.to))
                    .collect();
                let keys: Vec<_> = e
                    .indexes
                    .iter()
                    .map(|i| format!("{}{}", i.fields.join(","), if i.unique { "!" } else { "" }))
                    .collect();
                let files: Vec<_> = e
                    .provenance
                    .evidence
                    .iter()
                    .map(|e| e.path.as_str())
                    .collect();
                format!(
                    "{} ({}) {} [{}] {}",
                    e.id,
                    fields.join(" "),
                    to.join(" "),
                    keys.join(" "),
                    files.join(" ")
                )
            })
            .collect()
    }

    #[test]
    fn products_are_told_by_folder_or_name() {
        assert_eq!(product_named("db/mysql/schema.sql"), Some("mysql"));
        assert_eq!(product_named("db/schema-h2.sql"), Some("h2"));
        assert_eq!(product_named("db/migrations/0001_oracles.sql"), None);
    }

    #[test]
    fn a_script_of_the_whole_schema_says_it_alone() {
        let first =
            "CREATE TABLE orders (id INT PRIMARY KEY, note TEXT);\nCREATE TABLE history (v INT);";
        let later = "ALTER TABLE orders DROP COLUMN note;\nALTER TABLE orders ADD COLUMN paid INT;";
        let latest = "CREATE TABLE orders (id INT PRIMARY KEY, paid INT);\n\
                      CREATE TABLE shares (id INT PRIMARY KEY, order_id INT, FOREIGN KEY (order_id) REFERENCES orders(id));";
        let old = [
            ("db/0.1/01__init.sql", first),
            ("db/0.2/01__paid.sql", later),
        ];
        let with = |name| changes(&[old[0], old[1], (name, latest)]);
        let wanted = [
            "orders (id paid)  [] db/LATEST.sql",
            "shares (id order_id) order_id>orders [] db/LATEST.sql",
        ];
        assert_eq!(lines(&with("db/LATEST.sql")), wanted);
        // What migrations begin with is not what they come to.
        assert_eq!(lines(&with("db/schema.sql")).len(), 3);
    }

    #[test]
    fn variants_and_classes_are_one_table() {
        let h2 = "CREATE TABLE owners (id INT PRIMARY KEY, name VARCHAR(80));
CREATE TABLE pets (id INT PRIMARY KEY, owner_id INT NOT NULL);
CREATE INDEX pet_owner ON pets (owner_id);";
        let mysql = "CREATE TABLE owners (id INT PRIMARY KEY, name VARCHAR(80));
CREATE TABLE pets (id INT PRIMARY KEY, owner_id INT NOT NULL, INDEX(owner_id), UNIQUE (id, owner_id),
  FOREIGN KEY (owner_id) REFERENCES owners(id)) engine=InnoDB;";
        let mut all = changes(&[("db/h2/schema.sql", h2), ("db/mysql/schema.sql", mysql)]);
        let owner = "package a;
@Entity @Table(name = \"owners\") class Owner {
  @Id Integer id;
  @NotBlank String name;
  @OneToMany(mappedBy = \"owner\") Set<Pet> pets;
}";
        let pet = "package a;
@Entity class Pet {
  @Id Integer id;
  @ManyToOne @JoinColumn(name = \"owner_id\") Owner owner;
}";
        // A class with the name of its table, and members with the names of no column.
        let visit = "package a;
@Entity class Visit {
  @Id Integer id;
  LocalDate madeAt;
  @ManyToOne Pet pet;
}";
        let files = [
            ("src/Owner.java", owner),
            ("src/Pet.java", pet),
            ("src/Visit.java", visit),
        ]
        .map(|(path, text)| crate::extract_file(path, text));
        let classes = files
            .iter()
            .flat_map(|f| &f.facts)
            .filter_map(|f| match &f.claim {
                Claim::Entity(entity) => Some(entity.as_ref().clone()),
                _ => None,
            })
            .collect();
        let visits = "CREATE TABLE visit (id INT PRIMARY KEY, made_at DATE, \
                      pet_id INT REFERENCES pets(id));";
        all.extend(changes(&[("db/visits.sql", visits)]));
        join(&mut all, classes);
        let wanted = [
            "owners (id name@NotBlank)  [] db/mysql/schema.sql src/Owner.java",
            "pets (id owner_id) owner_id>owners [owner_id id,owner_id!] db/mysql/schema.sql \
             src/Pet.java",
            "visit (id made_at pet_id) pet_id>pets [] db/visits.sql src/Visit.java",
        ];
        assert_eq!(lines(&all), wanted);
    }

    #[test]
    fn classes_of_one_name_in_other_tables_are_told_apart() {
        let class = |module: &str, table: &str| {
            format!(
                "defmodule Shop.{module} do\n  use Ecto.Schema\n  schema \"{table}\" do\n    \
                 field :note, :string\n    belongs_to :user, Shop.Users.User\n  end\nend\n"
            )
        };
        let joint = "defmodule Shop.Users.User do\n  use Ecto.Schema\n  schema \"users\" do\n    \
                     many_to_many :roles, Shop.Role, join_through: \"users_roles\"\n    \
                     many_to_many :bans, Shop.Ban, join_through: \"users_bans\"\n  end\nend\n";
        let files = [
            ("lib/bans/user.ex", class("Bans.User", "user_bans")),
            (
                "lib/forums/subscription.ex",
                class("Forums.Subscription", "forum_subscriptions"),
            ),
            (
                "lib/images/subscription.ex",
                class("Images.Subscription", "image_subscriptions"),
            ),
            ("lib/users/role.ex", class("Users.Role", "users_roles")),
            ("lib/users/user.ex", joint.to_owned()),
        ]
        .map(|(path, text)| crate::extract_file(path, &text));
        let classes = files
            .iter()
            .flat_map(|f| &f.facts)
            .filter_map(|f| match &f.claim {
                Claim::Entity(entity) => Some(entity.as_ref().clone()),
                _ => None,
            })
            .collect();
        let mut all = Vec::new();
        join(&mut all, classes);
        let told: Vec<String> = (all.iter())
            .map(|e| {
                let to: Vec<&str> = e.relations.iter().map(|r| r.to.as_str()).collect();
                format!("{} {} {} [{}]", e.id, e.name, e.fields.len(), to.join(" "))
            })
            .collect();
        let wanted = [
            "user_bans user_bans 3 [user]",
            "subscription forum_subscriptions 3 [user]",
            "image_subscriptions image_subscriptions 3 [user]",
            "role users_roles 3 [user]",
            "users_bans users_bans 2 [user ban]",
            "user users 1 [role ban]",
        ];
        assert_eq!(told, wanted);
    }

    #[test]
    fn the_product_that_is_opened_by_default_is_told() {
        let files = [
            (
                "db/mysql/LATEST.sql",
                "CREATE TABLE memo (id INT PRIMARY KEY, made TIMESTAMP, body LONGTEXT);\n\
                 CREATE TABLE tag (id INT PRIMARY KEY);",
            ),
            (
                "db/sqlite/LATEST.sql",
                "CREATE TABLE memo (id INTEGER PRIMARY KEY, made BIGINT, body TEXT);",
            ),
        ];
        let facts: Vec<_> = files
            .iter()
            .map(|(path, text)| crate::extract_file(path, text))
            .collect();
        let mut all = Vec::new();
        for file in &facts {
            for fact in &file.facts {
                if let Claim::Sql(change) = &fact.claim {
                    let key = OrderKey::of(&file.path);
                    all.push((key, file.path.as_str(), change.as_ref()));
                }
            }
        }
        let types = |usual: Option<&str>| -> Vec<String> {
            let usual = usual.map(str::to_owned);
            let found = tables(&all, &|| usual.clone());
            let memo = found.iter().filter(|e| e.id == "memo");
            let mut types: Vec<String> = memo
                .flat_map(|e| &e.fields)
                .map(|f| f.data_type.clone())
                .collect();
            types.push(found.len().to_string());
            types
        };
        assert_eq!(types(Some("sqlite")), ["integer", "bigint", "text", "2"]);
        assert_eq!(types(None), ["int", "timestamp", "longtext", "2"]);
    }

    #[test]
    fn a_script_inside_of_a_program_is_the_one_beside_all_programs() {
        let small = "CREATE TABLE session (id CHAR(36) PRIMARY KEY, made BIGINT);";
        let large = "CREATE TABLE session (id CHAR(36) PRIMARY KEY, made BIGINT, body LONGBLOB);";
        let mut all = Vec::new();
        for mut entity in changes(&[("portal/src/main/resources/init.h2.sql", small)]) {
            entity.owner = Some("portal".to_owned());
            super::put(&mut all, entity);
        }
        for entity in changes(&[("scripts/sql/portal.sql", large)]) {
            super::put(&mut all, entity);
        }
        let told: Vec<_> = (all.iter())
            .map(|e| (e.id.as_str(), e.owner.as_deref(), e.fields.len()))
            .collect();
        assert_eq!(told, [("session", Some("portal"), 3)]);
    }

    #[test]
    fn a_class_of_a_program_is_the_table_beside_all_programs() {
        let script = "CREATE TABLE Role (Id INT PRIMARY KEY, RoleName VARCHAR(64), Made DATETIME);";
        let mut all = changes(&[("scripts/portal.sql", script)]);
        let class = "package a;
@Entity @Table(name = \"`Role`\") class Role {
  @Id long id;
  @Column(name = \"RoleName\") String roleName;
}";
        let file = crate::extract_file("portal/src/main/java/a/Role.java", class);
        let classes = file.facts.iter().filter_map(|f| match &f.claim {
            Claim::Entity(entity) => {
                let mut entity = entity.as_ref().clone();
                entity.owner = Some("portal".to_owned());
                Some(entity)
            }
            _ => None,
        });
        join(&mut all, classes.collect());
        let told: Vec<_> = all
            .iter()
            .map(|e| (e.id.as_str(), e.owner.as_deref()))
            .collect();
        assert_eq!(told, [("role", Some("portal"))]);
    }
}
