//! Elements: additions, corrections, owners and hides.

use super::contradiction;
use super::names::{Names, unknown};
use super::{MOST_FAULTS, same, set_attributes};
use crate::declared::validate::short;
use crate::declared::{Declaration, ElementDeclaration};
use globset::{GlobBuilder, GlobMatcher};
use groundplan_knowledge::knowledge;
use groundplan_model::{
    Attribute, Blueprint, Diagnostic, Element, ElementKind, Evidence, Provenance, Severity,
    Stakeholder, Statement,
};
use std::collections::{BTreeMap, BTreeSet};

/// Adds elements that code cannot show.
pub(super) fn add(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut known: BTreeSet<String> = blueprint.elements.iter().map(|e| e.id.clone()).collect();
    for declaration in declared.elements.iter().filter(|e| e.add && !e.hide) {
        let id = &declaration.id;
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._/-".contains(&b);
        if id.is_empty() || !id.bytes().all(sound) {
            diagnostics.push(
                Diagnostic::new(
                    Severity::Error,
                    "bad-element-id",
                    format!(
                        "expected an id of lower-case letters, digits and `._/-`, found `{}`",
                        short(id)
                    ),
                )
                .at(declaration.place.clone())
                .help(format!("write `{}`", crate::resolve::names::slug(id))),
            );
            continue;
        }
        if !known.insert(id.clone()) {
            continue;
        }
        let external = declaration.external.as_ref().is_some_and(|e| e.value);
        let kind = declaration.kind.unwrap_or(if external {
            ElementKind::SoftwareSystem
        } else {
            ElementKind::Container
        });
        let name = declaration.name.as_ref().map_or(id, |n| &n.text);
        let provenance = Provenance::declared([declaration.place.clone()]);
        let mut element = Element::new(id, kind, name, provenance);
        element.external = external;
        if kind == ElementKind::Container && !external {
            element.parent = Some(blueprint.system.id.clone());
        }
        blueprint.elements.push(element);
    }
}

/// Gives elements the names, purposes, roles and so on that were declared.
pub(super) fn correct(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let at: BTreeMap<String, usize> = blueprint
        .elements
        .iter()
        .enumerate()
        .map(|(at, e)| (e.id.clone(), at))
        .collect();
    let mut parents: Vec<(usize, String, Statement)> = Vec::new();
    for declaration in &declared.elements {
        if diagnostics.len() > MOST_FAULTS {
            return;
        }
        let id = match names.find(&declaration.id) {
            Ok(id) => id,
            // The id itself was told by `add`.
            Err(many) if declaration.add && many.is_empty() => continue,
            Err(many) => {
                let mut fault = unknown(names, &declaration.id, &many, Some(&declaration.place));
                if many.is_empty() && declaration.hide {
                    fault.severity = Severity::Warning;
                    fault = fault.help("it is gone from the repository: remove the entry");
                } else if many.is_empty() {
                    fault = fault.help("write `add: true` if it exists and code cannot show it");
                }
                diagnostics.push(fault);
                continue;
            }
        };
        let Some((at, element)) = at
            .get(id)
            .and_then(|&at| Some((at, blueprint.elements.get_mut(at)?)))
        else {
            continue;
        };
        one(element, declaration, diagnostics);
        if id == blueprint.system.id {
            if let Some(name) = &declaration.name {
                blueprint.system.name.clone_from(&name.text);
            }
            if let Some(purpose) = &declaration.purpose {
                blueprint.system.purpose = Some(purpose.clone());
            }
        }
        if let Some(external) = &declaration.external {
            let own = (!external.value).then(|| blueprint.system.id.clone());
            let is_container = element.kind == ElementKind::Container;
            element.external = external.value;
            element.parent = own
                .filter(|_| is_container)
                .or(element.parent.take())
                .filter(|_| !external.value);
        }
        if let Some(parent) = &declaration.parent {
            match names.find(&parent.text) {
                Ok(found) => parents.push((at, found.to_owned(), parent.clone())),
                Err(many) => diagnostics.push(unknown(
                    names,
                    &parent.text,
                    &many,
                    parent.provenance.first(),
                )),
            }
        }
    }
    for (at, parent, statement) in parents {
        adopt(blueprint, at, &parent, &statement, diagnostics);
    }
}

/// Puts an element into another, unless that would make a circle.
fn adopt(
    blueprint: &mut Blueprint,
    at: usize,
    parent: &str,
    statement: &Statement,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(id) = blueprint.elements.get(at).map(|e| e.id.clone()) else {
        return;
    };
    let mut above = Some(parent.to_owned());
    for _ in 0..64 {
        let Some(next) = above else { break };
        if next == id {
            let mut fault = Diagnostic::new(
                Severity::Error,
                "circular-parent",
                format!("expected a parent outside of `{id}`, found `{parent}`, which lies in it"),
            );
            fault.place = statement.provenance.first().cloned();
            diagnostics.push(fault);
            return;
        }
        above = blueprint.element(&next).and_then(|e| e.parent.clone());
    }
    if let Some(element) = blueprint.elements.get_mut(at) {
        element.parent = Some(parent.to_owned());
    }
}

fn one(element: &mut Element, declared: &ElementDeclaration, diagnostics: &mut Vec<Diagnostic>) {
    let shown = format!("`{}`", element.id);
    if let Some(name) = &declared.name {
        let old = element.name.clone();
        rename(element, name, &old);
    }
    if let Some(purpose) = &declared.purpose {
        element.description = Some(purpose.clone());
    }
    if let Some(kind) = declared.kind {
        element.kind = kind;
    }
    if let Some(role) = &declared.role {
        if let Some(seen) = element.role.filter(|seen| *seen != role.value) {
            diagnostics.push(contradiction(
                &format!("role of {shown}"),
                (role.value.word(), Some(&role.at)),
                (seen.word(), observed_at(element)),
            ));
        }
        element.role = Some(role.value);
    }
    if let Some(first) = declared.technology.first() {
        let agrees = element.technology.is_empty()
            || declared.technology.iter().any(|d| {
                element
                    .technology
                    .iter()
                    .any(|o| is_same_product(&d.text, o))
            });
        if !agrees {
            let words: Vec<&str> = declared
                .technology
                .iter()
                .map(|t| t.text.as_str())
                .collect();
            diagnostics.push(contradiction(
                &format!("technology of {shown}"),
                (&words.join(", "), first.provenance.first()),
                (&element.technology.join(", "), observed_at(element)),
            ));
        }
        element.technology = declared
            .technology
            .iter()
            .map(|t| display_name(&t.text))
            .collect();
    }
    if let Some(external) = declared.external.as_ref().filter(|e| e.value)
        && let Some(folder) = element.source.as_ref().filter(|_| !element.external)
    {
        let inside = if folder.is_empty() {
            "this repository".to_owned()
        } else {
            folder.clone()
        };
        diagnostics.push(contradiction(
            &format!("place of {shown}"),
            ("external", Some(&external.at)),
            (&format!("source in {inside}"), observed_at(element)),
        ));
    }
    element.tags.extend(declared.tags.iter().cloned());
    element.tags.sort();
    element.tags.dedup();
    for alias in &declared.aliases {
        if !element.aliases.contains(alias) && *alias != element.name {
            element.aliases.push(alias.clone());
        }
    }
    set_attributes(
        &mut element.attributes,
        &declared.attributes,
        &shown,
        diagnostics,
    );
    if !element.provenance.evidence.contains(&declared.place) {
        element.provenance = element.provenance.clone().and([declared.place.clone()]);
    }
}

/// Where the kind of a thing shows best: its image, else where it was first seen.
fn observed_at(element: &Element) -> Option<&Evidence> {
    element
        .attribute("image")
        .and_then(|a| a.provenance.first())
        .or(element.provenance.first())
}

/// Gives an element another name; the old one becomes an alias and the id stays.
pub(super) fn rename(element: &mut Element, name: &Statement, old: &str) {
    if element.name == name.text {
        return;
    }
    element.aliases.retain(|a| *a != name.text);
    if !old.is_empty() && !element.aliases.iter().any(|a| a == old) {
        element.aliases.push(old.to_owned());
    }
    element.name.clone_from(&name.text);
}

/// The display name of the knowledge base, if it knows the word.
fn display_name(word: &str) -> String {
    knowledge()
        .by_name(word)
        .map_or_else(|| word.to_owned(), |t| t.name.clone())
}

/// Whether two words name one product: `Postgres 16` is `PostgreSQL`.
fn is_same_product(declared: &str, observed: &str) -> bool {
    let head = |text: &str| {
        let cut = text
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(text.len());
        text[..cut]
            .trim_end_matches([' ', 'v', '-', '('])
            .trim()
            .to_owned()
    };
    let id = |text: &str| {
        let base = knowledge();
        let found = base.by_name(text).or_else(|| base.by_name(&head(text)));
        found.map(|t| t.id.clone())
    };
    let (a, b) = (head(declared), head(observed));
    same(declared, observed)
        || (!a.is_empty() && same(&a, &b))
        || id(declared).is_some_and(|known| id(observed) == Some(known))
}

/// Notes who owns which element, by id or glob over ids and names.
pub(super) fn owners(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) {
    /// Globs are tried on every element; more of them than this are a mistake.
    const MOST_GLOBS: usize = 500;
    let mut found: BTreeMap<String, &Statement> = BTreeMap::new();
    let mut globs = 0;
    for (pattern, owner) in &declared.owners {
        if let Ok(id) = names.find(pattern) {
            found.insert(id.to_owned(), owner);
            continue;
        }
        let matcher = matcher(pattern);
        let is_glob = pattern.contains(['*', '?', '[', '{']);
        globs += usize::from(is_glob);
        if globs > MOST_GLOBS {
            let mut fault = Diagnostic::new(
                Severity::Error,
                "too-many-globs",
                format!("expected at most {MOST_GLOBS} globs in `owners`, found more"),
            );
            fault.place = owner.provenance.first().cloned();
            diagnostics.push(fault.help("name elements by their ids"));
            break;
        }
        let mut any = false;
        if let Some(matcher) = matcher.filter(|_| is_glob) {
            let own = blueprint.elements.iter().filter(|e| !e.external);
            for element in own.filter(|e| e.kind != ElementKind::Person) {
                if matcher.is_match(&element.id) || matcher.is_match(&element.name) {
                    any = true;
                    // A rule about one element alone beats a glob, wherever it stands.
                    found.entry(element.id.clone()).or_insert(owner);
                }
            }
        }
        if !any && diagnostics.len() <= MOST_FAULTS {
            let mut fault = unknown(names, pattern, &[], owner.provenance.first());
            if is_glob {
                fault.severity = Severity::Warning;
                fault.message = format!(
                    "expected a glob that matches an element, found `{}`",
                    short(pattern)
                );
            }
            diagnostics.push(fault);
        }
    }
    let mut owned: BTreeMap<&str, (Vec<&str>, Vec<Evidence>)> = BTreeMap::new();
    for element in &mut blueprint.elements {
        let Some((id, owner)) = found.get_key_value(&element.id) else {
            continue;
        };
        let attribute = Attribute {
            key: "owner".to_owned(),
            value: owner.text.clone(),
            provenance: owner.provenance.clone(),
        };
        set_attributes(
            &mut element.attributes,
            &[attribute],
            &format!("`{id}`"),
            diagnostics,
        );
        let (ids, places) = owned.entry(&owner.text).or_default();
        ids.push(id);
        for place in &owner.provenance.evidence {
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
    }
    for (name, (ids, places)) in owned {
        if !blueprint.stakeholders.iter().any(|s| same(&s.name, name)) {
            blueprint.stakeholders.push(Stakeholder {
                name: name.to_owned(),
                role: "owner".to_owned(),
                concern: Some(ids.join(", ")),
                provenance: Provenance::declared(places),
            });
        }
    }
}

fn matcher(pattern: &str) -> Option<GlobMatcher> {
    GlobBuilder::new(pattern)
        .literal_separator(false)
        .build()
        .ok()
        .map(|g| g.compile_matcher())
}

/// Takes hidden elements out, with what lies in them and what hangs on them.
pub(super) fn hide(blueprint: &mut Blueprint, declared: &Declaration, names: &Names) {
    let mut gone: BTreeSet<String> = declared
        .elements
        .iter()
        .filter(|e| e.hide)
        .filter_map(|e| names.find(&e.id).ok().map(str::to_owned))
        .filter(|id| *id != blueprint.system.id)
        .collect();
    if gone.is_empty() {
        return;
    }
    loop {
        let inside: Vec<String> = blueprint
            .elements
            .iter()
            .filter(|e| !gone.contains(&e.id))
            .filter(|e| e.parent.as_ref().is_some_and(|p| gone.contains(p)))
            .map(|e| e.id.clone())
            .collect();
        if inside.is_empty() {
            break;
        }
        gone.extend(inside);
    }
    let of_gone = |id: &Option<String>| id.as_ref().is_some_and(|id| gone.contains(id));
    blueprint.elements.retain(|e| !gone.contains(&e.id));
    blueprint
        .relationships
        .retain(|r| !gone.contains(&r.from) && !gone.contains(&r.to));
    blueprint.interfaces.retain(|i| !of_gone(&i.element));
    blueprint.settings.retain(|s| !of_gone(&s.element));
    blueprint.dependencies.retain(|d| !of_gone(&d.element));
    blueprint.observations.retain(|o| !of_gone(&o.element));
    blueprint.slos.retain(|s| !of_gone(&s.element));
    for entity in &mut blueprint.entities {
        if of_gone(&entity.owner) {
            entity.owner = None;
        }
        if of_gone(&entity.store) {
            entity.store = None;
        }
    }
    for flow in &mut blueprint.flows {
        flow.steps
            .retain(|s| !gone.contains(&s.from) && !gone.contains(&s.to));
    }
    blueprint.flows.retain(|f| !f.steps.is_empty());
    for threat in &mut blueprint.threats {
        threat.affects.retain(|id| !gone.contains(id));
    }
}
