//! Discrete events: the designed flows under the stated load, with failures.
//!
//! [`plan`] makes stations and request classes of a design, [`run`](engine::run) moves requests
//! through them, [`report`] sets what was simulated beside what the analytic model predicts.
//! Invariants: time is integer nanoseconds and events are ordered by (time, sequence); every
//! station draws from its own stream of one seed, no clock is read; the same seed gives the same
//! bytes; generated = completed + rejected + failed + in flight.

pub mod engine;
pub mod plan;
pub mod random;
pub mod report;
pub mod statistics;
pub mod years;

pub use engine::{Outcome, Settings, run};
pub use plan::{Class, Hop, Plan, Profile, Scenario, Service, Station, plan};
pub use report::{Measured, Report, Row, report};
pub use years::{Years, years};
