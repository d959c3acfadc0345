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
    let Some(value) = default.map(str::trim).filter(|v| !v.is_empty()) else {
        return;
    };
    // By the names of tools that build pages, browsers get these.
    const PUBLIC: [&str; 6] = [
        "EXPO_PUBLIC_",
        "GATSBY_",
        "NEXT_PUBLIC_",
        "NUXT_PUBLIC_",
        "REACT_APP_",
        "VITE_",
    ];
    let is_literal = !value.contains(['$', '{', '%']) && !value.contains("://");
    let nothing = ["null", "none", "nil", "undefined"];
    // A sentence may stand in place of a secret, or say what to type where one is asked for.
    let last = secrets::words_of(name).pop().unwrap_or_default();
    let whole = ["key", "password", "salt", "secret", "token"];
    let prose = secrets::is_prose(value) && whole.contains(&last.to_ascii_lowercase().as_str());
    let held = secrets::holds_secret(name, value) || prose;
    if !file.language.is_code()
        || !secrets::is_secret_name(name)
        || PUBLIC.iter().any(|begin| name.starts_with(begin))
        || !is_literal
        || nothing.iter().any(|word| value.eq_ignore_ascii_case(word))
        || !held
        || scan::part(file) != Part::Own
        || file.is_test()
        || is_for_developers(file.path)
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
    words.any(|word| WORDS.contains(&word)) || lower.ends_with("seeder.php")
}
