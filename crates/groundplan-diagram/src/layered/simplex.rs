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
}

impl Arc {
    pub(super) fn new(from: usize, to: usize, least: i32, weight: i32) -> Self {
        Arc {
            from: small(from),
            to: small(to),
            least,
            weight,
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
    tableau.longest_path();
    tableau.tight_tree();
    tableau.cut_values();
    for _ in 0..pivots {
        if !tableau.pivot() {
            break;
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

/// Of so many arcs that may leave the tree the best one does (section 2.4 of the paper).
const CANDIDATES: usize = 30;

struct Tableau {
    arcs: Vec<Arc>,
    position: Vec<i32>,
    in_tree: Vec<bool>,
    /// Tree arcs at each node.
    tree: Chains,
    /// The tree arc towards the root, per node; none at the root.
    upward: Vec<u32>,
    /// Weight out minus weight in of the subtree below each node: up to the sign the cut value of
    /// the arc towards the root, because inner arcs cancel out.
    balance: Vec<i64>,
    /// All arcs at each node.
    at: Lists,
    /// Which part a node was last found in: twice the number of the pivot, one more beyond it.
    part: Vec<u32>,
    pivots: u32,
    /// The node at which the search for an arc to leave goes on.
    resume: usize,
    /// Nodes below the leaving arc, and beyond it.
    below: Vec<u32>,
    beyond: Vec<u32>,
}

impl Tableau {
    fn new(count: usize, arcs: Vec<Arc>) -> Self {
        let mut balance = vec![0; count];
        for arc in &arcs {
            balance[arc.from()] += i64::from(arc.weight);
            balance[arc.to()] -= i64::from(arc.weight);
        }
        let at = Lists::of(
            count,
            (arcs.iter().zip(0..)).flat_map(|(a, n)| [(a.from, n), (a.to, n)]),
        );
        Tableau {
            in_tree: vec![false; arcs.len()],
            arcs,
            position: vec![0; count],
            tree: Chains::new(count),
            upward: vec![NONE; count],
            balance,
            at,
            part: vec![0; count],
            pivots: 0,
            resume: 0,
            below: Vec::new(),
            beyond: Vec::new(),
        }
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
            for n in self.at.at(node) {
                let arc = &self.arcs[wide(*n)];
                if arc.from() != node {
                    continue;
                }
                let to = arc.to();
                self.position[to] = self.position[to].max(self.position[node] + arc.least);
                waiting[to] -= 1;
                if waiting[to] == 0 {
                    ready.push(to);
                }
            }
        }
    }

    /// A spanning tree of arcs without slack: on longest paths from the root each node has one that
    /// leads to it.
    fn tight_tree(&mut self) {
        let count = self.position.len();
        let root = small(count - 1);
        let mut inside = vec![false; count];
        inside[wide(root)] = true;
        let mut queue = vec![root];
        while let Some(node) = queue.pop() {
            for k in 0..self.at.at(wide(node)).len() {
                let n = self.at.at(wide(node))[k];
                let other = self.across(n, node);
                if !inside[wide(other)] && self.slack(n) == 0 {
                    inside[wide(other)] = true;
                    self.enter(n);
                    self.upward[wide(other)] = n;
                    queue.push(other);
                }
            }
        }
    }

    /// Sums the balances of the subtrees.
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
            let above = self.across(self.upward[wide(node)], node);
            self.balance[wide(above)] += self.balance[wide(node)];
        }
    }

    fn enter(&mut self, n: u32) {
        self.in_tree[wide(n)] = true;
        let arc = &self.arcs[wide(n)];
        for end in [arc.from, arc.to] {
            self.tree.push(end, n);
        }
    }

    fn leave(&mut self, n: u32) {
        self.in_tree[wide(n)] = false;
        let arc = &self.arcs[wide(n)];
        for end in [arc.from, arc.to] {
            self.tree.remove(end, n);
        }
    }

    /// Exchanges one tree arc for a better one; `false` if there is none. Only the path between both
    /// and the smaller of the two parts are visited.
    fn pivot(&mut self) -> bool {
        let count = self.upward.len();
        let mut worst: Option<(i64, u32, u32)> = None;
        let mut candidates = 0;
        for step in 0..count {
            let node = (self.resume + step) % count;
            let (n, sum) = (self.upward[node], self.balance[node]);
            // No arc leads up from the root.
            if sum == 0 || n == NONE || (sum < 0) != (self.arcs[wide(n)].from() == node) {
                continue;
            }
            let cut = -sum.abs();
            if worst.is_none_or(|(c, m, _)| (cut, n) < (c, m)) {
                worst = Some((cut, n, small(node)));
            }
            candidates += 1;
            if candidates == CANDIDATES {
                self.resume = node + 1;
                break;
            }
        }
        let Some((_, leaving, child)) = worst else {
            return false;
        };
        let out = self.arcs[wide(leaving)].from == child;
        let small_below = self.part_at(leaving, child);
        let members = if small_below {
            std::mem::take(&mut self.below)
        } else {
            std::mem::take(&mut self.beyond)
        };
        let mark = 2 * self.pivots + u32::from(!small_below);
        // What leads the other way from one part to the other may enter.
        let from_members = small_below != out;
        let entering = members
            .iter()
            .flat_map(|m| self.at.at(wide(*m)).iter().map(|n| (*m, *n)))
            .filter(|(m, n)| {
                !self.in_tree[wide(*n)]
                    && (self.arcs[wide(*n)].from == *m) == from_members
                    && self.part[wide(self.across(*n, *m))] != mark
            })
            .map(|(m, n)| (self.slack(n), n, m))
            .min();
        let Some((slack, entering, member)) = entering else {
            return false;
        };
        // Only differences count: moving one part is as good as moving the other back.
        let shift = if from_members { slack } else { -slack };
        for member in &members {
            self.position[wide(*member)] += shift;
        }
        let far = self.across(entering, member);
        let (inner, outer) = if small_below {
            (member, far)
        } else {
            (far, member)
        };
        self.hang(leaving, child, entering, inner, outer);
        self.leave(leaving);
        self.enter(entering);
        if small_below {
            self.below = members;
        } else {
            self.beyond = members;
        }
        true
    }

    /// Collects the smaller of the two parts into which the tree falls without `leaving`; whether it
    /// is the one below. Both parts are searched in step, so that the larger one costs no more.
    fn part_at(&mut self, leaving: u32, child: u32) -> bool {
        self.pivots += 1;
        let marks = [2 * self.pivots, 2 * self.pivots + 1];
        let parent = self.across(leaving, child);
        for (part, first, mark) in [
            (&mut self.below, child, marks[0]),
            (&mut self.beyond, parent, marks[1]),
        ] {
            part.clear();
            part.push(first);
            self.part[wide(first)] = mark;
        }
        let mut at = 0;
        loop {
            for (is_below, mark) in [(true, marks[0]), (false, marks[1])] {
                let part = if is_below { &self.below } else { &self.beyond };
                let Some(node) = part.get(at).copied() else {
                    return is_below;
                };
                let mut link = self.tree.first(node);
                while let Some((n, next)) = self.tree.link(link) {
                    link = next;
                    let other = self.across(n, node);
                    if n != leaving && self.part[wide(other)] != mark {
                        self.part[wide(other)] = mark;
                        let part = if is_below {
                            &mut self.below
                        } else {
                            &mut self.beyond
                        };
                        part.push(other);
                    }
                }
            }
            at += 1;
        }
    }

    /// Hangs the part below `child` on `outer` by its node `inner`, with the balances that follow.
    fn hang(&mut self, leaving: u32, child: u32, entering: u32, inner: u32, outer: u32) {
        let total = self.balance[wide(child)];
        for (first, change) in [(self.across(leaving, child), -total), (outer, total)] {
            let mut node = first;
            loop {
                self.balance[wide(node)] += change;
                let up = self.upward[wide(node)];
                if up == NONE {
                    break;
                }
                node = self.across(up, node);
            }
        }
        // From `inner` up to `child` the arcs lead the other way now.
        let (mut node, mut up, mut under) = (inner, entering, 0);
        loop {
            let before = std::mem::replace(&mut self.balance[wide(node)], total - under);
            under = before;
            let next = std::mem::replace(&mut self.upward[wide(node)], up);
            if node == child {
                break;
            }
            up = next;
            node = self.across(next, node);
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
