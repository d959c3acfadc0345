//! Addresses that stand in constants of Java: a list of them is copied from part to part, so that only
//! those count which a call is made with.

use crate::facts::{Claim, Fact};
use crate::resolve::world::World;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of names of fields that many structures have, `Addr` and `Host`, and that say nothing alone.
const SHORT: usize = 5;

/// The addresses in constants of each project.
#[derive(Debug, Default)]
pub(super) struct Constants<'f> {
    /// By project and name; nothing where two have one name.
    values: BTreeMap<usize, BTreeMap<&'f str, Option<&'f str>>>,
    /// Variables of the environment that fields of Go are filled with, by project and field.
    fields: BTreeMap<usize, BTreeMap<&'f str, Option<&'f str>>>,
    /// Where constants stand that no call of their project is made with.
    unused: BTreeSet<(&'f str, u32)>,
}

impl<'f> Constants<'f> {
    pub(super) fn of(world: &World<'f>) -> Self {
        let mut all = Constants::default();
        let mut places: BTreeMap<usize, Vec<(&'f str, &'f str, u32)>> = BTreeMap::new();
        for file in world.files {
            for fact in &file.facts {
                if let Claim::EnvRead(read) = &fact.claim
                    && let Some(field) = read.field.as_deref().filter(|f| f.len() > SHORT)
                    && let Some(project) = world.project_of(&file.path)
                {
                    let known = all.fields.entry(project).or_default();
                    known
                        .entry(field)
                        .and_modify(|name| *name = name.filter(|n| *n == read.name))
                        .or_insert(Some(&read.name));
                }
                let Claim::PathConstant(constant) = &fact.claim else {
                    continue;
                };
                let Some(project) = world.project_of(&file.path) else {
                    continue;
                };
                if !constant.value.contains("://") {
                    continue;
                }
                let known = all.values.entry(project).or_default();
                known
                    .entry(&constant.name)
                    .and_modify(|value| *value = value.filter(|v| *v == constant.value))
                    .or_insert(Some(&constant.value));
                let place = (constant.name.as_str(), file.path.as_str(), fact.at.lines[0]);
                places.entry(project).or_default().push(place);
            }
        }
        for (project, places) in places {
            let mut used: BTreeSet<&str> = BTreeSet::new();
            let mut open = false;
            for fact in world.facts_of(project) {
                let Claim::Client(client) = &fact.claim else {
                    continue;
                };
                let java = matches!(
                    Language::of(&fact.at.path),
                    Language::Java | Language::Kotlin
                );
                // A literal alone is no call; the constants themselves are such.
                if !java || client.library.as_deref().is_none_or(str::is_empty) {
                    continue;
                }
                let Some(target) = &client.target else {
                    open = true;
                    continue;
                };
                for name in names_in(target) {
                    let known = all.values.get(&project).and_then(|v| v.get_key_value(name));
                    match known {
                        Some((name, _)) => {
                            used.insert(name);
                        }
                        // What the rest of the target is, nobody knows.
                        None => open |= target.starts_with('{') && target.find(name) < Some(3),
                    }
                }
            }
            // A call whose address is not known may be made with any of them.
            if !open {
                let unused = places.into_iter().filter(|(name, ..)| !used.contains(name));
                all.unused
                    .extend(unused.map(|(_, path, line)| (path, line)));
            }
        }
        all
    }

    /// Whether a client is an address that a constant holds and no call uses.
    pub(super) fn is_unused(&self, fact: &Fact) -> bool {
        let place = (fact.at.path.as_str(), fact.at.lines[0]);
        !self.unused.is_empty() && self.unused.contains(&place)
    }

    /// A target that a file of a project names, with the constants of that project filled in.
    pub(super) fn fill(&self, project: usize, path: &str, target: &str) -> String {
        let mut out = target.to_owned();
        let fields = self.fields.get(&project);
        let fields = fields.filter(|_| Language::of(path) == Language::Go);
        let values = self.values.get(&project);
        for name in names_in(target) {
            // `"http://" + s.stockAddr`, where another file reads the field from the environment.
            let field = fields.and_then(|all| *all.get(name)?);
            let field = field.map(|read| (format!(".{name}}}"), format!("{{env:{read}}}")));
            // What is no field of an object may be a constant that is called like one.
            let field = field.filter(|(mark, _)| out.contains(mark.as_str()));
            let value = || values.and_then(|all| *all.get(name)?);
            let value = || value().map(|value| (name.to_owned(), value.to_owned()));
            let Some((mark, value)) = field.or_else(value) else {
                continue;
            };
            let Some(at) = out.find(&mark) else { continue };
            let start = out[..at].rfind('{');
            let end = out[at..].find('}').map(|end| at + end + 1);
            if let (Some(start), Some(end)) = (start, end) {
                out.replace_range(start..end, &value);
            }
        }
        out
    }
}

/// The last words of what a target leaves open: `ORDERS_URL` of `{Apis.ORDERS_URL}/{id}`.
fn names_in(target: &str) -> impl Iterator<Item = &str> {
    let parts = target
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next());
    let parts = parts.filter(|inner| !inner.starts_with("env:"));
    parts.filter_map(|inner| {
        let name = inner.rsplit('.').next().unwrap_or(inner).trim();
        (!name.is_empty()).then_some(name)
    })
}
