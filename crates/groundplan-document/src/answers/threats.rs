//! The threat model: stories that follow from what was seen, by STRIDE.

use super::found::{users_of, with_role};
use super::goals::distinct;
use super::protection::{plain_address, published, written_secrets};
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, inline, names};
use crate::tree::{Block, Item, Text};
use crate::words;
use groundplan_model::{
    Audience, Element, ElementKind, InterfaceKind, Provenance, RelationshipKind, Role, Topic,
};
use std::collections::BTreeMap;

records! {
    "threat-model": threat_model, "Threats as stories, the worst first.";
}

/// Fewer stories than this, and somebody is asked for more.
const LEAST: usize = 5;
/// More stories than this are not read.
const MOST_STORIES: usize = 8;

/// One story: what it may cost, its STRIDE word, and the sentences.
struct Story {
    /// Higher stands first: 3 takes data or control, 2 needs one more step, 1 takes time.
    weight: u8,
    category: &'static str,
    text: Text,
}

fn story(weight: u8, category: &'static str, text: Text) -> Story {
    Story { weight, category, text: end(text) }
}

/// `Nothing` or what was seen that stands against it.
fn against(c: &Context, topics: &[Topic]) -> Option<Text> {
    let seen: Vec<_> = topics.iter().flat_map(|t| c.seen(*t)).copied().collect();
    let all = distinct(seen.iter().map(|o| o.name.as_str()));
    if all.is_empty() {
        return None;
    }
    let policies = seen.iter().all(|o| o.topic == Topic::NetworkPolicy);
    let verb = words::verb_for(all.len(), " Against it stands ", " Against it stand ");
    let text = match policies && all.len() > 3 {
        true => Text::plain(format!("{verb}{}.", words::count(all.len(), "network policy"))),
        false => Text::plain(verb).spans(names(all, 3)).then("."),
    };
    Some(text.from(&first_places(seen.iter().map(|o| &o.provenance), 2)))
}

/// The story, and what was seen against it.
fn with_defence(c: &Context, text: Text, topics: &[Topic], none: &str) -> Text {
    let text = end(text);
    match against(c, topics) {
        Some(more) => text.append(more),
        None => text.then(" ").then(none),
    }
}

/// Public operations of elements at which no authentication was seen: spoofing.
fn open_doors(c: &Context) -> Vec<Story> {
    let mut by_element: BTreeMap<&str, Vec<&groundplan_model::Operation>> = BTreeMap::new();
    for i in c.blueprint.interfaces.iter().filter(|i| i.audience == Audience::Public) {
        let Some(id) = i.element.as_deref() else { continue };
        if !i.security_schemes.is_empty() || !c.seen_at(Topic::Authentication, id).is_empty() || has_guard(c, id) {
            continue;
        }
        by_element.entry(id).or_default().extend(i.operations.iter().filter(|o| o.security.is_empty()));
    }
    let mut all: Vec<_> = by_element
        .into_iter()
        .filter_map(|(id, mut operations)| {
            // What changes something is worth more to an attacker than what reads.
            operations.retain(|o| !is_probe(&o.path));
            operations.sort_by_key(|o| {
                let reads = matches!(o.method.as_str(), "GET" | "HEAD" | "OPTIONS");
                (reads, std::cmp::Reverse(money(&o.id)), o.id.clone())
            });
            let first = *operations.first()?;
            let writes = operations.iter().filter(|o| !matches!(o.method.as_str(), "GET" | "HEAD" | "OPTIONS")).count();
            Some((id, operations.len(), writes, first))
        })
        .collect();
    all.sort_by_key(|(id, n, writes, _)| (std::cmp::Reverse((*writes, *n)), *id));
    let rest = all.len().saturating_sub(2);
    all.iter()
        .take(2)
        .enumerate()
        .map(|(i, (id, n, writes, o))| {
            let call = match o.method.as_str() {
                "ANY" => o.path.clone(),
                method => format!("{method} {}", o.path),
            };
            let verb = if *writes > 0 { "sends " } else { "reads " };
            let text = Text::plain(format!("Anybody {verb}"))
                .then_code(call)
                .then(" to ")
                .then_code(c.name_of(id))
                .then(": no check of who calls was found at ")
                .then(match n {
                    1 => "its one public operation".to_owned(),
                    n => format!("any of its {}", words::count(*n, "public operation")),
                });
            let text = match (i, rest) {
                (1, rest) if rest > 0 => end(text).then(format!(" The same holds for {}.", words::spelled_count(rest, "other container"))),
                _ => text,
            };
            let source = c.element(id).map(|e| &e.provenance);
            story(3, "Spoofing", text.from(&first_places([Some(&o.provenance), source].into_iter().flatten(), 2)))
        })
        .collect()
}

fn is_probe(path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    ["health", "healthz", "_healthz", "ready", "readyz", "live", "livez", "ping", "metrics", "favicon.ico", "robots.txt"]
        .contains(&last)
}

/// Whether the manifest of an element holds a library that checks who calls.
fn has_guard(c: &Context, id: &str) -> bool {
    use super::security::{Guard, guard};
    c.blueprint.dependencies.iter().filter(|d| d.element.as_deref() == Some(id)).any(|d| {
        let technology = d.technology.as_deref().and_then(|n| groundplan_knowledge::knowledge().by_name(n));
        technology.and_then(guard).is_some_and(|g| matches!(g, Guard::Authentication | Guard::Both))
    })
}

/// Whether Kubernetes policies or a mesh keep strangers from the services.
fn mutual_tls(c: &Context) -> bool {
    c.seen(Topic::Tls).iter().any(|o| {
        o.detail.as_deref().is_some_and(|d| d.contains("mutual TLS STRICT") || d.contains("MUTUAL to"))
    })
}

/// Services that trust whoever reaches them inside: spoofing.
fn trusted_inside(c: &Context) -> Option<Story> {
    if mutual_tls(c) {
        return None;
    }
    let internal = c.internal.iter().filter_map(|i| Some((*i, i.element.as_deref()?)));
    let open: Vec<_> = internal
        .filter(|(i, id)| {
            i.security_schemes.is_empty() && c.seen_at(Topic::Authentication, id).is_empty() && !has_guard(c, id)
        })
        .filter(|(i, _)| i.operations.iter().any(|o| !is_probe(&o.path)))
        .collect();
    let (interface, id) = *open.iter().max_by_key(|(i, id)| (value(i), c.incoming(id).len(), std::cmp::Reverse(*id)))?;
    let operation = interface
        .operations
        .iter()
        .filter(|o| !is_probe(&o.path))
        .max_by_key(|o| (money(&o.id), !matches!(o.method.as_str(), "GET" | "HEAD")))?;
    let what = match interface.kind {
        InterfaceKind::Grpc => operation.id.clone(),
        _ => format!("{} {}", operation.method, operation.path),
    };
    let n = distinct(open.iter().map(|(_, id)| *id)).len();
    let mut text = Text::plain("A program that has got into the network calls ").then_code(what).then(" of ").then_code(c.name_of(id));
    text = text.then(match interface.kind {
        InterfaceKind::Grpc => " over gRPC; neither mutual TLS nor a token check was found there",
        _ => "; neither mutual TLS nor a token check was found there",
    });
    if n > 1 {
        text = end(text).then(format!(" {} inside trust their callers in the same way.", words::capital(&words::spelled_count(n, "service"))));
    }
    let text = text.from(&first_places([&operation.provenance, &interface.provenance], 2));
    let text = with_defence(c, text, &[Topic::NetworkPolicy], "No network policy was found against it.");
    Some(story(2, "Spoofing", text))
}

/// How much an attacker gains from an operation, by its name.
fn money(name: &str) -> u8 {
    let lower = name.to_lowercase();
    let has = |all: &[&str]| all.iter().any(|w| lower.contains(w));
    match () {
        () if has(&["charge", "payment", "pay", "transfer", "refund", "transaction", "payout"]) => 3,
        () if has(&["order", "user", "account", "admin", "password", "token", "checkout"]) => 2,
        () if has(&["cart", "basket", "create", "update", "delete", "place", "empty", "add", "set"]) => 1,
        () => 0,
    }
}

fn value(i: &groundplan_model::Interface) -> u8 {
    i.operations.iter().map(|o| money(&o.id)).max().unwrap_or(0)
}

/// Secrets that stand in deployment files: information disclosure.
fn readable_secrets(c: &Context) -> Option<Story> {
    let written = written_secrets(c);
    let leaks = c.seen(Topic::SecretLeak);
    if written.is_empty() && leaks.is_empty() {
        return None;
    }
    let first = distinct(leaks.iter().map(|o| o.name.as_str()).chain(written.iter().map(|s| s.name.as_str())));
    let holders = distinct(written.iter().filter_map(|s| s.element.as_deref()).map(|id| c.name_of(id)));
    let n = first.len();
    let verb = words::verb_for(n, "Whoever can read the repository reads the value of ", "Whoever can read the repository reads the values of ");
    let mut text = Text::plain(verb).spans(names(first, 3));
    if !holders.is_empty() {
        text = text.then(" for ").spans(names(holders, 3));
    }
    text = text.then(words::verb_for(n, ", which stands in its files", ", which stand in its files"));
    let sources = leaks.iter().map(|o| &o.provenance).chain(written.iter().map(|s| &s.provenance));
    Some(story(3, "Information disclosure", text.from(&first_places(sources, 4))))
}

/// Stores and administration pages whose ports are open on the host: information disclosure.
fn open_stores(c: &Context) -> Vec<Story> {
    let open = |e: &&&Element| !published(e).is_empty() && e.kind == ElementKind::Container;
    let mut stores: Vec<&Element> = c
        .containers
        .iter()
        .filter(open)
        .filter(|e| e.is_store() || e.role == Some(Role::Broker))
        .copied()
        .collect();
    stores.sort_by_key(|e| !e.is_store());
    let mut all = Vec::new();
    if let Some(first) = stores.first() {
        let port = published(first).first().map_or("", |a| a.value.as_str());
        let text = Text::plain("Anybody who reaches the host can try ")
            .then_code(&first.name)
            .then(" on port ")
            .then_code(port)
            .then(" past every service");
        let text = match users_of(c, first).as_slice() {
            [] => text,
            some => text.then(": what ").spans(names(some.iter().copied(), 3)).then(words::verb_for(
                some.len(),
                " keeps there hangs on its own login alone",
                " keep there hangs on its own login alone",
            )),
        };
        let text = if stores.len() > 1 {
            let others = stores.iter().skip(1).map(|e| e.name.as_str());
            end(text).then(" The same holds for ").spans(names(others, 4))
        } else {
            text
        };
        let sources = stores.iter().flat_map(|e| published(e)).map(|a| &a.provenance);
        all.push(story(3, "Information disclosure", text.from(&first_places(sources, 3))));
    }
    let pages: Vec<&Element> = c
        .containers
        .iter()
        .filter(open)
        .filter(|e| matches!(e.role, Some(Role::Monitoring | Role::Registry | Role::ConfigServer)) || administers(e))
        .filter(|e| !e.technology.iter().any(|t| ["Collector", "Fluent", "Exporter", "exporters"].iter().any(|w| t.contains(w))))
        .copied()
        .collect();
    if let Some(first) = pages.first() {
        let port = published(first).first().map_or("", |a| a.value.as_str());
        let text = Text::plain("Anybody who reaches the host opens ")
            .then_code(&first.name)
            .then(" on port ")
            .then_code(port)
            .then(match first.role {
                Some(Role::ConfigServer) => " and, unless it asks for a password, reads the settings of every service",
                Some(Role::Registry) => " and, unless it asks for a password, learns the address of every service",
                _ if administers(first) => " and, unless it asks for a password, sees what it administers",
                _ => " and, unless it asks for a password, sees how the system is built and loaded",
            });
        let text = if pages.len() > 1 {
            let others = pages.iter().skip(1).map(|e| e.name.as_str());
            end(text).then(words::verb_for(pages.len() - 1, " As open is ", " As open are ")).spans(names(others, 5))
        } else {
            text
        };
        let sources = pages.iter().flat_map(|e| published(e)).map(|a| &a.provenance);
        all.push(story(2, "Information disclosure", text.from(&first_places(sources, 3))));
    }
    all
}

/// Whether an element is a page for administrators of a store.
fn administers(e: &Element) -> bool {
    e.technology.iter().any(|t| {
        let technology = groundplan_knowledge::knowledge().by_name(t);
        technology.is_some_and(|t| t.category == groundplan_knowledge::Category::Dashboard)
    })
}

/// Connections whose address says that everything goes in the clear: information disclosure.
fn plain_wires(c: &Context) -> Option<Story> {
    if mutual_tls(c) {
        return None;
    }
    let mut wires: Vec<(&str, &str, &str, &Provenance, bool)> = Vec::new();
    for s in c.blueprint.settings.iter().filter(|s| !s.secret) {
        let (Some(id), Some(value)) = (s.element.as_deref(), s.value.as_deref()) else { continue };
        let Some(host) = plain_address(value) else { continue };
        let target = c.blueprint.elements.iter().find(|e| e.name == host || e.aliases.iter().any(|a| a == host));
        let Some(target) = target.filter(|t| t.id != id && t.role != Some(Role::Monitoring)) else { continue };
        let scheme = value.strip_prefix("jdbc:").unwrap_or(value).split("://").next().unwrap_or("");
        wires.push((c.name_of(id), target.name.as_str(), scheme, &s.provenance, target.is_store()));
    }
    wires.sort_by_key(|w| (!w.4, w.0, w.1));
    wires.dedup_by_key(|w| (w.0, w.1));
    let (from, to, scheme, source, store) = *wires.first()?;
    let what = if store { "the records that " } else { "what " };
    let text = Text::plain(format!("A listener in the network reads {what}"))
        .then_code(from)
        .then(" and ")
        .then_code(to)
        .then(" exchange: the address begins with ")
        .then_code(format!("{scheme}://"));
    let text = if wires.len() > 1 {
        let n = wires.len() - 1;
        let verb = words::verb_for(n, "does", "do");
        end(text).then(format!(" So {verb} {}.", words::spelled_count(n, "other connection")))
    } else {
        text
    };
    let sources = std::iter::once(source).chain(wires.iter().skip(1).map(|w| w.3));
    Some(story(2, "Information disclosure", text.from(&first_places(sources, 3))))
}

/// Whether nothing pins the content of an image: no tag, or one that moves.
fn is_moving(e: &Element, image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or(image);
    let open = match name.split_once(':') {
        None => true,
        Some((_, tag)) => ["latest", "nightly", "edge", "master", "main"].contains(&tag),
    };
    // A name without a registry that is the element's own is filled in by the build.
    let own = !image.contains('/') && (image == e.name || e.aliases.iter().any(|a| a == image)) && !e.is_store();
    open && !own && !image.contains(['@', '$', '{'])
}

/// Images that another party can replace: tampering.
fn moving_images(c: &Context) -> Option<Story> {
    let mut moving: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for e in &c.containers {
        if e.attribute("build").is_some() || e.source.is_some() {
            continue;
        }
        for a in e.attributes_of("image").filter(|a| is_moving(e, &a.value)) {
            let entry = moving.entry(&a.value).or_default();
            entry.0.push(&e.name);
            entry.1.push(&a.provenance);
        }
    }
    let (image, (users, places)) =
        moving.iter().max_by_key(|(image, (users, _))| (users.len(), std::cmp::Reverse(**image)))?;
    let tagged = image.rsplit('/').next().is_some_and(|n| n.contains(':'));
    let text = Text::plain("Whoever can push to ")
        .then_code(*image)
        .then(" decides what runs as ")
        .spans(names(users.iter().copied(), 4))
        .then(if tagged { ": its tag moves, and no digest pins the content" } else { ": no tag or digest pins the content" });
    let text = match moving.len() - 1 {
        0 => text,
        n => end(text).then(format!(" The same holds for {}.", words::spelled_count(n, "other image"))),
    };
    let others = moving.iter().filter(|(other, _)| *other != image).flat_map(|(_, (_, p))| p.iter());
    let sources = places.iter().take(2).chain(others).copied();
    Some(story(2, "Tampering", text.from(&first_places(sources, 3))))
}

/// Settings that services take from a place outside: tampering.
fn foreign_settings(c: &Context) -> Option<Story> {
    let all = c.blueprint.relationships.iter().filter(|r| r.kind == RelationshipKind::Configures);
    let outside: Vec<_> = all.filter(|r| c.element(&r.to).is_some_and(|e| e.external)).collect();
    let first = outside.first()?;
    let served = c.element(&first.from).map_or(0, |e| {
        let through = c.incoming(&e.id).iter().filter(|r| r.kind == RelationshipKind::Configures);
        through.count()
    });
    let text = Text::plain("Whoever can push to ").then_code(c.name_of(&first.to)).then(" changes the settings of ").then_code(c.name_of(&first.from));
    let text = match served {
        0 => text,
        n => text.then(format!(" and, through it, of {}", words::spelled_count(n, "service"))),
    };
    Some(story(3, "Tampering", text.from(&first.provenance)))
}

/// Containers with the power of their host, and those that run as root: elevation of privilege.
fn mighty_containers(c: &Context) -> Vec<Story> {
    let mut all = Vec::new();
    let mut mighty: Vec<(&Element, &groundplan_model::Attribute, &str)> = Vec::new();
    for e in &c.containers {
        for a in &e.attributes {
            let why = match a.key.as_str() {
                "privileged" if a.value == "true" => "runs privileged",
                "volume" if a.value.contains("docker.sock") => "holds the socket of Docker",
                _ => continue,
            };
            mighty.push((e, a, why));
        }
    }
    if let Some((e, _, why)) = mighty.first() {
        let others = distinct(mighty.iter().map(|(e, _, _)| e.name.as_str()).filter(|n| *n != e.name));
        let text = Text::plain("Whoever breaks into ").then_code(&e.name).then(format!(" owns the host, since it {why}"));
        let text = if others.is_empty() { text } else { end(text).then(" The same goes for ").spans(names(others, 4)) };
        let sources = mighty.iter().map(|(_, a, _)| &a.provenance);
        all.push(story(3, "Elevation of privilege", text.from(&first_places(sources, 3))));
    }
    let root: Vec<&Element> = c.containers.iter().filter(|e| runs_as_root(e)).copied().collect();
    if let Some(first) = root.first() {
        let entry = root.iter().find(|e| !published(e).is_empty()).unwrap_or(first);
        let total = c.containers.iter().filter(|e| e.attribute("base-image").is_some()).count();
        let text = Text::plain("A fault in the code of ").then_code(&entry.name).then(" gives an attacker root inside its container: the Dockerfile sets no other user");
        let text = match root.len() {
            1 => text,
            n if n == total => end(text).then(format!(" So it is in all {} with a Dockerfile.", words::spelled_count(n, "container"))),
            n => end(text).then(format!(" So it is in {} of {} with a Dockerfile.", words::spelled(n), words::spelled_count(total, "container"))),
        };
        let sources = std::iter::once(*entry).chain(root.iter().copied()).filter_map(|e| e.attribute("base-image")).map(|a| &a.provenance);
        all.push(story(1, "Elevation of privilege", text.from(&first_places(sources, 3))));
    }
    all
}

/// Whether an own image names no user, its base none that is known, and the deployment none.
fn runs_as_root(e: &Element) -> bool {
    let bases: Vec<&str> = e.attributes_of("base-image").map(|a| a.value.as_str()).collect();
    let unprivileged = |b: &&str| {
        let lower = b.to_lowercase();
        ["nonroot", "non-root", "chiseled", "unprivileged", "rootless", "chainguard", "bitnami", "$"].iter().any(|w| lower.contains(w))
    };
    let users: Vec<&str> = e.attributes_of("user").map(|a| a.value.as_str()).collect();
    let root = |u: &&str| matches!(u.split(':').next(), Some("0" | "root"));
    !bases.is_empty()
        && !bases.iter().any(|b| unprivileged(&b))
        && users.iter().all(root)
        && !e.attributes_of("run-as-non-root").any(|a| a.value == "true")
}

/// Doors without a limit, and containers without a bound on memory: denial of service.
fn floods(c: &Context) -> Vec<Story> {
    let mut all = Vec::new();
    let mut doors: Vec<&Element> = with_role(c, &[Role::Gateway, Role::Ui]);
    doors.extend(c.containers.iter().filter(|e| !published(e).is_empty() && e.role == Some(Role::Service)));
    doors.retain(|e| !e.external && !administers(e));
    // The door that is open stands before one that only others reach.
    doors.sort_by_key(|e| {
        (e.role == Some(Role::Service), published(e).is_empty(), e.role != Some(Role::Gateway))
    });
    let door = doors.first();
    let limited = !c.seen(Topic::RateLimit).is_empty()
        || !super::found::products(c, |t| t.category == groundplan_knowledge::Category::RateLimit).is_empty();
    if let (Some(door), false) = (door, limited) {
        let behind: Vec<_> = c
            .outgoing(&door.id)
            .iter()
            .filter(|r| {
                let aside = [Role::Monitoring, Role::Library, Role::ConfigServer, Role::Registry];
                c.element(&r.to).is_some_and(|e| !e.external && !e.role.is_some_and(|r| aside.contains(&r)))
            })
            .collect();
        let targets = distinct(behind.iter().map(|r| c.name_of(&r.to)));
        let text = Text::plain("One client floods ").then_code(&door.name);
        let text = if targets.is_empty() {
            text.then(": no rate limit was found")
        } else {
            text.then(" and, through it, ").spans(names(targets, 4)).then(": no rate limit was found")
        };
        let sources = std::iter::once(&door.provenance).chain(behind.iter().map(|r| &r.provenance));
        let text = end(text.from(&first_places(sources, 3)));
        all.push(story(2, "Denial of service", text));
    }
    let deployed: Vec<&Element> = c.containers.iter().filter(|e| e.attribute("deployed-by").is_some()).copied().collect();
    let unbounded: Vec<&Element> = deployed.iter().filter(|e| e.attribute("limit.memory").is_none()).copied().collect();
    if let Some(first) = unbounded.first() {
        let text = Text::plain("A leak or a large request in ").then_code(&first.name).then(" takes the memory of its neighbours: no memory limit was found for ");
        let text = match (unbounded.len(), deployed.len()) {
            (1, _) => text.then("it"),
            (n, total) if n == total => text.then(format!("any of the {}", words::spelled_count(n, "container"))),
            (n, total) => text.then(format!("{} of {}", words::spelled(n), words::spelled_count(total, "container"))),
        };
        let sources = unbounded.iter().filter_map(|e| e.attribute("deployed-by")).map(|a| &a.provenance);
        all.push(story(1, "Denial of service", text.from(&first_places(sources, 3))));
    }
    all
}

/// Actions that leave no trace: repudiation.
fn no_trace(c: &Context) -> Option<Story> {
    let audited = !c.seen(Topic::AuditLog).is_empty()
        || c.containers.iter().any(|e| e.name.to_lowercase().contains("audit"))
        || c.blueprint.entities.iter().any(|e| e.name.to_lowercase().contains("audit"));
    if audited {
        return None;
    }
    let all = c.blueprint.interfaces.iter().filter_map(|i| Some((i, i.element.as_deref()?)));
    let (_, id, o) = all
        .flat_map(|(i, id)| i.operations.iter().map(move |o| (i, id, o)))
        .filter(|(_, _, o)| !matches!(o.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "ANY") && money(&o.id) > 0)
        .max_by_key(|(i, id, o)| (money(&o.id), i.audience == Audience::Public, std::cmp::Reverse((*id, o.id.as_str()))))?;
    let what = if o.method == "RPC" { o.id.clone() } else { format!("{} {}", o.method, o.path) };
    let text = Text::plain("Somebody denies having called ")
        .then_code(what)
        .then(" of ")
        .then_code(c.name_of(id))
        .then(": no audit record was found that would show it");
    Some(story(1, "Repudiation", text.from(&o.provenance)))
}

/// Any origin may read answers: information disclosure.
fn any_origin(c: &Context) -> Option<Story> {
    let wide = c.seen(Topic::Cors).iter().find(|o| {
        [Some(o.name.as_str()), o.detail.as_deref()].into_iter().flatten().any(|t| t.trim_matches(['"', '\'', '[', ']', ' ']) == "*")
    })?;
    let text = Text::plain("A page of another origin reads answers in the browser of a user who is signed in: ").then_code(&wide.name).then(" allows ").then_code("*");
    Some(story(1, "Information disclosure", text.from(&wide.provenance)))
}

fn stride(letter: &str) -> &str {
    match letter.trim() {
        "S" => "Spoofing",
        "T" => "Tampering",
        "R" => "Repudiation",
        "I" => "Information disclosure",
        "D" => "Denial of service",
        "E" => "Elevation of privilege",
        other => other,
    }
}

fn threat_model<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Item> = Vec::new();
    for t in &c.blueprint.threats {
        let mut text = Text { spans: inline(&words::sentence(&t.story)), sources: vec![t.provenance.clone()] };
        if !t.mitigations.is_empty() {
            let against = words::list(&t.mitigations, "and");
            text = text.then(" Against it: ").spans(inline(&words::sentence(&against)));
        }
        items.push(Item::labelled(stride(&t.category), text));
    }
    let mut stories: Vec<Story> = open_doors(c);
    stories.extend(readable_secrets(c));
    stories.extend(open_stores(c));
    stories.extend(trusted_inside(c));
    stories.extend(plain_wires(c));
    stories.extend(moving_images(c));
    stories.extend(foreign_settings(c));
    stories.extend(mighty_containers(c));
    stories.extend(floods(c));
    stories.extend(no_trace(c));
    stories.extend(any_origin(c));
    stories.sort_by_key(|s| std::cmp::Reverse(s.weight));
    let total = items.len() + stories.len();
    // Two of a kind first, so that one kind does not hide the others.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (first, rest): (Vec<Story>, Vec<Story>) = stories.into_iter().partition(|s| {
        let n = counts.entry(s.category).or_default();
        *n += 1;
        *n <= 2
    });
    items.extend(first.into_iter().chain(rest).map(|s| Item::labelled(s.category, s.text)));
    if items.is_empty() {
        return Answer::Gap("threat-review");
    }
    items.truncate(MOST_STORIES.max(c.blueprint.threats.len()));
    let shown = items.len();
    let list = Block::List { ordered: false, items };
    let ask = match (total < LEAST, total > shown) {
        (true, _) => Text::plain(format!("Files show {}; what people who know the business would add is asked in ", words::spelled_count(total, "threat"))),
        (false, _) => Text::plain("These follow from files alone; motives and assets are asked in "),
    };
    let ask = ask.and(c.ask("threat-review")).then(".");
    Answer::blocks(vec![list, Block::Paragraph(ask)])
}
