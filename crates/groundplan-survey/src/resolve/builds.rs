//! Which image a unit runs, and which program starts in it.

mod parted;
mod scripts;

pub(crate) use parted::taken_in;
pub(crate) use scripts::{started as handed_on, started_in};

use crate::facts::{Claim, Deployable, ImageBuild};
use crate::resolve::names::{self, image_name, is_aside};
use crate::resolve::world::{World, folder_of};
use groundplan_knowledge::Category;
use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// A build of an image and where it stands.
pub(crate) type Image<'f> = (&'f ImageBuild, &'f Evidence);

/// The image that a deployment builds: that of the file it names, else of the `Dockerfile` of its
/// build folder; of that the stage it asks for.
pub(crate) fn of_deployable<'f>(world: &World<'f>, deployable: &Deployable) -> Option<Image<'f>> {
    let build = deployable.build.as_ref()?;
    let (image, at) = match &deployable.dockerfile {
        Some(path) => world.image_at(path)?,
        None => plain(world.images_in(&build.value))?,
    };
    let target = deployable
        .attributes
        .iter()
        .find(|(key, _)| key == "build.target");
    let staged = target.and_then(|(_, name)| {
        image
            .targets
            .iter()
            .find(|(stage, _)| stage.eq_ignore_ascii_case(&name.value))
    });
    Some((staged.map_or(image, |(_, image)| image), at))
}

/// The image of a project whose build no deployment file describes.
pub(crate) fn of_project<'f>(world: &World<'f>, project: usize) -> Vec<Image<'f>> {
    let project = &world.projects[project];
    match project.program.first() {
        Some(image) => vec![*image],
        None => of_folder(world, &project.folder),
    }
}

/// The image of a folder whose build no deployment file describes.
pub(crate) fn of_folder<'f>(world: &World<'f>, folder: &str) -> Vec<Image<'f>> {
    let own = world.images_in(folder);
    if own.is_empty() {
        let found = in_docker_folder(world, folder).or_else(|| of_artifact(world, folder));
        return found.into_iter().collect();
    }
    plain(own).into_iter().collect()
}

/// Where builds of Gradle, Maven and Cargo leave what they made, below the folder of a project.
const ARTIFACTS: [&str; 4] = [
    "/build/libs/",
    "/build/install/",
    "/build/distributions/",
    "/target/",
];

/// The image that takes what the build of a project leaves behind: `COPY shop/build/libs/*.jar` of a
/// file above its folder. One that takes from several projects is no one's.
fn of_artifact<'f>(world: &World<'f>, folder: &str) -> Option<Image<'f>> {
    let takes = |context: &str, copy: &str| -> Option<String> {
        let path = crate::source::join(context, copy)?;
        let (before, _) = ARTIFACTS.iter().find_map(|mark| path.split_once(mark))?;
        Some(before.to_owned())
    };
    if folder.is_empty() {
        return None;
    }
    let fits = |(image, at): &Image<'f>| {
        let context = folder_of(&at.path);
        let words = || at.path.split(['/', '.', '-', '_']);
        let mut all = image
            .copies
            .iter()
            .filter_map(|c| takes(context, c))
            .peekable();
        all.peek().is_some()
            && all.all(|project| project == folder)
            && !is_aside(&at.path)
            && !words().any(is_variant)
    };
    let mut found = world.all_images().filter(fits);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The image of a project whose build files stand in a folder for them: `docker/Dockerfile.alpine`,
/// `packaging/docker/debian/Dockerfile`. Of several for one program the first is told; where the
/// repository has several programs, such a folder is no one's.
fn in_docker_folder<'f>(world: &World<'f>, folder: &str) -> Option<Image<'f>> {
    let project = world.project_at(folder)?;
    let is_own = |p: usize| !world.projects[p].packages.is_empty() && !world.projects[p].is_aside;
    // Pages that are built into a program have no image of their own.
    let is_page = |p: usize, ecosystem: &str| {
        ecosystem == "npm"
            && world.facts_of(p).any(|fact| match &fact.claim {
                Claim::Dependency(d) => world
                    .knowledge
                    .by_package(&d.ecosystem, &d.name)
                    .is_some_and(|(t, _)| t.category == Category::UiFramework),
                _ => false,
            })
    };
    let starts = |p: usize| {
        world
            .facts_of(p)
            .any(|fact| matches!(&fact.claim, Claim::Entry(entry) if entry.kind != "ui"))
            || world.projects[p]
                .packages
                .iter()
                .any(|(package, _)| package.application && !is_page(p, &package.ecosystem))
    };
    let below = |p: &usize| {
        let other = &world.projects[*p].folder;
        folder.is_empty() || other.starts_with(folder) && other[folder.len()..].starts_with('/')
    };
    if !is_own(project) {
        return None;
    }
    let inside = |at: &Evidence| {
        let path = match folder {
            "" => Some(at.path.as_str()),
            _ => (at.path.strip_prefix(folder)).and_then(|rest| rest.strip_prefix('/')),
        };
        path.is_some_and(|path| {
            let mut parts = folder_of(path).split('/');
            parts.next().is_some_and(|first| {
                matches!(
                    first,
                    "docker"
                        | ".docker"
                        | "build"
                        | "packaging"
                        | "package"
                        | "container"
                        | "containers"
                        | "deploy"
                        | "deployment"
                        | "dockerfiles"
                )
            })
        })
    };
    let fits = |at: &Evidence| {
        let words: Vec<&str> = at.path.split(['/', '.', '-', '_']).collect();
        inside(at) && !is_aside(&at.path) && !words.iter().any(|w| is_variant(w))
    };
    let mut all: Vec<Image<'f>> = (world.all_images())
        .filter(|(image, at)| fits(at) && !makes_packages(image))
        .collect();
    // What a release publishes is what others run.
    let released = |at: &Evidence| {
        let mut all = world.published.values().flatten();
        all.any(|p| p.dockerfile.as_deref() == Some(at.path.as_str()))
    };
    all.sort_by_key(|(_, at)| {
        let words = at.path.split(['.', '-', '_']).count();
        (!released(at), at.path.matches('/').count(), words, &at.path)
    });
    let found = all.first().copied()?;
    // Asked last, since it looks at the facts of every project below.
    let mut others = (0..world.projects.len()).filter(|p| *p != project && is_own(*p) && below(p));
    if !others.any(starts) {
        return Some(starting(world, found, folder, project).unwrap_or(found));
    }
    // Of several programs an image is that of the one whose file it starts.
    let mut own = all
        .iter()
        .filter_map(|image| starting(world, *image, folder, project));
    let only = own.next()?;
    own.next().is_none().then_some(only)
}

/// The image of a build file, or of a stage of it that a build may ask for, which starts a file of a project by its
/// command: `CMD ["node", "server/server.js"]`.
fn starting<'f>(
    world: &World<'f>,
    (image, at): Image<'f>,
    folder: &str,
    project: usize,
) -> Option<Image<'f>> {
    let starts = |image: &ImageBuild| {
        let command = image
            .command
            .as_ref()
            .map_or("", |command| command.value.as_str());
        command.split_whitespace().any(|word| {
            let word = word.trim_matches(['"', '\'', ',', '[', ']']);
            let path = crate::source::join(folder, word.trim_start_matches("/app/"));
            path.is_some_and(|path| {
                word.contains('.')
                    && world.is_file(&path)
                    && world.project_of(&path) == Some(project)
            })
        })
    };
    if starts(image) {
        return Some((image, at));
    }
    // A build of the whole file starts what its last stage says, whatever others could.
    let fits = |name: &str| !name.split(['.', '-', '_']).any(is_variant);
    let mut stages = image.targets.iter().filter(|(name, _)| fits(name));
    let (_, found) = stages.find(|(_, stage)| image.command.is_none() && starts(stage))?;
    Some((found, at))
}

/// Whether a word of a file name speaks of a build for tests or debugging.
pub(super) fn is_variant(word: &str) -> bool {
    VARIANTS.contains(&word.to_ascii_lowercase().as_str())
}

const VARIANTS: [&str; 16] = [
    "debug",
    "dev",
    "development",
    "test",
    "tests",
    "e2e",
    "cypress",
    "ci",
    "lint",
    "bench",
    "local",
    "buildx",
    "deb",
    "rpm",
    "debugging",
    "playwright",
];

/// Whether an image is there to make packages or other files to hand out: it starts what builds them and ends.
fn makes_packages(image: &ImageBuild) -> bool {
    const TOOLS: [&str; 10] = [
        "cargo-deb",
        "debuild",
        "dpkg-buildpackage",
        "dpkg-deb",
        "fpm",
        "goreleaser",
        "makepkg",
        "nfpm",
        "rpmbuild",
        "snapcraft",
    ];
    const SHELLS: [&str; 4] = ["bash", "exec", "sh", "/bin/sh"];
    let command = image.command.as_ref().map_or("", |c| c.value.as_str());
    let mut words = (command.split_whitespace())
        .filter(|w| !SHELLS.contains(w) && !w.starts_with('-'))
        .map(|w| w.rsplit('/').next().unwrap_or(w));
    words.next().is_some_and(|name| {
        let script = name.strip_suffix(".sh").map(|stem| {
            let mut words = stem.split(['-', '_']);
            words.any(|word| matches!(word, "build" | "package" | "pack" | "deb" | "rpm"))
        });
        TOOLS.contains(&name) || script.unwrap_or(false)
    })
}

/// Of several build files in one folder the plain one; the only one that is no variant for tests
/// or debugging; else none, since nothing says which is deployed.
fn plain(all: Vec<Image<'_>>) -> Option<Image<'_>> {
    let name = |at: &Evidence| {
        at.path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let exact = all
        .iter()
        .find(|(_, at)| matches!(name(at).as_str(), "dockerfile" | "containerfile"));
    if let Some(found) = exact {
        return Some(*found);
    }
    let mut rest = all.into_iter().filter(|(_, at)| {
        let name = name(at);
        !name
            .split(['.', '-', '_'])
            .any(|word| word == "build" || is_variant(word))
    });
    let first = rest.next()?;
    rest.next().is_none().then_some(first)
}

/// The one build file that is made for several programs: it copies an artifact whose name is an
/// argument of the build, so that the build tool of each module can use it.
pub(crate) fn shared<'f>(world: &World<'f>) -> Option<Image<'f>> {
    let mut all = world
        .all_images()
        .filter(|(image, at)| !is_aside(&at.path) && image.copies.iter().any(|c| c.contains('$')));
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// The project that builds the program which an image starts: a package with a binary of this
/// name, the only one there is; where only pages were found in it, the one that hands them out.
pub(crate) fn program(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let found = program_of(world, image)?;
    Some(host_of_pages(world, image, found).unwrap_or(found))
}

/// The only project that answers requests, where an image of nothing but a system takes in pages: these run
/// nowhere by themselves, and no server of files is below them.
fn host_of_pages(world: &World<'_>, image: &ImageBuild, found: usize) -> Option<usize> {
    const SYSTEMS: [&str; 10] = [
        "almalinux",
        "alpine",
        "busybox",
        "debian",
        "distroless",
        "rockylinux",
        "scratch",
        "ubi-minimal",
        "ubi-micro",
        "ubuntu",
    ];
    let base = image.bases.last()?;
    let system = SYSTEMS.contains(&image_name(&base.value));
    // What starts a server of files, or the pages themselves.
    const SERVE: [&str; 11] = [
        "caddy", "deno", "httpd", "lighttpd", "nginx", "node", "nodejs", "npm", "npx", "pnpm",
        "yarn",
    ];
    let command = image.command.as_ref()?.value.as_str();
    let mut words = command
        .split(|c: char| c.is_whitespace() || "\"'[],;&|".contains(c))
        .filter(|word| !word.is_empty())
        .map(|word| word.rsplit('/').next().unwrap_or(word));
    // Of a program of its own `serve` is a command: `/srv/shop serve`.
    let mut programs = words
        .clone()
        .filter(|word| !matches!(*word, "exec" | "tini" | "dumb-init" | "--" | "sh" | "-c"));
    let serves = programs.next() == Some("serve") || words.any(|word| SERVE.contains(&word));
    let answers = |p: usize| {
        let mut facts = world.facts_of(p);
        facts.any(|fact| matches!(fact.claim, Claim::Endpoint(_)))
    };
    if !system || serves || answers(found) || !super::units::has_ui_framework(world, found) {
        return None;
    }
    let other = |p: &usize| *p != found && !world.projects[*p].is_aside && answers(*p);
    let mut all = (0..world.projects.len()).filter(other);
    let only = all.next()?;
    all.next().is_none().then_some(only)
}

fn program_of(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    // A program of a module knows its images.
    let packs = |p: &usize| {
        let mut all = world.projects[*p].program.iter();
        all.any(|(own, _)| std::ptr::eq(*own, image))
    };
    if let Some(found) = (0..world.projects.len()).find(packs) {
        return Some(found);
    }
    if let Some(found) = crate_program(world, image).or_else(|| scripts::started(world, image)) {
        return Some(found);
    }
    let command = image.command.as_ref();
    let words = command.into_iter().flat_map(|c| c.value.split_whitespace());
    let mut words = words.filter(|w| !matches!(*w, "exec" | "tini" | "dumb-init" | "--" | "-g"));
    let first = words.next().and_then(|word| word.rsplit('/').next());
    if first == Some("dotnet") {
        // `dotnet Shop.Orders.dll` starts what the project of that name is built to.
        let name = words.next().and_then(|word| word.rsplit('/').next());
        let name = name.and_then(|name| name.strip_suffix(".dll"));
        if let Some(found) = name.and_then(|name| assembly(world, name)) {
            return Some(found);
        }
    }
    if let Some(found) = published(world, image).or_else(|| maker(world, image)) {
        return Some(found);
    }
    if let Some(found) = packed(world, image).or_else(|| parted::started_of(world, image)) {
        return Some(found);
    }
    let Some(first) = first.filter(|f| *f != "dotnet") else {
        return copied(world, image);
    };
    builder(world, first).or_else(|| module_called(world, image, first))
}

/// The only project with code whose folder an image without a command of its own copies: its base runs what
/// it finds, as servers of pages and of PHP do.
fn copied(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    taken(world, image).filter(|_| image.command.is_none())
}

/// The only project with code whose folder an image copies.
pub(crate) fn taken(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let at = &image.bases.last()?.at;
    // With the whole tree in it, a folder that is copied beside says nothing of what runs. Nor does one beside
    // a manifest of Go or Cargo that depends on a folder of the repository.
    let depends = |copy: &str| {
        let manifest = match copy.trim_start_matches("./") {
            "go.mod" | "go.*" | "go.sum" => "go.mod",
            "Cargo.toml" | "Cargo.*" => "Cargo.toml",
            _ => return false,
        };
        let files = contexts(at).filter_map(|of| crate::source::join(of, manifest));
        let mut facts = files
            .filter_map(|path| world.file(&path))
            .flat_map(|f| &f.facts);
        facts.any(|fact| matches!(&fact.claim, Claim::Dependency(d) if d.path.is_some()))
    };
    let mut copies = image.copies.iter();
    if copies.any(|copy| copy == "." || depends(copy)) {
        return None;
    }
    let project = |path: &String| {
        let mut folders = contexts(at).filter_map(|of| crate::source::join(of, path));
        folders.find_map(|folder| world.project_at(folder.trim_end_matches('/')))
    };
    let all: BTreeSet<usize> = (image.copies.iter().filter_map(project))
        .filter(|&p| world.is_code(p) && !world.projects[p].packages.is_empty())
        .collect();
    all.first().copied().filter(|_| all.len() == 1)
}

/// The only module of Go whose path ends with the name of the program that an image starts,
/// `shop-server` of `github.com/acme/shop/server`, where a stage of its build has Go.
fn module_called(world: &World<'_>, image: &ImageBuild, name: &str) -> Option<usize> {
    let builds_go = (image.bases.iter()).any(|base| image_name(&base.value) == "golang");
    let key = names::plain(name);
    let called = |path: &str| key.len() > 3 && names::plain(path).ends_with(&key);
    let is = |p: &usize| {
        let mut packages = world.projects[*p].packages.iter();
        packages.any(|(package, _)| package.ecosystem == "go" && called(&package.name))
            && world.is_code(*p)
    };
    let mut found = (0..world.projects.len()).filter(|p| builds_go && is(p));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The project in whose folder the stage worked that made the file which an image starts: another stage
/// may have brought pages that this program serves.
pub(crate) fn maker(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let made = image.maker.as_ref()?;
    let value = made.value.trim_start_matches("./");
    // The stage may have worked in a folder of the project: `backend/cmd` of `backend`.
    const DEEPEST: usize = 8;
    let inner: Vec<&str> = std::iter::successors(Some(value), |of| {
        of.rsplit_once('/').map(|(above, _)| above)
    })
    .take(DEEPEST)
    .collect();
    let mut folders = (inner.iter())
        .flat_map(|value| contexts(&made.at).filter_map(move |of| crate::source::join(of, value)));
    folders.find_map(|folder| world.project_at(&folder).filter(|&p| world.is_code(p)))
}

/// The only project of .NET that the build of an image publishes: a script may start it.
pub(crate) fn published(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    // What the image starts by its name is that.
    let starts = image
        .command
        .as_ref()
        .is_some_and(|c| c.value.contains(".dll"));
    match image.assemblies.as_slice() {
        [only] if !starts => assembly(world, only),
        _ => None,
    }
}

/// The only project of .NET of this name.
fn assembly(world: &World<'_>, name: &str) -> Option<usize> {
    let is = |p: &usize| {
        let mut packages = world.projects[*p].packages.iter();
        packages.any(|(package, at)| {
            let file = at.path.rsplit('/').next().unwrap_or_default();
            let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
            package.ecosystem == "nuget" && (package.name == name || stem == name)
        })
    };
    let mut found = (0..world.projects.len()).filter(is);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The program that Cargo left at a path: `target/release/shop`, `target/x86_64-unknown-linux-musl/release/shop`
/// (<https://doc.rust-lang.org/cargo/reference/build-cache.html>).
fn crate_binary(path: &str) -> Option<&str> {
    let (before, name) = path.rsplit_once("/release/")?;
    let mut folders = before.rsplit('/').take(2);
    (folders.any(|folder| folder == "target") && !name.contains(['/', '*'])).then_some(name)
}

/// The crate whose program an image starts: what it takes of the build of Cargo alone, what its command
/// or, where that is a script, its health check calls, what `cargo build` makes for it, or of several
/// the only one that answers requests.
fn crate_program(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let is_crate = |p: &usize| {
        let mut packages = world.projects[*p].packages.iter();
        packages.any(|(package, _)| package.ecosystem == "cargo")
    };
    let of = |name: &str| builder(world, name).filter(is_crate);
    let binaries: BTreeSet<&str> = (image.carried.iter())
        .filter_map(|c| crate_binary(&c.value))
        .collect();
    if let (Some(name), 1) = (binaries.first(), binaries.len())
        && let Some(found) = builder(world, name)
    {
        return Some(found);
    }
    if binaries.is_empty() && image.crates.is_empty() && !builds_with_cargo(image) {
        return None;
    }
    let called = |command: &str| {
        let clean = |c: char| c.is_whitespace() || "[]\",'".contains(c);
        let mut words = command.split(clean).filter(|word| {
            let shell = matches!(*word, "exec" | "tini" | "dumb-init" | "--" | "-g" | "CMD");
            !word.is_empty() && !shell
        });
        words
            .next()
            .and_then(|word| word.rsplit('/').next())
            .and_then(of)
    };
    let started = image.command.as_ref().and_then(|c| called(&c.value));
    let checked = || image.health_check.as_ref().and_then(|c| called(&c.value));
    if let Some(found) = started.or_else(checked) {
        return Some(found);
    }
    let made: BTreeSet<usize> = (image.crates.iter().map(String::as_str))
        .chain(binaries)
        .filter_map(of)
        .collect();
    let only = |all: &BTreeSet<usize>| all.first().copied().filter(|_| all.len() == 1);
    only(&made).or_else(|| {
        let answers = |p: &usize| {
            world.facts_of(*p).any(|fact| {
                matches!(
                    fact.claim,
                    Claim::Endpoint(_) | Claim::GrpcServer(_) | Claim::Channel(_)
                )
            })
        };
        only(&made.into_iter().filter(answers).collect())
    })
}

/// Whether a stage of an image has the tools of Rust.
fn builds_with_cargo(image: &ImageBuild) -> bool {
    let mut bases = image.bases.iter();
    bases.any(|base| {
        let name = image_name(&base.value);
        name == "rust" || name.contains("cargo-chef") || name.contains("rust-musl")
    })
}

/// The project that builds the program of Cargo of this name, the only one there is.
pub(crate) fn crate_called(world: &World<'_>, name: &str) -> Option<usize> {
    let is_crate = |p: &usize| {
        let mut packages = world.projects[*p].packages.iter();
        packages.any(|(package, _)| package.ecosystem == "cargo")
    };
    builder(world, name).filter(is_crate)
}

/// The only project that builds a program of this name.
fn builder(world: &World<'_>, name: &str) -> Option<usize> {
    let builds = |p: &usize| {
        let packages = &world.projects[*p].packages;
        let starts = || {
            world
                .facts_of(*p)
                .any(|fact| matches!(&fact.claim, Claim::Entry(entry) if entry.kind != "ui"))
        };
        packages.iter().any(|(package, _)| {
            // The program of a crate is called as the crate unless its manifest says otherwise.
            let unnamed = package.ecosystem == "cargo" && package.name == name;
            package.binaries.iter().any(|b| b == name) || unnamed && starts()
        })
    };
    let mut found = (0..world.projects.len()).filter(builds);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The folders that may be the context of a build: that of its file and those above it.
fn contexts(at: &Evidence) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder_of(&at.path)), |of| {
        (!of.is_empty()).then(|| folder_of(of))
    })
}

/// The project that an image takes its files from, where they come of stages that had the whole tree:
/// what the build of a module leaves behind (`COPY --from=build /src/shop/build/libs/*.jar`), else the
/// folder below which all of them lie. One that takes from several is no one's.
fn packed(world: &World<'_>, image: &ImageBuild) -> Option<usize> {
    let taken = || image.carried.iter().filter(|c| !c.value.starts_with('/'));
    let leaves = |path: &str, at: &Evidence| {
        let (before, _) = ARTIFACTS.iter().find_map(|mark| path.split_once(mark))?;
        let mut folders = contexts(at).filter_map(|of| crate::source::join(of, before));
        folders.find_map(|folder| world.project_at(&folder))
    };
    let mut found = taken().filter_map(|c| leaves(&c.value, &c.at));
    if let Some(first) = found.next() {
        return found.all(|other| other == first).then_some(first);
    }
    let inside = |path: &str, at: &Evidence| {
        let mut paths = contexts(at).filter_map(|of| crate::source::join(of, path));
        let of = |p: String| {
            world
                .project_of(&p)
                .filter(|&p| !world.projects[p].folder.is_empty())
                // Scripts beside a build file are of the build.
                .filter(|&p| !is_aside_of_build(&world.projects[p].folder))
        };
        paths.find_map(of)
    };
    let all: BTreeSet<usize> = taken().filter_map(|c| inside(&c.value, &c.at)).collect();
    let outer = all
        .iter()
        .copied()
        .min_by_key(|&p| world.projects[p].folder.len())?;
    let prefix = format!("{}/", world.projects[outer].folder);
    let within = |p: &usize| *p == outer || world.projects[*p].folder.starts_with(&prefix);
    all.iter().all(within).then_some(outer)
}

/// Whether an image takes in what lies in a folder, from its context or through another stage.
pub(crate) fn is_packed(world: &World<'_>, folder: &str) -> bool {
    let within = |path: &str, at: &Evidence| {
        contexts(at).any(|of| {
            crate::source::join(of, path).is_some_and(|path| {
                path.strip_prefix(folder)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        })
    };
    let holds = |image: &ImageBuild, at: &Evidence| {
        let carried = image.carried.iter().map(|c| c.value.as_str());
        let copied = image.copies.iter().map(String::as_str);
        carried.chain(copied).any(|path| within(path, at))
    };
    !folder.is_empty()
        && world.all_images().any(|(image, at)| {
            holds(image, at) || image.targets.iter().any(|(_, image)| holds(image, at))
        })
}

/// Folders that hold Dockerfiles of other folders' code.
pub(crate) fn is_aside_of_build(folder: &str) -> bool {
    folder.split('/').any(|part| {
        matches!(
            part,
            "docker"
                | "deploy"
                | "deployment"
                | "build"
                | "dockerfiles"
                | "ci"
                | ".docker"
                | "infra"
        )
    })
}

/// The images by the project whose program each starts: `CMD ["/bin/shop"]` of the file at the root
/// starts the binary of a package below it. Of several the plainest is taken.
pub(crate) fn started<'f>(world: &World<'f>) -> BTreeMap<usize, Image<'f>> {
    let mut all: BTreeMap<usize, Image<'f>> = BTreeMap::new();
    for (image, at) in world.all_images() {
        let words = || at.path.split(['/', '.', '-', '_']);
        if is_aside(&at.path) || words().any(is_variant) || makes_packages(image) {
            continue;
        }
        if let Some(project) = program(world, image) {
            // `Dockerfile.server.alpine` is a variant of `Dockerfile.server`.
            let order = |at: &Evidence| {
                let words = at.path.split(['.', '-', '_']).count();
                (at.path.matches('/').count(), words, at.path.clone())
            };
            let known = all.entry(project).or_insert((image, at));
            if order(at) < order(known.1) {
                *known = (image, at);
            }
        }
    }
    all
}
