//! Manifests that were left behind: what they deploy has no source here, while the main files build all
//! that they start.

use super::Unit;
use crate::facts::Deployable;
use crate::resolve::world::folder_of;
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// Programs that a folder of manifests must have without source before it counts as left behind, and that the
/// main files must build.
const LEAST: usize = 3;

/// Takes out what only such folders deploy. They speak of another generation of the system, or of another
/// system: two thirds of their programs are not here.
pub(super) fn leave_out(units: &mut Vec<Unit<'_>>) {
    let has_source = |u: &Unit<'_>| u.project.is_some() || !u.images.is_empty();
    let is_program = |u: &Unit<'_>| u.technology.is_none() || has_source(u);
    let started = |u: &&Unit<'_>| {
        is_program(u) && !u.optional && u.deployables.iter().any(|(d, _)| d.source == "compose")
    };
    let main = units.iter().filter(started);
    if main.clone().count() < LEAST || !main.clone().all(has_source) {
        return;
    }
    let in_cluster = |source: &str| source == "kubernetes";
    // Per folder: how many programs it deploys, and how many of them have no source.
    let mut folders: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for unit in units.iter().filter(|u| is_program(u)) {
        let all = unit.deployables.iter().chain(&unit.others);
        let own = all.filter(|(d, _)| in_cluster(&d.source));
        let own: BTreeSet<&str> = own.map(|(_, at)| folder_of(&at.path)).collect();
        for folder in own {
            let (all, lost) = folders.entry(folder.to_owned()).or_default();
            *all += 1;
            *lost += usize::from(!has_source(unit));
        }
    }
    folders.retain(|_, (all, lost)| *lost >= LEAST && *lost * 3 >= *all * 2);
    if folders.is_empty() {
        return;
    }
    // What such a folder needs beside its programs lies in it, or beside it.
    let left =
        |source: &str, path: &str| in_cluster(source) && folders.contains_key(folder_of(path));
    units.retain(|unit| {
        let mut all = unit.deployables.iter().chain(&unit.others).peekable();
        all.peek().is_none() || !all.all(|(d, at)| left(&d.source, &at.path))
    });
    for unit in units.iter_mut() {
        let kept = |(d, at): &(&Deployable, &Evidence)| !left(&d.source, &at.path);
        let mut lost: Vec<&Evidence> = Vec::new();
        let mut all = [&mut unit.deployables, &mut unit.others];
        for told in &mut all {
            if told.iter().any(&kept) {
                lost.extend(told.iter().filter(|one| !kept(one)).map(|(_, at)| *at));
                told.retain(kept);
            }
        }
        unit.evidence.retain(|at| !lost.contains(&at));
    }
}
