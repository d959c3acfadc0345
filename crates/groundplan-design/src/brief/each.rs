//! What each of several things does, has or goes through: `each calls 40 customers a day`, `with 4
//! buyers each`, `every crane is inspected every 2 weeks`.

use super::counts::{ENDS, plural};
use super::extract::Reader;
use super::grammar::{Found, Grammar, Quantity, gigabytes, seconds};
use super::story::single;
use super::token::{Token, singular};
use super::words::clause;
use super::{Field, Stated};

/// Words between what is counted and its number that change nothing of it.
fn filler(word: &str) -> bool {
    matches!(
        word,
        "about"
            | "around"
            | "roughly"
            | "some"
            | "on"
            | "average"
            | "avg"
            | "typically"
            | "up"
            | "to"
    )
}

/// Whether a word behind `each` says when: `each evening 40 drivers come`.
fn of_time(word: &str) -> bool {
    let part = [
        "night",
        "evening",
        "morning",
        "afternoon",
        "weekend",
        "shift",
        "season",
        "spring",
        "summer",
        "autumn",
        "winter",
        "monday",
        "friday",
        "saturday",
        "sunday",
        "time",
    ];
    seconds(word).is_some() || part.contains(&singular(word))
}

/// The noun of a deed that is done to something again and again: `inspected` is an inspection.
fn nominal(verb: &str) -> Option<String> {
    let stem = verb.strip_suffix("ed").filter(|s| s.len() > 2)?;
    Some(match stem {
        _ if stem.ends_with("ct") || stem.ends_with("at") => format!("{stem}ion"),
        "servic" | "invoic" => format!("{stem}e"),
        "check" | "visit" | "test" | "audit" | "report" | "repair" => stem.to_owned(),
        _ => format!("{stem}ing"),
    })
}

impl Grammar<'_> {
    /// The index of the first token in front of a number and the words that only soften it.
    fn softened(&self, at: usize, start: usize) -> usize {
        let mut k = at;
        while k > start && (filler(self.word(k - 1)) || self.mark(k - 1, '~')) {
            k -= 1;
        }
        k
    }

    /// The plural noun that ends in front of a token, over a comma, a bracket or `with`.
    fn plural_before(&self, at: usize) -> Option<&str> {
        let between = |i: usize| {
            matches!(self.word(i), "with" | "having" | "and")
                || [',', '(', '~'].iter().any(|c| self.mark(i, *c))
        };
        let mut k = at;
        while k > 0 && k + 3 > at && between(k - 1) {
            k -= 1;
        }
        let word = self.word(k.checked_sub(1)?);
        plural(word).then(|| singular(word))
    }

    /// The index of the plural noun that a number counts, at its first words.
    fn counted_here(&self, after: usize) -> Option<usize> {
        let at = (after..after + 3).find(|i| plural(self.word(*i)))?;
        let plain = (after..=at).all(|i| !self.word(i).is_empty() && !ENDS.contains(&self.word(i)));
        let unit = seconds(self.word(at)).is_some() || gigabytes(self.word(at)).is_some();
        (plain && !unit && singular(self.word(at)) != "time").then_some(at)
    }

    /// `each calls 40 customers a day`, `each lot gets 6 bids`: so many by each of what the clause
    /// speaks of, or of what was counted before it.
    pub(super) fn each_does(
        &self,
        value: f64,
        at: usize,
        after: usize,
    ) -> Option<(Quantity, usize)> {
        let start = clause(self.tokens, at).start;
        let k = self.softened(at, start);
        let each = (start..k)
            .rev()
            .find(|i| matches!(self.word(*i), "each" | "every"))?;
        let between: Vec<&str> = (each + 1..k).map(|i| self.word(i)).collect();
        let (first, last) = (*between.first()?, *between.last()?);
        let numbers = (each + 1..k).any(|i| self.number(i).is_some());
        if numbers || of_time(first) || last != "with" && ENDS.contains(&last) {
            return None;
        }
        let verb = last.ends_with('s') && !last.ends_with("ss")
            || last.ends_with("ing")
            || matches!(last, "with" | "have");
        let phrase = between.iter().take_while(|w| !ENDS.contains(w)).count();
        let owner = match (between.len(), verb) {
            // `220 agents, each calls 40`, `each of them calls 40`
            (1, true) => self.plural_before(each)?,
            _ if phrase == 0 => self.plural_before(each)?,
            (1, false) => last,
            (n, true) if phrase == n => between.get(n - 2)?,
            _ => between.get(phrase - 1)?,
        };
        let noun_at = self.counted_here(after)?;
        let noun = singular(self.word(noun_at));
        let mut next = noun_at + 1;
        while matches!(self.word(next), "on" | "average") {
            next += 1;
        }
        // Who is called is not new: the calls are.
        let person = self.is_person(noun) || self.sounds_like_people(self.word(noun_at));
        let deed = person && verb && !matches!(last, "with" | "have" | "has" | "gets");
        let Some((period, behind)) = self.period(next) else {
            let nested = Quantity::Nested {
                number: value,
                noun: noun.to_owned(),
                of: singular(owner).to_owned(),
            };
            return (!deed).then_some((nested, next));
        };
        let pace = Quantity::Pace {
            per_s: value / period,
            noun: if deed { single(last) } else { noun.to_owned() },
            of: singular(owner).to_owned(),
            daily: period >= 86_400.0,
        };
        Some((pace, behind))
    }

    /// `1,150 wholesalers with 4 buyers each`, `25 teachers per school`: people of each organisation.
    pub(super) fn people_of_each(
        &self,
        value: f64,
        at: usize,
        after: usize,
    ) -> Option<(Quantity, usize)> {
        let noun_at = self.counted_here(after)?;
        let word = self.word(noun_at);
        if !self.is_person(singular(word)) && !self.sounds_like_people(word) {
            return None;
        }
        let behind = noun_at + 1;
        let (of, next) = match self.word(behind) {
            "each" | "apiece" => {
                let k = self.softened(at, clause(self.tokens, at).start);
                (self.plural_before(k)?, behind + 1)
            }
            "per" => (self.word(behind + 1), behind + 2),
            "in" | "at" | "of" if matches!(self.word(behind + 1), "each" | "every") => {
                (self.word(behind + 2), behind + 3)
            }
            _ => return None,
        };
        let of = singular(of);
        let thing = !of.is_empty() && seconds(of).is_none() && of != singular(word);
        thing.then(|| {
            let nested = Quantity::Nested {
                number: value,
                noun: singular(word).to_owned(),
                of: of.to_owned(),
            };
            (nested, next)
        })
    }

    /// The noun of the number in front of a comma or bracket: what `, 45 MB on average` weighs.
    pub(super) fn weighed(&self, comma: usize) -> Option<&str> {
        if !self.mark(comma, ',') && !self.mark(comma, '(') {
            return None;
        }
        let ends = |i: usize| ['.', ';', '\n'].iter().any(|c| self.mark(i, *c));
        let number = (comma.saturating_sub(12)..comma)
            .rev()
            .take_while(|i| !ends(*i))
            .find(|i| self.number(*i).is_some())?;
        let (.., after, _) = self.number(number)?;
        self.counted_here(after).map(|i| singular(self.word(i)))
    }
}

impl Reader<'_> {
    /// Whether a noun names people, by a list or by its ending.
    fn names_people(&self, noun: &str) -> bool {
        self.grammar(&[]).is_person(noun) || self.vocabulary.sounds_like_person(noun)
    }

    /// Nouns of what has people of its own that are counted: `1,150 wholesalers with 4 buyers each`
    /// counts buyers.
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

    /// People of each of what is counted; whether this was such a count.
    pub(super) fn held(
        &mut self,
        (number, noun, of): (f64, &str, &str),
        stated: &Stated<f64>,
        all: &[Found],
    ) -> bool {
        let owners = all
            .iter()
            .find_map(|f| Some((super::fields::counted(&f.quantity, of)?, f.start, f.end)));
        let Some((owners, from, to)) = owners.filter(|_| self.names_people(noun)) else {
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

    /// Organisations of which the story says what they do have at least one who does it, also where
    /// other people are counted beside them.
    pub(super) fn acting(&mut self) {
        if !self.brief.numbers.contains_key("scale.mau") || self.brief.stocks.is_empty() {
            return;
        }
        let mut acting: Vec<String> = Vec::new();
        for deed in super::story::story(&self.brief) {
            let Some(who) = deed.who else { continue };
            let noun = who.strip_suffix(" employee").unwrap_or(&who);
            let noun = noun.rsplit(' ').next().unwrap_or(noun).to_owned();
            let place = who.ends_with(" employee") || self.vocabulary.organisations.contains(&noun);
            if place && !self.brief.counted.contains(&noun) && !acting.contains(&noun) {
                acting.push(noun);
            }
        }
        for noun in acting {
            let Some(stock) = self.brief.stocks.get(&noun).cloned() else {
                continue;
            };
            // Whose people are counted one by one has been counted.
            let known = self.brief.numbers.get("scale.mau");
            if known.is_some_and(|all| all.words.contains(&stock.words)) {
                continue;
            }
            self.add("scale.mau", stock);
            self.brief.counted.insert("employee".to_owned());
        }
    }

    /// `each crane is inspected every 2 weeks`: what is done to counted things again and again, and
    /// the bytes that say it.
    pub(super) fn repeated(&mut self, tokens: &[Token]) -> Vec<(usize, usize)> {
        const YEARS: f64 = 5.0 * 31_536_000.0;
        let word = |i: usize| tokens.get(i).map_or("", Token::word);
        let mut read = Vec::new();
        for i in 1..tokens.len() {
            let start = clause(tokens, i).start;
            if !matches!(word(i), "every" | "once") || i == start {
                continue;
            }
            let interval = self.grammar(tokens).interval(i);
            let period = interval.filter(|(s, _)| (43_200.0..=YEARS).contains(s));
            let (Some((period, next)), Some(noun)) = (period, nominal(word(i - 1))) else {
                continue;
            };
            let count = (start..i - 1).find_map(|at| {
                let stocks = &self.brief.stocks;
                stocks.get(&single(word(at))).cloned()
            });
            let (Some(count), Some(from), Some(to)) =
                (count, tokens.get(start), tokens.get(next - 1))
            else {
                continue;
            };
            let said = self.stated(Field::Scale, count.value / period, from.start, to.end);
            let said = Stated {
                words: format!("{}” × “{}", count.words, said.words),
                ..said
            };
            self.add("scale.items_per_s", said);
            self.comes(&noun);
            read.push((from.start, to.end));
        }
        read
    }

    /// Notes what comes in; of two kinds together neither is meant.
    pub(super) fn comes(&mut self, noun: &str) {
        let known = self.brief.nouns.entry("scale.items_per_s");
        known
            .and_modify(|first| {
                if first != noun {
                    "record".clone_into(first);
                }
            })
            .or_insert_with(|| noun.to_owned());
    }
}
