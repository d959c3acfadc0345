//! Decorators of the program's own that let only some callers in.

use crate::code_view::CodeView;
use crate::facts::{Claim, FileFacts, Mark};
use crate::script_marks::{asks_what, asks_who};
use groundplan_model::Topic;
use std::collections::BTreeSet;

/// What a decorator asks of who calls, by its name: `@require_permission("edit")`, `@admin_required`.
/// `None` where the name asks for nothing, or for something else (`@require_POST`).
fn asks(name: &str) -> Option<Topic> {
    let words: Vec<&str> = name.split('_').collect();
    let (first, last) = (words.first()?, words.last()?);
    let demands =
        matches!(*first, "require" | "requires" | "needs") || matches!(*last, "required" | "only");
    // `@login_not_required` of Django opens what it stands before.
    let opens = ["not", "no", "without", "optional", "skip", "exempt"];
    if !demands || words.len() < 2 || words.iter().any(|word| opens.contains(word)) {
        return None;
    }
    match (asks_what(name), asks_who(name)) {
        (true, _) => Some(Topic::Authorization),
        (false, true) => Some(Topic::Authentication),
        _ => None,
    }
}

/// One mark for each decorator of a file, where it stands first; `known` are told elsewhere.
pub(super) fn guards(acc: &mut FileFacts, view: &CodeView<'_, '_>, known: &[&str]) {
    let mut seen = BTreeSet::new();
    for note in view.code.annotations() {
        let last = note.name.rsplit('.').next().unwrap_or(&note.name);
        let Some(topic) = asks(last).filter(|_| !known.contains(&last)) else {
            continue;
        };
        if seen.insert(note.name.clone()) {
            let claim = Claim::Mark(Mark {
                topic,
                name: note.name,
                detail: Some("a decorator of functions".to_owned()),
            });
            acc.add(view.file, note.line, note.line, claim);
        }
    }
}
