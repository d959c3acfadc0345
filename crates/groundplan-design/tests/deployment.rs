//! Where the containers of a design run: regions or sites, zones, copies; each tier in a text.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{design, read_brief};
use groundplan_model::{DEPLOYED_ON, Element, ElementKind, STANDBY_ON};
use std::fmt::Write;

/// The deployment nodes of a design, each with its place and what runs or waits on it.
fn nodes(constraints: &str) -> String {
    let brief = format!(
        "purpose: Members order tickets for concerts and pay by card.\nscale: 40000 users\nteam: 9 engineers\n\
         timeline: 9 months\nconstraints: \"{constraints}\"\n"
    );
    let (brief, read) = read_brief("brief.yaml", &brief);
    let made = design(&brief, read).0.unwrap();
    let elements = &made.blueprint.elements;
    let on = |key: &str, node: &Element| {
        let holds = |e: &&Element| e.attributes_of(key).any(|a| a.value == node.id);
        let all = elements.iter().filter(holds);
        all.map(|e| e.name.as_str()).collect::<Vec<_>>().join(" ")
    };
    let mut out = format!("tier {}\n", made.outcome.tier);
    for node in elements
        .iter()
        .filter(|e| e.kind == ElementKind::DeploymentNode)
    {
        let indent = if node.parent.is_some() { "  " } else { "" };
        let _ = write!(out, "{indent}{}: {}", node.name, on(DEPLOYED_ON, node));
        match on(STANDBY_ON, node).as_str() {
            "" => out.push('\n'),
            waiting => {
                let _ = writeln!(out, "; waits: {waiting}");
            }
        }
    }
    let nowhere =
        |e: &&Element| e.kind == ElementKind::Container && e.attribute(DEPLOYED_ON).is_none();
    let nowhere: Vec<&str> = elements
        .iter()
        .filter(nowhere)
        .map(|e| e.name.as_str())
        .collect();
    let _ = writeln!(out, "in no node: {}", nowhere.join(" "));
    out
}

#[test]
fn a_tier_says_where_copies_run() {
    let on_demand = "\
tier 0
The region nearest to most members: observability
  Zone a: app database worker
in no node: edge web
";
    assert_eq!(nodes("Availability 99 %"), on_demand);
    let three_zones = "\
tier 2
eu-central-1 (Frankfurt): observability
  Zone a: app database worker
  Zone b: app worker; waits: database
in no node: edge web
";
    assert_eq!(
        nodes("Availability 99.95 %. Hosting in Germany on AWS"),
        three_zones
    );
    let two_regions = "\
tier 4
The region nearest to most members: app database observability worker
A second region: app database observability worker
in no node: edge web
";
    assert_eq!(nodes("Availability 99.99 %"), two_regions);
    let racks = "\
tier 2
Own site: edge observability web
  Rack a: app database worker
  Rack b: app worker; waits: database
in no node: \n";
    assert_eq!(nodes("On our own servers. Availability 99.9 %"), racks);
    let site = "\
tier 0
Own site: app database edge observability web worker
in no node: \n";
    assert_eq!(nodes("On our own servers. Availability 99 %"), site);
}

#[test]
fn a_region_stands_by_from_tier_three_on() {
    let waiting = "\
tier 3
The region nearest to most members: observability
  Zone a: app database worker
  Zone b: app worker; waits: database
A second region: ; waits: app database worker
in no node: edge web
";
    assert_eq!(nodes("Availability 99.95 %. Two regions"), waiting);
}
