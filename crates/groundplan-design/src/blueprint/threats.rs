//! The five heaviest threats to this system's own elements and flows, and what else its capabilities
//! bring.

use super::Maker;
use super::elements::Parts;
use groundplan_knowledge::Capability;
use groundplan_knowledge::capability::{self as pack, Stride};
use groundplan_model::{Blueprint, Evidence, Threat};
use std::collections::BTreeMap;

/// Threats beyond the five heaviest that are told, without their detection and proof.
const MORE: usize = 6;

/// Severity of likelihood times impact, each 1 to 4 (the cut of Threagile).
pub(crate) fn severity(product: u8) -> &'static str {
    match product {
        0..=1 => "low",
        2..=3 => "medium",
        4..=8 => "elevated",
        9..=12 => "high",
        _ => "critical",
    }
}

/// Whether a threat is one among tenants.
fn of_tenants(threat: &pack::Threat) -> bool {
    [&threat.story, &threat.mitigation]
        .iter()
        .any(|text| text.contains("tenant"))
}

fn letter(stride: Stride) -> &'static str {
    match stride {
        Stride::Spoofing => "S",
        Stride::Tampering => "T",
        Stride::Repudiation => "R",
        Stride::InformationDisclosure => "I",
        Stride::DenialOfService => "D",
        Stride::ElevationOfPrivilege => "E",
    }
}

/// Impact 1 to 4. Where the brief states classes of data, a disclosure weighs what the heaviest of
/// them does, and a change weighs at least that. High criticality, or a life that depends on the
/// system, weighs denial of service one more, low criticality one less; a life weighs a change one
/// more too.
fn impact(m: &Maker, threat: &pack::Threat, base: u8) -> u8 {
    let classes = m.brief.data_classes();
    let heaviest = classes.iter().map(|c| crate::brief::weight_of(c)).max();
    let by_data = match (threat.stride, heaviest) {
        (Stride::InformationDisclosure, Some(weight)) => weight,
        (Stride::Tampering, Some(weight)) => base.max(weight),
        _ => base,
    };
    let by_cost = match (threat.stride, m.brief.criticality()) {
        (Stride::DenialOfService, Some("high" | "life")) => by_data + 1,
        (Stride::DenialOfService, Some("low")) => by_data.saturating_sub(1),
        (Stride::Tampering, Some("life")) => by_data + 1,
        _ => by_data,
    };
    by_cost.clamp(1, 4)
}

/// Where the brief says what decides the impact of a threat.
fn weighed(m: &Maker, threat: &pack::Threat) -> Vec<Evidence> {
    let keys: &[&str] = match threat.stride {
        Stride::InformationDisclosure => &["data_classes"],
        Stride::DenialOfService => &["criticality"],
        Stride::Tampering if m.brief.criticality() == Some("life") => {
            &["data_classes", "criticality"]
        }
        Stride::Tampering => &["data_classes"],
        _ => &[],
    };
    let said = keys.iter().filter_map(|key| m.brief.answers.get(*key));
    said.filter_map(|s| s.place.evidence.clone()).collect()
}

/// Ranks all threats of the capabilities: likelihood times impact, one more of impact where
/// records are regulated, then the number of flows through the element. At most two of a letter,
/// at least one of spoofing and elevation.
pub(crate) fn threats(m: &Maker, parts: &Parts, b: &mut Blueprint) {
    let regulated = ["hipaa", "pci-dss"]
        .iter()
        .any(|p| m.design.inputs.packs.contains(*p));
    let touched = |id: &str| {
        let steps =
            |f: &&groundplan_model::Flow| f.steps.iter().any(|s| s.from == id || s.to == id);
        b.flows.iter().filter(steps).count()
    };
    let mut all: Vec<(u8, usize, &Capability, &pack::Threat)> = Vec::new();
    for home in &m.packs {
        for threat in &home.threats {
            let sensitive = regulated
                && matches!(
                    home.id.as_str(),
                    "health" | "payments" | "files" | "accounts"
                );
            let impact = impact(m, threat, threat.impact + u8::from(sensitive));
            // What the product is for comes before what every system has.
            let weight = threat.likelihood.min(4) * impact;
            all.push((weight, touched(&parts.id(&threat.on)), home, threat));
        }
    }
    all.sort_by(|a, b| {
        let own = |p: &Capability| p.always_if.is_some();
        (b.0, own(a.2), b.1, &a.3.id).cmp(&(a.0, own(b.2), a.1, &b.3.id))
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for entry in &all {
        let count = counts.entry(letter(entry.3.stride)).or_default();
        if *count < 2 && chosen.len() < 5 {
            *count += 1;
            chosen.push(*entry);
        }
    }
    let entry_letters = |s: Stride| matches!(s, Stride::Spoofing | Stride::ElevationOfPrivilege);
    if !chosen.iter().any(|c| entry_letters(c.3.stride))
        && let Some(found) = all.iter().find(|c| entry_letters(c.3.stride))
    {
        chosen.pop();
        chosen.push(*found);
    }
    // What every system has stands in the sections on sign-in and access.
    let told = |t: &pack::Threat| chosen.iter().any(|c| c.3.id == t.id);
    let rest: Vec<_> = all
        .iter()
        .filter(|c| {
            // The same is told of each record of the brief.
            let own = c.2.id == crate::domain::ID;
            let tenants = m.has("multitenant") || !of_tenants(c.3);
            c.2.always_if.is_none() && !own && !told(c.3) && tenants
        })
        .take(MORE)
        .copied()
        .collect();
    let full = chosen.len();
    b.threats = chosen
        .into_iter()
        .chain(rest)
        .enumerate()
        .map(|(at, (weight, _, home, threat))| {
            // Two planned controls take two from the likelihood.
            let residual =
                threat.likelihood.saturating_sub(2).max(1) * (weight / threat.likelihood.max(1));
            Threat {
                id: threat.id.clone(),
                category: letter(threat.stride).to_owned(),
                story: m.nouns.identifier(&m.nouns.text(&threat.story)),
                affects: vec![parts.id(&threat.on)],
                mitigations: vec![m.nouns.text(&threat.mitigation)],
                severity: Some(format!(
                    "{}, after mitigation {}",
                    severity(weight),
                    severity(residual)
                )),
                detection: (at < full).then(|| m.nouns.text(&threat.detection)),
                verification: (at < full).then(|| m.nouns.text(&threat.verification)),
                provenance: m.reason(home).and(weighed(m, threat)),
            }
        })
        .collect();
}
