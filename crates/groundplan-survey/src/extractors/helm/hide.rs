//! Templates without secrets. A template is kept as text, so that here every value that stands
//! behind the name of a secret is cut out, line by line, and nothing else is changed.

use crate::extractors::manifests::redact_line;
use crate::secrets::{holds_credentials, is_secret_name, is_secret_value};
use groundplan_syntax::template_actions;

/// What stands in the place of a secret.
const CUT: &str = "…";
/// Around the number of an action, while text outside of actions is looked at.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// A template without secrets, with the same lines; nothing if it is no template.
pub(super) fn hide(text: &str) -> Option<String> {
    let actions = template_actions(text)?;
    if text.contains([OPEN, CLOSE]) {
        return None;
    }
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for (number, range) in actions.iter().enumerate() {
        masked.push_str(text.get(at..range.start)?);
        masked.push_str(&format!("{OPEN}{number}{CLOSE}"));
        at = range.end;
    }
    masked.push_str(text.get(at..)?);
    let lines: Vec<&str> = masked.split('\n').collect();
    let mut state = State::default();
    let mut out = String::with_capacity(text.len() + 64);
    for (place, line) in lines.iter().enumerate() {
        if place == 0 || line.starts_with("---") && !line.starts_with("-----") {
            state = State {
                secret: is_of_secret(&lines[place..]),
                ..State::default()
            };
        }
        let (clean, armed) = state.line(line, lines.get(place + 1).unwrap_or(&""));
        if place > 0 {
            out.push('\n');
        }
        let shown: Vec<usize> = numbers(&clean).collect();
        // An action that went with a secret still opens or closes a block.
        let lost = numbers(line).filter(|n| !shown.contains(n));
        let lost: String = lost.map(|n| format!("{OPEN}{n}{CLOSE}")).collect();
        for part in format!("{clean}{lost}").split_inclusive(CLOSE) {
            let Some((before, number)) = part.split_once(OPEN) else {
                out.push_str(part);
                continue;
            };
            out.push_str(before);
            let number: Option<usize> = number.trim_end_matches(CLOSE).parse().ok();
            let range = number.and_then(|n| actions.get(n))?;
            out.push_str(&action(text.get(range.clone())?, armed));
        }
    }
    let out: Vec<String> = out.split('\n').map(crate::redact::without_tokens).collect();
    (out.len() == text.split('\n').count()).then(|| out.join("\n"))
}

/// Whether the document that begins with the first of these lines is a Secret, wherever it says so.
fn is_of_secret(lines: &[&str]) -> bool {
    let parts = |line: &&&str| line.starts_with("---") && !line.starts_with("-----");
    let rest = lines.iter().skip(1).take_while(|line| !parts(line));
    let mut all = lines.iter().take(1).chain(rest);
    all.any(|line| {
        key_and_value(line.trim_end()).is_some_and(|(key, value)| {
            key == "kind" && value.trim_matches(['"', '\'']) == "Secret"
        })
    })
}

fn numbers(line: &str) -> impl Iterator<Item = usize> + '_ {
    let parts = line.split(OPEN).skip(1);
    parts.filter_map(|part| part.split(CLOSE).next()?.parse().ok())
}

/// What earlier lines say of the next one.
#[derive(Default)]
struct State {
    /// Whether the document is a Secret, and the indent of its data once that is reached.
    secret: bool,
    data: Option<usize>,
    /// Indent of a key that names a secret, whose value stands in the lines below, and whether that
    /// is text as a whole.
    below: Option<(usize, bool)>,
    /// Whether the lines are those of a private key.
    key: bool,
    /// The `name` of the line before.
    name: String,
    /// Whether the item before is a flag that takes a secret.
    flag: bool,
}

impl State {
    /// A line without secrets, and whether texts in its actions may be some.
    fn line(&mut self, line: &str, next: &str) -> (String, bool) {
        let content = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - content.len();
        let content = content.trim_end_matches(['\r', ' ']);
        if line.starts_with("---") && !line.starts_with("-----") {
            return (line.to_owned(), false);
        }
        let begins = line.contains("-----BEGIN ") && line.contains("PRIVATE KEY");
        if self.key || begins {
            self.key = !line.contains("-----END ");
            // Before the key there may be a name.
            let from = line
                .find("-----BEGIN ")
                .filter(|_| begins)
                .unwrap_or(indent);
            return (format!("{}{CUT}", &line[..from]), true);
        }
        // A comment stands between a name and its value without parting them.
        if content.starts_with('#') {
            return self.words(line);
        }
        if is_only_actions(content) {
            let armed = self.data.is_some() || self.below.is_some();
            return (line.to_owned(), armed);
        }
        if self.data.is_some_and(|data| indent <= data) {
            self.data = None;
        }
        if self.below.is_some_and(|(above, _)| indent <= above) {
            self.below = None;
        }
        let flag = std::mem::take(&mut self.flag);
        let name = std::mem::take(&mut self.name);
        let item = content.trim_start_matches("- ").trim_start();
        let head = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
        let hidden = |from: usize| (format!("{}{CUT}", &line[..from]), true);
        if self.below.is_some_and(|(_, whole)| whole) {
            return hidden(indent);
        }
        let Some((key, value)) = key_and_value(item) else {
            let alone = self.data.is_some() || self.below.is_some();
            if alone || flag && content.starts_with("- ") {
                return hidden(if content.starts_with("- ") {
                    head.min(indent + 2)
                } else {
                    indent
                });
            }
            let word = item.trim_matches(['"', '\'', ',']);
            self.flag = word.starts_with('-') && is_secret_name(word.trim_start_matches('-'));
            return self.words(line);
        };
        match key {
            "data" | "stringData" if self.secret => self.data = Some(indent),
            "name" => self.name = value.trim_matches(['"', '\'']).to_owned(),
            _ => {}
        }
        let after = key_and_value(next.trim_start().trim_start_matches("- "));
        let named = match (key, after) {
            ("value", _) if is_secret_name(&name) => true,
            ("value", Some(("name", name))) => is_secret_name(name.trim_matches(['"', '\''])),
            _ => false,
        };
        let in_data = self.data.is_some_and(|data| indent > data);
        // `checksum/secrets` is made of a file, and starts pods anew when that changes.
        let secret = is_secret_name(key) && !key.starts_with("checksum/");
        if !(in_data || named || secret) {
            return self.words(line);
        }
        let mark = value.split([' ', '\t']).next().unwrap_or_default();
        let behind = value[mark.len()..].trim_start();
        let block = mark.starts_with(['|', '>'])
            && mark.len() <= 3
            && (behind.is_empty() || behind.starts_with('#'));
        if value.is_empty() || block {
            self.below = Some((indent, block));
            return (line.to_owned(), true);
        }
        let plain = matches!(
            value,
            "true" | "false" | "{}" | "[]" | "null" | "\"\"" | "''"
        );
        if plain || is_only_actions(value) {
            return (line.to_owned(), true);
        }
        // A text may go on in the lines below.
        self.below = Some((head, true));
        let from = line.rfind(value).unwrap_or(line.len());
        hidden(from)
    }

    /// A line whose key names no secret: words in it may.
    fn words(&self, line: &str) -> (String, bool) {
        let mut out = redact_line(line);
        let mut armed = false;
        // `{name: DB_PASSWORD, value: x}`, in either order.
        let named = out.find("name:").map(|at| token(&out, at + 5));
        if let Some(at) = out.find("value:")
            && let Some((first, end)) = named
            && is_secret_name(&out[first..end])
        {
            let (first, end) = token(&out, at + 6);
            armed |= cut(&mut out, first, end);
        }
        // `["--password", "x"]` and `mysql -px`: what follows the flag is cut.
        let mut from = 0;
        while let Some(at) = out[from..].find('-').map(|at| from + at) {
            let rest = &out[at..];
            let end = rest.find([' ', '"', '\'', ',', '=', ']']);
            let end = end.unwrap_or(rest.len());
            let word = rest[..end].trim_start_matches('-');
            let before = out[..at].chars().next_back();
            let starts = before.is_none_or(|c| " \"'[,".contains(c));
            let programs = ["mysql", "mariadb", "sshpass"];
            let short = word.starts_with('p') && programs.iter().any(|p| out.contains(p));
            let after = at + end.max(1);
            if starts && short && !rest.starts_with("--") {
                armed |= cut(&mut out, at + 2, at + end);
            } else if starts && is_secret_name(word) {
                let (first, end) = token(&out, at + end);
                armed |= cut(&mut out, first, end);
            }
            // What was cut may have taken the place with it.
            from = (after.min(out.len())..=out.len())
                .find(|&place| out.is_char_boundary(place))
                .unwrap_or(out.len());
        }
        (out, armed)
    }
}

/// Where the next word or quoted text begins and ends, from `at` on.
fn token(text: &str, at: usize) -> (usize, usize) {
    let rest = &text[at.min(text.len())..];
    let head = rest.trim_start_matches([' ', ',', '=', '"', '\'']);
    let skipped = &rest[..rest.len() - head.len()];
    let end = match skipped.chars().next_back() {
        Some(mark @ ('"' | '\'')) => head.find(mark),
        _ => head.find([' ', ',', '}', ']', '"', '\'']),
    };
    let first = at + skipped.len();
    (first, first + end.unwrap_or(head.len()))
}

/// Cuts a part out of a line unless it is nothing but actions; whether the line may hold a secret.
fn cut(line: &mut String, first: usize, end: usize) -> bool {
    if first < end && !is_only_actions(&line[first..end]) {
        line.replace_range(first..end, CUT);
    }
    true
}

/// Key and value of a line of YAML, or of a pair in a file inside it.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_matches(['"', '\'']);
    let is_key = !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    (is_key && (value.is_empty() || value.starts_with([' ', '\r', '\t'])))
        .then(|| (key, value.trim()))
}

/// Whether a text is nothing but actions, with quotes and blanks.
fn is_only_actions(text: &str) -> bool {
    let mut inside = false;
    text.chars().all(|c| match c {
        OPEN => {
            inside = true;
            true
        }
        CLOSE => {
            inside = false;
            true
        }
        c => inside || " \t\r\"'".contains(c),
    })
}

/// An action whose texts are cut out where they may be secrets: all of them if it is `armed` or
/// names a secret. Names of templates and formats stay.
fn action(text: &str, armed: bool) -> String {
    if let Some((open, rest)) = text.split_once("/*")
        && open.trim_matches(['{', '-', ' ', '\n']).is_empty()
        && let Some((comment, close)) = rest.rsplit_once("*/")
    {
        let lines: Vec<String> = comment.split('\n').map(crate::without_secrets).collect();
        return format!("{open}/*{}*/{close}", lines.join("\n"));
    }
    let bare = without_texts(text);
    let names = |word: &str| {
        let last = word.rsplit('.').next().unwrap_or(word);
        let lower = last.to_ascii_lowercase();
        let of_object = ["existingsecret", "secretname", "secretref", "passwordkey"];
        is_secret_name(last) && !of_object.iter().any(|o| lower.contains(o))
    };
    let words = bare.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
    let armed = armed || words.into_iter().any(names);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = String::new();
    while let Some(at) = rest.find(['"', '`']) {
        let mark = rest.as_bytes()[at];
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let end = end_of_text(tail, mark);
        let (whole, after) = tail.split_at(end);
        let inner = whole.trim_matches(mark as char);
        let called = head.trim_end().rsplit([' ', '(', '{', '-', '|']).next();
        let is_name = matches!(
            called,
            Some("include" | "template" | "define" | "block" | "printf")
        );
        let follows = head.trim().is_empty() && is_secret_name(&before);
        let loud = is_secret_value(inner) || holds_credentials(inner);
        if loud || (armed && !is_name || follows) && !inner.is_empty() {
            out.push_str("\"…\"");
            // A text over several lines keeps them.
            out.extend(std::iter::repeat_n('\n', whole.matches('\n').count()));
        } else {
            out.push_str(whole);
        }
        before = inner.to_owned();
        rest = after;
    }
    out.push_str(rest);
    out
}

fn end_of_text(text: &str, mark: u8) -> usize {
    let bytes = text.as_bytes();
    let mut end = 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' if mark == b'"' => end += 2,
            b if b == mark => return end + 1,
            _ => end += 1,
        }
    }
    text.len()
}

fn without_texts(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '`']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        rest = &tail[end_of_text(tail, rest.as_bytes()[at])..];
        out.push(' ');
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::hide;

    #[test]
    fn secrets_are_cut_out_and_nothing_else_is() {
        for (text, kept) in [
            ("a: {{ .Values.a }}\n", "a: {{ .Values.a }}\n"),
            ("password: hunter2\n", "password: …\n"),
            (
                "password: {{ .Values.x }}hunter2\n",
                "password: …{{ .Values.x }}\n",
            ),
            (
                "password: {{ default \"hunter2\" .Values.x }}\n",
                "password: {{ default \"…\" .Values.x }}\n",
            ),
            (
                "{{ .Values.password | default \"hunter2\" | quote }}",
                "{{ .Values.password | default \"…\" | quote }}",
            ),
            (
                "name: {{ include \"shop.password\" . }}\n",
                "name: {{ include \"shop.password\" . }}\n",
            ),
            (
                "- name: DB_PASSWORD\n  value: hunter2\n",
                "- name: DB_PASSWORD\n  value: …\n",
            ),
            (
                "- value: \"hunter2\"\n  name: DB_PASSWORD\n",
                "- value: …\n  name: DB_PASSWORD\n",
            ),
            ("- name: HOST\n  value: db\n", "- name: HOST\n  value: db\n"),
            (
                "secretKeyRef:\n  name: x\n  key: db-password\n",
                "secretKeyRef:\n  name: x\n  key: db-password\n",
            ),
            (
                "password: |\n  hunter2\nport: 1\n",
                "password: |\n  …\nport: 1\n",
            ),
            (
                "args:\n- --password\n- hunter2\n- --port\n",
                "args:\n- --password\n- …\n- --port\n",
            ),
            (
                "args: [\"--password\", \"hunter2\"]\n",
                "args: [\"--password\", \"…\"]\n",
            ),
            (
                "kind: Secret\ndata:\n  a: aHVudGVyMg==\n  b: {{ \"hunter2\" | b64enc }}\n  c: {{ .Values.c }}\n",
                "kind: Secret\ndata:\n  a: …\n  b: {{ \"…\" | b64enc }}\n  c: {{ .Values.c }}\n",
            ),
            (
                "data:\n  a: aHVudGVyMg==\nkind: Secret\n---\ndata:\n  a: b\n",
                "data:\n  a: …\nkind: Secret\n---\ndata:\n  a: b\n",
            ),
            (
                "password: \"hunter\n  two\"\nuser: ann\n",
                "password: …\n  …\nuser: ann\n",
            ),
            (
                "- password: hunter2\n  user: ann\n",
                "- password: …\n  user: ann\n",
            ),
            (
                "password: | # kept\n  hunter2\n",
                "password: | # kept\n  …\n",
            ),
            (
                "- name: DB_PASSWORD\n  # why\n  value: hunter2\n",
                "- name: DB_PASSWORD\n  # why\n  value: …\n",
            ),
            (
                "a: |\n  -----BEGIN PRIVATE KEY-----\n  aHVudGVy\n  -----END PRIVATE KEY-----\nb: 1\n",
                "a: |\n  …\n  …\n  …\nb: 1\n",
            ),
            ("- mysql -phunter2", "- mysql -p…"),
            (
                "url: postgres://ann:hunter2@db/x\n",
                "url: postgres://db/x\n",
            ),
            (
                "automountServiceAccountToken: false\n",
                "automountServiceAccountToken: false\n",
            ),
            (
                "{{ $_ := set $d \"password\" \"hunter2\" }}",
                "{{ $_ := set $d \"password\" \"…\" }}",
            ),
            (
                "x: {{ printf \"postgres://ann:hunter2@%s\" .h }}",
                "x: {{ printf \"…\" .h }}",
            ),
            (
                "name: {{ .Values.existingSecret | default \"shop\" }}",
                "name: {{ .Values.existingSecret | default \"shop\" }}",
            ),
            ("  \"PASSWORD\": \"hunter2\",\n", "  \"PASSWORD\": …\n"),
        ] {
            assert_eq!(hide(text).as_deref(), Some(kept), "{text}");
        }
    }
}
