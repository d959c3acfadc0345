//! `groundplan diagram`: views of a repository, a brief or a blueprint, as pictures or text.

use crate::arguments::{Arguments, Diagram, DiagramForm};
use crate::{described, diagnostics, outputs, stages};
use anyhow::{Context, Result, bail};
use groundplan_model::{Blueprint, View};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(arguments: &Arguments, command: &Diagram) -> Result<ExitCode> {
    let Some(blueprint) = blueprint(arguments, command)? else {
        return Ok(ExitCode::from(2));
    };
    let views = &blueprint.views;
    if let Some(folder) = &command.out {
        let chosen = match &command.view {
            Some(name) => vec![find(views, name)?],
            None => views.iter().collect(),
        };
        let form = command.to.unwrap_or(DiagramForm::Svg);
        let mut lines = Vec::new();
        for view in chosen {
            let path = folder.join(format!("{}.{}", view.id, extension(form)));
            outputs::write_one(&path, &drawn(view, form))?;
            lines.push(path.display().to_string());
        }
        return super::print(&lines.join("\n"));
    }
    match &command.view {
        Some(name) => {
            let form = command.to.unwrap_or(DiagramForm::Ascii);
            super::print(&drawn(find(views, name)?, form))
        }
        // One picture is no list, so that the names are the answer.
        None => {
            let width = views.iter().map(|v| v.id.len()).max().unwrap_or(0);
            let lines: Vec<String> = views
                .iter()
                .map(|v| format!("{:width$}  {}", v.id, v.title))
                .collect();
            super::print(&lines.join("\n"))
        }
    }
}

/// The blueprint to draw; `None` if diagnostics say why there is none.
fn blueprint(arguments: &Arguments, command: &Diagram) -> Result<Option<Blueprint>> {
    let path = &command.source.path;
    let show = |found: &[groundplan_model::Diagnostic], root: &Path| {
        diagnostics::print(found, root, arguments.diagnostics, arguments.quiet);
    };
    if path.extension().is_some_and(|e| e == "json") && path.is_file() {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let mut blueprint: Blueprint = serde_json::from_str(&text)
            .with_context(|| format!("expected a blueprint in {}", path.display()))?;
        if blueprint.views.is_empty() {
            blueprint.views = groundplan_diagram::views(&blueprint);
        }
        return Ok(Some(blueprint));
    }
    if path.is_file() {
        let designed = described::designed(path)?;
        if designed.design.is_none() {
            show(&designed.diagnostics, &designed.root);
        }
        return Ok(designed.design.map(|d| d.blueprint));
    }
    stages::must_be_folder(path)?;
    let mut surveyed = described::described(&command.source, &[], arguments.quiet)?;
    if surveyed.is_broken() {
        show(&surveyed.diagnostics, &surveyed.root);
        return Ok(None);
    }
    surveyed.blueprint().map(Some)
}

fn find<'v>(views: &'v [View], name: &str) -> Result<&'v View> {
    if let Some(view) = views.iter().find(|v| v.id == name) {
        return Ok(view);
    }
    let ids: Vec<&str> = views.iter().map(|v| v.id.as_str()).collect();
    let near = groundplan_knowledge::nearest(name, ids.iter().copied());
    let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
    bail!("expected a view ({}), found `{name}`{hint}", ids.join(", "))
}

fn drawn(view: &View, form: DiagramForm) -> String {
    match form {
        DiagramForm::Svg => groundplan_diagram::svg(view),
        DiagramForm::Ascii => groundplan_diagram::text(view),
        DiagramForm::Mermaid => groundplan_diagram::mermaid(view),
        DiagramForm::Description => groundplan_diagram::description(view).join("\n"),
    }
}

fn extension(form: DiagramForm) -> &'static str {
    match form {
        DiagramForm::Svg => "svg",
        DiagramForm::Ascii | DiagramForm::Description => "txt",
        DiagramForm::Mermaid => "mmd",
    }
}
