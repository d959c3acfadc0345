//! Paths as callers write them, wherever they are told: the base of a contract stands before each
//! of its operations, and a health endpoint has the path of the route that answers it.

use groundplan_model::{Blueprint, InterfaceKind, Topic};
use std::collections::BTreeMap;

use crate::http_paths::{self, UNREAD};

/// Puts the base of each contract before its operations.
pub(crate) fn with_base(blueprint: &mut Blueprint) {
    for interface in &mut blueprint.interfaces {
        if interface.kind != InterfaceKind::Http {
            continue;
        }
        let Some(base) = interface.base_path.take() else {
            continue;
        };
        let base = http_paths::template(&base);
        if base == "/" {
            continue;
        }
        for operation in &mut interface.operations {
            if operation.path.starts_with(UNREAD) {
                continue;
            }
            let whole = http_paths::join(&base, &operation.path);
            if let Some(rest) = operation.id.strip_suffix(operation.path.as_str()) {
                operation.id = format!("{rest}{whole}");
            }
            operation.path = whole;
        }
    }
}

/// Gives health endpoints and those of metrics the path by which a caller reaches the route.
pub(crate) fn of_probes(blueprint: &mut Blueprint) {
    let mut routes: BTreeMap<(&str, u32), Vec<&str>> = BTreeMap::new();
    for operation in blueprint.interfaces.iter().flat_map(|i| &i.operations) {
        for at in &operation.provenance.evidence {
            let place = (at.path.as_str(), at.lines[0]);
            routes.entry(place).or_default().push(&operation.path);
        }
    }
    let mut renamed: Vec<(usize, Option<String>)> = Vec::new();
    for (index, seen) in blueprint.observations.iter().enumerate() {
        if !matches!(seen.topic, Topic::HealthCheck | Topic::Telemetry)
            || !seen.name.starts_with('/')
        {
            continue;
        }
        let Some(at) = seen.provenance.first() else {
            continue;
        };
        let all = routes.get(&(at.path.as_str(), at.lines[0]));
        let mut whole = all
            .into_iter()
            .flatten()
            .filter(|path| path.ends_with(&seen.name) && **path != seen.name);
        if let Some(path) = whole.next() {
            // What needs to know of something does not answer for the program.
            let asks = http_paths::asks(path);
            renamed.push((index, (!asks).then(|| (*path).to_owned())));
        }
    }
    for (index, path) in renamed.into_iter().rev() {
        match (path, blueprint.observations.get_mut(index)) {
            (Some(path), Some(seen)) => seen.name = path,
            (None, Some(_)) => {
                blueprint.observations.remove(index);
            }
            (_, None) => {}
        }
    }
}
