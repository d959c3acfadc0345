//! What stands in a box: shape, texts and the size they need.

use crate::scene::{Anchor, Point, Rect, SceneBox, Shape, TextLine, TextStyle, Tone};
use groundplan_model::{Role, ViewNode};
use std::collections::BTreeMap;

/// Widest line of a card, in pixels.
const LINE: i32 = 176;
/// Widest cell of a table, in pixels.
const CELL: i32 = 230;
const SIDE: i32 = 14;
/// Least width of a card: most names fit in, so that another name seldom moves what stands beside it.
const WIDTH: i32 = 152;
const EDGE: i32 = 9;
/// Height of a person's head.
pub(crate) const HEAD: i32 = 26;
/// Half height of a cylinder's ellipse, half width of a pipe's.
pub(crate) const ELLIPSE: i32 = 8;
/// How far the second sheet of a stack stands out.
pub(crate) const SHEET: i32 = 5;

/// The outline that C4 readers expect for a node.
pub(crate) fn shape(node: &ViewNode) -> Shape {
    if !node.rows.is_empty() {
        Shape::Table
    } else if node.person {
        Shape::Person
    } else if node.id.starts_with("more:") {
        Shape::Stack
    } else {
        match node.role {
            Some(role) if role.is_store() => Shape::Cylinder,
            Some(Role::Broker) => Shape::Pipe,
            _ => Shape::Card,
        }
    }
}

fn tone(node: &ViewNode) -> Tone {
    match node.role {
        _ if node.external || node.id.starts_with("more:") => Tone::External,
        _ if node.person => Tone::Person,
        Some(Role::External) => Tone::External,
        Some(role) if role.is_store() => Tone::Store,
        Some(Role::Broker) => Tone::Broker,
        _ => Tone::Service,
    }
}

/// The box of `node` at the origin.
pub(crate) fn card(node: &ViewNode) -> SceneBox {
    let shape = shape(node);
    let mut made = SceneBox {
        id: node.id.clone(),
        parent: node.parent.clone(),
        rect: Rect::default(),
        shape,
        tone: tone(node),
        spoken: spoken(node),
        lines: Vec::new(),
        rules: Vec::new(),
    };
    if shape == Shape::Table {
        table(node, &mut made)
    } else {
        words(node, &mut made)
    }
    made
}

fn spoken(node: &ViewNode) -> String {
    let mut out = if node.name.is_empty() {
        node.id.clone()
    } else {
        node.name.clone()
    };
    for part in [&node.kind, &node.description] {
        if !part.is_empty() {
            out.push_str(", ");
            out.push_str(part);
        }
    }
    crate::measure::plain(&out)
}

fn words(node: &ViewNode, made: &mut SceneBox) {
    let name = if node.name.trim().is_empty() {
        &node.id
    } else {
        &node.name
    };
    let mut lines: Vec<(TextStyle, String, i32)> = Vec::new();
    let mut add = |style: TextStyle, text: &str, gap: i32| {
        for (n, line) in style.wrap_evenly(text, LINE).into_iter().enumerate() {
            lines.push((style, line, if n == 0 { gap } else { 0 }));
        }
    };
    add(TextStyle::Name, name, 0);
    if !node.kind.trim().is_empty() {
        add(TextStyle::Kind, &format!("[{}]", node.kind.trim()), 0);
    }
    add(TextStyle::Body, &node.description, 4);
    let (top, bottom) = match made.shape {
        Shape::Person => (HEAD, 0),
        Shape::Cylinder => (2 * ELLIPSE - 4, ELLIPSE - 4),
        Shape::Stack => (0, SHEET),
        Shape::Pipe | Shape::Card | Shape::Table | Shape::Dot | Shape::Bar => (0, 0),
    };
    let widest = lines.iter().map(|(s, t, _)| s.width(t)).max();
    let side = beyond(made.shape);
    let width = width(widest.unwrap_or(0), side);
    let inner = width - 2 * SIDE - side;
    let left = if made.shape == Shape::Pipe {
        ELLIPSE
    } else {
        0
    };
    let mut y = top + EDGE;
    for (style, text, gap) in lines {
        y += gap;
        let at = Point {
            x: left + SIDE + inner / 2,
            y,
        };
        made.lines.push(TextLine::centred(&text, style, at));
        y += style.height();
    }
    made.rect = Rect {
        x: 0,
        y: 0,
        w: width,
        h: even(y + EDGE + bottom),
    };
}

/// What the outline of a card takes at its sides.
fn beyond(shape: Shape) -> i32 {
    match shape {
        Shape::Pipe => 2 * ELLIPSE,
        Shape::Stack => SHEET,
        _ => 0,
    }
}

/// Width of a card with lines as wide as `widest`.
fn width(widest: i32, side: i32) -> i32 {
    even(widest + 2 * SIDE + side).max(WIDTH)
}

/// How wide a box is besides its name.
pub(crate) fn bare_width(made: &SceneBox) -> i32 {
    let others = made.lines.iter().filter(|l| l.style != TextStyle::Name);
    if made.shape != Shape::Table {
        let widest = others.map(|line| line.rect.w).max().unwrap_or(0);
        return width(widest, beyond(made.shape));
    }
    // Lines that begin at one x are one column.
    let (mut columns, mut head) = (BTreeMap::new(), 0);
    for line in others {
        match line.anchor {
            Anchor::Start => {
                let widest: &mut i32 = columns.entry(line.rect.x).or_default();
                *widest = line.rect.w.max(*widest);
            }
            Anchor::Middle => head = line.rect.w.max(head),
        }
    }
    table_width(columns.values().sum(), head)
}

/// Width of a table with columns and a head of these widths.
fn table_width(columns: i32, head: i32) -> i32 {
    even(head.max(columns + 2 * 12).max(80) + 2 * 10)
}

fn table(node: &ViewNode, made: &mut SceneBox) {
    let style = TextStyle::Body;
    let mut cells: Vec<[Vec<String>; 3]> = Vec::new();
    for (name, data_type, marks) in &node.rows {
        cells.push([
            style.wrap(name, CELL),
            TextStyle::Kind.wrap(data_type, CELL),
            TextStyle::Kind.wrap(marks, 60),
        ]);
    }
    let wide = |column: usize, style: TextStyle| {
        let all = cells.iter().filter_map(|row| row.get(column)).flatten();
        all.map(|text| style.width(text)).max().unwrap_or(0)
    };
    let columns = [
        wide(0, style),
        wide(1, TextStyle::Kind),
        wide(2, TextStyle::Kind),
    ];
    let name = if node.name.trim().is_empty() {
        &node.id
    } else {
        &node.name
    };
    let mut heads: Vec<(TextStyle, String)> = TextStyle::Name
        .wrap(name, CELL)
        .into_iter()
        .map(|t| (TextStyle::Name, t))
        .collect();
    if !node.kind.trim().is_empty() {
        let kind = format!("[{}]", node.kind.trim());
        heads.extend(
            TextStyle::Kind
                .wrap(&kind, CELL)
                .into_iter()
                .map(|t| (TextStyle::Kind, t)),
        );
    }
    let head = heads.iter().map(|(s, t)| s.width(t)).max().unwrap_or(0);
    let w = table_width(columns.iter().sum(), head);
    let mut y = 6;
    for (style, text) in heads {
        made.lines
            .push(TextLine::centred(&text, style, Point { x: w / 2, y }));
        y += style.height();
    }
    y += 5;
    let starts = [10, 10 + columns[0] + 12, w - 10 - columns[2]];
    for row in &cells {
        made.rules.push(y);
        y += 2;
        let height = row.iter().map(Vec::len).max().unwrap_or(1).max(1);
        for (column, lines) in row.iter().enumerate() {
            let style = if column == 0 { style } else { TextStyle::Kind };
            let x = starts.get(column).copied().unwrap_or(10);
            let mut line_y = y;
            for text in lines {
                made.lines
                    .push(TextLine::left(text, style, Point { x, y: line_y }));
                line_y += style.height().max(TextStyle::Body.height());
            }
        }
        y += i32::try_from(height).unwrap_or(1) * TextStyle::Body.height() + 2;
    }
    made.rect = Rect {
        x: 0,
        y: 0,
        w,
        h: even(y + 4),
    };
}

/// Even sizes keep middles on whole pixels.
fn even(n: i32) -> i32 {
    n + n % 2
}

/// The words of an edge at the origin: lines and the plate they need; `None` without words.
pub(crate) fn label(text: &str, technology: &str) -> Option<(Rect, Vec<TextLine>)> {
    let mut lines: Vec<(TextStyle, String)> = TextStyle::Label
        .wrap_evenly(text, 124)
        .into_iter()
        .map(|line| (TextStyle::Label, line))
        .collect();
    if !technology.trim().is_empty() {
        let technology = format!("[{}]", technology.trim());
        let wrapped = TextStyle::Technology.wrap_evenly(&technology, 124);
        lines.extend(
            wrapped
                .into_iter()
                .map(|line| (TextStyle::Technology, line)),
        );
    }
    if lines.is_empty() {
        return None;
    }
    let inner = lines.iter().map(|(s, t)| s.width(t)).max().unwrap_or(0);
    let w = even(inner + 6);
    let mut y = 1;
    let mut placed = Vec::new();
    for (style, text) in lines {
        placed.push(TextLine::centred(&text, style, Point { x: w / 2, y }));
        y += style.height();
    }
    Some((
        Rect {
            x: 0,
            y: 0,
            w,
            h: y + 1,
        },
        placed,
    ))
}

/// Where a line that comes from above (or below) at `x` meets the outline: distance from the
/// upper (lower) side of the rectangle.
pub(crate) fn inset(made: &SceneBox, x: i32, upper: bool) -> i32 {
    let half = made.rect.w / 2;
    let off = i64::from((x - made.rect.middle()).abs());
    let arc = |rx: i64, ry: i64| {
        let square = (rx * rx - off * off).max(0);
        let root = square.isqrt();
        i32::try_from(ry - ry * root / rx.max(1)).unwrap_or(0)
    };
    match made.shape {
        Shape::Cylinder => arc(i64::from(half), i64::from(ELLIPSE)),
        Shape::Person if upper && off < 12 => 0,
        Shape::Person if upper => HEAD - 4,
        Shape::Stack if !upper => SHEET,
        _ => 0,
    }
}

/// The same for a line that comes from the side at `y`: distance from the left or right side.
pub(crate) fn side_inset(made: &SceneBox, y: i32) -> i32 {
    if made.shape != Shape::Pipe {
        return 0;
    }
    let half = i64::from(made.rect.h / 2);
    let off = i64::from(y - made.rect.y) - half;
    let root = (half * half - off * off).max(0).isqrt();
    let inset = i64::from(ELLIPSE) - i64::from(ELLIPSE) * root / half.max(1);
    i32::try_from(inset).unwrap_or(0)
}

/// Moves a box that was made at the origin.
pub(crate) fn place(made: &mut SceneBox, at: Point) {
    let (dx, dy) = (at.x - made.rect.x, at.y - made.rect.y);
    made.rect.x = at.x;
    made.rect.y = at.y;
    made.lines.iter_mut().for_each(|l| l.shift(dx, dy));
    made.rules.iter_mut().for_each(|y| *y += dy);
}

/// The line's anchor as the writers need it.
pub(crate) fn anchor_x(line: &TextLine) -> i32 {
    match line.anchor {
        Anchor::Start => line.rect.x,
        Anchor::Middle => line.rect.middle(),
    }
}
