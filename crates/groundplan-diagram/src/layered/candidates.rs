//! Which layers a view may have: those that look best are ordered thoroughly.

use super::graph::{self, Graph};
use super::layers::Layers;
use super::lists::wide;
use super::order::Sorter;
use super::rank::{self, Breaking, Layering, Ranking, Stacking};
use super::{
    Candidate, Edge, FEW, Input, MANY, REFINABLE, SMALL, crossing, illegible, kick, order, penalty,
    relayer,
};
use crate::page;
use std::collections::BTreeSet;

/// How many variants are ordered with more effort, and how many of them thoroughly.
const DRAFTS: usize = 4;
const PROMISING: usize = 2;
/// How many of them are ordered from several first orders on.
const RUNNERS: usize = 3;
/// How many of them are tried with some boxes in other layers.
const RELAYERED: usize = 2;
/// Width of a layer of a large drawing for each box of a side of a square of all boxes, and the least.
const A_SIDE: i32 = 300;
const NARROWEST: i32 = 2000;
/// What tells the promising variants.
const DRAFT: order::Effort = order::Effort {
    starts: 2,
    sweeps: 6,
    exchanges: 2,
};
pub(super) fn first_effort(items: usize) -> order::Effort {
    // One start: others find fewer crossings seldom, and another order each time that a box comes.
    let (sweeps, exchanges) = match items {
        0..=REFINABLE => (12, 3),
        301..=1000 => (8, 2),
        _ => (4, 0),
    };
    order::Effort {
        starts: 1,
        sweeps,
        exchanges,
    }
}

/// A variant before its order is searched.
pub(super) struct Sketch {
    /// Of equals the one that was found first is kept.
    pub(super) number: usize,
    pub(super) ranking: Ranking,
    pub(super) widest: i32,
    pub(super) layers: Layers,
    /// Items in all rows.
    pub(super) items: usize,
    pub(super) size: (i32, i32),
    /// Corners and size, about, as the score counts them.
    pub(super) rest: i64,
    /// What edges cost that point upwards without need, and boxes in other layers.
    pub(super) upward: i64,
    /// What a crossing costs.
    pub(super) crossing: i64,
}

/// A variant while its order is searched.
pub(super) struct Draft {
    pub(super) sketch: Sketch,
    pub(super) order: order::Order,
    pub(super) crossings: u64,
}

impl Draft {
    pub(super) fn score(&self) -> i64 {
        penalty(self.crossings, self.sketch.crossing) + self.sketch.rest + self.sketch.upward
    }

    fn candidate(&self, order: order::Order) -> Candidate {
        Candidate {
            size: self.sketch.size,
            score: self.score(),
            upward: self.sketch.upward,
            ranking: self.sketch.ranking.clone(),
            widest: self.sketch.widest,
            order,
            crossings: self.crossings,
        }
    }

    /// Takes another order if it is better.
    fn take(&mut self, (order, crossings): (order::Order, u64)) {
        if crossings < self.crossings {
            (self.order, self.crossings) = (order, crossings);
        }
    }
}

/// All variants that differ in their layers; none if one takes more than `longest`.
fn sketches(input: &Input<'_>, longest: usize) -> Option<Vec<Sketch>> {
    let large = is_large(input);
    let wide_as_high = wide_as_high(input);
    let widths: &[i32] = match (input.sideways, large) {
        (true, _) => &[700],
        (false, true) => &[wide_as_high],
        (false, false) => &[950, 1300, 1800],
    };
    let breakings: &[Breaking] = match large {
        true => &[Breaking::Sinks],
        false => &[
            Breaking::Sinks,
            Breaking::Sources,
            Breaking::Depth,
            Breaking::Last,
        ],
    };
    let outside = input.external.iter().any(|e| *e);
    let mut layerings: Vec<Layering> = Vec::new();
    for stacking in [Stacking::Blocks, Stacking::Below, Stacking::Loose] {
        // Without boundaries all three are the same.
        let differs = match stacking {
            Stacking::Blocks => true,
            Stacking::Below => input.groups.len() > 1 && outside && !large,
            Stacking::Loose => input.groups.len() > 1 && !large,
        };
        if !differs {
            continue;
        }
        let mut tried: Vec<Vec<bool>> = Vec::new();
        for breaking in breakings {
            let upward = rank::upward(input, stacking, *breaking);
            if tried.contains(&upward) {
                continue;
            }
            tried.push(upward.clone());
            layerings.push(rank::layering(input, stacking, upward));
        }
    }
    let mut sketches: Vec<Sketch> = Vec::new();
    let mut seen: BTreeSet<Vec<usize>> = BTreeSet::new();
    cut(input, &layerings, widths, longest, &mut sketches, &mut seen)?;
    // Lines between tables may lead up as well as down where they would be too small otherwise.
    let is_legible = |sketch: &Sketch| page::is_legible(sketch.size);
    if input.is_entities() && !large && !sketches.iter().any(is_legible) {
        let folded = layerings.iter().flat_map(|layering| {
            let folds = [layering.last() / 2, layering.last() * 2 / 3];
            folds.map(|fold| layering.folded(input, fold))
        });
        let folded: Vec<Layering> = folded.flatten().collect();
        cut(input, &folded, widths, longest, &mut sketches, &mut seen)?;
    }
    Some(sketches)
}

/// Adds what becomes of some layers when those that are too wide are cut, if it is not there already.
fn cut(
    input: &Input<'_>,
    layerings: &[Layering],
    widths: &[i32],
    longest: usize,
    sketches: &mut Vec<Sketch>,
    seen: &mut BTreeSet<Vec<usize>>,
) -> Option<()> {
    for layering in layerings {
        for widest in widths {
            let ranking = rank::cut(input, layering, *widest);
            if length(input, &ranking) > longest {
                return None;
            }
            if seen.insert(ranking.layer.clone()) {
                let number = sketches.len();
                sketches.push(sketch(input, number, ranking, *widest));
            }
        }
    }
    Some(())
}

pub(super) fn sketch(input: &Input<'_>, number: usize, ranking: Ranking, widest: i32) -> Sketch {
    let graph = graph::build(input, &ranking, widest);
    let (size, rest) = estimate(input, &graph);
    Sketch {
        number,
        layers: Layers::of(&graph),
        items: graph.items.len(),
        widest,
        ranking,
        size,
        rest,
        upward: 0,
        crossing: crossing(input),
    }
}

fn is_large(input: &Input<'_>) -> bool {
    input.boxes.len() + input.edges.len() > MANY
}

/// How wide a layer of a large drawing may be: a narrower one is cut into several, and every edge that
/// passes them is longer and crosses more. No wider than the drawing is high, about.
fn wide_as_high(input: &Input<'_>) -> i32 {
    let boxes = i32::try_from(input.boxes.len()).unwrap_or(i32::MAX);
    (boxes.isqrt() * A_SIDE).max(NARROWEST)
}

/// The most promising variants, thoroughly ordered.
pub(super) fn candidates(input: &Input<'_>, longest: usize) -> Option<Vec<Candidate>> {
    let large = is_large(input);
    let mut sketches = sketches(input, longest)?;
    // What can be best is ordered first: then it is known of more of the others that they cannot.
    sketches.sort_by_key(|sketch| sketch.rest);
    let mut drafts: Vec<Draft> = Vec::new();
    for sketch in sketches {
        if drafts.len() == DRAFTS && drafts.iter().all(|d| d.score() < sketch.rest) {
            break;
        }
        let effort = match sketch.items {
            items if large => first_effort(items),
            _ => DRAFT,
        };
        let sorter = Sorter::new(&sketch.layers.graph, None);
        let (mut order, mut crossings) = order::order(&sorter, &effort);
        if large {
            (order, crossings) = kick::many(&sorter, order, crossings);
        }
        drop(sorter);
        drafts.push(Draft {
            sketch,
            order,
            crossings,
        });
        keep(&mut drafts, DRAFTS);
    }
    let few = input.boxes.len() <= FEW;
    let promising = PROMISING + usize::from(few);
    for n in 0..drafts.len() {
        // Only the promising variants are worth the longest search.
        let rest = drafts[n].sketch.rest;
        let better = drafts.iter().filter(|other| other.score() < rest);
        if better.count() >= promising {
            continue;
        }
        let draft = &mut drafts[n];
        if draft.crossings > 0 && !large {
            let graph = &draft.sketch.layers.graph;
            let sorter = Sorter::new(graph, None);
            let found = order::order(&sorter, &first_effort(graph.items.len()));
            drop(sorter);
            draft.take(found);
        }
    }
    keep(&mut drafts, RUNNERS);
    let mut best = drafts.iter().map(Draft::score).min().unwrap_or(i64::MAX);
    for draft in &mut drafts {
        // What would not be the best one without crossings cannot win.
        if draft.crossings > 0 && draft.sketch.rest < best && !large {
            let graph = &draft.sketch.layers.graph;
            let sorter = Sorter::new(graph, None);
            let found = kick::race(&sorter, &draft.order, draft.crossings, few);
            drop(sorter);
            (draft.order, draft.crossings) = found;
            best = best.min(draft.score());
        }
    }
    if !large {
        drafts.sort_by_key(|draft| (draft.score(), draft.sketch.number));
        // The second one gets half as much.
        let first = (1..=RELAYERED).zip(&drafts);
        let more = first.filter_map(|(n, draft)| relayer::relayered(input, draft, n, longest));
        let more: Vec<Draft> = more.collect();
        drafts.extend(more);
    }
    keep(&mut drafts, promising);
    // Nor is one that even without crossings would not be better than the best is now.
    if let Some(best) = drafts.first().map(Draft::score) {
        drafts.retain(|draft| draft.crossings == 0 || draft.sketch.rest < best);
    }
    let mut candidates = Vec::new();
    for mut draft in drafts {
        let graph = &draft.sketch.layers.graph;
        if large {
            let order = draft.order.clone();
            candidates.push(draft.candidate(order));
            continue;
        }
        let sorter = Sorter::new(graph, None);
        let found = kick::improve(&sorter, &draft.order, draft.crossings);
        let tight = kick::tightened(&sorter, &found.0);
        drop(sorter);
        (draft.order, draft.crossings) = found;
        let is_other = tight.rows != draft.order.rows;
        candidates.push(draft.candidate(tight));
        if is_other && draft.sketch.items <= SMALL {
            let order = draft.order.clone();
            candidates.push(draft.candidate(order));
        }
    }
    Some(candidates)
}

/// Keeps the `count` best of some drafts.
fn keep(drafts: &mut Vec<Draft>, count: usize) {
    drafts.sort_by_key(|draft| (draft.score(), draft.sketch.number));
    drafts.truncate(count);
}

/// What the score of a variant will be besides its crossings, about: its size follows from what its
/// rows hold, whatever their order.
pub(super) fn estimate(input: &Input<'_>, graph: &Graph) -> ((i32, i32), i64) {
    let mut rows = vec![(0_i32, 0_i32); graph.rows.len()];
    for item in &graph.items {
        let (width, height) = &mut rows[wide(item.row)];
        *width = width.saturating_add(item.left + item.right + 16);
        *height = (*height).max(item.height);
    }
    let width = rows.iter().map(|(width, _)| *width).max().unwrap_or(0);
    let mut lines = vec![0_i32; graph.rows.len()];
    let mut corners = 0;
    for chain in &graph.chains {
        corners += if chain.len() > 3 { 2 } else { 1 };
        for item in chain.iter().take(1) {
            lines[wide(graph.items[*item].row)] += 1;
        }
    }
    let between = |n: &i32| 24 + (n * 9 / 3).min(60);
    let height = rows.iter().map(|(_, height)| *height).sum::<i32>()
        + lines.iter().map(between).sum::<i32>();
    let depth = i32::try_from(graph.spans.len()).unwrap_or(1).min(4);
    let mut size = (width + 30 * depth + 40, height + 110);
    if input.sideways {
        size = (size.1, size.0);
    }
    (size, corners * 250 + illegible(input, size))
}

/// How many layers all edges together pass, and how many layers times boundaries there are.
pub(super) fn length(input: &Input<'_>, ranking: &Ranking) -> usize {
    let span = |e: &Edge| ranking.layer[e.from].abs_diff(ranking.layer[e.to]);
    let layers = ranking.layer.iter().max().map_or(0, |l| l + 1);
    input.edges.iter().map(span).sum::<usize>() + layers * input.groups.len()
}
