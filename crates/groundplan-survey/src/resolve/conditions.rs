//! Conditions that stand in one file and hold for what stands in others.

use crate::extractors::java_marks::CACHE_SWITCH;
use crate::facts::Claim;
use crate::resolve::cache_times;
use crate::resolve::world::World;
use groundplan_model::{Blueprint, Evidence, Provenance, Topic};
use std::collections::BTreeMap;

/// Caches of annotations work only where something switches them on: its condition is theirs.
pub(super) fn join(blueprint: &mut Blueprint) {
    cache_times::join(blueprint);
    let mut found: BTreeMap<Option<String>, (String, Provenance)> = BTreeMap::new();
    blueprint.observations.retain(|o| {
        let switch = o.topic == Topic::CacheUse && o.name == CACHE_SWITCH;
        if let (true, Some(detail)) = (switch, &o.detail) {
            let condition = (detail.clone(), o.provenance.clone());
            found.entry(o.element.clone()).or_insert(condition);
        }
        !switch
    });
    for observation in &mut blueprint.observations {
        if observation.topic == Topic::CacheUse
            && let Some((condition, at)) = found.get(&observation.element)
        {
            observation.detail = Some(match observation.detail.take() {
                Some(detail) => format!("{detail}, {condition}"),
                None => condition.clone(),
            });
            let places = at.evidence.iter().cloned();
            observation.provenance = observation.provenance.clone().and(places);
        }
    }
}

/// What a guard names, its definition says elsewhere: `Policy = Policies.Elevated` asks for what the policy
/// `Elevated` is made of, where there is one of that name.
pub(super) fn with_policies(blueprint: &mut Blueprint) {
    let mut made: BTreeMap<String, Option<(String, Provenance)>> = BTreeMap::new();
    for o in &blueprint.observations {
        let asks = o.detail.as_deref().filter(|d| d.starts_with("asks for "));
        if let (Topic::Authorization, Some(asks)) = (o.topic, asks) {
            let found = Some((asks.to_owned(), o.provenance.clone()));
            let known = made.entry(o.name.clone()).or_insert_with(|| found.clone());
            if known.as_ref().map(|k| &k.0) != found.as_ref().map(|f| &f.0) {
                *known = None;
            }
        }
    }
    for o in &mut blueprint.observations {
        let named = |detail: &str| {
            let policy = detail.split_once("Policy = ")?.1.split([',', ' ']).next()?;
            let policy = policy.rsplit('.').next()?.trim_matches('"');
            made.get(policy).cloned().flatten()
        };
        if o.topic == Topic::Authorization
            && let Some(detail) = o.detail.as_mut()
            && let Some((asks, at)) = named(detail)
        {
            *detail = format!("{detail}, which {asks}");
            o.provenance = o.provenance.clone().and(at.evidence);
        }
    }
}

/// Switches of Spring are what the configuration file of their program sets them to; what an
/// annotation says of a property that is missing holds only where it is
/// (<https://docs.spring.io/spring-boot/reference/features/external-config.html>).
pub(super) fn with_defaults(blueprint: &mut Blueprint, world: &World<'_>) {
    let mut set: BTreeMap<String, BTreeMap<&str, &Evidence>> = BTreeMap::new();
    for (_, fact, aside) in world.facts_by_kind() {
        if let Claim::Property(property) = &fact.claim
            && !aside
            && property.profile.is_none()
            && is_of_spring(&fact.at.path)
            && let Some(value) = property.value.as_deref().and_then(truth)
        {
            let values = set.entry(relaxed(&property.key)).or_default();
            values.entry(value).or_insert(&fact.at);
        }
    }
    for observation in &mut blueprint.observations {
        let Some(detail) = observation
            .detail
            .as_mut()
            .filter(|_| observation.topic == Topic::FeatureFlag)
        else {
            continue;
        };
        // Programs whose files disagree decide nothing.
        let Some(values) = set
            .get(&relaxed(&observation.name))
            .filter(|values| values.len() == 1)
        else {
            continue;
        };
        let Some((value, at)) = values.first_key_value() else {
            continue;
        };
        for said in [
            "; it is out unless set",
            "on by default; ",
            "met by default; ",
        ] {
            *detail = detail.replace(said, "");
        }
        *detail = detail.replace(" is out unless this is ", " needs ");
        detail.push_str(&format!(
            "; the configuration has `{value}` unless it is changed"
        ));
        let place = std::iter::once((*at).clone());
        observation.provenance = observation.provenance.clone().and(place);
    }
}

/// Whether a file configures a program of Spring: `application.yml`, or one with a name of its own that
/// stands among the resources.
fn is_of_spring(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = [".properties", ".yml", ".yaml"];
    ends.iter().any(|end| name.ends_with(end))
        && (name.starts_with("application") || path.contains("src/main/resources/"))
}

/// The truth that a value has by default: `${AUDIT_ENABLED:true}` is true.
fn truth(value: &str) -> Option<&'static str> {
    let value = value.trim();
    let inner = value.strip_prefix("${").and_then(|v| v.strip_suffix('}'));
    let value = inner.map_or(Some(value), |v| {
        v.split_once(':').map(|(_, default)| default)
    })?;
    match value.trim() {
        "true" => Some("true"),
        "false" => Some("false"),
        _ => None,
    }
}

/// A key in the one form of its spellings: `auditLog.enabled` and `audit-log.enabled`.
fn relaxed(key: &str) -> String {
    key.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{relaxed, truth};

    #[test]
    fn defaults_of_placeholders_are_values() {
        for (value, expected) in [
            ("${AUDIT_LOG_ENABLED:true}", Some("true")),
            ("false", Some("false")),
            ("${AUDIT_LOG_ENABLED}", None),
            ("${A:${B:true}}", None),
            ("kafka", None),
        ] {
            assert_eq!(truth(value), expected, "{value}");
        }
        assert_eq!(relaxed("audit-log.enabled"), relaxed("auditLog.enabled"));
    }
}
