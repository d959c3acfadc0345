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
        match kind(key) {
            None => out.slos.push(Slo {
                id: format!("targets.{key}"),
                indicator: indicator(key),
                target,
                percentile: key.strip_prefix("latency_").map(str::to_owned),
                window: part.text_of("window"),
                element: None,
                achieved: part.text_of("achieved"),
                provenance: part.provenance(),
            }),
            Some(kind) => out.requirements.push(Requirement {
                id: format!("targets.{key}"),
                kind,
                text: capitalised(&words(key)),
                priority: part.word_of("priority").map(|p| p.value),
                target: Some(target),
                measurement: part.text_of("measurement"),
                provenance: part.provenance(),
            }),
        }
    }
}

/// The kind of the requirement that a target is; `None` for an objective of the service.
fn kind(key: &str) -> Option<RequirementKind> {
    match key {
        "throughput" | "cache_hit_rate" | "database_query_time" | "page_load" => {
            Some(RequirementKind::Performance)
        }
        "concurrent_users" => Some(RequirementKind::Scalability),
        "test_coverage" => Some(RequirementKind::Maintainability),
        "recovery_time" => Some(RequirementKind::Operations),
        "cost" => Some(RequirementKind::Cost),
        _ => None,
    }
}

fn indicator(key: &str) -> String {
    if key.starts_with("latency_") { "latency".to_owned() } else { words(key) }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
