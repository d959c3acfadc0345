//! What answers on security, storage and technology share: findings as a list, products that run
//! and their users, and where was searched.

use super::goals::distinct;
use super::seen::{Group, MOST, depend, end, if_depends};
use crate::answer::Answer;
use crate::context::Context;
use crate::text::{bullets, first_places, inline, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::{Technology, knowledge};
use groundplan_model::{
    DependencyScope, Element, Mode, Provenance, ProvenanceKind, Relationship, RelationshipKind,
    Role,
};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// One finding as a sentence, several as a list; nothing if there is none.
pub(super) fn found(mut items: Vec<Text>) -> Option<Answer> {
    let total = items.len();
    match total {
        0 => None,
        1 => items.pop().map(Answer::text),
        _ => {
            items.truncate(MOST);
            if total > MOST {
                items.push(more(total - MOST));
            }
            Some(Answer::blocks(vec![bullets(items)]))
        }
    }
}

/// `and 3 more`.
pub(super) fn more(n: usize) -> Text {
    Text::plain(format!("and {} more", words::number(n as u64)))
}

/// A product: where it runs, and who holds a driver for it or is built with it.
pub(super) struct Product<'a> {
    pub(super) technology: &'static Technology,
    /// Elements that are it.
    pub(super) runs: Vec<&'a Element>,
    /// Names of elements whose manifests name it or a driver for it.
    pub(super) users: Vec<&'a str>,
    /// Names of elements with a connection to one that is it.
    pub(super) linked: Vec<&'a str>,
    /// On what all of these connections depend.
    pub(super) condition: Option<&'a str>,
    pub(super) sources: Vec<&'a Provenance>,
}

/// Products of categories that elements are or manifests need at run time; those that run first.
pub(super) fn products<'a>(
    c: &Context<'a>,
    wanted: impl Fn(&Technology) -> bool,
) -> Vec<Product<'a>> {
    let mut all: BTreeMap<&str, Product<'a>> = BTreeMap::new();
    let mut entry = |name: &str, run: &mut dyn FnMut(&mut Product<'a>)| {
        let Some(technology) = knowledge().by_name(name).filter(|t| wanted(t)) else {
            return;
        };
        let product = all
            .entry(technology.name.as_str())
            .or_insert_with(|| Product {
                technology,
                runs: Vec::new(),
                users: Vec::new(),
                linked: Vec::new(),
                condition: None,
                sources: Vec::new(),
            });
        run(product);
    };
    for e in c.containers.iter().chain(&c.externals) {
        let named = product_by_name(e).map(|t| &t.name);
        // What a program reaches a service of others by is no product that the service runs.
        let runs = |name: &&String| {
            !e.external || knowledge().by_name(name).is_none_or(|t| t.role.is_some())
        };
        // A job runs a client of the store whose image it has.
        let is_job = (e.attribute("workload")).is_some_and(|a| a.value.ends_with("Job"));
        if is_job && e.is_store() {
            continue;
        }
        for name in e.technology.iter().chain(named).filter(runs) {
            entry(name, &mut |p| {
                p.runs.push(e);
                p.sources.push(&e.provenance);
            });
        }
    }
    for d in &c.blueprint.dependencies {
        if matches!(
            d.scope,
            DependencyScope::Test | DependencyScope::Development
        ) {
            continue;
        }
        let Some(name) = d.technology.as_deref() else {
            continue;
        };
        entry(name, &mut |p| {
            if let Some(user) = d.element.as_deref().map(|id| c.name_of(id)) {
                p.users.push(user);
            }
            p.sources.push(&d.provenance);
        });
    }
    let mut all = served(all.into_values().collect());
    for p in &mut all {
        p.users = distinct(p.users.iter().copied());
        p.runs.dedup_by_key(|e| e.id.as_str());
        p.linked = distinct(p.runs.iter().flat_map(|e| users_of(c, e)));
        let links = p.runs.iter().flat_map(|e| c.incoming(&e.id));
        let links = links.filter(|r| p.linked.contains(&c.name_of(&r.from)));
        p.condition = depend(links.copied());
    }
    all.sort_by_key(|p| std::cmp::Reverse((p.runs.len(), p.users.len())));
    all
}

/// Gives the users of a driver to the product that runs and speaks its protocol: Valkey serves
/// drivers of Redis.
fn served(all: Vec<Product>) -> Vec<Product> {
    let (mut running, idle): (Vec<Product>, Vec<Product>) =
        all.into_iter().partition(|p| !p.runs.is_empty());
    for p in idle {
        let server = running.iter_mut().find(|r| {
            r.technology.is_server() && knowledge().serves(&r.technology.id, &p.technology.id)
        });
        match server {
            Some(server) => {
                server.users.extend(p.users);
                server.sources.extend(p.sources);
            }
            None => running.push(p),
        }
    }
    running
}

/// `` `api` and `jobs` have `lib` among their packages. ``
pub(super) fn package_text(name: &str, users: Vec<&str>, sources: &[&Provenance]) -> Text {
    let users = distinct(users.into_iter());
    let n = users.len().max(1);
    let text = match users.is_empty() {
        true => Text::plain("A manifest has "),
        false => Text::default()
            .spans(names(users, 8))
            .then(words::verb_for(n, " has ", " have ")),
    };
    let among = words::verb_for(n, " among its packages", " among their packages");
    let text = text.then_code(name).then(among);
    end(text.from(&first_places(sources.iter().copied(), 3)))
}

/// `PostgreSQL 16 runs as `db`, which `api` uses; `jobs` has a driver for it among its packages.`
/// A package in a manifest shows what could be used, not what is.
pub(super) fn product_text(p: &Product) -> Text {
    let mut versions = distinct(
        p.runs
            .iter()
            .filter_map(|e| e.attribute("image-version"))
            .map(|a| a.value.as_str()),
    );
    versions.retain(|v| v.starts_with(|c: char| c.is_ascii_digit() || c == 'v'));
    let versions = distinct(versions.into_iter().map(bare_version));
    let mut text = Text::plain(p.technology.name.as_str());
    // A version that one of several says is not that of the others.
    let all = (p.runs.iter()).all(|e| e.attribute("image-version").is_some());
    if let [version] = versions.as_slice()
        && all
    {
        text = text.then(format!(" {version}"));
    }
    let runs = distinct(p.runs.iter().map(|e| e.name.as_str()));
    // What only settings or code name is reached somewhere; no file says that it runs.
    let only_named = |e: &Element| {
        e.provenance.kind == ProvenanceKind::Observed && e.attribute("deployed-by").is_none()
    };
    if !runs.is_empty() {
        let verb = match p.runs.iter().all(|e| only_named(e)) {
            true => " is known from settings or code alone, here as ",
            false => " runs as ",
        };
        text = text.then(verb).spans(names(runs.iter().copied(), 4));
    }
    if !p.linked.is_empty() {
        text = text
            .then("; it is used by ")
            .spans(names(p.linked.iter().copied(), 4));
        text = if_depends(text, p.condition);
    }
    let holders: Vec<&str> = p
        .users
        .iter()
        .filter(|u| !runs.contains(u) && !p.linked.contains(u))
        .copied()
        .collect();
    if !holders.is_empty() {
        let n = holders.len();
        let its = words::verb_for(n, "its", "their");
        let has = words::verb_for(n, " has ", " have ");
        // A product with a process of its own is reached through a driver or client.
        text = match (runs.is_empty(), p.technology.is_server()) {
            (true, false) => text
                .then(" is among the packages of ")
                .spans(names(holders, 4)),
            (true, true) => text.then(": ").spans(names(holders, 4)).then(format!(
                "{has}a driver or client of it among {its} packages"
            )),
            (false, _) => text
                .then("; ")
                .spans(names(holders, 4))
                .then(format!("{has}a package for it")),
        };
    }
    if runs.is_empty() && p.users.is_empty() {
        text = text.then(" stands in a manifest of the repository");
    }
    end(text.from(&first_places(p.sources.iter().copied(), 3)))
}

/// Whether a product is proven: a file starts a server of it, or a part of the system is joined to one.
/// A package alone shows what may be used.
pub(super) fn is_proven(p: &Product) -> bool {
    let started = |e: &&Element| e.attribute("deployed-by").is_some();
    p.runs.iter().any(started) || !p.linked.is_empty()
}

/// `` Drivers among the packages of `api`: MySQL and PostgreSQL. `` Products that only manifests name, in
/// one sentence.
pub(super) fn drivers_text(all: &[&Product]) -> Option<Text> {
    let first = all.first()?;
    let alike = all.iter().all(|p| p.users == first.users);
    let mut text = Text::plain("Drivers among the packages");
    if alike && !first.users.is_empty() {
        text = text
            .then(" of ")
            .spans(names(first.users.iter().copied(), 4));
    }
    text = text.then(": ");
    const MOST: usize = 8;
    for (i, p) in all.iter().take(MOST).enumerate() {
        let joint = match i {
            0 => "",
            _ if i + 1 == all.len() => " and ",
            _ => ", ",
        };
        text = text.then(format!("{joint}{}", p.technology.name));
        if !alike && !p.users.is_empty() {
            text = text
                .then(" (")
                .spans(names(p.users.iter().copied(), 3))
                .then(")");
        }
    }
    if all.len() > MOST {
        text = text.then(format!(
            " and {} more",
            words::number((all.len() - MOST) as u64)
        ));
    }
    let sources = all.iter().filter_map(|p| p.sources.first().copied());
    Some(end(text.from(&first_places(sources, 3))))
}

/// A detail after the name that it is said of: a verb as it is, a noun with one, and the rest after a
/// colon.
fn said_of(text: Text, detail: &str, several: bool) -> Text {
    const VERBS: [(&str, &str); 3] = [
        ("guards ", " guard "),
        ("limits ", " limit "),
        ("stands at ", " stand at "),
    ];
    for (one, many) in VERBS {
        if let Some(rest) = detail.strip_prefix(one) {
            let verb = match several {
                true => many.to_owned(),
                false => format!(" {one}"),
            };
            return text.then(verb).spans(inline(rest));
        }
    }
    let noun = ["a ", "an ", "the "].iter().any(|a| detail.starts_with(a));
    match noun && !several {
        true => text.then(" is ").spans(inline(detail)),
        false => text.then(": ").spans(inline(detail)),
    }
}

/// Who reads from, writes to, publishes to or calls an element; whoever only watches it does not.
pub(super) fn users_of<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    distinct(
        c.incoming(&e.id)
            .iter()
            .filter(|r| r.kind != RelationshipKind::Observes && c.element(&r.from).is_some())
            .map(|r| c.name_of(&r.from)),
    )
}

/// Who asks a provider of identities: what only sends requests on to it asks it nothing.
pub(super) fn askers_of<'a>(c: &Context<'a>, e: &Element) -> Vec<&'a str> {
    distinct(
        c.incoming(&e.id)
            .iter()
            .filter(|r| {
                !matches!(
                    r.kind,
                    RelationshipKind::Observes | RelationshipKind::Routes
                ) && c.element(&r.from).is_some()
            })
            .map(|r| c.name_of(&r.from)),
    )
}

/// Whether the caller was seen to wait: a call or query with a known protocol or operation. Brokers
/// take messages, telemetry is sent in the background, and an import is no connection.
pub(super) fn waits(c: &Context, r: &Relationship) -> bool {
    if r.acknowledged {
        return true;
    }
    let target = c.element(&r.to).and_then(|e| e.role);
    // Who registers does so beside its work.
    let background = matches!(
        target,
        Some(Role::Broker | Role::Monitoring | Role::Registry)
    );
    let asks = matches!(
        r.kind,
        RelationshipKind::Calls
            | RelationshipKind::Reads
            | RelationshipKind::Writes
            | RelationshipKind::Routes
    );
    // Where a product calls by its own configuration, nothing shows when it waits.
    let site = || {
        let all = &r.provenance.evidence;
        c.designed()
            || r.kind == RelationshipKind::Routes
            || all.iter().any(|at| super::failures::is_code(&at.path))
    };
    let observed = (r.protocol.is_some() || !r.operations.is_empty()) && site();
    // Over a socket both send when they like.
    let socket = r.protocol.as_deref() == Some("WebSocket");
    r.mode == Mode::Sync && asks && observed && !background && !socket && !r.only_addressed()
}

/// `PostgreSQL 16`, `redis:alpine` or nothing: what an element is, in brackets after its name.
pub(super) fn kind_of(e: &Element) -> String {
    let versions = e
        .attributes_of("image-version")
        .map(|a| bare_version(&a.value))
        .filter(|v| v.starts_with(|c: char| c.is_ascii_digit() || c == 'v'));
    let versions: Vec<String> = distinct(versions).into_iter().map(str::to_owned).collect();
    let version = (!versions.is_empty()).then(|| words::list(&versions, "or"));
    match (e.technology.first(), version, e.attribute("image")) {
        (Some(t), Some(v), _) => format!(" ({t} {v})"),
        (Some(t), None, _) => format!(" ({t})"),
        (None, _, Some(image)) if !image.value.contains('$') => {
            format!(" (image {})", short_image(&image.value))
        }
        _ => String::new(),
    }
}

/// `18` of `18-alpine`: the name of a variant is no part of the version.
fn bare_version(tag: &str) -> &str {
    let ends = tag.match_indices('-').find(|(at, _)| {
        let rest = &tag[at + 1..];
        let early = ["alpha", "beta", "pre", "rc"]
            .iter()
            .any(|w| rest.starts_with(w));
        rest.starts_with(char::is_alphabetic) && (!early || rest.starts_with("alpine"))
    });
    ends.map_or(tag, |(at, _)| &tag[..at])
}

/// `python:3.14-slim` of `docker.io/library/python:3.14-slim@sha256:…`: an image as people name it.
pub(super) fn short_image(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    image.strip_prefix("library/").unwrap_or(image)
}

/// The server that a container without a known product is by its name, or by the last word of it:
/// `kafka`, `account-mongodb`.
fn product_by_name(e: &Element) -> Option<&'static Technology> {
    if !e.technology.is_empty() || e.role != Some(Role::Service) {
        return None;
    }
    let last = e.name.rsplit(['-', '_', '.']).next().unwrap_or("");
    let known = knowledge()
        .by_name(&e.name)
        .or_else(|| knowledge().by_name(last));
    known.filter(|t| t.is_server())
}

/// The roles of the servers that speak each protocol. Every technology is looked at, so that nothing is
/// asked before somebody is spoken to in a protocol.
fn protocols() -> &'static BTreeMap<&'static str, Vec<Option<Role>>> {
    static PROTOCOLS: OnceLock<BTreeMap<&str, Vec<Option<Role>>>> = OnceLock::new();
    PROTOCOLS.get_or_init(|| {
        let mut protocols: BTreeMap<&str, Vec<Option<Role>>> = BTreeMap::new();
        for t in knowledge().technologies().iter().filter(|t| t.is_server()) {
            if let Some(protocol) = &t.protocol {
                protocols.entry(protocol).or_default().push(t.role);
            }
        }
        // Pools speak the protocol of what they stand before.
        protocols
            .values_mut()
            .for_each(|roles| roles.retain(|r| *r != Some(Role::Gateway)));
        protocols
    })
}

/// The containers with one of the roles, and those that have no known product of their own but the
/// name of one with that role (a `kafka` that is built from a Dockerfile), or are spoken to in the
/// protocol of one. Jobs with the image of a store are none.
pub(super) fn with_role<'a>(c: &Context<'a>, roles: &[Role]) -> Vec<&'a Element> {
    let is_job = |e: &Element| {
        e.attributes_of("workload")
            .any(|a| matches!(a.value.as_str(), "Job" | "CronJob"))
    };
    let fits = |role: Option<Role>| role.is_some_and(|r| roles.contains(&r));
    let spoken_to = |e: &Element| {
        c.incoming(&e.id)
            .iter()
            .filter_map(|r| r.protocol.as_deref())
            .any(|p| {
                // HTTP and the like are spoken by everything.
                let all = protocols().get(p);
                all.is_some_and(|roles| !roles.is_empty() && roles.iter().all(|r| fits(*r)))
            })
    };
    let mut all = c.with_role(roles);
    all.retain(|e| !is_job(e));
    let named = c.containers.iter().filter(|e| {
        let unknown =
            e.technology.is_empty() && e.source.is_none() && e.role == Some(Role::Service);
        unknown && (fits(product_by_name(e).and_then(|t| t.role)) || spoken_to(e))
    });
    all.extend(named);
    all
}

/// Whether a detail is only the place of the name: `django.middleware.SessionMiddleware`.
pub(super) fn repeats(name: &str, detail: &str) -> bool {
    let last = detail.rsplit(['.', ':', '/', '\\']).next().unwrap_or("");
    !name.is_empty() && last == name
}

/// A detail without the quotes around all of it; in `default-src 'self'` they belong to the value.
fn unquoted(detail: &str) -> &str {
    let detail = detail.trim();
    let inner = ['"', '\''].iter().find_map(|&quote| {
        let inner = detail.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(quote)).then_some(inner)
    });
    inner.map_or(detail, str::trim)
}

/// What a mark in code or configuration says: `` `auth_basic` in `proxy`: admin area ``, or
/// `` `proxy` has `auth_basic` (`off`) `` where it says one word or none.
pub(super) fn mark_text(group: &Group) -> Text {
    let word = group.detail.map_or("", unquoted);
    if !group.name.contains('`') && !word.contains(' ') && !group.elements.is_empty() {
        let elements = group.elements.iter().copied();
        let n = group.elements.len();
        let text = Text::default().spans(names(elements, 3));
        // Headers are written with hyphens and capitals.
        let header = group.name.contains('-')
            && group.name.starts_with(|c: char| c.is_ascii_uppercase())
            && !group.name.contains(' ');
        let value = Some(word).filter(|w| !w.is_empty() && !repeats(group.name, w));
        let sources = first_places(group.sources.iter().copied(), 3);
        if header {
            let text = text.then(words::verb_for(n, " sets ", " set "));
            let text = text.and(mark_name(group));
            let text = match value {
                Some(value) => text.then(" to ").then_code(value),
                None => text,
            };
            return end(text.from(&sources));
        }
        let code = |p: &&Provenance| {
            p.first()
                .is_some_and(|at| super::failures::is_code(&at.path))
        };
        let place = match group.sources.iter().all(code) {
            true => " in code",
            false => "",
        };
        let text = text
            .then(words::verb_for(n, " has ", " have "))
            .and(mark_name(group));
        let text = match value {
            Some(_) => return marked(text, group),
            None => text.then(place),
        };
        return end(text.from(&sources));
    }
    let mut text = Text {
        spans: vec![mark_name(group)],
        sources: Vec::new(),
    };
    if group.name.contains('`') {
        text.spans = inline(group.name);
    }
    if !group.elements.is_empty() {
        text = text
            .then(" in ")
            .spans(names(group.elements.iter().copied(), 3));
    }
    marked(text, group)
}

/// Rules by which code refuses that one sentence tells at most.
const RULES: usize = 3;

/// Whether a detail is a condition in the words of the code.
fn is_rule(detail: &str) -> bool {
    detail.starts_with("if `") || detail.starts_with("unless `")
}

/// Names whose effect was not followed, as sentences: what each says of itself alone, those that a
/// guard or a count of fields joins together, and bare names in one sentence that claims nothing.
pub(super) fn named_texts(groups: &[Group]) -> Vec<Text> {
    type Key<'k> = (Vec<&'k str>, String);
    /// Whose guard it is, the word that joins, and each name that it guards.
    type Guard<'k> = (Key<'k>, &'static str, Vec<(&'k str, &'k Group<'k>)>);
    let mut items: Vec<Text> = Vec::new();
    let mut guards: Vec<Guard> = Vec::new();
    let mut bare: Vec<(Vec<&str>, Vec<&Group>)> = Vec::new();
    let mut fields: Vec<(Vec<&str>, Vec<&Group>)> = Vec::new();
    let mut told: Vec<(Vec<&str>, Vec<&Group>)> = Vec::new();
    let mut refused: Vec<(Key, Vec<&Group>)> = Vec::new();
    for g in groups {
        let detail = g.detail.map_or("", str::trim);
        if is_rule(detail) {
            let key = (g.elements.clone(), g.name.to_owned());
            match refused.iter_mut().find(|(k, _)| *k == key) {
                Some((_, all)) => all.push(g),
                None => refused.push((key, vec![g])),
            }
            continue;
        }
        // Where some rules were read, that others were not is in the sentence that names them.
        let ruled = |of: &Group| {
            of.elements == g.elements && of.name == g.name && of.detail.is_some_and(is_rule)
        };
        if detail.is_empty() && groups.iter().any(ruled) {
            continue;
        }
        // One guard of many handlers, or before many classes, is one guard.
        const PLACED: [(&str, &str); 3] = [
            ("guards ", " guards "),
            ("before all of ", ": before all of "),
            ("before some actions of ", ": before some actions of "),
        ];
        let guarded = PLACED.iter().find_map(|(begin, joint)| {
            let of = detail.strip_prefix(begin)?.trim_matches('`');
            (!of.contains([' ', '`'])).then_some((*joint, of))
        });
        if g.name.contains('`') {
            items.push(mark_text(g));
        } else if let Some((joint, of)) = guarded {
            let key = (g.elements.clone(), g.name.to_owned());
            match (guards.iter_mut()).find(|(k, j, _)| *k == key && *j == joint) {
                Some((.., all)) => all.push((of, g)),
                None => guards.push((key, joint, vec![(of, g)])),
            }
        } else {
            let list = match () {
                () if detail.ends_with(" checked fields") => &mut fields,
                () if detail.is_empty() || repeats(g.name, detail) => &mut bare,
                () => &mut told,
            };
            let same = |of: &Group| of.detail == g.detail || detail.ends_with(" checked fields");
            let fits = |all: &Vec<&Group>| all.first().is_some_and(|f| same(f));
            let bare = detail.is_empty() || repeats(g.name, detail);
            match list
                .iter_mut()
                .find(|(k, all)| *k == g.elements && (bare || fits(all)))
            {
                Some((_, all)) => all.push(g),
                None => list.push((g.elements.clone(), vec![g])),
            }
        }
    }
    let within = |text: Text, elements: &[&str]| match elements.is_empty() {
        true => text,
        false => text.then(" in ").spans(names(elements.iter().copied(), 3)),
    };
    let sources = |all: &[&Group]| {
        let each = all.iter().filter_map(|g| g.sources.first().copied());
        first_places(each, 3)
    };
    let mut out: Vec<Text> = Vec::new();
    for ((elements, name), joint, all) in &guards {
        let mut guarded: Vec<&str> = all.iter().map(|(of, _)| *of).collect();
        guarded.dedup();
        let text = within(Text::code(name.trim_end_matches('.')), elements);
        let text = text.then(*joint).spans(names(guarded, 5));
        let of: Vec<&Group> = all.iter().map(|(_, g)| *g).collect();
        out.push(end(text.from(&sources(&of))));
    }
    for ((elements, name), all) in &refused {
        let text = Text::default().spans(inline(name));
        let text = within(text, elements);
        // At the places that were read, not in all there are.
        let mut text = text.then(" at least ");
        for (at, g) in all.iter().take(RULES).enumerate() {
            let joint = match at {
                0 => "",
                _ if at + 1 == all.len() => ", and ",
                _ => ", ",
            };
            text = text.then(joint).spans(inline(g.detail.unwrap_or_default()));
        }
        let text = match all.len().saturating_sub(RULES) {
            0 => text,
            n => text.then(format!(", and at {}", words::count(n, "more place"))),
        };
        let of: Vec<&Group> = all.iter().take(RULES).copied().collect();
        out.push(end(text.from(&sources(&of))));
    }
    out.extend(items);
    for (elements, all) in &told {
        let [first, _, ..] = all.as_slice() else {
            out.extend(all.iter().map(|g| mark_text(g)));
            continue;
        };
        let text = Text::default().spans(names(all.iter().map(|g| g.name), 4));
        let text = within(text, elements);
        let said = first.detail.map_or("", unquoted);
        let said = words::short(said, 140);
        let text = match said.contains(' ') {
            true => said_of(text, &said, true),
            false => text.then(" (").then_code(said).then(")"),
        };
        out.push(end(text.from(&sources(all))));
    }
    for (elements, all) in &fields {
        let text = within(Text::plain("Fields are checked"), elements).then(": ");
        let spans = all.iter().flat_map(|g| {
            let count = g.detail.unwrap_or_default();
            let count = count.split(' ').next().unwrap_or_default();
            [
                Span::Code(g.name.to_owned()),
                Span::Plain(format!(" ({count})")),
            ]
        });
        let spans: Vec<Span> = spans.collect();
        let mut text = text;
        for (at, pair) in spans.chunks(2).take(5).enumerate() {
            text = text
                .then(if at > 0 { ", " } else { "" })
                .spans(pair.to_vec());
        }
        if all.len() > 5 {
            text = text.then(format!(" and {} more", words::number(all.len() as u64 - 5)));
        }
        out.push(end(text.from(&sources(all))));
    }
    for (elements, all) in &bare {
        let text = Text::plain("Named in code or configuration");
        let text = match elements.is_empty() {
            true => text,
            false => text.then(" of ").spans(names(elements.iter().copied(), 3)),
        };
        let text = text.then(": ");
        let text = text.spans(names(all.iter().map(|g| g.name), 5));
        out.push(end(text.from(&sources(all))));
    }
    out
}

fn mark_name(group: &Group) -> Span {
    Span::Code(group.name.to_owned())
}

/// The text with the detail of the mark and its source.
fn marked(mut text: Text, group: &Group) -> Text {
    let detail = group
        .detail
        .map(unquoted)
        .filter(|d| !d.is_empty() && !repeats(group.name, d));
    if let Some(detail) = detail {
        let detail = words::short_steps(detail, 140);
        // One word is a value or a name; several are a phrase.
        text = match detail.contains(' ') {
            true => said_of(text, &detail, false),
            false => text.then(" (").then_code(detail).then(")"),
        };
    }
    end(text.from(&first_places(group.sources.iter().copied(), 3)))
}
