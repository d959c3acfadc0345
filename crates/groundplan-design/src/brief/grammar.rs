//! The shorthand grammar: quantities in running text.
//!
//! ```text
//! number   := digits[,digits]*[.digits] [k|m|b|thousand|million|billion]
//! users    := number word{0..3} noun [a day|a month|at once]
//! devices  := number word{0..2} noun [… every number unit]
//! rate     := number word{0..3} unit [peak|average]        unit: rps, noun/s, noun per second
//! items    := number word{0..3} noun (/|per|a) period
//! data     := number (kB|MB|GB|TB|PB|KiB…) [(/|per|a) period]
//! money    := ($|€|£) number [(/|per|a) (month|year)]
//! ```

use super::token::{Kind, Token, multiplier, singular};
use groundplan_knowledge::{Vocabulary, capabilities, design_tables};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What a count of people counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Monthly,
    Daily,
    Concurrent,
}

/// What a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Requests,
    Writes,
    Transactions,
}

/// A quantity of a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Quantity {
    /// People; `total` if the noun is an acronym that stands for all of them.
    Users {
        count: Count,
        number: f64,
        noun: String,
        total: bool,
    },
    /// Things, with seconds between two messages if stated.
    Devices {
        number: f64,
        noun: String,
        interval_s: Option<f64>,
    },
    /// Per second.
    Rate {
        per_s: f64,
        noun: String,
        direction: Direction,
        average: bool,
    },
    /// New items, per second on average.
    Items {
        per_s: f64,
        noun: String,
        direction: Direction,
    },
    /// Decimal gigabytes, in total or per year.
    Data { gb: f64, per_year: bool },
    /// An amount of money with its currency code, per month; `stated` if the period was.
    Money {
        per_month: f64,
        currency: String,
        stated: bool,
    },
    /// A percentage.
    Percent(f64),
    /// A duration in seconds, as written.
    Duration(f64),
    /// A number that nothing explains.
    Plain(f64),
}

/// A quantity and its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) quantity: Quantity,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Index of its first token.
    pub(crate) at: usize,
    /// Index behind its last token.
    pub(crate) next: usize,
    /// Whether the number could be read in two ways (`1.000`).
    pub(crate) ambiguous: bool,
}

/// A text under the grammar.
pub(crate) struct Grammar<'a> {
    pub(crate) tokens: &'a [Token],
    pub(crate) vocabulary: &'a Vocabulary,
    /// Whether a point groups thousands, as the locale of the brief says.
    pub(crate) point_groups: bool,
}

/// Seconds of a period or time unit, spelled out or abbreviated; `None` for other words.
pub(crate) fn seconds(word: &str) -> Option<f64> {
    Some(match singular(word) {
        "ms" | "millisecond" | "msec" => 0.001,
        "s" | "sec" | "second" => 1.0,
        "min" | "minute" => 60.0,
        "h" | "hour" | "hr" => 3_600.0,
        "d" | "day" => 86_400.0,
        "week" | "wk" => 604_800.0,
        "month" | "mo" => 2_628_000.0,
        "quarter" => 7_884_000.0,
        "year" | "yr" | "annum" => 31_536_000.0,
        _ => return None,
    })
}

/// Decimal gigabytes of a unit of data.
fn gigabytes(unit: &str) -> Option<f64> {
    Some(match unit {
        "kb" => 1e-6,
        "mb" => 1e-3,
        "gb" => 1.0,
        "tb" => 1e3,
        "pb" => 1e6,
        "kib" => 1.024e-6,
        "mib" => 1.048_576e-3,
        "gib" => 1.073_741_824,
        "tib" => 1.099_511_627_776e3,
        "pib" => 1.125_899_906_842_624e6,
        _ => return None,
    })
}

/// The currency that a token stands for, ISO code.
pub(crate) fn currency(token: &Token) -> Option<&'static str> {
    Some(match &token.kind {
        Kind::Mark('$') => "USD",
        Kind::Mark('€') => "EUR",
        Kind::Mark('£') => "GBP",
        Kind::Word(word) => match word.as_str() {
            "usd" | "dollars" | "dollar" => "USD",
            "eur" | "euro" | "euros" => "EUR",
            "gbp" | "pounds" => "GBP",
            "chf" | "francs" => "CHF",
            _ => return None,
        },
        _ => return None,
    })
}

/// Whether these are things of which the interval is known.
fn sends(quantity: &Quantity) -> bool {
    matches!(
        quantity,
        Quantity::Devices {
            interval_s: Some(_),
            ..
        }
    )
}

/// The nouns by which capabilities call the roles of people; of several words the last.
pub(crate) fn role_nouns() -> &'static BTreeSet<String> {
    static NOUNS: OnceLock<BTreeSet<String>> = OnceLock::new();
    NOUNS.get_or_init(|| {
        let tables = design_tables();
        let things = &tables.vocabulary.devices;
        let actors = capabilities().iter().flat_map(|p| p.actors.iter());
        let nouns = actors.flat_map(|a| a.nouns.iter());
        nouns
            .filter_map(|n| n.singular.split_whitespace().last().map(str::to_lowercase))
            .filter(|n| !things.contains(n))
            // Teams and organisations are not counted as people.
            .filter(|n| {
                !matches!(
                    n.as_str(),
                    "team"
                        | "clinic"
                        | "practice"
                        | "shop"
                        | "school"
                        | "company"
                        | "organisation"
                        | "system"
                        | "desk"
                )
            })
            .collect()
    })
}

impl Grammar<'_> {
    /// All quantities of the text, in order.
    pub(crate) fn quantities(&self) -> Vec<Found> {
        let mut all = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.quantity(at) {
                Some(found) => {
                    at = found.next.max(at + 1);
                    all.push(found);
                }
                None => at += 1,
            }
        }
        all
    }

    /// Whether a noun stands for people: one of the vocabulary, or a role of a capability.
    fn is_person(&self, noun: &str) -> bool {
        self.vocabulary.users.iter().any(|u| u == noun) || role_nouns().contains(noun)
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", Token::word)
    }

    fn mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is(mark))
    }

    /// A number at a token: value, unit glued to it or empty, index behind it, whether it is
    /// doubtful.
    fn number(&self, at: usize) -> Option<(f64, &str, usize, bool)> {
        let token = self.tokens.get(at)?;
        let Kind::Number {
            value,
            suffix,
            ambiguous,
        } = &token.kind
        else {
            return None;
        };
        let value = if *ambiguous && self.point_groups {
            value * 1e3
        } else {
            *value
        };
        let doubtful = *ambiguous && !self.point_groups;
        let after_every = at > 0 && self.word(at - 1) == "every";
        if suffix.is_empty() {
            let next = self.word(at + 1);
            let minutes = next == "m" && after_every;
            if let Some(factor) = multiplier(next).filter(|_| !next.is_empty() && !minutes) {
                return Some((value * factor, "", at + 2, doubtful && factor == 1.0));
            }
            return Some((value, "", at + 1, doubtful));
        }
        match multiplier(suffix).filter(|_| !(after_every && suffix == "m")) {
            Some(factor) => Some((value * factor, "", at + 1, false)),
            None => Some((value, suffix, at + 1, doubtful)),
        }
    }

    /// `/month`, `per month`, `a month`, `monthly`: seconds of the period and the index behind.
    fn period(&self, at: usize) -> Option<(f64, usize)> {
        let adverb = match self.word(at) {
            "daily" => Some(86_400.0),
            "weekly" => Some(604_800.0),
            "monthly" => Some(2_628_000.0),
            "yearly" | "annually" => Some(31_536_000.0),
            "hourly" => Some(3_600.0),
            _ => None,
        };
        if let Some(seconds) = adverb {
            return Some((seconds, at + 1));
        }
        let joined =
            self.mark(at, '/') || matches!(self.word(at), "per" | "a" | "an" | "each" | "every");
        let period = seconds(self.word(at + 1))?;
        joined.then_some((period, at + 2))
    }

    fn quantity(&self, at: usize) -> Option<Found> {
        let (money_at, first_currency) = match self.tokens.get(at).and_then(currency) {
            Some(code) if self.number(at + 1).is_some() => (at + 1, Some(code)),
            _ => (at, None),
        };
        let (value, unit, after, ambiguous) = self.number(money_at)?;
        let last_currency = || self.tokens.get(after).and_then(currency);
        let found = if let Some(code) = first_currency {
            self.money(value, code, after)
        } else if unit == "%" || self.mark(after, '%') || self.word(after) == "percent" {
            let next = after + usize::from(unit != "%");
            (Quantity::Percent(value), next)
        } else if let Some(code) = last_currency() {
            self.money(value, code, after + 1)
        } else {
            let read = self
                .data(value, unit, after)
                .or_else(|| self.duration(value, unit, after))
                .or_else(|| self.devices(value, after).filter(|(d, _)| sends(d)))
                .or_else(|| self.rate(value, unit, after))
                .or_else(|| self.devices(value, after))
                .or_else(|| self.users(value, after));
            read.or_else(|| self.at_once(value, after))
                .or_else(|| self.headed(value, at, after))
                .unwrap_or((Quantity::Plain(value), after))
        };
        let (quantity, next) = found;
        let end = self.tokens.get(next.max(1) - 1).map_or(0, |t| t.end);
        Some(Found {
            quantity,
            start: self.tokens.get(at).map_or(0, |t| t.start),
            end,
            at,
            next,
            ambiguous,
        })
    }

    fn money(&self, value: f64, code: &str, after: usize) -> (Quantity, usize) {
        let period = self.period(after);
        let month = 2_628_000.0;
        let seconds = period.map_or(month, |(seconds, _)| seconds);
        let next = period.map_or(after, |(_, next)| next);
        let money = Quantity::Money {
            per_month: value * month / seconds,
            currency: code.to_owned(),
            stated: period.is_some(),
        };
        (money, next)
    }

    fn data(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        let (factor, after) = if unit.is_empty() {
            (gigabytes(self.word(after))?, after + 1)
        } else {
            (gigabytes(unit)?, after)
        };
        // `50 GB of photos a month`: the period may stand some words later.
        let late = (after..after + 4).find_map(|i| {
            let words = (after..i).all(|k| !self.word(k).is_empty());
            self.period(i).filter(|_| words)
        });
        let (gb, per_year, next) = match late {
            Some((seconds, next)) => (value * factor * 31_536_000.0 / seconds, true, next),
            None => (value * factor, false, after),
        };
        // Months of 30.4 days and years of 365 would differ in the last digit.
        let gb = (gb * 1e6).round() / 1e6;
        Some((Quantity::Data { gb, per_year }, next))
    }

    fn duration(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        let (unit, next) = if unit.is_empty() {
            (self.word(after), after + 1)
        } else {
            (unit, after)
        };
        let seconds = match unit {
            "m" => 60.0,
            _ => seconds(unit)?,
        };
        Some((Quantity::Duration(value * seconds), next))
    }

    fn direction(&self, noun: &str) -> Direction {
        let rates = &self.vocabulary.rates;
        let has = |key: &str| {
            rates
                .get(key)
                .is_some_and(|all| all.iter().any(|n| n == noun))
        };
        if has("transactions") {
            Direction::Transactions
        } else if has("requests") {
            Direction::Requests
        } else {
            Direction::Writes
        }
    }

    fn rate(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        let glued = matches!(unit, "rps" | "qps" | "tps");
        if !unit.is_empty() && !glued {
            return None;
        }
        for i in after..after + 4 {
            let noun = if glued { unit } else { singular(self.word(i)) };
            let short = matches!(noun, "rps" | "qps" | "tps");
            // Bits a second are bandwidth, not requests.
            let bits = noun.ends_with("bit") || noun.ends_with("byte") || noun.ends_with("bps");
            if noun.is_empty() || bits || seconds(noun).is_some() && !short {
                return None;
            }
            let behind = if glued { after } else { i + 1 };
            if short {
                let average = self.average(after, behind);
                let quantity = Quantity::Rate {
                    per_s: value,
                    noun: "request".to_owned(),
                    direction: self.direction(noun),
                    average,
                };
                return Some((quantity, behind));
            }
            let Some((period, next)) = self.period(behind) else {
                continue;
            };
            let is_user = self.is_person(noun);
            // What is counted by the second or minute is a rate, and its peak unless said otherwise.
            let quantity = if period <= 60.0 && !is_user {
                Quantity::Rate {
                    per_s: value / period,
                    noun: noun.to_owned(),
                    direction: self.direction(noun),
                    average: self.average(after, next),
                }
            } else if is_user {
                let count = if period > 700_000.0 {
                    Count::Monthly
                } else {
                    Count::Daily
                };
                Quantity::Users {
                    count,
                    number: value,
                    noun: noun.to_owned(),
                    total: false,
                }
            } else {
                Quantity::Items {
                    per_s: value / period,
                    noun: noun.to_owned(),
                    direction: self.direction(noun),
                }
            };
            return Some((quantity, next));
        }
        None
    }

    /// Whether `average` stands nearer to the rate than the end of its clause.
    fn average(&self, number: usize, next: usize) -> bool {
        let is = |i: usize| {
            matches!(
                self.word(i),
                "avg" | "average" | "mean" | "averaging" | "sustained" | "typical" | "typically"
            )
        };
        let ends = |i: usize| self.tokens.get(i).is_none_or(Token::ends_clause);
        let after = (next..next + 4).take_while(|i| !ends(*i)).any(is);
        let before = (number.saturating_sub(4)..number)
            .rev()
            .take_while(|i| !ends(*i))
            .any(is);
        let inside = (number..next).any(is);
        after || before || inside
    }

    fn devices(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let vocabulary = self.vocabulary;
        for i in after..after + 3 {
            let noun = singular(self.word(i));
            if noun.is_empty() {
                return None;
            }
            let thing = vocabulary.devices.iter().any(|d| d == noun);
            let mover = vocabulary.movers.iter().any(|d| d == noun);
            if !thing && !mover {
                continue;
            }
            let interval = self.interval(i + 1).or_else(|| {
                // `every 5 seconds 60,000 couriers send a position`
                let from = after.saturating_sub(6);
                let before = (from..after).rev().find(|k| self.word(*k) == "every")?;
                self.interval(before).map(|(seconds, _)| (seconds, i + 1))
            });
            if mover && interval.is_none() {
                return None;
            }
            let quantity = Quantity::Devices {
                number: value,
                noun: noun.to_owned(),
                interval_s: interval.map(|(seconds, _)| seconds),
            };
            return Some((quantity, interval.map_or(i + 1, |(_, next)| next)));
        }
        None
    }

    /// `every 30 s`, `every minute`, `once a minute`, `4 times per hour`: seconds, index behind.
    fn interval(&self, from: usize) -> Option<(f64, usize)> {
        for i in from..self.tokens.len().min(from + 10) {
            if self
                .tokens
                .get(i)
                .is_some_and(|t| matches!(t.kind, Kind::Mark(';' | '.' | '\n')))
            {
                return None;
            }
            let other = self.number(i).is_some() && self.word(i + 1) != "times";
            if other && self.word(i.saturating_sub(1)) != "every" {
                return None;
            }
            match self.word(i) {
                "every" | "each" => {
                    if let Some((value, unit, after, _)) = self.number(i + 1) {
                        let (unit, next) = if unit.is_empty() {
                            (self.word(after), after + 1)
                        } else {
                            (unit, after)
                        };
                        let unit = if unit == "m" { "min" } else { unit };
                        return seconds(unit).map(|s| (value * s, next));
                    }
                    if let Some(period) = seconds(self.word(i + 1)) {
                        return Some((period, i + 2));
                    }
                }
                "once" => {
                    if let Some((period, next)) = self.period(i + 1) {
                        return Some((period, next));
                    }
                }
                "times" => {
                    if let (Some((n, ..)), Some((period, next))) = (
                        i.checked_sub(1).and_then(|k| self.number(k)),
                        self.period(i + 1),
                    ) && n > 0.0
                    {
                        return Some((period / n, next));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// `2,500 at once`, `300 concurrent`: people without a noun.
    fn at_once(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let word = self.word(after);
        let alone = matches!(
            word,
            "concurrent" | "concurrently" | "simultaneous" | "simultaneously" | "online"
        );
        let phrase = word == "at" && self.word(after + 1) == "once";
        let same = word == "at" && self.word(after + 1) == "the" && self.word(after + 2) == "same";
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
    fn headed(&self, value: f64, at: usize, after: usize) -> Option<(Quantity, usize)> {
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

    fn users(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
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
            let known = said || self.is_person(noun);
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
                || tail
                    .first()
                    .is_some_and(|w| matches!(*w, "concurrently" | "online" | "simultaneously"));
            if at_once {
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
