//! Repository to facts to as-built blueprint.
//!
//! Every file is read once, hashed, searched for the markers of all extractors and lexed if it is
//! code ([`extract_file`]); extractors turn it into facts; resolvers join facts to a blueprint.
//! Invariant: nothing of the repository is ever run, links out of it are never followed, and the
//! value of a secret never leaves an extractor.

mod addresses;
mod cache;
mod call_rules;
mod caught;
mod code_lines;
mod code_view;
mod conditions;
mod declared;
mod elixir;
mod env_reads;
mod environment;
mod extractor;
mod extractors;
mod facts;
mod failing;
mod fluent;
mod history;
mod http_paths;
mod import_marks;
mod imports;
mod inflect;
mod jsdoc_contracts;
mod kotlin_classes;
mod manifest;
mod markdown;
mod marks;
mod markup;
mod members;
mod mention_aside;
mod mention_meant;
mod mention_place;
mod mention_syntax;
mod mentions;
mod open_defaults;
mod own_requests;
mod paths;
mod people;
mod php;
mod php_actions;
mod php_annotations;
mod processes;
mod prose;
mod read;
mod records;
mod redact;
mod resolve;
mod resolve_sql;
mod ruby;
mod scan;
mod script_lines;
mod script_marks;
mod secrets;
mod sentence;
mod source;
mod spans;
mod statements;
mod statuses;
mod survey;
mod timers;
mod todos;
mod tree;
mod typed_names;
mod values;
mod vendored;
mod walk;

use groundplan_syntax::finders;

pub use declared::*;
pub use extractor::{Extractor, Reads};
pub use extractors::EXTRACTORS;
pub use facts::*;
pub use history::history;
pub use paths::{is_example, is_generated, is_test};
pub use read::extract_file;
pub use redact::without_secrets;
pub use resolve::{Surroundings, resolve};
pub use scan::imports_left_out;
pub use secrets::{is_secret_name, is_secret_value, without_credentials};
pub use source::{SourceFile, join};
pub use survey::{Source, read, survey};
pub use tree::{MAX_BYTES, Options, Progress, Reading, Tree, read_tree, use_threads};
pub use walk::MANIFEST;
