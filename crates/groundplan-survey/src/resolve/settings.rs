//! Which configuration reaches which unit: environment, configuration data, property files.

use crate::facts::{Claim, EnvValue, Fact, Property};
use crate::resolve::holders::Holders;
use crate::resolve::names::is_aside;
use crate::resolve::units::Unit;
use crate::resolve::world::{World, folder_of};
use groundplan_model::Evidence;
use groundplan_syntax::Language;
use std::collections::{BTreeMap, BTreeSet};

/// A configuration value that a unit gets.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    /// Variable or dotted key.
    pub(crate) key: String,
    /// The value, placeholders kept.
    pub(crate) value: String,
    /// Where it stands.
    pub(crate) at: Evidence,
    /// Whether it is a variable of the environment (else a key of a file).
    pub(crate) is_env: bool,
    /// Whether it is for one profile only.
    pub(crate) profile: Option<String>,
    /// Whether the file it comes from is handed to several units, so that only those that read
    /// the variable use it.
    pub(crate) shared: bool,
    /// Whether a password was cut out of it.
    pub(crate) secret: bool,
    /// Whether it stands in a pattern for a file of variables that no deployment file names: what
    /// somebody may set, not what is set.
    pub(crate) example: bool,
    /// Whether it is commented out there.
    pub(crate) commented: bool,
}

/// Words of names of files that are patterns, from which each installation makes its own.
const PATTERNS: [&str; 8] = [
    "sample", "example", "template", "tmpl", "dist", "default", "defaults", "schema",
];

/// Whether a file of this name holds variables of the environment.
pub(crate) fn is_dotenv(name: &str) -> bool {
    let variant = name.starts_with(".env.") || name.starts_with(".env-");
    name == ".env" || variant || name.ends_with(".env") || is_named_pattern(name)
}

/// Whether a file is the pattern for the variables of one program: `shop-server.env.example`.
fn is_named_pattern(name: &str) -> bool {
    let ends = ["dist", "example", "sample", "template"];
    let ending = name
        .rsplit_once(".env.")
        .filter(|(program, _)| !program.is_empty());
    ending.is_some_and(|(_, ending)| ends.contains(&ending))
}

/// Whether a file is a pattern by its name (`.env.example`, `template.env`).
pub(crate) fn is_pattern(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['.', '-', '_'])
        .any(|part| PATTERNS.iter().any(|w| part.eq_ignore_ascii_case(w)))
}

/// The values of each unit, in the order of `units`.
pub(crate) fn values(
    world: &World<'_>,
    units: &[Unit<'_>],
    handed_out: &BTreeMap<String, Vec<usize>>,
    holders: &Holders,
) -> Vec<Vec<Value>> {
    let named: BTreeSet<&str> = world
        .facts()
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Deployable(d) => Some(&d.env),
            _ => None,
        })
        .flatten()
        .filter_map(|e| e.from.as_deref()?.strip_prefix("env_file:"))
        .collect();
    let data = configuration_data(world);
    let files = environment_files(world);
    // Containers of one image are one program: what its file holds, that program uses.
    let mut users: BTreeMap<&str, BTreeSet<(usize, &str)>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let image = unit.deployables.iter().find_map(|(d, _)| d.image.as_ref());
        let image = image.filter(|i| unit.project.is_none() && !i.value.contains("${"));
        let program = image.map_or((index, ""), |i| (usize::MAX, i.value.as_str()));
        let own: BTreeSet<&str> = unit
            .deployables
            .iter()
            .flat_map(|(d, _)| &d.env)
            .filter_map(|e| e.from.as_deref())
            .collect();
        for from in own {
            users.entry(from).or_default().insert(program);
        }
    }
    units
        .iter()
        .enumerate()
        .map(|(index, unit)| {
            let mut all = Vec::new();
            for (deployable, _) in &unit.deployables {
                for env in &deployable.env {
                    let before = all.len();
                    environment(env, &data, &files, &mut all);
                    let common = env.from.as_deref().is_some_and(|f| {
                        env.name.is_empty() && users.get(f).is_some_and(|n| n.len() > 1)
                    });
                    // A product that is given the file which Compose fills its own variables from gets
                    // what is for everybody.
                    let whole = unit.project.is_none()
                        && (env.from.as_deref()).is_some_and(|f| {
                            f.strip_prefix("env_file:")
                                .is_some_and(|path| path == ".env" || path.ends_with("/.env"))
                        });
                    let common = common || env.name.is_empty() && whole;
                    all[before..].iter_mut().for_each(|v| v.shared = common);
                }
            }
            for (image, _) in &unit.images {
                // What the deployment gives holds in place of what the image has.
                let given = |name: &str| {
                    let mut env = unit.deployables.iter().flat_map(|(d, _)| &d.env);
                    env.any(|e| e.name == name && (e.value.is_some() || e.from.is_some()))
                };
                for env in image.env.iter().filter(|e| !given(&e.name)) {
                    environment(env, &data, &files, &mut all);
                }
            }
            if let Some(project) = unit.project {
                for fact in world.facts_of(project) {
                    if let Claim::Property(property) = &fact.claim
                        && !handed_out.contains_key(&fact.at.path)
                    {
                        push_property(property, &fact.at, &mut all);
                        // Whoever reads a `.env` file reads it by variable.
                        let name = fact.at.path.rsplit('/').next().unwrap_or_default();
                        if is_dotenv(name)
                            && let Some(last) = all.last_mut()
                        {
                            last.shared = true;
                            last.is_env = true;
                            // Libraries and bundlers read `.env` and its variants by themselves.
                            let by_name = name.starts_with(".env") && !is_pattern(name);
                            let by_file = named.contains(fact.at.path.as_str())
                                || holders.mounted_file(&fact.at.path).is_some();
                            last.example = property.commented || !by_name && !by_file;
                            // What a pattern holds in the place of a secret is none.
                            if is_pattern(name) && last.secret {
                                last.value = format!("${{{}}}", last.key);
                            }
                        }
                    }
                }
            }
            for (path, to) in handed_out.iter().filter(|(_, to)| to.contains(&index)) {
                let before = all.len();
                for fact in facts_of(world, path) {
                    if let Claim::Property(property) = &fact.claim {
                        push_property(property, &fact.at, &mut all);
                    }
                }
                all[before..]
                    .iter_mut()
                    .for_each(|v| v.shared = to.len() > 1);
            }
            prefer_active(&mut all);
            all
        })
        .collect()
}

/// Where the deployment says which profiles are on, their values hold instead of the common ones.
fn prefer_active(all: &mut Vec<Value>) {
    const ACTIVE: [&str; 3] = [
        "SPRING_PROFILES_ACTIVE",
        "QUARKUS_PROFILE",
        "MICRONAUT_ENVIRONMENTS",
    ];
    let active: BTreeSet<String> = all
        .iter()
        .filter(|v| v.is_env && ACTIVE.contains(&v.key.as_str()))
        .flat_map(|v| v.value.split(','))
        .map(|name| name.trim().to_owned())
        .collect();
    if active.is_empty() {
        return;
    }
    let is_active = |v: &Value| v.profile.as_ref().is_some_and(|p| active.contains(p));
    let replaced: BTreeSet<String> = all
        .iter()
        .filter(|v| is_active(v))
        .map(|v| v.key.clone())
        .collect();
    all.retain(|v| v.is_env || v.profile.is_some() || !replaced.contains(&v.key));
    all.sort_by_key(|v| !is_active(v));
}

/// What the maps of a cluster hold, by their names; of alternative sets of manifests that of one.
pub(crate) type Data<'f> = BTreeMap<String, Vec<&'f EnvValue>>;

/// The maps of the cluster that hold no secrets.
pub(crate) fn configuration_data<'f>(world: &World<'f>) -> Data<'f> {
    let mut data: Data<'f> = BTreeMap::new();
    let mut from = BTreeMap::new();
    for (file, fact) in world.facts() {
        if let Claim::ConfigData(config) = &fact.claim
            && !config.secret
            && !is_aside(&file.path)
        {
            // Alternative sets of manifests have the same names; one of them is told.
            let order = world.variants.order(&file.path);
            let known = from.entry(config.name.clone()).or_insert(order);
            let entries = data.entry(config.name.clone()).or_default();
            if order < *known {
                entries.clear();
                *known = order;
            }
            if order == *known {
                entries.extend(&config.entries);
            }
        }
    }
    data
}

fn environment_files<'f>(
    world: &World<'f>,
) -> BTreeMap<&'f str, Vec<(&'f Property, &'f Evidence)>> {
    let mut all: BTreeMap<&str, Vec<(&Property, &Evidence)>> = BTreeMap::new();
    for (file, fact) in world.facts() {
        if let Claim::Property(property) = &fact.claim {
            all.entry(file.path.as_str())
                .or_default()
                .push((property, &fact.at));
        }
    }
    all
}

fn environment(
    env: &EnvValue,
    data: &Data<'_>,
    files: &BTreeMap<&str, Vec<(&Property, &Evidence)>>,
    all: &mut Vec<Value>,
) {
    let mut push = |key: &str, value: &str, at: &Evidence, secret: bool, commented: bool| {
        all.push(Value {
            key: key.to_owned(),
            value: value.to_owned(),
            at: at.clone(),
            is_env: true,
            profile: None,
            shared: false,
            secret,
            example: commented,
            commented,
        });
    };
    if let Some(value) = &env.value {
        push(
            &env.name,
            value,
            &env.at,
            env.secret && value.contains("://"),
            false,
        );
    }
    let Some((kind, target)) = env.from.as_deref().and_then(|f| f.split_once(':')) else {
        return;
    };
    match kind {
        "config_map" => {
            let (name, key) = match target.split_once('/') {
                Some((name, key)) => (name, Some(key)),
                None => (target, None),
            };
            // Variants may each have one of this name: the nearest to the workload is meant.
            let mut nearest: BTreeMap<&str, usize> = BTreeMap::new();
            for entry in data.get(name).into_iter().flatten() {
                let best = nearest.entry(&entry.name).or_default();
                *best = common_folders(&entry.at.path, &env.at.path).max(*best);
            }
            for entry in data.get(name).into_iter().flatten() {
                let depth = common_folders(&entry.at.path, &env.at.path);
                if nearest
                    .get(entry.name.as_str())
                    .is_some_and(|best| depth < *best)
                {
                    continue;
                }
                let wanted = key.is_none_or(|k| k == entry.name);
                // A password in a ConfigMap lies there in plain text.
                let value = match &entry.value {
                    None if entry.secret && entry.from.is_none() => Some(""),
                    value => value.as_deref(),
                };
                if let (true, Some(value)) = (wanted, value) {
                    let variable = if env.name.is_empty() {
                        &entry.name
                    } else {
                        &env.name
                    };
                    let hidden = entry.value.is_none() || value.contains("://");
                    push(variable, value, &entry.at, entry.secret && hidden, false);
                }
            }
        }
        "env_file" => {
            let found = files.get(target);
            let found = found.or_else(|| pattern_of(target, files));
            let found = found.or_else(|| only_beside(target, files));
            for (property, at) in found.into_iter().flatten() {
                // Of a secret it is known that it stands there, not what it is.
                let value = property.value.as_deref();
                if let Some(value) = value.or(property.secret.then_some("")) {
                    let hidden = property.value.is_none() || value.contains("://");
                    push(
                        &property.key,
                        value,
                        at,
                        property.secret && hidden,
                        property.commented,
                    );
                }
            }
        }
        _ => {}
    }
}

/// The pattern from which whoever installs the system makes a file of variables that is not there.
fn pattern_of<'m, 'f>(
    target: &str,
    files: &'m BTreeMap<&'f str, Vec<(&'f Property, &'f Evidence)>>,
) -> Option<&'m Vec<(&'f Property, &'f Evidence)>> {
    let before = target.strip_suffix(".env").map(|head| format!("{head}env"));
    // One pattern serves for all variants of a file: `.env.docker` is made of `.env.example` too.
    let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
    let variant = name.starts_with(".env.") || name.starts_with(".env-");
    let plain = variant.then(|| match folder {
        "" => ".env".to_owned(),
        _ => format!("{folder}/.env"),
    });
    let names = std::iter::once(target.to_owned())
        .chain(before)
        .chain(plain);
    let mut all = names.flat_map(|name| {
        let ends = ["example", "sample", "template", "dist"];
        ends.map(|end| ['.', '-', '_'].map(|sign| format!("{name}{sign}{end}")))
    });
    all.find_map(|names| names.iter().find_map(|name| files.get(name.as_str())))
}

/// The only file of variables beside a deployment file that leaves the name of such a file to whoever
/// starts it: `env_file: ${ENV_FILE}`.
fn only_beside<'m, 'f>(
    target: &str,
    files: &'m BTreeMap<&'f str, Vec<(&'f Property, &'f Evidence)>>,
) -> Option<&'m Vec<(&'f Property, &'f Evidence)>> {
    let (folder, name) = target.rsplit_once('/').unwrap_or(("", target));
    let name = name.strip_prefix('$')?;
    let open = name.trim_start_matches('{').trim_end_matches('}');
    let variable = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if open.is_empty() || !open.chars().all(variable) {
        return None;
    }
    let is_beside = |path: &&str| {
        let (place, name) = path.rsplit_once('/').unwrap_or(("", path));
        let named = name.starts_with(".env") || name.ends_with(".env");
        place == folder && named && !is_pattern(path)
    };
    let mut beside = files.keys().filter(|path| is_beside(path));
    let only = beside.next()?;
    let alone = beside.next().is_none();
    files.get(only).filter(|_| alone)
}

/// Folders that two paths share from the root on.
fn common_folders(a: &str, b: &str) -> usize {
    let (a, b) = (folder_of(a).split('/'), folder_of(b).split('/'));
    a.zip(b).take_while(|(a, b)| a == b).count()
}

fn push_property(property: &Property, at: &Evidence, all: &mut Vec<Value>) {
    // Of a secret the key is kept: it is one of those that the file sets.
    let hidden = property.value.is_none();
    if hidden && !property.secret {
        return;
    }
    all.push(Value {
        key: property.key.clone(),
        value: property.value.clone().unwrap_or_default(),
        at: at.clone(),
        is_env: false,
        profile: property.profile.clone(),
        shared: false,
        secret: hidden,
        example: property.commented,
        commented: property.commented,
    });
}

/// Files that a configuration server hands out, with the units that get them: in a folder where
/// files are named after units, each belongs to its unit, and `application` to all of them.
pub(crate) fn handed_out(
    world: &World<'_>,
    units: &[Unit<'_>],
    holders: &Holders,
) -> BTreeMap<String, Vec<usize>> {
    let mut named: BTreeMap<&str, Vec<(usize, &str)>> = BTreeMap::new();
    let mut common: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in world.files {
        let is_configuration = matches!(
            file.language,
            Language::Yaml | Language::Properties | Language::Json
        );
        let says = file
            .facts
            .iter()
            .any(|f| matches!(f.claim, Claim::Property(_) | Claim::Client(_)));
        // What a unit mounts it reads itself, whatever the file is called.
        if !is_configuration
            || !says
            || holders.placed(&file.path).is_some()
            || file
                .facts
                .iter()
                .any(|f| matches!(f.claim, Claim::Deployable(_)))
        {
            continue;
        }
        let folder = folder_of(&file.path);
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if matches!(stem, "application" | "bootstrap") {
            common.entry(folder).or_default().push(&file.path);
            continue;
        }
        let matches_name =
            |unit: &Unit<'_>, stem: &str| unit.hosts.contains(&stem.to_ascii_lowercase());
        // `orders-history` is a unit of its own before it is `orders` in the profile `history`.
        let owner = units.iter().position(|unit| matches_name(unit, stem));
        let owner = owner.or_else(|| {
            let (base, _) = stem.rsplit_once('-')?;
            units.iter().position(|unit| matches_name(unit, base))
        });
        if let Some(owner) = owner {
            let own = units[owner].project.is_some()
                && units[owner].project == world.project_of(&file.path);
            if !own {
                named.entry(folder).or_default().push((owner, &file.path));
            }
        }
    }
    let clients: Vec<usize> = match named.is_empty() {
        true => Vec::new(),
        false => configured(world, units),
    };
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (folder, files) in named {
        let mut owners: Vec<usize> = files.iter().map(|(u, _)| *u).collect();
        owners.sort_unstable();
        owners.dedup();
        if owners.len() < 2 {
            continue;
        }
        // What is for all goes to every client of the server, also to one without a file of its own.
        owners.extend(
            clients
                .iter()
                .filter(|&&u| units[u].project != world.project_of(folder)),
        );
        owners.sort_unstable();
        owners.dedup();
        for (owner, path) in files {
            all.entry(path.to_owned()).or_default().push(owner);
        }
        for path in common.get(folder).into_iter().flatten() {
            all.insert((*path).to_owned(), owners.clone());
        }
    }
    packed(world, units, &mut all);
    all
}

/// What a configuration server has packed below its own settings it hands out, to whom a file or its folder is
/// named after, `application` to all clients; what nobody is named after is for none of the parts.
fn packed(world: &World<'_>, units: &[Unit<'_>], all: &mut BTreeMap<String, Vec<usize>>) {
    let serves = |fact: &Fact| matches!(&fact.claim, Claim::Uses(u) if u.technology == "spring-cloud-config" && u.side == "server");
    let servers = units.iter().filter_map(|u| u.project);
    let servers: BTreeSet<usize> = servers.filter(|&p| world.facts_of(p).any(serves)).collect();
    for server in servers {
        let clients = configured(world, units);
        for &index in &world.projects[server].own {
            let path = world.files[index].path.as_str();
            let inner = path
                .split_once("/resources/")
                .map_or("", |(_, inner)| inner);
            let settings = matches!(
                world.files[index].language,
                Language::Yaml | Language::Properties
            );
            let Some((folders, name)) = inner.rsplit_once('/').filter(|_| settings) else {
                continue;
            };
            let facts = &world.files[index].facts;
            let says = |f: &Fact| matches!(f.claim, Claim::Property(_) | Claim::Client(_));
            if all.contains_key(path) || !facts.iter().any(says) {
                continue;
            }
            let stem = name.split('.').next().unwrap_or(name);
            let folder = folders.rsplit('/').next().unwrap_or(folders);
            let called = |name: &str| {
                let name = name.to_ascii_lowercase();
                units.iter().position(|u| u.hosts.contains(&name))
            };
            let owners = match stem {
                "application" => clients.clone(),
                _ => called(stem)
                    .or_else(|| called(folder))
                    .into_iter()
                    .collect(),
            };
            all.insert(path.to_owned(), owners);
        }
    }
}

/// Units whose own files name a configuration server
/// (<https://docs.spring.io/spring-cloud-config/reference/client.html>).
fn configured(world: &World<'_>, units: &[Unit<'_>]) -> Vec<usize> {
    let names = |property: &Property| match property.key.as_str() {
        "spring.cloud.config.uri"
        | "spring.cloud.config.discovery.serviceId"
        | "spring.cloud.config.discovery.service-id" => true,
        key => {
            let value = property.value.as_deref().unwrap_or_default();
            key.starts_with("spring.config.import") && value.contains("configserver:")
        }
    };
    let is_client = |unit: &usize| {
        let project = units.get(*unit).and_then(|u| u.project);
        let mut facts = project.into_iter().flat_map(|p| world.facts_of(p));
        facts.any(|fact| matches!(&fact.claim, Claim::Property(p) if names(p)))
    };
    (0..units.len()).filter(is_client).collect()
}

fn facts_of<'f>(world: &World<'f>, path: &str) -> &'f [Fact] {
    let found = world.files.binary_search_by(|f| f.path.as_str().cmp(path));
    found.map_or(&[], |index| world.files[index].facts.as_slice())
}

/// Fills placeholders `${NAME}`, `${NAME:default}`, `${NAME:-default}`, `{env:NAME}`, `$(NAME)`
/// from a lookup; what is not known keeps its default, or stays.
pub(crate) fn fill(text: &str, lookup: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = text.to_owned();
    for _ in 0..6 {
        let Some((start, end, name, default)) = placeholder(&out) else {
            break;
        };
        let value = lookup(&name)
            .filter(|v| !v.contains(&format!("{{{name}")))
            .or(default);
        let Some(value) = value else { break };
        if out.len() + value.len() > 8192 {
            break;
        }
        out.replace_range(start..end, &value);
    }
    out
}

/// A default without the quotes around it.
fn unquoted(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// The last placeholder that opens, so that inner ones come first.
fn placeholder(text: &str) -> Option<(usize, usize, String, Option<String>)> {
    for (open, close) in [("${", '}'), ("{env:", '}'), ("$(", ')')] {
        let Some(start) = text.rfind(open) else {
            continue;
        };
        let inner_start = start + open.len();
        let Some(length) = text[inner_start..].find(close) else {
            continue;
        };
        let inner = &text[inner_start..inner_start + length];
        let end = inner_start + length + 1;
        // `${env:NAME}` is how collectors write it.
        let inner = inner.strip_prefix("env:").unwrap_or(inner);
        let (name, default) = match inner.split_once(":-").or_else(|| inner.split_once(':')) {
            Some((name, default)) => (name, Some(unquoted(default).to_owned())),
            None => (inner, None),
        };
        return Some((start, end, name.trim().to_owned(), default));
    }
    None
}
