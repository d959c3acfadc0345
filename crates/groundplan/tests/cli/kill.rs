//! A run that is killed leaves every file as it was or as it would be, and spoils no later run.
#![cfg(unix)]

use crate::sample::{FILES, grocer};
use crate::support::{Folder, files, same};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const CHANGED: &str = "services:\n  web:\n    image: nginx:1\n  orders:\n    image: example/orders\n  extra:\n    image: mongo:7\n";

const ALL: [&str; 5] = [
    "generate",
    "--outline=all",
    "--to=md,html,json",
    "--no-cache",
    "--quiet",
];

#[expect(
    clippy::print_stderr,
    reason = "tells how often the kill hit the writing"
)]
#[test]
fn killed_runs_leave_whole_files() {
    let after = grocer();
    after.write("compose.yaml", CHANGED);
    let start = Instant::now();
    after.good(&ALL);
    let span = start.elapsed();
    let new = after.outputs();
    let folder = grocer();
    folder.good(&ALL);
    let old = folder.outputs();
    folder.write("compose.yaml", CHANGED);
    let mut mixed = 0;
    for step in 0..24u32 {
        restore(&folder, &old);
        let mut child = folder.command(&ALL).spawn().unwrap();
        // Most instants lie near the end, where the writing is.
        std::thread::sleep(span.mul_f64(0.5 + f64::from(step) * 0.025));
        let _ = child.kill();
        let _ = child.wait();
        let found = folder.outputs();
        let mut kinds = [0, 0];
        for (name, bytes) in found.iter().filter(|(name, _)| !is_service(name)) {
            let is_new = new.get(name) == Some(bytes);
            assert!(
                is_new || old.get(name) == Some(bytes),
                "{name} is neither old nor new"
            );
            kinds[usize::from(is_new)] += 1;
        }
        mixed += usize::from(kinds[0] > 0 && kinds[1] > 0 && old != found);
        let manifest = &found[".groundplan-manifest.json"];
        assert!(serde_json::from_slice::<serde_json::Value>(manifest).is_ok());
        for name in old.keys() {
            assert!(
                found.contains_key(name) || !new.contains_key(name),
                "{name} was lost"
            );
        }
        // The repository goes on changing: what the killed run wrote is not taken for a person's.
        folder.write("compose.yaml", FILES[1].1);
        folder.good(&ALL);
        same(
            &old,
            &without_leftovers(folder.outputs()),
            "run after a killed one",
        );
        folder.write("compose.yaml", CHANGED);
    }
    eprintln!("{mixed} of 24 runs were killed while writing");
}

/// The manifest, and files that a killed run was about to put in their place.
fn is_service(name: &str) -> bool {
    name.ends_with(".tmp") || name == ".groundplan-manifest.json"
}

fn without_leftovers(mut all: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    all.retain(|name, _| !name.ends_with(".tmp"));
    all
}

fn restore(folder: &Folder, old: &BTreeMap<String, Vec<u8>>) {
    let out = folder.repo.join("docs/architecture");
    std::fs::remove_dir_all(&out).unwrap();
    for (name, bytes) in old {
        folder.write(&format!("docs/architecture/{name}"), bytes);
    }
    assert_eq!(files(&out).len(), old.len());
}

#[test]
fn a_killed_survey_leaves_a_sound_cache() {
    let folder = grocer();
    let wanted = folder.good(&["survey", "--no-cache"]).out;
    for step in 0..10 {
        let _ = std::fs::remove_dir_all(folder.home());
        let mut child = folder.command(&["survey"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(4 * step));
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(folder.good(&["survey"]).out, wanted);
    }
}
