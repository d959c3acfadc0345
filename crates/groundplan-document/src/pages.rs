//! Pages and sections of documents that are on the topic of a question or of an absence: where there is one, the
//! document leads to it.

use crate::named;
use crate::tree::{Span, Text};
use groundplan_knowledge::{PageTopic, absence_topics_of, page_topics};
use groundplan_model::{Blueprint, Observation, PAGE_ON, Provenance, SECTION_ON, Topic};

/// A page or section.
pub(crate) struct Page<'a> {
    /// Its file.
    pub(crate) path: &'a str,
    heading: &'a str,
    sentence: &'a str,
    provenance: &'a Provenance,
}

/// The pages on the topic of a question, and then the sections; each file once.
pub(crate) fn of_question<'a>(blueprint: &'a Blueprint, key: &str) -> Vec<Page<'a>> {
    of(blueprint, |topic| topic.questions.iter().any(|k| k == key))
}

/// The same with those that answer a part of it.
pub(crate) fn of_part<'a>(blueprint: &'a Blueprint, key: &str) -> Vec<Page<'a>> {
    of(blueprint, |topic| {
        let mut keys = topic.questions.iter().chain(&topic.parts);
        keys.any(|k| k == key)
    })
}

/// The pages on what an absence denies, by its noun.
pub(crate) fn of_noun<'a>(blueprint: &'a Blueprint, noun: &str) -> Vec<Page<'a>> {
    let denied = absence_topics_of(noun);
    of(blueprint, |topic| {
        let speaks = |id: &String| denied.iter().any(|t| t.id == *id);
        topic.absences.iter().any(speaks)
    })
}

fn of<'a>(blueprint: &'a Blueprint, fits: impl Fn(&PageTopic) -> bool) -> Vec<Page<'a>> {
    let topics: Vec<&PageTopic> = page_topics().iter().filter(|t| fits(t)).collect();
    let mut all: Vec<Page> = Vec::new();
    if topics.is_empty() {
        return all;
    }
    for kind in [PAGE_ON, SECTION_ON] {
        for said in blueprint.observations_of(Topic::Stated) {
            let id = said.name.strip_prefix(kind);
            if id.is_some_and(|id| topics.iter().any(|t| t.id == id))
                && let Some(page) = page(said)
                && all.iter().all(|known| known.path != page.path)
            {
                all.push(page);
            }
        }
    }
    all
}

fn page(said: &Observation) -> Option<Page<'_>> {
    let (heading, sentence) = said.detail.as_deref()?.split_once('\n')?;
    Some(Page {
        path: said.provenance.first()?.path.as_str(),
        heading: heading.trim(),
        sentence: sentence.trim(),
        provenance: &said.provenance,
    })
}

/// `See “Backups” in docs/backups.md: “…”`, or where several are on the topic all of them; `None` for no page.
pub(crate) fn see(pages: &[Page]) -> Option<Text> {
    const MOST: usize = 3;
    let shown = pages.get(..pages.len().min(MOST))?;
    let first = shown.first()?;
    let mut text = Text::plain("See ");
    for (at, page) in shown.iter().enumerate() {
        text = text.then(match at {
            0 => "",
            _ if at + 1 == shown.len() => " and ",
            _ => ", ",
        });
        let name = page.path.rsplit('/').next().unwrap_or(page.path);
        let stem = name.split('.').next().unwrap_or(name);
        if !page.heading.is_empty() && page.heading != name && page.heading != stem {
            text = text.then(format!("“{}” in ", page.heading));
        }
        text = text.and(Span::File {
            text: page.path.to_owned(),
            path: page.path.to_owned(),
        });
    }
    let text = match first.sentence {
        sentence if shown.len() == 1 && !sentence.is_empty() => {
            text.then(format!(": “{sentence}”"))
        }
        _ => text.then("."),
    };
    let sources = shown.iter().map(|page| page.provenance);
    Some(sources.fold(text, Text::from))
}

/// Where a setting or a constant stands that is on the topic of a question, by the words of its name.
pub(crate) fn setting_on(blueprint: &Blueprint, key: &str) -> Option<String> {
    let topics = page_topics().iter();
    let topics: Vec<&PageTopic> = topics
        .filter(|topic| topic.questions.iter().any(|k| k == key))
        .collect();
    let phrases: Vec<Vec<&str>> = (topics.iter().flat_map(|topic| &topic.settings))
        .map(|phrase| phrase.split(' ').collect())
        .collect();
    if phrases.is_empty() {
        return None;
    }
    let on = |name: &str| {
        let parts = named::parts(name);
        let has = |word: &&str| parts.iter().any(|part| part == word);
        phrases.iter().any(|phrase| phrase.iter().all(&has))
    };
    let set = blueprint.settings.iter().find(|s| on(&s.name));
    if let Some(place) = set.and_then(|s| s.provenance.first()) {
        return Some(place.label());
    }
    // Words that speak against an absence were looked for in code.
    let denied = |id: &str| topics.iter().any(|t| t.absences.iter().any(|a| a == id));
    let mentions = blueprint.coverage.mentions.iter();
    let mut places = (mentions.filter(|mention| denied(&mention.topic))).flat_map(|m| &m.places);
    Some(places.find(|place| on(&place.word))?.at.label())
}
