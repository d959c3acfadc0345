//! The architecture style: what a person declared, what a document says, and what the structure shows.
//!
//! No style is guessed: a name is given only where what is deployed, who keeps which data and how
//! the parts speak with each other shows it, and these are told with it.

use super::calls::is_connection;
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::subject::Subject;
use crate::text::{first_places, names, plain, stated};
use crate::tree::Text;
use crate::words;
use groundplan_model::{Confidence, Element, ElementKind, Relationship, RelationshipKind, Role};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "architecture-style": architecture_style, "The architecture style, recognised or declared.";
}

fn architecture_style<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(style) = c.blueprint.system.style.as_ref() {
        return Answer::text(stated(style));
    }
    if c.designed() {
        return Answer::Gap("architecture-style");
    }
    let said = c.stated_in_documents("architecture-style");
    let seen = structure(c);
    match (said, seen) {
        (Some(said), Some(seen)) => {
            let ended = [".”", "!”", "."].iter().any(|e| plain(&said).ends_with(e));
            let joint = if ended { " " } else { ". " };
            Answer::text(said.then(joint).append(seen))
        }
        (Some(text), None) | (None, Some(text)) => Answer::text(text),
        (None, None) => Answer::Gap("architecture-style"),
    }
}

/// Whether a part runs code of the repository on a server whenever the system runs, and is there to answer.
fn is_own(e: &Element) -> bool {
    let serves = matches!(
        e.role,
        None | Some(Role::Service | Role::Gateway | Role::Job | Role::Auth)
    );
    serves && runs_apart(e)
}

/// Whether a part runs code of the repository by itself whenever the system runs.
fn runs_apart(e: &Element) -> bool {
    !e.external
        && e.source.is_some()
        && super::deployment::carriers(e).is_empty()
        && !super::deployment::is_of_development(e)
        && !super::deployment::is_on_demand(e)
        && !super::calls::is_workbench(e)
}

/// What is deployed, who keeps which data, and how the parts speak with each other.
fn structure(c: &Context) -> Option<Text> {
    let own: Vec<&Element> = c.containers.iter().copied().filter(|e| is_own(e)).collect();
    // Programs from one folder are one code base that runs more than once.
    let mut by_source: BTreeMap<&str, Vec<&Element>> = BTreeMap::new();
    for e in &own {
        by_source.entry(e.source.as_deref()?).or_default().push(e);
    }
    // Where images run whose code was not found, what is found is not all.
    let untied = c.containers.iter().any(|e| {
        let image = e.attribute("image").is_some();
        image && e.source.is_none() && e.technology.is_empty() && !e.is_store()
    });
    match (by_source.len(), own.as_slice()) {
        (0, _) => None,
        (1, _) if untied => None,
        (1, [only]) => Some(one_deployable(c, only)),
        (1, several) => Some(one_code_base(several)),
        _ => {
            // Beside several services also what shows pages, settings or measures is built and started apart.
            for e in c.containers.iter().copied().filter(|e| is_apart(e)) {
                by_source.entry(e.source.as_deref()?).or_default().push(e);
            }
            Some(services(c, &by_source))
        }
    }
}

/// Whether a part with code of the repository runs beside the services that answer for the system.
fn is_apart(e: &Element) -> bool {
    let beside = matches!(
        e.role,
        Some(Role::Ui | Role::Monitoring | Role::Registry | Role::Coordinator | Role::ConfigServer)
    );
    let image = e.attribute("image").is_some() || e.attribute("base-image").is_some();
    beside && image && runs_apart(e)
}

/// The parts inside of a container that are not libraries, and what they need of each other.
fn modules<'a>(c: &Context<'a>, e: &Element) -> (Vec<&'a Element>, Vec<&'a Relationship>) {
    let parts: Vec<&Element> = (c.blueprint.elements.iter())
        .filter(|m| m.kind == ElementKind::Component && m.parent.as_deref() == Some(&e.id))
        .filter(|m| m.role != Some(Role::Library))
        .collect();
    let inside = |id: &str| parts.iter().any(|m| m.id == id);
    let edges = c
        .relationships()
        .filter(|r| inside(&r.from) && inside(&r.to))
        .collect();
    (parts, edges)
}

/// Pairs of modules that need each other.
fn mutual<'a>(edges: &[&'a Relationship]) -> Vec<&'a Relationship> {
    let all: BTreeSet<(&str, &str)> = edges.iter().map(|r| (&*r.from, &*r.to)).collect();
    edges
        .iter()
        .filter(|r| r.from < r.to && all.contains(&(&*r.to, &*r.from)))
        .copied()
        .collect()
}

/// Modules of one part that the survey keeps at most.
const MOST_MODULES: usize = 24;

fn one_deployable(c: &Context, e: &Element) -> Text {
    let mut text = Text::plain("By structure a monolith: ")
        .then_code(&e.name)
        .then(" is the one part that runs the system's code on a server")
        .from(&first_places([&e.provenance], 1));
    let (parts, edges) = modules(c, e);
    if parts.len() > 2 {
        // The survey keeps the largest of very many.
        let lead = match parts.len() >= MOST_MODULES {
            true => format!(
                "; its {} largest modules are ",
                words::number(parts.len() as u64)
            ),
            false => format!(
                "; inside it stand {}, ",
                words::spelled_count(parts.len(), "module")
            ),
        };
        text = text
            .then(lead)
            .spans(names(parts.iter().map(|m| m.name.as_str()), 6));
        let circles = mutual(&edges);
        if !edges.is_empty() {
            text = text.then(format!(
                ", with {} between them",
                words::spelled_count(edges.len(), "dependency")
            ));
            text = match circles.first() {
                Some(r) => text
                    .then(format!(
                        "; {} {} each other, for example ",
                        words::spelled_count(circles.len(), "pair"),
                        words::verb_for(circles.len(), "needs", "need"),
                    ))
                    .then_code(c.name_of(&r.from))
                    .then(" and ")
                    .then_code(c.name_of(&r.to))
                    .from(&first_places([&r.provenance], 1)),
                None => text.then("; none of them goes both ways"),
            };
        }
        let places = parts.iter().map(|m| &m.provenance);
        text = text.from(&first_places(places, 2));
    }
    // What stands beside its folder and is built into it is most of some programs.
    let libraries = (c.relationships()).filter(|r| r.from == e.id).filter(|r| {
        let to = c.element(&r.to);
        to.is_some_and(|to| to.role == Some(Role::Library) && to.kind == ElementKind::Component)
    });
    let built_in: BTreeSet<&str> = libraries.map(|r| &*r.to).collect();
    if !built_in.is_empty() && !parts.is_empty() {
        let n = words::spelled(built_in.len());
        let noun = words::verb_for(built_in.len(), "library", "libraries");
        text = text.then(format!(
            "; it is built with {n} {noun} of the repository beside"
        ));
    }
    text.then(".")
}

fn one_code_base(all: &[&Element]) -> Text {
    let text = Text::plain("By structure a monolith in several processes: ")
        .spans(names(all.iter().map(|e| e.name.as_str()), 6))
        .then(" run the code of one folder");
    let text = match all.first().and_then(|e| e.source.as_deref()) {
        Some(folder) if !folder.is_empty() => text.then(", ").then_code(folder),
        _ => text,
    };
    end(text.from(&first_places(all.iter().map(|e| &e.provenance), 3)))
}

fn services(c: &Context, by_source: &BTreeMap<&str, Vec<&Element>>) -> Text {
    let all: Vec<&Element> = by_source.values().flatten().copied().collect();
    let ids: BTreeSet<&str> = all.iter().map(|e| e.id.as_str()).collect();
    let first = by_source.values().filter_map(|of| of.first().copied());
    let n = by_source.len();
    let text = Text::plain(format!(
        "By structure services: {} with code of their own are built and started apart, ",
        words::spelled_count(n, "part")
    ))
    .spans(names(first.clone().map(|e| e.name.as_str()), 6));
    let inputs = all.iter().map(|e| e.id.clone());
    let text = counted(text, "folders of code that containers run", inputs)
        .from(&first_places(first.map(|e| &e.provenance), 3));
    let text = [stores(c, &ids), talk(c, &ids)]
        .into_iter()
        .flatten()
        .fold(text, |all, more| all.then("; ").append(more));
    text.then(".")
}

/// Which of the parts keep data of their own, and which share a store.
fn stores(c: &Context, ids: &BTreeSet<&str>) -> Option<Text> {
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut at = Vec::new();
    for r in c.relationships() {
        let kept = c.element(&r.to).is_some_and(|e| {
            matches!(e.role, Some(Role::Database | Role::SearchIndex)) && !e.external
        });
        if kept && ids.contains(r.from.as_str()) && r.confidence != Confidence::Low {
            users.entry(&r.to).or_default().insert(&r.from);
            at.push(&r.provenance);
        }
    }
    if users.is_empty() {
        return None;
    }
    let (shared, own): (Vec<_>, Vec<_>) = users.iter().partition(|(_, by)| by.len() > 1);
    let mut text = Text::default();
    if !own.is_empty() {
        let by: BTreeSet<&str> = own.iter().flat_map(|(_, by)| by.iter().copied()).collect();
        let has = words::verb_for(by.len(), "has", "have");
        text = text
            .spans(names(by.iter().map(|id| c.name_of(id)), 4))
            .then(format!(" {has} a store that no other part was seen to use"));
    }
    for (i, (store, by)) in shared.iter().take(2).enumerate() {
        let joint = if i == 0 && text.is_empty() { "" } else { ", " };
        let server = c.element(store);
        let apart = server.and_then(|e| super::own_databases::of(c, e, by));
        text = text
            .then(joint)
            .then_code(c.name_of(store))
            .then(match apart {
                Some(_) => format!(
                    " holds a database of its own for each of {} parts",
                    words::spelled(by.len())
                ),
                None => format!(" is shared by {} parts", words::spelled(by.len())),
            });
    }
    Some(text.from(&first_places(at, 2)))
}

/// How many connections between the parts wait, and how many go through a broker.
fn talk(c: &Context, ids: &BTreeSet<&str>) -> Option<Text> {
    let calls: Vec<&Relationship> = c
        .relationships()
        .filter(|r| matches!(r.kind, RelationshipKind::Calls | RelationshipKind::Routes))
        .filter(|r| ids.contains(r.from.as_str()) && ids.contains(r.to.as_str()))
        .filter(|r| is_connection(c, r) && !r.only_addressed())
        .collect();
    let broker = |id: &str| c.element(id).is_some_and(|e| e.role == Some(Role::Broker));
    let messages: Vec<&Relationship> = c
        .relationships()
        .filter(|r| ids.contains(r.from.as_str()) && broker(&r.to))
        .collect();
    let mut parts = Vec::new();
    if !calls.is_empty() {
        let wires: BTreeSet<&str> = calls.iter().filter_map(|r| r.protocol.as_deref()).collect();
        let wires: Vec<&str> = wires.into_iter().collect();
        let over = match wires.is_empty() {
            true => String::new(),
            false => format!(" over {}", words::list(&wires, "and")),
        };
        let n = words::spelled_count(calls.len(), "connection");
        let verb = words::verb_for(calls.len(), "is a call", "are calls");
        let text = Text::plain(format!("{n} between them {verb}{over}"));
        parts.push(text.from(&first_places(calls.iter().map(|r| &r.provenance), 2)));
    }
    if !messages.is_empty() {
        let by: BTreeSet<&str> = messages.iter().map(|r| r.from.as_str()).collect();
        let to: BTreeSet<&str> = messages.iter().map(|r| c.name_of(&r.to)).collect();
        let verb = words::verb_for(by.len(), "is", "are");
        let text = Text::plain(format!(
            "{} of them {verb} joined to ",
            words::spelled(by.len())
        ))
        .spans(names(to, 3))
        .then(" for messages");
        parts.push(text.from(&first_places(messages.iter().map(|r| &r.provenance), 2)));
    }
    parts
        .into_iter()
        .reduce(|all, one| all.then("; ").append(one))
}
