//! What was really searched: which languages have a reader for a topic, and which parts of the
//! repository nobody reads for it. An absence may only be claimed for what was read.

use groundplan_model::{Coverage, LanguageCoverage, Topic};

/// Programming languages, as the coverage and the technologies of parts name them.
const CODE: [&str; 24] = [
    "C",
    "C#",
    "C++",
    "Clojure",
    "Dart",
    "Elixir",
    "Erlang",
    "F#",
    "Go",
    "Haskell",
    "Java",
    "JavaScript",
    "Kotlin",
    "Lua",
    "PHP",
    "Perl",
    "Python",
    "Ruby",
    "Rust",
    "Scala",
    "Svelte",
    "Swift",
    "TypeScript",
    "Vue",
];

/// Languages whose routes, clients, settings and entities are read.
const READ: [&str; 11] = [
    "C#",
    "Elixir",
    "Go",
    "Java",
    "JavaScript",
    "Kotlin",
    "PHP",
    "Python",
    "Ruby",
    "Rust",
    "TypeScript",
];

/// Those of them whose marks of all usual topics are read.
const MARKED: [&str; 8] = [
    "C#",
    "Go",
    "Java",
    "JavaScript",
    "Kotlin",
    "Python",
    "Rust",
    "TypeScript",
];

/// Languages whose package manifests are read.
const PACKAGED: [&str; 15] = [
    "C#",
    "C++",
    "Elixir",
    "Go",
    "Java",
    "JavaScript",
    "Kotlin",
    "PHP",
    "Python",
    "Ruby",
    "Rust",
    "Scala",
    "Svelte",
    "TypeScript",
    "Vue",
];

/// A language with fewer lines than this, and less than a fiftieth of the code, is not worth a word.
const FEW_LINES: u32 = 60;

/// The languages in whose code the usual forms of a topic are found; a test holds them against the
/// extractors. Empty for topics that no code is read for.
pub(crate) fn readers(topic: Topic) -> &'static [&'static str] {
    use Topic as T;
    match topic {
        T::CacheUse | T::Cors | T::RateLimit | T::ScheduledJob | T::Authentication => &READ,
        T::Metric => &[
            "C#",
            "Elixir",
            "Go",
            "Java",
            "JavaScript",
            "Kotlin",
            "Python",
            "Ruby",
            "Rust",
            "TypeScript",
        ],
        T::Retry | T::Tracing => &MARKED,
        T::Authorization => &[
            "C#", "Elixir", "Go", "Java", "Kotlin", "PHP", "Python", "Ruby",
        ],
        T::CircuitBreaker => &[
            "C#",
            "Go",
            "Java",
            "JavaScript",
            "Kotlin",
            "Python",
            "TypeScript",
        ],
        T::Encryption => &READ,
        T::InputValidation => &READ,
        T::Timeout => &[
            "C#",
            "Go",
            "Java",
            "JavaScript",
            "Kotlin",
            "Python",
            "Rust",
            "TypeScript",
        ],
        T::LogLevel => &["Go", "Python", "Rust"],
        T::Logging => &["C#", "Go", "JavaScript", "Python", "Rust", "TypeScript"],
        T::SecurityHeader => &READ,
        T::FeatureFlag => &[
            "C#",
            "Go",
            "Java",
            "JavaScript",
            "Kotlin",
            "Python",
            "TypeScript",
        ],
        T::Tls => &["Go", "Python", "Ruby", "Rust"],
        _ => &[],
    }
}

/// The code of a repository, most lines first.
pub(crate) fn code(coverage: &Coverage) -> Vec<&LanguageCoverage> {
    let mut all: Vec<&LanguageCoverage> = coverage
        .languages
        .iter()
        .filter(|l| CODE.contains(&l.language.as_str()))
        .collect();
    all.sort_by_key(|l| std::cmp::Reverse(l.lines));
    all
}

/// What a search covers and leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Languages of the repository that were searched.
    pub(crate) read: Vec<String>,
    /// Languages of the repository that were not, the small ones left out.
    pub(crate) unread: Vec<String>,
    /// Whether the language with most lines is among those that were not.
    pub(crate) main_unread: bool,
}

fn scope(coverage: &Coverage, readers: impl Fn(&str) -> bool) -> Scope {
    let all = code(coverage);
    let total: u32 = all.iter().map(|l| l.lines).sum();
    let mut out = Scope {
        main_unread: all.first().is_some_and(|l| !readers(&l.language)),
        ..Scope::default()
    };
    for l in all {
        if readers(&l.language) {
            out.read.push(l.language.clone());
        } else if l.lines >= FEW_LINES || l.lines.saturating_mul(50) >= total {
            out.unread.push(l.language.clone());
        }
    }
    out.read.sort();
    out.unread.sort();
    out
}

/// What a search of code for all of the topics covers.
pub(crate) fn of_topics(coverage: &Coverage, topics: &[Topic]) -> Scope {
    scope(coverage, |l| match topics {
        [] => READ.contains(&l),
        some => some.iter().all(|t| readers(*t).contains(&l)),
    })
}

/// The programming languages among the technologies of a part, and whether code of each is read.
pub(crate) fn languages_of(technology: &[String]) -> (Vec<String>, Vec<String>) {
    technology
        .iter()
        .filter(|t| CODE.contains(&t.as_str()))
        .cloned()
        .partition(|t| READ.contains(&t.as_str()))
}

/// What a search of these places leaves out: places that speak of code are read in some languages,
/// package manifests for some package managers, and the rest wholly.
pub(crate) fn of_places(coverage: &Coverage, places: &[&str]) -> Scope {
    const IN_CODE: [&str; 6] = [
        "code",
        "handler",
        "routes",
        "models",
        "migrations",
        "clients",
    ];
    let speaks = |words: &[&str]| places.iter().any(|p| words.iter().any(|w| p.contains(w)));
    let coded = speaks(&IN_CODE);
    let packaged = places
        .iter()
        .any(|p| *p == "manifests" || p.contains("package manifest"));
    match (coded, packaged) {
        (true, _) => scope(coverage, |l| READ.contains(&l)),
        (false, true) => scope(coverage, |l| PACKAGED.contains(&l)),
        (false, false) => Scope::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(all: &[(&str, u32)]) -> Coverage {
        Coverage {
            languages: all
                .iter()
                .map(|(language, lines)| LanguageCoverage {
                    language: (*language).to_owned(),
                    files: 1,
                    lines: *lines,
                    depth: "read".to_owned(),
                })
                .collect(),
            ..Coverage::default()
        }
    }

    #[test]
    fn what_no_reader_knows_is_named_and_small_parts_are_not() {
        let all = coverage(&[
            ("JSON", 90_000),
            ("Go", 9_000),
            ("PHP", 300),
            ("Lua", 2_000),
            ("Ruby", 40),
        ]);
        let scope = of_places(&all, &["package manifests"]);
        assert_eq!(scope.read, ["Go", "PHP", "Ruby"]);
        assert_eq!(scope.unread, ["Lua"]);
        assert!(!scope.main_unread);
        let java = coverage(&[("Java", 900), ("Go", 300)]);
        let tls = of_topics(&java, &[Topic::Tls]);
        assert!(tls.main_unread);
        assert_eq!(of_places(&java, &["deployment files"]), Scope::default());
    }

    /// A language may only be named as searched for a topic if its extractor marks that topic.
    #[test]
    #[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
    fn languages_that_are_called_searched_have_a_reader() {
        let topics = [
            Topic::Authentication,
            Topic::Authorization,
            Topic::CacheUse,
            Topic::CircuitBreaker,
            Topic::Cors,
            Topic::Encryption,
            Topic::FeatureFlag,
            Topic::InputValidation,
            Topic::LogLevel,
            Topic::Logging,
            Topic::Metric,
            Topic::RateLimit,
            Topic::Retry,
            Topic::ScheduledJob,
            Topic::SecurityHeader,
            Topic::Timeout,
            Topic::Tls,
            Topic::Tracing,
        ];
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../groundplan-survey/src/extractors"
        );
        let lists = std::fs::read_to_string(format!("{folder}/../extractor.rs")).unwrap();
        let programs = lists.split("const PROGRAMS").nth(1).unwrap();
        let programs = programs.split("];").next().unwrap();
        for topic in topics {
            assert!(!readers(topic).is_empty(), "{topic:?}");
            for language in readers(topic) {
                let stem = match *language {
                    "C#" => "csharp",
                    "JavaScript" | "TypeScript" => "js",
                    "Java" | "Kotlin" => "java",
                    other => &other.to_lowercase(),
                };
                let read = |end: &str| {
                    std::fs::read_to_string(format!("{folder}/{stem}_{end}.rs")).unwrap_or_default()
                };
                // One extractor reads headers that answers are given in many languages.
                let variant = match *language {
                    "C#" => "CSharp",
                    "PHP" => "Php",
                    other => other,
                };
                let path = format!("{folder}/response_headers.rs");
                let headers = std::fs::read_to_string(path)
                    .unwrap_or_default()
                    .split("markers:")
                    .next()
                    .filter(|head| head.contains("reads: &[Reads::Own(&PROGRAMS)]"))
                    .filter(|_| programs.contains(&format!("Language::{variant},")))
                    .map_or("", |_| "SecurityHeader");
                // What a reader is made of beside its file: `php_marks/schedules.rs`.
                let parts = std::fs::read_dir(format!("{folder}/{stem}_marks"));
                let parts: String = (parts.into_iter().flatten().flatten())
                    .filter_map(|part| std::fs::read_to_string(part.path()).ok())
                    .collect();
                let text = read("marks") + &read("code") + &parts + " " + headers;
                let name = format!("{topic:?}");
                let marked = text
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|word| word == name);
                assert!(marked, "no reader of {language} for {topic:?}");
            }
        }
    }
}
