//! Numbers at edges whose words would make the drawing illegible, and the list of the words.

use crate::card;
use crate::scene::{Point, Rect, Scene, SceneLabel, TextLine, TextStyle};
use groundplan_model::View;

/// Widest line of the list.
const COLUMN: i32 = 200;
/// Room for a number before its words.
const NUMBER: i32 = 22;
/// Space between two columns.
const GAP: i32 = 18;

/// The plate of a number at the origin; its number is set when all are placed.
pub(crate) fn plate(edges: usize) -> (Rect, Vec<TextLine>) {
    let widest = if edges < 10 {
        "8"
    } else if edges < 100 {
        "88"
    } else {
        "888"
    };
    let w = TextStyle::Label.width(widest) + 8;
    let w = w + w % 2;
    let line = TextLine::centred(widest, TextStyle::Label, Point { x: w / 2, y: 1 });
    let h = TextStyle::Label.height() + 2;
    (Rect { x: 0, y: 0, w, h }, vec![line])
}

/// The words of an edge on one line.
pub(crate) fn words(label: &str, technology: &str) -> String {
    let label = crate::measure::plain(label);
    let technology = crate::measure::plain(technology);
    match (label.trim(), technology.trim()) {
        (label, "") => label.to_owned(),
        ("", technology) => format!("[{technology}]"),
        (label, technology) => format!("{label} [{technology}]"),
    }
}

/// Gives the labels their numbers, from top to bottom and from left to right.
pub(crate) fn assign(labels: &mut [SceneLabel]) {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by_key(|n| {
        let label = &labels[*n];
        (label.rect.y, label.rect.x, label.edge.clone())
    });
    for (number, n) in (1..).zip(order) {
        let label = &mut labels[n];
        let middle = label.rect.middle();
        for line in &mut label.lines {
            let at = Point {
                x: middle,
                y: line.rect.y,
            };
            *line = TextLine::centred(&format!("{number}"), line.style, at);
        }
    }
}

/// The list of all numbers in columns below `top`, and how high it is.
pub(crate) fn list(scene: &Scene, left: i32, top: i32, inner: i32) -> (Vec<TextLine>, i32) {
    let mut entries: Vec<(usize, &str, &str)> = scene
        .labels
        .iter()
        .filter(|label| !label.words.is_empty())
        .filter_map(|label| {
            let number = label.lines.first()?.text.as_str();
            Some((number.parse().ok()?, number, label.words.as_str()))
        })
        .collect();
    entries.sort_unstable();
    let wrapped: Vec<(&str, Vec<String>)> = entries
        .into_iter()
        .map(|(_, number, words)| (number, TextStyle::Note.wrap(words, COLUMN)))
        .collect();
    let step = TextStyle::Note.height();
    let (mut x, mut y) = (left, top);
    let mut lowest = top;
    let full = depth(wrapped.iter().map(|(_, lines)| lines.len()), inner);
    let mut out = Vec::new();
    let mut used = 0;
    for (number, lines) in wrapped {
        if used > 0 && used + lines.len() > full {
            x += NUMBER + COLUMN + GAP;
            y = top;
            used = 0;
        }
        out.push(TextLine::left(number, TextStyle::Note, Point { x, y }));
        for line in &lines {
            let x = x + NUMBER;
            out.push(TextLine::left(line, TextStyle::Note, Point { x, y }));
            y += step;
        }
        used += lines.len();
        lowest = lowest.max(y);
    }
    (out, lowest - top)
}

/// How high the list of all words of a view is in a drawing of this width.
pub(crate) fn height(view: &View, width: i32) -> i32 {
    let words = view.edges.iter().map(|e| words(&e.label, &e.technology));
    let lines: Vec<usize> = words
        .filter(|words| !words.is_empty())
        .map(|words| TextStyle::Note.wrap(&words, COLUMN).len())
        .collect();
    let most = depth(lines.iter().copied(), width - 40);
    i32::try_from(most).unwrap_or(i32::MAX / 100) * TextStyle::Note.height() + 14
}

/// The least number of lines of a column with which all entries fit side by side.
fn depth(lines: impl Iterator<Item = usize> + Clone, inner: i32) -> usize {
    let columns = ((inner + GAP) / (NUMBER + COLUMN + GAP)).max(1);
    let columns = usize::try_from(columns).unwrap_or(1);
    let total: usize = lines.clone().sum();
    let needed = |depth: usize| {
        let (mut columns, mut used) = (1, 0);
        for lines in lines.clone() {
            if used > 0 && used + lines > depth {
                columns += 1;
                used = 0;
            }
            used += lines;
        }
        columns
    };
    let least = total.div_ceil(columns).max(1);
    (least..=total.max(1))
        .find(|depth| needed(*depth) <= columns)
        .unwrap_or(total)
}

/// The plate and words of an edge: `None` without words.
pub(crate) fn label(
    label: &str,
    technology: &str,
    numbered: Option<usize>,
) -> Option<(Rect, Vec<TextLine>)> {
    match numbered {
        None => card::label(label, technology),
        Some(edges) => (!words(label, technology).is_empty()).then(|| plate(edges)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_even_as_entries_allow() {
        // Two columns; the entry of three lines is not cut.
        let two = 2 * (NUMBER + COLUMN + GAP) - GAP;
        assert_eq!(depth([1, 3, 1, 1].into_iter(), two), 4);
        assert_eq!(depth([1, 1, 1, 1].into_iter(), two), 2);
        assert_eq!(depth([1, 1, 1].into_iter(), 10), 3);
    }
}
