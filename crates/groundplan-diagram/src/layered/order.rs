//! Who stands left of whom in every row: barycentre sweeps that keep boundaries in one piece, then
//! exchanges of neighbours while they save crossings. Sibling boundaries have one order for the
//! whole drawing, so that their sides can be straight.

use super::earlier::Earlier;
use super::graph::{Graph, Kind};
use super::lists::{Lists, small, wide};
use std::cell::RefCell;

/// One entry of a row from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open(usize),
    Item(usize),
    Close(usize),
}

/// The rows in order.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) rows: Vec<Vec<Token>>,
    /// Estimated x of each item, from the widths alone.
    pub(super) place: Vec<i64>,
    /// Order of a boundary among its siblings.
    rank: Vec<i64>,
}

/// How much work ordering may do.
pub(super) struct Effort {
    /// First orders that are swept.
    pub(super) starts: u64,
    pub(super) sweeps: usize,
    /// Rounds of neighbour exchanges.
    pub(super) exchanges: usize,
    /// Rounds in which whole edges and boxes with their edges are tried elsewhere.
    pub(super) moves: usize,
    /// How many of the swept orders are refined by moves.
    pub(super) refined: usize,
}

pub(super) struct Sorter<'a> {
    pub(super) graph: &'a Graph,
    up: Lists,
    down: Lists,
    /// Items of each row, in index order.
    pub(super) items: Vec<Vec<usize>>,
    /// Items of each row, by boundary.
    members: Vec<Vec<Vec<usize>>>,
    /// Boundaries that span each row, by enclosing boundary.
    inner: Vec<Vec<Vec<usize>>>,
    scratch: RefCell<Scratch>,
    earlier: Option<&'a Earlier>,
}

/// Room for counting crossings and for filling rows.
#[derive(Default)]
struct Scratch {
    /// Place of the items of the lower row.
    index: Vec<usize>,
    /// Places that the edges lead to, from left to right above.
    below: Vec<usize>,
    /// Places of the items of the rows beside one.
    beside: Vec<usize>,
    /// Items of the boundaries that are being filled, the innermost last.
    items: Vec<usize>,
    /// Keys by which rows are tried in another order.
    keys: Vec<i64>,
}

/// Orders the rows; returns the order and its number of crossings.
pub(super) fn order(graph: &Graph, effort: &Effort, earlier: Option<&Earlier>) -> (Order, u64) {
    let sorter = Sorter::new(graph, earlier);
    let mut swept: Vec<(u64, Order)> = Vec::new();
    for start in 0..effort.starts.max(1) {
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
    swept.sort_by_key(|(crossings, _)| *crossings);
    swept.truncate(effort.refined.max(1));
    for (crossings, order) in &mut swept {
        for _ in 0..effort.moves {
            if *crossings == 0 || !sorter.move_bundles(order, crossings) {
                break;
            }
        }
    }
    swept.sort_by_key(|(crossings, _)| *crossings);
    let best = swept.into_iter().next();
    match best {
        Some((crossings, order)) => (order, crossings),
        None => (sorter.start(0), 0),
    }
}

/// Knuth's constants for a linear congruential sequence (MMIX).
pub(super) const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
pub(super) const INCREMENT: u64 = 1_442_695_040_888_963_407;
/// So many sweeps in a row without fewer crossings are the last ones.
const VAIN: usize = 4;
/// A move that costs fewer crossings than this is worth a round of neighbour exchanges.
const HOPE: u64 = 4;

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
        for (n, item) in graph.items.iter().enumerate() {
            items[item.row].push(n);
        }
        let mut members = vec![vec![Vec::new(); graph.spans.len()]; graph.rows.len()];
        for (n, item) in graph.items.iter().enumerate() {
            members[item.row][item.group].push(n);
        }
        let mut inner = vec![vec![Vec::new(); graph.spans.len()]; graph.rows.len()];
        for (g, span) in graph.spans.iter().enumerate().skip(1) {
            for row in &mut inner[span.first..=span.last] {
                row[span.parent].push(g);
            }
        }
        let scratch = RefCell::new(Scratch {
            index: vec![usize::MAX; graph.items.len()],
            beside: vec![0; graph.items.len()],
            keys: vec![0; graph.items.len()],
            ..Scratch::default()
        });
        Sorter {
            graph,
            scratch,
            earlier,
            up,
            down,
            items,
            members,
            inner,
        }
    }

    /// Whether the item is a box that stood in an earlier drawing: its order is kept.
    fn is_fixed(&self, item: usize) -> bool {
        let Kind::Node(node) = self.graph.items[item].kind else {
            return false;
        };
        let middle = self.earlier.and_then(|e| e.middle.get(node));
        middle.is_some_and(Option::is_some)
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

    /// A first order: the items as they come, or dealt by a fixed pseudo-random sequence.
    fn start(&self, seed: u64) -> Order {
        let count = self.graph.items.len();
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut next = || {
            state = state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
            i64::try_from(state >> 40).unwrap_or(0)
        };
        let mut place: Vec<i64> = Vec::with_capacity(count);
        for n in 0..count {
            let own = i64::try_from(n).unwrap_or(0) * 100;
            place.push(match seed {
                0 => own,
                1 => -own,
                _ => next(),
            });
        }
        // An edge starts where its upper end stands.
        for chain in &self.graph.chains {
            if let [first, inner @ .., _] = chain.as_slice() {
                for item in inner {
                    place[*item] = place[*first];
                }
            }
        }
        if let Some(earlier) = self.earlier {
            self.resume(earlier, &mut place);
        }
        let mut order = Order {
            rows: vec![Vec::new(); self.graph.rows.len()],
            place,
            rank: Vec::new(),
        };
        self.rank_groups(&mut order);
        for row in 0..order.rows.len() {
            let keys = order.place.clone();
            self.arrange(&mut order, row, &keys);
        }
        order
    }

    /// Orders sibling boundaries by the mean place of what they hold.
    fn rank_groups(&self, order: &mut Order) {
        let mut sum = vec![(0_i64, 0_i64); self.graph.spans.len()];
        for (n, item) in self.graph.items.iter().enumerate() {
            let mut g = item.group;
            while g != 0 {
                sum[g].0 += order.place[n];
                sum[g].1 += 1;
                g = self.graph.spans[g].parent;
            }
        }
        order.rank = sum
            .iter()
            .map(|(total, count)| total / (*count).max(1))
            .collect();
        if let Some(earlier) = self.earlier {
            for (rank, middle) in order.rank.iter_mut().zip(&earlier.groups) {
                *rank = middle.map_or(*rank, i64::from);
            }
        }
    }

    /// Sorts one row by `keys`, boundaries kept whole and in their order.
    pub(super) fn arrange(&self, order: &mut Order, row: usize, keys: &[i64]) {
        let mut tokens = std::mem::take(&mut order.rows[row]);
        tokens.clear();
        self.fill(order, row, 0, keys, &mut tokens);
        order.rows[row] = tokens;
        self.estimate(order, row);
    }

    fn fill(&self, order: &Order, row: usize, group: usize, keys: &[i64], out: &mut Vec<Token>) {
        let members = &self.members[row][group];
        // The room is shared by the boundaries inside of each other.
        let start = {
            let items = &mut self.scratch.borrow_mut().items;
            let start = items.len();
            items.extend(members);
            items[start..].sort_unstable_by_key(|n| (keys[*n], order.place[*n], *n));
            start
        };
        let item = |k: usize| self.scratch.borrow().items[start + k];
        let mut next = 0;
        if !self.inner[row][group].is_empty() {
            let mut blocks: Vec<(i64, usize)> = Vec::new();
            let mut inner = self.inner[row][group].clone();
            inner.sort_unstable_by_key(|g| (order.rank[*g], *g));
            for g in inner {
                let (sum, count) = self.total(row, g, keys);
                let key = if count == 0 {
                    order.rank[g]
                } else {
                    sum / count
                };
                blocks.push((key, g));
            }
            level(&mut blocks);
            for (key, g) in blocks {
                while next < members.len() && keys[item(next)] < key {
                    out.push(Token::Item(item(next)));
                    next += 1;
                }
                out.push(Token::Open(g));
                self.fill(order, row, g, keys, out);
                out.push(Token::Close(g));
            }
        }
        let mut scratch = self.scratch.borrow_mut();
        out.extend(
            scratch.items[start + next..]
                .iter()
                .copied()
                .map(Token::Item),
        );
        scratch.items.truncate(start);
    }

    /// Sum and number of the keys that a boundary holds in a row.
    fn total(&self, row: usize, group: usize, keys: &[i64]) -> (i64, i64) {
        let own = self.members[row][group].iter();
        let own = own.fold((0, 0), |(sum, count), n| (sum + keys[*n], count + 1));
        let inner = self.inner[row][group].iter();
        inner.fold(own, |(sum, count), g| {
            let (more, further) = self.total(row, *g, keys);
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

    /// Gives each item of a row with the place that the widths before it give it; returns the width
    /// of the row.
    fn walk(&self, tokens: &[Token], mut each: impl FnMut(usize, i64)) -> i64 {
        let mut x = 0_i64;
        for token in tokens {
            match token {
                Token::Open(_) | Token::Close(_) => x += 16,
                Token::Item(n) => {
                    let item = &self.graph.items[*n];
                    let at = x + i64::from(item.left);
                    x = at + i64::from(item.right) + 14;
                    each(*n, at);
                }
            }
        }
        x
    }

    fn sweep(&self, order: &mut Order, downwards: bool) {
        let count = order.rows.len();
        // Only the keys of the row at hand are read.
        let mut keys = order.place.clone();
        for step in 0..count {
            let row = if downwards { step } else { count - 1 - step };
            let beside = if downwards { &self.up } else { &self.down };
            for n in &self.items[row] {
                let near = beside.at(*n);
                keys[*n] = order.place[*n];
                if !near.is_empty() && !self.is_fixed(*n) {
                    let sum: i64 = near.iter().map(|m| order.place[wide(*m)]).sum();
                    keys[*n] = sum / i64::try_from(near.len()).unwrap_or(1);
                }
            }
            self.arrange(order, row, &keys);
        }
        self.rank_groups(order);
        let keys = order.place.clone();
        for row in 0..count {
            self.arrange(order, row, &keys);
        }
    }

    pub(super) fn crossings(&self, order: &Order) -> u64 {
        (1..order.rows.len())
            .map(|row| self.between(order, row))
            .sum()
    }

    /// Crossings between a row and the one above it (counted as inversions, after Barth, Juenger,
    /// Mutzel, "Simple and efficient bilayer cross counting", 2002).
    fn between(&self, order: &Order, row: usize) -> u64 {
        // Asked hundreds of thousands of times for one drawing, so that the room is kept.
        let mut scratch = self.scratch.borrow_mut();
        let Scratch { index, below, .. } = &mut *scratch;
        let mut count = 0;
        for token in &order.rows[row] {
            if let Token::Item(n) = token {
                index[*n] = count;
                count += 1;
            }
        }
        below.clear();
        for token in &order.rows[row - 1] {
            let Token::Item(n) = token else { continue };
            let from = below.len();
            below.extend(self.down.at(*n).iter().map(|m| index[wide(*m)]));
            // Edges of one item do not cross.
            if below.len() > from + 1 {
                below[from..].sort_unstable();
            }
        }
        inversions(below)
    }

    fn around(&self, order: &Order, row: usize) -> u64 {
        let above = if row > 0 { self.between(order, row) } else { 0 };
        let below = if row + 1 < order.rows.len() {
            self.between(order, row + 1)
        } else {
            0
        };
        above + below
    }

    /// Exchanges neighbours while that saves crossings; at most `passes` times over all rows.
    fn exchange(&self, order: &mut Order, passes: usize) {
        for _ in 0..passes {
            let mut better = false;
            for row in 0..order.rows.len() {
                better |= self.exchange_row(order, row);
            }
            if !better {
                break;
            }
        }
    }

    /// Tries to lead each long edge past everything else on another side, and to put each box
    /// elsewhere in its row together with the bends of its edges: many items move at once, which
    /// neighbour exchanges cannot do. Keeps what saves crossings.
    pub(super) fn move_bundles(&self, order: &mut Order, crossings: &mut u64) -> bool {
        let far = i64::from(i32::MAX);
        let mut better = false;
        let mut bends: Vec<Vec<usize>> = vec![Vec::new(); self.graph.items.len()];
        let mut crossed = self.crossed(order);
        for (edge, chain) in self.graph.chains.iter().enumerate() {
            let [first, inner @ .., last] = chain.as_slice() else {
                continue;
            };
            bends[*first].extend(inner);
            bends[*last].extend(inner);
            // What crosses nothing saves no crossing elsewhere.
            if inner.len() > 1 && crossed[edge] {
                let goals = [-far, far, order.place[*first] - 1, order.place[*last] + 1];
                if self.try_goals(order, crossings, inner, &goals) {
                    better = true;
                    crossed = self.crossed(order);
                }
            }
        }
        let mut ends: Vec<Vec<usize>> = vec![Vec::new(); self.graph.items.len()];
        for (edge, chain) in self.graph.chains.iter().enumerate() {
            if let [first, .., last] = chain.as_slice() {
                ends[*first].push(edge);
                ends[*last].push(edge);
            }
        }
        for (n, item) in self.graph.items.iter().enumerate() {
            let moves = matches!(item.kind, Kind::Node(_)) && !self.is_fixed(n);
            if !moves || *crossings == 0 || !ends[n].iter().any(|edge| crossed[*edge]) {
                continue;
            }
            let mut moved = vec![n];
            moved.extend(&bends[n]);
            let mut goals = vec![-far, far];
            let others = self.items[item.row].iter().filter(|m| **m != n);
            goals.extend(others.take(8).map(|m| order.place[*m] + 1));
            if self.try_goals(order, crossings, &moved, &goals) {
                better = true;
                crossed = self.crossed(order);
            }
        }
        better
    }

    /// Which edges cross others.
    fn crossed(&self, order: &Order) -> Vec<bool> {
        let mut at = vec![0_usize; self.graph.items.len()];
        for tokens in &order.rows {
            for (n, token) in tokens.iter().enumerate() {
                if let Token::Item(item) = token {
                    at[*item] = n;
                }
            }
        }
        let mut gaps: Vec<Vec<(usize, usize, usize)>> = vec![Vec::new(); order.rows.len()];
        for (edge, chain) in self.graph.chains.iter().enumerate() {
            for pair in chain.windows(2) {
                if let [a, b] = pair {
                    gaps[self.graph.items[*a].row].push((at[*a], at[*b], edge));
                }
            }
        }
        let mut crossed = vec![false; self.graph.chains.len()];
        for gap in gaps {
            for (n, a) in gap.iter().enumerate() {
                for b in &gap[n + 1..] {
                    if (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1) {
                        crossed[a.2] = true;
                        crossed[b.2] = true;
                    }
                }
            }
        }
        crossed
    }

    fn try_goals(
        &self,
        order: &mut Order,
        crossings: &mut u64,
        moved: &[usize],
        goals: &[i64],
    ) -> bool {
        let mut rows: Vec<usize> = moved.iter().map(|n| self.graph.items[*n].row).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut gaps: Vec<usize> = rows.iter().flat_map(|row| [*row, row + 1]).collect();
        gaps.retain(|row| *row > 0 && *row < order.rows.len());
        gaps.sort_unstable();
        gaps.dedup();
        let count = |order: &Order| {
            gaps.iter()
                .map(|row| self.between(order, *row))
                .sum::<u64>()
        };
        let mut least = count(order);
        let mut better = false;
        let places = |order: &Order| -> Vec<i64> {
            let items = rows.iter().flat_map(|row| &self.items[*row]);
            items.map(|n| order.place[*n]).collect()
        };
        let mut held: Vec<Vec<Token>> = rows.iter().map(|row| order.rows[*row].clone()).collect();
        let mut stood = places(order);
        // Only the keys of the rows at hand are read.
        let mut keys = std::mem::take(&mut self.scratch.borrow_mut().keys);
        for goal in goals {
            for n in rows.iter().flat_map(|row| &self.items[*row]) {
                keys[*n] = order.place[*n];
            }
            for n in moved {
                keys[*n] = *goal;
            }
            for row in &rows {
                self.arrange(order, *row, &keys);
            }
            let same = rows.iter().zip(&held);
            if same
                .clone()
                .all(|(row, tokens)| order.rows[*row] == *tokens)
            {
                continue;
            }
            let mut found = count(order);
            if found < least + HOPE {
                for row in &rows {
                    self.exchange_row(order, *row);
                }
                found = count(order);
            }
            if found < least {
                *crossings -= least - found;
                least = found;
                better = true;
                for (row, tokens) in rows.iter().zip(&mut held) {
                    tokens.clone_from(&order.rows[*row]);
                }
                stood = places(order);
            } else {
                for (row, tokens) in rows.iter().zip(&held) {
                    order.rows[*row].clone_from(tokens);
                }
                let items = rows.iter().flat_map(|row| &self.items[*row]);
                for (n, place) in items.zip(&stood) {
                    order.place[*n] = *place;
                }
            }
        }
        self.scratch.borrow_mut().keys = keys;
        better
    }

    fn exchange_row(&self, order: &mut Order, row: usize) -> bool {
        let mut better = false;
        let mut at = 0;
        let mut crossings = self.around(order, row);
        let place = self.beside(order, row);
        while crossings > 0 && at < order.rows[row].len() {
            let tokens = &order.rows[row];
            let first = unit(tokens, at);
            let second = unit(tokens, at + first);
            let pair = (tokens.get(at), tokens.get(at + first));
            let boundaries = matches!(pair, (Some(Token::Open(_)), Some(Token::Open(_))));
            let held = self.earlier.is_some()
                && first > 0
                && self.holds_fixed(&tokens[at..at + first])
                && self.holds_fixed(&tokens[at + first..at + first + second]);
            if first > 0 && second > 0 && !boundaries && !held {
                let (left, right) = tokens[at..at + first + second].split_at(first);
                let (now, then) = self.crossings_of(left, right, &place);
                if then < now {
                    order.rows[row][at..at + first + second].rotate_left(first);
                    crossings -= now - then;
                    better = true;
                    self.estimate(order, row);
                }
            }
            at += 1;
        }
        self.return_beside(place);
        better
    }

    /// The places of the items in the rows beside one; only that row may change while they are used.
    pub(super) fn beside(&self, order: &Order, row: usize) -> Vec<usize> {
        let mut place = std::mem::take(&mut self.scratch.borrow_mut().beside);
        for beside in [row.checked_sub(1), row.checked_add(1)]
            .into_iter()
            .flatten()
        {
            let tokens = order.rows.get(beside).into_iter().flatten();
            let items = tokens.filter_map(|token| match token {
                Token::Item(n) => Some(*n),
                _ => None,
            });
            items.enumerate().for_each(|(at, n)| place[n] = at);
        }
        place
    }

    /// Gives back the room of [`Sorter::beside`].
    pub(super) fn return_beside(&self, place: Vec<usize>) {
        self.scratch.borrow_mut().beside = place;
    }

    fn holds_fixed(&self, tokens: &[Token]) -> bool {
        tokens.iter().any(|token| match token {
            Token::Item(n) => self.is_fixed(*n),
            Token::Open(_) | Token::Close(_) => false,
        })
    }

    /// Crossings between the edges of two neighbouring runs of a row, as they stand and exchanged.
    /// The others of the row do not change when the two are.
    pub(super) fn crossings_of(
        &self,
        left: &[Token],
        right: &[Token],
        place: &[usize],
    ) -> (u64, u64) {
        let (mut now, mut then) = (0, 0);
        for a in left {
            let Token::Item(a) = a else { continue };
            for b in right {
                let Token::Item(b) = b else { continue };
                for beside in [&self.up, &self.down] {
                    for from in beside.at(*a) {
                        let from = place[wide(*from)];
                        for to in beside.at(*b) {
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

/// Number of pairs that stand the wrong way round; sorts them.
fn inversions(places: &mut [usize]) -> u64 {
    /// From here on the many steps of insertion cost more than merging.
    const FEW: usize = 24;
    if places.len() > FEW {
        let (left, right) = places.split_at_mut(places.len() / 2);
        let mut total = inversions(left) + inversions(right);
        let (mut from, mut merged) = (0, Vec::with_capacity(left.len() + right.len()));
        for at in right.iter() {
            let smaller = left[from..].partition_point(|l| l <= at);
            merged.extend_from_slice(&left[from..from + smaller]);
            from += smaller;
            total += u64::try_from(left.len() - from).unwrap_or(0);
            merged.push(*at);
        }
        merged.extend_from_slice(&left[from..]);
        places.copy_from_slice(&merged);
        return total;
    }
    let mut total = 0;
    for end in 1..places.len() {
        let place = places[end];
        let mut at = end;
        while at > 0 && places[at - 1] > place {
            places[at] = places[at - 1];
            at -= 1;
            total += 1;
        }
        places[at] = place;
    }
    total
}

/// Length of the item or whole boundary that starts at `at`; 0 if none does.
pub(super) fn unit(tokens: &[Token], at: usize) -> usize {
    match tokens.get(at) {
        Some(Token::Item(_)) => 1,
        Some(Token::Open(g)) => tokens
            .iter()
            .skip(at)
            .position(|t| *t == Token::Close(*g))
            .map_or(0, |length| length + 1),
        Some(Token::Close(_)) | None => 0,
    }
}

/// Makes the keys rise without changing the order (pool adjacent violators).
fn level(blocks: &mut [(i64, usize)]) {
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
