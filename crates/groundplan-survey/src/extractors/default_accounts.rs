//! Accounts that a program makes with a password that stands in its code.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::open_defaults::is_for_developers;
use crate::scan::{self, Part};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "default-accounts",
    docs: "\
### What it finds
Accounts that code makes with a name and a password that are literals (`Username: \"shop\", Password: \"…\"` beside
`CreateAccount(`): the name of the account, never the password.

### What it does not find
Accounts that scripts, migrations of SQL or seeds for developers make; names and passwords in constants or settings.
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
        Language::Rust,
        Language::TypeScript,
    ])],
    markers: &["password", "Password"],
    run: extract,
};

/// Lines around the password in which the name stands.
const BESIDE: usize = 3;

/// Lines around the password in which the account is made.
const AROUND: usize = 8;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.path.to_ascii_lowercase();
    let page = [".jsx", ".tsx", ".vue", ".svelte"]
        .iter()
        .any(|end| lower.ends_with(end));
    if scan::part(file) != Part::Own || file.is_test() || page || is_for_developers(file.path) {
        return;
    }
    let lines: Vec<&str> = file.text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        // Nearly no line gives one, and `literal_of` copies each.
        let word = |bytes: &[u8]| bytes.eq_ignore_ascii_case(b"password");
        if !line.contains(['"', '\'', '`']) || !line.as_bytes().windows(8).any(word) {
            continue;
        }
        let Some(password) = literal_of(line, &["password", "plainpassword", "rawpassword"]) else {
            continue;
        };
        let hidden = password.bytes().all(|b| matches!(b, b'*' | b'x'));
        if password.is_empty()
            || hidden
            || password.contains([' ', '$', '{', '%', '<', '/', ':', '.'])
        {
            continue;
        }
        let near = |span: usize| {
            let from = at.saturating_sub(span);
            lines
                .get(from..(at + span + 1).min(lines.len()))
                .unwrap_or_default()
        };
        let named = near(BESIDE).iter().find_map(|line| {
            let name = literal_of(line, &["username", "user_name", "login", "email"])?;
            (!name.is_empty() && !name.contains([' ', '$', '{', '%'])).then_some(name)
        });
        // What a contract shows as an example is made by nobody.
        if near(AROUND).iter().any(|line| shows_example(line)) {
            continue;
        }
        let Some(name) = named.filter(|_| is_made(&lines, at)) else {
            continue;
        };
        // A comment or the text of a docstring makes nothing.
        let code = file.code();
        let stands = |t: usize| code.string(t) == Some(password) && code.line(t) == at as u32 + 1;
        if !(0..code.tokens.len()).any(stands) {
            continue;
        }
        let name = secrets::without_credentials(name);
        let line = at as u32 + 1;
        let of = format!("password of account {name}");
        let detail = "code makes the account with a password that stands in it";
        scan::mark(
            acc,
            file,
            line,
            Topic::SecretLeak,
            of,
            Some(detail.to_owned()),
        );
        return;
    }
}

/// Whether the literal of a line stands in a call that makes an account, or in what such a call below is given.
fn is_made(lines: &[&str], at: usize) -> bool {
    let braces = |first: usize| {
        let all = lines.get(first..at).unwrap_or_default();
        let marks = all.iter().flat_map(|line| line.chars());
        marks
            .map(|c| i32::from(c == '{') - i32::from(c == '}'))
            .sum::<i32>()
    };
    for first in (at.saturating_sub(AROUND)..=at).rev() {
        let Some(line) = lines.get(first) else {
            continue;
        };
        if first == at && makes_account(line) || first < at && is_open(lines, first, at) {
            return true;
        }
        // What the literal is a part of has a name.
        let named = line.split_once(":=").or_else(|| line.split_once(" = "));
        let Some((before, _)) = named.filter(|_| braces(first) > 0) else {
            continue;
        };
        let Some(name) = before.split_whitespace().next_back() else {
            continue;
        };
        let below = lines.iter().skip(at).take(AROUND + 1);
        let given = |line: &&str| {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            makes_account(line) && words.any(|word| word == name)
        };
        if below.copied().any(|line| given(&line)) {
            return true;
        }
    }
    false
}

/// Whether such a call of the line `first` is still open where the line `at` begins: brackets of other calls
/// below it hold nothing that it is given.
fn is_open(lines: &[&str], first: usize, at: usize) -> bool {
    let Some(line) = lines.get(first) else {
        return false;
    };
    made_at(line).into_iter().any(|open| {
        let below = lines.get(first + 1..at).unwrap_or_default().iter().copied();
        let mut depth = 0_i32;
        let mut all = line
            .get(open..)
            .into_iter()
            .chain(below)
            .flat_map(str::chars);
        !all.any(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c == ')' && depth == 0
        })
    })
}

/// The literal that a field or argument of one of these names is given in a line.
fn literal_of<'l>(line: &'l str, names: &[&str]) -> Option<&'l str> {
    if is_comment(line) {
        return None;
    }
    let lower = line.to_ascii_lowercase();
    names.iter().find_map(|name| {
        lower.match_indices(name).find_map(|(at, _)| {
            let edge = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if !edge(lower[..at].chars().next_back()) {
                return None;
            }
            let rest = line.get(at + name.len()..)?;
            let rest = rest.trim_start_matches(['"', '\'', '`']).trim_start();
            // A comparison gives nothing.
            let rest = rest
                .strip_prefix("=>")
                .or_else(|| rest.strip_prefix(":="))
                .or_else(|| rest.strip_prefix(':'))
                .or_else(|| {
                    rest.strip_prefix('=')
                        .filter(|r| !r.starts_with(['=', '~']))
                })?;
            let rest = rest.trim_start();
            let quote = rest
                .chars()
                .next()
                .filter(|c| matches!(c, '"' | '\'' | '`'))?;
            let text = rest.get(1..)?;
            let (text, behind) = text.split_once(quote)?;
            // What is put together is no literal.
            let joined = behind.trim_start().starts_with(['+', '.', '%']);
            (!joined).then_some(text)
        })
    })
}

/// Whether a line of a script is a comment.
pub(super) fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "#", "*", "/*"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// Whether a line gives an example of a contract: `example: {`, `@ApiBody(`, `@example`.
fn shows_example(line: &str) -> bool {
    let lower = line.trim_start().to_ascii_lowercase();
    [
        "example:",
        "examples:",
        "example =",
        "\"example\"",
        "@api",
        "@example",
        "@schema",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

/// Whether a line calls what makes an account: `CreateAccount(`, `users.create(`, `User::create(`, `create_user(`.
fn makes_account(line: &str) -> bool {
    !made_at(line).is_empty()
}

/// The brackets that open calls of what makes an account, as bytes of the line.
fn made_at(line: &str) -> Vec<usize> {
    if is_comment(line) {
        return Vec::new();
    }
    let lower = line.to_ascii_lowercase();
    let makes = |at: usize| {
        let name = |c: char| c.is_alphanumeric() || "_.:->".contains(c);
        let before = &lower[..at];
        let begin = before.rfind(|c: char| !name(c)).map_or(0, |n| n + 1);
        let called = before.get(begin..).unwrap_or_default();
        // A definition makes none: `def create_user(`.
        let word = before.get(..begin).unwrap_or_default().trim_end();
        let word = word.rsplit(|c: char| !c.is_alphanumeric()).next();
        if matches!(word, Some("def" | "fn" | "fun" | "func" | "function")) {
            return false;
        }
        let makes = ["create", "insert", "save", "ensure", "register"];
        let whom = ["user", "account", "admin", "owner"];
        // A test of one, or the request of somebody who signs up.
        let asked = ["request", "find", "login", "address", "valid", "param"];
        // `AdminClient.create(`, `createUserPool(` make no account.
        let others = ["client", "connection", "pool", "session", "token"];
        let of = |text: &str| whom.iter().any(|word| text.contains(word));
        let written = line.get(begin..at).unwrap_or_default();
        let words = scan::snake(written);
        let has = |wanted: &str| words.split('_').any(|word| word == wanted);
        // `newUserService(` makes a service, `User.new(` of Ruby what stands before it.
        let mut backwards = words.rsplit('_').skip_while(|word| *word == "new");
        let last = backwards.next().unwrap_or_default();
        let verb =
            makes.iter().any(|verb| called.contains(verb)) || has("add") || has("new") && of(last);
        // `client.createUser(` makes one by a client.
        let mut parts = written.rsplit(['.', ':', '>']).map(scan::snake);
        let made = parts.find(|part| of(part)).unwrap_or_default();
        let other = made.split('_').any(|word| others.contains(&word));
        verb && of(called) && !other && !asked.iter().any(|word| called.contains(word))
    };
    lower
        .match_indices('(')
        .map(|(at, _)| at)
        .filter(|at| makes(*at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_given_and_not_compared() {
        let password = |line| literal_of(line, &["password"]);
        assert_eq!(password("    Password: \"open\","), Some("open"));
        assert_eq!(password("'password' => 'open',"), Some("open"));
        assert_eq!(password("if password == \"open\" {"), None);
        assert_eq!(password("password = prefix + \"open\""), None);
        assert_eq!(password("password = \"a\" + rest"), None);
        assert_eq!(password("// password: \"open\""), None);
        assert_eq!(password("new_password = \"open\""), None);
    }

    #[test]
    fn an_account_is_made() {
        assert!(makes_account(
            "if _, err := d.Accounts().CreateAccount(ctx, account)"
        ));
        assert!(makes_account("User::create(["));
        assert!(!makes_account("login(username, password)"));
        assert!(!makes_account("createUserRequest(body)"));
        assert!(makes_account("User.new("));
        assert!(makes_account("client.createUser({"));
        assert!(!makes_account("kafka.NewAdminClient(config)"));
        assert!(!makes_account("AdminClient.create(settings)"));
        assert!(!makes_account("newUserService(db)"));
        assert!(!makes_account("mysql.createUserConnection({"));
        assert!(!makes_account("renewAccount(account)"));
        assert!(!makes_account(
            "    public function createUser(Request $request) {"
        ));
    }

    #[test]
    fn the_call_itself_is_open_at_the_password() {
        let given = [
            "User::create([",
            "  'email' => 'a',",
            "  'password' => 'b',",
        ];
        assert!(is_open(&given, 0, 2));
        let rules = [
            "  $this->createUser($request);",
            "  $request->validate([",
            "    'password' => 'confirmed',",
        ];
        assert!(!is_made(&rules, 2));
    }
}
