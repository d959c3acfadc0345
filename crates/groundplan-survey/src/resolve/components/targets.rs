//! Which component an import leads to.

use crate::facts::FileFacts;
use crate::resolve::world::folder_of;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The component of a package of a module of Go: what stands behind the name of the module, its major
/// version included, is the folder (<https://go.dev/ref/mod#module-path>).
pub(super) fn go_target(
    package: &str,
    modules: &[(&str, &str)],
    owner: &BTreeMap<&str, String>,
) -> Option<String> {
    modules.iter().find_map(|(module, folder)| {
        let inner = package.strip_prefix(module)?.strip_prefix('/')?;
        let folder = match *folder {
            "" => format!("{inner}/"),
            outer => format!("{outer}/{inner}/"),
        };
        let below = owner.range(folder.as_str()..);
        let own = |(path, _): &(&&str, &String)| {
            path.strip_prefix(folder.as_str())
                .is_some_and(|name| !name.contains('/'))
        };
        below
            .take_while(|(path, _)| path.starts_with(folder.as_str()))
            .find(own)
            .map(|(_, id)| id.clone())
    })
}

/// The component of the file or folder at a path, which an import may name without its ending.
pub(super) fn at_path(path: &str, owner: &BTreeMap<&str, String>) -> Option<String> {
    let below = format!("{path}/");
    let dotted = format!("{path}.");
    owner
        .range(path..)
        .take_while(|(p, _)| p.starts_with(path))
        .find(|(p, _)| **p == path || p.starts_with(&below) || p.starts_with(&dotted))
        .map(|(_, id)| id.clone())
}

/// The component of a module of JavaScript: TypeScript names the file that its compiler will write
/// (<https://www.typescriptlang.org/docs/handbook/modules/reference.html#file-extension-substitution>).
pub(super) fn at_module(path: &str, owner: &BTreeMap<&str, String>) -> Option<String> {
    let written = || {
        let ends = [".js", ".mjs", ".cjs", ".jsx"];
        ends.iter().find_map(|end| path.strip_suffix(end))
    };
    at_path(path, owner).or_else(|| at_path(written()?, owner))
}

/// The component that an import of Python names from where it stands: `from ..payment import gateway`
/// in `shop/order/actions.py` means `shop/payment`
/// (<https://docs.python.org/3/reference/import.html#package-relative-imports>).
pub(super) fn relative_target(
    module: &str,
    from: &str,
    owner: &BTreeMap<&str, String>,
) -> Option<String> {
    let name = module.trim_start_matches('.');
    let up = module.len() - name.len();
    if up == 0 {
        return None;
    }
    let mut folder = folder_of(from);
    for _ in 1..up {
        if folder.is_empty() {
            return None;
        }
        folder = folder_of(folder);
    }
    let beside = |name: &str| match (folder.is_empty(), name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    };
    let path = beside(&name.replace('.', "/"));
    let file = |path: &str| owner.get(format!("{path}.py").as_str()).cloned();
    let package = |path: &str| owner.get(format!("{path}/__init__.py").as_str()).cloned();
    let below = || {
        let inner = format!("{path}/");
        let mut all = (owner.range(inner.as_str()..))
            .take_while(|(found, _)| found.starts_with(&inner))
            .map(|(_, id)| id);
        let first = all.next()?;
        // Below a folder of several components none of them is meant.
        all.all(|id| id == first).then(|| first.clone())
    };
    file(&path)
        .or_else(|| package(&path))
        .or_else(below)
        // What is taken out of a package may be a name of its own file.
        .or_else(|| package(folder_of(&path)))
}

pub(super) fn target(
    module: &str,
    file: &FileFacts,
    owner: &BTreeMap<&str, String>,
    by_word: &BTreeMap<String, BTreeSet<&String>>,
    root: &str,
) -> Option<String> {
    let only = |word: &str| -> Option<String> {
        let ids = by_word.get(word)?;
        (ids.len() == 1)
            .then(|| ids.first().map(|id| (*id).clone()))
            .flatten()
    };
    match file.language {
        Language::JavaScript | Language::TypeScript | Language::Vue => {
            let path = crate::source::join(folder_of(&file.path), module)
                .filter(|_| module.starts_with('.'))
                .or_else(|| {
                    let inner = module
                        .strip_prefix("@/")
                        .or_else(|| module.strip_prefix("~/"))?;
                    Some(if root.is_empty() {
                        inner.to_owned()
                    } else {
                        format!("{root}/{inner}")
                    })
                })?;
            at_module(&path, owner)
        }
        Language::Rust => {
            let inner = module.strip_prefix("crate::")?;
            only(inner.split("::").next()?)
        }
        Language::Go | Language::Python | Language::Java | Language::Kotlin | Language::CSharp => {
            let separators = if file.language == Language::Go {
                '/'
            } else {
                '.'
            };
            let last = root.rsplit('/').next().unwrap_or_default();
            let mut words = module
                .split(separators)
                .skip_while(|w| *w != last && !last.is_empty());
            let inner = if last.is_empty() {
                module.split(separators).next()
            } else {
                words.nth(1)
            };
            inner.and_then(only)
        }
        _ => None,
    }
}
