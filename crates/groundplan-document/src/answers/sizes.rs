//! Sizes: what containers ask for, may use at most, and how many of each run.

use super::deployment::{names_of, places, started, told};
use super::found::{found, more};
use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::{Context, counted};
use crate::text::{first_places, name, table};
use crate::tree::{Block, Text};
use crate::words;
use groundplan_model::{Attribute, Element};
use std::collections::BTreeSet;

records! {
    "resource-limits": |c, _| resource_limits(c), "The most that containers may use.";
    "resource-sizing": |c, _| resource_sizing(c), "Size, count and auto-scaling of each container.";
}

/// How many run, as a cell: a DaemonSet runs one on each node, and has no count
/// (<https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/>).
pub(super) fn copies(e: &Element) -> String {
    // A cloud starts a function for each event that no running one is free for.
    if e.attribute("runs-as").is_some() && e.attribute("replicas").is_none() {
        return "as many as events ask for".to_owned();
    }
    let workload = e.attribute("workload").map(|a| a.value.as_str());
    match (workload, e.attribute("replicas")) {
        (Some("DaemonSet"), _) => "one per node".to_owned(),
        (_, Some(n)) => n.value.clone(),
        (Some("Job" | "CronJob"), None) => "one at a time, the default".to_owned(),
        (_, None) => "1, the default".to_owned(),
    }
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

/// Memory in bytes: `180Mi`, `1G`, `1073741824`. Docker counts `M` and `G` in powers of 1,024,
/// Kubernetes in powers of 1,000; `binary` says which.
fn bytes(value: &str, binary: bool) -> Option<u64> {
    let value = value.trim();
    let digits = value
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .count();
    let (number, unit) = value.split_at_checked(digits)?;
    let number: f64 = number.parse().ok()?;
    let unit = unit.trim().to_ascii_lowercase();
    let power = match unit.chars().next() {
        None | Some('b') => 0,
        Some('k') => 1,
        Some('m') => 2,
        Some('g') => 3,
        Some('t') => 4,
        _ => return None,
    };
    let base: f64 = if binary || unit.get(1..2) == Some("i") {
        1024.0
    } else {
        1000.0
    };
    let all = number * base.powi(power);
    (all.is_finite() && (0.0..1e18).contains(&all)).then_some(all.round() as u64)
}

/// `0.2`, `1.575`, `2`: at most so many digits after the point.
fn decimal(n: f64, digits: usize) -> String {
    let text = format!("{n:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn cores_text(milli: u64) -> String {
    format!("{} vCPU", decimal(milli as f64 / 1000.0, 3))
}

fn bytes_text(n: u64) -> String {
    const MIB: f64 = 1024.0 * 1024.0;
    let mib = n as f64 / MIB;
    if mib >= 1024.0 {
        format!("{} GiB", decimal(mib / 1024.0, 2))
    } else {
        format!("{} MiB", decimal(mib, 1))
    }
}

fn cpu_of(e: &Element, key: &str) -> Option<u64> {
    millicores(&e.attribute(key)?.value)
}

fn memory_of(e: &Element, key: &str) -> Option<u64> {
    bytes(&e.attribute(key)?.value, e.attribute("workload").is_none())
}

fn amount(e: &Element, kind: &str, what: &str) -> Option<String> {
    let key = format!("{kind}.{what}");
    let read = match what {
        "cpu" => cpu_of(e, &key).map(cores_text),
        _ => memory_of(e, &key).map(bytes_text),
    };
    read.or_else(|| Some(words::short(&e.attribute(&key)?.value, 30)))
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
    // No scheduler takes a request above its limit: the two cannot be of one file.
    let above = |read: fn(&Element, &str) -> Option<u64>, what: &str| {
        let asked = read(e, &format!("request.{what}"));
        matches!((asked, read(e, &format!("limit.{what}"))), (Some(a), Some(b)) if a > b)
    };
    if above(cpu_of, "cpu") || above(memory_of, "memory") {
        return "told differently by several files".to_owned();
    }
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
        (None, None) if e.attribute("runs-as").is_some() => return "by the cloud".to_owned(),
        (None, None) => return "no".to_owned(),
    };
    match value("scaling.metric") {
        Some(metric) => format!("{range}, by {metric}"),
        None => range,
    }
}

/// Columns of the table of sizes.
const SIZES: [&str; 4] = ["Component", "Instance Type", "Count", "Auto-scale"];

fn resource_sizing(c: &Context) -> Answer {
    let mut sized: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attributes.iter().any(is_size))
        .copied()
        .collect();
    // What only a variant starts stands last, and is marked.
    sized.sort_by_key(|e| super::deployment::is_on_demand(e));
    let said = told(c, &["deployment.sizing"]).unwrap_or_default();
    if sized.is_empty() {
        // Beside an environment or a region that is known, a line for each part says that nothing is
        // set.
        let running = started(c);
        let placed = || {
            super::deployment::production(c).is_said() || super::deployment::regions(c).is_said()
        };
        if said.is_empty() && !running.is_empty() && placed() {
            return unsized_parts(&running);
        }
        let stated = c.stated_in_documents("sizing");
        return match (said.is_empty(), stated) {
            (false, _) => Answer::text(said),
            // What its authors ask for is of the whole: one row of the table.
            (true, Some(stated)) => {
                let row = vec![
                    Text::plain("all"),
                    stated,
                    Text::plain("–"),
                    Text::plain("–"),
                ];
                Answer::blocks(vec![table(&SIZES, vec![row])])
            }
            (true, None) => c.absent(
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
            let called = match super::deployment::is_on_demand(e) {
                true => name(&e.name).then(" (variant)"),
                false => name(&e.name),
            };
            vec![
                called,
                Text::plain(size).from(&first_places(sources, 2)),
                Text::plain(copies(e)),
                Text::plain(auto(e)),
            ]
        })
        .collect();
    let mut blocks = vec![table(&SIZES, rows)];
    if sized.len() > 20 {
        blocks.push(Block::Paragraph(more(sized.len() - 20)));
    }
    if let Some(text) = sum_text(c) {
        blocks.push(Block::Paragraph(end(text)));
    }
    Answer::both(said, blocks)
}

/// The parts that are started, or that could be, none of which has a size in the files that were read.
fn unsized_parts(running: &[&Element]) -> Answer {
    let is_deployed = |e: &Element| e.attribute("deployed-by").is_some();
    let none = || "–".to_owned();
    let row = |e: &&Element| {
        vec![
            name(&e.name),
            Text::plain("no size set").from(&first_places([&e.provenance], 1)),
            Text::plain(if is_deployed(e) { copies(e) } else { none() }),
            Text::plain(if is_deployed(e) { auto(e) } else { none() }),
        ]
    };
    let rows = running.iter().take(20).map(row).collect();
    let mut blocks = vec![table(&SIZES, rows)];
    if running.len() > 20 {
        blocks.push(Block::Paragraph(more(running.len() - 20)));
    }
    let said = "No resource request, limit or replica count was found (searched: Compose and Kubernetes files).";
    Answer::both(Text::plain(said), blocks)
}

/// What all requests of the system add up to.
pub(super) fn sum_text(c: &Context) -> Option<Text> {
    let times = |e: &Element| u64::from(replicas(e).unwrap_or(1));
    let sum = |key: &str, read: fn(&Element, &str) -> Option<u64>| -> (u64, Vec<String>) {
        let all = started(c).into_iter();
        let all: Vec<_> = all.filter_map(|e| Some((e, read(e, key)?))).collect();
        let total = all.iter().fold(0u64, |sum, (e, n)| {
            sum.saturating_add(n.saturating_mul(times(e)))
        });
        (total, all.iter().map(|(e, _)| e.id.clone()).collect())
    };
    let (cpu, by_cpu) = sum("request.cpu", cpu_of);
    let (memory, by_memory) = sum("request.memory", memory_of);
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
    // Of several variants the sum is that of one, which has to be named.
    let counted_in: BTreeSet<&str> = started(c)
        .into_iter()
        .flat_map(|e| {
            e.attributes_of("request.cpu")
                .chain(e.attributes_of("request.memory"))
        })
        .filter_map(|a| a.provenance.first())
        .map(|at| at.path.rsplit_once('/').map_or("", |(folder, _)| folder))
        .collect();
    let varied = started(c).iter().any(|e| e.attribute("variant").is_some());
    let place = match (varied, counted_in.iter().next()) {
        (false, _) => Text::plain("The"),
        (true, Some(folder)) if counted_in.len() == 1 && !folder.is_empty() => {
            Text::plain("In ").then_code(*folder).then(" the")
        }
        _ => return None,
    };
    let text = place.then(format!(
        " requests of {} add up to {}",
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
            memory_of as fn(&Element, &str) -> Option<u64>,
        ),
        (
            "limit.cpu",
            "processor limit",
            cpu_of as fn(&Element, &str) -> Option<u64>,
        ),
    ] {
        let all = started(c);
        let with: Vec<&Element> = all.iter().filter(|e| has(e, key)).copied().collect();
        if with.is_empty() {
            continue;
        }
        let mut sizes: Vec<(u64, &Element)> = with
            .iter()
            .filter_map(|e| Some((read(e, key)?, *e)))
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
            words::count(all.len(), "container")
        ));
        if let (Some((low, least)), Some((high, most))) = (sizes.first(), sizes.last()) {
            text = match low == high {
                true => text.then(format!(": {}", shown(*low))),
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
    let without: Vec<&Element> = started(c)
        .into_iter()
        .filter(|e| e.attribute("deployed-by").is_some() && !has(&e, "limit.memory"))
        .filter(|e| !super::volumes::is_elsewhere(e))
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
        for (text, binary, wanted) in [
            ("180Mi", false, "180 MiB"),
            ("1073741824", true, "1 GiB"),
            ("1.5Gi", true, "1.5 GiB"),
            ("512M", false, "488.3 MiB"),
            ("512M", true, "512 MiB"),
            ("300mb", true, "300 MiB"),
        ] {
            assert_eq!(bytes(text, binary).map(bytes_text).as_deref(), Some(wanted));
        }
        assert_eq!(bytes("much", true), None);
        assert_eq!(bytes("", true), None);
        assert_eq!(cores_text(1570), "1.57 vCPU");
    }
}
