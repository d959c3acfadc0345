//! Statements of routes in, endpoints out.

use super::paths::{expanded, join, template};
use super::scope::{Level, Scope};
use crate::extractors::base_defaults;
use crate::facts::{Claim, Endpoint, FileFacts, Mount};
use crate::http_paths::{self, UNREAD};
use crate::ruby::{Statement, Value};
use crate::scan;
use crate::source::SourceFile;
use std::collections::BTreeMap;

/// Endpoints of one file at most: loops and concerns may ask for any number.
const MOST: usize = 8_000;

/// Concerns in concerns and loops in loops at most.
const DEEPEST: u32 = 12;

/// Reads the routes of one file.
pub(super) struct Mapper<'a, 'f, 's, 't> {
    acc: &'a mut FileFacts,
    file: &'f SourceFile<'s>,
    router: Option<String>,
    /// Blocks of concerns and of methods by name.
    concerns: BTreeMap<&'t str, Vec<Statement<'t>>>,
    /// Parameters of the methods that draw routes where they are called.
    params: BTreeMap<&'t str, Vec<&'t str>>,
    /// What a variable stands for: the word of a loop, or a list that was assigned.
    known: BTreeMap<&'t str, Value<'t>>,
    lines: (u32, u32),
    /// What the endpoint that is made takes in.
    mounts: Vec<Mount>,
    made: usize,
    depth: u32,
    /// What the address has to be besides the path, of the routes that are read.
    host: Option<String>,
}

impl<'a, 'f, 's, 't> Mapper<'a, 'f, 's, 't> {
    pub(super) fn new(
        acc: &'a mut FileFacts,
        file: &'f SourceFile<'s>,
        router: Option<&'static str>,
    ) -> Self {
        Mapper {
            acc,
            file,
            router: router.map(str::to_owned),
            concerns: BTreeMap::new(),
            params: BTreeMap::new(),
            known: BTreeMap::new(),
            lines: (1, 1),
            mounts: Vec::new(),
            made: 0,
            depth: 0,
            host: None,
        }
    }

    pub(super) fn run(&mut self, all: &[Statement<'t>]) {
        self.block(all, &Scope::default());
    }

    /// The text of a value, with what is known of its variables; `None` if it is computed.
    pub(super) fn text(&self, value: &Value<'t>) -> Option<String> {
        match value {
            Value::Symbol(text) => Some((*text).to_owned()),
            Value::Text(text) if !text.contains("#{") => Some((*text).to_owned()),
            Value::Text(text) => {
                let mut out = String::new();
                let mut rest = *text;
                while let Some((before, after)) = rest.split_once("#{") {
                    let (name, after) = after.split_once('}')?;
                    out.push_str(before);
                    out.push_str(&self.stands_for(name.trim())?);
                    rest = after;
                }
                Some(out + rest)
            }
            Value::Word(name) | Value::Code(name) => self.stands_for(name),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What a name comes to; of a setting (`Settings.prefix`) what stands for it until all files are known.
    fn stands_for(&self, name: &str) -> Option<String> {
        match self.known.get(name) {
            Some(Value::Code(other) | Value::Word(other)) => setting(other),
            Some(value) => Some(value.name()?.to_owned()),
            None => setting(name),
        }
    }

    /// The names of a list; `None` if it is computed.
    pub(super) fn names(&self, value: &Value<'t>) -> Option<Vec<String>> {
        match value {
            Value::List(all) => Some(all.iter().filter_map(|v| self.text(v)).collect()),
            Value::Word(name) => match self.known.get(name)? {
                Value::List(all) => Some(all.iter().filter_map(|v| self.text(v)).collect()),
                one => Some(vec![one.name()?.to_owned()]),
            },
            one => Some(vec![self.text(one)?]),
        }
    }

    pub(super) fn block(&mut self, all: &[Statement<'t>], scope: &Scope<'t>) {
        if self.depth > DEEPEST * 4 {
            return;
        }
        self.depth += 1;
        for statement in all {
            self.host = super::scope::host(statement).or_else(|| scope.host.clone());
            self.statement(statement, scope);
        }
        self.depth -= 1;
    }

    fn statement(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        self.lines = statement.lines;
        let body = &statement.body;
        match statement.word {
            "resources" | "resource" => self.resources(statement, scope),
            "get" | "post" | "put" | "patch" | "delete" | "options" | "match" => {
                self.route(statement, scope);
            }
            "root" => self.root(statement, scope),
            "namespace" => self.block(body, &scope.namespaced(statement)),
            "scope" => {
                let paths = statement.args.iter().filter_map(|value| {
                    // What is put together of something else was not read.
                    let open = matches!(value, Value::Text(_)).then(|| UNREAD.to_owned());
                    self.text(value).or(open)
                });
                let paths: Vec<String> = paths.collect();
                self.block(body, &scope.scoped(statement, &paths));
            }
            "controller" => self.block(body, &scope.controlled(statement)),
            "member" | "collection" | "new" => self.block(body, &scope.method(statement.word)),
            "nested" => self.block(body, &scope.inside()),
            "concern" => {
                let name = statement.args.first().and_then(Value::name);
                if let Some(name) = name.filter(|_| statement.block) {
                    self.concerns.insert(name, body.clone());
                }
            }
            "concerns" => {
                for name in statement.args.iter().flat_map(Value::names) {
                    self.concern(name, scope);
                }
            }
            "mount" => self.mount(statement, scope),
            "devise_for" => self.devise(statement, scope),
            "draw" if !statement.block => self.draw(statement, scope),
            // `Shop::Engine.routes.draw do`: routes below the path that mounts the engine.
            "draw" if statement.on.ends_with("::Engine.routes") => {
                let engine = statement.on.strip_suffix(".routes").map(str::to_owned);
                let before = std::mem::replace(&mut self.router, engine);
                self.block(body, scope);
                self.router = before;
            }
            "if" | "unless" => self.condition(statement, scope),
            "constraints" if is_only_local(statement) => {}
            "each" | "each_with_index" => self.each(statement, scope),
            "=" => {
                if let [Value::Code(name), value] = statement.args.as_slice() {
                    self.known.insert(name, value.clone());
                }
            }
            // A method that draws routes where it is called.
            "def" => {
                if let Some(Value::Word(name)) = statement.args.first() {
                    self.concerns.insert(name, body.clone());
                    self.params.insert(name, statement.params.clone());
                }
            }
            // Helpers that make addresses answer nothing.
            "direct" | "resolve" => {}
            name if !statement.block && self.concerns.contains_key(name) => {
                let params = self.params.get(name).cloned().unwrap_or_default();
                let given = params.into_iter().zip(statement.args.iter().cloned());
                let before: Vec<_> = given
                    .map(|(param, value)| (param, self.known.insert(param, value)))
                    .collect();
                self.concern(name, scope);
                for (param, value) in before {
                    match value {
                        Some(value) => self.known.insert(param, value),
                        None => self.known.remove(param),
                    };
                }
            }
            _ => self.block(body, &scope.restricted(statement)),
        }
    }

    /// What runs only on the machine of a developer is no part of the system.
    fn condition(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        let text = match statement.args.first() {
            Some(Value::Code(text)) => *text,
            _ => "",
        };
        let local = ["env.development?", "env.test?", "env.local?"];
        let live = text.contains("env.production?");
        let is_local = local.iter().any(|mark| text.contains(mark));
        let turned = text.trim_start().starts_with('!') != (statement.word == "unless");
        let (first, second) = match (is_local && !live, live) {
            (true, _) => (turned, !turned),
            (_, true) => (!turned, turned),
            _ => (true, true),
        };
        if first {
            self.block(&statement.body, scope);
        }
        if second {
            self.block(&statement.otherwise, scope);
        }
    }

    /// `%i[a b].each do |name| … end`
    fn each(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        let list = match statement.args.first() {
            Some(Value::List(all)) => all.clone(),
            None => match self.known.get(statement.on.trim_end_matches(".each")) {
                Some(Value::List(all)) => all.clone(),
                _ => return,
            },
            _ => return,
        };
        let Some(name) = statement.params.first().copied() else {
            return;
        };
        for value in list {
            let before = self.known.insert(name, value);
            self.block(&statement.body, scope);
            match before {
                Some(before) => self.known.insert(name, before),
                None => self.known.remove(name),
            };
        }
    }

    /// The routes of a concern, in the block that takes it in.
    pub(super) fn concern(&mut self, name: &str, scope: &Scope<'t>) {
        if let Some(body) = self.concerns.get(name).cloned() {
            let lines = self.lines;
            self.depth += 4;
            self.block(&body, scope);
            self.depth -= 4;
            self.lines = lines;
        }
    }

    /// `draw :api` takes in `config/routes/api.rb`.
    fn draw(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        let Some(name) = statement.args.first().and_then(|v| self.text(v)) else {
            return;
        };
        let path = scope.inside().path;
        let mount = Mount {
            router: self.router.clone(),
            prefix: match path.is_empty() {
                true => String::new(),
                false => template(&path),
            },
            target: format!("{name}#{}", super::DRAWN),
            ..Mount::default()
        };
        let (first, last) = self.lines;
        self.acc.add(self.file, first, last, Claim::Mount(mount));
    }

    /// `mount Engine => '/path'`, `mount Engine, at: '/path'`: what it answers is not known, but
    /// that it answers.
    fn mount(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        let named = |value: &Value<'t>| match value {
            Value::Word(name) => Some((*name).to_owned()),
            Value::Code(code) => {
                let end = code.find(|c: char| !c.is_alphanumeric() && c != ':' && c != '_');
                Some(code[..end.unwrap_or(code.len())].to_owned())
            }
            _ => None,
        };
        let (what, path) = match (statement.pairs.first(), statement.option("at")) {
            (Some((what, path)), _) => (named(what), self.text(path)),
            (None, Some(path)) => (statement.args.first().and_then(named), self.text(path)),
            (None, None) => return,
        };
        let (Some(what), Some(path)) = (what, path) else {
            return;
        };
        let whole = template(&join(&scope.nested(), &path));
        let mount = Mount {
            router: self.router.clone(),
            prefix: match whole.as_str() {
                "/" => String::new(),
                path => path.to_owned(),
            },
            target: format!("{}{what}", super::CLASS),
            ..Mount::default()
        };
        // What stands at the root says nothing of its own.
        if whole == "/" {
            let (first, last) = self.lines;
            self.acc.add(self.file, first, last, Claim::Mount(mount));
        } else {
            self.mounts.push(mount);
            self.add("ANY", &whole, Some(&what), false);
            self.mounts.clear();
        }
    }

    /// What the endpoints that are made next take in.
    pub(super) fn set_mounts(&mut self, mounts: Vec<Mount>) {
        self.mounts = mounts;
    }

    fn root(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        let to = statement.option("to").or(statement.args.first());
        let handler = to.and_then(|to| self.answered(to, scope));
        let path = scope.inside().path;
        self.add("GET", &path, handler.as_deref(), false);
    }

    /// `get 'a', to: 'b#c'`, `get 'a' => 'b#c'`, `match 'a', via: [:get, :post]`
    fn route(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        let scope = match statement.option_name("on") {
            Some(kind) => scope.method(kind),
            // What stands in the block of `resource` stands at it.
            None if scope.level == Level::One => scope.method("member"),
            None if scope.is_of_resource() => {
                let mut inner = scope.inside();
                // Its paths name actions of the resource still.
                inner.controller.clone_from(&scope.controller);
                inner
            }
            None => scope.clone(),
        };
        let methods: Vec<String> = match (statement.word, statement.option("via")) {
            ("match", None) => return,
            ("match", Some(via)) => match self.names(via) {
                Some(names) if !names.iter().any(|n| n == "all") => names,
                _ => vec!["any".to_owned()],
            },
            // A verb says the method itself, whatever `via` stands behind it.
            (word, _) => vec![word.to_owned()],
        };
        let given = statement.pairs.iter().map(|(path, to)| (path, Some(to)));
        let plain = statement.args.iter().map(|path| (path, None));
        for (path, to) in given.chain(plain).collect::<Vec<_>>() {
            let Some(written) = self.text(path) else {
                continue;
            };
            let to = to.or(statement.option("to"));
            let handler = match to {
                Some(to) => self.answered(to, &scope),
                None => self.implied(statement, &scope, &written),
            };
            let place = match statement.option("path").and_then(|v| self.text(v)) {
                Some(path) => path,
                // `delete :destroy` on a collection has the path of the collection.
                None if scope.level == Level::Method && is_canonical(&written) => String::new(),
                None => written,
            };
            let whole = join(&scope.path, &place);
            for method in &methods {
                self.add(&method.to_uppercase(), &whole, handler.as_deref(), false);
            }
        }
    }

    /// What `to:` names: `controller#action`, an action of the controller around it, or an
    /// application; a redirect names none.
    fn answered(&self, to: &Value<'t>, scope: &Scope<'t>) -> Option<String> {
        match to {
            Value::Word(name) if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                Some((*name).to_owned())
            }
            _ => {
                let text = self.text(to)?;
                let (controller, action) = match text.split_once('#') {
                    Some(("", action)) => (scope.controller.clone()?, action),
                    Some((controller, action)) => (controller.to_owned(), action),
                    None => (scope.controller.clone()?, text.as_str()),
                };
                Some(format!("{}#{action}", scope.controller(&controller)))
            }
        }
    }

    /// What answers a route that names nobody: the options or its path do.
    fn implied(
        &self,
        statement: &Statement<'t>,
        scope: &Scope<'t>,
        written: &str,
    ) -> Option<String> {
        let option = |key: &str| statement.option(key).and_then(|v| self.text(v));
        let path = written.trim_matches('/');
        let path = path.split('(').next().unwrap_or(path);
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-/".contains(c);
        let named = || path.chars().all(plain) && !path.is_empty();
        let controller = option("controller").or(scope.controller.clone());
        let action = match option("action") {
            Some(action) => action,
            None if !named() => return None,
            None => match path.rsplit_once('/') {
                Some((folder, last)) => {
                    let controller = option("controller").unwrap_or_else(|| folder.to_owned());
                    let name = scope.controller(&controller.replace('-', "_"));
                    return Some(format!("{name}#{}", last.replace('-', "_")));
                }
                None => path.replace('-', "_"),
            },
        };
        Some(format!("{}#{action}", scope.controller(&controller?)))
    }

    /// Adds an endpoint at all paths that its optional parts make.
    pub(super) fn add(&mut self, method: &str, path: &str, handler: Option<&str>, is_form: bool) {
        for path in expanded(path) {
            self.made += 1;
            if self.made > MOST {
                return;
            }
            let endpoint = Endpoint {
                method: method.to_owned(),
                path: template(&path),
                handler: handler.map(str::to_owned),
                framework: match is_form {
                    true => crate::resolve::rails::FORM.to_owned(),
                    false => "rails".to_owned(),
                },
                summary: self.host.clone(),
                router: self.router.clone(),
                verbs: Vec::new(),
                given: false,
                mounts: self.mounts.clone(),
                class: None,
                guards: Vec::new(),
            };
            let (first, last) = self.lines;
            scan::endpoint(self.acc, self.file, first, last, endpoint);
        }
    }
}

/// What stands for a setting of the gem `config` (<https://github.com/rubyconfig/config>): `Settings.prefix`.
fn setting(name: &str) -> Option<String> {
    let key = name.strip_prefix("Settings.")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
    let known = !key.is_empty() && key.chars().all(plain);
    known.then(|| http_paths::open_base(&base_defaults::of_rails(key)))
}

/// `constraints ->(_) { Rails.env.development? } do`: only on the machine of a developer.
fn is_only_local(statement: &Statement<'_>) -> bool {
    let codes = statement.args.iter().filter_map(|value| match value {
        Value::Code(text) => Some(*text),
        _ => None,
    });
    let local = ["env.development?", "env.test?", "env.local?"];
    let all: String = codes.collect::<Vec<_>>().join(" ");
    local.iter().any(|mark| all.contains(mark))
        && !all.contains('!')
        && !all.contains("env.production?")
}

fn is_canonical(name: &str) -> bool {
    matches!(
        name,
        "index" | "create" | "new" | "show" | "update" | "destroy"
    )
}
