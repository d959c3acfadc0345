//! Grammar: numbers, plurals, articles and lists, so that sentences read right with 0, 1 and many.

use crate::tree::Span;

/// A whole number with commas between groups of three digits: `12,400`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number as running text has it: a word up to twelve, digits above.
pub(crate) fn spelled(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    match WORDS.get(n) {
        Some(word) => (*word).to_owned(),
        None => number(n as u64),
    }
}

/// `one service`, `2 services` as words: `spelled` with the noun in the right number.
pub(crate) fn spelled_count(n: usize, noun: &str) -> String {
    format!("{} {}", spelled(n), noun_for(n, noun))
}

/// `Both services`, `All four services`.
pub(crate) fn all_of(n: usize, noun: &str) -> String {
    match n {
        2 => format!("Both {}", plural(noun)),
        n => format!("All {}", spelled_count(n, noun)),
    }
}

/// `1 replica`, `2 replicas`, `12,400 lines`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{} {}", number(n as u64), noun_for(n, noun))
}

/// The noun in the number that `n` asks for.
pub(crate) fn noun_for(n: usize, noun: &str) -> String {
    if n == 1 {
        noun.to_owned()
    } else {
        plural(noun)
    }
}

/// The verb in the number that `n` asks for: `is`/`are`, `has`/`have`, `calls`/`call`.
pub(crate) fn verb_for<'a>(n: usize, one: &'a str, many: &'a str) -> &'a str {
    if n == 1 { one } else { many }
}

/// The plural of an English noun phrase whose last word is the noun.
pub(crate) fn plural(noun: &str) -> String {
    if let Some((one, other)) = noun.split_once(" or ") {
        return format!("{} or {}", plural(one), plural(other));
    }
    // `mark of open work`: the first noun is the head.
    if let Some((head, of)) = noun.split_once(" of ") {
        return format!("{} of {of}", plural(head));
    }
    let lower = noun.to_lowercase();
    let before = |cut: usize| noun.chars().rev().nth(cut).map(|c| c.to_ascii_lowercase());
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    for (one, many) in [
        ("index", "indexes"),
        ("person", "people"),
        ("chassis", "chassis"),
    ] {
        if lower.ends_with(one) {
            return format!("{}{many}", noun.get(..noun.len() - one.len()).unwrap_or(""));
        }
    }
    if lower.ends_with("storage") || lower.ends_with("software") {
        return noun.to_owned();
    }
    if lower.ends_with('y') && !vowel(before(1)) {
        return format!("{}ies", noun.get(..noun.len() - 1).unwrap_or(""));
    }
    if ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| lower.ends_with(end))
    {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

/// `a` or `an`, by the sound of the next word: `an API`, `a URL`, `an hour`, `a user`.
pub(crate) fn article(next: &str) -> &'static str {
    let word: String = next
        .chars()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphanumeric())
        .collect();
    let mut letters = word.chars();
    let Some(first) = letters.next() else {
        return "a";
    };
    let upper = word.chars().filter(|c| c.is_uppercase()).count();
    let spoken_letters = upper == word.chars().count() && word.chars().count() > 1
        || first.is_uppercase() && letters.next().is_some_and(char::is_uppercase);
    let lower = word.to_lowercase();
    let vowel_sound = if first.is_ascii_digit() {
        word.starts_with('8') || word == "11" || word == "18"
    } else if spoken_letters
        && !["REST", "RAM", "SAML", "LAN", "NAT", "JSON", "YAML"].contains(&word.as_str())
    {
        "AEFHILMNORSX".contains(first)
    } else if ["hour", "honest", "heir"]
        .iter()
        .any(|p| lower.starts_with(p))
    {
        true
    } else {
        let glide = [
            "uni", "use", "usu", "uti", "one", "once", "eu", "ubi", "url", "uuid", "uri",
        ];
        "aeiou".contains(first.to_ascii_lowercase()) && !glide.iter().any(|p| lower.starts_with(p))
    };
    if vowel_sound { "an" } else { "a" }
}

/// A value cut in its middle, since values that differ mostly differ at their ends:
/// `service.namespace=shop…criticality=high`.
pub(crate) fn middle(value: &str, most: usize) -> String {
    let total = value.chars().count();
    if total <= most {
        return value.to_owned();
    }
    let tail = most * 2 / 3;
    let head: String = value.chars().take(most - tail).collect();
    let end: String = value.chars().skip(total - tail).collect();
    format!("{head}…{end}")
}

/// A phrase with its article: `an API gateway`.
pub(crate) fn with_article(phrase: &str) -> String {
    format!("{} {phrase}", article(phrase))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<S: AsRef<str>>(items: &[S], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [before @ .., end] => {
            let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", before.join(", "), end.as_ref())
        }
    }
}

/// Spans joined as a list; more than `most` are cut to `most` with `and 3 more`.
pub(crate) fn list_spans(items: Vec<Span>, most: usize, last: &str) -> Vec<Span> {
    let total = items.len();
    // `and 1 more` is as long as what it hides.
    let shown = if total > most + 1 { most } else { total };
    let mut out = Vec::new();
    for (i, item) in items.into_iter().take(shown).enumerate() {
        if i > 0 {
            let end = i + 1 == shown && shown == total;
            let joint = if end {
                format!(" {last} ")
            } else {
                ", ".to_owned()
            };
            out.push(Span::Plain(joint));
        }
        out.push(item);
    }
    if shown < total {
        out.push(Span::Plain(format!(
            " and {} more",
            number((total - shown) as u64)
        )));
    }
    out
}

/// The first letter as a capital, the rest as it is.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The first letter small, the rest as it is.
pub(crate) fn uncapital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// With a period at the end, unless a mark that ends a sentence stands there.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let done = text.is_empty() || text.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '．']);
    if done {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The first sentence of a text, without what follows it.
pub(crate) fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        let ends = matches!(c, '.' | '!' | '?');
        // A single letter before the period is an abbreviation (`e.g.`, `i.e.`).
        let before = text.get(..at).unwrap_or("");
        let abbreviation = before
            .chars()
            .rev()
            .nth(1)
            .is_none_or(|c| c == '.' || c == ' ')
            && previous.is_alphabetic();
        if ends && !abbreviation {
            let rest = text.get(after..).unwrap_or("");
            let mut next = rest.chars();
            if next.next().is_none_or(char::is_whitespace)
                && next.next().is_none_or(|c| !c.is_lowercase())
            {
                return text.get(..after).unwrap_or(text);
            }
        }
        previous = c;
    }
    text
}

/// At most `most` characters, cut at a word, with an ellipsis if something was cut.
pub(crate) fn short(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let kept = text.get(..cut).unwrap_or(text);
    let kept = kept
        .rfind(' ')
        .and_then(|at| kept.get(..at))
        .unwrap_or(kept);
    format!("{}…", kept.trim_end_matches([',', ';', ':', ' ']))
}

/// The same of steps with `; then ` between them: what stands last, by which what fits nothing before is decided, is
/// kept, and steps between are counted.
pub(crate) fn short_steps(text: &str, most: usize) -> String {
    const THEN: &str = "; then ";
    let text = text.trim();
    let mut steps: Vec<&str> = text.split(THEN).collect();
    let last = steps.pop().unwrap_or(text);
    if text.chars().count() <= most || steps.is_empty() {
        return short(text, most);
    }
    let mut left = 0;
    loop {
        let more = match left {
            0 => String::new(),
            n => format!("{THEN}{n} more"),
        };
        let whole = format!("{}{more}{THEN}{last}", steps.join(THEN));
        if whole.chars().count() <= most {
            return whole;
        }
        if steps.len() < 2 {
            return short(text, most);
        }
        steps.pop();
        left += 1;
    }
}

/// Digits with thousands grouped: `12345.6` becomes `12,345.6`; other words stay.
pub(crate) fn grouped(number: &str) -> String {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The letters and digits of a name in lower case, by which one is found under several ways of writing.
pub(crate) fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_groups() {
        for (n, wanted) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1234567, "1,234,567"),
        ] {
            assert_eq!(number(n), wanted);
        }
        assert_eq!(spelled(0), "no");
        assert_eq!(spelled(12), "twelve");
        assert_eq!(spelled(13), "13");
        assert_eq!(spelled_count(1, "service"), "one service");
        assert_eq!(spelled_count(0, "service"), "no services");
    }

    #[test]
    fn counts_agree() {
        assert_eq!(count(0, "replica"), "0 replicas");
        assert_eq!(count(1, "replica"), "1 replica");
        assert_eq!(count(2, "replica"), "2 replicas");
        assert_eq!(count(1200, "entity"), "1,200 entities");
        assert_eq!(verb_for(1, "is", "are"), "is");
        assert_eq!(verb_for(0, "is", "are"), "are");
    }

    #[test]
    fn plurals_are_english() {
        for (one, many) in [
            ("query", "queries"),
            ("gateway", "gateways"),
            ("cache", "caches"),
            ("search index", "search indexes"),
            ("process", "processes"),
            ("branch", "branches"),
            ("object storage", "object storage"),
            ("person", "people"),
            ("mark of open work", "marks of open work"),
            ("", "s"),
        ] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn articles_follow_the_sound() {
        for (word, wanted) in [
            ("API", "an"),
            ("URL", "a"),
            ("HTTP call", "an"),
            ("UUID", "a"),
            ("user", "a"),
            ("hour", "an"),
            ("index", "an"),
            ("SQL statement", "an"),
            ("REST call", "a"),
            ("gRPC call", "a"),
            ("8 KiB page", "an"),
            ("`orders` table", "an"),
            ("", "a"),
        ] {
            assert_eq!(article(word), wanted, "{word}");
        }
        assert_eq!(with_article("identity provider"), "an identity provider");
    }

    #[test]
    fn lists_have_no_comma_before_and() {
        assert_eq!(list::<&str>(&[], "and"), "");
        assert_eq!(list(&["a"], "and"), "a");
        assert_eq!(list(&["a", "b"], "or"), "a or b");
        assert_eq!(list(&["a", "b", "c"], "and"), "a, b and c");
        let spans = |n: usize| {
            (0..n)
                .map(|i| Span::Plain(i.to_string()))
                .collect::<Vec<_>>()
        };
        let words = |all: Vec<Span>| {
            all.iter()
                .map(|s| match s {
                    Span::Plain(t) => t.as_str(),
                    _ => "",
                })
                .collect::<String>()
        };
        assert_eq!(words(list_spans(spans(0), 3, "and")), "");
        assert_eq!(words(list_spans(spans(2), 3, "and")), "0 and 1");
        assert_eq!(words(list_spans(spans(3), 3, "and")), "0, 1 and 2");
        assert_eq!(words(list_spans(spans(5), 3, "and")), "0, 1, 2 and 2 more");
    }

    #[test]
    fn sentences_are_found_and_closed() {
        assert_eq!(sentence("sells socks"), "sells socks.");
        assert_eq!(sentence("sells socks. "), "sells socks.");
        assert_eq!(sentence(""), "");
        assert_eq!(
            first_sentence("Sells v1.2 socks. Fast."),
            "Sells v1.2 socks."
        );
        assert_eq!(
            first_sentence("Socks, e.g. red ones. More."),
            "Socks, e.g. red ones."
        );
        assert_eq!(first_sentence("no end"), "no end");
        assert_eq!(first_sentence(""), "");
        assert_eq!(capital("ärger"), "Ärger");
    }

    #[test]
    fn values_keep_their_ends() {
        assert_eq!(middle("short", 9), "short");
        assert_eq!(middle("namespace=shop,level=high", 15), "names…level=high");
    }

    #[test]
    fn short_cuts_at_words() {
        assert_eq!(short("one two three", 8), "one two…");
        assert_eq!(short("one two", 8), "one two");
        assert_eq!(short("äääääääää", 3), "äää…");
        let rules = "three: a open; then b open; then c open; then d only X";
        assert_eq!(short_steps(rules, 80), rules);
        assert_eq!(
            short_steps(rules, 46),
            "three: a open; then 2 more; then d only X"
        );
        assert_eq!(short_steps("one two three", 8), "one two…");
    }
}
