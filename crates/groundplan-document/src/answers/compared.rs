//! A brief's design beside what the repository has.

use super::records;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::table;
use crate::tree::Text;
use groundplan_model::{Statement, Target};

records! {
    "target-and-found": target_and_found, "Parts of the design beside what was found; nothing without a brief and a repository.";
}

fn target_and_found<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = &c.blueprint.targets;
    if all.is_empty() {
        return Answer::blocks(Vec::new());
    }
    let count = |of: fn(&Target) -> bool| all.iter().filter(|t| of(t)).count();
    let agreed = count(|t| t.agrees);
    let missing = count(|t| t.found.is_none());
    let more = count(|t| t.designed.is_none());
    let differ = all.len() - agreed - missing - more;
    let text = format!(
        "The design of the brief beside the repository: {agreed} as designed, {differ} otherwise, {missing} designed and not found, {more} found and not designed."
    );
    let formula = "rows of the table by state";
    let text = crate::context::counted(Text::plain(text), formula, ["targets".to_owned()]);
    let rows = all.iter().map(row).collect();
    Answer::both(
        text,
        vec![table(&["Part", "Designed", "Found", "State"], rows)],
    )
}

fn row(target: &Target) -> Vec<Text> {
    let cell = |side: &Option<Statement>| match side {
        Some(said) => Text::sourced(said.text.clone(), said.provenance.clone()),
        None => Text::plain("–"),
    };
    let state = match (&target.designed, &target.found) {
        _ if target.agrees => "as designed",
        (Some(_), None) => "not found",
        (None, _) => "not designed",
        _ => "otherwise",
    };
    vec![
        Text::plain(target.name.clone()),
        cell(&target.designed),
        cell(&target.found),
        Text::plain(state),
    ]
}
