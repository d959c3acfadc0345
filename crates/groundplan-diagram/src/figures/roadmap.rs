//! Phases side by side in reading order, each with what it delivers.

use crate::scene::{
    End, Figure, Mark, Point, Rect, Scene, SceneEdge, Shape, TextLine, TextStyle, Tone,
};
use groundplan_model::{View, ViewNode};

/// Width of a phase, and the space to the next one.
const WIDTH: i32 = 214;
const GAP: i32 = 30;
/// Phases in one row at most.
const COLUMNS: usize = 4;

pub(super) fn lay_out(view: &View) -> Scene {
    let mut scene = Scene::default();
    let mut y = 0;
    let rows = view.nodes.len().div_ceil(COLUMNS).max(1);
    for row in view.nodes.chunks(view.nodes.len().div_ceil(rows).max(1)) {
        let heads: Vec<Vec<String>> = row
            .iter()
            .map(|n| TextStyle::Name.wrap_evenly(&n.name, WIDTH - 24))
            .collect();
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let high = height(lines, TextStyle::Name) + 16;
        let mut bottom = y + high;
        let mut before: Option<(&ViewNode, i32)> = None;
        for ((node, head), n) in row.iter().zip(&heads).zip(0..) {
            let x = n * (WIDTH + GAP);
            let rect = Rect {
                x,
                y,
                w: WIDTH,
                h: high,
            };
            let mut marks = vec![Mark::Outline(Shape::Card, Tone::Service, rect)];
            let mut at = y + (high - height(head.len(), TextStyle::Name)) / 2;
            for line in head {
                let point = Point {
                    x: rect.middle(),
                    y: at,
                };
                marks.push(Mark::Words(TextLine::centred(line, TextStyle::Name, point)));
                at += TextStyle::Name.height();
            }
            at = y + high + 10;
            for (deliverable, ..) in &node.rows {
                for (k, line) in TextStyle::Body
                    .wrap(deliverable, WIDTH - 16)
                    .iter()
                    .enumerate()
                {
                    if k == 0 {
                        let point = Point { x, y: at };
                        marks.push(Mark::Words(TextLine::left("•", TextStyle::Body, point)));
                    }
                    let point = Point { x: x + 12, y: at };
                    marks.push(Mark::Words(TextLine::left(line, TextStyle::Body, point)));
                    at += TextStyle::Body.height();
                }
                at += 4;
            }
            bottom = bottom.max(at);
            let said: Vec<String> = node.rows.iter().map(|(text, ..)| text.clone()).collect();
            scene.figures.push(Figure {
                id: node.id.clone(),
                spoken: match said.is_empty() {
                    true => node.name.clone(),
                    false => format!("{}: {}", node.name, said.join("; ")),
                },
                marks,
            });
            if let Some((earlier, right)) = before {
                scene.edges.push(SceneEdge {
                    id: format!("{}->{}", earlier.id, node.id),
                    from: earlier.id.clone(),
                    to: node.id.clone(),
                    points: [right, x].map(|x| Point { x, y: y + high / 2 }).to_vec(),
                    dashed: false,
                    start: End::Plain,
                    end: End::Arrow,
                });
            }
            before = Some((node, x + WIDTH));
        }
        y = bottom + 24;
    }
    scene
}

fn height(lines: usize, style: TextStyle) -> i32 {
    i32::try_from(lines).unwrap_or(1) * style.height()
}
