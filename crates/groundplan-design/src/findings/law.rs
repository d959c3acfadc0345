//! What the law asks for against what else the brief asks for.

use super::{Finding, push};
use crate::brief::Brief;
use groundplan_model::Severity;

/// Places where data must stay, against each other, against hosting, and against what clouds have.
pub(super) fn places(brief: &Brief, all: &mut Vec<Finding>) {
    let Some((region, _)) = brief.residency.iter().next() else {
        return;
    };
    // A place of which no provider's region is known.
    let known = &groundplan_knowledge::design_tables().vocabulary.regions;
    let unknown: Vec<&String> = brief
        .residency
        .keys()
        .filter(|place| !known.contains_key(*place))
        .collect();
    if let Some(first) = unknown.first() {
        let names: Vec<String> = unknown
            .iter()
            .map(|n| crate::blueprint::capital(n))
            .collect();
        let here = brief.residency.get(*first).cloned().unwrap_or_default();
        push(
            all,
            "C-RESIDENCY-REGION",
            Severity::Warning,
            here,
            format!(
                "data must stay in {}, and no region of a large cloud is known there: zones, prices and services of the design are those of other places",
                names.join(" and in ")
            ),
            vec![
                format!(
                    "run it on machines of one's own or of a local provider in {}, and ask for its list of services",
                    names.join(" and ")
                ),
                "ask legal which data the rule binds, and whether a copy abroad is allowed"
                    .to_owned(),
            ],
        );
    }
    let elsewhere = brief
        .hosting
        .iter()
        .find(|(host, _)| !brief.residency.contains_key(*host));
    let second = brief.residency.keys().nth(1).map(String::as_str);
    if let Some((host, here)) = elsewhere {
        push(
            all,
            "C-RESIDENCY",
            Severity::Warning,
            here.clone(),
            format!(
                "data must stay in {}, and hosting in {} is demanded",
                region.to_uppercase(),
                host.to_uppercase()
            ),
            vec![
                format!(
                    "drop the demand for hosting in {} and host in {}",
                    host.to_uppercase(),
                    region.to_uppercase()
                ),
                "ask legal whether the residency rule binds all data".to_owned(),
            ],
        );
    } else if let Some(second) = second {
        let here = brief.residency.get(second).cloned().unwrap_or_default();
        push(
            all,
            "C-RESIDENCY",
            Severity::Warning,
            here,
            format!(
                "data must stay in {} and in {}",
                region.to_uppercase(),
                second.to_uppercase()
            ),
            vec!["keep tenants of each region in a cell of their own".to_owned()],
        );
    }
}

/// What is to be kept without an end although the law limits it.
pub(super) fn endless(brief: &Brief, all: &mut Vec<Finding>) {
    if !brief.packs.contains_key("gdpr") {
        return;
    }
    for kept in &brief.endless {
        let personal = kept.is_personal();
        push(
            all,
            match personal {
                true => "C-KEEP-FOREVER",
                false => "W-KEEP-FOREVER",
            },
            Severity::Warning,
            kept.place.clone(),
            format!(
                "“{}” {} GDPR Art. 5(1)(e), storage limitation: personal data has a period that its purpose explains, and ends before by erasure (Art. 17)",
                kept.period,
                match personal {
                    true => "contradicts",
                    false => "holds only for what is not about people, by",
                }
            ),
            vec![
                "state a period for each purpose, and what it runs from; the table of retention has proposals".to_owned(),
                "keep it longer with the consent of the person, asked for again before it runs out".to_owned(),
                "keep figures without persons, or anonymised records, as long as you like".to_owned(),
            ],
        );
    }
}
