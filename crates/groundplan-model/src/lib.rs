//! The vocabulary of Groundplan: C4 elements, the [`Blueprint`], provenance, views, diagnostics.
//!
//! Plain data with public fields. Invariant: this crate knows no file system, no clock, no output
//! format and no other crate of ours; it holds what the stages hand to each other.

mod blueprint;
mod decision;
mod declaration;
mod delivery;
mod diagnostic;
mod element;
mod entity;
mod facts;
mod flow;
mod history;
mod interface;
mod observation;
mod provenance;
mod quality;
mod relationship;
mod view;

pub use blueprint::{Blueprint, Identity, SCHEMA_VERSION};
pub use decision::{Consideration, Decision, DecisionStatus, Question, Threat};
pub use declaration::{CODE_OWNER, EVERY_FILE, Goal, Milestone, Stakeholder, Term};
pub use delivery::{CALLED, EVENTS, Environment, EnvironmentTier, Job, JobStage, Pipeline};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use element::{Attribute, DEPLOYED_ON, Element, ElementKind, Role, STANDBY_ON, Statement};
pub use entity::{
    CHECKED_BY_PROGRAM, Cardinality, DEFAULT_IN_PROGRAM, Entity, EntityKind, EntityRelation, Field,
    Index, NULLABILITY_UNREAD, REFERS_TO, SET_AGAIN, SET_BY_PROGRAM,
};
pub use facts::{Fact, FactTable, FactValue};
pub use flow::{CONDITIONS, Flow, IF, Step, StepKind};
pub use history::{
    Author, Catalogue, Coverage, History, LanguageCoverage, Mention, MentionPlace, Release,
    SiteLines, Unread,
};
pub use interface::{
    Audience, Interface, InterfaceKind, Operation, Origin, Parameter, Response, Schema,
};
pub use observation::{
    ADOPTERS, ARCHIVE_BY_CODE, BY_LAW, CAUGHT_CALL, CONTRACT_SHOWN, DATA_ANNOTATIONS,
    DATABASE_BY_CODE, DELETED_AFTER, DELETED_DAYS, DOCUMENTED_COMPOSE, DUMPS, Dependency,
    DependencyScope, ENCRYPTED_FIELD, EXPIRED, FILES_DELETED_AFTER, FOR_ALL_CALLS, GIVEN_ADDRESS,
    HOSTS_OFFERED, HOSTS_REACHED, IN_PROCESS, KEPT_FOR, LARAVEL_CHOICES, LAWS_NAMED, LINES_OF_TEXT,
    LIVE_PAGES, NO_SIGN_IN, OVER_SOCKETS, OWN_LOAD_TEST, Observation, PAGE_ON, PEOPLE_LISTED,
    PROCESS_MEMORY, QUEUED, REASON, REPORT_ANSWERED, SECTION_ON, SOCKET_MESSAGE, STARTED, Setting,
    SettingSource, TABLE_PREFIX, Topic, UNCHECKED,
};
pub use provenance::{Evidence, Provenance, ProvenanceKind};
pub use quality::{
    Calculation, CalculationForm, Priority, Requirement, RequirementKind, Slo, Target,
};
pub use relationship::{
    CallFailure, Confidence, Mode, OperationPlaces, Outcome, Relationship, RelationshipKind,
};
pub use view::{View, ViewEdge, ViewGroup, ViewKind, ViewNode, ViewStep};
