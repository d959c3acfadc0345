//! Layers improved where lines cross: a box whose lines do stands in another layer, if everything is
//! better then. What a search for an order cannot mend is often mended so, since layers that keep edges
//! short say nothing of crossings. A box may leave the layers of what else its boundary holds, which then
//! reaches as far.

use super::candidates::{Draft, Sketch, length, sketch};
use super::kick::Known;
use super::order::{self, Sorter};
use super::rank::{GAP, Ranking};
use super::{Input, crossing};
use crate::page;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How many other layers are ordered, in steps of an item each: a small drawing can have more of them.
const STEPS: usize = 3500;
const FEWEST: usize = 56;
const MOST: usize = 140;
/// Fewer crossings than one in so many edges are no reason for other layers: such layers would often be
/// others again as soon as a box is added.
const SELDOM: usize = 6;
/// What a box in another layer costs: it may move with each box more.
const MOVED: i64 = 1500;
/// Sweeps of each of them.
const SWEEPS: usize = 4;
/// What lacks so few crossings less is improved further.
const NEAR: u64 = 4;
/// What an edge costs that points upwards then.
const UPWARD: i64 = 1000;
/// How much wider than usual a layer may become.
const WIDER: i32 = 200;

/// The draft with some boxes in other layers, if that is better; `share` divides the work.
pub(super) fn relayered(
    input: &Input<'_>,
    draft: &Draft,
    share: usize,
    longest: usize,
) -> Option<Draft> {
    let crossings = usize::try_from(draft.crossings).unwrap_or(usize::MAX);
    if crossings.saturating_mul(SELDOM) <= input.edges.len() {
        return None;
    }
    let items = draft.sketch.layers.graph.items.len();
    let tries = (STEPS / items.max(1)).clamp(FEWEST, MOST);
    let mut search = Search {
        input,
        first: &draft.sketch,
        longest,
        tries: tries / share,
        moved: 0,
        seen: BTreeSet::from([draft.sketch.ranking.layer.clone()]),
    };
    let mut best: Option<Draft> = None;
    while let Some(better) = search.step(best.as_ref().unwrap_or(draft)) {
        best = Some(better);
        search.moved += MOVED;
    }
    best
}

struct Search<'a> {
    input: &'a Input<'a>,
    first: &'a Sketch,
    /// As in [`super::search`].
    longest: usize,
    tries: usize,
    /// What the boxes cost that are in other layers.
    moved: i64,
    /// Layers that were looked at.
    seen: BTreeSet<Vec<usize>>,
}

impl Search<'_> {
    /// The first draft that is better than the one at hand and differs in the layer of one box.
    fn step(&mut self, now: &Draft) -> Option<Draft> {
        if now.crossings == 0 {
            return None;
        }
        let input = self.input;
        let crossed = Sorter::new(&now.sketch.layers.graph, None).crossed(&now.order);
        let mut worst = vec![0_usize; input.boxes.len()];
        let mut near: Vec<Vec<usize>> = vec![Vec::new(); input.boxes.len()];
        for (edge, crossed) in input.edges.iter().zip(crossed) {
            near[edge.from].push(edge.to);
            near[edge.to].push(edge.from);
            worst[edge.from] += usize::from(crossed);
            worst[edge.to] += usize::from(crossed);
        }
        let mut boxes: Vec<usize> = (0..worst.len()).filter(|n| worst[*n] > 0).collect();
        // What few lines lead to is moved with least harm.
        boxes.sort_by_key(|n| (near[*n].len(), Reverse(worst[*n]), *n));
        for node in boxes {
            for goal in self.goals(now, node, &near[node]) {
                if self.tries == 0 {
                    return None;
                }
                let better = self.moved(now, node, goal);
                if better.is_some() {
                    return better;
                }
            }
        }
        None
    }

    /// Where a box may stand that is joined to those `near`: beside their layers, in the first or in the
    /// last one. Layers are counted from one, so that there is one above the first.
    fn goals(&self, now: &Draft, node: usize, near: &[usize]) -> Vec<usize> {
        let layer = &now.sketch.ranking.layer;
        let own = layer[node] + 1;
        let taken: BTreeSet<usize> = near.iter().map(|n| layer[*n] + 1).collect();
        let last = layer.iter().copied().max().unwrap_or(0) + 1;
        let beside = taken.iter().flat_map(|l| [l - 1, l + 1]);
        let goals: BTreeSet<usize> = beside.chain([1, last]).collect();
        let turned = |goal: usize| {
            let lines = near.iter().map(|n| layer[*n] + 1);
            lines.filter(|l| (*l < own) != (*l < goal)).count()
        };
        let is_free = |goal: &usize| {
            let is_still = !self.input.person[node] || turned(*goal) == 0;
            *goal != own && !taken.contains(goal) && is_still
        };
        let mut goals: Vec<usize> = goals.into_iter().filter(is_free).collect();
        goals.sort_by_key(|goal| (turned(*goal), own.abs_diff(*goal), *goal));
        goals
    }

    /// The draft with a box in the layer `goal`, counted from one, if that is better.
    fn moved(&mut self, now: &Draft, node: usize, goal: usize) -> Option<Draft> {
        let input = self.input;
        let Sketch {
            ranking: Ranking { layer, .. },
            widest,
            number,
            ..
        } = &now.sketch;
        let mut layer: Vec<usize> = layer.iter().map(|l| l + 1).collect();
        layer[node] = goal;
        let ranking = Ranking::of(input, &layer);
        if !self.seen.insert(ranking.layer.clone()) {
            return None;
        }
        let beside = layer.iter().zip(&input.boxes);
        let beside = beside.filter(|(l, _)| **l == layer[node]);
        let width: i32 = beside.map(|(_, (width, _))| width + GAP).sum();
        if width > widest + WIDER || length(input, &ranking) > self.longest {
            return None;
        }
        let more = upward(&ranking).saturating_sub(upward(&self.first.ranking));
        let more = i64::try_from(more).unwrap_or(i64::MAX / 1_000_000) * UPWARD;
        let sketch = Sketch {
            upward: more + self.moved + MOVED,
            ..sketch(input, *number, ranking, *widest)
        };
        // What can be read on a sheet stays so.
        if page::is_legible(self.first.size) && !page::is_legible(sketch.size) {
            return None;
        }
        // What would not be better without any crossing is not.
        if sketch.rest + sketch.upward >= now.score() {
            return None;
        }
        self.tries -= 1;
        let draft = ordered(input, sketch, now.score());
        (draft.score() < now.score()).then_some(draft)
    }
}

/// A sketch with an order; what is nearly as good as `best` is ordered better.
fn ordered(input: &Input<'_>, sketch: Sketch, best: i64) -> Draft {
    let sorter = Sorter::new(&sketch.layers.graph, None);
    // With so many crossings it would be as good as the best one.
    let room = (best - sketch.rest - sketch.upward).max(0) / crossing(input);
    let most = u64::try_from(room).unwrap_or(0) + NEAR;
    let (mut order, mut crossings) = order::sketched(&sorter, SWEEPS, most);
    if crossings > 0 && crossings <= most {
        sorter.exchange(&mut order, 2);
        let mut known = Known::of(&sorter, &order);
        crossings = known.crossings();
        sorter.sift(&mut order, &mut known, crossings);
        crossings = known.crossings();
    }
    drop(sorter);
    Draft {
        sketch,
        order,
        crossings,
    }
}

/// How many edges point upwards.
fn upward(ranking: &Ranking) -> usize {
    ranking.reversed.iter().filter(|r| **r).count()
}
