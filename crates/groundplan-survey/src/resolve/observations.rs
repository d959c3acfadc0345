//! Settings, dependencies and everything that was marked, with the element it belongs to.

use crate::facts::Claim;
use crate::resolve::names::is_aside;
use crate::resolve::settings::Value;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use crate::secrets;
use groundplan_model::{
    Attribute, Blueprint, Dependency, Evidence, Observation, Provenance, Setting, SettingSource,
    Topic,
};
use std::collections::BTreeMap;

/// Most examples kept of marks that come in thousands.
const MOST_OF_A_KIND: usize = 400;

/// The container that a mark of a deployment file names: ``log driver of `db` ``.
fn named(detail: Option<&str>) -> Option<&str> {
    let (_, rest) = detail?.split_once("log driver of `")?;
    rest.split('`').next()
}

/// Fills settings, dependencies and observations, and scaling attributes of containers.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    values: &[Vec<Value>],
) {
    let mut owner: BTreeMap<usize, &String> = BTreeMap::new();
    for (unit, id) in units.iter().zip(ids) {
        if let Some(project) = unit.project {
            owner.entry(project).or_insert(id);
        }
    }
    let element = |path: &str| {
        world
            .project_of(path)
            .and_then(|p| owner.get(&p))
            .map(|id| (*id).clone())
    };
    // Tests often stand in a project of their own beside the one they test.
    let tested = |path: &str| element(path).or_else(|| beside(world, &owner, path));
    let by_name: BTreeMap<String, String> = blueprint
        .elements
        .iter()
        .map(|e| (e.name.clone(), e.id.clone()))
        .collect();
    let mut counts: BTreeMap<Topic, usize> = BTreeMap::new();
    let mut tests: BTreeMap<(Option<String>, String), (usize, Vec<Evidence>)> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let aside = is_aside(&file.path);
        match &fact.claim {
            Claim::Mark(mark) if mark.topic == Topic::Test => {
                let key = (tested(&file.path), mark.name.clone());
                let entry = tests.entry(key).or_default();
                entry.0 += 1;
                if entry.1.len() < 3 {
                    entry.1.push(fact.at.clone());
                }
            }
            Claim::Mark(mark) => {
                if aside
                    && !matches!(
                        mark.topic,
                        Topic::Documentation | Topic::Runbook | Topic::LoadTest
                    )
                {
                    continue;
                }
                let count = counts.entry(mark.topic).or_default();
                *count += 1;
                if *count > MOST_OF_A_KIND {
                    continue;
                }
                let of = match named(mark.detail.as_deref()) {
                    Some(name) => by_name.get(name).cloned(),
                    // What a forge runs by the clock is no work of the program in the same folder.
                    None if file.path.starts_with(".github/") => None,
                    None => element(&file.path),
                };
                blueprint.observations.push(Observation {
                    topic: mark.topic,
                    element: of,
                    name: mark.name.clone(),
                    detail: mark.detail.clone(),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
            }
            Claim::Dependency(dependency) if !aside => {
                let technology = world
                    .knowledge
                    .by_package(&dependency.ecosystem, &dependency.name);
                blueprint.dependencies.push(Dependency {
                    element: element(&file.path),
                    ecosystem: dependency.ecosystem.clone(),
                    name: dependency.name.clone(),
                    version: dependency.version.clone(),
                    scope: dependency.scope,
                    technology: technology.map(|(t, _)| t.name.clone()),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
            }
            Claim::EnvRead(read) if !aside => {
                let secret = secrets::is_secret_name(&read.name);
                blueprint.settings.push(Setting {
                    element: element(&file.path),
                    name: read.name.clone(),
                    source: SettingSource::Environment,
                    value: read.default.clone().filter(|_| !secret),
                    secret,
                    profile: None,
                    provenance: Provenance::observed([fact.at.clone()]),
                });
            }
            _ => {}
        }
    }
    for ((element, name), (count, evidence)) in tests {
        blueprint.observations.push(Observation {
            topic: Topic::Test,
            element,
            name,
            detail: Some(if count == 1 {
                "1 file".to_owned()
            } else {
                format!("{count} files")
            }),
            provenance: Provenance::observed(evidence),
        });
    }
    set_values(blueprint, units, ids, values);
    scaling(blueprint, world, units, ids);
    services(blueprint, world, units, ids);
}

/// Kubernetes Services through which a container is reached from outside its cluster.
fn services(blueprint: &mut Blueprint, world: &World<'_>, units: &[Unit<'_>], ids: &[String]) {
    for (file, fact) in world.facts() {
        let Claim::Service(service) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) || !["LoadBalancer", "NodePort"].contains(&service.kind.as_str()) {
            continue;
        }
        let name = service.name.to_ascii_lowercase();
        let unit = units.iter().position(|u| {
            u.hosts.contains(&name) && u.deployables.iter().any(|(d, _)| d.source == "kubernetes")
        });
        let Some(id) = unit.and_then(|u| ids.get(u)) else {
            continue;
        };
        let Some(element) = blueprint.elements.iter_mut().find(|e| e.id == *id) else {
            continue;
        };
        let value = format!("{} {}", service.kind, service.name);
        if element.attributes_of("service").any(|a| a.value == value) {
            continue;
        }
        element.attributes.push(Attribute {
            key: "service".to_owned(),
            value,
            provenance: Provenance::observed([fact.at.clone()]),
        });
        element
            .attributes
            .sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    }
}

/// Whether a value is nothing but a variable: `${DB_PASSWORD}`, `${DB_PASSWORD:?not set}`. One with
/// a default is not.
fn is_variable(value: &str) -> bool {
    let Some(inner) = value.strip_prefix("${").and_then(|v| v.strip_suffix('}')) else {
        return false;
    };
    let name = inner.split('?').next().unwrap_or(inner);
    let name = if name.len() < inner.len() {
        name.strip_suffix(':').unwrap_or(name)
    } else {
        name
    };
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// The only element whose source lies below the nearest folder above that of a file which holds
/// any; the root is no such folder, since what lies there concerns all.
fn beside(world: &World<'_>, owner: &BTreeMap<usize, &String>, path: &str) -> Option<String> {
    let mut folder = folder_of(folder_of(path));
    while !folder.is_empty() {
        let inside = |project: usize| {
            let at = world
                .projects
                .get(project)
                .map_or("", |p| p.folder.as_str());
            at == folder
                || at
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let mut found = owner
            .iter()
            .filter(|(project, _)| inside(**project))
            .map(|(_, id)| *id);
        match (found.next(), found.next()) {
            (Some(one), None) => return Some(one.clone()),
            (Some(_), Some(_)) => return None,
            (None, _) => folder = folder_of(folder),
        }
    }
    None
}

fn set_values(
    blueprint: &mut Blueprint,
    units: &[Unit<'_>],
    ids: &[String],
    values: &[Vec<Value>],
) {
    for (index, id) in ids.iter().enumerate() {
        for value in &values[index] {
            let source = if value.is_env {
                SettingSource::Deployment
            } else {
                SettingSource::File
            };
            let secret = secrets::is_secret_name(&value.key);
            blueprint.settings.push(Setting {
                element: Some(id.clone()),
                name: value.key.clone(),
                source,
                // A secret without a value is one that stands in the file itself.
                value: (!secret || is_variable(&value.value)).then(|| value.value.clone()),
                secret,
                profile: value.profile.clone(),
                provenance: Provenance::observed([value.at.clone()]),
            });
        }
        // Secrets and references have no value, but they are settings all the same.
        for (deployable, _) in &units[index].deployables {
            for env in deployable
                .env
                .iter()
                .filter(|e| e.value.is_none() && !e.name.is_empty())
            {
                blueprint.settings.push(Setting {
                    element: Some(id.clone()),
                    name: env.name.clone(),
                    source: SettingSource::Deployment,
                    value: env.from.clone(),
                    secret: env.secret
                        || env
                            .from
                            .as_deref()
                            .is_some_and(|f| f.starts_with("secret:")),
                    profile: None,
                    provenance: Provenance::observed([env.at.clone()]),
                });
            }
        }
    }
}

fn scaling(blueprint: &mut Blueprint, world: &World<'_>, units: &[Unit<'_>], ids: &[String]) {
    for (file, fact) in world.facts() {
        let Claim::Autoscaler(scaler) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) {
            continue;
        }
        let unit = units
            .iter()
            .position(|u| u.deployables.iter().any(|(d, _)| d.name == scaler.target));
        let Some(id) = unit.map(|u| &ids[u]) else {
            continue;
        };
        let Some(element) = blueprint.elements.iter_mut().find(|e| e.id == *id) else {
            continue;
        };
        let pairs = [
            ("scaling.min", scaler.min.clone()),
            ("scaling.max", scaler.max.clone()),
            (
                "scaling.metric",
                (!scaler.metrics.is_empty()).then(|| scaler.metrics.join(", ")),
            ),
        ];
        for (key, value) in pairs {
            let Some(value) = value else { continue };
            element.attributes.push(Attribute {
                key: key.to_owned(),
                value,
                provenance: Provenance::observed([fact.at.clone()]),
            });
        }
        element
            .attributes
            .sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    }
}

#[cfg(test)]
mod tests {
    use super::is_variable;

    #[test]
    fn variables_hold_no_secret_of_their_own() {
        for value in [
            "${DB_PASSWORD}",
            "${DB_PASSWORD:?not set}",
            "${spring.password}",
            "${A?b}",
        ] {
            assert!(is_variable(value), "{value}");
        }
        for value in [
            "hunter2",
            "${A:-hunter2}",
            "${A:hunter2}",
            "${}",
            "${A}${B}",
            "$A",
            "",
        ] {
            assert!(!is_variable(value), "{value}");
        }
    }
}
