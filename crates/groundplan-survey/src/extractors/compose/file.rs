//! A Compose file as a whole: its services, overlays and shared parts.

use super::comments;
use super::service::{Layers, ServiceReader};
use crate::extractors::manifests::{Field, Fields, fill, mark};
use crate::facts::{Claim, FileFacts, Overlay};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Node, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Bases of `extends` beyond this are left out; also ends cycles.
const MAX_BASES: usize = 16;

pub(super) fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let named = is_compose_name(file.name());
    if !named && !may_be_compose(file) {
        return;
    }
    let documents: Vec<&Node> = file.documents();
    let mut composed = false;
    for root in documents {
        let fields = Fields::of(root);
        let Some(services) = services(&fields, named) else {
            continue;
        };
        includes(acc, file, &fields);
        let project = fields.get("name").and_then(|f| f.str()).map(fill);
        let aliases = link_aliases(&services);
        let by_name: BTreeMap<&str, Field<'_>> =
            services.iter().map(|f| (f.key.text.as_str(), *f)).collect();
        for service in &services {
            let Some(layers) = layers(&by_name, *service) else {
                continue;
            };
            let reader = ServiceReader {
                file,
                root: &fields,
                project: project.as_deref(),
                aliases: &aliases,
            };
            reader.read(acc, *service, &layers);
            let name = fill(&service.key.text);
            comments::purpose(acc, file, &name, service.lines().0);
        }
        override_of(acc, file, root, &services);
        if let Some(line) = forbids_use(file.text) {
            let overlay = Overlay {
                mechanism: FOR_TESTS.to_owned(),
                name: String::new(),
                resources: Vec::new(),
                variables: Vec::new(),
                changes: Vec::new(),
            };
            acc.add(file, line, line, Claim::Overlay(overlay));
        }
        shared(acc, file, &fields);
        if !services.is_empty() {
            composed = true;
        }
    }
    if composed {
        comments::about(acc, file);
    }
}

/// The mechanism of a file whose own words leave it to those who test the system.
pub(crate) const FOR_TESTS: &str = "Compose for tests";

/// The line of the comment above everything else that says that a file is there for tests alone.
fn forbids_use(text: &str) -> Option<u32> {
    const ONLY: [&str; 6] = [
        "only intended for test",
        "intended only for test",
        "intended for testing only",
        "only for testing",
        "for testing only",
        "testing purposes only",
    ];
    let lines = (1_u32..).zip(text.lines());
    let mut comments = lines
        .take_while(|(_, line)| line.trim().is_empty() || line.starts_with('#'))
        .map(|(number, line)| (number, line.to_ascii_lowercase()));
    comments
        .find(|(_, line)| ONLY.iter().any(|only| line.contains(only)))
        .map(|(number, _)| number)
}

/// Names that say Compose; for other files the content decides.
pub(crate) fn is_compose_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.rsplit_once('.').map_or("", |(stem, _)| stem);
    stem.starts_with("docker-compose")
        || stem.starts_with("docker_compose")
        || stem.starts_with("compose")
        || stem.ends_with("compose")
        || stem.starts_with("docker-stack")
        || stem.starts_with("docker-swarm")
}

/// A file with another name counts if `services` stands at its top level; workflows and values of
/// charts, which have such a key too, do not.
fn may_be_compose(file: &SourceFile<'_>) -> bool {
    let top = |key: &str| file.text.starts_with(key) || file.text.contains(&format!("\n{key}"));
    top("services:")
        && !top("apiVersion:")
        && !top("jobs:")
        && !top("steps:")
        && !top("stages:")
        && !file.name().to_ascii_lowercase().starts_with("values")
        && !file.text.contains("{{")
}

/// The services of a file; of version 1 those at the top level.
fn services<'n>(fields: &Fields<'n>, named: bool) -> Option<Vec<Field<'n>>> {
    if let Some(services) = fields.get("services") {
        let all: Vec<Field<'n>> = Fields::of(services.node).iter().collect();
        let runs = |f: &Field<'_>| f.node.get("image").is_some() || f.node.get("build").is_some();
        let fits = named || !all.is_empty() && all.iter().any(runs);
        return (fits && services.node.is_mapping()).then_some(all);
    }
    if !named {
        return None;
    }
    const OTHER: [&str; 8] = [
        "version", "name", "volumes", "networks", "secrets", "configs", "include", "models",
    ];
    let all: Vec<Field<'n>> = fields
        .iter()
        .filter(|f| !OTHER.contains(&f.key.text.as_str()) && !f.key.text.starts_with("x-"))
        .collect();
    let runs = |f: &Field<'_>| {
        let build = f.node.get("build").is_some_and(|b| b.str().is_some());
        f.node.str_of("image").is_some() || build
    };
    let version_1 = !all.is_empty()
        && all.iter().all(|f| f.node.is_mapping())
        && all.iter().any(runs)
        && fields.get("jobs").is_none();
    (version_1 || fields.get("include").is_some()).then_some(if version_1 { all } else { vec![] })
}

/// A service and its bases in this file, the remotest base first. `None` for what is no service.
fn layers<'n>(services: &BTreeMap<&str, Field<'n>>, service: Field<'n>) -> Option<Layers<'n>> {
    let fits = matches!(service.node.value, Value::Mapping(_) | Value::Null);
    if !fits || service.key.text.is_empty() || service.key.text.starts_with("x-") {
        return None;
    }
    let mut chain = vec![service];
    let mut outside = None;
    while let Some(extends) = chain.last().and_then(|f| f.node.get("extends")) {
        let name = extends.str().or_else(|| extends.str_of("service"));
        if let Some(path) = extends.str_of("file") {
            outside = Some((path.to_owned(), name.unwrap_or_default().to_owned()));
            break;
        }
        let base = name
            .and_then(|name| services.get(name))
            .filter(|f| chain.iter().all(|known| known.key.text != f.key.text));
        match base {
            Some(base) if chain.len() < MAX_BASES => chain.push(*base),
            _ => break,
        }
    }
    chain.reverse();
    Some(Layers::new(&chain, outside))
}

/// `links: [db:database]` lets others say `database` for `db`.
fn link_aliases(services: &[Field<'_>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let links = services.iter().filter_map(|f| f.node.get("links"));
    for (link, _) in links.flat_map(|links| links.strings()) {
        if let Some((service, alias)) = link.split_once(':')
            && service != alias
        {
            let known = all.entry(service.to_owned()).or_default();
            known.insert(alias.to_owned());
        }
    }
    all
}

fn includes(acc: &mut FileFacts, file: &SourceFile<'_>, fields: &Fields<'_>) {
    let Some(include) = fields.get("include") else {
        return;
    };
    let mut resources = Vec::new();
    let items = include.node.items().iter().map(AsRef::as_ref);
    for item in items.chain(include.node.str().map(|_| include.node)) {
        let paths = item.get("path").unwrap_or(item);
        for (path, _) in paths.strings() {
            let path = fill(path);
            resources.push(file.resolve(&path).unwrap_or(path));
        }
    }
    if resources.is_empty() {
        return;
    }
    let (first, last) = include.lines();
    let overlay = Overlay {
        mechanism: "Compose include".to_owned(),
        name: file.name().to_owned(),
        resources,
        changes: Vec::new(),
        variables: Vec::new(),
    };
    acc.add(file, first, last, Claim::Overlay(overlay));
}

/// `docker-compose.prod.yml` changes `docker-compose.yml`; what stands between is the variant.
fn override_of(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, services: &[Field<'_>]) {
    let lower = file.name().to_ascii_lowercase();
    let stem = lower.rsplit_once('.').map_or("", |(stem, _)| stem);
    let infix = ["docker-compose", "docker_compose", "compose"]
        .iter()
        .find_map(|base| stem.strip_prefix(base))
        .map(|rest| rest.trim_matches(['.', '-', '_']))
        .filter(|rest| !rest.is_empty());
    let Some(infix) = infix else {
        return;
    };
    let changes = services
        .iter()
        .filter(|service| service.node.is_mapping())
        .map(|service| {
            let fields = Fields::of(service.node);
            let keys: Vec<&str> = fields.iter().map(|f| f.key.text.as_str()).collect();
            format!("`{}`: {}", service.key.text, keys.join(", "))
        })
        .collect();
    let overlay = Overlay {
        mechanism: "Compose override".to_owned(),
        name: infix.to_owned(),
        resources: Vec::new(),
        changes,
        variables: Vec::new(),
    };
    acc.add(file, root.first, root.last, Claim::Overlay(overlay));
}

/// Volumes and secrets at the top level.
fn shared(acc: &mut FileFacts, file: &SourceFile<'_>, fields: &Fields<'_>) {
    let entries = |name: &str| -> Vec<Field<'_>> {
        fields
            .get(name)
            .map(|f| Fields::of(f.node).iter().collect())
            .unwrap_or_default()
    };
    let external = |node: &Node| {
        node.get("external")
            .is_some_and(|e| e.truth() == Some(true) || e.is_mapping())
    };
    for volume in entries("volumes") {
        let driver = volume.node.str_of("driver").map(|d| format!("driver {d}"));
        let detail = if external(volume.node) {
            Some("external".to_owned())
        } else {
            driver
        };
        let name = &volume.key.text;
        mark(acc, file, volume.lines(), Topic::Volume, name, detail);
    }
    for secret in entries("secrets") {
        let text = |key: &str| secret.node.str_of(key).map(fill);
        let detail = if external(secret.node) {
            Some("external".to_owned())
        } else {
            text("file")
                .map(|path| format!("from file `{}`", file.resolve(&path).unwrap_or(path)))
                .or_else(|| text("environment").map(|name| format!("from variable `{name}`")))
        };
        let name = &secret.key.text;
        mark(
            acc,
            file,
            secret.lines(),
            Topic::SecretReference,
            name,
            detail,
        );
    }
}
