//! A file of Go, Rust or Python with its names resolved as far as the file itself goes: what an
//! import, a variable or a field stands for, and which string an expression builds.

use crate::env_reads::{self, EnvCall};
use crate::imports::{self, ImportLine};
use crate::source::SourceFile;
use groundplan_syntax::{Call, Code, Definition, Function, Language};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is computed once for a file.
#[derive(Debug, Default)]
pub(crate) struct Names<'t> {
    pub(crate) imports: Vec<ImportLine>,
    /// This and the next two are only ever asked for a name, so that their order shows nowhere.
    aliases: FxHashMap<String, String>,
    /// Definitions by name, as indices into [`Code::definitions`].
    defined: FxHashMap<&'t str, Vec<usize>>,
    /// Reads of the environment by the index of their bracket.
    pub(crate) env: BTreeMap<usize, EnvCall>,
    /// Fields that a read of the environment fills: `mustMapEnv(&s.addr, "ADDR")`, struct tags.
    env_fields: BTreeMap<String, String>,
    /// Calls by the last word of their name.
    calls: FxHashMap<&'t str, Vec<Call>>,
    /// These words in order.
    called: Vec<&'t str>,
}

/// How often a value may refer to another.
const DEEPEST: u8 = 6;

/// How many names one look-up may lead through in all.
const LONGEST: u32 = 400;

/// How many definitions of one name are looked at: more is no set-up code.
const MOST: usize = 64;

/// The file and its names.
pub(crate) struct CodeView<'f, 't> {
    pub(crate) file: &'f SourceFile<'t>,
    pub(crate) code: &'f Code<'t>,
    names: &'f Names<'t>,
    depth: Cell<u8>,
    /// Steps of the look-up that runs.
    steps: Cell<u32>,
}

/// Who is called: what the receiver stands for, and the method.
#[derive(Clone, Debug)]
pub(crate) struct Callee<'t> {
    /// Dotted path of the module, type or constructor of the receiver; of a plain function the
    /// module it was imported from.
    pub(crate) on: Option<String>,
    /// Name of the function or method in its module.
    pub(crate) method: Cow<'t, str>,
}

impl<'t> Names<'t> {
    pub(crate) fn of(file: &SourceFile<'t>) -> Self {
        let code = file.code();
        let mut names = Names {
            imports: imports::imports(code),
            ..Names::default()
        };
        for import in &names.imports {
            for (name, module) in &import.names {
                names
                    .aliases
                    .entry(name.clone())
                    .or_insert_with(|| module.clone());
            }
        }
        for (index, definition) in code.definitions().iter().enumerate() {
            names
                .defined
                .entry(definition.name)
                .or_default()
                .push(index);
        }
        let declared: BTreeSet<usize> = code.functions().iter().filter_map(|f| f.params).collect();
        let tests = rust_tests(code);
        let tested = |at: usize| tests.iter().any(|r| r.contains(&at));
        for call in code.calls() {
            if !declared.contains(&call.open) && !tested(call.open) {
                names.call(last_word(code, call), call);
            }
        }
        if code.language == Language::Go {
            for (name, literal) in composite_literals(code) {
                names.call(name, literal);
            }
        }
        names.called.sort_unstable();
        let reads = env_reads::find(&CodeView::with(file, &names));
        for read in &reads {
            if let Some(field) = &read.field {
                names
                    .env_fields
                    .entry(field.clone())
                    .or_insert_with(|| read.name.clone());
            }
        }
        names.env = reads.into_iter().map(|r| (r.at, r)).collect();
        names
    }

    fn call(&mut self, last: &'t str, call: Call) {
        let known = self.calls.entry(last).or_insert_with(|| {
            self.called.push(last);
            Vec::new()
        });
        known.push(call);
    }
}

/// Bodies of `#[cfg(test)] mod tests` and of functions under `#[test]`, and constants of tests: what
/// they call and hold is no part of the system.
pub(crate) fn rust_tests(code: &Code<'_>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    if code.language != Language::Rust || !code.text.contains("test") {
        return all;
    }
    for note in code.annotations() {
        let is_test = note.name == "test"
            || note.name.ends_with(".test")
            || note.name == "cfg" && note.open.is_some_and(|open| only_tests(code, open));
        if !is_test || all.last().is_some_and(|r| r.contains(&note.next)) {
            continue;
        }
        let mut at = note.next;
        while at < note.next + 60 && !matches!(code.raw(at), "{" | ";" | "") {
            // `[&str; 2]`: a semicolon in brackets ends nothing.
            let brackets = matches!(code.raw(at), "(" | "[");
            at = code.partner(at).filter(|_| brackets).unwrap_or(at) + 1;
        }
        if code.is(at, ";") {
            all.push(note.next..at);
        } else if code.is(at, "{")
            && let Some(close) = code.partner(at)
        {
            all.push(at..close);
        }
    }
    all
}

/// Whether a condition holds in tests alone: `test`, `all(test, …)`, `feature = "test-helpers"`, and
/// `any(…)` of such.
fn only_tests(code: &Code<'_>, open: usize) -> bool {
    code.arguments(open)
        .iter()
        .any(|part| is_for_tests(code, part))
}

fn is_for_tests(code: &Code<'_>, part: &Range<usize>) -> bool {
    match code.raw(part.start) {
        "test" => part.len() == 1,
        "feature" => code.string(part.start + 2).is_some_and(|name| {
            let mut words = name.split(['-', '_']);
            words.any(|w| w.starts_with("test") || w == "mock" || w == "mocks")
        }),
        "all" => only_tests(code, part.start + 1),
        "any" => {
            let inner = code.arguments(part.start + 1);
            !inner.is_empty() && inner.iter().all(|r| is_for_tests(code, r))
        }
        _ => false,
    }
}

/// `pkg.Type{…}` as a call of `Type`, so that rules can speak of it.
fn composite_literals<'t>(code: &Code<'t>) -> Vec<(&'t str, Call)> {
    let touches = |at: usize| match (code.tokens.get(at), code.tokens.get(at + 1)) {
        (Some(a), Some(b)) => a.end == b.start,
        _ => false,
    };
    (3..code.tokens.len())
        .filter(|&open| code.is(open, "{") && code.is(open - 2, ".") && touches(open - 1))
        .filter_map(|open| {
            let name = code.ident(open - 1)?;
            code.ident(open - 3)?;
            let call = Call {
                first: open - 3,
                open,
                line: code.line(open - 1),
            };
            Some((name, call))
        })
        .collect()
}

/// The last word of the name of a call.
pub(crate) fn last_word<'t>(code: &Code<'t>, call: Call) -> &'t str {
    (call.first..call.open)
        .rev()
        .take(26)
        .find(|&at| {
            code.ident(at).is_some() && code.line(at) == call.line && !in_generics(code, at, call)
        })
        .map_or("", |at| code.raw(at))
}

fn in_generics(code: &Code<'_>, at: usize, call: Call) -> bool {
    // `collect::<T>()`: words between the angle brackets are no part of the name.
    if !code.is(call.open - 1, ">") {
        return false;
    }
    let mut depth = 0;
    for index in (call.first..call.open).rev() {
        match code.raw(index) {
            ">" => depth += 1,
            "<" => depth -= 1,
            _ => {}
        }
        if index == at {
            return depth > 0;
        }
    }
    false
}

impl<'f, 't> CodeView<'f, 't> {
    pub(crate) fn of(file: &'f SourceFile<'t>) -> Self {
        Self::with(file, file.names())
    }

    fn with(file: &'f SourceFile<'t>, names: &'f Names<'t>) -> Self {
        CodeView {
            file,
            code: file.code(),
            names,
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    pub(crate) fn imports(&self) -> &'f [ImportLine] {
        &self.names.imports
    }

    /// Reads of the environment by the index of their bracket.
    pub(crate) fn env(&self) -> &'f BTreeMap<usize, EnvCall> {
        &self.names.env
    }

    /// Whether a module that begins with one of the prefixes is imported.
    pub(crate) fn imports_any(&self, prefixes: &[&str]) -> bool {
        self.names.imports.iter().any(|i| {
            let dotted = match self.code.language {
                Language::Rust => Cow::Owned(i.module.replace("::", ".")),
                // A module of Go or Python has no such mark.
                _ => Cow::Borrowed(i.module.as_str()),
            };
            prefixes.iter().any(|p| is_below(&dotted, p))
        })
    }

    /// What a name of an import stands for.
    pub(crate) fn alias(&self, name: &str) -> Option<&'f str> {
        self.names.aliases.get(name).map(String::as_str)
    }

    /// Calls whose last word is `name`.
    pub(crate) fn calls_of(&self, name: &str) -> &'f [Call] {
        self.names.calls.get(name).map_or(&[], Vec::as_slice)
    }

    /// All calls by the last word of their name.
    pub(crate) fn calls(&self) -> impl Iterator<Item = (&'t str, &'f [Call])> + '_ {
        let called = self.names.called.iter();
        called.map(|&name| (name, self.calls_of(name)))
    }

    /// The function or method of this file called `name`, if there is one.
    pub(crate) fn function(&self, name: &str) -> Option<&'f Function<'t>> {
        self.code
            .functions()
            .iter()
            .find(|f| f.name == name && !name.is_empty())
    }

    /// The bases of a class of Python by their last words: of `rest.ModelViewSet[Order]` that is
    /// `ModelViewSet`.
    pub(crate) fn bases(&self, class: &Function<'_>) -> Vec<String> {
        let code = self.code;
        let given = class.params.map(|open| code.arguments(open));
        given
            .into_iter()
            .flatten()
            .filter(|r| !code.is(r.start + 1, "="))
            .filter_map(|r| {
                let end = r.clone().find(|&at| code.is(at, "["));
                (r.start..end.unwrap_or(r.end))
                    .rev()
                    .find_map(|at| code.ident(at))
            })
            .map(str::to_owned)
            .collect()
    }

    fn definitions_of(
        &self,
        name: &str,
    ) -> impl DoubleEndedIterator<Item = &'f Definition<'t>> + '_ {
        let all = self.names.defined.get(name).map_or(&[][..], Vec::as_slice);
        all.iter()
            .take(MOST)
            .filter_map(|&index| self.code.definitions().get(index))
    }

    /// The definitions that a plain name at `at` may mean: those of the innermost function that
    /// has some, else those of the file.
    pub(crate) fn visible(&self, name: &str, at: usize) -> Vec<&'f Definition<'t>> {
        let mut scope = self.code.function_at(at);
        let mut first = true;
        loop {
            let is_class = scope
                .and_then(|s| self.code.functions().get(s))
                .is_some_and(|f| f.class);
            let found: Vec<_> = self
                .definitions_of(name)
                .filter(|d| !d.field && d.scope == scope && (scope.is_none() || d.at < at))
                .collect();
            if !found.is_empty() && (first || !is_class) {
                return found;
            }
            first = false;
            match scope {
                Some(s) => scope = self.code.functions().get(s).and_then(|f| f.parent),
                None => return Vec::new(),
            }
        }
    }

    /// The same without what cannot be meant: the right side of `api := api.Group("/users")` speaks of
    /// what the name was before, and what `:=` of Go makes is known in the block around it alone.
    pub(crate) fn in_blocks(&self, name: &str, at: usize) -> Vec<&'f Definition<'t>> {
        let code = self.code;
        let mut found = self.visible(name, at);
        found.retain(|definition| {
            if definition.param || definition.scope.is_none() || definition.value.is_empty() {
                return true;
            }
            if definition.value.contains(&at) {
                return false;
            }
            let made = code.language == Language::Go
                && (code.is(definition.at + 1, ":=")
                    || code.is(definition.at + 1, ":") && code.is(definition.at + 2, "="));
            let mut next = definition.value.end;
            while made && next < at {
                next = match code.raw(next) {
                    "}" => return false,
                    "{" | "(" | "[" => match code.partner(next) {
                        Some(close) if close < at => close + 1,
                        _ => next + 1,
                    },
                    _ => next + 1,
                };
            }
            true
        });
        found
    }

    /// Definitions of a field, wherever in the file; class attributes of Python count.
    pub(crate) fn fields(&self, name: &str) -> Vec<&'f Definition<'t>> {
        self.definitions_of(name)
            .filter(|d| {
                d.field
                    || d.scope
                        .and_then(|s| self.code.functions().get(s))
                        .is_some_and(|f| f.class)
            })
            .collect()
    }

    /// If the plain name at `at` is a parameter: the function it belongs to.
    pub(crate) fn parameter_of(&self, name: &str, at: usize) -> Option<usize> {
        let found = self.visible(name, at);
        match found.as_slice() {
            [one] if one.param => one.scope,
            _ => None,
        }
    }

    /// What a dotted name stands for: `gin.Default`, `github.com/gin-gonic/gin.Engine.GET`.
    pub(crate) fn canonical(&self, name: &str, at: usize) -> Option<String> {
        if name.is_empty() {
            return None;
        }
        self.guarded(|| self.canonical_inner(name, at))
    }

    fn canonical_inner(&self, name: &str, at: usize) -> Option<String> {
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        let with_rest = |head: String| match rest {
            Some(rest) => format!("{head}.{rest}"),
            None => head,
        };
        let local = self.in_blocks(first, at);
        // `mux = users.Routes(mux)` of Go leaves it what it was.
        let same = local.iter().rev().filter(|d| !self.is_handed_on(d));
        let found = same.into_iter().find_map(|d| self.origin(d));
        if let Some(origin) = found.or_else(|| local.iter().rev().find_map(|d| self.origin(d))) {
            return Some(with_rest(origin));
        }
        if local.is_empty()
            && let Some(module) = self.alias(first)
        {
            return Some(with_rest(module.to_owned()));
        }
        if let Some((_, last)) = name.rsplit_once('.')
            && let Some(origin) = self.fields(last).iter().find_map(|d| self.origin(d))
        {
            return Some(origin);
        }
        // `s.engine.Group` of an object of this file: what its field is, says more than nothing.
        if self.code.language == Language::Go
            && self.alias(first).is_none()
            && let Some((field, method)) = rest.and_then(|rest| rest.split_once('.'))
            && let Some(origin) = self.fields(field).iter().find_map(|d| self.origin(d))
        {
            return Some(format!("{origin}.{method}"));
        }
        // A full path of Rust needs no import.
        let is_path = self.code.language == Language::Rust
            && self.code.is(at, first)
            && self.code.is(at + 1, ":")
            && self.code.is(at + 2, ":");
        is_path.then(|| name.to_owned())
    }

    /// Whether a function that is given a variable of Go gives back its new value.
    fn is_handed_on(&self, definition: &Definition<'_>) -> bool {
        let code = self.code;
        if code.language != Language::Go || definition.param || !definition.kind.is_empty() {
            return false;
        }
        let Some(open) = definition.value.clone().find(|&at| code.is(at, "(")) else {
            return false;
        };
        let itself = |r: &Range<usize>| r.len() == 1 && code.is(r.start, definition.name);
        !code.is(definition.value.start, definition.name) && code.arguments(open).iter().any(itself)
    }

    /// What a variable was made by or what type it has.
    fn origin(&self, definition: &Definition<'_>) -> Option<String> {
        if !definition.kind.is_empty() {
            // Of `Arc<reqwest::Client>` the innermost type counts.
            let mut found = None;
            let mut at = definition.kind.start;
            while at < definition.kind.end {
                if self.code.ident(at).is_some() {
                    let mut end = at + 1;
                    loop {
                        if self.code.is(end, ".") && self.code.ident(end + 1).is_some() {
                            end += 2;
                        } else if self.code.is(end, ":")
                            && self.code.is(end + 1, ":")
                            && self.code.ident(end + 2).is_some()
                        {
                            end += 3;
                        } else {
                            break;
                        }
                    }
                    let name = self.code.dotted(at, end);
                    let first = name.split('.').next().unwrap_or(&name);
                    let path = self.code.is(at + 1, ":").then(|| name.clone());
                    let whole = self.alias(first).map(|m| match name.split_once('.') {
                        Some((_, rest)) => format!("{m}.{rest}"),
                        None => m.to_owned(),
                    });
                    found = whole.or(path).or(found);
                    at = end;
                } else {
                    at += 1;
                }
            }
            if found.is_some() {
                return found;
            }
        }
        if let Some(kind) = self.asserted(&definition.value) {
            return Some(kind);
        }
        let mut at = definition.value.start;
        while matches!(self.code.raw(at), "&" | "*" | "await" | "new" | "mut") {
            at += 1;
        }
        if at >= definition.value.end || self.code.ident(at).is_none() {
            return None;
        }
        let mut end = at + 1;
        while end < definition.value.end {
            if self.code.ident(end).is_some() && !self.code.starts_line(end)
                || matches!(self.code.raw(end), "." | ":" | "?")
            {
                end += 1;
            } else {
                break;
            }
        }
        let name = self.code.dotted(at, end);
        if name == definition.name && definition.scope.is_none() {
            return self.alias(&name).map(str::to_owned);
        }
        self.canonical(&name, at)
    }

    /// The type of a package that Go takes a value for: `server.Handler.(*mux.Router)`.
    fn asserted(&self, value: &Range<usize>) -> Option<String> {
        let code = self.code;
        let close = value.end.checked_sub(1)?;
        let open = code.partner(close).filter(|_| code.is(close, ")"))?;
        let cast = code.language == Language::Go && open > value.start && code.is(open - 1, ".");
        let at = open + 1 + usize::from(code.is(open + 1, "*"));
        if !cast || !code.is(at + 1, ".") || at + 3 != close {
            return None;
        }
        let module = self.alias(code.ident(at)?)?;
        Some(format!("{module}.{}", code.ident(at + 2)?))
    }

    /// Who is called.
    pub(crate) fn callee(&self, call: Call) -> Callee<'t> {
        let name = self.code.name(call);
        let Some((receiver, _)) = name.rsplit_once('.') else {
            let method = last_word(self.code, call);
            let local = self.code.is(call.first, method)
                && self
                    .visible(method, call.first)
                    .iter()
                    .any(|d| !d.param && d.scope.is_some());
            if !local
                && let Some(whole) = self.alias(method)
                && let Some((module, original)) = whole.rsplit_once('.')
                && self.code.language != Language::Go
            {
                return Callee {
                    on: Some(module.to_owned()),
                    method: original.to_owned().into(),
                };
            }
            return Callee {
                on: None,
                method: method.into(),
            };
        };
        let base = receiver.split("()").next().unwrap_or(receiver);
        let base = base.trim_end_matches('.');
        Callee {
            on: self.canonical(base, call.first),
            method: last_word(self.code, call).into(),
        }
    }

    /// The string an expression builds, with `{env:NAME}` for reads of the environment and
    /// `{name}` for what this file does not tell.
    pub(crate) fn fold(&self, range: Range<usize>) -> Option<String> {
        self.code
            .fold_with(range, &|name, at, open| self.known(name, at, open))
    }

    fn known(&self, name: &str, at: usize, open: Option<usize>) -> Option<String> {
        if let Some(open) = open {
            if let Some(read) = self.names.env.get(&open) {
                return Some(format!("{{env:{}}}", read.name));
            }
            // `app.config["X"]` is known where this file fills it.
            let key = self.code.string(open + 1)?;
            if !self.code.is(open, "[") || !self.code.is(open + 2, "]") {
                return None;
            }
            return self.guarded(|| self.agreed(&self.fields(key), true));
        }
        if name.contains(['"', '\'']) {
            // What stands in a placeholder of an f-string is text, no tokens.
            if let Some(variable) = env_reads::in_text(name) {
                return Some(format!("{{env:{variable}}}"));
            }
            // `options.get("room_id")` is called by what it gets.
            if let Some((_, given)) = name.split_once(".get(") {
                let quote = given.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                let key = given[1..].split(quote).next()?;
                let word = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
                return word.then(|| format!("{{{key}}}"));
            }
            let key = name.strip_suffix("]")?.rsplit('[').next()?;
            let key = key.trim_matches(['"', '\'']);
            let value = self.guarded(|| self.agreed(&self.fields(key), true));
            return Some(value.unwrap_or_else(|| format!("{{{key}}}")));
        }
        let value = self.guarded(|| self.value_of(name, at));
        // `{quote(room_id)}` of an f-string is called by what it is given.
        value.or_else(|| {
            let (call, given) = name.strip_suffix(')')?.split_once('(')?;
            let words = |text: &str| {
                !text.is_empty()
                    && text
                        .chars()
                        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            };
            let last = given.rsplit('.').next().unwrap_or(given);
            (words(call) && words(given)).then(|| format!("{{{last}}}"))
        })
    }

    /// Bounds how often values refer to values.
    fn guarded(&self, run: impl FnOnce() -> Option<String>) -> Option<String> {
        match self.depth.get() {
            0 => self.steps.set(0),
            DEEPEST.. => return None,
            _ => {}
        }
        // `query = query.Where(…)`, fifty times: each may lead to each.
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > LONGEST {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let found = run();
        self.depth.set(self.depth.get() - 1);
        found
    }

    fn value_of(&self, name: &str, at: usize) -> Option<String> {
        let Some((head, last)) = name.rsplit_once('.') else {
            let found = self.visible(name, at);
            let file_level = found.iter().all(|d| d.scope.is_none());
            let mut value = self.agreed(&found, file_level);
            // What is added to a query later is not followed, so that no name may stand for it.
            if let Some(text) = value.as_mut().filter(|text| text.contains('?'))
                && self.grows(name, found.last().map_or(at, |d| d.value.end), at)
            {
                text.push('…');
            }
            let untold = value.is_none() && found.iter().all(|d| !d.param);
            if untold && let Some(variable) = self.names.env_fields.get(name) {
                return Some(format!("{{env:{variable}}}"));
            }
            if value.is_none() && file_level && self.code.language == Language::Go {
                // A variable of the package that a function fills: `addr = os.Getenv("ADDR")`.
                let filled: Vec<_> = self
                    .definitions_of(name)
                    .filter(|d| {
                        !d.field
                            && !d.param
                            && !d.value.is_empty()
                            && d.scope.is_some()
                            && !self.code.is(d.at + 1, ":")
                    })
                    .collect();
                return self.agreed(&filled, true);
            }
            return value;
        };
        let first = head.split('.').next().unwrap_or(head);
        if let Some(method) = self.http_method(name) {
            return Some(method);
        }
        if self.alias(first).is_some() && self.visible(first, at).is_empty() {
            return None;
        }
        if let Some(variable) = self.names.env_fields.get(last) {
            return Some(format!("{{env:{variable}}}"));
        }
        self.agreed(&self.fields(last), true)
    }

    /// Whether something is added to a variable between two places: `url += …`.
    fn grows(&self, name: &str, from: usize, to: usize) -> bool {
        (from..to.min(from + 400)).any(|at| {
            self.code.is(at, name) && self.code.is(at + 1, "+") && self.code.is(at + 2, "=")
        })
    }

    /// The value that definitions give: a read of the environment if there is one (a literal
    /// beside it is its default), else the last; if all count alike, only one they agree on.
    fn agreed(&self, found: &[&Definition<'_>], alike: bool) -> Option<String> {
        if found.iter().any(|d| d.param) {
            return None;
        }
        let mut values: Vec<String> = found
            .iter()
            .filter(|d| !d.value.is_empty())
            .filter_map(|d| self.fold(d.value.clone()))
            .filter(|v| !is_unknown(v))
            .collect();
        if let Some(at) = values.iter().position(|v| v.starts_with("{env:")) {
            return Some(values.swap_remove(at));
        }
        let last = values.pop()?;
        (!alike || values.iter().all(|v| *v == last)).then_some(last)
    }

    /// Addresses of other hosts that a name of a function holds in other branches: of `url = "https://a.example"`
    /// and, behind a condition, `url = "https://eu.a.example"` the first.
    pub(crate) fn other_addresses(&self, range: &Range<usize>) -> Vec<String> {
        let Some(name) = self.code.ident(range.start).filter(|_| range.len() == 1) else {
            return Vec::new();
        };
        let found = self.in_blocks(name, range.start);
        if found.len() < 2 || found.iter().any(|d| d.param || d.scope.is_none()) {
            return Vec::new();
        }
        // What is set anew outside of any branch replaces all that stands before it.
        let in_any_case = |definition: &&Definition<'_>| {
            let start = (0..=definition.at)
                .rev()
                .find(|at| self.code.starts_line(*at));
            // `if eu: url = "https://eu.a.example"`
            let branch = |at: usize| matches!(self.code.raw(at), ":" | "{" | "=>");
            if start.is_some_and(|start| (start..definition.at).any(branch)) {
                return false;
            }
            let (first, last) = (self.code.line(definition.at), self.code.line(range.start));
            let lines = (first..=last).map(|line| self.file.lines().text(line));
            let mut indents = lines
                .filter(|line| !line.trim().is_empty())
                .map(|line| line.len() - line.trim_start().len());
            indents
                .next()
                .is_some_and(|own| indents.all(|other| other >= own))
        };
        let from = found.iter().rposition(in_any_case).unwrap_or(0);
        let host = |text: &str| {
            let web = text.starts_with("https://") || text.starts_with("http://");
            let host = crate::addresses::host(text);
            (web && !host.is_empty() && !host.contains('{')).then(|| host.to_owned())
        };
        let told = self.fold(range.clone()).as_deref().and_then(host);
        let mut hosts: Vec<String> = told.into_iter().collect();
        let mut all = Vec::new();
        for definition in &found[from..] {
            let Some(text) = self.fold(definition.value.clone()) else {
                continue;
            };
            if let Some(host) = host(&text).filter(|host| !hosts.contains(host)) {
                hosts.push(host);
                all.push(text);
            }
        }
        all
    }

    /// `http.MethodGet`, `reqwest::Method::GET`.
    fn http_method(&self, name: &str) -> Option<String> {
        let last = name.rsplit('.').next()?;
        let word = last.strip_prefix("Method").unwrap_or(last);
        let upper = word.to_ascii_uppercase();
        let is_method = crate::call_rules::METHODS.contains(&upper.as_str())
            && (last.starts_with("Method") || name.contains("Method."));
        is_method.then_some(upper)
    }

    /// The only string literal or string-valued name of a range without anything unknown.
    pub(crate) fn constant(&self, range: Range<usize>) -> Option<String> {
        self.fold(range)
            .filter(|text| !text.contains('{') && !text.is_empty())
    }

    /// The positional argument `index`.
    pub(crate) fn argument(&self, open: usize, index: usize) -> Option<Range<usize>> {
        self.code
            .arguments(open)
            .into_iter()
            .filter(|r| !self.is_named(r.start))
            .nth(index)
    }

    fn is_named(&self, at: usize) -> bool {
        self.code.language == Language::Python
            && self.code.ident(at).is_some()
            && self.code.is(at + 1, "=")
            && !self.code.is(at + 2, "=")
    }

    /// The value given to `name` anywhere in a bracket: `name=value`, `Name: value`,
    /// `"name": value`, and `set("name", value)`.
    pub(crate) fn field(&self, open: usize, name: &str) -> Option<Range<usize>> {
        let close = self.code.partner(open)?;
        let mut at = open + 1;
        let limit = close.min(open + 600);
        while at < limit {
            let starts =
                matches!(self.code.raw(at - 1), "(" | "{" | ",") || self.code.starts_line(at);
            let key = self.code.string(at).is_some_and(|text| text == name);
            if starts && (key || self.code.is(at, name) && self.code.ident(at).is_some()) {
                let named = self.code.is(at + 1, "=") && !self.code.is(at + 2, "=")
                    || self.code.is(at + 1, ":") && !matches!(self.code.raw(at + 2), ":" | "=")
                    || key && self.code.is(at + 1, ",") && at == open + 1;
                if named {
                    let mut end = at + 2;
                    while end < close && !matches!(self.code.raw(end), "," | ")" | "}" | "]") {
                        end = match self.code.raw(end) {
                            "(" | "[" | "{" => self.code.partner(end)? + 1,
                            _ => end + 1,
                        };
                    }
                    return Some(at + 2..end);
                }
            }
            at += 1;
        }
        None
    }

    /// The first sentence that the function called `name` (its last word) says of itself.
    pub(crate) fn summary(&self, name: &str) -> Option<String> {
        let last = name.rsplit('.').next().unwrap_or(name);
        self.summary_of(self.function(last)?)
    }

    /// The first sentence that a function says of itself.
    pub(crate) fn summary_of(&self, function: &Function<'_>) -> Option<String> {
        let text = self.code.doc_of(function)?;
        // Of Rust a plain comment is a note to those who change the code.
        if self.code.language == Language::Rust {
            let (first, ..) = self.code.comment_above(function.line)?;
            let begin = self.file.lines().text(first).trim_start();
            if !begin.starts_with("///") && !begin.starts_with("/**") {
                return None;
            }
        }
        crate::sentence::one(&text, 160).filter(|text| !crate::prose::is_note(text))
    }
}

/// Whether a folded text is one placeholder and nothing else, and no variable of the environment:
/// then the name it was assigned to says more.
pub(crate) fn is_unknown(text: &str) -> bool {
    text.starts_with('{') && !text.starts_with("{env:") && text.find('}') == Some(text.len() - 1)
}

/// Whether a dotted or slashed path is `prefix` or lies below it.
pub(crate) fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', ':']))
}
