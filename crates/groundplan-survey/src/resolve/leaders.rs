//! Which of several containers that run one source is told with what the source holds: the one
//! that answers requests, as far as deployment files show it.

use crate::processes::{Process, process};
use crate::resolve::units::Unit;
use groundplan_model::Role;
use std::collections::{BTreeMap, BTreeSet};

/// Words of names and commands that speak of work behind the scenes.
const BEHIND: [&str; 20] = [
    "worker",
    "workers",
    "scheduler",
    "beat",
    "cron",
    "celery",
    "sidekiq",
    "migrate",
    "migration",
    "migrations",
    "migrator",
    "init",
    "job",
    "jobs",
    "queue",
    "consumer",
    "rq",
    "setup",
    "seed",
    "seeder",
];

/// Programs that hand requests on to the one that answers them.
const BEFORE: [&str; 5] = ["caddy", "haproxy", "httpd", "nginx", "traefik"];

/// The unit of each project that leads.
pub(crate) struct Leaders(BTreeMap<usize, (usize, usize)>);

impl Leaders {
    pub(crate) fn of(units: &[Unit<'_>]) -> Self {
        let mut all: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, unit) in units.iter().enumerate() {
            if let Some(project) = unit.project {
                all.entry(project).or_default().push(index);
            }
        }
        let leader = |(project, sharing): (usize, Vec<usize>)| {
            let first = sharing
                .iter()
                .copied()
                .min_by_key(|&i| (rank(&units[i]), is_local(&units[i]), i))?;
            Some((project, (first, sharing.len())))
        };
        Leaders(all.into_iter().filter_map(leader).collect())
    }

    /// The leading unit of a project.
    pub(crate) fn get(&self, project: usize) -> Option<usize> {
        self.0.get(&project).map(|(first, _)| *first)
    }

    /// Whether a unit leads, or has no source.
    pub(crate) fn leads(&self, unit: usize, project: Option<usize>) -> bool {
        project.and_then(|p| self.get(p)).is_none_or(|l| l == unit)
    }

    /// How many units run a project.
    pub(crate) fn sharing(&self, project: usize) -> usize {
        self.0.get(&project).map_or(0, |(_, n)| *n)
    }
}

/// Of several units that run the code of a library the one that answers, if it is the only one.
pub(crate) fn only_user(units: &[Unit<'_>], users: &BTreeSet<usize>) -> Option<usize> {
    if users.len() == 1 {
        return users.first().copied();
    }
    let mut before = users.iter().filter(|i| !rank(&units[**i]).2);
    let first = before.next().copied();
    first.filter(|_| before.next().is_none())
}

/// Whether only an application host, which developers start, runs a unit.
fn is_local(unit: &Unit<'_>) -> bool {
    let mut all = unit.deployables.iter();
    !unit.deployables.is_empty() && all.all(|(d, _)| d.source == "aspire")
}

/// What the commands of a unit make of it.
pub(crate) fn process_of(unit: &Unit<'_>) -> Process {
    let commands = unit.deployables.iter();
    let commands = commands.filter_map(|(d, _)| Some(process(&d.name, &d.command.as_ref()?.value)));
    let mut known = commands.filter(|p| *p != Process::Other);
    known.next().unwrap_or(Process::Other)
}

/// Smaller leads. What its names call deprecated leads only where nothing else runs the source.
fn rank(unit: &Unit<'_>) -> (bool, bool, bool, bool, bool) {
    let mut words: BTreeSet<String> = BTreeSet::new();
    let split = |text: &str| -> Vec<String> {
        let lower = text.to_ascii_lowercase();
        let all = lower.split(|c: char| !c.is_ascii_alphanumeric());
        all.map(str::to_owned).collect()
    };
    words.extend(split(&unit.name));
    for (deployable, _) in &unit.deployables {
        words.extend(deployable.command.iter().flat_map(|c| split(&c.value)));
    }
    let aside = |w: &String| BEHIND.contains(&w.as_str()) || BEFORE.contains(&w.as_str());
    let behind =
        words.iter().any(aside) || matches!(process_of(unit), Process::Worker | Process::Scheduler);
    let mut profiles = unit.deployables.iter().flat_map(|(d, _)| &d.profiles);
    let left = |word: &str| matches!(word, "deprecated" | "legacy" | "obsolete" | "old");
    let leaves =
        words.iter().any(|w| left(w)) || profiles.any(|p| split(p).iter().any(|word| left(word)));
    let ports = || unit.deployables.iter().flat_map(|(d, _)| &d.ports);
    (
        leaves,
        unit.optional,
        unit.role == Role::Job || behind,
        !ports().any(|p| p.value.host.is_some()),
        ports().next().is_none(),
    )
}
