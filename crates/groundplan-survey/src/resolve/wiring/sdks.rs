//! Parts that are given the address of a product of the system and whose code has its client library: the
//! library reads the address by itself, so that no line of code names both.

use super::guesses::is_runtime;
use super::{End, Found, Wiring};
use crate::facts::{Claim, FileFacts};
use crate::resolve::names::plain;
use groundplan_knowledge::Technology;
use groundplan_model::{Confidence, Evidence, RelationshipKind};
use groundplan_syntax::Language;

impl<'f> Wiring<'_, 'f> {
    /// Tells of addresses in settings which of them a client library uses.
    pub(super) fn join_sdks(&mut self) {
        let bare = |edge: &super::Edge| {
            edge.sides
                .get(&RelationshipKind::Calls)
                .is_some_and(|side| {
                    let code = |at: &Evidence| Language::of(&at.path).is_code();
                    side.technology.is_none()
                        && side.operations.is_empty()
                        && !side.evidence.iter().any(code)
                })
        };
        let mut found: Vec<(usize, usize, String, Evidence)> = Vec::new();
        for ((unit, end), edge) in &self.graph.edges {
            let End::Unit(to) = end else { continue };
            let Some(product) = self.units[*to].technology.filter(|_| bare(edge)) else {
                continue;
            };
            if let Some((library, at)) = self.library_of(*unit, product) {
                found.push((*unit, *to, library, at));
            }
        }
        for (unit, to, library, at) in found {
            let protocol = self.units[to].technology.and_then(|t| t.protocol.clone());
            let found = Found {
                kind: Some(RelationshipKind::Calls),
                at: &at,
                protocol,
                technology: Some(library),
                operation: None,
                confidence: Confidence::High,
            };
            self.add(unit, End::Unit(to), found);
        }
    }

    /// The client library of a product that the manifest of a unit names and its own code imports, and where.
    fn library_of(&self, unit: usize, product: &Technology) -> Option<(String, Evidence)> {
        let project = self.units[unit].project?;
        let drivers: Vec<&str> = (self.world.facts_of(project))
            .filter_map(|fact| match &fact.claim {
                Claim::Dependency(d) if is_runtime(d.scope) => {
                    let server = self.world.knowledge.server_of(&d.ecosystem, &d.name);
                    server
                        .is_some_and(|t| t.id == product.id)
                        .then_some(d.name.as_str())
                }
                _ => None,
            })
            .collect();
        if drivers.is_empty() {
            return None;
        }
        let name = plain(&product.id);
        self.world.projects[project].own.iter().find_map(|&index| {
            let file: &'f FileFacts = &self.world.files[index];
            let runs = file.language.is_code()
                && self.runs[unit].holds(&file.path)
                && !self.is_in_browser(unit, &file.path);
            let mut imports = file.imports().filter(|_| runs);
            let import = imports.find(|import| {
                let module = import.module();
                // What is made for pages runs there: `@openfeature/flagd-web-provider`.
                let mut words = module.split(|c: char| !c.is_ascii_alphanumeric());
                plain(module).contains(&name)
                    && !words.any(|w| matches!(w, "web" | "browser" | "react"))
            })?;
            let module = plain(import.module());
            let library = drivers.iter().find(|d| module.contains(&plain(d)));
            let library = library.or(drivers.first())?;
            Some(((*library).to_owned(), import.evidence()))
        })
    }
}
