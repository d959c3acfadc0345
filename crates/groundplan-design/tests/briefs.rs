//! Briefs as companies write them: each becomes a design, the same each time, and the nouns of the
//! brief stand among its records, beside the capability packs that its words ask for.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{design, read_brief};
use groundplan_model::Severity;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn briefs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/briefs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|p| {
            let name = p.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(p).unwrap())
        })
        .collect()
}

/// The requirements of a purpose, as people want them.
fn wanted(purpose: &str) -> Vec<String> {
    let text = format!("purpose: {purpose}\nscale: 900 users\nteam: 5 engineers\n");
    let (brief, read) = read_brief("brief.yaml", &text);
    let (made, _) = design(&brief, read);
    let all = made.iter().flat_map(|d| &d.blueprint.requirements);
    all.map(|r| r.text.clone()).collect()
}

#[test]
fn deeds_are_read_as_people_write_them() {
    let has = |purpose: &str, words: &str| {
        let all = wanted(purpose);
        assert!(all.iter().any(|t| t.contains(words)), "{words}: {all:#?}");
    };
    let lacks = |purpose: &str, words: &str| {
        let all = wanted(purpose);
        assert!(!all.iter().any(|t| t.contains(words)), "{words}: {all:#?}");
    };
    let tax = "Hosts declare overnight stays, the town collects the tax by direct debit; clerks correct declarations and grant exemptions.";
    has(tax, "declare overnight stays");
    has(tax, "grant exemptions");
    lacks(tax, "so that clerks can");
    // Money between bank accounts needs no card.
    has(tax, "pay by bank transfer or direct debit");
    lacks(tax, "pay by card");
    has("Buyers order flowers and pay by card.", "pay by card");
    // What follows a passive clause is the next sentence.
    let organ =
        "Coordinators register donors, and when an organ is offered the system ranks recipients.";
    lacks(organ, "organs the system ranks");
    // Things that report by themselves are devices.
    has(
        "Beekeepers mount a probe under each hive; the hives report their weight every 15 minutes.",
        "have every reading stored once",
    );
}

#[test]
fn briefs_of_companies_become_designs() {
    let mut told = String::new();
    for (name, text) in briefs() {
        let (brief, read) = read_brief("brief.yaml", &text);
        assert!(
            read.iter().all(|d| d.severity != Severity::Error),
            "{name}: {read:?}"
        );
        let (made, found) = design(&brief, read.clone());
        let made = made.unwrap_or_else(|| panic!("{name}: {found:?}"));
        let again = design(&brief, read).0.unwrap();
        assert!(made.blueprint == again.blueprint, "{name} differs");
        // What its pack adds stands in the blueprint, and what its flows name exists.
        let known = |id: &str| made.blueprint.element(id).is_some();
        for step in made.blueprint.flows.iter().flat_map(|f| &f.steps) {
            assert!(known(&step.from) && known(&step.to), "{name}: {step:?}");
        }
        let own = made.chosen.domain.as_deref();
        let entities = own.iter().flat_map(|d| d.entities.iter());
        let mut names: Vec<&str> = entities.map(|e| e.name.as_str()).collect();
        for entity in &names {
            assert!(
                made.blueprint.entities.iter().any(|e| e.name == *entity),
                "{name}: no entity {entity}"
            );
        }
        names.sort_unstable();
        let packs = made.chosen.packs();
        let packs: Vec<&str> = packs.iter().map(|p| p.id.as_str()).collect();
        writeln!(told, "{name}: {}", names.join(", ")).unwrap();
        writeln!(told, "    packs: {}", packs.join(", ")).unwrap();
    }
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/briefs.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&expected, &told).unwrap();
    }
    assert_eq!(std::fs::read_to_string(expected).unwrap(), told);
}
