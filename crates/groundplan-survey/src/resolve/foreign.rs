//! Foreign systems as C4 elements.

use crate::resolve::names::slug;
use crate::resolve::wiring::{End, Graph, site_of};
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Element, ElementKind, Evidence, Provenance, Role};
use std::collections::{BTreeMap, BTreeSet};

/// The id of a foreign system.
pub(crate) fn outside_id(host: &str) -> String {
    slug(host)
}

/// Adds the foreign systems that edges lead to.
pub(crate) fn outside(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    graph: &Graph,
    taken: &mut BTreeSet<String>,
) {
    let mut hosts: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    for ((_, end), edge) in &graph.edges {
        if let End::Outside(host) = end {
            hosts
                .entry(host)
                .or_default()
                .extend(edge.sides.values().flat_map(|s| s.evidence.iter().cloned()));
        }
    }
    for (host, evidence) in hosts {
        let id = outside_id(host);
        if !taken.insert(id.clone()) {
            continue;
        }
        let provenance = Provenance::observed(evidence);
        let mut element = Element::new(id, ElementKind::SoftwareSystem, host, provenance);
        element.external = true;
        element.role = Some(Role::External);
        let service = graph.services.get(host);
        let known = service.and_then(|id| world.knowledge.by_id(id));
        let known = known.or_else(|| site_of(world.knowledge, host));
        if let Some(technology) = known {
            element.technology.push(technology.name.clone());
        }
        element.aliases = match service.filter(|_| !host.contains('.')) {
            Some(id) => vec![id.clone()],
            None => outside_aliases(host),
        };
        blueprint.elements.push(element);
    }
}

/// The main word of a host: `api.github.com` is also called `github`.
fn outside_aliases(host: &str) -> Vec<String> {
    let labels: Vec<&str> = host.split('/').next().unwrap_or(host).split('.').collect();
    let main = labels.len().checked_sub(2).and_then(|at| labels.get(at));
    let mut all: Vec<String> = main.map(|m| (*m).to_owned()).into_iter().collect();
    if host.contains('/') {
        all.extend(["config-repository".to_owned(), "git-repository".to_owned()]);
    }
    if labels
        .first()
        .is_some_and(|l| matches!(*l, "smtp" | "mail"))
    {
        all.extend(["mail-server".to_owned(), "smtp".to_owned()]);
    }
    all.sort();
    all.dedup();
    all
}
