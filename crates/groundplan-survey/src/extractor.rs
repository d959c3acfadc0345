//! What an extractor is.

use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_syntax::Language;

/// The languages of programs whose code is looked through for what all of them do.
pub(crate) const PROGRAMS: [Language; 12] = [
    Language::CSharp,
    Language::Elixir,
    Language::Go,
    Language::Java,
    Language::JavaScript,
    Language::Kotlin,
    Language::Php,
    Language::Python,
    Language::Ruby,
    Language::Rust,
    Language::Scala,
    Language::TypeScript,
];

/// Those of them whose routes, clients and records are read.
pub(crate) const SERVING: [Language; 11] = [
    Language::CSharp,
    Language::Elixir,
    Language::Go,
    Language::Java,
    Language::JavaScript,
    Language::Kotlin,
    Language::Php,
    Language::Python,
    Language::Ruby,
    Language::Rust,
    Language::TypeScript,
];

/// Which files an extractor reads.
#[derive(Clone, Copy, Debug)]
pub enum Reads {
    /// Files whose path matches one of these globs; `*` does not cross `/`, `**/` does, a glob
    /// without `/` matches the file name in any folder. Case-insensitive.
    Paths(&'static [&'static str]),
    /// Files in these languages.
    Languages(&'static [Language]),
    /// Files in these languages that are no tests: what `scan::part` and `paths::is_test` both call a
    /// test is not even searched for markers. In many trees that is half of all files.
    Own(&'static [Language]),
    /// Files that are the mark of a technology, as the data files of technologies tell.
    Known,
}

/// A pure function from one file to facts.
pub struct Extractor {
    /// Kebab-case, equal to the module name.
    pub name: &'static str,
    /// What it finds and what it does not, in Markdown; becomes its page of the manual.
    pub docs: &'static str,
    /// Which files it reads.
    pub reads: &'static [Reads],
    /// Byte strings of which at least one must stand in the file; empty means always. One search
    /// for the markers of all extractors runs over each file, so a marker costs next to nothing
    /// and saves the extractor from files that have nothing for it.
    pub markers: &'static [&'static str],
    /// Adds what the file says. Never fails: what cannot be read becomes a diagnostic.
    pub run: fn(&mut FileFacts, &SourceFile<'_>),
}
