//! `tsconfig.json` and `jsconfig.json`: names under which code imports folders of the repository.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, ModulePaths};
use crate::manifest::text_of;
use crate::source::{SourceFile, join};
use groundplan_syntax::Node;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "tsconfig",
    docs: "\
### What it finds
`compilerOptions.paths` and `baseUrl` of `tsconfig*.json` and `jsconfig.json`, and the settings that a
file extends by its path: which folder `@shop/db/orders` means
(<https://www.typescriptlang.org/tsconfig/#paths>).

### What it does not find
Settings that come with a package, and what bundlers are told in files of their own.
",
    reads: &[Reads::Paths(&["tsconfig*.json", "jsconfig*.json"])],
    markers: &["paths", "baseUrl", "extends"],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.json().filter(|root| root.is_mapping()) else {
        return;
    };
    let options = root.get("compilerOptions");
    let base = options
        .and_then(|o| text_of(o, "baseUrl"))
        .and_then(|base| join(file.folder(), &base));
    let given = options.and_then(|o| o.get("paths"));
    let mut paths = Vec::new();
    for (key, node) in given.map(Node::entries).unwrap_or_default() {
        let targets: Vec<String> = node
            .items()
            .iter()
            .filter_map(|item| item.str().map(str::to_owned))
            .collect();
        if !targets.is_empty() {
            paths.push((key.text.clone(), targets));
        }
    }
    let extends = root.get("extends");
    let extends = extends.and_then(|node| {
        // Of several the last wins.
        let last = node.items().last().and_then(|item| item.str());
        let text = node.str().or(last)?;
        let path = join(file.folder(), text).filter(|_| text.starts_with('.'))?;
        Some(match path.ends_with(".json") {
            true => path,
            false => format!("{path}.json"),
        })
    });
    if base.is_none() && paths.is_empty() && extends.is_none() {
        return;
    }
    let (first, last) = options.map_or((root.first, root.last), |o| (o.first, o.last));
    let claim = ModulePaths {
        base,
        extends,
        paths,
    };
    acc.add(file, first, last, Claim::ModulePaths(Box::new(claim)));
}
