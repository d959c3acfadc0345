//! Which file a module of Python is, as another file imports it.

use crate::resolve::router_names::shared;
use crate::resolve::world::folder_of;
use std::collections::BTreeMap;

/// Files of Python by the last part of their module name.
#[derive(Default)]
pub(crate) struct PythonModules<'f>(BTreeMap<&'f str, Vec<&'f str>>);

impl<'f> PythonModules<'f> {
    pub(crate) fn add(&mut self, path: &'f str) {
        let stem = module_path(path);
        let last = stem.rsplit('/').next().unwrap_or(stem);
        self.0.entry(last).or_default().push(path);
    }

    /// The file of a module that a file at `path` names with so many dots before its parts.
    pub(crate) fn file(&self, path: &str, dots: usize, parts: &[&str]) -> Option<&'f str> {
        let inner = parts.join("/");
        if dots > 0 {
            let mut folder = folder_of(path);
            for _ in 1..dots {
                folder = folder_of(folder);
            }
            let whole = match (folder.is_empty(), inner.is_empty()) {
                (true, _) => inner,
                (_, true) => folder.to_owned(),
                _ => format!("{folder}/{inner}"),
            };
            let last = whole.rsplit('/').next().unwrap_or(&whole);
            let all = self.0.get(last)?;
            return all.iter().copied().find(|p| module_path(p) == whole);
        }
        let all = self.0.get(parts.last()?)?;
        let fits = |p: &&&'f str| {
            let before = module_path(p).strip_suffix(&inner);
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        all.iter()
            .filter(fits)
            .max_by_key(|p| shared(p, path))
            .copied()
    }
}

fn module_path(path: &str) -> &str {
    let stem = path.strip_suffix(".py").unwrap_or(path);
    stem.strip_suffix("/__init__").unwrap_or(stem)
}
