//! CODEOWNERS, and OWNERS files of Kubernetes.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Owners};
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "codeowners",
    docs: "\
### What it finds
Owners of path patterns in `CODEOWNERS` of GitHub and GitLab, and patterns that have none; approvers of `OWNERS` files for their
folder.

### What it does not find
E-mail addresses, which are left out, so an owner known by one only is not found. Filters and
aliases of `OWNERS`.
",
    reads: &[Reads::Paths(&["CODEOWNERS", "OWNERS"])],
    markers: &[],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.name().eq_ignore_ascii_case("OWNERS") {
        return approvers(acc, file);
    }
    let mut defaults: Vec<String> = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        let number = number as u32 + 1;
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // A section of GitLab: `[Docs][2] @docs-team`, optional with `^`.
        if let Some(section) = line.strip_prefix('[').or(line.strip_prefix("^[")) {
            let owners = section.rsplit_once(']').map_or("", |(_, owners)| owners);
            defaults = handles(owners.split_whitespace());
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else {
            continue;
        };
        let words: Vec<&str> = words.collect();
        if words.iter().any(|word| !word.contains('@')) {
            // No owner looks like that; more likely the pattern has a blank.
            continue;
        }
        let owners = if words.is_empty() {
            defaults.clone()
        } else {
            handles(words.into_iter())
        };
        // A pattern without owners takes them away from what an earlier one holds.
        let pattern = pattern.to_owned();
        let claim = Owners { pattern, owners };
        acc.add(file, number, number, Claim::Owners(claim));
    }
}

/// Handles and teams; an address has its `@` inside.
fn handles<'t>(words: impl Iterator<Item = &'t str>) -> Vec<String> {
    words
        .filter(|word| word.starts_with('@') && word.len() > 1)
        .map(str::to_owned)
        .collect()
}

fn approvers(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(root) = file.yaml().first() else {
        return;
    };
    let Some(node) = root.get("approvers") else {
        return;
    };
    let owners: Vec<String> = node
        .strings()
        .into_iter()
        .filter(|(name, _)| !name.contains('@'))
        .map(|(name, _)| name.to_owned())
        .collect();
    if !owners.is_empty() {
        let pattern = match file.folder() {
            "" => "/".to_owned(),
            folder => format!("/{folder}/"),
        };
        let claim = Owners { pattern, owners };
        let first = node.first.saturating_sub(1).max(1);
        acc.add(file, first, node.last, Claim::Owners(claim));
    }
}
