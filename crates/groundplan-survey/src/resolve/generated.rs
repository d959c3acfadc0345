//! Operations of contracts from which a build makes the interfaces that classes implement: the contract
//! has the routes, the class what answers them.

use crate::facts::{Claim, Fact, Implements};
use crate::resolve::names::{is_aside, plain};
use crate::resolve::world::World;
use groundplan_model::{Attribute, Blueprint, Evidence, InterfaceKind, Operation, Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// An operation by its place, and the method that answers it with where that stands.
type Answered<'c> = ((usize, usize), &'c str, &'c Evidence);

/// The operations of contracts by the names that methods made of them have.
pub(crate) struct Generated<'f> {
    /// Interfaces that a file of the repository defines: these are not generated.
    defined: BTreeSet<&'f str>,
    /// Places of operations (interface and operation of the blueprint) by plain name.
    named: BTreeMap<String, Vec<(usize, usize)>>,
}

impl<'f> Generated<'f> {
    /// Nothing where no class implements such an interface.
    pub(crate) fn of(blueprint: &Blueprint, world: &World<'f>) -> Option<Self> {
        let is_class = |path: &str| path.ends_with(".java") || path.ends_with(".kt");
        let mut classes = world.files.iter().filter(|file| is_class(&file.path));
        let implements = |fact: &Fact| matches!(&fact.claim, Claim::Implements(_));
        if !classes.any(|file| file.facts.iter().any(implements)) {
            return None;
        }
        let sources = world.files.iter().filter_map(|file| {
            let name = file.path.rsplit('/').next()?;
            name.strip_suffix(".java").or(name.strip_suffix(".kt"))
        });
        let mut all = Generated {
            defined: sources.collect(),
            named: BTreeMap::new(),
        };
        let mut names: BTreeMap<&str, &BTreeMap<String, String>> = BTreeMap::new();
        for (file, fact) in world.facts() {
            if let Claim::OperationNames(of_file) = &fact.claim {
                names.insert(&file.path, of_file);
            }
        }
        for (at, interface) in blueprint.interfaces.iter().enumerate() {
            let first = interface.provenance.evidence.first();
            let of_file = first.and_then(|e| names.get(e.path.as_str()));
            if interface.kind != InterfaceKind::Http {
                continue;
            }
            for (number, operation) in interface.operations.iter().enumerate() {
                if let Some(name) = of_file.and_then(|names| names.get(&operation.id)) {
                    let known = all.named.entry(plain(name)).or_default();
                    known.push((at, number));
                }
            }
        }
        Some(all)
    }

    /// The operations that the methods of a class answer, all of one contract, each with its method and
    /// place. `None` where the interface is written by
    /// hand.
    fn answered<'c>(
        &self,
        blueprint: &Blueprint,
        class: &'c Implements,
    ) -> Option<Vec<Answered<'c>>> {
        if self.defined.contains(class.interface.as_str()) {
            return None;
        }
        let stem = (class.interface.strip_suffix("Delegate"))
            .unwrap_or(&class.interface)
            .trim_end_matches("Api");
        let stem = plain(stem);
        let grouped = |operation: &Operation| {
            let first = operation.path.split('/').find(|part| !part.is_empty());
            let tag = operation.tag.as_deref().map(plain);
            tag.as_deref() == Some(&stem) || first.is_some_and(|part| plain(part) == stem)
        };
        let mut of: BTreeMap<usize, (usize, Vec<Answered<'c>>)> = BTreeMap::new();
        for method in &class.methods {
            for place in self.named.get(&plain(&method.value)).into_iter().flatten() {
                let operation = blueprint.interfaces.get(place.0);
                let operation = operation.and_then(|i| i.operations.get(place.1));
                let known = of.entry(place.0).or_default();
                known.0 += usize::from(operation.is_some_and(grouped));
                known.1.push((*place, &method.value, &method.at));
            }
        }
        // A name such as `get` says nothing alone: the contract has to group its operations so too.
        let fits = |(grouped, all): &(usize, Vec<_>)| *grouped > 0 || all.len() > 2;
        let best = of
            .into_values()
            .filter(fits)
            .max_by_key(|(g, all)| (*g, all.len()));
        Some(best.map_or_else(Vec::new, |(_, all)| all))
    }
}

/// Gives the operations of contracts the methods that answer them in a part, and the contract its part;
/// what no contract of the repository tells is noted at the part. Returns whether there is such.
pub(crate) fn join<'f>(
    blueprint: &mut Blueprint,
    generated: &Generated<'_>,
    id: &str,
    facts: impl Iterator<Item = &'f Fact>,
) -> bool {
    let mut open: BTreeMap<&str, (usize, &Evidence)> = BTreeMap::new();
    for fact in facts {
        let Claim::Implements(class) = &fact.claim else {
            continue;
        };
        if is_aside(&fact.at.path) {
            continue;
        }
        let Some(all) = generated.answered(blueprint, class) else {
            continue;
        };
        if all.is_empty() && class.serves {
            open.insert(&class.class, (class.methods.len(), &fact.at));
        }
        for ((interface, operation), method, at) in all {
            let Some(interface) = blueprint.interfaces.get_mut(interface) else {
                continue;
            };
            interface.element.get_or_insert_with(|| id.to_owned());
            if interface.element.as_deref() == Some(id)
                && let Some(operation) = interface.operations.get_mut(operation)
            {
                operation.handler.get_or_insert_with(|| method.to_owned());
                operation.provenance = operation.provenance.clone().and([at.clone()]);
            }
        }
    }
    if let Some(element) = blueprint.elements.iter_mut().find(|e| e.id == id) {
        for (class, (methods, at)) in &open {
            element.attributes.push(Attribute {
                key: GENERATED.to_owned(),
                value: format!("{methods} {class}"),
                provenance: Provenance::observed([(*at).clone()]),
            });
        }
    }
    !open.is_empty()
}

/// The attribute of a part whose class implements a generated interface of which no contract was found.
const GENERATED: &str = "generated-routes";
