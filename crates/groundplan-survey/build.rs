//! Hashes the sources that turn files into facts, so that a changed extractor voids cached facts.

use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for folder in ["src", "../groundplan-syntax/src", "../groundplan-model/src"] {
        collect(&here.join(folder), &mut files);
        println!("cargo::rerun-if-changed={folder}");
    }
    // Facts keep topics and words by their place in the first of these files.
    for file in ["data/absences.yaml", "src/absence.rs"] {
        let file = format!("../groundplan-knowledge/{file}");
        files.push(here.join(&file));
        println!("cargo::rerun-if-changed={file}");
    }
    files.sort();
    // FNV-1a, 64 bits: enough to tell versions apart, and needs no dependency.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        for byte in std::fs::read(&file).unwrap_or_default() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo::rustc-env=GROUNDPLAN_FINGERPRINT=groundplan-facts-{hash:016x}");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files)
        } else {
            files.push(path)
        }
    }
}
