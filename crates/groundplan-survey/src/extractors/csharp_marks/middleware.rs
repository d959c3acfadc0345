//! Answers that middleware gives before or instead of a handler.

use crate::facts::FileFacts;
use crate::scan;
use crate::source::SourceFile;
use crate::statuses;
use groundplan_model::Topic;
use groundplan_syntax::Code;
use std::collections::BTreeSet;
use std::ops::Range;

/// Adds one mark for each class of middleware that answers with a status of its own
/// (<https://learn.microsoft.com/aspnet/core/fundamentals/middleware/write>).
pub(super) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let code = file.code();
    for class in &file.outline().types {
        let range = class.open..class.close;
        let takes = |at: &usize| {
            matches!(code.raw(*at), "Invoke" | "InvokeAsync")
                && code.is_byte(at + 1, b'(')
                && code.is(at + 2, "HttpContext")
        };
        if class.keyword != "class" || !range.clone().any(|at| takes(&at)) {
            continue;
        }
        let found = statuses_in(code, range);
        if !found.is_empty() {
            let found: Vec<String> = found.into_iter().collect();
            let detail = Some(format!("answers {}", found.join(", ")));
            scan::mark(
                acc,
                file,
                class.line,
                Topic::ErrorHandling,
                class.name.as_str(),
                detail,
            );
        }
    }
}

/// Statuses of errors, and of answers without a body, that a class names.
fn statuses_in(code: &Code<'_>, range: Range<usize>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for at in range {
        // What is compared is what somebody else answered.
        let before = at.checked_sub(1).map_or("", |at| code.raw(at));
        if matches!(before, "==" | "!=" | "is" | "case") {
            continue;
        }
        let named = code.ident(at + 2).filter(|_| code.is_byte(at + 1, b'.'));
        let status = match code.raw(at) {
            // `StatusCodes.Status503ServiceUnavailable`
            "StatusCodes" => named.and_then(|name| {
                let rest = name.strip_prefix("Status")?;
                rest.get(..3).map(str::to_owned)
            }),
            "HttpStatusCode" => named.and_then(statuses::code).map(str::to_owned),
            // `context.Response.StatusCode = 503`
            "StatusCode" if code.is(at + 1, "=") => Some(code.raw(at + 2).to_owned()),
            _ => None,
        };
        let is_error = |s: &String| s.len() == 3 && s.starts_with(['3', '4', '5']);
        let digits = |s: &String| s.bytes().all(|b| b.is_ascii_digit());
        found.extend(status.filter(|s| is_error(s) && digits(s)));
    }
    found
}
