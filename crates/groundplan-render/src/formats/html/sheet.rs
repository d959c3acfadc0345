//! The sheet that a figure is printed on: the smallest one on which its text can be read.

/// Points of a pixel.
const PIXEL: f64 = 0.75;
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
    let Some([_, _, width, height]) = numbers(svg, "viewBox") else {
        return "";
    };
    let Some([text]) = numbers(svg, "data-font-min") else {
        return "";
    };
    let fit = |w: f64, h: f64| (w / width).min(h / height).min(1.0);
    let points = |(_, w, h): &&(&str, f64, f64)| text * PIXEL * fit(*w, *h);
    let first = SHEETS.iter().find(|s| points(s) >= LEGIBLE);
    let best = || SHEETS.iter().max_by(|a, b| points(a).total_cmp(&points(b)));
    first.or_else(best).map_or("", |(class, ..)| class)
}

/// The numbers that an attribute of a drawing of ours holds.
fn numbers<const N: usize>(svg: &str, attribute: &str) -> Option<[f64; N]> {
    let (_, rest) = svg.split_once(&format!("{attribute}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let read: Vec<f64> = value.split(' ').map_while(|n| n.parse().ok()).collect();
    read.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_gets_the_smallest_sheet_that_keeps_it_legible() {
        let of = |w: u32, h: u32| {
            class(&format!(
                "<svg viewBox=\"0 0 {w} {h}\" data-font-min=\"11\">"
            ))
        };
        assert_eq!(of(600, 700), "");
        assert_eq!(of(1300, 700), " a4-across");
        assert_eq!(of(1800, 1200), " a3-across");
        assert_eq!(of(1200, 1800), " a3-upright");
        assert_eq!(class("<svg>"), "");
    }
}
