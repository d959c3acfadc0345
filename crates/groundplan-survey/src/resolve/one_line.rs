//! One line of code that adds a route, read twice: once with its whole path, once without the begin of it.

use crate::http_paths::UNREAD;
use groundplan_model::Operation;
use std::collections::BTreeMap;

/// Takes away operations whose begin was not read, where the same line adds one for the same method whose whole
/// path ends like it.
pub(super) fn without_copies(operations: &mut Vec<Operation>) {
    let mut whole: BTreeMap<(String, String, u32), Vec<String>> = BTreeMap::new();
    for o in operations.iter().filter(|o| !o.path.starts_with(UNREAD)) {
        if let Some(key) = line_of(o) {
            whole.entry(key).or_default().push(o.path.clone());
        }
    }
    operations.retain(|o| {
        let Some(rest) = o.path.strip_prefix(UNREAD).filter(|rest| rest.len() > 1) else {
            return true;
        };
        let known = line_of(o).and_then(|key| whole.get(&key));
        !known.is_some_and(|all| all.iter().any(|path| path.ends_with(rest)))
    });
}

/// The method of an operation, and where it stands.
fn line_of(o: &Operation) -> Option<(String, String, u32)> {
    let at = o.provenance.first()?;
    Some((o.method.clone(), at.path.clone(), at.lines[0]))
}
