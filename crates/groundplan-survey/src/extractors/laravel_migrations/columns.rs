//! Columns of a blueprint of Laravel.

use super::{Changes, id, link};
use crate::facts::{KeyKind, SqlChange};
use crate::php::{self, Link};
use crate::records;
use crate::scan;
use crate::secrets;
use groundplan_model::{Cardinality, Entity, EntityRelation, Field, Index, Provenance};

/// Methods of a blueprint that add one column of this name, with the type that it has
/// (<https://laravel.com/docs/migrations#available-column-types>).
const TYPES: &[(&str, &str)] = &[
    ("bigIncrements", "bigint unsigned"),
    ("bigInteger", "bigint"),
    ("binary", "blob"),
    ("boolean", "boolean"),
    ("char", "char"),
    ("date", "date"),
    ("dateTime", "datetime"),
    ("dateTimeTz", "datetime with time zone"),
    ("decimal", "decimal"),
    ("double", "double"),
    ("enum", "enum"),
    ("float", "float"),
    ("foreignId", "bigint unsigned"),
    ("foreignIdFor", "bigint unsigned"),
    ("foreignUlid", "char(26)"),
    ("foreignUuid", "uuid"),
    ("geography", "geography"),
    ("geometry", "geometry"),
    ("id", "bigint unsigned"),
    ("increments", "int unsigned"),
    ("integer", "int"),
    ("integerIncrements", "int unsigned"),
    ("ipAddress", "varchar(45)"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("lineString", "linestring"),
    ("longText", "longtext"),
    ("macAddress", "varchar(17)"),
    ("mediumIncrements", "mediumint unsigned"),
    ("mediumInteger", "mediumint"),
    ("mediumText", "mediumtext"),
    ("point", "point"),
    ("polygon", "polygon"),
    ("rememberToken", "varchar(100)"),
    ("set", "set"),
    ("smallIncrements", "smallint unsigned"),
    ("smallInteger", "smallint"),
    ("softDeletes", "timestamp"),
    ("softDeletesDatetime", "datetime"),
    ("softDeletesTz", "timestamp with time zone"),
    ("string", "varchar"),
    ("text", "text"),
    ("time", "time"),
    ("timeTz", "time with time zone"),
    ("timestamp", "timestamp"),
    ("timestampTz", "timestamp with time zone"),
    ("tinyIncrements", "tinyint unsigned"),
    ("tinyInteger", "tinyint"),
    ("tinyText", "tinytext"),
    ("ulid", "char(26)"),
    ("unsignedBigInteger", "bigint unsigned"),
    ("unsignedDecimal", "decimal"),
    ("unsignedInteger", "int unsigned"),
    ("unsignedMediumInteger", "mediumint unsigned"),
    ("unsignedSmallInteger", "smallint unsigned"),
    ("unsignedTinyInteger", "tinyint unsigned"),
    ("uuid", "uuid"),
    ("vector", "vector"),
    ("year", "year"),
];

/// The type of a column that a method of a blueprint adds.
fn type_of(method: &str) -> Option<&'static str> {
    // Methods of PHP are called in any case.
    let mut all = TYPES.iter();
    all.find(|(name, _)| name.eq_ignore_ascii_case(method))
        .map(|(_, plain)| *plain)
}

/// The name of a column that a method gives without being told one.
fn usual_name(method: &str) -> Option<&'static str> {
    Some(match method {
        "id" => "id",
        "uuid" => "uuid",
        "ulid" => "ulid",
        "rememberToken" => "remember_token",
        "softDeletes" | "softDeletesDatetime" | "softDeletesTz" => "deleted_at",
        "ipAddress" => "ip_address",
        "macAddress" => "mac_address",
        _ => return None,
    })
}

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
        match php::text(self.code, range) {
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

    /// The name of a key as the framework makes it, and what it stands for.
    pub(super) fn key(
        &self,
        table: &str,
        field: &str,
        name: Option<String>,
        kind: KeyKind,
    ) -> SqlChange {
        let end = match kind {
            KeyKind::Primary => "primary",
            KeyKind::Unique => "unique",
            KeyKind::Foreign => "foreign",
        };
        SqlChange::NamedKey {
            table: table.to_owned(),
            name: name.unwrap_or_else(|| made_name(table, &[field.to_owned()], end)),
            fields: vec![field.to_owned()],
            kind,
        }
    }

    pub(super) fn index(
        &self,
        table: &str,
        fields: Vec<String>,
        name: Option<String>,
        link: &Link<'t>,
        end: &str,
    ) -> Index {
        let line = self.code.line(link.open);
        Index {
            name: name.unwrap_or_else(|| made_name(table, &fields, end)),
            fields,
            unique: end == "unique",
            method: match link.name {
                "fulltext" | "fullText" => Some("fulltext".to_owned()),
                "spatialIndex" => Some("spatial".to_owned()),
                _ => None,
            },
            predicate: None,
            provenance: Provenance::observed([self.file.evidence(line, line)]),
        }
    }

    /// The foreign key of `foreignId('user_id')->constrained()`, `->references('id')->on('users')`.
    fn reference(
        &self,
        first: &Link<'t>,
        rest: &[Link<'t>],
        column: &str,
        new: &mut Entity,
        named: &mut Vec<SqlChange>,
    ) {
        let constrained = link(rest, "constrained");
        let given = constrained.and_then(|l| {
            let text = self.text(l, 0)?;
            Some(text.rsplit(':').next().unwrap_or(&text).to_owned())
        });
        let on = link(rest, "on").and_then(|l| self.text(l, 0));
        // Without a name of its own the table is that of the column or of the class.
        let usual = || {
            let class = (first.name == "foreignIdFor")
                .then(|| self.code.arguments(first.open).into_iter().next())
                .flatten()
                .and_then(|range| php::class(self.code, &range));
            let one = match class {
                Some(class) => scan::snake(&class),
                None => column.strip_suffix("_id").unwrap_or(column).to_owned(),
            };
            plural(&one)
        };
        let Some(to) = on.or_else(|| constrained.map(|_| given.unwrap_or_else(usual))) else {
            return;
        };
        let field = link(rest, "references").and_then(|l| self.text(l, 0));
        let field = field.or_else(|| constrained.and_then(|l| self.text(l, 1)));
        let relation = self.relation(vec![column.to_owned()], &to, field, rest, first);
        named.push(self.key(&new.id, column, None, KeyKind::Foreign));
        new.relations.push(relation);
    }

    pub(super) fn relation(
        &self,
        fields: Vec<String>,
        to: &str,
        field: Option<String>,
        rest: &[Link<'t>],
        at: &Link<'t>,
    ) -> EntityRelation {
        let line = self.code.line(at.open);
        let on_delete = rest.iter().find_map(|link| match link.name {
            "onDelete" => self.text(link, 0),
            "cascadeOnDelete" => Some("cascade".to_owned()),
            "nullOnDelete" => Some("set null".to_owned()),
            "restrictOnDelete" => Some("restrict".to_owned()),
            "noActionOnDelete" => Some("no action".to_owned()),
            _ => None,
        });
        EntityRelation {
            fields,
            to: id(to),
            to_fields: vec![field.unwrap_or_else(|| "id".to_owned())],
            cardinality: Cardinality::ManyToOne,
            on_delete: on_delete.map(|word| word.to_lowercase()),
            through: None,
            provenance: Provenance::observed([self.file.evidence(line, line)]),
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
            "morphs" | "nullableMorphs" | "numericMorphs" | "uuidMorphs" | "nullableUuidMorphs"
            | "ulidMorphs" | "nullableUlidMorphs" => {
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

/// The name that the framework gives to a key or index: `orders_user_id_foreign`.
pub(super) fn made_name(table: &str, fields: &[String], end: &str) -> String {
    let whole = format!("{table}_{}_{end}", fields.join("_")).to_lowercase();
    whole.replace(['-', '.'], "_")
}

/// A word of English in the plural, as the framework names the table of a class.
fn plural(word: &str) -> String {
    let ends = |all: &[&str]| all.iter().any(|end| word.ends_with(end));
    if ends(&["person"]) {
        return format!("{}people", &word[..word.len() - 6]);
    }
    if ends(&["child"]) {
        return format!("{word}ren");
    }
    let vowel = ends(&["ay", "ey", "oy", "uy"]);
    match word.strip_suffix('y') {
        Some(stem) if !vowel => format!("{stem}ies"),
        _ if ends(&["s", "x", "z", "ch", "sh"]) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}
