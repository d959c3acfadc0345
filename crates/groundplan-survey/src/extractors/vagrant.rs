//! Machines of Vagrant.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::mark;
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "vagrant",
    docs: "\
### What it finds
Machines of a `Vagrantfile` with box, memory, ports that are passed on and what provisions them
(<https://developer.hashicorp.com/vagrant/docs/vagrantfile>).

### What it does not find
Machines that loops define, and what the provisioning installs.
",
    reads: &[Reads::Paths(&["Vagrantfile"])],
    markers: &["Vagrant.configure"],
    run: extract,
};

/// A machine: its name, the lines, and what is told of it.
#[derive(Default)]
struct Machine<'t> {
    name: &'t str,
    lines: (u32, u32),
    image: Option<&'t str>,
    memory: Option<&'t str>,
    ports: Vec<String>,
    provisioners: Vec<&'t str>,
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut common = Machine::default();
    let mut all: Vec<Machine<'_>> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        if let Some(name) = between(line, ".vm.define") {
            all.push(Machine {
                name,
                lines: (number, number),
                ..Machine::default()
            });
        }
        let machine = all.last_mut().unwrap_or(&mut common);
        let mut known = true;
        if line.contains(".vm.box ") || line.contains(".vm.box=") {
            machine.image = between(line, ".vm.box");
        } else if line.contains(".memory") && line.contains('=') {
            let value = line.split_once('=').map(|(_, v)| v.trim());
            machine.memory = value.map(|v| v.trim_matches(['"', '\'']));
        } else if line.contains("forwarded_port") {
            let port = |key: &str| {
                let rest = line
                    .split_once(key)?
                    .1
                    .trim_start_matches([':', '=', '>', ' ']);
                let end = rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len());
                Some(rest[..end].to_owned()).filter(|p| !p.is_empty())
            };
            if let (Some(guest), Some(host)) = (port("guest"), port("host")) {
                machine.ports.push(format!("{host} to {guest}"));
            }
        } else if line.contains(".vm.provision") {
            let rest = line.split_once(".vm.provision").map_or("", |(_, r)| r);
            let word = rest.trim_start_matches(['(', ' ', ':', '"', '\'']);
            let end = word.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            machine
                .provisioners
                .push(&word[..end.unwrap_or(word.len())]);
        } else {
            known = false;
        }
        if known {
            machine.lines.1 = number;
            if machine.lines.0 == 0 {
                machine.lines.0 = number;
            }
        }
    }
    let image = common.image;
    if all.is_empty() && image.is_some() {
        common.name = "default";
        all.push(std::mem::take(&mut common));
    }
    for machine in all {
        let mut parts = Vec::new();
        let own = machine.image.or(image);
        parts.extend(own.map(|image| format!("`{image}`")));
        let memory = machine.memory.or(common.memory);
        parts.extend(
            memory
                .filter(|m| m.bytes().all(|b| b.is_ascii_digit()))
                .map(|m| format!("{m} MiB of memory")),
        );
        if !machine.ports.is_empty() {
            parts.push(format!("passes on port {}", machine.ports.join(", ")));
        }
        let mut provisioners = [&common.provisioners[..], &machine.provisioners[..]].concat();
        provisioners.dedup();
        if !provisioners.is_empty() {
            parts.push(format!("set up by {}", provisioners.join(", ")));
        }
        let detail = format!("a machine of Vagrant for development: {}", parts.join(", "));
        mark(
            acc,
            file,
            machine.lines,
            Topic::Host,
            machine.name,
            Some(detail),
        );
    }
}

/// The first text in quotes behind a word.
fn between<'t>(line: &'t str, word: &str) -> Option<&'t str> {
    let rest = line.split_once(word)?.1;
    let at = rest.find(['"', '\''])?;
    let quote = rest[at..].chars().next()?;
    rest[at + 1..].split(quote).next().filter(|t| !t.is_empty())
}
