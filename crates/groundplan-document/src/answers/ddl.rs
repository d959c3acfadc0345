//! Tables as SQL.

use super::associations::is_unkeyed;
use crate::text::first_places;
use crate::tree::Block;
use groundplan_model::{
    CHECKED_BY_PROGRAM, Cardinality, DEFAULT_IN_PROGRAM, Entity, NULLABILITY_UNREAD, REFERS_TO,
    SET_AGAIN, SET_BY_PROGRAM,
};

/// Whether a default is one of the database: a member of a module or a class of code, such as
/// `timezone.now`, is none.
fn is_sql(default: &str) -> bool {
    // A number of Prisma that the type of the column gives
    // (<https://www.prisma.io/docs/orm/reference/prisma-schema-reference#autoincrement>).
    if default.starts_with("autoincrement(") {
        return false;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let member = default.contains('.') && default.chars().all(plain);
    !member || default.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a type is one of Go or C#, which no database has: `*time.Time`, `[]byte`, `uint`, `Guid`.
pub(super) fn is_of_code(data_type: &str) -> bool {
    let of_package = || {
        let (package, name) = data_type.split_once('.').unwrap_or_default();
        package.bytes().all(|b| b.is_ascii_lowercase()) && name.starts_with(char::is_uppercase)
    };
    data_type.starts_with('*')
        || data_type.starts_with("[]")
        || matches!(
            data_type,
            "uint"
                | "uint8"
                | "uint16"
                | "uint32"
                | "uint64"
                | "DateTimeOffset"
                | "Guid"
                | "TimeSpan"
        )
        || of_package()
}

/// Tables as `CREATE TABLE` and `CREATE INDEX`, with their sources.
pub(super) fn sql_block(entities: &[&Entity], most: usize) -> Block {
    let mut out = String::new();
    for e in entities.iter().take(most) {
        if let Some(kept) = &e.retention {
            out.push_str(&format!("-- kept {}\n", words_only(kept)));
        }
        // Classes of fields are no types of a database, and their program does what a deletion asks for.
        let of_program = e.fields.iter().any(|f| {
            f.data_type.len() > "Field".len() && f.data_type.ends_with("Field")
                || is_of_code(&f.data_type)
        });
        if of_program {
            out.push_str("-- as the model of the program has it, not as the database does\n");
        }
        out.push_str(&format!("CREATE TABLE {} (\n", identifier(&e.name)));
        let mut lines: Vec<String> = Vec::new();
        for f in e.fields.iter().take(60) {
            let kind = words_only(&f.data_type);
            let mut line = match is_of_code(&f.data_type) {
                true => format!("  {} /* {kind} */", identifier(&f.name)),
                false => format!("  {} {kind}", identifier(&f.name)),
            };
            if !f.nullable && !f.primary_key {
                line.push_str(" NOT NULL");
            }
            if f.unique {
                line.push_str(" UNIQUE");
            }
            if let Some(default) = f.default.as_deref().filter(|d| is_sql(d)) {
                line.push_str(&format!(" DEFAULT {}", words_only(default)));
            }
            // What the survey says in words is no SQL.
            let in_words = |x: &str| {
                let labels = [
                    NULLABILITY_UNREAD,
                    REFERS_TO,
                    SET_BY_PROGRAM,
                    DEFAULT_IN_PROGRAM,
                    SET_AGAIN,
                    CHECKED_BY_PROGRAM,
                ];
                labels.iter().any(|label| x.starts_with(label)) || x.starts_with("length = ")
            };
            for x in f.constraints.iter().filter(|x| !in_words(x)) {
                line.push_str(&format!(" {}", words_only(x)));
            }
            // An association of the program is no key of the database.
            let tied = |r: &&groundplan_model::EntityRelation| {
                r.fields.contains(&f.name) && is_unkeyed(e, r)
            };
            if let Some(r) = e.relations.iter().find(tied) {
                let other = entities.iter().find(|x| x.id == r.to);
                let other = other.map_or(r.to.as_str(), |x| &x.name);
                line.push_str(&format!(
                    " /* the program refers to {} by it */",
                    identifier(other)
                ));
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
            // The rows that join many to many stand in a table of their own.
            if own.is_empty() || r.cardinality == Cardinality::ManyToMany || is_unkeyed(e, r) {
                continue;
            }
            let their = if their.is_empty() {
                String::new()
            } else {
                format!(" ({})", their.join(", "))
            };
            let rule = match r.on_delete.as_deref() {
                Some(d) if is_rule(d) && !of_program => format!(" ON DELETE {}", words_only(d)),
                Some(d) => format!(" /* the program on delete: {} */", words_only(d)),
                None => String::new(),
            };
            lines.push(format!(
                "  FOREIGN KEY ({}) REFERENCES {}{their}{rule}",
                own.join(", "),
                identifier(target)
            ));
        }
        out.push_str(&lines.join(",\n"));
        if e.partial {
            out.push_str("\n  -- and what of it was not read");
        }
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
            // A condition in the words of a library is no SQL.
            let written = |p: &&String| p.trim_start_matches(['(', '~', ' ']).starts_with("Q(");
            let only = match index.predicate.as_ref() {
                Some(p) if written(&p) => format!(" /* only for rows where {} */", words_only(p)),
                Some(p) => format!(" WHERE {}", words_only(p)),
                None => String::new(),
            };
            // A tree is what every database makes unasked.
            let method = index.method.as_deref();
            let method = method.filter(|m| !m.eq_ignore_ascii_case("btree"));
            let method = method.map_or_else(String::new, |m| format!(" USING {}", words_only(m)));
            out.push_str(&format!(
                "CREATE {unique}INDEX {name}ON {}{method} ({}){only};\n",
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

/// Whether a rule for deletions is one of SQL.
fn is_rule(text: &str) -> bool {
    let plain = text.replace('_', " ").to_ascii_uppercase();
    matches!(
        plain.as_str(),
        "CASCADE" | "SET NULL" | "SET DEFAULT" | "RESTRICT" | "NO ACTION"
    )
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
