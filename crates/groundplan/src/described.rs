//! What documents describe: a brief's design, a repository, or a repository beside the design of
//! the brief in its `groundplan.yaml`.

use crate::arguments::Source;
use crate::stages::{self, Surveyed};
use anyhow::{Context, Result, bail};
use groundplan_design::{Brief, Design};
use groundplan_model::{Diagnostic, Severity};
use groundplan_survey::{DECLARATION, Declaration, read_declaration, reconcile};
use std::path::{Path, PathBuf};

/// A brief and its design.
pub(crate) struct Designed {
    /// Folder that paths of the brief are relative to.
    pub(crate) root: PathBuf,
    brief: Brief,
    /// `None` if the brief was rejected; the diagnostics say why.
    pub(crate) design: Option<Design>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What reading the brief found, among the diagnostics too.
    read: Vec<Diagnostic>,
}

impl Designed {
    /// The design after changes of the brief, each `key=value`; `None` if the changed brief is
    /// rejected, and the diagnostics say why.
    pub(crate) fn changed(&self, changes: &[String]) -> Result<(Option<Design>, Vec<Diagnostic>)> {
        let mut brief = self.brief.clone();
        let mut read = self.read.clone();
        for change in changes {
            let Some((key, value)) = change.split_once('=') else {
                bail!("expected `key=value`, found `{change}`");
            };
            if let Err(fault) = groundplan_design::brief::set(&mut brief, key.trim(), value) {
                bail!("{fault}");
            }
            // What was missing has been said now.
            let field = key.split('.').next().unwrap_or_default().trim();
            let field = format!("-{}", field.to_uppercase());
            read.retain(|d| !d.name.ends_with(&field));
        }
        Ok(groundplan_design::design(&brief, read))
    }

    /// Makes a design of a rejected brief, as if what is wrong had not been said. It decides nothing:
    /// load and team would make the decisions.
    pub(crate) fn despite(&mut self) -> Design {
        if let Some(design) = self.design.take() {
            return design;
        }
        let (mut design, found) = groundplan_design::design_despite(&self.brief, self.read.clone());
        design.blueprint.decisions.clear();
        self.diagnostics = found;
        design
    }
}

/// The errors among diagnostics.
pub(crate) fn errors(found: &[Diagnostic]) -> Vec<Diagnostic> {
    let wrong = found.iter().filter(|d| d.severity == Severity::Error);
    wrong.cloned().collect()
}

/// Designs the system of the brief at `path`: a file, or a folder whose `groundplan.yaml` holds one
/// under `brief:`.
pub(crate) fn designed(path: &Path) -> Result<Designed> {
    designed_beside(path, None)
}

/// The same, with the values of a file of measurements.
pub(crate) fn designed_beside(path: &Path, measured: Option<&Path>) -> Result<Designed> {
    let inside = DECLARATION.map(|name| path.join(name));
    let inside = inside.iter().find(|file| path.is_dir() && file.is_file());
    let mut designed = raw(inside.map_or(path, PathBuf::as_path), measured)?;
    if let Some(design) = &mut designed.design {
        stages::complete(&mut design.blueprint);
    }
    Ok(designed)
}

/// A design without views, numbered questions and identity. Values of the file `measured` stand over
/// those of the brief.
fn raw(path: &Path, measured: Option<&Path>) -> Result<Designed> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read {}: give the file of a brief", path.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let root = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let (mut brief, mut read) = groundplan_design::read_brief(&name, &text);
    if let Some(file) = measured {
        read.extend(measure(&mut brief, &root, file)?);
    }
    let (design, diagnostics) = groundplan_design::design(&brief, read.clone());
    Ok(Designed {
        root,
        brief,
        design,
        diagnostics,
        read,
    })
}

/// Puts the values of a file of measurements over those of the brief, cited from the folder `root`.
fn measure(brief: &mut Brief, root: &Path, file: &Path) -> Result<Vec<Diagnostic>> {
    let bytes = std::fs::read(file).with_context(|| {
        format!(
            "cannot read {}: give a file of measured values",
            file.display()
        )
    })?;
    let text = String::from_utf8_lossy(&bytes);
    let name = relative(root, file);
    Ok(groundplan_design::read_measured(brief, &name, &text))
}

/// The way from a folder to a file, with slashes; the name of the file where there is none.
fn relative(root: &Path, file: &Path) -> String {
    let whole = root.canonicalize().ok().zip(file.canonicalize().ok());
    let way = whole.and_then(|(root, file)| {
        let shared = root.components().zip(file.components());
        let shared = shared.take_while(|(a, b)| a == b).count();
        // Different drives have no way between them.
        (shared > 0).then_some(())?;
        let up = root.components().skip(shared).map(|_| "..".to_owned());
        let down = file.components().skip(shared);
        let down = down.map(|c| c.as_os_str().to_string_lossy().into_owned());
        Some(up.chain(down).collect::<Vec<_>>().join("/"))
    });
    let name = || file.file_name().unwrap_or_default().to_string_lossy();
    way.unwrap_or_else(|| name().into_owned())
}

/// The blueprint of `source`. Without a brief in its `groundplan.yaml` that is the survey; with one
/// it is the design where nothing is built yet, else the survey beside the design.
pub(crate) fn described(source: &Source, outputs: &[String], quiet: bool) -> Result<Surveyed> {
    described_despite(source, outputs, quiet, false, None)
}

/// The same; with `despite`, errors of the brief do not stop it: where nothing is built yet, what is
/// wrong counts as not said, else the survey stands alone. `measured` is a file of measured values.
pub(crate) fn described_despite(
    source: &Source,
    outputs: &[String],
    quiet: bool,
    despite: bool,
    measured: Option<&Path>,
) -> Result<Surveyed> {
    let root = &source.path;
    stages::must_be_folder(root)?;
    let (declared, faults) = read_declaration(root);
    let broken = faults.iter().any(|d| d.severity == Severity::Error);
    let brief = declared.as_ref().and_then(|d| d.brief.as_ref());
    let (Some(declared), Some(place), false) = (&declared, brief, broken) else {
        if measured.is_some() && !broken {
            bail!("`--measured` needs a brief: `--brief FILE`, or `brief:` in groundplan.yaml");
        }
        return stages::built(source, outputs, quiet);
    };
    let mut designed = raw(&root.join(&place.at.path), measured)?;
    if designed.design.is_none() && !despite {
        return Ok(Surveyed::rejected(root, designed.diagnostics));
    }
    let (built, found) = stages::joined(source, outputs, quiet);
    let rejected = designed.design.is_none();
    let design = designed.despite();
    let mut diagnostics = designed.diagnostics;
    let mut blueprint = design.blueprint.clone();
    if built.containers().next().is_none() {
        diagnostics.extend(faults);
        diagnostics.extend(declared_too(&mut blueprint, declared));
    } else {
        diagnostics.extend(found);
        // Targets of a brief that was rejected are nobody's.
        blueprint = match rejected {
            true => built,
            false => groundplan_design::beside(built, &design),
        };
    }
    stages::complete(&mut blueprint);
    Ok(Surveyed::made(root, blueprint, diagnostics))
}

/// Puts what the rest of `groundplan.yaml` says into a design.
fn declared_too(
    blueprint: &mut groundplan_model::Blueprint,
    declared: &Declaration,
) -> Vec<Diagnostic> {
    let questions = std::mem::take(&mut blueprint.questions);
    let found = reconcile(blueprint, declared);
    blueprint.questions = questions;
    found
}
