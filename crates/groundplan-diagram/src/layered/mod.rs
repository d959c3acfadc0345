//! Layered layout (Sugiyama, Tagawa, Toda, 1981) with nested boundaries: layers, rows, order,
//! x, channels. Several variants are laid out and the most legible one is kept.

mod candidates;
mod channel;
mod counter;
mod draw;
mod earlier;
mod flank;
mod graph;
mod grown;
mod input;
mod kick;
mod layers;
mod lists;
mod moves;
mod order;
mod position;
pub(crate) mod rank;
mod relayer;
mod resized;
mod route;
mod sift;
mod simplex;
mod straighten;

use crate::hints::Hints;
use crate::scene::{Scene, SceneBox, TextStyle};
use crate::{numbers, page};
use candidates::{candidates, estimate, first_effort, length};
use earlier::Earlier;
use graph::Graph;
use groundplan_model::{View, ViewEdge};
use layers::Layers;
use position::Positions;
use rank::{Breaking, Ranking, Stacking};
use route::Routed;

/// Width of the loop of an edge from a box to itself.
const LOOP: i32 = 26;
/// Widest title of a boundary.
const TITLE: i32 = 480;

/// An edge between two different boxes.
#[derive(Clone)]
struct Edge {
    from: usize,
    to: usize,
    /// Index in the view.
    index: usize,
    /// Size of the words; no width without words.
    label: (i32, i32),
}

#[derive(Clone)]
struct Group {
    parent: usize,
    title: i32,
}

/// A view as numbers; group 0 is the drawing itself.
struct Input<'a> {
    view: &'a View,
    cards: Vec<SceneBox>,
    boxes: Vec<(i32, i32)>,
    /// How wide the boxes are besides their names, with their ends of edges.
    bare: Vec<i32>,
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
    let upward = rank::upward(&input, Stacking::Blocks, Breaking::Sinks);
    let layering = rank::layering(&input, Stacking::Blocks, upward);
    let layer = rank::cut(&input, &layering, i32::MAX / 4).layer;
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

/// Layers in an order, which words or numbers at edges do not change.
struct Candidate {
    ranking: Ranking,
    widest: i32,
    order: order::Order,
    crossings: u64,
    /// What edges cost that point upwards without need, and boxes in other layers.
    upward: i64,
    /// Size with words at the edges, about, and what the score will be.
    size: (i32, i32),
    score: i64,
}

/// What was found out about a view before anything has a place.
pub(crate) struct Found {
    candidates: Vec<Candidate>,
    /// The boxes with their words, which are measured once.
    cards: Vec<SceneBox>,
}

/// Searches layers and their order for a view in normal form; none if that takes more than `longest`
/// (see [`LONGEST`]).
pub(crate) fn search(view: &View, longest: usize) -> Option<Found> {
    let cards = input::cards(view);
    let input = Input::with(view, cards.clone(), false);
    let candidates = match input.boxes.is_empty() {
        true => Vec::new(),
        false => candidates(&input.usual(), longest)?,
    };
    Some(Found { candidates, cards })
}

/// The best of what was found, with places.
pub(crate) struct Placed<'a> {
    input: Input<'a>,
    /// With boxes as wide as is usual.
    usual: Input<'a>,
    best: Option<(usize, Variant)>,
    /// Whether its lines are as straight as can be.
    is_straight: bool,
}

/// Places what was found. `numbered`: edges have numbers, and their words stand in a list. `only`: the
/// candidate that was best before, if the others need not be tried again.
pub(crate) fn place<'a>(
    view: &'a View,
    found: &Found,
    numbered: bool,
    only: Option<usize>,
) -> Placed<'a> {
    let input = Input::with(view, found.cards.clone(), numbered);
    // What is about to be much worse is not placed.
    let least = found.candidates.iter().map(|c| c.score).min().unwrap_or(0);
    let most = least + MARGIN;
    let mut best: Option<(i64, usize, bool, Variant)> = None;
    // The name of a box decides nothing.
    let usual = input.usual();
    for (n, candidate) in found.candidates.iter().enumerate() {
        if only.map_or(candidate.score > most, |only| only != n) {
            continue;
        }
        let ranking = candidate.ranking.clone();
        let graph = graph::build(&usual, &ranking, candidate.widest);
        let layers = Layers::of(&graph);
        let layered = (&candidate.order, candidate.crossings);
        let is_small = graph.items.len() <= SMALL;
        let mut variant = finish(&usual, ranking, graph, &layers, layered, None);
        // Small ones are compared as they will be drawn.
        if is_small {
            variant = straightened(&usual, variant, None);
        }
        let score = variant.score + candidate.upward;
        if best.as_ref().is_none_or(|(least, ..)| score < *least) {
            best = Some((score, n, is_small, variant));
        }
    }
    let is_straight = best.as_ref().is_some_and(|b| b.2);
    Placed {
        input,
        usual,
        is_straight,
        best: best.map(|(_, n, _, variant)| (n, variant)),
    }
}

impl Found {
    /// The same layers and orders for a view that differs in what its boxes say.
    pub(crate) fn said_as(self, view: &View) -> Found {
        Found {
            cards: input::cards(view),
            ..self
        }
    }
}

/// Whether words make a drawing so large that it cannot be read on any sheet, and numbers a smaller one,
/// as is seen before anything has a place.
pub(crate) fn needs_numbers(view: &View, found: &Found) -> bool {
    let Some(best) = found.candidates.iter().min_by_key(|c| c.score) else {
        return false;
    };
    let words = page::points(best.size);
    let most_legible = found.candidates.iter().map(|c| page::points(c.size)).max();
    if most_legible.is_none_or(|points| points > page::LEGIBLE * 9 / 10) {
        return false;
    }
    // As wide as where they were found.
    let input = Input::with(view, found.cards.clone(), true).usual();
    let graph = graph::build(&input, &best.ranking, best.widest);
    let ((width, height), _) = estimate(&input, &graph);
    let list = numbers::height(view, width);
    page::points((width, height + list)) > words
}

impl Placed<'_> {
    /// Which candidate it is.
    pub(crate) fn candidate(&self) -> Option<usize> {
        self.best.as_ref().map(|(n, _)| *n)
    }

    /// Width and height of the finished drawing, about.
    pub(crate) fn size(&self) -> (i32, i32) {
        let best = self.best.as_ref();
        best.map_or((0, 0), |(_, v)| {
            size(&self.usual, &v.graph, &v.positions, &v.routed)
        })
    }

    /// The drawing, with its lines as straight as can be.
    pub(crate) fn drawn(self) -> Scene {
        let Placed {
            input,
            usual,
            best,
            is_straight,
        } = self;
        let Some((_, best)) = best else {
            return Scene::default();
        };
        let best = match is_straight {
            true => best,
            false => straightened(&usual, best, None),
        };
        draw::draw(&input, resized::resized(&input, &usual, best))
    }
}

/// Lays out a view with everything left where it was as far as can be; none if nothing is known
/// of it, or that takes more than `longest`.
pub(crate) fn lay_out_after(
    view: &View,
    hints: &Hints,
    longest: usize,
    numbered: bool,
) -> Option<Scene> {
    if hints.is_empty() || view.nodes.is_empty() {
        return None;
    }
    let input = Input::of(view, numbered);
    let (variant, earlier) = again(&input, hints, longest)?;
    let variant = straightened(&input, variant, Some(&earlier));
    Some(draw::draw(&input, variant))
}

/// Whether numbers instead of words would make the drawing of a view smaller, and it is one that
/// people read as a whole.
pub(crate) fn has_words(view: &View) -> bool {
    let words = |e: &ViewEdge| !(e.label.trim().is_empty() && e.technology.trim().is_empty());
    view.nodes.len() + view.edges.len() <= MANY && view.edges.iter().any(words)
}

/// Items beyond which a placement needs more pivots than are usual.
const COMPLEX: usize = 1000;

/// Items beyond which thorough ordering takes too long.
const REFINABLE: usize = 300;

/// What a crossing costs: thirty corners or three quarters of a point of the smallest text, because where
/// lines lead is read first.
const CROSSING: i64 = 7500;
/// The same between tables, whose lines are all that joins them and whose size, for which much is paid
/// (see [`illegible`]), would otherwise decide alone.
const CROSSING_OF_TABLES: i64 = 50_000;
/// What is worse by more than this before anything has a place is not placed.
const MARGIN: i64 = 4000;

/// Boxes and lines beyond which one variant has to do.
const MANY: usize = 160;

/// Items up to which several orders are compared as they will be drawn.
const SMALL: usize = 24;

/// Boxes up to which there is time for more variants and a longer search.
const FEW: usize = 16;

/// The drawing that differs least from an earlier one.
fn again(input: &Input<'_>, hints: &Hints, longest: usize) -> Option<(Variant, Earlier)> {
    let earlier = Earlier::of(input, hints)?;
    let ranking = earlier
        .ranking(input)
        .filter(|r| length(input, r) <= longest)?;
    let graph = graph::build(input, &ranking, 1800);
    let effort = first_effort(graph.items.len());
    let layers = Layers::of(&graph);
    let sorter = order::Sorter::new(&layers.graph, Some(&earlier));
    let layered = order::order(&sorter, &effort);
    drop(sorter);
    let (order, crossings) = (&layered.0, layered.1);
    let layered = (order, crossings);
    let variant = finish(input, ranking, graph, &layers, layered, Some(&earlier));
    Some((variant, earlier))
}

/// A variant whose layers have an order.
fn finish(
    input: &Input<'_>,
    ranking: Ranking,
    graph: Graph,
    layers: &Layers,
    layered: (&order::Order, u64),
    earlier: Option<&Earlier>,
) -> Variant {
    let (order, crossings) = layers.expand(&graph, layered.0, layered.1, earlier);
    let (positions, routed) = placed(input, &graph, &order, None, earlier);
    let size = size(input, &graph, &positions, &routed);
    let score = score(input, size, &routed, crossings);
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

/// The variant with wider boxes and ends of edges at sides, so that its lines are as straight as can be.
fn straightened(input: &Input<'_>, variant: Variant, earlier: Option<&Earlier>) -> Variant {
    flank::flanked(input, grown::grown(input, variant, earlier), earlier)
}

/// Places and routes of an order.
fn placed(
    input: &Input<'_>,
    graph: &Graph,
    order: &order::Order,
    near: Option<&Positions>,
    earlier: Option<&Earlier>,
) -> (Positions, Routed) {
    let items = graph.items.len();
    let (spread, pivots) = (spread(input), pivots(items));
    let positions = if items <= REFINABLE {
        position::sliding(graph, order, spread, pivots, near, earlier)
    } else {
        position::position(graph, order, spread, pivots, earlier)
    };
    let routed = route::route(graph, &positions, stub(input));
    (positions, routed)
}

/// Pivots of a placement: one costs at most about as many steps as there are items. Of a large one most
/// cost far less, and without them its lines are longer than they need be.
fn pivots(items: usize) -> usize {
    if items > COMPLEX {
        return (100_000_000 / items).clamp(1000, 100_000);
    }
    (4_000_000 / items.max(1)).clamp(1000, 6000)
}

/// Space between boxes.
fn spread(input: &Input<'_>) -> i32 {
    if input.is_entities() { 40 } else { 28 }
}

/// Length of the end of an edge at its box.
fn stub(input: &Input<'_>) -> i32 {
    if input.is_entities() { 22 } else { 15 }
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
fn score(input: &Input<'_>, size: (i32, i32), routed: &Routed, crossings: u64) -> i64 {
    let corners: usize = routed.corners.iter().map(Vec::len).sum();
    let corners = i64::try_from(corners).unwrap_or(i64::MAX / 1_000_000);
    penalty(crossings, crossing(input)) + corners * 250 + illegible(input, size)
}

/// The part of the score that small text makes. Tables have no descriptions that could be left out: for
/// them it is far worse that no sheet shows them legibly than that they need a large one.
fn illegible(input: &Input<'_>, size: (i32, i32)) -> i64 {
    let missing = |points: i64| 10 * (page::LEGIBLE - points).max(0);
    let weight = if input.is_entities() { 4 } else { 1 };
    missing(page::points_in_text(size)) + weight * missing(page::points(size))
}

/// The part of the score that crossings make.
fn penalty(crossings: u64, each: i64) -> i64 {
    i64::try_from(crossings).unwrap_or(i64::MAX / 1_000_000) * each
}

/// What a crossing costs in a view.
fn crossing(input: &Input<'_>) -> i64 {
    match input.is_entities() {
        true => CROSSING_OF_TABLES,
        false => CROSSING,
    }
}

fn loop_height(label: i32) -> i32 {
    label.max(18) + 8
}

/// Title of a boundary; one line. Where name, kind and technology are too wide together, technology goes first and
/// then the kind, since only the name tells boundaries apart.
fn heading(name: &str, kind: &str) -> String {
    let name = crate::measure::plain(name);
    let kind = crate::measure::plain(kind);
    let bare = kind.split(':').next().unwrap_or_default();
    let titled = [kind.trim(), bare.trim()]
        .into_iter()
        .filter(|kind| !kind.is_empty())
        .map(|kind| format!("{name} [{kind}]"));
    let fits = |text: &String| TextStyle::Boundary.width(text) <= TITLE;
    if let Some(text) = titled.chain([name.clone()]).find(fits) {
        return text;
    }
    let mut lines = TextStyle::Boundary.wrap(&name, TITLE - 14);
    let first = if lines.is_empty() {
        String::new()
    } else {
        lines.swap_remove(0)
    };
    format!("{first} …")
}
