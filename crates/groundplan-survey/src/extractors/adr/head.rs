//! Status, date and people.

use super::{Section, id_of_stem, markdown};
use crate::markdown::{Block, Kind, front_matter_end, links, plain};
use crate::source::SourceFile;
use groundplan_model::DecisionStatus;

/// Status, date and people: from the front matter, a list or a table at the top, or a section.
pub(super) struct Head {
    pub(super) status: DecisionStatus,
    /// What the record says of its status beside a word that is known, in its words.
    pub(super) note: Option<String>,
    pub(super) superseded_by: Option<String>,
    pub(super) date: Option<String>,
    pub(super) deciders: Vec<String>,
    /// Whether the file has a status, known or not.
    pub(super) has_status: bool,
    /// The lines of status and date.
    pub(super) status_at: Option<(u32, u32)>,
    pub(super) date_at: Option<(u32, u32)>,
}

/// A key with its value and its line.
type Pair = (String, String, u32);

impl Head {
    pub(super) fn read(
        file: &SourceFile<'_>,
        (above, body): (&[Block], &[Block]),
        sections: &[Section<'_>],
        status: Option<&Section<'_>>,
    ) -> Self {
        let mut pairs: Vec<Pair> = Vec::new();
        let front = front_matter_end(file.text);
        for (number, line) in (1_u32..).zip(file.text.lines()).take(front) {
            pairs.extend(pair(line, number));
        }
        let heading = |b: &&Block| !matches!(b.kind, Kind::Heading(_));
        let top = above.iter().filter(heading);
        let top = top.chain(body.iter().take_while(heading));
        // Some keep what is known of the record in a section of its own.
        let about = sections
            .iter()
            .filter(|s| matches!(s.heading.as_str(), "metadata" | "meta" | "info" | "about"))
            .flat_map(|s| s.blocks);
        // The columns of a table whose head names what each holds.
        let mut columns: Option<Vec<String>> = None;
        // Where the row that was taken begins, and its day: a history has a row for each status.
        let mut taken: Option<(usize, Option<String>)> = None;
        for block in top.chain(about) {
            match &block.kind {
                Kind::Row {
                    cells,
                    header: true,
                } => {
                    let names: Vec<String> = cells.iter().map(|c| key_of(c)).collect();
                    let known = names.iter().filter(|n| is_known(n)).count();
                    columns = (known > 1).then_some(names);
                    taken = None;
                    if columns.is_some() {
                        continue;
                    }
                }
                Kind::Row { cells, .. } => {
                    if let Some(names) = &columns {
                        let held = names.iter().zip(cells);
                        let held = held.map(|(n, c)| (n.clone(), c.trim().to_owned(), block.first));
                        let held: Vec<Pair> = held.collect();
                        let day = held.iter().find(|(name, ..)| name == "date");
                        let day = day.and_then(|(_, value, _)| date_of(value));
                        let older = taken.as_ref().is_some_and(|(_, known)| day < *known);
                        if !older {
                            let from = taken.map_or(pairs.len(), |(from, _)| from);
                            pairs.truncate(from);
                            pairs.extend(held);
                            taken = Some((from, day));
                        }
                        continue;
                    }
                }
                _ => columns = None,
            }
            // `Date: …` and `Status: …` may stand in one paragraph, a line each.
            let lines = file.lines().slice(block.first, block.last);
            let numbered = (block.first..).zip(lines.lines());
            pairs.extend(numbered.filter_map(|(number, line)| pair(line, number)));
        }
        let get = |names: &[&str]| -> Option<(String, (u32, u32))> {
            pairs
                .iter()
                .find(|(key, value, _)| names.contains(&key.as_str()) && !value.is_empty())
                .map(|(_, value, at)| (value.clone(), (*at, *at)))
        };
        let section = status.map(|s| (markdown(file, s.blocks), s.lines));
        let dated = sections
            .iter()
            .find(|s| s.heading == "date")
            .map(|s| (markdown(file, s.blocks), s.lines));
        let (written, status_at) = get(&["status", "state", "decision status"])
            .or(section)
            .filter(|(text, _)| !text.is_empty())
            .map_or((String::new(), None), |(text, at)| (text, Some(at)));
        let read = read_status(&written);
        let deciders = get(&[
            "deciders",
            "decider",
            "decision-makers",
            "decision makers",
            "decision maker",
            "decided by",
        ]);
        const DATES: [&str; 6] = [
            "date",
            "decided",
            "decided on",
            "accepted",
            "accepted on",
            "last updated",
        ];
        let dated = get(&DATES).or(dated);
        let dated = dated.and_then(|(text, at)| Some((date_of(&text)?, at)));
        // `Accepted (2024-03-02)`, `Accepted on 2 March 2024`.
        let beside = || Some((date_within(&read.line)?, status_at?));
        let (date, date_at) = match dated.or_else(beside) {
            Some((date, at)) => (Some(date), Some(at)),
            None => (None, None),
        };
        Head {
            status: read.status,
            note: read.note,
            superseded_by: read.successor,
            date,
            deciders: deciders.map(|(d, _)| people(&d)).unwrap_or_default(),
            has_status: !written.is_empty(),
            status_at,
            date_at,
        }
    }
}

/// The name of a column or key, in lower case.
fn key_of(cell: &str) -> String {
    let text = plain(cell).to_lowercase();
    text.trim_matches([' ', '*', '_', ':']).to_owned()
}

/// Whether a column of a table at the head is one of those that records have.
fn is_known(key: &str) -> bool {
    let key = key.trim_end_matches("(s)");
    const KEYS: [&str; 16] = [
        "status",
        "state",
        "date",
        "author",
        "authors",
        "decider",
        "deciders",
        "decision maker",
        "decision makers",
        "decision-makers",
        "owner",
        "owners",
        "version",
        "created",
        "last updated",
        "supersedes",
    ];
    KEYS.contains(&key)
}

/// `* Status: accepted`, `**Date:** 2024-01-02`, `| Status | accepted |` as key and value.
fn pair(line: &str, number: u32) -> Option<Pair> {
    let line = line.trim().trim_start_matches(['-', '*', '|', ' ']);
    let (key, value) = line.split_once([':', '|'])?;
    // The bold of `**Status**: …` ends before the colon.
    let key = plain(key.trim_matches(['*', '_', ' '])).to_lowercase();
    let value = value.trim_matches(['*', '|', ' ', '"', '\'']).trim();
    (key.len() < 20).then(|| (key, value.to_owned(), number))
}

struct Status {
    status: DecisionStatus,
    note: Option<String>,
    successor: Option<String>,
    /// The line that says it.
    line: String,
}

/// Words of a status, those that end a record before the others.
const WORDS: [(&str, DecisionStatus); 11] = [
    ("superseded", DecisionStatus::Superseded),
    ("superceded", DecisionStatus::Superseded),
    ("replaced by", DecisionStatus::Superseded),
    ("deprecated", DecisionStatus::Deprecated),
    ("rejected", DecisionStatus::Rejected),
    ("proposed", DecisionStatus::Proposed),
    ("draft", DecisionStatus::Proposed),
    ("accepted", DecisionStatus::Accepted),
    ("approved", DecisionStatus::Accepted),
    ("adopted", DecisionStatus::Accepted),
    ("implemented", DecisionStatus::Accepted),
];

/// Words that say of a record that another has taken its place, in whole or in part.
const REPLACED: [&str; 4] = ["superseded", "superceded", "replaced by", "amended"];

fn read_status(written: &str) -> Status {
    let unknown = |line: &str, note: Option<String>| Status {
        status: DecisionStatus::Unknown,
        note,
        successor: None,
        line: line.to_owned(),
    };
    let lines: Vec<&str> = written.lines().map(str::trim).collect();
    // Of a list to tick, what is ticked counts.
    let ticked: Vec<&str> = (lines.iter().copied())
        .filter(|l| l.contains("[x]") || l.contains("[X]"))
        .collect();
    let lines = if ticked.is_empty() { lines } else { ticked };
    let lines: Vec<&str> = lines.into_iter().filter(|l| !l.is_empty()).collect();
    let Some(first) = lines.first() else {
        return unknown("", None);
    };
    // A list of all words is a template that nobody filled in.
    let open = |line: &str| {
        let lower = line.to_lowercase();
        let named = WORDS.iter().filter(|(word, _)| lower.contains(word));
        lower.matches('|').count() >= 2
            || lower.contains('{')
            || named.count() >= 3 && lower.split([',', '/', '|']).count() >= 3
    };
    if open(first) {
        return unknown(first, None);
    }
    let mut led: Vec<(DecisionStatus, String, &str)> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let short = line.split_whitespace().count() <= 8;
        if let Some((status, rest)) = begins(line).filter(|_| number == 0 || short) {
            led.push((status, rest, line));
        }
    }
    let superseded = led
        .iter()
        .find(|(status, _, _)| *status == DecisionStatus::Superseded);
    // Of a history each line may have its day, the newest first or last.
    let newest = || {
        let mut newest: Option<(String, &(DecisionStatus, String, &str))> = None;
        for one in &led {
            let day = date_within(one.2)?;
            if newest.as_ref().is_none_or(|(known, _)| *known <= day) {
                newest = Some((day, one));
            }
        }
        newest.map(|(_, one)| one)
    };
    let found = superseded.or_else(newest).or(led.last());
    let Some((status, rest, line)) = found else {
        let lower = plain(first).to_lowercase();
        // `Not yet accepted`, `to be approved`, `unimplemented`.
        let open = |word: &str| {
            matches!(
                word,
                "not"
                    | "no"
                    | "never"
                    | "be"
                    | "until"
                    | "unless"
                    | "pending"
                    | "awaiting"
                    | "partial"
                    | "partially"
                    | "partly"
            )
        };
        let mut words = lower.split(|c: char| !c.is_alphabetic());
        let is_open = words.any(open);
        let alone = |word: &str| {
            let before = lower.find(word).and_then(|at| lower.get(..at));
            before.is_some_and(|b| !b.ends_with(char::is_alphabetic))
        };
        let word = WORDS.iter().find(|(word, _)| alone(word));
        return match word.filter(|_| !is_open) {
            Some((_, status)) => Status {
                status: *status,
                note: None,
                successor: successor(*status, first),
                line: (*first).to_owned(),
            },
            None => unknown(first, own_words(first)),
        };
    };
    // `Accepted, superseded by …` is over; `Accepted; what it says of X is superseded by …` is so in part.
    if *status == DecisionStatus::Accepted {
        if let Some(at) = REPLACED.iter().filter_map(|w| rest.find(w)).min() {
            const JOINS: [&str; 12] = [
                "and", "now", "but", "then", "later", "since", "is", "was", "has", "been", "by",
                "on",
            ];
            let whole = rest.get(..at).unwrap_or_default();
            let mut words = whole.split(|c: char| !c.is_alphabetic());
            let whole = words.all(|w| w.is_empty() || JOINS.contains(&w));
            let amended = rest.get(at..).is_some_and(|r| r.starts_with("amended"));
            if whole && !amended {
                return Status {
                    status: DecisionStatus::Superseded,
                    note: None,
                    successor: successor(DecisionStatus::Superseded, line),
                    line: (*line).to_owned(),
                };
            }
        }
        let says = |line: &&&str| {
            let lower = line.to_lowercase();
            REPLACED.iter().any(|word| lower.contains(word))
        };
        return Status {
            status: *status,
            note: lines.iter().find(says).and_then(|line| own_words(line)),
            successor: None,
            line: (*line).to_owned(),
        };
    }
    Status {
        status: *status,
        note: None,
        successor: successor(*status, line),
        line: (*line).to_owned(),
    }
}

/// The status that a line begins with, behind signs and dates, and the rest of it in lower case.
fn begins(line: &str) -> Option<(DecisionStatus, String)> {
    let lower = plain(line).to_lowercase();
    let bare = |text: &str| {
        text.trim_start_matches(|c: char| !c.is_alphabetic())
            .to_owned()
    };
    let mut text = bare(&lower);
    if let Some(rest) = ["[x]", "x]", "status"]
        .iter()
        .find_map(|head| text.strip_prefix(head))
    {
        text = bare(rest);
    }
    WORDS.iter().find_map(|(word, status)| {
        let rest = text.strip_prefix(word)?;
        let ends = !rest.starts_with(char::is_alphabetic);
        ends.then(|| (*status, rest.to_owned()))
    })
}

/// A short line as the record has it.
fn own_words(line: &str) -> Option<String> {
    let text = plain(line);
    let text = text.trim_matches([' ', '*', '_', '>', '-']);
    let said = text.chars().any(char::is_alphabetic) && text.chars().count() <= 120;
    said.then(|| text.to_owned())
}

fn successor(status: DecisionStatus, written: &str) -> Option<String> {
    if status != DecisionStatus::Superseded {
        return None;
    }
    let after = ["superseded by", "superceded by", "replaced by"]
        .iter()
        .find_map(|mark| written.get(find_word(written, mark)?..))?;
    let target = links(after).first().and_then(|(_, address)| {
        let name = address.split('#').next()?.rsplit('/').next()?;
        id_of_stem(name.trim_end_matches(".md"))
    });
    target.or_else(|| id_of_stem(plain(after).split_once(' ')?.1.split_once(' ')?.1))
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    // Upper and lower case of ASCII have the same length, so the place holds for the text.
    text.to_ascii_lowercase().find(word)
}

/// A date of ISO 8601, or one with the name of a month: `2 March 2024`, `March 2, 2024`.
fn date_of(text: &str) -> Option<String> {
    iso_date(text).or_else(|| date_within(text))
}

/// A date as the record has it, if it begins with one of ISO 8601.
fn iso_date(text: &str) -> Option<String> {
    let text = text.replace('/', "-");
    let date: String = text.chars().take(10).collect();
    let shape: String = date
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    (shape == "0000-00-00").then_some(date)
}

/// The first date in a line.
fn date_within(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "(),;*_[]".contains(c))
        .filter(|w| !w.is_empty())
        .collect();
    if let Some(date) = words.iter().find_map(|w| iso_date(w)) {
        return Some(date);
    }
    let month = |word: &str| -> Option<usize> {
        let head = word.get(..3)?.to_ascii_lowercase();
        MONTHS.iter().position(|m| *m == head).map(|at| at + 1)
    };
    let number = |word: &str| {
        word.trim_end_matches(char::is_alphabetic)
            .parse::<u32>()
            .ok()
    };
    words.windows(3).find_map(|w| {
        let (day, month) = match (month(w[0]), month(w[1])) {
            (Some(month), None) => (number(w[1])?, month),
            (None, Some(month)) => (number(w[0])?, month),
            _ => return None,
        };
        let year = w[2].parse::<u32>().ok()?;
        let fits = (1..=31).contains(&day) && (1990..=2100).contains(&year);
        fits.then(|| format!("{year}-{month:02}-{day:02}"))
    })
}

/// Names of a list; addresses are left out.
fn people(text: &str) -> Vec<String> {
    plain(text)
        .trim_matches(['[', ']', '{', '}'])
        .split([',', ';'])
        .map(|name| {
            name.split('<')
                .next()
                .unwrap_or(name)
                .trim()
                .trim_matches('"')
        })
        .filter(|name| !name.is_empty() && (!name.contains('@') || name.starts_with('@')))
        .map(str::to_owned)
        .collect()
}
