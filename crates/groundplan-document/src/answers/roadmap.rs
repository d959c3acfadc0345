//! What is planned, what limits the system, what is owed.

use super::records;
use super::seen::{MOST, topic};
use crate::answer::{Absence, Answer};
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline, table};
use crate::tree::{Block, Item, Text};
use crate::words;
use groundplan_model::{Milestone, Observation, Topic};
use std::collections::BTreeMap;

records! {
    "future-phases": future_phases, "What is planned after the next phases.";
    "limitations": limitations, "Known limitations as written down.";
    "phase-checklist": phase_checklist, "What a phase delivers, as boxes.";
    "phase-deliverables": phase_deliverables, "What a phase delivers.";
    "phases": phases, "The phases with their deliverables.";
    "roadmap-long": |c, _| term(c, "long"), "Plans beyond a year.";
    "roadmap-medium": |c, _| term(c, "medium"), "Plans for six to twelve months.";
    "roadmap-missing": |c, _| no_phase(c), "That no roadmap is recorded, or none with phases.";
    "roadmap-short": |c, _| term(c, "short"), "Plans for three to six months.";
    "technical-debt": technical_debt, "What is owed: marked work in code, by part.";
}

fn deliverables(m: &Milestone) -> Vec<Text> {
    m.deliverables
        .iter()
        .take(MOST)
        .map(|d| Text {
            spans: inline(d),
            sources: vec![m.provenance.clone()],
        })
        .collect()
}

fn phase_deliverables<'a>(_: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Milestone(m) = s else {
        return Answer::Gap("roadmap");
    };
    let all = deliverables(m);
    if all.is_empty() {
        Answer::Gap("roadmap")
    } else {
        Answer::blocks(vec![bullets(all)])
    }
}

fn phase_checklist<'a>(_: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Milestone(m) = s else {
        return Answer::Gap("roadmap");
    };
    let items: Vec<Item> = deliverables(m)
        .into_iter()
        .map(|text| Item {
            checked: Some(false),
            ..Item::of(text)
        })
        .collect();
    if items.is_empty() {
        return Answer::Gap("roadmap");
    }
    Answer::blocks(vec![Block::List {
        ordered: false,
        items,
    }])
}

fn phase_line(m: &Milestone) -> Text {
    let names: Vec<String> = m.deliverables.iter().take(4).cloned().collect();
    let mut text = Text::plain(&*m.name);
    if !names.is_empty() {
        text = text.then(": ").spans(inline(&words::list(&names, "and")));
    }
    text.from(&m.provenance)
}

fn phases<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if c.blueprint.roadmap.is_empty() {
        return Answer::Gap("roadmap");
    }
    Answer::blocks(vec![bullets(
        c.blueprint
            .roadmap
            .iter()
            .take(MOST)
            .map(phase_line)
            .collect(),
    )])
}

fn term(c: &Context, wanted: &str) -> Answer {
    let all: Vec<&Milestone> = c
        .blueprint
        .roadmap
        .iter()
        .filter(|m| m.term.as_deref() == Some(wanted))
        .collect();
    if all.is_empty() && c.blueprint.roadmap.is_empty() {
        return match wanted {
            "short" => no_phase(c),
            _ => without_phases(c).unwrap_or(Answer::Gap("roadmap")),
        };
    }
    if all.is_empty() {
        return Answer::Gap("roadmap");
    }
    let items = all.into_iter().flat_map(|m| {
        let texts = deliverables(m);
        if texts.is_empty() {
            vec![phase_line(m)]
        } else {
            texts
        }
    });
    Answer::blocks(vec![bullets(items.take(MOST).collect())])
}

fn future_phases<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let later = c
        .blueprint
        .roadmap
        .iter()
        .filter(|m| m.term.as_deref() != Some("short"));
    let later: Vec<Text> = later.skip(1).take(MOST).map(phase_line).collect();
    if later.is_empty()
        && c.blueprint.roadmap.is_empty()
        && let Some(answer) = without_phases(c)
    {
        return answer;
    }
    if later.is_empty() {
        Answer::Gap("roadmap")
    } else {
        Answer::blocks(vec![bullets(later)])
    }
}

/// That no phase is told apart, where documents say what is planned.
fn without_phases(c: &Context) -> Option<Answer> {
    c.stated_in_documents("roadmap")?;
    Some(Answer::Absent(Absence::because(Text::plain(
        "No later phase is told apart, because what is planned is written without phases, above.",
    ))))
}

/// What documents say of plans has no phases; in which order is asked.
fn no_phase(c: &Context) -> Answer {
    match c.stated_in_documents("roadmap") {
        Some(text) => Answer::text(
            text.then(" In which order and until when is asked in ")
                .and(c.ask("roadmap"))
                .then("."),
        ),
        None => Answer::Gap("roadmap"),
    }
}

fn limitations<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "limitations") {
        return Answer::text(text);
    }
    let seen = c.seen(Topic::Limitation).iter().take(MOST);
    let seen = seen.map(|o| Text {
        spans: inline(&words::sentence(&o.name)),
        sources: vec![o.provenance.clone()],
    });
    let mut all: Vec<Text> = c.status().into_iter().chain(seen).collect();
    if !c.designed() {
        // A file that was read item by item has said it.
        let items = c.seen(Topic::Limitation).iter();
        let read: Vec<&str> = items
            .flat_map(|o| o.provenance.first())
            .map(|p| p.path.as_str())
            .collect();
        let stated = c
            .all_stated("limitations", usize::MAX)
            .into_iter()
            .filter_map(|text| {
                let file = text.sources.first()?.first()?.path.clone();
                let new = !read.contains(&file.as_str());
                let lead = Text::plain("Stated in ").then_code(&*file).then(": ");
                new.then(|| super::seen::end(lead.append(text)))
            });
        all.extend(stated.take(3));
    }
    match all.len() {
        0 => topic(
            c,
            &[Topic::Limitation],
            "section on limitations",
            &["headings of READMEs and documents"],
            "limitations",
        ),
        1 => Answer::text(all.remove(0)),
        _ => Answer::blocks(vec![bullets(all)]),
    }
}

fn technical_debt<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all: Vec<&Observation> = c.blueprint.observations_of(Topic::Todo).collect();
    let columns = ["Item", "Impact", "Priority", "Effort"];
    let unknown = || Text::default().and(c.ask("technical-debt"));
    if all.is_empty() {
        return c.absent(
            "mark of open work (TODO, FIXME, HACK)",
            &["comments in code"],
            "technical-debt",
        );
    }
    if c.designed() {
        let rows = all.iter().map(|o| {
            let mut row = vec![Text::sourced(
                words::sentence(&o.name),
                o.provenance.clone(),
            )];
            let detail = o.detail.as_deref().unwrap_or_default();
            row.extend(detail.split(" | ").map(Text::plain));
            row.resize(columns.len(), Text::plain("–"));
            row
        });
        return Answer::blocks(vec![table(&columns, rows.collect())]);
    }
    let mut groups: BTreeMap<Option<&str>, Vec<&Observation>> = BTreeMap::new();
    for o in &all {
        let place = o.element.as_deref().map(|id| c.name_of(id));
        groups.entry(place).or_default().push(o);
    }
    let mut groups: Vec<(Option<&str>, Vec<&Observation>)> = groups.into_iter().collect();
    groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    let rows = groups.iter().take(MOST).map(|(place, marks)| {
        let first = marks.first().map_or("", |o| o.name.as_str());
        // Marks of tests and of texts without a lexer are not counted, and long lists are cut.
        let text = Text::plain(format!(
            "At least {} ",
            words::count(marks.len(), "mark of open work")
        ));
        let text = match place {
            Some(name) => text.then("in ").then_code(*name),
            None => text.then("outside of all deployable parts"),
        };
        let text = text
            .then(", for example “")
            .spans(inline(&words::short(first, 90)))
            .then("”");
        let source = first_places(marks.iter().map(|o| &o.provenance), 3);
        vec![text.from(&source), unknown(), unknown(), unknown()]
    });
    Answer::blocks(vec![table(&columns, rows.collect())])
}
