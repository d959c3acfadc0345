//! Open questions: the catalogue, and which of them a blueprint leaves open.

use crate::compose::{self, Options};
use crate::context::Context;
use crate::outline::outlines;
use crate::pages;
use crate::tree::Text;
use groundplan_model::{
    ADOPTERS, BY_LAW, Blueprint, CODE_OWNER, Element, Entity, EntityKind, JobStage, PEOPLE_LISTED,
    Pipeline, Question, Topic,
};
use serde::Deserialize;
use std::collections::BTreeSet;
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
    if !context.surveyed() {
        return None;
    }
    if let Some(text) = answered(context, key) {
        return Some(text);
    }
    if OF_INSTALLATIONS.contains(&key)
        && let Some(adopters) = installed_by_others(context.blueprint)
    {
        let system = &context.blueprint.system.name;
        let text = format!(
            "Each installation decides: others run {system}, a pipeline publishes it, and none deploys it."
        );
        return Some(Text::plain(text).from(&adopters.provenance));
    }
    let need = template(key)?.needs?;
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

/// Questions on operation that whoever runs a product answers, and not who makes it.
const OF_INSTALLATIONS: [&str; 9] = [
    "availability-target",
    "backup",
    "cloud",
    "cost",
    "failover",
    "incident-response",
    "recovery-objectives",
    "rollback",
    "logging",
];

/// Who is listed as running the system, where its makers run none: a list of adopters, a pipeline that
/// publishes, none that deploys, and no terms of a service of their own.
fn installed_by_others(blueprint: &Blueprint) -> Option<&groundplan_model::Observation> {
    let mut stated = blueprint.observations_of(Topic::Stated);
    let adopters = stated.find(|o| o.name == ADOPTERS)?;
    let own = |o: &groundplan_model::Observation| o.name.starts_with(BY_LAW) || o.name == "cloud";
    let mut jobs = blueprint.pipelines.iter().flat_map(|p| &p.jobs);
    let deploys = jobs.clone().any(|j| j.stages.contains(&JobStage::Deploy));
    let publishes = jobs.any(|j| j.stages.contains(&JobStage::Release));
    let runs = blueprint.observations_of(Topic::Stated).any(own);
    (publishes && !deploys && !runs && blueprint.origin != "designed").then_some(adopters)
}

/// Why a question has its answer already: in what was found, or in the past.
fn answered(context: &Context, key: &str) -> Option<Text> {
    let b = context.blueprint;
    let tabled = |e: &Entity| matches!(e.kind, EntityKind::Table | EntityKind::Collection);
    let released =
        !b.history.releases.is_empty() || b.observations_of(Topic::Release).next().is_some();
    let shown = match key {
        "timeline" if released => {
            let text = format!(
                "No date for going live is asked, because {} has been released.",
                b.system.name
            );
            return Some(Text::plain(text));
        }
        "data-migration" if released => {
            let text = format!(
                "Data of an older system is not asked for, because {} has been released.",
                b.system.name
            );
            return Some(Text::plain(text));
        }
        "timeline" if publisher(b).is_some() => {
            let text =
                "No date for going live is asked, because a pipeline publishes releases of it.";
            return Some(Text::plain(text));
        }
        "timeline" if (context.containers.iter()).any(|e| is_deployed(e)) => {
            let text =
                "No date for going live is asked, because files here describe how it is deployed.";
            return Some(Text::plain(text));
        }
        "data-model" if b.entities.iter().any(tabled) => "part of the data model",
        "stores" if context.has_store() => "place of data",
        "interfaces" if b.interfaces.iter().any(|i| !i.operations.is_empty()) => "operation",
        "feature-flags" if b.observations_of(Topic::FeatureFlag).next().is_some() => "feature flag",
        _ => return None,
    };
    Some(Text::plain(format!(
        "No {shown} was recognized here beside what other sections show."
    )))
}

/// A pipeline that a release or a tag starts and that ships something.
fn publisher(blueprint: &Blueprint) -> Option<&Pipeline> {
    let ships = |s: &JobStage| matches!(s, JobStage::Deploy | JobStage::Release);
    let publishes = |p: &&Pipeline| {
        let mut starts = p.triggers.iter();
        let starts = starts.any(|t| t.starts_with("tag ") || t.starts_with("release"));
        starts && p.jobs.iter().flat_map(|j| &j.stages).any(ships)
    };
    // What is called after pages puts these out, and not the system.
    let of_pages = |p: &&Pipeline| {
        let lower = p.name.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        words.any(|w| matches!(w, "docs" | "documentation" | "pages" | "site" | "website"))
    };
    let all = || blueprint.pipelines.iter().filter(publishes);
    all().find(|p| !of_pages(p)).or_else(|| all().next())
}

/// Whether a file starts a part, and not only for those who develop it.
fn is_deployed(e: &Element) -> bool {
    e.attribute("deployed-by").is_some() && !crate::answers::deployment::is_of_development(e)
}

/// Where something stands that answers part of a question: the place of what was recognised, or of
/// a section under a heading that is the question. A word in a line is no answer to it.
fn beyond(blueprint: &Blueprint, key: &str) -> Option<String> {
    // What a tag or a release starts says how one goes out.
    if key == "releases" {
        return publisher(blueprint)?
            .provenance
            .first()
            .map(groundplan_model::Evidence::label);
    }
    if key == "cloud" {
        let mut all = blueprint.elements.iter();
        let region = all.find_map(|e| e.attribute("region").filter(|_| is_deployed(e)));
        if let Some(place) = region.and_then(|a| a.provenance.first()) {
            return Some(place.label());
        }
    }
    let topics: &[Topic] = match key {
        "authentication" => &[Topic::Authentication],
        "authorization" => &[Topic::Authorization],
        "encryption" => &[Topic::Encryption, Topic::Tls],
        "application-security" => &[Topic::InputValidation],
        "backup" => &[Topic::Backup],
        "caching" => &[Topic::CacheUse],
        "feature-flags" => &[Topic::FeatureFlag],
        "logging" => &[Topic::Logging],
        "metrics" => &[Topic::Metric],
        "rate-limits" => &[Topic::RateLimit],
        "tracing" => &[Topic::Tracing],
        "limitations" => &[Topic::Limitation],
        // What documents say of it.
        _ => &[],
    };
    // Who owns a part, a file of owners may say of some.
    if matches!(key, "owners" | "stakeholders") {
        let roles = ["owner", CODE_OWNER];
        let mut all = blueprint.stakeholders.iter();
        let owner = all.find(|s| roles.contains(&s.role.as_str()));
        if let Some(place) = owner.and_then(|s| s.provenance.first()) {
            return Some(place.label());
        }
    }
    let stated = blueprint.observations_of(Topic::Stated);
    let asked: &[&str] = match key {
        // Who keeps it is one of those who are asked for.
        "stakeholders" => &["maintainers", key],
        "users" => &[ADOPTERS, key],
        "team" => &[PEOPLE_LISTED, key],
        "schemas" => &[groundplan_model::CONTRACT_SHOWN, key],
        // How long a version lives is a part of how versions are kept.
        "versioning" => &[key, "deprecation-policy", "supported-versions"],
        _ => &[key],
    };
    // What code deletes by its age answers a part of what is asked about all data.
    let deletes = key == "data-retention";
    let kept = [
        groundplan_model::DELETED_AFTER,
        groundplan_model::FILES_DELETED_AFTER,
        groundplan_model::KEPT_FOR,
    ];
    let stated = stated.filter(|o| {
        let name = o.name.as_str();
        let by_law = name.strip_prefix(BY_LAW) == Some(key);
        asked.contains(&name) || by_law || deletes && kept.contains(&name)
    });
    let seen = topics.iter().flat_map(|t| blueprint.observations_of(*t));
    let seen = seen.chain(stated);
    // Hashes of passwords encrypt nothing.
    let seen = seen.filter(|o| {
        key != "encryption"
            || !(crate::answers::protection::is_of_passwords(o)
                || o.name.contains("hashes")
                || o.name.ends_with(" without TLS"))
    });
    // What a page checks before it asks, the server has to check again.
    let of_page = |path: &str| {
        [".tsx", ".jsx", ".vue", ".svelte"]
            .iter()
            .any(|end| path.ends_with(end))
    };
    let seen = seen.filter(|o| {
        key != "application-security" || !o.provenance.first().is_some_and(|at| of_page(&at.path))
    });
    let mut seen = seen.flat_map(|o| o.provenance.evidence.iter());
    let seen = seen.find(|p| !crate::answers::goals::is_pipeline(blueprint, &p.path));
    seen.map(groundplan_model::Evidence::label)
}

/// The file of a place with its lines.
fn file_of(place: &str) -> &str {
    place.rsplit_once(':').map_or(place, |(path, _)| path)
}

/// What answers a part of a question: what was recognised, a setting, and the pages on its topic.
fn places(blueprint: &Blueprint, key: &str) -> Vec<String> {
    const MOST: usize = 3;
    let seen = beyond(blueprint, key).or_else(|| pages::setting_on(blueprint, key));
    let pages = pages::of_part(blueprint, key);
    let mut all: Vec<String> = seen.into_iter().collect();
    for page in pages {
        if all.len() < MOST && !all.iter().any(|place| file_of(place) == page.path) {
            all.push(page.path.to_owned());
        }
    }
    all
}

/// The question for what is more than some places show.
fn beyond_places(text: String, places: &[String]) -> String {
    if places.is_empty() {
        return text;
    }
    let all = crate::words::list(places, "and");
    let verb = crate::words::verb_for(places.len(), "shows", "show");
    let text = text.trim_end_matches('?');
    match text.strip_suffix(" shows") {
        Some(known) if places.len() == 1 => format!("{known} and {all} show?"),
        Some(known) => format!("{known}, {all} show?"),
        None => format!("{text}, beyond what {all} {verb}?"),
    }
}

/// The catalogue as JSON.
const EMBEDDED: &str = include_str!(concat!(env!("OUT_DIR"), "/questions.json"));

/// The same as it is written.
#[cfg(test)]
const TEXT: &str = include_str!("../data/questions.yaml");

/// The catalogue, the question with the most weight first.
pub(crate) fn catalogue() -> &'static [Template] {
    static CATALOGUE: OnceLock<Vec<Template>> = OnceLock::new();
    // The tests hold it against the text that people read and write.
    CATALOGUE.get_or_init(|| serde_json::from_str(EMBEDDED).unwrap_or_default())
}

/// The question with this key.
pub(crate) fn template(key: &str) -> Option<&'static Template> {
    catalogue().iter().find(|t| t.key == key)
}

/// All questions that the built-in outlines leave open for this blueprint, numbered `OQ-1`, `OQ-2`
/// … in the order of weight. Questions that the blueprint holds already are not looked at.
pub fn open_questions(blueprint: &Blueprint) -> Vec<Question> {
    let options = Options::default();
    let asked = compose::asked(blueprint, outlines().iter(), &options);
    numbered(asked.into_iter(), 1, blueprint)
}

/// Questions with these keys in the order of the catalogue, numbered from `first`.
pub(crate) fn numbered<'k>(
    keys: impl Iterator<Item = &'k str>,
    first: usize,
    blueprint: &Blueprint,
) -> Vec<Question> {
    let system = &blueprint.system.name;
    let installed = installed_by_others(blueprint).is_some();
    let of_installations = |t: &Template| installed && OF_INSTALLATIONS.contains(&t.key.as_str());
    let wanted: BTreeSet<&str> = keys.collect();
    let templates = catalogue()
        .iter()
        .filter(|t| wanted.contains(t.key.as_str()));
    templates
        .enumerate()
        .map(|(i, t)| Question {
            id: format!("OQ-{}", first + i),
            key: t.key.clone(),
            text: {
                let text = t.text.replace("{system}", system);
                beyond_places(text, &places(blueprint, &t.key))
            },
            owner: match of_installations(t) {
                true => "whoever runs an installation".to_owned(),
                false => t.owner.clone(),
            },
            why: t.why.replace("{system}", system),
            answer: t.answer.clone(),
            options: t.options.clone(),
        })
        .collect()
}

/// `Not known: availability target (OQ-3).` for one question or several: what is asked, then the
/// number.
pub(crate) fn gap_text(context: &Context, keys: &[&'static str]) -> Text {
    asking(context, keys, "Not known: ")
}

/// `Open: availability target (OQ-3).` beside what was found.
pub(crate) fn open_text(context: &Context, key: &'static str) -> Text {
    asking(context, &[key], "Open: ")
}

fn asking(context: &Context, keys: &[&'static str], lead: &str) -> Text {
    /// More questions than this in one sentence are not read.
    const MOST: usize = 6;
    let open: Vec<&'static str> = crate::answers::goals::distinct(keys.iter().copied());
    let shown = open.len().min(MOST);
    let mut text = Text::plain(lead);
    for (i, key) in open.iter().take(shown).enumerate() {
        let before = match i {
            0 => "",
            _ if i + 1 == open.len() => " and ",
            _ => ", ",
        };
        let owner = template(key).map_or("", |t| t.owner.as_str());
        text = text
            .then(format!("{before}{} (", subject(key)))
            .and(context.ask(key));
        // One question has room for the one who answers it; of several the list of them tells.
        text = match open.len() == 1 && !owner.is_empty() {
            true => text.then(format!(", {owner})")),
            false => text.then(")"),
        };
    }
    if shown < open.len() {
        let more = open.len() - shown;
        let questions = crate::words::count(more, "more question");
        text = text.then(format!(" and {questions}"));
    }
    text.then(".")
}

/// What a question is about, in a few words: `availability target`.
fn subject(key: &str) -> String {
    match key {
        "scale" => "expected load".to_owned(),
        "team" => "size of the team".to_owned(),
        "cost" => "budget".to_owned(),
        "problem" => "the problem that it solves".to_owned(),
        "users" => "who uses it".to_owned(),
        "cloud" => "where it runs".to_owned(),
        "review" => "review of this document".to_owned(),
        "owners" => "owners of the parts".to_owned(),
        "components" => "deployable parts".to_owned(),
        "component-purpose" => "what the part is for".to_owned(),
        "schemas" => "requests and answers".to_owned(),
        "stores" => "where data is kept".to_owned(),
        "flows" => "the way of a request".to_owned(),
        "optimization" => "measures for speed".to_owned(),
        "decisions" => "architecture decisions".to_owned(),
        "trade-offs" | "non-goals" => key.to_owned(),
        "external-terms" => "terms of the systems outside".to_owned(),
        "external-systems" => "what it depends on outside".to_owned(),
        _ => key.replace('-', " "),
    }
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
        assert_eq!(parsed, catalogue());
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
                for key in compose::asked(&blueprint, std::iter::once(outline), &Options::default())
                {
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
