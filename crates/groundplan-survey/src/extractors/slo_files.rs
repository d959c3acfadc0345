//! Service level objectives that files state.

use crate::extractor::{Extractor, Reads};
use crate::extractors::manifests::one_line;
use crate::facts::{Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_model::{Provenance, Slo};
use groundplan_syntax::{Language, Node};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "slo-files",
    docs: "\
### What it finds
Objectives with target, window and what is measured: `SLO` of OpenSLO
(<https://github.com/OpenSLO/OpenSLO>) and Nobl9, the `slos` of Sloth, in files and in
`PrometheusServiceLevel` objects (<https://sloth.dev/specs/default/>), and `ServiceLevelObjective` of
Pyrra (<https://github.com/pyrra-dev/pyrra>).

### What it does not find
Objectives inside templates of Helm and in the consoles of clouds.
",
    reads: &[Reads::Languages(&[Language::Yaml])],
    markers: &["objectives:", "objective:", "ServiceLevelObjective"],
    run: extract,
};

/// Objectives of one file beyond these are left out.
const MOST: usize = 200;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut all = Vec::new();
    for root in file.yaml() {
        let version = root.str_of("apiVersion").unwrap_or_default();
        match root.str_of("kind") {
            Some("SLO") if version.starts_with("openslo/") || version.starts_with("n9/") => {
                openslo(file, root, &mut all);
            }
            Some("ServiceLevelObjective") if version.starts_with("pyrra.dev/") => {
                pyrra(file, root, &mut all);
            }
            Some("PrometheusServiceLevel") => {
                if let Some(spec) = root.get("spec") {
                    sloth(file, spec, &mut all);
                }
            }
            None if root.str_of("version") == Some("prometheus/v1") => {
                sloth(file, root, &mut all);
            }
            _ => {}
        }
    }
    for (slo, (first, last)) in all.into_iter().take(MOST) {
        acc.add(file, first, last, Claim::Slo(Box::new(slo)));
    }
}

type Found = Vec<(Slo, (u32, u32))>;

fn made(
    file: &SourceFile<'_>,
    indicator: String,
    service: Option<&str>,
    target: String,
    window: Option<&str>,
    lines: (u32, u32),
) -> (Slo, (u32, u32)) {
    // Which service it is about belongs to what is measured, unless the name says it already.
    let indicator = match service {
        Some(service) if !indicator.contains(service) => format!("{indicator} of {service}"),
        _ => indicator,
    };
    let slo = Slo {
        id: crate::resolve::names::slug(&indicator),
        indicator,
        target,
        percentile: None,
        window: window.map(str::to_owned),
        element: None,
        predicted: None,
        achieved: None,
        provenance: Provenance::observed([file.evidence(lines.0, lines.1)]),
    };
    (slo, lines)
}

/// A share between 0 and 1, in per cent, without what binary fractions add.
fn percent(share: &str) -> Option<String> {
    let value: f64 = share.parse().ok()?;
    ((0.0..=1.0).contains(&value)).then(|| {
        let text = format!("{:.6}", value * 100.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{text} %")
    })
}

fn openslo(file: &SourceFile<'_>, root: &Node, all: &mut Found) {
    let Some(spec) = root.get("spec") else {
        return;
    };
    let metadata = root.get("metadata");
    let name = metadata.and_then(|m| {
        let name = m.str_of("name")?;
        Some(match m.str_of("displayName").filter(|d| *d != name) {
            Some(display) => format!("{display} ({name})"),
            None => name.to_owned(),
        })
    });
    let window = spec.get("timeWindow").or_else(|| spec.get("timeWindows"));
    let first = window.and_then(|w| w.items().first().map(AsRef::as_ref).or(Some(w)));
    let window = first.and_then(|w| w.str_of("duration"));
    let window = window.map(str::to_owned).or_else(|| {
        // Nobl9 writes `count: 7`, `unit: Day`.
        let first = first?;
        Some(format!(
            "{} {}",
            first.str_of("count")?,
            first.str_of("unit")?.to_lowercase()
        ))
    });
    let objectives = spec.get("objectives").map(Node::items).unwrap_or_default();
    for objective in objectives {
        let target = objective.str_of("target").and_then(percent).or_else(|| {
            let text = objective.str_of("targetPercent")?;
            Some(format!("{text} %"))
        });
        let (Some(target), Some(name)) = (target, name.as_deref()) else {
            continue;
        };
        let display = objective
            .str_of("displayName")
            .filter(|_| objectives.len() > 1);
        let words = display.map_or_else(|| name.to_owned(), |d| format!("{name}, {d}"));
        // `lte 0.5`: what counts as good.
        let bound = objective.str_of("op").zip(objective.str_of("value"));
        let words = bound.map_or(words.clone(), |(op, value)| {
            let op = match op {
                "lt" => "below",
                "lte" => "at most",
                "gt" => "above",
                "gte" => "at least",
                other => other,
            };
            format!("{words} ({op} {value})")
        });
        let lines = (objective.first, objective.last);
        let service = spec.str_of("service");
        all.push(made(
            file,
            one_line(&words),
            service,
            target,
            window.as_deref(),
            lines,
        ));
    }
}

fn sloth(file: &SourceFile<'_>, spec: &Node, all: &mut Found) {
    let service = spec.str_of("service");
    for slo in spec.get("slos").map(Node::items).unwrap_or_default() {
        let (Some(name), Some(target)) = (slo.str_of("name"), slo.str_of("objective")) else {
            continue;
        };
        let lines = (slo.first, slo.last);
        // Sloth measures over 30 days unless it is told otherwise at its start.
        all.push(made(
            file,
            one_line(name),
            service,
            format!("{target} %"),
            None,
            lines,
        ));
    }
}

fn pyrra(file: &SourceFile<'_>, root: &Node, all: &mut Found) {
    let name = root.get("metadata").and_then(|m| m.str_of("name"));
    let Some(spec) = root.get("spec") else {
        return;
    };
    if let (Some(name), Some(target)) = (name, spec.str_of("target")) {
        let lines = (root.first, root.last);
        let latency = spec.at(&["indicator", "latencyNative", "latency"]);
        let words = match latency.and_then(Node::str) {
            Some(bound) => format!("{name} (at most {bound})"),
            None => name.to_owned(),
        };
        let window = spec.str_of("window");
        all.push(made(
            file,
            one_line(&words),
            None,
            format!("{target} %"),
            window,
            lines,
        ));
    }
}
