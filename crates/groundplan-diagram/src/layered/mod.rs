//! Layered layout (Sugiyama, Tagawa, Toda, 1981) with nested boundaries: layers, rows, order,
//! x, channels. Several variants are laid out and the most legible one is kept.

mod channel;
mod graph;
mod order;
mod position;
mod rank;
mod route;
mod simplex;

use crate::card;
use crate::scene::{
    End, Point, Rect, Scene, SceneBoundary, SceneBox, SceneEdge, SceneLabel, TextLine, TextStyle,
};
use graph::{Graph, Kind};
use groundplan_model::{Mode, View, ViewKind};
use position::Positions;
use rank::{Ranking, Stacking};
use route::Routed;
use std::collections::{BTreeMap, BTreeSet};

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
    positions: Positions,
    routed: Routed,
    reversed: Vec<bool>,
    score: i64,
}

/// Lays out a view in normal form.
pub(crate) fn lay_out(view: &View) -> Scene {
    let input = Input::of(view);
    if input.boxes.is_empty() {
        return Scene::default();
    }
    let large = input.boxes.len() + input.edges.len() > 160;
    let widths: &[i32] = match (input.sideways, large) {
        (true, _) => &[700],
        (false, true) => &[2000],
        (false, false) => &[950, 1300, 1800],
    };
    let outside = input.external.iter().any(|e| *e);
    let mut best: Option<Variant> = None;
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
            let graph = graph::build(&input, &ranking, *widest);
            let shape = (ranking.layer.clone(), graph.rows.clone());
            if !seen.insert(shape) {
                continue;
            }
            let variant = attempt(&input, ranking, graph);
            if best.as_ref().is_none_or(|b| variant.score < b.score) {
                best = Some(variant);
            }
        }
    }
    best.map(|variant| draw(&input, variant))
        .unwrap_or_default()
}

fn attempt(input: &Input<'_>, ranking: Ranking, graph: Graph) -> Variant {
    let size = graph.items.len();
    let effort = match size {
        0..=300 => order::Effort {
            starts: 12,
            sweeps: 12,
            exchanges: 3,
            moves: 4,
        },
        301..=1000 => order::Effort {
            starts: 3,
            sweeps: 8,
            exchanges: 2,
            moves: 0,
        },
        _ => order::Effort {
            starts: 1,
            sweeps: 4,
            exchanges: 0,
            moves: 0,
        },
    };
    let (order, crossings) = order::order(&graph, &effort);
    // A pivot costs about `size` steps.
    let pivots = 4_000_000 / size.max(1);
    let spread = if input.is_entities() { 40 } else { 28 };
    let positions = position::position(&graph, &order, spread, pivots.min(6000));
    let stub = if input.is_entities() { 22 } else { 15 };
    let routed = route::route(&graph, &positions, stub);
    let score = score(input, &positions, &routed, crossings);
    Variant {
        graph,
        positions,
        routed,
        reversed: ranking.reversed,
        score,
    }
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
    // Smallest text, in 1/1000 point: 10 pixels are 7.5 points.
    let points = fit * 75 / 10;
    let corners: usize = routed.corners.iter().map(Vec::len).sum();
    let corners = i64::try_from(corners).unwrap_or(i64::MAX / 1_000_000);
    let crossings = i64::try_from(crossings).unwrap_or(i64::MAX / 1_000_000);
    crossings * 2000 + corners * 250 + 10 * (6000 - points).max(0)
}

impl<'a> Input<'a> {
    fn of(view: &'a View) -> Self {
        let sideways = view.kind == ViewKind::Pipeline && view.groups.is_empty();
        let place: BTreeMap<&str, usize> = view
            .nodes
            .iter()
            .enumerate()
            .map(|(n, node)| (node.id.as_str(), n))
            .collect();
        let group: BTreeMap<&str, usize> = view
            .groups
            .iter()
            .enumerate()
            .map(|(n, g)| (g.id.as_str(), n + 1))
            .collect();
        let index = |id: Option<&str>| id.and_then(|id| group.get(id)).copied().unwrap_or(0);
        let mut groups = vec![Group {
            parent: 0,
            title: 0,
        }];
        for g in &view.groups {
            let title = TextStyle::Boundary.width(&heading(&g.name, &g.kind));
            groups.push(Group {
                parent: index(g.parent.as_deref()),
                title,
            });
        }
        let cards: Vec<SceneBox> = view.nodes.iter().map(card::card).collect();
        let mut input = Input {
            view,
            boxes: cards.iter().map(|c| (c.rect.w, c.rect.h)).collect(),
            beside: vec![0; cards.len()],
            cards,
            group_of: view
                .nodes
                .iter()
                .map(|n| index(n.parent.as_deref()))
                .collect(),
            person: view.nodes.iter().map(|n| n.person).collect(),
            external: view.nodes.iter().map(|n| n.external && !n.person).collect(),
            groups,
            edges: Vec::new(),
            loops: Vec::new(),
            sideways,
        };
        for (n, edge) in view.edges.iter().enumerate() {
            let ends = (place.get(edge.from.as_str()), place.get(edge.to.as_str()));
            let (Some(from), Some(to)) = ends else {
                continue;
            };
            if from == to {
                input.loops.push((*from, n));
                continue;
            }
            let label = card::label(&edge.label, &edge.technology);
            let label = label.map_or((0, 0), |(rect, _)| (rect.w, rect.h));
            input.edges.push(Edge {
                from: *from,
                to: *to,
                index: n,
                label,
            });
        }
        input.room_for_ports();
        input.room_for_loops();
        if sideways {
            input
                .boxes
                .iter_mut()
                .for_each(|(w, h)| std::mem::swap(w, h));
            input
                .edges
                .iter_mut()
                .for_each(|e| e.label = (e.label.1, e.label.0));
            input.beside.iter_mut().for_each(|b| *b = 0);
            input.loops.clear();
        }
        input
    }

    fn is_entities(&self) -> bool {
        self.view.kind == ViewKind::EntityRelationship
    }

    /// Makes boxes wide enough for the ends of their edges.
    fn room_for_ports(&mut self) {
        let apart = if self.is_entities() { 18 } else { 14 };
        let mut out = vec![0; self.boxes.len()];
        let mut inn = vec![0; self.boxes.len()];
        for edge in &self.edges {
            out[edge.from] += 1;
            inn[edge.to] += 1;
        }
        let edges: Vec<(usize, usize)> = self.edges.iter().map(|e| (e.from, e.to)).collect();
        for (turned, edge) in rank::backward(self.boxes.len(), &edges)
            .iter()
            .zip(&self.edges)
        {
            if *turned {
                out[edge.from] -= 1;
                inn[edge.from] += 1;
                inn[edge.to] -= 1;
                out[edge.to] += 1;
            }
        }
        for (n, card) in self.cards.iter_mut().enumerate() {
            let side = if self.sideways {
                self.boxes[n].1
            } else {
                self.boxes[n].0
            };
            let more = (out[n].max(inn[n]) + 1) * apart - side;
            if more <= 0 {
                continue;
            }
            let more = more + more % 2;
            let (dx, dy) = if self.sideways { (0, more) } else { (more, 0) };
            card.rect.w += dx;
            card.rect.h += dy;
            for line in &mut card.lines {
                line.shift(dx / 2, dy / 2);
            }
            if card.rules.is_empty() {
                self.boxes[n] = (card.rect.w, card.rect.h);
                continue;
            }
            self.boxes[n] = (card.rect.w, card.rect.h);
        }
    }

    fn room_for_loops(&mut self) {
        let mut height = vec![0; self.boxes.len()];
        for (node, edge) in &self.loops {
            let words = self.view.edges.get(*edge);
            let label = words.and_then(|e| card::label(&e.label, &e.technology));
            let (w, h) = label.map_or((0, 0), |(rect, _)| (rect.w + 4, rect.h));
            self.beside[*node] = self.beside[*node].max(LOOP + w + 4);
            height[*node] += loop_height(h);
        }
        for (n, height) in height.into_iter().enumerate() {
            // The loops hang on the side of the box.
            let missing = height - self.boxes[n].1;
            if missing > 0 {
                let missing = missing + missing % 2;
                self.boxes[n].1 += missing;
                self.cards[n].rect.h += missing;
            }
        }
    }
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

fn draw(input: &Input<'_>, variant: Variant) -> Scene {
    let Variant {
        graph,
        positions,
        routed,
        reversed,
        ..
    } = variant;
    let mut scene = Scene::default();
    let mut rects: Vec<Rect> = Vec::new();
    for (n, card) in input.cards.iter().enumerate() {
        let item = &graph.items[n];
        let (top, height) = routed.rows[item.row];
        let (w, h) = input.boxes[n];
        let flat = Rect {
            x: positions.x[n] - w / 2,
            y: top + (height - h) / 2,
            w,
            h,
        };
        let rect = turn_rect(flat, input.sideways);
        let mut made = card.clone();
        card::place(
            &mut made,
            Point {
                x: rect.x,
                y: rect.y,
            },
        );
        rects.push(rect);
        scene.boxes.push(made);
    }
    for group in crate::description::outer_first(&input.view.groups) {
        let Some(n) = input.view.groups.iter().position(|g| g.id == group.id) else {
            continue;
        };
        let Some(rect) = routed.bounds.get(n + 1).copied() else {
            continue;
        };
        let text = heading(&group.name, &group.kind);
        let at = Point {
            x: rect.x + 10,
            y: rect.y + 5,
        };
        scene.boundaries.push(SceneBoundary {
            id: group.id.clone(),
            parent: group.parent.clone(),
            rect,
            title: TextLine::left(&text, TextStyle::Boundary, at),
            trust: group.kind.contains("trust"),
        });
    }
    for (n, edge) in input.edges.iter().enumerate() {
        let Some(chain) = graph.chains.get(n) else {
            continue;
        };
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
            continue;
        };
        let ports = &positions.ports[n];
        let start = ports.first().map_or(0, |p| p.0);
        let end = ports.last().map_or(0, |p| p.1);
        let y = |item: usize, lower: bool| {
            let (top, height) = routed.rows[graph.items[item].row];
            let h = graph.items[item].height;
            let top = top + (height - h) / 2;
            if lower { top + h } else { top }
        };
        let inset = |node: usize, x: i32, upper: bool| {
            if input.sideways {
                0
            } else {
                card::inset(&scene.boxes[node], x, upper)
            }
        };
        let mut points = vec![Point {
            x: start,
            y: y(*first, true) - inset(*first, start, false),
        }];
        points.extend(routed.corners[n].iter().copied());
        points.push(Point {
            x: end,
            y: y(*last, false) + inset(*last, end, true),
        });
        if reversed[n] {
            points.reverse();
        }
        let points = simple(
            points
                .into_iter()
                .map(|p| turn(p, input.sideways))
                .collect(),
        );
        for item in chain {
            if graph.items[*item].kind == Kind::Label(n) {
                let (top, height) = routed.rows[graph.items[*item].row];
                let at = turn(
                    Point {
                        x: positions.x[*item],
                        y: top + height / 2,
                    },
                    input.sideways,
                );
                scene.labels.extend(label(input.view, edge.index, at));
            }
        }
        scene.edges.extend(route_of(input.view, edge.index, points));
    }
    loops(input, &rects, &mut scene);
    scene.edges.sort_by(|a, b| a.id.cmp(&b.id));
    scene.labels.sort_by(|a, b| a.edge.cmp(&b.edge));
    scene
}

fn turn(point: Point, sideways: bool) -> Point {
    if sideways {
        Point {
            x: point.y,
            y: point.x,
        }
    } else {
        point
    }
}

fn turn_rect(rect: Rect, sideways: bool) -> Rect {
    if sideways {
        Rect {
            x: rect.y,
            y: rect.x,
            w: rect.h,
            h: rect.w,
        }
    } else {
        rect
    }
}

/// The corners without those on a straight line.
fn simple(points: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for point in points {
        if out.last() == Some(&point) {
            continue;
        }
        if let [.., a, b] = out.as_slice()
            && ((a.x == b.x && b.x == point.x) || (a.y == b.y && b.y == point.y))
        {
            out.pop();
        }
        out.push(point);
    }
    out
}

fn label(view: &View, edge: usize, centre: Point) -> Option<SceneLabel> {
    let edge = view.edges.get(edge)?;
    let (rect, mut lines) = card::label(&edge.label, &edge.technology)?;
    let (x, y) = (centre.x - rect.w / 2, centre.y - rect.h / 2);
    lines.iter_mut().for_each(|l| l.shift(x, y));
    let rect = Rect { x, y, ..rect };
    Some(SceneLabel {
        edge: edge.id.clone(),
        rect,
        lines,
    })
}

fn route_of(view: &View, edge: usize, points: Vec<Point>) -> Option<SceneEdge> {
    let edge = view.edges.get(edge)?;
    let mark = |mark: &str| match mark {
        "1" => End::One,
        "0..1" => End::ZeroOrOne,
        "1..*" | "1..n" => End::OneOrMore,
        _ => End::ZeroOrMore,
    };
    let (start, end) = match &edge.ends {
        Some((a, b)) => (mark(a), mark(b)),
        None => (End::Plain, End::Arrow),
    };
    Some(SceneEdge {
        id: edge.id.clone(),
        from: edge.from.clone(),
        to: edge.to.clone(),
        points,
        dashed: edge.mode == Some(Mode::Async),
        start,
        end,
    })
}

/// Edges from a box to itself, on its right side, one below the other.
fn loops(input: &Input<'_>, rects: &[Rect], scene: &mut Scene) {
    let mut used = vec![0; rects.len()];
    for (node, index) in &input.loops {
        let Some(rect) = rects.get(*node) else {
            continue;
        };
        let words = input.view.edges.get(*index);
        let words = words.and_then(|e| card::label(&e.label, &e.technology));
        let height = loop_height(words.as_ref().map_or(0, |(r, _)| r.h));
        let top = rect.y + used[*node];
        used[*node] += height;
        let (high, low) = (top + height / 2 - 8, top + height / 2 + 8);
        let x = rect.right();
        let points = [(x, high), (x + LOOP, high), (x + LOOP, low), (x, low)];
        let points = points.map(|(x, y)| Point { x, y }).to_vec();
        scene.edges.extend(route_of(input.view, *index, points));
        if let Some((size, _)) = words {
            let centre = Point {
                x: x + LOOP + 4 + size.w / 2,
                y: top + height / 2,
            };
            scene.labels.extend(label(input.view, *index, centre));
        }
    }
}
