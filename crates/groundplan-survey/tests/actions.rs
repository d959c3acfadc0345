//! Small applications in, what their actions take, answer and ask out.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use groundplan_model::{Blueprint, Operation};
use groundplan_survey::{Options, Progress, Surroundings, read_tree, resolve};
use std::fmt::Write;
use std::path::Path;

fn blueprint(root: &Path) -> Blueprint {
    let options = Options {
        history: false,
        ..Options::default()
    };
    let (tree, _) = read_tree(root, &options, &Progress::default()).facts();
    let around = Surroundings {
        fallback_name: "shop".to_owned(),
    };
    resolve(&tree, groundplan_knowledge::knowledge(), &around).0
}

/// Lines of one operation: what it takes beside its path, what it answers, what it asks.
fn told(out: &mut String, o: &Operation) {
    let unread = if o.unread { " (not all read)" } else { "" };
    let handler = o.handler.as_deref().unwrap_or("-");
    writeln!(out, "{} {handler}{unread}", o.id).unwrap();
    let mut takes: Vec<String> = (o.parameters.iter())
        .filter(|p| p.place != "path")
        .map(|p| {
            let kind = p.data_type.as_deref().map(|t| format!(" {t}"));
            let must = if p.required { "!" } else { "" };
            format!("{}{must} ({}{})", p.name, p.place, kind.unwrap_or_default())
        })
        .collect();
    takes.extend(o.request.iter().map(|r| format!("body {r}")));
    if !takes.is_empty() {
        writeln!(out, "    takes {}", takes.join(", ")).unwrap();
    }
    let mut gives: Vec<String> = (o.responses.iter())
        .map(|r| match &r.schema {
            Some(schema) => format!("{} {schema}", r.status),
            None => r.status.clone(),
        })
        .collect();
    if o.more_outcomes {
        gives.push("others".to_owned());
    }
    if !gives.is_empty() {
        writeln!(out, "    gives {}", gives.join(", ")).unwrap();
    }
    if !o.guards.is_empty() {
        writeln!(out, "    asks {}", o.guards.join(", ")).unwrap();
    }
    if !o.before.is_empty() {
        writeln!(out, "    behind {}", o.before.join(", ")).unwrap();
    }
    let places = o.provenance.evidence.iter().skip(1).map(|e| e.label());
    let places: Vec<String> = places.collect();
    if !places.is_empty() {
        writeln!(out, "    at {}", places.join(", ")).unwrap();
    }
}

#[test]
fn fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/actions");
    groundplan_testing::run(&root, |case| {
        let found = blueprint(&case.path.join("input"));
        let mut out = String::new();
        for operation in found.interfaces.iter().flat_map(|i| &i.operations) {
            told(&mut out, operation);
        }
        out
    });
}
