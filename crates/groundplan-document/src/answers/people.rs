//! The people behind the system: who is named in files, and who committed.

use super::images::is_built;
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, inline};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{
    ADOPTERS, CODE_OWNER, EVERY_FILE, Element, PEOPLE_LISTED, Provenance, Role, Stakeholder,
};

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
        true => committed(c).unwrap_or(Answer::Gap("stakeholders")),
        false => Answer::blocks(vec![Block::List {
            ordered: false,
            items,
        }]),
    }
}

/// The name of the file in which owners stand: `CODEOWNERS`, or `OWNERS` of approvers.
fn file_of(provenance: &Provenance) -> &str {
    let path = provenance.first().map_or("CODEOWNERS", |at| &at.path);
    path.rsplit('/').next().unwrap_or(path)
}

/// Who owns a part: by declaration, else by a file of owners. A product of others and a part that falls under
/// the owners of all have none of their own.
pub(super) fn owner_cell(c: &Context, e: &Element, of_all: bool) -> Text {
    if let Some(owner) = e.attribute("owner") {
        return Text::sourced(&*owner.value, owner.provenance.clone());
    }
    if let Some(owner) = e.attribute("code-owner") {
        let text = Text::plain(&*owner.value).then(", by ");
        return text
            .then_code(file_of(&owner.provenance))
            .from(&owner.provenance);
    }
    let known = || {
        let mut all = e.technology.iter();
        all.any(|t| groundplan_knowledge::knowledge().by_name(t).is_some())
    };
    let kept = e.is_store() || e.role == Some(Role::Broker) || known();
    let bought = e.source.is_none() && !is_built(e) && kept;
    match bought || of_all {
        true => Text::plain("–"),
        false => Text::default().and(c.ask("owners")),
    }
}

/// Who reviews all changes but those of which later patterns or nearer files name others, by a pattern that holds
/// every file.
pub(super) fn owners_of_all(c: &Context) -> Option<Text> {
    let of_all = |s: &&Stakeholder| {
        let mut patterns = s.concern.as_deref().unwrap_or_default().split(", ");
        s.role == CODE_OWNER && patterns.any(|p| EVERY_FILE.contains(&p))
    };
    let all: Vec<&Stakeholder> = c.blueprint.stakeholders.iter().filter(of_all).collect();
    let file = file_of(&all.first().filter(|_| !c.designed())?.provenance);
    let others = match file.eq_ignore_ascii_case("CODEOWNERS") {
        true => "no later pattern names",
        false => "no nearer file names",
    };
    let names = all.iter().map(|s| Span::Plain(s.name.clone())).collect();
    let text = Text::plain("By ")
        .then_code(file)
        .then(format!(" the changes of what {others} are reviewed by "))
        .spans(words::list_spans(names, 6, "and"));
    Some(text.from(&first_places(all.iter().map(|s| &s.provenance), 1)))
}

/// How many people a file of maintainers lists under which heading.
pub(super) fn listed(c: &Context) -> Option<Text> {
    let seen = c.said(PEOPLE_LISTED)?;
    let file = &seen.provenance.first()?.path;
    let counts: Vec<String> = seen.detail.as_deref()?.lines().map(str::to_owned).collect();
    let text = Text::code(&**file).then(format!(" lists {}", words::list(&counts, "and")));
    Some(text.from(&seen.provenance))
}

/// Who is listed as using the system: how many, the first of them, and of which kinds.
pub(super) fn adopters(c: &Context) -> Option<Text> {
    let seen = c.said(ADOPTERS)?;
    let file = &seen.provenance.first()?.path;
    let mut lines = seen.detail.as_deref()?.lines();
    let (count, names, kinds) = (
        lines.next()?,
        lines.next()?,
        lines.next().unwrap_or_default(),
    );
    let text = Text::code(&**file).then(format!(" lists {count} that use it, first {names}"));
    let text = match kinds.is_empty() {
        true => text,
        false => text.then(format!("; by their own kind: {kinds}")),
    };
    Some(text.from(&seen.provenance))
}

/// How many people committed, where nobody is named.
fn committed(c: &Context) -> Option<Answer> {
    let (shown, more) = committers(c, 3);
    if c.designed() || shown.is_empty() {
        return None;
    }
    let count = words::count(shown.len() + more, "person");
    let most = match shown.as_slice() {
        [only] => only.clone(),
        several => format!("most of all {}", words::list(several, "and")),
    };
    let text = Text::plain(format!("{count} committed in the whole history: {most}"));
    let text = c.asked_in(text, "; who has which role is asked in ", "stakeholders");
    Some(Answer::text(crate::context::counted(
        text,
        "commits per author up to the described revision, programs left out",
        c.blueprint.history.revision.clone(),
    )))
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
    if let Some(text) = code_owners(c) {
        return Answer::text(end(text));
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
    let text = Text::plain(format!("Most commits of the whole history: {all}"));
    let lead = "; who is in the team today is asked in ";
    let text = c.asked_in(text, lead, "stakeholders");
    Answer::text(crate::context::counted(
        text,
        "commits per author up to the described revision, programs left out",
        c.blueprint.history.revision.clone(),
    ))
}

/// The code owners with what each of them owns.
fn code_owners(c: &Context) -> Option<Text> {
    const MOST: usize = 8;
    let of = c.blueprint.stakeholders.iter();
    let all: Vec<&Stakeholder> = of.filter(|s| s.role == CODE_OWNER).collect();
    if all.is_empty() || c.designed() {
        return None;
    }
    let mut text = Text::plain("Code owners: ");
    for (at, one) in all.iter().take(MOST).enumerate() {
        text = text.then(if at > 0 { ", " } else { "" }).then(&*one.name);
        if let Some(patterns) = &one.concern {
            text = text
                .then(" (")
                .then_code(words::short(patterns, 60))
                .then(")");
        }
    }
    if all.len() > MOST {
        text = text.then(format!(
            " and {} more",
            words::number((all.len() - MOST) as u64)
        ));
    }
    Some(text.from(&first_places(all.iter().map(|s| &s.provenance), 2)))
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
