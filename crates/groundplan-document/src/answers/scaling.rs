//! Sizes, limits, replicas, probes, and what was done for load, speed and availability.

use super::components::scaling_text;
use super::deployment::{by_value, names_of, on_kubernetes, places, told};
use super::found::{found, more, product_text, products};
use super::records;
use super::seen::{Group, end, groups, item};
use crate::answer::{Absence, Answer};
use crate::context::{Context, counted};
use crate::text::{bullets, first_places, name, names, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{Attribute, Element, Observation, RelationshipKind, Role, Topic};

records! {
    "availability-measures": |c, _| availability_measures(c), "What keeps it up when a part fails.";
    "capacity": |c, _| capacity(c), "What it bears today.";
    "health-checks": |c, _| health_checks(c), "How the platform sees whether a part is well.";
    "load-balancing": |c, _| load_balancing(c), "What spreads requests over parts and replicas.";
    "optimizations": |c, _| optimizations(c), "What was done for speed.";
    "resource-limits": |c, _| resource_limits(c), "The most that containers may use.";
    "resource-sizing": |c, _| resource_sizing(c), "Size, count and auto-scaling of each container.";
    "scaling": |c, _| scaling(c), "What adds replicas.";
}

/// The number of replicas that a deployment file sets.
pub(super) fn replicas(e: &Element) -> Option<u32> {
    e.attribute("replicas")
        .and_then(|a| a.value.trim().parse().ok())
}

/// Processor time in thousandths of a core: `200m`, `0.5`, `2`.
fn millicores(value: &str) -> Option<u64> {
    let value = value.trim();
    if let Some(milli) = value.strip_suffix('m') {
        return milli.parse().ok();
    }
    let cores: f64 = value.parse().ok()?;
    (cores.is_finite() && (0.0..1e6).contains(&cores)).then_some((cores * 1000.0).round() as u64)
}

/// Memory in bytes: `180Mi`, `1G`, `1073741824`.
fn bytes(value: &str) -> Option<u64> {
    let value = value.trim();
    let digits = value
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .count();
    let (number, unit) = value.split_at_checked(digits)?;
    let number: f64 = number.parse().ok()?;
    let factor: f64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "ki" | "kib" => 1024.0,
        "m" | "mb" => 1e6,
        "mi" | "mib" => 1024.0 * 1024.0,
        "g" | "gb" => 1e9,
        "gi" | "gib" => 1024.0 * 1024.0 * 1024.0,
        "t" | "tb" => 1e12,
        "ti" | "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let all = number * factor;
    (all.is_finite() && (0.0..1e18).contains(&all)).then_some(all.round() as u64)
}

/// `0.2`, `1.57`, `2`: at most two digits after the point.
fn decimal(n: f64) -> String {
    let text = format!("{n:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn cores_text(milli: u64) -> String {
    format!("{} vCPU", decimal(milli as f64 / 1000.0))
}

fn bytes_text(n: u64) -> String {
    const MIB: f64 = 1024.0 * 1024.0;
    let mib = n as f64 / MIB;
    if mib >= 1024.0 {
        format!("{} GiB", decimal(mib / 1024.0))
    } else {
        format!("{} MiB", decimal(mib))
    }
}

fn amount(e: &Element, kind: &str, what: &str) -> Option<String> {
    let value = &e.attribute(&format!("{kind}.{what}"))?.value;
    let read = match what {
        "cpu" => millicores(value).map(cores_text),
        _ => bytes(value).map(bytes_text),
    };
    Some(read.unwrap_or_else(|| words::short(value, 30)))
}

/// `0.2 vCPU, 180 MiB` of `request` or `limit`; empty if nothing is set.
pub(super) fn amounts(e: &Element, kind: &str) -> String {
    let all: Vec<String> = ["cpu", "memory"]
        .iter()
        .filter_map(|what| amount(e, kind, what))
        .collect();
    all.join(", ")
}

fn size(e: &Element) -> String {
    let (asked, most) = (amounts(e, "request"), amounts(e, "limit"));
    match (asked.is_empty(), most.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("{asked}, without a limit"),
        (true, false) => format!("at most {most}"),
        (false, false) => format!("{asked}; at most {most}"),
    }
}

fn is_size(a: &Attribute) -> bool {
    a.key.starts_with("request.")
        || a.key.starts_with("limit.")
        || a.key.starts_with("scaling.")
        || a.key == "replicas"
}

fn auto(e: &Element) -> String {
    let value = |key: &str| e.attribute(key).map(|a| a.value.as_str());
    let range = match (value("scaling.min"), value("scaling.max")) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(max)) => format!("up to {max}"),
        (Some(min), None) => format!("from {min}"),
        (None, None) => return "no".to_owned(),
    };
    match value("scaling.metric") {
        Some(metric) => format!("{range}, by {metric}"),
        None => range,
    }
}

fn resource_sizing(c: &Context) -> Answer {
    let sized: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attributes.iter().any(is_size))
        .copied()
        .collect();
    let said = told(c, &["deployment.sizing"]).unwrap_or_default();
    if sized.is_empty() {
        return match said.is_empty() {
            false => Answer::text(said),
            true => c.absent(
                "resource request, limit or replica count",
                &["Compose and Kubernetes files"],
                "sizing",
            ),
        };
    }
    let rows = sized
        .iter()
        .take(20)
        .map(|e| {
            let sources = e
                .attributes
                .iter()
                .filter(|a| is_size(a))
                .map(|a| &a.provenance);
            let size = size(e);
            let size = if size.is_empty() {
                "no size set".to_owned()
            } else {
                size
            };
            vec![
                name(&e.name),
                Text::plain(size).from(&first_places(sources, 2)),
                Text::plain(replicas(e).map_or("1, the default".to_owned(), |n| n.to_string())),
                Text::plain(auto(e)),
            ]
        })
        .collect();
    let mut blocks = vec![table(
        &["Component", "Instance Type", "Count", "Auto-scale"],
        rows,
    )];
    if sized.len() > 20 {
        blocks.push(Block::Paragraph(more(sized.len() - 20)));
    }
    if let Some(text) = sum_text(c) {
        blocks.push(Block::Paragraph(end(text)));
    }
    Answer::both(said, blocks)
}

/// What all requests of the system add up to.
fn sum_text(c: &Context) -> Option<Text> {
    let times = |e: &Element| u64::from(replicas(e).unwrap_or(1));
    let sum = |what: &str, read: fn(&str) -> Option<u64>| -> (u64, Vec<String>) {
        let key = format!("request.{what}");
        let all = c
            .containers
            .iter()
            .filter_map(|e| Some((*e, read(&e.attribute(&key)?.value)?)));
        let all: Vec<_> = all.collect();
        let total = all.iter().fold(0u64, |sum, (e, n)| {
            sum.saturating_add(n.saturating_mul(times(e)))
        });
        (total, all.iter().map(|(e, _)| e.id.clone()).collect())
    };
    let (cpu, by_cpu) = sum("cpu", millicores);
    let (memory, by_memory) = sum("memory", bytes);
    let mut parts = Vec::new();
    if by_cpu.len() > 1 {
        parts.push(cores_text(cpu));
    }
    if by_memory.len() > 1 {
        parts.push(bytes_text(memory));
    }
    if parts.is_empty() {
        return None;
    }
    let n = by_cpu.len().max(by_memory.len());
    let text = Text::plain(format!(
        "The requests of {} add up to {}",
        words::count(n, "container"),
        words::list(&parts, "and")
    ));
    let inputs = if by_cpu.len() >= by_memory.len() {
        by_cpu
    } else {
        by_memory
    };
    Some(counted(
        text,
        "sum of request × replicas over the containers that set a request",
        inputs,
    ))
}

fn resource_limits(c: &Context) -> Answer {
    let has = |e: &&&Element, key: &str| e.attribute(key).is_some();
    let mut items: Vec<Text> = Vec::new();
    for (key, noun, read) in [
        (
            "limit.memory",
            "memory limit",
            bytes as fn(&str) -> Option<u64>,
        ),
        (
            "limit.cpu",
            "processor limit",
            millicores as fn(&str) -> Option<u64>,
        ),
    ] {
        let with: Vec<&Element> = c
            .containers
            .iter()
            .filter(|e| has(e, key))
            .copied()
            .collect();
        if with.is_empty() {
            continue;
        }
        let mut sizes: Vec<(u64, &Element)> = with
            .iter()
            .filter_map(|e| Some((read(&e.attribute(key)?.value)?, *e)))
            .collect();
        sizes.sort_by_key(|(n, e)| (*n, e.id.clone()));
        let shown = |n: u64| {
            if key == "limit.cpu" {
                cores_text(n)
            } else {
                bytes_text(n)
            }
        };
        let verb = words::verb_for(with.len(), "has", "have");
        let mut text = Text::plain(format!(
            "{} of {} {verb} a {noun}",
            words::number(with.len() as u64),
            words::count(c.containers.len(), "container")
        ));
        if let (Some((low, least)), Some((high, most))) = (sizes.first(), sizes.last()) {
            text = match low == high {
                true => text.then(format!(" of {}", shown(*low))),
                false => text
                    .then(format!(", from {} (", shown(*low)))
                    .then_code(&least.name)
                    .then(format!(") to {} (", shown(*high)))
                    .then_code(&most.name)
                    .then(")"),
            };
        }
        items.push(end(text.from(&places(with, key, 3))));
    }
    if items.is_empty() {
        return c.absent(
            "memory or processor limit",
            &["Compose and Kubernetes files"],
            "sizing",
        );
    }
    let without: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some() && !has(e, "limit.memory"))
        .copied()
        .collect();
    if !without.is_empty() {
        let verb = words::verb_for(
            without.len(),
            " may take all memory of its host",
            " may take all memory of their host",
        );
        let text = Text::plain("Without a memory limit, ")
            .spans(names_of(&without, 5))
            .then(verb);
        items.push(end(text.from(&places(without, "deployed-by", 2))));
    }
    found(items).unwrap_or(Answer::Gap("sizing"))
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
    if let Some(answer) = found(items) {
        return answer;
    }
    let started = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some())
        .count();
    if started == 0 || !c.surveyed() {
        return c.absent(
            "autoscaler or replica count",
            &["Compose and Kubernetes files"],
            "scaling",
        );
    }
    let text = Text::plain(format!(
        "No autoscaler was found, and no replica count above one (searched: Compose and Kubernetes files): {}.",
        match started {
            1 => "the one container runs once".to_owned(),
            n => format!("each of {} containers runs once", words::number(n as u64)),
        }
    ));
    Answer::Absent(Absence::because(text.from(&places(
        c.containers.iter().copied(),
        "deployed-by",
        2,
    ))))
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
        let text = Text::code(&e.name)
            .then(super::found::kind_of(e))
            .then(" spreads requests by route over ");
        let to = super::goals::distinct(routes.iter().map(|r| c.name_of(&r.to)));
        items.push(end(text
            .spans(names(to, 6))
            .from(&first_places(routes.iter().map(|r| &r.provenance), 3))));
    }
    let registries = products(c, |t| {
        matches!(
            t.category,
            Category::ServiceRegistry | Category::ServiceMesh
        )
    });
    items.extend(registries.iter().map(product_text));
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
                "No deployment file sets more than one replica, so no load is spread over copies of a part",
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
    let with: Vec<&Element> = c
        .containers
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
    let mut alike: Vec<(String, Vec<&Element>, Vec<&Attribute>)> = Vec::new();
    for e in &with {
        for a in probes(e).into_iter().take(3) {
            let kind = a.key.strip_prefix("probe.").unwrap_or("health check");
            let words = format!("{kind}: {}", words::short(&a.value, 90));
            match alike.iter_mut().find(|(known, ..)| *known == words) {
                Some((_, elements, all)) => {
                    elements.push(e);
                    all.push(a);
                }
                None => alike.push((words, vec![e], vec![a])),
            }
        }
    }
    alike.sort_by_key(|(_, elements, _)| std::cmp::Reverse(elements.len()));
    let total = alike.len();
    for (check, elements, all) in alike.into_iter().take(8) {
        let (kind, value) = check.split_once(": ").unwrap_or(("", &check));
        let text = Text::default()
            .spans(names_of(&elements, 4))
            .then(format!(": {kind} "))
            .then_code(value);
        items.push(end(
            text.from(&first_places(all.into_iter().map(|a| &a.provenance), 2))
        ));
    }
    if total > 8 {
        items.push(more(total - 8));
    }
    items.extend(in_code.iter().take(3).map(|g: &Group| end(item(g))));
    let without: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some() && probes(e).is_empty())
        .copied()
        .collect();
    if !without.is_empty() && !with.is_empty() {
        let verb = words::verb_for(
            without.len(),
            "hangs unnoticed until it exits",
            "hang unnoticed until they exit",
        );
        let text = Text::plain("Without a probe, ")
            .spans(names_of(&without, 6))
            .then(format!(" {verb}"));
        items.push(end(text.from(&places(without, "deployed-by", 2))));
    }
    let n = words::number(with.len() as u64);
    let verb = words::verb_for(with.len(), "is", "are");
    let text = match with.len() {
        0 => Text::plain("No probe calls the health endpoints that code offers:"),
        _ => Text::plain(format!(
            "{n} of {} {verb} probed:",
            words::count(c.containers.len(), "container")
        )),
    };
    Answer::both(text, vec![bullets(items)])
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
        .filter(|(p, _)| *p != "no")
    {
        let text = Text::plain(format!(
            "Restart policy of {}: ",
            words::count(elements.len(), "container")
        ))
        .then_code(policy);
        items.push(end(text.from(&places(elements, "restart", 2))));
    }
    for topic in [Topic::Retry, Topic::CircuitBreaker, Topic::Timeout] {
        let word = match topic {
            Topic::Retry => "Retry: ",
            Topic::CircuitBreaker => "Circuit breaker: ",
            _ => "Timeout: ",
        };
        let seen: Vec<&Observation> = c.seen(topic).to_vec();
        items.extend(
            groups(c, &seen)
                .iter()
                .take(3)
                .map(|g| end(Text::plain(word).append(item(g)))),
        );
    }
    let libraries = products(c, |t| t.category == Category::Resilience);
    items.extend(libraries.iter().map(product_text));
    let started: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_some())
        .copied()
        .collect();
    if many.is_empty() && !started.is_empty() && !items.is_empty() {
        let text = Text::plain(
            "No part has a second replica, so the failure of any of them is felt until it is back",
        );
        items.push(end(text.from(&places(started, "deployed-by", 2))));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "replica, probe, restart policy or retry",
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
            .then(" is ")
            .then_code(value);
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
            let verb = words::verb_for(users.len(), " keeps data in ", " keep data in ");
            let text = Text::default()
                .spans(names(users, 4))
                .then(verb)
                .then_code(&e.name);
            items.push(end(text.then(super::found::kind_of(e)).from(
                &first_places(c.incoming(&e.id).iter().map(|r| &r.provenance), 2),
            )));
        }
    }
    let seen: Vec<&Observation> = c.seen(Topic::CacheUse).to_vec();
    items.extend(
        groups(c, &seen)
            .iter()
            .take(4)
            .map(|g| end(Text::plain("Cache: ").append(item(g)))),
    );
    let indexed: Vec<_> = c
        .entities
        .iter()
        .filter(|e| !e.indexes.is_empty())
        .collect();
    let indexes: usize = indexed.iter().map(|e| e.indexes.len()).sum();
    if indexes > 0 {
        let text = Text::plain(format!(
            "{} beside primary keys: ",
            words::count(indexes, "index")
        ));
        let text = text.spans(names(indexed.iter().map(|e| e.name.as_str()), 5));
        items.push(end(text.from(&first_places(
            indexed
                .iter()
                .flat_map(|e| &e.indexes)
                .map(|i| &i.provenance),
            3,
        ))));
    }
    items.extend(pools(c));
    let sent: Vec<_> = c
        .relationships()
        .filter(|r| r.kind == RelationshipKind::Publishes)
        .filter(|r| {
            c.element(&r.from)
                .is_some_and(|e| e.kind == groundplan_model::ElementKind::Container)
        })
        .collect();
    if !sent.is_empty() {
        let from = super::goals::distinct(sent.iter().map(|r| c.name_of(&r.from)));
        let to = super::goals::distinct(sent.iter().map(|r| c.name_of(&r.to)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_all_units() {
        for (text, wanted) in [
            ("200m", Some(200)),
            ("0.5", Some(500)),
            ("2", Some(2000)),
            ("x", None),
            ("-1", None),
        ] {
            assert_eq!(millicores(text), wanted, "{text}");
        }
        for (text, wanted) in [
            ("180Mi", "180 MiB"),
            ("1073741824", "1 GiB"),
            ("1.5Gi", "1.5 GiB"),
            ("512M", "488.28 MiB"),
        ] {
            assert_eq!(bytes(text).map(bytes_text).as_deref(), Some(wanted));
        }
        assert_eq!(bytes("much"), None);
        assert_eq!(bytes(""), None);
        assert_eq!(cores_text(1570), "1.57 vCPU");
    }
}
