//! Declared content joined with what was observed: declared beats observed, and where the two
//! contradict each other both places are told.

mod elements;
mod flows;
mod names;
mod relationships;

use super::{Declaration, Subject};
use groundplan_model::{
    Attribute, Blueprint, Decision, Diagnostic, Evidence, Provenance, Severity, Slo, Statement,
};
use names::{Names, unknown};
use std::collections::{BTreeMap, BTreeSet};

/// Faults after this many are not told.
const MOST_FAULTS: usize = 100;

/// Puts what was declared into a surveyed blueprint. Ids stay as they are when names change; lists
/// of goals and phases replace observed ones, lists of people, terms, decisions, requirements and
/// environments are merged by name or id.
pub fn reconcile(blueprint: &mut Blueprint, declaration: &Declaration) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    system(blueprint, declaration, &mut diagnostics);
    elements::add(blueprint, declaration, &mut diagnostics);
    let mut names = Names::new(blueprint);
    names.learn(declaration);
    elements::correct(blueprint, declaration, &names, &mut diagnostics);
    elements::owners(blueprint, declaration, &names, &mut diagnostics);
    relationships::correct(blueprint, declaration, &names, &mut diagnostics);
    flows::add(blueprint, declaration, &names, &mut diagnostics);
    subjects(blueprint, &declaration.subjects, &mut diagnostics);
    slos(blueprint, declaration, &names, &mut diagnostics);
    decisions(blueprint, declaration, &mut diagnostics);
    environments(blueprint, declaration, &mut diagnostics);
    lists(blueprint, declaration);
    elements::hide(blueprint, declaration, &names);
    sort(blueprint);
    diagnostics.sort();
    diagnostics.dedup();
    if diagnostics.len() > MOST_FAULTS {
        diagnostics.sort_by_key(|d| std::cmp::Reverse(d.severity));
        diagnostics.truncate(MOST_FAULTS);
    }
    diagnostics
}

/// A warning that two places say different things; the declared one wins.
fn contradiction(
    what: &str,
    declared: (&str, Option<&Evidence>),
    observed: (&str, Option<&Evidence>),
) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Severity::Warning,
        "contradiction",
        format!(
            "{what}: declared `{}`, observed `{}`",
            declared.0, observed.0
        ),
    );
    diagnostic.place = declared.1.cloned();
    if let Some(place) = observed.1 {
        diagnostic = diagnostic.label(place.clone(), "observed here");
    }
    diagnostic.help("the declared one wins; remove it if the observed one is right")
}

/// Whether two texts say the same, apart from case and blanks.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    plain(a) == plain(b)
}

fn system(blueprint: &mut Blueprint, declared: &Declaration, diagnostics: &mut Vec<Diagnostic>) {
    let id = blueprint.system.id.clone();
    let frame = blueprint.elements.iter().position(|e| e.id == id);
    if let Some(name) = &declared.name {
        let old = std::mem::replace(&mut blueprint.system.name, name.text.clone());
        if let Some(frame) = frame.and_then(|at| blueprint.elements.get_mut(at)) {
            elements::rename(frame, name, &old);
        }
    }
    if let Some(purpose) = &declared.purpose {
        blueprint.system.purpose = Some(purpose.clone());
        if let Some(frame) = frame.and_then(|at| blueprint.elements.get_mut(at)) {
            frame.description = Some(purpose.clone());
        }
    }
    let system = &mut blueprint.system;
    if let (Some(version), Some(seen)) = (&declared.version, &system.version)
        && !same(
            version.text.trim_start_matches('v'),
            seen.text.trim_start_matches('v'),
        )
    {
        diagnostics.push(contradiction(
            "version of the system",
            (&version.text, version.provenance.first()),
            (&seen.text, seen.provenance.first()),
        ));
    }
    for (own, value) in [
        (&mut system.problem, &declared.problem),
        (&mut system.version, &declared.version),
        (&mut system.style, &declared.style),
    ] {
        if value.is_some() {
            own.clone_from(value);
        }
    }
    if !declared.features.is_empty() {
        system.features.clone_from(&declared.features);
    }
    system.answers.extend(declared.answers.clone());
    for (key, statement) in &declared.constraints {
        system.constraints.retain(|(k, _)| k != key);
        system.constraints.push((key.clone(), statement.clone()));
    }
}

/// Lists that need no look-up.
fn lists(blueprint: &mut Blueprint, declared: &Declaration) {
    if !declared.goals.is_empty() {
        blueprint.goals.clone_from(&declared.goals);
    }
    if !declared.non_goals.is_empty() {
        blueprint.non_goals.clone_from(&declared.non_goals);
    }
    if !declared.roadmap.is_empty() {
        blueprint.roadmap.clone_from(&declared.roadmap);
    }
    merge(&mut blueprint.stakeholders, &declared.stakeholders, |s| {
        s.name.to_lowercase()
    });
    merge(&mut blueprint.glossary, &declared.glossary, |t| {
        t.term.to_lowercase()
    });
    merge(&mut blueprint.requirements, &declared.requirements, |r| {
        r.id.to_lowercase()
    });
    merge(&mut blueprint.threats, &declared.threats, |t| {
        t.id.to_lowercase()
    });
    merge(&mut blueprint.observations, &declared.observations, |o| {
        (o.topic, o.element.clone(), o.name.to_lowercase())
    });
}

/// Declared items first, in their order; observed ones with the same key give way.
fn merge<T: Clone, K: Ord>(own: &mut Vec<T>, declared: &[T], key: impl Fn(&T) -> K) {
    if declared.is_empty() {
        return;
    }
    let known: BTreeSet<K> = declared.iter().map(&key).collect();
    own.retain(|item| !known.contains(&key(item)));
    own.splice(0..0, declared.iter().cloned());
}

fn slos(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut all = declared.slos.clone();
    for slo in &mut all {
        let Some(written) = &slo.element else {
            continue;
        };
        match names.find(written) {
            Ok(id) => slo.element = Some(id.to_owned()),
            Err(many) => diagnostics.push(unknown(names, written, &many, slo.provenance.first())),
        }
    }
    let lonely = blueprint.containers().count() == 1;
    let alike = |a: &Slo, b: &Slo| {
        let scope =
            a.element == b.element || (lonely && (a.element.is_none() || b.element.is_none()));
        scope && same(&a.indicator, &b.indicator) && a.percentile == b.percentile
    };
    for slo in &all {
        for seen in blueprint.slos.iter().filter(|seen| alike(slo, seen)) {
            if !same(&slo.target, &seen.target) {
                diagnostics.push(contradiction(
                    &format!("target of `{}`", slo.indicator),
                    (&slo.target, slo.provenance.first()),
                    (&seen.target, seen.provenance.first()),
                ));
            }
        }
    }
    blueprint
        .slos
        .retain(|seen| !all.iter().any(|slo| slo.id == seen.id || alike(slo, seen)));
    blueprint.slos.extend(all);
}

fn decisions(blueprint: &mut Blueprint, declared: &Declaration, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, Evidence> = BTreeMap::new();
    for decision in &declared.decisions {
        let key = decision.id.to_lowercase();
        if let (Some(first), Some(place)) = (seen.get(&key), decision.provenance.first()) {
            diagnostics.push(
                Diagnostic::new(
                    Severity::Error,
                    "duplicate-decision",
                    format!("expected one decision `{}`, found two", decision.id),
                )
                .at(place.clone())
                .label(first.clone(), "the first one"),
            );
            continue;
        }
        seen.extend(
            decision
                .provenance
                .first()
                .map(|place| (key, place.clone())),
        );
        let old = blueprint
            .decisions
            .iter_mut()
            .find(|d| same(&d.id, &decision.id));
        match old {
            Some(old) => {
                for (what, new, was) in differences(decision, old) {
                    diagnostics.push(contradiction(
                        &format!("{what} of `{}`", decision.id),
                        (&new, decision.provenance.first()),
                        (&was, old.provenance.first()),
                    ));
                }
                *old = decision.clone();
            }
            None => blueprint.decisions.push(decision.clone()),
        }
    }
}

fn differences(new: &Decision, old: &Decision) -> Vec<(&'static str, String, String)> {
    let short = super::validate::short;
    let mut all = Vec::new();
    if !same(&new.title, &old.title) {
        all.push(("title", short(&new.title), short(&old.title)));
    }
    if new.status != old.status {
        all.push((
            "status",
            new.status.word().to_owned(),
            old.status.word().to_owned(),
        ));
    }
    if !new.decision.is_empty() && !old.decision.is_empty() && !same(&new.decision, &old.decision) {
        all.push(("outcome", short(&new.decision), short(&old.decision)));
    }
    all
}

fn environments(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for declaration in &declared.environments {
        let new = &declaration.environment;
        let Some(old) = blueprint.environments.iter_mut().find(|e| e.id == new.id) else {
            blueprint.environments.push(new.clone());
            continue;
        };
        if let Some(tier) = declaration.tier {
            old.tier = tier;
        }
        old.provenance = Provenance::declared(
            new.provenance
                .evidence
                .iter()
                .chain(&old.provenance.evidence)
                .cloned(),
        );
        let what = format!("environment `{}`", old.name);
        set_attributes(&mut old.attributes, &new.attributes, &what, diagnostics);
    }
    blueprint
        .environments
        .sort_by(|a, b| (a.tier, &a.name).cmp(&(b.tier, &b.name)));
}

/// Declared properties take the place of observed ones with the same key.
fn set_attributes(
    own: &mut Vec<Attribute>,
    declared: &[Attribute],
    what: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for attribute in declared {
        let old: Vec<&Attribute> = own.iter().filter(|a| a.key == attribute.key).collect();
        if !old.is_empty() && !old.iter().any(|a| same(&a.value, &attribute.value)) {
            let values: Vec<&str> = old.iter().map(|a| a.value.as_str()).collect();
            diagnostics.push(contradiction(
                &format!("{} of {what}", attribute.key),
                (&attribute.value, attribute.provenance.first()),
                (
                    &values.join(", "),
                    old.first().and_then(|a| a.provenance.first()),
                ),
            ));
        }
        own.retain(|a| a.key != attribute.key);
        own.push(attribute.clone());
    }
    own.sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
}

/// Descriptions of entities and interfaces; ids that do not exist are told.
fn subjects(blueprint: &mut Blueprint, subjects: &[Subject], diagnostics: &mut Vec<Diagnostic>) {
    for subject in subjects {
        let is = |id: &str, name: &str| id == subject.id || name == subject.id;
        let text = subject
            .description
            .as_ref()
            .map(|s: &Statement| s.text.clone());
        let description = if subject.section == "entities" {
            let found = blueprint.entities.iter_mut().find(|e| is(&e.id, &e.name));
            found.map(|e| &mut e.description)
        } else {
            let found = blueprint.interfaces.iter_mut().find(|i| is(&i.id, &i.name));
            found.map(|i| &mut i.description)
        };
        if let Some(description) = description {
            if text.is_some() {
                *description = text;
            }
            continue;
        }
        let ids: Vec<&str> = if subject.section == "entities" {
            blueprint.entities.iter().map(|e| e.id.as_str()).collect()
        } else {
            blueprint.interfaces.iter().map(|i| i.id.as_str()).collect()
        };
        let one = if subject.section == "entities" {
            "entity"
        } else {
            "interface"
        };
        diagnostics.push(names::no_such(one, &subject.id, &ids).at(subject.place.clone()));
        if diagnostics.len() > MOST_FAULTS {
            return;
        }
    }
}

/// The order of the public form.
fn sort(blueprint: &mut Blueprint) {
    blueprint.elements.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.relationships.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.decisions.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.requirements.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.slos.sort_by(|a, b| a.id.cmp(&b.id));
    blueprint.observations.sort_by(|a, b| {
        (a.topic, &a.element, &a.name, &a.provenance).cmp(&(
            b.topic,
            &b.element,
            &b.name,
            &b.provenance,
        ))
    });
}
