//! Units and edges as C4 elements and relationships.

use crate::extractors::procfile::{LOCAL_PROCESS, PROCFILE};
use crate::extractors::user_switches;
use crate::facts::{CHECK_OFF, Claim, Deployable, FileFacts, INSIDE, ImageBuild};
use crate::resolve::embedded;
use crate::resolve::foreign::{outside, outside_id};
use crate::resolve::imported::Imported;
use crate::resolve::leaders::Leaders;
use crate::resolve::names::{image_tag, slug};
use crate::resolve::other_sets;
use crate::resolve::purposes::description;
use crate::resolve::rails;
use crate::resolve::telemetry;
use crate::resolve::terraform::{LINK, is_cloud};
use crate::resolve::units::commands::{migrates, replica_of};
use crate::resolve::units::{Unit, hands_out_pages, languages};
use crate::resolve::wiring::{End, Graph, Kept, Side};
use crate::resolve::world::{World, folder_of};
use crate::source::join;
use groundplan_knowledge::Category;
use groundplan_model::{
    Attribute, Blueprint, DependencyScope, Element, ElementKind, Evidence, Mode, OperationPlaces,
    Provenance, Relationship, RelationshipKind, Role,
};
use std::collections::{BTreeMap, BTreeSet};

/// Adds the system, its containers, foreign systems, persons and relationships; returns the id of
/// each unit.
pub(crate) fn fill(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    graph: &Graph,
) -> Vec<String> {
    let system = blueprint.system.id.clone();
    let mut taken: BTreeSet<String> = BTreeSet::from([system.clone()]);
    let mut ids = Vec::new();
    let leaders = Leaders::of(units);
    for (index, unit) in units.iter().enumerate() {
        let id = unique(&slug(&unit.name), unit, &mut taken);
        blueprint
            .elements
            .push(container(world, unit, &id, &system));
        if let Some(name) = told_apart(world, units, index)
            && let Some(element) = blueprint.elements.last_mut()
        {
            element.name = name;
        }
        // What a manifest says of its program is said of one of the containers that run it.
        if let Some(project) = unit.project
            && !leaders.leads(index, Some(project))
            && let Some(element) = blueprint.elements.last_mut()
            && let Some(text) = &element.description
            && let Some(at) = text.provenance.first()
            && (world.projects[project].packages.iter()).any(|(_, own)| own.path == at.path)
        {
            element.description = None;
        }
        ids.push(id);
    }
    for (index, unit) in units.iter().enumerate() {
        let leader = unit
            .project
            .and_then(|p| leaders.get(p))
            .filter(|l| *l != index);
        if let Some(leader) = leader
            && let (Some(own), Some(at)) = (ids.get(index), unit.evidence.first())
            && let Some(other) = ids.get(leader).cloned()
            && let Some(element) = blueprint.elements.iter_mut().find(|e| e.id == *own)
        {
            let key = match starts_the_same(unit, &units[leader]) {
                true => "program-of",
                false => "code-of",
            };
            element.attributes.push(Attribute {
                key: key.to_owned(),
                value: other,
                provenance: Provenance::observed([at.clone()]),
            });
        }
    }
    let place = blueprint
        .elements
        .first()
        .and_then(|e| e.provenance.first().cloned())
        .or_else(|| {
            blueprint
                .system
                .purpose
                .as_ref()
                .and_then(|p| p.provenance.first().cloned())
        })
        .or_else(|| world.files.iter().find_map(FileFacts::first_place));
    let provenance = Provenance::observed(place);
    let mut frame = Element::new(
        &system,
        ElementKind::SoftwareSystem,
        &blueprint.system.name,
        provenance,
    );
    frame.description.clone_from(&blueprint.system.purpose);
    blueprint.elements.push(frame);
    unresolved(blueprint, graph, &ids);
    configured(blueprint, graph, &ids);
    outside(blueprint, world, graph, &mut taken);
    relationships(blueprint, units, graph, &ids);
    persons(blueprint, world, units, &ids, &mut taken);
    ids
}

/// Writes at each container how many calls of its code lead to no part that is known, and where they
/// stand: without this nobody could tell a part that calls nothing from one whose calls were not
/// followed.
fn unresolved(blueprint: &mut Blueprint, graph: &Graph, ids: &[String]) {
    const MOST: usize = 12;
    let mut calls: BTreeMap<&str, BTreeSet<&Evidence>> = BTreeMap::new();
    for (unit, at) in &graph.unresolved {
        if let Some(id) = ids.get(*unit) {
            calls.entry(id).or_default().insert(at);
        }
    }
    let mut opened: BTreeMap<&str, Vec<(&String, &Evidence)>> = BTreeMap::new();
    for ((unit, product), at) in &graph.opened {
        if let Some(id) = ids.get(*unit) {
            opened.entry(id).or_default().push((product, at));
        }
    }
    let mut kept: BTreeMap<&str, Vec<(&String, &Kept)>> = BTreeMap::new();
    for ((unit, product), at) in &graph.kept {
        if let Some(id) = ids.get(*unit) {
            kept.entry(id).or_default().push((product, at));
        }
    }
    let mut callable: BTreeMap<&str, Vec<(&String, &Vec<Evidence>)>> = BTreeMap::new();
    for ((unit, service), at) in &graph.callable {
        if let Some(id) = ids.get(*unit) {
            callable.entry(id).or_default().push((service, at));
        }
    }
    for element in &mut blueprint.elements {
        for (service, at) in callable.get(element.id.as_str()).into_iter().flatten() {
            element.attributes.push(Attribute {
                key: "can-call".to_owned(),
                value: (*service).clone(),
                provenance: Provenance::observed(at.iter().cloned()),
            });
        }
        for (product, (at, switch)) in kept.get(element.id.as_str()).into_iter().flatten() {
            element.attributes.push(Attribute {
                key: "keeps".to_owned(),
                value: (*product).clone(),
                provenance: Provenance::observed([at.clone()]),
            });
            element
                .attributes
                .extend(switch.iter().map(|switch| Attribute {
                    key: "kept-by".to_owned(),
                    value: switch.clone(),
                    provenance: Provenance::observed([at.clone()]),
                }));
        }
        for (product, at) in opened.get(element.id.as_str()).into_iter().flatten() {
            element.attributes.push(Attribute {
                key: "opens".to_owned(),
                value: (*product).clone(),
                provenance: Provenance::observed([(*at).clone()]),
            });
        }
        if let Some(at) = calls.get(element.id.as_str()) {
            element.attributes.push(Attribute {
                key: "unresolved-calls".to_owned(),
                value: at.len().to_string(),
                provenance: Provenance::observed(at.iter().take(MOST).map(|e| (*e).clone())),
            });
        }
    }
}

/// Writes at each store that configuration names which variable may select another.
fn configured(blueprint: &mut Blueprint, graph: &Graph, ids: &[String]) {
    for store in &graph.configured {
        let (Some(id), Some(switch)) = (ids.get(store.unit), &store.switch) else {
            continue;
        };
        let attribute = Attribute {
            key: "selected-by".to_owned(),
            value: switch.clone(),
            provenance: Provenance::observed([store.at.clone()]),
        };
        let element = blueprint.elements.iter_mut().find(|e| e.id == *id);
        if let Some(element) = element
            && !element.attributes.contains(&attribute)
        {
            element.attributes.push(attribute);
        }
    }
}

/// The name of pages that are called like the program which they belong to: with the folder above theirs.
fn told_apart(world: &World<'_>, units: &[Unit<'_>], index: usize) -> Option<String> {
    let unit = &units[index];
    let folder = &world.projects[unit.project?].folder;
    let mut others = units.iter().enumerate().filter(|(at, _)| *at != index);
    let same = |o: &Unit<'_>| o.role != Role::Ui && o.name.eq_ignore_ascii_case(&unit.name);
    if unit.role != Role::Ui || !others.any(|(_, o)| same(o)) {
        return None;
    }
    let mut parts = folder.rsplit('/');
    let (last, above) = (parts.next()?, parts.next()?);
    Some(format!("{above}/{last}"))
}

fn unique(base: &str, unit: &Unit<'_>, taken: &mut BTreeSet<String>) -> String {
    let mut id = base.to_owned();
    if taken.contains(&id) {
        // Two things of one name are told apart by the folder that defines them.
        let folder = unit
            .evidence
            .first()
            .and_then(|e| rails::definition(&e.path).rsplit_once('/'))
            .map(|(f, _)| slug(f));
        id = format!("{}.{base}", folder.unwrap_or_else(|| "root".to_owned()));
    }
    let mut number = 2;
    while !taken.insert(id.clone()) {
        id = format!("{base}-{number}");
        number += 1;
    }
    id
}

fn container(world: &World<'_>, unit: &Unit<'_>, id: &str, system: &str) -> Element {
    // Where it is deployed, then what tells its technology, then all further places.
    let told = unit.project.and_then(|p| {
        let packages = world.projects[p].packages.first();
        packages.map(|(_, at)| (*at).clone())
    });
    let image = unit.images.first().map(|(_, at)| (*at).clone());
    let mut places: Vec<Evidence> = unit.evidence.iter().take(1).cloned().collect();
    places.extend(told);
    places.extend(image);
    places.extend(unit.evidence.iter().skip(1).cloned());
    let provenance = Provenance::observed(places);
    let kind = if unit.is_cluster_addon() {
        ElementKind::DeploymentNode
    } else {
        ElementKind::Container
    };
    let mut element = Element::new(id, kind, &unit.name, provenance);
    element.role = Some(unit.role);
    if kind == ElementKind::Container {
        element.parent = Some(system.to_owned());
    }
    element.aliases = aliases(world, unit);
    element.technology = technology(world, unit);
    if unit.optional {
        element.tags.push("on-demand".to_owned());
    }
    if unit.development {
        element.tags.push("development".to_owned());
    }
    element.attributes = attributes(world, unit);
    element
        .attributes
        .extend(other_sets::elsewhere(world, unit));
    element.description = description(world, unit);
    let said = element.description.as_ref().map_or("", |d| d.text.as_str());
    // What nothing deploys and what says of itself that it is there to develop the rest.
    if unit.deployables.is_empty() && !unit.optional && is_for_developers(said) {
        element.tags.push("on-demand".to_owned());
        element.tags.push("development".to_owned());
    }
    if let Some(project) = unit.project {
        element.source = Some(world.projects[project].folder.clone());
    }
    element
}

/// Whether two parts with one source start the same of it: from the same image, with the same command.
fn starts_the_same(one: &Unit<'_>, other: &Unit<'_>) -> bool {
    let built = |unit: &Unit<'_>| {
        unit.images
            .first()
            .map(|(_, at)| (at.path.clone(), at.lines))
    };
    let pulled = |unit: &Unit<'_>| {
        let mut all = unit
            .deployables
            .iter()
            .filter_map(|(d, _)| d.image.as_ref());
        all.next().map(|image| image.value.clone())
    };
    let command = |unit: &Unit<'_>| {
        let mut own = unit
            .deployables
            .iter()
            .filter_map(|(d, _)| d.command.as_ref());
        let image = || {
            unit.images
                .first()
                .and_then(|(image, _)| image.command.as_ref())
        };
        own.next().or_else(image).map(|c| c.value.clone())
    };
    let same_image = match (built(one), built(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => pulled(one).is_some() && pulled(one) == pulled(other),
        _ => false,
    };
    same_image && command(one) == command(other)
}

/// Whether a description says that something serves the development of the system.
fn is_for_developers(text: &str) -> bool {
    let lower = text.to_lowercase();
    const WORDS: [&str; 6] = [
        "development and testing",
        "testing and development",
        "generating test data",
        "generates test data",
        "seeding test data",
        "local development environment",
    ];
    WORDS.iter().any(|words| lower.contains(words))
}

fn aliases(world: &World<'_>, unit: &Unit<'_>) -> Vec<String> {
    let mut all: BTreeSet<String> = unit.hosts.clone();
    if let Some(project) = unit.project {
        all.extend(world.projects[project].names.iter().cloned());
    }
    for (deployable, _) in &unit.deployables {
        if let Some(image) = &deployable.image
            && unit.technology.is_none()
        {
            all.insert(crate::resolve::names::image_name(&image.value).to_owned());
        }
    }
    all.remove(&unit.name);
    all.retain(|a| !a.is_empty() && !a.contains('$'));
    all.into_iter().collect()
}

/// Product of the image, else language and web framework, and the service of a cloud that runs it.
fn technology(world: &World<'_>, unit: &Unit<'_>) -> Vec<String> {
    let mut all = written_with(world, unit);
    let mut functions = unit.deployables.iter().filter(|(d, _)| is_function(d));
    if let Some((function, _)) = functions.next()
        && let Some((service, _)) = world.knowledge.by_resource(&function.kind)
        && !all.contains(&service.name)
    {
        all.push(service.name.clone());
    }
    all
}

fn written_with(world: &World<'_>, unit: &Unit<'_>) -> Vec<String> {
    if let Some(choice) = several(world, unit) {
        return vec![choice];
    }
    let mut all: Vec<String> = unit.technology.iter().map(|t| t.name.clone()).collect();
    let Some(project) = unit.project else {
        return all;
    };
    let languages = languages(world, project);
    // The image says what its process is written in, also where more lines are pages.
    let runs = started_in(unit);
    let packages = &world.projects[project].packages;
    let mixed = packages
        .iter()
        .any(|(p, _)| Some(p.ecosystem.as_str()) == runs.map(|r| r.0));
    let started = runs.and_then(|(_, names)| {
        let is = |l: &groundplan_syntax::Language| names.contains(&l.name());
        languages.iter().find(|(l, _)| is(l))
    });
    // A store has scripts, and is not written in them.
    let store = unit
        .technology
        .is_some_and(|t| t.role.is_some_and(Role::is_store));
    if let Some((language, _)) = started.or_else(|| languages.first()).filter(|_| !store) {
        all.push(language.name().to_owned());
    }
    let mut frameworks = BTreeSet::new();
    let imported = Imported::of(world);
    for fact in world.facts_of(project) {
        if let Claim::Dependency(d) = &fact.claim
            && d.scope != DependencyScope::Test
            // Pages are built of what npm calls development; elsewhere it is not in what runs.
            && (d.scope != DependencyScope::Development || d.ecosystem == "npm")
            && let Some((t, false)) = world.knowledge.by_package(&d.ecosystem, &d.name)
            // Pages that are built into an image are no part of its process.
            && !(mixed && runs.is_some_and(|(own, _)| own != d.ecosystem))
            && imported.counts(&fact.at.path, d, t, false)
            && matches!(
                t.category,
                Category::WebFramework | Category::UiFramework | Category::Rpc
            )
        {
            frameworks.insert(t.name.clone());
        }
        // Also where the manifest inherits the framework: the class that starts it says so.
        if let Claim::Entry(entry) = &fact.claim
            && let Some(t) = world.knowledge.by_id(&entry.kind)
            && t.category == Category::WebFramework
        {
            frameworks.insert(t.name.clone());
        }
    }
    for name in frameworks {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The ecosystem and the languages of the base of the image that a unit starts.
pub(crate) fn started_in(unit: &Unit<'_>) -> Option<(&'static str, &'static [&'static str])> {
    let (image, _) = unit.images.first()?;
    runs_in(crate::resolve::names::image_name(
        &image.bases.last()?.value,
    ))
}

/// The ecosystem and the languages of an image of a language, by its name.
pub(crate) fn runs_in(image: &str) -> Option<(&'static str, &'static [&'static str])> {
    Some(match image {
        "python" => ("pypi", &["Python"]),
        "node" | "bun" => ("npm", &["TypeScript", "JavaScript"]),
        "golang" => ("go", &["Go"]),
        "rust" => ("cargo", &["Rust"]),
        "ruby" => ("gem", &["Ruby"]),
        "php" => ("composer", &["PHP"]),
        "openjdk" | "eclipse-temurin" | "amazoncorretto" => ("maven", &["Java", "Kotlin"]),
        _ => return None,
    })
}

/// `MariaDB or PostgreSQL`: the stores that alternatives of one name run, where they are several.
fn several(world: &World<'_>, unit: &Unit<'_>) -> Option<String> {
    unit.technology
        .filter(|t| t.role.is_some_and(Role::is_store))?;
    let images = unit.deployables.iter().chain(&unit.others);
    let images = images.filter_map(|(d, _)| d.image.as_ref());
    let known = images.filter_map(|image| world.knowledge.by_image(&image.value));
    let names: BTreeSet<&str> = known
        .filter(|t| t.role.is_some_and(Role::is_store))
        .map(|t| t.name.as_str())
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    (names.len() > 1).then(|| names.join(" or "))
}

/// The servers that the databases of a unit lie inside of and that are no part of their own: what is said of
/// them holds for each database.
fn servers<'f>(world: &World<'f>, unit: &Unit<'f>) -> Vec<(&'f Deployable, &'f Evidence)> {
    let mut all = Vec::new();
    for (database, at) in &unit.deployables {
        let Some(server) = database.attribute(INSIDE).filter(|s| **s != unit.name) else {
            continue;
        };
        // A server and its databases stand in one file.
        let file = world.files.iter().find(|f| f.path == at.path);
        let facts = file.into_iter().flat_map(|f| &f.facts);
        all.extend(facts.filter_map(|fact| match &fact.claim {
            Claim::Deployable(d) if d.name == *server => Some((d.as_ref(), &fact.at)),
            _ => None,
        }));
    }
    all
}

fn attributes(world: &World<'_>, unit: &Unit<'_>) -> Vec<Attribute> {
    let mut all: Vec<Attribute> = Vec::new();
    let mut push = |key: &str, value: &str, at: &Evidence| {
        let known = all.iter_mut().find(|a| a.key == key && a.value == value);
        match known {
            Some(attribute) => {
                let provenance = attribute.provenance.clone().and([at.clone()]);
                attribute.provenance = provenance;
            }
            None => all.push(Attribute {
                key: key.to_owned(),
                value: value.to_owned(),
                provenance: Provenance::observed([at.clone()]),
            }),
        }
    };
    let servers = servers(world, unit);
    for (deployable, at) in unit.deployables.iter().chain(&servers) {
        let Deployable { source, kind, .. } = deployable;
        let by = match source.as_str() {
            "compose" => "Docker Compose",
            "kubernetes" => "Kubernetes",
            "cloudformation" => match kind.starts_with("AWS::Serverless::") {
                true => "AWS SAM",
                false => "CloudFormation",
            },
            "serverless" => "Serverless Framework",
            "app-engine" => "Google App Engine",
            "cloud-run" => "Google Cloud Run",
            "cloudflare" => "Wrangler",
            "fly" => "Fly.io",
            "nomad" => "Nomad",
            "render" => "Render",
            "terraform" => "Terraform",
            "tye" => "Tye",
            "ansible" => "Ansible",
            "aspire" => ".NET Aspire",
            "azd" => "the Azure Developer CLI",
            "bicep" => "Bicep",
            "procfile" => "the Procfile",
            other => other,
        };
        // A list of processes for developers says what there is, and not how it is deployed.
        if kind != LOCAL_PROCESS {
            push("deployed-by", by, at);
        }
        if source == "kubernetes" {
            push("workload", kind, at);
        }
        if is_function(deployable) {
            push("runs-as", "function", at);
        }
        if let Some(image) = &deployable.image {
            push("image", &image.value, &image.at);
            // The tag of an image that is built here is a version of the repository, not of a product.
            let foreign = unit.images.is_empty() && deployable.build.is_none();
            if let Some(tag) = image_tag(&image.value)
                && unit.technology.is_some()
                && foreign
                && several(world, unit).is_none()
            {
                push("image-version", tag, &image.at);
            }
        }
        // The code of a function is packed and not built into an image.
        let packed = packs(deployable) || source == PROCFILE;
        if let Some(build) = deployable.build.as_ref().filter(|_| !packed) {
            let value = if build.value.is_empty() {
                "."
            } else {
                &build.value
            };
            push("build", value, &build.at);
        }
        if let Some(command) = &deployable.command {
            push("command", &command.value, &command.at);
        }
        for port in &deployable.ports {
            push("port", &port.value.container, &port.at);
            if let Some(host) = &port.value.host {
                push("exposed", host, &port.at);
            } else if port.value.dynamic {
                push("exposed", "dynamic", &port.at);
            }
        }
        for volume in &deployable.volumes {
            // A folder of the repository, or a cache of tools, holds no data.
            let key = match is_source(world, &at.path, &volume.value) {
                true => "source-mount",
                false => "volume",
            };
            push(key, &volume.value, &volume.at);
        }
        if let Some(leader) = replica_of(deployable) {
            push("replica-of", &leader.value, &leader.at);
        }
        for sidecar in &deployable.sidecars {
            push("sidecar", &sidecar.value, &sidecar.at);
        }
        for (key, value) in &deployable.attributes {
            // What joins two parts is told by what is between them; that there is no check, by its absence.
            if !key.starts_with(LINK) && key != CHECK_OFF {
                push(key, &value.value, &value.at);
            }
        }
        for network in &deployable.networks {
            push("network", network, at);
        }
        for profile in &deployable.profiles {
            push("profile", profile, at);
        }
    }
    for (image, _) in &unit.images {
        if let Some(base) = image.bases.last() {
            push("base-image", &base.value, &base.at);
            let product = world.knowledge.by_image(&base.value).map(|t| &t.id);
            if let Some(tag) = image_tag(&base.value)
                && product.is_some()
                && product == unit.technology.map(|t| &t.id)
            {
                push("image-version", tag, &base.at);
            }
        }
        // An argument of the build without a value is no port, and what another command than that of
        // the image listens on, the image does not know.
        let ports = image.ports.iter().filter(|_| !starts_other(unit, image));
        for port in ports.filter(|p| !p.value.contains('$')) {
            push("port", &port.value, &port.at);
        }
        for volume in &image.volumes {
            push("image-volume", &volume.value, &volume.at);
        }
        if let Some(user) = &image.user {
            push("user", &user.value, &user.at);
        }
        if let Some((tool, at)) = gives_root_up(world, unit, image) {
            push("gives-root-up", tool, at);
        }
        if let Some(command) = image
            .command
            .as_ref()
            .filter(|_| !starts_other(unit, image))
        {
            push("command", &command.value, &command.at);
        }
        // One way to start it may do without the check that another keeps.
        let takes_away = |d: &Deployable| d.attributes.iter().any(|(key, _)| key == CHECK_OFF);
        let off =
            !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| takes_away(d));
        if let Some(check) = image.health_check.as_ref().filter(|_| !off) {
            push("health-check", &check.value, &check.at);
        }
    }
    all.sort_by(|a, b| (&a.key, &a.value).cmp(&(&b.key, &b.value)));
    all
}

/// The program with which what an image starts goes on as another user than root: its command itself, or a
/// script of the same source that the command names.
fn gives_root_up<'f>(
    world: &World<'f>,
    unit: &Unit<'f>,
    image: &'f ImageBuild,
) -> Option<(&'f str, &'f Evidence)> {
    let command = image.command.as_ref()?;
    if let Some(tool) = user_switches::switches_command(&command.value) {
        return Some((tool, &command.at));
    }
    let names: Vec<&str> = command
        .value
        .split_whitespace()
        .filter_map(|word| word.rsplit('/').next())
        .collect();
    let of_source = |path: &str| {
        let beside = unit.images.iter().any(|(_, at)| {
            let folder = folder_of(&at.path);
            let copied = || image.copies.iter().filter_map(|copy| join(folder, copy));
            folder == folder_of(path) || copied().any(|copy| copy == path)
        });
        beside || unit.project.is_some() && world.project_of(path) == unit.project
    };
    let mut switches = world.facts().filter_map(|(file, fact)| match &fact.claim {
        Claim::UserSwitch(tool) => Some((file.path.as_str(), tool.as_str(), &fact.at)),
        _ => None,
    });
    // A script that is put into the image under another name: the only one of those that are copied.
    let first = names.first().copied().unwrap_or_default();
    let is_here = |first: &str| {
        let mut files = world.files.iter();
        files.any(|f| f.path.rsplit('/').next() == Some(first) && of_source(&f.path))
    };
    // A word without a path is the script of the image below, whatever else is copied.
    let placed = (command.value.split_whitespace().next()).is_some_and(|word| word.contains('/'));
    let scripts: BTreeSet<&str> = (image.copies.iter().map(String::as_str))
        .filter(|copy| copy.ends_with(".sh"))
        .collect();
    let only = scripts.first().filter(|_| placed && scripts.len() == 1);
    let renamed = first.ends_with(".sh") && first != "docker-entrypoint.sh" && !is_here(first);
    if let Some(script) = only.filter(|_| renamed) {
        let script = script.trim_start_matches("./");
        // From the root, or from the folder that the image is built in.
        let is = |path: &str| {
            let mut images = unit.images.iter();
            path == script
                || images.any(|(_, at)| join(folder_of(&at.path), script).as_deref() == Some(path))
        };
        let mut scripts = switches.filter(|(path, ..)| is(path) && of_source(path));
        let one = scripts.next().filter(|_| scripts.next().is_none());
        return one.map(|(_, tool, at)| (tool, at));
    }
    let found = switches.find(|(path, _, _)| {
        let name = path.rsplit('/').next().unwrap_or(path);
        // The supervisor of s6 starts the scripts of its services, which are all called alike.
        let supervised = name == "run" && names.first() == Some(&"init");
        let named = name != "run" && names.contains(&name);
        (supervised || named) && of_source(path)
    });
    found.map(|(_, tool, at)| (tool, at))
}

/// Whether a cloud runs a part once for each event.
fn is_function(deployable: &Deployable) -> bool {
    let lower = deployable.kind.to_ascii_lowercase();
    is_cloud(&deployable.source)
        && (lower.contains("function")
            || lower.contains("lambda")
            || lower.ends_with("workers_script"))
        && !lower.contains("app")
}

/// Whether a tool packs the code of a part itself, without an image.
fn packs(deployable: &Deployable) -> bool {
    is_cloud(&deployable.source) && deployable.dockerfile.is_none()
}

/// Whether every deployment starts a unit by another command than that of its image, in contrast to
/// arguments for that command.
fn starts_other(unit: &Unit<'_>, image: &ImageBuild) -> bool {
    let other = |d: &Deployable| {
        d.command.as_ref().is_some_and(|command| {
            let own = image.command.as_ref().map_or("", |c| c.value.as_str());
            let first = command.value.split_whitespace().next().unwrap_or_default();
            !first.starts_with('-') && !own.contains(first)
        })
    };
    !unit.deployables.is_empty() && unit.deployables.iter().all(|(d, _)| other(d))
}

/// Whether a bind mount brings the source of the repository or the cache of a tool into a container.
fn is_source(world: &World<'_>, file: &str, volume: &str) -> bool {
    const CACHES: [&str; 13] = [
        "node_modules",
        ".cache",
        ".npm",
        ".m2",
        ".gradle",
        "go-cache",
        "site-packages",
        ".venv",
        ".cargo",
        ".nuget",
        ".pnpm-store",
        "/pkg/mod",
        "go/pkg",
    ];
    let is_cache = |path: &str| {
        let path = path.trim_end_matches('/');
        CACHES.iter().any(|c| path.ends_with(c))
    };
    let Some((host, target)) = volume.split_once(':') else {
        return is_cache(volume);
    };
    let target = target.split(':').next().unwrap_or(target);
    if is_cache(target) || is_cache(host) {
        return true;
    }
    if !host.starts_with('.') {
        return false;
    }
    // Above the root there is nothing but the checkout itself.
    let folder = folder_of(file);
    let Some(path) = join(folder, host) else {
        return host.starts_with("..");
    };
    path.is_empty() || world.has_code(&path)
}

fn relationships(blueprint: &mut Blueprint, units: &[Unit<'_>], graph: &Graph, ids: &[String]) {
    for ((from, end), edge) in &graph.edges {
        let to = match end {
            End::Unit(unit) => ids[*unit].clone(),
            End::Outside(host) => outside_id(host),
        };
        let condition = graph.conditions.get(&(*from, end.clone()));
        let idle = only_migrates(&units[*from]) && !is_database(units, end);
        for (kind, side) in edge.main_sides() {
            // Settings that it shares with others are none of its business.
            if idle && kind != RelationshipKind::StartsAfter {
                continue;
            }
            let ends = graph_ends(*from, end);
            let mut found = relationship(units, ends, &ids[*from], &to, kind, &side);
            if kind == RelationshipKind::Calls && side.operations.is_empty() {
                telemetry::name(&mut found, units, graph, *from, end);
            }
            if let Some(condition) = condition.filter(|_| !found.only_addressed()) {
                found.description = format!("{} {condition}", found.description);
            }
            blueprint.relationships.push(found);
        }
    }
}

/// Whether a part is a job that brings a schema up to date, or is called after that, as is what starts it: it
/// changes its database and ends.
fn only_migrates(unit: &Unit<'_>) -> bool {
    let named = |text: &str| text.to_ascii_lowercase().contains("migrat");
    let called = |d: &Deployable| d.command.as_ref().is_some_and(|c| named(&c.value));
    let mut all = unit.deployables.iter();
    unit.role == Role::Job && all.any(|(d, _)| migrates(d) || named(&unit.name) && called(d))
}

fn is_database(units: &[Unit<'_>], end: &End) -> bool {
    matches!(end, End::Unit(unit) if units[*unit].role == Role::Database)
}

fn graph_ends(from: usize, end: &End) -> (usize, Option<usize>) {
    match end {
        End::Unit(to) => (from, Some(*to)),
        End::Outside(_) => (from, None),
    }
}

pub(crate) fn relationship(
    units: &[Unit<'_>],
    (source, target): (usize, Option<usize>),
    from: &str,
    to: &str,
    kind: RelationshipKind,
    edge: &Side,
) -> Relationship {
    // The first place is the one that readers open, so it has to be the one that proves: where a
    // route is written in configuration, else the call in code; deployment files only hand over an
    // address.
    let mut evidence: Vec<Evidence> = edge.evidence.to_vec();
    if kind != RelationshipKind::Routes && !edge.operations.is_empty() {
        evidence.sort_by_key(|e| !groundplan_syntax::Language::of(&e.path).is_code());
    }
    let mut provenance = Provenance::observed(evidence);
    if let Some(target) = target {
        provenance = provenance.and(units[target].evidence.first().cloned());
    }
    let is_message = matches!(
        kind,
        RelationshipKind::Publishes | RelationshipKind::Subscribes
    );
    let is_async = is_message && !edge.awaited;
    Relationship {
        id: format!("{from}->{to}:{}", kind_word(kind)),
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
        description: match only_addressed(&units[source], kind, edge) {
            true => Relationship::ADDRESS.to_owned(),
            false => phrase(kind, edge),
        },
        technology: edge.technology.clone(),
        protocol: edge.protocol.clone(),
        mode: if is_async { Mode::Async } else { Mode::Sync },
        operations: edge.operations.iter().cloned().collect(),
        places: (edge.places.iter())
            .map(|(operation, places)| OperationPlaces {
                operation: operation.clone(),
                provenance: Provenance::observed(places.iter().cloned()),
            })
            .collect(),
        acknowledged: false,
        failures: Vec::new(),
        limits: Vec::new(),
        data_direction: match kind {
            RelationshipKind::Reads
            | RelationshipKind::Subscribes
            | RelationshipKind::Configures => Some("in".to_owned()),
            RelationshipKind::Publishes => Some("out".to_owned()),
            _ => None,
        },
        confidence: edge.confidence,
        provenance,
    }
}

pub(crate) fn kind_word(kind: RelationshipKind) -> &'static str {
    match kind {
        RelationshipKind::Calls => "calls",
        RelationshipKind::Reads => "reads",
        RelationshipKind::Writes => "writes",
        RelationshipKind::Publishes => "publishes",
        RelationshipKind::Subscribes => "subscribes",
        RelationshipKind::Routes => "routes",
        RelationshipKind::Observes => "observes",
        RelationshipKind::Configures => "configures",
        RelationshipKind::StartsAfter => "starts_after",
    }
}

/// Whether settings hold an address and no client, operation or line of code shows its use: it may as
/// well be redirected to, linked or allowed as an origin. A product is told where its neighbours are
/// for its own use.
fn only_addressed(from: &Unit<'_>, kind: RelationshipKind, edge: &Side) -> bool {
    if from.technology.is_some_and(|t| t.role.is_some()) || from.role == Role::LoadGenerator {
        return false;
    }
    let plain = matches!(
        edge.protocol.as_deref(),
        None | Some("HTTP" | "HTTPS" | "WebSocket")
    );
    // What a variant is given is a setting as well.
    let varied = || {
        let mut places = edge.evidence.iter();
        places.all(|at| from.others.iter().any(|(_, other)| other.path == at.path))
    };
    kind == RelationshipKind::Calls
        && plain
        && edge.technology.is_none()
        && edge.operations.is_empty()
        && (edge.confidence == groundplan_model::Confidence::High || varied())
        && !(edge.evidence.iter()).any(|e| groundplan_syntax::Language::of(&e.path).is_code())
}

/// The edge's words: its operations if there are few, else the verb.
fn phrase(kind: RelationshipKind, edge: &Side) -> String {
    // A name that a variable gives is shown by the variable.
    let shown = |name: &String| match name.strip_prefix("{env:").and_then(|n| n.strip_suffix('}')) {
        Some(variable) => format!("${variable}"),
        // Which service of gRPC it is stands with the operations.
        None => match name.split_once('.') {
            Some((service, method))
                if edge.protocol.as_deref() == Some("gRPC") && !service.contains(' ') =>
            {
                method.to_owned()
            }
            _ => name.clone(),
        },
    };
    let few: Vec<String> = edge.operations.iter().map(shown).take(3).collect();
    let listed = !few.is_empty() && edge.operations.len() <= 2 && few.iter().all(|o| o.len() <= 30);
    match kind {
        RelationshipKind::Publishes if listed => format!("publishes {}", few.join(", ")),
        RelationshipKind::Subscribes if listed => format!("consumes {}", few.join(", ")),
        RelationshipKind::Routes if listed => format!("routes {}", few.join(", ")),
        RelationshipKind::Calls if listed => format!("calls {}", few.join(", ")),
        _ => kind.verb().to_owned(),
    }
}

/// Whoever reaches an exposed user interface or gateway stands as a person outside; the exposed
/// port is what says so.
fn persons(
    blueprint: &mut Blueprint,
    world: &World<'_>,
    units: &[Unit<'_>],
    ids: &[String],
    taken: &mut BTreeSet<String>,
) {
    let exposed = |unit: &Unit<'_>| -> Option<Evidence> {
        let all = unit.deployables.iter();
        let ports = all.clone().flat_map(|(d, _)| &d.ports);
        let mut ports = ports.filter(|p| p.value.host.is_some()).map(|p| &p.at);
        let said = all.flat_map(|(d, _)| &d.attributes);
        let mut said = said.filter(|(key, _)| key == "exposed").map(|(_, v)| &v.at);
        ports.next().or_else(|| said.next()).cloned()
    };
    let hosts = embedded::hosts(world, units);
    let mut fronts: Vec<(usize, Evidence)> = Vec::new();
    for (index, unit) in units.iter().enumerate() {
        let shows = matches!(unit.role, Role::Ui | Role::Gateway)
            || hands_out_pages(world, unit)
            || hosts.contains(&index);
        // A tool of the developers has no users of the system.
        if shows
            && !unit.development
            && let Some(at) = exposed(unit)
        {
            fronts.push((index, at));
        }
    }
    if fronts.is_empty() || !taken.insert("user".to_owned()) {
        return;
    }
    let evidence: Vec<Evidence> = fronts.iter().map(|(_, at)| at.clone()).collect();
    let mut person = Element::new(
        "user",
        ElementKind::Person,
        "User",
        Provenance::observed(evidence),
    );
    person.external = true;
    blueprint.elements.push(person);
    for (unit, at) in fronts {
        let to = &ids[unit];
        blueprint.relationships.push(Relationship {
            id: format!("user->{to}:calls"),
            from: "user".to_owned(),
            to: to.clone(),
            kind: RelationshipKind::Calls,
            description: "uses".to_owned(),
            technology: None,
            protocol: None,
            mode: Mode::Sync,
            operations: Vec::new(),
            places: Vec::new(),
            acknowledged: false,
            failures: Vec::new(),
            limits: Vec::new(),
            data_direction: None,
            confidence: groundplan_model::Confidence::Medium,
            provenance: Provenance::observed([at]),
        });
    }
}
