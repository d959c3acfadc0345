//! Values as they may be kept. What [`crate::secrets`] decides for one key and value is extended
//! here to the forms that deployment files have: connection strings, DSNs without scheme, files
//! inside values.

use super::cut;
use crate::secrets::{self, is_secret_name, is_secret_value};

/// What stands in the place of a secret inside a text that is kept.
const REDACTED: &str = "…";
/// Longest value that is kept, in bytes.
const MAX_VALUE: usize = 2_048;

/// A value of one line, or nothing if it is a secret.
pub(in super::super) fn keep_value(name: &str, value: &str) -> Option<String> {
    if let Some(safe) = connection_string(value) {
        return Some(safe);
    }
    let value = without_dsn_credentials(value);
    if is_secret_name(name) && value.trim_start().starts_with("${") && !only_references(&value) {
        return None;
    }
    secrets::keep(name, &value)
}

/// A value of one or many lines: a file inside a value is redacted line by line and cut at 2 kB.
pub(in super::super) fn keep_block(name: &str, value: &str) -> Option<String> {
    let kept = keep_value(name, value)?;
    let structured = kept.contains('\n') || kept.contains([':', '=', '<']);
    if !structured {
        return Some(cut(&kept, MAX_VALUE));
    }
    // Redact a little more than is kept, never a whole megabyte.
    let head = cut(&kept, MAX_VALUE * 2);
    let clean = if kept.contains('\n') {
        redact_block(&head)
    } else {
        redact_words(&head)
    };
    Some(cut(&clean, MAX_VALUE))
}

/// A value of one or many lines in full, without what is secret in it; nothing if it is a secret.
pub(in super::super) fn keep_whole(name: &str, value: &str) -> Option<String> {
    let kept = keep_value(name, value)?;
    Some(match kept.contains('\n') {
        true => redact_block(&kept),
        false if kept.contains([':', '=', '<']) => redact_words(&kept),
        false => kept,
    })
}

/// A text of several lines without the values of its secret keys.
fn redact_block(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        out.push_str(&redact_line(body));
        out.push_str(&line[body.len()..]);
    }
    out
}

/// `password: two words` loses all of its value, other lines what looks like a secret.
pub(in super::super) fn redact_line(line: &str) -> String {
    let Some(at) = line.find([':', '=']) else {
        return redact_words(line);
    };
    let key = line[..at].trim().trim_start_matches("- ");
    let key = key.trim_matches(['"', '\'']);
    let plain = !key.is_empty()
        && key.len() <= 120
        && key
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.[]".contains(&b));
    let value = line[at + 1..].trim();
    if !plain || !is_secret_name(key) || value.is_empty() {
        return redact_words(line);
    }
    if only_references(value.trim_matches(['"', '\'', ','])) {
        return line.to_owned();
    }
    // What stands in quotes as a whole, `'--password=x'`, stays so.
    let head = &line[..=at];
    let open = |mark: &char| head.matches(*mark).count() % 2 == 1;
    let close = value
        .chars()
        .next_back()
        .filter(|c| matches!(c, '"' | '\''));
    let close = close.filter(open).map_or(String::new(), String::from);
    format!("{head} {REDACTED}{close}")
}

/// Words of the forms `password=x`, `"password":"x"`, `password: x`, `<password>x<`, tokens of
/// known providers and credentials of addresses.
pub(super) fn redact_words(text: &str) -> String {
    const SEPARATORS: [char; 9] = [' ', ',', ';', '{', '}', '&', '?', '\t', '<'];
    let text = secrets::without_credentials(&without_dsn_credentials(text));
    let mut out = String::with_capacity(text.len());
    let mut value_is_secret = false;
    for part in text.split_inclusive(SEPARATORS) {
        let word = part.trim_end_matches(SEPARATORS);
        let tail = &part[word.len()..];
        let bare = word.trim_matches(['"', '\'']);
        if value_is_secret && !word.is_empty() {
            let keeps = only_references(bare) || bare == REDACTED;
            out.push_str(if keeps { word } else { REDACTED });
            out.push_str(tail);
            value_is_secret = false;
            continue;
        }
        if is_secret_value(bare) {
            out.push_str(REDACTED);
            out.push_str(tail);
            continue;
        }
        match word.find(['=', ':', '>']) {
            Some(at) if is_secret_name(&word[..at]) && !is_address(word, at) => {
                let value = word[at + 1..].trim_matches(['"', '\'']);
                out.push_str(&word[..=at]);
                if value.is_empty() {
                    value_is_secret = word.as_bytes().get(at) != Some(&b'>');
                    out.push_str(&word[at + 1..]);
                } else if only_references(value) || value == REDACTED {
                    out.push_str(&word[at + 1..]);
                } else {
                    out.push_str(REDACTED);
                }
            }
            _ => out.push_str(word),
        }
        out.push_str(tail);
    }
    out
}

/// Whether `token-service:8080` or `token://` stands there, and no key with its value.
fn is_address(word: &str, at: usize) -> bool {
    let (name, rest) = word.split_at(at);
    if rest.starts_with("://") {
        return true;
    }
    let last = name.rsplit(['-', '.']).next().unwrap_or(name);
    let port = rest.strip_prefix(':').and_then(|p| p.split('/').next());
    !is_secret_name(last) && port.is_some_and(|p| p.parse::<u16>().is_ok())
}

/// Whether a text is nothing but references to variables: `${A}${B}`, `$A`, `$(A)`, `{{ .x }}`.
pub(super) fn only_references(text: &str) -> bool {
    let mut rest = text.trim();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let after = if let Some(tail) = rest.strip_prefix("${") {
            // A default behind the name would be a value.
            tail.find('}')
                .filter(|&end| !tail[..end].contains([':', '-', '=']))
                .map(|end| &tail[end + 1..])
        } else if let Some(tail) = rest.strip_prefix("$(") {
            tail.find(')').map(|end| &tail[end + 1..])
        } else if let Some(tail) = rest.strip_prefix("{{") {
            tail.find("}}").map(|end| &tail[end + 2..])
        } else if let Some(tail) = rest.strip_prefix('$') {
            let end = tail
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(tail.len());
            (end > 0).then(|| &tail[end..])
        } else {
            None
        };
        match after {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

/// Of a `key=value;` connection string that holds a secret, the parts that say where it leads.
fn connection_string(value: &str) -> Option<String> {
    const SAFE: [&str; 18] = [
        "server",
        "host",
        "hostname",
        "datasource",
        "data source",
        "address",
        "addr",
        "network address",
        "port",
        "database",
        "initial catalog",
        "dbname",
        "endpoint",
        "accountname",
        "defaultendpointsprotocol",
        "entitypath",
        "bootstrap.servers",
        "protocol",
    ];
    let pairs: Vec<(&str, &str)> = value
        .split(';')
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    let hides = |key: &str| {
        let key = key.to_ascii_lowercase();
        is_secret_name(&key) || key.ends_with("key") || key.contains("signature")
    };
    if pairs.len() < 2 || value.contains('\n') || !pairs.iter().any(|(key, _)| hides(key)) {
        return None;
    }
    let known: Vec<String> = pairs
        .iter()
        .filter(|(key, _)| SAFE.contains(&key.to_ascii_lowercase().as_str()))
        .map(|(key, value)| format!("{key}={}", secrets::without_credentials(value)))
        .collect();
    (!known.is_empty()).then(|| known.join(";"))
}

/// `user:password@tcp(host)/name` and `user:password@host/name` without what stands before `@`.
fn without_dsn_credentials(value: &str) -> String {
    if !value.contains('@') || value.contains("://") {
        return value.to_owned();
    }
    let mut out = String::with_capacity(value.len());
    for part in value.split_inclusive([' ', ',', '\n', '"', '\'', '=']) {
        match part.split_once('@') {
            Some((user, host)) if user.contains(':') && !host.trim().is_empty() => {
                out.push_str(host)
            }
            _ => out.push_str(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{REDACTED, redact_line};

    #[test]
    fn a_quoted_argument_stays_one() {
        let quoted = "  - '--db-password=abc1'";
        assert_eq!(
            redact_line(quoted),
            format!("  - '--db-password= {REDACTED}'")
        );
        let plain = "db_password=abc1";
        assert_eq!(redact_line(plain), format!("db_password= {REDACTED}"));
    }
}
