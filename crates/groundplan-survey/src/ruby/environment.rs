//! Values of configuration in Ruby that the environment gives, and templates of ERB around YAML.

/// What an expression of Ruby gives as far as the environment and literals decide it, with
/// `{env:NAME}` and `{env:NAME:default}` for variables: `ENV.fetch("HOST") { "db" }`,
/// `ENV['HOST'].presence || "db"`, `"db"`, `:redis`. Nothing for all else.
pub(crate) fn environment(code: &str) -> Option<String> {
    fold(code.trim(), 0)
}

fn fold(code: &str, depth: u32) -> Option<String> {
    if depth > 6 || code.len() > 400 {
        return None;
    }
    if let Some(text) = literal(code) {
        return Some(text.to_owned());
    }
    let rest = code.strip_prefix("ENV")?.trim_start();
    let (name, mut default, mut rest) = if let Some(rest) = rest.strip_prefix('[') {
        let (name, rest) = rest.split_once(']')?;
        (literal(name.trim())?, None, rest)
    } else {
        let rest = rest.strip_prefix(".fetch(")?;
        let end = closing(rest, '(', ')')?;
        let (inner, rest) = (&rest[..end], &rest[end + 1..]);
        let (name, default) = match inner.split_once(',') {
            Some((name, default)) => (name, fold(default.trim(), depth + 1)),
            None => (inner, None),
        };
        let rest = rest.trim_start();
        match rest.strip_prefix('{') {
            Some(block) => {
                let end = closing(block, '{', '}')?;
                let default = fold(block[..end].trim(), depth + 1).or(default);
                (literal(name.trim())?, default, &block[end + 1..])
            }
            None => (literal(name.trim())?, default, rest),
        }
    };
    for plain in [".presence", "&.to_sym", ".to_sym", ".to_s", ".strip"] {
        rest = rest.strip_prefix(plain).unwrap_or(rest);
    }
    let rest = rest.trim();
    if let Some(other) = rest.strip_prefix("||") {
        default = default.or_else(|| fold(other.trim(), depth + 1));
    } else if !rest.is_empty() {
        return None;
    }
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(word) {
        return None;
    }
    Some(match default.filter(|d| !d.is_empty()) {
        Some(default) => format!("{{env:{name}:{default}}}"),
        None => format!("{{env:{name}}}"),
    })
}

/// The text of a string without interpolation, or of a symbol.
fn literal(code: &str) -> Option<&str> {
    if let Some(name) = code.strip_prefix(':') {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        return (!name.is_empty() && name.chars().all(word)).then_some(name);
    }
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = code.strip_prefix(quote)?.strip_suffix(quote)?;
    let plain = !inner.contains(quote) && !inner.contains("#{") && !inner.contains('}');
    plain.then_some(inner)
}

fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 1_u32;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// What stands around the number of an expression, which no text of people holds.
const MARK: char = '\u{e000}';

/// A template of ERB as plain text with the same lines, and what its expressions give: a number
/// between two marks stands for each of them. Statements, and expressions that make up whole lines, are left out.
pub(crate) fn template(text: &str) -> (String, Vec<Option<String>>) {
    let mut out = String::with_capacity(text.len());
    let mut values = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("<%") {
        let (head, tail) = rest.split_at(start);
        out.push_str(head);
        let end = tail.find("%>").unwrap_or(tail.len());
        let inner = &tail[2..end.max(2)];
        let line = out.rsplit('\n').next().unwrap_or_default();
        if let Some(code) = inner.strip_prefix('=')
            && !line.trim().is_empty()
        {
            out.push_str(&format!("{MARK}{}{MARK}", values.len()));
            values.push(environment(code.trim_end_matches('-')));
        }
        out.extend(inner.chars().filter(|c| *c == '\n'));
        rest = tail.get(end + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    (out, values)
}

/// A text of a template with what its expressions give; nothing where one of them is not known.
pub(crate) fn expanded(text: &str, values: &[Option<String>]) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once(MARK) {
        out.push_str(head);
        let (number, after) = tail.split_once(MARK)?;
        out.push_str(values.get(number.parse::<usize>().ok()?)?.as_deref()?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{environment, expanded, template};

    #[test]
    fn what_the_environment_gives() {
        for (code, wanted) in [
            ("ENV['A']", Some("{env:A}")),
            ("ENV.fetch(\"A\") { \"db\" }", Some("{env:A:db}")),
            ("ENV.fetch('A', 'db')", Some("{env:A:db}")),
            ("ENV['A'].presence || \"mysql2\"", Some("{env:A:mysql2}")),
            ("ENV['A'] || ENV['B'] || 'x'", Some("{env:A:{env:B:x}}")),
            ("ENV.fetch(\"S\", \"local\").to_sym", Some("{env:S:local}")),
            (":redis_cache_store", Some("redis_cache_store")),
            ("Settings.files.storage", None),
            ("ENV['A'].split(',')", None),
            ("\"a#{b}\"", None),
        ] {
            assert_eq!(environment(code).as_deref(), wanted, "{code}");
        }
    }

    #[test]
    fn templates_keep_their_lines() {
        let text = "a:\n  host: <%= ENV['H'] || [\n 1] %>\n<% if x %>\n  b: '<%= ENV['B'] %>/c'\n";
        let (plain, values) = template(text);
        assert_eq!(
            plain,
            "a:\n  host: \u{e000}0\u{e000}\n\n\n  b: '\u{e000}1\u{e000}/c'\n"
        );
        assert_eq!(
            expanded("\u{e000}1\u{e000}/c", &values).as_deref(),
            Some("{env:B}/c")
        );
        assert_eq!(expanded("\u{e000}7\u{e000}", &values), None);
    }
}
