//! Writing: never over somebody's work, never half.

use crate::sample::grocer;
use crate::support::{Folder, files, is_root, same};

#[test]
fn text_edited_by_hand_is_refused_with_a_diff() {
    let folder = grocer();
    folder.good(&["generate"]);
    let before = folder.outputs();
    folder.good(&["generate"]);
    same(&before, &folder.outputs(), "second run");
    let path = "docs/architecture/reference.md";
    let edited = format!("{}\nMy own words.\n", folder.read(path));
    folder.write(path, &edited);
    let ran = folder.run(&["generate"]).ended(2);
    ran.says(&[
        "reference.md",
        "edited by hand",
        "-My own words.",
        "--force",
    ]);
    assert_eq!(folder.read(path), edited);
    folder.good(&["generate", "--force"]);
    same(&before, &folder.outputs(), "forced run");
}

#[test]
fn a_refused_run_writes_nothing() {
    let folder = grocer();
    folder.good(&["generate"]);
    folder.write("docs/architecture/facts.json", "{}\n");
    let before = folder.outputs();
    folder.write("compose.yaml", "services:\n  only:\n    image: nginx:1\n");
    folder.run(&["generate"]).ended(2).says(&["facts.json"]);
    same(&before, &folder.outputs(), "refused run");
}

#[test]
fn a_foreign_file_is_refused() {
    let folder = grocer();
    folder.write("docs/architecture/reference.md", "# Ours since 2009\n");
    let ran = folder.run(&["generate"]).ended(2);
    ran.says(&[
        "reference.md",
        "not written by Groundplan",
        "-# Ours since 2009",
    ]);
    assert_eq!(folder.outputs().len(), 1);
    folder.good(&["generate", "--force"]);
    assert!(
        folder
            .read("docs/architecture/reference.md")
            .contains("Grocer")
    );
}

#[test]
fn what_is_no_longer_made_is_removed_and_what_is_foreign_stays() {
    let folder = grocer();
    folder.good(&["generate", "--outline", "all", "--to", "md,html,json"]);
    folder.write("docs/architecture/notes.md", "mine\n");
    let edited = format!("{}\nmine\n", folder.read("docs/architecture/module.html"));
    folder.write("docs/architecture/module.html", &edited);
    folder.good(&["generate", "--outline", "standard", "--to", "md"]);
    let left = folder.outputs();
    let named: Vec<&str> = left
        .keys()
        .map(String::as_str)
        .filter(|n| !n.starts_with("diagrams/"))
        .collect();
    let wanted = [
        ".groundplan-manifest.json",
        "blueprint.json",
        "facts.json",
        "module.html",
        "notes.md",
        "standard.md",
    ];
    assert_eq!(named, wanted);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let folder = grocer();
    folder.write("file", "x");
    folder
        .run(&["generate", "--out", "file"])
        .ended(2)
        .says(&["cannot", "file"]);
    folder
        .run(&["generate", "--out", "file/below"])
        .ended(2)
        .says(&["cannot", "file/below"]);
    folder
        .run(&["generate", "--out", "/proc/nothing/here"])
        .ended(2)
        .says(&["cannot"]);
    if !is_root() {
        use std::os::unix::fs::PermissionsExt;
        let closed = std::fs::Permissions::from_mode(0o555);
        std::fs::create_dir(folder.repo.join("closed")).unwrap();
        std::fs::set_permissions(folder.repo.join("closed"), closed).unwrap();
        folder
            .run(&["generate", "--out", "closed"])
            .ended(2)
            .says(&["cannot", "closed"]);
    }
}

#[test]
fn a_relative_output_folder_lies_where_the_command_runs() {
    let folder = grocer();
    let above = folder.beside(".");
    let name = folder
        .repo
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let status = folder
        .command(&["generate", &name, "--out", "site", "-q"])
        .current_dir(&above)
        .status()
        .unwrap();
    assert!(status.success());
    assert!(files(&above.join("site")).contains_key("reference.md"));
    assert!(!folder.repo.join("site").exists());
}

#[test]
fn an_output_folder_may_lie_anywhere() {
    let folder = grocer();
    let outside = folder.beside("out");
    folder.good(&["generate", "--out", &outside.to_string_lossy()]);
    assert!(files(&outside).contains_key("reference.md"));
    assert!(!folder.repo.join("docs/architecture").exists());
    folder.good(&["generate", "--out", "../sibling"]);
    assert!(files(&folder.beside("sibling")).contains_key("reference.md"));
    folder.good(&["generate", "--out", "."]);
    let before = folder.read("reference.md");
    folder.good(&["generate", "--out", "."]);
    assert_eq!(
        before,
        folder.read("reference.md"),
        "outputs became evidence"
    );
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_writing_out_of_the_repository() {
    use std::os::unix::fs::symlink;
    for (link, command) in [
        ("docs/architecture", &["generate"][..]),
        ("docs/architecture/diagrams", &["generate"]),
        // The documents lie in the repository itself.
        ("diagrams", &["generate", "--out", "."]),
        ("out/diagrams", &["generate", "--out", "./out"]),
    ] {
        let folder = grocer();
        let outside = folder.beside("outside");
        std::fs::create_dir(&outside).unwrap();
        let link = folder.repo.join(link);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&outside, &link).unwrap();
        folder.run(command).ended(2).says(&["link"]);
        assert!(files(&outside).is_empty());
    }
    let folder = grocer();
    std::fs::remove_file(folder.repo.join("groundplan.yaml")).unwrap();
    let outside = folder.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    symlink(&outside, folder.repo.join(".groundplan")).unwrap();
    folder.run(&["init", "--yes"]).ended(2).says(&["link"]);
    assert!(files(&outside).is_empty());
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_document_is_refused_unread() {
    let folder = grocer();
    let secret = folder.beside("elsewhere.txt");
    std::fs::write(&secret, "content of another folder\n").unwrap();
    std::fs::create_dir_all(folder.repo.join("docs/architecture")).unwrap();
    let link = folder.repo.join("docs/architecture/reference.md");
    std::os::unix::fs::symlink(&secret, &link).unwrap();
    let ran = folder.run(&["generate"]).ended(2);
    assert!(!ran.err.contains("content of another"), "{}", ran.err);
    folder.good(&["generate", "--force"]);
    assert_eq!(
        std::fs::read_to_string(&secret).unwrap(),
        "content of another folder\n"
    );
    assert!(!link.is_symlink());
}

#[test]
fn a_hostile_manifest_removes_nothing_outside() {
    let folder = grocer();
    let other = folder.beside("other.txt");
    std::fs::write(&other, "keep").unwrap();
    let hash = blake3::hash(b"keep").to_hex().to_string();
    let names = [
        "../../../other.txt".to_owned(),
        other.to_string_lossy().into_owned(),
    ];
    let listed: Vec<String> = names.iter().map(|n| format!("{n:?}: {hash:?}")).collect();
    let manifest = format!("{{\"about\": \"\", \"files\": {{{}}}}}", listed.join(", "));
    folder.write("docs/architecture/.groundplan-manifest.json", manifest);
    folder.good(&["generate"]);
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "keep");
}

#[test]
fn folders_in_the_place_of_documents_are_an_error() {
    let folder = Folder::with([("compose.yaml", "services:\n  a:\n    image: nginx:1\n")]);
    folder.write("docs/architecture/reference.md/x", "x");
    folder.run(&["generate"]).ended(2).says(&["reference.md"]);
}
