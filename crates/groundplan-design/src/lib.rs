//! Brief to as-designed blueprint.
//!
//! A brief says in six fields what a system is for and what binds it. [`read_brief`] reads it with
//! a tokenizer and a small grammar; [`design`] computes numbers, chooses options and writes
//! everything into a blueprint. Invariant: no number without formula, inputs and source; the same
//! brief gives the same bytes; nothing here knows files, clocks or document formats.

mod beside;
mod blueprint;
pub mod brief;

pub mod capabilities;
pub mod decide;
pub mod derive;
pub mod design;
mod domain;
pub mod facts;
pub mod findings;
pub mod inputs;
mod measured;
pub mod outcome;
pub mod simulate;
mod table;

pub use beside::beside;
pub use blueprint::RESEARCH;
pub use brief::{Brief, Field, brief_schema, read_brief, read_measured, with_brief};
pub use design::{Change, Design, compare, design, design_despite};
