//! `groundplan generate`: the main job.

use crate::arguments::{self, Arguments, Generate};
use crate::outputs::{self, Files};
use crate::positions::Positions;
use crate::{described, diagnostics, stages, theme};
use anyhow::{Result, bail};
use groundplan_diagram::{Hints, Theme};
use groundplan_document::{Options, Outline, compose, outline, outlines};
use groundplan_model::{Blueprint, Diagnostic, Severity, Statement};
use groundplan_render::{Context, FORMATS, Format, Links};
use groundplan_survey::{Declaration, read_declaration};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// Where documents go unless somebody says otherwise.
const OUT: &str = "docs/architecture";

/// The outline that is filled unless somebody says otherwise.
const DEFAULT: &str = "reference";

/// The one that is filled where there is a brief and nothing built.
const DESIGNED: &str = "proposal";

/// How diagrams are drawn: in which colours, and with which boxes where.
struct Drawing {
    theme: Theme,
    positions: Positions,
}

pub(crate) fn run(arguments: &Arguments, command: &Generate) -> Result<ExitCode> {
    let named = named_outlines(&command.outline)?;
    let formats = chosen_formats(&command.to)?;
    let (theme, weak) = theme::theme(command.theme.as_deref())?;
    let positions = Positions::read(command.positions.as_deref())?;
    diagnostics::print(&weak, Path::new(""), arguments.diagnostics, arguments.quiet);
    let drawing = Drawing { theme, positions };
    if let Some(brief) = &command.brief {
        return from_brief(arguments, command, brief, named, &formats, drawing);
    }
    let root = &command.source.path;
    let out = out_folder(root, command.out.as_deref());
    let inside = relative_to(root, &out);
    let mut surveyed = described::described_despite(
        &command.source,
        &inside.iter().cloned().collect::<Vec<_>>(),
        arguments.quiet,
        command.allow_invalid,
        command.measured.as_deref(),
    )?;
    // Its faults are among the diagnostics of the survey.
    let declared = read_declaration(root).0.unwrap_or_default();
    let (declared_outlines, faults) = declared_outlines(&declared);
    let (declared_url, fault) = declared_url(&declared);
    let mut found = std::mem::take(&mut surveyed.diagnostics);
    found.extend(faults.into_iter().filter(|_| named.is_empty()));
    found.extend(fault.filter(|_| command.source_url.is_none()));
    let faults = described::errors(&found);
    // Only a brief may be invalid: other errors leave nothing to write about.
    let of_brief = |d: &Diagnostic| d.name.starts_with("V-");
    let written = faults.is_empty() || command.allow_invalid && faults.iter().all(of_brief);
    if !written {
        diagnostics::print(&found, root, arguments.diagnostics, arguments.quiet);
        return Ok(ExitCode::from(2));
    }
    let blueprint = surveyed.blueprint()?;
    let usual = if blueprint.origin == "designed" {
        DESIGNED
    } else {
        DEFAULT
    };
    let chosen = [
        named,
        declared_outlines,
        outline(usual).into_iter().collect(),
    ]
    .into_iter()
    .find(|some| !some.is_empty())
    .unwrap_or_default();
    let links = Links {
        source_base: command.source_url.clone().or(declared_url),
        relative_root: inside.map(|path| vec![".."; path.split('/').count()].join("/")),
        diagrams: "diagrams".to_owned(),
    };
    let invalid = !faults.is_empty();
    let options = Options {
        date: command.date.clone(),
        faults,
        ..Options::default()
    };
    let misplaced = drawing.positions.unknown(&blueprint.views);
    diagnostics::print(
        &misplaced,
        Path::new(""),
        arguments.diagnostics,
        arguments.quiet,
    );
    let (files, more) = files(&blueprint, &chosen, &formats, links, drawing, &options)?;
    let all: Vec<_> = found.into_iter().chain(more).collect();
    diagnostics::print(&all, root, arguments.diagnostics, arguments.quiet);
    // A folder that was named in full is where its owner wants it.
    if let Some(below) = below(root, command.out.as_deref()) {
        // The folder may be the repository itself, below which a name must not begin with `/`.
        let names: Vec<PathBuf> = files.keys().map(|n| Path::new(&below).join(n)).collect();
        outputs::stay_inside(root, names.iter().filter_map(|name| name.to_str()))?;
    }
    let done = write(command, &out, &files, &chosen, &formats)?;
    Ok(if invalid { ExitCode::from(2) } else { done })
}

/// Designs the system of a brief and writes its documents; nothing is surveyed.
fn from_brief(
    arguments: &Arguments,
    command: &Generate,
    brief: &Path,
    named: Vec<&'static Outline>,
    formats: &[&'static Format],
    drawing: Drawing,
) -> Result<ExitCode> {
    let mut designed = described::designed_beside(brief, command.measured.as_deref())?;
    let invalid = designed.design.is_none();
    if invalid && !command.allow_invalid {
        let found = &designed.diagnostics;
        diagnostics::print(
            found,
            &designed.root,
            arguments.diagnostics,
            arguments.quiet,
        );
        return Ok(ExitCode::from(2));
    }
    let mut design = designed.despite();
    if invalid {
        stages::complete(&mut design.blueprint);
    }
    let chosen = if named.is_empty() {
        outline(DESIGNED).into_iter().collect()
    } else {
        named
    };
    let out = command.out.clone().unwrap_or_else(|| PathBuf::from(OUT));
    let links = Links {
        source_base: command.source_url.clone(),
        relative_root: None,
        diagrams: "diagrams".to_owned(),
    };
    let options = Options {
        date: command.date.clone(),
        faults: described::errors(&designed.diagnostics),
        ..Options::default()
    };
    let misplaced = drawing.positions.unknown(&design.blueprint.views);
    diagnostics::print(
        &misplaced,
        Path::new(""),
        arguments.diagnostics,
        arguments.quiet,
    );
    let (files, more) = files(
        &design.blueprint,
        &chosen,
        formats,
        links,
        drawing,
        &options,
    )?;
    let all: Vec<_> = designed.diagnostics.into_iter().chain(more).collect();
    diagnostics::print(&all, &designed.root, arguments.diagnostics, arguments.quiet);
    let done = write(command, &out, &files, &chosen, formats)?;
    Ok(if invalid { ExitCode::from(2) } else { done })
}

/// Writes the files unless a person edited one, and prints the paths of the documents.
fn write(
    command: &Generate,
    out: &Path,
    files: &Files,
    chosen: &[&'static Outline],
    formats: &[&'static Format],
) -> Result<ExitCode> {
    let refused = outputs::refusals(out, files);
    if !refused.is_empty() && !command.force {
        for refusal in &refused {
            let path = refusal.path.display();
            diagnostics::say(&format!("{path} is {}:\n{}\n", refusal.why, refusal.diff));
        }
        bail!(
            "refused to overwrite {} file{}; move your text to groundplan.yaml, or use `--force`",
            refused.len(),
            if refused.len() == 1 { "" } else { "s" }
        );
    }
    outputs::write(out, files)?;
    let documents = chosen
        .iter()
        .flat_map(|o| formats.iter().map(move |f| (o, f)));
    let lines: Vec<String> = documents
        .map(|(o, f)| {
            out.join(format!("{}.{}", o.name, f.extension))
                .display()
                .to_string()
        })
        .collect();
    super::print(&lines.join("\n"))
}

/// The outlines that the command line names; empty if it names none.
fn named_outlines(names: &[String]) -> Result<Vec<&'static Outline>> {
    let mut all = Vec::new();
    for name in names {
        match outlines_of(name) {
            Some(found) => all.extend(found),
            None => bail!("{}", unknown_outline(name)),
        }
    }
    Ok(once(all))
}

/// The outlines that `groundplan.yaml` names.
fn declared_outlines(declared: &Declaration) -> (Vec<&'static Outline>, Vec<Diagnostic>) {
    let mut all = Vec::new();
    let mut faults = Vec::new();
    for said in &declared.outlines {
        match outlines_of(said.text.trim()) {
            Some(found) => all.extend(found),
            None => {
                let fault = unknown_outline(&said.text);
                let fault = Diagnostic::new(Severity::Error, "unknown-outline", fault);
                faults.push(placed(fault, said).help("`groundplan outline list` shows them"));
            }
        }
    }
    (once(all), faults)
}

fn outlines_of(name: &str) -> Option<Vec<&'static Outline>> {
    if name == "all" {
        return Some(outlines().iter().collect());
    }
    outline(name).map(|found| vec![found])
}

fn unknown_outline(name: &str) -> String {
    format!(
        "expected an outline ({}, or `all`), found `{name}`",
        super::outline::names()
    )
}

/// Each outline once, where it was named first.
fn once(named: Vec<&'static Outline>) -> Vec<&'static Outline> {
    let mut all: Vec<&'static Outline> = Vec::new();
    for found in named {
        if !all.iter().any(|known| known.name == found.name) {
            all.push(found);
        }
    }
    all
}

/// The web address of the files that `groundplan.yaml` names.
fn declared_url(declared: &Declaration) -> (Option<String>, Option<Diagnostic>) {
    let Some(said) = &declared.source_url else {
        return (None, None);
    };
    match arguments::base(&said.text) {
        Ok(url) => (Some(url), None),
        Err(fault) => {
            let fault = Diagnostic::new(Severity::Error, "bad-source-url", fault);
            let help = "give the address under which the files of the revision can be seen";
            (None, Some(placed(fault, said).help(help)))
        }
    }
}

fn placed(diagnostic: Diagnostic, said: &Statement) -> Diagnostic {
    match said.provenance.first() {
        Some(place) => diagnostic.at(place.clone()),
        None => diagnostic,
    }
}

fn chosen_formats(names: &[String]) -> Result<Vec<&'static Format>> {
    let mut all = Vec::new();
    for name in names {
        match groundplan_render::format(name) {
            Some(found) => all.push(found),
            None => {
                let known: Vec<&str> = FORMATS.iter().map(|f| f.name).collect();
                bail!("expected a format ({}), found `{name}`", known.join(", "));
            }
        }
    }
    Ok(all)
}

/// The output folder: the usual one of the repository, or the one that was named, as every path of
/// a command line from where the command runs.
fn out_folder(root: &Path, out: Option<&Path>) -> PathBuf {
    match out {
        None => root.join(OUT),
        Some(out) => out.to_path_buf(),
    }
}

/// The output folder below the repository, by its words, unless it was named in full.
fn below(root: &Path, out: Option<&Path>) -> Option<String> {
    let Some(out) = out else {
        return Some(OUT.to_owned());
    };
    let plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if !out.components().all(plain) {
        return None;
    }
    let root = root.canonicalize().ok()?;
    let here = std::env::current_dir().ok()?.canonicalize().ok()?;
    let path = here.join(out);
    Some(path.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/"))
}

/// The path of `out` below `root` with `/`; `None` if it lies elsewhere.
fn relative_to(root: &Path, out: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    // The folder need not exist yet, so it is resolved by words.
    let mut full = if out.is_absolute() {
        PathBuf::new()
    } else {
        std::env::current_dir().ok()?
    };
    for part in out.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                full.pop();
            }
            other => full.push(other),
        }
    }
    let full = full.canonicalize().unwrap_or(full);
    let path = full.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
    (!path.is_empty()).then_some(path)
}

/// All files of the output folder.
fn files(
    blueprint: &Blueprint,
    chosen: &[&Outline],
    formats: &[&'static Format],
    links: Links,
    drawing: Drawing,
    options: &Options,
) -> Result<(Files, Vec<Diagnostic>)> {
    let mut files = Files::new();
    let Drawing { theme, positions } = drawing;
    let mut diagnostics = Vec::new();
    let context = Context::placed(blueprint, links, theme, |view| {
        let mut hints = Hints::default();
        positions.pin(view, &mut hints);
        hints
    });
    for outline in chosen {
        let (document, more) = compose(blueprint, outline, options);
        diagnostics.extend(more);
        for format in formats {
            let text = (format.run)(&document, &context);
            files.insert(format!("{}.{}", outline.name, format.extension), text);
        }
    }
    for (id, svg) in context.drawings {
        files.insert(format!("diagrams/{id}.svg"), svg);
    }
    files.insert("blueprint.json".to_owned(), pretty(blueprint)?);
    files.insert("facts.json".to_owned(), pretty(&stages::facts(blueprint))?);
    Ok((files, diagnostics))
}

fn pretty(value: &impl serde::Serialize) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
