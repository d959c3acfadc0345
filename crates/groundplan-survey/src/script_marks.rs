//! Observations of Ruby, PHP and Elixir by table: which words of a line speak of which topic.

use crate::facts::FileFacts;
use crate::scan;
use crate::script_lines::ScriptLine;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeSet;

/// Where the name of an observation comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Named {
    /// It is always this.
    Fixed(&'static str),
    /// The text or symbol that is the first argument; without one there is no observation.
    First,
    /// What stands behind the words, as written, up to the end of the argument.
    Written,
}

/// Words that speak of a topic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// What a line must hold; what stands before it is no part of a name.
    pub(crate) words: &'static str,
    /// What the file must hold beside.
    pub(crate) hint: &'static str,
    pub(crate) topic: Topic,
    pub(crate) named: Named,
    /// Names of arguments that become the detail, as far as they are there.
    pub(crate) detail: &'static [&'static str],
}

pub(crate) const fn rule(
    words: &'static str,
    topic: Topic,
    named: Named,
    detail: &'static [&'static str],
) -> Rule {
    Rule {
        words,
        hint: "",
        topic,
        named,
        detail,
    }
}

/// A rule for files that hold `hint`.
pub(crate) const fn hinted(
    words: &'static str,
    hint: &'static str,
    topic: Topic,
    named: Named,
    detail: &'static [&'static str],
) -> Rule {
    Rule {
        words,
        hint,
        topic,
        named,
        detail,
    }
}

/// Applies the rules; what is said once in a file is not said again.
pub(crate) fn apply(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: &[ScriptLine<'_>],
    rules: &[Rule],
) {
    let usable = |rule: &&Rule| {
        file.text.contains(rule.words) && (rule.hint.is_empty() || file.text.contains(rule.hint))
    };
    let rules: Vec<&Rule> = rules.iter().filter(usable).collect();
    let mut said = BTreeSet::new();
    if rules.is_empty() {
        return;
    }
    for (index, line) in lines.iter().enumerate().filter(|(_, l)| !l.quoted) {
        for rule in &rules {
            let Some(rest) = behind(line.text, rule.words) else {
                continue;
            };
            let name = match rule.named {
                Named::Fixed(name) => Some(name.to_owned()),
                // `orders_#{day}` has a part that only a run knows.
                Named::First => first(rest).map(|name| name.replace("#{", "{")),
                Named::Written => written(rest).map(str::to_owned),
            };
            let Some(name) = name.filter(|n| !n.is_empty() && n.len() <= 120) else {
                continue;
            };
            let detail = details(lines, index, rest, rule.detail);
            if rule.topic == Topic::Timeout && detail.is_none() && !rule.detail.is_empty() {
                continue;
            }
            if said.insert((rule.topic, name.clone(), detail.clone())) {
                scan::mark(acc, file, line.number, rule.topic, name, detail);
            }
        }
    }
}

/// What follows the words, where no other word goes on in front of them or behind.
pub(crate) fn behind<'t>(line: &'t str, words: &str) -> Option<&'t str> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(words).find_map(|(at, _)| {
        let before = line.get(..at)?.chars().next_back();
        let open = words.starts_with(inside) && before.is_some_and(inside);
        // What stands between quotes is text.
        let quoted = line.get(..at)?.matches('"').count() % 2 == 1
            || line.get(..at)?.matches('\'').count() % 2 == 1;
        let rest = line.get(at + words.len()..)?;
        let goes_on =
            words.ends_with(|c: char| c.is_ascii_alphanumeric()) && rest.starts_with(inside);
        (!open && !goes_on && !quoted).then_some(rest)
    })
}

/// The text or symbol at the begin of the arguments.
pub(crate) fn first(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(['(', ' ', '[']);
    if let Some(symbol) = rest.strip_prefix(':') {
        let end = symbol
            .find(|c: char| !(c.is_ascii_alphanumeric() || "_?!".contains(c)))
            .unwrap_or(symbol.len());
        return symbol.get(..end);
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = rest.get(1..)?;
    let text = inner.get(..inner.find(quote)?)?;
    let plain = !text.contains(['\\', '<', '>']);
    plain.then_some(text)
}

/// An argument as written.
fn written(rest: &str) -> Option<&str> {
    let rest = rest.trim_start_matches(['(', ' ', '=', ':']);
    let end = rest.find([',', ')', ' ']).unwrap_or(rest.len());
    rest.get(..end)
}

/// Named arguments in the rest of the line and in the few lines that belong to it.
fn details(
    lines: &[ScriptLine<'_>],
    index: usize,
    rest: &str,
    wanted: &[&'static str],
) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    for key in wanted {
        let here = value(rest, key);
        let own = lines.get(index).map_or(0, |l| l.indent);
        let opened = rest.trim_end().ends_with(['(', ',', '[', '{']);
        let below = || {
            let more = lines.get(index + 1..).unwrap_or_default().iter().take(6);
            more.take_while(|l| l.indent > own)
                .find_map(|l| value(l.text, key))
        };
        let found = here.or_else(|| opened.then(below).flatten());
        if let Some(found) = found {
            let label = key.trim_matches([' ', '\'', '"', '=', '>', ':']);
            all.push(match wanted.len() {
                1 => found.to_owned(),
                _ => format!("{label} {found}"),
            });
        }
    }
    let joined = all.join(", ");
    (!joined.is_empty() && joined.len() <= 160).then_some(joined)
}

/// What `key: value` or `'key' => value` is given, without quotes, where it says so itself.
fn value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let rest = behind(text, key)?;
    let rest = rest.trim_start_matches([':', '=', '>', ' ']);
    let mut depth = 0_u32;
    let end = rest
        .char_indices()
        .find(|&(_, c)| {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' if depth == 0 => return true,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            c == ',' && depth == 0
        })
        .map_or(rest.len(), |(at, _)| at);
    let found = rest.get(..end)?.trim().trim_matches(['"', '\'']);
    let bare = found.strip_prefix('(').and_then(|f| f.strip_suffix(')'));
    let found = bare.unwrap_or(found);
    let found = found.trim_end_matches(" do").trim();
    let plain = !matches!(found, "" | "nil" | "null")
        && found.len() <= 80
        && !found.contains(['"', '\'', '{', '`']);
    plain.then_some(found)
}

/// Whether a name of a guard says that it asks who calls.
pub(crate) fn asks_who(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = scan::snake(name);
    let auth = words
        .split('_')
        .any(|w| matches!(w, "auth" | "jwt" | "login" | "signin" | "token"));
    // A session is loaded, moved and kept; who asks for one says so.
    let asks = |w: &str| {
        let verbs = ["check", "ensure", "need", "require", "valid", "verif"];
        verbs.iter().any(|verb| w.starts_with(verb))
    };
    let session = words.split('_').any(|w| w == "session") && words.split('_').any(asks);
    let loads = [
        "set_",
        "load_",
        "fetch_",
        "put_",
        "assign_",
        "check_if_",
        "clear_",
        "reset_",
        "find_",
        "get_",
    ];
    let phrases = [
        "authenticat",
        "logged_in",
        "signed_in",
        "sign_in",
        "require_user",
        "guardian",
        "login_required",
        "require_login",
        "requirelogin",
    ];
    // What only looks up who has signed in lets everybody pass.
    let loaded = loads
        .iter()
        .any(|l| lower.starts_with(l) || words.starts_with(l));
    let named = auth || session || phrases.iter().any(|p| lower.contains(p));
    named && !loaded && !lower.contains("authenticity")
}

/// Whether a name of a guard says that it asks what the caller may do.
pub(crate) fn asks_what(name: &str) -> bool {
    let words = scan::snake(name);
    let mut all = words.split('_');
    let loads = ["set_", "load_", "fetch_", "put_", "assign_", "find_"];
    let named = all.any(|w| {
        matches!(
            w,
            "admin"
                | "administrator"
                | "authorize"
                | "authorise"
                | "authorized"
                | "authorization"
                | "permission"
                | "permissions"
                | "permitted"
                | "moderator"
                | "owner"
                | "role"
                | "ability"
                | "superuser"
                | "staff"
        )
    });
    // `configure_permitted_parameters` says which fields of a form are taken.
    let of_fields = words
        .split('_')
        .any(|w| matches!(w, "parameters" | "params"));
    named && !of_fields && !loads.iter().any(|l| words.starts_with(l))
}
