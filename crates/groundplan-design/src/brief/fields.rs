//! The fields with quantities: scale, team and timeline.

use super::dates::{begins, days_of, months_apart, season};
use super::extract::Reader;
use super::grammar::{Count, Direction, Found, Quantity};
use super::token::{Kind, Token, singular};
use super::{Field, Stated};
use groundplan_model::Severity;

/// Weeks of a month.
const WEEK: f64 = 604_800.0;

impl Reader<'_> {
    pub(super) fn stated(&self, field: Field, value: f64, start: usize, end: usize) -> Stated<f64> {
        // A line may end inside of what is said.
        Stated {
            value,
            words: self.words(field, start, end).replace('\n', " "),
            place: self.place(field, start, end),
        }
    }

    /// Adds to a number: several streams that name different things are added.
    fn add(&mut self, key: &'static str, stated: Stated<f64>) {
        match self.brief.numbers.get_mut(key) {
            Some(known) => {
                known.value += stated.value;
                known.words = format!("{}; {}", known.words, stated.words);
            }
            None => {
                self.brief.numbers.insert(key, stated);
            }
        }
    }

    /// Users, devices, rates, items and data of a text.
    pub(crate) fn scale(&mut self) {
        let field = Field::Scale;
        let text = self.brief.text(field).to_owned();
        let tokens = super::tokens(&text);
        let mut found = self.grammar(&tokens).quantities();
        self.grammar(&tokens).parts_of_crowds(&mut found);
        let has_total = found
            .iter()
            .any(|f| matches!(f.quantity, Quantity::Users { total: true, .. }));
        let mut unread = Vec::new();
        // What comes with each of something waits until that is counted: `35 photos per dive, 260
        // dives a day`.
        let nested = |f: &Found| {
            matches!(
                f.quantity,
                Quantity::Nested { .. } | Quantity::Often { .. } | Quantity::Daily { .. }
            )
        };
        let mut order: Vec<(usize, &Found)> = found.iter().enumerate().collect();
        order.sort_by_key(|(_, f)| nested(f));
        for (i, f) in order {
            let stated = |reader: &Self, value| reader.stated(field, value, f.start, f.end);
            let zero = match &f.quantity {
                Quantity::Users { number, .. } | Quantity::Devices { number, .. } => *number <= 0.0,
                Quantity::Rate { per_s, .. } | Quantity::Items { per_s, .. } => *per_s <= 0.0,
                Quantity::Data { gb, .. } => *gb <= 0.0,
                _ => false,
            };
            if zero {
                unread.push((f.start, f.end));
                continue;
            }
            if f.ambiguous {
                self.ambiguous(field, f.start, f.end);
            }
            match &f.quantity {
                Quantity::Users {
                    count,
                    number,
                    noun,
                    total,
                } => {
                    let key = match count {
                        Count::Monthly => "scale.mau",
                        Count::Daily => "scale.dau",
                        Count::Concurrent => "scale.concurrent",
                    };
                    // Beside `1M MAU` other counts of people are parts of it.
                    if has_total && !total && *count == Count::Monthly {
                        continue;
                    }
                    // Of those who come in a year a twelfth comes in a month.
                    let yearly =
                        *count == Count::Monthly && of_a_year(&tokens, f, found.get(i + 1));
                    let months = if yearly { 12.0 } else { 1.0 };
                    let said = stated(self, *number / months);
                    if yearly {
                        self.brief.traits.insert("counted_by_year".to_owned());
                    }
                    self.add(key, said);
                    self.brief.counted.insert(noun.clone());
                    if !*total {
                        self.brief.nouns.entry(key).or_insert_with(|| noun.clone());
                    }
                }
                // `260 controllers` who correct errors are at work; `41 stations` of which nobody says
                // that they send are places.
                Quantity::Devices {
                    number,
                    noun,
                    interval_s: None,
                } if !self.sends(noun) => {
                    let count = stated(self, *number);
                    if self.acts(noun) {
                        self.add("scale.mau", count);
                        self.brief.counted.insert(noun.clone());
                        let nouns = &mut self.brief.nouns;
                        nouns.entry("scale.mau").or_insert_with(|| noun.clone());
                    } else {
                        self.brief.stocks.entry(noun.clone()).or_insert(count);
                    }
                }
                Quantity::Devices {
                    number,
                    noun,
                    interval_s,
                } => {
                    let all = stated(self, *number);
                    let before = self.brief.number("scale.devices");
                    let known = self.brief.number("scale.device_interval_s");
                    self.add("scale.devices", all);
                    self.brief.nouns.insert("scale.devices", noun.clone());
                    if let Some(s) = interval_s.filter(|s| *s > 0.0).as_ref() {
                        // Of two kinds of devices the messages add up.
                        let s = match (before, known) {
                            (Some(n), Some(i)) => (n + number) / (n / i + number / s),
                            _ => *s,
                        };
                        let s = stated(self, s);
                        self.brief.numbers.insert("scale.device_interval_s", s);
                        let inside = tokens.get(f.at + 1..f.next).unwrap_or_default();
                        let parts = self.grammar(inside).quantities();
                        let weight = parts.iter().find_map(|p| match p.quantity {
                            Quantity::Data { gb, .. } => Some(gb * 1e9),
                            Quantity::Each { mb, .. } => Some(mb * 1e6),
                            _ => None,
                        });
                        if let Some(bytes) = weight {
                            let record = stated(self, bytes.round());
                            let numbers = &mut self.brief.numbers;
                            numbers.entry("payload.record_b").or_insert(record);
                        }
                    }
                }
                Quantity::Rate {
                    per_s,
                    noun,
                    direction,
                    average,
                } => {
                    let key = if *average {
                        "scale.avg_rps"
                    } else {
                        "scale.peak_rps"
                    };
                    let rate = stated(self, *per_s);
                    self.add(key, rate);
                    self.brief.nouns.entry(key).or_insert_with(|| noun.clone());
                    self.brief.write_stream |= *direction == Direction::Writes;
                    self.brief.transactional |= *direction == Direction::Transactions;
                }
                Quantity::Items {
                    per_s,
                    noun,
                    direction,
                } => {
                    // `4 million litres a day` measure, and are no records.
                    if self.vocabulary.measures.contains(noun) {
                        continue;
                    }
                    // `800 photographers, 12 weddings each per year`: as many by each of them.
                    let inside = tokens.get(f.at..f.next).unwrap_or_default();
                    let each = inside.iter().any(|t| t.word() == "each");
                    let owners = i
                        .checked_sub(1)
                        .and_then(|i| found.get(i))
                        .and_then(|before| match before.quantity {
                            Quantity::Users { number, .. } | Quantity::Stock { number, .. } => {
                                Some(number)
                            }
                            _ => None,
                        })
                        .filter(|_| each);
                    let items = stated(self, *per_s * owners.unwrap_or(1.0));
                    // Page views are requests; orders and URLs are new records.
                    if *direction == Direction::Requests {
                        self.add("scale.avg_rps", items);
                        let nouns = &mut self.brief.nouns;
                        nouns.entry("scale.avg_rps").or_insert(noun.clone());
                    } else {
                        self.add("scale.items_per_s", items);
                        // Donations and orders together are neither.
                        let known = self.brief.nouns.entry("scale.items_per_s");
                        known
                            .and_modify(|first| {
                                if first != noun {
                                    "record".clone_into(first);
                                }
                            })
                            .or_insert_with(|| noun.clone());
                    }
                }
                // `(64 bytes)`: so much lies nowhere; one message weighs it.
                Quantity::Data {
                    gb,
                    per_year: false,
                } if *gb < 1e-3 => {
                    let record = stated(self, (gb * 1e9).round());
                    let numbers = &mut self.brief.numbers;
                    numbers.entry("payload.record_b").or_insert(record);
                }
                // `32 cores, 10 GB output` is what one run takes and leaves.
                Quantity::Data {
                    per_year: false, ..
                } if tokens
                    .get(f.next)
                    .is_some_and(|t| super::rhythm::of_a_run(t.word())) =>
                {
                    unread.push((f.start, f.end));
                }
                Quantity::Data { gb, per_year } => {
                    let key = if *per_year {
                        "scale.gb_per_year"
                    } else {
                        "scale.gb_initial"
                    };
                    let data = stated(self, *gb);
                    self.add(key, data);
                    // `2 million documents (1.4 TB)`: so much is one of them.
                    let stock = i.checked_sub(1).and_then(|i| found.get(i));
                    if let Some(Quantity::Stock {
                        number,
                        organisation: false,
                        noun,
                    }) = stock.map(|s| &s.quantity)
                        && !per_year
                        && stock.is_some_and(|s| s.next + 3 >= f.at)
                    {
                        let start = stock.map_or(f.start, |s| s.start);
                        let each = self.stated(field, gb * 1e3 / number.max(1.0), start, f.end);
                        self.brief.nouns.insert("scale.object_mb", noun.clone());
                        self.brief.numbers.insert("scale.object_mb", each);
                    }
                }
                other => {
                    if !self.besides(other, (f.start, f.end), &found) {
                        unread.push((f.start, f.end));
                    }
                }
            }
        }
        self.daily_crowd();
        let read = self.rhythms();
        unread.retain(|(from, to)| !read.iter().any(|(s, e)| s <= from && to <= e));
        self.bodies_told();
        self.bodies_sent();
        self.bodies_there();
        self.bodies_out();
        self.days_a_year(&tokens);
        let grown = self.grown(&tokens, &found);
        unread.retain(|span| !grown.contains(span));
        let windows = self.windows(&tokens, &found);
        unread.retain(|(from, to)| !windows.iter().any(|(s, e)| s <= from && to <= e));
        let bounds = super::rules::bounds(&self.brief);
        let bounds: Vec<String> = bounds.into_iter().map(|(.., target)| target).collect();
        // Who counts houses has counted something, and people are assumed.
        let known = !self.brief.stocks.is_empty()
            || self.brief.numbers.keys().any(|k| k.starts_with("scale."));
        if !known && !text.trim().is_empty() {
            self.find(
                Severity::Error,
                "V-SCALE-UNPARSED",
                "expected a quantity in `scale`, found none",
                field,
                None,
                "say how many: `50k users, 200 GB/yr` or `2k rps peak`",
            );
        } else {
            for (start, end) in unread {
                let words = self.words(field, start, end);
                let place = self.place(field, start, end);
                // `the 25th` is a day, `the last ten minutes` a time.
                let ordinal = ["1st", "2nd", "3rd"].iter().any(|o| words.ends_with(o))
                    || words.ends_with("th") && !words.contains(' ');
                let before = text.get(..start).unwrap_or_default().split_whitespace();
                let led = before.last().is_some_and(|w| {
                    matches!(w, "last" | "first" | "within" | "next" | "for" | "after")
                });
                let time = words.ends_with("minutes")
                    || words.ends_with("hours")
                    || words.ends_with("days")
                    || words.ends_with("weeks");
                let kept = self.brief.retention.iter().any(|r| r.period == words)
                    || self.brief.numbers.values().any(|n| n.place == place);
                let bounds = bounds.iter().any(|target| target.ends_with(&words));
                if ordinal || led && time || kept || bounds {
                    continue;
                }
                self.find(
                    Severity::Warning,
                    "W-NUMBER-UNREAD",
                    &format!("`{words}` in `scale` stands for nothing that is known"),
                    field,
                    Some((start, end)),
                    "name what it counts: users, devices, requests/s, orders/day, GB/yr",
                );
            }
        }
    }

    /// Where more come on a day than are counted besides, these come on that day too.
    fn daily_crowd(&mut self) {
        let numbers = &mut self.brief.numbers;
        let (Some(month), Some(day)) = (numbers.get("scale.mau"), numbers.get("scale.dau")) else {
            return;
        };
        if day.value > month.value {
            let all = Stated {
                value: day.value + month.value,
                words: format!("{}; {}", day.words, month.words),
                place: day.place.clone(),
            };
            numbers.insert("scale.dau", all);
            numbers.remove("scale.mau");
        }
    }

    /// `4,200 turbines today, 9,000 in three years`: by how much it grows in a year, and the bytes
    /// that say it.
    fn grown(&mut self, tokens: &[Token], found: &[Found]) -> Vec<(usize, usize)> {
        let number = |q: &Quantity| match q {
            Quantity::Users { number, .. }
            | Quantity::Devices { number, .. }
            | Quantity::Stock { number, .. } => Some(*number),
            Quantity::Data { gb, .. } => Some(*gb),
            Quantity::Plain(value) => Some(*value),
            _ => None,
        };
        for all in found.windows(3) {
            let [now, then, after] = all else { continue };
            let between = |from: usize, to: usize| tokens.get(from..to).unwrap_or_default();
            let led = between(then.next, after.at);
            let led = led.len() == 1
                && led
                    .iter()
                    .all(|t| matches!(t.word(), "in" | "within" | "after"));
            let apart = between(now.next, then.at)
                .iter()
                .any(|t| t.is('.') || t.is(';'));
            let Quantity::Duration(s) = after.quantity else {
                continue;
            };
            let (Some(small), Some(large)) = (number(&now.quantity), number(&then.quantity)) else {
                continue;
            };
            let plain = matches!(now.quantity, Quantity::Plain(_));
            let years = s / 31_536_000.0;
            if !led || apart || plain || years < 1.0 || small <= 0.0 || large <= small {
                continue;
            }
            let factor = (large / small).powf(1.0 / years);
            let factor = (factor * 1e3).round() / 1e3;
            let said = self.stated(Field::Scale, factor, now.start, after.end);
            self.brief.numbers.entry("growth_per_year").or_insert(said);
            return vec![(then.start, then.end), (after.start, after.end)];
        }
        Vec::new()
    }

    /// `a raw burst of 12 MB` of the purpose, where the scale counts bursts.
    fn bodies_told(&mut self) {
        let numbers = &self.brief.numbers;
        let Some(noun) = self.brief.nouns.get("scale.items_per_s").cloned() else {
            return;
        };
        if numbers.contains_key("scale.object_mb") || numbers.contains_key("scale.gb_per_year") {
            return;
        }
        let text = self.brief.text(Field::Purpose).to_owned();
        let all = super::tokens(&text);
        let found = self.grammar(&all).quantities();
        let body = found.iter().find_map(|f| match &f.quantity {
            Quantity::Each { mb, noun: of, .. } if *of == noun && *mb >= 0.02 => {
                Some((*mb, f.start, f.end))
            }
            _ => None,
        });
        if let Some((mb, start, end)) = body {
            let said = self.stated(Field::Purpose, mb, start, end);
            self.brief.numbers.insert("scale.object_mb", said);
            self.brief.nouns.insert("scale.object_mb", noun);
        }
    }

    /// `60,000 audio files of 9 MB, 14 items per hour`: so much lies there, and what comes is
    /// something else.
    fn bodies_there(&mut self) {
        let brief = &mut self.brief;
        let (Some(noun), Some(body)) = (
            brief.nouns.get("scale.object_mb").filter(|n| !n.is_empty()),
            brief.numbers.get("scale.object_mb").cloned(),
        ) else {
            return;
        };
        let stock = brief.stocks.get(noun).cloned();
        let Some(stock) = stock.filter(|_| !brief.numbers.contains_key("scale.gb_initial")) else {
            return;
        };
        let there = Stated {
            value: (stock.value * body.value).round() / 1e3,
            words: match body.words.contains(&stock.words) {
                true => body.words.clone(),
                false => format!("{} of {}", stock.words, body.words),
            },
            place: body.place.clone(),
        };
        let come = brief
            .nouns
            .get("scale.items_per_s")
            .is_some_and(|n| n == noun);
        brief.numbers.entry("scale.gb_initial").or_insert(there);
        if !come {
            brief.numbers.remove("scale.object_mb");
            brief.nouns.remove("scale.object_mb");
        }
    }

    /// `one evening a year`, `from October to April`: on how many days of the year the work comes.
    fn days_a_year(&mut self, all: &[Token]) {
        if let Some((days, start, end)) = season(all) {
            let said = self.stated(Field::Scale, days, start, end);
            self.brief.numbers.insert("scale.days_per_year", said);
            return;
        }
        let word = |i: usize| all.get(i).map_or("", |t| t.word());
        for i in 0..all.len() {
            let day = singular(word(i));
            let day = matches!(day, "evening" | "night" | "day" | "weekend" | "afternoon");
            let yearly =
                matches!(word(i + 1), "a" | "per" | "each" | "every") && word(i + 2) == "year";
            let count = i.checked_sub(1).and_then(|k| match &all.get(k)?.kind {
                Kind::Number { value, suffix, .. } if suffix.is_empty() => Some(*value),
                _ => self.vocabulary.number(word(k)),
            });
            // `21k calls per weekday`, `5 am to 3 pm on weekdays`: five days of seven.
            let weekdays = matches!(word(i), "weekday" | "weekdays" | "workday" | "workdays")
                || word(i) == "working" && matches!(word(i + 1), "day" | "days");
            // What is counted by the month or year is spread over all of it.
            let daily = all.windows(2).any(|w| {
                let led = matches!(w[0].word(), "a" | "per" | "each" | "every") || w[0].is('/');
                led && matches!(w[1].word(), "day" | "weekday" | "workday")
                    || matches!(w[1].word(), "daily" | "dau")
            });
            let rates = self.brief.number("scale.items_per_s").is_some()
                || self.brief.number("scale.avg_rps").is_some();
            let weekdays = weekdays && (daily || !rates);
            if weekdays && !self.brief.numbers.contains_key("scale.days_per_year") {
                let start = all.get(i).map_or(0, |t| t.start);
                let end = all.get(i).map_or(start, |t| t.end);
                let said = self.stated(Field::Scale, 260.0, start, end);
                self.brief.numbers.insert("scale.days_per_year", said);
                continue;
            }
            let Some(days) = count.filter(|d| day && yearly && (1.0..200.0).contains(d)) else {
                continue;
            };
            let start = all.get(i - 1).map_or(0, |t| t.start);
            let end = all.get(i + 2).map_or(start, |t| t.end);
            let said = self.stated(Field::Scale, days, start, end);
            self.brief.numbers.insert("scale.days_per_year", said);
            return;
        }
    }

    /// `2.4M downloads a day` of `45 MiB`: so much leaves, unless the brief says how much does.
    fn bodies_out(&mut self) {
        let numbers = &self.brief.numbers;
        let noun = self.brief.nouns.get("scale.avg_rps");
        let fetched = noun.is_some_and(|n| self.vocabulary.fetched.contains(n));
        let (Some(rate), Some(body)) = (
            numbers.get("scale.avg_rps").filter(|_| fetched),
            numbers.get("scale.object_mb"),
        ) else {
            return;
        };
        let out = Stated {
            value: (rate.value * body.value / 1e3 * 2_628_000.0).round(),
            words: format!("{} of {}", rate.words, body.words),
            place: rate.place.clone(),
        };
        let numbers = &mut self.brief.numbers;
        numbers.entry("scale.egress_gb_month").or_insert(out);
    }

    /// Quantities that are neither people, devices, rates nor data at rest; whether it was one.
    fn besides(
        &mut self,
        quantity: &Quantity,
        (start, end): (usize, usize),
        all: &[Found],
    ) -> bool {
        let stated = self.stated(Field::Scale, 0.0, start, end);
        let with = |value: f64| Stated {
            value,
            ..stated.clone()
        };
        let numbers = &mut self.brief.numbers;
        match quantity {
            Quantity::Egress { gb_per_month } => {
                numbers.insert("scale.egress_gb_month", with(*gb_per_month));
            }
            // `a line is 400 bytes` is a row; from about two pages of a database on it is a body.
            Quantity::Each { mb, noun, .. } if *mb < 0.02 && !super::rhythm::is_body(noun) => {
                let record = with((mb * 1e6).round());
                numbers.entry("payload.record_b").or_insert(record);
                let nouns = &mut self.brief.nouns;
                nouns.entry("payload.record_b").or_insert(noun.clone());
            }
            // `a scan is 85 MB, a design 40 MB`: what one of the counted holds.
            Quantity::Each { mb, noun, .. }
                if numbers.contains_key("scale.object_mb")
                    && self
                        .brief
                        .nouns
                        .get("scale.object_mb")
                        .is_some_and(|n| n != noun && !n.is_empty() && !noun.is_empty()) =>
            {
                if let Some(known) = numbers.get_mut("scale.object_mb") {
                    known.value += mb;
                    known.words = format!("{}; {}", known.words, stated.words);
                }
            }
            Quantity::Each { mb, noun, .. } => {
                numbers.insert("scale.object_mb", with(*mb));
                self.brief.nouns.insert("scale.object_mb", noun.clone());
            }
            Quantity::Percent(p) => return self.growth(*p, (start, end)),
            Quantity::Times(factor) => {
                numbers.insert("scale.peak_factor", with(*factor));
            }
            Quantity::Hours(Some((from, to))) => {
                // When most of the work comes is no end of the day.
                let before = self
                    .brief
                    .fields
                    .get(&Field::Scale)
                    .and_then(|s| s.text.get(..start));
                let before = before.unwrap_or_default().to_lowercase();
                let mut led = before.split_whitespace().rev().take(4);
                if led.any(|w| ["busiest", "peak", "rush", "mostly", "busy"].contains(&w)) {
                    return true;
                }
                numbers.insert("scale.busy_hours", with(to - from));
            }
            Quantity::Hours(None) => {}
            // `10 years of readings`: so long they are kept.
            Quantity::Duration(s) if *s >= 2_628_000.0 => {
                let said = self.brief.text(Field::Scale);
                let behind = super::tokens(said.get(end..).unwrap_or_default());
                let of = behind.first().is_some_and(|t| t.word() == "of");
                let things = super::retention::things(behind.get(1..2).unwrap_or_default());
                if !of || things.is_empty() {
                    return false;
                }
                self.brief.retention.push(super::Retention {
                    things,
                    period: stated.words.clone(),
                    place: stated.place.clone(),
                });
            }
            // `46 treatments an hour and 430 on the worst day`: the year goes by the day.
            Quantity::Daily { per_day, noun } => {
                let key = "scale.items_per_s";
                let known = self.brief.nouns.get(key).cloned();
                let same = noun.is_empty() || known.as_ref() == Some(noun);
                let hourly = all.iter().any(|f| {
                    matches!(&f.quantity, Quantity::Items { noun: n, .. } if known.as_ref() == Some(n))
                });
                let noun = if noun.is_empty() {
                    known
                } else {
                    Some(noun.clone())
                };
                let Some(noun) = noun else { return false };
                let per_s = per_day / 86_400.0;
                match self.brief.numbers.get_mut(key).filter(|_| same && hourly) {
                    Some(known) => {
                        known.value = known.value.min(per_s);
                        known.words = format!("{}; {}", known.words, stated.words);
                    }
                    None => self.add(key, with(per_s)),
                }
                self.brief.nouns.entry(key).or_insert(noun);
            }
            Quantity::Burst {
                per_day,
                hours,
                noun,
            } => {
                self.add("scale.items_per_s", with(per_day / 86_400.0));
                self.brief.numbers.insert("scale.busy_hours", with(*hours));
                let nouns = &mut self.brief.nouns;
                nouns.entry("scale.items_per_s").or_insert(noun.clone());
            }
            // `60 flights per day, 1,800 photos per flight`: the photos are what comes in.
            Quantity::Nested { number, noun, of } => {
                let items = "scale.items_per_s";
                let counted_here = self.brief.nouns.get(items).is_some_and(|n| n == of);
                if let Some(known) = numbers.get_mut(items).filter(|_| counted_here) {
                    known.value *= number;
                    known.words = format!("{}; {}", known.words, stated.words);
                    self.brief.nouns.insert(items, noun.clone());
                    // Rows of a document come with it, in one request; what comes with each of
                    // them besides does not.
                    let rows = "scale.rows_together";
                    let before = numbers.remove(rows).map(|known| known.value);
                    if super::counts::is_row(noun, of) && *number >= 1.0 {
                        numbers.insert(rows, with(before.unwrap_or(1.0) * *number));
                        let nouns = &mut self.brief.nouns;
                        nouns.entry(rows).or_insert_with(|| of.clone());
                    }
                    return true;
                }
                // `3 photos per item of 1.5 MB`, where items are one of several things that come.
                let rate = all.iter().find_map(|f| match &f.quantity {
                    Quantity::Items {
                        per_s, noun: item, ..
                    } if item == of => Some((*per_s, f.start, f.end)),
                    _ => None,
                });
                let body = numbers.get("scale.object_mb").cloned();
                let same = self
                    .brief
                    .nouns
                    .get("scale.object_mb")
                    .is_some_and(|n| n == noun);
                if let (Some((rate, from, to)), Some(body), true) = (rate, body, same) {
                    let gb = (number * rate * 31_536_000.0 * body.value).round() / 1e3;
                    let words = format!(
                        "{}” × “{}” × “{}",
                        self.words(Field::Scale, from, to),
                        stated.words,
                        body.words
                    );
                    let sum = Stated { words, ..with(gb) };
                    let numbers = &mut self.brief.numbers;
                    numbers.entry("scale.gb_per_year").or_insert(sum);
                    return true;
                }
                let owners = all.iter().find_map(|f| counted(&f.quantity, of));
                let total = number * owners.unwrap_or(1.0);
                let stocks = &mut self.brief.stocks;
                stocks.entry(noun.clone()).or_insert(with(total));
            }
            Quantity::Often {
                per_s,
                of,
                reads,
                active,
            } => {
                let people = all.iter().find_map(|f| counted(&f.quantity, of));
                let daily = numbers.get("scale.dau").map(|s| s.value);
                let owners = match active {
                    true => daily.or(people),
                    false => people.or(daily),
                };
                let Some(owners) = owners else { return false };
                let key = match reads {
                    true => "scale.looks_per_s",
                    false => "scale.items_per_s",
                };
                self.add(key, with(per_s * owners));
            }
            // `5 quintals per shop and day` measure, and are no records.
            Quantity::Pace { noun, .. } if self.vocabulary.measures.contains(noun) => {}
            Quantity::Pace {
                per_s,
                noun,
                of,
                daily,
            } => {
                let owners = all
                    .iter()
                    .filter(|f| !matches!(f.quantity, Quantity::Items { .. }))
                    .find_map(|f| counted(&f.quantity, of));
                let Some(owners) = owners else { return false };
                // What is counted by the second is its peak, as all rates are; by the day, a mean.
                let key = match *per_s >= 1.0 / 3_600.0 && !daily {
                    true => "scale.peak_rps",
                    false => "scale.items_per_s",
                };
                self.add(key, with(per_s * owners));
                self.brief.nouns.entry(key).or_insert(noun.clone());
                self.brief.write_stream = true;
            }
            Quantity::Stock {
                number,
                noun,
                organisation,
            } => {
                if *organisation {
                    numbers.entry("tenants").or_insert(with(*number));
                }
                let stocks = &mut self.brief.stocks;
                stocks.entry(noun.clone()).or_insert(with(*number));
            }
            _ => return false,
        }
        true
    }

    fn ambiguous(&mut self, field: Field, start: usize, end: usize) {
        let words = self.words(field, start, end);
        let digits: String = words
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        let other = digits.replace('.', "");
        self.find(
            Severity::Warning,
            "W-NUMBER-AMBIGUOUS",
            &format!("`{digits}` may be {digits} or {other}; {digits} is taken"),
            field,
            Some((start, end)),
            "write `1000` or `1,000`, or give `locale: de` for points that group",
        );
    }

    /// How many weeks there are until the system is live.
    pub(crate) fn timeline(&mut self) {
        let field = Field::Timeline;
        let text = self.brief.text(field).to_owned();
        if text.trim().is_empty() {
            return;
        }
        let tokens = super::tokens(&text);
        let found = self.grammar(&tokens).quantities();
        // `funded for 2 years, first version after 9 months`
        let money = |at: usize| {
            let clause = tokens
                .get(super::words::clause(&tokens, at))
                .unwrap_or_default();
            let words = [
                "funded", "funding", "grant", "contract", "warranty", "paid", "budget",
            ];
            clause.iter().any(|t| words.contains(&t.word()))
        };
        // `loans a quarter later`, `Tanzania 4 months after Kenya` count from another day.
        let relative = |next: usize| {
            let behind = |k: usize| tokens.get(next + k).map_or("", Token::word);
            matches!(behind(0), "later" | "afterwards" | "thereafter")
                || behind(0) == "after" && !behind(1).is_empty()
        };
        // `one after the other every three months`
        let repeated = |at: usize| {
            let before = at.checked_sub(1).and_then(|k| tokens.get(k));
            before.is_some_and(|t| matches!(t.word(), "every" | "each"))
        };
        let durations = |all: bool| -> Vec<(f64, usize, usize, bool)> {
            let counted = found.iter().filter(|f| !repeated(f.at));
            let counted = counted.filter(|f| all || !relative(f.next));
            counted
                .filter_map(|f| match f.quantity {
                    Quantity::Duration(s) if s >= 86_400.0 => {
                        Some((s, f.start, f.end, money(f.at)))
                    }
                    _ => None,
                })
                .collect()
        };
        let mut named = days_of(&text);
        let start = begins(&text, &named).map(|at| named.remove(at));
        let mut times = durations(false);
        // `10 weeks after signature`, where nothing else is said, is when it is live.
        if times.is_empty() && named.is_empty() {
            times = durations(true);
        }
        let first = times.iter().find(|t| !t.3).or(times.first());
        if let Some(other) = times
            .iter()
            .find(|t| !t.3 && Some(*t) != first && first.is_some_and(|f| t.0 != f.0))
        {
            let words = self.words(field, other.1, other.2);
            let taken = first
                .map(|f| self.words(field, f.1, f.2))
                .unwrap_or_default();
            self.find(
                Severity::Warning,
                "W-TIMELINE-TWO",
                &format!("`{words}` stands in `timeline` beside `{taken}`, which is taken"),
                field,
                Some((other.1, other.2)),
                "say which scope must be live by which date, and give the first as the timeline",
            );
        }
        if let Some((s, start, end, _)) = first.copied() {
            let weeks = (s / WEEK * 10.0).round() / 10.0;
            let stated = self.stated(field, weeks, start, end);
            self.brief.numbers.insert("timeline.weeks", stated);
            return;
        }
        if let Some((weeks, start, end)) = worded(&tokens, self.vocabulary) {
            let stated = self.stated(field, weeks, start, end);
            self.brief.numbers.insert("timeline.weeks", stated);
            return;
        }
        if let Some((weeks, from, to)) = months_apart(&tokens).filter(|_| named.is_empty()) {
            let stated = self.stated(field, weeks, from, to);
            self.brief.numbers.insert("timeline.weeks", stated);
            return;
        }
        let until = named.first().copied();
        let as_of = self
            .brief
            .answers
            .get("as_of_date")
            .and_then(|s| days_of(&s.value).first().map(|d| d.day))
            .or(start.map(|d| d.day));
        if let (Some(first), Some(other)) = (until, named.get(1)) {
            let words = self.words(field, other.start, other.end);
            let taken = self.words(field, first.start, first.end);
            self.find(
                Severity::Warning,
                "W-TIMELINE-TWO",
                &format!("`{words}` stands in `timeline` beside `{taken}`, which is taken"),
                field,
                Some((other.start, other.end)),
                "say which scope must be live by which date, and give the first as the timeline",
            );
        }
        let until = until.map(|first| first.day);
        match (until, as_of) {
            (Some(until), Some(from)) if until > from => {
                let weeks = ((until - from) / 7.0 * 10.0).round() / 10.0;
                let day = named.first().copied().filter(|_| start.is_some());
                let span = start.zip(day).map_or((0, text.len()), |(from, to)| {
                    (from.start.min(to.start), to.end.max(from.end))
                });
                let stated = self.stated(field, weeks, span.0, span.1);
                self.brief.numbers.insert("timeline.weeks", stated);
            }
            (Some(_), None) => {
                self.brief.deadline = named.first().map(|d| {
                    let words = self.words(field, d.start, d.end);
                    Stated {
                        place: self.brief.place(field, &words),
                        value: words.clone(),
                        words,
                    }
                });
                let day = self
                    .brief
                    .deadline
                    .as_ref()
                    .map_or("", |d| d.value.as_str());
                let message = format!(
                    "live by {day}, and no day on which the work begins: 26 weeks are assumed until then"
                );
                self.find(
                    Severity::Note,
                    "A-TIMELINE-START",
                    &message,
                    field,
                    None,
                    "give `as_of_date: YYYY-MM-DD` in the brief, or say `6 months`",
                );
            }
            _ if open(&text) => {
                self.brief.traits.insert("no_deadline".to_owned());
            }
            _ => self.find(
                Severity::Warning,
                "V-TIMELINE-UNPARSED",
                &format!(
                    "expected a duration in `timeline`, found `{}`; 26 weeks are assumed",
                    text.trim()
                ),
                field,
                None,
                "say how long: `6 months`, `10 weeks`",
            ),
        }
    }
}

/// Whether a timeline says that there is no date.
fn open(text: &str) -> bool {
    let lower = text.to_lowercase();
    let said = [
        "no deadline",
        "no date",
        "no fixed",
        "no hurry",
        "no rush",
        "open-ended",
        "open end",
        "flexible",
        "when it is ready",
        "whenever",
    ];
    said.iter().any(|s| lower.contains(s)) || lower.trim() == "none"
}

/// Whether people are counted by the year: `1.3 million passengers a year`, `1.3 million passengers and
/// 240k cars a year`.
fn of_a_year(tokens: &[Token], people: &Found, next: Option<&Found>) -> bool {
    let yearly = |f: &Found| {
        let words = tokens.get(f.at..f.next).unwrap_or_default().iter();
        let mut last = words.rev().take(2).map(Token::word);
        last.any(|w| matches!(w, "year" | "yr" | "annum" | "yearly" | "annually"))
    };
    let joined = next.filter(|n| {
        n.at == people.next + 1
            && matches!(n.quantity, Quantity::Items { .. })
            && tokens
                .get(people.next)
                .is_some_and(|t| matches!(t.word(), "and" | "plus"))
    });
    yearly(people) || joined.is_some_and(yearly)
}

/// How many of a noun a quantity counts, if it counts them.
pub(super) fn counted(quantity: &Quantity, noun: &str) -> Option<f64> {
    let same = |n: &str| n == noun || crate::brief::story::single(n) == noun;
    match quantity {
        Quantity::Stock {
            number, noun: n, ..
        }
        | Quantity::Users {
            number, noun: n, ..
        }
        | Quantity::Devices {
            number, noun: n, ..
        } => same(n).then_some(*number),
        // So many come in a month.
        Quantity::Items { per_s, noun: n, .. } => same(n).then_some(per_s * 2_628_000.0),
        _ => None,
    }
}

/// `six months`, `half a year`, `a year`: weeks and bytes.
fn worded(
    tokens: &[Token],
    vocabulary: &groundplan_knowledge::Vocabulary,
) -> Option<(f64, usize, usize)> {
    for (i, token) in tokens.iter().enumerate() {
        let Some(mut value) = vocabulary.number(token.word()) else {
            continue;
        };
        let mut next = i + 1;
        if token.word() == "half"
            && tokens
                .get(next)
                .is_some_and(|t| matches!(t.word(), "a" | "an"))
        {
            next += 1;
        }
        if tokens.get(next).is_some_and(|t| t.word() == "dozen") {
            value *= 12.0;
            next += 1;
        }
        let unit = tokens.get(next)?;
        if let Some(s) = super::grammar::seconds(unit.word()).filter(|s| *s >= 86_400.0) {
            let later = tokens.get(next + 1).map_or("", Token::word);
            let behind = later == "after" && tokens.get(next + 2).is_some();
            let often =
                i > 0 && matches!(tokens.get(i - 1).map_or("", Token::word), "every" | "each");
            if behind || often || matches!(later, "later" | "afterwards" | "thereafter") {
                continue;
            }
            let weeks = (value * s / WEEK * 10.0).round() / 10.0;
            return Some((weeks, token.start, unit.end));
        }
    }
    None
}
