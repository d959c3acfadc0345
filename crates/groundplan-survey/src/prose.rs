//! What comments of code say.

use crate::facts::FileFacts;
use crate::finders::Finders;
use crate::scan::mark;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;
use std::borrow::Cow;

/// The first sentence of a comment: without tags and block tags; `None` for what is no prose.
pub(crate) fn sentence(comment: &str) -> Option<String> {
    let text = match comment.split_once("<summary>") {
        Some((_, rest)) => rest.split("</summary>").next().unwrap_or(rest),
        None => comment,
    };
    let mut words = String::new();
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with('@') && !line.starts_with("@link") {
            break;
        }
        if line.is_empty() && !words.is_empty() {
            break;
        }
        words.push_str(line);
        words.push(' ');
    }
    let plain = without_tags(&words);
    let end = plain
        .match_indices(['.', '!', '?'])
        .map(|(at, _)| at)
        .find(|&at| {
            let after = plain[at + 1..].chars().next();
            after.is_none_or(char::is_whitespace)
                && !plain[..at].ends_with("e.g")
                && !plain[..at].ends_with("i.e")
        })
        .map_or(plain.len(), |at| at + 1);
    let found = plain[..end].trim().trim_end_matches('.').trim();
    let letters = found.chars().filter(|c| c.is_alphabetic()).count();
    let lower = found.to_ascii_lowercase();
    let is_code = comment.trim_end().ends_with([';', '{', '}'])
        || found.contains("();")
        || found.contains(" = ")
        || found.starts_with('@');
    let says_nothing = lower.starts_with("created by")
        || lower.starts_with("@")
        || lower.starts_with("todo")
        || lower.contains("copyright")
        || lower.contains("license")
        || lower.contains("auto-generated")
        || lower.starts_with("author");
    (letters >= 8 && found.contains(' ') && !is_code && !says_nothing && found.len() <= 300)
        .then(|| found.to_owned())
}

fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['<', '{']) {
        out.push_str(&rest[..start]);
        let tail = &rest[start..];
        let tag = tail.starts_with('<')
            && tail[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let link = tail.starts_with("{@");
        let end = tail.find(if link { '}' } else { '>' });
        match end {
            Some(end) if tag => {
                if let Some(name) = quoted(&tail[..end]).filter(|_| tail.starts_with("<see")) {
                    out.push_str(name.rsplit([':', '.']).next().unwrap_or(name));
                }
                rest = &tail[end + 1..];
            }
            Some(end) if link => {
                let inner = tail[..end].split_whitespace().last().unwrap_or_default();
                out.push_str(inner.rsplit(['.', '#']).next().unwrap_or_default());
                rest = &tail[end + 1..];
            }
            _ => {
                let first = tail.chars().next().map_or(1, char::len_utf8);
                out.push_str(&tail[..first]);
                rest = &tail[first..];
            }
        }
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> Option<&str> {
    text.split('"').nth(1)
}

/// Whether a sentence says what something is for, and not only that it is a main class.
pub(crate) fn says_purpose(text: &str) -> bool {
    const EMPTY: [&str; 9] = [
        "application class",
        "boot application",
        "bootstrap",
        "entry point",
        "entrypoint",
        "main application",
        "main class",
        "main method",
        "starts the application",
    ];
    let lower = text.to_ascii_lowercase();
    !EMPTY.iter().any(|words| lower.contains(words))
}

/// The first sentence of the documentation comment above a line.
pub(crate) fn summary(file: &SourceFile<'_>, line: u32) -> Option<String> {
    let (first, _, text) = file.code().comment_above(line)?;
    let begin = file.lines().text(first).trim_start();
    (begin.starts_with("/**") || begin.starts_with("///"))
        .then(|| sentence(&text))
        .flatten()
        .filter(|text| !is_note(text))
}

/// A text of a contract that was made of a documentation comment, without the tags of that: `<remarks>`.
pub(crate) fn without_remarks(text: &str) -> String {
    const TAGS: [&str; 5] = ["remarks", "para", "returns", "summary", "example"];
    let mut out = text.to_owned();
    for tag in TAGS {
        for mark in [format!("<{tag}>"), format!("</{tag}>")] {
            if out.contains(&mark) {
                out = out.replace(&mark, "");
            }
        }
    }
    out
}

/// What the documentation comment above a line says of parameters, by name: `<param name="page">…</param>`.
pub(crate) fn of_parameters(file: &SourceFile<'_>, line: u32) -> Vec<(String, String)> {
    let Some((_, _, text)) = file.code().comment_above(line) else {
        return Vec::new();
    };
    let one = |part: &str| {
        let (name, rest) = part.strip_prefix('"')?.split_once('"')?;
        let (_, rest) = rest.split_once('>')?;
        let said = sentence(rest.split("</param>").next()?)?;
        Some((name.to_owned(), said))
    };
    text.split("<param name=").skip(1).filter_map(one).collect()
}

/// What a comment says of a field: the documentation comment above its first line, or where the
/// language has none of its own, the comment above it or behind its last line.
pub(crate) fn of_field(file: &SourceFile<'_>, first: u32, last: u32) -> Option<String> {
    let by_marks = !matches!(file.language, Language::Go | Language::Python);
    if by_marks {
        return summary(file, first);
    }
    let code = file.code();
    let behind = || code.comment_behind(last).and_then(|text| noted(&text));
    match file.language {
        // A comment above a member of Go is its documentation (<https://go.dev/doc/comment>), unless it
        // heads several: those of a group have no line of their own between them.
        Language::Go => code
            .comment_above(first)
            // What stands behind the member before is no comment of this one.
            .filter(|(begin, ..)| file.lines().text(*begin).trim_start().starts_with('/'))
            // Few words without an end may head the members that follow.
            .filter(|(.., text)| text.contains('.') || text.split_whitespace().count() > 3)
            .and_then(|(.., text)| noted(&text))
            .or_else(behind),
        _ => behind().or_else(|| {
            // A text that stands for itself below a member.
            let next = code.tokens.partition_point(|token| token.line <= last);
            let below = code.line(next) == last + 1 && code.raw(next).starts_with("\"\"\"");
            code.string(next).filter(|_| below).and_then(noted)
        }),
    }
}

/// What a comment of Prisma says behind a field, `state String // as the courier says it`.
pub(crate) fn behind_prisma(row: &str) -> Option<String> {
    let text = &row[comment_begins(row)?..];
    noted(text.trim_start().trim_start_matches('/'))
}

/// Where the comment begins that stands behind a field of Prisma.
pub(crate) fn comment_begins(row: &str) -> Option<usize> {
    let quotes = |before: &str| before.bytes().filter(|b| *b == b'"').count();
    let mut all = row.match_indices(" //").map(|(at, _)| at);
    all.find(|at| quotes(&row[..*at]) % 2 == 0)
}

/// What a comment of SQL says behind the definition of a column, `total int, -- in cents`.
pub(crate) fn behind_sql(row: &str) -> Option<String> {
    let quotes = |before: &str| before.bytes().filter(|b| *b == b'\'').count();
    let (at, _) = row
        .match_indices("--")
        .find(|(at, _)| quotes(&row[..*at]) % 2 == 0)?;
    // Of several columns in one line the comment is none's.
    let (mut depth, mut quoted) = (0_i32, false);
    for (place, c) in row[..at].char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 && !row[place + 1..at].trim().is_empty() => return None,
            _ => {}
        }
    }
    let text = row[at + 2..].trim();
    // What was a part of the definition.
    const WORDS: [&str; 8] = [
        "CHECK",
        "CONSTRAINT",
        "DEFAULT",
        "FOREIGN",
        "NOT",
        "PRIMARY",
        "REFERENCES",
        "UNIQUE",
    ];
    let first = text.split([' ', '(']).next().unwrap_or_default();
    noted(text).filter(|_| !WORDS.contains(&first))
}

/// A comment that says in words what a field is: no switch of a tool, no note to those who change the code.
fn noted(text: &str) -> Option<String> {
    const SWITCHES: [&str; 8] = [
        "noqa", "type:", "pylint", "pragma", "nosec", "nolint", "mypy", "swagger:",
    ];
    let plain = text.trim();
    let lower = plain.to_ascii_lowercase();
    // A heading over a group of fields: `--- Times ---`, `Audit fields`.
    let heads = plain.starts_with(['-', '=', '*', '#'])
        || lower.ends_with(" fields")
        || lower.ends_with(" columns")
        || lower.ends_with(':');
    if heads || SWITCHES.iter().any(|word| lower.starts_with(word)) {
        return None;
    }
    // Lines that tell a generator of documents the rest.
    const KEYS: [&str; 12] = [
        "+",
        "default:",
        "deprecated:",
        "enum:",
        "example:",
        "in:",
        "max",
        "min",
        "pattern:",
        "readonly:",
        "required:",
        "swagger:",
    ];
    let is_key = |line: &&str| {
        let lower = line.trim().to_ascii_lowercase();
        let begins = KEYS.iter().any(|key| lower.starts_with(key));
        begins && (lower.starts_with('+') || lower.contains(':'))
    };
    let words: Vec<&str> = plain.lines().take_while(|line| !is_key(line)).collect();
    sentence(&words.join("\n")).filter(|text| !is_note(text))
}

/// Whether a comment speaks to those who change the code, not of what the code does: `We use DbConn
/// here to …`, `Now unused but not yet removed`.
pub(crate) fn is_note(text: &str) -> bool {
    const BEGINS: [&str; 13] = [
        "fixme",
        "hack",
        "i ",
        "let's ",
        "needed ",
        "no longer used",
        "not used",
        "now unused",
        "this is needed",
        "todo",
        "unused",
        "we ",
        "workaround",
    ];
    const WITHIN: [&str; 4] = [" we are ", " we don't ", " we have to ", " we use "];
    let lower = text.trim_start().to_lowercase();
    BEGINS.iter().any(|begin| lower.starts_with(begin)) || WITHIN.iter().any(|w| lower.contains(w))
}

/// What the line comment directly above a route says, if it says it in words: no code that was
/// taken out, no note to the authors.
pub(crate) fn beside_route(file: &SourceFile<'_>, line: u32) -> Option<String> {
    if let Some(text) = summary(file, line) {
        return Some(text);
    }
    let (first, last, text) = file.code().comment_above(line)?;
    let text = text.trim();
    let begin = file.lines().text(first).trim_start();
    // A comment behind code is about that code.
    if first != last || !(begin.starts_with("//") || begin.starts_with('#')) {
        return None;
    }
    // A heading over several routes begins with a thing, what one does with a verb.
    const VERBS: [&str; 42] = [
        "accept", "add", "apply", "approve", "cancel", "change", "check", "confirm", "create",
        "delete", "download", "export", "fetch", "find", "generate", "get", "handle", "import",
        "list", "log", "lookup", "mark", "patch", "place", "post", "publish", "query", "read",
        "register", "remove", "reset", "retrieve", "return", "save", "search", "send", "set",
        "show", "store", "submit", "update", "upload",
    ];
    let lower = text.to_ascii_lowercase();
    let verb = lower.split_whitespace().next().unwrap_or_default();
    let words = text.split_whitespace().count();
    let said = (2..=16).contains(&words)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.contains(['(', ')', ';', '=', '{', '}', '/', '`', '*', '<', '|'])
        && !text.ends_with([':', ',', '?'])
        && forms(verb).any(|verb| VERBS.contains(&&*verb))
        && !lower.ends_with("routes")
        && !lower.ends_with("endpoints");
    let capital = |t: &str| {
        let mut letters = t.chars();
        let first = letters.next().map(|c| c.to_uppercase().collect::<String>());
        first.unwrap_or_default() + letters.as_str()
    };
    said.then(|| capital(text.trim_end_matches('.')) + ".")
}

/// What a verb may be a form of: `lists` of `list`, `fetches` of `fetch`, `applies` of `apply`.
fn forms(verb: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let cut = |end: &str| verb.strip_suffix(end).map(Cow::Borrowed);
    let y = verb
        .strip_suffix("ies")
        .map(|v| Cow::Owned(format!("{v}y")));
    [Some(Cow::Borrowed(verb)), cut("s"), cut("es"), y]
        .into_iter()
        .flatten()
}

/// Words that say that work is left.
const TODOS: [&str; 4] = ["TODO", "FIXME", "HACK", "XXX"];

/// The word of a line of a comment that says that work is left, and what follows it: at the
/// beginning, or further on where a colon or a name in brackets follows (`legacy - TODO: move`).
/// A word that is only told of, as in "the TODO list", is none.
fn todo(text: &str) -> Option<(&'static str, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || "_-\"'`".contains(c);
    TODOS
        .into_iter()
        .filter_map(|word| {
            let at = text.find(word)?;
            let rest = &text[at + word.len()..];
            let fits = match text[..at].chars().next_back() {
                None => !rest.starts_with(|c: char| c.is_alphanumeric()),
                Some(before) => !is_word(before) && rest.starts_with([':', '(']),
            };
            fits.then_some((at, word, rest))
        })
        .min_by_key(|(at, ..)| *at)
        .map(|(_, word, rest)| (word, rest))
}

/// Adds the clusters of comments that say that work is left.
pub(crate) fn todos(acc: &mut FileFacts, file: &SourceFile<'_>) {
    static WORDS: Finders = Finders::of(&TODOS);
    if !WORDS.any(file.text) {
        return;
    }
    // Few comments have one of them, which one search tells before their lines are looked at.
    let comments = file.code().comments();
    for (line, comment) in comments.filter(|(_, comment)| WORDS.any(comment)) {
        for (offset, text) in comment.lines().enumerate() {
            let text = text.trim().trim_start_matches(['/', '*', '#', '!', ' ']);
            let Some((word, rest)) = todo(text) else {
                continue;
            };
            let rest = match rest.split_once(')') {
                Some((_, behind)) if rest.starts_with('(') => behind,
                _ => rest,
            };
            let rest = rest
                .trim_start_matches([':', '-', ' ', '!'])
                .trim_end_matches("*/")
                .trim();
            let words: String = rest.chars().take(160).collect();
            let at = line + offset as u32;
            let detail = (!words.is_empty() && !secrets::is_secret_value(&words)).then_some(words);
            mark(acc, file, at, Topic::Todo, word, detail);
        }
    }
}
