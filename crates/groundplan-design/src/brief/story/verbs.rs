//! Verbs of the vocabulary by every form that a brief may have them in.
//!
//! A brief asks for thousands of words whether they are verbs; bending the whole list for each was
//! most of the work of reading one.

use super::passive::{american, past};
use super::{Act, third};
use groundplan_knowledge::design_tables;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Forms of the verbs; of two verbs with the same form the first of the list has it.
pub(super) struct Verbs {
    /// Base and third person of the verbs that make, read or change, and whether it is the third
    /// person.
    pub(super) bases: BTreeMap<String, (&'static str, Act, bool)>,
    /// Third person of the verbs that are also nouns.
    pub(super) bent_passive: BTreeSet<String>,
    /// Participles of the verbs of one word.
    pub(super) participles: BTreeMap<String, (&'static str, Act)>,
}

/// The forms, made at the first call.
pub(super) fn verbs() -> &'static Verbs {
    static VERBS: OnceLock<Verbs> = OnceLock::new();
    VERBS.get_or_init(|| {
        let mut made = Verbs {
            bases: BTreeMap::new(),
            bent_passive: BTreeSet::new(),
            participles: BTreeMap::new(),
        };
        for (class, all) in &design_tables().vocabulary.verbs {
            let act = match class.as_str() {
                "create" => Act::Create,
                "read" => Act::Read,
                _ => Act::Change,
            };
            for verb in all {
                let verb = verb.as_str();
                if class == "passive" {
                    made.bent_passive.insert(third(verb));
                } else {
                    let head = verb.split(' ').next().unwrap_or(verb);
                    let plain = made.bases.entry(head.to_owned());
                    plain.or_insert((verb, act, false));
                    let bent = made.bases.entry(third(head));
                    bent.or_insert((verb, act, true));
                }
                if !verb.contains(' ') {
                    let done = made.participles.entry(past(verb));
                    done.or_insert((verb, act));
                    if let Some(form) = american(verb) {
                        let done = made.participles.entry(form.to_owned());
                        done.or_insert((verb, act));
                    }
                }
            }
        }
        made
    })
}
