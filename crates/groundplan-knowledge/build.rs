//! Turns the YAML of `data/` into two JSON tables, because a YAML parser takes a hundred times as
//! long at every start of the program. Files are read in the order of their names.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[allow(
    clippy::print_stdout,
    reason = "a build script talks to cargo this way"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data");
    let data = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("data");
    let out = PathBuf::from(env::var("OUT_DIR")?);

    let mut files: Vec<PathBuf> = fs::read_dir(data.join("technologies"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "yaml"));
    files.sort();
    let technologies: Vec<serde_json::Value> = files
        .iter()
        .map(|path| parse(path))
        .collect::<Result<_, _>>()?;
    fs::write(
        out.join("technologies.json"),
        serde_json::to_string(&technologies)?,
    )?;

    let questions = parse(&data.join("questions.yaml"))?;
    fs::write(
        out.join("questions.json"),
        serde_json::to_string(&questions)?,
    )?;
    Ok(())
}

fn parse(path: &Path) -> Result<serde_json::Value, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    serde_saphyr::from_str(&text).map_err(|e| format!("{}: {e}", path.display()).into())
}
