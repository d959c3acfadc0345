//! What functions of Python answer by those that they call and depend on: references of files followed through
//! imports, packages that give away what their modules have, bases of classes and what attributes hold.

use crate::facts::{
    Claim, DEPENDS, FileFacts, HERE, Input, OF_CLASS, PythonClass, PythonCode, PythonFunction,
    TYPED, UNKNOWN,
};
use crate::resolve::names::is_aside;
use crate::resolve::python_modules::PythonModules;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Calls of calls that are entered.
const CALLS: u8 = 3;

/// Dependencies of dependencies, and classes above a class, at most.
const DEPENDENCIES: u8 = 8;
const HIGHEST: usize = 24;

/// Names that one reference leads through, and packages that give away what others have, at most.
const LONGEST: u8 = 8;
const HOPS: u8 = 3;

/// Functions behind one that is not entered that are looked at.
const MOST: usize = 200;

/// A class and its file.
#[derive(Clone, Copy)]
pub(crate) struct Class<'f> {
    path: &'f str,
    made: &'f PythonClass,
}

impl<'f> Class<'f> {
    fn key(self) -> Named<'f> {
        (self.path, &self.made.name)
    }
}

/// A function, its file, and the class of the object that it is called at.
#[derive(Clone, Copy)]
struct Function<'f> {
    path: &'f str,
    made: &'f PythonFunction,
    me: Option<Class<'f>>,
}

#[derive(Clone, Copy)]
enum Place<'f> {
    /// A class, or an object of it.
    Class(Class<'f>),
    Function(Function<'f>),
}

/// What a reference leads to in the end.
#[derive(Default)]
pub(crate) struct Outcome<'f> {
    pub(crate) statuses: BTreeSet<&'f str>,
    pub(crate) inputs: Vec<&'f Input>,
    /// Whether functions that fail were not entered.
    pub(crate) more: bool,
}

/// What the type of a parameter is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A value of a list of names: one word of a request.
    Enumeration,
    /// A record with fields.
    Model,
}

/// Where a name is looked up: file, name, whether it is called, hops and depth so far.
type GivenKey<'f> = (&'f str, String, bool, u8, u8);

/// The functions and classes of all files of Python.
pub(crate) struct PythonCalls<'f> {
    functions: BTreeMap<(&'f str, &'f str), &'f PythonFunction>,
    classes: BTreeMap<(&'f str, &'f str), &'f PythonClass>,
    variables: BTreeMap<(&'f str, &'f str), &'f str>,
    files: BTreeMap<&'f str, &'f FileFacts>,
    modules: PythonModules<'f>,
    /// Names of packages that were looked for, with whether they are called and how far a search may still go.
    given: RefCell<BTreeMap<GivenKey<'f>, Option<Place<'f>>>>,
    /// Classes and attributes that were looked into, by the names that led there: each is looked into once, and what
    /// leads through itself ends as [`LONGEST`] says.
    lines: RefCell<BTreeMap<(Named<'f>, u8), Vec<Class<'f>>>>,
    held: RefCell<BTreeMap<(Named<'f>, String, u8), Option<Place<'f>>>>,
    /// Functions that are not entered, each with the class it is called at and whether it may fail.
    failing: RefCell<BTreeMap<(Named<'f>, Option<Named<'f>>), bool>>,
}

/// The path of a file and a name in it.
type Named<'f> = (&'f str, &'f str);

/// The name at the end of a reference.
pub(super) fn last(reference: &str) -> &str {
    reference.rsplit(['.', HERE]).next().unwrap_or(reference)
}

impl<'f> PythonCalls<'f> {
    pub(crate) fn of(files: &'f [FileFacts]) -> Self {
        let mut all = PythonCalls {
            functions: BTreeMap::new(),
            classes: BTreeMap::new(),
            variables: BTreeMap::new(),
            files: BTreeMap::new(),
            modules: PythonModules::default(),
            given: RefCell::default(),
            lines: RefCell::default(),
            held: RefCell::default(),
            failing: RefCell::default(),
        };
        let own = |f: &&FileFacts| f.path.ends_with(".py") && !is_aside(&f.path);
        for file in files.iter().filter(own) {
            all.modules.add(&file.path);
            all.files.insert(&file.path, file);
            for fact in &file.facts {
                if let Claim::Python(code) = &fact.claim {
                    all.add(&file.path, code);
                }
            }
        }
        all
    }

    fn add(&mut self, path: &'f str, code: &'f PythonCode) {
        let functions = code.functions.iter();
        self.functions
            .extend(functions.map(|made| ((path, made.name.as_str()), made)));
        let classes = code.classes.iter();
        self.classes
            .extend(classes.map(|made| ((path, made.name.as_str()), made)));
        let variables = code.variables.iter();
        self.variables
            .extend(variables.map(|(name, to)| ((path, name.as_str()), to.as_str())));
    }

    /// The references of a handler or router with the class that it is of, each of which is a start of its own.
    pub(crate) fn starts<'r>(
        &self,
        path: &'r str,
        references: impl Iterator<Item = &'r str>,
    ) -> Vec<(&'r str, Option<Class<'f>>, &'r str)>
    where
        'f: 'r,
    {
        let mut me = None;
        let mut all = Vec::new();
        for reference in references {
            let Some(class) = reference.strip_prefix(OF_CLASS) else {
                all.push((path, me, reference));
                continue;
            };
            if let Some(Place::Class(class)) = self.follow(path, None, class, true, 0) {
                me = Some(class);
                let depends = self.depends(class);
                all.extend(depends.into_iter().map(|(path, to)| (path, me, to)));
            }
        }
        all
    }

    /// What a class asks for its methods, by its attributes and those of its bases that it does not set anew.
    fn depends(&self, class: Class<'f>) -> Vec<(&'f str, &'f str)> {
        let mut set: BTreeSet<&str> = BTreeSet::new();
        let mut all = Vec::new();
        for one in self.line(class, 0) {
            let before = set.clone();
            for (attribute, to) in &one.made.depends {
                if !before.contains(attribute.as_str()) {
                    all.push((one.path, to.as_str()));
                }
            }
            set.extend(
                one.made
                    .depends
                    .iter()
                    .map(|(attribute, _)| attribute.as_str()),
            );
        }
        all
    }

    /// What is answered by what a reference leads to.
    pub(crate) fn outcome(&self, start: (&str, Option<Class<'f>>, &str)) -> Outcome<'f> {
        let mut out = Outcome::default();
        let mut known: BTreeSet<(&str, &str, Option<Named<'f>>)> = BTreeSet::new();
        let (path, me, reference) = start;
        let mut open: VecDeque<(Function<'f>, u8, u8)> = VecDeque::new();
        self.entered(path, me, reference, (0, 0), &mut open, &mut out);
        while let Some((at, deps, calls)) = open.pop_front() {
            // What is not entered here may be by a shorter way.
            if calls > CALLS {
                out.more = out.more || self.may_fail(at);
                continue;
            }
            let me = at.me.map(|class| class.key());
            if !known.insert((at.path, &at.made.name, me)) {
                continue;
            }
            out.statuses
                .extend(at.made.fails.iter().map(String::as_str));
            for to in &at.made.calls {
                self.entered(at.path, at.me, to, (deps, calls), &mut open, &mut out);
            }
        }
        out
    }

    /// Adds the functions that a reference of a function leads to.
    fn entered(
        &self,
        path: &str,
        me: Option<Class<'f>>,
        reference: &str,
        (deps, calls): (u8, u8),
        open: &mut VecDeque<(Function<'f>, u8, u8)>,
        out: &mut Outcome<'f>,
    ) {
        if let Some(to) = reference.strip_prefix(DEPENDS) {
            let made = to.ends_with("()");
            let to = to.trim_end_matches("()");
            if deps >= DEPENDENCIES {
                return;
            }
            // What a package of others brings may refuse.
            if to.starts_with(UNKNOWN) || self.is_foreign(path, to) {
                out.more = true;
                return;
            }
            let found = match self.follow(path, me, to, true, 0) {
                Some(Place::Class(class)) => {
                    let object = made || !last(to).starts_with(char::is_uppercase);
                    let name = if object { "__call__" } else { "__init__" };
                    let function = self.method(class, name);
                    if function.is_none() && !object {
                        out.inputs.extend(self.fields(class));
                    }
                    function
                }
                Some(Place::Function(function)) => {
                    // What makes a dependency is not given what a request has, and what it gives must stand in it.
                    match made {
                        true => out.more |= !function.made.lends,
                        false => out.inputs.extend(&function.made.inputs),
                    }
                    open.push_back((function, deps + 1, calls));
                    return;
                }
                None => {
                    out.more |= made;
                    None
                }
            };
            if let Some(function) = found {
                out.inputs.extend(&function.made.inputs);
                open.push_back((function, deps + 1, calls));
            }
            return;
        }
        if let Some(to) = reference.strip_prefix(TYPED) {
            // Of a type only an alias of a dependency is called.
            if let Some(Place::Function(function)) = self.follow(path, None, to, true, 0) {
                let mut all = function.made.calls.iter();
                if deps < DEPENDENCIES && all.any(|to| to.starts_with(DEPENDS)) {
                    open.push_back((function, deps + 1, calls));
                }
            }
            return;
        }
        open.extend(
            self.called(path, me, reference)
                .map(|f| (f, deps, calls + 1)),
        );
    }

    /// Whether no file of the program is the module of a reference.
    fn is_foreign(&self, path: &str, reference: &str) -> bool {
        if reference.starts_with(HERE) || reference.starts_with(['.', ' ']) {
            return false;
        }
        let parts: Vec<&str> = reference.split('.').collect();
        let own = ["self", "super"].contains(parts.first().unwrap_or(&""));
        let known = |at: usize| self.modules.file(path, 0, &parts[..at]).is_some();
        !own && !(1..=parts.len()).any(known)
    }

    /// The function that a call leads to; of a class that which makes its objects.
    fn called(&self, path: &str, me: Option<Class<'f>>, reference: &str) -> Option<Function<'f>> {
        match self.follow(path, me, reference, true, 0)? {
            Place::Function(function) => Some(function),
            Place::Class(class) => self.method(class, "__init__"),
        }
    }

    /// Whether a function that is not entered fails, or one that it calls.
    fn may_fail(&self, from: Function<'f>) -> bool {
        let me = from.me.map(|class| class.key());
        let key = ((from.path, from.made.name.as_str()), me);
        if let Some(known) = self.failing.borrow().get(&key) {
            return *known;
        }
        let found = self.finds_failing(from);
        self.failing.borrow_mut().insert(key, found);
        found
    }

    fn finds_failing(&self, from: Function<'f>) -> bool {
        let mut known: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if !known.insert((at.path, &at.made.name)) {
                continue;
            }
            if !at.made.fails.is_empty() || known.len() > MOST {
                return true;
            }
            let plain = |to: &&String| !to.starts_with([DEPENDS, TYPED, OF_CLASS]);
            let calls = at.made.calls.iter().filter(plain);
            open.extend(calls.filter_map(|to| self.called(at.path, at.me, to)));
        }
        false
    }

    /// What the type behind a reference of a file is.
    pub(crate) fn kind(&self, path: &str, reference: &str) -> Option<(Kind, Class<'f>)> {
        let Some(Place::Class(class)) = self.follow(path, None, reference, false, 0) else {
            return None;
        };
        Some((self.kind_of(class)?, class))
    }

    fn kind_of(&self, class: Class<'f>) -> Option<Kind> {
        let line = self.line(class, 0);
        let is = |names: &[&str]| {
            let mut bases = line.iter().flat_map(|c| &c.made.bases);
            bases.any(|base| {
                names
                    .iter()
                    .any(|name| base.rsplit('.').next() == Some(*name))
            })
        };
        match () {
            () if is(&["Enum", "StrEnum", "IntEnum"]) => Some(Kind::Enumeration),
            () if is(&["BaseModel", "SQLModel", "TypedDict", "RootModel"]) => Some(Kind::Model),
            () => None,
        }
    }

    /// The fields of a class and its bases that a query can give.
    pub(crate) fn fields(&self, class: Class<'f>) -> Vec<&'f Input> {
        let mut all: Vec<&'f Input> = Vec::new();
        for one in self.line(class, 0) {
            let of_record = |input: &&Input| {
                let kind = one.made.kinds.iter().find(|(name, _)| *name == input.name);
                let kind = kind.and_then(|(_, to)| self.kind(one.path, to));
                let list = input
                    .data_type
                    .as_deref()
                    .is_none_or(|t| t.starts_with("dict"));
                list || kind.is_some_and(|(kind, _)| kind == Kind::Model)
            };
            for input in one.made.fields.iter().filter(|input| !of_record(input)) {
                if !all.iter().any(|known| known.name == input.name) {
                    all.push(input);
                }
            }
        }
        all
    }

    /// A class and its bases that stand in the repository, the nearest first.
    fn line(&self, class: Class<'f>, depth: u8) -> Vec<Class<'f>> {
        let key = (class.key(), depth);
        if let Some(known) = self.lines.borrow().get(&key) {
            return known.clone();
        }
        let mut found = vec![class];
        let mut at = 0;
        while let Some(one) = found.get(at).copied() {
            at += 1;
            for base in &one.made.bases {
                if found.len() >= HIGHEST {
                    break;
                }
                // A base behind a dot asks for the bases of what stands before it: `class Client(Client.Base)`.
                if let Some(Place::Class(base)) =
                    self.follow(one.path, None, base, false, depth + 1)
                    && !found.iter().any(|f| std::ptr::eq(f.made, base.made))
                {
                    found.push(base);
                }
            }
        }
        self.lines.borrow_mut().insert(key, found.clone());
        found
    }

    fn method(&self, class: Class<'f>, name: &str) -> Option<Function<'f>> {
        self.method_of(&self.line(class, 0), class, name)
    }

    fn method_of(&self, line: &[Class<'f>], me: Class<'f>, name: &str) -> Option<Function<'f>> {
        line.iter().find_map(|one| {
            let whole = format!("{}.{name}", one.made.name);
            let made = self.functions.get(&(one.path, whole.as_str()))?;
            Some(Function {
                path: one.path,
                made,
                me: Some(me),
            })
        })
    }

    /// What a reference of a file leads to: a function where it is `called`, else what holds or is something.
    fn follow(
        &self,
        path: &str,
        me: Option<Class<'f>>,
        reference: &str,
        called: bool,
        depth: u8,
    ) -> Option<Place<'f>> {
        if depth > LONGEST {
            return None;
        }
        let path = *self.files.get_key_value(path)?.0;
        if let Some(rest) = reference.strip_prefix("self.") {
            return self.member(Place::Class(me?), rest, called, depth);
        }
        if let Some(rest) = reference.strip_prefix("super.") {
            let (class, method) = rest.split_once('.')?;
            let (path, made) = self.class(path, class)?;
            let line = self.line(Class { path, made }, depth);
            let above = line.get(1..).unwrap_or_default();
            let found = self.method_of(above, me.unwrap_or(Class { path, made }), method);
            return found.map(Place::Function);
        }
        if let Some(name) = reference.strip_prefix(HERE) {
            let (head, rest) = name.split_once('.').unwrap_or((name, ""));
            let start = self.of_file(path, head, called && rest.is_empty(), 0, depth)?;
            return self.member(start, rest, called, depth);
        }
        let inner = reference.trim_start_matches('.');
        let dots = reference.len() - inner.len();
        let parts: Vec<&str> = inner.split('.').collect();
        for at in (usize::from(dots == 0)..parts.len()).rev() {
            let (module, rest) = parts.split_at(at);
            let (Some(file), Some((name, rest))) =
                (self.modules.file(path, dots, module), rest.split_first())
            else {
                continue;
            };
            let start = self.of_file(file, name, called && rest.is_empty(), 0, depth)?;
            return self.member(start, &rest.join("."), called, depth);
        }
        None
    }

    fn class(&self, path: &'f str, name: &str) -> Option<(&'f str, &'f PythonClass)> {
        Some((path, self.classes.get(&(path, name))?))
    }

    /// What is called so in a file, or in one that a package gives away.
    fn of_file(
        &self,
        path: &'f str,
        name: &str,
        called: bool,
        hops: u8,
        depth: u8,
    ) -> Option<Place<'f>> {
        let function = || {
            let made = *self.functions.get(&(path, name))?;
            let me = None;
            Some(Place::Function(Function { path, made, me }))
        };
        let class = || {
            let (path, made) = self.class(path, name)?;
            Some(Place::Class(Class { path, made }))
        };
        let variable = || {
            let to = self.variables.get(&(path, name))?;
            self.follow(path, None, to, false, depth + 1)
        };
        let found = match called {
            true => function().or_else(class).or_else(variable),
            false => class().or_else(variable),
        };
        // A class that a file does not have itself, it imports.
        let package = path.ends_with("__init__.py");
        if found.is_some() || hops >= HOPS || !package && !name.starts_with(char::is_uppercase) {
            return found;
        }
        let hops = if package { hops + 1 } else { HOPS };
        let key = (path, name.to_owned(), called, hops, depth);
        if let Some(known) = self.given.borrow().get(&key) {
            return *known;
        }
        let imports = self.files.get(path).map(|file| file.imports());
        let found = imports.into_iter().flatten().find_map(|import| {
            let module = import.module();
            let inner = module.trim_start_matches('.');
            let parts: Vec<&str> = inner.split('.').filter(|p| !p.is_empty()).collect();
            let file = self
                .modules
                .file(path, module.len() - inner.len(), &parts)?;
            let other = file != path;
            other.then(|| self.of_file(file, name, called, hops, depth))?
        });
        self.given.borrow_mut().insert(key, found);
        found
    }

    /// What an object has behind dots.
    fn member(&self, start: Place<'f>, rest: &str, called: bool, depth: u8) -> Option<Place<'f>> {
        let mut at = start;
        let mut parts = rest.split('.').filter(|p| !p.is_empty()).peekable();
        while let Some(part) = parts.next() {
            let Place::Class(class) = at else {
                return None;
            };
            let line = self.line(class, depth);
            if called
                && parts.peek().is_none()
                && let Some(found) = self.method_of(&line, class, part)
            {
                return Some(Place::Function(found));
            }
            at = self.attribute(class, &line, part, depth)?;
        }
        Some(at)
    }

    /// What an attribute of an object holds: the nearest class that has it says so.
    fn attribute(
        &self,
        class: Class<'f>,
        line: &[Class<'f>],
        name: &str,
        depth: u8,
    ) -> Option<Place<'f>> {
        let key = (class.key(), name.to_owned(), depth);
        if let Some(known) = self.held.borrow().get(&key) {
            return *known;
        }
        let of = |one: &Class<'f>| {
            let (_, to) = one.made.kinds.iter().find(|(kind, _)| kind == name)?;
            Some((one.path, to.as_str()))
        };
        let found = line.iter().find_map(of);
        let found =
            found.and_then(|(path, to)| self.follow(path, Some(class), to, false, depth + 1));
        self.held.borrow_mut().insert(key, found);
        found
    }
}
