//! Ports of Compose services.

use crate::extractors::manifests::{Fields, fill};
use crate::facts::{Placed, Port};
use crate::source::SourceFile;
use groundplan_syntax::Node;

/// A longer range stays a range.
const MAX_RANGE: u32 = 32;

/// Published ports of an item of `ports`, and the host address if it is bound to one.
pub(super) fn published(file: &SourceFile<'_>, item: &Node) -> Vec<(Placed<Port>, Option<String>)> {
    let at = file.node(item);
    let found = if item.is_mapping() {
        long(item).into_iter().collect()
    } else {
        item.str().map(short).unwrap_or_default()
    };
    found
        .into_iter()
        .map(|(value, bind)| {
            let at = at.clone();
            (Placed { value, at }, bind)
        })
        .collect()
}

/// Ports of an item of `expose`.
pub(super) fn exposed(file: &SourceFile<'_>, item: &Node) -> Vec<Placed<Port>> {
    let Some(text) = item.str() else {
        return Vec::new();
    };
    let text = fill(text);
    let (numbers, protocol) = split_protocol(&text);
    range(numbers)
        .into_iter()
        .map(|container| Placed {
            value: Port {
                container,
                protocol: protocol.clone(),
                ..Port::default()
            },
            at: file.node(item),
        })
        .collect()
}

fn long(item: &Node) -> Option<(Port, Option<String>)> {
    let fields = Fields::of(item);
    let text = |name: &str| fields.get(name).and_then(|f| f.str()).map(fill);
    let host = text("published").filter(|p| !p.is_empty());
    let port = Port {
        container: text("target")?,
        dynamic: host.is_none(),
        host,
        protocol: text("protocol"),
        name: text("name").or_else(|| text("app_protocol")),
    };
    Some((port, text("host_ip")))
}

/// `[[address:]host:]container[/protocol]`, with ranges at both sides.
fn short(text: &str) -> Vec<(Port, Option<String>)> {
    let text = fill(text);
    let (text, protocol) = split_protocol(text.trim());
    let (head, container) = match text.rsplit_once(':') {
        Some((head, container)) => (Some(head), container),
        None => (None, text),
    };
    let (bind, host) = match head.and_then(|h| h.rsplit_once(':')) {
        // An address of version 6 has colons of its own, in brackets.
        Some((address, host)) if !host.ends_with(']') => (Some(address), Some(host)),
        _ => match head {
            Some(head) if head.contains(['.', '[']) => (Some(head), None),
            other => (None, other),
        },
    };
    let bind = bind.map(|b| b.trim_matches(['[', ']']).to_owned());
    let containers = range(container);
    let hosts = host.filter(|h| !h.is_empty()).map(range);
    containers
        .iter()
        .enumerate()
        .filter(|(_, container)| !container.is_empty())
        .map(|(index, container)| {
            let host = hosts.as_ref().and_then(|hosts| {
                if hosts.len() == containers.len() {
                    hosts.get(index).cloned()
                } else {
                    host.map(str::to_owned)
                }
            });
            let port = Port {
                container: container.clone(),
                dynamic: host.is_none(),
                host,
                protocol: protocol.clone(),
                name: None,
            };
            (port, bind.clone())
        })
        .collect()
}

fn split_protocol(text: &str) -> (&str, Option<String>) {
    match text.rsplit_once('/') {
        Some((numbers, protocol)) => (numbers, Some(protocol.to_ascii_lowercase())),
        None => (text, None),
    }
}

/// `3000-3002` as three ports.
fn range(text: &str) -> Vec<String> {
    let whole = vec![text.to_owned()];
    let Some((first, last)) = text.split_once('-') else {
        return whole;
    };
    let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) else {
        return whole;
    };
    if first > last || last > 65_535 || last - first >= MAX_RANGE {
        return whole;
    }
    (first..=last).map(|port| port.to_string()).collect()
}
