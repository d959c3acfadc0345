//! Services of systemd that modules of NixOS describe.

use super::systemd::{Given, tell};
use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::paths;
use crate::source::SourceFile;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nix-services",
    docs: "\
### What it finds
Units of systemd in modules of NixOS, `systemd.services` and `systemd.timers`: the command of a service, the user
it runs as, when it is started again, what it needs and what it is shielded from, and the schedule of timers
(<https://nixos.org/manual/nixos/stable/#sect-nixos-systemd-nixos>).

### What it does not find
What functions and options evaluate to: commands stand as they are written, and values that depend on a condition
do not.
",
    reads: &[Reads::Paths(&["*.nix"])],
    markers: &["ExecStart", "OnCalendar", "startAt"],
    run: extract,
};

/// Values of one file beyond these are left out.
const MOST: usize = 2_000;
/// Names longer than this are those of no unit.
const LONGEST: usize = 200;
/// Frames deeper than this are no modules.
const DEEPEST: usize = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

/// A value as it is written, with its path and line.
struct Set {
    path: String,
    value: String,
    line: u32,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) {
        return;
    }
    let all = values(file.text);
    let mut units: BTreeMap<(&str, &str), Vec<(&str, &Set)>> = BTreeMap::new();
    for set in &all {
        let Some((before, rest)) = set.path.split_once("systemd.") else {
            continue;
        };
        // `boot.initrd.systemd` starts what a machine needs before it has its disks.
        if !(before.is_empty() || before.ends_with('.')) || before.contains("initrd") {
            continue;
        }
        let mut parts = rest.splitn(3, '.');
        let (Some(kind), Some(name), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        if matches!(kind, "services" | "timers") && is_name(name) {
            units.entry((kind, name)).or_default().push((key, set));
        }
    }
    for ((kind, name), sets) in &units {
        let mut given: Given<'_> = BTreeMap::new();
        for (key, set) in sets {
            let place = match (*kind, *key) {
                ("timers", key) => key.strip_prefix("timerConfig.").map(|key| ("Timer", key)),
                (_, "requires") => Some(("Unit", "Requires")),
                (_, "wants") => Some(("Unit", "Wants")),
                (_, "startAt") => Some(("Timer", "OnCalendar")),
                (_, key) => key
                    .strip_prefix("serviceConfig.")
                    .map(|key| ("Service", key)),
            };
            if let Some(place) = place {
                let entry = given.entry(place).or_insert((Vec::new(), set.line));
                entry.0.push(&set.value);
            }
        }
        let lines = sets.iter().map(|(_, set)| set.line);
        let (first, last) = (lines.clone().min().unwrap_or(1), lines.max().unwrap_or(1));
        if *kind == "services" {
            tell(acc, file, (first, last), &format!("{name}.service"), &given);
        }
        if given.keys().any(|(section, _)| *section == "Timer") {
            tell(acc, file, (first, last), &format!("{name}.timer"), &given);
        }
    }
}

/// Whether the name of a unit is written out.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '@');
    !name.is_empty() && name.chars().all(plain)
}

/// The values that attribute sets of a text give, with their whole paths.
fn values(text: &str) -> Vec<Set> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    // What each set is given to, and how many brackets were open around it.
    let mut frames: Vec<(String, usize)> = Vec::new();
    let mut pending: Option<(String, u32)> = None;
    let mut value: Vec<&Token> = Vec::new();
    let mut open = 0_usize;
    for (at, (token, line)) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).map(|(token, _)| token);
        match token {
            Token::Word(name) | Token::Text(name)
                if next == Some(&Token::Sign('=')) && open == 0 =>
            {
                // So long a name is that of no unit.
                let name = match name.len() > LONGEST {
                    true => "?".to_owned(),
                    false => name.clone(),
                };
                pending = Some((name, *line));
                value.clear();
            }
            Token::Sign('{') => {
                if frames.len() >= DEEPEST {
                    return found;
                }
                let name = pending.take().map_or_else(String::new, |(name, _)| name);
                frames.push((name, std::mem::take(&mut open)));
                value.clear();
            }
            Token::Sign('}') => {
                open = frames.pop().map_or(0, |(_, open)| open);
                pending = None;
            }
            Token::Sign('[' | '(') => open += 1,
            Token::Sign(']' | ')') => open = open.saturating_sub(1),
            Token::Sign(';') => {
                let given = pending.take();
                if let (Some((name, line)), Some(value)) = (given, one(&value)) {
                    let around = frames.iter().map(|(name, _)| name.as_str());
                    let path = around
                        .chain([name.as_str()])
                        .filter(|part| !part.is_empty());
                    let path: Vec<&str> = path.collect();
                    found.push(Set {
                        path: path.join("."),
                        value,
                        line,
                    });
                    if found.len() >= MOST {
                        return found;
                    }
                }
                value.clear();
            }
            Token::Sign(_) => {}
            _ if pending.is_some() => value.push(token),
            _ => {}
        }
    }
    found
}

/// A value that is written out: texts, also those of a list, or one word. What depends on a condition is none, and
/// neither is the text of a script that is made in place.
fn one(tokens: &[&Token]) -> Option<String> {
    const OPEN: [&str; 10] = [
        "if",
        "mkIf",
        "mkMerge",
        "optional",
        "optionals",
        "optionalString",
        "writeScript",
        "writeShellScript",
        "writeShellApplication",
        "writeText",
    ];
    let opens = |token: &&Token| match token {
        Token::Word(word) => OPEN.contains(&word.rsplit('.').next().unwrap_or(word)),
        _ => false,
    };
    if tokens.iter().any(opens) {
        return None;
    }
    let texts: Vec<&str> = tokens
        .iter()
        .filter_map(|token| match token {
            Token::Text(text) => Some(text.trim()),
            _ => None,
        })
        .collect();
    match (tokens, texts.is_empty()) {
        ([Token::Word(word)], true) => Some(word.clone()),
        (_, true) => None,
        (_, false) => Some(texts.join(" ")),
    }
}

/// The tokens of a text with their lines; comments are left out, and what stands in a text stays as it is.
fn tokens(text: &str) -> Vec<(Token, u32)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1_u32);
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\'' | '@' | '/');
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        match c {
            '\n' => {
                line += 1;
                at += 1;
            }
            '#' => {
                while chars.get(at).is_some_and(|c| *c != '\n') {
                    at += 1;
                }
            }
            '/' if next == Some('*') => {
                at += 2;
                while let Some(&c) = chars.get(at) {
                    if c == '*' && chars.get(at + 1) == Some(&'/') {
                        break;
                    }
                    line += u32::from(c == '\n');
                    at += 1;
                }
                at += 2;
            }
            '"' => {
                let (inner, end) = quoted(&chars, at + 1, false);
                found.push((Token::Text(inner), line));
                line += lines_of(&chars, at, end);
                at = end;
            }
            '\'' if next == Some('\'') => {
                let (inner, end) = quoted(&chars, at + 2, true);
                found.push((Token::Text(inner), line));
                line += lines_of(&chars, at, end);
                at = end;
            }
            '=' | '!' | '<' | '>' if next == Some('=') => at += 2,
            c if part(c) => {
                let begin = at;
                while chars.get(at).copied().is_some_and(part) {
                    at += 1;
                }
                let word: String = chars.get(begin..at).unwrap_or_default().iter().collect();
                found.push((Token::Word(word), line));
            }
            c if c.is_whitespace() => at += 1,
            c => {
                found.push((Token::Sign(c), line));
                at += 1;
            }
        }
    }
    found
}

fn lines_of(chars: &[char], from: usize, to: usize) -> u32 {
    let some = chars.get(from..to.min(chars.len())).unwrap_or_default();
    some.iter().filter(|c| **c == '\n').count() as u32
}

/// The inside of a text and where it ends; what is put in by `${}` belongs to it.
fn quoted(chars: &[char], mut at: usize, indented: bool) -> (String, usize) {
    let mut inner = String::new();
    let mut depth = 0_u32;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        if depth == 0 {
            match (indented, c, next) {
                (false, '"', _) => return (inner, at + 1),
                (false, '\\', Some(escaped)) => {
                    inner.push(escaped);
                    at += 2;
                    continue;
                }
                // `''$` and `'''` stand for themselves.
                (true, '\'', Some('\'')) => match chars.get(at + 2) {
                    Some('$' | '\'' | '\\') => {
                        at += 2;
                        continue;
                    }
                    _ => return (inner, at + 2),
                },
                _ => {}
            }
        }
        match c {
            '$' if next == Some('{') => {
                depth += 1;
                inner.push_str("${");
                at += 2;
                continue;
            }
            '{' if depth > 0 => depth += 1,
            '}' if depth > 0 => depth -= 1,
            _ => {}
        }
        inner.push(c);
        at += 1;
    }
    (inner, at)
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn paths_are_those_of_the_sets_around() {
        let text = "{ config, ... }:\n{\n  config = mkIf cfg.enable {\n    systemd.services.shop = {\n      after = [ \"a.service\" \"b.service\" ]; # both\n      serviceConfig = {\n        ExecStart = \"${getExe shop} start\";\n        Restart = \"always\";\n        RestartSec = 5;\n      };\n    };\n  };\n}\n";
        let told: Vec<(String, String, u32)> = values(text)
            .into_iter()
            .map(|set| (set.path, set.value, set.line))
            .collect();
        let unit = "config.systemd.services.shop";
        let of = |key: &str, value: &str, line| (format!("{unit}.{key}"), value.to_owned(), line);
        assert_eq!(
            told,
            [
                of("after", "a.service b.service", 5),
                of("serviceConfig.ExecStart", "${getExe shop} start", 7),
                of("serviceConfig.Restart", "always", 8),
                of("serviceConfig.RestartSec", "5", 9),
            ]
        );
    }
}
