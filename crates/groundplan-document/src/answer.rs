//! What a section or label gets for an answer.

use crate::context::Context;
use crate::spoken::{Spoken, finding};
use crate::subject::Subject;
use crate::tree::{Block, State, Text};
use crate::words;
use groundplan_model::Provenance;

/// The answer to one label or section of an outline.
///
/// Every answer function is pure: blueprint (and subject) in, answer out. It never invents: what
/// the blueprint does not hold is an [`Answer::Absent`] with what was searched, or an
/// [`Answer::Gap`] with the key of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It says something. The first text stands on the line of the label.
    Said {
        /// On the line of the label; may be empty if `blocks` say it all.
        text: Text,
        /// What follows.
        blocks: Vec<Block>,
    },
    /// There is none, and it says why: what was searched, or what would change it.
    Absent(Absence),
    /// Nobody said; the key of a question in the catalogue, for example `rto`.
    Gap(&'static str),
}

/// Something that was looked for and not found, in a form that can be joined with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Absence {
    /// What there is none of, each a noun phrase in the singular without article.
    pub nouns: Vec<String>,
    /// Where it was searched.
    pub searched: Vec<String>,
    /// Languages of the repository that are not read there.
    pub unsearched: Vec<String>,
    /// Those of them of which words in files speak, so that they are neither denied nor claimed.
    pub open: Vec<String>,
    /// These words.
    pub spoken: Vec<Spoken>,
    /// Whether it is about one part: what there is may only not be tied to it.
    pub of_part: bool,
    /// A sentence of its own that says it better; wins over the other two.
    pub reason: Option<Text>,
    /// Where a document tells those who run the system how to set one up.
    pub documented: Option<Text>,
}

/// An answer of the registry: a static record with a function pointer.
pub(crate) struct Record {
    /// Kebab-case key by which outlines ask for it.
    pub(crate) key: &'static str,
    /// What it answers, one line; shown by `groundplan outline`.
    pub(crate) docs: &'static str,
    /// The answer itself.
    pub(crate) run: for<'a> fn(&Context<'a>, Subject<'a>) -> Answer,
}

impl Answer {
    /// A sentence with its source.
    pub fn text(text: Text) -> Self {
        Answer::Said {
            text,
            blocks: Vec::new(),
        }
    }

    /// Blocks without a sentence before them.
    pub fn blocks(blocks: Vec<Block>) -> Self {
        Answer::Said {
            text: Text::default(),
            blocks,
        }
    }

    /// A sentence and what follows it.
    pub fn both(text: Text, blocks: Vec<Block>) -> Self {
        Answer::Said { text, blocks }
    }

    /// How well it answers.
    pub fn state(&self) -> State {
        match self {
            Answer::Gap(_) => State::Gap,
            Answer::Absent(_) => State::Absent,
            Answer::Said { text, blocks } => {
                let cited = !text.sources.is_empty() || blocks.iter().any(Block::is_cited);
                if cited { State::Cited } else { State::Filled }
            }
        }
    }

    /// Whether it says something.
    pub(crate) fn is_said(&self) -> bool {
        matches!(self, Answer::Said { .. })
    }

    /// Whether it holds neither a sentence nor a block.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Answer::Said { text, blocks } if text.is_empty() && blocks.is_empty())
    }
}

/// Pages that one sentence leads to.
const MOST_NOTES: usize = 2;
/// Words that name what was not found, in one sentence; more are not read.
const NOUN_WORDS: usize = 30;
/// More words than this do not stand for a section.
const MOST_WORDS: usize = 55;
/// Words that name where it was searched, in one sentence.
const PLACE_WORDS: usize = 16;

impl Absence {
    /// None of `noun` was found in the places.
    pub(crate) fn of(noun: &str, searched: &[&str]) -> Self {
        Absence {
            nouns: vec![noun.to_owned()],
            searched: searched.iter().map(|s| (*s).to_owned()).collect(),
            ..Absence::default()
        }
    }

    /// The same, and these languages were not read for it.
    pub(crate) fn without(mut self, languages: Vec<String>) -> Self {
        self.unsearched = languages;
        self
    }

    /// The same, about one part: what stands somewhere may belong to it without a reader seeing it.
    pub(crate) fn of_part(mut self) -> Self {
        self.of_part = true;
        self
    }

    /// The same, with what `speaks` of each thing: what something speaks of is left open, the rest denied.
    pub(crate) fn heard(mut self, speaks: impl Fn(&str) -> Vec<Spoken>) -> Self {
        let all: Vec<String> = self.nouns.iter().flat_map(|noun| each(noun)).collect();
        let (mut denied, mut open) = (Vec::new(), Vec::new());
        for noun in all {
            let spoken = speaks(&noun);
            match spoken.is_empty() {
                true => denied.push(noun),
                false => open.push(noun),
            }
            self.spoken.extend(spoken);
        }
        // What one sentence says of all of them stays one phrase.
        if denied.is_empty() {
            open.clone_from(&self.nouns);
        } else if open.is_empty() {
            denied.clone_from(&self.nouns);
        }
        self.nouns = denied;
        self.open = open;
        self
    }

    /// A reason in words of its own; it begins with `No` or `None`.
    pub(crate) fn because(reason: Text) -> Self {
        Absence {
            reason: Some(reason),
            ..Absence::default()
        }
    }

    /// The absence as a sentence.
    pub fn sentence(&self) -> Text {
        Absence::joined(std::slice::from_ref(self))
    }

    /// The same without what words speak against.
    pub(crate) fn without_exceptions(&self) -> Self {
        Absence {
            open: Vec::new(),
            spoken: Vec::new(),
            ..self.clone()
        }
    }

    /// Several absences as few sentences: `No cache or CDN was found (searched: …).` for what
    /// nothing speaks of, and for what something may speak of
    /// `` Not followed: `makeBackup` in `jobs.js`, named after a backup (searched beside it: …). ``
    pub(crate) fn joined(all: &[Absence]) -> Text {
        let mut denied = Joined::default();
        let mut open = Joined::default();
        let mut spoken: Vec<&Spoken> = Vec::new();
        let mut reasons: Vec<&Text> = Vec::new();
        for absence in all {
            if let Some(reason) = &absence.reason {
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
                continue;
            }
            if !absence.nouns.is_empty() {
                denied.push(absence, &absence.nouns);
            }
            if !absence.open.is_empty() {
                open.push(absence, &absence.open);
                spoken.extend(&absence.spoken);
            }
        }
        let both = !denied.nouns.is_empty() && !open.nouns.is_empty();
        let mut text = denied.sentence(both);
        if !denied.nouns.is_empty() {
            text = text.then(".");
        }
        // What a word speaks of is neither denied nor claimed: it is what was found.
        if let Some(found) = finding(&spoken, &open.phrase(), open.nouns.len() > 1) {
            if !text.spans.is_empty() {
                text = text.then(" ");
            }
            let mut found = found.then(open.beside()).then(".");
            found.sources.push(open.source());
            text = text.then("Not followed: ").append(found);
        }
        let mut notes: Vec<&Text> = Vec::new();
        for note in all.iter().filter_map(|a| a.documented.as_ref()) {
            if notes.contains(&note) || notes.len() == MOST_NOTES {
                continue;
            }
            notes.push(note);
            if !text.spans.is_empty() {
                text = text.then(" ");
            }
            text = text.append(note.clone());
        }
        for reason in reasons.into_iter().take(2) {
            // What stands for a whole section is read at a glance or not at all.
            let long = |t: &Text| crate::text::plain(t).split_whitespace().count();
            if !text.spans.is_empty() && long(&text) + long(reason) > MOST_WORDS {
                continue;
            }
            if !text.spans.is_empty() {
                text = text.then(" ");
            }
            text.spans.extend(reason.spans.iter().cloned());
            for source in &reason.sources {
                text = text.from(source);
            }
        }
        text
    }
}

/// What several absences are about, and where it was looked for.
#[derive(Default)]
struct Joined<'a> {
    nouns: Vec<&'a str>,
    searched: Vec<&'a str>,
    unsearched: Vec<&'a str>,
    /// Whether not all were searched in the same places.
    differ: bool,
    /// Whether one of them is about the whole system.
    whole: bool,
}

impl<'a> Joined<'a> {
    fn push(&mut self, absence: &'a Absence, nouns: &'a [String]) {
        self.differ |= !self.searched.is_empty() && self.searched != absence.searched;
        self.whole |= !absence.of_part;
        push_new(&mut self.nouns, nouns);
        push_new(&mut self.searched, &absence.searched);
        push_new(&mut self.unsearched, &absence.unsearched);
    }

    fn source(&self) -> Provenance {
        Provenance {
            formula: None,
            ..Provenance::computed("", self.searched.iter().map(|s| (*s).to_owned()))
        }
    }

    /// `No cache or CDN was found (searched: …)`; shorter where another sentence follows.
    fn sentence(&self, short: bool) -> Text {
        if self.nouns.is_empty() {
            return Text::default();
        }
        let verb = match self.whole {
            true => "found",
            false => "tied to this part",
        };
        let half = if short { 2 } else { 1 };
        let nouns = none_of(&self.nouns, NOUN_WORDS / half, "no");
        let mut text = Text::plain(format!("No {nouns} was {verb} {}", self.places(half)));
        text.sources.push(self.source());
        text
    }

    /// `cache, CDN or search index`: what one that was found may be.
    fn phrase(&self) -> String {
        none_of(&self.nouns, NOUN_WORDS / 2, "any")
    }

    /// ` (searched beside it: schedules and scripts)`, behind the one that was found.
    fn beside(&self) -> String {
        let places = self
            .places(2)
            .replacen("(searched", "(searched beside it", 1);
        format!(" {places}")
    }

    /// `(searched: schedules and scripts)`, with a part of the room for words.
    fn places(&self, part: usize) -> String {
        let most = PLACE_WORDS / part;
        let all = &self.searched;
        let places = match (all.len(), room(all, most)) {
            (n, most) if n > most => {
                let rest = words::count(n - most, "other place");
                format!("{} and {rest}", all[..most].join(", "))
            }
            _ => words::list(all, "and"),
        };
        let mut unsearched = self.unsearched.clone();
        unsearched.sort_unstable();
        let not = match unsearched.is_empty() {
            true => String::new(),
            // What one search leaves out another of them may have read.
            false if self.nouns.len() > 1 && self.differ => format!(
                "; not searched for all of them: {}",
                words::list(&unsearched, "and")
            ),
            false => format!("; not searched: {}", words::list(&unsearched, "and")),
        };
        // What was looked for in places of its own was not looked for in those of the others.
        let lead = match self.differ {
            true => ", each where it would stand:",
            false => ":",
        };
        format!("(searched{lead} {places}{not})")
    }
}

/// The things of a phrase that names several, each of which can be looked for by itself: `audit record`,
/// `alert rule` and `security scan` of `audit record, alert rule or security scan`. A phrase whose words
/// belong together stays whole: `role of users or workloads`, `metric product or library`.
fn each(phrase: &str) -> Vec<String> {
    // Things that stand for themselves though no word is looked for.
    const WHOLE: [&str; 4] = ["replica", "restart policy", "linter", "container hardening"];
    let joined = [" of ", " for ", " in ", " about ", " with ", " above "];
    let parts: Vec<&str> = phrase.split(", ").flat_map(|p| p.split(" or ")).collect();
    let alone = |part: &&str| {
        WHOLE.contains(part) || !groundplan_knowledge::absence_topics_of(part).is_empty()
    };
    match parts.iter().all(alone) && !joined.iter().any(|word| phrase.contains(word)) {
        true => parts.into_iter().map(str::to_owned).collect(),
        false => vec![phrase.to_owned()],
    }
}

/// `cache, CDN or search index`; phrases that hold a list of their own stay apart, each behind `article`:
/// `cache, no column, index or key and no CDN`.
fn none_of(nouns: &[&str], most: usize, article: &str) -> String {
    let (shown, rest) = nouns.split_at(room(nouns, most));
    let mut all: Vec<&str> = shown.to_vec();
    let listed = all.iter().any(|n| n.contains(" or ") || n.contains(", "));
    let more = match rest.len() {
        0 => String::new(),
        1 if article == "no" => ", nor another thing of this section".to_owned(),
        n if article == "no" => format!(", nor any of {n} other things of this section"),
        1 => " or another thing of this section".to_owned(),
        n => format!(" or any of {n} other things of this section"),
    };
    let gap = match listed {
        true => format!(", {article} "),
        false => ", ".to_owned(),
    };
    let named = match (all.len(), more.is_empty()) {
        (0 | 1, _) => all.join(""),
        (_, false) => all.join(&gap),
        (_, true) if !listed => {
            let all: Vec<String> = all.iter().map(|n| (*n).to_owned()).collect();
            words::list(&all, "or")
        }
        _ => {
            let end = all.pop().unwrap_or_default();
            let or = if article == "no" { "and no" } else { "or any" };
            format!("{} {or} {end}", all.join(&gap))
        }
    };
    format!("{named}{more}")
}

/// How many phrases fit into so many words; at least one.
fn room(all: &[&str], most: usize) -> usize {
    let mut words = 0;
    let fits = all.iter().take_while(|phrase| {
        words += phrase.split_whitespace().count();
        words <= most
    });
    fits.count().max(all.len().min(1))
}

fn push_new<'a>(all: &mut Vec<&'a str>, more: &'a [String]) {
    for word in more {
        if !all.contains(&word.as_str()) {
            all.push(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::plain;

    #[test]
    fn absences_are_one_sentence() {
        let cache = Absence::of("cache", &["code", "deployment files"]);
        let cdn = Absence::of("CDN", &["deployment files", "Terraform"]);
        let index = Absence::of("search index", &["code"]);
        assert_eq!(
            plain(&cache.sentence()),
            "No cache was found (searched: code and deployment files)."
        );
        assert_eq!(
            plain(&Absence::joined(&[cache, cdn, index])),
            "No cache, CDN or search index was found (searched, each where it would stand: \
             code, deployment files and Terraform)."
        );
    }

    #[test]
    fn what_is_spoken_of_is_not_denied_with_the_rest() {
        let spoken = Spoken {
            said: String::new(),
            word: "POST /login".to_owned(),
            sure: true,
            documents: false,
            places: Vec::new(),
        };
        let login = Absence::of("login or token check", &["routes"]);
        let login = login.heard(|_| vec![spoken.clone()]);
        let cache = Absence::of("cache", &["code"]);
        assert_eq!(
            plain(&Absence::joined(&[cache, login])),
            "No cache was found (searched: code). Not followed: POST /login, named after a login (searched beside it: routes)."
        );
    }

    #[test]
    fn of_several_things_only_what_is_spoken_of_is_left_open() {
        let spoken = Spoken {
            said: String::new(),
            word: "retries".to_owned(),
            sure: true,
            documents: false,
            places: Vec::new(),
        };
        let all = Absence::of("replica, restart policy or retry", &["Compose files"]);
        let all = all.heard(|noun| match noun {
            "retry" => vec![spoken.clone()],
            _ => Vec::new(),
        });
        assert_eq!(
            plain(&all.sentence()),
            "No replica or restart policy was found (searched: Compose files). Not followed: a word for a retry, retries (searched \
             beside it: Compose files)."
        );
        assert_eq!(
            each("metric product or library"),
            ["metric product or library"]
        );
        assert_eq!(
            each("role of users or workloads"),
            ["role of users or workloads"]
        );
    }

    #[test]
    fn long_absences_are_cut() {
        let many: Vec<Absence> = (0..18)
            .map(|i| Absence::of(&format!("thing {i}"), &["code"]))
            .collect();
        let text = plain(&Absence::joined(&many));
        assert!(
            text.contains("thing 14, nor any of 3 other things of this section was found"),
            "{text}"
        );
    }
}
