//! Addresses of neighbours in configuration files of products: Prometheus, Grafana, Logstash,
//! collectors, brokers.

use crate::addresses::names_audience;
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, Client, FileFacts, Property};
use crate::paths;
use crate::secrets;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "config-addresses",
    docs: "\
### What it finds
`scheme://host` and `host:port` in configuration files, where the host is a name without dots, as
services have inside one network; in sections of a collector also variables, with the section, in a
pipeline of Logstash also the host that an option names alone.
Resolvers keep those that somebody answers to. The keys of
secrets that have a value in such a file; never the value.

### What it does not find
Public addresses, bare names without port, files beyond 64 KiB, contracts, translations of what an
interface says, and manifests of Kubernetes, Compose and CI, which have extractors of their own.
",
    reads: &[Reads::Paths(&[
        "*.yml",
        "*.yaml",
        "*.conf",
        "*.cfg",
        "*.ini",
        "*.toml",
        "*.properties",
        "*.conf.template",
        "*.config",
        "*.river",
        "*.alloy",
        "*.json",
        "*.vcl",
        "*.tmpl",
        "*.tpl",
        "*.hjson",
        "*.template",
    ])],
    markers: &[
        "://",
        "assword",
        "ecret",
        "api_key",
        "apiKey",
        "oken",
        ":80",
        ":90",
        ":30",
        ":50",
        ":43",
        ":92",
        ":56",
        ":27",
        ":63",
        ":33",
        ":54",
        ":60",
        ":12",
        ":31",
        ":$",
        "=>",
        "receivers:",
    ],
    run: extract,
};

const LONGEST: usize = 64 * 1024;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // What a tool locked is no configuration: a version stands there under the name of a package.
    if file.text.len() > LONGEST
        || paths::is_translation(file.path)
        || paths::is_lock_file(file.path)
        || is_other(file)
        || is_collection(file)
        || (acc.facts.iter()).any(|f| matches!(f.claim, Claim::Deployable(_)))
        || super::helm::is_template(file.path) && super::kubernetes::is_helm(file.text)
    {
        return;
    }
    // Of a file of sections each key is told with its own.
    let of_tool = is_of_tool(file.name()) || is_body(file.path) || super::ini_settings::reads(file);
    let of_pipeline = is_pipeline(file);
    let mut part = None;
    let mut indent = usize::MAX;
    for (number, line) in file.text.lines().enumerate() {
        if !line.starts_with([' ', '#', '\t', '-']) && !line.trim().is_empty() {
            part = collector_part(line);
            indent = usize::MAX;
        } else if matches!(part, Some(RECEIVER | CONSUMER)) {
            part = Some(receiver(line, &mut indent, part.unwrap_or(RECEIVER)));
        }
        let line = line.trim();
        if line.starts_with(['#', ';']) || line.starts_with("//") || line.len() > 1000 {
            continue;
        }
        if let Some(key) = secret_key(line).filter(|_| !of_tool) {
            let property = Property {
                commented: false,
                key: key.to_owned(),
                value: None,
                secret: true,
                profile: None,
            };
            let at = number as u32 + 1;
            acc.add(file, at, at, Claim::Property(property));
        }
        let mut found = match names_audience(line.split([':', '=']).next().unwrap_or(line)) {
            true => Vec::new(),
            false => targets(line),
        };
        if part.is_some() {
            found.extend(variables(line));
        }
        if of_pipeline && found.is_empty() {
            found.extend(host_of_plugin(line));
        }
        for target in found {
            let at = number as u32 + 1;
            let protocol = target
                .split_once("://")
                .map_or("tcp", |(scheme, _)| scheme)
                .to_owned();
            let target = secrets::without_credentials(&target);
            let client = Client {
                protocol,
                target: Some(target),
                method: None,
                library: part.map(str::to_owned),
                operation: None,
            };
            acc.add(file, at, at, Claim::Client(client));
        }
    }
}

/// The key of a line that gives a secret a value of its own: by its name, or as the password in
/// the address of a store. Variables, references and stand-ins are no values.
fn secret_key(line: &str) -> Option<&str> {
    let at = line.find([':', '='])?;
    let key = line[..at].trim().trim_matches(['"', '\'']);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if key.is_empty() || !key.chars().all(plain) {
        return None;
    }
    let value = line[at + 1..].trim().trim_end_matches(',');
    let text = value.trim_matches(['"', '\'']);
    // A word between quotes, or one word; what goes on in a block is none.
    let open = text.is_empty()
        || text.contains(['$', '{', '<', '('])
        || matches!(text, "true" | "false" | "null" | "|" | ">" | "~")
        || text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        || (text == value && text.contains(' '))
        // What people read, and no program would be given.
        || !text.is_ascii()
        || is_shown(key);
    if open || secrets::is_placeholder(key, text) || secrets::is_prose(text) {
        return None;
    }
    let credentials = || {
        let (_, rest) = text.split_once("://")?;
        let (user, _) = rest.split_once('@')?;
        let (_, password) = user.split_once(':')?;
        (!password.is_empty() && !user.contains('/')).then_some(())
    };
    let named = secrets::is_secret_name(key) && !text.contains("://") && !text.starts_with('/');
    (named || credentials().is_some()).then_some(key)
}

/// Whether a key names what an interface shows, beside those that no key of a secret ends with:
/// `form.password.tooltip`.
fn is_shown(key: &str) -> bool {
    const SHOWN: [&str; 6] = ["message", "tooltip", "hint", "help", "caption", "heading"];
    let last = key.rsplit(['.', '_', '-']).next().unwrap_or(key);
    SHOWN.iter().any(|word| last.eq_ignore_ascii_case(word))
}

/// What a top-level key of a collector's configuration says of the addresses below it
/// (<https://opentelemetry.io/docs/collector/configuration/>).
fn collector_part(line: &str) -> Option<&'static str> {
    match line.trim_end() {
        "receivers:" => Some(RECEIVER),
        "exporters:" => Some(EXPORTER),
        "extensions:" | "processors:" => Some(EXTENSION),
        _ => None,
    }
}

/// Whether a file is a pipeline of Logstash: sections of plugins whose options stand before `=>`
/// (<https://www.elastic.co/docs/reference/logstash/configuration-file-structure>).
fn is_pipeline(file: &SourceFile<'_>) -> bool {
    let section = |line: &str| {
        let name = line.trim_end().strip_suffix('{').map(str::trim);
        matches!(name, Some("input" | "output"))
    };
    file.name().ends_with(".conf") && file.text.contains("=>") && file.text.lines().any(section)
}

/// The host that an option of a plugin names alone: `host => "broker"`.
fn host_of_plugin(line: &str) -> Option<String> {
    let (option, value) = line.split_once("=>")?;
    let value = value.trim().trim_matches(['[', ']', ' ']);
    let name = value.strip_prefix('"')?.strip_suffix('"')?;
    let is_host = matches!(option.trim(), "host" | "hosts" | "server");
    (is_host && is_neighbour(name)).then(|| name.to_owned())
}

/// Which kind of receiver a line below `receivers:` stands in: the names of receivers stand at the
/// indent of the first.
fn receiver(line: &str, indent: &mut usize, before: &'static str) -> &'static str {
    let text = line.trim_start();
    if text.is_empty() || text.starts_with('#') {
        return before;
    }
    let depth = line.len() - text.len();
    if *indent == usize::MAX {
        *indent = depth;
    }
    if depth != *indent {
        return before;
    }
    let name = text.split([':', '/']).next().unwrap_or(text);
    if MESSAGES.contains(&name) {
        CONSUMER
    } else {
        RECEIVER
    }
}

/// Receivers that take telemetry out of a broker
/// (<https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver>).
const MESSAGES: [&str; 5] = [
    "azureeventhub",
    "googlecloudpubsub",
    "kafka",
    "pulsar",
    "solace",
];

/// Marks an address that a collector fetches from.
pub(crate) const RECEIVER: &str = "collector receiver";
/// Marks the broker that a collector takes messages from.
pub(crate) const CONSUMER: &str = "collector consumer";
/// Marks an address that an extension or processor of a collector speaks with.
pub(crate) const EXTENSION: &str = "collector extension";
/// Marks an address that a collector sends to.
pub(crate) const EXPORTER: &str = "collector exporter";

/// Whether a file holds requests that a person sends with a client for trying interfaces: Postman, Insomnia,
/// Thunder Client. What it logs in with is of that client.
fn is_collection(file: &SourceFile<'_>) -> bool {
    const MARKS: [&str; 5] = [
        "\"Thunder Client\"",
        "\"_postman_id\"",
        "\"_postman_variable_scope\"",
        "schema.getpostman.com",
        "\"insomnia",
    ];
    file.name().ends_with(".json") && MARKS.iter().any(|mark| file.text.contains(mark))
}

/// Whether a file shows what a caller sends or is answered: `api/requests/users-update.json`.
fn is_body(path: &str) -> bool {
    const FOLDERS: [&str; 5] = ["payloads", "request", "requests", "response", "responses"];
    let mut folders = path.split('/').rev().skip(1);
    path.ends_with(".json") && folders.any(|folder| FOLDERS.contains(&folder))
}

/// Whether a file sets a compiler, a linter or a code generator: what it names are options.
fn is_of_tool(name: &str) -> bool {
    const BEGINS: [&str; 14] = [
        ".eslintrc",
        ".prettierrc",
        ".stylelintrc",
        "babel.config",
        "biome.json",
        "eslint.config",
        "jsconfig",
        "lerna.json",
        "nswag",
        "nx.json",
        "openapitools",
        "renovate",
        "tsconfig",
        "turbo.json",
    ];
    let name = name.to_ascii_lowercase();
    BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Files with a reader of their own, and files that configure a build.
fn is_other(file: &SourceFile<'_>) -> bool {
    let name = file.name().to_ascii_lowercase();
    let path = file.path.to_ascii_lowercase();
    const NAMES: [&str; 12] = [
        "package.json",
        "package-lock.json",
        "tsconfig.json",
        "composer.json",
        "cargo.toml",
        "pyproject.toml",
        "pnpm-lock.yaml",
        "launchsettings.json",
        "mkdocs.yml",
        "angular.json",
        "skaffold.yaml",
        "chart.yaml",
    ];
    let head = |word: &str| {
        file.text
            .lines()
            .take(40)
            .any(|l| l.trim_start().starts_with(word))
    };
    NAMES.contains(&name.as_str())
        || name.contains("compose")
        || path.starts_with(".github/")
        || path.contains("/.github/")
        || name.starts_with(".travis")
        || name.starts_with(".gitlab-ci")
        || name.ends_with(".schema.json")
        || head("openapi:")
        || head("swagger:")
        || head("\"openapi\"")
        || head("\"swagger\"")
        || head("asyncapi:")
        || (file.text.contains("apiVersion:") && file.text.contains("kind:"))
}

/// `scheme://name…` and `name:port` of one line.
pub(super) fn targets(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    // Whatever is found has a colon in it.
    if !line.as_bytes().contains(&b':') {
        return all;
    }
    let separators = |c: char| c.is_whitespace() || "\"'`<>()[],;|=".contains(c);
    for word in line
        .split(separators)
        .filter(|word| word.as_bytes().contains(&b':'))
    {
        // `targets: [a:1]` leaves words such as `url:http://x`; a YAML key ends with a colon.
        let word = match word.find("://") {
            Some(at) => {
                let outside = |c: char| !c.is_ascii_alphanumeric() && !"+-:".contains(c);
                let start = word[..at].char_indices().rfind(|(_, c)| outside(*c));
                // The mark before an address may be a wide one.
                let word = &word[start.map_or(0, |(s, c)| s + c.len_utf8())..];
                // `URI:http://x` of CMake and environments; only JDBC schemes have two parts.
                match word.split_once(':') {
                    Some((first, rest))
                        if rest.contains("://") && !matches!(first, "jdbc" | "r2dbc") =>
                    {
                        rest
                    }
                    _ => word,
                }
            }
            None => word,
        };
        if let Some((scheme, rest)) = word.split_once("://") {
            let authority = rest.split(['/', '?']).next().unwrap_or(rest);
            let host = authority.rsplit('@').next().unwrap_or(authority);
            let open = host.starts_with("${");
            let host = match host.find('}').filter(|_| open) {
                Some(end) => &host[..=end],
                None => host.split(':').next().unwrap_or(host),
            };
            if !scheme.is_empty() && is_neighbour(host) {
                let word = word.trim_end_matches('.');
                all.push(
                    if open {
                        word
                    } else {
                        word.trim_end_matches('}')
                    }
                    .to_owned(),
                );
            }
        } else if let Some((host, port)) = word.split_once("}:${")
            && word.starts_with("${")
            && port.ends_with('}')
            && !host.contains('/')
        {
            all.push(word.to_owned());
        } else if let Some((host, port)) = word.rsplit_once(':')
            && (2..=5).contains(&port.len())
            && port.bytes().all(|b| b.is_ascii_digit())
            && is_neighbour(host)
        {
            all.push(word.to_owned());
        }
    }
    all
}

/// The name of a host that stands alone behind a key for one: `"HOST": "shop-db"`,
/// `host = shop-db`, `<host>shop-db</host>`, or as the default of a variable, `get("DB_HOST", "shop-db")`.
pub(super) fn named_host(line: &str) -> Option<String> {
    let marks = |c: char| c.is_whitespace() || "\"'`()[]{},;=:<>".contains(c);
    let line = line.find("</").map_or(line, |end| &line[..end]);
    let mut words = line.split(marks).filter(|word| !word.is_empty());
    let mut last = words.next_back()?;
    if last.len() < 6 && last.bytes().all(|b| b.is_ascii_digit()) {
        last = words.next_back()?;
    }
    let key = words.next_back()?;
    let named = crate::resolve::address::is_address_key(key);
    (named && last.contains('-') && is_neighbour(last)).then(|| last.to_owned())
}

/// What only a collector's sections are read for: `${KAFKA_ADDR}` alone, `ad:${AD_PORT}`.
fn variables(line: &str) -> Vec<String> {
    let separators = |c: char| c.is_whitespace() || "\"'`[],".contains(c);
    let address = |name: &str| {
        let name = name.strip_prefix("env:").unwrap_or(name);
        crate::resolve::address::is_address_key(name)
    };
    let wanted = |word: &&str| {
        let Some(inner) = word.strip_suffix('}') else {
            return false;
        };
        match inner.split_once("${") {
            Some(("", name)) => !name.contains(['$', '{', '}']) && address(name),
            Some((host, _)) => host.strip_suffix(':').is_some_and(is_neighbour),
            None => false,
        }
    };
    line.split(separators)
        .filter(wanted)
        .map(str::to_owned)
        .collect()
}

/// A name as services have inside one network, or a variable.
fn is_neighbour(host: &str) -> bool {
    let name = host.len() > 1
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        && host.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && host != "localhost";
    let cluster = host.contains(".svc") && !host.contains('/');
    let variable = host
        .strip_prefix("${")
        .and_then(|h| h.strip_suffix('}'))
        .map(|h| h.strip_prefix("env:").unwrap_or(h))
        .is_some_and(|h| h.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    name || cluster || variable
}
