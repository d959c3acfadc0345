//! What a section or label gets for an answer.

use crate::context::Context;
use crate::spoken::{Spoken, clause, heard};
use crate::subject::Subject;
use crate::tree::{Block, State, Text};
use crate::words;
use groundplan_model::{Coverage, Provenance};

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
    /// Words in files that speak against it.
    pub spoken: Vec<Spoken>,
    /// A sentence of its own that says it better; wins over the other two.
    pub reason: Option<Text>,
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

    /// This answer, or the other one if this one says nothing.
    pub(crate) fn or_else(self, other: impl FnOnce() -> Answer) -> Answer {
        if self.is_said() { self } else { other() }
    }
}

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

    /// The same, with what the words of all files say about it.
    pub(crate) fn heard(mut self, coverage: &Coverage) -> Self {
        // Words anywhere say nothing about one part.
        if self.searched.iter().any(|place| place.starts_with("its ")) {
            return self;
        }
        for noun in &self.nouns {
            self.spoken.extend(heard(coverage, noun));
        }
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

    /// Several absences as one or two sentences: `No cache or CDN was found (searched: …).`
    pub(crate) fn joined(all: &[Absence]) -> Text {
        let mut nouns: Vec<&str> = Vec::new();
        let mut searched: Vec<&str> = Vec::new();
        let mut unsearched: Vec<&str> = Vec::new();
        let mut reasons: Vec<&Text> = Vec::new();
        let mut spoken: Vec<&Spoken> = Vec::new();
        let mut same = true;
        for absence in all {
            if let Some(reason) = &absence.reason {
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
                continue;
            }
            same &= searched.is_empty() || searched == absence.searched;
            push_new(&mut nouns, &absence.nouns);
            push_new(&mut searched, &absence.searched);
            push_new(&mut unsearched, &absence.unsearched);
            for s in &absence.spoken {
                if !spoken.contains(&s) {
                    spoken.push(s);
                }
            }
        }
        let mut text = Text::default();
        if !nouns.is_empty() {
            // What a word speaks of is not denied: it may only have been missed.
            // Where it stands for a section, one word is enough.
            let several = nouns.len() > 1;
            let shown = match several {
                true => spoken.get(..1).unwrap_or_default(),
                false => spoken.as_slice(),
            };
            let clause = clause(shown, several);
            let most = match clause.is_some() {
                true => PLACE_WORDS / 2,
                false => PLACE_WORDS,
            };
            let cut = |all: &[&str], rest: &str| match (all.len(), room(all, most)) {
                (n, most) if n > most => {
                    let rest = words::count(n - most, rest);
                    format!("{} and {rest}", all[..most].join(", "))
                }
                _ => words::list(all, "and"),
            };
            // What was looked for in places of its own was not looked for in those of the others.
            unsearched.sort_unstable();
            let not = match unsearched.is_empty() {
                true => String::new(),
                // What one search leaves out another of them may have read.
                false if nouns.len() > 1 && !same => format!(
                    "; not searched for all of them: {}",
                    words::list(&unsearched, "and")
                ),
                false => format!("; not searched: {}", words::list(&unsearched, "and")),
            };
            let places = match several && clause.is_some() {
                true => " in its usual form".to_owned(),
                false => format!(
                    " (searched{} {}{not})",
                    if same {
                        ":"
                    } else {
                        ", each where it would stand:"
                    },
                    cut(&searched, "other place"),
                ),
            };
            let room = match several && clause.is_some() {
                true => NOUN_WORDS / 2,
                false => NOUN_WORDS,
            };
            text = text.then(format!(
                "No {} was {}{places}",
                none_of(&nouns, room),
                // An absence that names no place must not sound like a search of all.
                if clause.is_some() && !several {
                    "recognized"
                } else {
                    "found"
                },
            ));
            text = match clause {
                Some(clause) => text.then(", but ").append(clause).then("."),
                None => text.then("."),
            };
            text.sources.push(Provenance {
                formula: None,
                ..Provenance::computed("", searched.iter().map(|s| (*s).to_owned()))
            });
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

/// `cache, CDN or search index`; phrases that hold a list of their own stay apart:
/// `cache; no column, index or key; and no CDN`.
fn none_of(nouns: &[&str], most: usize) -> String {
    let (shown, rest) = nouns.split_at(room(nouns, most));
    let mut all: Vec<&str> = shown.to_vec();
    let listed = all.iter().any(|n| n.contains(" or ") || n.contains(", "));
    let more = match rest.len() {
        0 => String::new(),
        1 => ", nor another thing of this section".to_owned(),
        n => format!(", nor any of {n} other things of this section"),
    };
    let named = match (all.len(), more.is_empty()) {
        (0 | 1, _) => all.join(""),
        (_, false) if listed => all.join(", no "),
        (_, false) => all.join(", "),
        (_, true) if !listed => {
            let all: Vec<String> = all.iter().map(|n| (*n).to_owned()).collect();
            words::list(&all, "or")
        }
        _ => {
            let last = all.pop().unwrap_or_default();
            format!("{} and no {last}", all.join(", no "))
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
