//! A file as extractors see it, and where they put what they find.

use crate::code_view::Names;
use crate::facts::{Claim, Fact, FileFacts, Placed};
use crate::finders::Finders;
use crate::scan::Part;
use crate::typed_names::{Typed, typed_names};
use groundplan_model::{Diagnostic, Evidence, Severity};
use groundplan_syntax::{Code, Declared, Language, Lines, Node, Outline, SyntaxError};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A file that was read once; everything derived is computed at most once.
pub struct SourceFile<'t> {
    /// Path relative to the root, with `/`.
    pub path: &'t str,
    /// Text; invalid UTF-8 was replaced, and a byte order mark is not part of it.
    pub text: &'t str,
    /// The text with its byte order mark, if it has one; the hash of its first line has it too.
    marked: Option<&'t str>,
    /// Language by file name.
    pub language: Language,
    lines: OnceCell<Lines<'t>>,
    code: OnceCell<Code<'t>>,
    names: OnceCell<Names<'t>>,
    part: OnceCell<Part>,
    is_test: OnceCell<bool>,
    long_strings: OnceCell<bool>,
    outline: OnceCell<Outline>,
    types: OnceCell<BTreeMap<&'t str, Typed<'t>>>,
    yaml: OnceCell<(Vec<Rc<Node>>, Vec<SyntaxError>)>,
    json: OnceCell<Result<Rc<Node>, SyntaxError>>,
    toml: OnceCell<Result<Rc<Node>, SyntaxError>>,
    /// The template that the text was rendered from.
    origin: Option<Origin<'t>>,
    /// Fixed words that extractors asked for, and whether they stand in the text.
    said: RefCell<Vec<(&'static str, bool)>>,
    /// Evidence of long ranges: a thousand facts on one line of a megabyte hash it once.
    long: RefCell<BTreeMap<(u32, u32), Evidence>>,
}

/// The language of a file by its name, or by the interpreter that its first line asks for: a program of
/// Ruby may be called like one of Python.
fn spoken(path: &str, text: &str) -> Language {
    let named = Language::of(path);
    let Some(first) = text.strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return named;
    };
    // `#!/usr/bin/env -S ruby -w`.
    let mut words = first
        .split_whitespace()
        .flat_map(|word| word.rsplit('/').next());
    let program = words.find(|word| *word != "env" && !word.starts_with('-'));
    let program = program.unwrap_or_default();
    let program = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    match (named, program) {
        (Language::Python | Language::Shell | Language::JavaScript, "ruby") => Language::Ruby,
        (Language::Ruby | Language::Shell | Language::JavaScript, "python") => Language::Python,
        (Language::Ruby | Language::Python, "sh" | "bash" | "zsh") => Language::Shell,
        _ => named,
    }
}

impl<'t> SourceFile<'t> {
    /// A file at `path` with `text`.
    pub fn new(path: &'t str, text: &'t str) -> Self {
        let marked = text.strip_prefix('\u{feff}');
        SourceFile {
            path,
            text: marked.unwrap_or(text),
            marked: marked.map(|_| text),
            language: spoken(path, marked.unwrap_or(text)),
            lines: OnceCell::new(),
            code: OnceCell::new(),
            names: OnceCell::new(),
            part: OnceCell::new(),
            is_test: OnceCell::new(),
            long_strings: OnceCell::new(),
            outline: OnceCell::new(),
            types: OnceCell::new(),
            yaml: OnceCell::new(),
            json: OnceCell::new(),
            toml: OnceCell::new(),
            origin: None,
            said: RefCell::default(),
            long: RefCell::default(),
        }
    }

    /// A text that was rendered from a template at `path`: evidence is that of the template.
    pub(crate) fn rendered(path: &'t str, text: &'t str, origin: Origin<'t>) -> Self {
        let mut file = SourceFile::new(path, text);
        file.origin = Some(origin);
        file
    }

    /// The scripts of a page, at the lines at which they stand in it.
    pub(crate) fn script(path: &'t str, text: &'t str) -> Self {
        let mut file = SourceFile::new(path, text);
        file.language = Language::TypeScript;
        file
    }

    /// Whether a word stands in the text, searched for once however often it is asked.
    pub(crate) fn says(&self, word: &'static str) -> bool {
        let mut said = self.said.borrow_mut();
        let same = |known: &&(&'static str, bool)| std::ptr::eq(known.0, word);
        if let Some((_, stands)) = said.iter().find(same) {
            return *stands;
        }
        let stands = memchr::memmem::find(self.text.as_bytes(), word.as_bytes()).is_some();
        said.push((word, stands));
        stands
    }

    /// Its lines.
    pub fn lines(&self) -> &Lines<'t> {
        self.lines.get_or_init(|| Lines::new(self.text))
    }

    /// Its tokens; empty for what is no programming language.
    pub fn code(&self) -> &Code<'t> {
        self.code
            .get_or_init(|| Code::new(self.text, self.language))
    }

    /// The tokens of what it begins with, at least up to `end`: those of the whole if they are known.
    pub(crate) fn with_code_up_to<T>(&self, end: usize, read: impl FnOnce(&Code<'t>) -> T) -> T {
        match (self.code.get(), self.text.get(..end)) {
            (None, Some(head)) if end < self.text.len() => read(&Code::new(head, self.language)),
            _ => read(self.code()),
        }
    }

    /// Its imports, definitions and reads of the environment; Go, Rust and Python only.
    pub(crate) fn names(&self) -> &Names<'t> {
        self.names.get_or_init(|| Names::of(self))
    }

    /// What it declares, if it is a programming language.
    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| Outline::new(self.code()))
    }

    /// What carries annotations, decorators or attributes. Files without the mark of one are told
    /// without a look at what they declare.
    pub(crate) fn declared(&self) -> &[Declared] {
        match self.language {
            Language::CSharp | Language::Rust => &self.outline().declared,
            _ if self.says("@") => &self.outline().declared,
            _ => &[],
        }
    }

    /// What part it plays; `find` is asked once.
    pub(crate) fn part(&self, find: impl FnOnce() -> Part) -> Part {
        *self.part.get_or_init(find)
    }

    /// Whether it belongs to tests by its path, as [`crate::paths::is_test`] tells.
    pub(crate) fn is_test(&self) -> bool {
        *self
            .is_test
            .get_or_init(|| crate::paths::is_test(self.path))
    }

    /// Whether it may hold strings over several lines, as Java, Kotlin and C# write them.
    pub(crate) fn has_long_strings(&self) -> bool {
        static MARKS: Finders = Finders::of(&["\"\"\"", "@\"", "@$\""]);
        *self.long_strings.get_or_init(|| MARKS.any(self.text))
    }

    /// The declared types of its variables, by name.
    pub(crate) fn variable_type(&self, name: &str) -> Option<&'t str> {
        let typed = self.types().get(name)?;
        (!typed.made).then_some(typed.name)
    }

    /// The type of what has a name, declared or made, if all that are called so have that one.
    pub(crate) fn only_type(&self, name: &str) -> Option<Typed<'t>> {
        let typed = self.types().get(name.trim_start_matches(['$', '@']))?;
        (!typed.several).then_some(*typed)
    }

    fn types(&self) -> &BTreeMap<&'t str, Typed<'t>> {
        self.types.get_or_init(|| typed_names(self.code()))
    }

    /// Its YAML documents; what was broken is reported by the reader, once per file.
    pub fn yaml(&self) -> &[Rc<Node>] {
        &self.yaml_parsed().0
    }

    /// YAML documents and faults.
    pub(crate) fn yaml_parsed(&self) -> &(Vec<Rc<Node>>, Vec<SyntaxError>) {
        self.yaml.get_or_init(|| groundplan_syntax::yaml(self.text))
    }

    /// Its JSON document, if it is sound.
    pub fn json(&self) -> Option<&Node> {
        self.json
            .get_or_init(|| groundplan_syntax::json(self.text))
            .as_ref()
            .ok()
            .map(Rc::as_ref)
    }

    /// Its TOML document, if it is sound.
    pub fn toml(&self) -> Option<&Node> {
        self.toml
            .get_or_init(|| groundplan_syntax::toml(self.text))
            .as_ref()
            .ok()
            .map(Rc::as_ref)
    }

    /// The documents of a file that may be YAML or JSON (OpenAPI, CloudFormation).
    pub fn documents(&self) -> Vec<&Node> {
        if self.language == Language::Json {
            self.json().into_iter().collect()
        } else {
            self.yaml().iter().map(Rc::as_ref).collect()
        }
    }

    /// Faults of the parsers that extractors asked for.
    pub(crate) fn syntax_errors(&self) -> Vec<SyntaxError> {
        let mut all = Vec::new();
        if let Some((_, errors)) = self.yaml.get() {
            all.extend(errors.iter().cloned());
        }
        all.extend(self.json.get().and_then(|r| r.as_ref().err().cloned()));
        all.extend(self.toml.get().and_then(|r| r.as_ref().err().cloned()));
        all
    }

    /// Folder of the file; empty for the root.
    pub fn folder(&self) -> &'t str {
        crate::paths::split_name(self.path).map_or("", |(folder, _)| folder)
    }

    /// Name of the file without its folder.
    pub fn name(&self) -> &'t str {
        crate::paths::split_name(self.path).map_or(self.path, |(_, name)| name)
    }

    /// Evidence for lines `first..=last`.
    pub fn evidence(&self, first: u32, last: u32) -> Evidence {
        const LONG: usize = 4_096;
        if let Some(origin) = &self.origin {
            return origin.evidence(self.path, first, last);
        }
        if let Some(whole) = self.marked.filter(|_| first <= 1) {
            return Lines::new(whole).evidence(self.path, first, last);
        }
        if self.lines().slice(first, last).len() < LONG {
            return self.lines().evidence(self.path, first, last);
        }
        let mut long = self.long.borrow_mut();
        let known = long.entry((first, last));
        known
            .or_insert_with(|| self.lines().evidence(self.path, first, last))
            .clone()
    }

    /// Lines and hash of the evidence for lines `first..=last`; `None` of a rendered text.
    pub(crate) fn place(&self, first: u32, last: u32) -> Option<([u32; 2], u64)> {
        match (&self.origin, self.marked.filter(|_| first <= 1)) {
            (Some(_), _) => None,
            (None, Some(whole)) => Some(Lines::new(whole).place(first, last)),
            (None, None) => Some(self.lines().place(first, last)),
        }
    }

    /// Evidence for a node.
    pub fn node(&self, node: &Node) -> Evidence {
        self.evidence(node.first, node.last)
    }

    /// A value with evidence of one line.
    pub fn placed<T>(&self, value: T, line: u32) -> Placed<T> {
        Placed {
            value,
            at: self.evidence(line, line),
        }
    }

    /// A path that is written relative to this file's folder, as a path relative to the root.
    /// `None` if it leaves the root or is a URL or absolute.
    pub fn resolve(&self, relative: &str) -> Option<String> {
        join(self.folder(), relative)
    }
}

/// Where the lines of a rendered text come from.
pub(crate) struct Origin<'t> {
    /// The template, without secrets.
    pub(crate) lines: Lines<'t>,
    /// For each rendered line the one-based line of the template.
    pub(crate) from: &'t [u32],
    /// Lines of the template of which something was cut out, in order, with their hashes.
    pub(crate) hidden: &'t [(u32, String)],
}

impl Origin<'_> {
    /// Evidence for rendered lines. The hash of several lines is not known where one of them is
    /// hidden, so that the range ends before that one.
    fn evidence(&self, path: &str, first: u32, last: u32) -> Evidence {
        let end = self.from.len();
        let from = (first.max(1) as usize - 1).min(end);
        let to = (last.max(first) as usize).clamp(from, end);
        let lines = self.from.get(from..to).unwrap_or_default().iter();
        let first = lines.clone().min().copied().unwrap_or(1);
        let mut last = lines.max().copied().unwrap_or(1);
        let place = self.hidden.partition_point(|(line, _)| *line < first);
        match self.hidden.get(place) {
            Some((line, hash)) if *line == first => {
                return Evidence::new(path, first, first, hash.clone());
            }
            Some((line, _)) => last = last.min(line - 1),
            None => {}
        }
        self.lines.evidence(path, first, last)
    }
}

/// Joins a folder and a relative path, resolving `.` and `..`; `None` if the result leaves the
/// root, is absolute, or `relative` is a URL. The root itself is the empty string.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') || relative.contains("://") || relative.contains('$') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

impl FileFacts {
    /// Facts of a file that is about to be read.
    pub(crate) fn of(file: &SourceFile<'_>) -> Self {
        FileFacts {
            path: file.path.to_owned(),
            language: file.language,
            lines: match file.text.is_empty() {
                true => 0,
                false => file.lines().count(),
            },
            bytes: file.text.len() as u64,
            vendored: crate::vendored::is_vendored(file.path, file.language, file.text),
            unread: None,
            facts: Vec::new(),
            imports: Vec::new(),
            imports_apart: false,
            spans: Vec::new(),
            begins_with_import: false,
            diagnostics: Vec::new(),
            mentions: Vec::new(),
        }
    }

    /// Adds a claim that stands at lines `first..=last`.
    pub fn add(&mut self, file: &SourceFile<'_>, first: u32, last: u32, claim: Claim) {
        if self.imports_apart
            && let Claim::Import(import) = &claim
            && self.add_apart(file, first, last, &import.module)
        {
            return;
        }
        self.facts.push(Fact {
            at: file.evidence(first, last),
            claim,
        });
    }

    /// Adds a warning at a line.
    pub fn warn(
        &mut self,
        file: &SourceFile<'_>,
        line: u32,
        name: &str,
        message: impl Into<String>,
        help: &str,
    ) {
        let diagnostic = Diagnostic::new(Severity::Warning, name, message)
            .at(file.evidence(line, line))
            .help(help);
        self.diagnostics.push(diagnostic);
    }
}
