//! Designs from briefs.

use crate::support::{Folder, same};

const BRIEF: &str = "\
title: Table guide
purpose: Guests reserve a table in one of 900 restaurants and pay a deposit by card.
scale: 250k users, 120 rps peak, 80 GB/yr
team: 5 engineers
timeline: 7 months
stack: Kubernetes, Python
constraints: GDPR, $3k/month, 99.9%, integrate with Adyen
";

#[test]
fn a_brief_becomes_documents_and_facts() {
    let folder = Folder::with([("brief.yaml", BRIEF)]);
    folder.good(&[
        "generate",
        "--brief",
        "brief.yaml",
        "--outline",
        "proposal",
        "--to",
        "md",
    ]);
    let facts: serde_json::Value =
        serde_json::from_str(&folder.read("docs/architecture/facts.json")).unwrap();
    assert_eq!(facts["load.peak_rps"]["value"], 120);
    assert_eq!(facts["load.peak_rps"]["basis"], "declared");
    assert_eq!(facts["status"]["value"], "ok");
    assert_eq!(facts["cache"]["value"], false);
    let findings = facts["findings"]["value"].to_string();
    assert!(findings.contains("C-PREF-TEAM"), "{findings}");
    let text = folder.read("docs/architecture/proposal.md");
    assert!(text.contains("Table guide"), "{text}");
}

#[test]
fn the_same_brief_gives_the_same_bytes() {
    let a = Folder::with([("brief.yaml", BRIEF)]);
    let b = Folder::with([("brief.yaml", BRIEF)]);
    for folder in [&a, &b] {
        folder.good(&[
            "generate",
            "--brief",
            "brief.yaml",
            "--outline",
            "proposal",
            "--to",
            "md",
        ]);
    }
    same(&a.outputs(), &b.outputs(), "two runs");
}

#[test]
fn nonsense_is_rejected_and_writes_nothing() {
    let folder = Folder::with([(
        "brief.yaml",
        "purpose: mumble wobble\nscale: heaps\nteam: -3 engineers\ntimeline: yesterday\n",
    )]);
    folder
        .run(&["generate", "--brief", "brief.yaml"])
        .ended(2)
        .says(&[
            "V-PURPOSE-UNRECOGNISED",
            "V-SCALE-UNPARSED",
            "V-TEAM-INVALID",
            "V-TIMELINE-UNPARSED",
        ]);
    assert!(folder.outputs().is_empty());
}

#[test]
fn what_if_prints_what_changes() {
    let folder = Folder::with([("brief.yaml", BRIEF)]);
    let ran = folder.good(&["design", "brief.yaml", "--what-if", "scale.peak_rps=5000"]);
    let text = ran.out;
    assert!(text.contains("queue"), "{text}");
    assert!(text.contains("managed queue (decision)"), "{text}");
    folder
        .run(&["design", "brief.yaml", "--what-if", "scale.peek_rps=5"])
        .ended(2)
        .says(&["did you mean `scale.peak_rps`?"]);
}

#[test]
fn explain_goes_down_to_the_words_of_the_brief() {
    let folder = Folder::with([("brief.yaml", BRIEF)]);
    let ran = folder.good(&["explain", "compute.instances", "brief.yaml"]);
    let text = ran.out;
    assert!(text.contains("load.peak_rps = 120"), "{text}");
    assert!(text.contains("brief.yaml:3"), "{text}");
}
