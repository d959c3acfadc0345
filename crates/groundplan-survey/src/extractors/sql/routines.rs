//! Statements inside of blocks, and calls of routines that change tables.

use super::split::{Statement, strip_word};

/// The statements about tables in a block that runs at once: `DO $$ BEGIN ALTER TABLE …; END $$`.
/// Conditions are taken to hold, since a migration asks them to run twice without harm.
pub(super) fn of_block(statement: Statement<'_>) -> Vec<Statement<'_>> {
    let Some(inner) = strip_word(statement.text, "DO") else {
        return Vec::new();
    };
    let Some(open) = inner.find('$') else {
        return Vec::new();
    };
    let Some(tag) = inner[open + 1..].find('$') else {
        return Vec::new();
    };
    let tag = &inner[open..=open + 1 + tag];
    let body = &inner[open + tag.len()..];
    let body = &body[..body.find(tag).unwrap_or(body.len())];
    let start = body.as_ptr() as usize - statement.text.as_ptr() as usize;
    let first = statement.line + lines(&statement.text[..start]);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(length) = body[at..].find(';') {
        let piece = &body[at..at + length];
        // A condition may stand in front of the statement.
        let begins = piece
            .split_inclusive('\n')
            .scan(0, |from, line| {
                let here = *from;
                *from += line.len();
                Some((here, line))
            })
            .find(|(_, line)| is_of_table(line));
        if let Some((from, line)) = begins {
            let from = from + line.len() - line.trim_start().len();
            found.push(Statement {
                text: piece[from..].trim_end(),
                line: first + lines(&body[..at + from]),
            });
        }
        at += length + 1;
    }
    found
}

fn is_of_table(line: &str) -> bool {
    let rest = line.trim_start();
    ["ALTER", "CREATE", "DROP"].iter().any(|verb| {
        strip_word(rest, verb).is_some_and(|rest| {
            let rest = rest.trim_start();
            let rest = strip_word(rest, "UNIQUE").unwrap_or(rest).trim_start();
            ["TABLE", "INDEX"]
                .iter()
                .any(|word| strip_word(rest, word).is_some())
        })
    })
}

fn lines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// The table that a routine is called for, in the statements that [`defined`] gives.
pub(super) const CALLED: &str = "called_for";

/// A routine that puts statements about a table together, with these for a table of the name [`CALLED`]:
/// `execute format('ALTER TABLE %I ADD COLUMN made timestamptz', name)`.
pub(super) fn defined(text: &str) -> Option<(String, Vec<String>)> {
    let rest = strip_word(text, "CREATE")?.trim_start();
    let rest = (strip_word(rest, "OR").and_then(|rest| strip_word(rest.trim_start(), "REPLACE")))
        .map_or(rest, str::trim_start);
    let rest = strip_word(rest, "PROCEDURE").or_else(|| strip_word(rest, "FUNCTION"))?;
    let (name, body) = rest.split_once('(')?;
    let mut found = Vec::new();
    let mut texts = literals(body).into_iter().peekable();
    while let Some((_, text)) = texts.next() {
        let words: Vec<&str> = text.split_whitespace().collect();
        let alters = matches!(words.as_slice(), [first, second, ..]
            if first.eq_ignore_ascii_case("ALTER") && second.eq_ignore_ascii_case("TABLE"));
        if !alters {
            continue;
        }
        // `'ALTER TABLE ' || name || ' ADD COLUMN made timestamptz'`
        let joined = words.len() <= 3 && !text.contains('%');
        let whole = match texts.peek().filter(|_| joined) {
            Some((between, next)) if between.matches("||").count() == 2 => {
                format!("{text} {CALLED} {next}")
            }
            _ => named(&text),
        };
        if !whole.contains('%') && whole.contains(CALLED) {
            let parts = whole
                .split(';')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            found.extend(parts.map(str::to_owned));
        }
    }
    let name = routine(name);
    (!name.is_empty() && !found.is_empty()).then_some((name, found))
}

/// The literals of a text, each with what stands between it and the one before.
fn literals(text: &str) -> Vec<(&str, String)> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('\'') {
        let between = &rest[..open];
        let mut inner = String::new();
        rest = &rest[open + 1..];
        while let Some(close) = rest.find('\'') {
            inner.push_str(&rest[..close]);
            rest = &rest[close + 1..];
            match rest.strip_prefix('\'') {
                // A quote inside of a literal stands there twice.
                Some(after) => {
                    inner.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        all.push((between, inner));
    }
    all
}

/// A statement with the name of the table in place of `%I`, `%s` or `%1$I`.
fn named(text: &str) -> String {
    let mut made = text.to_owned();
    for mark in ["%1$I", "%1$s", "%I.%I", "%I", "%s"] {
        if made.contains(mark) {
            made = match mark.starts_with("%1") {
                true => made.replace(mark, CALLED),
                false => made.replacen(mark, CALLED, 1),
            };
            break;
        }
    }
    made
}

/// The name of a routine, as calls and definitions have it in common.
fn routine(name: &str) -> String {
    let last = name.trim().rsplit('.').next().unwrap_or(name);
    last.trim_matches(['"', '`']).to_lowercase()
}

/// A call of a routine.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Called<'t> {
    pub(super) routine: String,
    /// The names in quotes that it is given. Which of them are tables is known where the tables are.
    pub(super) names: Vec<&'t str>,
    /// Whether it is called by `SELECT`.
    pub(super) asked: bool,
}

/// What a call of a routine hands over: `CALL fix_keys('orders', 'id')`, `SELECT fix_keys('orders')`.
pub(super) fn called(text: &str) -> Option<Called<'_>> {
    let verbs = ["CALL", "EXEC", "EXECUTE", "PERFORM"];
    let by_verb = verbs.iter().find_map(|verb| strip_word(text, verb));
    let rest = by_verb.or_else(|| {
        let rest = strip_word(text, "SELECT")?;
        let plain = |c: char| c.is_alphanumeric() || "_.\" ".contains(c);
        let (name, _) = rest.split_once('(')?;
        (name.chars().all(plain) && rest.trim_end().ends_with(')')).then_some(rest)
    })?;
    let is_name = |word: &&str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_alphanumeric() || "_.".contains(c))
    };
    let names = rest.split('\'').skip(1).step_by(2);
    let names = names.map(|name| name.trim_matches('"')).filter(is_name);
    let routine = routine(rest.split(['(', '\'']).next().unwrap_or_default());
    // What PostgreSQL itself has changes no table.
    let own = matches!(
        routine.as_str(),
        "setval" | "set_config" | "nextval" | "currval"
    );
    (!own).then_some(())?;
    Some(Called {
        routine,
        names: names.collect(),
        asked: by_verb.is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_calls_are_looked_into() {
        let text = "DO $x$\nBEGIN\n  IF NOT EXISTS (SELECT 1) THEN\n    ALTER TABLE orders ADD COLUMN paid bool;\n  \
                    END IF;\n  RAISE NOTICE 'done';\n  DROP INDEX old;\nEND\n$x$";
        let found: Vec<(u32, &str)> = of_block(Statement { text, line: 10 })
            .into_iter()
            .map(|s| (s.line, s.text))
            .collect();
        assert_eq!(
            found,
            [
                (13, "ALTER TABLE orders ADD COLUMN paid bool"),
                (16, "DROP INDEX old")
            ]
        );
        let names = |text| called(text).map(|c| (c.routine, c.names, c.asked));
        assert_eq!(
            names("CALL Fix('orders','id, name', 'k')"),
            Some(("fix".to_owned(), vec!["orders", "k"], false))
        );
        assert_eq!(
            names("SELECT app.stamp('\"Orders\"')"),
            Some(("stamp".to_owned(), vec!["Orders"], true))
        );
        assert_eq!(names("ALTER TABLE a COMMENT 'x'"), None);
        assert_eq!(names("SELECT max(id) FROM orders WHERE kind = 'x'"), None);
        assert!(
            of_block(Statement {
                text: "DO sleep(5)",
                line: 1
            })
            .is_empty()
        );
    }

    #[test]
    fn routines_say_what_they_do_to_a_table() {
        let text = "CREATE OR REPLACE PROCEDURE app.stamp(name regclass) AS $$ BEGIN EXECUTE \
                    format('ALTER TABLE %s ADD COLUMN made date DEFAULT ''x''; ', name); \
                    EXECUTE 'alter table ' || name || ' drop column old'; \
                    EXECUTE format('CREATE TRIGGER %I', name); END $$ LANGUAGE plpgsql";
        let wanted = [
            "ALTER TABLE called_for ADD COLUMN made date DEFAULT 'x'",
            "alter table  called_for  drop column old",
        ];
        let wanted = wanted.map(str::to_owned).to_vec();
        assert_eq!(defined(text), Some(("stamp".to_owned(), wanted)));
        assert_eq!(
            defined("CREATE TABLE a (b text DEFAULT 'ALTER TABLE')"),
            None
        );
    }
}
