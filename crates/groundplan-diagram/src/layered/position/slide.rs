//! The same with the ends of edges as positions of their own, which slide along the sides of their
//! boxes: a box that can be met by straight lines stands well, wherever on its side they end.

use super::{FLANK, PINNED, Positions, STAY, apart, beside, is_node, offsets, weight};
use crate::layered::earlier::Earlier;
use crate::layered::graph::Graph;
use crate::layered::lists::wide;
use crate::layered::order::{Order, Token};
use crate::layered::simplex::{self, Arc};
use crate::layered::straighten::{self, APART, CORNER};

/// What a pixel costs by which a box is wider than its words: more than all its edges, or next to
/// nothing.
const STIFF: i32 = 100_000;
const SOFT: i32 = 1;
/// Width that no box gets over by that.
const WIDEST: i32 = 420;

/// How often bends are weighed anew.
const ROUNDS: usize = 2;

/// No variable.
const NONE: usize = usize::MAX;

/// Places everything.
pub(in crate::layered) fn sliding(
    graph: &Graph,
    order: &Order,
    spread: i32,
    pivots: usize,
    near: Option<&Positions>,
    earlier: Option<&Earlier>,
) -> Positions {
    let near = near.map(|near| (near, false));
    solved(graph, order, spread, pivots, STIFF, near, earlier).0
}

/// Places everything from about the positions `near` on; what is straight there stays so if it can.
pub(in crate::layered) fn kept(
    graph: &Graph,
    order: &Order,
    spread: i32,
    pivots: usize,
    near: &Positions,
) -> Positions {
    solved(
        graph,
        order,
        spread,
        pivots,
        STIFF,
        Some((near, true)),
        None,
    )
    .0
}

/// By how many pixels on both sides boxes should be wider: those that have more straight lines then
/// than with `now`, and have at most two and a half times their width.
pub(in crate::layered) fn growth(
    graph: &Graph,
    order: &Order,
    spread: i32,
    pivots: usize,
    now: &Positions,
    earlier: Option<&Earlier>,
) -> Vec<(usize, i32)> {
    let (then, widths) = solved(
        graph,
        order,
        spread,
        pivots,
        SOFT,
        Some((now, false)),
        earlier,
    );
    let (before, after) = (bent(graph, now), bent(graph, &then));
    let mut more = Vec::new();
    for (n, width) in widths {
        let natural = 2 * graph.items[n].left;
        let side = (width - natural + 1) / 2;
        if side > 0 && width <= (natural * 5 / 2).min(WIDEST) && after[n] < before[n] {
            more.push((n, side));
        }
    }
    more
}

/// How many pieces of the edges of each box run sideways.
fn bent(graph: &Graph, positions: &Positions) -> Vec<usize> {
    let mut bent = vec![0; graph.items.len()];
    for (chain, ports) in graph.chains.iter().zip(&positions.ports) {
        let sideways = ports.iter().filter(|(a, b)| a != b).count();
        for end in [chain.first(), chain.last()].into_iter().flatten() {
            bent[*end] += sideways;
        }
    }
    bent
}

/// Places of everything, and the width of each box.
fn solved(
    graph: &Graph,
    order: &Order,
    spread: i32,
    pivots: usize,
    stiff: i32,
    near: Option<(&Positions, bool)>,
    earlier: Option<&Earlier>,
) -> (Positions, Vec<(usize, i32)>) {
    let items = graph.items.len();
    let groups = graph.spans.len();
    let mut arcs: Vec<Arc> = Vec::new();
    let mut push = |from: usize, to: usize, least: i32, weight: i32| {
        arcs.push(Arc::new(from, to, least, weight));
    };
    let mut next = items + 2 * groups;
    // The variable of a box is its left side; of its right side there is another one, because ends of
    // edges stand between both.
    let mut right = vec![NONE; items];
    for (n, item) in graph.items.iter().enumerate() {
        if is_node(graph, n) {
            right[n] = next;
            push(n, next, 2 * item.left, stiff);
            next += 1;
        }
    }
    let starts = |n: usize| match right[n] {
        NONE => (n, graph.items[n].left),
        _ => (n, 0),
    };
    let ends = |n: usize| {
        let item = &graph.items[n];
        match right[n] {
            NONE => (n, item.right),
            side => (side, item.right - item.left),
        }
    };
    apart(graph, order, spread, starts, ends, &mut push);
    let usual = offsets(graph, order);
    let mut port = vec![(NONE, NONE); graph.chains.len()];
    let mut bends = Vec::new();
    for (n, lower, edges) in sides(graph, order) {
        let count = i32::try_from(edges.len()).unwrap_or(1);
        let width = 2 * graph.items[n].left;
        let corner = CORNER.min(width / (count + 1));
        let step = APART.min((width - 2 * corner) / count.max(1));
        let mut before = (n, corner);
        for edge in edges {
            push(before.0, next, before.1, 0);
            before = (next, step);
            let pieces = &usual[edge];
            let usual = if lower {
                port[edge].0 = next;
                pieces.first().map_or(0, |p| p.0)
            } else {
                port[edge].1 = next;
                pieces.last().map_or(0, |p| p.1)
            };
            // Of several that are as straight the usual place is the best.
            push(next + 1, n, 0, 1);
            push(next + 1, next, graph.items[n].left + usual, 1);
            next += 2;
        }
        push(before.0, right[n], corner, 0);
    }
    for (edge, chain) in graph.chains.iter().enumerate() {
        let last = chain.len().saturating_sub(2);
        for (k, pair) in chain.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            if let Some(flank) = graph.flank(edge, *a, *b) {
                let (node, turn) = beside(graph, *a, *b);
                match flank.right {
                    true => push(right[node], turn, 0, FLANK),
                    false => push(turn, node, 0, FLANK),
                }
                continue;
            }
            let from = if k == 0 { port[edge].0 } else { *a };
            let to = if k == last { port[edge].1 } else { *b };
            if from == NONE || to == NONE {
                continue;
            }
            let known = near.filter(|near| near.1);
            let known = known.and_then(|(near, _)| near.ports.get(edge)?.get(k));
            let weight = weight(graph, *a, *b);
            let weight = known.map_or(weight, |(a, b)| simplex::weight(weight, (a - b).abs()));
            bends.push((from, to, weight));
        }
    }
    let mut anchor = None;
    if let Some(earlier) = earlier {
        // A box that stood somewhere before is drawn towards that place.
        for (n, middle) in earlier.middle.iter().enumerate() {
            let Some(middle) = middle else { continue };
            if anchor.is_none() {
                anchor = Some((next, n, *middle));
                next += 1;
            }
            let Some((anchor, ..)) = anchor else { continue };
            let left = middle - graph.items[n].left;
            let weight = if earlier.pinned[n] { PINNED } else { STAY };
            push(next, anchor, (-left).max(0), weight);
            push(next, n, left.max(0), weight);
            next += 1;
        }
    }
    for (from, to, weight) in bends {
        arcs.extend([from, to].map(|end| Arc::bend(next, end, weight)));
        next += 1;
    }
    // Boxes that may be wider are weighed against what bends cost.
    let rounds = match near {
        _ if stiff != STIFF => 0,
        Some((_, true)) => 0,
        _ => ROUNDS,
    };
    let start = near.map(|(near, _)| {
        let mut start = vec![simplex::ANYWHERE; next];
        let known = Known { graph, order, near };
        known.begin(&mut start, &right, &port);
        if let Some((anchor, n, middle)) = anchor {
            start[anchor] = known.x(n) - middle;
        }
        start
    });
    let found = simplex::solve_from(next, arcs, start.as_deref(), pivots, rounds);
    let x = graph
        .items
        .iter()
        .enumerate()
        .map(|(n, item)| match right[n] {
            NONE => found[n],
            _ => found[n] + item.left,
        });
    let sides = (0..groups).map(|g| (found[items + 2 * g], found[items + 2 * g + 1]));
    let ports = graph.chains.iter().enumerate().map(|(edge, chain)| {
        let last = chain.len().saturating_sub(2);
        let pairs = chain.windows(2).enumerate();
        let ends = pairs.filter_map(|(k, pair)| match pair {
            [a, b] if graph.items[*a].row == graph.items[*b].row => {
                let (_, turn) = beside(graph, *a, *b);
                Some((*found.get(turn)?, *found.get(turn)?))
            }
            [a, b] => {
                let from = if k == 0 { port[edge].0 } else { *a };
                let to = if k == last { port[edge].1 } else { *b };
                Some((*found.get(from)?, *found.get(to)?))
            }
            _ => None,
        });
        ends.collect()
    });
    let mut positions = Positions {
        x: x.collect(),
        sides: sides.collect(),
        ports: ports.collect(),
    };
    if stiff == STIFF {
        straighten::straighten(graph, &mut positions);
    }
    let boxes = (0..items).filter(|n| right[*n] != NONE);
    let widths = boxes.map(|n| (n, found[right[n]] - found[n])).collect();
    (positions, widths)
}

/// Where everything stands about.
struct Known<'a> {
    graph: &'a Graph,
    order: &'a Order,
    near: &'a Positions,
}

impl Known<'_> {
    /// x of an item; of one that is new as its row has it.
    fn x(&self, n: usize) -> i32 {
        let new = || i32::try_from(*self.order.place.get(n)?).ok();
        let known = self.near.x.get(n).copied();
        known.or_else(new).unwrap_or(0)
    }

    /// Fills in where the variables begin; `right` and `port` are those of boxes and of edges.
    fn begin(&self, start: &mut [i32], right: &[usize], port: &[(usize, usize)]) {
        let items = self.graph.items.len();
        for (n, item) in self.graph.items.iter().enumerate() {
            let x = self.x(n);
            start[n] = x;
            if let Some(side) = start.get_mut(right[n]) {
                *side = x + item.left;
                start[n] = x - item.left;
            }
        }
        for (group, (left, right)) in self.near.sides.iter().enumerate() {
            (start[items + 2 * group], start[items + 2 * group + 1]) = (*left, *right);
        }
        for ((upper, lower), pieces) in port.iter().zip(&self.near.ports) {
            let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
                continue;
            };
            for (variable, x) in [(*upper, first.0), (*lower, last.1)] {
                if let Some(at) = start.get_mut(variable) {
                    *at = x;
                }
            }
        }
    }
}

/// The ends of edges at every upper and lower side of a box that has any, from left to right: the box,
/// whether it is the lower side, the edges.
pub(in crate::layered) fn sides(graph: &Graph, order: &Order) -> Vec<(usize, bool, Vec<usize>)> {
    let mut place = vec![0_usize; graph.items.len()];
    for tokens in &order.rows {
        for (n, token) in tokens.iter().enumerate() {
            if let Token::Item(item) = token {
                place[wide(*item)] = n;
            }
        }
    }
    let mut ends: Vec<(usize, bool, usize, usize)> = Vec::new();
    for (edge, chain) in graph.chains.iter().enumerate() {
        if let [first, second, ..] = chain.as_slice()
            && graph.flank(edge, *first, *second).is_none()
        {
            ends.push((*first, true, place[*second], edge));
        }
        if let [.., second, last] = chain.as_slice()
            && graph.flank(edge, *second, *last).is_none()
        {
            ends.push((*last, false, place[*second], edge));
        }
    }
    ends.sort_unstable();
    ends.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1))
        .filter_map(|chunk| {
            let (n, lower, ..) = *chunk.first()?;
            Some((n, lower, chunk.iter().map(|end| end.3).collect()))
        })
        .collect()
}
