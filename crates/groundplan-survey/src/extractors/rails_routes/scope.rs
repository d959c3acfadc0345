//! What a block of routes gives to the routes in it.

use super::paths::{join, required};
use crate::ruby::{Statement, Value};

/// What kind of block it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Level {
    /// None of a resource.
    #[default]
    Plain,
    /// `resources`: the parameter of one of them, and its name in what is nested.
    Many { own: String, nested: String },
    /// `resource`.
    One,
    /// `member`, `collection` or `new` of a resource.
    Method,
}

/// A block of routes.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'t> {
    /// Its path; of a resource that of all of them.
    pub(super) path: String,
    /// The path on which one resource of many stands, where it is shallow.
    pub(super) base: Option<String>,
    /// The path outside of all resources, below which shallow ones stand.
    pub(super) outer: String,
    /// Modules of controllers, with a slash at the end.
    pub(super) module: String,
    /// Controller, without modules.
    pub(super) controller: Option<String>,
    pub(super) level: Level,
    pub(super) shallow: bool,
    /// `only` and `except` for all resources in it.
    pub(super) only: Option<Value<'t>>,
    pub(super) except: Option<Value<'t>>,
    /// What a caller has to address besides the path, as a phrase: a subdomain or a host.
    pub(super) host: Option<String>,
}

/// `constraints subdomain: "api"`, `scope constraints: { host: "api.example.com" }`: what the address has
/// to be besides the path.
pub(super) fn host(statement: &Statement<'_>) -> Option<String> {
    let named = |key: &str| -> Option<String> {
        let inner = match statement.option("constraints") {
            Some(Value::Map(all)) => all.iter().find(|(name, _)| *name == key).map(|(_, v)| v),
            _ => None,
        };
        let own = (statement.word == "constraints").then(|| statement.option(key));
        let given = own.flatten().or(inner)?;
        let names: Vec<String> = given.names().iter().map(|n| (*n).to_owned()).collect();
        let known = names.iter().all(|n| !n.is_empty() && !n.contains("#{"));
        (known && !names.is_empty()).then(|| names.join(" or "))
    };
    let subdomain = named("subdomain").map(|name| format!("Only at the subdomain {name}"));
    subdomain
        .or_else(|| named("host").map(|name| format!("Only at the host {name}")))
        .or_else(|| asked(statement).map(|name| format!("Only where {name} allows it")))
}

/// What a block `constraints` asks of each request: `Gate.admin?` of
/// `constraints lambda { |request| Gate.admin?(request) }`, `AdminConstraint` of
/// `constraints AdminConstraint.new`.
fn asked(statement: &Statement<'_>) -> Option<String> {
    if statement.word != "constraints" {
        return None;
    }
    let code = statement.args.iter().find_map(|value| match value {
        Value::Code(text) => Some(*text),
        Value::Word(name) => Some(*name),
        _ => None,
    })?;
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '?' | '!');
    let mut names = code.split(|c: char| !part(c));
    let name = names.find(|n| n.starts_with(|c: char| c.is_ascii_uppercase()))?;
    let name = name.strip_suffix(".new").unwrap_or(name);
    (name.len() <= 60).then(|| name.trim_end_matches([':', '.']).to_owned())
}

impl<'t> Scope<'t> {
    /// The path of one resource of many; of any other block its own.
    pub(super) fn member(&self) -> String {
        match &self.level {
            Level::Many { own, .. } => join(self.base.as_ref().unwrap_or(&self.path), own),
            _ => self.path.clone(),
        }
    }

    /// The path below which nested routes stand.
    pub(super) fn nested(&self) -> String {
        match &self.level {
            Level::Many { nested, .. } => join(self.base.as_ref().unwrap_or(&self.path), nested),
            _ => self.path.clone(),
        }
    }

    pub(super) fn is_of_resource(&self) -> bool {
        matches!(self.level, Level::Many { .. } | Level::One)
    }

    /// A controller with the modules around it; one that begins with a slash has none.
    pub(super) fn controller(&self, name: &str) -> String {
        match name.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("{}{name}", self.module),
        }
    }

    /// The block of `member`, `collection` or `new`.
    pub(super) fn method(&self, kind: &str) -> Scope<'t> {
        let path = match kind {
            "member" => self.member(),
            "new" => join(&self.path, "new"),
            _ => self.path.clone(),
        };
        Scope {
            path,
            base: None,
            level: Level::Method,
            ..self.clone()
        }
    }

    /// What stands in a nested block without being of the resource.
    pub(super) fn inside(&self) -> Scope<'t> {
        let path = self.nested();
        Scope {
            path,
            base: None,
            level: match self.is_of_resource() {
                true => Level::Plain,
                false => self.level.clone(),
            },
            ..self.clone()
        }
    }

    /// Goes below a path.
    fn enter(&mut self, path: &str) {
        let path = required(path);
        self.path = join(&self.path, &path);
        if let Some(base) = &mut self.base {
            *base = join(base, &path);
        }
        if !self.is_of_resource() && self.level != Level::Method {
            self.outer = join(&self.outer, &path);
        }
    }

    /// What all blocks may set by options.
    fn set(&mut self, statement: &Statement<'t>) {
        if let Some(module) = statement.option_name("module") {
            self.module = format!("{}{module}/", self.module);
        }
        if let Some(name) = statement.option_name("controller") {
            self.controller = Some(name.to_owned());
        }
        if let Some(shallow) = statement.flag("shallow") {
            self.shallow = shallow;
        }
        for (key, place) in [("only", &mut self.only), ("except", &mut self.except)] {
            if let Some(given) = statement.option(key) {
                *place = Some(given.clone());
            }
        }
    }

    /// `scope '/x', path: …, module: …, controller: …`, with the paths that it is given.
    pub(super) fn scoped(&self, statement: &Statement<'t>, paths: &[String]) -> Scope<'t> {
        let mut made = self.clone();
        for path in paths {
            made.enter(path);
        }
        if let Some(path) = statement.option_name("path") {
            made.enter(path);
        }
        made.set(statement);
        made.host = host(statement).or(made.host);
        made
    }

    /// `namespace :admin, path: …, module: …`
    pub(super) fn namespaced(&self, statement: &Statement<'t>) -> Scope<'t> {
        let name = (statement.args.first()).and_then(Value::name).unwrap_or("");
        let mut made = self.inside();
        made.controller = None;
        // `path: nil` leaves the path as it is, as an empty one does.
        let path = match statement.option("path") {
            Some(Value::Word("nil")) => "",
            given => given.and_then(Value::name).unwrap_or(name),
        };
        made.enter(path);
        // `module: nil` leaves the modules as they are.
        if statement.option("module").is_none() {
            made.module = format!("{}{name}/", made.module);
        }
        made.set(statement);
        made.host = host(statement).or(made.host);
        made
    }

    /// `controller :x`
    pub(super) fn controlled(&self, statement: &Statement<'t>) -> Scope<'t> {
        let mut made = self.clone();
        let name = statement.args.first().and_then(Value::name);
        made.controller = name.map(str::to_owned).or(made.controller);
        made
    }

    /// `shallow`, `with_options` and blocks that only restrict.
    pub(super) fn restricted(&self, statement: &Statement<'t>) -> Scope<'t> {
        let mut made = self.clone();
        made.shallow |= statement.word == "shallow";
        if statement.word == "with_options" {
            made.set(statement);
        }
        made.host = host(statement).or(made.host);
        made
    }
}
