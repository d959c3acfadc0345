//! A scene as a standalone SVG that can also stand inline in a page with others.

mod shapes;
mod style;

use crate::card::anchor_x;
use crate::scene::{Point, Rect, Scene, SceneEdge, TextLine, TextStyle};
use crate::theme::Theme;
use groundplan_model::{View, ViewKind};
use std::fmt::Write;

/// The colours of a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Colours are CSS variables, light or dark as the reader's system or page is.
    Switching(Theme),
    /// Light colours written out, for what cannot switch: print, and programs without variables.
    Light(Theme),
    /// Dark colours written out.
    Dark(Theme),
}

impl Default for Look {
    fn default() -> Self {
        Look::Switching(Theme::default())
    }
}

/// `view` as SVG.
pub(crate) fn write(view: &View, scene: &Scene, look: &Look) -> String {
    let mut out = String::new();
    let id = safe_id(&view.id);
    let (w, h) = (scene.width, scene.height);
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"gp-diagram\" id=\"{id}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" \
         height=\"{h}\" data-engine=\"groundplan\" data-diagram=\"{}\" data-font-min=\"{}\"{}>",
        escape(&view.id),
        TextStyle::Kind.size(),
        if scene.list.is_empty() {
            ""
        } else {
            " data-numbered=\"true\""
        },
    );
    let _ = write!(
        out,
        "\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        escape(&view.title),
        escape(&summary(view)),
    );
    let sheet = match look {
        Look::Switching(theme) => style::sheet(theme),
        Look::Light(theme) => style::fixed(&theme.light),
        Look::Dark(theme) => style::fixed(&theme.dark),
    };
    let _ = writeln!(out, "<style>{sheet}</style>");
    let _ = writeln!(
        out,
        "<rect class=\"gp-paper\" width=\"{w}\" height=\"{h}\"/>"
    );
    texts(&mut out, &scene.title);
    for boundary in &scene.boundaries {
        let class = if boundary.trust {
            "gp-trust"
        } else {
            "gp-boundary"
        };
        let _ = writeln!(
            out,
            "<g><rect class=\"{class}\" rx=\"6\" {} data-boundary=\"{}\" data-parent=\"{}\" \
             data-bbox=\"{}\"/>",
            place(&boundary.rect),
            escape(&boundary.id),
            escape(boundary.parent.as_deref().unwrap_or_default()),
            bbox(&boundary.rect),
        );
        let _ = write!(
            out,
            "<g data-title-of=\"{}\" data-bbox=\"{}\">",
            escape(&boundary.id),
            bbox(&boundary.title.rect)
        );
        text(&mut out, &boundary.title);
        out.push_str("</g></g>\n");
    }
    for line in &scene.lifelines {
        let _ = writeln!(
            out,
            "<path class=\"gp-lifeline\" d=\"M{} {}V{}\"/>",
            line.x, line.top, line.bottom
        );
    }
    for figure in &scene.figures {
        if figure.id.is_empty() {
            out.push_str("<g aria-hidden=\"true\">");
        } else {
            let _ = write!(
                out,
                "<g role=\"group\" aria-label=\"{}\" data-node=\"{}\" data-parent=\"\" \
                 data-bbox=\"{}\">",
                escape(&figure.spoken),
                escape(&figure.id),
                bbox(&shapes::room(figure)),
            );
        }
        for mark in &figure.marks {
            match mark {
                crate::scene::Mark::Words(line) => text(&mut out, line),
                _ => shapes::mark(&mut out, mark),
            }
        }
        out.push_str("</g>\n");
    }
    for edge in &scene.edges {
        route(&mut out, edge);
    }
    for made in &scene.boxes {
        let _ = write!(
            out,
            "<g role=\"group\" aria-label=\"{}\" data-node=\"{}\" data-parent=\"{}\" \
             data-bbox=\"{}\">",
            escape(&made.spoken),
            escape(&made.id),
            escape(made.parent.as_deref().unwrap_or_default()),
            bbox(&made.rect),
        );
        shapes::outline(&mut out, made.shape, made.tone, &made.rect);
        shapes::rules(&mut out, made);
        texts(&mut out, &made.lines);
        out.push_str("</g>\n");
    }
    for label in &scene.labels {
        let _ = write!(
            out,
            "<g data-label=\"{}\" data-bbox=\"{}\"><rect class=\"gp-plate\" rx=\"2\" {}/>",
            escape(&label.edge),
            bbox(&label.rect),
            place(&label.rect),
        );
        if !label.words.is_empty() {
            let _ = write!(out, "<title>{}</title>", escape(&label.words));
        }
        texts(&mut out, &label.lines);
        out.push_str("</g>\n");
    }
    if !scene.list.is_empty() {
        out.push_str("<g data-list=\"relations\">");
        texts(&mut out, &scene.list);
        out.push_str("</g>\n");
    }
    for entry in &scene.key {
        out.push_str("<g>");
        shapes::sample(&mut out, entry);
        text(&mut out, &entry.text);
        out.push_str("</g>\n");
    }
    texts(&mut out, &scene.notes);
    out.push_str("</svg>\n");
    out
}

fn summary(view: &View) -> String {
    let count = |n: usize, one: &str, many: &str| {
        if n == 1 {
            format!("1 {one}")
        } else {
            format!("{n} {many}")
        }
    };
    let lines = if view.steps.is_empty() {
        view.edges.len()
    } else {
        view.steps.len()
    };
    let line = if view.steps.is_empty() {
        count(lines, "relation", "relations")
    } else {
        count(lines, "message", "messages")
    };
    let mut out = match view.kind {
        ViewKind::Chart | ViewKind::Roadmap => String::new(),
        _ => format!(
            "{}; {line}.",
            count(view.nodes.len(), "element", "elements")
        ),
    };
    for sentence in crate::description::lines(view).iter().take(12) {
        if out.len() > 900 {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(sentence);
    }
    out
}

fn route(out: &mut String, edge: &SceneEdge) {
    let class = if edge.dashed {
        "gp-edge gp-dashed"
    } else {
        "gp-edge"
    };
    let _ = writeln!(
        out,
        "<path class=\"{class}\" data-edge=\"{}\" data-edge-from=\"{}\" data-edge-to=\"{}\" \
         d=\"{}\"/>",
        escape(&edge.id),
        escape(&edge.from),
        escape(&edge.to),
        path(&edge.points),
    );
    if let [a, b, ..] = edge.points.as_slice() {
        shapes::end(out, edge.start, *b, *a);
    }
    if let [.., b, a] = edge.points.as_slice() {
        shapes::end(out, edge.end, *b, *a);
    }
}

/// Corners as path data, each corner rounded a little.
fn path(points: &[Point]) -> String {
    let mut d = String::new();
    for (n, point) in points.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| points.get(n));
        match (before, points.get(n + 1)) {
            (Some(before), Some(after)) => {
                let a = toward(*point, *before);
                let b = toward(*point, *after);
                let _ = write!(
                    d,
                    "L{} {}Q{} {} {} {}",
                    a.x, a.y, point.x, point.y, b.x, b.y
                );
            }
            (None, _) => {
                let _ = write!(d, "M{} {}", point.x, point.y);
            }
            (Some(_), None) => {
                let _ = write!(d, "L{} {}", point.x, point.y);
            }
        }
    }
    d
}

/// At most 4 pixels, and at most half the way, from `from` to `to` (axis-parallel).
fn toward(from: Point, to: Point) -> Point {
    let step = |a: i32, b: i32| a + ((b - a) / 2).clamp(-4, 4);
    Point {
        x: step(from.x, to.x),
        y: step(from.y, to.y),
    }
}

fn texts(out: &mut String, lines: &[TextLine]) {
    for line in lines {
        text(out, line);
    }
}

fn text(out: &mut String, line: &TextLine) {
    let class = match line.style {
        TextStyle::Title => "gp-title",
        TextStyle::Name => "gp-name",
        TextStyle::Kind => "gp-kind",
        TextStyle::Body => "gp-body",
        TextStyle::Label => "gp-label",
        TextStyle::Technology => "gp-technology",
        TextStyle::Boundary => "gp-heading",
        TextStyle::Note => "gp-note",
    };
    let middle = match line.anchor {
        crate::scene::Anchor::Start => "",
        crate::scene::Anchor::Middle => " text-anchor=\"middle\"",
    };
    let baseline = line.rect.y + line.style.size();
    let _ = write!(
        out,
        "<text class=\"{class}\" x=\"{}\" y=\"{baseline}\"{middle}>{}</text>",
        anchor_x(line),
        escape(&line.text)
    );
}

fn place(rect: &Rect) -> String {
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        rect.x, rect.y, rect.w, rect.h
    )
}

fn bbox(rect: &Rect) -> String {
    format!("{} {} {} {}", rect.x, rect.y, rect.w, rect.h)
}

/// `text` for XML: markup escaped, characters that XML 1.0 forbids dropped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// An id that is a valid CSS and XML name.
fn safe_id(id: &str) -> String {
    let mut out = String::from("gp-");
    for c in id.chars().take(80) {
        out.push(if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        });
    }
    out
}
