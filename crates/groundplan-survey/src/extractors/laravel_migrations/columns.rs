//! Columns of a blueprint of Laravel.

use super::types::{type_of, usual_name};
use super::{Changes, id, link};
use crate::facts::{KeyKind, SqlChange};
use crate::php::{self, Link};
use crate::records;
use crate::scan;
use crate::secrets;
use groundplan_model::{Entity, Field};
use std::ops::Range;

/// Columns whose second and third argument say that they count up and hold no negative number
/// (<https://github.com/laravel/framework/blob/12.x/src/Illuminate/Database/Schema/Blueprint.php>).
const INTEGERS: [&str; 5] = [
    "integer",
    "tinyInteger",
    "smallInteger",
    "mediumInteger",
    "bigInteger",
];

impl<'t> Changes<'_, 't> {
    /// Adds what a statement of a blueprint says of columns.
    pub(super) fn column(
        &mut self,
        table: &str,
        first: &Link<'t>,
        rest: &[Link<'t>],
        lines: (u32, u32),
    ) {
        if self.several(table, first, lines) {
            return;
        }
        let Some(plain) = type_of(first.name) else {
            return;
        };
        let Some(name) = self.name_of(first) else {
            return;
        };
        let mut field = records::field(self.file, &name, &self.sized(first, plain), lines.0);
        field.nullable = matches!(first.name, "rememberToken") || first.name.starts_with("softD");
        field.primary_key = first.name == "id" || first.name.ends_with("ncrements");
        // `integer($column, $autoIncrement = false, $unsigned = false)`
        if INTEGERS.contains(&first.name) {
            let on = |index, name: &str| {
                let named = format!("{name}:true");
                let all = self.code.arguments(first.open);
                let squeezed =
                    |r: &Range<usize>| r.clone().map(|at| self.code.raw(at)).collect::<String>();
                all.iter().map(squeezed).any(|text| text == named)
                    || all
                        .get(index)
                        .map(squeezed)
                        .is_some_and(|text| text == "true")
            };
            if on(2, "unsigned") {
                field.data_type.push_str(" unsigned");
            }
            field.primary_key |= on(1, "autoIncrement");
        }
        if first.name == "enum" || first.name == "set" {
            let all = self.code.arguments(first.open).into_iter().nth(1);
            let values = all.map(|r| php::texts(self.code, &r)).unwrap_or_default();
            if !values.is_empty() {
                field.data_type = format!("{plain}('{}')", values.join("', '"));
            }
        }
        let mut new = self.table(table, lines.0, lines.1);
        let mut named = Vec::new();
        self.modify(rest, &mut field, &mut new, &mut named);
        self.reference(first, rest, &field.name, &mut new, &mut named);
        if link(rest, "change").is_some() {
            self.changed(table, rest, field, lines);
        } else {
            new.fields.push(field);
        }
        if !(new.fields.is_empty() && new.relations.is_empty() && new.indexes.is_empty()) {
            self.push(lines, SqlChange::Extend(new));
        }
        for change in named {
            self.push(lines, change);
        }
    }

    /// A column that `change()` defines anew. Up to version 10 what is not said stays as it was, and
    /// who writes for a later one says all
    /// (<https://laravel.com/docs/upgrade#modifying-columns>): so only what is said changes.
    fn changed(&mut self, table: &str, rest: &[Link<'t>], field: Field, lines: (u32, u32)) {
        let nullable = match field.nullable {
            true => "DROP NOT NULL",
            false => "SET NOT NULL",
        };
        let default = match field.default {
            Some(_) => "SET DEFAULT",
            None => "DROP DEFAULT",
        };
        let said = |name: &str| link(rest, name).is_some();
        let mut all = vec!["TYPE"];
        all.extend(said("nullable").then_some(nullable));
        all.extend((said("default") || said("useCurrent")).then_some(default));
        for operation in all {
            let column = Field {
                constraints: vec![operation.to_owned()],
                unique: false,
                ..field.clone()
            };
            let table = id(table);
            self.push(lines, SqlChange::Column { table, column });
        }
        if field.unique {
            let mut new = self.table(table, lines.0, lines.1);
            let data_type = String::new();
            new.fields.push(Field { data_type, ..field });
            self.push(lines, SqlChange::Extend(new));
        }
    }

    fn name_of(&self, first: &Link<'t>) -> Option<String> {
        let arguments = self.code.arguments(first.open);
        let Some(range) = arguments.first() else {
            return usual_name(first.name).map(str::to_owned);
        };
        if first.name == "foreignIdFor" {
            let given = self.text(first, 1);
            let class = php::class(self.code, range)?;
            return given.or_else(|| Some(format!("{}_id", scan::snake(&class))));
        }
        match self.value(range) {
            Some(name) => Some(name).filter(|n| !n.is_empty()),
            // `softDeletes(precision: 6)`
            None if self.code.is_byte(range.start + 1, b':') => {
                usual_name(first.name).map(str::to_owned)
            }
            None => None,
        }
    }

    /// `varchar(40)` of `string('code', 40)`, `decimal(16,4)` of `decimal('cost', 16, 4)`.
    fn sized(&self, first: &Link<'t>, plain: &str) -> String {
        let number = |index| {
            let text = self.written(first, index)?;
            let text = text.rsplit(':').next().unwrap_or(&text).to_owned();
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits.then_some(text)
        };
        match plain {
            "varchar" | "char" => {
                let length = number(1).unwrap_or_else(|| "255".to_owned());
                format!("{plain}({length})")
            }
            "decimal" => {
                let (all, after) = (number(1), number(2));
                let all = all.unwrap_or_else(|| "8".to_owned());
                format!("decimal({all},{})", after.unwrap_or_else(|| "2".to_owned()))
            }
            _ => plain.to_owned(),
        }
    }

    /// What follows a column: `->nullable()->default(0)->unique()`.
    fn modify(
        &self,
        rest: &[Link<'t>],
        field: &mut Field,
        new: &mut Entity,
        named: &mut Vec<SqlChange>,
    ) {
        for link in rest {
            let on = self.written(link, 0).is_none_or(|word| word != "false");
            match link.name {
                "nullable" => field.nullable = on,
                "primary" => {
                    field.primary_key = true;
                    field.nullable = false;
                }
                "unsigned" if !field.data_type.ends_with("unsigned") => {
                    field.data_type.push_str(" unsigned");
                }
                "unique" if on => {
                    field.unique = true;
                    named.push(self.key(&new.id, &field.name, self.text(link, 0), KeyKind::Unique));
                }
                "index" | "fulltext" | "fullText" | "spatialIndex" if on => {
                    let name = self.text(link, 0);
                    let fields = vec![field.name.clone()];
                    new.indexes
                        .push(self.index(&new.name, fields, name, link, "index"));
                }
                "default" => {
                    let text = self.written(link, 0);
                    field.default = text
                        .and_then(|text| secrets::keep(&field.name, &text))
                        .filter(|text| !text.is_empty() && text != "null");
                }
                "useCurrent" => field.default = Some("CURRENT_TIMESTAMP".to_owned()),
                "comment" => field.description = self.text(link, 0).filter(|t| !t.is_empty()),
                "storedAs" | "virtualAs" => {
                    if let Some(text) = self.text(link, 0) {
                        field.constraints.push(format!("generated as {text}"));
                    }
                }
                _ => {}
            }
        }
    }

    /// `timestamps()` and `morphs('owner')` add several columns; `false` for all others.
    fn several(&mut self, table: &str, first: &Link<'t>, lines: (u32, u32)) -> bool {
        let mut new = self.table(table, lines.0, lines.1);
        let mut add = |name: &str, data_type: &str, nullable: bool| {
            let mut field = records::field(self.file, name, data_type, lines.0);
            field.nullable = nullable;
            new.fields.push(field);
        };
        match first.name {
            "timestamps" | "nullableTimestamps" | "timestampsTz" | "datetimes" => {
                let data_type = match first.name {
                    "timestampsTz" => "timestamp with time zone",
                    "datetimes" => "datetime",
                    _ => "timestamp",
                };
                add("created_at", data_type, true);
                add("updated_at", data_type, true);
            }
            "morphs"
            | "nullableMorphs"
            | "numericMorphs"
            | "nullableNumericMorphs"
            | "uuidMorphs"
            | "nullableUuidMorphs"
            | "ulidMorphs"
            | "nullableUlidMorphs" => {
                let Some(name) = self.text(first, 0) else {
                    return true;
                };
                let lower = first.name.to_ascii_lowercase();
                let data_type = match () {
                    () if lower.contains("uuid") => "uuid",
                    () if lower.contains("ulid") => "char(26)",
                    () => "bigint unsigned",
                };
                let nullable = lower.starts_with("nullable");
                let both = [format!("{name}_type"), format!("{name}_id")];
                add(&both[0], "varchar(255)", nullable);
                add(&both[1], data_type, nullable);
                let given = self.text(first, 1);
                let index = self.index(table, both.to_vec(), given, first, "index");
                new.indexes.push(index);
            }
            _ => return false,
        }
        self.push(lines, SqlChange::Extend(new));
        true
    }
}
