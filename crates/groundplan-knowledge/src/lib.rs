//! What Groundplan knows about the world outside a repository: technologies and how files show
//! them ([`knowledge`], [`Knowledge`]).
//!
//! Everything is data under `data/`, embedded when the crate is built; users add entries of their
//! own with [`Knowledge::with_user`]. Invariant: this crate reads no file while the program runs.

mod image;
mod index;
mod knowledge;
mod lint;
mod pattern;
mod suggest;
mod technology;
mod user;

pub use image::image_repository;
pub use knowledge::{Knowledge, knowledge};
pub use lint::{lint_all, lint_technology};
pub use suggest::nearest;
pub use technology::{Category, Ecosystem, Language, Technology, technology_schema};
