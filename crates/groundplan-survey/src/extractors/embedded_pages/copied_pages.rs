//! What a build script takes from one folder into another.

use crate::extractors::compose_commands::{assignment, filled};
use crate::facts::{Claim, Embeds, FileFacts};
use crate::source::{SourceFile, join};
use std::collections::BTreeMap;

/// Folders that builds of pages leave behind.
const OUTPUTS: [&str; 5] = ["dist", "build", "out", "public", "www"];

pub(super) fn reads(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(lower.as_str(), "makefile" | "gnumakefile" | "justfile")
        || lower.ends_with(".mk")
        || lower.ends_with(".sh")
}

pub(super) fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let mut variables: BTreeMap<&str, String> = BTreeMap::new();
    let mut open: Option<&str> = None;
    let mut found: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (number, line) in file.text.lines().enumerate() {
        let goes_on = line.trim_end().ends_with('\\');
        let text = line.trim_end().trim_end_matches('\\');
        // A value over several lines is one list.
        if let Some(name) = open {
            if let Some(value) = variables.get_mut(name) {
                value.push(' ');
                value.push_str(text.trim());
            }
            open = goes_on.then_some(name);
            continue;
        }
        if let Some((name, value)) = assignment(text) {
            variables.insert(name, value.trim().trim_matches(['"', '\'']).to_owned());
            open = goes_on.then_some(name);
            continue;
        }
        let mut words = line.split_whitespace().map(|w| w.trim_start_matches('@'));
        let copies = words.clone().any(|w| matches!(w, "cp" | "mv" | "rsync"));
        let packs = words.any(|w| {
            let name = w
                .trim_matches(['$', '(', ')', '{', '}'])
                .to_ascii_lowercase();
            let name = name.rsplit('/').next().unwrap_or_default().to_owned();
            matches!(name.as_str(), "stuffbin" | "go-bindata" | "statik" | "rice")
        });
        if !copies && !packs {
            continue;
        }
        let known = variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let line = filled(line, &known, 0);
        for command in line.split("&&").flat_map(|part| part.split(';')) {
            match packs {
                true => packed(file, command, &mut found, number as u32 + 1),
                false => copied(file, command, &mut found, number as u32 + 1),
            }
        }
    }
    for ((from, into), line) in found {
        acc.add(file, line, line, Claim::Embeds(Embeds { from, into }));
    }
}

type Found = BTreeMap<(String, String), u32>;

/// `cp -r FROM… INTO`, where what is taken is what a build of pages leaves behind.
fn copied(file: &SourceFile<'_>, command: &str, found: &mut Found, line: u32) {
    let mut words = command
        .split_whitespace()
        .map(|w| w.trim_start_matches('@'));
    if !words.any(|w| matches!(w, "cp" | "mv" | "rsync")) {
        return;
    }
    let mut paths: Vec<&str> = words.filter(|w| !w.starts_with('-')).collect();
    let Some(into) = paths.pop().and_then(|p| path(file, p)) else {
        return;
    };
    for from in paths.into_iter().filter_map(|p| path(file, p)) {
        let is_output = from.split('/').skip(1).any(|f| OUTPUTS.contains(&f));
        let apart = !format!("{into}/").starts_with(&format!("{from}/"));
        if is_output && apart {
            found.entry((from, format!("{into}/x"))).or_insert(line);
        }
    }
}

/// Folders that a tool packs into the program that the same file builds.
fn packed(file: &SourceFile<'_>, command: &str, found: &mut Found, line: u32) {
    for word in command.split_whitespace() {
        let word = word.strip_prefix("-src=").unwrap_or(word);
        let from = word.split(':').next().unwrap_or(word);
        let from = path(file, from.trim_end_matches("...").trim_end_matches('/'));
        if let Some(from) = from
            && from.split('/').skip(1).any(|f| OUTPUTS.contains(&f))
        {
            found.entry((from, file.path.to_owned())).or_insert(line);
        }
    }
}

/// A folder relative to the root, without what stands behind a wildcard. Scripts lie anywhere and run
/// at the root, Makefiles where they lie.
fn path(file: &SourceFile<'_>, word: &str) -> Option<String> {
    let word = word.trim_matches(['"', '\'']);
    let word = word.split('*').next().unwrap_or(word).trim_end_matches('/');
    if word.is_empty() || word.contains(['$', '(', '{', '~', '=', ':']) || word.starts_with('/') {
        return None;
    }
    let base = match file.name().ends_with(".sh") {
        true => "",
        false => file.folder(),
    };
    join(base, word).filter(|p| !p.is_empty())
}
