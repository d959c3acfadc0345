//! Network simplex: integer positions that keep minimal distances and make the weighted sum of
//! distances small (Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs",
//! 1993). Used for layers and for x coordinates.

/// `position(to) - position(from) >= least`; every pixel more costs `weight`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) least: i32,
    pub(super) weight: i64,
}

/// Positions of `count` nodes, the smallest one 0. The arcs must not form a cycle; arcs that do
/// are ignored. Stops after `pivots` improvements with what it has, which is always valid.
pub(super) fn solve(count: usize, arcs: &[Arc], pivots: usize) -> Vec<i32> {
    let mut all: Vec<Arc> = acyclic(count, arcs);
    // A root keeps the graph in one piece; it costs nothing.
    all.extend((0..count).map(|to| Arc {
        from: count,
        to,
        least: 0,
        weight: 0,
    }));
    let mut tableau = Tableau::new(count + 1, all);
    tableau.longest_path();
    tableau.tight_tree();
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
fn acyclic(count: usize, arcs: &[Arc]) -> Vec<Arc> {
    let mut waiting = vec![0_usize; count];
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (n, arc) in arcs.iter().enumerate() {
        if arc.from != arc.to {
            waiting[arc.to] += 1;
            out[arc.from].push(n);
        }
    }
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
        for n in &out[node] {
            let to = arcs[*n].to;
            if waiting[to] > 0 {
                waiting[to] -= 1;
                if waiting[to] == 0 {
                    ready.push(to);
                }
            }
        }
    }
    arcs.iter()
        .filter(|a| a.from != a.to && place[a.from] < place[a.to])
        .copied()
        .collect()
}

struct Tableau {
    arcs: Vec<Arc>,
    position: Vec<i32>,
    in_tree: Vec<bool>,
    /// Tree arcs at each node.
    tree: Vec<Vec<usize>>,
    /// Weight out minus weight in, per node.
    balance: Vec<i64>,
    /// All arcs at each node.
    at: Vec<Vec<usize>>,
}

impl Tableau {
    fn new(count: usize, arcs: Vec<Arc>) -> Self {
        let mut balance = vec![0; count];
        let mut at = vec![Vec::new(); count];
        for (n, arc) in arcs.iter().enumerate() {
            balance[arc.from] += arc.weight;
            balance[arc.to] -= arc.weight;
            at[arc.from].push(n);
            at[arc.to].push(n);
        }
        Tableau {
            in_tree: vec![false; arcs.len()],
            arcs,
            position: vec![0; count],
            tree: vec![Vec::new(); count],
            balance,
            at,
        }
    }

    fn slack(&self, n: usize) -> i32 {
        let arc = &self.arcs[n];
        self.position[arc.to] - self.position[arc.from] - arc.least
    }

    fn longest_path(&mut self) {
        let count = self.position.len();
        let mut waiting = vec![0_usize; count];
        for arc in &self.arcs {
            waiting[arc.to] += 1;
        }
        let mut ready: Vec<usize> = (0..count).filter(|n| waiting[*n] == 0).collect();
        while let Some(node) = ready.pop() {
            for n in 0..self.at[node].len() {
                let arc = self.arcs[self.at[node][n]];
                if arc.from != node {
                    continue;
                }
                let least = self.position[node] + arc.least;
                self.position[arc.to] = self.position[arc.to].max(least);
                waiting[arc.to] -= 1;
                if waiting[arc.to] == 0 {
                    ready.push(arc.to);
                }
            }
        }
    }

    /// Grows a spanning tree of arcs without slack, moving what it has where it must.
    fn tight_tree(&mut self) {
        let count = self.position.len();
        let root = count - 1;
        let mut inside = vec![false; count];
        inside[root] = true;
        let mut members = vec![root];
        let mut queue = vec![root];
        loop {
            while let Some(node) = queue.pop() {
                for k in 0..self.at[node].len() {
                    let n = self.at[node][k];
                    let arc = self.arcs[n];
                    let other = if arc.from == node { arc.to } else { arc.from };
                    if !inside[other] && self.slack(n) == 0 {
                        inside[other] = true;
                        self.enter(n);
                        members.push(other);
                        queue.push(other);
                    }
                }
            }
            if members.len() == count {
                return;
            }
            let border = (0..self.arcs.len())
                .filter(|n| inside[self.arcs[*n].from] != inside[self.arcs[*n].to])
                .min_by_key(|n| (self.slack(*n), *n));
            let Some(n) = border else { return };
            let slack = self.slack(n);
            let shift = if inside[self.arcs[n].from] {
                slack
            } else {
                -slack
            };
            for member in &members {
                self.position[*member] += shift;
            }
            let arc = self.arcs[n];
            queue.push(if inside[arc.from] { arc.from } else { arc.to });
        }
    }

    fn enter(&mut self, n: usize) {
        self.in_tree[n] = true;
        self.tree[self.arcs[n].from].push(n);
        self.tree[self.arcs[n].to].push(n);
    }

    fn leave(&mut self, n: usize) {
        self.in_tree[n] = false;
        for end in [self.arcs[n].from, self.arcs[n].to] {
            self.tree[end].retain(|m| *m != n);
        }
    }

    /// Exchanges one tree arc for a better one; `false` if there is none.
    fn pivot(&mut self) -> bool {
        let count = self.position.len();
        // The cut value of a tree arc is the balance of the subtree below it: what leaves the
        // subtree minus what enters it, inner arcs cancel out.
        let root = count - 1;
        let mut parent_arc = vec![usize::MAX; count];
        let mut order = Vec::with_capacity(count);
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            order.push(node);
            for n in &self.tree[node] {
                if *n != parent_arc[node] {
                    let arc = &self.arcs[*n];
                    let child = if arc.from == node { arc.to } else { arc.from };
                    parent_arc[child] = *n;
                    stack.push(child);
                }
            }
        }
        let mut sum = self.balance.clone();
        let mut worst: Option<(i64, usize, usize)> = None;
        for node in order.iter().rev() {
            let n = parent_arc[*node];
            if n == usize::MAX {
                continue;
            }
            let arc = &self.arcs[n];
            let (above, cut) = if arc.from == *node {
                (arc.to, sum[*node])
            } else {
                (arc.from, -sum[*node])
            };
            sum[above] += sum[*node];
            if cut < 0 && worst.is_none_or(|(c, m, _)| (cut, n) < (c, m)) {
                worst = Some((cut, n, *node));
            }
        }
        let Some((_, leaving, child)) = worst else {
            return false;
        };
        let mut below = vec![false; count];
        let mut members = vec![child];
        below[child] = true;
        let mut at = 0;
        while let Some(node) = members.get(at).copied() {
            at += 1;
            for n in &self.tree[node] {
                if *n == leaving {
                    continue;
                }
                let arc = &self.arcs[*n];
                let other = if arc.from == node { arc.to } else { arc.from };
                if !below[other] {
                    below[other] = true;
                    members.push(other);
                }
            }
        }
        let out = self.arcs[leaving].from == child;
        // The arcs at the smaller part are enough: only those that leave it are looked for.
        let crossing = |n: &usize| {
            let arc = &self.arcs[*n];
            !self.in_tree[*n] && below[arc.from] != below[arc.to] && below[arc.from] != out
        };
        let key = |n: &usize| (self.slack(*n), *n);
        let entering = if members.len() * 2 < count {
            let near = members.iter().flat_map(|m| self.at[*m].iter().copied());
            near.filter(crossing).min_by_key(key)
        } else {
            (0..self.arcs.len()).filter(crossing).min_by_key(key)
        };
        let Some(entering) = entering else {
            return false;
        };
        let slack = self.slack(entering);
        let shift = if out { -slack } else { slack };
        for member in &members {
            self.position[*member] += shift;
        }
        self.leave(leaving);
        self.enter(entering);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arc(from: usize, to: usize, least: i32, weight: i64) -> Arc {
        Arc {
            from,
            to,
            least,
            weight,
        }
    }

    #[test]
    fn a_heavy_arc_is_kept_short() {
        // 0 -> 1 -> 2 -> 3 and 0 -> 4 -> 3 where 4 -> 3 is heavy: 4 goes down to 3.
        let arcs = [
            arc(0, 1, 1, 1),
            arc(1, 2, 1, 1),
            arc(2, 3, 1, 1),
            arc(0, 4, 1, 1),
            arc(4, 3, 1, 9),
        ];
        assert_eq!(solve(5, &arcs, 100), [0, 1, 2, 3, 2]);
    }

    #[test]
    fn cycles_do_not_hang() {
        let found = solve(3, &[arc(0, 1, 1, 1), arc(1, 2, 1, 1), arc(2, 0, 1, 1)], 100);
        assert_eq!(found.len(), 3);
    }
}
