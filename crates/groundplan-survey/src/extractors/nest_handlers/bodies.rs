//! Bodies of requests that handlers of NestJS take without a type of a name: their fields as a decorator
//! describes them, as their own type lists them, and as the handler reads them.

use crate::facts::{Handler, Input};
use crate::values::Values;
use groundplan_syntax::{Code, Declared};
use std::collections::BTreeSet;
use std::ops::Range;

/// Adds the fields of the parameters that hold a whole body, and of files that are sent.
pub(super) fn add(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
    whole: Vec<Range<usize>>,
    body: Option<Range<usize>>,
    handler: &mut Handler,
) {
    files(code, declared, handler);
    if whole.is_empty() {
        return;
    }
    let described = described(code, values, declared, handler);
    if handler.request.is_some() {
        return;
    }
    let mut reads = Reads::default();
    for range in whole {
        match code.is(range.start, "{") {
            // `@Body() { name, email }`
            true => reads.take_apart(code, range.start),
            false => {
                let typed = range.clone().find(|&at| code.is(at, ":"));
                let open = typed.map(|colon| colon + 1).filter(|&at| code.is(at, "{"));
                match (open, code.ident(range.start), &body) {
                    (Some(open), ..) => members(code, open, &mut reads),
                    (None, Some(name), Some(body)) => reads.of(code, name, body.clone()),
                    _ => reads.more = true,
                }
            }
        }
    }
    // What is handed on as a whole has the fields that are described beside those that are read here.
    if reads.more || reads.fields.is_empty() {
        for (name, required) in described {
            let known = reads.fields.iter().any(|(field, _)| *field == name);
            if !known {
                reads.fields.push((name, required));
            }
        }
    }
    handler.more |= reads.more || reads.fields.is_empty();
    for (name, required) in reads.fields {
        if !handler.inputs.iter().any(|i| i.name == name) {
            handler.inputs.push(Input {
                required: required || reads.asked.contains(&name),
                name,
                place: "body".to_owned(),
                data_type: None,
            });
        }
    }
}

/// `@ApiBody({ schema: { properties: { name: { … } }, required: ['name'] } })`, `@ApiBody({ type: NewOrder })`.
fn described(
    code: &Code<'_>,
    values: &Values<'_, '_>,
    declared: &Declared,
    handler: &mut Handler,
) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    let note = declared.annotation(&["ApiBody"]).and_then(|a| a.open);
    let object = note.and_then(|open| values.literal_at(code.arguments(open).first()?));
    let Some(object) = object.filter(|&at| code.is(at, "{")) else {
        return all;
    };
    let typed = super::typed(code, values, object);
    handler.request = typed.or(handler.request.take());
    let inner = |at: usize, key: &str| {
        let range = values.property(at, key)?;
        values.literal_at(&range)
    };
    let Some(schema) = inner(object, "schema") else {
        return all;
    };
    let required: BTreeSet<&str> = inner(schema, "required")
        .map(|open| code.arguments(open))
        .unwrap_or_default()
        .into_iter()
        .filter_map(|range| code.string(range.start))
        .collect();
    let fields = inner(schema, "properties").map(|open| code.arguments(open));
    for field in fields.unwrap_or_default() {
        let name = code.raw(field.start).trim_matches(['"', '\'']);
        if code.is(field.start + 1, ":") {
            let said = Some(field.start + 2).filter(|&at| code.is(at, "{"));
            let said = said.and_then(|at| values.folded_property(at, &["description"]));
            handler
                .docs
                .extend(said.map(|said| (name.to_owned(), said)));
            all.push((name.to_owned(), required.contains(name)));
        }
    }
    all
}

/// `@UseInterceptors(FileInterceptor('file'))`: the field of a form that holds a file.
fn files(code: &Code<'_>, declared: &Declared, handler: &mut Handler) {
    let notes = declared
        .annotations
        .iter()
        .filter(|a| a.name == "UseInterceptors");
    for open in notes.filter_map(|a| a.open) {
        let end = code.partner(open).unwrap_or(open);
        for at in open..end {
            let takes = matches!(code.raw(at), "FileInterceptor" | "FilesInterceptor");
            if let Some(name) = code.string(at + 2).filter(|_| takes) {
                handler.inputs.push(Input {
                    name: name.to_owned(),
                    place: "form".to_owned(),
                    data_type: None,
                    required: false,
                });
            }
        }
    }
}

/// `{ name: string; email?: string }`
fn members(code: &Code<'_>, open: usize, reads: &mut Reads) {
    let Some(close) = code.partner(open) else {
        return;
    };
    let mut at = open + 1;
    let mut begins = true;
    while at < close {
        if begins && code.is(at, "readonly") && !matches!(code.raw(at + 1), ":" | "?") {
            at += 1;
        }
        reads.more |= begins && code.is(at, "[");
        let optional = code.is(at + 1, "?");
        if begins && code.is(at + 1 + usize::from(optional), ":") {
            reads.add(code.raw(at).trim_matches(['"', '\'']), !optional);
        }
        let last = match code.raw(at) {
            "{" | "(" | "[" => code.partner(at).unwrap_or(at),
            _ => at,
        };
        begins = matches!(code.raw(last), ";" | ",") || code.line(last + 1) > code.line(last);
        at = last + 1;
    }
}

/// What a handler reads of a body.
#[derive(Default)]
struct Reads {
    /// Fields in the order in which they are read, and whether a type asks for them.
    fields: Vec<(String, bool)>,
    /// Fields without which the handler refuses.
    asked: BTreeSet<String>,
    /// Whether it is handed on as a whole.
    more: bool,
}

impl Reads {
    fn add(&mut self, name: &str, required: bool) {
        if !self.fields.iter().any(|(known, _)| known == name) {
            self.fields.push((name.to_owned(), required));
        }
    }

    /// `{ name, email: address, ...rest }`
    fn take_apart(&mut self, code: &Code<'_>, open: usize) {
        for part in code.arguments(open) {
            match code.ident(part.start) {
                Some(name) => self.add(name, false),
                None => self.more = true,
            }
        }
    }

    /// Notes what a function reads of the parameter `name`.
    fn of(&mut self, code: &Code<'_>, name: &str, body: Range<usize>) {
        for at in body.clone().filter(|&at| code.is(at, name)) {
            // A field of something else, or a key.
            if code.is(at - 1, ".") || code.is(at + 1, ":") && !code.is(at - 1, "?") {
                continue;
            }
            let dot = if code.is(at + 1, "?") { at + 2 } else { at + 1 };
            let checks = code.is(at - 1, "!") && matches!(code.raw(at + 1), "|" | ")" | "&");
            match (code.ident(dot + 1), code.string(dot + 1)) {
                (Some(field), _) if code.is(dot, ".") => {
                    // A method of every object asks for no field.
                    if !code.is(dot + 2, "(") {
                        self.add(field, false);
                    }
                }
                (_, Some(field)) if code.is(dot, "[") => self.add(field, false),
                // `const { name, email } = body;`
                _ if code.is(at - 1, "=") && code.is(at - 2, "}") => {
                    if let Some(open) = code.partner(at - 2) {
                        self.take_apart(code, open);
                    }
                }
                _ if checks => {}
                _ => self.more = true,
            }
        }
        self.refused(code, name, body);
    }

    /// `if (!body.name || !email) { throw … }`
    fn refused(&mut self, code: &Code<'_>, name: &str, body: Range<usize>) {
        for at in body.filter(|&at| code.is(at, "if") && code.is(at + 1, "(")) {
            let Some(close) = code.partner(at + 1) else {
                continue;
            };
            let block = close + 1 + usize::from(code.is(close + 1, "{"));
            let asked = at + 2..close;
            if !code.is(block, "throw") || asked.clone().any(|i| code.is(i, "&")) {
                continue;
            }
            for not in asked.filter(|&i| code.is(i, "!")) {
                let own = code.is(not + 1, name) && code.is(not + 2, ".");
                let field = if own { not + 3 } else { not + 1 };
                let ends = matches!(code.raw(field + 1), "|" | ")");
                if let Some(field) = code.ident(field).filter(|_| ends)
                    && self.fields.iter().any(|(known, _)| known == field)
                {
                    self.asked.insert(field.to_owned());
                }
            }
        }
    }
}
