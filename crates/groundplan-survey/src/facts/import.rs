//! Imports, which are two thirds of all facts of a tree of code.

use super::{Claim, Fact, FileFacts};
use crate::source::SourceFile;
use groundplan_model::Evidence;
use serde::{Deserialize, Serialize};

/// An import without what the file says already: a sixth of the room that a fact takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ImportLine {
    /// Module as written.
    #[serde(rename = "m")]
    module: Box<str>,
    #[serde(rename = "l")]
    lines: [u32; 2],
    /// The hash of evidence as a number.
    #[serde(rename = "h")]
    hash: u64,
}

/// An import with its place in the file.
#[derive(Clone, Copy)]
pub(crate) enum ImportAt<'f> {
    Fact(&'f str, &'f Evidence),
    Apart(&'f str, &'f ImportLine),
}

impl<'f> ImportAt<'f> {
    /// Module as written.
    pub(crate) fn module(self) -> &'f str {
        match self {
            ImportAt::Fact(module, _) => module,
            ImportAt::Apart(_, import) => &import.module,
        }
    }

    /// Where it stands.
    pub(crate) fn evidence(self) -> Evidence {
        match self {
            ImportAt::Fact(_, at) => at.clone(),
            ImportAt::Apart(path, import) => import.evidence(path),
        }
    }
}

impl ImportLine {
    fn of(fact: &Fact) -> Option<ImportLine> {
        let Claim::Import(import) = &fact.claim else {
            return None;
        };
        let digits = fact.at.hash.as_bytes();
        let is_digit = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if digits.len() != 16 || !digits.iter().all(is_digit) {
            return None;
        }
        Some(ImportLine {
            module: import.module.as_str().into(),
            lines: fact.at.lines,
            hash: u64::from_str_radix(&fact.at.hash, 16).ok()?,
        })
    }

    fn evidence(&self, path: &str) -> Evidence {
        Evidence::new(path, self.lines[0], self.lines[1], digits(self.hash))
    }
}

fn digits(hash: u64) -> String {
    format!("{hash:016x}")
}

impl FileFacts {
    /// Adds an import apart from the other facts, without the texts that a fact has of its own; whether
    /// that could be done.
    pub(crate) fn add_apart(
        &mut self,
        file: &SourceFile<'_>,
        first: u32,
        last: u32,
        module: &str,
    ) -> bool {
        let Some((lines, hash)) = file.place(first, last) else {
            return false;
        };
        self.begins_with_import |= self.facts.is_empty() && self.imports.is_empty();
        let module = module.into();
        self.imports.push(ImportLine {
            module,
            lines,
            hash,
        });
        true
    }

    /// The same with imports moved out of the other facts: few resolvers ask for them, and all
    /// others would pass over them many times.
    pub(crate) fn with_imports_apart(mut self) -> FileFacts {
        let is_import = |fact: &Fact| matches!(fact.claim, Claim::Import(_));
        if !self.facts.iter().any(is_import) {
            self.facts.shrink_to_fit();
            self.imports.shrink_to_fit();
            return self;
        }
        let mut others = Vec::new();
        for (place, fact) in std::mem::take(&mut self.facts).into_iter().enumerate() {
            match ImportLine::of(&fact) {
                Some(import) => {
                    self.begins_with_import |= place == 0;
                    self.imports.push(import);
                }
                None => others.push(fact),
            }
        }
        others.shrink_to_fit();
        self.imports.shrink_to_fit();
        self.facts = others;
        self
    }

    /// Its imports, in order.
    pub(crate) fn imports(&self) -> impl Iterator<Item = ImportAt<'_>> {
        let facts = self.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::Import(import) => Some(ImportAt::Fact(&import.module, &fact.at)),
            _ => None,
        });
        let apart = self.imports.iter();
        apart.map(|i| ImportAt::Apart(&self.path, i)).chain(facts)
    }

    /// Its imports, each with its first line and the module as written.
    pub fn import_lines(&self) -> impl Iterator<Item = (u32, &str)> {
        self.imports().map(|import| {
            let line = match import {
                ImportAt::Fact(_, at) => at.lines[0],
                ImportAt::Apart(_, import) => import.lines[0],
            };
            (line, import.module())
        })
    }

    /// Whether nothing was found in it.
    pub(crate) fn says_nothing(&self) -> bool {
        self.facts.is_empty() && self.imports.is_empty()
    }

    /// Where the first of its facts stands.
    pub(crate) fn first_place(&self) -> Option<Evidence> {
        let import = self.imports.first().map(|i| i.evidence(&self.path));
        let fact = || self.facts.first().map(|fact| fact.at.clone());
        match self.begins_with_import {
            true => import.or_else(fact),
            false => fact().or(import),
        }
    }
}
