//! Decisions, trade-offs, open questions.

use super::records;
use super::seen::MOST;
use crate::answer::Answer;
use crate::context::Context;
use crate::questions::template;
use crate::subject::Subject;
use crate::text::{bullets, inline, paragraphs};
use crate::tree::{Block, Item, Span, Text};
use crate::words;
use groundplan_model::{
    Decision, DecisionStatus, Observation, ProvenanceKind, Question, REASON, Topic,
};

records! {
    "decision-consequences": decision_consequences, "What follows from a decision.";
    "decision-context": |c, s| part(c, s, ("context", "a context or a problem"), |d| &d.context), "Why a decision was needed.";
    "decision-date": decision_date, "When it was decided.";
    "decision-options": decision_options, "What was considered.";
    "decision-outcome": |c, s| part(c, s, ("decision", "a decision or an outcome"), |d| &d.decision), "What was decided.";
    "decision-rationale": |c, s| part(c, s, ("rationale", "a rationale or reasons"), |d| &d.rationale), "Why this option.";
    "decision-status": decision_status, "Whether it stands.";
    "decisions-missing": decisions_missing, "That no decision is recorded.";
    "limitation-plan": |c, _| crate::context::declared_or(c, "limitations", "limitations"), "What is planned against limitations.";
    "open-questions": open_questions, "All open questions with owner, reason and where to answer.";
    "questions-to-decide": |c, _| questions(c, false), "Questions that need a decision.";
    "questions-to-research": |c, _| questions(c, true), "Questions that need research.";
    "trade-off-choice": trade_off_choice, "What was preferred to what.";
    "trade-off-rationale": trade_off_rationale, "Why it was preferred.";
    "trade-offs": trade_offs, "What decisions gave up.";
}

/// What stands in place of a part that a record does not have: of a file that no heading names it, since
/// records have parts of many names, and a question where somebody is to fill it in. `named` are the words of such
/// a heading.
fn lacking(c: &Context, d: &Decision, named: &str) -> Answer {
    let declared = d.provenance.kind == ProvenanceKind::Declared;
    if !c.surveyed() || c.designed() || declared {
        return Answer::Gap("decision-details");
    }
    let text = format!("Not apart: no heading or label of the record names {named}.");
    Answer::text(Text::plain(text).from(&d.provenance))
}

/// How words of a record begin: as those of their day, and of a record that holds or does not.
fn frame(c: &Context, d: &Decision) -> Option<Text> {
    if !c.surveyed() || c.designed() {
        return None;
    }
    let of = match &d.date {
        Some(date) => format!(" of {date}"),
        None => String::new(),
    };
    let text = match d.status {
        _ if d.holds() => format!("In the words of the record{of}:"),
        DecisionStatus::Superseded => {
            let by = match &d.superseded_by {
                Some(other) => Text::plain("Superseded by ").and(Span::Decision(other.clone())),
                None => Text::plain("Superseded"),
            };
            return Some(by.then(format!("; the record{of} said:")));
        }
        DecisionStatus::Unknown => {
            let note = d.status_note.as_deref().unwrap_or_default();
            format!("The record{of}, whose status is “{note}”, says:")
        }
        status => format!("{}; the record{of} says:", status.word()),
    };
    Some(Text::plain(text))
}

/// A text of the record, with how it is to be taken; `name` is that of its field, `named` are the words by which
/// records call it.
fn part(
    c: &Context,
    s: Subject,
    (name, named): (&str, &str),
    of: impl Fn(&Decision) -> &String,
) -> Answer {
    let Subject::Decision(decision) = s else {
        return Answer::Gap("decision-details");
    };
    let text = of(decision);
    if text.trim().is_empty() {
        return lacking(c, decision, named);
    }
    let mut blocks = paragraphs(text, decision.place(name), MOST + 1);
    if blocks.len() > MOST {
        blocks.truncate(MOST);
        let more = Text::plain("The record goes on.").from(decision.place(name));
        blocks.push(Block::Paragraph(more));
    }
    let first = match blocks.first_mut() {
        Some(Block::Paragraph(first)) => {
            let first = std::mem::take(first);
            blocks.remove(0);
            first
        }
        _ => Text::default(),
    };
    let text = match frame(c, decision) {
        Some(lead) if first.is_empty() => lead,
        Some(lead) => lead.then(" ").append(first),
        None => first,
    };
    Answer::Said { text, blocks }
}

fn decision_status<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Decision(decision) = s else {
        return Answer::Gap("decision-details");
    };
    let place = decision.place("status");
    let mut text = match (decision.status, &decision.status_note) {
        (DecisionStatus::Unknown, None) => return lacking(c, decision, "a status"),
        (DecisionStatus::Unknown, Some(note)) => {
            return Answer::text(Text::plain(format!("“{note}”.")).from(place));
        }
        (status, _) => Text::plain(status.word()),
    };
    if let Some(other) = &decision.superseded_by {
        text = text.then(" by ").and(Span::Decision(other.clone()));
    }
    if let Some(note) = &decision.status_note {
        text = text.then(format!(". The record says: “{note}”"));
    }
    Answer::text(text.then(".").from(place))
}

fn decision_date<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Decision(decision) = s else {
        return Answer::Gap("decision-details");
    };
    match &decision.date {
        Some(date) => {
            let mut text = Text::plain(&**date);
            if !decision.deciders.is_empty() {
                text = text.then(format!(
                    ", decided by {}",
                    words::list(&decision.deciders, "and")
                ));
            }
            Answer::text(text.from(decision.place("date")))
        }
        None if decision.status == DecisionStatus::Proposed && !decision.deciders.is_empty() => {
            let who = words::list(&decision.deciders, "and");
            let verb = words::verb_for(decision.deciders.len(), "decides", "decide");
            // A design names roles, a record names people.
            let the = if c.designed() { "the " } else { "" };
            let text = format!("undated; {the}{who} {verb}");
            Answer::text(Text::plain(text).from(&decision.provenance))
        }
        None => lacking(c, decision, "a date"),
    }
}

fn decision_options<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Decision(decision) = s else {
        return Answer::Gap("decision-details");
    };
    if decision.options.is_empty() {
        return lacking(c, decision, "options or alternatives");
    }
    let items = decision.options.iter().map(|option| {
        let mut text = Text {
            spans: inline(&option.name),
            sources: vec![decision.place("options").clone()],
        };
        match (&option.score, option.chosen) {
            (Some(score), true) => text = text.then(format!(" (chosen, score {score})")),
            (Some(score), false) => text = text.then(format!(" (score {score})")),
            (None, true) => text = text.then(" (chosen)"),
            (None, false) => {}
        }
        if let Some(why) = &option.excluded {
            text = text.then(" (excluded: ").spans(inline(why)).then(")");
        }
        let side = |label: &str, all: &[String]| {
            let label = match all.len() > 4 {
                true => format!("{label}, among others"),
                false => label.to_owned(),
            };
            let label = label.as_str();
            all.iter()
                .take(4)
                .map(|a| {
                    Item::labelled(
                        label,
                        Text {
                            spans: inline(a),
                            sources: Vec::new(),
                        },
                    )
                })
                .collect::<Vec<_>>()
        };
        let mut item = Item::of(text);
        item.items = side("For", &option.pros);
        item.items.extend(side("Against", &option.cons));
        item
    });
    Answer::blocks(vec![Block::List {
        ordered: false,
        items: items.collect(),
    }])
}

fn decision_consequences<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let Subject::Decision(d) = s else {
        return Answer::Gap("decision-details");
    };
    let group = |label: &str, part: &str, all: &[String]| -> Vec<Item> {
        let texts = all.iter().enumerate().take(MOST).map(|(at, a)| Text {
            spans: inline(&words::sentence(a)),
            sources: vec![d.place(&format!("{part}.{at}")).clone()],
        });
        texts
            .map(|t| {
                if label.is_empty() {
                    Item::of(t)
                } else {
                    Item::labelled(label, t)
                }
            })
            .collect()
    };
    let mut items = group("Positive", "positive", &d.positive);
    items.extend(group("Negative", "negative", &d.negative));
    items.extend(group("", "consequences", &d.consequences));
    items.extend(group("Would change", "would_change", &d.would_change));
    if items.is_empty() {
        return lacking(c, d, "consequences");
    }
    let list = Block::List {
        ordered: false,
        items,
    };
    Answer::both(frame(c, d).unwrap_or_default(), vec![list])
}

/// Words of reasons, with their places, that stand in place of records: as many as two short sentences have. More
/// belongs into records.
const ROOM: usize = 46;

/// Words that a place in a file takes.
const PLACE: usize = 10;

/// Documents may give reasons and tell decisions where no record does.
fn decisions_missing<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let told = c.seen(Topic::Stated).iter().filter(|o| o.name == REASON);
    let told: Vec<(String, &Observation)> = told
        .filter_map(|o| {
            let detail = o.detail.as_deref()?;
            let (asked, said) = detail.split_once('\n').unwrap_or(("", detail));
            let lead = match asked.is_empty() {
                true => String::new(),
                false => format!("{asked} "),
            };
            Some((format!("{lead}“{said}”"), *o))
        })
        .collect();
    let mut room = ROOM;
    let short: Vec<Text> = (told.iter())
        .filter_map(|(text, o)| {
            room = room.checked_sub(text.split_whitespace().count() + PLACE)?;
            Some(Text::plain(text.as_str()).from(&o.provenance))
        })
        .collect();
    let told = match (short.is_empty(), told.first()) {
        (false, _) => short,
        // A long reason is told by how it begins.
        (true, Some((text, o))) => {
            let begin: Vec<&str> = text.split_whitespace().take(ROOM - PLACE).collect();
            let begin = begin.join(" ");
            let closed = match begin.contains('“') {
                true => format!("{}…”", begin.trim_end_matches([',', ';', ':', '”'])),
                false => begin,
            };
            vec![Text::plain(closed).from(&o.provenance)]
        }
        (true, None) => return Answer::Gap("decisions"),
    };
    let text = Text::plain(
        "No record of a decision was found; documents tell this, and the rest is asked in ",
    );
    Answer::both(text.and(c.ask("decisions")).then("."), vec![bullets(told)])
}

/// What decisions that hold gave up: the bad consequences that their records admit.
fn given_up<'a>(c: &Context<'a>) -> Vec<(&'a Decision, &'a str)> {
    c.blueprint
        .decisions
        .iter()
        .filter(|d| d.holds() || c.designed() && d.status == DecisionStatus::Proposed)
        .filter_map(|d| Some((d, d.negative.first()?.as_str())))
        .collect()
}

fn trade_offs<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = given_up(c);
    if all.is_empty() {
        return declared_trade_off(c);
    }
    let items = all.iter().take(MOST).map(|(d, cost)| {
        let text = Text::default()
            .and(Span::Decision(d.id.clone()))
            .then(format!(" {}: ", d.title));
        text.spans(inline(&words::sentence(cost)))
            .from(d.place("negative.0"))
    });
    Answer::blocks(vec![bullets(items.collect())])
}

fn declared_trade_off(c: &Context) -> Answer {
    crate::context::declared_or(c, "decisions", "trade-offs")
}

fn trade_off_choice<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = given_up(c);
    let Some((d, _)) = all.first() else {
        return declared_trade_off(c);
    };
    let text = Text::default()
        .and(Span::Decision(d.id.clone()))
        .then(format!(" {}.", d.title.trim_end_matches('.')));
    Answer::text(text.from(&d.provenance))
}

fn trade_off_rationale<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = given_up(c);
    let Some((d, cost)) = all.first() else {
        return declared_trade_off(c);
    };
    let why = if d.rationale.is_empty() {
        &d.decision
    } else {
        &d.rationale
    };
    let text = Text {
        spans: inline(&words::sentence(words::first_sentence(why))),
        sources: vec![d.provenance.clone()],
    };
    Answer::text(
        text.then(" The price: ")
            .spans(inline(&words::sentence(cost))),
    )
}

/// The open questions of the blueprint or, while they are collected, none.
fn known<'a>(c: &Context<'a>) -> &'a [Question] {
    &c.blueprint.questions
}

fn open_questions<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = known(c);
    let proposed = c
        .blueprint
        .decisions
        .iter()
        .filter(|d| d.status == DecisionStatus::Proposed);
    let proposed: Vec<Text> = proposed
        .map(|d| {
            Text::default()
                .and(Span::Decision(d.id.clone()))
                .then(format!(" stands in its record as proposed: {}.", d.title))
                .from(&d.provenance)
        })
        .collect();
    let mut after = Vec::new();
    if !proposed.is_empty() {
        after.push(bullets(proposed));
    }
    if all.is_empty() {
        let words = "None is open, since every label is answered from files or declared.";
        return Answer::both(Text::plain(words), after);
    }
    let rows = all.iter().map(|q| {
        vec![
            Text::plain(&*q.id),
            Text::plain(&*q.text),
            Text::plain(&*q.owner),
            Text::plain(&*q.why),
            Text::code(&*q.answer),
        ]
    });
    let columns = [
        "Question",
        "What is asked",
        "Who decides",
        "Why it matters",
        "Answer in groundplan.yaml",
    ];
    let mut blocks = vec![crate::text::table(&columns, rows.collect())];
    blocks.extend(after);
    Answer::blocks(blocks)
}

fn questions(c: &Context, research: bool) -> Answer {
    let wanted = |q: &&Question| match template(&q.key) {
        Some(t) => t.research == research,
        None => q.key.starts_with("assumption-") == research,
    };
    let all: Vec<&Question> = known(c).iter().filter(wanted).collect();
    if all.is_empty() {
        let words =
            "None is open, since every label of this kind is answered from files or declared.";
        return Answer::text(Text::plain(words));
    }
    let items = all.iter().map(|q| {
        Text::default()
            .and(Span::Question(q.id.clone()))
            .then(format!(" {} ({})", q.text, q.owner))
            .then(match q.options.as_slice() {
                [] => String::new(),
                options if template(&q.key).is_none() => {
                    let system = &c.blueprint.system.name;
                    format!(" Options for {system}: {}.", options.join("; or "))
                }
                _ => String::new(),
            })
    });
    Answer::blocks(vec![bullets(items.collect())])
}
