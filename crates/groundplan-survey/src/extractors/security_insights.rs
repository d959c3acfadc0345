//! SECURITY-INSIGHTS files of the Open Source Security Foundation.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::source::SourceFile;
use crate::statements::mark;
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "security-insights",
    docs: "\
### What it finds
Of `SECURITY-INSIGHTS.yml`, in both versions of its schema (<https://security-insights.openssf.org>): who the core
maintainers are, and a state of the project other than active; in the first also whether a threat model was made.

### What it does not find
Addresses of contacts, tools and policies.
",
    reads: &[Reads::Paths(&[
        "SECURITY{-,_}INSIGHTS.{yml,yaml}",
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
        mark(acc, file, (node.first, node.last), key, text);
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
