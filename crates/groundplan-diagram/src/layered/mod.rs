//! Layered layout (Sugiyama, Tagawa, Toda 1981) with nested boundaries.

use crate::card;
use crate::scene::{End, Point, Scene, SceneEdge};
use groundplan_model::View;

/// Indices of the nodes of a view in normal form, by layer from top to bottom.
pub(crate) fn layers(view: &View) -> Vec<Vec<usize>> {
    (0..view.nodes.len()).map(|n| vec![n]).collect()
}

/// Lays out a view in normal form.
pub(crate) fn lay_out(view: &View) -> Scene {
    let mut scene = Scene::default();
    let mut y = 0;
    for node in &view.nodes {
        let mut made = card::card(node);
        card::place(&mut made, Point { x: 0, y });
        y = made.rect.bottom() + 40;
        scene.boxes.push(made);
    }
    for edge in &view.edges {
        let find = |id: &str| scene.boxes.iter().find(|b| b.id == id).map(|b| b.rect);
        if let (Some(a), Some(b)) = (find(&edge.from), find(&edge.to)) {
            scene.edges.push(SceneEdge {
                id: edge.id.clone(),
                from: edge.from.clone(),
                to: edge.to.clone(),
                points: vec![
                    Point {
                        x: a.middle(),
                        y: a.bottom(),
                    },
                    Point {
                        x: b.middle(),
                        y: b.y,
                    },
                ],
                dashed: false,
                start: End::Plain,
                end: End::Arrow,
            });
        }
    }
    scene
}
