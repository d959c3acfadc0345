//! What programs put before what lies in a package or folder, by names of bases that tell which.

use super::Routers;
use crate::extractors::java_http::bases::{PACKAGE, SPRING_PACKAGE};
use crate::extractors::laravel_attributes;

impl Routers<'_> {
    /// What a servlet puts before the resources of a package, which may lie in another project than the one that
    /// starts it.
    pub(super) fn of_package(&self, project: Option<usize>, path: &str) -> Option<&String> {
        let mut all: Vec<(bool, usize, &String)> = (self.bases.iter())
            .filter_map(|((of, name), prefix)| {
                let folder = name.strip_prefix(PACKAGE)?;
                let own = *of == project;
                // A short name is one of many elsewhere.
                let held = (own || folder.contains('/')) && path.contains(&format!("/{folder}/"));
                held.then_some((own, folder.len(), prefix))
            })
            .collect();
        all.sort_by_key(|(own, length, _)| (*own, *length));
        let (own, length, prefix) = all.pop()?;
        let mut same = all.iter().filter(|(o, l, _)| (*o, *l) == (own, length));
        same.all(|(_, _, other)| *other == prefix).then_some(prefix)
    }

    /// What the only handler of procedures puts before them, which may lie in another project than they do.
    pub(super) fn of_procedures(&self, framework: &str) -> Option<&String> {
        if framework != "trpc" {
            return None;
        }
        let mut all = (self.bases.iter())
            .filter(|((_, name), _)| *name == framework)
            .map(|(_, prefix)| prefix);
        let first = all.next()?;
        all.all(|other| other == first).then_some(first)
    }

    /// What the settings of a project put before routes that attributes give, by the folder of their class.
    pub(super) fn of_folder(&self, project: Option<usize>, path: &str) -> Option<&str> {
        let holds = |folder: &str| {
            let inner = format!("app/{folder}/");
            path.starts_with(&inner) || path.contains(&format!("/{inner}"))
        };
        let all = self.bases.iter().filter_map(|((of, name), prefix)| {
            // A star is no part of the name: see `Routers::of`.
            let folder = name.strip_prefix(&laravel_attributes::FOLDER[1..])?;
            (*of == project && holds(folder)).then_some((folder.len(), prefix))
        });
        all.max_by_key(|(length, _)| *length)
            .map(|(_, prefix)| prefix.as_str())
    }

    /// What a program of Spring puts before the controllers of a package and of those below it.
    pub(super) fn of_spring_package(
        &self,
        project: Option<usize>,
        framework: &str,
        path: &str,
    ) -> Option<&String> {
        if framework != "spring-web" {
            return None;
        }
        let all = self.bases.range((project, SPRING_PACKAGE)..);
        let all =
            all.take_while(|((of, name), _)| *of == project && name.starts_with(SPRING_PACKAGE));
        let mut fits = all.filter(|((_, name), _)| {
            let folder = name[SPRING_PACKAGE.len()..].replace('.', "/");
            path.contains(&format!("/{folder}/"))
        });
        let (_, first) = fits.next()?;
        fits.next().is_none().then_some(first)
    }
}
