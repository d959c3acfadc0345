//! A checked document as a [`Declaration`].

use super::answers::{answers, fill_synonyms};
use super::parts::{Part, one_line};
use super::source::Source;
use super::table::ROOT;
use super::targets::targets;
use super::{
    Declaration, ElementDeclaration, EnvironmentDeclaration, FlowDeclaration,
    RelationshipDeclaration, StepDeclaration, Subject,
};
use crate::facts::Placed;
use crate::resolve::environments::tier;
use crate::resolve::names::slug;
use groundplan_model::{
    Attribute, Consideration, Decision, DecisionStatus, Environment, Goal, Milestone, Observation,
    Requirement, RequirementKind, Slo, Stakeholder, Statement, StepKind, Term, Threat, Topic,
};
use groundplan_syntax::{Lines, Node, Value};

/// Reads a document; what has the wrong shape is passed over, the check has told it.
pub(crate) fn read(root: &Node, text: &str, source: &Source<'_>) -> Declaration {
    let root = Part::new(root, source);
    let mut out = Declaration::default();
    system(&mut out, root.get("system"));
    out.answers = answers(&root, &ROOT);
    fill_synonyms(&mut out.answers);
    if let Some(part) = root.get("constraints") {
        for inner in part.all() {
            out.constraints
                .extend(inner.statement().map(|s| (inner.name().to_owned(), s)));
        }
        if !part.node.is_mapping() {
            out.constraints
                .extend(part.statement().map(|s| ("other".to_owned(), s)));
        }
    }
    for (key, answer) in [("scale", "scale"), ("users", "system.users")] {
        out.constraints
            .extend(out.answers.get(answer).map(|s| (key.to_owned(), s.clone())));
    }
    out.stakeholders = items(&root, "stakeholders")
        .iter()
        .filter_map(stakeholder)
        .collect();
    people(&mut out, root.get("stakeholders"));
    out.goals = goals(&root, "goals");
    out.non_goals = goals(&root, "non_goals");
    let requirements = items(&root, "requirements");
    let numbered = requirements.iter().enumerate();
    out.requirements = numbered
        .filter_map(|(at, part)| requirement(at, part))
        .collect();
    out.slos = items(&root, "slos").iter().filter_map(slo).collect();
    targets(&mut out, root.get("targets"));
    out.decisions = items(&root, "decisions")
        .iter()
        .filter_map(decision)
        .collect();
    out.roadmap = items(&root, "roadmap")
        .iter()
        .filter_map(milestone)
        .collect();
    let threats = items(&root, "threats");
    out.threats = threats
        .iter()
        .enumerate()
        .filter_map(|(at, part)| threat(at, part))
        .collect();
    out.glossary = named(&root, "glossary")
        .iter()
        .filter_map(|part| {
            let statement = part.statement()?;
            Some(Term {
                term: one_line(part.name()),
                meaning: statement.text,
                provenance: statement.provenance,
            })
        })
        .collect();
    observations(&mut out, &root);
    out.environments = named(&root, "environments")
        .iter()
        .map(environment)
        .collect();
    out.owners = named(&root, "owners")
        .iter()
        .filter_map(|part| Some((part.name().trim().to_owned(), part.statement()?)))
        .collect();
    out.elements = named(&root, "elements").iter().map(element).collect();
    out.relationships = items(&root, "relationships")
        .iter()
        .filter_map(relationship)
        .collect();
    out.flows = items(&root, "flows").iter().filter_map(flow).collect();
    out.subjects = subjects(&root);
    out.outlines = root.statements_of("outlines");
    out.include = root.texts_of("include");
    out.exclude = root.texts_of("exclude");
    out.source_url = root.statement_of("source_url").map(|mut s| {
        s.text = s.text.trim_end_matches('/').to_owned();
        s
    });
    out.brief = root.get("brief").map(|part| {
        let at = part.place();
        let lines = Lines::new(text);
        Placed {
            value: lines.slice(at.lines[0], at.lines[1]).to_owned(),
            at,
        }
    });
    out
}

fn items<'n>(root: &Part<'n>, key: &str) -> Vec<Part<'n>> {
    root.get(key).map(|part| part.items()).unwrap_or_default()
}

fn named<'n>(root: &Part<'n>, key: &str) -> Vec<Part<'n>> {
    root.get(key).map(|part| part.all()).unwrap_or_default()
}

fn system(out: &mut Declaration, part: Option<Part<'_>>) {
    let Some(part) = part else { return };
    out.name = part.statement_of("name");
    out.purpose = part.statement_of("purpose");
    out.problem = part.statement_of("problem");
    out.version = part.statement_of("version");
    out.style = part.statement_of("style");
    out.features = part.statements_of("features");
}

fn goals(root: &Part<'_>, key: &str) -> Vec<Goal> {
    let all = root.statements_of(key).into_iter();
    all.map(|s| Goal {
        text: s.text,
        provenance: s.provenance,
    })
    .collect()
}

fn stakeholder(part: &Part<'_>) -> Option<Stakeholder> {
    let name = named_or_text(part, "name")?;
    let role = part.text_of("role");
    Some(Stakeholder {
        name,
        role: role.unwrap_or_else(|| "stakeholder".to_owned()),
        concern: part.text_of("concern"),
        provenance: part.provenance(),
    })
}

/// People by role.
fn people(out: &mut Declaration, part: Option<Part<'_>>) {
    for part in part.map(|p| p.all()).unwrap_or_default() {
        let role = match part.name() {
            "architects" => "architect",
            "development" => "development team",
            "others" => "stakeholder",
            other => &other.replace('_', " "),
        };
        let of = part.statements().into_iter();
        out.stakeholders.extend(of.map(|s| Stakeholder {
            name: s.text,
            role: role.to_owned(),
            concern: None,
            provenance: s.provenance,
        }));
    }
}

/// The text of an item, or of its leading key.
fn named_or_text(part: &Part<'_>, key: &str) -> Option<String> {
    if part.node.is_mapping() {
        part.text_of(key)
    } else {
        part.statement().map(|s| s.text)
    }
}

fn requirement(at: usize, part: &Part<'_>) -> Option<Requirement> {
    Some(Requirement {
        id: part
            .text_of("id")
            .unwrap_or_else(|| format!("REQ-{}", at + 1)),
        kind: part
            .word_of("kind")
            .map_or(RequirementKind::Functional, |k| k.value),
        text: named_or_text(part, "text")?,
        priority: part.word_of("priority").map(|p| p.value),
        target: part.text_of("target"),
        measurement: part.text_of("measurement"),
        acceptance: Vec::new(),
        provenance: part.provenance(),
    })
}

fn slo(part: &Part<'_>) -> Option<Slo> {
    let indicator = part.text_of("indicator")?;
    let percentile = part.text_of("percentile");
    let element = part.text_of("element");
    let id = part.text_of("id").unwrap_or_else(|| {
        let words: Vec<&str> = [
            element.as_deref(),
            Some(indicator.as_str()),
            percentile.as_deref(),
        ]
        .into_iter()
        .flatten()
        .collect();
        slug(&words.join(" "))
    });
    Some(Slo {
        id,
        indicator,
        target: part.text_of("target")?,
        percentile,
        window: part.text_of("window"),
        element,
        predicted: None,
        achieved: part.text_of("achieved"),
        provenance: part.provenance(),
    })
}

fn decision(part: &Part<'_>) -> Option<Decision> {
    let options = part.get("options").map(|p| p.items()).unwrap_or_default();
    let option = |o: &Part<'_>| {
        Some(Consideration {
            name: named_or_text(o, "name")?,
            chosen: o.truth_of("chosen").is_some_and(|c| c.value),
            pros: o.texts_of("pros"),
            cons: o.texts_of("cons"),
            score: None,
            excluded: None,
        })
    };
    Some(Decision {
        id: part.text_of("id")?,
        title: part.text_of("title")?,
        status: part
            .word_of("status")
            .map_or(DecisionStatus::Unknown, |s| s.value),
        date: part.text_of("date"),
        deciders: part.texts_of("deciders"),
        context: part.paragraphs_of("context"),
        options: options.iter().filter_map(option).collect(),
        decision: part.paragraphs_of("decision"),
        rationale: part.paragraphs_of("rationale"),
        positive: part.texts_of("positive"),
        negative: part.texts_of("negative"),
        consequences: part.texts_of("consequences"),
        would_change: Vec::new(),
        superseded_by: part.text_of("superseded_by"),
        status_note: None,
        places: std::collections::BTreeMap::new(),
        provenance: part.provenance(),
    })
}

fn milestone(part: &Part<'_>) -> Option<Milestone> {
    Some(Milestone {
        name: named_or_text(part, "name")?,
        term: part.text_of("term"),
        deliverables: part.texts_of("deliverables"),
        provenance: part.provenance(),
    })
}

fn threat(at: usize, part: &Part<'_>) -> Option<Threat> {
    Some(Threat {
        id: part
            .text_of("id")
            .unwrap_or_else(|| format!("T-{}", at + 1)),
        category: part.text_of("category").unwrap_or_default(),
        story: named_or_text(part, "story")?,
        affects: part.texts_of("affects"),
        mitigations: part.texts_of("mitigations"),
        severity: None,
        detection: None,
        verification: None,
        provenance: part.provenance(),
    })
}

/// Use cases, limitations and debt, which the vocabulary holds as observations.
fn observations(out: &mut Declaration, root: &Part<'_>) {
    let kinds: [(&str, Topic, &str, &[&str]); 3] = [
        ("use_cases", Topic::UseCase, "name", &["actor", "detail"]),
        (
            "limitations",
            Topic::Limitation,
            "text",
            &["impact", "plan"],
        ),
        (
            "debt",
            Topic::Todo,
            "item",
            &["impact", "priority", "effort"],
        ),
    ];
    let system = root.get("system");
    let stated = system
        .map(|part| part.statements_of("use_cases"))
        .unwrap_or_default();
    out.observations
        .extend(stated.into_iter().map(|s| Observation {
            topic: Topic::UseCase,
            element: None,
            name: s.text,
            detail: None,
            provenance: s.provenance,
        }));
    for (key, topic, lead, more) in kinds {
        for part in items(root, key) {
            let Some(name) = named_or_text(&part, lead) else {
                continue;
            };
            let details: Vec<String> = more
                .iter()
                .filter_map(|k| Some(format!("{k}: {}", part.text_of(k)?)))
                .collect();
            out.observations.push(Observation {
                topic,
                element: None,
                name,
                detail: (!details.is_empty()).then(|| details.join("; ")),
                provenance: part.provenance(),
            });
        }
    }
}

fn environment(part: &Part<'_>) -> EnvironmentDeclaration {
    let name = one_line(part.name());
    let given = part.word_of("tier").map(|t| t.value);
    let mut attributes = attributes(part, "environments", &["tier"]);
    if !part.node.is_mapping() {
        attributes.extend(part.statement().map(|s| attribute("purpose", s)));
    }
    let environment = Environment {
        id: slug(&name),
        tier: given.unwrap_or_else(|| tier(&name)),
        name,
        mechanism: "declared".to_owned(),
        attributes,
        provenance: part.provenance(),
    };
    EnvironmentDeclaration {
        environment,
        tier: given,
    }
}

/// The texts under the known keys of an item of a section as attributes, sorted; some keys are
/// kept out.
fn attributes(part: &Part<'_>, section: &str, without: &[&str]) -> Vec<Attribute> {
    let item = ROOT.under(section).and_then(|shape| shape.under("<id>"));
    let known = |key: &str| item.is_some_and(|i| i.under(key).is_some());
    let mut all: Vec<Attribute> = part
        .all()
        .iter()
        .filter(|p| known(p.name()) && !without.contains(&p.name()))
        .filter_map(|p| Some(attribute(p.name(), p.statement()?)))
        .collect();
    all.sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    all
}

fn attribute(key: &str, statement: Statement) -> Attribute {
    Attribute {
        key: key.to_owned(),
        value: statement.text,
        provenance: statement.provenance,
    }
}

/// Keys of an element that have a field of their own.
const OWN_FIELDS: [&str; 12] = [
    "name",
    "purpose",
    "description",
    "kind",
    "role",
    "technology",
    "external",
    "parent",
    "tags",
    "aliases",
    "hide",
    "add",
];

fn element(part: &Part<'_>) -> ElementDeclaration {
    let truth = |key: &str| part.truth_of(key).is_some_and(|t| t.value);
    ElementDeclaration {
        id: part.name().trim().to_owned(),
        name: part.statement_of("name"),
        purpose: part
            .statement_of("purpose")
            .or_else(|| part.statement_of("description")),
        kind: part.word_of("kind").map(|k| k.value),
        role: part.word_of("role"),
        technology: part.statements_of("technology"),
        external: part.truth_of("external"),
        parent: part.statement_of("parent"),
        tags: part.texts_of("tags"),
        aliases: part.texts_of("aliases"),
        attributes: attributes(part, "elements", &OWN_FIELDS),
        hide: truth("hide"),
        add: truth("add"),
        place: part.place(),
    }
}

fn relationship(part: &Part<'_>) -> Option<RelationshipDeclaration> {
    Some(RelationshipDeclaration {
        from: part.statement_of("from")?,
        to: part.statement_of("to")?,
        kind: part.word_of("kind").map(|k| k.value),
        description: part.statement_of("description"),
        technology: part.statement_of("technology"),
        protocol: part.statement_of("protocol"),
        mode: part.word_of("mode"),
        hide: part.truth_of("hide").is_some_and(|t| t.value),
        place: part.place(),
    })
}

fn flow(part: &Part<'_>) -> Option<FlowDeclaration> {
    let steps = part.get("steps").map(|p| p.items()).unwrap_or_default();
    Some(FlowDeclaration {
        title: part.statement_of("title")?,
        actor: part.statement_of("actor"),
        steps: steps.iter().filter_map(step).collect(),
        place: part.place(),
    })
}

fn step(part: &Part<'_>) -> Option<StepDeclaration> {
    if part.node.is_mapping() {
        return Some(StepDeclaration {
            from: part.text_of("from"),
            to: part.text_of("to"),
            action: part.text_of("action")?,
            kind: part.word_of::<StepKind>("kind").map(|k| k.value),
            place: part.place(),
        });
    }
    let text = part.statement()?.text;
    let ends = text.split_once("->").and_then(|(from, rest)| {
        let (to, action) = rest.split_once(':')?;
        Some((
            from.trim().to_owned(),
            to.trim().to_owned(),
            action.trim().to_owned(),
        ))
    });
    let (from, to, action) = match ends {
        Some((from, to, action)) => (Some(from), Some(to), action),
        None => (None, None, text),
    };
    Some(StepDeclaration {
        from,
        to,
        action,
        kind: None,
        place: part.place(),
    })
}

fn subjects(root: &Part<'_>) -> Vec<Subject> {
    let mut all = Vec::new();
    for section in ["entities", "interfaces"] {
        let known = ROOT
            .under(section)
            .map(|shape| shape.fields())
            .unwrap_or_default();
        for part in named(root, section) {
            if known.iter().any(|f| f.key == part.name()) {
                continue;
            }
            let text = matches!(part.node.value, Value::Scalar { .. });
            all.push(Subject {
                section: section.to_owned(),
                id: part.name().trim().to_owned(),
                description: if text {
                    part.statement()
                } else {
                    part.statement_of("description")
                },
                place: part.head(),
            });
        }
    }
    all
}
