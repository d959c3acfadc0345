//! What files show of a quality of which nobody stated a target, and the size of what was read.

use super::operation_words::distinct_operations;
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::compose::run;
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::tree::{Block, Text};
use crate::words;

records! {
    "availability-held": |c, s| held(c, s, &AVAILABILITY), "Availability as measured, or what keeps it up.";
    "availability-required": |c, s| required(c, s, &AVAILABILITY), "The target of availability, or what keeps it up.";
    "cost-held": |c, s| held(c, s, &COST), "What it may cost, or what bounds it.";
    "performance-held": |c, s| held(c, s, &PERFORMANCE), "Speed as measured, or what was done for it.";
    "performance-required": |c, s| required(c, s, &PERFORMANCE), "The target of speed, or what was done for it.";
    "scalability-held": |c, s| held(c, s, &SCALABILITY), "What it bears, or what adds replicas.";
    "scalability-required": |c, s| required(c, s, &SCALABILITY), "The load to bear, or what adds replicas.";
    "security-held": |c, s| held(c, s, &SECURITY), "What searches for weaknesses and who is let in.";
    "security-required": |c, s| required(c, s, &SECURITY), "Requirements of security, or who is let in.";
}

/// A quality: records whose answers say what it must reach, how far it gets, and what was done for it.
struct Quality {
    target: &'static str,
    measured: &'static str,
    done: &'static [&'static str],
    /// What stands before what was done where nothing was measured.
    lead: &'static str,
}

const AVAILABILITY: Quality = Quality {
    target: "availability-target",
    measured: "availability-measured",
    done: &["availability-measures"],
    lead: "Not measured. ",
};
const COST: Quality = Quality {
    target: "budget",
    measured: "budget",
    done: &["resource-limits"],
    lead: "",
};
const PERFORMANCE: Quality = Quality {
    target: "performance-target",
    measured: "performance-measured",
    done: &["optimizations"],
    lead: "Not measured. ",
};
const SCALABILITY: Quality = Quality {
    target: "scalability-target",
    measured: "capacity",
    done: &["scaling", "state"],
    lead: "Not measured. ",
};
const SECURITY: Quality = Quality {
    target: "security-requirements",
    measured: "security-scans",
    done: &["authentication"],
    lead: "",
};

/// More findings than this beside a target are read in the section about them.
const SHOWN: usize = 2;

/// The first findings of an answer that have a source, each a sentence.
fn findings(answer: Answer) -> Vec<Text> {
    let Answer::Said { text, blocks } = answer else {
        return Vec::new();
    };
    let listed = blocks.into_iter().flat_map(|block| match block {
        Block::List { items, .. } => items,
        _ => Vec::new(),
    });
    // What an item introduces by a label or lists below itself is no sentence.
    let listed = listed.filter(|i| i.label.is_none() && i.items.is_empty());
    let all = std::iter::once(text).chain(listed.map(|i| i.text));
    all.filter(|t| !t.spans.is_empty() && !t.sources.is_empty())
        .take(SHOWN)
        .collect()
}

fn done<'a>(c: &Context<'a>, s: Subject<'a>, quality: &Quality) -> Vec<Text> {
    if c.designed() {
        return Vec::new();
    }
    let all = quality.done.iter().filter_map(|key| run(c, key, s));
    all.flat_map(findings).take(SHOWN).collect()
}

/// How far it gets, or what was done for it.
fn held<'a>(c: &Context<'a>, s: Subject<'a>, quality: &Quality) -> Answer {
    let measured = run(c, quality.measured, s).unwrap_or(Answer::Gap("purpose"));
    if measured.is_said() {
        return measured;
    }
    let found = done(c, s, quality);
    match found.is_empty() {
        true => measured,
        false => Answer::text(joined(found, quality.lead)),
    }
}

/// Findings one after the other, behind a lead.
fn joined(found: Vec<Text>, lead: &str) -> Text {
    (found.into_iter().map(end)).fold(Text::plain(lead), |all, text| {
        let gap = if all.sources.is_empty() { "" } else { " " };
        all.then(gap).append(text)
    })
}

/// What it must reach; where nobody said so, what was done for it and the question.
fn required<'a>(c: &Context<'a>, s: Subject<'a>, quality: &Quality) -> Answer {
    let target = run(c, quality.target, s).unwrap_or(Answer::Gap("purpose"));
    let Answer::Gap(question) = target else {
        return target;
    };
    let found = done(c, s, quality);
    if found.is_empty() {
        return target;
    }
    Answer::text(
        joined(found, "")
            .then(" What must be reached is asked in ")
            .and(c.ask(question))
            .then("."),
    )
}

/// `13 containers, 312 operations and 84 entities`: how large what was read is.
pub(super) fn size(c: &Context) -> Option<Text> {
    let offered = c.primary.iter().chain(&c.internal);
    let operations = distinct_operations(offered.copied());
    let operated = super::identity::told(c).into_iter();
    let operated = operated.filter(|e| !super::deployment::is_of_development(e));
    let counts = [
        (operated.count(), "container"),
        (operations, "operation"),
        (c.entities.len(), "entity"),
    ];
    let parts: Vec<String> = (counts.iter())
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| words::count(*n, word))
        .collect();
    // One container says nothing of a size.
    if parts.len() < 2 {
        return None;
    }
    let text = Text::plain(format!("The files hold {}", words::list(&parts, "and")));
    Some(counted(
        text,
        "containers, operations and entities of the blueprint",
        [c.blueprint.system.id.clone()],
    ))
}
