//! The last fence before facts: what looks like a secret in any text that an extractor kept.
//!
//! Extractors drop the values of secrets by their names. A token in prose, a comment or a command
//! has no name, so that here every text is searched for the shapes of keys and for credentials in
//! addresses.

use crate::facts::{Claim, Fact, FileFacts};
use crate::secrets::{is_secret_name, is_secret_value, without_credentials};
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;
use std::sync::OnceLock;

/// What a text with a secret shape holds; a hit is looked at more closely.
const SIGNS: [&str; 16] = [
    "AKIA",
    "ASIA",
    "AIza",
    "SG.",
    "eyJ",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "npm_",
    "sk_live_",
    "sk_test_",
    "xoxb-",
    "xoxp-",
    "PRIVATE KEY-----",
];

/// Whether a byte ends an address.
const ENDS: [bool; 256] = {
    let (ends, mut table) = (b" \"'`\n<>", [false; 256]);
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

/// Hides what looks like a secret in all texts of `facts`, if `text`, the file, holds such a thing.
pub(crate) fn redact(mut facts: FileFacts, text: &str) -> FileFacts {
    let empty = facts.facts.is_empty()
        && facts.imports.is_empty()
        && facts.diagnostics.is_empty()
        && facts.spans.is_empty();
    if empty || !is_suspect(text) {
        return facts;
    }
    // Texts of charts were searched line by line, and have to keep their lines.
    let is_text = |fact: &Fact| matches!(fact.claim, Claim::ChartFile(_));
    let texts: Vec<Fact> = facts.facts.extract_if(.., |fact| is_text(fact)).collect();
    let mut facts = searched(facts);
    facts.facts.extend(texts);
    facts
}

fn searched(facts: FileFacts) -> FileFacts {
    // The form in which facts are kept, which is code that is there already.
    let kept = serde_json::to_vec(&facts).ok();
    let read = kept.and_then(|kept| serde_json::from_slice::<Value>(&kept).ok());
    let Some(mut value) = read else {
        return emptied(facts);
    };
    let mut changed = false;
    for list in ["facts", "imports", "diagnostics", "spans"] {
        if let Some(inner) = value.get_mut(list) {
            visit(inner, &mut changed);
        }
    }
    if !changed {
        return facts;
    }
    let clean = value.to_string();
    serde_json::from_slice(clean.as_bytes()).unwrap_or_else(|_| emptied(facts))
}

/// Facts without all that may hold a text: what could not be searched is not told.
fn emptied(mut facts: FileFacts) -> FileFacts {
    facts.facts.clear();
    facts.imports.clear();
    facts.diagnostics.clear();
    facts.spans.clear();
    facts
}

fn visit(value: &mut Value, changed: &mut bool) {
    match value {
        Value::String(text) => {
            let clean = without_tokens(text);
            if clean != *text {
                *text = clean;
                *changed = true;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| visit(inner, changed)),
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                match (key.as_str(), inner) {
                    // Paths and hashes of evidence must stay what they are.
                    ("path" | "hash", _) => {}
                    // What is given by names that the file chooses; a name may be one of these.
                    ("with" | "inputs", Value::Object(given)) => {
                        given.values_mut().for_each(|inner| visit(inner, changed));
                    }
                    (_, inner) => visit(inner, changed),
                }
            }
        }
        _ => {}
    }
}

/// Whether a text holds an address with credentials, the address of a web hook or the shape of a
/// key.
fn is_suspect(text: &str) -> bool {
    static SEARCH: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    // Leftmost matching is what the vectorised search can do.
    let built = SEARCH.get_or_init(|| {
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(SIGNS)
            .ok()
    });
    let Some(search) = built else { return true };
    let bytes = text.as_bytes();
    let has_address = memchr::memmem::find_iter(bytes, "://").any(|at| {
        let start = at + 3;
        let rest = &bytes[start..bytes.len().min(start + 300)];
        let end = rest
            .iter()
            .position(|b| ENDS[usize::from(*b)])
            .unwrap_or(rest.len());
        let address = &rest[..end];
        address.contains(&b'@')
            || address.starts_with(b"hooks.slack.com")
            || memchr::memmem::find(address, b"webhook").is_some()
    });
    has_address
        || search
            .find_iter(bytes)
            .any(|hit| match SIGNS[hit.pattern().as_usize()] {
                "PRIVATE KEY-----" => true,
                _ => {
                    let alone = !bytes[..hit.start()]
                        .last()
                        .is_some_and(u8::is_ascii_alphanumeric);
                    let tail = bytes[hit.end()..].iter().take(12);
                    alone
                        && tail
                            .filter(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b))
                            .count()
                            == 12
                }
            })
}

/// A text without credentials in addresses and without words that have the shape of a key.
pub(crate) fn without_tokens(text: &str) -> String {
    if text.contains("PRIVATE KEY-----") {
        return "…".to_owned();
    }
    let text = without_credentials(text);
    let is_key = |word: &str| has_digit(word) && is_secret_value(word);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((start, end)) = next_word(&text, at) {
        out.push_str(&text[at..start]);
        at = end;
        let word = &text[start..end];
        let bare = word.trim_end_matches('.');
        let tail = bare.rfind(['=', '/']).map_or(0, |mark| mark + 1);
        if is_key(&bare[tail..]) {
            out.push_str(&bare[..tail]);
            out.push('…');
        } else {
            out.push_str(if is_key(bare) { "…" } else { word });
        }
    }
    out.push_str(&text[at..]);
    out
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

/// A line of a file as it may be shown to people: without credentials, without what looks like a
/// secret, and cut behind a name that says that a secret follows.
pub fn without_secrets(line: &str) -> String {
    if line.contains("PRIVATE KEY-----") {
        return "…".to_owned();
    }
    let line = without_credentials(line);
    // `mysql -pVALUE` and `docker login -p VALUE` name no secret.
    let short = ["mysql", "mariadb", "sshpass", "login"]
        .iter()
        .any(|program| line.contains(program));
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while let Some((start, end)) = next_word(&line, at) {
        out.push_str(&line[at..start]);
        at = end;
        let word = &line[start..end];
        let name = word.split('=').next().unwrap_or(word);
        let is_flag = short && word.starts_with("-p") && !word.starts_with("-po");
        if is_flag || is_secret_name(name) || is_announcement(name) {
            let name = if is_flag { "-p" } else { name };
            out.push_str(name);
            // What follows may be the value; marks between the name and it are shown.
            let value = &line[start + name.len()..];
            let marks = value.find(|c: char| c.is_alphanumeric() || c == '…');
            out.push_str(&value[..marks.unwrap_or(value.len())]);
            out.push_str(if marks.is_some() { "…" } else { "" });
            return out;
        }
        out.push_str(if is_secret_value(word) || is_random(word) {
            "…"
        } else {
            word
        });
    }
    out.push_str(&line[at..]);
    out
}

/// Byte range of the next word from `at` on.
fn next_word(text: &str, at: usize) -> Option<(usize, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || "_-.+/=~".contains(c);
    let start = at + text[at..].find(is_word)?;
    let end = text[start..]
        .find(|c| !is_word(c))
        .map_or(text.len(), |length| start + length);
    Some((start, end))
}

fn is_announcement(name: &str) -> bool {
    ["bearer", "authorization"].contains(&&*name.to_ascii_lowercase())
}

/// Long, and with digits, small and large letters, as keys and base64 are and names seldom.
fn is_random(word: &str) -> bool {
    let has = |wanted: fn(&u8) -> bool| word.as_bytes().iter().any(wanted);
    word.len() >= 20
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=_-".contains(&b))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shown_without_secrets() {
        for (line, shown) in [
            ("port: 8080", "port: 8080"),
            ("  DB_PASSWORD: \"abc", "  DB_PASSWORD: \"…"),
            ("export API_KEY=abc # x", "export API_KEY=…"),
            (
                "os.getenv(\"DB_PASSWORD\", \"abc\")",
                "os.getenv(\"DB_PASSWORD\", \"…",
            ),
            ("password = abc", "password = …"),
            ("password:", "password:"),
            ("Authorization: Bearer abc", "Authorization: …"),
            ("mysqladmin -pabc ping", "mysqladmin -p…"),
            (
                "docker login -u ann -p abc host",
                "docker login -u ann -p …",
            ),
            ("mkdir -p abc", "mkdir -p abc"),
            (
                "url: postgres://ann:a/bc@db:5432/x",
                "url: postgres://db:5432/x",
            ),
            ("http://api:8080/a@b", "http://api:8080/a@b"),
            ("x: c2VjcmV0LXZhbHVlLTQ3MTE=", "x: …"),
            (
                "image: example.org/a/b:1.2@sha256:0123",
                "image: example.org/a/b:1.2@sha256:0123",
            ),
            ("jest --token abc --watch", "jest --token …"),
            (
                "redis-server --requirepass abc",
                "redis-server --requirepass …",
            ),
        ] {
            assert_eq!(without_secrets(line), shown);
        }
    }

    #[test]
    fn values_under_names_of_the_file_are_searched() {
        let key = "ghp_abcdefghij0123456789";
        let mut value = serde_json::json!({ "path": key, "with": { "path": key } });
        let mut changed = false;
        visit(&mut value, &mut changed);
        assert!(changed);
        assert_eq!(value["path"], key);
        assert_eq!(value["with"]["path"], "…");
    }

    #[test]
    fn texts_keep_all_but_tokens() {
        for (text, kept) in [
            ("Reset the password soon.", "Reset the password soon."),
            ("The key is `ghp_abcdefghij0123456789`.", "The key is `…`."),
            ("KEY=AKIAABCDEFGH01234567, x", "KEY=…, x"),
            ("npm_config_registry", "npm_config_registry"),
            (
                "npm_config_registry_url_and_more",
                "npm_config_registry_url_and_more",
            ),
            (
                "see https://ann:abc@host/x for it",
                "see https://host/x for it",
            ),
            (
                "https://hooks.slack.com/services/T0/B0/abc) x",
                "https://hooks.slack.com/…) x",
            ),
            ("é", "é"),
        ] {
            assert_eq!(without_tokens(text), kept);
            assert!(is_suspect(text) || text == kept, "{text}");
        }
    }
}
