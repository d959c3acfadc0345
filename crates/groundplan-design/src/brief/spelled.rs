//! Numbers that a scale spells out: `forty-two schools`, `three thousand teachers`.

use super::token::{Kind, Token, tokens};

const SMALL: [&str; 18] = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// What a word alone counts: up to ninety-nine.
fn small(word: &str) -> Option<f64> {
    let at = |all: &[&str], w: &str| all.iter().position(|x| *x == w);
    if word == "one" {
        return Some(1.0);
    }
    if let Some(i) = at(&SMALL, word) {
        return Some(i as f64 + 2.0);
    }
    let (ten, one) = word.split_once('-').unwrap_or((word, ""));
    let tens = (at(&TENS, ten)? as f64 + 2.0) * 10.0;
    match one {
        "" => Some(tens),
        one => small(one).filter(|n| *n < 10.0).map(|n| tens + n),
    }
}

fn times(word: &str) -> Option<f64> {
    Some(match word {
        "hundred" => 100.0,
        "thousand" => 1e3,
        "million" => 1e6,
        "billion" => 1e9,
        _ => return None,
    })
}

/// The number that begins at a word, and the token behind it. `One` and `a` alone count nothing.
fn number(all: &[Token], at: usize) -> Option<(f64, usize)> {
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let (mut sum, mut part, mut i, mut read) = (0.0, 0.0, at, 0);
    match (word(i), times(word(i + 1)), times(word(i + 2))) {
        // `a thousand`, `half a million`
        ("a" | "an", Some(_), _) => (part, i) = (1.0, i + 1),
        ("half", _, Some(_)) if matches!(word(i + 1), "a" | "an") => (part, i) = (0.5, i + 2),
        _ => {}
    }
    loop {
        // `two hundred and fifty`
        let joined = usize::from(read > 0 && word(i) == "and" && small(word(i + 1)).is_some());
        if let Some(n) = small(word(i + joined)).filter(|_| part == 0.0 || part >= 20.0) {
            part += n;
            i += 1 + joined;
        } else if let Some(k) = times(word(i)).filter(|_| part > 0.0) {
            match k {
                100.0 => part *= k,
                _ => (sum, part) = (sum + part * k, 0.0),
            }
            i += 1;
        } else {
            break;
        }
        read += 1;
    }
    let value = sum + part;
    (read > 0 && value > 1.0).then_some((value, i))
}

/// A scale with digits for what it spells out; `None` where nothing is.
pub(super) fn in_digits(text: &str) -> Option<String> {
    let all = tokens(text);
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    while at < all.len() {
        let Some((value, next)) = number(&all, at) else {
            at += 1;
            continue;
        };
        // `one buyer in six`, `three of them` and `nine to five` count nothing that comes; `40 thousand`
        // has its digits.
        let noun = all.get(next).map_or("", Token::word);
        let before = at.checked_sub(1).and_then(|i| all.get(i));
        let digits = before.is_some_and(|t| matches!(t.kind, Kind::Number { .. }));
        let counts = !matches!(
            noun,
            "" | "of" | "in" | "or" | "to" | "and" | "a" | "an" | "per" | "thirds" | "times"
        );
        if counts && !digits {
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
        assert_eq!(
            of("forty-two schools, about three thousand teachers"),
            "42 schools, about 3000 teachers"
        );
        assert_eq!(of("two hundred and fifty thousand users"), "250000 users");
        assert_eq!(of("half a million readers"), "500000 readers");
        assert_eq!(of("a thousand orders a day"), "1000 orders a day");
        assert_eq!(
            of("eighteen vans every thirty seconds"),
            "18 vans every 30 seconds"
        );
        assert_eq!(
            of("one million two hundred thousand meters"),
            "1200000 meters"
        );
        for same in [
            "40 thousand users",
            "one buyer in six",
            "a user a day",
            "one photo per day",
            "three of them, nine to five",
            "twice a day",
            "2.5 million users",
        ] {
            assert_eq!(of(same), "as it is", "{same}");
        }
    }
}
