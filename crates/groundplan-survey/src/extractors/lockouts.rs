//! Accounts that are locked after failed attempts to sign in.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

/// The name of observations of [`Topic::Authentication`] of an account that is locked.
pub(crate) const LOCKOUT: &str = "account lockout";

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "lockouts",
    docs: "\
### What it finds
Conditions that compare a counter with a greatest number of attempts (`user.attempts >= settings.MAX_LOGIN_ATTEMPTS`)
and lock the account below: an error, a call or a field named after a lock.

### What it does not find
Attempts that are counted by address and answered with `429`, which are limits of rate.
",
    reads: &[Reads::Own(&[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Kotlin,
        Language::Php,
        Language::Python,
        Language::Ruby,
        Language::TypeScript,
    ])],
    markers: &["ATTEMPTS", "Attempts", "attempts"],
    run: extract,
};

/// Lines above the condition that say whose attempts are counted.
const ABOVE: usize = 8;

/// Lines below the condition in which the lock stands.
const BELOW: usize = 4;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::part(file) != Part::Own || file.is_test() {
        return;
    }
    let lines: Vec<&str> = file.text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = compares(line).then(|| greatest(line)).flatten() else {
            continue;
        };
        let mut below = lines.iter().skip(at + 1).take(BELOW);
        if signs_in(file.path, &lines, at) && below.any(|line| locks(line)) {
            let detail = Some(format!("after `{name}` failed attempts"));
            let line = at as u32 + 1;
            scan::mark(acc, file, line, Topic::Authentication, LOCKOUT, detail);
            return;
        }
    }
}

/// Whether a line is a condition that compares by size.
fn compares(line: &str) -> bool {
    let words = || line.split(|c: char| !c.is_alphanumeric());
    words().any(|word| matches!(word, "if" | "elif" | "elsif"))
        && (line.contains(">= ") || line.contains(" > ") || line.contains(" < "))
}

/// The name of a greatest number of attempts in a line.
fn greatest(line: &str) -> Option<&str> {
    let mut names = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    names.find(|name| {
        let snake = scan::snake(name);
        let has = |word: &str| snake.split('_').any(|part| part == word);
        has("attempts") && (has("max") || has("maximum") || has("allowed"))
    })
}

/// Whether a condition is about who signs in, by the name of the file or by words in the lines up to it: jobs are
/// tried again and locked, too.
fn signs_in(path: &str, lines: &[&str], at: usize) -> bool {
    const WORDS: [&str; 9] = [
        "account", "auth", "login", "otp", "passcode", "password", "signin", "user", "users",
    ];
    let says = |text: &str| {
        let mut names = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        names.any(|name| {
            let snake = scan::snake(name);
            snake.split('_').any(|part| WORDS.contains(&part)) || snake.contains("sign_in")
        })
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    let from = at.saturating_sub(ABOVE);
    says(name)
        || lines
            .get(from..=at)
            .is_some_and(|all| all.iter().any(|line| says(line)))
}

/// Whether a line sets a lock to nothing, which lets go: `job.locked_at = None`.
fn frees(line: &str) -> bool {
    let line = [" #", " //"].iter().fold(line, |line, sign| {
        line.split_once(sign).map_or(line, |(before, _)| before)
    });
    let Some((before, value)) = line.rsplit_once(['=', ':']) else {
        return false;
    };
    let value = value.trim().trim_end_matches([';', ',', ')', '}', ' ']);
    // The name that is set; `== nil` and `!= nil` ask, and have none before the last sign.
    let words = |c: char| !c.is_alphanumeric() && c != '_';
    let name = before.trim_end().rsplit(words).next().unwrap_or_default();
    let nothing = ["None", "null", "nil", "false", "False", "undefined"];
    nothing.contains(&value) && name.to_ascii_lowercase().contains("lock")
}

/// Whether a line locks somebody out: `raise UserLockedOut()`, `service.lock_user(user)`.
fn locks(line: &str) -> bool {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', '*']) || trimmed.starts_with("//") || frees(trimmed) {
        return false;
    }
    // Words in quotes are told to somebody, and a lock of a row or a mutex is taken, not put on an account.
    let outside = line.split(['"', '\'', '`']).step_by(2);
    let mut names = outside.flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'));
    names.any(|name| {
        let snake = scan::snake(name);
        let parts: Vec<&str> = snake.split('_').collect();
        let locks = (parts.iter()).any(|part| matches!(*part, "lock" | "locked" | "lockout"));
        let of_rows = [
            "acquire", "release", "timeout", "mutex", "retry", "row", "by",
        ];
        locks && !parts.iter().any(|part| of_rows.contains(part))
    })
}
