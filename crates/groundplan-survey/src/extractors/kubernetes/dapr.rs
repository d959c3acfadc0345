//! Components and subscriptions of Dapr, which have the form of objects also where no cluster is.

use super::object::Object;
use crate::facts::{Claim, DaprComponent, FileFacts};
use crate::resolve::address::is_address_key;
use crate::secrets;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    if object.group != "dapr.io" {
        return;
    }
    let scopes = object.node.get("scopes").map_or_else(Vec::new, |scopes| {
        let all = scopes.strings().into_iter();
        all.map(|(text, _)| text.to_owned()).collect()
    });
    let component = match object.kind {
        "Component" => {
            let Some(kind) = object.spec_str(&["type"]) else {
                return;
            };
            DaprComponent {
                name: object.name.to_owned(),
                kind: kind.to_owned(),
                scopes,
                targets: targets(object),
                topic: None,
            }
        }
        "Subscription" => {
            let Some(name) = object.spec_str(&["pubsubname"]) else {
                return;
            };
            DaprComponent {
                name: name.to_owned(),
                kind: SUBSCRIPTION.to_owned(),
                scopes,
                targets: Vec::new(),
                topic: object.spec_str(&["topic"]).map(str::to_owned),
            }
        }
        "Configuration" => return tracing(acc, object),
        _ => return,
    };
    object.claim(acc, Claim::Dapr(Box::new(component)));
}

/// Where sidecars hand their traces, and how many of them
/// (<https://docs.dapr.io/operations/observability/tracing/setup-tracing/>).
fn tracing(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let rate = object.spec_str(&["tracing", "samplingRate"]);
    let to = ["zipkin", "otel"].into_iter().find_map(|kind| {
        let address = object.spec_str(&["tracing", kind, "endpointAddress"])?;
        Some((kind, secrets::without_credentials(address)))
    });
    let (Some((kind, address)), true) = (to, rate != Some("0")) else {
        return;
    };
    let share = rate.map_or(String::new(), |rate| {
        format!(" at a sampling rate of {rate}")
    });
    let detail = format!("sidecars of Dapr hand traces to `{address}` ({kind}){share}");
    object.mark(acc, Topic::Tracing, object.name, Some(detail));
}

/// The kind of a subscription, which is no component.
pub(crate) const SUBSCRIPTION: &str = "subscription";

/// Metadata that say where the product is: `redisHost`, `brokers`, `connectionString`.
fn targets(object: &Object<'_, '_>) -> Vec<String> {
    let fields = object.spec(&["metadata"]).map_or(&[][..], Node::items);
    let mut all = Vec::new();
    for field in fields {
        let (Some(name), Some(value)) = (field.str_of("name"), field.str_of("value")) else {
            continue;
        };
        let string = name.to_ascii_lowercase().ends_with("connectionstring");
        if string && let Some(address) = secrets::connection_address(value) {
            all.push(address);
        } else if string || is_address_key(name) {
            all.extend(secrets::keep(name, value));
        }
    }
    all
}
