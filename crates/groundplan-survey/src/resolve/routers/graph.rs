//! Which routers take in which others, and what stands before each of them for it.

use super::above;
use crate::extractors::csharp_http::CLASS;
use crate::extractors::js_loops;
use crate::extractors::js_own_paths;
use crate::extractors::python_handed;
use crate::facts::{HERE, Mount, Router};
use crate::http_paths::UNREAD;
use crate::resolve::router_names::{Index, Node, is_class_file};
use std::collections::{BTreeMap, BTreeSet};

/// Routers in routers at most.
const DEEPEST: u8 = 40;

/// Places at which one router is mounted, at most.
const MOST: usize = 24;

/// Classes that take in the routes of one that they extend, at most.
const MOST_HEIRS: usize = 500;

/// Where one router is taken in by another.
pub(super) struct Edge<'f> {
    pub(super) from: Option<Node<'f>>,
    /// The file that takes it in.
    pub(super) path: &'f str,
    pub(super) mount: &'f Mount,
    /// The name of the file that is taken in, where a loop takes in those of a folder.
    pub(super) stem: Option<&'f str>,
}

pub(super) struct Graph<'f> {
    pub(super) routers: BTreeMap<Node<'f>, &'f Router>,
    pub(super) edges: BTreeMap<Node<'f>, Vec<Edge<'f>>>,
    /// What the type of a router says of where it stands: only for those that nothing else places.
    pub(super) by_type: BTreeMap<Node<'f>, Vec<Edge<'f>>>,
    /// The same for those that something places, but below nothing.
    pub(super) typed: BTreeMap<Node<'f>, Vec<Edge<'f>>>,
    pub(super) aliases: BTreeSet<Node<'f>>,
    /// Paths that classes of scripts have themselves; none where a file gives several under one name.
    pub(super) own_paths: BTreeMap<Node<'f>, Option<&'f str>>,
}

impl<'f> Graph<'f> {
    pub(super) fn add(
        &mut self,
        index: &Index<'f>,
        path: &'f str,
        mount: &'f Mount,
        nodes: &mut BTreeSet<Node<'f>>,
    ) {
        let from = mount
            .router
            .as_deref()
            .and_then(|name| index.node(path, name));
        if let Some(folder) = mount.target.strip_prefix(js_loops::FILES) {
            for (node, stem) in index.in_folder(path, folder) {
                nodes.insert(node);
                let stem = Some(stem);
                let edge = Edge {
                    from,
                    path,
                    mount,
                    stem,
                };
                self.edges.entry(node).or_default().push(edge);
            }
            return;
        }
        // An attribute or annotation that no file explains gives no route, and a function that is given a
        // router need not take it in.
        let unexplained = from.is_none()
            && mount.router.as_deref().is_some_and(|r| {
                r.starts_with("=[")
                    || r.starts_with("=@")
                    || path.ends_with(".py") && python_handed::is_slot(r)
            });
        for node in index.targets(path, mount) {
            if Some(node) != from && !unexplained {
                nodes.insert(node);
                let typed = mount.alias && (path.ends_with(".go") || node.1.starts_with('@'));
                let edges = match typed {
                    true => &mut self.by_type,
                    false => &mut self.edges,
                };
                let stem = None;
                edges.entry(node).or_default().push(Edge {
                    from,
                    path,
                    mount,
                    stem,
                });
            }
        }
    }

    /// The condition that holds wherever a router is taken in.
    pub(super) fn condition(
        &self,
        node: Node<'f>,
        known: &mut BTreeMap<Node<'f>, Option<&'f str>>,
        depth: u8,
    ) -> Option<&'f str> {
        if let Some(found) = known.get(&node) {
            return *found;
        }
        // Routers that take in each other have no condition from there.
        known.insert(node, None);
        let edges = self.edges.get(&node).filter(|_| depth < DEEPEST)?;
        let mut found = None;
        for edge in edges {
            let own = edge.mount.condition.as_deref();
            let above = edge.from.filter(|_| own.is_none());
            let above = above.and_then(|from| self.condition(from, known, depth + 1));
            // An import that is given away again takes in nothing.
            let Some(condition) = own.or(above) else {
                let unused = edge.from.is_some_and(|from| {
                    self.aliases.contains(&from) && !self.edges.contains_key(&from)
                });
                match unused {
                    true => continue,
                    false => return None,
                }
            };
            found = found.or(Some(condition));
        }
        known.insert(node, found);
        found
    }

    /// What is called before the routes of a router wherever it is taken in.
    pub(super) fn depends(
        &self,
        node: Node<'f>,
        known: &mut BTreeMap<Node<'f>, Vec<(&'f str, &'f str)>>,
        depth: u8,
    ) -> Vec<(&'f str, &'f str)> {
        if let Some(found) = known.get(&node) {
            return found.clone();
        }
        known.insert(node, Vec::new());
        let mut all: Option<Vec<(&'f str, &'f str)>> = None;
        let edges = self.edges.get(&node).filter(|_| depth < DEEPEST);
        for edge in edges.into_iter().flatten() {
            // An application that another mounts: nothing above it is called.
            let first = edge.mount.depends.first();
            let alone = first.is_some_and(|to| to.strip_prefix(HERE) == Some(""));
            let above = match edge.from {
                // An import that is given away again takes in nothing.
                Some(from) if self.aliases.contains(&from) && !self.edges.contains_key(&from) => {
                    continue;
                }
                Some(from) if !alone => self.depends(from, known, depth + 1),
                _ => Vec::new(),
            };
            let own = edge.mount.depends.iter().skip(usize::from(alone));
            let own = own.map(|to| (edge.path, to.as_str()));
            let here: Vec<_> = above.into_iter().chain(own).collect();
            all = Some(match all {
                Some(mut before) => {
                    before.retain(|one| here.contains(one));
                    before
                }
                None => here,
            });
        }
        let all = all.unwrap_or_default();
        known.insert(node, all.clone());
        all
    }

    /// All prefixes of a router. One that only others can serve, and that nobody was seen to take
    /// in, stands below a prefix that was not read.
    pub(super) fn prefixes(
        &self,
        node: Node<'f>,
        known: &mut BTreeMap<Node<'f>, Vec<String>>,
        depth: u8,
    ) -> Vec<String> {
        if let Some(all) = known.get(&node) {
            return all.clone();
        }
        // Routers that take in each other have no prefix from there.
        known.insert(node, Vec::new());
        let router = self.routers.get(&node);
        let own = router.map_or("", |r| r.prefix.as_str());
        let mut all: Vec<String> = Vec::new();
        if depth < DEEPEST {
            for edge in self.edges.get(&node).into_iter().flatten() {
                let outer = match edge.from {
                    Some(from)
                        if self.aliases.contains(&from) && !self.edges.contains_key(&from) =>
                    {
                        continue;
                    }
                    Some(from) => self.prefixes(from, known, depth + 1),
                    None => vec![String::new()],
                };
                let replaced = edge.mount.replaces && !edge.mount.prefix.is_empty();
                let stem = edge.stem.unwrap_or_default();
                let given = edge.mount.prefix.replace(js_loops::STEM, stem);
                let known = |name: &str| self.own_paths.get(&(node.0, name)).copied();
                let given = js_own_paths::filled(&given, known);
                let given = given.unwrap_or_else(|| UNREAD.to_owned());
                for prefix in outer {
                    let mut whole = above(&prefix, &given);
                    // ASP.NET: the class that serves is told where its actions are taken in.
                    if let Some((_, class)) = edge.from.filter(|_| node.1.ends_with("()")) {
                        let class = class.strip_suffix("Controller").unwrap_or(class);
                        whole = whole.replace("[controller]", class);
                    }
                    if whole.contains(CLASS) {
                        let class = node.1.split("::").next().unwrap_or(node.1);
                        // What the class says of itself stands in place of what its name gives.
                        whole = match own {
                            "" => whole.replace(CLASS, class),
                            own => own.to_owned(),
                        };
                    } else if !replaced {
                        whole = above(&whole, own);
                    }
                    all.push(whole);
                }
            }
        }
        // A router whose type has a prefix stands below that also where its maker was not followed.
        let typed = self.typed.get(&node).filter(|_| depth < DEEPEST);
        if let Some(typed) = typed.filter(|_| all.iter().all(|p| p.is_empty())) {
            let edges = typed
                .iter()
                .filter_map(|edge| Some((edge.from?, edge.mount)));
            let whole = edges.flat_map(|(from, mount)| {
                let outer = self.prefixes(from, known, depth + 1).into_iter();
                outer.map(move |prefix| above(&prefix, &mount.prefix))
            });
            let whole: Vec<String> = whole.filter(|p| !p.is_empty()).collect();
            let read = !whole.is_empty() && !whole.iter().any(|p| p.starts_with(UNREAD));
            if read {
                all = whole;
            }
        }
        if all.iter().any(|p| !p.starts_with(UNREAD)) {
            all.retain(|p| !p.starts_with(UNREAD));
        }
        if all.is_empty() {
            let begin = if router.is_some() { UNREAD } else { "" };
            all.push(above(begin, own));
        }
        all.sort();
        all.dedup();
        all.truncate(match is_class_file(node.0) {
            true => MOST_HEIRS,
            false => MOST,
        });
        known.insert(node, all.clone());
        all
    }
}
