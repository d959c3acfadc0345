//! `groundplan diagram` of a file that holds a diagram.

use crate::support::Folder;
use std::fmt::Write;

/// A diagram of `nodes` boxes in a row.
fn diagram(nodes: usize) -> String {
    let (mut boxes, mut lines) = (String::new(), String::new());
    for n in 0..nodes {
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            boxes,
            "{comma}{{\"id\": \"n{n}\", \"name\": \"Service {n}\", \"parent\": \"shop\"}}"
        );
        if n > 0 {
            let gap = if n == 1 { "" } else { "," };
            let _ = write!(
                lines,
                "{gap}{{\"id\": \"e{n}\", \"from\": \"n{}\", \"to\": \"n{n}\", \"label\": \"calls\"}}",
                (n - 1) / 3
            );
        }
    }
    format!(
        "{{\"type\": \"c4-container\", \"title\": \"Shop\", \"boundaries\": [{{\"id\": \"shop\", \
         \"name\": \"Shop\", \"kind\": \"system\"}}], \"nodes\": [{boxes}], \"edges\": [{lines}]}}"
    )
}

#[test]
fn a_diagram_is_drawn_whole_unless_a_budget_is_given() {
    let folder = Folder::with([("shop.json", diagram(26).as_str())]);
    let said = folder
        .good(&["diagram", "shop.json", "--out", "shop.svg"])
        .out;
    assert_eq!(said.trim(), "shop.svg");
    let whole = folder.read("shop.svg");
    assert_eq!(whole.matches("data-node=").count(), 26);
    assert_eq!(whole.matches("data-edge=").count(), 25);
    let few = folder
        .good(&["diagram", "shop.json", "--budget", "9", "--to", "svg"])
        .out;
    assert_eq!(few.matches("data-node=").count(), 9);
    assert!(few.contains("18 more"), "{few}");
    assert!(few.contains("8 of 26 boxes are shown by name"), "{few}");
}

#[test]
fn an_earlier_picture_keeps_its_places() {
    let folder = Folder::with([("shop.json", diagram(12).as_str())]);
    folder.write("more.json", diagram(13));
    folder.good(&["diagram", "shop.json", "--out", "old.svg"]);
    folder.good(&[
        "diagram",
        "more.json",
        "--previous",
        "old.svg",
        "--out",
        "new.svg",
    ]);
    assert!(folder.read("new.svg").contains("data-node=\"n12\""));
    folder
        .run(&[
            "diagram",
            "shop.json",
            "--previous",
            "shop.json",
            "--to",
            "svg",
        ])
        .ended(2)
        .says(&["expected an SVG that Groundplan drew"]);
}

#[test]
fn a_diagram_is_written_in_the_languages_of_other_tools() {
    let folder = Folder::with([("shop.json", diagram(4).as_str())]);
    for (form, start) in [
        ("d2", "direction: down"),
        ("dot", "digraph"),
        ("likec4", "specification"),
        ("plantuml", "@startuml"),
        ("structurizr", "workspace"),
        ("mermaid", "flowchart"),
    ] {
        let written = folder.good(&["diagram", "shop.json", "--to", form]).out;
        assert!(written.starts_with(start), "{form}: {written}");
    }
    folder.good(&["diagram", "shop.json", "--out", "shop.puml"]);
    assert!(folder.read("shop.puml").starts_with("@startuml"));
}

#[test]
fn what_is_no_diagram_is_said() {
    let folder = Folder::with([("a.json", "{\"nodes\": 3}"), ("b.json", "not json")]);
    folder
        .run(&["diagram", "a.json"])
        .ended(2)
        .says(&["expected a diagram in a.json"]);
    folder
        .run(&["diagram", "b.json"])
        .ended(2)
        .says(&["expected JSON in b.json"]);
}
