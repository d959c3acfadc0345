//! What data moves between containers, stores and neighbours, across which trust boundaries.

use super::containers::drawn;
use super::{Bundle, Model, PHRASE, budget, merge, node, say};
use groundplan_model::{
    Element, ElementKind, ProvenanceKind, Relationship, RelationshipKind, View, ViewGroup,
    ViewKind, ViewNode,
};
use std::collections::{BTreeMap, BTreeSet};

const EXPOSED: &str = "trust:exposed";
const INTERNAL: &str = "trust:internal";

/// The view `data-flow` and its parts; none without a container.
pub(super) fn views(model: &Model<'_>) -> Vec<View> {
    if model.blueprint.containers().next().is_none() {
        return Vec::new();
    }
    let mut made = super::view(
        "data-flow",
        ViewKind::DataFlow,
        format!("{}: data flow", model.name),
    );
    let mut bundles = model.edges(|id| drawn(model, id).map(|e| e.id.clone()), moves);
    bundles.iter_mut().for_each(follow_the_data);
    let bundles = merge(bundles);
    let touched: BTreeSet<&str> = bundles
        .iter()
        .flat_map(|b| [b.from.as_str(), b.to.as_str()])
        .collect();
    let any_exposed = model.blueprint.containers().any(is_exposed);
    let mut bare = BTreeSet::new();
    let mut nodes: BTreeMap<String, ViewNode> = BTreeMap::new();
    for element in &model.blueprint.elements {
        let Some(element) = drawn(model, &element.id) else {
            continue;
        };
        // A box that neither gives nor takes data is no part of a data flow.
        if !touched.contains(element.id.as_str()) {
            bare.insert(element.id.as_str());
            continue;
        }
        let mut made = node(element);
        if !element.external
            && element.kind == ElementKind::Container
            && let Some(group) = boundary(element, any_exposed)
        {
            made.parent = Some(group.to_owned());
        }
        nodes.insert(made.id.clone(), made);
    }
    let group = |id: &str, name: &str| ViewGroup {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: "trust boundary".to_owned(),
        parent: None,
    };
    if any_exposed {
        made.groups.push(group(EXPOSED, "Reachable from outside"));
        made.groups.push(group(INTERNAL, "Internal"));
    } else {
        made.groups.push(group(INTERNAL, &model.name));
    }
    let parts = budget::fill(
        &mut made,
        nodes.into_values().collect(),
        bundles,
        "containers and neighbours",
        model.budget,
    );
    if !bare.is_empty() {
        let count = bare.len();
        let (noun, verb) = if count == 1 {
            ("element", "is")
        } else {
            ("elements", "are")
        };
        say(
            &mut made,
            &format!("{count} {noun} without any relation {verb} left out."),
        );
    }
    if !any_exposed {
        say(
            &mut made,
            "No file says which containers are reachable from outside.",
        );
    }
    budget::with(made, parts)
}

/// The trust boundary that an element stands in, as far as a file says. That nothing publishes a part
/// says that it is internal where a deployment was read for it: one without may stand anywhere, and pages
/// that a server hands out run in the browser of a user.
fn boundary(element: &Element, any_exposed: bool) -> Option<&'static str> {
    if is_exposed(element) {
        return Some(EXPOSED);
    }
    let observed = element.provenance.kind == ProvenanceKind::Observed;
    let unknown = observed && element.attribute("deployed-by").is_none();
    (!(any_exposed && unknown)).then_some(INTERNAL)
}

/// Whether a tag or an attribute says that the element can be reached from outside.
fn is_exposed(element: &Element) -> bool {
    element.tags.iter().any(|t| t == "exposed")
        || element
            .reachable_ports()
            .iter()
            .any(|a| !matches!(a.value.as_str(), "false" | "no"))
        // Services of a cluster that stand at its nodes or before it.
        || element
            .attributes_of("service")
            .any(|a| a.value.starts_with("LoadBalancer") || a.value.starts_with("NodePort"))
}

/// What data a relationship moves.
fn moves(relationship: &Relationship) -> String {
    let mut description = relationship.description.trim().trim_end_matches('.');
    // The arrow is turned round, and the words of the subscriber with it: what it takes is what flows.
    if relationship.kind == RelationshipKind::Subscribes {
        let taken = ["subscribes to", "consumes", "takes", "listens to"];
        let rest = taken.iter().find_map(|verb| description.strip_prefix(verb));
        description = rest.map_or(description, str::trim);
    }
    if !description.is_empty() && description.chars().count() <= PHRASE {
        return description.to_owned();
    }
    let word = match relationship.kind {
        RelationshipKind::Calls => "request and answer",
        RelationshipKind::Reads => "read",
        RelationshipKind::Writes => "data",
        RelationshipKind::Publishes => "publish",
        RelationshipKind::Subscribes => "deliver",
        RelationshipKind::Routes => "forward requests",
        RelationshipKind::Observes => "metrics, logs or traces",
        RelationshipKind::Configures => "configuration",
        RelationshipKind::StartsAfter => "start order",
    };
    word.to_owned()
}

/// A subscriber depends on its broker, but the data goes from the broker to the subscriber.
fn follow_the_data(bundle: &mut Bundle) {
    if bundle
        .kinds
        .iter()
        .all(|k| *k == RelationshipKind::Subscribes)
    {
        std::mem::swap(&mut bundle.from, &mut bundle.to);
    }
}
