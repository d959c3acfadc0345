//! Which file a class of PHP lies in: by the namespaces that `composer.json` gives to folders
//! (<https://www.php-fig.org/psr/psr-4/>).

use crate::facts::{Claim, FileFacts};
use crate::resolve::world::folder_of;
use crate::source::join;

/// Namespaces of all manifests of Composer.
#[derive(Debug, Default)]
pub(crate) struct PhpNames<'f> {
    /// Namespace with its last backslash, the folder of the manifest, and the folder of the classes.
    all: Vec<(&'f str, &'f str, String)>,
}

impl<'f> PhpNames<'f> {
    pub(crate) fn of(files: &'f [FileFacts]) -> Self {
        let mut all = Vec::new();
        let manifest = |path: &str| path == "composer.json" || path.ends_with("/composer.json");
        for file in files.iter().filter(|f| manifest(&f.path)) {
            let folder = folder_of(&file.path);
            for fact in &file.facts {
                let Claim::ModulePaths(paths) = &fact.claim else {
                    continue;
                };
                for (pattern, targets) in &paths.paths {
                    let namespace = pattern.trim_end_matches('*');
                    let places = targets.iter().filter_map(|target| {
                        let place = target.trim_end_matches(['*', '/']);
                        match place {
                            "" | "." => Some(folder.to_owned()),
                            _ => join(folder, place),
                        }
                    });
                    all.extend(places.map(|place| (namespace, folder, place)));
                }
            }
        }
        PhpNames { all }
    }

    /// The path, without its ending, that a class may lie at which the file at `path` names. The nearest
    /// manifest decides, in it the longest namespace.
    pub(crate) fn target(&self, path: &str, class: &str) -> Option<String> {
        let class = class.trim_start_matches('\\');
        let above = |folder: &str| {
            folder.is_empty()
                || path
                    .strip_prefix(folder)
                    .is_some_and(|r| r.starts_with('/'))
        };
        let (namespace, _, place) = (self.all.iter())
            .filter(|(namespace, _, _)| class.starts_with(namespace))
            .max_by_key(|(namespace, folder, _)| {
                let own = above(folder);
                (own, if own { folder.len() } else { 0 }, namespace.len())
            })?;
        let inner = class[namespace.len()..].replace('\\', "/");
        Some(match place.is_empty() {
            true => inner,
            false => format!("{place}/{inner}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PhpNames;

    #[test]
    fn namespaces_of_the_nearest_manifest() {
        let files = [
            (
                "composer.json",
                r#"{"autoload": {"psr-4": {"Lending\\": "app/", "Lending\\Db\\": ["database/"], "Old\\": ""}}}"#,
            ),
            (
                "modules/blog/composer.json",
                r#"{"autoload": {"psr-4": {"Lending\\": "src"}}}"#,
            ),
        ]
        .map(|(path, text)| crate::extract_file(path, text));
        let names = PhpNames::of(&files);
        for (path, class, target) in [
            ("app/Http/A.php", "Lending\\Models\\Loan", "app/Models/Loan"),
            ("app/Http/A.php", "Lending\\Db\\Seeder", "database/Seeder"),
            ("app/Http/A.php", "Old\\Thing", "Thing"),
            (
                "modules/blog/src/A.php",
                "Lending\\Post",
                "modules/blog/src/Post",
            ),
        ] {
            assert_eq!(
                names.target(path, class).as_deref(),
                Some(target),
                "{class}"
            );
        }
        assert_eq!(names.target("app/A.php", "Illuminate\\Support\\Str"), None);
    }
}
