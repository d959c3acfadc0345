//! Configuration files of .NET services: `appsettings.json`, Ocelot, YARP.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, GatewayRoute, Property};
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Node, Value};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "dotnet-config",
    docs: "\
### What it finds
Every key of `appsettings` files with its parts joined by `:` and the environment of the file name
as profile; of connection strings the server and the database. Where a program listens that a profile of
`launchSettings.json` starts. Routes of Ocelot and of YARP with
the addresses of their clusters, whatever their section is called.

### What it does not find
Values of secrets. Variables of profiles that a developer's machine starts a program with. User secrets and files of other names.
",
    reads: &[Reads::Paths(&[
        "appsettings*.json",
        "launchSettings.json",
        "*ocelot*.json",
        "*yarp*.json",
    ])],
    markers: &[":"],
    run: extract,
};

const MAX_LEAVES: usize = 4_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if scan::is_test(file.path) {
        return;
    }
    let Some(root) = file.json() else { return };
    let name = file.name();
    if name.to_ascii_lowercase().starts_with("appsettings") {
        let profile = name
            .split('.')
            .nth(1)
            .filter(|p| !p.eq_ignore_ascii_case("json"))
            .map(str::to_owned);
        let mut left = MAX_LEAVES;
        leaves(acc, file, root, "", profile.as_deref(), 0, &mut left);
    }
    if name.eq_ignore_ascii_case("launchSettings.json") {
        return launch(acc, file, root);
    }
    ocelot(acc, file, root);
    // The section is called as the program asks for it.
    for (_, section) in root.entries() {
        yarp(acc, file, section);
    }
}

/// Where profiles of a developer's machine let a program listen. The variables that they start it with are
/// those of that machine, and no environment of the system
/// (<https://learn.microsoft.com/aspnet/core/fundamentals/environments>).
fn launch(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let Some(profiles) = root.get("profiles") else {
        return;
    };
    let mut known: Vec<&str> = Vec::new();
    for (_, profile) in profiles.entries().into_iter().take(100) {
        if let (Some(value), Some(node)) = (
            profile.str_of("applicationUrl"),
            profile.get("applicationUrl"),
        ) && !known.contains(&value)
        {
            known.push(value);
            let property = Property {
                commented: false,
                key: "applicationUrl".to_owned(),
                value: secrets::keep("applicationUrl", value),
                secret: false,
                profile: None,
            };
            acc.add(file, node.first, node.last, Claim::Property(property));
        }
    }
}

fn leaves(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    node: &Node,
    key: &str,
    profile: Option<&str>,
    depth: u32,
    left: &mut usize,
) {
    if depth > 40 || *left == 0 || key.len() > 400 {
        return;
    }
    let below = |part: &str| {
        if key.is_empty() {
            part.to_owned()
        } else {
            format!("{key}:{part}")
        }
    };
    match &node.value {
        Value::Null => {}
        Value::Scalar { text, .. } => {
            *left -= 1;
            let value = kept(key, text);
            let property = Property {
                commented: false,
                key: key.to_owned(),
                secret: secrets::is_secret_name(key) && value.is_none(),
                value,
                profile: profile.map(str::to_owned),
            };
            acc.add(file, node.first, node.last, Claim::Property(property));
            if secrets::has_password(text) {
                let property = Property {
                    commented: false,
                    key: format!("{key}:Password"),
                    value: None,
                    secret: true,
                    profile: profile.map(str::to_owned),
                };
                acc.add(file, node.first, node.last, Claim::Property(property));
            }
            if let Some(logger) = key.split("LogLevel:").nth(1) {
                let detail = Some(match profile {
                    Some(profile) => format!("{text} in profile {profile}"),
                    None => text.clone(),
                });
                scan::mark(acc, file, node.first, Topic::LogLevel, logger, detail);
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(
                    acc,
                    file,
                    item,
                    &below(&index.to_string()),
                    profile,
                    depth + 1,
                    left,
                );
            }
        }
        Value::Mapping(_) => {
            for (name, child) in node.entries() {
                leaves(
                    acc,
                    file,
                    child,
                    &below(&name.text),
                    profile,
                    depth + 1,
                    left,
                );
            }
        }
    }
}

/// A value as it may be kept: of a connection string the parts that say where.
fn kept(key: &str, value: &str) -> Option<String> {
    let named = key.to_ascii_lowercase().contains("connectionstring");
    if (named || value.contains(';'))
        && !value.contains("://")
        && let Some(address) = secrets::connection_address(value)
    {
        return Some(address);
    }
    secrets::keep(key, value)
}

/// `Routes` of Ocelot, `ReRoutes` before version 16.
fn ocelot(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    let Some(routes) = root.get("Routes").or_else(|| root.get("ReRoutes")) else {
        return;
    };
    for route in routes.items() {
        let Some(path) = route.str_of("UpstreamPathTemplate") else {
            continue;
        };
        let hosts = route
            .get("DownstreamHostAndPorts")
            .map_or(&[][..], |n| n.items());
        let mut targets: Vec<String> = hosts
            .iter()
            .filter_map(|host| {
                let name = host.str_of("Host")?;
                let port = host.str_of("Port").filter(|p| !p.is_empty());
                Some(port.map_or_else(|| name.to_owned(), |p| format!("{name}:{p}")))
            })
            .collect();
        targets.extend(route.str_of("ServiceName").map(str::to_owned));
        for target in targets {
            let claim = Claim::Route(GatewayRoute {
                class: None,
                gateway: "Ocelot".to_owned(),
                name: route.str_of("Key").map(str::to_owned),
                host: route.str_of("UpstreamHost").map(str::to_owned),
                path: Some(scan::path(path)),
                target,
                tls: false,
            });
            acc.add(file, route.first, route.last, claim);
        }
    }
}

fn yarp(acc: &mut FileFacts, file: &SourceFile<'_>, proxy: &Node) {
    let (Some(routes), Some(clusters)) = (proxy.get("Routes"), proxy.get("Clusters")) else {
        return;
    };
    for (name, route) in routes.entries() {
        let Some(destinations) = route
            .str_of("ClusterId")
            .and_then(|id| clusters.at(&[id, "Destinations"]))
        else {
            continue;
        };
        let host = route
            .at(&["Match", "Hosts"])
            .and_then(|hosts| hosts.strings().first().map(|(host, _)| (*host).to_owned()));
        for (_, destination) in destinations.entries() {
            let Some(address) = destination.str_of("Address") else {
                continue;
            };
            let claim = Claim::Route(GatewayRoute {
                class: None,
                gateway: "YARP".to_owned(),
                name: Some(name.text.clone()),
                host: host.clone(),
                path: route
                    .at(&["Match", "Path"])
                    .and_then(Node::str)
                    .map(scan::path),
                target: secrets::without_credentials(address),
                tls: false,
            });
            acc.add(file, name.line, route.last, claim);
        }
    }
}
