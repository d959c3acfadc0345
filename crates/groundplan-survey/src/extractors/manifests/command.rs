//! Command lines, without the passwords that stand in them.

use super::redact::{only_references, redact_words};
use super::{cut, one_line};
use crate::secrets::is_secret_name;
use groundplan_syntax::Node;

/// Longest command that is kept, in bytes.
const MAX_COMMAND: usize = 1_000;

/// A command that is a string or a list of words, as one line.
pub(in super::super) fn command_line(node: &Node) -> Option<String> {
    let words: Vec<&str> = node.strings().into_iter().map(|(word, _)| word).collect();
    let text = redact_command(&words.join(" "));
    (!text.is_empty()).then_some(text)
}

/// A command as one line; passwords become `…`.
pub(in super::super) fn redact_command(text: &str) -> String {
    let mut out = String::new();
    let mut hide_next = false;
    let line = one_line(&cut(text, MAX_COMMAND * 2));
    let program = line.split(' ').next().unwrap_or_default().to_owned();
    for word in line.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        let bare = word.trim_matches(['"', '\'']);
        if hide_next && !bare.starts_with('-') {
            out.push_str(if only_references(bare) { word } else { "…" });
            hide_next = false;
            continue;
        }
        hide_next = takes_secret(bare, &line, &program);
        match glued_secret(bare, &line) {
            Some(shown) => out.push_str(&format!("{shown}…")),
            None => out.push_str(&redact_words(word)),
        }
    }
    cut(&out, MAX_COMMAND)
}

/// Options whose value stands in the next word.
fn takes_secret(word: &str, line: &str, program: &str) -> bool {
    let Some(option) = word.strip_prefix('-') else {
        return false;
    };
    let option = option.trim_start_matches('-');
    if word.contains('=') {
        return false;
    }
    if word.starts_with("--") || option.len() > 2 {
        let lower = option.to_ascii_lowercase();
        return is_secret_name(option) || lower.ends_with("pass") || lower == "masterauth";
    }
    match option {
        "a" => line.contains("redis-cli"),
        "u" => program == "curl" || line.contains(" curl "),
        "P" => line.contains("sqlcmd"),
        _ => false,
    }
}

/// `mysqladmin -psecret`, `mongo -psecret`: the password is glued to its option.
fn glued_secret<'w>(word: &'w str, line: &str) -> Option<&'w str> {
    let value = word.strip_prefix("-p")?;
    let hides = ["mysql", "mariadb", "mongo"]
        .iter()
        .any(|p| line.contains(p))
        && !value.is_empty()
        && !value.chars().all(|c| c.is_ascii_digit())
        && !only_references(value);
    hides.then_some(&word[..2])
}
