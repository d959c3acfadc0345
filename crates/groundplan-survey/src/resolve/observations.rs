//! Settings, dependencies and everything that was marked, with the element it belongs to.

use crate::extractors::INTERFACE_TERM;
use crate::facts::{Claim, Mark, Placed};
use crate::resolve::holders::Holders;
use crate::resolve::imported::Imported;
use crate::resolve::jobs::Workers;
use crate::resolve::key_sources::KeySources;
use crate::resolve::leaders::Leaders;
use crate::resolve::left_behind::LeftBehind;
use crate::resolve::names::{is_aside, is_workbench_folder, plain};
use crate::resolve::own_packages::Own;
use crate::resolve::release_log::ReleaseLog;
use crate::resolve::runs::Running;
use crate::resolve::secret_settings::{mounted_secrets, no_secrets_by_name_alone, whole_keys};
use crate::resolve::settings::{Value, is_dotenv, is_pattern};
use crate::resolve::sockets::Sockets;
use crate::resolve::test_bases::TestBases;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use crate::resolve::{charts, composed, conditions, environments, topic_pages};
use crate::secrets;
use crate::statements::told::{HEADED_TERM, is_of_documents};
use groundplan_knowledge::Category;
use groundplan_model::{
    Attribute, Blueprint, Dependency, DependencyScope, ElementKind, Evidence, KEPT_FOR,
    Observation, Provenance, Role, SOCKET_MESSAGE, Setting, SettingSource, Topic,
};
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Most examples kept of marks that come in thousands.
const MOST_OF_A_KIND: usize = 400;

/// Keys that say for which profile a part of a file holds.
const SELECTORS: [&str; 3] = [
    "spring.config.activate.on-profile",
    "spring.config.activate.on-cloud-platform",
    "spring.profiles",
];

/// Fills settings, dependencies and observations, and scaling attributes of containers.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    values: &[Vec<Value>],
    holders: &Holders,
) {
    let blocks = blocks(units);
    let mut owner: BTreeMap<usize, &String> = BTreeMap::new();
    let leaders = Leaders::of(units);
    for project in units.iter().filter_map(|u| u.project) {
        if let Some(id) = leaders.get(project).and_then(|u| ids.get(u)) {
            owner.insert(project, id);
        }
    }
    unused_images(blueprint, world, units);
    variables(blueprint, world);
    let mut built: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (_, at) in world.all_images() {
        built.entry(&at.path).or_default();
    }
    for (unit, id) in units.iter().zip(ids) {
        for (_, at) in &unit.images {
            let of_it = built.entry(&at.path).or_default();
            if !of_it.contains(id) {
                of_it.push(id.clone());
            }
        }
    }
    let commands = commands(units, ids);
    let running = Running::of(world, units);
    let nested = world.nested(&owner);
    let imported = Imported::of(world);
    let element = |path: &str| {
        world
            .project_of(path)
            .and_then(|p| owner.get(&p).or_else(|| nested.get(&p)))
            .map(|id| (*id).clone())
    };
    // In a deployment file what stands in the block of a part speaks of that part.
    let marked = |at: &Evidence| match blocks.get(at.path.as_str()) {
        Some(blocks) => blocks
            .iter()
            .find(|(lines, _)| lines[0] <= at.lines[0] && at.lines[1] <= lines[1])
            .and_then(|(_, unit)| ids.get(*unit))
            .cloned(),
        // A file that somebody mounts or copies speaks of whoever does, wherever it lies.
        None => match holders.placed(&at.path) {
            Some(placed) if !Language::of(&at.path).is_code() => {
                let mut all = placed.iter().filter_map(|u| ids.get(*u));
                match (all.next(), all.next()) {
                    (Some(one), None) => Some(one.clone()),
                    (first, second) => element(&at.path).filter(|own| {
                        [first, second].contains(&Some(own)) || all.any(|id| id == own)
                    }),
                }
            }
            _ => element(&at.path),
        },
    };
    // Libraries that parts are built with have tests and marks of their own.
    let libraries: BTreeMap<usize, String> = (blueprint.elements.iter())
        .filter(|e| e.role == Some(Role::Library) && e.tags.iter().any(|t| t == "imported"))
        .filter_map(|e| Some((world.project_at(e.source.as_deref()?)?, e.id.clone())))
        .collect();
    let library = |path: &str| libraries.get(&world.project_of(path)?).cloned();
    // Tests often stand in a project of their own beside the one they test.
    let holding = holding(world, &owner);
    let tested =
        |path: &str| (element(path).or_else(|| library(path))).or_else(|| beside(&holding, path));
    // Code that runs migrations is none itself, where the migrations are known.
    let is_step = |path: &str, at: &Evidence| at.lines[0] == 1 || path.ends_with(".sql");
    let left = LeftBehind::of(world);
    let sockets = Sockets::of(world);
    let bases = TestBases::of(world);
    let has_steps = world.facts().any(|(file, fact)| {
        matches!(&fact.claim, Claim::Mark(m) if m.topic == Topic::Migration)
            && is_step(&file.path, &fact.at)
    });
    let mut counts: BTreeMap<Topic, usize> = BTreeMap::new();
    let log = ReleaseLog::of(world);
    let own = Own::of(world);
    // Values alone, without the chart that takes them, set nothing.
    let charted = charts::any(world.files);
    let mut tests: BTreeMap<(Option<String>, String), (usize, Vec<Evidence>)> = BTreeMap::new();
    let mut tools: BTreeMap<&String, (usize, &Mark, &Evidence)> = BTreeMap::new();
    let key_sources = KeySources::of(world);
    let workers = Workers::of(units);
    for (file, fact, aside) in world.facts_by_kind() {
        match &fact.claim {
            Claim::Mark(mark) if mark.topic == Topic::Test => {
                let Some(level) = bases.level(world, &file.path, mark) else {
                    continue;
                };
                let key = (tested(&file.path), level.to_owned());
                let entry = tests.entry(key).or_default();
                entry.0 += 1;
                if entry.1.len() < 3 {
                    entry.1.push(fact.at.clone());
                }
            }
            Claim::Mark(mark) => {
                // Terms stand in the glossary.
                let terms = matches!(mark.name.as_str(), INTERFACE_TERM | HEADED_TERM);
                if mark.topic == Topic::Stated && terms || topic_pages::is_of_topic(mark) {
                    continue;
                }
                // What assistants are told to do is no rule of operations.
                let of_tools = || file.path.split('/').any(is_workbench_folder);
                // What an example keeps, or answers, the system does not.
                let of_example = mark.topic == Topic::Stated
                    && matches!(mark.name.as_str(), KEPT_FOR | SOCKET_MESSAGE);
                if aside && (of_example || !is_of_documents(mark.topic) || of_tools()) {
                    continue;
                }
                let applies = mark.detail.as_deref() == Some(crate::marks::APPLIED);
                let no_step = has_steps && !applies && !is_step(&file.path, &fact.at);
                if mark.topic == Topic::Migration && (no_step || left.holds(&file.path)) {
                    continue;
                }
                // Files of settings run nowhere.
                let set = mark.topic == Topic::CacheUse && file.path.ends_with(".xml");
                if happens_at_run_time(mark.topic) && !set && !running.holds(world, &file.path)
                    || sockets.denies(world, &file.path, mark)
                {
                    continue;
                }
                // One place shows that a tool is there: the one nearest to the root.
                if mark.topic == Topic::Technology {
                    let depth = file.path.matches('/').count();
                    let nearest = tools.entry(&mark.name).or_insert((depth, mark, &fact.at));
                    if depth < nearest.0 {
                        *nearest = (depth, mark, &fact.at);
                    }
                    continue;
                }
                let count = counts.entry(mark.topic).or_default();
                *count += 1;
                if *count > most_of(mark.topic) {
                    continue;
                }
                // What stands at the root for all of several parts is none of the one whose source is there.
                let of_all = units.len() > 1
                    && is_of_all(mark.topic)
                    && !Language::of(&file.path).is_code()
                    && !blocks.contains_key(file.path.as_str())
                    && holders.placed(&file.path).is_none()
                    && (world.project_of(&file.path))
                        .is_none_or(|p| world.projects[p].folder.is_empty());
                let worker = workers.of_schedule(world, mark.topic, &file.path);
                blueprint.observations.push(Observation {
                    topic: mark.topic,
                    // What a pipeline runs by the clock is no work of the system.
                    element: (worker.map(|w| ids[w].clone()).or_else(|| marked(&fact.at)))
                        .filter(|_| {
                            let by_clock = mark.topic == Topic::ScheduledJob;
                            !(of_all || by_clock && file.path.contains(".github/"))
                        })
                        .or_else(|| match mark.topic {
                            Topic::Todo => library(&file.path),
                            _ => None,
                        }),
                    name: mark.name.clone(),
                    detail: mark.detail.clone(),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
            }
            Claim::Release(note) if log.holds(&file.path) => {
                let lines = note.date.iter().chain(&note.changes);
                let lines: Vec<&str> = lines.map(String::as_str).collect();
                blueprint.observations.push(Observation {
                    topic: Topic::Release,
                    element: None,
                    name: note.version.clone(),
                    detail: (!note.changes.is_empty()).then(|| lines.join("\n")),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
            }
            // What stands in the repository is a part of it, and no package that somebody else makes.
            // What fuzzers and tests need is no package of the system, but for what tests are made with.
            Claim::Dependency(dependency) if !own.holds(dependency) => {
                let known = world
                    .knowledge
                    .by_package(&dependency.ecosystem, &dependency.name);
                let tests = known.is_some_and(|(t, _)| t.category == Category::Testing);
                let fuzzes = || {
                    file.path
                        .split('/')
                        .any(|part| matches!(part, "fuzz" | "fuzzing"))
                };
                let of_tests = tests
                    && dependency.scope == DependencyScope::Test
                    && !file.path.contains("fixture")
                    && !file.path.contains("testdata");
                if fuzzes() || aside && !of_tests {
                    continue;
                }
                let technology =
                    known.filter(|(t, driver)| imported.counts(&file.path, dependency, t, *driver));
                let known = technology.map(|(t, _)| t);
                let owners = imported.owners(&file.path, dependency, known, &element);
                for element in owners {
                    blueprint.dependencies.push(Dependency {
                        element,
                        ecosystem: dependency.ecosystem.clone(),
                        name: dependency.name.clone(),
                        version: dependency.version.clone(),
                        scope: dependency.scope,
                        technology: technology.map(|(t, _)| t.name.clone()),
                        provenance: Provenance::observed([fact.at.clone()]),
                    });
                }
            }
            Claim::ChartFile(values) if !aside && charted => {
                for Placed { value, at } in &values.settings {
                    blueprint.settings.push(Setting {
                        element: None,
                        name: value.path.clone(),
                        source: SettingSource::File,
                        value: value.value.clone(),
                        secret: value.secret,
                        profile: None,
                        provenance: Provenance::observed([at.clone()]),
                    });
                }
            }
            Claim::EnvRead(read) if !aside => {
                if read.guarded && started_otherwise(&file.path, element(&file.path), &commands) {
                    continue;
                }
                if !running.has(world, &file.path) {
                    continue;
                }
                // A switch is none, whatever its name.
                let secret = match read.default.as_deref() {
                    Some(default) if !default.is_empty() => {
                        secrets::holds_secret(&read.name, default)
                    }
                    // The folder that a shell is in, <https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html>.
                    _ if matches!(read.name.as_str(), "PWD" | "OLDPWD") => false,
                    _ => !read.switch && secrets::is_secret_name(&read.name),
                };
                // A build file speaks of the part that its image is.
                let of_image = built.get(file.path.as_str());
                blueprint.settings.push(Setting {
                    element: match of_image {
                        Some(units) => units.first().filter(|_| units.len() == 1).cloned(),
                        None => element(&file.path),
                    },
                    name: read.name.clone(),
                    source: key_sources.source(read, &file.path, world),
                    value: read
                        .default
                        .clone()
                        .or_else(|| read.computed.clone())
                        .filter(|_| !secret),
                    secret,
                    profile: environments::stage_of_settings(&file.path).map(str::to_owned),
                    provenance: Provenance::observed([fact.at.clone()]),
                });
            }
            _ => {}
        }
    }
    for ((element, name), (count, evidence)) in tests {
        blueprint.observations.push(Observation {
            topic: Topic::Test,
            element,
            name,
            detail: Some(if count == 1 {
                "1 file".to_owned()
            } else {
                format!("{count} files")
            }),
            provenance: Provenance::observed(evidence),
        });
    }
    note_cut(blueprint, &counts);
    composed::join(blueprint, world, &element);
    conditions::join(blueprint);
    conditions::with_policies(blueprint);
    conditions::with_defaults(blueprint, world);
    join_dependencies(blueprint);
    set_values(blueprint, units, ids, values);
    set_by_variants(blueprint, world, units, ids);
    lonely_dotenv(blueprint, world);
    mounted_secrets(blueprint, world, ids, holders);
    no_secrets_by_name_alone(blueprint);
    for (_, mark, at) in tools.into_values() {
        blueprint.observations.push(Observation {
            topic: mark.topic,
            element: None,
            name: mark.name.clone(),
            detail: mark.detail.clone(),
            provenance: Provenance::observed([at.clone()]),
        });
    }
    whole_keys(blueprint);
    crate::resolve::cache_files::join(blueprint);
    crate::resolve::laravel_config::prunes(blueprint);
    scaling(blueprint, world, units, ids);
    services(blueprint, world, units, ids);
}

/// Whether marks of a topic tell what code does while it runs, rather than how it is worked on.
fn happens_at_run_time(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::AuditLog
            | Topic::Authentication
            | Topic::Authorization
            | Topic::CacheUse
            | Topic::CircuitBreaker
            | Topic::Cors
            | Topic::Encryption
            | Topic::ErrorHandling
            | Topic::Event
            | Topic::FeatureFlag
            | Topic::HealthCheck
            | Topic::InputValidation
            | Topic::LogLevel
            | Topic::Logging
            | Topic::MediaType
            | Topic::Metric
            | Topic::Queue
            | Topic::RateLimit
            | Topic::Retry
            | Topic::SecurityHeader
            | Topic::Timeout
            | Topic::Tls
            | Topic::Tracing
    )
}

/// Whether files of a topic speak of the whole system unless a part holds them: rules of alerts, settings of
/// linters and scanners, objects of a cluster.
fn is_of_all(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::AlertReceiver
            | Topic::AlertRule
            | Topic::CodeOwnership
            | Topic::CoverageSetting
            | Topic::Dashboard
            | Topic::License
            | Topic::Linter
            | Topic::NetworkPolicy
            | Topic::SecretReference
            | Topic::SecurityScan
            | Topic::Tls
    )
}

/// How many observations of a topic are kept. Resources of a cloud are counted, not listed.
fn most_of(topic: Topic) -> usize {
    match topic {
        // A document says how many there are, and statements are of many kinds.
        Topic::Infrastructure | Topic::Migration | Topic::Stated => 10 * MOST_OF_A_KIND,
        _ => MOST_OF_A_KIND,
    }
}

/// Writes at the system of which topics more was seen than is kept, so that nobody takes what is kept for
/// all.
fn note_cut(blueprint: &mut Blueprint, counts: &BTreeMap<Topic, usize>) {
    let cut = counts.iter().filter(|(topic, n)| **n > most_of(**topic));
    let cut: Vec<Attribute> = cut
        .map(|(topic, n)| Attribute {
            key: format!("seen.{topic:?}"),
            value: n.to_string(),
            provenance: Provenance::observed([]),
        })
        .collect();
    let mut frames = blueprint.elements.iter_mut();
    let frame = frames.find(|e| e.kind == ElementKind::SoftwareSystem && !e.external);
    if let Some(frame) = frame {
        frame.attributes.extend(cut);
    }
}

/// Kubernetes Services through which a container is reached from outside its cluster.
fn services(blueprint: &mut Blueprint, world: &World<'_>, units: &[Unit<'_>], ids: &[String]) {
    let mut found = Vec::new();
    let mut told: BTreeSet<usize> = BTreeSet::new();
    for (file, fact) in world.facts() {
        let Claim::Service(service) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) {
            continue;
        }
        let name = service.name.to_ascii_lowercase();
        let unit = units.iter().position(|u| {
            u.hosts.contains(&name) && u.deployables.iter().any(|(d, _)| d.source == "kubernetes")
        });
        let Some(unit) = unit else { continue };
        let (rank, alone, place) = world.variants.order(&file.path);
        let main = rank == 0 && !alone && !place.aside;
        if main {
            told.insert(unit);
        }
        if ["LoadBalancer", "NodePort"].contains(&service.kind.as_str()) {
            found.push((unit, main, service, &fact.at));
        }
    }
    for (unit, main, service, at) in found {
        // What a variant opens is not open where the files that are told have a Service of their own.
        let Some(id) = ids.get(unit).filter(|_| main || !told.contains(&unit)) else {
            continue;
        };
        let Some(element) = blueprint.elements.iter_mut().find(|e| e.id == *id) else {
            continue;
        };
        let value = format!("{} {}", service.kind, service.name);
        if element.attributes_of("service").any(|a| a.value == value) {
            continue;
        }
        element.attributes.push(Attribute {
            key: "service".to_owned(),
            value,
            provenance: Provenance::observed([at.clone()]),
        });
        element
            .attributes
            .sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    }
}

/// The variable of a setting that is nothing but one, with or without a default: `${KEY:none}`.
fn variable_of(value: &str) -> Option<&str> {
    let inner = value.strip_prefix("${")?.strip_suffix('}')?;
    let name = inner.split([':', '?']).next()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
    (!name.is_empty() && name.bytes().all(plain) && !inner.contains("${")).then_some(name)
}

/// For each folder that holds the source of elements: the element, if it is the only one. The root
/// is no such folder, since what lies there concerns all.
fn holding<'w>(
    world: &'w World<'_>,
    owner: &BTreeMap<usize, &'w String>,
) -> BTreeMap<&'w str, Option<&'w String>> {
    let mut all: BTreeMap<&str, Option<&String>> = BTreeMap::new();
    for (project, id) in owner {
        let mut folder = world
            .projects
            .get(*project)
            .map_or("", |p| p.folder.as_str());
        while !folder.is_empty() {
            all.entry(folder)
                .and_modify(|only| *only = None)
                .or_insert(Some(*id));
            folder = folder_of(folder);
        }
    }
    all
}

/// The only element whose source lies below the nearest folder above that of a file which holds
/// any.
fn beside(holding: &BTreeMap<&str, Option<&String>>, path: &str) -> Option<String> {
    let mut folder = folder_of(folder_of(path));
    while !folder.is_empty() {
        if let Some(found) = holding.get(folder) {
            return found.cloned();
        }
        folder = folder_of(folder);
    }
    None
}

/// What starts each container, as far as files say.
fn commands<'u>(units: &'u [Unit<'_>], ids: &'u [String]) -> BTreeMap<&'u str, Vec<&'u str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (unit, id) in units.iter().zip(ids) {
        let deployed = unit
            .deployables
            .iter()
            .filter_map(|(d, _)| d.command.as_ref());
        let built = unit.images.iter().filter_map(|(i, _)| i.command.as_ref());
        let of_it = deployed.chain(built).map(|c| c.value.as_str());
        all.entry(id).or_default().extend(of_it);
    }
    all
}

/// Whether it is known what starts the container of a file, and no command speaks of the file: what
/// stands under its main guard never runs there. A script of a shell may start anything.
fn started_otherwise(
    path: &str,
    element: Option<String>,
    commands: &BTreeMap<&str, Vec<&str>>,
) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let all = element.and_then(|id| commands.get(id.as_str()));
    let servers = [
        "gunicorn",
        "uwsgi",
        "uvicorn",
        "hypercorn",
        "waitress",
        "celery",
    ];
    all.is_some_and(|all| {
        let file = format!("{stem}.py");
        let module = format!("-m {stem}");
        !all.is_empty()
            && all.iter().all(|command| {
                let program = command.split_whitespace().next().unwrap_or_default();
                let program = program.rsplit('/').next().unwrap_or_default();
                servers.contains(&program) && !command.contains(&file) && !command.contains(&module)
            })
    })
}

/// Dotenv files that no part is given: most are patterns from which each installation makes its
/// own, so that a secret in one is none yet.
fn lonely_dotenv(blueprint: &mut Blueprint, world: &World<'_>) {
    let known: BTreeSet<&str> = blueprint
        .settings
        .iter()
        .filter_map(|s| Some(s.provenance.first()?.path.as_str()))
        .collect();
    let mut found = Vec::new();
    for (file, fact) in world.facts() {
        let Claim::Property(property) = &fact.claim else {
            continue;
        };
        let name = file.path.rsplit('/').next().unwrap_or_default();
        // Such a name is one of samples; its folder says whether it is one of the system.
        let pattern = is_pattern(name);
        let aside = match pattern {
            true => is_aside(&format!("{}/x", folder_of(&file.path))),
            false => is_aside(&file.path),
        };
        if !is_dotenv(name) || aside || known.contains(file.path.as_str()) {
            continue;
        }
        let value = match (property.secret, pattern) {
            (true, true) => Some(format!("${{{}}}", property.key)),
            (true, false) => property.value.clone().filter(|v| v.is_empty()),
            (false, _) => property.value.clone(),
        };
        found.push(Setting {
            element: None,
            name: property.key.clone(),
            source: SettingSource::File,
            value,
            secret: property.secret,
            profile: property.profile.clone(),
            provenance: Provenance::observed([fact.at.clone()]),
        });
    }
    blueprint.settings.extend(found);
}

/// Which elements read a variable in code.
type Readers = BTreeMap<String, BTreeSet<String>>;

fn readers(blueprint: &Blueprint) -> Readers {
    let mut all = Readers::new();
    for setting in &blueprint.settings {
        if setting.source.is_read()
            && let Some(element) = &setting.element
        {
            let of = all.entry(setting.name.clone()).or_default();
            of.insert(element.clone());
        }
    }
    all
}

/// Whether a unit that is given a variable uses it: its code reads it, or it is a ready image
/// whose product begins its variables so (`POSTGRES_DB` of `postgres`).
fn uses(unit: &Unit<'_>, id: &str, variable: &str, readers: &Readers) -> bool {
    if readers.get(variable).is_some_and(|all| all.contains(id)) {
        return true;
    }
    if unit.project.is_some() {
        return false;
    }
    let first = variable
        .split('_')
        .next()
        .unwrap_or(variable)
        .to_lowercase();
    let ready = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| d.image.as_ref());
    first.len() > 1
        && ready.into_iter().any(|image| {
            let name = image.value.rsplit('/').next().unwrap_or_default();
            let name = name.split([':', '@']).next().unwrap_or_default();
            name.to_lowercase().contains(&first)
        })
}

fn set_values(
    blueprint: &mut Blueprint,
    units: &[Unit<'_>],
    ids: &[String],
    values: &[Vec<Value>],
) {
    let readers = readers(blueprint);
    let mut given: BTreeSet<(&str, &Evidence)> = BTreeSet::new();
    for (index, id) in ids.iter().enumerate() {
        for value in &values[index] {
            // What chooses a part of a file is no setting of its own.
            if SELECTORS.contains(&value.key.as_str()) {
                continue;
            }
            // A file that several are given is a setting of those that read the variable.
            let mut element = Some(id.clone());
            if value.shared && value.is_env && !uses(&units[index], id, &value.key, &readers) {
                if !given.insert((&value.key, &value.at)) {
                    continue;
                }
                element = None;
            }
            let source = if value.is_env && !value.example {
                SettingSource::Deployment
            } else {
                SettingSource::File
            };
            let secret = value.secret || secrets::holds_secret(&value.key, &value.value);
            // Of a secret what is no value is shown: that it is empty, a variable or a stand-in.
            let shown = !value.secret && value.value.is_empty()
                || secrets::is_variable(&value.value)
                || secrets::is_placeholder(&value.key, &value.value);
            blueprint.settings.push(Setting {
                element,
                name: value.key.clone(),
                source,
                // A secret without a value is one that stands in the file itself.
                value: match variable_of(&value.value).filter(|_| secret && !value.is_env) {
                    Some(name) => Some(format!("${{{name}}}")),
                    None => (!secret || shown).then(|| value.value.clone()),
                },
                secret,
                profile: value.profile.clone(),
                provenance: Provenance::observed([value.at.clone()]),
            });
        }
        // Secrets and references have no value, but they are settings all the same.
        for (deployable, _) in &units[index].deployables {
            for env in deployable
                .env
                .iter()
                .filter(|e| e.value.is_none() && !e.name.is_empty())
            {
                blueprint.settings.push(Setting {
                    element: Some(id.clone()),
                    name: env.name.clone(),
                    source: SettingSource::Deployment,
                    value: env.from.clone(),
                    secret: env.secret
                        || env
                            .from
                            .as_deref()
                            .is_some_and(|f| f.starts_with("secret:")),
                    profile: None,
                    provenance: Provenance::observed([env.at.clone()]),
                });
            }
        }
        // A secret that an image carries lies in the file that builds it.
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let images = units[index].images.iter();
        for env in images.flat_map(|(image, _)| &image.env) {
            let carried = env.secret && env.value.is_none() && env.from.is_none();
            if !carried || !seen.insert(&env.name) {
                continue;
            }
            blueprint.settings.push(Setting {
                element: Some(id.clone()),
                name: env.name.clone(),
                source: SettingSource::Deployment,
                value: None,
                secret: true,
                profile: None,
                provenance: Provenance::observed([env.at.clone()]),
            });
        }
    }
}

/// The blocks of deployment files by path, with their units.
fn blocks<'u>(units: &'u [Unit<'_>]) -> BTreeMap<&'u str, Vec<([u32; 2], usize)>> {
    let mut all: BTreeMap<&str, Vec<([u32; 2], usize)>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        for (_, at) in &unit.deployables {
            all.entry(at.path.as_str())
                .or_default()
                .push((at.lines, index));
        }
    }
    all
}

/// Variables of the modules of Terraform that people apply. What has no default has to be given, also
/// where it is a secret: none of it stands in the file.
fn variables(blueprint: &mut Blueprint, world: &World<'_>) {
    for (file, fact) in world.facts() {
        let Claim::ModuleValue(variable) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) {
            continue;
        }
        blueprint.settings.push(Setting {
            element: None,
            name: variable.name.clone(),
            source: SettingSource::File,
            value: (variable.value.as_deref())
                .map(|value| value.trim_matches('"').to_owned())
                .filter(|value| value != "null" && !value.contains('\n')),
            secret: false,
            profile: None,
            provenance: Provenance::observed([fact.at.clone()]),
        });
    }
}

/// Build files whose image is that of no part: without them nobody could tell a repository that
/// builds no image from one whose images were not tied to a part.
fn unused_images(blueprint: &mut Blueprint, world: &World<'_>, units: &[Unit<'_>]) {
    let used: BTreeSet<&str> = units
        .iter()
        .flat_map(|u| &u.images)
        .map(|(_, at)| at.path.as_str())
        .collect();
    // Another build of an image that a part runs is one of that part.
    let built =
        |p: &crate::facts::PublishedImage, path: &str| p.dockerfile.as_deref() == Some(path);
    let same = |path: &str| {
        world.published.values().any(|all| {
            let of_used = |p: &&crate::facts::PublishedImage| {
                p.dockerfile
                    .as_deref()
                    .is_some_and(|file| used.contains(file))
            };
            all.iter().any(|p| built(p, path)) && all.iter().any(of_used)
        })
    };
    for (image, at) in world.all_images() {
        let ranked = crate::resolve::variants::rank(&at.path) > 0;
        if used.contains(at.path.as_str()) || ranked || same(&at.path) {
            continue;
        }
        blueprint.observations.push(Observation {
            topic: Topic::Infrastructure,
            element: None,
            name: "Dockerfile".to_owned(),
            detail: image.bases.last().map(|base| base.value.clone()),
            provenance: Provenance::observed([at.clone()]),
        });
        // What it sets is a setting of the system all the same.
        for env in &image.env {
            blueprint.settings.push(Setting {
                element: None,
                name: env.name.clone(),
                source: SettingSource::Deployment,
                value: env.value.clone().filter(|_| !env.secret),
                secret: env.secret,
                profile: None,
                provenance: Provenance::observed([env.at.clone()]),
            });
        }
    }
}

/// Variables that a patch of an overlay or component sets, with the variant as their profile.
fn set_by_variants(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
) {
    for (file, fact) in world.facts() {
        let Claim::Overlay(overlay) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) {
            continue;
        }
        for (target, variable) in &overlay.variables {
            let unit = units
                .iter()
                .position(|u| u.deployables.iter().any(|(d, _)| d.name == *target));
            let Some(id) = unit.and_then(|u| ids.get(u)) else {
                continue;
            };
            blueprint.settings.push(Setting {
                element: Some(id.clone()),
                name: variable.name.clone(),
                source: SettingSource::Deployment,
                value: variable.value.clone().filter(|_| !variable.secret),
                secret: variable.secret,
                profile: Some(overlay.name.clone()),
                provenance: Provenance::observed([variable.at.clone()]),
            });
        }
    }
}

fn scaling(blueprint: &mut Blueprint, world: &World<'_>, units: &[Unit<'_>], ids: &[String]) {
    for (file, fact) in world.facts() {
        let Claim::Autoscaler(scaler) = &fact.claim else {
            continue;
        };
        if is_aside(&file.path) {
            continue;
        }
        let unit = units
            .iter()
            .position(|u| u.deployables.iter().any(|(d, _)| d.name == scaler.target));
        // A set of files beside the one that is told scales the part where that set is used; of what
        // shares a pod only the one that gives it its name is meant.
        let beside = || {
            let target = plain(&scaler.target);
            units.iter().position(|u| {
                let held = u.others.iter().any(|(d, _)| d.name == scaler.target);
                held && !u.role.is_store() && target.starts_with(&plain(&u.name))
            })
        };
        let unit = unit.or_else(beside);
        // Scaling that an example or an extra adds is none of the set that is told.
        let rank = crate::resolve::variants::rank;
        let told = unit.is_some_and(|u| {
            let told = match units[u].deployables.as_slice() {
                [] => &units[u].others,
                own => own,
            };
            told.iter()
                .any(|(_, at)| rank(&at.path) >= rank(&file.path))
        });
        let Some(id) = unit.filter(|_| told).map(|u| &ids[u]) else {
            continue;
        };
        let Some(element) = blueprint.elements.iter_mut().find(|e| e.id == *id) else {
            continue;
        };
        let metrics = (!scaler.metrics.is_empty()).then(|| scaler.metrics.join(", "));
        let pairs = match scaler.asks.is_empty() {
            true => vec![
                ("scaling.min", scaler.min.clone()),
                ("scaling.max", scaler.max.clone()),
                ("scaling.metric", metrics),
            ],
            false => vec![("scaling.optional", charts::optional(scaler))],
        };
        for (key, value) in pairs {
            let Some(value) = value else { continue };
            element.attributes.push(Attribute {
                key: key.to_owned(),
                value,
                provenance: Provenance::observed([fact.at.clone()]),
            });
        }
        element
            .attributes
            .sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    }
}

/// One dependency for each package of an element, however many manifests and lock files name it;
/// versions of one package that contradict each other stay apart.
fn join_dependencies(blueprint: &mut Blueprint) {
    let mut all: Vec<Dependency> = Vec::new();
    let mut known: BTreeMap<(Option<String>, String, String), Vec<usize>> = BTreeMap::new();
    for dependency in std::mem::take(&mut blueprint.dependencies) {
        let name = match dependency.ecosystem.as_str() {
            "pypi" => dependency.name.to_lowercase().replace(['_', '.'], "-"),
            _ => dependency.name.clone(),
        };
        let key = (
            dependency.element.clone(),
            dependency.ecosystem.clone(),
            name,
        );
        let places = known.entry(key).or_default();
        let same = places.iter().copied().find(|&at| {
            let old = &all[at];
            old.version == dependency.version
                || old.version.is_empty()
                || dependency.version.is_empty()
                || dependency.ecosystem == "pypi"
        });
        match same {
            Some(at) => {
                let old = &mut all[at];
                let exact = |v: &str| v.starts_with("==");
                if old.version.is_empty() || exact(&dependency.version) && !exact(&old.version) {
                    old.version = dependency.version;
                }
                // What runs needs it, whatever else does.
                old.scope = old.scope.min(dependency.scope);
                old.provenance
                    .evidence
                    .extend(dependency.provenance.evidence);
            }
            None => {
                places.push(all.len());
                all.push(dependency);
            }
        }
    }
    for dependency in &mut all {
        once_each(&mut dependency.provenance.evidence);
    }
    blueprint.dependencies = all;
}

/// Keeps the first of equal places. Thousands of manifests may name one package, so that each
/// place must not be compared with each.
fn once_each(places: &mut Vec<Evidence>) {
    let mut seen: BTreeSet<Evidence> = BTreeSet::new();
    places.retain(|place| seen.insert(place.clone()));
}

#[cfg(test)]
mod tests {
    use crate::secrets::is_variable;

    #[test]
    fn variables_hold_no_secret_of_their_own() {
        for value in [
            "${DB_PASSWORD}",
            "${DB_PASSWORD:?not set}",
            "${spring.password}",
            "${A?b}",
        ] {
            assert!(is_variable(value), "{value}");
        }
        for value in [
            "hunter2",
            "${A:-hunter2}",
            "${A:hunter2}",
            "${}",
            "${A}${B}",
            "$A",
            "",
        ] {
            assert!(!is_variable(value), "{value}");
        }
    }
}
