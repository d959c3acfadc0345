//! A program that a Compose file starts for its developers alone is no part of a deployment.

use super::Unit;
use crate::resolve::builds;
use crate::resolve::variants::mounted;
use crate::resolve::world::World;
use std::collections::BTreeSet;

/// Takes out the parts with code of the repository that nothing but a Compose file for developers starts.
pub(super) fn take_out<'f>(world: &World<'f>, units: &mut Vec<Unit<'f>>) -> Vec<Unit<'f>> {
    let benched = |unit: &Unit<'_>| {
        let mut all = unit.deployables.iter().chain(&unit.others).peekable();
        unit.project.is_some_and(|p| world.is_code(p))
            && all.peek().is_some()
            && all.all(|(_, at)| world.variants.is_bench(&at.path))
    };
    let (left, rest): (Vec<_>, Vec<_>) = std::mem::take(units).into_iter().partition(benched);
    *units = rest;
    left
}

/// Gives the program that its own files tell what its developers call it and start it with; where no file
/// of its own tells that it runs, the Compose file does.
pub(super) fn give_back<'f>(world: &World<'f>, left: Vec<Unit<'f>>, units: &mut Vec<Unit<'f>>) {
    let told: BTreeSet<usize> = units.iter().filter_map(|unit| unit.project).collect();
    for mut unit in left {
        let known = units
            .iter_mut()
            .find(|u| u.project == unit.project && u.deployables.is_empty());
        let Some(known) = known else {
            // Beside a deployment of the same program it stays what its developers start.
            if !unit.project.is_some_and(|project| told.contains(&project)) {
                unit.development = false;
                unit.optional = false;
            }
            units.push(unit);
            continue;
        };
        // An image into which the source is only mounted is not what is shipped.
        let bare: BTreeSet<&str> = (unit.deployables.iter())
            .filter(|(d, at)| mounted(d, &at.path).next().is_some())
            .filter_map(|(d, _)| builds::of_deployable(world, d))
            .filter(|(image, _)| !image.copies.iter().any(|copy| takes_all(copy)))
            .map(|(_, at)| at.path.as_str())
            .collect();
        known
            .images
            .retain(|(_, at)| !bare.contains(at.path.as_str()));
        known.evidence.retain(|at| !bare.contains(at.path.as_str()));
        known.hosts.append(&mut unit.hosts);
        known.others.append(&mut unit.deployables);
        known.others.append(&mut unit.others);
    }
}

/// Whether a source of `COPY` is the build context as a whole.
fn takes_all(copy: &str) -> bool {
    matches!(copy.trim_end_matches('/'), "." | "")
}
