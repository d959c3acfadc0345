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
What `RUN` does, build arguments without a default, and which stage a build asks for.
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

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.name().to_ascii_lowercase();
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
