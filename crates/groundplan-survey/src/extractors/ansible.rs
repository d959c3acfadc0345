//! Playbooks and inventories of Ansible.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{env_value, mark};
use crate::facts::{Claim, Deployable, FileFacts, Port};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "ansible",
    docs: "\
### What it finds
Plays with the hosts they are for and the roles they apply; containers that tasks start
(`docker_container`, `podman_container`) with image, ports and variables; groups of hosts of an
inventory in INI form, with the number of their hosts
(<https://docs.ansible.com/ansible/latest/playbook_guide/>).

### What it does not find
Values of variables, what tasks of roles install, inventories that programs make.
",
    reads: &[
        Reads::Languages(&[Language::Yaml]),
        Reads::Paths(&[
            "hosts",
            "hosts.ini",
            "inventory",
            "inventory.ini",
            "**/inventory/*.ini",
        ]),
    ],
    markers: &[
        "hosts:",
        "docker_container",
        "podman_container",
        "ansible_",
        "[all]",
    ],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.language != Language::Yaml {
        return inventory(acc, file);
    }
    for root in file.yaml() {
        for item in root.items() {
            play(acc, file, item);
            task(acc, file, item, 0);
        }
    }
}

/// A play: `hosts` beside roles or tasks.
fn play(acc: &mut FileFacts, file: &SourceFile<'_>, item: &Node) {
    let Some(hosts) = item.str_of("hosts") else {
        return;
    };
    let roles = item.get("roles").map(Node::items).unwrap_or_default();
    let tasks = ["tasks", "pre_tasks", "post_tasks"];
    if roles.is_empty() && !tasks.iter().any(|key| item.get(key).is_some()) {
        return;
    }
    let names: Vec<String> = roles
        .iter()
        .filter_map(|r| {
            r.str()
                .or_else(|| r.str_of("role"))
                .or_else(|| r.str_of("name"))
        })
        .filter(|name| !name.contains("{{"))
        .map(|name| format!("`{name}`"))
        .collect();
    if !names.is_empty() && !hosts.contains("{{") {
        let detail = format!("Ansible applies {}", names.join(", "));
        let lines = (item.first, item.last);
        mark(acc, file, lines, Topic::Host, hosts, Some(detail));
    }
    for key in tasks {
        for inner in item.get(key).map(Node::items).unwrap_or_default() {
            task(acc, file, inner, 1);
        }
    }
}

/// A container that a task starts; tasks of blocks count.
fn task(acc: &mut FileFacts, file: &SourceFile<'_>, item: &Node, depth: u32) {
    for inner in item.get("block").map(Node::items).unwrap_or_default() {
        if depth < 4 {
            task(acc, file, inner, depth + 1);
        }
    }
    const MODULES: [&str; 4] = [
        "docker_container",
        "community.docker.docker_container",
        "podman_container",
        "containers.podman.podman_container",
    ];
    let Some(given) = MODULES.iter().find_map(|name| item.get(name)) else {
        return;
    };
    let (Some(name), Some(image)) = (given.str_of("name"), given.get("image")) else {
        return;
    };
    let gone = given
        .str_of("state")
        .is_some_and(|s| s == "absent" || s == "stopped");
    let looped = ["loop", "with_items"]
        .iter()
        .any(|key| item.get(key).is_some());
    if gone || looped || name.contains("{{") {
        return;
    }
    let mut made = Deployable {
        source: "ansible".to_owned(),
        kind: "container".to_owned(),
        name: name.to_owned(),
        ..Deployable::default()
    };
    if let Some(text) = image.str().filter(|t| !t.contains("{{")) {
        made.image = Some(file.placed(text.to_owned(), image.first));
    }
    for port in given
        .get("published_ports")
        .or_else(|| given.get("ports"))
        .into_iter()
        .flat_map(Node::items)
    {
        let Some(text) = port.str().filter(|t| !t.contains("{{")) else {
            continue;
        };
        let mut parts = text.rsplit(':');
        let container = parts.next().unwrap_or(text).to_owned();
        let host = parts.next().map(str::to_owned);
        let port_of = Port {
            container,
            host,
            ..Port::default()
        };
        made.ports.push(file.placed(port_of, port.first));
    }
    for (key, value) in given.get("env").map(Node::entries).unwrap_or_default() {
        if let Some(text) = value.str().filter(|t| !t.contains("{{")) {
            let at = file.evidence(key.line, value.last.max(key.line));
            made.env.push(env_value(&key.text, text, at));
        }
    }
    for network in given.get("networks").map(Node::items).unwrap_or_default() {
        let name = network.str_of("name").or_else(|| network.str());
        made.networks.extend(name.map(str::to_owned));
        let aliases = network
            .get("aliases")
            .map(Node::strings)
            .unwrap_or_default();
        made.aliases
            .extend(aliases.into_iter().map(|(a, _)| a.to_owned()));
    }
    acc.add(
        file,
        item.first,
        item.last,
        Claim::Deployable(Box::new(made)),
    );
}

/// Groups of an inventory: `[web]` and the hosts below it.
fn inventory(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut open: Option<(&str, u32, u32, usize)> = None;
    let mut groups = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            groups.extend(open.take());
            // Variables and groups of groups hold no hosts.
            open = (!name.contains(':')).then_some((name, number, number, 0));
        } else if let Some((_, _, last, count)) = &mut open {
            *last = number;
            *count += 1;
        }
    }
    groups.extend(open);
    for (name, first, last, count) in groups {
        if count == 0 {
            continue;
        }
        let hosts = match count {
            1 => "one host".to_owned(),
            n => format!("{n} hosts"),
        };
        let detail = format!("a group of {hosts} of the inventory of Ansible");
        mark(acc, file, (first, last), Topic::Host, name, Some(detail));
    }
}
