//! The people behind the system: who is named in files, and who committed.

use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, inline};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::Stakeholder;

records! {
    "architects": |c, _| person(c, &["architect"]), "Who the architects are.";
    "development-team": development_team, "Who develops.";
    "operations-team": |c, _| person(c, &["operator", "devops", "operations", "sre"]), "Who operates.";
    "product-owner": |c, _| person(c, &["product owner"]), "Who the product owner is.";
    "stakeholders": stakeholders, "People, teams and roles.";
    "tech-lead": |c, _| led_by(c, person(c, &["tech lead", "owner", "maintainer"])), "Who leads technically.";
}

fn stakeholder_text(s: &Stakeholder) -> Text {
    let mut text = Text::plain(words::capital(&s.role));
    if let Some(concern) = &s.concern {
        text = text.then(" of ").then_code(concern);
    }
    end(text.from(&s.provenance))
}

fn stakeholders<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let known = &c.blueprint.stakeholders;
    let items: Vec<Item> = known
        .iter()
        .filter(|s| s.role != "author")
        .take(12)
        .map(|s| match (&s.concern, c.designed()) {
            (Some(concern), true) => {
                let text = Text {
                    spans: inline(&words::sentence(concern)),
                    sources: vec![s.provenance.clone()],
                };
                Item::labelled(&s.name, text)
            }
            _ => Item::labelled(&s.name, stakeholder_text(s)),
        })
        .collect();
    let mut items = items;
    if !c.designed() {
        let said = c.all_stated("maintainers", 4);
        items.extend(said.into_iter().map(|text| Item::of(end(text))));
    }
    match items.is_empty() {
        true => Answer::Gap("stakeholders"),
        false => Answer::blocks(vec![Block::List {
            ordered: false,
            items,
        }]),
    }
}

fn person(c: &Context, roles: &[&str]) -> Answer {
    for role in roles {
        let of = c
            .blueprint
            .stakeholders
            .iter()
            .filter(|s| s.role.eq_ignore_ascii_case(role));
        let mut named: Vec<&Stakeholder> = of.collect();
        named.truncate(4);
        if !named.is_empty() {
            let spans = named.iter().map(|s| Span::Plain(s.name.clone())).collect();
            let text = Text::default().spans(words::list_spans(spans, 4, "and"));
            // `Tech lead (to be named)` says it already.
            let says = |s: &&Stakeholder| s.name.to_lowercase().starts_with(role);
            let text = match named.iter().all(says) {
                true => text,
                false => text.then(format!(" ({role})")),
            };
            return Answer::text(end(
                text.from(&first_places(named.iter().map(|s| &s.provenance), 2))
            ));
        }
    }
    Answer::Gap("stakeholders")
}

/// Who is named as maintainer or author in documents, manifests and images, where nobody else is.
fn kept_by<'a>(c: &Context<'a>, answer: Answer) -> Answer {
    if answer.is_said() || c.designed() {
        return answer;
    }
    let mut all = c.all_stated("maintainers", 1);
    all.pop().map_or(answer, |text| Answer::text(end(text)))
}

/// Who is named as maintainer, where nobody else leads: whoever is named as author may have left.
fn led_by<'a>(c: &Context<'a>, answer: Answer) -> Answer {
    if answer.is_said() || c.designed() {
        return answer;
    }
    let leads = |text: &Text| crate::text::plain(text).starts_with("“Maintainer");
    let found = c
        .all_stated("maintainers", usize::MAX)
        .into_iter()
        .find(leads);
    found.map_or(answer, |text| Answer::text(end(text)))
}

fn development_team<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let declared = person(c, &["developer", "development team", "maintainer", "owner"]);
    if declared.is_said() {
        return declared;
    }
    let (shown, more) = committers(c, 5);
    if shown.is_empty() {
        return kept_by(c, Answer::Gap("stakeholders"));
    }
    let all = match more {
        0 => words::list(&shown, "and"),
        n => format!("{} and {} more", shown.join(", "), words::number(n as u64)),
    };
    // Who once committed need not be here any more.
    let text = Text::plain(format!(
        "Most commits of the whole history: {all}; who is in the team today is asked in "
    ))
    .and(c.ask("stakeholders"))
    .then(".");
    Answer::text(crate::context::counted(
        text,
        "commits per author up to the described revision, programs left out",
        c.blueprint.history.revision.clone(),
    ))
}

/// The people with most commits, `Ann (12 commits)`, and how many more there are.
pub(super) fn committers(c: &Context, most: usize) -> (Vec<String>, usize) {
    // The survey counts no programs.
    let people = &c.blueprint.history.authors;
    let shown = people
        .iter()
        .take(most)
        .map(|a| {
            format!(
                "{} ({})",
                a.name,
                words::count(a.commits as usize, "commit")
            )
        })
        .collect();
    (shown, people.len().saturating_sub(most))
}
