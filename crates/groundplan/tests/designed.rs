//! Documents designed from the briefs of `groundplan-design/fixtures/briefs`: nothing unfilled, no
//! number that two documents give differently, and few sentences that any system could have.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "it shows on demand what is shared")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

const OUTLINES: [&str; 5] = ["proposal", "reference", "module", "standard", "technical"];

/// Briefs of domains that have nothing to do with each other.
const UNRELATED: [(&str, &str); 10] = [
    ("blood-bank", "ski-lift"),
    ("parking", "legal-discovery"),
    ("wind-farm", "newspaper"),
    ("choir", "brokerage"),
    ("shelter", "satellite"),
    ("grants", "freight"),
    ("museum", "payroll"),
    ("game", "water-utility"),
    ("genome", "dating"),
    ("newspaper", "choir"),
];

/// The share of sentences that two unrelated systems may have in common, on average over the pairs.
const MOST_SHARED: f64 = 0.20;

fn briefs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../groundplan-design/fixtures/briefs");
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    all.sort();
    all
}

/// Text of each outline by the name of the brief.
fn documents() -> BTreeMap<String, Vec<String>> {
    let out = std::env::temp_dir().join(format!("groundplan-designed-{}", std::process::id()));
    let mut all = BTreeMap::new();
    for brief in briefs() {
        let name = brief.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = out.join(&name);
        let status = Command::new(env!("CARGO_BIN_EXE_groundplan"))
            .args(["generate", "--quiet", "--outline", "all", "--to", "md"])
            .arg("--brief")
            .arg(&brief)
            .arg("--out")
            .arg(&folder)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{name}: {status}");
        let read = |o: &&str| std::fs::read_to_string(folder.join(format!("{o}.md"))).unwrap();
        all.insert(name, OUTLINES.iter().map(read).collect());
    }
    std::fs::remove_dir_all(out).unwrap();
    all
}

/// Lines outside code, with table cells apart.
fn cells(text: &str) -> Vec<String> {
    let mut code = false;
    let mut all = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
        } else if code || line.starts_with('#') {
        } else if line.starts_with('|') {
            all.extend(
                line.trim()
                    .trim_matches('|')
                    .split(" | ")
                    .map(str::to_owned),
            );
        } else {
            all.push(line.to_owned());
        }
    }
    all
}

/// Sentences of six words and more that hold no fact: no digit and no name in backticks, once the
/// source in brackets is taken away. Lines that are a link only are no sentences.
fn plain_sentences(texts: &[String]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for cell in texts.iter().flat_map(|t| cells(t)) {
        let cell = cell.trim().trim_start_matches("- ");
        if cell.starts_with('[') && cell.ends_with(')') {
            continue;
        }
        let mut text = String::new();
        let mut rest = cell;
        // Sources: `(source: …)`, `(`brief.yaml:3`)`, `([K02](#…))`.
        while let Some(at) = ["(source: ", "(`", "([K", "([OQ", "(K"]
            .iter()
            .filter_map(|mark| rest.find(mark))
            .min()
        {
            text.push_str(&rest[..at]);
            let mut depth = 0;
            let end = rest[at..].char_indices().find(|(_, c)| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth == 0
            });
            rest = end.map_or("", |(i, _)| &rest[at + i + 1..]);
        }
        text.push_str(rest);
        let text = text.replace("**", "");
        for sentence in text.split_inclusive(['.', '?', '!']) {
            let sentence = sentence.trim().trim_end_matches(['.', '?', '!', ':', ';']);
            let fact = sentence.contains(|c: char| c.is_ascii_digit() || c == '`');
            if !fact && sentence.split_whitespace().count() >= 6 {
                all.insert(sentence.to_lowercase());
            }
        }
    }
    all
}

/// Words between `before` and `after`, each time they stand in a text.
fn between<'a>(text: &'a str, before: &str, after: &str) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    for (at, _) in text.match_indices(before) {
        let rest = &text[at + before.len()..];
        if let Some(end) = rest.find(after).filter(|end| *end < 12) {
            all.insert(&rest[..end]);
        }
    }
    all
}

/// What stands before and after a number that a document gives more than once.
const PHRASES: [(&str, &str); 2] = [
    ("the load is ", " requests/s at peak"),
    ("The target is ", " %, "),
];

#[test]
fn designed_documents_are_filled_agree_and_differ() {
    let all = documents();
    let mut faults = Vec::new();
    let mut told = BTreeSet::new();
    for (name, texts) in &all {
        let text = texts.join("\n");
        for mark in [
            "{thing",
            "{person",
            "{name}",
            "{parts}",
            "{a_",
            "{verb",
            "{load.",
            "{db.",
            "{cost.",
            "{compute.",
            // What a survey says of what it read is no sentence of a design.
            "ode reads at least",
            "not followed.",
            "here was seen to",
            "Code or configuration names",
            "Outcomes found",
            " in manifests.",
            "(searched: the names of",
            " 1 engineers",
            " 1 instances",
            " 1 deployables",
            "NaN",
            " inf ",
            " a a ",
            " an a ",
        ] {
            // An address may have a parameter of that name.
            let found = text
                .match_indices(mark)
                .any(|(at, _)| !text[..at].ends_with('/'));
            if found {
                faults.push(format!("{name}: `{mark}` stands in a document"));
            }
        }
        for (before, after) in PHRASES {
            let values = between(&text, before, after);
            if !values.is_empty() {
                told.insert(before);
            }
            if values.len() > 1 {
                faults.push(format!("{name}: `{before}` has the values {values:?}"));
            }
        }
        // The peak is one number in all five documents.
        let peaks: BTreeSet<&str> = text
            .match_indices(" requests/s at peak and ")
            .filter_map(|(at, _)| text[..at].rsplit([' ', '|', '*']).next())
            .collect();
        if !peaks.is_empty() {
            told.insert("the peak");
        }
        if peaks.len() > 1 {
            faults.push(format!("{name}: the peak is {peaks:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // A phrase that stands nowhere would compare nothing.
    let phrases = PHRASES.map(|(before, _)| before);
    assert!(
        phrases
            .iter()
            .chain(&["the peak"])
            .all(|p| told.contains(p)),
        "of {phrases:?} and the peak only {told:?} stand in documents"
    );

    let mut shares = Vec::new();
    let mut table = String::new();
    for (a, b) in UNRELATED {
        let (one, other) = (plain_sentences(&all[a]), plain_sentences(&all[b]));
        let both = one.intersection(&other).count() as f64;
        let share = 2.0 * both / (one.len() + other.len()) as f64;
        table.push_str(&format!("{a} and {b}: {:.1} %\n", 100.0 * share));
        shares.push(share);
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    if std::env::var_os("SHOW_SHARED").is_some() {
        let (a, b) = UNRELATED[0];
        let other = plain_sentences(&all[b]);
        for sentence in plain_sentences(&all[a]).intersection(&other) {
            table.push_str(&format!("  {sentence}\n"));
        }
        eprintln!("{table}mean {:.1} %", 100.0 * mean);
    }
    assert!(
        mean <= MOST_SHARED,
        "unrelated systems share too many sentences:\n{table}mean {:.1} %",
        100.0 * mean
    );
}
