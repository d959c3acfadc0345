//! What comments of JavaScript say of the operations that routes are.

use crate::extractors::jsdoc_operations::DESCRIBED;
use crate::facts::{Claim, Endpoint};
use crate::resolve::described::shape;
use crate::resolve::names::is_aside;
use crate::resolve::world::World;
use groundplan_model::Evidence;
use std::collections::BTreeMap;

/// Paths and what is said there, each with its file and the project of that.
type Said<'f> = Vec<(String, &'f str, &'f str, Option<usize>)>;

/// What comments say of operations, by method.
pub(crate) struct Summaries<'f> {
    by_method: BTreeMap<&'f str, Said<'f>>,
}

impl<'f> Summaries<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut by_method: BTreeMap<&str, Said<'_>> = BTreeMap::new();
        for (file, fact) in world.facts() {
            let Claim::Handler(handler) = &fact.claim else {
                continue;
            };
            if handler.name != DESCRIBED || is_aside(&file.path) {
                continue;
            }
            for (operation, summary) in &handler.docs {
                if let Some((method, path)) = operation.split_once(' ') {
                    let all = by_method.entry(method).or_default();
                    all.push((
                        shape(path),
                        summary,
                        &file.path,
                        world.project_of(&file.path),
                    ));
                }
            }
        }
        Summaries { by_method }
    }

    /// Says what a route does whose path ends as a comment has it: one of its own file, else the only one.
    pub(crate) fn fill(&self, endpoint: &mut Endpoint, at: &Evidence, world: &World<'_>) {
        let all = self.by_method.get(endpoint.method.as_str());
        let Some(all) = all.filter(|_| endpoint.summary.is_none()) else {
            return;
        };
        // Comments of another program say nothing of its routes.
        let project = world.project_of(&at.path);
        let own = shape(&endpoint.path);
        let fits = |path: &str| {
            let before = own.strip_suffix(path).filter(|_| !path.is_empty());
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        let found: Vec<_> = (all.iter())
            .filter(|(path, .., of)| *of == project && fits(path))
            .collect();
        let here = found.iter().filter(|(_, _, file, _)| *file == at.path);
        // Of several the one with the longest path is meant.
        let one = here.max_by_key(|(path, ..)| path.len()).copied();
        let only = match found.as_slice() {
            [only] if only.0.contains('/') => Some(*only),
            _ => None,
        };
        endpoint.summary = one.or(only).map(|(_, summary, ..)| (*summary).to_owned());
    }
}
