//! Functions that stand before the handlers of routes in Node and let only some callers pass:
//! `router.post("/x", requireAuth, isAdmin, orders.create)`.

use crate::extractors::guard_topic;
use crate::extractors::js_marks::guards::{Behind, described, is_guard};
use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::Topic;
use std::collections::BTreeMap;

/// What stands before routes of a file: for each function that asks something the line of the first route
/// and the handlers behind it.
#[derive(Default)]
pub(super) struct Guards {
    all: BTreeMap<(Topic, String), (u32, Vec<String>)>,
}

/// Whether what stands before a handler lets only some callers pass, by its name.
pub(crate) fn asks(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    guard_topic(last).is_some() && is_guard(last)
}

impl Guards {
    /// Adds what stands before the handler of a route on a line, in the words of the code.
    pub(super) fn add(&mut self, line: u32, before: &[String], handler: &str) {
        for name in before {
            let last = name.rsplit('.').next().unwrap_or(name);
            let Some(topic) = guard_topic(last).filter(|_| is_guard(last)) else {
                continue;
            };
            let (_, handlers) = self
                .all
                .entry((topic, last.to_owned()))
                .or_insert_with(|| (line, Vec::new()));
            if !handlers.iter().any(|known| known == handler) {
                handlers.push(handler.to_owned());
            }
        }
    }

    /// Writes one observation for each.
    pub(super) fn write(self, acc: &mut FileFacts, file: &SourceFile<'_>) {
        for ((topic, name), (line, handlers)) in self.all {
            let behind = Behind {
                line,
                handlers: handlers.iter().map(String::as_str).collect(),
                whole: false,
            };
            let detail = described("", "", &behind);
            scan::mark(acc, file, line, topic, name, Some(detail));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extractors::js_marks::guards::is_guard;

    #[test]
    fn guards_are_told_by_their_names() {
        for name in [
            "requireAuth",
            "isAdmin",
            "verifyToken",
            "authorize",
            "checkRole",
            "protect",
        ] {
            assert!(is_guard(name), "{name}");
        }
        for name in [
            "loadAuthor",
            "loginLimiter",
            "validateBody",
            "upload",
            "csrfProtection",
            "optionalAuth",
            "refreshToken",
            "json",
        ] {
            assert!(!is_guard(name), "{name}");
        }
    }
}
