//! Sentences in which somebody asks for a system: `The ministry seeks a case system for its probation
//! service.` They name it, and nobody does anything in them.

use super::token::{Token, tokens};
use groundplan_knowledge::design_tables;
use std::ops::Range;

/// Words that say that something is wanted.
const SEEK: [&str; 12] = [
    "seek", "seeks", "need", "needs", "want", "wants", "require", "requires", "procure",
    "procures", "looking", "invites",
];

/// Nouns of systems that say nothing of what they are for.
const VAGUE: [&str; 15] = [
    "system",
    "tool",
    "software",
    "solution",
    "platform",
    "application",
    "app",
    "program",
    "product",
    "replacement",
    "service",
    "site",
    "website",
    "portal",
    "database",
];

/// Words that begin what the system does, or where its name ends.
const STOPS: [&str; 20] = [
    "that", "which", "where", "who", "with", "in", "so", "to", "by", "when", "and", "or", "of",
    "on", "from", "at", "as", "because", "since", "under",
];

/// What a sentence asks for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sought {
    /// The name of the system, if the sentence holds one.
    pub(super) name: Option<String>,
    /// The bytes of the sentence, if it says nothing but that.
    pub(super) span: Option<Range<usize>>,
}

/// What one of the first two sentences of a purpose asks for, if it asks for a system.
pub(super) fn sought(text: &str) -> Option<Sought> {
    let all = tokens(text);
    let ends = |t: &Token| ['.', ';', ':', '!', '?'].iter().any(|c| t.is(*c));
    let mut sentences = all.split(ends).filter(|s| !s.is_empty()).take(2);
    sentences.find_map(|sentence| asked(text, sentence))
}

/// What a sentence asks for.
fn asked(text: &str, sentence: &[Token]) -> Option<Sought> {
    let all: Vec<Token> = sentence.iter().filter(|t| !t.is('\n')).cloned().collect();
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let points = super::story::points;
    let mut at = (1..all.len()).find(|i| SEEK.contains(&word(*i)))?;
    // `that nurses need a tool`, `where somebody wants a site`
    let inside = (0..at).any(|i| {
        matches!(
            word(i),
            "that" | "which" | "where" | "if" | "when" | "who" | "whose"
        ) || all.get(i).is_some_and(|t| t.is(','))
    });
    if inside {
        return None;
    }
    match (word(at), word(at + 1), word(at + 2)) {
        ("looking", "for", _) => at += 2,
        ("looking", ..) => return None,
        ("invites", "tenders" | "offers" | "bids", "for") => at += 3,
        ("invites", ..) => return None,
        _ => at += 1,
    }
    let led = at;
    while points(word(at)) || matches!(word(at), "one" | "new" | "modern" | "simple" | "single") {
        at += 1;
    }
    let close = (at..at + 4)
        .find(|k| word(*k).is_empty() || STOPS.contains(&word(*k)) || word(*k) == "for")?;
    let head = close.checked_sub(1).filter(|k| *k >= at && at > led)?;
    if !VAGUE.contains(&word(head)) {
        return None;
    }
    // `Hospitals need a replacement for a broken device`: for one thing, and for no way to work.
    let one = word(close) == "for" && matches!(word(close + 1), "a" | "an" | "one");
    if word(head) == "replacement" && one {
        return None;
    }
    let raw = |from: usize, to: usize| {
        let (first, last) = (all.get(from)?, all.get(to)?);
        text.get(first.start..last.end)
    };
    let vocabulary = &design_tables().vocabulary;
    // `a case system`
    let mut name = (head > at)
        .then(|| raw(at, head))
        .flatten()
        .map(str::to_owned);
    let mut last = head;
    if word(close) == "for" {
        let mut from = close + 1;
        while points(word(from)) {
            from += 1;
        }
        let stop = (from..from + 4)
            .find(|k| word(*k).is_empty() || STOPS.contains(&word(*k)) || word(*k) == "for");
        let noun = stop.and_then(|s| s.checked_sub(1)).filter(|k| *k >= from);
        if let Some(noun) = noun {
            let what = word(noun);
            // `for buying bikes`, but `for our planning boards`
            let gerund = word(from).ends_with("ing") && from == close + 1;
            let somebody = vocabulary.is_somebody(&super::story::single(what));
            let several = word(noun + 1) == "and" || word(noun + 1) == "or";
            if name.is_none() && !somebody && !several && !gerund {
                let one = super::story::single(what);
                let before = raw(from, noun).map(|r| r.strip_suffix(what).unwrap_or("").to_owned());
                name = before.map(|b| format!("{b}{one} system"));
            }
            last = noun;
        }
    }
    // What follows says what the system does, unless it only says whose it is.
    let rest = (last + 1..all.len()).all(|k| {
        let plain = word(k) == "of" || points(word(k)) || matches!(word(k), "in" | "at" | "for");
        plain
            || !word(k).is_empty() && !STOPS.contains(&word(k)) && !super::story::is_verb(word(k))
            || matches!(
                all.get(k).map(|t| &t.kind),
                Some(super::token::Kind::Number { .. })
            )
    });
    let span = all
        .first()
        .map(|t| t.start..all.last().map_or(t.end, |l| l.end));
    Some(Sought {
        name: name.map(|n| crate::blueprint::capital(&n)),
        span: span.filter(|_| rest),
    })
}

/// Whether a purpose begins with who speaks: `As head of IT I need`.
pub(super) fn speaks(text: &str) -> bool {
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let close = (1..all.len().min(16)).find(|i| matches!(word(*i), "i" | "we"));
    // `I am responsible for IT`, `There are two of us`
    let presents = matches!(
        (word(0), word(1)),
        ("i" | "we", "am" | "are" | "work" | "manage" | "have") | ("there", "are" | "is")
    );
    word(0) == "as" && close.is_some() || presents
}

/// What a purpose says that its writers run: of `We run 140 self-service laundrettes` a laundrette.
pub(super) fn runs(text: &str) -> Option<String> {
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let led = word(0) == "we" && matches!(word(1), "run" | "operate" | "own" | "manage");
    let number = matches!(
        all.get(2).map(|t| &t.kind),
        Some(super::token::Kind::Number { .. })
    );
    if !led {
        return None;
    }
    let from = 2 + usize::from(number);
    let noun = (from..from + 4)
        .take_while(|k| !word(*k).is_empty())
        .find(|k| {
            let one = super::story::single(word(*k));
            one != word(*k) && !design_tables().vocabulary.vague.contains(&one)
        })?;
    // Of `Kubernetes clusters` the name in front ends in an s, and is no plural.
    let named = |k: usize| {
        let raw = all.get(k).and_then(|t| text.get(t.start..t.end));
        raw.is_some_and(|r| r.starts_with(char::is_uppercase))
    };
    if (from..=noun).any(named) {
        return None;
    }
    let plain = (from..noun).all(|k| !STOPS.contains(&word(k)) && !word(k).ends_with("ly"));
    plain.then(|| super::story::single(word(noun)))
}

/// What those who ask say that their firm does: of `We are a small company that hosts podcasts` a podcast.
pub(super) fn hosts(text: &str) -> Option<String> {
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let led = matches!((word(0), word(1)), ("we", "are") | ("i", "am"));
    let that = (3..9).find(|i| matches!(word(*i), "that" | "which" | "who"))?;
    let ends = (0..that).any(|i| all.get(i).is_some_and(Token::ends_clause));
    let verb = super::story::single(word(that + 1));
    let noun = word(that + 2);
    let one = super::story::single(noun);
    let vocabulary = &design_tables().vocabulary;
    let thing = one != noun && !vocabulary.vague.contains(&one) && !vocabulary.is_person(&one);
    let behind = word(that + 3);
    let closed = behind.is_empty() || STOPS.contains(&behind) || behind == "for";
    (led && !ends && verb != word(that + 1) && thing && closed).then_some(one)
}

/// What carries people or goods.
pub(crate) const CARRIES: [&str; 13] = [
    "bus",
    "minibus",
    "coach",
    "tram",
    "train",
    "van",
    "truck",
    "taxi",
    "ferry",
    "shuttle",
    "boat",
    "ambulance",
    "vehicle",
];

/// Of `parents see where the school bus is` the school bus, where the first sentence says it.
pub(super) fn followed(text: &str) -> Option<String> {
    let all = tokens(text);
    let word = |i: usize| all.get(i).map_or("", Token::word);
    let end = all.iter().position(Token::ends_clause).unwrap_or(all.len());
    let at = (1..end.min(8)).find(|i| word(*i) == "where" && super::story::points(word(i + 1)))?;
    let close = (at + 3..(at + 5).min(end)).find(|i| matches!(word(*i), "is" | "are"))?;
    let words: Vec<&str> = (at + 2..close).map(word).collect();
    let (last, before) = words.split_last()?;
    let one = super::story::single(last);
    // `where the bottleneck is` names no system.
    let moves = CARRIES.contains(&one.as_str())
        || matches!(
            one.as_str(),
            "parcel" | "shipment" | "container" | "ship" | "plough" | "bike" | "bag" | "suitcase"
        );
    let plain = words.iter().all(|w| w.len() > 2 && !STOPS.contains(w));
    (moves && plain && close + 1 == end).then(|| {
        let mut name: Vec<&str> = before.to_vec();
        name.push(&one);
        name.join(" ")
    })
}

#[cfg(test)]
mod tests {
    use super::{followed, hosts, runs, sought, speaks};

    fn name(text: &str) -> String {
        sought(text)
            .and_then(|s| s.name)
            .unwrap_or_else(|| "-".to_owned())
    }

    #[test]
    fn who_asks_for_a_system_names_it() {
        for (text, expected) in [
            (
                "The ministry seeks a case system for its probation service.",
                "Case system",
            ),
            (
                "The District invites tenders for a system for its winter service.",
                "Winter service system",
            ),
            (
                "As head of IT I need a replacement for the planning boards of our units.",
                "Planning board system",
            ),
            (
                "We are looking for a tool for hand hygiene.",
                "Hand hygiene system",
            ),
            (
                "The county requires software for the inspection of bridges.",
                "-",
            ),
            ("We need a tool for the on-call coordinators.", "-"),
            ("The guild wants one place in which sweeps keep lists.", "-"),
            ("Parents want a place in the nursery.", "-"),
            ("Drivers need a licence for the truck.", "-"),
            (
                "Clerks register parcels that need a system for drains.",
                "-",
            ),
            (
                "A site and an app where people need a tool for puzzles.",
                "-",
            ),
            (
                "The city needs a platform for buying and selling bikes.",
                "-",
            ),
        ] {
            assert_eq!(name(text), expected, "{text}");
        }
    }

    #[test]
    fn a_sentence_that_only_asks_is_no_deed() {
        let only = |text: &str| sought(text).is_some_and(|s| s.span.is_some());
        assert!(only(
            "The district of Upper Vale invites tenders for a system for its winter service. Drivers"
        ));
        assert!(only(
            "I need a replacement for the planning boards of our four units. Nurses plan"
        ));
        assert!(!only(
            "The ministry needs a system with which officers record contacts."
        ));
        assert!(!only("We need a tool that warns drivers."));
        assert!(!only("The court wants a portal to file motions."));
    }

    #[test]
    fn who_speaks_and_what_they_run() {
        assert!(speaks(
            "As head of IT of a hospital group I need a replacement."
        ));
        assert!(speaks("As product manager we want less paper."));
        assert!(speaks(
            "I am responsible for IT at a port. Clerks file cases."
        ));
        assert!(speaks("There are two of us and 40 boats."));
        assert!(!speaks("There they file cases."));
        assert!(!speaks("As soon as a parcel arrives, the clerk weighs it."));
        assert_eq!(
            runs("We run 140 self-service laundrettes in Spain").as_deref(),
            Some("laundrette")
        );
        assert_eq!(runs("We operate four ferries"), Some("ferry".to_owned()));
        assert_eq!(runs("We run a shop for tea"), None);
        assert_eq!(runs("Drivers run 40 tours"), None);
        let hosted = "We are a small company that hosts podcasts. Today it falls over.";
        assert_eq!(hosts(hosted).as_deref(), Some("podcast"));
        assert_eq!(hosts("We are a team that helps people"), None);
        let bus = "parents see where the school bus is, and report";
        assert_eq!(followed(bus).as_deref(), Some("school bus"));
        assert_eq!(followed("Parents see where the child is"), None);
        assert_eq!(followed("Managers see where the bottleneck is"), None);
    }
}
