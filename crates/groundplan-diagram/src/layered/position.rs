//! x coordinates: the smallest weighted sum of sideways distances that keeps everything in a row
//! apart and the sides of boundaries straight (an auxiliary graph as in Gansner and others, 1993,
//! section 4.2, with two nodes for every boundary).

use super::earlier::Earlier;
use super::graph::{Graph, Kind, RowKind};
use super::lists::wide;
use super::order::{Order, Token};
use super::simplex::{self, Arc};
use super::straighten;

mod slide;

pub(super) use slide::{growth, kept, sides, sliding};

/// Space inside a boundary.
const PAD: i32 = 14;

/// What a pixel costs that a box stands beside its earlier place.
const STAY: i32 = 2000;
/// The same where a person put it: more than its edges have together.
const PINNED: i32 = 10_000;
/// What a pixel costs between a box and where an edge turns beside it.
const FLANK: i32 = 1;

/// x of all items and of the sides of all boundaries, and the ports of every edge.
#[derive(Clone)]
pub(super) struct Positions {
    pub(super) x: Vec<i32>,
    pub(super) sides: Vec<(i32, i32)>,
    /// Per edge and segment: x at its upper and at its lower end.
    pub(super) ports: Vec<Vec<(i32, i32)>>,
}

/// A number for the upper and one for the lower end of each of several lines.
type Pieces = Vec<(i32, i32)>;

/// A neighbour to the left, and how far right of its node the next may begin.
#[derive(Clone, Copy)]
enum Left {
    Wall(usize, i32),
    Item(usize),
    Group(usize),
}

/// Places everything; `spread` is the space between boxes.
pub(super) fn position(
    graph: &Graph,
    order: &Order,
    spread: i32,
    pivots: usize,
    earlier: Option<&Earlier>,
) -> Positions {
    let items = graph.items.len();
    let groups = graph.spans.len();
    let left_side = |g: usize| items + 2 * g;
    let right_side = |g: usize| items + 2 * g + 1;
    let mut arcs: Vec<Arc> = Vec::new();
    let mut push = |from: usize, to: usize, least: i32, weight: i32| {
        arcs.push(Arc::new(from, to, least, weight));
    };
    // An item begins so far left of its x, and ends so far right of it.
    let starts = |n: usize| (n, graph.items[n].left);
    let ends = |n: usize| (n, graph.items[n].right);
    apart(graph, order, spread, starts, ends, &mut push);
    let offsets = offsets(graph, order);
    let mut next = items + 2 * groups;
    for (edge, (chain, offsets)) in graph.chains.iter().zip(&offsets).enumerate() {
        for (pair, (upper, lower)) in chain.windows(2).zip(offsets) {
            let [a, b] = pair else { continue };
            if let Some(flank) = graph.flank(edge, *a, *b) {
                let (node, turn) = beside(graph, *a, *b);
                let (from, to) = if flank.right {
                    (node, turn)
                } else {
                    (turn, node)
                };
                push(from, to, 0, FLANK);
                continue;
            }
            let ahead = upper - lower;
            let weight = weight(graph, *a, *b);
            push(next, *a, (-ahead).max(0), weight);
            push(next, *b, ahead.max(0), weight);
            next += 1;
        }
    }
    if let Some(earlier) = earlier {
        // A box that stood somewhere before is drawn towards that place.
        let anchor = next;
        next += 1;
        for (n, middle) in earlier.middle.iter().enumerate() {
            if let Some(middle) = middle {
                let weight = if earlier.pinned[n] { PINNED } else { STAY };
                push(next, anchor, (-middle).max(0), weight);
                push(next, n, (*middle).max(0), weight);
                next += 1;
            }
        }
    }
    let found = simplex::solve(next, arcs, pivots);
    let x: Vec<i32> = found.iter().take(items).copied().collect();
    let sides = (0..groups)
        .map(|g| (found[left_side(g)], found[right_side(g)]))
        .collect();
    let mut ports: Vec<Vec<(i32, i32)>> = Vec::new();
    for (chain, offsets) in graph.chains.iter().zip(offsets) {
        let pairs = chain.windows(2).zip(offsets);
        ports.push(
            pairs
                .filter_map(|(pair, (upper, lower))| match pair {
                    [a, b] if graph.items[*a].row == graph.items[*b].row => {
                        let (_, turn) = beside(graph, *a, *b);
                        Some((x[turn], x[turn]))
                    }
                    [a, b] => Some((x[*a] + upper, x[*b] + lower)),
                    _ => None,
                })
                .collect(),
        );
    }
    let mut positions = Positions { x, sides, ports };
    straighten::straighten(graph, &mut positions);
    positions
}

/// Keeps what stands side by side apart, in the order of the rows. An item begins and ends at a
/// variable and a distance from it; sides of boundaries come after the items.
fn apart(
    graph: &Graph,
    order: &Order,
    spread: i32,
    starts: impl Fn(usize) -> (usize, i32),
    ends: impl Fn(usize) -> (usize, i32),
    push: &mut impl FnMut(usize, usize, i32, i32),
) {
    let items = graph.items.len();
    let left_side = |g: usize| items + 2 * g;
    let right_side = |g: usize| items + 2 * g + 1;
    let mut joined = vec![false; items];
    for item in graph.chains.iter().flatten() {
        joined[*item] = true;
    }
    for (row, tokens) in order.rows.iter().enumerate() {
        let mut left: Vec<Option<Left>> = vec![None];
        for token in tokens {
            let before = left.last().copied().flatten();
            match *token {
                Token::Item(n) => {
                    let n = wide(n);
                    let item = &graph.items[n];
                    match before {
                        Some(Left::Wall(g, room)) => {
                            push(left_side(g), starts(n).0, room + starts(n).1, 0)
                        }
                        Some(Left::Group(g)) => {
                            push(right_side(g), starts(n).0, 14 + starts(n).1, 0)
                        }
                        Some(Left::Item(m)) => {
                            let other = &graph.items[m];
                            let gap = gap(other.kind, item.kind, spread);
                            // What nothing joins stands beside its neighbour, not anywhere.
                            let boxes = is_node(graph, m) && is_node(graph, n);
                            let close = i32::from(boxes && !(joined[m] && joined[n]));
                            push(ends(m).0, starts(n).0, ends(m).1 + gap + starts(n).1, close);
                        }
                        None => {}
                    }
                    set(&mut left, Left::Item(n));
                }
                Token::Open(g) => {
                    let g = wide(g);
                    match before {
                        Some(Left::Wall(h, room)) => push(left_side(h), left_side(g), room, 0),
                        Some(Left::Group(h)) => push(right_side(h), left_side(g), 24, 0),
                        Some(Left::Item(m)) => {
                            push(ends(m).0, left_side(g), ends(m).1 + 14, 0);
                        }
                        None => {}
                    }
                    set(&mut left, Left::Group(g));
                    let span = &graph.spans[g];
                    let titled = graph.rows[row] == RowKind::Titles && span.first == row;
                    let room = if titled { 10 + span.title + 14 } else { PAD };
                    left.push(Some(Left::Wall(g, room)));
                }
                Token::Close(g) => {
                    let g = wide(g);
                    match before {
                        Some(Left::Item(m)) => {
                            push(ends(m).0, right_side(g), ends(m).1 + PAD, 0);
                        }
                        Some(Left::Group(h)) => push(right_side(h), right_side(g), PAD, 0),
                        Some(Left::Wall(..)) | None => {}
                    }
                    left.pop();
                }
            }
        }
    }
    for (g, span) in graph.spans.iter().enumerate().skip(1) {
        push(left_side(g), right_side(g), (span.title + 20).max(60), 3);
    }
}

fn set(left: &mut [Option<Left>], value: Left) {
    if let Some(last) = left.last_mut() {
        *last = Some(value);
    }
}

/// What a pixel costs that a piece of an edge runs sideways.
fn weight(graph: &Graph, a: usize, b: usize) -> i32 {
    let bends = [a, b].iter().filter(|n| !is_node(graph, **n)).count();
    [2, 5, 14].get(bends).copied().unwrap_or(2)
}

fn is_node(graph: &Graph, item: usize) -> bool {
    matches!(graph.items[item].kind, Kind::Node(_))
}

/// Of two items, one of which is a box, the box and the other one.
fn beside(graph: &Graph, a: usize, b: usize) -> (usize, usize) {
    if is_node(graph, a) { (a, b) } else { (b, a) }
}

fn gap(a: Kind, b: Kind, spread: i32) -> i32 {
    let bend = |kind: Kind| matches!(kind, Kind::Bend | Kind::Flank);
    match (a, b) {
        (Kind::Node(_), Kind::Node(_)) => spread,
        // The mark at the end of an edge has its room.
        (Kind::Node(_), Kind::Flank) | (Kind::Flank, Kind::Node(_)) => spread * 4 / 7,
        (Kind::Node(_), _) | (_, Kind::Node(_)) => 16,
        (Kind::Label(_), Kind::Label(_)) => 8,
        (a, b) if bend(a) && bend(b) => 11,
        _ => 9,
    }
}

/// Where the edges leave and reach their boxes, from the middle: spread over the side in the order
/// of the row they come from.
fn offsets(graph: &Graph, order: &Order) -> Vec<Pieces> {
    let mut place = vec![0_usize; graph.items.len()];
    for tokens in &order.rows {
        for (n, token) in tokens.iter().enumerate() {
            if let Token::Item(item) = token {
                place[wide(*item)] = n;
            }
        }
    }
    let mut offsets: Vec<Vec<(i32, i32)>> = graph
        .chains
        .iter()
        .map(|chain| vec![(0, 0); chain.len().saturating_sub(1)])
        .collect();
    let mut below: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.items.len()];
    let mut above: Vec<Vec<(usize, usize)>> = vec![Vec::new(); graph.items.len()];
    for (edge, chain) in graph.chains.iter().enumerate() {
        if let [first, second, ..] = chain.as_slice()
            && graph.flank(edge, *first, *second).is_none()
        {
            below[*first].push((place[*second], edge));
        }
        if let [.., second, last] = chain.as_slice()
            && graph.flank(edge, *second, *last).is_none()
        {
            above[*last].push((place[*second], edge));
        }
    }
    for (n, item) in graph.items.iter().enumerate() {
        // Only the box itself, without the room for loops beside it, takes ports.
        let width = 2 * item.left;
        for (ends, upper) in [(&mut below[n], true), (&mut above[n], false)] {
            ends.sort_unstable();
            let count = i32::try_from(ends.len()).unwrap_or(1);
            for (k, (_, edge)) in ends.iter().enumerate() {
                let k = i32::try_from(k).unwrap_or(0);
                let at = width * (k + 1) / (count + 1) - width / 2;
                let segments = &mut offsets[*edge];
                if upper {
                    if let Some(first) = segments.first_mut() {
                        first.0 = at;
                    }
                } else if let Some(last) = segments.last_mut() {
                    last.1 = at;
                }
            }
        }
    }
    offsets
}
