//! Compliance packs: what a rule book asks of a design.

use serde::Deserialize;
use std::sync::OnceLock;

/// One control of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Where the rule stands, for example `Art. 33`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// The part of a document that speaks of it.
    pub area: String,
    /// What the design does, third person, no period.
    pub text: String,
    /// It applies only to systems with this trait: `health`, `tracking`, `location`, `risky`.
    #[serde(default)]
    pub when: Option<String>,
}

/// A rule book.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlPack {
    /// Id, for example `gdpr`.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Full name.
    pub what: String,
    /// Engineer-weeks to meet it (estimate).
    pub effort_weeks: f64,
    /// Months for which audit records are kept.
    pub audit_months: f64,
    /// Its controls.
    pub controls: Vec<Control>,
}

/// All packs as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/controls.json"));

/// All packs, read at the first call.
pub fn controls() -> &'static [ControlPack] {
    static PACKS: OnceLock<Vec<ControlPack>> = OnceLock::new();
    // The test reads the same text; an error cannot occur in a program that passes it.
    PACKS.get_or_init(|| serde_json::from_str(TEXT).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_are_those_of_the_file() {
        let text = include_str!("../data/design/controls.yaml");
        let packs: Vec<ControlPack> = serde_saphyr::from_str(text).unwrap();
        assert_eq!(controls(), packs);
        assert!(packs.len() >= 5);
        for control in packs.iter().flat_map(|p| &p.controls) {
            assert!(!control.text.ends_with('.'), "{}", control.text);
        }
    }
}
