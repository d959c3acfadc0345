//! What a part is for, in the words of its manifest, of a README, or of the README of the system.

use crate::extractors::composed_subject;
use crate::facts::{COMMAND_LINE, Claim, Placed};
use crate::processes::{Process, process};
use crate::resolve::elements::started_in;
use crate::resolve::names::plain;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use groundplan_model::{Evidence, Provenance, Role, Statement};
use std::collections::BTreeSet;

pub(super) fn description(world: &World<'_>, unit: &Unit<'_>) -> Option<Statement> {
    let mut best: Option<(u8, Statement)> = None;
    // `Shop Portal` of `shop-portal` says no more than the name does.
    let own = plain(&unit.name);
    let mut offer = |rank: u8, text: &str, at: &Evidence| {
        let repeats = !own.is_empty() && bare_name(text) == bare_name(&unit.name);
        let says = !text.trim().is_empty() && !repeats;
        if best.as_ref().is_none_or(|(r, _)| rank < *r) && says {
            let provenance = Provenance::observed([at.clone()]);
            best = Some((
                rank,
                Statement {
                    text: text.trim().to_owned(),
                    provenance,
                },
            ));
        }
    };
    let project = unit.project.map(|project| &world.projects[project]);
    let packages = project.map_or(&[][..], |p| &p.packages);
    let ecosystems: BTreeSet<&str> = packages.iter().map(|(p, _)| p.ecosystem.as_str()).collect();
    let runs = started_in(unit);
    for (package, at) in packages {
        // Beside a manifest of another language one speaks of what it builds, such as pages.
        if ecosystems.len() > 1
            && let Some((ecosystem, _)) = runs
            && package.ecosystem != ecosystem
            && !is_named_after(&package.name, project.map_or("", |p| p.folder.as_str()))
        {
            continue;
        }
        // `description.workspace = true` stands for a text elsewhere.
        if let Some(text) = &package.description
            && text != "workspace"
        {
            // What bears the name of the whole in the folder of a part speaks of the whole.
            let folder = project.map_or("", |p| p.folder.as_str());
            let of_whole = !folder.is_empty()
                && !is_named_after(&package.name, folder)
                && is_whole(world, &package.name);
            offer(if of_whole { 8 } else { 1 }, text, at);
        }
    }
    // The README of the system speaks of its parts by name.
    for readme in &world.readmes {
        for (name, text) in &readme.parts {
            let key = plain(name);
            let folder = project.map_or("", |p| p.folder.as_str());
            let last = folder.rsplit('/').next().unwrap_or_default();
            let called = match name.contains('/') {
                true => name.trim_start_matches("./").trim_matches('/') == folder,
                false => key == own || key == plain(last),
            };
            if !key.is_empty() && called {
                offer(0, &text.value, &text.at);
            }
        }
    }
    // What is made of an image alone, such as a database, has no folder that could say more.
    let folder = project.map_or("", |p| p.folder.as_str());
    if let Some(purpose) = readme_in(world, folder) {
        offer(2, &purpose.value, &purpose.at);
    }
    for fact in unit.project.iter().flat_map(|p| world.facts_of(*p)) {
        if let Claim::Purpose(purpose) = &fact.claim
            && purpose.subject == folder
            && !is_taken_over(folder)
        {
            offer(3, &purpose.text, &fact.at);
        }
    }
    // `cart/README.md` beside `cart/src`, or beside the file that builds the image of `cart`.
    let called = |folder: &str| {
        let last = folder.rsplit('/').next().unwrap_or_default();
        !folder.is_empty() && plain(last) == own
    };
    let built = unit
        .images
        .first()
        .map_or("", |(_, at)| folder_of(&at.path));
    for folder in [folder_of(folder), built, folder_of(built)] {
        if called(folder)
            && let Some(purpose) = readme_in(world, folder)
        {
            offer(4, &purpose.value, &purpose.at);
        }
    }
    // The label of the image and the command line say it of what they belong to.
    for (_, at) in &unit.images {
        for fact in world.file(&at.path).into_iter().flat_map(|f| &f.facts) {
            if let Claim::Purpose(purpose) = &fact.claim
                && purpose.subject == at.path
                && !is_advice(&purpose.text)
            {
                offer(6, &purpose.text, &fact.at);
            }
        }
    }
    let mut called = (unit.project.iter().flat_map(|p| world.facts_of(*p))).filter(|fact| {
        let of = |p: &crate::facts::Purpose| p.subject == COMMAND_LINE && !is_advice(&p.text);
        matches!(&fact.claim, Claim::Purpose(p) if of(p))
    });
    // Of several programs none speaks for the part, nor does one that another one is started beside.
    if let (Some(fact), None) = (called.next(), called.next())
        && let Claim::Purpose(purpose) = &fact.claim
        && unit.role != Role::Ui
        && !(unit.role == Role::Service && purpose.text.starts_with("Called as "))
        && (is_started(unit, &fact.at.path) || is_only_program(world, unit, &fact.at.path))
    {
        offer(7, &purpose.text, &fact.at);
    }
    // The file that starts it says in a comment what it is for.
    for (deployable, at) in &unit.deployables {
        if deployable.source != "compose" {
            continue;
        }
        let subject = composed_subject(&at.path, &deployable.name);
        for fact in world.file(&at.path).into_iter().flat_map(|f| &f.facts) {
            if let Claim::Purpose(purpose) = &fact.claim
                && purpose.subject == subject
                && !is_advice(&purpose.text)
            {
                offer(5, &purpose.text, &fact.at);
            }
        }
    }
    // Of a program that runs as several processes the command tells what one of them is for. `worker` alone is a
    // program of whatever name, so that a word stands before it.
    let commands = unit.deployables.iter().filter_map(|(deployable, _)| {
        let command = deployable.command.as_ref()?;
        let of = process(&deployable.name, &format!("exec {}", command.value));
        Some((of, command))
    });
    let commands: Vec<_> = commands.collect();
    // What other files start the part with may be another process.
    let same = commands.windows(2).all(|pair| pair[0].0 == pair[1].0);
    for (of, command) in commands.into_iter().filter(|_| same) {
        let short = command.value.len() <= 80 && !command.value.contains(['`', '\n']);
        let does = match of {
            Process::Worker => "takes jobs from a queue and does them",
            Process::Scheduler => "starts jobs when their time comes",
            _ => continue,
        };
        if short {
            let text = format!("Its command, `{}`, {does}.", command.value);
            offer(9, &text, &command.at);
        }
    }
    best.map(|(_, statement)| statement)
}

/// Whether a name is that of the whole, by its README or the manifest at the root.
fn is_whole(world: &World<'_>, name: &str) -> bool {
    let titles = world.readmes.iter().filter_map(|r| r.title.as_ref());
    let titles = titles
        .filter(|t| !t.at.path.contains('/'))
        .map(|t| t.value.as_str());
    let roots = world.projects.iter().filter(|p| p.folder.is_empty());
    let packages = roots
        .flat_map(|p| &p.packages)
        .map(|(p, _)| p.name.as_str());
    let name = plain(name);
    !name.is_empty() && titles.chain(packages).any(|whole| plain(whole) == name)
}

/// Whether the command of an image of the unit names the program of a file.
fn is_started(unit: &Unit<'_>, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = match name.split_once('.') {
        // The program of a folder is called after it.
        Some((_, "go")) => folder_of(path).rsplit('/').next().unwrap_or_default(),
        Some((stem, _)) => stem,
        None => name,
    };
    let commands = unit
        .images
        .iter()
        .filter_map(|(image, _)| image.command.as_ref());
    let part = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_');
    let mut words = commands.flat_map(|c| c.value.split(part));
    !name.is_empty() && words.any(|word| word == name)
}

/// Whether only one file of the project of a unit starts a program. What a command of an image starts by the
/// name of a file is another one, where that is not this file.
fn is_only_program(world: &World<'_>, unit: &Unit<'_>, path: &str) -> bool {
    let told = unit.images.iter().any(|(image, _)| image.command.is_some());
    if told && !path.ends_with(".go") {
        return false;
    }
    let facts = unit.project.iter().flat_map(|p| world.facts_of(*p));
    let starts = facts.filter(
        |fact| matches!(&fact.claim, Claim::Entry(e) if !matches!(e.kind.as_str(), "cli" | "ui")),
    );
    let files: BTreeSet<&str> = starts.map(|fact| fact.at.path.as_str()).collect();
    files.len() == 1
}

/// Whether a folder holds what was taken over from others: its words describe that.
fn is_taken_over(folder: &str) -> bool {
    folder
        .split('/')
        .any(|part| matches!(part, "fork" | "forks" | "third_party" | "vendor"))
}

/// The purpose in the README of a folder, if it is no advice: that says nothing of what a part is for. The
/// README at the root is that of the system.
fn readme_in<'f>(world: &World<'f>, folder: &str) -> Option<&'f Placed<String>> {
    let all = world.readmes.iter().filter_map(|r| r.purpose.as_ref());
    all.filter(|_| !folder.is_empty() && !is_taken_over(folder))
        .find(|p| folder_of(&p.at.path) == folder && !is_advice(&p.value))
}

/// A name without the words that say only that it is a part: `ad` of `Ad Service.`
fn bare_name(text: &str) -> String {
    const KINDS: [&str; 9] = [
        "a",
        "api",
        "app",
        "application",
        "microservice",
        "module",
        "server",
        "service",
        "the",
    ];
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|w| !w.is_empty()).collect();
    let telling: Vec<&str> = (words.iter().copied())
        .filter(|w| !KINDS.contains(w))
        .collect();
    match telling.is_empty() {
        true => words.concat(),
        false => telling.concat(),
    }
}

/// What the README in a folder says that it is for.
pub(crate) fn by_readme(world: &World<'_>, folder: &str) -> Option<Statement> {
    let purpose = readme_in(world, folder)?;
    Some(Statement {
        text: purpose.value.trim().to_owned(),
        provenance: Provenance::observed([purpose.at.clone()]),
    })
}

/// Whether a package bears the name of its folder, as `shop-api` in `apps/api` does.
fn is_named_after(package: &str, folder: &str) -> bool {
    let last = folder.rsplit('/').next().unwrap_or(folder);
    !last.is_empty()
        && package
            .split(['-', '_', '/', '.'])
            .any(|word| word.eq_ignore_ascii_case(last))
}

/// Whether a sentence tells its reader what to do, in contrast to what something is.
fn is_advice(text: &str) -> bool {
    const VERBS: [&str; 36] = [
        "add",
        "build",
        "change",
        "check",
        "clone",
        "configure",
        "copy",
        "create",
        "download",
        "edit",
        "ensure",
        "execute",
        "follow",
        "install",
        "launch",
        "make",
        "navigate",
        "note",
        "open",
        "please",
        "read",
        "refer",
        "remember",
        "replace",
        "run",
        "see",
        "set",
        "start",
        "take",
        "try",
        "update",
        "use",
        "visit",
        // "Will build the image" speaks of the command above it.
        "will",
        "would",
        "you",
    ];
    let lower = text.trim().to_ascii_lowercase();
    // What is open is a kind of thing here.
    if ["open source", "open-source"]
        .iter()
        .any(|w| lower.starts_with(w))
    {
        return false;
    }
    let first = lower.split(|c: char| !c.is_ascii_alphanumeric()).next();
    let leads = [
        "to ",
        "for ",
        "if ",
        "before ",
        "in order to",
        "first,",
        "it's best",
        "it is best",
        "it is recommended",
        "make sure",
    ];
    first.is_some_and(|word| VERBS.contains(&word)) || leads.iter().any(|l| lower.starts_with(l))
}
