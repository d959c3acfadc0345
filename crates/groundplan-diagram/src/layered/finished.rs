//! The last touches of the best variant: another order, wider boxes, ends of edges at sides.

use super::earlier::Earlier;
use super::grown::grown;
use super::layers::Layers;
use super::{DRAFT, Input, REFINABLE, Variant, flank, order, placed, score, size};

/// How many other orders that cross as little are placed.
const OTHERS: u64 = 3;
/// How much better the score of another order must be: four corners.
const WORTH: i64 = 1000;
/// Items up to which other orders are compared as they will be drawn.
const SMALL: usize = 60;

/// The variant with its lines as straight as can be.
pub(super) fn finished(input: &Input<'_>, variant: Variant) -> Variant {
    let items = variant.graph.items.len();
    let is_small = items <= SMALL;
    let has_others = is_small || (variant.crossings == 0 && items <= REFINABLE);
    if !has_others || input.edges.is_empty() {
        return straightened(input, variant, None);
    }
    if is_small {
        let others = others(input, &variant);
        let others = others.into_iter().map(|v| straightened(input, v, None));
        let others: Vec<Variant> = others.collect();
        return better(straightened(input, variant, None), others);
    }
    let others = others(input, &variant);
    straightened(input, better(variant, others), None)
}

/// The variant with wider boxes and ends of edges at sides.
pub(super) fn straightened(
    input: &Input<'_>,
    variant: Variant,
    earlier: Option<&Earlier>,
) -> Variant {
    flank::flanked(input, grown(input, variant, earlier), earlier)
}

/// The variant, or one of the others that is clearly better: fewer corners, or it fits a page better.
fn better(mut variant: Variant, others: Vec<Variant>) -> Variant {
    for other in others {
        if other.score + WORTH < variant.score {
            variant = other;
        }
    }
    variant
}

/// The same in other orders in which no more lines cross.
fn others(input: &Input<'_>, variant: &Variant) -> Vec<Variant> {
    let graph = &variant.graph;
    let layers = Layers::of(graph);
    let usual = order::Sorter::new(&layers.graph, None).depth_first();
    let effort = order::Effort { starts: 1, ..DRAFT };
    let mut others: Vec<Variant> = Vec::new();
    for first in 1..=OTHERS {
        let (order, crossings) = order::order_from(&layers.graph, &effort, first, None);
        if crossings > variant.crossings {
            continue;
        }
        let order = order.turned(&usual, &layers.graph);
        let (order, crossings) = layers.expand(graph, &order, crossings, None);
        let is_known = |other: &Variant| other.order.rows == order.rows;
        if is_known(variant) || others.iter().any(is_known) {
            continue;
        }
        let (positions, routed) = placed(input, graph, &order, None, None);
        let size = size(input, graph, &positions, &routed);
        others.push(Variant {
            score: score(input, size, &routed, crossings),
            graph: graph.clone(),
            ranking: variant.ranking.clone(),
            order,
            positions,
            routed,
            crossings,
        });
    }
    others
}
