//! A view in sentences, in reading order, for people who do not see the picture.

use crate::measure::plain;
use groundplan_model::{View, ViewEdge, ViewGroup, ViewKind, ViewNode, ViewStep};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The sentences of a view in normal form.
pub(crate) fn lines(view: &View) -> Vec<String> {
    let names = Names::of(view);
    let mut out = Vec::new();
    out.push(contents(view));
    groups(view, &names, &mut out);
    match view.kind {
        ViewKind::Sequence => steps(view, &names, &mut out),
        ViewKind::EntityRelationship => relations(view, &names, &mut out),
        ViewKind::Pipeline => jobs(view, &names, &mut out),
        ViewKind::Chart | ViewKind::Roadmap => {
            out.extend(crate::figures::sentences(view).unwrap_or_default());
        }
        _ => edges(view, &names, &mut out),
    }
    if !view.omitted.trim().is_empty() {
        out.push(plain(&view.omitted));
    }
    out
}

/// Names as spoken: nodes of one name are told apart by the boundaries in which they stand, else by their ids.
pub(crate) struct Names<'a>(BTreeMap<&'a str, String>);

impl<'a> Names<'a> {
    pub(crate) fn of(view: &'a View) -> Self {
        let mut alike: BTreeMap<String, Vec<&ViewNode>> = BTreeMap::new();
        for node in &view.nodes {
            alike.entry(bare(node)).or_default().push(node);
        }
        let mut names = BTreeMap::new();
        for (name, nodes) in alike {
            let places: Vec<String> = nodes.iter().map(|n| place(view, n)).collect();
            let distinct: BTreeSet<&String> = places.iter().collect();
            let apart = distinct.len() == nodes.len();
            for (node, place) in nodes.iter().zip(&places) {
                let spoken = match (nodes.len(), apart, place.as_str()) {
                    (1, ..) | (_, true, "") => name.clone(),
                    (_, true, place) => format!("{name} in {place}"),
                    // Several boxes drawn as one have no id that says anything; what they are stands in it.
                    _ if node.id.starts_with("more:") => {
                        format!("{name} ({})", plain(&node.description))
                    }
                    _ => format!("{name} ({})", plain(&node.id)),
                };
                names.insert(node.id.as_str(), spoken);
            }
        }
        Names(names)
    }

    pub(crate) fn get(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| plain(id))
    }
}

/// The name of a node, or its id if it has none.
fn bare(node: &ViewNode) -> String {
    let name = plain(&node.name);
    if name.is_empty() {
        plain(&node.id)
    } else {
        name
    }
}

/// The name of the boundary in which a node stands; empty if it stands in none.
fn place(view: &View, node: &ViewNode) -> String {
    let group = view
        .groups
        .iter()
        .find(|g| node.parent.as_ref() == Some(&g.id));
    group.map_or_else(String::new, |g| plain(&g.name))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

fn contents(view: &View) -> String {
    let title = if view.title.trim().is_empty() {
        &view.id
    } else {
        &view.title
    };
    let mut counts: Vec<(&str, &str, usize)> = Vec::new();
    let noun = match view.kind {
        ViewKind::SystemContext => ("system", "systems"),
        ViewKind::Container | ViewKind::DataFlow => ("container", "containers"),
        ViewKind::Deployment => ("element", "elements"),
        ViewKind::Component => ("component", "components"),
        ViewKind::EntityRelationship => ("entity", "entities"),
        ViewKind::Sequence => ("participant", "participants"),
        ViewKind::Pipeline => ("job", "jobs"),
        ViewKind::Landscape => ("system", "systems"),
        ViewKind::Matrix => ("element", "elements"),
        ViewKind::Roadmap => ("phase", "phases"),
        ViewKind::Chart => ("quantity", "quantities"),
    };
    let persons = view.nodes.iter().filter(|n| n.person).count();
    let more = view
        .nodes
        .iter()
        .filter(|n| n.id.starts_with("more:"))
        .count();
    let outside = view
        .nodes
        .iter()
        .filter(|n| n.external && !n.person && !n.id.starts_with("more:"))
        .count();
    let own = view.nodes.len() - persons - outside - more;
    counts.push(("person", "persons", persons));
    counts.push((noun.0, noun.1, own));
    counts.push((
        "element outside the system",
        "elements outside the system",
        outside,
    ));
    counts.push((
        "group of further elements",
        "groups of further elements",
        more,
    ));
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(_, _, n)| *n > 0)
        .map(|(one, many, n)| format!("{n} {}", if n == 1 { one } else { many }))
        .collect();
    let what = if parts.is_empty() {
        "nothing".to_owned()
    } else {
        list(&parts)
    };
    format!("{} shows {what}.", plain(title))
}

fn groups(view: &View, names: &Names<'_>, out: &mut Vec<String>) {
    for group in outer_first(&view.groups) {
        let mut inside: Vec<String> = view
            .groups
            .iter()
            .filter(|g| g.parent.as_deref() == Some(&group.id))
            .map(|g| plain(&g.name))
            .collect();
        let nodes = view
            .nodes
            .iter()
            .filter(|n| n.parent.as_deref() == Some(&group.id));
        // Where it stands has been said.
        let within = format!(" in {}", plain(&group.name));
        inside.extend(nodes.map(|n| {
            let name = names.get(&n.id);
            name.strip_suffix(&within)
                .map_or_else(|| name.clone(), str::to_owned)
        }));
        if inside.is_empty() {
            continue;
        }
        let kind = if group.kind.trim().is_empty() {
            String::new()
        } else {
            format!(" [{}]", plain(&group.kind))
        };
        out.push(format!(
            "Inside {}{kind}: {}.",
            plain(&group.name),
            list(&inside)
        ));
    }
}

/// Groups with their enclosing ones before them.
pub(crate) fn outer_first(groups: &[ViewGroup]) -> Vec<&ViewGroup> {
    let mut out: Vec<&ViewGroup> = Vec::new();
    let mut queue: VecDeque<Option<&str>> = VecDeque::from([None]);
    while let Some(parent) = queue.pop_front() {
        for group in groups.iter().filter(|g| g.parent.as_deref() == parent) {
            if out.iter().all(|o| o.id != group.id) {
                out.push(group);
                queue.push_back(Some(&group.id));
            }
        }
    }
    out
}

/// Ids in reading order: what nobody uses first, then breadth first along the edges.
fn reading_order(view: &View) -> Vec<&str> {
    let mut incoming: BTreeMap<&str, usize> = BTreeMap::new();
    let mut outgoing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in view.edges.iter().filter(|e| e.from != e.to) {
        *incoming.entry(&edge.to).or_default() += 1;
        outgoing.entry(&edge.from).or_default().push(&edge.to);
    }
    let mut starts: Vec<&ViewNode> = view.nodes.iter().collect();
    starts.sort_by_key(|n| {
        (
            incoming.contains_key(n.id.as_str()),
            !n.person,
            n.external,
            n.id.as_str(),
        )
    });
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut out = Vec::new();
    for start in starts {
        let mut queue = VecDeque::from([start.id.as_str()]);
        while let Some(id) = queue.pop_front() {
            if seen.insert(id) {
                out.push(id);
                queue.extend(outgoing.get(id).into_iter().flatten().copied());
            }
        }
    }
    out
}

/// Whether a label reads as a predicate with the target as its object: `calls`, `reads from`.
fn is_predicate(label: &str) -> bool {
    const PREDICATES: [&str; 16] = [
        "calls",
        "reads from",
        "writes to",
        "reads from and writes to",
        "publishes to",
        "subscribes to",
        "routes to",
        "observes",
        "takes configuration from",
        "uses",
        "depends on",
        "sends to",
        "stores in",
        "reads",
        "writes",
        "is used by",
    ];
    PREDICATES.contains(&label)
}

fn edges(view: &View, names: &Names<'_>, out: &mut Vec<String>) {
    let mut bare: Vec<String> = Vec::new();
    let touched: BTreeSet<&str> = view
        .edges
        .iter()
        .flat_map(|e| [e.from.as_str(), e.to.as_str()])
        .collect();
    for id in reading_order(view) {
        if !touched.contains(id) {
            bare.push(names.get(id));
            continue;
        }
        let mut said: Vec<(String, String, Vec<String>)> = Vec::new();
        for edge in view.edges.iter().filter(|e| e.from == id) {
            let label = plain(&edge.label);
            let technology = plain(&edge.technology);
            let target = if edge.to == edge.from {
                "itself".into()
            } else {
                names.get(&edge.to)
            };
            match said
                .iter_mut()
                .find(|(l, t, _)| *l == label && *t == technology)
            {
                Some((_, _, targets)) => targets.push(target),
                None => said.push((label, technology, vec![target])),
            }
        }
        for (label, technology, targets) in said {
            out.push(sentence(&names.get(id), &label, &technology, &targets));
        }
    }
    if !bare.is_empty() {
        let verb = if bare.len() == 1 { "has" } else { "have" };
        out.push(format!("{} {verb} no relation in this view.", list(&bare)));
    }
}

fn sentence(from: &str, label: &str, technology: &str, targets: &[String]) -> String {
    let over = if technology.is_empty() {
        String::new()
    } else {
        format!(" over {technology}")
    };
    if label.is_empty() {
        format!("{from} uses {}{over}.", list(targets))
    } else if is_predicate(label) {
        format!("{from} {label} {}{over}.", list(targets))
    } else {
        let label = label.trim_end_matches('.');
        format!("{from} to {}: {label}{over}.", list(targets))
    }
}

fn mark(mark: &str) -> &str {
    match mark {
        "1" => "one",
        "0..1" => "none or one",
        "1..*" => "one or more",
        _ => "any number",
    }
}

/// How many fields a row `… n more` stands for; `None` for a row that is a field.
pub(crate) fn further((name, data_type, _): &(String, String, String)) -> Option<usize> {
    let count = name.strip_prefix("… ")?.strip_suffix(" more")?;
    if data_type.is_empty() {
        count.parse().ok()
    } else {
        None
    }
}

fn relations(view: &View, names: &Names<'_>, out: &mut Vec<String>) {
    for node in view.nodes.iter().filter(|n| !n.rows.is_empty()) {
        // A last row `… 5 more` stands for fields that are not drawn.
        let more = node.rows.iter().filter_map(further).sum::<usize>();
        let drawn = node
            .rows
            .iter()
            .filter(|row| further(row).is_none())
            .count();
        let count = drawn + more;
        let keys: Vec<String> = node
            .rows
            .iter()
            .filter(|(_, _, marks)| marks.contains("PK"))
            .map(|(name, _, _)| plain(name))
            .collect();
        let key = if keys.is_empty() {
            String::new()
        } else {
            format!("; key {}", list(&keys))
        };
        let field = if count == 1 { "field" } else { "fields" };
        out.push(format!("{} has {count} {field}{key}.", names.get(&node.id)));
    }
    for edge in &view.edges {
        let ends = match &edge.ends {
            Some((a, b)) => format!(": {} to {}", mark(a), mark(b)),
            None => String::new(),
        };
        let label = plain(&edge.label);
        let label = if label.is_empty() {
            label
        } else {
            format!(" ({label})")
        };
        out.push(format!(
            "{} to {}{ends}{label}.",
            names.get(&edge.from),
            names.get(&edge.to)
        ));
    }
}

fn jobs(view: &View, names: &Names<'_>, out: &mut Vec<String>) {
    for id in reading_order(view) {
        let before: Vec<String> = view
            .edges
            .iter()
            .filter(|e: &&ViewEdge| e.to == id)
            .map(|e| names.get(&e.from))
            .collect();
        if before.is_empty() {
            out.push(format!("{} waits for no other job.", names.get(id)));
        } else {
            out.push(format!("{} runs after {}.", names.get(id), list(&before)));
        }
    }
}

fn steps(view: &View, names: &Names<'_>, out: &mut Vec<String>) {
    for (n, step) in view.steps.iter().enumerate() {
        out.push(format!("{}. {}", n + 1, step_sentence(step, names)));
    }
}

fn step_sentence(step: &ViewStep, names: &Names<'_>) -> String {
    let label = plain(&step.label);
    let label = if label.is_empty() {
        String::new()
    } else {
        format!(": {label}")
    };
    let from = names.get(&step.from);
    let to = names.get(&step.to);
    if step.from == step.to {
        format!("{from}{label}.")
    } else if step.reply {
        format!("{from} answers {to}{label}.")
    } else if step.is_async {
        format!("{from} to {to}, without waiting{label}.")
    } else {
        format!("{from} to {to}{label}.")
    }
}
