//! One file per output format, and the list of them.

mod json;
mod markdown;

use crate::Format;

/// All formats, sorted by name.
pub static FORMATS: &[&Format] = &[&json::JSON, &markdown::MARKDOWN];
