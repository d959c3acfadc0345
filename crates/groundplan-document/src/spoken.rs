//! Words that speak against an absence: where one stands, a document does not deny the thing.

use crate::answers::is_task_file;
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::{absence_topics_of, is_list_of_packages, is_of_delivery};
use groundplan_model::{Coverage, Evidence, Mention, MentionPlace, Provenance};

/// What files say about something that was not recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The name of the first place, or the name of the file where that says it.
    pub word: String,
    /// The line of code of the first place; empty where none can be quoted.
    pub said: String,
    /// Whether the first place is in a document.
    pub documents: bool,
    /// The first places.
    pub places: Vec<Evidence>,
    /// Whether the first place is one where such a word means the thing: a manifest, code of the
    /// product, a page that is about it, a file of that name. A name elsewhere only keeps a
    /// document from denying it.
    pub sure: bool,
}

impl Spoken {
    fn of(mention: &Mention) -> Option<Spoken> {
        let place = |place: &MentionPlace| {
            let name = place.at.path.rsplit('/').next().unwrap_or_default();
            match place.word == name || place.word.ends_with('/') {
                true => Place::Telling,
                false => place_of(&mention.topic, &place.at.path),
            }
        };
        let of = |kind: Place| mention.places.iter().find(|p| place(p) == kind);
        let sure = of(Place::Telling);
        let first = sure.or_else(|| of(Place::Weak))?;
        let others =
            (mention.places.iter()).filter(|p| p.at != first.at && place(p) != Place::Silent);
        Some(Spoken {
            word: first.word.clone(),
            said: first.said.clone(),
            documents: is_document(&first.at.path),
            sure: sure.is_some(),
            places: std::iter::once(first)
                .chain(others)
                .map(|p| p.at.clone())
                .collect(),
        })
    }

    /// The name of the file of the first place.
    pub(crate) fn file(&self) -> &str {
        let path = self.places.first().map_or("", |p| p.path.as_str());
        path.rsplit('/').next().unwrap_or(path)
    }

    /// Whether the name of the file or of its folder is what speaks.
    pub(crate) fn by_name(&self) -> bool {
        self.word == self.file() || self.by_folder()
    }

    /// Whether the name of the folder is what speaks.
    fn by_folder(&self) -> bool {
        self.word.ends_with('/')
    }
}

/// How much a word says by where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Such a word means the thing there.
    Telling,
    /// Stores of rows, pages, plugins and the like have words of all kinds: a document does not deny the thing for
    /// one, and says no more.
    Weak,
    /// What rows of data, benchmarks and tools call things says nothing of how the system works.
    Silent,
}

/// What a word of the topic says in a file of this path.
fn place_of(topic: &str, path: &str) -> Place {
    let lower = path.to_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let below = |all: &[&str]| folders.split('/').any(|part| all.contains(&part));
    let scripts = ["tools", "tool", "scripts", "script", "hack", ".github"];
    let apart = ["cli", "bench", "benches", "benchmarks", "fixtures", "mocks"];
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    let rows = ["data", "i18n", "locales", "seeds"];
    let data =
        name.ends_with(".json") && name != "package.json" && !name.starts_with("appsettings");
    let page = ends(&[".vue", ".tsx", ".jsx", ".svelte", ".html", ".css", ".scss"]);
    // Scripts copy data and bring schemas up to date, too.
    let of_scripts = || matches!(topic, "backup" | "schema-migration") || is_of_delivery(topic);
    let tasks = below(&scripts) || is_task_file(name);
    if below(&apart) || data && below(&rows) || tasks && !of_scripts() {
        return Place::Silent;
    }
    let weak = [
        "datastore",
        "store",
        "stores",
        "model",
        "models",
        "entity",
        "entities",
        "dto",
        "dtos",
        "migration",
        "migrations",
        "i18n",
        "plugins",
        "plugin",
        "integrations",
        "integration",
        "connectors",
    ];
    match below(&weak) || name.starts_with("models.") || page || data {
        true => Place::Weak,
        false => Place::Telling,
    }
}

/// Whether a word of the topic says nothing in a file of this path.
pub(crate) fn is_silent(topic: &str, path: &str) -> bool {
    place_of(topic, path) == Place::Silent
}

/// Whether a file is written for people, by its ending. A list of packages is not.
fn is_document(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    let is = |all: &[&str]| all.iter().any(|e| e.eq_ignore_ascii_case(end));
    is(&["md", "markdown", "mdx", "rst", "adoc"]) || is(&["txt"]) && !is_list_of_packages(path)
}

/// What the files of the repository say about the things that a noun phrase names: what is so
/// called first, then code and configuration, then documents.
pub(crate) fn heard(coverage: &Coverage, noun: &str) -> Vec<Spoken> {
    let topics = absence_topics_of(noun);
    let of = |id: &str| coverage.mentions.iter().find(|m| m.topic == id);
    let mut all: Vec<Spoken> = topics
        .iter()
        .filter_map(|topic| of(&topic.id).and_then(Spoken::of))
        .collect();
    all.sort_by_key(|s| (s.documents, !s.by_name()));
    all
}

/// `` `retention_in_days` in `main.tf` was not followed `` with its place: why a thing is not denied. It says
/// what was read and nothing of what the word is for: that nobody knows. Where the word may mean anything,
/// only the file is named.
pub(crate) fn clause(all: &[&Spoken]) -> Option<Text> {
    let (subject, rest) = said(all)?;
    Some(subject.then(" ").then(rest))
}

/// `` `newMemCache` in `cache.go`, named after a cache ``: a thing is found where its name stands. Of any other
/// word no more is said than that it stands there, with its line where one can be quoted, so that readers see what
/// it is: `` a word for a cache, `Set("Cache-Control", "no-store")` in `page.go` ``.
pub(crate) fn finding(all: &[&Spoken], nouns: &str, several: bool) -> Option<Text> {
    let first = all.iter().find(|s| s.sure).or(all.first())?;
    let one = !several && !nouns.contains(", ") && first.sure && !first.documents;
    let named = match one {
        true => names_thing(&first.word, nouns),
        false => None,
    };
    let thing = words::with_article(named.unwrap_or(nouns));
    let text = match (named, first.by_name()) {
        (Some(_), _) => subject(first).then(", named after ").then(thing),
        (None, true) => Text::plain(format!("a name for {thing}, ")).append(subject(first)),
        (None, false) => {
            let text = Text::plain(format!("a word for {thing}"));
            // What a page says is read there, and a name that may mean anything is not quoted.
            let quoted = match (first.sure, first.said.as_str()) {
                (true, _) if first.documents => None,
                (true, "") => Some(first.word.as_str()),
                (false, "") => None,
                (_, line) => Some(line),
            };
            in_file(
                match quoted {
                    Some(quoted) => text.then(", ").and(code(quoted)),
                    None => text,
                },
                first,
            )
        }
    };
    Some(with_place(text, first))
}

/// The folder or file whose name speaks, else the word with the file in which it stands.
fn subject(first: &Spoken) -> Text {
    match first.by_name() {
        true if first.by_folder() => Text::plain("the folder ").and(code(&first.word)),
        true => Text::plain("the file ").and(code(first.file())),
        false => in_file(Text::code(first.word.as_str()), first),
    }
}

fn in_file(text: Text, first: &Spoken) -> Text {
    match first.file().is_empty() {
        true => text,
        false => text.then(" in ").and(code(first.file())),
    }
}

fn with_place(text: Text, first: &Spoken) -> Text {
    match first.places.first() {
        Some(place) => text.from(&Provenance::observed(Some(place.clone()))),
        None => text,
    }
}

/// The one of the phrases between which `or` stands whose words all stand in the name: `cache` of `newMemCache`.
fn names_thing<'n>(word: &str, nouns: &'n str) -> Option<&'n str> {
    const SHORTEST: usize = 4;
    // What is sent or thrown is called after what it is about, which others may have.
    const CARRIED: [&str; 6] = [
        "dto",
        "error",
        "exception",
        "payload",
        "request",
        "response",
    ];
    let parts = crate::named::parts(word);
    let carried = parts.last().is_some_and(|p| CARRIED.contains(&p.as_str()));
    if carried {
        return None;
    }
    let stands = |noun: &str| {
        let noun = noun.to_lowercase();
        let fits = |part: &String| part.trim_end_matches('s') == noun.trim_end_matches('s');
        parts.iter().any(fits)
    };
    // What `role of users or workloads` and `metric product or library` have before `or` is needed behind it.
    let bare = [
        "product",
        "library",
        "framework",
        "tool",
        "service",
        "table",
    ];
    let joint = if nouns.contains(" of ") { "\n" } else { " or " };
    let mut phrases = nouns.split(joint).filter(|phrase| !bare.contains(phrase));
    phrases.find(|phrase| {
        let words = phrase.split(|c: char| !c.is_alphanumeric());
        let mut words = words.filter(|noun| noun.len() >= SHORTEST).peekable();
        words.peek().is_some() && words.all(stands)
    })
}

/// What speaks, with its place, and what was done with it.
fn said(all: &[&Spoken]) -> Option<(Text, &'static str)> {
    let first = all.iter().find(|s| s.sure).or(all.first())?;
    let (text, done) = match (first.sure, first.documents) {
        (false, _) => (in_file(Text::plain("a name"), first), "was not followed"),
        (true, true) => (
            Text::plain("what ").and(code(first.file())).then(" says"),
            "was read no further",
        ),
        (true, false) => (subject(first), "was not followed"),
    };
    Some((with_place(text, first), done))
}

fn code(name: &str) -> Span {
    Span::Code(name.to_owned())
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
                        said: String::new(),
                        at: Evidence::new("ops/save.sh", 3, 3, ""),
                    })
                    .collect(),
            }],
            ..Coverage::default()
        }
    }

    fn said(coverage: &Coverage, noun: &str) -> String {
        let absence = Absence::of(noun, &["schedules"]);
        plain(&absence.heard(|noun| heard(coverage, noun)).sentence())
    }

    #[test]
    fn what_words_speak_of_is_not_denied() {
        assert_eq!(
            said(&coverage("backup", &["pg_dump", "backup"], 4), "backup"),
            "Not followed: a word for a backup, pg_dump in save.sh (searched beside it: schedules)."
        );
        assert_eq!(
            said(&coverage("backup", &["save.sh"], 1), "backup"),
            "Not followed: a name for a backup, the file save.sh (searched beside it: schedules)."
        );
        assert_eq!(
            said(&coverage("backup", &["ops/backup/"], 1), "backup"),
            "Not followed: the folder ops/backup/, named after a backup (searched beside it: schedules)."
        );
        let mut told = coverage("backup", &["backup"], 2);
        told.mentions[0].places[0].at = Evidence::new("docs/admin.md", 3, 3, "");
        assert_eq!(
            said(&told, "backup"),
            "Not followed: a word for a backup in admin.md (searched beside it: schedules)."
        );
    }

    #[test]
    fn a_name_is_that_of_a_thing_with_all_its_words() {
        assert_eq!(
            names_thing("POST /login", "login or token check"),
            Some("login")
        );
        for (word, nouns) in [
            ("getToken", "login or token check"),
            ("library", "metric product or library"),
            ("users", "role of users or workloads"),
        ] {
            assert_eq!(names_thing(word, nouns), None, "{word}");
        }
    }

    #[test]
    fn a_name_that_may_mean_anything_is_no_reason() {
        let mut seen = coverage("backup", &["backup"], 1);
        seen.mentions[0].places[0].at = Evidence::new("src/plugins/table.go", 3, 3, "");
        assert_eq!(
            said(&seen, "backup"),
            "Not followed: a word for a backup in table.go (searched beside it: schedules)."
        );
        seen.mentions[0].places[0].said = "table.Backup(rows)".to_owned();
        assert_eq!(
            said(&seen, "backup"),
            "Not followed: a word for a backup, table.Backup(rows) in table.go (searched beside it: schedules)."
        );
        seen.mentions[0].places[0].at = Evidence::new("cli/output/table.go", 3, 3, "");
        assert_eq!(
            said(&seen, "backup"),
            "No backup was found (searched: schedules)."
        );
        for (topic, path, place) in [
            (
                "metric",
                "server/store/datastore/permission.go",
                Place::Weak,
            ),
            ("metric", "go.mod", Place::Telling),
            ("metric", "server/router/api.go", Place::Telling),
            ("metric", "scripts/up.sh", Place::Silent),
            ("deployment", "scripts/up.sh", Place::Telling),
            ("metric", "src/main/java/dev/acme/Api.java", Place::Telling),
            ("events", "adapter/output/kafka/Sender.java", Place::Telling),
            ("quota", "deploy/ocelot.json", Place::Weak),
            ("timeout", "app/routes/orders.tsx", Place::Weak),
            ("authentication", "web/Form.tsx", Place::Weak),
            ("retention", "seeds/users.json", Place::Silent),
            ("database", "package.json", Place::Telling),
        ] {
            assert!(place_of(topic, path) == place, "{topic} {path}");
        }
        assert!(!is_document("apps/api/requirements/base.txt"));
    }

    #[test]
    fn what_no_word_speaks_of_is_denied() {
        assert_eq!(
            said(&coverage("backup", &["pg_dump"], 1), "service mesh"),
            "No service mesh was found (searched: schedules)."
        );
    }

    /// Whatever the answers deny in so many words has a topic, or stands here; nouns that are put
    /// together are not seen.
    #[test]
    #[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
    fn every_absence_has_its_words() {
        // Things of one part, of the form of documents, or with a word that stands everywhere.
        const NO_WORDS: [&str; 35] = [
            "HTTP operation",
            "HTTP path",
            "Kubernetes manifest",
            "connection between parts",
            "connection or package dependency",
            "container image",
            "contract that could mark an operation as deprecated",
            "declared response",
            "declared status code",
            "default value",
            "entry point",
            "environment",
            "environment variable",
            "image registry",
            "interface",
            "internal endpoint or call between parts",
            "manifest, image or language mark",
            "mark of open work (TODO, FIXME, HACK)",
            "module structure",
            "module structure to draw",
            "operation, message, table or connection of the part",
            "outgoing connection",
            "port, operation or connection",
            "programming language",
            "protocol",
            "repository address or known product",
            "request or response structure",
            "separately deployable part",
            "service or job",
            "service with code of its own",
            "setting, port or limit",
            "structure to draw",
            "table, message or type of its own",
            "tool that builds pages",
            "volume of a service started for operation",
        ];
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/answers");
        let mut folders = vec![std::path::PathBuf::from(folder)];
        let mut without = Vec::new();
        let mut met = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["absent(", "absent_topics(", "absent_at("] {
                    for (at, _) in text.match_indices(call) {
                        let mut rest = text[at + call.len()..].trim_start();
                        if call == "absent_topics(" {
                            rest = rest.split_once("],").map_or("", |(_, r)| r.trim_start());
                        }
                        if call == "absent_at(" {
                            rest = rest.split_once(',').map_or("", |(_, r)| r.trim_start());
                        }
                        let Some(noun) = rest.strip_prefix('"').and_then(|r| r.split('"').next())
                        else {
                            continue;
                        };
                        if !absence_topics_of(noun).is_empty() {
                            continue;
                        }
                        match NO_WORDS.contains(&noun) {
                            true => met.push(noun.to_owned()),
                            false => without.push(format!("{}: {noun}", path.display())),
                        }
                    }
                }
            }
        }
        assert!(without.is_empty(), "{without:#?}");
        let unmet: Vec<_> = NO_WORDS
            .iter()
            .filter(|n| !met.iter().any(|m| m == *n))
            .collect();
        assert!(unmet.is_empty(), "{unmet:#?}");
    }
}
