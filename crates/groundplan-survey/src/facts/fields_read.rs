//! Which fields a file of Go reads.

use serde::{Deserialize, Serialize};

/// Fields that a file reads, and caches that it gives to fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldsRead {
    /// Keys of their names in order: a tree has very many, and only one name is ever asked for.
    pub read: Vec<u32>,
    /// Fields called after a cache that are given what a package makes, with their lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<(String, u32)>,
}

impl FieldsRead {
    /// The key of a name: FNV-1a (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>). Where two names share
    /// one, a field counts as read that is not.
    pub fn key(name: &str) -> u32 {
        name.bytes().fold(0x811c_9dc5, |key: u32, byte| {
            (key ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }
}
