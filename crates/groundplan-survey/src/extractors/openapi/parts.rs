//! Paths of OpenAPI contracts that stand in files of their own.

use super::schema::Schemas;
use super::{METHODS, operation};
use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, PathItem};
use crate::source::SourceFile;
use groundplan_syntax::{Language, Node};

pub(in crate::extractors) static EXTRACTOR: Extractor = Extractor {
    name: "openapi-parts",
    docs: "\
### What it finds
Operations of paths that an OpenAPI document takes in by `$ref` from other files of the repository, in
YAML or JSON: a file for each path, or several paths by name in one file.

### What it does not find
Paths without an `operationId`; fields of schemas that stand in other files.
",
    reads: &[Reads::Languages(&[Language::Yaml, Language::Json])],
    markers: &["operationId"],
    run: extract,
};

/// Mappings between the top of a file and a path.
const DEEPEST: usize = 2;
/// Paths of one file.
const MOST: usize = 500;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for root in file.documents() {
        if root.get("openapi").is_some() || root.get("swagger").is_some() {
            continue;
        }
        let schemas = Schemas::new(root);
        let mut found = 0;
        walk(acc, file, &schemas, root, "", 0, &mut found);
    }
}

fn walk(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    schemas: &Schemas<'_>,
    node: &Node,
    pointer: &str,
    depth: usize,
    found: &mut usize,
) {
    if !node.is_mapping() || *found >= MOST {
        return;
    }
    let entries = node.entries();
    let answers = |n: &Node| n.get("responses").is_some();
    let operations: Vec<_> = entries
        .iter()
        .filter(|(key, n)| METHODS.contains(&key.text.as_str()) && answers(n))
        .map(|(key, n)| operation(file, schemas, (&[], None), "", node, (key, n)))
        .collect();
    if !operations.is_empty() {
        *found += 1;
        let lines = |o: &groundplan_model::Operation| o.provenance.first().map(|e| e.lines);
        let first = operations.iter().filter_map(lines).map(|l| l[0]).min();
        let last = operations.iter().filter_map(lines).map(|l| l[1]).max();
        let item = PathItem {
            pointer: pointer.to_owned(),
            operations,
        };
        let first = first.unwrap_or(node.first);
        acc.add(
            file,
            first,
            last.unwrap_or(first),
            Claim::PathItem(Box::new(item)),
        );
        return;
    }
    if depth < DEEPEST {
        for (key, inner) in entries {
            let part = key.text.replace('~', "~0").replace('/', "~1");
            let pointer = format!("{pointer}/{part}");
            walk(acc, file, schemas, inner, &pointer, depth + 1, found);
        }
    }
}
