//! The fields of a class of Java or Kotlin with their annotations.

use crate::kotlin_classes;
use crate::source::SourceFile;
use groundplan_syntax::{Code, Language, TypeDecl};
use std::ops::Range;

/// An annotation in a body: its name, the bracket of its arguments, the index after it.
pub(crate) struct Mark<'t> {
    /// Last word of its name.
    pub(crate) name: &'t str,
    /// Index of the bracket of its arguments.
    pub(crate) open: Option<usize>,
    /// Index of its `@`.
    pub(crate) start: usize,
    /// Index after it.
    pub(crate) end: usize,
}

/// A field of a class.
pub(crate) struct Member<'t> {
    /// Its annotations.
    pub(crate) marks: Vec<Mark<'t>>,
    /// Tokens of the type.
    pub(crate) kind: Range<usize>,
    /// Whether the type says that nothing may stand there: `String?`.
    pub(crate) optional: bool,
    /// Its name.
    pub(crate) name: &'t str,
    /// Line of its first annotation.
    pub(crate) first: u32,
    /// Line of its name.
    pub(crate) last: u32,
}

impl Member<'_> {
    /// The first annotation with one of these names.
    pub(crate) fn mark(&self, names: &[&str]) -> Option<&Mark<'_>> {
        self.marks.iter().find(|m| names.contains(&m.name))
    }
}

/// Fields of a class body in order. Methods, blocks and nested types are stepped over.
pub(crate) fn members<'t>(file: &SourceFile<'t>, class: &TypeDecl) -> Vec<Member<'t>> {
    let code = file.code();
    if code.language == Language::Kotlin {
        return kotlin_classes::members(file, class);
    }
    let mut all = Vec::new();
    let mut at = class.open + 1;
    while at < class.close && all.len() < 400 {
        let begin = at;
        let mut marks = Vec::new();
        while code.is(at, "@") && !code.is(at + 1, "interface") {
            let mark = mark_at(code, at);
            at = mark.end;
            marks.push(mark);
        }
        let mut hidden = false;
        while let Some(word) = code.ident(at) {
            match word {
                "static" | "transient" => hidden = true,
                "private" | "protected" | "public" | "final" | "volatile" => {}
                _ => break,
            }
            at += 1;
        }
        let start = at;
        let mut name = None;
        // To the end of the member.
        loop {
            match code.raw(at) {
                ";" => break,
                "=" => {
                    while at < class.close && !code.is(at, ";") {
                        at = match code.raw(at) {
                            "(" | "{" | "[" => code.partner(at).unwrap_or(at) + 1,
                            _ => at + 1,
                        };
                    }
                    break;
                }
                "(" => {
                    hidden = true;
                    at = code.partner(at).unwrap_or(at);
                }
                "{" => {
                    hidden = true;
                    at = code.partner(at).unwrap_or(at);
                    break;
                }
                _ if at >= class.close => break,
                _ if code.ident(at).is_some() => name = Some(at),
                _ => {}
            }
            at += 1;
        }
        at += 1;
        if let Some(name_at) = name.filter(|&n| !hidden && n > start) {
            all.push(Member {
                marks,
                kind: start..name_at,
                optional: false,
                name: code.raw(name_at),
                first: code.line(begin),
                last: code.line(name_at),
            });
        }
    }
    all
}

/// The annotation whose `@` stands at an index.
pub(crate) fn mark_at<'t>(code: &Code<'t>, at: usize) -> Mark<'t> {
    let mut name_at = at + 1;
    while code.is(name_at + 1, ".") && code.ident(name_at + 2).is_some() {
        name_at += 2;
    }
    let open = code.is(name_at + 1, "(").then_some(name_at + 1);
    let close = open.and_then(|o| code.partner(o)).unwrap_or(name_at);
    Mark {
        name: code.raw(name_at),
        open,
        start: at,
        end: close + 1,
    }
}
