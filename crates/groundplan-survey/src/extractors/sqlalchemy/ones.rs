//! Ends of relationships that hold one row at most: `uselist=False`, `Mapped["Other"]`, and
//! `backref("x", uselist=False)` of the other side.

use crate::code_view::CodeView;
use crate::facts::One;
use std::ops::Range;

/// What a field of a class says of how many rows of another stand on the other side.
pub(super) fn of(
    view: &CodeView<'_, '_>,
    name: &str,
    value: &Range<usize>,
    kind: &Range<usize>,
) -> Option<One> {
    let code = view.code;
    let open = (value.start..value.end.min(value.start + 6)).find(|&at| code.is(at, "("))?;
    let callee = code.dotted(value.start, open);
    if !matches!(
        callee.rsplit('.').next(),
        Some("relationship" | "Relationship")
    ) || ["secondary", "link_model", "primaryjoin"]
        .iter()
        .any(|name| code.named_argument(open, name).is_some())
    {
        return None;
    }
    let annotation: String = kind.clone().map(|at| code.raw(at)).collect();
    let lower = annotation.to_lowercase();
    let collection = [
        "list[",
        "set[",
        "sequence[",
        "dict[",
        "collection[",
        "dynamic",
        "writeonly",
    ];
    let says = |open: usize, name: &str, wanted: &str| {
        code.named_argument(open, name)
            .is_some_and(|r| code.is(r.start, wanted))
    };
    let options = code.named_argument(open, "sa_relationship_kwargs");
    let in_options = options.is_some_and(|r| {
        (r.start..r.end).any(|at| code.string(at) == Some("uselist") && code.is(at + 2, "False"))
    });
    let single = says(open, "uselist", "False")
        || in_options
        // A name in the plural speaks against an annotation that forgot the list.
        || annotation.starts_with("Mapped[")
            && !name.ends_with('s')
            && code.named_argument(open, "order_by").is_none()
            && !collection.iter().any(|word| lower.contains(word))
            && !says(open, "uselist", "True");
    let back = code.named_argument(open, "backref").is_some_and(|r| {
        let inner = (r.start..r.end).find(|&at| code.is(at, "("));
        inner.is_some_and(|inner| says(inner, "uselist", "False"))
    });
    if !single && !back {
        return None;
    }
    let first = view.argument(open, 0).filter(|r| r.len() == 1);
    let named = first.and_then(|r| code.string(r.start).or_else(|| code.ident(r.start)));
    let to = match named {
        Some(name) => name.rsplit('.').next()?.to_owned(),
        None => {
            let words = annotation
                .replace(['"', '\''], " ")
                .replace(['[', ']', '|'], " ");
            let mut words = words.split_whitespace();
            let word = words.rfind(|w| {
                w.starts_with(char::is_uppercase) && !matches!(*w, "Mapped" | "Optional" | "None")
            })?;
            word.rsplit('.').next()?.to_owned()
        }
    };
    let (first, last) = (
        code.line(value.start),
        code.line(value.end.saturating_sub(1)),
    );
    Some(One {
        to,
        own: back,
        at: view.file.evidence(first, last.max(first)),
    })
}
