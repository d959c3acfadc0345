//! What the parts that Terraform makes are called.

use super::{MAX_STEPS, Part, Plan, TERRAFORM, argument};
use crate::extractors::snake;
use crate::facts::{Deployable, ValueKind};
use groundplan_knowledge::Knowledge;
use groundplan_model::Role;
use groundplan_syntax::hcl;
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

/// Gateways that a tool makes without anybody naming them.
const IMPLIED: [&str; 4] = [
    "HttpApi",
    "ServerlessHttpApi",
    "ServerlessRestApi",
    "ApiGatewayRestApi",
];

/// Words of names of templates and their folders that say nothing of what is in them.
const COMMON: [&str; 24] = [
    "app",
    "aws",
    "backend",
    "cf",
    "cfn",
    "cloud",
    "cloudformation",
    "deploy",
    "deployment",
    "iac",
    "infra",
    "infrastructure",
    "main",
    "packaged",
    "resources",
    "root",
    "sam",
    "serverless",
    "src",
    "stack",
    "stacks",
    "template",
    "templates",
    "wrangler",
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

/// Arguments that name what others reach by its name in the cloud.
const CLOUD_NAMES: [&str; 5] = [
    "table_name",
    "queue_name",
    "topic_name",
    "bucket_name",
    "stream_name",
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

/// Whether a table is that in which Terraform locks its state: its key has to be `LockID`
/// (<https://developer.hashicorp.com/terraform/language/backend/s3#dynamodb-state-locking>).
fn keeps_locks(made: &Deployable) -> bool {
    let mut all = made.attributes.iter();
    all.any(|(key, value)| key.ends_with("hash_key") && value.value.trim_matches('"') == "LockID")
}

/// File and lines of a resource, and the calls that lead to it.
type Made<'p> = (&'p str, [u32; 2], Vec<String>);

impl Plan<'_> {
    /// Gives a name to each part that a technology is known for; two of one name that are not the
    /// same kind of thing get that kind behind it.
    pub(super) fn name(&mut self, knowledge: &Knowledge) {
        let names: Vec<Option<String>> = (self.parts.iter())
            .map(|part| {
                let (technology, _) = knowledge.by_resource(&part.made.kind)?;
                let name = match part.made.source == TERRAFORM {
                    true => self.own_name(part, knowledge),
                    false => self.name_in_template(part),
                };
                let words = match part.made.source == TERRAFORM {
                    true => name.clone(),
                    false => snake(&name).replace('_', "-"),
                };
                let mut words = words.split('-');
                let operations = match technology.role {
                    Some(Role::ObjectStorage) => words.any(|word| OPERATIONS.contains(&word)),
                    Some(Role::Database) => {
                        words.any(|w| matches!(w, "terraform" | "tfstate"))
                            || keeps_locks(part.made)
                    }
                    // Who watches the system is woken by it.
                    Some(Role::Broker) => words.any(|w| matches!(w, "alarm" | "alarms" | "alert")),
                    _ => false,
                };
                (!operations).then_some(name)
            })
            .collect();
        let names = self.across_stages(self.across_calls(names));
        let names = self.across_templates(names);
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
                    let word = kind.rsplit(['_', '/', ':']).next().unwrap_or_default();
                    let word = word.to_ascii_lowercase();
                    let word = word.as_str();
                    match name.to_ascii_lowercase().ends_with(word) {
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
            if names.get(index).is_some_and(Option::is_some) && part.made.source == TERRAFORM {
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

    /// One resource of a module that several calls of one root make is as many parts: each is called by
    /// what its own arguments say of its name, or else by its call.
    fn across_calls(&self, mut names: Vec<Option<String>>) -> Vec<Option<String>> {
        let mut same: BTreeMap<(usize, &str, [u32; 2]), Vec<usize>> = BTreeMap::new();
        for (index, part) in self.parts.iter().enumerate() {
            if names.get(index).is_some_and(Option::is_some) && part.made.source == TERRAFORM {
                let key = (
                    self.root_of(part.instance),
                    part.at.path.as_str(),
                    part.at.lines,
                );
                same.entry(key).or_default().push(index);
            }
        }
        for all in same.into_values().filter(|all| all.len() > 1) {
            let own: BTreeSet<&String> =
                all.iter().filter_map(|i| names.get(*i)?.as_ref()).collect();
            if own.len() > 1 {
                continue;
            }
            let parts: Vec<&Part<'_>> = all.iter().filter_map(|i| self.parts.get(*i)).collect();
            let apart = |given: &[Option<String>]| {
                let known: BTreeSet<&String> = given.iter().flatten().collect();
                known.len() == all.len()
            };
            let said: Vec<Option<String>> = parts.iter().map(|p| self.said_name(p)).collect();
            let called = || -> Vec<Option<String>> {
                let calls = parts.iter().map(|p| self.call_of(p.instance));
                calls.map(|name| Some(name?.replace('_', "-"))).collect()
            };
            let given = if apart(&said) { said } else { called() };
            if apart(&given) {
                for (index, name) in all.into_iter().zip(given) {
                    if let Some(slot) = names.get_mut(index) {
                        *slot = name;
                    }
                }
            }
        }
        names
    }

    /// What is known of the name that its arguments give a resource; a stage or an account in front is
    /// no part of it.
    fn said_name(&self, part: &Part<'_>) -> Option<String> {
        NAMES.iter().find_map(|name| {
            let found = argument(part.made, name)?;
            let pieces = self.text(&found.value, part.instance, 0);
            let text: String = (pieces.into_iter().flatten()).collect();
            let text = text
                .trim_matches(['-', '_', '.', '/', ' '])
                .replace('_', "-");
            (text.len() > 1 && text.len() < 60).then_some(text)
        })
    }

    /// What a resource of a template is called: its name there, and where that says only what kind of
    /// thing it is, the name of the stack before it.
    fn name_in_template(&self, part: &Part<'_>) -> String {
        let label = part.made.name.as_str();
        let lower = snake(label).replace('_', "-");
        if !EMPTY.contains(&lower.as_str()) && !IMPLIED.contains(&label) {
            return label.to_owned();
        }
        let kind = match IMPLIED.contains(&label) {
            true => "api",
            false => lower.as_str(),
        };
        match self.stack_of(part.instance) {
            Some(stack) if stack == kind => stack,
            Some(stack) => format!("{stack}-{kind}"),
            None => label.to_owned(),
        }
    }

    /// The name of a stack: that of the call, of its file, or of the folder where the file is called
    /// like all such files.
    fn stack_of(&self, instance: usize) -> Option<String> {
        if let Some((outer, name)) = self.caller(instance) {
            // A stack that is made for one thing alone says no more than that thing.
            let own = self.instances.get(instance)?;
            let module = self.instances.get(outer)?;
            return match own.module == module.module {
                true => None,
                false => Some(name),
            };
        }
        let service = self
            .module(instance)?
            .values
            .get(&(ValueKind::Local as u8, "service"));
        if let Some(name) = service.and_then(|s| hcl::literal(s.value.as_deref()?)) {
            return Some(name.to_owned());
        }
        let module = &self.instances.get(instance)?.module;
        let (folders, file) = match module.rsplit_once('/') {
            Some((folders, file)) => (folders, file),
            None => ("", module.as_str()),
        };
        let stem = file.split('.').next().unwrap_or(file);
        let generic = |name: &str| {
            let mut words = name.split(['-', '_']);
            words.all(|w| COMMON.contains(&w.to_ascii_lowercase().as_str()))
        };
        if !stem.is_empty() && !generic(stem) {
            return Some(stem.to_owned());
        }
        let mut parts = folders.rsplit('/').filter(|f| !f.is_empty());
        parts.find(|folder| !generic(folder)).map(str::to_owned)
    }

    /// The instance of a module that nobody calls, through whose calls an instance is made.
    fn root_of(&self, mut instance: usize) -> usize {
        while let Some((outer, _)) = self.caller(instance) {
            instance = outer;
        }
        instance
    }

    /// Resources of one name in templates of different folders are different things: each gets the name
    /// of its stack. Templates beside each other that make the same are stages of one.
    fn across_templates(&self, mut names: Vec<Option<String>>) -> Vec<Option<String>> {
        let mut places: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (part, name) in self.parts.iter().zip(&names) {
            if let Some(name) = name
                && part.made.source != TERRAFORM
                && let Some(instance) = self.instances.get(self.root_of(part.instance))
            {
                let folder = super::base_of(&instance.module);
                places.entry(name.clone()).or_default().insert(folder);
            }
        }
        for (part, slot) in self.parts.iter().zip(&mut names) {
            if part.made.source != TERRAFORM
                && let Some(name) = slot
                && places.get(name).is_some_and(|folders| folders.len() > 1)
                && let Some(stack) = self.stack_of(self.root_of(part.instance))
                && !name.starts_with(&stack)
            {
                *name = format!("{stack}-{name}");
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
        let known = self.said_name(part);
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
        let folder = &self.instances.get(instance)?.module;
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
                // A template names what it makes by one name only.
                "resource" => (self.parts.iter().position(is)).or_else(|| self.included(name, of)),
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

    /// A resource that a descriptor takes in from a file beside or below it: what it names itself stands
    /// in the descriptor, so that another name can mean no other.
    fn included(&self, name: &str, instance: usize) -> Option<usize> {
        let base = self.base(instance);
        let near = |p: &Part<'_>| {
            let place = super::base_of(p.at.path.as_str());
            let below = base.is_empty() || place == base || {
                let rest = place.strip_prefix(base);
                rest.is_some_and(|rest| rest.starts_with('/'))
            };
            p.made.source != TERRAFORM && p.made.name == name && below
        };
        let mut found = self.parts.iter().enumerate().filter(|(_, p)| near(p));
        let only = found.next()?.0;
        found.next().is_none().then_some(only)
    }

    /// The names of the parts that an expression refers to, or whose own name in the cloud is the text
    /// that it comes to, or the end of it.
    pub(super) fn called(&self, expression: &str, instance: usize) -> Vec<String> {
        let found = self.named(expression, instance);
        let Some(text) = expression
            .strip_prefix('"')
            .and_then(|e| e.strip_suffix('"'))
        else {
            return found;
        };
        if !found.is_empty() || text.len() < 4 {
            return found;
        }
        let text = text.trim_end_matches("/index/*").trim_end_matches("/*");
        let is = |p: &&Part<'_>| {
            let own = CLOUD_NAMES.iter().find_map(|name| argument(p.made, name));
            let own = own.and_then(|own| own.value.strip_prefix('"')?.strip_suffix('"'));
            own.is_some_and(|own| {
                let before = text.strip_suffix(own);
                own.len() > 3 && before.is_some_and(|b| b.is_empty() || b.ends_with([':', '/']))
            })
        };
        let mut all = self.parts.iter().filter(|p| p.instance == instance);
        all.find(is)
            .and_then(|p| p.name.clone())
            .into_iter()
            .collect()
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
        for reference in hcl::references(expression) {
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
