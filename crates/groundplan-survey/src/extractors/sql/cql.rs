//! Scripts of Cassandra, put into the words of SQL at the same places.

/// The script with what only CQL has as spaces: the brackets of a partition key, the clauses behind a
/// table, and what the elements of a collection are
/// (<https://cassandra.apache.org/doc/latest/cassandra/developing/cql/ddl.html>).
pub(super) fn plain(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("primary key") {
        let Some(open) = bracket(text, at + "primary key".len()) else {
            continue;
        };
        if let Some(inner) = bracket(text, open + 1)
            && let Some(close) = text.get(inner..).and_then(|rest| rest.find(')'))
        {
            blank(&mut bytes, inner..inner + 1);
            blank(&mut bytes, inner + close..inner + close + 1);
        }
    }
    let mut from = 0;
    for statement in lower.split_inclusive(';') {
        let table = statement.trim_start().starts_with("create table");
        let behind = statement
            .rfind(") with ")
            .or_else(|| statement.rfind(")\nwith "));
        if let Some(at) = behind.filter(|_| table) {
            let end = statement.len() - usize::from(statement.ends_with(';'));
            blank(&mut bytes, from + at + 1..from + end);
        }
        if table {
            // A set is a word of SQL with a meaning of its own.
            for (at, _) in statement.match_indices(" set<") {
                let at = from + at + 1;
                if let Some(word) = bytes.get_mut(at..at + 5) {
                    word.copy_from_slice(b"\"set\"");
                }
                blank_to(&mut bytes, at + 5);
            }
            collections(&mut bytes, from..from + statement.len());
        }
        from += statement.len();
    }
    // Only whole ASCII bytes were replaced, or whole runs up to one.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The place of a bracket that opens next, blanks allowed before it.
fn bracket(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let skipped = rest.len() - rest.trim_start().len();
    rest.trim_start().starts_with('(').then_some(from + skipped)
}

/// `set<text>` as `set`.
fn collections(bytes: &mut [u8], range: std::ops::Range<usize>) {
    let mut depth = 0_u32;
    for at in range {
        let byte = bytes.get(at).copied().unwrap_or_default();
        match byte {
            b'<' => depth += 1,
            b'>' if depth > 0 => {
                depth -= 1;
                blank(bytes, at..at + 1);
            }
            _ => {}
        }
        if depth > 0 {
            blank(bytes, at..at + 1);
        }
    }
}

/// Blanks up to the bracket that closes a type.
fn blank_to(bytes: &mut [u8], from: usize) {
    let rest = bytes.get(from..).unwrap_or_default();
    if let Some(length) = rest.iter().position(|b| *b == b'>') {
        blank(bytes, from..from + length + 1);
    }
}

fn blank(bytes: &mut [u8], range: std::ops::Range<usize>) {
    for byte in bytes.get_mut(range).into_iter().flatten() {
        if *byte != b'\n' && byte.is_ascii() {
            *byte = b' ';
        }
    }
}
