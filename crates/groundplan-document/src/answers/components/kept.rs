//! What a part keeps, and what is said of those who use it.

use super::super::goals::distinct;
use crate::context::Context;
use crate::text::names;
use crate::tree::Text;
use crate::words;
use groundplan_model::{ElementKind, Entity, EntityKind, Relationship};

/// Whether all that is known of a connection is that a person uses a part, which its open port says better.
pub(super) fn is_bare_use(c: &Context, r: &Relationship) -> bool {
    let person = c.element(&r.from);
    person.is_some_and(|e| e.kind == ElementKind::Person)
        && r.operations.is_empty()
        && (r.description.is_empty() || r.description.eq_ignore_ascii_case("uses"))
}

/// What a part keeps: of more than a few tables where they are defined and how many these are, since there
/// may be others.
pub(super) fn text(entities: &[&Entity]) -> Text {
    const FEW: usize = 5;
    let all = entities.iter().map(|x| x.name.as_str());
    if entities.len() <= FEW {
        return Text::plain("Keeps ").spans(names(all, FEW));
    }
    let only = |kind: EntityKind| entities.iter().all(|x| x.kind == kind);
    let noun = match (only(EntityKind::Table), only(EntityKind::Collection)) {
        (true, _) => "tables",
        (_, true) => "collections",
        _ => "entities",
    };
    let places = entities.iter().filter_map(|x| x.provenance.first());
    let files = distinct(places.map(|at| at.path.as_str()));
    let text = Text::plain(format!("Keeps the {noun} of "));
    let text = match (files.as_slice(), folder(&files)) {
        ([one], _) => text.then_code(*one),
        (_, Some(folder)) => text.then_code(folder),
        (all, None) => text.then(words::count(all.len(), "file")),
    };
    let count = words::number(entities.len() as u64);
    text.then(format!(" ({count}): ")).spans(names(all, FEW))
}

/// The folder in which all of some files lie, if it is not the whole repository.
fn folder(files: &[&str]) -> Option<String> {
    let mut shared: Vec<&str> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let mut parts: Vec<&str> = file.split('/').collect();
        parts.pop();
        match at {
            0 => shared = parts,
            _ => {
                let same = shared.iter().zip(&parts).take_while(|(a, b)| a == b);
                let n = same.count();
                shared.truncate(n);
            }
        }
    }
    (!shared.is_empty()).then(|| shared.join("/"))
}
