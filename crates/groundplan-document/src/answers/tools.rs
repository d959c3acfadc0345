//! Products and libraries of a category: which containers run them, and which parts use them.

use super::goals::distinct;
use super::packages;
use super::seen::{MOST, end};
use crate::answer::Answer;
use crate::context::{Context, declared};
use crate::searched;
use crate::text::{bullets, first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_knowledge::{Category, Technology, knowledge};
use groundplan_model::{Element, ElementKind, Provenance, Relationship, RelationshipKind, Role};
use std::collections::BTreeMap;

/// A technology with the containers that run it and the parts that have it as a package.
pub(super) struct Tool<'a> {
    pub(super) name: &'a str,
    pub(super) technology: &'static Technology,
    /// Containers that are the product, and systems outside.
    pub(super) servers: Vec<&'a Element>,
    /// Names of the elements whose manifests name the product itself, most of its places first.
    pub(super) users: Vec<&'a str>,
    /// Names of the elements whose manifests name a client of the product.
    pub(super) clients: Vec<&'a str>,
    user_sources: Vec<&'a Provenance>,
    client_sources: Vec<&'a Provenance>,
    versions: Vec<&'a str>,
    /// Names of the packages that are the product itself.
    packages: Vec<&'a str>,
}

impl<'a> Tool<'a> {
    fn new(name: &'a str, technology: &'static Technology) -> Self {
        Tool {
            name,
            technology,
            servers: Vec::new(),
            users: Vec::new(),
            clients: Vec::new(),
            user_sources: Vec::new(),
            client_sources: Vec::new(),
            versions: Vec::new(),
            packages: Vec::new(),
        }
    }

    fn in_manifests(&self) -> bool {
        !self.user_sources.is_empty() || !self.client_sources.is_empty()
    }
}

/// Whether the described system is this product: its containers do not watch it, they are it.
fn is_itself(c: &Context, technology: &str) -> bool {
    let lower = technology.to_lowercase();
    let name = c.blueprint.system.name.to_lowercase();
    name.split(|ch: char| !ch.is_alphanumeric())
        .any(|word| word == lower)
}

/// Whether a service that wakes people is one that the program itself calls, and nothing that watches does:
/// its users are alerted there, not those who run the system.
fn is_called_by_code_alone(c: &Context, e: &Element, technology: &Technology) -> bool {
    let incoming = c.incoming(&e.id);
    let watches = |r: &&Relationship| {
        let from = c.element(&r.from).and_then(|f| f.role);
        r.kind == RelationshipKind::Observes || from == Some(Role::Monitoring)
    };
    technology.category == Category::Alerting
        && !c.designed()
        && !incoming.is_empty()
        && !incoming.iter().any(watches)
}

/// Technologies that `wanted` chooses, those with containers first, then the most used.
pub(super) fn tools<'a>(c: &Context<'a>, wanted: impl Fn(&Technology) -> bool) -> Vec<Tool<'a>> {
    let mut found: BTreeMap<&'a str, Tool<'a>> = BTreeMap::new();
    for e in &c.blueprint.elements {
        let deployed = e.kind == ElementKind::Container || e.external;
        let Some(name) = e
            .technology
            .first()
            .filter(|_| deployed && e.kind != ElementKind::Person)
        else {
            continue;
        };
        if let Some(technology) = knowledge().by_name(name).filter(|t| wanted(t))
            && !is_itself(c, name)
            && !(e.external && is_called_by_code_alone(c, e, technology))
        {
            let tool = found
                .entry(name)
                .or_insert_with(|| Tool::new(name, technology));
            tool.servers.push(e);
        }
    }
    // Those of a known part first: a sentence about parts cites what belongs to them.
    let (placed, loose): (Vec<_>, Vec<_>) = c
        .blueprint
        .dependencies
        .iter()
        .partition(|d| d.element.is_some());
    for d in placed.into_iter().chain(loose) {
        let Some(name) = d.technology.as_deref() else {
            continue;
        };
        let Some(technology) = knowledge().by_name(name).filter(|t| wanted(t)) else {
            continue;
        };
        let client = knowledge()
            .by_package(&d.ecosystem, &d.name)
            .is_some_and(|(_, client)| client);
        let tool = found
            .entry(name)
            .or_insert_with(|| Tool::new(name, technology));
        let element = d.element.as_deref().map(|id| c.name_of(id));
        let (list, sources) = match client {
            true => (&mut tool.clients, &mut tool.client_sources),
            false => (&mut tool.users, &mut tool.user_sources),
        };
        if element.is_none() && !list.is_empty() {
            continue;
        }
        if let Some(element) = element.filter(|e| !list.contains(e)) {
            list.push(element);
        }
        sources.push(&d.provenance);
        if !client && !tool.versions.contains(&d.version.as_str()) {
            tool.versions.push(&d.version);
        }
        if !client && !tool.packages.contains(&d.name.as_str()) {
            tool.packages.push(&d.name);
        }
    }
    let mut all: Vec<Tool> = found.into_values().collect();
    all.sort_by_key(|t| std::cmp::Reverse((t.servers.len(), t.users.len() + t.clients.len())));
    all
}

/// Technologies of these categories; of dashboards only those that watch.
pub(super) fn of<'a>(c: &Context<'a>, categories: &[Category]) -> Vec<Tool<'a>> {
    tools(c, |t| {
        let watches = t.category != Category::Dashboard || t.role == Some(Role::Monitoring);
        categories.contains(&t.category) && watches
    })
}

/// `` `jaeger` runs Jaeger (`jaegertracing/all-in-one`) for `cart` and 3 more ``, with its sources.
pub(super) fn server_text(c: &Context, e: &Element, product: &str) -> Text {
    if e.external {
        let callers = distinct(c.incoming(&e.id).iter().map(|r| c.name_of(&r.from)));
        let text = Text::code(&e.name).then(format!(" ({product}) lies outside"));
        let text = match callers.is_empty() {
            true => text,
            false => text.then(" and is used by ").spans(names(callers, 4)),
        };
        return end(text.from(&e.provenance));
    }
    let mut text = Text::code(&e.name).then(format!(" runs {product}"));
    match e.attribute("image") {
        Some(image) => {
            let short = image.value.split('@').next().unwrap_or(&image.value);
            text = text
                .then(" (")
                .then_code(words::short(short, 80))
                .then(")")
                .from(&image.provenance);
        }
        None => text = text.from(&e.provenance),
    }
    let into = c.incoming(&e.id);
    let users = distinct(into.iter().map(|r| c.name_of(&r.from)));
    if !users.is_empty() {
        text = text.then("; it is used by ").spans(names(users, 4));
        text = text.from(&first_places(into.iter().map(|r| &r.provenance), 2));
    }
    let out = c.outgoing(&e.id);
    // What is sent on or read elsewhere need not be there for the part to run.
    let sends = |r: &Relationship| match r.kind {
        RelationshipKind::Observes => "watches",
        RelationshipKind::Calls if e.role == Some(Role::Monitoring) => "sends to",
        _ => r.verb(),
    };
    let verbs = distinct(out.iter().map(|r| sends(r)));
    let parts = verbs.into_iter().map(|verb| {
        let all = out.iter().filter(|r| sends(r) == verb);
        (distinct(all.map(|r| c.name_of(&r.to))), verb)
    });
    let mut joint = "; it ";
    for (targets, verb) in parts {
        if !targets.is_empty() {
            text = text
                .then(format!("{joint}{verb} "))
                .spans(names(targets, 4));
            joint = " and ";
        }
    }
    if !out.is_empty() {
        text = text.from(&first_places(out.iter().map(|r| &r.provenance), 2));
    }
    end(text)
}

/// `` `cart` and `orders` have the library Micrometer among their packages ``, with its source;
/// nothing without a manifest that names it.
pub(super) fn package_texts(tool: &Tool) -> Vec<Text> {
    let mut out = Vec::new();
    // A package that is only of the family of a product goes by its own name.
    let family: Vec<&str> = tool.packages.iter().take(3).copied().collect();
    let of_family = !family.is_empty()
        && !(tool.packages.iter()).any(|name| packages::is_own(name, tool.technology));
    let package = match (tool.technology.role, tool.packages.as_slice()) {
        (Some(_), [one]) => Some(*one),
        _ => None,
    };
    let named = |text: Text| match tool.versions.as_slice() {
        // `workspace` and `catalog:` say that the version stands elsewhere.
        [one] => {
            let path = tool.user_sources.first().and_then(|s| s.first());
            packages::version(text, one, path.map_or("", |e| e.path.as_str()))
        }
        _ => text,
    };
    // What a product with a process of its own gives to a program is a client, not the product.
    let client = Text::plain(format!("a client library of {}", tool.name));
    let own = match tool.technology.role {
        Some(_) => Text::plain(format!("a package of {}", tool.name)),
        None if of_family => named(Text::default().spans(names(family.iter().copied(), 3))),
        None => named(Text::plain(format!("the library {}", tool.name))),
    };
    for (list, sources, what) in [
        (&tool.users, &tool.user_sources, own),
        (&tool.clients, &tool.client_sources, client),
    ] {
        if sources.is_empty() {
            continue;
        }
        let mut text = match list.is_empty() {
            true => Text::plain("A manifest names ").append(what),
            false => Text::default()
                .spans(names(list.iter().copied(), 4))
                .then(words::verb_for(list.len(), " has ", " have "))
                .append(what),
        };
        if let Some(package) = package.filter(|_| std::ptr::eq(list, &tool.users)) {
            text = text.then(" (").then_code(package).then(")");
        }
        if !list.is_empty() {
            text = text.then(words::verb_for(
                list.len(),
                " among its packages",
                " among their packages",
            ));
        }
        out.push(end(text.from(&first_places(sources.iter().copied(), 2))));
    }
    out
}

/// Containers first, then libraries, one sentence each.
pub(super) fn sentences(c: &Context, tools: &[Tool]) -> Vec<Text> {
    let servers = tools
        .iter()
        .flat_map(|t| t.servers.iter().map(|e| server_text(c, e, t.name)));
    // Whoever is said to use a container is not said to have its client as well.
    let told = |t: &Tool| {
        let callers: Vec<&str> = t
            .servers
            .iter()
            .flat_map(|e| c.incoming(&e.id))
            .map(|r| c.name_of(&r.from))
            .collect();
        t.users.is_empty()
            && !t.servers.is_empty()
            && t.clients.iter().all(|name| callers.contains(name))
    };
    let packages = tools
        .iter()
        .filter(|t| t.in_manifests() && !told(t))
        .flat_map(package_texts);
    let mut all: Vec<Text> = servers.collect();
    let packages: Vec<Text> = packages.collect();
    let unread = searched::of_places(&c.blueprint.coverage, &["package manifests"]).unread;
    let partly = !packages.is_empty() && !unread.is_empty();
    all.extend(packages);
    if partly {
        // Otherwise the lists above would read as complete.
        all.push(Text::plain(format!(
            "Packages of {} were not read.",
            words::list(&unread, "and")
        )));
    }
    all
}

/// Sentences as an answer: one alone, several as a list, none as nothing.
pub(super) fn lines(mut all: Vec<Text>) -> Option<Answer> {
    if all.len() < 2 {
        return all.pop().map(Answer::text);
    }
    let more = all.len().saturating_sub(MOST);
    // One line that only counts one more is no shorter than the line itself.
    if more > 1 {
        all.truncate(MOST);
        all.push(Text::plain(format!(
            "and {} more",
            words::number(more as u64)
        )));
    }
    Some(Answer::blocks(vec![bullets(all)]))
}

/// As [`lines`], where some lines already count what is left out.
pub(super) fn all_lines(mut all: Vec<Text>) -> Option<Answer> {
    match all.len() {
        0 | 1 => all.pop().map(Answer::text),
        _ => Some(Answer::blocks(vec![bullets(all)])),
    }
}

/// What a person declared under one of the keys, with what was seen after it; what was seen, if
/// nobody declared anything.
pub(super) fn told(c: &Context, keys: &[&str], seen: Answer) -> Answer {
    match keys.iter().find_map(|key| declared(c, key)) {
        Some(text) => super::seen::joined(Answer::text(text), seen),
        None => seen,
    }
}
