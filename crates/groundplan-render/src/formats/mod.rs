//! One file per output format, and the list of them.

mod html;
mod json;
mod markdown;

use crate::Format;

/// All formats, sorted by name.
pub static FORMATS: &[&Format] = &[&html::HTML, &json::JSON, &markdown::MARKDOWN];
