//! Classes of Kotlin with annotations, also those without a body, and their properties: those of the
//! primary constructor and of the body (<https://kotlinlang.org/docs/classes.html#constructors>).

use crate::members::{Mark, Member, mark_at};
use crate::source::SourceFile;
use groundplan_syntax::{Annotation, Code, DeclKind, Declared, TypeDecl};
use std::collections::BTreeMap;
use std::ops::Range;

/// Most properties that are read of a class.
const MOST: usize = 400;

/// Words that may stand before `class`, `val` or `var`.
fn is_modifier(word: &str) -> bool {
    matches!(
        word,
        "abstract"
            | "const"
            | "data"
            | "enum"
            | "final"
            | "inner"
            | "internal"
            | "lateinit"
            | "open"
            | "override"
            | "private"
            | "protected"
            | "public"
            | "sealed"
            | "value"
    )
}

/// Classes with annotations, each with what the outline of a language with bodies would say of it. The
/// brackets are those of the body, or of the constructor where there is none.
pub(crate) fn classes(file: &SourceFile<'_>) -> Vec<(Declared, TypeDecl)> {
    let code = file.code();
    let before: BTreeMap<usize, Annotation> = code
        .annotations()
        .into_iter()
        .map(|annotation| (annotation.next, annotation))
        .collect();
    let mut all = Vec::new();
    for at in 0..code.tokens.len() {
        if code.ident(at) != Some("class")
            || at > 0 && (code.is(at - 1, ":") || code.is(at - 1, "."))
        {
            continue;
        }
        let Some(name) = code.ident(at + 1) else {
            continue;
        };
        let mut annotations: Vec<Annotation> = Vec::new();
        let mut start = at;
        loop {
            if start > 0 && code.ident(start - 1).is_some_and(is_modifier) {
                start -= 1;
            } else if let Some(annotation) = before.get(&start) {
                start = sign_of(code, annotation);
                annotations.insert(0, annotation.clone());
            } else {
                break;
            }
        }
        if annotations.is_empty() {
            continue;
        }
        let header = Header::at(code, at + 1);
        let Some((open, close)) = header.body.or(header.constructor) else {
            continue;
        };
        let line = code.line(at + 1);
        let declared = Declared {
            first: annotations.first().map_or(line, |a| a.line),
            annotations,
            kind: DeclKind::Type,
            name: name.to_owned(),
            at: at + 1,
            start: at,
            line,
            owner: None,
        };
        let class = TypeDecl {
            keyword: "class".to_owned(),
            name: name.to_owned(),
            at: at + 1,
            heritage: header.heritage,
            open,
            close,
            line,
        };
        all.push((declared, class));
    }
    all
}

/// The index of the `@` of an annotation.
fn sign_of(code: &Code<'_>, annotation: &Annotation) -> usize {
    let mut at = annotation.open.unwrap_or(annotation.next).saturating_sub(1);
    while at > 0 && !code.is(at, "@") {
        at -= 1;
    }
    at
}

/// What follows the name of a class.
struct Header {
    constructor: Option<(usize, usize)>,
    heritage: Range<usize>,
    body: Option<(usize, usize)>,
}

impl Header {
    fn at(code: &Code<'_>, name: usize) -> Self {
        let mut at = code.after_types(name + 1);
        // `class Pet @Autowired internal constructor(…)`
        loop {
            if code.is(at, "@") {
                at = mark_at(code, at).end;
            } else if code
                .ident(at)
                .is_some_and(|w| is_modifier(w) || w == "constructor")
            {
                at += 1;
            } else {
                break;
            }
        }
        let pair = |at: usize| Some((at, code.partner(at)?));
        let constructor = code.is(at, "(").then(|| pair(at)).flatten();
        let begin = constructor.map_or(at, |(_, close)| close + 1);
        let mut end = begin;
        if code.is(begin, ":") {
            end += 1;
            // Supertypes go on behind a comma, in brackets and over `by`.
            while end < code.tokens.len() {
                match code.raw(end) {
                    "(" | "<" => end = code.partner(end).map_or(end + 1, |close| close + 1),
                    "." | "," | ">" | "?" => end += 1,
                    "{" => break,
                    _ if code.ident(end).is_none() => break,
                    _ => {
                        let joined = code.is(end - 1, ".")
                            || code.is(end - 1, ",")
                            || code.is(end - 1, ":")
                            || code.is(end - 1, "<");
                        if !joined && code.line(end) != code.line(end - 1) {
                            break;
                        }
                        end += 1;
                    }
                }
            }
        }
        Header {
            constructor,
            heritage: begin..end,
            body: code.is(end, "{").then(|| pair(end)).flatten(),
        }
    }
}

/// Properties with a type: those of the constructor, then those of the body.
pub(crate) fn members<'t>(file: &SourceFile<'t>, class: &TypeDecl) -> Vec<Member<'t>> {
    let code = file.code();
    let header = Header::at(code, class.at);
    let mut all = Vec::new();
    if let Some((open, _)) = header.constructor {
        for argument in code.arguments(open) {
            all.extend(property(code, argument.start, argument.end).map(|(member, _)| member));
        }
    }
    if let Some((open, close)) = header.body {
        let mut at = open + 1;
        while at < close && all.len() < MOST {
            if let Some((member, end)) = property(code, at, close) {
                all.push(member);
                at = end;
                continue;
            }
            // What functions and nested classes hold is theirs.
            at = match code.raw(at) {
                "{" | "(" | "[" => code.partner(at).unwrap_or(at) + 1,
                _ => at + 1,
            };
        }
    }
    all
}

/// The property that begins at an index, annotations and modifiers included, and the index behind its
/// type.
fn property<'t>(code: &Code<'t>, begin: usize, end: usize) -> Option<(Member<'t>, usize)> {
    let mut at = begin;
    let mut marks: Vec<Mark<'t>> = Vec::new();
    loop {
        if code.is(at, "@") {
            let mark = site_mark(code, at);
            at = mark.end;
            marks.push(mark);
        } else if code.ident(at).is_some_and(is_modifier) {
            at += 1;
        } else {
            break;
        }
    }
    if !matches!(code.ident(at), Some("val" | "var")) {
        return None;
    }
    let name = code.ident(at + 1)?;
    if !code.is(at + 2, ":") {
        return None;
    }
    let start = at + 3;
    let mut last = start;
    let mut depth = 0_i32;
    while last < end {
        match code.raw(last) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "=" | "," | "{" | "}" | ")" if depth <= 0 => break,
            "(" => last = code.partner(last).unwrap_or(last),
            _ if depth <= 0 && last > start && code.line(last) != code.line(last - 1) => break,
            _ => {}
        }
        last += 1;
    }
    let kind = match last > start + 1 && code.is(last - 1, "?") {
        true => start..last - 1,
        false => start..last,
    };
    let optional = kind.end < last;
    let member = Member {
        marks,
        kind,
        optional,
        name,
        first: code.line(begin),
        last: code.line(at + 1),
    };
    // What a getter works out is not kept.
    let computed = code.is(last, "get") && code.is(last + 1, "(");
    (last > start && !computed).then_some((member, last))
}

/// The annotation whose `@` stands at an index, of the field or getter too: `@field:NotNull`
/// (<https://kotlinlang.org/docs/annotations.html#annotation-use-site-targets>).
fn site_mark<'t>(code: &Code<'t>, at: usize) -> Mark<'t> {
    let site = matches!(
        code.ident(at + 1),
        Some("field" | "get" | "set" | "param" | "property")
    );
    let mut mark = match site && code.is(at + 2, ":") {
        true => mark_at(code, at + 2),
        false => mark_at(code, at),
    };
    mark.start = at;
    mark
}
