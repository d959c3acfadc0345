//! Where containers run: deployment nodes as nested boundaries, or what deploys them.

use super::containers::{container_of, drawn};
use super::{Bundle, Model, budget, node, phrase};
use groundplan_model::{
    DEPLOYED_ON, Element, ElementKind, RelationshipKind, Role, STANDBY_ON, View, ViewGroup,
    ViewKind, ViewNode,
};
use std::collections::{BTreeMap, BTreeSet};

/// Attribute keys that name the only deployment node of a container.
const PLACES: [&str; 3] = ["deployment-node", "runs-on", "deployed-by"];

/// A container on one deployment node (an instance, in words of C4).
#[derive(Clone)]
struct Instance {
    /// Id of the box: that of the container for its first instance.
    id: String,
    /// The deployment node, if one is known.
    place: Option<String>,
    /// Whether it waits until the others fail.
    waits: bool,
    /// Copies of the container that run here, of all that are told.
    running: Option<usize>,
}

/// The view `deployment` and its parts; none if nothing says where a container runs.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    let mut made = super::view(
        "deployment",
        ViewKind::Deployment,
        format!("{}: deployment", model.name),
    );
    let places: Vec<&Element> = model
        .blueprint
        .elements
        .iter()
        .filter(|e| e.kind == ElementKind::DeploymentNode)
        .collect();
    let mut nodes: Vec<ViewNode> = Vec::new();
    let mut groups: BTreeMap<String, ViewGroup> = BTreeMap::new();
    let mut instances: BTreeMap<String, Vec<Instance>> = BTreeMap::new();
    for container in model.blueprint.containers() {
        let all = instances_of(&places, container);
        for instance in &all {
            let mut made = ViewNode {
                id: instance.id.clone(),
                description: running(container, instance),
                ..node(container)
            };
            made.parent = instance.place.clone().or_else(|| {
                let by = deployers(container)?;
                let id = format!("deployed-by:{by}");
                let group = ViewGroup {
                    id: id.clone(),
                    name: by,
                    kind: "deployment".to_owned(),
                    parent: None,
                };
                groups.insert(id.clone(), group);
                Some(id)
            });
            nodes.push(made);
        }
        instances.insert(container.id.clone(), all);
    }
    let mut filled: BTreeSet<String> = nodes.iter().filter_map(|n| n.parent.clone()).collect();
    for place in &places {
        let parent = place
            .parent
            .clone()
            .filter(|p| places.iter().any(|other| other.id == *p));
        let inner = places
            .iter()
            .any(|other| other.parent.as_deref() == Some(&place.id));
        if inner || filled.contains(&place.id) {
            let kind = node(place).kind;
            let (id, name) = (place.id.clone(), place.name.clone());
            groups.insert(
                id.clone(),
                ViewGroup {
                    id,
                    name,
                    kind,
                    parent,
                },
            );
        } else {
            nodes.push(ViewNode {
                parent,
                ..node(place)
            });
        }
    }
    filled.extend(nodes.iter().filter_map(|n| n.parent.clone()));
    if filled.is_empty() {
        return Vec::new();
    }
    made.groups = groups.into_values().collect();
    let shown: BTreeSet<String> = nodes.iter().map(|n| n.id.clone()).collect();
    let lift = |id: &str| {
        let element = drawn(model, id).or_else(|| container_of(model, id))?;
        shown.contains(&element.id).then(|| element.id.clone())
    };
    let bundles = model.edges(lift, phrase);
    let mut bundles: Vec<Bundle> = bundles
        .into_iter()
        .flat_map(|bundle| between(&instances, bundle))
        .collect();
    bundles.extend(model.blueprint.containers().flat_map(|container| {
        let all = instances.get(&container.id).map_or(&[][..], Vec::as_slice);
        copied(container, all)
    }));
    let parts = budget::fill(&mut made, nodes, bundles, "containers", model.budget);
    budget::with(made, parts)
}

/// The instances of a container, those that answer before those that wait; one without a place if none is told.
fn instances_of(places: &[&Element], container: &Element) -> Vec<Instance> {
    let named = |value: &str| {
        places
            .iter()
            .find(|p| p.id == value)
            .or_else(|| places.iter().find(|p| p.name == value))
    };
    let one = |place: Option<&Element>| Instance {
        id: container.id.clone(),
        place: place.map(|p| p.id.clone()),
        waits: false,
        running: None,
    };
    let parent = container.parent.as_deref();
    if let Some(parent) = parent.and_then(|p| places.iter().find(|e| e.id == p)) {
        return vec![one(Some(parent))];
    }
    let on = |key: &'static str| {
        container
            .attributes_of(key)
            .filter_map(|a| named(&a.value))
            .map(move |place| (*place, key == STANDBY_ON))
    };
    let told: Vec<(&Element, bool)> = on(DEPLOYED_ON).chain(on(STANDBY_ON)).collect();
    if told.len() < 2 {
        let other = PLACES
            .iter()
            .filter_map(|key| container.attribute(key))
            .find_map(|attribute| named(&attribute.value));
        let first = told.first().map(|(place, _)| *place);
        return vec![one(first.or(other.copied()))];
    }
    let answering = told.iter().filter(|(_, waits)| !waits).count().max(1);
    let copies = container.attribute("replicas").and_then(|a| a.count());
    // Of a database the number is that of copies for reads.
    let copies = copies.filter(|_| container.role != Some(Role::Database));
    told.into_iter()
        .enumerate()
        .map(|(n, (place, waits))| Instance {
            id: match n {
                0 => container.id.clone(),
                _ => format!("{}@{}", container.id, place.id),
            },
            place: Some(place.id.clone()),
            waits,
            // Spread evenly, the first places get one more.
            running: copies
                .filter(|_| !waits)
                .map(|all| all / answering + usize::from(n < all % answering)),
        })
        .collect()
}

/// The lines of a relationship between containers, between their instances: within a place where both have one
/// there, else from all that answer to the first that keeps data, or to all that answer.
fn between(instances: &BTreeMap<String, Vec<Instance>>, bundle: Bundle) -> Vec<Bundle> {
    let answering = |id: &str| -> Vec<&Instance> {
        let all = instances.get(id).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|i| !i.waits).collect()
    };
    let (from, to) = (answering(&bundle.from), answering(&bundle.to));
    let mut lines = Vec::new();
    for one in &from {
        let near: Vec<&&Instance> = to
            .iter()
            .filter(|i| i.place.is_some() && i.place == one.place)
            .collect();
        let ends: Vec<&&Instance> = match near.is_empty() {
            true if from.len() == 1 => to.iter().collect(),
            true => to.iter().take(1).collect(),
            false => near,
        };
        lines.extend(ends.into_iter().map(|end| Bundle {
            from: one.id.clone(),
            to: end.id.clone(),
            ..bundle.clone()
        }));
    }
    lines
}

/// What is copied from the first instance of a container that keeps records or files to its others. Caches and
/// indexes are filled again instead.
fn copied(container: &Element, instances: &[Instance]) -> Vec<Bundle> {
    let keeps = matches!(container.role, Some(Role::Database | Role::ObjectStorage));
    let Some((first, others)) = instances.split_first().filter(|_| keeps) else {
        return Vec::new();
    };
    let line = |other: &Instance| Bundle {
        from: first.id.clone(),
        to: other.id.clone(),
        labels: BTreeSet::from([match other.waits {
            true => "copies to".to_owned(),
            false => "each copies to the other".to_owned(),
        }]),
        technologies: BTreeSet::new(),
        kinds: BTreeSet::<RelationshipKind>::new(),
        waits: false,
        count: 1,
    };
    others.iter().map(line).collect()
}

/// What deploys a container, for example `Docker Compose and Kubernetes`.
fn deployers(container: &Element) -> Option<String> {
    let all: BTreeSet<&str> = container
        .attributes_of("deployed-by")
        .map(|a| a.value.as_str())
        .collect();
    let all: Vec<String> = all.into_iter().map(str::to_owned).collect();
    (!all.is_empty()).then(|| crate::description::list(&all))
}

/// What is known about the running container, short.
fn running(container: &Element, instance: &Instance) -> String {
    let mut parts = Vec::new();
    if instance.waits {
        parts.push("stands by".to_owned());
    }
    if let Some(image) = container.attribute("image") {
        // A digest is 71 characters that nobody compares by eye; the tables have it.
        let shown = image
            .value
            .split_once('@')
            .map_or(image.value.as_str(), |(name, _)| name);
        parts.push(format!("image {shown}"));
    }
    let told = container.attribute("replicas").map(|a| (a, a.count()));
    let copies = match (instance.running, told) {
        (Some(count), _) => Some(count.to_string()),
        (None, Some((_, Some(0)))) if container.is_store() => None,
        (None, Some((_, Some(count)))) if !instance.waits => Some(count.to_string()),
        (None, Some((attribute, None))) => Some(attribute.value.clone()),
        _ => None,
    };
    if let Some(copies) = copies {
        let word = if copies == "1" { "replica" } else { "replicas" };
        parts.push(format!("{copies} {word}"));
    }
    let ports: BTreeSet<&str> = container
        .attributes_of("port")
        .map(|a| a.value.as_str())
        .collect();
    let ports: Vec<&str> = ports.into_iter().take(3).collect();
    if let [only] = ports.as_slice() {
        parts.push(format!("port {only}"));
    } else if !ports.is_empty() {
        parts.push(format!("ports {}", ports.join(", ")));
    }
    parts.join(", ")
}
