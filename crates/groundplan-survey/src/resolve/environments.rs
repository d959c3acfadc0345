//! Environments and pipelines.

use crate::facts::Claim;
use crate::resolve::names::slug;
use crate::resolve::world::World;
use groundplan_model::{Attribute, Blueprint, Environment, EnvironmentTier, Evidence, Provenance};
use std::collections::BTreeMap;

/// Fills environments and pipelines.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let mut found: BTreeMap<String, Environment> = BTreeMap::new();
    let mut add = |name: &str, mechanism: &str, details: Vec<Attribute>, at: &Evidence| {
        let id = slug(name);
        let entry = found.entry(id.clone()).or_insert_with(|| Environment {
            id,
            name: name.to_owned(),
            tier: tier(name),
            mechanism: mechanism.to_owned(),
            attributes: Vec::new(),
            provenance: Provenance::observed([]),
        });
        if !entry.mechanism.contains(mechanism) {
            entry.mechanism = format!("{}, {mechanism}", entry.mechanism);
        }
        if entry.provenance.evidence.len() < 8 {
            entry.provenance = entry.provenance.clone().and([at.clone()]);
        }
        for attribute in details {
            if !entry.attributes.contains(&attribute) {
                entry.attributes.push(attribute);
            }
        }
    };
    for (file, fact, aside) in world.facts_by_kind() {
        if aside {
            continue;
        }
        match &fact.claim {
            Claim::Overlay(overlay) if !overlay.mechanism.ends_with("base") => {
                let details = overlay.changes.iter().map(|change| Attribute {
                    key: "change".to_owned(),
                    value: change.clone(),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
                let is_stage = tier(&overlay.name) != EnvironmentTier::Other;
                if is_stage || overlay.mechanism.contains("overlay") {
                    add(
                        &overlay.name,
                        &overlay.mechanism,
                        details.collect(),
                        &fact.at,
                    );
                }
            }
            Claim::Property(property) => {
                if let Some(profile) = &property.profile
                    && tier(profile) != EnvironmentTier::Other
                {
                    add(profile, "configuration profile", Vec::new(), &fact.at);
                }
            }
            Claim::Pipeline(pipeline) => {
                for job in &pipeline.jobs {
                    if let Some(name) = job.environment.as_ref().filter(|n| !n.contains("${")) {
                        let at = job.provenance.first().unwrap_or(&fact.at);
                        add(name, "deployment job", Vec::new(), at);
                    }
                }
                blueprint.pipelines.push(pipeline.as_ref().clone());
            }
            Claim::Deployable(unit) if unit.source == "compose" => {
                let name = file.path.rsplit('/').next().unwrap_or_default();
                let plain = name.starts_with("docker-compose.y") || name.starts_with("compose.y");
                if plain && file.path.matches('/').count() <= 1 {
                    add("local", "Docker Compose", Vec::new(), &fact.at);
                }
            }
            _ => {}
        }
    }
    let mut all: Vec<Environment> = found.into_values().collect();
    all.sort_by(|a, b| (a.tier, &a.name).cmp(&(b.tier, &b.name)));
    blueprint.environments = all;
    blueprint.pipelines.sort_by(|a, b| a.id.cmp(&b.id));
}

/// The usual tier of a name; `Other` if the name says nothing.
pub(crate) fn tier(name: &str) -> EnvironmentTier {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let has = |wanted: &[&str]| words.iter().any(|w| wanted.contains(w));
    if has(&["prod", "production", "prd", "live"]) {
        EnvironmentTier::Production
    } else if has(&["stage", "staging", "preprod", "uat", "acceptance", "stg"]) {
        EnvironmentTier::Staging
    } else if has(&["test", "testing", "qa", "ci", "integration"]) {
        EnvironmentTier::Test
    } else if has(&[
        "dev",
        "development",
        "local",
        "develop",
        "debug",
        "minikube",
        "kind",
    ]) {
        EnvironmentTier::Development
    } else {
        EnvironmentTier::Other
    }
}
