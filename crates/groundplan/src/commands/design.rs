//! `groundplan design`: the blueprint of a brief, or what a change of the brief changes.

use crate::arguments::{Arguments, Design};
use crate::{described, diagnostics};
use anyhow::Result;
use groundplan_design::compare;
use std::process::ExitCode;

pub(crate) fn run(arguments: &Arguments, command: &Design) -> Result<ExitCode> {
    let designed = described::designed(&command.brief)?;
    diagnostics::print(
        &designed.diagnostics,
        &designed.root,
        arguments.diagnostics,
        arguments.quiet,
    );
    let Some(before) = &designed.design else {
        return Ok(ExitCode::from(2));
    };
    if command.what_if.is_empty() {
        return super::print(&serde_json::to_string_pretty(&before.blueprint)?);
    }
    let (after, found) = designed.changed(&command.what_if)?;
    let Some(after) = after else {
        diagnostics::print(
            &found,
            &designed.root,
            arguments.diagnostics,
            arguments.quiet,
        );
        return Ok(ExitCode::from(2));
    };
    let changes = compare(before, &after);
    if changes.is_empty() {
        return super::print("nothing changes");
    }
    let heads = ("fact or decision", "now", "then");
    let width = |of: fn(&groundplan_design::Change) -> &str, head: &str| {
        let lengths = changes.iter().map(|c| of(c).chars().count());
        lengths.chain([head.len()]).max().unwrap_or(0).min(44)
    };
    let first = width(|c| &c.path, heads.0);
    let second = width(|c| &c.before, heads.1);
    let mut lines = vec![format!(
        "{:first$}  {:second$}  {}",
        heads.0, heads.1, heads.2
    )];
    for c in &changes {
        let mark = if c.decision { " (decision)" } else { "" };
        let line = format!("{:first$}  {:second$}  {}{mark}", c.path, c.before, c.after);
        lines.push(line.trim_end().to_owned());
    }
    super::print(&lines.join("\n"))
}
