//! Status, date and people.

use super::{Section, id_of_stem, markdown};
use crate::markdown::{Block, Kind, front_matter_end, links, plain};
use crate::source::SourceFile;
use groundplan_model::DecisionStatus;

/// Status, date and people: from the front matter, a list at the top, or a section.
pub(super) struct Head {
    pub(super) status: DecisionStatus,
    pub(super) superseded_by: Option<String>,
    pub(super) date: Option<String>,
    pub(super) deciders: Vec<String>,
    /// Whether the file has a status, known or not.
    pub(super) has_status: bool,
}

impl Head {
    pub(super) fn read(
        file: &SourceFile<'_>,
        blocks: &[Block],
        sections: &[Section<'_>],
        status: Option<&Section<'_>>,
    ) -> Self {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let front = front_matter_end(file.text);
        for line in file.text.lines().take(front) {
            pairs.extend(pair(line));
        }
        let top = blocks
            .iter()
            .take_while(|b| !matches!(b.kind, Kind::Heading(_)));
        // Some keep what is known of the record in a section of its own.
        let about = sections
            .iter()
            .filter(|s| matches!(s.heading.as_str(), "metadata" | "meta" | "info" | "about"))
            .flat_map(|s| s.blocks);
        for block in top.chain(about) {
            // `Date: …` and `Status: …` may stand in one paragraph, a line each.
            let lines = file.lines().slice(block.first, block.last);
            pairs.extend(lines.lines().filter_map(pair));
        }
        let get = |names: &[&str]| {
            pairs
                .iter()
                .find(|(key, value)| names.contains(&key.as_str()) && !value.is_empty())
                .map(|(_, value)| value.clone())
        };
        let section = status.map(|s| markdown(file, s.blocks));
        let dated = sections
            .iter()
            .find(|s| s.heading == "date")
            .map(|s| markdown(file, s.blocks));
        let written = get(&["status", "state"]).or(section).unwrap_or_default();
        let has_status = !written.is_empty();
        let (status, superseded_by) = read_status(&written);
        let deciders = get(&[
            "deciders",
            "decision-makers",
            "decision makers",
            "decided by",
        ]);
        Head {
            status,
            superseded_by,
            date: get(&["date", "last updated"])
                .or(dated)
                .and_then(|d| iso_date(&d)),
            deciders: deciders.map(|d| people(&d)).unwrap_or_default(),
            has_status,
        }
    }
}

/// `* Status: accepted`, `**Date:** 2024-01-02`, `| Status | accepted |` as key and value.
fn pair(line: &str) -> Option<(String, String)> {
    let line = line.trim().trim_start_matches(['-', '*', '|', ' ']);
    let (key, value) = line.split_once([':', '|'])?;
    // The bold of `**Status**: …` ends before the colon.
    let key = plain(key.trim_matches(['*', '_', ' '])).to_lowercase();
    let value = value.trim_matches(['*', '|', ' ', '"', '\'']).trim();
    (key.len() < 20).then(|| (key, value.to_owned()))
}

fn read_status(written: &str) -> (DecisionStatus, Option<String>) {
    let lower = plain(written).to_lowercase();
    const WORDS: [(&str, DecisionStatus); 11] = [
        ("superseded", DecisionStatus::Superseded),
        ("superceded", DecisionStatus::Superseded),
        ("replaced by", DecisionStatus::Superseded),
        ("deprecated", DecisionStatus::Deprecated),
        ("rejected", DecisionStatus::Rejected),
        ("proposed", DecisionStatus::Proposed),
        ("draft", DecisionStatus::Proposed),
        ("accepted", DecisionStatus::Accepted),
        ("approved", DecisionStatus::Accepted),
        ("adopted", DecisionStatus::Accepted),
        ("implemented", DecisionStatus::Accepted),
    ];
    // A list of all words is a template that nobody filled in.
    if lower.matches('|').count() >= 2 || lower.contains('{') {
        return (DecisionStatus::Unknown, None);
    }
    let found = WORDS.iter().find(|(word, _)| lower.contains(word));
    let status = found.map_or(DecisionStatus::Unknown, |(_, status)| *status);
    let successor = (status == DecisionStatus::Superseded)
        .then(|| {
            let after = ["superseded by", "superceded by", "replaced by"]
                .iter()
                .find_map(|mark| Some(&written[find_word(written, mark)?..]))?;
            let target = links(after).first().and_then(|(_, address)| {
                let name = address.split('#').next()?.rsplit('/').next()?;
                id_of_stem(name.trim_end_matches(".md"))
            });
            target.or_else(|| id_of_stem(plain(after).split_once(' ')?.1.split_once(' ')?.1))
        })
        .flatten();
    (status, successor)
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    // Upper and lower case of ASCII have the same length, so the place holds for the text.
    text.to_ascii_lowercase().find(word)
}

/// A date as the record has it, if it begins with one of ISO 8601.
fn iso_date(text: &str) -> Option<String> {
    let text = text.replace('/', "-");
    let date: String = text.chars().take(10).collect();
    let shape: String = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    (shape == "0000-00-00").then_some(date)
}

/// Names of a list; addresses are left out.
fn people(text: &str) -> Vec<String> {
    plain(text)
        .trim_matches(['[', ']', '{', '}'])
        .split([',', ';'])
        .map(|name| {
            name.split('<')
                .next()
                .unwrap_or(name)
                .trim()
                .trim_matches('"')
        })
        .filter(|name| !name.is_empty() && (!name.contains('@') || name.starts_with('@')))
        .map(str::to_owned)
        .collect()
}
