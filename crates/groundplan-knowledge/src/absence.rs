//! Words that speak against an absence: a repository in which one stands may well have the thing
//! that no reader recognised.

use serde::Deserialize;
use std::sync::OnceLock;

/// The embedded topics as JSON, in order.
static TOPICS: &str = include_str!(concat!(env!("OUT_DIR"), "/absences.json"));

/// A thing that documents may say a repository lacks, and the words that speak against it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceTopic {
    /// Kebab-case key.
    pub id: String,
    /// Phrases by which absences call it.
    pub nouns: Vec<String>,
    /// Words that stand in a repository that has it, in lower case.
    pub words: Vec<String>,
    /// Whether words count in documents alone: code has no section on limitations.
    #[serde(default)]
    pub prose: bool,
    /// Parts of names, in lower case, in which a word means something else: `iam_database` of
    /// `iam_database_authentication` is no login of users.
    #[serde(default)]
    pub but: Vec<String>,
    /// Names of files without their endings, in lower case: a file so called is the thing, and so are
    /// a folder of code and a class with that word in its name.
    #[serde(default)]
    pub files: Vec<String>,
    /// Words that speak against it as a part of the name of an operation, table, package, part or
    /// setting, in lower case; long ones count anywhere in a name without its separators.
    #[serde(default)]
    pub names: Vec<String>,
    /// The same for names of tables alone, where such a word says more than elsewhere.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Whether the running text of documents tells of it; else only their headings do.
    #[serde(default)]
    pub told: bool,
    /// Whether documents say it better than code does.
    #[serde(default)]
    pub documented: bool,
    /// Whether scripts of releases and pipelines may well be about it.
    #[serde(default)]
    pub delivery: bool,
}

/// The shortest word that is searched: shorter ones stand in too many others, and the search skips
/// ahead by the length of the shortest.
pub const SHORTEST_WORD: usize = 5;

/// All topics, sorted by id; decoded at the first call.
pub fn absence_topics() -> &'static [AbsenceTopic] {
    static ALL: OnceLock<Vec<AbsenceTopic>> = OnceLock::new();
    // The tests decode the embedded text; it is sound in a program that passes them.
    ALL.get_or_init(|| serde_json::from_str(TOPICS).unwrap_or_default())
}

/// Whether scripts of releases and pipelines may well be about the topic with this id.
pub fn is_of_delivery(id: &str) -> bool {
    absence_topics().iter().any(|t| t.delivery && t.id == id)
}

/// Whether a text file lists packages and is not written for people: `requirements.txt`, `requirements/base.txt`,
/// `constraints.txt`.
pub fn is_list_of_packages(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let begins = |word: &str| {
        let begin = name.get(..word.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    let folder = folders.rsplit('/').next().unwrap_or_default();
    begins("requirements") || begins("constraints") || folder.eq_ignore_ascii_case("requirements")
}

/// The topics that a noun phrase such as `rate limit or quota` names. A phrase inside a longer one
/// of another topic does not count: a `search index` is no `index`.
pub fn absence_topics_of(noun: &str) -> Vec<&'static AbsenceTopic> {
    let noun = noun.to_lowercase();
    let letters = letters(&noun);
    let mut spans: Vec<(usize, usize, &'static AbsenceTopic)> = Vec::new();
    for (phrase, of_phrase, topic) in phrases() {
        // A letter that is not there tells of most phrases.
        if of_phrase & !letters != 0 || !holds(&noun, phrase) {
            continue;
        }
        let whole = noun
            .match_indices(phrase.as_str())
            .map(|(at, _)| (at, at + phrase.len()));
        spans.extend(
            whole
                .filter(|(at, end)| is_whole(&noun, *at, *end))
                .map(|(at, end)| (at, end, *topic)),
        );
    }
    let inside = |span: &(usize, usize, &AbsenceTopic)| {
        spans
            .iter()
            .any(|(a, e, _)| *a <= span.0 && span.1 <= *e && e - a > span.1 - span.0)
    };
    let mut all: Vec<&'static AbsenceTopic> = Vec::new();
    for span in spans.iter().filter(|span| !inside(span)) {
        if !all.contains(&span.2) {
            all.push(span.2);
        }
    }
    all
}

/// A bit for the last six bits of each byte of a text.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |all, b| all | 1 << (b & 63))
}

/// The phrases of all topics in lower case, each with its letters and its topic, in order.
fn phrases() -> &'static [(String, u64, &'static AbsenceTopic)] {
    static ALL: OnceLock<Vec<(String, u64, &'static AbsenceTopic)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let topics = absence_topics().iter();
        let of = |topic: &'static AbsenceTopic| {
            let nouns = topic.nouns.iter();
            let lower = nouns.map(|phrase| phrase.to_lowercase());
            lower.map(move |phrase| (phrase.clone(), letters(&phrase), topic))
        };
        topics.flat_map(of).collect()
    })
}

/// Whether a short text holds a phrase: to make a real search ready for every phrase costs many times
/// as much.
fn holds(text: &str, phrase: &str) -> bool {
    let Some(first) = phrase.bytes().next() else {
        return true;
    };
    let mut begins = text.bytes().enumerate().filter(|(_, b)| *b == first);
    begins.any(|(at, _)| text.as_bytes()[at..].starts_with(phrase.as_bytes()))
}

/// Whether a range is a word or words of a text; a plural counts.
fn is_whole(text: &str, at: usize, end: usize) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    let rest = &text[end..];
    edge(text[..at].chars().next_back())
        && (edge(rest.chars().next())
            || rest
                .strip_prefix('s')
                .is_some_and(|r| edge(r.chars().next())))
}

/// What is wrong with topics, for the one who writes them.
pub fn lint_absence_topics(topics: &[AbsenceTopic]) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in topics.windows(2) {
        if pair[0].id >= pair[1].id {
            faults.push(format!("`{}` stands after `{}`", pair[1].id, pair[0].id));
        }
    }
    for t in topics {
        if t.nouns.is_empty() || t.words.is_empty() {
            faults.push(format!("`{}` has no nouns or no words", t.id));
        }
        for name in t.names.iter().chain(&t.tables) {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            if name.is_empty() || !name.chars().all(plain) {
                faults.push(format!("`{}`: `{name}` is no part of a name", t.id));
            }
        }
        for (at, word) in t.words.iter().enumerate() {
            let short = word.len() < SHORTEST_WORD;
            if short || !word.is_ascii() || word.chars().any(|c| c.is_ascii_uppercase()) {
                faults.push(format!(
                    "`{}`: `{word}` is no ASCII word of {SHORTEST_WORD} or more in lower case",
                    t.id
                ));
            }
            if t.words[..at].contains(word) {
                faults.push(format!("`{}` has `{word}` twice", t.id));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_sound() {
        assert!(!absence_topics().is_empty());
        assert_eq!(lint_absence_topics(absence_topics()), Vec::<String>::new());
    }

    #[test]
    fn faults_of_topics_are_named() {
        let bad = AbsenceTopic {
            id: "b".to_owned(),
            nouns: vec!["thing".to_owned()],
            words: vec!["TTL".to_owned(), "expire".to_owned(), "expire".to_owned()],
            ..AbsenceTopic::default()
        };
        let after = AbsenceTopic {
            id: "a".to_owned(),
            ..AbsenceTopic::default()
        };
        assert_eq!(lint_absence_topics(&[bad, after]).len(), 4);
    }

    #[test]
    fn nouns_find_their_topics() {
        let ids = |noun| -> Vec<&str> {
            let all = absence_topics_of(noun);
            all.iter().map(|t| t.id.as_str()).collect()
        };
        assert_eq!(ids("rate limit or quota"), ["quota"]);
        assert_eq!(ids("backup of configuration"), ["backup"]);
        assert_eq!(
            ids("permission check, policy or role binding"),
            ["authorization"]
        );
        assert_eq!(ids("search index"), ["search-index"]);
        assert_eq!(
            ids("metric about logins, permissions or attacks"),
            ["security-metric"]
        );
        assert!(ids("structure to draw").is_empty());
        assert!(ids("backups").contains(&"backup"));
    }
}
