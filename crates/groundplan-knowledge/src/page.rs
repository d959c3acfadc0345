//! Topics of pages: what a heading or the name of a file says that a document is about, so that nobody is asked
//! what a page of the repository answers.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The embedded topics as JSON, in order.
static TOPICS: &str = include_str!(concat!(env!("OUT_DIR"), "/pages.json"));

/// A topic that documents of a repository have pages and sections on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageTopic {
    /// Kebab-case key.
    pub id: String,
    /// Keys of questions that a page on the topic answers.
    pub questions: Vec<String>,
    /// Keys of questions of which such a page answers a part: who, how often and for how long people have to say.
    #[serde(default)]
    pub parts: Vec<String>,
    /// Ids of the things whose absence such a page speaks against.
    pub absences: Vec<String>,
    /// Phrases of headings in lower case.
    #[serde(default)]
    pub headings: Vec<String>,
    /// The same of titles and names of pages alone: below another title they speak of that.
    #[serde(default)]
    pub titles: Vec<String>,
    /// The same of titles and of headings of the README, which is on the whole.
    #[serde(default)]
    pub readme: Vec<String>,
    /// Words of which the text has to say one: without it a phrase names a feature.
    #[serde(default)]
    pub with: Vec<String>,
    /// Names of files, without their endings, that alone are on the topic.
    #[serde(default)]
    pub files: Vec<String>,
    /// Words with which a phrase means something else.
    #[serde(default)]
    pub but: Vec<String>,
    /// Phrases of which all words in the name of a setting say that it is on the topic.
    #[serde(default)]
    pub settings: Vec<String>,
}

impl PageTopic {
    /// Whether a word stands in one of its phrases.
    fn knows(&self, word: &str) -> bool {
        let all = self.headings.iter().chain(&self.titles);
        let mut all = all.chain(&self.readme).flat_map(|phrase| phrase.split(' '));
        all.any(|known| known == word)
    }

    /// Whether a word of a heading says that something else is meant.
    pub fn is_other(&self, heading: &str) -> bool {
        words(heading).iter().any(|word| self.but.contains(word))
    }

    /// Whether some texts in lower case say what the topic asks for.
    pub fn is_said_in<'t>(&self, mut texts: impl Iterator<Item = &'t str>) -> bool {
        let says = |text: &str| self.with.iter().any(|word| text.contains(word.as_str()));
        self.with.is_empty() || texts.any(says)
    }
}

/// What a heading is the heading of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A whole page, also by the name of its file.
    Page,
    /// A section of the README.
    Readme,
    /// A section of another page.
    Section,
}

/// Words that say nothing of what a heading is about.
const FILLING: [&str; 58] = [
    "a",
    "about",
    "advanced",
    "an",
    "and",
    "app",
    "application",
    "are",
    "basic",
    "configuration",
    "configure",
    "configuring",
    "data",
    "details",
    "do",
    "does",
    "enable",
    "enabling",
    "faq",
    "for",
    "general",
    "guide",
    "guides",
    "handling",
    "how",
    "i",
    "in",
    "information",
    "instance",
    "introduction",
    "is",
    "it",
    "manage",
    "management",
    "managing",
    "my",
    "of",
    "on",
    "our",
    "overview",
    "policy",
    "process",
    "server",
    "set",
    "setting",
    "settings",
    "setup",
    "strategy",
    "system",
    "the",
    "this",
    "to",
    "up",
    "using",
    "we",
    "what",
    "with",
    "your",
];

/// Words beside a phrase that the title of a page may have; those of other phrases of the topic say nothing new.
const MORE: usize = 1;

/// All topics, sorted by id; decoded at the first call.
pub fn page_topics() -> &'static [PageTopic] {
    static ALL: OnceLock<Vec<PageTopic>> = OnceLock::new();
    // The tests decode the embedded text; it is sound in a program that passes them.
    ALL.get_or_init(|| serde_json::from_str(TOPICS).unwrap_or_default())
}

/// The words of a phrase.
struct Phrase {
    words: Vec<String>,
    /// What says it; sections of every page do where nothing is named.
    only: Option<On>,
    topic: &'static PageTopic,
}

/// The phrases of all topics by their first word.
fn phrases() -> &'static BTreeMap<String, Vec<Phrase>> {
    static ALL: OnceLock<BTreeMap<String, Vec<Phrase>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: BTreeMap<String, Vec<Phrase>> = BTreeMap::new();
        for topic in page_topics() {
            let titles = topic.titles.iter().map(|title| (title, Some(On::Page)));
            let readme = topic.readme.iter().map(|title| (title, Some(On::Readme)));
            let headings = topic.headings.iter().map(|heading| (heading, None));
            for (heading, only) in headings.chain(titles).chain(readme) {
                let words = words(heading);
                if let Some(first) = words.first() {
                    let phrase = Phrase {
                        words: words.clone(),
                        only,
                        topic,
                    };
                    all.entry(first.clone()).or_default().push(phrase);
                }
            }
        }
        all
    })
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let all = lower.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let all = all.filter(|word| !word.is_empty());
    all.map(str::to_owned).collect()
}

/// Whether a word is a number or a version, which pages have before their names: `05`, `v2`.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The topics that a heading is on.
pub fn page_topics_of(heading: &str, on: On) -> Vec<&'static PageTopic> {
    /// A longer heading is a sentence.
    const LONGEST: usize = 8;
    let said = words(heading);
    let mut all: Vec<&'static PageTopic> = Vec::new();
    if said.len() > LONGEST {
        return all;
    }
    let most = match on {
        On::Page => MORE,
        On::Readme | On::Section => 0,
    };
    for (at, word) in said.iter().enumerate() {
        for phrase in phrases().get(word).into_iter().flatten() {
            let end = at + phrase.words.len();
            // Titles say what headings of the README say.
            if phrase.only.is_some_and(|only| on != only && on != On::Page) {
                continue;
            }
            if said.get(at..end) != Some(phrase.words.as_slice()) {
                continue;
            }
            let (before, behind) = (said.get(..at), said.get(end..));
            let beside = || before.into_iter().chain(behind).flatten();
            let own = |word: &String| phrase.topic.knows(word);
            let idle = |word: &String| FILLING.contains(&word.as_str()) || is_number(word);
            let more = beside().filter(|word| !idle(word) && !own(word));
            let more = more.count();
            let other = beside().any(|word| phrase.topic.but.contains(word));
            if more <= most && !other && !all.contains(&phrase.topic) {
                all.push(phrase.topic);
            }
        }
    }
    all
}

/// The topics that a file is on by its name without endings.
pub fn page_topics_of_file(stem: &str) -> Vec<&'static PageTopic> {
    let mut all = page_topics_of(stem, On::Page);
    let mut name = words(stem);
    name.retain(|word| !is_number(word));
    let name = name.join(" ");
    for topic in page_topics() {
        if topic.files.contains(&name) && !all.contains(&topic) {
            all.push(topic);
        }
    }
    all
}

/// What is wrong with topics, for the one who writes them.
pub fn lint_page_topics(topics: &[PageTopic]) -> Vec<String> {
    let mut faults = Vec::new();
    for pair in topics.windows(2) {
        if let [before, behind] = pair
            && before.id >= behind.id
        {
            faults.push(format!("`{}` stands after `{}`", behind.id, before.id));
        }
    }
    for topic in topics {
        let phrases = [&topic.headings, &topic.titles, &topic.readme];
        let silent = phrases.iter().all(|all| all.is_empty());
        let answers = [&topic.questions, &topic.parts, &topic.absences];
        if silent || answers.iter().all(|all| all.is_empty()) {
            faults.push(format!("`{}` has no headings or answers nothing", topic.id));
        }
        for id in &topic.absences {
            if !crate::absence_topics().iter().any(|t| t.id == *id) {
                faults.push(format!("`{}`: nobody denies `{id}`", topic.id));
            }
        }
        let all = topic
            .headings
            .iter()
            .chain(&topic.titles)
            .chain(&topic.readme)
            .chain(&topic.with)
            .chain(&topic.files)
            .chain(&topic.but)
            .chain(&topic.settings);
        for phrase in all.filter(|phrase| words(phrase).join(" ") != **phrase) {
            faults.push(format!(
                "`{}`: `{phrase}` is not made of words in lower case",
                topic.id
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(heading: &str, on: On) -> Vec<&'static str> {
        let all = page_topics_of(heading, on);
        all.into_iter().map(|t| t.id.as_str()).collect()
    }

    #[test]
    fn topics_are_sound() {
        assert!(!page_topics().is_empty());
        assert_eq!(lint_page_topics(page_topics()), Vec::<String>::new());
        let bad = PageTopic {
            id: "bad".to_owned(),
            absences: vec!["nothing".to_owned()],
            files: vec!["Read-Me".to_owned()],
            ..PageTopic::default()
        };
        assert_eq!(lint_page_topics(&[bad]).len(), 3);
        let sorted = FILLING.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(sorted);
    }

    #[test]
    fn headings_are_on_a_topic_by_their_words() {
        assert_eq!(ids("How to set up backups", On::Section), ["backup"]);
        assert_eq!(ids("Backing up Acme", On::Page), ["backup"]);
        assert_eq!(ids("Rate Limits", On::Section), ["rate-limits"]);
        assert_eq!(ids("Architecture", On::Readme), ["architecture"]);
        assert_eq!(ids("Architecture", On::Page), ["architecture"]);
        for (other, on) in [
            ("Backing up Acme", On::Section),
            ("Backup codes", On::Page),
            ("Let's Encrypt rate limits", On::Page),
            ("Clear the cache of the browser", On::Page),
            ("Orders", On::Page),
            ("Releases", On::Section),
            ("Architecture", On::Section),
            ("Restoring", On::Section),
            ("License compliance", On::Page),
            ("System requirements", On::Page),
            ("Supported Versions", On::Section),
        ] {
            assert_eq!(ids(other, on), Vec::<&str>::new(), "{other}");
        }
    }

    #[test]
    fn files_are_on_a_topic_by_their_names() {
        let of = |stem: &str| -> Vec<&str> {
            let all = page_topics_of_file(stem);
            all.into_iter().map(|t| t.id.as_str()).collect()
        };
        assert_eq!(of("RELEASE_PROCESS"), ["releases"]);
        assert_eq!(of("CREDITS"), Vec::<&str>::new());
        assert_eq!(of("MAINTAINERS"), ["keepers"]);
        assert_eq!(of("05_Backup"), ["backup"]);
        assert_eq!(of("README"), Vec::<&str>::new());
    }
}
