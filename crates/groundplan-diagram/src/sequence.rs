//! Sequence diagrams: participants side by side, lifelines, messages in order.

use crate::card;
use crate::scene::{End, Lifeline, Point, Rect, Scene, SceneEdge, SceneLabel, TextLine, TextStyle};
use groundplan_model::{View, ViewStep};
use std::collections::BTreeMap;

/// Widest message line before it wraps, in pixels.
const MESSAGE: i32 = 190;
/// Width of the loop of an internal step.
const LOOP: i32 = 26;
const GAP: i32 = 24;

struct Message {
    from: usize,
    to: usize,
    lines: Vec<String>,
    width: i32,
}

/// Lays out the participants and steps of a view in normal form.
pub(crate) fn lay_out(view: &View) -> Scene {
    let place: BTreeMap<&str, usize> = view
        .nodes
        .iter()
        .enumerate()
        .map(|(n, node)| (node.id.as_str(), n))
        .collect();
    let mut boxes: Vec<_> = view.nodes.iter().map(card::card).collect();
    let messages: Vec<Message> = view
        .steps
        .iter()
        .enumerate()
        .filter_map(|(n, step)| {
            let from = *place.get(step.from.as_str())?;
            let to = *place.get(step.to.as_str())?;
            let lines = TextStyle::Label.wrap(&format!("{}. {}", n + 1, step.label), MESSAGE);
            let width = lines
                .iter()
                .map(|l| TextStyle::Label.width(l))
                .max()
                .unwrap_or(0);
            Some(Message {
                from,
                to,
                lines,
                width,
            })
        })
        .collect();
    let widths: Vec<i32> = boxes.iter().map(|b| b.rect.w).collect();
    let centres = centres(&widths, &messages);
    let tallest = boxes.iter().map(|b| b.rect.h).max().unwrap_or(0);
    for (made, centre) in boxes.iter_mut().zip(&centres) {
        let at = Point {
            x: centre - made.rect.w / 2,
            y: tallest - made.rect.h,
        };
        card::place(made, at);
    }
    let mut scene = Scene::default();
    let mut y = tallest + 14;
    for (n, (message, step)) in messages.iter().zip(&view.steps).enumerate() {
        let id = format!("step-{:03}", n + 1);
        y = draw(&mut scene, message, step, &id, &centres, y);
    }
    let bottom = y + 10;
    for (made, centre) in boxes.iter().zip(&centres) {
        let id = made.id.clone();
        scene.lifelines.push(Lifeline {
            id,
            x: *centre,
            top: tallest,
            bottom,
        });
    }
    for made in &mut boxes {
        made.parent = None;
    }
    scene.boxes = boxes;
    scene
}

/// x of every lifeline: the smallest that keep boxes and message texts apart.
fn centres(widths: &[i32], messages: &[Message]) -> Vec<i32> {
    let mut centres: Vec<i32> = Vec::new();
    for (n, width) in widths.iter().enumerate() {
        let before = n.checked_sub(1);
        let mut x = match before.and_then(|b| Some((centres.get(b)?, widths.get(b)?))) {
            Some((centre, w)) => centre + w / 2 + GAP + width / 2,
            None => width / 2,
        };
        for message in messages {
            let (low, high) = (message.from.min(message.to), message.from.max(message.to));
            let room = if low == high {
                message.width + LOOP + 20
            } else {
                message.width + 24
            };
            // The text of a message stands between its ends, that of an internal step between its
            // lifeline and the next one.
            let needs = (low < high && high == n) || (low == high && low + 1 == n);
            if needs && let Some(start) = centres.get(low) {
                x = x.max(start + room);
            }
        }
        centres.push(x);
    }
    centres
}

fn draw(
    scene: &mut Scene,
    message: &Message,
    step: &ViewStep,
    id: &str,
    centres: &[i32],
    top: i32,
) -> i32 {
    let at = |n: usize| centres.get(n).copied().unwrap_or(0);
    let (from, to) = (at(message.from), at(message.to));
    let rows = i32::try_from(message.lines.len()).unwrap_or(1);
    let height = rows * TextStyle::Label.height();
    let own = from == to;
    let left = if own {
        from + LOOP + 8
    } else {
        from.min(to) + (from - to).abs() / 2
    };
    let mut lines = Vec::new();
    let mut y = top;
    for text in &message.lines {
        let point = Point { x: left, y };
        lines.push(if own {
            TextLine::left(text, TextStyle::Label, point)
        } else {
            TextLine::centred(text, TextStyle::Label, point)
        });
        y += TextStyle::Label.height();
    }
    let x = lines.iter().map(|l| l.rect.x).min().unwrap_or(left);
    let w = lines.iter().map(|l| l.rect.w).max().unwrap_or(0);
    let line_y = if own {
        top + height.max(16) / 2
    } else {
        top + height + 4
    };
    let points = if own {
        [
            (from, line_y - 8),
            (from + LOOP, line_y - 8),
            (from + LOOP, line_y + 8),
            (from, line_y + 8),
        ]
        .map(|(x, y)| Point { x, y })
        .to_vec()
    } else {
        vec![Point { x: from, y: line_y }, Point { x: to, y: line_y }]
    };
    scene.edges.push(SceneEdge {
        id: id.to_owned(),
        from: step.from.clone(),
        to: step.to.clone(),
        points,
        dashed: step.reply,
        start: End::Plain,
        end: if step.is_async { End::Open } else { End::Arrow },
    });
    if !lines.is_empty() {
        let rect = Rect {
            x: x - 2,
            y: top,
            w: w + 4,
            h: height,
        };
        scene.labels.push(SceneLabel {
            edge: id.to_owned(),
            rect,
            lines,
            words: String::new(),
        });
    }
    if own {
        top + height.max(22) + 14
    } else {
        line_y + 14
    }
}
