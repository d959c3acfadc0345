//! What people get wrong, and the exit status that tells pipelines.

use crate::sample::grocer;
use crate::support::{Folder, is_root};

#[test]
fn no_arguments_show_help() {
    let ran = Folder::new().run(&[]).ended(2);
    assert!(
        ran.err.contains("Usage:") && ran.err.contains("generate"),
        "{}",
        ran.err
    );
    assert!(
        Folder::new()
            .good(&["--help"])
            .out
            .contains("Exit status: 0 done")
    );
}

#[test]
fn a_path_must_be_a_folder() {
    let folder = grocer();
    for command in ["generate", "survey", "init"] {
        folder
            .run(&[command, "nowhere"])
            .ended(2)
            .says(&["cannot open nowhere", "folder of a repository"]);
        folder
            .run(&[command, "README.md"])
            .ended(2)
            .says(&["found a file: README.md"]);
    }
    folder
        .run(&["explain", "orders", "nowhere"])
        .ended(2)
        .says(&["cannot open nowhere"]);
}

#[test]
fn an_empty_folder_says_what_is_needed() {
    let folder = Folder::new();
    for command in [&["generate"][..], &["survey"], &["explain", "OQ-1"]] {
        let ran = folder.run(command).ended(2);
        assert!(ran.err.contains("files"), "{command:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{command:?}");
    }
    assert!(!folder.repo.join("docs").exists());
    // An empty folder can be declared.
    folder.good(&["init", "--yes", "--purpose", "Sells bread."]);
    folder.good(&["generate"]);
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_told() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        return;
    }
    let folder = grocer();
    let lock = |mode| {
        let closed = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.repo.join("orders"), closed).unwrap();
    };
    lock(0o000);
    let ran = folder.run(&["generate"]);
    lock(0o755);
    ran.ended(0).says(&["warning", "orders"]);
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let folder = grocer();
    let ran = folder.run(&["generate", "--outline", "refrence"]).ended(2);
    ran.says(&[
        "`refrence`",
        "module, proposal, reference, standard, technical",
    ]);
    folder
        .run(&["generate", "--to", "docs"])
        .ended(2)
        .says(&["`docs`", "md", "html", "json"]);
    folder
        .run(&["outline", "show", "x"])
        .ended(2)
        .says(&["`x`", "reference"]);
    folder
        .run(&["schema", "x"])
        .ended(2)
        .says(&["blueprint", "declaration"]);
    folder
        .run(&["completions", "x"])
        .ended(2)
        .says(&["bash", "zsh"]);
    folder.run(&["generat"]).ended(2).says(&["generate"]);
    assert!(!folder.repo.join("docs/architecture").exists());
}

#[test]
fn values_that_cannot_be_are_refused() {
    let folder = grocer();
    for date in [
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "2023-02-29",
        "2024-1-1",
        "",
    ] {
        folder
            .run(&["generate", "--date", date])
            .ended(2)
            .says(&["YYYY-MM-DD"]);
    }
    folder
        .run(&["generate", "--source-url", "javascript:alert(1)"])
        .ended(2)
        .says(&["http"]);
    folder
        .run(&["generate", "--include", "a{"])
        .ended(2)
        .says(&["bad-glob", "`a{`"]);
    folder
        .run(&["generate", "--as-of", "v9"])
        .ended(2)
        .says(&["git"]);
    std::fs::remove_file(folder.repo.join("groundplan.yaml")).unwrap();
    folder
        .run(&["survey", "--exclude", "**"])
        .ended(2)
        .says(&["--exclude"]);
}

#[test]
fn a_broken_declaration_stops_and_helps() {
    let folder = grocer();
    folder.write("groundplan.yaml", "system:\n  nam: Grocer\n");
    for command in [&["generate"][..], &["survey"], &["explain", "orders"]] {
        folder
            .run(command)
            .ended(2)
            .says(&["groundplan.yaml:2", "did you mean `name`?"]);
    }
    folder.write("groundplan.yaml", "system: [\n");
    folder
        .run(&["generate"])
        .ended(2)
        .says(&["groundplan.yaml:", "error"]);
    folder.write("groundplan.yaml", "outlines: [technical, refrence]\n");
    folder
        .run(&["generate"])
        .ended(2)
        .says(&["groundplan.yaml:1", "`refrence`", "reference"]);
    folder.write("groundplan.yaml", "source_url: javascript:alert(1)\n");
    folder
        .run(&["generate"])
        .ended(2)
        .says(&["groundplan.yaml:1", "https"]);
    assert!(!folder.repo.join("docs/architecture").exists());
}

#[test]
fn threads_are_counted() {
    for threads in ["100000", "-1", "2.5", "many"] {
        grocer()
            .run(&["survey", &format!("--threads={threads}")])
            .ended(2)
            .says(&["--threads"]);
    }
    grocer().good(&["survey", "--threads", "64"]);
}
