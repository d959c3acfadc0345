use crate::SyntaxError;
use roxmltree::{Document, ParsingOptions};

/// An XML document. Entity definitions are refused, which keeps entity bombs out.
///
/// # Errors
/// The place and reason of the first fault.
pub fn xml(text: &str) -> Result<Document<'_>, SyntaxError> {
    let text = text.trim_start_matches('\u{feff}');
    let options = ParsingOptions {
        nodes_limit: 500_000,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        SyntaxError {
            message: error.to_string(),
            line: at.row,
            column: at.col,
        }
    })
}
