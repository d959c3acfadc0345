//! The tables that answer the lookups, built once from all entries.

use crate::pattern::PatternTable;
use crate::{Ecosystem, Language, Technology};
use std::collections::BTreeMap;

/// Who claims a name: the technology itself, and the one that its driver talks to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Claim {
    pub(crate) owner: Option<usize>,
    pub(crate) driver_of: Option<usize>,
}

/// Tables from names to positions in the list of technologies.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    pub(crate) ids: BTreeMap<String, usize>,
    pub(crate) names: BTreeMap<String, usize>,
    pub(crate) images: PatternTable<usize>,
    pub(crate) packages: BTreeMap<Ecosystem, PatternTable<Claim>>,
    pub(crate) schemes: BTreeMap<String, usize>,
    pub(crate) ports: BTreeMap<u16, Vec<usize>>,
    pub(crate) imports: BTreeMap<Language, PatternTable<usize>>,
    pub(crate) env: PatternTable<usize>,
    /// File names without `/`.
    pub(crate) file_names: PatternTable<Vec<usize>>,
    /// Globs over whole paths.
    pub(crate) file_paths: Vec<(String, usize)>,
}

impl Index {
    /// Tables over `technologies`. Where two claim the same name, the one earlier in `order` wins.
    pub(crate) fn build(technologies: &[Technology], order: &[usize]) -> Index {
        let mut index = Index::default();
        for &at in order {
            if let Some(technology) = technologies.get(at) {
                index.add(at, technology);
            }
        }
        for ports in index.ports.values_mut() {
            // The one whose protocol others imitate comes first, then the one whose main port it
            // is; a port alone cannot tell more.
            ports.sort_by_key(|&at| {
                let technology = &technologies[at];
                (technology.compatible_with.is_some(), technology.id.clone())
            });
        }
        index
    }

    fn add(&mut self, at: usize, technology: &Technology) {
        self.ids.entry(technology.id.clone()).or_insert(at);
        for name in [&technology.name, &technology.id]
            .into_iter()
            .chain(&technology.aliases)
        {
            self.names.entry(name.to_lowercase()).or_insert(at);
        }
        for image in &technology.images {
            self.images.entry(image, at);
        }
        for (&ecosystem, names) in &technology.packages {
            let table = self.packages.entry(ecosystem).or_default();
            for name in names {
                let claim = table.entry(&package_key(ecosystem, name), Claim::default());
                claim.owner.get_or_insert(at);
            }
        }
        for (&ecosystem, names) in &technology.drivers {
            let table = self.packages.entry(ecosystem).or_default();
            for name in names {
                let claim = table.entry(&package_key(ecosystem, name), Claim::default());
                claim.driver_of.get_or_insert(at);
            }
        }
        for scheme in &technology.schemes {
            self.schemes.entry(scheme.clone()).or_insert(at);
        }
        for &port in &technology.ports {
            self.ports.entry(port).or_default().push(at);
        }
        for (&language, modules) in &technology.imports {
            let table = self.imports.entry(language).or_default();
            for module in modules {
                table.entry(module, at);
            }
        }
        for name in &technology.env {
            self.env.entry(name, at);
        }
        for file in &technology.files {
            if file.contains('/') {
                self.file_paths.push((file.clone(), at));
                self.file_paths.push((format!("*/{file}"), at));
            } else {
                self.file_names.entry(file, Vec::new()).push(at);
            }
        }
    }
}

/// The form under which a package name is compared: registries differ in what they call equal.
pub(crate) fn package_key(ecosystem: Ecosystem, name: &str) -> String {
    let name = name.trim();
    match ecosystem {
        // PEP 503: runs of `-`, `_` and `.` are one `-`; extras and markers are no part of it.
        Ecosystem::Pypi => {
            let bare = name
                .find(['[', ' ', ';', '<', '>', '=', '!', '~', '@'])
                .map_or(name, |end| &name[..end]);
            let mut key = String::with_capacity(bare.len());
            for c in bare.chars() {
                match c {
                    '-' | '_' | '.' if key.ends_with('-') => {}
                    '-' | '_' | '.' => key.push('-'),
                    _ => key.extend(c.to_lowercase()),
                }
            }
            key
        }
        Ecosystem::Cargo => name.replace('_', "-"),
        Ecosystem::Nuget | Ecosystem::Composer => name.to_lowercase(),
        // `group:artifact:version` is cut; a Gradle plugin id stands for its marker artifact.
        Ecosystem::Maven => {
            let mut parts = name.split(':');
            match (parts.next(), parts.next()) {
                (Some(group), Some(artifact)) => format!("{group}:{artifact}"),
                (Some(plugin), None) if !plugin.is_empty() => {
                    format!("{plugin}:{plugin}.gradle.plugin")
                }
                _ => String::new(),
            }
        }
        Ecosystem::Npm | Ecosystem::Go | Ecosystem::Gem | Ecosystem::Hex | Ecosystem::Pub => {
            name.to_owned()
        }
    }
}
