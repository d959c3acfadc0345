//! What builds, starts and carries the system: images, orchestration, clouds, meshes, pipelines.

use super::deployment::{is_of_development, is_on_demand, later_words, started};
use super::found::{found, product_text, products, short_image};
use super::goals::distinct;
use super::records;
use super::seen::end;
use crate::answer::{Absence, Answer};
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{first_places, names};
use crate::tree::{Span, Text};
use crate::words;
use groundplan_knowledge::Category;
use groundplan_model::{
    CALLED, Element, EnvironmentTier, HOSTS_OFFERED, Observation, Pipeline, Provenance, Topic,
};
use std::collections::BTreeMap;

records! {
    "ci-product": ci_product, "What runs the pipelines.";
    "cloud": cloud, "Cloud provider and its services.";
    "container-platform": container_platform, "Images, and what runs them.";
    "container-runtime": |c, _| container_runtime(c), "Images and their bases.";
    "key-services": key_services, "Services of providers that the system needs.";
    "orchestration": |c, _| orchestration(c), "What starts and places containers.";
    "service-mesh": service_mesh, "Whether a mesh carries the traffic between services.";
}

/// Attribute values with how many elements have each, most first.
fn tally<'a>(
    c: &Context<'a>,
    key: &'a str,
) -> Vec<(&'a str, Vec<&'a Element>, Vec<&'a Provenance>)> {
    let mut all: BTreeMap<&str, (Vec<&Element>, Vec<&Provenance>)> = BTreeMap::new();
    for e in &c.containers {
        for a in e.attributes_of(key) {
            let entry = all.entry(&a.value).or_default();
            if !entry.0.iter().any(|known| known.id == e.id) {
                entry.0.push(e);
            }
            entry.1.push(&a.provenance);
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(v, (e, s))| (v, e, s)).collect();
    all.sort_by_key(|(_, elements, _)| std::cmp::Reverse(elements.len()));
    all
}

fn runtime_text(c: &Context) -> Option<Text> {
    // What no file starts is a build and no container.
    let all = started(c);
    let bases = tally(c, "base-image");
    let bases: Vec<_> = bases
        .into_iter()
        .filter(|(_, elements, _)| elements.iter().any(|e| all.iter().any(|s| s.id == e.id)))
        .collect();
    let built: Vec<&Element> = all
        .iter()
        .filter(|e| {
            // A folder that is built without a Dockerfile that was read is told by its image.
            let only_built = || e.attribute("build").is_some() && e.attribute("image").is_none();
            e.attribute("base-image").is_some() || only_built() && !super::deployment::is_process(e)
        })
        .copied()
        .collect();
    let taken = all.iter().filter(|e| super::images::is_ready(c, e)).count();
    let own = |e: &&&Element| e.attribute("image").is_some() && !super::images::is_ready(c, e);
    let processes: Vec<&Element> = (all.iter())
        .filter(|e| super::deployment::is_process(e) && e.attribute("base-image").is_none())
        .copied()
        .collect();
    if built.is_empty() && taken == 0 && processes.is_empty() && !all.iter().any(|e| own(&e)) {
        return None;
    }
    let mut text = Text::default();
    if !processes.is_empty() {
        let n = words::capital(&words::spelled_count(processes.len(), "part"));
        let verb = words::verb_for(
            processes.len(),
            " is started as a process, from its code and without an image. ",
            " are started as processes, from their code and without images. ",
        );
        let places = processes.iter().filter_map(|e| e.attribute("started-as"));
        text = text
            .then(format!("{n}{verb}"))
            .from(&first_places(places.map(|a| &a.provenance), 2));
    }
    if !built.is_empty() {
        let n = words::spelled_count(built.len(), "container");
        // Where several projects start the same parts, one may build what another takes ready.
        let verb = match super::composed::alternatives(c).is_some() {
            true => words::verb_for(
                built.len(),
                " has a Dockerfile in the repository",
                " have Dockerfiles in the repository",
            ),
            false => words::verb_for(
                built.len(),
                " is built from a Dockerfile",
                " are built from Dockerfiles",
            ),
        };
        text = text.then(format!("{}{verb}", words::capital(&n)));
        let named = distinct(
            bases
                .iter()
                .map(|(v, _, _)| short_image(v))
                .filter(|v| !v.contains('$')),
        );
        if !named.is_empty() {
            text = text.then(", on ").spans(names(named, 4));
        }
        let sources = bases.iter().filter_map(|(_, _, s)| s.first().copied());
        // One place that builds stands before the images that are built on.
        let mut built_from = built
            .iter()
            .filter_map(|e| e.attribute("build"))
            .map(|a| &a.provenance);
        let first = built_from.next().into_iter();
        text = text.from(&first_places(first.chain(sources).chain(built_from), 3));
    }
    if taken > 0 {
        let joint = if built.is_empty() { "" } else { "; " };
        let n = words::spelled_count(taken, "container");
        let n = if built.is_empty() {
            words::capital(&n)
        } else {
            n
        };
        let verb = words::verb_for(taken, " runs a ready image", " run ready images");
        let sources = all
            .iter()
            .filter(|e| super::images::is_ready(c, e))
            .filter_map(|e| e.attribute("image"))
            .map(|a| &a.provenance);
        text = text
            .then(format!("{joint}{n}{verb}"))
            .from(&first_places(sources, 2));
    }
    let elsewhere: Vec<&Element> = all
        .iter()
        .filter(|e| e.attribute("image").is_some() && !super::images::is_ready(c, e))
        .filter(|e| !built.iter().any(|b| b.id == e.id))
        .copied()
        .collect();
    if !elsewhere.is_empty() {
        let first = built.is_empty() && taken == 0;
        let n = words::spelled_count(elsewhere.len(), "container");
        let n = if first { words::capital(&n) } else { n };
        let joint = if first { "" } else { "; " };
        let verb = words::verb_for(
            elsewhere.len(),
            " runs an image of this repository; no Dockerfile that makes it was found",
            " run images of this repository; no Dockerfiles that make them were found",
        );
        let sources = elsewhere.iter().filter_map(|e| e.attribute("image"));
        text = text
            .then(format!("{joint}{n}{verb}"))
            .from(&first_places(sources.map(|a| &a.provenance), 2));
    }
    Some(end(text))
}

/// The name of the part in whose folder a file lies, the first of those that run the code of one folder.
fn part_around<'a>(c: &Context<'a>, path: &str) -> Option<&'a str> {
    let holds = |e: &&Element| {
        let folder = e.source.as_deref().filter(|folder| !folder.is_empty());
        let rest = folder.and_then(|folder| path.strip_prefix(folder));
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let mut all = c.containers.iter().copied().filter(holds);
    let only = all.next()?;
    all.all(|other| other.source == only.source)
        .then_some(only.name.as_str())
}

/// Build files of images that no deployment file starts, those of parts first.
fn loose_builds(c: &Context, runtime: bool) -> Option<Text> {
    let all = started(c);
    let parts: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("base-image").is_some() && e.attribute("deployed-by").is_none())
        .filter(|e| all.iter().all(|s| s.id != e.id))
        .copied()
        .collect();
    let files: Vec<&Observation> = (c.seen(Topic::Infrastructure).iter())
        .filter(|o| o.name == "Dockerfile")
        .copied()
        .collect();
    let paths = files.iter().filter_map(|o| o.provenance.first());
    let paths = distinct(paths.map(|at| at.path.as_str()));
    // A file in the folder of a part is of that part, whatever starts it.
    let (within, paths): (Vec<&str>, Vec<&str>) = paths
        .into_iter()
        .partition(|path| part_around(c, path).is_some());
    let mut text = Text::default();
    if !parts.is_empty() {
        let verb = words::verb_for(
            parts.len(),
            " has a Dockerfile and is started by no deployment file",
            " have Dockerfiles and are started by no deployment file",
        );
        text = text
            .spans(names(parts.iter().map(|e| e.name.as_str()), 5))
            .then(verb);
        let bases = parts.iter().filter_map(|e| e.attribute("base-image"));
        text = text.from(&first_places(bases.map(|a| &a.provenance), 2));
    }
    if !paths.is_empty() {
        let lead = words::verb_for(
            paths.len(),
            " was not tied to a part: ",
            " were not tied to a part: ",
        );
        let other = runtime || !parts.is_empty();
        let noun = if other {
            "other Dockerfile"
        } else {
            "Dockerfile"
        };
        let n = words::spelled_count(paths.len(), noun);
        let lead = match parts.is_empty() {
            true => words::capital(&format!("{n}{lead}")),
            false => format!("; {n}{lead}"),
        };
        text = text.then(lead).spans(names(paths, 4));
        text = text.from(&first_places(files.iter().map(|o| &o.provenance), 2));
    }
    if !within.is_empty() {
        let of = distinct(within.iter().filter_map(|path| part_around(c, path)));
        let verb = words::verb_for(within.len(), " lies", " lie");
        let n = words::spelled_count(within.len(), "other Dockerfile");
        let folders = words::verb_for(of.len(), " in the folder of ", " in the folders of ");
        let lead = match text.is_empty() {
            true => words::capital(&format!("{n}{verb}{folders}")),
            false => format!("; {n}{verb}{folders}"),
        };
        let shown = within.iter().copied();
        text = text
            .then(lead)
            .spans(names(of, 4))
            .then(": ")
            .spans(names(shown, 4));
        text = text.from(&first_places(files.iter().map(|o| &o.provenance), 2));
    }
    (!parts.is_empty() || !files.is_empty()).then(|| end(text))
}

/// Build files of images that are not tied to a part, where there are some.
pub(super) fn untied_builds(c: &Context) -> Option<Text> {
    let mut all = c.seen(Topic::Infrastructure).iter();
    all.any(|o| o.name == "Dockerfile")
        .then(|| loose_builds(c, false))?
}

/// Images that only developers start, where nothing else has one.
fn images_of_developers(c: &Context) -> Option<Text> {
    let all: Vec<&Element> = (c.containers.iter().copied())
        .filter(|e| is_of_development(e) && e.attribute("image").is_some())
        .collect();
    if all.is_empty() {
        return None;
    }
    let verb = words::verb_for(
        all.len(),
        ", which is started for development, has an image",
        ", which are started for development, have images",
    );
    let text = Text::plain("Only ")
        .spans(names(all.iter().map(|e| e.name.as_str()), 4))
        .then(verb);
    let sources = all.iter().filter_map(|e| e.attribute("image"));
    Some(end(
        text.from(&first_places(sources.map(|a| &a.provenance), 3))
    ))
}

fn container_runtime(c: &Context) -> Answer {
    let runtime = runtime_text(c);
    let loose = loose_builds(c, runtime.is_some());
    let text = match (runtime, loose) {
        (Some(a), Some(b)) => Some(a.then(" ").append(b)),
        (a, b) => a.or(b),
    };
    match text.or_else(|| images_of_developers(c)) {
        Some(text) => Answer::text(text),
        None => c.absent(
            "container image",
            &["Dockerfiles", "Compose and Kubernetes files"],
            "deployment",
        ),
    }
}

/// The provider of a type of Terraform, by the word in front; nothing for helpers of the language.
fn owner_of(kind: &str) -> Option<&'static str> {
    if tool_of(kind) == "Bicep" {
        return Some("Microsoft Azure");
    }
    Some(match kind.split(['_', '-']).next().unwrap_or(kind) {
        "aws" => "Amazon Web Services",
        "google" => "Google Cloud",
        "azurerm" | "azuread" | "azapi" => "Microsoft Azure",
        "digitalocean" => "DigitalOcean",
        "cloudflare" => "Cloudflare",
        "hcloud" => "Hetzner Cloud",
        "linode" => "Linode",
        "oci" => "Oracle Cloud",
        "openstack" => "OpenStack",
        "scaleway" => "Scaleway",
        "ovh" => "OVHcloud",
        "vultr" => "Vultr",
        "exoscale" => "Exoscale",
        "alicloud" => "Alibaba Cloud",
        "kubernetes" | "kubectl" => "Kubernetes",
        "helm" => "Helm",
        "heroku" => "Heroku",
        "fly" => "Fly.io",
        "github" => "GitHub",
        "datadog" => "Datadog",
        _ => return None,
    })
}

/// What describes a resource of this type: `Microsoft.Web/sites` is one of Azure Resource Manager.
pub(super) fn tool_of(kind: &str) -> &'static str {
    match kind.starts_with("Microsoft.") {
        true => "Bicep",
        false => "Terraform",
    }
}

/// What Terraform and Bicep make, one sentence for each provider.
fn infrastructure_texts(c: &Context) -> Vec<Text> {
    type Told<'a> = (Vec<&'a str>, Vec<&'a Provenance>, usize);
    let mut all: BTreeMap<(&str, &str), Told<'_>> = BTreeMap::new();
    for o in c.seen(Topic::Infrastructure) {
        let Some(owner) = owner_of(&o.name) else {
            continue;
        };
        let entry = all.entry((owner, tool_of(&o.name))).or_default();
        if !entry.0.contains(&o.name.as_str()) {
            entry.0.push(&o.name);
        }
        entry.1.push(&o.provenance);
        entry.2 += 1;
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(owner, (_, _, n))| (std::cmp::Reverse(*n), *owner));
    all.into_iter()
        .map(|((owner, tool), (kinds, sources, n))| {
            let text = Text::plain(format!(
                "{tool} describes {} of {owner}: ",
                words::count(n, "resource")
            ));
            let text = text.spans(names(kinds, 5));
            end(text.from(&first_places(sources, 3)))
        })
        .collect()
}

/// Hosts and what runs on them, as units of systemd, Ansible and Vagrant tell it.
fn host_texts(c: &Context) -> Vec<Text> {
    const MOST: usize = 6;
    let all = c.seen(Topic::Host);
    let mut items: Vec<Text> = (all.iter().take(MOST))
        .map(|o| {
            let detail = o.detail.as_deref().unwrap_or_default();
            let text = Text::code(&o.name).then(": ");
            end(text.spans(crate::text::inline(detail)).from(&o.provenance))
        })
        .collect();
    if all.len() > MOST {
        items.push(super::found::more(all.len() - MOST));
    }
    items
}

/// Whether a part is a chart of others that a chart of the repository brings along.
fn is_subchart(e: &Element) -> bool {
    let mut all = e.attributes_of("workload");
    all.next().is_some_and(|a| a.value == "Helm chart") && all.next().is_none()
}

fn orchestration_texts(c: &Context) -> Vec<Text> {
    let mut items: Vec<Text> = Vec::new();
    for (platform, elements, sources) in tally(c, "deployed-by") {
        if platform == "Docker Compose"
            && let Some(text) = super::composed::alternatives(c)
        {
            items.push(text);
            continue;
        }
        let (later, elements): (Vec<&Element>, Vec<&Element>) =
            elements.into_iter().partition(|e| is_on_demand(e));
        let noun = match platform {
            "Kubernetes" => "workload",
            "the Procfile" => "process",
            "AWS SAM"
            | "Bicep"
            | "CloudFormation"
            | "Fly.io"
            | "Google App Engine"
            | "Render"
            | "Serverless Framework"
            | "Terraform"
            | "Wrangler"
            | "the Azure Developer CLI" => "part",
            _ => "container",
        };
        let platform = words::capital(platform);
        let mut text = match elements.len() {
            0 if later.iter().all(|e| is_of_development(e)) => {
                let n = words::count(super::deployment::on_bench(c, &later), "container");
                Text::plain(format!("{platform} starts {n} for development"))
            }
            0 => Text::plain(format!("{platform} starts nothing by default")),
            n => {
                let parsed = super::composed::parsed(c, &platform, &elements);
                // Charts that another one brings along are told behind the workloads.
                let charts = elements.iter().filter(|e| is_subchart(e)).count();
                let n = if charts < n { n - charts } else { n };
                let n = super::deployment::running(&elements, parsed.or(Some(n)), noun);
                Text::plain(format!("{platform} runs {n}"))
            }
        };
        if platform == "Kubernetes" {
            let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
            for a in elements
                .iter()
                .filter(|e| !is_subchart(e))
                .flat_map(|e| e.attributes_of("workload").take(1))
            {
                *kinds.entry(&a.value).or_default() += 1;
            }
            let kinds: Vec<String> = kinds.iter().map(|(k, n)| words::count(*n, k)).collect();
            if kinds.len() > 1 {
                text = text.then(format!(" ({})", words::list(&kinds, "and")));
            }
            let brought = elements.iter().filter(|e| is_subchart(e));
            let brought: Vec<&str> = brought
                .filter_map(|e| Some(e.attribute("chart")?.value.as_str()))
                .collect();
            if !brought.is_empty() && brought.len() < elements.len() {
                let noun = words::verb_for(brought.len(), "the subchart ", "the subcharts ");
                text = text.then(format!(" and {noun}")).spans(names(brought, 5));
            }
        }
        let told = elements.is_empty() && later.iter().all(|e| is_of_development(e));
        if !later.is_empty() && !told {
            let n = words::spelled(later.len());
            let how = later_words(&later);
            let more = if elements.is_empty() { "" } else { " more" };
            text = text.then(format!("; {n}{more} only {how}"));
        }
        items.push(end(text.from(&first_places(sources, 3))));
    }
    for (mechanism, all) in mechanisms(c) {
        let text = Text::plain(format!("{mechanism}: "))
            .spans(names(all.iter().map(|e| e.name.as_str()), 4));
        items.push(end(
            text.from(&first_places(all.iter().map(|e| &e.provenance), 2))
        ));
    }
    // A client of an orchestrator in a manifest shows what is called, not what starts the system.
    items.extend(infrastructure_texts(c));
    items.extend(host_texts(c));
    let tools = products(c, |t| {
        matches!(t.category, Category::Orchestrator | Category::Iac)
    });
    let shown = tools
        .iter()
        .filter(|p| p.technology.category == Category::Iac || !p.runs.is_empty());
    items.extend(shown.map(product_text));
    // Beside what developers start it says what is run; alone it is no orchestration.
    if !items.is_empty() {
        items.splice(0..0, super::deployment::shown_image(c));
    }
    items
}

/// Environments by what makes them, for mechanisms of deployment.
fn mechanisms<'a>(c: &Context<'a>) -> BTreeMap<&'a str, Vec<&'a groundplan_model::Environment>> {
    let mut all: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for e in &c.blueprint.environments {
        for mechanism in e
            .mechanism
            .split(", ")
            .filter(|m| m.contains("Kustomize") || m.contains("Helm"))
        {
            all.entry(mechanism).or_default().push(e);
        }
    }
    all
}

fn orchestration(c: &Context) -> Answer {
    found(orchestration_texts(c)).unwrap_or_else(|| {
        let of_tier = |tier| {
            let mut all = c.blueprint.environments.iter();
            all.any(|e| e.mechanism.contains("Docker Compose") && e.tier == tier)
        };
        let none = c.absent(
            match (
                of_tier(EnvironmentTier::Development),
                of_tier(EnvironmentTier::Test),
            ) {
                (true, true) => "orchestration beside Compose files for development and tests",
                (true, false) => "orchestration beside Compose files for development",
                (false, true) => "orchestration beside Compose files for tests",
                (false, false) => "Compose file, Kubernetes manifest or other orchestration",
            },
            &["deployment files"],
            "deployment",
        );
        // An image is built to be run, if not by a file here.
        match (
            none,
            runtime_text(c).or_else(|| super::deployment::shown_image(c)),
        ) {
            (Answer::Absent(absence), Some(image)) => {
                Answer::Absent(Absence::because(absence.sentence().then(" ").append(image)))
            }
            (none, _) => none,
        }
    })
}

fn container_platform<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = runtime_text(c).into_iter().collect();
    let loose = loose_builds(c, !items.is_empty());
    items.extend(loose);
    items.extend(orchestration_texts(c));
    found(items).unwrap_or_else(|| {
        c.absent(
            "container image or orchestration",
            &["Dockerfiles", "Compose and Kubernetes files"],
            "deployment",
        )
    })
}

/// The provider whose name stands at the beginning of a product's name.
fn provider(product: &str) -> Option<&'static str> {
    let first = product.split(' ').next().unwrap_or("");
    Some(match first {
        "Amazon" | "AWS" => "Amazon Web Services",
        "Google" => "Google Cloud",
        "Azure" | "Microsoft" if product.contains("Azure") || product.contains("Entra") => {
            "Microsoft Azure"
        }
        "Firebase" => "Google Cloud",
        "Cloudflare" => "Cloudflare",
        "DigitalOcean" => "DigitalOcean",
        _ => return None,
    })
}

/// The provider of an image registry.
fn registry_provider(registry: &str) -> Option<&'static str> {
    let lower = registry.to_lowercase();
    let rules = [
        ("pkg.dev", "Google Cloud"),
        ("gcr.io", "Google Cloud"),
        ("amazon ecr", "Amazon Web Services"),
        ("amazonaws.com", "Amazon Web Services"),
        ("azurecr.io", "Microsoft Azure"),
        ("registry.digitalocean.com", "DigitalOcean"),
    ];
    rules
        .iter()
        .find(|(part, _)| lower.contains(part))
        .map(|(_, name)| *name)
}

/// What shows a provider: services that run or are called, registries, and client libraries, which
/// alone do not show where the system runs.
#[derive(Default)]
struct Cloud<'a> {
    services: Vec<&'a str>,
    registries: Vec<&'a str>,
    clients: Vec<&'a str>,
    /// Each product with the parts that have a client of it.
    by_user: Vec<(&'a str, Vec<&'a str>, Vec<&'a Provenance>)>,
    sources: Vec<&'a Provenance>,
}

fn clouds<'a>(c: &Context<'a>) -> BTreeMap<&'static str, Cloud<'a>> {
    let mut all: BTreeMap<&'static str, Cloud<'a>> = BTreeMap::new();
    for p in products(c, |t| {
        t.category == Category::Cloud || provider(&t.name).is_some()
    }) {
        let t = p.technology;
        if t.id == "localstack" {
            continue;
        }
        let owner = provider(&t.name).unwrap_or(t.name.as_str());
        // A container with an image shows no provider: what runs there is a copy or an emulator.
        let copies = |e: &&Element| e.attribute("image").is_some();
        if !p.runs.is_empty() && p.runs.iter().all(copies) {
            continue;
        }
        let entry = all.entry(owner).or_default();
        // What is only called over the network may run anywhere, and so may its caller.
        let list = match p.runs.iter().all(|e| e.external) {
            true => {
                entry
                    .by_user
                    .push((&t.name, p.users.clone(), p.sources.clone()));
                &mut entry.clients
            }
            false => &mut entry.services,
        };
        if !list.contains(&t.name.as_str()) {
            list.push(&t.name);
        }
        entry.sources.extend(p.sources.iter().copied());
    }
    for o in c.seen(Topic::ImageRegistry) {
        if let Some(owner) = registry_provider(&o.name) {
            let entry = all.entry(owner).or_default();
            if !entry.registries.contains(&o.name.as_str()) {
                entry.registries.push(&o.name);
            }
            entry.sources.push(&o.provenance);
        }
    }
    all
}

fn cloud<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    if let Some(text) = declared(c, "deployment.cloud") {
        return Answer::text(text);
    }
    let listed = |all: &[&str]| {
        let spans = all.iter().map(|s| Span::Plain((*s).to_owned())).collect();
        words::list_spans(spans, 6, "and")
    };
    let (shown, clients): (Vec<_>, Vec<_>) = clouds(c)
        .into_iter()
        .partition(|(_, cloud)| !cloud.services.is_empty() || !cloud.registries.is_empty());
    let mut items: Vec<Text> = shown
        .into_iter()
        .map(|(owner, cloud)| {
            let mut text = Text::plain(format!("{owner}: "));
            let mut joint = "";
            let services: Vec<&str> = cloud
                .services
                .iter()
                .filter(|s| **s != owner)
                .copied()
                .collect();
            if !services.is_empty() {
                text = text.spans(listed(&services));
                joint = "; ";
            } else if cloud.registries.is_empty() {
                text = Text::plain(owner);
            }
            if !cloud.registries.is_empty() {
                text = text
                    .then(format!("{joint}images go to "))
                    .spans(names(cloud.registries, 3));
            }
            end(text.from(&first_places(cloud.sources, 3)))
        })
        .collect();
    items.extend(infrastructure_texts(c));
    items.extend(super::hosted::regions(c));
    items.extend(c.stated_by_law("cloud"));
    if !clients.is_empty() {
        // One sentence for each set of parts: of two lists in one nobody knows who has what.
        let mut sets: Vec<(Vec<&str>, Vec<&str>, Vec<&Provenance>)> = Vec::new();
        for (name, users, sources) in clients.iter().flat_map(|(_, cloud)| &cloud.by_user) {
            match sets.iter_mut().find(|(known, ..)| known == users) {
                Some((_, products, all)) => {
                    products.push(name);
                    all.extend(sources.iter().copied());
                }
                None => sets.push((users.clone(), vec![name], sources.clone())),
            }
        }
        let alone = items.is_empty();
        for (users, products, sources) in sets.into_iter().take(6) {
            let text = Text::default().spans(names(users.iter().copied(), 4));
            let text = match users.is_empty() {
                true => Text::plain("Manifests name packages for "),
                false => text.then(words::verb_for(
                    users.len(),
                    " names in its manifest packages for ",
                    " name in their manifests packages for ",
                )),
            };
            items.push(end(text
                .spans(listed(&products))
                .from(&first_places(sources, 3))));
        }
        if alone {
            items.push(end(Text::plain(
                "Packages do not show where the system itself runs, which is asked in ",
            )
            .and(c.ask("cloud"))));
        }
    }
    // Where others may run it says nothing of who runs this one.
    let offered = c.seen(Topic::Stated).iter();
    let offered = offered.filter(|o| o.name == HOSTS_OFFERED).take(2);
    items.extend(offered.filter_map(|o| {
        let (at, said) = (o.provenance.first()?, o.detail.as_deref()?);
        let text = Text::plain("Where it may be run, by ").then_code(at.path.as_str());
        Some(end(text.then(format!(": {said}")).from(&o.provenance)))
    }));
    found(items).unwrap_or_else(|| {
        c.absent(
            "cloud provider",
            &[
                "package manifests",
                "images",
                "image registries of pipelines",
            ],
            "cloud",
        )
    })
}

fn key_services<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let all = products(c, |t| {
        let own = t.category == Category::Cloud && provider(&t.name).is_none_or(|p| p == t.name);
        let rented = [
            Category::Payment,
            Category::Sms,
            Category::Email,
            Category::Ml,
            Category::ErrorTracking,
            Category::Analytics,
            Category::Metrics,
            Category::Tracing,
            Category::Logging,
        ];
        !own && (provider(&t.name).is_some()
            || rented.contains(&t.category) && t.licence == "proprietary")
    });
    let items = all
        .iter()
        .map(|p| {
            let text = Text::plain(format!("{} {}", p.technology.name, p.technology.about));
            let linked = distinct(
                p.linked.iter().copied().chain(
                    p.runs
                        .iter()
                        .filter(|e| !e.external)
                        .map(|e| e.name.as_str()),
                ),
            );
            let holders = distinct(p.users.iter().filter(|u| !linked.contains(u)).copied());
            let linked_to = !linked.is_empty();
            let text = match linked.is_empty() {
                true => text,
                false => text.then("; used by ").spans(names(linked, 4)),
            };
            let text = match (holders.is_empty(), linked_to) {
                (true, _) => text,
                (false, true) => text
                    .then("; a client library of it is among the packages of ")
                    .spans(names(holders, 4)),
                // What a product usually does may not be what it is used for here.
                (false, false) => Text::plain(format!(
                    "{}, which {}: a client library of it is among the packages of ",
                    p.technology.name, p.technology.about
                ))
                .spans(names(holders, 4)),
            };
            end(text.from(&first_places(p.sources.iter().copied(), 2)))
        })
        .collect();
    found(items)
        .unwrap_or_else(|| c.absent("rented service", &["package manifests", "images"], "cloud"))
}

fn service_mesh<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = products(c, |t| t.category == Category::ServiceMesh)
        .iter()
        .map(product_text)
        .collect();
    let resources = [
        "PeerAuthentication ",
        "DestinationRule ",
        "AuthorizationPolicy ",
        "RequestAuthentication ",
    ];
    let seen = [
        Topic::Tls,
        Topic::Authorization,
        Topic::Authentication,
        Topic::CircuitBreaker,
    ];
    let mesh: Vec<&Observation> = seen
        .iter()
        .flat_map(|t| c.seen(*t))
        .filter(|o| resources.iter().any(|r| o.name.starts_with(r)))
        .copied()
        .collect();
    for g in super::seen::groups(c, &mesh).into_iter().take(4) {
        let mut words_of = g.name.split(' ');
        let kind = words_of.next().unwrap_or("");
        let object = g.name.split('`').nth(1).unwrap_or("");
        let text = Text::plain(format!("The {kind} ")).then_code(object);
        let text = match g.detail.filter(|d| !d.trim().is_empty()) {
            Some(d) => text.then(format!(" sets {}", words::short(d, 120))),
            None => text.then(" is set"),
        };
        items.push(end(text.from(&first_places(g.sources, 2))));
    }
    if items.is_empty() {
        items.extend(mesh_files(c));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "service mesh",
            &[
                "images",
                "mesh resources in Kubernetes manifests",
                "package manifests",
            ],
            "technology",
        )
    })
}

/// Manifests with objects of a mesh that no reader takes apart: that they stand there is the finding.
fn mesh_files(c: &Context) -> Option<Text> {
    let heard = crate::spoken::heard(&c.blueprint.coverage, "service mesh");
    let of_mesh = |word: &str| {
        let lower = word.to_lowercase();
        [
            "istio",
            "linkerd",
            "virtualservice",
            "destinationrule",
            "kuma.io",
        ]
        .iter()
        .any(|m| lower.contains(m))
    };
    let said = heard.iter().find(|s| {
        let manifest = [".yaml", ".yml"].iter().any(|end| s.file().ends_with(end));
        manifest && of_mesh(&s.word)
    })?;
    let place = said.places.first()?.clone();
    let text = Text::code(said.file())
        .then(" holds objects of a mesh, named by ")
        .then_code(said.word.as_str());
    Some(end(text.from(&Provenance::observed(Some(place)))))
}

fn ci_product<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut by_product: BTreeMap<&str, Vec<&Pipeline>> = BTreeMap::new();
    for p in &c.blueprint.pipelines {
        by_product.entry(&p.product).or_default().push(p);
    }
    let items: Vec<Text> = by_product
        .iter()
        .map(|(product, all)| {
            // What only other pipelines call starts nothing by itself.
            let called =
                |p: &&Pipeline| !p.triggers.is_empty() && p.triggers.iter().all(|t| t == CALLED);
            let (inner, own): (Vec<&Pipeline>, Vec<&Pipeline>) =
                all.iter().copied().partition(|p| called(p));
            let (inner, all) = match own.is_empty() {
                true => (Vec::new(), all.clone()),
                false => (inner, own),
            };
            let jobs = |of: &[&Pipeline]| of.iter().map(|p| p.jobs.len()).sum::<usize>();
            let text = Text::plain(format!(
                "{product} runs {} with {}: ",
                words::count(all.len(), "pipeline"),
                words::count(jobs(&all), "job")
            ));
            let text = text.spans(names(distinct(all.iter().map(|p| p.name.as_str())), 6));
            let text = match inner.len() {
                0 => text,
                n => text.then(format!(
                    "; {} more with {} {} only where another calls {}",
                    words::number(n as u64),
                    words::count(jobs(&inner), "job"),
                    words::verb_for(n, "runs", "run"),
                    words::verb_for(n, "it", "them"),
                )),
            };
            end(text.from(&first_places(all.iter().map(|p| &p.provenance), 3)))
        })
        .collect();
    found(items).unwrap_or_else(|| {
        let known = products(c, |t| t.category == Category::Ci);
        found(known.iter().map(product_text).collect()).unwrap_or_else(|| {
            c.absent(
                "pipeline",
                &[super::delivery::WORKFLOWS, "package manifests"],
                "pipeline",
            )
        })
    })
}
