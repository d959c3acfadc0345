//! How clauses hang together: what stands before `who`, how long a list goes on, verbs whose particle
//! stands behind the object, and sentences that tell how it is done today.

use super::{Act, Deed, LINKS, MODALS, POINTERS, Reader, STOPS, base, single};
use crate::brief::token::{Kind, Token, tokens};
use groundplan_knowledge::design_tables;
use std::ops::Range;

/// Words with which a sentence tells of the time before the system.
const BEFORE_NOW: [&str; 6] = [
    "today",
    "currently",
    "nowadays",
    "presently",
    "hitherto",
    "formerly",
];
const BEFORE_NOW_MORE: [&[&str]; 8] = [
    &["until", "now"],
    &["so", "far"],
    &["at", "present"],
    &["for", "now"],
    &["at", "the", "moment"],
    &["right", "now"],
    &["up", "to", "now"],
    &["these", "days"],
];

/// The bytes of sentences that say how it is done today: `Today the clerk does it with a radio.`
pub(crate) fn before_now(text: &str) -> Vec<Range<usize>> {
    let all = tokens(text);
    let ends = |t: &Token| ['.', '!', '?', ';'].iter().any(|c| t.is(*c));
    let mut spans = Vec::new();
    let mut start = 0;
    for i in 0..=all.len() {
        if !all.get(i).is_none_or(ends) {
            continue;
        }
        let sentence: Vec<&Token> = all
            .get(start..i)
            .unwrap_or_default()
            .iter()
            .filter(|t| !t.is('\n'))
            .collect();
        let word = |k: usize| sentence.get(k).map_or("", |t| t.word());
        let more = BEFORE_NOW_MORE
            .iter()
            .any(|said| (0..).zip(*said).all(|(k, w)| word(k) == *w));
        // `Gyms reset their walls and nobody knows which routes are there` complains, and asks for
        // nothing yet.
        let complains = (start == 0 && i < all.len())
            .then(|| complaint(&sentence))
            .flatten();
        let today = (BEFORE_NOW.contains(&word(0)) || more).then_some(0..sentence.len());
        if let Some(range) = today.or(complains)
            && let [first, .., last] = sentence.get(range).unwrap_or_default()
        {
            spans.push(first.start..last.end);
        }
        start = i + 1;
    }
    spans
}

/// Words with which a clause asks for something.
const MUST: [&str; 8] = [
    "must", "shall", "should", "can", "may", "will", "could", "cannot",
];

/// The clause of a sentence in which nobody knows or sees something. What must be, and what is so that
/// nobody finds something, is asked for.
fn complaint(sentence: &[&Token]) -> Option<Range<usize>> {
    let word = |k: usize| sentence.get(k).map_or("", |t| t.word());
    let at = (0..sentence.len()).find(|k| {
        let nobody = word(*k) == "nobody" || word(*k) == "no" && word(k + 1) == "one";
        let verb = word(k + if word(*k) == "no" { 2 } else { 1 });
        nobody && matches!(verb, "knows" | "sees" | "remembers" | "notices" | "finds")
    })?;
    let led = at.checked_sub(1).map_or("", word);
    let that = at.checked_sub(2).map_or("", word) == "so" && led == "that";
    if that || matches!(led, "so" | "therefore" | "thus" | "hence") {
        return None;
    }
    let ends = |k: &usize| {
        sentence.get(*k).is_some_and(|t| t.is(','))
            || matches!(word(*k), "so" | "therefore" | "thus" | "hence" | "but")
    };
    let end = (at..sentence.len()).find(ends).unwrap_or(sentence.len());
    let asked = (at..end).any(|k| MUST.contains(&word(k)));
    // `Gyms reset their walls and nobody knows which routes are there` complains from end to end.
    let whole = end == sentence.len() && !(0..at).any(|k| MUST.contains(&word(k)));
    // `and nobody knows`
    let from = match led {
        _ if whole => 0,
        "and" | "but" => at - 1,
        _ => at,
    };
    (!asked).then_some(from..end)
}

/// Words that stand for somebody or something said before, and are no record.
pub(super) fn is_pronoun(word: &str) -> bool {
    word.ends_with("self") && word.len() < 9
        || word.ends_with("selves")
        || matches!(
            word,
            "them" | "him" | "her" | "us" | "me" | "ones" | "none" | "nothing" | "everyone"
        )
}

/// What stands behind a noun and is no part of it: `have the files ready`, `fill in the form beforehand`.
pub(super) fn trails(word: &str) -> bool {
    matches!(
        word,
        "ready"
            | "available"
            | "visible"
            | "complete"
            | "due"
            | "alone"
            | "safe"
            | "empty"
            | "beforehand"
            | "afterwards"
    )
}

/// The noun behind the last `of each` of a clause.
pub(super) fn each_of(rest: &str) -> Option<String> {
    let (_, each) = rest
        .rsplit_once(" of each ")
        .or_else(|| rest.rsplit_once(" of every "))?;
    let words: Vec<&str> = each
        .split_whitespace()
        .take_while(|w| w.chars().all(char::is_alphabetic) && !super::is_filler(w))
        .collect();
    match words.as_slice() {
        [] => None,
        [one] => Some(single(one)),
        [.., first, last] => Some(format!("{first} {}", single(last))),
    }
}

/// The tokens of a text in which who is able to do something can do it: `shall be able to see`, `are
/// allowed to enter`.
pub(super) fn able(mut all: Vec<Token>) -> Vec<Token> {
    let mut i = 0;
    while i + 2 < all.len() {
        let word = |k: usize| all.get(k).map_or("", Token::word);
        let led = matches!(word(i), "able" | "allowed" | "entitled") && word(i + 1) == "to";
        let be = i.checked_sub(1).filter(|_| led);
        match be.map(word) {
            Some("be") if i > 1 && MODALS.contains(&word(i - 2)) => {
                all.drain(i - 1..i + 2);
            }
            Some("is" | "are") => {
                if let Some(be) = all.get_mut(i - 1) {
                    be.kind = Kind::Word("can".to_owned());
                }
                all.drain(i..i + 2);
            }
            _ => {
                // `Every alarm has to be answered`: it must; `what access each has to the file` binds nobody.
                let has = matches!(word(i), "has" | "have")
                    && word(i + 1) == "to"
                    && i > 0
                    && !POINTERS.contains(&word(i + 2));
                if let Some(token) = all.get_mut(i).filter(|_| has) {
                    token.kind = Kind::Word("must".to_owned());
                    all.remove(i + 1);
                }
                i += 1;
            }
        }
    }
    all
}

/// The tokens of a text without lists in brackets, and the lists, by the index of the token behind
/// them: `a hire (customer, site, crane) and` goes on behind the bracket.
pub(super) fn without_lists(all: Vec<Token>) -> (Vec<Token>, Vec<(usize, Vec<String>)>) {
    const LONGEST: usize = 30;
    let mut kept = Vec::with_capacity(all.len());
    let mut lists = Vec::new();
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let near = all
            .get(at + 1..all.len().min(at + LONGEST))
            .unwrap_or_default();
        let close = near
            .iter()
            .position(|t| t.is(')'))
            .filter(|_| token.is('('));
        let names = close.and_then(|c| listed(near.get(..c)?));
        match (names, close) {
            (Some(names), Some(close)) => {
                lists.push((kept.len(), names));
                at += close + 2;
            }
            _ => {
                kept.push(token.clone());
                at += 1;
            }
        }
    }
    (kept, lists)
}

/// The names of a list of at least two bare nouns; `None` where something else stands among them.
fn listed(inside: &[Token]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for part in inside.split(|t| t.is(',') || t.word() == "and") {
        let words: Vec<&str> = part.iter().map(Token::word).collect();
        let plain = |w: &&str| {
            w.len() > 2
                && w.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                && !super::is_filler(w)
        };
        match words.as_slice() {
            [] => {}
            _ if words.len() <= 3 && words.iter().all(plain) => names.push(words.join(" ")),
            // `from/to` is a span, and no name of one field.
            _ if part.iter().any(|t| t.is('/')) => {}
            _ => return None,
        }
    }
    (names.len() > 1).then_some(names)
}

/// The tokens of a text in which a single dash between blanks ends a sentence: `Online voting - holders
/// register`. Two of them stand around what is said besides.
pub(super) fn dashed(mut all: Vec<Token>) -> Vec<Token> {
    let hard = |t: &Token| ['.', ';', ':', '!', '?'].iter().any(|c| t.is(*c));
    let mut start = 0;
    for end in 0..=all.len() {
        if !all.get(end).is_none_or(hard) {
            continue;
        }
        let free = |k: &usize| {
            let (Some(dash), Some(next)) = (all.get(*k), all.get(k + 1)) else {
                return false;
            };
            let before = k.checked_sub(1).and_then(|b| all.get(b));
            let number = |t: &Token| matches!(t.kind, Kind::Number { .. });
            ['-', '–', '—'].iter().any(|c| dash.is(*c))
                && before.is_some_and(|b| b.end < dash.start && !number(b) && !b.is('\n'))
                && dash.end < next.start
                && !number(next)
        };
        let mut dashes = (start + 1..end).filter(free);
        if let (Some(only), None) = (dashes.next(), dashes.next())
            && let Some(token) = all.get_mut(only)
        {
            token.kind = Kind::Mark(';');
        }
        start = end + 1;
    }
    all
}

/// The tokens of a text without the names that stand as examples before a verb: `receivers such as
/// Google and Microsoft send reports`.
pub(super) fn without_examples(text: &str, all: Vec<Token>) -> Vec<Token> {
    let capital = |t: &Token| {
        let raw = text.get(t.start..t.end).unwrap_or_default();
        raw.starts_with(char::is_uppercase)
    };
    let mut kept = Vec::with_capacity(all.len());
    let mut at = 0;
    while let Some(token) = all.get(at) {
        let word = |k: usize| all.get(k).map_or("", Token::word);
        let begins = match (token.word(), word(at + 1)) {
            ("such", "as") => Some(at + 2),
            ("like", _) if !kept.is_empty() => Some(at + 1),
            _ => None,
        };
        let name = |k: usize| all.get(k).is_some_and(capital);
        let mut end = begins.filter(|k| name(*k)).unwrap_or(at);
        while end > at && end < all.len() {
            let joined =
                all.get(end).is_some_and(|t| t.is(',')) || matches!(word(end), "and" | "or");
            if !(name(end) || joined && name(end + 1)) {
                break;
            }
            end += 1;
        }
        if end > at {
            at = end;
        } else {
            kept.push(token.clone());
            at += 1;
        }
    }
    kept
}

/// Whether a word compares, and is neither a thing nor somebody however it ends.
pub(super) fn compares(word: &str) -> bool {
    matches!(
        word,
        "earlier"
            | "later"
            | "older"
            | "newer"
            | "former"
            | "latter"
            | "previous"
            | "further"
            | "lower"
            | "higher"
            | "larger"
            | "smaller"
            | "longer"
            | "shorter"
            | "better"
            | "either"
            | "neither"
            | "another"
    )
}

/// Particles of verbs that may stand behind the object: `sign children in`.
const PARTICLES: [&str; 8] = ["in", "out", "up", "off", "on", "back", "over", "down"];

/// Words with which a passive clause goes on behind its participle.
pub(super) const BEHIND: [&str; 30] = [
    "in",
    "on",
    "at",
    "with",
    "for",
    "to",
    "from",
    "after",
    "before",
    "within",
    "under",
    "into",
    "against",
    "over",
    "per",
    "every",
    "each",
    "once",
    "again",
    "out",
    "up",
    "off",
    "when",
    "until",
    "as",
    "through",
    "online",
    "automatically",
    "twice",
    "during",
];

/// Whether a word is who may do something: `parents`, `we`.
pub(super) fn acts(word: &str) -> bool {
    let somebody = design_tables().vocabulary.is_somebody(&single(word));
    somebody || matches!(word, "we" | "they" | "to" | "can" | "must" | "will")
}

/// Words before `to` that leave the deed to who stands before them: `accounting needs to see`.
pub(super) const WANTING: [&str; 12] = [
    "want", "wants", "need", "needs", "have", "has", "like", "likes", "wish", "wishes", "able",
    "would",
];

impl Reader<'_> {
    /// Whether a word only helps the verb behind it: `can`, and `needs` before `to`.
    pub(super) fn helps(&self, at: usize) -> bool {
        let word = self.word(at);
        MODALS.contains(&word) || WANTING.contains(&word) && self.word(at + 1) == "to"
    }

    /// People of two words, with what stands behind `of`, whose verb comes later: `Drone crews of a grid
    /// operator fly along lines and photograph every pylon`.
    pub(super) fn leading_two(&self, at: usize, end: usize) -> Option<(Option<String>, bool)> {
        let (first, head) = (self.word(at), self.word(at + 1));
        let one = single(head);
        let plain = first.len() > 2
            && first.chars().all(|c| c.is_ascii_lowercase())
            && !super::is_filler(first)
            && !first.ends_with("ed")
            && single(first) == first
            && base(first).is_none();
        let people = one != head && design_tables().vocabulary.is_somebody(&one);
        let from = at + 2 + usize::from(self.word(at + 2) == "of");
        let acts = (from..end).any(|k| super::headings::command(self.word(k)).is_some());
        (plain && people && acts).then(|| (Some(format!("{first} {one}")), true))
    }

    /// Whether the word at `k` is a time behind `every`: `every month`.
    pub(super) fn times(&self, k: usize) -> bool {
        let led = k
            .checked_sub(1)
            .is_some_and(|b| matches!(self.word(b), "every" | "each"));
        let word = self.word(k);
        led && (crate::brief::grammar::seconds(word).is_some()
            || matches!(
                word,
                "morning"
                    | "evening"
                    | "night"
                    | "quarter"
                    | "season"
                    | "spring"
                    | "summer"
                    | "autumn"
                    | "winter"
            )
            || word.ends_with("day") && word.len() > 5)
    }

    /// Whom `they` at the verb `i` means, where the sentence has nobody before it who acts: the first
    /// people of the sentence, or those with whom the one before begins.
    pub(super) fn they(&self, from: usize, i: usize) -> Option<String> {
        let vocabulary = &design_tables().vocabulary;
        let people = |k: usize| {
            let word = self.word(k);
            let one = single(word);
            let person = vocabulary.is_person(&one) || vocabulary.sounds_like_person(&one);
            let compound = k + 1 < i && super::plural(self.word(k + 1));
            (one != word && person && !compound).then_some(one)
        };
        if let Some(here) = (from..i).find_map(people) {
            return Some(here);
        }
        let end = from.checked_sub(1)?;
        let mut start = (0..end).rev().find(|k| self.ends(*k)).map_or(0, |k| k + 1);
        while start < end
            && (POINTERS.contains(&self.word(start))
                || self.all.get(start).is_some_and(|t| t.is('\n')))
        {
            start += 1;
        }
        people(start)
    }

    /// Whether the noun phrase that ends before `i` is a name in capitals with a version behind it.
    pub(super) fn versioned(&self, i: usize) -> bool {
        let number = |t: &Token| matches!(t.kind, Kind::Number { .. });
        let raw = i
            .checked_sub(1)
            .and_then(|k| self.all.get(k))
            .and_then(|t| self.text.get(t.start..t.end));
        // `send SMS 2 days before`: a count has no point.
        let pointed = |t: &Token| {
            let text = self.text.get(t.start..t.end);
            text.is_some_and(|raw| raw.trim_end_matches('.').contains('.'))
        };
        self.all.get(i).is_some_and(|t| number(t) && pointed(t))
            && raw.is_some_and(|r| r.len() > 1 && r.chars().all(char::is_uppercase))
    }

    /// Whether somebody begins at `at` whose verb no list has: `which bins are full and | drivers empty
    /// the bins`. In a list an article has to say that something is done: `customers contact details`
    /// and `driver licences every year` are nouns.
    pub(super) fn others(&self, at: usize, to: usize, bare: bool) -> bool {
        let phrase = (at..(at + 4).min(to))
            .take_while(|n| !self.comma(*n) && !matches!(self.word(*n), "and" | "or"));
        let object = |word: &str| {
            let timed = matches!(word, "every" | "each");
            bare || POINTERS.contains(&word) && !timed || matches!(word, "it" | "them" | "us")
        };
        phrase
            .skip(1)
            .any(|n| object(self.word(n + 1)) && self.unlisted(at, n).is_some())
    }

    /// Whether a word stands before an article where a noun cannot: `and dilutes | the acid`.
    pub(super) fn before_article(&self, k: usize) -> bool {
        let word = self.word(k);
        let adverb = ["times", "wards", "ways", "haps", "less", "like"]
            .iter()
            .any(|e| word.ends_with(e))
            || matches!(
                word,
                "besides"
                    | "plus"
                    | "both"
                    | "half"
                    | "even"
                    | "often"
                    | "maybe"
                    | "soon"
                    | "except"
            );
        word.len() > 3
            && word.chars().all(|c| c.is_ascii_lowercase())
            && !adverb
            && !self.no_verb(word)
            && POINTERS.contains(&self.word(k + 1))
    }

    /// A verb that no list has, where the subject of the clause before goes on and an article says
    /// that something is done: `takes the weight and | jots | the code down`.
    pub(super) fn led_on(
        &self,
        clause: usize,
        i: usize,
        who: Option<&(Option<String>, bool)>,
    ) -> Option<(String, Act, bool)> {
        let (_, many) = who?;
        let word = self.word(i);
        let joined = i == clause && i > 0 && matches!(self.word(i - 1), "and" | "then");
        let bent = single(word) != word;
        (joined && self.before_article(i) && bent != *many).then(|| {
            let verb = match many {
                true => word.to_owned(),
                false => single(word),
            };
            (verb, Act::Change, !many)
        })
    }

    /// Somebody in front of `, who`, if the noun there is one: `a luthier of our network, who`.
    pub(super) fn before_who(&self, from: usize, clause: usize) -> Option<String> {
        let comma = clause.checked_sub(1).filter(|k| self.comma(*k))?;
        let start = (from..comma)
            .rev()
            .find(|k| self.comma(*k))
            .map_or(from, |k| k + 1);
        let vocabulary = &design_tables().vocabulary;
        let nouns = (start..comma).rev().filter_map(|k| {
            let word = self.word(k);
            let one = single(word);
            let led = k > start && POINTERS.contains(&self.word(k - 1));
            (led && vocabulary.is_somebody(&one) && !vocabulary.organisations.contains(&one))
                .then_some(one)
        });
        nouns.into_iter().next()
    }

    /// The thing that the clause before `, who` is about: `the instrument goes to a luthier, who`.
    pub(super) fn spoken_of(&self, from: usize, clause: usize) -> Option<String> {
        let comma = clause.checked_sub(1)?;
        let start = (from..comma)
            .rev()
            .find(|k| self.comma(*k))
            .map_or(from, |k| k + 1);
        let noun = self.word(start + 1);
        let thing = POINTERS.contains(&self.word(start))
            && noun.len() > 3
            && !LINKS.contains(&self.word(start + 2))
            && !self.word(start + 2).is_empty()
            && !design_tables().vocabulary.is_somebody(&single(noun));
        thing.then(|| single(noun))
    }

    /// Where the subject begins behind a clause of time without comma: `When a layer warms in a day
    /// | the farmer | gets`.
    pub(super) fn after_opening(&self, from: usize, last: usize) -> Option<usize> {
        let opens = matches!(
            self.word(from),
            "when"
                | "whenever"
                | "if"
                | "once"
                | "after"
                | "before"
                | "until"
                | "as"
                | "on"
                | "at"
                | "in"
                | "during"
                | "every"
                | "each"
        );
        let pointer = (from + 2..last.checked_sub(1)?)
            .rev()
            .find(|k| POINTERS.contains(&self.word(*k)))?;
        let plain = |k: usize| {
            let word = self.word(k);
            !word.is_empty()
                && !LINKS.contains(&word)
                && !STOPS.contains(&word)
                && !MODALS.contains(&word)
        };
        let near = last - pointer <= 3 && (pointer + 1..last).all(plain);
        let led = LINKS.contains(&self.word(pointer - 1));
        (opens && near && !led).then_some(pointer + 1)
    }

    /// The deed whose object a pronoun means: `it` is one, so of `fill in the return, upload receipts,
    /// submit it` the return; the last object where none agrees.
    pub(super) fn meant(&self, pronoun: &str) -> Option<&Deed> {
        let mut all = self.deeds.iter().rev().filter(|d| !d.what.is_empty());
        let one = |d: &&Deed| {
            let said = |head: &str| {
                d.rest
                    .split_whitespace()
                    .any(|w| w.trim_matches(',') == head)
            };
            d.what.iter().filter_map(|w| w.rsplit(' ').next()).any(said)
        };
        let last = all.clone().next();
        match pronoun {
            "it" => all.find(one).or(last),
            _ => last,
        }
    }

    /// The words of a passive clause from its subject on: `Bundles are provisioned on the system`.
    pub(super) fn as_said(&self, clause: usize, be: usize, end: usize) -> Option<String> {
        // A clause of time or a modal in front makes half a sentence of it.
        let first = self.word(clause);
        let half = STOPS.contains(&first) || MODALS.contains(&first);
        let start = self.all.get(clause).filter(|_| clause < be && !half)?.start;
        let end = match self.all.get(end).is_some_and(|t| t.is('(')) {
            // `as ICSR (E2B) within 15 days`: what stands in brackets ends nothing.
            true => (end..self.all.len())
                .find(|k| {
                    let mark = self.all.get(*k);
                    mark.is_some_and(|t| ['.', ';', '!', '?'].iter().any(|c| t.is(*c)))
                })
                .unwrap_or(self.all.len()),
            false => end,
        };
        let stop = self.all.get(end.checked_sub(1)?)?.end;
        let said = self.text.get(start..stop)?;
        let said: Vec<&str> = said.split_whitespace().collect();
        (said.len() < 30).then(|| said.join(" "))
    }

    /// Where a passive clause ends: `against models for wind, flood and earthquake` is one.
    pub(super) fn passive_end(&self, from: usize, to: usize) -> usize {
        let stop = |k: usize| self.comma(k) || matches!(self.word(k), "and" | "then" | "but");
        let mut end = (from..to).find(|k| stop(*k)).unwrap_or(to);
        // Bare nouns behind commas up to an `and`, and the clause is over: a list.
        loop {
            let next = (end + 1..to).find(|k| stop(*k)).unwrap_or(to);
            let nouns = end < to
                && self.word(end) != "then"
                && self.word(end) != "but"
                && (1..=3).contains(&(next - end - 1))
                && (end + 1..next).all(|k| self.bare_noun(k));
            let last = self.word(end) == "and";
            // `to EMA and FDA as ICSR`: a name and what goes on with both.
            let name = end < to
                && last
                && self.bare_noun(end + 1)
                && (LINKS.contains(&self.word(end + 2)) || BEHIND.contains(&self.word(end + 2)));
            if name && from != end {
                end = next;
                continue;
            }
            let listed = nouns
                && match last {
                    true => next == to || self.comma(next),
                    false => (next..to.min(next + 5)).any(|k| self.word(k) == "and"),
                };
            if !listed || from == end {
                return end;
            }
            end = next;
            if last {
                return end;
            }
        }
    }

    /// What a record holds, behind `with`: `with the flight number, the type of fluid and the parts`;
    /// and where the clause ends then. One thing alone needs an article that says it is known.
    pub(super) fn held(&self, from: usize, end: usize, to: usize) -> (Vec<String>, usize) {
        let none = (Vec::new(), end);
        let Some(with) = (from..end).find(|k| self.word(*k) == "with") else {
            return none;
        };
        let mut names: Vec<String> = Vec::new();
        let mut at = with + 1;
        let mut last = end;
        let known = matches!(self.word(at), "the" | "its" | "their");
        let mut articles = true;
        loop {
            articles &= POINTERS.contains(&self.word(at));
            let Some((name, next)) = self.held_one(at, to) else {
                break;
            };
            names.push(name);
            last = next;
            let joins = self.comma(next) || self.word(next) == "and";
            if !joins || next >= to {
                break;
            }
            at = next + 1;
            if self.word(at) == "and" {
                at += 1;
            }
            // `with the code, and clerks check it` begins anew.
            if articles && !POINTERS.contains(&self.word(at)) {
                break;
            }
        }
        if names.is_empty() || names.len() == 1 && !known {
            return none;
        }
        (names, last.max(end))
    }

    /// One thing of a list that a record holds, as the name of a field, and the token behind it.
    fn held_one(&self, from: usize, to: usize) -> Option<(String, usize)> {
        let mut at = from;
        while POINTERS.contains(&self.word(at)) {
            at += 1;
        }
        let first = at;
        // Behind an article a word that may be a verb is a noun: `the type of fluid`.
        let led = first > from;
        // A verb would go on with what it is done to: `ear tags of`, but `the clerk tags the`.
        let closes = |k: usize| {
            k >= to
                || self.comma(k)
                || LINKS.contains(&self.word(k))
                || matches!(self.word(k), "and" | "or")
        };
        let noun = |k: usize| {
            self.bare_noun(k) || self.held_word(k) && (k == first || led && closes(k + 1))
        };
        while at < to && at - first < 4 && noun(at) {
            at += 1;
        }
        let words: Vec<&str> = (first..at).map(|k| self.word(k)).collect();
        let head = single(words.last()?);
        let vocabulary = &design_tables().vocabulary;
        // Where somebody stands, a sentence begins: `the clerk checks the tags`.
        let somebody = |w: &&str| {
            let one = single(w);
            vocabulary.users.contains(&one)
                || vocabulary.folk.contains(&one)
                || vocabulary.organisations.contains(&one)
                || crate::brief::role_nouns().contains(&one)
        };
        if words.iter().any(somebody) {
            return None;
        }
        // A tool, somebody, or a word that says nothing is no field.
        let other = vocabulary
            .users
            .iter()
            .chain(&vocabulary.folk)
            .any(|u| *u == head)
            || vocabulary.programs.contains(&head)
            || [
                "help", "app", "tablet", "phone", "way", "thing", "pen", "hand", "eye", "rest",
            ]
            .contains(&head.as_str());
        if other
            || words
                .iter()
                .any(|w| !w.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        {
            return None;
        }
        let mut name = words.join(" ");
        // `the type of fluid` is the fluid type, `the parts of the aircraft` are aircraft parts.
        if self.word(at) == "of" {
            let mut of = at + 1;
            while POINTERS.contains(&self.word(of)) {
                of += 1;
            }
            if !self.bare_noun(of) || of >= to {
                return None;
            }
            name = format!("{} {name}", single(self.word(of)));
            at = of + 1;
        }
        // `charge per hole`
        if self.word(at) == "per" && self.bare_noun(at + 1) && at + 1 < to {
            name = format!("{name} per {}", single(self.word(at + 1)));
            at += 2;
        }
        // What goes on with `to be treated` says which.
        while at < to && !self.comma(at) && !matches!(self.word(at), "and" | "or") {
            if at - first > 9 || base(self.word(at)).is_some_and(|(_, _, bent)| bent) {
                return None;
            }
            at += 1;
        }
        Some((name, at))
    }

    /// Whether a word may be a noun where an article or the start of a list says so.
    fn held_word(&self, k: usize) -> bool {
        let word = self.word(k);
        word.len() > 2 && word != "has" && !super::is_filler(word)
    }

    /// Where a list of objects ends of which the others begin with a participle: `report full containers | ,
    /// blocked access and damage with a photo`. The comma is no new clause, since nobody acts behind it.
    pub(super) fn list_tail(&self, comma: usize, to: usize) -> usize {
        let held = |k: usize| {
            let word = self.word(k);
            word.len() > 2 && !LINKS.contains(&word) && !POINTERS.contains(&word)
        };
        let listed = self.comma(comma)
            && self.word(comma + 1).ends_with("ed")
            && held(comma + 2)
            && base(self.word(comma + 2)).is_none()
            && matches!(self.word(comma + 3), "and" | "or")
            && held(comma + 4);
        // `blocked access and drivers report damage`: who acts begins a clause.
        let acts = base(self.word(comma + 5)).is_some() || MODALS.contains(&self.word(comma + 5));
        if !listed || acts {
            return comma;
        }
        let closes = |k: &usize| self.comma(*k) || self.ends(*k);
        (comma + 5..to).find(closes).unwrap_or(to)
    }

    /// The list behind a colon, as what the record of the deed before it holds: `records every blast:
    /// drill pattern, charge per hole`.
    pub(super) fn listed_behind(&mut self, from: usize) {
        let to = (from..self.all.len())
            .find(|k| self.ends(*k))
            .unwrap_or(self.all.len());
        let mut names = Vec::new();
        let mut at = from;
        while at < to {
            let Some((name, next)) = self.held_one(at, to) else {
                return;
            };
            names.push(name);
            at = next + 1;
            if self.word(at) == "and" {
                at += 1;
            }
        }
        let list = names.len() > 1;
        if let Some(deed) = self.deeds.last_mut().filter(|d| list && !d.what.is_empty()) {
            deed.fields = names;
        }
    }

    fn bare_noun(&self, k: usize) -> bool {
        let word = self.word(k);
        self.held_word(k)
            && !BEHIND.contains(&word)
            && !super::is_verb(word)
            && !super::bare(word)
            && !word.ends_with("ed")
    }

    /// Whether a verb and the noun behind it are one name.
    pub(super) fn compound(&self, i: usize) -> bool {
        let all = design_tables().vocabulary.compounds.get(self.word(i));
        i > 0
            && all.is_some_and(|all| all.contains(&single(self.word(i + 1))))
            && !acts(self.word(i - 1))
    }

    /// Where the subject of a subordinate clause begins: `hold the money until | the ticket confirms it`.
    pub(super) fn subordinate(&self, first: usize, last: usize) -> usize {
        let opens = |k: &usize| {
            matches!(
                self.word(*k),
                "until" | "while" | "because" | "whether" | "unless"
            )
        };
        let Some(at) = (first..last).rev().find(opens) else {
            return first;
        };
        let mut next = at + 1;
        while next < last && super::points(self.word(next)) {
            next += 1;
        }
        // `while opening the gate` has no subject of its own.
        let alone = next < last && !self.word(next).ends_with("ing") && at > first;
        if alone { next } else { first }
    }

    /// Who of a joint subject acts: of `passengers and cars book a crossing` the passengers.
    pub(super) fn somebody_of(&self, clause: usize, noun: String) -> String {
        let vocabulary = &design_tables().vocabulary;
        let head = noun.rsplit(' ').next().unwrap_or(&noun);
        let lists = [
            &vocabulary.sensing,
            &vocabulary.devices,
            &vocabulary.programs,
            &vocabulary.workplaces,
        ];
        let acts =
            vocabulary.is_somebody(head) || lists.iter().any(|l| l.iter().any(|w| w == head));
        let joined = clause > 1 && self.word(clause - 1) == "and";
        let before = clause.checked_sub(2).map_or("", |k| self.word(k));
        let person = single(before);
        let other = joined
            && !acts
            && person != before
            && vocabulary.is_somebody(&person)
            && !matches!(head, "we" | "they" | "you" | "i" | "it");
        if other { person } else { noun }
    }

    /// Adds a deed; one whose particle stands behind its object is another verb, and of two
    /// particles two: `sign children in and out`.
    pub(super) fn push(&mut self, deed: Deed) {
        if let [noun] = deed.what.as_slice()
            && !deed.verb.contains(' ')
            && let Some((first, second, rest)) = split_off(&deed.rest, noun)
        {
            for particle in [Some(first), second].into_iter().flatten() {
                self.deeds.push(Deed {
                    verb: format!("{} {particle}", deed.verb),
                    rest: rest.clone(),
                    ..deed.clone()
                });
            }
            return;
        }
        // `the seller accepts, rejects or counters it`: what is said last is done by all of them.
        let shared = !deed.what.is_empty() && !deed.agentless;
        if shared {
            // `search and check out laptops`: the particle is that of the last verb alone.
            let particle = deed.verb.split_once(' ').map_or("", |(_, p)| p);
            let rest = deed.rest.strip_prefix(particle).unwrap_or(&deed.rest);
            let rest = rest.trim_start().to_owned();
            for before in self.deeds.iter_mut().rev() {
                let bare = before.what.is_empty() && before.rest.trim().is_empty();
                if !bare || before.who != deed.who {
                    break;
                }
                before.what.clone_from(&deed.what);
                before.rest.clone_from(&rest);
            }
        }
        self.deeds.push(deed);
    }
}

/// The particles behind the noun with which a clause begins, and the clause without them: `children
/// in and out at the door`.
fn split_off(rest: &str, noun: &str) -> Option<(String, Option<String>, String)> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    let head = noun.rsplit(' ').next().unwrap_or(noun);
    let at = words
        .iter()
        .position(|w| single(w) == head)
        .filter(|k| *k < 4)?;
    let word = |k: usize| words.get(k).copied().unwrap_or_default();
    let particle = |k: usize| PARTICLES.contains(&word(k));
    let (next, second) = match particle(at + 1) && word(at + 2) == "and" && particle(at + 3) {
        true => (at + 4, Some(word(at + 3).to_owned())),
        false => (at + 2, None),
    };
    // A particle before a noun leads to it: `drive cars in the yard`.
    let behind = word(next);
    let free = behind.is_empty()
        || LINKS.contains(&behind)
        || BEHIND.contains(&behind)
        || second.is_some();
    let clear =
        second.is_some() || matches!(word(at + 1), "in" | "out" | "up" | "off" | "back" | "down");
    (particle(at + 1) && free && clear).then(|| {
        let mut left: Vec<&str> = words.get(..=at).unwrap_or_default().to_vec();
        left.extend(words.get(next..).unwrap_or_default());
        (word(at + 1).to_owned(), second, left.join(" "))
    })
}
