//! Every number and choice of a design, with its sum.

use crate::brief::{Place, Stated};
use groundplan_model::{Calculation, CalculationForm, FactValue, Provenance};
use std::collections::BTreeMap;

/// How a fact is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// The brief says so.
    Declared(Place),
    /// A formula gave it.
    Computed,
    /// A decision chose it, by id.
    Decided(String),
    /// Nobody said; the code of the finding that lists it.
    Assumed(String),
}

/// A fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is, in words.
    pub name: String,
    /// The value.
    pub value: FactValue,
    /// Unit; empty for a count, a share or a name.
    pub unit: String,
    /// The sum in numbers.
    pub formula: String,
    /// Paths of facts and keys of the brief that went in.
    pub inputs: Vec<String>,
    /// Tables and literature.
    pub sources: Vec<String>,
    /// How it is known.
    pub basis: Basis,
}

/// All facts by dotted path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    all: BTreeMap<String, Fact>,
}

impl Facts {
    /// Writes a fact down; the last one of a path stays.
    pub fn put(&mut self, path: &str, fact: Fact) {
        self.all.insert(path.to_owned(), fact);
    }

    /// A number that a formula gave. Rounded to six significant digits, which is more than any
    /// input has.
    pub fn computed(
        &mut self,
        path: &str,
        name: &str,
        value: f64,
        unit: &str,
        formula: impl Into<String>,
        inputs: &[&str],
    ) -> &mut Fact {
        let fact = Fact {
            name: name.to_owned(),
            value: FactValue::number(rounded(value)),
            unit: unit.to_owned(),
            formula: formula.into(),
            inputs: inputs.iter().map(|i| (*i).to_owned()).collect(),
            sources: Vec::new(),
            basis: Basis::Computed,
        };
        self.slot(path, fact)
    }

    /// A number that the brief states.
    pub fn stated(
        &mut self,
        path: &str,
        name: &str,
        stated: &Stated<f64>,
        unit: &str,
        key: &str,
    ) -> &mut Fact {
        let fact = Fact {
            name: name.to_owned(),
            value: FactValue::number(rounded(stated.value)),
            unit: unit.to_owned(),
            formula: format!("stated: “{}”", stated.words),
            inputs: vec![format!("brief.{key}")],
            sources: Vec::new(),
            basis: Basis::Declared(stated.place.clone()),
        };
        self.slot(path, fact)
    }

    /// A value of another kind.
    pub fn other(
        &mut self,
        path: &str,
        name: &str,
        value: FactValue,
        formula: impl Into<String>,
        inputs: &[&str],
    ) -> &mut Fact {
        let fact = Fact {
            name: name.to_owned(),
            value,
            unit: String::new(),
            formula: formula.into(),
            inputs: inputs.iter().map(|i| (*i).to_owned()).collect(),
            sources: Vec::new(),
            basis: Basis::Computed,
        };
        self.slot(path, fact)
    }

    fn slot(&mut self, path: &str, fact: Fact) -> &mut Fact {
        let slot = self.all.entry(path.to_owned()).or_insert(fact.clone());
        *slot = fact;
        slot
    }

    /// The fact of a path.
    pub fn get(&self, path: &str) -> Option<&Fact> {
        self.all.get(path)
    }

    /// The number of a path; 0 if there is none.
    pub fn number(&self, path: &str) -> f64 {
        match self.all.get(path).map(|f| &f.value) {
            Some(FactValue::Whole(n)) => *n as f64,
            Some(FactValue::Number(n)) => *n,
            _ => 0.0,
        }
    }

    /// A fact as a reader writes it, with its unit; the path itself if there is none.
    pub fn shown(&self, path: &str) -> String {
        let Some(fact) = self.all.get(path) else {
            return path.to_owned();
        };
        let value = shown(&fact.value);
        if value == "1" {
            return format!("1 {}", singular(&fact.unit)).trim_end().to_owned();
        }
        match fact.unit.as_str() {
            "" => value,
            "%" => format!("{value} %"),
            unit => format!("{value} {unit}"),
        }
    }

    /// Text with `{path}` replaced by facts; what is no fact stays.
    pub fn filled(&self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((path, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            if self.all.contains_key(path) {
                out.push_str(&self.shown(path));
            } else {
                out.push('{');
                out.push_str(path);
                out.push('}');
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// Paths and facts, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.all.iter().map(|(path, fact)| (path.as_str(), fact))
    }

    /// The facts as a blueprint keeps them.
    pub fn calculations(&self) -> Vec<Calculation> {
        self.iter()
            .map(|(path, fact)| Calculation {
                id: path.to_owned(),
                name: fact.name.clone(),
                value: fact.value.plain(),
                form: match fact.value {
                    FactValue::Whole(_) | FactValue::Number(_) => CalculationForm::Number,
                    FactValue::Flag(_) => CalculationForm::Flag,
                    FactValue::List(_) => CalculationForm::List,
                    FactValue::Text(_) => CalculationForm::Text,
                },
                unit: fact.unit.clone(),
                sources: fact.sources.clone(),
                provenance: fact.provenance(),
            })
            .collect()
    }
}

impl Fact {
    /// The reason as a blueprint keeps it.
    pub fn provenance(&self) -> Provenance {
        let formula = Some(self.formula.clone()).filter(|f| !f.is_empty());
        let mut provenance = match &self.basis {
            Basis::Declared(place) => Provenance::declared(place.evidence.clone()),
            Basis::Computed => Provenance::computed("", []),
            Basis::Decided(id) => Provenance::decided(id.clone()),
            Basis::Assumed(code) => Provenance::assumed(code.clone()),
        };
        provenance.formula = formula;
        provenance.inputs = self.inputs.clone();
        provenance
    }

    /// The same with sources.
    pub fn source(&mut self, source: impl Into<String>) -> &mut Self {
        self.sources.push(source.into());
        self
    }

    /// The same with another unit.
    pub fn unit(&mut self, unit: &str) -> &mut Self {
        unit.clone_into(&mut self.unit);
        self
    }

    /// The same as an assumption.
    pub fn assumed(&mut self, code: &str) -> &mut Self {
        self.basis = Basis::Assumed(code.to_owned());
        self
    }
}

/// A unit for one of it: `requests/s` becomes `request/s`.
pub(crate) fn singular(unit: &str) -> String {
    let (head, tail) = match unit.find(['/', ' ']) {
        Some(at) => unit.split_at(at),
        None => (unit, ""),
    };
    let head = match head {
        "primaries" => "primary",
        "series" | "s" | "ms" => head,
        "queries" => "query",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    };
    format!("{head}{tail}")
}

/// Six significant digits.
pub fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = 5 - value.abs().log10().floor() as i32;
    if digits <= 0 {
        return value.round();
    }
    let factor = 10_f64.powi(digits);
    (value * factor).round() / factor
}

/// A value as a reader writes it.
pub fn shown(value: &FactValue) -> String {
    match value {
        FactValue::Whole(n) => grouped(*n as f64, 0),
        FactValue::Number(n) => number(*n),
        other => other.plain(),
    }
}

/// A number with thousands grouped and as many decimals as its size deserves. Shares near 100 keep
/// three: 99.95 and 99.962 are different promises.
pub fn number(value: f64) -> String {
    let size = value.abs();
    let decimals = if value.fract() == 0.0 || size >= 1_000.0 {
        0
    } else if (90.0..100.0).contains(&size) {
        3
    } else if size >= 100.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        3
    };
    let text = grouped(value, decimals);
    if !text.contains('.') {
        return text;
    }
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    match trimmed {
        "0" | "-0" if value != 0.0 => format!("{value:.1e}"),
        _ => trimmed.to_owned(),
    }
}

fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{:.*}", decimals, value.abs());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text.as_str(), None),
    };
    let mut out = String::new();
    if value < 0.0 {
        out.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(1_234_567.0), "1,234,567");
        assert_eq!(number(99.95), "99.95");
        assert_eq!(number(99.962_34), "99.962");
        assert_eq!(number(0.877), "0.877");
        assert_eq!(number(21.6), "21.6");
        assert_eq!(number(0.000_01), "1.0e-5");
        assert!((rounded(1_234.567_89) - 1_234.57).abs() < 1e-9);
    }

    #[test]
    fn templates_take_facts() {
        let mut facts = Facts::default();
        facts.computed("load.peak_rps", "peak", 2_000.0, "requests/s", "", &[]);
        assert_eq!(
            facts.filled("at {load.peak_rps} and {x}"),
            "at 2,000 requests/s and {x}"
        );
    }
}
