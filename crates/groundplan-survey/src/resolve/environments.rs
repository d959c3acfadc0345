//! Environments and pipelines.

use crate::extractors::github_actions::triggers::CHOICE;
use crate::extractors::stage_files::STAGE_FILE;
use crate::extractors::{COMMENTED, TERRAFORM_STAGE};
use crate::facts::{Claim, Deployable, Overlay, Port};
use crate::resolve::builds;
use crate::resolve::called_actions;
use crate::resolve::names::{is_aside, slug};
use crate::resolve::world::{World, folder_of};
use groundplan_model::{
    Attribute, Blueprint, Element, Environment, EnvironmentTier, Evidence, JobStage, Provenance,
};
use std::collections::{BTreeMap, BTreeSet};

/// Fills environments and pipelines.
pub(crate) fn fill(blueprint: &mut Blueprint, world: &World<'_>) {
    let mut found: BTreeMap<String, Environment> = BTreeMap::new();
    let mut add = |name: &str,
                   mechanism: &str,
                   tier: EnvironmentTier,
                   details: Vec<Attribute>,
                   at: &Evidence| {
        let id = slug(name);
        let entry = found.entry(id.clone()).or_insert_with(|| Environment {
            id,
            name: name.to_owned(),
            tier,
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
    let mut composed: BTreeSet<usize> = BTreeSet::new();
    for (file, fact, aside) in world.facts_by_kind() {
        if let Claim::Deployable(unit) = &fact.claim
            && unit.source == "compose"
            && let Some(tier) = compose_tier(
                world,
                &file.path,
                unit.build.is_some() && !is_to_stay(world, unit),
            )
            && composed.insert(world.variants.of(&file.path).set)
        {
            let mechanism = match world.variants.is_layer(&file.path) {
                true => "Compose override",
                false => "Docker Compose",
            };
            let mut details = counts(world, &file.path, &fact.at);
            let base = world.variants.together(&file.path).first().copied();
            let base = base.unwrap_or(&file.path).to_owned();
            let first = world
                .facts()
                .find(|(f, fact)| f.path == base && matches!(fact.claim, Claim::Deployable(_)));
            let at = first.map_or(&fact.at, |(_, fact)| &fact.at);
            if let Some((overlay, at)) = about(world, &base) {
                details.extend(overlay.changes.iter().map(|text| Attribute {
                    key: "comment".to_owned(),
                    value: text.clone(),
                    provenance: Provenance::observed([at.clone()]),
                }));
            }
            add(&base, mechanism, tier, details, at);
        }
        if aside {
            continue;
        }
        match &fact.claim {
            Claim::Overlay(overlay) if overlay.mechanism == "Kustomize overlay" => {
                let details = overlay.changes.iter().map(|change| Attribute {
                    key: "change".to_owned(),
                    value: change.clone(),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
                let tier = tier(&overlay.name);
                let above = folder_of(folder_of(&file.path));
                let above = above.rsplit('/').next().unwrap_or_default();
                let named = matches!(
                    above,
                    "overlays" | "overlay" | "environments" | "envs" | "env" | "clusters"
                );
                if tier != EnvironmentTier::Other || named {
                    add(
                        &overlay.name,
                        &overlay.mechanism,
                        tier,
                        details.collect(),
                        &fact.at,
                    );
                }
            }
            Claim::Overlay(overlay) if overlay.mechanism == STAGE_FILE => {
                let tier = tier(&overlay.name);
                if tier != EnvironmentTier::Other {
                    add(&overlay.name, STAGE_FILE, tier, Vec::new(), &fact.at);
                }
            }
            Claim::Overlay(overlay) if overlay.mechanism == CHOICE => {
                let tier = tier(&overlay.name);
                if tier != EnvironmentTier::Other {
                    add(&overlay.name, CHOICE, tier, Vec::new(), &fact.at);
                }
            }
            Claim::Overlay(overlay) if overlay.mechanism == TERRAFORM_STAGE => {
                let stem = overlay.name.trim_end_matches(".tfvars");
                let stem = stem.trim_end_matches(".auto");
                // The nearest folder that names a stage, where the file itself names none.
                let mut parts = stem.rsplit('/').map(|part| (part, tier(part)));
                if let Some((name, tier)) = parts.find(|(_, t)| *t != EnvironmentTier::Other) {
                    add(name, &overlay.mechanism, tier, Vec::new(), &fact.at);
                }
            }
            Claim::Property(property) => {
                if let Some(profile) = &property.profile
                    && tier(profile) != EnvironmentTier::Other
                {
                    let tier = tier(profile);
                    add(profile, "configuration profile", tier, Vec::new(), &fact.at);
                }
            }
            Claim::Pipeline(pipeline) => {
                for job in pipeline.jobs.iter().filter(|j| !clears(&j.id, &j.name)) {
                    if let Some(name) = job.environment.as_ref().filter(|n| !n.contains("${")) {
                        // One that holds secrets for a job which puts nothing anywhere is no place.
                        let leaves = [JobStage::Deploy, JobStage::Release, JobStage::Package];
                        if tier(name) == EnvironmentTier::Other
                            && !job.stages.iter().any(|stage| leaves.contains(stage))
                        {
                            continue;
                        }
                        let at = job.provenance.first().unwrap_or(&fact.at);
                        // A package index or a page of settings is named as an environment too.
                        let mechanism = match job.stages.contains(&JobStage::Deploy) {
                            true => "deployment job",
                            false => "environment of a pipeline",
                        };
                        add(name, mechanism, tier(name), Vec::new(), at);
                    }
                }
                blueprint.pipelines.push(pipeline.as_ref().clone());
            }
            _ => {}
        }
    }
    called_actions::join(&mut blueprint.pipelines, world);
    for environment in found.values_mut() {
        one_overlay(environment);
    }
    let mut all: Vec<Environment> = found.into_values().collect();
    for environment in &mut all {
        if environment.tier == EnvironmentTier::Other && is_of_developers(blueprint, environment) {
            environment.tier = EnvironmentTier::Development;
        }
    }
    all.sort_by(|a, b| (a.tier, &a.name).cmp(&(b.tier, &b.name)));
    blueprint.environments = all;
    blueprint.pipelines.sort_by(|a, b| a.id.cmp(&b.id));
}

/// Whether all parts that a Compose file starts are there for those who develop the system alone.
fn is_of_developers(blueprint: &Blueprint, environment: &Environment) -> bool {
    let here = |e: &&Element| {
        let mut by = e.attributes_of("deployed-by");
        by.any(|a| (a.provenance.evidence.iter()).any(|at| at.path == environment.name))
    };
    let mut all = blueprint.elements.iter().filter(here).peekable();
    environment.mechanism == "Docker Compose"
        && all.peek().is_some()
        && all.all(|e| e.tags.iter().any(|tag| tag == "development"))
}

/// Whether a service is set up to run for users, wherever its image is built: it is started again whenever
/// it ends, or the image is told to be the one of production.
fn is_to_stay(world: &World<'_>, unit: &Deployable) -> bool {
    const STAGES: [&str; 7] = [
        "APP_ENV",
        "ASPNETCORE_ENVIRONMENT",
        "DJANGO_ENV",
        "FLASK_ENV",
        "MIX_ENV",
        "NODE_ENV",
        "RAILS_ENV",
    ];
    let restarts = unit.attributes.iter().any(|(key, value)| {
        key == "restart" && matches!(value.value.as_str(), "always" | "unless-stopped")
    });
    let image = || builds::of_deployable(world, unit).map(|(image, _)| &image.env);
    let set = unit.env.iter().chain(image().into_iter().flatten());
    let stage = set
        .filter(|env| STAGES.contains(&env.name.as_str()))
        .find_map(|env| env.value.as_deref());
    match stage {
        Some(stage) => tier(stage) == EnvironmentTier::Production,
        None => restarts,
    }
}

/// The tier of a Compose file by its name, its folder and by whether it builds what it starts;
/// nothing for samples and documentation.
fn compose_tier(world: &World<'_>, path: &str, builds: bool) -> Option<EnvironmentTier> {
    let place = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let lower = place.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let has = |all: &[&str]| words.iter().any(|w| all.contains(w));
    if world.variants.is_tried(path) {
        return None;
    }
    let tests = has(&["e2e", "tests", "playwright", "cypress"]);
    if tests || world.variants.is_tested(path) {
        return Some(EnvironmentTier::Test);
    }
    if has(&["devcontainer"]) || world.variants.is_for_developers(path) {
        return Some(EnvironmentTier::Development);
    }
    // A file of the set that is called after deploying says what the set is for.
    let together = world.variants.together(path);
    let deploys = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|w| matches!(w, "deploy" | "deployment" | "prod" | "production"))
    };
    if together.len() > 1 && together.iter().any(deploys) {
        return Some(EnvironmentTier::Production);
    }
    let by_name = tier(place);
    if is_aside(path) && by_name == EnvironmentTier::Other {
        return None;
    }
    // A name says it most shortly; where it does not, the first comment of the file may.
    let said = || about(world, path).map_or(EnvironmentTier::Other, |(o, _)| tier(&o.name));
    let named = match by_name {
        EnvironmentTier::Other => said(),
        named => named,
    };
    Some(match named {
        EnvironmentTier::Other if builds && !world.variants.of(path).aside => {
            EnvironmentTier::Development
        }
        named => named,
    })
}

/// What a Compose file says of itself above everything else.
fn about<'f>(world: &World<'f>, path: &str) -> Option<(&'f Overlay, &'f Evidence)> {
    world
        .file(path)?
        .facts
        .iter()
        .find_map(|fact| match &fact.claim {
            Claim::Overlay(overlay) if overlay.mechanism == COMMENTED => Some((overlay, &fact.at)),
            _ => None,
        })
}

/// Whether a job takes an environment away.
fn clears(id: &str, name: &str) -> bool {
    let lower = format!("{id} {name}").to_ascii_lowercase();
    ["clean", "teardown", "tear-down", "destroy", "delete"]
        .iter()
        .any(|word| lower.contains(word))
}

/// How many containers a set of Compose files starts, and from which files.
fn counts(world: &World<'_>, path: &str, at: &Evidence) -> Vec<Attribute> {
    let (always, later) = world.variants.counts(path);
    let attribute = |key: &str, value: String| Attribute {
        key: key.to_owned(),
        value,
        provenance: Provenance::observed([at.clone()]),
    };
    let mut all = vec![attribute("containers", always.to_string())];
    if later > 0 {
        all.push(attribute("containers-by-profile", later.to_string()));
    }
    let files = world.variants.together(path);
    if files.len() > 1 {
        all.push(attribute("files", files.join(", ")));
    }
    // Also of containers that are no parts of their own: what they open speaks against an absence.
    let own = world
        .files
        .iter()
        .filter(|f| files.contains(&f.path.as_str()));
    for fact in own.flat_map(|file| &file.facts) {
        if let Claim::Deployable(unit) = &fact.claim
            && unit.source == "compose"
        {
            let ports = unit
                .ports
                .iter()
                .filter_map(|p| Some((p.value.host.as_ref()?, p)));
            // Only the machine itself reaches what is bound to its own address.
            let local = |p: &Port| {
                let key = format!("port.{}.bind", p.container);
                let bound = unit.attributes.iter().filter(|(k, _)| *k == key);
                let bound = bound.filter(|(_, v)| {
                    v.value.starts_with("127.")
                        || matches!(&*v.value, "localhost" | "::1" | "[::1]")
                });
                // A port may be published on several addresses.
                let same = unit.ports.iter().map(|other| &other.value);
                let same = same.filter(|o| o.container == p.container && o.host.is_some());
                bound.count() >= same.count()
            };
            all.extend(ports.map(|(port, p)| Attribute {
                key: match local(&p.value) {
                    true => "local-port".to_owned(),
                    false => "published-port".to_owned(),
                },
                value: format!("{port} for {}", unit.name),
                provenance: Provenance::observed([p.at.clone()]),
            }));
        }
    }
    all
}

/// Overlays of one name in several folders change different things: their changes are not those of
/// one environment.
fn one_overlay(environment: &mut Environment) {
    let all = &environment.provenance.evidence;
    let folders: BTreeSet<&str> = all.iter().map(|e| folder_of(&e.path)).collect();
    if environment.mechanism.contains("Kustomize overlay") && folders.len() > 1 {
        environment.attributes.retain(|a| a.key != "change");
    }
}

/// The stage of developers or tests that a file of settings is for, by its name or its folder: what it says is no
/// default of other stages (`config_dev.yml`, `config/packages/dev/shop.yaml`, `settings/development.py`).
pub(crate) fn stage_of_settings(path: &str) -> Option<&str> {
    const PLACES: [&str; 6] = [
        "conf",
        "config",
        "configs",
        "environments",
        "env",
        "settings",
    ];
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let configures = |part: &str| PLACES.contains(&part);
    let mut folders = folder.split('/').rev();
    let last = folders.next().unwrap_or_default();
    // `config_dev`, `environment.dev.ts`
    let words: Vec<&str> = name.split(['.', '_', '-']).collect();
    let ends = words.iter().rev().nth(1).filter(|word| is_early(word));
    let begins = words
        .first()
        .is_some_and(|w| configures(w) || *w == "environment");
    match () {
        () if is_early(stem) && configures(last) => Some(stem),
        () if words.len() > 2 && begins => ends.copied(),
        // `config/packages/dev/shop.yaml`, `config/dev/shop.yaml`
        () if is_early(last) && folders.take(2).any(configures) => Some(last),
        () => None,
    }
}

/// Whether a word names the stage of developers or of tests.
fn is_early(word: &str) -> bool {
    matches!(word, "dev" | "development" | "test" | "testing")
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
