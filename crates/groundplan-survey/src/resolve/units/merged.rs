//! One part that several deployment files name differently.

use super::Unit;
use super::sources::without_digest;
use crate::facts::{Deployable, Placed};
use crate::resolve::charts::HELM_CHART;
use crate::resolve::names::{image_name, loose};
use crate::resolve::world::World;
use groundplan_knowledge::{Category, Technology};
use groundplan_model::Role;
use std::collections::{BTreeMap, BTreeSet};

/// What describes the resources of a cloud.
const CLOUD: [&str; 3] = ["bicep", "cloudformation", "terraform"];

/// A unit that only Kubernetes knows and one that only Compose knows are the same where they have
/// the same source, the same own image or, apart from generic words, the same name.
pub(super) fn merge_across_sources(world: &World<'_>, units: &mut Vec<Unit<'_>>) {
    let sources = |u: &Unit<'_>| -> BTreeSet<String> {
        u.deployables
            .iter()
            .map(|(d, _)| d.source.clone())
            .collect()
    };
    let prefix = common_prefix(units);
    let mut index = 0;
    while index < units.len() {
        let mut other = index + 1;
        while other < units.len() {
            let (a, b) = (&units[index], &units[other]);
            let apart = sources(a).is_disjoint(&sources(b));
            // Of one source there may be a trial beside it, with an image and a name of its own.
            let same_project = a.project.is_some()
                && a.project == b.project
                && !a.deployables.is_empty()
                && !other_image(a, b);
            let same_technology = a.technology.map(|t| &t.id) == b.technology.map(|t| &t.id);
            let bare =
                |u: &Unit<'_>| loose(u.name.strip_prefix(prefix.as_str()).unwrap_or(&u.name));
            let same_name = loose(&a.name) == loose(&b.name) && same_technology;
            let alike = same_technology || a.technology.is_none() || b.technology.is_none();
            let same_name = same_name || (bare(a) == bare(b) && alike);
            let same_host = a.hosts.intersection(&b.hosts).any(|h| h.len() > 2) && alike;
            let same_image = own_image(a).is_some() && own_image(a) == own_image(b);
            let same_image = same_image
                || is_image_of_open_registry(a, b)
                || runs_the_same_once(a, b)
                || runs_the_same_once(b, a);
            // The one store of its product, called after it: `mysql` here and `mysqldb` there.
            let named = |u: &Unit<'_>| {
                let product = u.technology;
                product.is_some_and(|product| is_named_after(world, &u.name, product))
            };
            let sole = |u: &Unit<'_>| {
                let own = sources(u);
                let among = units.iter().filter(|o| {
                    o.technology.map(|t| &t.id) == u.technology.map(|t| &t.id)
                        && !sources(o).is_disjoint(&own)
                });
                among.count() == 1
            };
            // A chart of others brings the store, whatever it is called elsewhere.
            let foreign = |u: &Unit<'_>| u.deployables.iter().all(|(d, _)| d.kind == HELM_CHART);
            let called = named(a) && named(b) || foreign(a) && named(a) || foreign(b) && named(b);
            let same_store = apart && same_technology && called && sole(a) && sole(b);
            // A tool that each of them starts once from one image is one, whatever they call it.
            let tool = a.technology.is_some_and(|t| {
                let keeps = |role: Role| role.is_store() || role == Role::Broker;
                t.role.is_some_and(|role| !keeps(role))
            });
            let same_tool = tool
                && same_technology
                && product_image(a).is_some()
                && product_image(a) == product_image(b)
                && sole(a)
                && sole(b);
            // The only store of its kind in the cloud, and the only one on machines of developers.
            let in_cloud = |u: &Unit<'_>| {
                let mut all = u.deployables.iter().peekable();
                // An operator of a cluster runs what an object without an image asks for.
                let operated = |d: &Deployable| {
                    let named = d.attributes.iter().any(|(key, _)| key == "engine");
                    d.source == "kubernetes" && d.image.is_none() && named
                };
                all.peek().is_some()
                    && all.all(|(d, _)| CLOUD.contains(&d.source.as_str()) || operated(d))
            };
            let composed = |u: &Unit<'_>| {
                let mut all = u.deployables.iter();
                let kept = |s: &str| matches!(s, "compose" | "kubernetes" | "helm" | "tye");
                u.deployables.iter().any(|(d, _)| d.source == "compose")
                    && all.all(|(d, _)| kept(&d.source))
            };
            let same_kind = |u: &Unit<'_>, of: &Unit<'_>| {
                u.technology
                    .zip(of.technology)
                    .is_some_and(|(own, wanted)| {
                        let keeps = |t: &Technology| t.role.is_some_and(|r| r.is_store());
                        // Applications reach brokers through libraries that hide which one it is.
                        let passes = |t: &Technology| t.role == Some(Role::Broker);
                        keeps(own) && keeps(wanted) && world.knowledge.serves(&own.id, &wanted.id)
                            || passes(own) && passes(wanted)
                    })
            };
            // What waits for a store of its own kind prepares that one.
            let prepares = |u: &Unit<'_>| {
                let mut waits = u.deployables.iter().flat_map(|(d, _)| &d.depends_on);
                waits.any(|w| {
                    let mut all = units.iter();
                    all.any(|o| o.name == w.value && same_kind(o, u))
                })
            };
            let lone = |u: &Unit<'_>, among: &dyn Fn(&Unit<'_>) -> bool| {
                let all = units.iter();
                let alike = |o: &Unit<'_>| same_kind(o, u) || same_kind(u, o);
                let all = all.filter(|o| among(o) && alike(o) && !prepares(o));
                all.count() == 1
            };
            let stands_in = (in_cloud(a) && composed(b) || in_cloud(b) && composed(a))
                && (same_kind(a, b) || same_kind(b, a))
                && !prepares(a)
                && !prepares(b)
                && lone(a, &in_cloud)
                && lone(a, &composed);
            let same_store = same_store || same_tool || stands_in;
            // What the files of one kind start under another name is not the part of this name.
            let taken = |u: &Unit<'_>, of: &Unit<'_>| {
                let image = own_image(u).filter(|i| own_image(of).is_some_and(|own| own != *i));
                image.is_some()
                    && units.iter().any(|third| {
                        own_image(third) == image && !sources(third).is_disjoint(&sources(of))
                    })
            };
            let same_name = same_name && !taken(a, b) && !taken(b, a);
            let same_host = same_host && !taken(a, b) && !taken(b, a);
            if apart && (same_project || same_name || same_host || same_image || same_store) {
                let merged = units.remove(other);
                let unit = &mut units[index];
                unit.hosts.extend(merged.hosts);
                // What is aside speaks only where nothing else does.
                match (unit.optional, merged.optional) {
                    (false, true) => unit.others.extend(merged.deployables),
                    (true, false) => {
                        let own = std::mem::replace(&mut unit.deployables, merged.deployables);
                        unit.others.extend(own);
                    }
                    _ => unit.deployables.extend(merged.deployables),
                }
                unit.others.extend(merged.others);
                unit.evidence.extend(merged.evidence);
                unit.project = unit.project.or(merged.project);
                unit.optional &= merged.optional;
                unit.development &= merged.development;
            } else {
                other += 1;
            }
        }
        index += 1;
    }
}

/// Takes proxies that share the network of the part they stand beside (`network_mode: service:orders`) into
/// that part: they run its calls and are no part of their own. The id that a proxy of Dapr is given is a
/// name under which others reach the part.
pub(super) fn fold_sidecars(units: &mut Vec<Unit<'_>>) {
    let beside = |unit: &Unit<'_>| -> Option<String> {
        unit.technology
            .filter(|t| t.category == Category::ServiceMesh)?;
        // A file that changes another one says of the network nothing.
        let told = unit.deployables.iter().flat_map(|(d, _)| &d.attributes);
        let mut modes = told
            .filter(|(key, _)| key == "network-mode")
            .map(|(_, v)| v.value.strip_prefix("service:"));
        let first = modes.next()??;
        modes.all(|m| m == Some(first)).then(|| first.to_owned())
    };
    let mut index = 0;
    while index < units.len() {
        let name = beside(&units[index]);
        let of = name.and_then(|name| units.iter().position(|u| u.name == name));
        let Some(of) = of.filter(|of| *of != index) else {
            index += 1;
            continue;
        };
        let sidecar = units.remove(index);
        let of = if of > index { of - 1 } else { of };
        let commands = sidecar
            .deployables
            .iter()
            .filter_map(|(d, _)| d.command.as_ref());
        let ids = commands.filter_map(|command| {
            let mut words = command.value.split([' ', '=']);
            words.find(|word| word.trim_start_matches('-') == "app-id")?;
            words.next().map(str::to_ascii_lowercase)
        });
        let ids: Vec<String> = ids.collect();
        units[of].hosts.extend(ids);
    }
}

/// One part that files which are never used together each give a name of their own: the same source, or
/// the same image, under a host name that both have (`orders-jvm` and `orders-native`, both `orders`).
pub(super) fn merge_alternatives(world: &World<'_>, units: &mut Vec<Unit<'_>>) {
    let sets = |u: &Unit<'_>| -> BTreeSet<(String, usize)> {
        let all = u.deployables.iter().chain(&u.others);
        all.map(|(d, at)| (d.source.clone(), world.variants.of(&at.path).set))
            .collect()
    };
    let bare = Affixes::of(world, units);
    let mut index = 0;
    while index < units.len() {
        let mut other = index + 1;
        while other < units.len() {
            let (a, b) = (&units[index], &units[other]);
            let same_source = match (a.project, b.project) {
                (Some(a), Some(b)) => a == b,
                _ => own_image(a).is_some() && own_image(a) == own_image(b),
            };
            let shared: Vec<String> = a.hosts.intersection(&b.hosts).cloned().collect();
            // A set that puts its own word before or behind all names has the same parts.
            let product = |u: &Unit<'_>| u.technology.map(|t| t.id.clone());
            let same_name = (a.project.zip(b.project))
                .is_none_or(|(p, q)| is_one_module(world, p, q))
                && product(a) == product(b)
                && (bare.call(world, a, &b.name) || bare.call(world, b, &a.name));
            let alternative = sets(a).is_disjoint(&sets(b));
            // Files in the folder of one part try it out alone, under whatever name.
            let source = a.project.or(b.project);
            let tried = same_source && (stands_in(world, a, source) || stands_in(world, b, source));
            // What `ko` builds of a source in one set is what another set pulls by its digest.
            let same_program = || {
                let same = match (image_of_ko(a), image_of_ko(b)) {
                    (Some((own, first)), Some((other, second))) => own == other && first != second,
                    _ => false,
                };
                same && a.project.is_some() && a.project == b.project
            };
            let one = same_source && !shared.is_empty() || same_name || tried;
            let one = one || alternative && same_program();
            if !(alternative && one || are_rivals(world, a, b)) {
                other += 1;
                continue;
            }
            let merged = units.remove(other);
            let unit = &mut units[index];
            // What all of them are called is the name of the part.
            match shared.as_slice() {
                _ if same_name && merged.name.len() < unit.name.len() => {
                    unit.name.clone_from(&merged.name);
                }
                _ if same_name => {}
                // The files of the system name it, not those of the one part.
                _ if tried && stands_in(world, unit, source) => {
                    unit.name.clone_from(&merged.name);
                }
                _ if tried => {}
                [only] => unit.name.clone_from(only),
                _ => {}
            }
            unit.hosts.extend(merged.hosts);
            unit.others.extend(merged.deployables);
            unit.others.extend(merged.others);
            unit.evidence.extend(merged.evidence);
            unit.optional &= merged.optional;
            unit.development &= merged.development;
        }
        index += 1;
    }
}

/// Whether two units are the same store of one project that two Compose files start at one port of the host,
/// so that only one of them can run.
fn are_rivals(world: &World<'_>, a: &Unit<'_>, b: &Unit<'_>) -> bool {
    let same = a.technology.map(|t| &t.id) == b.technology.map(|t| &t.id);
    let role = a.technology.and_then(|t| t.role);
    if !(same && role.is_some_and(Role::is_store)) {
        return false;
    }
    fn composed<'u>(u: &'u Unit<'_>) -> Option<(&'u str, BTreeSet<&'u str>)> {
        let (first, at) = u.deployables.first()?;
        let ports = first.ports.iter().filter_map(|p| p.value.host.as_deref());
        let built = first.build.is_some() || u.project.is_some();
        (first.source == "compose" && !built).then(|| (at.path.as_str(), ports.collect()))
    }
    let (Some((here, own)), Some((there, other))) = (composed(a), composed(b)) else {
        return false;
    };
    // Databases under two names are two, even if they are never up together.
    const NAMES: [&str; 4] = [
        "POSTGRES_DB",
        "MYSQL_DATABASE",
        "MARIADB_DATABASE",
        "MONGO_INITDB_DATABASE",
    ];
    let called = |u: &Unit<'_>| {
        let mut set = u.deployables.iter().flat_map(|(d, _)| &d.env);
        let value = set
            .find(|e| NAMES.contains(&e.name.as_str()))?
            .value
            .as_ref();
        // What a variable gives may be the same, and a database for developers is that of the system.
        let stem = |v: &String| {
            let plain = ["_development", "_dev", "_test"]
                .iter()
                .find_map(|end| v.strip_suffix(end));
            plain.unwrap_or(v).to_owned()
        };
        value.filter(|v| !v.contains('$')).map(stem)
    };
    let apart = called(a)
        .zip(called(b))
        .is_some_and(|(one, other)| one != other);
    let project = world.project_of(here);
    here != there
        && project.is_some()
        && project == world.project_of(there)
        && !own.is_disjoint(&other)
        && !apart
}

/// Whether all that deploys a unit are Compose files in the folder of its source, which is not that of the
/// whole system.
fn stands_in(world: &World<'_>, unit: &Unit<'_>, project: Option<usize>) -> bool {
    let Some(folder) = project.map(|p| world.projects[p].folder.as_str()) else {
        return false;
    };
    let inside = |path: &str| {
        let rest = path.strip_prefix(folder);
        !folder.is_empty() && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let mut all = unit.deployables.iter().chain(&unit.others).peekable();
    all.peek().is_some() && all.all(|(d, at)| d.source == "compose" && inside(&at.path))
}

/// Whether two projects are one, or one is a program of the module that the other is.
fn is_one_module(world: &World<'_>, a: usize, b: usize) -> bool {
    let reach = |p: usize| world.projects[p].reach.as_deref();
    a == b
        || reach(a) == Some(world.projects[b].folder.as_str())
        || reach(b) == Some(world.projects[a].folder.as_str())
}

/// Words that a set of deployment files puts before or behind the names of its parts.
struct Affixes {
    sets: BTreeMap<String, Vec<(bool, String)>>,
}

/// What is deployed together: the outer chart of a file, else its set.
fn together(world: &World<'_>, path: &str) -> String {
    match path.split_once("/charts/") {
        Some((chart, _)) => chart.to_owned(),
        None => world.variants.of(path).set.to_string(),
    }
}

impl Affixes {
    /// At least three parts and a third of a set have each of them: `srv-`, `-hotel-booking`.
    fn of(world: &World<'_>, units: &[Unit<'_>]) -> Self {
        let mut names: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for unit in units {
            for (_, at) in unit.deployables.iter().chain(&unit.others) {
                let set = names.entry(together(world, &at.path)).or_default();
                set.insert(&unit.name);
            }
        }
        let sets = names.into_iter().map(|(set, names)| {
            let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
            for name in &names {
                if let Some(at) = name.find('-') {
                    *counts.entry((true, &name[..=at])).or_default() += 1;
                }
                for (at, _) in name.match_indices('-') {
                    *counts.entry((false, &name[at..])).or_default() += 1;
                }
            }
            let own = counts.into_iter();
            let own = own.filter(|(_, n)| *n >= 3 && n * 3 >= names.len());
            (
                set,
                own.map(|((first, word), _)| (first, word.to_owned()))
                    .collect(),
            )
        });
        Affixes {
            sets: sets.collect(),
        }
    }

    /// Whether a part has a name, as it stands or without one of the words that its set puts around names:
    /// of `-deployment` and `-service-deployment` either may be what is left away elsewhere.
    fn call(&self, world: &World<'_>, unit: &Unit<'_>, name: &str) -> bool {
        let places = unit.deployables.iter().chain(&unit.others);
        let words = places.filter_map(|(_, at)| self.sets.get(&together(world, &at.path)));
        let mut cut = words.flatten().filter_map(|(first, word)| match first {
            true => unit.name.strip_prefix(word.as_str()),
            false => unit.name.strip_suffix(word.as_str()),
        });
        name.len() > 1 && (unit.name == name || cut.any(|short| short == name))
    }
}

/// Jobs that run the very image of a workload once: its own preparations, such as migrations.
pub(super) fn fold_jobs(units: &mut Vec<Unit<'_>>) {
    let is_job = |u: &Unit<'_>| {
        !u.deployables.is_empty() && u.deployables.iter().all(|(d, _)| d.kind == "Job")
    };
    let mut index = 0;
    while index < units.len() {
        let image = own_image(&units[index]).filter(|_| is_job(&units[index]));
        let of = image.and_then(|image| {
            let same = |u: &Unit<'_>| !is_job(u) && own_image(u) == Some(image);
            let mut all = (0..units.len()).filter(|&o| same(&units[o]));
            all.next().filter(|_| all.next().is_none())
        });
        let Some(of) = of else {
            index += 1;
            continue;
        };
        let job = units.remove(index);
        let of = if of > index { of - 1 } else { of };
        let unit = &mut units[of];
        unit.others.extend(job.deployables);
        unit.others.extend(job.others);
        unit.evidence.extend(job.evidence);
    }
}

/// Whether a store or broker is called what its product is called: `mysql`, `mysqldb`.
fn is_named_after(world: &World<'_>, name: &str, product: &Technology) -> bool {
    let keeps = product
        .role
        .is_some_and(|r| r.is_store() || r == Role::Broker);
    let name = name.to_ascii_lowercase();
    let short = ["-db", "_db", "db"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let mut names = std::iter::once(name.as_str()).chain(short);
    keeps
        && names.any(|n| {
            world
                .knowledge
                .by_name(n)
                .is_some_and(|t| t.id == product.id)
        })
}

/// The repository of the image that a unit runs, without tag, if it is no known product and has an
/// owner's name in front: the same one twice is the same program.
fn own_image<'u>(unit: &'u Unit<'_>) -> Option<&'u str> {
    // What is built here on top of a product is as much one's own as any program.
    let built = unit.deployables.iter().any(|(d, _)| d.build.is_some());
    if unit.technology.is_some() && !built {
        return None;
    }
    let mut all = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| Some(untagged(&d.image.as_ref()?.value)));
    let first = all.next()?;
    (first.contains('/') && !first.contains('$') && all.all(|image| image == first))
        .then_some(first)
}

/// The name of the program that `ko` builds into the image of all workloads of a unit, and whether they name
/// its source (`ko://example.com/cart`) or the image that was made of it (`cart-` and a digest).
fn image_of_ko<'u>(unit: &'u Unit<'_>) -> Option<(&'u str, bool)> {
    let of = |d: &'u Deployable| {
        let image = d.image.as_ref()?.value.as_str();
        match image.strip_prefix("ko://") {
            Some(path) => Some((image_name(path), true)),
            None => Some((without_digest(image_name(image))?, false)),
        }
    };
    let mut all = unit.deployables.iter().chain(&unit.others);
    let first = of(all.next()?.0)?;
    all.all(|(d, _)| of(d) == Some(first)).then_some(first)
}

/// Whether a job of a cluster runs, under a longer name, the image that the other unit is called after,
/// whatever registry each of them pulls it from.
fn runs_the_same_once(job: &Unit<'_>, unit: &Unit<'_>) -> bool {
    let image = |u: &Unit<'_>| -> Option<String> {
        let own = u.technology.is_none().then(|| u.deployables.first())??;
        let image = image_name(&own.0.image.as_ref()?.value);
        Some(image.to_owned())
    };
    let once = job.deployables.iter().all(|(d, _)| d.kind == "Job") && !job.deployables.is_empty();
    let longer = job.name.strip_prefix(unit.name.as_str());
    once && longer.is_some_and(|rest| rest.starts_with('-'))
        && image(job).is_some_and(|i| i == unit.name)
        && image(job) == image(unit)
}

/// Whether two units run images of one name, of which a variable keeps the registry of one open.
fn is_image_of_open_registry(a: &Unit<'_>, b: &Unit<'_>) -> bool {
    let only = |unit: &Unit<'_>| -> Option<(bool, String)> {
        let own = |u: &&Unit<'_>| u.technology.is_none();
        let unit = Some(unit).filter(own)?;
        let mut all = unit.deployables.iter().map(|(d, _)| d.image.as_ref());
        let first = untagged(&all.next()??.value);
        let (registry, name) = first.split_once('/')?;
        let name = name.rsplit('/').next().unwrap_or(name);
        let same =
            |image: Option<&Placed<String>>| image.is_some_and(|i| untagged(&i.value) == first);
        let named = name.len() > 3 && !name.contains('$') && all.all(same);
        named.then(|| (registry.starts_with("${"), name.to_owned()))
    };
    match (only(a), only(b)) {
        (Some((open, a)), Some((other, b))) => open != other && a == b,
        _ => false,
    }
}

/// The repository of the image of a product that a unit runs, where all of its files name one.
fn product_image<'u>(unit: &'u Unit<'_>) -> Option<&'u str> {
    let mut all = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| Some(untagged(&d.image.as_ref()?.value)));
    let first = all.next()?;
    all.all(|image| image == first).then_some(first)
}

/// Whether two units run images of different names under different names.
fn other_image(a: &Unit<'_>, b: &Unit<'_>) -> bool {
    let images = |u: &Unit<'_>| -> BTreeSet<String> {
        let all = u.deployables.iter().filter_map(|(d, _)| d.image.as_ref());
        all.map(|i| image_name(&i.value).to_owned()).collect()
    };
    let (own, others) = (images(a), images(b));
    let names = (loose(&a.name), loose(&b.name));
    let longer = names.0.starts_with(&names.1) || names.1.starts_with(&names.0);
    names.0 != names.1
        && longer
        && !own.is_empty()
        && !others.is_empty()
        && own.is_disjoint(&others)
}

pub(super) fn untagged(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

/// The first word, with its hyphen, that at least three units and a third of all begin with.
fn common_prefix(units: &[Unit<'_>]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in units {
        if let Some(at) = unit.name.find('-') {
            *counts.entry(&unit.name[..=at]).or_default() += 1;
        }
    }
    let best = counts
        .into_iter()
        .max_by_key(|(word, count)| (*count, std::cmp::Reverse(*word)));
    best.filter(|(_, count)| *count >= 3 && count * 3 >= units.len())
        .map(|(word, _)| word.to_owned())
        .unwrap_or_default()
}
