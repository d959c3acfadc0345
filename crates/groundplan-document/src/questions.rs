//! Open questions: the catalogue, and which of them a blueprint leaves open.

use crate::compose::{self, Options};
use crate::context::Context;
use crate::outline::outlines;
use crate::tree::{Span, Text};
use groundplan_model::{Blueprint, Question};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A question of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    /// Kebab-case key, unique.
    pub(crate) key: String,
    /// One sentence with a question mark.
    pub(crate) text: String,
    /// Role of the person who can answer.
    pub(crate) owner: String,
    /// What depends on the answer, one sentence.
    pub(crate) why: String,
    /// Dotted key of `groundplan.yaml` that answers it.
    pub(crate) answer: String,
    /// Typical answers, if there are such.
    #[serde(default)]
    pub(crate) options: Vec<String>,
    /// What the system must have for the question to make sense.
    #[serde(default)]
    pub(crate) needs: Option<Need>,
    /// Whether finding out takes research rather than a decision.
    #[serde(default)]
    pub(crate) research: bool,
}

/// What a question presupposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// Something that is kept running by somebody: deployed, served or scheduled.
    Operated,
    /// A store of the system's own.
    Store,
    /// An interface that others call.
    Interface,
}

/// Why a question is not asked of this system; `None` if it is.
///
/// Only a surveyed system can show that it lacks what the question presupposes.
pub(crate) fn idle(context: &Context, key: &str) -> Option<Text> {
    let need = template(key)?.needs?;
    if !context.surveyed() {
        return None;
    }
    let system = &context.blueprint.system.name;
    match need {
        Need::Operated if !context.is_operated() => Some(Text::plain(format!(
            "Not asked, because nothing was found that is kept running for others: {system} is run by its users."
        ))),
        Need::Store if !context.is_operated() && !context.has_store() => Some(Text::plain(
            format!("Not asked, because no store was found: {system} is run by its users."),
        )),
        Need::Interface if !context.is_operated() && context.blueprint.interfaces.is_empty() => {
            Some(Text::plain(
                "Not asked, because no interface for other programs was found.",
            ))
        }
        _ => None,
    }
}

const TEXT: &str = include_str!("../data/questions.yaml");

/// The catalogue, the question with the most weight first.
pub(crate) fn catalogue() -> &'static [Template] {
    static CATALOGUE: OnceLock<Vec<Template>> = OnceLock::new();
    // The tests parse the same text; an error cannot occur in a program that passes them.
    CATALOGUE.get_or_init(|| serde_saphyr::from_str(TEXT).unwrap_or_default())
}

/// The question with this key.
pub(crate) fn template(key: &str) -> Option<&'static Template> {
    catalogue().iter().find(|t| t.key == key)
}

/// All questions that the built-in outlines leave open for this blueprint, numbered `OQ-1`, `OQ-2`
/// … in the order of weight. Questions that the blueprint holds already are not looked at.
pub fn open_questions(blueprint: &Blueprint) -> Vec<Question> {
    let options = Options::default();
    let mut asked: BTreeSet<&'static str> = BTreeSet::new();
    for outline in outlines() {
        asked.extend(compose::asked(blueprint, outline, &options));
    }
    numbered(asked.into_iter(), 1, &blueprint.system.name)
}

/// Questions with these keys in the order of the catalogue, numbered from `first`.
pub(crate) fn numbered<'k>(
    keys: impl Iterator<Item = &'k str>,
    first: usize,
    system: &str,
) -> Vec<Question> {
    let wanted: BTreeSet<&str> = keys.collect();
    let templates = catalogue()
        .iter()
        .filter(|t| wanted.contains(t.key.as_str()));
    templates
        .enumerate()
        .map(|(i, t)| Question {
            id: format!("OQ-{}", first + i),
            key: t.key.clone(),
            text: t.text.replace("{system}", system),
            owner: t.owner.clone(),
            why: t.why.clone(),
            answer: t.answer.clone(),
            options: t.options.clone(),
        })
        .collect()
}

/// `Not recorded: OQ-3 (product owner).` for one question or several, grouped by who can answer.
pub(crate) fn gap_text(context: &Context, keys: &[&'static str]) -> Text {
    /// More questions than this in one sentence are not read.
    const MOST: usize = 12;
    let mut owners: Vec<(&str, Vec<&'static str>)> = Vec::new();
    let mut seen: BTreeMap<&str, ()> = BTreeMap::new();
    for key in keys {
        if seen.insert(key, ()).is_some() {
            continue;
        }
        let owner = template(key).map_or("", |t| t.owner.as_str());
        match owners.iter_mut().find(|(o, _)| *o == owner) {
            Some((_, list)) => list.push(key),
            None => owners.push((owner, vec![key])),
        }
    }
    let total = seen.len();
    let mut text = Text::plain("Not recorded: ");
    let mut shown = 0;
    for (i, (owner, keys)) in owners.iter().enumerate() {
        let room = MOST.saturating_sub(shown);
        let spans: Vec<Span> = keys.iter().map(|k| context.ask(k)).take(room).collect();
        if spans.is_empty() {
            continue;
        }
        if i > 0 {
            text = text.then(", ");
        }
        shown += spans.len();
        let several = spans.len();
        text.spans
            .extend(crate::words::list_spans(spans, several, "and"));
        if !owner.is_empty() {
            text = text.then(format!(" ({owner})"));
        }
    }
    if shown < total {
        text = text.then(format!(" and {} more questions", total - shown));
    }
    text.then(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catalogue_is_sound() {
        let parsed: Vec<Template> = match serde_saphyr::from_str(TEXT) {
            Ok(parsed) => parsed,
            Err(error) => panic!("{error}"),
        };
        let mut keys = BTreeSet::new();
        for t in &parsed {
            assert!(keys.insert(&t.key), "{} stands twice", t.key);
            assert!(t.text.ends_with('?'), "{}: {}", t.key, t.text);
            assert!(t.why.ends_with('.'), "{}: {}", t.key, t.why);
            assert!(!t.owner.is_empty() && !t.answer.is_empty(), "{}", t.key);
        }
    }

    #[test]
    fn every_question_asked_is_in_the_catalogue() {
        for blueprint in [Blueprint::default()] {
            for outline in outlines() {
                for key in compose::asked(&blueprint, outline, &Options::default()) {
                    assert!(template(key).is_some(), "{key} is not in the catalogue");
                }
            }
        }
    }

    #[test]
    fn questions_are_numbered_by_weight() {
        let blueprint = Blueprint::default();
        let open = open_questions(&blueprint);
        assert!(open.len() > 10);
        for (i, question) in open.iter().enumerate() {
            assert_eq!(question.id, format!("OQ-{}", i + 1));
        }
    }
}
