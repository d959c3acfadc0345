//! Charts, matrices and roadmaps as lines of text and as sentences.

use super::chart::quantities;
use super::matrix::ordered;
use crate::measure::plain;
use groundplan_model::{View, ViewKind, ViewNode};
use unicode_width::UnicodeWidthStr;

/// Columns of the longest bar.
const BAR: f64 = 32.0;
/// Columns of the widest line.
const COLUMNS: usize = 100;
/// Columns of the longest name.
const NAME: usize = 40;

fn name(node: &ViewNode) -> String {
    let name = plain(&node.name);
    if name.is_empty() {
        plain(&node.id)
    } else {
        name
    }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn clipped(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if out.width() + 2 > width {
            break;
        }
        out.push(c);
    }
    format!("{out}…")
}

/// The view in characters; none of kinds that have boxes. `wrap` breaks a text into lines.
pub(crate) fn lines(view: &View, wrap: impl Fn(&str, usize) -> Vec<String>) -> Option<Vec<String>> {
    match view.kind {
        ViewKind::Chart => Some(bars(view)),
        ViewKind::Matrix => Some(cells(view)),
        ViewKind::Roadmap => Some(phases(view, wrap)),
        _ => None,
    }
}

fn bars(view: &View) -> Vec<String> {
    let all = quantities(view);
    let values = || all.iter().flat_map(|(_, values)| values);
    let most = values().map(|v| v.number).fold(0.0, f64::max);
    let least = values().map(|v| v.number).fold(f64::MAX, f64::min);
    // Bars that would all be of one length, or could not be seen, tell nothing.
    let drawn = most > 0.0 && least < most * 0.9 && !values().any(|v| v.series == "target");
    let names: Vec<String> = all.iter().map(|(n, _)| clipped(&name(n), NAME)).collect();
    let widest = names.iter().map(|n| n.width()).max().unwrap_or(0);
    let rows = all.iter().zip(&names).map(|((_, values), name)| {
        let words = super::chart::words(values);
        let share = values.first().map_or(0.0, |v| v.number / most * BAR);
        let bar = if drawn {
            "█".repeat((share.round() as usize).max(1)) + " "
        } else {
            String::new()
        };
        format!("{}  {bar}{words}", padded(name, widest))
    });
    rows.collect()
}

fn cells(view: &View) -> Vec<String> {
    let (order, cells) = ordered(view);
    let nodes: Vec<&ViewNode> = order.iter().filter_map(|n| view.nodes.get(*n)).collect();
    let names: Vec<String> = nodes.iter().map(|n| clipped(&name(n), 32)).collect();
    let widest = names.iter().map(|n| n.width()).max().unwrap_or(0);
    let count = nodes.len();
    let wide = widest + 4 + 2 * count <= COLUMNS;
    let between = if wide { " " } else { "" };
    // Numbers of columns stand upright where they have two digits.
    let mut out = Vec::new();
    let head = |digit: &dyn Fn(usize) -> String| {
        let digits: Vec<String> = (1..=count).map(digit).collect();
        format!("{}    {}", " ".repeat(widest), digits.join(between))
    };
    if count > 9 {
        out.push(head(&|n| {
            if n > 9 {
                (n / 10 % 10).to_string()
            } else {
                " ".to_owned()
            }
        }));
    }
    out.push(head(&|n| (n % 10).to_string()));
    for (row, name) in names.iter().enumerate() {
        let mut line = vec!["·"; count];
        for (_, column, _) in cells.iter().filter(|(a, ..)| *a == row) {
            if let Some(cell) = line.get_mut(*column) {
                *cell = if *column < row { "◄" } else { "■" };
            }
        }
        if let Some(own) = line.get_mut(row) {
            *own = "╲";
        }
        out.push(format!(
            "{} {:>2} {}",
            padded(name, widest),
            row + 1,
            line.join(between)
        ));
    }
    let back = cells.iter().any(|(row, column, _)| column < row);
    out.push(String::new());
    out.push(match back {
        true => {
            "■ the row uses the column; ◄ the same against the order: it closes a cycle".to_owned()
        }
        false => "■ the row uses the column".to_owned(),
    });
    out
}

fn phases(view: &View, wrap: impl Fn(&str, usize) -> Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    for (n, node) in view.nodes.iter().enumerate() {
        if n > 0 {
            out.push(String::new());
        }
        out.push(format!("{}. {}", n + 1, name(node)));
        for (text, ..) in &node.rows {
            for (k, line) in wrap(text, 90).iter().enumerate() {
                out.push(format!("   {} {line}", if k == 0 { "-" } else { " " }));
            }
        }
    }
    out
}

/// What a phase or a quantity says, one sentence each; none of other kinds.
pub(crate) fn sentences(view: &View) -> Option<Vec<String>> {
    match view.kind {
        ViewKind::Chart => Some(
            quantities(view)
                .iter()
                .map(|(node, values)| match values.is_empty() {
                    true => format!("{}: no value.", name(node)),
                    false => format!("{}: {}.", name(node), super::chart::words(values)),
                })
                .collect(),
        ),
        ViewKind::Roadmap => Some(
            view.nodes
                .iter()
                .map(|node| {
                    let rows: Vec<String> =
                        node.rows.iter().map(|(text, ..)| plain(text)).collect();
                    match rows.is_empty() {
                        true => format!("{}.", name(node)),
                        false => format!("{}: {}.", name(node), rows.join("; ")),
                    }
                })
                .collect(),
        ),
        _ => None,
    }
}
