//! The same with the ends of edges as positions of their own, which slide along the sides of their
//! boxes: a box that can be met by straight lines stands well, wherever on its side they end.

use super::{Positions, apart, is_node, offsets, weight};
use crate::layered::graph::Graph;
use crate::layered::lists::wide;
use crate::layered::order::{Order, Token};
use crate::layered::simplex::{self, Arc};
use crate::layered::straighten::{self, APART, CORNER};

/// What a pixel costs by which a box is wider than its words: more than all its edges.
const STIFF: i32 = 2000;

/// No variable.
const NONE: usize = usize::MAX;

/// Places everything.
pub(super) fn position(graph: &Graph, order: &Order, spread: i32, pivots: usize) -> Positions {
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
            push(n, next, 2 * item.left, STIFF);
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
    for (g, span) in graph.spans.iter().enumerate().skip(1) {
        let left = items + 2 * g;
        push(left, left + 1, (span.title + 20).max(60), 3);
    }
    let usual = offsets(graph, order);
    let mut port = vec![(NONE, NONE); graph.chains.len()];
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
            let from = if k == 0 { port[edge].0 } else { *a };
            let to = if k == last { port[edge].1 } else { *b };
            if from == NONE || to == NONE {
                continue;
            }
            let weight = weight(graph, *a, *b);
            push(next, from, 0, weight);
            push(next, to, 0, weight);
            next += 1;
        }
    }
    let found = simplex::solve(next, arcs, pivots);
    let x = graph.items.iter().enumerate().map(|(n, item)| match right[n] {
        NONE => found[n],
        _ => found[n] + item.left,
    });
    let sides = (0..groups).map(|g| (found[items + 2 * g], found[items + 2 * g + 1]));
    let ports = graph.chains.iter().enumerate().map(|(edge, chain)| {
        let last = chain.len().saturating_sub(2);
        let pairs = chain.windows(2).enumerate();
        let ends = pairs.filter_map(|(k, pair)| match pair {
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
    straighten::straighten(graph, &mut positions);
    positions
}

/// The ends of edges at every side of a box that has any, from left to right: the box, whether it is
/// the lower side, the edges.
fn sides(graph: &Graph, order: &Order) -> Vec<(usize, bool, Vec<usize>)> {
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
        if let [first, second, ..] = chain.as_slice() {
            ends.push((*first, true, place[*second], edge));
        }
        if let [.., second, last] = chain.as_slice() {
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
