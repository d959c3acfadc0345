//! Files of Helm charts: what resolvers need to evaluate the chart as a whole.

mod hide;

use super::manifests::{Fields, at_node, keep_whole};
use crate::extractor::{Extractor, Reads};
use crate::facts::{
    Chart, ChartDependency, ChartFile, ChartValue, Claim, Fact, FileFacts, PackageDependency,
    Placed,
};
use crate::secrets::is_secret_name;
use crate::source::SourceFile;
use groundplan_model::DependencyScope;
use groundplan_syntax::{Data, Node, Value};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "helm",
    docs: "\
### What it finds
Charts of Helm: name, versions and dependencies of `Chart.yaml` and `requirements.yaml`, default
values of `values.yaml`, and the templates. When facts are joined, templates are evaluated with the
default values of their chart and those that a chart above it sets, and what they render to is read
as Kubernetes objects.

### What it does not find
Values files of single installations, templates of charts that lie elsewhere, and what only a
cluster knows. What hangs on an unknown value is left out. Values of secrets are not kept.
",
    reads: &[Reads::Paths(&[
        "Chart.yaml",
        "requirements.yaml",
        "values.yaml",
        "values.yml",
        "templates/**/*.yaml",
        "templates/**/*.yml",
        "templates/**/*.tpl",
        "**/templates/**/*.yaml",
        "**/templates/**/*.yml",
        "**/templates/**/*.tpl",
    ])],
    markers: &[],
    run: extract,
};

/// Largest template and largest set of values that is kept, in bytes.
const MAX_TEXT: usize = 400_000;
/// Settings of one file beyond this number, and the values of longer ones, are left out.
const MAX_SETTINGS: usize = 2_000;
const MAX_VALUE: usize = 200;
/// Values and depth beyond which the rest is left out.
const MAX_VALUES: usize = 20_000;
const MAX_DEPTH: usize = 32;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let name = file.name().to_ascii_lowercase();
    match name.as_str() {
        _ if is_template(file.path) => template(acc, file),
        "chart.yaml" | "requirements.yaml" => chart(acc, file),
        "values.yaml" | "values.yml" => values(acc, file),
        _ => {}
    }
}

/// Whether a file lies where a chart keeps its templates.
pub(crate) fn is_template(path: &str) -> bool {
    path.starts_with("templates/") || path.contains("/templates/")
}

fn template(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.text.len() > MAX_TEXT || !super::kubernetes::is_helm(file.text) {
        return;
    }
    let Some(text) = hide::hide(file.text) else {
        return;
    };
    let mut hidden = Vec::new();
    let lines = text.split('\n').zip(file.text.split('\n'));
    for (number, (kept, own)) in (1..).zip(lines) {
        // The hash of a first line has its byte order mark.
        let marked = number == 1 && file.evidence(1, 1).hash != groundplan_syntax::hash_lines(kept);
        if kept != own || marked {
            hidden.push((number, file.evidence(number, number).hash));
        }
    }
    let found = ChartFile {
        text,
        hidden,
        ..ChartFile::default()
    };
    let last = file.lines().count();
    acc.add(file, 1, last, Claim::ChartFile(Box::new(found)));
}

fn chart(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.documents().into_iter().next() else {
        return;
    };
    let text = |key: &str| {
        let text = root.str_of(key).map(str::trim);
        text.filter(|t| !t.is_empty()).map(str::to_owned)
    };
    let manifest = file.name().eq_ignore_ascii_case("Chart.yaml");
    let found = Chart {
        name: text("name").filter(|_| manifest).unwrap_or_default(),
        version: text("version"),
        app_version: text("appVersion"),
        description: text("description"),
        library: root.str_of("type") == Some("library"),
        dependencies: root
            .get("dependencies")
            .map_or(&[][..], Node::items)
            .iter()
            .filter_map(|node| {
                let fields = Fields::of(node);
                let text = |key: &str| fields.get(key)?.str().map(str::to_owned);
                let dependency = ChartDependency {
                    name: text("name")?,
                    version: text("version").unwrap_or_default(),
                    repository: text("repository").unwrap_or_default(),
                    condition: text("condition"),
                    alias: text("alias"),
                };
                Some(at_node(file, node, dependency))
            })
            .collect(),
    };
    for Placed { value, at } in &found.dependencies {
        let claim = Claim::Dependency(PackageDependency {
            ecosystem: "helm".to_owned(),
            name: value.name.clone(),
            version: value.version.clone(),
            scope: match value.condition {
                Some(_) => DependencyScope::Optional,
                None => DependencyScope::Runtime,
            },
            path: None,
        });
        // A chart that lies beside is a part of the repository.
        if !value.repository.is_empty() && !value.repository.starts_with("file:") {
            let at = at.clone();
            acc.facts.push(Fact { at, claim });
        }
    }
    if manifest && !found.name.is_empty() || !found.dependencies.is_empty() {
        acc.add(file, root.first, root.last, Claim::Chart(Box::new(found)));
    }
}

fn values(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.documents().into_iter().next() else {
        return;
    };
    if !root.is_mapping() || file.text.len() > MAX_TEXT {
        return;
    }
    let mut settings = Vec::new();
    leaves(file, "", root, 0, &mut settings);
    let found = ChartFile {
        values: true,
        text: kept("", root, 0, &mut 0).json(),
        settings,
        ..ChartFile::default()
    };
    acc.add(
        file,
        root.first,
        root.last,
        Claim::ChartFile(Box::new(found)),
    );
}

/// Adds the values below a mapping.
fn leaves(
    file: &SourceFile<'_>,
    prefix: &str,
    node: &Node,
    depth: usize,
    all: &mut Vec<Placed<ChartValue>>,
) {
    for field in Fields::of(node).iter() {
        if all.len() >= MAX_SETTINGS || depth > MAX_DEPTH {
            return;
        }
        let key = field.key.text.as_str();
        let path = match prefix {
            "" => key.to_owned(),
            _ => format!("{prefix}.{key}"),
        };
        let Some(text) = field.str() else {
            leaves(file, &path, field.node, depth + 1, all);
            continue;
        };
        let above = prefix.rsplit('.').next().unwrap_or(prefix);
        let kept =
            keep_whole(called(key, above), text).map(|kept| crate::redact::without_tokens(&kept));
        let found = ChartValue {
            path,
            secret: kept.is_none() && !text.is_empty(),
            value: kept.filter(|kept| kept.len() <= MAX_VALUE && !kept.contains('\n')),
        };
        let at = file.evidence(field.key.line, field.key.line);
        all.push(Placed { value: found, at });
    }
}

/// What a value is called when it is asked whether it is a secret: `existingSecret` names an object.
fn called<'k>(key: &'k str, above: &str) -> &'k str {
    match key {
        _ if key.to_ascii_lowercase().starts_with("existing") => "name",
        _ if is_secret_name(above) && !tells_place(key) => "secret",
        key => key,
    }
}

/// Whether a key below the name of a secret says where it is kept or how it is made.
fn tells_place(key: &str) -> bool {
    const ENDS: [&str; 9] = [
        "name",
        "key",
        "ref",
        "path",
        "type",
        "create",
        "enabled",
        "labels",
        "annotations",
    ];
    let lower = key.to_ascii_lowercase();
    ENDS.iter().any(|end| lower.ends_with(end)) || lower.starts_with("existing")
}

/// A value without secrets, for which `…` stands; `key` is what it is called.
fn kept(key: &str, node: &Node, depth: usize, count: &mut usize) -> Data {
    *count += 1;
    if *count > MAX_VALUES || depth > MAX_DEPTH {
        return Data::Unknown(false);
    }
    match &node.value {
        Value::Scalar { text, .. } => {
            let switch = node.truth().is_some();
            match keep_whole(key, text).map(|kept| crate::redact::without_tokens(&kept)) {
                Some(kept) if kept == *text || switch => Data::of(node),
                Some(kept) => Data::text(kept),
                None => Data::text("…"),
            }
        }
        Value::Sequence(items) => {
            let mut all = Vec::new();
            let mut flag = false;
            for item in items {
                // `["--password", "x"]`
                let called = if flag { "secret" } else { key };
                all.push(kept(called, item, depth + 1, count));
                let text = item.str().unwrap_or_default();
                flag = text.starts_with('-') && is_secret_name(text.trim_start_matches('-'));
            }
            Data::list(all)
        }
        Value::Mapping(_) => {
            // `{name: DB_PASSWORD, value: …}` is called by its name.
            let own = node.str_of("name").filter(|_| node.get("value").is_some());
            let mut all = BTreeMap::new();
            let above = key;
            for (key, value) in node.entries() {
                let called = match own {
                    Some(name) if key.text == "value" => name,
                    _ => called(&key.text, above),
                };
                all.insert(key.text.clone(), kept(called, value, depth + 1, count));
            }
            Data::map(all)
        }
        Value::Null => Data::Null,
    }
}
