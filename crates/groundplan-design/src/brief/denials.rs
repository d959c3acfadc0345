//! What a brief says that the system is not: `No online payments`, `complaints are not handled here`.

use super::rules::{Rule, parts, rule, verbal};
use super::token::{Token, tokens};
use super::{Brief, Field};

/// Words behind `is not` that take a thing out of the system.
pub(crate) const OUTSIDE: [&str; 14] = [
    "handled",
    "part",
    "needed",
    "wanted",
    "required",
    "planned",
    "covered",
    "ours",
    "included",
    "supported",
    "here",
    "foreseen",
    "necessary",
    "offered",
];

/// Sentences of the purpose that say what does not belong to the system.
pub(crate) fn denials(brief: &Brief) -> Vec<Rule> {
    let sentences = parts(brief.text(Field::Purpose), false);
    let denied = sentences.into_iter().filter(|s| denies(&tokens(s)));
    denied
        .take(4)
        .map(|text| rule(brief, Field::Purpose, text))
        .collect()
}

/// Whether a sentence only says what is not wanted.
pub(crate) fn denies(all: &[Token]) -> bool {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let two = (word(0), word(1));
    let none = matches!(two, ("no", _)) && !verbal(all)
        || matches!(two, ("there", "is" | "are")) && word(2) == "no"
        || matches!(word(0), "we" | "nobody")
            && matches!(word(1), "do" | "don't" | "needs" | "wants")
            && (word(1) != "do" || word(2) == "not")
            && (1..5).any(|i| matches!(word(i), "need" | "want" | "needs" | "wants"));
    let outside = (0..all.len()).any(|i| {
        let be = matches!(word(i), "is" | "are");
        be && word(i + 1) == "not" && OUTSIDE.contains(&word(i + 2))
            || be && word(i + 1) == "out" && word(i + 2) == "of" && word(i + 3) == "scope"
    });
    none || outside && all.len() < 14
}
