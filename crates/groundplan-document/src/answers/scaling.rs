//! Sizes, limits, replicas, probes, and what was done for load, speed and availability.

use super::charted::optional_scaling;
use super::components::scaling_text;
use super::configuration::{is, scoped};
use super::deployment::{
    by_value, is_of_development, names_of, on_kubernetes, places, started, told,
};
use super::found::{found, more, product_text, products};
use super::goals::distinct;
use super::records;
use super::seen::{Group, end, groups, item};
use super::sizes::{replicas, sum_text};
use crate::answer::{Absence, Answer};
use crate::context::Context;
use crate::text::{bullets, first_places, names};
use crate::tree::Text;
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    Attribute, Element, Mode, Observation, Provenance, RelationshipKind, Role, Topic,
};
use std::collections::BTreeMap;

records! {
    "availability-measures": |c, _| availability_measures(c), "What keeps it up when a part fails.";
    "capacity": |c, _| capacity(c), "What it bears today.";
    "health-checks": |c, _| health_checks(c), "How the platform sees whether a part is well.";
    "load-balancing": |c, _| load_balancing(c), "What spreads requests over parts and replicas.";
    "optimizations": |c, _| optimizations(c), "What was done for speed.";
    "scaling": |c, _| scaling(c), "What adds replicas.";
}

/// Whether Docker starts a container again by this policy. Pods have policies too, with capitals;
/// what holds for them follows from their workload.
pub(super) fn docker_restarts(policy: &str) -> bool {
    ["always", "unless-stopped", "any"].contains(&policy) || policy.starts_with("on-failure")
}

fn scaled<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    c.containers
        .iter()
        .filter(|e| e.attribute("scaling.max").is_some())
        .copied()
        .collect()
}

fn scaling(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(
        c,
        &[
            "scaling.auto_scaling",
            "scaling.strategy",
            "scaling",
            "operations.scaling",
        ],
    )
    .into_iter()
    .collect();
    for e in scaled(c) {
        if let Some(text) = scaling_text(e) {
            items.push(end(Text::code(&e.name).then(": ").append(text)));
        }
    }
    let fixed: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("scaling.max").is_none() && replicas(e).is_some_and(|n| n > 1))
        .copied()
        .collect();
    for e in &fixed {
        let n = replicas(e).unwrap_or(1) as usize;
        let text = Text::code(&e.name).then(format!(
            " runs as {}, whatever the load",
            words::count(n, "replica")
        ));
        items.push(end(text.from(&places([*e], "replicas", 1))));
    }
    items.extend(
        c.containers
            .iter()
            .filter_map(|e| Some(end(optional_scaling(e)?))),
    );
    items.extend(chosen(c));
    if let Some(answer) = found(items) {
        return answer;
    }
    let started = started(c)
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some())
        // A DaemonSet runs once on each node.
        .filter(|e| {
            e.attribute("workload")
                .is_none_or(|a| a.value != "DaemonSet")
        })
        .count();
    if started == 0 || !c.surveyed() {
        return c.absent(
            "autoscaler or replica count",
            &["Compose and Kubernetes files"],
            "scaling",
        );
    }
    let absence = Absence::of(
        "autoscaler or replica count above one",
        &["Compose and Kubernetes files"],
    );
    let places = places(c.containers.iter().copied(), "deployed-by", 2);
    let text = c.unless_spoken(absence).sentence().from(&places);
    Answer::Absent(Absence::because(text))
}

/// `` A variable says how many of each run: `WEB_REPLICAS` of `web`, … ``
fn chosen(c: &Context) -> Option<Text> {
    const MOST: usize = 8;
    let all: Vec<(&Element, &Attribute)> = (c.containers.iter())
        .filter_map(|e| Some((*e, e.attribute("replicas-by")?)))
        .collect();
    let (first, by) = all.first()?;
    if let [_] = all.as_slice() {
        let text = Text::code(&by.value)
            .then(" says how many of ")
            .then_code(&first.name);
        return Some(end(text.then(" run").from(&by.provenance)));
    }
    let mut text = Text::plain("Variables say how many of a part run: ");
    for (i, (e, by)) in all.iter().take(MOST).enumerate() {
        let joint = if i == 0 { "" } else { ", " };
        text = text
            .then(joint)
            .then_code(&by.value)
            .then(" of ")
            .then_code(&e.name);
    }
    if all.len() > MOST {
        text = text.then(format!(
            " and {} more",
            words::number((all.len() - MOST) as u64)
        ));
    }
    let places = first_places(all.iter().map(|(_, by)| &by.provenance), 3);
    Some(end(text.from(&places)))
}

fn load_balancing(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["deployment.load_balancing", "scaling.load_balancing"])
        .into_iter()
        .collect();
    for e in c.with_role(&[Role::Gateway]) {
        let routes: Vec<_> = c
            .outgoing(&e.id)
            .iter()
            .filter(|r| r.kind == RelationshipKind::Routes)
            .collect();
        if routes.is_empty() {
            continue;
        }
        // A rule may know hosts alone.
        let by_path = routes.iter().any(|r| {
            let mut paths = r.operations.iter();
            paths.any(|path| path.len() > 1 && path.contains('/'))
        });
        let text = Text::code(&e.name)
            .then(super::found::kind_of(e))
            .then(match by_path {
                true => " routes requests by path to ",
                false => " routes requests to ",
            });
        let to = distinct(routes.iter().map(|r| c.name_of(&r.to)));
        items.push(end(text
            .spans(names(to, 6))
            .from(&first_places(routes.iter().map(|r| &r.provenance), 3))));
    }
    for e in &c.containers {
        for a in e
            .attributes_of("service")
            .filter(|a| a.value.starts_with("LoadBalancer"))
        {
            let service = a.value.split_once(' ').map_or("", |(_, name)| name);
            let text = Text::plain("A load balancer of the cloud leads to ")
                .then_code(&e.name)
                .then(" through the Service ")
                .then_code(service);
            items.push(end(text.from(&a.provenance)));
        }
    }
    let registries = products(c, |t| {
        matches!(
            t.category,
            Category::ServiceRegistry | Category::ServiceMesh
        )
    });
    // What keeps the members of a broker together spreads no requests.
    let coordinates = |p: &&super::found::Product| {
        p.users.is_empty()
            && !p.runs.is_empty()
            && p.runs.iter().all(|e| e.role == Some(Role::Coordinator))
    };
    items.extend(
        (registries.iter())
            .filter(|p| !coordinates(p))
            .map(product_text),
    );
    let many: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| replicas(e).is_some_and(|n| n > 1) || e.attribute("scaling.max").is_some())
        .copied()
        .collect();
    if many.is_empty() {
        let one = by_value(c, "deployed-by");
        let started: Vec<&Element> = one.iter().flat_map(|(_, e)| e.iter().copied()).collect();
        if !items.is_empty() && !started.is_empty() {
            let text = Text::plain(
                "In the deployment files that were read no replica count above one was found",
            );
            items.push(end(text.from(&places(started, "deployed-by", 2))));
        }
    } else {
        let verb = words::verb_for(
            many.len(),
            " can run more than once",
            " can run more than once each",
        );
        let on = on_kubernetes(c);
        let text = Text::default().spans(names_of(&many, 5)).then(verb);
        let text = match many.iter().all(|e| on.iter().any(|k| k.id == e.id)) {
            true => text.then("; their Kubernetes Services choose a pod for each connection"),
            false => text,
        };
        items.push(end(text.from(&places(many, "replicas", 3))));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "load balancer",
            &[
                "gateways and proxies",
                "Kubernetes Services",
                "replica counts of Compose and Kubernetes files",
                "package manifests",
            ],
            "scaling",
        )
    })
}

/// Probes that deployment files set at an element.
pub(super) fn probes(e: &Element) -> Vec<&Attribute> {
    e.attributes
        .iter()
        .filter(|a| a.key.starts_with("probe.") || a.key == "health-check")
        .collect()
}

fn health_checks(c: &Context) -> Answer {
    let all = started(c);
    let with: Vec<&Element> = all
        .iter()
        .filter(|e| !probes(e).is_empty())
        .copied()
        .collect();
    let seen: Vec<&Observation> = c.seen(Topic::HealthCheck).to_vec();
    let in_code = groups(c, &seen);
    if with.is_empty() && in_code.is_empty() {
        return c.absent(
            "health check",
            &[
                "probes of Compose and Kubernetes files",
                "Dockerfiles",
                "health endpoints in code",
            ],
            "deployment",
        );
    }
    let mut items: Vec<Text> = Vec::new();
    let mut alike: BTreeMap<Vec<(&str, Vec<&str>)>, Vec<&Element>> = BTreeMap::new();
    for e in &with {
        let mut checks: Vec<(&str, Vec<&str>)> = Vec::new();
        for a in probes(e).into_iter().take(6) {
            let kind = a.key.strip_prefix("probe.").unwrap_or("health check");
            match checks.iter_mut().find(|(value, _)| *value == a.value) {
                Some((_, kinds)) if !kinds.contains(&kind) => kinds.push(kind),
                Some(_) => {}
                None => checks.push((&a.value, vec![kind])),
            }
        }
        alike.entry(checks).or_default().push(e);
    }
    let mut alike: Vec<_> = alike.into_iter().collect();
    alike.sort_by_key(|(_, elements)| std::cmp::Reverse(elements.len()));
    let total = alike.len();
    for (checks, elements) in alike.into_iter().take(8) {
        let mut text = Text::default().spans(names_of(&elements, 4));
        for (i, (value, kinds)) in checks.iter().enumerate() {
            let joint = if i == 0 { ": " } else { "; " };
            text = text
                .then(format!("{joint}{} ", words::list(kinds, "and")))
                .then_code(words::short(value, 90));
        }
        let sources = elements.iter().flat_map(|e| probes(e).into_iter().take(1));
        items.push(end(
            text.from(&first_places(sources.map(|a| &a.provenance), 2))
        ));
    }
    if total > 8 {
        items.push(more(total - 8));
    }
    items.extend(in_code.iter().take(3).map(|g: &Group| end(item(g))));
    let without: Vec<&Element> = all
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some() && probes(e).is_empty())
        .copied()
        .collect();
    if !without.is_empty() && !with.is_empty() {
        let verb = words::verb_for(
            without.len(),
            ": no probe of it was found in the files that start it",
            ": no probe of them was found in the files that start them",
        );
        let text = Text::default().spans(names_of(&without, 6)).then(verb);
        items.push(end(text.from(&places(without, "deployed-by", 2))));
    }
    let n = words::number(with.len() as u64);
    let verb = words::verb_for(with.len(), "is", "are");
    let text = match with.len() {
        0 if c.designed() => Text::plain("The platform probes:"),
        0 => Text::plain(
            "Code offers health endpoints, for which no probe was found in the files that start containers:",
        ),
        _ => Text::plain(format!(
            "{n} of {} {verb} probed:",
            words::count(all.len(), "container")
        )),
    };
    Answer::both(text, vec![bullets(items)])
}

/// Whether a library softens failures of calls, by what the knowledge base says of it; others of
/// its kind cause failures for tests or answer health checks.
pub(super) fn softens(about: &str) -> bool {
    ["retries", "breaks"].iter().any(|w| about.contains(w))
}

fn availability_measures(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["operations.high_availability"])
        .into_iter()
        .collect();
    let many: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| {
            replicas(e).is_some_and(|n| n > 1)
                || e.attribute("scaling.min").is_some_and(|a| a.value != "1")
        })
        .copied()
        .collect();
    if !many.is_empty() {
        let text = Text::plain("More than one replica: ").spans(names_of(&many, 6));
        items.push(end(text.from(&places(many.iter().copied(), "replicas", 3))));
    }
    let alive: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("probe.liveness").is_some())
        .copied()
        .collect();
    if !alive.is_empty() {
        let n = words::count(alive.len(), "container");
        let verb = words::verb_for(alive.len(), "it stops", "one of them stops");
        let text = Text::plain(format!(
            "Kubernetes restarts {n} when {verb} answering the liveness probe: "
        ))
        .spans(names_of(&alive, 4));
        items.push(end(text.from(&places(alive, "probe.liveness", 3))));
    }
    for (policy, elements) in by_value(c, "restart")
        .into_iter()
        .filter(|(p, _)| docker_restarts(p))
    {
        let text = Text::plain(format!(
            "Restart policy of {}",
            words::count(elements.len(), "container")
        ));
        // Beside other platforms it is not clear whose policy it is.
        let set = elements.iter().flat_map(|e| e.attributes_of("restart"));
        let set = set.filter(|a| a.value == policy);
        let paths = set
            .flat_map(|a| a.provenance.first())
            .map(|e| e.path.as_str());
        let text = text.then(" in ").spans(names(distinct(paths), 3));
        let text = text.then(": ").then_code(policy);
        items.push(end(text.from(&places(elements, "restart", 2))));
    }
    // A timeout ends a wait; it keeps nothing available by itself.
    for (topic, word) in [
        (Topic::Retry, "Retry: "),
        (Topic::CircuitBreaker, "Circuit breaker: "),
    ] {
        let seen: Vec<&Observation> = c.seen(topic).to_vec();
        items.extend(
            groups(c, &seen)
                .iter()
                .take(3)
                .map(|g| end(Text::plain(word).append(item(g)))),
        );
    }
    let libraries = products(c, |t| {
        t.category == Category::Resilience && softens(&t.about)
    });
    items.extend(libraries.iter().map(product_text));
    let started: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some() && !is_of_development(e))
        .copied()
        .collect();
    if many.is_empty() && !started.is_empty() && !items.is_empty() {
        let text = Text::plain(
            "In the deployment files that were read no replica count above one was found",
        );
        items.push(end(text.from(&places(started, "deployed-by", 2))));
    }
    found(items).unwrap_or_else(|| {
        let probed = c.containers.iter().any(|e| !probes(e).is_empty());
        c.absent(
            match probed {
                true => "replica, restart policy or retry",
                false => "replica, probe, restart policy or retry",
            },
            &["Compose and Kubernetes files", "code", "package manifests"],
            "failure-impact",
        )
    })
}

fn capacity(c: &Context) -> Answer {
    if let Some(text) = told(
        c,
        &[
            "scale.capacity",
            "targets.capacity.current",
            "operations.capacity",
            "targets.capacity",
        ],
    ) {
        return Answer::text(text);
    }
    let Some(sum) = sum_text(c) else {
        return Answer::Gap("scale");
    };
    Answer::text(
        end(sum)
            .then(" The load that this bears was not measured: ")
            .and(c.ask("scale"))
            .then("."),
    )
}

/// Settings that size a pool.
fn pools<'a>(c: &Context<'a>) -> Vec<Text> {
    let speaks = |name: &str| {
        let plain: String = name
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        plain.contains("pool")
            && (plain.contains("size") || plain.contains("max") || plain.contains("min"))
    };
    let all = c
        .blueprint
        .settings
        .iter()
        .filter(|s| !s.secret && speaks(&s.name));
    all.filter_map(|s| {
        let value = s
            .value
            .as_deref()
            .filter(|v| v.len() < 40 && v.chars().any(|c| c.is_ascii_digit()))?;
        let text = Text::plain("Pool: ")
            .then_code(&s.name)
            .then(is(Some(s)))
            .then_code(value);
        let text = scoped(text, Some(s));
        let text = match s.element.as_deref() {
            Some(id) => text.then(" in ").then_code(c.name_of(id)),
            None => text,
        };
        Some(end(text.from(&s.provenance)))
    })
    .take(4)
    .collect()
}

fn optimizations(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["performance", "caching.strategy"])
        .into_iter()
        .collect();
    for e in c.with_role(&[Role::Cache]) {
        let users = super::found::users_of(c, e);
        if !users.is_empty() {
            let verb = words::verb_for(users.len(), " uses ", " use ");
            let text = Text::default()
                .spans(names(users, 4))
                .then(verb)
                .then_code(&e.name);
            items.push(end(text.then(super::found::kind_of(e)).from(
                &first_places(c.incoming(&e.id).iter().map(|r| &r.provenance), 2),
            )));
        }
    }
    let seen: Vec<&Observation> = (c.seen(Topic::CacheUse).iter())
        .filter(|o| super::caches::keeps(o))
        .copied()
        .collect();
    let cached = super::caches::application_texts(c, &seen);
    items.extend(cached.into_iter().take(4));
    // What is unique is so for the data to be right, and a key is found by its own index.
    let for_speed = |e: &groundplan_model::Entity| -> Vec<Provenance> {
        // A key of several fields finds none of them alone, but for its first.
        let keys: Vec<&str> = (e.fields.iter().filter(|f| f.primary_key))
            .map(|f| f.name.as_str())
            .collect();
        let key =
            |field: &String| matches!(keys.as_slice(), [one] if one.eq_ignore_ascii_case(field));
        let unique = |field: &String| {
            let mut all = e
                .fields
                .iter()
                .filter(|f| f.name.eq_ignore_ascii_case(field));
            all.any(|f| f.unique)
        };
        let own = e.indexes.iter().filter(|i| !i.unique && !is_implied(e, i));
        let own = own.filter(|i| !(i.fields.len() == 1 && i.fields.iter().all(unique)));
        own.filter(|i| !(i.fields.len() == 1 && i.fields.iter().all(key)))
            .map(|i| i.provenance.clone())
            .collect()
    };
    let indexed: Vec<(&str, Vec<Provenance>)> = c
        .entities
        .iter()
        .map(|e| (e.name.as_str(), for_speed(e)))
        .filter(|(_, own)| !own.is_empty())
        .collect();
    let indexes: usize = indexed.iter().map(|(_, own)| own.len()).sum();
    if indexes > 0 {
        let all = c
            .entities
            .iter()
            .flat_map(|e| e.indexes.iter().map(move |i| (e, i)));
        let aside = match all.filter(|(e, i)| !i.unique && is_implied(e, i)).count() {
            0 => String::new(),
            n => format!(" and {n} that Prisma makes between two models"),
        };
        let text = Text::plain(format!(
            "{} beside primary and unique keys{aside}: ",
            words::count(indexes, "index")
        ));
        let text = text.spans(names(indexed.iter().map(|(name, _)| *name), 5));
        let places = indexed.iter().flat_map(|(_, own)| own);
        items.push(end(text.from(&first_places(places, 3))));
    }
    items.extend(pools(c));
    let sent: Vec<_> = c
        .relationships()
        .filter(|r| r.kind == RelationshipKind::Publishes && r.mode == Mode::Async)
        .filter(|r| {
            c.element(&r.from)
                .is_some_and(|e| e.kind == groundplan_model::ElementKind::Container)
        })
        .collect();
    if !sent.is_empty() {
        let from = distinct(sent.iter().map(|r| c.name_of(&r.from)));
        let to = distinct(sent.iter().map(|r| c.name_of(&r.to)));
        let verb = words::verb_for(
            from.len(),
            " does not wait for those who consume its messages in ",
            " do not wait for those who consume their messages in ",
        );
        let text = Text::default()
            .spans(names(from, 4))
            .then(verb)
            .spans(names(to, 3));
        items.push(end(
            text.from(&first_places(sent.iter().map(|r| &r.provenance), 3))
        ));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "cache, index, pool size or queue",
            &["containers", "migrations", "settings", "code"],
            "optimization",
        )
    })
}

/// Whether Prisma makes an index by itself, for the table that it puts between two models
/// (<https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations>): `_AToB_B_index`
/// over `B` of `_AToB`, which has the fields `A` and `B` alone.
fn is_implied(e: &groundplan_model::Entity, index: &groundplan_model::Index) -> bool {
    let fields: Vec<&str> = e.fields.iter().map(|f| f.name.as_str()).collect();
    e.name.starts_with('_')
        && index.name == format!("{}_B_index", e.name)
        && matches!(fields.as_slice(), ["A", "B"] | ["B", "A"])
}
