//! Actions of a base that a class of ASP.NET overrides as none: they are not served below its routes.

use crate::extractors::csharp_http::inherited::{TAKEN_AWAY, overridable};
use crate::facts::{Endpoint, Router};
use crate::resolve::router_names::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Which actions of which class are not served where.
#[derive(Debug, Default)]
pub(crate) struct TakenAway<'f> {
    /// Classes and the actions of their bases that they take away.
    by: Vec<(Node<'f>, &'f [String])>,
    /// Actions that may be overridden, by their file.
    open: BTreeSet<(&'f str, &'f str)>,
    /// Prefixes at which the actions of a class with this name are not served.
    at: BTreeMap<(Node<'f>, &'f str), BTreeSet<String>>,
}

impl<'f> TakenAway<'f> {
    /// Takes in what a router says that only stands for this.
    pub(crate) fn add(&mut self, path: &'f str, router: &'f Router) {
        let class = router.name.strip_prefix(TAKEN_AWAY).unwrap_or_default();
        if router.verbs.is_empty() {
            self.open.insert((path, &router.name));
        } else {
            self.by.push(((path, class), &router.verbs));
        }
    }

    /// Finds the bases of the classes, with where each class is served.
    pub(crate) fn join(
        &mut self,
        edges: impl Iterator<Item = (Node<'f>, Node<'f>)>,
        prefixes: &BTreeMap<Node<'f>, Vec<String>>,
    ) {
        if self.by.is_empty() || self.open.is_empty() {
            return;
        }
        let mut bases: BTreeMap<Node<'f>, BTreeSet<Node<'f>>> = BTreeMap::new();
        for (class, base) in edges {
            bases.entry(class).or_default().insert(base);
        }
        for ((path, class), actions) in &self.by {
            let name = class.strip_suffix("Controller").unwrap_or(class);
            let routes = prefixes.get(&(*path, *class)).into_iter().flatten();
            let mut served: Vec<String> = routes.map(|p| p.replace("[controller]", name)).collect();
            let mut seen: BTreeSet<Node<'f>> = BTreeSet::new();
            let mut open = vec![(*path, *class)];
            // What a class takes away, those that extend it take away too: its own actions, where it has
            // some, are served below the routes of all of them.
            let is_own = |(file, router): &Node<'f>| {
                file == path && router.strip_suffix("()") == Some(class)
            };
            if let Some((own, all)) = prefixes.iter().find(|(node, _)| is_own(node)) {
                served.extend(all.iter().cloned());
                open.push(*own);
            }
            while let Some(node) = open.pop() {
                for base in bases.get(&node).into_iter().flatten() {
                    if !seen.insert(*base) {
                        continue;
                    }
                    open.push(*base);
                    for action in *actions {
                        let at = self.at.entry((*base, action)).or_default();
                        at.extend(served.iter().cloned());
                    }
                }
            }
        }
    }

    /// Whether an action of a class, with the path that is written at it, is not served below a prefix.
    pub(crate) fn holds(
        &self,
        node: Node<'f>,
        endpoint: &Endpoint,
        written: &str,
        prefix: &str,
    ) -> bool {
        let Some(action) = endpoint.handler.as_deref().filter(|_| !self.at.is_empty()) else {
            return false;
        };
        let at = self.at.get(&(node, action));
        let open = || overridable(node.1, action, written);
        at.is_some_and(|at| at.contains(prefix)) && self.open.contains(&(node.0, open().as_str()))
    }
}
