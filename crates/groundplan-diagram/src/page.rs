//! How small the text of a drawing gets where it is printed.

use crate::scene::TextStyle;

/// Smallest text that can be read on paper, in 1/1000 point.
pub(crate) const LEGIBLE: i64 = 6000;

/// A4 in pixels of 0.75 points inside the margins, upright and across.
const IN_TEXT: [(i64, i64); 2] = [(643, 933), (933, 643)];
/// The largest sheets that a figure gets, A3 across and upright, inside margins and caption.
const LARGEST: [(i64, i64); 2] = [(1466, 907), (1001, 1375)];

/// The smallest text of a drawing of this size on the largest sheet, in 1/1000 point.
pub(crate) fn points(size: (i32, i32)) -> i64 {
    on(size, &LARGEST)
}

/// The same on a page of the text.
pub(crate) fn points_in_text(size: (i32, i32)) -> i64 {
    on(size, &IN_TEXT)
}

/// Whether some sheet shows a drawing of this size legibly.
pub(crate) fn is_legible(size: (i32, i32)) -> bool {
    points(size) >= LEGIBLE
}

fn on((w, h): (i32, i32), sheets: &[(i64, i64)]) -> i64 {
    let (w, h) = (i64::from(w.max(1)), i64::from(h.max(1)));
    let fit = sheets
        .iter()
        .map(|(pw, ph)| (pw * 1000 / w).min(ph * 1000 / h).min(1000));
    // A pixel is 0.75 points.
    fit.max().unwrap_or(0) * i64::from(TextStyle::Kind.size()) * 3 / 4
}
