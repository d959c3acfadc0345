//! Jobs that a program puts aside for itself: who puts them into their queue and who does them, where
//! no part of the system is a broker that carries them.

use crate::facts::Claim;
use crate::processes::Process;
use crate::resolve::leaders::{Leaders, process_of};
use crate::resolve::names::is_aside;
use crate::resolve::units::Unit;
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Evidence, Observation, Provenance, QUEUED, Topic};
use std::collections::{BTreeMap, BTreeSet};

/// Libraries that keep jobs in a store of the program, by the name that extractors give their queue,
/// with that of documents.
const LIBRARIES: [(&str, &str); 5] = [
    ("active-job", "Active Job"),
    ("celery", "Celery"),
    ("laravel-queue", "Laravel"),
    ("oban", "Oban"),
    ("redis", "Sidekiq"),
];

/// Places of one job at most.
const PLACES: usize = 3;

/// The units that do what a queue holds, by their project, where a command names one.
pub(crate) struct Workers(BTreeMap<usize, usize>);

impl Workers {
    pub(crate) fn of(units: &[Unit<'_>]) -> Workers {
        let all = (units.iter().enumerate().rev())
            .filter(|(_, unit)| process_of(unit) == Process::Worker)
            .filter_map(|(index, unit)| Some((unit.project?, index)));
        Workers(all.collect())
    }

    /// The worker that looks at a file which says when jobs of Ruby are put into their queue; that of Resque is for
    /// a process of its own.
    pub(crate) fn of_schedule(&self, world: &World<'_>, topic: Topic, path: &str) -> Option<usize> {
        const FILES: [&str; 4] = [
            "schedule.yml",
            "sidekiq.yml",
            "sidekiq_cron.yml",
            "sidekiq_scheduler.yml",
        ];
        if topic != Topic::ScheduledJob {
            return None;
        }
        let (folder, name) = path.rsplit_once('/')?;
        let config = folder == "config" || folder.ends_with("/config");
        let named = config && FILES.contains(&name);
        self.0
            .get(&world.project_of(path).filter(|_| named)?)
            .copied()
    }
}

/// Adds what no connection tells: one observation for each job and side.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
) {
    let leaders = Leaders::of(units);
    let told: BTreeSet<&str> = blueprint
        .relationships
        .iter()
        .flat_map(|r| r.operations.iter().map(String::as_str))
        .collect();
    let workers = Workers::of(units);
    let queues = queues(world);
    let mut python: BTreeMap<Option<usize>, Option<&'static str>> = BTreeMap::new();
    let mut all: BTreeMap<(usize, &str, bool, &str), Vec<Evidence>> = BTreeMap::new();
    for (file, fact) in world.facts() {
        let Claim::Channel(channel) = &fact.claim else {
            continue;
        };
        let Some(&(_, library)) = LIBRARIES
            .iter()
            .find(|(broker, _)| channel.broker.as_deref() == Some(broker))
        else {
            continue;
        };
        // A job has the name of its class; queues have names of their own.
        let is_class = channel.name.starts_with(|c: char| c.is_ascii_uppercase());
        // One of Celery has that of its function.
        let of_celery = channel.broker.as_deref() == Some("celery");
        let is_job = is_class || of_celery && !queues.contains(channel.name.as_str());
        if !is_job || is_aside(&file.path) || told.contains(channel.name.as_str()) {
            continue;
        }
        let project = world.project_of(&file.path);
        let library = match of_celery {
            false => Some(library),
            true => *python
                .entry(project)
                .or_insert_with(|| python_library(world, project)),
        };
        let Some(library) = library else { continue };
        let owner = world.project_of(&file.path).and_then(|project| {
            let worker = workers.0.get(&project).filter(|_| !channel.produces);
            worker.copied().or_else(|| leaders.get(project))
        });
        let Some(unit) = owner else { continue };
        let key = (unit, channel.name.as_str(), channel.produces, library);
        let places = all.entry(key).or_default();
        if places.len() < PLACES {
            places.push(fact.at.clone());
        }
    }
    for ((unit, name, produces, library), places) in all {
        let detail = match produces {
            true => format!("{QUEUED} {library}"),
            false => format!("done from the queue of {library}"),
        };
        blueprint.observations.push(Observation {
            topic: Topic::Job,
            element: ids.get(unit).cloned(),
            name: name.to_owned(),
            detail: Some(detail),
            provenance: Provenance::observed(places),
        });
    }
}

/// The library whose functions `.delay(…)` puts aside, by the manifest of a project, else by all of them and
/// by what code imports: several have that method
/// (<https://docs.celeryq.dev/en/stable/userguide/calling.html>, <https://python-rq.org/docs/>). `None`
/// where manifests name others and none of these.
fn python_library(world: &World<'_>, project: Option<usize>) -> Option<&'static str> {
    const NAMES: [(&str, &str); 6] = [
        ("celery", "Celery"),
        ("rq", "RQ"),
        ("django-rq", "RQ"),
        ("flask-rq2", "RQ"),
        ("dramatiq", "Dramatiq"),
        ("huey", "Huey"),
    ];
    let known = |claim: &Claim| -> Option<usize> {
        let name = match claim {
            Claim::Dependency(d) if d.ecosystem == "pypi" => d.name.as_str(),
            Claim::Import(import) => import.module.split('.').next().unwrap_or_default(),
            _ => return None,
        };
        let name = name.to_ascii_lowercase().replace('_', "-");
        NAMES.iter().position(|(known, _)| *known == name)
    };
    let own = project.and_then(|p| world.facts_of(p).filter_map(|f| known(&f.claim)).min());
    let first = own.or_else(|| world.facts().filter_map(|(_, f)| known(&f.claim)).min());
    if let Some(first) = first {
        return Some(NAMES[first].1);
    }
    let named = |claim: &Claim| matches!(claim, Claim::Dependency(d) if d.ecosystem == "pypi");
    let any = world.facts().any(|(_, fact)| named(&fact.claim));
    (!any).then_some("Celery")
}

/// Names of the queues of Celery: what stands behind a task on its line, and is none itself.
fn queues<'f>(world: &World<'f>) -> BTreeSet<&'f str> {
    let mut tasks: BTreeSet<&str> = BTreeSet::new();
    let mut queues: BTreeSet<&str> = BTreeSet::new();
    let mut last: Option<(&str, u32)> = None;
    for (file, fact) in world.facts() {
        let Claim::Channel(channel) = &fact.claim else {
            continue;
        };
        if channel.produces || channel.broker.as_deref() != Some("celery") {
            continue;
        }
        let place = Some((file.path.as_str(), fact.at.lines[0]));
        match last == place {
            true => queues.insert(&channel.name),
            false => tasks.insert(&channel.name),
        };
        last = place;
    }
    queues.retain(|name| !tasks.contains(name));
    queues
}
