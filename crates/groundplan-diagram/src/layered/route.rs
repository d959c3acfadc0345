//! Heights of rows and channels, sides of boundaries, corners of edges.

use super::channel;
use super::graph::{Flank, Graph, Kind, RowKind};
use super::lists::wide;
use super::position::Positions;
use crate::scene::{Point, Rect};

/// Distance of two tracks.
const TRACK: i32 = 9;
/// Space under the boxes inside a boundary.
const FOOT: i32 = 11;
/// Least space between two rows of boxes.
const BETWEEN: i32 = 30;

/// Everything with its y.
pub(super) struct Routed {
    /// Upper side and height of every row.
    pub(super) rows: Vec<(i32, i32)>,
    /// Boundaries; the first one, the drawing itself, means nothing.
    pub(super) bounds: Vec<Rect>,
    /// Per edge the corners between its ends, from top to bottom.
    pub(super) corners: Vec<Vec<Point>>,
}

/// Routes all edges; `stub` is the straight length that the mark at an end needs.
pub(super) fn route(graph: &Graph, positions: &Positions, stub: i32) -> Routed {
    let count = graph.rows.len();
    let mut height = vec![0; count];
    for item in &graph.items {
        height[wide(item.row)] = height[wide(item.row)].max(item.height);
    }
    for (row, kind) in graph.rows.iter().enumerate() {
        if *kind == RowKind::Titles {
            height[row] = height[row].max(18);
        }
    }
    let mut channels: Vec<Vec<(usize, usize)>> = vec![Vec::new(); count];
    // Where edges turn beside boxes: the box and the edge, x, distance from the upper side of the box.
    let mut turns: Vec<Vec<(usize, usize, i32, i32)>> = vec![Vec::new(); count];
    for (edge, chain) in graph.chains.iter().enumerate() {
        for (k, pair) in chain.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let row = wide(graph.items[*a].row);
            match graph.flank(edge, *a, *b) {
                Some(flank) => {
                    let is_box = matches!(graph.items[*a].kind, Kind::Node(_));
                    let (node, x) = (if is_box { *a } else { *b }, positions.ports[edge][k].0);
                    turns[row].push((node, edge, x, flank.down));
                }
                None => channels[row].push((edge, k)),
            }
        }
    }
    let mut rows = Vec::with_capacity(count);
    let mut corners: Vec<Vec<Point>> = vec![Vec::new(); graph.chains.len()];
    let mut y = 10;
    for row in 0..count {
        let opens = graph.spans.iter().skip(1).any(|s| s.first == row);
        if opens {
            y += 8;
        }
        rows.push((y, height[row]));
        for (node, edge, x, down) in &turns[row] {
            let y = y + (height[row] - graph.items[*node].height) / 2 + down;
            corners[*edge].push(Point { x: *x, y });
        }
        y += height[row];
        let closing = graph.spans.iter().skip(1).filter(|s| s.last == row);
        let closing = closing.map(|s| s.closing).max().unwrap_or(0);
        if closing > 0 {
            y += FOOT * closing + 4;
        }
        let boxes = |r: usize| graph.rows.get(r) == Some(&RowKind::Boxes);
        let space = |is_box: bool| if is_box { stub } else { 6 };
        let before = if closing > 0 { 8 } else { space(boxes(row)) };
        let after = space(boxes(row + 1));
        let ends: Vec<(i32, i32)> = channels[row]
            .iter()
            .map(|(edge, k)| positions.ports[*edge][*k])
            .collect();
        let (found, tracks) = channel::tracks(&ends);
        for ((edge, _), list) in channels[row].iter().zip(found) {
            let points = list.into_iter().map(|(x, t)| Point {
                x,
                y: y + before + t * TRACK,
            });
            corners[*edge].extend(points);
        }
        let needed = if tracks == 0 {
            before.max(after)
        } else {
            before + (tracks - 1) * TRACK + after
        };
        let least = if boxes(row) && boxes(row + 1) {
            BETWEEN
        } else {
            0
        };
        y += needed.max(least);
    }
    let bounds = graph
        .spans
        .iter()
        .zip(&positions.sides)
        .map(|(span, (left, right))| {
            let top = rows.get(span.first).map_or(0, |r| r.0) - 4;
            let bottom = rows.get(span.last).map_or(0, |r| r.0 + r.1) + FOOT * span.closing;
            Rect {
                x: *left,
                y: top,
                w: right - left,
                h: bottom - top,
            }
        })
        .collect();
    Routed {
        rows,
        bounds,
        corners,
    }
}

/// The corners of an edge with its ends, from top to bottom; ends at sides of boxes have the outline of a
/// rectangle.
pub(super) fn line(
    graph: &Graph,
    positions: &Positions,
    routed: &Routed,
    edge: usize,
) -> Vec<Point> {
    let (Some(chain), Some(ports)) = (graph.chains.get(edge), positions.ports.get(edge)) else {
        return Vec::new();
    };
    let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
        return Vec::new();
    };
    let (upper, lower) = graph.flanks.get(edge).copied().unwrap_or_default();
    let end = |node: usize, flank: Option<Flank>, x: i32, below: bool| {
        let item = &graph.items[node];
        let (top, height) = routed.rows[wide(item.row)];
        let top = top + (height - item.height) / 2;
        match flank {
            Some(Flank { right, down }) => {
                let side = if right { item.left } else { -item.left };
                let x = positions.x[node] + side;
                Point { x, y: top + down }
            }
            None if below => Point {
                x,
                y: top + item.height,
            },
            None => Point { x, y: top },
        }
    };
    let mut points = Vec::with_capacity(routed.corners[edge].len() + 2);
    let x = |ports: Option<i32>| ports.unwrap_or(0);
    points.push(end(*first, upper, x(ports.first().map(|p| p.0)), true));
    points.extend(&routed.corners[edge]);
    points.push(end(*last, lower, x(ports.last().map(|p| p.1)), false));
    points
}

/// How often edges cross where they are drawn: layers and tracks may make more crossings than orders have.
pub(super) fn crossings(graph: &Graph, positions: &Positions, routed: &Routed) -> u64 {
    // Where it stands, from where to where, edge.
    let mut across: Vec<(i32, i32, i32, usize)> = Vec::new();
    let mut upright = across.clone();
    for edge in 0..graph.chains.len() {
        for pair in line(graph, positions, routed, edge).windows(2) {
            let [a, b] = pair else { continue };
            if a.x == b.x {
                upright.push((a.x, a.y.min(b.y), a.y.max(b.y), edge));
            } else {
                across.push((a.y, a.x.min(b.x), a.x.max(b.x), edge));
            }
        }
    }
    upright.sort_unstable();
    let mut total = 0;
    for (y, left, right, edge) in across {
        let from = upright.partition_point(|(x, ..)| *x <= left);
        let beside = upright[from..].iter().take_while(|(x, ..)| *x < right);
        let crossed =
            beside.filter(|(_, top, bottom, other)| *other != edge && *top < y && y < *bottom);
        total += crossed.count();
    }
    u64::try_from(total).unwrap_or(u64::MAX)
}
