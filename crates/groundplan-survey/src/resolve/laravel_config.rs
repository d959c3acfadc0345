//! What code of Laravel asks its configuration for, filled in from the files of `config/`
//! (<https://laravel.com/docs/configuration#accessing-configuration-values>).

use crate::extractors::{CONFIG_NAME as NAME, CONFIG_OF as CONFIG, CONFIG_VALUE as VALUE, PRUNED};
use crate::facts::{Claim, FileFacts};
use crate::resolve::world::folder_of;
use crate::scan;
use groundplan_model::{Blueprint, DELETED_AFTER, DELETED_DAYS, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// Whether something asks for a key.
pub(crate) fn asks(claim: &Claim) -> bool {
    match claim {
        Claim::Client(client) => client.target.as_deref().is_some_and(|t| t.contains(VALUE)),
        Claim::Mark(mark) => {
            let detail = mark.detail.as_deref();
            detail.is_some_and(|d| d.contains(VALUE) || d.contains(NAME))
        }
        _ => false,
    }
}

/// Fills in the values of keys; an address that no file gives is not known.
pub(crate) fn fill_in(files: &mut [FileFacts]) {
    let mut values: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for file in files.iter() {
        for fact in &file.facts {
            let Claim::Handler(handler) = &fact.claim else {
                continue;
            };
            let Some(stem) = handler.name.strip_prefix(CONFIG) else {
                continue;
            };
            let folder = folder_of(folder_of(&file.path)).to_owned();
            for (key, value) in &handler.docs {
                let of = values.entry(format!("{stem}.{key}")).or_default();
                of.push((folder.clone(), value.clone()));
            }
        }
    }
    let value = |path: &str, key: &str| {
        let all = values.get(key)?;
        let holds = |folder: &str| {
            let rest = path.strip_prefix(folder);
            folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let within = all.iter().filter(|(folder, _)| holds(folder));
        let nearest = within.max_by_key(|(folder, _)| folder.len());
        nearest.map(|(_, value)| value.as_str())
    };
    for file in files {
        let FileFacts { path, facts, .. } = file;
        for fact in facts {
            match &mut fact.claim {
                Claim::Client(client) => {
                    let Some(target) = client.target.take() else {
                        continue;
                    };
                    client.target = match target.split_once(VALUE) {
                        Some((before, rest)) => rest.split_once('}').and_then(|(key, behind)| {
                            Some(format!("{before}{}{behind}", value(path, key)?))
                        }),
                        None => Some(target),
                    };
                }
                Claim::Mark(mark) => {
                    for (begin, named) in [(VALUE, false), (NAME, true)] {
                        let Some(detail) = &mark.detail else { continue };
                        let Some((before, rest)) = detail.split_once(begin) else {
                            continue;
                        };
                        let Some((key, behind)) = rest.split_once('}') else {
                            continue;
                        };
                        let digits = |v: &&str| v.bytes().all(|b| b.is_ascii_digit());
                        let found = value(path, key);
                        let days = found.filter(digits).filter(|_| named);
                        if let Some(days) = days {
                            let before = before.strip_suffix(DELETED_DAYS).unwrap_or(before);
                            let days = scan::many(days, "day");
                            mark.detail = Some(format!("{before}{days}{behind}"));
                            continue;
                        }
                        let told = match found {
                            Some(value) if !named || value.starts_with("{env:") => {
                                told(value, named)
                            }
                            _ if named => key.to_owned(),
                            _ => format!("what `{key}` says"),
                        };
                        mark.detail = Some(format!("{before}{told}{behind}"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A value in words: `60 (RATE)` for a default of a variable, or the name of the variable alone.
fn told(value: &str, named: bool) -> String {
    let inner = value
        .strip_prefix("{env:")
        .and_then(|v| v.strip_suffix('}'));
    match inner.map(|v| v.split_once(':').unwrap_or((v, ""))) {
        Some((name, _)) if named => name.to_owned(),
        Some((name, "")) => format!("what `{name}` says"),
        // `env('A', env('B', 'x'))`
        Some((name, inner)) if inner.starts_with("{env:") => {
            format!("what `{name}` says, or else {}", told(inner, false))
        }
        Some((name, default)) => format!("{default} (`{name}`)"),
        None => value.to_owned(),
    }
}

/// Whether a command deletes what all models let it delete: with `--model` and `--except` only some do, with
/// `--pretend` none (<https://laravel.com/docs/eloquent#pruning-models>).
fn prunes_all(command: &str) -> bool {
    let mut words = command.split_whitespace();
    words.next() == Some("model:prune") && words.all(|word| word.starts_with("--chunk"))
}

/// What models let `model:prune` delete is deleted where a schedule has that command.
pub(crate) fn prunes(blueprint: &mut Blueprint) {
    let runs: BTreeSet<Option<String>> = (blueprint.observations.iter())
        .filter(|o| o.topic == Topic::ScheduledJob && prunes_all(&o.name))
        .map(|o| o.element.clone())
        .collect();
    (blueprint.observations).retain(|o| o.name != PRUNED || runs.contains(&o.element));
    for observation in blueprint
        .observations
        .iter_mut()
        .filter(|o| o.name == PRUNED)
    {
        DELETED_AFTER.clone_into(&mut observation.name);
    }
}
