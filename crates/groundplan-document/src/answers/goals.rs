//! Goals, requirements, use cases and the people behind them.

use super::records;
use super::seen::{MOST, constraint, end, topic};
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline, names, stated};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{
    Audience, Goal, Priority, Requirement, RequirementKind, Stakeholder, Topic,
};

records! {
    "architects": |c, _| person(c, &["architect"]), "Who the architects are.";
    "compliance": compliance, "Laws, standards and contracts that bind the system.";
    "development-team": development_team, "Who develops.";
    "functional-goals": functional_goals, "What the system must do.";
    "goals": goals, "Goals, at least four or the question for more.";
    "integrations": integrations, "Who calls its interfaces, and what it is integrated with.";
    "non-goals": non_goals, "What the system is not for.";
    "non-goals-list": non_goals_list, "Non-goals, at least three or the question for more.";
    "operational-requirements": operational_requirements, "What operators and administrators need.";
    "operations-team": |c, _| person(c, &["operator", "devops", "operations", "sre"]), "Who operates.";
    "product-owner": |c, _| person(c, &["product owner"]), "Who the product owner is.";
    "requirement-count": requirement_count, "Asks for more where fewer than ten use cases are known.";
    "security-requirements": |c, _| requirements(c, &[RequirementKind::Security], "compliance"), "Security requirements.";
    "stakeholders": stakeholders, "People, teams and roles.";
    "success-criteria": success_criteria, "Numbers by which success is judged.";
    "tech-lead": |c, _| person(c, &["tech lead", "owner", "maintainer"]), "Who leads technically.";
    "use-cases": use_cases, "Use cases, stated or taken from interfaces.";
    "use-cases-primary": use_cases_primary, "The heaviest use cases with actor, flow and frequency.";
    "use-cases-secondary": use_cases_secondary, "The other use cases.";
}

fn goal_text(goal: &Goal) -> Text {
    Text {
        spans: inline(&words::sentence(&goal.text)),
        sources: vec![goal.provenance.clone()],
    }
}

fn requirement_text(r: &Requirement) -> Text {
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
    if all.is_empty() {
        all.extend(c.blueprint.system.features.iter().map(stated));
    }
    all
}

fn goals<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all = stated_goals(c);
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
    let all: Vec<Text> = c
        .blueprint
        .non_goals
        .iter()
        .take(5)
        .map(goal_text)
        .collect();
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
        .map(|r| Item::labelled(&r.id, requirement_text(r)))
        .collect();
    if items.is_empty() {
        let texts = c
            .blueprint
            .system
            .features
            .iter()
            .map(stated)
            .chain(c.blueprint.goals.iter().map(goal_text));
        items = texts
            .enumerate()
            .map(|(i, text)| Item::labelled(format!("FR{}", i + 1), text))
            .collect();
    }
    if items.is_empty() {
        items = derived_use_cases(c)
            .into_iter()
            .enumerate()
            .map(|(i, text)| Item::labelled(format!("FR{}", i + 1), text))
            .collect();
    }
    if items.is_empty() {
        return Answer::Gap("requirements");
    }
    items.truncate(15);
    Answer::blocks(vec![Block::List {
        ordered: false,
        items,
    }])
}

/// Use cases that interfaces, flows and declarations show.
fn all_use_cases(c: &Context) -> Vec<Text> {
    let stated = c.seen(Topic::UseCase).iter().map(|o| {
        let mut text = Text {
            spans: inline(&o.name),
            sources: vec![o.provenance.clone()],
        };
        if let Some(detail) = &o.detail {
            text = text.then(": ").spans(inline(detail));
        }
        end(text)
    });
    let functional = c
        .blueprint
        .requirements
        .iter()
        .filter(|r| r.kind == RequirementKind::Functional);
    let mut all: Vec<Text> = stated.chain(functional.map(requirement_text)).collect();
    all.extend(derived_use_cases(c));
    all
}

/// One sentence for each thing that people and other systems can ask for.
fn derived_use_cases(c: &Context) -> Vec<Text> {
    let mut all: Vec<Text> = Vec::new();
    for subject in crate::subject::subjects(c, crate::outline::Repeat::Resource, Subject::System) {
        let Subject::Resource(resource) = subject else {
            continue;
        };
        let of: Vec<_> = c
            .primary_operations()
            .filter(|(_, o)| crate::subject::resource(o) == resource)
            .collect();
        let Some((interface, _)) = of.first() else {
            continue;
        };
        let who = match interface.audience {
            Audience::Public => "A caller",
            Audience::Internal | Audience::Unknown => "A caller",
        };
        let sources = of.iter().map(|(_, o)| &o.provenance);
        let text = Text::plain(format!("{who} of "))
            .then_code(&interface.name)
            .then(format!(" works with {resource}: "))
            .spans(words::list_spans(
                of.iter().map(|(_, o)| operation_words(o)).collect(),
                5,
                "and",
            ));
        all.push(end(text.from(&first_places(sources, 3))));
    }
    all
}

fn operation_words(o: &groundplan_model::Operation) -> Span {
    match &o.summary {
        Some(summary) if summary.chars().count() < 80 => {
            Span::Plain(summary.trim_end_matches('.').to_owned())
        }
        _ => Span::Code(o.id.clone()),
    }
}

fn use_cases<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut all = all_use_cases(c);
    let total = all.len();
    if total == 0 {
        return Answer::Gap("use-cases");
    }
    all.truncate(15);
    let mut blocks = vec![bullets(all)];
    if total > 15 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} more follow from the endpoints listed below.",
            total - 15
        ))));
    }
    Answer::blocks(blocks)
}

fn requirement_count<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let n = all_use_cases(c).len();
    if n == 0 {
        return Answer::Gap("requirements");
    }
    let text = match n {
        n if c.designed() => Text::plain(format!(
            "{} follow from what the brief asks for.",
            words::capital(&words::spelled_count(n, "use case"))
        )),
        n if n < 10 => Text::plain(format!(
            "{} can be read from the repository; what was wanted beyond them is asked in ",
            words::capital(&words::spelled_count(n, "use case"))
        ))
        .and(c.ask("requirements"))
        .then("."),
        n => Text::plain(format!(
            "{} can be read from the repository.",
            words::capital(&words::spelled_count(n, "use case"))
        )),
    };
    Answer::text(crate::context::counted(
        text,
        "stated use cases, functional requirements and groups of public operations",
        Vec::new(),
    ))
}

fn use_cases_primary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for flow in c.blueprint.flows.iter().take(4) {
        let mut path: Vec<&str> = Vec::new();
        for step in &flow.steps {
            for id in [&step.from, &step.to] {
                if path.last() != Some(&c.name_of(id)) {
                    path.push(c.name_of(id));
                }
            }
        }
        path.truncate(8);
        let actor = match &flow.actor {
            Some(actor) => Text::plain(words::sentence(actor)),
            None if c.designed() => Text::plain("None: an event or a clock starts it."),
            None => Text::plain("Not recorded: ").and(c.ask("users")).then("."),
        };
        let mut way = Text::default();
        for (i, name) in path.iter().enumerate() {
            way = way.then(if i == 0 { "" } else { " → " }).then_code(*name);
        }
        items.push(Item {
            items: vec![
                Item::labelled("Actor", actor),
                Item::labelled(
                    "Flow",
                    way.from(&first_places(flow.steps.iter().map(|s| &s.provenance), 2)),
                ),
                Item::labelled(
                    "Frequency",
                    match c.calculation(&format!("flow.{}.per_day", flow.id)) {
                        Some(n) => Text::sourced(
                            format!("About {} a day, predicted.", words::grouped(&n.value)),
                            n.provenance.clone(),
                        ),
                        None => Text::plain("Not recorded: ")
                            .and(c.ask("use-cases"))
                            .then("."),
                    },
                ),
            ],
            ..Item::labelled(&flow.title, Text::default().from(&flow.provenance))
        });
    }
    if items.is_empty() {
        items = all_use_cases(c).into_iter().take(4).map(Item::of).collect();
    }
    match items.is_empty() {
        true => Answer::Gap("use-cases"),
        false => Answer::blocks(vec![Block::List {
            ordered: true,
            items,
        }]),
    }
}

fn use_cases_secondary<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = all_use_cases(c);
    let skip = if c.blueprint.flows.is_empty() { 4 } else { 0 };
    let rest: Vec<Text> = all.into_iter().skip(skip).take(12).collect();
    if rest.is_empty() {
        Answer::Gap("use-cases")
    } else {
        Answer::blocks(vec![bullets(rest)])
    }
}

fn integrations<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items = Vec::new();
    for i in c.primary.iter().take(6) {
        let callers: Vec<&str> = match &i.element {
            Some(id) => {
                let mut all: Vec<&str> =
                    c.incoming(id).iter().map(|r| c.name_of(&r.from)).collect();
                all.sort_unstable();
                all.dedup();
                all
            }
            None => Vec::new(),
        };
        let n = words::count(i.operations.len(), "operation");
        let mut text = Text::code(&i.name).then(format!(" offers {n} over {}", i.kind.word()));
        text = match callers.is_empty() {
            true => text.then("; no caller of it was found inside the repository"),
            false => text.then("; callers found: ").spans(names(callers, 4)),
        };
        items.push(end(text.from(&i.provenance)));
    }
    for e in c.externals.iter().take(MOST) {
        let callers = c.incoming(&e.id);
        let mut text = Text::code(&e.name);
        text = match callers {
            [] => text.then(" is named, but no caller was found"),
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
pub(super) fn distinct<'n>(all: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
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
    for (topics, words) in [
        (Topic::ScheduledJob, "Runs on a schedule: "),
        (Topic::Migration, "Changes the schema by migration: "),
        (Topic::HealthCheck, "Reports its health at: "),
    ] {
        let groups = super::seen::groups(c, c.seen(topics));
        if !groups.is_empty() {
            let sources = groups.iter().flat_map(|g| g.sources.iter().copied());
            let text = Text::plain(words).spans(names(groups.iter().map(|g| g.name), 5));
            items.push(end(text.from(&first_places(sources, 3))));
        }
    }
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
        true => c.absent(
            "scheduled job, migration, health check or operational requirement",
            &["code", "deployment files", "documents"],
            "requirements",
        ),
        false => Answer::blocks(vec![bullets(items)]),
    }
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
    let mut items: Vec<Item> = known
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
    if items.is_empty() {
        items = c
            .blueprint
            .history
            .authors
            .iter()
            .take(5)
            .map(|a| {
                let n = words::count(a.commits as usize, "commit");
                Item::labelled(&a.name, Text::plain(format!("Author of {n}.")))
            })
            .collect();
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
            let text = text.then(format!(" ({role})"));
            return Answer::text(end(
                text.from(&first_places(named.iter().map(|s| &s.provenance), 2))
            ));
        }
    }
    Answer::Gap("stakeholders")
}

fn development_team<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let declared = person(c, &["developer", "development team", "maintainer", "owner"]);
    if declared.is_said() {
        return declared;
    }
    let authors = &c.blueprint.history.authors;
    if authors.is_empty() {
        return Answer::Gap("stakeholders");
    }
    let shown: Vec<String> = authors
        .iter()
        .take(5)
        .map(|a| {
            format!(
                "{} ({})",
                a.name,
                words::count(a.commits as usize, "commit")
            )
        })
        .collect();
    let more = authors.len().saturating_sub(5);
    let mut all = words::list(&shown, "and");
    if more > 0 {
        all = format!(
            "{} and {} more",
            shown.join(", "),
            words::number(more as u64)
        );
    }
    Answer::text(crate::context::counted(
        Text::plain(format!("By commits: {all}.")),
        "commits per author up to the described revision",
        c.blueprint.history.revision.clone(),
    ))
}
