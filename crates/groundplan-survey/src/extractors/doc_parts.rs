//! What documents on the structure of a system say of its parts, one under each heading.

use crate::extractor::{Extractor, Reads};
use crate::extractors::readme::words;
use crate::facts::{Claim, FileFacts, Placed, Readme};
use crate::markdown::{Kind, Markup, blocks, plain};
use crate::paths;
use crate::source::SourceFile;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "doc-parts",
    docs: "\
### What it finds
Of documents called after services, components or the architecture: headings of one or two words below the
title and the paragraph behind each, which says what the part of that name is for.

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
    ])],
    markers: &["#"],
    run: extract,
};

/// Blocks of one document at most.
const MOST: usize = 2_000;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || file.path.split('/').any(|part| part == "node_modules") {
        return;
    }
    let mut all = blocks(file.text, Markup::of(file.path));
    all.truncate(MOST);
    let mut readme = Readme::default();
    for pair in all.windows(2) {
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
    if let (Some((_, first)), Some((_, last))) = (readme.parts.first(), readme.parts.last()) {
        let lines = (first.at.lines[0], last.at.lines[1]);
        acc.add(file, lines.0, lines.1, Claim::Readme(Box::new(readme)));
    }
}
