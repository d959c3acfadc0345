//! Column types as the chosen database has them, and what clients see of them. Packs speak the
//! dialect of PostgreSQL.

use super::Maker;

/// A type of the packs cut into its name and what stands behind it: `varchar(12)`, `text[]`.
fn cut(kind: &str) -> (&str, &str) {
    let end = kind
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(kind.len());
    kind.split_at(end)
}

/// The type of a column in the database of this design (id of the option).
pub(crate) fn column(database: &str, kind: &str) -> String {
    let (name, rest) = cut(kind);
    let array = rest.starts_with("[]");
    let tail = rest.strip_prefix("[]").unwrap_or(rest);
    // An argument belongs to the type, what follows it does not.
    let (argument, tail) = match tail.find(')').filter(|_| tail.starts_with('(')) {
        Some(at) => tail.split_at(at + 1),
        None => ("", tail),
    };
    let plain = |word: &str| format!("{word}{tail}");
    let sized = |word: &str| format!("{word}{argument}{tail}");
    match database {
        "sqlite" => match name {
            _ if array => plain("text (JSON)"),
            "bigint" | "int" | "integer" | "smallint" | "boolean" => plain("integer"),
            "real" | "double" => plain("real"),
            "numeric" => sized("numeric"),
            "bytea" => plain("blob"),
            "jsonb" | "json" => plain("text (JSON)"),
            "citext" => plain("text collate nocase"),
            "timestamptz" | "timestamp" | "date" | "time" | "interval" => plain("text (ISO 8601)"),
            "daterange" | "tstzrange" => plain("text (from/to, ISO 8601)"),
            "geography" | "geometry" => plain("text (GeoJSON)"),
            "tsvector" => plain("FTS5 table"),
            "uuid" | "text" | "varchar" | "char" | "inet" | "ltree" => plain("text"),
            _ => kind.to_owned(),
        },
        "sqlserver" => match name {
            _ if array => plain("nvarchar(max) (JSON)"),
            "uuid" => plain("uniqueidentifier"),
            "boolean" => plain("bit"),
            "timestamptz" => plain("datetimeoffset"),
            "timestamp" => plain("datetime2"),
            "jsonb" | "json" => plain("nvarchar(max) (JSON)"),
            "text" => plain("nvarchar(max)"),
            "varchar" => sized("nvarchar"),
            "citext" => plain("nvarchar(320), case-insensitive"),
            "bytea" => plain("varbinary(max)"),
            "inet" => plain("varchar(45)"),
            "ltree" => plain("hierarchyid"),
            "interval" => plain("int (seconds)"),
            "daterange" | "tstzrange" => plain("datetimeoffset from and to"),
            "geography" => plain("geography"),
            "tsvector" => plain("full-text index"),
            _ => kind.to_owned(),
        },
        "oracle" => match name {
            _ if array => plain("json"),
            "uuid" => plain("raw(16)"),
            "boolean" => plain("number(1)"),
            "bigint" => plain("number(19)"),
            "int" | "integer" => plain("number(10)"),
            "smallint" => plain("number(5)"),
            "numeric" => sized("number"),
            "real" | "double" => plain("binary_double"),
            "timestamptz" => plain("timestamp with time zone"),
            "jsonb" | "json" => plain("json"),
            "text" => plain("varchar2(4000)"),
            "varchar" => sized("varchar2"),
            "citext" => plain("varchar2(320) collate binary_ci"),
            "bytea" => plain("blob"),
            "inet" => plain("varchar2(45)"),
            "ltree" => plain("varchar2(1000)"),
            "time" => plain("varchar2(8)"),
            "interval" => plain("interval day to second"),
            "daterange" | "tstzrange" => plain("timestamp from and to"),
            "geography" | "geometry" => plain("sdo_geometry"),
            "tsvector" => plain("Oracle Text index"),
            _ => kind.to_owned(),
        },
        "mysql" => match name {
            _ if array => plain("json"),
            "uuid" => plain("binary(16)"),
            "boolean" => plain("tinyint(1)"),
            "timestamptz" | "timestamp" => plain("datetime(6)"),
            "jsonb" => plain("json"),
            "citext" => plain("varchar(320)"),
            "bytea" => plain("longblob"),
            "inet" => plain("varbinary(16)"),
            "ltree" => plain("varchar(1000)"),
            "interval" => plain("int (seconds)"),
            "daterange" | "tstzrange" => plain("datetime(6) from and to"),
            "geography" | "geometry" => plain("point srid 4326"),
            "tsvector" => plain("fulltext index"),
            _ => kind.to_owned(),
        },
        _ => kind.to_owned(),
    }
}

/// What a client reads and writes: JSON knows no types of a database.
pub(crate) fn wire(kind: &str) -> String {
    let (name, rest) = cut(kind);
    let one = match name {
        "citext" | "ltree" | "tsvector" => "string",
        "timestamptz" | "timestamp" => "date-time",
        "jsonb" | "json" => "object",
        "inet" => "string (IP address)",
        "bytea" => "string (base64)",
        "interval" => "string (ISO 8601 duration)",
        "daterange" | "tstzrange" => "object with from and to",
        "geography" | "geometry" => "GeoJSON",
        _ => return kind.to_owned(),
    };
    match rest.starts_with("[]") {
        true => format!("{one}[]"),
        false => one.to_owned(),
    }
}

/// Whether the dialect of the packs is that of the database.
fn native(m: &Maker) -> bool {
    !matches!(
        m.option("primary_db"),
        "sqlite" | "sqlserver" | "oracle" | "mysql"
    )
}

/// The kind of an index, if the database has it.
pub(crate) fn method(m: &Maker, method: Option<String>) -> Option<String> {
    method.filter(|_| native(m))
}

/// The rows of an index, where the database has indexes over a part of a table.
pub(crate) fn predicate(m: &Maker, predicate: Option<String>) -> Option<String> {
    predicate.filter(|_| !matches!(m.option("primary_db"), "oracle" | "mysql"))
}

/// How two rows are kept from overlapping where no constraint does it.
pub(crate) fn exclusion(m: &Maker, over: &str) -> Option<String> {
    (!native(m)).then(|| {
        format!("no two rows overlap in ({over}), checked in the transaction that writes, which locks the owner's row")
    })
}

/// What measures the database under load.
pub(crate) fn bench(m: &Maker) -> &'static str {
    match m.option("primary_db") {
        "mysql" => "sysbench",
        "sqlserver" | "oracle" => "HammerDB",
        "sqlite" => "a script of inserts and reads",
        "kv" | "document" => "a load script",
        _ => "pgbench",
    }
}

/// How a worker takes rows of the outbox without taking those of another.
pub(crate) fn claim(m: &Maker) -> String {
    let how = match m.option("primary_db") {
        "sqlserver" => "locked rows are passed over (READPAST)",
        "sqlite" => "one worker, in a transaction that locks the file",
        "kv" | "document" => "each is claimed by a conditional write",
        _ => return "takes rows of the outbox with SKIP LOCKED".to_owned(),
    };
    format!("takes rows of the outbox; {how}")
}

#[cfg(test)]
mod tests {
    use super::{column, wire};

    #[test]
    fn types_are_those_of_the_database() {
        assert_eq!(column("postgres", "citext"), "citext");
        assert_eq!(column("sqlite", "jsonb"), "text (JSON)");
        assert_eq!(column("sqlite", "varchar(12)"), "text");
        assert_eq!(column("sqlserver", "varchar(12)"), "nvarchar(12)");
        assert_eq!(column("sqlserver", "text[]"), "nvarchar(max) (JSON)");
        assert_eq!(column("oracle", "numeric(12,2)"), "number(12,2)");
        assert_eq!(column("mysql", "uuid"), "binary(16)");
        assert_eq!(wire("citext"), "string");
        assert_eq!(wire("timestamptz"), "date-time");
        assert_eq!(wire("varchar(12)"), "varchar(12)");
    }
}
