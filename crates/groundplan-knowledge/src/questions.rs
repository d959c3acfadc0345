use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A question that code cannot answer, as documents ask it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionTemplate {
    /// Kebab-case key, unique.
    pub key: String,
    /// One sentence with a question mark. May contain `{system}`, the name of the system, and in
    /// questions about one element or environment `{element}` or `{environment}`.
    pub text: String,
    /// Role of the person who can answer.
    pub owner: String,
    /// What depends on the answer, one sentence.
    pub why: String,
    /// Dotted key of `groundplan.yaml` that answers it; `<id>` and `<name>` stand for an id.
    pub answer: String,
    /// Typical answers, if there are such.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

struct Catalogue {
    questions: Vec<QuestionTemplate>,
    by_key: BTreeMap<String, usize>,
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let text = include_str!(concat!(env!("OUT_DIR"), "/questions.json"));
        // The tests parse the same text; an error cannot occur in a program that passes them.
        let questions: Vec<QuestionTemplate> = serde_json::from_str(text).unwrap_or_default();
        let by_key = questions
            .iter()
            .enumerate()
            .map(|(at, q)| (q.key.clone(), at))
            .collect();
        Catalogue { questions, by_key }
    })
}

/// All questions, the one with the most weight first.
pub fn questions() -> &'static [QuestionTemplate] {
    &catalogue().questions
}

/// The question with this key.
pub fn question(key: &str) -> Option<&'static QuestionTemplate> {
    let catalogue = catalogue();
    catalogue.questions.get(*catalogue.by_key.get(key)?)
}
