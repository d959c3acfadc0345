//! The text of a declaration and the places in it.

use groundplan_model::Evidence;
use groundplan_syntax::{Key, Lines, Node};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A declaration as text, with its path.
pub(crate) struct Source<'t> {
    path: &'t str,
    lines: Lines<'t>,
    /// Hashing is done once for each place: a text may have all its values on one long line.
    known: RefCell<BTreeMap<(u32, u32), Evidence>>,
}

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str, path: &'t str) -> Self {
        Source {
            path,
            lines: Lines::new(text),
            known: RefCell::default(),
        }
    }

    /// Lines `first..=last`.
    pub(crate) fn at(&self, first: u32, last: u32) -> Evidence {
        let last = last.max(first);
        let mut known = self.known.borrow_mut();
        let place = known
            .entry((first, last))
            .or_insert_with(|| self.lines.evidence(self.path, first, last));
        place.clone()
    }

    /// A key with its value; one line for a value that is written elsewhere.
    pub(crate) fn entry(&self, key: &Key, node: &Node) -> Evidence {
        self.at(key.line, node.last)
    }

    /// A node by itself.
    pub(crate) fn node(&self, node: &Node) -> Evidence {
        self.at(node.first, node.last)
    }

    /// Columns of `word` in a line, one-based, for carets; of the first whole occurrence.
    pub(crate) fn columns(&self, line: u32, word: &str) -> Option<[u32; 2]> {
        /// Nobody looks at a caret beyond this.
        const FAR: usize = 2_000;
        let text = self.lines.text(line);
        if word.is_empty() || word.contains('\n') {
            return None;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let (at, _) = text
            .match_indices(word)
            .take_while(|(at, _)| *at < FAR)
            .find(|(at, _)| {
                let before = text[..*at].chars().next_back();
                let after = text[at + word.len()..].chars().next();
                !before.is_some_and(is_word) && !after.is_some_and(is_word)
            })?;
        let first = u32::try_from(text[..at].chars().count()).ok()? + 1;
        let length = u32::try_from(word.chars().count()).ok()?;
        Some([first, first + length.saturating_sub(1)])
    }
}
