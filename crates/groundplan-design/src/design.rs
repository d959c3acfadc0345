//! A design: brief in, blueprint, facts and findings out.

use crate::blueprint::Nouns;
use crate::brief::rules::Rule;
use crate::brief::{Brief, Field, Place};
use crate::capabilities::{Chosen, choose};
use crate::decide::{Flip, flips};
use crate::facts::Facts;
use crate::findings::{Finding, findings};
use crate::inputs::Inputs;
use crate::outcome::{Outcome, outcome};
use crate::table::table;
use groundplan_model::{Blueprint, Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// A design.
#[derive(Clone, Debug)]
pub struct Design {
    /// What the brief speaks of.
    pub chosen: Chosen,
    /// Inputs of the sums.
    pub inputs: Inputs,
    /// What follows from them.
    pub outcome: Outcome,
    /// Every number with its sum.
    pub facts: Facts,
    /// Findings, conflicts first.
    pub findings: Vec<Finding>,
    /// Where decisions flip.
    pub flips: BTreeMap<&'static str, Vec<Flip>>,
    /// Clauses of the purpose that no part of the design came from.
    pub(crate) lost: Vec<Rule>,
    /// The as-designed blueprint.
    pub blueprint: Blueprint,
}

/// Designs the system of a brief. `read` are the findings of reading it. Where the brief holds an
/// error there is no design, and the diagnostics say why.
pub fn design(brief: &Brief, read: Vec<Diagnostic>) -> (Option<Design>, Vec<Diagnostic>) {
    let chosen = choose(brief);
    let diagnostics = recognised(brief, &chosen, read);
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return (None, diagnostics);
    }
    let (design, diagnostics) = designed(brief, chosen, diagnostics);
    (Some(design), diagnostics)
}

/// Designs the system of a brief although it holds errors: what is wrong counts as not said. Numbers
/// of such a design rest on assumptions that nobody made and are no part of a document.
pub fn design_despite(brief: &Brief, read: Vec<Diagnostic>) -> (Design, Vec<Diagnostic>) {
    let chosen = choose(brief);
    let diagnostics = recognised(brief, &chosen, read);
    designed(brief, chosen, diagnostics)
}

/// Adds the error of a purpose that speaks of no capability.
fn recognised(brief: &Brief, chosen: &Chosen, read: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut diagnostics = read;
    let said = !brief.text(Field::Purpose).trim().is_empty();
    if !chosen.recognised && said {
        let fault = Diagnostic::new(
            Severity::Error,
            "V-PURPOSE-UNRECOGNISED",
            "expected what people or programs do with the system in `purpose`, found no capability",
        );
        let place = brief.fields.get(&Field::Purpose).map(|s| s.place.clone());
        let fault = match place.and_then(|p| p.evidence) {
            Some(evidence) => fault.at(evidence),
            None => fault,
        };
        diagnostics.push(fault.help("say who does what: `patients book slots`, `sellers list products and buyers pay by card`"));
    }
    diagnostics
}

fn designed(
    brief: &Brief,
    mut chosen: Chosen,
    mut diagnostics: Vec<Diagnostic>,
) -> (Design, Vec<Diagnostic>) {
    let inputs = Inputs::new(brief, &chosen);
    let state = outcome(&inputs);
    // Who signs in elsewhere leaves no password here.
    chosen.federated = !matches!(state.option("authn"), "local" | "keys" | "");
    let name = brief.name();
    let lost = crate::blueprint::lost(brief, &chosen, &name);
    let mut all = findings(brief, &chosen, &inputs, &state, &lost);
    let nouns = Nouns::new(brief, &chosen, state.deployables, &name);
    let numbers = table(brief, &chosen, &inputs, &state, &all, &nouns);
    for finding in &mut all {
        finding.message = numbers.filled(&nouns.filled(&finding.message));
    }
    diagnostics.extend(all.iter().map(Finding::diagnostic));
    // What reading found is part of the findings too.
    for d in &diagnostics {
        let known = all.iter().any(|f| f.code == d.name);
        if !known && d.name.get(1..2) == Some("-") {
            all.push(Finding {
                code: d.name.clone(),
                severity: d.severity,
                message: d.message.clone(),
                place: Place {
                    evidence: d.place.clone(),
                    columns: d.columns,
                },
                options: d.help.clone(),
            });
        }
    }
    let flips = flips(&inputs, &state);
    let facts = table(brief, &chosen, &inputs, &state, &all, &nouns);
    let mut design = Design {
        chosen,
        inputs,
        outcome: state,
        facts,
        findings: all,
        flips,
        lost,
        blueprint: Blueprint::default(),
    };
    design.blueprint = crate::blueprint::blueprint(brief, &design, &nouns, name);
    diagnostics.extend(crate::measured::put(brief, &mut design));
    (design, diagnostics)
}

/// A fact that differs between two designs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Path of the fact.
    pub path: String,
    /// The value before, as a reader writes it; `–` if there was none.
    pub before: String,
    /// The value after.
    pub after: String,
    /// Whether a decision chose it.
    pub decision: bool,
}

/// The facts that differ, decisions first, then by path.
pub fn compare(before: &Design, after: &Design) -> Vec<Change> {
    let paths: BTreeSet<&str> = before
        .facts
        .iter()
        .chain(after.facts.iter())
        .map(|(path, _)| path)
        .collect();
    let mut all: Vec<Change> = paths
        .into_iter()
        .filter_map(|path| {
            let value = |design: &Design| match design.facts.get(path) {
                Some(_) => design.facts.shown(path),
                None => "–".to_owned(),
            };
            let (old, new) = (value(before), value(after));
            let decision = before.outcome.taken.contains_key(path)
                || after.outcome.taken.contains_key(path)
                || path == "region_tier";
            (old != new).then(|| Change {
                path: path.to_owned(),
                before: old,
                after: new,
                decision,
            })
        })
        .collect();
    all.sort_by_key(|c| (!c.decision, c.path.clone()));
    all
}
