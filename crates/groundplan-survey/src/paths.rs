//! What a path says about a file: test, example, generated.

use std::borrow::Cow;

/// The text in lower case; most names are so already and are not copied.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether the file belongs to tests by its path: what it calls and offers is no part of the
/// system.
pub fn is_test(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    if folder.split('/').any(|part| {
        matches!(
            part,
            "test"
                | "tests"
                | "__tests__"
                | "__mocks__"
                | "testing"
                | "testdata"
                | "testutil"
                | "testutils"
                | "test_utils"
                | "spec"
                | "specs"
                | "e2e"
                | "mock"
                | "mocks"
                | "fixtures"
                | "benches"
        )
    }) {
        return true;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem == "conftest"
        || stem == "tests"
        || stem == "test"
        || stem.starts_with("test_")
        || stem.starts_with("tests_")
        || stem.starts_with("mock_")
        || ["_test", "_tests", ".test", ".spec", "-test", "_mock"]
            .iter()
            .any(|end| stem.ends_with(end))
}

/// Whether the file is an example by its path.
pub fn is_example(path: &str) -> bool {
    let path = outside_packages(path);
    let lower = path.to_ascii_lowercase();
    let folder = lower.rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/').any(|part| {
        matches!(
            part,
            "example" | "examples" | "_examples" | "sample" | "samples" | "demo" | "demos"
        )
    })
}

/// Whether a generator wrote the file, by its path or the head of its text.
pub fn is_generated(path: &str, text: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    if [
        ".pb.go",
        ".pb.gw.go",
        "_pb2.py",
        "_pb2_grpc.py",
        "_pb2.pyi",
        ".gen.go",
        "_generated.go",
    ]
    .iter()
    .any(|end| lower.ends_with(end))
    {
        return true;
    }
    text.lines().take(8).any(|line| {
        (line.starts_with("//") || line.starts_with('#'))
            && (line.contains("DO NOT EDIT") || line.contains("@generated"))
    })
}

/// The folders of a path without those that only spell a Java or Kotlin package: `com/example/…`
/// below `src/main/java` is a name, not a sample.
pub(crate) fn outside_packages(folders: &str) -> &str {
    let mut at = 0;
    // The last three folders up to here.
    let mut before = ["", ""];
    for part in folders.split('/') {
        let end = at + part.len();
        let is_root = matches!(part, "java" | "kotlin" | "scala" | "groovy")
            && before[0] == "src"
            && end < folders.len();
        if is_root {
            return &folders[..end];
        }
        before = [before[1], part];
        at = end + 1;
    }
    folders
}
