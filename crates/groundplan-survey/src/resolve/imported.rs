//! Whether the code of a project imports a package of its manifest: a package that nothing imports
//! is declared, not used.

use crate::facts::PackageDependency;
use crate::resolve::names::plain;
use crate::resolve::world::{World, folder_of};
use groundplan_knowledge::{Category, Technology};
use groundplan_model::DependencyScope;
use groundplan_syntax::Language;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What each project imports, found when it is first asked for.
pub(crate) struct Imported<'w, 'f> {
    world: &'w World<'f>,
    known: RefCell<BTreeMap<usize, Imports<'f>>>,
}

/// What one project imports.
struct Imports<'f> {
    /// Ids of known technologies.
    technologies: BTreeSet<&'f str>,
    /// First words of the modules of Python, letters and digits only.
    modules: BTreeSet<String>,
    /// Whether any import was read.
    any: bool,
}

impl<'w, 'f> Imported<'w, 'f> {
    pub(crate) fn of(world: &'w World<'f>) -> Self {
        Imported {
            world,
            known: RefCell::default(),
        }
    }

    /// Whether a dependency in a file may stand for its technology. Packages that a framework, a
    /// command or an address loads by name are never in doubt, nor are ecosystems whose packages
    /// have other names than their modules.
    pub(crate) fn counts(
        &self,
        path: &str,
        dependency: &PackageDependency,
        technology: &Technology,
        driver: bool,
    ) -> bool {
        // What is only there to develop with is used where pages import it, and else a peer of a tool.
        let peer = dependency.ecosystem == "npm"
            && technology.category == Category::UiFramework
            && dependency.scope == DependencyScope::Development;
        let checked = matches!(dependency.ecosystem.as_str(), "go" | "npm" | "pypi")
            && matches!(
                technology.category,
                Category::AuthLibrary | Category::Cache | Category::Rpc | Category::Resilience
            )
            && matches!(dependency.scope, DependencyScope::Runtime)
            && technology.role.is_none()
            && !driver;
        // A framework that no module imports came with something else, such as a test client.
        let framework = matches!(dependency.ecosystem.as_str(), "go" | "pypi")
            && technology.category == Category::WebFramework
            && matches!(dependency.scope, DependencyScope::Runtime)
            && !driver;
        // The client of a broker stands in manifests for what other packages offer to reach.
        let unasked = dependency.ecosystem == "pypi"
            && technology.category == Category::Broker
            && matches!(dependency.scope, DependencyScope::Runtime)
            && driver;
        if !checked && !peer && !unasked && !framework {
            return true;
        }
        let programs = match dependency.ecosystem.as_str() {
            "go" => self.world.needing(path, &dependency.name),
            _ => Vec::new(),
        };
        // Of several programs of a module some need it.
        let program = |folder: &&str| self.world.programs.get(folder).copied();
        if programs.len() > 1
            || !programs
                .iter()
                .all(|p| program(p) == self.world.project_of(path))
        {
            return true;
        }
        let Some(project) = self.world.project_of(path) else {
            return true;
        };
        let mut known = self.known.borrow_mut();
        let imports = known
            .entry(project)
            .or_insert_with(|| imports(self.world, project));
        // A project without a line of code that was read imports nothing by itself.
        if !imports.any || imports.technologies.contains(technology.id.as_str()) {
            return true;
        }
        // Distributions of Python are named like their modules, more or less, and applications of
        // Django are named in settings.
        let name = plain(&dependency.name);
        let like = |module: &String| name.contains(module) || module.contains(&name);
        dependency.ecosystem == "pypi"
            && (["django", "social", "saml"]
                .iter()
                .any(|w| name.contains(w))
                || imports.modules.iter().any(like))
    }
}

impl Imported<'_, '_> {
    /// The parts that a dependency of the manifest at a path belongs to, as `element` knows them: what the
    /// manifest of a workspace brings is of the parts that import it.
    pub(crate) fn owners(
        &self,
        path: &str,
        dependency: &PackageDependency,
        technology: Option<&Technology>,
        element: &dyn Fn(&str) -> Option<String>,
    ) -> Vec<Option<String>> {
        let programs = match dependency.ecosystem.as_str() {
            "go" => self.world.needing(path, &dependency.name),
            _ => Vec::new(),
        };
        if !programs.is_empty() {
            let parts = programs.into_iter();
            let parts = parts.map(|folder| element(&format!("{folder}/main.go")));
            let parts: BTreeSet<Option<String>> = parts.collect();
            return parts.into_iter().collect();
        }
        let own = element(path);
        let shared = own.is_none()
            && dependency.ecosystem == "npm"
            && dependency.scope == DependencyScope::Runtime;
        let Some(technology) = technology.filter(|_| shared) else {
            return vec![own];
        };
        let folders = self.importers(path, technology);
        let parts: BTreeSet<String> = folders
            .into_iter()
            .filter_map(|folder| element(&format!("{folder}/package.json")))
            .collect();
        match parts.is_empty() {
            true => vec![own],
            false => parts.into_iter().map(Some).collect(),
        }
    }

    /// The folders of the projects below the manifest at a path whose code imports a technology: what the
    /// manifest of a workspace of npm brings is used by its packages.
    fn importers(&self, path: &str, technology: &Technology) -> Vec<&str> {
        let above = folder_of(path);
        let mut known = self.known.borrow_mut();
        let mut all = Vec::new();
        for (index, project) in self.world.projects.iter().enumerate() {
            let inside = match above {
                "" => !project.folder.is_empty(),
                _ => (project.folder.strip_prefix(above)).is_some_and(|rest| rest.starts_with('/')),
            };
            if inside && !project.is_aside {
                let imports = known
                    .entry(index)
                    .or_insert_with(|| imports(self.world, index));
                if imports.technologies.contains(technology.id.as_str()) {
                    all.push(project.folder.as_str());
                }
            }
        }
        all
    }
}

fn imports<'f>(world: &World<'f>, project: usize) -> Imports<'f> {
    let mut found: BTreeSet<(Language, &str)> = BTreeSet::new();
    let files = world.projects[project].own.iter();
    for file in files.map(|&index| &world.files[index]) {
        let language = match Language::of(&file.path) {
            Language::Vue => Language::JavaScript,
            language => language,
        };
        // Headers and scripts beside the code of these say nothing of their packages.
        let asked = matches!(
            language,
            Language::Go | Language::JavaScript | Language::Python | Language::TypeScript
        );
        if asked {
            found.extend(file.imports().map(|import| (language, import.module())));
        }
    }
    let mut all = Imports {
        technologies: BTreeSet::new(),
        modules: BTreeSet::new(),
        any: !found.is_empty(),
    };
    for (language, module) in found {
        if language == Language::Python {
            let first = module.trim_start_matches('.').split('.').next();
            let first = first.map(plain).filter(|m| m.len() > 2);
            all.modules.extend(first);
        }
        let name = language.name().to_ascii_lowercase();
        if let Some((technology, _)) = world.knowledge.by_import(&name, module) {
            all.technologies.insert(&technology.id);
        }
    }
    all
}
