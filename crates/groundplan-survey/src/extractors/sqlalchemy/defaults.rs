//! Defaults of columns: what the database fills in, and what the program does before it writes.

use crate::code_view::CodeView;
use crate::secrets;
use groundplan_model::{DEFAULT_IN_PROGRAM, SET_AGAIN};
use std::ops::Range;

/// Longest expression that is shown.
const LONGEST: usize = 60;

/// What the program sets by itself, as constraints of the column: `default`, `default_factory` and
/// `insert_default` on insertion, `onupdate` on each change. The table knows none of them.
pub(super) fn of_code(
    view: &CodeView<'_, '_>,
    column: &str,
    open: Option<usize>,
    value: &Range<usize>,
    field_like: bool,
) -> Vec<String> {
    let code = view.code;
    let given = |name: &str| open.and_then(|open| code.named_argument(open, name));
    let first = || {
        let range = view.argument(open.filter(|_| field_like)?, 0)?;
        (!code.is(range.start + 1, "=")).then_some(range)
    };
    // `count: int = 0` of a class of SQLModel.
    let plain = || (open.is_none() && !value.is_empty()).then(|| value.clone());
    let on_insert = ["default", "default_factory", "insert_default"]
        .iter()
        .find_map(|name| given(name))
        .or_else(first)
        .or_else(plain);
    let said = |label: &str, range: Range<usize>| {
        let text = expression(view, range)?;
        if matches!(text.as_str(), "None" | "..." | "PydanticUndefined") {
            return None;
        }
        // The value of what may be a secret is not shown, but that there is one is no secret.
        let text = secrets::keep(column, &text).unwrap_or_else(|| "a value".to_owned());
        Some(format!("{label}{text}"))
    };
    let again = given("onupdate");
    on_insert
        .and_then(|range| said(DEFAULT_IN_PROGRAM, range))
        .into_iter()
        .chain(again.and_then(|range| said(SET_AGAIN, range)))
        .collect()
}

/// An expression as it is written, in one line.
fn expression(view: &CodeView<'_, '_>, range: Range<usize>) -> Option<String> {
    let code = view.code;
    let from = code.tokens.get(range.start)?.start as usize;
    let to = code.tokens.get(range.end.checked_sub(1)?)?.end as usize;
    let text = view.file.text.get(from..to)?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.is_empty() {
        true => None,
        false if text.len() > LONGEST => Some("an expression".to_owned()),
        false => Some(text),
    }
}

/// What `server_default` says: a literal, or what the database computes (`func.now()` as `now()`).
pub(super) fn of_database(view: &CodeView<'_, '_>, range: &Range<usize>) -> Option<String> {
    let code = view.code;
    let text: String = range.clone().map(|i| code.raw(i)).collect();
    if let Some((before, call)) = text.split_once("func.") {
        return (before.is_empty() || before.ends_with('.')).then(|| call.to_owned());
    }
    let open = range.clone().find(|&at| code.is(at, "("));
    if let Some(open) = open {
        let callee = code.dotted(range.start, open);
        let sql = callee == "text" || callee.ends_with(".text");
        return view
            .argument(open, 0)
            .filter(|_| sql)
            .and_then(|r| view.constant(r));
    }
    // A function of SQL without its brackets: `sa.func.now` is no value, `sql.true()` is one.
    (range.len() == 1 && code.string(range.start).is_some()).then_some(text)
}
