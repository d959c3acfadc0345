//! Words that speak against an absence: where one stands, a document does not deny the thing.

use crate::tree::Text;
use crate::words;
use groundplan_knowledge::absence_topics_of;
use groundplan_model::{Coverage, Evidence, Mention, MentionPlace, Provenance};

/// What files say about something that was not recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The word of the first place.
    pub word: String,
    /// Files that hold it or a like word; where several topics count, of the one with most.
    pub files: u32,
    /// Whether all of them are documents.
    pub documents: bool,
    /// The first places.
    pub places: Vec<Evidence>,
}

impl Spoken {
    fn of(mention: &Mention) -> Option<Spoken> {
        let first = mention.places.first()?;
        Some(Spoken {
            word: first.word.clone(),
            files: mention.files,
            documents: mention.documents >= mention.files,
            places: mention.places.iter().map(place).collect(),
        })
    }
}

fn place(p: &MentionPlace) -> Evidence {
    p.at.clone()
}

/// What was looked for in the words of all files, for an absence that this noun phrase names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// What stands somewhere, most files first.
    pub(crate) spoken: Vec<Spoken>,
    /// The first word of a topic that was searched and stands nowhere.
    pub(crate) silent: Option<&'static str>,
}

/// What the files of the repository say about the things that a noun phrase names.
pub(crate) fn heard(coverage: &Coverage, noun: &str) -> Heard {
    let mut out = Heard::default();
    for topic in absence_topics_of(noun) {
        let found = coverage.mentions.iter().find(|m| m.topic == topic.id);
        match found.and_then(Spoken::of) {
            Some(spoken) => out.spoken.push(spoken),
            None => out.silent = out.silent.or(topic.words.first().map(String::as_str)),
        }
    }
    out
}

/// `` words such as `pg_dump` stand in 4 files, which may answer this `` with their places.
/// where one word stands for `more` things, it is said of at least so many files.
pub(crate) fn clause(all: &[&Spoken], more: bool) -> Option<Text> {
    const MOST: usize = 2;
    let shown = all.get(..all.len().min(MOST))?;
    let first = shown.first()?;
    let mut names: Vec<&str> = shown.iter().map(|s| s.word.as_str()).collect();
    names.dedup();
    let files: u32 = shown.iter().map(|s| s.files).max().unwrap_or(first.files);
    let thing = match shown.iter().all(|s| s.documents) {
        true => "document",
        false => "file",
    };
    let one = shown.iter().all(|s| s.files == 1);
    let text = match (names.as_slice(), one) {
        ([name], true) => Text::plain("the word ")
            .then_code(*name)
            .then(" stands in "),
        (_, true) => {
            let text = Text::plain("the words ");
            text.spans(crate::text::names(names.iter().copied(), MOST))
                .then(" stand in ")
        }
        (_, false) => Text::plain("words such as ")
            .spans(crate::text::names(names.iter().copied(), MOST))
            .then(" stand in "),
    };
    let number = match (one, shown.len()) {
        (true, n) => words::count(n, thing),
        (false, 1) => words::count(files as usize, thing),
        (false, _) => format!("at least {}", words::count(files as usize, thing)),
    };
    let text = text.then(format!("{number}, which may answer this"));
    let each = match more {
        true => 1,
        false => MOST.div_ceil(shown.len()),
    };
    let places = shown.iter().flat_map(|s| s.places.iter().take(each));
    Some(text.from(&Provenance::observed(places.cloned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Absence;
    use crate::text::plain;

    fn coverage(topic: &str, words: &[&str], files: u32) -> Coverage {
        Coverage {
            files: 9,
            mentions: vec![Mention {
                topic: topic.to_owned(),
                files,
                documents: 0,
                places: words
                    .iter()
                    .map(|word| MentionPlace {
                        word: (*word).to_owned(),
                        at: Evidence::new("ops/save.sh", 3, 3, ""),
                    })
                    .collect(),
            }],
            ..Coverage::default()
        }
    }

    fn said(coverage: &Coverage, noun: &str) -> String {
        plain(&Absence::of(noun, &["schedules"]).heard(coverage).sentence())
    }

    #[test]
    fn what_words_speak_of_is_not_denied() {
        assert_eq!(
            said(&coverage("backup", &["pg_dump"], 1), "backup"),
            "No backup was recognized (searched: schedules), but the word pg_dump stands in \
             1 file, which may answer this."
        );
        assert_eq!(
            said(&coverage("backup", &["pg_dump", "backup"], 4), "backup"),
            "No backup was recognized (searched: schedules), but words such as pg_dump stand in \
             4 files, which may answer this."
        );
    }

    #[test]
    fn what_no_word_speaks_of_is_denied_in_full() {
        assert_eq!(
            said(&coverage("backup", &["pg_dump"], 1), "service mesh"),
            "No service mesh was found (searched: schedules, and words such as “istio” in all \
             files)."
        );
        // Nothing is known of the words of this one.
        assert_eq!(
            said(&coverage("backup", &["pg_dump"], 1), "structure to draw"),
            "No structure to draw was found (searched: schedules)."
        );
    }

    /// Whatever is denied somewhere in this crate has a topic, or stands here with its reason.
    #[test]
    #[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
    fn every_absence_has_its_words() {
        // Things of one part, of the form of documents, or with a word that stands everywhere.
        const NO_WORDS: [&str; 45] = [
            "HTTP operation",
            "HTTP path",
            "Kubernetes manifest",
            "SQL table",
            "Spring or .NET configuration, dotenv file or proxy configuration with settings",
            "UI library",
            "container image",
            "connection between parts",
            "connection from an entry point to a store or another part",
            "connection or package dependency",
            "connection to a store",
            "container image or orchestration",
            "database",
            "declared response",
            "declared status code",
            "default value",
            "entry point",
            "environment",
            "environment variable",
            "external system",
            "image registry",
            "interface",
            "interface or external system",
            "internal endpoint or call between parts",
            "manifest, image or language mark",
            "mark of open work (TODO, FIXME, HACK)",
            "module structure",
            "module structure to draw",
            "outgoing connection",
            "port, operation or connection",
            "programming language",
            "protocol",
            "repository address or known product",
            "request or response structure",
            "separately deployable part",
            "service or job",
            "Spring or .NET configuration or dotenv file with settings",
            "service with code of its own",
            "setting, port or limit",
            "structure to draw",
            "table, collection or message",
            "table, message or type of its own",
            "user interface framework",
            "user, deployable part or external system",
            "volume of a service",
        ];
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/answers");
        let mut folders = vec![std::path::PathBuf::from(folder)];
        let mut without = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["absent(", "absent_topics("] {
                    for (at, _) in text.match_indices(call) {
                        let mut rest = text[at + call.len()..].trim_start();
                        if call == "absent_topics(" {
                            rest = rest.split_once("],").map_or("", |(_, r)| r.trim_start());
                        }
                        let Some(noun) = rest.strip_prefix('"').and_then(|r| r.split('"').next())
                        else {
                            continue;
                        };
                        if absence_topics_of(noun).is_empty() && !NO_WORDS.contains(&noun) {
                            without.push(format!("{}: {noun}", path.display()));
                        }
                    }
                }
            }
        }
        assert!(without.is_empty(), "{without:#?}");
    }
}
