//! Blueprint and outline to document tree.
//!
//! Invariant: this crate names no output format; it says what stands in a document, never how.

mod answer;
mod tree;

pub use answer::Answer;
pub use tree::{Block, DiagramForm, Document, Item, Section, Span, State, Text};
