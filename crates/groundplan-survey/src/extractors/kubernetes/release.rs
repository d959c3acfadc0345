//! Releases of charts that an operator installs: Flux and Argo CD.

use super::object::Object;
use crate::extractors::manifests::at_node;
use crate::facts::{Claim, Deployable, FileFacts};
use crate::resolve::charts::HELM_CHART;

/// Adds a `HelmRelease` of Flux, or an `Application` of Argo CD whose source is a chart of a registry
/// (<https://fluxcd.io/flux/components/helm/helmreleases/>,
/// <https://argo-cd.readthedocs.io/en/stable/user-guide/helm/>).
pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let (paths, versions): (&[&[&str]], &[&[&str]]) = match (object.kind, object.group) {
        ("HelmRelease", _) => (
            &[&["chart", "spec", "chart"], &["chart", "name"]],
            &[&["chart", "spec", "version"], &["chart", "version"]],
        ),
        ("Application", "argoproj.io") => {
            (&[&["source", "chart"]], &[&["source", "targetRevision"]])
        }
        _ => return,
    };
    let Some(node) = paths.iter().find_map(|path| object.spec(path)) else {
        return;
    };
    // A chart of the same repository stands there by its path.
    let Some(chart) = node.str().filter(|c| !c.is_empty() && !c.starts_with('.')) else {
        return;
    };
    let last = chart.rsplit('/').next().unwrap_or(chart);
    let version = (versions.iter().find_map(|path| object.spec_str(path))).unwrap_or_default();
    let released = object.spec_str(&["releaseName"]);
    let release = released.unwrap_or(object.name);
    let mut aliases = vec![release.to_owned()];
    if !release.contains(chart) {
        aliases.push(format!("{release}-{chart}"));
    }
    let roles = ["master", "primary", "headless"];
    let full = aliases.last().cloned().unwrap_or_default();
    aliases.extend(roles.map(|role| format!("{full}-{role}")));
    let namespace = object.spec_str(&["targetNamespace"]).or(object.namespace);
    let found = Deployable {
        source: "kubernetes".to_owned(),
        kind: HELM_CHART.to_owned(),
        name: release.to_owned(),
        namespace: namespace.map(str::to_owned),
        aliases,
        attributes: vec![(
            "chart".to_owned(),
            at_node(
                object.file,
                node,
                format!("{last} {version}").trim().to_owned(),
            ),
        )],
        ..Deployable::default()
    };
    object.claim(acc, Claim::Deployable(Box::new(found)));
}
