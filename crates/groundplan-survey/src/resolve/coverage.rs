//! What was read and what was not.

use crate::paths;
use crate::tree::Tree;
use groundplan_model::{Blueprint, Coverage, LanguageCoverage, Unread};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Fills the coverage.
pub(crate) fn fill(blueprint: &mut Blueprint, tree: &Tree) {
    let mut languages: BTreeMap<&str, (u32, u32, bool)> = BTreeMap::new();
    let mut coverage = Coverage {
        files: tree.files.len() as u32,
        ..Coverage::default()
    };
    let mut broken: BTreeSet<String> = BTreeSet::new();
    for file in &tree.files {
        coverage.bytes += file.bytes;
        if file.diagnostics.iter().any(|d| d.name == "broken-file") {
            broken.insert(file.path.clone());
        }
        // Nobody writes in a lock file, and what has no language is none.
        let unwritten = paths::is_lock_file(&file.path) || file.language == Language::Other;
        if unwritten {
            continue;
        }
        let entry = languages.entry(file.language.name()).or_default();
        entry.0 += 1;
        entry.1 += file.lines;
        entry.2 |= !file.facts.is_empty();
    }
    coverage.languages = languages
        .into_iter()
        .map(|(language, (files, lines, read))| LanguageCoverage {
            language: language.to_owned(),
            files,
            lines,
            depth: if read { "read" } else { "counted" }.to_owned(),
        })
        .collect();
    coverage
        .languages
        .sort_by(|a, b| (b.lines, &a.language).cmp(&(a.lines, &b.language)));
    let mut unread = tree.unread.clone();
    if !broken.is_empty() {
        unread.insert("partly broken".to_owned(), broken);
    }
    coverage.unread = unread
        .into_iter()
        .map(|(reason, paths)| Unread {
            reason,
            files: paths.len() as u32,
            examples: paths.into_iter().take(5).collect(),
        })
        .collect();
    blueprint.coverage = coverage;
}
