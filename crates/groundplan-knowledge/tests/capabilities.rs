//! The capability packs: complete, parsed, without faults, found by the words of a brief.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fail loudly"
)]

use groundplan_knowledge::capability::{RuleKind, federated_accounts, variants, with_required};
use groundplan_knowledge::{
    Capability, capabilities, capability, design_tables, detect, lint_capabilities, unfilled,
};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn every_file_of_the_folder_is_embedded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/capabilities");
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let pack: Capability = match serde_saphyr::from_str(&text) {
            Ok(pack) => pack,
            Err(error) => panic!("{name}: {error}"),
        };
        assert_eq!(name, pack.id);
        assert_eq!(unfilled(&pack, &text), [""; 0], "{name}");
        assert!(capability(&name) == Some(&pack), "{name} is not embedded");
        names.push(name);
    }
    assert_eq!(names.len(), capabilities().len());
    assert!(capabilities().is_sorted_by(|a, b| a.id < b.id));
}

#[test]
fn packs_are_without_faults() {
    let faults = lint_capabilities(capabilities());
    assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
}

/// It stands in the place of `accounts`, so it is held to the same rules.
#[test]
fn the_federated_accounts_are_without_faults() {
    let pack = federated_accounts().expect("it decodes");
    let text = include_str!("../data/design/accounts-federated.yaml");
    assert_eq!(unfilled(pack, text), [""; 0]);
    let mut packs = capabilities().to_vec();
    let own = packs.iter_mut().find(|p| p.id == pack.id);
    *own.expect("accounts are a pack") = pack.clone();
    let faults = lint_capabilities(&packs);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Each stands in the place of the pack with its id, so it is held to the same rules.
#[test]
fn variants_are_without_faults() {
    let names: Vec<&str> = variants().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["Clock auctions", "Sealed bids"]);
    for variant in variants() {
        let mut packs = capabilities().to_vec();
        let own = packs.iter_mut().find(|p| p.id == variant.id);
        *own.expect("it stands for a pack") = variant.clone();
        let faults = lint_capabilities(&packs);
        assert!(faults.is_empty(), "{}: {faults:#?}", variant.name);
    }
}

#[test]
fn marks_are_those_that_a_design_fills() {
    let booking = capability("booking").unwrap();
    // A site is one only where the brief names it, and a user is of another pack.
    let text = "GET /v1/sites/{site_id}: {name} tells {persons} of {a_booking} {ghost} {site} {user_account}";
    assert_eq!(unfilled(booking, text), ["ghost", "site", "user_account"]);
}

#[test]
fn what_packs_are_about_are_their_records() {
    for (pack, records) in &design_tables().vocabulary.central {
        let entity = |record| capability(pack)?.entity(record);
        for record in records.split(' ') {
            let named = entity(record).is_some_and(|e| !e.nouns.is_empty());
            assert!(named, "{pack}: {record}");
        }
    }
}

/// A line of `fixtures/capabilities/briefs.txt`.
struct Case<'a> {
    wanted: BTreeSet<&'a str>,
    unwanted: BTreeSet<&'a str>,
    brief: &'a str,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let lines = text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty());
    lines
        .map(|line| {
            let (packs, brief) = line.split_once(" | ").unwrap();
            let (wanted, unwanted) = packs.split_once('!').unwrap_or((packs, ""));
            Case {
                wanted: wanted.split_whitespace().filter(|w| *w != "-").collect(),
                unwanted: unwanted.split_whitespace().collect(),
                brief,
            }
        })
        .collect()
}

fn found(text: &str) -> BTreeSet<String> {
    let found = detect(text).into_iter().filter(|d| d.found);
    found.map(|d| d.id).collect()
}

#[test]
fn briefs_trigger_the_packs_they_speak_of() {
    let text = include_str!("../fixtures/capabilities/briefs.txt");
    let mut wrong = Vec::new();
    let mut triggered = BTreeSet::new();
    for case in cases(text) {
        let found = found(case.brief);
        for id in case.wanted.iter().chain(&case.unwanted) {
            assert!(capability(id).is_some(), "no pack is called {id}");
        }
        for id in &case.wanted {
            triggered.insert(*id);
            if !found.contains(*id) {
                wrong.push(format!("{id} not found: {} ({found:?})", case.brief));
            }
        }
        for id in case.unwanted.iter().filter(|id| found.contains(**id)) {
            wrong.push(format!("{id} found: {}", case.brief));
        }
    }
    for pack in capabilities()
        .iter()
        .filter(|p| !triggered.contains(p.id.as_str()))
    {
        wrong.push(format!("no brief triggers {}", pack.id));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn hits_say_where_and_why_not() {
    let text = "Shop without card payments.";
    let payments = detect(text)
        .into_iter()
        .find(|d| d.id == "payments")
        .unwrap();
    assert!(!payments.found);
    let hit = payments.hits.first().unwrap();
    assert_eq!(hit.cancelled_by.as_deref(), Some("without"));
    assert_eq!(text.get(hit.start..hit.end), Some("card payments"));
}

#[test]
fn patterns_match_only_from_the_start_of_a_word() {
    for pack in capabilities() {
        let lexicon = &pack.lexicon;
        for pattern in lexicon.strong.iter().chain(&lexicon.weak) {
            let sample = sample(pattern);
            assert!(
                !lexicon.hits(&sample).is_empty(),
                "{}: `{pattern}` misses `{sample}`",
                pack.id
            );
            let glued = format!("x{sample}");
            let start = lexicon.hits(&glued).iter().any(|hit| hit.start == 0);
            assert!(!start, "{}: `{pattern}` hits `{glued}`", pack.id);
        }
    }
}

/// A text that a pattern describes.
fn sample(pattern: &str) -> String {
    let words = pattern.split(' ').map(|part| match part {
        "..." => "some",
        other => other.split('|').next().unwrap().trim_matches(['=', '*']),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn required_packs_come_with_a_pack() {
    let ids: Vec<&str> = with_required(&["payments"])
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert!(ids.contains(&"accounts"), "{ids:?}");
}

#[test]
fn lines_are_read_as_written() {
    let payments = capability("payments").unwrap();
    let payment = payments.entity("payment").unwrap();
    let payer = payment
        .fields
        .iter()
        .find(|f| f.name == "payer_id")
        .unwrap();
    assert_eq!(payer.references.as_deref(), Some("user_account"));
    let live = payment
        .rules
        .iter()
        .find(|r| r.over == "purpose_kind, purpose_id")
        .unwrap();
    assert_eq!(live.kind, RuleKind::Unique);
    assert!(
        live.suffix
            .as_deref()
            .unwrap()
            .starts_with("where status in")
    );
    assert_eq!(live.reason.as_deref(), Some("one live payment per purpose"));
    let flow = payments.flows.first().unwrap();
    assert!(flow.steps.iter().any(|s| s.asynchronous));
    assert_eq!(flow.errors.first().unwrap().step, 3);
}

/// The faults that the lint finds after a change to the pack `booking`.
fn faults_after(change: impl FnOnce(&mut Capability)) -> Vec<String> {
    let mut packs = capabilities().to_vec();
    let booking = packs.iter_mut().find(|p| p.id == "booking").unwrap();
    change(booking);
    lint_capabilities(&packs)
}

#[test]
fn planted_faults_are_found() {
    let planted: Vec<(&str, Vec<String>)> = vec![
        (
            "no entity `nothing`",
            faults_after(|p| p.endpoints[0].entity = "nothing".into()),
        ),
        (
            "component `elsewhere`",
            faults_after(|p| p.flows[0].steps[0].to = "elsewhere".into()),
        ),
        (
            "no step 99",
            faults_after(|p| p.flows[0].errors[0].step = 99),
        ),
        ("refers to unknown `ghost`", {
            faults_after(|p| p.entities[0].fields[0].references = Some("ghost".into()))
        }),
        ("0 events", faults_after(|p| p.events.clear())),
        (
            "no acceptance criterion",
            faults_after(|p| p.requirements[0].accept.clear()),
        ),
        (
            "also in `booking`",
            faults_after(|p| p.entities[0].name = "file_object".into()),
        ),
        (
            "`robust` says nothing",
            faults_after(|p| p.components[0].about = "a robust part".into()),
        ),
        (
            "is not a word in lower case",
            faults_after(|p| p.lexicon.strong.push("A+b".into())),
        ),
        (
            "join with unknown `x`",
            faults_after(|p| p.joins[0].with = "x".into()),
        ),
        (
            "not exactly one component",
            faults_after(|p| p.components[0].stores.clear()),
        ),
        (
            "no type `money`",
            faults_after(|p| p.entities[0].fields[0].data_type = "money".into()),
        ),
        (
            "nothing fills `{booking}`",
            faults_after(|p| p.about = "takes {booking}".into()),
        ),
        (
            "its mark is of another",
            faults_after(|p| p.entities[0].name = "budget".into()),
        ),
    ];
    for (wanted, faults) in planted {
        let found = faults.iter().any(|fault| fault.contains(wanted));
        assert!(found, "`{wanted}` not among {faults:#?}");
    }
}

#[test]
fn any_two_packs_are_wired_without_contradiction() {
    let ids: Vec<&str> = capabilities().iter().map(|p| p.id.as_str()).collect();
    let mut fields: BTreeSet<(String, String)> = BTreeSet::new();
    for pack in capabilities() {
        for join in pack.joins_with(&ids) {
            for relation in &join.relations {
                let name = (relation.entity.clone(), relation.field.name.clone());
                assert!(
                    fields.insert(name),
                    "{}: {relation:?} is added twice",
                    pack.id
                );
            }
        }
    }
    let joins: usize = capabilities().iter().map(|p| p.joins.len()).sum();
    assert!(joins >= 100, "{joins} joins");
}

#[test]
fn negations_end_with_their_clause() {
    let found = |text: &str| found(text).contains("payments");
    assert!(!found("A shop without any payments."));
    assert!(!found("No chat, no payments."));
    assert!(found("No chat, but payments."));
    assert!(found("Not a shop: donors pay by card."));
}
