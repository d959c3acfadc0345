//! Running the system: backup, recovery, restarts and who is called.

use super::deployment::{
    by_value, is_of_development, is_on_demand, names_of, on_kubernetes, places, told,
};
use super::found::found;
use super::records;
use super::scaling::docker_restarts;
use super::seen::{end, groups, item};
use super::volumes::{kept_volumes, lacks_volume};
use crate::answer::{Absence, Answer};
use crate::context::{Context, declared_or};
use crate::text::{first_places, inline, names};
use crate::tree::Text;
use crate::words;
use groundplan_model::{
    ARCHIVE_BY_CODE, DATABASE_BY_CODE, DUMPS, Element, Observation, Operation, REPORT_ANSWERED,
    Role, Setting, SettingSource, Topic,
};
use std::collections::BTreeSet;

records! {
    "backup": |c, _| backup(c), "What is copied, and which data is not.";
    "backup-retention": |c, _| backup_retention(c), "How long copies are kept.";
    "configuration-backup": |c, _| configuration_backup(c), "Where configuration survives.";
    "disaster-recovery": |c, _| disaster_recovery(c), "What is known of getting back after a loss.";
    "failover": |c, _| failover(c), "What happens when a part stops.";
    "failure-modes": |c, _| super::failures::failure_modes(c), "Which part's failure is felt where, what softens it, and for how long.";
    "file-backup": |c, _| file_backup(c), "What copies files outside databases.";
    "incident-response": |c, _| incident_response(c), "Who is called, and what they find written down.";
    "restoration": |c, _| restoration(c), "How data is brought back.";
    "rpo": |c, _| declared_or(c, "operations.rpo", "recovery-objectives"), "How much data may be lost.";
    "rto": |c, _| rto(c), "How fast it must be back.";
}

const BACKUP_PLACES: [&str; 4] = [
    "names and commands of containers",
    super::delivery::WORKFLOWS,
    "dump commands in shell scripts",
    "schedules",
];

fn rto(c: &Context) -> Answer {
    match told(c, &["operations.rto", "targets.recovery_time"]) {
        Some(text) => Answer::text(text),
        None => Answer::Gap("recovery-objectives"),
    }
}

fn speaks_of_backup(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "backup",
        "back-up",
        "pg_dump",
        "pgdump",
        "mysqldump",
        "mongodump",
        "restic",
        "velero",
        "wal-g",
    ]
    .iter()
    .any(|m| lower.contains(m))
}

/// What takes these backups, with the job that starts it.
fn copies(c: &Context, seen: &[&Observation]) -> Vec<Text> {
    let all = groups(c, seen).into_iter().map(|g| {
        let text = item(&g);
        end(match started_by(c, seen, g.name) {
            Some(job) => text.append(job),
            None => text,
        })
    });
    all.collect()
}

/// Whether a backup is the dump of a database alone, which holds no file beside it.
fn is_dump(o: &Observation) -> bool {
    DUMPS.contains(&o.name.as_str()) || o.detail.as_deref() == Some(DATABASE_BY_CODE)
}

/// Everything whose name or command says that it copies data away.
fn backups_seen(c: &Context) -> Vec<Text> {
    let mut items = copies(c, c.seen(Topic::Backup));
    let jobs: Vec<&Observation> = c
        .seen(Topic::ScheduledJob)
        .iter()
        // A method that runs on a schedule may well speak of backups to users; a pipeline does not.
        .filter(|o| {
            o.detail
                .as_deref()
                .is_some_and(|d| d.contains("GitHub Actions") && speaks_of_backup(&o.name))
        })
        .copied()
        .collect();
    items.extend(
        groups(c, &jobs)
            .iter()
            .map(|g| end(Text::plain("Scheduled job ").append(item(g)))),
    );
    for e in &c.containers {
        let command = e
            .attributes_of("command")
            .find(|a| speaks_of_backup(&a.value));
        if speaks_of_backup(&e.name) {
            let text = Text::code(&e.name).then(" is a backup by its name");
            let text = match e.attribute("schedule") {
                Some(a) => text
                    .then(", on the schedule ")
                    .then_code(&a.value)
                    .from(&a.provenance),
                None => text,
            };
            items.push(end(text.from(&e.provenance)));
        } else if let Some(a) = command {
            let text = Text::code(&e.name)
                .then(" runs ")
                .then_code(words::short(&a.value, 80));
            items.push(end(text.from(&a.provenance)));
        }
    }
    for p in &c.blueprint.pipelines {
        for j in p
            .jobs
            .iter()
            .filter(|j| speaks_of_backup(&j.name) || j.steps.iter().any(|s| speaks_of_backup(s)))
        {
            items.push(end(Text::plain("Job ")
                .then_code(&j.name)
                .then(" of ")
                .then_code(&p.name)
                .from(&j.provenance)));
        }
    }
    items.extend(on_demand(c).or_else(|| operated(c)));
    items
}

/// `` ; the job `backup` starts it: `0 2 * * *` ``: a job that is called so, or that is set up in the file that takes
/// the backup.
fn started_by(c: &Context, seen: &[&Observation], name: &str) -> Option<Text> {
    let path = |o: &Observation| o.provenance.first().map(|at| at.path.clone());
    let own = seen.iter().find(|o| o.name == name)?;
    let code = own
        .detail
        .as_deref()
        .is_some_and(|d| d.starts_with(ARCHIVE_BY_CODE) || d == DATABASE_BY_CODE);
    let job = c.seen(Topic::ScheduledJob).iter().find(|o| {
        let named = speaks_of_backup(&o.name);
        code && o.element.is_some() && (named || path(o) == path(own))
    })?;
    // Where a job has no name of its own it is known by its times.
    let by_times = job.name.contains('*');
    let text = match by_times {
        true => Text::plain("; a job starts it by the clock: ").then_code(&job.name),
        false => Text::plain("; the job ")
            .then_code(&job.name)
            .then(" starts it"),
    };
    let times = job
        .detail
        .as_deref()
        .filter(|d| d.contains('*') && !by_times);
    let text = match times {
        Some(times) => text.then(": ").then_code(words::short(times, 40)),
        None => text,
    };
    Some(text.from(&job.provenance))
}

/// How long files of backups are kept by the code that deletes them.
fn kept_backups(c: &Context) -> Option<Text> {
    let all = super::retention::file_deletions(c);
    if let Some((function, after, at)) = all.iter().find(|(name, ..)| speaks_of_backup(name)) {
        let text = Text::code(*function).then(" deletes copies that are older than ");
        return Some(end(text.spans(inline(after)).from(at)));
    }
    // A column may hold it for each who takes them.
    let fields = c.blueprint.entities.iter().filter(|e| e.kind.is_kept());
    let mut fields = fields.flat_map(|e| e.fields.iter().map(move |f| (e, f)));
    let (entity, field) = fields
        .find(|(_, f)| speaks_of_backup(&f.name) && f.name.to_lowercase().contains("retention"))?;
    let days = field.default.as_deref()?.trim_matches('\'');
    let text = Text::plain("The column ")
        .then_code(format!("{}.{}", entity.name, field.name))
        .then(" says how long, by default ")
        .then_code(days);
    Some(end(text.from(&field.provenance)))
}

fn stores<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let all = c.with_role(&[
        Role::Database,
        Role::SearchIndex,
        Role::ObjectStorage,
        Role::Cache,
    ]);
    all.into_iter()
        .filter(|e| !e.external && !is_of_development(e))
        .collect()
}

/// Parts of a path that have nothing to do with one record: below anything but the base, a version and what those
/// have who run the system, a copy is one of a record, of a user's keys.
const OF_SYSTEM: [&str; 15] = [
    "admin",
    "administration",
    "api",
    "apis",
    "data",
    "database",
    "db",
    "instance",
    "maintenance",
    "manage",
    "management",
    "rest",
    "server",
    "settings",
    "system",
];

fn is_of_system(part: &str) -> bool {
    OF_SYSTEM.contains(&part) || super::conventions::is_version(part)
}

fn path_parts(path: &str) -> Vec<String> {
    let all = path.split('/').filter(|part| !part.is_empty());
    all.map(str::to_ascii_lowercase).collect()
}

/// `` Operations work on backups: `GET /system/backup` and `DELETE /system/backup/{id}` ``: where no pair of them says
/// what is taken and brought back.
fn operated(c: &Context) -> Option<Text> {
    let is_one = |o: &Operation| {
        let all = path_parts(&o.path);
        let at = all
            .iter()
            .position(|p| matches!(p.as_str(), "backup" | "backups"));
        // The group of an interface has points in its name: `apis/migration.shop.example/v1`.
        at.is_some_and(|at| {
            let above = all.iter().take(at);
            let mut rest = above.filter(|p| !p.contains('.'));
            rest.all(|p| is_of_system(p))
        })
    };
    let all: Vec<(&str, &Operation)> = (c.primary.iter().chain(&c.internal))
        .flat_map(|i| i.operations.iter().map(move |o| (i.id.as_str(), o)))
        .filter(|(_, o)| is_one(o))
        .collect();
    // Who only reads of backups may see those of others.
    let changes = |o: &Operation| matches!(o.method.as_str(), "POST" | "PUT" | "DELETE");
    let (first, _) = all.iter().find(|(_, o)| changes(o))?;
    // Copies of the system itself are there to be brought back.
    let restores = |o: &Operation| path_parts(&o.path).iter().any(|p| p.starts_with("restor"));
    let mut every = c.primary.iter().chain(&c.internal);
    if !every.any(|i| i.operations.iter().any(restores)) {
        return None;
    }
    let own: Vec<&Operation> = all
        .iter()
        .filter(|(i, _)| i == first)
        .map(|(_, o)| *o)
        .collect();
    if own.len() < 2 {
        return None;
    }
    let said = own.iter().map(|o| format!("{} {}", o.method, o.path));
    let said: Vec<String> = said.collect();
    let text = Text::plain("Operations work on backups: ")
        .spans(names(said.iter().map(String::as_str), 5));
    Some(end(
        text.from(&first_places(own.iter().map(|o| &o.provenance), 2))
    ))
}

/// Operations of the system that take a copy of its data and that bring one back, by their paths: `POST /backups`
/// and `POST /backups/{id}/restore`. Copies that users only read are none, and nor are those of one record.
fn on_demand(c: &Context) -> Option<Text> {
    let takes = |all: &[String]| match all {
        [above @ .., last] => {
            matches!(last.as_str(), "backup" | "backups") && above.iter().all(|p| is_of_system(p))
        }
        [] => false,
    };
    let (taken, back) = c.primary.iter().chain(&c.internal).find_map(|i| {
        let posts = || i.operations.iter().filter(|o| o.method == "POST");
        let mut pairs = posts().filter_map(|taken| {
            let above = path_parts(&taken.path);
            let restores = |o: &&Operation| {
                let all = path_parts(&o.path);
                let last = all.last().is_some_and(|part| part == "restore");
                last && all.len() > above.len() && all.starts_with(&above)
            };
            takes(&above)
                .then(|| posts().find(restores))
                .flatten()
                .map(|back| (taken, back))
        });
        pairs.next()
    })?;
    let named = |o: &Operation| format!("POST {}", o.path);
    let text = Text::plain("The system makes backups when it is asked to, by ")
        .then_code(named(taken))
        .then(", and brings one back by ")
        .then_code(named(back));
    Some(end(text.from(&first_places(
        [&taken.provenance, &back.provenance],
        2,
    ))))
}

fn backup(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["operations.backup"]).into_iter().collect();
    items.extend(backups_seen(c));
    // Where nothing runs by itself, those who run the system are told what to do.
    if items.is_empty() {
        items.extend(c.stated_in_documents("backup"));
    }
    if let Some(answer) = found(items) {
        return answer;
    }
    let stores = stores(c);
    if stores.is_empty() || !c.surveyed() {
        return c.absent("backup", &BACKUP_PLACES, "backup");
    }
    let loose: Vec<&Element> = (stores.into_iter())
        .filter(|e| lacks_volume(e) && e.attribute("deployed-by").is_some())
        .collect();
    let absence = c.unless_spoken(Absence::of("backup", &BACKUP_PLACES));
    if loose.is_empty() {
        return Answer::Absent(Absence::because(absence.sentence()));
    }
    // What is known of the data stands before what was not found.
    let text = Text::default()
        .spans(names_of(&loose, 4))
        .then(words::verb_for(
            loose.len(),
            " is started from files in which no lasting volume was found for it. ",
            " are started from files in which no lasting volume was found for them. ",
        ))
        .from(&first_places(loose.iter().map(|e| &e.provenance), 2));
    let kept: Vec<&Element> = (loose.iter().copied())
        .filter(|e| super::volumes::persistent(e).is_some())
        .collect();
    let text = match kept.len() {
        0 => text,
        n => text
            .then(words::verb_for(
                n,
                "The container of ",
                "The containers of ",
            ))
            .spans(names_of(&kept, 4))
            .then(words::verb_for(
                n,
                " is kept when the host stops. ",
                " are kept when the host stops. ",
            ))
            .from(&first_places(
                kept.iter()
                    .filter_map(|e| super::volumes::persistent(e))
                    .map(|a| &a.provenance),
                2,
            )),
    };
    Answer::text(text.append(absence.sentence()))
}

fn backup_retention(c: &Context) -> Answer {
    if let Some(text) = told(c, &["operations.backup_retention"]) {
        return Answer::text(text);
    }
    if let Some(text) = kept_backups(c) {
        return Answer::text(text);
    }
    if let Some(text) = c.stated_by_law("backup") {
        return Answer::text(text);
    }
    let spoken = c.unless_spoken(Absence::of("backup", &BACKUP_PLACES));
    let none = backups_seen(c).is_empty() && told(c, &["operations.backup"]).is_none();
    match none && spoken.spoken.is_empty() {
        true if c.surveyed() => Answer::Absent(Absence::because(Text::plain(
            "None, since no backup was found of which copies could be kept.",
        ))),
        true => Answer::Gap("backup"),
        false => Answer::Gap("backup"),
    }
}

/// What is known of copies of files: what takes them, else what a document says of backups, else that none was
/// found.
fn copied(c: &Context) -> Text {
    // A copy of the whole is one of its files, too; a dump of a database is not.
    let all = c.seen(Topic::Backup).iter().copied();
    let all: Vec<&Observation> = all.filter(|o| !is_dump(o)).collect();
    let stated = || c.stated_in_documents("backup");
    (copies(c, &all).into_iter().next())
        .or_else(stated)
        .unwrap_or_else(|| {
            c.unless_spoken(Absence::of("backup of them", &BACKUP_PLACES))
                .sentence()
        })
}

/// What images keep apart by `VOLUME`, where no file that was read mounts anything there.
fn kept_apart(c: &Context) -> Option<Answer> {
    let all = c.containers.iter();
    let own = all.filter(|e| !e.is_store() && !is_on_demand(e));
    let parts: Vec<&Element> = own
        .filter(|e| e.attribute("image-volume").is_some())
        .copied()
        .collect();
    let declared = || parts.iter().flat_map(|e| e.attributes_of("image-volume"));
    if parts.is_empty() {
        return None;
    }
    let folders: BTreeSet<&str> = declared().map(|a| a.value.as_str()).collect();
    let text = Text::plain("Files are kept apart from the image of ")
        .spans(names_of(&parts, 4))
        .then(" in ")
        .spans(names(folders, 6))
        .then(" (")
        .then_code("VOLUME")
        .then("). ");
    let text = text.append(copied(c));
    let sources = declared().map(|a| &a.provenance);
    Some(Answer::text(text.from(&first_places(sources, 3))))
}

fn file_backup(c: &Context) -> Answer {
    if let Some(text) = told(c, &["operations.file_backup"]) {
        return Answer::text(text);
    }
    let keeping: Vec<&Element> = c
        .containers
        .iter()
        // Messages are no files, and what only developers start keeps nothing that is missed.
        .filter(|e| !e.is_store() && e.role != Some(Role::Broker))
        .filter(|e| !is_on_demand(e) && !kept_volumes(e).is_empty())
        .copied()
        .collect();
    if !c.surveyed() {
        return Answer::Gap("backup");
    }
    if keeping.is_empty() {
        return kept_apart(c).unwrap_or_else(|| {
            Answer::Absent(Absence::because(Text::plain(
                "No volume with files to back up was found (searched: volumes of the containers that start by default and are no store); files that the program itself writes were not searched for.",
            )))
        });
    }
    let beside = (c.containers.iter())
        .any(|e| (e.is_store() || e.role == Some(Role::Broker)) && !kept_volumes(e).is_empty());
    let text = Text::plain("Files of ").spans(names_of(&keeping, 4));
    let text = text.then(match beside {
        true => " stand on volumes, beside those of stores and brokers. ",
        false => " stand on volumes. ",
    });
    let text = text.append(copied(c));
    let sources = keeping
        .iter()
        .filter_map(|e| kept_volumes(e).into_iter().next());
    Answer::text(text.from(&first_places(sources.map(|a| &a.provenance), 3)))
}

fn configuration_backup(c: &Context) -> Answer {
    if let Some(text) = told(c, &["operations.configuration_backup"]) {
        return Answer::text(text);
    }
    // What stands in the repository is no copy of what an operator sets, and is told apart from it.
    let all = c.blueprint.settings.iter();
    let of_deployment = |s: &&Setting| {
        s.source == SettingSource::Deployment && s.element.is_some() && s.profile.is_none()
    };
    let (kept, open): (Vec<&Setting>, Vec<&Setting>) = all.filter(of_deployment).partition(|s| {
        // A template holds no value of its own.
        let templated = s.provenance.first();
        let templated = templated.is_some_and(|e| e.path.contains("/templates/"))
            || super::configuration::is_example(s);
        !s.secret && !templated && s.value.as_deref().is_some_and(|v| !v.is_empty())
    });
    if kept.is_empty() || c.blueprint.history.revision.is_none() {
        return Answer::Gap("backup");
    }
    let mut text = Text::plain(
        "The history of this repository keeps each earlier value of what stands in its build and deployment files, such as ",
    )
    .then_code(kept.first().map_or("", |s| s.name.as_str()))
    .from(&first_places(kept.iter().map(|s| &s.provenance), 1));
    text = end(text);
    let secrets = open.iter().filter(|s| s.secret).count();
    let lead = match secrets {
        0 => " What is set outside of it is asked in ".to_owned(),
        n => format!(
            " Who copies the {} that these files name, and what is set outside of them, is asked in ",
            words::verb_for(n, "secret", "secrets"),
        ),
    };
    Answer::text(c.asked_in(text, &lead, "backup"))
}

fn runbooks(c: &Context, marks: &[&str]) -> Vec<Text> {
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        marks.is_empty() || marks.iter().any(|m| lower.contains(m))
    };
    let all: Vec<&Observation> = c
        .seen(Topic::Runbook)
        .iter()
        .filter(|o| speaks(&o.name) || o.detail.as_deref().is_some_and(speaks))
        .copied()
        .collect();
    groups(c, &all)
        .iter()
        .map(|g| end(Text::plain("Runbook ").append(item(g))))
        .collect()
}

fn restoration(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["operations.restore", "operations.drill"])
        .into_iter()
        .collect();
    // Runbooks of a design are for alarms, and in one of them a policy or a setting may be restored.
    if !c.designed() || items.is_empty() {
        items.extend(runbooks(c, &["restor", "recover", "backup"]));
    }
    found(items).unwrap_or(Answer::Gap("backup"))
}

/// What starts a stopped part again.
fn restart_texts(c: &Context) -> Vec<Text> {
    let mut items: Vec<Text> = Vec::new();
    let pods = on_kubernetes(c);
    let pods: Vec<&Element> = pods
        .into_iter()
        .filter(|e| !is_on_demand(e))
        .filter(|e| {
            e.attribute("workload").is_some_and(|a| {
                ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].contains(&a.value.as_str())
            })
        })
        .collect();
    if !pods.is_empty() {
        let n = words::count(pods.len(), "container");
        let their = words::verb_for(pods.len(), "its pod ends", "their pods end");
        let text = Text::plain(format!("Kubernetes starts {n} again when {their}: "))
            .spans(names_of(&pods, 4));
        let text = end(text.from(&places(pods.iter().copied(), "workload", 3)));
        items.push(text);
    }
    for (policy, elements) in by_value(c, "restart") {
        if !docker_restarts(policy) {
            continue;
        }
        let n = words::count(elements.len(), "container");
        let text = Text::plain(format!("Docker starts {n} again by the policy ")).then_code(policy);
        items.push(end(text.from(&places(elements, "restart", 3))));
    }
    let composed: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| {
            e.attributes_of("deployed-by")
                .all(|a| a.value == "Docker Compose")
        })
        .filter(|e| e.attribute("deployed-by").is_some() && !is_on_demand(e))
        .filter(|e| {
            !e.attributes_of("restart")
                .any(|a| docker_restarts(&a.value))
        })
        .copied()
        .collect();
    // What is to end for good says so.
    let (ending, composed): (Vec<&Element>, Vec<&Element>) = composed
        .into_iter()
        .partition(|e| e.attributes_of("restart").any(|a| a.value == "no"));
    if !ending.is_empty() {
        let n = words::spelled_count(ending.len(), "container");
        let verb = words::verb_for(ending.len(), "is", "are");
        let text = Text::plain(format!(
            "{} of Docker Compose {verb} not started again after an exit, by the policy ",
            words::capital(&n)
        ))
        .then_code("no")
        .then(": ")
        .spans(names_of(&ending, 5));
        items.push(end(text.from(&places(
            ending.iter().copied(),
            "restart",
            2,
        ))));
    }
    if !composed.is_empty() {
        let verb = words::verb_for(composed.len(), "stays", "stay");
        let n = words::spelled_count(composed.len(), "container");
        let has = words::verb_for(composed.len(), "has", "have");
        let text = Text::plain(format!(
            "{} of Docker Compose {has} no restart policy and {verb} down after an exit: ",
            words::capital(&n)
        ))
        .spans(names_of(&composed, 5));
        items.push(end(text.from(&places(composed, "deployed-by", 2))));
    }
    items
}

fn failover(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["operations.failover"]).into_iter().collect();
    items.extend(restart_texts(c));
    let many: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| super::sizes::replicas(e).is_some_and(|n| n > 1))
        .copied()
        .collect();
    let restarted = !items.is_empty() && on_kubernetes(c).is_empty();
    if many.is_empty() && restarted && told(c, &["operations.failover"]).is_none() {
        // A restart in place is none: nothing else goes on meanwhile.
        let set = |e: &&Element| {
            !is_of_development(e) && e.attribute("restart").is_some_and(|a| a.value != "no")
        };
        let lead = Text::plain(
            "No second copy of a part that could take over was found in the deployment files that were read",
        );
        let lead = match c.containers.iter().any(set) {
            true => lead.then("; what they set is a restart in place"),
            false => lead,
        };
        let started = c.containers.iter().copied();
        let started =
            started.filter(|e| e.attribute("deployed-by").is_some() && !is_of_development(e));
        items.insert(0, end(lead.from(&places(started, "deployed-by", 2))));
    } else if many.is_empty() && !items.is_empty() && c.containers.len() > 1 {
        let started = c
            .containers
            .iter()
            .copied()
            .filter(|e| e.attribute("deployed-by").is_some());
        let text = Text::plain(
            "In the deployment files that were read no replica count above one was found",
        );
        items.push(end(text.from(&places(started, "deployed-by", 2))));
    }
    // Pods of a store may each hold a part of the data.
    let (kept, many): (Vec<&Element>, Vec<&Element>) = many
        .into_iter()
        .partition(|e| e.is_store() || e.role == Some(Role::Broker));
    if !kept.is_empty() {
        let text = Text::plain("Of ").spans(names_of(&kept, 6)).then(
            " more than one instance runs; whether each holds all of the data or a part of it was not read",
        );
        items.push(end(text.from(&places(kept, "replicas", 3))));
    }
    if !many.is_empty() {
        let text =
            Text::plain("Another replica goes on when one stops: ").spans(names_of(&many, 6));
        items.push(end(text.from(&places(many, "replicas", 3))));
    }
    found(items).unwrap_or(Answer::Gap("failover"))
}

fn disaster_recovery(c: &Context) -> Answer {
    // What nobody operates has no outage to come back from; the question says so.
    if !c.is_operated() {
        return Answer::Gap("recovery-objectives");
    }
    let mut items: Vec<Text> = Vec::new();
    for (label, keys, question) in [
        (
            "Back within (RTO): ",
            &["operations.rto", "targets.recovery_time"][..],
            "recovery-objectives",
        ),
        (
            "Data that may be lost (RPO): ",
            &["operations.rpo"],
            "recovery-objectives",
        ),
    ] {
        items.push(match told(c, keys) {
            Some(text) => Text::plain(label).append(text),
            None => Text::plain(label)
                .then("not declared, ")
                .and(c.ask(question))
                .then("."),
        });
    }
    match backup(c) {
        Answer::Said { text, .. } if !text.is_empty() => {
            items.push(Text::plain("Backup: ").append(text))
        }
        Answer::Said { .. } => {
            let seen = backups_seen(c);
            items.extend(
                seen.into_iter()
                    .take(3)
                    .map(|t| Text::plain("Backup: ").append(t)),
            );
        }
        Answer::Absent(a) => items.push(a.sentence()),
        Answer::Gap(key) => {
            items.push(Text::plain("Backup: not known, ").and(c.ask(key)).then("."))
        }
    }
    // A restart on the same host brings nothing back that is lost with it.
    if !on_kubernetes(c).is_empty() {
        items.extend(restart_texts(c));
    }
    items.extend(runbooks(c, &["restor", "recover", "disaster"]));
    found(items).unwrap_or(Answer::Gap("recovery-objectives"))
}

fn incident_response(c: &Context) -> Answer {
    let mut items: Vec<Text> = [
        "operations.on_call",
        "operations.incident",
        "operations.runbooks",
    ]
    .iter()
    .filter_map(|key| told(c, &[key]))
    .collect();
    items.extend(runbooks(c, &[]));
    // Reports of weaknesses have a way of their own; nobody is on call for them.
    let policy = c
        .seen(Topic::Documentation)
        .iter()
        .find(|o| o.name == "security policy");
    if let (true, false, Some(policy)) = (items.is_empty(), c.designed(), policy)
        && let Some(place) = policy.provenance.first()
    {
        let text = Text::plain("How weaknesses are reported stands in ").then_code(&*place.path);
        // Another policy may say it.
        let own = |o: &&Observation| o.provenance.first().is_some_and(|p| p.path == place.path);
        let answered = c.said(REPORT_ANSWERED).filter(own);
        let text = match answered.and_then(|o| o.detail.as_deref()) {
            Some(words) => text.then(format!(", which says: “{}”", words.trim_end_matches('.'))),
            None => text,
        };
        let text = answered.map_or(text.clone(), |o| text.from(&o.provenance));
        let text = text
            .from(&policy.provenance)
            .then("; who is called in an outage is asked in ");
        items.push(text.and(c.ask("incident-response")).then("."));
    }
    found(items).unwrap_or(Answer::Gap("incident-response"))
}
