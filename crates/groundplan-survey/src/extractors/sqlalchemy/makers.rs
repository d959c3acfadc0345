//! Columns that a repository makes by a way of its own: `Column = partial(db.Column,
//! nullable=False)`, `def primary_key(): return Column(Integer, primary_key=True)`.

use super::{entity_of, is_column};
use crate::code_view::CodeView;
use crate::facts::{Claim, FileFacts, Maker, Mapper, ModelClass, maker_name};
use groundplan_model::Field;
use std::ops::Range;

/// Ways that a file defines: a `partial` of a column, another name for it, or a function that
/// returns one.
pub(super) fn defined(acc: &mut FileFacts, view: &CodeView<'_, '_>) {
    let code = view.code;
    for definition in code.definitions() {
        if definition.scope.is_some() || definition.param || definition.value.len() < 3 {
            continue;
        }
        let value = &definition.value;
        let Some(open) = (value.start..value.end.min(value.start + 6)).find(|&at| code.is(at, "("))
        else {
            let dotted = code.dotted(value.start, value.end);
            if dotted.ends_with(".Column") || dotted.ends_with(".mapped_column") {
                let made = Made::default();
                add(acc, view, definition.name, definition.at, made);
            }
            continue;
        };
        let callee = code.dotted(value.start, open);
        if callee != "partial" && !callee.ends_with(".partial") {
            continue;
        }
        let Some(first) = view.argument(open, 0) else {
            continue;
        };
        if is_column(view, first.start, first.end) {
            let made = read(view, first.start, first.end, open);
            add(acc, view, definition.name, definition.at, made);
        }
    }
    for function in code.functions() {
        if function.class || function.parent.is_some() || function.name.is_empty() {
            continue;
        }
        let body = function.body.clone();
        let mut returns = body.filter(|&at| code.is(at, "return"));
        let (Some(at), None) = (returns.next(), returns.next()) else {
            continue;
        };
        let Some(open) = (at + 1..at + 8).find(|&i| code.is(i, "(")) else {
            continue;
        };
        if is_column(view, at + 1, open) {
            let made = read(view, at + 1, open, open);
            add(acc, view, function.name, function.at, made);
        }
    }
}

/// What a way of making columns says of each.
#[derive(Default)]
struct Made {
    primary_key: bool,
    unique: bool,
    nullable: Option<bool>,
    data_type: String,
    /// The way that this one stands on.
    by: Option<String>,
}

fn read(view: &CodeView<'_, '_>, first: usize, end: usize, open: usize) -> Made {
    let code = view.code;
    let truth = |name: &str| {
        let range = code.named_argument(open, name)?;
        match code.raw(range.start) {
            "True" => Some(true),
            "False" => Some(false),
            _ => None,
        }
    };
    let kind = code
        .arguments(open)
        .into_iter()
        .filter(|r| !code.is(r.start + 1, "="))
        .filter_map(|r| {
            let to = r.clone().find(|&at| code.is(at, "(")).unwrap_or(r.end);
            let name = code.dotted(r.start, to);
            let last = name.rsplit('.').next().unwrap_or(&name).to_owned();
            Some(last).filter(|n| n.starts_with(char::is_uppercase))
        })
        .find(|n| !matches!(n.as_str(), "Column" | "ForeignKey"));
    Made {
        primary_key: truth("primary_key") == Some(true),
        unique: truth("unique") == Some(true),
        nullable: truth("nullable"),
        data_type: kind.unwrap_or_default(),
        by: own(view, first, end),
    }
}

fn add(acc: &mut FileFacts, view: &CodeView<'_, '_>, name: &str, at: usize, made: Made) {
    let line = view.code.line(at);
    let mut entity = entity_of(view.file, name, line, line);
    let mut field = crate::records::field(view.file, name, &made.data_type, line);
    field.primary_key = made.primary_key;
    field.unique = made.unique;
    entity.fields.push(field);
    let class = ModelClass {
        name: maker_name(name),
        entity,
        bases: Vec::new(),
        mapper: Mapper::SqlAlchemy,
        stored: false,
        lends: true,
        makers: vec![Maker {
            field: name.to_owned(),
            by: made.by.unwrap_or_default(),
            nullable: made.nullable,
            sure: true,
        }],
        ones: Vec::new(),
        apart: false,
        without: Vec::new(),
    };
    acc.add(view.file, line, line, Claim::Model(Box::new(class)));
}

/// The name of the way in which a column is made, unless SQLAlchemy itself gives it: a plain name
/// that this file defines or takes from a module of another kind.
pub(super) fn own(view: &CodeView<'_, '_>, first: usize, end: usize) -> Option<String> {
    if end != first + 1 {
        return None;
    }
    let name = view.code.ident(first)?;
    let known = |module: &str| {
        let module = module.to_ascii_lowercase();
        ["sqlalchemy", "sqlmodel", "flask_appbuilder", "pydantic"]
            .iter()
            .any(|word| module.contains(word))
    };
    match view.alias(name) {
        Some(module) => (!known(module)).then(|| name.to_owned()),
        None => {
            let here = !view.visible(name, first).is_empty();
            (here || view.function(name).is_some()).then(|| name.to_owned())
        }
    }
}

/// A field of a class that a call of a plain name fills, which may be a column: whether it is one
/// shows once the function is known.
pub(super) fn candidate(
    view: &CodeView<'_, '_>,
    name: &str,
    value: &Range<usize>,
    open: usize,
) -> Option<(Field, Maker)> {
    if name.starts_with('_') {
        return None;
    }
    let by = own(view, value.start, open)?;
    let line = view.code.line(value.start);
    let field = crate::records::field(view.file, name, "", line);
    let maker = Maker {
        field: name.to_owned(),
        by,
        nullable: None,
        sure: false,
    };
    Some((field, maker))
}
