//! Notices at the head of a README that say in which state the project is.

use super::chapters::sentences;
use super::mark;
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, plain};
use crate::source::SourceFile;

/// A notice further down is about something else.
const LAST_LINE: u32 = 60;

/// Adds a mark for the first sentence that says that the project is archived, moved or no longer kept.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    if file.path.contains('/') {
        return;
    }
    for block in blocks.iter().take_while(|b| b.first <= LAST_LINE) {
        let is_text = matches!(block.kind, Kind::Paragraph | Kind::Quote | Kind::Heading(_));
        let text = plain(&block.text);
        if !is_text {
            continue;
        }
        // A heading announces what the sentence below it says.
        let heading = matches!(block.kind, Kind::Heading(_));
        let found = sentences(&text)
            .into_iter()
            .map(|s| s.trim_start_matches(|c: char| !c.is_alphanumeric()))
            .map(after_mark)
            .find(|s| says_state(s) && (!heading || s.split_whitespace().count() > 4));
        if let Some(sentence) = found {
            let lines = (block.first, block.last);
            mark(acc, file, lines, "status", sentence.to_owned());
            return;
        }
    }
}

/// A text without the mark of an alert: `WARNING] This …`, `Notice: This …`.
fn after_mark(text: &str) -> &str {
    let rest = text
        .split_once("] ")
        .filter(|(m, _)| !m.is_empty() && m.chars().all(|c| c.is_ascii_uppercase()));
    rest.map_or(text, |(_, rest)| rest)
}

/// Whether a sentence says of the project that it is left, moved or only kept.
pub(crate) fn says_state(sentence: &str) -> bool {
    const SUBJECTS: [&str; 14] = [
        "this repository ",
        "this repo ",
        "this project ",
        "the repository ",
        "the project ",
        "this software ",
        "this codebase ",
        "this application ",
        "this app ",
        "development of this ",
        "active development ",
        "repository has",
        "project has",
        "project is",
    ];
    const STATES: [&str; 20] = [
        " archived",
        " deprecated",
        " discontinued",
        " unmaintained",
        "no longer maintained",
        "no longer being maintained",
        "no longer actively maintained",
        "no longer actively developed",
        "no longer developed",
        "no longer supported",
        "no longer under active development",
        "not maintained",
        "not actively maintained",
        "not being maintained",
        "in maintenance mode",
        "maintenance-only mode",
        "has moved to",
        "been moved to",
        "end of life",
        "end-of-life",
    ];
    let lower = sentence.to_lowercase();
    let spaced = format!(" {lower}");
    if lower.ends_with('?') || [" if ", " unless "].iter().any(|w| spaced.contains(w)) {
        return false;
    }
    let lower = lower.as_str();
    SUBJECTS.iter().any(|subject| {
        let Some(at) = lower.find(subject) else {
            return false;
        };
        let rest = &lower[at + subject.len()..];
        let near: String = rest.chars().take(80).collect();
        let denied = [
            "isn't ",
            "not archived",
            "not deprecated",
            "not discontinued",
            "not yet ",
        ];
        // What begins the sentence is what it is about.
        let begins = lower[..at].split_whitespace().count() <= 4;
        begins
            && STATES.iter().any(|s| format!(" {near}").contains(s))
            && !denied.iter().any(|d| near.contains(d))
    })
}

#[cfg(test)]
mod tests {
    use super::says_state;

    #[test]
    fn states_are_those_of_the_project() {
        for said in [
            "This repository will be archived and marked as read-only on September 1, 2025.",
            "This project is no longer maintained.",
            "The project is in maintenance mode.",
            "This repo has moved to https://codeberg.org/acme/shop.",
            "Note: this project has been deprecated in favour of shop2.",
        ] {
            assert!(says_state(said), "{said}");
        }
        for other in [
            "As of version 0.27, Stash no longer supports Windows 7.",
            "One of the closest ones is shop, which is no longer maintained.",
            "If this project is archived, fork it.",
            "The API v1 is deprecated.",
            "This project is not deprecated.",
        ] {
            assert!(!says_state(other), "{other}");
        }
    }
}
