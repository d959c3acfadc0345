//! The words by which a brief shows a capability.
//!
//! A pattern is a sequence of words: `checkout`, `work order`. A word matches itself and its
//! inflections (`book`: books, booked, booking), in any case, always from the start of a word of
//! the text; hyphens and blanks are the same. `word*` takes any ending of up to nine letters,
//! `=word` no ending at all, `a|b` either word, `...` up to three words of the same clause.

use crate::capability::{Capability, capabilities};
use serde::Deserialize;
use std::collections::BTreeMap;

/// How much a hit says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// One hit is enough.
    Strong,
    /// Counts only beside a hit of another pattern of the same pack elsewhere in the text.
    Weak,
}

/// The patterns of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// Patterns of which one hit is enough.
    #[serde(default)]
    pub strong: Vec<String>,
    /// Patterns that need a hit of another pattern.
    #[serde(default)]
    pub weak: Vec<String>,
    /// Patterns that cancel the hits that they overlap.
    #[serde(default)]
    pub not: Vec<String>,
}

/// A place in a text that shows a capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The pattern that matched, as the pack has it.
    pub pattern: String,
    /// Its strength.
    pub strength: Strength,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What cancels it: a negation (`without`) or a cancelling pattern; counts only if none.
    pub cancelled_by: Option<String>,
}

/// What a text says about a capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// Id of the pack.
    pub id: String,
    /// Hits in the order of the text.
    pub hits: Vec<Hit>,
    /// Whether the hits suffice: one strong, or two weak ones of different patterns and places.
    pub found: bool,
}

/// The words of a text, and which of them begin with a letter: thousands of patterns are looked for in
/// a text of some hundred words, and each can only stand where its first word begins.
struct Text {
    words: Vec<Word>,
    /// First byte to the indices of the words, ascending.
    first: BTreeMap<u8, Vec<usize>>,
}

/// A word of a text with its bytes and the number of its clause.
struct Word {
    text: String,
    start: usize,
    end: usize,
    clause: usize,
}

/// Finds the packs of which a text speaks, also those of which it says that they are not wanted
/// (`found` is false then). Packs without a hit are left out; the order is that of
/// [`capabilities`]. Does not add required packs.
pub fn detect(text: &str) -> Vec<Detection> {
    let words = split(text);
    let detect_one = |pack: &Capability| {
        let hits = pack.lexicon.hits_in(&words);
        let found = suffices(&hits);
        let id = pack.id.clone();
        (!hits.is_empty()).then_some(Detection { id, hits, found })
    };
    capabilities().iter().filter_map(detect_one).collect()
}

impl Lexicon {
    /// The hits of this lexicon in a text.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        self.hits_in(&split(text))
    }

    fn hits_in(&self, text: &Text) -> Vec<Hit> {
        let words = text.words.as_slice();
        let cancels: Vec<(usize, usize, &String)> = self
            .not
            .iter()
            .flat_map(|pattern| {
                let found = places(pattern, text);
                found.into_iter().map(move |(from, to)| (from, to, pattern))
            })
            .collect();
        let strong = self.strong.iter().map(|p| (p, Strength::Strong));
        let weak = self.weak.iter().map(|p| (p, Strength::Weak));
        let mut hits: Vec<Hit> = Vec::new();
        for (pattern, strength) in strong.chain(weak) {
            for (from, to) in places(pattern, text) {
                let mut overlap = cancels.iter().filter(|c| c.0 < to && from < c.1);
                let cancelled_by = overlap.next().map(|c| c.2.clone());
                let (Some(first), Some(last)) = (words.get(from), words.get(to - 1)) else {
                    continue;
                };
                hits.push(Hit {
                    pattern: pattern.clone(),
                    strength,
                    start: first.start,
                    end: last.end,
                    cancelled_by: cancelled_by.or_else(|| negation(words, from)),
                });
            }
        }
        hits.sort_by_key(|hit| (hit.start, hit.strength, hit.end));
        hits
    }
}

/// Whether the hits that nothing cancels suffice: one strong, or two weak ones of different patterns
/// and places.
pub fn suffices(hits: &[Hit]) -> bool {
    let live: Vec<&Hit> = hits.iter().filter(|h| h.cancelled_by.is_none()).collect();
    let apart = |a: &Hit| {
        let mut others = live.iter().filter(|b| b.pattern != a.pattern);
        others.any(|b| b.end <= a.start)
    };
    live.iter()
        .any(|h| h.strength == Strength::Strong || apart(h))
}

/// The negation that stands at most three words before, in the same clause.
fn negation(words: &[Word], at: usize) -> Option<String> {
    let clause = words.get(at)?.clause;
    let before = words.get(at.saturating_sub(3)..at)?;
    before
        .iter()
        .rev()
        .take_while(|word| word.clause == clause)
        .find(|word| {
            matches!(
                word.text.as_str(),
                "no" | "not" | "without" | "never" | "excluding" | "except" | "instead" | "nor"
            )
        })
        .map(|word| word.text.clone())
}

/// Splits a text into lower-case words of letters and digits.
fn split(text: &str) -> Text {
    let mut words = Vec::new();
    let mut start = None;
    let mut clause = 0;
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        let apostrophe = c == '\'' || c == '\u{2019}';
        match start {
            None if c.is_alphanumeric() => start = Some(at),
            Some(from) if !c.is_alphanumeric() && !apostrophe => {
                let raw = text.get(from..at).unwrap_or_default();
                let end = from + raw.trim_end_matches(['\'', '\u{2019}']).len();
                words.push(Word {
                    text: raw.trim_end_matches(['\'', '\u{2019}']).to_lowercase(),
                    start: from,
                    end,
                    clause,
                });
                start = None;
            }
            _ => {}
        }
        clause += usize::from(matches!(
            c,
            '.' | ',' | ';' | ':' | '(' | ')' | '\n' | '!' | '?'
        ));
    }
    let mut first: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(byte) = word.text.as_bytes().first() {
            first.entry(*byte).or_default().push(at);
        }
    }
    Text { words, first }
}

/// The places of a pattern: first word, word after the last.
fn places(pattern: &str, text: &Text) -> Vec<(usize, usize)> {
    let parts: Vec<&str> = pattern
        .split([' ', '-'])
        .filter(|p| !p.is_empty())
        .collect();
    let mut from: Vec<usize> = Vec::new();
    for choice in parts.first().copied().unwrap_or_default().split('|') {
        let core = choice.strip_prefix('=').unwrap_or(choice);
        match core.as_bytes() {
            // `word_matches` has no word of another first letter, unless the pattern is but a letter.
            [byte, _, ..] if *byte != b'*' => {
                from.extend(text.first.get(byte).into_iter().flatten());
            }
            _ => from.extend(0..text.words.len()),
        }
    }
    from.sort_unstable();
    from.dedup();
    from.into_iter()
        .filter_map(|from| ends_at(&parts, &text.words, from).map(|to| (from, to)))
        .collect()
}

fn ends_at(parts: &[&str], words: &[Word], at: usize) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    if *part == "..." {
        let clause = words.get(at.checked_sub(1)?)?.clause;
        let same = |gap: &usize| words.get(at + gap).is_some_and(|w| w.clause == clause);
        return (0..=3)
            .take_while(same)
            .find_map(|gap| ends_at(rest, words, at + gap));
    }
    let word = &words.get(at)?.text;
    let matched = part.split('|').any(|choice| word_matches(choice, word));
    // What follows must stand in the same clause: `in real time, clocks` is no real-time clock.
    let clause = |i: usize| words.get(i).map(|w| w.clause);
    let apart = !rest.is_empty() && clause(at + 1) != clause(at);
    if matched && !apart {
        ends_at(rest, words, at + 1)
    } else {
        None
    }
}

/// Whether a word of a pattern matches a word of a text.
fn word_matches(pattern: &str, word: &str) -> bool {
    // Nearly all words begin with another letter, and every form of a longer word keeps its own.
    let core = pattern.strip_prefix('=').unwrap_or(pattern);
    if core.len() > 1 && core.as_bytes().first() != word.as_bytes().first() {
        return false;
    }
    if let Some(exact) = pattern.strip_prefix('=') {
        return word == exact;
    }
    if let Some(stem) = pattern.strip_suffix('*') {
        return word
            .strip_prefix(stem)
            .is_some_and(|rest| rest.chars().count() <= 9);
    }
    let Some(rest) = word.strip_prefix(pattern) else {
        return folded(pattern, word);
    };
    let last = pattern.chars().next_back();
    let doubled = last.and_then(|c| rest.strip_prefix(c));
    matches!(
        rest,
        "" | "s" | "es" | "ed" | "d" | "ing" | "ings" | "'s" | "\u{2019}s"
    ) || matches!(doubled, Some("ed" | "ing" | "ings"))
}

/// Inflections that change the last letter: schedule, scheduling; delivery, deliveries.
fn folded(pattern: &str, word: &str) -> bool {
    let ends = |stem: &str, endings: &[&str]| {
        word.strip_prefix(stem)
            .is_some_and(|rest| endings.contains(&rest))
    };
    let without_e = pattern.strip_suffix('e');
    let without_y = pattern.strip_suffix('y');
    without_e.is_some_and(|stem| ends(stem, &["ing", "ings"]))
        || without_y.is_some_and(|stem| ends(stem, &["ies", "ied"]))
}

/// What is wrong with a pattern, if anything.
pub(crate) fn pattern_fault(pattern: &str) -> Option<String> {
    let parts: Vec<&str> = pattern.split([' ', '-']).collect();
    let edge = |part: Option<&&str>| part.is_none_or(|p| *p == "...");
    if edge(parts.first()) || edge(parts.last()) {
        return Some("starts or ends with `...`".to_owned());
    }
    let choices = parts.iter().flat_map(|part| part.split('|'));
    for choice in choices.filter(|choice| *choice != "...") {
        let core = choice.strip_prefix('=').unwrap_or(choice);
        let core = core.strip_suffix('*').unwrap_or(core);
        let plain = |c: char| c.is_alphanumeric() && !c.is_uppercase();
        if core.is_empty() || !core.chars().all(plain) {
            return Some(format!("`{choice}` is not a word in lower case"));
        }
    }
    None
}
