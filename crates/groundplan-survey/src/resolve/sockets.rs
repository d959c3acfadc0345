//! Programs that have a server of socket.io among their packages.

use crate::facts::{Claim, Mark};
use crate::resolve::world::World;
use groundplan_model::{OVER_SOCKETS, SOCKET_MESSAGE, Topic};
use std::collections::BTreeSet;

/// The projects whose manifest has the package.
pub(crate) struct Sockets {
    projects: BTreeSet<usize>,
}

impl Sockets {
    pub(crate) fn of(world: &World<'_>) -> Sockets {
        let has = |claim: &Claim| matches!(claim, Claim::Dependency(d) if d.ecosystem == "npm" && d.name == "socket.io");
        let facts = world.facts().filter(|(_, fact)| has(&fact.claim));
        let projects = facts.filter_map(|(file, _)| world.project_of(&file.path));
        Sockets {
            projects: projects.collect(),
        }
    }

    /// Whether a mark is of messages of socket.io and its program has no server of that kind: what it sees is
    /// something else of that form.
    pub(crate) fn denies(&self, world: &World<'_>, path: &str, mark: &Mark) -> bool {
        let of_sockets = mark.topic == Topic::Stated && mark.name == SOCKET_MESSAGE
            || mark.topic == Topic::Event && mark.detail.as_deref() == Some(OVER_SOCKETS);
        of_sockets
            && !world
                .project_of(path)
                .is_some_and(|p| self.projects.contains(&p))
    }
}
