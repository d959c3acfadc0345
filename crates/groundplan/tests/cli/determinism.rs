//! Same input, same bytes.

use crate::sample::{FILES, grocer};
use crate::support::{Folder, lossy, same};

const EVERYTHING: [&str; 3] = ["generate", "--outline=all", "--to=md,html,json"];

fn with(more: &[&str]) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = EVERYTHING.to_vec();
    all.extend(
        more.iter()
            .map(|m| -> &'static str { Box::leak((*m).to_owned().into_boxed_str()) }),
    );
    all
}

#[test]
fn threads_cache_and_order_of_creation_do_not_matter() {
    let first = grocer();
    first.good(&with(&["--threads", "1", "--no-cache"]));
    let wanted = first.outputs();
    let reversed = Folder::with(FILES.into_iter().rev());
    for threads in ["2", "4", "0"] {
        reversed.good(&with(&["--threads", threads, "--no-cache"]));
        same(&wanted, &reversed.outputs(), "threads");
        std::fs::remove_dir_all(reversed.repo.join("docs/architecture")).unwrap();
    }
    for run in ["cold cache", "warm cache"] {
        reversed.good(&EVERYTHING);
        same(&wanted, &reversed.outputs(), run);
        std::fs::remove_dir_all(reversed.repo.join("docs/architecture")).unwrap();
    }
    let cache = reversed.beside("cache");
    for run in ["cold own cache", "warm own cache"] {
        reversed.good(&with(&["--cache", &cache.to_string_lossy()]));
        same(&wanted, &reversed.outputs(), run);
        std::fs::remove_dir_all(reversed.repo.join("docs/architecture")).unwrap();
    }
    assert!(cache.read_dir().unwrap().count() > 0);
}

#[test]
fn a_spoilt_cache_does_not_matter() {
    let folder = grocer();
    let cache = folder.beside("cache");
    let place = cache.to_string_lossy().into_owned();
    let wanted = folder.good(&["survey", "--cache", &place]).out;
    let packs = || {
        std::fs::read_dir(&cache)
            .unwrap()
            .map(|e| e.unwrap().path())
    };
    for pack in packs() {
        let bytes = std::fs::read(&pack).unwrap();
        std::fs::write(&pack, &bytes[..bytes.len() / 2]).unwrap();
    }
    assert_eq!(
        folder.good(&["survey", "--cache", &place]).out,
        wanted,
        "cut"
    );
    for pack in packs() {
        std::fs::write(&pack, [0xff; 4096]).unwrap();
    }
    assert_eq!(
        folder.good(&["survey", "--cache", &place]).out,
        wanted,
        "overwritten"
    );
    std::fs::remove_dir_all(&cache).unwrap();
    std::fs::write(&cache, "a file").unwrap();
    assert_eq!(
        folder.good(&["survey", "--cache", &place]).out,
        wanted,
        "a file in its place"
    );
}

#[test]
fn a_changed_file_is_seen_through_the_cache() {
    let folder = grocer();
    folder.good(&["survey"]);
    let changed = FILES[1].1.replace("postgres:16", "mysql:8");
    folder.write("compose.yaml", &changed);
    let warm = folder.good(&["survey"]).out;
    assert_eq!(warm, folder.good(&["survey", "--no-cache"]).out);
    assert!(warm.contains("MySQL"));
}

#[test]
fn the_place_of_the_repository_does_not_matter() {
    let here = grocer();
    here.good(&EVERYTHING);
    let there = Folder::named("another name, with spaces");
    for (path, text) in FILES {
        there.write(path, text);
    }
    there.good(&EVERYTHING);
    same(&here.outputs(), &there.outputs(), "another folder");
    let far = grocer();
    let path = far.repo.to_string_lossy().into_owned();
    far.good(&with(&[&path]));
    same(&here.outputs(), &far.outputs(), "absolute path");
    std::fs::remove_dir_all(far.repo.join("docs/architecture")).unwrap();
    far.good(&with(&["../repo/./orders/.."]));
    same(&here.outputs(), &far.outputs(), "path with dots");
}

#[test]
fn outputs_name_no_place_of_this_machine() {
    let folder = grocer();
    folder.git(&["init", "-q"]);
    folder.git(&["remote", "add", "origin", &folder.repo.to_string_lossy()]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "all"]);
    folder.write("broken/compose.yaml", "services: [");
    let path = folder.repo.to_string_lossy().into_owned();
    folder.good(&with(&[&path]));
    let base = folder.repo.parent().unwrap().to_string_lossy().into_owned();
    for (name, bytes) in folder.outputs() {
        assert!(!lossy(&bytes).contains(&base), "{name} holds {base}");
    }
    let survey = folder.good(&["survey", &path]);
    assert!(!survey.out.contains(&base));
}

#[test]
fn committing_the_documents_changes_nothing_in_them() {
    let folder = grocer();
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "the system"]);
    folder.good(&EVERYTHING);
    let wanted = folder.outputs();
    let manual = lossy(&wanted["reference.md"]);
    assert!(
        manual.contains("2024-05-06"),
        "the date of the revision is missing"
    );
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "documents"]);
    folder.good(&EVERYTHING);
    same(
        &wanted,
        &folder.outputs(),
        "after a commit of the documents",
    );
    // A branch that holds them and a merge of it change nothing either.
    folder.git(&["checkout", "-qb", "side"]);
    folder.git(&["commit", "-qm", "empty", "--allow-empty"]);
    folder.good(&EVERYTHING);
    same(&wanted, &folder.outputs(), "after an empty commit");
    folder.write("orders/main.go", "package main\n");
    folder.git(&["commit", "-qam", "less"]);
    folder.good(&EVERYTHING);
    assert_ne!(
        wanted,
        folder.outputs(),
        "a change of the system must be seen"
    );
}

#[test]
fn outputs_in_two_folders_are_evidence_in_neither() {
    let folder = grocer();
    folder.good(&with(&["--out", "one"]));
    let one = crate::support::files(&folder.repo.join("one"));
    folder.good(&with(&["--out", "two"]));
    same(
        &one,
        &crate::support::files(&folder.repo.join("two")),
        "second folder",
    );
    folder.good(&with(&["--out", "one"]));
    same(
        &one,
        &crate::support::files(&folder.repo.join("one")),
        "first folder again",
    );
}

#[test]
fn a_date_is_taken_as_given() {
    let folder = grocer();
    folder.good(&["generate", "--date", "2031-02-03"]);
    assert!(
        folder
            .read("docs/architecture/reference.md")
            .contains("2031-02-03")
    );
    folder.good(&["generate"]);
    assert!(
        !folder
            .read("docs/architecture/reference.md")
            .contains("2031-02-03")
    );
}
