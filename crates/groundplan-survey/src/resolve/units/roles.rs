//! What each part is: service, user interface, store, job.

use super::Unit;
use super::unlisted::listens;
use crate::facts::{Claim, Deployable, PackageDependency};
use crate::resolve::elements::started_in;
use crate::resolve::holders::Holders;
use crate::resolve::names::plain;
use crate::resolve::units::commands::{asks_in_a_loop, is_client, migrates};
use crate::resolve::variants;
use crate::resolve::world::World;
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{DependencyScope, Evidence, Role};
use std::collections::BTreeSet;

/// How many routes to others each unit's own configuration has. What a proxy hands to another process
/// of its own container goes nowhere, and what leads to a part itself is that of a proxy before it.
pub(super) fn routes(world: &World<'_>, holders: &Holders, units: &[Unit<'_>]) -> Vec<usize> {
    let mut counts = vec![0; units.len()];
    for file in world.files {
        let routes: Vec<&str> = (file.facts.iter())
            .filter_map(|f| match &f.claim {
                Claim::Route(r) if !is_cluster_route(&r.gateway) && !stays(&r.target) => {
                    Some(host_of(&r.target))
                }
                _ => None,
            })
            .collect();
        let listed = || {
            file.facts
                .iter()
                .any(|f| matches!(f.claim, Claim::Deployable(_)))
        };
        // What tests and pipelines start is there for them alone.
        if routes.is_empty() || variants::rank(&file.path) == 2 || listed() {
            continue;
        }
        for unit in holders.of(world, &file.path) {
            let other = |host: &&&str| !units[unit].hosts.contains(**host);
            counts[unit] += routes.iter().filter(other).count();
        }
    }
    counts
}

/// Whether a route is an object of a cluster, which a gateway of the cluster serves and not whoever keeps
/// the file among its sources.
pub(crate) fn is_cluster_route(gateway: &str) -> bool {
    const OBJECTS: [&str; 9] = [
        "ApisixRoute",
        "Contour",
        "GRPCRoute",
        "HTTPRoute",
        "Ingress",
        "OpenShift Route",
        "TCPRoute",
        "TLSRoute",
        "UDPRoute",
    ];
    OBJECTS.contains(&gateway)
}

/// Whether an address leads back into the container that it is read in.
fn stays(target: &str) -> bool {
    let host = host_of(target);
    let inner = target.split_once("://").map_or(target, |(_, rest)| rest);
    matches!(host, "localhost" | "127.0.0.1" | "unix") || inner.starts_with("[::1]")
}

/// The host of an address; `unix` is that of a socket of the same machine.
fn host_of(target: &str) -> &str {
    let inner = target.split_once("://").map_or(target, |(_, rest)| rest);
    inner.split(['/', ':']).next().unwrap_or_default()
}

pub(super) fn role(world: &World<'_>, unit: &Unit<'_>, routes: usize) -> Role {
    let job = |d: &Deployable| {
        matches!(d.kind.as_str(), "Job" | "CronJob") || is_client(d) || migrates(d)
    };
    let jobs = !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| job(d));
    // Whatever the image is of, a shell in it that only calls others serves nobody.
    if !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| asks_in_a_loop(d)) {
        return Role::LoadGenerator;
    }
    // What runs and ends serves nobody: a job with the image of a database is a client of one.
    if jobs {
        return Role::Job;
    }
    if let Some(role) = unit.technology.and_then(|t| t.role) {
        // A proxy on which an image is built, and that routes nowhere, serves files.
        let serves_files = role == Role::Gateway && routes == 0 && !unit.images.is_empty();
        return if serves_files {
            let pages = || {
                let has = unit.project.is_some_and(|p| has_ui_framework(world, p));
                has.then_some(Role::Ui)
            };
            by_words(&unit.name).or_else(pages).unwrap_or(Role::Service)
        } else {
            role
        };
    }
    let Some(project) = unit.project else {
        return by_words(&unit.name).unwrap_or(Role::Service);
    };
    let mut ui = false;
    let mut serves = false;
    let mut operations = 0;
    let mut product = None;
    for fact in world.facts_of(project) {
        match &fact.claim {
            Claim::Uses(uses) if uses.side == "server" => {
                let known = world.knowledge.by_id(&uses.technology);
                // What makes a program a server of a product elsewhere is the program of its own repository.
                let known = known.filter(|t| !super::is_repository_of(world, t));
                let issues = |t: &Technology| {
                    (t.category == Category::IdentityProvider).then_some(Role::Auth)
                };
                product = product.or(known.and_then(|t| t.role.or_else(|| issues(t))));
            }
            Claim::Entry(entry) if entry.kind == "ui" => ui = true,
            Claim::Endpoint(_) => {
                serves = true;
                operations += 1;
            }
            Claim::GrpcServer(_) | Claim::RpcServer(_) => serves = true,
            _ => {}
        }
    }
    // A program that answers much of its own brings the registry that its clients find it by.
    if let Some(role) = product.filter(|role| *role != Role::Registry || operations <= OWN) {
        return role;
    }
    if let Some(role) = by_words(&unit.name) {
        return role;
    }
    // What a module packs beside its servers for people to run in a terminal, it calls so.
    let is_tool =
        |name: &str| name.ends_with("ctl") || name.rsplit(['-', '_']).next() == Some("cli");
    if unit.deployables.is_empty()
        && !world.projects[project].program.is_empty()
        && unit.images.iter().all(|(image, _)| image.ports.is_empty())
        && is_tool(&unit.name.to_ascii_lowercase())
    {
        return Role::Program;
    }
    if !serves && makes_load(world, project) {
        return Role::LoadGenerator;
    }
    if routes > 1 {
        return Role::Gateway;
    }
    // Pages that an image of another language serves are not all that it does.
    let process = started_in(unit).is_some_and(|(ecosystem, _)| ecosystem != "npm")
        && (world.projects[project].packages.iter())
            .any(|(p, _)| Some(p.ecosystem.as_str()) == started_in(unit).map(|s| s.0));
    let frontend = !process && (ui || has_ui_framework(world, project));
    // A server that also hands out the pages it was built with answers for more than them.
    let answers = serves && (has_server_framework(world, project) || operations > OWN);
    if frontend && (!serves || ui) && !answers {
        return Role::Ui;
    }
    if unit.deployables.iter().any(|(d, _)| job(d)) {
        return Role::Job;
    }
    // The server of a program may be a crate of its own, which the program is built with.
    let serves = serves || !unit.images.is_empty() && serves_through_crates(world, project);
    if unit.deployables.is_empty() && is_program(world, project, serves) {
        return Role::Program;
    }
    // A service answers somebody, or something starts it and keeps it running.
    let is_crate =
        |(package, _): &(&crate::facts::Package, &Evidence)| package.ecosystem == "cargo";
    if unit.deployables.is_empty()
        && unit.images.is_empty()
        && (world.projects[project].packages.iter().any(is_crate) || ends_by_itself(world, project))
        && !serves
        && !listens(world, project)
    {
        return Role::Program;
    }
    Role::Service
}

/// A server of a product has few operations of its own: its health, a page.
const OWN: usize = 4;

/// Whether a program of .NET or of a module of Java is built with nothing that keeps it running.
fn ends_by_itself(world: &World<'_>, project: usize) -> bool {
    if is_plain_java(world, project) {
        return true;
    }
    let mut packages = world.projects[project].packages.iter();
    packages.any(|(p, _)| p.ecosystem == "nuget" && !p.binaries.is_empty())
        && !world.facts_of(project).any(|fact| {
            matches!(&fact.claim, Claim::Dependency(d)
                if d.ecosystem == "nuget"
                    && (d.name.starts_with("Microsoft.Extensions.Hosting")
                        || d.name.starts_with("Quartz")
                        || d.name == "Topshelf"))
        })
}

/// Whether all that starts a module of Maven or Gradle is a plain `main`, and no package that it is built
/// with is of those that wait for somebody.
fn is_plain_java(world: &World<'_>, project: usize) -> bool {
    const WAITING: [&str; 18] = [
        "akka", "amqp", "camel", "activemq", "grpc", "jetty", "jms", "kafka", "mqtt", "netty",
        "pekko", "pulsar", "quartz", "rabbit", "rocketmq", "spring", "undertow", "vertx",
    ];
    let mut packages = world.projects[project].packages.iter();
    if !packages.any(|(p, _)| p.ecosystem == "maven") {
        return false;
    }
    let mut starts = false;
    for fact in world.facts_of(project) {
        match &fact.claim {
            Claim::Entry(entry) if entry.kind != "main" => return false,
            Claim::Entry(_) => starts = true,
            Claim::Dependency(d)
                if d.scope == DependencyScope::Runtime
                    && WAITING.iter().any(|word| d.name.contains(word)) =>
            {
                return false;
            }
            _ => {}
        }
    }
    starts
}

/// Whether a crate that a project is built with answers requests.
fn serves_through_crates(world: &World<'_>, project: usize) -> bool {
    let mut packages = world.projects[project].packages.iter();
    if !packages.any(|(package, _)| package.ecosystem == "cargo") {
        return false;
    }
    let mut seen = BTreeSet::from([project]);
    let mut next = vec![project];
    while let Some(project) = next.pop() {
        for fact in world.facts_of(project) {
            match &fact.claim {
                Claim::Endpoint(_) if seen.len() > 1 => return true,
                Claim::Dependency(d)
                    if d.ecosystem == "cargo" && d.scope == DependencyScope::Runtime =>
                {
                    let named = || world.crate_of(&d.name);
                    let found = d.path.as_deref().and_then(|p| world.project_at(p));
                    if let Some(found) = found.or_else(named)
                        && seen.insert(found)
                    {
                        next.push(found);
                    }
                }
                _ => {}
            }
        }
    }
    false
}

/// Whether people run it in a terminal: it draws there, or it reads a command line and answers no
/// requests.
fn is_program(world: &World<'_>, project: usize, serves: bool) -> bool {
    const SCREENS: [&str; 14] = [
        "github.com/rivo/tview",
        "github.com/gdamore/tcell",
        "github.com/gdamore/tcell/v2",
        "github.com/charmbracelet/bubbletea",
        "github.com/jroimartin/gocui",
        "github.com/awesome-gocui/gocui",
        "github.com/gizak/termui/v3",
        "ratatui",
        "cursive",
        "textual",
        "urwid",
        "prompt-toolkit",
        "blessed",
        "ink",
    ];
    const LINES: [&str; 23] = [
        "github.com/jessevdk/go-flags",
        "github.com/spf13/cobra",
        "github.com/urfave/cli",
        "github.com/urfave/cli/v2",
        "github.com/urfave/cli/v3",
        "github.com/alecthomas/kingpin/v2",
        "github.com/alecthomas/kong",
        "clap",
        "structopt",
        "argh",
        "lexopt",
        "click",
        "typer",
        "docopt",
        "commander",
        "yargs",
        "oclif",
        "system.commandline",
        "commandlineparser",
        "commanddotnet",
        "spectre.console.cli",
        "mcmaster.extensions.commandlineutils",
        "cocona",
    ];
    let (mut screen, mut line, mut starts) = (false, false, false);
    for fact in world.facts_of(project) {
        match &fact.claim {
            Claim::Dependency(d) if d.scope == DependencyScope::Runtime => {
                let name = d.name.to_ascii_lowercase();
                screen |= SCREENS.contains(&name.as_str());
                line |= LINES.contains(&name.as_str());
            }
            Claim::Entry(entry) => {
                starts |= matches!(entry.kind.as_str(), "main" | "cli" | "script");
                line |= entry.kind == "cli";
            }
            _ => {}
        }
    }
    screen || line && starts && !serves && !listens(world, project)
}

/// Whether a project is built with a tool that makes load.
fn makes_load(world: &World<'_>, project: usize) -> bool {
    let is_tool = |d: &PackageDependency| {
        let known = world.knowledge.by_package(&d.ecosystem, &d.name);
        known.is_some_and(|(t, _)| t.role == Some(Role::LoadGenerator))
    };
    world
        .facts_of(project)
        .any(|fact| matches!(&fact.claim, Claim::Dependency(d) if is_tool(d)))
        || by_words(&world.projects[project].folder) == Some(Role::LoadGenerator)
}

/// Whether a project runs a framework that answers requests, in contrast to one that makes pages and
/// brings a server for them.
fn has_server_framework(world: &World<'_>, project: usize) -> bool {
    const SERVERS: [&str; 4] = ["composer", "gem", "npm", "pypi"];
    world.facts_of(project).any(|fact| match &fact.claim {
        Claim::Dependency(d)
            if SERVERS.contains(&d.ecosystem.as_str()) && d.scope == DependencyScope::Runtime =>
        {
            let known = world.knowledge.by_package(&d.ecosystem, &d.name);
            known.is_some_and(|(t, tool)| {
                !tool && t.category == Category::WebFramework && !PAGES.contains(&t.id.as_str())
            })
        }
        _ => false,
    })
}

/// Frameworks of the category of servers whose first purpose is pages.
const PAGES: [&str; 12] = [
    "antora",
    "astro",
    "eleventy",
    "gatsby",
    "ghost",
    "mdbook",
    "meteor",
    "nextjs",
    "nuxt",
    "remix",
    "sveltekit",
    "vitepress",
];

/// Whether a part hands out pages beside what else it answers.
pub(crate) fn hands_out_pages(world: &World<'_>, unit: &Unit<'_>) -> bool {
    unit.role == Role::Service
        && unit.project.is_some_and(|project| {
            let shows = |fact: &crate::facts::Fact| matches!(&fact.claim, Claim::Entry(entry) if entry.kind == "ui");
            has_server_framework(world, project) && world.facts_of(project).any(shows)
        })
}

pub(crate) fn has_ui_framework(world: &World<'_>, project: usize) -> bool {
    world.facts_of(project).any(|fact| match &fact.claim {
        Claim::Dependency(d) if d.ecosystem == "npm" => world
            .knowledge
            .by_package(&d.ecosystem, &d.name)
            .is_some_and(|(t, _)| t.category == Category::UiFramework),
        _ => false,
    })
}

/// What a name says outright.
fn by_words(name: &str) -> Option<Role> {
    let lower = name.to_ascii_lowercase();
    let key = plain(name);
    if [
        "loadgen",
        "loadgenerator",
        "loadtest",
        "usersim",
        "trafficgen",
    ]
    .iter()
    .any(|w| key.contains(w))
    {
        return Some(Role::LoadGenerator);
    }
    let words: Vec<&str> = lower.split(['-', '_', '.']).collect();
    if words.contains(&"gateway") || key.ends_with("gateway") {
        return Some(Role::Gateway);
    }
    if matches!(
        words.last(),
        Some(&"frontend" | &"ui" | &"webapp" | &"web-ui")
    ) || key == "frontend"
    {
        return Some(Role::Ui);
    }
    None
}
