//! Peaks that a brief states as a share of the whole in a part of the time: `70% of them post within
//! 10 minutes`, `half of the applications come in January to March`.

use super::dates;
use super::extract::Reader;
use super::grammar::{Found, Grammar, Quantity, seconds};
use super::story::single;
use super::token::{Kind, Token};
use super::{Field, Stated};

const DAY: f64 = 86_400.0;

/// A share of the whole and the time in which it comes.
struct Window {
    /// 0 to 1.
    share: f64,
    /// What comes: a noun, or nothing where a pronoun stands for what was counted before.
    noun: String,
    /// Seconds.
    seconds: f64,
    /// Seconds of what it is a part of, where that is said: `of the month`.
    whole: Option<f64>,
    /// Index of the first token.
    at: usize,
    /// Index behind the last token.
    next: usize,
}

impl Reader<'_> {
    /// Reads the shares of a scale; gives the bytes that they explain.
    pub(super) fn windows(&mut self, tokens: &[Token], found: &[Found]) -> Vec<(usize, usize)> {
        let mut read = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let grammar = self.grammar(tokens);
            let rush = rush(&grammar, at).filter(|(window, _)| {
                let plain = |f: &Found| matches!(f.quantity, Quantity::Plain(_));
                found.iter().any(|f| f.at == window.at && plain(f))
            });
            let window = window(&grammar, at);
            at += 1;
            if let Some((window, number)) = rush {
                let said = self.said(&window, number / window.seconds);
                if self.greatest("scale.window_people_s", said) {
                    self.length(&window);
                }
                let ends = (tokens.get(window.at), tokens.get(window.next - 1));
                if let (Some(first), Some(last)) = ends {
                    read.push((first.start, last.end));
                    at = window.next;
                }
                continue;
            }
            let Some(window) = window else { continue };
            let told = self.crowd(&window, found) || self.flood(&window, tokens, found);
            let ends = (tokens.get(window.at), tokens.get(window.next - 1));
            if let (true, (Some(first), Some(last))) = (told, ends) {
                read.push((first.start, last.end));
                at = window.next;
            }
        }
        read
    }

    /// People of whom a share comes within a part of the day.
    fn crowd(&mut self, window: &Window, found: &[Found]) -> bool {
        let people = found.iter().filter(|f| f.at < window.at);
        let mut people = people.filter_map(|f| match &f.quantity {
            Quantity::Users { number, noun, .. } => Some((*number, noun.clone())),
            _ => None,
        });
        let counted = match window.noun.as_str() {
            // `them`: those who were counted last before it.
            "" => people.next_back().filter(|_| {
                let before = found.iter().rfind(|f| f.next <= window.at);
                before.is_some_and(|f| matches!(f.quantity, Quantity::Users { .. }))
            }),
            noun => people.rev().find(|(_, n)| n == noun),
        };
        let Some((number, _)) = counted.filter(|_| window.seconds < DAY) else {
            return false;
        };
        let said = self.said(window, number * window.share / window.seconds);
        if !self.greatest("scale.window_people_s", said) {
            return true;
        }
        self.length(window);
        // `photo 900 kB`, `share one photo a day`: each of them leaves a body.
        let numbers = &self.brief.numbers;
        let body = self.brief.nouns.get("scale.object_mb").cloned();
        let uncounted = !numbers.contains_key("scale.items_per_s")
            && !numbers.contains_key("scale.gb_per_year");
        if let Some(noun) = body.filter(|_| uncounted) {
            let each = self.said(window, number * window.share / DAY);
            self.brief.numbers.insert("scale.items_per_s", each);
            self.brief.nouns.insert("scale.items_per_s", noun);
        }
        true
    }

    /// Records of which a share comes within a part of their period.
    fn flood(&mut self, window: &Window, tokens: &[Token], found: &[Found]) -> bool {
        let all = found.iter().filter_map(|f| match &f.quantity {
            Quantity::Items { per_s, noun, .. } => {
                // The period of the count is the whole of which the share is one.
                let words = tokens.get(f.at..f.next).unwrap_or_default().iter();
                let period = words.rev().find_map(|t| match t.word() {
                    "daily" | "night" => Some(DAY),
                    "weekly" => Some(7.0 * DAY),
                    "monthly" => seconds("month"),
                    "yearly" | "annually" => seconds("year"),
                    word => seconds(word),
                })?;
                Some((*per_s, noun, period, f.at))
            }
            _ => None,
        });
        let meant =
            |noun: &str| noun == window.noun || noun.ends_with(&format!(" {}", window.noun));
        let all: Vec<_> = all.collect();
        let counted = match window.noun.as_str() {
            "" => all.iter().rfind(|(.., at)| *at < window.at),
            _ => all.iter().find(|(_, noun, ..)| meant(noun)),
        };
        let Some((per_s, _, period, _)) = counted else {
            return false;
        };
        // `half of them in 2 hours of the day` is half of a day, whatever period the count has.
        let period = window.whole.unwrap_or(*period);
        let rate = per_s * period * window.share / window.seconds;
        // Less than an even share is no peak.
        if window.seconds >= period || rate <= *per_s {
            return false;
        }
        let said = self.said(window, rate);
        if self.greatest("scale.window_items_s", said) {
            self.length(window);
        }
        true
    }

    fn said(&self, window: &Window, value: f64) -> Stated<f64> {
        let text = self.brief.text(Field::Scale);
        let tokens = super::tokens(text);
        let start = tokens.get(window.at).map_or(0, |t| t.start);
        let end = tokens.get(window.next - 1).map_or(start, |t| t.end);
        self.stated(Field::Scale, value, start, end)
    }

    /// Keeps the greatest of several rates; whether this is it.
    fn greatest(&mut self, key: &'static str, said: Stated<f64>) -> bool {
        let known = self.brief.numbers.get(key).map(|known| known.value);
        if known.is_some_and(|known| known >= said.value) {
            return false;
        }
        self.brief.numbers.insert(key, said);
        true
    }

    fn length(&mut self, window: &Window) {
        let said = self.said(window, window.seconds);
        self.brief.numbers.insert("scale.window_s", said);
    }
}

/// So many people who do something within a part of the day: `40,000 vote within 5 minutes`.
fn rush(grammar: &Grammar<'_>, at: usize) -> Option<(Window, f64)> {
    const DO: [&str; 18] = [
        "vote", "register", "log", "sign", "post", "answer", "start", "arrive", "join", "come",
        "book", "order", "apply", "bid", "check", "submit", "upload", "buy",
    ];
    let (number, unit, verb, _) = grammar.number(at)?;
    // `12,000 order lines in an hour`, `300 check points`: a noun stands behind what is none.
    let goes_on = matches!(
        grammar.word(verb + 1),
        "in" | "within"
            | "on"
            | "during"
            | "between"
            | "from"
            | "up"
            | "for"
            | "at"
            | "all"
            | "online"
            | "a"
            | "an"
            | "the"
            | "their"
    );
    if !unit.is_empty() || number < 10.0 || !DO.contains(&grammar.word(verb)) || !goes_on {
        return None;
    }
    let hard = |i: usize| {
        let token = grammar.tokens.get(i);
        token.is_none_or(|t| ['.', ';', ',', '\n'].iter().any(|c| t.is(*c)))
    };
    let mut last = (verb + 1..verb + 5).take_while(|i| !hard(*i));
    let (seconds, next) = last.find_map(|i| time(grammar, i))?;
    let window = Window {
        share: 1.0,
        noun: String::new(),
        seconds,
        whole: None,
        at,
        next,
    };
    (60.0..DAY).contains(&seconds).then_some((window, number))
}

/// The share at a token with the window behind it.
fn window(grammar: &Grammar<'_>, at: usize) -> Option<Window> {
    let (share, mut next) = share(grammar, at)?;
    if grammar.word(next) == "of" {
        next += 1;
    } else if !matches!(grammar.word(at), "half" | "all") {
        return None;
    }
    while matches!(grammar.word(next), "the" | "all" | "our" | "these" | "new") {
        next += 1;
    }
    let noun = match grammar.word(next) {
        "" => return None,
        "it" | "them" | "those" | "which" => String::new(),
        word => single(word),
    };
    let hard = |i: usize| {
        let token = grammar.tokens.get(i);
        token.is_none_or(|t| ['.', ';', ',', '\n'].iter().any(|c| t.is(*c)))
    };
    let mut last = (next + 1..next + 12).take_while(|i| !hard(*i));
    let (seconds, behind) = last.find_map(|i| time(grammar, i))?;
    // Within seconds is mostly how fast an answer comes: `95% of users see results within 1 s`.
    const WAITING: [&str; 12] = [
        "are", "is", "see", "sees", "get", "gets", "receive", "receives", "have", "has", "wait",
        "load",
    ];
    let waits = (next..behind).any(|i| WAITING.contains(&grammar.word(i)));
    if seconds < 60.0 && waits {
        return None;
    }
    let led = grammar.word(behind) == "of"
        && matches!(grammar.word(behind + 1), "the" | "a" | "each" | "every");
    let whole = self::seconds(grammar.word(behind + 2)).filter(|_| led);
    let next = behind + if whole.is_some() { 3 } else { 0 };
    Some(Window {
        share,
        noun,
        seconds,
        whole,
        at,
        next,
    })
}

/// `70%`, `half`, `two thirds`, `all` at a token, and the index behind.
fn share(grammar: &Grammar<'_>, at: usize) -> Option<(f64, usize)> {
    let word = |i: usize| grammar.word(i);
    if let Some((value, unit, next, _)) = grammar.number(at) {
        let percent = unit == "%" || grammar.mark(next, '%') || word(next) == "percent";
        let next = next + usize::from(unit != "%");
        return (percent && value > 0.0 && value <= 100.0).then_some((value / 100.0, next));
    }
    let part = |w: &str| match single(w).as_str() {
        "half" => Some(0.5),
        "third" => Some(1.0 / 3.0),
        "quarter" => Some(0.25),
        "fifth" => Some(0.2),
        _ => None,
    };
    match word(at) {
        "half" | "all" | "everything" => {
            let share = if word(at) == "half" { 0.5 } else { 1.0 };
            Some((share, at + 1))
        }
        "a" => Some((part(word(at + 1))?, at + 2)),
        "two" | "three" => {
            let count = if word(at) == "two" { 2.0 } else { 3.0 };
            let share = count * part(word(at + 1))?;
            (share < 1.0).then_some((share, at + 2))
        }
        _ => None,
    }
}

/// The length of the time at a token, in seconds, and the index behind.
fn time(grammar: &Grammar<'_>, at: usize) -> Option<(f64, usize)> {
    let word = |i: usize| grammar.word(i);
    if !matches!(
        word(at),
        "in" | "within" | "on" | "during" | "between" | "from"
    ) {
        return None;
    }
    if let Some((months, next)) = dates::months(grammar.tokens, at) {
        return Some((months, next));
    }
    let mut next = at + 1;
    while matches!(
        word(next),
        "the" | "first" | "last" | "same" | "a" | "working" | "only" | "its" | "their" | "about"
    ) {
        next += 1;
    }
    // `on working days 1 to 3`
    if matches!(word(next), "day" | "days") {
        let (from, _, to, _) = grammar.number(next + 1)?;
        let linked = word(to) == "to" || grammar.mark(to, '-') || grammar.mark(to, '–');
        let (until, _, behind, _) = grammar.number(to + 1).filter(|_| linked)?;
        return (until >= from).then_some(((until - from + 1.0) * DAY, behind));
    }
    let (value, unit, next) = match grammar.tokens.get(next).map(|t| &t.kind) {
        Some(Kind::Number { .. }) => {
            let (value, unit, after, _) = grammar.number(next)?;
            (value, unit.to_owned(), after)
        }
        _ => match grammar.vocabulary.number(word(next)) {
            Some(value) => (value, String::new(), next + 1),
            // `in the first hour`
            None if next > at + 2 => (1.0, String::new(), next),
            None => return None,
        },
    };
    if !unit.is_empty() {
        return Some((value * seconds(&unit)?, next));
    }
    let working = usize::from(matches!(word(next), "working" | "business"));
    let unit = seconds(word(next + working))?;
    (value > 0.0).then_some((value * unit, next + working + 1))
}

#[cfg(test)]
mod tests {
    use crate::read_brief;

    fn number(scale: &str, key: &str) -> Option<f64> {
        let text = format!("purpose: Clerks register parcels.\nscale: \"{scale}\"\n");
        let (brief, found) = read_brief("brief.yaml", &text);
        assert!(
            found.iter().all(|d| d.name != "W-NUMBER-UNREAD"),
            "{found:?}"
        );
        let value = brief.number(key)?;
        Some((value * 1e3).round() / 1e3)
    }

    #[test]
    fn shares_of_people_within_minutes_are_a_rate() {
        let key = "scale.window_people_s";
        let of = |scale: &str| number(scale, key);
        assert_eq!(
            of("600k DAU, 50% of them post within 10 minutes"),
            Some(500.0)
        );
        assert_eq!(
            of("7,200 students, half of them log in within the first hour"),
            Some(1.0)
        );
        assert_eq!(
            of("3,600 players daily, two thirds of the players answer in 20 s"),
            Some(120.0)
        );
        assert_eq!(of("3,600 players, 20 desks"), None);
        assert_eq!(of("900 dealers, 36,000 order lines within 5 minutes"), None);
        assert_eq!(
            of("180,000 holders registered, 36,000 vote within 5 minutes"),
            Some(120.0)
        );
        // The greatest of two, in any order.
        let two = "7,200 students, 30% of the students log in within 5 minutes, half of the students log in within the first hour";
        assert_eq!(of(two), Some(7.2));
        let fast =
            "purpose: Clerks file.\nscale: 40,000 users, 95% of users see results within 1 s";
        let (brief, _) = read_brief("brief.yaml", fast);
        assert_eq!(brief.number(key), None);
    }

    #[test]
    fn shares_of_records_in_a_part_of_their_period_are_a_rate() {
        let key = "scale.window_items_s";
        let of = |scale: &str| number(scale, key);
        assert_eq!(
            of(
                "40 clerks, 31.536 million bookings a year, half of the bookings come in January to March"
            ),
            Some(2.0)
        );
        assert_eq!(
            of("26.28 million lines per month, all of it arrives on working days 1 to 3"),
            Some(101.389)
        );
        assert_eq!(
            of("86,400 orders a day, 75% of orders within two hours"),
            Some(9.0)
        );
        // Less than an even share is no peak, and a share of nothing that is counted none.
        let text = "purpose: Clerks file.\nscale: 12 million bookings a year, half of bookings in 9 months";
        let (brief, _) = read_brief("brief.yaml", text);
        assert_eq!(brief.number(key), None);
        let text = "purpose: Clerks file.\nscale: 9 clerks, half of the summer comes in 3 days";
        let (brief, _) = read_brief("brief.yaml", text);
        assert_eq!(brief.number(key), None);
    }
}
