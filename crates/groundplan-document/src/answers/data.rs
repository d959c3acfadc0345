//! Entities: fields, relations, indexes, and the schema as SQL.

use super::goals::distinct;
use super::records;
use super::seen::{MOST, end, joined, topic};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline, name, names, plain_cell, table};
use crate::tree::{Block, DiagramForm, Span, Text};
use crate::words;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Provenance, Topic};

records! {
    "data-lifecycle": data_lifecycle, "Retention and archival, by store or record.";
    "data-migration": data_migration, "How schema and data are moved.";
    "data-retention": data_retention, "How long data is to be kept.";
    "data-retention-seen": data_retention_seen, "Retention rules that were seen.";
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

fn no_entity(c: &Context) -> Answer {
    c.absent(
        "table, collection or message",
        &["SQL migrations", "ORM models", "contracts"],
        "data-model",
    )
}

fn entity_diagram<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let diagram = |id: &str| Block::Diagram {
        view: id.to_owned(),
        form: DiagramForm::Drawing,
        caption: Text::default(),
    };
    if c.has_view("entities") {
        return Answer::blocks(vec![diagram("entities")]);
    }
    if c.entities.is_empty() {
        no_entity(c)
    } else {
        entity_count(c)
    }
}

fn entity_count(c: &Context) -> Answer {
    let n = words::count(c.entities.len(), "entity");
    let linked = c.entities.iter().map(|e| e.relations.len()).sum::<usize>();
    let text = Text::plain(format!(
        "{n} with {} between them.",
        words::count(linked, "relation")
    ));
    Answer::text(text.from(&first_places(c.entities.iter().map(|e| &e.provenance), 3)))
}

fn entity_name<'a>(c: &Context<'a>, id: &'a str) -> &'a str {
    c.blueprint
        .entities
        .iter()
        .find(|e| e.id == id)
        .map_or(id, |e| e.name.as_str())
}

fn constraints(f: &Field) -> String {
    let mut all: Vec<String> = Vec::new();
    if f.primary_key {
        all.push("primary key".to_owned());
    }
    if f.unique {
        all.push("unique".to_owned());
    }
    if !f.nullable && !f.primary_key {
        all.push("not null".to_owned());
    }
    if let Some(default) = &f.default {
        all.push(format!("default {}", words::short(default, 40)));
    }
    all.extend(f.constraints.iter().map(|x| words::short(x, 80)));
    all.join(", ")
}

fn fields(c: &Context, e: &Entity) -> Answer {
    if e.fields.is_empty() {
        return match c.surveyed() {
            true => Answer::Absent(Absence::because(
                Text::plain(
                    "No field of it was found in its definition (searched: migrations and models).",
                )
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
                plain_cell(&f.data_type),
                plain_cell(f.description.as_deref().unwrap_or("")),
                plain_cell(&constraints(f)),
            ]
        })
        .collect();
    let text = match &e.description {
        Some(d) => Text {
            spans: inline(&words::sentence(d)),
            sources: vec![e.provenance.clone()],
        },
        None => Text::default(),
    };
    let mut blocks = vec![table(
        &["Field", "Type", "Description", "Constraints"],
        rows,
    )];
    if e.fields.len() > 60 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} more stand in the blueprint.",
            words::count(e.fields.len() - 60, "field")
        ))));
    }
    Answer::both(text, blocks)
}

fn relation_text(c: &Context, from: &Entity, r: &EntityRelation) -> Text {
    let other = entity_name(c, &r.to).to_owned();
    let (before, after) = match r.cardinality {
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
        text = text
            .then(" through ")
            .spans(names(r.fields.iter().map(String::as_str), 4));
    }
    if let Some(rule) = &r.on_delete {
        text = text.then(format!(", on delete {}", rule.to_lowercase()));
    }
    end(text.from(&r.provenance))
}

fn relations(c: &Context, e: &Entity) -> Answer {
    let mut items: Vec<Text> = e
        .relations
        .iter()
        .take(10)
        .map(|r| relation_text(c, e, r))
        .collect();
    let others = c.blueprint.entities.iter().filter(|o| o.id != e.id);
    let pointing = others
        .flat_map(|o| o.relations.iter().map(move |r| (o, r)))
        .filter(|(_, r)| r.to == e.id);
    items.extend(pointing.take(10).map(|(o, r)| relation_text(c, o, r)));
    if !items.is_empty() {
        return Answer::blocks(vec![bullets(items)]);
    }
    match c.surveyed() {
        true => Answer::Absent(Absence::because(
            Text::plain("No relation to another entity was found (searched: foreign keys and model associations).").from(&e.provenance),
        )),
        false => Answer::Gap("data-model"),
    }
}

fn indexes(c: &Context, e: &Entity) -> Answer {
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
        .collect();
    if !unique.is_empty() {
        let text = Text::plain("Unique: ").spans(names(unique.iter().map(|f| f.name.as_str()), 8));
        items.push(end(
            text.from(&first_places(unique.iter().map(|f| &f.provenance), 2))
        ));
    }
    for index in e.indexes.iter().take(12) {
        items.push(index_text(index, None));
    }
    if !items.is_empty() {
        return Answer::blocks(vec![bullets(items)]);
    }
    match c.surveyed() {
        true => Answer::Absent(Absence::because(
            Text::plain(
                "No key or index was found in its definition (searched: migrations and models).",
            )
            .from(&e.provenance),
        )),
        false => Answer::Gap("indexes"),
    }
}

fn index_text(index: &groundplan_model::Index, on: Option<&str>) -> Text {
    let mut text = match index.name.is_empty() {
        true => Text::plain("Index"),
        false => Text::code(&index.name),
    };
    if let Some(on) = on {
        text = text.then(" on ").then_code(on);
    }
    text = text
        .then(" over ")
        .spans(names(index.fields.iter().map(String::as_str), 6));
    if index.unique {
        text = text.then(", unique");
    }
    if let Some(method) = &index.method {
        text = text.then(format!(", {method}"));
    }
    end(text.from(&index.provenance))
}

fn entity_outline(c: &Context, e: &Entity) -> Answer {
    let mut lines = vec![e.name.clone()];
    for f in e.fields.iter().take(40) {
        let marks = constraints(f);
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
            let mark = if f.nullable { " (optional)" } else { "" };
            format!(
                "  {}: {}",
                super::interfaces::quoted(&f.name),
                super::interfaces::quoted(&format!("{}{mark}", f.data_type))
            )
        })
        .collect();
    let text = format!("{{\n{}\n}}", lines.join(",\n"));
    Answer::blocks(vec![Block::Code {
        language: "json".to_owned(),
        text,
        source: Some(e.provenance.clone()),
    }])
}

/// Tables as `CREATE TABLE` and `CREATE INDEX`, with their sources.
pub(super) fn sql_block(entities: &[&Entity], most: usize) -> Block {
    let mut out = String::new();
    for e in entities.iter().take(most) {
        out.push_str(&format!("CREATE TABLE {} (\n", identifier(&e.name)));
        let mut lines: Vec<String> = Vec::new();
        for f in e.fields.iter().take(60) {
            let mut line = format!("  {} {}", identifier(&f.name), words_only(&f.data_type));
            if !f.nullable && !f.primary_key {
                line.push_str(" NOT NULL");
            }
            if f.unique {
                line.push_str(" UNIQUE");
            }
            if let Some(default) = &f.default {
                line.push_str(&format!(" DEFAULT {}", words_only(default)));
            }
            for x in &f.constraints {
                line.push_str(&format!(" {}", words_only(x)));
            }
            lines.push(line);
        }
        let keys: Vec<String> = e
            .fields
            .iter()
            .filter(|f| f.primary_key)
            .map(|f| identifier(&f.name))
            .collect();
        if !keys.is_empty() {
            lines.push(format!("  PRIMARY KEY ({})", keys.join(", ")));
        }
        for r in &e.relations {
            let own: Vec<String> = r.fields.iter().map(|f| identifier(f)).collect();
            let target = entities
                .iter()
                .find(|x| x.id == r.to)
                .map_or(r.to.as_str(), |x| &x.name);
            let target = target.rsplit(['/', ':']).next().unwrap_or(target);
            let their: Vec<String> = r.to_fields.iter().map(|f| identifier(f)).collect();
            if own.is_empty() {
                continue;
            }
            let their = if their.is_empty() {
                String::new()
            } else {
                format!(" ({})", their.join(", "))
            };
            let rule = r
                .on_delete
                .as_deref()
                .map_or(String::new(), |d| format!(" ON DELETE {}", words_only(d)));
            lines.push(format!(
                "  FOREIGN KEY ({}) REFERENCES {}{their}{rule}",
                own.join(", "),
                identifier(target)
            ));
        }
        out.push_str(&lines.join(",\n"));
        out.push_str("\n)");
        if let Some(p) = &e.partitioning {
            out.push_str(&format!(" {}", words_only(p)));
        }
        out.push_str(";\n");
        for index in &e.indexes {
            let unique = if index.unique { "UNIQUE " } else { "" };
            let name = if index.name.is_empty() {
                String::new()
            } else {
                format!("{} ", identifier(&index.name))
            };
            let fields: Vec<String> = index.fields.iter().map(|f| words_only(f)).collect();
            out.push_str(&format!(
                "CREATE {unique}INDEX {name}ON {} ({});\n",
                identifier(&e.name),
                fields.join(", ")
            ));
        }
        out.push('\n');
    }
    let sources = first_places(entities.iter().take(most).map(|e| &e.provenance), 6);
    Block::Code {
        language: "sql".to_owned(),
        text: out.trim_end().to_owned(),
        source: Some(sources),
    }
}

/// A name as it stands in SQL; quoted if it is no plain word.
fn identifier(name: &str) -> String {
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain {
        name.to_owned()
    } else {
        format!("\"{}\"", words_only(name).replace('"', "\"\""))
    }
}

/// One line without control characters.
fn words_only(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
        return c.absent("SQL table", &["migrations", "ORM models"], "data-model");
    }
    let mut blocks = vec![sql_block(&all, 20)];
    if all.len() > 20 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} more stand in the blueprint.",
            words::count(all.len() - 20, "table")
        ))));
    }
    Answer::blocks(blocks)
}

fn entity_relationships<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    if c.entities.is_empty() {
        return no_entity(c);
    }
    let relations: Vec<Text> = c
        .entities
        .iter()
        .flat_map(|e| e.relations.iter().map(move |r| (e, r)))
        .take(15)
        .map(|(e, r)| relation_text(c, e, r))
        .collect();
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
    let rows = c
        .entities
        .iter()
        .take(20)
        .map(|e| {
            let store = e
                .store
                .as_deref()
                .map_or(plain_cell(""), |s| name(c.name_of(s)));
            vec![
                name(&e.name).from(&e.provenance),
                Text::default().spans(names(e.fields.iter().map(|f| f.name.as_str()), 10)),
                store,
            ]
        })
        .collect();
    let mut blocks = vec![table(&["Table", "Fields", "Kept in"], rows)];
    if c.entities.len() > 20 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} more stand in the blueprint.",
            words::count(c.entities.len() - 20, "table")
        ))));
    }
    Answer::blocks(blocks)
}

fn indexing<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = c
        .entities
        .iter()
        .flat_map(|e| e.indexes.iter().map(move |i| index_text(i, Some(&e.name))))
        .collect();
    let bare: Vec<(&Entity, &EntityRelation)> = c
        .entities
        .iter()
        .flat_map(|e| e.relations.iter().map(move |r| (*e, r)))
        .filter(|(e, r)| {
            let first = r.fields.first();
            first.is_some()
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
        let verb = words::verb_for(bare.len(), "A foreign key has", "Foreign keys have");
        let text = Text::plain(format!("{verb} no index of their own: ").replace(
            "A foreign key has no index of their own",
            "A foreign key has no index of its own",
        ));
        let text = text.spans(words::list_spans(fields, 6, "and"));
        let text = end(text.from(&first_places(bare.iter().map(|(_, r)| &r.provenance), 3)));
        items.push(text.then(" A delete or join on the other side reads the whole table."));
    }
    if items.is_empty() {
        return c.absent("index", &["migrations", "ORM models"], "indexes");
    }
    Answer::blocks(vec![bullets(items)])
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

fn retention_requirement(c: &Context) -> Option<Text> {
    let all = &c.blueprint.requirements;
    let found = all.iter().find(|r| {
        let words = r.text.to_lowercase();
        r.kind == groundplan_model::RequirementKind::Privacy
            || words.contains("retention")
            || words.contains("retain")
    })?;
    let mut text = Text {
        spans: inline(&words::sentence(&found.text)),
        sources: vec![found.provenance.clone()],
    };
    if let Some(target) = &found.target {
        text = text.then(format!(" Target: {target}."));
    }
    Some(text)
}

fn data_retention<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = crate::context::declared(c, "data.retention") {
        return Answer::text(text);
    }
    retention_requirement(c).map_or(Answer::Gap("data-retention"), Answer::text)
}

/// Settings and attributes whose names speak of retention or expiry.
fn retention_marks<'a>(c: &Context<'a>) -> Vec<(String, String, &'a Provenance)> {
    let speaks = |name: &str| {
        let name = name.to_lowercase();
        [
            "retention",
            "ttl",
            "expire",
            "expiry",
            "lifecycle",
            "max_age",
            "max-age",
        ]
        .iter()
        .any(|w| name.contains(w))
    };
    let settings = c
        .blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && speaks(&s.name))
        .filter_map(|s| {
            let value = s.value.as_deref().filter(|v| !v.is_empty())?;
            Some((s.name.clone(), value.to_owned(), &s.provenance))
        });
    let attributes = c.blueprint.elements.iter().flat_map(|e| {
        let all = e.attributes.iter().filter(|a| speaks(&a.key));
        all.map(|a| {
            (
                format!("{} {}", e.name, a.key),
                a.value.clone(),
                &a.provenance,
            )
        })
    });
    settings.chain(attributes).collect()
}

fn data_retention_seen<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let marks = retention_marks(c);
    let texts: Vec<Text> = marks
        .iter()
        .take(3)
        .map(|(name, value, source)| {
            end(Text::code(name)
                .then(" is ")
                .then_code(words::short(value, 40))
                .from(source))
        })
        .collect();
    super::goals::one_line(texts).unwrap_or_else(|| {
        c.absent(
            "retention setting or lifecycle rule",
            &["settings", "store configuration", "bucket rules"],
            "data-retention",
        )
    })
}

fn data_lifecycle<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let marks = retention_marks(c);
    let declared = retention_requirement(c);
    if marks.is_empty() && declared.is_none() {
        return c.absent(
            "retention, archival or expiry rule",
            &[
                "settings",
                "store configuration",
                "scheduled jobs",
                "bucket rules",
            ],
            "data-retention",
        );
    }
    let kept = c.entities.iter().filter_map(|e| {
        let retention = e.retention.as_deref()?;
        let then = match e.partitioning.is_some() {
            true => "the partition is detached and dropped",
            false => "a nightly job deletes",
        };
        Some(vec![
            name(&e.name),
            Text::sourced(retention, e.provenance.clone()),
            Text::plain(then),
        ])
    });
    let mut rows: Vec<Vec<Text>> = kept.take(30).collect();
    if !rows.is_empty() {
        return Answer::blocks(vec![table(
            &["Data Type", "Retention", "Archival Strategy"],
            rows,
        )]);
    }
    if let Some(text) = declared {
        rows.push(vec![
            Text::plain("All data"),
            text,
            Text::default().and(c.ask("data-retention")),
        ]);
    }
    for (name_of, value, source) in marks.iter().take(10) {
        rows.push(vec![
            name(name_of),
            Text::code(words::short(value, 60)).from(source),
            Text::default().and(c.ask("data-retention")),
        ]);
    }
    Answer::blocks(vec![table(
        &["Data Type", "Retention", "Archival Strategy"],
        rows,
    )])
}

fn data_migration<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let seen = topic(
        c,
        &[Topic::Migration],
        "schema migration",
        &["migration folders", "migration tools"],
        "data-migration",
    );
    match seen {
        Answer::Said { text, blocks } => {
            let ask = Text::plain("Whether data has to be moved from an older system is asked in ")
                .and(c.ask("data-migration"))
                .then(".");
            Answer::both(text, [blocks, vec![Block::Paragraph(ask)]].concat())
        }
        other => other,
    }
}
