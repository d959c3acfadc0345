//! A finished variant as a scene.

use super::graph::{Flank, Kind};
use super::lists::{small, wide};
use super::{Input, LOOP, Variant, heading, loop_height, route};
use crate::scene::{
    End, Point, Rect, Scene, SceneBoundary, SceneEdge, SceneLabel, TextLine, TextStyle,
};
use crate::{card, numbers};
use groundplan_model::{Mode, View};

pub(super) fn draw(input: &Input<'_>, variant: Variant) -> Scene {
    let Variant {
        graph,
        positions,
        routed,
        ranking,
        ..
    } = variant;
    let reversed = ranking.reversed;
    let mut scene = Scene::default();
    let mut rects: Vec<Rect> = Vec::new();
    for (n, card) in input.cards.iter().enumerate() {
        let item = &graph.items[n];
        let (top, height) = routed.rows[wide(item.row)];
        let (natural, h) = input.boxes[n];
        let wider = item.left - natural / 2;
        let w = natural + 2 * wider;
        let flat = Rect {
            x: positions.x[n] - w / 2,
            y: top + (height - h) / 2,
            w,
            h,
        };
        let rect = turn_rect(flat, input.sideways);
        let mut made = card.clone();
        if wider > 0 {
            made.rect.w += 2 * wider;
            made.lines.iter_mut().for_each(|line| line.shift(wider, 0));
        }
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
            trust: group.kind.to_lowercase().contains("trust"),
        });
    }
    for (n, edge) in input.edges.iter().enumerate() {
        let Some(chain) = graph.chains.get(n) else {
            continue;
        };
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else {
            continue;
        };
        let mut points = route::line(&graph, &positions, &routed, n);
        let flanks = graph.flanks.get(n).copied().unwrap_or_default();
        let inset = |node: usize, flank: Option<Flank>, upper: bool, point: &mut Point| {
            let made = &scene.boxes[node];
            match flank {
                _ if input.sideways => {}
                Some(flank) if flank.right => point.x -= card::side_inset(made, point.y),
                Some(_) => point.x += card::side_inset(made, point.y),
                None if upper => point.y += card::inset(made, point.x, true),
                None => point.y -= card::inset(made, point.x, false),
            }
        };
        if let [start, .., end] = points.as_mut_slice() {
            inset(*first, flanks.0, false, start);
            inset(*last, flanks.1, true, end);
        }
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
            if graph.items[*item].kind == Kind::Label(small(n)) {
                let (top, height) = routed.rows[wide(graph.items[*item].row)];
                let at = turn(
                    Point {
                        x: positions.x[*item],
                        y: top + height / 2,
                    },
                    input.sideways,
                );
                scene.labels.extend(label(input, edge.index, at));
            }
        }
        scene.edges.extend(route_of(input.view, edge.index, points));
    }
    loops(input, &rects, &mut scene);
    scene.boxes.sort_by(|a, b| a.id.cmp(&b.id));
    scene.edges.sort_by(|a, b| a.id.cmp(&b.id));
    scene.labels.sort_by(|a, b| a.edge.cmp(&b.edge));
    if input.numbered {
        numbers::assign(&mut scene.labels);
    }
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

fn label(input: &Input<'_>, edge: usize, centre: Point) -> Option<SceneLabel> {
    let (rect, mut lines) = input.label(edge)?;
    let edge = input.view.edges.get(edge)?;
    let (x, y) = (centre.x - rect.w / 2, centre.y - rect.h / 2);
    lines.iter_mut().for_each(|l| l.shift(x, y));
    let rect = Rect { x, y, ..rect };
    Some(SceneLabel {
        edge: edge.id.clone(),
        rect,
        lines,
        words: if input.numbered {
            numbers::words(&edge.label, &edge.technology)
        } else {
            String::new()
        },
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
        let words = input.label(*index);
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
            scene.labels.extend(label(input, *index, centre));
        }
    }
}
