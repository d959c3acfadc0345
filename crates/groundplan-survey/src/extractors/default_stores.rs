//! Databases in a file that code takes where nothing names another.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;

/// The name of observations of [`Topic::Stated`] of such a database: the detail has its scheme and, behind a
/// line break, the setting that it is given to, as code writes it.
pub(crate) const DEFAULT_STORE: &str = "database by default";

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "default-stores",
    docs: "\
### What it finds
A database in a file that code assigns to a setting where that is empty: `if c.Database.URL == \"\" {` above
`c.Database.URL = \"sqlite:///shop.db\"`, in Go, JavaScript, TypeScript and Python, and `url ||= 'sqlite:shop.db'`.

### What it does not find
Defaults that stand beside the name of a variable, which are read with it, and addresses that are put together
elsewhere.
",
    reads: &[Reads::Paths(&["*.go", "*.js", "*.mjs", "*.py", "*.ts"])],
    markers: &["sqlite:", "sqlite3:"],
    run: extract,
};

/// Lines above an assignment in which its condition is looked for.
const NEAR: usize = 4;

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
        let above = lines.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
        let mut above = above.iter().rev();
        let condition =
            above.find(|other| indent(other) < indent(line) && !other.trim().is_empty());
        if always || condition.is_some_and(|other| asks_whether_empty(other, setting)) {
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

/// The scheme of the first text of an expression, where that is an address of SQLite.
fn scheme(expression: &str) -> Option<&'static str> {
    let quote = expression.find(['"', '\'', '`'])?;
    let text = &expression[quote + 1..];
    let known = ["sqlite:", "sqlite3:"].iter();
    let found = known.copied().find(|scheme| text.starts_with(scheme))?;
    Some(found.trim_end_matches(':'))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether a line is the condition that a setting is not given.
fn asks_whether_empty(line: &str, setting: &str) -> bool {
    let line = line.trim_start().trim_start_matches("} else ");
    let Some(rest) = line
        .strip_prefix("if")
        .or_else(|| line.strip_prefix("elif"))
    else {
        return false;
    };
    if !rest.starts_with([' ', '(']) || rest.contains(" or ") || rest.contains("||") {
        return false;
    }
    let parts = rest.split("&&").flat_map(|part| part.split(" and "));
    let mut parts = parts.map(|part| part.trim().trim_matches(['(', ')', '{', ':', ' ']));
    parts.any(|part| {
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
        compared
            .or(negated)
            .is_some_and(|name| name.trim() == setting)
    })
}

#[cfg(test)]
mod tests {
    use super::{asks_whether_empty, assigned, scheme};

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
