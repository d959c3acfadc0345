//! Names, types and expressions of SQL as texts, and `ALTER TABLE` cut into its operations.

use super::split::strip_word;
use groundplan_model::Field;
use sqlparser::ast::{
    AlterColumnOperation, BinaryOperator, ColumnOption, ColumnOptionDef, DataType, Expr, Ident,
    IndexColumn, ObjectName, UnaryOperator,
};

/// A name without quotes, parts joined by dots.
pub(super) fn written(name: &ObjectName) -> String {
    let parts: Vec<String> = name
        .0
        .iter()
        .filter_map(|part| part.as_ident())
        .map(folded)
        .collect();
    parts.join(".")
}

/// A name as id: lower case, without the schemas that everything lies in.
pub(super) fn id(name: &ObjectName) -> String {
    let lower = written(name).to_lowercase();
    let parts: Vec<&str> = lower
        .split('.')
        .filter(|part| !part.is_empty() && !matches!(*part, "public" | "dbo"))
        .collect();
    // Of `database.schema.table` the database says nothing here.
    parts[parts.len().saturating_sub(2)..].join(".")
}

pub(super) fn last_part(name: &ObjectName) -> String {
    let last = name.0.last().and_then(|part| part.as_ident());
    last.map(folded).unwrap_or_default()
}

/// A type; those of SQL, and those shouted, in lower case, others as written.
pub(super) fn type_text(data_type: &DataType) -> String {
    let text = data_type.to_string();
    if matches!(data_type, DataType::Unspecified) {
        return String::new();
    }
    if matches!(data_type, DataType::Custom(..)) {
        let text = text.replace(['"', '[', ']'], "");
        let upper = text.bytes().all(|b| !b.is_ascii_lowercase());
        return if upper { text.to_lowercase() } else { text };
    }
    if text.contains(['\'', '"', '`']) {
        return text;
    }
    text.to_lowercase()
}

/// The partitioning clause of a `CREATE TABLE` up to its first brackets, for dialects in which the
/// parser reads over it.
pub(super) fn partitioning(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let at = upper.find("PARTITION BY")?;
    let clause = text.get(at + "PARTITION BY".len()..)?;
    let mut depth = 0_u32;
    for (end, byte) in clause.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => {
                let words: Vec<&str> = clause.get(..=end)?.split_whitespace().collect();
                return Some(words.join(" "));
            }
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// A column of an index without quotes, or its expression.
pub(super) fn column_text(column: &IndexColumn) -> String {
    match &column.column.expr {
        Expr::Identifier(name) => folded(name),
        other => other.to_string(),
    }
}

/// An expression without brackets around the whole of it.
pub(super) fn bare(text: &str) -> String {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        let mut depth = 0_i32;
        let closes_early = inner.bytes().any(|b| {
            depth += i32::from(b == b'(') - i32::from(b == b')');
            depth < 0
        });
        if closes_early {
            break;
        }
        text = inner.trim();
    }
    text.to_owned()
}

/// The name of a column, table or index. Databases fold names without quotes; one that is all
/// capitals was shouted by a formatter that took it for a keyword.
pub(super) fn folded(name: &Ident) -> String {
    let shouted = name.value.bytes().any(|b| b.is_ascii_uppercase())
        && !name.value.bytes().any(|b| b.is_ascii_lowercase());
    match name.quote_style.is_none() && shouted {
        true => name.value.to_lowercase(),
        false => name.value.clone(),
    }
}

/// The type of an expression, if it shows in the expression itself.
pub(super) fn type_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Cast { data_type, .. } => Some(type_text(data_type)),
        Expr::Nested(inner) => type_of(inner),
        Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsFalse(_)
        | Expr::Exists { .. }
        | Expr::InList { .. }
        | Expr::InSubquery { .. }
        | Expr::Between { .. }
        | Expr::Like { .. }
        | Expr::ILike { .. }
        | Expr::UnaryOp {
            op: UnaryOperator::Not,
            ..
        } => Some("boolean".to_owned()),
        Expr::BinaryOp { op, .. } => matches!(
            op,
            BinaryOperator::Eq
                | BinaryOperator::NotEq
                | BinaryOperator::Gt
                | BinaryOperator::Lt
                | BinaryOperator::GtEq
                | BinaryOperator::LtEq
                | BinaryOperator::And
                | BinaryOperator::Or
        )
        .then(|| "boolean".to_owned()),
        _ => None,
    }
}

pub(super) fn check_text(name: Option<String>, expr: &Expr) -> String {
    match name {
        Some(name) => format!("CONSTRAINT {name} CHECK ({expr})"),
        None => format!("CHECK ({expr})"),
    }
}

/// The first column that a check speaks of; found in its text, so that every form counts.
pub(super) fn first_column(expr: &Expr) -> Option<String> {
    let text = expr.to_string();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|c: char| c.is_alphabetic() || "_'\"`".contains(c)) {
        let tail = &rest[at..];
        if let Some(quoted) = tail.strip_prefix('\'') {
            rest = quoted.split_once('\'').map_or("", |(_, after)| after);
            continue;
        }
        let bare = tail.trim_start_matches(['"', '`']);
        let end = bare
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(bare.len());
        let (word, after) = bare.split_at(end);
        let is_call = after.trim_start().starts_with('(');
        const NO_COLUMNS: [&str; 16] = [
            "AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", "LIKE", "ANY", "CASE", "WHEN",
            "THEN", "ELSE", "END", "TRUE", "FALSE",
        ];
        if !word.is_empty() && !is_call && !NO_COLUMNS.contains(&word.to_uppercase().as_str()) {
            return Some(word.to_owned());
        }
        rest = if word.is_empty() { "" } else { after };
    }
    None
}

pub(super) fn defs(options: Vec<ColumnOption>) -> Vec<ColumnOptionDef> {
    options
        .into_iter()
        .map(|option| ColumnOptionDef { name: None, option })
        .collect()
}

/// Writes a change of one property into a field; whether it says anything of it.
pub(super) fn property(column: &mut Field, operation: AlterColumnOperation) -> bool {
    let name = match operation {
        AlterColumnOperation::SetNotNull => {
            column.nullable = false;
            "SET NOT NULL"
        }
        AlterColumnOperation::DropNotNull => "DROP NOT NULL",
        AlterColumnOperation::SetDefault { value } => {
            column.default = crate::secrets::keep(&column.name, &value.to_string());
            "SET DEFAULT"
        }
        AlterColumnOperation::DropDefault => "DROP DEFAULT",
        AlterColumnOperation::SetDataType { data_type, .. } => {
            column.data_type = type_text(&data_type);
            "TYPE"
        }
        AlterColumnOperation::AddGenerated { .. } => return false,
    };
    column.constraints.push(name.to_owned());
    true
}

/// One operation of an `ALTER TABLE`.
pub(super) struct Operation<'t> {
    /// `ALTER TABLE name`.
    pub(super) head: &'t str,
    pub(super) text: &'t str,
    /// Offset of `text` in the statement.
    pub(super) start: usize,
}

/// The operations of an `ALTER TABLE`, cut at the commas outside of brackets and quotes.
pub(super) fn operations(text: &str) -> Option<Vec<Operation<'_>>> {
    let rest = strip_word(text, "ALTER")?.trim_start();
    let mut rest = strip_word(rest, "TABLE")?.trim_start();
    for words in [["IF", "EXISTS"], ["ONLY", ""]] {
        if let Some(after) = strip_word(rest, words[0]) {
            let after = after.trim_start();
            rest = strip_word(after, words[1]).unwrap_or(after).trim_start();
        }
    }
    let name = name_length(rest);
    let head_end = text.len() - rest.len() + name;
    let (head, body) = (text.get(..head_end)?, text.get(head_end..)?);
    let mut found = Vec::new();
    let (mut depth, mut quote, mut from) = (0_u32, None, 0);
    let mut add = |from: usize, to: usize| {
        let part = body.get(from..to).unwrap_or_default();
        let lead = part.len() - part.trim_start().len();
        let text = part.trim();
        if !text.is_empty() {
            let start = head_end + from + lead;
            found.push(Operation { head, text, start });
        }
    };
    for (at, byte) in body.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"' | b'`') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => depth = depth.saturating_sub(1),
            (None, b',') if depth == 0 => {
                add(from, at);
                from = at + 1;
            }
            _ => {}
        }
    }
    add(from, body.len());
    Some(found)
}

/// Length of a name that may be quoted and dotted.
fn name_length(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(close), c) if c == close => quote = None,
            (Some(_), _) => {}
            (None, '"' | '`') => quote = Some(c),
            (None, '[') => quote = Some(']'),
            (None, c) if c.is_alphanumeric() || "_.$*".contains(c) => {}
            _ => return at,
        }
    }
    text.len()
}

/// A statement with `<>` where it has `IS NOT` between two values and `=` where it has `IS`, which the
/// parser reads before `NULL` and the like alone; none where it has no such comparison.
pub(super) fn compared(text: &str) -> Option<String> {
    const KEPT: [&str; 8] = [
        "NULL",
        "TRUE",
        "FALSE",
        "UNKNOWN",
        "DISTINCT",
        "JSON",
        "NOT",
        "NORMALIZED",
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    let upper = text.to_ascii_uppercase();
    while let Some(at) = upper[text.len() - rest.len()..].find(" IS ") {
        let behind = &rest[at + 4..];
        let (sign, value) = match behind.get(..4) {
            Some(word) if word.eq_ignore_ascii_case("NOT ") => ("<>", &behind[4..]),
            _ => ("=", behind),
        };
        let end = value
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(value.len());
        let kept = KEPT
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&value[..end]));
        let before = &text[..text.len() - rest.len() + at];
        let quoted = before.matches('\'').count() % 2 == 1;
        out.push_str(&rest[..at]);
        if kept || quoted {
            out.push_str(&rest[at..at + 4]);
            rest = behind;
        } else {
            out.push_str(&format!(" {sign} "));
            rest = value;
            changed = true;
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

/// Whether an operation changes nothing that an entity shows: ownership, storage, statistics.
pub(super) fn says_nothing(operation: &str) -> bool {
    const HEADS: [&str; 23] = [
        "OWNER TO",
        "ALTER CONSTRAINT",
        "CLUSTER ON",
        "ENABLE",
        "DISABLE",
        "FORCE",
        "NO FORCE",
        "ATTACH PARTITION",
        "DETACH PARTITION",
        "SET (",
        "RESET (",
        "REPLICA IDENTITY",
        "VALIDATE",
        "ENGINE",
        "AUTO_INCREMENT",
        "CONVERT TO",
        "DEFAULT CHARACTER",
        "DEFAULT CHARSET",
        "INHERIT",
        "NO INHERIT",
        "SET TABLESPACE",
        "SET WITHOUT",
        "ROW_FORMAT",
    ];
    const TAILS: [&str; 4] = ["SET STATISTICS", "SET STORAGE", "SET COMPRESSION", "SET ("];
    let upper = operation.to_ascii_uppercase();
    let upper = upper.split_whitespace().collect::<Vec<_>>().join(" ");
    HEADS.iter().any(|head| upper.starts_with(head))
        || (upper.starts_with("ALTER ") && TAILS.iter().any(|tail| upper.contains(tail)))
}

/// Whether a statement is safe to parse: a chain of operators becomes a tree that is as deep as
/// the chain is long, and a tree is dropped and printed by recursion.
pub(super) fn is_shallow(text: &str) -> bool {
    const MAX_CHAIN: u32 = 400;
    const MAX_DEPTH: u32 = 40;
    let (mut depth, mut chain, mut quote, mut word) = (0_u32, 0_u32, None, 0_usize);
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        if let Some(close) = quote {
            quote = (byte != close).then_some(close);
            continue;
        }
        if byte.is_ascii_alphabetic() {
            word += 1;
            continue;
        }
        if (2..=9).contains(&word) && is_operator(&bytes[at - word..at]) {
            chain += 1;
        }
        word = 0;
        match byte {
            b'\'' | b'"' | b'`' => quote = Some(byte),
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b',' if depth <= 1 => chain = 0,
            b'+' | b'-' | b'*' | b'/' | b'%' | b'|' | b'<' | b'>' | b'=' | b':' | b'[' | b'&'
            | b'^' | b'#' | b'~' | b'@' | b'!' | b'?' | b'.' => chain += 1,
            _ => {}
        }
        if chain > MAX_CHAIN || depth > MAX_DEPTH {
            return false;
        }
    }
    true
}

fn is_operator(word: &[u8]) -> bool {
    const WORDS: [&[u8]; 13] = [
        b"AND",
        b"OR",
        b"NOT",
        b"IS",
        b"IN",
        b"LIKE",
        b"ILIKE",
        b"BETWEEN",
        b"UNION",
        b"INTERSECT",
        b"EXCEPT",
        b"COLLATE",
        b"MINUS",
    ];
    WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
}
