//! The whole survey: tree, history, blueprint.

use crate::declared::{DECLARATION, read_declaration, reconcile};
use crate::history::history;
use crate::resolve::{Surroundings, resolve};
use crate::tree::{Options, Progress, read_tree};
use groundplan_knowledge::{Knowledge, knowledge};
use groundplan_model::{Blueprint, Diagnostic, Severity};
use std::path::Path;

/// Reads the repository at `root` and joins what it says, and what `groundplan.yaml` declares, to
/// the as-built blueprint. Declared globs narrow the survey like those of `options`.
///
/// `outputs` are paths relative to `root` that Groundplan writes: they are never evidence.
/// The blueprint's views and questions are empty: other stages make them.
pub fn survey(
    root: &Path,
    outputs: &[String],
    options: &Options,
    progress: &Progress,
) -> (Blueprint, Vec<Diagnostic>) {
    let mut options = options.clone();
    options.exclude.extend(outputs.iter().cloned());
    // What a person declares is no evidence of what is built.
    options
        .exclude
        .extend(DECLARATION.map(|name| format!("**/{name}")));
    options.exclude.push("**/.groundplan".to_owned());
    let (declared, faults) = read_declaration(root);
    if let Some(declared) = &declared {
        options.include.extend(declared.include.iter().cloned());
        options.exclude.extend(declared.exclude.iter().cloned());
    }
    let (tree, mut diagnostics) = read_tree(root, &options, progress);
    diagnostics.extend(faults);
    if tree.files.is_empty() && declared.is_none() {
        diagnostics.push(
            Diagnostic::new(
                Severity::Error,
                "nothing-to-survey",
                "expected source, configuration or text files, found none",
            )
            .help("give the folder of a repository, or check `--include` and `--exclude`"),
        );
        return (Blueprint::default(), diagnostics);
    }
    let (own, more) = user_knowledge(root);
    diagnostics.extend(more);
    let (mut past, more) = if options.history {
        history(root, outputs, options.as_of.as_deref())
    } else {
        Default::default()
    };
    diagnostics.extend(more);
    let surroundings = Surroundings {
        fallback_name: fallback_name(root, past.remote.as_deref()),
    };
    let base = own.as_ref().unwrap_or_else(|| knowledge());
    let (mut blueprint, more) = resolve(&tree, base, &surroundings);
    diagnostics.extend(more);
    if let Some(declared) = &declared {
        diagnostics.extend(reconcile(&mut blueprint, declared));
    }
    blueprint.history = std::mem::take(&mut past);
    diagnostics.sort();
    diagnostics.dedup();
    (blueprint, diagnostics)
}

fn user_knowledge(root: &Path) -> (Option<Knowledge>, Vec<Diagnostic>) {
    let folder = root.join(".groundplan/technologies");
    let is_link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
    if is_link(&folder) || is_link(&root.join(".groundplan")) {
        let found = Diagnostic::new(
            Severity::Warning,
            "linked-folder",
            "expected `.groundplan/technologies` to be a folder, found a link; it was not read",
        );
        return (None, vec![found.help("put the files themselves there")]);
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().is_ok_and(|t| t.is_file());
        if is_file
            && (name.ends_with(".yaml") || name.ends_with(".yml"))
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            files.push((format!(".groundplan/technologies/{name}"), text));
        }
    }
    if files.is_empty() {
        return (None, Vec::new());
    }
    files.sort();
    let (own, diagnostics) = knowledge().with_user(&files);
    (Some(own), diagnostics)
}

fn fallback_name(root: &Path, remote: Option<&str>) -> String {
    let remote = remote.and_then(|r| r.rsplit('/').next()).map(str::to_owned);
    remote.unwrap_or_else(|| {
        let full = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        full.file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default()
    })
}
