//! Workloads.

use super::container::{self, Container};
use super::object::{Object, labels};
use crate::extractors::manifests::{Field, Fields, at_node, mark, one_line};
use crate::facts::{Claim, Deployable, FileFacts, Placed};
use groundplan_knowledge::knowledge;
use groundplan_model::{Role, Topic};
use groundplan_syntax::Node;

/// Images that stand beside what a pod is for.
const SIDECARS: [&str; 16] = [
    "istio/proxyv2",
    "linkerd",
    "envoyproxy",
    "/envoy:",
    "cloud-sql-proxy",
    "cloudsql-proxy",
    "fluent-bit",
    "fluentd",
    "filebeat",
    "promtail",
    "-exporter",
    "_exporter",
    "opentelemetry-collector",
    "vault-agent",
    "oauth2-proxy",
    "jaeger-agent",
];

/// Whether a container runs a store or a broker: what keeps data is a part of its own, in a pod as
/// elsewhere.
fn keeps_data(container: &Node) -> bool {
    let image = container.str_of("image").unwrap_or_default();
    let role = knowledge().by_image(image).and_then(|t| t.role);
    role.is_some_and(|role| role.is_store() || role == Role::Broker)
}

pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let Some((kind, template)) = template(object) else {
        return;
    };
    let Some(pod) = template.get("spec") else {
        return;
    };
    let containers: Vec<&Node> = pod
        .get("containers")
        .map(|c| c.items().iter().map(AsRef::as_ref).collect())
        .unwrap_or_default();
    let pod_labels = labels(template.at(&["metadata", "labels"]));
    let main = main_container(object, template, &containers);
    let mut found = Deployable {
        source: "kubernetes".to_owned(),
        kind: kind.to_owned(),
        name: object.name.to_owned(),
        namespace: object.namespace.map(str::to_owned),
        aliases: aliases(object, template),
        labels: pod_labels,
        ..Deployable::default()
    };
    let mut seen = container::Seen::new();
    if let Some(index) = main {
        let reader = Container {
            file: object.file,
            node: containers[index],
        };
        reader.main(&mut found, &mut seen);
        found.volumes = container::volumes(object.file, pod, containers[index]);
    }
    for (index, node) in containers.iter().enumerate() {
        if Some(index) == main {
            continue;
        }
        let file = object.file;
        let reader = Container { file, node };
        match node.str_of("name").filter(|_| keeps_data(node)) {
            Some(name) => {
                let mut store = Deployable {
                    source: "kubernetes".to_owned(),
                    kind: kind.to_owned(),
                    name: name.to_owned(),
                    namespace: object.namespace.map(str::to_owned),
                    ..Deployable::default()
                };
                reader.main(&mut store, &mut container::Seen::new());
                store.volumes = container::volumes(file, pod, node);
                // What is said of the pod holds for each of its containers.
                attributes(object, pod, &mut store);
                let pod_of = Placed {
                    value: object.name.to_owned(),
                    at: file.evidence(node.first, node.last),
                };
                store.attributes.push(("pod-of".to_owned(), pod_of));
                let claim = Claim::Deployable(Box::new(store));
                acc.add(file, node.first, node.last, claim);
            }
            None => reader.beside(&mut found, &mut seen),
        }
    }
    for init in pod.get("initContainers").map_or(&[][..], Node::items) {
        if let Some(image) = Fields::of(init).get("image")
            && let Some(text) = image.str()
        {
            found
                .sidecars
                .push(image.place(object.file, text.to_owned()));
        }
    }
    attributes(object, pod, &mut found);
    claims(object, &mut found);
    object.claim(acc, Claim::Deployable(Box::new(found)));
    scrape(acc, object, template);
}

/// Kind and pod template of a workload.
fn template<'s>(object: &Object<'s, '_>) -> Option<(&'s str, &'s Node)> {
    let by_spec = || object.spec(&["template"]);
    Some(match (object.kind, object.group) {
        ("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet", "apps" | "extensions")
        | ("Job", "batch")
        | ("ReplicationController", "")
        | ("DeploymentConfig", _) => (object.kind, by_spec()?),
        ("Rollout", "argoproj.io") => ("Rollout", by_spec()?),
        ("Service", "serving.knative.dev") => ("Knative Service", by_spec()?),
        ("CronJob", _) => (
            "CronJob",
            object.spec(&["jobTemplate", "spec", "template"])?,
        ),
        ("Pod", "") => ("Pod", object.node),
        _ => return None,
    })
}

/// The container that the pod is for: the one that is named so, else the first that is no known
/// helper.
fn main_container(object: &Object<'_, '_>, template: &Node, all: &[&Node]) -> Option<usize> {
    let annotations = template.at(&["metadata", "annotations"]);
    let default = annotations.and_then(|a| a.str_of("kubectl.kubernetes.io/default-container"));
    let named = |name: &str| all.iter().position(|c| c.str_of("name") == Some(name));
    let app = template
        .at(&["metadata", "labels"])
        .and_then(|l| l.str_of("app"));
    let no_helper = |c: &&Node| {
        let image = c.str_of("image").unwrap_or_default();
        !SIDECARS.iter().any(|helper| image.contains(helper))
    };
    default
        .and_then(named)
        .or_else(|| named(object.name))
        .or_else(|| app.and_then(named))
        .or_else(|| all.iter().position(no_helper))
        .or(if all.is_empty() { None } else { Some(0) })
}

/// Names in labels, and the headless service of a StatefulSet.
fn aliases(object: &Object<'_, '_>, template: &Node) -> Vec<String> {
    const KEYS: [&str; 6] = [
        "app",
        "app.kubernetes.io/name",
        "io.kompose.service",
        "k8s-app",
        "name",
        "service",
    ];
    let labels = template.at(&["metadata", "labels"]);
    let mut all: Vec<String> = KEYS
        .iter()
        .filter_map(|key| labels?.str_of(key))
        .chain(object.spec_str(&["serviceName"]))
        // The id under which others invoke an application through Dapr.
        .chain(
            template
                .at(&["metadata", "annotations"])
                .and_then(|a| a.str_of("dapr.io/app-id")),
        )
        .filter(|name| !name.is_empty() && *name != object.name)
        .map(str::to_owned)
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Scalars of `spec` and of the pod, and the attribute they become.
const SPEC: [(&[&str], &str); 8] = [
    (&["replicas"], "replicas"),
    (&["schedule"], "schedule"),
    (&["timeZone"], "schedule.time-zone"),
    (&["concurrencyPolicy"], "schedule.concurrency"),
    (&["suspend"], "schedule.suspended"),
    (&["backoffLimit"], "job.retries"),
    (&["completions"], "job.completions"),
    (&["parallelism"], "job.parallelism"),
];
const POD: [(&[&str], &str); 10] = [
    (&["serviceAccountName"], "service-account"),
    (&["serviceAccount"], "service-account"),
    (&["securityContext", "runAsNonRoot"], "run-as-non-root"),
    (&["securityContext", "runAsUser"], "user"),
    (&["hostNetwork"], "host-network"),
    (&["hostPID"], "host-pid"),
    (&["restartPolicy"], "restart"),
    (
        &["terminationGracePeriodSeconds"],
        "termination-grace-period",
    ),
    (&["priorityClassName"], "priority-class"),
    (&["automountServiceAccountToken"], "service-account.token"),
];

fn attributes(object: &Object<'_, '_>, pod: &Node, found: &mut Deployable) {
    let file = object.file;
    let mut add = |key: &str, value: Placed<String>| {
        if !value.value.is_empty() && !found.attributes.iter().any(|(known, _)| known == key) {
            found.attributes.push((key.to_owned(), value));
        }
    };
    let spec = object.node.get("spec");
    for (root, table) in [(spec, &SPEC[..]), (Some(pod), &POD[..])] {
        for (path, attribute) in table {
            if let Some(field) = root.and_then(|root| field_at(root, path))
                && let Some(text) = field.str()
            {
                let text = match *attribute {
                    "termination-grace-period" => format!("{text} s"),
                    _ => text.to_owned(),
                };
                add(attribute, field.place(file, text));
            }
        }
    }
    for key in ["strategy", "updateStrategy"] {
        if let Some(field) = spec.and_then(|spec| field_at(spec, &[key])) {
            add("rollout", field.place(file, strategy(field.node)));
        }
    }
    if let Some(field) = field_at(pod, &["nodeSelector"]) {
        add(
            "node-selector",
            field.place(file, labels(Some(field.node)).join(", ")),
        );
    }
    if let Some(field) = field_at(pod, &["topologySpreadConstraints"]) {
        let keys = field.node.items().iter();
        let keys: Vec<&str> = keys.filter_map(|c| c.str_of("topologyKey")).collect();
        add("spread", field.place(file, keys.join(", ")));
    }
    if let Some(field) = field_at(pod, &["initContainers"]) {
        // One that is always started again runs beside the others, not before them.
        let names = field.node.items().iter();
        let names = names.filter(|c| c.str_of("restartPolicy") != Some("Always"));
        let names: Vec<&str> = names.filter_map(|c| c.str_of("name")).collect();
        add("init-containers", field.place(file, names.join(", ")));
    }
    if let Some(field) = field_at(pod, &["affinity"]) {
        let kinds: Vec<&str> = Fields::of(field.node)
            .iter()
            .map(|f| f.key.text.as_str())
            .collect();
        add("affinity", field.place(file, kinds.join(", ")));
    }
    found.attributes.sort_by(|a, b| a.0.cmp(&b.0));
}

/// The field at the end of a path.
pub(super) fn field_at<'n>(root: &'n Node, path: &[&str]) -> Option<Field<'n>> {
    let (name, heads) = path.split_last()?;
    Fields::of(root.at(heads)?).get(name)
}

/// `RollingUpdate, max surge 1, max unavailable 0`.
fn strategy(node: &Node) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(node.str_of("type").map(str::to_owned));
    let rolling = node.get("rollingUpdate");
    for (key, words) in [
        ("maxSurge", "max surge"),
        ("maxUnavailable", "max unavailable"),
        ("partition", "partition"),
    ] {
        let value = rolling.and_then(|r| r.str_of(key));
        parts.extend(value.map(|v| format!("{words} {v}")));
    }
    for (key, word) in [("canary", "canary"), ("blueGreen", "blue-green")] {
        if let Some(steps) = node.get(key) {
            let weights = steps.get("steps").map_or(&[][..], Node::items).iter();
            let weights: Vec<&str> = weights.filter_map(|s| s.str_of("setWeight")).collect();
            let text = if weights.is_empty() {
                word.to_owned()
            } else {
                format!("{word} {} %", weights.join(", "))
            };
            parts.push(text);
        }
    }
    one_line(&parts.join(", "))
}

/// Volume claims of a StatefulSet.
fn claims(object: &Object<'_, '_>, found: &mut Deployable) {
    let claims = object.spec(&["volumeClaimTemplates"]);
    for claim in claims.map_or(&[][..], Node::items) {
        let name = claim.at(&["metadata", "name"]).and_then(Node::str);
        let spec = claim.get("spec");
        let text = claim_text(spec);
        let value = format!("{} {text}", name.unwrap_or("volume"))
            .trim()
            .to_owned();
        let value = at_node(object.file, claim, value);
        found.attributes.push(("volume-claim".to_owned(), value));
    }
}

/// `10Gi ReadWriteOnce, storage class fast`.
pub(super) fn claim_text(spec: Option<&Node>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let size = spec.and_then(|s| s.at(&["resources", "requests", "storage"])?.str());
    parts.extend(size.map(str::to_owned));
    let modes = spec.and_then(|s| s.get("accessModes"));
    if let Some(modes) = modes {
        parts.extend(modes.strings().into_iter().map(|(mode, _)| mode.to_owned()));
    }
    let mut text = parts.join(" ");
    if let Some(class) = spec.and_then(|s| s.str_of("storageClassName")) {
        text.push_str(&format!(", storage class {class}"));
    }
    text.trim_start_matches(", ").to_owned()
}

/// Annotations that ask Prometheus to scrape the pod.
fn scrape(acc: &mut FileFacts, object: &Object<'_, '_>, template: &Node) {
    let Some(annotations) = template.at(&["metadata", "annotations"]) else {
        return;
    };
    let fields = Fields::of(annotations);
    let text = |key: &str| fields.get(key).and_then(|f| f.str());
    let Some(scrape) = fields.get("prometheus.io/scrape") else {
        return;
    };
    if scrape.node.truth() == Some(true) {
        let path = text("prometheus.io/path").unwrap_or("/metrics");
        let port = text("prometheus.io/port").map(|p| format!(" on port {p}"));
        let detail = format!("scraped at `{}`{}", object.name, port.unwrap_or_default());
        mark(
            acc,
            object.file,
            scrape.lines(),
            Topic::Metric,
            path,
            Some(detail),
        );
    }
}
