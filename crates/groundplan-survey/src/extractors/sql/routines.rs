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

/// The names in quotes that a call of a routine hands over: `CALL fix_keys('orders', 'id')`. Which of
/// them are tables is known where the tables are.
pub(super) fn called(text: &str) -> Vec<&str> {
    let verbs = ["CALL", "EXEC", "EXECUTE"];
    let Some(rest) = verbs.iter().find_map(|verb| strip_word(text, verb)) else {
        return Vec::new();
    };
    let is_name = |word: &&str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_alphanumeric() || "_.".contains(c))
    };
    rest.split('\'')
        .skip(1)
        .step_by(2)
        .filter(is_name)
        .collect()
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
        assert_eq!(
            called("CALL Fix('orders','id, name', 'k')"),
            ["orders", "k"]
        );
        assert!(called("ALTER TABLE a COMMENT 'x'").is_empty());
        assert!(
            of_block(Statement {
                text: "DO sleep(5)",
                line: 1
            })
            .is_empty()
        );
    }
}
