//! What scripts tell Kubernetes beside its manifests.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Autoscaler, Claim, FileFacts};
use crate::source::SourceFile;
use groundplan_syntax::Language;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "kubectl",
    docs: "\
### What it finds
`kubectl autoscale deployment NAME --min --max --cpu-percent` in shell scripts and Makefiles, with the
names of a loop `for X in …` around it where they stand in the file.

### What it does not find
Names that are computed, and changes by `kubectl scale`, `patch` or `set`.
",
    reads: &[
        Reads::Languages(&[Language::Shell]),
        Reads::Paths(&["Makefile", "*.mk", "Justfile"]),
    ],
    markers: &["autoscale "],
    run: extract,
};

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    for (number, line) in file.text.lines().enumerate() {
        let text = line.trim();
        if text.starts_with('#') || text.starts_with("echo ") || !text.contains("kubectl") {
            continue;
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some(at) = words.iter().position(|w| *w == "autoscale") else {
            continue;
        };
        let rest = words.get(at + 1..).unwrap_or_default();
        let flag = |name: &str| -> Option<String> {
            let at = rest.iter().position(|w| {
                let key = w.split('=').next().unwrap_or(w);
                key == name
            })?;
            let value = match rest.get(at)?.split_once('=') {
                Some((_, value)) => value,
                None => rest.get(at + 1)?,
            };
            Some(value.trim_matches(['"', '\'']).to_owned())
        };
        // `deployment shop` or `deployment/shop`.
        let kind = rest.first().copied().unwrap_or_default();
        let name = match kind.split_once('/') {
            Some((_, name)) => name,
            None => rest.get(1).copied().unwrap_or_default(),
        };
        let cpu = flag("--cpu-percent").or_else(|| flag("--cpu"));
        let metrics: Vec<String> = cpu
            .map(|share| format!("cpu {} %", share.trim_end_matches('%')))
            .into_iter()
            .collect();
        for target in targets(file, name) {
            let found = Autoscaler {
                target,
                min: flag("--min"),
                max: flag("--max"),
                metrics: metrics.clone(),
                asks: Vec::new(),
            };
            let number = number as u32 + 1;
            acc.add(file, number, number, Claim::Autoscaler(found));
        }
    }
}

/// The name itself, or those that a loop of the file gives to a variable.
fn targets(file: &SourceFile<'_>, name: &str) -> Vec<String> {
    let name = name.trim_matches(['"', '\'']);
    let Some(variable) = variable(name) else {
        let plain = !name.is_empty() && !name.starts_with('-') && !name.contains('$');
        return plain.then(|| name.to_owned()).into_iter().collect();
    };
    let list = file.text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("for ")?.trim();
        let (own, list) = rest.split_once(" in ")?;
        (own.trim() == variable).then(|| list.split(';').next().unwrap_or(list).trim())
    });
    let Some(list) = list else {
        return Vec::new();
    };
    let given = self::variable(list.trim_matches('"')).map(|name| {
        file.text.lines().find_map(|line| {
            let value = line.trim().strip_prefix(name)?.strip_prefix('=')?;
            Some(value.trim_matches(['"', '\'']))
        })
    });
    let list = match given {
        Some(Some(value)) => value,
        Some(None) => return Vec::new(),
        None => list,
    };
    list.split_whitespace()
        .filter(|w| {
            w.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        })
        .map(str::to_owned)
        .collect()
}

/// `NAME` of `$NAME` or `${NAME}`.
fn variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix('$')?;
    let name = name
        .strip_prefix('{')
        .and_then(|n| n.strip_suffix('}'))
        .unwrap_or(name);
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (plain && !name.is_empty()).then_some(name)
}
