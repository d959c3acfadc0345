//! A view whose text no sheet shows legibly, with boxes that say less.

use crate::scene::Scene;
use groundplan_model::{View, ViewKind};
use std::collections::BTreeMap;

/// A view of more boxes is not made legible by shorter ones.
const MOST: usize = 60;
/// What is said under the figure.
const SAID: &str =
    "Boxes stand without their descriptions, so that their text can be read on paper.";

/// `view` without the descriptions of its boxes; none if that changes nothing or helps nobody. What
/// stands for several boxes keeps their names.
pub(crate) fn bare(view: &View) -> Option<View> {
    if !is_of_boxes(view.kind) || view.nodes.len() > MOST {
        return None;
    }
    let mut bare = view.clone();
    let mut any = false;
    for node in bare.nodes.iter_mut().filter(|n| !n.id.starts_with("more:")) {
        any |= !node.description.trim().is_empty();
        node.description.clear();
    }
    if !any {
        return None;
    }
    if !bare.omitted.is_empty() {
        bare.omitted.push(' ');
    }
    bare.omitted.push_str(SAID);
    Some(bare)
}

/// Who hears the drawing hears the descriptions all the same.
pub(crate) fn speak(scene: &mut Scene, full: Scene) {
    let spoken = full.boxes.into_iter().map(|made| (made.id, made.spoken));
    let mut spoken: BTreeMap<String, String> = spoken.collect();
    for made in &mut scene.boxes {
        if let Some(words) = spoken.remove(&made.id) {
            made.spoken = words;
        }
    }
}

/// Whether the kind is drawn as boxes with lines between them.
pub(crate) fn is_of_boxes(kind: ViewKind) -> bool {
    match kind {
        ViewKind::SystemContext
        | ViewKind::Landscape
        | ViewKind::Container
        | ViewKind::Component
        | ViewKind::Deployment
        | ViewKind::DataFlow
        | ViewKind::EntityRelationship
        | ViewKind::Pipeline => true,
        ViewKind::Sequence | ViewKind::Matrix | ViewKind::Roadmap | ViewKind::Chart => false,
    }
}
