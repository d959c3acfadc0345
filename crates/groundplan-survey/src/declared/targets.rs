//! Targets as service level objectives and quality requirements.

use super::Declaration;
use super::answers::words;
use super::parts::Part;
use groundplan_model::{Requirement, RequirementKind, Slo};

/// Adds what stands under `targets`: what a service promises becomes an objective, the rest a
/// requirement of quality.
pub(crate) fn targets(out: &mut Declaration, part: Option<Part<'_>>) {
    for part in part.map(|p| p.all()).unwrap_or_default() {
        let target = if part.node.is_mapping() {
            part.text_of("target")
        } else {
            part.statement().map(|s| s.text)
        };
        let Some(target) = target else { continue };
        let key = part.name();
        match becomes(key) {
            Becomes::Answer => {}
            Becomes::Objective => out.slos.push(Slo {
                id: format!("targets.{key}"),
                indicator: indicator(key),
                target,
                percentile: key.strip_prefix("latency_").map(str::to_owned),
                window: part.text_of("window"),
                element: None,
                predicted: None,
                achieved: part.text_of("achieved"),
                provenance: part.provenance(),
            }),
            Becomes::Requirement(kind) => out.requirements.push(Requirement {
                id: format!("targets.{key}"),
                kind,
                text: capitalised(&words(key)),
                priority: part.word_of("priority").map(|p| p.value),
                target: Some(target),
                measurement: part.text_of("measurement"),
                acceptance: Vec::new(),
                provenance: part.provenance(),
            }),
        }
    }
}

/// What a target is in the blueprint.
enum Becomes {
    /// A promise of the service.
    Objective,
    /// A requirement of quality.
    Requirement(RequirementKind),
    /// Words, no number.
    Answer,
}

fn becomes(key: &str) -> Becomes {
    match key {
        "throughput" | "cache_hit_rate" | "database_query_time" | "page_load" => {
            Becomes::Requirement(RequirementKind::Performance)
        }
        "concurrent_users" | "capacity" => Becomes::Requirement(RequirementKind::Scalability),
        "test_coverage" => Becomes::Requirement(RequirementKind::Maintainability),
        "recovery_time" => Becomes::Requirement(RequirementKind::Operations),
        "cost" => Becomes::Requirement(RequirementKind::Cost),
        "business" | "accessibility" | "browsers" | "locales" | "measured" => Becomes::Answer,
        _ => Becomes::Objective,
    }
}

fn indicator(key: &str) -> String {
    if key.starts_with("latency_") {
        "latency".to_owned()
    } else {
        words(key)
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
