//! The whole survey: tree, history, blueprint.

use crate::declared::{DECLARATION, Declaration, read_declaration, reconcile};
use crate::history::history;
use crate::resolve::{Surroundings, resolve};
use crate::tree::{Options, Progress, Reading, read_tree};
use groundplan_knowledge::knowledge;
use groundplan_model::{Blueprint, Diagnostic, Severity};
use std::path::{Path, PathBuf};

/// A repository whose files were read and whose facts are still to be joined.
pub struct Source {
    reading: Reading,
    declared: Option<Declaration>,
    /// Files in which users describe technologies: path and text.
    technologies: Vec<(String, String)>,
    diagnostics: Vec<Diagnostic>,
    surroundings: Surroundings,
    root: PathBuf,
    outputs: Vec<String>,
    options: Options,
    identity: String,
}

/// Reads the files of the repository at `root`. Declared globs narrow the survey like those of
/// `options`; `outputs` are paths relative to `root` that Groundplan writes: they are never
/// evidence.
pub fn read(root: &Path, outputs: &[String], options: &Options, progress: &Progress) -> Source {
    let mut options = options.clone();
    options.exclude.extend(outputs.iter().cloned());
    // What a person declares is no evidence of what is built.
    options
        .exclude
        .extend(DECLARATION.map(|name| format!("**/{name}")));
    options.exclude.push("**/.groundplan".to_owned());
    let (declared, mut diagnostics) = read_declaration(root);
    if let Some(declared) = &declared {
        options.include.extend(declared.include.iter().cloned());
        options.exclude.extend(declared.exclude.iter().cloned());
    }
    let reading = read_tree(root, &options, progress);
    let (texts, more) = user_files(root);
    diagnostics.extend(more);
    let remote = crate::history::remote_of(root);
    let surroundings = Surroundings {
        fallback_name: fallback_name(root, remote.as_deref()),
    };
    let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
    let mut add = |text: &str| {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(reading.hash());
    add(&surroundings.fallback_name);
    add(&format!("{declared:?} {diagnostics:?}"));
    for (path, text) in &texts {
        add(path);
        add(text);
    }
    let asked = [&options.include, &options.exclude, &outputs.to_vec()].map(|list| list.join("\n"));
    asked.iter().for_each(|list| add(list));
    if options.history {
        add(&crate::history::state(root, options.as_of.as_deref()));
    }
    Source {
        identity: format!("{:032x}", hash.digest128()),
        reading,
        declared,
        technologies: texts,
        diagnostics,
        surroundings,
        root: root.to_path_buf(),
        outputs: outputs.to_vec(),
        options,
    }
}

impl Source {
    /// Hash over everything that decides what [`Source::blueprint`] gives, as hexadecimal digits:
    /// files, declaration, own technologies, options and the state of the history.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// Joins what the files say, and what `groundplan.yaml` declares, to the as-built blueprint.
    /// Its views and questions are empty: other stages make them.
    pub fn blueprint(self) -> (Blueprint, Vec<Diagnostic>) {
        let (tree, mut diagnostics) = self.reading.facts();
        diagnostics.extend(self.diagnostics);
        if tree.files.is_empty() && self.declared.is_none() {
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
        let (past, more) = if self.options.history {
            let as_of = self.options.as_of.as_deref();
            history(&self.root, &self.outputs, as_of)
        } else {
            Default::default()
        };
        diagnostics.extend(more);
        let own =
            (!self.technologies.is_empty()).then(|| knowledge().with_user(&self.technologies));
        let base = own.as_ref().map_or_else(|| knowledge(), |(own, _)| own);
        let (mut blueprint, more) = resolve(&tree, base, &self.surroundings);
        diagnostics.extend(own.iter().flat_map(|(_, faults)| faults.iter().cloned()));
        diagnostics.extend(more);
        if let Some(declared) = &self.declared {
            diagnostics.extend(reconcile(&mut blueprint, declared));
        }
        blueprint.history = past;
        diagnostics.sort();
        diagnostics.dedup();
        if self.options.once {
            std::mem::forget(tree);
        }
        (blueprint, diagnostics)
    }
}

/// [`read`] and [`Source::blueprint`] in one.
pub fn survey(
    root: &Path,
    outputs: &[String],
    options: &Options,
    progress: &Progress,
) -> (Blueprint, Vec<Diagnostic>) {
    read(root, outputs, options, progress).blueprint()
}

/// The files in which users describe technologies: path and text, in order.
fn user_files(root: &Path) -> (Vec<(String, String)>, Vec<Diagnostic>) {
    let folder = root.join(".groundplan/technologies");
    let is_link = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
    if is_link(&folder) || is_link(&root.join(".groundplan")) {
        let found = Diagnostic::new(
            Severity::Warning,
            "linked-folder",
            "expected `.groundplan/technologies` to be a folder, found a link; it was not read",
        );
        return (
            Vec::new(),
            vec![found.help("put the files themselves there")],
        );
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
    files.sort();
    (files, Vec::new())
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
