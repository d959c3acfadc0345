//! Sifting: each item of a row is put where its edges cross fewest others, as far as its boundary reaches
//! (Matuszewski, Schoenfeld, Molitor, "Using sifting for k-layer straightline crossing minimization", 1999).
//! Rows are sifted ten thousand times for one drawing, so that what does not change is known before.

use super::kick::Known;
use super::lists::{small, wide};
use super::order::{Order, Sorter, Token};

/// Most rounds of sifting.
const SIFTS: usize = 4;
/// Later rounds hardly save more crossings than so many.
const HOPELESS: u64 = 6;

/// The edges of a row to one of the rows beside it, by the items of the row.
#[derive(Default)]
pub(super) struct Joins {
    /// Where the edges of each item begin, and where those of the last one end.
    starts: Vec<u32>,
    /// Which item of its row each edge belongs to, and the item at its other end.
    slots: Vec<u32>,
    near: Vec<u32>,
    /// Items in the other row.
    width: usize,
}

impl Joins {
    /// Of items that are joined to what `near` gives, in a row of `width` items.
    pub(super) fn of<'a>(items: &[u32], width: usize, near: impl Fn(u32) -> &'a [u32]) -> Joins {
        let edges = items.iter().map(|n| near(*n).len()).sum();
        let mut joins = Joins {
            starts: Vec::with_capacity(items.len() + 1),
            slots: Vec::with_capacity(edges),
            near: Vec::with_capacity(edges),
            width,
        };
        joins.starts.push(0);
        for (slot, item) in (0..).zip(items) {
            joins.near.extend(near(*item));
            joins.slots.resize(joins.near.len(), slot);
            joins.starts.push(small(joins.near.len()));
        }
        joins
    }

    /// The edges of one item.
    fn at(&self, slot: usize) -> std::ops::Range<usize> {
        wide(self.starts[slot])..wide(self.starts[slot + 1])
    }
}

/// Room for sifting a row; of two, one is for the row above and one for the row below.
#[derive(Default)]
pub(super) struct Sifting {
    /// The place in the other row at which each edge ends.
    places: [Vec<u32>; 2],
    /// Of each item.
    reaches: Vec<[Reach; 2]>,
    crossed: Vec<bool>,
    /// Per place: how many crossings an edge that ends there costs more when the item at hand comes from
    /// the right of it to its left.
    costs: Vec<i32>,
    /// The same per item with all its edges.
    sums: Vec<i32>,
}

/// The leftmost and the rightmost place of some.
#[derive(Clone, Copy)]
struct Reach(u32, u32);

/// Nothing reaches nowhere.
const NOWHERE: Reach = Reach(u32::MAX, 0);

impl Sorter<'_> {
    /// Sifts all rows while that saves crossings, and gives up what stays far from `goal`.
    pub(super) fn sift(&self, order: &mut Order, known: &mut Known, goal: u64) {
        for round in 0..SIFTS {
            if round > 0 && known.crossings() > goal + HOPELESS {
                break;
            }
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
        let mut room = std::mem::take(&mut self.scratch.borrow_mut().sifting);
        let place = self.beside(order, row);
        room.begin(&self.joins[row], &place);
        self.return_beside(place);
        self.mark_crossed(&order.rows[row], &mut room);
        let (mut above, mut below) = (0, 0);
        for (slot, item) in self.items[row].iter().enumerate() {
            // What crosses nothing saves no crossing elsewhere.
            if !room.crossed[slot] {
                continue;
            }
            room.sums.fill(0);
            room.add(&self.joins[row], 0, slot);
            room.add(&self.joins[row], 1, slot);
            let tokens = &mut order.rows[row];
            let own = Token::Item(*item);
            let Some(at) = tokens.iter().position(|t| *t == own) else {
                continue;
            };
            let (least, goal) = self.best_place(tokens, at, &room.sums);
            if least == 0 {
                continue;
            }
            // How much of that is above.
            room.sums.fill(0);
            room.add(&self.joins[row], 0, slot);
            let least_above;
            if goal < at {
                least_above = self.sum(&tokens[goal..at], &room.sums);
                tokens[goal..=at].rotate_right(1);
            } else {
                least_above = -self.sum(&tokens[at + 1..goal], &room.sums);
                tokens[at..goal].rotate_left(1);
            }
            above -= i64::from(least_above);
            below -= i64::from(least - least_above);
            self.mark_crossed(&order.rows[row], &mut room);
        }
        self.scratch.borrow_mut().sifting = room;
        if above + below > 0 {
            self.estimate(order, row);
        }
        (above, below)
    }

    /// Where the item at `at` crosses least, as far as its boundary reaches, and by how much less.
    fn best_place(&self, tokens: &[Token], at: usize, sums: &[i32]) -> (i32, usize) {
        let (mut least, mut goal) = (0, at);
        let (mut cost, mut to) = (0, at);
        let mut inside = None;
        while let Some(before) = to.checked_sub(1) {
            to = before;
            match (tokens[to], inside) {
                (Token::Item(n), _) => cost += sums[wide(self.slots[wide(n)])],
                (Token::Close(g), None) => inside = Some(g),
                (Token::Open(g), Some(whole)) if g == whole => inside = None,
                (Token::Open(_), None) => break,
                (Token::Open(_) | Token::Close(_), Some(_)) => {}
            }
            if cost < least && inside.is_none() {
                (least, goal) = (cost, to);
            }
        }
        let mut cost = 0;
        for (to, token) in tokens.iter().enumerate().skip(at + 1) {
            match (*token, inside) {
                (Token::Item(n), _) => cost -= sums[wide(self.slots[wide(n)])],
                (Token::Open(g), None) => inside = Some(g),
                (Token::Close(g), Some(whole)) if g == whole => inside = None,
                (Token::Close(_), None) => break,
                (Token::Open(_) | Token::Close(_), Some(_)) => {}
            }
            if cost < least && inside.is_none() {
                (least, goal) = (cost, to + 1);
            }
        }
        (least, goal)
    }

    fn sum(&self, tokens: &[Token], sums: &[i32]) -> i32 {
        let of = |token: &Token| match token {
            Token::Item(n) => sums[wide(self.slots[wide(*n)])],
            Token::Open(_) | Token::Close(_) => 0,
        };
        tokens.iter().map(of).sum()
    }

    /// Marks the items of a row with edges that cross others.
    fn mark_crossed(&self, tokens: &[Token], room: &mut Sifting) {
        let Sifting {
            reaches, crossed, ..
        } = room;
        crossed.fill(false);
        let slot = |token: &Token| match token {
            Token::Item(n) => Some(wide(self.slots[wide(*n)])),
            Token::Open(_) | Token::Close(_) => None,
        };
        let mut before = [NOWHERE.1; 2];
        for slot in tokens.iter().filter_map(slot) {
            let [above, below] = reaches[slot];
            crossed[slot] = before[0] > above.0 || before[1] > below.0;
            before = [before[0].max(above.1), before[1].max(below.1)];
        }
        let mut after = [NOWHERE.0; 2];
        for slot in tokens.iter().rev().filter_map(slot) {
            let [above, below] = reaches[slot];
            crossed[slot] |= after[0] < above.1 || after[1] < below.1;
            after = [after[0].min(above.0), after[1].min(below.0)];
        }
    }
}

impl Sifting {
    /// Makes ready for a row; `place` gives the places of the items beside it.
    fn begin(&mut self, joins: &[Joins; 2], place: &[u32]) {
        let items = joins[0].starts.len() - 1;
        self.reaches.clear();
        self.reaches.resize(items, [NOWHERE; 2]);
        self.crossed.resize(items, false);
        self.sums.resize(items, 0);
        for (side, joins) in joins.iter().enumerate() {
            let places = &mut self.places[side];
            places.clear();
            for (slot, near) in joins.slots.iter().zip(&joins.near) {
                let place = place[wide(*near)];
                places.push(place);
                let reach = &mut self.reaches[wide(*slot)][side];
                *reach = Reach(reach.0.min(place), reach.1.max(place));
            }
        }
    }

    /// Adds to the sums what the edges of an item to one side cost.
    fn add(&mut self, joins: &[Joins; 2], side: usize, slot: usize) {
        let joins = &joins[side];
        let places = &self.places[side];
        let own = &places[joins.at(slot)];
        let all = joins.slots.iter().zip(places);
        match own {
            [] => {}
            [only] => {
                for (slot, place) in all {
                    self.sums[wide(*slot)] += i32::from(place < only) - i32::from(place > only);
                }
            }
            _ => {
                self.costs.clear();
                self.costs.resize(joins.width, 0);
                for place in own {
                    self.costs[wide(*place)] += 1;
                }
                // What lies beyond a place, less what lies before it.
                let (mut before, mut beyond) = (0, i32::try_from(own.len()).unwrap_or(i32::MAX));
                for cost in &mut self.costs {
                    let here = *cost;
                    beyond -= here;
                    *cost = beyond - before;
                    before += here;
                }
                for (slot, place) in all {
                    self.sums[wide(*slot)] += self.costs[wide(*place)];
                }
            }
        }
    }
}
