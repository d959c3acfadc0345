//! Where containers run: deployment nodes as nested boundaries, or what deploys them.

use super::containers::{container_of, drawn};
use super::{Model, budget, node, phrase};
use groundplan_model::{Element, ElementKind, View, ViewGroup, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};

/// Attribute keys that name the deployment node of a container.
const PLACES: [&str; 4] = ["deployed-on", "deployment-node", "runs-on", "deployed-by"];

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
    for container in model.blueprint.containers() {
        let mut made = ViewNode {
            description: running(container),
            ..node(container)
        };
        made.parent = place(&places, container).map(|p| p.id.clone()).or_else(|| {
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
    let parts = budget::fill(&mut made, nodes, bundles, "containers", model.budget);
    budget::with(made, parts)
}

fn place<'a>(places: &[&'a Element], container: &Element) -> Option<&'a Element> {
    let named = |value: &str| {
        places
            .iter()
            .find(|p| p.id == value)
            .or_else(|| places.iter().find(|p| p.name == value))
    };
    let parent = container
        .parent
        .as_deref()
        .and_then(|p| places.iter().find(|e| e.id == p));
    let attribute = PLACES
        .iter()
        .filter_map(|key| container.attribute(key))
        .find_map(|attribute| named(&attribute.value));
    parent.or(attribute).copied()
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
fn running(container: &Element) -> String {
    let mut parts = Vec::new();
    if let Some(image) = container.attribute("image") {
        // A digest is 71 characters that nobody compares by eye; the tables have it.
        let shown = image
            .value
            .split_once('@')
            .map_or(image.value.as_str(), |(name, _)| name);
        parts.push(format!("image {shown}"));
    }
    if let Some(replicas) = container.attribute("replicas") {
        let word = if replicas.value == "1" {
            "replica"
        } else {
            "replicas"
        };
        parts.push(format!("{} {word}", replicas.value));
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
