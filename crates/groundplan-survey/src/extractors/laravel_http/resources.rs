//! Resources of Laravel: one line for the routes of all actions of a controller.

use super::{Routes, Scope};
use crate::http_paths;
use crate::inflect::singular;
use crate::php::{self, Chain, Link};
use std::ops::Range;

/// An action of a resource: its name, its methods, and what follows the path of the collection, where
/// `*` is the parameter.
type Action = (&'static str, &'static [&'static str], &'static str);

const RESOURCE: &[Action] = &[
    ("index", &["GET"], ""),
    ("create", &["GET"], "/create"),
    ("store", &["POST"], ""),
    ("show", &["GET"], "/*"),
    ("edit", &["GET"], "/*/edit"),
    ("update", &["PUT", "PATCH"], "/*"),
    ("destroy", &["DELETE"], "/*"),
];

const SINGLETON: &[Action] = &[
    ("create", &["GET"], "/create"),
    ("store", &["POST"], ""),
    ("show", &["GET"], ""),
    ("edit", &["GET"], "/edit"),
    ("update", &["PUT", "PATCH"], ""),
    ("destroy", &["DELETE"], ""),
];

/// What the options of a resource and the calls behind it say.
#[derive(Debug, Default)]
struct Chosen {
    only: Option<Vec<String>>,
    except: Vec<String>,
    /// Names of parameters, by the part of the path that they follow.
    parameters: Vec<(String, String)>,
    shallow: bool,
    creatable: bool,
    destroyable: bool,
}

impl<'t> Routes<'_, 't> {
    /// `Route::resource('orders', Orders::class, ['only' => […]])->except('edit')`,
    /// `Route::apiResources(['orders' => Orders::class])`.
    pub(super) fn resources(&mut self, chain: &Chain<'t>, link: &Link<'t>, scope: &Scope) {
        let code = self.code;
        let arguments = code.arguments(link.open);
        let several = link.name.ends_with("ources");
        let options = arguments.get(if several { 1 } else { 2 });
        let chosen = self.chosen(chain, options);
        let named: Vec<(Range<usize>, Range<usize>)> = match arguments.as_slice() {
            [list, ..] if several => php::list_at(code, list)
                .map(|open| php::entries(code, open))
                .unwrap_or_default()
                .into_iter()
                .filter_map(|(name, class)| Some((name?, class)))
                .collect(),
            [name, class, ..] => vec![(name.clone(), class.clone())],
            _ => Vec::new(),
        };
        for (name, class) in named {
            let (first, last) = (code.line(name.start), code.line(class.end - 1));
            let Some(text) = php::text(code, &name) else {
                self.put(first, last, http_paths::unread(self.framework), scope);
                continue;
            };
            let class = php::class(code, &class);
            self.resource(link.name, &text, class, &chosen, scope, (first, last));
        }
    }

    fn chosen(&self, chain: &Chain<'t>, options: Option<&Range<usize>>) -> Chosen {
        let code = self.code;
        let mut chosen = Chosen::default();
        let pairs = |range: &Range<usize>| -> Vec<(String, String)> {
            let all = php::list_at(code, range).map(|open| php::entries(code, open));
            all.unwrap_or_default()
                .into_iter()
                .filter_map(|(k, v)| Some((php::text(code, &k?)?, php::text(code, &v)?)))
                .collect()
        };
        if let Some(open) = options.and_then(|range| php::list_at(code, range)) {
            let texts = |key| php::value_of(code, open, key).map(|r| php::texts(code, &r));
            chosen.only = texts("only");
            chosen.except.extend(texts("except").unwrap_or_default());
            if let Some(range) = php::value_of(code, open, "parameters") {
                chosen.parameters = pairs(&range);
            }
            chosen.shallow = php::value_of(code, open, "shallow")
                .is_some_and(|range| code.is(range.start, "true"));
        }
        for link in &chain.links {
            match link.name {
                "only" => chosen.only = Some(php::all_texts(code, link.open)),
                "except" => chosen.except.extend(php::all_texts(code, link.open)),
                "shallow" => chosen.shallow = true,
                "creatable" => chosen.creatable = true,
                "destroyable" => chosen.destroyable = true,
                "parameters" => {
                    let given = code.arguments(link.open);
                    chosen.parameters.extend(given.iter().flat_map(&pairs));
                }
                "parameter" => {
                    if let [from, to] = php::all_texts(code, link.open).as_slice() {
                        chosen.parameters.push((from.clone(), to.clone()));
                    }
                }
                _ => {}
            }
        }
        chosen
    }

    fn resource(
        &mut self,
        kind: &str,
        name: &str,
        class: Option<String>,
        chosen: &Chosen,
        scope: &Scope,
        (first, last): (u32, u32),
    ) {
        let single = kind.ends_with("ingleton");
        let api = kind.starts_with("api");
        let parameter = |part: &str| {
            let own = part.rsplit('/').next().unwrap_or(part);
            let given = chosen.parameters.iter().find(|(of, _)| of == own);
            let name = given.map_or_else(|| singular(own), |(_, name)| name.clone());
            format!("{{{}}}", name.replace('-', "_"))
        };
        // `orders.items` stands below one of the orders.
        let mut around = scope.prefix.clone();
        let mut parts: Vec<&str> = name.trim_matches('/').split('.').collect();
        let own = parts.pop().unwrap_or_default();
        for part in parts {
            around = http_paths::join(&around, &http_paths::template(part));
            around = http_paths::join(&around, &parameter(part));
        }
        let collection = http_paths::join(&around, &http_paths::template(own));
        let alone = http_paths::join(&scope.prefix, &http_paths::template(own));
        let all = if single { SINGLETON } else { RESOURCE };
        for (action, methods, rest) in all {
            let wanted = match &chosen.only {
                Some(only) => only.iter().any(|a| a == action),
                None => match *action {
                    "create" | "store" if single => chosen.creatable,
                    "destroy" if single => chosen.creatable || chosen.destroyable,
                    _ => true,
                },
            };
            let form = api && matches!(*action, "create" | "edit");
            if !wanted || form || chosen.except.iter().any(|a| a == action) {
                continue;
            }
            let base = match chosen.shallow && rest.starts_with("/*") {
                true => &alone,
                false => &collection,
            };
            let rest = rest.replace('*', &parameter(own));
            let path = http_paths::join(base, &rest);
            let handler = class.as_ref().map(|class| format!("{class}::{action}"));
            for method in *methods {
                let endpoint = self.endpoint(method, &path, handler.clone());
                self.put(first, last, endpoint, scope);
            }
        }
    }
}
