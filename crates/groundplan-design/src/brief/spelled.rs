//! Numbers that a scale spells out: `forty-two schools`, `three thousand teachers`.

use super::token::{Kind, Token, multiplier, tokens};
use groundplan_knowledge::design_tables;

/// No brief counts more.
const MOST: f64 = 1e15;

/// What a word alone counts: up to ninety-nine.
fn small(word: &str) -> Option<f64> {
    // `dozen` multiplies, articles count nothing.
    let other = matches!(word, "a" | "an" | "single" | "dozen");
    let value = design_tables().vocabulary.number(word);
    value.filter(|n| !other && (1.0..100.0).contains(n))
}

fn times(word: &str) -> Option<f64> {
    match word {
        "dozen" => Some(12.0),
        "hundred" => Some(100.0),
        // `40 m` and `3 k` have their digits.
        w if w.len() > 2 => multiplier(w),
        _ => None,
    }
}

/// The number that begins at a word, and the token behind it. `One` and `a` alone count nothing.
fn number(all: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    // What the last multiplier was: each is smaller than the one before.
    let (mut sum, mut part, mut last) = (0.0, 0.0, f64::INFINITY);
    let (mut i, mut read) = (at, 0);
    match (word(i), times(word(i + 1)), times(word(i + 2))) {
        // `a thousand`, `half a million`
        ("a" | "an", Some(_), _) => (part, i) = (1.0, i + 1),
        ("half", _, Some(_)) if matches!(word(i + 1), "a" | "an") => (part, i) = (0.5, i + 2),
        _ => {}
    }
    loop {
        let hundreds = part >= 100.0 && part % 100.0 == 0.0;
        // `two hundred and fifty`; `two hundred and three hundred` are two numbers.
        let open = hundreds || part == 0.0 && sum > 0.0;
        let behind = times(word(i + 2)).unwrap_or(if hundreds { last } else { 0.0 });
        let fits = if hundreds {
            behind > 100.0
        } else {
            behind < last
        };
        let joins = open && fits && word(i) == "and" && small(word(i + 1)).is_some();
        let joined = usize::from(joins);
        // `twenty five`, and no `twenty thirty`.
        let ten = part >= 20.0 && part % 10.0 == 0.0 && part % 100.0 >= 20.0;
        let follows = |n: &f64| part == 0.0 || hundreds || ten && *n < 10.0;
        if let Some(n) = small(word(i + joined)).filter(follows) {
            part += n;
            i += 1 + joined;
        } else if let Some(k) = times(word(i)).filter(|_| part > 0.0) {
            match k {
                k if k >= 1e3 && k < last => (sum, part, last) = (sum + part * k, 0.0, k),
                k if k < 1e3 && part < 100.0 => part *= k,
                _ => break,
            }
            i += 1;
        } else {
            break;
        }
        read += 1;
    }
    let value = sum + part;
    (read > 0 && value > 1.0 && value <= MOST).then_some((value, i))
}

/// Whether something stands behind a number that it counts: `one buyer in six`, `three of them` and
/// `nine to five` count nothing that comes, and shares, times and nines are read as they are.
fn counts(all: &[Token], next: usize) -> bool {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let noun = word(next);
    let other = matches!(
        noun,
        "" | "of" | "in" | "a" | "an" | "per" | "thirds" | "fifths" | "times" | "nines"
    );
    // `three quarters of the orders`; `twenty twenty-four` and `twenty-four seven` are no numbers.
    let share = noun == "quarters" && word(next + 1) == "of";
    !other && !share && small(noun).is_none() && times(noun).is_none()
}

/// A scale with digits for what it spells out; `None` where nothing is.
pub(super) fn in_digits(text: &str) -> Option<String> {
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while at < all.len() {
        let Some((value, next)) = number(&all, at) else {
            at += 1;
            continue;
        };
        // `between twenty and thirty users`
        let counted = match word(next) {
            "and" | "or" | "to" => number(&all, next + 1).is_some_and(|(_, n)| counts(&all, n)),
            _ => counts(&all, next),
        };
        // `40 thousand` has its digits, and nothing is counted behind a number.
        let before = at.checked_sub(1).and_then(|i| all.get(i));
        let plain = before.is_none_or(|t| {
            let number = matches!(t.kind, Kind::Number { .. });
            !number && small(t.word()).is_none_or(|n| n == 1.0) && times(t.word()).is_none()
        });
        if counted && plain {
            let (start, end) = (all.get(at)?.start, all.get(next - 1)?.end);
            out.push_str(text.get(done..start)?);
            out.push_str(&format!("{value}"));
            done = end;
        }
        at = next;
    }
    out.push_str(text.get(done..)?);
    (done > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::in_digits;

    #[test]
    fn spelled_numbers_become_digits() {
        let of = |text: &str| in_digits(text).unwrap_or_else(|| "as it is".to_owned());
        for (said, wanted) in [
            (
                "forty-two schools, about three thousand teachers",
                "42 schools, about 3000 teachers",
            ),
            ("two hundred and fifty thousand users", "250000 users"),
            ("half a million readers", "500000 readers"),
            ("a thousand orders a day", "1000 orders a day"),
            (
                "eighteen vans every thirty seconds",
                "18 vans every 30 seconds",
            ),
            ("one million two hundred thousand meters", "1200000 meters"),
            ("two thousand and fifty users", "2050 users"),
            ("two dozen users, twenty five vans", "24 users, 25 vans"),
            // Numbers beside each other are not added.
            ("between twenty and thirty users", "between 20 and 30 users"),
            ("two hundred and three hundred users", "200 and 300 users"),
            ("two thousand to three thousand users", "2000 to 3000 users"),
        ] {
            assert_eq!(of(said), wanted, "{said}");
        }
        let hostile = [
            "two".to_owned() + &" hundred".repeat(400),
            "twenty-".repeat(9_999),
        ];
        for same in [
            "40 thousand users",
            "one buyer in six",
            "a user a day",
            "one photo per day",
            "three of them, nine to five",
            "twice a day",
            "2.5 million users",
            "twenty-four seven support",
            "twenty twenty-four launch",
            // Other readers know these in words.
            "four nines",
            "three quarters of the orders come within an hour",
            &hostile[0],
            &hostile[1],
        ] {
            assert_eq!(of(same), "as it is", "{same}");
        }
    }
}
