//! Layered layout (Sugiyama, Tagawa, Toda, 1981) with nested boundaries: layers, rows, order,
//! x, channels. Several variants are laid out and the most legible one is kept.

mod channel;
mod draw;
mod earlier;
mod graph;
mod input;
mod kick;
mod lists;
mod order;
mod position;
mod rank;
mod route;
mod simplex;
mod straighten;

use crate::hints::Hints;
use crate::scene::{Scene, SceneBox, TextStyle};
use earlier::Earlier;
use graph::Graph;
use groundplan_model::View;
use position::Positions;
use rank::{Ranking, Stacking};
use route::Routed;
use std::collections::BTreeSet;

/// Width of the loop of an edge from a box to itself.
const LOOP: i32 = 26;
/// Widest title of a boundary.
const TITLE: i32 = 360;

/// An edge between two different boxes.
struct Edge {
    from: usize,
    to: usize,
    /// Index in the view.
    index: usize,
    /// Size of the words; no width without words.
    label: (i32, i32),
}

struct Group {
    parent: usize,
    title: i32,
}

/// A view as numbers; group 0 is the drawing itself.
struct Input<'a> {
    view: &'a View,
    cards: Vec<SceneBox>,
    boxes: Vec<(i32, i32)>,
    /// Room right of a box for its loops.
    beside: Vec<i32>,
    group_of: Vec<usize>,
    person: Vec<bool>,
    external: Vec<bool>,
    groups: Vec<Group>,
    edges: Vec<Edge>,
    loops: Vec<(usize, usize)>,
    /// Whether rows run from left to right: x and y change places.
    sideways: bool,
}

/// Indices of the nodes of a view in normal form, by layer from top to bottom.
pub(crate) fn layers(view: &View) -> Vec<Vec<usize>> {
    let input = Input::of(view);
    let layer = rank::rank(&input, Stacking::Blocks, i32::MAX / 4).layer;
    let mut out = vec![Vec::new(); layer.iter().max().map_or(0, |l| l + 1)];
    for (n, l) in layer.into_iter().enumerate() {
        out[l].push(n);
    }
    out
}

/// One finished variant.
struct Variant {
    graph: Graph,
    order: order::Order,
    positions: Positions,
    routed: Routed,
    ranking: Ranking,
    crossings: u64,
    score: i64,
}

/// Layers that all edges together may pass, and places of a boundary in a layer: each is an item or a
/// list or more for every later phase.
pub(crate) const LONGEST: usize = 300_000;

/// Lays out a view in normal form; none if that takes more than `longest` (see [`LONGEST`]).
pub(crate) fn lay_out(view: &View, hints: &Hints, longest: usize) -> Option<Scene> {
    let input = Input::of(view);
    if input.boxes.is_empty() {
        return Some(Scene::default());
    }
    if !hints.is_empty()
        && let Some(variant) = again(&input, hints, longest)
    {
        return Some(draw::draw(&input, variant));
    }
    let large = input.boxes.len() + input.edges.len() > 160;
    let widths: &[i32] = match (input.sideways, large) {
        (true, _) => &[700],
        (false, true) => &[2000],
        (false, false) => &[950, 1300, 1800],
    };
    let outside = input.external.iter().any(|e| *e);
    let mut variants: Vec<Variant> = Vec::new();
    let mut seen = BTreeSet::new();
    for widest in widths {
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
            let ranking = rank::rank(&input, stacking, *widest);
            if length(&input, &ranking) > longest {
                return None;
            }
            let graph = graph::build(&input, &ranking, *widest);
            let shape = (ranking.layer.clone(), graph.rows.clone());
            if !seen.insert(shape) {
                continue;
            }
            let effort = first_effort(graph.items.len());
            let (order, crossings) = order::order(&graph, &effort, None);
            // Placing takes long, and what crosses too often is not kept.
            let mut scores: Vec<i64> = variants.iter().map(|v| v.score).collect();
            scores.sort_unstable();
            let kept = scores.get(PROMISING - 1);
            if kept.is_some_and(|most| penalty(crossings) >= *most) {
                continue;
            }
            variants.push(finish(&input, ranking, graph, order, crossings, None));
        }
    }
    // Only the promising variants are worth the long search for fewer crossings.
    variants.sort_by_key(|variant| variant.score);
    variants.truncate(PROMISING);
    let finished = variants.into_iter().map(|variant| {
        let size = variant.graph.items.len();
        if variant.crossings == 0 || size > REFINABLE {
            return variant;
        }
        let (order, crossings) = kick::improve(&variant.graph, variant.order, variant.crossings);
        finish(
            &input,
            variant.ranking,
            variant.graph,
            order,
            crossings,
            None,
        )
    });
    finished
        .min_by_key(|variant| variant.score)
        .map(|variant| draw::draw(&input, slid(&input, variant)))
}

/// How many layers all edges together pass, and how many layers times boundaries there are.
fn length(input: &Input<'_>, ranking: &Ranking) -> usize {
    let span = |e: &Edge| ranking.layer[e.from].abs_diff(ranking.layer[e.to]);
    let layers = ranking.layer.iter().max().map_or(0, |l| l + 1);
    input.edges.iter().map(span).sum::<usize>() + layers * input.groups.len()
}

/// The drawing that differs least from an earlier one.
fn again(input: &Input<'_>, hints: &Hints, longest: usize) -> Option<Variant> {
    let earlier = Earlier::of(input, hints)?;
    let ranking = earlier
        .ranking(input)
        .filter(|r| length(input, r) <= longest)?;
    let graph = graph::build(input, &ranking, 1800);
    let effort = order::Effort {
        starts: 1,
        ..first_effort(graph.items.len())
    };
    Some(attempt(input, ranking, graph, &effort, Some(&earlier)))
}

/// How many variants are ordered thoroughly.
const PROMISING: usize = 2;
/// Items beyond which thorough ordering takes too long.
const REFINABLE: usize = 300;

fn first_effort(items: usize) -> order::Effort {
    let (starts, sweeps, exchanges, moves) = match items {
        0..=REFINABLE => (8, 12, 3, 1),
        301..=1000 => (3, 8, 2, 0),
        _ => (1, 4, 0, 0),
    };
    order::Effort {
        starts,
        sweeps,
        exchanges,
        moves,
        refined: 2,
    }
}

fn attempt(
    input: &Input<'_>,
    ranking: Ranking,
    graph: Graph,
    effort: &order::Effort,
    earlier: Option<&Earlier>,
) -> Variant {
    let (order, crossings) = order::order(&graph, effort, earlier);
    finish(input, ranking, graph, order, crossings, earlier)
}

/// A variant whose order is known.
fn finish(
    input: &Input<'_>,
    ranking: Ranking,
    graph: Graph,
    order: order::Order,
    crossings: u64,
    earlier: Option<&Earlier>,
) -> Variant {
    let (positions, routed) = placed(input, &graph, &order, false, earlier);
    let score = score(input, &positions, &routed, crossings);
    Variant {
        graph,
        order,
        positions,
        routed,
        ranking,
        crossings,
        score,
    }
}

/// The variant with its boxes placed once more where the ends of edges may slide along their sides,
/// if that is clearer.
fn slid(input: &Input<'_>, variant: Variant) -> Variant {
    if variant.graph.items.len() > REFINABLE {
        return variant;
    }
    let (positions, routed) = placed(input, &variant.graph, &variant.order, true, None);
    let score = score(input, &positions, &routed, variant.crossings);
    if score >= variant.score {
        return variant;
    }
    Variant {
        positions,
        routed,
        score,
        ..variant
    }
}

/// Places and routes of an order.
fn placed(
    input: &Input<'_>,
    graph: &Graph,
    order: &order::Order,
    sliding: bool,
    earlier: Option<&Earlier>,
) -> (Positions, Routed) {
    // A pivot costs at most about `size` steps.
    let pivots = (4_000_000 / graph.items.len().max(1)).clamp(1000, 6000);
    let spread = if input.is_entities() { 40 } else { 28 };
    let positions = position::position(graph, order, spread, pivots, sliding, earlier);
    let stub = if input.is_entities() { 22 } else { 15 };
    let routed = route::route(graph, &positions, stub);
    (positions, routed)
}

/// The less the better: crossings, corners, and how small the text gets on a page.
fn score(input: &Input<'_>, positions: &Positions, routed: &Routed, crossings: u64) -> i64 {
    let right = positions.x.iter().max().copied().unwrap_or(0);
    let right = positions
        .sides
        .iter()
        .map(|s| s.1)
        .max()
        .unwrap_or(0)
        .max(right)
        + 160;
    let bottom = routed.rows.last().map_or(0, |(y, h)| y + h) + 120;
    let (w, h) = if input.sideways {
        (bottom, right)
    } else {
        (right, bottom)
    };
    let (w, h) = (i64::from(w), i64::from(h));
    // A4 in pixels of 0.75 points: 643 x 933 inside the margins.
    let fit = |pw: i64, ph: i64| (pw * 1000 / w.max(1)).min(ph * 1000 / h.max(1)).min(1000);
    let fit = fit(643, 933).max(fit(933, 643));
    // Smallest text, in 1/1000 point: a pixel is 0.75 points.
    let points = fit * i64::from(TextStyle::Kind.size()) * 3 / 4;
    let corners: usize = routed.corners.iter().map(Vec::len).sum();
    let corners = i64::try_from(corners).unwrap_or(i64::MAX / 1_000_000);
    penalty(crossings) + corners * 250 + 10 * (6000 - points).max(0)
}

/// The part of the score that crossings make.
fn penalty(crossings: u64) -> i64 {
    i64::try_from(crossings).unwrap_or(i64::MAX / 1_000_000) * 2000
}

fn loop_height(label: i32) -> i32 {
    label.max(18) + 8
}

/// Title of a boundary; one line.
fn heading(name: &str, kind: &str) -> String {
    let mut text = crate::measure::plain(name);
    if !kind.trim().is_empty() {
        text = format!("{text} [{}]", crate::measure::plain(kind));
    }
    if TextStyle::Boundary.width(&text) <= TITLE {
        return text;
    }
    let mut lines = TextStyle::Boundary.wrap(&text, TITLE - 14);
    let first = if lines.is_empty() {
        String::new()
    } else {
        lines.swap_remove(0)
    };
    format!("{first} …")
}
