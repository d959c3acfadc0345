//! `groundplan outline list|show`.

use crate::arguments::OutlineCommand;
use anyhow::{Result, bail};
use groundplan_document::{Outline, SectionSpec, outline, outlines};
use std::process::ExitCode;

pub(crate) fn run(command: &OutlineCommand) -> Result<ExitCode> {
    match command {
        OutlineCommand::List => {
            let width = outlines().iter().map(|o| o.name.len()).max().unwrap_or(0);
            let lines: Vec<String> = outlines()
                .iter()
                .map(|o| format!("{:width$}  {}", o.name, o.about))
                .collect();
            super::print(&lines.join("\n"))
        }
        OutlineCommand::Show { name } => {
            let Some(found) = outline(name) else {
                bail!("expected an outline ({}), found `{name}`", names());
            };
            super::print(&show(found))
        }
    }
}

/// The names of all outlines, for messages.
pub(crate) fn names() -> String {
    outlines()
        .iter()
        .map(|o| o.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn show(outline: &Outline) -> String {
    let mut out = format!("{}: {}\n", outline.name, outline.about);
    for section in &outline.sections {
        lines(section, 1, &mut out);
    }
    out
}

fn lines(section: &SectionSpec, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}{}\n", section.heading));
    for label in &section.labels {
        out.push_str(&format!("{indent}  - {}\n", label.label));
    }
    for inner in &section.sections {
        lines(inner, depth + 1, out);
    }
}
