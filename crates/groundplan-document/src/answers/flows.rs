//! Flows: what happens from an entry point to the stores.

use super::calls::is_library;
use super::framework_choices::Kept;
use super::goals::distinct;
use super::operation_guards::{default_or_own, optional_ones};
use super::operation_words::distinct_operations;
use super::protection::{DYNAMIC, in_contract};
use super::records;
use super::seen::{depend, end, groups, if_depends};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{bullets, first_places, names, stated, steps};
use crate::tree::{Block, DiagramForm, Item, Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    Element, ElementKind, Flow, Interface, Observation, Operation, ProvenanceKind, Relationship,
    RelationshipKind, Role, Step, StepKind, Topic,
};
use std::collections::BTreeMap;

records! {
    "authentication-flow": authentication_flow, "How a caller is let in, step by step.";
    "business-logic": business_logic, "Which parts do the work between entry and store.";
    "data-access": data_access, "Which parts read and write which stores.";
    "entry-points": entry_points, "Where requests enter.";
    "events": events, "Events and messages, with producer and consumer.";
    "first-flow": first_flow, "The heaviest flow as steps.";
    "flow-steps": flow_steps, "One flow: drawing, steps and what happens on errors.";
    "flows-missing": |c, _| no_flow(c), "Why there is no flow.";
    "main-flows": main_flows, "The heaviest flows, one line each.";
    "read-path": |c, _| path(c, StepKind::Read), "How data is read.";
    "responses": responses, "What callers get back.";
    "routing": routing, "Who decides which part answers.";
    "write-path": |c, _| path(c, StepKind::Write), "How data is written.";
}

/// Without a flow: what the parts at which work begins call, or that there is nothing to follow.
fn no_flow(c: &Context) -> Answer {
    let items = super::calls::entry_sentences(c, 6);
    if !items.is_empty() {
        return Answer::blocks(vec![
            bullets(items),
            Block::Paragraph(super::calls::no_order(c)),
        ]);
    }
    // What was seen and not followed to its end is no absence.
    let mut texts = super::storage::opened_texts(c);
    texts.extend(super::calls::open_text(c));
    if let Some(Answer::Said { text, .. }) = super::goals::one_line(texts) {
        let lead = "No flow was found that could be followed from an entry point to its end (searched: clients in code and addresses in configuration). ";
        return Answer::Absent(Absence::because(Text::plain(lead).append(text)));
    }
    // Clients in forms that no reader knows are no reason to deny a flow.
    Answer::Gap("flows")
}

/// What one part calls, as a list without an order.
fn part_calls(c: &Context, e: &Element) -> Answer {
    let Some(text) = super::calls::sentence(c, e) else {
        return Answer::Gap("flows");
    };
    let order = super::calls::no_order(c);
    Answer::both(text, vec![Block::Paragraph(order)])
}

/// The steps of a flow as a list; numbered only where each follows from the one before.
fn step_list(c: &Context, steps_of: &[Step], most: usize) -> Block {
    let texts = steps_of
        .iter()
        .take(most)
        .map(|s| step_text(c, s))
        .collect();
    let published = steps_of
        .iter()
        .filter(|s| s.kind == StepKind::Publish)
        .count();
    let consumed = steps_of
        .iter()
        .filter(|s| s.kind == StepKind::Consume)
        .count();
    // Several producers are alternatives, and several consumers have no order.
    let fans = published + consumed == steps_of.len() && (published > 1 || consumed > 1);
    if fans { bullets(texts) } else { steps(texts) }
}

/// The parts that a flow passes, in its order. Messages go from those who publish over the broker to
/// those who take them, who hand nothing on to each other.
pub(super) fn way(c: &Context, steps: &[Step], most: usize) -> Text {
    let of = |kind: StepKind| -> Vec<&Step> { steps.iter().filter(|s| s.kind == kind).collect() };
    let (published, consumed) = (of(StepKind::Publish), of(StepKind::Consume));
    let fans = published.len() + consumed.len() == steps.len();
    if let (true, Some(first)) = (fans && !consumed.is_empty(), published.first()) {
        let of = |all: &[&Step]| {
            let all = distinct(all.iter().map(|s| c.name_of(&s.from)));
            names(all, most)
        };
        return Text::default()
            .spans(of(&published))
            .then(" → ")
            .then_code(c.name_of(&first.to))
            .then(" → ")
            .spans(of(&consumed));
    }
    // Each with whether the one before it leads there: what has come back asks the next itself.
    let mut ids: Vec<(&str, bool)> = Vec::new();
    let mut before: Option<(&str, &str)> = None;
    for step in steps {
        // Who takes a message is asked by nobody before.
        let (from, to) = match step.kind {
            StepKind::Consume => (step.to.as_str(), step.from.as_str()),
            _ => (step.from.as_str(), step.to.as_str()),
        };
        // The same way once more says nothing new.
        if before == Some((from, to)) {
            continue;
        }
        before = Some((from, to));
        if ids.last().is_none_or(|(last, _)| *last != from) {
            ids.push((from, false));
        }
        if from != to {
            ids.push((to, true));
        }
    }
    let mut text = Text::default();
    for (i, (id, led)) in ids.iter().take(most).enumerate() {
        let joint = match (i, led) {
            (0, _) => "",
            (_, true) => " → ",
            (_, false) => "; ",
        };
        text = text.then(joint).then_code(c.name_of(id));
    }
    let text = match ids.len() > most {
        true => text.then(format!("; and {} more", ids.len() - most)),
        false => text,
    };
    // The short form leaves out on what the steps depend.
    match steps.iter().filter(|s| s.is_conditional()).count() {
        0 => text,
        1 => text.then(", one step only under a condition"),
        n => text.then(format!(
            ", {} steps only under conditions",
            words::spelled(n)
        )),
    }
}

fn step_text(c: &Context, step: &Step) -> Text {
    let mut text = Text::code(c.name_of(&step.from));
    let action = step.action.trim().trim_end_matches('.');
    if step.from == step.to {
        text = text.then(" ").spans(crate::text::inline(action));
    } else {
        let to = c.name_of(&step.to);
        text = text.then(" → ").then_code(to);
        if !action.is_empty() {
            text = text.then(": ").spans(crate::text::inline(action));
        }
    }
    end(text.from(&step.provenance))
}

fn flow_steps<'a>(c: &Context<'a>, s: Subject<'a>) -> Answer {
    let flow = match s {
        Subject::Flow(flow) => flow,
        Subject::Element(e) => return part_calls(c, e),
        _ => return Answer::Gap("flows"),
    };
    let mut blocks = Vec::new();
    if let Some(actor) = &flow.actor {
        let order = match flow.provenance.kind == ProvenanceKind::Observed {
            true => "; the steps that were read follow, each once, in the order of its code",
            false => "",
        };
        let text = Text::plain(format!("{} starts it{order}.", words::capital(actor)));
        blocks.push(Block::Paragraph(text.from(&flow.provenance)));
    }
    let view = format!("flow-{}", flow.id);
    for id in [view, flow.id.clone()] {
        if c.has_view(&id) {
            let form = DiagramForm::Drawing;
            blocks.push(Block::Diagram {
                view: id,
                form,
                caption: Text::default(),
            });
            break;
        }
    }
    blocks.push(step_list(c, &flow.steps, 20));
    if flow.steps.len() > 20 {
        blocks.push(Block::Paragraph(Text::plain(format!(
            "{} more follow.",
            words::count(flow.steps.len() - 20, "step")
        ))));
    }
    blocks.extend(error_blocks(c, flow));
    Answer::blocks(blocks)
}

/// What happens when a step fails: as code shows it, and which remote steps have no answer to it.
fn error_blocks(c: &Context, flow: &Flow) -> Vec<Block> {
    let mut told = Vec::new();
    if !flow.errors.is_empty() {
        told.push(Block::Paragraph(Text::plain("When it fails:")));
        told.push(bullets(flow.errors.iter().map(stated).collect()));
    }
    told.extend(unguarded(c, flow));
    told
}

/// Which remote steps have no retry, timeout or circuit breaker.
fn unguarded(c: &Context, flow: &Flow) -> Option<Block> {
    // Inside of one part nothing is between caller and called that could fail by itself.
    let part = |id: &'_ str| match c.element(id) {
        Some(e) if e.kind == ElementKind::Component => {
            e.parent.clone().unwrap_or_else(|| id.to_owned())
        }
        _ => id.to_owned(),
    };
    let remote: Vec<&Step> = flow
        .steps
        .iter()
        .filter(|s| part(&s.from) != part(&s.to))
        // A library runs inside of whoever imports it.
        .filter(|s| !is_library(c, &s.from) && !is_library(c, &s.to))
        // Nobody waits for who takes a message.
        .filter(|s| !matches!(s.kind, StepKind::Respond | StepKind::Consume))
        .collect();
    let guarded = |id: &str| {
        [Topic::Retry, Topic::Timeout, Topic::CircuitBreaker]
            .iter()
            .any(|t| !c.seen_at(*t, &part(id)).is_empty() || !c.seen_at(*t, id).is_empty())
    };
    let open: Vec<&Step> = remote.into_iter().filter(|s| !guarded(&s.from)).collect();
    if open.is_empty() || !c.surveyed() {
        return None;
    }
    let mut pairs: Vec<Span> = Vec::new();
    for s in &open {
        let pair = Span::Code(format!("{} → {}", c.name_of(&s.from), c.name_of(&s.to)));
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    let text = Text::plain("No retry, timeout or circuit breaker was found at ")
        .spans(words::list_spans(pairs, 4, "and"))
        .then(" (searched: clients in code and resilience libraries).");
    let text = text.from(&first_places(open.iter().map(|s| &s.provenance), 2));
    Some(Block::Paragraph(text))
}

fn first_flow<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    match c.blueprint.flows.first() {
        Some(flow) => Answer::both(
            Text::plain(words::sentence(&flow.title)).from(&flow.provenance),
            vec![step_list(c, &flow.steps, 15)],
        ),
        None => no_flow(c),
    }
}

fn main_flows<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let items: Vec<Item> = c
        .blueprint
        .flows
        .iter()
        .take(6)
        .map(|flow| {
            let text = way(c, &flow.steps, 9);
            let sources = flow.steps.iter().map(|s| &s.provenance);
            Item::labelled(&flow.title, text.from(&first_places(sources, 3)))
        })
        .collect();
    match items.is_empty() {
        true => no_flow(c),
        false => Answer::blocks(vec![Block::List {
            ordered: false,
            items,
        }]),
    }
}

fn path(c: &Context, kind: StepKind) -> Answer {
    // A request that changes data is no example of how data is read.
    let writes = |f: &Flow| {
        let changes = ["POST ", "PUT ", "PATCH ", "DELETE "];
        let asked = changes.iter().any(|method| f.title.starts_with(method));
        asked || f.steps.iter().any(|s| s.kind == StepKind::Write)
    };
    let flow = (c.blueprint.flows.iter())
        .filter(|f| c.designed() || kind == StepKind::Write || !writes(f))
        .find(|f| f.steps.iter().any(|s| s.kind == kind));
    if let Some(flow) = flow {
        let upto = flow.steps.iter().rposition(|s| s.kind == kind).unwrap_or(0);
        let list = step_list(c, flow.steps.get(..=upto).unwrap_or(&[]), 15);
        let text = Text::plain(format!("As in “{}”:", flow.title)).from(&flow.provenance);
        return Answer::both(text, vec![list]);
    }
    let wanted = match kind {
        StepKind::Write => &[RelationshipKind::Writes][..],
        _ => &[RelationshipKind::Reads, RelationshipKind::Writes][..],
    };
    let edges: Vec<_> = c
        .relationships()
        .filter(|r| wanted.contains(&r.kind))
        .collect();
    // The same list under both headings would tell nothing of either.
    if kind == StepKind::Read
        && !edges.is_empty()
        && edges.iter().all(|r| r.kind != RelationshipKind::Reads)
    {
        if c.designed() {
            let text = format!(
                "No connection reads alone: what is read goes over the {} that {} too.",
                words::count(edges.len(), "connection"),
                words::verb_for(edges.len(), "writes", "write")
            );
            return Answer::Absent(Absence::because(Text::plain(text)));
        }
        if let Some(answer) = super::read_path::by_requests(c) {
            return answer;
        }
        let marks = super::storage::replica_marks(c);
        if !marks.is_empty() {
            let text = "Names speak of a store that is only read from; what is read there was not \
                        followed:";
            return Answer::both(Text::plain(text), vec![bullets(marks)]);
        }
        let text = "No connection for reading alone was recognized: what is read over the \
                    connections that write was not followed.";
        return Answer::Absent(Absence::because(Text::plain(text)));
    }
    let mut items: Vec<Text> = edges
        .iter()
        .take(8)
        .map(|r| {
            let text = Text::code(c.name_of(&r.from))
                .then(format!(" {} ", r.verb()))
                .then_code(c.name_of(&r.to));
            end(text.from(&r.provenance))
        })
        .collect();
    if edges.len() > 8 {
        items.push(super::found::more(edges.len() - 8));
    }
    let bare = |r: &&Relationship| r.description == r.verb() && r.kind == RelationshipKind::Writes;
    let untold = !edges.is_empty() && edges.iter().all(bare);
    if !untold && edges.iter().any(bare) {
        items.push(Text::plain(
            "Whether a part reads, writes or does both was not followed where it only says that it uses a store.",
        ));
    }
    let stored = edges
        .iter()
        .any(|r| c.element(&r.to).is_some_and(Element::is_store));
    let held = match stored {
        // What holds a driver is told once, where data is written.
        false if kind == StepKind::Read && !super::storage::driver_texts(c).is_empty() => {
            let text = "No part was recognized that only reads: which operations read through \
                        the drivers in the manifests was not followed.";
            return Answer::Absent(Absence::because(Text::plain(text)));
        }
        false => super::storage::driver_texts(c),
        true => Vec::new(),
    };
    match items.is_empty() {
        // A driver is no connection, but who holds one may well read and write.
        true if !held.is_empty() => {
            let lead = Text::plain(format!(
                "Which operation {} data was not followed:",
                if kind == StepKind::Write {
                    "writes"
                } else {
                    "reads"
                }
            ));
            Answer::both(lead, vec![bullets(held)])
        }
        true => c.absent(
            if kind == StepKind::Write {
                "connection that writes to a store"
            } else {
                "connection that reads from a store"
            },
            &["connection strings and store clients"],
            "flows",
        ),
        false if untold => Answer::both(
            Text::plain("Which of these connections write and which only read was not followed:"),
            vec![bullets([items, held].concat())],
        ),
        false => Answer::blocks(vec![bullets([items, held].concat())]),
    }
}

fn entry_points<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // A store is reached by parts, and what only some files start takes no request of the system.
    let enters = |e: &&&Element| {
        !e.reachable_ports().is_empty()
            && !e.is_store()
            && e.role != Some(Role::Broker)
            && !super::deployment::is_on_demand(e)
    };
    let mut exposed: Vec<_> = c.containers.iter().filter(enters).collect();
    // What a tool for those who build opens is no door for callers of the system.
    if exposed.iter().any(|e| is_door(e)) || !c.primary.is_empty() {
        exposed.retain(|e| is_door(e));
    }
    // Gateways are where requests are meant to enter; fixed ports are meant to be reached, and those
    // that the engine picks are so on the side.
    let picked = |e: &Element| e.attributes_of("exposed").all(|a| a.value == DYNAMIC);
    exposed.sort_by_key(|e| {
        let gateway = e.role == Some(Role::Gateway);
        (picked(e), !gateway, e.role == Some(Role::Monitoring))
    });
    let mut items = Vec::new();
    let (open, fixed): (Vec<&Element>, Vec<&Element>) =
        exposed.iter().copied().partition(|e| picked(e));
    for e in fixed.iter().take(5) {
        let ports = e.attributes_of("exposed").map(|a| a.value.as_str());
        let fixed: Vec<&str> = ports.filter(|p| *p != DYNAMIC).collect();
        let text = Text::code(&e.name)
            .then(" is open to the outside at ")
            .spans(names(fixed, 3));
        items.push(end(text.from(&first_places(
            e.attributes_of("exposed").map(|a| &a.provenance),
            2,
        ))));
    }
    if fixed.len() > 5 {
        let n = fixed.len() - 5;
        items.push(Text::plain(format!(
            "{} more {} open to the outside.",
            words::capital(&words::spelled(n)),
            words::verb_for(n, "is", "are")
        )));
    }
    if !open.is_empty() {
        let text = Text::default()
            .spans(names(open.iter().map(|e| e.name.as_str()), 5))
            .then(words::verb_for(
                open.len(),
                " is open to the outside at a port that ",
                " are open to the outside, each at a port that ",
            ))
            .then(
                match open.iter().any(|e| super::deployment::is_process(e)) {
                    true => "is picked at the start",
                    false => "the container engine picks",
                },
            );
        let ports = open.iter().filter_map(|e| e.attribute("exposed"));
        items.push(end(
            text.from(&first_places(ports.map(|a| &a.provenance), 3))
        ));
    }
    if items.is_empty() {
        items.extend(taken(c));
    }
    super::goals::one_line(items).unwrap_or_else(|| {
        c.absent(
            "entry point",
            &["routes", "contracts", "published ports"],
            "interfaces",
        )
    })
}

/// Whether requests of callers may come in at a part: it is built here, passes on what comes in, or
/// runs an image that no product of others is known by.
fn is_door(e: &Element) -> bool {
    let product = e.technology.iter().any(|t| {
        groundplan_knowledge::knowledge()
            .by_name(t)
            .is_some_and(|t| t.role.is_some() || t.category == Category::Dashboard)
    });
    let passes = matches!(e.role, Some(Role::Gateway | Role::Auth));
    let aside = e.is_store() || matches!(e.role, Some(Role::Monitoring | Role::Broker));
    passes || !aside && (e.source.is_some() || !product)
}

/// How many operations each part takes: of its contract and of routes beside it together.
fn taken(c: &Context) -> Vec<Text> {
    let mut by_part: Vec<(&str, &str, Vec<&Interface>)> = Vec::new();
    for i in c.primary.iter().copied() {
        let at = i.element.as_deref().map(|id| c.name_of(id));
        let (at, over) = (at.unwrap_or(&i.name), i.kind.word());
        match by_part.iter_mut().find(|p| (p.0, p.1) == (at, over)) {
            Some(part) => part.2.push(i),
            None => by_part.push((at, over, vec![i])),
        }
    }
    let text = |(at, over, all): &(&str, &str, Vec<&Interface>)| {
        let n = distinct_operations(all.iter().copied());
        let least = match all.iter().any(|i| super::interfaces::is_partial(i)) {
            true => "at least ",
            false => "",
        };
        let n = words::count(n, "operation");
        let text = Text::code((*at).to_owned()).then(format!(" takes {least}{n} over {over}"));
        end(text.from(&first_places(all.iter().map(|i| &i.provenance), 2)))
    };
    by_part.iter().take(4).map(text).collect()
}

fn routing<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let routes: Vec<_> = c
        .relationships()
        .filter(|r| r.kind == RelationshipKind::Routes)
        .collect();
    let by = distinct(routes.iter().map(|r| r.from.as_str()));
    // One sentence for each gateway: of two lists in one nobody knows who routes where.
    let left = by.len().saturating_sub(6);
    let mut texts: Vec<Text> = Vec::new();
    for from in by.into_iter().take(6) {
        let own = || routes.iter().filter(|r| r.from == from);
        let to = distinct(own().map(|r| c.name_of(&r.to)));
        let text = Text::code(c.name_of(from))
            .then(" routes to ")
            .spans(names(to, 6));
        texts.push(end(
            text.from(&first_places(own().map(|r| &r.provenance), 2))
        ));
    }
    if left > 0 {
        texts.push(end(super::found::more(left)));
    }
    if let Some(answer) = super::goals::one_line(texts) {
        return answer;
    }
    let gateways = c.with_role(&[Role::Gateway]);
    let later = super::deployment::is_on_demand;
    let text = |e: &Element| {
        // What only developers start stands before nothing that runs elsewhere.
        let when = match later(e) {
            true => format!(" that starts only {}", super::deployment::later_words(&[e])),
            false => String::new(),
        };
        let text = Text::code(&e.name).then(format!(
            " is a gateway{when}; which paths it routes where was not read"
        ));
        end(text.from(&e.provenance))
    };
    let main = gateways.iter().find(|e| !later(e));
    if let Some(e) = main.or(gateways.first()) {
        return Answer::text(text(e));
    }
    // A server of its own sends each path to a handler: its code is the route table.
    let coded: Vec<&Interface> = c
        .blueprint
        .interfaces
        .iter()
        .filter(|i| i.kind == groundplan_model::InterfaceKind::Http)
        .filter(|i| !i.operations.is_empty() && !i.unserved)
        .collect();
    if !coded.is_empty() {
        let owners = coded.iter().map(|i| {
            let owner = i.element.as_deref();
            owner.map_or(i.name.as_str(), |id| c.name_of(id))
        });
        let text = Text::plain(
            "No gateway was found in gateway configuration, Ingress objects or proxy files; routes were found in the code of ",
        )
        .spans(names(distinct(owners), 8));
        let places = coded.iter().filter_map(|i| i.operations.first());
        let text = end(text.from(&first_places(places.map(|o| &o.provenance), 3)));
        return Answer::text(text.append(c.heard("gateway")));
    }
    c.absent(
        "gateway or route table",
        &["gateway configuration", "Ingress objects", "proxy files"],
        "connections",
    )
}

fn business_logic<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    // What runs only when asked for is beside the system, unless all of its services are such.
    let serves =
        |e: &Element| e.source.is_some() && matches!(e.role, Some(Role::Service | Role::Job));
    let always = (c.containers.iter()).any(|e| serves(e) && !super::deployment::is_on_demand(e));
    let workers: Vec<_> = c
        .containers
        .iter()
        .filter(|e| {
            // A ready image does work of its maker, and a builder or an example none at all. A design has no
            // code yet.
            (e.source.is_some() || c.designed())
                && !(always && super::deployment::is_on_demand(e))
                && matches!(
                    e.role,
                    Some(Role::Service | Role::Job | Role::Program | Role::Ui) | None
                )
                && (!c.interfaces_of(&e.id).is_empty()
                    || super::calls::sentence(c, e).is_some()
                    || !super::components::entities_of(c, e).is_empty())
        })
        .collect();
    let any = c
        .containers
        .iter()
        .any(|e| matches!(e.role, Some(Role::Service | Role::Job | Role::Program)));
    match workers.as_slice() {
        // They are there, but of none is seen what it does.
        [] if any => Answer::Gap("components"),
        [] => c.absent(
            "service or job",
            &["deployment files", "manifests"],
            "components",
        ),
        some if c.designed() => {
            let texts = some.iter().take(5).map(|e| {
                let inside = c.blueprint.elements.iter().filter(|m| {
                    m.kind == ElementKind::Component && m.parent.as_deref() == Some(&e.id)
                });
                let inside: Vec<&str> = inside.map(|m| m.name.as_str()).collect();
                let text = Text::code(&e.name).then(" does it");
                let text = match inside.is_empty() {
                    true => text,
                    false => text.then(", in ").spans(names(inside, 8)),
                };
                end(text.from(&e.provenance))
            });
            super::goals::one_line(texts.collect()).unwrap_or(Answer::Gap("components"))
        }
        some => {
            // What a library does, it does in the programs that it is built into.
            let text = Text::plain(
                "Code of this repository that answers, calls or keeps records was found in ",
            )
            .spans(names(some.iter().map(|e| e.name.as_str()), 10))
            .then(".");
            Answer::text(text.from(&first_places(some.iter().map(|e| &e.provenance), 3)))
        }
    }
}

fn data_access<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let edges: Vec<_> = c
        .relationships()
        .filter(|r| matches!(r.kind, RelationshipKind::Reads | RelationshipKind::Writes))
        .collect();
    let stores = distinct(edges.iter().map(|r| r.to.as_str()));
    let left = stores.len().saturating_sub(5);
    let mut texts: Vec<Text> = stores
        .into_iter()
        .take(5)
        .map(|store| {
            let of: Vec<_> = edges.iter().filter(|r| r.to == store).collect();
            let by = distinct(of.iter().map(|r| c.name_of(&r.from)));
            let verb = words::verb_for(by.len(), "uses", "use");
            let text = Text::default()
                .spans(names(by, 4))
                .then(format!(" {verb} "))
                .then_code(c.name_of(store));
            let text = if_depends(text, depend(of.iter().map(|r| **r)));
            end(text.from(&first_places(of.iter().map(|r| &r.provenance), 2)))
        })
        .collect();
    if left > 0 {
        texts.push(end(super::found::more(left)));
    }
    // A driver without a connection is where the data may lie.
    let stored = edges
        .iter()
        .any(|r| c.element(&r.to).is_some_and(Element::is_store));
    if !stored {
        texts.extend(super::storage::driver_texts(c));
    }
    super::goals::one_line(texts).unwrap_or_else(|| {
        c.absent(
            "connection to a store",
            &["connection strings", "drivers in manifests"],
            "stores",
        )
    })
}

fn responses<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    match super::conventions::statuses(c) {
        Some(texts) => super::goals::one_line(texts).unwrap_or_else(|| {
            c.absent("declared response", &["contracts", "handlers"], "schemas")
        }),
        None => super::interfaces::unread(c).unwrap_or_else(|| {
            c.absent("declared response", &["contracts", "handlers"], "schemas")
        }),
    }
}

fn events<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = groups(c, c.seen(Topic::Event))
        .iter()
        .take(15)
        .map(|g| end(super::seen::item(g)))
        .collect();
    let known = items.len();
    for r in c.relationships().filter(|r| {
        matches!(
            r.kind,
            RelationshipKind::Publishes | RelationshipKind::Subscribes
        )
    }) {
        if known > 0 && r.operations.is_empty() || items.len() >= 15 {
            continue;
        }
        let mut text = Text::code(c.name_of(&r.from))
            .then(format!(" {} ", r.verb()))
            .then_code(c.name_of(&r.to));
        if !r.operations.is_empty() {
            text = text
                .then(": ")
                .spans(names(r.operations.iter().map(String::as_str), 5));
        }
        items.push(end(text.from(&r.provenance)));
    }
    items.extend(put_aside(c));
    items.extend(super::sockets::texts(c));
    items.extend(super::framework_choices::text(c, Kept::Jobs));
    match items.is_empty() {
        true => c.absent(
            "event, topic or queue",
            &["code", "broker configuration", "AsyncAPI contracts"],
            "flows",
        ),
        false => Answer::blocks(vec![bullets(items)]),
    }
}

/// Jobs that a program puts into a queue of its own or does from it, by the library that keeps it.
fn put_aside(c: &Context) -> Vec<Text> {
    let mut sides: BTreeMap<(&str, &str), Vec<&Observation>> = BTreeMap::new();
    for o in c.seen(Topic::Job) {
        if let (Some(id), Some(detail)) = (o.element.as_deref(), o.detail.as_deref()) {
            sides.entry((detail, id)).or_default().push(o);
        }
    }
    let all = sides.into_iter().map(|((detail, id), jobs)| {
        let called = distinct(jobs.iter().map(|o| o.name.as_str()));
        let text = Text::plain(format!("{} of ", words::count(called.len(), "job")))
            .then_code(c.name_of(id))
            .then(words::verb_for(called.len(), " is ", " are "))
            .then(format!("{detail}: "))
            .spans(names(called, 5));
        end(text.from(&first_places(jobs.iter().map(|o| &o.provenance), 3)))
    });
    all.collect()
}

/// How many operations of an interface some name schemes among: of what a contract describes, where all
/// of these stand in one.
fn described(i: &Interface, guarded: &[&Operation]) -> usize {
    match guarded.iter().all(|o| in_contract(o)) {
        true => i.operations.iter().filter(|o| in_contract(o)).count(),
        false => i.operations.len(),
    }
}

/// The schemes that contracts name, by interface: whether code asks callers for them is not for a
/// contract to say.
fn named_schemes(guarded: &[(&Interface, &Operation)]) -> Vec<Text> {
    let mut by_interface: Vec<(&Interface, Vec<&Operation>)> = Vec::new();
    for (i, o) in guarded {
        match by_interface.iter_mut().find(|(known, _)| known.id == i.id) {
            Some((_, all)) => all.push(o),
            None => by_interface.push((i, vec![o])),
        }
    }
    let text = |(i, all): &(&Interface, Vec<&Operation>)| {
        let schemes = distinct(
            all.iter()
                .flat_map(|o| o.security.iter().map(String::as_str)),
        );
        let text = Text::plain("The contract of ")
            .then_code(&i.name)
            .then(format!(
                " names a security scheme for {} of {}: ",
                all.len(),
                words::count(described(i, all), "operation")
            ))
            .spans(names(schemes, 3))
            .then(optional_ones(all.iter().copied()));
        let own = all.iter().find(|o| !o.security_inherited);
        let at = own.map_or(default_or_own(i), |o| &o.provenance);
        end(text.from(at))
    };
    by_interface.iter().take(3).map(text).collect()
}

fn authentication_flow<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let says_so = |f: &&Flow| {
        // What a path is given lets nobody in: `/sync/{authToken}/books`.
        let title = f.title.to_lowercase();
        let mut fixed = title.split('{').enumerate().map(|(at, part)| match at {
            0 => part,
            _ => part.split_once('}').map_or("", |(_, behind)| behind),
        });
        fixed.any(|part| {
            ["login", "log in", "sign in", "authenticat", "token"]
                .iter()
                .any(|w| part.contains(w))
        })
    };
    if let Some(flow) = c.blueprint.flows.iter().find(says_so) {
        return flow_steps(c, Subject::Flow(flow));
    }
    let guarded: Vec<_> = c
        .primary_operations()
        .filter(|(_, o)| !o.security.is_empty())
        .collect();
    let seen = c.seen(Topic::Authentication);
    let identity = c.with_role(&[Role::Auth]);
    if guarded.is_empty() && seen.is_empty() && identity.is_empty() {
        return c.absent(
            "login, token check or identity provider",
            &["routes", "middleware", "security schemes"],
            "authentication",
        );
    }
    let mut list = Vec::new();
    if !c.designed() {
        list.extend(named_schemes(&guarded));
    } else if let Some((i, o)) = guarded.first() {
        let all: usize = c.primary_operations().count();
        let text = Text::plain(format!(
            "A caller sends credentials for {} of {} with the request to ",
            guarded.len(),
            words::count(all, "operation")
        ))
        .then_code(
            i.element
                .as_deref()
                .map_or(i.name.as_str(), |id| c.name_of(id)),
        )
        .then(", under ")
        .spans(names(
            distinct(
                guarded
                    .iter()
                    .flat_map(|(_, o)| o.security.iter().map(String::as_str)),
            ),
            3,
        ));
        list.push(end(text.from(&o.provenance)));
    }
    // A library shows one means; whether it checks callers, and whether alone, does not follow.
    let named = super::found::named_texts(&groups(c, seen));
    list.extend(named.into_iter().take(4));
    for e in identity.iter().take(2) {
        let by = super::found::askers_of(c, e);
        let mut text = Text::code(&e.name).then(" vouches for identities");
        if !by.is_empty() {
            text = text.then(" to ").spans(names(by, 4));
        }
        list.push(end(text.from(&e.provenance)));
    }
    // In which order these are asked was not followed.
    Answer::blocks(vec![bullets(list)])
}
