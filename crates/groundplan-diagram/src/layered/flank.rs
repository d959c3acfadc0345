//! Edges that leave or reach a box at its left or right side: one corner instead of two where an edge
//! leads past its box, and none of it lies between the rows.

use super::earlier::Earlier;
use super::graph::{Flank, Graph, Item, Kind};
use super::lists::{small, wide};
use super::order::{Order, Token};
use super::position::Positions;
use super::route::Routed;
use super::{FEW, Input, Variant, placed, route, score, size};

/// Distance of two ends at one side of a box, and of an end from a corner.
const APART: i32 = 12;
const CORNER: i32 = 9;
/// Room beside a line that turns.
const ROOM: i32 = 16;
/// How far beyond its box an edge must lead.
const BEYOND: i32 = 2;
/// Items up to which this is tried, how often it is tried with more ends, and how often with fewer.
const FLANKING: usize = 300;
const GENERATIONS: usize = 2;
const ROUNDS: usize = 3;

/// An end that could be at a side: the edge, whether it is its upper end, the box, the next item of the
/// edge, whether it is the right side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    edge: usize,
    upper: bool,
    node: usize,
    next: usize,
    right: bool,
    /// Where the edge goes on, as far as is known.
    x: i32,
    /// Whether it can turn there with everything else at its place.
    is_free: bool,
}

/// The variant with ends at the sides of boxes, where that is better.
pub(super) fn flanked(input: &Input<'_>, variant: Variant, earlier: Option<&Earlier>) -> Variant {
    let corners = variant.routed.corners.iter().any(|c| !c.is_empty());
    if !corners || input.sideways || variant.graph.items.len() > FLANKING {
        return variant;
    }
    let mut best = variant;
    best.score = truly(input, &best.graph, &best.positions, &best.routed);
    // Where some edges leave at sides, others are the outermost.
    for _ in 0..GENERATIONS {
        let before = best.score;
        best = with_flanks(input, best, earlier);
        if best.score == before {
            break;
        }
    }
    best
}

/// The score with crossings as they are drawn.
fn truly(input: &Input<'_>, graph: &Graph, positions: &Positions, routed: &Routed) -> i64 {
    let crossings = route::crossings(graph, positions, routed);
    let size = size(input, graph, positions, routed);
    score(input, size, routed, crossings)
}

/// The variant with as many ends at sides as are good for it.
fn with_flanks(input: &Input<'_>, variant: Variant, earlier: Option<&Earlier>) -> Variant {
    let mut wishes = wishes(input, &variant);
    let mut free = wishes.clone();
    free.retain(|wish| wish.is_free);
    let mut near = variant.positions.clone();
    let mut best: Option<Variant> = None;
    let few = input.boxes.len() <= FEW;
    let rounds = if few { ROUNDS } else { 1 };
    for _ in 0..rounds {
        if wishes.is_empty() {
            break;
        }
        let tried = attempt(input, &variant, &near, &wishes, earlier);
        let before = wishes.len();
        // What is not straight then has one corner more than before.
        wishes.retain(|wish| is_straight(&tried.positions, wish));
        near.x.clone_from(&tried.positions.x);
        // Of fewer wishes, the items beside the boxes are others.
        near.x.truncate(variant.graph.items.len());
        near.sides.clone_from(&tried.positions.sides);
        if tried.score < best.as_ref().unwrap_or(&variant).score {
            best = Some(tried);
        }
        if wishes.len() == before {
            break;
        }
    }
    // What all of them are not worth, those may be that take no room.
    if best.is_none() && few && !free.is_empty() {
        let tried = attempt(input, &variant, &variant.positions, &free, earlier);
        best = (tried.score < variant.score).then_some(tried);
    }
    best.unwrap_or(variant)
}

/// The variant with all ends at sides as they are wished, from about the positions `near` on.
fn attempt(
    input: &Input<'_>,
    variant: &Variant,
    near: &Positions,
    wishes: &[Wish],
    earlier: Option<&Earlier>,
) -> Variant {
    let (graph, order) = granted(input, &variant.graph, &variant.order, wishes);
    let (positions, routed) = placed(input, &graph, &order, Some(near), earlier);
    Variant {
        score: truly(input, &graph, &positions, &routed),
        graph,
        order,
        positions,
        routed,
        ranking: variant.ranking.clone(),
        crossings: variant.crossings,
    }
}

/// Whether an edge goes on straight where it turns beside its box.
fn is_straight(positions: &Positions, wish: &Wish) -> bool {
    let pieces = &positions.ports[wish.edge];
    let last = pieces.len().checked_sub(2);
    let piece = if wish.upper { Some(1) } else { last };
    let piece = piece.and_then(|k| pieces.get(k));
    piece.is_some_and(|(a, b)| a == b)
}

/// The ends that lead beyond their boxes, the outermost of each box first.
fn wishes(input: &Input<'_>, variant: &Variant) -> Vec<Wish> {
    let Variant {
        graph,
        order,
        positions,
        ..
    } = variant;
    let place = places(graph, order);
    let mut wishes: Vec<Wish> = Vec::new();
    // How many ends are at the left and at the right side of each box.
    let mut count = vec![[0_usize; 2]; graph.items.len()];
    for (chain, flanks) in graph.chains.iter().zip(&graph.flanks) {
        let ends = [(chain.first(), flanks.0), (chain.last(), flanks.1)];
        for (node, flank) in ends {
            if let (Some(node), Some(flank)) = (node, flank) {
                count[*node][usize::from(flank.right)] += 1;
            }
        }
    }
    for (node, lower_side, edges) in super::position::sides(graph, order) {
        let item = &graph.items[node];
        let height = item.height - 2 * CORNER - head(input, node);
        let most = usize::try_from(height / APART + 1).unwrap_or(0);
        let (left, right) = (positions.x[node] - item.left, positions.x[node] + item.left);
        let mut try_side = |edges: &mut dyn Iterator<Item = &usize>, to_right: bool| {
            // Loops take the right side.
            if to_right && item.right > item.left + 1 {
                return;
            }
            for edge in edges {
                let chain = &graph.chains[*edge];
                let ports = &positions.ports[*edge];
                let (next, (here, there)) = if lower_side {
                    (chain.get(1), ports.first().copied().unwrap_or_default())
                } else {
                    let (a, b) = ports.last().copied().unwrap_or_default();
                    (
                        chain.len().checked_sub(2).and_then(|n| chain.get(n)),
                        (b, a),
                    )
                };
                let Some(next) = next.copied() else { break };
                // The other end of an edge between neighbours can slide.
                let slack = match graph.items[next].kind {
                    Kind::Node(_) => graph.items[next].left - super::straighten::CORNER,
                    _ => 0,
                };
                let middle = if slack > 0 { positions.x[next] } else { there };
                let beyond = if to_right {
                    (middle + slack) - right
                } else {
                    left - (middle - slack)
                };
                let done = wishes.iter().any(|w| w.edge == *edge && slack > 0);
                if here == there || beyond < BEYOND + if slack > 0 { 16 } else { 0 } || done {
                    break;
                }
                if count[node][usize::from(to_right)] == most {
                    break;
                }
                let wish = Wish {
                    edge: *edge,
                    upper: lower_side,
                    node,
                    next,
                    right: to_right,
                    x: there,
                    is_free: false,
                };
                let Some((_, at)) = way(graph, order, &place, &wish) else {
                    break;
                };
                let row = &order.rows[wide(item.row)];
                let is_free = has_room(graph, positions, row, at, &wish);
                let wish = Wish { is_free, ..wish };
                count[node][usize::from(to_right)] += 1;
                wishes.push(wish);
            }
        };
        try_side(&mut edges.iter(), false);
        try_side(&mut edges.iter().rev(), true);
    }
    wishes
}

/// Whether an edge can turn as it is wished, before the token at `at` (for the left side, after it),
/// without anything moving.
fn has_room(graph: &Graph, positions: &Positions, row: &[Token], at: usize, wish: &Wish) -> bool {
    let (x, half) = (positions.x[wish.node], graph.items[wish.node].left);
    let beyond = match wish.right {
        true => row.get(at),
        false => at.checked_sub(1).and_then(|at| row.get(at)),
    };
    let side = |n: u32, left: bool| {
        let (a, b) = positions.sides.get(wide(n)).copied().unwrap_or_default();
        if left { a } else { b }
    };
    let end = beyond.map(|token| match *token {
        Token::Item(n) if wish.right => positions.x[wide(n)] - graph.items[wide(n)].left,
        Token::Item(n) => positions.x[wide(n)] + graph.items[wide(n)].right,
        Token::Open(g) => side(g, true),
        Token::Close(g) => side(g, false),
    });
    if wish.right {
        wish.x >= x + half + ROOM && end.is_none_or(|end| wish.x <= end - ROOM)
    } else {
        wish.x <= x - half - ROOM && end.is_none_or(|end| wish.x >= end + ROOM)
    }
}

/// Room at the upper end of the sides of a box that takes no ends: the head of a person.
fn head(input: &Input<'_>, node: usize) -> i32 {
    if input.person.get(node).copied().unwrap_or(false) {
        crate::card::HEAD
    } else {
        0
    }
}

/// Place of each item in its row.
fn places(graph: &Graph, order: &Order) -> Vec<usize> {
    let mut place = vec![0; graph.items.len()];
    for tokens in &order.rows {
        for (n, token) in tokens.iter().enumerate() {
            if let Token::Item(item) = token {
                place[wide(*item)] = n;
            }
        }
    }
    place
}

/// The boundary in which an edge turns beside its box, and the place of the token before which it does
/// (for the left side, after which); none if something is in the way.
fn way(graph: &Graph, order: &Order, place: &[usize], wish: &Wish) -> Option<(usize, usize)> {
    let row = wide(graph.items[wish.node].row);
    let tokens = order.rows.get(row)?;
    let own = Token::Item(small(wish.node));
    let at = tokens.iter().position(|t| *t == own)?;
    let own_group = wide(graph.items[wish.node].group);
    let goal = common(graph, own_group, wide(graph.items[wish.next].group));
    let mut group = own_group;
    let mut next = at;
    loop {
        let beside = if wish.right {
            next + 1
        } else {
            next.checked_sub(1).unwrap_or(usize::MAX)
        };
        match tokens.get(beside) {
            Some(Token::Item(n)) => {
                let n = wide(*n);
                let passes = match graph.items[n].kind {
                    Kind::Flank => is_nearer(graph, order, n, wish),
                    // What the edge crosses between the rows anyway it may cross here.
                    Kind::Bend => crosses(graph, place, n, wish),
                    Kind::Node(_) | Kind::Label(_) => false,
                };
                match passes {
                    true => next = beside,
                    false if group != goal => return None,
                    false => break,
                }
            }
            Some(Token::Close(g)) if wish.right && wide(*g) == group && group != goal => {
                group = graph.spans.get(group)?.parent;
                next = beside;
            }
            Some(Token::Open(g)) if !wish.right && wide(*g) == group && group != goal => {
                group = graph.spans.get(group)?.parent;
                next = beside;
            }
            _ if group != goal => return None,
            _ => break,
        }
    }
    Some((group, if wish.right { next + 1 } else { next }))
}

/// Whether another edge turns beside the same box, and nearer to it.
fn is_nearer(graph: &Graph, order: &Order, flank: usize, wish: &Wish) -> bool {
    let own = graph.chains.iter().any(|chain| match chain.as_slice() {
        [a, b, .., c, d] => (*a, *b) == (wish.node, flank) || (*d, *c) == (wish.node, flank),
        _ => false,
    });
    let (there, here) = (order.place[flank], i64::from(wish.x));
    own && if wish.right {
        there < here
    } else {
        there > here
    }
}

/// Whether the edge whose bend stands beside a box goes on on the other side of where a wish leads.
fn crosses(graph: &Graph, place: &[usize], bend: usize, wish: &Wish) -> bool {
    let other = graph.chains.iter().find_map(|chain| {
        let at = chain.iter().position(|n| *n == bend)?;
        let at = if wish.upper {
            at + 1
        } else {
            at.checked_sub(1)?
        };
        chain.get(at).copied()
    });
    other.is_some_and(|other| {
        graph.items[other].row == graph.items[wish.next].row
            && if wish.right {
                place[other] < place[wish.next]
            } else {
                place[other] > place[wish.next]
            }
    })
}

/// The innermost boundary around two.
fn common(graph: &Graph, a: usize, b: usize) -> usize {
    let around = |start: usize| {
        std::iter::successors(Some(start), |g| {
            (*g != 0).then(|| graph.spans.get(*g).map_or(0, |span| span.parent))
        })
    };
    around(a).find(|g| around(b).any(|h| h == *g)).unwrap_or(0)
}

/// The graph and the order with ends at sides as they are wished.
fn granted(input: &Input<'_>, graph: &Graph, order: &Order, wishes: &[Wish]) -> (Graph, Order) {
    let (mut graph, mut order) = (graph.clone(), order.clone());
    for wish in wishes {
        let place = places(&graph, &order);
        let Some((group, at)) = way(&graph, &order, &place, wish) else {
            continue;
        };
        let item = small(graph.items.len());
        let row = graph.items[wish.node].row;
        graph.items.push(Item {
            kind: Kind::Flank,
            row,
            group: small(group),
            left: 0,
            right: 0,
            height: 0,
        });
        order.place.push(i64::from(wish.x));
        order.rows[wide(row)].insert(at, Token::Item(item));
        let chain = &mut graph.chains[wish.edge];
        let flank = Some(Flank {
            right: wish.right,
            down: 0,
        });
        if wish.upper {
            chain.insert(1, wide(item));
            graph.flanks[wish.edge].0 = flank;
        } else {
            chain.insert(chain.len() - 1, wide(item));
            graph.flanks[wish.edge].1 = flank;
        }
    }
    spread(input, &mut graph, &order);
    (graph, order)
}

/// Spreads the ends over the heights of the sides: what goes up above what goes down, and of each what
/// turns farther away nearer to the middle of the side, so that none crosses another.
fn spread(input: &Input<'_>, graph: &mut Graph, order: &Order) {
    let place = places(graph, order);
    // Node, whether right, whether down, how far: then the edge.
    let mut ends: Vec<(usize, bool, bool, i64, usize)> = Vec::new();
    for (edge, (chain, flanks)) in graph.chains.iter().zip(&graph.flanks).enumerate() {
        let far = |node: usize, item: usize| {
            let distance = place[node].abs_diff(place[item]);
            i64::try_from(distance).unwrap_or(0)
        };
        if let ([node, item, ..], Some(flank)) = (chain.as_slice(), flanks.0) {
            ends.push((*node, flank.right, true, -far(*node, *item), edge));
        }
        if let ([.., item, node], Some(flank)) = (chain.as_slice(), flanks.1) {
            ends.push((*node, flank.right, false, far(*node, *item), edge));
        }
    }
    ends.sort_unstable();
    for side in ends.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let Some((node, right, ..)) = side.first().copied() else {
            continue;
        };
        let count = i32::try_from(side.len()).unwrap_or(1);
        let item = &graph.items[node];
        let top = head(input, node);
        let height = item.height - top;
        for (k, (_, _, down, _, edge)) in (1..).zip(side) {
            let flank = Some(Flank {
                right,
                down: top + height * k / (count + 1),
            });
            let flanks = &mut graph.flanks[*edge];
            if *down {
                flanks.0 = flank;
            } else {
                flanks.1 = flank;
            }
        }
    }
}
