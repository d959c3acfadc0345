//! Counts of people: with a noun, without one, or with the noun in front.

use super::grammar::{Count, Grammar, Quantity};
use super::token::{Token, singular};

impl Grammar<'_> {
    /// `2,500 at once`, `300 concurrent`: people without a noun.
    pub(super) fn at_once(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let word = self.word(after);
        let alone = matches!(
            word,
            "concurrent" | "concurrently" | "simultaneous" | "simultaneously" | "online"
        );
        let phrase = word == "at" && self.word(after + 1) == "once";
        let same = word == "at" && self.word(after + 1) == "the" && self.word(after + 2) == "same";
        // `25,000 simultaneous games` counts games.
        let alone = alone && {
            let behind = self.word(after + 1);
            behind.is_empty() || matches!(behind, "users" | "people" | "at" | "on" | "and" | "with")
        };
        // `80k registered, 2,500 at once`: people of whom no noun speaks.
        let end = self.tokens.get(after + 1).is_none_or(Token::ends_clause);
        if end && matches!(word, "registered" | "active" | "subscribed") {
            let quantity = Quantity::Users {
                count: Count::Monthly,
                number: value,
                noun: "user".to_owned(),
                total: false,
            };
            return Some((quantity, after + 1));
        }
        // `310k daily active`
        let often = match word {
            "daily" => Some(Count::Daily),
            "monthly" => Some(Count::Monthly),
            _ => None,
        };
        let closed = self.tokens.get(after + 2).is_none_or(Token::ends_clause);
        if let Some(count) = often.filter(|_| closed && self.word(after + 1) == "active") {
            let quantity = Quantity::Users {
                count,
                number: value,
                noun: "user".to_owned(),
                total: false,
            };
            return Some((quantity, after + 2));
        }
        let next = match (alone, phrase, same) {
            (true, ..) => after + 1,
            (_, true, _) => after + 2,
            (.., true) => after + 4,
            _ => return None,
        };
        let quantity = Quantity::Users {
            count: Count::Concurrent,
            number: value,
            noun: "user".to_owned(),
            total: false,
        };
        Some((quantity, next))
    }

    /// `users: 5000`, `peak rps = 200`: the noun stands before.
    pub(super) fn headed(&self, value: f64, at: usize, after: usize) -> Option<(Quantity, usize)> {
        let joined = at >= 2 && (self.mark(at - 1, ':') || self.mark(at - 1, '='));
        let noun = singular(self.word(at.checked_sub(2).filter(|_| joined)?));
        if matches!(noun, "rps" | "qps" | "tps") {
            let quantity = Quantity::Rate {
                per_s: value,
                noun: "request".to_owned(),
                direction: self.direction(noun),
                average: self.average(at - 2, at),
            };
            return Some((quantity, after));
        }
        let total = matches!(noun, "mau" | "dau");
        self.is_person(noun).then(|| {
            let quantity = Quantity::Users {
                count: if noun == "dau" {
                    Count::Daily
                } else {
                    Count::Monthly
                },
                number: value,
                noun: noun.to_owned(),
                total,
            };
            (quantity, after)
        })
    }

    pub(super) fn users(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let mut count = Count::Monthly;
        for i in after..after + 4 {
            let word = self.word(i);
            if word.is_empty() {
                return None;
            }
            match word {
                "daily" => count = Count::Daily,
                "concurrent" | "simultaneous" | "concurrently" => count = Count::Concurrent,
                _ => {}
            }
            let noun = singular(word);
            // What is `registered` or `concurrent` is people, whatever they are called.
            let said = i > after
                && matches!(
                    self.word(i - 1),
                    "concurrent" | "simultaneous" | "registered"
                );
            let lifeless = |w: &str| {
                let noun = singular(w);
                let devices = &self.vocabulary.devices;
                let things = self.vocabulary.lifeless.iter().chain(devices);
                things.into_iter().any(|l| l == noun) || self.direction_known(noun)
            };
            // Hospitals and schools have users; they are none.
            let organised = self.vocabulary.organisations.iter().any(|o| o == noun)
                && !self.vocabulary.users.iter().any(|u| u == noun)
                && !self.sounds_like_people(word);
            let known = !organised
                && (said && !lifeless(word)
                    || self.is_person(noun)
                    || self.sounds_like_people(word));
            // `customer web sites`, `patient records`: the noun that follows is what is counted.
            if !known {
                continue;
            }
            let total = matches!(noun, "mau" | "dau");
            if noun == "dau" {
                count = Count::Daily;
            }
            let mut next = i + 1;
            let tail: Vec<&str> = (next..next + 5)
                .map(|k| self.word(k))
                .take_while(|w| !w.is_empty())
                .collect();
            let at_once = tail.windows(2).any(|w| w == ["at", "once"])
                || tail
                    .windows(3)
                    .any(|w| w == ["at", "the", "same"] || w == ["at", "a", "time"])
                || tail.first().is_some_and(|w| {
                    matches!(
                        *w,
                        "concurrently"
                            | "online"
                            | "simultaneously"
                            | "concurrent"
                            | "simultaneous"
                    )
                });
            let one = tail
                .windows(2)
                .any(|w| matches!(w, ["on" | "in" | "at" | "per", "one" | "a" | "single"]));
            if at_once
                || one
                    && count == Count::Monthly
                    && tail
                        .first()
                        .is_some_and(|w| matches!(*w, "on" | "in" | "at" | "per"))
            {
                count = Count::Concurrent;
            }
            if let Some((period, behind)) = self.period(next) {
                count = if period > 700_000.0 {
                    Count::Monthly
                } else {
                    Count::Daily
                };
                next = behind;
            }
            let quantity = Quantity::Users {
                count,
                number: value,
                noun: noun.to_owned(),
                total,
            };
            return Some((quantity, next));
        }
        None
    }
}
