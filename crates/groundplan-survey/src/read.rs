//! One file to facts: marker match, then the extractors that have something to do.

use crate::extractor::Reads;
use crate::extractors::EXTRACTORS;
use crate::facts::FileFacts;
use crate::source::SourceFile;
use aho_corasick::{AhoCorasick, MatchKind};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Language;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What all extractors together ask of a file, built once.
struct Matchers {
    /// All globs, each with the extractor it belongs to.
    globs: GlobSet,
    glob_owner: Vec<usize>,
    by_language: BTreeMap<Language, Vec<usize>>,
    markers: AhoCorasick,
    marker_owners: Vec<Vec<usize>>,
}

fn matchers() -> Option<&'static Matchers> {
    static MATCHERS: OnceLock<Option<Matchers>> = OnceLock::new();
    MATCHERS.get_or_init(build).as_ref()
}

fn build() -> Option<Matchers> {
    let mut globs = GlobSetBuilder::new();
    let mut glob_owner = Vec::new();
    let mut by_language: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    let mut owners: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, extractor) in EXTRACTORS.iter().enumerate() {
        for reads in extractor.reads {
            match reads {
                Reads::Paths(patterns) => {
                    for pattern in *patterns {
                        let full = if pattern.contains('/') {
                            (*pattern).to_owned()
                        } else {
                            format!("**/{pattern}")
                        };
                        let glob = GlobBuilder::new(&full)
                            .literal_separator(true)
                            .case_insensitive(true)
                            .build()
                            .ok()?;
                        globs.add(glob);
                        glob_owner.push(index);
                    }
                }
                Reads::Languages(languages) => {
                    for language in *languages {
                        by_language.entry(*language).or_default().push(index);
                    }
                }
            }
        }
        for marker in extractor.markers {
            owners.entry(marker).or_default().push(index);
        }
    }
    let markers = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(owners.keys())
        .ok()?;
    Some(Matchers {
        globs: globs.build().ok()?,
        glob_owner,
        by_language,
        markers,
        marker_owners: owners.into_values().collect(),
    })
}

/// What the text of one file says. A pure function of path and text.
pub fn extract_file(path: &str, text: &str) -> FileFacts {
    let file = SourceFile::new(path, text);
    let mut facts = FileFacts::of(&file);
    let Some(matchers) = matchers() else {
        return facts;
    };
    let mut wanted: Vec<usize> = matchers
        .globs
        .matches(path)
        .into_iter()
        .map(|g| matchers.glob_owner[g])
        .collect();
    if let Some(more) = matchers.by_language.get(&file.language) {
        wanted.extend(more);
    }
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return facts;
    }
    let marked = marked(matchers, &wanted, text);
    for index in wanted {
        let extractor = EXTRACTORS[index];
        if extractor.markers.is_empty() || marked[index] {
            (extractor.run)(&mut facts, &file);
        }
    }
    for error in file.syntax_errors() {
        let found = Diagnostic::new(Severity::Warning, "broken-file", error.message)
            .at(file.evidence(error.line, error.line))
            .help("what stands before the fault was read; mend the file to have it all");
        let found = if error.column > 0 {
            found.columns(error.column, error.column)
        } else {
            found
        };
        facts.diagnostics.push(found);
    }
    crate::redact::redact(facts, text)
}

/// One pass over the text for the markers of the extractors that want this file.
fn marked(matchers: &Matchers, wanted: &[usize], text: &str) -> Vec<bool> {
    let mut found = vec![false; EXTRACTORS.len()];
    let mut open: usize = wanted
        .iter()
        .filter(|&&index| !EXTRACTORS[index].markers.is_empty())
        .count();
    let mut is_wanted = vec![false; EXTRACTORS.len()];
    for &index in wanted {
        is_wanted[index] = true;
    }
    if open == 0 {
        return found;
    }
    for hit in matchers.markers.find_overlapping_iter(text) {
        for &owner in &matchers.marker_owners[hit.pattern().as_usize()] {
            if is_wanted[owner] && !found[owner] {
                found[owner] = true;
                open -= 1;
            }
        }
        if open == 0 {
            break;
        }
    }
    found
}

/// Whether a file is worth opening: an extractor may want it, or it is code whose lines count.
pub(crate) fn is_interesting(path: &str, language: Language) -> bool {
    language.is_code()
        || matchers()
            .is_some_and(|m| m.by_language.contains_key(&language) || m.globs.is_match(path))
}
