//! Files that are there for a tool or a platform and for nothing else.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_knowledge::{Category, Technology, knowledge};
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "known-files",
    docs: "\
### What it finds
Build tools, runtimes, containers, orchestrators, platforms, pipelines, browser tests and descriptions
of interfaces by the files that they alone read: `pnpm-lock.yaml`, `.nvmrc`, `Dockerfile`, `Chart.yaml`,
`netlify.toml`. Which file is whose stands under `files` in the data of technologies.

### What it does not find
Technologies of other kinds by their files, and what such a file says.
",
    reads: &[Reads::Known],
    markers: &[],
    run: extract,
};

/// The kinds of technology that a file of their own shows to be in use. A schema or a sample of a
/// database, say, shows less.
fn shows(technology: &Technology) -> bool {
    matches!(
        technology.category,
        Category::ApiDocs
            | Category::BrowserTesting
            | Category::BuildTool
            | Category::Ci
            | Category::Cloud
            | Category::ContainerRuntime
            | Category::Orchestrator
            | Category::Runtime
    )
}

/// Whether a file is the mark of such a technology.
pub(crate) fn is_mark(path: &str) -> bool {
    knowledge().by_file(path).into_iter().any(shows)
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for technology in knowledge().by_file(file.path) {
        if shows(technology) {
            let mark = Mark {
                topic: Topic::Technology,
                name: technology.name.clone(),
                detail: Some(file.name().to_owned()),
            };
            acc.add(file, 1, 1, Claim::Mark(mark));
        }
    }
}
