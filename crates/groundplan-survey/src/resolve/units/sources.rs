//! Which project and which build file each part comes from.

use super::products::{built_base, by_own_password, keeps_data_alone};
use super::{Unit, languages};
use crate::extractors::published_images;
use crate::facts::{Claim, Deployable, ImageBuild, Package};
use crate::resolve::address::is_address_key;
use crate::resolve::builds::{self, Image};
use crate::resolve::elements::{runs_in, started_in};
use crate::resolve::inner_projects::InnerProjects;
use crate::resolve::names::{image_name, image_tag, is_aside, loose, plain};
use crate::resolve::programs::{argument_paths, first_word};
use crate::resolve::terraform::is_cloud;
use crate::resolve::variants::mounted as mounted_at;
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use groundplan_knowledge::{Category, Technology};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn attach_projects<'f>(world: &World<'f>, units: &mut [Unit<'f>]) {
    let inner = InnerProjects::of(world);
    let mut builds_of: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    for unit in units.iter() {
        for build in unit.deployables.iter().filter_map(|(d, _)| build_of(d)) {
            *builds_of.entry(build).or_default() += 1;
        }
    }
    let elsewhere = builds_elsewhere(world);
    for unit in units.iter_mut() {
        if is_own_product(world, unit) {
            unit.technology = None;
        }
        // Where the files that are told only pull an image, a variant may show how it is built.
        let mut built = unit.deployables.iter().chain(&unit.others);
        unit.images = built
            .find_map(|(d, _)| builds::of_deployable(world, d))
            .into_iter()
            .collect();
        // One build file makes all of them, so that it cannot tell which is meant.
        if let Some(program) = chosen(world, unit) {
            unit.technology = None;
            unit.project = Some(program);
            unit.images = builds::of_project(world, program);
            continue;
        }
        if let Some(program) = told(world, unit).or_else(|| commanded(world, unit)) {
            unit.technology = None;
            unit.project = Some(program);
            if unit.images.is_empty() {
                unit.images = builds::of_project(world, program);
            }
            continue;
        }
        // A file that is not told, as for tests, may show how an image is built that others pull.
        if let Some((image, project)) = built_elsewhere(world, &elsewhere, unit) {
            unit.technology = None;
            if unit.images.is_empty() {
                unit.images.extend(image);
            }
            unit.project = project;
        }
        let released = released(world, unit).filter(|_| unit.project.is_none());
        if let Some((image, project)) = released {
            unit.technology = None;
            unit.images.extend(image);
            unit.project = project;
        }
        if let Some(maker) = made(world, unit) {
            unit.technology = None;
            unit.project = inner.packed(world, maker).or(Some(maker));
            if unit.images.is_empty() {
                unit.images = builds::of_project(world, maker);
            }
        }
        if unit.project.is_none() {
            unit.project = works_in(world, unit).or_else(|| starts_mounted(world, unit));
            // The image is that of a language, and the code what it runs.
            let bare = |t: &&Technology| t.category == Category::Language;
            if unit.project.is_some() {
                unit.technology = unit.technology.filter(|t| !bare(t));
            }
        }
        unit.project = (unit.project)
            .or_else(|| by_maker(world, unit))
            .or_else(|| by_publishing(world, unit))
            .or_else(|| by_copies(world, unit))
            .or_else(|| by_build(world, unit))
            .or_else(|| by_assembly(world, unit))
            .or_else(|| by_name(world, unit));
        // A build that only gathers its modules into one file: the module whose program that is.
        if let Some(gathers) = unit.project.filter(|&p| gathers_program(world, p))
            && let Some(program) = inner.packed(world, gathers)
        {
            if unit.images.is_empty() {
                unit.images = builds::of_project(world, gathers);
            }
            unit.project = Some(program);
        }
        // A build of the whole tree that several parts share is told which folder to run.
        let shared = unit.deployables.iter().any(|(d, _)| {
            build_of(d).is_some_and(|build| builds_of.get(&build).is_some_and(|n| *n > 1))
        });
        if shared && unit.project.is_none_or(|p| is_bare_root(world, p)) {
            unit.project = by_folder(world, unit).or(unit.project);
        }
        unit.project = unit.project.and_then(|p| program_of_crate(world, unit, p));
        // Without an image of its own the command says which package of a workspace is started.
        if unit.images.is_empty()
            && let Some(own) = unit.project
        {
            let mut commands = (unit.deployables.iter()).filter_map(|(d, _)| d.command.as_ref());
            let started = commands.find_map(|c| builds::started_in(world, own, &c.value));
            unit.project = started.or(unit.project);
        }
        // A workspace is not what runs; the package is whose program the image starts.
        if unit.project.is_none_or(|p| {
            let project = &world.projects[p];
            let unnamed = project.packages.iter().all(|(p, _)| p.name.is_empty());
            project.folder.is_empty() || unnamed || !project.program.is_empty()
        }) && let Some((image, _)) = unit.images.first()
        {
            // A script that lies in a package starts the code of a root that holds most of it.
            if unit.project.is_some_and(|p| holds_most(world, p)) {
                continue;
            }
            if let Some(program) = by_started(world, unit) {
                unit.project = Some(program);
                continue;
            }
            unit.project = builds::program(world, image).or(unit.project);
        }
    }
    let mut started = None;
    for unit in units.iter_mut() {
        if let Some(project) = unit.project {
            let named = unit.deployables.iter().any(|(d, _)| d.dockerfile.is_some());
            if unit.images.is_empty() && !named {
                unit.images = builds::of_project(world, project);
                // The file at the root may build the program of a crate below it.
                let pulls = (unit.deployables.iter()).all(|(d, _)| d.image.is_some());
                if unit.images.is_empty() && pulls && is_cargo(world, project) {
                    let started = started.get_or_insert_with(|| builds::started(world));
                    unit.images.extend(started.get(&project));
                }
                // A script of a workspace may start a package of it.
                if world.projects[project].folder.is_empty()
                    && let Some((image, _)) = unit.images.first()
                    && let Some(program) = builds::handed_on(world, image)
                {
                    unit.project = Some(program);
                    continue;
                }
                // A folder of a build file alone is not what runs, nor a manifest that only starts what lies
                // in folders below it.
                if (world.projects[project].packages.is_empty() || is_bare_root(world, project))
                    && let Some((image, _)) = unit.images.first()
                {
                    unit.project = builds::program(world, image).or(unit.project);
                }
            }
            // Code of the repository on top of a known image is no bare product.
            let built = unit.deployables.iter().any(|(d, _)| d.build.is_some());
            if built && world.is_code(project) {
                unit.technology = None;
            }
        }
        if unit.project.is_none() && unit.technology.is_none() && unit.images.is_empty() {
            unit.images = called_folder(world, unit);
        }
        if unit.technology.is_none() && unit.project.is_none_or(|p| !world.is_code(p)) {
            unit.technology = by_own_password(world, unit);
        }
        if unit.technology.is_none()
            && let Some(base) = built_base(world, unit)
        {
            unit.technology = base;
            // Scripts that fill a store are not the program in whose folder its build file lies.
            if keeps_data_alone(unit) {
                unit.project = None;
            }
        }
    }
    // A function runs nothing in another language than that of its runtime.
    for unit in units.iter_mut() {
        if let Some(project) = unit.project
            && let Some(spoken) = runtime(unit)
            && !languages(world, project)
                .iter()
                .any(|(l, _)| spoken.contains(&l.name()))
        {
            unit.project = None;
        }
    }
    leave_to_namesakes(world, units);
    let taken: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    let open = |unit: &Unit<'_>| unit.project.is_none_or(|p| !world.is_code(p));
    for unit in units.iter_mut().filter(|u| open(u)) {
        let found = mounted(world, unit).filter(|project| !taken.contains(project));
        if found.is_some() {
            unit.project = found;
            unit.technology = None;
        }
    }
}

/// Whether a project is the whole tree and has no code of its own: it starts or builds what lies in folders below.
fn is_bare_root(world: &World<'_>, project: usize) -> bool {
    world.projects[project].folder.is_empty() && !world.is_code(project)
}

/// Whether a project has a manifest of Cargo.
pub(super) fn is_cargo(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    packages.any(|(package, _)| package.ecosystem == "cargo")
}

/// The project of a unit, where that is a workspace of Cargo or a crate without a program: the crate that
/// makes a program called like the image. A crate that only others are built with runs nowhere.
fn program_of_crate(world: &World<'_>, unit: &Unit<'_>, project: usize) -> Option<usize> {
    let pulls = |d: &Deployable| d.build.is_none();
    let pulled = !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| pulls(d));
    let packages = &world.projects[project].packages;
    let only = packages.iter().all(|(p, _)| p.ecosystem == "cargo") && !packages.is_empty();
    if !only || !pulled || !unit.images.is_empty() {
        return Some(project);
    }
    let runs = |p: usize| {
        let mut packages = world.projects[p].packages.iter();
        packages.any(|(package, _)| !package.binaries.is_empty())
            || world
                .facts_of(p)
                .any(|fact| matches!(&fact.claim, Claim::Entry(entry) if entry.kind != "ui"))
    };
    let is_workspace = world.projects[project]
        .packages
        .iter()
        .all(|(package, _)| package.name.is_empty());
    if !is_workspace && runs(project) {
        return Some(project);
    }
    let mut pulled = (unit.deployables.iter()).filter_map(|(d, _)| d.image.as_ref());
    let found = pulled.find_map(|image| builds::crate_called(world, image_name(&image.value)));
    found.or(is_workspace.then_some(project))
}

/// A source belongs to the part that is called like its folder, and not to one that only shares the name of
/// its package and runs an image of which nothing but a variable is known.
fn leave_to_namesakes(world: &World<'_>, units: &mut [Unit<'_>]) {
    let is_open = |unit: &Unit<'_>| {
        let mut all = unit.deployables.iter().peekable();
        all.peek().is_some()
            && all.all(|(d, _)| {
                let image = d.image.as_ref().map(|i| i.value.as_str());
                let open = image.is_some_and(|i| i.starts_with("${") && !i.contains('/'));
                open && d.build.is_none()
            })
    };
    let folder = |project: usize| {
        let folder = world.projects[project].folder.as_str();
        plain(folder.rsplit('/').next().unwrap_or_default())
    };
    let namesakes: BTreeSet<usize> = (units.iter())
        .filter_map(|u| u.project.filter(|&p| plain(&u.name) == folder(p)))
        .collect();
    for unit in units.iter_mut() {
        if let Some(project) = unit.project
            && namesakes.contains(&project)
            && plain(&unit.name) != folder(project)
            && is_open(unit)
        {
            unit.project = None;
            unit.images.clear();
        }
    }
}

/// What the only folder builds that is called like the image which a unit pulls. A folder without code
/// is no project: scripts on top of a store.
fn called_folder<'f>(world: &World<'f>, unit: &Unit<'f>) -> Vec<Image<'f>> {
    if unit.deployables.iter().any(|(d, _)| d.build.is_some()) {
        return Vec::new();
    }
    let pulled = unit.deployables.iter();
    let names: BTreeSet<String> = pulled
        .filter_map(|(d, _)| Some(plain(image_name(&d.image.as_ref()?.value))))
        .collect();
    let last = |folder: &'f str| plain(folder.rsplit('/').next().unwrap_or_default());
    let folders: BTreeSet<&str> = world
        .all_images()
        .filter(|(_, at)| !is_aside(&at.path))
        .map(|(_, at)| folder_of(&at.path))
        .filter(|folder| !folder.is_empty() && names.contains(&last(folder)))
        .collect();
    match folders.first() {
        Some(only) if folders.len() == 1 => builds::of_folder(world, only),
        _ => called_file(world, unit, &names),
    }
}

/// The only build file that is called like a unit which pulls an image, or like that image:
/// `proxy.dockerfile`, `Dockerfile.proxy`.
fn called_file<'f>(
    world: &World<'f>,
    unit: &Unit<'f>,
    images: &BTreeSet<String>,
) -> Vec<Image<'f>> {
    let own = plain(&unit.name);
    let is_called = |path: &str| {
        let file = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let stem = file.strip_suffix(".dockerfile");
        let stem = stem.or_else(|| file.strip_prefix("dockerfile."));
        stem.is_some_and(|stem| {
            let stem = plain(stem);
            stem.len() > 2 && (stem == own || stem.len() > 3 && images.contains(&stem))
        })
    };
    let mut found =
        (world.all_images()).filter(|(_, at)| !is_aside(&at.path) && is_called(&at.path));
    match (found.next(), found.next()) {
        (Some(only), None) => vec![only],
        _ => Vec::new(),
    }
}

/// The program of a module that the command of a container starts out of an image that holds several.
fn by_started(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let commands = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| d.command.as_ref());
    let names: Vec<&str> = commands.filter_map(|c| first_word(&c.value)).collect();
    let holds = |program: usize| {
        let mut own = world.projects[program].program.iter();
        own.any(|(_, at)| unit.images.iter().any(|(_, other)| other == at))
    };
    let called = |p: &usize| {
        let project = &world.projects[*p];
        (project.names.first()).is_some_and(|name| names.contains(&name.as_str())) && holds(*p)
    };
    (0..world.projects.len()).find(called)
}

/// Languages of the runtime that a cloud runs the code of a unit in.
fn runtime(unit: &Unit<'_>) -> Option<&'static [&'static str]> {
    let made = unit.deployables.iter().filter(|(d, _)| is_cloud(&d.source));
    let mut given = made
        .flat_map(|(d, _)| &d.attributes)
        .filter(|(key, _)| key == "runtime");
    let name = given.next()?.1.value.to_ascii_lowercase();
    let known: [(&str, &[&str]); 6] = [
        ("python", &["Python"]),
        ("nodejs", &["TypeScript", "JavaScript"]),
        ("java", &["Java", "Kotlin", "Scala"]),
        ("go", &["Go"]),
        ("dotnet", &["C#", "F#"]),
        ("ruby", &["Ruby"]),
    ];
    let found = known.iter().find(|(begin, _)| name.starts_with(begin));
    found.map(|(_, names)| *names)
}

/// The project whose folder is put into the image of a language that a unit runs, a bare one or one that is
/// built on it without code, where it has a manifest of that language: its code is what runs.
fn mounted(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let bare = (unit.technology).is_some_and(|t| t.category == Category::Language);
    if unit.technology.is_some() && !bare {
        return None;
    }
    unit.deployables.iter().find_map(|(deployable, at)| {
        let (ecosystem, _) = match bare {
            true => runs_in(image_name(&deployable.image.as_ref()?.value))?,
            false => started_in(unit).filter(|_| deployable.build.is_some())?,
        };
        deployable.volumes.iter().find_map(|volume| {
            let (host, _) = volume.value.split_once(':')?;
            // A name without a point is a volume of its own.
            let folder = join(folder_of(&at.path), host).filter(|_| host.starts_with('.'))?;
            let project = world.project_at(&folder)?;
            let mut packages = world.projects[project].packages.iter();
            packages
                .any(|(package, _)| package.ecosystem == ecosystem)
                .then_some(project)
        })
    })
}

/// Deployables that build an image and give it a name, by that name; `None` for a name of several builds.
type Built<'f> = BTreeMap<String, Option<&'f Deployable>>;

fn builds_elsewhere<'f>(world: &World<'f>) -> Built<'f> {
    let mut all: Built<'f> = BTreeMap::new();
    for (_, fact) in world.facts() {
        let Claim::Deployable(deployable) = &fact.claim else {
            continue;
        };
        let named = deployable
            .image
            .as_ref()
            .filter(|_| deployable.build.is_some());
        let Some(name) = named.and_then(|image| published_images::bare(&image.value)) else {
            continue;
        };
        let known = all.entry(name).or_insert(Some(deployable));
        if known.is_some_and(|other| build_of(other) != build_of(deployable)) {
            *known = None;
        }
    }
    all
}

/// What builds the image of a unit that only pulls it, where another file names that image and its build:
/// the build file, and the project that it takes in.
fn built_elsewhere<'f>(
    world: &World<'f>,
    all: &Built<'f>,
    unit: &Unit<'f>,
) -> Option<(Option<Image<'f>>, Option<usize>)> {
    let builds = |d: &Deployable| d.build.is_some();
    if unit.deployables.iter().any(|(d, _)| builds(d)) {
        return None;
    }
    let mut pulled = (unit.deployables.iter()).filter_map(|(d, _)| d.image.as_ref());
    let deployable = pulled.find_map(|image| {
        let own = world.knowledge.by_image(&image.value).is_none();
        *all.get(&published_images::bare(&image.value)?)
            .filter(|_| own)?
    })?;
    let image = builds::of_deployable(world, deployable);
    if image.is_some_and(|(image, _)| holds_no_source(world, image)) {
        return Some((image, None));
    }
    let project = of_build(world, unit, deployable);
    project.is_some().then_some((image, project))
}

/// Whether an image is a known product with nothing of the repository in it.
fn holds_no_source(world: &World<'_>, image: &ImageBuild) -> bool {
    let base = image
        .bases
        .last()
        .and_then(|base| world.knowledge.by_image(&base.value));
    let bare = image.copies.is_empty() && image.carried.is_empty() && image.maker.is_none();
    bare && image.programs.is_empty() && base.is_some_and(|t| t.role.is_some())
}

/// What builds the image of a unit that only pulls it, where a release of this repository publishes
/// that image, and the project whose program it holds.
fn released<'f>(world: &World<'f>, unit: &Unit<'f>) -> Option<(Option<Image<'f>>, Option<usize>)> {
    if world.published.is_empty() || unit.deployables.iter().any(|(d, _)| d.build.is_some()) {
        return None;
    }
    let mut pulled = (unit.deployables.iter()).filter_map(|(d, _)| d.image.as_ref());
    let release = pulled.find_map(|image| {
        let name = published_images::image(&image.value)?;
        // Whoever owns the repository owns what its releases push.
        let any_owner = || {
            let last = name.rsplit('/').next()?;
            (world.knowledge.by_image(&image.value).is_none() || is_own_product(world, unit))
                .then(|| world.published.get(format!("*/{last}").as_str()))?
        };
        let all = (world.published.get(name.as_str())).or_else(any_owner)?;
        let tag = image_tag(&image.value).unwrap_or("latest");
        let has = |tag: &str| {
            let mut all = all.iter().filter(|p| p.dockerfile.is_some());
            all.find(|p| p.tags.iter().any(|t| t == tag))
        };
        // The tag tells which of several builds is meant; a version that nobody wrote down is one of
        // the latest.
        has(tag)
            .or_else(|| has("latest"))
            .or_else(|| all.iter().find(|p| p.dockerfile.is_some()))
            .or_else(|| all.first())
            .copied()
    })?;
    let dockerfile = release.dockerfile.as_deref();
    let image = dockerfile.and_then(|path| world.image_at(path));
    let image = image.map(|(image, at)| {
        let target = release.target.as_deref();
        let stage = target.and_then(|name| {
            let mut all = image.targets.iter();
            all.find(|(stage, _)| stage.eq_ignore_ascii_case(name))
        });
        (stage.map_or(image, |(_, image)| image), at)
    });
    let below = |path: &str| world.project_of(path).filter(|&p| world.is_code(p));
    let project = (image.and_then(|(image, _)| builds::program(world, image)))
        .or_else(|| dockerfile.and_then(below));
    Some((image, project))
}

/// The program of a module that an argument of the build chose for the image which a unit pulls.
fn chosen(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if world.chosen.is_empty() || unit.deployables.iter().any(|(d, _)| d.build.is_some()) {
        return None;
    }
    let mut names = (unit.deployables.iter())
        .filter_map(|(d, _)| published_images::bare(&d.image.as_ref()?.value));
    names.find_map(|name| world.chosen.get(&name)).copied()
}

/// The program of a module whose folder an argument of the build names: `CMD_PATH: cmd/orders`.
fn told(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if world.programs.is_empty() {
        return None;
    }
    let told = unit.deployables.iter().chain(&unit.others);
    let mut paths = told.flat_map(|(d, _)| argument_paths(d));
    paths.find_map(|path| {
        let is_at = |folder: &str| {
            let above = folder.strip_suffix(path);
            above.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let mut fits = world.programs.iter().filter(|(folder, _)| is_at(folder));
        let (_, first) = fits.next()?;
        fits.next().is_none().then_some(*first)
    })
}

/// The program of a module that the command of a container starts out of an image that is only pulled.
fn commanded(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let pulls = |d: &Deployable| d.image.is_some() && d.build.is_none();
    if world.programs.is_empty()
        || unit.technology.is_some()
        || !unit.images.is_empty()
        || !unit.deployables.iter().all(|(d, _)| pulls(d))
    {
        return None;
    }
    let mut commands = (unit.deployables.iter()).filter_map(|(d, _)| d.command.as_ref());
    commands.find_map(|command| {
        let word = first_word(&command.value)?;
        let is = |folder: &str| folder.rsplit('/').next() == Some(word);
        let mut fits = world.programs.iter().filter(|(folder, _)| is(folder));
        let (_, first) = fits.next()?;
        fits.next().is_none().then_some(*first)
    })
}

/// The only project whose build makes the image that a unit pulls.
fn made(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if world.made.is_empty() || unit.deployables.iter().any(|(d, _)| d.build.is_some()) {
        return None;
    }
    let mut pulled = (unit.deployables.iter()).filter_map(|(d, _)| d.image.as_ref());
    let folders = pulled.find_map(|image| {
        let name = published_images::bare(&image.value)?;
        let last = name.rsplit('/').next().unwrap_or(&name);
        let any_owner = || world.made.get(format!("*/{last}").as_str());
        // What is built under a plain name is tagged with that of its owner before it is pushed.
        let plainly = || {
            let own = name.contains('/') && world.knowledge.by_image(&image.value).is_none();
            world.made.get(last).filter(|_| own)
        };
        (world.made.get(name.as_str()))
            .or_else(any_owner)
            .or_else(plainly)
    })?;
    let first = folders.first().filter(|_| folders.len() == 1)?;
    world.project_at(first)
}

/// Whether a unit runs the product whose repository this is: its image has the name of the code at
/// the root, so it is this code and no product of others.
fn is_own_product(world: &World<'_>, unit: &Unit<'_>) -> bool {
    let Some(root) = world.project_at("") else {
        return false;
    };
    let project = &world.projects[root];
    let mut images = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| d.image.as_ref());
    unit.technology.is_some_and(|t| t.role.is_some())
        && images.any(|image| {
            let name = image_name(&image.value);
            project.plain_names.contains(&plain(name))
        })
        && (project.files.iter()).any(|&i| world.files[i].language.is_code())
}

/// Gives the parts whose image no file of theirs builds the one build file that is made for several.
pub(super) fn attach_shared_image<'f>(world: &World<'f>, units: &mut [Unit<'f>]) {
    let Some((image, at)) = builds::shared(world) else {
        return;
    };
    let used = units
        .iter()
        .any(|u| u.images.iter().any(|(_, other)| *other == at));
    let open = |unit: &Unit<'_>| {
        unit.project
            .is_some_and(|p| world.projects[p].folder != folder_of(&at.path))
            && unit.images.is_empty()
            && unit.technology.is_none()
            && unit
                .deployables
                .iter()
                .any(|(d, _)| d.image.is_some() && d.build.is_none())
    };
    if used || units.iter().filter(|u| open(u)).count() < 2 {
        return;
    }
    for unit in units.iter_mut().filter(|u| open(u)) {
        unit.images.push((image, at));
    }
}

/// What runs in the only image of the repository: where one workload alone pulls an image of its own and
/// one build file alone stands in the tree, at its root, that file says which program the image holds, and
/// a folder that is called like the image does not.
pub(super) fn attach_only_image<'f>(world: &World<'f>, units: &mut [Unit<'f>]) {
    let mut builds = world.all_images().filter(|(_, at)| !is_aside(&at.path));
    let (Some(only), None) = (builds.next(), builds.next()) else {
        return;
    };
    let open = |unit: &Unit<'_>| {
        unit.images.is_empty()
            && unit.technology.is_none()
            && unit.project.is_some()
            && !unit.deployables.is_empty()
            && unit
                .deployables
                .iter()
                .all(|(d, _)| d.image.is_some() && d.build.is_none())
    };
    let used = units.iter().any(|u| !u.images.is_empty());
    let mut all = units.iter_mut().filter(|u| open(u));
    let (Some(unit), None) = (all.next(), all.next()) else {
        return;
    };
    if used || !folder_of(&only.1.path).is_empty() {
        return;
    }
    if let Some(program) = builds::program(world, only.0) {
        unit.project = Some(program);
        unit.images.push(only);
    }
}

fn build_of(deployable: &Deployable) -> Option<(String, Option<String>)> {
    let build = deployable.build.as_ref()?;
    Some((build.value.clone(), deployable.dockerfile.clone()))
}

/// The one folder with a program that a variable or another name of a part is called after:
/// `DIR=orders-service`, `container_name: orders-service`.
fn by_folder(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let told = || unit.deployables.iter();
    // An address names a neighbour.
    let own = told().flat_map(|(d, _)| d.env.iter().filter(|e| !is_address_key(&e.name)));
    let values = own.filter_map(|e| e.value.as_deref());
    let names = told().flat_map(|(d, _)| std::iter::once(&d.name).chain(&d.aliases));
    let words: BTreeSet<&str> = values.chain(names.map(String::as_str)).collect();
    let mut found = (0..world.projects.len()).filter(|&p| {
        let project = &world.projects[p];
        let last = project.folder.rsplit('/').next().unwrap_or_default();
        let manifest = !project.packages.is_empty();
        !project.is_aside && manifest && words.contains(last) && world.is_code(p)
    });
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// The program of an image whose build file says from which code the started file was made.
fn by_maker(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let (image, _) = unit.images.first()?;
    let known = builds::maker(world, image)?;
    builds::program(world, image).or(Some(known))
}

/// The project of .NET that the build of an image publishes, whatever starts it.
fn by_publishing(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let (image, _) = unit.images.first()?;
    builds::published(world, image)
}

/// The project that a build with the whole tree before it takes nothing but.
fn by_copies(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let whole = |d: &Deployable| d.build.as_ref().is_some_and(|build| build.value.is_empty());
    let (image, _) = unit.images.first()?;
    let all = unit.deployables.iter().any(|(d, _)| whole(d));
    let taken = builds::taken(world, image).filter(|_| all)?;
    let folder = &world.projects[taken].folder;
    let inside = |copy: &String| {
        let rest = copy.trim_start_matches("./").strip_prefix(folder.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let alone = !folder.is_empty() && image.copies.iter().all(inside);
    alone.then_some(taken)
}

/// The project of .NET that an image starts: a library may have the name of the part itself.
fn by_assembly(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let (image, _) = unit.images.first()?;
    let starts = image.command.as_ref()?.value.contains(".dll");
    starts.then(|| builds::program(world, image))?
}

/// The project in whose folder a container of developers works: what is mounted there hides what the
/// image holds (<https://docs.docker.com/reference/compose-file/services/#working_dir>).
fn works_in(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    unit.deployables.iter().find_map(|(deployable, at)| {
        let mut given = deployable.attributes.iter();
        let (_, place) = given.find(|(key, _)| key == "working-directory")?;
        let mounts = mounted_at(deployable, &at.path).filter_map(|(folder, inside)| {
            let rest = place.value.trim_end_matches('/').strip_prefix(inside)?;
            let below = rest.is_empty() || rest.starts_with('/');
            let rest = rest.trim_start_matches('/');
            below.then(|| match (folder.is_empty(), rest.is_empty()) {
                (true, _) => rest.to_owned(),
                (false, true) => folder,
                (false, false) => format!("{folder}/{rest}"),
            })
        });
        // The longest path inside is that of the innermost mount, and of the outermost folder.
        let folder = mounts.min_by_key(String::len)?;
        world.project_at(&folder).filter(|&p| world.is_code(p))
    })
}

/// The project of which a container starts a file that is mounted and not copied into its image:
/// `./:/var/www/html` and `php /var/www/html/artisan serve`, be it by a command or by a variable.
fn starts_mounted(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if unit.technology.is_some_and(Technology::is_server) {
        return None;
    }
    unit.deployables.iter().find_map(|(deployable, at)| {
        let image = unit.images.first().map(|(image, _)| *image);
        let commands = deployable.command.iter();
        let commands = commands.chain(image.and_then(|image| image.command.as_ref()));
        let given = (deployable.env.iter()).chain(image.into_iter().flat_map(|i| &i.env));
        let texts: Vec<&str> = commands
            .map(|command| command.value.as_str())
            .chain(given.filter_map(|env| env.value.as_deref()))
            .collect();
        let words = || {
            texts
                .iter()
                .flat_map(|text| text.split([' ', ',', '"', '[', ']']))
        };
        let mut mounts = mounted_at(deployable, &at.path);
        mounts.find_map(|(folder, inside)| {
            let starts = words().any(|word| {
                let rest = word.strip_prefix(inside).and_then(|r| r.strip_prefix('/'));
                let path = rest.and_then(|rest| join(&folder, rest));
                path.is_some_and(|path| is_started(world, &path))
            });
            let project = world.project_at(&folder).filter(|_| starts)?;
            world.is_code(project).then_some(project)
        })
    })
}

/// Whether a file that a command or a variable names is a program, be it one without an ending (`artisan`), and
/// neither settings nor a document that a program of others reads.
fn is_started(world: &World<'_>, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let settings = name.contains("conf") || name.contains("settings");
    world.file(path).is_some_and(|file| {
        let bare = !name.contains('.') && name.starts_with(|c: char| c.is_ascii_lowercase());
        !settings && (file.language.is_code() || name.ends_with(".sh") || bare)
    })
}

/// Whether the root has no package of its own and more code than all packages below it together.
fn holds_most(world: &World<'_>, project: usize) -> bool {
    let root = &world.projects[project];
    let code = |all: &[usize]| {
        let source = |&&i: &&usize| world.files[i].language.is_code();
        all.iter().filter(source).count()
    };
    let others = world.projects.iter().filter(|p| !p.folder.is_empty());
    root.folder.is_empty()
        && root.packages.is_empty()
        && code(&root.own) > others.map(|p| code(&p.own)).sum::<usize>()
}

fn by_build(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    let mut all = unit.deployables.iter();
    all.find_map(|(d, _)| of_build(world, unit, d))
}

fn of_build(world: &World<'_>, unit: &Unit<'_>, d: &Deployable) -> Option<usize> {
    let build = d.build.as_ref()?;
    let image = builds::of_deployable(world, d);
    if image.is_some_and(|(image, _)| holds_no_source(world, image)) {
        return None;
    }
    // The folder of the Dockerfile says more than a build context above it; if no code lies
    // there, the image holds a product and no source.
    if let Some(folder) = d.dockerfile.as_deref().map(folder_of)
        && folder.len() > build.value.len()
        && !builds::is_aside_of_build(folder)
    {
        return world.project_at(folder).or_else(|| {
            world.project_of(&format!("{folder}/x")).filter(|&p| {
                !world.projects[p].folder.is_empty()
                    && world.projects[p].folder.len() > build.value.len()
            })
        });
    }
    let exact = || {
        world
            .project_at(&build.value)
            .filter(|_| !build.value.is_empty())
    };
    let below = || {
        let prefix = format!("{}/", build.value);
        let mut inside = (0..world.projects.len()).filter(|&p| {
            !build.value.is_empty()
                && world.projects[p].folder.starts_with(&prefix)
                && !world.projects[p].is_aside
        });
        let first = inside.next()?;
        inside.next().is_none().then_some(first)
    };
    let root = || world.project_at(&build.value);
    let whole = exact().or_else(below).or_else(root);
    // What only gathers modules is not what runs: of these the one that is called like the part.
    match whole.filter(|&p| only_gathers(world, p)) {
        Some(gathers) => module_called(world, unit, gathers),
        None => whole,
    }
}

/// Whether a folder has the manifest of an aggregate alone, which is built of its modules and nothing else
/// (<https://maven.apache.org/pom.html#aggregation-or-multi-module>).
fn only_gathers(world: &World<'_>, project: usize) -> bool {
    let project = &world.projects[project];
    let gathers = |p: &Package| {
        matches!(p.ecosystem.as_str(), "maven" | "gradle")
            && !p.members.is_empty()
            && !p.application
    };
    let source = match project.folder.as_str() {
        "" => "src/main/".to_owned(),
        folder => format!("{folder}/src/main/"),
    };
    !project.packages.is_empty()
        && project.packages.iter().all(|(p, _)| gathers(p))
        && !(project.files.iter()).any(|&i| world.files[i].path.starts_with(&source))
}

/// The module below an aggregate that is called like a part or its image.
fn module_called(world: &World<'_>, unit: &Unit<'_>, above: usize) -> Option<usize> {
    let prefix = match world.projects[above].folder.as_str() {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let images = (unit.deployables.iter()).filter_map(|(d, _)| d.image.as_ref());
    let names = images.map(|i| plain(image_name(&i.value)));
    let names: BTreeSet<String> = names.chain([plain(&unit.name)]).collect();
    let hits: Vec<usize> = (0..world.projects.len())
        .filter(|&p| {
            let project = &world.projects[p];
            p != above
                && !project.is_aside
                && project.folder.starts_with(&prefix)
                && project.plain_names.iter().any(|name| names.contains(name))
        })
        .collect();
    one_of(world, &hits)
}

fn by_name(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if unit.technology.is_some_and(|t| t.role.is_some()) {
        return None;
    }
    let mut wanted: Vec<String> = Vec::new();
    // An application host names the project itself.
    let hosted = unit
        .deployables
        .iter()
        .filter(|(d, _)| d.source == "aspire");
    wanted.extend(hosted.filter_map(|(d, _)| Some(d.build.as_ref()?.value.clone())));
    wanted.push(unit.name.clone());
    for (deployable, _) in &unit.deployables {
        let image = deployable.image.as_ref().map(|i| image_name(&i.value));
        wanted.extend(image.map(str::to_owned));
        wanted.extend(image.and_then(without_digest).map(str::to_owned));
    }
    for is_plain in [true, false] {
        for name in &wanted {
            let key = if is_plain { plain(name) } else { loose(name) };
            let hits: Vec<usize> = (0..world.projects.len())
                .filter(|&p| {
                    let project = &world.projects[p];
                    let names = if is_plain {
                        &project.plain_names
                    } else {
                        &project.loose_names
                    };
                    !project.is_aside && names.contains(&key)
                })
                .collect();
            if let Some(found) = one_of(world, &hits) {
                return Some(found);
            }
        }
    }
    // `shop-orders` may be the image of the folder `orders`.
    let shorter: Vec<String> = wanted
        .iter()
        .skip(1)
        .filter_map(|n| Some(plain(n.split_once('-')?.1)))
        .collect();
    let hits: Vec<usize> = (0..world.projects.len())
        .filter(|&p| {
            !world.projects[p].is_aside
                && (world.projects[p].names.iter())
                    .zip(&world.projects[p].plain_names)
                    .any(|(name, plain)| name.len() > 3 && shorter.contains(plain))
        })
        .collect();
    one_of(world, &hits)
}

/// The name of an image without the digest of its import path that `ko` puts behind the name of the program
/// (<https://ko.build/configuration/#naming-images>).
pub(super) fn without_digest(image: &str) -> Option<&str> {
    let (name, digest) = image.rsplit_once('-')?;
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (digest.len() == 32 && digest.bytes().all(hex)).then_some(name)
}

/// Whether a build of Gradle without code of its own makes a program of its modules.
fn gathers_program(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    let applies = |p: &Package| p.ecosystem == "maven" && p.application;
    packages.any(|(package, _)| applies(package)) && !world.is_code(project)
}

/// The project that several of one name mean: the only one, or the deepest of a chain of folders
/// inside each other that holds code. Folders beside each other decide nothing.
fn one_of(world: &World<'_>, hits: &[usize]) -> Option<usize> {
    let with_code: Vec<usize> = (hits.iter().copied())
        .filter(|&p| world.is_code(p) || gathers_program(world, p))
        .collect();
    let hits = if with_code.is_empty() {
        hits
    } else {
        &with_code
    };
    // Of several of one name the one that has an image is the one that runs.
    let mut packed =
        (hits.iter()).filter(|&&p| !world.images_in(&world.projects[p].folder).is_empty());
    if let (Some(&only), None) = (packed.next(), packed.next()) {
        return Some(only);
    }
    let (&first, rest) = hits.split_first()?;
    let below = |inner: usize, outer: usize| {
        let prefix = format!("{}/", world.projects[outer].folder);
        world.projects[inner].folder.starts_with(&prefix)
    };
    rest.iter()
        .try_fold(first, |chosen, &next| below(next, chosen).then_some(next))
}
