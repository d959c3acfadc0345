//! What of an application of Rails only several of its files say together.

use crate::facts::{Claim, Endpoint, Fact, FileFacts};
use crate::resolve::world::{World, folder_of};
use groundplan_model::Evidence;
use std::collections::BTreeSet;

/// The framework of routes to forms, which an application that is only an API does not have.
pub(crate) const FORM: &str = "rails-form";

/// The key of an application that is only an API.
pub(crate) const API_ONLY: &str = "config.api_only";

/// The path of what defines a part, seen from the folder of the part: the file that names an
/// application of Rails lies in a folder of it.
pub(crate) fn definition(path: &str) -> &str {
    let home = path.strip_suffix("config/application.rb");
    home.filter(|h| h.is_empty() || h.ends_with('/'))
        .unwrap_or(path)
}

/// Folders of applications that say something of all that lies below them.
pub(crate) struct Rails<'f> {
    /// Those without forms.
    only_api: BTreeSet<&'f str>,
    /// Folders of databases whose schema is written down.
    described: BTreeSet<&'f str>,
}

impl<'f> Rails<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = Rails {
            only_api: BTreeSet::new(),
            described: BTreeSet::new(),
        };
        let is_table = |fact: &Fact| matches!(&fact.claim, Claim::Entity(_));
        let is_only = |fact: &Fact| matches!(&fact.claim, Claim::Property(p) if p.key == API_ONLY);
        for file in world.files {
            if file.path.ends_with("schema.rb") && file.facts.iter().any(is_table) {
                found.described.insert(folder_of(&file.path));
            }
            if file.path.ends_with("application.rb") && file.facts.iter().any(is_only) {
                found.only_api.insert(folder_of(folder_of(&file.path)));
            }
        }
        found
    }

    /// Whether an endpoint of a file is there.
    pub(crate) fn offers(&self, endpoint: &Endpoint, at: &Evidence) -> bool {
        let below = |folder: &&str| {
            folder.is_empty()
                || (at.path.strip_prefix(*folder)).is_some_and(|rest| rest.starts_with('/'))
        };
        endpoint.framework != FORM || !self.only_api.iter().any(below)
    }

    /// Whether a file is a migration whose end the schema beside it tells.
    pub(crate) fn is_past(&self, file: &FileFacts) -> bool {
        file.path.ends_with(".rb") && self.described.contains(folder_of(folder_of(&file.path)))
    }
}
