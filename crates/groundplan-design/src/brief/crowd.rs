//! Counts of people: with a noun, without one, or with the noun in front.

use super::grammar::{Count, Found, Grammar, Quantity};
use super::token::{Token, singular};

/// Words that only soften the number behind them.
const SOFT: [&str; 10] = [
    "about",
    "around",
    "roughly",
    "approximately",
    "some",
    "up",
    "to",
    "as",
    "many",
    "only",
];

/// Words before the name of a period that make it any one of them.
const ANY: [&str; 15] = [
    "a", "an", "any", "each", "every", "per", "given", "normal", "usual", "typical", "average",
    "single", "busy", "quiet", "good",
];

/// Days and parts of a day.
const DAYS: [&str; 14] = [
    "day",
    "evening",
    "morning",
    "night",
    "weekday",
    "weekend",
    "holiday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Of a smaller part it is not likely that it is all who come.
const LEAST: f64 = 0.05;

/// What those do who come no more, or once in a while.
const LOSS: [&str; 24] = [
    "cancel",
    "cancels",
    "cancelled",
    "canceled",
    "leave",
    "leaves",
    "left",
    "quit",
    "quits",
    "die",
    "dies",
    "died",
    "change",
    "changes",
    "changed",
    "renew",
    "renews",
    "renewed",
    "churn",
    "churns",
    "churned",
    "expire",
    "expires",
    "expired",
];

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
        // `3.2 million registered, 1.1 million monthly`
        let registered = (after.saturating_sub(8)..after).any(|k| self.word(k) == "registered");
        if end && word == "monthly" && registered {
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
            // `all online` may say how, and `connected to a bus` where: only a time makes it together.
            let here = |w: &str, then: &[&str]| {
                let timed = matches!(
                    then.first(),
                    Some(&("from" | "between" | "during" | "at" | "within" | "until" | "while"))
                );
                matches!(w, "concurrently" | "simultaneously")
                    || matches!(w, "online" | "connected" | "present") && timed
            };
            let at_once = tail.windows(2).any(|w| w == ["at", "once"])
                // `2,400 buyers all online from 6:00 to 9:00`
                || matches!(
                    tail.as_slice(),
                    ["are", "all", w, then @ ..] | ["all" | "are", w, then @ ..] if here(w, then)
                )
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
            let daily = count == Count::Monthly
                && (self.day_behind(next).is_some() || self.day_before(after - 1));
            if daily {
                count = Count::Daily;
            }
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
            if let Some(behind) = self.day_behind(next).filter(|_| daily) {
                next = behind;
            } else if let Some((period, behind)) = self.period(next) {
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

    /// Whether a word names a day of any kind behind what makes it any of them: `a match day`, `days`.
    fn any_day(&self, from: usize, end: usize) -> Option<usize> {
        let led = ANY.contains(&self.word(from));
        let day = (from..end).find(|k| {
            let word = self.word(*k);
            let one = singular(word);
            DAYS.contains(&one) && (led && *k > from || one != word)
        })?;
        // `on three days a year` are no days like any other.
        let counted = (from..day).any(|k| {
            let several = self.vocabulary.number(self.word(k));
            self.number(k).is_some() || several.is_some_and(|n| n > 1.0)
        });
        (!counted).then_some(day)
    }

    /// The token behind `on a normal day`, if that stands at `at`.
    fn day_behind(&self, at: usize) -> Option<usize> {
        let on = self.word(at) == "on";
        let day = self.any_day(at + 1, at + 5).filter(|_| on)?;
        let plain = (at + 1..day).all(|k| !self.word(k).is_empty());
        plain.then_some(day + 1)
    }

    /// Whether `on a normal day` leads to the number that ends at `last`.
    fn day_before(&self, last: usize) -> bool {
        /// Words between the day and what it brings.
        const NEAR: usize = 7;
        let start = super::words::clause(self.tokens, last).start;
        let Some(on) = (start..last).rev().find(|k| self.word(*k) == "on") else {
            return false;
        };
        // `open on weekdays for 5,000 members` says when, and not how many come.
        let hours = on.checked_sub(1).map_or("", |k| self.word(k));
        if matches!(hours, "open" | "opens" | "opened" | "closed" | "staffed") {
            return false;
        }
        let Some(day) = self.any_day(on + 1, last.min(on + 5)) else {
            return false;
        };
        // Another number in between has the day.
        let number = (day..last).find(|k| self.number(*k).is_some());
        last - day <= NEAR && number.is_none_or(|n| n + 1 >= last)
    }

    /// Puts parts of a crowd in their place: of `410,000 people have registered, 95,000 of them wash in a
    /// given month` the part comes, `of whom 60 % order on a typical day` are those of a day.
    pub(super) fn parts_of_crowds(&self, found: &mut Vec<Found>) {
        let mut i = 1;
        while i < found.len() {
            let part = self.part_of(found, i);
            let Some((count, number, next)) = part else {
                i += 1;
                continue;
            };
            let end = self.tokens.get(next - 1).map_or(0, |t| t.end);
            let noun = match found.get(i - 1).map(|f| &f.quantity) {
                Some(Quantity::Users { noun, .. }) => noun.clone(),
                _ => String::new(),
            };
            let users = Quantity::Users {
                count,
                number,
                noun,
                total: false,
            };
            let at = if count == Count::Monthly { i - 1 } else { i };
            if let Some(f) = found.get_mut(at) {
                f.quantity = users;
                f.next = next;
                f.end = end;
            }
            if count == Count::Monthly {
                found.remove(i);
            } else {
                i += 1;
            }
        }
        self.registered_beside_monthly(found);
        self.days_of_crowds(found);
        self.days_of_few(found);
        self.per_organisation(found);
        self.done_by_each(found);
    }

    /// `430 officers; an officer has about 12 contacts a day`: so many by each of those that are counted
    /// once, where nobody counts all of what they do.
    fn done_by_each(&self, found: &mut [Found]) {
        for i in 0..found.len() {
            let Some(f) = found.get(i) else { continue };
            let Quantity::Items {
                per_s, ref noun, ..
            } = f.quantity
            else {
                continue;
            };
            let start = super::words::clause(self.tokens, f.at).start;
            let mut verb = f.at;
            while verb > start && SOFT.contains(&self.word(verb - 1)) {
                verb -= 1;
            }
            let led = verb == start + 3
                && matches!(self.word(start), "a" | "an" | "each" | "every")
                && self.word(start + 2).ends_with('s');
            // What is done by the minute is a rate, and no entry of a day.
            let daily = (f.at..f.next)
                .any(|k| super::grammar::seconds(self.word(k)).is_some_and(|s| s >= 86_400.0));
            let who = self.word(start + 1);
            let counts = |q: &Found| match &q.quantity {
                Quantity::Users {
                    count: Count::Monthly,
                    number,
                    noun,
                    ..
                } if noun == who => Some((*number, q.start, q.end)),
                _ => None,
            };
            let mut all = found.iter().filter_map(counts);
            let (first, second) = (all.next(), all.next());
            // Who does not come does nothing; the `25 patients a day` of a nurse are no part of them all.
            let comes = found.iter().find_map(|q| match &q.quantity {
                Quantity::Users {
                    count: Count::Daily,
                    number,
                    noun,
                    ..
                } if noun == who
                    && (q.at..q.next).any(|k| matches!(self.word(k), "of" | "daily")) =>
                {
                    Some((*number, q.start, q.end))
                }
                _ => None,
            });
            let first = first.map(|all| comes.filter(|day| day.0 < all.0).unwrap_or(all));
            let again = found.iter().any(|q| {
                matches!(&q.quantity, Quantity::Items { noun: n, .. } if n == noun && q.at != f.at)
            });
            let Some((number, from, to)) =
                first.filter(|_| led && daily && second.is_none() && !again)
            else {
                continue;
            };
            if let Some(f) = found.get_mut(i) {
                (f.start, f.end) = (f.start.min(from), f.end.max(to));
                if let Quantity::Items { per_s: p, .. } = &mut f.quantity {
                    *p = per_s * number;
                }
            }
        }
    }

    /// `11 gyms, about 800 climbers per gym`: so many in each of those that are counted once, where
    /// nobody counts all of them.
    fn per_organisation(&self, found: &mut [Found]) {
        for i in 0..found.len() {
            let Some(f) = found.get(i) else { continue };
            let Quantity::Users {
                count: Count::Monthly,
                number,
                ref noun,
                total: false,
            } = f.quantity
            else {
                continue;
            };
            let (link, of) = (self.word(f.next), self.word(f.next + 1));
            let led = link == "per" && !of.is_empty();
            let behind = self.word(f.next + 2);
            // `25 teachers per school and day`, `per school year`
            let closed = self.tokens.get(f.next + 2).is_none_or(Token::ends_clause)
                || matches!(behind, "of" | "who" | "on" | "in" | "with");
            let counts = |q: &Found| {
                let count = super::fields::counted(&q.quantity, of)?;
                Some((count, q.start, q.end))
            };
            let mut owners = found.iter().filter(|q| q.at != f.at).filter_map(counts);
            let (first, second) = (owners.next(), owners.next());
            let again = found.iter().any(|q| {
                matches!(&q.quantity, Quantity::Users { noun: n, .. } if n == noun && q.at != f.at)
            });
            let Some((owners, from, to)) =
                first.filter(|_| led && closed && second.is_none() && !again)
            else {
                continue;
            };
            let (next, end) = (
                f.next + 2,
                self.tokens.get(f.next + 1).map_or(f.end, |t| t.end),
            );
            if let Some(f) = found.get_mut(i) {
                // Both numbers are quoted.
                (f.start, f.next, f.end) = (f.start.min(from), next, end.max(to));
                if let Quantity::Users { number: n, .. } = &mut f.quantity {
                    *n = number * owners;
                }
            }
        }
    }

    /// What the quantity at `i` says of the people before it: the count, the number and the token
    /// behind.
    fn part_of(&self, found: &[Found], i: usize) -> Option<(Count, f64, usize)> {
        let (before, part) = (found.get(i.checked_sub(1)?)?, found.get(i)?);
        let Quantity::Users {
            count: Count::Monthly,
            number,
            total: false,
            ..
        } = before.quantity
        else {
            return None;
        };
        let value = match part.quantity {
            Quantity::Plain(v) => v,
            Quantity::Percent(p) => number * p / 100.0,
            // `30,000 of them every month`
            Quantity::Items { .. } => self.number(part.at)?.0,
            _ => return None,
        };
        let ends = |k: usize| {
            let mark = |c: char| self.mark(k, c);
            mark('.') || mark(';') || mark('\n')
        };
        if (before.next..part.at).any(ends) {
            return None;
        }
        let whom = |k: usize| {
            self.word(k) == "of"
                && matches!(
                    self.word(k + 1),
                    "them" | "these" | "those" | "whom" | "which"
                )
        };
        let mut at = part.at;
        while at > before.next && SOFT.contains(&self.word(at - 1)) {
            at -= 1;
        }
        let after = self
            .number(part.at)
            .map_or(part.next, |(.., after, _)| after);
        // Of `450 orders a month, of which 30 fail` orders are meant.
        let items = matches!(part.quantity, Quantity::Items { .. });
        let behind = whom(after) || whom(part.next) && !items;
        let noun = singular(self.word(after)) != self.word(after);
        let led = at.checked_sub(2).is_some_and(whom) && !(items && noun);
        if !behind && !led {
            return None;
        }
        let stop = found.get(i + 1).map_or(self.tokens.len(), |f| f.at);
        let close = |k: &usize| self.tokens.get(*k).is_some_and(Token::ends_clause);
        let end = (after..stop).find(close).unwrap_or(stop);
        // Who leaves does not come.
        if (after..end).any(|k| LOSS.contains(&self.word(k))) {
            return None;
        }
        let of = |k: usize, names: &[&str]| names.contains(&singular(self.word(k)));
        let led = |k: usize| {
            let before = |n: usize| k.checked_sub(n).map_or("", |b| self.word(b));
            ANY.contains(&before(1)) || ANY.contains(&before(2)) && before(2) != "a"
        };
        let period = (after..end).find_map(|k| {
            let word = self.word(k);
            let day = of(k, &DAYS) && (led(k) || word.ends_with('s')) || word == "daily";
            let month = word == "month" && led(k) || word == "monthly";
            let once = matches!(word, "simultaneously" | "concurrently")
                || word == "at" && self.word(k + 1) == "once"
                || word == "at" && self.word(k + 1) == "the" && self.word(k + 2) == "same";
            match (once, day, month) {
                (true, ..) => Some((Count::Concurrent, end)),
                (_, true, _) => Some((Count::Daily, k + 1)),
                (.., true) => Some((Count::Monthly, k + 1)),
                _ => None,
            }
        });
        let share = value / number;
        let (count, next) = period.filter(|_| (LEAST..1.0).contains(&share))?;
        Some((count, value.round(), next))
    }

    /// Of `3.2 million registered, 1.1 million monthly` those of the month come.
    fn registered_beside_monthly(&self, found: &mut Vec<Found>) {
        let says = |f: &Found, word: &str| (f.at..f.next + 1).any(|k| self.word(k) == word);
        let people = |f: &Found| match &f.quantity {
            Quantity::Users {
                count: Count::Monthly,
                number,
                noun,
                total: false,
            } => Some((*number, noun.clone())),
            _ => None,
        };
        let monthly = found
            .iter()
            .filter(|f| says(f, "monthly"))
            .find_map(&people);
        let Some((some, noun)) = monthly else { return };
        // `300 monthly business users` are some of them, and not those who come.
        let modified = found.iter().any(|f| {
            let mut words = (f.at..f.next + 1).skip_while(|k| self.word(*k) != "monthly");
            words.next().is_some()
                && words.take_while(|k| *k < f.next).any(|k| {
                    let word = self.word(k);
                    !matches!(word, "" | "active" | "registered") && singular(word) != noun
                })
        });
        let same = |other: &str| other == noun || other == "user" || noun == "user";
        found.retain(|f| {
            let (all, other) = people(f).unwrap_or_default();
            let part = all > some && some >= all * LEAST && !modified;
            !(says(f, "registered") && !says(f, "monthly") && part && same(&other))
        });
    }

    /// Of `40,000 customers; on a normal day 25 drivers deliver` the drivers are some more people: the
    /// day of a few says nothing of how many of the others come.
    fn days_of_few(&self, found: &mut [Found]) {
        let monthly = |f: &Found| match &f.quantity {
            Quantity::Users {
                count: Count::Monthly,
                number,
                noun,
                ..
            } => Some((*number, noun.clone())),
            _ => None,
        };
        let all: Vec<(f64, String)> = found.iter().filter_map(monthly).collect();
        let most: f64 = all.iter().map(|(number, _)| number).sum();
        for f in found {
            let said =
                self.day_before(f.at) || (f.at..f.next).any(|k| self.day_behind(k).is_some());
            // `about 220 of them order on a given day`
            let part = (f.at..f.next).any(|k| self.word(k) == "of");
            if let Quantity::Users {
                count: count @ Count::Daily,
                number,
                noun,
                total: false,
            } = &mut f.quantity
                && said
                && !part
                && *number < most
                && !all.iter().any(|(_, other)| other == noun)
            {
                *count = Count::Monthly;
            }
        }
    }

    /// Of two days of the same people that with most of them counts: `on a normal day 2,000 visitors,
    /// on days with ice 60,000 visitors`.
    fn days_of_crowds(&self, found: &mut Vec<Found>) {
        let mut i = 1;
        while i < found.len() {
            let people = |k: usize| match found.get(k).map(|f| &f.quantity) {
                Some(Quantity::Users {
                    count: Count::Daily,
                    number,
                    noun,
                    total: false,
                }) => Some((*number, noun.as_str())),
                _ => None,
            };
            let day = |k: usize| {
                let number = found.get(k).map_or(0, |f| f.at);
                let next = found.get(k).map_or(0, |f| f.next);
                self.day_before(number) || (number..next).any(|k| self.day_behind(k).is_some())
            };
            let (Some(first), Some(second)) = (people(i - 1), people(i)) else {
                i += 1;
                continue;
            };
            if first.1 != second.1 || !day(i - 1) && !day(i) {
                i += 1;
                continue;
            }
            let most = first.0.max(second.0);
            let last = found.remove(i);
            if let Some(f) = found.get_mut(i - 1) {
                (f.end, f.next) = (last.end, last.next);
                if let Quantity::Users { number, .. } = &mut f.quantity {
                    *number = most;
                }
            }
        }
    }
}
