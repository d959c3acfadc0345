//! Fixtures: what briefs say, and what follows.
#![allow(clippy::unwrap_used, reason = "a test")]

use groundplan_design::{Field, read_brief};
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn briefs_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/brief");
    groundplan_testing::run(&root, |case| {
        let text = std::fs::read_to_string(case.path.join("brief.yaml")).unwrap();
        let (brief, diagnostics) = read_brief("brief.yaml", &text);
        let mut out = String::new();
        writeln!(out, "name: {}", brief.name()).unwrap();
        for field in Field::ALL {
            writeln!(out, "{}: {}", field.key(), brief.text(field)).unwrap();
        }
        for (key, n) in &brief.numbers {
            let noun = brief.nouns.get(key).map_or("", String::as_str);
            let place = n.place.evidence.as_ref().map(|e| e.label());
            writeln!(
                out,
                "{key} = {} {noun} ({}) {place:?} {:?}",
                n.value, n.words, n.place.columns
            )
            .unwrap();
        }
        for w in &brief.wishes {
            writeln!(
                out,
                "wish {} = {} ({}) {:?}",
                w.decision, w.value, w.name, w.force
            )
            .unwrap();
        }
        for p in &brief.partners {
            writeln!(out, "partner {} ({}, {})", p.name, p.what, p.protocol).unwrap();
        }
        writeln!(out, "currency: {:?}", brief.currency).unwrap();
        writeln!(out, "packs: {:?}", brief.packs.keys().collect::<Vec<_>>()).unwrap();
        writeln!(
            out,
            "residency: {:?}",
            brief.residency.keys().collect::<Vec<_>>()
        )
        .unwrap();
        writeln!(
            out,
            "hosting: {:?}",
            brief.hosting.keys().collect::<Vec<_>>()
        )
        .unwrap();
        writeln!(out, "traits: {:?}", brief.traits).unwrap();
        writeln!(out, "people: {:?}", brief.people).unwrap();
        for e in &brief.entities {
            writeln!(out, "entity {} {:?}", e.name, e.fields).unwrap();
        }
        for d in diagnostics {
            let place = d.place.as_ref().map(|e| e.label());
            writeln!(
                out,
                "{:?} {}: {} {place:?} {:?} help: {}",
                d.severity,
                d.name,
                d.message,
                d.columns,
                d.help.join("; ")
            )
            .unwrap();
        }
        out
    });
}

#[test]
fn designs_follow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/design");
    groundplan_testing::run(&root, |case| {
        let text = std::fs::read_to_string(case.path.join("brief.yaml")).unwrap();
        let (brief, read) = read_brief("brief.yaml", &text);
        let (design, diagnostics) = groundplan_design::design(&brief, read);
        let mut out = String::new();
        for d in diagnostics {
            writeln!(out, "{:?} {}: {}", d.severity, d.name, d.message).unwrap();
        }
        let Some(design) = design else {
            return out;
        };
        for (path, fact) in design.facts.iter() {
            writeln!(
                out,
                "{path} = {} [{:?}] {}",
                design.facts.shown(path),
                fact.basis,
                fact.formula
            )
            .unwrap();
        }
        for (path, flips) in &design.flips {
            for flip in flips {
                writeln!(
                    out,
                    "flip {path}: {:?} {} -> {} = {}",
                    flip.driver, flip.now, flip.at, flip.to
                )
                .unwrap();
            }
        }
        let b = &design.blueprint;
        for e in &b.elements {
            writeln!(
                out,
                "element {} ({:?}) in {:?}: {:?}",
                e.id, e.kind, e.parent, e.technology
            )
            .unwrap();
        }
        for r in &b.relationships {
            writeln!(out, "relationship {}: {}", r.id, r.description).unwrap();
        }
        for e in &b.entities {
            let kept = e.retention.as_deref().unwrap_or("-");
            writeln!(
                out,
                "entity {} ({} fields) kept {kept}",
                e.id,
                e.fields.len()
            )
            .unwrap();
        }
        for t in &b.threats {
            writeln!(out, "threat {} {}", t.category, t.story).unwrap();
        }
        out
    });
}
