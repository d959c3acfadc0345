//! `docs/gallery.md` shows every kind of picture as the program draws it now.
//! `UPDATE_EXPECT=1` writes it anew; look at the pictures before they are committed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use groundplan_diagram::{description, svg, views};
use groundplan_model::{Blueprint, View};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn fixture(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    std::fs::read_to_string(root.join(name)).unwrap()
}

/// The pictures with their headings, in the order of the page.
fn pictures() -> Vec<(String, View)> {
    let mut out: Vec<(String, View)> = Vec::new();
    let mut of_blueprint = |fixture_name: &str, wanted: &[(&str, &str)]| {
        let source = fixture(&format!("blueprint/{fixture_name}/blueprint.json"));
        let blueprint: Blueprint = serde_json::from_str(&source).unwrap();
        let all = views(&blueprint);
        for (prefix, heading) in wanted {
            let view = all.iter().find(|v| v.id.starts_with(prefix));
            let view = view.unwrap_or_else(|| panic!("no view {prefix} in {fixture_name}"));
            out.push(((*heading).to_owned(), view.clone()));
        }
    };
    of_blueprint(
        "garden-shop",
        &[
            ("system-context", "System context"),
            ("containers", "Containers"),
            ("components", "Components"),
            ("data-flow", "Data flow with trust boundaries"),
        ],
    );
    of_blueprint("deployment-nodes", &[("deployment", "Deployment")]);
    of_blueprint(
        "deployment-copies",
        &[("deployment", "Copies in zones and regions")],
    );
    of_blueprint(
        "many-containers",
        &[
            ("containers", "More than a page holds"),
            ("containers-part-1", "A part of it"),
            ("matrix-containers", "Who uses whom"),
        ],
    );
    of_blueprint(
        "two-systems-with-numbers",
        &[
            ("landscape", "System landscape"),
            ("roadmap", "Roadmap"),
            ("cost", "Cost"),
            ("latency", "Latency budget"),
            ("availability", "Availability"),
        ],
    );
    for (path, heading) in [
        ("container/online-shop", "Containers in nested boundaries"),
        ("entity-relationship/online-shop", "Entities"),
        ("sequence/replies", "Sequence"),
        ("pipeline/fan-in", "Pipeline"),
    ] {
        let source = fixture(&format!("{path}/view.json"));
        out.push((heading.to_owned(), serde_json::from_str(&source).unwrap()));
    }
    out
}

#[test]
fn the_gallery_shows_what_is_drawn_now() {
    let update = std::env::var("UPDATE_EXPECT").is_ok();
    let mut page = String::from(
        "# Gallery\n\nEvery kind of picture, drawn from the fixtures of `groundplan-diagram` by its \
         test `gallery`, which also compares this page with what is drawn now \
         (`UPDATE_EXPECT=1 cargo test -p groundplan-diagram --test gallery` writes it anew). The \
         pictures take light or dark colours from the reader's settings.\n",
    );
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for (heading, view) in pictures() {
        let name: String = heading
            .chars()
            .map(|c| {
                if c == ' ' {
                    '-'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        let said = description(&view);
        let first = said.first().map_or("", String::as_str);
        let _ = write!(
            page,
            "\n## {heading}\n\n![{heading}](gallery/{name}.svg)\n\n{first}\n"
        );
        if !view.omitted.is_empty() {
            let _ = write!(page, "\n{}\n", view.omitted);
        }
        files.push((
            docs().join("gallery").join(format!("{name}.svg")),
            svg(&view),
        ));
    }
    files.push((docs().join("gallery.md"), page));
    if update {
        std::fs::create_dir_all(docs().join("gallery")).unwrap();
    }
    for (path, text) in files {
        if update {
            std::fs::write(&path, &text).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == text,
            "{} is not what is drawn now; UPDATE_EXPECT=1 writes it anew",
            path.display()
        );
    }
}
