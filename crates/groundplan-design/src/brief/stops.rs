//! How long the system may stand still and what may get lost, said in words: `must not be down for more
//! than 30 minutes`, `no record may be lost`.

use super::Field;
use super::extract::Reader;
use super::grammar::{Found, Quantity};
use super::token::Token;
use super::words::{Force, clause, force};
use std::ops::Range;

/// What a brief calls the whole of what it asks for.
const WHOLE: [&str; 11] = [
    "system",
    "service",
    "platform",
    "application",
    "app",
    "software",
    "site",
    "website",
    "server",
    "everything",
    "it",
];

/// Words of a standstill that say it of a subject before them.
const STANDING: [&str; 7] = [
    "down",
    "unavailable",
    "offline",
    "stop",
    "fail",
    "interrupted",
    "stopped",
];

/// Nouns of a standstill.
const OUTAGE: [&str; 8] = [
    "outage",
    "outages",
    "interruption",
    "interruptions",
    "downtime",
    "downtimes",
    "standstill",
    "standstills",
];

/// Words that make a clause one of other things: alarms, plans, conditions.
const OTHER: [&str; 18] = [
    "alarm",
    "alarms",
    "alert",
    "alerts",
    "alerted",
    "warn",
    "warns",
    "warned",
    "notify",
    "notified",
    "planned",
    "scheduled",
    "announced",
    "maintenance",
    "escalate",
    "escalated",
    "told",
    "report",
];

/// Words that begin a condition.
const CONDITION: [&str; 9] = [
    "if", "when", "whenever", "unless", "while", "once", "where", "that", "who",
];

/// What gets lost in a store, and not on a shelf.
const KEPT: [&str; 24] = [
    "data",
    "entry",
    "entries",
    "record",
    "records",
    "reading",
    "readings",
    "measurement",
    "measurements",
    "transaction",
    "transactions",
    "payment",
    "payments",
    "booking",
    "bookings",
    "message",
    "messages",
    "entered",
    "recorded",
    "measured",
    "saved",
    "stored",
    "written",
    "confirmed",
];

/// Words before an outage that something else bears, or that somebody pays for.
const BESIDE: [&str; 14] = [
    "during", "after", "despite", "over", "through", "to", "survive", "bridge", "pay", "pays",
    "paid", "work", "works", "buffer",
];

/// The words of a clause between two indices.
struct Words<'a> {
    tokens: &'a [Token],
    range: Range<usize>,
}

impl Words<'_> {
    fn at(&self, i: usize) -> &str {
        let inside = self.range.contains(&i);
        self.tokens
            .get(i)
            .filter(|_| inside)
            .map_or("", Token::word)
    }

    fn find(&self, range: Range<usize>, all: &[&str]) -> Option<usize> {
        range.into_iter().find(|i| all.contains(&self.at(*i)))
    }

    fn has(&self, all: &[&str]) -> bool {
        self.find(self.range.clone(), all).is_some()
    }

    /// Whether `more than`, `longer than` or `over` leads to the number at `at`.
    fn exceeds(&self, at: usize) -> bool {
        let than = at.checked_sub(2);
        let than = than.is_some_and(|k| matches!(self.at(k), "more" | "longer"))
            && self.at(at - 1) == "than";
        than || at > 0 && self.at(at - 1) == "over"
    }

    /// Whether `at most`, `up to`, `no more than` or `maximum` leads to the number at `at`.
    fn bounded(&self, at: usize) -> bool {
        let word = |n: usize| at.checked_sub(n).map_or("", |k| self.at(k));
        matches!((word(2), word(1)), ("at", "most") | ("up", "to"))
            || matches!(word(1), "maximum" | "max" | "only")
            || self.exceeds(at) && matches!(word(3), "no" | "not" | "never")
    }

    /// Whether a budget follows the number that ends before `next`: `4 h per month`.
    fn budget(&self, next: usize) -> bool {
        let unit = |k: usize| super::grammar::seconds(self.at(k)).is_some_and(|s| s > 80_000.0);
        (next..self.range.end).any(|k| {
            let joined = matches!(self.at(k), "per" | "a" | "each" | "every" | "in");
            joined && (unit(k + 1) || unit(k + 2))
                || self.tokens.get(k).is_some_and(|t| t.is('/'))
                || matches!(self.at(k), "monthly" | "yearly" | "weekly" | "annually")
        })
    }

    /// Whether the clause before opens with a condition, of which `it` may be the subject: `When a
    /// freezer fails, it must be back`.
    fn under_condition(&self) -> bool {
        let Some(last) = self.range.start.checked_sub(2) else {
            return false;
        };
        let before = Words {
            tokens: self.tokens,
            range: clause(self.tokens, last),
        };
        let start = before.range.start;
        // `If the system fails, it must be back`
        let system = before.at(start + 1) == "the"
            && WHOLE.contains(&before.at(start + 2))
            && matches!(before.at(start + 3), "fails" | "crashes" | "stops" | "is");
        CONDITION.contains(&before.at(start)) && !system
    }

    /// Whether the subject before the word at `i` is the whole system: `the system must not be`.
    fn whole(&self, i: usize) -> bool {
        const HELP: [&str; 20] = [
            "must", "may", "can", "shall", "should", "will", "has", "to", "is", "not", "never",
            "cannot", "be", "ever", "get", "been", "allowed", "stand", "also", "then",
        ];
        let mut at = i;
        while at > self.range.start && HELP.contains(&self.at(at - 1)) {
            at -= 1;
        }
        let head = at.checked_sub(1).filter(|k| *k >= self.range.start);
        let compound = head.is_some_and(|k| {
            let before = k.checked_sub(1).map_or("", |k| self.at(k));
            // `the phone system`, `their site`: another one.
            if self.at(k) == "it" {
                return self.under_condition();
            }
            let mut from = k;
            while from > self.range.start
                && matches!(
                    self.at(from - 1),
                    "the" | "a" | "whole" | "entire" | "this" | "new" | "our"
                )
            {
                from -= 1;
            }
            let led = from.checked_sub(1).map_or("", |k| self.at(k));
            // `the phone lines of the service`, `a sensor on the site`
            let part = matches!(
                led,
                "of" | "on"
                    | "in"
                    | "at"
                    | "for"
                    | "to"
                    | "by"
                    | "with"
                    | "from"
                    | "behind"
                    | "under"
            );
            part || from == k && !before.is_empty()
        });
        head.is_some_and(|k| WHOLE.contains(&self.at(k))) && !compound
    }
}

/// The part of a text around a token that commas, semicolons and full stops end, brackets included.
fn wide<'a>(tokens: &'a [Token], at: usize) -> Words<'a> {
    let ends = |t: &Token| [',', ';', '.', '\n'].iter().any(|c| t.is(*c));
    let before = tokens.get(..at).unwrap_or_default();
    let start = before.iter().rposition(ends).map_or(0, |i| i + 1);
    let behind = tokens.get(at..).unwrap_or_default();
    let end = behind
        .iter()
        .position(ends)
        .map_or(tokens.len(), |i| at + i);
    Words {
        tokens,
        range: start..end,
    }
}

/// A short time beside a percentage.
#[derive(Clone, Copy)]
struct Short {
    seconds: f64,
    /// Whether it stands before the percentage.
    before: bool,
    /// Whether `and` or a stroke stands between: `in under 2 s and 99.9 %` says two things.
    apart: bool,
}

/// The short time that a share of answers takes, in seconds, if it stands in the clause of a
/// percentage.
fn short(tokens: &[Token], found: &[Found], percent: &Found) -> Option<Short> {
    /// Answers take no longer.
    const LONGEST: f64 = 120.0;
    let words = wide(tokens, percent.at);
    found.iter().find_map(|q| match q.quantity {
        Quantity::Duration(seconds) if seconds <= LONGEST && words.range.contains(&q.at) => {
            let before = q.at < percent.at;
            let between = match before {
                true => q.next..percent.at,
                false => percent.next..q.at,
            };
            let between = tokens.get(between).unwrap_or_default();
            let apart = between.iter().any(|t| t.word() == "and" || t.is('/'));
            Some(Short {
                seconds,
                before,
                apart,
            })
        }
        _ => None,
    })
}

/// Whether a percentage says how many answers come in time: `below 1.5 s in 90 % of cases`, `95 % of
/// requests within 300 ms`. An availability is said of the time.
pub(super) fn share(tokens: &[Token], found: &[Found], percent: &Found) -> bool {
    let words = wide(tokens, percent.at);
    let available = words.has(&["availability", "available", "uptime", "sla", "reachable"]);
    let quantile = words.has(&["p50", "p95", "p99", "median"]);
    let of = words.at(percent.next) == "of" && words.at(percent.next + 1) != "the";
    let up = percent.at > 0 && words.at(percent.at - 1) == "up";
    let clock = words.has(&["clock"]);
    // `99 % within 1 s`
    let leads = matches!(
        words.at(percent.next),
        "within" | "in" | "under" | "below" | "of"
    );
    let before = short(tokens, found, percent);
    let near = before.is_some_and(|t| t.before && (!t.apart || leads) || of && !t.apart);
    !available && !quantile && !up && !clock && near
}

/// The time of all answers of which a percentage comes within it; `None` where it is one deed's.
pub(super) fn answered(tokens: &[Token], found: &[Found], percent: &Found) -> Option<f64> {
    const ALL: [&str; 8] = [
        "response",
        "responses",
        "requests",
        "answers",
        "pages",
        "page",
        "latency",
        "screens",
    ];
    let words = wide(tokens, percent.at);
    /// A page takes no longer; a person does.
    const SLOWEST: f64 = 10.0;
    let seconds = short(tokens, found, percent)?.seconds;
    // `answered by an agent`
    let somebody = words
        .range
        .clone()
        .any(|k| words.at(k) == "by" && matches!(words.at(k + 1), "a" | "an"));
    (words.has(&ALL) && !somebody && seconds <= SLOWEST).then_some(seconds)
}

impl Reader<'_> {
    /// How long an outage may last and what may get lost, in the words of people.
    pub(super) fn stops(&mut self, field: Field, tokens: &[Token], found: &[Found]) {
        let single = singles(tokens);
        for f in found.iter().chain(&single) {
            let Quantity::Duration(s) = f.quantity else {
                continue;
            };
            let words = Words {
                tokens,
                range: clause(tokens, f.at),
            };
            let opens = words.at(words.range.start);
            if words.has(&OTHER) || CONDITION.contains(&opens) || words.budget(f.next) {
                continue;
            }
            if (60.0..=604_800.0).contains(&s) && outage(&words, f) {
                self.target(field, "constraints.rto_min", s / 60.0, f.start, f.end);
            } else if s <= 604_800.0 && lost(&words, f) {
                self.target(field, "constraints.rpo_min", s / 60.0, f.start, f.end);
            }
        }
        let mut at = 0;
        while at < tokens.len() {
            let range = clause(tokens, at);
            let next = range.end.max(at) + 1;
            let span = nothing_lost(&Words {
                tokens,
                range: range.clone(),
            })
            .filter(|_| !found.iter().any(|f| range.contains(&f.at)));
            if let Some((from, to)) = span {
                let start = tokens.get(from).map_or(0, |t| t.start);
                let end = tokens.get(to).map_or(start, |t| t.end);
                self.target(field, "constraints.rpo_min", 0.0, start, end);
            }
            at = next;
        }
    }

    /// `down for a working day is acceptable`, `may be down for two hours`: how long an outage may
    /// last.
    pub(super) fn downtime(&mut self, field: Field, tokens: &[Token]) {
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        for i in 0..tokens.len() {
            if !matches!(word(i), "down" | "outage" | "downtime" | "offline")
                || !matches!(word(i + 1), "for" | "of" | "up")
            {
                continue;
            }
            let range = clause(tokens, i);
            let allowed = tokens
                .get(range.clone())
                .unwrap_or_default()
                .iter()
                .any(|t| {
                    matches!(
                        t.word(),
                        "acceptable"
                            | "bearable"
                            | "fine"
                            | "ok"
                            | "okay"
                            | "tolerable"
                            | "tolerated"
                            | "may"
                            | "can"
                            | "allowed"
                    )
                });
            if !allowed || force(tokens, i) == Force::Forbid {
                continue;
            }
            let mut at = i + 2;
            while matches!(word(at), "to" | "at" | "most" | "up") {
                at += 1;
            }
            let count = match word(at) {
                "half" => 0.5,
                "a" | "an" => 1.0,
                w => match self.vocabulary.number(w) {
                    Some(n) => n,
                    None => match tokens.get(at).map(|t| &t.kind) {
                        Some(super::token::Kind::Number { value, suffix, .. })
                            if suffix.is_empty() =>
                        {
                            *value
                        }
                        _ => continue,
                    },
                },
            };
            at += 1;
            while matches!(word(at), "a" | "an" | "of") {
                at += 1;
            }
            let working = matches!(word(at), "working" | "business" | "work");
            at += usize::from(working);
            let Some(unit) = super::grammar::seconds(word(at)) else {
                continue;
            };
            // A working day has eight hours.
            let unit = if working && unit == 86_400.0 {
                28_800.0
            } else {
                unit
            };
            let (start, end) = (tokens.get(i), tokens.get(at));
            let (Some(start), Some(end)) = (start, end) else {
                continue;
            };
            let (start, end) = (start.start, end.end);
            self.target(
                field,
                "constraints.rto_min",
                count * unit / 60.0,
                start,
                end,
            );
        }
    }
}

/// `an hour`, `a day`: times of one unit, which the grammar of numbers leaves to words.
fn singles(tokens: &[Token]) -> Vec<Found> {
    let one = |at: usize| {
        let (first, unit) = (tokens.get(at)?, tokens.get(at + 1)?);
        let seconds = super::grammar::seconds(unit.word())?;
        (matches!(first.word(), "a" | "an") && unit.word().len() > 2).then_some(Found {
            quantity: Quantity::Duration(seconds),
            start: first.start,
            end: unit.end,
            at,
            next: at + 2,
            ambiguous: false,
        })
    };
    (0..tokens.len()).filter_map(one).collect()
}

/// Whether a clause bounds how long the system stands still with the time at `f`.
fn outage(words: &Words, f: &Found) -> bool {
    let before = words.range.start..f.at;
    let denied = |to: usize| {
        words
            .find(words.range.start..to, &["not", "never", "no", "cannot"])
            .is_some()
    };
    let conditional = words.find(before.clone(), &CONDITION).is_some();
    // `the system must not be down for more than 30 minutes`
    let standing = words
        .find(before.clone(), &STANDING)
        .filter(|k| words.whole(*k) && denied(*k));
    // `it must not stop answering for more than a minute`
    let near = standing.is_some_and(|k| {
        (k + 1..f.at).all(|i| {
            matches!(
                words.at(i),
                "for" | "more" | "longer" | "than" | "over" | "at" | "a" | "stretch" | "time"
            )
        })
    });
    if near && !conditional && words.exceeds(f.at) {
        return true;
    }
    // `no outage may last longer than 15 minutes`, `outages of at most 2 h`
    if let Some(k) = words.find(before.clone(), &OUTAGE) {
        // `during an outage of the network`, `a power outage`
        let other = words.at(k + 1) == "of"
            && !matches!(
                words.at(k + 2),
                "more" | "longer" | "at" | "up" | "over" | "no" | "max"
            )
            || !matches!(
                k.checked_sub(1).map_or("", |k| words.at(k)),
                "" | "an" | "any" | "no" | "single" | "one" | "the" | "unplanned" | "of" | "each"
            )
            // `an interruption in the cold chain`
            || matches!(words.at(k + 1), "in" | "to" | "on" | "for")
            // `no outage longer than 30 minutes of the data feed`
            || words.at(f.next) == "of"
            || words.find(words.range.start..k, &BESIDE).is_some()
            || words.has(&["had", "was", "were"]);
        let refused = words.has(&["unacceptable", "intolerable", "danger", "dangerous"])
            || words.has(&["not"]) && words.has(&["acceptable", "tolerable", "allowed"]);
        let denied = denied(f.at) || refused;
        return !other
            && !conditional
            && (words.exceeds(f.at) && denied || words.bounded(f.at) && !refused);
    }
    // `it must be back within 15 minutes`, `restoration after failure within 8 hours`
    let led = f.at > 0 && matches!(words.at(f.at - 1), "within" | "in");
    let back = words.find(before.clone(), &["back", "restored", "running"]);
    if let Some(k) = back.filter(|_| led && !conditional) {
        let near = (k + 1..f.at).all(|i| {
            matches!(
                words.at(i),
                "up" | "again" | "online" | "within" | "in" | "service" | "to"
            )
        });
        let must = words.find(words.range.start..k, &["must", "shall", "should", "has"]);
        return near && must.is_some() && words.whole(k);
    }
    let restoration = words.at(words.range.start) == "restoration"
        && !matches!(words.at(words.range.start + 1), "of");
    if restoration && led {
        return true;
    }
    // `a day without the system is bearable`
    let without = words.at(f.next) == "without"
        && (WHOLE.contains(&words.at(f.next + 1))
            || words.at(f.next + 1) == "the" && WHOLE.contains(&words.at(f.next + 2)));
    let borne = ["bearable", "acceptable", "tolerable", "fine", "ok", "okay"];
    without && words.has(&borne) && !words.has(&["not"])
}

/// Whether a clause says what of the last time may get lost: `at most 5 minutes of entries may be
/// lost`.
fn lost(words: &Words, f: &Found) -> bool {
    let end = (f.next..words.range.end).find(|k| words.at(*k) == "lost");
    let modal = end.is_some_and(|k| {
        words
            .find(f.next..k, &["may", "can", "must", "be", "get"])
            .is_some()
    });
    let last = f.at > 0 && words.at(f.at - 1) == "last";
    let bound = words.bounded(f.at)
        || last
            && words
                .find(words.range.start..f.at, &["most", "only"])
                .is_some();
    let kept = words.find(f.next..words.range.end, &KEPT).is_some() || words.at(f.next) != "of";
    // `may be lost at each stop`
    let closes = end.is_some_and(|k| words.at(k + 1).is_empty());
    modal && bound && kept && closes
}

/// First and last token of the words that say that nothing of what is stored may get lost.
fn nothing_lost(words: &Words) -> Option<(usize, usize)> {
    let Range { start, end } = words.range.clone();
    let at = words.find(start..end, &["lost"])?;
    // `lost property`: a noun follows.
    let closes = at + 1 >= end || words.at(at + 1).is_empty();
    let modal = words.find(
        start..at,
        &["may", "must", "can", "shall", "should", "cannot"],
    )?;
    let kept = words.find(start..modal, &KEPT)?;
    let nothing = words.find(start..kept, &["no", "nothing", "not"]).is_some();
    let denied = words.find(modal..at, &["not", "never"]).is_some() || words.at(modal) == "cannot";
    let circumstance = words.has(&[
        "if",
        "when",
        "while",
        "during",
        "offline",
        "network",
        "connection",
        "without",
        "phone",
        "tablet",
        // What lies on a shelf.
        "paper",
        "printed",
        "handwritten",
        "physical",
    ]);
    (closes && !circumstance && (nothing != denied)).then_some((start, at))
}

#[cfg(test)]
mod tests {
    use crate::read_brief;

    fn number(constraints: &str, key: &str) -> Option<f64> {
        let text = format!("purpose: Clerks file cases\nconstraints: \"{constraints}\"\n");
        read_brief("brief.yaml", &text).0.number(key)
    }

    #[test]
    fn standstills_bound_recovery() {
        let rto = |said: &str| number(said, "constraints.rto_min");
        for (said, minutes) in [
            (
                "The system must not be down for more than 30 minutes at a stretch, since then paper is used.",
                30.0,
            ),
            ("It must not stop for more than 10 minutes.", 10.0),
            (
                "The whole system may never be unavailable for longer than an hour.",
                60.0,
            ),
            ("No outage may last longer than 15 minutes", 15.0),
            ("Outages of at most 2 h", 120.0),
            (
                "An interruption of more than 5 minutes is not acceptable.",
                5.0,
            ),
            ("In July it must be back within 15 minutes.", 15.0),
            ("The service has to be running again within 4 hours", 240.0),
            ("Restoration after failure within 8 hours", 480.0),
            ("A day without the system is bearable", 1_440.0),
            ("RTO 1 h / RPO 15 min", 60.0),
            ("RPO 15 min / RTO 1 h", 60.0),
        ] {
            assert_eq!(rto(said), Some(minutes), "{said}");
        }
        for said in [
            // Of a month, of a machine, of the network, planned, an alarm, a condition, a return.
            "The system must not be down for more than 4 hours per month.",
            "Outages of at most 4 h a month",
            "A machine must not be down for more than 2 hours.",
            "The phone system must not be down for more than 2 hours.",
            "Work goes on during an outage of the network of up to 4 hours.",
            "No power outage longer than 2 hours was seen.",
            "Planned downtime of at most 2 hours on Sundays",
            "Operators are alerted when the system is down for more than 5 minutes.",
            "If the system is down for more than 10 minutes, paper is used.",
            "The system must not stop answering for more than 2 minutes when the load is high.",
            "A loan must be back within 3 days.",
            "An answer must be back within 2 minutes.",
            "The crew must be back within 2 hours.",
            "A day without the system is not acceptable",
        ] {
            assert_eq!(rto(said), None, "{said}");
        }
    }

    #[test]
    fn what_may_get_lost_bounds_the_loss_of_data() {
        let rpo = |said: &str| number(said, "constraints.rpo_min");
        for (said, minutes) in [
            ("No treatment record may be lost.", 0.0),
            ("Nothing that has been entered may get lost.", 0.0),
            (
                "A day without it is fine but nothing that was measured may get lost",
                0.0,
            ),
            ("Readings must never be lost", 0.0),
            ("no more than 1 hour of entries may be lost", 60.0),
            ("At most 5 minutes of data may get lost", 5.0),
            ("at most the last 10 minutes may be lost", 10.0),
            ("RTO 1 h / RPO 15 min", 15.0),
            ("RPO 15 min / RTO 1 h", 15.0),
        ] {
            assert_eq!(rpo(said), Some(minutes), "{said}");
        }
        for said in [
            "No parcel may be lost.",
            "Lost property records must not be deleted",
            "A solved letter must not get lost when the train goes through a tunnel",
            "Entries must not be lost while the tablet is offline",
            "Records may be lost",
            "No customer may be lost for more than 2 hours",
            "at most 2 hours of work may be lost in a strike",
        ] {
            assert_eq!(rpo(said), None, "{said}");
        }
    }

    #[test]
    fn shares_of_answers_are_no_availability() {
        let of = |said: &str| {
            [
                "constraints.availability",
                "constraints.p95_ms",
                "constraints.p99_ms",
            ]
            .map(|key| number(said, key))
        };
        let none = [None, None, None];
        assert_eq!(of("an estimate is answered in < 3 s (95 %)"), none);
        assert_eq!(
            of("the command must arrive within 10 s at 99 % of lamps"),
            none
        );
        assert_eq!(
            of("Response times below 1.5 seconds in 90 % of cases"),
            none
        );
        assert_eq!(
            of("Response times below 1.5 seconds in 95 % of cases"),
            [None, Some(1_500.0), None]
        );
        assert_eq!(
            of("99 % of requests within 300 ms"),
            [None, None, Some(300.0)]
        );
        assert_eq!(
            of("99.9 % availability, 2 s for a report"),
            [Some(99.9), None, None]
        );
        assert_eq!(
            of("fail over in 30 s with 99.95 % availability"),
            [Some(99.95), None, None]
        );
        assert_eq!(of("99.9 % (P95 200 ms)"), [Some(99.9), Some(200.0), None]);
        assert_eq!(
            of("99.5 % on working days from 7 to 19"),
            [Some(99.5), None, None]
        );
        assert_eq!(
            of("99.9 % of the time, answers in 2 s"),
            [Some(99.9), None, None]
        );
    }
}
