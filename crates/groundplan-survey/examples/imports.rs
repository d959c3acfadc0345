//! Prints what the survey knows of the imports of a tree: for each source file a line with its path
//! and how it was read, and below it its imports as line and module. `bench/imports` holds them
//! against those that a parser finds.
//!
//! `cargo run --example imports -- PATH`

use groundplan_survey::{Options, Progress, imports_left_out, read_tree};
use std::io::Write;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let (tree, _) = read_tree(Path::new(&root), &Options::default(), &Progress::default()).facts();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (reason, paths) in &tree.unread {
        for path in paths {
            writeln!(out, "file\t{path}\t{reason}")?;
        }
    }
    for file in tree.files.iter().filter(|f| f.language.is_code()) {
        let bytes = std::fs::read(Path::new(&root).join(&file.path))?;
        let text = String::from_utf8_lossy(&bytes);
        let how = imports_left_out(&file.path, &text).unwrap_or("read");
        writeln!(out, "file\t{}\t{how}", file.path)?;
        for (line, module) in file.import_lines() {
            writeln!(out, "import\t{line}\t{module}")?;
        }
    }
    Ok(())
}
