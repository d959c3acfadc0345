//! What each of several counted things does or has: `each calls 40 customers a day`, `each lot gets 6
//! bids`, `resellers with 3 buyers each`.

use super::counts::{ENDS, plural};
use super::extract::Reader;
use super::grammar::{Count, Found, Grammar, Quantity, gigabytes, seconds};
use super::story::single;
use super::token::singular;
use super::words::clause;
use super::{Field, Stated};

/// Words in front of a number that only soften it.
const SOFT: [&str; 12] = [
    "about",
    "around",
    "roughly",
    "approximately",
    "some",
    "on",
    "average",
    "avg",
    "typically",
    "up",
    "to",
    "usually",
];

impl Grammar<'_> {
    /// The index of the first of the words that soften a number, or of a range of which it is the end.
    fn softened(&self, at: usize, start: usize) -> usize {
        let mut k = at;
        loop {
            let soft = |i: usize| i >= start && (SOFT.contains(&self.word(i)) || self.mark(i, '~'));
            let dash = |i: usize| self.mark(i, '-') || self.mark(i, '–');
            if k > start && soft(k - 1) {
                k -= 1;
            } else if k > start + 1 && dash(k - 1) && self.number(k - 2).is_some() {
                k -= 2;
            } else {
                return k;
            }
        }
    }

    /// The index of the plural noun that a number counts, within its first words.
    pub(super) fn counted_here(&self, after: usize) -> Option<usize> {
        let at = (after..after + 4).find(|i| {
            let word = self.word(*i);
            word.is_empty() || ENDS.contains(&word) || plural(word)
        })?;
        let word = self.word(at);
        let unit = seconds(word).is_some() || gigabytes(word).is_some();
        (plural(word) && !ENDS.contains(&word) && !unit && singular(word) != "time").then_some(at)
    }

    /// Whether a number other than that at `besides` counts a noun: `90 notaries`.
    fn counts(&self, noun: &str, besides: usize) -> bool {
        (0..self.tokens.len()).any(|i| {
            let number = self.number(i).filter(|_| i != besides);
            let counted = number.and_then(|(_, unit, after, _)| {
                self.counted_here(after).filter(|_| unit.is_empty())
            });
            counted.is_some_and(|k| single(self.word(k)) == noun)
        })
    }

    /// `220 agents, each calls 40 customers a day`, `each lot gets 6 bids`: so many by each of what is
    /// counted elsewhere.
    pub(super) fn each_does(
        &self,
        value: f64,
        at: usize,
        after: usize,
    ) -> Option<(Quantity, usize)> {
        let start = clause(self.tokens, at).start;
        let verb_at = self.softened(at, start).checked_sub(1)?;
        let verb = self.word(verb_at);
        // `each species 40`: what is bent as a verb, and no adjective or plural of another ending.
        let bent = verb.ends_with('s') && !["ss", "us", "is"].iter().any(|e| verb.ends_with(e));
        let each = |n: usize| {
            let i = verb_at.checked_sub(n).filter(|i| *i >= start);
            i.filter(|i| matches!(self.word(*i), "each" | "every"))
        };
        let owner = match (each(1), each(2)) {
            // `220 agents, each calls`
            (Some(i), _) => {
                let comma = i.checked_sub(1);
                let comma = comma.filter(|c| self.mark(*c, ',') || self.mark(*c, '('))?;
                let word = self.word(comma.checked_sub(1)?);
                plural(word).then_some(word)?
            }
            (None, Some(_)) => self.word(verb_at - 1),
            (None, None) => return None,
        };
        let owner = single(owner);
        if !bent || !self.counts(&owner, at) {
            return None;
        }
        let noun_at = self.counted_here(after)?;
        let word = self.word(noun_at);
        let noun = single(word);
        let mut next = noun_at + 1;
        while matches!(self.word(next), "on" | "average") {
            next += 1;
        }
        // Who is called, visited or treated is not new each time: the deed is what comes.
        let person = self.is_person(&noun) || self.sounds_like_people(word);
        let deed = person && !matches!(verb, "has" | "gets" | "receives" | "employs");
        let Some((period, behind)) = self.period(next) else {
            let nested = Quantity::Nested {
                number: value,
                noun,
                of: owner,
            };
            return (!deed).then_some((nested, next));
        };
        let pace = Quantity::Pace {
            per_s: value / period,
            noun: match deed {
                true if self.direction_known(&single(verb)) => single(verb),
                true => "record".to_owned(),
                false => noun,
            },
            of: owner,
            daily: period >= 86_400.0,
        };
        Some((pace, behind))
    }

    /// `5,200 resellers with 3 buyers each`, `60 schools, 25 teachers per school`: people of each of
    /// what is counted elsewhere.
    pub(super) fn people_of_each(
        &self,
        value: f64,
        at: usize,
        after: usize,
    ) -> Option<(Quantity, usize)> {
        let noun_at = self.counted_here(after)?;
        let word = self.word(noun_at);
        let noun = single(word);
        if !self.is_person(&noun) && !self.sounds_like_people(word) {
            return None;
        }
        let behind = noun_at + 1;
        let (of, next) = match self.word(behind) {
            "each" | "apiece" if self.period(behind + 1).is_none() => {
                let start = clause(self.tokens, at).start;
                let with = self.softened(at, start).checked_sub(1)?;
                let owner = self.word(with.checked_sub(1)?);
                let led = self.word(with) == "with" && plural(owner);
                (led.then_some(owner)?, behind + 1)
            }
            // `25 teachers per school and day` is a pace.
            "per" if self.word(behind + 2) != "and" && self.period(behind + 2).is_none() => {
                (self.word(behind + 1), behind + 2)
            }
            _ => return None,
        };
        let of = single(of);
        let counted = seconds(&of).is_none() && of != noun && self.counts(&of, at);
        counted.then_some((
            Quantity::Nested {
                number: value,
                noun,
                of,
            },
            next,
        ))
    }

    /// What the last number of the clause in front of a comma or bracket counts: of `80 photos per
    /// roof, 3 MB each` photos.
    pub(super) fn weighed(&self, comma: usize, people: bool) -> Option<String> {
        if !self.mark(comma, ',') && !self.mark(comma, '(') {
            return None;
        }
        let from = clause(self.tokens, comma.checked_sub(1)?).start;
        let number = (from..comma).rev().find(|i| self.number(*i).is_some())?;
        let (_, unit, after, _) = self.number(number)?;
        let word = self.word(self.counted_here(after).filter(|_| unit.is_empty())?);
        let noun = single(word);
        let person = self.is_person(&noun) || self.sounds_like_people(word);
        (people || !person).then_some(noun)
    }
}

impl Reader<'_> {
    /// Whether a noun names people, by a list or by its ending.
    pub(super) fn names_people(&self, noun: &str) -> bool {
        self.grammar(&[]).is_person(noun) || self.vocabulary.sounds_like_person(noun)
    }

    /// Organisations of whose people a number counts those of each: of `1,150 wholesalers with 4
    /// buyers each` buyers use it.
    pub(super) fn holders(&self, found: &[Found]) -> Vec<String> {
        let all = found.iter().filter_map(|f| match &f.quantity {
            Quantity::Nested { noun, of, .. }
                if self.names_people(noun) && self.vocabulary.organisations.contains(of) =>
            {
                Some(of.clone())
            }
            _ => None,
        });
        all.collect()
    }

    /// Adds the people of each of what is counted; whether this was such a count.
    pub(super) fn held(
        &mut self,
        (number, noun, of): (f64, &str, &str),
        stated: &Stated<f64>,
        all: &[Found],
    ) -> bool {
        if !self.names_people(noun) {
            return false;
        }
        // Members of groups are among those of whom no noun speaks: `1.1M monthly, 180k groups with 12
        // members each`.
        let everybody = self.brief.nouns.get("scale.mau");
        if everybody.is_some_and(|n| n == "user") {
            return true;
        }
        let owners = all.iter().find_map(|f| {
            let count = super::fields::counted(&f.quantity, of)?;
            Some((count, f.start, f.end))
        });
        let Some((owners, from, to)) = owners else {
            return false;
        };
        let words = self.words(Field::Scale, from, to);
        let people = Stated {
            value: number * owners,
            words: format!("{words}” × “{}", stated.words),
            place: stated.place.clone(),
        };
        self.add("scale.mau", people);
        self.brief.counted.insert(noun.to_owned());
        let nouns = &mut self.brief.nouns;
        nouns.entry("scale.mau").or_insert_with(|| noun.to_owned());
        true
    }

    /// Notes people who are counted by the day beside others who are counted by the month: `450
    /// households, 11 volunteers a week`.
    pub(super) fn part_of_day(&mut self, found: &[Found]) {
        let nouns = |wanted: Count| -> Vec<&str> {
            let all = found.iter().filter_map(|f| match &f.quantity {
                Quantity::Users { count, noun, .. } if *count == wanted => Some(noun.as_str()),
                _ => None,
            });
            all.collect()
        };
        let (daily, monthly) = (nouns(Count::Daily), nouns(Count::Monthly));
        let general =
            |n: &&str| matches!(*n, "user" | "dau" | "mau" | "people" | "person" | "account");
        let apart = !daily.is_empty()
            && !monthly.is_empty()
            && daily.iter().all(|n| !general(n) && !monthly.contains(n));
        if apart {
            self.brief.traits.insert("part_of_day".to_owned());
        }
    }

    /// Counts organisations of which the story tells what they do: somebody does it in each, also where
    /// other people are counted beside them. `450 sawmills, 90 foresters`, of which sawmills hand in
    /// bids.
    pub(super) fn acting(&mut self, holders: &[String]) {
        let numbers = &self.brief.numbers;
        let daily = ["scale.dau", "scale.concurrent"];
        if !numbers.contains_key("scale.mau") || daily.iter().any(|k| numbers.contains_key(k)) {
            return;
        }
        let mut acting: Vec<String> = Vec::new();
        for deed in super::story::story(&self.brief) {
            let Some(who) = deed
                .who
                .filter(|_| !matches!(deed.verb.as_str(), "get" | "receive"))
            else {
                continue;
            };
            let noun = who.strip_suffix(" employee").unwrap_or(&who);
            let noun = noun.rsplit(' ').next().unwrap_or(noun).to_owned();
            let place = who.ends_with(" employee") || self.vocabulary.organisations.contains(&noun);
            if place
                && !acting.contains(&noun)
                && !holders.contains(&noun)
                && !self.brief.counted.contains(&noun)
            {
                acting.push(noun);
            }
        }
        for noun in acting {
            if let Some(stock) = self.brief.stocks.get(&noun).cloned() {
                self.add("scale.mau", stock);
                self.brief.counted.insert("employee".to_owned());
            }
        }
    }

    /// `60 million pictures, 25 MB each, 20,000 uploads a day` beside other things that come: what is
    /// uploaded are those bodies.
    pub(super) fn bodies_uploaded(&mut self, found: &[Found]) {
        let numbers = &self.brief.numbers;
        let noun = |key: &str| self.brief.nouns.get(key).map_or("", String::as_str);
        let Some(body) = numbers.get("scale.object_mb").cloned() else {
            return;
        };
        let mixed = noun("scale.items_per_s") == "record";
        let known = numbers.contains_key("scale.gb_per_year");
        let uploads = found.iter().find_map(|f| match &f.quantity {
            Quantity::Items { per_s, noun, .. } if noun == "upload" => {
                Some((*per_s, f.start, f.end))
            }
            _ => None,
        });
        let file = super::rhythm::is_body(noun("scale.object_mb"));
        let Some((per_s, start, end)) = uploads.filter(|_| mixed && file && !known) else {
            return;
        };
        let words = self.words(Field::Scale, start, end);
        let sum = Stated {
            value: (per_s * 31_536_000.0 * body.value).round() / 1e3,
            words: format!("{words}” × “{}", body.words),
            place: body.place,
        };
        self.brief.numbers.insert("scale.gb_per_year", sum);
    }
}
