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
    /// Traffic to the outside, decimal gigabytes a month.
    Egress { gb_per_month: f64 },
    /// Megabytes of one body, and of what; `most` if it is the upper end.
    Each { mb: f64, noun: String, most: bool },
    /// So many of something that is no person and sends nothing.
    Stock {
        number: f64,
        noun: String,
        organisation: bool,
    },
    /// So many with each of something: `1,800 photos per flight`.
    Nested {
        number: f64,
        noun: String,
        of: String,
    },
    /// So many a second by each of something; `daily` if it is counted by the day or longer.
    Pace {
        per_s: f64,
        noun: String,
        of: String,
        daily: bool,
    },
    /// So often in a period by each of something: `5 times a day by each member`. `reads` if they
    /// look; `active` if only those who come that day are meant.
    Often {
        per_s: f64,
        of: String,
        reads: bool,
        active: bool,
    },
    /// A day's work that is done in a few hours.
    Burst {
        per_day: f64,
        hours: f64,
        noun: String,
    },
    /// What the day of the year brings that brings most, or a usual one; the noun may stand with
    /// another number.
    Daily { per_day: f64, noun: String },
    /// A peak as a multiple of the average.
    Times(f64),
    /// Hours of the day, from and to; `None` for one time.
    Hours(Option<(f64, f64)>),
    /// An amount of money with its currency code, per month; `stated` if the period was, `per`
    /// the noun for one of which it is, `once` if it comes but once.
    Money {
        per_month: f64,
        currency: String,
        stated: bool,
        per: Option<String>,
        once: bool,
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
        "h" | "hour" | "hr" | "hrs" => 3_600.0,
        "d" | "day" | "weekday" | "workday" => 86_400.0,
        "week" | "wk" | "wks" => 604_800.0,
        "month" | "mo" | "mos" | "mth" => 2_628_000.0,
        "quarter" => 7_884_000.0,
        "year" | "yr" | "yrs" | "annum" => 31_536_000.0,
        _ => return None,
    })
}

/// Decimal gigabytes of a unit of data.
pub(super) fn gigabytes(unit: &str) -> Option<f64> {
    Some(match unit {
        "byte" | "bytes" => 1e-9,
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
        Kind::Mark('₹') => "INR",
        Kind::Mark('¥') => "JPY",
        Kind::Word(word) => match word.as_str() {
            "usd" | "dollars" | "dollar" => "USD",
            "eur" | "euro" | "euros" => "EUR",
            "gbp" | "pounds" => "GBP",
            "chf" | "francs" | "sfr" => "CHF",
            "pln" | "zł" | "zloty" | "złoty" | "zlotys" => "PLN",
            "sek" => "SEK",
            "nok" => "NOK",
            "dkk" => "DKK",
            "czk" => "CZK",
            "huf" | "forint" => "HUF",
            "ron" => "RON",
            "inr" | "rupees" | "rs" => "INR",
            "jpy" | "yen" => "JPY",
            "cny" | "rmb" | "yuan" => "CNY",
            "krw" => "KRW",
            "aud" => "AUD",
            "nzd" => "NZD",
            "cad" => "CAD",
            "sgd" => "SGD",
            "hkd" => "HKD",
            "brl" | "reais" => "BRL",
            "mxn" => "MXN",
            "zar" | "rand" => "ZAR",
            "ngn" | "naira" => "NGN",
            "kes" => "KES",
            "uah" | "hryvnia" => "UAH",
            "aed" | "dirham" | "dirhams" => "AED",
            "ils" | "shekel" | "shekels" => "ILS",
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
            // The IT of `head of IT` is a place of work, and the pronoun of `see it` nobody.
            .filter(|n| !things.contains(n) && n != "it")
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
    pub(super) fn is_person(&self, noun: &str) -> bool {
        let people = &self.vocabulary;
        people.users.iter().chain(&people.folk).any(|u| u == noun) || role_nouns().contains(noun)
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", Token::word)
    }

    pub(super) fn mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|t| t.is(mark))
    }

    /// A number at a token: value, unit glued to it or empty, index behind it, whether it is
    /// doubtful.
    pub(super) fn number(&self, at: usize) -> Option<(f64, &str, usize, bool)> {
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
    pub(super) fn period(&self, at: usize) -> Option<(f64, usize)> {
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
        // `per trading day`
        let kind = matches!(
            self.word(at + 1),
            "trading" | "working" | "business" | "school" | "market" | "calendar" | "average"
        );
        let noun = at + 1 + usize::from(kind && seconds(self.word(at + 2)) == Some(86_400.0));
        let period = match self.word(noun) {
            "night" | "evening" | "morning" => 86_400.0,
            word => seconds(word)?,
        };
        joined.then_some((period, noun + 1))
    }

    /// The quantity at a token.
    fn quantity(&self, at: usize) -> Option<Found> {
        if let Some((quantity, next)) = self.hours(at).or_else(|| self.spoken(at)) {
            return Some(self.found(quantity, at, next, false));
        }
        self.range(at).or_else(|| self.single_quantity(at))
    }

    /// The quantity at a token that is no range: what a range ends with cannot begin another, so
    /// `1-1-1-1` is read without a call for each part.
    pub(super) fn single_quantity(&self, at: usize) -> Option<Found> {
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
                .map(|data| self.kind_of_data(at, data))
                .or_else(|| self.times(value, unit, after))
                .or_else(|| self.worked(value, unit, after))
                .or_else(|| self.duration(value, unit, after))
                .or_else(|| self.within(value, after))
                .or_else(|| self.often(value, after))
                .or_else(|| self.of_them(value, at, after).filter(|_| unit.is_empty()))
                .or_else(|| self.worst_day(value, after).filter(|_| unit.is_empty()))
                .or_else(|| self.devices(value, after).filter(|(d, _)| sends(d)))
                .or_else(|| self.pace(value, after))
                .or_else(|| self.rate(value, unit, after))
                .or_else(|| self.devices(value, after))
                .or_else(|| self.users(value, after));
            read.or_else(|| self.at_once(value, after))
                .or_else(|| self.shared_period(value, after).filter(|_| unit.is_empty()))
                .or_else(|| self.headed(value, at, after))
                .or_else(|| self.nested(value, after).filter(|_| unit.is_empty()))
                .or_else(|| self.with_each(value, at, after).filter(|_| unit.is_empty()))
                .or_else(|| {
                    self.counted_before(value, at, after)
                        .filter(|_| unit.is_empty())
                })
                .or_else(|| self.stock(value, after).filter(|_| unit.is_empty()))
                .unwrap_or((Quantity::Plain(value), after))
        };
        let (quantity, next) = found;
        Some(self.found(quantity, at, next, ambiguous))
    }

    fn found(&self, quantity: Quantity, at: usize, next: usize, ambiguous: bool) -> Found {
        Found {
            quantity,
            start: self.tokens.get(at).map_or(0, |t| t.start),
            end: self.tokens.get(next.max(1) - 1).map_or(0, |t| t.end),
            at,
            next,
            ambiguous,
        }
    }

    fn money(&self, value: f64, code: &str, after: usize) -> (Quantity, usize) {
        // `3 €/grave/yr`, `$2 per member a month`, `5 cents per order`
        let joined = self.mark(after, '/') || matches!(self.word(after), "per" | "a");
        let owner = Some(singular(self.word(after + 1)))
            .filter(|w| joined && !w.is_empty() && seconds(w).is_none())
            .filter(|w| !matches!(*w, "maximum" | "max" | "limit" | "budget"));
        let after = after + if owner.is_some() { 2 } else { 0 };
        let whole = || {
            let year = after + 2 + usize::from(matches!(self.word(after + 2), "whole" | "entire"));
            let led =
                self.word(after) == "for" && matches!(self.word(after + 1), "the" | "one" | "a");
            let unit = seconds(self.word(year)).filter(|s| led && *s > 2_000_000.0);
            unit.map(|s| (s, year + 1))
        };
        let period = self.period(after).or_else(whole);
        let month = 2_628_000.0;
        let seconds = period.map_or(month, |(seconds, _)| seconds);
        let next = period.map_or(after, |(_, next)| next);
        // `500 EUR. Once a month a backup` says nothing of the money.
        let within = |i: &usize| !self.tokens.get(*i).is_some_and(Token::ends_clause);
        let once = |i: usize| {
            matches!(
                self.word(i),
                "once" | "one-off" | "one-time" | "upfront" | "total" | "capex"
            )
        };
        let money = Quantity::Money {
            per_month: value * month / seconds,
            currency: code.to_owned(),
            stated: period.is_some(),
            per: owner.map(str::to_owned),
            once: period.is_none() && (next..next + 3).take_while(within).any(once),
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
        let gb = (gb * 1e9).round() / 1e9;
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

    pub(super) fn direction(&self, noun: &str) -> Direction {
        let rates = &self.vocabulary.rates;
        let noun = &super::story::folded(noun);
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

    /// Whether a rate may count the noun.
    pub(super) fn direction_known(&self, noun: &str) -> bool {
        let noun = super::story::folded(noun);
        self.vocabulary.rates.values().flatten().any(|n| *n == noun)
    }

    pub(super) fn rate(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        self.named_rate(value, unit, after)
            .or_else(|| self.bare_rate(value, unit, after))
    }

    /// `90 million lookups a day, 4,500 per second at 9`, `peaks 6k/s`: a rate of what was counted
    /// before it.
    fn bare_rate(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        /// Words between what is counted and its rate.
        const NEAR: usize = 30;
        let adverb = !self.mark(after, '/') && !matches!(self.word(after), "per" | "a" | "an");
        let (period, next) = self.period(after).filter(|_| unit.is_empty() && !adverb)?;
        // `4,000 per second per node` is a rate of one of several.
        if period > 60.0 || self.mark(next, '/') || matches!(self.word(next), "per" | "each") {
            return None;
        }
        let before = (after.saturating_sub(NEAR)..after.saturating_sub(1)).rev();
        let noun = before.into_iter().find_map(|k| {
            let (value, unit, next, _) = self.number(k).filter(|(.., next, _)| *next < after)?;
            match self.named_rate(value, unit, next)?.0 {
                Quantity::Items { noun, .. } | Quantity::Rate { noun, .. } => Some(noun),
                _ => None,
            }
        });
        let noun = noun.unwrap_or_else(|| "request".to_owned());
        let quantity = Quantity::Rate {
            per_s: value / period,
            direction: self.direction(&noun),
            noun,
            average: self.average(after, next),
        };
        Some((quantity, next))
    }

    fn named_rate(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        let glued = matches!(unit, "rps" | "qps" | "tps");
        if !unit.is_empty() && !glued {
            return None;
        }
        for i in after..after + 4 {
            let mut noun = if glued { unit } else { singular(self.word(i)) };
            // `70,000 pieces scanned a day` are pieces.
            let done = [
                "found", "sold", "lost", "made", "sent", "built", "taken", "held", "paid",
            ];
            let told = singular(self.word(i.wrapping_sub(1)));
            let counted = i > after && told != self.word(i - 1);
            if !glued && counted && (noun.ends_with("ed") || done.contains(&noun)) {
                noun = told;
            }
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
                    noun: super::story::folded(noun),
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
                    noun: super::story::folded(noun),
                    direction: self.direction(noun),
                }
            };
            return Some((quantity, next));
        }
        None
    }

    /// Whether `average` stands nearer to the rate than the end of its clause.
    pub(super) fn average(&self, number: usize, next: usize) -> bool {
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
                if let Some(found) = self.senders(value, i) {
                    return Some(found);
                }
                continue;
            }
            // `60 elevator managers` are people.
            let next = self.word(i + 1);
            if self.sounds_like_people(next)
                || next != singular(next) && self.is_person(singular(next))
            {
                return None;
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

    /// `18,000 loggers, one reading every 2 minutes`: what has an interval sends, whatever it is
    /// called.
    fn senders(&self, value: f64, at: usize) -> Option<(Quantity, usize)> {
        let word = self.word(at);
        let noun = singular(word);
        let rates = self.vocabulary.rates.values();
        let counted = rates.flatten().any(|n| n == noun);
        if noun == word || counted || self.is_person(noun) || self.sounds_like_people(word) {
            return None;
        }
        // `14,000 silos, one box per silo, a message every 5 minutes`: the boxes send.
        let (value, at, noun) = match self.one_per(at, noun) {
            Some((times, next, inner)) => (value * times, next, inner),
            None => (value, at, noun),
        };
        let every = (at + 1..at + 8).find(|i| match self.word(*i) {
            "every" | "once" => true,
            // `one reading each 90 seconds`
            "each" => self.number(*i + 1).is_some(),
            // `one level per second`
            "per" | "a" => {
                i.checked_sub(2).is_some_and(|k| self.word(k) == "one")
                    && seconds(self.word(*i + 1)).is_some()
            }
            _ => false,
        })?;
        let comma = (at + 1..every).find(|i| self.mark(*i, ','));
        let led = |i: usize| {
            matches!(
                self.word(i),
                "one" | "each" | "a" | "an" | "reporting" | "sending"
            )
        };
        let verb = self.word(at + 1);
        let near = match comma {
            Some(comma) => comma == at + 1 && led(comma + 1),
            None => {
                every == at + 1
                    || led(at + 1)
                    || ["report", "send", "sending", "reporting", "that"].contains(&verb)
            }
        };
        let (seconds, next) = self
            .interval(at + 1)
            .filter(|(s, _)| near && *s <= 21_600.0)?;
        let quantity = Quantity::Devices {
            number: value,
            noun: noun.to_owned(),
            interval_s: Some(seconds),
        };
        Some((quantity, next))
    }

    /// `silos, one box per silo,`: how many of the inner thing each has, the last token of that
    /// clause, and the thing.
    fn one_per(&self, at: usize, noun: &str) -> Option<(f64, usize, &str)> {
        let count = self
            .number(at + 2)
            .map(|(n, ..)| n)
            .or_else(|| self.vocabulary.number(self.word(at + 2)))?;
        let per =
            (at + 4..at + 6).find(|i| matches!(self.word(*i), "per" | "for" | "on" | "in"))?;
        let each = usize::from(matches!(self.word(per + 1), "each" | "every"));
        let last = per + 1 + each;
        let same = singular(self.word(last)) == noun;
        let framed = self.mark(at + 1, ',') && self.mark(last + 1, ',');
        (framed && same).then(|| (count, last, singular(self.word(per - 1))))
    }

    /// `every 30 s`, `every minute`, `once a minute`, `4 times per hour`: seconds, index behind.
    pub(super) fn interval(&self, from: usize) -> Option<(f64, usize)> {
        for i in from..self.tokens.len().min(from + 10) {
            if self
                .tokens
                .get(i)
                .is_some_and(|t| matches!(t.kind, Kind::Mark(';' | '.' | '\n')))
            {
                return None;
            }
            // `each sends 1.2 kB every 40 s`
            let weight = self.number(i).is_some_and(|(_, unit, after, _)| {
                gigabytes(unit)
                    .or_else(|| gigabytes(self.word(after)))
                    .is_some()
            });
            let other = self.number(i).is_some() && self.word(i + 1) != "times" && !weight;
            if other && !matches!(self.word(i.saturating_sub(1)), "every" | "each") {
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
                    if let Some(found) = self.worded_interval(i + 1) {
                        return Some(found);
                    }
                }
                // `one level per second`
                "one" | "a"
                    if !self.word(i + 1).is_empty() && seconds(self.word(i + 1)).is_none() =>
                {
                    let per = matches!(self.word(i + 2), "per" | "a" | "an");
                    if let Some((period, next)) = self.period(i + 2).filter(|_| per) {
                        return Some((period, next));
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

    /// `quarter of an hour`, `half hour`, `other day`, `two minutes`, `minute`: seconds, index behind.
    fn worded_interval(&self, at: usize) -> Option<(f64, usize)> {
        let part = match self.word(at) {
            "quarter" => Some(0.25),
            "half" => Some(0.5),
            "other" | "second" => Some(2.0),
            word => self.vocabulary.number(word),
        };
        let mut next = at + 1;
        if self.word(next) == "of" {
            next += 1;
        }
        if matches!(self.word(next), "a" | "an") {
            next += 1;
        }
        let of = part.zip(seconds(self.word(next)));
        of.map(|(part, s)| (part * s, next + 1))
            .or_else(|| seconds(self.word(at)).map(|s| (s, at + 1)))
    }

    /// `on a school day 19,000 orders`, `every night 300 files`: the period stands before.
    fn period_before(&self, at: usize) -> Option<f64> {
        let noun = at.checked_sub(1).map(|k| self.word(k))?;
        let period = match noun {
            "day" | "night" | "evening" | "morning" | "weekday" => 86_400.0,
            "week" | "month" | "year" | "hour" => seconds(noun)?,
            _ => return None,
        };
        let led = |k: usize| matches!(self.word(k), "a" | "an" | "each" | "every" | "per");
        let back = (2..=4).find(|n| at.checked_sub(*n).is_some_and(led))?;
        let first = at - back;
        // `by 2030 a day 3 files` and `twice a day` are something else.
        let begins = matches!(self.word(first), "each" | "every" | "per")
            || first
                .checked_sub(1)
                .is_some_and(|k| matches!(self.word(k), "on" | "in"));
        let apart = first
            .checked_sub(1)
            .is_none_or(|k| self.number(k).is_none() && self.word(k) != "once");
        (begins && apart).then_some(period)
    }

    /// So many new items in a period that was said before them.
    fn counted_before(&self, value: f64, at: usize, after: usize) -> Option<(Quantity, usize)> {
        let period = self.period_before(at)?;
        let (stock, next) = self.stock(value, after)?;
        let Quantity::Stock { noun, .. } = stock else {
            return None;
        };
        let items = Quantity::Items {
            per_s: value / period,
            direction: self.direction(&noun),
            noun,
        };
        Some((items, next))
    }
}
