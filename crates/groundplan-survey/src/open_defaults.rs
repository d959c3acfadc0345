//! Secrets for which code has a value of its own: whoever reads the code knows it.

use crate::facts::FileFacts;
use crate::paths;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;

/// What is said of such a secret.
pub(crate) const IN_CODE: &str = "where it is not set, a value that stands in code is used";

/// Notes that code takes a literal where the variable of a secret is not set. The value is neither kept nor shown.
pub(crate) fn note(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    line: u32,
    name: &str,
    default: Option<&str>,
) {
    if !file.language.is_code() || !secrets::is_secret_name(name) || secrets::is_of_bundle(name) {
        return;
    }
    let Some(value) = default.map(str::trim).filter(|v| !v.is_empty()) else {
        return;
    };
    let is_literal = !value.contains(['$', '{', '%']) && !value.contains("://");
    let nothing = [
        "dummy",
        "missing",
        "n/a",
        "nil",
        "none",
        "not-set",
        "not_set",
        "null",
        "undefined",
        "unset",
    ];
    // The system signs with what stands there, be it a sentence or a stand-in; with others these open nothing.
    let own = signs(name);
    let prose = secrets::is_prose(value) && own && !asks(value);
    let stand_in = secrets::is_placeholder(name, value) && !own;
    let held = (secrets::holds_secret(name, value) || prose) && !stand_in;
    if !is_literal
        || nothing.iter().any(|word| value.eq_ignore_ascii_case(word))
        || !held
        || scan::part(file) != Part::Own
        || file.is_test()
        || is_for_developers(file.path)
        || is_of_tests(file, line)
    {
        return;
    }
    scan::mark(
        acc,
        file,
        line,
        Topic::SecretLeak,
        name,
        Some(IN_CODE.to_owned()),
    );
}

/// Lines above a value in which what it belongs to is looked for.
const NEAR: u32 = 40;

/// Whether a line stands in an entry that is called after tests: `'mysql_testing' => [`.
fn is_of_tests(file: &SourceFile<'_>, line: u32) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines = file.lines();
    let depth = indent(lines.text(line));
    let above = (line.saturating_sub(NEAR).max(1)..line).rev();
    let head = above.map(|above| lines.text(above)).find(|line| {
        let open = line.trim_end().ends_with(['[', '{', '(']);
        open && indent(line) < depth
    });
    head.is_some_and(|head| {
        let head = head.to_ascii_lowercase();
        let mut words = head.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| matches!(word, "test" | "testing" | "tests"))
    })
}

/// Whether the system signs with a secret itself: `JWT_SECRET`, `SECRET_KEY`. That of a service outside is its own.
fn signs(name: &str) -> bool {
    const BESIDE: [&str; 14] = [
        "app",
        "application",
        "auth",
        "base",
        "cookie",
        "csrf",
        "django",
        "flask",
        "key",
        "nextauth",
        "rails",
        "secret",
        "signing",
        "token",
    ];
    let words = secrets::words_of(name);
    let is = |word: &str| words.iter().any(|w| w == word);
    is("jwt")
        || is("salt")
        || is("session")
        || is("secret") && words.iter().all(|w| BESIDE.contains(&w.as_str()))
}

/// Whether a sentence says that a secret is to be set.
fn asks(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| {
        matches!(
            word,
            "enter" | "missing" | "please" | "provide" | "required" | "set"
        )
    })
}

/// Whether a file holds what those who develop the system set, or fill it with.
pub(crate) fn is_for_developers(path: &str) -> bool {
    const WORDS: [&str; 18] = [
        "ci",
        "demo",
        "dev",
        "develop",
        "development",
        "e2e",
        "example",
        "examples",
        "fake",
        "fixture",
        "fixtures",
        "local",
        "mock",
        "mocks",
        "sample",
        "seed",
        "seeders",
        "seeds",
    ];
    let lower = paths::lower(path);
    let mut words = lower.split(['/', '.', '-', '_']);
    words.any(|word| WORDS.contains(&word))
}
