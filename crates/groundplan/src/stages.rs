//! The stages in their order: survey, views, questions, identity, facts.

use crate::arguments::Source;
use crate::{kept, progress};
use anyhow::{Context, Result, bail};
use groundplan_model::{
    Blueprint, Calculation, CalculationForm, Diagnostic, Fact, FactTable, FactValue, Provenance,
    ProvenanceKind, Question, RelationshipKind, Severity,
};
use groundplan_survey::Options;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

/// A surveyed repository.
pub(crate) struct Surveyed {
    /// The folder, as given.
    pub(crate) root: PathBuf,
    /// The blueprint as pretty JSON; empty for one that was designed.
    pub(crate) json: String,
    pub(crate) diagnostics: Vec<Diagnostic>,
    blueprint: Option<Blueprint>,
}

impl Surveyed {
    /// Whether something is so wrong that nothing should be written.
    pub(crate) fn is_broken(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }

    /// A blueprint that was made anew.
    pub(crate) fn made(root: &Path, blueprint: Blueprint, diagnostics: Vec<Diagnostic>) -> Self {
        Surveyed {
            root: root.to_path_buf(),
            json: String::new(),
            diagnostics,
            blueprint: Some(blueprint),
        }
    }

    /// Nothing, for the reasons that the diagnostics give.
    pub(crate) fn rejected(root: &Path, diagnostics: Vec<Diagnostic>) -> Self {
        Surveyed::made(root, Blueprint::default(), diagnostics)
    }

    /// The blueprint itself, read from its public form if an earlier run made it.
    pub(crate) fn blueprint(&mut self) -> Result<Blueprint> {
        match self.blueprint.take() {
            Some(blueprint) => Ok(blueprint),
            None => Ok(serde_json::from_str(&self.json)?),
        }
    }
}

/// Surveys `source`; `outputs` are paths relative to it that Groundplan writes.
pub(crate) fn built(source: &Source, outputs: &[String], quiet: bool) -> Result<Surveyed> {
    let root = source.path.clone();
    must_be_folder(&root)?;
    if source.threads > 0 {
        groundplan_survey::use_threads(source.threads.into());
    }
    let options = options(source);
    let cache = options.cache.clone();
    progress::shown(quiet, |progress| {
        let read = groundplan_survey::read(&root, outputs, &options, progress);
        let identity = read.identity().to_owned();
        let place = cache
            .as_ref()
            .map(|folder| kept::place(folder, &root, outputs));
        let known = place
            .as_ref()
            .and_then(|place| kept::load(place, &identity));
        if let Some(kept) = known {
            return Ok(Surveyed {
                root,
                json: kept.blueprint,
                diagnostics: kept.diagnostics,
                blueprint: None,
            });
        }
        let (mut blueprint, diagnostics) = read.blueprint();
        complete(&mut blueprint);
        let kept = kept::Kept {
            blueprint: serde_json::to_string_pretty(&blueprint)?,
            diagnostics,
        };
        if let Some(place) = &place {
            kept::save(place, &identity, &kept);
        }
        Ok(Surveyed {
            root,
            json: kept.blueprint,
            diagnostics: kept.diagnostics,
            blueprint: Some(blueprint),
        })
    })
}

/// The survey of `source` without views, questions and identity, and never a kept one.
pub(crate) fn joined(
    source: &Source,
    outputs: &[String],
    quiet: bool,
) -> (Blueprint, Vec<Diagnostic>) {
    if source.threads > 0 {
        groundplan_survey::use_threads(source.threads.into());
    }
    let options = options(source);
    progress::shown(quiet, |progress| {
        groundplan_survey::survey(&source.path, outputs, &options, progress)
    })
}

fn options(source: &Source) -> Options {
    Options {
        include: source.include.clone(),
        exclude: source.exclude.clone(),
        cache: cache_folder(source),
        history: !source.no_history,
        as_of: source.as_of.clone(),
        once: true,
    }
}

/// Fails with words for people if `root` is no folder that can be listed.
pub(crate) fn must_be_folder(root: &Path) -> Result<()> {
    let kind = std::fs::metadata(root).with_context(|| {
        format!(
            "cannot open {}: give the folder of a repository",
            root.display()
        )
    })?;
    if !kind.is_dir() {
        bail!(
            "expected a folder, found a file: {0}; give the folder of a repository, or `--brief {0}`",
            root.display()
        );
    }
    std::fs::read_dir(root).with_context(|| format!("cannot list {}", root.display()))?;
    Ok(())
}

/// What the survey leaves to others: views, questions, the id of the whole.
pub(crate) fn complete(blueprint: &mut Blueprint) {
    blueprint.views = groundplan_diagram::views(blueprint);
    // What a design asks stands before what documents leave open.
    let own = std::mem::take(&mut blueprint.questions);
    let others = groundplan_document::open_questions(blueprint);
    let all = own.into_iter().chain(others).enumerate();
    blueprint.questions = all
        .map(|(i, question)| Question {
            id: format!("OQ-{}", i + 1),
            ..question
        })
        .collect();
    blueprint.blueprint_id = blueprint_id(blueprint);
}

/// `bp-` and 16 hexadecimal digits of BLAKE3 over the public form, without the id and history.
fn blueprint_id(blueprint: &mut Blueprint) -> String {
    blueprint.blueprint_id.clear();
    let history = std::mem::take(&mut blueprint.history);
    let mut hasher = blake3::Hasher::new();
    // Writing into a hasher cannot fail.
    let _ = serde_json::to_writer(std::io::BufWriter::new(&mut hasher), blueprint);
    blueprint.history = history;
    format!("bp-{}", &hasher.finalize().to_hex().as_str()[..16])
}

/// The folder for facts kept between runs: as given, else that of the user's account.
fn cache_folder(source: &Source) -> Option<PathBuf> {
    if source.no_cache {
        return None;
    }
    if let Some(folder) = &source.cache {
        return Some(folder.clone());
    }
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|p| p.is_absolute());
    let base =
        base.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")));
    base.map(|base| base.join("groundplan"))
}

/// Every number that documents quote, by dotted path.
pub(crate) fn facts(blueprint: &Blueprint) -> FactTable {
    let mut table = FactTable::new();
    for calculation in &blueprint.calculations {
        let mut fact = fact("", &calculation.unit, &calculation.provenance);
        fact.value = value_of(calculation);
        fact.source.extend(calculation.sources.iter().cloned());
        table.insert(calculation.id.clone(), fact);
    }
    let mut count = |path: &str, value: usize, formula: &str| {
        let provenance = Provenance::computed(formula, ["blueprint.json".to_owned()]);
        table.insert(path.to_owned(), fact(&value.to_string(), "", &provenance));
    };
    count(
        "system.containers",
        blueprint.containers().count(),
        "elements of kind container, not external",
    );
    count(
        "system.external",
        blueprint.externals().count(),
        "external elements",
    );
    count(
        "system.relationships",
        blueprint
            .relationships
            .iter()
            .filter(|r| r.kind != RelationshipKind::StartsAfter)
            .count(),
        "relationships, start order left out",
    );
    count("system.entities", blueprint.entities.len(), "entities");
    count(
        "system.interfaces",
        blueprint.interfaces.len(),
        "interfaces",
    );
    let operations = blueprint
        .interfaces
        .iter()
        .map(|i| i.operations.len())
        .sum();
    count(
        "system.operations",
        operations,
        "operations of all interfaces",
    );
    count(
        "survey.files",
        blueprint.coverage.files as usize,
        "files that were read",
    );
    for element in &blueprint.elements {
        for attribute in &element.attributes {
            let path = format!("element.{}.{}", element.id, attribute.key);
            let told = fact(&attribute.value, "", &attribute.provenance);
            match table.entry(path) {
                Entry::Vacant(free) => {
                    free.insert(told);
                }
                Entry::Occupied(mut held) => join(held.get_mut(), told),
            }
        }
    }
    for decision in &blueprint.decisions {
        let path = format!("decision.{}", decision.id);
        table.insert(path, fact(&decision.title, "", &decision.provenance));
    }
    table
}

/// Adds a further value of the same attribute: all of them are a list, with the sources of each.
fn join(held: &mut Fact, more: Fact) {
    let FactValue::Text(text) = more.value else {
        return;
    };
    match &mut held.value {
        FactValue::Text(one) if *one == text => {}
        FactValue::Text(one) => held.value = FactValue::List(vec![one.clone(), text]),
        FactValue::List(all) if !all.contains(&text) => all.push(text),
        _ => {}
    }
    for source in more.source {
        if !held.source.contains(&source) {
            held.source.push(source);
        }
    }
}

fn value_of(calculation: &Calculation) -> FactValue {
    let text = &calculation.value;
    match calculation.form {
        CalculationForm::Text => FactValue::Text(text.clone()),
        CalculationForm::Number => match text.parse() {
            Ok(number) => FactValue::number(number),
            Err(_) => FactValue::Text(text.clone()),
        },
        CalculationForm::Flag => FactValue::Flag(text == "yes"),
        CalculationForm::List => FactValue::List(
            text.split(", ")
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
        ),
    }
}

fn fact(value: &str, unit: &str, provenance: &Provenance) -> Fact {
    Fact {
        value: FactValue::Text(value.to_owned()),
        unit: unit.to_owned(),
        formula: provenance.formula.clone(),
        inputs: provenance.inputs.clone(),
        source: provenance.evidence.iter().map(|e| e.label()).collect(),
        basis: match provenance.kind {
            ProvenanceKind::Declared => "declared",
            ProvenanceKind::Observed => "observed",
            ProvenanceKind::Computed => "computed",
            ProvenanceKind::Decided => "decided",
            ProvenanceKind::Assumed => "assumed",
        }
        .to_owned(),
    }
}
