//! The sheet that a figure is printed on: the smallest one on which its text can be read.

/// Smallest text of a drawing at its natural size, in points: 11 pixels of 0.75 points.
const TEXT: f64 = 8.25;
/// Smallest text that can be read on paper, in points.
const LEGIBLE: f64 = 6.0;

/// The classes of the style sheet that lead to sheets of their own, with the pixels (96 in an inch)
/// that its margins and the caption leave: A4 upright in the text, A4 across, A3 across and upright.
const SHEETS: [(&str, f64, f64); 4] = [
    ("", 672.0, 718.0),
    (" a4-across", 1001.0, 582.0),
    (" a3-across", 1466.0, 907.0),
    (" a3-upright", 1001.0, 1375.0),
];

/// The class for a drawing: none if it is legible in the text, or its size is not known; the
/// largest sheet on which its text comes out best if it is legible on none.
pub(super) fn class(svg: &str) -> &'static str {
    let Some((width, height)) = size(svg) else {
        return "";
    };
    let points = |(_, w, h): &&(&str, f64, f64)| TEXT * (w / width).min(h / height).min(1.0);
    let first = SHEETS.iter().find(|s| points(s) >= LEGIBLE);
    let best = || SHEETS.iter().max_by(|a, b| points(a).total_cmp(&points(b)));
    first.or_else(best).map_or("", |(class, ..)| class)
}

/// Width and height by the `viewBox` of a drawing of ours.
fn size(svg: &str) -> Option<(f64, f64)> {
    let (_, rest) = svg.split_once("viewBox=\"0 0 ")?;
    let (numbers, _) = rest.split_once('"')?;
    let (width, height) = numbers.split_once(' ')?;
    let read = |n: &str| n.parse::<f64>().ok().filter(|n| *n > 0.0);
    Some((read(width)?, read(height)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_gets_the_smallest_sheet_that_keeps_it_legible() {
        let of = |w: u32, h: u32| class(&format!("<svg viewBox=\"0 0 {w} {h}\">"));
        assert_eq!(of(600, 700), "");
        assert_eq!(of(1300, 700), " a4-across");
        assert_eq!(of(1800, 1200), " a3-across");
        assert_eq!(of(1200, 1800), " a3-upright");
        assert_eq!(class("<svg>"), "");
    }
}
