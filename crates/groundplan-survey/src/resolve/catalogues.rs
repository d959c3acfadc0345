//! Folders of folders of one shape that hold data: templates, descriptions of what users may install.

use crate::facts::{Claim, FileFacts};
use crate::mention_place::is_page;
use crate::paths;
use crate::resolve::names::is_aside;
use crate::tree::Tree;
use groundplan_model::Catalogue;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// How many folders of one shape make a catalogue.
const FEWEST: usize = 10;

/// Catalogues of a repository with their entries.
#[derive(Default)]
pub(super) struct Catalogues<'t> {
    pub(super) all: Vec<Catalogue>,
    /// The folders that hold the files of the shape of their catalogue.
    entries: BTreeSet<&'t str>,
}

impl Catalogues<'_> {
    /// Whether a file stands in an entry; what stands beside the entries, or in a folder
    /// without the files of their shape, does not.
    pub(super) fn holds(&self, path: &str) -> bool {
        let folder = path.rsplit_once('/').map(|(folder, _)| folder);
        folder.is_some_and(|folder| self.entries.contains(folder))
    }
}

/// Folders whose folders hold the same files, by name, and nothing that is code, is built or is started.
pub(super) fn of(tree: &Tree) -> Catalogues<'_> {
    // By the folder above, for each folder in it the files that it holds.
    let mut all: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    let mut speaking: BTreeSet<&str> = BTreeSet::new();
    let mut code: BTreeSet<&str> = BTreeSet::new();
    for file in tree.files.iter().chain(&tree.searched) {
        let Some((folder, name)) = file.path.rsplit_once('/') else {
            continue;
        };
        let Some((above, _)) = folder.rsplit_once('/') else {
            continue;
        };
        all.entry(above)
            .or_default()
            .entry(folder)
            .or_default()
            .insert(name);
        if !is_data(file) {
            speaking.insert(folder);
        }
        if file.language.is_code() {
            code.insert(folder);
        }
    }
    // What users find in such a folder has no folder of its own below it.
    let mut deep: BTreeSet<&str> = BTreeSet::new();
    for above in all.keys() {
        let mut at = *above;
        while !at.is_empty() && deep.insert(at) {
            at = at.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    let mut found = Catalogues::default();
    for (above, folders) in &all {
        if is_aside(&format!("{above}/")) || paths::parts(above).any(is_of_operation) {
            continue;
        }
        let mut shapes: BTreeMap<&BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
        for (folder, files) in folders {
            if !deep.contains(folder) && !speaking.contains(folder) {
                shapes.entry(files).or_default().push(folder);
            }
        }
        let most = shapes.into_iter().max_by_key(|(_, of)| of.len());
        let fits = |n: usize| n >= FEWEST && 2 * n > folders.len();
        let Some((files, entries)) = most.filter(|(_, of)| fits(of.len())) else {
            continue;
        };
        // Pages alone are documents, and what they say is said of the system.
        if files.iter().all(|name| is_page(name)) {
            continue;
        }
        if !is_named(tree, above) {
            found.all.push(Catalogue {
                folder: (*above).to_owned(),
                entries: entries.len() as u32,
                files: files.iter().map(|name| (*name).to_owned()).collect(),
            });
            // An entry may hold more than the others: what an application needs beside its description. One with
            // code is a part of the system.
            let more = folders
                .iter()
                .filter(|(folder, held)| held.is_superset(files) && !code.contains(*folder));
            found.entries.extend(more.map(|(folder, _)| *folder));
        }
    }
    found
}

/// Whether a file is data or prose that describes no part of the system.
fn is_data(file: &FileFacts) -> bool {
    let written = matches!(
        file.language,
        Language::Yaml | Language::Json | Language::Markdown | Language::Toml
    );
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let of_tools = [
        "Chart.yaml",
        "kustomization.yaml",
        "action.yml",
        "action.yaml",
    ];
    let says = |claim: &Claim| {
        matches!(
            claim,
            Claim::Deployable(_)
                | Claim::Image(_)
                | Claim::Service(_)
                | Claim::Route(_)
                | Claim::Package(_)
                | Claim::Dependency(_)
                | Claim::Pipeline(_)
                | Claim::Interface(_)
                | Claim::Entity(_)
                | Claim::Client(_)
                | Claim::EnvRead(_)
                | Claim::Property(_)
                | Claim::Endpoint(_)
        )
    };
    let of_charts = name.starts_with("values");
    written
        && !of_charts
        && !of_tools.contains(&name)
        && !file.facts.iter().any(|fact| says(&fact.claim))
}

/// Folders of hosts, stages, languages and tools, which those who operate the system hold.
fn is_of_operation(part: &str) -> bool {
    part.starts_with('.')
        || matches!(
            part,
            "group_vars"
                | "host_vars"
                | "overlays"
                | "environments"
                | "clusters"
                | "roles"
                | "charts"
                | "modules"
                | "deploy"
                | "deployment"
                | "k8s"
                | "kubernetes"
                | "stacks"
                | "hosts"
                | "inventory"
                | "locales"
                | "i18n"
                | "translations"
        )
}

/// Whether a file that builds, starts or joins parts names a folder: by a source of an image, a mount, or a member
/// of a workspace.
fn is_named(tree: &Tree, folder: &str) -> bool {
    let last = folder.rsplit('/').next().unwrap_or(folder);
    let names = |text: &str| {
        let text = text.trim_start_matches("../").trim_start_matches("./");
        let rest = text
            .strip_prefix(folder)
            .or_else(|| text.strip_prefix(last));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':', '*']))
    };
    let inside = |path: &str| {
        let rest = path.strip_prefix(folder);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    tree.files.iter().filter(|f| !inside(&f.path)).any(|file| {
        file.imports().any(|import| names(import.module()))
            || file.facts.iter().any(|fact| match &fact.claim {
                Claim::Image(image) => image.copies.iter().any(|copy| names(copy)),
                Claim::Deployable(d) => {
                    let paths = d.volumes.iter().chain(&d.build);
                    paths.into_iter().any(|path| names(&path.value))
                }
                Claim::Package(package) => package.members.iter().any(|member| names(member)),
                _ => false,
            })
    })
}
