//! What the parts that Terraform makes are called.

use super::{MAX_STEPS, Part, Plan, argument};
use groundplan_knowledge::Knowledge;
use groundplan_model::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Labels that say nothing of what a resource is for.
const EMPTY: [&str; 34] = [
    "alb",
    "api",
    "app",
    "bucket",
    "cache",
    "cluster",
    "current",
    "database",
    "db",
    "default",
    "deadletter",
    "dead-letter",
    "distribution",
    "dlq",
    "elb",
    "example",
    "function",
    "instance",
    "it",
    "lambda",
    "lb",
    "main",
    "module",
    "nlb",
    "primary",
    "queue",
    "rds",
    "redis",
    "resource",
    "self",
    "service",
    "table",
    "this",
    "topic",
];

/// Arguments that name a resource, first one first.
const NAMES: [&str; 7] = [
    "name",
    "function_name",
    "identifier",
    "cluster_identifier",
    "bucket",
    "domain_name",
    "family",
];

/// Words of buckets that those who run and build the system need, which are no part of it.
const OPERATIONS: [&str; 10] = [
    "artifact",
    "artifacts",
    "codebuild",
    "codepipeline",
    "log",
    "logs",
    "pipeline",
    "state",
    "terraform",
    "tfstate",
];

/// File and lines of a resource, and the calls that lead to it.
type Made<'p> = (&'p str, [u32; 2], Vec<String>);

impl Plan<'_> {
    /// Gives a name to each part that a technology is known for; two of one name that are not the
    /// same kind of thing get that kind behind it.
    pub(super) fn name(&mut self, knowledge: &Knowledge) {
        let names: Vec<Option<String>> = (self.parts.iter())
            .map(|part| {
                let (technology, _) = knowledge.by_resource(&part.made.kind)?;
                let name = self.own_name(part, knowledge);
                let operations = technology.role == Some(Role::ObjectStorage)
                    && name.split('-').any(|word| OPERATIONS.contains(&word));
                (!operations).then_some(name)
            })
            .collect();
        let names = self.across_stages(names);
        let mut kinds: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (part, name) in self.parts.iter().zip(&names) {
            if let Some(name) = name {
                kinds
                    .entry(name.clone())
                    .or_default()
                    .insert(&part.made.kind);
            }
        }
        let several: BTreeSet<String> = (kinds.iter())
            .filter(|(_, kinds)| kinds.len() > 1)
            .map(|(name, _)| name.clone())
            .collect();
        for (part, name) in self.parts.iter_mut().zip(names) {
            part.name = name.map(|name| match several.contains(&name) {
                true => {
                    let kind = part.made.kind.trim_end_matches("/aws");
                    let word = kind.rsplit(['_', '/']).next().unwrap_or_default();
                    match name.ends_with(word) {
                        true => name,
                        false => format!("{name}-{word}"),
                    }
                }
                false => name,
            });
        }
    }

    /// One resource that several roots make by the same calls is one part in several stages: its name
    /// is what the names there have in common.
    fn across_stages(&self, mut names: Vec<Option<String>>) -> Vec<Option<String>> {
        let mut same: BTreeMap<Made<'_>, Vec<usize>> = BTreeMap::new();
        for (index, part) in self.parts.iter().enumerate() {
            if names.get(index).is_some_and(Option::is_some) {
                let calls = self.calls_to(part.instance);
                let key = (part.at.path.as_str(), part.at.lines, calls);
                same.entry(key).or_default().push(index);
            }
        }
        for all in same.into_values().filter(|all| all.len() > 1) {
            let own = |index: &usize| names.get(*index)?.as_deref();
            let mut each = all.iter().filter_map(own);
            let Some(first) = each.next() else {
                continue;
            };
            let common = each.fold(first, |known, other| common(known, other));
            let same = common.len() == first.len();
            let common = match same {
                true => common,
                false => common.rsplit_once('-').map_or("", |(known, _)| known),
            };
            // Roots that give names with nothing in common make different parts.
            if common.len() < 3 && first.len() >= 3 && !same {
                continue;
            }
            let name = match common.len() {
                0..3 => self.parts.get(all[0]).map(|part| part.made.name.clone()),
                _ => Some(common.to_owned()),
            };
            for index in all {
                if let Some(slot) = names.get_mut(index) {
                    slot.clone_from(&name);
                }
            }
        }
        names
    }

    /// The names of the calls that lead to an instance, innermost first.
    fn calls_to(&self, mut instance: usize) -> Vec<String> {
        let mut calls = Vec::new();
        // Whoever calls stands before what is called.
        while let Some((outer, name)) = self.caller(instance) {
            calls.push(name);
            instance = outer;
        }
        calls
    }

    fn caller(&self, instance: usize) -> Option<(usize, String)> {
        self.instances
            .iter()
            .take(instance)
            .enumerate()
            .find_map(|(at, outer)| {
                let (name, _) = outer.calls.iter().find(|(_, of)| **of == instance)?;
                Some((at, (*name).to_owned()))
            })
    }

    fn own_name(&self, part: &Part<'_>, knowledge: &Knowledge) -> String {
        let label = part.made.name.replace('_', "-");
        if !EMPTY.contains(&label.as_str()) {
            return label;
        }
        // What is known of the name; a stage or an account in front is no part of it.
        let known = NAMES.iter().find_map(|name| {
            let found = argument(part.made, name)?;
            let pieces = self.text(&found.value, part.instance, 0);
            let text: String = (pieces.into_iter().flatten()).collect();
            let text = text
                .trim_matches(['-', '_', '.', '/', ' '])
                .replace('_', "-");
            (text.len() > 1 && text.len() < 60).then_some(text)
        });
        let call = || {
            self.call_of(part.instance)
                .map(|name| name.replace('_', "-"))
        };
        known
            .or_else(|| call().filter(|name| !EMPTY.contains(&name.as_str())))
            .or_else(|| {
                let (technology, _) = knowledge.by_resource(&part.made.kind)?;
                Some(technology.name.to_lowercase().replace(' ', "-"))
            })
            .unwrap_or(label)
    }

    /// The name of the call that made an instance, or of its folder.
    fn call_of(&self, instance: usize) -> Option<String> {
        if let Some((_, name)) = self.caller(instance) {
            return Some(name);
        }
        let folder = &self.instances.get(instance)?.folder;
        let last = folder.rsplit('/').next().filter(|name| !name.is_empty());
        last.map(str::to_owned)
    }

    /// The names of the parts that an expression refers to, through variables, locals and outputs.
    pub(super) fn named(&self, expression: &str, instance: usize) -> Vec<String> {
        let mut found = Vec::new();
        for index in self.parts_in(expression, instance) {
            if let Some(name) = self.parts.get(index).and_then(|p| p.name.clone())
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
        found
    }

    /// The resources that an expression refers to, through variables, locals and outputs.
    pub(super) fn parts_in(&self, expression: &str, instance: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for (reference, of) in self.references(expression, instance, 0) {
            let mut words = reference.split('.');
            let (Some(kind), Some(name)) = (words.next(), words.next()) else {
                continue;
            };
            let is = |p: &Part<'_>| p.instance == of && p.made.name == name;
            let index = match kind {
                // A call of a module of others stands for what that makes.
                "module" => self
                    .parts
                    .iter()
                    .position(|p| is(p) && p.made.kind.contains('/')),
                _ => self.parts.iter().position(|p| is(p) && p.made.kind == kind),
            };
            found.extend(index.filter(|i| !found.contains(i)));
        }
        found
    }

    /// What an expression refers to in the end, each with the instance in which it stands.
    pub(super) fn references(
        &self,
        expression: &str,
        instance: usize,
        steps: usize,
    ) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        if steps > MAX_STEPS {
            return found;
        }
        for reference in groundplan_syntax::hcl::references(expression) {
            match self.behind(&reference, instance) {
                Some((behind, of)) => found.extend(self.references(behind, of, steps + 1)),
                None => found.push((reference, instance)),
            }
            if found.len() > 60 {
                break;
            }
        }
        found
    }
}

/// What two names begin with.
fn common<'n>(a: &'n str, b: &str) -> &'n str {
    let same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    a.get(..same).unwrap_or_default()
}
