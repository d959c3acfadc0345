//! Helm charts: templates evaluated with default values, and read as the objects they render to.
//!
//! A chart is installed under its own name. One that another brings along takes the values that the
//! other sets for it, and is no system by itself.

mod options;

pub(crate) use options::optional;

use crate::extractors::read_rendered;
use crate::facts::{
    Chart, ChartDependency, ChartFile, Claim, ConfigData, Deployable, Fact, FileFacts, Placed,
};
use crate::resolve::names::{image_name, is_aside};
use crate::resolve::world::folder_of;
use crate::source::{Origin, SourceFile, join};
use groundplan_model::Evidence;
use groundplan_syntax::{Body, Budget, Data, Lines, Node, Templates, UNKNOWN};
use std::collections::{BTreeMap, BTreeSet};

/// Kind of a deployable that a chart of others deploys: only its name says what it is.
pub(crate) const HELM_CHART: &str = "Helm chart";

/// Steps of all templates of a repository together, and of one of them.
const ALL_STEPS: u64 = 20_000_000;
const MOST_STEPS: u64 = 1_000_000;
/// Charts in charts beyond this depth, and installed charts beyond this number, are left out.
const MAX_DEPTH: u32 = 6;
const MAX_INSTALLED: usize = 400;

/// Templates of libraries that lie elsewhere.
const USUAL: &str = include_str!("charts/usual.tpl");

/// The template that stands for one which nothing defines.
fn usual(name: &str) -> Option<&'static str> {
    match name.rsplit('.').next()? {
        "fullname" => Some("common.names.fullname"),
        "name" => Some("common.names.name"),
        _ => None,
    }
}

/// A chart of the repository.
#[derive(Default)]
struct Source<'f> {
    chart: Option<&'f Chart>,
    dependencies: Vec<&'f Placed<ChartDependency>>,
    /// The file of values, with its path.
    values: Option<(&'f str, &'f ChartFile)>,
    /// Templates with the places of their files.
    templates: Vec<(usize, &'f ChartFile)>,
}

type Sources<'f> = BTreeMap<&'f str, Source<'f>>;

/// A chart with its values, as one release installs it.
struct Installed<'f> {
    folder: &'f str,
    dot: Data,
}

/// What a release installs.
#[derive(Default)]
struct Release<'f> {
    name: String,
    charts: Vec<Installed<'f>>,
    /// Charts of others.
    foreign: Vec<Fact>,
}

/// Whether files hold a chart, or a template that waits for one.
pub(crate) fn any(files: &[FileFacts]) -> bool {
    let is_chart = |fact: &Fact| match &fact.claim {
        Claim::Chart(_) => true,
        Claim::ChartFile(file) => !file.values,
        _ => false,
    };
    files.iter().any(|file| file.facts.iter().any(is_chart))
}

/// Adds what the charts of a repository install to the facts of their files. Texts of templates and
/// values are not needed any more after that, and are taken out.
pub(crate) fn install(files: &[FileFacts], into: &mut [FileFacts]) {
    let sources = sources(files);
    for file in into.iter_mut() {
        let folder = folder_of(&file.path);
        let charted = sources.get(folder).is_some_and(|s| s.chart.is_some());
        let is_values = |fact: &Fact| matches!(&fact.claim, Claim::ChartFile(f) if f.values);
        let settles = charted && file.facts.iter().any(is_values);
        file.facts.retain_mut(|fact| match &mut fact.claim {
            Claim::ChartFile(text) => {
                text.text.clear();
                charted && text.values
            }
            // The secrets among them are told as values of the chart.
            Claim::Property(_) => !settles,
            _ => true,
        });
    }
    let mut steps = ALL_STEPS;
    let mut found: Vec<(usize, Fact, String)> = Vec::new();
    for release in releases(&sources) {
        render(&release, &sources, files, &mut steps, &mut found);
        for fact in release.foreign {
            let path = fact.at.path.as_str();
            if let Ok(place) = files.binary_search_by(|f| f.path.as_str().cmp(path)) {
                found.push((place, fact, release.name.clone()));
            }
        }
    }
    shorten(&mut found);
    for (place, fact, _) in found {
        if let Some(file) = into.get_mut(place) {
            file.facts.push(fact);
        }
    }
}

fn sources(files: &[FileFacts]) -> Sources<'_> {
    let mut all = Sources::new();
    for file in files {
        for fact in &file.facts {
            let folder = folder_of(&file.path);
            match &fact.claim {
                Claim::Chart(chart) => {
                    let source = all.entry(folder).or_default();
                    if !chart.name.is_empty() {
                        source.chart = Some(chart);
                    }
                    source.dependencies.extend(&chart.dependencies);
                }
                Claim::ChartFile(values) if values.values => {
                    all.entry(folder).or_default().values = Some((file.path.as_str(), values));
                }
                _ => {}
            }
        }
    }
    for (place, file) in files.iter().enumerate() {
        for fact in &file.facts {
            if let Claim::ChartFile(text) = &fact.claim
                && !text.values
                && let Some(folder) = chart_of(&file.path, &all)
                && let Some(source) = all.get_mut(folder)
            {
                source.templates.push((place, text));
            }
        }
    }
    all.retain(|_, source| source.chart.is_some() || !source.templates.is_empty());
    all
}

/// The deepest folder with a chart whose templates hold a path.
fn chart_of<'f>(path: &'f str, all: &Sources<'_>) -> Option<&'f str> {
    let inner = path.rmatch_indices("/templates/").map(|(at, _)| at);
    let root = path.starts_with("templates/").then_some(0);
    let mut folders = inner.chain(root).map(|at| &path[..at]);
    folders.find(|folder| all.contains_key(folder))
}

impl Source<'_> {
    fn name(&self, folder: &str) -> String {
        let own = self.chart.map(|c| c.name.clone());
        own.unwrap_or_else(|| folder.rsplit('/').next().unwrap_or("").to_owned())
    }

    fn values(&self) -> Data {
        let empty = || Data::map(BTreeMap::new());
        let Some((_, file)) = self.values else {
            return empty();
        };
        let (documents, _) = groundplan_syntax::yaml(&file.text);
        documents.first().map_or_else(empty, |node| Data::of(node))
    }
}

/// The folder of a chart of the repository that a dependency means.
fn local<'s>(folder: &str, dependency: &ChartDependency, all: &Sources<'s>) -> Option<&'s str> {
    let key = |path: &str| all.get_key_value(path).map(|(key, _)| *key);
    if let Some(path) = dependency.repository.strip_prefix("file://") {
        return key(&join(folder, path)?);
    }
    let inner = join(folder, &format!("charts/{}", dependency.name))?;
    key(&inner).or_else(|| {
        // A repository of charts names those that lie beside by name and version.
        let is = |source: &Source<'_>| {
            source.chart.is_some_and(|c| {
                c.name == dependency.name && c.version.as_deref() == Some(&dependency.version)
            })
        };
        let mut found = all
            .iter()
            .filter(|(at, source)| **at != folder && is(source));
        found.next().map(|(at, _)| *at)
    })
}

/// Charts of the repository that lie in the folder `charts` of another.
fn inner<'s>(folder: &str, all: &Sources<'s>) -> Vec<&'s str> {
    let start = join(folder, "charts").unwrap_or_default() + "/";
    let below = all.keys().filter(|at| {
        let rest = at.strip_prefix(start.as_str());
        rest.is_some_and(|rest| !rest.contains('/'))
    });
    below.copied().collect()
}

/// Whether the values switch a dependency on: the first path of its condition that is set decides
/// (<https://helm.sh/docs/chart_best_practices/dependencies/#conditions-and-tags>).
fn is_on(dependency: &ChartDependency, values: &Data) -> bool {
    let paths = dependency.condition.as_deref().unwrap_or_default();
    let set = paths.split(',').map(|path| values.at(path.trim()));
    let set = set.filter_map(|value| match value {
        Data::Null => None,
        value => Some(value.truth() != Some(false)),
    });
    set.into_iter().next().unwrap_or(true)
}

fn releases<'f>(sources: &Sources<'f>) -> Vec<Release<'f>> {
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for (folder, source) in sources.iter().filter(|(_, s)| s.chart.is_some()) {
        let values = source.values();
        taken.extend(inner(folder, sources));
        for dependency in &source.dependencies {
            let found = local(folder, &dependency.value, sources);
            taken.extend(found.filter(|at| {
                is_on(&dependency.value, &values) && (is_aside(at) || !is_aside(folder))
            }));
        }
    }
    let mut count = 0;
    let mut all = Vec::new();
    for (&folder, source) in sources.iter().filter(|(at, _)| !taken.contains(**at)) {
        let mut release = Release {
            name: source.name(folder),
            ..Release::default()
        };
        let name = release.name.clone();
        add(&mut release, folder, &name, source.values(), sources, 0);
        count += release.charts.len();
        if count > MAX_INSTALLED {
            break;
        }
        all.push(release);
    }
    all
}

/// Adds a chart with its values, and those that it brings along.
fn add<'f>(
    release: &mut Release<'f>,
    folder: &'f str,
    called: &str,
    mut values: Data,
    sources: &Sources<'f>,
    depth: u32,
) {
    let Some(source) = sources.get(folder) else {
        return;
    };
    if depth > MAX_DEPTH || release.charts.len() >= MAX_INSTALLED {
        return;
    }
    let mut below: Vec<(&'f str, String)> = Vec::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let written = source.values.filter(|_| !source.dependencies.is_empty());
    let written = written.map(|(path, file)| (path, file, groundplan_syntax::yaml(&file.text).0));
    for dependency in &source.dependencies {
        let found = local(folder, &dependency.value, sources);
        named.extend(found);
        if !is_on(&dependency.value, &values) {
            continue;
        }
        match found {
            Some(at) => below.push((at, dependency.value.called().to_owned())),
            None => {
                let called = dependency.value.called();
                let set = values.get(called);
                let mut part = foreign(&release.name, &dependency.value, &set, &dependency.at);
                part.image = written.as_ref().and_then(|(path, file, documents)| {
                    image_of(path, file, documents.first()?, called)
                });
                let claim = Claim::Deployable(Box::new(part));
                let at = dependency.at.clone();
                release.foreign.push(Fact { at, claim });
            }
        }
    }
    let inner = inner(folder, sources).into_iter();
    let unnamed = inner.filter(|at| !named.contains(at));
    below.extend(unnamed.map(|at| (at, sources.get(at).map_or(String::new(), |s| s.name(at)))));
    for (at, called) in below {
        let Some(part) = sources.get(at) else {
            continue;
        };
        let global = values.get("global");
        let mut own = part.values().overlaid(&values.get(&called));
        if let Data::Map(_) = own {
            let known = own.get("global");
            let global = match (&known, &global) {
                (_, Data::Null) => known,
                (Data::Map(_), _) => known.overlaid(&global),
                _ => global,
            };
            own = own.with("global", global);
        } else {
            own = part.values();
        }
        // A chart sees the values of those that it brings along.
        values = values.with(&called, own.clone());
        add(release, at, &called, own, sources, depth + 1);
    }
    let dot = root(source, folder, called, &release.name, values);
    release.charts.push(Installed { folder, dot });
}

/// What `.` is in the templates of a chart.
fn root(source: &Source<'_>, folder: &str, called: &str, release: &str, values: Data) -> Data {
    let map = |pairs: &[(&str, Data)]| {
        let pairs = pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone()));
        Data::map(pairs.collect())
    };
    let text = |text: Option<&String>| text.map_or(Data::text(""), Data::text);
    let chart = source.chart;
    let name = match called.is_empty() {
        true => source.name(folder),
        false => called.to_owned(),
    };
    let about = map(&[
        ("Name", Data::text(name)),
        ("Version", text(chart.and_then(|c| c.version.as_ref()))),
        (
            "AppVersion",
            text(chart.and_then(|c| c.app_version.as_ref())),
        ),
        (
            "Description",
            text(chart.and_then(|c| c.description.as_ref())),
        ),
        ("Type", Data::text("application")),
    ]);
    let version = map(&[
        ("Version", Data::text("v1.30.0")),
        ("GitVersion", Data::text("v1.30.0")),
        ("Major", Data::text("1")),
        ("Minor", Data::text("30")),
    ]);
    let cluster = map(&[
        ("KubeVersion", version),
        ("APIVersions", Data::Unknown(true)),
        ("HelmVersion", map(&[("Version", Data::text("v3.15.0"))])),
    ]);
    let release = map(&[
        ("Name", Data::text(release)),
        ("Namespace", Data::text("default")),
        ("Service", Data::text("Helm")),
        ("IsInstall", Data::Bool(true)),
        ("IsUpgrade", Data::Bool(false)),
        ("Revision", Data::Int(1)),
    ]);
    map(&[
        ("Values", values),
        ("Chart", about),
        ("Release", release),
        ("Capabilities", cluster),
        ("Files", Data::Unknown(true)),
        (
            "Template",
            map(&[
                ("BasePath", Data::text("templates")),
                ("Name", Data::text("templates")),
            ]),
        ),
        ("Subcharts", Data::Unknown(true)),
    ])
}

/// The image that the values of a chart give to one that it brings along.
fn image_of(path: &str, file: &ChartFile, values: &Node, called: &str) -> Option<Placed<String>> {
    let image = values.at(&[called, "image"])?;
    let given = |key: &str| image.str_of(key).filter(|text| !text.is_empty());
    let repository = given("repository")?;
    let mut value = match given("registry") {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository.to_owned(),
    };
    if let Some(tag) = given("tag") {
        value = format!("{value}:{tag}");
    }
    let at = template_lines(path, file)(image.first, image.last);
    Some(Placed { value, at })
}

/// A chart of others as a part: usual names of its Services are those that charts of Bitnami give.
fn foreign(
    release: &str,
    dependency: &ChartDependency,
    values: &Data,
    at: &Evidence,
) -> Deployable {
    let called = dependency.called();
    let text = |key: &str| match values.get(key) {
        Data::Text(text) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    };
    let short = text("nameOverride").unwrap_or_else(|| called.to_owned());
    let full = text("fullnameOverride").unwrap_or_else(|| match release.contains(&short) {
        true => release.to_owned(),
        false => format!("{release}-{short}"),
    });
    let mut aliases = vec![full.clone()];
    let roles = ["master", "primary", "headless", "hl", "read", "replicas"];
    aliases.extend(roles.map(|role| format!("{full}-{role}")));
    let version = match dependency.version.is_empty() {
        true => dependency.name.clone(),
        false => format!("{} {}", dependency.name, dependency.version),
    };
    Deployable {
        source: "kubernetes".to_owned(),
        kind: HELM_CHART.to_owned(),
        name: called.to_owned(),
        aliases,
        attributes: vec![(
            "chart".to_owned(),
            Placed {
                value: version,
                at: at.clone(),
            },
        )],
        ..Deployable::default()
    }
}

fn render(
    release: &Release<'_>,
    sources: &Sources<'_>,
    files: &[FileFacts],
    steps: &mut u64,
    found: &mut Vec<(usize, Fact, String)>,
) {
    let mut templates = Templates::new(usual);
    templates.add(USUAL);
    let mut bodies: BTreeMap<usize, Body> = BTreeMap::new();
    for chart in &release.charts {
        let all = sources.get(chart.folder).map(|s| s.templates.as_slice());
        for (place, file) in all.unwrap_or_default() {
            if !bodies.contains_key(place)
                && let Some(body) = templates.add(&file.text)
            {
                bodies.insert(*place, body);
            }
        }
    }
    for chart in &release.charts {
        let Some(source) = sources.get(chart.folder) else {
            continue;
        };
        if source.chart.is_some_and(|c| c.library) {
            continue;
        }
        let mut all: BTreeSet<&str> = BTreeSet::new();
        for (place, text) in &source.templates {
            let path = files.get(*place).map_or("", |f| f.path.as_str());
            if !is_helper(path) && !path.contains("/tests/") {
                all.extend(options::kinds(&text.text));
            }
        }
        let all: Vec<&str> = all.into_iter().collect();
        let kinds = (!all.is_empty()).then(|| all.join(", "));
        for (place, text) in &source.templates {
            let (Some(body), Some(file)) = (bodies.get(place), files.get(*place)) else {
                continue;
            };
            if is_helper(&file.path) {
                continue;
            }
            let mut budget = Budget(MOST_STEPS.min(*steps));
            let before = budget.0;
            let mut rendered = templates.render(body, &chart.dot, &mut budget);
            // What a template makes only where a value asks for it.
            let mut asked = Vec::new();
            if !rendered.text.contains("kind") && text.text.contains("Autoscaler") {
                asked = options::asked(&text.text, &chart.dot);
                if !asked.is_empty() {
                    let dot = options::with_set(&chart.dot, &asked);
                    rendered = templates.render(body, &dot, &mut budget);
                }
            }
            *steps = steps.saturating_sub(before - budget.0);
            if !rendered.text.contains("kind") {
                continue;
            }
            let yaml = known_lines(&rendered.text);
            let origin = Origin {
                lines: Lines::new(&text.text),
                from: &rendered.lines,
                hidden: &text.hidden,
            };
            let read = read_rendered(&SourceFile::rendered(&file.path, &yaml, origin));
            for mut fact in read.facts {
                match &mut fact.claim {
                    Claim::Autoscaler(scaler) if !asked.is_empty() => {
                        scaler.asks = asked.iter().map(|key| (*key).to_owned()).collect();
                    }
                    _ if !asked.is_empty() => continue,
                    Claim::Deployable(unit) => {
                        let own = template_lines(&file.path, text);
                        options::note_strategy(unit, &text.text, &chart.dot, &own);
                        options::name_values(unit, &text.text);
                        if let Some(kinds) = &kinds {
                            let (value, at) = (kinds.clone(), fact.at.clone());
                            unit.attributes
                                .push(("chart.kinds".to_owned(), Placed { value, at }));
                        }
                    }
                    _ => {}
                }
                if is_known(&mut fact.claim) {
                    found.push((*place, fact, release.name.clone()));
                }
            }
        }
    }
}

/// Whether a template makes nothing by itself.
fn is_helper(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with('_') || name.ends_with(".tpl")
}

/// Evidence for lines of a template.
fn template_lines<'t>(path: &'t str, text: &'t ChartFile) -> impl Fn(u32, u32) -> Evidence + 't {
    move |first, last| {
        let from: Vec<u32> = (1..=last).collect();
        let origin = Origin {
            lines: Lines::new(&text.text),
            from: &from,
            hidden: &text.hidden,
        };
        SourceFile::rendered(path, "", origin).evidence(first, last)
    }
}

/// A rendered text without lines that are nothing but what is not known, which would be no YAML.
fn known_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.trim() == UNKNOWN {
            true => out.push('\n'),
            false => out.push_str(line),
        }
    }
    out
}

/// Takes out of a claim what is not known; whether enough is left.
fn is_known(claim: &mut Claim) -> bool {
    match claim {
        Claim::Deployable(unit) => workload(unit),
        Claim::ConfigData(data) => config(data),
        claim => !format!("{claim:?}").contains(UNKNOWN),
    }
}

fn config(data: &mut ConfigData) -> bool {
    for entry in &mut data.entries {
        if let Some(value) = entry.value.take_if(|value| value.contains(UNKNOWN)) {
            let lines = value.split_inclusive('\n');
            let kept: String = lines.filter(|line| !line.contains(UNKNOWN)).collect();
            entry.value = Some(kept).filter(|kept| !kept.trim().is_empty());
        }
    }
    data.entries.retain(|entry| !entry.name.contains(UNKNOWN));
    data.addresses
        .retain(|found| !found.value.contains(UNKNOWN));
    !data.name.contains(UNKNOWN)
}

fn workload(unit: &mut Deployable) -> bool {
    let known = |text: &str| !text.contains(UNKNOWN);
    if !known(&unit.name) {
        return false;
    }
    if let Some(image) = &mut unit.image {
        // A tag that is not known or not set leaves the image known.
        let name = image.value.split(UNKNOWN).next().unwrap_or("");
        let whole = name.len() == image.value.len();
        match name.strip_suffix([':', '@']) {
            Some(name) if !name.is_empty() => image.value = name.to_owned(),
            None if whole && !name.is_empty() => {}
            _ => return false,
        }
    }
    // The release stands where whoever installs it says.
    unit.namespace = unit.namespace.take().filter(|n| known(n) && n != "default");
    unit.aliases.retain(|alias| known(alias));
    unit.labels.retain(|label| known(label));
    unit.ports.retain(|port| {
        let host = port.value.host.as_ref();
        known(&port.value.container) && host.is_none_or(|host| known(host))
    });
    unit.env.retain(|env| known(&env.name));
    for env in &mut unit.env {
        // A secret that whoever installs it gives stands in no file.
        let open = env.value.take_if(|value| !known(value)).is_some();
        env.secret &= !open;
        if let Some(from) = &mut env.from {
            *from = from.replace(UNKNOWN, "…");
        }
    }
    unit.volumes.retain(|v| known(&v.value));
    unit.sidecars.retain(|v| known(&v.value));
    unit.attributes.retain(|(_, v)| known(&v.value));
    unit.command = unit.command.take().filter(|command| known(&command.value));
    true
}

/// `shop-web` of the release `shop` is called `web`, unless a part with another image is; its whole
/// name stays known. Labels that several parts of a release share name none of them.
fn shorten(found: &mut [(usize, Fact, String)]) {
    let mut images: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut labelled: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (_, fact, release) in found.iter() {
        if let Claim::Deployable(unit) = &fact.claim {
            let image = unit.image.as_ref();
            let image = image.map_or(unit.kind.as_str(), |i| image_name(&i.value));
            let names = [Some(unit.name.as_str()), short(&unit.name, release)];
            for name in names.into_iter().flatten() {
                let all = images.entry(name.to_owned()).or_default();
                all.insert(image.to_owned());
            }
            for alias in &unit.aliases {
                let key = (release.clone(), alias.clone());
                labelled.entry(key).or_default().insert(unit.name.clone());
            }
        }
    }
    for (_, fact, release) in found.iter_mut() {
        let unique = |name: &str| {
            let short = short(name, release)?;
            let one = images.get(short).is_some_and(|all| all.len() == 1);
            one.then(|| short.to_owned())
        };
        match &mut fact.claim {
            Claim::Deployable(unit) => {
                unit.aliases.retain(|alias| {
                    let among = labelled.get(&(release.clone(), alias.clone()));
                    among.is_none_or(|all| all.len() == 1)
                });
                if let Some(short) = unique(&unit.name) {
                    unit.aliases.push(std::mem::replace(&mut unit.name, short));
                    unit.aliases.sort();
                    unit.aliases.dedup();
                }
            }
            Claim::Autoscaler(scaler) => {
                if let Some(short) = unique(&scaler.target) {
                    scaler.target = short;
                }
            }
            _ => {}
        }
    }
}

/// A name without that of its release.
fn short<'n>(name: &'n str, release: &str) -> Option<&'n str> {
    let rest = name.strip_prefix(release)?.strip_prefix('-')?;
    (!rest.is_empty()).then_some(rest)
}
