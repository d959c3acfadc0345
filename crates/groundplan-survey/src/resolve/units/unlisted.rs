//! Parts that no deployment file lists: projects that start something.

use super::Unit;
use super::roles::has_ui_framework;
use super::sources::is_cargo;
use super::written::in_several_languages;
use crate::extractors::procfile::PROCFILE;
use crate::facts::{Claim, Deployable};
use crate::processes::Process;
use crate::resolve::builds;
use crate::resolve::inner_projects::InnerProjects;
use crate::resolve::leaders::process_of;
use crate::resolve::names::{image_name, is_aside, is_double, is_in_tests, loose};
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use groundplan_knowledge::Category;
use groundplan_model::{DependencyScope, Evidence, Role};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Projects whose folder an argument of a build names: the part that is built so is told already
/// (`args: FOLDER: client/pages`).
fn told_to_build(world: &World<'_>, units: &[Unit<'_>]) -> BTreeSet<usize> {
    let told = units.iter().flat_map(|u| &u.deployables);
    let args = told.flat_map(|(d, _)| d.attributes.iter().filter(|(key, _)| key == "build.args"));
    let values = args.flat_map(|(_, args)| args.value.split(' '));
    let folders = values.filter_map(|pair| Some(pair.split_once('=')?.1.trim_matches(['.', '/'])));
    folders
        .filter(|folder| !folder.is_empty())
        .filter_map(|folder| world.project_at(folder))
        .collect()
}

/// Projects that run and that no deployment file lists.
pub(super) fn add_unlisted<'f>(world: &World<'f>, units: &mut Vec<Unit<'f>>) {
    let started = builds::started(world);
    let nothing_deployed = !units.iter().any(|u| u.project.is_some());
    let linked = linked(world);
    let inner = InnerProjects::of(world);
    let served = |u: &&Unit<'_>| !is_process_behind(u);
    let mut taken: BTreeSet<usize> = (units.iter().filter(served))
        .filter_map(|u| u.project)
        .collect();
    taken.extend(told_to_build(world, units));
    taken.extend(in_several_languages(world, units));
    let mut more = Vec::new();
    let mut needed: Option<BTreeSet<usize>> = None;
    let mut served_modules: Option<bool> = None;
    for project in 0..world.projects.len() {
        let folder = &world.projects[project].folder;
        let tool = is_of_tools(folder);
        let aside = world.projects[project].is_aside || (tool && !nothing_deployed);
        if taken.contains(&project) || (aside && !folder.is_empty()) {
            continue;
        }
        // What stands in for a part, or drives a browser, serves tests alone.
        let last = folder.rsplit('/').next().unwrap_or_default();
        if !taken.is_empty() && (is_double(last) || is_in_tests(last)) {
            continue;
        }
        let found = entry(world, project).or_else(|| {
            let at = quarkus_entry(world, project)?;
            let needed = needed.get_or_insert_with(|| needed_modules(world, &inner));
            (!needed.contains(&project)).then_some((at, true))
        });
        let Some((evidence, framework)) = found else {
            continue;
        };
        // Pages among the sources of a program of Java are packed into it.
        let mut above = std::iter::successors(Some(folder.as_str()), |f| {
            (!f.is_empty()).then(|| folder_of(f))
        });
        let packed = above.any(|f| {
            let owner = f.strip_suffix("/src/main");
            let builds_it = |at: usize| at != project && builds_pages(world, at);
            owner.is_some_and(|owner| world.project_at(owner).is_some())
                || world.project_at(f).is_some_and(builds_it)
        });
        if packed && is_npm(world, project) {
            continue;
        }
        if is_npm(world, project)
            && world.images_in(folder).is_empty()
            && is_started_by_another(world, units, project)
        {
            continue;
        }
        // What only packs a program of another project is another image of that.
        if is_chore(world, project) || inner.packed(world, project).is_some() {
            continue;
        }
        let mut images = builds::of_project(world, project);
        if images.is_empty() {
            images.extend(started.get(&project));
        }
        // What is made for others to import runs in them, also where it draws something.
        if images.is_empty() && is_library(world, project) {
            continue;
        }
        // What is made of documents alone tells of the system and is no part of it.
        if images.is_empty() && is_of_documents(world, project) {
            let part =
                |p: usize| p != project && entry(world, p).is_some() && !is_of_documents(world, p);
            if !taken.is_empty() || (0..world.projects.len()).any(part) {
                continue;
            }
        }
        // What drives a browser and nothing packs tries the pages of others.
        if images.is_empty() && drives_browsers(world, project) {
            continue;
        }
        // Beside modules that serve, one with a plain `main` is run by those who build the system.
        if images.is_empty()
            && !framework
            && is_module(world, project)
            && answers_nobody(world, project)
        {
            let served = |p: usize| is_module(world, p) && entry(world, p).is_some_and(|(_, f)| f);
            let served =
                *served_modules.get_or_insert_with(|| (0..world.projects.len()).any(served));
            if served {
                continue;
            }
        }
        // A module of Maven or Gradle that others are built with, and that answers nobody, is theirs.
        let answers_none = || answers_nobody(world, project) || offers_nothing(world, project);
        if images.is_empty() && is_module(world, project) && answers_none() {
            let needed = needed.get_or_insert_with(|| needed_modules(world, &inner));
            if needed.contains(&project) {
                continue;
            }
        }
        // A library may have a program to try it out; pages that others are built with are theirs.
        let answers = || {
            listens(world, project)
                && !has_ui_framework(world, project)
                && (!is_npm(world, project) || starts_server(world, project))
        };
        if images.is_empty() && linked.contains(&project) && !answers() {
            continue;
        }
        let deployable = framework || !images.is_empty();
        if !(deployable || nothing_deployed) {
            continue;
        }
        let Some(mut name) = own_name(world, project) else {
            continue;
        };
        // A program for those who install it may bear the name under which a server of the same product runs.
        let runs_other = |u: &Unit<'_>| {
            loose(&u.name) == loose(&name) && u.project.is_some_and(|p| p != project)
        };
        if is_cargo(world, project) && units.iter().any(runs_other) {
            name = format!("{name} (program)");
        }
        // A workload whose image is called otherwise may be reached under the name of the source.
        if let Some(known) = reached_as(units, &name) {
            let known = &mut units[known];
            known.project = Some(project);
            known.images.extend(images);
            continue;
        }
        // The same name is already there: with another source, or still without one.
        if let Some(known) = units.iter_mut().find(|u| loose(&u.name) == loose(&name)) {
            if known.project.is_none() && known.technology.is_none() {
                known.project = Some(project);
                known.images.extend(images);
            }
            continue;
        }
        let mut hosts = BTreeSet::new();
        hosts.insert(name.to_ascii_lowercase());
        hosts.extend((world.projects[project].names.iter()).map(|n| n.to_ascii_lowercase()));
        let mut places = vec![evidence];
        places.extend(images.iter().map(|(_, at)| (*at).clone()));
        more.push(Unit {
            name,
            hosts,
            deployables: Vec::new(),
            others: Vec::new(),
            images,
            project: Some(project),
            technology: None,
            role: Role::Service,
            evidence: places,
            optional: false,
            development: false,
        });
    }
    units.extend(more);
}

/// Whether a project in a folder of its own is what a generator of documentation makes a site of. Some of these stand
/// in the manifest of a program as well, for the documents beside it, so that the folder has to say it, too.
fn is_of_documents(world: &World<'_>, project: usize) -> bool {
    const ALONE: &str = "docusaurus";
    const BESIDE: [&str; 3] = ["fumadocs", "vitepress", "vuepress"];
    const FOLDERS: [&str; 6] = ["doc", "docs", "documentation", "manual", "site", "website"];
    let folder = world.projects[project].folder.as_str();
    let last = folder.rsplit('/').next().unwrap_or_default();
    let called = FOLDERS.contains(&last);
    !folder.is_empty()
        && world.facts_of(project).any(|fact| match &fact.claim {
            Claim::Dependency(d) if d.ecosystem == "npm" => {
                let known = world.knowledge.by_package(&d.ecosystem, &d.name);
                known.is_some_and(|(t, _)| {
                    let alone = &*t.id == ALONE && d.scope == DependencyScope::Runtime;
                    alone || called && BESIDE.contains(&&*t.id)
                })
            }
            _ => false,
        })
}

/// The only workload of a cluster without a source that others reach under a name, where no other part has
/// that name and the image is no product of others.
fn reached_as(units: &[Unit<'_>], name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    let mut called = (0..units.len()).filter(|&u| units[u].hosts.contains(&name));
    let first = called.next().filter(|_| called.next().is_none())?;
    let unit = &units[first];
    let open = unit.project.is_none() && unit.technology.is_none() && unit.images.is_empty();
    // A word alone as `api` may be a label of anything.
    let mut deployed = unit.deployables.iter();
    let ends = |d: &Deployable| {
        let image = d.image.as_ref().map_or("", |i| image_name(&i.value));
        image.ends_with(&format!("-{name}")) || image.starts_with(&format!("{name}-"))
    };
    (open && deployed.any(|(d, _)| d.source == "kubernetes" && ends(d))).then_some(first)
}

/// Whether the image of another part starts a file of a project that lies below the folder of its build file:
/// `CMD ["node", "server/index.js"]`.
fn is_started_by_another(world: &World<'_>, units: &[Unit<'_>], project: usize) -> bool {
    let folder = world.projects[project].folder.as_str();
    let images = units.iter().filter(|u| u.project != Some(project));
    let mut images = images.flat_map(|u| &u.images);
    images.any(|(image, at)| {
        let command = image.command.as_ref().map_or("", |c| c.value.as_str());
        let base = folder_of(&at.path);
        let mut words = command.split_whitespace();
        words.any(|word| {
            let word = word.trim_matches(['[', ']', '"', '\'', ',']);
            let file = word.contains('/') && !word.starts_with('/');
            let path = join(base, word).filter(|_| file);
            path.is_some_and(|path| {
                let inner = path.strip_prefix(folder);
                inner.is_some_and(|rest| rest.starts_with('/')) && folder.len() > base.len()
            })
        })
    })
}

/// Whether a unit is a process that a list of them names beside the server of the same source: workers
/// and schedulers answer nobody, so what answers is a part of its own.
fn is_process_behind(unit: &Unit<'_>) -> bool {
    let mut all = unit.deployables.iter();
    all.all(|(d, _)| d.source == PROCFILE)
        && matches!(process_of(unit), Process::Worker | Process::Scheduler)
}

fn is_module(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    packages.any(|(package, _)| package.ecosystem == "maven")
}

/// Modules that other modules of Maven or Gradle are built with.
fn needed_modules<'f>(world: &World<'f>, inner: &InnerProjects<'f>) -> BTreeSet<usize> {
    let all = (0..world.projects.len()).filter(|&p| is_module(world, p));
    all.flat_map(|p| inner.needed(world, p)).collect()
}

/// Where a module answers or takes messages that is built with Quarkus, which needs no `main`; the plugin
/// that packs it may stand in the file of a parent
/// (<https://quarkus.io/guides/lifecycle#the-main-method>).
fn quarkus_entry(world: &World<'_>, project: usize) -> Option<Evidence> {
    let serves = |name: &str| {
        name.strip_prefix("io.quarkus:quarkus-").is_some_and(|n| {
            n.starts_with("rest") && !n.contains("client") || n.contains("messaging") || n == "grpc"
        })
    };
    let built = world.facts_of(project).any(|fact| {
        matches!(&fact.claim, Claim::Dependency(d)
            if d.scope == DependencyScope::Runtime && serves(&d.name))
    });
    let of_jvm = |path: &str| matches!(Language::of(path), Language::Java | Language::Kotlin);
    let mut facts = world.facts_of(project).filter(|_| built);
    let found = facts.find(|f| answers(&f.claim) && of_jvm(&f.at.path));
    found.map(|fact| fact.at.clone())
}

/// Whether code answers others there, or takes messages.
fn answers(claim: &Claim) -> bool {
    matches!(
        claim,
        Claim::Endpoint(_) | Claim::GrpcServer(_) | Claim::RpcServer(_) | Claim::Channel(_)
    )
}

/// Whether no code of a project starts something or offers operations; a plain `main` of a library tries one
/// of its classes out.
fn answers_nobody(world: &World<'_>, project: usize) -> bool {
    !world.facts_of(project).any(|fact| match &fact.claim {
        Claim::Entry(entry) => entry.kind != "main",
        claim => answers(claim),
    })
}

/// Whether a module answers nobody whatever starts it: a program of Spring that others are built with is what
/// the one who made the module left there.
fn offers_nothing(world: &World<'_>, project: usize) -> bool {
    !world.facts_of(project).any(|fact| match &fact.claim {
        Claim::Uses(uses) => uses.side == "server",
        claim => answers(claim),
    })
}

/// Whether a project of the JVM is built with a driver of browsers for tests.
fn drives_browsers(world: &World<'_>, project: usize) -> bool {
    let drives = |name: &str| {
        name.starts_with("org.seleniumhq.selenium:") || name.starts_with("io.cucumber:")
    };
    world.facts_of(project).any(|fact| {
        matches!(&fact.claim, Claim::Dependency(d)
            if d.ecosystem == "maven" && d.scope == DependencyScope::Runtime && drives(&d.name))
    })
}

/// Whether a folder holds tools of those who work on the system.
fn is_of_tools(folder: &str) -> bool {
    folder.split('/').any(|part| {
        matches!(
            part,
            "tools" | "tool" | "scripts" | "script" | "hack" | "bin" | "utils" | "ci" | ".github"
        )
    })
}

/// Whether all manifests of a project say that it is a library.
pub(crate) fn is_library(world: &World<'_>, project: usize) -> bool {
    let packages = &world.projects[project].packages;
    !packages.is_empty() && packages.iter().all(|(package, _)| package.library)
}

/// Where a project starts, and whether the entry point is that of a server or user interface.
fn entry(world: &World<'_>, project: usize) -> Option<(Evidence, bool)> {
    let folder = &world.projects[project].folder;
    // A script among the tools of a repository of several projects starts none of them.
    let of_tools = |path: &str| {
        let inside = path.strip_prefix(folder.as_str()).unwrap_or(path);
        let inside = inside.rsplit_once('/').map_or("", |(folders, _)| folders);
        world.projects.len() > 1 && !inside.split('/').any(|f| f == "bin") && is_of_tools(inside)
    };
    let mut found: Option<(Evidence, bool)> = None;
    for fact in world.facts_of(project) {
        let (at, framework) = match &fact.claim {
            Claim::Entry(entry) => {
                let framework = !matches!(entry.kind.as_str(), "main" | "script" | "cli" | "bin");
                if !framework && of_tools(&fact.at.path) {
                    continue;
                }
                (&fact.at, framework)
            }
            // The manifest of a workspace that runs nothing itself starts its members.
            Claim::Package(package)
                if package.application
                    && !is_workspace_alone(world, project)
                    && !is_bare_npm(world, project) =>
            {
                (&fact.at, true)
            }
            _ => continue,
        };
        // Of several programs of a module the one of its name is the one that is meant.
        let is_named = |at: &Evidence| {
            let folder = at.path.rsplit('/').nth(1).unwrap_or_default();
            world.projects[project].names.iter().any(|n| n == folder)
        };
        let named = || is_named(at);
        let beside =
            |known: &Evidence| is_named(known) && folder_of(&known.path) == folder_of(&at.path);
        // A script beside a module of Go does not start it.
        let module = (world.projects[project].packages.iter()).any(|(p, _)| p.ecosystem == "go");
        let script =
            |at: &Evidence| module && !at.path.ends_with(".go") && !at.path.ends_with("go.mod");
        match &found {
            Some((known, false)) if script(known) && !script(at) => {
                found = Some((at.clone(), framework));
            }
            Some((known, false)) if script(at) && !script(known) => {}
            Some((known, true)) if !framework || known == at || !named() => {}
            Some((known, false)) if !framework && (!named() || beside(known)) => {}
            _ => found = Some((at.clone(), framework)),
        }
    }
    found
}

/// Whether the manifest of a project lists members of a workspace and needs no package to run.
fn is_workspace_alone(world: &World<'_>, project: usize) -> bool {
    let packages = &world.projects[project].packages;
    let lists = |p: &crate::facts::Package| p.ecosystem == "npm" && !p.members.is_empty();
    packages.iter().any(|(p, _)| lists(p))
        && packages.iter().all(|(p, _)| p.binaries.is_empty())
        && !world.facts_of(project).any(|fact| {
            matches!(&fact.claim, Claim::Dependency(d)
                if d.ecosystem == "npm" && d.scope == DependencyScope::Runtime)
        })
}

/// Whether a project of npm has no code of its own and needs no package: its scripts start others.
fn is_bare_npm(world: &World<'_>, project: usize) -> bool {
    let own = &world.projects[project];
    let code = |&i: &usize| world.files[i].language.is_code();
    is_npm(world, project)
        && !own.files.iter().any(code)
        && !(world.facts_of(project)).any(|fact| matches!(fact.claim, Claim::Dependency(_)))
}

fn own_name(world: &World<'_>, project: usize) -> Option<String> {
    let declared = world.facts_of(project).find_map(|fact| match &fact.claim {
        Claim::Property(p) if super::is_name_key(&p.key) => {
            p.value.clone().filter(|v| !v.contains("${"))
        }
        _ => None,
    });
    declared
        .or_else(|| world.projects[project].names.first().cloned())
        .or_else(|| framework_of(world, project))
}

/// The framework that a project without a name starts: what stands at the root of a repository and was
/// copied from a skeleton has no other.
fn framework_of(world: &World<'_>, project: usize) -> Option<String> {
    let is_framework = |id: &str| {
        let known = world.knowledge.by_id(id);
        known.is_some_and(|known| known.category == Category::WebFramework)
    };
    let of = |claim: &Claim| match claim {
        Claim::Entry(entry) => Some(entry.kind.clone()).filter(|id| is_framework(id)),
        _ => None,
    };
    // A program that only its routes tell of: `requirements.txt` and a Dockerfile name nothing.
    let answers = |claim: &Claim| match claim {
        Claim::Endpoint(endpoint) => Some(endpoint.framework.clone()).filter(|id| is_framework(id)),
        _ => None,
    };
    let facts = || world.facts_of(project).map(|fact| &fact.claim);
    facts().find_map(of).or_else(|| facts().find_map(answers))
}

/// Whether a project is a chore of its workspace: targets of a fuzzer, benchmarks, the host that
/// starts all on a developer's machine, or tasks that a developer runs through the build tool
/// (<https://github.com/matklad/cargo-xtask>).
fn is_chore(world: &World<'_>, project: usize) -> bool {
    let folder = &world.projects[project].folder;
    let last = folder.rsplit('/').next().unwrap_or_default();
    // An application host starts the others on a developer's machine.
    let hosts = |fact: &crate::facts::Fact| matches!(&fact.claim, Claim::Deployable(d) if d.source == "aspire");
    if world.facts_of(project).any(hosts) || is_fuzzing(world, project) {
        return true;
    }
    matches!(last, "xtask" | "xtasks" | "benches")
        || world.facts_of(project).any(|fact| {
            matches!(&fact.claim, Claim::Dependency(d)
                if d.ecosystem == "nuget"
                        && matches!(d.name.as_str(), "BenchmarkDotNet" | "Aspire.AppHost.Sdk" | "Aspire.Hosting.AppHost"))
        })
}

/// Whether a project feeds code of others with random input: by its folder or what it is built with.
pub(crate) fn is_fuzzing(world: &World<'_>, project: usize) -> bool {
    let mut folders = world.projects[project].folder.split('/');
    folders.any(|part| matches!(part, "fuzz" | "fuzzing"))
        || world.facts_of(project).any(|fact| {
            matches!(&fact.claim, Claim::Dependency(d)
                if d.ecosystem == "cargo" && matches!(d.name.as_str(), "libfuzzer-sys" | "afl" | "honggfuzz")
                    || d.ecosystem == "nuget" && d.name == "SharpFuzz")
        })
}

/// Crates and packages of npm that others of the repository are built with.
fn linked(world: &World<'_>) -> BTreeSet<usize> {
    let kept = |ecosystem: &str| matches!(ecosystem, "cargo" | "npm");
    let mut named: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (index, project) in world.projects.iter().enumerate() {
        for (package, _) in &project.packages {
            if kept(&package.ecosystem) && !package.name.is_empty() {
                named.insert((&package.ecosystem, &package.name), index);
            }
        }
    }
    if named.len() < 2 {
        return BTreeSet::new();
    }
    let mut all = BTreeSet::new();
    for (file, fact) in world.facts() {
        if let Claim::Dependency(d) = &fact.claim
            && (d.ecosystem == "cargo" || d.scope == DependencyScope::Runtime)
            && let Some(&project) = named.get(&(d.ecosystem.as_str(), d.name.as_str()))
            && world.project_of(&file.path) != Some(project)
            && !is_aside(&file.path)
        {
            all.insert(project);
        }
    }
    all
}

fn is_npm(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    packages.any(|(package, _)| package.ecosystem == "npm")
}

/// Whether the build of a program of Java builds pages of npm as well, to pack them into it
/// (<https://github.com/eirslett/frontend-maven-plugin>, <https://github.com/node-gradle/gradle-node-plugin>).
fn builds_pages(world: &World<'_>, project: usize) -> bool {
    const PLUGINS: [&str; 3] = [
        "com.github.eirslett:frontend-maven-plugin",
        "com.github.node-gradle.node",
        "org.siouan.frontend-jdk",
    ];
    world.facts_of(project).any(|fact| {
        matches!(&fact.claim, Claim::Dependency(d) if d.ecosystem == "maven"
            && PLUGINS.iter().any(|plugin| d.name.starts_with(plugin)))
    })
}

/// Whether code of a project starts what answers: a package that others are built with may well
/// define routes, or need a framework for their sake.
fn starts_server(world: &World<'_>, project: usize) -> bool {
    world.facts_of(project).any(|fact| {
        matches!(&fact.claim, Claim::Entry(entry) if !matches!(entry.kind.as_str(), "ui" | "cli" | "script"))
    })
}

/// Whether code of a project takes requests or messages.
pub(super) fn listens(world: &World<'_>, project: usize) -> bool {
    world.facts_of(project).any(|fact| match &fact.claim {
        Claim::Dependency(d) if d.scope == DependencyScope::Runtime => world
            .knowledge
            .by_package(&d.ecosystem, &d.name)
            // Thrift is the format of files as well.
            .is_some_and(|(t, client)| {
                let serves = matches!(t.category, Category::WebFramework | Category::Rpc);
                // Who only asks others has a client.
                serves && !client && t.id != "thrift"
            }),
        Claim::Endpoint(_) | Claim::GrpcServer(_) | Claim::RpcServer(_) | Claim::Channel(_) => true,
        Claim::Uses(uses) => uses.side == "server",
        _ => false,
    })
}
