//! Hosts with their ports in configuration files of a program's own form.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Property};
use crate::paths;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use groundplan_model::EnvironmentTier;
use groundplan_syntax::{Node, Value};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "own-settings",
    docs: "\
### What it finds
In files of settings that no framework names (`config.json`, `configuration.yaml`, `settings.toml` and the
like) the sections that hold a host and a port beside each other: both as settings under the names of their
sections, with the word of the environment in the name of the file as profile.

### What it does not find
Hosts without a port in the same section, ports that are no number, files of tests and of editors, files
that deploy something, and files beyond 64 KiB.
",
    reads: &[Reads::Paths(&[
        "**/*config*.json",
        "**/*config*.yaml",
        "**/*config*.yml",
        "**/*config*.toml",
        "**/*settings*.json",
        "**/*settings*.yaml",
        "**/*settings*.yml",
        "**/*settings*.toml",
        "**/conf/*.yaml",
        "**/conf/*.yml",
        "**/conf/*.toml",
        "**/configs/*.json",
        "**/configs/*.yaml",
        "**/configs/*.yml",
        "**/configs/*.toml",
    ])],
    markers: &["port", "Port", "PORT"],
    run: extract,
};

const LONGEST: usize = 64 * 1024;
const MOST: usize = 200;
const DEEPEST: u32 = 12;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.text.len() > LONGEST
        || scan::is_test(file.path)
        || paths::is_translation(file.path)
        || paths::is_lock_file(file.path)
        || is_of_others(file)
        || !acc.facts.is_empty() && acc.facts.iter().any(|f| is_read(&f.claim))
    {
        return;
    }
    let name = file.name().to_ascii_lowercase();
    let profile = profile(&name);
    if profile.as_deref().map(crate::resolve::environments::tier) == Some(EnvironmentTier::Test) {
        return;
    }
    let mut left = MOST;
    let mut add = |node: &Node| section(acc, file, node, "", profile.as_deref(), 0, &mut left);
    match name.rsplit('.').next() {
        Some("json") => file.json().into_iter().for_each(&mut add),
        Some("toml") => {
            if let Ok(root) = groundplan_syntax::toml(file.text) {
                add(&root);
            }
        }
        _ => file.yaml().iter().for_each(|root| add(root)),
    }
}

/// Whether a claim says that the file has a reader of its own.
fn is_read(claim: &Claim) -> bool {
    matches!(
        claim,
        Claim::Deployable(_)
            | Claim::ConfigData(_)
            | Claim::Package(_)
            | Claim::Pipeline(_)
            | Claim::Property(Property { value: Some(_), .. })
    )
}

/// Configuration of tools: of builds, editors, linters, clusters.
fn is_of_others(file: &SourceFile<'_>) -> bool {
    let name = file.name().to_ascii_lowercase();
    const NAMES: [&str; 7] = [
        "appsettings",
        "launchsettings",
        "tsconfig",
        "jsconfig",
        "nest-cli",
        "babel",
        "compose",
    ];
    NAMES.iter().any(|word| name.contains(word))
        || file.path.split('/').any(|part| part.starts_with('.'))
        || file.text.contains("apiVersion:") && file.text.contains("kind:")
}

/// The word of an environment in the name of a file: `config.development.json`.
fn profile(name: &str) -> Option<String> {
    use crate::resolve::environments::tier;
    let mut words = name.split(['.', '-', '_']);
    words
        .find(|word| tier(word) != EnvironmentTier::Other)
        .map(str::to_owned)
}

/// A section of a file, and those inside of it.
fn section(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    node: &Node,
    key: &str,
    profile: Option<&str>,
    depth: u32,
    left: &mut usize,
) {
    if depth > DEEPEST || key.len() > 300 {
        return;
    }
    let below = |part: &str| match key {
        "" => part.to_owned(),
        _ => format!("{key}.{part}"),
    };
    if let Value::Sequence(items) = &node.value {
        for (index, item) in items.iter().enumerate() {
            section(
                acc,
                file,
                item,
                &below(&index.to_string()),
                profile,
                depth + 1,
                left,
            );
        }
        return;
    }
    let entries = node.entries();
    let text = |node: &Node| match &node.value {
        Value::Scalar { text, .. } => Some(text.trim().to_owned()),
        _ => None,
    };
    let host = entries.iter().find(|(name, value)| {
        is_host(&name.text) && text(value).is_some_and(|t| !t.is_empty() && !t.contains(' '))
    });
    let ports: Vec<_> = entries
        .iter()
        .filter(|(name, value)| {
            name.text.to_ascii_lowercase().ends_with("port")
                && text(value).is_some_and(|t| is_number(&t))
        })
        .collect();
    if let Some((name, value)) = host
        && !ports.is_empty()
        && *left > 0
    {
        *left -= 1;
        let host_at = (value.first, value.last);
        let host_text = text(value).unwrap_or_default();
        // Where several ports are told, each stands beside the host.
        let plain = ports
            .iter()
            .find(|(n, _)| n.text.eq_ignore_ascii_case("port"));
        let told: Vec<_> = match plain {
            Some(only) => vec![*only],
            None => ports,
        };
        for (port_name, port) in told {
            let prefix = &port_name.text[..port_name.text.len() - "port".len()];
            let own = match prefix {
                "" => below(&name.text),
                _ => below(&format!("{prefix}Host")),
            };
            let pairs = [
                (own, host_text.clone(), host_at),
                (
                    below(&port_name.text),
                    text(port).unwrap_or_default(),
                    (port.first, port.last),
                ),
            ];
            for (key, value, (first, last)) in pairs {
                let property = Property {
                    commented: false,
                    value: secrets::keep(&key, &value),
                    key,
                    secret: false,
                    profile: profile.map(str::to_owned),
                };
                acc.add(file, first, last, Claim::Property(property));
            }
        }
    }
    for (name, child) in entries {
        if matches!(child.value, Value::Mapping(_) | Value::Sequence(_)) {
            section(
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

fn is_number(text: &str) -> bool {
    (2..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_host(key: &str) -> bool {
    const NAMES: [&str; 6] = ["host", "hostname", "host_name", "address", "addr", "server"];
    NAMES.iter().any(|name| key.eq_ignore_ascii_case(name))
}
