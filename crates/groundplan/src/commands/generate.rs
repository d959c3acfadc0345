//! `groundplan generate`: the main job.
#![expect(clippy::print_stderr, reason = "the program is where things are printed")]

use crate::arguments::{Arguments, Generate};
use crate::outputs::{self, Files};
use crate::{diagnostics, stages};
use anyhow::{Result, bail};
use groundplan_document::{Options, Outline, compose, outline, outlines};
use groundplan_model::Blueprint;
use groundplan_render::{Context, FORMATS, Format, Links};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

/// Where documents go unless somebody says otherwise.
const OUT: &str = "docs/architecture";

pub(crate) fn run(arguments: &Arguments, command: &Generate) -> Result<ExitCode> {
    let chosen = chosen_outlines(&command.outline)?;
    let formats = chosen_formats(&command.to)?;
    let root = &command.source.path;
    let out = out_folder(root, command.out.as_deref());
    let inside = relative_to(root, &out);
    let surveyed = stages::built(
        &command.source,
        &inside.iter().cloned().collect::<Vec<_>>(),
        arguments.quiet,
    )?;
    let blueprint = surveyed.blueprint;
    let broken = surveyed.diagnostics.iter().any(|d| d.severity == groundplan_model::Severity::Error);
    if broken {
        diagnostics::print(&surveyed.diagnostics, root, arguments.diagnostics, arguments.quiet);
        return Ok(ExitCode::from(2));
    }
    let links = links(command, &blueprint, inside.as_deref());
    let options = Options { date: command.date.clone(), ..Options::default() };
    let (files, more) = files(&blueprint, &chosen, &formats, links, &options)?;
    let all: Vec<_> = surveyed.diagnostics.into_iter().chain(more).collect();
    diagnostics::print(&all, root, arguments.diagnostics, arguments.quiet);
    let refused = outputs::refusals(&out, &files);
    if !refused.is_empty() && !command.force {
        for refusal in &refused {
            eprintln!("{} was {}:\n{}\n", refusal.path.display(), refusal.why, refusal.diff);
        }
        bail!(
            "refused to overwrite {} file{}; move your text to groundplan.yaml, or use `--force`",
            refused.len(),
            if refused.len() == 1 { "" } else { "s" }
        );
    }
    outputs::write(&out, &files)?;
    let documents = chosen.iter().flat_map(|o| formats.iter().map(move |f| (o, f)));
    let lines: Vec<String> = documents
        .map(|(o, f)| out.join(format!("{}.{}", o.name, f.extension)).display().to_string())
        .collect();
    super::print(&lines.join("\n"))
}

fn chosen_outlines(names: &[String]) -> Result<Vec<&'static Outline>> {
    if names.iter().any(|n| n == "all") {
        return Ok(outlines().iter().collect());
    }
    if names.is_empty() {
        return Ok(outline("reference").into_iter().collect());
    }
    let mut all = Vec::new();
    for name in names {
        match outline(name) {
            Some(found) => all.push(found),
            None => bail!(
                "expected an outline ({}, or `all`), found `{name}`",
                super::outline::names()
            ),
        }
    }
    Ok(all)
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

fn out_folder(root: &Path, out: Option<&Path>) -> PathBuf {
    match out {
        None => root.join(OUT),
        Some(out) if out.is_absolute() => out.to_path_buf(),
        Some(out) => root.join(out),
    }
}

/// The path of `out` below `root` with `/`; `None` if it lies elsewhere.
fn relative_to(root: &Path, out: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    // The folder need not exist yet, so it is resolved by words.
    let mut full = if out.is_absolute() { PathBuf::new() } else { std::env::current_dir().ok()? };
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

fn links(command: &Generate, blueprint: &Blueprint, inside: Option<&str>) -> Links {
    let source_base = command.source_url.clone();
    let _ = blueprint;
    let relative_root =
        inside.map(|path| vec![".."; path.split('/').count()].join("/"));
    Links { source_base, relative_root, diagrams: "diagrams".to_owned() }
}

/// All files of the output folder.
fn files(
    blueprint: &Blueprint,
    chosen: &[&Outline],
    formats: &[&'static Format],
    links: Links,
    options: &Options,
) -> Result<(Files, Vec<groundplan_model::Diagnostic>)> {
    let mut files = Files::new();
    let mut diagnostics = Vec::new();
    let context = Context { blueprint, links };
    for outline in chosen {
        let (document, more) = compose(blueprint, outline, options);
        diagnostics.extend(more);
        for format in formats {
            let text = (format.run)(&document, &context);
            files.insert(format!("{}.{}", outline.name, format.extension), text);
        }
    }
    for view in &blueprint.views {
        files.insert(format!("diagrams/{}.svg", view.id), groundplan_diagram::svg(view));
    }
    files.insert("blueprint.json".to_owned(), pretty(blueprint)?);
    files.insert("facts.json".to_owned(), pretty(&stages::facts(blueprint))?);
    Ok((files, diagnostics))
}

fn pretty(value: &impl serde::Serialize) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}
