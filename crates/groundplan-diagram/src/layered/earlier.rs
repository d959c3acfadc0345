//! Layers and places taken over from an earlier drawing.

use super::Input;
use super::rank::Ranking;
use crate::hints::Hints;
use crate::scene::Rect;

/// What an earlier drawing says about the boxes and boundaries of this one.
pub(super) struct Earlier {
    /// Middle of each box, from the left side of the earlier drawing.
    pub(super) middle: Vec<Option<i32>>,
    /// Middle of each boundary; the first one, the drawing itself, has none.
    pub(super) groups: Vec<Option<i32>>,
    rects: Vec<Option<Rect>>,
    /// Whether a person placed a box.
    pub(super) pinned: Vec<bool>,
    /// Middles of boxes that differ by no more stand in one row.
    level: i32,
}

/// Boxes of one row have one middle, up to the halves of odd heights.
const LEVEL: i32 = 4;
/// The same where a person placed them: the middles of two rows are always further apart.
const ABOUT_LEVEL: i32 = 30;
/// Layers that fit between two of an earlier drawing, so that joined boxes can be told apart.
const FINE: i64 = 64;

impl Earlier {
    /// `None` if fewer than half of the boxes were drawn before.
    pub(super) fn of(input: &Input<'_>, hints: &Hints) -> Option<Earlier> {
        let rects = hints.of_nodes(input.view);
        let known = rects.iter().flatten().count();
        if known == 0 || known * 2 < rects.len() || input.sideways {
            return None;
        }
        let middle = |rect: &Option<Rect>| rect.map(|r| r.middle());
        let mut groups = vec![None];
        groups.extend(hints.of_groups(input.view).iter().map(middle));
        let pinned = input.view.nodes.iter().map(|n| hints.pins(&n.id)).collect();
        Some(Earlier {
            pinned,
            level: if hints.is_pinned() {
                ABOUT_LEVEL
            } else {
                LEVEL
            },
            middle: rects.iter().map(middle).collect(),
            groups,
            rects,
        })
    }

    /// The layers of the earlier drawing; a new box goes between what it joins. Of two boxes of one
    /// layer that are joined one goes below; `None` if that finds no end.
    pub(super) fn ranking(&self, input: &Input<'_>) -> Option<Ranking> {
        let level = self.level;
        let mut heights: Vec<i32> = self.rects.iter().flatten().map(|r| r.y + r.h / 2).collect();
        heights.sort_unstable();
        heights.dedup_by(|a, b| (*a - *b).abs() <= level);
        let row = |rect: &Rect| {
            let middle = rect.y + rect.h / 2;
            let above = heights.partition_point(|h| *h < middle - level);
            i64::try_from(above).unwrap_or(0) * 2
        };
        // Doubled, so that a new layer fits between two.
        let mut layer: Vec<Option<i64>> = self.rects.iter().map(|r| r.as_ref().map(row)).collect();
        for n in 0..layer.len() {
            if layer[n].is_none() {
                let free = between(input, &layer, n);
                layer[n] = Some(inside(input, &layer, n, free));
            }
        }
        let mut layer: Vec<i64> = layer.into_iter().flatten().map(|l| l * FINE).collect();
        self.part(input, &mut layer)?;
        Some(Ranking::of(input, &layer))
    }

    /// Puts one of two joined boxes of one layer a little lower: what nobody placed, what is new, or
    /// what the other leads to.
    fn part(&self, input: &Input<'_>, layer: &mut [i64]) -> Option<()> {
        let bound = |n: usize| (self.pinned[n], self.rects[n].is_some());
        for _ in 1..FINE {
            let mut low: Vec<usize> = Vec::new();
            for edge in &input.edges {
                let (from, to) = (edge.from, edge.to);
                if layer[from] == layer[to] && !low.contains(&from) && !low.contains(&to) {
                    low.push(if bound(from) < bound(to) { from } else { to });
                }
            }
            if low.is_empty() {
                return Some(());
            }
            for n in low {
                layer[n] += 1;
            }
        }
        None
    }
}

/// A layer for the new box `n`: below what leads to it and above what it leads to, if that can be.
fn between(input: &Input<'_>, layer: &[Option<i64>], n: usize) -> i64 {
    let above = input.edges.iter().filter(|e| e.to == n);
    let above = above.filter_map(|e| layer[e.from]).max();
    let below = input.edges.iter().filter(|e| e.from == n);
    let below = below.filter_map(|e| layer[e.to]).min();
    match (above, below) {
        (Some(a), Some(b)) if a + 2 < b => a + 2,
        (Some(a), None) => free(input, layer, n, a, 2),
        (Some(a), Some(_)) => a + 1,
        (None, Some(b)) => free(input, layer, n, b, -2),
        (None, None) => {
            let group = input.group_of[n];
            let same = (0..layer.len()).filter(|m| input.group_of[*m] == group);
            same.filter_map(|m| layer[m]).max().unwrap_or(0)
        }
    }
}

/// The layer nearest to `goal` that is not beyond the next one above or below what else its boundary holds:
/// else the boundary would reach into the rows of others, and they would have to go elsewhere.
fn inside(input: &Input<'_>, layer: &[Option<i64>], n: usize, goal: i64) -> i64 {
    let group = input.group_of[n];
    if group == 0 {
        return goal;
    }
    let is_inside = |m: usize| {
        let parent = |g: &usize| Some(input.groups[*g].parent).filter(|g| *g != 0);
        std::iter::successors(Some(input.group_of[m]), parent).any(|g| g == group)
    };
    let others = (0..layer.len()).filter(|m| *m != n && is_inside(*m));
    let held: Vec<i64> = others.filter_map(|m| layer[m]).collect();
    match (held.iter().min(), held.iter().max()) {
        (Some(first), Some(last)) => goal.clamp(first - 1, last + 1),
        _ => goal,
    }
}

/// The next layer from `start` on, an odd one if a neighbour stands there.
fn free(input: &Input<'_>, layer: &[Option<i64>], n: usize, start: i64, step: i64) -> i64 {
    let goal = start + step;
    let joined = input.edges.iter().any(|e| {
        (e.from == n && layer[e.to] == Some(goal)) || (e.to == n && layer[e.from] == Some(goal))
    });
    if joined { start + step / 2 } else { goal }
}
