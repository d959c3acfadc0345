//! Network simplex: integer positions that keep minimal distances and make the weighted sum of
//! distances small (Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs",
//! 1993). Used for layers and for x coordinates.

use super::lists::{Chains, Lists, NONE, small, wide};

/// `position(to) - position(from) >= least`; every pixel more costs `weight`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    from: u32,
    to: u32,
    least: i32,
    weight: i32,
    /// What it weighs at first if it is half of a bend, else nothing.
    bend: i32,
}

impl Arc {
    pub(super) fn new(from: usize, to: usize, least: i32, weight: i32) -> Self {
        Arc {
            from: small(from),
            to: small(to),
            least,
            weight,
            bend: 0,
        }
    }

    /// One of the two arcs from a node that costs what two others are apart: a straight line is worth
    /// more than a short bend.
    pub(super) fn bend(from: usize, to: usize, weight: i32) -> Self {
        Arc {
            bend: weight,
            ..Arc::new(from, to, 0, weight)
        }
    }

    fn from(&self) -> usize {
        wide(self.from)
    }

    fn to(&self) -> usize {
        wide(self.to)
    }
}

/// Positions of `count` nodes, the smallest one 0. The arcs must not form a cycle; arcs that do
/// are ignored. Stops after `pivots` improvements with what it has, which is always valid.
pub(super) fn solve(count: usize, arcs: Vec<Arc>, pivots: usize) -> Vec<i32> {
    solve_from(count, arcs, None, pivots, 0)
}

/// No position at which a node begins.
pub(super) const ANYWHERE: i32 = i32::MIN;

/// As [`solve`], from about the positions `start` on, if any, and with bends few rather than short: they
/// are weighed anew by their lengths so often (reweighted l1 minimisation, Candes, Wakin, Boyd, 2008).
pub(super) fn solve_from(
    count: usize,
    arcs: Vec<Arc>,
    start: Option<&[i32]>,
    pivots: usize,
    rounds: usize,
) -> Vec<i32> {
    let mut all: Vec<Arc> = acyclic(count, arcs);
    // A root keeps the graph in one piece; it costs nothing. Everything else hangs on what it begins
    // with, so that a tree of tight arcs reaches all.
    let mut led_to = vec![false; count];
    for arc in &all {
        led_to[arc.to()] = true;
    }
    let begins = (0..count).filter(|n| !led_to[*n]);
    let begins = begins.map(|to| Arc::new(count, to, 0, 0));
    all.reserve_exact(begins.clone().count());
    all.extend(begins);
    drop(led_to);
    let mut tableau = Tableau::new(count + 1, all);
    match start {
        Some(start) => tableau.begin_at(start),
        None => tableau.longest_path(),
    }
    tableau.tight_tree();
    tableau.cut_values();
    for round in 0..=rounds {
        if round > 0 && !tableau.reweigh() {
            break;
        }
        for _ in 0..pivots {
            if !tableau.pivot() {
                break;
            }
        }
    }
    let mut positions = tableau.position;
    positions.truncate(count);
    let least = positions.iter().copied().min().unwrap_or(0);
    positions.iter_mut().for_each(|p| *p -= least);
    positions
}

/// The arcs without those that close a cycle.
fn acyclic(count: usize, mut arcs: Vec<Arc>) -> Vec<Arc> {
    arcs.retain(|arc| arc.from != arc.to);
    let mut waiting = vec![0_u32; count];
    for arc in &arcs {
        waiting[arc.to()] += 1;
    }
    let out = Lists::of(count, arcs.iter().map(|a| a.from).zip(0..));
    let mut ready: Vec<usize> = (0..count).filter(|n| waiting[*n] == 0).collect();
    let mut place = vec![usize::MAX; count];
    let mut next = 0;
    while next < count {
        let Some(node) = ready.pop() else {
            // Only a cycle is left: one of its nodes goes first.
            match (0..count).find(|n| place[*n] == usize::MAX && waiting[*n] > 0) {
                Some(node) => {
                    waiting[node] = 0;
                    ready.push(node);
                    continue;
                }
                None => break,
            }
        };
        if place[node] != usize::MAX {
            continue;
        }
        place[node] = next;
        next += 1;
        for n in out.at(node) {
            let to = arcs[wide(*n)].to();
            if waiting[to] > 0 {
                waiting[to] -= 1;
                if waiting[to] == 0 {
                    ready.push(to);
                }
            }
        }
    }
    arcs.retain(|arc| place[arc.from()] < place[arc.to()]);
    arcs
}

/// Of so many arcs that may leave the tree the best one does (section 2.4 of the paper): with more of
/// them there are fewer pivots, but the search for each costs more than that saves.
const CANDIDATES: usize = 12;

/// By how much more a line that is straight weighs, and the length of a bend that weighs half of that.
const HEAVIEST: i32 = 8;
const SHORT: i32 = 12;

/// What a bend of some length weighs.
pub(super) fn weight(bend: i32, length: i32) -> i32 {
    (bend * HEAVIEST / (length / SHORT + 1)).max(1)
}

struct Tableau {
    arcs: Vec<Arc>,
    position: Vec<i32>,
    /// Tree arcs at each node.
    tree: Chains,
    /// The tree arc towards the root, per node, and the node at its other end; none at the root.
    upward: Vec<u32>,
    parent: Vec<u32>,
    /// Whether that arc leads from the node to the other one.
    rising: Vec<bool>,
    /// Weight out minus weight in of the subtree below each node: up to the sign the cut value of
    /// the arc towards the root, because inner arcs cancel out.
    balance: Vec<i64>,
    /// Number of nodes of the subtree below each node, itself included.
    size: Vec<u32>,
    /// The arcs from each node, and those to it.
    out: Lists,
    inn: Lists,
    /// The pivot that moved a node last.
    moved: Vec<u32>,
    pivots: u32,
    /// The node at which the search for an arc to leave goes on.
    resume: usize,
    /// The nodes that a pivot moves.
    members: Vec<u32>,
}

impl Tableau {
    fn new(count: usize, arcs: Vec<Arc>) -> Self {
        let mut balance = vec![0; count];
        for arc in &arcs {
            balance[arc.from()] += i64::from(arc.weight);
            balance[arc.to()] -= i64::from(arc.weight);
        }
        let out = Lists::of(count, arcs.iter().map(|a| a.from).zip(0..));
        let inn = Lists::of(count, arcs.iter().map(|a| a.to).zip(0..));
        Tableau {
            arcs,
            position: vec![0; count],
            tree: Chains::new(count),
            upward: vec![NONE; count],
            parent: vec![NONE; count],
            rising: vec![false; count],
            balance,
            size: vec![1; count],
            out,
            inn,
            moved: vec![0; count],
            pivots: 0,
            resume: 0,
            members: Vec::new(),
        }
    }

    /// Weighs the bends by their lengths; `false` if none weighs otherwise than before. The tree stays:
    /// only the costs change.
    fn reweigh(&mut self) -> bool {
        let mut length = vec![0; self.position.len()];
        for n in 0..small(self.arcs.len()) {
            let arc = &self.arcs[wide(n)];
            if arc.bend > 0 {
                length[arc.from()] += self.slack(n);
            }
        }
        let mut changed = false;
        for arc in &mut self.arcs {
            if arc.bend > 0 {
                let weight = weight(arc.bend, length[wide(arc.from)]);
                changed |= weight != arc.weight;
                arc.weight = weight;
            }
        }
        if !changed {
            return false;
        }
        self.size.fill(1);
        self.balance.fill(0);
        for arc in &self.arcs {
            self.balance[arc.from()] += i64::from(arc.weight);
            self.balance[arc.to()] -= i64::from(arc.weight);
        }
        self.cut_values();
        true
    }

    /// The other end of an arc.
    fn across(&self, n: u32, node: u32) -> u32 {
        let arc = &self.arcs[wide(n)];
        if arc.from == node { arc.to } else { arc.from }
    }

    fn slack(&self, n: u32) -> i32 {
        let arc = &self.arcs[wide(n)];
        self.position[arc.to()] - self.position[arc.from()] - arc.least
    }

    fn longest_path(&mut self) {
        let count = self.position.len();
        let mut waiting = vec![0_u32; count];
        for arc in &self.arcs {
            waiting[arc.to()] += 1;
        }
        let mut ready: Vec<usize> = (0..count).filter(|n| waiting[*n] == 0).collect();
        while let Some(node) = ready.pop() {
            for n in self.out.at(node) {
                let arc = &self.arcs[wide(*n)];
                let to = arc.to();
                self.position[to] = self.position[to].max(self.position[node] + arc.least);
                waiting[to] -= 1;
                if waiting[to] == 0 {
                    ready.push(to);
                }
            }
        }
    }

    /// Positions from `start` on, each moved on as far as the distances need. What has none and only
    /// leads to others stands as near to them as it may.
    fn begin_at(&mut self, start: &[i32]) {
        let count = self.position.len();
        let root = count - 1;
        let is_root = |arc: &Arc| arc.from() == root;
        let mut waiting = vec![0_u32; count];
        let mut led = vec![false; count];
        for arc in &self.arcs {
            waiting[arc.to()] += 1;
            led[arc.to()] |= !is_root(arc);
        }
        let place = |n: usize| start.get(n).copied().filter(|at| *at != ANYWHERE);
        let late = |n: usize| n == root || (place(n).is_none() && !led[n]);
        let least = (0..root).filter_map(place).min().unwrap_or(0);
        for (n, position) in self.position.iter_mut().enumerate() {
            *position = place(n).unwrap_or(least);
        }
        let mut ready: Vec<usize> = (0..count).filter(|n| waiting[*n] == 0).collect();
        while let Some(node) = ready.pop() {
            for n in self.out.at(node) {
                let arc = &self.arcs[wide(*n)];
                let to = arc.to();
                if !late(node) {
                    self.position[to] = self.position[to].max(self.position[node] + arc.least);
                }
                waiting[to] -= 1;
                if waiting[to] == 0 {
                    ready.push(to);
                }
            }
        }
        // The root comes last.
        for node in (0..count).filter(|n| late(*n)) {
            let out = self.out.at(node).iter().map(|n| &self.arcs[wide(*n)]);
            let nearest = out.map(|arc| self.position[arc.to()] - arc.least).min();
            self.position[node] = nearest.unwrap_or(least);
        }
    }

    /// A spanning tree of arcs without slack: on longest paths from the root each node has one that
    /// leads to it; elsewhere the tree is moved until it reaches the next node.
    fn tight_tree(&mut self) {
        let count = self.position.len();
        let root = small(count - 1);
        let mut inside = vec![false; count];
        inside[wide(root)] = true;
        let mut queue = vec![root];
        let mut members = vec![root];
        loop {
            while let Some(node) = queue.pop() {
                let (mut from, mut to) = (0, 0);
                while let Some(n) = self.next_at(wide(node), &mut from, &mut to) {
                    let other = self.across(n, node);
                    if !inside[wide(other)] && self.slack(n) == 0 {
                        inside[wide(other)] = true;
                        self.enter(n);
                        self.hook(other, n, node);
                        queue.push(other);
                        members.push(other);
                    }
                }
            }
            if members.len() == count {
                break;
            }
            let border = (0..small(self.arcs.len())).filter(|n| {
                let arc = &self.arcs[wide(*n)];
                inside[arc.from()] != inside[arc.to()]
            });
            let Some((slack, n)) = border.map(|n| (self.slack(n), n)).min() else {
                break;
            };
            let arc = self.arcs[wide(n)];
            let (shift, end) = match inside[arc.from()] {
                true => (slack, arc.from),
                false => (-slack, arc.to),
            };
            for member in &members {
                self.position[wide(*member)] += shift;
            }
            queue.push(end);
        }
    }

    /// The arcs at a node one by one in their order, of those from it and those to it.
    fn next_at(&self, node: usize, from: &mut usize, to: &mut usize) -> Option<u32> {
        let (out, inn) = (self.out.at(node).get(*from), self.inn.at(node).get(*to));
        if inn.is_none_or(|inn| out.is_some_and(|out| out < inn)) {
            *from += 1;
            out.copied()
        } else {
            *to += 1;
            inn.copied()
        }
    }

    /// Sums the balances and the sizes of the subtrees.
    fn cut_values(&mut self) {
        let mut order = Vec::with_capacity(self.position.len());
        order.push(small(self.position.len() - 1));
        let mut next = 0;
        while let Some(node) = order.get(next).copied() {
            next += 1;
            for n in self.tree.at(node) {
                if n != self.upward[wide(node)] {
                    order.push(self.across(n, node));
                }
            }
        }
        for node in order.into_iter().skip(1).rev() {
            let above = self.parent[wide(node)];
            self.balance[wide(above)] += self.balance[wide(node)];
            self.size[wide(above)] += self.size[wide(node)];
        }
    }

    /// Hangs a node by an arc on another one.
    fn hook(&mut self, node: u32, arc: u32, parent: u32) {
        self.upward[wide(node)] = arc;
        self.parent[wide(node)] = parent;
        self.rising[wide(node)] = self.arcs[wide(arc)].from == node;
    }

    fn enter(&mut self, n: u32) {
        let arc = &self.arcs[wide(n)];
        for end in [arc.from, arc.to] {
            self.tree.push(end, n);
        }
    }

    fn leave(&mut self, n: u32) {
        let arc = &self.arcs[wide(n)];
        for end in [arc.from, arc.to] {
            self.tree.remove(end, n);
        }
    }

    /// Exchanges one tree arc for a better one; `false` if there is none. Only the path between both
    /// and the smaller of the two parts are visited.
    fn pivot(&mut self) -> bool {
        let Some((leaving, child)) = self.leaving() else {
            return false;
        };
        let count = small(self.upward.len());
        let is_out = self.rising[wide(child)];
        let below = self.size[wide(child)];
        let small_below = below <= count - below;
        let parent = self.parent[wide(child)];
        self.collect(leaving, if small_below { child } else { parent });
        // What leads the other way from one part to the other may enter: no arc of the tree does.
        let from_members = small_below != is_out;
        let Some((slack, entering, member)) = self.entering(from_members) else {
            return false;
        };
        // Only differences count: moving one part is as good as moving the other back.
        let shift = if from_members { slack } else { -slack };
        for member in &self.members {
            self.position[wide(*member)] += shift;
        }
        let far = self.across(entering, member);
        let (inner, outer) = if small_below {
            (member, far)
        } else {
            (far, member)
        };
        self.hang(child, entering, inner, outer);
        self.leave(leaving);
        self.enter(entering);
        true
    }

    /// The best of several arcs that may leave the tree, and the node below it.
    fn leaving(&mut self) -> Option<(u32, u32)> {
        let count = self.upward.len();
        let mut worst: Option<(i64, u32, usize)> = None;
        let mut candidates = 0;
        let start = self.resume.min(count);
        for node in (start..count).chain(0..start) {
            let sum = self.balance[node];
            // No arc leads up from the root, whose balance is nothing.
            if sum == 0 || (sum < 0) != self.rising[node] {
                continue;
            }
            let (cut, n) = (-sum.abs(), self.upward[node]);
            if worst.is_none_or(|(c, m, _)| (cut, n) < (c, m)) {
                worst = Some((cut, n, node));
            }
            candidates += 1;
            if candidates == CANDIDATES {
                self.resume = node + 1;
                break;
            }
        }
        worst.map(|(_, leaving, child)| (leaving, small(child)))
    }

    /// The arc between the members and the others that the least move makes tight: its slack, itself
    /// and the member at it.
    fn entering(&self, from_members: bool) -> Option<(i32, u32, u32)> {
        let mut best: Option<(i32, u32, u32)> = None;
        let lists = if from_members { &self.out } else { &self.inn };
        for member in &self.members {
            for n in lists.at(wide(*member)) {
                let arc = &self.arcs[wide(*n)];
                let far = if from_members { arc.to() } else { arc.from() };
                if self.moved[far] == self.pivots {
                    continue;
                }
                let slack = self.position[arc.to()] - self.position[arc.from()] - arc.least;
                if best.is_none_or(|(least, first, _)| (slack, *n) < (least, first)) {
                    best = Some((slack, *n, *member));
                }
            }
        }
        best
    }

    /// Collects the part with `first` of the two into which the tree falls without `leaving`.
    fn collect(&mut self, leaving: u32, first: u32) {
        self.pivots += 1;
        self.members.clear();
        self.members.push(first);
        self.moved[wide(first)] = self.pivots;
        let mut at = 0;
        while let Some(node) = self.members.get(at).copied() {
            at += 1;
            let mut link = self.tree.first(node);
            while let Some((n, next)) = self.tree.link(link) {
                link = next;
                let other = self.across(n, node);
                if n != leaving && self.moved[wide(other)] != self.pivots {
                    self.moved[wide(other)] = self.pivots;
                    self.members.push(other);
                }
            }
        }
    }

    /// Hangs the part below `child` on `outer` by its node `inner`, with the balances that follow.
    fn hang(&mut self, child: u32, entering: u32, inner: u32, outer: u32) {
        let total = self.balance[wide(child)];
        let count = self.size[wide(child)];
        self.add_above(self.parent[wide(child)], |balance, size| {
            *balance -= total;
            *size -= count;
        });
        self.add_above(outer, |balance, size| {
            *balance += total;
            *size += count;
        });
        // From `inner` up to `child` the arcs lead the other way now.
        let (mut node, mut up, mut above, mut under) = (inner, entering, outer, (0, 0));
        loop {
            under = (
                std::mem::replace(&mut self.balance[wide(node)], total - under.0),
                std::mem::replace(&mut self.size[wide(node)], count - under.1),
            );
            let next = (self.upward[wide(node)], self.parent[wide(node)]);
            self.hook(node, up, above);
            if node == child {
                break;
            }
            (up, above, node) = (next.0, node, next.1);
        }
    }

    /// Changes the balance and the size of a node and of everything above it.
    fn add_above(&mut self, first: u32, change: impl Fn(&mut i64, &mut u32)) {
        let mut node = wide(first);
        while let Some(size) = self.size.get_mut(node) {
            change(&mut self.balance[node], size);
            node = wide(self.parent[node]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heavy_arc_is_kept_short() {
        // 0 -> 1 -> 2 -> 3 and 0 -> 4 -> 3 where 4 -> 3 is heavy: 4 goes down to 3.
        let arcs = vec![
            Arc::new(0, 1, 1, 1),
            Arc::new(1, 2, 1, 1),
            Arc::new(2, 3, 1, 1),
            Arc::new(0, 4, 1, 1),
            Arc::new(4, 3, 1, 9),
        ];
        assert_eq!(solve(5, arcs, 100), [0, 1, 2, 3, 2]);
    }

    #[test]
    fn a_start_leads_to_as_good_an_end() {
        let arcs = vec![
            Arc::new(0, 1, 10, 0),
            Arc::new(1, 2, 10, 0),
            Arc::new(3, 0, 0, 2),
            Arc::new(3, 2, 50, 2),
            Arc::new(4, 1, 0, 1),
            Arc::new(4, 2, 0, 1),
        ];
        let costs = |found: &[i32]| {
            let arcs = arcs.iter();
            let cost = arcs.map(|arc| {
                let length = found[arc.to()] - found[arc.from()];
                assert!(length >= arc.least, "{found:?}");
                (length - arc.least) * arc.weight
            });
            cost.sum::<i32>()
        };
        let cold = solve(5, arcs.clone(), 100);
        for start in [[0, 300, 900, ANYWHERE, ANYWHERE], [90, 0, -40, 7, ANYWHERE]] {
            let found = solve_from(5, arcs.clone(), Some(&start), 100, 0);
            assert_eq!(costs(&found), costs(&cold), "{found:?}, {cold:?}");
        }
    }

    #[test]
    fn one_long_bend_is_better_than_two_short_ones() {
        // 1 stands 40 right of 0, and 2 is joined to both: wherever it stands between them, the sum of
        // both bends is the same.
        let arcs = |weight: i32| {
            let mut arcs = vec![Arc::new(0, 1, 40, 1000)];
            for (node, end) in [(3, 0), (4, 1)] {
                arcs.push(Arc::bend(node, end, weight));
                arcs.push(Arc::bend(node, 2, weight));
            }
            arcs
        };
        let found = solve_from(5, arcs(2), None, 100, 2);
        let bent = [(0, 2), (1, 2)].map(|(a, b)| found[a] != found[b]);
        assert_eq!(bent.iter().filter(|b| **b).count(), 1, "{found:?}");
    }

    #[test]
    fn cycles_do_not_hang() {
        let found = solve(
            3,
            [(0, 1), (1, 2), (2, 0)]
                .map(|(a, b)| Arc::new(a, b, 1, 1))
                .to_vec(),
            100,
        );
        assert_eq!(found.len(), 3);
    }
}
