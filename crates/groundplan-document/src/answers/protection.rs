//! What is encrypted, closed, limited and checked.

use super::checked::{field_texts, refusals};
use super::failures::is_code;
use super::found::{found, mark_text, more, named_texts, repeats};
use super::goals::distinct;
use super::operation_guards::optional_ones;
use super::records;
use super::security::{Guard, guard, library_texts, marks_and_libraries, seen_texts};
use super::seen::{among, end, groups, is_aside};
use crate::answer::Answer;
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{bullets, first_places, inline, name, names, plain_cell, table};
use crate::tree::{Block, Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    CHECKED_BY_PROGRAM, DEFAULT_IN_PROGRAM, ENCRYPTED_FIELD, Element, Observation, Operation,
    Provenance, Setting, Topic, UNCHECKED,
};
use std::collections::{BTreeMap, BTreeSet};

records! {
    "application-security": application_security, "What protects the application itself.";
    "cors": cors, "Which web pages of other origins may call.";
    "encryption": encryption, "What is encrypted on the wire and at rest.";
    "input-validation": input_validation, "How input is checked.";
    "network-security": network_security, "Which networks and ports are open to whom.";
    "rate-limiting": rate_limiting, "How much one client may ask for.";
    "security-headers": security_headers, "Response headers that protect browsers.";
}

fn plain_addresses<'a>(c: &Context<'a>) -> Vec<(&'a Setting, &'a str)> {
    c.blueprint
        .settings
        .iter()
        .filter(|s| !s.secret)
        .filter_map(|s| Some((s, plain_address(s.value.as_deref()?)?)))
        .filter_map(|(s, host)| {
            s.element.as_deref().and_then(|id| c.element(id))?;
            // A host may be another name of a part, as links give them; a reader knows the part.
            let all = || c.blueprint.elements.iter();
            let named = all().find(|e| e.name == host);
            let mut known = all().filter(|e| e.aliases.iter().any(|a| a == host));
            match (named, known.next(), known.next()) {
                (Some(e), ..) | (None, Some(e), None) => Some((s, e.name.as_str())),
                (None, Some(_), Some(_)) => Some((s, host)),
                (None, None, _) => None,
            }
        })
        .collect()
}

/// The host of an address whose scheme sends everything in the clear, unless it is this machine.
pub(super) fn plain_address(value: &str) -> Option<&str> {
    let value = value.strip_prefix("jdbc:").unwrap_or(value);
    let (scheme, rest) = value.split_once("://")?;
    let open = [
        "http",
        "redis",
        "amqp",
        "mongodb",
        "ldap",
        "PLAINTEXT",
        "nats",
        "mqtt",
    ];
    let lower = rest.to_ascii_lowercase();
    let secured = [
        "sslmode=require",
        "sslmode=verify",
        "ssl=true",
        "tls=true",
        "usessl=true",
        "encrypt=true",
    ];
    // Clients of these ask for TLS by themselves, unless they are told not to.
    let refused = [
        "sslmode=disable",
        "ssl=false",
        "tls=false",
        "usessl=false",
        "ssl-mode=disabled",
    ];
    let told = matches!(scheme, "postgres" | "postgresql" | "mysql" | "mariadb")
        && refused.iter().any(|s| lower.contains(s));
    if !(open.contains(&scheme) || told) || secured.iter().any(|s| lower.contains(s)) {
        return None;
    }
    let host = rest.split(['/', ':', '?', ',', ';']).next().unwrap_or("");
    (!host.is_empty()
        && !host.contains(['$', '{', '*'])
        && !host.starts_with("localhost")
        && !host.starts_with("127."))
    .then_some(host)
}

/// Where TLS is set: in code by its library, in a proxy by the file that sets it.
fn tls_texts(c: &Context) -> Vec<Text> {
    let all = c.seen(Topic::Tls);
    let in_code = |o: &Observation| o.name == "TLS settings in code";
    // A directive of a proxy is a fact of the proxy whose file it is, wherever that lies.
    let file = |o: &Observation| {
        let path = o.provenance.evidence.first().map(|e| e.path.as_str())?;
        let directive = !o.name.contains([' ', '`']) && o.detail.is_some();
        (directive && path.ends_with(".conf")).then(|| path.to_owned())
    };
    let code: Vec<&Observation> = all.iter().filter(|o| in_code(o)).copied().collect();
    let mut items = Vec::new();
    for g in groups(c, &code) {
        let text = match g.elements.is_empty() {
            true => Text::plain("Code sets up TLS"),
            false => Text::plain("Code of ")
                .spans(names(g.elements.iter().copied(), 4))
                .then(words::verb_for(
                    g.elements.len(),
                    " sets up TLS",
                    " set up TLS",
                )),
        };
        let bare = g.detail.map(|d| d.strip_suffix(UNCHECKED).unwrap_or(d));
        let text = match bare {
            Some(library) => text.then(" with ").then_code(library),
            None => text,
        };
        let places = first_places(g.sources.iter().copied(), 3);
        let how = match g.detail.is_some_and(|d| d.ends_with(UNCHECKED)) {
            true => " and can take any certificate there",
            false => "",
        };
        items.push(end(text.then(how).from(&places)));
    }
    for o in all.iter().filter(|o| !in_code(o)) {
        if let Some(path) = file(o) {
            let text = Text::code(path)
                .then(" sets ")
                .then_code(&o.name)
                .then(" to ")
                .then_code(words::short(o.detail.as_deref().unwrap_or("").trim(), 80));
            items.push(end(text.from(&o.provenance)));
        }
    }
    let open = |o: &Observation| o.name.ends_with(" without TLS");
    let plain: Vec<&Observation> = all.iter().filter(|o| open(o)).copied().collect();
    let mut kinds: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for o in plain {
        kinds.entry(&o.name).or_default().push(o);
    }
    for (name, seen) in kinds {
        let parts = distinct(
            seen.iter()
                .filter_map(|o| o.element.as_deref())
                .map(|id| c.name_of(id)),
        );
        let text = match parts.is_empty() {
            true => Text::plain(format!("Code speaks {name}")),
            false => Text::plain("Code of ")
                .spans(names(parts, 5))
                .then(format!(" can speak {name}")),
        };
        items.push(end(
            text.from(&first_places(seen.iter().map(|o| &o.provenance), 3))
        ));
    }
    let rest = |o: &&&Observation| !in_code(o) && !open(o) && file(o).is_none();
    let rest: Vec<&Observation> = all.iter().filter(rest).copied().collect();
    let all = groups(c, &rest);
    match c.designed() {
        true => items.extend(all.iter().map(mark_text)),
        false => items.extend(named_texts(&all)),
    }
    items
}

/// How the survey ends the name of a hash that passwords are kept as.
const FOR_PASSWORDS: &str = " for passwords";

/// The name by which the survey tells that an encoder is called.
const HASHED: &str = "a hash for passwords";

/// The hash or library that the name of an import of one gives.
fn hash_of(name: &str) -> Option<&str> {
    name.strip_suffix(" password hashes")
        .or_else(|| name.strip_prefix("password hashes of "))
}

/// Whether a library of that name is told of itself, with what it is for.
fn is_known(c: &Context, hash: &str) -> bool {
    c.blueprint.dependencies.iter().any(|d| {
        let technology = d.technology.as_deref().unwrap_or_default();
        technology.eq_ignore_ascii_case(hash)
    })
}

/// How passwords are kept, which is no encryption: the hash that new ones get, those that are only checked, and
/// libraries that hash.
pub(super) fn password_texts(c: &Context) -> Vec<Text> {
    let seen = c.seen(Topic::Encryption).to_vec();
    let mut items = marks_and_libraries(
        c,
        &[Topic::Encryption],
        |name| hash_of(name).is_some_and(|hash| is_known(c, hash)),
        |t| guard(t) == Some(Guard::Passwords),
    );
    items.extend(hash_texts(c, &seen));
    for g in groups(c, &seen) {
        let Some(hash) = hash_of(g.name).filter(|hash| !is_known(c, hash)) else {
            continue;
        };
        let text = match g.elements.is_empty() {
            true => Text::plain("Code imports "),
            false => Text::default()
                .spans(names(g.elements.iter().copied(), 4))
                .then(words::verb_for(g.elements.len(), " imports ", " import ")),
        };
        let text = text.then(hash).then(" to hash passwords");
        items.push(end(text.from(&first_places(g.sources.iter().copied(), 2))));
    }
    items
}

/// Whether an observation is of how passwords are hashed.
pub(crate) fn is_of_passwords(o: &Observation) -> bool {
    o.name.ends_with(FOR_PASSWORDS)
}

/// How passwords are hashed by those of the observations that tell of it.
pub(super) fn hash_texts(c: &Context, seen: &[&Observation]) -> Vec<Text> {
    let mut by: BTreeMap<Option<&str>, Vec<&Observation>> = BTreeMap::new();
    for o in seen {
        if is_of_passwords(o) {
            by.entry(o.element.as_deref()).or_default().push(o);
        }
    }
    // Encoders that are declared and called in no part of their own are often copies of one file:
    // they are one sentence for each hash.
    let mut declared: BTreeMap<Vec<&str>, Vec<(Option<&str>, &Observation)>> = BTreeMap::new();
    let mut items = Vec::new();
    for (element, all) in by {
        let (called, made): (Vec<&Observation>, Vec<&Observation>) =
            all.into_iter().partition(|o| o.name == HASHED);
        // What code calls by the name of the hash is a call.
        let is_call = made.iter().any(|o| o.detail.is_none());
        if called.is_empty() && !is_call {
            let of = distinct(made.iter().map(|o| hash_name(o)));
            let all = declared.entry(of).or_default();
            all.extend(made.into_iter().map(|o| (element, o)));
            continue;
        }
        let (new, old) = (hashes(&made, false), hashes(&made, true));
        let text = match element {
            Some(id) => Text::code(c.name_of(id)).then(" hashes passwords"),
            None => Text::plain("Code hashes passwords"),
        };
        let text = match new.is_empty() {
            true => text,
            false => text.then(format!(" with {}", words::list(&new, "or"))),
        };
        let text = match old.is_empty() {
            true => text,
            false => text.then(format!(
                ", and checks with {} what was hashed before",
                words::list(&old, "and")
            )),
        };
        let places = called.iter().chain(&made).map(|o| &o.provenance);
        items.push(end(text.from(&first_places(places, 3))));
    }
    for (of, all) in declared {
        let hash = match of.is_empty() {
            true => String::new(),
            false => format!(" ({})", words::list(&of, "and")),
        };
        let parts = distinct(all.iter().filter_map(|(e, _)| *e));
        let first = all.iter().filter_map(|(_, o)| o.provenance.first());
        let at: BTreeSet<_> = first.map(|at| (&at.path, at.lines)).collect();
        let places = words::count(at.len(), "place");
        let text = Text::plain(format!("A password encoder{hash} is declared"));
        let text = match parts.as_slice() {
            [] => text,
            some => {
                let names_of = some.iter().map(|id| c.name_of(id));
                text.then(" in ").spans(names(names_of, 4))
            }
        };
        // Names of parts say already how many there are of one place each.
        let text = match at.len() > parts.len().min(4) {
            true if at.len() > 1 => text.then(format!(", {places} in all")),
            _ => text,
        };
        let text = text.then("; no call that hashes a password with it was followed");
        items.push(end(
            text.from(&first_places(all.iter().map(|(_, o)| &o.provenance), 3))
        ));
    }
    items
}

/// The hashes that new passwords get, or those that are only checked.
fn hashes<'o>(all: &[&'o Observation], old: bool) -> Vec<&'o str> {
    let is_old = |o: &&&Observation| o.detail.as_deref() == Some("only checked");
    let of_kind = all.iter().filter(|o| is_old(o) == old);
    distinct(of_kind.map(|o| hash_name(o)))
}

fn hash_name(o: &Observation) -> &str {
    o.name.strip_suffix(FOR_PASSWORDS).unwrap_or(&o.name)
}

fn encryption<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.encryption").into_iter().collect();
    items.extend(tls_texts(c));
    items.extend(marks_and_libraries(
        c,
        &[Topic::Encryption],
        |name| {
            !name.ends_with(FOR_PASSWORDS)
                && !name.starts_with(ENCRYPTED_FIELD)
                && hash_of(name).is_none()
        },
        |_| false,
    ));
    let fields = field_texts(c);
    let some = !fields.is_empty();
    items.extend(fields);
    items.extend(library_texts(c, |t| {
        t.category == Category::Secrets && t.about.contains("certificates")
    }));
    let plain = plain_addresses(c);
    if !plain.is_empty() {
        let hosts = distinct(plain.iter().map(|(_, host)| *host));
        let verb = words::verb_for(
            hosts.len(),
            " is reached without TLS",
            " are reached without TLS",
        );
        // Addresses that stand in code or in mounted files were not compared.
        let text = Text::plain("By addresses in settings, at least ")
            .spans(names(hosts, 6))
            .then(verb);
        items.push(end(
            text.from(&first_places(plain.iter().map(|(s, _)| &s.provenance), 4))
        ));
    }
    if items.is_empty() {
        return c.absent_topics(
            &[Topic::Tls, Topic::Encryption],
            "TLS setting, certificate or encryption key",
            &[
                "gateway and proxy configuration",
                "Kubernetes manifests",
                "addresses in settings",
                "package manifests",
            ],
            "encryption",
        );
    }
    if c.designed() {
        return found(items).unwrap_or(Answer::Gap("encryption"));
    }
    let lead = match some {
        true => "What else is encrypted at rest is asked in ",
        false => "What is encrypted at rest is asked in ",
    };
    let at_rest = c.asked_in(Text::default(), lead, "encryption");
    match found(items) {
        Some(Answer::Said { text, blocks }) if blocks.is_empty() => {
            Answer::text(text.then(" ").append(at_rest))
        }
        Some(Answer::Said { text, mut blocks }) => {
            blocks.push(Block::Paragraph(at_rest));
            Answer::both(text, blocks)
        }
        other => other.unwrap_or(Answer::Gap("encryption")),
    }
}

/// The value of a port that is published, but at no fixed port of the host.
pub(super) const DYNAMIC: &str = "dynamic";

/// The published ports of an element that are fixed: one that the container engine picks is known to
/// who started it.
pub(super) fn fixed_ports(e: &Element) -> Vec<&groundplan_model::Attribute> {
    let mut all = e.reachable_ports();
    all.retain(|a| a.value != DYNAMIC);
    all
}

/// The file that publishes a port.
pub(super) fn file_of(port: &groundplan_model::Attribute) -> Option<&str> {
    port.provenance.first().map(|at| at.path.as_str())
}

fn network_policies(c: &Context) -> Vec<Text> {
    let all: Vec<&Observation> = c.seen(Topic::NetworkPolicy).to_vec();
    let groups = groups(c, &all);
    if groups.len() <= 4 {
        return groups.iter().map(mark_text).collect();
    }
    let mut items = Vec::new();
    let closed = groups.iter().find(|g| {
        g.detail
            .is_some_and(|d| d.starts_with("for everything") && d.contains("no ingress"))
    });
    let sources = groups.iter().filter_map(|g| g.sources.first().copied());
    let text = Text::plain(format!(
        "{} say who may reach whom: ",
        words::capital(&words::spelled_count(groups.len(), "network policy"))
    ));
    let text = text.spans(names(distinct(groups.iter().map(|g| g.name)), 5));
    items.push(end(text.from(&first_places(sources, 3))));
    if let Some(closed) = closed {
        let text = Text::code(closed.name).then(" closes whatever the others do not open");
        items.push(end(
            text.from(&first_places(closed.sources.iter().copied(), 1))
        ));
    }
    items
}

/// Ports that Compose files open for containers which are no parts of the system.
fn ports_of_environments(c: &Context) -> Vec<Text> {
    const MOST: usize = 4;
    let mut items = Vec::new();
    for e in c.blueprint.environments.iter().take(MOST) {
        let of = |key: &str| -> Vec<_> { e.attributes.iter().filter(|a| a.key == key).collect() };
        let local = of("local-port");
        if !local.is_empty() {
            let noun = words::verb_for(local.len(), "a port", "ports");
            let values = distinct(local.iter().map(|a| a.value.as_str()));
            let text = Text::code(&e.name).then(format!(
                " opens {noun} on the address of the machine itself only: {}",
                words::list(&values, "and")
            ));
            items.push(end(
                text.from(&first_places(local.iter().map(|a| &a.provenance), 3))
            ));
        }
        let all = of("published-port");
        if all.is_empty() {
            continue;
        }
        let noun = words::verb_for(all.len(), "a port", "ports");
        let values = distinct(all.iter().map(|a| a.value.as_str()));
        let what = match e.tier {
            groundplan_model::EnvironmentTier::Development => ", for development",
            groundplan_model::EnvironmentTier::Test => ", for tests",
            _ => "",
        };
        let text = Text::code(&e.name).then(format!(
            " opens {noun} of the host{what}: {}",
            words::list(&values, "and")
        ));
        items.push(end(
            text.from(&first_places(all.iter().map(|a| &a.provenance), 3))
        ));
    }
    items
}

fn network_security<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.network").into_iter().collect();
    items.extend(network_policies(c));
    let (open, picked): (Vec<&Element>, Vec<&Element>) = c
        .containers
        .iter()
        .filter(|e| !e.reachable_ports().is_empty())
        .copied()
        .partition(|e| !fixed_ports(e).is_empty());
    if !open.is_empty() {
        let mut spans = Vec::new();
        let of_development = |e: &&Element| super::deployment::is_of_development(e);
        let bench = open.iter().all(of_development);
        for e in &open {
            let all = fixed_ports(e);
            let ports = distinct(all.iter().map(|a| a.value.as_str()));
            let own = distinct(all.iter().copied().filter_map(file_of));
            // Another file may publish more.
            let by = match own.len() {
                0 => String::new(),
                _ => format!(", by {}", words::list(&own, "and")),
            };
            let stage = match of_development(e) && !bench {
                true => ", for development",
                false => "",
            };
            spans.push(Span::Plain(format!(
                "{} ({}{by}{stage})",
                e.name,
                words::list(&ports, "and")
            )));
        }
        // Services of a file that are no parts here publish ports as well.
        let n = among(c, open.len(), "container");
        let verb = words::verb_for(open.len(), " answers", " answer");
        let stage = if bench { ", for development" } else { "" };
        let text = Text::plain(format!("{n}{verb} on ports of the host{stage}: "));
        let text = text.spans(words::list_spans(spans, 8, "and"));
        let sources = open
            .iter()
            .flat_map(|e| e.reachable_ports())
            .map(|a| &a.provenance);
        items.push(end(text.from(&first_places(sources, 4))));
    }
    if !picked.is_empty() {
        // What starts a process picks its port, as the engine does for a container.
        let processes = picked.iter().any(|e| super::deployment::is_process(e));
        let (noun, by) = match processes {
            true => ("part", "picked at the start"),
            false => ("container", "that the container engine picks"),
        };
        let n = words::spelled_count(picked.len(), noun);
        let verb = words::verb_for(picked.len(), " answers", " answer");
        let text = Text::plain(format!(
            "{}{verb} on a port of the host {by}: ",
            words::capital(&n)
        ));
        let text = text.spans(names(picked.iter().map(|e| e.name.as_str()), 8));
        let sources = picked.iter().flat_map(|e| e.reachable_ports());
        items.push(end(
            text.from(&first_places(sources.map(|a| &a.provenance), 4))
        ));
    }
    let open: Vec<&Element> = open.into_iter().chain(picked).collect();
    let stores: Vec<&&Element> = open.iter().filter(|e| e.is_store()).collect();
    if !stores.is_empty() {
        let verb = words::verb_for(
            stores.len(),
            " among them keeps data",
            " among them keep data",
        );
        let text = Text::default()
            .spans(names(stores.iter().map(|e| e.name.as_str()), 4))
            .then(verb);
        items.push(end(text.from(&first_places(
            stores
                .iter()
                .flat_map(|e| e.reachable_ports())
                .map(|a| &a.provenance),
            3,
        ))));
    }
    let mut networks: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for e in &c.containers {
        for a in e.attributes_of("network") {
            let entry = networks.entry(&a.value).or_default();
            entry.0.push(&e.name);
            entry.1.push(&a.provenance);
        }
    }
    if networks.len() > 1 {
        for (network, (members, sources)) in networks.iter().take(4) {
            let text = Text::plain("Network ")
                .then_code(*network)
                .then(" joins ")
                .spans(names(members.iter().copied(), 6));
            items.push(end(text.from(&first_places(sources.iter().copied(), 2))));
        }
    }
    items.extend(super::deployment::services_outside(c));
    if items.is_empty() {
        items.extend(ports_of_environments(c));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "network policy, published port or separate network",
            &[
                "Kubernetes manifests",
                "Compose files",
                "gateway and proxy configuration",
            ],
            "network-security",
        )
    })
}

fn hardening(c: &Context) -> Vec<Text> {
    // What a cloud runs has no process of the system's own.
    let started =
        |e: &&&Element| e.attribute("deployed-by").is_some() && !super::volumes::is_elsewhere(e);
    let total = c.containers.iter().filter(started).count();
    // Without values, any counts.
    let rules: [(&str, &[&str], &str, &str); 6] = [
        (
            "run-as-non-root",
            &["true"],
            "must not run as root",
            "must not run as root",
        ),
        (
            "gives-root-up",
            &[],
            "goes on as another user after it starts",
            "go on as another user after they start",
        ),
        (
            "read-only-root-filesystem",
            &["true"],
            "cannot write to its own file system",
            "cannot write to their own file system",
        ),
        (
            "capabilities.drop",
            &["all", "ALL"],
            "gives up all Linux capabilities",
            "give up all Linux capabilities",
        ),
        (
            "security-options",
            &["no-new-privileges:true"],
            "cannot gain privileges",
            "cannot gain privileges",
        ),
        (
            "privileged",
            &["true"],
            "runs privileged, as root of its host",
            "run privileged, as root of their host",
        ),
    ];
    let mut items = Vec::new();
    for (key, values, one, many) in rules {
        let with = |e: &Element| {
            // What is given back after all was taken away is told where capabilities are listed.
            let kept = key == "capabilities.drop" && e.attribute("capabilities.add").is_some();
            !kept
                && e.attributes_of(key)
                    .any(|a| values.is_empty() || values.contains(&a.value.as_str()))
        };
        let all: Vec<&Element> = (c.containers.iter().filter(|e| with(e)))
            // An image may give root up that nothing starts.
            .filter(started)
            .copied()
            .collect();
        if all.is_empty() {
            continue;
        }
        let sources = all
            .iter()
            .flat_map(|e| e.attributes_of(key))
            .map(|a| &a.provenance);
        let places = first_places(sources, 3);
        let text = match all.len() {
            n if n > 3 && n == total => {
                Text::plain(format!("All {} {many}", words::count(total, "container")))
            }
            n if n > 3 => Text::plain(format!(
                "{} of {} {many}",
                words::capital(&words::spelled(n)),
                words::count(total, "container")
            )),
            n => Text::default()
                .spans(names(all.iter().map(|e| e.name.as_str()), 3))
                .then(format!(" {}", words::verb_for(n, one, many))),
        };
        items.push(end(text.from(&places)));
    }
    items
}

/// Whether a contract describes an operation: contracts come first among its places.
pub(super) fn in_contract(operation: &Operation) -> bool {
    const ENDS: [&str; 7] = [
        ".yaml",
        ".yml",
        ".json",
        ".proto",
        ".graphql",
        ".graphqls",
        ".wsdl",
    ];
    let first = operation.provenance.evidence.first();
    first.is_some_and(|at| ENDS.iter().any(|end| at.path.ends_with(end)))
}

fn application_security<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.application").into_iter().collect();
    items.extend(validation_texts(c).into_iter().take(3));
    items.extend(limit_texts(c).into_iter().take(2));
    items.extend(
        seen_texts(c, Topic::SecurityHeader, |_| true)
            .into_iter()
            .take(USUAL_HEADERS.len()),
    );
    items.extend(library_texts(c, |t| guard(t) == Some(Guard::Headers)));
    let mut operations: Vec<_> = c.primary_operations().map(|(_, o)| o).collect();
    // What only code offers stands in no contract that could name a scheme for it.
    let guards = |o: &&&Operation| !o.security.is_empty();
    if operations.iter().filter(guards).all(|o| in_contract(o)) {
        operations.retain(|o| in_contract(o));
    }
    let guarded = operations.iter().filter(guards).count();
    if guarded > 0 {
        let verb = words::verb_for(guarded, "names", "name");
        let its = words::verb_for(guarded, "its", "their");
        let text = Text::plain(format!(
            "{guarded} of {} {verb} a security scheme in {its} contract",
            words::count(operations.len(), "operation of contracts")
        ))
        .then(optional_ones(operations.iter().copied()));
        let sources = operations
            .iter()
            .filter(|o| !o.security.is_empty())
            .map(|o| &o.provenance);
        items.push(end(text.from(&first_places(sources, 3))));
    }
    items.extend(hardening(c));
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[
                Topic::InputValidation,
                Topic::RateLimit,
                Topic::SecurityHeader,
            ],
            "input check, rate limit, security header or container hardening",
            &[
                "package manifests",
                "gateway and proxy configuration",
                "deployment files",
            ],
            "application-security",
        )
    })
}

/// Whether a constraint is one that the table holds its rows to; what the program checks before it writes, or
/// writes where nothing is given, is none.
fn is_check(constraint: &str) -> bool {
    let of_program = [CHECKED_BY_PROGRAM, DEFAULT_IN_PROGRAM];
    let upper = constraint.to_uppercase();
    !of_program.iter().any(|begin| constraint.starts_with(begin))
        && (["CHECK (", "CHECK("].iter())
            .any(|word| upper.starts_with(word) || upper.contains(&format!(" {word}")))
}

fn validation_texts(c: &Context) -> Vec<Text> {
    let mut items = marks_and_libraries(
        c,
        &[Topic::InputValidation],
        |_| true,
        |t| t.category == Category::Validation,
    );
    let checked = c.entities.iter().flat_map(|e| {
        e.fields
            .iter()
            .filter(|f| f.constraints.iter().any(|x| is_check(x)))
            .map(move |f| (e, f))
    });
    let checked: Vec<_> = checked.collect();
    if !checked.is_empty() {
        let spans = checked
            .iter()
            .map(|(e, f)| Span::Code(format!("{}.{}", e.name, f.name)))
            .collect();
        let text =
            Text::plain("The database itself checks ").spans(words::list_spans(spans, 5, "and"));
        items.push(end(text.from(&first_places(
            checked.iter().map(|(_, f)| &f.provenance),
            3,
        ))));
    }
    items.extend(refusals(c));
    items
}

fn input_validation<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    found(validation_texts(c)).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::InputValidation],
            "validation library or check constraint",
            &["package manifests", "SQL migrations"],
            "application-security",
        )
    })
}

/// What was seen about a topic, but for examples that users copy and the server of developers.
fn of_system<'a>(c: &Context<'a>, topic: Topic) -> Vec<&'a Observation> {
    let all = c.seen(topic).iter();
    all.filter(|o| !is_aside(&o.provenance)).copied().collect()
}

fn limit_texts(c: &Context) -> Vec<Text> {
    marks_and_libraries(
        c,
        &[Topic::RateLimit],
        |_| true,
        |t| t.category == Category::RateLimit,
    )
}

fn rate_limiting<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = declared(c, "security.rate_limits").into_iter().collect();
    items.extend(limit_texts(c));
    // Attempts to sign in that lock an account bound one account, and no rate of requests.
    let locks = of_system(c, Topic::Authentication);
    let locks = locks.iter().find(|o| o.name == "account lockout");
    let locks = locks.map(|o| {
        let after = o.detail.as_deref().unwrap_or_default();
        let text = Text::plain("An account is locked ").spans(inline(after));
        text.then(".").from(&o.provenance)
    });
    found(items).unwrap_or_else(|| {
        let absent = c.absent_topics(
            &[Topic::RateLimit],
            "rate limit or quota",
            &[
                "nginx, Caddy, HAProxy and Traefik rules",
                "Ingress annotations",
                "package manifests",
            ],
            "rate-limits",
        );
        match absent {
            Answer::Absent(mut absence) => {
                absence.documented = absence.documented.or(locks);
                Answer::Absent(absence)
            }
            other => other,
        }
    })
}

fn cors<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = of_system(c, Topic::Cors);
    let mut items = Vec::new();
    for g in groups(c, &all) {
        let any = [Some(g.name), g.detail]
            .into_iter()
            .flatten()
            .any(|t| t.trim_matches(['"', '\'', '[', ']', ' ']) == "*");
        // The name of a constructor is no rule.
        let built = ["default", "new", "builder", "cors"];
        let text = match g.detail.map(str::trim).filter(|d| built.contains(d)) {
            Some(_) => {
                let text = Text::code(g.name).then(" is set up");
                let text = match g.elements.is_empty() {
                    true => text,
                    false => text
                        .then(" in ")
                        .spans(names(g.elements.iter().copied(), 3)),
                };
                end(text.from(&first_places(g.sources.iter().copied(), 3)))
            }
            // A header that code sets stands in the answers that pass there, and only in those.
            None if g.name == "Access-Control-Allow-Origin" => {
                let who = names(g.elements.iter().copied(), 3);
                let text = match g.elements.is_empty() {
                    true => Text::plain("Code sets "),
                    false => Text::plain("Code of ").spans(who).then(" sets "),
                };
                let value = g.detail.unwrap_or("what it computes");
                let text = text.then_code(g.name).then(" to ");
                let text = match g.detail {
                    Some(value) => text.then_code(value),
                    None => text.then(value),
                };
                items.push(end(text
                    .then(" in answers that pass there")
                    .from(&first_places(g.sources.iter().copied(), 3))));
                continue;
            }
            None => mark_text(&g),
        };
        items.push(match any {
            true => Text::plain("Pages of any origin may read the answers: ").append(text),
            false => text,
        });
    }
    items.extend(library_texts(c, |t| guard(t) == Some(Guard::Cors)));
    found(items).unwrap_or_else(|| {
        c.absent_topics(
            &[Topic::Cors],
            "CORS rule",
            &[
                "nginx and Traefik rules",
                "Ingress annotations",
                "package manifests",
            ],
            "application-security",
        )
    })
}

/// The headers that the OWASP Secure Headers Project names first.
const USUAL_HEADERS: [&str; 5] = [
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
];

fn security_headers<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = of_system(c, Topic::SecurityHeader);
    let groups = groups(c, &all);
    let libraries = library_texts(c, |t| guard(t) == Some(Guard::Headers));
    if groups.is_empty() {
        return found(libraries).unwrap_or_else(|| {
            c.absent_topics(
                &[Topic::SecurityHeader],
                "security header",
                &["nginx, Caddy and Traefik rules", "package manifests"],
                "application-security",
            )
        });
    }
    let rows = groups
        .iter()
        .take(12)
        .map(|g| {
            let place = first_places(g.sources.iter().copied(), 2);
            vec![
                name(g.name).from(&place),
                plain_cell(&words::short(
                    g.detail
                        .filter(|d| !repeats(g.name, d.trim()))
                        .unwrap_or(""),
                    120,
                )),
            ]
        })
        .collect();
    let mut blocks = vec![table(&["Header or middleware", "Value"], rows)];
    if groups.len() > 12 {
        blocks.push(Block::Paragraph(more(groups.len() - 12)));
    }
    // A header that code sets stands in the answers that pass there, be it one page or all of them.
    let by_code = groups.iter().any(|g| {
        let mut places = g.sources.iter().flat_map(|s| &s.evidence);
        g.name.contains('-') && places.any(|at| is_code(&at.path))
    });
    if by_code {
        let text = "What code sets stands in the answers that pass the places named.";
        blocks.push(Block::Paragraph(Text::plain(text)));
    }
    if !libraries.is_empty() {
        blocks.push(bullets(libraries));
    } else {
        let set = |header: &str| groups.iter().any(|g| g.name.eq_ignore_ascii_case(header));
        let named = USUAL_HEADERS.iter().any(|h| set(h));
        let missing: Vec<&str> = USUAL_HEADERS.iter().filter(|h| !set(h)).copied().collect();
        // Code may set the others by a helper that was not read; rules of a proxy are there in full.
        if named && !missing.is_empty() && !by_code {
            let verb = words::verb_for(
                missing.len(),
                " was not found beside them.",
                " were not found beside them.",
            );
            blocks.push(Block::Paragraph(
                Text::default().spans(names(missing, 5)).then(verb),
            ));
        }
    }
    Answer::blocks(blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_tls_are_told_by_their_scheme() {
        for (value, host) in [
            ("redis://cache:6379", Some("cache")),
            ("jdbc:postgresql://db:5432/shop", None),
            ("postgresql://db:5432/shop?sslmode=disable", Some("db")),
            ("http://orders/api?x=1", Some("orders")),
            ("PLAINTEXT://kafka:9092,SSL://kafka:9093", Some("kafka")),
            ("rediss://cache:6379", None),
            ("https://orders", None),
            ("postgresql://db/shop?sslmode=require", None),
            ("http://localhost:80", None),
            ("http://${HOST}/", None),
            ("http://", None),
            ("no address", None),
            ("", None),
        ] {
            assert_eq!(plain_address(value), host, "{value}");
        }
    }
}
