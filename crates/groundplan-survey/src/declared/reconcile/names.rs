//! Which element a person means.

use crate::declared::Declaration;
use crate::declared::shape::quoted;
use crate::declared::validate::short;
use groundplan_knowledge::nearest;
use groundplan_model::{Blueprint, Diagnostic, Evidence, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Elements by id, and by name and alias.
pub(super) struct Names {
    ids: BTreeSet<String>,
    others: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    pub(super) fn new(blueprint: &Blueprint) -> Self {
        let mut names = Names {
            ids: BTreeSet::new(),
            others: BTreeMap::new(),
        };
        for element in &blueprint.elements {
            names.ids.insert(element.id.clone());
            for name in element.aliases.iter().chain([&element.name]) {
                names
                    .others
                    .entry(name.to_lowercase())
                    .or_default()
                    .insert(element.id.clone());
            }
        }
        names
    }

    /// Adds the names that a declaration gives, so that it can use them itself.
    pub(super) fn learn(&mut self, declared: &Declaration) {
        for declaration in &declared.elements {
            let Ok(id) = self.find(&declaration.id).map(str::to_owned) else {
                continue;
            };
            let new = declaration
                .name
                .iter()
                .map(|name| &name.text)
                .chain(&declaration.aliases);
            for name in new {
                self.others
                    .entry(name.to_lowercase())
                    .or_default()
                    .insert(id.clone());
            }
        }
    }

    /// The id of an element by id, else by a name or alias that only one has; else the ids of all
    /// that have the name.
    pub(super) fn find(&self, written: &str) -> Result<&str, Vec<&str>> {
        if let Some(id) = self.ids.get(written) {
            return Ok(id);
        }
        let Some(ids) = self.others.get(&written.to_lowercase()) else {
            return Err(Vec::new());
        };
        let all: Vec<&str> = ids.iter().map(String::as_str).collect();
        match all.as_slice() {
            [one] => Ok(one),
            _ => Err(all),
        }
    }

    /// All ids, in order.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }
}

/// An error about an element that is not there, or is not the only one of its name.
pub(super) fn unknown(
    names: &Names,
    written: &str,
    many: &[&str],
    place: Option<&Evidence>,
) -> Diagnostic {
    let mut diagnostic = if many.is_empty() {
        let ids: Vec<&str> = names.ids().collect();
        no_such("element", written, &ids)
    } else {
        Diagnostic::new(
            Severity::Error,
            "ambiguous-element",
            format!(
                "expected one element, found {} of the name `{}`",
                many.len(),
                short(written)
            ),
        )
        .help(format!("write the id: {}", quoted(many)))
    };
    diagnostic.place = place.cloned();
    diagnostic
}

/// An error about an id that does not exist, with what may have been meant.
pub(super) fn no_such(one: &str, written: &str, ids: &[&str]) -> Diagnostic {
    /// More ids than this are no help.
    const MOST: usize = 20;
    let name = format!("unknown-{one}");
    let message = format!("expected the id of an {one}, found `{}`", short(written));
    let mut diagnostic = Diagnostic::new(Severity::Error, &name, message);
    if let Some(meant) = nearest(written, ids.iter().copied()) {
        diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
    }
    if ids.is_empty() {
        return diagnostic.help(format!("the survey found no {one}"));
    }
    let shown: Vec<&str> = ids.iter().copied().take(MOST).collect();
    let more = ids.len() - shown.len();
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    diagnostic.help(format!("ids are {}{rest}", quoted(&shown)))
}
