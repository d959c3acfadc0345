//! One file to facts: marker match, then the extractors that have something to do.

use crate::extractor::Reads;
use crate::extractors::EXTRACTORS;
use crate::facts::FileFacts;
use crate::scan::{self, Part};
use crate::source::SourceFile;
use groundplan_model::{Diagnostic, Severity};
use groundplan_syntax::Language;
use groundplan_syntax::markers::Markers;
use groundplan_syntax::patterns::Patterns;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, RwLock};

/// What all extractors together ask of a file, built once.
struct Matchers {
    /// All patterns of paths, each with the extractor it belongs to.
    patterns: Patterns,
    by_language: BTreeMap<Language, Vec<usize>>,
    /// Those that read no tests.
    of_own: BTreeMap<Language, Vec<usize>>,
    /// Those that read the marks of technologies.
    of_known: Vec<usize>,
    /// One search for each set of extractors that some file is for, made when the first such file
    /// comes; `None` where none of them has markers.
    searches: RwLock<BTreeMap<Vec<usize>, Option<Arc<Markers>>>>,
}

fn matchers() -> &'static Matchers {
    static MATCHERS: OnceLock<Matchers> = OnceLock::new();
    MATCHERS.get_or_init(build)
}

fn build() -> Matchers {
    let mut patterns = Patterns::default();
    let mut by_language: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    let mut of_own: BTreeMap<Language, Vec<usize>> = BTreeMap::new();
    let mut of_known = Vec::new();
    for (index, extractor) in EXTRACTORS.iter().enumerate() {
        for reads in extractor.reads {
            match reads {
                Reads::Known => of_known.push(index),
                Reads::Paths(all) => all.iter().for_each(|p| patterns.add(p, index)),
                Reads::Languages(languages) => {
                    for language in *languages {
                        by_language.entry(*language).or_default().push(index);
                    }
                }
                Reads::Own(languages) => {
                    for language in *languages {
                        of_own.entry(*language).or_default().push(index);
                    }
                }
            }
        }
    }
    Matchers {
        patterns,
        by_language,
        of_own,
        of_known,
        searches: RwLock::default(),
    }
}

/// What the text of one file says. A pure function of path and text.
pub fn extract_file(path: &str, text: &str) -> FileFacts {
    let file = SourceFile::new(path, text);
    extracted(&file, text, FileFacts::of(&file))
}

/// The same with imports apart from the other facts.
pub(crate) fn extract_apart(path: &str, text: &str) -> FileFacts {
    let file = SourceFile::new(path, text);
    let mut facts = FileFacts::of(&file);
    facts.imports_apart = true;
    let mut facts = extracted(&file, text, facts).with_imports_apart();
    facts.imports_apart = false;
    facts
}

/// The routes of a server that a generator wrote; nothing of other generated files. None of the lines
/// counts as code that somebody wrote.
pub(crate) fn extract_generated(path: &str, text: &str) -> Option<FileFacts> {
    if !crate::extractors::is_generated_server(text) {
        return None;
    }
    let file = SourceFile::new(path, text);
    let mut facts = FileFacts::of(&file);
    crate::extractors::read_generated_server(&mut facts, &file);
    facts.lines = 0;
    (!facts.facts.is_empty()).then_some(facts)
}

fn extracted(file: &SourceFile<'_>, text: &str, mut facts: FileFacts) -> FileFacts {
    let path = file.path;
    let matchers = matchers();
    if file.language == Language::Go && crate::paths::is_never_built(text) {
        return facts;
    }
    crate::mentions::note(&mut facts, file);
    let mut wanted = matchers.patterns.matches(path);
    if let Some(more) = matchers.by_language.get(&file.language) {
        wanted.extend(more);
    }
    if let Some(more) = matchers.of_own.get(&file.language)
        && !(file.is_test() && scan::part(file) == Part::Test)
    {
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
            (EXTRACTORS[index].run)(&mut facts, file);
        }
    }
    crate::caught::note(&mut facts, file);
    crate::spans::fill(&mut facts, file);
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
    if let Some(search) = search(matchers, wanted) {
        search.search(text, &mut found);
    }
    found
}

/// The search for the markers of `wanted`.
fn search(matchers: &Matchers, wanted: &[usize]) -> Option<Arc<Markers>> {
    let known = matchers.searches.read().ok()?.get(wanted).cloned();
    known.unwrap_or_else(|| {
        let all = wanted.iter().map(|&index| EXTRACTORS[index].markers);
        let made = Markers::of(all).map(Arc::new);
        if let Ok(mut searches) = matchers.searches.write() {
            searches.insert(wanted.to_vec(), made.clone());
        }
        made
    })
}

/// Whether a file is worth opening: an extractor may want it, or it is code whose lines count.
pub(crate) fn is_interesting(path: &str, language: Language) -> bool {
    language.is_code()
        || matchers().by_language.contains_key(&language)
        || matchers().of_own.contains_key(&language)
        || matchers().patterns.is_match(path)
        || crate::extractors::known_files::is_mark(path)
}
