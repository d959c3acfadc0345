//! Brief to as-designed blueprint.
//!
//! A brief says in six fields what a system is for and what binds it. [`read_brief`] reads it with
//! a tokenizer and a small grammar; the stages behind it compute numbers, choose options and write
//! everything into a blueprint. Invariant: no number without formula, inputs and source; the same
//! brief gives the same bytes; nothing here knows files, clocks or document formats.

pub mod brief;

pub use brief::{Brief, Field, read_brief};
