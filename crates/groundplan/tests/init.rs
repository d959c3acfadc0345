//! `groundplan init` as a person runs it, without a terminal.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A small shop without git, below the build folder.
fn shop(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("init-{name}"));
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(
        root.join("README.md"),
        "# Shop\n\nShop sells groceries to people in one town.\n",
    )
    .unwrap();
    let compose = "services:\n  api: {image: example/api}\n  db: {image: postgres:16}\n";
    std::fs::write(root.join("compose.yaml"), compose).unwrap();
    root
}

fn groundplan(arguments: &[&str], root: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundplan"));
    command.args(arguments).arg("--no-cache").current_dir(root);
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

fn written(root: &Path) -> String {
    std::fs::read_to_string(root.join("groundplan.yaml")).unwrap()
}

#[test]
fn options_are_written_and_nothing_is_invented() {
    let root = shop("options");
    let ran = groundplan(
        &[
            "init",
            "--yes",
            "--team",
            "5 engineers",
            "--stack",
            "Go: only",
        ],
        &root,
    );
    assert_eq!(
        ran.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let text = written(&root);
    let values: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .collect();
    let answers: Vec<&&str> = values.iter().filter(|l| !l.ends_with(':')).collect();
    assert_eq!(answers, [&"team: \"5 engineers\"", &"stack: \"Go: only\""]);
    let seen = "# observed in README.md:3: Shop sells groceries to people in one town.";
    assert!(text.contains(seen), "{text}");
    let schema = text
        .lines()
        .next()
        .unwrap()
        .split_once("$schema=")
        .unwrap()
        .1;
    let schema = std::fs::read_to_string(root.join(schema)).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::validator_for(&schema).is_ok());
}

#[test]
fn what_a_person_wrote_is_not_replaced_without_force() {
    let root = shop("force");
    for name in ["groundplan.yaml", "groundplan.yml"] {
        let path = root.join(name);
        std::fs::write(&path, "system: {name: Mine}\n").unwrap();
        let ran = groundplan(&["init", "--yes"], &root);
        assert_eq!(ran.status.code(), Some(2));
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "system: {name: Mine}\n"
        );
        let ran = groundplan(&["init", "--yes", "--force"], &root);
        assert_eq!(
            ran.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("\n  name: Mine\n"), "{text}");
        std::fs::remove_file(&path).unwrap();
    }
}

#[test]
fn what_init_writes_changes_nothing_in_the_survey() {
    let root = shop("quiet");
    let before = groundplan(&["survey"], &root);
    assert_eq!(groundplan(&["init", "--yes"], &root).status.code(), Some(0));
    let after = groundplan(&["survey"], &root);
    assert_eq!(after.status.code(), Some(0));
    assert_eq!(
        String::from_utf8_lossy(&before.stdout),
        String::from_utf8_lossy(&after.stdout)
    );
}

#[test]
fn a_fault_of_the_declaration_stops_the_survey() {
    let root = shop("fault");
    std::fs::write(root.join("groundplan.yaml"), "sytem: {name: Mine}\n").unwrap();
    let ran = groundplan(&["survey"], &root);
    assert_eq!(ran.status.code(), Some(2));
    assert!(ran.stdout.is_empty());
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(
        told.contains("groundplan.yaml:1") && told.contains("did you mean `system`?"),
        "{told}"
    );
}
