//! Views: the columns of a query with what shows of their types, and the tables that it reads.

use super::names::{id, last_part, type_of};
use super::shape::Shape;
use super::split::Flavour;
use crate::facts::{ALL_COLUMNS as ALL, COMPUTED, TAKEN_FROM};
use groundplan_model::{Entity, EntityKind, Field};
use sqlparser::ast::{self, Expr, Ident};

/// Expressions longer than this say nothing at a glance.
const LONGEST: usize = 60;

/// The tables that a query reads, each with the name that it has there; `None` in place of one that is no
/// table: a query of its own, a function.
fn sources(select: &ast::Select) -> Vec<Option<(String, String)>> {
    let joined = |from: &ast::TableWithJoins| {
        let joins = from.joins.iter().map(|join| join.relation.clone());
        std::iter::once(from.relation.clone())
            .chain(joins)
            .collect::<Vec<_>>()
    };
    let named = |factor: ast::TableFactor| match factor {
        ast::TableFactor::Table {
            name,
            alias: known,
            args: None,
            ..
        } => {
            let called = known.map_or_else(|| last_part(&name), |a| a.name.value);
            Some((called, id(&name)))
        }
        _ => None,
    };
    select.from.iter().flat_map(joined).map(named).collect()
}

/// The ids of the tables that a query reads, or of the one that it calls `alias`.
fn tables(select: &ast::Select, alias: Option<&str>) -> Vec<String> {
    let all = sources(select).into_iter().flatten();
    all.filter(|(called, _)| alias.is_none_or(|a| a.eq_ignore_ascii_case(called)))
        .map(|(_, id)| id)
        .collect()
}

/// The `SELECT` of the first branch of a query, which names the columns, and those of the others.
fn branches(query: &ast::Query) -> (Option<&ast::Select>, Vec<&ast::Select>) {
    let (mut body, mut others) = (query.body.as_ref(), Vec::new());
    while let ast::SetExpr::SetOperation { left, right, .. } = body {
        if let ast::SetExpr::Select(select) = right.as_ref() {
            others.push(select.as_ref());
        }
        body = left;
    }
    match body {
        ast::SetExpr::Select(select) => (Some(select), others),
        _ => (None, others),
    }
}

/// The expression of an item of a query.
fn expression(item: &ast::SelectItem) -> Option<&Expr> {
    match item {
        ast::SelectItem::ExprWithAlias { expr, .. } | ast::SelectItem::UnnamedExpr(expr) => {
            Some(expr)
        }
        _ => None,
    }
}

/// Whether an expression has the type that the other branch gives it: a number or nothing.
fn is_bare(expr: &Expr) -> bool {
    match expr {
        Expr::Value(value) => matches!(value.value, ast::Value::Null | ast::Value::Number(..)),
        _ => false,
    }
}

impl Shape<'_, '_> {
    pub(super) fn create_view(&self, view: ast::CreateView) -> Entity {
        let mut entity = self.entity(&view.name);
        entity.kind = EntityKind::View;
        entity.materialized = view.materialized;
        entity.description = view.comment;
        entity.over = over(&view.query);
        entity.over.retain(|table| *table != entity.id);
        let mut fields = self.projection(&view.query, view.materialized);
        if !view.columns.is_empty() {
            let whole = fields.iter().all(|f| f.name != ALL) && fields.len() == view.columns.len();
            let names = view.columns.iter().map(|c| &c.name);
            let plain = names.map(|name| self.plain_field(name)).collect::<Vec<_>>();
            fields = match whole {
                true => (plain.into_iter().zip(fields))
                    .map(|(named, field)| Field {
                        name: named.name,
                        ..field
                    })
                    .collect(),
                false => plain,
            };
        }
        entity.fields = fields;
        entity
    }

    /// The columns of a query that have a name.
    pub(super) fn projection(&self, query: &ast::Query, materialized: bool) -> Vec<Field> {
        let (Some(select), others) = branches(query) else {
            return Vec::new();
        };
        let named: Vec<String> = query
            .with
            .iter()
            .flat_map(|with| &with.cte_tables)
            .map(|cte| cte.alias.name.value.to_lowercase())
            .collect();
        let name = |item: &ast::SelectItem| match item {
            ast::SelectItem::ExprWithAlias { alias, .. } => Some(alias.clone()),
            ast::SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.clone()),
            ast::SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => {
                Some(parts.last()?.clone())
            }
            // PostgreSQL calls a column after its function, others after the whole expression.
            ast::SelectItem::UnnamedExpr(Expr::Function(function)) if materialized => {
                let name = last_part(&function.name).to_lowercase();
                Some(Ident::new(name))
            }
            _ => None,
        };
        let mut fields = Vec::new();
        for (at, item) in select.projection.iter().enumerate() {
            // `*` stands for the columns of a table, which are known when all scripts are joined.
            let tables = match item {
                ast::SelectItem::Wildcard(_) => tables(select, None),
                ast::SelectItem::QualifiedWildcard(
                    ast::SelectItemQualifiedWildcardKind::ObjectName(name),
                    _,
                ) => tables(select, Some(&last_part(name))),
                _ => Vec::new(),
            };
            for table in tables {
                let mut field = self.plain_field(&Ident::new(ALL));
                field.data_type = table;
                if others.is_empty() {
                    field.constraints.push(TAKEN_FROM.to_owned());
                }
                field.provenance = self.seen((self.first, self.last));
                fields.push(field);
            }
            let Some((name, expr)) = name(item).zip(expression(item)) else {
                continue;
            };
            let mut field = self.plain_field(&name);
            let alike = others.iter().all(|o| {
                let other = o.projection.get(at).and_then(expression);
                other.is_some_and(|o| is_bare(o) || self.result(o, materialized).is_some())
            });
            // Of a column of a query of its own nothing is known here.
            let from = source(select, expr).filter(|from| {
                let of_query = |table: &str| named.iter().any(|n| n == table);
                !from
                    .split('#')
                    .next()
                    .is_some_and(|t| t.split('|').any(of_query))
            });
            match (self.result(expr, materialized), from) {
                (Some(kind), _) => field.data_type = kind,
                (None, Some(from)) if others.is_empty() => {
                    field.constraints.push(format!("{TAKEN_FROM}{from}"));
                }
                (None, Some(from)) if alike => {
                    // The type is that of the column, but not all of its values are.
                    field.constraints.push(format!("{TAKEN_FROM}{from}"));
                    field.constraints.push(COMPUTED.to_owned());
                }
                _ => {}
            }
            let plain = matches!(
                expr,
                Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Value(_)
            );
            let text = expr.to_string();
            if !plain && others.is_empty() && text.len() <= LONGEST {
                field.constraints.push(format!("{COMPUTED}{text}"));
            }
            fields.push(field);
        }
        fields
    }

    /// The type of what an expression comes to, where it or its function alone says it.
    fn result(&self, expr: &Expr, materialized: bool) -> Option<String> {
        let function = match expr {
            Expr::Nested(inner) => return self.result(inner, materialized),
            Expr::Function(function) => function,
            _ => return type_of(expr),
        };
        let name = last_part(&function.name).to_ascii_lowercase();
        // Of the products told here PostgreSQL alone keeps what a view comes to.
        let postgres = materialized && self.flavour == Flavour::Postgres;
        let kind = match name.as_str() {
            "count" => match self.flavour {
                Flavour::Postgres | Flavour::MySql => "bigint",
                Flavour::MsSql => "int",
                Flavour::Sqlite => "integer",
                Flavour::ClickHouse => return None,
            },
            "now" if postgres => "timestamp with time zone",
            "json_build_object" | "json_build_array" | "json_agg" | "json_object_agg"
            | "row_to_json" | "to_json" => "json",
            "jsonb_build_object" | "jsonb_build_array" | "jsonb_agg" | "jsonb_object_agg"
            | "to_jsonb" => "jsonb",
            "string_agg" if postgres => "text",
            _ => return None,
        };
        Some(kind.to_owned())
    }
}

/// Where a plain column comes from: `orders.id`; `a|b.id` where one of several tables has it.
fn source(select: &ast::Select, expr: &Expr) -> Option<String> {
    let all = sources(select);
    match expr {
        Expr::Identifier(column) => {
            let tables: Option<Vec<String>> =
                all.into_iter().map(|t| t.map(|(_, id)| id)).collect();
            let tables = tables.filter(|t| !t.is_empty())?.join("|");
            Some(format!("{tables}#{}", column.value))
        }
        Expr::CompoundIdentifier(parts) => {
            let [.., table, column] = parts.as_slice() else {
                return None;
            };
            let mut named = all.into_iter().flatten();
            let (_, id) = named.find(|(called, _)| called.eq_ignore_ascii_case(&table.value))?;
            Some(format!("{id}#{}", column.value))
        }
        _ => None,
    }
}

/// The ids of the tables that a query reads anywhere, in the order of its text.
fn over(query: &ast::Query) -> Vec<String> {
    let text = query.to_string();
    let words = words(&text);
    let mut own: Vec<String> = Vec::new();
    let mut found: Vec<String> = Vec::new();
    // For each bracket whether a `SELECT` waits for its `FROM`, and whether tables are listed.
    let mut depths = vec![(false, false)];
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        let upper = word.to_ascii_uppercase();
        let next = |n: usize| words.get(at + n).copied().unwrap_or_default();
        let nested = depths.len() > 1;
        let Some(depth) = depths.last_mut() else {
            break;
        };
        let mut wanted = false;
        match upper.as_str() {
            "(" => depths.push((false, false)),
            ")" if nested => {
                depths.pop();
            }
            "SELECT" => *depth = (true, false),
            "FROM" if depth.0 && !is(before(&words, at), "DISTINCT") => {
                *depth = (false, true);
                wanted = true;
            }
            "JOIN" => wanted = true,
            "," if depth.1 => wanted = true,
            "WHERE" | "GROUP" | "ORDER" | "HAVING" | "LIMIT" | "UNION" | "WINDOW" | "EXCEPT"
            | "INTERSECT" => depth.1 = false,
            // `totals AS (SELECT …)` names a query.
            "AS" if next(1) == "(" || is(next(1), "MATERIALIZED") || is(next(1), "NOT") => {
                // `t(id, depth) AS (…)` names its columns too.
                let mut name = at;
                if before(&words, at) == ")" {
                    let mut open = 0_usize;
                    while name > 0 {
                        name -= 1;
                        match words.get(name).copied().unwrap_or_default() {
                            ")" => open += 1,
                            "(" if open <= 1 => break,
                            "(" => open -= 1,
                            _ => {}
                        }
                    }
                }
                own.push(unquoted(before(&words, name)));
            }
            _ => {}
        }
        if wanted {
            let mut name = at + 1;
            while ["ONLY", "LATERAL"]
                .iter()
                .any(|w| is(words.get(name).copied().unwrap_or_default(), w))
            {
                name += 1;
            }
            let word = words.get(name).copied().unwrap_or_default();
            let called = words.get(name + 1) == Some(&"(");
            let is_name = word.starts_with(|c: char| c.is_alphabetic() || "_\"`[".contains(c));
            if is_name && !called && !is(word, "SELECT") {
                found.push(unquoted(word));
            }
        }
        at += 1;
    }
    let mut all: Vec<String> = Vec::new();
    for table in found {
        if !table.is_empty() && !own.contains(&table) && !all.contains(&table) {
            all.push(table);
        }
    }
    all
}

fn is(word: &str, wanted: &str) -> bool {
    word.eq_ignore_ascii_case(wanted)
}

fn before<'t>(words: &[&'t str], at: usize) -> &'t str {
    at.checked_sub(1).map_or("", |at| words[at])
}

/// A name as id, as [`id`] has it.
fn unquoted(word: &str) -> String {
    let plain = word.replace(['"', '`', '[', ']'], "").to_lowercase();
    let parts: Vec<&str> = plain
        .split('.')
        .filter(|part| !matches!(*part, "public" | "dbo"))
        .collect();
    parts[parts.len().saturating_sub(2)..].join(".")
}

/// Names with their dots, brackets and commas of a query; texts in quotes are left out.
fn words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'\'' => {
                at += 1;
                while at < bytes.len() && bytes[at] != b'\'' {
                    at += 1;
                }
                at += 1;
            }
            b'(' | b')' | b',' => {
                at += 1;
                found.push(&text[start..at]);
            }
            b if b.is_ascii_alphanumeric()
                || b == b'_'
                || b == b'"'
                || b == b'`'
                || b == b'['
                || !b.is_ascii() =>
            {
                while at < bytes.len() {
                    let begins = at == start || bytes[at - 1] == b'.';
                    match bytes[at] {
                        // Names of SQL Server; what stands behind a name is a place in a list.
                        b'[' if begins => {
                            while at < bytes.len() && bytes[at] != b']' {
                                at += 1;
                            }
                            at += 1;
                        }
                        quote @ (b'"' | b'`') => {
                            at += 1;
                            while at < bytes.len() && bytes[at] != quote {
                                at += 1;
                            }
                            at += 1;
                        }
                        b if b.is_ascii_alphanumeric()
                            || matches!(b, b'_' | b'.' | b'$')
                            || !b.is_ascii() =>
                        {
                            at += 1;
                        }
                        _ => break,
                    }
                }
                found.push(text.get(start..at.min(text.len())).unwrap_or_default());
            }
            _ => at += 1,
        }
    }
    found
}
