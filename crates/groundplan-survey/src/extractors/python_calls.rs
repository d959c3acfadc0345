//! Python: which functions raise which status of HTTP, which others they call and depend on, and what classes
//! hold, so that what an operation answers is followed through other files.

use crate::code_view::CodeView;
use crate::extractor::{Extractor, Reads};
use crate::extractors::python_handlers::{self, UNPLACED, status_of};
use crate::extractors::python_refs::Refs;
use crate::facts::{
    Claim, DEPENDS, FileFacts, HERE, Handler, Input, OF_CLASS, PythonClass, PythonCode,
    PythonFunction, TYPED, UNKNOWN,
};
use crate::failing;
use crate::paths;
use crate::source::SourceFile;
use groundplan_syntax::{Definition, Function, Language};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "python-calls",
    docs: "\
### What it finds
Of functions of Python the statuses of the `HTTPException`s that they raise and no `except` around keeps, which
functions of the program they call (by name, of `self` and its bases, of properties, attributes and variables whose
class the code names) and which they depend on (`Depends`, `Security`); of classes their bases, what they hold, and
fields that may be parameters of a request.

### What it does not find
Calls of objects whose class no code names; files that import Django.
",
    reads: &[Reads::Own(&[Language::Python])],
    markers: &["def ", "class "],
    run: extract,
};

/// Times that calls are looked through for those that lead to nothing.
const ROUNDS: u8 = 4;

/// References of one function, and fields of one class, at most.
const MOST: usize = 60;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || paths::is_generated(file.path, file.text) {
        return;
    }
    let view = CodeView::of(file);
    if view.imports_any(&["django", "rest_framework"]) {
        return;
    }
    let made = Reader::of(&view).code();
    if made != PythonCode::default() {
        acc.add(file, 1, 1, Claim::Python(Box::new(made)));
    }
}

/// A file with what is asked of it for each function.
pub(super) struct Reader<'v, 'f, 't> {
    view: &'v CodeView<'f, 't>,
    refs: Refs<'v, 'f, 't>,
    /// Blocks whose failures of HTTP leave the function in no case.
    kept: Vec<Range<usize>>,
    /// Whether it speaks of failures of HTTP, and of dependencies.
    fails: bool,
    depends: bool,
    /// Last words of decorators by the token that the decorated begins with.
    decorated: BTreeMap<usize, Vec<String>>,
}

impl<'v, 'f, 't> Reader<'v, 'f, 't> {
    pub(super) fn of(view: &'v CodeView<'f, 't>) -> Self {
        let takes = |name: &str| {
            matches!(
                name,
                "HTTPException" | "StarletteHTTPException" | "Exception" | "BaseException"
            )
        };
        let mut decorated = BTreeMap::new();
        let mut open: Vec<String> = Vec::new();
        for note in view.code.annotations() {
            open.extend(note.name.rsplit('.').next().map(str::to_owned));
            if !view.code.is(note.next, "@") {
                decorated.insert(note.next, std::mem::take(&mut open));
            }
        }
        Reader {
            view,
            decorated,
            fails: view.code.text.contains("HTTPException"),
            depends: ["Depends(", "Security("]
                .iter()
                .any(|word| view.code.text.contains(word)),
            kept: failing::swallowing(view.code, takes),
            refs: Refs::of(view),
        }
    }

    fn code(&self) -> PythonCode {
        let code = self.view.code;
        let all = code.functions();
        let mut made = PythonCode::default();
        for definition in code.definitions() {
            if definition.scope.is_none() && !definition.field {
                self.variable(definition, &mut made);
            }
        }
        for (index, function) in all.iter().enumerate() {
            if function.class {
                made.classes.extend(self.class(index, function));
                continue;
            }
            let class = function.parent.and_then(|p| all.get(p));
            let name = match class {
                Some(class) if class.class => format!("{}.{}", class.name, function.name),
                // What stands in another function is told with it.
                Some(_) => continue,
                None => function.name.to_owned(),
            };
            let read = PythonFunction {
                fails: self.fails(function),
                calls: self.calls(function),
                inputs: self.inputs(function, class.is_some()),
                lends: self.lends(index, function),
                name,
            };
            if read.lends
                || !read.fails.is_empty()
                || !read.calls.is_empty()
                || !read.inputs.is_empty()
            {
                made.functions.push(read);
            }
        }
        self.prune(&mut made);
        made
    }

    /// Takes away what leads to nothing: calls of functions of the file that neither fail nor call others.
    fn prune(&self, made: &mut PythonCode) {
        // Of classes of one name the first.
        let classes = made.classes.iter().rev();
        let classes: BTreeMap<&str, &PythonClass> =
            classes.map(|class| (class.name.as_str(), class)).collect();
        let variables: BTreeSet<&str> = made.variables.iter().map(|(n, _)| n.as_str()).collect();
        for _ in 0..ROUNDS {
            let before = made.functions.len();
            let names: BTreeSet<String> = made.functions.iter().map(|f| f.name.clone()).collect();
            let open = |class: &PythonClass| {
                let own = |base: &String| base.starts_with(HERE) || self.refs.is_own(base);
                class.bases.iter().any(own)
            };
            // Whether an object of a class of the file may have what is behind the first dot.
            let has = |name: &str, rest: &str| {
                let class = classes.get(name);
                let first = rest.split('.').next().unwrap_or(rest);
                names.contains(&format!("{name}.{rest}"))
                    || class.is_some_and(|class| {
                        let held = || class.kinds.iter().any(|(name, _)| name == first);
                        open(class) || rest.contains('.') && held()
                    })
            };
            let leads = |name: &str, to: &str| {
                if let Some(rest) = to.strip_prefix("self.") {
                    return has(name.split('.').next().unwrap_or(name), rest);
                }
                let Some(own) = to.strip_prefix(HERE) else {
                    return true;
                };
                let (first, rest) = own.split_once('.').unwrap_or((own, "__init__"));
                names.contains(own) || variables.contains(first) || has(first, rest)
            };
            for function in &mut made.functions {
                let name = function.name.clone();
                function.calls.retain(|to| leads(&name, to));
            }
            made.functions.retain(|f| {
                f.lends || !f.fails.is_empty() || !f.calls.is_empty() || !f.inputs.is_empty()
            });
            if made.functions.len() == before {
                break;
            }
        }
        let heads = made.functions.iter().map(|f| f.name.split('.').next());
        let heads: BTreeSet<&str> = heads.flatten().collect();
        made.classes.retain(|class| {
            let empty = PythonClass {
                name: class.name.clone(),
                ..PythonClass::default()
            };
            *class != empty || heads.contains(class.name.as_str())
        });
    }

    /// `orders = OrderService()`, `CurrentUser = Annotated[User, Depends(current_user)]`, `scheme = OAuth2…(…)`.
    fn variable(&self, definition: &Definition<'_>, made: &mut PythonCode) {
        let code = self.view.code;
        let value = definition.value.clone();
        let name = || definition.name.to_owned();
        if code.is(value.start, "Annotated") {
            let calls = self.refs.depended(value.clone(), None);
            if !calls.is_empty() {
                let name = name();
                made.functions.push(PythonFunction {
                    name,
                    calls,
                    ..PythonFunction::default()
                });
            }
        }
        // Security schemes that turn away whoever brings no token
        // (<https://fastapi.tiangolo.com/reference/security/>).
        let scheme = matches!(
            code.raw(value.start),
            "OAuth2PasswordBearer" | "OAuth2AuthorizationCodeBearer"
        );
        let open = (value.clone()).find(|&at| code.ident(at).is_none() && !code.is(at, "."));
        let whole = code.dotted(value.start, open.unwrap_or(value.start));
        let secures = scheme
            || whole.starts_with(char::is_uppercase)
                && (self.refs.named(&whole, value.start, false))
                    .is_some_and(|to| to.starts_with("fastapi.security."));
        if secures && !value.clone().any(|at| code.is(at, "auto_error")) {
            // With which status the others refuse, is another thing in each version.
            let (fails, calls) = match scheme {
                true => (vec!["401".to_owned()], Vec::new()),
                false => (Vec::new(), vec![format!("{DEPENDS}{UNKNOWN}")]),
            };
            made.functions.push(PythonFunction {
                name: name(),
                fails,
                calls,
                ..PythonFunction::default()
            });
        }
        let kind = match code.is(value.start, "Annotated") {
            true => self.refs.type_of(value),
            false => self.refs.held(value).filter(|_| definition.kind.is_empty()),
        };
        let kind = kind.or_else(|| self.refs.type_of(definition.kind.clone()));
        made.variables.extend(kind.map(|kind| (name(), kind)));
    }

    fn class(&self, index: usize, class: &Function<'_>) -> Option<PythonClass> {
        let code = self.view.code;
        if class.parent.is_some() {
            return None;
        }
        let mut made = PythonClass {
            name: class.name.to_owned(),
            ..PythonClass::default()
        };
        let given = class.params.map(|open| code.arguments(open));
        for range in given.into_iter().flatten() {
            let end = range.clone().find(|&at| code.is(at, "["));
            let name = code.dotted(range.start, end.unwrap_or(range.end));
            if !code.is(range.start + 1, "=") {
                made.bases
                    .extend(self.refs.named(&name, range.start, false));
            }
        }
        let all = code.definitions();
        let from = all.partition_point(|d| d.at < class.body.start);
        for definition in all[from..].iter().take_while(|d| d.at < class.body.end) {
            let Some(scope) = definition.scope else {
                continue;
            };
            let of_method = definition.field
                && code
                    .functions()
                    .get(scope)
                    .is_some_and(|f| f.parent == Some(index));
            if scope != index && !of_method || definition.param {
                continue;
            }
            let known = made.kinds.iter().any(|(name, _)| name == definition.name);
            let kind = self.refs.type_of(definition.kind.clone());
            let kind = kind.or_else(|| self.refs.held(definition.value.clone()));
            if let Some(kind) = kind.filter(|_| !known) {
                made.kinds.push((definition.name.to_owned(), kind));
            }
            if scope == index {
                let kind = || Some(definition.kind.clone());
                for range in [definition.kind.clone(), definition.value.clone()] {
                    let depends = self.refs.depended(range, kind()).into_iter();
                    let named = depends.map(|to| (definition.name.to_owned(), to));
                    made.depends.extend(named);
                }
                made.fields.extend(self.field(definition));
            }
        }
        self.methods(index, class, &mut made);
        made.fields.truncate(MOST);
        if made.bases.is_empty() && !self.is_record(class) {
            made.fields.clear();
        }
        Some(made)
    }

    /// Whether a class without bases takes its fields where it is made: a dataclass.
    fn is_record(&self, class: &Function<'_>) -> bool {
        let notes = self.decorated.get(&class.first);
        notes.is_some_and(|notes| notes.iter().any(|note| note == "dataclass"))
    }

    /// What the properties of a class give, and what a router that it is asks for all routes.
    fn methods(&self, index: usize, class: &Function<'_>, made: &mut PythonClass) {
        let code = self.view.code;
        let of_class = |f: &&Function<'_>| f.parent == Some(index) && !f.class;
        let after = code.functions().get(index + 1..).unwrap_or_default().iter();
        let inside = after.take_while(|f| f.first < class.body.end);
        for function in inside.filter(of_class) {
            if function.name == "__init__" {
                let given = (function.body.clone()).filter(|&at| {
                    code.is(at, "dependencies") && code.is(at + 1, "=") && code.is(at + 2, "[")
                });
                let given: Vec<_> = given
                    .filter_map(|at| Some(at + 2..code.partner(at + 2)?))
                    .collect();
                for range in given {
                    let all = self.refs.depended(range, None).into_iter();
                    made.depends
                        .extend(all.map(|to| ("dependencies".to_owned(), to)));
                }
            }
            let notes = self.decorated.get(&function.first);
            let property = notes.is_some_and(|notes| {
                let is = |note: &String| matches!(note.as_str(), "property" | "cached_property");
                notes.iter().any(is)
            });
            if !property {
                continue;
            }
            let annotated = self
                .answer_of(function)
                .and_then(|kind| self.refs.type_of(kind));
            let kind = annotated.or_else(|| {
                let mut returns = function.body.clone().filter(|&at| code.is(at, "return"));
                let at = returns.next()?;
                // What several places give need not be of one class.
                if returns.next().is_some() {
                    return None;
                }
                let end = (at + 1..function.body.end)
                    .find(|&next| code.starts_line(next) && !code.continues_line(next));
                self.refs.held(at + 1..end.unwrap_or(function.body.end))
            });
            if let Some(kind) = kind {
                made.kinds.retain(|(name, _)| name != function.name);
                made.kinds.push((function.name.to_owned(), kind));
            }
        }
    }

    /// The annotation of what a function gives.
    fn answer_of(&self, function: &Function<'_>) -> Option<Range<usize>> {
        let code = self.view.code;
        let close = code.partner(function.params?)?;
        if !code.is(close + 1, "-") || !code.is(close + 2, ">") {
            return None;
        }
        let from = close + 3;
        let mut end = (from..function.body.start).rev();
        Some(from..end.find(|&at| code.is(at, ":"))?)
    }

    /// A field of a class as a parameter: `page: int = 1`.
    fn field(&self, definition: &Definition<'_>) -> Option<Input> {
        let code = self.view.code;
        let (kind, value) = (definition.kind.clone(), definition.value.clone());
        let own = definition.name.starts_with('_') || definition.name == "model_config";
        if kind.is_empty() || own || matches!(code.raw(kind.start), "ClassVar" | "Mapped") {
            return None;
        }
        let made = code.is(value.start, "Field") && code.is(value.start + 1, "(");
        let given = |name: &str| code.named_argument(value.start + 1, name).filter(|_| made);
        let open = |at: usize| code.is(at, ".") && code.is(at + 1, ".");
        let default = given("default").or_else(|| given("default_factory"));
        let first = self.view.argument(value.start + 1, 0).filter(|_| made);
        let has = match (value.is_empty(), made) {
            (true, _) => false,
            (_, false) => true,
            _ => default.or(first).is_some_and(|range| !open(range.start)),
        };
        let alias = given("alias").and_then(|range| code.string(range.start));
        Some(Input {
            name: alias.unwrap_or(definition.name).to_owned(),
            place: "query".to_owned(),
            data_type: python_handlers::type_text(
                self.view,
                python_handlers::bare(self.view, kind),
            ),
            required: !has,
        })
    }

    /// What a function takes of a request by its signature if it may be a dependency: one of the module, or what makes
    /// or is an object, and elsewhere what makes objects of plain values alone.
    fn inputs(&self, function: &Function<'_>, method: bool) -> Vec<Input> {
        // A decorated function may be a handler, which takes by itself.
        let notes = self.decorated.get(&function.first);
        let of_class = |note: &String| matches!(note.as_str(), "classmethod" | "staticmethod");
        let fits = match (notes, function.name) {
            (Some(notes), _) => notes.iter().all(of_class),
            (None, "__init__") => true,
            (None, name) => !method || name == "__call__",
        };
        let mut handler = Handler::default();
        let open = function
            .params
            .filter(|_| fits && (self.refs.web || method));
        let Some(open) = open else {
            return handler.inputs;
        };
        python_handlers::parameters(self.view, open, "", &mut handler);
        let read = handler.inputs.len();
        handler
            .inputs
            .retain(|input| input.place != "body" && input.place != UNPLACED);
        let all = self.view.code.arguments(open).len();
        match self.refs.web || read == handler.inputs.len() && read + 1 == all {
            true => handler.inputs,
            false => Vec::new(),
        }
    }

    /// The statuses that a function raises and lets pass.
    pub(super) fn fails(&self, function: &Function<'_>) -> Vec<String> {
        let (view, code) = (self.view, self.view.code);
        let mut all: Vec<String> = Vec::new();
        if !self.fails {
            return all;
        }
        let mut add = |open: usize| {
            let given = code
                .named_argument(open, "status_code")
                .or_else(|| view.argument(open, 0));
            let status = given.and_then(|range| range.rev().find_map(|at| status_of(code.raw(at))));
            all.extend(status);
        };
        // `class Missing(HTTPException)` says in its `__init__` what its base is made with.
        let class = function.parent.and_then(|p| code.functions().get(p));
        let of_failure = class.is_some_and(|class| {
            let bases = view.bases(class);
            class.class && bases.iter().any(|base| base.ends_with("HTTPException"))
        });
        for at in function.body.clone() {
            if of_failure
                && function.name == "__init__"
                && code.is(at, "__init__")
                && code.is(at + 1, "(")
            {
                add(at + 1);
            }
            if !code.is(at, "raise") || self.is_kept(at) {
                continue;
            }
            let mut end = at + 1;
            while code.ident(end).is_some() && code.is(end + 1, ".") {
                end += 2;
            }
            let Some(name) = code.ident(end) else {
                continue;
            };
            if name.ends_with("HTTPException") && code.is(end + 1, "(") {
                add(end + 1);
                continue;
            }
            // `unauthorized = HTTPException(…)` and then `raise unauthorized`.
            let known = match end == at + 1 {
                true => view.visible(name, end),
                false if matches!(code.raw(at + 1), "self" | "cls") => view.fields(name),
                false => Vec::new(),
            };
            if let Some(made) = known.last().map(|d| d.value.start)
                && code.raw(made).ends_with("HTTPException")
                && code.is(made + 1, "(")
            {
                add(made + 1);
            }
        }
        let mut seen = BTreeSet::new();
        all.retain(|status| seen.insert(status.clone()));
        all
    }

    /// Whether a function has others in it, one of which it may give.
    fn lends(&self, index: usize, function: &Function<'_>) -> bool {
        let code = self.view.code;
        let inner = code.functions().get(index + 1);
        let lambda = || function.body.clone().any(|at| code.is(at, "lambda"));
        self.refs.web && (inner.is_some_and(|f| f.parent == Some(index)) || lambda())
    }

    /// Whether what is raised at a token leaves its function in no case.
    fn is_kept(&self, at: usize) -> bool {
        let code = self.view.code;
        let holds = |block: &&Range<usize>| {
            block.contains(&at) && code.function_at(block.start) == code.function_at(at)
        };
        self.kept.iter().any(|block| holds(&block))
    }

    /// The references of [`Refs::depended`].
    pub(super) fn depended(&self, range: Range<usize>) -> Vec<String> {
        self.refs.depended(range, None)
    }

    /// What a handler of a route calls, depends on and answers for.
    pub(super) fn of_handler(&self, function: &Function<'_>) -> Vec<String> {
        let class = function
            .parent
            .and_then(|p| self.view.code.functions().get(p));
        let class = class.filter(|c| c.class);
        let own = class.map(|class| format!("{OF_CLASS}{HERE}{}", class.name));
        own.into_iter().chain(self.calls(function)).collect()
    }

    fn calls(&self, function: &Function<'_>) -> Vec<String> {
        let code = self.view.code;
        let class = function.parent.and_then(|p| code.functions().get(p));
        let class = class.filter(|c| c.class).map(|c| c.name);
        let mut found: Vec<String> = Vec::new();
        let parameters = function.params.map(|open| code.arguments(open));
        for range in parameters.into_iter().flatten() {
            let kind = match code.is(range.start + 1, ":") {
                true => range.start + 2..range.end,
                false => range.end..range.end,
            };
            let depends = self.refs.depended(range, Some(kind.clone()));
            let one = depends.is_empty();
            found.extend(depends);
            // An alias of a dependency in another place, or a type that says where its value comes from.
            if one && self.refs.web {
                let end = kind
                    .clone()
                    .find(|&at| code.is(at, "="))
                    .unwrap_or(kind.end);
                let named = self.refs.type_of(kind.start..end);
                found.extend(named.map(|to| format!("{TYPED}{to}")));
            }
        }
        // A function that it gives may depend on others.
        if self.depends {
            found.extend(self.refs.depended(function.body.clone(), None));
        }
        for at in function.body.clone() {
            if found.len() >= MOST {
                break;
            }
            let raised = code.is(at, "raise");
            if !raised && !code.is_byte(at + 1, b'(') || self.is_kept(at) {
                continue;
            }
            let Some(name) = code.ident(at) else {
                continue;
            };
            let plain = at == 0 || !code.is_byte(at - 1, b'.');
            if plain && !raised && self.refs.is_nobody(name) {
                continue;
            }
            if at > 0 && matches!(code.raw(at - 1), "def" | "class" | "@") {
                continue;
            }
            let mut last = at + usize::from(raised);
            while raised && code.is(last + 1, ".") && code.ident(last + 2).is_some() {
                last += 2;
            }
            if code.ident(last).is_some() {
                found.extend(self.called(last, class, raised));
            }
        }
        let mut seen = BTreeSet::new();
        found.retain(|to| seen.insert(to.clone()));
        found
    }

    /// The function that is called by the name at a token.
    fn called(&self, at: usize, class: Option<&str>, raised: bool) -> Option<String> {
        let code = self.view.code;
        let mut start = at;
        while start >= 2 && code.is(start - 1, ".") && code.ident(start - 2).is_some() {
            start -= 2;
        }
        let name = code.dotted(start, at + 1);
        if start == 0 || !code.is(start - 1, ".") {
            let last = code.raw(at);
            // What is made calls its `__init__`; of what is raised that says the status.
            if last.starts_with(char::is_uppercase) && !raised {
                return None;
            }
            if let Some(rest) = name.strip_prefix("self.").or(name.strip_prefix("cls.")) {
                return class.map(|_| format!("self.{rest}"));
            }
            // What a variable of the function holds is called, whatever it is.
            let local = self.view.visible(&name, start);
            if local.last().is_some_and(|d| d.scope.is_some()) {
                return None;
            }
            return self.refs.named(&name, start, true);
        }
        // `super().load()`, `Orders(session).load()`.
        let close = start.checked_sub(2).filter(|&close| code.is(close, ")"))?;
        let open = code.partner(close)?;
        let head = open.checked_sub(1)?;
        let word = code.ident(head)?;
        if word == "super" {
            return class.map(|class| format!("super.{class}.{name}"));
        }
        let mut from = head;
        while from >= 2 && code.is(from - 1, ".") && code.ident(from - 2).is_some() {
            from -= 2;
        }
        let made = word
            .starts_with(char::is_uppercase)
            .then(|| self.refs.named(&code.dotted(from, head + 1), from, true))??;
        Some(format!("{made}.{name}"))
    }
}
