//! Deployment nodes: regions or own sites, the zones in them, and which container runs in which.

use super::elements::Parts;
use super::{Maker, delivery};
use groundplan_model::{
    Attribute, Blueprint, DEPLOYED_ON, Element, ElementKind, Provenance, Role, STANDBY_ON,
};

/// Zones of a region from tier T2 on, as its shape says.
const ZONES: usize = 3;
/// Racks of an own site from tier T2 on: the database and its replica stand apart.
const RACKS: usize = 2;

/// Where one copy of a container runs: the attribute that says so, and the id of the node.
type Copy = (&'static str, String);

/// Adds the nodes of the chosen tier, and to each container where it runs. Of a part that the provider keeps in
/// several zones itself only the region is known. A content delivery network stands in no region.
pub(crate) fn nodes(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let regions = delivery::regions(m);
    let tier = m.design.outcome.tier;
    let own = m.design.inputs.on_premises;
    let platform = m.design.outcome.name("platform");
    // `Any cloud` names none.
    let cloud = m.design.outcome.name("cloud");
    let cloud = Some(cloud).filter(|_| !own && m.design.outcome.choice("cloud") != "any");
    let technology: Vec<String> = cloud
        .into_iter()
        .chain([platform])
        .map(str::to_owned)
        .collect();
    let mut made: Vec<Element> = Vec::new();
    for (n, name) in regions.iter().enumerate() {
        let mut node = element(&id(n, None), name, m.decided("cloud"));
        node.technology.clone_from(&technology);
        made.push(node);
    }
    let zones = match (tier, own) {
        (0 | 1, false) => 1,
        (2 | 3, false) => ZONES,
        (2, true) => RACKS,
        _ => 0,
    };
    let zones: Vec<String> = (0..zones).map(|n| id(0, Some(n))).collect();
    for (zone, letter) in zones.iter().zip('a'..) {
        let name = format!("{} {letter}", if own { "Rack" } else { "Zone" });
        let mut node = element(zone, &name, m.decided("region_tier"));
        node.parent = Some(id(0, None));
        made.push(node);
    }
    for container in b
        .elements
        .iter_mut()
        .filter(|e| e.kind == ElementKind::Container)
    {
        let at_edge = container.id == parts.edge || parts.web.as_ref() == Some(&container.id);
        if at_edge && !own && m.option("edge") == "cdn" {
            continue;
        }
        let copies = copies(container, &zones, regions.len(), tier);
        container
            .attributes
            .extend(copies.into_iter().map(|(key, value)| Attribute {
                key: key.to_owned(),
                value,
                provenance: m.computed("sizing", &["region_tier", "compute.instances"]),
            }));
        container
            .attributes
            .sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    }
    // A zone for which there is no copy yet is none of the design.
    let holds = |node: &Element| {
        let all = b.elements.iter().flat_map(|e| &e.attributes);
        let mut at = all.filter(|a| a.key == DEPLOYED_ON || a.key == STANDBY_ON);
        at.any(|a| a.value == node.id)
    };
    made.retain(|node| node.parent.is_none() || holds(node));
    b.elements.append(&mut made);
}

/// The copies of a container in the zones of the first region and in `regions` regions.
fn copies(container: &Element, zones: &[String], regions: usize, tier: usize) -> Vec<Copy> {
    let is_code = matches!(container.role, Some(Role::Service | Role::Job))
        || container.role == Some(Role::Gateway) && container.attribute("replicas").is_some();
    let is_database = container.role == Some(Role::Database);
    if tier == 4 {
        return (0..regions).map(|n| (DEPLOYED_ON, id(n, None))).collect();
    }
    let mut all: Vec<Copy> = match zones {
        [first, second, ..] if is_database => {
            vec![(DEPLOYED_ON, first.clone()), (STANDBY_ON, second.clone())]
        }
        // What counts no copies of its own runs twice, as its tier says.
        [_, _, ..] if is_code => {
            let running = container.attribute("replicas").and_then(|a| a.count());
            let spread = zones.iter().take(running.unwrap_or(2).max(1));
            spread.map(|zone| (DEPLOYED_ON, zone.clone())).collect()
        }
        [only] if is_code || is_database => vec![(DEPLOYED_ON, only.clone())],
        _ => vec![(DEPLOYED_ON, id(0, None))],
    };
    if tier == 3 && (is_code || is_database) {
        all.push((STANDBY_ON, id(1, None)));
    }
    all
}

fn id(region: usize, zone: Option<usize>) -> String {
    let region = format!("node.{}", if region == 0 { "first" } else { "second" });
    zone.map_or_else(|| region.clone(), |n| format!("{region}.{}", n + 1))
}

fn element(id: &str, name: &str, provenance: Provenance) -> Element {
    Element::new(id, ElementKind::DeploymentNode, name, provenance)
}
