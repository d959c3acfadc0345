//! Jobs of HashiCorp Nomad.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::env_value;
use crate::facts::{Claim, Deployable, FileFacts, Placed, Port};
use crate::source::SourceFile;
use groundplan_syntax::hcl::{self, Block};
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "nomad",
    docs: "\
### What it finds
Tasks of the groups of a job with image, command, variables, ports, number, memory, volumes and health
checks; the services under which others find them, the upstreams of their proxies, and the services
that their templates ask the catalogue for; batch jobs and their schedule
(<https://developer.hashicorp.com/nomad/docs/job-specification>).

### What it does not find
Values of variables that have no default, packs, and jobs in JSON.
",
    reads: &[Reads::Paths(&["*.nomad", "*.nomad.hcl", "*.hcl"])],
    markers: &["task \"", "task  \""],
    run: extract,
};

/// Tasks of one file beyond these are left out.
const MAX_TASKS: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let blocks = hcl::hcl(file.text);
    let mut variables: BTreeMap<&str, &str> = BTreeMap::new();
    for block in blocks.iter().filter(|b| b.kind == "variable") {
        if let (Some(name), Some(default)) = (block.labels.first(), block.get("default")) {
            variables.extend(hcl::literal(default.value).map(|text| (*name, text)));
        }
    }
    let mut left = MAX_TASKS;
    for job in blocks.iter().filter(|b| b.kind == "job") {
        let Some(name) = job.labels.first() else {
            continue;
        };
        let groups: Vec<&Block<'_>> = job.inner("group").collect();
        for group in &groups {
            let tasks: Vec<&Block<'_>> = group
                .inner("task")
                .filter(|t| t.get("driver").is_some())
                .collect();
            let helpers = |t: &&&Block<'_>| t.inner("lifecycle").next().is_none();
            let main = tasks.iter().filter(helpers).count();
            for task in tasks.iter().filter(helpers) {
                if left == 0 {
                    return;
                }
                left -= 1;
                let label = task.labels.first().copied().unwrap_or(name);
                // A job of one task is known by its own name.
                let called = match groups.len() == 1 && main == 1 {
                    true => *name,
                    false => label,
                };
                let reader = Reader {
                    file,
                    variables: &variables,
                };
                let made = reader.task(job, group, task, called, main == 1);
                let (first, last) = task.lines;
                acc.add(file, first, last, Claim::Deployable(Box::new(made)));
            }
        }
    }
}

struct Reader<'r, 't> {
    file: &'r SourceFile<'t>,
    variables: &'r BTreeMap<&'t str, &'t str>,
}

impl Reader<'_, '_> {
    fn task(
        &self,
        job: &Block<'_>,
        group: &Block<'_>,
        task: &Block<'_>,
        name: &str,
        only: bool,
    ) -> Deployable {
        let kind = self.text(job, "type").map(|k| k.value);
        let periodic = job.inner("periodic").next();
        let mut made = Deployable {
            source: "nomad".to_owned(),
            kind: match (kind.as_deref(), periodic) {
                (_, Some(_)) => "CronJob",
                (Some("batch"), None) => "Job",
                _ => "service",
            }
            .to_owned(),
            name: name.to_owned(),
            ..Deployable::default()
        };
        if let Some(config) = task.inner("config").next() {
            made.image = self.text(config, "image");
            made.command = self.command(config);
        }
        self.services(task, &mut made);
        self.templates(task, &mut made);
        for env in task.inner("env") {
            for variable in &env.attributes {
                if let Some(value) = self.value(variable.value) {
                    let (first, last) = variable.lines;
                    let at = self.file.evidence(first, last);
                    made.env.push(env_value(variable.name, &value, at));
                }
            }
        }
        if let Some(resources) = task.inner("resources").next()
            && let Some(mut memory) = self.text(resources, "memory")
        {
            memory.value.push_str("Mi");
            made.attributes.push(("limit.memory".to_owned(), memory));
        }
        if let Some(count) = self.text(group, "count") {
            made.attributes.push(("replicas".to_owned(), count));
        }
        let when = periodic.and_then(|p| self.text(p, "cron"));
        made.attributes
            .extend(when.map(|w| ("schedule".to_owned(), w)));
        for mount in task.inner("volume_mount") {
            if let (Some(volume), Some(to)) =
                (self.text(mount, "volume"), self.text(mount, "destination"))
            {
                let value = format!("{}:{}", volume.value, to.value);
                let at = volume.at;
                made.volumes.push(Placed { value, at });
            }
        }
        // Of several tasks in a group those that publish a port name it.
        if only {
            self.services(group, &mut made);
            for port in group.inner("network").flat_map(|n| n.inner("port")) {
                self.port(port, &mut made);
            }
        }
        made.aliases.retain(|alias| *alias != name);
        made.aliases.sort();
        made.aliases.dedup();
        made
    }

    fn port(&self, port: &Block<'_>, made: &mut Deployable) {
        let (inside, outside) = (self.text(port, "to"), self.text(port, "static"));
        let Some(container) = inside.or_else(|| outside.clone()) else {
            return;
        };
        let value = Port {
            container: container.value,
            dynamic: outside.is_none(),
            host: outside.map(|p| p.value),
            name: port.labels.first().map(|l| (*l).to_owned()),
            ..Port::default()
        };
        made.ports.push(Placed {
            value,
            at: container.at,
        });
    }

    /// Names in the catalogue, checks and upstreams of the services of a group or task.
    fn services(&self, block: &Block<'_>, made: &mut Deployable) {
        for service in block.inner("service") {
            if let Some(name) = self.text(service, "name")
                && !name.value.contains('$')
            {
                made.aliases.push(format!("{}.service.consul", name.value));
                made.aliases.push(name.value);
            }
            for check in service.inner("check") {
                if let Some(path) = self.text(check, "path") {
                    made.attributes.push(("health-check".to_owned(), path));
                }
            }
            let sidecars = service
                .inner("connect")
                .flat_map(|c| c.inner("sidecar_service"));
            let upstreams = sidecars
                .flat_map(|s| s.inner("proxy"))
                .flat_map(|p| p.inner("upstreams"));
            for upstream in upstreams {
                made.links.extend(self.text(upstream, "destination_name"));
            }
        }
    }

    /// Services that templates ask for: `{{ range service "orders" }}`, `{{ range nomadService "db" }}`.
    fn templates(&self, task: &Block<'_>, made: &mut Deployable) {
        for template in task.inner("template") {
            let Some(data) = template.get("data") else {
                continue;
            };
            for (at, line) in data.value.lines().enumerate() {
                for word in ["service \"", "nomadService \"", "connect \""] {
                    let inside = line.contains("{{");
                    let Some((_, rest)) = line.split_once(word).filter(|_| inside) else {
                        continue;
                    };
                    // A tag may stand before the name.
                    let name = rest.split('"').next().unwrap_or_default();
                    let name = name.rsplit('.').next().unwrap_or(name);
                    let number = data.lines.0 + at as u32;
                    if !name.is_empty() && !made.links.iter().any(|l| l.value == name) {
                        made.links.push(self.file.placed(name.to_owned(), number));
                    }
                    break;
                }
            }
        }
    }

    fn command(&self, config: &Block<'_>) -> Option<Placed<String>> {
        let command = self.text(config, "command");
        let args = config.get("args");
        let words: Vec<&str> = args
            .iter()
            .flat_map(|a| hcl::list(a.value, a.lines.0))
            .filter_map(|(item, _)| hcl::literal(item))
            .collect();
        match (command, args) {
            (Some(mut command), _) => {
                for word in words {
                    command.value.push(' ');
                    command.value.push_str(word);
                }
                Some(command)
            }
            (None, Some(args)) if !words.is_empty() => {
                Some(self.file.placed(words.join(" "), args.lines.0))
            }
            _ => None,
        }
    }

    fn text(&self, block: &Block<'_>, name: &str) -> Option<Placed<String>> {
        let attribute = block.get(name)?;
        let value = self.value(attribute.value)?;
        Some(self.file.placed(value, attribute.lines.0))
    }

    /// The text of an expression, with defaults of variables.
    fn value(&self, expression: &str) -> Option<String> {
        if let Some(text) = hcl::literal(expression) {
            return Some(text.to_owned());
        }
        if let Some(name) = expression.strip_prefix("var.") {
            return self.variables.get(name).map(|text| (*text).to_owned());
        }
        let mut text = expression.strip_prefix('"')?.strip_suffix('"')?.to_owned();
        for (name, value) in self.variables {
            text = text.replace(&format!("${{var.{name}}}"), value);
        }
        (!text.contains("${")).then_some(text)
    }
}
