//! Who does what with which noun: the sentences of a purpose, read by a list of verbs.
//!
//! `Donors give blood at mobile drives, and hospitals order units` holds two deeds; the second has
//! an object, a unit. A subject and its verb must agree, which keeps `gate control` from being one.

mod clauses;
mod forms;
mod headings;
mod passive;
mod people;
mod verbs;

pub(crate) use clauses::before_now;
use forms::PLAIN;
pub(crate) use forms::{CHE, ODD, US, folded, single, third};
pub(crate) use headings::{collection, heading, held};
pub(crate) use passive::past;

use people::{holds, one_of_many};

use super::token::{Kind, Token, tokens};
use super::{Brief, Field};
use groundplan_knowledge::design_tables;

/// What a deed does to its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// It makes one.
    Create,
    /// It looks at one.
    Read,
    /// It takes one further.
    Change,
}

/// Somebody does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    /// The noun of who does it, singular; `None` for `we` and where nobody is named.
    pub who: Option<String>,
    /// The verb, base form.
    pub verb: String,
    /// What the verb does to a record.
    pub act: Act,
    /// The nouns it is done with, singular; of two words at most.
    pub what: Vec<String>,
    /// The rest of the clause behind the verb, as the brief has it.
    pub rest: String,
    /// Whether it is told without saying who does it: `portfolios are run each night`.
    pub agentless: bool,
    /// What the brief says its record holds: `with the flight number and the type of fluid`.
    pub fields: Vec<String>,
    /// A clause without agent in the words of the brief, if it has its subject.
    pub said: Option<String>,
}

const STOPS: [&str; 66] = [
    "they", "we", "you", "i", "theirs", "ours", "mine", "yours", "nearby", "twice", "first",
    "later", "early", "abroad", "inside", "outside", "directly", "what", "once", "online",
    "offline", "again", "together", "home", "apart", "only", "and", "or", "but", "then", "so",
    "where", "when", "which", "that", "who", "whether", "while", "also", "as", "if", "because",
    "until", "than", "through", "about", "per", "via", "over", "between", "behind", "beside",
    "near", "across", "against", "during", "within", "out", "up", "off", "down", "back", "is",
    "are", "not", "how",
];
const POINTERS: [&str; 16] = [
    "a", "an", "the", "their", "our", "his", "her", "its", "every", "each", "any", "all", "some",
    "many", "several", "own",
];
const MODALS: [&str; 10] = [
    "can", "may", "must", "will", "shall", "should", "could", "to", "also", "then",
];
/// Words before a pronoun that leads on to who acts: `the page on which`.
const RELATING: [&str; 8] = ["on", "in", "with", "by", "through", "from", "at", "for"];
const WISHES: [&str; 4] = ["want", "need", "expect", "require"];
const NEVER: [&str; 5] = ["never", "not", "cannot", "no", "nobody"];
/// Words behind a noun, where a verb may stand, too: `passengers along the line`.
const BEHIND_NOUNS: [&str; 9] = [
    "whose", "these", "those", "along", "among", "around", "towards", "except", "besides",
];
const LINKS: [&str; 14] = [
    "of", "in", "on", "at", "for", "with", "by", "to", "from", "into", "before", "after",
    "without", "under",
];

/// Whether a word only holds a clause together.
pub(crate) fn is_filler(word: &str) -> bool {
    LINKS.contains(&word)
        || STOPS.contains(&word)
        || POINTERS.contains(&word)
        || MODALS.contains(&word)
        || NEVER.contains(&word)
        || PLAIN.contains(&word)
        || [
            "same", "have", "does", "were", "been", "they", "them", "this", "these", "those",
            "with", "from", "most", "more", "such", "only", "into", "each",
        ]
        .contains(&word)
}

/// Whether a word may begin a clause that goes on with the subject of the one before: `transfer
/// credit`.
pub(crate) fn commands(word: &str) -> bool {
    headings::command(word).is_some()
}

/// Whether a word joins what follows to a deed without being done to it.
pub(crate) fn links(word: &str) -> bool {
    LINKS.contains(&word) || matches!(word, "via" | "through" | "per" | "over" | "within")
}

/// Whether a word points at the noun behind it: `every`, `the`.
pub(crate) fn points(word: &str) -> bool {
    POINTERS.contains(&word)
}

/// Whether a word may be a verb of the lists or its participle.
pub(crate) fn is_verb(word: &str) -> bool {
    base(word).is_some() || bent_passive(word) || passive::participle(word).is_some()
}

/// Whether a word is the base form of a verb.
pub(crate) fn bare(word: &str) -> bool {
    base(word).is_some_and(|(_, _, bent)| !bent)
        || design_tables()
            .vocabulary
            .verbs
            .get("passive")
            .is_some_and(|all| all.iter().any(|v| v == word))
}

fn plural(word: &str) -> bool {
    single(word) != word
}

/// The base of a verb form and whether it is the third person: `buys`, `carries`, `pushes`.
fn base(word: &str) -> Option<(&'static str, Act, bool)> {
    verbs::verbs().bases.get(word).copied()
}

/// Whether a word is the third person of a verb that is also a noun: `ships`.
fn bent_passive(word: &str) -> bool {
    verbs::verbs().bent_passive.contains(word)
}

struct Reader<'a> {
    text: &'a str,
    all: Vec<Token>,
    deeds: Vec<Deed>,
    /// Whether a noun without article and plural is an object too: `our circle swaps fabric`.
    loose: bool,
    /// What the sentence is about where a clause with `who` says `it`.
    about: Option<String>,
    /// Lists in brackets, by the token that stands behind them.
    lists: Vec<(usize, Vec<String>)>,
}

impl Reader<'_> {
    fn word(&self, i: usize) -> &str {
        self.all.get(i).map_or("", Token::word)
    }

    /// The verb at `i`, with its particle if it has one: `sign up` is another verb than `sign`.
    fn verb(&self, i: usize) -> Option<(&'static str, Act, bool)> {
        let word = self.word(i);
        // `birth certificates and pay slips`: a name, unless somebody stands right before it.
        if self.compound(i) {
            return None;
        }
        // `the running order`, `a pruning order`: behind a gerund stands a noun.
        let before = self.word(i.wrapping_sub(1));
        if i > 0 && before.len() > 5 && before.ends_with("ing") && !plural(word) {
            return None;
        }
        let found = base(word)?;
        // `marks it up`, `marks up the file`
        let near = usize::from(matches!(self.word(i + 1), "it" | "them"));
        let particle = self.word(i + 1 + near);
        let two = format!(
            "{} {particle}",
            found.0.split(' ').next().unwrap_or(found.0)
        );
        let verbs = &design_tables().vocabulary.verbs;
        let whole = |class: &str| verbs.get(class)?.iter().find(|v| **v == two);
        if let Some(verb) = whole("create") {
            return Some((verb, Act::Create, found.2));
        }
        if let Some(verb) = whole("read") {
            return Some((verb, Act::Read, found.2));
        }
        if let Some(verb) = whole("change") {
            return Some((verb, Act::Change, found.2));
        }
        // Without its particle `look` in `look up` is no verb of the list.
        (!found.0.contains(' ')).then_some(found)
    }

    /// A verb that no list has, told by where it stands: behind people, in agreement with them,
    /// before an object: `growers | consign | lots`, `a warden | tows | the car`.
    fn unlisted(&self, clause: usize, i: usize) -> Option<(String, Act, bool)> {
        let word = self.word(i);
        let letters = word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase());
        // `operators want a report`: to want a thing is to get it.
        let wish = WISHES.contains(&single(word).as_str());
        let other = !wish && self.no_verb(word);
        if !letters || other || i <= clause {
            return None;
        }
        self.behind_people(clause, i, wish)
    }

    /// Whether a word is no verb whatever stands around it.
    fn no_verb(&self, word: &str) -> bool {
        LINKS.contains(&word)
            || STOPS.contains(&word)
            || POINTERS.contains(&word)
            || MODALS.contains(&word)
            || NEVER.contains(&word)
            || PLAIN.contains(&word)
            || BEHIND_NOUNS.contains(&word)
            || matches!(word, "have" | "has" | "does")
            || ["ly", "ing", "ed", "ous", "al", "ful"]
                .iter()
                .any(|e| word.ends_with(e))
            || passive::participle(word).is_some()
    }

    /// A verb that is also a noun, where the subject of the clause before goes on and something
    /// follows that it is done to: `weighs the crates, | measures | sugar`, `publish it, | count |
    /// downloads`.
    fn going_on(
        &self,
        clause: usize,
        i: usize,
        who: Option<&(Option<String>, bool)>,
    ) -> Option<(String, Act, bool)> {
        let (_, many) = who?;
        let word = self.word(i);
        let all = design_tables().vocabulary.verbs.get("passive")?;
        let verb = all.iter().find(|v| match many {
            true => word == v.as_str(),
            false => word == third(v),
        })?;
        let next = self.word(i + 1);
        let stops = next.is_empty()
            || LINKS.contains(&next)
            || STOPS.contains(&next)
            || MODALS.contains(&next)
            || next.ends_with("ed");
        (i == clause && !stops && !self.comma(i + 1)).then(|| (verb.clone(), Act::Change, !many))
    }

    /// Who stands first in a clause whose verb no list has.
    fn leading(&self, clause: usize, end: usize) -> Option<(Option<String>, bool)> {
        let mut at = clause;
        while at < end && POINTERS.contains(&self.word(at)) {
            at += 1;
        }
        let word = self.word(at);
        let vocabulary = &design_tables().vocabulary;
        let people = plural(word) && vocabulary.is_somebody(&single(word));
        // A verb of one's own follows, not a list of people.
        let verb = self.word(at + 1);
        let acts = at + 1 < end
            && !LINKS.contains(&verb)
            && !STOPS.contains(&verb)
            && !self.no_verb(verb)
            && !plural(verb);
        let short = (people && acts).then(|| (Some(single(word)), true));
        short.or_else(|| self.leading_two(at, end))
    }

    /// Whether a clause begins with what is to be done: `Compare prices`, `convert reels and return
    /// them`. `first` if nobody acted in the sentence before.
    fn told_to(&self, from: usize, clause: usize, i: usize, first: bool) -> bool {
        let next = self.word(i + 1);
        let begins = i == clause && first && headings::command(self.word(i)).is_some();
        // Further commands follow one; the first stands at the start of its sentence.
        let follows = i == from || self.deeds.last().is_some_and(|d| d.who.is_none());
        let object = POINTERS.contains(&next)
            || matches!(next, "it" | "them") && !self.deeds.is_empty()
            || !next.is_empty()
                && !LINKS.contains(&next)
                && !STOPS.contains(&next)
                && !MODALS.contains(&next)
                && base(next).is_none_or(|(_, _, bent)| !bent)
                && (self.loose
                    || plural(next)
                    || plural(self.word(i + 2))
                    || self.word(i + 2) == "of");
        begins && follows && object && !self.ends(i + 1)
    }

    fn ends(&self, i: usize) -> bool {
        match self.all.get(i).map(|t| &t.kind) {
            None => true,
            Some(Kind::Mark(c)) => matches!(c, '.' | ';' | ':' | '(' | ')' | '!' | '?'),
            _ => false,
        }
    }

    fn comma(&self, i: usize) -> bool {
        self.all.get(i).is_some_and(|t| t.is(',') || t.is('\n'))
    }

    /// The noun phrase at `i`: where it ends, its noun, and whether it is plural or pointed at.
    fn noun(&self, mut i: usize, first: bool) -> Option<(usize, String, bool)> {
        let mut pointed = false;
        while POINTERS.contains(&self.word(i)) {
            pointed = true;
            i += 1;
        }
        let mut words: Vec<&str> = Vec::new();
        while words.len() < 4 {
            let word = self.word(i);
            let stop = word.is_empty()
                || LINKS.contains(&word)
                || STOPS.contains(&word)
                || POINTERS.contains(&word)
                || MODALS.contains(&word)
                || NEVER.contains(&word)
                || word.contains('.');
            // A verb that agrees with the noun before ends the phrase: `skiers | buy`. Directly
            // behind a verb `work orders` is more likely a noun.
            let verb = words.last().is_some_and(|last| {
                base(word).is_some_and(|(_, _, bent)| bent != plural(last) && !(first && bent))
            });
            if stop || verb || word.ends_with("ly") || clauses::is_pronoun(word) {
                break;
            }
            words.push(word);
            i += 1;
        }
        // `have the files ready`, `every gauge visible`: what it is to be ends the phrase; so does what
        // is done with it: `get their share paid out`.
        let done = |w: &str| passive::participle(w).is_some_and(|(verb, _)| verb != w);
        while words.len() > 1 && words.last().is_some_and(|w| clauses::trails(w) || done(w)) {
            words.pop();
        }
        let head = (*words.last()?).to_owned();
        // `the IAB 2.1 rules`: a name with its version.
        if words.len() == 1 && self.versioned(i) {
            return None;
        }
        // `the last 90 days`: a time, and no record.
        let timed = PLAIN.contains(&head.as_str())
            && self
                .all
                .get(i)
                .is_some_and(|t| matches!(t.kind, Kind::Number { .. }));
        if timed || words.len() == 1 && clauses::trails(&head) {
            return None;
        }
        let mut noun = match words.len() {
            1 => single(&head),
            _ => one_of_many(&head),
        };
        if let Some(before) = words.len().checked_sub(2).and_then(|k| words.get(k)) {
            let adjective = PLAIN.contains(before)
                || before.ends_with("ed")
                || plural(before)
                || before.contains('\'');
            if !adjective {
                noun = format!("{before} {noun}");
            }
        }
        // What nobody counts stands without article and plural.
        let mass = matches!(
            head.as_str(),
            "consent" | "permission" | "feedback" | "approval"
        );
        let mut sure = pointed || plural(&head) || mass || self.loose && head.len() > 3;
        // `proof of delivery` is a delivery proof.
        // `prices of heating oil` are oil prices.
        let skip = usize::from(self.word(i + 1).ends_with("ing") && self.word(i + 2).len() > 2);
        let of = self.word(i + 1 + skip);
        if self.word(i) == "of"
            && !noun.contains(' ')
            && of.len() > 2
            && (!plural(of) || self.word(i + 2) != "and" && !self.comma(i + 2))
            && !POINTERS.contains(&of)
            && !STOPS.contains(&of)
        {
            noun = format!("{} {noun}", single(of));
            sure = sure && self.word(i + 2) != "and";
            i += 2 + skip;
        }
        Some((i, noun, sure))
    }

    /// The noun of the phrase that ends before `i`, within the clause: `members of our choir` are
    /// members.
    fn subject(&self, from: usize, i: usize) -> Option<(String, bool)> {
        let mut first = from;
        while first < i
            && (POINTERS.contains(&self.word(first)) || STOPS.contains(&self.word(first)))
        {
            first += 1;
        }
        let mut last = i;
        while last > first && self.helps(last - 1) {
            last -= 1;
        }
        if let Some(start) = self.after_opening(from, last) {
            first = start;
        }
        first = self.subordinate(first, last);
        // `a page on which residents report`: who acts stands behind the pronoun.
        let related = |k: &usize| {
            matches!(self.word(*k), "which" | "whom") && RELATING.contains(&self.word(*k - 1))
        };
        if let Some(relative) = (first + 1..last).rev().find(related) {
            first = relative + 1;
        }
        if let Some(of) = (first..last).find(|k| LINKS.contains(&self.word(*k))) {
            last = of;
        }
        // `a web page where the members`: only what stands behind the last stop.
        if let Some(stop) = (first..last).rev().find(|k| STOPS.contains(&self.word(*k))) {
            first = stop + 1;
            while POINTERS.contains(&self.word(first)) && first < last {
                first += 1;
            }
        }
        // `every quarter the signal team`: who acts stands behind the last article.
        if let Some(pointer) = (first..last.saturating_sub(1))
            .rev()
            .find(|k| POINTERS.contains(&self.word(*k)))
        {
            first = pointer + 1;
        }
        // `every month podcasters get`: the month says when.
        if first + 1 < last && first > from && self.times(first) {
            first += 1;
        }
        let head = self.word(last.checked_sub(1).filter(|k| *k >= first)?);
        // `earlier reports stay`: no verb stands behind an adjective.
        if head.is_empty() || clauses::compares(head) {
            return None;
        }
        // `cutting rooms`, `the weighing scale`: a gerund before a thing is part of its name.
        let gerund = self.word(first).ends_with("ing")
            && design_tables().vocabulary.is_somebody(&single(head));
        let noun = match last - first {
            2 if !PLAIN.contains(&self.word(first))
                && !gerund
                && !self.word(first).ends_with("ed") =>
            {
                format!("{} {}", self.word(first), one_of_many(head))
            }
            _ => single(head),
        };
        // `staff assign`: many, though the word has no plural; `a crew uploads` is one.
        let together = matches!(head, "staff" | "police" | "personnel" | "crew");
        let one = together && (self.word(i) == "is" || base(self.word(i)).is_some_and(|b| b.2));
        let many = plural(head) || head == "people" || together && !one;
        Some((noun, many))
    }

    /// Reads one sentence, tokens `from` to `to`.
    fn sentence(&mut self, from: usize, to: usize) {
        let mut who: Option<(Option<String>, bool)> = None;
        let mut done: Option<String> = None;
        let mut clause = from;
        let mut i = from;
        while i < to {
            let word = self.word(i).to_owned();
            if self.comma(i) || matches!(word.as_str(), "and" | "or" | "then" | "but") {
                // `inspectors walk with a tablet and record damage`: who stands first goes on.
                if who.is_none() && i > clause + 1 {
                    who = self.leading(clause, i);
                }
                clause = i + 1;
                i += 1;
                continue;
            }
            let denied = (clause..i).any(|k| NEVER.contains(&self.word(k)));
            let passive = self.passive(clause, i, to, done.as_deref());
            if let Some(passive) = passive.filter(|_| !denied) {
                done = Some(passive.what.clone());
                let end = self.passive_end(passive.at + 1, to);
                let said = self.as_said(clause, i, end);
                let rest = self.between(passive.at, end, &passive.what, passive.who.is_some());
                self.deeds.push(Deed {
                    agentless: passive.who.is_none(),
                    fields: Vec::new(),
                    said,
                    who: passive.who,
                    verb: passive.verb.to_owned(),
                    act: passive.act,
                    rest,
                    what: vec![passive.what],
                });
                who = None;
                clause = end;
                i = end.max(i + 1);
                continue;
            }
            let listed = self.verb(i).map(|(v, act, bent)| (v.to_owned(), act, bent));
            if self.told_to(from, clause, i, who.is_none()) && !denied {
                let (verb, act) = headings::command(&word).unwrap_or(("", Act::Change));
                let next = self.deed(None, verb, act, i, to);
                clause = next;
                i = next;
                continue;
            }
            let found = self
                .going_on(clause, i, who.as_ref())
                .or(listed)
                .or_else(|| self.unlisted(clause, i))
                .or_else(|| self.led_on(clause, i, who.as_ref()));
            let Some((verb, act, bent)) = found else {
                i += 1;
                continue;
            };
            // `which bed to prepare` says who does nothing.
            let infinitive = i > clause + 1
                && self.word(i - 1) == "to"
                && !clauses::WANTING.contains(&self.word(i - 2));
            if infinitive {
                i += 1;
                continue;
            }
            let modal = i > clause && MODALS.contains(&self.word(i - 1));
            // `and can start the fan`: only what helps the verb stands before it.
            let helped = i > clause && (clause..i).all(|k| MODALS.contains(&self.word(k)));
            let inherited = (i == clause || helped)
                && who
                    .as_ref()
                    .is_some_and(|(_, many)| helped || *many != bent || plural(&word) && !*many);
            // `who signed the check list` asks for a member, and names none.
            let asked = i == clause + 1 && self.word(clause) == "who";
            let we = i > clause && matches!(self.word(i - 1), "we" | "they" | "you") || asked;
            let who_before = asked.then(|| self.before_who(from, clause)).flatten();
            let found = if inherited || denied {
                None
            } else if let Some(person) = who_before {
                self.about = self.spoken_of(from, clause);
                Some((Some(person), false))
            } else if we {
                // `Agents have a handheld: they scan`: who was told of goes on.
                let they = !asked && self.word(i - 1) == "they";
                let said = who.as_ref().filter(|(_, many)| *many);
                let said = said.and_then(|(who, _)| who.clone());
                Some((said.or_else(|| self.they(from, i)).filter(|_| they), true))
            } else if i > clause {
                self.subject(clause, i)
                    .filter(|(_, many)| modal || *many != bent)
                    .map(|(noun, many)| (self.somebody_of(clause, noun), many))
                    .map(|(noun, many)| {
                        let we = matches!(noun.as_str(), "we" | "they" | "you" | "i" | "it");
                        // `When he finds a defect`: whoever acted before.
                        let said = matches!(noun.as_str(), "he" | "she");
                        let before = self.deeds.iter().rev().find_map(|d| d.who.clone());
                        let who = if said { before } else { Some(noun) };
                        (who.filter(|_| !we), many)
                    })
            } else {
                None
            };
            let inherited = inherited && !denied;
            let described = found
                .as_ref()
                .is_some_and(|(who, _)| holds(who.as_deref(), &verb));
            if found.is_none() && !inherited || described {
                i += 1;
                continue;
            }
            if let Some(found) = found {
                who = Some(found);
            }
            let next = self.deed(who.clone().and_then(|(w, _)| w), &verb, act, i, to);
            self.inner(i + 1, next);
            clause = next;
            i = next;
        }
    }

    /// Passive clauses inside of a deed: `decides whether a shipment is released`. Who decides does it.
    fn inner(&mut self, from: usize, to: usize) {
        let who = self.deeds.last().and_then(|d| d.who.clone());
        let mut clause = None;
        let mut k = from;
        while k < to {
            if matches!(self.word(k), "whether" | "when" | "until" | "if") {
                clause = Some(k + 1);
            }
            let found = clause
                .filter(|c| *c < k)
                .and_then(|c| self.passive(c, k, to, None).map(|passive| (c - 1, passive)));
            // Who opens if something is paid does not pay it.
            let decided = |at: usize| self.word(at) == "whether";
            let found = found.filter(|(at, passive)| passive.who.is_some() || decided(*at));
            if let Some((_, passive)) = found {
                let end = passive.at + 1;
                self.deeds.push(Deed {
                    who: passive.who.or(who.clone()),
                    verb: passive.verb.to_owned(),
                    act: passive.act,
                    rest: crate::domain::many(&passive.what),
                    what: vec![passive.what.clone()],
                    agentless: false,
                    fields: Vec::new(),
                    said: None,
                });
                // `released or discarded`
                if let Some((verb, act)) = passive::participle(self.word(end + 1))
                    .filter(|_| self.word(end) == "or" && end + 1 < to)
                {
                    let rest = crate::domain::many(&passive.what);
                    self.deeds.push(Deed {
                        who: who.clone(),
                        verb: verb.to_owned(),
                        act,
                        what: vec![passive.what],
                        rest,
                        agentless: false,
                        fields: Vec::new(),
                        said: None,
                    });
                }
                k = end;
            }
            k += 1;
        }
    }

    /// The words of a passive clause behind its participle, after its noun.
    fn between(&self, at: usize, end: usize, noun: &str, by_somebody: bool) -> String {
        let start = self.all.get(at).map_or(0, |t| t.end);
        let stop = end
            .checked_sub(1)
            .and_then(|e| self.all.get(e))
            .map_or(start, |t| t.end.max(start));
        let tail = self.text.get(start..stop).unwrap_or_default();
        // Who did it stands elsewhere; `invoiced by department` says how.
        let tail = tail.split_whitespace();
        let mut tail: Vec<&str> = tail.take_while(|w| !by_somebody || *w != "by").collect();
        // `when a seat is offered the clerk calls`: what follows is the next sentence.
        let often = ["monthly", "weekly", "daily", "yearly", "by"];
        if !tail
            .first()
            .is_some_and(|w| clauses::BEHIND.contains(w) || often.contains(w))
        {
            tail.clear();
        }
        format!("{} {}", crate::domain::many(noun), tail.join(" "))
            .trim()
            .to_owned()
    }

    /// Reads what stands behind the verb at `i`; gives where reading goes on.
    fn deed(&mut self, who: Option<String>, verb: &str, act: Act, i: usize, to: usize) -> usize {
        // At a place of work people act: `the cellar weighs the crates`.
        let places = &design_tables().vocabulary.workplaces;
        let who = who.map(
            |who| match places.iter().any(|p| who.ends_with(p.as_str())) {
                true => format!("{who} employee"),
                false => who,
            },
        );
        let mut k = i + 1;
        // `who flies which aircraft`
        if self.word(k) == "which" && self.word(i.wrapping_sub(1)) == "who" {
            k += 1;
        }
        if let Some((_, particle)) = verb.split_once(' ')
            && self.word(k) == particle
        {
            k += 1;
        }
        // `ask for adjournments`, `asks the judge for one`
        let taking =
            ["for", "on", "to"].contains(&self.word(k)) || verb == "work" && self.word(k) == "with";
        let loose = [
            "ask",
            "apply",
            "pay",
            "sign up",
            "bid",
            "subscribe",
            "vote",
            "enrol",
            "listen",
            "work",
        ];
        // `vote on each item`: what is voted on is there already.
        let (verb, act) = match (verb, self.word(k)) {
            ("vote", "on") => ("vote on", Act::Change),
            ("comment", "on") => ("comment on", Act::Change),
            _ => (verb, act),
        };
        if taking && (loose.contains(&verb) || verb.ends_with(" on")) {
            k += 1;
        }
        // `send us their linen`: to whom, and not what.
        if matches!(self.word(k), "us" | "me") && !self.ends(k + 1) && !self.comma(k + 1) {
            k += 1;
        }
        // `check their balance` looks at it; a clerk who checks a form takes it further.
        let act = match verb {
            "check" if matches!(self.word(k), "their" | "his" | "her" | "its" | "our" | "my") => {
                Act::Read
            }
            _ => act,
        };
        let mut what: Vec<String> = Vec::new();
        // `reads it`: what the deed before was done with.
        let pronoun = matches!(self.word(k), "it" | "them");
        if let Some(about) = self.about.take().filter(|_| self.word(k) == "it") {
            what = vec![about];
        } else if pronoun && let Some(last) = self.meant(self.word(k)) {
            what.clone_from(&last.what);
            // `airlines dispute them`: not themselves.
            what.retain(|w| who.as_deref() != Some(w.as_str()));
            // `sends the weight of each carcass half, a classifier grades it`: one of each.
            if self.word(k) == "it"
                && let Some(each) = clauses::each_of(&last.rest)
            {
                what = vec![each];
            }
        }
        let programs = &design_tables().vocabulary.programs;
        let mut at = k;
        let mut listed = k;
        // `see weight, grade and payment`: a list of bare nouns belongs to the deed, too.
        let mut bare = k;
        while at < to && !matches!(self.word(k), "it" | "them") {
            // `record an emergency, the system locates the caller`: the system is no object.
            let program = programs.iter().any(|p| p == self.word(at + 1));
            if at != k && POINTERS.contains(&self.word(at)) && program {
                break;
            }
            let Some((end, noun, sure)) = self.noun(at, at == k) else {
                break;
            };
            // `and hospitals order`: a new subject, no further object.
            let verb_next = base(self.word(end)).is_some_and(|(_, _, bent)| {
                let head = self.word(end.saturating_sub(1));
                bent != plural(head)
            }) || MODALS.contains(&self.word(end))
                || matches!(
                    self.word(end),
                    "is" | "are" | "was" | "were" | "has" | "have"
                );
            let more = !what.is_empty() || at != k;
            // In `weight, grade and payment` the second is a noun as the first is.
            let noun_too = what.is_empty()
                && base(self.word(at)).is_some_and(|(_, _, bent)| !bent)
                && (self.comma(at + 1) || self.word(at + 1) == "and");
            // `takes the weight and notes the waste code`: no noun stands before an article.
            let verb_here = at != k
                && !noun_too
                && (base(self.word(at)).is_some() && !self.compound(at) || self.before_article(at));
            if more && (verb_next || self.others(at, to, false)) || verb_here {
                break;
            }
            let link = self.comma(end) || matches!(self.word(end), "and" | "or");
            if sure {
                what.push(noun);
                listed = end;
            } else if at != k && what.is_empty() {
                bare = end;
            }
            if !link || end >= to {
                break;
            }
            at = end + 1;
            if self.word(at) == "and" {
                at += 1;
            }
        }
        // The words of the brief up to the end of the clause.
        let mut end = match what.len() {
            0 => bare.max(k).max(i + 1),
            1 => k.max(i + 1),
            _ => listed.max(k).max(i + 1),
        };
        while end < to && !self.comma(end) && !self.ends(end) {
            let verb = |k: usize| {
                // `release the item or ship it`
                let next = self.word(k + 1);
                let done = matches!(next, "it" | "them") || POINTERS.contains(&next);
                let ordered = (who.is_none() || done) && headings::command(self.word(k)).is_some();
                // `and dilutes the acid`
                let ordered = ordered || self.before_article(k);
                self.verb(k).is_some() || bent_passive(self.word(k)) || ordered
            };
            let joined = matches!(self.word(end), "and" | "then" | "but")
                && (verb(end + 1)
                    || base(self.word(end + 1)).is_some()
                    || (end + 2..(end + 4).min(to)).any(|n| base(self.word(n)).is_some())
                    || self.others(end + 1, to, what.is_empty()))
                || self.word(end) == "or"
                    && verb(end + 1)
                    && (matches!(self.word(end + 2), "it" | "them")
                        || POINTERS.contains(&self.word(end + 2)));
            // `when he finds a defect | the owner gets a deadline`: no comma, and a new subject.
            let behind = !what.is_empty()
                && POINTERS.contains(&self.word(end))
                && design_tables()
                    .vocabulary
                    .is_somebody(&single(self.word(end + 1)))
                && base(self.word(end + 2))
                    .is_some_and(|(_, _, bent)| bent != plural(self.word(end + 1)));
            if joined || behind && self.conditional(i) {
                break;
            }
            end += 1;
        }
        if !what.is_empty() {
            end = self.list_tail(end, to);
        }
        let mut fields = Vec::new();
        if act == Act::Create && !what.is_empty() {
            (fields, end) = self.held(k, end, to);
            // `records a hire (customer, site, crane)`
            let list = self.lists.iter().find(|(at, _)| *at > i && *at <= end);
            if let (true, Some((_, names))) = (fields.is_empty(), list) {
                fields.clone_from(names);
            }
        }
        let start = self.all.get(i).map_or(0, |t| t.end);
        let stop = end
            .checked_sub(1)
            .and_then(|e| self.all.get(e))
            .map_or(start, |t| t.end.max(start));
        let rest = self.text.get(start..stop).unwrap_or_default();
        let rest = rest.split_whitespace();
        // `send us the linen`, but `send the linen to us`.
        let rest: Vec<&str> = rest.collect();
        let own = usize::from(matches!(rest.first(), Some(&("us" | "me"))));
        let mut rest = rest.get(own..).unwrap_or_default().join(" ");
        if pronoun && !what.is_empty() {
            let named: Vec<String> = what.iter().map(|w| crate::domain::many(w)).collect();
            let named = match (what.as_slice(), self.word(k)) {
                ([one], "it") => format!("the {one}"),
                _ => format!("the {}", crate::blueprint::listed(&named)),
            };
            rest = rest.replacen(self.word(k), &named, 1);
            // The verb has its particle already: `bring it back the next day`.
            if let Some((_, particle)) = verb.split_once(' ') {
                let twice = format!("{named} {particle}");
                let words = rest.strip_prefix(&twice).map(str::to_owned);
                rest = words.map_or(rest, |tail| format!("{named}{tail}"));
            }
        }
        self.push(Deed {
            who,
            verb: verb.to_owned(),
            act,
            what,
            rest,
            agentless: false,
            fields,
            said: None,
        });
        end.max(i + 1)
    }
}

/// The deeds that the purpose of a brief tells of, in its order. Where no sentence of it has an
/// object, nouns without article count, and then what its heading says: `harvest logging`.
pub(crate) fn story(brief: &Brief) -> Vec<Deed> {
    let mut deeds = read_all(brief);
    // `We run four ferries.` presents who asks, and is nothing that the system does.
    let text = brief.text(Field::Purpose).to_lowercase();
    let opens = ["we run ", "we operate ", "we make ", "we produce "]
        .iter()
        .find(|o| text.trim_start().starts_with(**o));
    let verb = opens.and_then(|o| o.split(' ').nth(1));
    let first = deeds.first();
    if let (Some(verb), Some(first)) = (verb, first)
        && deeds.len() > 1
        && first.who.is_none()
        && first.verb == verb
    {
        deeds.remove(0);
    }
    // Where somebody works with it, it is what the system is about.
    let worked = |noun: &String| {
        deeds.iter().any(|d| {
            let here = d
                .what
                .iter()
                .any(|w| w.rsplit(' ').next() == Some(noun.as_str()));
            here && !is_trail(d)
        })
    };
    let kept: Vec<bool> = deeds
        .iter()
        .map(|d| !is_trail(d) || d.what.iter().any(worked))
        .collect();
    let mut kept = kept.into_iter();
    deeds.retain(|_| kept.next().unwrap_or(true));
    deeds
}

/// `Every change is audited`: what a system notes of itself is no record that people work with.
fn is_trail(deed: &Deed) -> bool {
    let noted = ["change", "access", "action", "edit"];
    deed.agentless
        && ["audit", "log", "record"].contains(&deed.verb.as_str())
        && !deed.what.is_empty()
        && deed.what.iter().all(|w| noted.contains(&w.as_str()))
}

fn read_all(brief: &Brief) -> Vec<Deed> {
    let text = brief.text(Field::Purpose);
    let told = |deeds: &Vec<Deed>| deeds.iter().any(|d| !d.what.is_empty());
    let strict = read(text, false);
    if told(&strict) {
        return headings::same_people(strict);
    }
    let headed = headings::headed(text);
    if told(&headed) {
        return headed;
    }
    let loose = read(text, true);
    if told(&loose) { loose } else { strict }
}

fn read(text: &str, loose: bool) -> Vec<Deed> {
    let all = clauses::without_examples(text, clauses::able(clauses::dashed(tokens(text))));
    let (all, lists) = clauses::without_lists(all);
    let mut reader = Reader {
        text,
        all,
        deeds: Vec::new(),
        loose,
        about: None,
        lists,
    };
    let mut from = 0;
    let mut past = before_now(text);
    past.extend(super::seeks::sought(text).and_then(|s| s.span));
    for i in 0..=reader.all.len() {
        if reader.ends(i) {
            let start = reader.all.get(from).map_or(0, |t| t.start);
            // `Today the clerk does it by radio` tells what the system ends.
            let known = reader.deeds.len();
            if !past.iter().any(|span| span.contains(&start)) {
                reader.sentence(from, i);
            }
            if reader.all.get(i).is_some_and(|t| t.is(':')) && reader.deeds.len() > known {
                reader.listed_behind(i + 1);
            }
            reader.about = None;
            from = i + 1;
        }
    }
    reader.deeds
}

#[cfg(test)]
mod tests;
