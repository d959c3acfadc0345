//! Repository to facts to as-built blueprint.
//!
//! Every file is read once, hashed, searched for the markers of all extractors and lexed if it is
//! code ([`extract_file`]); extractors turn it into facts; resolvers join facts to a blueprint.
//! Invariant: nothing of the repository is ever run, links out of it are never followed, and the
//! value of a secret never leaves an extractor.

mod addresses;
mod environment;
mod extractor;
mod extractors;
mod facts;
mod marks;
mod members;
mod prose;
mod read;
mod records;
mod scan;
mod secrets;
mod source;
mod values;

pub use extractor::{Extractor, Reads};
pub use extractors::EXTRACTORS;
pub use facts::*;
pub use read::extract_file;
pub use secrets::{is_secret_name, is_secret_value, without_credentials};
pub use source::{SourceFile, join};
