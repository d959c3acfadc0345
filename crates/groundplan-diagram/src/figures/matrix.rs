//! A dependency matrix: a row uses the columns in which it has a cell (Steward, "The design structure
//! system", 1981). Users stand before what they use, so that cells left of the diagonal are the
//! dependencies that close a cycle.

use crate::layered::rank;
use crate::scene::{Figure, Mark, Point, Rect, Scene, Shape, Stroke, TextLine, TextStyle, Tone};
use groundplan_model::{View, ViewNode};
use std::collections::BTreeMap;

/// Side of a cell.
const CELL: i32 = 20;
/// Widest name.
const NAME: i32 = 230;

/// Indices of the nodes in the order of rows, and the relations as row and column of that order
/// with their label.
pub(crate) fn ordered(view: &View) -> (Vec<usize>, Vec<(usize, usize, &str)>) {
    let index: BTreeMap<&str, usize> = (view.nodes.iter().enumerate())
        .map(|(n, node)| (node.id.as_str(), n))
        .collect();
    let pairs: Vec<(usize, usize, &str)> = view
        .edges
        .iter()
        .filter_map(|e| {
            Some((
                *index.get(e.from.as_str())?,
                *index.get(e.to.as_str())?,
                e.label.as_str(),
            ))
        })
        .collect();
    let ends: Vec<(usize, usize)> = pairs.iter().map(|(a, b, _)| (*a, *b)).collect();
    let place = rank::sequence(view.nodes.len(), &ends);
    let mut order: Vec<usize> = (0..view.nodes.len()).collect();
    order.sort_by_key(|n| place[*n]);
    let cells = pairs
        .into_iter()
        .map(|(a, b, label)| (place[a], place[b], label));
    (order, cells.collect())
}

/// The name of a row in one line.
fn name(node: &ViewNode) -> String {
    let name = if node.name.trim().is_empty() {
        &node.id
    } else {
        &node.name
    };
    let mut lines = TextStyle::Body.wrap(name, NAME - 14);
    match lines.len() {
        0 | 1 => lines.pop().unwrap_or_default(),
        _ => format!("{} …", lines.swap_remove(0)),
    }
}

pub(super) fn lay_out(view: &View) -> Scene {
    let (order, cells) = ordered(view);
    let nodes: Vec<&ViewNode> = order.iter().filter_map(|n| view.nodes.get(*n)).collect();
    let names: Vec<String> = nodes.iter().map(|n| name(n)).collect();
    let widest = names
        .iter()
        .map(|n| TextStyle::Body.width(n))
        .max()
        .unwrap_or(0);
    let count = i32::try_from(nodes.len()).unwrap_or(0);
    let left = widest + 36;
    let cell = |row: usize, column: usize| Rect {
        x: left + i32::try_from(column).unwrap_or(0) * CELL,
        y: CELL + i32::try_from(row).unwrap_or(0) * CELL,
        w: CELL,
        h: CELL,
    };
    let centred = |text: &str, rect: Rect| {
        let at = Point {
            x: rect.middle(),
            y: rect.y + (CELL - TextStyle::Body.height()) / 2,
        };
        Mark::Words(TextLine::centred(text, TextStyle::Body, at))
    };
    let mut scene = Scene::default();
    let mut head: Vec<Mark> = Vec::new();
    for n in 0..nodes.len() {
        let top = Rect { y: 0, ..cell(0, n) };
        head.push(centred(&(n + 1).to_string(), top));
    }
    for n in 0..=count {
        let (at, end) = (n * CELL, count * CELL);
        let line = |a: (i32, i32), b: (i32, i32)| {
            Mark::Line(
                Stroke::Grid,
                Point { x: a.0, y: a.1 },
                Point { x: b.0, y: b.1 },
            )
        };
        head.push(line((left + at, CELL), (left + at, CELL + end)));
        head.push(line((left, CELL + at), (left + end, CELL + at)));
    }
    scene.figures.push(Figure {
        id: String::new(),
        spoken: String::new(),
        marks: head,
    });
    let mut against = false;
    for (row, (node, name)) in nodes.iter().zip(&names).enumerate() {
        let first = cell(row, 0);
        let at = Point {
            x: 0,
            y: first.y + (CELL - TextStyle::Body.height()) / 2,
        };
        let mut marks = vec![Mark::Words(TextLine::left(name, TextStyle::Body, at))];
        marks.push(centred(
            &(row + 1).to_string(),
            Rect {
                x: left - 30,
                ..first
            },
        ));
        marks.push(Mark::Outline(
            Shape::Bar,
            Tone::External,
            inset(cell(row, row)),
        ));
        let mut uses = Vec::new();
        for (_, column, label) in cells.iter().filter(|(a, b, _)| *a == row && a != b) {
            let back = *column < row;
            against |= back;
            let tone = if back { Tone::Person } else { Tone::Service };
            let place = cell(row, *column);
            marks.push(Mark::Outline(Shape::Bar, tone, inset(place)));
            if label.chars().count() <= 2 {
                marks.push(centred(label, place));
            }
            uses.extend(names.get(*column).cloned());
        }
        let uses = match uses.is_empty() {
            true => "nothing".to_owned(),
            false => crate::description::list(&uses),
        };
        scene.figures.push(Figure {
            id: node.id.clone(),
            spoken: format!("{name} uses {uses}"),
            marks,
        });
    }
    let sample = |tone: Tone, words: &'static str| (Some((Shape::Bar, tone)), None, words);
    scene.samples.push(sample(
        Tone::Service,
        "the row uses the column; number of relations",
    ));
    if against {
        scene
            .samples
            .push(sample(Tone::Person, "against the order, closes a cycle"));
    }
    scene
}

fn inset(rect: Rect) -> Rect {
    Rect {
        x: rect.x + 1,
        y: rect.y + 1,
        w: rect.w - 2,
        h: rect.h - 2,
    }
}
