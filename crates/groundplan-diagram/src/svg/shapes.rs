//! Outlines of boxes, ends of edges, samples of the key: plain paths, no markers, no references.

use crate::card::{ELLIPSE, HEAD, SHEET};
use crate::scene::{End, Figure, KeyEntry, Mark, Point, Rect, SceneBox, Shape, Stroke, Tone};
use std::fmt::Write;

fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Person => "gp-shape gp-tone-person",
        Tone::Service => "gp-shape gp-tone-service",
        Tone::Store => "gp-shape gp-tone-store",
        Tone::Broker => "gp-shape gp-tone-broker",
        Tone::External => "gp-shape gp-tone-external",
    }
}

/// The outline of a box.
pub(super) fn outline(out: &mut String, shape: Shape, tone: Tone, rect: &Rect) {
    let small = rect.h < 30;
    let Rect { x, y, w, h } = *rect;
    let class = class(tone);
    let _ = match shape {
        Shape::Bar => write!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>"
        ),
        Shape::Dot => write!(
            out,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            x + w / 2,
            y + h / 2,
            w.min(h) / 2
        ),
        Shape::Card => write!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"5\"/>"
        ),
        Shape::Table => write!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"2\"/>"
        ),
        Shape::Stack => {
            let s = if small { 3 } else { SHEET };
            let (w, h) = (w - s, h - s);
            write!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\" rx=\"4\"/>\
                 <rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"4\"/>",
                x + s,
                y + s
            )
        }
        Shape::Person => {
            let head = if small { 8 } else { HEAD };
            let r = if small { 4 } else { 13 };
            let top = y + head - if small { 1 } else { 4 };
            let round = if small { 4 } else { 12 };
            write!(
                out,
                "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{r}\"/><rect class=\"{class}\" \
                 x=\"{x}\" y=\"{top}\" width=\"{w}\" height=\"{}\" rx=\"{round}\"/>",
                x + w / 2,
                y + r,
                y + h - top
            )
        }
        Shape::Cylinder => {
            let ry = if small { 3 } else { ELLIPSE };
            let rx = w / 2;
            write!(
                out,
                "<path class=\"{class}\" d=\"M{x} {}A{rx} {ry} 0 0 1 {} {}V{}A{rx} {ry} 0 0 1 {x} \
                 {}Z\"/><path class=\"{class} gp-open\" d=\"M{x} {}A{rx} {ry} 0 0 0 {} {}\"/>",
                y + ry,
                x + w,
                y + ry,
                y + h - ry,
                y + h - ry,
                y + ry,
                x + w,
                y + ry,
            )
        }
        Shape::Pipe => {
            let rx = if small { 3 } else { ELLIPSE };
            let ry = h / 2;
            write!(
                out,
                "<path class=\"{class}\" d=\"M{} {y}H{}A{rx} {ry} 0 0 1 {} {}H{}A{rx} {ry} 0 0 1 {} \
                 {y}Z\"/><path class=\"{class} gp-open\" d=\"M{} {y}A{rx} {ry} 0 0 0 {} {}\"/>",
                x + rx,
                x + w - rx,
                x + w - rx,
                y + h,
                x + rx,
                x + rx,
                x + w - rx,
                x + w - rx,
                y + h,
            )
        }
    };
}

/// The rules between the rows of a table.
pub(super) fn rules(out: &mut String, made: &SceneBox) {
    for (n, y) in made.rules.iter().enumerate() {
        let thin = if n > 0 { " gp-rule" } else { "" };
        let _ = write!(
            out,
            "<path class=\"{} gp-open{thin}\" d=\"M{} {y}H{}\"/>",
            class(made.tone),
            made.rect.x,
            made.rect.right()
        );
    }
}

/// The mark at `tip`, where the line comes from `from` (axis-parallel).
pub(super) fn end(out: &mut String, end: End, from: Point, tip: Point) {
    let (dx, dy) = ((from.x - tip.x).signum(), (from.y - tip.y).signum());
    // `along` goes away from the box, `side` across the line.
    let at = |along: i32, side: i32| {
        format!(
            "{} {}",
            tip.x + dx * along + dy * side,
            tip.y + dy * along - dx * side
        )
    };
    let bar = |along: i32| format!("M{}L{}", at(along, -5), at(along, 5));
    let fork = || format!("M{}L{}M{}L{}", at(11, 0), at(0, -6), at(11, 0), at(0, 6));
    let ring = |along: i32| {
        let (x, y) = (tip.x + dx * along, tip.y + dy * along);
        format!("<circle class=\"gp-ring\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>")
    };
    let mark = |d: String| format!("<path class=\"gp-mark\" d=\"{d}\"/>");
    let drawn = match end {
        End::Plain => String::new(),
        End::Arrow => {
            format!(
                "<path class=\"gp-head\" d=\"M{}L{}L{}Z\"/>",
                at(0, 0),
                at(9, -4),
                at(9, 4)
            )
        }
        End::Open => mark(format!("M{}L{}L{}", at(9, -4), at(0, 0), at(9, 4))),
        End::One => mark(format!("{}{}", bar(5), bar(9))),
        End::ZeroOrOne => format!("{}{}", mark(bar(5)), ring(11)),
        End::OneOrMore => mark(format!("{}{}", fork(), bar(14))),
        End::ZeroOrMore => format!("{}{}", mark(fork()), ring(15)),
    };
    out.push_str(&drawn);
    if !drawn.is_empty() {
        out.push('\n');
    }
}

/// The marks of a figure, words apart.
pub(super) fn mark(out: &mut String, mark: &Mark) {
    match mark {
        Mark::Outline(shape, tone, rect) => outline(out, *shape, *tone, rect),
        Mark::Line(kind, a, b) => stroke(out, *kind, *a, *b),
        Mark::Words(_) => {}
    }
}

fn stroke(out: &mut String, kind: Stroke, a: Point, b: Point) {
    let class = match kind {
        Stroke::Grid => "gp-lifeline gp-rule",
        Stroke::Target => "gp-target",
    };
    let _ = write!(
        out,
        "<path class=\"{class}\" d=\"M{} {}L{} {}\"/>",
        a.x, a.y, b.x, b.y
    );
}

/// The room of a figure.
pub(super) fn room(figure: &Figure) -> Rect {
    let rects = || figure.marks.iter().map(Mark::rect);
    let x = rects().map(|r| r.x).min().unwrap_or(0);
    let y = rects().map(|r| r.y).min().unwrap_or(0);
    let right = rects().map(|r| r.right()).max().unwrap_or(0);
    let bottom = rects().map(|r| r.bottom()).max().unwrap_or(0);
    Rect {
        x,
        y,
        w: right - x,
        h: bottom - y,
    }
}

/// The sample of a key entry.
pub(super) fn sample(out: &mut String, entry: &KeyEntry) {
    if let Some((shape, tone)) = entry.sample {
        outline(out, shape, tone, &entry.rect);
        if shape == Shape::Table {
            let _ = write!(
                out,
                "<path class=\"{} gp-open\" d=\"M{} {}H{}\"/>",
                class(tone),
                entry.rect.x,
                entry.rect.y + 6,
                entry.rect.right()
            );
        }
    }
    if let Some(kind) = entry.stroke {
        let Rect { x, y, w, h } = entry.rect;
        let at = |y: i32| Point { x: x + w / 2, y };
        stroke(out, kind, at(y), at(y + h));
    }
    if let Some(dashed) = entry.line {
        let class = if dashed {
            "gp-edge gp-dashed"
        } else {
            "gp-edge"
        };
        let y = entry.rect.y + entry.rect.h / 2;
        let _ = write!(
            out,
            "<path class=\"{class}\" d=\"M{} {y}H{}\"/>",
            entry.rect.x,
            entry.rect.right()
        );
    }
}
