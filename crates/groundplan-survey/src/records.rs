//! Short ways to make entities of the vocabulary.

use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{Entity, EntityKind, Field, Provenance};

/// An entity without fields. Its id is made of the name in code, so that relations of other files
/// meet it; its name is the one in the store, if the code says one.
pub(crate) fn entity(
    file: &SourceFile<'_>,
    code_name: &str,
    stored_name: Option<String>,
    kind: EntityKind,
    first: u32,
    last: u32,
) -> Entity {
    Entity {
        id: scan::snake(code_name),
        name: stored_name.unwrap_or_else(|| code_name.to_owned()),
        kind,
        description: None,
        owner: None,
        store: None,
        fields: Vec::new(),
        relations: Vec::new(),
        indexes: Vec::new(),
        partitioning: None,
        provenance: Provenance::observed([file.evidence(first, last)]),
    }
}

/// A field of which only name and type are known; it may be absent.
pub(crate) fn field(file: &SourceFile<'_>, name: &str, data_type: &str, line: u32) -> Field {
    Field {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        nullable: true,
        default: None,
        primary_key: false,
        unique: false,
        constraints: Vec::new(),
        description: None,
        provenance: Provenance::observed([file.evidence(line, line)]),
    }
}
