//! Counts crossings between two rows (as inversions, after Barth, Juenger, Mutzel, "Simple and
//! efficient bilayer cross counting", 2002). Asked hundreds of thousands of times for one drawing,
//! so that few edges are counted in a word of bits, and the room for many is kept.

use super::lists::{Lists, small, wide};
use super::order::Token;

/// Room for counting.
pub(super) struct Counter {
    /// The next end of an edge at each item of the lower row, counted from the left.
    slot: Vec<u32>,
    /// How many ends are taken, as a tree of partial sums (Fenwick, 1994).
    sums: Vec<u32>,
}

impl Counter {
    /// For as many items as there are lists.
    pub(super) fn new(count: usize) -> Self {
        Counter {
            slot: vec![0; count],
            sums: Vec::new(),
        }
    }

    /// Crossings of the edges between two rows; `up` and `down` are the neighbours of the items.
    pub(super) fn between(
        &mut self,
        upper: &[Token],
        lower: &[Token],
        up: &Lists,
        down: &Lists,
    ) -> u64 {
        let mut ends = 0;
        for token in lower {
            if let Token::Item(n) = token {
                self.slot[wide(*n)] = ends;
                ends += small(up.at(wide(*n)).len());
            }
        }
        match ends {
            0 | 1 => 0,
            2..=64 => self.in_bits::<u64>(upper, down),
            65..=128 => self.in_bits::<u128>(upper, down),
            _ => self.in_sums(upper, down, ends),
        }
    }

    /// Each end of an edge below is one bit.
    fn in_bits<W: Bits>(&mut self, upper: &[Token], down: &Lists) -> u64 {
        let mut seen = W::default();
        let mut total = 0;
        for token in upper {
            let Token::Item(n) = token else { continue };
            // Edges of one item do not cross.
            let before = seen;
            for m in down.at(wide(*n)) {
                let slot = &mut self.slot[wide(*m)];
                total += before.set_from(*slot);
                seen.set(*slot);
                *slot += 1;
            }
        }
        u64::from(total)
    }

    fn in_sums(&mut self, upper: &[Token], down: &Lists, ends: u32) -> u64 {
        self.sums.clear();
        self.sums.resize(wide(ends) + 1, 0);
        let mut total = 0_u64;
        let mut taken = 0_u32;
        for token in upper {
            let Token::Item(n) = token else { continue };
            let near = down.at(wide(*n));
            for m in near {
                // Ends up to this one that are taken; the others lie beyond it.
                let mut at = wide(self.slot[wide(*m)]);
                let mut passed = 0;
                while at > 0 {
                    passed += self.sums[at];
                    at &= at - 1;
                }
                total += u64::from(taken - passed);
            }
            for m in near {
                let slot = &mut self.slot[wide(*m)];
                *slot += 1;
                let mut at = wide(*slot);
                while at < self.sums.len() {
                    self.sums[at] += 1;
                    at += at & at.wrapping_neg();
                }
                taken += 1;
            }
        }
        total
    }
}

/// A word of bits.
trait Bits: Copy + Default {
    /// How many bits are set from `at` on.
    fn set_from(self, at: u32) -> u32;
    fn set(&mut self, at: u32);
}

impl Bits for u64 {
    fn set_from(self, at: u32) -> u32 {
        (self >> at).count_ones()
    }

    fn set(&mut self, at: u32) {
        *self |= 1 << at;
    }
}

impl Bits for u128 {
    fn set_from(self, at: u32) -> u32 {
        (self >> at).count_ones()
    }

    fn set(&mut self, at: u32) {
        *self |= 1 << at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Crossings of edges between items 0.. above and items `upper`.. below, counted in three ways.
    fn counted(upper: u32, lower: u32, edges: &[(u32, u32)]) -> [u64; 3] {
        let count = wide(upper + lower);
        let pairs = edges.iter().map(|(a, b)| (*a, upper + *b));
        let down = Lists::of(count, pairs.clone());
        let up = Lists::of(count, pairs.map(|(a, b)| (b, a)));
        let above: Vec<Token> = (0..upper).map(Token::Item).collect();
        let below: Vec<Token> = (upper..upper + lower).map(Token::Item).collect();
        let mut counter = Counter::new(count);
        let first = counter.between(&above, &below, &up, &down);
        let ends = small(edges.len());
        let mut again = |sums: bool| {
            let mut next = 0;
            for n in upper..upper + lower {
                counter.slot[wide(n)] = next;
                next += small(up.at(wide(n)).len());
            }
            if sums {
                counter.in_sums(&above, &down, ends)
            } else {
                counter.in_bits::<u128>(&above, &down)
            }
        };
        [first, again(false), again(true)]
    }

    #[test]
    fn all_ways_count_alike() {
        let edges = [(0, 2), (0, 0), (1, 1), (2, 0), (2, 2), (3, 0)];
        let mut expected = 0;
        for (n, a) in edges.iter().enumerate() {
            for b in &edges[n + 1..] {
                expected += u64::from((a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1));
            }
        }
        assert_eq!(counted(4, 3, &edges), [expected; 3]);
    }

    #[test]
    fn edges_that_share_an_end_do_not_cross() {
        assert_eq!(counted(2, 2, &[(0, 0), (0, 1), (1, 1)]), [0; 3]);
    }
}
