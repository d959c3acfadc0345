//! The space between two rows: every edge that changes its x there gets a horizontal track of its
//! own, so that no two edges share a line (after Sander, "Layout of directed hypergraphs with
//! orthogonal hyperedges", 2004).

use super::rank::sequence;

/// Closer than this, two vertical lines look like one.
const NEAR: i32 = 7;
/// Closer than this, two horizontal lines on one track look like one.
const APART: i32 = 10;
/// Beyond this many wires, crossings inside the channel are not minimised.
const MANY: usize = 250;

/// A piece of an edge: comes from above at `top`, runs on one track, leaves downwards at `bottom`.
#[derive(Clone, Copy)]
struct Wire {
    edge: usize,
    top: i32,
    bottom: i32,
}

impl Wire {
    fn span(&self) -> (i32, i32) {
        (self.top.min(self.bottom), self.top.max(self.bottom))
    }

    fn meets(&self, other: &Wire) -> bool {
        let (a, b) = (self.span(), other.span());
        a.0 - APART < b.1 && b.0 - APART < a.1
    }
}

/// Per input the corners as (x, track) from top to bottom, and the number of tracks. An input is
/// (x at the top, x at the bottom); equal ones pass straight and get no corner.
pub(super) fn tracks(ends: &[(i32, i32)]) -> (Vec<Vec<(i32, i32)>>, i32) {
    let mut wires: Vec<Wire> = ends
        .iter()
        .enumerate()
        .filter(|(_, (top, bottom))| top != bottom)
        .map(|(edge, (top, bottom))| Wire {
            edge,
            top: *top,
            bottom: *bottom,
        })
        .collect();
    let mut track = assign(&wires);
    for _ in 0..24 {
        let Some(at) = violated(&wires, &track) else {
            break;
        };
        let wire = wires[at];
        let Some(middle) = free(&wires, ends, &wire) else {
            break;
        };
        wires[at].bottom = middle;
        wires.insert(
            at + 1,
            Wire {
                top: middle,
                ..wire
            },
        );
        track = assign(&wires);
    }
    let mut corners = vec![Vec::new(); ends.len()];
    for (wire, track) in wires.iter().zip(&track) {
        let own: &mut Vec<(i32, i32)> = &mut corners[wire.edge];
        own.push((wire.top, *track));
        own.push((wire.bottom, *track));
    }
    (corners, track.iter().max().map_or(0, |t| t + 1))
}

/// Whether `a` must run above `b`: else the line down to `a` would lie on the line down from `b`.
fn above(wires: &[Wire], a: usize, b: usize) -> bool {
    let (x, y) = (&wires[a], &wires[b]);
    if x.edge == y.edge {
        return a < b;
    }
    (x.top - y.bottom).abs() < NEAR
}

/// Crossings of the two if `a` runs above `b`.
fn cost(a: &Wire, b: &Wire) -> usize {
    let inside = |x: i32, wire: &Wire| {
        let (low, high) = wire.span();
        low < x && x < high
    };
    usize::from(inside(a.bottom, b)) + usize::from(inside(b.top, a))
}

fn assign(wires: &[Wire]) -> Vec<i32> {
    let count = wires.len();
    let mut arcs = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            if !wires[a].meets(&wires[b]) {
                continue;
            }
            let hard = (above(wires, a, b), above(wires, b, a));
            let (first, second) = (cost(&wires[a], &wires[b]), cost(&wires[b], &wires[a]));
            if hard.0 {
                arcs.extend(std::iter::repeat_n((a, b), 40));
            }
            if hard.1 {
                arcs.extend(std::iter::repeat_n((b, a), 40));
            }
            if hard == (false, false) && first != second && count <= MANY {
                let arc = if first < second { (a, b) } else { (b, a) };
                arcs.extend(std::iter::repeat_n(arc, first.abs_diff(second)));
            }
        }
    }
    let place = sequence(count, &arcs);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|n| place[*n]);
    let mut track = vec![0; count];
    for (k, n) in order.iter().enumerate() {
        for before in &order[..k] {
            if wires[*n].meets(&wires[*before]) {
                track[*n] = track[*n].max(track[*before] + 1);
            }
        }
    }
    track
}

/// A wire that lies on the wrong side of another and has not been cut.
fn violated(wires: &[Wire], track: &[i32]) -> Option<usize> {
    let cut = |n: usize| {
        let mut others = wires.iter().enumerate();
        others.any(|(m, w)| m != n && w.edge == wires[n].edge)
    };
    for a in 0..wires.len() {
        for b in 0..wires.len() {
            let bad =
                a != b && wires[a].meets(&wires[b]) && above(wires, a, b) && track[a] > track[b];
            if bad {
                if !cut(a) {
                    return Some(a);
                }
                if !cut(b) {
                    return Some(b);
                }
            }
        }
    }
    None
}

/// An x at which `wire` can change tracks without touching another vertical line.
fn free(wires: &[Wire], ends: &[(i32, i32)], wire: &Wire) -> Option<i32> {
    let middle = wire.top + (wire.bottom - wire.top) / 2;
    let clear = |x: i32| {
        wires
            .iter()
            .all(|w| (w.top - x).abs() >= NEAR && (w.bottom - x).abs() >= NEAR)
            && ends
                .iter()
                .all(|(a, b)| (a - x).abs() >= NEAR && (b - x).abs() >= NEAR)
    };
    (0..400)
        .flat_map(|d| [middle + d, middle - d])
        .find(|x| clear(*x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_edges_that_change_places_share_no_line() {
        let (corners, count) = tracks(&[(100, 200), (200, 100)]);
        assert!(count >= 3, "{count} tracks");
        assert_eq!(corners.iter().map(Vec::len).sum::<usize>(), 6);
    }

    #[test]
    fn straight_edges_take_no_track() {
        assert_eq!(
            tracks(&[(5, 5), (40, 40)]),
            (vec![Vec::new(), Vec::new()], 0)
        );
    }

    #[test]
    fn far_edges_share_a_track() {
        assert_eq!(tracks(&[(0, 50), (100, 150)]).1, 1);
    }
}
