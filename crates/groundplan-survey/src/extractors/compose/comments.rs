//! What the comments of a Compose file say of the file and of its services.

use crate::facts::{Claim, FileFacts, Overlay, Purpose};
use crate::prose;
use crate::secrets;
use crate::source::SourceFile;

/// The mechanism of a file that says of itself, in the comment above everything else, what it is for. Its
/// name is the stage, where the words name one, and its only change is the comment.
pub(crate) const COMMENTED: &str = "Compose comment";

/// A paragraph beyond this is no summary of a file.
const MAX_ABOUT: usize = 260;

/// What stands above everything else, as a fact.
pub(super) fn about(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some((first, last, text)) = first_paragraph(file.text) else {
        return;
    };
    let overlay = Overlay {
        mechanism: COMMENTED.to_owned(),
        name: stage(&text).unwrap_or_default().to_owned(),
        resources: Vec::new(),
        variables: Vec::new(),
        changes: vec![secrets::without_credentials(&text)],
    };
    acc.add(file, first, last, Claim::Overlay(overlay));
}

/// The first paragraph of prose in the comment above everything else, with its lines.
fn first_paragraph(text: &str) -> Option<(u32, u32, String)> {
    let head = (1_u32..)
        .zip(text.lines())
        .map(|(number, line)| (number, line.trim()))
        .take_while(|(_, line)| line.is_empty() || line.starts_with('#') || *line == "---");
    let mut found: Vec<(u32, &str)> = Vec::new();
    for (number, line) in head {
        let words = line.trim_matches(['#', ' ', '\t', '=', '-', '*']);
        if !words.is_empty() {
            let listed = line.trim_start_matches(['#', ' ']).starts_with(['-', '*']);
            found.push((number, if listed { "" } else { words }));
            continue;
        }
        if says(&found) {
            break;
        }
        found.clear();
    }
    if !says(&found) {
        return None;
    }
    let (first, last) = (found.first()?.0, found.last()?.0);
    let words: Vec<&str> = found.iter().map(|(_, words)| *words).collect();
    let text = words.join(" ");
    let text = match text.len() <= MAX_ABOUT {
        true => text,
        false => prose::sentence(&text)?,
    };
    Some((first, last, text))
}

/// Whether lines of a comment are prose of the file: neither a licence, a line for an editor nor a list.
fn says(lines: &[(u32, &str)]) -> bool {
    const OTHERS: [&str; 10] = [
        "all rights reserved",
        "copyright",
        "this file is part of",
        "licence",
        "license",
        "yaml-language-server",
        "vim:",
        "yamllint",
        "://",
        "generated",
    ];
    let all: Vec<&str> = lines.iter().map(|(_, words)| *words).collect();
    let lower = all.join(" ").to_lowercase();
    let prose = lower.split_whitespace().count() >= 4 && !all.iter().any(|words| words.is_empty());
    prose && !OTHERS.iter().any(|word| lower.contains(word)) && !lower.contains("```")
}

/// The stage that a comment gives a file. Sentences that point to another file, or that deny, name none,
/// and neither does a comment that names several.
fn stage(text: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 4] = [
        (
            "development",
            &[
                "for development",
                "for developers",
                "for developing",
                "for dev ",
                "for the dev ",
                "for local dev",
                "local development",
                "development environment",
                "development only",
                "development purposes",
                "development setup",
                "dev environment",
            ],
        ),
        (
            "test",
            &[
                "for automated test",
                "for integration test",
                "for test",
                "for the test",
                "internal test",
                "test environment",
                "testing deployment",
                "testing environment",
            ],
        ),
        ("staging", &["for staging", "staging environment"]),
        (
            "production",
            &[
                "for production",
                "for a production",
                "for use in production",
                "production deployment",
                "production environment",
                "production setup",
            ],
        ),
    ];
    const DENIES: [&str; 10] = [
        " instead", " not ", "n't ", "never ", ".yaml", ".yml", "refer to", "see ", "you ", "if ",
    ];
    let mut found: Option<&'static str> = None;
    // The point in `compose.yaml` ends no sentence.
    let marked = ["! ", "; ", "? "]
        .iter()
        .fold(text.to_owned(), |t, end| t.replace(end, ". "));
    for sentence in marked.split(". ") {
        let lower = format!(" {} ", sentence.trim().to_lowercase());
        if DENIES.iter().any(|word| lower.contains(word)) {
            continue;
        }
        for (stage, words) in WORDS {
            if words.iter().any(|word| lower.contains(word)) {
                match found {
                    Some(other) if other != stage => return None,
                    _ => found = Some(stage),
                }
            }
        }
    }
    found
}

/// What the comment directly above a service says that the service is for, as a fact about
/// [`subject`].
pub(super) fn purpose(acc: &mut FileFacts, file: &SourceFile<'_>, name: &str, line: u32) {
    let at = |number: u32| {
        file.lines()
            .slice(number, number)
            .trim_end_matches(['\n', '\r'])
    };
    let key = at(line);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = indent(key);
    let mut block: Vec<&str> = ((1..line).rev().map(at))
        .take_while(|line| line.trim_start().starts_with('#') && indent(line) == depth)
        .collect();
    block.reverse();
    let plain = |line: &&str| line.trim().trim_start_matches('#').trim().to_owned();
    let texts: Vec<String> = block.iter().map(plain).collect();
    // A frame of signs is a heading over several services.
    let framed = |line: &String| !line.is_empty() && !line.chars().any(char::is_alphanumeric);
    let ruled = |line: &&str| line.trim().len() > 2 && line.trim().chars().all(|c| c == '#');
    if texts.iter().any(framed) || block.iter().any(ruled) {
        return;
    }
    let mut own: Vec<&str> = Vec::new();
    for text in &texts {
        if own.last().is_some_and(|above| begins_anew(above, text)) {
            break;
        }
        own.push(text);
    }
    let Some(text) = prose::sentence(&own.join("\n")).filter(|text| tells(text)) else {
        return;
    };
    let first = line - block.len() as u32;
    let purpose = Purpose {
        subject: subject(file.path, name),
        text: secrets::without_credentials(&text),
    };
    acc.add(file, first, line - 1, Claim::Purpose(purpose));
}

/// Whether a line begins a sentence, though the one above it has no full stop.
fn begins_anew(above: &str, line: &str) -> bool {
    const BEGINS: [&str; 8] = [
        "It ", "NOTE", "Note", "See ", "TODO", "The ", "This ", "Use ",
    ];
    !above.ends_with(',') && BEGINS.iter().any(|word| line.starts_with(word))
}

/// What a purpose is about that a Compose file gives to one of its services.
pub(crate) fn subject(path: &str, service: &str) -> String {
    format!("{path}#{service}")
}

/// Whether a sentence says what a service is, and neither what to do with it, why it is set up as it is,
/// nor what was taken out.
fn tells(text: &str) -> bool {
    const BEGINS: [&str; 39] = [
        "adapted",
        "all",
        "because",
        "below",
        "change",
        "copied",
        "do",
        "don't",
        "due",
        "each",
        "following",
        "fixes",
        "from",
        "here",
        "if",
        "in",
        "it",
        "must",
        "needed",
        "never",
        "no",
        "not",
        "only",
        "optional",
        "optionally",
        "otherwise",
        "overrides",
        "requires",
        "should",
        "since",
        "some",
        "temporary",
        "there",
        "these",
        "those",
        "uncomment",
        "wait",
        "when",
        "you",
    ];
    const WITHIN: [&str; 11] = [
        " below", " can't", " cannot ", " here", " comment", " you ", " your ", "://", " above",
        " must ", " should ",
    ];
    let lower = text.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or_default();
    let first = first.trim_end_matches([',', ':']);
    let words = lower.split_whitespace().count();
    let opens = ["the ", "this ", "a ", "an "]
        .iter()
        .any(|word| lower.starts_with(word));
    let code = lower.contains(": ") || lower.ends_with(':') || lower.contains(['[', '$', '=']);
    (words >= 4 || opens && words >= 3)
        && !code
        && !lower.starts_with('-')
        && !BEGINS.contains(&first)
        && !WITHIN.iter().any(|word| lower.contains(word))
        && !prose::is_note(text)
}
