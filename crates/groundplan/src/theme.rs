//! A theme file: colours of one's own for drawings.

use anyhow::{Context, Result, bail};
use groundplan_diagram::{COLOUR_NAMES, Colours, Theme};
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::{Lines, Node, yaml};
use std::path::Path;

/// The theme of `file`, or the usual one, with a warning for each pair of colours that is hard to tell
/// apart; their places are paths as `file` is one.
pub(crate) fn theme(file: Option<&Path>) -> Result<(Theme, Vec<Diagnostic>)> {
    let mut theme = Theme::default();
    let mut weak = Vec::new();
    let Some(path) = file else {
        return Ok((theme, weak));
    };
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
    let lines = Lines::new(&text);
    let (documents, faults) = yaml(&text);
    if let Some(fault) = faults.first() {
        bail!("{shown}:{}: {}", fault.line, fault.message);
    }
    let Some(root) = documents.first() else {
        bail!("{shown}: expected `light` or `dark` with colours, found nothing");
    };
    if !root.is_mapping() {
        bail!(
            "{shown}:{}: expected `light` or `dark` with colours",
            root.first
        );
    }
    for (key, colours) in root.entries() {
        let changed = match key.text.as_str() {
            "light" => &mut theme.light,
            "dark" => &mut theme.dark,
            other => bail!(
                "{shown}:{}: expected `light` or `dark`, found `{other}`",
                key.line
            ),
        };
        change(changed, colours, &shown.to_string())?;
        for (over, under, found, least) in changed.weak() {
            let message = format!(
                "{}: expected a contrast of {least} (WCAG 2.2), found {found:.1} for `{over}` on `{under}`",
                key.text
            );
            let place = lines.evidence(&shown.to_string(), key.line, key.line);
            weak.push(Diagnostic::new(Severity::Warning, "weak-contrast", message).at(place));
        }
    }
    Ok((theme, weak))
}

fn change(colours: &mut Colours, node: &Node, file: &str) -> Result<()> {
    if !node.is_mapping() {
        bail!("{file}:{}: expected names and colours", node.first);
    }
    for (key, value) in node.entries() {
        let name = key.text.as_str();
        if !COLOUR_NAMES.contains(&name) {
            let near = groundplan_knowledge::nearest(name, COLOUR_NAMES);
            let hint = near.map_or(String::new(), |n| format!("; did you mean `{n}`?"));
            bail!(
                "{file}:{}: expected a colour's name ({}), found `{name}`{hint}",
                key.line,
                COLOUR_NAMES.join(", ")
            );
        }
        let given = value.str().unwrap_or_default();
        if !colours.set(name, given) {
            // A bare `#` begins a comment in YAML.
            bail!(
                "{file}:{}: expected `{name}` to be a colour such as \"#2a5d8f\", in quotes, found \
                 `{given}`",
                key.line
            );
        }
    }
    Ok(())
}
