//! Turns the built-in outlines and questions from YAML into JSON, because a YAML parser would take ten
//! times as long at every start of the program.
//!
//! - `outlines.rs`: an array of JSON texts, one per outline, in the order of their names.
//! - `questions.json`: the catalogue of questions.

#[path = "../groundplan-knowledge/build_yaml.rs"]
mod build_yaml;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(
    clippy::print_stdout,
    reason = "a build script talks to cargo this way"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=outlines");
    println!("cargo::rerun-if-changed=../groundplan-knowledge/build_yaml.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut files: Vec<PathBuf> = fs::read_dir(root.join("outlines"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
    files.sort();
    let mut outlines = String::from("[\n");
    for path in &files {
        writeln!(outlines, "{:?},", json(path)?)?;
    }
    outlines.push_str("]\n");
    fs::write(out.join("outlines.rs"), outlines)?;
    fs::write(
        out.join("questions.json"),
        json(&root.join("data/questions.yaml"))?,
    )?;
    Ok(())
}

fn json(path: &Path) -> Result<String, Box<dyn Error>> {
    Ok(serde_json::to_string(&build_yaml::read(path)?)?)
}
