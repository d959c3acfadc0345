//! What documents on the structure of a system say of its parts, one under each heading.

use crate::extractor::{Extractor, Reads};
use crate::extractors::readme::words;
use crate::facts::{Claim, FileFacts, Placed, Readme};
use crate::markdown::{Block, Kind, Markup, blocks, plain};
use crate::paths;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "doc-parts",
    docs: "\
### What it finds
Of documents called after services, components or the architecture: headings of one or two words below the
title and the paragraph behind each, which says what the part of that name is for. Of all documents, and of
guides on contributing, the rows of tables of folders with a column that describes them.

### What it does not find
Which part is meant: a heading counts where a part is called so.
",
    reads: &[Reads::Paths(&[
        "**/SERVICES.md",
        "**/services.md",
        "**/COMPONENTS.md",
        "**/components.md",
        "**/ARCHITECTURE.md",
        "**/architecture.md",
        "**/OVERVIEW.md",
        "**/overview.md",
        "**/docs/**/*.md",
        "**/docs/**/*.mdx",
        "CONTRIBUTING.md",
        "DEVELOPMENT.md",
    ])],
    markers: &["#", "|"],
    run: extract,
};

/// Blocks of one document at most.
const MOST: usize = 2_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.path.to_ascii_lowercase();
    let foreign = |part: &str| {
        matches!(
            part,
            "node_modules" | "versioned_docs" | "i18n" | "archive" | "examples"
        )
    };
    if paths::is_test(file.path) || lower.split('/').any(foreign) {
        return;
    }
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let on_parts = ["services", "components", "architecture", "overview"];
    let on_parts = on_parts
        .iter()
        .any(|stem| name.strip_prefix(stem).is_some_and(|end| end == ".md"));
    if !on_parts && !file.text.contains('|') {
        return;
    }
    let mut all = blocks(file.text, Markup::of(file.path));
    all.truncate(MOST);
    let mut readme = Readme::default();
    for pair in all.windows(2).filter(|_| on_parts) {
        let [heading, text] = pair else { continue };
        if !matches!(heading.kind, Kind::Heading(2..)) || text.kind != Kind::Paragraph {
            continue;
        }
        let name = plain(&heading.text);
        let said = plain(&text.text);
        let short = name.split_whitespace().count() <= 2 && words::is_part_name(&name);
        if short && words::is_prose(&said) && !said.ends_with(':') {
            let at = file.evidence(text.first, text.last);
            readme.parts.push((name, Placed { value: said, at }));
        }
    }
    of_folders(file, &all, &mut readme);
    if let (Some((_, first)), Some((_, last))) = (readme.parts.first(), readme.parts.last()) {
        let lines = (first.at.lines[0], last.at.lines[1]);
        acc.add(file, lines.0, lines.1, Claim::Readme(Box::new(readme)));
    }
}

/// Rows of tables that describe folders: the first cell is a path, `apps/web`.
fn of_folders(file: &SourceFile<'_>, all: &[Block], readme: &mut Readme) {
    let mut columns: Option<(usize, usize)> = None;
    for block in all {
        let Kind::Row { cells, header } = &block.kind else {
            columns = None;
            continue;
        };
        if *header {
            columns = words::part_columns(cells);
            continue;
        }
        let Some(columns) = columns else {
            continue;
        };
        let (name, value) = words::cells_of(cells, columns);
        let of_path =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '@');
        let is_path = name.trim_matches('/').contains('/') && name.chars().all(of_path);
        if is_path && value.split_whitespace().count() > 1 {
            let at = file.evidence(block.first, block.last);
            readme.parts.push((name, Placed { value, at }));
        }
    }
}
