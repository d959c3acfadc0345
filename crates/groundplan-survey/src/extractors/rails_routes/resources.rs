//! The routes that `resources` and `resource` stand for
//! (<https://guides.rubyonrails.org/routing.html#crud-verbs-and-actions>).

use super::mapper::Mapper;
use super::paths::join;
use super::scope::{Level, Scope};
use crate::inflect::{plural, singular};
use crate::ruby::{Statement, Value};

/// An action: its name, its methods, whether it stands on one of many, and what its path ends in.
type Action = (&'static str, &'static [&'static str], bool, &'static str);

/// PATCH and PUT both lead to `update`.
const ACTIONS: [Action; 7] = [
    ("index", &["GET"], false, ""),
    ("create", &["POST"], false, ""),
    ("new", &["GET"], false, "new"),
    ("edit", &["GET"], true, "edit"),
    ("show", &["GET"], true, ""),
    ("update", &["PATCH", "PUT"], true, ""),
    ("destroy", &["DELETE"], true, ""),
];

impl<'t> Mapper<'_, '_, '_, 't> {
    /// `resources :a, :b, options do … end`
    pub(super) fn resources(&mut self, statement: &Statement<'t>, outer: &Scope<'t>) {
        for value in &statement.args {
            if let Some(name) = self.text(value) {
                self.resource(statement, outer, &name);
            }
        }
    }

    fn resource(&mut self, statement: &Statement<'t>, outer: &Scope<'t>, name: &str) {
        let many = statement.word == "resources";
        let named = |key: &str| statement.option(key).and_then(|v| self.text(v));
        let path = match statement.option("path") {
            Some(Value::Word("nil")) => String::new(),
            _ => named("path").unwrap_or_else(|| name.to_owned()),
        };
        let controller = named("controller").unwrap_or_else(|| match many {
            true => name.to_owned(),
            false => plural(name),
        });
        let parent = outer.nested();
        let whole = join(&parent, &path);
        let shallow = statement.flag("shallow").unwrap_or(outer.shallow);
        let base = (shallow && many && matches!(outer.level, Level::Many { .. }))
            .then(|| join(&outer.outer, &path));
        let level = match many {
            true => {
                let own = named("param").unwrap_or_else(|| "id".to_owned());
                let one = singular(&named("as").unwrap_or_else(|| name.replace(['/', '-'], "_")));
                Level::Many {
                    nested: format!(":{one}_{own}"),
                    own: format!(":{own}"),
                }
            }
            false => Level::One,
        };
        let mut scope = Scope {
            path: whole,
            base,
            level,
            shallow,
            controller: Some(controller),
            only: None,
            except: None,
            ..outer.clone()
        };
        if let Some(module) = statement.option_name("module") {
            scope.module = format!("{}{module}/", scope.module);
        }
        self.actions(statement, outer, &scope, many);
        if let Some(concerns) = statement.option("concerns") {
            for name in concerns.names() {
                self.concern(name, &scope);
            }
        }
        self.block(&statement.body, &scope);
    }

    fn actions(
        &mut self,
        statement: &Statement<'t>,
        outer: &Scope<'t>,
        scope: &Scope<'t>,
        many: bool,
    ) {
        // What stands at the resource itself counts before what its block says.
        let own = statement.option("only").or(statement.option("except"));
        let (only, except) = match own {
            Some(_) => (statement.option("only"), statement.option("except")),
            None => (outer.only.as_ref(), outer.except.as_ref()),
        };
        let only = only.map(|v| self.names(v));
        let except = except.map(|v| self.names(v));
        let words = match statement.option("path_names") {
            Some(Value::Map(all)) => all.as_slice(),
            _ => &[],
        };
        let Some(controller) = &scope.controller else {
            return;
        };
        let controller = scope.controller(controller);
        for (action, methods, on_one, end) in ACTIONS {
            let among = |list: &Option<Option<Vec<String>>>| match list {
                Some(Some(names)) => Some(names.iter().any(|n| n == action)),
                // What the list holds is not known.
                Some(None) | None => None,
            };
            if action == "index" && !many
                || among(&only) == Some(false)
                || among(&except) == Some(true)
            {
                continue;
            }
            let word = words.iter().find(|(name, _)| *name == action);
            let end = word.and_then(|(_, v)| v.name()).unwrap_or(end);
            let at = match on_one {
                true => scope.member(),
                false => scope.path.clone(),
            };
            let handler = format!("{controller}#{action}");
            let is_form = matches!(action, "new" | "edit");
            for method in methods {
                self.add(method, &join(&at, end), Some(&handler), is_form);
            }
        }
    }
}
