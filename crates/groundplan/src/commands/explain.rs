//! `groundplan explain ID`: why something stands in the blueprint, down to lines of files.

use crate::arguments::{Arguments, Explain};
use crate::{described, diagnostics, stages};
use anyhow::{Result, bail};
use groundplan_model::{Blueprint, FactTable, Provenance, ProvenanceKind};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(arguments: &Arguments, command: &Explain) -> Result<ExitCode> {
    let path = &command.source.path;
    if path.is_file() {
        let designed = described::designed(path)?;
        let Some(design) = designed.design else {
            diagnostics::print(
                &designed.diagnostics,
                &designed.root,
                arguments.diagnostics,
                arguments.quiet,
            );
            return Ok(ExitCode::from(2));
        };
        let tree = Tree {
            blueprint: &design.blueprint,
            root: &designed.root,
        };
        return match tree.explain(&command.id) {
            Some(text) => super::print(&text),
            None => bail!("{}", tree.unknown(&command.id)),
        };
    }
    let mut surveyed = described::described(&command.source, &[], arguments.quiet)?;
    if surveyed.is_broken() {
        let found = &surveyed.diagnostics;
        diagnostics::print(
            found,
            &surveyed.root,
            arguments.diagnostics,
            arguments.quiet,
        );
        return Ok(ExitCode::from(2));
    }
    let blueprint = surveyed.blueprint()?;
    let tree = Tree {
        blueprint: &blueprint,
        root: &surveyed.root,
    };
    match tree.explain(&command.id) {
        Some(text) => super::print(&text),
        None => bail!("{}", tree.unknown(&command.id)),
    }
}

struct Tree<'b> {
    blueprint: &'b Blueprint,
    root: &'b Path,
}

impl Tree<'_> {
    fn explain(&self, id: &str) -> Option<String> {
        let b = self.blueprint;
        let mut out = Vec::new();
        if let Some(element) = b.elements.iter().find(|e| e.id == id || e.name == id) {
            let kind = format!("{:?}", element.kind).to_lowercase();
            let technology = if element.technology.is_empty() {
                String::new()
            } else {
                format!(", {}", element.technology.join(", "))
            };
            out.push(format!("{} ({kind}{technology})", element.name));
            if let Some(description) = &element.description {
                out.push(format!("  {}", description.text));
                self.reason(&description.provenance, 2, &mut out);
            }
            self.reason(&element.provenance, 1, &mut out);
            for attribute in &element.attributes {
                out.push(format!("  {} = {}", attribute.key, attribute.value));
                self.reason(&attribute.provenance, 2, &mut out);
            }
            for relationship in b
                .relationships
                .iter()
                .filter(|r| r.from == element.id || r.to == element.id)
            {
                out.push(
                    format!(
                        "  {} ({:?} confidence)",
                        relationship.id, relationship.confidence
                    )
                    .to_lowercase(),
                );
                self.reason(&relationship.provenance, 2, &mut out);
            }
            return Some(out.join("\n"));
        }
        if let Some(relationship) = b.relationships.iter().find(|r| r.id == id) {
            out.push(format!("{}: {}", relationship.id, relationship.description));
            self.reason(&relationship.provenance, 1, &mut out);
            return Some(out.join("\n"));
        }
        if let Some(target) = b.targets.iter().find(|t| t.id == id) {
            out.push(target.name.clone());
            for (side, said) in [("designed", &target.designed), ("found", &target.found)] {
                match said {
                    Some(said) => {
                        out.push(format!("  {side}: {}", said.text));
                        self.reason(&said.provenance, 2, &mut out);
                    }
                    None => out.push(format!("  {side}: nothing")),
                }
            }
            return Some(out.join("\n"));
        }
        if let Some(question) = b.questions.iter().find(|q| q.id.eq_ignore_ascii_case(id)) {
            out.push(format!("{}: {}", question.id, question.text));
            out.push(format!("  asked of: {}", question.owner));
            out.push(format!("  why: {}", question.why));
            out.push(format!(
                "  answer it in groundplan.yaml: {}",
                question.answer
            ));
            return Some(out.join("\n"));
        }
        if let Some(decision) = b.decisions.iter().find(|d| d.id.eq_ignore_ascii_case(id)) {
            out.push(format!(
                "{}: {} ({})",
                decision.id,
                decision.title,
                decision.status.word()
            ));
            self.reason(&decision.provenance, 1, &mut out);
            if !decision.rationale.is_empty() {
                out.push(format!("  why: {}", decision.rationale));
            }
            for option in &decision.options {
                let mark = if option.chosen { "* " } else { "- " };
                let score = option.score.as_deref().map(|s| format!(", score {s}"));
                let why = option
                    .excluded
                    .as_deref()
                    .map(|e| format!(", excluded: {e}"));
                out.push(format!(
                    "  {mark}{}{}{}",
                    option.name,
                    score.unwrap_or_default(),
                    why.unwrap_or_default()
                ));
            }
            for change in &decision.would_change {
                out.push(format!("  would change: {change}"));
            }
            return Some(out.join("\n"));
        }
        if let Some(entity) = b.entities.iter().find(|e| e.id == id || e.name == id) {
            out.push(format!("{} ({} fields)", entity.name, entity.fields.len()));
            self.reason(&entity.provenance, 1, &mut out);
            for field in &entity.fields {
                out.push(format!("  {}: {}", field.name, field.data_type));
                self.reason(&field.provenance, 2, &mut out);
            }
            return Some(out.join("\n"));
        }
        if let Some(interface) = b.interfaces.iter().find(|i| i.id == id || i.name == id) {
            out.push(format!("{} ({})", interface.name, interface.kind.word()));
            self.reason(&interface.provenance, 1, &mut out);
            for operation in &interface.operations {
                out.push(format!("  {}", operation.id));
                self.reason(&operation.provenance, 2, &mut out);
            }
            return Some(out.join("\n"));
        }
        let facts = stages::facts(b);
        facts.get(id)?;
        self.fact(&facts, id, 0, &mut BTreeSet::new(), &mut out);
        Some(out.join("\n"))
    }

    /// A fact with its sum, and below it what went in, down to the words of a brief.
    fn fact<'f>(
        &self,
        facts: &'f FactTable,
        id: &'f str,
        depth: usize,
        seen: &mut BTreeSet<&'f str>,
        out: &mut Vec<String>,
    ) {
        /// Deeper trees are not read.
        const DEEPEST: usize = 8;
        let indent = "  ".repeat(depth);
        let Some(fact) = facts.get(id) else {
            let key = id.strip_prefix("brief.").unwrap_or(id);
            let said = self.blueprint.system.constraints.iter();
            let said = said.filter(|(k, _)| k == key).map(|(_, s)| s);
            let purpose = self.blueprint.system.purpose.iter();
            for statement in said.chain(purpose.filter(|_| key == "purpose")) {
                out.push(format!("{indent}{id}: {}", statement.text));
                self.reason(&statement.provenance, depth + 1, out);
            }
            return;
        };
        let value = format!("{} {}", fact.value.plain(), fact.unit);
        if !seen.insert(id) {
            out.push(format!("{indent}{id} = {} (above)", value.trim_end()));
            return;
        }
        out.push(format!("{indent}{id} = {}", value.trim_end()));
        match fact.formula.as_deref().filter(|f| !f.is_empty()) {
            Some(formula) => out.push(format!("{indent}  {}: {formula}", fact.basis)),
            None => out.push(format!("{indent}  {}", fact.basis)),
        }
        for source in &fact.source {
            out.push(format!("{indent}  source: {source}"));
        }
        if depth < DEEPEST {
            for input in &fact.inputs {
                self.fact(facts, input, depth + 1, seen, out);
            }
        }
    }

    /// One provenance, with the first line of each cited place.
    fn reason(&self, provenance: &Provenance, depth: usize, out: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        let word = match provenance.kind {
            ProvenanceKind::Declared => "declared",
            ProvenanceKind::Observed => "observed",
            ProvenanceKind::Computed => "computed",
            ProvenanceKind::Decided => "decided",
            ProvenanceKind::Assumed => "assumed",
        };
        if let Some(formula) = &provenance.formula {
            out.push(format!("{indent}{word}: {formula}"));
        }
        for input in &provenance.inputs {
            out.push(format!("{indent}  from {input}"));
        }
        for place in &provenance.evidence {
            let text = std::fs::read(self.root.join(&place.path)).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let line = text
                .lines()
                .nth(place.lines[0] as usize - 1)
                .unwrap_or_default()
                .trim();
            // Before it is cut: a credential is known by what stands behind it.
            let line = groundplan_survey::without_secrets(line);
            let line: String = line.chars().filter(|c| !c.is_control()).take(90).collect();
            out.push(format!("{indent}{word} at {}: {line}", place.label()));
        }
    }

    fn unknown(&self, id: &str) -> String {
        let b = self.blueprint;
        let ids: Vec<&str> = b
            .elements
            .iter()
            .map(|e| e.id.as_str())
            .chain(b.entities.iter().map(|e| e.id.as_str()))
            .chain(b.interfaces.iter().map(|i| i.id.as_str()))
            .chain(b.questions.iter().map(|q| q.id.as_str()))
            .collect();
        let near: Vec<&str> = {
            let lower = id.to_lowercase();
            ids.iter()
                .copied()
                .filter(|i| i.contains(&lower) || lower.contains(i))
                .take(5)
                .collect()
        };
        let offer = if near.is_empty() {
            ids.into_iter().take(12).collect()
        } else {
            near
        };
        format!(
            "expected an id of the blueprint, found `{id}`; there are, for example: {}",
            offer.join(", ")
        )
    }
}
