//! Levels of tests that stand in the class that they stand on.

use crate::extractors::tests::{ABOVE, BASE};
use crate::facts::{Claim, Mark};
use crate::resolve::world::World;
use groundplan_model::Topic;
use std::collections::BTreeSet;

/// Classes that start the program for the tests that stand on them, by the names of their files,
/// with the project that each is of: many a repository has an `AbstractIT` in each of its programs.
pub(crate) struct TestBases<'f> {
    names: BTreeSet<(Option<usize>, &'f str)>,
}

impl<'f> TestBases<'f> {
    pub(crate) fn of(world: &World<'f>) -> TestBases<'f> {
        let bases = world.facts().filter(|(_, fact)| {
            matches!(&fact.claim, Claim::Mark(m) if m.topic == Topic::Test && m.name == BASE)
        });
        let stem = |path: &'f str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.split('.').next().unwrap_or(name)
        };
        TestBases {
            names: bases
                .map(|(file, _)| (world.project_of(&file.path), stem(&file.path)))
                .collect(),
        }
    }

    /// The level of a test; nothing for a class that has no test of its own.
    pub(crate) fn level<'m>(
        &self,
        world: &World<'f>,
        path: &str,
        mark: &'m Mark,
    ) -> Option<&'m str> {
        if mark.name == BASE {
            return None;
        }
        let above = mark
            .detail
            .as_deref()
            .and_then(|detail| detail.strip_prefix(ABOVE));
        match above.is_some_and(|above| self.names.contains(&(world.project_of(path), above))) {
            true => Some("integration"),
            false => Some(&mark.name),
        }
    }
}
