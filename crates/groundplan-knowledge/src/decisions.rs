//! Architecture decisions as data: options, hard constraints, scores over facts.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A comparison of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equal,
}

/// One test of a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Name of the variable.
    pub variable: String,
    /// Whether the opposite is asked for (flags only).
    pub negated: bool,
    /// What it is compared with; `None` for a flag.
    pub against: Option<(Comparison, f64)>,
}

/// A condition: one of several rows of tests that must all hold. Written
/// `peak < 500 and not on_prem or wish.kubernetes`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Condition {
    /// Rows; one must hold.
    pub rows: Vec<Vec<Test>>,
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let row = |part: &str| part.split(" and ").map(test).collect();
        let rows: Result<Vec<Vec<Test>>, String> = text.split(" or ").map(row).collect();
        Ok(Condition { rows: rows? })
    }
}

fn test(text: &str) -> Result<Test, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (negated, words) = match words.split_first() {
        Some((&"not", rest)) => (true, rest.to_vec()),
        _ => (false, words),
    };
    match words.as_slice() {
        [variable] => Ok(Test {
            variable: (*variable).to_owned(),
            negated,
            against: None,
        }),
        [variable, sign, number] => {
            let comparison = match *sign {
                ">=" => Comparison::AtLeast,
                "<=" => Comparison::AtMost,
                ">" => Comparison::Above,
                "<" => Comparison::Below,
                "==" => Comparison::Equal,
                _ => return Err(format!("expected a comparison, found `{sign}`")),
            };
            let number = number
                .parse()
                .map_err(|_| format!("expected a number, found `{number}`"))?;
            Ok(Test {
                variable: (*variable).to_owned(),
                negated,
                against: Some((comparison, number)),
            })
        }
        _ => Err(format!(
            "expected `variable` or `variable < number`, found `{text}`"
        )),
    }
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, value: impl Fn(&str) -> f64) -> bool {
        let holds = |test: &Test| {
            let found = value(&test.variable);
            let result = match test.against {
                None => found != 0.0,
                Some((Comparison::AtLeast, n)) => found >= n,
                Some((Comparison::AtMost, n)) => found <= n,
                Some((Comparison::Above, n)) => found > n,
                Some((Comparison::Below, n)) => found < n,
                Some((Comparison::Equal, n)) => found == n,
            };
            result != test.negated
        };
        self.rows.iter().any(|row| row.iter().all(holds))
    }
}

/// A utility from 0 to 1: a number, or a piecewise-linear function of one variable. Written
/// `0.8` or `engineers 8:1 40:0.2`; `~peak 10:1 1000:0.5` interpolates over the logarithm.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Curve {
    /// Variable; empty for a constant.
    pub variable: String,
    /// Whether to interpolate over the logarithm.
    pub logarithmic: bool,
    /// Points, by rising variable; one for a constant.
    pub points: Vec<(f64, f64)>,
}

impl TryFrom<String> for Curve {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if let Ok(number) = text.trim().parse() {
            return Ok(Curve {
                variable: String::new(),
                logarithmic: false,
                points: vec![(0.0, number)],
            });
        }
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let variable = name.trim_start_matches('~').to_owned();
        let mut points = Vec::new();
        for word in words {
            let (x, y) = word
                .split_once(':')
                .ok_or_else(|| format!("expected `x:y`, found `{word}`"))?;
            let parse = |n: &str| {
                n.parse()
                    .map_err(|_| format!("expected a number, found `{n}`"))
            };
            points.push((parse(x)?, parse(y)?));
        }
        if points.is_empty() {
            return Err(format!("expected points, found `{text}`"));
        }
        Ok(Curve {
            variable,
            logarithmic: name.starts_with('~'),
            points,
        })
    }
}

impl Curve {
    /// Its value.
    pub fn at(&self, value: impl Fn(&str) -> f64) -> f64 {
        let x = if self.variable.is_empty() {
            0.0
        } else {
            value(&self.variable)
        };
        let scaled = |x: f64| {
            if self.logarithmic {
                x.max(1e-9).ln()
            } else {
                x
            }
        };
        let mut before: Option<(f64, f64)> = None;
        for (px, py) in &self.points {
            if x <= *px {
                return match before {
                    Some((bx, by)) => {
                        let part = (scaled(x) - scaled(bx)) / (scaled(*px) - scaled(bx));
                        by + (py - by) * part
                    }
                    None => *py,
                };
            }
            before = Some((*px, *py));
        }
        before.map_or(0.0, |(_, y)| y)
    }
}

/// A hard constraint.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// What must hold.
    #[serde(rename = "if")]
    pub condition: Condition,
    /// Why the option is excluded otherwise; `{path}` stands for a fact.
    #[serde(rename = "else")]
    pub reason: String,
    /// Whether it only says that the option does not pay: a demand of the brief overrules it.
    #[serde(default)]
    pub economy: bool,
}

/// An option.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Kebab-case id, unique in the decision.
    pub id: String,
    /// Value of the fact; `true` and `false` are flags.
    pub value: String,
    /// As documents write it, if the value does not say it.
    #[serde(default)]
    pub name: Option<String>,
    /// Hard constraints.
    #[serde(default)]
    pub needs: Vec<Constraint>,
    /// Utility by criterion.
    #[serde(default)]
    pub scores: BTreeMap<String, Curve>,
    /// What speaks for it.
    #[serde(default)]
    pub pros: Vec<String>,
    /// What speaks against it.
    #[serde(default)]
    pub cons: Vec<String>,
    /// How the worst of it is held down.
    #[serde(default)]
    pub mitigation: Option<String>,
}

impl Choice {
    /// As documents write it.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.value)
    }
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionSpec {
    /// `K01` and so on.
    pub id: String,
    /// Path of its fact.
    pub path: String,
    /// Title of the record.
    pub title: String,
    /// What is decided, as a question.
    pub question: String,
    /// Drivers with their values; `{path}` stands for a fact.
    pub context: String,
    /// Weight by criterion; the sum is 1.
    pub weights: BTreeMap<String, f64>,
    /// Options; of equal ones the first wins.
    pub options: Vec<Choice>,
}

/// All decisions as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/decisions.json"));

/// All decisions in the order in which they are taken: a later one may read the choice of an
/// earlier one.
pub fn decisions() -> &'static [DecisionSpec] {
    static ALL: OnceLock<Vec<DecisionSpec>> = OnceLock::new();
    // The test reads the same text; an error cannot occur in a program that passes it.
    ALL.get_or_init(|| serde_json::from_str(TEXT).unwrap_or_default())
}

/// Names of the criteria.
pub const CRITERIA: [(&str, &str); 8] = [
    ("F", "fit to load"),
    ("T", "fit to team"),
    ("O", "operability"),
    ("C", "cost"),
    ("S", "delivery speed"),
    ("R", "reliability"),
    ("L", "freedom from lock-in"),
    ("K", "skills"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 5] = [
        include_str!("../data/design/decisions/structure.yaml"),
        include_str!("../data/design/decisions/data.yaml"),
        include_str!("../data/design/decisions/platform.yaml"),
        include_str!("../data/design/decisions/access.yaml"),
        include_str!("../data/design/decisions/delivery.yaml"),
    ];

    #[test]
    fn decisions_are_those_of_the_files() {
        let read = |text: &&str| serde_saphyr::from_str::<Vec<DecisionSpec>>(text).unwrap();
        let all: Vec<DecisionSpec> = FILES.iter().flat_map(read).collect();
        assert_eq!(decisions(), all);
    }

    #[test]
    fn weights_sum_to_one() {
        for decision in decisions() {
            let sum: f64 = decision.weights.values().sum();
            assert!((sum - 1.0).abs() < 1e-9, "{}: {sum}", decision.id);
            for option in &decision.options {
                for key in option.scores.keys() {
                    assert!(decision.weights.contains_key(key), "{} {key}", decision.id);
                }
                assert!(!option.pros.is_empty(), "{} {}", decision.id, option.id);
            }
        }
    }

    #[test]
    fn curves_interpolate() {
        let curve = Curve::try_from("~x 1:0 100:1".to_owned()).unwrap();
        assert!((curve.at(|_| 10.0) - 0.5).abs() < 1e-9);
        assert!((curve.at(|_| 1e6) - 1.0).abs() < 1e-9);
        let condition = Condition::try_from("a < 5 and not b or c".to_owned()).unwrap();
        assert!(condition.holds(|v| if v == "a" { 1.0 } else { 0.0 }));
        assert!(!condition.holds(|v| if v == "c" { 0.0 } else { 9.0 }));
    }
}
