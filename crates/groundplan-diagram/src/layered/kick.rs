//! Iterated local search: a good order is disturbed a little and improved again, and kept if fewer
//! edges cross.

use super::graph::Graph;
use super::order::{INCREMENT, MULTIPLIER, Order, Sorter};

/// Rounds of moves before the first kick.
const MOVES: usize = 4;
/// Most kicks.
const KICKS: u64 = 24;
/// So many kicks in a row without fewer crossings are the last ones.
const VAIN: u64 = 12;
/// A disturbed order that costs fewer crossings than this is worth the moves.
const HOPE: u64 = 4;

/// Orders the rows better, if that can be; returns the order and its number of crossings.
pub(super) fn improve(graph: &Graph, order: Order, crossings: u64) -> (Order, u64) {
    let sorter = Sorter::new(graph, None);
    let (mut best, mut least) = (order, crossings);
    for _ in 0..MOVES {
        if least == 0 || !sorter.move_bundles(&mut best, &mut least) {
            break;
        }
    }
    let mut vain = 0;
    for kick in 0..KICKS {
        if least == 0 || vain == VAIN {
            break;
        }
        vain += 1;
        let mut order = best.clone();
        sorter.shake(&mut order, kick);
        sorter.exchange(&mut order, 3);
        let mut found = sorter.crossings(&order);
        if found >= least + HOPE {
            continue;
        }
        while found > 0 && sorter.move_bundles(&mut order, &mut found) {}
        if found < least {
            least = found;
            best = order;
            vain = 0;
        }
    }
    (best, least)
}

impl Sorter<'_> {
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
            let row = &self.items[self.graph.items[node].row];
            let Some(goal) = row.get(next(row.len())).map(|n| order.place[*n] + 1) else {
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
            let mut rows: Vec<usize> = moved.iter().map(|n| self.graph.items[*n].row).collect();
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
