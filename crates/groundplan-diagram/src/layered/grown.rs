//! Boxes that are wider than their words, where the lines that fan out from them are straight then.

use super::earlier::Earlier;
use super::graph::Graph;
use super::{Input, Variant, pivots, placed, position, score, size, spread};

/// Items up to which boxes are tried wider, and what a wider box must save: two corners.
const GROWING: usize = 60;
const WIDER: i64 = 500;

/// The variant with boxes wider than their words, where lines that fan out from them are straight then.
pub(super) fn grown(input: &Input<'_>, mut variant: Variant, earlier: Option<&Earlier>) -> Variant {
    let corners = variant.routed.corners.iter().any(|c| !c.is_empty());
    let items = variant.graph.items.len();
    if !corners || input.is_entities() || input.sideways || items > GROWING {
        return variant;
    }
    let spread = spread(input);
    let more = position::growth(
        &variant.graph,
        &variant.order,
        spread,
        pivots(items),
        &variant.positions,
        earlier,
    );
    let boxes = i64::try_from(more.len()).unwrap_or(0);
    if boxes == 0 {
        return variant;
    }
    let widen = |graph: &mut Graph, sign: i32| {
        for (n, more) in &more {
            graph.items[*n].left += sign * more;
            graph.items[*n].right += sign * more;
        }
    };
    widen(&mut variant.graph, 1);
    let (positions, routed) = placed(
        input,
        &variant.graph,
        &variant.order,
        Some(&variant.positions),
        earlier,
    );
    let size = size(input, &variant.graph, &positions, &routed);
    let score = score(input, size, &routed, variant.crossings);
    if score + WIDER * boxes > variant.score {
        widen(&mut variant.graph, -1);
        return variant;
    }
    Variant {
        positions,
        routed,
        score,
        ..variant
    }
}
