//! Dockerfiles.

mod stages;
mod steps;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "dockerfile",
    docs: "\
### What it finds
How an image is built: the base image of every stage, with defaults of `ARG` filled in and stage
names followed to their image, and of the last stage what it runs, as whom, its ports, its
environment, its health check and what it copies from the build context. A Dockerfile with a fault
is read on by line.

### What it does not find
What `RUN` does, build arguments without a default, and which stage a build asks for. A file that its
name (`Dockerfile.integration`) or the comment at its head sets apart for tests is no build of the system.
",
    reads: &[Reads::Paths(&[
        "Dockerfile",
        "Dockerfile.*",
        "Dockerfile-*",
        "Dockerfile_*",
        "*.Dockerfile",
        "*-dockerfile",
        "Containerfile",
        "Containerfile.*",
    ])],
    markers: &["FROM", "from", "From"],
    run: extract,
};

/// Whether a build file is one for tests: by its name, or because the comment before its first instruction
/// says so of the file or of what it makes.
fn is_for_tests(lower: &str, text: &str) -> bool {
    const TESTS: [&str; 6] = [
        "are for testing",
        "is for testing",
        "is for tests",
        "testing only",
        "testing purposes only",
        "tests only",
    ];
    const SUFFIXES: [&str; 4] = [
        "integration",
        "integration-ci",
        "integration-test",
        "integration-tests",
    ];
    if lower
        .strip_prefix("dockerfile.")
        .is_some_and(|suffix| SUFFIXES.contains(&suffix))
    {
        return true;
    }
    let comment = text.lines().map(str::trim);
    let comment = comment.take_while(|line| line.is_empty() || line.starts_with('#'));
    let said: Vec<&str> = comment
        .map(|line| line.trim_start_matches(['#', ' ']))
        .collect();
    let said = said.join(" ").to_ascii_lowercase();
    // A command that shows how to try the image says nothing of what it is for.
    let shows =
        |sentence: &str| sentence.contains("docker build") || sentence.contains("docker run");
    let says = |sentence: &str| TESTS.iter().any(|words| sentence.contains(words));
    said.split(". ")
        .any(|sentence| says(sentence) && !shows(sentence))
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.name().to_ascii_lowercase();
    if is_for_tests(&lower, file.text) {
        return;
    }
    // A template is no build file yet.
    let other = [
        ".dockerignore",
        ".md",
        ".sh",
        ".yml",
        ".yaml",
        ".json",
        ".py",
        ".j2",
        ".tmpl",
        ".tpl",
        ".template",
    ];
    if other.iter().any(|suffix| lower.ends_with(suffix)) {
        return;
    }
    let steps = steps::read(acc, file);
    if let Some(build) = stages::build(file, &steps) {
        let last = file.lines().count();
        acc.add(file, 1, last, Claim::Image(Box::new(build)));
        for (name, default, at) in stages::read_at_start(file, &steps) {
            scan::env(acc, file, at, &name, default.as_deref());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_for_tests;

    #[test]
    fn build_files_for_tests_say_so() {
        let said = |text: &str| is_for_tests("dockerfile", text);
        assert!(is_for_tests("dockerfile.integration", "FROM alpine\n"));
        assert!(said(
            "# This Dockerfile and its images are for testing\n# the server.\n\nFROM alpine\n"
        ));
        assert!(said("# For integration testing only.\nFROM alpine\n"));
        assert!(!said(
            "# For testing: docker build -t image .\nFROM alpine\n"
        ));
        assert!(!said(
            "# The image of the shop.\nFROM alpine\n# for testing only\n"
        ));
    }
}
