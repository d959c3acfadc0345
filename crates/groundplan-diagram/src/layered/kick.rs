//! Iterated local search: a good order is disturbed a little and improved again, and kept if fewer
//! edges cross.

use super::graph::Graph;
use super::lists::wide;
use super::moves::unit;
use super::order::{INCREMENT, MULTIPLIER, Order, Sorter, Token};

/// A kick costs about as much as there are items, so that a small drawing can have more of them.
const STEPS: usize = 1500;
/// Rounds of kicks, with moves of whole edges and boxes after each.
const ROUNDS: usize = 2;
/// Most rounds of sifting.
const SIFTS: usize = 4;

/// Orders the rows better, if that can be; returns the order and its number of crossings.
pub(super) fn improve(graph: &Graph, order: &Order, crossings: u64) -> (Order, u64) {
    let sorter = Sorter::new(graph, None);
    let (mut best, mut least) = (order.clone(), crossings);
    let kicks = (STEPS / graph.items.len().max(1)).clamp(8, 120);
    let mut dice = Dice(1);
    for _ in 0..ROUNDS {
        let before = least;
        sorter.kick(&mut best, &mut least, kicks, &mut dice);
        if least > 0 {
            sorter.move_bundles(&mut best, &mut least);
        }
        if least == 0 || least == before {
            break;
        }
    }
    (best.turned(&sorter.depth_first()), least)
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
                if known.rough[row] {
                    known.rough[row] = known.around(row) > 0 && self.sift_row(order, row);
                    if known.rough[row] {
                        known.touch(self, order, row);
                    }
                }
            }
            if !known.rough.contains(&true) {
                break;
            }
        }
    }

    fn sift_row(&self, order: &mut Order, row: usize) -> bool {
        let place = self.beside(order, row);
        let (mut table, mut columns) = {
            let scratch = &mut *self.scratch.borrow_mut();
            let table = std::mem::take(&mut scratch.table);
            (table, std::mem::take(&mut scratch.columns))
        };
        let width = self.fill_table(row, &place, &mut table);
        let mut better = false;
        for item in &self.items[row] {
            self.columns(row, *item, &place, &mut columns);
            if columns.is_empty() {
                continue;
            }
            // What it saves to put the item from the left of another one to its right.
            let saving = |token: &Token| match token {
                Token::Item(n) => {
                    let line = &table[wide(self.slots[wide(*n)]) * width..];
                    columns.iter().map(|at| i64::from(line[*at])).sum()
                }
                Token::Open(_) | Token::Close(_) => 0,
            };
            let tokens = &mut order.rows[row];
            let own = Token::Item(*item);
            let Some(at) = tokens.iter().position(|t| *t == own) else {
                continue;
            };
            let (mut least, mut goal) = (0_i64, at);
            let (mut saved, mut to) = (0_i64, at);
            while let Some(length) = unit_before(tokens, to) {
                saved += tokens[to - length..to].iter().map(saving).sum::<i64>();
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
                saved -= tokens[to..to + length].iter().map(saving).sum::<i64>();
                to += length;
                if saved < least {
                    (least, goal) = (saved, to);
                }
            }
            if goal < at {
                tokens[goal..=at].rotate_right(1);
            } else if goal > at {
                tokens[at..goal].rotate_left(1);
            }
            better |= least < 0;
        }
        self.return_beside(place);
        let scratch = &mut *self.scratch.borrow_mut();
        (scratch.table, scratch.columns) = (table, columns);
        if better {
            self.estimate(order, row);
        }
        better
    }

    /// Sends a few boxes with the bends of their edges to pseudo-random places in their rows.
    fn shake(&self, order: &mut Order, dice: &mut Dice, known: &mut Known) {
        let mut changed = Vec::new();
        let mut keys = Vec::new();
        for _ in 0..3 {
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
        for beside in [row.checked_sub(1), row.checked_add(1)] {
            if let Some(beside) = beside.and_then(|n| self.rough.get_mut(n)) {
                *beside = true;
            }
        }
        for gap in [row, row + 1] {
            if gap > 0 && gap < self.gaps.len() {
                self.gaps[gap] = sorter.between(order, gap);
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
fn unit_before(tokens: &[Token], at: usize) -> Option<usize> {
    match tokens.get(at.checked_sub(1)?)? {
        Token::Item(_) => Some(1),
        Token::Close(g) => {
            let open = tokens[..at].iter().rposition(|t| *t == Token::Open(*g))?;
            Some(at - open)
        }
        Token::Open(_) => None,
    }
}
