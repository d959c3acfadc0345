//! Components: packages of a workspace and top folders of a container's source, with the imports
//! between them.

mod targets;

use crate::extractors::TERRAFORM;
use crate::facts::{Claim, FileFacts};
use crate::resolve::builds;
use crate::resolve::coverage::name_of;
use crate::resolve::inner_projects::InnerProjects;
use crate::resolve::leaders::Leaders;
use crate::resolve::module_paths::Aliases;
use crate::resolve::names::{Asides, is_aside, slug};
use crate::resolve::needed::{is_elsewhere, is_of_tests};
use crate::resolve::php_names::PhpNames;
use crate::resolve::purposes::by_readme;
use crate::resolve::units::{Unit, is_fuzzing, is_library};
use crate::resolve::world::{World, folder_of};
use groundplan_model::{
    Blueprint, Confidence, Element, ElementKind, Evidence, Mode, Provenance, Relationship,
    RelationshipKind, Role, Statement,
};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};
use targets::{at_module, at_path, go_target, relative_target, target};

/// Most components drawn inside one container; beyond it the smallest folders are left out.
const MOST: usize = 24;

/// The tag of a library that others import.
const IMPORTED: &str = "imported";

/// Folders between a project's root and what its people call modules.
const WRAPPERS: [&str; 12] = [
    "src", "lib", "app", "main", "java", "kotlin", "scala", "pkg", "internal", "source", "python",
    "cmd",
];

/// Under which names settings let code import folders of the repository.
struct Named<'f> {
    /// Of TypeScript.
    aliases: Aliases<'f>,
    /// Of PHP.
    php: PhpNames<'f>,
}

/// Adds the components of each container, and libraries that belong to none.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
) {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let leaders = Leaders::of(units);
    let named = Named {
        aliases: Aliases::of(world.files),
        php: PhpNames::of(world.files),
    };
    for (index, (unit, id)) in units.iter().zip(ids).enumerate() {
        let Some(project) = unit.project else {
            continue;
        };
        done.insert(project);
        // Several containers may run one source; its components stand in one of them.
        if leaders.get(project) == Some(index) {
            modules(blueprint, world, project, id, &named);
        }
    }
    libraries(blueprint, world, &done);
}

/// Packages that no container runs from: libraries, as components of the system.
fn libraries(blueprint: &mut Blueprint, world: &World<'_>, done: &BTreeSet<usize>) {
    let system = blueprint.system.id.clone();
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    let infrastructure = is_of_infrastructure(world);
    for project in 0..world.projects.len() {
        let folder = &world.projects[project].folder;
        let aside = !folder.is_empty() && is_aside(&format!("{folder}/x"));
        let has_code = code_files(world, project).next().is_some()
            || infrastructure && is_terraform(world, project);
        if done.contains(&project)
            || aside
            || !has_code
            || world.projects[project].packages.is_empty()
            || is_solution(world, project)
            || is_fuzzing(world, project)
        {
            continue;
        }
        let Some(name) = world.projects[project].names.last().cloned() else {
            continue;
        };
        let id = format!("{system}/{}", slug(&name));
        if blueprint.elements.iter().any(|e| e.id == id) {
            continue;
        }
        let evidence = world.projects[project]
            .packages
            .iter()
            .map(|(_, at)| (*at).clone());
        let mut element = Element::new(
            &id,
            ElementKind::Component,
            &name,
            Provenance::observed(evidence),
        );
        element.parent = Some(system.clone());
        element.role = Some(Role::Library);
        // What an image takes in runs there, whatever it offers to others.
        if is_library(world, project) && !builds::is_packed(world, folder) {
            element.tags.push(IMPORTED.to_owned());
        }
        element.source = Some(folder.clone());
        element.technology = crate::resolve::units::languages(world, project)
            .first()
            .map(|(language, _)| language.name().to_owned())
            .or_else(|| is_terraform(world, project).then(|| "Terraform".to_owned()))
            .into_iter()
            .collect();
        element.description = world.projects[project].packages.iter().find_map(|(p, at)| {
            let text = p.description.clone()?;
            Some(Statement {
                text,
                provenance: Provenance::observed([(*at).clone()]),
            })
        });
        if element.description.is_none() {
            element.description =
                purpose_of(world, project, folder).or_else(|| by_readme(world, folder));
        }
        blueprint.elements.push(element);
        found.insert(project, id);
    }
    package_edges(blueprint, world, &found);
}

/// Whether a project is the list of others in a solution of .NET, which builds nothing itself.
fn is_solution(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    packages.all(|(p, _)| p.ecosystem == "nuget" && !p.members.is_empty())
}

/// Whether a project is a module of Terraform and nothing else.
fn is_terraform(world: &World<'_>, project: usize) -> bool {
    let packages = &world.projects[project].packages;
    !packages.is_empty() && packages.iter().all(|(p, _)| p.ecosystem == TERRAFORM)
}

/// Whether modules of Terraform are what a repository is mostly made of: beside an application they
/// say how it is deployed.
fn is_of_infrastructure(world: &World<'_>) -> bool {
    let own = |p: &usize| !world.projects[*p].is_aside;
    let all = (0..world.projects.len()).filter(own);
    let (modules, others): (Vec<usize>, Vec<usize>) = all
        .filter(|&p| !world.projects[p].packages.is_empty())
        .partition(|&p| is_terraform(world, p));
    modules.len() > others.len()
}

/// Dependencies between packages of the repository, by path or by name.
fn package_edges(blueprint: &mut Blueprint, world: &World<'_>, found: &BTreeMap<usize, String>) {
    let mut by_name: BTreeMap<(&str, &str), &String> = BTreeMap::new();
    let mut by_folder: BTreeMap<&str, &String> = BTreeMap::new();
    for (project, id) in found {
        by_folder.insert(&world.projects[*project].folder, id);
        for (package, _) in &world.projects[*project].packages {
            by_name.insert((&package.ecosystem, &package.name), id);
        }
    }
    let mut ends: Vec<(usize, String)> = found.iter().map(|(p, id)| (*p, id.clone())).collect();
    for element in &blueprint.elements {
        if let (ElementKind::Container, Some(folder)) = (element.kind, &element.source)
            && let Some(project) = world.project_at(folder)
        {
            ends.push((project, element.id.clone()));
        }
    }
    let inner = InnerProjects::of(world);
    let mut edges: BTreeMap<(String, String), Vec<Evidence>> = BTreeMap::new();
    for (project, from) in ends {
        for &file in &world.projects[project].files {
            for fact in &world.files[file].facts {
                let Claim::Dependency(d) = &fact.claim else {
                    continue;
                };
                // What only tests need is no part of what runs.
                if is_of_tests(d) || is_elsewhere(d) {
                    continue;
                }
                // A project of .NET is named by its file, and may build a package of another name.
                let place = d.path.as_deref().map(|p| match p.ends_with("proj") {
                    true => folder_of(p),
                    false => p,
                });
                let to = place
                    .and_then(|p| by_folder.get(p))
                    .or_else(|| {
                        let from = &world.projects[project].folder;
                        let needed = inner.project(world, from, d)?;
                        by_folder.get(world.projects[needed].folder.as_str())
                    })
                    .or_else(|| by_name.get(&(d.ecosystem.as_str(), d.name.as_str())));
                if let Some(to) = to
                    && **to != from
                {
                    edges
                        .entry((from.clone(), (*to).clone()))
                        .or_default()
                        .push(fact.at.clone());
                }
            }
        }
    }
    for ((from, to), evidence) in edges {
        // Whoever builds with a package imports it, even one that an image carries with them.
        if let Some(library) = blueprint.elements.iter_mut().find(|e| e.id == to)
            && library.role == Some(Role::Library)
            && !library.tags.iter().any(|t| t == IMPORTED)
        {
            library.tags.push(IMPORTED.to_owned());
        }
        blueprint
            .relationships
            .push(uses(&from, &to, evidence, "depends on"));
    }
}

fn uses(from: &str, to: &str, evidence: Vec<Evidence>, words: &str) -> Relationship {
    Relationship {
        id: format!("{from}->{to}:calls"),
        from: from.to_owned(),
        to: to.to_owned(),
        kind: RelationshipKind::Calls,
        description: words.to_owned(),
        technology: None,
        protocol: None,
        mode: Mode::Sync,
        operations: Vec::new(),
        places: Vec::new(),
        acknowledged: false,
        failures: Vec::new(),
        limits: Vec::new(),
        data_direction: None,
        confidence: Confidence::High,
        provenance: Provenance::observed(evidence.into_iter().take(6)),
    }
}

/// The folder below which all files of a project lie.
fn reach<'w>(world: &'w World<'_>, project: usize) -> &'w str {
    let project = &world.projects[project];
    project.reach.as_ref().unwrap_or(&project.folder)
}

fn code_files<'f>(
    world: &World<'f>,
    project: usize,
) -> impl Iterator<Item = &'f FileFacts> + use<'f> {
    let base = reach(world, project).to_owned();
    let mut asides = Asides::default();
    let files: Vec<&'f FileFacts> = world.projects[project]
        .files
        .iter()
        .map(|&i| &world.files[i])
        .filter(|f| {
            let inner = f.path.strip_prefix(&base).unwrap_or(&f.path);
            let inner = inner.trim_start_matches('/');
            // Hidden folders hold settings and scripts of tools.
            (f.language.is_code() || f.language == Language::Vue)
                && !f.vendored
                && !inner.starts_with('.')
                && !asides.holds(inner)
                && !crate::paths::is_schema_step(inner)
                && !inner.ends_with(crate::extractors::SNAPSHOT_FILE)
        })
        .collect();
    files.into_iter()
}

/// The folders of a project that hold its modules, with their files.
fn modules(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    project: usize,
    container: &str,
    named: &Named<'_>,
) {
    let base = reach(world, project).to_owned();
    let files = of_program(code_files(world, project).collect());
    let files = without_tools(&base, files);
    let root = module_root(&base, &files);
    let mut groups: BTreeMap<String, Vec<&FileFacts>> = BTreeMap::new();
    let mut declared = members(world, &base, &files);
    if declared.is_empty() {
        declared = applications(world, project, &base, &files);
    }
    let root = if declared.is_empty() {
        root
    } else {
        base.clone()
    };
    let mut places: BTreeMap<String, &String> = BTreeMap::new();
    for file in &files {
        // Where a tool declares the projects of a workspace, folders that only group them are none.
        if !declared.is_empty() {
            if let Some(name) = declared.get(folder_of(&file.path)) {
                groups.entry(name.clone()).or_default().push(file);
            }
            continue;
        }
        // What lies beside the root that modules stand in is told by its place in the source.
        let (above, inner) = match inside(&file.path, &root) {
            Some(inner) => (&root, inner),
            None => (&base, inside(&file.path, &base).unwrap_or(&file.path)),
        };
        let Some((first, rest)) = inner.split_once('/') else {
            // A module of one file, in languages where a file is a module.
            if matches!(file.language, Language::Rust | Language::Python)
                && !matches!(
                    stem(inner),
                    "main"
                        | "lib"
                        | "mod"
                        | "__init__"
                        | "setup"
                        | "build"
                        | "manage"
                        | "conftest"
                        | "wsgi"
                        | "asgi"
                )
            {
                groups.entry(inner.to_owned()).or_default().push(file);
                places.entry(inner.to_owned()).or_insert(above);
            }
            continue;
        };
        if file.language == Language::Python && is_step_or_test(first) {
            continue;
        }
        // `src/services/cart.ts`: the folder after a wrapper names the module.
        let name = match rest.split_once('/') {
            Some((second, _)) if WRAPPERS.contains(&first) => format!("{first}/{second}"),
            _ => first.to_owned(),
        };
        places.entry(name.clone()).or_insert(above);
        groups.entry(name).or_default().push(file);
    }
    // What is handed out as it is has no modules.
    groups.retain(|name, files| {
        let last = name.rsplit('/').next().unwrap_or(name);
        !(is_handed_out(last) && files.iter().all(|f| is_of_pages(f.language)))
    });
    if groups.len() < 2 {
        return;
    }
    if groups.len() > MOST {
        let mut sizes: Vec<(u32, String)> = groups
            .iter()
            .map(|(name, files)| (files.iter().map(|f| f.lines).sum(), name.clone()))
            .collect();
        sizes.sort_by(|a, b| b.cmp(a));
        for (_, name) in &sizes[MOST..] {
            groups.remove(name);
        }
    }
    let displays = displays(groups.keys());
    let mut owner: BTreeMap<&str, String> = BTreeMap::new();
    for (name, files) in &groups {
        let above = places.get(name).copied().unwrap_or(&root);
        let path = match above.is_empty() {
            true => name.clone(),
            false => format!("{above}/{name}"),
        };
        let display = displays.get(name).cloned().unwrap_or_default();
        let id = format!("{container}/{}", slug(&stem(name).replace('/', ".")));
        for file in files {
            owner.insert(&file.path, id.clone());
        }
        if blueprint.elements.iter().any(|e| e.id == id) {
            continue;
        }
        // A file that says nothing, such as an empty `__init__.py`, shows nothing.
        let mut outer: Vec<&&FileFacts> = files.iter().collect();
        outer.sort_by_key(|f| (f.path.matches('/').count(), &f.path));
        let evidence = outer.into_iter().find_map(|f| f.first_place());
        let Some(evidence) = evidence else { continue };
        let mut element = Element::new(
            &id,
            ElementKind::Component,
            display,
            Provenance::observed([evidence]),
        );
        element.parent = Some(container.to_owned());
        let mut lines: BTreeMap<&str, u32> = BTreeMap::new();
        for file in files {
            *lines.entry(name_of(file)).or_default() += file.lines;
        }
        element.technology = (lines.into_iter())
            .max_by_key(|(name, lines)| (*lines, std::cmp::Reverse(*name)))
            .map(|(name, _)| name.to_owned())
            .into_iter()
            .collect();
        element.description = purpose_of(world, project, &path);
        element.source = Some(path);
        blueprint.elements.push(element);
    }
    let known: BTreeSet<String> = blueprint.elements.iter().map(|e| e.id.clone()).collect();
    owner.retain(|_, id| known.contains(id));
    let dotted = dotted(&declared, container, &known);
    let go = world.projects[project].packages.iter();
    let go: Vec<(&str, &str)> = (go.map(|(p, _)| p))
        .filter(|p| p.ecosystem == "go" && !p.name.is_empty())
        .map(|p| (p.name.as_str(), p.folder.as_str()))
        .collect();
    let names = Names {
        root: &root,
        dotted: &dotted,
        go: &go,
        named,
    };
    import_edges(blueprint, &files, &owner, &names);
}

/// What modules are called: by the last folder, with those above it where several end alike.
fn displays<'n>(names: impl Iterator<Item = &'n String> + Clone) -> BTreeMap<String, String> {
    let last = |name: &'n str| stem(name.rsplit('/').next().unwrap_or(name));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names.clone() {
        *counts.entry(last(name)).or_default() += 1;
    }
    names
        .map(|name| {
            let short = last(name);
            let alone = counts.get(short).is_none_or(|n| *n < 2);
            let display = if alone { short } else { stem(name) };
            (name.clone(), display.to_owned())
        })
        .collect()
}

/// Whether a folder is called after files that a page loads.
fn is_handed_out(folder: &str) -> bool {
    matches!(
        folder,
        "assets"
            | "static"
            | "public"
            | "js"
            | "css"
            | "vendor"
            | "img"
            | "images"
            | "fonts"
            | "dist"
            | "wwwroot"
            | "media"
    )
}

fn is_of_pages(language: Language) -> bool {
    !matches!(
        language.name(),
        "Go" | "Rust"
            | "Python"
            | "Java"
            | "Kotlin"
            | "C#"
            | "Ruby"
            | "PHP"
            | "TypeScript"
            | "Scala"
    )
}

/// The projects that Nx declares below a folder (<https://nx.dev/reference/project-configuration>): for
/// each folder with code that lies in one its path below `base`.
fn members(world: &World<'_>, base: &str, files: &[&FileFacts]) -> BTreeMap<String, String> {
    let under = |name: &str| match base {
        "" => name.to_owned(),
        _ => format!("{base}/{name}"),
    };
    if !world.is_file(&under("nx.json")) {
        return BTreeMap::new();
    }
    let mut all = BTreeMap::new();
    let folders: BTreeSet<&str> = files.iter().map(|f| folder_of(&f.path)).collect();
    for folder in folders {
        let mut above = folder;
        while above.len() > base.len() {
            if world.is_file(&format!("{above}/project.json")) {
                let name = above[base.len()..].trim_start_matches('/');
                all.insert(folder.to_owned(), name.to_owned());
                break;
            }
            above = folder_of(above);
        }
    }
    let distinct: BTreeSet<&String> = all.values().collect();
    match distinct.len() {
        0 | 1 => BTreeMap::new(),
        _ => all,
    }
}

/// Without what lies among the resources of a Maven layout: that is handed out, and no package of
/// the program.
fn of_program(mut files: Vec<&FileFacts>) -> Vec<&FileFacts> {
    if files.iter().any(|f| f.path.contains("src/main/java/")) {
        files.retain(|f| !f.path.contains("src/main/resources/"));
    }
    files
}

/// Names under which code imports declared modules of Python, with the components that they are.
fn dotted(
    declared: &BTreeMap<String, String>,
    container: &str,
    known: &BTreeSet<String>,
) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for name in declared.values() {
        let id = format!("{container}/{}", slug(&name.replace('/', ".")));
        if !known.contains(&id) {
            continue;
        }
        // Folders in front of the package are none of its name.
        let mut rest = name.as_str();
        loop {
            all.entry(rest.replace('/', "."))
                .or_insert_with(|| id.clone());
            match rest.split_once('/') {
                Some((_, after)) => rest = after,
                None => break,
            }
        }
    }
    all
}

/// The applications of Django that a project is put together from: for each folder with code that lies
/// in one its path below `base`. One alone is the whole program.
fn applications(
    world: &World<'_>,
    project: usize,
    base: &str,
    files: &[&FileFacts],
) -> BTreeMap<String, String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for fact in world.facts_of(project) {
        if let Claim::Module(name) = &fact.claim {
            names.insert(name.replace('.', "/"));
        }
    }
    let mut all = BTreeMap::new();
    if names.is_empty() {
        return all;
    }
    let folders: BTreeSet<&str> = files.iter().map(|f| folder_of(&f.path)).collect();
    for folder in folders {
        let inner = folder.strip_prefix(base).unwrap_or(folder);
        let inner = inner.trim_start_matches('/');
        // The innermost application that holds a folder counts.
        let mut above = inner;
        while !above.is_empty() {
            // A single word may be any package; it counts where it lies at the root or in one folder.
            let fits = |name: &String| {
                let before = above.strip_suffix(name.as_str());
                before
                    .is_some_and(|b| b.is_empty() || b.ends_with('/') && b.matches('/').count() < 3)
            };
            if names.iter().any(fits) {
                all.insert(folder.to_owned(), above.to_owned());
                break;
            }
            above = folder_of(above);
        }
    }
    // A package beside applications is a part of the program, though it is declared nowhere.
    let beside: BTreeSet<String> = all
        .values()
        .map(|name| folder_of(name).to_owned())
        .collect();
    let imported: BTreeSet<&str> = (files.iter())
        .filter(|f| f.language == Language::Python)
        .flat_map(|f| f.imports())
        .filter_map(|import| import.module().split('.').next())
        .collect();
    for file in files.iter().filter(|f| f.language == Language::Python) {
        let folder = folder_of(&file.path);
        if all.contains_key(folder) {
            continue;
        }
        let inner = folder.strip_prefix(base).unwrap_or(folder);
        let inner = inner.trim_start_matches('/');
        let sibling = std::iter::successors(Some(inner), |f| (!f.is_empty()).then(|| folder_of(f)))
            .find(|f| !f.is_empty() && beside.contains(folder_of(f)));
        if let Some(name) = sibling
            && !name.split('/').any(is_step_or_test)
            && imported.contains(name.rsplit('/').next().unwrap_or(name))
        {
            all.insert(folder.to_owned(), name.to_owned());
        }
    }
    let distinct: BTreeSet<String> = all.values().cloned().collect();
    // Of more than a drawing shows, those that lie deepest are told by the folder that groups them.
    let depth = |name: &str| name.matches('/').count();
    let deepest = distinct.iter().map(|name| depth(name)).max();
    if distinct.len() > MOST && distinct.iter().any(|name| Some(depth(name)) != deepest) {
        for name in all.values_mut() {
            let above = folder_of(name);
            if Some(depth(name)) == deepest && !above.is_empty() {
                *name = above.to_owned();
            }
        }
    }
    let distinct: BTreeSet<&String> = all.values().collect();
    if distinct.len() < 2 {
        all.clear();
    }
    all
}

fn stem(name: &str) -> &str {
    let (folder, file) = name
        .rsplit_once('/')
        .map_or((None, name), |(a, b)| (Some(a), b));
    match (folder, file.rsplit_once('.')) {
        (None, Some((stem, _))) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// Steps down through wrappers and single folders to where the modules lie.
fn module_root(base: &str, files: &[&FileFacts]) -> String {
    let mut root = base.to_owned();
    for _ in 0..12 {
        let mut below: BTreeMap<&str, usize> = BTreeMap::new();
        let mut here = 0;
        for file in files {
            let Some(inner) = inside(&file.path, &root) else {
                continue;
            };
            match inner.split_once('/') {
                Some((first, _)) => *below.entry(first).or_default() += 1,
                None => here += 1,
            }
        }
        let total: usize = below.values().sum::<usize>() + here;
        let Some((&largest, &count)) = below
            .iter()
            .max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)))
        else {
            break;
        };
        // Beside a package that holds nearly all code of a program of Python stand entry scripts and
        // steps of migrations.
        let package = count * 10 >= total * 9 && is_package(&root, largest, files);
        let single = below.len() == 1 && here <= 1 || package;
        let wrapper = WRAPPERS.contains(&largest) && count * 10 >= total * 8;
        if !(single || wrapper) {
            break;
        }
        root = if root.is_empty() {
            largest.to_owned()
        } else {
            format!("{root}/{largest}")
        };
    }
    root
}

/// Whether a folder of Python holds steps of migrations of Django, or tests by the first word of its name.
fn is_step_or_test(folder: &str) -> bool {
    let first = folder.split('_').next().unwrap_or_default();
    folder == "migrations" || matches!(first, "test" | "tests")
}

/// Whether a file of Python is a step of migrations or a test, wherever its folder lies.
fn is_step_or_test_path(path: &str) -> bool {
    let mut folders = folder_of(path).split('/');
    folders.any(is_step_or_test) || crate::paths::is_test(path)
}

fn is_package(root: &str, name: &str, files: &[&FileFacts]) -> bool {
    files.iter().any(|f| {
        inside(&f.path, root)
            .and_then(|inner| inner.strip_prefix(name))
            .is_some_and(|rest| rest == "/__init__.py")
    })
}

/// Without the folders at the top of a source that hold tools of those who work on it, and that nothing
/// beside them imports: no module of the program lies there.
fn without_tools<'f>(base: &str, files: Vec<&'f FileFacts>) -> Vec<&'f FileFacts> {
    let of_tools = |path: &str| {
        let inner = inside(path, base)?;
        let (first, _) = inner.split_once('/')?;
        let tool = matches!(
            first,
            "dev" | "scripts" | "script" | "tools" | "tooling" | "hack" | "ci"
        );
        tool.then(|| first.to_owned())
    };
    let python = |f: &FileFacts| f.language == Language::Python;
    let found: BTreeSet<String> = (files.iter().filter(|f| python(f)))
        .filter_map(|f| of_tools(&f.path))
        .collect();
    let mut tools: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    for file in files.iter().filter(|f| !found.is_empty() && python(f)) {
        let own = of_tools(&file.path);
        for import in file.imports() {
            let first = import.module().split('.').next().unwrap_or_default();
            if own.as_deref() != Some(first) {
                tools.remove(first);
            }
        }
    }
    // A program may consist of scripts alone.
    let kept = |f: &&&FileFacts| of_tools(&f.path).is_none_or(|t| !tools.contains(t.as_str()));
    match files.iter().filter(kept).any(|f| python(f)) {
        true => files.iter().filter(kept).copied().collect(),
        false => files,
    }
}

fn inside<'p>(path: &'p str, root: &str) -> Option<&'p str> {
    if root.is_empty() {
        return Some(path);
    }
    path.strip_prefix(root)?.strip_prefix('/')
}

fn purpose_of(world: &World<'_>, project: usize, path: &str) -> Option<Statement> {
    let candidates = [
        path.to_owned(),
        format!("{path}/mod.rs"),
        format!("{path}/lib.rs"),
        format!("{path}/src/lib.rs"),
        format!("{path}/src"),
        format!("{path}/src/main.rs"),
        format!("{path}/__init__.py"),
        format!("{path}.rs"),
    ];
    world.facts_of(project).find_map(|fact| match &fact.claim {
        Claim::Purpose(p) if candidates.contains(&p.subject) => Some(Statement {
            text: p.text.clone(),
            provenance: Provenance::observed([fact.at.clone()]),
        }),
        _ => None,
    })
}

/// By what the imports of a program name its modules.
struct Names<'n> {
    /// The folder that the modules stand in.
    root: &'n str,
    /// Dotted names of declared modules of Python, with their components.
    dotted: &'n BTreeMap<String, String>,
    /// Modules of Go with their folders.
    go: &'n [(&'n str, &'n str)],
    /// Names of folders in the settings of languages.
    named: &'n Named<'n>,
}

/// Imports from one component to another: by path in languages that import files, by the words of
/// the module name elsewhere.
fn import_edges(
    blueprint: &mut Blueprint,
    files: &[&FileFacts],
    owner: &BTreeMap<&str, String>,
    names: &Names<'_>,
) {
    let (root, dotted, go) = (names.root, names.dotted, names.go);
    let mut by_word: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (path, id) in owner {
        let inner = inside(path, root).unwrap_or(path);
        let first = inner.split('/').next().unwrap_or(inner);
        by_word
            .entry(stem(first).to_owned())
            .or_default()
            .insert(id);
    }
    let mut edges: BTreeMap<(String, String), Vec<Evidence>> = BTreeMap::new();
    for file in files {
        let Some(from) = owner.get(file.path.as_str()) else {
            continue;
        };
        // A step of migrations says what once stood where, and a test what it tries.
        let steps = matches!(file.language, Language::Python | Language::Php);
        if steps && is_step_or_test_path(&file.path) {
            continue;
        }
        let used = file.facts.iter().filter_map(|fact| match &fact.claim {
            Claim::PathUse(used) => Some((used.module.as_str(), &fact.at)),
            _ => None,
        });
        for (module, at) in used {
            let to = target(module, file, owner, &by_word, root);
            if let Some(to) = to.filter(|to| to != from) {
                edges
                    .entry((from.clone(), to))
                    .or_default()
                    .push(at.clone());
            }
        }
        for import in file.imports() {
            // `shop.orders.models` lies in `src/shop/orders`.
            let mut above = Some(import.module()).filter(|_| !dotted.is_empty());
            let named = std::iter::from_fn(|| {
                let now = above?;
                above = now.rsplit_once('.').map(|(before, _)| before);
                Some(now)
            })
            .find_map(|name| dotted.get(name).cloned());
            let named = named.or_else(|| match file.language {
                Language::Go => go_target(import.module(), go, owner),
                Language::JavaScript | Language::TypeScript | Language::Vue => {
                    let paths = names.named.aliases.targets(&file.path, import.module());
                    paths.iter().find_map(|path| at_module(path, owner))
                }
                Language::Python => relative_target(import.module(), &file.path, owner),
                Language::Php => {
                    let path = names.named.php.target(&file.path, import.module());
                    path.and_then(|path| at_path(&path, owner))
                }
                _ => None,
            });
            let to = named.or_else(|| target(import.module(), file, owner, &by_word, root));
            let Some(to) = to else {
                continue;
            };
            if to != *from {
                // A line that names several modules of one component is one import.
                let places = edges.entry((from.clone(), to)).or_default();
                let at = import.evidence();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
    }
    for ((from, to), evidence) in edges {
        let count = evidence.len();
        let words = if count == 1 {
            "1 import".to_owned()
        } else {
            format!("{count} imports")
        };
        blueprint
            .relationships
            .push(uses(&from, &to, evidence, &words));
    }
}

#[cfg(test)]
mod tests {
    use super::{module_root, of_program};

    #[test]
    fn pages_among_resources_are_no_packages() {
        let files = [
            ("web/src/main/java/org/shop/web/A.java", "class A {}"),
            ("web/src/main/java/org/shop/data/B.java", "class B {}"),
            ("web/src/main/resources/static/app.js", "let a = 1;"),
        ]
        .map(|(path, text)| crate::extract_file(path, text));
        let files = of_program(files.iter().collect());
        assert_eq!(module_root("web", &files), "web/src/main/java/org/shop");
    }
}
