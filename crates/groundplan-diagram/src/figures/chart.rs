//! Quantities as bars from zero, or as dots on a scale where bars would lie: values that have a target
//! to be read against, span orders of magnitude, or differ in their last digits only.

use crate::scene::{Figure, Mark, Point, Rect, Scene, Shape, Stroke, TextLine, TextStyle, Tone};
use groundplan_model::{View, ViewNode};

/// Widest name, width of the plot, space between columns.
const NAME: i32 = 230;
const PLOT: i32 = 380;
const GAP: i32 = 14;
const ROW: i32 = 26;
/// Lines of a scale, about.
const TICKS: f64 = 5.0;

/// A value of a quantity.
pub(crate) struct Value<'a> {
    pub(crate) series: &'a str,
    /// In the unit of the scale.
    pub(crate) number: f64,
    /// As it was written, with unit.
    pub(crate) words: String,
}

impl Value<'_> {
    fn is_target(&self) -> bool {
        self.series == "target"
    }
}

/// The nodes of a chart with their values; what is no number is left out.
pub(crate) fn quantities(view: &View) -> Vec<(&ViewNode, Vec<Value<'_>>)> {
    view.nodes
        .iter()
        .map(|node| {
            let values = node.rows.iter().filter_map(|(series, value, unit)| {
                let number = value.parse::<f64>().ok().filter(|v| v.is_finite())?;
                Some(Value {
                    series,
                    number: if unit == "s" { number * 1000.0 } else { number },
                    words: match unit.as_str() {
                        "" => value.clone(),
                        unit => format!("{value} {unit}"),
                    },
                })
            });
            (node, values.collect())
        })
        .collect()
}

/// Name, value and words of each bar; none where values are drawn as dots.
pub(crate) fn bars(view: &View) -> Option<Vec<(&str, f64, String)>> {
    let all = quantities(view);
    let numbers: Vec<f64> = all.iter().flat_map(|(_, v)| v).map(|v| v.number).collect();
    let has_target = all.iter().flat_map(|(_, v)| v).any(Value::is_target);
    let (_, dots) = Scale::of(&numbers, has_target);
    let rows = all.iter().filter_map(|(node, values)| {
        let value = values.first()?;
        Some((node.name.as_str(), value.number, value.words.clone()))
    });
    (!dots).then(|| rows.collect())
}

/// Which x a value has.
enum Scale {
    Linear {
        from: f64,
        to: f64,
    },
    /// By powers of ten.
    Logarithmic {
        from: f64,
        to: f64,
    },
}

impl Scale {
    fn of(values: &[f64], has_target: bool) -> (Scale, bool) {
        let least = values.iter().copied().fold(f64::MAX, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        if least > most * 0.9 && least < most {
            let step = step((most - least) * 1.2);
            let (from, to) = ((least / step).floor() * step, (most / step).ceil() * step);
            return (Scale::Linear { from, to }, true);
        }
        if has_target && least > 0.0 && most > least * 30.0 {
            let power = |v: f64| 10_f64.powi(v.log10() as i32 - i32::from(v < 1.0));
            return (
                Scale::Logarithmic {
                    from: power(least),
                    to: if power(most) < most {
                        power(most) * 10.0
                    } else {
                        most
                    },
                },
                true,
            );
        }
        let step = step(most);
        let to = ((most / step).ceil() * step).max(step);
        (Scale::Linear { from: 0.0, to }, has_target)
    }

    fn at(&self, value: f64) -> i32 {
        let share = match self {
            Scale::Linear { from, to } => (value - from) / (to - from),
            Scale::Logarithmic { from, to } => {
                (value.max(*from) / from).log10() / (to / from).log10()
            }
        };
        (f64::from(PLOT) * share.clamp(0.0, 1.0)).round() as i32
    }

    fn ticks(&self) -> Vec<f64> {
        match self {
            Scale::Linear { from, to } => {
                let step = step(to - from);
                let count = ((to - from) / step).round() as i32;
                (0..=count).map(|n| from + f64::from(n) * step).collect()
            }
            Scale::Logarithmic { from, to } => {
                let mut out = vec![*from];
                while let Some(last) = out.last().copied().filter(|last| last * 9.9 < *to) {
                    out.push(last * 10.0);
                }
                out
            }
        }
    }
}

/// A round step that cuts `range` into a few pieces.
fn step(range: f64) -> f64 {
    let rough = (range / TICKS).max(1e-9);
    let power = 10_f64.powi(rough.log10().floor() as i32);
    let factors = [1.0, 2.0, 5.0, 10.0];
    let factor = factors.into_iter().find(|f| f * power >= rough * 0.999);
    factor.unwrap_or(10.0) * power
}

/// A number with as many decimals as it needs, at most four.
fn plain(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn tone(series: &str) -> (Shape, Tone) {
    match series {
        "achieved" => (Shape::Bar, Tone::Store),
        _ => (Shape::Dot, Tone::Service),
    }
}

pub(super) fn lay_out(view: &View) -> Scene {
    let all = quantities(view);
    let numbers: Vec<f64> = all.iter().flat_map(|(_, v)| v).map(|v| v.number).collect();
    let has_target = all.iter().flat_map(|(_, v)| v).any(Value::is_target);
    let (scale, dots) = Scale::of(&numbers, has_target);
    let names: Vec<Vec<String>> = all
        .iter()
        .map(|(n, _)| TextStyle::Body.wrap(&n.name, NAME))
        .collect();
    let widest = names
        .iter()
        .flatten()
        .map(|n| TextStyle::Body.width(n))
        .max()
        .unwrap_or(0);
    let left = widest + GAP;
    let tall = |lines: &Vec<String>| {
        let lines = i32::try_from(lines.len()).unwrap_or(1);
        ROW.max(lines * TextStyle::Body.height() + 10)
    };
    let bottom: i32 = names.iter().map(tall).sum();
    let mut scene = Scene::default();
    let mut grid = Vec::new();
    let unit = all
        .iter()
        .flat_map(|(n, _)| &n.rows)
        .map(|(.., unit)| unit.as_str())
        .next();
    let unit = match unit.unwrap_or_default() {
        "s" => "ms",
        unit => unit,
    };
    let ticks = scale.ticks();
    for (n, tick) in ticks.iter().enumerate() {
        let x = left + scale.at(*tick);
        let line = |y: i32| Point { x, y };
        grid.push(Mark::Line(Stroke::Grid, line(0), line(bottom + 4)));
        let words = match n + 1 == ticks.len() {
            true => format!("{} {unit}", plain(*tick)),
            false => plain(*tick),
        };
        let at = Point { x, y: bottom + 8 };
        grid.push(Mark::Words(TextLine::centred(
            words.trim(),
            TextStyle::Note,
            at,
        )));
    }
    scene.figures.push(Figure {
        id: String::new(),
        spoken: String::new(),
        marks: grid,
    });
    let mut y = 0;
    for ((node, values), name) in all.iter().zip(&names) {
        let high = tall(name);
        let middle = y + high / 2;
        let mut marks = Vec::new();
        let lines = i32::try_from(name.len()).unwrap_or(1);
        let mut at = middle - lines * TextStyle::Body.height() / 2;
        for line in name {
            let point = Point { x: 0, y: at };
            marks.push(Mark::Words(TextLine::left(line, TextStyle::Body, point)));
            at += TextStyle::Body.height();
        }
        if dots {
            let line = |x: i32| Point {
                x: left + x,
                y: middle,
            };
            marks.push(Mark::Line(Stroke::Grid, line(0), line(PLOT)));
        }
        for value in values {
            let x = left + scale.at(value.number);
            if value.is_target() {
                let at = |y: i32| Point { x, y };
                marks.push(Mark::Line(Stroke::Target, at(middle - 9), at(middle + 9)));
            } else if dots {
                let (shape, tone) = tone(value.series);
                let rect = Rect {
                    x: x - 5,
                    y: middle - 5,
                    w: 10,
                    h: 10,
                };
                marks.push(Mark::Outline(shape, tone, rect));
            } else {
                let rect = Rect {
                    x: left,
                    y: middle - 8,
                    w: (x - left).max(1),
                    h: 16,
                };
                marks.push(Mark::Outline(Shape::Bar, Tone::Service, rect));
            }
        }
        let words = words(values);
        let at = Point {
            x: left + PLOT + GAP,
            y: middle - TextStyle::Body.height() / 2,
        };
        marks.push(Mark::Words(TextLine::left(&words, TextStyle::Body, at)));
        scene.figures.push(Figure {
            id: node.id.clone(),
            spoken: format!("{}: {words}", node.name),
            marks,
        });
        y += high;
    }
    for (series, words) in [("predicted", "predicted"), ("achieved", "achieved")] {
        if dots && all.iter().flat_map(|(_, v)| v).any(|v| v.series == series) {
            scene.samples.push((Some(tone(series)), None, words));
        }
    }
    if has_target {
        scene.samples.push((None, Some(Stroke::Target), "target"));
    }
    scene
}

/// The values of a quantity in words.
pub(super) fn words(values: &[Value<'_>]) -> String {
    let several = values.len() > 1 || values.iter().any(Value::is_target);
    let words = values.iter().map(|v| match several {
        true => format!("{} {}", v.series, v.words),
        false => v.words.clone(),
    });
    words.collect::<Vec<_>>().join(", ")
}
