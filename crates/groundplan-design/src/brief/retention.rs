//! How long what is kept: `call recordings are deleted after 90 days`, `invoices 10 years`.

use super::story::single;
use super::token::Token;
use super::{Brief, Place};

/// A period that a brief states for some of its records.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// What is kept so long, singular and lower case: nouns, or classes of data.
    pub things: Vec<String>,
    /// The period as it was said, without the verb: `90 days`.
    pub period: String,
    /// Where.
    pub place: Place,
}

/// Verbs and nouns of keeping.
pub(super) const KEEPING: [&str; 22] = [
    "stored",
    "preserve",
    "preserved",
    "explainable",
    "explained",
    "reproducible",
    "reproduce",
    "reproduced",
    "reconstructed",
    "provable",
    "searchable",
    "traceable",
    "archived",
    "auditable",
    "retention",
    "retain",
    "retained",
    "retaining",
    "keep",
    "keeps",
    "kept",
    "keeping",
];

/// Whether something is to `store` what the clause names: as a noun it is where things are sold.
pub(super) fn stores(tokens: &[Token], range: &std::ops::Range<usize>) -> bool {
    const BEFORE: [&str; 9] = [
        "we", "must", "to", "shall", "should", "and", "will", "may", "need",
    ];
    let word = |at: usize| tokens.get(at).map_or("", Token::word);
    range
        .clone()
        .any(|at| word(at) == "store" && (at == range.start || BEFORE.contains(&word(at - 1))))
}

/// Whether a period is the time until something: `in 18 months`, `every 2 years`.
pub(super) fn is_due(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| tokens.get(at));
    before.is_some_and(|t| matches!(t.word(), "in" | "within" | "every" | "after" | "by"))
}

/// Verbs of the end of keeping.
pub(super) const ENDING: [&str; 9] = [
    "delete", "deleted", "deletes", "erase", "erased", "purge", "purged", "remove", "removed",
];

/// Words around a period that name nothing that is kept.
const EMPTY: [&str; 58] = [
    "may",
    "can",
    "might",
    "immutable",
    "immutably",
    "unchanged",
    "unalterable",
    "unaltered",
    "tamper-proof",
    "worm",
    "online",
    "every",
    "each",
    "from",
    "a",
    "an",
    "the",
    "for",
    "of",
    "to",
    "all",
    "any",
    "our",
    "their",
    "and",
    "or",
    "must",
    "be",
    "is",
    "are",
    "has",
    "have",
    "should",
    "shall",
    "will",
    "we",
    "they",
    "at",
    "least",
    "most",
    "only",
    "after",
    "within",
    "up",
    "in",
    "on",
    "data",
    "record",
    "everything",
    "it",
    "period",
    "longer",
    "than",
    "not",
    "no",
    "by",
    "law",
    "stored",
];

/// Nouns that hold what stands before them.
const COLLECTIONS: [&str; 8] = [
    "register", "registry", "book", "list", "archive", "journal", "ledger", "file",
];

/// Whether what stands behind a period says why: `kept for 6 years for the tax office`.
pub(super) fn is_reason(tail: Option<&[Token]>) -> bool {
    let word = |i: usize| tail.and_then(|t| t.get(i)).map_or("", Token::word);
    word(0) == "for" && matches!(word(1), "the" | "our" | "a" | "any")
}

/// What a clause keeps, without the tokens of the period itself.
pub(super) fn things(clause: &[Token]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut kept = false;
    for (i, token) in clause.iter().enumerate() {
        let word = token.word();
        // `agreements must be kept for 6 years for the tax office`: what they are kept for is not kept.
        let next = clause.get(i + 1).map_or("", Token::word);
        if kept && !all.is_empty() && is_reason(clause.get(i..)) {
            break;
        }
        // `provable to a court`: whom it is kept for is not kept. `Kept up to 90 days` goes on.
        let limit = i
            .checked_sub(1)
            .and_then(|k| clause.get(k))
            .is_some_and(|t| t.word() == "up");
        if kept && !all.is_empty() && word == "to" && !limit {
            break;
        }
        kept |= KEEPING.contains(&word);
        // `calls recorded and kept`: their recordings.
        let then = clause.get(i + 2).map_or("", Token::word);
        if word == "recorded" && next == "and" && KEEPING.contains(&then) {
            all.push("recording".to_owned());
            continue;
        }
        let plain =
            word.chars().all(|c| c.is_alphabetic() || c == '-') && (word.len() > 2 || word == "ip");
        let one = single(word);
        let empty = EMPTY.contains(&word) || EMPTY.contains(&one.as_str());
        let verb = KEEPING.contains(&word) || ENDING.contains(&word);
        if plain && !empty && !verb && !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// What a clause keeps that begins with the verb and has its noun in the clause before: `source files of 3 MB, kept
/// for 7 years`, and the subject of `photos may show faces; delete after 30 days`.
pub(super) fn things_before(tokens: &[Token], range: &std::ops::Range<usize>) -> Vec<String> {
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let mark = |i: usize, mark: char| tokens.get(i).is_some_and(|t| t.is(mark));
    let first = word(range.start);
    let end = range.start.checked_sub(1).filter(|i| {
        let keeps = KEEPING.contains(&first);
        let ends = ENDING.contains(&first);
        *i > 0 && (mark(*i, ',') || mark(*i, ';')) && (keeps || ends)
    });
    let Some(end) = end else {
        return Vec::new();
    };
    let before = super::words::clause(tokens, end - 1);
    let says = before.clone().find(|i| {
        matches!(
            word(*i),
            "may" | "must" | "can" | "will" | "should" | "is" | "are" | "show" | "contain" | "hold"
        )
    });
    let last = match says.filter(|i| *i > before.start) {
        Some(verb) => Some(verb - 1),
        None => before
            .clone()
            .rev()
            .find(|i| super::counts::plural(word(*i))),
    };
    let head = last.and_then(|last| tokens.get(before.start..=last));
    head.map_or_else(Vec::new, things)
}

/// Whether what is kept is the trail of who did what: logs, each access, `who opened them`.
pub(super) fn is_trail(things: &[String]) -> bool {
    let first = things.first().map_or("", String::as_str);
    let noted = |t: &String| {
        matches!(
            t.as_str(),
            "recorded" | "recording" | "documented" | "registered" | "noted"
        )
    };
    let somebody = |t: &String| {
        groundplan_knowledge::design_tables()
            .vocabulary
            .is_somebody(t)
    };
    let looks = first == "look" && things.get(1).is_none_or(somebody)
        || first == "access" && things.get(1).is_none_or(noted)
        // `customers who changed supplier` are no trail.
        || things.iter().find(|t| !noted(t)).is_some_and(|t| t == "who")
            && things.iter().any(|t| {
                matches!(
                    t.as_str(),
                    "opened" | "read" | "looked" | "changed" | "accessed" | "saw" | "viewed"
                )
            });
    looks
        || things
            .iter()
            .any(|t| matches!(t.as_str(), "audit" | "log" | "logged" | "audited" | "trail"))
}

/// Whether a clause goes on with a list of what is kept for how long: of `keep summaries 20 years,
/// bursts 3 years` the second.
pub(super) fn goes_on(tokens: &[Token], range: &std::ops::Range<usize>, at: usize) -> bool {
    let comma = range.start.checked_sub(1);
    let comma = comma.filter(|i| tokens.get(*i).is_some_and(|t| t.is(',') || t.is(';')));
    let Some(comma) = comma.filter(|i| *i > 0) else {
        return false;
    };
    let before = tokens
        .get(super::words::clause(tokens, comma - 1))
        .unwrap_or_default();
    let keeps = before.iter().any(|t| KEEPING.contains(&t.word()));
    let period = before.iter().rev().take(2).any(|t| {
        super::grammar::seconds(t.word()).is_some_and(|s| s >= 86_400.0)
            || matches!(&t.kind, super::token::Kind::Number { suffix, .. } if !suffix.is_empty())
    });
    let head = tokens.get(range.start..at).unwrap_or_default();
    // `go live in 2 years`
    let plain = |t: &Token| !matches!(t.word(), "" | "in" | "within" | "after" | "until" | "every");
    keeps && period && (1..=3).contains(&head.len()) && head.iter().all(plain)
}

/// Nouns of large bodies: where the brief says how large one body is and not which, these are meant.
const BODIES: [&str; 12] = [
    "photo",
    "picture",
    "image",
    "video",
    "recording",
    "footage",
    "clip",
    "scan",
    "file",
    "audio",
    "body",
    "document",
];

/// What devices send, in the words of those who keep it.
const SENT: [&str; 10] = [
    "reading",
    "message",
    "measurement",
    "telemetry",
    "sample",
    "position",
    "value",
    "profile",
    "event",
    "signal",
];

/// Rules under which the trail of a record lives as long as the record.
const TRAIL_RULES: [&str; 2] = ["21 cfr part 11", "gxp"];

/// Words of a period without an end.
const ENDLESS: [&str; 6] = [
    "forever",
    "indefinitely",
    "eternally",
    "perpetually",
    "permanently",
    "perpetuity",
];

/// Records that are about people, beside those that are named after them.
const PERSONAL: [&str; 15] = [
    "cv",
    "cvs",
    "resume",
    "résumé",
    "application",
    "profile",
    "chat",
    "message",
    "recording",
    "call",
    "photo",
    "identity",
    "contact",
    "address",
    "personal",
];

impl Retention {
    /// Whether its words say that it is about people.
    pub(crate) fn is_personal(&self) -> bool {
        let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
        self.things
            .iter()
            .any(|t| PERSONAL.contains(&t.as_str()) || vocabulary.is_person(t))
    }
}

/// Whether a word says that what its clause keeps has no end: `keep all CVs forever`, `recordings are
/// never deleted`; and neither `until they leave`, `deleted permanently` nor `never deleted by accident`.
fn is_endless(all: &[Token], range: &std::ops::Range<usize>, at: usize) -> bool {
    const DENIED: [&str; 12] = [
        "not", "no", "cannot", "nobody", "nothing", "none", "nor", "stop", "stops", "avoid",
        "instead", "without",
    ];
    const BOUND: [&str; 6] = ["before", "until", "till", "unless", "except", "early"];
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let never = word(at) == "never";
    let told = range.clone().any(|i| {
        let w = word(i);
        let number = matches!(
            all.get(i).map(|t| &t.kind),
            Some(super::token::Kind::Number { .. })
        );
        let denied = DENIED.contains(&w) || w.ends_with("n't") || w.ends_with("n’t");
        denied || BOUND.contains(&w) || number || w == "never" && i != at
    });
    // `never deleted but struck out` says what is done instead.
    if told || word(range.end) == "but" {
        return false;
    }
    let ends = |i: usize| i >= range.end || matches!(word(i), "and" | "or");
    if never {
        let Some(verb) = (at + 1..(at + 3).min(range.end)).find(|i| ENDING.contains(&word(*i)))
        else {
            return false;
        };
        // `never remove scans` has an object, `never removed from the list` is about the list.
        let rest = verb + 1..range.end;
        let open = word(verb).ends_with('d')
            || rest
                .clone()
                .any(|i| matches!(word(i), "from" | "by" | "for" | "in" | "on"));
        return ends(verb + 1) || !open && rest.len() <= 2;
    }
    let apart = |list: &[&str]| {
        let hit = range.clone().filter(|i| list.contains(&word(*i)));
        hit.map(|i| i.abs_diff(at)).min()
    };
    let Some(near) = apart(&KEEPING).filter(|n| *n <= 3) else {
        return false;
    };
    if apart(&ENDING).is_some_and(|other| other <= near) {
        return false;
    }
    // `permanently kept`; of `permanently kept for staff` nobody knows.
    if KEEPING.contains(&word(at + 1)) {
        return ends(at + 2);
    }
    let verb = (range.start..at)
        .rev()
        .find(|i| KEEPING.contains(&word(*i)));
    let out = verb.is_some_and(|i| matches!(word(i + 1), "out" | "off" | "away" | "apart" | "and"));
    verb.is_some()
        && !out
        && (ends(at + 1) || matches!(word(at + 1), "for" | "as" | "in" | "by"))
        && !(word(at + 1) == "and" && word(at + 2).ends_with("ed"))
}

impl super::extract::Reader<'_> {
    /// `keep all CVs forever`, `recordings are never deleted`: what is kept without an end.
    pub(crate) fn kept_endless(&mut self) {
        for field in [
            super::Field::Purpose,
            super::Field::Scale,
            super::Field::Constraints,
        ] {
            let text = self.brief.text(field).to_owned();
            let all = super::tokens(&text);
            for at in 0..all.len() {
                let word = |i: usize| all.get(i).map_or("", Token::word);
                // `kept for ever`
                let ever = word(at) == "ever" && at > 0 && word(at - 1) == "for";
                if !(ever || word(at) == "never" || ENDLESS.contains(&word(at))) {
                    continue;
                }
                let range = super::words::clause(&all, at);
                if !is_endless(&all, &range, at) {
                    continue;
                }
                let clause = all.get(range.clone()).unwrap_or_default();
                let mut named = things(clause);
                named.retain(|t| !ENDLESS.contains(&t.as_str()) && t != "never" && t != "ever");
                // Words of two letters name nothing but here.
                if clause.iter().any(|t| t.word() == "cv") {
                    named.push("cv".to_owned());
                }
                let (Some(first), Some(last)) = (clause.first(), clause.last()) else {
                    continue;
                };
                if named.is_empty() || is_trail(&named) {
                    continue;
                }
                let kept = Retention {
                    things: named,
                    period: self.words(field, first.start, last.end),
                    place: self.place(field, first.start, last.end),
                };
                if !self.brief.endless.iter().any(|k| k.period == kept.period) {
                    self.brief.endless.push(kept);
                }
            }
        }
    }

    /// Under rules for electronic records the trail is kept as long as what it is about.
    pub(crate) fn trail_kept(&mut self) {
        let bound = self.brief.rules.keys().any(|rule| {
            let rule = rule.to_lowercase();
            TRAIL_RULES.iter().any(|t| rule.contains(t))
        });
        if !bound {
            return;
        }
        let mut longest: Option<(f64, Retention)> = None;
        for said in self.brief.retention.clone() {
            let seconds = self.seconds_of(&said.period);
            let months = seconds.map_or(0.0, |s| (s / 2_628_000.0).round());
            if longest.as_ref().is_none_or(|(known, _)| months > *known) {
                longest = Some((months, said));
            }
        }
        let Some((months, said)) = longest.filter(|(months, _)| *months >= 1.0) else {
            return;
        };
        let known = self.brief.number("constraints.retention_months");
        if known.is_none_or(|k| k < months) {
            let stated = super::Stated {
                value: months,
                words: said.period,
                place: said.place,
            };
            self.brief
                .numbers
                .insert("constraints.retention_months", stated);
        }
    }

    /// The first duration in the words of a period.
    fn seconds_of(&self, period: &str) -> Option<f64> {
        let words = super::tokens(period);
        let all = self.grammar(&words).quantities();
        all.into_iter().find_map(|found| match found.quantity {
            super::grammar::Quantity::Duration(s) => Some(s),
            _ => None,
        })
    }

    /// `3 TB/day, raw lines deleted after 30 days`: what is raw is what comes in, so its period bounds a
    /// stated amount of it, unless something else is said to stay longer.
    fn raw_kept(&mut self) {
        let bulk = ["line", "frame", "packet", "trace", "log", "event"];
        let raw = |r: &&Retention| matches!(r.things.as_slice(), [raw, what] if raw == "raw" && bulk.contains(&what.as_str()));
        let Some(said) = self.brief.retention.iter().find(raw).cloned() else {
            return;
        };
        let Some(s) = self.seconds_of(&said.period) else {
            return;
        };
        let longer = |r: &Retention| self.seconds_of(&r.period).is_some_and(|other| other > s);
        let stays = [super::Field::Scale, super::Field::Constraints]
            .into_iter()
            .any(|field| {
                let all = super::tokens(self.brief.text(field));
                let at = all.iter().position(|t| t.word() == "raw");
                let here = at.map(|at| super::words::clause(&all, at));
                all.iter().enumerate().any(|(i, t)| {
                    let word = t.word();
                    let ever = matches!(word, "stay" | "stays" | "ever" | "remain" | "remains");
                    match &here {
                        Some(here) if here.contains(&i) => false,
                        Some(_) => KEEPING.contains(&word) || ENDLESS.contains(&word) || ever,
                        // Data `must stay in the EU`, too.
                        None => word == "ever" || ENDLESS.contains(&word),
                    }
                })
            });
        if stays || self.brief.retention.iter().any(longer) {
            return;
        }
        let stated = super::Stated {
            value: s / 31_536_000.0,
            words: said.period,
            place: said.place,
        };
        self.brief.numbers.insert("scale.raw_kept_years", stated);
    }

    /// A period of what is counted or sent bounds how much of it is there at once.
    fn items_kept(&mut self) {
        self.raw_kept();
        let brief = &self.brief;
        let keys = ["scale.items_per_s", "payload.record_b", "scale.peak_rps"];
        let named = keys.iter().filter_map(|key| brief.nouns.get(key));
        let mut nouns: Vec<&str> = named.map(String::as_str).collect();
        if brief.numbers.contains_key("scale.device_interval_s") {
            nouns.extend(SENT);
        }
        let meant = |r: &&Retention| {
            let last = r.things.last().map_or("", String::as_str);
            nouns.contains(&last) || last == "data" && r.things.len() > 1
        };
        let Some(said) = brief.retention.iter().find(meant).cloned() else {
            return;
        };
        if let Some(s) = self.seconds_of(&said.period) {
            let stated = super::Stated {
                value: s / 31_536_000.0,
                words: said.period,
                place: said.place,
            };
            let key = "scale.items_kept_years";
            self.brief.numbers.insert(key, stated);
        }
    }

    /// A period of the large bodies bounds how many of them are there at once.
    pub(crate) fn bodies_kept(&mut self) {
        let brief = &mut self.brief;
        if !brief.numbers.contains_key("scale.object_mb") {
            self.items_kept();
            return;
        }
        let noun = brief.nouns.get("scale.object_mb").cloned();
        let noun = noun.unwrap_or_default();
        let meant = |r: &&Retention| {
            let of = |t: &String| *t == noun || BODIES.contains(&t.as_str());
            r.things.iter().any(of)
        };
        let Some(said) = brief.retention.iter().find(meant).cloned() else {
            return;
        };
        if let Some(s) = self.seconds_of(&said.period) {
            let stated = super::Stated {
                value: s / 31_536_000.0,
                words: said.period,
                place: said.place,
            };
            let key = "scale.object_kept_years";
            self.brief.numbers.insert(key, stated);
        }
    }
}

impl Brief {
    /// The period that the brief states for a record: `name` as documents write it, `classes` of
    /// data in it. The most of its words in common wins, then what was said first.
    pub(crate) fn kept(&self, name: &str, classes: &[&str]) -> Option<&Retention> {
        best(&self.retention, name, classes)
    }

    /// The same of what the brief keeps without an end.
    pub(crate) fn kept_ever(&self, name: &str, classes: &[&str]) -> Option<&Retention> {
        // `scans and letters are kept for ever`: each of them. What stands behind the link has to be a noun
        // of its own, and no part of what follows.
        let head = single(name.rsplit(['_', ' ', '-']).next().unwrap_or(name));
        let listed = |r: &&Retention| {
            let said = super::tokens(&r.period);
            said.windows(3).any(|w| {
                let [one, link, other] = w else { return false };
                matches!(link.word(), "and" | "or")
                    && single(one.word()) == head
                    && r.things.contains(&head)
                    && r.things.last() == Some(&single(other.word()))
            })
        };
        best(&self.endless, name, classes).or_else(|| self.endless.iter().find(listed))
    }
}

/// What is kept that says most of a record.
fn best<'a>(all: &'a [Retention], name: &str, classes: &[&str]) -> Option<&'a Retention> {
    let words: Vec<String> = name.split(['_', ' ', '-']).map(single).collect();
    let hits = |r: &Retention| {
        let hit = |t: &&String| {
            words.contains(t) || classes.contains(&t.as_str()) || t.replace('-', "_") == name
        };
        r.things.iter().filter(hit).count()
    };
    let mut best: Option<(usize, &Retention)> = None;
    for retention in all {
        let n = hits(retention);
        // A noun of two words is meant as a whole: of `call recording`, a call is none.
        let last = retention.things.last();
        let head = last.is_some_and(|t| words.contains(t) || classes.contains(&t.as_str()));
        // Of many words one is said of the record as a whole, or of its last word.
        let own = words.last().is_some_and(|w| retention.things.contains(w));
        let head = head || retention.things.len() > 2 && (n > 1 || n > 0 && own);
        // A register of medicines is kept by what it registers; the forms of registers are not it.
        let collects = last.is_some_and(|t| COLLECTIONS.contains(&t.as_str()));
        let head = match collects && retention.things.len() > 1 {
            true => {
                let of = retention.things.iter().rev().skip(1);
                let registered = of.into_iter().any(|t| words.contains(t));
                registered || last.is_some_and(|t| words.len() == 1 && words.contains(t))
            }
            false => head,
        };
        if head && best.is_none_or(|(most, _)| n > most) {
            best = Some((n, retention));
        }
    }
    best.map(|(_, retention)| retention)
}

#[cfg(test)]
mod tests {
    use crate::read_brief;

    fn kept(constraints: &str, name: &str, classes: &[&str]) -> Option<String> {
        let text = format!("purpose: Agents take calls\nconstraints: {constraints}\n");
        let (brief, _) = read_brief("brief.yaml", &text);
        Some(brief.kept(name, classes)?.period.clone())
    }

    #[test]
    fn a_period_belongs_to_what_is_named_beside_it() {
        let said = "GDPR, keep call recordings 90 days, invoices are kept for 10 years";
        assert_eq!(kept(said, "recording", &[]).as_deref(), Some("90 days"));
        assert_eq!(kept(said, "invoice", &[]).as_deref(), Some("10 years"));
        assert_eq!(kept(said, "call", &[]), None);
        assert_eq!(kept(said, "customer", &[]), None);
        let said = "personal data is deleted after 24 months";
        assert_eq!(
            kept(said, "patient", &["personal"]).as_deref(),
            Some("24 months")
        );
    }

    #[test]
    fn what_is_kept_for_ever_is_meant_as_a_whole() {
        let ever = |constraints: &str, name: &str| {
            let text = format!("purpose: Agents take calls\nconstraints: {constraints}\n");
            let (brief, _) = read_brief("brief.yaml", &text);
            brief.kept_ever(name, &[]).is_some()
        };
        assert!(ever("call recordings kept for ever", "recording"));
        assert!(!ever("call recordings kept for ever", "call"));
        assert!(ever("scans and letters are kept for ever", "scan"));
        assert!(ever("scans and letters are kept for ever", "letter"));
    }

    #[test]
    fn registers_are_kept_by_what_they_register() {
        let said = "medicines register kept 12 years";
        assert_eq!(kept(said, "medicine", &[]).as_deref(), Some("12 years"));
        assert_eq!(kept(said, "register_kind", &[]), None);
        let said = "tenancies kept for 6 years after the tenant leaves the flat";
        assert_eq!(
            kept(said, "tenancy", &[]).as_deref(),
            Some("6 years after the tenant leaves the flat")
        );
        assert_eq!(kept(said, "flat", &[]), None);
    }

    #[test]
    fn periods_of_records_are_none_of_the_audit_trail() {
        let numbers = |constraints: &str| {
            let text = format!("purpose: Agents take calls\nconstraints: {constraints}\n");
            let (brief, _) = read_brief("brief.yaml", &text);
            (
                brief.number("constraints.retention_months"),
                brief.number("constraints.data_retention_months"),
            )
        };
        assert_eq!(numbers("keep call recordings 90 days"), (None, None));
        assert_eq!(numbers("audit logs kept 7 years"), (Some(84.0), None));
        for trail in [
            "Every look at a patient must be traceable for 10 years",
            "each access is recorded and the records are kept for 10 years",
            "who opened them kept for 10 years",
            "all accesses kept 10 years",
            "every access recorded and kept 10 years",
        ] {
            assert_eq!(numbers(trail), (Some(120.0), None), "{trail}");
        }
        for other in [
            "access cards are kept for 10 years",
            "looks of the collection kept for 10 years",
            "who pays is kept for 10 years",
            "access roads kept 10 years",
        ] {
            assert_eq!(numbers(other), (None, None), "{other}");
        }
        assert_eq!(numbers("data retention 2 years"), (Some(24.0), Some(24.0)));
    }
}
