//! Goals, requirements, use cases and the people behind them.

use super::records;
use super::seen::{MOST, constraint, end, topic};
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline, names};
use crate::tree::{Block, Item, Text};
use crate::words;
use groundplan_model::{
    Blueprint, Goal, Observation, Priority, Provenance, Requirement, RequirementKind, Topic,
};

records! {
    "compliance": compliance, "Laws, standards and contracts that bind the system.";
    "functional-goals": functional_goals, "What the system must do.";
    "goals": goals, "Goals, at least four or the question for more.";
    "integrations": integrations, "Who calls its interfaces, and what it is integrated with.";
    "non-goals": non_goals, "What the system is not for.";
    "non-goals-list": non_goals_list, "Non-goals, at least three or the question for more.";
    "operational-requirements": operational_requirements, "What operators and administrators need.";
    "security-requirements": |c, _| requirements(c, &[RequirementKind::Security], "compliance"), "Security requirements.";
    "success-criteria": success_criteria, "Numbers by which success is judged.";
}

fn goal_text(goal: &Goal) -> Text {
    Text {
        spans: inline(&words::sentence(&goal.text)),
        sources: vec![goal.provenance.clone()],
    }
}

pub(super) fn requirement_text(r: &Requirement) -> Text {
    let mut text = Text {
        spans: inline(&words::sentence(&r.text)),
        sources: vec![r.provenance.clone()],
    };
    if let Some(target) = &r.target {
        text = text.then(format!(" Target: {}.", target.trim_end_matches('.')));
    }
    text
}

/// Requirements of kinds as one text or a list.
fn requirements(c: &Context, kinds: &[RequirementKind], question: &'static str) -> Answer {
    let all = c
        .blueprint
        .requirements
        .iter()
        .filter(|r| kinds.contains(&r.kind));
    let mut texts: Vec<Text> = all.map(requirement_text).collect();
    /// More than this in one cell of a design is not read; all stand under compliance.
    const SHOWN: usize = 3;
    if c.designed() && texts.len() > SHOWN + 1 {
        let more = texts.len() - SHOWN;
        texts.truncate(SHOWN);
        texts.push(Text::plain(format!(
            "{} more stand under compliance and in the sections that they bind.",
            words::capital(&words::number(more as u64))
        )));
    }
    one_line(texts).unwrap_or(Answer::Gap(question))
}

/// Several sentences as one text.
pub(super) fn one_line(texts: Vec<Text>) -> Option<Answer> {
    let mut all = texts.into_iter();
    let first = all.next()?;
    Some(Answer::text(
        all.fold(first, |text, more| text.then(" ").append(more)),
    ))
}

fn compliance<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = constraint(c, "compliance") {
        let controls = c
            .blueprint
            .requirements
            .iter()
            .filter(|r| matches!(r.kind, RequirementKind::Security | RequirementKind::Privacy));
        let list: Vec<Text> = controls.map(requirement_text).collect();
        if c.designed() && !list.is_empty() {
            return Answer::both(text, vec![bullets(list)]);
        }
        return Answer::text(text);
    }
    let seen = topic(
        c,
        &[Topic::Compliance],
        "compliance document",
        &["documents"],
        "compliance",
    );
    if seen.is_said() {
        seen
    } else {
        requirements(c, &[RequirementKind::Privacy], "compliance")
    }
}

fn stated_goals(c: &Context) -> Vec<Text> {
    let mut all: Vec<Text> = c.blueprint.goals.iter().map(goal_text).collect();
    let must = c
        .blueprint
        .requirements
        .iter()
        .filter(|r| r.priority == Some(Priority::Must));
    all.extend(must.map(requirement_text));
    all
}

/// Features where no goal is written down, with what they are.
fn features_for_goals(c: &Context, most: usize) -> Option<Answer> {
    let mut all = super::use_cases::features(c);
    if all.is_empty() {
        return None;
    }
    all.truncate(most);
    let lead = Text::plain(
        "No goals were found under such a heading; the authors name these features, and what is to be reached with them is asked in ",
    );
    let lead = lead.and(c.ask("goals")).then(".");
    Some(Answer::blocks(vec![Block::Paragraph(lead), bullets(all)]))
}

fn goals<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all = stated_goals(c);
    if all.is_empty() {
        all.extend(c.stated_in_documents("goals"));
    }
    if all.is_empty()
        && let Some(answer) = features_for_goals(c, 6)
    {
        return answer;
    }
    if all.is_empty() {
        return Answer::Gap("goals");
    }
    all.truncate(6);
    with_question(
        c,
        all,
        4,
        "goals",
        "Fewer than four goals were written down; which are missing is asked in ",
    )
}

/// A list, and a question where it is shorter than readers expect.
fn with_question(
    c: &Context,
    all: Vec<Text>,
    least: usize,
    question: &'static str,
    words: &str,
) -> Answer {
    let short = all.len() < least;
    let mut blocks = vec![bullets(all)];
    if short {
        blocks.push(Block::Paragraph(
            Text::plain(words).and(c.ask(question)).then("."),
        ));
    }
    Answer::blocks(blocks)
}

fn non_goals<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all: Vec<Text> = c.blueprint.non_goals.iter().map(goal_text).collect();
    match all.len() {
        0 => Answer::Gap("non-goals"),
        1 => one_line(all).unwrap_or(Answer::Gap("non-goals")),
        _ => Answer::blocks(vec![bullets(all)]),
    }
}

fn non_goals_list<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all: Vec<Text> = c
        .blueprint
        .non_goals
        .iter()
        .take(5)
        .map(goal_text)
        .collect();
    if all.is_empty() {
        all.extend(c.stated_in_documents("non-goals"));
    }
    if all.is_empty() {
        return Answer::Gap("non-goals");
    }
    with_question(
        c,
        all,
        3,
        "non-goals",
        "Fewer than three non-goals were written down; what else is out of scope is asked in ",
    )
}

fn success_criteria<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let slos = c.blueprint.slos.iter().map(super::quality::slo_text);
    let targets = c
        .blueprint
        .requirements
        .iter()
        .filter(|r| r.target.is_some());
    let all: Vec<Text> = slos
        .chain(targets.map(requirement_text))
        .take(MOST)
        .collect();
    if all.is_empty() {
        Answer::Gap("success-criteria")
    } else {
        Answer::blocks(vec![bullets(all)])
    }
}

fn functional_goals<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let functional: Vec<&Requirement> = c
        .blueprint
        .requirements
        .iter()
        .filter(|r| r.kind == RequirementKind::Functional)
        .collect();
    let mut items: Vec<Item> = functional
        .iter()
        .map(|r| Item {
            items: accepted(r),
            ..Item::labelled(&r.id, requirement_text(r))
        })
        .collect();
    if items.is_empty() {
        // What its authors name is no requirement, and its order no rank.
        let texts: Vec<Text> = super::use_cases::features(c)
            .into_iter()
            .chain(c.blueprint.goals.iter().map(goal_text))
            .take(15)
            .collect();
        if texts.is_empty() {
            return Answer::Gap("requirements");
        }
        let lead = Text::plain(
            "These are features and goals in the words of the authors; what is required is asked in ",
        );
        let lead = lead.and(c.ask("requirements")).then(".");
        return Answer::blocks(vec![Block::Paragraph(lead), bullets(texts)]);
    }
    if items.is_empty() {
        return Answer::Gap("requirements");
    }
    items.truncate(40);
    Answer::blocks(vec![Block::List {
        ordered: false,
        items,
    }])
}

/// What must hold before a requirement counts as met. A criterion that only says the requirement
/// again says nothing.
fn accepted(r: &Requirement) -> Vec<Item> {
    let own = r.text.trim_end_matches('.');
    r.acceptance
        .iter()
        .filter(|a| !a.contains(own))
        .map(|a| Item::of(Text::plain(words::sentence(a))))
        .collect()
}

/// Whether a part is here whose calls were not all followed: it may be the caller.
fn open_front(c: &Context, of: Option<&str>) -> bool {
    c.containers.iter().any(|e| {
        let other = of != Some(e.id.as_str());
        let front = e.role == Some(groundplan_model::Role::Ui) && c.outgoing(&e.id).is_empty();
        other && (front || super::components::open_calls(e).is_some())
    })
}

fn integrations<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for i in c.primary.iter().take(6) {
        // Whoever watches a part calls none of its operations, and who only has its address may not.
        let those = |told: bool| -> Vec<&str> {
            let into = i.element.as_deref().map_or(&[][..], |id| c.incoming(id));
            let all = into.iter().filter(|r| {
                r.kind != groundplan_model::RelationshipKind::Observes
                    && !super::calls::is_link(r)
                    && r.only_addressed() == told
            });
            let names: std::collections::BTreeSet<&str> = all.map(|r| c.name_of(&r.from)).collect();
            names.into_iter().collect()
        };
        let callers = those(false);
        let told = those(true);
        let least = match super::interfaces::is_partial(i) {
            true => "at least ",
            false => "",
        };
        let verb = if i.unserved { "defines" } else { "offers" };
        let mut text =
            Text::code(&i.name).then(format!(" {verb} {least}{}", super::interfaces::counted(i)));
        text = match callers.is_empty() {
            // A user interface whose calls were not followed may be the caller.
            true if open_front(c, i.element.as_deref()) => text,
            true if !told.is_empty() => text,
            true => text.then("; no other part of the repository was found to call it"),
            false if c.designed() => text.then(" to ").spans(names(callers, 4)),
            false => text.then("; callers found: ").spans(names(callers, 4)),
        };
        if !told.is_empty() {
            let verb = words::verb_for(told.len(), " has", " have");
            text = text
                .then("; ")
                .spans(names(told, 4))
                .then(format!("{verb} its address"));
        }
        items.push(end(text.from(&i.provenance)));
    }
    for e in c.externals.iter().take(MOST) {
        let callers = c.incoming(&e.id);
        let mut text = Text::code(&e.name);
        text = match callers {
            [] if c.designed() => text.then(" comes to the system by itself"),
            [] => text.then(" is named, but no caller was found"),
            some if some.iter().all(|r| r.only_addressed()) => text
                .then(" is the host of an address in settings of ")
                .spans(names(distinct(some.iter().map(|r| c.name_of(&r.from))), 4)),
            some => text
                .then(" is used by ")
                .spans(names(distinct(some.iter().map(|r| c.name_of(&r.from))), 4)),
        };
        let source = callers.first().map_or(&e.provenance, |r| &r.provenance);
        items.push(end(text.from(source)));
    }
    if items.is_empty() {
        return c.absent(
            "interface or external system",
            &["code", "contracts", "deployment files"],
            "external-systems",
        );
    }
    Answer::blocks(vec![bullets(items)])
}

/// Each word once, in order.
pub(crate) fn distinct<'n>(all: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut out: Vec<&str> = Vec::new();
    for word in all {
        if !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

fn operational_requirements<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let declared = c.blueprint.requirements.iter().filter(|r| {
        matches!(
            r.kind,
            RequirementKind::Operations | RequirementKind::Maintainability
        )
    });
    let mut items: Vec<Text> = declared.map(requirement_text).collect();
    // What a pipeline does is no work of the system.
    let own = |topic: Topic| -> Vec<&Observation> {
        let piped = |o: &&&Observation| {
            let place = o.provenance.first();
            place.is_some_and(|p| is_pipeline(c.blueprint, &p.path))
        };
        let all = c.seen(topic).iter();
        all.filter(|o| !piped(o)).copied().collect()
    };
    let seen = own(Topic::ScheduledJob);
    if !seen.is_empty() {
        let who = distinct(
            seen.iter()
                .filter_map(|o| o.element.as_deref())
                .map(|id| c.name_of(id)),
        );
        let named = distinct(seen.iter().map(|o| o.name.as_str()));
        let subject = match who.len() {
            0 => Text::plain(&*c.blueprint.system.name),
            _ => Text::default().spans(names(who.iter().copied(), 4)),
        };
        let verb = words::verb_for(
            who.len().max(1),
            "runs on a schedule: ",
            "run on a schedule: ",
        );
        let text = subject.then(format!(" {verb}")).spans(names(named, 5));
        let sources = seen.iter().map(|o| &o.provenance);
        items.push(end(text.from(&first_places(sources, 3))));
    }
    // The health of a neighbour is not one's own.
    let mut health = own(Topic::HealthCheck);
    health.retain(|o| super::seen::is_own_health(&o.name));
    items.extend(super::seen::health_text(c, &health));
    for e in c
        .containers
        .iter()
        .filter(|e| e.attribute("schedule").is_some())
    {
        if let Some(a) = e.attribute("schedule") {
            items.push(end(Text::code(&e.name)
                .then(" runs on the schedule ")
                .then_code(&a.value)
                .from(&a.provenance)));
        }
    }
    match items.is_empty() {
        // Jobs and checks that are not recognised are no reason to deny what operators need.
        true => Answer::Gap("requirements"),
        false => Answer::blocks(vec![bullets(items)]),
    }
}

/// Whether a file belongs to a pipeline and not to the system: one that was read, or one of the
/// files with which GitHub is set up.
pub(crate) fn is_pipeline(blueprint: &Blueprint, path: &str) -> bool {
    let stands = |p: &Provenance| p.evidence.iter().any(|e| e.path == path);
    path.starts_with(".github/")
        || path.contains("/.github/")
        || blueprint
            .pipelines
            .iter()
            .any(|p| stands(&p.provenance) || p.jobs.iter().any(|j| stands(&j.provenance)))
}
