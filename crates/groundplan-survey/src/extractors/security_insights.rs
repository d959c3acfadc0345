//! SECURITY-INSIGHTS files of the Open Source Security Foundation.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::source::SourceFile;
use groundplan_model::Topic;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "security-insights",
    docs: "\
### What it finds
Of `SECURITY-INSIGHTS.yml`, in both versions of its schema (<https://security-insights.openssf.org>): whether a
threat model was made, who the core maintainers are, and a state of the project other than active.

### What it does not find
Addresses of contacts, tools and policies.
",
    reads: &[Reads::Paths(&[
        "SECURITY-INSIGHTS.yml",
        "SECURITY-INSIGHTS.yaml",
        "SECURITY_INSIGHTS.yml",
        "security-insights.yml",
        "security-insights.yaml",
    ])],
    markers: &["schema-version"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if !matches!(file.folder(), "" | ".github" | ".gitlab") {
        return;
    }
    let Some(root) = file.yaml().first() else {
        return;
    };
    let mut say = |node: &Node, key: &str, text: String| {
        let mark = Mark {
            topic: Topic::Stated,
            name: key.to_owned(),
            detail: Some(text),
        };
        acc.add(file, node.first, node.last, Claim::Mark(mark));
    };
    let model = root.at(&["security-artifacts", "threat-model", "threat-model-created"]);
    if let Some((node, value)) = model.and_then(|node| Some((node, node.str()?))) {
        say(
            node,
            "threat-review",
            format!("threat-model-created: {value}"),
        );
    }
    let people = [
        &["project-lifecycle", "core-maintainers"][..],
        &["repository", "core-team"],
        &["project", "administrators"],
    ];
    if let Some(node) = people.iter().find_map(|path| root.at(path)) {
        let names = node
            .items()
            .iter()
            .filter_map(|one| one.str().or_else(|| one.str_of("name")));
        let names: Vec<&str> = names
            .filter(|name| !name.contains("://") && !name.contains('@'))
            .take(8)
            .collect();
        if !names.is_empty() {
            say(
                node,
                "maintainers",
                format!("Maintainers: {}", names.join(", ")),
            );
        }
    }
    let states = [
        &["project-lifecycle", "status"][..],
        &["repository", "status"],
    ];
    let state = states.iter().find_map(|path| root.at(path));
    if let Some((node, value)) = state.and_then(|node| Some((node, node.str()?)))
        && value != "active"
    {
        say(node, "status", format!("status: {value}"));
    }
}
