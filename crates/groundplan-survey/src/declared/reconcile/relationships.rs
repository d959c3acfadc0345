//! Relationships: additions, corrections and hides.

use super::names::{Names, unknown};
use super::{MOST_FAULTS, contradiction, same};
use crate::declared::{Declaration, RelationshipDeclaration};
use groundplan_model::{
    Blueprint, Confidence, Diagnostic, Mode, Provenance, Relationship, RelationshipKind, Severity,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn correct(
    blueprint: &mut Blueprint,
    declared: &Declaration,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut by_id: BTreeMap<String, usize> = blueprint
        .relationships
        .iter()
        .enumerate()
        .map(|(at, r)| (r.id.clone(), at))
        .collect();
    let mut hidden: BTreeSet<String> = BTreeSet::new();
    for declaration in &declared.relationships {
        if diagnostics.len() > MOST_FAULTS {
            return;
        }
        let ends = [&declaration.from, &declaration.to].map(|end| match names.find(&end.text) {
            Ok(id) => Some(id),
            Err(many) => {
                diagnostics.push(unknown(names, &end.text, &many, end.provenance.first()));
                None
            }
        });
        let [Some(from), Some(to)] = ends else {
            continue;
        };
        if declaration.hide {
            hide(declaration, from, to, &by_id, &mut hidden, diagnostics);
            continue;
        }
        let kind = declaration.kind.unwrap_or(RelationshipKind::Calls);
        let id = id_of(from, to, kind);
        match by_id
            .get(&id)
            .and_then(|&at| blueprint.relationships.get_mut(at))
        {
            Some(known) => change(known, declaration, diagnostics),
            None => {
                by_id.insert(id.clone(), blueprint.relationships.len());
                blueprint
                    .relationships
                    .push(new(id, from, to, kind, declaration));
            }
        }
    }
    blueprint.relationships.retain(|r| !hidden.contains(&r.id));
}

/// `from->to:kind`, as the survey writes it.
fn id_of(from: &str, to: &str, kind: RelationshipKind) -> String {
    let kind = serde_json::to_value(kind).ok();
    let kind = kind.as_ref().and_then(|k| k.as_str()).unwrap_or_default();
    format!("{from}->{to}:{kind}")
}

fn hide(
    declared: &RelationshipDeclaration,
    from: &str,
    to: &str,
    by_id: &BTreeMap<String, usize>,
    hidden: &mut BTreeSet<String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let found: Vec<String> = match declared.kind {
        Some(kind) => {
            let id = id_of(from, to, kind);
            by_id.contains_key(&id).then_some(id).into_iter().collect()
        }
        None => {
            let prefix = format!("{from}->{to}:");
            let all = by_id.range(prefix.clone()..).map(|(id, _)| id);
            all.take_while(|id| id.starts_with(&prefix))
                .cloned()
                .collect()
        }
    };
    if found.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Severity::Warning,
                "unknown-relationship",
                format!("expected a relationship from `{from}` to `{to}` to hide, found none"),
            )
            .at(declared.place.clone())
            .help("it is gone from the repository: remove the entry"),
        );
    }
    hidden.extend(found);
}

fn new(
    id: String,
    from: &str,
    to: &str,
    kind: RelationshipKind,
    declared: &RelationshipDeclaration,
) -> Relationship {
    let text = |s: &Option<groundplan_model::Statement>| s.as_ref().map(|s| s.text.clone());
    let usual = match kind {
        RelationshipKind::Publishes | RelationshipKind::Subscribes => Mode::Async,
        _ => Mode::Sync,
    };
    Relationship {
        id,
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
        description: text(&declared.description).unwrap_or_else(|| kind.verb().to_owned()),
        technology: text(&declared.technology),
        protocol: text(&declared.protocol),
        mode: declared.mode.as_ref().map_or(usual, |m| m.value),
        operations: Vec::new(),
        places: Vec::new(),
        acknowledged: false,
        failures: Vec::new(),
        limits: Vec::new(),
        data_direction: None,
        confidence: Confidence::High,
        provenance: Provenance::declared([declared.place.clone()]),
    }
}

fn change(
    known: &mut Relationship,
    declared: &RelationshipDeclaration,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let seen = known.provenance.first().cloned();
    if let (Some(new), Some(old)) = (&declared.protocol, &known.protocol)
        && !same(&new.text, old)
    {
        diagnostics.push(contradiction(
            &format!("protocol of `{}`", known.id),
            (&new.text, new.provenance.first()),
            (old, seen.as_ref()),
        ));
    }
    if let Some(mode) = declared.mode.as_ref().filter(|m| m.value != known.mode) {
        let word = |mode: Mode| match mode {
            Mode::Sync => "sync",
            Mode::Async => "async",
        };
        diagnostics.push(contradiction(
            &format!("mode of `{}`", known.id),
            (word(mode.value), Some(&mode.at)),
            (word(known.mode), seen.as_ref()),
        ));
        known.mode = mode.value;
    }
    if let Some(description) = &declared.description {
        known.description.clone_from(&description.text);
    }
    if let Some(technology) = &declared.technology {
        known.technology = Some(technology.text.clone());
    }
    if let Some(protocol) = &declared.protocol {
        known.protocol = Some(protocol.text.clone());
    }
    known.confidence = Confidence::High;
    known.provenance = known.provenance.clone().and([declared.place.clone()]);
}
