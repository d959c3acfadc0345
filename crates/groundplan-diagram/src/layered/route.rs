//! Heights of rows and channels, sides of boundaries, corners of edges.

use super::channel;
use super::graph::{Graph, RowKind};
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
    for (edge, chain) in graph.chains.iter().enumerate() {
        for (k, item) in chain.iter().take(chain.len().saturating_sub(1)).enumerate() {
            channels[wide(graph.items[*item].row)].push((edge, k));
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
