//! Where alerts go: receivers of Alertmanager and contact points of Grafana.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::mark;
use crate::facts::FileFacts;
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "alert-receivers",
    docs: "\
### What it finds
Receivers of Alertmanager in its own file, in a ConfigMap and in `AlertmanagerConfig` objects, with
the kind of channel each sends to; contact points that Grafana is provisioned with.

### What it does not find
Routes that choose a receiver, addresses and keys of channels, and what is set in the interface.
",
    reads: &[Reads::Languages(&[Language::Yaml])],
    markers: &[
        "_configs:",
        "slackConfigs:",
        "emailConfigs:",
        "pagerdutyConfigs:",
        "opsgenieConfigs:",
        "webhookConfigs:",
        "msteamsConfigs:",
        "telegramConfigs:",
        "discordConfigs:",
        "contactPoints:",
    ],
    run: extract,
};

/// Keys of a receiver, with what they send to
/// (<https://prometheus.io/docs/alerting/latest/configuration/#receiver>).
const CHANNELS: [(&str, &str); 14] = [
    ("discord", "Discord"),
    ("email", "mail"),
    ("jira", "Jira"),
    ("msteams", "Microsoft Teams"),
    ("msteamsv2", "Microsoft Teams"),
    ("opsgenie", "Opsgenie"),
    ("pagerduty", "PagerDuty"),
    ("pushover", "Pushover"),
    ("slack", "Slack"),
    ("sns", "Amazon SNS"),
    ("telegram", "Telegram"),
    ("victorops", "VictorOps"),
    ("webhook", "a webhook"),
    ("wechat", "WeChat"),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    // A template of Helm is no YAML before it is filled in.
    if file.path.contains("/templates/") && file.text.contains("{{-") {
        return;
    }
    for root in file.yaml() {
        receivers(acc, file, root, 0);
        if let Some(spec) = root.get("spec") {
            receivers(acc, file, spec, 0);
        }
        points(acc, file, root);
        if root.str_of("kind") != Some("ConfigMap") {
            continue;
        }
        for (key, node) in root.get("data").map(Node::entries).unwrap_or_default() {
            if let Some(text) = node.str().filter(|t| t.contains("receivers:")) {
                let (documents, _) = groundplan_syntax::yaml(text);
                for document in &documents {
                    receivers(acc, file, document, key.line);
                }
            }
        }
    }
}

/// The channel that a key of a receiver is for: `slack_configs`, `slackConfigs`.
fn channel(key: &str) -> Option<&'static str> {
    let kind = key
        .strip_suffix("_configs")
        .or_else(|| key.strip_suffix("Configs"))?;
    kind_of(&kind.to_ascii_lowercase())
}

fn kind_of(kind: &str) -> Option<&'static str> {
    let known = CHANNELS.iter().find(|(k, _)| *k == kind);
    known.map(|(_, channel)| *channel)
}

fn receivers(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node, offset: u32) {
    for receiver in root.get("receivers").map(Node::items).unwrap_or_default() {
        let Some(name) = receiver.str_of("name") else {
            continue;
        };
        for (key, node) in receiver.entries() {
            if let Some(channel) = channel(&key.text) {
                let lines = (key.line + offset, node.last.max(key.line) + offset);
                add(acc, file, lines, name, channel);
            }
        }
    }
}

/// Contact points of Grafana
/// (<https://grafana.com/docs/grafana/latest/alerting/set-up/provision-alerting-resources/file-provisioning/>).
fn points(acc: &mut FileFacts, file: &SourceFile<'_>, root: &Node) {
    for point in root
        .get("contactPoints")
        .map(Node::items)
        .unwrap_or_default()
    {
        let Some(name) = point.str_of("name") else {
            continue;
        };
        for receiver in point.get("receivers").map(Node::items).unwrap_or_default() {
            let kind = receiver.str_of("type").unwrap_or_default();
            let kind = match kind {
                "teams" => "msteams",
                other => other,
            };
            if let Some(channel) = kind_of(kind) {
                add(acc, file, (receiver.first, receiver.last), name, channel);
            }
        }
    }
}

fn add(acc: &mut FileFacts, file: &SourceFile<'_>, lines: (u32, u32), name: &str, channel: &str) {
    let detail = Some(channel.to_owned());
    mark(acc, file, lines, Topic::AlertReceiver, name, detail);
}
