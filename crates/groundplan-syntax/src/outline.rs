//! What a file declares: types, and what carries annotations, decorators or attributes.

use crate::{Annotation, Code, Language, TokenKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// Steps that a walk towards the root takes at most, so that deep nesting stays linear.
const MAX_STEPS: usize = 200;

/// A class, interface, record, struct, enum or object with a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDecl {
    /// `class`, `interface` …
    pub keyword: String,
    /// Its name.
    pub name: String,
    /// Index of the token of its name.
    pub at: usize,
    /// Tokens between name and body: type parameters, supertypes.
    pub heritage: Range<usize>,
    /// Index of the bracket that opens its body.
    pub open: usize,
    /// Index of the bracket that closes it.
    pub close: usize,
    /// One-based line of its name.
    pub line: u32,
}

impl TypeDecl {
    /// The class that it extends, without its package and type parameters; where the language has one
    /// mark for classes and interfaces (`:`), the first that it names.
    pub fn base<'t>(&self, code: &Code<'t>) -> Option<&'t str> {
        let mark = match code.language {
            Language::Kotlin | Language::CSharp => ":",
            _ => "extends",
        };
        let mut depth = 0_i32;
        let at = self.heritage.clone().find(|&at| {
            match code.raw(at) {
                "<" | "(" => depth += 1,
                ">" | ")" => depth -= 1,
                word => return depth == 0 && word == mark,
            }
            false
        })?;
        let mut name = at + 1;
        while code.is(name + 1, ".") && code.ident(name + 2).is_some() {
            name += 2;
        }
        code.ident(name)
    }
}

/// What kind of declaration carries annotations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclKind {
    /// A class, interface and the like.
    Type,
    /// A function, method or constructor.
    Function,
    /// A field or property.
    Field,
    /// A parameter.
    Parameter,
}

/// A declaration with its annotations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Its annotations in order; at least one.
    pub annotations: Vec<Annotation>,
    /// What it is.
    pub kind: DeclKind,
    /// Its name; empty if it has none.
    pub name: String,
    /// Index of the token of its name.
    pub at: usize,
    /// Index of the first token after the annotations.
    pub start: usize,
    /// One-based line of its first annotation.
    pub first: u32,
    /// One-based line of its name.
    pub line: u32,
    /// Index in [`Outline::types`] of the type that it is a member of; for a type, of itself.
    pub owner: Option<usize>,
}

impl Declared {
    /// The first annotation with one of these names; the part after the last dot counts.
    pub fn annotation(&self, names: &[&str]) -> Option<&Annotation> {
        self.annotations
            .iter()
            .find(|a| names.contains(&a.name.rsplit('.').next().unwrap_or_default()))
    }
}

/// What a file declares.
#[derive(Debug)]
pub struct Outline {
    parents: Vec<u32>,
    bodies: BTreeMap<usize, usize>,
    /// For types with annotations their place in `declared`.
    of_types: BTreeMap<usize, usize>,
    /// Types with a body, in order.
    pub types: Vec<TypeDecl>,
    /// Declarations with annotations, in order.
    pub declared: Vec<Declared>,
}

impl Outline {
    /// Reads the declarations of `code`; linear in its length.
    pub fn new(code: &Code<'_>) -> Self {
        let mut outline = Outline {
            parents: parents(code),
            bodies: BTreeMap::new(),
            of_types: BTreeMap::new(),
            types: types(code),
            declared: Vec::new(),
        };
        outline.bodies = (outline.types.iter().enumerate())
            .map(|(index, t)| (t.open, index))
            .collect();
        outline.collect(code);
        outline
    }

    /// Index of the innermost bracket that is open at a token.
    pub fn parent(&self, index: usize) -> Option<usize> {
        let parent = *self.parents.get(index)?;
        (parent != u32::MAX).then_some(parent as usize)
    }

    /// The brackets that are open at a token, innermost first; at most 200.
    pub fn ancestors(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.parent(index), |&open| self.parent(open)).take(MAX_STEPS)
    }

    /// Index of the innermost type whose body holds the token.
    pub fn owner(&self, index: usize) -> Option<usize> {
        self.ancestors(index)
            .find_map(|open| self.bodies.get(&open).copied())
    }

    /// The annotated declaration of a type.
    pub fn of_type(&self, owner: usize) -> Option<&Declared> {
        self.declared.get(*self.of_types.get(&owner)?)
    }

    fn collect(&mut self, code: &Code<'_>) {
        let mut pending: Vec<Annotation> = Vec::new();
        let by_name: BTreeMap<usize, usize> = (self.types.iter().enumerate())
            .map(|(index, t)| (t.at, index))
            .collect();
        let mut all = top_level(code).into_iter().peekable();
        while let Some(annotation) = all.next() {
            let next = annotation.next;
            pending.push(annotation);
            let begin = skip_modifiers(code, next);
            let mark = if code.language == Language::CSharp {
                "["
            } else {
                "@"
            };
            let again = all
                .peek()
                .is_some_and(|a| a.next == next || code.is(begin, mark) && a.next > begin);
            if again {
                continue;
            }
            let annotations = std::mem::take(&mut pending);
            if let Some(found) = self.declaration(code, annotations, next, &by_name) {
                if let (DeclKind::Type, Some(owner)) = (found.kind, found.owner) {
                    self.of_types.entry(owner).or_insert(self.declared.len());
                }
                self.declared.push(found);
            }
        }
    }

    fn declaration(
        &self,
        code: &Code<'_>,
        annotations: Vec<Annotation>,
        start: usize,
        by_name: &BTreeMap<usize, usize>,
    ) -> Option<Declared> {
        let first = annotations.first()?.line;
        let in_round = self.parent(start).is_some_and(|open| code.is(open, "("));
        let (kind, at) = declared_at(code, start, in_round)?;
        let owner = match kind {
            DeclKind::Type => by_name.get(&at).copied(),
            _ => self.owner(start),
        };
        Some(Declared {
            kind,
            name: code.ident(at).unwrap_or_default().to_owned(),
            at,
            start,
            first,
            line: code.line(at),
            owner,
            annotations,
        })
    }
}

/// Annotations that are not arguments of another one; the further attributes of one C# bracket
/// included, each with the same `next`.
fn top_level(code: &Code<'_>) -> Vec<Annotation> {
    let mut all = Vec::new();
    let mut reach = 0;
    for mut annotation in code.annotations() {
        if annotation.next <= reach {
            continue;
        }
        let mut more = Vec::new();
        while code.language == Language::CSharp && code.is(annotation.next, ",") {
            let at = annotation.next + 1;
            let Some(name) = code.ident(at) else { break };
            let after = code.after_types(at + 1);
            let open = code.is(after, "(").then_some(after);
            let end = open.and_then(|o| code.partner(o)).unwrap_or(after - 1);
            annotation.next = end + 1 + usize::from(code.is(end + 1, "]"));
            more.push(Annotation {
                name: name.to_owned(),
                open,
                next: 0,
                line: code.line(at),
            });
        }
        reach = annotation.next;
        all.push(annotation);
        all.extend(more.into_iter().map(|a| Annotation { next: reach, ..a }));
    }
    all
}

/// Whether a word is the type of all objects, `public object Find(int id)`, and declares none.
fn is_plain_type(code: &Code<'_>, at: usize) -> bool {
    code.language == Language::CSharp && code.is(at, "object")
}

/// What stands after annotations: its kind and the token of its name.
fn declared_at(code: &Code<'_>, start: usize, in_round: bool) -> Option<(DeclKind, usize)> {
    let mut at = start;
    let mut last_word = None;
    let end = (start + 80).min(code.tokens.len());
    while at < end {
        match code.raw(at) {
            "class" | "interface" | "enum" | "struct" | "object" | "record"
                if !in_round && code.ident(at + 1).is_some() && !is_plain_type(code, at) =>
            {
                // `enum class`, `record struct`
                let double = code.is(at + 1, "class") || code.is(at + 1, "struct");
                return Some((DeclKind::Type, at + 1 + usize::from(double)));
            }
            "(" if !in_round => {
                let previous = at.checked_sub(1)?;
                // A tuple type of C# or a function type of Kotlin is no parameter list.
                if is_name(code, previous) || code.is(previous, ">") {
                    return Some((DeclKind::Function, last_word?));
                }
                at = code.partner(at)?;
            }
            "<" => at = angle_end(code, at).unwrap_or(at),
            ":" | "?" | "!" | "=" | ";" | "{" | "}" | "," | ")" => {
                let kind = if in_round {
                    DeclKind::Parameter
                } else {
                    DeclKind::Field
                };
                return Some((kind, last_word?));
            }
            "[" if code.language != Language::CSharp && code.is(at + 1, "]") => at += 1,
            "@" => return None,
            _ if code.ident(at).is_some() => {
                let kotlin_type = code.language == Language::Kotlin && code.is(at, "fun");
                if !kotlin_type {
                    last_word = Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The `>` that closes the `<` at `open`, if it is near and looks like type arguments.
pub(crate) fn angle_end(code: &Code<'_>, open: usize) -> Option<usize> {
    let mut depth = 0_u32;
    for at in open..(open + 60).min(code.tokens.len()) {
        match code.raw(at) {
            "<" => depth += 1,
            ">" => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            ";" | "{" | "}" | "&&" | "||" => return None,
            _ => {}
        }
    }
    None
}

fn is_modifier(word: &str) -> bool {
    matches!(
        word,
        "public"
            | "private"
            | "protected"
            | "internal"
            | "static"
            | "final"
            | "abstract"
            | "async"
            | "export"
            | "default"
            | "readonly"
            | "override"
            | "virtual"
            | "sealed"
            | "partial"
            | "open"
            | "suspend"
            | "lateinit"
            | "data"
            | "synchronized"
            | "transient"
            | "volatile"
            | "required"
            | "declare"
    )
}

fn skip_modifiers(code: &Code<'_>, from: usize) -> usize {
    let mut at = from;
    while code.ident(at).is_some_and(is_modifier) && !(code.is(at + 1, "(") && is_name(code, at)) {
        at += 1;
    }
    at
}

/// Whether the word before a bracket names what is declared: a method may be called `export` or
/// `open`, but in C# a modifier may stand before a tuple.
fn is_name(code: &Code<'_>, at: usize) -> bool {
    code.ident(at)
        .is_some_and(|word| code.language != Language::CSharp || !is_modifier(word))
}

fn parents(code: &Code<'_>) -> Vec<u32> {
    let text = code.text.as_bytes();
    let mut parents = vec![u32::MAX; code.tokens.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, token) in code.tokens.iter().enumerate() {
        let byte = match token.kind {
            TokenKind::Punct => text.get(token.start as usize).copied(),
            _ => None,
        };
        if matches!(byte, Some(b')' | b']' | b'}'))
            && let Some(partner) = code.partner(index)
        {
            while open.last().is_some_and(|&o| o >= partner) {
                open.pop();
            }
        }
        if let Some(&innermost) = open.last() {
            parents[index] = innermost as u32;
        }
        if matches!(byte, Some(b'(' | b'[' | b'{')) && code.partner(index).is_some() {
            open.push(index);
        }
    }
    parents
}

fn types(code: &Code<'_>) -> Vec<TypeDecl> {
    let mut all = Vec::new();
    let text = code.text.as_bytes();
    for (index, token) in code.tokens.iter().enumerate() {
        // Cheap to see, and rules out most tokens.
        let length = token.end - token.start;
        let begins = text.get(token.start as usize).copied().unwrap_or_default();
        if !(4..=9).contains(&length) || !b"ceiors".contains(&begins) {
            continue;
        }
        let keyword = match code.ident(index) {
            Some(k @ ("class" | "interface" | "enum" | "struct" | "object" | "record")) => k,
            _ => continue,
        };
        let called = index > 0 && matches!(code.raw(index - 1), "." | "::" | "new");
        if called || is_plain_type(code, index) {
            continue;
        }
        let Some(name) = code.ident(index + 1) else {
            continue;
        };
        if matches!(
            name,
            "class" | "struct" | "extends" | "implements" | "in" | "of" | "is" | "instanceof"
        ) {
            continue;
        }
        let Some(open) = body(code, index + 2) else {
            continue;
        };
        let Some(close) = code.partner(open) else {
            continue;
        };
        all.push(TypeDecl {
            keyword: keyword.to_owned(),
            name: name.to_owned(),
            at: index + 1,
            heritage: index + 2..open,
            open,
            close,
            line: code.line(index + 1),
        });
    }
    all
}

/// The bracket that opens the body of a type whose header begins at `from`. Parameters of types may
/// have defaults: `class Base<T extends object = {}> {`.
fn body(code: &Code<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    let mut depth = 0_i32;
    let end = (from + 160).min(code.tokens.len());
    while at < end {
        match code.raw(at) {
            "<" => depth += 1,
            ">" => depth -= 1,
            "{" if depth > 0 => at = code.partner(at)?,
            "{" => return Some(at),
            "(" | "[" => at = code.partner(at)?,
            "=" if depth > 0 => {}
            ";" | "}" | ")" | "=" => return None,
            _ => {}
        }
        at += 1;
    }
    None
}
