//! Title, key and remarks around a drawing.

use crate::scene::{KeyEntry, Mark, Point, Rect, Scene, Shape, TextLine, TextStyle, Tone};
use groundplan_model::{View, ViewKind};

const MARGIN: i32 = 20;
/// Narrowest drawing: title and key must be readable.
const NARROWEST: i32 = 360;

/// Puts `body`, drawn anywhere, into a frame with title, key and remarks.
pub(crate) fn frame(view: &View, mut body: Scene) -> Scene {
    let area = extent(&body);
    let inner = area.w.max(NARROWEST);
    let width = inner + 2 * MARGIN;
    let mut y = MARGIN;
    let mut title = Vec::new();
    for line in TextStyle::Title.wrap(&view.title, inner) {
        title.push(TextLine::left(
            &line,
            TextStyle::Title,
            Point { x: MARGIN, y },
        ));
        y += TextStyle::Title.height();
    }
    y += 12;
    body.shift(MARGIN - area.x + (inner - area.w) / 2, y - area.y);
    body.title = title;
    y += area.h + 18;
    let (list, height) = crate::numbers::list(&body, MARGIN, y, inner);
    if !list.is_empty() {
        body.list = list;
        y += height + 14;
    }
    y = key(view, &mut body, y, width);
    for line in TextStyle::Note.wrap(&view.omitted, inner) {
        body.notes.push(TextLine::left(
            &line,
            TextStyle::Note,
            Point { x: MARGIN, y },
        ));
        y += TextStyle::Note.height();
    }
    body.width = width;
    body.height = y + MARGIN - 6;
    body
}

/// The smallest rectangle around everything drawn.
fn extent(scene: &Scene) -> Rect {
    let mut corners: Vec<Point> = scene.edges.iter().flat_map(|e| e.points.clone()).collect();
    let rects = scene.boxes.iter().map(|b| b.rect);
    let rects = rects.chain(scene.boundaries.iter().map(|b| b.rect));
    let rects = rects.chain(scene.labels.iter().map(|l| l.rect));
    let marks = scene.figures.iter().flat_map(|f| &f.marks);
    let rects = rects.chain(marks.map(Mark::rect));
    for rect in rects {
        corners.push(Point {
            x: rect.x,
            y: rect.y,
        });
        corners.push(Point {
            x: rect.right(),
            y: rect.bottom(),
        });
    }
    for line in &scene.lifelines {
        corners.push(Point {
            x: line.x,
            y: line.bottom,
        });
    }
    let x = corners.iter().map(|p| p.x).min().unwrap_or(0);
    let y = corners.iter().map(|p| p.y).min().unwrap_or(0);
    let right = corners.iter().map(|p| p.x).max().unwrap_or(0);
    let bottom = corners.iter().map(|p| p.y).max().unwrap_or(0);
    Rect {
        x,
        y,
        w: right - x,
        h: bottom - y,
    }
}

fn key(view: &View, scene: &mut Scene, top: i32, width: i32) -> i32 {
    let mut samples: Vec<(Shape, Tone)> = scene.boxes.iter().map(|b| (b.shape, b.tone)).collect();
    samples.sort();
    samples.dedup();
    let mut entries = Vec::new();
    for (shape, tone) in samples {
        entries.push((Some((shape, tone)), None, word(view.kind, shape, tone)));
    }
    let entity = view.kind == ViewKind::EntityRelationship;
    let strokes = std::mem::take(&mut scene.samples);
    for dashed in [false, true] {
        if scene.edges.iter().any(|e| e.dashed == dashed) {
            entries.push((None, Some(dashed), line_word(view.kind, dashed)));
        }
    }
    if entity && scene.edges.is_empty() {
        entries.retain(|e| e.1.is_none());
    }
    let entries = entries
        .into_iter()
        .map(|(sample, line, word)| (sample, line, None, word));
    let strokes = strokes
        .into_iter()
        .map(|(sample, stroke, word)| (sample, None, stroke, word));
    let (mut x, mut y) = (MARGIN, top);
    for (sample, line, stroke, word) in entries.chain(strokes) {
        let text_width = TextStyle::Note.width(word);
        let needed = 28 + 6 + text_width;
        if x > MARGIN && x + needed > width - MARGIN {
            x = MARGIN;
            y += 24;
        }
        let rect = Rect { x, y, w: 28, h: 18 };
        let text = TextLine::left(
            word,
            TextStyle::Note,
            Point {
                x: x + 34,
                y: y + 2,
            },
        );
        scene.key.push(KeyEntry {
            sample,
            line,
            stroke,
            rect,
            text,
        });
        x += needed + 20;
    }
    if scene.key.is_empty() { y } else { y + 28 }
}

fn word(kind: ViewKind, shape: Shape, tone: Tone) -> &'static str {
    match (shape, tone) {
        (Shape::Person, Tone::External) => "person outside",
        (Shape::Person, _) => "person",
        (Shape::Stack, _) => "several, drawn as one",
        (Shape::Cylinder, Tone::External) => "data store outside the system",
        (Shape::Cylinder, _) => "data store",
        (Shape::Pipe, Tone::External) => "message broker outside the system",
        (Shape::Pipe, _) => "message broker",
        (Shape::Table, _) => "entity with its fields",
        (Shape::Dot | Shape::Bar, _) => "value",
        (Shape::Card, Tone::External) => "outside the system",
        (Shape::Card, _) => match kind {
            ViewKind::SystemContext | ViewKind::Landscape => "software system",
            ViewKind::Container | ViewKind::Deployment | ViewKind::DataFlow => "container",
            ViewKind::Component => "component",
            ViewKind::Pipeline => "job",
            ViewKind::Sequence | ViewKind::EntityRelationship => "participant",
            ViewKind::Roadmap => "phase",
            ViewKind::Matrix | ViewKind::Chart => "element",
        },
    }
}

fn line_word(kind: ViewKind, dashed: bool) -> &'static str {
    match (kind, dashed) {
        (ViewKind::EntityRelationship, _) => "reference; the forked end is the side of the many",
        (ViewKind::Pipeline | ViewKind::Roadmap, _) => "comes before",
        (ViewKind::Sequence, false) => "message",
        (ViewKind::Sequence, true) => "reply",
        (_, false) => "uses, synchronous",
        (_, true) => "uses, asynchronous",
    }
}
