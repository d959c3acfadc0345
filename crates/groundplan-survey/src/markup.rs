//! XML with the lines of the file.

use crate::facts::FileFacts;
use crate::source::SourceFile;
use roxmltree::{Document, Node};

/// The XML document of a file; a fault becomes a warning.
pub(crate) fn parse<'t>(acc: &mut FileFacts, file: &SourceFile<'t>) -> Option<Document<'t>> {
    match groundplan_syntax::xml(file.text) {
        Ok(document) => Some(document),
        Err(error) => {
            acc.warn(
                file,
                error.line,
                "broken-file",
                error.message,
                "nothing of this file was read; mend the fault to have it",
            );
            None
        }
    }
}

/// First and last line of a node. A byte order mark is cut before parsing, so offsets lie behind
/// those of the file by its length.
pub(crate) fn lines(file: &SourceFile<'_>, node: Node<'_, '_>) -> (u32, u32) {
    let cut = file.text.len() - file.text.trim_start_matches('\u{feff}').len();
    let range = node.range();
    (
        file.lines().line_of(range.start + cut),
        file.lines().line_of((range.end + cut).saturating_sub(1)),
    )
}
