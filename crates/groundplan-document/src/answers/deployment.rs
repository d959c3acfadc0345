//! Where the system runs and from what: environments, images, workloads and how they are replaced.

use super::found::{found, more};
use super::goals::distinct;
use super::records;
use super::seen::{among, end};
use super::volumes::kept_volumes;
use crate::answer::{Absence, Answer};
use crate::context::{Context, declared};
use crate::subject::Subject;
use crate::text::{first_places, inline, name, names, plain_cell, table};
use crate::tree::{Block, DiagramForm, Text};
use crate::words;
use groundplan_model::{
    Attribute, Element, Environment, EnvironmentTier, JobStage, Provenance, Topic,
};
use std::collections::BTreeMap;

records! {
    "blue-green": |c, _| super::rollouts::blue_green(c), "Whether two versions run side by side while one replaces the other.";
    "deployment-overview": deployment_overview, "What starts the containers, what is reachable and what keeps data, with the diagram.";
    "environment-development": |c, _| tier(c, &[EnvironmentTier::Development], "development"), "Where developers run it.";
    "environment-production": |c, _| production(c), "Where users meet it.";
    "environment-staging": |c, _| staging(c), "Where it is tried before users meet it.";
    "environments": |c, _| environments(c), "All environments.";
    "kubernetes": |c, _| kubernetes(c), "Workloads of Kubernetes as a table.";
    "regions": |c, _| regions(c), "In which regions it runs.";
    "rolling-update": |c, _| super::rollouts::rolling_update(c), "How a new version replaces the old one.";
}

/// The first of several declared answers.
pub(super) fn told(c: &Context, keys: &[&str]) -> Option<Text> {
    keys.iter().find_map(|key| declared(c, key))
}

/// Containers by the value of an attribute, the value of most containers first.
pub(super) fn by_value<'a>(c: &Context<'a>, key: &'a str) -> Vec<(&'a str, Vec<&'a Element>)> {
    let mut all: BTreeMap<&str, Vec<&Element>> = BTreeMap::new();
    // What only developers start says nothing of how the system is operated.
    let told = |e: &&&Element| key == "deployed-by" || !is_of_development(e);
    for e in c.containers.iter().filter(told) {
        for value in distinct(e.attributes_of(key).map(|a| a.value.as_str())) {
            all.entry(value).or_default().push(e);
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(_, elements)| std::cmp::Reverse(elements.len()));
    all
}

/// The first place of an attribute at each element.
pub(super) fn places<'e>(
    elements: impl IntoIterator<Item = &'e Element>,
    key: &str,
    most: usize,
) -> Provenance {
    let all = elements.into_iter().filter_map(|e| e.attribute(key));
    first_places(all.map(|a| &a.provenance), most)
}

pub(super) fn names_of(elements: &[&Element], most: usize) -> Vec<crate::tree::Span> {
    names(elements.iter().map(|e| e.name.as_str()), most)
}

/// Containers that a deployment file of Kubernetes starts.
pub(super) fn on_kubernetes<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let is = |e: &&&Element| {
        e.attribute("workload").is_some()
            || e.attributes_of("deployed-by")
                .any(|a| a.value.contains("Kubernetes") || a.value.contains("Helm"))
    };
    c.containers.iter().filter(is).copied().collect()
}

/// Whether a job takes something away instead of bringing it.
fn clears(j: &groundplan_model::Job) -> bool {
    let lower = format!("{} {}", j.id, j.name).to_lowercase();
    [
        "clean",
        "teardown",
        "tear-down",
        "destroy",
        "delete",
        "remove",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

fn changes(e: &Environment) -> Vec<&Attribute> {
    e.attributes.iter().filter(|a| a.key == "change").collect()
}

fn environment_text(c: &Context, e: &Environment) -> Text {
    let mut text = Text::code(&e.name);
    if !e.mechanism.is_empty() {
        text = text.then(format!(": {}", e.mechanism));
    }
    let value = |key: &str| {
        let found = e.attributes.iter().find(|a| a.key == key);
        found.and_then(|a| a.value.parse::<usize>().ok())
    };
    let own = match e.mechanism.contains("override") {
        true => " of its own",
        false => "",
    };
    match (value("containers"), value("containers-by-profile")) {
        (Some(0), Some(later)) => {
            let n = words::count(later, "container");
            text = text.then(format!(" with {n}{own}, each only with a profile"));
        }
        (Some(0), None) | (None, _) => {}
        (Some(always), later) => {
            text = text.then(format!(" with {}{own}", words::count(always, "container")));
            if let Some(later) = later {
                text = text.then(format!(
                    " and {} more with a profile",
                    words::number(later as u64)
                ));
            }
        }
    }
    if let Some(a) = e.attributes.iter().find(|a| a.key == "files") {
        let others = a.value.split(", ").filter(|f| *f != e.name);
        text = text.then(", together with ").spans(names(others, 6));
    }
    if e.mechanism.contains("configuration profile") {
        let own = c
            .blueprint
            .settings
            .iter()
            .filter(|s| s.profile.as_deref() == Some(e.name.as_str()));
        let own = distinct(own.map(|s| s.name.as_str()));
        if !own.is_empty() {
            let n = words::count(own.len(), "setting");
            let lead = match own.len() {
                0..=3 => format!(" with at least {n}: "),
                _ => format!(" with at least {n}, among them "),
            };
            text = text.then(lead).spans(names(own, 3));
        }
    }
    let jobs = c.blueprint.pipelines.iter().flat_map(|p| &p.jobs);
    let jobs: Vec<_> = jobs
        .filter(|j| j.environment.as_deref() == Some(e.name.as_str()) && !clears(j))
        .collect();
    if !jobs.is_empty() {
        text = text
            .then(", named by ")
            .spans(names(distinct(jobs.iter().map(|j| j.name.as_str())), 3));
    }
    let changes = changes(e);
    if !changes.is_empty() {
        let n = words::count(changes.len(), "change");
        text = text.then(format!("; {n} to what it stands on"));
        for (i, a) in changes.iter().take(3).enumerate() {
            text = text
                .then(if i == 0 { ": " } else { "; " })
                .spans(inline(&words::short(&a.value, 80)));
        }
        if changes.len() > 3 {
            text = text.then(format!("; and {} more", changes.len() - 3));
        }
    }
    if let Some(a) = e.attributes.iter().find(|a| a.key == "comment") {
        text = text
            .then(format!("; “{}”", a.value.trim_end_matches('.')))
            .from(&a.provenance);
    }
    let told = [
        "change",
        "comment",
        "containers",
        "containers-by-profile",
        "files",
        "local-port",
        "published-port",
    ];
    for a in e
        .attributes
        .iter()
        .filter(|a| !told.contains(&a.key.as_str()))
        .take(6)
    {
        text = text
            .then(format!("; {}: {}", a.key, words::short(&a.value, 120)))
            .from(&a.provenance);
    }
    end(text.from(&first_places([&e.provenance], 2)))
}

const SEARCHED: [&str; 4] = [
    "Kustomize overlays",
    "Compose files",
    "configuration profiles",
    "jobs of pipelines",
];

fn environments(c: &Context) -> Answer {
    let items = c.blueprint.environments.iter().map(|e| {
        let word = match e.tier {
            EnvironmentTier::Development => "Development, ",
            EnvironmentTier::Test => "Test, ",
            EnvironmentTier::Staging => "Staging, ",
            EnvironmentTier::Production => "Production, ",
            EnvironmentTier::Other => "",
        };
        match word.is_empty() {
            true => environment_text(c, e),
            false => Text::plain(word).append(environment_text(c, e)),
        }
    });
    found(items.collect())
        .or_else(|| told(c, &["environments"]).map(Answer::text))
        .unwrap_or_else(|| c.absent("environment", &SEARCHED, "environments"))
}

fn in_tier(c: &Context, tiers: &[EnvironmentTier]) -> Option<Answer> {
    let all = c
        .blueprint
        .environments
        .iter()
        .filter(|e| tiers.contains(&e.tier));
    found(all.map(|e| environment_text(c, e)).collect())
}

/// Compose files of which nothing says for which stage they are: nobody may deny that it is this one.
fn without_stage(c: &Context) -> Option<Answer> {
    let all: Vec<&Environment> = (c.blueprint.environments.iter())
        .filter(|e| e.tier == EnvironmentTier::Other && e.mechanism.contains("Docker Compose"))
        .collect();
    all.first()?;
    // What files say of themselves is quoted: it may well speak of a stage in words that are not known.
    let mut text = Text::plain("Neither names, nor comments above everything else, nor the frameworks of the parts say for which stage ")
        .spans(names(all.iter().map(|e| e.name.as_str()), 4))
        .then(words::verb_for(all.len(), " is meant", " are meant"))
        .from(&first_places(all.iter().map(|e| &e.provenance), 4));
    let comments = all
        .iter()
        .filter_map(|e| Some((e, e.attributes.iter().find(|a| a.key == "comment")?)));
    for (i, (e, a)) in comments.take(2).enumerate() {
        text = text
            .then(if i == 0 { "; " } else { ", " })
            .then_code(&e.name)
            .then(format!(
                " says of itself “{}”",
                a.value.trim_end_matches('.')
            ))
            .from(&a.provenance);
    }
    Some(Answer::text(end(text)))
}

fn tier(c: &Context, tiers: &[EnvironmentTier], noun: &str) -> Answer {
    in_tier(c, tiers)
        .or_else(|| without_stage(c))
        .or_else(|| not_deployed(c))
        .unwrap_or_else(|| c.absent(&format!("{noun} environment"), &SEARCHED, "environments"))
}

/// Where it is tried before users meet it.
fn staging(c: &Context) -> Answer {
    if let Some(answer) = in_tier(c, &[EnvironmentTier::Staging]) {
        return answer;
    }
    // Who installs the program has the stages; where nothing is deployed from here, none is denied.
    if let Some(answer) = not_deployed(c) {
        return answer;
    }
    // What only runs tests is no place where a release is tried.
    c.absent("staging environment", &SEARCHED, "environments")
}

/// That the repository deploys nothing by itself: no job brings it anywhere and no file describes a
/// place where it runs. Its stages are those of whoever installs it.
fn not_deployed(c: &Context) -> Option<Answer> {
    let places = |e: &Environment| {
        !matches!(e.tier, EnvironmentTier::Development | EnvironmentTier::Test)
            && !e.mechanism.contains("Docker Compose")
            && !e.mechanism.contains("Compose override")
            && !e.mechanism.contains("configuration profile")
    };
    let brings = |j: &groundplan_model::Job| j.stages.contains(&JobStage::Deploy) && !clears(j);
    let mut jobs = c.blueprint.pipelines.iter().flat_map(|p| &p.jobs);
    let deploys = c.blueprint.environments.iter().any(places)
        || jobs.any(brings)
        || !on_kubernetes(c).is_empty()
        || !super::hosted::parts(c).is_empty();
    if deploys || !c.surveyed() {
        return None;
    }
    let mut text = Text::plain(format!(
        "No place that this repository deploys to was found (searched: {}); which stages there are is \
         up to whoever installs it.",
        words::list(&SEARCHED, "and")
    ));
    text.sources.push(Provenance {
        formula: None,
        ..Provenance::computed("", SEARCHED.iter().map(|s| (*s).to_owned()))
    });
    Some(Answer::Absent(Absence::because(text)))
}

pub(super) fn production(c: &Context) -> Answer {
    if let Some(answer) = in_tier(c, &[EnvironmentTier::Production]) {
        return answer;
    }
    let running: Vec<&Element> = on_kubernetes(c)
        .into_iter()
        .filter(|e| !is_on_demand(e))
        .collect();
    if let Some(answer) = not_deployed(c) {
        return answer;
    }
    if let Some(text) = super::hosted::described(c).filter(|_| running.is_empty()) {
        return Answer::text(text);
    }
    if running.is_empty() || !c.surveyed() {
        return c.absent("production environment", &SEARCHED, "environments");
    }
    let text = Text::plain(format!(
        "No environment is called production (searched: {}). The Kubernetes files describe {} without naming one.",
        words::list(&SEARCHED, "and"),
        words::count(running.len(), "container"),
    ));
    let text = text.from(&places(running, "workload", 2));
    Answer::Absent(Absence::because(
        text.append(c.heard("production environment")),
    ))
}

pub(super) fn regions(c: &Context) -> Answer {
    let mut items: Vec<Text> = told(c, &["deployment.regions"]).into_iter().collect();
    for e in &c.blueprint.environments {
        for a in e.attributes.iter().filter(|a| a.key == "regions") {
            items.push(end(Text::code(&e.name)
                .then(format!(" runs in {}", a.value))
                .from(&a.provenance)));
        }
    }
    let mut places: BTreeMap<&str, (Vec<&str>, Vec<&Provenance>)> = BTreeMap::new();
    for o in c.seen(Topic::Infrastructure) {
        let place = o.detail.as_deref().and_then(|d| d.rsplit_once("in "));
        if let Some((_, place)) = place {
            let entry = places.entry(place).or_default();
            if !entry.0.contains(&o.name.as_str()) {
                entry.0.push(&o.name);
            }
            entry.1.push(&o.provenance);
        }
    }
    items.extend(places.into_iter().map(|(place, (kinds, sources))| {
        let tool = super::platform::tool_of(kinds.first().copied().unwrap_or_default());
        let text = Text::plain(format!("{tool} names "))
            .then_code(place)
            .then(" for ");
        end(text.spans(names(kinds, 4)).from(&first_places(sources, 3)))
    }));
    let mut values: BTreeMap<(&str, &str), Vec<&Provenance>> = BTreeMap::new();
    let settings = c.blueprint.settings.iter();
    // Where tests run is no region of the system.
    for s in settings.filter(|s| !s.secret && !super::seen::of_tests(&s.provenance)) {
        let is_region = s.name.to_lowercase().rsplit(['_', '.', '-']).next() == Some("region");
        // A region has a number: us-east-1, europe-west3, eastus2.
        let value = s.value.as_deref().filter(|v| {
            v.len() < 30
                && v.chars().any(|c| c.is_ascii_digit())
                && v.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
        if let (true, Some(value)) = (is_region, value) {
            values
                .entry((&s.name, value))
                .or_default()
                .push(&s.provenance);
        }
    }
    items.extend(values.into_iter().map(|((key, value), sources)| {
        end(Text::code(key)
            .then(" is ")
            .then_code(value)
            .from(&first_places(sources, 2)))
    }));
    items.extend(super::hosted::regions(c));
    for e in &c.containers {
        let zones = e
            .attributes_of("node-selector")
            .filter(|a| a.value.contains("topology.kubernetes.io"));
        items.extend(zones.map(|a| {
            end(Text::code(&e.name)
                .then(" is bound to ")
                .then_code(&a.value)
                .from(&a.provenance))
        }));
    }
    found(items).unwrap_or_else(|| {
        c.absent(
            "region of a cloud",
            &[
                "Terraform, CloudFormation and Bicep files",
                "settings",
                "node selectors",
            ],
            "cloud",
        )
    })
}

fn kinds(elements: &[&Element]) -> Vec<String> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    // Containers of one pod are one workload.
    for e in elements.iter().filter(|e| e.attribute("pod-of").is_none()) {
        let kind = e
            .attribute("workload")
            .map_or("workload", |a| a.value.as_str());
        *kinds.entry(kind).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    kinds
        .iter()
        .map(|(kind, n)| match *kind {
            // A chart that another one brings along is no workload by itself.
            "Helm chart" => words::count(*n, "subchart"),
            kind => words::count(*n, kind),
        })
        .collect()
}

fn kubernetes(c: &Context) -> Answer {
    let all = on_kubernetes(c);
    if all.is_empty() {
        if let Some(text) = manifests_aside(c) {
            return Answer::text(text);
        }
        let others = by_value(c, "deployed-by");
        if let (Some((by, elements)), true) = (others.first(), c.surveyed()) {
            // Of several projects of Compose nobody starts the sum.
            let what = match by == &"Docker Compose" && super::composed::alternatives(c).is_some() {
                true => "containers".to_owned(),
                false if elements.iter().all(|e| is_of_development(e)) => {
                    format!(
                        "{} for development",
                        words::count(on_bench(c, elements), "container")
                    )
                }
                false => {
                    let parsed = super::composed::parsed(c, by, elements);
                    running(elements, parsed, "container")
                }
            };
            let text = Text::plain(format!(
                "No Kubernetes manifest was found (searched: YAML files). {by} starts {what} instead.",
            ));
            let text = text.from(&places(elements.iter().copied(), "deployed-by", 2));
            let text = match c.documented("Kubernetes") {
                Some(more) => text.then(" ").append(more),
                None => text,
            };
            return Answer::Absent(Absence::because(text));
        }
        return c.absent("Kubernetes manifest", &["YAML files"], "deployment");
    }
    let rows = all
        .iter()
        .take(16)
        .map(|e| {
            let value = |key: &str| e.attribute(key).map_or("", |a| a.value.as_str());
            let probes: Vec<&str> = e
                .attributes
                .iter()
                .filter_map(|a| a.key.strip_prefix("probe."))
                .collect();
            let source = e
                .attribute("workload")
                .or_else(|| e.attribute("deployed-by"));
            let kind = plain_cell(value("workload"));
            vec![
                name(&e.name),
                source.map_or(kind.clone(), |a| kind.from(&a.provenance)),
                plain_cell(&super::sizes::copies(e)),
                plain_cell(&super::sizes::amounts(e, "request")),
                plain_cell(&super::sizes::amounts(e, "limit")),
                plain_cell(&words::list(&distinct(probes.into_iter()), "and")),
            ]
        })
        .collect();
    let text = Text::plain(format!("{}:", words::list(&kinds(&all), "and"))).from(&places(
        all.iter().copied(),
        "workload",
        3,
    ));
    let columns = [
        "Workload", "Kind", "Replicas", "Requests", "Limits", "Probes",
    ];
    let mut blocks = vec![table(&columns, rows)];
    if all.len() > 16 {
        blocks.push(Block::Paragraph(more(all.len() - 16)));
    }
    let more = super::charted::init_containers(c).into_iter();
    blocks.extend(more.chain(super::charted::kinds(c)).map(Block::Paragraph));
    Answer::both(text, blocks)
}

/// What is started, by what it is there: `nine processes and four containers`.
pub(super) fn running(elements: &[&Element], parsed: Option<usize>, noun: &str) -> String {
    let processes = elements.iter().filter(|e| is_process(e)).count();
    let rest = elements.len() - processes;
    match (processes, rest) {
        (0, rest) => words::count(parsed.unwrap_or(rest), noun),
        (n, 0) => words::spelled_count(n, "process"),
        (n, rest) => format!(
            "{} and {}",
            words::spelled_count(n, "process"),
            words::spelled_count(rest, noun)
        ),
    }
}

/// Whether a part is started as a process, from its code and without an image.
pub(super) fn is_process(e: &Element) -> bool {
    let as_process = |a: &Attribute| a.value == "process";
    e.attribute("started-as").is_some_and(as_process) && e.attribute("image").is_none()
}

fn platform_texts(c: &Context) -> Vec<Text> {
    by_value(c, "deployed-by")
        .into_iter()
        .map(|(by, elements)| {
            if by == "Docker Compose"
                && let Some(text) = super::composed::alternatives(c)
            {
                return text;
            }
            let (later, elements): (Vec<&Element>, Vec<&Element>) =
                elements.into_iter().partition(|e| is_on_demand(e));
            // A file may hold services that are no parts here.
            let parsed = super::composed::parsed(c, by, &elements);
            let stage = match for_development(c, &elements) {
                true => " by files for development",
                false => "",
            };
            let text = Text::plain(format!(
                "{by} starts {}{stage}",
                running(&elements, parsed, "container")
            ));
            // Nothing of this repository starts so, only what its developers need beside it.
            if elements.is_empty() && later.iter().all(|e| is_of_development(e)) {
                let all = on_bench(c, &later);
                let n = words::count(all, "container");
                let joint = if all > later.len() {
                    ", among them "
                } else {
                    ": "
                };
                let text = Text::plain(format!("{by} starts {n} for development{joint}"));
                let text = text.spans(names_of(&later, 5));
                return end(text.from(&places(later, "deployed-by", 3)));
            }
            let text = match elements.is_empty() {
                true => text,
                false => text
                    .then(match parsed.is_some_and(|n| n > elements.len()) {
                        true => ", among them ",
                        false => ": ",
                    })
                    .spans(names_of(&elements, 5)),
            };
            // Stores alone are what a program needs that is started elsewhere.
            use groundplan_model::Role as R;
            let own = |e: &Element| matches!(e.role, Some(R::Service | R::Ui | R::Job));
            let only_stores = by == "Docker Compose"
                && parsed.is_none_or(|n| n == elements.len())
                && elements.iter().chain(&later).all(|e| e.is_store())
                && c.containers.iter().any(|e| own(e));
            let text = match only_stores {
                true => text.then("; no part with code of this repository is among them"),
                false => text,
            };
            let text = match later.len() {
                0 => text,
                n => text
                    .then(format!(
                        "; {} more only {}: ",
                        words::spelled(n),
                        later_words(&later)
                    ))
                    .spans(names_of(&later, 4)),
            };
            let sources = elements.into_iter().chain(later);
            end(text.from(&places(sources, "deployed-by", 3)))
        })
        .collect()
}

/// Whether each file that starts these says of itself that it is meant for the machine of a developer.
fn for_development(c: &Context, elements: &[&Element]) -> bool {
    let starts = elements.iter().flat_map(|e| e.attributes_of("deployed-by"));
    let mut files = starts
        .filter_map(|a| Some(a.provenance.first()?.path.as_str()))
        .peekable();
    files.peek().is_some()
        && files.all(|path| {
            let mut all = c.blueprint.environments.iter();
            all.any(|e| {
                e.tier == EnvironmentTier::Development
                    && e.provenance.first().is_some_and(|at| at.path == path)
            })
        })
}

/// That manifests of Kubernetes are there, although another set of files is the one that is told: sets of
/// Compose are files, those of Kubernetes folders.
fn manifests_aside(c: &Context) -> Option<Text> {
    let is_folder = |a: &&Attribute| !a.value.ends_with(".yml") && !a.value.ends_with(".yaml");
    let with: Vec<&Attribute> = (c.containers.iter())
        .flat_map(|e| e.attributes_of("variant"))
        .filter(is_folder)
        .collect();
    let places = distinct(with.iter().map(|a| a.value.as_str()));
    if places.is_empty() {
        return None;
    }
    let by = by_value(c, "deployed-by");
    let told = match by.first() {
        Some((by, _)) => format!(
            "; told here is the deployment by {by}, and of them only probes, limits, replicas and restarts where it \
             has none"
        ),
        None => String::new(),
    };
    let text = Text::plain("Manifests stand in ")
        .spans(names(places, 4))
        .then(format!(" as another way to start it{told}"));
    Some(end(
        text.from(&first_places(with.iter().map(|a| &a.provenance), 3))
    ))
}

/// Sets of files that describe parts differently from the one that is told.
fn variants_text(c: &Context) -> Option<Text> {
    let with: Vec<&Attribute> = c
        .containers
        .iter()
        .flat_map(|e| e.attributes_of("variant"))
        .collect();
    let places = distinct(with.iter().map(|a| a.value.as_str()));
    if places.is_empty() {
        return None;
    }
    let verb = words::verb_for(
        places.len(),
        "Another way to start some of them stands in ",
        "Other ways to start some of them stand in ",
    );
    let text = Text::plain(verb).spans(names(places, 6));
    Some(end(
        text.from(&first_places(with.iter().map(|a| &a.provenance), 3))
    ))
}

/// The containers that are started by default: those that a deployment file starts without a profile
/// or a variant; all of them where no file starts any. Whatever is counted is counted over these.
pub(super) fn started<'a>(c: &Context<'a>) -> Vec<&'a Element> {
    let is = |e: &&Element| e.attribute("deployed-by").is_some() && !is_on_demand(e);
    let all: Vec<&Element> = c.containers.iter().copied().filter(is).collect();
    match all.is_empty() {
        true => {
            let own = c.containers.iter().copied();
            let own: Vec<&Element> = own.filter(|e| carriers(e).is_empty()).collect();
            // What only developers start beside the program is not what is started by default.
            let kept: Vec<&Element> = (own.iter().copied())
                .filter(|e| !is_of_development(e))
                .collect();
            if kept.is_empty() { own } else { kept }
        }
        false => all,
    }
}

/// Where a part is carried by others, which serve it and start with it: pages in the image of a
/// server.
pub(super) fn carriers(e: &Element) -> Vec<&Attribute> {
    e.attributes_of("built-into").collect()
}

/// `` `pages` is built into `server` and starts with it. ``
pub(super) fn carried_text(e: &Element) -> Option<Text> {
    let carriers = carriers(e);
    if carriers.is_empty() {
        return None;
    }
    let text = Text::code(&e.name)
        .then(" is built into ")
        .spans(names(carriers.iter().map(|a| a.value.as_str()), 4))
        .then(words::verb_for(
            carriers.len(),
            " and starts with it.",
            " and starts with them.",
        ));
    Some(text.from(&first_places(carriers.iter().map(|a| &a.provenance), 2)))
}

/// Whether a part is started only by who asks for it: a profile of Compose, a component of
/// Kustomize that nothing takes in.
pub(super) fn is_on_demand(e: &Element) -> bool {
    e.tags.iter().any(|t| t == "on-demand")
}

/// Whether a part is started only by files for those who develop the system.
pub(crate) fn is_of_development(e: &Element) -> bool {
    e.tags.iter().any(|t| t == "development")
}

/// How many containers the files start that start these for development. The program itself may run in
/// one of them, and what is no part of its own, as a container that pages are built in.
pub(super) fn on_bench(c: &Context, later: &[&Element]) -> usize {
    let by = later.iter().filter_map(|e| e.attribute("deployed-by"));
    let paths = distinct(
        by.flat_map(|a| &a.provenance.evidence)
            .map(|at| at.path.as_str()),
    );
    let here = c
        .blueprint
        .environments
        .iter()
        .filter(|e| e.tier == EnvironmentTier::Development && paths.contains(&e.name.as_str()));
    let count = |e: &Environment| {
        let found = e.attributes.iter().find(|a| a.key == "containers");
        found.and_then(|a| a.value.parse::<usize>().ok())
    };
    here.filter_map(count).sum::<usize>().max(later.len())
}

/// How parts that do not start by default are said to start.
pub(super) fn later_words(later: &[&Element]) -> &'static str {
    let profile = |e: &&Element| e.attribute("profile").is_some();
    if later.iter().all(|e| is_of_development(e)) {
        "for development"
    } else if later.iter().all(profile) {
        "with a profile"
    } else if !later.iter().any(profile) {
        "in a variant"
    } else {
        "in a variant or with a profile"
    }
}

/// What documents show to those who run the system, where its own files start nothing but what developers
/// have beside it.
pub(super) fn shown_image(c: &Context) -> Option<Text> {
    let deployed = |e: &&&Element| e.attribute("deployed-by").is_some();
    let mut all = c.containers.iter().filter(deployed);
    let alone = c.surveyed() && all.all(|e| is_of_development(e));
    alone.then(|| c.documented("container image"))?
}

/// Parts that a Service opens to the outside of the cluster.
pub(super) fn services_outside(c: &Context) -> Vec<Text> {
    let all = c.containers.iter();
    let all = all.flat_map(|e| e.attributes_of("service").map(move |a| (e, a)));
    let texts = all.map(|(e, a)| {
        let (kind, service) = a.value.split_once(' ').unwrap_or((&a.value, ""));
        let text = Text::code(&e.name)
            .then(" is reached from outside the cluster through the Service ")
            .then_code(service);
        end(text.then(format!(" ({kind})")).from(&a.provenance))
    });
    texts.collect()
}

fn deployment_overview<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Text> = told(c, &["deployment"]).into_iter().collect();
    items.extend(platform_texts(c));
    items.extend(variants_text(c));
    let known = !items.is_empty();
    items.extend(shown_image(c));
    let alone: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("deployed-by").is_none() && carriers(e).is_empty())
        .copied()
        .collect();
    items.extend(c.containers.iter().filter_map(|e| carried_text(e)));
    if known && !alone.is_empty() && !c.designed() {
        let text =
            Text::plain("No deployment file that was read starts ").spans(names_of(&alone, 5));
        items.push(end(
            text.from(&first_places(alone.iter().map(|e| &e.provenance), 2))
        ));
    }
    let open: Vec<Vec<&Attribute>> = c.containers.iter().map(|e| e.reachable_ports()).collect();
    let reachable: Vec<&Element> = c
        .containers
        .iter()
        .zip(&open)
        .filter(|(e, ports)| !ports.is_empty() && !is_on_demand(e))
        .map(|(e, _)| *e)
        .collect();
    if !reachable.is_empty() {
        // Services of a file that are no parts here publish ports as well.
        let n = among(c, reachable.len(), "container");
        let verb = words::verb_for(
            reachable.len(),
            " answers on a port of its host: ",
            " answer on ports of their host: ",
        );
        let text = Text::plain(format!("{n}{verb}")).spans(names_of(&reachable, 6));
        items.push(end(text.from(&first_places(
            reachable
                .iter()
                .filter_map(|e| e.reachable_ports().into_iter().next())
                .map(|a| &a.provenance),
            3,
        ))));
    }
    items.extend(services_outside(c));
    let keeping: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| !kept_volumes(e).is_empty())
        .copied()
        .collect();
    if !keeping.is_empty() {
        let verb = words::verb_for(
            keeping.len(),
            " keeps files on a volume",
            " keep files on volumes",
        );
        let text = Text::default().spans(names_of(&keeping, 6)).then(verb);
        let sources = keeping
            .iter()
            .filter_map(|e| kept_volumes(e).into_iter().next());
        items.push(end(
            text.from(&first_places(sources.map(|a| &a.provenance), 3))
        ));
    }
    let many: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| super::sizes::replicas(e).is_some_and(|n| n > 1))
        .copied()
        .collect();
    if !many.is_empty() {
        let verb = words::verb_for(
            many.len(),
            " runs more than once",
            " run more than once each",
        );
        let text = Text::default().spans(names_of(&many, 6)).then(verb);
        items.push(end(text.from(&places(many, "replicas", 3))));
    }
    // An image is no deployment, and says how the part is shipped.
    let images: Vec<&Element> = c
        .containers
        .iter()
        .filter(|e| e.attribute("base-image").is_some())
        .copied()
        .collect();
    if !known && !images.is_empty() && !c.designed() {
        let n = words::capital(&words::spelled_count(images.len(), "part"));
        let text = Text::plain(format!(
            "{n} {} built into an image: ",
            words::verb_for(images.len(), "is", "are each")
        ));
        let text = text.spans(names_of(&images, 6)).then(words::verb_for(
            images.len(),
            ". No Compose file or Kubernetes manifest that starts it was found outside of tests and samples",
            ". No Compose file or Kubernetes manifest that starts them was found outside of tests and samples",
        ));
        items.push(end(text.from(&places(images, "base-image", 3))));
    }
    if items.is_empty() {
        items.extend(super::platform::untied_builds(c));
    }
    let Some(answer) = found(items) else {
        return c.absent(
            "deployment file",
            &["Compose and Kubernetes files", "Dockerfiles"],
            "deployment",
        );
    };
    if !c.has_view("deployment") {
        return answer;
    }
    let diagram = super::structure::drawing("deployment", DiagramForm::Text);
    super::seen::joined(answer, Answer::blocks(vec![diagram]))
}
