//! Prefixes that the configuration of Symfony gives to the routes of a folder of controllers.

use crate::extractors::SYMFONY_FOLDER;
use crate::facts::Mount;
use crate::http_paths;

/// Folders with the project that configures them and the prefix of their routes.
#[derive(Debug, Default)]
pub(crate) struct SymfonyPaths<'f> {
    all: Vec<(Option<usize>, &'f str, &'f str)>,
}

impl<'f> SymfonyPaths<'f> {
    /// Takes in a mount whose target starts with [`SYMFONY_FOLDER`].
    pub(crate) fn add(&mut self, project: Option<usize>, mount: &'f Mount) {
        let folder = mount.target.strip_prefix(SYMFONY_FOLDER);
        let folder = folder.unwrap_or_default().trim_end_matches('/');
        self.all.push((project, folder, &mount.prefix));
    }

    /// The path of an endpoint of a file as a caller reaches it: the folder nearest to the file
    /// decides. What configuration itself routes has its whole path.
    pub(crate) fn placed(&self, project: Option<usize>, file: &str, path: &str) -> String {
        let holds = |folder: &str| {
            let rest = file.strip_prefix(folder);
            folder.is_empty() || rest.is_some_and(|r| r.is_empty() || r.starts_with('/'))
        };
        let nearest = self
            .all
            .iter()
            .filter(|(of, folder, _)| *of == project && file.ends_with(".php") && holds(folder))
            .max_by_key(|(_, folder, _)| folder.len());
        match nearest {
            Some((_, _, prefix)) if !prefix.is_empty() => {
                http_paths::from_unread(http_paths::join(prefix, path))
            }
            _ => path.to_owned(),
        }
    }
}
