//! Python: references to functions and classes of the program, as the names of a file mean them.

use crate::code_view::{CodeView, is_below};
use crate::facts::{DEPENDS, HERE, UNKNOWN};
use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;
use std::ops::Range;

/// Tokens of an annotation that are looked at.
const LONGEST: usize = 40;

/// Types and values that one name leads through, at most.
const DEEPEST: u8 = 8;

/// A file whose names are followed.
pub(super) struct Refs<'v, 'f, 't> {
    view: &'v CodeView<'f, 't>,
    /// Whether it imports the framework.
    pub(super) web: bool,
    /// Functions and classes of the module, found when one is first asked for.
    here: OnceCell<BTreeSet<&'t str>>,
    /// Types and values that are being looked into.
    depth: Cell<u8>,
}

impl<'v, 'f, 't> Refs<'v, 'f, 't> {
    pub(super) fn of(view: &'v CodeView<'f, 't>) -> Self {
        Refs {
            view,
            web: view.imports_any(&["fastapi", "starlette"]),
            here: OnceCell::new(),
            depth: Cell::new(0),
        }
    }

    /// Whether a plain name is neither imported nor one of the module: that of the language, or of a variable.
    pub(super) fn is_nobody(&self, name: &str) -> bool {
        self.view.alias(name).is_none() && !self.here().contains(name)
    }

    /// What is in `Depends(…)` and `Security(…)`, with the type of the parameter where nothing is; `()` behind what is
    /// called there.
    pub(super) fn depended(&self, range: Range<usize>, kind: Option<Range<usize>>) -> Vec<String> {
        let code = self.view.code;
        let mut all = Vec::new();
        for at in range {
            if !matches!(code.raw(at), "Depends" | "Security") || !code.is(at + 1, "(") {
                continue;
            }
            let first = code
                .named_argument(at + 1, "dependency")
                .or_else(|| self.view.argument(at + 1, 0));
            let Some(first) = first else {
                // `filters: Filters = Depends()`
                let kind = kind.clone().and_then(|kind| self.type_of(kind));
                all.extend(kind.map(|to| format!("{DEPENDS}{to}")));
                continue;
            };
            let mut end = first.start;
            while end < first.end && (code.ident(end).is_some() || code.is(end, ".")) {
                end += 1;
            }
            let made = match code.is(end, "(") {
                true => "()",
                false => "",
            };
            let name = code.dotted(first.start, end);
            match self.named(&name, first.start, true) {
                Some(to) => all.push(format!("{DEPENDS}{to}{made}")),
                // What a package brings may refuse a request.
                None if self.named(&name, first.start, false).is_some() => {
                    all.push(format!("{DEPENDS}{UNKNOWN}"));
                }
                None => {}
            }
        }
        all
    }

    /// The class of what an expression gives: `Orders(session)`, `Repository[Order](session)`, `self.repos.orders`.
    pub(super) fn held(&self, value: Range<usize>) -> Option<String> {
        self.deeper(|| self.held_in(value))
    }

    fn held_in(&self, value: Range<usize>) -> Option<String> {
        let code = self.view.code;
        let mut end = value.start;
        while end < value.end && (code.ident(end).is_some() || code.is(end, ".")) {
            end += 1;
        }
        if end == value.start {
            return None;
        }
        let name = code.dotted(value.start, end);
        let last = name.rsplit('.').next().unwrap_or_default();
        if end == value.end {
            if name.starts_with("self.") {
                return Some(name);
            }
            return self.named(&name, value.start, true);
        }
        let after = |open: usize| code.partner(open).map(|close| close + 1);
        let open = match code.is(end, "[") {
            true => after(end)?,
            false => end,
        };
        let whole = code.is(open, "(") && after(open)? >= value.end;
        (whole && last.starts_with(char::is_uppercase))
            .then(|| self.named(&name, value.start, true))?
    }

    /// The class that an annotation names: `Orders`, `Orders | None`, `Optional[Orders]`, `Repository[Order]`.
    pub(super) fn type_of(&self, kind: Range<usize>) -> Option<String> {
        self.deeper(|| self.type_in(kind))
    }

    /// Looks into a type or value, which may lead to others of the file and by them to itself.
    fn deeper(&self, look: impl FnOnce() -> Option<String>) -> Option<String> {
        let depth = self.depth.get();
        if depth >= DEEPEST {
            return None;
        }
        self.depth.set(depth + 1);
        let found = look();
        self.depth.set(depth);
        found
    }

    fn type_in(&self, kind: Range<usize>) -> Option<String> {
        let code = self.view.code;
        if kind.is_empty() {
            return None;
        }
        let at = kind.start;
        if matches!(code.raw(at), "Annotated" | "Optional") && code.is(at + 1, "[") {
            return self.type_of(code.arguments(at + 1).into_iter().next()?);
        }
        if let Some(text) = code.string(at) {
            let name = text.split(['[', ' ']).next().unwrap_or(text);
            return self.named(name, at, true);
        }
        let mut end = at;
        while end < kind.end && (code.ident(end).is_some() || code.is(end, ".")) {
            end += 1;
        }
        let name = code.dotted(at, end);
        // Of two classes nobody knows which.
        let rest = (end..kind.end).take(LONGEST);
        let mut others = rest.filter(|&i| code.is(i, "|") && !code.is(i + 1, "None"));
        let none = code.is(end, "=") || others.next().is_none();
        let last = name.rsplit('.').next().unwrap_or_default();
        (none && last.starts_with(char::is_uppercase)).then(|| self.named(&name, at, true))?
    }

    /// A reference to what a dotted name of the file means; `own` leaves out what no file of the program can be.
    pub(super) fn named(&self, name: &str, at: usize, own: bool) -> Option<String> {
        let (view, code) = (self.view, self.view.code);
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        if first.is_empty() {
            return None;
        }
        let whole = |head: String| match rest {
            Some(rest) => format!("{head}.{rest}"),
            None => head,
        };
        let known = view.visible(first, at);
        if let Some(last) = known.last().filter(|d| d.scope.is_some() && !d.field) {
            let class = last.scope.and_then(|s| code.functions().get(s));
            let of_class = class.is_some_and(|f| f.class);
            // A local variable that is set in two ways is of no class that is known, nor is one whose type has its name.
            if known.len() > 1 || last.at == at || last.kind.contains(&at) || of_class {
                return None;
            }
            let kind = self.type_of(last.kind.clone());
            let value = || match last.param || last.value.contains(&at) {
                true => None,
                false => self.held(last.value.clone()),
            };
            return kind.or_else(value).map(whole);
        }
        if !known.is_empty() || self.here().contains(first) {
            return Some(whole(format!("{HERE}{first}")));
        }
        let module = view.alias(first)?;
        let fits = !own || self.is_own(module);
        fits.then(|| whole(module.to_owned()))
    }

    fn here(&self) -> &BTreeSet<&'t str> {
        self.here.get_or_init(|| {
            let all = self.view.code.functions().iter();
            let own = all.filter(|f| f.parent.is_none());
            own.map(|f| f.name).collect()
        })
    }

    /// Whether a module may be one of the program: beside the file or in a folder above it.
    pub(super) fn is_own(&self, module: &str) -> bool {
        let first = module.split('.').next().unwrap_or_default();
        if first.is_empty() {
            return true;
        }
        let foreign = ["fastapi", "starlette", "pydantic", "typing", "sqlalchemy"];
        let mut folders = self.view.file.path.split('/');
        folders.any(|folder| folder == first)
            || self.web && !foreign.iter().any(|known| is_below(module, known))
    }
}
