//! Brokers of MQTT that programs of Elixir connect to.

use crate::elixir::{self, Statement};
use crate::extractor::{Extractor, Reads};
use crate::extractors::ecto_stores::environment;
use crate::facts::{Claim, ConfiguredStore, FileFacts};
use crate::paths;
use crate::scan;
use crate::secrets;
use crate::source::SourceFile;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "elixir-brokers",
    docs: "\
### What it finds
Connections to a broker of MQTT that Tortoise, Tortoise311 or emqtt open
(<https://hexdocs.pm/tortoise311>, <https://hexdocs.pm/emqtt>), with the host where it is written beside, and
where `config/*.exs` says under a key that is named for MQTT that the broker is: `host` and `port` with the
variables of the environment behind them.

### What it does not find
Settings that functions of the program give when it starts, other libraries, brokers of tests.
",
    reads: &[Reads::Paths(&["*.ex", "**/config/*.exs"])],
    markers: &["Tortoise", "emqtt", "mqtt:", ":mqtt", "Mqtt", "MQTT"],
    run: extract,
};

/// Blocks in blocks at most.
const DEEPEST: u32 = 12;

/// What the framework keeps there, by the word that joins connections with their settings.
const PURPOSE: &str = "messages of MQTT";

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || scan::is_test(file.path) || file.name() == "test.exs" {
        return;
    }
    let all = elixir::statements(file.text);
    match file.path.ends_with(".exs") {
        true => settings(acc, file, &all, 0),
        false => connections(acc, file, &all, 0),
    }
}

/// The library that a statement opens a connection with, and what the connection is given.
fn library(text: &str) -> Option<(&'static str, &str)> {
    const OPENED: [(&str, &str); 9] = [
        ("Tortoise311.Connection,", "Tortoise311"),
        ("Tortoise311.Connection.start_link", "Tortoise311"),
        ("Tortoise311.Supervisor.start_child", "Tortoise311"),
        ("Tortoise.Connection,", "Tortoise"),
        ("Tortoise.Connection.start_link", "Tortoise"),
        ("Tortoise.Supervisor.start_child", "Tortoise"),
        (":emqtt.start_link", "emqtt"),
        (":emqtt.connect", "emqtt"),
        ("Emqtt.start_link", "emqtt"),
    ];
    OPENED.iter().find_map(|(words, library)| {
        let rest = text.split_once(words)?.1;
        Some((*library, own(rest)))
    })
}

/// What stands behind a word up to where the bracket around it is closed: what follows belongs to another.
fn own(rest: &str) -> &str {
    elixir::closed(rest.strip_prefix('(').unwrap_or(rest)).unwrap_or(rest)
}

fn connections(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement], depth: u32) {
    if depth > DEEPEST {
        return;
    }
    for statement in all {
        // A macro makes modules of others, and documentation shows what others write.
        if statement.word == "quote" || statement.word.ends_with("doc") {
            continue;
        }
        let text = format!("{} {}", statement.word, statement.arguments.join(", "));
        // `:emqtt` begins with no word.
        if let Some((library, given)) = library(&text) {
            let store = ConfiguredStore {
                purpose: PURPOSE.to_owned(),
                product: "mqtt".to_owned(),
                library: library.to_owned(),
                targets: host(given).into_iter().collect(),
                ..ConfiguredStore::default()
            };
            let (first, last) = statement.lines;
            acc.add(file, first, last, Claim::Store(Box::new(store)));
        }
        connections(acc, file, &statement.body, depth + 1);
    }
}

/// The host that a connection is given as a literal: `host: "broker"`, `{:host, 'broker'}`.
fn host(text: &str) -> Option<String> {
    let (before, rest) = ["host: ", "{:host, "]
        .iter()
        .find_map(|word| text.split_once(word))?;
    // `vhost: ` is something else.
    if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = rest.get(1..)?.split_once(quote)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let whole = !name.is_empty() && name.chars().all(plain);
    whole.then(|| format!("mqtt://{name}"))
}

/// `config :shop, :mqtt, host: System.get_env("MQTT_HOST"), port: 1883`
fn settings(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Statement], depth: u32) {
    if depth > DEEPEST {
        return;
    }
    for statement in all {
        let named = |name: &String| {
            let last = name.rsplit(['.', ':']).next().unwrap_or(name);
            scan::snake(last).split('_').any(|word| word == "mqtt")
        };
        let is_named = statement.arguments.get(1).is_some_and(named);
        if statement.word != "config" || !is_named {
            settings(acc, file, &statement.body, depth + 1);
            continue;
        }
        let none = BTreeMap::new();
        let text = |key: &str| environment(statement.option(key)?, &none);
        let Some(host) = text("host").or_else(|| text("hostname")) else {
            continue;
        };
        let port = text("port").map(|port| format!(":{port}"));
        let target = match host.contains("://") {
            true => host,
            false => format!("mqtt://{host}{}", port.unwrap_or_default()),
        };
        let profile = match file.name() {
            "prod.exs" => Some("production"),
            "dev.exs" => Some("development"),
            _ => None,
        };
        let store = ConfiguredStore {
            purpose: PURPOSE.to_owned(),
            targets: vec![secrets::without_credentials(&target)],
            profile: profile.map(str::to_owned),
            ..ConfiguredStore::default()
        };
        let (first, last) = statement.lines;
        acc.add(file, first, last, Claim::Store(Box::new(store)));
    }
}

#[cfg(test)]
mod tests {
    use super::{host, library};

    #[test]
    fn connections_with_their_host() {
        let text = " {Tortoise311.Connection, [client_id: id, server: {Tortoise311.Transport.Tcp, host: \"broker\", port: 1883}]}";
        let found = library(text).map(|(library, given)| (library, host(given)));
        let wanted = Some("mqtt://broker".to_owned());
        assert_eq!(found, Some(("Tortoise311", wanted)));
        let text = " {:ok, pid} = :emqtt.start_link([{:host, 'broker.local'}])";
        let found = library(text).map(|(library, given)| (library, host(given)));
        let wanted = Some("mqtt://broker.local".to_owned());
        assert_eq!(found, Some(("emqtt", wanted)));
        let text = "children = [{Tortoise.Connection, options}, {Redix, host: \"cache\"}]";
        let found = library(text).map(|(library, given)| (library, host(given)));
        assert_eq!(found, Some(("Tortoise", None)));
        assert_eq!(host("host: opts[:host]"), None);
    }
}
