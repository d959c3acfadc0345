//! The project's own chores: `cargo xtask tidy`, `cargo xtask docs [--check]`.
#![expect(clippy::print_stdout, reason = "a chore says what it did")]

mod docs;
mod tidy;

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    match words.as_slice() {
        ["tidy"] => {
            let faults = tidy::run(&root)?;
            for fault in &faults {
                println!("{fault}");
            }
            if !faults.is_empty() {
                bail!("{} faults of tidiness", faults.len());
            }
            println!("tidy");
            Ok(())
        }
        ["docs"] => docs::write(&root),
        ["docs", "--check"] => docs::check(&root),
        _ => bail!(
            "expected `tidy`, `docs` or `docs --check`, found `{}`",
            words.join(" ")
        ),
    }
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
