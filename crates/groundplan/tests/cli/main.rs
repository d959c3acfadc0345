//! The program as people and pipelines run it, on small repositories in temporary folders.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod briefs;
mod commands;
mod design;
mod determinism;
mod diagrams;
mod errors;
mod hostile;
mod kill;
mod sample;
mod secrets;
mod support;
mod writing;
