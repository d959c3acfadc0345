//! Which of several processes of one source sends and takes its messages.

use crate::facts::{Claim, FileFacts};
use crate::processes::Process;
use crate::resolve::leaders::process_of;
use crate::resolve::units::Unit;
use crate::resolve::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// What the script that a unit runs starts.
fn by_script(world: &World<'_>, project: usize, unit: &Unit<'_>) -> Process {
    let commands = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| d.command.as_ref());
    for word in commands.flat_map(|command| command.value.split_whitespace()) {
        let word = word
            .trim_matches(['"', '\'', '[', ']', ','])
            .trim_start_matches("./");
        let word = word.rsplit_once('/').map_or(word, |(_, name)| name);
        if !(word.ends_with(".sh") || word.ends_with(".bash")) {
            continue;
        }
        let files = world.projects[project]
            .files
            .iter()
            .map(|&i| &world.files[i]);
        let is_it = |path: &str| path.rsplit('/').next() == Some(word);
        for fact in files.filter(|f| is_it(&f.path)).flat_map(|f| &f.facts) {
            match &fact.claim {
                Claim::Uses(uses) if uses.side == "worker" => return Process::Worker,
                Claim::Uses(uses) if uses.side == "scheduler" => return Process::Scheduler,
                _ => {}
            }
        }
    }
    Process::Other
}

/// The processes of one source of which at least one is a worker by its command.
pub(crate) struct Parted<'f> {
    /// What each unit of the source is.
    processes: BTreeMap<usize, Process>,
    /// Files of handlers of messages, which run in workers.
    taking: BTreeSet<&'f str>,
    /// Files that answer requests, which run in the server.
    answering: BTreeSet<&'f str>,
    /// Files that commands of schedulers name, with their units.
    scheduled: BTreeMap<&'f str, usize>,
}

impl<'f> Parted<'f> {
    /// Nothing where no command says who takes messages.
    pub(crate) fn of(world: &World<'f>, units: &[Unit<'f>], project: usize) -> Option<Self> {
        let sharing = units.iter().enumerate();
        let processes: BTreeMap<usize, Process> = sharing
            .filter(|(_, unit)| unit.project == Some(project))
            .map(|(index, unit)| match unit.deployables.is_empty() {
                // What stands beside a list of workers without being in it answers.
                true => (index, Process::Web),
                false => match process_of(unit) {
                    Process::Other => (index, by_script(world, project, unit)),
                    known => (index, known),
                },
            })
            .collect();
        if processes.len() < 2 || !processes.values().any(|p| *p == Process::Worker) {
            return None;
        }
        let mut parted = Parted {
            processes,
            taking: BTreeSet::new(),
            answering: BTreeSet::new(),
            scheduled: BTreeMap::new(),
        };
        for &index in &world.projects[project].own {
            let file: &'f FileFacts = &world.files[index];
            for fact in &file.facts {
                match &fact.claim {
                    Claim::Channel(channel) if channel.consumes => {
                        parted.taking.insert(&file.path);
                    }
                    Claim::Endpoint(_) => {
                        parted.answering.insert(&file.path);
                    }
                    _ => {}
                }
            }
            if file.path.split('/').any(|part| part == "controllers") {
                parted.answering.insert(&file.path);
            }
        }
        let schedulers = parted.processes.iter();
        let schedulers = schedulers.filter(|(_, process)| **process == Process::Scheduler);
        let mut scheduled = BTreeMap::new();
        for (&unit, _) in schedulers {
            for command in units[unit]
                .deployables
                .iter()
                .filter_map(|(d, _)| d.command.as_ref())
            {
                for word in command.value.split_whitespace() {
                    let word = word.trim_start_matches("./");
                    let own = world.projects[project].own.iter();
                    let mut own = own.map(|&i| world.files[i].path.as_str());
                    let is_it = |path: &str| {
                        path == word || path.strip_suffix(word).is_some_and(|p| p.ends_with('/'))
                    };
                    if word.contains('.')
                        && let Some(path) = own.find(|path| is_it(path))
                    {
                        scheduled.insert(path, unit);
                    }
                }
            }
        }
        parted.scheduled = scheduled;
        Some(parted)
    }

    /// Whether a unit is a worker by its command.
    pub(crate) fn is_worker(&self, unit: usize) -> bool {
        self.processes.get(&unit) == Some(&Process::Worker)
    }

    /// Whether a unit sends, or takes, what a file of the source does.
    pub(crate) fn has(&self, unit: usize, sends: bool, path: &str) -> bool {
        let process = self.processes.get(&unit).copied();
        let process = process.unwrap_or(Process::Other);
        if !sends {
            return matches!(process, Process::Worker | Process::Other);
        }
        if let Some(scheduler) = self.scheduled.get(path) {
            return *scheduler == unit;
        }
        match process {
            // What its own file does not send, it does not.
            Process::Scheduler => !self.scheduled.values().any(|u| *u == unit),
            Process::Worker => !self.answering.contains(path),
            Process::Watcher => false,
            Process::Web | Process::Other => {
                !self.taking.contains(path) || self.answering.contains(path)
            }
        }
    }
}
