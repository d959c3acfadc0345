//! Layered layout (Sugiyama, Tagawa, Toda, 1981) with nested boundaries: layers, rows, order,
//! x, channels. Several variants are laid out and the most legible one is kept.

mod channel;
mod counter;
mod draw;
mod earlier;
mod graph;
mod input;
mod kick;
mod layers;
mod lists;
mod moves;
mod order;
mod position;
pub(crate) mod rank;
mod route;
mod simplex;
mod straighten;

use crate::hints::Hints;
use crate::scene::{Scene, SceneBox, TextStyle};
use crate::{numbers, page};
use earlier::Earlier;
use graph::Graph;
use groundplan_model::{View, ViewEdge};
use layers::Layers;
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
    /// Whether edges have numbers instead of words.
    numbered: bool,
}

/// Indices of the nodes of a view in normal form, by layer from top to bottom.
pub(crate) fn layers(view: &View) -> Vec<Vec<usize>> {
    let input = Input::of(view, false);
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
    /// The layers, their order, and how often lines between them cross; none of a large drawing.
    layered: Option<(Layers, order::Order, u64)>,
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
/// `numbered`: edges have numbers, and their words stand in a list.
pub(crate) fn lay_out(view: &View, hints: &Hints, longest: usize, numbered: bool) -> Option<Scene> {
    let input = Input::of(view, numbered);
    if input.boxes.is_empty() {
        return Some(Scene::default());
    }
    if !hints.is_empty()
        && let Some(variant) = again(&input, hints, longest)
    {
        return Some(draw::draw(&input, variant));
    }
    refined(&input, drafts(&input, longest)?)
}

/// Whether numbers instead of words would make the drawing of a view smaller, and it is one that
/// people read as a whole.
pub(crate) fn has_words(view: &View) -> bool {
    let words = |e: &ViewEdge| !(e.label.trim().is_empty() && e.technology.trim().is_empty());
    view.nodes.len() + view.edges.len() <= MANY && view.edges.iter().any(words)
}

/// Boxes and lines beyond which one variant has to do.
const MANY: usize = 160;

/// The variants, ordered with little effort.
fn drafts(input: &Input<'_>, longest: usize) -> Option<Vec<Variant>> {
    let large = input.boxes.len() + input.edges.len() > MANY;
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
            let ranking = rank::rank(input, stacking, *widest);
            if length(input, &ranking) > longest {
                return None;
            }
            let graph = graph::build(input, &ranking, *widest);
            let shape = (ranking.layer.clone(), graph.rows.clone());
            if !seen.insert(shape) {
                continue;
            }
            let size = graph.items.len();
            let effort = if size > REFINABLE {
                first_effort(size)
            } else {
                DRAFT
            };
            let layers = Layers::of(&graph);
            let layered = order::order(&layers.graph, &effort, None);
            // Placing takes long, and what crosses too often is not kept.
            let mut scores: Vec<i64> = variants.iter().map(|v| v.score).collect();
            scores.sort_unstable();
            let kept = scores.get(DRAFTS - 1);
            if kept.is_some_and(|most| penalty(layered.1) >= *most) {
                continue;
            }
            variants.push(finish(input, ranking, graph, layers, layered, None));
        }
    }
    variants.sort_by_key(|variant| variant.score);
    variants.truncate(DRAFTS);
    Some(variants)
}

/// The best of the variants after a longer search for fewer crossings.
fn refined(input: &Input<'_>, drafts: Vec<Variant>) -> Option<Scene> {
    let effort = |variant: &Variant| first_effort(variant.graph.items.len());
    let mut variants: Vec<Variant> = drafts
        .into_iter()
        .map(|draft| {
            let effort = effort(&draft);
            reordered(input, draft, |layers, _, _| {
                order::order(&layers.graph, &effort, None)
            })
        })
        .collect();
    // Only the promising variants are worth the longest search.
    variants.sort_by_key(|variant| variant.score);
    variants.truncate(PROMISING);
    let finished = variants.into_iter().map(|variant| {
        reordered(input, variant, |layers, order, crossings| {
            kick::improve(&layers.graph, order, crossings)
        })
    });
    let best = finished.min_by_key(|variant| variant.score)?;
    let best = slid(input, straighter(input, best));
    Some(draw::draw(input, best))
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
    let layers = Layers::of(&graph);
    let layered = order::order(&layers.graph, &effort, Some(&earlier));
    Some(finish(
        input,
        ranking,
        graph,
        layers,
        layered,
        Some(&earlier),
    ))
}

/// How many variants are ordered with more effort, and how many of them thoroughly.
const DRAFTS: usize = 4;
const PROMISING: usize = 2;
/// What tells the promising variants.
const DRAFT: order::Effort = order::Effort {
    starts: 2,
    sweeps: 6,
    exchanges: 2,
    moves: 0,
    refined: 1,
};
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

/// How many other orders without crossings are placed.
const OTHERS: u64 = 3;

/// Where no lines cross, another order of which the same is true may have fewer corners or fit a page
/// better.
fn straighter(input: &Input<'_>, mut variant: Variant) -> Variant {
    if variant.crossings > 0 || input.edges.is_empty() {
        return variant;
    }
    let effort = order::Effort { starts: 1, ..DRAFT };
    for first in 1..=OTHERS {
        let Some((layers, before, _)) = &variant.layered else {
            break;
        };
        let (order, crossings) = order::order_from(&layers.graph, &effort, first, None);
        if crossings > 0 || order.rows == before.rows {
            continue;
        }
        let (whole, crossings) = layers.expand(&variant.graph, &order, crossings, None);
        let (positions, routed) = placed(input, &variant.graph, &whole, false, None);
        let size = size(input, &variant.graph, &positions, &routed);
        let score = score(size, &routed, crossings);
        if score < variant.score {
            variant = Variant {
                order: whole,
                positions,
                routed,
                crossings,
                score,
                ..variant
            };
        }
    }
    variant
}

/// The variant with the order of its layers that `order` finds, if fewer lines cross in it.
fn reordered(
    input: &Input<'_>,
    variant: Variant,
    order: impl FnOnce(&Layers, &order::Order, u64) -> (order::Order, u64),
) -> Variant {
    let (found, crossings) = match &variant.layered {
        Some((layers, before, crossings)) if *crossings > 0 => {
            let found = order(layers, before, *crossings);
            (found, *crossings)
        }
        _ => return variant,
    };
    if found.1 >= crossings {
        return variant;
    }
    let Variant {
        ranking,
        graph,
        layered,
        ..
    } = variant;
    let layers = layered.map_or_else(|| Layers::of(&graph), |(layers, ..)| layers);
    finish(input, ranking, graph, layers, found, None)
}

/// A variant whose layers have an order.
fn finish(
    input: &Input<'_>,
    ranking: Ranking,
    graph: Graph,
    layers: Layers,
    layered: (order::Order, u64),
    earlier: Option<&Earlier>,
) -> Variant {
    let (order, crossings) = layers.expand(&graph, &layered.0, layered.1, earlier);
    let kept = graph.items.len() <= REFINABLE;
    // A large drawing is not ordered again, and its layers would take room.
    let layered = kept.then_some((layers, layered.0, layered.1));
    let (positions, routed) = placed(input, &graph, &order, false, earlier);
    let size = size(input, &graph, &positions, &routed);
    let score = score(size, &routed, crossings);
    Variant {
        graph,
        layered,
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
    let size = size(input, &variant.graph, &positions, &routed);
    let score = score(size, &routed, variant.crossings);
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

/// Width and height of the finished drawing with title and key, about.
fn size(input: &Input<'_>, graph: &Graph, positions: &Positions, routed: &Routed) -> (i32, i32) {
    let items = graph.items.iter().zip(&positions.x);
    let items = items.map(|(item, x)| (x - item.left, x + item.right));
    let sides = positions.sides.iter().skip(1).copied();
    let (left, right) = items
        .chain(sides)
        .fold((i32::MAX, 0), |(left, right), side| {
            (left.min(side.0), right.max(side.1))
        });
    // Margins, title, key.
    let right = right.saturating_sub(left) + 40;
    let mut bottom = routed.rows.last().map_or(0, |(y, h)| y + h) + 110;
    if input.numbered {
        bottom += numbers::height(input.view, right);
    }
    if input.sideways {
        (bottom, right)
    } else {
        (right, bottom)
    }
}

/// The less the better: crossings, corners, and how small the text gets on a page.
fn score(size: (i32, i32), routed: &Routed, crossings: u64) -> i64 {
    let corners: usize = routed.corners.iter().map(Vec::len).sum();
    let corners = i64::try_from(corners).unwrap_or(i64::MAX / 1_000_000);
    let missing = |points: i64| 10 * (page::LEGIBLE - points).max(0);
    let illegible = missing(page::points_in_text(size)) + missing(page::points(size));
    penalty(crossings) + corners * 250 + illegible
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
