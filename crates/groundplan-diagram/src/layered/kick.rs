//! Iterated local search: a good order is disturbed a little and improved again, and kept if fewer
//! edges cross.

use super::graph::Graph;
use super::lists::wide;
use super::order::{Effort, INCREMENT, MULTIPLIER, Order, Sorter, order_from};
use std::cmp::Ordering;

/// A kick costs about as much as there are items, so that a small drawing can have more of them.
const STEPS: usize = 1500;
/// The same by the items of each row times the edges beside it: sifting looks at each of them for each.
const WORK: usize = 100_000;

/// How many first orders a race has, and which part of the long search each of them gets.
const RACERS: u64 = 5;
const RACERS_OF_FEW: u64 = 4;
const LAP: usize = 3;
/// What a first order gets before it is disturbed.
const LAPS: Effort = Effort {
    starts: 1,
    sweeps: 6,
    exchanges: 2,
};

/// What a first order of a large drawing gets, and how often it is sifted and moved in turn at most.
const STARTS: Effort = Effort {
    starts: 1,
    sweeps: 16,
    exchanges: 2,
};
const CONVERGING: usize = 6;
/// First orders of a large drawing times the square of its items, as each costs, the most of them, and how
/// often the best one is disturbed times its items.
const STARTED: usize = 4_500_000;
const MOST_STARTS: u64 = 4;
const KICKED: usize = 60_000;
/// Items, and items of rows times the edges beside them, beyond which all this takes too long.
const MOST_ITEMS: usize = 10_000;
const MOST_WORK: usize = 5_000_000;

/// Orders the rows from several first orders on, each of them better if that can be; returns the best
/// order and its number of crossings. Of equals the earlier one is kept.
pub(super) fn race(
    sorter: &Sorter<'_>,
    order: &Order,
    crossings: u64,
    is_small: bool,
) -> (Order, u64) {
    let kicks = kicks(sorter.graph) / LAP;
    let (mut best, mut least) = (order.clone(), crossings);
    sorter.kick(&mut best, &mut least, kicks, &mut Dice(1));
    let racers = if is_small { RACERS_OF_FEW } else { RACERS };
    for start in 1..racers {
        if least == 0 {
            break;
        }
        let (mut order, mut found) = order_from(sorter, &LAPS, start);
        sorter.kick(&mut order, &mut found, kicks, &mut Dice(1 + start));
        match found.cmp(&least) {
            Ordering::Less => (best, least) = (order, found),
            // What two first orders lead to is hardly beaten by a third one.
            Ordering::Equal => break,
            Ordering::Greater => {}
        }
    }
    (best, least)
}

/// Orders the rows of a large drawing from several first orders on and disturbs the best one; returns it
/// and its number of crossings. Of equals the earlier one is kept.
pub(super) fn many(sorter: &Sorter<'_>, order: Order, crossings: u64) -> (Order, u64) {
    let items = sorter.graph.items.len().max(1);
    if items > MOST_ITEMS || work(sorter.graph) > MOST_WORK {
        return (order, crossings);
    }
    let (mut best, mut least) = (order, crossings);
    sorter.converge(&mut best, &mut least);
    let starts = u64::try_from(STARTED / (items * items)).unwrap_or(1);
    for start in 1..starts.min(MOST_STARTS) {
        let (mut order, mut found) = order_from(sorter, &STARTS, start);
        sorter.converge(&mut order, &mut found);
        if found < least {
            (best, least) = (order, found);
        }
    }
    sorter.kick(&mut best, &mut least, KICKED / items, &mut Dice(1));
    (best, least)
}

/// Orders the rows better, if that can be; returns the order and its number of crossings.
pub(super) fn improve(sorter: &Sorter<'_>, order: &Order, crossings: u64) -> (Order, u64) {
    let (mut best, mut least) = (order.clone(), crossings);
    let kicks = kicks(sorter.graph);
    sorter.kick(&mut best, &mut least, kicks, &mut Dice(1));
    if least > 0 {
        sorter.move_bundles(&mut best, &mut least);
    }
    let first = sorter.depth_first();
    let mut best = best.turned(sorter.graph);
    sorter.settle(&mut best, &first);
    (best, least)
}

/// The order with its edges shorter, and no more of them crossing.
pub(super) fn tightened(sorter: &Sorter<'_>, order: &Order) -> Order {
    let mut order = order.clone();
    sorter.tighten(&mut order);
    order
}

/// How often an order is disturbed.
fn kicks(graph: &Graph) -> usize {
    let steps = STEPS / graph.items.len().max(1);
    steps.min(WORK / work(graph).max(1)).clamp(8, 300)
}

/// The items of each row times the edges beside it, of all rows.
fn work(graph: &Graph) -> usize {
    // Items of each row, and edges between it and the rows beside it.
    let mut rows = vec![(0_usize, 0_usize); graph.rows.len()];
    for item in &graph.items {
        rows[wide(item.row)].0 += 1;
    }
    for edge in graph.chains.iter().flat_map(|chain| chain.windows(2)) {
        for n in edge {
            rows[wide(graph.items[*n].row)].1 += 1;
        }
    }
    let work = rows.iter().map(|(items, edges)| items * edges);
    work.sum()
}

impl Sorter<'_> {
    /// Sifts all rows and moves whole edges and boxes in turn while that saves crossings.
    fn converge(&self, order: &mut Order, least: &mut u64) {
        for round in 0..CONVERGING {
            let before = *least;
            let mut known = Known::of(self, order);
            // No order is given up.
            self.sift(order, &mut known, u64::MAX / 2);
            let mut now = known.crossings();
            if round % 2 == 1 || now == before {
                self.move_bundles(order, &mut now);
            }
            *least = now;
            if now >= before {
                break;
            }
        }
    }

    /// Disturbs the order and sifts it, so many times; goes on from what is no worse.
    fn kick(&self, best: &mut Order, least: &mut u64, kicks: usize, dice: &mut Dice) {
        let mut current = best.clone();
        let mut order = best.clone();
        let mut vain = 0;
        // Of the order at hand, and of the one it came from.
        let mut known = Known::of(self, best);
        let mut left = known.clone();
        for _ in 0..kicks {
            if *least == 0 || vain > kicks / 2 {
                break;
            }
            vain += 1;
            order.clone_from(&current);
            known.clone_from(&left);
            self.shake(&mut order, dice, &mut known);
            self.sift(&mut order, &mut known, left.crossings());
            let found = known.crossings();
            if found <= left.crossings() {
                if found < *least {
                    *least = found;
                    best.clone_from(&order);
                    vain = 0;
                }
                std::mem::swap(&mut current, &mut order);
                std::mem::swap(&mut left, &mut known);
            }
        }
    }

    /// Sends a box with the bends of its edges to a pseudo-random place in its rows.
    fn shake(&self, order: &mut Order, dice: &mut Dice, known: &mut Known) {
        let chain = dice.next(self.graph.chains.len());
        let Some([first, .., last]) = self.graph.chains.get(chain).map(Vec::as_slice) else {
            return;
        };
        let node = if dice.next(2) == 0 { *first } else { *last };
        let row = &self.items[wide(self.graph.items[node].row)];
        let goal = row.get(dice.next(row.len()));
        let Some(goal) = goal.map(|n| order.place[wide(*n)] + 1) else {
            return;
        };
        let mut room = std::mem::take(&mut self.scratch.borrow_mut().shaking);
        let Shaking { rows, keys } = &mut room;
        rows.clear();
        let mut send = |n: usize| {
            rows.push(wide(self.graph.items[n].row));
            order.place[n] = goal;
        };
        send(node);
        for chain in self.ends.at(node) {
            if let [_, inner @ .., _] = self.graph.chains[wide(*chain)].as_slice() {
                inner.iter().for_each(|n| send(*n));
            }
        }
        rows.sort_unstable();
        rows.dedup();
        keys.clone_from(&order.place);
        for row in rows.iter() {
            self.arrange(order, *row, keys);
            known.rough[*row] = true;
        }
        known.touch(self, order, rows);
        self.scratch.borrow_mut().shaking = room;
    }
}

/// Room for disturbing an order.
#[derive(Default)]
pub(super) struct Shaking {
    rows: Vec<usize>,
    keys: Vec<i64>,
}

/// What is known of an order.
pub(super) struct Known {
    /// Whether a row may not be sifted well.
    pub(super) rough: Vec<bool>,
    /// Crossings between each row and the one above it.
    gaps: Vec<u64>,
}

impl Clone for Known {
    fn clone(&self) -> Self {
        Known {
            rough: self.rough.clone(),
            gaps: self.gaps.clone(),
        }
    }

    fn clone_from(&mut self, other: &Self) {
        self.rough.clone_from(&other.rough);
        self.gaps.clone_from(&other.gaps);
    }
}

impl Known {
    pub(super) fn of(sorter: &Sorter<'_>, order: &Order) -> Known {
        let count = order.rows.len();
        let gaps = (1..count).map(|row| sorter.between(order, row));
        Known {
            rough: vec![true; count],
            gaps: std::iter::once(0).take(count).chain(gaps).collect(),
        }
    }

    pub(super) fn crossings(&self) -> u64 {
        self.gaps.iter().sum()
    }

    /// Crossings above and below a row.
    pub(super) fn around(&self, row: usize) -> u64 {
        self.gaps[row] + self.gaps.get(row + 1).copied().unwrap_or(0)
    }

    /// Some rows have changed, from top to bottom: those beside them may become better.
    fn touch(&mut self, sorter: &Sorter<'_>, order: &Order, changed: &[usize]) {
        let mut counted = 0;
        for row in changed {
            self.roughen(*row);
            for gap in [*row, *row + 1] {
                // Two rows may have one gap in common.
                if gap > counted && gap < self.gaps.len() {
                    self.gaps[gap] = sorter.between(order, gap);
                    counted = gap;
                }
            }
        }
    }

    /// Sifting a row has saved so many crossings above and below it; on one side they may be more.
    pub(super) fn save(&mut self, row: usize, (above, below): (i64, i64)) {
        if above + below == 0 {
            return;
        }
        self.rough[row] = true;
        self.roughen(row);
        for (gap, saved) in [(row, above), (row + 1, below)] {
            if let Some(gap) = self.gaps.get_mut(gap) {
                *gap = gap.saturating_add_signed(-saved);
            }
        }
    }

    fn roughen(&mut self, row: usize) {
        for beside in [row.checked_sub(1), row.checked_add(1)] {
            if let Some(beside) = beside.and_then(|n| self.rough.get_mut(n)) {
                *beside = true;
            }
        }
    }
}

/// A fixed sequence of numbers without pattern.
struct Dice(u64);

impl Dice {
    fn next(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
        usize::try_from(self.0 >> 33).unwrap_or(0) % n.max(1)
    }
}
