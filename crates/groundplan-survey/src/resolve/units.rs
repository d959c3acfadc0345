//! Units: what is deployed, and what it is made of. Each becomes a C4 container.

mod benches;
pub(crate) mod commands;
mod counterparts;
mod languages;
mod merged;
mod parted;
mod plurals;
mod products;
mod replicas;
mod roles;
mod servers;
mod sources;
mod stale;
mod trials;
mod unlisted;
mod written;

pub(crate) use languages::languages;
pub(crate) use unlisted::{is_fuzzing, is_library};

use commands::by_command;
use counterparts::merge_counterparts;
use merged::{fold_jobs, fold_sidecars, merge_across_sources, merge_alternatives, untagged};
use plurals::merge_plurals;
pub(crate) use roles::{hands_out_pages, has_ui_framework, is_cluster_route};
use roles::{role, routes};
use sources::{attach_only_image, attach_projects, attach_shared_image};
use unlisted::add_unlisted;

use crate::extractors::ASPIRE_PROXY as PROXY;
use crate::extractors::procfile::PROCFILE;
use crate::facts::{Claim, Deployable, INSIDE, ImageBuild};
use crate::resolve::charts::HELM_CHART;
use crate::resolve::environments::tier;
use crate::resolve::holders::Holders;
use crate::resolve::names::{image_name, is_aside, is_in_tests, is_test_word, plain};
use crate::resolve::proxies;
use crate::resolve::terraform;
use crate::resolve::variants::{self, is_for_tests};
use crate::resolve::world::{World, folder_of};
use groundplan_knowledge::Technology;
use groundplan_model::{EnvironmentTier, Evidence, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Something separately deployable, or a store.
pub(crate) struct Unit<'f> {
    /// Name as the deployment or the code has it.
    pub(crate) name: String,
    /// Every name under which others may reach it, lower case.
    pub(crate) hosts: BTreeSet<String>,
    /// What deploys it, of the set of files that is told.
    pub(crate) deployables: Vec<(&'f Deployable, &'f Evidence)>,
    /// What deploys it in other sets of files, which are alternatives to that one.
    pub(crate) others: Vec<(&'f Deployable, &'f Evidence)>,
    /// How its image is built.
    pub(crate) images: Vec<(&'f ImageBuild, &'f Evidence)>,
    /// Its source.
    pub(crate) project: Option<usize>,
    /// The product that it is, if it is no code of the repository.
    pub(crate) technology: Option<&'f Technology>,
    /// What it does.
    pub(crate) role: Role,
    /// Where it is defined, first place first.
    pub(crate) evidence: Vec<Evidence>,
    /// Whether it is started only on demand (Compose profiles).
    pub(crate) optional: bool,
    /// Whether only files for those who develop the system start it.
    pub(crate) development: bool,
}

impl Unit<'_> {
    /// Whether it runs only in `kube-system`, the namespace of what makes up the cluster itself
    /// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/>): an
    /// infrastructure node, no part of the system.
    pub(crate) fn is_cluster_addon(&self) -> bool {
        !self.deployables.is_empty()
            && self
                .deployables
                .iter()
                .all(|(d, _)| d.namespace.as_deref() == Some("kube-system"))
    }
}

/// All units, sorted by name, and which of them holds which file.
pub(crate) fn units<'f>(world: &World<'f>) -> (Vec<Unit<'f>>, Holders) {
    let mut units = deployed(world);
    fold_sidecars(&mut units);
    attach_projects(world, &mut units);
    merge_alternatives(world, &mut units);
    fold_jobs(&mut units);
    merge_across_sources(world, &mut units);
    merge_plurals(&mut units);
    merge_counterparts(world, &mut units);
    attach_shared_image(world, &mut units);
    attach_only_image(world, &mut units);
    parted::fold(world, &mut units);
    terraform::join_alternatives(world.knowledge, &mut units);
    stale::leave_out(&mut units);
    mark_trials(&mut units);
    let left = benches::take_out(world, &mut units);
    add_unlisted(world, &mut units);
    benches::give_back(world, left, &mut units);
    mark_development(&mut units);
    proxies::add(world, &mut units);
    servers::fold(&mut units);
    add_samples(world, &mut units);
    units.sort_by(|a, b| {
        a.name
            .cmp(&b.name)
            .then_with(|| a.evidence.cmp(&b.evidence))
    });
    let holders = Holders::new(world, &units);
    let routes = routes(world, &holders, &units);
    for (unit, routes) in units.iter_mut().zip(routes) {
        unit.role = role(world, unit, routes);
        if let Some(project) = unit.project {
            for fact in world.facts_of(project) {
                if let Claim::Property(property) = &fact.claim
                    && is_name_key(&property.key)
                    && let Some(name) = property.value.as_deref().and_then(written_name)
                {
                    unit.hosts.insert(name.to_ascii_lowercase());
                }
            }
        }
    }
    (units, holders)
}

/// Whether a job of a cluster does nothing but give the cluster commands, or make the certificate of a hook of
/// the cluster: it is a step of the deployment.
fn commands_the_cluster(d: &Deployable) -> bool {
    const IMAGES: [&str; 4] = [
        "hyperkube",
        "k8s-kubectl",
        "kube-webhook-certgen",
        "kubectl",
    ];
    let image = d.image.as_ref().map(|i| image_name(&i.value));
    d.kind == "Job" && image.is_some_and(|name| IMAGES.contains(&name))
}

/// Whether a container ends at once and is there for others to take its volumes (`volumes_from`).
fn only_holds_volumes(d: &Deployable) -> bool {
    let command = d.command.as_ref().map(|c| c.value.as_str());
    d.build.is_none() && matches!(command, Some("/bin/true" | "true" | "/bin/echo" | "echo"))
}

fn deployed<'f>(world: &World<'f>) -> Vec<Unit<'f>> {
    let mut all: Vec<(&'f Deployable, &'f Evidence)> = world
        .facts()
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Deployable(unit) => Some((unit.as_ref(), &fact.at)),
            _ => None,
        })
        .collect();
    all.retain(|(d, _)| !only_holds_volumes(d));
    // Samples and test set-ups are the system only where there is nothing else.
    let other_source = world
        .facts()
        .any(|(file, fact)| matches!(&fact.claim, Claim::Package(_)) && !is_aside(&file.path));
    let tries = |at: &Evidence| world.variants.rank(&at.path) > 1;
    if all.iter().any(|(_, at)| !tries(at)) {
        all.retain(|(_, at)| !tries(at));
    } else if other_source {
        // Where nothing else is written down, a container to work in brings the stores that the
        // code needs.
        all.retain(|(d, at)| world.variants.is_workbench(&at.path) && keeps_data(world, d));
    }
    // What is built from a folder of tests tries the system, whatever file starts it.
    let tries = |d: &Deployable| d.build.as_ref().is_some_and(|b| is_in_tests(&b.value));
    if all.iter().any(|(d, _)| d.build.is_some() && !tries(d)) {
        all.retain(|(d, _)| !tries(d));
    }
    trials::leave_out_stands(world, &mut all);
    // What is built and started by other files is not told a second time by its processes.
    let elsewhere = |(d, _): &(&Deployable, &Evidence)| {
        d.source != PROCFILE
            && (d.build.is_some()
                || world.knowledge.by_image(&d.name).is_none()
                    && d.image
                        .as_ref()
                        .is_none_or(|i| world.knowledge.by_image(&i.value).is_none()))
    };
    if all.iter().any(elsewhere) {
        all.retain(|(d, _)| d.source != PROCFILE);
    }
    // Files near the root speak for the whole system; they name things first.
    all.sort_by_key(|(unit, at)| {
        (
            world.variants.of(&at.path).aside,
            at.path.matches('/').count(),
            unit.source.clone(),
            at.path.clone(),
            at.lines,
        )
    });
    let composed: BTreeSet<String> = (all.iter())
        .filter(|(d, _)| d.source != "aspire")
        .map(|(d, _)| plain(&d.name))
        .collect();
    let mut images: BTreeMap<(String, &str), BTreeSet<String>> = BTreeMap::new();
    for (d, _) in &all {
        if let Some(image) = &d.image {
            let users = images.entry((d.source.clone(), untagged(&image.value)));
            users.or_default().insert(plain(&d.name));
        }
    }
    let mut inside: Vec<(String, String)> = Vec::new();
    let mut units: Vec<Unit<'f>> = Vec::new();
    for (deployable, at) in all {
        if deployable.name.is_empty() || deployable.name.contains("${") {
            continue;
        }
        // What is inside a server that others deploy is that server.
        if let Some(server) = server_of(&composed, deployable) {
            inside.push((server, deployable.name.to_ascii_lowercase()));
            continue;
        }
        let key = plain(unversioned(&deployable.name));
        let known = units.iter_mut().find(|u| {
            if replicas::is_another(u, deployable, at) && !is_elsewhere(u, deployable) {
                return true;
            }
            plain(unversioned(&u.name)) == key
                && !replicas::is_beside(world, u, deployable, at)
                && same_thing(world, u, deployable, at)
                && !is_elsewhere(u, deployable)
                && !runs_another(&images, u, deployable)
        });
        match known {
            Some(unit) => {
                unit.deployables.push((deployable, at));
                unit.evidence.push(at.clone());
            }
            None => units.push(Unit {
                name: deployable.name.clone(),
                hosts: BTreeSet::new(),
                deployables: vec![(deployable, at)],
                others: Vec::new(),
                images: Vec::new(),
                project: None,
                technology: None,
                role: Role::Service,
                evidence: vec![at.clone()],
                optional: false,
                development: false,
            }),
        }
    }
    let mut several: BTreeMap<String, usize> = BTreeMap::new();
    for unit in &units {
        *several.entry(unit.name.clone()).or_default() += 1;
    }
    name_by_services(world, &mut units, &several);
    let names: BTreeSet<String> = units.iter().map(|u| plain(&u.name)).collect();
    for (server, name) in inside {
        let of = units.iter_mut().find(|u| plain(&u.name) == server);
        if let Some(unit) = of.filter(|_| !names.contains(&plain(&name))) {
            unit.hosts.insert(name);
        }
    }
    // What is neither pulled nor built is a part of an override, or no service at all.
    units.retain(|unit| {
        unit.deployables.iter().any(|(d, _)| {
            let built = d.build.is_some()
                || d.attributes
                    .iter()
                    .any(|(k, _)| k == "build.context" || k == "extends");
            d.image.is_some()
                || built
                || product(world, d).is_some()
                || terraform::product(world.knowledge, d).is_some()
        })
    });
    // What runs only to test the system is no part of it.
    units.retain(|unit| {
        !unit
            .deployables
            .iter()
            .all(|(d, _)| !d.profiles.is_empty() && d.profiles.iter().all(|p| is_test_profile(p)))
    });
    let called: BTreeSet<String> = (units.iter().flat_map(|u| &u.deployables))
        .flat_map(|(d, _)| {
            let image = d.image.as_ref().map(|i| image_name(&i.value).to_owned());
            image.into_iter().chain([d.name.clone()])
        })
        .collect();
    let tries = |u: &Unit<'_>| {
        let tries = |d: &Deployable| runs_a_browser(d) || trials::runs_tests(d, &called);
        u.deployables.iter().all(|(d, _)| tries(d))
    };
    if !units.iter().all(tries) {
        units.retain(|unit| !tries(unit));
    }
    units.retain(|unit| {
        !unit
            .deployables
            .iter()
            .all(|(d, _)| commands_the_cluster(d))
    });
    let tested = |u: &Unit<'_>| u.deployables.iter().all(|(_, at)| is_for_tests(&at.path));
    if !units.iter().all(tested) {
        units.retain(|unit| !tested(unit));
    }
    let mut labels: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for unit in &units {
        for (deployable, _) in unit
            .deployables
            .iter()
            .filter(|(d, _)| d.source == "kubernetes")
        {
            for alias in &deployable.aliases {
                let users = labels.entry(alias.clone()).or_default();
                users.insert(unit.name.clone());
            }
        }
    }
    for unit in &mut units {
        let all = std::mem::take(&mut unit.deployables);
        (unit.deployables, unit.others) = world.variants.split(all);
        with_hosts(unit);
        let told = &unit.deployables;
        unit.optional = told
            .iter()
            .all(|(d, at)| !d.profiles.is_empty() || world.variants.of(&at.path).aside);
        unit.development = (told.iter().chain(&unit.others))
            .all(|(_, at)| world.variants.is_for_developers(&at.path));
        unit.optional |= unit.development;
        let places = told.iter().chain(&unit.others);
        unit.evidence = places.map(|(_, at)| (*at).clone()).collect();
        let aliases = (unit.deployables.iter().chain(&unit.others))
            .flat_map(|(d, _)| std::iter::once(&d.name).chain(&d.aliases));
        // A name that several namespaces have is nobody's, and neither is a label of several workloads.
        let shared = |name: &str| {
            let labelled = labels.get(name).is_some_and(|units| units.len() > 1);
            unit.name != name && (several.get(name).is_some_and(|n| *n > 1) || labelled)
        };
        let own = aliases
            .filter(|a| !shared(a))
            .map(|a| a.to_ascii_lowercase());
        unit.hosts.extend(own);
        // The image of a variant says what a part is, where that of the main set is one of its own.
        let mut images = (unit.deployables.iter().chain(&unit.others))
            .filter_map(|(d, _)| d.image.as_ref())
            .map(|i| world.knowledge.by_image(&i.value));
        let product = unit.deployables.iter().find_map(|(d, _)| product(world, d));
        let started = (unit.deployables.iter()).find_map(|(d, _)| by_command(world, d));
        unit.technology = started
            .or_else(|| images.next().flatten())
            .or_else(|| images.flatten().next())
            .or(product)
            .or_else(|| unit.deployables.iter().find_map(|(d, _)| made(world, d)));
        unit.technology = unit.technology.filter(|t| !is_own_product(world, unit, t));
        add_services(world, unit);
    }
    units
}

/// Whether a file shows how the system may be run.
pub(crate) fn is_sample(path: &str) -> bool {
    let mut folders = folder_of(path).split('/');
    !is_in_tests(path) && folders.any(|f| matches!(f, "example" | "examples" | "samples"))
}

/// Gives parts what manifests of examples deploy of their images: an example is no part of the system, but
/// one way to run it.
fn add_samples<'f>(world: &World<'f>, units: &mut [Unit<'f>]) {
    for (_, fact) in world.facts() {
        let Claim::Deployable(deployable) = &fact.claim else {
            continue;
        };
        let own = (deployable.image.as_ref())
            .map(|i| untagged(&i.value))
            .filter(|i| i.contains('/') && world.knowledge.by_image(i).is_none());
        let Some(own) = own.filter(|_| {
            deployable.source == "kubernetes"
                && is_sample(&fact.at.path)
                && world.variants.rank(&fact.at.path) > 1
        }) else {
            continue;
        };
        let runs = |unit: &&mut Unit<'_>| {
            let mut images = (unit.deployables.iter()).filter_map(|(d, _)| d.image.as_ref());
            images.any(|i| untagged(&i.value) == own)
                && (unit.deployables.iter()).all(|(d, _)| d.source != "kubernetes")
        };
        let mut all = units.iter_mut().filter(runs);
        if let (Some(unit), None) = (all.next(), all.next()) {
            unit.others.push((deployable.as_ref(), &fact.at));
        }
    }
}

/// Whether a container drives a browser through the tests of the system, by its image or by the name of
/// the file that builds it: `Dockerfile.playwright`.
fn runs_a_browser(d: &Deployable) -> bool {
    let is_tool = |text: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| matches!(word, "playwright" | "cypress" | "selenium" | "e2e"))
    };
    let file = d.dockerfile.as_deref().unwrap_or_default();
    let file = file.rsplit('/').next().unwrap_or(file);
    let image = d.image.as_ref().map_or("", |i| i.value.as_str());
    match d.build.is_some() || !file.is_empty() {
        true => is_tool(&file.to_ascii_lowercase()),
        false => ["mcr.microsoft.com/playwright", "cypress/"]
            .iter()
            .any(|tool| image.starts_with(tool)),
    }
}

/// The Azure Developer CLI says what a service is built from, and templates of the cloud what hosts it: they
/// are no alternatives.
fn with_hosts(unit: &mut Unit<'_>) {
    if unit.deployables.iter().any(|(d, _)| d.source != "azd") {
        return;
    }
    let others = std::mem::take(&mut unit.others);
    let (hosts, others) = (others.into_iter()).partition(|(d, _)| d.source == "bicep");
    unit.deployables.extend::<Vec<_>>(hosts);
    unit.others = others;
}

/// The server of a database of an application host, where files of another kind deploy that server.
fn server_of(composed: &BTreeSet<String>, deployable: &Deployable) -> Option<String> {
    let server = plain(deployable.attribute(INSIDE)?);
    composed.contains(&server).then_some(server)
}

/// Whether what is deployed runs under the name of a unit in another namespace of a cluster, from another
/// image: names are those of a namespace
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>).
fn is_elsewhere(unit: &Unit<'_>, other: &Deployable) -> bool {
    let image = |d: &Deployable| d.image.as_ref().map(|i| image_name(&i.value).to_owned());
    let apart = |d: &Deployable| {
        let both = d.source == "kubernetes" && other.source == "kubernetes";
        let spaces = d.namespace.as_ref().zip(other.namespace.as_ref());
        let images = image(d).zip(image(other));
        both && spaces.is_some_and(|(a, b)| a != b) && images.is_some_and(|(a, b)| a != b)
    };
    !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| apart(d))
}

/// Whether what files of another kind deploy under the name of a unit is the image that the unit's own
/// files start under another name alone.
fn runs_another(
    images: &BTreeMap<(String, &str), BTreeSet<String>>,
    unit: &Unit<'_>,
    other: &Deployable,
) -> bool {
    let Some(image) = other.image.as_ref().filter(|_| other.build.is_none()) else {
        return false;
    };
    let wanted = untagged(&image.value);
    let name = plain(&other.name);
    let is_other = |d: &Deployable| {
        let own = d.image.as_ref().filter(|_| d.source != other.source);
        let users = images.get(&(d.source.clone(), wanted));
        wanted.contains('/')
            && own.is_some_and(|own| untagged(&own.value) != wanted)
            && users.is_some_and(|users| !users.contains(&name))
    };
    !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| is_other(d))
}

/// Gives units that have one name in several namespaces that of the Service in front of them, under which
/// others reach them, or else that of the namespace.
fn name_by_services(world: &World<'_>, units: &mut [Unit<'_>], counts: &BTreeMap<String, usize>) {
    for unit in units.iter_mut() {
        let Some((deployable, _)) = unit.deployables.first() else {
            continue;
        };
        let own = deployable.namespace.as_deref();
        if counts.get(&unit.name).is_none_or(|n| *n < 2)
            || unit
                .deployables
                .iter()
                .any(|(d, _)| d.source != "kubernetes")
        {
            continue;
        }
        let mut services = world.services.iter().filter(|service| {
            service.namespace.as_deref() == own
                && !service.selector.is_empty()
                && service
                    .selector
                    .iter()
                    .all(|s| deployable.labels.contains(s))
        });
        let name = match (services.next(), services.next()) {
            (Some(only), None) => Some(only.name.clone()),
            _ => own.map(str::to_owned),
        };
        unit.name = name.unwrap_or_else(|| unit.name.clone());
    }
}

/// Whether a chart named after a product deploys its parts: there they are the system, and nothing
/// that watches it.
fn is_own_product(world: &World<'_>, unit: &Unit<'_>, product: &Technology) -> bool {
    let named = |path: &str| {
        let chart = world.chart_of(path).map(|c| c.name.to_ascii_lowercase());
        chart.is_some_and(|name| name == product.id || name == product.name.to_lowercase())
    };
    product.role == Some(Role::Monitoring)
        && !unit.deployables.is_empty()
        && (unit.deployables.iter()).all(|(d, at)| d.kind != HELM_CHART && named(&at.path))
        || is_made_here(world, unit, product)
}

/// Whether the repository is that of a product: its root is called so.
fn is_repository_of(world: &World<'_>, product: &Technology) -> bool {
    let own = |name: &String| {
        let key = plain(name);
        let rest = key.strip_prefix(&plain(&product.id));
        rest.is_some_and(|rest| matches!(rest, "" | "parent" | "root" | "monorepo"))
    };
    let root = world.project_at("").map(|p| &world.projects[p]);
    root.is_some_and(|root| root.names.iter().any(own))
}

/// Whether a unit runs an image of the product that the repository is of, which it builds or publishes. What
/// keeps nothing for others is made here even where nothing tells who publishes its image.
fn is_made_here(world: &World<'_>, unit: &Unit<'_>, product: &Technology) -> bool {
    let keeps = product
        .role
        .is_some_and(|r| r.is_store() || r == Role::Broker);
    let made = |d: &Deployable| {
        let image = d.image.as_ref().map(|i| image_name(&i.value));
        let mut published = world.published.keys().chain(world.made.keys());
        !keeps
            || d.build.is_some()
            || image.is_some_and(|own| published.any(|p| image_name(p) == own))
    };
    !unit.deployables.is_empty()
        && unit.deployables.iter().all(|(d, _)| made(d))
        && is_repository_of(world, product)
}

/// The product of what names no image.
fn product<'f>(world: &World<'f>, deployable: &Deployable) -> Option<&'f Technology> {
    if deployable.kind == HELM_CHART {
        let mut chart = deployable.attributes.iter().filter(|(k, _)| k == "chart");
        let name = chart.next()?.1.value.split(' ').next()?;
        let one = name.trim_end_matches("-ha").trim_end_matches("-cluster");
        let by_image = |name: &str| world.knowledge.by_image(name);
        return by_image(name)
            .or_else(|| by_image(&format!("bitnami/{name}")))
            .or_else(|| by_image(one));
    }
    // An operator or a platform makes the product that its kind of object stands for.
    if matches!(
        deployable.source.as_str(),
        "bicep" | "kubernetes" | "render"
    ) && deployable.image.is_none()
    {
        let engine = deployable.attributes.iter().find(|(k, _)| k == "engine");
        return engine.and_then(|(_, value)| world.knowledge.by_id(&value.value));
    }
    world.knowledge.by_image(aspire_product(deployable)?)
}

/// The product that a resource of .NET Aspire runs without naming an image: `AddRedis("cache")`
/// (<https://learn.microsoft.com/dotnet/aspire/fundamentals/integrations-overview>).
fn aspire_product(deployable: &Deployable) -> Option<&'static str> {
    if deployable.source != "aspire" {
        return None;
    }
    let kind = deployable.kind.strip_prefix("Azure");
    let kind = kind.unwrap_or(deployable.kind.as_str());
    Some(match kind.strip_suffix("Database").unwrap_or(kind) {
        "Elasticsearch" => "elasticsearch",
        "Kafka" => "confluentinc/cp-kafka",
        "Keycloak" => "quay.io/keycloak/keycloak",
        "Meilisearch" => "getmeili/meilisearch",
        "Milvus" => "milvusdb/milvus",
        "MongoDB" => "mongo",
        "MySql" => "mysql",
        "Nats" => "nats",
        "Postgres" | "PostgresFlexibleServer" => "postgres",
        "Qdrant" => "qdrant/qdrant",
        "RabbitMQ" => "rabbitmq",
        "Redis" => "redis",
        "Seq" => "datalust/seq",
        "SqlServer" | "Sql" => "mcr.microsoft.com/mssql/server",
        "Valkey" => "valkey/valkey",
        PROXY => "dotnet/yarp",
        _ => return None,
    })
}

/// The product that a resource of Terraform is, where it runs no code that the user brings.
fn made<'f>(world: &World<'f>, deployable: &Deployable) -> Option<&'f Technology> {
    let (technology, runs) = terraform::product(world.knowledge, deployable)?;
    (!runs).then_some(technology)
}

/// Whether what is deployed is a ready store or broker.
fn keeps_data(world: &World<'_>, deployable: &Deployable) -> bool {
    let image = deployable
        .image
        .as_ref()
        .filter(|_| deployable.build.is_none());
    let known = image.and_then(|i| world.knowledge.by_image(&i.value));
    let role = known.and_then(|t| t.role);
    role.is_some_and(|r| r.is_store() || r == Role::Broker)
}

fn is_test_profile(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.split(['-', '_', '.']).any(is_test_word)
}

/// `orders-v2` beside `orders` is another version of the same.
fn unversioned(name: &str) -> &str {
    match name.rsplit_once("-v") {
        Some((base, digits))
            if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            base
        }
        _ => name,
    }
}

/// Two deployables of one name are one unless they are built from different folders. Compose files
/// beside each other define the services of one project
/// (<https://docs.docker.com/compose/how-tos/project-name/>); a build whose files are not there, as
/// that of a file which is copied elsewhere first, proves no other source.
fn same_thing(world: &World<'_>, unit: &Unit<'_>, other: &Deployable, at: &Evidence) -> bool {
    let built = |d: &Deployable| d.build.is_some();
    let Some((own, own_at)) = unit.deployables.iter().find(|(d, _)| built(d)) else {
        return true;
    };
    let (Some(a), Some(b)) = (&own.build, &other.build) else {
        return true;
    };
    // A Dockerfile above or beside the context says nothing of what is built.
    let source = |d: &Deployable, context: &str| -> String {
        let folder = d.dockerfile.as_deref().map(folder_of);
        folder
            .filter(|f| f.len() > context.len() && f.starts_with(context))
            .unwrap_or(context)
            .to_owned()
    };
    let beside = own.source == "compose"
        && other.source == "compose"
        && own_at.path != at.path
        && folder_of(&own_at.path) == folder_of(&at.path);
    let there = |d: &Deployable, context: &str| match &d.dockerfile {
        Some(path) => world.image_at(path).is_some(),
        None => !world.images_in(context).is_empty() || world.has_code(context),
    };
    let composed = own.source == "compose" && other.source == "compose";
    a.value == b.value
        || beside
        || source(own, &a.value) == source(other, &b.value)
        || composed && !(there(own, &a.value) && there(other, &b.value))
}

/// Whether a key gives the name under which a program registers itself, and by which others look it up.
/// Steeltoe takes over those of Spring, with the parts as .NET writes them
/// (<https://docs.steeltoe.io/api/v3/discovery/>).
pub(crate) fn is_name_key(key: &str) -> bool {
    const NAMES: [&str; 8] = [
        "consul.discovery.servicename",
        "eureka.instance.appname",
        "micronaut.application.name",
        "quarkus.application.name",
        "spring.application.name",
        "spring.cloud.consul.discovery.service-name",
        "spring.cloud.consul.discovery.servicename",
        "spring.cloud.nacos.discovery.service",
    ];
    let plain = key.to_ascii_lowercase().replace(':', ".");
    NAMES.binary_search(&plain.as_str()).is_ok()
}

/// A name as a file writes it, with the default of a variable that may replace it.
fn written_name(text: &str) -> Option<String> {
    let name = crate::resolve::settings::fill(text, &|_| None);
    (!name.is_empty() && !name.contains("${")).then_some(name)
}

/// Whether a key says on which port a program listens.
pub(crate) fn is_port_key(key: &str) -> bool {
    matches!(
        key,
        "server.port"
            | "SERVER_PORT"
            | "PORT"
            | "micronaut.server.port"
            | "quarkus.http.port"
            | "ASPNETCORE_HTTP_PORTS"
            | "ASPNETCORE_URLS"
            | "applicationUrl"
    ) || is_own_port(key)
}

/// Whether a key is the port of the section in which a program of its own form says where it listens.
fn is_own_port(key: &str) -> bool {
    let section = key
        .rsplit_once('.')
        .filter(|(_, last)| last.eq_ignore_ascii_case("port"))
        .map(|(section, _)| section);
    section.is_some_and(|s| {
        ["service", "server", "http", "listen"]
            .iter()
            .any(|own| s.eq_ignore_ascii_case(own))
    })
}

/// DNS names of Kubernetes Services that select the unit.
fn add_services(world: &World<'_>, unit: &mut Unit<'_>) {
    for service in &world.services {
        let selects = unit.deployables.iter().any(|(d, _)| {
            d.source == "kubernetes"
                && !service.selector.is_empty()
                && service.selector.iter().all(|s| d.labels.contains(s))
                && (service.namespace == d.namespace
                    || service.namespace.is_none()
                    || d.namespace.is_none())
        });
        if selects {
            unit.hosts.insert(service.name.to_ascii_lowercase());
        }
    }
}

/// A workload that a Service of Kubernetes selects beside the one of its own name is a trial of that
/// one, such as a canary: it answers for it and is no part of its own.
fn mark_trials(units: &mut [Unit<'_>]) {
    let only_pods = |u: &Unit<'_>| {
        let mut all = u.deployables.iter();
        !u.deployables.is_empty() && all.all(|(d, _)| d.source == "kubernetes")
    };
    let image = |u: &Unit<'_>| -> Option<String> {
        let mut all = u.deployables.iter().filter_map(|(d, _)| d.image.as_ref());
        all.next().map(|i| image_name(&i.value).to_owned())
    };
    let images: BTreeMap<String, Option<String>> = units
        .iter()
        .map(|u| (u.name.to_ascii_lowercase(), image(u)))
        .collect();
    for unit in units.iter_mut().filter(|u| only_pods(u)) {
        let name = unit.name.to_ascii_lowercase();
        let own = image(unit);
        // A store that a careless selector takes in has another image.
        let alike = |main: &str| match (&own, images.get(main)) {
            (Some(own), Some(Some(main))) => own.starts_with(main.as_str()),
            _ => false,
        };
        let trial = unit.hosts.iter().any(|host| {
            let longer = name.strip_prefix(host.as_str());
            longer.is_some_and(|rest| rest.starts_with('-')) && alike(host)
        });
        unit.optional |= trial;
    }
}

/// Where no file starts a program of the repository, Compose files that start ready images alone bring what
/// its developers need beside it: where the program has an image, where the files are called or kept for
/// developers, and where they start nothing but servers of others, none of which has to stay up.
fn mark_development(units: &mut [Unit<'_>]) {
    let own = |u: &Unit<'_>| u.project.is_some() || !u.images.is_empty();
    let unlisted = |u: &Unit<'_>| u.project.is_some() && u.deployables.is_empty();
    let started = |u: &Unit<'_>| own(u) && !u.deployables.is_empty();
    if !units.iter().any(unlisted) || units.iter().any(started) {
        return;
    }
    let of_compose = |u: &Unit<'_>| {
        let mut all = u.deployables.iter().chain(&u.others).peekable();
        all.peek().is_some() && all.all(|(d, _)| d.source == "compose")
    };
    let called = |u: &Unit<'_>| {
        let mut all = u.deployables.iter().chain(&u.others);
        all.all(|(_, at)| {
            let path = at.path.rsplit_once('.').map_or(at.path.as_str(), |p| p.0);
            tier(path) == EnvironmentTier::Development
        })
    };
    let stays = |u: &Unit<'_>| {
        let mut all = u.deployables.iter().flat_map(|(d, _)| &d.attributes);
        all.any(|(key, value)| {
            key == "restart" && matches!(value.value.as_str(), "always" | "unless-stopped")
        })
    };
    let served = |u: &Unit<'_>| u.technology.is_some_and(Technology::is_server) && !stays(u);
    // What a folder offers beside the system (`extras`, `contrib`) and that starts nothing of it.
    let offered = |u: &Unit<'_>| {
        let mut all = u.deployables.iter().chain(&u.others);
        all.all(|(_, at)| variants::rank(&at.path) > 0)
    };
    let packed = units.iter().any(|u| unlisted(u) && !u.images.is_empty());
    let beside = packed || units.iter().filter(|u| of_compose(u)).all(served);
    for unit in units.iter_mut().filter(|u| of_compose(u) && !unlisted(u)) {
        if beside || called(unit) || offered(unit) {
            unit.optional = true;
            unit.development = true;
        }
    }
}
