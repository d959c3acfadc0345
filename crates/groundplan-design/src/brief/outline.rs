//! Texts that are written as outlines: bullets, demands with numbers, and lines that begin with who
//! acts. They become sentences, which all readers of briefs know.
//!
//! `- audiologist: enters the audiogram` is read as `audiologist enters the audiogram.`, `D2. The
//! officer shall …` without its number.

use super::story::{bare, is_verb, single};
use super::token::{Token, multiplier, tokens};
use super::{Field, grammar};
use groundplan_knowledge::design_tables;

/// Marks with which items begin.
const MARKS: [char; 5] = ['-', '*', '•', '–', '·'];

/// How many words may stand before the colon of a line that begins with who acts.
const LONGEST_HEAD: usize = 3;

/// A text as all readers know it: an outline as sentences, and the numbers that a scale spells out in
/// digits; `None` where it is that already.
pub(super) fn plain(field: Field, text: &str) -> Option<String> {
    let told = sentences(field, text);
    let digits = match field {
        Field::Scale => super::spelled::in_digits(told.as_deref().unwrap_or(text)),
        _ => None,
    };
    digits.or(told)
}

/// An outlined text as sentences; `None` where no two lines or sentences are marked.
fn sentences(field: Field, text: &str) -> Option<String> {
    let unnumbered = without_labels(text);
    let plain = unnumbered.as_deref().unwrap_or(text);
    let bulleted = plain.lines().filter(|l| item(l).is_some()).count() > 1;
    if !bulleted {
        let acted = plain.lines().filter(|l| acting(l).is_some()).count() > 1;
        if field != Field::Purpose || !acted {
            return unnumbered;
        }
    }
    let items = items(plain);
    let mut out: Vec<String> = Vec::new();
    for (text, marked) in items {
        let told = match field {
            Field::Purpose => acting(&text),
            Field::Scale => counted(&text),
            _ => None,
        };
        let mut told = told.unwrap_or(text);
        if marked || bulleted && !out.is_empty() {
            let kept = told.trim_end_matches([',', ';']).len();
            told.truncate(kept);
            if !told.ends_with(['.', '!', '?', ':']) {
                told.push('.');
            }
        }
        out.push(told);
    }
    Some(out.join("\n"))
}

/// An outline as it is quoted: in its own words, without bullets and numbers.
pub(super) fn quoted(text: &str) -> Option<String> {
    sentences(Field::Stack, text)
}

/// The words of an item behind its mark.
fn item(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix(MARKS)?;
    let words = rest.trim_start();
    (words.len() < rest.len() && !words.is_empty()).then_some(words)
}

/// The items of a text and whether each has a mark. A line without mark that stands further in goes on
/// with the item before it; items below one that ends with a colon are its list.
fn items(text: &str) -> Vec<(String, bool)> {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut all: Vec<(String, bool)> = Vec::new();
    // The depth of the item whose list is open.
    let mut open: Option<usize> = None;
    let mut last = 0;
    for line in text.lines() {
        let at = depth(line);
        let Some(words) = item(line) else {
            let goes_on = at > last && !line.trim().is_empty();
            match all.last_mut().filter(|(_, marked)| *marked && goes_on) {
                Some((before, _)) => {
                    before.push(' ');
                    before.push_str(line.trim());
                }
                None => all.push((line.trim().to_owned(), false)),
            }
            continue;
        };
        if open.is_some_and(|d| at <= d) {
            open = None;
        }
        match all.last_mut().filter(|_| open.is_some()) {
            Some((before, _)) => {
                let sep = if before.ends_with(':') { " " } else { ", " };
                before.push_str(sep);
                before.push_str(words.trim_end_matches(['.', ',', ';']));
            }
            None => all.push((words.trim_end().to_owned(), true)),
        }
        last = at;
        if open.is_none() && words.trim_end().ends_with(':') {
            open = Some(at);
        }
    }
    all.retain(|(text, _)| !text.is_empty());
    all
}

/// `audiologist: enters the audiogram` as a sentence: who acts stands before the colon, and a verb
/// behind it.
fn acting(line: &str) -> Option<String> {
    let line = item(line).unwrap_or(line.trim());
    let (head, rest) = line.split_once(": ")?;
    let rest = rest.trim();
    let words: Vec<&str> = head.split_whitespace().collect();
    let letters = |w: &&str| w.chars().all(|c| c.is_alphabetic() || c == '-');
    if words.is_empty() || words.len() > LONGEST_HEAD || !words.iter().all(letters) {
        return None;
    }
    let who = words.last()?.to_lowercase();
    let vocabulary = &design_tables().vocabulary;
    let one = single(&who);
    let somebody = vocabulary.is_somebody(&one)
        || vocabulary.jobs.contains(&one)
        || grammar::role_nouns().contains(one.as_str());
    if !somebody {
        return None;
    }
    let behind = tokens(rest);
    let verb = behind.first()?.word().to_owned();
    let helped = matches!(
        verb.as_str(),
        "can" | "may" | "must" | "will" | "should" | "wants"
    );
    let bent = single(&verb) != verb;
    // `driver: orders, invoices and receipts` lists what there is.
    let listed = behind.get(1).is_none_or(|t| t.is(',')) || behind.get(1)?.word() == "and";
    let known = is_verb(&verb) || bare(&verb) || bent && !verb.ends_with("ss");
    let person = vocabulary.is_somebody(&single(&verb)) && !is_verb(&verb);
    if !helped && (listed || !known || person || verb.ends_with("ed") || verb.ends_with("ing")) {
        return None;
    }
    let many = one != who;
    let head = match (helped, bent, many) {
        // `operator: dim by district` tells what operators do, `nurses: plans` what a nurse does.
        (false, false, false) => with_last(&words, &crate::domain::many(&who)),
        (false, true, true) => with_last(&words, &one),
        _ => head.trim().to_owned(),
    };
    Some(format!("{head} {rest}"))
}

fn with_last(words: &[&str], last: &str) -> String {
    let mut all: Vec<&str> = words.to_vec();
    all.pop();
    all.push(last);
    all.join(" ")
}

/// `battery orders: 1,100 per week` as `1,100 battery orders per week`.
fn counted(line: &str) -> Option<String> {
    let (head, rest) = line.split_once(": ")?;
    let words: Vec<&str> = head.split_whitespace().collect();
    let letters = |w: &&str| w.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    let noun = words.last()?.to_lowercase();
    let named = words.len() <= LONGEST_HEAD && words.iter().all(letters) && single(&noun) != noun;
    let all = tokens(rest);
    let number = all.first()?;
    let plain = matches!(&number.kind, super::token::Kind::Number { suffix, .. } if suffix.is_empty() || multiplier(suffix).is_some());
    let per = all.get(1)?;
    let paced = matches!(per.word(), "per" | "a" | "each" | "every") || per.is('/');
    if !named || !plain || !paced {
        return None;
    }
    let (count, behind) = (rest.get(..number.end)?, rest.get(number.end..)?);
    Some(format!(
        "{count} {} {}",
        words.join(" "),
        behind.trim_start()
    ))
}

/// The number of a demand: what it begins with, and the last of its numbers.
struct Label {
    series: String,
    number: u32,
    start: usize,
    end: usize,
}

/// The label at the start of `text`, which stands at `at` of the whole: `D1.`, `1.2`, `3)`.
fn label(text: &str, at: usize, line_start: bool) -> Option<Label> {
    let digits = |s: &str| s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let large = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_uppercase())
            .len();
    let (prefix, rest) = text.split_at(large);
    let rest = match large {
        0 => rest.strip_prefix('(').unwrap_or(rest),
        _ => rest.strip_prefix('-').unwrap_or(rest),
    };
    let first = digits(rest);
    if first == 0 || first > 3 || large > 3 {
        return None;
    }
    let (number, rest) = rest.split_at(first);
    let (series, number, rest) = match rest.strip_prefix('.').map(|r| (digits(r), r)) {
        Some((n, minor)) if (1..3).contains(&n) => {
            let (minor, rest) = minor.split_at(n);
            (format!("{prefix}{number}."), minor, rest)
        }
        _ => (prefix.to_owned(), number, rest),
    };
    let closed = rest.starts_with(['.', ')', ':']);
    let rest = rest.strip_prefix(['.', ')', ':']).unwrap_or(rest);
    let words = rest.trim_start();
    // `1. ` inside of a line may end a sentence, `1.5 million` is a number.
    let plain = series.is_empty();
    let told = words.len() < rest.len() && !words.is_empty();
    if !told || plain && !(closed && line_start) || large > 0 && !closed && !series.ends_with('.') {
        return None;
    }
    let next = tokens(words.lines().next().unwrap_or_default());
    let next = next.first().map_or("", Token::word);
    // `1.3 Hours are entered` begins a sentence, `1.3 hours` is a time.
    let next = if words.starts_with(char::is_uppercase) {
        ""
    } else {
        next
    };
    let unit = !next.is_empty()
        && (multiplier(next).is_some()
            || grammar::seconds(next).is_some()
            || grammar::gigabytes(next).is_some());
    if !closed && large == 0 && unit {
        return None;
    }
    Some(Label {
        series,
        number: number.parse().ok()?,
        start: at,
        end: at + (text.len() - words.len()),
    })
}

/// A text without the numbers of its demands, if they count from one on; each demand ends with a
/// full stop.
fn without_labels(text: &str) -> Option<String> {
    let mut found: Vec<Label> = Vec::new();
    let mut line_start = true;
    let mut after_stop = false;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let next = rest.chars().next().map_or(1, char::len_utf8);
        if (line_start || after_stop)
            && let Some(label) = label(rest, at, line_start)
        {
            at = label.end;
            found.push(label);
            (line_start, after_stop) = (false, false);
            continue;
        }
        match rest.chars().next() {
            Some('\n') => (line_start, after_stop) = (true, false),
            Some(' ' | '\t') => {}
            Some(c) if line_start && MARKS.contains(&c) && item(rest).is_some() => {}
            Some('.' | ';') => (line_start, after_stop) = (false, true),
            _ => (line_start, after_stop) = (false, false),
        }
        at += next;
    }
    let series = found.first()?.series.clone();
    // A text that begins otherwise may lead to its demands: `The district seeks a system. D1. …`
    found.retain(|l| l.series == series);
    let counts = (1..).zip(&found).all(|(n, l)| l.number == n);
    if found.len() < 2 || !counts {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for label in &found {
        close(&mut out, text.get(from..label.start)?);
        from = label.end;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// Adds a part and ends its last sentence, with the blanks behind it as they were.
fn close(out: &mut String, part: &str) {
    let said = part.trim_end();
    out.push_str(said.trim_end_matches([';', ',']));
    let open = !out.trim_end().is_empty() && !out.trim_end().ends_with(['.', '!', '?', ':']);
    // The mark of a bullet stays one.
    if open && !said.ends_with(MARKS) {
        out.push('.');
    }
    out.push_str(part.get(said.len()..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use crate::brief::Field;

    fn purpose(text: &str) -> String {
        sentences(Field::Purpose, text).unwrap_or_else(|| "as it is".to_owned())
    }

    #[test]
    fn items_are_sentences() {
        assert_eq!(
            purpose("- shops fit hearing aids\n- audiologist: enters the audiogram, picks an aid"),
            "shops fit hearing aids.\naudiologist enters the audiogram, picks an aid."
        );
        assert_eq!(
            purpose("* operator: switch lamps by district\n* crew leaders: scans the new lamp"),
            "operators switch lamps by district.\ncrew leader scans the new lamp."
        );
        assert_eq!(
            purpose(
                "- customer: can order batteries;\n- nurses record\n  the weight before and after"
            ),
            "customer can order batteries.\nnurses record the weight before and after."
        );
        assert_eq!(
            purpose("- nurses:\n  - record weights\n  - plan shifts\n- doctors: read curves"),
            "nurses record weights, plan shifts.\ndoctors read curves."
        );
        assert_eq!(
            purpose("Nurse: records the weight\nDoctor: reads the curves"),
            "Nurse records the weight\nDoctor reads the curves"
        );
        // What is no list of deeds stays as it is.
        for same in [
            "Nurses record weights - and doctors read them.",
            "- nurses record weights",
            "Driver: orders, invoices and receipts\nClerk: forms, letters",
            "Customers: private people\nDrivers: freelancers",
            "Reading club: members lend books",
        ] {
            assert_eq!(purpose(same), "as it is", "{same}");
        }
        assert_eq!(
            purpose("- staff: nurses, doctors\n- system: web"),
            "staff: nurses, doctors.\nsystem: web."
        );
    }

    #[test]
    fn demands_lose_their_numbers() {
        assert_eq!(
            purpose("D1. The system shall warn.\nD2. Drivers shall confirm the call\nD3. Done."),
            "The system shall warn.\nDrivers shall confirm the call.\nDone."
        );
        assert_eq!(
            purpose(
                "The ministry seeks a system.\n1.1 Officers shall record contacts.\n1.2 The court shall read reports"
            ),
            "The ministry seeks a system.\nOfficers shall record contacts.\nThe court shall read reports"
        );
        assert_eq!(
            purpose("1. Officers record contacts\n2. Courts read reports"),
            "Officers record contacts.\nCourts read reports"
        );
        assert_eq!(
            purpose(
                "1.1 Officers record contacts.\n1.2 Hours are entered by hosts.\n1.3 Weeks are closed"
            ),
            "Officers record contacts.\nHours are entered by hosts.\nWeeks are closed"
        );
        let of =
            |field, text: &str| sentences(field, text).unwrap_or_else(|| "as it is".to_owned());
        assert_eq!(
            of(
                Field::Team,
                "3.1 The contractor provides 8 developers; 3.2 the ministry one owner."
            ),
            "The contractor provides 8 developers. the ministry one owner."
        );
        assert_eq!(
            of(
                Field::Scale,
                "2.1 11,400 persons, 5,200 cases a year.\n2.2 430 officers."
            ),
            "11,400 persons, 5,200 cases a year.\n430 officers."
        );
        assert_eq!(
            of(Field::Scale, "- S1: 85 shops\n- S2: 190,000 customers"),
            "85 shops.\n190,000 customers."
        );
        assert_eq!(
            of(Field::Scale, "- battery orders: 1,100 per week\n- 85 shops"),
            "1,100 battery orders per week.\n85 shops."
        );
        // Numbers, quarters, versions and times are no labels.
        for same in [
            "1.1 million users, 1.2 million devices",
            "1.1 million users\n1.2 million devices",
            "Go live in Q1. Q2 brings the rest.",
            "2 sites. 3 clerks.",
            "PostgreSQL 16. 2 nodes.\n3. 4",
            "Version 1. 2 users",
            "1.5 TB today. 2.5 TB next year.",
            "10. the first\n11. the second",
            "T3. one\nT4. two",
        ] {
            assert_eq!(of(Field::Scale, same), "as it is", "{same}");
        }
    }
}
