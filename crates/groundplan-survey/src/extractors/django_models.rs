//! Models of Django, and its migrations and those of Alembic.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::facts::{AUTO_FIELD, Claim, FileFacts, Maker, Mapper, Mark, ModelClass, field_class};
use crate::marks;
use crate::paths;
use crate::prose;
use crate::records;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::{
    CHECKED_BY_PROGRAM, Cardinality, DEFAULT_IN_PROGRAM, EntityKind, EntityRelation, Field, Index,
    Provenance, SET_AGAIN, SET_BY_PROGRAM, Topic,
};
use groundplan_syntax::{Function, Language};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "django-models",
    docs: "\
### What it finds
Classes of `models.py` and the like with their fields (type, length, null, default, unique, index),
validators, foreign keys, one-to-one and many-to-many relations, indexes and unique constraints of `Meta`, and
the members of choices that are called `Role`, and their base classes: which of them are tables, and which classes of fields are columns, is decided
once all files are known. One mark for each
migration of Django (`migrations/0001_x.py`) and Alembic (`down_revision`).

### What it does not find
Columns that a custom field adds beside its own, the operations of migrations, managers, models of
installed packages.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &[
        "django.db",
        "models.Model",
        "class Meta",
        "down_revision",
        "models import",
        AUTO_FIELD,
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let django = file.says("migrations.Migration");
    let alembic = file.says("down_revision") && file.says("def upgrade");
    if django || alembic {
        let in_folder = file.folder().rsplit('/').next() == Some("migrations");
        if alembic || in_folder && file.name() != "__init__.py" {
            let mark = Mark {
                topic: Topic::Migration,
                name: file.name().trim_end_matches(".py").to_owned(),
                detail: None,
            };
            acc.add(file, 1, file.lines().count(), Claim::Mark(mark));
        }
        return;
    }
    auto_field(acc, file);
    // Forms, filters and types of other libraries look alike.
    let is_models = file.path.split('/').any(|part| {
        let stem = part.strip_suffix(".py").unwrap_or(part);
        stem == "models" || stem.ends_with("_models")
    });
    let has_models = is_models || file.says("models.Model");
    if super::sqlalchemy::speaks(file.text) || !has_models && !file.says("Field") {
        return;
    }
    let view = CodeView::of(file);
    field_classes(acc, &view);
    if !has_models {
        return;
    }
    for (index, class) in view.code.functions().iter().enumerate() {
        if class.class && class.parent.is_none() {
            model(acc, &view, index, class);
        }
        if class.class && matches!(class.name, "Role" | "Roles") {
            roles(acc, &view, index, class);
        }
    }
}

/// `class Role(models.TextChoices): MANAGER = "m", "Manager"`: the roles that members have.
fn roles(acc: &mut FileFacts, view: &CodeView<'_, '_>, index: usize, class: &Function<'_>) {
    let choices = ["TextChoices", "IntegerChoices", "StrEnum", "Enum"];
    if !view
        .bases(class)
        .iter()
        .any(|base| choices.contains(&base.as_str()))
    {
        return;
    }
    let code = view.code;
    for member in code.definitions() {
        let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if member.scope == Some(index) && member.name.chars().all(upper) {
            let name = member.name.to_ascii_lowercase();
            marks::role_name(acc, view.file, code.line(member.at), &name);
        }
    }
}

/// Classes of fields: those that stand on no class of Django are no columns, which shows only once
/// all files are known.
fn field_classes(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    for class in view.code.functions() {
        let named = class.name.ends_with("Field") || class.name.ends_with("FieldBase");
        if !class.class || class.parent.is_some() || !named {
            continue;
        }
        let line = view.code.line(class.at);
        let entity = records::entity(view.file, class.name, None, EntityKind::Table, line, line);
        let claim = ModelClass {
            name: field_class(class.name),
            entity,
            bases: view.bases(class).iter().map(|b| field_class(b)).collect(),
            mapper: Mapper::Django,
            stored: false,
            lends: true,
            makers: Vec::new(),
            ones: Vec::new(),
            apart: false,
            without: Vec::new(),
        };
        acc.add(view.file, line, line, Claim::Model(Box::new(claim)));
    }
}

/// `DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"`: what keys are where a model names none.
fn auto_field(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !file.text.contains(AUTO_FIELD) {
        return;
    }
    let code = file.code();
    let found = (0..code.tokens.len()).find(|&at| code.is(at, AUTO_FIELD) && code.is(at + 1, "="));
    let Some(kind) = found.and_then(|at| code.string(at + 2)) else {
        return;
    };
    let line = found.map_or(1, |at| code.line(at));
    let kind = kind.rsplit('.').next().unwrap_or(kind);
    let mut entity = records::entity(file, AUTO_FIELD, None, EntityKind::Table, line, line);
    entity.fields.push(records::field(file, "id", kind, line));
    let claim = ModelClass {
        name: AUTO_FIELD.to_owned(),
        entity,
        bases: Vec::new(),
        mapper: Mapper::Django,
        stored: false,
        lends: true,
        makers: Vec::new(),
        ones: Vec::new(),
        apart: false,
        without: Vec::new(),
    };
    acc.add(file, line, line, Claim::Model(Box::new(claim)));
}

fn model(acc: &mut FileFacts, view: &CodeView<'_, '_>, index: usize, class: &Function<'_>) {
    let (code, file) = (view.code, view.file);
    let bases = view.bases(class);
    if bases.is_empty() {
        return;
    }
    let meta = code
        .functions()
        .iter()
        .position(|f| f.class && f.name == "Meta" && f.parent == Some(index));
    let of_meta = |name: &str| -> Option<Range<usize>> {
        let found = code.definitions().iter();
        let found = found.filter(|d| meta.is_some() && d.scope == meta && d.name == name);
        found.map(|d| d.value.clone()).next_back()
    };
    let line = code.line(class.at);
    let last = code.line(class.body.end.saturating_sub(1).max(class.at));
    let table = of_meta("db_table").and_then(|r| view.constant(r));
    let mut entity = records::entity(file, class.name, table, EntityKind::Table, line, last);
    entity.description = view.summary_of(class);
    let mut makers: Vec<Maker> = Vec::new();
    for definition in code.definitions() {
        if definition.scope == Some(index) && !definition.param {
            makers.extend(column(
                view,
                definition.name,
                definition.at,
                &definition.value,
                class.name,
                &mut entity,
            ));
        }
    }
    for (name, unique) in [("indexes", false), ("constraints", true)] {
        if let Some(range) = of_meta(name) {
            keys(view, &range, unique, &mut entity);
        }
    }
    if let Some(range) = of_meta("unique_together") {
        let fields: Vec<String> = range
            .clone()
            .filter_map(|at| code.string(at))
            .map(str::to_owned)
            .collect();
        let nested = code.is(range.start + 1, "(") || code.is(range.start + 1, "[");
        let at = file.evidence(
            code.line(range.start),
            code.line(range.end.saturating_sub(1)),
        );
        if !nested && fields.len() > 1 {
            entity.indexes.push(made(String::new(), fields, true, at));
        } else if nested {
            // `unique_together = [("space", "name"), ("space", "order")]`
            for part in code.arguments(range.start) {
                let fields = part.clone().filter_map(|at| code.string(at));
                let fields: Vec<String> = fields.map(str::to_owned).collect();
                let last = part.end.saturating_sub(1);
                let at = file.evidence(code.line(part.start), code.line(last));
                if fields.len() > 1 {
                    entity.indexes.push(made(String::new(), fields, true, at));
                }
            }
        }
    }
    // Options that stand on none of the base's take nothing of it
    // (<https://docs.djangoproject.com/en/stable/topics/db/models/#meta-inheritance>).
    let apart = meta
        .and_then(|at| code.functions().get(at))
        .is_some_and(|options| {
            let extends = view
                .bases(options)
                .iter()
                .any(|base| base.ends_with("Meta"));
            let takes = |r: Range<usize>| r.clone().any(|at| code.is(at, "Meta"));
            match of_meta("indexes") {
                Some(range) => !takes(range),
                None => !extends,
            }
        });
    let is = |name: &str| of_meta(name).is_some_and(|r| code.is(r.start, "True"));
    let lends = is("abstract") || is("proxy");
    let stands_for = |name: &str| {
        [
            "Form",
            "ViewSet",
            "View",
            "Serializer",
            "FilterSet",
            "Admin",
            "Manager",
            "QuerySet",
            "ObjectType",
        ]
        .iter()
        .any(|end| name.ends_with(end))
    };
    // A table may be called `SavedView`; what has no column and is called so is none.
    let bare = entity.fields.is_empty() && entity.relations.is_empty();
    if bare && stands_for(class.name) || bases.iter().any(|b| stands_for(b)) {
        return;
    }
    // All that a class adds to its base may be its `Meta`, or its name.
    let empty = || {
        class
            .body
            .clone()
            .all(|at| code.string(at).is_some() || code.is(at, "pass") || code.is(at, "..."))
    };
    let model_like = meta.is_some()
        || bases
            .iter()
            .any(|b| b.ends_with("Model") || b.ends_with("Mixin") || b.starts_with("Abstract"))
        || empty();
    if entity.fields.is_empty() && entity.relations.is_empty() && !model_like {
        return;
    }
    let claim = ModelClass {
        name: class.name.to_owned(),
        entity,
        bases,
        mapper: Mapper::Django,
        stored: false,
        lends,
        makers,
        ones: Vec::new(),
        apart,
        without: Vec::new(),
    };
    acc.add(file, line, line, Claim::Model(Box::new(claim)));
}

fn made(name: String, fields: Vec<String>, unique: bool, at: groundplan_model::Evidence) -> Index {
    Index {
        name,
        fields,
        unique,
        method: None,
        predicate: None,
        provenance: Provenance::observed([at]),
    }
}

/// `name = models.CharField(max_length=100)`. Gives who makes the column where its class of fields is
/// none of Django: whether it is a column then shows once all files are known.
fn column(
    view: &CodeView<'_, '_>,
    name: &str,
    at: usize,
    value: &Range<usize>,
    class: &str,
    entity: &mut groundplan_model::Entity,
) -> Option<Maker> {
    let (code, file) = (view.code, view.file);
    let open = (value.start..value.end).find(|&i| code.is(i, "("))?;
    let callee = code.dotted(value.start, open);
    let (module, kind) = callee.rsplit_once('.').unwrap_or(("", &callee));
    let relation = match kind {
        // It stands on two columns of the class, which are told by themselves.
        // Two other columns say what it refers to.
        _ if kind.ends_with("GenericForeignKey") => return None,
        "ParentalKey" => Some(Cardinality::ManyToOne),
        _ if kind.ends_with("ForeignKey") => Some(Cardinality::ManyToOne),
        _ if kind.ends_with("OneToOneField") => Some(Cardinality::OneToOne),
        _ if kind.ends_with("ManyToManyField") => Some(Cardinality::ManyToMany),
        _ => None,
    };
    let is_field = kind.len() > "Field".len() && kind.ends_with("Field");
    // A manager of related rows, such as tags by way of a table of their own, is no column.
    let manager = kind.contains("Manager") || code.named_argument(open, "through").is_some();
    if relation.is_none() && (!is_field || manager)
        || matches!(module, "forms" | "serializers" | "filters")
    {
        return None;
    }
    // Another library of the repository may have classes of the same names.
    let of_django = view
        .canonical(&callee, value.start)
        .is_some_and(|whole| whole.starts_with("django."));
    let given = |name: &str| code.named_argument(open, name);
    let is = |name: &str| given(name).is_some_and(|r| code.is(r.start, "True"));
    let first = code.line(at);
    let last = code.line(code.partner(open).unwrap_or(open));
    let place = file.evidence(first, last);
    if let Some(cardinality) = relation {
        let target = given("to").or_else(|| view.argument(open, 0));
        let class_of = |r: Range<usize>| {
            let text = match code.string(r.start) {
                Some("self") => class.to_owned(),
                Some(text) => text.to_owned(),
                None if code.is(r.start, "settings") => "User".to_owned(),
                None => code.dotted(r.start, r.end),
            };
            let last = text.rsplit('.').next().unwrap_or(&text).to_owned();
            (!last.is_empty()).then_some(last)
        };
        let target = target.and_then(class_of);
        if let Some(target) = target {
            // The second argument, by its place or by its name.
            let second = || {
                view.argument(open, 1)
                    .filter(|_| cardinality != Cardinality::ManyToMany)
            };
            let on_delete = given("on_delete")
                .or_else(second)
                .and_then(|r| (r.start..r.end).rev().find_map(|i| code.ident(i)))
                .map(str::to_owned);
            entity.relations.push(EntityRelation {
                fields: vec![name.to_owned()],
                to: scan::snake(&target),
                to_fields: Vec::new(),
                cardinality,
                on_delete,
                through: given("through").and_then(class_of).map(|t| scan::snake(&t)),
                provenance: Provenance::observed([place.clone()]),
            });
        }
        if cardinality == Cardinality::ManyToMany {
            return None;
        }
    }
    let mut constraints: Vec<String> = Vec::new();
    for option in ["max_length", "max_digits", "decimal_places"] {
        if let Some(range) = given(option) {
            let text: String = range.map(|i| code.raw(i)).collect();
            constraints.push(format!("{option} = {text}"));
        }
    }
    // Django fills in `default` by itself; only `db_default` is one of the table.
    let written = |r: Range<usize>| -> String {
        let text: String = r.map(|i| code.raw(i)).collect();
        match secrets::keep(name, &text) {
            None => "a value".to_owned(),
            Some(text) if text.len() > 60 => "an expression".to_owned(),
            Some(text) => text,
        }
    };
    let default = given("db_default").map(written);
    if let Some(text) = given("default").map(written).filter(|t| t != "None") {
        constraints.push(format!("{DEFAULT_IN_PROGRAM}{text}"));
    }
    for (option, label) in [("auto_now_add", SET_BY_PROGRAM), ("auto_now", SET_AGAIN)] {
        if is(option) {
            constraints.push(format!("{label}the present time"));
        }
    }
    if let Some(list) = given("validators") {
        constraints.extend(validators(view, list).map(|v| format!("{CHECKED_BY_PROGRAM}{v}")));
    }
    if let Some(range) = given("choices")
        && let Some(text) = choices(view, &range)
    {
        constraints.push(format!("{CHECKED_BY_PROGRAM}{text}"));
    }
    let primary_key = is("primary_key");
    entity.fields.push(Field {
        name: name.to_owned(),
        data_type: kind.to_owned(),
        nullable: is("null") && !primary_key,
        default,
        primary_key,
        unique: is("unique") || relation == Some(Cardinality::OneToOne),
        constraints,
        description: described(view, open, name, relation.is_some())
            .or_else(|| prose::of_field(file, first, last)),
        provenance: Provenance::observed([place.clone()]),
    });
    if is("db_index") || kind == "SlugField" && !is("unique") && given("db_index").is_none() {
        let fields = vec![name.to_owned()];
        entity
            .indexes
            .push(made(String::new(), fields, false, place));
    }
    (!of_django).then(|| Maker {
        field: name.to_owned(),
        by: kind.to_owned(),
        nullable: None,
        sure: relation.is_some(),
    })
}

/// The values that a field may have, `choices=[("new", "New"), …]`, or the name that stands for them:
/// forms and `full_clean` check it (<https://docs.djangoproject.com/en/stable/ref/models/fields/#choices>).
fn choices(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let mut list = range.start;
    if let Some(name) = code.ident(list).filter(|_| range.len() == 1) {
        let mut named = code.definitions().iter().filter(|d| d.name == name);
        if let (Some(only), None) = (named.next(), named.next()) {
            list = only.value.start;
        }
    }
    if code.is(list, "(") || code.is(list, "[") {
        let value = |part: Range<usize>| {
            let first = code.is(part.start, "(") || code.is(part.start, "[");
            code.string(part.start + usize::from(first))
                .map(str::to_owned)
        };
        let parts = code.arguments(list);
        let all: Vec<String> = parts.iter().cloned().filter_map(value).collect();
        let whole =
            all.len() == parts.len() && !all.is_empty() && all.iter().all(|v| !v.is_empty());
        if whole && all.len() <= 12 {
            return Some(format!("one of {}", all.join(", ")));
        }
    }
    // `Status.choices` of a class of the program, whose members may stand in this file.
    let name = code.dotted(range.start, range.end);
    if let Some(class) = name.strip_suffix(".choices") {
        let last = class.rsplit('.').next().unwrap_or(class);
        let mut known = code.functions().iter().filter(|f| f.name == last);
        if let (Some(class), None) = (known.next(), known.next()) {
            let member = |at: &usize| {
                let names = code.starts_line(*at) && code.ident(*at).is_some();
                names && code.is(at + 1, "=")
            };
            let members: Vec<usize> = class.body.clone().filter(member).collect();
            let value = |at: &usize| {
                let begins = at + 2 + usize::from(code.is(at + 2, "("));
                code.string(begins).map(str::to_owned)
            };
            let all: Vec<String> = members.iter().filter_map(value).collect();
            if !all.is_empty() && all.len() == members.len() && all.len() <= 12 {
                return Some(format!("one of {}", all.join(", ")));
            }
        }
    }
    let plain = range.len() == name.split('.').count() * 2 - 1;
    (plain && !name.is_empty()).then(|| format!("one of {name}"))
}

/// `[MinValueValidator(1), validate_slug]` as its members.
fn validators<'v>(
    view: &'v CodeView<'_, '_>,
    list: Range<usize>,
) -> impl Iterator<Item = String> + 'v {
    let code = view.code;
    let members = match code.raw(list.start) {
        "[" | "(" => code.arguments(list.start),
        _ => vec![list],
    };
    members.into_iter().filter_map(move |r| {
        let text: String = r.map(|i| code.raw(i)).collect();
        (!text.is_empty() && text.len() <= 80 && !text.starts_with('*')).then_some(text)
    })
}

/// What a field is for: its help text, or else its name in words if that says more than its name
/// in code. `_("…")` is the text.
fn described(view: &CodeView<'_, '_>, open: usize, name: &str, relates: bool) -> Option<String> {
    let code = view.code;
    let text = |range: Range<usize>| -> Option<String> {
        // `pgettext_lazy("context", "text")` is its text.
        let context = (range.clone()).find(|&at| {
            let name = code.ident(at).unwrap_or_default();
            name.starts_with("pgettext") && code.is(at + 1, "(")
        });
        let texts = match context.and_then(|at| code.arguments(at + 1).into_iter().nth(1)) {
            Some(second) => second,
            None => range.clone(),
        };
        let words: Vec<&str> = texts.filter_map(|at| code.string(at)).collect();
        let formatted = range
            .clone()
            .any(|at| code.is(at, "format") || code.is(at, "%"));
        let text = words.concat();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!formatted && !text.is_empty() && text.len() <= 200 && !text.contains(['{', '<']))
            .then_some(text)
    };
    if let Some(help) = code.named_argument(open, "help_text").and_then(text) {
        return Some(help);
    }
    let first = || {
        view.argument(open, 0)
            .filter(|r| !relates && !code.is(r.start + 1, "="))
    };
    let worded = code.named_argument(open, "verbose_name").or_else(first);
    let letters = |text: &str| -> String {
        let all = text.chars().filter(|c| c.is_ascii_alphanumeric());
        all.map(|c| c.to_ascii_lowercase()).collect()
    };
    worded
        .and_then(text)
        .filter(|text| letters(text) != letters(name))
}

/// `indexes = [models.Index(fields=("a", "b"), name="x")]` and unique constraints.
fn keys(
    view: &CodeView<'_, '_>,
    range: &Range<usize>,
    unique: bool,
    entity: &mut groundplan_model::Entity,
) {
    let (code, file) = (view.code, view.file);
    for open in range.clone().filter(|&at| code.is(at, "(")) {
        let Some(kind) = open.checked_sub(1).and_then(|at| code.ident(at)) else {
            continue;
        };
        let wanted = match unique {
            true => kind == "UniqueConstraint",
            false => kind.ends_with("Index"),
        };
        if !wanted {
            continue;
        }
        let fields: Vec<String> = match code.named_argument(open, "fields") {
            Some(fields) => fields
                .filter_map(|at| code.string(at))
                .map(|f| f.trim_start_matches('-').to_owned())
                .collect(),
            // Over expressions: `UniqueConstraint(Lower("name"), "site", name="x")`.
            None => code
                .arguments(open)
                .into_iter()
                .filter(|r| !code.is(r.start + 1, "="))
                .map(|r| match (code.string(r.start), r.len()) {
                    (Some(name), 1) => name.to_owned(),
                    _ => r
                        .map(|at| code.string(at).unwrap_or_else(|| code.raw(at)))
                        .collect(),
                })
                .collect(),
        };
        let name = code
            .named_argument(open, "name")
            .and_then(|r| view.constant(r));
        let last = code.partner(open).unwrap_or(open);
        let at = file.evidence(code.line(open), code.line(last));
        let mut index = made(name.unwrap_or_default(), fields, unique, at);
        // `condition=Q(group__isnull=True)`: as it is written, it is about rows and no SQL.
        index.predicate = code.named_argument(open, "condition").and_then(|r| {
            let last = code.tokens.get(r.end.checked_sub(1)?)?;
            let text =
                (file.text).get(code.tokens.get(r.start)?.start as usize..last.end as usize)?;
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        });
        index.method =
            (kind != "Index" && !unique).then(|| kind.trim_end_matches("Index").to_lowercase());
        if !index.fields.is_empty() {
            entity.indexes.push(index);
        }
    }
}
