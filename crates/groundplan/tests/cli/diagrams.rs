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

/// The same diagram with names that sort the other way round, so that a fresh layout turns it.
fn turned(diagram: &str) -> String {
    diagram.replace(
        "\"name\": \"Service",
        "\"name\": \"A service with a longer name",
    )
}

/// Where the boxes of a picture lie, row by row from the left: place and id.
fn places(svg: &str) -> Vec<((i64, i64), String)> {
    let mut all: Vec<((i64, i64), String)> = svg
        .split("data-node=\"")
        .skip(1)
        .map(|rest| {
            let id = rest.split('"').next().unwrap().to_owned();
            let bounds = rest.split("data-bbox=\"").nth(1).unwrap();
            let bounds = bounds.split('"').next().unwrap().split(' ');
            let bounds: Vec<f64> = bounds.map(|n| n.parse().unwrap()).collect();
            ((bounds[1] as i64, bounds[0] as i64), id)
        })
        .collect();
    all.sort();
    all
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
    folder.write("more.json", turned(&diagram(13)));
    folder.good(&["diagram", "shop.json", "--out", "old.svg"]);
    folder.good(&[
        "diagram",
        "more.json",
        "--previous",
        "old.svg",
        "--out",
        "new.svg",
    ]);
    folder.good(&["diagram", "more.json", "--out", "fresh.svg"]);
    let [old, new, fresh] = ["old.svg", "new.svg", "fresh.svg"].map(|name| {
        let mut all = places(&folder.read(name));
        all.retain(|(_, id)| id != "n12");
        all.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    });
    assert_eq!(old.len(), 12);
    assert_eq!(new, old);
    assert_ne!(fresh, old);
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

/// The same lines with another number after `, x: ` in the one that begins with `start`.
fn moved(positions: &str, start: &str, x: &str) -> String {
    let mut out = String::new();
    for line in positions.lines() {
        match line.split_once(", x: ") {
            Some((before, after)) if line.starts_with(start) => {
                let rest = after.split_once(',').unwrap().1;
                let _ = writeln!(out, "{before}, x: {x},{rest}");
            }
            _ => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    out
}

#[test]
fn boxes_stand_where_a_person_puts_them() {
    let folder = Folder::with([("shop.json", diagram(5).as_str())]);
    let draw = |to: &str, more: &[&str]| {
        let arguments = [&["diagram", "shop.json", "--out", to], more].concat();
        folder.good(&arguments);
        let all = places(&folder.read(to)).into_iter();
        all.map(|(_, id)| id).collect::<Vec<_>>()
    };
    let free = draw("free.svg", &["--save-positions", "places.yaml"]);
    let saved = folder.read("places.yaml");
    assert_eq!(saved.matches("- {id: ").count(), 5, "{saved}");
    assert_eq!(draw("again.svg", &["--positions", "places.yaml"]), free);
    // The first of its row goes to the end.
    let first = free[1].clone();
    folder.write(
        "places.yaml",
        moved(&saved, &format!("- {{id: \"{first}\""), "3000"),
    );
    let now = draw("moved.svg", &["--positions", "places.yaml"]);
    let mut expected = free.clone();
    expected[1..4].rotate_left(1);
    assert_eq!(now, expected);
    // It is found again under another id, by its name.
    let renamed = diagram(5).replace(&format!("\"{first}\""), "\"other\"");
    folder.write("shop.json", renamed);
    let now = draw("renamed.svg", &["--positions", "places.yaml"]);
    expected
        .iter_mut()
        .filter(|id| **id == first)
        .for_each(|id| *id = "other".to_owned());
    assert_eq!(now, expected);
}

#[test]
fn places_of_nothing_are_told() {
    let folder = Folder::with([
        ("shop.json", diagram(3).as_str()),
        (
            "places.yaml",
            "shop:\n- {id: n1, x: 10, y: 20}\n- {id: m2, x: 10, y: 20}\nshops:\n- {id: n1, x: 1, y: 2}\n",
        ),
        ("bad.yaml", "shop:\n- {id: n1, x: left, y: 20}\n"),
    ]);
    let with = |file: &'static str| ["diagram", "shop.json", "--positions", file];
    folder.run(&with("places.yaml")).ended(0).says(&[
        "there is no box `m2` in `shop`",
        "places.yaml:3",
        "there is no view `shops`",
        "did you mean `shop`?",
    ]);
    folder
        .run(&with("bad.yaml"))
        .ended(2)
        .says(&["bad.yaml:2: expected `x` of `n1` to be a whole number of pixels, found `left`"]);
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

/// Width and height of a PNG, from its header.
fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{:?}", &png[..8]);
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

#[test]
fn a_picture_in_pixels_is_the_drawing_at_a_scale() {
    let folder = Folder::with([("shop.json", diagram(4).as_str())]);
    folder.good(&["diagram", "shop.json", "--out", "shop.svg"]);
    let svg = folder.read("shop.svg");
    let side = |name: &str| -> u32 {
        let rest = svg.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split('"').next().unwrap().parse().unwrap()
    };
    folder.good(&["diagram", "shop.json", "--out", "shop.png"]);
    folder.good(&["diagram", "shop.json", "--to", "png", "--out", "again.png"]);
    folder.good(&[
        "diagram",
        "shop.json",
        "--dark",
        "--scale",
        "1",
        "--out",
        "dark.png",
    ]);
    let files = crate::support::files(&folder.repo);
    assert_eq!(
        size(&files["shop.png"]),
        (2 * side("width"), 2 * side("height"))
    );
    assert_eq!(size(&files["dark.png"]), (side("width"), side("height")));
    assert_eq!(files["shop.png"], files["again.png"]);
    folder
        .run(&["diagram", "shop.json", "--scale", "0", "--out", "shop.png"])
        .ended(2)
        .says(&["0.1 to 16"]);
    folder.write("letters.json", diagram(1).replace("Service 0", "注文"));
    folder
        .good(&["diagram", "letters.json", "--out", "letters.png"])
        .says(&["`注`", "--font"]);
}

#[test]
fn a_theme_changes_colours_and_its_faults_are_named() {
    let folder = Folder::with([("shop.json", diagram(2).as_str())]);
    let drawn = |theme: &str| {
        folder.write("theme.yaml", theme);
        folder.run(&[
            "diagram",
            "shop.json",
            "--to",
            "svg",
            "--theme",
            "theme.yaml",
        ])
    };
    let svg = drawn("light:\n  service: \"#fed\"\n").ended(0).out;
    assert!(
        svg.contains("--gp-service:#ffeedd;") && svg.contains("fill:#ffeedd;fill:var("),
        "{svg}"
    );
    for (theme, words) in [
        (
            "light:\n  sevice: \"#fed\"\n",
            ["theme.yaml:2", "did you mean `service`"],
        ),
        ("light:\n  ink: navy\n", ["theme.yaml:2", "\"#2a5d8f\""]),
        (
            "night:\n  ink: \"#fff\"\n",
            ["theme.yaml:1", "`light` or `dark`"],
        ),
        ("", ["theme.yaml", "found nothing"]),
    ] {
        drawn(theme).ended(2).says(&words);
    }
    drawn("dark:\n  ink: \"#222\"\n")
        .ended(0)
        .says(&["`ink` on `paper`", "4.5"]);
}
