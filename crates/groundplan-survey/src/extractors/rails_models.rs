//! Associations of Active Record.

mod checks;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::inflect::plural;
use crate::paths;
use crate::records;
use crate::ruby::{self, Statement, Value};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{CHECKED_BY_PROGRAM, Cardinality, EntityKind, Provenance};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "rails-models",
    docs: "\
### What it finds
Classes of `app/models` that stand for a table, with the columns and ends of `belongs_to`
(`foreign_key`, `class_name`), and what validations and enumerations say of its columns where they hold for
all rows.

### What it does not find
Polymorphic associations, which have no one end; subclasses that share a table, classes in modules,
`has_many`, whose key the other class tells, and `has_and_belongs_to_many`.
",
    reads: &[Reads::Paths(&["**/app/models/**/*.rb"])],
    markers: &["belongs_to", "validates", "enum "],
    run: extract,
};

/// Parents whose subclasses have a table each.
const BASES: [&str; 2] = ["ApplicationRecord", "ActiveRecord::Base"];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) {
        return;
    }
    for class in ruby::statements(file.text)
        .iter()
        .filter(|s| s.word == "class")
    {
        let parent = match class.args.get(1) {
            Some(Value::Code(parent) | Value::Word(parent)) => parent.trim_start_matches("::"),
            _ => continue,
        };
        let Some(Value::Word(name)) = class.args.first() else {
            continue;
        };
        if BASES.contains(&parent) && !name.contains("::") {
            model(acc, file, name, class);
        }
    }
}

fn model(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str, class: &Statement<'_>) {
    let named = class.body.iter().find_map(|s| {
        let set = s.word == "=" && s.args.first() == Some(&Value::Code("self.table_name"));
        s.args.get(1).filter(|_| set).and_then(Value::name)
    });
    let table = named.map_or_else(|| plural(&scan::snake(name)), str::to_owned);
    let first = class.lines.0;
    let mut entity = records::entity(file, name, Some(table), EntityKind::Table, first, first);
    entity.partial = true;
    let mut last = first;
    for statement in &class.body {
        let said = checks::of(statement);
        for field in said.iter().flat_map(|(fields, _)| fields) {
            let line = statement.lines.0;
            let known = entity.fields.iter().position(|f| f.name == *field);
            let at = known.unwrap_or_else(|| {
                entity.fields.push(records::field(file, field, "", line));
                entity.fields.len() - 1
            });
            let checks = said.iter().flat_map(|(_, checks)| checks);
            let checks = checks.map(|check| format!("{CHECKED_BY_PROGRAM}{check}"));
            if let Some(known) = entity.fields.get_mut(at) {
                known.constraints.extend(checks);
            }
            last = last.max(statement.lines.1);
        }
        if said.is_some() {
            continue;
        }
        let Some(own) = statement.args.first().and_then(Value::name) else {
            continue;
        };
        let line = statement.lines.0;
        let to = statement.option_name("class_name").unwrap_or(own);
        let to = to.trim_start_matches("::");
        let open = statement.flag("polymorphic") == Some(true) || to.contains("::");
        match statement.word {
            "belongs_to" if !open => {
                let column = statement.option_name("foreign_key");
                let column = column.map_or_else(|| format!("{own}_id"), str::to_owned);
                let many = Cardinality::ManyToOne;
                match entity.fields.iter_mut().find(|f| f.name == column) {
                    Some(known) => known.data_type = "bigint".to_owned(),
                    None => entity
                        .fields
                        .push(records::field(file, &column, "bigint", line)),
                }
                entity
                    .relations
                    .push(records::relation(file, &column, to, many, line));
                last = last.max(statement.lines.1);
            }
            _ => {}
        }
    }
    if entity.fields.is_empty() {
        return;
    }
    entity.provenance = Provenance::observed([file.evidence(first, last)]);
    acc.add(file, first, last, Claim::Entity(Box::new(entity)));
}
