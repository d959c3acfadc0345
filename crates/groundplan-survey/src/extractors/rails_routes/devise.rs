//! `devise_for`: the routes that Devise adds for a model, each with the module that switches it on.

use super::mapper::Mapper;
use super::paths::join;
use super::scope::Scope;
use crate::extractors::rails_devise::{ANY, MODULES};
use crate::facts::Mount;
use crate::inflect;
use crate::ruby::{Statement, Value};

/// A route: controller, action, method, what follows the path of the model, whether it is a form.
type Route = (&'static str, &'static str, &'static str, &'static str, bool);

/// The routes of each module (`rails routes` of an application with all of them).
const ROUTES: [(&str, &[Route]); 6] = [
    (
        "database_authenticatable",
        &[
            ("sessions", "new", "GET", "sign_in", true),
            ("sessions", "create", "POST", "sign_in", false),
            ("sessions", "destroy", "DELETE", "sign_out", false),
        ],
    ),
    (
        "recoverable",
        &[
            ("passwords", "new", "GET", "password/new", true),
            ("passwords", "edit", "GET", "password/edit", true),
            ("passwords", "update", "PATCH", "password", false),
            ("passwords", "update", "PUT", "password", false),
            ("passwords", "create", "POST", "password", false),
        ],
    ),
    (
        "registerable",
        &[
            ("registrations", "cancel", "GET", "cancel", true),
            ("registrations", "new", "GET", "sign_up", true),
            ("registrations", "edit", "GET", "edit", true),
            ("registrations", "update", "PATCH", "", false),
            ("registrations", "update", "PUT", "", false),
            ("registrations", "destroy", "DELETE", "", false),
            ("registrations", "create", "POST", "", false),
        ],
    ),
    (
        "confirmable",
        &[
            ("confirmations", "new", "GET", "confirmation/new", true),
            ("confirmations", "show", "GET", "confirmation", false),
            ("confirmations", "create", "POST", "confirmation", false),
        ],
    ),
    (
        "lockable",
        &[
            ("unlocks", "new", "GET", "unlock/new", true),
            ("unlocks", "show", "GET", "unlock", false),
            ("unlocks", "create", "POST", "unlock", false),
        ],
    ),
    (
        "omniauthable",
        &[
            (
                "omniauth_callbacks",
                "passthru",
                "POST",
                "auth/:provider",
                false,
            ),
            (
                "omniauth_callbacks",
                "callback",
                "GET",
                "auth/:provider/callback",
                false,
            ),
            (
                "omniauth_callbacks",
                "callback",
                "POST",
                "auth/:provider/callback",
                false,
            ),
        ],
    ),
];

impl<'t> Mapper<'_, '_, '_, 't> {
    /// `devise_for :users, path: 'accounts', controllers: { sessions: 'logins' }, skip: [:passwords]`
    /// (<https://www.rubydoc.info/gems/devise/ActionDispatch/Routing/Mapper>). Which routes there are, the
    /// model says: each has its module with it, and one stands for all where nobody knows them.
    pub(super) fn devise(&mut self, statement: &Statement<'t>, scope: &Scope<'t>) {
        for value in &statement.args {
            let Some(name) = self.text(value) else {
                continue;
            };
            let class = statement.option_name("class_name").map(str::to_owned);
            let class = class.unwrap_or_else(|| camel(&inflect::singular(&name)));
            let path = statement.option("path").and_then(|v| self.text(v));
            let path = path.unwrap_or(name);
            let base = join(&scope.nested(), path.trim_matches('/'));
            let named = |key: &str| {
                let names = statement.option(key).map(Value::names);
                names.filter(|names| !names.is_empty())
            };
            let (only, skip) = (named("only"), named("skip").unwrap_or_default());
            if skip.contains(&"all") {
                continue;
            }
            self.take(&class, ANY);
            if !base.trim_matches('/').is_empty() {
                self.add("ANY", &join(&base, "*path"), Some("Devise"), false);
            }
            let of_map = |key: &str, name: &str| match statement.option(key) {
                Some(Value::Map(all)) => {
                    let found = all.iter().find(|(known, _)| *known == name);
                    found.and_then(|(_, value)| value.name())
                }
                _ => None,
            };
            for (module, routes) in ROUTES {
                self.take(&class, module);
                for (controller, action, method, after, form) in routes {
                    let asked = only.as_ref().is_none_or(|only| only.contains(controller));
                    if !asked || skip.contains(controller) {
                        continue;
                    }
                    let parts = after.split('/').filter(|part| !part.is_empty());
                    let words = parts.map(|part| of_map("path_names", part).unwrap_or(part));
                    let own = words.collect::<Vec<_>>().join("/");
                    let given = of_map("controllers", controller);
                    let handler = match given {
                        Some(given) => format!("{given}#{action}"),
                        None => format!("devise/{controller}#{action}"),
                    };
                    // What a provider calls back is an action of its name.
                    let handler = Some(handler).filter(|_| *action != "callback");
                    self.add(method, &join(&base, &own), handler.as_deref(), *form);
                }
            }
            self.untake();
        }
    }

    /// Says of the routes that follow which module of which model they depend on.
    fn take(&mut self, class: &str, module: &str) {
        self.set_mounts(vec![Mount {
            target: format!("{MODULES}{class}:{module}"),
            ..Mount::default()
        }]);
    }

    fn untake(&mut self) {
        self.set_mounts(Vec::new());
    }
}

/// `admin_user` as the name of a class.
fn camel(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    });
    words.collect()
}
