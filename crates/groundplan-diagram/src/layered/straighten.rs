//! Ends of edges slide along the sides of their boxes where that makes a piece of the edge straight:
//! a line without a jog is read faster than one that meets its box in the very middle.

use super::graph::{Graph, Kind};
use super::position::Positions;

/// Least distance of two ends on one side of a box.
pub(super) const APART: i32 = 14;
/// Least distance of an end that was moved from the corner of its box.
pub(super) const CORNER: i32 = 14;
/// No end at a box.
const NONE: usize = usize::MAX;

/// An end of an edge at a side of a box: the item, whether it is the lower side, x, edge, piece.
type End = (usize, bool, i32, usize, usize);

/// Slides the ends; their order on each side stays, so that no crossing is made.
pub(super) fn straighten(graph: &Graph, positions: &mut Positions) {
    let is_node = |item: usize| matches!(graph.items[item].kind, Kind::Node(_));
    let mut ends: Vec<End> = Vec::new();
    for (edge, (chain, ports)) in graph.chains.iter().zip(&positions.ports).enumerate() {
        for (k, (pair, (a, b))) in chain.windows(2).zip(ports).enumerate() {
            let [upper, lower] = pair else { continue };
            if graph.flank(edge, *upper, *lower).is_some() {
                continue;
            }
            if is_node(*upper) {
                ends.push((*upper, true, *a, edge, k));
            }
            if is_node(*lower) {
                ends.push((*lower, false, *b, edge, k));
            }
        }
    }
    ends.sort_unstable();
    // Places in `ends` of the first and the last end of every edge.
    let mut places = vec![(NONE, NONE); graph.chains.len()];
    for (n, (_, lower_side, _, edge, _)) in ends.iter().enumerate() {
        if *lower_side {
            places[*edge].0 = n;
        } else {
            places[*edge].1 = n;
        }
    }
    for (edge, place) in places.into_iter().enumerate() {
        let last = positions.ports[edge].len().saturating_sub(1);
        for k in 0..=last {
            let Some((a, b)) = positions.ports[edge].get(k).copied() else {
                continue;
            };
            let upper = if k == 0 { place.0 } else { NONE };
            let lower = if k == last { place.1 } else { NONE };
            if a == b {
                continue;
            }
            let (from, to) = (
                range(graph, positions, &ends, upper, a),
                range(graph, positions, &ends, lower, b),
            );
            let (least, most) = (from.0.max(to.0), from.1.min(to.1));
            if least > most {
                continue;
            }
            // Halfway, so that both ends stay as near to their places as can be.
            let x = (a + (b - a) / 2).clamp(least, most);
            for end in [upper, lower] {
                if let Some(end) = ends.get_mut(end) {
                    end.2 = x;
                }
            }
            positions.ports[edge][k] = (x, x);
        }
    }
}

/// Where an end may stand between its neighbours and the corners of its box; a bend stays.
fn range(graph: &Graph, positions: &Positions, ends: &[End], at: usize, x: i32) -> (i32, i32) {
    let Some((item, side, ..)) = ends.get(at) else {
        return (x, x);
    };
    let (middle, half) = (positions.x[*item], graph.items[*item].left);
    let same = |end: &&End| (end.0, end.1) == (*item, *side);
    let before = at.checked_sub(1).and_then(|n| ends.get(n)).filter(same);
    let after = ends.get(at + 1).filter(same);
    let least = (middle - half + CORNER).max(before.map_or(i32::MIN, |end| end.2 + APART));
    let most = (middle + half - CORNER).min(after.map_or(i32::MAX, |end| end.2 - APART));
    (least, most)
}
