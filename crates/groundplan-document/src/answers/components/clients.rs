//! Clients among the packages of a part whose targets nobody followed.

use crate::context::Context;
use crate::text::{first_places, names};
use crate::tree::Text;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{Dependency, DependencyScope, Element, Evidence, Provenance};
use std::collections::{BTreeMap, BTreeSet};

/// That packages of a part, or of what it is built with, talk to others: with one among them nothing
/// may be denied, since where they lead is mostly said when the program starts. What answers calls
/// counts where ports and operations are asked for too (`serving`).
pub(super) fn unfollowed(c: &Context, e: &Element, serving: bool) -> Option<Text> {
    if !c.surveyed() {
        return None;
    }
    let mut own: BTreeSet<&str> = BTreeSet::from([e.id.as_str()]);
    // What a part is built with is built with others in its turn.
    let mut next: Vec<&str> = vec![&e.id];
    while let Some(id) = next.pop() {
        for r in c.outgoing(id) {
            if super::super::calls::is_link(r) && own.insert(&r.to) {
                next.push(&r.to);
            }
        }
    }
    let folders: BTreeSet<&str> = (own.iter())
        .filter_map(|id| c.element(id)?.source.as_deref())
        .collect();
    let mut found: BTreeMap<&str, Provenance> = BTreeMap::new();
    let at_work = |d: &&Dependency| {
        matches!(
            d.scope,
            DependencyScope::Runtime | DependencyScope::Optional
        )
    };
    for d in c.blueprint.dependencies.iter().filter(at_work) {
        // What a library declares is known by the folder of its manifest.
        let declares = |at: &&Evidence| {
            let folder = at.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            folders.contains(folder)
        };
        let at = match d.element.as_deref() {
            Some(id) if own.contains(id) => d.provenance.first(),
            Some(_) => None,
            None => d.provenance.evidence.iter().find(declares),
        };
        if let Some(at) = at
            && talks(d, serving)
        {
            let name = d.technology.as_deref().unwrap_or(&d.name);
            let place = || Provenance::observed([at.clone()]);
            found.entry(name).or_insert_with(place);
        }
    }
    if found.is_empty() {
        return None;
    }
    let lead = match own.len() {
        1 => "Clients and drivers among its packages: ",
        _ => "Clients and drivers among its packages and those of what it is built with: ",
    };
    let text = Text::plain(lead)
        .spans(names(found.keys().copied(), 5))
        .then(".");
    Some(text.from(&first_places(found.values(), 3)))
}

/// Whether a package is a client: of a server, or of whoever answers its protocol.
fn talks(d: &Dependency, serving: bool) -> bool {
    if knowledge().server_of(&d.ecosystem, &d.name).is_some() {
        return true;
    }
    let known = knowledge().by_package(&d.ecosystem, &d.name);
    known.is_some_and(|(t, driver)| match t.category {
        // What writes mails need not send them.
        Category::Email => !t.about.starts_with("writes"),
        // What answers calls reaches nobody by that.
        Category::WebFramework => serving,
        Category::Broker
        | Category::Cache
        | Category::Cloud
        | Category::Database
        | Category::HttpClient
        | Category::IdentityProvider
        | Category::ObjectStorage
        | Category::Orm
        | Category::Payment
        | Category::Rpc
        | Category::Search
        | Category::Sms
        | Category::Streaming => true,
        _ => driver,
    })
}
