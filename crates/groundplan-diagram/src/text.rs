//! A view in box-drawing characters: boxes by layer inside their boundaries, edges as a list.

use crate::layered;
use crate::measure::plain;
use groundplan_model::{Mode, View, ViewGroup, ViewKind, ViewNode};
use std::collections::{BTreeMap, BTreeSet};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the widest line.
const COLUMNS: usize = 100;
/// Columns of the widest text in a box.
const BOX: usize = 28;

/// Lines of one display width.
type Block = Vec<String>;

/// A view in normal form as text; every line ends with a line feed.
pub(crate) fn write(view: &View) -> String {
    let mut lines = Vec::new();
    let title = if view.title.trim().is_empty() {
        &view.id
    } else {
        &view.title
    };
    lines.extend(wrap(title, COLUMNS));
    lines.push(String::new());
    let figure = crate::figures::lines(view, wrap);
    let drawn = figure.is_some();
    if let Some(figure) = figure {
        lines.extend(figure);
    } else if view.kind == ViewKind::Sequence {
        participants(view, &mut lines);
    } else {
        let layers = layered::layers(view);
        let block = nested(view, &layers, None, COLUMNS);
        lines.extend(block);
    }
    let edges = if drawn {
        Vec::new()
    } else if view.kind == ViewKind::Sequence {
        steps(view)
    } else {
        edges(view)
    };
    if !edges.is_empty() {
        lines.push(String::new());
        lines.extend(edges);
    }
    if !view.omitted.trim().is_empty() {
        lines.push(String::new());
        lines.extend(wrap(&view.omitted, COLUMNS));
    }
    let mut out = String::new();
    for line in lines {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// `text` as it is shown: no control characters, nothing of unclear width.
fn shown(text: &str) -> String {
    // A character that joins with its neighbour would change the width of the line.
    plain(text)
        .chars()
        .filter(|c| c.width().unwrap_or(0) > 0 && !is_variable(*c))
        .collect()
}

/// Pictures whose width depends on the terminal.
fn is_variable(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1ffff}' | '\u{fe00}'..='\u{fe0f}' | '\u{2600}'..='\u{27bf}')
}

fn wrap(text: &str, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in shown(text).split(' ').filter(|w| !w.is_empty()) {
        let gap = usize::from(!line.is_empty());
        if line.width() + gap + word.width() <= limit {
            if gap == 1 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut used = 0;
        for c in word.chars() {
            let w = c.width().unwrap_or(0);
            if used + w > limit && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += w;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn centred(text: &str, width: usize) -> String {
    let room = width.saturating_sub(text.width());
    format!(
        "{}{text}{}",
        " ".repeat(room / 2),
        " ".repeat(room - room / 2)
    )
}

fn width_of(block: &[String]) -> usize {
    block.iter().map(|l| l.width()).max().unwrap_or(0)
}

fn name_of(node: &ViewNode) -> &str {
    if shown(&node.name).is_empty() {
        &node.id
    } else {
        &node.name
    }
}

fn boxed(node: &ViewNode) -> Block {
    let mut lines = wrap(name_of(node), BOX);
    if !node.kind.trim().is_empty() {
        lines.extend(wrap(&format!("[{}]", node.kind), BOX));
    }
    let rows: Vec<String> = node
        .rows
        .iter()
        .map(|(name, data_type, marks)| {
            let row = shown(&format!("{name} {data_type} {marks}"));
            wrap(&row, BOX + 12).into_iter().next().unwrap_or_default()
        })
        .collect();
    let width = width_of(&lines).max(width_of(&rows)).max(4);
    let bar = "─".repeat(width + 2);
    let mut out = vec![format!("┌{bar}┐")];
    out.extend(lines.iter().map(|l| format!("│ {} │", centred(l, width))));
    if !rows.is_empty() {
        out.push(format!("├{bar}┤"));
        out.extend(rows.iter().map(|l| format!("│ {} │", padded(l, width))));
    }
    out.push(format!("└{bar}┘"));
    out
}

/// Blocks side by side in rows of at most `limit` columns.
fn beside(blocks: Vec<Block>, limit: usize) -> Block {
    let mut out: Block = Vec::new();
    let mut row: Vec<Block> = Vec::new();
    let mut used = 0;
    for block in blocks {
        let width = width_of(&block);
        if !row.is_empty() && used + 2 + width > limit {
            out.extend(joined(&std::mem::take(&mut row)));
            used = 0;
        }
        used += if row.is_empty() { width } else { width + 2 };
        row.push(block);
    }
    out.extend(joined(&row));
    out
}

fn joined(row: &[Block]) -> Block {
    let height = row.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|n| {
            let cells = row
                .iter()
                .map(|block| padded(block.get(n).map_or("", String::as_str), width_of(block)));
            cells.collect::<Vec<_>>().join("  ")
        })
        .collect()
}

/// What is drawn in one piece, and the ids of the nodes in it.
struct Piece<'a> {
    block: Block,
    ids: BTreeSet<&'a str>,
}

/// The layers and boundaries inside `parent`, one below the other.
fn nested(view: &View, layers: &[Vec<usize>], parent: Option<&str>, limit: usize) -> Block {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (n, layer) in layers.iter().enumerate() {
        let nodes = layer.iter().filter_map(|n| view.nodes.get(*n));
        let own: Vec<&ViewNode> = nodes
            .filter(|node| node.parent.as_deref() == parent)
            .collect();
        pieces.push(Piece {
            block: beside(own.iter().map(|node| boxed(node)).collect(), limit),
            ids: own.iter().map(|node| node.id.as_str()).collect(),
        });
        for group in view.groups.iter().filter(|g| g.parent.as_deref() == parent) {
            if top_of(view, layers, &group.id) == n {
                let inside = view
                    .nodes
                    .iter()
                    .filter(|node| is_inside(view, node, &group.id));
                pieces.push(Piece {
                    block: framed(view, layers, group, limit),
                    ids: inside.map(|node| node.id.as_str()).collect(),
                });
            }
        }
    }
    pieces.retain(|piece| !piece.block.is_empty());
    let width = pieces
        .iter()
        .map(|piece| width_of(&piece.block))
        .max()
        .unwrap_or(0);
    let mut out = Block::new();
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for (n, piece) in pieces.iter().enumerate() {
        if n > 0 {
            out.push(centred(arrow(view, &above, &piece.ids), width));
        }
        above.extend(&piece.ids);
        let pad = " ".repeat((width - width_of(&piece.block)) / 2);
        out.extend(piece.block.iter().map(|line| format!("{pad}{line}")));
    }
    out
}

/// Which way edges go between what stands above and what comes next.
fn arrow(view: &View, above: &BTreeSet<&str>, next: &BTreeSet<&str>) -> &'static str {
    let leads = |from: &BTreeSet<&str>, to: &BTreeSet<&str>| {
        let mut edges = view.edges.iter();
        edges.any(|e| from.contains(e.from.as_str()) && to.contains(e.to.as_str()))
    };
    match (leads(above, next), leads(next, above)) {
        (true, true) => "▲ ▼",
        (true, false) => "▼",
        (false, true) => "▲",
        (false, false) => "",
    }
}

fn framed(view: &View, layers: &[Vec<usize>], group: &ViewGroup, limit: usize) -> Block {
    let inner = nested(
        view,
        layers,
        Some(&group.id),
        limit.saturating_sub(4).max(BOX + 4),
    );
    let title = if group.kind.trim().is_empty() {
        shown(&group.name)
    } else {
        shown(&format!("{} [{}]", group.name, group.kind))
    };
    let title = clipped(&title, limit.saturating_sub(8));
    let width = width_of(&inner).max(title.width() + 2);
    let mut out = vec![format!(
        "╔═ {title} {}╗",
        "═".repeat(width - title.width() - 1)
    )];
    out.extend(
        inner
            .iter()
            .map(|line| format!("║ {} ║", padded(line, width))),
    );
    out.push(format!("╚{}╝", "═".repeat(width + 2)));
    out
}

fn clipped(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + c.width().unwrap_or(0) + 1 > limit {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// First layer in which something stands inside group `id` or a group in it.
fn top_of(view: &View, layers: &[Vec<usize>], id: &str) -> usize {
    let has = |layer: &Vec<usize>| {
        let mut nodes = layer.iter().filter_map(|n| view.nodes.get(*n));
        nodes.any(|node| is_inside(view, node, id))
    };
    layers.iter().position(has).unwrap_or(usize::MAX)
}

/// Whether a node stands in group `id` or in a group in it.
fn is_inside(view: &View, node: &ViewNode, id: &str) -> bool {
    let mut at = node.parent.as_deref();
    let mut steps = 0;
    while let Some(parent) = at {
        if parent == id || steps > 20 {
            return parent == id;
        }
        steps += 1;
        at = view
            .groups
            .iter()
            .find(|g| g.id == parent)
            .and_then(|g| g.parent.as_deref());
    }
    false
}

/// Names as in the sentences of the view, so that two boxes of one name are told apart below the drawing as well.
fn names(view: &View) -> BTreeMap<&str, String> {
    let names = crate::description::Names::of(view);
    let name = |n: &ViewNode| {
        let name = shown(&names.get(&n.id));
        if name.trim().is_empty() {
            shown(name_of(n))
        } else {
            name
        }
    };
    view.nodes
        .iter()
        .map(|n| (n.id.as_str(), name(n)))
        .collect()
}

/// Lines `from ──label──▶ to`, wrapped with a hanging indent.
fn arrows(items: Vec<(String, String, String, bool)>) -> Vec<String> {
    let wide = items
        .iter()
        .map(|(from, ..)| from.width())
        .max()
        .unwrap_or(0)
        .min(30);
    let mut out = Vec::new();
    for (from, label, to, dashed) in items {
        let dash = if dashed { "╌╌" } else { "──" };
        let arrow = if label.is_empty() {
            format!("{dash}▶")
        } else {
            format!("{dash}{label}{dash}▶")
        };
        let gap = " ".repeat(wide.saturating_sub(from.width()));
        let line = format!("{from}{gap} {arrow} {to}");
        if line.width() <= COLUMNS {
            out.push(line);
        } else {
            for (n, part) in wrap(&format!("{from} {arrow} {to}"), COLUMNS - 4)
                .iter()
                .enumerate()
            {
                out.push(if n == 0 {
                    part.clone()
                } else {
                    format!("    {part}")
                });
            }
        }
    }
    out
}

fn edges(view: &View) -> Vec<String> {
    let names = names(view);
    let mut items = Vec::new();
    for edge in &view.edges {
        let mut label = shown(&edge.label);
        let technology = shown(&edge.technology);
        if !technology.is_empty() {
            let gap = if label.is_empty() { "" } else { " " };
            label = format!("{label}{gap}[{technology}]");
        }
        if let Some((a, b)) = &edge.ends {
            label = shown(&format!("{a} {label} {b}"));
        }
        let name = |id: &str| names.get(id).cloned().unwrap_or_default();
        items.push((
            name(&edge.from),
            label,
            name(&edge.to),
            edge.mode == Some(Mode::Async),
        ));
    }
    items.sort();
    arrows(items)
}

fn steps(view: &View) -> Vec<String> {
    let names = names(view);
    let name = |id: &str| names.get(id).cloned().unwrap_or_default();
    let items = view.steps.iter().enumerate().map(|(n, step)| {
        let from = format!("{}. {}", n + 1, name(&step.from));
        let to = if step.from == step.to {
            "itself".to_owned()
        } else {
            name(&step.to)
        };
        (from, shown(&step.label), to, step.reply || step.is_async)
    });
    arrows(items.collect())
}

fn participants(view: &View, lines: &mut Vec<String>) {
    lines.extend(beside(view.nodes.iter().map(boxed).collect(), COLUMNS));
}
