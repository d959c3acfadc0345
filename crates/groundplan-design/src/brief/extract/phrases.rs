//! What single phrases of a brief name: systems, places, days, and where words stand.

use super::Reader;
use crate::brief::story;
use crate::brief::token::{Kind, Token, tokens};
use crate::brief::words::{Force, Hit, clause, find, force};
use crate::brief::{Field, Partner, Place};
use groundplan_knowledge::Vocabulary;
use groundplan_model::Diagnostic;
use groundplan_syntax::Lines;

pub(super) fn raw_name(text: &str, start: usize, end: usize) -> String {
    let words = text.get(start..end).unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The protocol that stands in brackets behind a name: `the land register (SOAP)`.
pub(super) fn spoken(tokens: &[Token], end: usize) -> Option<&'static str> {
    let at = tokens.iter().position(|t| t.start >= end)?;
    if !tokens.get(at)?.is('(') {
        return None;
    }
    Some(match tokens.get(at + 1)?.word() {
        "soap" => "SOAP over HTTPS",
        "rest" => "REST over HTTPS",
        "sftp" => "SFTP",
        "ftp" | "ftps" => "FTPS",
        "odata" => "OData",
        "edi" | "edifact" => "EDIFACT",
        "as2" => "AS2",
        "mqtt" => "MQTT",
        "grpc" => "gRPC",
        "saml" => "SAML 2.0",
        "opc" | "opc-ua" => "OPC UA",
        "modbus" => "Modbus",
        _ => return None,
    })
}

/// Whether the words before the first number of a clause name one thing that is done.
pub(crate) fn one_deed(words: &[Token]) -> bool {
    let at = words
        .iter()
        .position(|t| matches!(t.kind, Kind::Number { .. }));
    of_one_deed(words.get(..at.unwrap_or(0)).unwrap_or_default())
}

/// Whether the words before a time bound name one thing that is done, not answers of the system.
pub(super) fn of_one_deed(head: &[Token]) -> bool {
    const ANY: [&str; 20] = [
        "median",
        "under",
        "below",
        "within",
        "than",
        "less",
        "max",
        "latency",
        "response",
        "responses",
        "api",
        "request",
        "requests",
        "time",
        "times",
        "page",
        "pages",
        "answers",
        "reads",
        "writes",
    ];
    let words: Vec<&str> = head
        .iter()
        .map(Token::word)
        .filter(|w| w.len() > 2 && w.chars().all(|c| c.is_alphabetic()))
        .filter(|w| {
            !matches!(
                *w,
                "the"
                    | "all"
                    | "any"
                    | "for"
                    | "and"
                    | "must"
                    | "stay"
                    | "are"
                    | "every"
                    | "each"
                    | "with"
            )
        })
        .collect();
    // `call setup`, `search results`: a bare verb before a noun is part of its name.
    let named = words.len() >= 2
        && words.get(1).is_some_and(|w| {
            !story::is_verb(w)
                && !story::is_filler(w)
                && !matches!(*w, "under" | "below" | "within")
        });
    let deed = head
        .iter()
        .enumerate()
        .any(|(i, t)| story::is_verb(t.word()) && !(i == 0 && named && story::bare(t.word())));
    // `P95 of search below 400 ms`
    let of = head.windows(2).any(|pair| {
        let percentile = matches!(pair[0].word(), "p50" | "p95" | "p99" | "median");
        percentile && matches!(pair[1].word(), "of" | "for")
    });
    (words.len() >= 2 && !deed || of && !words.is_empty())
        && !words
            .iter()
            .any(|w| ANY.contains(w) && !matches!(*w, "under" | "below" | "within"))
}

/// `two government data centres`, `2 sites`: more than one place of one's own.
pub(super) fn two_places(tokens: &[Token]) -> bool {
    let many = |t: &Token| {
        matches!(t.word(), "two" | "three" | "both")
            || matches!(&t.kind, Kind::Number { value, suffix, .. }
                if (2.0..10.0).contains(value) && suffix.is_empty())
    };
    (0..tokens.len()).any(|i| {
        let word = |k: usize| tokens.get(k).map_or("", Token::word);
        let centre = |w: &str| matches!(w, "centres" | "centers" | "rooms");
        let place = matches!(word(i), "datacentres" | "datacenters" | "sites")
            || matches!(word(i), "data" | "computer" | "server") && centre(word(i + 1));
        let start = clause(tokens, i).start.max(i.saturating_sub(4));
        place && tokens.get(start..i).unwrap_or_default().iter().any(many)
    })
}

/// A protocol that is said beside a system (`Epic (HL7)`, `the hospital system over HL7`) is how
/// that one is spoken to, and no system of its own.
pub(super) fn merged(mut found: Vec<(Field, usize, Partner)>) -> Vec<(Field, usize, Partner)> {
    let protocol = |p: &Partner| p.name.contains("(HL7)");
    let Some(at) = found.iter().position(|(_, _, p)| protocol(p)) else {
        return found;
    };
    let (field, start, spoken) = found[at].clone();
    let near = |f: Field, s: usize| f == field && s < start && start - s < 60;
    let owner = found
        .iter_mut()
        .filter(|(f, s, p)| near(*f, *s) && !protocol(p))
        .max_by_key(|(_, s, _)| *s);
    if let Some((_, _, partner)) = owner {
        if partner.protocol.contains("to be agreed") {
            partner.protocol = spoken.protocol;
            partner.auth = spoken.auth;
            partner.what = spoken.what;
        }
        found.remove(at);
    }
    found
}

/// Laws that are named by their number, `EU 1760/2000`: first byte and the byte behind each.
pub(super) fn by_number(tokens: &[Token]) -> Vec<(usize, usize)> {
    let number = |i: usize| {
        tokens
            .get(i)
            .filter(|t| matches!(&t.kind, Kind::Number { suffix, .. } if suffix.is_empty()))
    };
    let named = |i: usize| {
        let word = tokens.get(i).map_or("", Token::word);
        matches!(word, "eu" | "ec" | "eec" | "directive" | "regulation")
    };
    (0..tokens.len())
        .filter(|i| named(*i) && !named(i + 1))
        .filter_map(|i| {
            let (first, last) = (number(i + 1)?, number(i + 3)?);
            let slash = tokens.get(i + 2).is_some_and(|t| t.is('/'));
            (slash && first.end < last.start).then_some((tokens.get(i)?.start, last.end))
        })
        .collect()
}

/// Words before `hours` that make them those of service.
pub(super) const SERVICE: [&str; 9] = [
    "business", "office", "opening", "service", "working", "school", "trading", "store", "shop",
];

/// Days of a week that a text names; all where it names none, the stricter reading.
pub(super) fn days_of(text: &str) -> f64 {
    let plain: String = text
        .to_lowercase()
        .replace(['\u{2013}', '\u{2014}'], "-")
        .replace(" to ", "-")
        .replace(" - ", "-");
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    for word in plain.split([' ', ',', ';', '(', ')']) {
        let Some((from, to)) = word.split_once('-') else {
            continue;
        };
        let day = |part: &str| NAMES.iter().position(|n| part.starts_with(n));
        if let (Some(from), Some(to)) = (day(from), day(to)) {
            return ((to + 7 - from) % 7 + 1) as f64;
        }
    }
    let weekdays = plain.contains("weekday") || plain.contains("working day");
    if weekdays { 5.0 } else { 7.0 }
}

/// Where words stand in the lines of a field: the first line that holds them, or all lines.
pub(crate) fn locate(lines: &Lines<'_>, path: &str, [first, last]: [u32; 2], words: &str) -> Place {
    let head = words.lines().next().unwrap_or_default();
    for line in first..=last {
        let text = lines.text(line);
        if let Some(at) = word_at(text, head).filter(|_| !head.is_empty()) {
            let column = |byte: usize| text.get(..byte).map_or(1, |t| t.chars().count() as u32 + 1);
            return Place {
                evidence: Some(lines.evidence(path, line, line)),
                columns: Some([column(at), column(at + head.len()).saturating_sub(1)]),
            };
        }
    }
    // A sentence that goes on in the next line begins in this one.
    let all: Vec<&str> = head.split_whitespace().collect();
    for count in (3..all.len()).rev() {
        let part = all.get(..count).unwrap_or_default().join(" ");
        for line in first..=last {
            let text = lines.text(line);
            if text.trim_end().ends_with(part.as_str())
                && let Some(at) = word_at(text, &part)
            {
                let column =
                    |byte: usize| text.get(..byte).map_or(1, |t| t.chars().count() as u32 + 1);
                return Place {
                    evidence: Some(lines.evidence(path, line, line)),
                    columns: Some([column(at), column(at + part.len()).saturating_sub(1)]),
                };
            }
        }
    }
    // Who acts stood before a colon, or a number counted before its noun: the rest stands there.
    for skip in 1..all.len().saturating_sub(2).min(4) {
        let part = all.get(skip..).unwrap_or_default().join(" ");
        let part = part.trim_end_matches('.');
        let mut found = (first..=last).filter(|l| word_at(lines.text(*l), part).is_some());
        if let (Some(line), None) = (found.next(), found.next()) {
            return Place {
                evidence: Some(lines.evidence(path, line, line)),
                columns: None,
            };
        }
    }
    Place {
        evidence: Some(lines.evidence(path, first, last)),
        columns: None,
    }
}

/// Where words begin in a line, as words: `4 months` is no part of `14 months`.
pub(super) fn word_at(line: &str, words: &str) -> Option<usize> {
    let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    let whole = |at: usize| {
        let before = line.get(..at).and_then(|l| l.chars().next_back());
        let behind = line.get(at + words.len()..).and_then(|l| l.chars().next());
        let grouped = behind == Some(',')
            && line
                .get(at + words.len() + 1..)
                .is_some_and(|l| l.starts_with(|c: char| c.is_ascii_digit()))
            && words.ends_with(|c: char| c.is_ascii_digit());
        let starts = !(joined(before) && words.starts_with(char::is_alphanumeric));
        let ends = !(joined(behind) && words.ends_with(char::is_alphanumeric));
        starts && ends && !grouped
    };
    let mut all = line.match_indices(words).map(|(at, _)| at);
    all.find(|at| whole(*at)).or_else(|| line.find(words))
}

/// A diagnostic at a place.
pub(crate) fn placed(diagnostic: Diagnostic, place: &Place) -> Diagnostic {
    let diagnostic = match &place.evidence {
        Some(evidence) => diagnostic.at(evidence.clone()),
        None => diagnostic,
    };
    match place.columns {
        Some([first, last]) => diagnostic.columns(first, last),
        None => diagnostic,
    }
}

/// Names behind `integrate with` and its like, with their bytes.
pub(super) fn integrated(text: &str, tokens: &[Token]) -> Vec<(String, usize, usize)> {
    let mut all = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let verb = ["integrat", "connect", "sync", "interfac", "exchang"]
            .iter()
            .any(|stem| token.word().starts_with(stem))
            || matches!(
                token.word(),
                "talk" | "talks" | "speak" | "speaks" | "hook" | "linked"
            );
        let link = tokens.get(i + 1).map_or("", Token::word);
        if !verb || !matches!(link, "with" | "to") || force(tokens, i) == Force::Forbid {
            continue;
        }
        let mut start = None;
        for (at, next) in tokens.iter().enumerate().skip(i + 2) {
            let word = next.word();
            // A comma inside of a list: `SAP, Okta and our billing system`.
            let listed = next.is(',') && {
                let rest = tokens.get(at + 1..clause(tokens, at + 1).end);
                let rest = rest.unwrap_or_default();
                let number = |t: &Token| matches!(t.kind, Kind::Number { .. });
                rest.iter().any(|t| t.word() == "and") && !rest.iter().any(number)
            };
            if listed {
                if let Some((s, e)) = start.take() {
                    all.extend(name(text, s, e));
                }
                continue;
            }
            let stops = next.ends_clause()
                || matches!(
                    word,
                    "over"
                        | "via"
                        | "for"
                        | "by"
                        | "using"
                        | "through"
                        | "at"
                        | "every"
                        | "in"
                        | "on"
                );
            if stops || word == "and" {
                if let Some((s, e)) = start.take() {
                    all.extend(name(text, s, e));
                }
                if stops {
                    break;
                }
                continue;
            }

            if matches!(
                word,
                "with"
                    | "to"
                    | "the"
                    | "our"
                    | "a"
                    | "an"
                    | "their"
                    | "existing"
                    | "your"
                    | "company"
            ) && start.is_none()
            {
                continue;
            }
            start = Some((start.map_or(next.start, |(s, _)| s), next.end));
        }
        if let Some((s, e)) = start {
            all.extend(name(text, s, e));
        }
    }
    all
}

/// Systems that are named in other ways: `the vehicle register must be queried`, `via the existing
/// Navision ERP`, `must query the land register`.
pub(super) fn other_systems(text: &str, tokens: &[Token]) -> Vec<(String, usize, usize)> {
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let pointer = |w: &str| matches!(w, "the" | "our" | "an" | "a" | "their" | "existing" | "all");
    let systems = &groundplan_knowledge::design_tables().vocabulary.systems;
    let system = |w: &str| systems.iter().any(|s| s == w);
    let mut all = Vec::new();
    for i in 0..tokens.len() {
        // The noun before `must be queried`.
        let used = word(i) == "be"
            && matches!(
                word(i + 1),
                "queried" | "called" | "consulted" | "asked" | "fed" | "connected" | "integrated"
            );
        // The noun behind `existing` or `query`.
        let led = matches!(word(i), "existing" | "query" | "queries" | "call" | "calls")
            && force(tokens, i) != Force::Forbid;
        let span = if used {
            let mut from = i.saturating_sub(1);
            let range = clause(tokens, i);
            while from > range.start && !pointer(word(from - 1)) {
                from -= 1;
            }
            (from, i.saturating_sub(1))
        } else if led {
            let mut from = i + 1;
            while pointer(word(from)) {
                from += 1;
            }
            let end = (from..from + 4).find(|k| system(word(*k)));
            (from, end.map_or(from, |e| e + 1))
        } else {
            continue;
        };
        let (from, to) = span;
        if from >= to || force(tokens, i) == Force::Forbid {
            continue;
        }
        // `the existing system` names nothing.
        if to - from == 1 && matches!(word(from), "system" | "systems" | "software" | "platform") {
            continue;
        }
        let start = tokens.get(from).map_or(0, |t| t.start);
        let end = tokens.get(to - 1).map_or(0, |t| t.end);
        all.extend(name(text, start, end));
    }
    all
}

/// Whether a text demands one of these names: `on one machine is fine` allows it only.
pub(super) fn demanded(text: &str, names: &[String]) -> bool {
    let all = tokens(text);
    let allowed = |end: usize| {
        let next = all.iter().find(|t| t.start >= end).map_or("", Token::word);
        matches!(next, "is" | "would" | "may" | "can")
    };
    // What is there today, one part alone, and what must not be, is no demand of all.
    const OTHER: [&str; 16] = [
        "backup",
        "backups",
        "currently",
        "existing",
        "failure",
        "fault",
        "legacy",
        "never",
        "no",
        "not",
        "now",
        "old",
        "present",
        "replace",
        "replaces",
        "today",
    ];
    let other = |at: usize| {
        let part = all.get(clause(&all, at)).unwrap_or_default();
        // `the application and its database must run` are all there is; `the database must run` is a part.
        let subject = all.get(clause(&all, at).start..at).unwrap_or_default();
        let alone = subject.iter().any(|t| t.word() == "database")
            && !subject.iter().any(|t| {
                matches!(
                    t.word(),
                    "and" | "with" | "including" | "everything" | "all"
                )
            });
        alone || part.iter().any(|t| OTHER.contains(&t.word()))
    };
    find(&all, names)
        .iter()
        .any(|h| matches!(h.force, Force::Must | Force::Bare) && !allowed(h.end) && !other(h.at))
}

/// Takes out the databases that the scale counts things in: `9 million numbers in the routing database` are its
/// own. A system of another kind, or of a state, may be counted in and still be asked.
pub(super) fn without_own(named: &mut Vec<(String, usize, usize)>, scale: &str) {
    const OF_OTHERS: [&str; 6] = [
        "central", "external", "federal", "national", "public", "state",
    ];
    let scale = tokens(scale);
    named.retain(|(name, ..)| {
        let name = name.to_lowercase();
        let own =
            name.ends_with(" database") && !name.split(' ').any(|word| OF_OTHERS.contains(&word));
        !own || find(&scale, &[format!("in the {name}")]).is_empty()
    });
}

/// Up to five words as the name of a system.
pub(super) fn name(text: &str, start: usize, end: usize) -> Option<(String, usize, usize)> {
    let words = text.get(start..end)?.trim();
    let mut all = words.split_whitespace();
    // `speaks with them and decides whether` names nobody; `IT service desk` and `US Customs` do.
    let first = all.next().unwrap_or_default();
    let pronoun = matches!(
        first,
        "them" | "him" | "her" | "it" | "us" | "me" | "you" | "each" | "one" | "others" | "whom"
    );
    let clause = all.any(|w| {
        matches!(
            w,
            "whether" | "if" | "when" | "that" | "who" | "which" | "because" | "until"
        )
    });
    (!words.is_empty() && !pronoun && !clause && words.split_whitespace().count() <= 5)
        .then(|| (words.to_owned(), start, end))
}

impl Reader<'_> {
    /// Systems under `existing_systems` that a program can speak to: paper and spreadsheets are
    /// moved over, not called.
    pub(super) fn existing(&self) -> Vec<Partner> {
        let Some(said) = self.brief.answers.get("existing_systems") else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for item in said.value.split([',', ';']).map(str::trim) {
            let lower = item.to_lowercase();
            let dead = [
                "paper",
                "excel",
                "spreadsheet",
                "access",
                "old ",
                "legacy",
                "archive",
                "folder",
                "csv",
            ];
            if item.is_empty() || dead.iter().any(|d| lower.contains(d)) {
                continue;
            }
            let words = tokens(item);
            let known = self
                .vocabulary
                .partners
                .iter()
                .find(|k| !find(&words, &k.alias).is_empty());
            all.push(match known {
                Some(k) => Partner {
                    name: k.name.clone(),
                    what: k.what.clone(),
                    protocol: k.protocol.clone(),
                    auth: k.auth.clone(),
                    rps: None,
                    place: said.place.clone(),
                },
                None => Partner {
                    name: item.to_owned(),
                    what: "existing system".to_owned(),
                    protocol: "HTTPS; to be agreed".to_owned(),
                    auth: "client credentials; to be agreed".to_owned(),
                    rps: None,
                    place: said.place.clone(),
                },
            });
        }
        all
    }
}

/// Names of rules that are words of other trades too, and count in capitals only.
const ALSO_WORDS: [&str; 1] = ["sox"];

/// Whether what was found means something else: Red Sox, or `SOX emissions`.
pub(super) fn is_other_word(text: &str, tokens: &[Token], hit: &Hit) -> bool {
    let word = tokens.get(hit.at).map_or("", Token::word);
    let Some(name) = ALSO_WORDS.iter().find(|name| word.starts_with(**name)) else {
        return false;
    };
    let said = text.get(hit.start..hit.start + name.len());
    let clause = tokens.get(clause(tokens, hit.at)).unwrap_or_default();
    let emitted = |t: &Token| matches!(t.word(), "emission" | "emissions");
    !said.is_some_and(|said| said.chars().all(|c| c.is_ascii_uppercase()))
        || clause.iter().any(emitted)
}

/// Whether a clause on where data stays is about those of a place: the place stands in it twice, the
/// first time before who or what is meant (`data of EU customers must stay in the EU`).
pub(super) fn of_some(
    tokens: &[Token],
    range: &std::ops::Range<usize>,
    names: &[String],
    vocabulary: &Vocabulary,
) -> bool {
    let all = find(tokens, names);
    let here: Vec<usize> = all
        .iter()
        .map(|h| h.at)
        .filter(|at| range.contains(at))
        .collect();
    let (Some(first), true) = (here.first(), here.len() > 1) else {
        return false;
    };
    // `data of our German company` is all of it.
    if first
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| t.word() == "our")
    {
        return false;
    }
    let next = tokens.get(first + 1).map_or("", Token::word);
    let one = story::single(next);
    let kinds = [
        "workspace",
        "account",
        "record",
        "data",
        "document",
        "file",
        "order",
    ];
    vocabulary.is_somebody(&one)
        || vocabulary.users.contains(&one)
        || vocabulary.organisations.contains(&one)
        || kinds.contains(&one.as_str())
}
