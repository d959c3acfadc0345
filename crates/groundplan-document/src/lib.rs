//! Blueprint and outline to document tree.
//!
//! [`compose`] fills an [`Outline`] with answers: small pure functions from blueprint to text, each
//! in the file of its subject under `answers/`. What nobody said becomes a question
//! ([`open_questions`]), what was searched and not found a reasoned absence. Invariant: this crate
//! names no output format; it says what stands in a document, never how.

mod answer;
mod answers;
mod blocked;
mod compose;
mod context;
mod deeds;
mod named;
mod outline;
mod pages;
mod questions;
mod searched;
mod spoken;
mod subject;
mod text;
mod tree;
mod words;

pub use answer::{Absence, Answer};
pub use answers::answers;
pub use compose::{Options, compose};
pub use outline::{
    LabelSpec, Numbering, Outline, Repeat, RowSpec, SectionSpec, Style, TableSpec, outline,
    outlines, parse_outline, validate,
};
pub use questions::open_questions;
pub use tree::{Block, DiagramForm, Document, Item, Section, Span, State, Text};
