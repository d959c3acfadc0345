//! Records that Go code stores: structs of GORM.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::inflect::plural;
use crate::paths;
use crate::prose;
use crate::records::{self, relation};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{Cardinality, EntityKind, Index, Provenance};
use groundplan_syntax::{Code, Language};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "go-entities",
    docs: "\
### What it finds
Structs of GORM, told by `gorm` tags or an embedded `gorm.Model`: columns with type, key,
nullability, uniqueness, default and index, the name that `TableName` gives, and the struct that a
foreign key leads to, rows that a list of structs stands for, and many-to-many relations.

### What it does not find
Columns of embedded structs of the repository, a single struct whose key stands at its own side,
structs without a tag of GORM, structs inside of functions (they hold rows of queries) unless a table is
made of them there, structs that embed one with a table and have no name of a table of their own,
schemas of ent and bun.
",
    reads: &[Reads::Own(&[Language::Go])],
    markers: &["gorm.Model", "`gorm:", " gorm:\""],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let code = file.code();
    for at in 1..code.tokens.len() {
        if code.is(at, "struct")
            && code.is(at + 1, "{")
            && let Some(name) = code.ident(at - 1)
            && let Some(close) = code.partner(at + 1)
            && !is_row(code, name, at)
        {
            model(acc, file, name, at, close);
        }
    }
}

fn model(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str, at: usize, close: usize) {
    let code = file.code();
    let (first, last) = (code.line(at), code.line(close));
    let table = table_name(code, name).unwrap_or_else(|| plural(&scan::snake(name)));
    let mut entity = records::entity(file, name, Some(table), EntityKind::Table, first, last);
    let mut known = false;
    // What GORM only leaves out belongs to the mapper whose tags stand beside.
    let (mut left_out, mut of_other) = (false, false);
    let mut structs: Vec<Associated> = Vec::new();
    let mut next = at + 2;
    while next < close {
        let start = next;
        let line = code.line(start);
        // A field ends with its line, or with the bracket that it opens.
        let mut end = start;
        while end < close && code.line(end) == line {
            end = match code.raw(end) {
                "{" | "(" => code.partner(end).map_or(end + 1, |p| p + 1),
                _ => end + 1,
            };
        }
        next = end.max(start + 1);
        if code.is(start, "gorm") && code.is(start + 2, "Model") {
            known = true;
            for (name, kind) in [
                ("id", "uint"),
                ("created_at", "time.Time"),
                ("updated_at", "time.Time"),
                ("deleted_at", "gorm.DeletedAt"),
            ] {
                let mut field = records::field(file, name, kind, line);
                field.primary_key = name == "id";
                field.nullable = name != "id";
                entity.fields.push(field);
            }
            continue;
        }
        let Some(word) = code
            .ident(start)
            .filter(|w| w.starts_with(char::is_uppercase))
        else {
            continue;
        };
        let tag = (start..end).rev().find_map(|i| code.string(i));
        let gorm = tag
            .and_then(|t| t.split_once("gorm:\""))
            .and_then(|(_, rest)| rest.split('"').next());
        known |= gorm.is_some_and(|tag| tag != "-");
        left_out |= gorm == Some("-");
        of_other |= tag.is_some_and(|tag| tag.contains("xorm:\""));
        let typed: String = (start + 1..end)
            .take_while(|&i| code.string(i).is_none())
            .map(|i| code.raw(i))
            .collect();
        // An embedded struct has a name and no type.
        if typed.is_empty() || typed.starts_with('.') || gorm == Some("-") {
            continue;
        }
        let bare = typed.trim_start_matches(['*', '[', ']']);
        let builtin = bare.starts_with(|c: char| c.is_lowercase());
        let as_column = gorm.is_some_and(|g| g.contains("type:") || g.contains("serializer:"));
        let relates = gorm.is_some_and(|g| {
            ["foreignKey", "references", "many2many", "constraint"]
                .iter()
                .any(|w| g.contains(w))
        });
        let many = typed.trim_start_matches('*').starts_with("[]") && !as_column;
        let associated = Associated {
            field: word.to_owned(),
            target: bare.rsplit('.').next().unwrap_or(bare).to_owned(),
            tag: gorm.unwrap_or_default().to_owned(),
            many,
            line,
        };
        if relates || many && !builtin {
            structs.push(associated);
            continue;
        }
        if !builtin && !as_column {
            // A type of the package: a struct that it belongs to, if a key says so.
            structs.push(associated);
        }
        column(
            file,
            &mut entity,
            word,
            &typed,
            gorm.unwrap_or_default(),
            line,
        );
        if let Some(field) = entity.fields.last_mut() {
            let last = code.line(end.saturating_sub(1));
            let comment = prose::of_field(file, line, last).or_else(|| documented(tag));
            field.description = field.description.take().or(comment);
        }
    }
    known |= left_out && !of_other;
    if !known || wraps_table(code, name, at + 2..close) {
        return;
    }
    for associated in &structs {
        associated.relate(file, &mut entity);
    }
    if !entity.fields.is_empty() {
        acc.add(file, first, last, Claim::Entity(Box::new(entity)));
    }
}

/// What a tag says of a member to whoever reads its contract: `doc:"The title of the label."`
/// (<https://huma.rocks/features/request-inputs/>).
pub(super) fn documented(tag: Option<&str>) -> Option<String> {
    let (_, rest) = tag?.split_once(" doc:\"")?;
    let text = rest.split('"').next().unwrap_or_default();
    prose::sentence(text)
}

/// A field that stands for rows of another struct.
struct Associated {
    field: String,
    target: String,
    tag: String,
    many: bool,
    line: u32,
}

impl Associated {
    fn option(&self, wanted: &str) -> Option<&str> {
        self.tag.split(';').find_map(|option| {
            let (key, value) = option.split_once(':')?;
            key.trim().eq_ignore_ascii_case(wanted).then_some(value)
        })
    }

    fn relate(&self, file: &SourceFile<'_>, entity: &mut groundplan_model::Entity) {
        let joined = self.option("many2many").is_some();
        if joined || self.many {
            // The key stands in the other table, or in one between.
            let cardinality = match joined {
                true => Cardinality::ManyToMany,
                false => Cardinality::OneToMany,
            };
            let mut made = relation(file, &self.field, &self.target, cardinality, self.line);
            made.fields.clear();
            entity.relations.push(made);
            return;
        }
        let named = self.option("foreignKey").unwrap_or_default();
        let key = match named.is_empty() {
            true => format!("{}_id", scan::snake(&self.field)),
            false => scan::snake(named),
        };
        if entity.fields.iter().any(|f| f.name == key) {
            let cardinality = Cardinality::ManyToOne;
            let mut made = relation(file, &key, &self.target, cardinality, self.line);
            made.to_fields = vec!["id".to_owned()];
            entity.relations.push(made);
            let column = scan::snake(&self.field);
            entity.fields.retain(|f| f.name != column);
        }
    }
}

/// One column, with the options of its tag: `column:x;primaryKey;size:40;not null;index`.
fn column(
    file: &SourceFile<'_>,
    entity: &mut groundplan_model::Entity,
    word: &str,
    typed: &str,
    tag: &str,
    line: u32,
) {
    let mut field = records::field(file, &scan::snake(word), typed, line);
    let mut index = false;
    // A named index may be over several columns, each of which names it.
    let mut keyed: Option<(String, bool)> = None;
    for option in tag.split(';') {
        let (key, value) = option.split_once(':').unwrap_or((option, ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "column" => field.name = value.to_owned(),
            "type" => field.data_type = value.to_owned(),
            "primarykey" | "primary_key" => field.primary_key = true,
            "unique" => field.unique = true,
            "uniqueindex" | "index" => {
                // `index:by_name,unique,sort:desc`
                let (name, more) = value.split_once(',').unwrap_or((value, ""));
                let unique = !key.trim().eq_ignore_ascii_case("index")
                    || more.split(',').any(|word| word.trim() == "unique");
                match (name.is_empty(), unique) {
                    (true, true) => field.unique = true,
                    (true, false) => index = true,
                    _ => keyed = Some((name.to_owned(), unique)),
                }
            }
            "not null" => field.nullable = false,
            "default" => field.default = crate::secrets::keep(&field.name, value),
            "size" => field.constraints.push(format!("size = {value}")),
            "comment" => field.description = Some(value.to_owned()).filter(|v| !v.is_empty()),
            "check" => field.constraints.push(format!("CHECK ({value})")),
            _ => {}
        }
    }
    if word == "ID" && !entity.fields.iter().any(|f| f.primary_key) {
        field.primary_key = true;
    }
    field.nullable &= !field.primary_key;
    if let Some((name, unique)) = keyed {
        let place = file.evidence(line, line);
        match entity.indexes.iter_mut().find(|i| i.name == name) {
            Some(known) => {
                known.fields.push(field.name.clone());
                known.provenance = known.provenance.clone().and([place]);
            }
            None => entity.indexes.push(Index {
                name,
                fields: vec![field.name.clone()],
                unique,
                method: None,
                predicate: None,
                provenance: Provenance::observed([place]),
            }),
        }
    }
    if index {
        entity.indexes.push(Index {
            name: String::new(),
            fields: vec![field.name.clone()],
            unique: false,
            method: None,
            predicate: None,
            provenance: Provenance::observed([file.evidence(line, line)]),
        });
    }
    entity.fields.push(field);
}

/// Whether a struct is no table by the place of its declaration: inside of a function it holds rows of
/// a query, unless a table is made of it there.
pub(super) fn is_row(code: &Code<'_>, name: &str, at: usize) -> bool {
    let Some(scope) = code.function_at(at) else {
        return false;
    };
    let Some(function) = code.functions().get(scope) else {
        return false;
    };
    let makes = |at: usize| {
        matches!(
            code.raw(at),
            "AutoMigrate" | "CreateTable" | "CreateTables" | "Sync" | "Sync2"
        ) && code
            .partner(at + 1)
            .is_some_and(|close| (at + 1..close).any(|inner| code.is(inner, name)))
    };
    !function.body.clone().any(makes)
}

/// Whether a struct without a name of a table of its own embeds one that has: then it stands for rows
/// of that table, together with what is read beside them.
pub(super) fn wraps_table(code: &Code<'_>, name: &str, fields: std::ops::Range<usize>) -> bool {
    if table_name(code, name).is_some() {
        return false;
    }
    let embedded = |at: usize| {
        let alone = code.starts_line(at)
            && (code.starts_line(at + 1) || code.string(at + 1).is_some())
            && at < fields.end;
        code.ident(at)
            .filter(|_| alone)
            .is_some_and(|inner| table_name(code, inner).is_some())
    };
    fields.clone().any(embedded)
}

/// `func (Order) TableName() string { return "orders" }`
pub(super) fn table_name(code: &Code<'_>, name: &str) -> Option<String> {
    let function = code
        .functions()
        .iter()
        .find(|f| f.name == "TableName" && (f.first..f.at).any(|at| code.is(at, name)))?;
    let text = function.body.clone().find_map(|at| code.string(at))?;
    Some(text.to_owned())
}
