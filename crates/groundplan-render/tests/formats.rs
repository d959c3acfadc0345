//! Every format against the same documents: one with every kind of block and span and hostile
//! words in all of them, and one with next to nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests report by panicking"
)]

mod common;

use common::{fixtures, load};
use groundplan_diagram::Theme;
use groundplan_document::Document;
use groundplan_render::{Context, FORMATS, Links};
use std::path::Path;

fn render(name: &str, case: &str) -> String {
    let (document, blueprint) = load(case);
    // The bare document lies outside the repository: nothing can be linked.
    let root = (case != "bare").then(|| "../..".to_string());
    let links = Links {
        source_base: None,
        relative_root: root,
        diagrams: "diagrams".into(),
    };
    let format = groundplan_render::format(name).unwrap();
    (format.run)(
        &document,
        &Context::new(&blueprint, links, Theme::default()),
    )
}

/// The output without what belongs to others: style and scripts, which are the same in every page,
/// and the drawings, which have fixtures of their own.
fn own_part(mut page: String) -> String {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    for name in ["page.css", "early.js", "page.js"] {
        page = page.replace(&std::fs::read_to_string(assets.join(name)).unwrap(), name);
    }
    for (open, close) in [
        ("'sha256-", "'"),
        ("<svg", "</svg>"),
        ("<details>", "</details>"),
        ("```mermaid\n", "\n```"),
        ("```text\n", "\n```"),
    ] {
        page = hollow(&page, open, close);
    }
    page
}

/// Replaces what stands between each `open` and the next `close` by an ellipsis.
fn hollow(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut out = parts.next().unwrap().to_string();
    for part in parts {
        let rest = &part[part.find(close).unwrap()..];
        out.push_str(&format!("{open}…{rest}"));
    }
    out
}

#[test]
fn outputs_are_as_expected() {
    let mut failed = Vec::new();
    for case in groundplan_testing::cases(&fixtures("formats")) {
        let (name, document) = case.name.split_once('/').unwrap();
        let format = groundplan_render::format(name).unwrap();
        let expected = case.path.join(format!("expected.{}", format.extension));
        let found = own_part(render(name, document));
        if !groundplan_testing::matches(&expected, &found) {
            failed.push(case.name);
        }
    }
    assert!(
        failed.is_empty(),
        "cases differ (UPDATE_EXPECT=1 rewrites): {failed:?}"
    );
}

#[test]
fn every_output_ends_with_one_line_break() {
    for format in FORMATS {
        for case in ["conformance", "bare"] {
            let text = render(format.name, case);
            assert!(
                text.ends_with('\n') && !text.ends_with("\n\n"),
                "{} {case}",
                format.name
            );
        }
    }
}

#[test]
fn json_gives_the_document_back() {
    let (document, _) = load("conformance");
    let back: Document = serde_json::from_str(&render("json", "conformance")).unwrap();
    assert_eq!(back, document);
}
