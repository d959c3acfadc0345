//! Bases that the configuration of a framework puts before all paths of a program.

use crate::facts::Property;
use crate::http_paths::{self, UNREAD};
use std::collections::BTreeMap;

/// Keys, the framework whose routes stand below their value, and their order.
const KEYS: [(&str, &str, u8); 12] = [
    ("server.servlet.context-path", "spring-web", 0),
    ("server.servlet.contextpath", "spring-web", 0),
    ("server.context-path", "spring-web", 0),
    ("server.contextpath", "spring-web", 0),
    ("spring.webflux.base-path", "spring-web", 0),
    ("spring.mvc.servlet.path", "spring-web", 1),
    ("micronaut.server.context-path", "micronaut", 0),
    ("quarkus.http.root-path", "jax-rs", 0),
    ("quarkus.rest.path", "jax-rs", 1),
    ("quarkus.resteasy.path", "jax-rs", 1),
    ("quarkus.resteasy-reactive.path", "jax-rs", 1),
    ("server.servlet.path", "spring-web", 1),
];

/// Project and framework.
type Of<'f> = (Option<usize>, &'f str);

/// What was read of bases, outer and inner, by project and framework.
#[derive(Debug, Default)]
pub(crate) struct ConfiguredBases {
    all: BTreeMap<Of<'static>, [Option<String>; 2]>,
}

impl ConfiguredBases {
    /// Takes in a property; those of a single profile hold only there.
    pub(crate) fn add(&mut self, project: Option<usize>, property: &Property) {
        if property.profile.is_some() {
            return;
        }
        let key = property.key.to_ascii_lowercase();
        let Some(&(_, framework, order)) = KEYS.iter().find(|(k, ..)| *k == key) else {
            return;
        };
        let Some(value) = property.value.as_deref().and_then(resolved) else {
            return;
        };
        let prefix = http_paths::prefix(value);
        let known = self.all.entry((project, framework)).or_default();
        if let Some(slot) = known.get_mut(usize::from(order)) {
            match slot {
                Some(before) if *before != prefix => UNREAD.clone_into(before),
                _ => *slot = Some(prefix),
            }
        }
    }

    /// The base of each project and framework that has one.
    pub(crate) fn all(self) -> impl Iterator<Item = (Of<'static>, String)> {
        self.all.into_iter().filter_map(|(of, parts)| {
            let whole: String = parts.into_iter().flatten().collect();
            (!whole.is_empty()).then(|| (of, http_paths::from_unread(whole)))
        })
    }
}

/// A value, or the default of a placeholder; none for one that only the environment gives.
fn resolved(value: &str) -> Option<&str> {
    let value = value.trim();
    match value.strip_prefix("${").and_then(|v| v.strip_suffix('}')) {
        Some(inner) => inner.split_once(':').map(|(_, default)| default),
        None => Some(value),
    }
    .filter(|v| !v.contains(['$', '@', '{']))
}
