//! Diagnostics on standard error, in rustc's layout or as JSON.

use crate::arguments::DiagnosticForm;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use groundplan_model::{Diagnostic, Evidence, Severity};
use std::io::{IsTerminal, Write};
use std::path::Path;

/// Most diagnostics of one name that are printed; the rest is counted.
const MOST: usize = 12;

/// Prints diagnostics about the material; source lines are read from below `root`.
pub(crate) fn print(all: &[Diagnostic], root: &Path, form: DiagnosticForm, quiet: bool) {
    let mut shown: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for diagnostic in all {
        if quiet && diagnostic.severity != Severity::Error {
            continue;
        }
        if form == DiagnosticForm::Json {
            if let Ok(line) = serde_json::to_string(diagnostic) {
                say(&line);
            }
            continue;
        }
        // Notes are for the coverage table; they would drown the rest here.
        if diagnostic.severity == Severity::Note {
            continue;
        }
        let count = shown.entry(&diagnostic.name).or_default();
        *count += 1;
        if *count <= MOST {
            say(&format!("{}\n", text(diagnostic, root)));
        }
    }
    for (name, count) in shown.into_iter().filter(|(_, count)| *count > MOST) {
        let more = count - MOST;
        say(&format!(
            "{more} more `{name}`; `--diagnostics json` prints all\n"
        ));
    }
}

/// Writes a line to standard error; that nobody reads it any more is no fault.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// One diagnostic as text.
fn text(diagnostic: &Diagnostic, root: &Path) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let sources: Vec<(&Evidence, Option<&str>, (String, bool))> = diagnostic
        .place
        .iter()
        .map(|p| (p, None))
        .chain(
            diagnostic
                .labels
                .iter()
                .map(|l| (&l.place, Some(l.text.as_str()))),
        )
        .enumerate()
        .map(|(nth, (place, label))| {
            let columns = diagnostic.columns.filter(|_| nth == 0);
            (place, label, excerpt(root, place, columns))
        })
        .collect();
    let title = level
        .primary_title(&diagnostic.message)
        .id(&diagnostic.name);
    let mut group = Group::with_title(title);
    for (index, (place, label, (source, same))) in sources.iter().enumerate() {
        if source.is_empty() {
            group = group.element(annotate_snippets::Origin::path(place.label()));
            continue;
        }
        let columns = diagnostic.columns.filter(|_| index == 0 && *same);
        let range = span(source, columns);
        let kind = if index == 0 {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let mut annotation = kind.span(range);
        if let Some(label) = label {
            annotation = annotation.label(*label);
        }
        let snippet = Snippet::source(source.as_str())
            .line_start(place.lines[0] as usize)
            .path(&place.path)
            .annotation(annotation);
        group = group.element(snippet);
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer().render(&[group])
}

fn renderer() -> Renderer {
    let coloured = std::env::var_os("NO_COLOR").is_none() && std::io::stderr().is_terminal();
    if coloured {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

/// The cited lines, at most four, without control characters and secrets, and whether the first
/// still has its columns.
fn excerpt(root: &Path, place: &Evidence, columns: Option<[u32; 2]>) -> (String, bool) {
    // A brief may be one long line; what is underlined in it must be there.
    let most = columns.map_or(200, |[_, last]| (last as usize + 40).clamp(200, 4_000));
    let text = std::fs::read(root.join(&place.path)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let [first, last] = place.lines;
    let last = last.min(first + 3);
    let mut lines = Vec::new();
    let mut same = true;
    for line in text
        .lines()
        .skip(first as usize - 1)
        .take((last - first + 1) as usize)
    {
        let shown = groundplan_survey::without_secrets(line);
        same &= !lines.is_empty() || shown == line;
        let shown = shown
            .chars()
            .take(most)
            .filter(|c| !c.is_control() || *c == '\t');
        lines.push(shown.collect::<String>());
    }
    (lines.join("\n"), same)
}

fn span(source: &str, columns: Option<[u32; 2]>) -> std::ops::Range<usize> {
    let line = source.lines().next().unwrap_or_default();
    let indent = line.len() - line.trim_start().len();
    let end = line.trim_end().len().max(indent);
    match columns {
        Some([first, last]) => {
            let byte = |column: u32| {
                line.char_indices()
                    .nth(column as usize - 1)
                    .map_or(line.len(), |(at, _)| at)
            };
            let start = byte(first.max(1)).min(line.len());
            start..byte(last.saturating_add(1)).max(start)
        }
        None => indent..end,
    }
}

/// Prints an error about the world: disk, permissions, arguments.
pub(crate) fn world(error: &anyhow::Error) {
    let mut group = Group::with_title(Level::ERROR.primary_title(error.to_string()));
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    for cause in &causes {
        group = group.element(Level::NOTE.message(cause.as_str()));
    }
    say(&renderer().render(&[group]));
}
