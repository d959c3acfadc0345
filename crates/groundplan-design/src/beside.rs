//! A repository beside the design of its brief: targets, and what was found in their place.

mod running;

use crate::brief::story::single;
use crate::design::Design;
use groundplan_knowledge::{Category, design_tables, knowledge};
use groundplan_model::{
    Blueprint, Element, Entity, EntityKind, Provenance, ProvenanceKind, Question, Role, Statement,
    Target,
};
use std::collections::BTreeSet;

/// Names after this many are counted.
const MOST: usize = 8;

/// Puts the design of a brief beside what a survey found. Elements, relationships, entities,
/// interfaces and flows stay those that were found; numbers, service levels, requirements, goals,
/// decisions and the roadmap of the design join them; `targets` compares the parts.
pub fn beside(mut built: Blueprint, design: &Design) -> Blueprint {
    let plan = &design.blueprint;
    let targets = targets(&built, design);
    identity(&mut built, design);
    let known: BTreeSet<String> = built.calculations.iter().map(|c| c.id.clone()).collect();
    let numbers = plan.calculations.iter().filter(|c| !known.contains(&c.id));
    built.calculations.extend(numbers.cloned());
    built.calculations.sort_by(|a, b| a.id.cmp(&b.id));
    for slo in &plan.slos {
        let alike = |s: &groundplan_model::Slo| {
            s.indicator.eq_ignore_ascii_case(&slo.indicator) && s.percentile == slo.percentile
        };
        if !built.slos.iter().any(alike) {
            // Elements and predictions of the design are not those of what was found.
            built.slos.push(groundplan_model::Slo {
                element: None,
                predicted: None,
                ..slo.clone()
            });
        }
    }
    built.slos.sort_by(|a, b| a.id.cmp(&b.id));
    for requirement in &plan.requirements {
        if !built.requirements.iter().any(|r| r.id == requirement.id) {
            built.requirements.push(requirement.clone());
        }
    }
    for decision in &plan.decisions {
        if !built.decisions.iter().any(|d| d.id == decision.id) {
            built.decisions.push(decision.clone());
        }
    }
    built.decisions.sort_by(|a, b| a.id.cmp(&b.id));
    for (own, planned) in [
        (&mut built.goals, &plan.goals),
        (&mut built.non_goals, &plan.non_goals),
    ] {
        if own.is_empty() {
            own.clone_from(planned);
        }
    }
    if built.roadmap.is_empty() {
        built.roadmap.clone_from(&plan.roadmap);
    }
    let asked = plan
        .questions
        .iter()
        .filter(|q| about_conflicts(q))
        .cloned();
    built.questions = asked.chain(targets.iter().filter_map(question)).collect();
    built.targets = targets;
    built
}

/// Conflicts of the brief stand whatever is built; other questions of a design are about parts that
/// the repository may have settled.
fn about_conflicts(question: &Question) -> bool {
    question.key.starts_with("conflict-")
}

/// Answers of a design that are aims, whatever is built.
const AIMS: [&str; 5] = [
    "scale",
    "system.users",
    "targets.coverage",
    "targets.latency",
    "targets.throughput",
];

/// Aims that answers of a design give together with how it reaches them: key, template, facts.
const RECOVERY: [(&str, &str, &[&str]); 3] = [
    (
        "recovery",
        "Back within {recovery.rto_min}, at most {recovery.rpo_min} of data lost",
        &["recovery.rto_min", "recovery.rpo_min"],
    ),
    (
        "operations.rto",
        "{recovery.rto_min}",
        &["recovery.rto_min"],
    ),
    (
        "operations.rpo",
        "{recovery.rpo_min}",
        &["recovery.rpo_min"],
    ),
];

/// What a person says beats what a file shows.
fn identity(built: &mut Blueprint, design: &Design) {
    let plan = &design.blueprint;
    let declared = |s: &Option<Statement>| {
        s.as_ref()
            .is_some_and(|s| s.provenance.kind == ProvenanceKind::Declared)
    };
    if !declared(&built.system.purpose) && plan.system.purpose.is_some() {
        built.system.purpose.clone_from(&plan.system.purpose);
    }
    if built.system.problem.is_none() {
        built.system.problem.clone_from(&plan.system.problem);
    }
    // What must be reached, not how the design reaches it.
    for (key, statement) in &plan.system.answers {
        if AIMS.contains(&key.as_str()) && !built.system.answers.contains_key(key) {
            let answer = statement.clone();
            built.system.answers.insert(key.clone(), answer);
        }
    }
    for (key, template, facts) in RECOVERY {
        let known = built.system.answers.entry(key.to_owned());
        known.or_insert_with(|| Statement {
            text: design.facts.filled(template),
            provenance: Provenance::computed(
                "facts of the design",
                facts.iter().map(|f| (*f).to_owned()),
            ),
        });
    }
    for (key, statement) in &plan.system.constraints {
        if !built
            .system
            .constraints
            .iter()
            .any(|(known, _)| known == key)
        {
            let entry = (key.clone(), statement.clone());
            built.system.constraints.push(entry);
        }
    }
}

fn question(target: &Target) -> Option<Question> {
    let (text, why) = match (&target.designed, &target.found) {
        (Some(designed), Some(found)) if !target.agrees => (
            format!(
                "{}: the design has {}, the repository {}. Which one stands?",
                target.name, designed.text, found.text
            ),
            "Numbers of the design hold for what was designed.",
        ),
        (Some(designed), None) => (
            format!(
                "{}, designed and not found: {}. Still to be built?",
                target.name, designed.text
            ),
            "What is missing takes its requirements with it.",
        ),
        (None, Some(found)) => (
            format!(
                "{}, found and not designed: {}. What for?",
                target.name, found.text
            ),
            "Cost, availability and threats of the design leave it out.",
        ),
        _ => return None,
    };
    Some(Question {
        id: String::new(),
        key: format!("target-{}", target.id.replace('.', "-")),
        text,
        owner: "tech lead".to_owned(),
        why: why.to_owned(),
        answer: "brief".to_owned(),
        options: Vec::new(),
    })
}

fn targets(built: &Blueprint, design: &Design) -> Vec<Target> {
    let plan = &design.blueprint;
    let mut all = Vec::new();
    programs(built, plan, &mut all);
    languages(built, design, &mut all);
    stores(built, plan, &mut all);
    partners(built, plan, &mut all);
    instances(built, plan, &mut all);
    records(built, plan, &mut all);
    running::rows(built, design, &mut all);
    all
}

fn statement(text: String, sources: impl IntoIterator<Item = Provenance>) -> Option<Statement> {
    let mut sources = sources.into_iter();
    let first = sources.next()?;
    let evidence = sources.flat_map(|p| p.evidence).take(MOST);
    Some(Statement {
        text,
        provenance: first.and(evidence),
    })
}

/// `a, b and 3 more`.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<&str> = names.collect();
    let shown = all
        .iter()
        .take(MOST)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match all.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn is_program(element: &Element) -> bool {
    matches!(
        element.role,
        None | Some(Role::Service | Role::Ui | Role::Gateway | Role::Job | Role::Program)
    )
}

/// Deployables: names of a design are not those of code, so that they are compared as a whole.
fn programs(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    let pick = |b: &Blueprint| -> Vec<Element> {
        b.containers().filter(|e| is_program(e)).cloned().collect()
    };
    let (designed, found) = (pick(plan), pick(built));
    let side = |list: &[Element]| {
        let names = listed(list.iter().map(|e| e.name.as_str()));
        let text = format!("{} ({names})", list.len());
        statement(text, list.iter().map(|e| e.provenance.clone()))
    };
    all.push(Target {
        id: "programs".to_owned(),
        name: "Programs that are deployed".to_owned(),
        designed: side(&designed),
        found: side(&found),
        agrees: designed.len() == found.len(),
    });
}

/// The option of the decision on the language that a technology is; of a framework nothing is
/// taken, since more than one language may run on it.
fn option_of(technology: &str) -> Option<&'static str> {
    let lower = technology.to_lowercase();
    let languages = design_tables().vocabulary.names.get("language")?;
    let (option, _) = languages
        .iter()
        .find(|(option, aliases)| **option == lower || aliases.contains(&lower))?;
    let language = knowledge()
        .by_name(technology)
        .is_none_or(|t| matches!(t.category, Category::Language | Category::Runtime));
    language.then_some(option.as_str())
}

fn languages(built: &Blueprint, design: &Design, all: &mut Vec<Target>) {
    let plan = &design.blueprint;
    let Some(chosen) = plan.calculations.iter().find(|c| c.id == "language") else {
        return;
    };
    let mut seen: Vec<(&str, &str, Provenance)> = Vec::new();
    for element in built
        .containers()
        .filter(|e| is_program(e) && e.role != Some(Role::Ui))
    {
        for name in &element.technology {
            let known = seen.iter().any(|(n, ..)| n == name);
            if let Some(option) = option_of(name).filter(|_| !known) {
                seen.push((name, option, element.provenance.clone()));
            }
        }
    }
    // One language was designed, so that a second one is otherwise.
    let agrees = !seen.is_empty() && seen.iter().all(|(_, option, _)| *option == chosen.value);
    let text = listed(seen.iter().map(|(name, ..)| *name));
    all.push(Target {
        id: "language".to_owned(),
        name: "Language of the services".to_owned(),
        designed: statement(
            design.outcome.name("language").to_owned(),
            [chosen.provenance.clone()],
        ),
        found: statement(text, seen.iter().map(|(.., p)| p.clone())),
        agrees,
    });
}

/// Stores, brokers and search indexes, by what they are for.
fn stores(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    const ROLES: [(Role, &str); 5] = [
        (Role::Database, "Database"),
        (Role::Cache, "Cache"),
        (Role::Broker, "Message broker"),
        (Role::ObjectStorage, "Object storage"),
        (Role::SearchIndex, "Search index"),
    ];
    for (role, name) in ROLES {
        let of = |b: &Blueprint| -> Vec<Element> {
            let is = |e: &&Element| e.role == Some(role);
            b.containers()
                .chain(b.externals())
                .filter(is)
                .cloned()
                .collect()
        };
        let mut found = of(built);
        for designed in of(plan) {
            let same = found.iter().position(|f| alike(&designed, f));
            let match_ = same
                .or((!found.is_empty()).then_some(0))
                .map(|at| found.remove(at));
            all.push(Target {
                id: format!("store.{}", designed.id),
                name: name.to_owned(),
                designed: side(&designed),
                agrees: same.is_some(),
                found: match_.as_ref().and_then(side),
            });
        }
        for left in found {
            all.push(Target {
                id: format!("store.found.{}", left.id),
                name: name.to_owned(),
                designed: None,
                found: side(&left),
                agrees: false,
            });
        }
    }
}

/// An element in words: name and technology.
fn side(element: &Element) -> Option<Statement> {
    let technology = element.technology.join(", ");
    let text = match technology.is_empty() || technology == element.name {
        true => element.name.clone(),
        false => format!("{} ({technology})", element.name),
    };
    statement(text, [element.provenance.clone()])
}

/// Whether two elements have a technology in common, or one is of the other's class (`Redis-class`).
fn alike(a: &Element, b: &Element) -> bool {
    let words = |e: &Element| -> BTreeSet<String> {
        let texts = e.technology.iter().chain(std::iter::once(&e.name));
        texts
            .flat_map(|t| t.split([' ', '-', '/', ',']))
            .map(str::to_lowercase)
            .filter(|w| {
                ![
                    "database", "cache", "class", "store", "queue", "managed", "db",
                ]
                .contains(&w.as_str())
            })
            .collect()
    };
    words(a).intersection(&words(b)).next().is_some()
}

/// Systems outside that the brief names; others that were found are told too.
fn partners(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    let stands = |e: &&Element| e.role.is_none() || e.role == Some(Role::External);
    let mut found: Vec<&Element> = built.externals().filter(stands).collect();
    let named = |e: &Element| e.provenance.kind == ProvenanceKind::Declared;
    for designed in plan.externals().filter(stands).filter(|e| named(e)) {
        let name = designed.name.to_lowercase();
        let at = found.iter().position(|f| {
            let other = f.name.to_lowercase();
            other.contains(&name) || name.contains(&other)
        });
        let other = at.map(|at| found.remove(at));
        all.push(Target {
            id: format!("partner.{}", designed.id),
            name: "System outside".to_owned(),
            designed: side(designed),
            agrees: other.is_some(),
            found: other.and_then(side),
        });
    }
    if found.is_empty() {
        return;
    }
    let text = listed(found.iter().map(|e| e.name.as_str()));
    all.push(Target {
        id: "partner.found".to_owned(),
        name: "Other systems outside".to_owned(),
        designed: None,
        found: statement(text, found.iter().map(|e| e.provenance.clone())),
        agrees: false,
    });
}

/// Instances of the programs, where files state them.
fn instances(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    let Some(wanted) = plan
        .calculations
        .iter()
        .find(|c| c.id == "compute.instances")
    else {
        return;
    };
    let stated: Vec<(&Element, &groundplan_model::Attribute)> = built
        .containers()
        .filter(|e| is_program(e))
        .filter_map(|e| Some((e, e.attribute("replicas")?)))
        .collect();
    if stated.is_empty() {
        return;
    }
    let most = stated
        .iter()
        .filter_map(|(_, a)| a.value.parse::<f64>().ok())
        .fold(0.0, f64::max);
    let least: f64 = wanted.value.parse().unwrap_or(0.0);
    let pairs: Vec<String> = stated
        .iter()
        .map(|(e, a)| format!("{} of {}", a.value, e.name))
        .collect();
    all.push(Target {
        id: "number.instances".to_owned(),
        name: "Instances at peak".to_owned(),
        designed: statement(wanted.value.clone(), [wanted.provenance.clone()]),
        found: statement(
            listed(pairs.iter().map(String::as_str)),
            stated.iter().map(|(_, a)| a.provenance.clone()),
        ),
        agrees: most >= least,
    });
}

/// Kinds of records, by name.
fn records(built: &Blueprint, plan: &Blueprint, all: &mut Vec<Target>) {
    // Messages and types are no records.
    let kept = |e: &&Entity| matches!(e.kind, EntityKind::Table | EntityKind::Collection);
    let kept: Vec<&Entity> = built.entities.iter().filter(kept).collect();
    if kept.is_empty() || plan.entities.is_empty() {
        return;
    }
    let found: BTreeSet<String> = kept.iter().map(|e| key(&e.name)).collect();
    let (there, missing): (Vec<&Entity>, Vec<&Entity>) = plan
        .entities
        .iter()
        .partition(|e| found.contains(&key(&e.name)));
    let names = |list: &[&Entity]| listed(list.iter().map(|e| e.name.as_str()));
    if !there.is_empty() {
        let here = |e: &&Entity| there.iter().any(|t| key(&t.name) == key(&e.name));
        let own: Vec<&Entity> = kept.iter().copied().filter(here).collect();
        all.push(Target {
            id: "records.both".to_owned(),
            name: "Records".to_owned(),
            designed: statement(names(&there), there.iter().map(|e| e.provenance.clone())),
            found: statement(names(&own), own.iter().map(|e| e.provenance.clone())),
            agrees: true,
        });
    }
    if !missing.is_empty() {
        all.push(Target {
            id: "records.missing".to_owned(),
            name: "Records".to_owned(),
            designed: statement(
                names(&missing),
                missing.iter().map(|e| e.provenance.clone()),
            ),
            found: None,
            agrees: false,
        });
    }
    let wanted: BTreeSet<String> = plan.entities.iter().map(|e| key(&e.name)).collect();
    let more: Vec<&Entity> = kept
        .into_iter()
        .filter(|e| !wanted.contains(&key(&e.name)))
        .collect();
    if !more.is_empty() {
        all.push(Target {
            id: "records.found".to_owned(),
            name: "Records".to_owned(),
            designed: None,
            found: statement(names(&more), more.iter().map(|e| e.provenance.clone())),
            agrees: false,
        });
    }
}

/// A name without case and marks, its last word in the singular, so that `order_items` is
/// `OrderItem` and `categories` `Category`.
fn key(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    single(&plain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_records_are_compared_in_the_singular() {
        for (one, other) in [
            ("order_items", "OrderItem"),
            ("categories", "Category"),
            ("Addresses", "address"),
            ("boxes", "Box"),
        ] {
            assert_eq!(key(one), key(other));
        }
        assert_ne!(key("status"), key("statu"));
    }

    #[test]
    fn technologies_are_languages_or_not() {
        for (technology, option) in [
            ("TypeScript", Some("node")),
            ("JavaScript", Some("node")),
            ("Node.js", Some("node")),
            ("Go", Some("go")),
            ("C#", Some("csharp")),
            ("Kotlin", Some("kotlin")),
            ("Spring Boot", None),
            ("PostgreSQL", None),
        ] {
            assert_eq!(option_of(technology), option, "{technology}");
        }
    }
}
