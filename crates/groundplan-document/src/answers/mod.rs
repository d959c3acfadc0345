//! The answers, one file for each subject area, and the registry that finds them by key.

mod alerts;
mod associations;
mod caches;
mod call_failures;
mod calls;
mod charted;
mod checked;
mod columns;
mod compared;
mod components;
mod composed;
mod configuration;
mod connections;
mod control;
mod conventions;
mod data;
mod ddl;
mod decisions;
mod delivery;
pub(crate) mod deployment;
mod externals;
mod failures;
mod flows;
mod found;
pub(crate) mod framework_choices;
pub(crate) mod goals;
mod hosted;
mod identity;
mod images;
mod interfaces;
mod logs;
mod migrations;
mod observability;
mod operation_guards;
mod operation_words;
mod operations;
mod outcomes;
mod own_databases;
mod packages;
mod people;
mod platform;
pub(crate) mod protection;
mod qualities;
mod quality;
mod queues;
mod read_path;
mod releases;
mod retention;
mod roadmap;
mod rollouts;
mod scaling;
pub(crate) mod schemas;
mod secrets;
mod security;
mod seen;
pub(crate) use seen::is_task_file;
mod sizes;
mod sockets;
mod storage;
mod store_hints;
mod structure;
mod style;
mod technology;
mod testing;
mod text_search;
mod threats;
mod tools;
mod traces;
mod trials;
mod use_cases;
mod volumes;

use crate::answer::Record;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Lists the answers of a file: `"key": function, "what it answers";`.
macro_rules! records {
    ($($key:literal: $run:expr, $docs:literal;)*) => {
        pub(super) static ANSWERS: &[crate::answer::Record] = &[
            $(crate::answer::Record { key: $key, docs: $docs, run: $run }),*
        ];
    };
}
use records;

/// The files, in the order of the alphabet.
static AREAS: &[&[Record]] = &[
    alerts::ANSWERS,
    caches::ANSWERS,
    compared::ANSWERS,
    components::ANSWERS,
    configuration::ANSWERS,
    control::ANSWERS,
    conventions::ANSWERS,
    data::ANSWERS,
    decisions::ANSWERS,
    delivery::ANSWERS,
    deployment::ANSWERS,
    externals::ANSWERS,
    flows::ANSWERS,
    goals::ANSWERS,
    identity::ANSWERS,
    images::ANSWERS,
    interfaces::ANSWERS,
    logs::ANSWERS,
    observability::ANSWERS,
    operations::ANSWERS,
    people::ANSWERS,
    platform::ANSWERS,
    protection::ANSWERS,
    qualities::ANSWERS,
    quality::ANSWERS,
    queues::ANSWERS,
    releases::ANSWERS,
    retention::ANSWERS,
    roadmap::ANSWERS,
    scaling::ANSWERS,
    secrets::ANSWERS,
    security::ANSWERS,
    sizes::ANSWERS,
    storage::ANSWERS,
    structure::ANSWERS,
    style::ANSWERS,
    technology::ANSWERS,
    testing::ANSWERS,
    threats::ANSWERS,
    traces::ANSWERS,
    trials::ANSWERS,
    use_cases::ANSWERS,
];

pub(crate) use interfaces::{is_partial, what};
pub(crate) use operation_words::distinct_of;
pub(crate) use schemas::types;
pub(crate) use security::ANONYMOUS;

/// The parts that need others, those at which work begins first, at most `most`.
pub(crate) fn calling<'a>(
    c: &crate::context::Context<'a>,
    most: usize,
) -> Vec<&'a groundplan_model::Element> {
    let mut all = calls::entries(c);
    all.truncate(most);
    all
}

fn registry() -> &'static BTreeMap<&'static str, &'static Record> {
    static REGISTRY: OnceLock<BTreeMap<&'static str, &'static Record>> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let all = AREAS.iter().flat_map(|area| area.iter());
        all.map(|record| (record.key, record)).collect()
    })
}

/// The answer with this key.
pub(crate) fn record(key: &str) -> Option<&'static Record> {
    registry().get(key).copied()
}

/// All keys, sorted.
pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
    registry().keys().copied()
}

/// All answers that outlines can ask for: key and what it answers, sorted by key.
pub fn answers() -> impl Iterator<Item = (&'static str, &'static str)> {
    registry().values().map(|record| (record.key, record.docs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_is_sorted_unique_and_documented() {
        let mut total = 0;
        for area in AREAS {
            assert!(
                area.is_sorted_by(|a, b| a.key < b.key),
                "not sorted: {:?}",
                area.windows(2)
                    .find(|w| w[0].key >= w[1].key)
                    .map(|w| w[1].key)
            );
            total += area.len();
            for record in *area {
                let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
                assert!(record.key.chars().all(kebab), "{}", record.key);
                assert!(
                    record.docs.len() > 12 && record.docs.ends_with('.'),
                    "{}",
                    record.key
                );
            }
        }
        assert_eq!(total, registry().len(), "a key stands twice");
    }
}
