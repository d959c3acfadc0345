//! Days that a brief names: `2027-04-01`, `Q2 2027`, `1 January 2028`, and seasons: `from October to
//! April`.

use super::token::{Kind, Token, tokens};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Days of a month on average.
const MONTH: f64 = 365.0 / 12.0;

/// A day of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Day {
    /// Days since 1970.
    pub(super) day: f64,
    /// First byte.
    pub(super) start: usize,
    /// Byte behind the last.
    pub(super) end: usize,
}

/// The number of a month, 1 to 12: `january`, `jan`.
fn month(word: &str) -> Option<i64> {
    let named = |m: &str| m == word || word.len() == 3 && m.starts_with(word);
    let at = MONTHS.iter().position(|m| named(m))?;
    Some(at as i64 + 1)
}

/// All days that a text names, in its order.
pub(super) fn days_of(text: &str) -> Vec<Day> {
    let all = tokens(text);
    let mut found: Vec<Day> = Vec::new();
    let mut i = 0;
    while i < all.len() {
        match iso(text, &all, i)
            .or_else(|| quarter(&all, i))
            .or_else(|| written(&all, i))
        {
            Some((day, next)) => {
                let start = all.get(i).map_or(0, |t| t.start);
                let end = all.get(next - 1).map_or(start, |t| t.end);
                found.push(Day { day, start, end });
                i = next;
            }
            None => i += 1,
        }
    }
    found
}

/// Which of the days of a timeline is that on which the work begins: `we start in January 2027`,
/// `award of contract on 1 March 2027`.
pub(super) fn begins(text: &str, named: &[Day]) -> Option<usize> {
    const WORK: [&str; 10] = [
        "we",
        "work",
        "works",
        "project",
        "development",
        "contract",
        "to",
        "can",
        "will",
        "team",
    ];
    /// Words between the verb and its day.
    const NEAR: usize = 5;
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    named.iter().position(|day| {
        let Some(at) = all.iter().position(|t| t.start == day.start) else {
            return false;
        };
        let from = super::words::clause(&all, at).start;
        let verb = (from.max(at.saturating_sub(NEAR))..at).find(|k| {
            let award = matches!(word(*k), "award" | "kickoff" | "kick-off");
            let start = matches!(
                word(*k),
                "start" | "starts" | "starting" | "begin" | "begins" | "commences"
            );
            // `the season starts`, `start of school`, `start with the pilot`: other things begin.
            let led = *k == from || WORK.contains(&word(k - 1));
            let other = matches!(word(k + 1), "of" | "with" | "using");
            award || start && led && !other
        });
        // `development starts before 1 May`, `until work begins`
        verb.is_some_and(|k| {
            !(from..k).any(|i| matches!(word(i), "before" | "until" | "after" | "when"))
                && !(k..at).any(|i| matches!(word(i), "before" | "until" | "after"))
        })
    })
}

/// `start is March, before the season in October`: two months without a year, one of which is that of
/// the start, as the weeks between them and the bytes of both.
pub(super) fn months_apart(all: &[Token]) -> Option<(f64, usize, usize)> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    // `may` and `march` are verbs as well: a month stands alone, in brackets or behind its word.
    let led = |i: usize| {
        let before = i.checked_sub(1).map_or("", word);
        let bracket = i > 0 && all.get(i - 1).is_some_and(|t| t.is('('));
        bracket
            || matches!(
                before,
                "in" | "is"
                    | "by"
                    | "of"
                    | "from"
                    | "until"
                    | "before"
                    | "early"
                    | "mid"
                    | "late"
                    | "end"
            )
    };
    let named: Vec<(usize, i64)> = (0..all.len())
        .filter(|i| led(*i))
        .filter_map(|i| Some((i, month(word(i))?)))
        .collect();
    let [one, two] = named[..] else { return None };
    let begins = |at: usize| {
        let from = super::words::clause(all, at).start;
        (from.max(at.saturating_sub(4))..at).any(|k| {
            matches!(
                word(k),
                "start" | "starts" | "starting" | "begin" | "begins" | "kickoff" | "kick-off"
            )
        })
    };
    // `closed in August` ends nothing.
    let ends = |at: usize| {
        // `(october)`: what leads to it stands before the bracket.
        let before = at.checked_sub(1).and_then(|k| all.get(k));
        let led = match before.is_some_and(|t| t.is('(')) {
            true => at - 1,
            false => at,
        };
        let from = super::words::clause(all, led.saturating_sub(1)).start;
        (from.max(led.saturating_sub(6))..led).any(|k| {
            matches!(
                word(k),
                "before"
                    | "by"
                    | "done"
                    | "end"
                    | "ends"
                    | "finished"
                    | "go-live"
                    | "launch"
                    | "live"
                    | "ready"
                    | "relaunch"
                    | "until"
            )
        })
    };
    let (start, end) = match (begins(one.0), begins(two.0)) {
        (true, false) if ends(two.0) => (one, two),
        (false, true) if ends(one.0) => (two, one),
        _ => return None,
    };
    let months = (end.1 - start.1).rem_euclid(12);
    let weeks = (months as f64 * MONTH / 7.0 * 10.0).round() / 10.0;
    let span = all.get(one.0)?.start..all.get(two.0)?.end;
    (months > 0).then_some((weeks, span.start, span.end))
}

fn whole(token: Option<&Token>) -> Option<(i64, &str)> {
    match &token?.kind {
        Kind::Number { value, suffix, .. } if value.fract() == 0.0 => {
            Some((*value as i64, suffix.as_str()))
        }
        _ => None,
    }
}

fn year(token: Option<&Token>) -> Option<i64> {
    let (value, suffix) = whole(token)?;
    (suffix.is_empty() && (1970..2200).contains(&value)).then_some(value)
}

/// `2027-04-01`, `2027-04`: the first day of the month if none stands.
fn iso(text: &str, all: &[Token], at: usize) -> Option<(f64, usize)> {
    let year = year(all.get(at))?;
    let part = |i: usize, most: i64| {
        let dash = all.get(i).filter(|t| t.is('-'))?;
        let digits = all.get(i + 1)?;
        let tight = dash.end == digits.start && digits.end - digits.start == 2;
        let (value, suffix) = whole(Some(digits))?;
        (tight && suffix.is_empty() && (1..=most).contains(&value)).then_some(value)
    };
    let start = all.get(at)?;
    let tight = text.get(start.end..).is_some_and(|t| t.starts_with('-'));
    let month = part(at + 1, 12).filter(|_| tight)?;
    Some(match part(at + 3, 31) {
        Some(day) => (days(year, month, day), at + 5),
        None => (days(year, month, 1), at + 3),
    })
}

/// The first day after a quarter, `2027-Q2` or `Q2 2027`.
fn quarter(all: &[Token], at: usize) -> Option<(f64, usize)> {
    let nth = |i: usize| {
        let word = all.get(i)?.word();
        let nth: i64 = word.strip_prefix('q')?.parse().ok()?;
        (1..=4).contains(&nth).then_some(nth)
    };
    let (nth, year, next) = match nth(at) {
        Some(nth) => {
            let skip = usize::from(all.get(at + 1).is_some_and(|t| t.word() == "of"));
            (nth, year(all.get(at + 1 + skip))?, at + 2 + skip)
        }
        None => {
            let dash = usize::from(all.get(at + 1).is_some_and(|t| t.is('-')));
            (nth(at + 1 + dash)?, year(all.get(at))?, at + 2 + dash)
        }
    };
    let month = nth * 3 + 1;
    Some((
        match month > 12 {
            true => days(year + 1, 1, 1),
            false => days(year, month, 1),
        },
        next,
    ))
}

/// `1 January 2028`, `January 1st, 2028`, `January 2028`, `end of June 2027`.
fn written(all: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let day = |i: usize| {
        let (value, suffix) = whole(all.get(i))?;
        let plain = matches!(suffix, "" | "st" | "nd" | "rd" | "th");
        (plain && (1..=31).contains(&value)).then_some(value)
    };
    if let Some(first) = day(at) {
        let of = usize::from(word(at + 1) == "of");
        let month = month(word(at + 1 + of))?;
        let year = year(all.get(at + 2 + of))?;
        return Some((days(year, month, first), at + 3 + of));
    }
    let month_here = month(word(at))?;
    let ends = at > 1 && word(at - 1) == "of" && word(at - 2) == "end";
    if let Some(day) = day(at + 1) {
        let comma = usize::from(all.get(at + 2).is_some_and(|t| t.is(',')));
        if let Some(year) = year(all.get(at + 2 + comma)) {
            return Some((days(year, month_here, day), at + 3 + comma));
        }
    }
    let (year, next) = match year(all.get(at + 1)) {
        Some(year) => (year, at + 2),
        None => (year_before(all, at)?, at + 1),
    };
    let first = days(year, month_here, 1);
    Some((if ends { (first + MONTH).floor() } else { first }, next))
}

/// The year before a month in brackets: `the season of 2028 (end of March)`.
fn year_before(all: &[Token], at: usize) -> Option<i64> {
    let led = |k: &usize| {
        all.get(*k).is_some_and(|t| {
            matches!(
                t.word(),
                "end" | "of" | "by" | "in" | "early" | "mid" | "late" | "beginning" | "the"
            )
        })
    };
    let words = (0..at).rev().take_while(led).count();
    let bracket = at.checked_sub(words + 1)?;
    let year_at = bracket
        .checked_sub(1)
        .filter(|_| all.get(bracket).is_some_and(|t| t.is('(')))?;
    year(all.get(year_at))
}

/// `from October to April`, `between May and September`: on how many days of a year, and the bytes.
pub(super) fn season(all: &[Token]) -> Option<(f64, usize, usize)> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    (1..all.len()).find_map(|i| {
        let from = month(word(i))?;
        let linked = matches!(
            (word(i - 1), word(i + 1)),
            ("from", "to" | "until" | "till" | "through") | ("between", "and")
        );
        let to = month(word(i + 2)).filter(|_| linked)?;
        let months = (to - from).rem_euclid(12) + 1;
        let start = all.get(i - 1)?.start;
        let end = all.get(i + 2)?.end;
        // `growth from January to March 2026` is said of one year.
        let dated = whole(all.get(i + 3)).is_some_and(|(year, _)| year > 1900);
        (months < 12 && !dated).then(|| ((months as f64 * MONTH).round(), start, end))
    })
}

/// `in January to March`, `in December`, `between May and July` at its first word: seconds and the
/// index behind.
pub(super) fn months(all: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let from = month(word(at + 1)).filter(|_| word(at + 1) != "may" || word(at) != "on")?;
    let dash = all.get(at + 2).is_some_and(|t| t.is('-') || t.is('–'));
    let linked = dash || matches!(word(at + 2), "to" | "until" | "and" | "through" | "till");
    let to = month(word(at + 3)).filter(|_| linked);
    let count = (to.unwrap_or(from) - from).rem_euclid(12) + 1;
    let next = at + if to.is_some() { 4 } else { 2 };
    (count < 12).then_some((count as f64 * 2_628_000.0, next))
}

/// Days since 1970 of a day of the civil calendar (Hinnant).
fn days(year: i64, month: i64, day: i64) -> f64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    (era * 146_097 + doe - 719_468) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(f64, &str)> {
        let all = days_of(text).into_iter();
        all.map(|d| (d.day - days(2027, 1, 1), &text[d.start..d.end]))
            .collect()
    }

    #[test]
    fn days_are_read_in_figures_and_words() {
        assert_eq!(
            told("by 2027-04-01, then 2027-06"),
            [(90.0, "2027-04-01"), (151.0, "2027-06")]
        );
        assert_eq!(told("MVP in Q2 2027"), [(181.0, "Q2 2027")]);
        assert_eq!(
            told("2027-Q1 or Q4 2026"),
            [(90.0, "2027-Q1"), (0.0, "Q4 2026")]
        );
        assert_eq!(
            told("the renewals of 1 January 2028"),
            [(365.0, "1 January 2028")]
        );
        assert_eq!(
            told("on March 3rd, 2027 at the latest"),
            [(61.0, "March 3rd, 2027")]
        );
        assert_eq!(told("end of June 2027"), [(181.0, "June 2027")]);
        assert!(told("we may, in 12 months, on 3 sites").is_empty());
    }

    #[test]
    fn a_day_on_which_work_begins_is_no_deadline() {
        let of = |text: &str| begins(text, &days_of(text));
        for first in [
            "we start in January 2027, relaunch by Q3 2027",
            "T1 award of contract on 1 March 2027. Acceptance before 15 October 2027.",
            "start in January 2027\nshops in Q4 2027",
            "Work begins on 2027-02-01; live by 2027-12-01",
        ] {
            assert_eq!(of(first), Some(0), "{first}");
        }
        assert_eq!(of("Live by Q3 2027, we start in January 2027"), Some(1));
        for none in [
            "live at the start of January 2027",
            "before the season starts in May 2027",
            "school starts on 1 September 2027",
            "until work begins on 1 September 2027",
            "start with the pilot in January 2027",
            "must be live before we start in May 2027",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn seasons_have_their_days() {
        let of = |text: &str| season(&tokens(text)).map(|(days, ..)| days);
        assert_eq!(of("the season runs from October to April"), Some(213.0));
        assert_eq!(of("open between May and September"), Some(152.0));
        assert_eq!(of("from Monday to Friday"), None);
        assert_eq!(of("growth from January to March 2026"), None);
    }
}
