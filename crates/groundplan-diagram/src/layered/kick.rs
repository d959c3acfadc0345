//! Iterated local search: a good order is disturbed a little and improved again, and kept if fewer
//! edges cross.

use super::graph::Graph;
use super::lists::wide;
use super::moves::unit;
use super::order::{INCREMENT, MULTIPLIER, Order, Sorter, Token};

/// Rounds of moves before the first kick.
const MOVES: usize = 2;
/// A kick costs about as much as there are items, so that a small drawing can have more of them.
const STEPS: usize = 360;
/// Most rounds of sifting.
const SIFTS: usize = 4;

/// Orders the rows better, if that can be; returns the order and its number of crossings.
pub(super) fn improve(graph: &Graph, order: &Order, crossings: u64) -> (Order, u64) {
    let sorter = Sorter::new(graph, None);
    let (mut best, mut least) = (order.clone(), crossings);
    for _ in 0..MOVES {
        if least == 0 || !sorter.move_bundles(&mut best, &mut least) {
            break;
        }
    }
    let kicks = (STEPS / graph.items.len().max(1)).clamp(4, 24);
    let mut vain = 0;
    for kick in 0..kicks {
        if least == 0 || vain == kicks / 2 {
            break;
        }
        vain += 1;
        let mut order = best.clone();
        sorter.shake(&mut order, u64::try_from(kick).unwrap_or(0));
        sorter.sift(&mut order);
        let mut found = sorter.crossings(&order);
        while found > 0 && sorter.move_bundles(&mut order, &mut found) {
            // What is still far from the best will hardly pass it.
            if found > least + least / 4 + 1 {
                break;
            }
        }
        if found < least {
            least = found;
            best = order;
            vain = 0;
        }
    }
    (best, least)
}

impl Sorter<'_> {
    /// Puts each item where its edges cross fewest others, as far as its boundary reaches, while that
    /// saves crossings (Matuszewski, Schoenfeld, Molitor, "Using sifting for k-layer straightline
    /// crossing minimization", 1999).
    fn sift(&self, order: &mut Order) {
        for _ in 0..SIFTS {
            let mut better = false;
            for row in 0..order.rows.len() {
                better |= self.sift_row(order, row);
            }
            if !better {
                break;
            }
        }
    }

    fn sift_row(&self, order: &mut Order, row: usize) -> bool {
        let place = self.beside(order, row);
        let mut better = false;
        for item in &self.items[row] {
            let tokens = &mut order.rows[row];
            let own = [Token::Item(*item)];
            let Some(at) = tokens.iter().position(|t| *t == own[0]) else {
                continue;
            };
            let (mut least, mut goal) = (0_i64, at);
            let (mut saved, mut to) = (0_i64, at);
            while let Some(length) = unit_before(tokens, to) {
                let (now, then) = self.crossings_of(&tokens[to - length..to], &own, &place);
                saved += then.cast_signed() - now.cast_signed();
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
                let (now, then) = self.crossings_of(&own, &tokens[to..to + length], &place);
                saved += then.cast_signed() - now.cast_signed();
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
        if better {
            self.estimate(order, row);
        }
        better
    }

    /// Sends a few boxes with the bends of their edges to pseudo-random places in their rows.
    fn shake(&self, order: &mut Order, seed: u64) {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = |n: usize| {
            state = state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
            usize::try_from(state >> 33).unwrap_or(0) % n.max(1)
        };
        for _ in 0..3 {
            let chain = next(self.graph.chains.len());
            let Some([first, .., last]) = self.graph.chains.get(chain).map(Vec::as_slice) else {
                continue;
            };
            let node = if next(2) == 0 { *first } else { *last };
            let row = &self.items[wide(self.graph.items[node].row)];
            let Some(goal) = row.get(next(row.len())).map(|n| order.place[wide(*n)] + 1) else {
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
            let mut keys = order.place.clone();
            let mut rows: Vec<usize> = moved
                .iter()
                .map(|n| wide(self.graph.items[*n].row))
                .collect();
            for n in moved {
                keys[n] = goal;
            }
            rows.sort_unstable();
            rows.dedup();
            for row in rows {
                self.arrange(order, row, &keys);
            }
        }
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
