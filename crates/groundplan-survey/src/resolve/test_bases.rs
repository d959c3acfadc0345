//! Levels of tests that stand in the class that they stand on.

use crate::extractors::tests::{ABOVE, APART, BASE};
use crate::facts::{Claim, Mark};
use crate::resolve::world::{World, folder_of};
use groundplan_model::Topic;
use std::collections::BTreeSet;

/// Classes that start the program for the tests that stand on them, by the names of their files,
/// with the project that each is of: many a repository has an `AbstractIT` in each of its programs.
pub(crate) struct TestBases<'f> {
    names: BTreeSet<(Option<usize>, &'f str)>,
    /// Folders whose builds run integration tests apart.
    apart: BTreeSet<&'f str>,
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
        let apart = world.facts().filter(|(_, fact)| {
            matches!(&fact.claim, Claim::Mark(m) if m.topic == Topic::Test && m.name == APART)
        });
        TestBases {
            apart: apart.map(|(file, _)| folder_of(&file.path)).collect(),
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
        if mark.name == BASE || mark.name == APART {
            return None;
        }
        let above = mark
            .detail
            .as_deref()
            .and_then(|detail| detail.strip_prefix(ABOVE));
        match above.is_some_and(|above| self.names.contains(&(world.project_of(path), above))) {
            true => Some("integration"),
            false if mark.name == "unsorted" && self.is_unit(path) => Some("unit"),
            false => Some(&mark.name),
        }
    }

    /// Whether a class of tests is of those that a build runs apart from its integration tests.
    fn is_unit(&self, path: &str) -> bool {
        let stem = path.strip_suffix(".java").or(path.strip_suffix(".kt"));
        let named = stem.is_some_and(|stem| stem.ends_with("Test") || stem.ends_with("Tests"));
        named
            && self.apart.iter().any(|folder| {
                folder.is_empty()
                    || path
                        .strip_prefix(folder)
                        .is_some_and(|rest| rest.starts_with('/'))
            })
    }
}
