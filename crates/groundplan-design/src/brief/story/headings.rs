//! What a purpose says without a sentence: `Vineyard harvest logging`, `A catalogue of the fungi of
//! Norway`, `Compare prices`.

use super::{Act, Deed, LINKS, POINTERS, STOPS, base, plural, single};
use crate::brief::token::{Token, tokens};
use groundplan_knowledge::design_tables;

/// A verb of any list in its base form.
pub(super) fn command(word: &str) -> Option<(&'static str, Act)> {
    if let Some((verb, act, false)) = base(word) {
        return (!verb.contains(' ')).then_some((verb, act));
    }
    let nouns_too = design_tables().vocabulary.verbs.get("passive")?;
    let verb = nouns_too.iter().find(|v| *v == word)?;
    Some((verb.as_str(), Act::Change))
}

/// The verb of a gerund: `logging`, `tracking`, `scheduling`, and `management`.
fn gerund(word: &str) -> Option<(&'static str, Act)> {
    match word {
        "management" | "administration" => return command("manage"),
        "registration" => return command("register"),
        "inspection" => return command("inspect"),
        "distribution" => return command("deliver"),
        _ => {}
    }
    let stem = word.strip_suffix("ing").filter(|s| s.len() > 1)?;
    let short = stem.chars().last().map(|c| c.to_string());
    let undoubled = short.and_then(|c| {
        stem.strip_suffix(&format!("{c}{c}"))
            .map(|s| s.to_owned() + &c)
    });
    command(stem)
        .or_else(|| command(&format!("{stem}e")))
        .or_else(|| command(&undoubled?))
}

/// The first clause of a text.
fn head(all: &[Token]) -> &[Token] {
    let end = all
        .iter()
        .position(|t| [',', '.', ';', ':', '(', '\n'].iter().any(|c| t.is(*c)));
    all.get(..end.unwrap_or(all.len())).unwrap_or_default()
}

/// The first word of a heading that a colon ends: `Bidder for advertising: the bidder answers`.
pub(crate) fn heading(text: &str) -> Option<String> {
    let all = tokens(text);
    let head = head(&all);
    let ends = all.get(head.len()).is_some_and(|t| t.is(':'));
    let acts = head.iter().skip(1).any(|t| command(t.word()).is_some());
    let first = head.first().filter(|_| ends && !acts);
    first.map(|t| t.word().to_owned())
}

/// Up to two words before `end` that are one noun.
fn noun_before(words: &[&str], end: usize) -> Option<String> {
    let plain = |w: &&str| {
        w.len() > 2
            && w.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && !LINKS.contains(w)
            && !STOPS.contains(w)
            && !POINTERS.contains(w)
    };
    let last = words.get(end.checked_sub(1)?).filter(|w| plain(w))?;
    let before = end.checked_sub(2).and_then(|k| words.get(k));
    let before = before.filter(|w| plain(w) && !w.ends_with("ed") && !plural(w));
    Some(match before {
        Some(before) => format!("{before} {}", single(last)),
        None => single(last),
    })
}

/// The noun behind `start`: `(the) fungi of Norway` are fungi.
fn noun_behind(words: &[&str], start: usize) -> Option<String> {
    let mut from = start;
    while words.get(from).is_some_and(|w| POINTERS.contains(w)) {
        from += 1;
    }
    let end = (from..words.len().min(from + 3))
        .find(|k| {
            words
                .get(*k)
                .is_some_and(|w| LINKS.contains(w) || STOPS.contains(w))
        })
        .unwrap_or(words.len().min(from + 3));
    // Of `village newspapers scanned` the noun is the plural.
    let many = (from..end).find(|k| words.get(*k).is_some_and(|w| plural(w)));
    noun_before(words.get(from..)?, many.map_or(end, |k| k + 1) - from)
}

/// What a purpose is a collection of, by its first clause: `register of graves`, `allotment
/// waiting list`.
pub(crate) fn collection(text: &str) -> Option<String> {
    let all = tokens(text);
    let words: Vec<&str> = head(&all).iter().map(Token::word).collect();
    let kinds = &design_tables().vocabulary.collections;
    let vague = |noun: &String| {
        let last = noun.rsplit(' ').next().unwrap_or(noun);
        let vocabulary = &design_tables().vocabulary;
        vocabulary.vague.iter().any(|v| v == last) || vocabulary.is_somebody(last)
    };
    for at in 0..words.len().min(6) {
        let kind = kinds.iter().find(|kind| {
            let parts: Vec<&str> = kind.split(' ').collect();
            words.get(at..at + parts.len()) == Some(&parts[..])
        });
        let Some(kind) = kind else { continue };
        let behind = at + kind.split(' ').count();
        let noun = match words.get(behind) {
            Some(&"of") => noun_behind(&words, behind + 1),
            _ => noun_before(&words, at),
        };
        if let Some(noun) = noun.filter(|n| !vague(n)) {
            return Some(noun);
        }
    }
    None
}

/// The deeds of a purpose whose first clause is a heading.
pub(super) fn headed(text: &str) -> Vec<Deed> {
    let deed = |verb: &str, act, noun: &String| Deed {
        who: None,
        verb: verb.to_owned(),
        act,
        what: vec![noun.clone()],
        rest: crate::domain::many(noun),
        agentless: false,
        fields: Vec::new(),
        said: None,
    };
    if let Some(noun) = collection(text) {
        return vec![
            deed("enter", Act::Create, &noun),
            deed("correct", Act::Change, &noun),
            deed("look up", Act::Read, &noun),
        ];
    }
    let all = tokens(text);
    let words: Vec<&str> = head(&all).iter().map(Token::word).collect();
    for (at, word) in words.iter().enumerate().take(9) {
        let Some((verb, act)) = gerund(word) else {
            continue;
        };
        // `Ringing of church bells`, `Tracking storks`, `harvest logging`
        let noun = match words.get(at + 1) {
            Some(&"of") => noun_behind(&words, at + 2),
            Some(next) if at == 0 && !LINKS.contains(next) => noun_behind(&words, at + 1),
            _ => noun_before(&words, at),
        };
        if let Some(noun) = noun {
            return vec![deed(verb, act, &noun), deed("look up", Act::Read, &noun)];
        }
    }
    Vec::new()
}

/// `Customs brokers file declarations. A broker uploads the invoice`: said short the second time,
/// these are the same people, unless two of the long ones end alike.
pub(super) fn same_people(mut deeds: Vec<Deed>) -> Vec<Deed> {
    let long: std::collections::BTreeSet<String> = deeds
        .iter()
        .filter_map(|d| d.who.clone())
        .filter(|who| who.contains(' '))
        .collect();
    for deed in &mut deeds {
        let Some(who) = deed.who.as_deref().filter(|w| !w.contains(' ')) else {
            continue;
        };
        let mut same = long.iter().filter(|l| l.rsplit(' ').next() == Some(who));
        if let (Some(one), None) = (same.next(), same.next()) {
            deed.who = Some(one.clone());
        }
    }
    deeds
}

/// What one person holds at a time, where a text calls it free and speaks of it elsewhere, too: `skippers
/// search for a free berth`, `4,100 berths`.
pub(crate) fn held(text: &str) -> Option<String> {
    const TIMES: [&str; 10] = [
        "time",
        "slot",
        "appointment",
        "date",
        "hour",
        "day",
        "evening",
        "week",
        "place",
        "capacity",
    ];
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", |t| t.word());
    let ends = |word: &str| {
        word.is_empty() || super::links(word) || super::points(word) || super::is_filler(word)
    };
    (0..all.len()).find_map(|i| {
        let free = matches!(word(i), "free" | "available" | "vacant");
        let one = single(word(i + 1));
        let noun = free && ends(word(i + 2)) && !ends(&one) && !TIMES.contains(&one.as_str());
        let again = || (0..all.len()).any(|k| k != i + 1 && single(word(k)) == one);
        let somebody = || design_tables().vocabulary.is_somebody(&one);
        (noun && again() && !somebody()).then_some(one)
    })
}

#[cfg(test)]
mod tests {
    use super::{collection, headed, heading};

    fn told(text: &str) -> Vec<String> {
        let deed = |d: &super::Deed| format!("{} {}", d.verb, d.what.join("+"));
        headed(text).iter().map(deed).collect()
    }

    #[test]
    fn headings_say_what_is_done() {
        assert_eq!(
            told("Orchard spraying log"),
            ["spray orchard", "look up orchard"]
        );
        assert_eq!(
            told("Tracking hedgehogs"),
            ["track hedgehog", "look up hedgehog"]
        );
        assert_eq!(
            told("Tuning of church organs, twice a year"),
            ["tune church organ", "look up church organ"]
        );
        assert_eq!(
            told("Ferry tickets and crew planning"),
            ["plan crew", "look up crew"]
        );
        assert!(told("a modern platform leveraging synergies").is_empty());
        assert!(told("the best system ever").is_empty());
    }

    #[test]
    fn a_heading_names_the_system() {
        let of = |text: &str| heading(text);
        assert_eq!(
            of("Bidder for advertising: the bidder answers").as_deref(),
            Some("bidder")
        );
        assert_eq!(of("Staff book rooms: a room has a plan"), None);
        assert_eq!(of("Staff and crew, two kinds: all report"), None);
    }

    #[test]
    fn collections_hold_their_noun() {
        let of = |text: &str| collection(text);
        assert_eq!(of("A register of wells").as_deref(), Some("well"));
        assert_eq!(
            of("Catalogue of the mosses of Finland with photographs").as_deref(),
            Some("moss")
        );
        assert_eq!(of("Mooring waiting list").as_deref(), Some("mooring"));
        assert_eq!(of("A database of customers"), None);
        assert_eq!(of("Clerks list hearings"), None);
    }
}
