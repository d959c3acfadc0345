//! Kustomizations.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{
    Field, Fields, at_node, env_from, env_value, join_variables, one_line,
};
use crate::facts::{Claim, ConfigData, EnvValue, FileFacts, Overlay};
use crate::secrets;
use crate::source::SourceFile;
use groundplan_syntax::{Node, yaml};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kustomize",
    docs: "\
### What it finds
Bases, overlays and components of Kustomize: the files and folders they take in, and what they
change (images, replicas, namespace, name prefix, labels, patches with their targets). Generated
ConfigMaps with their literals and files, generated Secrets with their keys.

### What it does not find
The result of building an overlay, and resources of other repositories.
",
    reads: &[Reads::Paths(&[
        "kustomization.yaml",
        "kustomization.yml",
        "Kustomization",
    ])],
    markers: &[],
    run: extract,
};

/// Changes of a kind beyond this are counted only.
const MAX_CHANGES: usize = 64;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        let fields = Fields::of(root);
        // Flux has objects of the same kind that are something else.
        let version = root.str_of("apiVersion").unwrap_or_default();
        if !root.is_mapping() || version.contains("fluxcd") {
            continue;
        }
        overlay(acc, file, root, &fields);
        for (key, secret) in [("configMapGenerator", false), ("secretGenerator", true)] {
            for generator in items(&fields, key) {
                generated(acc, file, generator, secret);
            }
        }
    }
}

fn items<'n>(fields: &Fields<'n>, key: &str) -> Vec<&'n Node> {
    let field = fields.get(key);
    let items = field.map(|f| f.node.items()).unwrap_or_default();
    items.iter().map(AsRef::as_ref).collect()
}

fn overlay(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, fields: &Fields<'_>) {
    let mut resources = Vec::new();
    let mut on_folder = false;
    for key in ["resources", "bases", "components", "crds"] {
        for (path, _) in fields
            .get(key)
            .map(|f| f.node.strings())
            .unwrap_or_default()
        {
            let remote = path.contains("://") || path.contains("?ref=") || path.starts_with("git@");
            on_folder |= key != "components" && key != "crds" && is_folder(path);
            resources.push(if remote {
                secrets::without_credentials(path)
            } else {
                join_variables(file.folder(), path)
            });
        }
    }
    let component = root.str_of("kind") == Some("Component");
    let mechanism = match (component, on_folder) {
        (true, _) => "Kustomize component",
        (false, true) => "Kustomize overlay",
        (false, false) => "Kustomize base",
    };
    let folder = file.folder().rsplit('/').next().unwrap_or_default();
    let found = Overlay {
        mechanism: mechanism.to_owned(),
        name: if folder.is_empty() { "." } else { folder }.to_owned(),
        resources,
        changes: changes(file, fields),
        variables: ["patches", "patchesStrategicMerge", "patchesJson6902"]
            .iter()
            .flat_map(|key| items(fields, key).into_iter().take(MAX_CHANGES))
            .flat_map(|item| set_by(file, item))
            .collect(),
    };
    acc.add(file, root.first, root.last, Claim::Overlay(found));
}

/// Resources are files by their extension; all else is a folder or a repository.
fn is_folder(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    ![".yaml", ".yml", ".json"]
        .iter()
        .any(|end| lower.ends_with(end))
}

fn changes(file: &SourceFile<'_>, fields: &Fields<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for (key, words) in [
        ("namespace", "namespace"),
        ("namePrefix", "name prefix"),
        ("nameSuffix", "name suffix"),
    ] {
        let value = fields.get(key).and_then(|f| f.str());
        all.extend(value.map(|value| format!("{words} `{value}`")));
    }
    if let Some(labels) = fields.get("commonLabels") {
        all.extend(pairs(labels.node, "label"));
    }
    for item in items(fields, "labels") {
        all.extend(
            item.get("pairs")
                .map(|p| pairs(p, "label"))
                .unwrap_or_default(),
        );
    }
    if let Some(annotations) = fields.get("commonAnnotations") {
        all.extend(pairs(annotations.node, "annotation"));
    }
    for image in items(fields, "images") {
        let Some(name) = image.str_of("name") else {
            continue;
        };
        let mut to = image.str_of("newName").unwrap_or(name).to_owned();
        if let Some(tag) = image.str_of("newTag") {
            to.push_str(&format!(":{tag}"));
        }
        if let Some(digest) = image.str_of("digest") {
            to.push_str(&format!("@{digest}"));
        }
        all.push(format!("image `{name}` becomes `{to}`"));
    }
    for item in items(fields, "replicas") {
        if let (Some(name), Some(count)) = (item.str_of("name"), item.str_of("count")) {
            all.push(format!("replicas of `{name}`: {count}"));
        }
    }
    for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
        for item in items(fields, key).into_iter().take(MAX_CHANGES) {
            all.extend(patch(file, item));
        }
    }
    for (key, words) in [
        ("configMapGenerator", "ConfigMap"),
        ("secretGenerator", "Secret"),
    ] {
        for item in items(fields, key) {
            let name = item.str_of("name");
            all.extend(name.map(|name| format!("generates {words} `{name}`")));
        }
    }
    for item in items(fields, "helmCharts") {
        let name = item.str_of("name").unwrap_or_default();
        let version = item.str_of("version").map(|v| format!(" {v}"));
        all.push(format!(
            "Helm chart `{name}`{}",
            version.unwrap_or_default()
        ));
    }
    all.truncate(MAX_CHANGES * 4);
    all.into_iter().map(|change| one_line(&change)).collect()
}

fn pairs(node: &Node, word: &str) -> Vec<String> {
    Fields::of(node)
        .iter()
        .filter_map(|f| Some(format!("{word} `{}={}`", f.key.text, f.str()?)))
        .collect()
}

/// A patch: a path or text of its own, or an entry with target, path and text.
fn patch(file: &SourceFile<'_>, item: &Node) -> Vec<String> {
    let text = item.str().or_else(|| item.str_of("patch"));
    let path = item.str_of("path");
    let (text, path) = match text {
        Some(text) if !text.contains('\n') && !text.contains(": ") => (None, Some(text)),
        text => (text, path),
    };
    let target = item.get("target").map(|target| {
        let kind = target.str_of("kind").unwrap_or("objects");
        match target.str_of("name") {
            Some(name) => format!("{kind} `{name}`"),
            None => match target.str_of("labelSelector") {
                Some(labels) => format!("{kind} with `{labels}`"),
                None => kind.to_owned(),
            },
        }
    });
    let mut all = Vec::new();
    if let Some(path) = path {
        let path = join_variables(file.folder(), path);
        all.push(match &target {
            Some(target) => format!("patches {target} by `{path}`"),
            None => format!("patches by `{path}`"),
        });
    }
    let Some(text) = text else {
        return all;
    };
    for document in yaml(text).0 {
        let operations: Vec<String> = document
            .items()
            .iter()
            .filter_map(|o| Some(format!("{} `{}`", o.str_of("op")?, o.str_of("path")?)))
            .take(16)
            .collect();
        if let (Some(target), false) = (&target, operations.is_empty()) {
            all.push(format!("patches {target}: {}", operations.join(", ")));
            continue;
        }
        let name = document.at(&["metadata", "name"]).and_then(Node::str);
        let subject = match (&target, document.str_of("kind"), name) {
            (Some(target), _, _) => target.clone(),
            (None, Some(kind), Some(name)) => format!("{kind} `{name}`"),
            (None, Some(kind), None) => kind.to_owned(),
            _ => continue,
        };
        let deletes = document.str_of("$patch") == Some("delete");
        all.push(match (deletes, variables(&document)) {
            (true, _) => format!("deletes {subject}"),
            (false, names) if names.is_empty() => format!("patches {subject}"),
            (false, names) => format!("patches {subject}: sets {}", names.join(", ")),
        });
    }
    all
}

/// The variables that the text of a patch sets, strategic merge and JSON 6902 alike, each with the
/// workload that it is for and the lines in the kustomization.
fn set_by(file: &SourceFile<'_>, item: &Node) -> Vec<(String, EnvValue)> {
    let (Some(text), place) = (match item.get("patch") {
        Some(patch) => (patch.str(), patch),
        None => (item.str(), item),
    }) else {
        return Vec::new();
    };
    let named = |node: &Node| node.str_of("name").map(str::to_owned);
    let target = item.get("target").and_then(named);
    let mut all = Vec::new();
    for document in yaml(text).0 {
        let target = target
            .clone()
            .or_else(|| document.get("metadata").and_then(named));
        let Some(target) = target else { continue };
        let mut entries: Vec<&Node> = Vec::new();
        for path in [
            &["spec", "template", "spec", "containers"][..],
            &[
                "spec",
                "jobTemplate",
                "spec",
                "template",
                "spec",
                "containers",
            ],
        ] {
            let containers = document.at(path).map_or(&[][..], Node::items);
            entries.extend(
                containers
                    .iter()
                    .flat_map(|c| c.get("env").map_or(&[][..], Node::items))
                    .map(AsRef::as_ref),
            );
        }
        let of_env = |path: &str| path.ends_with("/env") || path.contains("/env/");
        for operation in document.items() {
            let path = operation.str_of("path").unwrap_or_default();
            if operation.str_of("op") == Some("remove") || !of_env(path) {
                continue;
            }
            if let Some(value) = operation.get("value") {
                match value.items() {
                    [] => entries.push(value),
                    many => entries.extend(many.iter().map(AsRef::as_ref)),
                }
            }
        }
        for entry in entries {
            let (Some(name), Some(value)) = (entry.str_of("name"), entry.str_of("value")) else {
                continue;
            };
            let at = line_of(file, place, name);
            all.push((
                target.clone(),
                env_value(name, value, file.evidence(at, at + 1)),
            ));
        }
    }
    all
}

/// The line of the kustomization on which a patch names a variable.
fn line_of(file: &SourceFile<'_>, place: &Node, name: &str) -> u32 {
    let names = |line: &str| {
        let (key, value) = line.split_once("name:").unwrap_or(("x", ""));
        key.trim_start_matches([' ', '-', '{']).is_empty()
            && value
                .trim()
                .trim_matches(['"', '\'', ','])
                .split([',', '}'])
                .next()
                == Some(name)
    };
    let first = place.first as usize;
    file.text
        .lines()
        .enumerate()
        .skip(first.saturating_sub(1))
        .take((place.last as usize + 1).saturating_sub(first) + 1)
        .find(|(_, line)| names(line))
        .map_or(place.first, |(at, _)| at as u32 + 1)
}

/// Environment variables that a patch sets, by name.
fn variables(document: &Node) -> Vec<String> {
    let containers = document.at(&["spec", "template", "spec", "containers"]);
    containers
        .map_or(&[][..], Node::items)
        .iter()
        .flat_map(|c| c.get("env").map_or(&[][..], Node::items))
        .filter_map(|e| Some(format!("`{}`", e.str_of("name")?)))
        .take(16)
        .collect()
}

fn generated(acc: &mut FileFacts, file: &SourceFile<'_>, generator: &Node, secret: bool) {
    let fields = Fields::of(generator);
    let Some(name) = fields.get("name").and_then(|f| f.str()) else {
        return;
    };
    let mut entries: Vec<EnvValue> = Vec::new();
    for item in items(&fields, "literals") {
        let Some((key, value)) = item.str().and_then(|text| text.split_once('=')) else {
            continue;
        };
        let at = file.node(item);
        let value = value.trim_matches(['"', '\'']);
        let mut entry = env_value(key, value, at);
        if secret {
            entry.value = None;
            entry.secret = true;
        }
        entries.push(entry);
    }
    for item in items(&fields, "files") {
        let Some(text) = item.str() else { continue };
        let (key, path) = match text.split_once('=') {
            Some((key, path)) => (key, path),
            None => (text.rsplit('/').next().unwrap_or(text), text),
        };
        let from = format!("file:{}", join_variables(file.folder(), path));
        entries.push(env_from(key, from, secret, file.node(item)));
    }
    let mut sources: Vec<(&str, &Node)> = Vec::new();
    for item in items(&fields, "envs") {
        sources.extend(item.str().map(|path| (path, item)));
    }
    let single: Option<Field<'_>> = fields.get("env");
    sources.extend(single.and_then(|f| Some((f.str()?, f.node))));
    for (path, node) in sources {
        let from = format!("env_file:{}", join_variables(file.folder(), path));
        let at = at_node(file, node, ()).at;
        entries.push(env_from("", from, secret, at));
    }
    let data = ConfigData {
        name: name.to_owned(),
        secret,
        entries,
        ..ConfigData::default()
    };
    acc.add(
        file,
        generator.first,
        generator.last,
        Claim::ConfigData(data),
    );
}
