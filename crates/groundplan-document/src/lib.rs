//! Blueprint and outline to document tree.
//!
//! Invariant: this crate names no output format; it says what stands in a document, never how.

mod tree;

pub use tree::{Block, DiagramForm, Document, Item, Section, Span, State, Text};
