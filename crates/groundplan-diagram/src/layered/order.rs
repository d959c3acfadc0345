//! Who stands left of whom in every row: barycentre sweeps that keep boundaries in one piece.
//! Sibling boundaries have one order for the whole drawing, so that their sides can be straight.

use super::counter::Counter;
use super::earlier::Earlier;
use super::graph::{Graph, Kind};
use super::kick::Shaking;
use super::lists::{Lists, small, wide};
use super::sift::{Joins, Sifting};
use std::cell::RefCell;

/// One entry of a row from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open(u32),
    Item(u32),
    Close(u32),
}

/// The rows in order.
pub(super) struct Order {
    pub(super) rows: Vec<Vec<Token>>,
    /// Estimated x of each item, from the widths alone.
    pub(super) place: Vec<i64>,
    /// Order of a boundary among its siblings.
    pub(super) rank: Vec<i64>,
}

impl Clone for Order {
    fn clone(&self) -> Self {
        Order {
            rows: self.rows.clone(),
            place: self.place.clone(),
            rank: self.rank.clone(),
        }
    }

    // Orders are copied over each other very often: the room is kept.
    fn clone_from(&mut self, other: &Self) {
        self.rows.clone_from(&other.rows);
        self.place.clone_from(&other.place);
        self.rank.clone_from(&other.rank);
    }
}

impl Order {
    /// The order or its mirror image, whichever has more boxes in the order of the view: both cross alike,
    /// and which of them a search finds is chance. What has many lines counts more than what has few:
    /// a box that is new seldom decides.
    pub(super) fn turned(mut self, graph: &Graph) -> Order {
        let mut degree = vec![0_i64; graph.items.len()];
        for chain in &graph.chains {
            for end in [chain.first(), chain.last()].into_iter().flatten() {
                degree[*end] += 1;
            }
        }
        let is_box = |n: &usize| matches!(graph.items[*n].kind, Kind::Node(_));
        let boxes: Vec<usize> = (0..graph.items.len()).filter(is_box).collect();
        let mut lean = 0;
        for (k, left) in boxes.iter().enumerate() {
            for right in &boxes[k + 1..] {
                let side = (self.place[*right] - self.place[*left]).signum();
                lean += degree[*left] * degree[*right] * side;
            }
        }
        if lean < 0 {
            self.mirror();
        }
        self
    }

    fn mirror(&mut self) {
        for row in &mut self.rows {
            row.reverse();
            for token in row {
                *token = match *token {
                    Token::Open(g) => Token::Close(g),
                    Token::Close(g) => Token::Open(g),
                    Token::Item(n) => Token::Item(n),
                };
            }
        }
        let values = self.place.iter_mut().chain(&mut self.rank);
        values.for_each(|value| *value = -*value);
    }
}

/// How much work ordering may do.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// First orders that are swept.
    pub(super) starts: u64,
    pub(super) sweeps: usize,
    /// Rounds of neighbour exchanges.
    pub(super) exchanges: usize,
}

pub(super) struct Sorter<'a> {
    pub(super) graph: &'a Graph,
    up: Lists,
    down: Lists,
    /// Items of each row, in index order.
    pub(super) items: Vec<Vec<u32>>,
    /// Which of the items of its row each item is.
    pub(super) slots: Vec<u32>,
    /// The edges of each row to the one above it and to the one below it.
    pub(super) joins: Vec<[Joins; 2]>,
    /// The edges at each box.
    pub(super) ends: Lists,
    /// Items of each boundary in each row; see [`Sorter::list`].
    members: Lists,
    /// Boundaries that span each row, by enclosing boundary, in the same way.
    inner: Lists,
    counter: RefCell<Counter>,
    pub(super) scratch: RefCell<Scratch>,
    pub(super) earlier: Option<&'a Earlier>,
}

/// Room for filling rows and for trying others, kept because both are done so often.
#[derive(Default)]
pub(super) struct Scratch {
    /// Places of the items of the rows beside one.
    pub(super) beside: Vec<u32>,
    /// Items of the boundaries that are being filled, the innermost last.
    items: Vec<u32>,
    /// The same boundaries with their keys.
    blocks: Vec<(i64, u32)>,
    /// Keys by which rows are sorted.
    keys: Vec<i64>,
    pub(super) sifting: Sifting,
    pub(super) shaking: Shaking,
    /// Rows as they were before something was tried, and the places of their items.
    pub(super) held: Vec<Token>,
    pub(super) stood: Vec<i64>,
}

/// Orders the rows; returns the order and its number of crossings.
pub(super) fn order(sorter: &Sorter<'_>, effort: &Effort) -> (Order, u64) {
    order_from(sorter, effort, 0)
}

/// The same from another first order on.
pub(super) fn order_from(sorter: &Sorter<'_>, effort: &Effort, first: u64) -> (Order, u64) {
    let mut swept: Vec<(u64, Order)> = Vec::new();
    for start in first..first + effort.starts.max(1) {
        let mut order = sorter.start(start);
        let mut crossings = sorter.crossings(&order);
        let mut kept = order.clone();
        let mut vain = 0;
        for sweep in 0..effort.sweeps {
            if crossings == 0 || vain == VAIN {
                break;
            }
            sorter.sweep(&mut order, sweep % 2 == 0);
            let found = sorter.crossings(&order);
            vain += 1;
            if found < crossings {
                crossings = found;
                kept.clone_from(&order);
                vain = 0;
            }
        }
        sorter.exchange(&mut kept, effort.exchanges);
        crossings = sorter.crossings(&kept);
        swept.push((crossings, kept));
        // Nothing is better, and of equals the earlier start is kept.
        if crossings == 0 {
            break;
        }
    }
    // Stable: of equals the earlier start is kept.
    match swept.into_iter().min_by_key(|(crossings, _)| *crossings) {
        Some((crossings, order)) => (order, crossings),
        None => (sorter.start(0), 0),
    }
}

/// One order, swept on as long as it may come down to `most` crossings.
pub(super) fn sketched(sorter: &Sorter<'_>, sweeps: usize, most: u64) -> (Order, u64) {
    let mut order = sorter.start(0);
    let mut crossings = sorter.crossings(&order);
    let mut kept = order.clone();
    for sweep in 0..sweeps {
        // Down and up once show what is to be had.
        if crossings == 0 || (sweep == 2 && crossings > most) {
            break;
        }
        sorter.sweep(&mut order, sweep % 2 == 0);
        let found = sorter.crossings(&order);
        if found < crossings {
            crossings = found;
            kept.clone_from(&order);
        }
    }
    (kept, crossings)
}

/// Knuth's constants for a linear congruential sequence (MMIX).
pub(super) const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
pub(super) const INCREMENT: u64 = 1_442_695_040_888_963_407;
/// So many sweeps in a row without fewer crossings are the last ones.
const VAIN: usize = 4;
/// The first order that takes the boxes as the view lists them.
const AS_LISTED: u64 = 2;
/// Width of a box while orders are searched.
const USUAL: i64 = 160;

impl<'a> Sorter<'a> {
    pub(super) fn new(graph: &'a Graph, earlier: Option<&'a Earlier>) -> Self {
        let pairs = graph.chains.iter().flat_map(|chain| {
            let from = chain.iter().map(|n| small(*n));
            from.clone().zip(from.skip(1))
        });
        let count = graph.items.len();
        let up = Lists::of(count, pairs.clone().map(|(a, b)| (b, a)));
        let down = Lists::of(count, pairs);
        let mut items = vec![Vec::new(); graph.rows.len()];
        let mut slots = Vec::with_capacity(count);
        for (n, item) in graph.items.iter().enumerate() {
            let row: &mut Vec<u32> = &mut items[wide(item.row)];
            slots.push(small(row.len()));
            row.push(small(n));
        }
        let width = |row: Option<usize>| row.and_then(|r| items.get(r)).map_or(0, Vec::len);
        let joins = items.iter().enumerate().map(|(row, items)| {
            [
                Joins::of(items, width(row.checked_sub(1)), |n| up.at(wide(n))),
                Joins::of(items, width(row.checked_add(1)), |n| down.at(wide(n))),
            ]
        });
        let joins = joins.collect();
        let ends = graph.chains.iter().zip(0..);
        let ends = ends.flat_map(|(chain, edge)| {
            let ends = [chain.first(), chain.last()].into_iter().flatten();
            ends.map(move |n| (small(*n), edge))
        });
        let ends = Lists::of(count, ends);
        let spans = graph.spans.len();
        let list = move |row: usize, group: usize| small(row * spans + group);
        let members = graph.items.iter().zip(0..);
        let members = members.map(|(item, n)| (list(wide(item.row), wide(item.group)), n));
        let inner = graph.spans.iter().enumerate().skip(1);
        let inner = inner.flat_map(|(g, span)| {
            (span.first..=span.last).map(move |row| (list(row, span.parent), small(g)))
        });
        let scratch = RefCell::new(Scratch {
            beside: vec![0; count],
            keys: vec![0; count],
            ..Scratch::default()
        });
        Sorter {
            graph,
            members: Lists::of(graph.rows.len() * spans, members),
            inner: Lists::of(graph.rows.len() * spans, inner),
            counter: RefCell::new(Counter::new(count)),
            scratch,
            earlier,
            up,
            down,
            items,
            slots,
            joins,
            ends,
        }
    }

    /// The number of the list of a boundary in a row.
    fn list(&self, row: usize, group: usize) -> usize {
        row * self.graph.spans.len() + group
    }

    /// Whether the item is a box that stood in an earlier drawing: its order is kept.
    pub(super) fn is_fixed(&self, item: usize) -> bool {
        let Some(earlier) = self.earlier else {
            return false;
        };
        let Kind::Node(node) = self.graph.items[item].kind else {
            return false;
        };
        earlier.middle.get(wide(node)).is_some_and(Option::is_some)
    }

    /// The order of an earlier drawing; what is new stands among its neighbours.
    fn resume(&self, earlier: &Earlier, place: &mut [i64]) {
        for (n, middle) in earlier.middle.iter().enumerate() {
            if let Some(middle) = middle {
                place[n] = i64::from(*middle);
            }
        }
        for (n, middle) in earlier.middle.iter().enumerate() {
            let near = self.graph.chains.iter().filter_map(|chain| {
                let (first, last) = (*chain.first()?, *chain.last()?);
                let other = if first == n { last } else { first };
                let joined = first == n || last == n;
                (joined && self.is_fixed(other)).then(|| place[other])
            });
            if middle.is_none() {
                let near: Vec<i64> = near.collect();
                let count = i64::try_from(near.len()).unwrap_or(1).max(1);
                place[n] = near.iter().sum::<i64>() / count;
            }
        }
        for chain in &self.graph.chains {
            let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
                continue;
            };
            let (from, to) = (place[*first], place[*last]);
            let steps = i64::try_from(chain.len()).unwrap_or(2) - 1;
            for (k, item) in chain.iter().enumerate() {
                let k = i64::try_from(k).unwrap_or(0);
                place[*item] = from + (to - from) * k / steps.max(1);
            }
        }
    }

    /// A first order: by a search into the depth, as the view lists the boxes, or dealt by a fixed
    /// pseudo-random sequence.
    fn start(&self, seed: u64) -> Order {
        let count = self.graph.items.len();
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state = state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
            i64::try_from(state >> 40).unwrap_or(0)
        };
        let mut place: Vec<i64> = Vec::with_capacity(count);
        if seed == 0 {
            place = self.depth_first();
        } else if seed == AS_LISTED {
            place = self.as_listed();
        } else {
            place.extend((0..count).map(|_| next()));
            // An edge starts where its upper end stands.
            for chain in &self.graph.chains {
                if let [first, inner @ .., _] = chain.as_slice() {
                    for item in inner {
                        place[*item] = place[*first];
                    }
                }
            }
        }
        if let Some(earlier) = self.earlier {
            self.resume(earlier, &mut place);
        }
        self.placed(place)
    }

    /// The order in which items stand at these places.
    fn placed(&self, place: Vec<i64>) -> Order {
        let sides = 2 * self.graph.spans.len();
        let rows = self.items.iter();
        let rows = rows.map(|items| Vec::with_capacity(items.len() + sides));
        let mut order = Order {
            rows: rows.collect(),
            place,
            rank: Vec::with_capacity(self.graph.spans.len()),
        };
        self.rank_groups(&mut order);
        self.arrange_as_placed(&mut order);
        order
    }

    /// Places as the view lists the boxes; an edge passes halfway between its ends.
    fn as_listed(&self) -> Vec<i64> {
        let mut place: Vec<i64> = (0..).step_by(100).take(self.graph.items.len()).collect();
        for chain in &self.graph.chains {
            if let [first, inner @ .., last] = chain.as_slice() {
                for item in inner {
                    place[*item] = (place[*first] + place[*last]) / 2;
                }
            }
        }
        place
    }

    /// Places as a search into the depth finds the items: of a tree no lines cross, and what hangs
    /// together stands together. What is added somewhere leaves the order of everything else.
    pub(super) fn depth_first(&self) -> Vec<i64> {
        let count = self.graph.items.len();
        let mut place = vec![i64::MIN; count];
        let mut next = 0;
        let mut stack = Vec::new();
        let begins = (0..count).filter(|n| self.up.at(*n).is_empty());
        for begin in begins.chain(0..count) {
            stack.push(small(begin));
            while let Some(item) = stack.pop() {
                let n = wide(item);
                if place[n] != i64::MIN {
                    continue;
                }
                place[n] = next;
                next += 100;
                // What is pushed last comes first: what lies below, then what lies above.
                for near in [&self.up, &self.down] {
                    let near = near.at(n).iter().rev();
                    stack.extend(near.filter(|m| place[wide(**m)] == i64::MIN));
                }
            }
        }
        place
    }

    /// Orders sibling boundaries by the mean place of what they hold.
    fn rank_groups(&self, order: &mut Order) {
        let mut sum = vec![(0_i64, 0_i64); self.graph.spans.len()];
        if sum.len() > 1 {
            for (n, item) in self.graph.items.iter().enumerate() {
                let mut g = wide(item.group);
                while g != 0 {
                    sum[g].0 += order.place[n];
                    sum[g].1 += 1;
                    g = self.graph.spans[g].parent;
                }
            }
        }
        order.rank.clear();
        let means = sum.iter().map(|(total, count)| total / (*count).max(1));
        order.rank.extend(means);
        if let Some(earlier) = self.earlier {
            for (rank, middle) in order.rank.iter_mut().zip(&earlier.groups) {
                *rank = middle.map_or(*rank, i64::from);
            }
        }
    }

    /// Sorts all rows by the places of their items.
    fn arrange_as_placed(&self, order: &mut Order) {
        let mut keys = std::mem::take(&mut self.scratch.borrow_mut().keys);
        keys.clone_from(&order.place);
        for row in 0..order.rows.len() {
            self.arrange(order, row, &keys);
        }
        self.scratch.borrow_mut().keys = keys;
    }

    /// Sorts one row by `keys`, boundaries kept whole and in their order.
    pub(super) fn arrange(&self, order: &mut Order, row: usize, keys: &[i64]) {
        let mut tokens = std::mem::take(&mut order.rows[row]);
        if self.graph.spans.len() == 1 && !tokens.is_empty() {
            // Without boundaries the row is sorted where it stands, which is nearly in order.
            tokens.sort_unstable_by_key(|token| match *token {
                Token::Item(n) => (keys[wide(n)], order.place[wide(n)], n),
                Token::Open(_) | Token::Close(_) => (0, 0, 0),
            });
        } else {
            tokens.clear();
            self.fill(order, row, 0, keys, &mut tokens);
        }
        order.rows[row] = tokens;
        self.estimate(order, row);
    }

    fn fill(&self, order: &Order, row: usize, group: usize, keys: &[i64], out: &mut Vec<Token>) {
        let list = self.list(row, group);
        let members = self.members.at(list);
        // The room is shared by the boundaries inside of each other.
        let start = {
            let items = &mut self.scratch.borrow_mut().items;
            let start = items.len();
            items.extend(members);
            let place = |n: u32| (keys[wide(n)], order.place[wide(n)], n);
            items[start..].sort_unstable_by_key(|n| place(*n));
            start
        };
        let item = |k: usize| self.scratch.borrow().items[start + k];
        let mut next = 0;
        let inner = self.inner.at(list);
        if !inner.is_empty() {
            let first = {
                let blocks = &mut self.scratch.borrow_mut().blocks;
                let first = blocks.len();
                for g in inner {
                    let (sum, count) = self.total(row, wide(*g), keys);
                    let key = if count == 0 {
                        order.rank[wide(*g)]
                    } else {
                        sum / count
                    };
                    blocks.push((key, *g));
                }
                let blocks = &mut blocks[first..];
                blocks.sort_unstable_by_key(|(_, g)| (order.rank[wide(*g)], *g));
                level(blocks);
                first
            };
            for k in 0..inner.len() {
                let (key, g) = self.scratch.borrow().blocks[first + k];
                while next < members.len() && keys[wide(item(next))] < key {
                    out.push(Token::Item(item(next)));
                    next += 1;
                }
                out.push(Token::Open(g));
                self.fill(order, row, wide(g), keys, out);
                out.push(Token::Close(g));
            }
            self.scratch.borrow_mut().blocks.truncate(first);
        }
        let mut scratch = self.scratch.borrow_mut();
        let rest = scratch.items[start + next..].iter().copied();
        out.extend(rest.map(Token::Item));
        scratch.items.truncate(start);
    }

    /// Sum and number of the keys that a boundary holds in a row.
    fn total(&self, row: usize, group: usize, keys: &[i64]) -> (i64, i64) {
        let list = self.list(row, group);
        let own = self.members.at(list).iter();
        let own = own.fold((0, 0), |(sum, count), n| (sum + keys[wide(*n)], count + 1));
        self.inner.at(list).iter().fold(own, |(sum, count), g| {
            let (more, further) = self.total(row, wide(*g), keys);
            (sum + more, count + further)
        })
    }

    /// Places of the items of a row as their widths have it, the row centred.
    pub(super) fn estimate(&self, order: &mut Order, row: usize) {
        let (mut known, mut count) = (0_i64, 0_i64);
        let Order { rows, place, .. } = order;
        let tokens = rows.get(row).map_or(&[][..], Vec::as_slice);
        let width = self.walk(tokens, |n, at| {
            let earlier = self.earlier.and_then(|e| *e.middle.get(n)?);
            if let Some(middle) = earlier {
                known += i64::from(middle) - at;
                count += 1;
            }
        });
        // Beside an earlier drawing, places are counted as they are there.
        let shift = match self.earlier {
            None => -width / 2,
            Some(_) if count > 0 => known / count,
            Some(_) => return,
        };
        self.walk(tokens, |n, at| place[n] = at + shift);
    }

    /// How far an item reaches to the left and to the right while its row has no places. All boxes are
    /// about as wide as each other, so that no order depends on what they are called; beside an earlier
    /// drawing they are as wide as they are.
    fn extents(&self, item: usize) -> (i64, i64) {
        let item = &self.graph.items[item];
        match item.kind {
            Kind::Node(_) if self.earlier.is_none() => (USUAL / 2, USUAL / 2),
            _ => (i64::from(item.left), i64::from(item.right)),
        }
    }

    /// Gives each item of a row with the place that the widths before it give it; returns the width
    /// of the row.
    fn walk(&self, tokens: &[Token], mut each: impl FnMut(usize, i64)) -> i64 {
        let mut x = 0_i64;
        for token in tokens {
            match token {
                Token::Open(_) | Token::Close(_) => x += 16,
                Token::Item(n) => {
                    let (left, right) = self.extents(wide(*n));
                    x += left;
                    each(wide(*n), x);
                    x += right + 14;
                }
            }
        }
        x
    }

    fn sweep(&self, order: &mut Order, downwards: bool) {
        let count = order.rows.len();
        // Only the keys of the row at hand are read.
        let mut keys = std::mem::take(&mut self.scratch.borrow_mut().keys);
        for step in 0..count {
            let row = if downwards { step } else { count - 1 - step };
            let beside = if downwards { &self.up } else { &self.down };
            for n in &self.items[row] {
                let n = wide(*n);
                let near = beside.at(n);
                keys[n] = match near {
                    _ if self.is_fixed(n) => order.place[n],
                    [] => order.place[n],
                    [only] => order.place[wide(*only)],
                    _ => {
                        let sum: i64 = near.iter().map(|m| order.place[wide(*m)]).sum();
                        sum / i64::try_from(near.len()).unwrap_or(1)
                    }
                };
            }
            self.arrange(order, row, &keys);
        }
        self.scratch.borrow_mut().keys = keys;
        self.rank_groups(order);
        // Without boundaries the rows stay as they are.
        if self.graph.spans.len() > 1 {
            self.arrange_as_placed(order);
        }
    }

    pub(super) fn crossings(&self, order: &Order) -> u64 {
        (1..order.rows.len())
            .map(|row| self.between(order, row))
            .sum()
    }

    /// Crossings between a row and the one above it.
    pub(super) fn between(&self, order: &Order, row: usize) -> u64 {
        let (upper, lower) = (&order.rows[row - 1], &order.rows[row]);
        let mut counter = self.counter.borrow_mut();
        counter.between(upper, lower, &self.up, &self.down)
    }

    /// What an item is joined to above and below.
    pub(super) fn near(&self, item: u32) -> [&[u32]; 2] {
        [self.up.at(wide(item)), self.down.at(wide(item))]
    }

    /// Crossings between the edges of two neighbouring runs of a row, as they stand and exchanged.
    /// The others of the row do not change when the two are.
    pub(super) fn crossings_of(
        &self,
        left: &[Token],
        right: &[Token],
        place: &[u32],
    ) -> (u64, u64) {
        let (mut now, mut then) = (0, 0);
        for a in left {
            let Token::Item(a) = a else { continue };
            for b in right {
                let Token::Item(b) = b else { continue };
                for beside in [&self.up, &self.down] {
                    for from in beside.at(wide(*a)) {
                        let from = place[wide(*from)];
                        for to in beside.at(wide(*b)) {
                            let to = place[wide(*to)];
                            now += u64::from(from > to);
                            then += u64::from(from < to);
                        }
                    }
                }
            }
        }
        (now, then)
    }
}

/// Makes the keys rise without changing the order (pool adjacent violators).
fn level(blocks: &mut [(i64, u32)]) {
    if blocks.is_sorted_by_key(|(key, _)| *key) {
        return;
    }
    let mut pools: Vec<(i64, i64)> = Vec::new();
    for (key, _) in blocks.iter() {
        let mut pool = (*key, 1);
        while let Some(last) = pools.last() {
            if last.0 / last.1 <= pool.0 / pool.1 {
                break;
            }
            pool = (pool.0 + last.0, pool.1 + last.1);
            pools.pop();
        }
        pools.push(pool);
    }
    let mut keys = pools.into_iter().flat_map(|(sum, count)| {
        std::iter::repeat_n(sum / count, usize::try_from(count).unwrap_or(1))
    });
    for (key, _) in blocks {
        *key = keys.next().unwrap_or(*key);
    }
}
