//! Every open question names a key of `groundplan.yaml` that can answer it.

use groundplan_document::open_questions;
use groundplan_model::Blueprint;
use groundplan_survey::is_declaration_key;

#[test]
fn questions_name_keys_that_exist() {
    let questions = open_questions(&Blueprint::default());
    assert!(questions.len() > 20, "only {} questions", questions.len());
    let lost: Vec<String> = questions
        .iter()
        .filter(|q| !is_declaration_key(&q.answer))
        .map(|q| format!("{}: {}", q.key, q.answer))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
}
