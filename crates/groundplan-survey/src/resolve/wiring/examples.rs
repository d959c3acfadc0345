//! Variables of deployment files that a pattern beside them shows (`.env.example`): who copies it has
//! the addresses of the parts as the pattern names them.

use crate::facts::Claim;
use crate::resolve::settings::{Value, fill, is_pattern};
use crate::resolve::world::{World, folder_of};
use std::collections::BTreeMap;

/// Variables by folder.
pub(super) struct Examples<'f> {
    by_folder: BTreeMap<&'f str, BTreeMap<&'f str, &'f str>>,
}

impl<'f> Examples<'f> {
    pub(super) fn of(world: &World<'f>) -> Self {
        let mut by_folder: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        let patterns = world.files.iter().filter(|file| {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            name.contains("env") && is_pattern(&file.path)
        });
        for file in patterns {
            for fact in &file.facts {
                if let Claim::Property(property) = &fact.claim
                    && let Some(value) = property.value.as_deref()
                    && !value.is_empty()
                {
                    let variables = by_folder.entry(folder_of(&file.path)).or_default();
                    variables.entry(&property.key).or_insert(value);
                }
            }
        }
        Examples { by_folder }
    }

    /// The text of a variable of a deployment file with what the pattern beside that file shows, where
    /// nothing else sets it.
    pub(super) fn fill(&self, value: &Value, text: &str) -> Option<String> {
        if !value.is_env || value.example || !text.contains("${") {
            return None;
        }
        let known = self.by_folder.get(folder_of(&value.at.path))?;
        let filled = fill(text, &|name| known.get(name).map(|v| (*v).to_owned()));
        (filled != text).then_some(filled)
    }
}
