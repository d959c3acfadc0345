//! Which layer a box stands in: cycles are broken, then layers assigned so that edges are short
//! and boundaries low.

use super::Input;
use super::simplex::{self, Arc};

/// Layers of the boxes and which edges point upwards.
#[derive(Clone)]
pub(super) struct Ranking {
    pub(super) layer: Vec<usize>,
    pub(super) reversed: Vec<bool>,
}

impl Ranking {
    /// Layers numbered without gaps; what leads up in them is reversed.
    pub(super) fn of<L: Copy + Ord>(input: &Input<'_>, layer: &[L]) -> Ranking {
        let mut used = layer.to_vec();
        used.sort_unstable();
        used.dedup();
        let layer = layer.iter().map(|l| used.partition_point(|u| u < l));
        let layer: Vec<usize> = layer.collect();
        let reversed = input.edges.iter().map(|e| layer[e.from] > layer[e.to]);
        Ranking {
            reversed: reversed.collect(),
            layer,
        }
    }
}

/// How boundaries and what is outside share the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stacking {
    /// A boundary is a block: what uses it stands wholly above, what it uses wholly below.
    Blocks,
    /// Boundaries may stand side by side; what is outside and only used stands below them.
    Below,
    /// Every edge is as short as it can be.
    Loose,
}

/// Layers before those that are too wide are cut.
pub(super) struct Layering {
    layer: Vec<usize>,
    reversed: Vec<bool>,
    incoming: Vec<usize>,
    outgoing: Vec<usize>,
}

/// Which edges of a cycle point upwards: there are many ways to break one, and each gives other
/// layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaking {
    /// Sinks first, and of the rest what leads to most.
    Sinks,
    /// Sources first, and of the rest what is led to by most.
    Sources,
    /// What a search into the depth from the sources finds behind itself.
    Depth,
    /// As [`Breaking::Sinks`], of equals the last one.
    Last,
}

/// The edges that point upwards.
pub(super) fn upward(input: &Input<'_>, stacking: Stacking, breaking: Breaking) -> Vec<bool> {
    let count = input.boxes.len() + input.groups.len();
    let pairs: Vec<(usize, usize)> = input
        .edges
        .iter()
        .map(|e| match stacking {
            Stacking::Blocks => blocks(input, e.from, e.to),
            Stacking::Below | Stacking::Loose => (e.from, e.to),
        })
        .collect();
    match breaking {
        Breaking::Sinks => backward(count, &pairs),
        Breaking::Sources => {
            let mirrored: Vec<(usize, usize)> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
            backward(count, &mirrored)
        }
        Breaking::Depth => behind(count, &pairs),
        Breaking::Last => {
            let turned: Vec<(usize, usize)> = (pairs.iter())
                .map(|(a, b)| (count - 1 - *a, count - 1 - *b))
                .collect();
            backward(count, &turned)
        }
    }
}

/// The edges that lead back to what a search into the depth has not left yet.
fn behind(count: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut inn = vec![0_usize; count];
    for (n, (from, to)) in edges.iter().enumerate() {
        out[*from].push(n);
        inn[*to] += 1;
    }
    let mut starts: Vec<usize> = (0..count).collect();
    starts.sort_by_key(|n| (inn[*n], std::cmp::Reverse(out[*n].len()), *n));
    // 0: not seen, 1: entered, 2: left.
    let mut state = vec![0_u8; count];
    let mut back = vec![false; edges.len()];
    for start in starts {
        let mut stack = vec![(start, 0)];
        while let Some((node, next)) = stack.last_mut() {
            state[*node] = state[*node].max(1);
            let Some(edge) = out[*node].get(*next) else {
                state[*node] = 2;
                stack.pop();
                continue;
            };
            *next += 1;
            let to = edges[*edge].1;
            match state[to] {
                0 => stack.push((to, 0)),
                1 => back[*edge] = true,
                _ => {}
            }
        }
    }
    back
}

/// Assigns layers.
pub(super) fn layering(input: &Input<'_>, stacking: Stacking, reversed: Vec<bool>) -> Layering {
    let count = input.boxes.len();
    let below = stacking == Stacking::Below;
    let ends = |n: usize| {
        let edge = &input.edges[n];
        if reversed[n] {
            (edge.to, edge.from)
        } else {
            (edge.from, edge.to)
        }
    };
    let mut incoming = vec![0_usize; count];
    let mut outgoing = vec![0_usize; count];
    let groups = input.groups.len();
    let top = |g: usize| count + 2 * g;
    let bottom = |g: usize| count + 2 * g + 1;
    let mut arcs = Vec::new();
    for n in 0..input.edges.len() {
        let (from, to) = ends(n);
        outgoing[from] += 1;
        incoming[to] += 1;
        arcs.push(Arc::new(from, to, 1, 6));
        if stacking == Stacking::Blocks {
            let (a, b) = blocks(input, from, to);
            let from = if a < count { a } else { bottom(a - count) };
            let to = if b < count { b } else { top(b - count) };
            arcs.push(Arc::new(from, to, 1, 0));
        }
    }
    for g in 1..groups {
        let parent = input.groups[g].parent;
        arcs.push(Arc::new(top(g), bottom(g), 0, 5));
        if parent != 0 {
            arcs.push(Arc::new(top(parent), top(g), 0, 0));
            arcs.push(Arc::new(bottom(g), bottom(parent), 0, 0));
        }
    }
    for n in 0..count {
        let group = input.group_of[n];
        if group != 0 {
            arcs.push(Arc::new(top(group), n, 0, 0));
            arcs.push(Arc::new(n, bottom(group), 0, 0));
            continue;
        }
        let outer = (1..groups).filter(|g| input.groups[*g].parent == 0);
        if input.person[n] && incoming[n] == 0 && outgoing[n] > 0 {
            arcs.extend(outer.map(|g| Arc::new(n, top(g), 1, 0)));
        } else if below && input.external[n] && outgoing[n] == 0 && incoming[n] > 0 {
            arcs.extend(outer.map(|g| Arc::new(bottom(g), n, 1, 0)));
        }
    }
    let found = simplex::solve(count + 2 * groups, arcs, 2000);
    let layer = found
        .iter()
        .take(count)
        .map(|l| usize::try_from(*l).unwrap_or(0));
    Layering {
        layer: layer.collect(),
        reversed,
        incoming,
        outgoing,
    }
}

impl Layering {
    /// The layers with those beyond `fold` turned up beside those before it: half as many, for lines that
    /// may lead up as well as down; none if that leaves joined boxes in one layer.
    pub(super) fn folded(&self, input: &Input<'_>, fold: usize) -> Option<Layering> {
        // Doubled, so that one of two joined boxes can stand a little lower.
        let turn = |l: usize| {
            if l <= fold {
                2 * l
            } else {
                (4 * fold).saturating_sub(2 * l)
            }
        };
        let mut layer: Vec<usize> = self.layer.iter().map(|l| turn(*l)).collect();
        for edge in &input.edges {
            if layer[edge.from] == layer[edge.to] {
                layer[edge.to] += 1;
            }
        }
        let is_even = |e: &super::Edge| layer[e.from] == layer[e.to];
        if input.edges.iter().any(is_even) {
            return None;
        }
        let reversed = input.edges.iter().map(|e| layer[e.from] > layer[e.to]);
        let mut incoming = vec![0_usize; layer.len()];
        let mut outgoing = incoming.clone();
        for edge in &input.edges {
            let (from, to) = match layer[edge.from] > layer[edge.to] {
                true => (edge.to, edge.from),
                false => (edge.from, edge.to),
            };
            outgoing[from] += 1;
            incoming[to] += 1;
        }
        Some(Layering {
            reversed: reversed.collect(),
            layer,
            incoming,
            outgoing,
        })
    }

    /// The lowest layer.
    pub(super) fn last(&self) -> usize {
        self.layer.iter().copied().max().unwrap_or(0)
    }
}

/// The layers with those wider than `widest` pixels cut into several.
pub(super) fn cut(input: &Input<'_>, layering: &Layering, widest: i32) -> Ranking {
    let Layering {
        layer,
        reversed,
        incoming,
        outgoing,
    } = layering;
    let mut layer = layer.clone();
    rows(input, &mut layer, incoming, outgoing, widest);
    Ranking {
        layer,
        reversed: reversed.clone(),
    }
}

/// The two that an edge joins in the boundary common to both its ends: boxes, or boundaries as
/// numbers from the count of boxes on.
fn blocks(input: &Input<'_>, from: usize, to: usize) -> (usize, usize) {
    let count = input.boxes.len();
    let line = |node: usize| {
        let mut line = vec![node];
        let mut at = input.group_of[node];
        while at != 0 {
            line.push(count + at);
            at = input.groups[at].parent;
        }
        line
    };
    let (mut a, mut b) = (line(from), line(to));
    while a.len() > 1 && b.len() > 1 && a.last() == b.last() {
        a.pop();
        b.pop();
    }
    (
        a.last().copied().unwrap_or(from),
        b.last().copied().unwrap_or(to),
    )
}

/// Cuts layers that are too wide into several and numbers the layers without gaps. Boxes of one
/// layer have no edges among each other, so any cut is valid.
fn rows(
    input: &Input<'_>,
    layer: &mut [usize],
    incoming: &[usize],
    outgoing: &[usize],
    widest: i32,
) {
    let mut order: Vec<usize> = (0..layer.len()).collect();
    // Boundary by boundary, so that a cut seldom goes through one; in a boundary the boxes with
    // edges from above first, those without any edge last.
    order.sort_by_key(|n| {
        let bare = incoming[*n] + outgoing[*n] == 0;
        let weight = outgoing[*n].cast_signed() - incoming[*n].cast_signed();
        let group = match input.group_of[*n] {
            0 if outgoing[*n] == 0 => usize::MAX,
            group => group,
        };
        (layer[*n], bare, group, weight, *n)
    });
    let mut next = 0;
    let mut at = 0;
    while at < order.len() {
        let here = layer[order[at]];
        let mut end = at;
        let mut total = 0;
        while end < order.len() && layer[order[end]] == here {
            total += input.boxes[order[end]].0 + GAP;
            end += 1;
        }
        let parts = (total / widest.max(1)) + 1;
        let goal = total / parts;
        let mut used = 0;
        for (k, n) in order[at..end].iter().enumerate() {
            let width = input.boxes[*n].0 + GAP;
            if k > 0 && used + width / 2 > goal && parts > 1 {
                next += 1;
                used = 0;
            }
            used += width;
            layer[*n] = next;
        }
        next += 1;
        at = end;
    }
}

/// Room a box takes beside its neighbour.
pub(super) const GAP: i32 = 28;

/// Which edges to turn so that no cycle is left (Eades, Lin, Smyth, "A fast and effective
/// heuristic for the feedback arc set problem", 1993).
pub(super) fn backward(count: usize, edges: &[(usize, usize)]) -> Vec<bool> {
    let place = sequence(count, edges);
    edges
        .iter()
        .map(|(from, to)| place[*from] > place[*to])
        .collect()
}

/// A place for every node such that few edges point back.
pub(crate) fn sequence(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut out = vec![0_i64; count];
    let mut inn = vec![0_i64; count];
    let mut at: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (n, (from, to)) in edges.iter().enumerate() {
        out[*from] += 1;
        inn[*to] += 1;
        at[*from].push(n);
        at[*to].push(n);
    }
    let mut left = vec![true; count];
    let mut head = Vec::new();
    let mut tail = Vec::new();
    for _ in 0..count {
        let sink = (0..count).find(|n| left[*n] && out[*n] == 0 && inn[*n] > 0);
        let source = || (0..count).find(|n| left[*n] && inn[*n] == 0);
        let best = || {
            (0..count)
                .filter(|n| left[*n])
                .max_by_key(|n| (out[*n] - inn[*n], std::cmp::Reverse(*n)))
        };
        let (node, last) = match sink {
            Some(node) => (node, true),
            None => match source().or_else(best) {
                Some(node) => (node, false),
                None => break,
            },
        };
        left[node] = false;
        if last {
            tail.push(node)
        } else {
            head.push(node)
        }
        for n in &at[node] {
            let (from, to) = edges[*n];
            if from == node {
                inn[to] -= 1;
            }
            if to == node {
                out[from] -= 1;
            }
        }
    }
    let mut place = vec![0; count];
    for (n, node) in head.iter().chain(tail.iter().rev()).enumerate() {
        place[*node] = n;
    }
    place
}
