//! Tables of SQLAlchemy, Flask-SQLAlchemy and SQLModel.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Maker, Mapper, ModelClass};
use crate::paths;
use crate::prose;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, Entity, EntityKind, EntityRelation, Field, Index, Provenance};
use groundplan_syntax::{Function, Language};
use std::ops::Range;

mod defaults;
mod makers;
mod ones;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "sqlalchemy",
    docs: "\
### What it finds
Classes with `__tablename__`, models of Flask-SQLAlchemy (`db.Model`) and of SQLModel
(`table=True`), and `Table(…)` objects: columns with type, key, nullability, default and length,
foreign keys, unique constraints and indexes. What mixins and declarative bases lend is added once
all files are known, and so is what a `partial` of a column or a function that returns one says of
the columns that it makes.

### What it does not find
Columns that a method picks among several, tables reflected from a database, imperative mappings, association
proxies; a relationship without a foreign key in the same class.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &[
        "sqlalchemy",
        "sqlmodel",
        "SQLAlchemy",
        "db.Model",
        "mapped_column",
        "db.Column",
    ],
    run: extract,
};

/// Whether the text of a file imports SQLAlchemy or what stands on it.
pub(super) fn speaks(text: &str) -> bool {
    ["sqlalchemy", "sqlmodel", "db.Model", "mapped_column"]
        .iter()
        .any(|word| text.contains(word))
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // Steps of migrations say what was once.
    if paths::is_test(file.path) || file.text.contains("down_revision") {
        return;
    }
    let view = CodeView::of(file);
    makers::defined(acc, &view);
    for (index, class) in view.code.functions().iter().enumerate() {
        if class.class && class.parent.is_none() {
            model(acc, &view, index, class);
        }
    }
    for &call in view.calls_of("Table") {
        let metadata = view.argument(call.open, 1).is_some_and(|r| {
            let text = view.code.dotted(r.start, r.end).to_lowercase();
            text.contains("metadata")
        });
        let name = view.argument(call.open, 0).and_then(|r| view.constant(r));
        let (Some(name), true) = (name, metadata) else {
            continue;
        };
        let first = view.code.line(call.first);
        let last = view
            .code
            .line(view.code.partner(call.open).unwrap_or(call.open));
        let mut entity = entity_of(file, &name, first, last);
        let mut makers = Vec::new();
        for argument in view.code.arguments(call.open) {
            let inner = (argument.start..argument.end).find(|&at| view.code.is(at, "("));
            let Some(open) = inner else { continue };
            if is_column(&view, argument.start, open) {
                column(
                    &view,
                    None,
                    &(argument.start..argument.end),
                    &(0..0),
                    &mut entity,
                    &mut makers,
                );
            }
        }
        if let Some(close) = view.code.partner(call.open) {
            keys(&view, &(call.open + 1..close), &mut entity);
        }
        let class = ModelClass {
            name,
            entity,
            bases: Vec::new(),
            mapper: Mapper::SqlAlchemy,
            stored: true,
            lends: false,
            makers,
            ones: Vec::new(),
            apart: false,
            without: Vec::new(),
        };
        acc.add(file, first, first, Claim::Model(Box::new(class)));
    }
}

/// An entity whose id is the name of its table, so that foreign keys meet it.
fn entity_of(file: &SourceFile<'_>, table: &str, first: u32, last: u32) -> Entity {
    let mut entity = records::entity(
        file,
        table,
        Some(table.to_owned()),
        EntityKind::Table,
        first,
        last,
    );
    entity.id = table.to_lowercase();
    entity
}

fn model(acc: &mut FileFacts, view: &CodeView<'_, '_>, index: usize, class: &Function<'_>) {
    let (code, file) = (view.code, view.file);
    let arguments = class.params.map(|open| code.arguments(open));
    let bases = view.bases(class);
    let mut by_option = false;
    let mut flask = false;
    for range in arguments.into_iter().flatten() {
        if code.is(range.start + 1, "=") {
            by_option |= code.is(range.start, "table") && code.is(range.start + 2, "True");
            continue;
        }
        flask |= code.dotted(range.start, range.end).ends_with("db.Model");
    }
    let own: Vec<_> = code
        .definitions()
        .iter()
        .filter(|d| d.scope == Some(index) && !d.param)
        .collect();
    let table = own
        .iter()
        .find(|d| d.name == "__tablename__")
        .and_then(|d| view.constant(d.value.clone()));
    let abstract_ = own
        .iter()
        .any(|d| d.name == "__abstract__" && code.is(d.value.start, "True"));
    let stored = (table.is_some() || by_option || flask) && !abstract_;
    // SQLModel names a table as the class in lower case, Flask-SQLAlchemy in words.
    let table = table.unwrap_or_else(|| match by_option {
        true => class.name.to_lowercase(),
        false => scan::snake(class.name),
    });
    let line = code.line(class.at);
    let last = code.line(class.body.end.saturating_sub(1).max(class.at));
    let mut entity = entity_of(file, &table, line, last);
    entity.description = view.summary_of(class);
    let plain_fields = by_option || file.text.contains("SQLModel") && !bases.is_empty();
    let mut makers = Vec::new();
    let mut ones = Vec::new();
    for definition in own {
        let value = &wrapped(view, &definition.value);
        ones.extend(ones::of(view, definition.name, value, &definition.kind));
        let open = (value.start..value.end.min(value.start + 8)).find(|&at| code.is(at, "("));
        let name = definition.name;
        match open {
            Some(open) if is_column(view, value.start, open) => {
                column(
                    view,
                    Some(name),
                    value,
                    &definition.kind,
                    &mut entity,
                    &mut makers,
                );
            }
            Some(open) if plain_fields && code.dotted(value.start, open) == "Field" => {
                column(
                    view,
                    Some(name),
                    value,
                    &definition.kind,
                    &mut entity,
                    &mut makers,
                );
            }
            None if !definition.kind.is_empty()
                && !name.starts_with('_')
                && name != "model_config"
                && !code.is(definition.kind.start, "ClassVar")
                && (plain_fields || code.is(definition.kind.start, "Mapped")) =>
            {
                column(
                    view,
                    Some(name),
                    value,
                    &definition.kind,
                    &mut entity,
                    &mut makers,
                );
            }
            Some(open) => {
                if let Some((field, maker)) = makers::candidate(view, name, value, open) {
                    entity.fields.push(field);
                    makers.push(maker);
                }
            }
            _ => {}
        }
        if name == "__table_args__" {
            keys(view, value, &mut entity);
        }
    }
    for (name, value) in declared(view, index) {
        column(view, Some(name), &value, &(0..0), &mut entity, &mut makers);
    }
    if entity.fields.is_empty() && bases.is_empty() || entity.fields.is_empty() && !stored {
        // A base that stands between may hold nothing of its own.
        let between = abstract_
            || bases
                .iter()
                .any(|b| b.ends_with("Base") || b.ends_with("Mixin") || b == "SQLModel");
        // So may one that stands on nothing: known to lend no column, it leaves none in doubt.
        let bare = bases.is_empty()
            && ["Base", "Bases", "Mixin", "Mixins", "Model"]
                .iter()
                .any(|end| class.name.ends_with(end));
        if !between && !bare {
            return;
        }
    }
    // A base may name the tables of all that stand on it.
    let names_tables = code
        .functions()
        .iter()
        .any(|f| !f.class && f.name == "__tablename__" && f.parent == Some(index));
    let lends = abstract_ || names_tables;
    let stored = stored || names_tables;
    let class = ModelClass {
        name: class.name.to_owned(),
        entity,
        bases,
        mapper: Mapper::SqlAlchemy,
        stored,
        lends,
        makers,
        ones,
        apart: false,
        without: Vec::new(),
    };
    acc.add(file, line, line, Claim::Model(Box::new(class)));
}

/// Columns that methods of a class give: `@declared_attr def owner_id(cls): return Column(…)`.
fn declared<'t>(view: &CodeView<'_, 't>, index: usize) -> Vec<(&'t str, Range<usize>)> {
    let code = view.code;
    let mut all = Vec::new();
    for function in code.functions() {
        if function.class || function.parent != Some(index) || function.name.starts_with("__") {
            continue;
        }
        let before = function.at.saturating_sub(6)..function.at;
        if !before.into_iter().any(|at| code.is(at, "declared_attr")) {
            continue;
        }
        let Some(at) = function.body.clone().find(|&at| code.is(at, "return")) else {
            continue;
        };
        let open = (at + 1..at + 6).find(|&at| code.is(at, "("));
        let close = open.and_then(|open| Some((open, code.partner(open)?)));
        if let Some((open, close)) = close
            && is_column(view, at + 1, open)
        {
            all.push((function.name, at + 1..close + 1));
        }
    }
    all
}

/// The column inside of what makes a property of it: `column_property(Column(…), Base.id)`,
/// `deferred(Column(…))`.
fn wrapped(view: &CodeView<'_, '_>, value: &Range<usize>) -> Range<usize> {
    let code = view.code;
    if code.is(value.start, "(") && code.partner(value.start) == value.end.checked_sub(1) {
        return value.start + 1..value.end - 1;
    }
    let Some(open) = (value.start..value.end.min(value.start + 4)).find(|&at| code.is(at, "("))
    else {
        return value.clone();
    };
    let callee = code.dotted(value.start, open);
    let last = callee.rsplit('.').next().unwrap_or(&callee);
    match code.arguments(open).into_iter().next() {
        Some(inner) if matches!(last, "column_property" | "deferred") => inner,
        _ => value.clone(),
    }
}

/// `Column(`, `sa.Column(`, `mapped_column(`.
fn is_column(view: &CodeView<'_, '_>, first: usize, open: usize) -> bool {
    let callee = view.code.dotted(first, open);
    let last = callee.rsplit('.').next().unwrap_or(&callee);
    matches!(last, "Column" | "mapped_column" | "MappedColumn")
}

/// `Mapped[str | None]` to `str | None`.
fn written(view: &CodeView<'_, '_>, kind: &Range<usize>) -> String {
    let code = view.code;
    let inner = match code.is(kind.start, "Mapped") && code.is(kind.start + 1, "[") {
        true => kind.start + 2..kind.end.saturating_sub(1),
        false => kind.clone(),
    };
    let mut text = String::new();
    for at in inner {
        let raw = code.raw(at);
        match raw {
            "|" => text.push_str(" | "),
            "," => text.push_str(", "),
            _ => text.push_str(raw.trim_matches(['"', '\''])),
        }
    }
    text
}

fn column(
    view: &CodeView<'_, '_>,
    name: Option<&str>,
    value: &Range<usize>,
    kind: &Range<usize>,
    entity: &mut Entity,
    makers: &mut Vec<Maker>,
) {
    let (code, file) = (view.code, view.file);
    let open = (value.start..value.end).find(|&at| code.is(at, "("));
    let arguments = open.map(|open| code.arguments(open)).unwrap_or_default();
    let first = match (name, value.is_empty()) {
        (_, false) => code.line(value.start),
        (_, true) => code.line(kind.start),
    };
    let last = code.line(value.end.max(kind.end).saturating_sub(1));
    let place = file.evidence(first, last.max(first));
    let field_like = open.is_some_and(|o| code.dotted(value.start, o) == "Field");
    let given = |name: &str| open.and_then(|open| code.named_argument(open, name));
    let is = |name: &str, wanted: &str| given(name).is_some_and(|r| code.is(r.start, wanted));
    let mut stored_name = name.map(str::to_owned);
    let mut data_type = String::new();
    let mut target: Option<(String, Option<String>)> = None;
    let positional = arguments.iter().filter(|r| !code.is(r.start + 1, "="));
    for (index, range) in positional.enumerate() {
        if range.len() == 1 && code.string(range.start).is_some() {
            if index == 0 && !field_like {
                stored_name = code.string(range.start).map(str::to_owned);
            }
            continue;
        }
        let inner = (range.start..range.end).find(|&at| code.is(at, "("));
        let callee = code.dotted(range.start, inner.unwrap_or(range.end));
        let last = callee.rsplit('.').next().unwrap_or(&callee).to_owned();
        if last == "ForeignKey" {
            let to = inner.and_then(|o| view.argument(o, 0));
            let text = to.and_then(|r| {
                view.constant(r.clone()).or_else(|| {
                    // `Other.id`
                    let dotted = code.dotted(r.start, r.end);
                    (dotted.contains('.')).then_some(dotted)
                })
            });
            let on_delete = inner
                .and_then(|o| code.named_argument(o, "ondelete"))
                .and_then(|r| view.constant(r));
            target = text.map(|t| (t, on_delete));
        } else if matches!(
            last.as_str(),
            "Identity" | "Computed" | "Sequence" | "CheckConstraint"
        ) {
            continue;
        } else if data_type.is_empty() && !field_like && !last.is_empty() {
            let close = inner.and_then(|o| code.partner(o)).unwrap_or(range.end - 1);
            let length = inner.filter(|&o| close == o + 2).map(|o| code.raw(o + 1));
            data_type = match length {
                // A function that gives a type: what it takes may be one.
                _ if last.starts_with(char::is_lowercase) && inner.is_some() => inner
                    .and_then(|o| code.ident(o + 1))
                    .filter(|word| word.starts_with(char::is_uppercase))
                    .map(str::to_owned)
                    .unwrap_or_default(),
                Some(length) => format!("{last}({length})"),
                None => last,
            };
        }
    }
    if !field_like && let Some(called) = given("name").and_then(|r| view.constant(r)) {
        stored_name = Some(called);
    }
    if field_like && let Some(to) = given("foreign_key").and_then(|r| view.constant(r)) {
        target = Some((to, given("ondelete").and_then(|r| view.constant(r))));
    }
    let Some(stored_name) = stored_name else {
        return;
    };
    let annotation = written(view, kind);
    // What another class stands for is a relation, no column.
    if annotation.to_ascii_lowercase().starts_with("list[") && data_type.is_empty()
        || given("back_populates").is_some()
    {
        return;
    }
    let optional = annotation.contains("None") || annotation.contains("Optional[");
    if data_type.is_empty() {
        let plain = annotation.replace(" | None", "");
        let plain = plain
            .strip_prefix("Optional[")
            .and_then(|p| p.strip_suffix(']'))
            .unwrap_or(&plain);
        data_type = match (&target, plain) {
            (Some((to, _)), "") => format!("as {to}"),
            (_, plain) => plain.to_owned(),
        };
    }
    if let Some((to, on_delete)) = target {
        let (table, column) = to.rsplit_once('.').unwrap_or((&to, "id"));
        entity.relations.push(EntityRelation {
            fields: vec![stored_name.clone()],
            to: table.rsplit('.').next().unwrap_or(table).to_lowercase(),
            to_fields: vec![column.to_owned()],
            cardinality: Cardinality::ManyToOne,
            on_delete,
            through: None,
            provenance: Provenance::observed([place.clone()]),
        });
    }
    let primary_key = is("primary_key", "True");
    let said = match (is("nullable", "True"), is("nullable", "False")) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => (primary_key || !annotation.is_empty()).then_some(!primary_key && optional),
    };
    let nullable = said.unwrap_or(true);
    if let Some(by) = open.and_then(|open| makers::own(view, value.start, open))
        && !field_like
    {
        makers.push(Maker {
            field: stored_name.clone(),
            by,
            nullable: said,
            sure: true,
        });
    }
    let default = given("server_default").and_then(|r| {
        let text = defaults::of_database(view, &r)?;
        secrets::keep(&stored_name, &text).filter(|t| t.len() <= 60)
    });
    let mut constraints = defaults::of_code(view, &stored_name, open, value, field_like);
    if let Some(length) = given("max_length") {
        let text: String = length.map(|i| code.raw(i)).collect();
        constraints.push(format!("max_length = {text}"));
    }
    if is("index", "True") {
        entity.indexes.push(Index {
            name: String::new(),
            fields: vec![stored_name.clone()],
            unique: is("unique", "True"),
            method: None,
            predicate: None,
            provenance: Provenance::observed([place.clone()]),
        });
    }
    entity.fields.push(Field {
        name: stored_name,
        data_type,
        nullable,
        default,
        primary_key,
        unique: is("unique", "True"),
        constraints,
        description: ["comment", "doc", "description"]
            .iter()
            .find_map(|name| view.constant(given(name)?))
            .filter(|text| !text.is_empty() && text.len() <= 300)
            .or_else(|| prose::of_field(file, place.lines[0], place.lines[1])),
        provenance: Provenance::observed([place]),
    });
}

/// `UniqueConstraint("a", "b", name="x")` and `Index("x", "a")` in the arguments of a table.
fn keys(view: &CodeView<'_, '_>, range: &Range<usize>, entity: &mut Entity) {
    let (code, file) = (view.code, view.file);
    for open in range.clone().filter(|&at| code.is(at, "(")) {
        let Some(kind) = open.checked_sub(1).and_then(|at| code.ident(at)) else {
            continue;
        };
        if !matches!(kind, "UniqueConstraint" | "Index") {
            continue;
        }
        let mut fields: Vec<String> = code
            .arguments(open)
            .into_iter()
            .filter(|r| r.len() == 1)
            .filter_map(|r| code.string(r.start).or_else(|| code.ident(r.start)))
            .map(str::to_owned)
            .collect();
        let mut name = code
            .named_argument(open, "name")
            .and_then(|r| view.constant(r));
        let unique = kind == "UniqueConstraint"
            || code
                .named_argument(open, "unique")
                .is_some_and(|r| code.is(r.start, "True"));
        if kind == "Index" && !fields.is_empty() {
            name = Some(fields.remove(0));
        }
        if fields.is_empty() {
            continue;
        }
        let last = code.partner(open).unwrap_or(open);
        entity.indexes.push(Index {
            name: name.unwrap_or_default(),
            fields,
            unique,
            method: None,
            predicate: None,
            provenance: Provenance::observed([file.evidence(code.line(open), code.line(last))]),
        });
    }
}
