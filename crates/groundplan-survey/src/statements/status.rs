//! Notices at the head of a README that say in which state the project is.

use super::chapters::sentences;
use super::mark;
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind};
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
        let text = block.plain().to_owned();
        if !is_text {
            continue;
        }
        // A heading announces what the sentence below it says.
        let heading = matches!(block.kind, Kind::Heading(_));
        let found = sentences(super::said::without_alert(&text))
            .into_iter()
            .map(|s| s.trim_start_matches(|c: char| !c.is_alphanumeric()))
            .find(|s| says_state(s) && (!heading || s.split_whitespace().count() > 4));
        if let Some(sentence) = found {
            let lines = (block.first, block.last);
            mark(acc, file, lines, "status", sentence.to_owned());
            return;
        }
    }
}

/// Whether a sentence says of the project that it is left, moved or only kept.
fn says_state(sentence: &str) -> bool {
    const SUBJECTS: [&str; 13] = [
        "this repository ",
        "this repo ",
        "this project ",
        "the repository ",
        "the project ",
        "this software ",
        "this codebase ",
        "this application ",
        "this app ",
        "development of this project ",
        "development of this repository ",
        "development of this software ",
        "development of this app ",
    ];
    // What a heading or a short notice begins with.
    const BARE: [&str; 2] = ["repository ", "project "];
    let lower = sentence.to_lowercase();
    let spaced = format!(" {lower}");
    let conditions = [" if ", " unless ", " when ", " once ", " whenever "];
    if lower.ends_with('?') || conditions.iter().any(|w| spaced.contains(w)) {
        return false;
    }
    let ends = ["has ended", "has stopped"];
    let ended = lower.strip_prefix("active development ");
    let ended = ended.map(|r| r.strip_prefix("of this project ").unwrap_or(r));
    if ended.is_some_and(|rest| ends.iter().any(|e| rest.starts_with(e))) {
        return true;
    }
    let bare = BARE.iter().find_map(|b| lower.strip_prefix(b));
    let said = SUBJECTS.iter().filter_map(|subject| {
        let (before, rest) = lower.split_once(subject)?;
        // What begins the sentence is what it is about, and `a fork of this project` is another thing.
        let of_other = ["of", "than", "to", "from", "by", "in", "with", "for", "on"];
        let last = before.split_whitespace().next_back().unwrap_or_default();
        let begins = before.split_whitespace().count() <= 4 && !of_other.contains(&last);
        begins.then_some(rest)
    });
    said.chain(bare).any(is_state)
}

/// Whether what follows a subject says a state of it with nothing between them that could have another one.
fn is_state(rest: &str) -> bool {
    const BETWEEN: [&str; 11] = [
        "is",
        "are",
        "was",
        "has",
        "been",
        "being",
        "will",
        "be",
        "now",
        "currently",
        "officially",
    ];
    const STATES: [&str; 19] = [
        "archived",
        "deprecated",
        "discontinued",
        "unmaintained",
        "no longer maintained",
        "no longer being maintained",
        "no longer actively maintained",
        "no longer actively developed",
        "no longer being developed",
        "no longer developed",
        "no longer supported",
        "no longer under active development",
        "no longer in active development",
        "not maintained",
        "not actively maintained",
        "not being maintained",
        "in maintenance mode",
        "end of life",
        "end-of-life",
    ];
    let mut tail = rest.trim_start();
    loop {
        let stated = STATES.iter().find_map(|s| tail.strip_prefix(s));
        if let Some(behind) = stated {
            let whole = !behind.starts_with(|c: char| c.is_alphanumeric() || c == '-');
            // `no longer supported on Windows 7`
            let partly = tail.starts_with("no longer supported")
                && [" on ", " in ", " for ", " with "]
                    .iter()
                    .any(|w| behind.starts_with(w));
            return whole && !partly;
        }
        if let Some(place) = tail.strip_prefix("moved to ") {
            let place = place.split_whitespace().next().unwrap_or_default();
            let place = place.trim_end_matches(['.', ',', ';', ')']);
            return place.contains("://")
                || place.split('/').next().is_some_and(|h| h.contains('.'));
        }
        let Some((word, more)) = tail.split_once(' ') else {
            return false;
        };
        if !BETWEEN.contains(&word) {
            return false;
        }
        tail = more.trim_start();
    }
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
            "This project is a fork of tinyproxy, which is no longer maintained.",
            "Once a project is archived its issues are read-only.",
            "This project replaces the deprecated acme-cli.",
            "The project 1.x is no longer supported.",
            "This project has moved to TypeScript.",
            "Active development happens on main; 1.x is deprecated.",
        ] {
            assert!(!says_state(other), "{other}");
        }
    }
}
