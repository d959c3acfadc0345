//! Which file or folder of the repository a module of TypeScript means that is imported by a name:
//! `@shop/db/orders` by the `paths` of the nearest `tsconfig.json`
//! (<https://www.typescriptlang.org/docs/handbook/modules/reference.html#paths>).

use crate::facts::{Claim, FileFacts, ModulePaths};
use crate::resolve::world::folder_of;
use crate::source::join;
use std::collections::BTreeMap;

/// Files that extend each other at most.
const DEEPEST: usize = 8;

/// The settings of all folders.
#[derive(Debug, Default)]
pub(crate) struct Aliases<'f> {
    /// By path.
    files: BTreeMap<&'f str, &'f ModulePaths>,
    /// Of each folder with settings the file that decides.
    deciding: BTreeMap<&'f str, &'f str>,
}

impl<'f> Aliases<'f> {
    pub(crate) fn of(files: &'f [FileFacts]) -> Self {
        let mut all = Aliases::default();
        for file in files.iter().filter(|f| is_named(&f.path)) {
            for fact in &file.facts {
                if let Claim::ModulePaths(paths) = &fact.claim {
                    all.files.insert(&file.path, paths);
                }
            }
        }
        let paths: Vec<&'f str> = all.files.keys().copied().collect();
        for path in paths {
            let folder = folder_of(path);
            let known = all.deciding.get(folder).copied();
            // The plain file decides; where it has no paths, as with references, one beside it may.
            let rank = |path: &str| (all.paths(path).is_none(), !is_plain(path));
            if known.is_none_or(|known| rank(path) < rank(known)) {
                all.deciding.insert(folder, path);
            }
        }
        all
    }

    /// The paths that are set in a file, or in one that it extends, with the folder they start from.
    fn paths(&self, path: &str) -> Option<(&'f ModulePaths, String)> {
        let mut at = path.to_owned();
        let mut base = None;
        for _ in 0..DEEPEST {
            let found = *self.files.get(at.as_str())?;
            base = base.or_else(|| found.base.clone());
            if !found.paths.is_empty() {
                let from = base.unwrap_or_else(|| folder_of(&at).to_owned());
                return Some((found, from));
            }
            at.clone_from(found.extends.as_ref()?);
        }
        None
    }

    /// The folder that names start from which no path fits, where a file or one that it extends says so
    /// (<https://www.typescriptlang.org/tsconfig/#baseUrl>).
    fn base(&self, path: &str) -> Option<&'f str> {
        let mut at = path;
        for _ in 0..DEEPEST {
            let found = *self.files.get(at)?;
            if let Some(base) = &found.base {
                return Some(base);
            }
            at = found.extends.as_ref()?;
        }
        None
    }

    /// The paths that a module may lie at which the file at `path` imports, the likeliest first.
    pub(crate) fn targets(&self, path: &str, module: &str) -> Vec<String> {
        if self.files.is_empty() || module.starts_with('.') {
            return Vec::new();
        }
        let mut above = folder_of(path);
        let deciding = loop {
            if let Some(found) = self.deciding.get(above) {
                break *found;
            }
            if above.is_empty() {
                return Vec::new();
            }
            above = folder_of(above);
        };
        let plain = || {
            let base = self.base(deciding);
            let path = base.and_then(|base| join(base, module));
            path.into_iter().collect()
        };
        let Some((found, base)) = self.paths(deciding) else {
            return plain();
        };
        // The longest beginning before the star counts, a name without one before all.
        let fits = |pattern: &str| -> Option<(usize, String)> {
            match pattern.split_once('*') {
                None => (pattern == module).then(|| (usize::MAX, String::new())),
                Some((begin, end)) => {
                    let inner = module.strip_prefix(begin)?.strip_suffix(end)?;
                    Some((begin.len(), inner.to_owned()))
                }
            }
        };
        let best = found
            .paths
            .iter()
            .filter_map(|(pattern, targets)| Some((fits(pattern)?, targets)))
            .max_by_key(|((length, _), _)| *length);
        let Some(((_, inner), targets)) = best else {
            return plain();
        };
        targets
            .iter()
            .filter_map(|target| join(&base, &target.replacen('*', &inner, 1)))
            .collect()
    }
}

fn is_plain(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "tsconfig.json" | "jsconfig.json")
}

fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    (name.starts_with("tsconfig") || name.starts_with("jsconfig")) && name.ends_with(".json")
}

#[cfg(test)]
mod tests {
    use super::Aliases;

    #[test]
    fn paths_of_the_nearest_settings() {
        let files = [
            (
                "tsconfig.base.json",
                r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@shop/*": ["libs/*/src"]}}}"#,
            ),
            ("apps/web/tsconfig.json", r#"{"extends": "../../tsconfig.base"}"#),
            (
                "apps/api/tsconfig.json",
                "{// of the server\n\"compilerOptions\": {\"paths\": {\n\
                 \"@shop/db\": [\"./src/db/index.ts\"], \"@shop/db/*\": [\"./src/db/*\"], \"*\": [\"./x/*\"]}}}",
            ),
            ("tool/tsconfig.json", r#"{"compilerOptions": {"baseUrl": "src"}}"#),
        ]
        .map(|(path, text)| crate::extract_file(path, text));
        let aliases = Aliases::of(&files);
        for (path, module, target) in [
            ("apps/web/src/a.ts", "@shop/carts", "libs/carts/src"),
            (
                "apps/api/src/a.ts",
                "@shop/db/orders",
                "apps/api/src/db/orders",
            ),
            ("apps/api/src/a.ts", "@shop/db", "apps/api/src/db/index.ts"),
            ("apps/api/src/a.ts", "react", "apps/api/x/react"),
        ] {
            assert_eq!(aliases.targets(path, module), [target], "{module}");
        }
        assert_eq!(
            aliases.targets("tool/src/a.ts", "forms/field"),
            ["tool/src/forms/field"]
        );
        // Whether it is one of the repository shows when a file is looked for there.
        assert_eq!(aliases.targets("apps/web/src/a.ts", "react"), ["react"]);
    }
}
