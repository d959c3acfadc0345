//! What the parts call, without an order: a connection says that one part needs another, not which
//! request does so nor when.

use super::components::is_broker;
use super::goals::distinct;
use super::seen::end;
use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{Element, ElementKind, Relationship, RelationshipKind, Role};

/// What is said of a connection of each kind, in the order in which readers ask.
const VERBS: [(RelationshipKind, &str); 6] = [
    (RelationshipKind::Subscribes, "receives messages from"),
    // A gateway may answer a part of what comes by itself.
    (RelationshipKind::Routes, "routes requests to"),
    (RelationshipKind::Calls, "calls"),
    (RelationshipKind::Reads, "reads from"),
    (RelationshipKind::Writes, "uses"),
    (RelationshipKind::Publishes, "publishes to"),
];

/// Whether code or configuration reaches over to another program: imports between the folders of
/// one program are no connection on which anybody waits.
pub(super) fn is_connection(c: &Context, r: &Relationship) -> bool {
    let inner = |id: &str| {
        c.element(id)
            .is_some_and(|e| e.kind == ElementKind::Component)
    };
    let imported = inner(&r.from) && inner(&r.to);
    !(imported || is_link(r) || is_library(c, &r.to) || is_library(c, &r.from))
}

/// That some calls were not followed, with places where they stand.
pub(super) fn open_text(c: &Context) -> Option<Text> {
    let all: Vec<_> = c
        .containers
        .iter()
        .filter_map(|e| Some((e, e.attribute("unresolved-calls")?)))
        .collect();
    if all.is_empty() {
        return None;
    }
    let text = Text::plain("Where calls over HTTP in the code of ")
        .spans(names(all.iter().map(|(e, _)| e.name.as_str()), 4))
        .then(" lead was not followed");
    let places = all.iter().map(|(_, a)| &a.provenance);
    Some(end(text.from(&first_places(places, 3))))
}

/// Whether a part only helps to build, try or measure the others.
pub(super) fn is_workbench(e: &Element) -> bool {
    let folder = e.source.as_deref().and_then(|s| s.rsplit('/').next());
    folder.is_some_and(|f| matches!(f, "xtask" | "fuzz" | "bench" | "benches" | "benchmarks"))
}

/// Whether one part is built with the other, which is no call: nothing leaves the program.
pub(super) fn is_link(r: &Relationship) -> bool {
    r.description == "depends on"
}

pub(super) fn is_library(c: &Context, id: &str) -> bool {
    c.element(id).is_some_and(|e| e.role == Some(Role::Library))
}

/// The connections of an element that carry its work: settings, measurements and imports are none.
fn work<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a Relationship> {
    let tool = |id: &str| {
        matches!(
            c.element(id).and_then(|e| e.role),
            Some(
                Role::Monitoring
                    | Role::Registry
                    | Role::Coordinator
                    | Role::ConfigServer
                    | Role::LoadGenerator
            )
        )
    };
    if is_workbench(e) {
        return Vec::new();
    }
    let all = c.outgoing(&e.id).iter();
    all.filter(|r| VERBS.iter().any(|(kind, _)| *kind == r.kind))
        .filter(|r| is_connection(c, r) && !tool(&r.to))
        .copied()
        .collect()
}

/// `` `frontend` calls `cart` and `ads` and reads from `db`. ``
pub(super) fn sentence(c: &Context, e: &Element) -> Option<Text> {
    let all = work(c, e);
    let mut parts: Vec<(&str, Vec<&str>)> = Vec::new();
    for (kind, verb) in VERBS {
        let of = all.iter().copied().filter(|r| r.kind == kind);
        // Who of the two sends is not known where only an address was seen.
        let (messages, calls): (Vec<&Relationship>, Vec<&Relationship>) =
            of.partition(|r| r.kind == RelationshipKind::Calls && is_broker(c, &r.to));
        let (told, calls): (Vec<&Relationship>, Vec<&Relationship>) =
            calls.into_iter().partition(|r| r.only_addressed());
        let (reports, calls): (Vec<&Relationship>, Vec<&Relationship>) =
            calls.into_iter().partition(|r| r.only_reports());
        let reports = distinct(reports.iter().map(|r| c.name_of(&r.to)));
        let calls = distinct(calls.iter().map(|r| c.name_of(&r.to)));
        let told = distinct(told.iter().map(|r| c.name_of(&r.to)));
        let messages = distinct(messages.iter().map(|r| c.name_of(&r.to)));
        for (verb, to) in [
            (verb, calls),
            (Relationship::REPORTS, reports),
            (Relationship::ADDRESS, told),
            ("is connected to", messages),
        ] {
            if !to.is_empty() {
                parts.push((verb, to));
            }
        }
    }
    if parts.is_empty() {
        return None;
    }
    let mut text = Text::code(&e.name);
    for (i, (verb, to)) in parts.into_iter().enumerate() {
        let joint = if i == 0 { " " } else { "; it " };
        text = text.then(format!("{joint}{verb} ")).spans(names(to, 6));
    }
    let routes = all.iter().any(|r| r.kind == RelationshipKind::Routes);
    let own: usize = match routes {
        true => c
            .interfaces_of(&e.id)
            .iter()
            .map(|i| i.operations.len())
            .sum(),
        false => 0,
    };
    if own > 0 {
        text = text.then(format!(
            "; it answers {} itself",
            words::count(own, "operation")
        ));
    }
    Some(end(
        text.from(&first_places(all.iter().map(|r| &r.provenance), 3))
    ))
}

/// The parts that need others: first those at which work begins, since nobody inside calls them or
/// they take what comes from outside, the one with most connections first.
pub(super) fn entries<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let called = |e: &Element| {
        c.incoming(&e.id).iter().any(|r| {
            is_connection(c, r)
                && r.kind != RelationshipKind::Observes
                && c.element(&r.from).is_some_and(|f| {
                    f.kind == ElementKind::Container
                        && !matches!(f.role, Some(Role::Monitoring | Role::LoadGenerator))
                })
        })
    };
    let mut all: Vec<(&Element, bool, usize)> = c
        .containers
        .iter()
        .filter(|e| {
            !e.is_store()
                && !matches!(
                    e.role,
                    Some(
                        Role::Broker
                            | Role::Monitoring
                            | Role::LoadGenerator
                            | Role::Registry
                            | Role::Coordinator
                            | Role::ConfigServer
                            | Role::Library
                    )
                )
        })
        .map(|e| {
            let first = !called(e) || e.attribute("exposed").is_some();
            (*e, !first, work(c, e).len())
        })
        .filter(|(_, _, n)| *n > 0)
        .collect();
    all.sort_by_key(|(e, later, n)| (*later, std::cmp::Reverse(*n), e.id.clone()));
    all.into_iter().map(|(e, ..)| e).collect()
}

/// One sentence for each of the parts that need others, at most `most`.
pub(super) fn entry_sentences(c: &Context, most: usize) -> Vec<Text> {
    let all = entries(c);
    let more = all.len().saturating_sub(most);
    let rest: Vec<&str> = all.iter().skip(most).map(|e| e.name.as_str()).collect();
    let mut items: Vec<Text> = all
        .into_iter()
        .filter_map(|e| sentence(c, e))
        .take(most)
        .collect();
    if more > 0 && !items.is_empty() {
        items.push(
            Text::plain(format!(
                "{} {} others: ",
                words::count(more, "more part"),
                words::verb_for(more, "needs", "need")
            ))
            .spans(names(rest, 8))
            .then("."),
        );
    }
    items
}

/// That no order is known, with the question that asks for it.
pub(super) fn no_order(c: &Context) -> Text {
    Text::plain("When each of them is needed, and in what order, is not known: ")
        .and(c.ask("flows"))
        .then(".")
}
