//! Applications of Fly.io.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{Fields, env_value, redact_command};
use crate::facts::{Claim, Deployable, FileFacts, Port};
use crate::source::{SourceFile, join};
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "fly",
    docs: "\
### What it finds
The application of `fly.toml`: what it is built from or which image it runs, its processes with their
commands, variables of the environment, ports, health checks, mounts, memory, the region, how many
machines keep running, the command that runs before a release and how machines are replaced.

### What it does not find
Secrets, databases that are attached by command, and files for other stages (`fly.staging.toml`).
",
    reads: &[Reads::Paths(&["fly.toml"])],
    markers: &["app"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.toml() else {
        return;
    };
    let known = [
        "http_service",
        "services",
        "processes",
        "build",
        "env",
        "primary_region",
    ];
    let Some(app) = root
        .str_of("app")
        .filter(|_| known.iter().any(|k| root.get(k).is_some()))
    else {
        return;
    };
    let groups = root.get("processes").map(Fields::of);
    let groups: Vec<_> = groups.iter().flat_map(Fields::iter).collect();
    if groups.is_empty() {
        let mut made = application(file, root, app);
        if let Some(command) = root.at(&["experimental", "cmd"]).map(Node::strings)
            && let Some((_, line)) = command.first()
        {
            let words: Vec<&str> = command.iter().map(|(word, _)| *word).collect();
            made.command = Some(file.placed(words.join(" "), *line));
        }
        listens(file, root, "app", &mut made);
        acc.add(file, 1, root.last, Claim::Deployable(Box::new(made)));
        return;
    }
    for group in &groups {
        let process = group.key.text.as_str();
        // The process that answers is the application to everybody else.
        let name = match process {
            "app" | "web" => app.to_owned(),
            _ => format!("{app}-{process}"),
        };
        let mut made = application(file, root, &name);
        let command = group.str().filter(|command| !command.is_empty());
        made.command = command.map(|command| group.place(file, command.to_owned()));
        listens(file, root, process, &mut made);
        let (first, last) = group.lines();
        acc.add(file, first, last, Claim::Deployable(Box::new(made)));
    }
}

/// What all processes of an application share.
fn application(file: &SourceFile<'_>, root: &Node, name: &str) -> Deployable {
    let mut made = Deployable {
        source: "fly".to_owned(),
        kind: "app".to_owned(),
        name: name.to_owned(),
        ..Deployable::default()
    };
    let build = root.get("build").map(Fields::of);
    let of_build = |key: &str| build.as_ref().and_then(|b| b.get(key));
    match of_build("image") {
        Some(image) => {
            let text = image.str().unwrap_or_default();
            made.image = Some(image.place(file, text.to_owned()));
        }
        None => {
            let line = root.get("build").map_or(1, |b| b.first);
            made.build = Some(file.placed(file.folder().to_owned(), line));
            let written = of_build("dockerfile").and_then(|f| f.str());
            made.dockerfile = written.and_then(|path| join(file.folder(), path));
        }
    }
    for field in root
        .get("env")
        .map(Fields::of)
        .iter()
        .flat_map(Fields::iter)
    {
        if let Some(value) = field.str() {
            let at = field.evidence(file);
            made.env.push(env_value(&field.key.text, value, at));
        }
    }
    let top = Fields::of(root);
    if let Some(region) = top.get("primary_region")
        && let Some(text) = region.str()
    {
        let value = region.place(file, text.to_owned());
        made.attributes.push(("region".to_owned(), value));
    }
    let deploy = root.get("deploy").map(Fields::of);
    let of_deploy = |key: &str| deploy.as_ref().and_then(|d| d.get(key));
    // One machine runs it before those of the release are started
    // (<https://fly.io/docs/reference/configuration/#run-one-off-commands-before-releasing-a-deployment>).
    if let Some(release) = of_deploy("release_command")
        && let Some(text) = release.str().filter(|text| !text.trim().is_empty())
    {
        let value = release.place(file, redact_command(text));
        made.attributes.push(("release-command".to_owned(), value));
    }
    if let Some(strategy) = of_deploy("strategy")
        && let Some(text) = strategy.str()
    {
        let value = strategy.place(file, text.to_owned());
        made.attributes.push(("deploy-strategy".to_owned(), value));
    }
    for mount in one_or_many(root.get("mounts")) {
        if let (Some(from), Some(to)) = (mount.str_of("source"), mount.str_of("destination")) {
            made.volumes
                .push(file.placed(format!("{from}:{to}"), mount.first));
        }
    }
    for machine in one_or_many(root.get("vm")) {
        let fields = Fields::of(machine);
        let memory = fields.get("memory").or_else(|| fields.get("memory_mb"));
        if let Some(memory) = memory
            && let Some(text) = memory.str()
        {
            let text = match text.bytes().all(|b| b.is_ascii_digit()) {
                true => format!("{text}Mi"),
                false => text.to_owned(),
            };
            let value = memory.place(file, text);
            made.attributes.push(("limit.memory".to_owned(), value));
            break;
        }
    }
    made
}

/// Ports and checks of the services that a process answers for.
fn listens(file: &SourceFile<'_>, root: &Node, process: &str, made: &mut Deployable) {
    // Checks of the machines, whatever service answers
    // (<https://fly.io/docs/reference/configuration/#the-checks-section>).
    let checks = root.get("checks").map(Fields::of);
    for check in checks.iter().flat_map(Fields::iter) {
        let of = check.node.get("processes").map(Node::strings);
        let of = of.unwrap_or_default();
        if of.is_empty() || of.iter().any(|(name, _)| *name == process) {
            health_check(file, check.node, made);
        }
    }
    let services = one_or_many(root.get("http_service"))
        .into_iter()
        .map(|n| (n, true));
    let others = one_or_many(root.get("services"))
        .into_iter()
        .map(|n| (n, false));
    for (service, http) in services.chain(others) {
        let of = service
            .get("processes")
            .map(Node::strings)
            .unwrap_or_default();
        // What names no process is answered for by the one that answers.
        let own = match of.is_empty() {
            true => matches!(process, "app" | "web"),
            false => of.iter().any(|(name, _)| *name == process),
        };
        if !own {
            continue;
        }
        let fields = Fields::of(service);
        let outside = match http {
            true => Some("443".to_owned()),
            false => {
                let ports = one_or_many(service.get("ports"));
                let last = ports.last().and_then(|p| p.str_of("port"));
                last.map(str::to_owned)
            }
        };
        if let Some(port) = fields.get("internal_port")
            && let Some(text) = port.str()
        {
            let value = Port {
                container: text.to_owned(),
                host: outside,
                protocol: service.str_of("protocol").map(str::to_owned),
                ..Port::default()
            };
            made.ports.push(port.place(file, value));
        }
        if let Some(least) = fields.get("min_machines_running")
            && let Some(text) = least.str()
            && text != "0"
        {
            let value = least.place(file, text.to_owned());
            made.attributes.push(("replicas".to_owned(), value));
        }
        let checks = one_or_many(service.get("checks")).into_iter();
        for check in checks.chain(one_or_many(service.get("http_checks"))) {
            health_check(file, check, made);
        }
    }
}

/// The path that a check asks for.
fn health_check(file: &SourceFile<'_>, check: &Node, made: &mut Deployable) {
    if let Some(path) = Fields::of(check).get("path")
        && let Some(text) = path.str()
    {
        let value = path.place(file, text.to_owned());
        made.attributes.push(("health-check".to_owned(), value));
    }
}

/// The tables under a key: one, or several of one name.
fn one_or_many(node: Option<&Node>) -> Vec<&Node> {
    match node {
        Some(node) if node.is_mapping() => vec![node],
        Some(node) => node.items().iter().map(|n| n.as_ref()).collect(),
        None => Vec::new(),
    }
}
