//! Units: what is deployed, and what it is made of. Each becomes a C4 container.

use crate::extractors::ASPIRE_PROXY as PROXY;
use crate::facts::{Claim, Deployable, ImageBuild, PackageDependency};
use crate::resolve::builds;
use crate::resolve::elements::started_in;
use crate::resolve::holders::Holders;
use crate::resolve::names::{image_name, is_aside, loose, plain};
use crate::resolve::proxies;
use crate::resolve::variants;
use crate::resolve::world::{World, folder_of};
use groundplan_knowledge::{Category, Technology};
use groundplan_model::{DependencyScope, Evidence, Role};
use groundplan_syntax::Language;
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
    attach_projects(world, &mut units);
    merge_across_sources(world, &mut units);
    attach_shared_image(world, &mut units);
    mark_trials(&mut units);
    add_unlisted(world, &mut units);
    proxies::add(world, &mut units);
    units.sort_by(|a, b| {
        a.name
            .cmp(&b.name)
            .then_with(|| a.evidence.cmp(&b.evidence))
    });
    let holders = Holders::new(world, &units);
    let routes = routes(world, &holders, units.len());
    for (unit, routes) in units.iter_mut().zip(routes) {
        unit.role = role(world, unit, routes);
        if let Some(project) = unit.project {
            for fact in world.facts_of(project) {
                if let Claim::Property(property) = &fact.claim
                    && property.key == "spring.application.name"
                    && let Some(name) = &property.value
                    && !name.contains("${")
                {
                    unit.hosts.insert(name.to_ascii_lowercase());
                }
            }
        }
    }
    (units, holders)
}

fn deployed<'f>(world: &World<'f>) -> Vec<Unit<'f>> {
    let mut all: Vec<(&'f Deployable, &'f Evidence)> = world
        .facts()
        .filter_map(|(_, fact)| match &fact.claim {
            Claim::Deployable(unit) => Some((unit.as_ref(), &fact.at)),
            _ => None,
        })
        .collect();
    // Samples and test set-ups are the system only where there is nothing else.
    let other_source = world
        .facts()
        .any(|(file, fact)| matches!(&fact.claim, Claim::Package(_)) && !is_aside(&file.path));
    let tries = |at: &Evidence| variants::rank(&at.path) > 1;
    if other_source || all.iter().any(|(_, at)| !tries(at)) {
        all.retain(|(_, at)| !tries(at));
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
    let mut units: Vec<Unit<'f>> = Vec::new();
    for (deployable, at) in all {
        if deployable.name.is_empty() || deployable.name.contains("${") {
            continue;
        }
        let key = plain(unversioned(&deployable.name));
        let known = units
            .iter_mut()
            .find(|u| plain(unversioned(&u.name)) == key && same_thing(u, deployable));
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
            }),
        }
    }
    // What is neither pulled nor built is a part of an override, or no service at all.
    units.retain(|unit| {
        unit.deployables.iter().any(|(d, _)| {
            let built = d.build.is_some()
                || d.attributes
                    .iter()
                    .any(|(k, _)| k == "build.context" || k == "extends");
            d.image.is_some() || built || aspire_product(d).is_some()
        })
    });
    // What runs only to test the system is no part of it.
    units.retain(|unit| {
        !unit
            .deployables
            .iter()
            .all(|(d, _)| !d.profiles.is_empty() && d.profiles.iter().all(|p| is_test_word(p)))
    });
    for unit in &mut units {
        let all = std::mem::take(&mut unit.deployables);
        (unit.deployables, unit.others) = world.variants.split(all);
        let told = &unit.deployables;
        unit.optional = told
            .iter()
            .all(|(d, at)| !d.profiles.is_empty() || world.variants.of(&at.path).aside);
        let places = told.iter().chain(&unit.others);
        unit.evidence = places.map(|(_, at)| (*at).clone()).collect();
        let aliases = (unit.deployables.iter().chain(&unit.others))
            .flat_map(|(d, _)| std::iter::once(&d.name).chain(&d.aliases));
        unit.hosts.extend(aliases.map(|a| a.to_ascii_lowercase()));
        // The image of a variant says what a part is, where that of the main set is one of its own.
        let mut images = (unit.deployables.iter().chain(&unit.others))
            .filter_map(|(d, _)| d.image.as_ref())
            .map(|i| world.knowledge.by_image(&i.value));
        let product = unit.deployables.iter().find_map(|(d, _)| aspire_product(d));
        unit.technology = images
            .next()
            .flatten()
            .or_else(|| images.flatten().next())
            .or_else(|| product.and_then(|name| world.knowledge.by_image(name)));
        add_services(world, unit);
    }
    units
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

fn is_test_word(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower
        .split(['-', '_', '.'])
        .any(|w| matches!(w, "test" | "tests" | "e2e" | "testing"))
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

/// Two deployables of one name are one unless they are built from different folders.
fn same_thing(unit: &Unit<'_>, other: &Deployable) -> bool {
    let build = |d: &Deployable| {
        d.build
            .as_ref()
            .map(|b| (b.value.clone(), d.dockerfile.clone()))
    };
    let own = unit.deployables.iter().find_map(|(d, _)| build(d));
    match (own, build(other)) {
        (Some(a), Some(b)) => a == b || a.0 == b.0,
        _ => true,
    }
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

fn attach_projects<'f>(world: &World<'f>, units: &mut [Unit<'f>]) {
    for unit in units.iter_mut() {
        if is_own_product(world, unit) {
            unit.technology = None;
        }
        let mut built = unit.deployables.iter();
        unit.images = built
            .find_map(|(d, _)| builds::of_deployable(world, d))
            .into_iter()
            .collect();
        unit.project = by_build(world, unit).or_else(|| by_name(world, unit));
        // A workspace at the root is not what runs; the package is whose program the image starts.
        if unit
            .project
            .is_none_or(|p| world.projects[p].folder.is_empty())
            && let Some((image, _)) = unit.images.first()
        {
            unit.project = builds::program(world, image).or(unit.project);
        }
    }
    for unit in units.iter_mut() {
        if let Some(project) = unit.project {
            let folder = &world.projects[project].folder;
            let named = unit.deployables.iter().any(|(d, _)| d.dockerfile.is_some());
            if unit.images.is_empty() && !named {
                unit.images = builds::of_folder(world, folder);
            }
            // Code of the repository on top of a known image is no bare product.
            let built = unit.deployables.iter().any(|(d, _)| d.build.is_some());
            let has_code = world.projects[project]
                .files
                .iter()
                .any(|&i| world.files[i].language.is_code());
            if built && has_code {
                unit.technology = None;
            }
        }
        if unit.technology.is_none()
            && let Some(base) = built_base(world, unit)
        {
            unit.technology = base;
        }
    }
}

/// Whether a unit runs the product whose repository this is: its image has the name of the code at
/// the root, so it is this code and no product of others.
fn is_own_product(world: &World<'_>, unit: &Unit<'_>) -> bool {
    let Some(root) = world.project_at("") else {
        return false;
    };
    let project = &world.projects[root];
    let mut images = unit
        .deployables
        .iter()
        .filter_map(|(d, _)| d.image.as_ref());
    unit.technology.is_some_and(|t| t.role.is_some())
        && images.any(|image| {
            let name = image_name(&image.value);
            project.plain_names.contains(&plain(name))
        })
        && (project.files.iter()).any(|&i| world.files[i].language.is_code())
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

/// Gives the parts whose image no file of theirs builds the one build file that is made for several.
fn attach_shared_image<'f>(world: &World<'f>, units: &mut [Unit<'f>]) {
    let Some((image, at)) = builds::shared(world) else {
        return;
    };
    let used = units
        .iter()
        .any(|u| u.images.iter().any(|(_, other)| *other == at));
    let open = |unit: &Unit<'_>| {
        unit.project
            .is_some_and(|p| world.projects[p].folder != folder_of(&at.path))
            && unit.images.is_empty()
            && unit.technology.is_none()
            && unit
                .deployables
                .iter()
                .any(|(d, _)| d.image.is_some() && d.build.is_none())
    };
    if used || units.iter().filter(|u| open(u)).count() < 2 {
        return;
    }
    for unit in units.iter_mut().filter(|u| open(u)) {
        unit.images.push((image, at));
    }
}

/// The product of the base image, where the build adds no code to it.
fn built_base<'f>(world: &World<'f>, unit: &Unit<'f>) -> Option<Option<&'f Technology>> {
    let (image, _) = unit.images.first()?;
    let base = image.bases.last()?;
    let technology = world.knowledge.by_image(&base.value)?;
    let role = technology.role?;
    // A store that starts as its image does is that store, whatever scripts fill it.
    let starts_store = role.is_store() && image.command.is_none();
    let has_code = unit.project.is_some_and(|p| {
        world.projects[p]
            .files
            .iter()
            .any(|&i| world.files[i].language.is_code())
    });
    (starts_store || !has_code).then_some(Some(technology))
}

fn by_build(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    unit.deployables.iter().find_map(|(d, _)| {
        let build = d.build.as_ref()?;
        // The folder of the Dockerfile says more than a build context above it; if no code lies
        // there, the image holds a product and no source.
        if let Some(folder) = d.dockerfile.as_deref().map(folder_of)
            && folder.len() > build.value.len()
            && !is_aside_of_build(folder)
        {
            return world.project_at(folder).or_else(|| {
                world.project_of(&format!("{folder}/x")).filter(|&p| {
                    !world.projects[p].folder.is_empty()
                        && world.projects[p].folder.len() > build.value.len()
                })
            });
        }
        let exact = || {
            world
                .project_at(&build.value)
                .filter(|_| !build.value.is_empty())
        };
        let below = || {
            let prefix = format!("{}/", build.value);
            let mut inside = (0..world.projects.len()).filter(|&p| {
                !build.value.is_empty()
                    && world.projects[p].folder.starts_with(&prefix)
                    && !world.projects[p].is_aside
            });
            let first = inside.next()?;
            inside.next().is_none().then_some(first)
        };
        let root = || world.project_at(&build.value);
        exact().or_else(below).or_else(root)
    })
}

/// Folders that hold Dockerfiles of other folders' code.
fn is_aside_of_build(folder: &str) -> bool {
    folder.split('/').any(|part| {
        matches!(
            part,
            "docker"
                | "deploy"
                | "deployment"
                | "build"
                | "dockerfiles"
                | "ci"
                | ".docker"
                | "infra"
        )
    })
}

fn by_name(world: &World<'_>, unit: &Unit<'_>) -> Option<usize> {
    if unit.technology.is_some_and(|t| t.role.is_some()) {
        return None;
    }
    let mut wanted: Vec<String> = Vec::new();
    // An application host names the project itself.
    let hosted = unit
        .deployables
        .iter()
        .filter(|(d, _)| d.source == "aspire");
    wanted.extend(hosted.filter_map(|(d, _)| Some(d.build.as_ref()?.value.clone())));
    wanted.push(unit.name.clone());
    for (deployable, _) in &unit.deployables {
        wanted.extend(
            deployable
                .image
                .as_ref()
                .map(|i| image_name(&i.value).to_owned()),
        );
    }
    for is_plain in [true, false] {
        for name in &wanted {
            let key = if is_plain { plain(name) } else { loose(name) };
            let hits: Vec<usize> = (0..world.projects.len())
                .filter(|&p| {
                    let project = &world.projects[p];
                    let names = if is_plain {
                        &project.plain_names
                    } else {
                        &project.loose_names
                    };
                    !project.is_aside && names.contains(&key)
                })
                .collect();
            if let Some(found) = one_of(world, &hits) {
                return Some(found);
            }
        }
    }
    // `shop-orders` may be the image of the folder `orders`.
    let shorter: Vec<String> = wanted
        .iter()
        .skip(1)
        .filter_map(|n| Some(plain(n.split_once('-')?.1)))
        .collect();
    let hits: Vec<usize> = (0..world.projects.len())
        .filter(|&p| {
            !world.projects[p].is_aside
                && (world.projects[p].names.iter())
                    .zip(&world.projects[p].plain_names)
                    .any(|(name, plain)| name.len() > 3 && shorter.contains(plain))
        })
        .collect();
    one_of(world, &hits)
}

/// The project that several of one name mean: the only one, or the deepest of a chain of folders
/// inside each other that holds code. Folders beside each other decide nothing.
fn one_of(world: &World<'_>, hits: &[usize]) -> Option<usize> {
    let has_code = |p: usize| {
        world.projects[p]
            .files
            .iter()
            .any(|&i| world.files[i].language.is_code())
    };
    let with_code: Vec<usize> = hits.iter().copied().filter(|&p| has_code(p)).collect();
    let hits = if with_code.is_empty() {
        hits
    } else {
        &with_code
    };
    let (&first, rest) = hits.split_first()?;
    let below = |inner: usize, outer: usize| {
        let prefix = format!("{}/", world.projects[outer].folder);
        world.projects[inner].folder.starts_with(&prefix)
    };
    rest.iter()
        .try_fold(first, |chosen, &next| below(next, chosen).then_some(next))
}

/// A unit that only Kubernetes knows and one that only Compose knows are the same where they have
/// the same source, the same own image or, apart from generic words, the same name.
fn merge_across_sources(world: &World<'_>, units: &mut Vec<Unit<'_>>) {
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
            // The one store of its product, called after it: `mysql` here and `mysqldb` there.
            let sole = |u: &Unit<'_>| {
                let Some(product) = u.technology.filter(|t| is_named_after(world, &u.name, t))
                else {
                    return false;
                };
                let own = sources(u);
                let among = units.iter().filter(|o| {
                    o.technology.is_some_and(|t| t.id == product.id)
                        && !sources(o).is_disjoint(&own)
                });
                among.count() == 1
            };
            let same_store = apart && same_technology && sole(a) && sole(b);
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
            } else {
                other += 1;
            }
        }
        index += 1;
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
    if unit.technology.is_some() {
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

fn untagged(image: &str) -> &str {
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

/// Projects that run and that no deployment file lists.
fn add_unlisted<'f>(world: &World<'f>, units: &mut Vec<Unit<'f>>) {
    let nothing_deployed = !units.iter().any(|u| u.project.is_some());
    let started = builds::started(world);
    let linked = linked(world);
    let taken: BTreeSet<usize> = units.iter().filter_map(|u| u.project).collect();
    let mut more = Vec::new();
    for project in 0..world.projects.len() {
        let folder = &world.projects[project].folder;
        let tool = is_of_tools(folder);
        let aside = world.projects[project].is_aside || (tool && !nothing_deployed);
        if taken.contains(&project) || (aside && !folder.is_empty()) || is_chore(world, project) {
            continue;
        }
        let Some((evidence, framework)) = entry(world, project) else {
            continue;
        };
        let mut images = builds::of_folder(world, folder);
        if images.is_empty() {
            images.extend(started.get(&project));
        }
        // What is made for others to import runs in them, also where it draws something.
        if images.is_empty() && is_library(world, project) {
            continue;
        }
        // A library may have a program to try it out.
        if images.is_empty() && linked.contains(&project) && !listens(world, project) {
            continue;
        }
        let deployable = framework || !images.is_empty();
        if !(deployable || nothing_deployed) {
            continue;
        }
        let Some(name) = own_name(world, project) else {
            continue;
        };
        // The same name is already there: with another source, or still without one.
        if let Some(known) = units.iter_mut().find(|u| loose(&u.name) == loose(&name)) {
            if known.project.is_none() && known.technology.is_none() {
                known.project = Some(project);
                known.images.extend(images);
            }
            continue;
        }
        let mut hosts = BTreeSet::new();
        hosts.insert(name.to_ascii_lowercase());
        hosts.extend((world.projects[project].names.iter()).map(|n| n.to_ascii_lowercase()));
        let mut places = vec![evidence];
        places.extend(images.iter().map(|(_, at)| (*at).clone()));
        more.push(Unit {
            name,
            hosts,
            deployables: Vec::new(),
            others: Vec::new(),
            images,
            project: Some(project),
            technology: None,
            role: Role::Service,
            evidence: places,
            optional: false,
        });
    }
    units.extend(more);
}

/// Whether a folder holds tools of those who work on the system.
fn is_of_tools(folder: &str) -> bool {
    folder.split('/').any(|part| {
        matches!(
            part,
            "tools" | "tool" | "scripts" | "script" | "hack" | "bin" | "utils" | "ci" | ".github"
        )
    })
}

/// Whether all manifests of a project say that it is a library.
pub(crate) fn is_library(world: &World<'_>, project: usize) -> bool {
    let packages = &world.projects[project].packages;
    !packages.is_empty() && packages.iter().all(|(package, _)| package.library)
}

/// Where a project starts, and whether the entry point is that of a server or user interface.
fn entry(world: &World<'_>, project: usize) -> Option<(Evidence, bool)> {
    let folder = &world.projects[project].folder;
    // A script among the tools of a repository of several projects starts none of them.
    let of_tools = |path: &str| {
        let inside = path.strip_prefix(folder.as_str()).unwrap_or(path);
        let inside = inside.rsplit_once('/').map_or("", |(folders, _)| folders);
        world.projects.len() > 1 && !inside.split('/').any(|f| f == "bin") && is_of_tools(inside)
    };
    let mut found: Option<(Evidence, bool)> = None;
    for fact in world.facts_of(project) {
        let (at, framework) = match &fact.claim {
            Claim::Entry(entry) => {
                let framework = !matches!(entry.kind.as_str(), "main" | "script" | "cli" | "bin");
                if !framework && of_tools(&fact.at.path) {
                    continue;
                }
                (&fact.at, framework)
            }
            Claim::Package(package) if package.application => (&fact.at, true),
            _ => continue,
        };
        match &found {
            Some((_, true)) => {}
            Some((_, false)) if !framework => {}
            _ => found = Some((at.clone(), framework)),
        }
    }
    found
}

fn own_name(world: &World<'_>, project: usize) -> Option<String> {
    let declared = world.facts_of(project).find_map(|fact| match &fact.claim {
        Claim::Property(p) if p.key == "spring.application.name" => {
            p.value.clone().filter(|v| !v.contains("${"))
        }
        _ => None,
    });
    declared.or_else(|| world.projects[project].names.first().cloned())
}

/// How many routes each unit's own configuration has.
fn routes(world: &World<'_>, holders: &Holders, units: usize) -> Vec<usize> {
    let mut counts = vec![0; units];
    for file in world.files {
        let routes = file
            .facts
            .iter()
            .filter(|f| matches!(&f.claim, Claim::Route(r) if r.gateway != "Ingress"))
            .count();
        let listed = || {
            file.facts
                .iter()
                .any(|f| matches!(f.claim, Claim::Deployable(_)))
        };
        if routes == 0 || is_aside(&file.path) || listed() {
            continue;
        }
        for unit in holders.of(world, &file.path) {
            counts[unit] += routes;
        }
    }
    counts
}

fn role(world: &World<'_>, unit: &Unit<'_>, routes: usize) -> Role {
    let job = |d: &Deployable| matches!(d.kind.as_str(), "Job" | "CronJob");
    let jobs = !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| job(d));
    // What runs and ends serves nobody: a job with the image of a database is a client of one.
    if jobs {
        return Role::Job;
    }
    if let Some(role) = unit.technology.and_then(|t| t.role) {
        // A proxy on which an image is built, and that routes nowhere, serves files.
        let serves_files = role == Role::Gateway && routes == 0 && !unit.images.is_empty();
        return if serves_files {
            by_words(&unit.name).unwrap_or(Role::Service)
        } else {
            role
        };
    }
    let Some(project) = unit.project else {
        return by_words(&unit.name).unwrap_or(Role::Service);
    };
    let mut ui = false;
    let mut serves = false;
    for fact in world.facts_of(project) {
        match &fact.claim {
            Claim::Uses(uses) if uses.side == "server" => {
                let known = world.knowledge.by_id(&uses.technology).and_then(|t| t.role);
                if let Some(role) = known {
                    return role;
                }
            }
            Claim::Entry(entry) if entry.kind == "ui" => ui = true,
            Claim::Endpoint(_) | Claim::GrpcServer(_) => serves = true,
            _ => {}
        }
    }
    if let Some(role) = by_words(&unit.name) {
        return role;
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
    if frontend && (!serves || ui) {
        return Role::Ui;
    }
    if unit.deployables.iter().any(|(d, _)| job(d)) {
        return Role::Job;
    }
    if unit.deployables.is_empty() && is_program(world, project, serves) {
        return Role::Program;
    }
    // A service answers somebody, or something starts it and keeps it running.
    let is_crate =
        |(package, _): &(&crate::facts::Package, &Evidence)| package.ecosystem == "cargo";
    if unit.deployables.is_empty()
        && unit.images.is_empty()
        && world.projects[project].packages.iter().any(is_crate)
        && !serves
        && !listens(world, project)
    {
        return Role::Program;
    }
    Role::Service
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
    const LINES: [&str; 17] = [
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

/// Whether code of a project takes requests or messages.
fn listens(world: &World<'_>, project: usize) -> bool {
    world.facts_of(project).any(|fact| match &fact.claim {
        Claim::Dependency(d) if d.scope == DependencyScope::Runtime => world
            .knowledge
            .by_package(&d.ecosystem, &d.name)
            .is_some_and(|(t, _)| matches!(t.category, Category::WebFramework | Category::Rpc)),
        Claim::Endpoint(_) | Claim::GrpcServer(_) | Claim::Channel(_) => true,
        Claim::Uses(uses) => uses.side == "server",
        _ => false,
    })
}

/// Whether a project is a chore of its workspace: targets of a fuzzer, or tasks that a developer
/// runs through the build tool (<https://github.com/matklad/cargo-xtask>).
fn is_chore(world: &World<'_>, project: usize) -> bool {
    let folder = &world.projects[project].folder;
    let last = folder.rsplit('/').next().unwrap_or_default();
    // An application host starts the others on a developer's machine.
    let hosts = |fact: &crate::facts::Fact| matches!(&fact.claim, Claim::Deployable(d) if d.source == "aspire");
    if world.facts_of(project).any(hosts) {
        return true;
    }
    matches!(last, "fuzz" | "fuzzing" | "xtask" | "xtasks" | "benches")
        || world.facts_of(project).any(|fact| {
            matches!(&fact.claim, Claim::Dependency(d)
                if d.ecosystem == "cargo" && matches!(d.name.as_str(), "libfuzzer-sys" | "afl" | "honggfuzz"))
        })
}

/// Crates that other crates of the repository are built with.
fn linked(world: &World<'_>) -> BTreeSet<usize> {
    let mut crates: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, project) in world.projects.iter().enumerate() {
        for (package, _) in &project.packages {
            if package.ecosystem == "cargo" {
                crates.insert(&package.name, index);
            }
        }
    }
    if crates.len() < 2 {
        return BTreeSet::new();
    }
    let mut all = BTreeSet::new();
    for (file, fact) in world.facts() {
        if let Claim::Dependency(d) = &fact.claim
            && d.ecosystem == "cargo"
            && let Some(&project) = crates.get(d.name.as_str())
            && world.project_of(&file.path) != Some(project)
        {
            all.insert(project);
        }
    }
    all
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

fn has_ui_framework(world: &World<'_>, project: usize) -> bool {
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

/// The languages of a project, most lines first.
pub(crate) fn languages(world: &World<'_>, project: usize) -> Vec<(Language, u32)> {
    let mut lines: BTreeMap<Language, u32> = BTreeMap::new();
    for &index in &world.projects[project].files {
        let file = &world.files[index];
        if file.language.is_code() && !is_aside(&file.path) {
            *lines.entry(file.language).or_default() += file.lines;
        }
    }
    let mut all: Vec<(Language, u32)> = lines.into_iter().collect();
    all.sort_by_key(|&(language, lines)| (std::cmp::Reverse(lines), language));
    all
}
