//! What was laid out with boxes as wide as is usual gets boxes that hold their words: the longer name of
//! one of them moves what stands beside it, and decides nothing else.

use super::{Input, REFINABLE, Variant, pivots, position, route, spread, stub};

/// The variant with boxes of their own widths; `usual` is the input with which it was laid out.
pub(super) fn resized(input: &Input<'_>, usual: &Input<'_>, mut variant: Variant) -> Variant {
    if input.boxes == usual.boxes {
        return variant;
    }
    let widths = input.boxes.iter().zip(&usual.boxes);
    for (item, ((own, _), (usual, _))) in variant.graph.items.iter_mut().zip(widths) {
        let beside = item.right - item.left;
        // What was made wider for straight lines stays so.
        let is_wider = item.left > usual / 2;
        let least = if is_wider { item.left } else { 0 };
        item.left = least.max(own / 2);
        item.right = item.left + beside;
    }
    let items = variant.graph.items.len();
    let (graph, order) = (&variant.graph, &variant.order);
    let positions = if items <= REFINABLE {
        position::kept(
            graph,
            order,
            spread(input),
            pivots(items),
            &variant.positions,
        )
    } else {
        position::position(graph, order, spread(input), pivots(items), None)
    };
    variant.routed = route::route(graph, &positions, stub(input));
    variant.positions = positions;
    variant
}
