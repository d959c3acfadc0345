//! Requests to addresses that users of the system set: nobody can name the host, and yet the system calls
//! somebody outside.

use super::Wiring;
use crate::facts::{Claim, Fact, FileFacts, holding};
use crate::resolve::names::is_aside;
use groundplan_model::{Entity, Evidence};
use std::collections::{BTreeMap, BTreeSet};

/// What such addresses are called in the knowledge.
const WEBHOOK: &str = "webhook";

/// Words of functions that send something to somebody.
const SENDING: [&str; 9] = [
    "call", "deliver", "dispatch", "emit", "fire", "notify", "post", "publish", "send",
];

/// What a table keeps, as the condition that it makes, and where it is declared.
type Kept = (String, Evidence);

impl Wiring<'_, '_> {
    /// Joins parts with the webhooks of their users: requests whose address nothing in the repository
    /// answers, in a function that sends them by its name or beside a table that keeps their addresses.
    pub(super) fn join_user_addresses(&mut self) {
        let Some(technology) = self.world.knowledge.by_id(WEBHOOK) else {
            return;
        };
        let mut found: Vec<(usize, Evidence, Option<Kept>)> = Vec::new();
        let mut keeping: BTreeMap<usize, Option<Kept>> = BTreeMap::new();
        for (unit, at) in &self.graph.unresolved {
            let Some(project) = self.units[*unit].project.filter(|_| !is_aside(&at.path)) else {
                continue;
            };
            let file = self.world.file(&at.path);
            let Some(sends) = file.and_then(|file| sends(file, at)) else {
                continue;
            };
            let kept = keeping
                .entry(project)
                .or_insert_with(|| self.world.facts_of(project).find_map(kept))
                .clone();
            if sends || kept.is_some() {
                found.push((*unit, at.clone(), kept));
            }
        }
        let mut told: BTreeSet<(usize, Evidence)> = BTreeSet::new();
        for (unit, at, kept) in found {
            let (condition, column) = kept.unzip();
            let places = [Some(at.clone()), column, None];
            let library = String::new();
            let end = self.use_service(unit, technology, None, library, places);
            if let Some(condition) = condition {
                self.graph
                    .conditions
                    .entry((unit, end))
                    .or_insert(condition);
            }
            told.insert((unit, at));
        }
        self.graph.unresolved.retain(|one| !told.contains(one));
    }
}

/// Whether the function around a place sends webhooks by its name; nothing where none there is called after
/// them.
fn sends(file: &FileFacts, at: &Evidence) -> Option<bool> {
    let span = holding(&file.spans, at.lines[0])?;
    let (name, class) = (
        span.name.to_ascii_lowercase(),
        span.class.to_ascii_lowercase(),
    );
    // What others send comes to handlers of that name.
    let takes = ["handle", "incoming", "process", "receive", "verify"];
    if takes
        .iter()
        .any(|word| name.contains(word) || class.contains(word))
    {
        return None;
    }
    let sends = SENDING.iter().any(|word| name.starts_with(word));
    let called = name.contains(WEBHOOK) || class.contains(WEBHOOK);
    called.then(|| sends && name.contains(WEBHOOK))
}

/// A column of a table of webhooks that holds an address, as the condition that it makes.
fn kept(fact: &Fact) -> Option<Kept> {
    let entity: &Entity = match &fact.claim {
        Claim::Entity(entity) => entity,
        Claim::Model(model) => &model.entity,
        _ => return None,
    };
    if !entity.name.to_ascii_lowercase().contains(WEBHOOK) || is_aside(&fact.at.path) {
        return None;
    }
    let address = |name: &str| {
        let name = name.to_ascii_lowercase();
        matches!(name.as_str(), "url" | "endpoint" | "address") || name.ends_with("url")
    };
    let field = entity.fields.iter().find(|field| address(&field.name))?;
    let condition = match field.nullable {
        true => format!("where `{}` of `{}` is set", field.name, entity.name),
        false => format!("where there is a `{}`", entity.name),
    };
    Some((condition, fact.at.clone()))
}
