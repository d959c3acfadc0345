//! The derivation graph: each file holds the sums of one area and writes them down as facts.
//!
//! Order: load, language, compute, data, availability, team, cost, tier. A decision never reads a
//! quantity that depends on it; load never chooses the language.

pub mod availability;
pub mod compute;
pub mod cost;
pub mod data;
pub mod erlang;
pub(crate) mod flows;
pub mod latency;
pub mod load;
pub mod team;
