//! Databases in a file that code takes where nothing names another.

use crate::extractor::{Extractor, Reads};
use crate::extractors::default_accounts::is_comment;
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::{BTreeMap, BTreeSet};

/// The name of observations of [`Topic::Stated`] of such a database: the detail has its scheme and, behind a
/// line break, the setting that it is given to, as code writes it, or the variable that would choose another.
pub(crate) const DEFAULT_STORE: &str = "database by default";

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "default-stores",
    docs: "\
### What it finds
A database in a file that code assigns to a setting where that is empty: `if c.Database.URL == \"\" {` above
`c.Database.URL = \"sqlite:///shop.db\"`, in Go, JavaScript, TypeScript and Python, and `url ||= 'sqlite:shop.db'`;
and SQLite where a file configures several products and compares one variable with each of the others
(`process.env.DB_KIND === 'postgres' ? server : file`): where the variable is not set, it is what is left.

### What it does not find
Defaults that stand beside the name of a variable, which are read with it, addresses that are put together
elsewhere, what holds under another condition only (for tests, for one driver), and databases in memory.
",
    reads: &[Reads::Paths(&["*.go", "*.js", "*.mjs", "*.py", "*.ts"])],
    markers: &["sqlite"],
    run: extract,
};

/// Lines above an assignment in which its condition is looked for.
const NEAR: usize = 4;

/// Lines above a condition in which others around it are looked for.
const FAR: usize = 500;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let lines: Vec<&str> = file.text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some((setting, rest, always)) = assigned(line) else {
            continue;
        };
        let Some(scheme) = scheme(rest) else {
            continue;
        };
        let first = match always {
            true => Some(at),
            false => asked_at(&lines, at, setting),
        };
        if first.is_some_and(|first| holds_always(&lines, first)) {
            // The setting is called without the object whose own it is.
            let own = ["self.", "this."]
                .iter()
                .find_map(|me| setting.strip_prefix(me));
            let receiver = setting
                .split_once('.')
                .filter(|(first, _)| first.len() == 1);
            let setting = own.or(receiver.map(|(_, rest)| rest)).unwrap_or(setting);
            let detail = Some(format!("{scheme}\n{setting}"));
            scan::mark(
                acc,
                file,
                at as u32 + 1,
                Topic::Stated,
                DEFAULT_STORE,
                detail,
            );
        }
    }
    if let Some((line, variable)) = left_over(&lines) {
        let detail = Some(format!("sqlite\n{variable}"));
        scan::mark(acc, file, line, Topic::Stated, DEFAULT_STORE, detail);
    }
}

/// The line of SQLite among the products that a file configures, with the one variable that is compared with all of
/// the others.
fn left_over<'l>(lines: &[&'l str]) -> Option<(u32, &'l str)> {
    let mut configured: BTreeMap<&str, u32> = BTreeMap::new();
    let mut compared: BTreeSet<&str> = BTreeSet::new();
    let mut variables: BTreeSet<&'l str> = BTreeSet::new();
    for (at, line) in lines.iter().copied().enumerate() {
        if is_comment(line) {
            continue;
        }
        if let Some(product) = configures(line) {
            configured.entry(product).or_insert(at as u32 + 1);
        }
        if let Some((variable, product)) = compares(line) {
            compared.insert(product);
            variables.insert(variable);
        }
    }
    let mut left = configured.iter().filter(|(p, _)| !compared.contains(*p));
    let (Some((&"sqlite", line)), None) = (left.next(), left.next()) else {
        return None;
    };
    let mut variables = variables.into_iter();
    let variable = variables.next().filter(|_| variables.next().is_none())?;
    (configured.len() > 1).then_some((*line, variable))
}

/// The product in `type: 'postgres'`, `"ENGINE": "django.db.backends.sqlite3"`.
fn configures(line: &str) -> Option<&'static str> {
    const KEYS: [&str; 6] = ["client", "dialect", "driver", "engine", "provider", "type"];
    let (key, value) = line.split_once(':')?;
    let key = key.trim().trim_matches(['"', '\'']);
    let value = value.trim().trim_end_matches(',');
    let quoted = value.starts_with(['"', '\'']);
    let named = quoted && KEYS.iter().any(|k| k.eq_ignore_ascii_case(key));
    named.then(|| product(value.trim_matches(['"', '\''])))?
}

/// The variable and the product in `process.env.DB_KIND === 'postgres'`, `os.getenv("DB") == "mysql"`.
fn compares(line: &str) -> Option<(&str, &'static str)> {
    let (left, right) = line.split_once("==")?;
    let right = right.trim_start_matches('=').trim_start();
    let quote = right.chars().next().filter(|c| matches!(*c, '"' | '\''))?;
    let product = product(right.get(1..)?.split(quote).next()?)?;
    let left = left.trim_end();
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let variable = match left.rsplit_once("process.env.") {
        Some((_, variable)) => variable,
        None => {
            let (_, read) = left.rsplit_once("env")?;
            let open = read.find(['(', '['])?;
            let inner = read.get(open + 1..)?.trim_end_matches([')', ']']);
            inner.trim_matches(['"', '\''])
        }
    };
    (!variable.is_empty() && variable.chars().all(is_name)).then_some((variable, product))
}

/// The one word for what frameworks call a product.
fn product(word: &str) -> Option<&'static str> {
    match word.rsplit('.').next().unwrap_or(word) {
        "better-sqlite3" | "sqlite" | "sqlite3" => Some("sqlite"),
        "pg" | "postgis" | "postgres" | "postgresql" => Some("postgres"),
        "mysql" | "mysql2" => Some("mysql"),
        "mariadb" => Some("mariadb"),
        "mssql" => Some("mssql"),
        "oracle" => Some("oracle"),
        _ => None,
    }
}

/// The setting that a line assigns to, what it is given, and whether only where it is empty.
fn assigned(line: &str) -> Option<(&str, &str, bool)> {
    let (left, right) = line.split_once('=')?;
    let right = right.strip_prefix(' ').unwrap_or(right);
    let (left, always) = match left.strip_suffix("||").or_else(|| left.strip_suffix("??")) {
        Some(left) => (left, true),
        None => (left, false),
    };
    let left = left.trim();
    let named = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
    (!left.is_empty() && left.chars().all(named)).then_some((left, right, always))
}

/// The line of the condition that a setting is not given, above what it is given then.
fn asked_at(lines: &[&str], at: usize, setting: &str) -> Option<usize> {
    let own = lines.get(at).map_or(0, |line| indent(line));
    let above = (at.saturating_sub(NEAR)..at).rev().find(|&up| {
        let other = lines.get(up).copied().unwrap_or_default();
        indent(other) < own && !other.trim().is_empty()
    })?;
    asks_whether_empty(lines.get(above)?, setting).then_some(above)
}

/// Whether no condition stands around a line in its function.
fn holds_always(lines: &[&str], at: usize) -> bool {
    const DECIDES: [&str; 14] = [
        "case", "catch", "default", "elif", "else", "elsif", "except", "finally", "for", "if",
        "match", "switch", "when", "while",
    ];
    const BEGINS: [&str; 5] = ["class", "constructor", "def", "func", "function"];
    let mut inner = lines.get(at).map_or(0, |line| indent(line));
    for line in lines.iter().take(at).rev().take(FAR) {
        if inner == 0 {
            return true;
        }
        if line.trim().is_empty() || indent(line) >= inner {
            continue;
        }
        inner = indent(line);
        let begin = line.trim_start().trim_start_matches("} ");
        let word = begin
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        // A bracket may end a condition of several lines.
        if DECIDES.contains(&word) || begin.starts_with(')') {
            return false;
        }
        if BEGINS.contains(&word) {
            return true;
        }
    }
    inner == 0
}

/// The scheme of the first text of an expression, where that is an address of SQLite.
fn scheme(expression: &str) -> Option<&'static str> {
    // What is kept in memory is kept nowhere.
    if expression.contains(":memory:") || expression.contains("mode=memory") {
        return None;
    }
    let quote = expression.find(['"', '\'', '`'])?;
    let text = &expression[quote + 1..];
    let known = ["sqlite:", "sqlite3:"].iter();
    let found = known.copied().find(|scheme| text.starts_with(scheme))?;
    Some(found.trim_end_matches(':'))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line is the condition that a setting is not given, and asks for nothing but what is given. What
/// stands behind an `else` holds where another condition does not.
fn asks_whether_empty(line: &str, setting: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("if") else {
        return false;
    };
    if !rest.starts_with([' ', '(']) || rest.contains(" or ") || rest.contains("||") {
        return false;
    }
    let parts = rest.split("&&").flat_map(|part| part.split(" and "));
    let mut parts = parts.map(|part| part.trim().trim_matches(['(', ')', '{', ':', ' ']));
    let mut named = false;
    let all = parts.all(|part| {
        let empty = [
            "== \"\"",
            "== ''",
            "=== ''",
            "=== \"\"",
            "== nil",
            "is None",
            "== null",
            "=== undefined",
        ];
        let compared = empty.iter().find_map(|sign| part.strip_suffix(sign));
        let negated = part.strip_prefix("not ").or_else(|| part.strip_prefix('!'));
        let own = |name: &str| name.trim() == setting;
        named |= compared.or(negated).is_some_and(own);
        // `!production` asks for no setting that may be empty.
        compared.is_some() || negated.is_some_and(own)
    });
    all && named
}

#[cfg(test)]
mod tests {
    use super::{asked_at, asks_whether_empty, assigned, holds_always, left_over, scheme};

    #[test]
    fn what_is_left_where_a_variable_is_not_set() {
        let told = |text: &str| {
            let lines: Vec<&str> = text.lines().collect();
            left_over(&lines).map(|(line, variable)| (line, variable.to_owned()))
        };
        let of_script = "const file = {\n  type: 'sqlite',\n};\nconst server = {\n  type: 'postgres',\n};\n\
            export default process.env.DB_KIND === 'postgres' ? server : file;";
        assert_eq!(told(of_script), Some((2, "DB_KIND".to_owned())));
        let of_django = "D = {\n    \"ENGINE\": \"django.db.backends.sqlite3\",\n}\nif os.getenv(\"DB\") == \"postgres\":\n\
            \x20   D = {\n        \"ENGINE\": \"django.db.backends.postgresql\",\n    }";
        assert_eq!(told(of_django), Some((2, "DB".to_owned())));
        // Another product is left as well.
        let open = "a = {\n  type: 'sqlite',\n}\nb = {\n  type: 'mysql',\n}\nc = {\n  type: 'postgres',\n}\n\
            x = process.env.DB_KIND === 'postgres' ? c : a;";
        assert_eq!(told(open), None);
        assert_eq!(told("a = {\n  type: 'sqlite',\n}"), None);
    }

    #[test]
    fn conditions_around_a_default() {
        let told = |text: &str, at: usize| {
            let lines: Vec<&str> = text.lines().collect();
            asked_at(&lines, at, "c.URL").is_some_and(|first| holds_always(&lines, first))
        };
        let plain = "func f() {\n\tif c.URL == \"\" {\n\t\tc.URL = \"sqlite:a\"";
        assert!(told(plain, 2));
        let driver = "func f() {\n\tswitch d {\n\tcase \"sqlite\":\n\t\tif c.URL == \"\" {\n\t\t\tc.URL = \"sqlite:a\"";
        assert!(!told(driver, 4));
        let other = "func f() {\n\tif d {\n\t} else if c.URL == \"\" {\n\t\tc.URL = \"sqlite:a\"";
        assert!(!told(other, 3));
        assert!(holds_always(&["url ||= 'sqlite:a'"], 0));
        assert!(!holds_always(&["if (test) {", "  url ||= 'sqlite:a'"], 1));
        assert_eq!(scheme("'sqlite::memory:'"), None);
    }

    #[test]
    fn conditions_of_a_default() {
        for line in [
            "if c.URL == \"\" {",
            "if c.Kind == \"\" && c.URL == \"\" {",
            "if not c.URL:",
            "if (!c.URL) {",
            "if c.URL is None:",
        ] {
            assert!(asks_whether_empty(line, "c.URL"), "{line}");
        }
        for line in [
            "if c.URL != \"\" {",
            "if c.Test {",
            "if testing || c.URL == \"\" {",
            "if testing && c.URL == \"\" {",
            "if c.Driver == \"sqlite\" && c.URL == \"\" {",
            "if (!production && !c.URL) {",
            "for !c.URL {",
        ] {
            assert!(!asks_whether_empty(line, "c.URL"), "{line}");
        }
    }

    #[test]
    fn assignments() {
        let line = "    c.URL = fmt.Sprintf(\"sqlite:///%s\", path)";
        let (setting, rest, always) = assigned(line).unwrap_or_default();
        assert_eq!(
            (setting, scheme(rest), always),
            ("c.URL", Some("sqlite"), false)
        );
        assert_eq!(assigned("if c.URL == \"sqlite:\" {"), None);
        assert_eq!(
            assigned("url ||= 'sqlite:a.db'").map(|(_, _, always)| always),
            Some(true)
        );
    }
}
