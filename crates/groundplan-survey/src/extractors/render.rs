//! Blueprints of Render.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::{Fields, env_from, env_value};
use crate::facts::{Claim, Deployable, FileFacts};
use crate::secrets;
use crate::source::{SourceFile, join};
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "render",
    docs: "\
### What it finds
Services, workers, scheduled jobs, static sites, key-value stores and databases of `render.yaml`, with
folder, Dockerfile or image, start command, schedule, health check, instances, region and variables;
variables that hold an address of another service or of a database
(<https://render.com/docs/blueprint-spec>).

### What it does not find
Groups of variables and preview environments.
",
    reads: &[Reads::Paths(&["render.yaml"])],
    markers: &["services", "databases"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        if root.get("apiVersion").is_some() {
            continue;
        }
        for service in root.get("services").map(Node::items).unwrap_or_default() {
            let (Some(kind), Some(name)) = (service.str_of("type"), service.str_of("name")) else {
                continue;
            };
            let made = match kind {
                "redis" | "keyvalue" => store(file, service, kind, name, "redis"),
                "web" | "pserv" | "worker" | "cron" | "static" => {
                    program(file, service, kind, name)
                }
                _ => continue,
            };
            acc.add(
                file,
                service.first,
                service.last,
                Claim::Deployable(Box::new(made)),
            );
        }
        for database in root.get("databases").map(Node::items).unwrap_or_default() {
            if let Some(name) = database.str_of("name") {
                let made = store(file, database, "database", name, "postgresql");
                acc.add(
                    file,
                    database.first,
                    database.last,
                    Claim::Deployable(Box::new(made)),
                );
            }
        }
    }
}

fn store(file: &SourceFile<'_>, node: &Node, kind: &str, name: &str, engine: &str) -> Deployable {
    let mut made = Deployable {
        source: "render".to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        ..Deployable::default()
    };
    let engine = file.placed(engine.to_owned(), node.first);
    made.attributes.push(("engine".to_owned(), engine));
    copy(
        file,
        node,
        &mut made,
        &[
            ("postgresMajorVersion", "engine.version"),
            ("region", "region"),
        ],
    );
    made
}

fn program(file: &SourceFile<'_>, node: &Node, kind: &str, name: &str) -> Deployable {
    let mut made = Deployable {
        source: "render".to_owned(),
        kind: match kind {
            "cron" => "CronJob".to_owned(),
            _ => kind.to_owned(),
        },
        name: name.to_owned(),
        ..Deployable::default()
    };
    let fields = Fields::of(node);
    let image = node.at(&["image", "url"]);
    match image.and_then(|n| Some((n.str()?, n.first))) {
        Some((url, line)) => made.image = Some(file.placed(url.to_owned(), line)),
        None => {
            let root = fields
                .get("rootDir")
                .or_else(|| fields.get("dockerContext"));
            let path = root.as_ref().and_then(|r| r.str()).unwrap_or(".");
            let line = root.as_ref().map_or(node.first, |r| r.lines().0);
            made.build = join("", path.trim_start_matches("./")).map(|p| file.placed(p, line));
            let written = node.str_of("dockerfilePath");
            made.dockerfile = written.and_then(|p| join("", p.trim_start_matches("./")));
        }
    }
    let command = fields
        .get("startCommand")
        .or_else(|| fields.get("dockerCommand"));
    if let Some(field) = command
        && let Some(text) = field.str()
    {
        made.command = Some(field.place(file, text.to_owned()));
    }
    let keys = [
        ("numInstances", "replicas"),
        ("healthCheckPath", "health-check"),
        ("schedule", "schedule"),
        ("region", "region"),
    ];
    copy(file, node, &mut made, &keys);
    for given in node.get("envVars").map(Node::items).unwrap_or_default() {
        let Some(name) = given.str_of("key") else {
            continue;
        };
        let at = file.evidence(given.first, given.last);
        let other = given
            .get("fromDatabase")
            .or_else(|| given.get("fromService"));
        let hidden = given.get("generateValue").is_some() || given.get("sync").is_some();
        made.env.push(
            match (other.and_then(|o| o.str_of("name")), given.str_of("value")) {
                (Some(other), _) => {
                    let link = file.placed(other.to_owned(), given.first);
                    made.links.push(link);
                    env_from(name, format!("endpoint:{other}"), false, at)
                }
                (None, Some(value)) => env_value(name, value, at),
                (None, None) => {
                    // What is asked for on deployment need be no secret.
                    let secret = hidden && secrets::is_secret_name(name);
                    match secret {
                        true => env_from(name, "secret:".to_owned(), true, at),
                        false => env_value(name, "", at),
                    }
                }
            },
        );
    }
    made
}

fn copy(file: &SourceFile<'_>, node: &Node, made: &mut Deployable, keys: &[(&str, &str)]) {
    let fields = Fields::of(node);
    for (key, attribute) in keys {
        if let Some(field) = fields.get(key)
            && let Some(text) = field.str()
        {
            let value = field.place(file, text.to_owned());
            made.attributes.push(((*attribute).to_owned(), value));
        }
    }
}
