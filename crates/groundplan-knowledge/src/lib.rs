//! What Groundplan knows about the world outside a repository: technologies and how files show
//! them ([`knowledge`], [`Knowledge`]), and what systems that can do something consist of
//! ([`capabilities`], [`detect`]).
//!
//! Everything is data under `data/`, embedded when the crate is built; users add entries of their
//! own with [`Knowledge::with_user`]. Invariant: this crate reads no file while the program runs.

mod absence;
pub mod capability;
mod capability_lexicon;
mod capability_lines;
mod capability_lint;
mod capability_parts;
mod controls;
mod decisions;
mod image;
mod index;
mod knowledge;
mod lint;
mod page;
mod pattern;
mod suggest;
mod tables;
mod technology;
mod user;

pub use absence::{
    AbsenceTopic, SHORTEST_WORD, absence_topics, absence_topics_of, is_list_of_packages,
    is_of_delivery, lint_absence_topics,
};
pub use capability::{Capability, capabilities, capability};
pub use capability_lexicon::{Detection, Hit, Lexicon, Strength, detect, suffices};
pub use capability_lint::{lint_capabilities, unfilled};
pub use controls::{Control, ControlPack, controls};
pub use decisions::{
    CRITERIA, Choice, Comparison, Condition, Constraint, Curve, DecisionSpec, Test, decisions,
};
pub use image::image_repository;
pub use knowledge::{Knowledge, knowledge};
pub use lint::{lint_all, lint_technology};
pub use page::{On, PageTopic, lint_page_topics, page_topics, page_topics_of, page_topics_of_file};
pub use suggest::nearest;
pub use tables::{
    Availability, Constant, CpuDemand, DesignTables, Licence, Partner, Performance, Prices, Site,
    Vocabulary, design_tables, domain_template,
};
pub use technology::{Category, Ecosystem, Language, Technology, technology_schema};
