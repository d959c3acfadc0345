//! One file to facts: marker match, then the extractors that have something to do.

use crate::extractor::Reads;
use crate::extractors::EXTRACTORS;
use crate::facts::FileFacts;
use crate::source::SourceFile;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Language;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

/// What all extractors together ask of a file, built once.
struct Matchers {
    /// All globs, each with the extractor it belongs to.
    globs: GlobSet,
    glob_owner: Vec<usize>,
    by_language: BTreeMap<Language, Vec<usize>>,
    /// Those that read the marks of technologies.
    of_known: Vec<usize>,
    /// One search for each set of extractors that some file is for, made when the first such file
    /// comes: few markers make a small automaton, and a small automaton is fast.
    searches: RwLock<BTreeMap<Vec<usize>, Option<Arc<Search>>>>,
}

/// The markers of some extractors.
struct Search {
    markers: AhoCorasick,
    /// For each marker the places of its extractors in the set.
    owners: Vec<Vec<usize>>,
}

impl Search {
    /// `None` if none of the extractors has markers.
    fn of(extractors: &[usize]) -> Option<Search> {
        let mut owners: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, &index) in extractors.iter().enumerate() {
            for marker in EXTRACTORS[index].markers {
                owners.entry(marker).or_default().push(place);
            }
        }
        if owners.is_empty() {
            return None;
        }
        let markers = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(owners.keys())
            .ok()?;
        Some(Search {
            markers,
            owners: owners.into_values().collect(),
        })
    }
}

fn matchers() -> Option<&'static Matchers> {
    static MATCHERS: OnceLock<Option<Matchers>> = OnceLock::new();
    MATCHERS.get_or_init(build).as_ref()
}

fn build() -> Option<Matchers> {
    let mut globs = GlobSetBuilder::new();
    let mut glob_owner = Vec::new();
    let mut by_language: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    let mut of_known = Vec::new();
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
                Reads::Known => of_known.push(index),
                Reads::Languages(languages) => {
                    for language in *languages {
                        by_language.entry(*language).or_default().push(index);
                    }
                }
            }
        }
    }
    Some(Matchers {
        globs: globs.build().ok()?,
        glob_owner,
        by_language,
        of_known,
        searches: RwLock::default(),
    })
}

/// What the text of one file says. A pure function of path and text.
pub fn extract_file(path: &str, text: &str) -> FileFacts {
    let file = SourceFile::new(path, text);
    let mut facts = FileFacts::of(&file);
    let Some(matchers) = matchers() else {
        return facts;
    };
    if file.language == Language::Go && crate::paths::is_never_built(text) {
        return facts;
    }
    crate::mentions::note(&mut facts, &file);
    let mut wanted: Vec<usize> = matchers
        .globs
        .matches(path)
        .into_iter()
        .map(|g| matchers.glob_owner[g])
        .collect();
    if let Some(more) = matchers.by_language.get(&file.language) {
        wanted.extend(more);
    }
    if crate::extractors::known_files::is_mark(path) {
        wanted.extend(&matchers.of_known);
    }
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return facts;
    }
    let marked = marked(matchers, &wanted, text);
    for (index, marked) in wanted.into_iter().zip(marked) {
        if marked {
            (EXTRACTORS[index].run)(&mut facts, &file);
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

/// What words of the text speak against an absence, of a file that no extractor reads; `kind` says
/// what it is.
pub(crate) fn search_file(path: &str, text: &str, kind: String) -> FileFacts {
    let file = SourceFile::new(path, text);
    let mut facts = FileFacts::of(&file);
    crate::mentions::note(&mut facts, &file);
    facts.unread = Some(kind);
    facts
}

/// Of each extractor that wants this file, whether it has something to do: one pass over the text
/// for the markers of all of them.
fn marked(matchers: &Matchers, wanted: &[usize], text: &str) -> Vec<bool> {
    let mut found: Vec<bool> = wanted
        .iter()
        .map(|&index| EXTRACTORS[index].markers.is_empty())
        .collect();
    let Some(search) = search(matchers, wanted) else {
        return found;
    };
    let mut open = found.iter().filter(|found| !**found).count();
    for hit in search.markers.find_overlapping_iter(text) {
        for &place in &search.owners[hit.pattern().as_usize()] {
            if !found[place] {
                found[place] = true;
                open -= 1;
            }
        }
        if open == 0 {
            break;
        }
    }
    found
}

/// The search for the markers of `wanted`.
fn search(matchers: &Matchers, wanted: &[usize]) -> Option<Arc<Search>> {
    let known = matchers.searches.read().ok()?.get(wanted).cloned();
    known.unwrap_or_else(|| {
        let made = Search::of(wanted).map(Arc::new);
        if let Ok(mut searches) = matchers.searches.write() {
            searches.insert(wanted.to_vec(), made.clone());
        }
        made
    })
}

/// Whether a file is worth opening: an extractor may want it, or it is code whose lines count.
pub(crate) fn is_interesting(path: &str, language: Language) -> bool {
    language.is_code()
        || matchers()
            .is_some_and(|m| m.by_language.contains_key(&language) || m.globs.is_match(path))
        || crate::extractors::known_files::is_mark(path)
}
