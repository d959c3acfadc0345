//! Entities: fields, relations, indexes, and the schema as SQL.

use super::associations::{models_unread, rule_of, unkeyed, unkeyed_beside, unless_blocked};
use super::columns::{constraints, entity_name, is_unread, keyed, unread_bases, view_text};
use super::ddl::sql_block;
use super::goals::distinct;
use super::records;
use super::seen::{MOST, end, joined};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{
    bullets, first_places, full_table, inline, name, names, plain_cell, sql_cell, table,
};
use crate::tree::{Block, DiagramForm, Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    Cardinality, Entity, EntityKind, EntityRelation, Field, REFERS_TO, TABLE_PREFIX, Topic,
};
use std::collections::BTreeSet;

records! {
    "data-migration": data_migration, "How schema and data are moved.";
    "database-schema": database_schema, "All tables as SQL.";
    "entities-missing": |c, _| no_entity(c), "Why there is no entity.";
    "entity-diagram": entity_diagram, "The entity relationship diagram.";
    "entity-fields": |c, s| of(s, |e| fields(c, e)), "The fields of an entity.";
    "entity-indexes": |c, s| of(s, |e| indexes(c, e)), "Keys and indexes of an entity.";
    "entity-json": |c, s| of(s, |e| entity_json(c, e)), "An entity as JSON.";
    "entity-outline": |c, s| of(s, |e| entity_outline(c, e)), "An entity as an outline with its relations.";
    "entity-relations": |c, s| of(s, |e| relations(c, e)), "How an entity stands to others.";
    "entity-relationships": entity_relationships, "The diagram, and one sentence for each relation.";
    "entity-tables": entity_tables, "The main tables with their fields.";
    "indexing": indexing, "Every index of the data model.";
    "key-entities": key_entities, "The entities with the most relations.";
    "partitioning": partitioning, "How tables are split.";
}

fn of<'a>(subject: Subject<'a>, run: impl FnOnce(&'a Entity) -> Answer) -> Answer {
    match subject {
        Subject::Entity(e) => run(e),
        _ => Answer::Gap("data-model"),
    }
}

/// The object mappers whose models are read.
const MODELS: &str = "models of Django, SQLAlchemy, JPA, Prisma, GORM, Mongoose, Sequelize, TypeORM, Waterline and Drizzle, schemas of Rails";

/// Where something maps or migrates tables and none was read: what it maps is there for all that is known.
fn unread_tables(c: &Context) -> Option<Text> {
    if c.kept > 0 {
        return None;
    }
    let maps = |t: &groundplan_knowledge::Technology| {
        matches!(t.category, Category::Orm | Category::Migration)
    };
    let all = super::found::products(c, maps);
    let names_of = distinct(all.iter().map(|p| p.technology.name.as_str()));
    if names_of.is_empty() {
        return None;
    }
    let rest = words::verb_for(
        names_of.len(),
        ", which is among the packages, may map or migrate was not recognized",
        ", which are among the packages, may map or migrate was not recognized",
    );
    let text = Text::plain("No table can be named, because what ")
        .spans(names(names_of, 3))
        .then(rest);
    let places = all.iter().flat_map(|p| p.sources.iter().copied());
    Some(end(text.from(&first_places(places, 2))))
}

fn no_entity(c: &Context) -> Answer {
    if let Some(text) = unread_tables(c) {
        return Answer::Absent(Absence::because(text));
    }
    c.absent(
        "table, collection or message",
        &["SQL in files and in code", MODELS, "contracts"],
        "data-model",
    )
}

/// What is put before the names of tables when the program runs.
fn prefixed(c: &Context) -> Option<Text> {
    let seen = c.seen(Topic::Stated).iter();
    let one = seen.copied().find(|o| o.name == TABLE_PREFIX)?;
    let text = Text::plain("A listener of Doctrine puts ")
        .then_code(one.detail.as_deref()?)
        .then(" before the names of tables when the program runs; here they are called as the classes have them");
    Some(end(text.from(&one.provenance)))
}

fn entity_diagram<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let diagram = |id: &str| super::structure::drawing(id, DiagramForm::Drawing);
    if c.has_view("entities") {
        let types = words::count(c.entities.len(), "message type");
        let lead = match (c.kept, unread_tables(c)) {
            (0, None) => Text::plain(format!(
                "No table was found; what follows are the {types} of the contracts."
            )),
            (0, Some(text)) => {
                text.then(format!(" What follows are the {types} of the contracts."))
            }
            _ => prefixed(c).unwrap_or_default(),
        };
        return Answer::both(lead, vec![diagram("entities")]);
    }
    if c.entities.is_empty() {
        no_entity(c)
    } else {
        entity_count(c)
    }
}

/// How many entities there are; views, which keep nothing of their own, are counted apart.
fn counted(entities: &[&Entity]) -> String {
    let views = entities.iter().filter(|e| e.kind == EntityKind::View);
    let views = views.count();
    match (views, entities.len() - views) {
        (0, others) => words::count(others, "entity"),
        (views, 0) => words::count(views, "view"),
        (views, others) => format!(
            "{} and {}",
            words::count(others, "entity"),
            words::count(views, "view")
        ),
    }
}

fn entity_count(c: &Context) -> Answer {
    let n = match c.kept {
        0 => words::count(c.entities.len(), "message type"),
        _ => counted(&c.entities),
    };
    let linked = c.entities.iter().map(|e| e.relations.len()).sum::<usize>();
    let text = Text::plain(format!(
        "{n} with {} between them.",
        words::count(linked, "relation")
    ));
    Answer::text(text.from(&first_places(c.entities.iter().map(|e| &e.provenance), 3)))
}

fn fields(c: &Context, e: &Entity) -> Answer {
    if e.fields.is_empty() {
        return match c.surveyed() {
            true if e.kind == EntityKind::Collection => Answer::Absent(Absence::because(
                Text::plain(
                    "Code names the collection; which fields its documents have was not read.",
                )
                .from(&e.provenance),
            )),
            true => Answer::Absent(Absence::because(
                Text::plain(format!(
                    "No field of it was found in its definition (searched: {}).",
                    if e.kind.is_kept() {
                        "migrations and models"
                    } else {
                        "contracts"
                    }
                ))
                .from(&e.provenance),
            )),
            false => Answer::Gap("data-model"),
        };
    }
    let rows = e
        .fields
        .iter()
        .take(60)
        .map(|f| {
            vec![
                name(&f.name).from(&f.provenance),
                match super::ddl::is_of_code(&f.data_type) {
                    true => plain_cell(&f.data_type).then(" (a type of the code)"),
                    false => sql_cell(&f.data_type),
                },
                plain_cell(f.description.as_deref().unwrap_or("")),
                sql_cell(&constraints(c, e, f)),
            ]
        })
        .collect();
    let text = match &e.description {
        Some(d) => Text {
            spans: inline(&words::sentence(d)),
            sources: vec![e.provenance.clone()],
        },
        None => view_text(c, e).unwrap_or_default(),
    };
    let mut blocks = vec![table(
        &["Field", "Type", "Description", "Constraints"],
        rows,
    )];
    if e.fields.len() > 60 {
        blocks.push(Block::Paragraph(crate::text::unlisted(
            e.fields.len() - 60,
            "field",
        )));
    }
    if e.description.is_some() {
        blocks.extend(view_text(c, e).map(Block::Paragraph));
    }
    blocks.extend(unread_bases(e).map(Block::Paragraph));
    Answer::both(text, blocks)
}

fn relation_text(c: &Context, from: &Entity, r: &EntityRelation) -> Text {
    let other = entity_name(c, &r.to).to_owned();
    if !from.kind.is_kept() {
        return contained(from, r, other);
    }
    // A column that may be empty ties nothing by itself.
    let optional = from
        .fields
        .iter()
        .any(|f| f.nullable && r.fields.contains(&f.name));
    // Whether it may be empty stands in code that was not followed.
    let unread = from
        .fields
        .iter()
        .any(|f| is_unread(f) && r.fields.contains(&f.name));
    let (before, after) = match r.cardinality {
        Cardinality::OneToOne if unread => ("A row of ", " refers to one row of "),
        Cardinality::ManyToOne if unread => ("Rows of ", " refer to one row of "),
        Cardinality::OneToOne if optional => ("A row of ", " refers to at most one row of "),
        Cardinality::ManyToOne if optional => ("Rows of ", " refer to at most one row of "),
        Cardinality::OneToOne => ("One row of ", " belongs to one row of "),
        Cardinality::OneToMany => ("One row of ", " has many rows of "),
        Cardinality::ManyToOne => ("Many rows of ", " belong to one row of "),
        Cardinality::ManyToMany => ("Many rows of ", " belong to many rows of "),
    };
    let mut text = Text::plain(before)
        .then_code(&from.name)
        .then(after)
        .then_code(other);
    if !r.fields.is_empty() {
        let by = match r.through {
            Some(_) => " by ",
            None => " through ",
        };
        text = text
            .then(by)
            .spans(names(r.fields.iter().map(String::as_str), 4));
    }
    if let Some(joint) = &r.through {
        let joint = entity_name(c, joint).to_owned();
        text = text.then(", joined through the rows of ").then_code(joint);
    }
    // What a column allows is the column's; whether a row may be without the other is the program's.
    let empty = (from.fields.iter())
        .filter(|f| f.nullable && !is_unread(f) && r.fields.contains(&f.name))
        .map(|f| f.name.as_str());
    let empty: Vec<&str> = distinct(empty);
    text = match (empty.as_slice(), r.fields.len()) {
        ([], _) => text,
        ([_], 1) if r.through.is_none() => text.then(", which may be empty"),
        (some, _) => text
            .then("; ")
            .spans(names(some.iter().copied(), 4))
            .then(" may be empty"),
    };
    if let Some(rule) = &r.on_delete {
        text = text.then(on_delete(rule, r.cardinality));
        if rule_of(rule) == "cascade" {
            let one = r.cardinality == Cardinality::OneToOne;
            text = unless_blocked(c, from, text, one);
        }
    }
    end(text.from(&r.provenance))
}

/// What becomes of the rows when the row that they refer to is deleted, as a clause.
fn on_delete(rule: &str, cardinality: Cardinality) -> String {
    let one = cardinality == Cardinality::OneToOne;
    match rule_of(rule).as_str() {
        "cascade" if one => "; it is deleted with that row".to_owned(),
        "cascade" => "; they are deleted with it".to_owned(),
        "setnull" => "; when that row is deleted, the reference is emptied".to_owned(),
        "setdefault" => "; when that row is deleted, the reference takes its default".to_owned(),
        "protect" | "restrict" | "noaction" => {
            "; that row cannot be deleted while it is referred to".to_owned()
        }
        "donothing" => "; when that row is deleted, nothing is done here".to_owned(),
        _ => format!("; when that row is deleted: {}", rule.to_lowercase()),
    }
}

/// Whether a relation is the other end of one that the other side has by a column: told once, by the
/// side with the column.
fn is_inverse(c: &Context, from: &Entity, r: &EntityRelation) -> bool {
    let owns = |o: &Entity| {
        o.relations.iter().any(|back| {
            back.to == from.id
                && matches!(
                    back.cardinality,
                    Cardinality::ManyToOne | Cardinality::OneToOne
                )
        })
    };
    r.cardinality == Cardinality::OneToMany
        && r.to != from.id
        && c.blueprint.entities.iter().any(|o| o.id == r.to && owns(o))
}

/// `` `Order` contains several `Item` in `items`. ``
fn contained(from: &Entity, r: &EntityRelation, other: String) -> Text {
    let several = matches!(
        r.cardinality,
        Cardinality::OneToMany | Cardinality::ManyToMany
    );
    let verb = if several {
        " contains a list of "
    } else {
        " contains "
    };
    let mut text = Text::code(&from.name).then(verb).then_code(other);
    if !r.fields.is_empty() {
        text = text
            .then(" in ")
            .spans(names(r.fields.iter().map(String::as_str), 4));
    }
    end(text.from(&r.provenance))
}

/// Keys into tables of a framework or a package.
fn elsewhere(c: &Context, e: &Entity) -> Vec<Text> {
    let django = || {
        let mut all = c.blueprint.dependencies.iter();
        all.any(|d| d.technology.as_deref() == Some("Django"))
    };
    let of_python = |f: &Field| {
        f.provenance
            .first()
            .is_some_and(|at| at.path.ends_with(".py"))
    };
    let fields = e.fields.iter().filter(|_| e.kind.is_kept());
    fields
        .filter_map(|f| {
            let to = f
                .constraints
                .iter()
                .find_map(|x| x.strip_prefix(REFERS_TO))?;
            let text = Text::code(&f.name).then(" refers to ").then_code(to);
            // Models of its applications, <https://docs.djangoproject.com/en/stable/ref/contrib/auth/>.
            let brought = matches!(
                to.to_ascii_lowercase().as_str(),
                "user"
                    | "auth_user"
                    | "group"
                    | "auth_group"
                    | "permission"
                    | "content_type"
                    | "contenttype"
            );
            let text = text.then(match brought && of_python(f) && django() {
                true => ", a table that Django brings",
                false => ", which is not among the tables found",
            });
            Some(end(text.from(&f.provenance)))
        })
        .take(10)
        .collect()
}

/// Whether a column may hold the key of an entity: a text of a message holds no number.
fn may_hold(field: &Field, other: &Entity) -> bool {
    let kind = |written: &str| -> Option<&str> {
        let lower = written.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if has(&["uuid", "guid", "uniqueidentifier"]) {
            Some("uuid")
        } else if has(&["char", "text", "string"]) {
            Some("text")
        } else if has(&["int", "serial", "long", "number"]) {
            Some("number")
        } else {
            None
        }
    };
    let mut keys = other.fields.iter().filter(|f| f.primary_key);
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return true;
    };
    match (kind(&field.data_type), kind(&key.data_type)) {
        // Keys of any form may be kept as texts, but not the other way round.
        (Some("text"), Some("number")) => false,
        (Some("number"), Some(other)) => other == "number",
        _ => true,
    }
}

/// Columns that are named after another entity, where nothing in code ties the two.
fn by_name(c: &Context, e: &Entity) -> Vec<Text> {
    // No column of a view has a key.
    let keyed = e.kind.is_kept() && e.kind != EntityKind::View && !models_unread(c, e);
    let fields = e.fields.iter().filter(|f| keyed && !f.primary_key);
    fields
        .filter_map(|f| {
            let stem = f.name.to_ascii_lowercase();
            let stem = stem
                .strip_suffix("_id")
                .or_else(|| stem.strip_suffix("id"))
                .filter(|stem| !stem.is_empty())?;
            let other = c.blueprint.entities.iter().find(|o| {
                let id = o.id.rsplit(['.', '/']).next().unwrap_or(&o.id);
                o.kind.is_kept()
                    && o.id != e.id
                    && (id == stem || id.strip_suffix('s') == Some(stem))
                    // What another part keeps for itself is another record of that name.
                    && o.owner == e.owner
                    && o.store == e.store
                    && may_hold(f, o)
            })?;
            let text = Text::plain("By its name, ")
                .then_code(&f.name)
                .then(" refers to ")
                .then_code(&other.name);
            Some(end(text
                .then("; no foreign key that was read says so")
                .from(&f.provenance)))
        })
        .take(5)
        .collect()
}

fn relations(c: &Context, e: &Entity) -> Answer {
    let own: Vec<&EntityRelation> = e
        .relations
        .iter()
        .filter(|r| !is_inverse(c, e, r))
        .collect();
    let mut items: Vec<Text> = own
        .iter()
        .take(10)
        .map(|r| relation_text(c, e, r))
        .collect();
    let others = c.blueprint.entities.iter().filter(|o| o.id != e.id);
    let pointing = others
        .flat_map(|o| o.relations.iter().map(move |r| (o, r)))
        .filter(|(o, r)| r.to == e.id && !is_inverse(c, o, r));
    let pointing: Vec<_> = pointing.collect();
    let left = own.len().saturating_sub(10) + pointing.len().saturating_sub(10);
    items.extend(
        pointing
            .iter()
            .take(10)
            .map(|(o, r)| relation_text(c, o, r)),
    );
    if left > 0 {
        items.push(super::found::more(left));
    }
    items.extend(elsewhere(c, e));
    items.extend(unkeyed_beside(c, e));
    if !e.over.is_empty() {
        items.extend(view_text(c, e));
    }
    if items.is_empty() {
        items.extend(by_name(c, e));
    }
    if !items.is_empty() {
        return Answer::blocks(vec![bullets(items)]);
    }
    match c.surveyed() {
        true => Answer::Absent(Absence::because(
            Text::plain(if models_unread(c, e) {
                "No foreign key to or from another table was read; the models of the code were not."
            } else if e.kind.is_kept() {
                "No relation to another entity was read (searched: foreign keys and model associations)."
            } else {
                "No field of it has the type of another message, and none has its type (searched: contracts)."
            })
            .from(&e.provenance),
        )),
        false => Answer::Gap("data-model"),
    }
}

fn indexes(c: &Context, e: &Entity) -> Answer {
    if !e.kind.is_kept() {
        let text = Text::plain(
            "None, because it is a type of a contract: keys and indexes belong to tables.",
        );
        return Answer::Absent(Absence::because(text.from(&e.provenance)));
    }
    let keys: Vec<&str> = e
        .fields
        .iter()
        .filter(|f| f.primary_key)
        .map(|f| f.name.as_str())
        .collect();
    let mut items = Vec::new();
    if !keys.is_empty() {
        let sources = e
            .fields
            .iter()
            .filter(|f| f.primary_key)
            .map(|f| &f.provenance);
        items.push(end(Text::plain("Primary key: ")
            .spans(names(keys, 6))
            .from(&first_places(sources, 1))));
    }
    let unique: Vec<&Field> = e
        .fields
        .iter()
        .filter(|f| f.unique && !f.primary_key)
        // An index that enforces it is told below.
        .filter(|f| !keyed(e, f))
        .collect();
    if !unique.is_empty() {
        let label = match unique.len() {
            1 => "Unique: ",
            _ => "Unique, each on its own: ",
        };
        let text = Text::plain(label).spans(names(unique.iter().map(|f| f.name.as_str()), 8));
        items.push(end(
            text.from(&first_places(unique.iter().map(|f| &f.provenance), 2))
        ));
    }
    for index in e.indexes.iter().take(12) {
        items.push(index_text(index, None));
    }
    if e.indexes.len() > 12 {
        items.push(super::found::more(e.indexes.len() - 12));
    }
    if !items.is_empty() {
        let text = match of_model_alone(c, e) {
            true => Text::plain("As the model declares them, without what only migrations create:"),
            false => Text::default(),
        };
        return Answer::both(text, vec![bullets(items)]);
    }
    match c.surveyed() {
        true => Answer::Absent(Absence::because(
            Text::plain(
                "No key or index was read from its definition (searched: migrations and models).",
            )
            .from(&e.provenance),
        )),
        false => Answer::Gap("indexes"),
    }
}

/// Whether all that is known of a table stands at its model, where files of migrations are there as well.
fn of_model_alone(c: &Context, e: &Entity) -> bool {
    if !c.surveyed() {
        return false;
    }
    let fields = e.fields.iter().map(|f| &f.provenance);
    let indexes = e.indexes.iter().map(|i| &i.provenance);
    let all = std::iter::once(&e.provenance).chain(fields).chain(indexes);
    let own: BTreeSet<&str> = (all.flat_map(|p| &p.evidence))
        .map(|at| at.path.as_str())
        .collect();
    let steps = super::migrations::steps(c);
    let mut steps = (steps.iter())
        .filter_map(|o| o.provenance.first())
        .peekable();
    steps.peek().is_some()
        && !own.iter().any(|path| path.ends_with(".sql"))
        && !steps.any(|at| own.contains(at.path.as_str()))
}

fn index_text(index: &groundplan_model::Index, on: Option<&str>) -> Text {
    let mut text = match index.name.is_empty() {
        true => Text::plain("Index"),
        false => Text::code(&index.name),
    };
    if let Some(on) = on {
        text = text.then(" on ").then_code(on);
    }
    let fields = index.fields.iter().map(String::as_str);
    text = text.then(" over ").spans(names(fields, 6));
    if let Some(predicate) = &index.predicate {
        text = text
            .then(", only for rows where ")
            .then_code(words::short(predicate, 100));
    }
    if index.unique {
        text = text.then(", unique");
    }
    if let Some(method) = &index.method {
        text = text.then(format!(", {method}"));
    }
    end(text.from(&index.provenance))
}

fn entity_outline(c: &Context, e: &Entity) -> Answer {
    let mut lines = vec![match (e.kind, e.materialized) {
        (EntityKind::View, true) => format!("{} (materialized view)", e.name),
        (EntityKind::View, false) => format!("{} (view)", e.name),
        _ => e.name.clone(),
    }];
    for f in e.fields.iter().take(40) {
        let marks = constraints(c, e, f);
        let marks = if marks.is_empty() {
            String::new()
        } else {
            format!(" ({marks})")
        };
        lines.push(format!("- {}: {}{marks}", f.name, f.data_type));
    }
    if e.fields.len() > 40 {
        lines.push(format!(
            "- {} more",
            words::count(e.fields.len() - 40, "field")
        ));
    }
    let code = Block::Code {
        language: "text".to_owned(),
        text: lines.join("\n"),
        source: Some(e.provenance.clone()),
    };
    let mut blocks = Vec::new();
    if let Some(d) = &e.description {
        blocks.push(Block::Paragraph(Text {
            spans: inline(&words::sentence(d)),
            sources: vec![e.provenance.clone()],
        }));
    }
    blocks.push(code);
    blocks.extend(unread_bases(e).map(Block::Paragraph));
    if let Answer::Said { blocks: more, .. } = relations(c, e) {
        blocks.extend(more);
    }
    Answer::blocks(blocks)
}

fn entity_json(_: &Context, e: &Entity) -> Answer {
    let lines: Vec<String> = e
        .fields
        .iter()
        .take(40)
        .map(|f| {
            let mark = match f.nullable && !is_unread(f) && e.kind != EntityKind::View {
                true => " (optional)",
                false => "",
            };
            format!(
                "  {}: {}",
                super::schemas::quoted(&f.name),
                super::schemas::quoted(&format!("{}{mark}", f.data_type))
            )
        })
        .collect();
    let text = format!("{{\n{}\n}}", lines.join(",\n"));
    let code = Block::Code {
        language: "json".to_owned(),
        text,
        source: Some(e.provenance.clone()),
    };
    let more = unread_bases(e).map(Block::Paragraph);
    Answer::blocks(std::iter::once(code).chain(more).collect())
}

fn tables<'a>(c: &Context<'a>) -> Vec<&'a Entity> {
    c.entities
        .iter()
        .filter(|e| e.kind == EntityKind::Table)
        .copied()
        .collect()
}

fn database_schema<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = tables(c);
    if all.is_empty() {
        if let Some(text) = unread_tables(c) {
            return Answer::text(text);
        }
        return c.absent(
            "SQL table",
            &["SQL in files and in code", MODELS],
            "data-model",
        );
    }
    let mut blocks = vec![sql_block(&all, 20)];
    if all.len() > 20 {
        blocks.push(Block::Paragraph(crate::text::unlisted(
            all.len() - 20,
            "table",
        )));
    }
    Answer::blocks(blocks)
}

fn entity_relationships<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    if c.entities.is_empty() {
        return no_entity(c);
    }
    let all: Vec<(&Entity, &EntityRelation)> = c
        .entities
        .iter()
        .flat_map(|e| e.relations.iter().map(move |r| (*e, r)))
        .filter(|(e, r)| !is_inverse(c, e, r))
        .collect();
    let total = all.len();
    let mut relations: Vec<Text> = all
        .into_iter()
        .take(15)
        .map(|(e, r)| relation_text(c, e, r))
        .collect();
    if total > 15 {
        relations.push(super::found::more(total - 15));
    }
    relations.extend(unkeyed(c));
    let diagram = entity_diagram(c, s);
    match relations.is_empty() {
        true => diagram,
        false => joined(diagram, Answer::blocks(vec![bullets(relations)])),
    }
}

fn entity_tables<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.entities.is_empty() {
        return no_entity(c);
    }
    let kept = c.entities.iter().any(|e| e.kind.is_kept());
    let rows =
        c.entities
            .iter()
            .take(20)
            .map(|e| {
                let store = e
                    .store
                    .as_deref()
                    .map_or(plain_cell(""), |s| name(c.name_of(s)));
                let mut row = vec![
                    match (e.kind, e.materialized) {
                        (EntityKind::View, true) => name(&e.name).then(" (materialized view)"),
                        (EntityKind::View, false) => name(&e.name).then(" (view)"),
                        _ => name(&e.name),
                    }
                    .from(&e.provenance),
                    match e.fields.is_empty() {
                        true => plain_cell(""),
                        false => Text::default()
                            .spans(names(e.fields.iter().map(|f| f.name.as_str()), 10)),
                    },
                ];
                if kept {
                    row.push(store);
                }
                row
            })
            .collect();
    let mut blocks = match kept {
        true => vec![full_table(&["Table", "Fields", "Kept in"], rows, &[])],
        false => vec![
            Block::Paragraph(match unread_tables(c) {
                Some(text) => text.then(" These are the message types of the contracts:"),
                None => {
                    Text::plain("No table was found; these are the message types of the contracts:")
                }
            }),
            table(&["Message type", "Fields"], rows),
        ],
    };
    if c.entities.len() > 20 {
        let viewed = (c.entities.iter().skip(20)).any(|e| e.kind == EntityKind::View);
        blocks.push(Block::Paragraph(crate::text::unlisted(
            c.entities.len() - 20,
            match (kept, viewed) {
                (true, true) => "table or view",
                (true, false) => "table",
                (false, _) => "message type",
            },
        )));
    }
    Answer::blocks(blocks)
}

fn indexing<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = c
        .entities
        .iter()
        .flat_map(|e| e.indexes.iter().map(move |i| index_text(i, Some(&e.name))))
        .collect();
    // Only the side that has the column holds the key, and only what is defined in SQL shows all
    // of its indexes.
    let mut told: BTreeSet<(&str, &str)> = Default::default();
    let bare: Vec<(&Entity, &EntityRelation)> = c
        .entities
        .iter()
        .filter(|e| e.kind == EntityKind::Table)
        .flat_map(|e| e.relations.iter().map(move |r| (*e, r)))
        .filter(|(_, r)| {
            matches!(
                r.cardinality,
                Cardinality::ManyToOne | Cardinality::OneToOne
            ) && r
                .provenance
                .evidence
                .iter()
                .any(|p| p.path.ends_with(".sql"))
        })
        .filter(|(e, r)| {
            let first = r.fields.first();
            first.is_some()
                && told.insert((&e.name, first.map_or("", String::as_str)))
                && e.fields.iter().any(|f| Some(&f.name) == first)
                && !e.indexes.iter().any(|i| i.fields.first() == first)
                && !e
                    .fields
                    .iter()
                    .any(|f| Some(&f.name) == first && (f.primary_key || f.unique))
        })
        .collect();
    let total = items.len();
    items.truncate(12);
    if total > 12 {
        items.push(Text::plain(format!("and {} more", total - 12)));
    }
    if !bare.is_empty() {
        let fields = bare
            .iter()
            .map(|(e, r)| {
                Span::Code(format!(
                    "{}.{}",
                    e.name,
                    r.fields.first().map_or("", String::as_str)
                ))
            })
            .collect();
        let text = Text::plain(words::verb_for(
            bare.len(),
            "For one foreign key the schema declares no index: ",
            "For these foreign keys the schema declares no index: ",
        ));
        let text = text.spans(words::list_spans(fields, 6, "and"));
        let text = end(text.from(&first_places(bare.iter().map(|(_, r)| &r.provenance), 3)));
        items.push(text.then(
            " Some engines add one by themselves; where none does, a delete or join on the other side reads the whole table.",
        ));
    }
    if items.is_empty() {
        if let Some(text) = unread_tables(c) {
            return Answer::text(text);
        }
        if !c.entities.is_empty() && c.kept == 0 {
            return Answer::Absent(Absence::because(Text::plain(
                "No index can be named, because no table or collection was found: the entities are types of contracts (searched: migrations and models).",
            )));
        }
        if let Some(text) = keys_only(c) {
            return Answer::text(text);
        }
        return c.absent("index", &["SQL in files and in code", MODELS], "indexes");
    }
    Answer::blocks(vec![bullets(items)])
}

/// Primary and unique keys, which databases keep as indexes, where no other index is declared.
fn keys_only(c: &Context) -> Option<Text> {
    let all: Vec<(&Entity, &Field)> = c
        .entities
        .iter()
        .filter(|e| e.kind == EntityKind::Table)
        .flat_map(|e| e.fields.iter().map(move |f| (*e, f)))
        .filter(|(_, f)| f.primary_key || f.unique)
        .collect();
    if all.is_empty() {
        return None;
    }
    let fields = all
        .iter()
        .map(|(e, f)| Span::Code(format!("{}.{}", e.name, f.name)))
        .collect();
    let text = Text::plain("Databases keep keys as indexes: ")
        .spans(words::list_spans(fields, 6, "and"))
        .then(". No other index is declared in the schemas and models that were read.")
        .from(&first_places(all.iter().map(|(_, f)| &f.provenance), 3));
    Some(text.append(c.heard("index")))
}

fn partitioning<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let texts: Vec<Text> = c
        .entities
        .iter()
        .filter_map(|e| {
            let clause = e.partitioning.as_deref()?;
            Some(end(Text::code(&e.name)
                .then(" is split by ")
                .then_code(words::short(clause, 100))
                .from(&e.provenance)))
        })
        .take(MOST)
        .collect();
    super::goals::one_line(texts).unwrap_or_else(|| {
        c.absent(
            "partitioning clause or shard key",
            &["migrations", "store configuration"],
            "partitioning",
        )
    })
}

fn key_entities<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.entities.is_empty() {
        return no_entity(c);
    }
    let owners = distinct(
        c.entities
            .iter()
            .filter_map(|e| e.owner.as_deref())
            .map(|o| c.name_of(o)),
    );
    let mut text = Text::default().spans(names(c.entities.iter().map(|e| e.name.as_str()), 8));
    if !owners.is_empty() {
        text = text.then(", defined in ").spans(names(owners, 4));
    }
    Answer::text(end(
        text.from(&first_places(c.entities.iter().map(|e| &e.provenance), 3))
    ))
}

fn data_migration<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let noun = "schema migration";
    let seen = super::migrations::by_set(c)
        .or_else(|| super::seen::say(c, &super::migrations::steps(c), noun))
        .unwrap_or_else(|| {
            let searched = ["migration folders", "migration tools"];
            c.absent(noun, &searched, "data-migration")
        });
    let seen = match (seen, super::migrations::applied(c)) {
        (Answer::Said { text, blocks }, Some(more)) => {
            Answer::both(text, [blocks, vec![Block::Paragraph(more)]].concat())
        }
        (seen, _) => seen,
    };
    match seen {
        Answer::Said { text, blocks } if crate::questions::idle(c, "data-migration").is_some() => {
            Answer::Said { text, blocks }
        }
        Answer::Said { text, blocks } => {
            let ask = || {
                let lead = "Whether data has to be moved from an older system is asked in ";
                c.asked_in(Text::default(), lead, "data-migration")
            };
            let ask = c.stated_in_documents("data-migration").unwrap_or_else(ask);
            Answer::both(text, [blocks, vec![Block::Paragraph(ask)]].concat())
        }
        other => other,
    }
}
