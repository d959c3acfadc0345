//! Which file is the change log of the system.

use crate::facts::{Claim, ReleaseNote};
use crate::resolve::world::{World, folder_of};
use std::collections::BTreeMap;

/// Where the change log of the system stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ReleaseLog<'f> {
    /// In files of this folder.
    Folder(&'static str),
    /// In this file alone.
    File(&'f str),
    /// Nowhere.
    None,
}

impl<'f> ReleaseLog<'f> {
    /// The log at the root, or else among the documents of the system. Another one is that of a package, unless
    /// it alone begins with the version that the manifest at the root has: a program may show its users what is
    /// new.
    pub(super) fn of(world: &World<'f>) -> Self {
        let mut newest: BTreeMap<&str, &ReleaseNote> = BTreeMap::new();
        for (file, fact) in world.facts() {
            if let Claim::Release(note) = &fact.claim {
                newest.entry(&file.path).or_insert(note);
            }
        }
        let logged = |folder: &&str| newest.keys().any(|path| folder_of(path) == *folder);
        if let Some(folder) = ["", "docs", "doc"].into_iter().find(logged) {
            return ReleaseLog::Folder(folder);
        }
        let root = world.project_at("").map(|p| &world.projects[p]);
        let packages = root.into_iter().flat_map(|p| &p.packages);
        let versions: Vec<&str> = packages
            .filter_map(|(package, _)| package.version.as_deref())
            .map(bare)
            .collect();
        let is_own = |(_, note): &(&'f str, &ReleaseNote)| versions.contains(&bare(&note.version));
        let mut all = newest.into_iter().filter(is_own);
        match (all.next(), all.next()) {
            (Some((path, _)), None) => ReleaseLog::File(path),
            _ => ReleaseLog::None,
        }
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        match self {
            ReleaseLog::Folder(folder) => folder_of(path) == *folder,
            ReleaseLog::File(own) => path == *own,
            ReleaseLog::None => false,
        }
    }
}

/// A version without what marks it as one: `v2.1.0` is `2.1.0`.
fn bare(version: &str) -> &str {
    version.trim_start_matches(['v', 'V'])
}
