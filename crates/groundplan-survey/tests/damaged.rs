//! Files that are cut short, shuffled or damaged are read without a fault of the program: every
//! fixture of every extractor, in many broken versions.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use groundplan_survey::{Options, Progress, Surroundings, read_tree, resolve};
use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// Broken versions per file and kind.
const VERSIONS: u64 = 3;
const KINDS: u64 = 6;

/// A number that follows from another (SplitMix64, Steele et al. 2014).
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
}

fn below(most: usize, seed: &mut u64) -> usize {
    (next(seed) % most.max(1) as u64) as usize
}

/// Characters of several bytes: letters, marks, blanks that are no ASCII, and letters whose lower case has
/// another length.
const WIDE: [&str; 8] = ["é", "…", "日", "\u{a0}", "\u{3000}", "😀", "İ", "\u{212a}"];

/// One broken version: cut off, a piece left out, bits flipped, lines swapped, a piece repeated, wide
/// characters between and in place of others.
fn broken(bytes: &[u8], kind: u64, seed: &mut u64) -> Vec<u8> {
    let mut made = bytes.to_vec();
    match kind {
        0 => made.truncate(below(bytes.len(), seed)),
        1 => {
            let start = below(bytes.len(), seed);
            let end = (start + below(200, seed)).min(made.len());
            made.drain(start..end);
        }
        2 => {
            for _ in 0..1 + bytes.len() / 100 {
                let at = below(made.len(), seed);
                made[at] ^= 1 << (next(seed) % 8);
            }
        }
        3 => {
            let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
            for _ in 0..lines.len() {
                let (one, other) = (below(lines.len(), seed), below(lines.len(), seed));
                lines.swap(one, other);
            }
            made = lines.join(&b'\n');
        }
        4 => {
            let text = String::from_utf8_lossy(bytes);
            let mut wide = String::with_capacity(text.len() * 2);
            for c in text.chars() {
                let drawn = below(24, seed);
                // What stands beside quotes, brackets and blanks is where texts are cut.
                if drawn == 0 || drawn < 6 && !c.is_alphanumeric() {
                    wide.push_str(WIDE[below(WIDE.len(), seed)]);
                }
                if drawn != 1 {
                    wide.push(c);
                }
            }
            made = wide.into_bytes();
        }
        _ => {
            let start = below(bytes.len(), seed);
            let piece = bytes[start..(start + 40).min(bytes.len())].repeat(200);
            made.splice(start..start, piece);
        }
    }
    made
}

#[test]
fn broken_versions_of_all_fixtures_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/extractors");
    let mut all = Vec::new();
    files(&root, &mut all);
    all.retain(|path| path.components().any(|part| part.as_os_str() == "input"));
    all.sort();
    assert!(all.len() > 200, "found {} fixtures", all.len());
    let mut read = 0_usize;
    let mut faults: Vec<String> = Vec::new();
    for path in &all {
        let inner = path.strip_prefix(&root).unwrap().to_string_lossy();
        let (_, name) = inner.split_once("/input/").unwrap();
        let bytes = std::fs::read(path).unwrap();
        if bytes.is_empty() || bytes.len() > 100_000 {
            continue;
        }
        let mut seed = bytes.len() as u64;
        for kind in 0..KINDS {
            for _ in 0..VERSIONS {
                let made = broken(&bytes, kind, &mut seed);
                let text = String::from_utf8_lossy(&made);
                let Ok(facts) = catch_unwind(|| groundplan_survey::extract_file(name, &text))
                else {
                    faults.push(format!("{inner}, kind {kind}"));
                    continue;
                };
                let lines = made.iter().filter(|b| **b == b'\n').count() as u32 + 1;
                for fact in &facts.facts {
                    let [first, last] = fact.at.lines;
                    assert!(
                        first >= 1 && first <= last && last <= lines,
                        "{name}: {fact:?}"
                    );
                }
                read += 1;
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(read > 5_000, "read {read}");
}

/// What small repositories are made of is joined without a fault of the program too.
#[test]
fn broken_repositories_are_resolved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/resolve");
    let mut all = Vec::new();
    files(&root, &mut all);
    let mut trees: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in all {
        let whole = path.to_string_lossy();
        if let Some((tree, _)) = whole.split_once("/input/") {
            let tree = PathBuf::from(tree).join("input");
            trees.entry(tree).or_default().push(path);
        }
    }
    assert!(trees.len() > 100, "found {} trees", trees.len());
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged");
    let _ = std::fs::remove_dir_all(&scratch);
    let mut faults: Vec<String> = Vec::new();
    for (number, (tree, mut files)) in trees.into_iter().enumerate() {
        files.sort();
        let mut seed = number as u64;
        for kind in [2, 4] {
            let copy = scratch.join(format!("{number}-{kind}"));
            for file in &files {
                let to = copy.join(file.strip_prefix(&tree).unwrap());
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                let bytes = std::fs::read(file).unwrap();
                let made = match bytes.is_empty() {
                    true => bytes,
                    false => broken(&bytes, kind, &mut seed),
                };
                std::fs::write(&to, made).unwrap();
            }
            let resolved = catch_unwind(|| {
                let options = Options {
                    history: false,
                    ..Options::default()
                };
                let (facts, _) = read_tree(&copy, &options, &Progress::default()).facts();
                let around = Surroundings {
                    fallback_name: "shop".to_owned(),
                };
                resolve(&facts, groundplan_knowledge::knowledge(), &around)
            });
            if resolved.is_err() {
                faults.push(format!("{} in {}", tree.display(), copy.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
