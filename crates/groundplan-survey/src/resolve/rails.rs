//! What of an application of Rails only several of its files say together.

mod actions;

use crate::extractors::rails_controllers::{BEFORE, FOLDER, INCLUDED, METHOD};
use crate::extractors::rails_devise::{ANY, MODULES};
use crate::facts::{Claim, Endpoint, Fact, FileFacts, Handler};
use crate::resolve::world::{World, folder_of};
use crate::scan;
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// The framework of routes to forms, which an application that is only an API does not have.
pub(crate) const FORM: &str = "rails-form";

/// The key of an application that is only an API.
pub(crate) const API_ONLY: &str = "config.api_only";

/// The key of a folder of migrations that the settings of a database name.
pub(crate) const MIGRATIONS: &str = "migrations_paths";

/// The path of what defines a part, seen from the folder of the part: the file that names an
/// application of Rails lies in a folder of it.
pub(crate) fn definition(path: &str) -> &str {
    let home = path.strip_suffix("config/application.rb");
    home.filter(|h| h.is_empty() || h.ends_with('/'))
        .unwrap_or(path)
}

/// Whether a module of others may bring actions, by its name.
fn brings_actions(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = ["action", "controller", "crud", "resource", "devise", "rest"];
    words.iter().any(|word| name.contains(word))
}

/// `Admin::UsersController` is defined in `admin/users_controller`.
fn snake_path(constant: &str) -> String {
    let parts: Vec<String> = constant.split("::").map(scan::snake).collect();
    parts.join("/")
}

/// Folders of applications that say something of all that lies below them.
pub(crate) struct Rails<'f> {
    /// Those without forms.
    only_api: BTreeSet<&'f str>,
    /// Folders of migrations that the settings of databases name, by the folder of the application;
    /// only of applications that name one.
    paths: BTreeMap<String, Vec<String>>,
    /// Folders of databases whose schema is written down.
    described: BTreeSet<&'f str>,
    /// Controllers and what they include, by the folder of the application and their name in it.
    controllers: BTreeMap<(&'f str, &'f str), &'f Handler>,
    /// What models switch on in Devise, by the folder of the application and their name.
    devise: BTreeMap<(&'f str, &'f str), &'f [String]>,
    /// Methods of controllers that do something with a request, by the folder of the application and
    /// the name with that of the controller before it.
    methods: BTreeMap<(&'f str, &'f str), Read<'f>>,
    /// What controllers say of what is done before their actions, in order.
    befores: BTreeMap<(&'f str, &'f str), Vec<Read<'f>>>,
    /// All files, in order: templates answer for actions without a method.
    files: &'f [FileFacts],
}

/// A part of a controller and where it stands.
pub(super) type Read<'f> = (&'f Handler, &'f Evidence);

/// Parents of controllers in parents at most.
const HIGHEST: u8 = 8;

impl<'f> Rails<'f> {
    pub(crate) fn of(world: &World<'f>) -> Self {
        let mut found = Rails {
            only_api: BTreeSet::new(),
            paths: BTreeMap::new(),
            described: BTreeSet::new(),
            controllers: BTreeMap::new(),
            devise: BTreeMap::new(),
            methods: BTreeMap::new(),
            befores: BTreeMap::new(),
            files: world.files,
        };
        let is_table = |fact: &Fact| matches!(&fact.claim, Claim::Entity(_));
        let is_only = |fact: &Fact| matches!(&fact.claim, Claim::Property(p) if p.key == API_ONLY);
        let database = memchr::memmem::Finder::new("config/database.yml");
        for file in world.files {
            if file.path.ends_with("schema.rb") && file.facts.iter().any(is_table) {
                found.described.insert(folder_of(&file.path));
            }
            if file.path.ends_with("application.rb") && file.facts.iter().any(is_only) {
                found.only_api.insert(folder_of(folder_of(&file.path)));
            }
            if let Some(root) =
                (database.find(file.path.as_bytes())).and_then(|at| file.path.get(..at))
            {
                for fact in &file.facts {
                    if let Claim::Property(p) = &fact.claim
                        && p.key == MIGRATIONS
                    {
                        let paths = found.paths.entry(root.to_owned()).or_default();
                        paths.extend(p.value.clone());
                    }
                }
            }
            if file.path.ends_with(".rb")
                && let Some((root, _)) = file.path.split_once("app/models/")
            {
                for fact in &file.facts {
                    if let Claim::Router(router) = &fact.claim
                        && let Some(class) = router.name.strip_prefix(MODULES)
                    {
                        found.devise.insert((root, class), &router.verbs);
                    }
                }
            }
            if file.path.ends_with(".rb")
                && let Some((root, _)) = file.path.split_once(FOLDER)
            {
                for fact in &file.facts {
                    if let Claim::Handler(handler) = &fact.claim {
                        let name = handler.name.as_str();
                        if let Some(class) = name.strip_suffix(BEFORE) {
                            let all = found.befores.entry((root, class)).or_default();
                            all.push((handler, &fact.at));
                        } else if name.contains(METHOD) {
                            found.methods.insert((root, name), (handler, &fact.at));
                        } else {
                            found.controllers.insert((root, name), handler);
                        }
                    }
                }
            }
        }
        found
    }

    /// Whether an endpoint of a file is there.
    pub(crate) fn offers(&self, endpoint: &Endpoint, at: &Evidence) -> bool {
        let below = |folder: &&str| {
            folder.is_empty()
                || (at.path.strip_prefix(*folder)).is_some_and(|rest| rest.starts_with('/'))
        };
        (endpoint.framework != FORM || !self.only_api.iter().any(below))
            && self.switched_on(endpoint, at)
            && self.acts(endpoint, at)
    }

    /// Whether a model of an application signs callers in by Devise.
    pub(super) fn has_devise(&self, root: &str) -> bool {
        self.devise.keys().any(|(of, _)| *of == root)
    }

    /// Whether the model that a route of Devise is for switches it on. Where nobody knows what the model
    /// switches on, one endpoint stands for all routes.
    fn switched_on(&self, endpoint: &Endpoint, at: &Evidence) -> bool {
        let asked = endpoint.mounts.first().map(|mount| mount.target.as_str());
        let asked = asked.and_then(|target| target.strip_prefix(MODULES));
        let Some((class, module)) = asked.and_then(|asked| asked.rsplit_once(':')) else {
            return true;
        };
        let root = at.path.split_once("config/").map_or("", |(root, _)| root);
        let modules = self.devise.get(&(root, class.trim_start_matches("::")));
        match (modules, module) {
            (None, ANY) => true,
            (None, _) | (Some(_), ANY) => false,
            // Any way to sign in has the routes of sessions.
            (Some(all), "database_authenticatable") => {
                all.iter().any(|m| m.ends_with("authenticatable"))
            }
            (Some(all), module) => all.iter().any(|m| m == module),
        }
    }

    /// Whether something answers a route: not where the controller that it names is here, and neither it
    /// nor what it stands on has the action, nor a template that would be shown for it.
    fn acts(&self, endpoint: &Endpoint, at: &Evidence) -> bool {
        if endpoint.framework != FORM && endpoint.framework != "rails" {
            return true;
        }
        let named = endpoint.handler.as_deref().and_then(|h| h.split_once('#'));
        let Some((controller, action)) = named else {
            return true;
        };
        let root = (at.path.split_once("config/")).map_or("", |(root, _)| root);
        let name = format!("{controller}_controller");
        let isolated = self.isolated(root, &name);
        self.has(root, isolated.unwrap_or(&name), action, 0)
            .unwrap_or(true)
    }

    /// The controller of an engine that a route means without the module which the engine is isolated in, where it
    /// is the only one that fits (<https://guides.rubyonrails.org/engines.html#isolate-namespace>).
    fn isolated(&self, root: &str, name: &str) -> Option<&'f str> {
        if self.controllers.contains_key(&(root, name)) {
            return None;
        }
        let fits = |of: &&str| {
            let module = of
                .strip_suffix(name)
                .and_then(|rest| rest.strip_suffix('/'));
            module.is_some_and(|module| !module.is_empty())
        };
        let own = || {
            let own = self.controllers.keys().filter(|(of, _)| *of == root);
            own.map(|(_, name)| *name)
        };
        let mut all = own().filter(fits);
        let found = all.next().filter(|_| all.next().is_none())?;
        // All of an isolated engine stands in its module; that of another application may mean one of a gem.
        let (outer, _) = found.split_once('/')?;
        let inside = |of: &str| of.split('/').next() == Some(outer);
        let mut named = own().filter(|of| !of.starts_with("concerns/"));
        named.all(inside).then_some(found)
    }

    /// Whether a controller or module has an action; nothing where that cannot be told.
    fn has(&self, root: &str, name: &str, action: &str, depth: u8) -> Option<bool> {
        let handler = self.controllers.get(&(root, name))?;
        if handler.methods.iter().any(|m| m == action) || self.shows(root, name, action) {
            return Some(true);
        }
        if handler.more || depth > HIGHEST {
            return None;
        }
        for base in &handler.bases {
            let (included, constant, found) = self.meant(root, name, base);
            let ends = matches!(
                constant,
                "ActionController::Base" | "ActionController::API" | "ActionController::Metal"
            );
            match found {
                Some(found) => match self.has(root, &found, action, depth + 1) {
                    Some(false) => {}
                    known => return known,
                },
                None if ends => {}
                // Modules for authorization and the like bring no actions; those that do say so.
                None if included && !brings_actions(constant) => {}
                None => return None,
            }
        }
        Some(false)
    }

    /// Whether a class or module takes in a base as a module, its constant, and the controller that it is.
    fn meant<'b>(&self, root: &str, name: &str, base: &'b str) -> (bool, &'b str, Option<String>) {
        let (included, constant) = match base.strip_prefix(INCLUDED) {
            Some(constant) => (true, constant),
            None => (false, base),
        };
        let constant = constant.trim_start_matches("::");
        let path = snake_path(constant);
        let found = match included {
            true => self.near(root, name, &path).or_else(|| {
                let concern = format!("concerns/{path}");
                self.controllers
                    .contains_key(&(root, concern.as_str()))
                    .then_some(concern)
            }),
            false => self.near(root, name, &path).filter(|n| n != name),
        };
        (included, constant, found)
    }

    /// A constant as a class means it: in its own modules first, then outside of them.
    fn near(&self, root: &str, from: &str, path: &str) -> Option<String> {
        let mut folder = folder_of(from);
        loop {
            let whole = match folder.is_empty() {
                true => path.to_owned(),
                false => format!("{folder}/{path}"),
            };
            if self.controllers.contains_key(&(root, whole.as_str())) {
                return Some(whole);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    /// Whether a template is shown for an action that no method does.
    fn shows(&self, root: &str, name: &str, action: &str) -> bool {
        let folder = name.strip_suffix("_controller").unwrap_or(name);
        let start = format!("{root}app/views/{folder}/{action}.");
        let at = self
            .files
            .partition_point(|f| f.path.as_str() < start.as_str());
        self.files
            .get(at)
            .is_some_and(|f| f.path.starts_with(&start))
    }

    /// Whether a file is a migration whose end the schema beside it tells, or one of a database that
    /// the settings of the application no longer have.
    pub(crate) fn is_past(&self, file: &FileFacts) -> bool {
        if !file.path.ends_with(".rb") {
            return false;
        }
        let of_another = database_of(&file.path);
        let root = file.path.split_once("db/").map_or("", |(root, _)| root);
        let gone = !of_another.is_empty()
            && self.paths.get(root).is_some_and(|paths| {
                let own = |path: &&str| path.trim_end_matches('/').ends_with(of_another);
                !paths.iter().any(|path| own(&path.as_str()))
            });
        gone || self.described.contains(folder_of(folder_of(&file.path)))
    }
}

/// The folder of migrations of a database beside the main one, `cache_migrate` of `db/cache_migrate`;
/// empty for all others (<https://guides.rubyonrails.org/active_record_multiple_databases.html>).
pub(crate) fn database_of(path: &str) -> &str {
    let folder = folder_of(path);
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let beside = path.ends_with(".rb") && last.ends_with("_migrate");
    match beside && folder_of(folder).ends_with("db") {
        true => last,
        false => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{Rails, database_of};
    use crate::resolve::world::World;

    #[test]
    fn databases_beside_the_main_one_are_those_of_the_settings() {
        assert_eq!(database_of("db/cache_migrate/1_a.rb"), "cache_migrate");
        assert_eq!(database_of("db/migrate/1_a.rb"), "");
        assert_eq!(database_of("lib/old_migrate/1_a.rb"), "");
        let settings = "production:
  primary:
    adapter: postgresql
  cache:
    adapter: postgresql
    migrations_paths: db/cache_migrate
";
        let step = "class A < ActiveRecord::Migration[7.0]\n  def change\n    \
                    create_table :a\n  end\nend\n";
        let files = [
            ("config/database.yml", settings),
            ("db/cache_migrate/1_a.rb", step),
            ("db/migrate/1_a.rb", step),
            ("db/partners_migrate/1_a.rb", step),
        ]
        .map(|(path, text)| crate::extract_file(path, text));
        let world = World::new(&files, groundplan_knowledge::knowledge());
        let rails = Rails::of(&world);
        let past: Vec<bool> = files.iter().map(|file| rails.is_past(file)).collect();
        assert_eq!(past, [false, false, false, true]);
    }

    #[test]
    fn only_routes_of_isolated_engines_leave_out_the_module_of_their_controllers() {
        let class =
            "class Shop::SessionsController < ActionController::Base\n  def show\n  end\nend\n";
        let base = "class Shop::BaseController < ActionController::Base\nend\n";
        let outside = "class ApplicationController < ActionController::Base\nend\n";
        let concern = "module Signed\nend\n";
        let isolated = |beside: (&str, &str)| {
            let files = [
                beside,
                ("app/controllers/shop/sessions_controller.rb", class),
            ]
            .map(|(path, text)| crate::extract_file(path, text));
            let world = World::new(&files, groundplan_knowledge::knowledge());
            let rails = Rails::of(&world);
            rails.isolated("", "sessions_controller").is_some()
        };
        assert!(isolated(("app/controllers/shop/base_controller.rb", base)));
        assert!(isolated(("app/controllers/concerns/signed.rb", concern)));
        // A gem may bring the sessions of an application.
        assert!(!isolated((
            "app/controllers/application_controller.rb",
            outside
        )));
    }
}
