//! Iterated local search: a good order is disturbed a little and improved again, and kept if fewer
//! edges cross.

use super::graph::Graph;
use super::lists::wide;
use super::moves::unit;
use super::order::{Effort, INCREMENT, MULTIPLIER, Order, Sorter, Token, order_from};

/// A kick costs about as much as there are items, so that a small drawing can have more of them.
const STEPS: usize = 5000;
/// Boxes that a kick sends elsewhere.
const SHAKEN: usize = 2;
/// Most rounds of sifting.
const SIFTS: usize = 4;

/// How many first orders a race has, and which part of the long search each of them gets.
const RACERS: u64 = 5;
const RACERS_OF_FEW: u64 = 4;
const LAP: usize = 4;
/// What a first order gets before it is disturbed.
const LAPS: Effort = Effort {
    starts: 1,
    sweeps: 6,
    exchanges: 2,
};

/// Orders the rows from several first orders on, each of them better if that can be; returns the best
/// order and its number of crossings. Of equals the earlier one is kept.
pub(super) fn race(graph: &Graph, order: &Order, crossings: u64, is_small: bool) -> (Order, u64) {
    let sorter = Sorter::new(graph, None);
    let kicks = kicks(graph) / LAP;
    let (mut best, mut least) = (order.clone(), crossings);
    sorter.kick(&mut best, &mut least, kicks, &mut Dice(1));
    let racers = if is_small { RACERS_OF_FEW } else { RACERS };
    for start in 1..racers {
        if least == 0 {
            break;
        }
        let (mut order, mut found) = order_from(graph, &LAPS, start, None);
        sorter.kick(&mut order, &mut found, kicks, &mut Dice(1 + start));
        if found < least {
            (best, least) = (order, found);
        }
    }
    (best, least)
}

/// Orders the rows better, if that can be; returns the order and its number of crossings.
pub(super) fn improve(graph: &Graph, order: &Order, crossings: u64) -> (Order, u64) {
    let sorter = Sorter::new(graph, None);
    let (mut best, mut least) = (order.clone(), crossings);
    let kicks = kicks(graph);
    sorter.kick(&mut best, &mut least, kicks, &mut Dice(1));
    if least > 0 {
        sorter.move_bundles(&mut best, &mut least);
    }
    let first = sorter.depth_first();
    let mut best = best.turned(graph);
    sorter.settle(&mut best, &first);
    (best, least)
}

/// The order with its edges shorter, and no more of them crossing.
pub(super) fn tightened(graph: &Graph, order: &Order) -> Order {
    let mut order = order.clone();
    Sorter::new(graph, None).tighten(&mut order);
    order
}

/// How often an order is disturbed.
fn kicks(graph: &Graph) -> usize {
    (STEPS / graph.items.len().max(1)).clamp(8, 300)
}

impl Sorter<'_> {
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
            self.sift(&mut order, &mut known);
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

    /// Puts each item where its edges cross fewest others, as far as its boundary reaches, while that
    /// saves crossings (Matuszewski, Schoenfeld, Molitor, "Using sifting for k-layer straightline
    /// crossing minimization", 1999).
    fn sift(&self, order: &mut Order, known: &mut Known) {
        for _ in 0..SIFTS {
            for row in 0..order.rows.len() {
                if std::mem::take(&mut known.rough[row]) && known.around(row) > 0 {
                    let saved = self.sift_row(order, row);
                    known.save(row, saved);
                }
            }
            if !known.rough.contains(&true) {
                break;
            }
        }
    }

    /// Sifts one row; returns how many crossings that saves above and below it.
    fn sift_row(&self, order: &mut Order, row: usize) -> (i64, i64) {
        let place = self.beside(order, row);
        let Sifting {
            mut table,
            mut columns,
            mut reaches,
            mut crossed,
        } = std::mem::take(&mut self.scratch.borrow_mut().sifting);
        let width = self.fill_table(row, &place, &mut table);
        self.reaches(row, &place, &mut reaches);
        self.mark_crossed(&order.rows[row], &reaches, &mut crossed);
        let (mut above, mut below) = (0, 0);
        for (slot, item) in self.items[row].iter().enumerate() {
            // What crosses nothing saves no crossing elsewhere.
            if !crossed[slot] {
                continue;
            }
            let upper = self.columns(row, *item, &place, &mut columns);
            // What it saves to put the item from the left of another one to its right.
            let saving = |token: &Token, columns: &[usize]| match token {
                Token::Item(n) => {
                    let line = &table[wide(self.slots[wide(*n)]) * width..][..width];
                    columns.iter().map(|at| i64::from(line[*at])).sum()
                }
                Token::Open(_) | Token::Close(_) => 0,
            };
            let sum = |tokens: &[Token], columns: &[usize]| {
                let savings = tokens.iter().map(|token| saving(token, columns));
                savings.sum::<i64>()
            };
            let tokens = &mut order.rows[row];
            let own = Token::Item(*item);
            let Some(at) = tokens.iter().position(|t| *t == own) else {
                continue;
            };
            let (mut least, mut goal) = (0_i64, at);
            let (mut saved, mut to) = (0_i64, at);
            while let Some(length) = unit_before(tokens, to) {
                saved += sum(&tokens[to - length..to], &columns);
                to -= length;
                if saved < least {
                    (least, goal) = (saved, to);
                }
            }
            let (mut saved, mut to) = (0_i64, at + 1);
            loop {
                let length = unit(tokens, to);
                if length == 0 {
                    break;
                }
                saved -= sum(&tokens[to..to + length], &columns);
                to += length;
                if saved < least {
                    (least, goal) = (saved, to);
                }
            }
            if least == 0 {
                continue;
            }
            let less_above = if goal < at {
                sum(&tokens[goal..at], &columns[..upper])
            } else {
                -sum(&tokens[at + 1..goal], &columns[..upper])
            };
            if goal < at {
                tokens[goal..=at].rotate_right(1);
            } else {
                tokens[at..goal].rotate_left(1);
            }
            above -= less_above;
            below -= least - less_above;
            self.mark_crossed(&order.rows[row], &reaches, &mut crossed);
        }
        self.return_beside(place);
        self.scratch.borrow_mut().sifting = Sifting {
            table,
            columns,
            reaches,
            crossed,
        };
        if above + below > 0 {
            self.estimate(order, row);
        }
        (above, below)
    }

    /// How far each item of a row is joined to the left and to the right, in the rows above and below.
    fn reaches(&self, row: usize, place: &[u32], reaches: &mut Vec<[Reach; 2]>) {
        reaches.clear();
        reaches.extend(self.items[row].iter().map(|item| {
            self.near(*item).map(|near| {
                near.iter().fold(Reach::default(), |reach, near| {
                    let at = i64::from(place[wide(*near)]);
                    Reach(reach.0.min(at), reach.1.max(at))
                })
            })
        }));
    }

    /// Marks the items of a row with edges that cross others.
    fn mark_crossed(&self, tokens: &[Token], reaches: &[[Reach; 2]], crossed: &mut Vec<bool>) {
        crossed.clear();
        crossed.resize(reaches.len(), false);
        let slot = |token: &Token| match token {
            Token::Item(n) => Some(wide(self.slots[wide(*n)])),
            Token::Open(_) | Token::Close(_) => None,
        };
        let mut before = [Reach::default(); 2];
        for slot in tokens.iter().filter_map(slot) {
            for (before, own) in before.iter_mut().zip(&reaches[slot]) {
                crossed[slot] |= before.1 > own.0;
                before.1 = before.1.max(own.1);
            }
        }
        let mut after = [Reach::default(); 2];
        for slot in tokens.iter().rev().filter_map(slot) {
            for (after, own) in after.iter_mut().zip(&reaches[slot]) {
                crossed[slot] |= after.0 < own.1;
                after.0 = after.0.min(own.0);
            }
        }
    }

    /// Sends a few boxes with the bends of their edges to pseudo-random places in their rows.
    fn shake(&self, order: &mut Order, dice: &mut Dice, known: &mut Known) {
        let mut changed = Vec::new();
        let mut keys = Vec::new();
        for _ in 0..SHAKEN {
            let chain = dice.next(self.graph.chains.len());
            let Some([first, .., last]) = self.graph.chains.get(chain).map(Vec::as_slice) else {
                continue;
            };
            let node = if dice.next(2) == 0 { *first } else { *last };
            let row = &self.items[wide(self.graph.items[node].row)];
            let goal = row.get(dice.next(row.len()));
            let Some(goal) = goal.map(|n| order.place[wide(*n)] + 1) else {
                continue;
            };
            let mut moved = vec![node];
            for chain in &self.graph.chains {
                if let [a, inner @ .., b] = chain.as_slice()
                    && (*a == node || *b == node)
                {
                    moved.extend(inner);
                }
            }
            let mut rows: Vec<usize> = Vec::with_capacity(moved.len());
            for n in moved {
                rows.push(wide(self.graph.items[n].row));
                order.place[n] = goal;
            }
            rows.sort_unstable();
            rows.dedup();
            keys.clone_from(&order.place);
            for row in rows {
                self.arrange(order, row, &keys);
                known.rough[row] = true;
                changed.push(row);
            }
        }
        changed.sort_unstable();
        changed.dedup();
        for row in changed {
            known.touch(self, order, row);
        }
    }
}

/// The leftmost and the rightmost place of some; nothing reaches nowhere.
#[derive(Clone, Copy)]
struct Reach(i64, i64);

impl Default for Reach {
    fn default() -> Self {
        Reach(i64::MAX, i64::MIN)
    }
}

/// Room for sifting; see [`Sorter::fill_table`] and [`Sorter::columns`].
#[derive(Default)]
pub(super) struct Sifting {
    table: Vec<i16>,
    columns: Vec<usize>,
    /// Of each item of the row, above and below.
    reaches: Vec<[Reach; 2]>,
    crossed: Vec<bool>,
}

/// What is known of an order.
struct Known {
    /// Whether a row may not be sifted well.
    rough: Vec<bool>,
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
    fn of(sorter: &Sorter<'_>, order: &Order) -> Known {
        let count = order.rows.len();
        let gaps = (1..count).map(|row| sorter.between(order, row));
        Known {
            rough: vec![true; count],
            gaps: std::iter::once(0).take(count).chain(gaps).collect(),
        }
    }

    fn crossings(&self) -> u64 {
        self.gaps.iter().sum()
    }

    /// Crossings above and below a row.
    fn around(&self, row: usize) -> u64 {
        self.gaps[row] + self.gaps.get(row + 1).copied().unwrap_or(0)
    }

    /// A row has changed: the rows beside it may become better.
    fn touch(&mut self, sorter: &Sorter<'_>, order: &Order, row: usize) {
        self.roughen(row);
        for gap in [row, row + 1] {
            if gap > 0 && gap < self.gaps.len() {
                self.gaps[gap] = sorter.between(order, gap);
            }
        }
    }

    /// Sifting a row has saved so many crossings above and below it; on one side they may be more.
    fn save(&mut self, row: usize, (above, below): (i64, i64)) {
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

/// Length of the item or whole boundary that ends before `at`; none at the side of a boundary.
pub(super) fn unit_before(tokens: &[Token], at: usize) -> Option<usize> {
    match tokens.get(at.checked_sub(1)?)? {
        Token::Item(_) => Some(1),
        Token::Close(g) => {
            let open = tokens[..at].iter().rposition(|t| *t == Token::Open(*g))?;
            Some(at - open)
        }
        Token::Open(_) => None,
    }
}
