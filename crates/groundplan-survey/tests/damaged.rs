//! Files that are cut short, shuffled or damaged are read without a fault of the program: every
//! fixture of every extractor, in many broken versions.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

/// Broken versions per file and kind.
const VERSIONS: u64 = 3;

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

/// One broken version: cut off, a piece left out, bits flipped, lines swapped, a piece repeated.
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
    for path in &all {
        let inner = path.strip_prefix(&root).unwrap().to_string_lossy();
        let (_, name) = inner.split_once("/input/").unwrap();
        let bytes = std::fs::read(path).unwrap();
        if bytes.is_empty() || bytes.len() > 100_000 {
            continue;
        }
        let mut seed = bytes.len() as u64;
        for kind in 0..5 {
            for _ in 0..VERSIONS {
                let made = broken(&bytes, kind, &mut seed);
                let facts = groundplan_survey::extract_file(name, &String::from_utf8_lossy(&made));
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
    assert!(read > 5_000, "read {read}");
}
