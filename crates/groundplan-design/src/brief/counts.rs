//! Quantities besides people, devices and rates: stocks of records, the size of one body, traffic,
//! paces, multiples of the usual load, times of the day, ranges.

use super::grammar::{Found, Grammar, Quantity, seconds};
use super::token::{Kind, OF_TIME, Token, singular};

/// Words that end a noun phrase.
const ENDS: [&str; 36] = [
    "with", "of", "on", "in", "at", "for", "per", "and", "or", "to", "from", "by", "a", "an",
    "the", "is", "are", "each", "every", "between", "within", "over", "under", "that", "which",
    "who", "when", "while", "now", "today", "already", "but", "then", "plus", "as", "than",
];

/// Whether a noun is a row of the document that it comes with: `40 lines per report`. Positions of a
/// trip and readings of a flight come one by one.
pub(super) fn is_row(noun: &str, of: &str) -> bool {
    let document = matches!(
        of,
        "report"
            | "file"
            | "message"
            | "batch"
            | "document"
            | "form"
            | "list"
            | "statement"
            | "upload"
            | "declaration"
            | "submission"
    );
    let row = matches!(
        noun,
        "record" | "entry" | "value" | "position" | "measurement" | "reading"
    );
    let item = matches!(of, "order" | "invoice" | "delivery" | "bill" | "receipt")
        && matches!(noun, "item" | "position");
    matches!(noun, "line" | "row" | "field") || item || document && (row || noun == "item")
}

/// Whether a word is a plural noun.
pub(super) fn plural(word: &str) -> bool {
    let adjective = ["ous", "ss", "us", "is"].iter().any(|e| word.ends_with(e));
    word.len() > 3 && singular(word) != word && !adjective
}

impl Grammar<'_> {
    /// A time of the day at a token, in hours, and the index behind: `06:00`, `9` if `bare`.
    fn clock(&self, at: usize, bare: bool) -> Option<(f64, usize)> {
        let digits = |i: usize| match &self.tokens.get(i)?.kind {
            Kind::Number { value, suffix, .. } if suffix.is_empty() && value.fract() == 0.0 => {
                Some(*value)
            }
            _ => None,
        };
        let Some(hour) = digits(at).filter(|h| *h <= 24.0) else {
            return self.half_day(at);
        };
        let tight = |i: usize| {
            let (a, b) = (self.tokens.get(i), self.tokens.get(i + 1));
            a.zip(b).is_some_and(|(a, b)| a.end == b.start)
        };
        match digits(at + 2).filter(|m| *m < 60.0) {
            Some(minutes) if self.mark(at + 1, OF_TIME) && tight(at) && tight(at + 1) => {
                Some((hour + minutes / 60.0, at + 3))
            }
            _ => match self.half_day(at) {
                Some((hour, next)) => Some((hour, next)),
                None => bare.then_some((hour, at + 1)),
            },
        }
    }

    /// `5 am`, `11pm`: an hour of the day and the index behind.
    fn half_day(&self, at: usize) -> Option<(f64, usize)> {
        let Kind::Number { value, suffix, .. } = &self.tokens.get(at)?.kind else {
            return None;
        };
        let (half, next) = match suffix.as_str() {
            "" => (self.word(at + 1), at + 2),
            glued => (glued, at + 1),
        };
        let hour =
            (value.fract() == 0.0 && (1.0..=12.0).contains(value)).then_some(value % 12.0)?;
        match half {
            "am" => Some((hour, next)),
            "pm" => Some((hour + 12.0, next)),
            _ => None,
        }
    }

    /// `05:30-11:00`, `between 9 and 11 on weekdays`, `06:00`: hours from and to, if both stand.
    pub(super) fn hours(&self, at: usize) -> Option<(Quantity, usize)> {
        let before = self.word(at.wrapping_sub(1));
        // `grows from 10 to 20` is no opening time.
        let stems = [
            "grow", "rise", "rising", "increas", "scale", "scaling", "expand", "doubl",
        ];
        let verb = self.word(at.wrapping_sub(2));
        let grows = matches!(verb, "go" | "goes" | "going" | "up")
            || stems.iter().any(|stem| verb.starts_with(stem));
        let framed = before == "between" || before == "from" && !grows;
        let short = self.mark(at + 1, '-') || self.mark(at + 1, '–');
        let short = short && self.hour_glued(at + 2).is_some();
        let (from, next) = self.clock(at, framed || short)?;
        let linked = matches!(self.word(next), "and" | "to" | "until" | "till")
            || self.mark(next, '-')
            || self.mark(next, '–');
        let end = linked.then(|| self.clock(next + 1, framed)).flatten();
        let exact = next > at + 1;
        // `20-22h`: the unit of the second says what the first is.
        let glued = linked && next == at + 1 && from.fract() == 0.0;
        if let Some((to, behind)) = self
            .hour_glued(next + 1)
            .filter(|(to, _)| glued && *to > from)
        {
            return Some((Quantity::Hours(Some((from, to))), behind));
        }
        match end {
            Some((to, behind)) if to > from => {
                // `between 9 and 11 clerks` counts clerks.
                let apart = exact
                    || self.tokens.get(behind).is_none_or(|t| t.ends_clause())
                    || self.of_the_day(behind);
                apart.then_some((Quantity::Hours(Some((from, to))), behind))
            }
            _ => exact.then_some((Quantity::Hours(None), next)),
        }
    }

    /// `22h`: an hour of the day with its unit, and the index behind.
    fn hour_glued(&self, at: usize) -> Option<(f64, usize)> {
        let Kind::Number { value, suffix, .. } = &self.tokens.get(at)?.kind else {
            return None;
        };
        (suffix == "h" && value.fract() == 0.0 && *value <= 24.0).then_some((*value, at + 1))
    }

    /// `16 h/day`, `14 hours a day`: how much of the day is worked.
    pub(super) fn worked(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        let (unit, next) = match unit {
            "" => (self.word(after), after + 1),
            unit => (unit, after),
        };
        let (period, behind) = self.period(next)?;
        let day = seconds(unit) == Some(3_600.0) && period == 86_400.0;
        (day && value > 1.0 && value <= 24.0)
            .then_some((Quantity::Hours(Some((0.0, value))), behind))
    }

    /// Whether what stands at a token says that numbers before it are hours: `on weekdays`, `in the
    /// morning`. `From 10 to 20 in the first year` are none.
    fn of_the_day(&self, at: usize) -> bool {
        let next = match self.word(at) {
            "weekdays" | "weekends" | "o'clock" | "am" | "pm" | "daily" => return true,
            "on" | "in" | "every" | "each" => match self.word(at + 1) {
                "the" | "all" | "most" => self.word(at + 2),
                next => next,
            },
            _ => return false,
        };
        let part = ["day", "morning", "evening", "afternoon", "night"];
        part.iter().any(|p| singular(next).ends_with(p)) || matches!(singular(next), "weekend")
    }

    /// Of a range the upper end counts: `between 15,000 and 18,000 loggers`, `4-5 TB`.
    pub(super) fn range(&self, at: usize) -> Option<Found> {
        let lower = self.value(at)?;
        let next = at + 1;
        let linked = self.mark(next, '-')
            || self.mark(next, '–')
            || self.word(next) == "to"
            || self.word(next) == "and" && self.word(at.wrapping_sub(1)) == "between";
        let upper = self.value(next + 1).filter(|_| linked)?;
        // `15-18k users` leaves the thousands of the first to the second.
        if upper < lower {
            return None;
        }
        let mut found = self.single_quantity(next + 1)?;
        found.start = self.tokens.get(at)?.start;
        found.at = at;
        Some(found)
    }

    fn value(&self, at: usize) -> Option<f64> {
        let (value, _, _, doubtful) = self.number(at)?;
        (!doubtful).then_some(value)
    }

    /// `40x its usual traffic`, `ten times the normal load`: against the average.
    pub(super) fn times(&self, value: f64, unit: &str, after: usize) -> Option<(Quantity, usize)> {
        let next = match unit {
            "x" => after,
            "" if matches!(self.word(after), "x" | "times" | "fold") || self.mark(after, '×') => {
                after + 1
            }
            _ => return None,
        };
        // `open it 10 times a day` counts, and compares with nothing.
        if self.period(next).is_some() {
            return None;
        }
        let ends = |i: &usize| self.tokens.get(*i).is_some_and(Token::ends_clause);
        let usual = (next..next + 4).take_while(|i| !ends(i)).position(|i| {
            matches!(
                self.word(i),
                "usual" | "normal" | "average" | "typical" | "regular" | "ordinary" | "baseline"
            )
        });
        let Some(usual) = usual else {
            // `the peak on Sundays is roughly 5x`: against what else?
            let stop = self.tokens.get(next).is_none_or(Token::ends_clause);
            let from = after.saturating_sub(10);
            let before = (from..after).rev().take_while(|i| !ends(i));
            let peak = before.map(|i| singular(self.word(i))).any(|w| w == "peak");
            return (stop && peak && (1.0..1_000.0).contains(&value) && value > 1.0)
                .then_some((Quantity::Times(value), next));
        };
        (value > 1.0).then_some((Quantity::Times(value), next + usual + 1))
    }

    /// `five years`, `two hours`: a duration in words.
    pub(super) fn spoken(&self, at: usize) -> Option<(Quantity, usize)> {
        let word = self.word(at);
        if matches!(word, "" | "a" | "an" | "single" | "half" | "dozen") {
            return None;
        }
        let value = self.vocabulary.number(word)?;
        // `three times the average`
        if let Some(times) = self.times(value, "", at + 1) {
            return Some(times);
        }
        let unit = seconds(self.word(at + 1)).filter(|_| plural(self.word(at + 1)) || value == 1.0);
        Some((Quantity::Duration(value * unit?), at + 2))
    }

    /// What an amount of data counts, if not data at rest: traffic to the outside, or one body.
    pub(super) fn kind_of_data(
        &self,
        at: usize,
        (read, next): (Quantity, usize),
    ) -> (Quantity, usize) {
        let Quantity::Data { gb, per_year } = read else {
            return (read, next);
        };
        let end = |i: usize| self.tokens.get(i).is_none_or(|t| t.ends_clause());
        let traffic = |i: usize| {
            matches!(
                self.word(i),
                "egress"
                    | "traffic"
                    | "bandwidth"
                    | "transfer"
                    | "transferred"
                    | "streamed"
                    | "served"
                    | "outbound"
                    | "outgoing"
            )
        };
        let behind = (at + 1..next + 2).take_while(|i| !end(*i)).any(traffic);
        let before = (at.saturating_sub(3)..at)
            .rev()
            .take_while(|i| !end(*i))
            .any(traffic);
        if per_year && (behind || before) {
            let quantity = Quantity::Egress {
                gb_per_month: gb / 12.0,
            };
            return (quantity, next);
        }
        // `plans of up to 400 MB each`, `episodes of 45 MB`, `2 MB per photo`.
        let filler = |w: &str| {
            matches!(
                w,
                "up" | "to" | "about" | "around" | "roughly" | "most" | "on" | "average" | "some"
            )
        };
        let mut k = at;
        while k > 0 && (filler(self.word(k - 1)) || self.mark(k - 1, '~')) {
            k -= 1;
        }
        let fillers: Vec<&str> = (k..at).map(|i| self.word(i)).collect();
        // `a result is 30-80 kB`: of a range the upper end was read.
        let dash = |i: usize| self.mark(i, '-') || self.mark(i, '–') || self.word(i) == "to";
        if k > 1 && dash(k - 1) && self.number(k - 2).is_some() {
            k -= 2;
            while k > 0 && (filler(self.word(k - 1)) || self.mark(k - 1, '~')) {
                k -= 1;
            }
        }
        // `4 photos each of 2.5 MB`
        let apart = k > 2 && self.word(k - 1) == "of" && self.word(k - 2) == "each";
        // `source files avg 3 MB`, `documents are 3 MB on average`
        let behind = self.word(next) == "on" && self.word(next + 1) == "average";
        let told = match self.word(k.wrapping_sub(1)) {
            "of" | "averaging" | "avg" | "mean" | "typically" | "weigh" => true,
            "are" => behind || self.word(next) == "each",
            _ => false,
        };
        // `files average 3 MB`
        let averages = k > 0 && fillers.as_slice() == ["average"] && plural(self.word(k - 1));
        let k = k + usize::from(averages);
        let led = k > 1 && (told || averages);
        // `documents (avg 3 MB)`
        let what = k.wrapping_sub(2 + usize::from(k > 2 && self.mark(k - 2, '(')));
        // `35 photos per dive of 12 MB`
        let nested = led && k > 3 && self.word(k - 3) == "per" && plural(self.word(k - 4));
        let of = led && (plural(self.word(what)) || nested || apart && plural(self.word(k - 3)));
        // `avg episode 45 MiB`, `average source file 3 MB`
        let typical = |i: usize| matches!(self.word(i), "avg" | "average" | "mean" | "typical");
        let mean = at > 1
            && (typical(at - 2) || at > 2 && typical(at - 3) && !self.word(at - 2).is_empty())
            && !self.word(at - 1).is_empty()
            && seconds(self.word(at - 1)).is_none();
        // `a scan is 85 MB`, `a design 40 MB`, `each takes 3 MB`
        let verb = matches!(
            self.word(k.wrapping_sub(1)),
            "is" | "has" | "weighs" | "takes" | "of"
        );
        let owner = k.checked_sub(1 + usize::from(verb)).filter(|_| k > 1);
        let one = owner.filter(|o| {
            let led = |n: usize| {
                let at = o.checked_sub(n);
                at.is_some_and(|at| matches!(self.word(at), "a" | "an" | "one" | "each" | "every"))
            };
            seconds(self.word(*o)).is_none() && !self.word(*o).is_empty() && (led(1) || led(2))
        });
        // `, photo 900 kB`: a body alone in front of its size.
        let begins = at > 0 && at.checked_sub(2).is_none_or(end);
        let bare = at.checked_sub(1).filter(|b| {
            let noun = singular(self.word(*b));
            begins && !noun.is_empty() && super::rhythm::is_body(noun)
        });
        let one = one.or(bare);
        let joined = self.mark(next, '/') || self.word(next) == "per";
        let per = joined && !self.word(next + 1).is_empty();
        let each = matches!(self.word(next), "each" | "apiece");
        if per_year || !(of || per || each || mean || one.is_some()) {
            return (Quantity::Data { gb, per_year }, next);
        }
        let noun = if per {
            self.word(next + 1)
        } else if nested {
            self.word(k - 4)
        } else if of && apart {
            self.word(k - 3)
        } else if of {
            self.word(what)
        } else if mean {
            self.word(at - 1)
        } else {
            one.map_or("", |o| self.word(o))
        };
        let quantity = Quantity::Each {
            mb: gb * 1_000.0,
            noun: singular(noun).to_owned(),
            most: fillers.iter().any(|w| matches!(*w, "up" | "most")),
        };
        (quantity, next + if per { 2 } else { usize::from(each) })
    }

    /// `1 move every 6 s per game`, `12 visits per member per month`: so many by each of something.
    pub(super) fn pace(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        for i in after..after + 2 {
            let noun = singular(self.word(i));
            if noun.is_empty() || ENDS.contains(&noun) || seconds(noun).is_some() {
                return None;
            }
            let owner = |k: usize| {
                let joined = self.mark(k, '/') || matches!(self.word(k), "per" | "each" | "a");
                let of = singular(self.word(k + 1));
                let plain = !of.is_empty() && seconds(of).is_none() && !ENDS.contains(&of);
                (joined && plain).then(|| (of.to_owned(), k + 2))
            };
            let timed = self.interval_here(i + 1).or_else(|| self.period(i + 1));
            let found = match timed {
                Some((s, next)) => owner(next).map(|(of, next)| (s, of, next)),
                None => owner(i + 1)
                    .and_then(|(of, next)| {
                        // `per turbine and day`
                        let and = self.word(next) == "and";
                        let also = seconds(self.word(next + 1)).filter(|_| and);
                        let period = also.map(|s| (s, next + 2));
                        Some((self.period(next).or(period)?, of))
                    })
                    .map(|((s, next), of)| (s, of, next)),
            };
            if let Some((s, of, next)) = found {
                let pace = Quantity::Pace {
                    per_s: value / s,
                    noun: noun.to_owned(),
                    of,
                    daily: s >= 86_400.0,
                };
                return Some((pace, next));
            }
        }
        None
    }

    /// `checked 5 times a day by an active member`, `members open it 5 times a day`: by each of them.
    pub(super) fn often(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        if !matches!(self.word(after), "times" | "x") {
            return None;
        }
        let (period, behind) = self.period(after + 1)?;
        let mut next = behind;
        let mut of = None;
        let mut active = false;
        if matches!(self.word(behind), "by" | "per" | "for") {
            for i in behind + 1..behind + 5 {
                let word = self.word(i);
                active |= matches!(word, "active" | "daily");
                let filler = matches!(
                    word,
                    "a" | "an" | "each" | "every" | "the" | "one" | "all" | "active" | "daily"
                );
                if word.is_empty() || !filler && ENDS.contains(&word) {
                    break;
                }
                if !filler {
                    (of, next) = (Some(singular(word).to_owned()), i + 1);
                    break;
                }
            }
        }
        // Who does it may stand before: `an active member opens it 5 times a day`.
        let start = super::words::clause(self.tokens, after - 1).start;
        let before = start..after.saturating_sub(1);
        let head = before.clone().find(|i| {
            let word = self.word(*i);
            self.is_person(singular(word)) || self.sounds_like_people(word)
        });
        if let (None, Some(i)) = (&of, head) {
            active |= before.clone().any(|k| self.word(k) == "active");
            of = Some(singular(self.word(i)).to_owned());
        }
        const LOOKING: [&str; 9] = [
            "check", "look", "view", "open", "read", "see", "search", "refresh", "watch",
        ];
        let reads = before.clone().any(|i| {
            let word = self.word(i);
            LOOKING.iter().any(|l| word.starts_with(l)) || word == "seen"
        });
        let often = Quantity::Often {
            per_s: value / period,
            of: of?,
            reads,
            active,
        };
        Some((often, next))
    }

    /// The first of `600 goats and 2,000 sheep sheared per day`: the period is that of the last.
    pub(super) fn shared_period(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let at = (after..after + 2).find(|i| {
            matches!(self.word(i + 1), "and" | "plus") && !ENDS.contains(&self.word(*i))
        })?;
        let noun = self.word(at);
        if noun.is_empty() || self.is_person(singular(noun)) {
            return None;
        }
        // By its rate alone: whatever else the next number may be, another list is none of it.
        let (other, unit, next, _) = self.number(at + 2)?;
        let (Quantity::Items { per_s, .. }, _) = self.rate(other, unit, next)? else {
            return None;
        };
        let items = Quantity::Items {
            per_s: per_s / other.max(1e-9) * value,
            noun: singular(noun).to_owned(),
            direction: self.direction(singular(noun)),
        };
        Some((items, at + 1))
    }

    /// `every 6 s` at a token: seconds and the index behind.
    fn interval_here(&self, at: usize) -> Option<(f64, usize)> {
        if self.word(at) != "every" {
            return None;
        }
        let (value, unit, after, _) = self.number(at + 1)?;
        let (unit, next) = match unit {
            "" => (self.word(after), after + 1),
            unit => (unit, after),
        };
        Some((value * seconds(unit)?, next))
    }

    /// `100,000 transactions in 4 hours`: a day's work, done in a part of it.
    pub(super) fn within(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        for i in after..after + 3 {
            let word = self.word(i);
            if word.is_empty() || ENDS.contains(&word) {
                return None;
            }
            if self.word(i + 1) != "in" || !plural(word) {
                continue;
            }
            let (n, unit, next, _) = self.number(i + 2)?;
            let (unit, next) = match unit {
                "" => (self.word(next), next + 1),
                unit => (unit, next),
            };
            let hours = n * seconds(unit)? / 3_600.0;
            let noun = singular(word);
            return (1.0..24.0).contains(&hours).then(|| {
                let quantity = Quantity::Burst {
                    per_day: value,
                    hours,
                    noun: noun.to_owned(),
                };
                (quantity, next)
            });
        }
        None
    }

    /// `1,800 photos per flight`: so many with each of what is counted elsewhere.
    pub(super) fn nested(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let at = (after..after + 2).find(|i| plural(self.word(*i)))?;
        let joined = self.mark(at + 1, '/') || self.word(at + 1) == "per";
        let of = singular(self.word(at + 2));
        let thing = !of.is_empty() && seconds(of).is_none() && !ENDS.contains(&of);
        (joined && thing && (after..=at).all(|i| !ENDS.contains(&self.word(i)))).then(|| {
            let quantity = Quantity::Nested {
                number: value,
                noun: singular(self.word(at)).to_owned(),
                of: of.to_owned(),
            };
            (quantity, at + 3)
        })
    }

    /// `9,000 listings with 12 photos`: so many with each of what stands before.
    pub(super) fn with_each(
        &self,
        value: f64,
        at: usize,
        after: usize,
    ) -> Option<(Quantity, usize)> {
        // `listings (avg 12 photos of 2.5 MB)`
        let filler = |i: usize| {
            matches!(
                self.word(i),
                "avg" | "average" | "on" | "about" | "around" | "roughly" | "typically" | "each"
            ) || self.mark(i, '~')
                || self.mark(i, '.')
        };
        let mut first = at;
        while first > 0 && filler(first - 1) {
            first -= 1;
        }
        let opens = first > 1 && self.mark(first - 1, '(');
        let mut of = match opens {
            true => first - 2,
            false => at.checked_sub(2).filter(|_| self.word(at - 1) == "with")?,
        };
        // `45,000 listings/day with 4 photos`
        if of > 2 && self.period(of - 1).is_some_and(|(_, next)| next == of + 1) {
            of -= 2;
        }
        let counted = (1..5).any(|n| {
            let k = of.checked_sub(n);
            k.is_some_and(|k| self.number(k).is_some())
                && (of + 1 - n..of).all(|i| !ENDS.contains(&self.word(i)))
        });
        let many = plural(self.word(of)) && counted && !self.sounds_like_people(self.word(of));
        let noun = (after..after + 2).find(|i| plural(self.word(*i)))?;
        (many && (after..=noun).all(|i| !ENDS.contains(&self.word(i)))).then(|| {
            let nested = Quantity::Nested {
                number: value,
                noun: singular(self.word(noun)).to_owned(),
                of: singular(self.word(of)).to_owned(),
            };
            (
                nested,
                noun + 1 + usize::from(self.word(noun + 1) == "each"),
            )
        })
    }

    /// `310 customers, about 220 of them order on a given day`: the index behind the day.
    fn those_of_a_day(&self, at: usize, after: usize) -> Option<usize> {
        let whom = matches!(
            self.word(after + 1),
            "them" | "these" | "those" | "whom" | "which"
        );
        if self.word(after) != "of" || !whom {
            return None;
        }
        let people = (at.saturating_sub(8)..at).any(|i| {
            let word = self.word(i);
            self.is_person(singular(word)) || self.sounds_like_people(word)
        });
        let ends = |i: usize| self.tokens.get(i).is_none_or(Token::ends_clause);
        let mut behind = (after + 2..after + 9).take_while(|i| !ends(*i));
        let day = behind.find(|i| {
            let led = matches!(
                self.word(i - 1),
                "a" | "any"
                    | "each"
                    | "every"
                    | "per"
                    | "given"
                    | "normal"
                    | "usual"
                    | "typical"
                    | "average"
                    | "single"
            );
            self.word(*i) == "daily" || led && matches!(self.word(*i), "day" | "morning" | "night")
        })?;
        people.then_some(day + 1)
    }

    /// `310k monthly visitors, 22k a day`: those who come in a day, of the people counted before.
    pub(super) fn of_them(&self, value: f64, at: usize, after: usize) -> Option<(Quantity, usize)> {
        if let Some(next) = self.those_of_a_day(at, after) {
            let users = Quantity::Users {
                count: super::grammar::Count::Daily,
                number: value,
                noun: "user".to_owned(),
                total: false,
            };
            return Some((users, next));
        }
        let (period, next) = self.period(after)?;
        let joined =
            at > 1 && (self.mark(at - 1, ',') || matches!(self.word(at - 1), "and" | "or"));
        let people = self.word(at.checked_sub(2)?);
        let people = self.is_person(singular(people)) || self.sounds_like_people(people);
        let ends = self.tokens.get(next).is_none_or(Token::ends_clause);
        (joined && people && ends && period <= 86_400.0).then(|| {
            let users = Quantity::Users {
                count: super::grammar::Count::Daily,
                number: value * 86_400.0 / period,
                noun: "user".to_owned(),
                total: false,
            };
            (users, next)
        })
    }

    /// `430 on the worst day`, `9,000 orders on a busy day`: what a day brings, and of what.
    pub(super) fn worst_day(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let on = (after..after + 3).find(|i| self.word(*i) == "on")?;
        let led = matches!(self.word(on + 1), "the" | "a");
        let kind = matches!(
            self.word(on + 2),
            "worst"
                | "busiest"
                | "best"
                | "peak"
                | "busy"
                | "bad"
                | "typical"
                | "normal"
                | "average"
        );
        let plain = (after..on).all(|i| !self.word(i).is_empty() && !ENDS.contains(&self.word(i)));
        let noun = singular(self.word(on - 1));
        let person =
            on > after && (self.is_person(noun) || self.sounds_like_people(self.word(on - 1)));
        (led && kind && plain && !person && singular(self.word(on + 3)) == "day").then(|| {
            let noun = if on > after { noun } else { "" };
            let items = Quantity::Daily {
                per_day: value,
                noun: noun.to_owned(),
            };
            (items, on + 4)
        })
    }

    /// `2 million documents`, `120 law firms`: so many of what is no person and sends nothing.
    pub(super) fn stock(&self, value: f64, after: usize) -> Option<(Quantity, usize)> {
        let mut last = None;
        for i in after..after + 4 {
            let word = self.word(i);
            if word.is_empty() || ENDS.contains(&word) || seconds(word).is_some() {
                break;
            }
            if plural(word) {
                last = Some(i);
                break;
            }
        }
        let at = last?;
        // `60 operators in 3 shifts`: how they share the day, and no record.
        let led = after.checked_sub(2).map_or("", |k| self.word(k));
        if led == "in" && matches!(self.word(at), "shifts" | "languages" | "waves" | "batches") {
            return None;
        }
        // `jobs of 1,800 words on average`: the size of another thing.
        let ends = self.tokens.get(at + 2).is_none_or(Token::ends_clause);
        let part = matches!(self.word(at + 1), "each" | "apiece") && ends
            || self.word(at + 1) == "on" && self.word(at + 2) == "average";
        if part {
            return None;
        }
        let noun = singular(self.word(at));
        let noun = super::story::folded(noun);
        let quantity = Quantity::Stock {
            number: value,
            organisation: self.vocabulary.organisations.contains(&noun),
            noun,
        };
        Some((quantity, at + 1))
    }

    /// Whether a plural noun counts people though no list has it: `translators`, `arborists`.
    pub(super) fn sounds_like_people(&self, word: &str) -> bool {
        let noun = singular(word);
        let ends = ["people", "men", "women", "staff", "children"].contains(&word)
            || word.ends_with("men") && super::story::single(word) != word;
        ends || plural(word) && self.vocabulary.sounds_like_person(noun)
    }
}
