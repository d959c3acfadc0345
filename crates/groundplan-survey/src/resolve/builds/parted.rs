//! Images that are built of several sources: a server and the pages that it hands out.

use super::{contexts, is_aside_of_build};
use crate::facts::{Claim, ImageBuild};
use crate::resolve::units::has_ui_framework;
use crate::resolve::world::World;
use crate::source::join;
use std::collections::BTreeSet;

/// Of several projects that an image takes its files from the one that it starts: the others are pages, and a
/// command, a health check or its code says of this one that it runs.
pub(super) fn started_of(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let all = taken_in(world, image);
    if all.len() < 2 {
        return None;
    }
    let is_page = |p: usize| has_ui_framework(world, p) && !answers(world, p);
    let mut others = all.iter().copied().filter(|&p| !is_page(p));
    let only = others.next()?;
    (others.next().is_none() && world.is_code(only) && runs(world, image, only)).then_some(only)
}

fn answers(world: &World<'_>, project: usize) -> bool {
    let mut facts = world.facts_of(project);
    facts.any(|fact| {
        matches!(
            fact.claim,
            Claim::Endpoint(_) | Claim::GrpcServer(_) | Claim::Channel(_)
        )
    })
}

/// Whether what an image starts is of a project: a file that lies in its folder, a script of its manifest, or
/// code that answers.
fn runs(world: &World<'_>, image: &ImageBuild, project: usize) -> bool {
    /// Folders of a path inside the image at most, since the image may lay out the tree in its own way.
    const DEEPEST: usize = 6;
    let Some(command) = &image.command else {
        return false;
    };
    let folder = &world.projects[project].folder;
    let check = image.health_check.as_ref().map(|c| c.value.as_str());
    let texts = std::iter::once(command.value.as_str()).chain(check);
    let apart = |c: char| c.is_whitespace() || "[]\"',;&|".contains(c);
    let mut words = texts.flat_map(|text| text.split(apart));
    let is_own = |word: &str| {
        let tails = std::iter::successors(Some(word), |w| w.split_once('/').map(|(_, rest)| rest));
        let mut tails = tails.take(DEEPEST).filter(|tail| tail.contains('.'));
        tails.any(|tail| {
            let path = join(folder, tail.trim_start_matches("./"));
            path.is_some_and(|path| world.is_file(&path))
        })
    };
    let of_manifest = || {
        let mut words = command.value.split(apart).filter(|w| !w.is_empty());
        let tool = words.next().unwrap_or_default();
        let script = words.find(|w| !matches!(*w, "run" | "run-script") && !w.starts_with('-'));
        let mut packages = world.projects[project].packages.iter();
        matches!(tool, "npm" | "pnpm" | "yarn" | "bun")
            && packages.any(|(p, _)| {
                p.scripts
                    .iter()
                    .any(|(own, _)| Some(own.as_str()) == script)
            })
    };
    words.any(is_own) || of_manifest() || answers(world, project)
}

/// The projects with code below the root whose files an image takes in, by itself or through its stages.
pub(crate) fn taken_in(world: &World<'_>, image: &ImageBuild) -> BTreeSet<usize> {
    let Some(own) = image.bases.last() else {
        return BTreeSet::new();
    };
    let inside = |path: &str, at: &groundplan_model::Evidence| {
        contexts(at).find_map(|of| {
            let path = join(of, path)?;
            let path = path.trim_end_matches('/');
            world
                .project_at(path)
                .or_else(|| world.project_of(path).filter(|_| world.is_file(path)))
                .filter(|&p| {
                    let folder = &world.projects[p].folder;
                    !folder.is_empty() && !is_aside_of_build(folder) && world.is_code(p)
                })
        })
    };
    let carried = image.carried.iter().filter(|c| !c.value.starts_with('/'));
    let carried = carried.filter_map(|c| inside(&c.value, &c.at));
    let copies = image.copies.iter();
    let copied = copies.filter_map(|copy| inside(copy.trim_start_matches("./"), &own.at));
    carried.chain(copied).collect()
}
