//! ConfigMaps, Secrets and what stands for them.

use super::object::Object;
use crate::extractors::manifests::{Field, Fields, env_value, mark};
use crate::extractors::{config_addresses, nginx};
use crate::facts::{Claim, ConfigData, EnvValue, FileFacts, Placed};
use groundplan_model::Topic;
use groundplan_syntax::Node;

/// Addresses of one ConfigMap beyond this are left out.
const MAX_ADDRESSES: usize = 300;

pub(super) fn read(acc: &mut FileFacts, object: &Object<'_, '_>) {
    match (object.kind, object.group) {
        ("ConfigMap", "") => {
            let mut entries = Vec::new();
            let mut addresses = Vec::new();
            for field in fields(object.node.get("data")) {
                if let Some(value) = field.str() {
                    let at = field.evidence(object.file);
                    // A literal block keeps its lines, so what stands in it can be cited.
                    let (first, last) = field.lines();
                    let literal = (last - first) as usize == value.trim_end().lines().count();
                    if literal && value.contains("_pass ") {
                        nginx::embedded(acc, object.file, value, first);
                    }
                    if literal {
                        noted(object, value, first, &mut addresses);
                    }
                    entries.push(env_value(&field.key.text, value, at));
                }
            }
            for field in fields(object.node.get("binaryData")) {
                entries.push(key_only(object, &field, false));
            }
            let data = ConfigData {
                name: object.name.to_owned(),
                secret: false,
                entries,
                addresses,
            };
            object.claim(acc, Claim::ConfigData(data));
        }
        ("Secret", "") => {
            let mut entries = Vec::new();
            for key in ["data", "stringData"] {
                for field in fields(object.node.get(key)) {
                    entries.push(key_only(object, &field, true));
                }
            }
            entries.sort_by_key(|entry| entry.at.lines);
            let data = ConfigData {
                name: object.name.to_owned(),
                secret: true,
                entries,
                ..ConfigData::default()
            };
            object.claim(acc, Claim::ConfigData(data));
        }
        ("SealedSecret", _) => {
            for field in fields(object.spec(&["encryptedData"])) {
                let name = format!("{}/{}", object.name, field.key.text);
                let detail = Some("sealed in the repository".to_owned());
                mark(
                    acc,
                    object.file,
                    field.lines(),
                    Topic::SecretReference,
                    name,
                    detail,
                );
            }
        }
        ("ExternalSecret", _) => external_secret(acc, object),
        ("SecretProviderClass", _) => {
            let provider = object.spec_str(&["provider"]).unwrap_or("a provider");
            let detail = Some(format!("mounted from {provider}"));
            object.mark(acc, Topic::SecretReference, object.name, detail);
        }
        _ => {}
    }
}

fn fields(node: Option<&Node>) -> Vec<Field<'_>> {
    node.map(|n| Fields::of(n).iter().collect())
        .unwrap_or_default()
}

fn key_only(object: &Object<'_, '_>, field: &Field<'_>, secret: bool) -> EnvValue {
    EnvValue {
        name: field.key.text.clone(),
        value: None,
        from: None,
        secret,
        at: field.evidence(object.file),
    }
}

/// Adds the addresses in a file that stands in an entry whose key is on line `first`.
fn noted(object: &Object<'_, '_>, text: &str, first: u32, all: &mut Vec<Placed<String>>) {
    for (line, number) in text.lines().zip(first + 1..) {
        let line = line.trim();
        if line.starts_with(['#', ';']) || line.starts_with("//") || line.len() > 1000 {
            continue;
        }
        let mut found = config_addresses::targets(line);
        found.extend(config_addresses::named_host(line));
        for target in found {
            if all.len() >= MAX_ADDRESSES {
                return;
            }
            let target = crate::secrets::without_credentials(&target);
            all.push(object.file.placed(target, number));
        }
    }
}

fn external_secret(acc: &mut FileFacts, object: &Object<'_, '_>) {
    let target = object.spec_str(&["target", "name"]).unwrap_or(object.name);
    let store = object
        .spec_str(&["secretStoreRef", "name"])
        .or_else(|| object.spec_str(&["backendType"]));
    let from = |remote: Option<&str>| {
        let store = store
            .map(|s| format!(" of store `{s}`"))
            .unwrap_or_default();
        remote.map(|remote| format!("from `{remote}`{store}"))
    };
    let mut found = false;
    for item in object.spec(&["data"]).map_or(&[][..], Node::items) {
        let key = item.str_of("secretKey").or_else(|| item.str_of("name"));
        let remote = item.at(&["remoteRef", "key"]).and_then(Node::str);
        let remote = remote.or_else(|| item.str_of("key"));
        let name = format!("{target}/{}", key.unwrap_or_default());
        let lines = (item.first, item.last);
        mark(
            acc,
            object.file,
            lines,
            Topic::SecretReference,
            name,
            from(remote),
        );
        found = true;
    }
    for item in object.spec(&["dataFrom"]).map_or(&[][..], Node::items) {
        let remote = item.at(&["extract", "key"]).and_then(Node::str);
        let remote = remote.or_else(|| item.str_of("key"));
        let lines = (item.first, item.last);
        mark(
            acc,
            object.file,
            lines,
            Topic::SecretReference,
            target,
            from(remote),
        );
        found = true;
    }
    if !found {
        let detail = store.map(|store| format!("of store `{store}`"));
        object.mark(acc, Topic::SecretReference, target, detail);
    }
}
