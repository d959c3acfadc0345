//! Orders improved where they stand: neighbours change places, and whole edges or boxes with their
//! edges are put elsewhere, while that saves crossings.

use super::graph::Kind;
use super::lists::{small, wide};
use super::order::{Order, Sorter, Token};

/// A move that costs fewer crossings than this is worth a round of neighbour exchanges.
const HOPE: u64 = 4;
/// Rounds in which neighbours return to their first order.
const SETTLING: usize = 2;
/// How much shorter its edges must be for a box to go elsewhere.
const SHORTER: i64 = 60;
/// Rounds in which crossings move towards the ends of edges.
const EASING: usize = 8;

impl Sorter<'_> {
    /// Exchanges neighbours while that saves crossings; at most `passes` times over all rows.
    pub(super) fn exchange(&self, order: &mut Order, passes: usize) {
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

    /// Lets neighbours return to the order of `first`, the places at the beginning of a search, where
    /// that costs no crossing: what a search left them in is chance, and another one with each box more.
    pub(super) fn settle(&self, order: &mut Order, first: &[i64]) {
        for _ in 0..SETTLING {
            for row in 0..order.rows.len() {
                let place = self.beside(order, row);
                let mut moved = false;
                for at in 1..order.rows[row].len() {
                    let tokens = &mut order.rows[row];
                    let (left, right) = tokens.split_at_mut(at);
                    let ([.., Token::Item(a)], [Token::Item(b), ..]) = (&*left, &*right) else {
                        continue;
                    };
                    if first[wide(*a)] <= first[wide(*b)] {
                        continue;
                    }
                    let (now, then) = self.crossings_of(&left[at - 1..], &right[..1], &place);
                    if now == then {
                        tokens.swap(at - 1, at);
                        moved = true;
                    }
                }
                self.return_beside(place);
                if moved {
                    self.estimate(order, row);
                }
            }
        }
    }

    /// Puts each box where its edges are shortest, as far as its boundary reaches and that costs no
    /// crossing.
    pub(super) fn tighten(&self, order: &mut Order) {
        let is_box = |n: &&u32| matches!(self.graph.items[wide(**n)].kind, Kind::Node(_));
        for row in 0..order.rows.len() {
            for item in self.items[row].iter().filter(is_box) {
                let [above, below] = self.near(*item);
                if !above.is_empty() || !below.is_empty() {
                    self.tighten_at(order, row, *item);
                }
            }
        }
    }

    fn tighten_at(&self, order: &mut Order, row: usize, item: u32) {
        let before = order.rows[row].clone();
        let Some(at) = before.iter().position(|t| *t == Token::Item(item)) else {
            return;
        };
        let mut goals = Vec::new();
        let mut to = at;
        while let Some(length) = unit_before(&before, to) {
            to -= length;
            goals.push(to);
        }
        to = at + 1;
        while unit(&before, to) > 0 {
            to += unit(&before, to);
            goals.push(to);
        }
        let (crossings, length) = (self.around(order, row), self.length(order, row));
        let mut best = None;
        let mut least = length - SHORTER;
        for to in goals {
            let tokens = &mut order.rows[row];
            tokens.clone_from(&before);
            if to < at {
                tokens[to..=at].rotate_right(1);
            } else {
                tokens[at..to].rotate_left(1);
            }
            self.estimate(order, row);
            let length = self.length(order, row);
            if length < least && self.around(order, row) <= crossings {
                least = length;
                best = Some(order.rows[row].clone());
            }
        }
        order.rows[row] = best.unwrap_or(before);
        self.estimate(order, row);
    }

    /// How far the edges above and below a row run sideways there.
    fn length(&self, order: &Order, row: usize) -> i64 {
        let place = |n: u32| order.place[wide(n)];
        let edges = self.items[row].iter().flat_map(|n| {
            let near = self.near(*n).into_iter().flatten();
            near.map(|near| (place(*n) - place(*near)).abs())
        });
        edges.sum()
    }

    /// Lets each two edges cross as near to an end of one of them as can be, where it turns anyway:
    /// elsewhere both would have to turn only to change places.
    pub(super) fn ease(&self, order: &mut Order) {
        // The edge of each bend, and how many bends and ends come before and after it.
        let mut around = vec![(0_usize, 0_usize); self.graph.items.len()];
        for chain in &self.graph.chains {
            for (k, item) in chain.iter().enumerate() {
                around[*item] = (k, chain.len() - 1 - k);
            }
        }
        let is_bend = |n: usize| !matches!(self.graph.items[n].kind, Kind::Node(_));
        for _ in 0..EASING {
            let mut better = false;
            for row in 0..order.rows.len() {
                let place = self.beside(order, row);
                let mut moved = false;
                for at in 1..order.rows[row].len() {
                    let tokens = &mut order.rows[row];
                    let [Token::Item(a), Token::Item(b)] = tokens[at - 1..=at] else {
                        continue;
                    };
                    let (n, m) = (wide(a), wide(b));
                    if !is_bend(n) || !is_bend(m) {
                        continue;
                    }
                    let ([[ua], [da]], [[ub], [db]]) = (self.near(a), self.near(b)) else {
                        continue;
                    };
                    let at_of = |item: &u32| place[wide(*item)];
                    let (above, below) = (at_of(ua).cmp(&at_of(ub)), at_of(da).cmp(&at_of(db)));
                    // They cross on one side only, and may do so on the other.
                    if above == below.reverse() && above.is_ne() {
                        let cost = |(before, after): (usize, usize), up: bool| match up {
                            true => (before - 1).min(after),
                            false => before.min(after - 1),
                        };
                        let up = cost(around[n], true).min(cost(around[m], true));
                        let down = cost(around[n], false).min(cost(around[m], false));
                        let is_above = above.is_gt();
                        if (is_above && down < up) || (!is_above && up < down) {
                            tokens.swap(at - 1, at);
                            moved = true;
                        }
                    }
                }
                self.return_beside(place);
                if moved {
                    self.estimate(order, row);
                    better = true;
                }
            }
            if !better {
                break;
            }
        }
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

    fn exchange_row(&self, order: &mut Order, row: usize) -> bool {
        let mut at = 0;
        let mut crossings = self.around(order, row);
        if crossings == 0 {
            return false;
        }
        let mut better = false;
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
                    crossings = crossings.saturating_sub(now - then);
                    better = true;
                }
            }
            at += 1;
        }
        self.return_beside(place);
        if better {
            self.estimate(order, row);
        }
        better
    }

    /// The places of the items in the rows beside one; only that row may change while they are used.
    pub(super) fn beside(&self, order: &Order, row: usize) -> Vec<u32> {
        let mut place = std::mem::take(&mut self.scratch.borrow_mut().beside);
        for beside in [row.checked_sub(1), row.checked_add(1)]
            .into_iter()
            .flatten()
        {
            let mut at = 0;
            for token in order.rows.get(beside).into_iter().flatten() {
                if let Token::Item(n) = token {
                    place[wide(*n)] = at;
                    at += 1;
                }
            }
        }
        place
    }

    /// Gives back the room of [`Sorter::beside`].
    pub(super) fn return_beside(&self, place: Vec<u32>) {
        self.scratch.borrow_mut().beside = place;
    }

    fn holds_fixed(&self, tokens: &[Token]) -> bool {
        tokens.iter().any(|token| match token {
            Token::Item(n) => self.is_fixed(wide(*n)),
            Token::Open(_) | Token::Close(_) => false,
        })
    }

    /// Tries to lead each long edge past everything else on another side, and to put each box
    /// elsewhere in its row together with the bends of its edges: many items move at once, which
    /// neighbour exchanges cannot do. Keeps what saves crossings.
    pub(super) fn move_bundles(&self, order: &mut Order, crossings: &mut u64) -> bool {
        let far = i64::from(i32::MAX);
        let mut better = false;
        let mut crossed = self.crossed(order);
        let mut moved: Vec<u32> = Vec::new();
        for (edge, chain) in self.graph.chains.iter().enumerate() {
            let [first, inner @ .., last] = chain.as_slice() else {
                continue;
            };
            // What crosses nothing saves no crossing elsewhere.
            if inner.len() > 1 && crossed[edge] {
                let goals = [-far, far, order.place[*first] - 1, order.place[*last] + 1];
                moved.clear();
                moved.extend(inner.iter().map(|n| small(*n)));
                if self.try_goals(order, crossings, &moved, &goals) {
                    better = true;
                    crossed = self.crossed(order);
                }
            }
        }
        let mut goals = Vec::new();
        for (n, item) in self.graph.items.iter().enumerate() {
            let moves = matches!(item.kind, Kind::Node(_)) && !self.is_fixed(n);
            if !moves || *crossings == 0 || !self.ends.at(n).iter().any(|edge| crossed[wide(*edge)])
            {
                continue;
            }
            moved.clear();
            moved.push(small(n));
            for edge in self.ends.at(n) {
                if let [_, inner @ .., _] = self.graph.chains[wide(*edge)].as_slice() {
                    moved.extend(inner.iter().map(|n| small(*n)));
                }
            }
            goals.clear();
            goals.extend([-far, far]);
            let others = self.items[wide(item.row)].iter().map(|m| wide(*m));
            let others = others.filter(|m| *m != n).take(8);
            goals.extend(others.map(|m| order.place[m] + 1));
            if self.try_goals(order, crossings, &moved, &goals) {
                better = true;
                crossed = self.crossed(order);
            }
        }
        better
    }

    /// Which edges cross others.
    pub(super) fn crossed(&self, order: &Order) -> Vec<bool> {
        let mut at = vec![0_u32; self.graph.items.len()];
        for tokens in &order.rows {
            for (n, token) in (0..).zip(tokens) {
                if let Token::Item(item) = token {
                    at[wide(*item)] = n;
                }
            }
        }
        let mut gaps: Vec<Vec<(u32, u32, usize)>> = vec![Vec::new(); order.rows.len()];
        for (edge, chain) in self.graph.chains.iter().enumerate() {
            for pair in chain.windows(2) {
                if let [a, b] = pair {
                    gaps[wide(self.graph.items[*a].row)].push((at[*a], at[*b], edge));
                }
            }
        }
        let mut crossed = vec![false; self.graph.chains.len()];
        for gap in &mut gaps {
            // From left to right an edge crosses one before it whose lower end lies beyond its own,
            // and one after it whose lower end lies before its own.
            gap.sort_unstable();
            let mut most: Option<(u32, u32)> = None;
            let mut before = None;
            for (a, b, edge) in gap.iter() {
                if before != Some(*a) {
                    most = most.max(peak(gap, before));
                    before = Some(*a);
                }
                crossed[*edge] |= most.is_some_and(|(far, _)| far > *b);
            }
            let mut least: Option<u32> = None;
            let mut group: Option<(u32, u32)> = None;
            for (a, b, edge) in gap.iter().rev() {
                match &mut group {
                    Some((at, low)) if at == a => *low = (*low).min(*b),
                    _ => {
                        if let Some((_, low)) = group {
                            least = Some(least.map_or(low, |l| l.min(low)));
                        }
                        group = Some((*a, *b));
                    }
                }
                crossed[*edge] |= least.is_some_and(|low| low < *b);
            }
        }
        crossed
    }

    fn try_goals(
        &self,
        order: &mut Order,
        crossings: &mut u64,
        moved: &[u32],
        goals: &[i64],
    ) -> bool {
        let mut rows: Vec<usize> = moved
            .iter()
            .map(|n| wide(self.graph.items[wide(*n)].row))
            .collect();
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
        let (mut held, mut stood) = {
            let scratch = &mut *self.scratch.borrow_mut();
            (
                std::mem::take(&mut scratch.held),
                std::mem::take(&mut scratch.stood),
            )
        };
        let hold = |order: &Order, held: &mut Vec<Token>, stood: &mut Vec<i64>| {
            held.clear();
            stood.clear();
            for row in &rows {
                held.extend(&order.rows[*row]);
                stood.extend(self.items[*row].iter().map(|n| order.place[wide(*n)]));
            }
        };
        hold(order, &mut held, &mut stood);
        for goal in goals {
            for n in moved {
                self.put(order, *n, *goal);
            }
            let mut same = true;
            let mut rest = held.as_slice();
            for row in &rows {
                let tokens = &order.rows[*row];
                let (before, after) = rest.split_at(tokens.len().min(rest.len()));
                same &= tokens == before;
                rest = after;
            }
            if !same {
                for row in &rows {
                    self.estimate(order, *row);
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
                    hold(order, &mut held, &mut stood);
                    continue;
                }
            }
            let mut tokens = held.iter();
            let mut places = stood.iter();
            for row in &rows {
                for (token, before) in order.rows[*row].iter_mut().zip(&mut tokens) {
                    *token = *before;
                }
                for (n, place) in self.items[*row].iter().zip(&mut places) {
                    order.place[wide(*n)] = *place;
                }
            }
        }
        let scratch = &mut *self.scratch.borrow_mut();
        scratch.held = held;
        scratch.stood = stood;
        better
    }

    /// Puts an item of a row behind everything in its boundary whose place is not beyond `goal`.
    fn put(&self, order: &mut Order, item: u32, goal: i64) {
        let row = wide(self.graph.items[wide(item)].row);
        let Order { rows, place, .. } = order;
        let tokens = &mut rows[row];
        place[wide(item)] = goal;
        let own = Token::Item(item);
        let Some(at) = tokens.iter().position(|t| *t == own) else {
            return;
        };
        let mut first = at;
        let mut depth = 0_usize;
        while let Some(before) = first.checked_sub(1) {
            match tokens[before] {
                Token::Open(_) if depth == 0 => break,
                Token::Open(_) => depth -= 1,
                Token::Close(_) => depth += 1,
                Token::Item(_) => {}
            }
            first = before;
        }
        // Where the item goes, counted with the item still in its place.
        let mut to = first;
        let mut next = first;
        loop {
            if next == at {
                next += 1;
                continue;
            }
            let length = unit(tokens, next);
            if length == 0 {
                break;
            }
            let run = &tokens[next..next + length];
            match middle(run, place) {
                Some(middle) if middle > goal => break,
                // An empty boundary is passed only if something behind it is.
                None => next += length,
                Some(_) => {
                    next += length;
                    to = next;
                }
            }
        }
        if to > at {
            tokens[at..to].rotate_left(1);
        } else if to < at {
            tokens[to..=at].rotate_right(1);
        }
    }
}

/// The greatest lower end of the edges that start at `from`.
fn peak(gap: &[(u32, u32, usize)], from: Option<u32>) -> Option<(u32, u32)> {
    let from = from?;
    let end = gap.partition_point(|(a, ..)| *a <= from);
    gap.get(end.checked_sub(1)?).map(|(a, b, _)| (*b, *a))
}

/// The mean place of the items of a run, if it has any.
fn middle(run: &[Token], place: &[i64]) -> Option<i64> {
    if let [Token::Item(n)] = run {
        return Some(place[wide(*n)]);
    }
    let (mut sum, mut count) = (0, 0);
    for token in run {
        if let Token::Item(n) = token {
            sum += place[wide(*n)];
            count += 1;
        }
    }
    (count > 0).then(|| sum / count)
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
