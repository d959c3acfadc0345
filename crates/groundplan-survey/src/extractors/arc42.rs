//! Architecture documents in the form of arc42.

use crate::extractor::{Extractor, Reads};
use crate::extractors::readme::words;
use crate::facts::{Claim, FileFacts, Placed, Readme};
use crate::markdown::{Block, Kind, Markup, blocks, plain};
use crate::paths;
use crate::source::SourceFile;
use crate::statements::{below_heading, chapter_texts, is_of_others, limit, listed, mark};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "arc42",
    docs: "\
### What it finds
Of documents in the form of arc42 (<https://docs.arc42.org/home/>): quality goals, the overview of
requirements, stakeholders, reasons of the solution strategy, risks and technical debt, quoted with their
lines; building blocks with their responsibilities, from tables and from headings with a row or a sentence
on what they do.

### What it does not find
Views, scenarios, constraints, and chapters that still hold the help text of the template.
",
    reads: &[Reads::Paths(&[
        "**/*arc42*/**/*.md",
        "**/*arc42*/**/*.adoc",
        "*arc42*.md",
        "*arc42*.adoc",
        "*introduction_and_goals*",
        "*introduction-and-goals*",
        "*solution_strategy*",
        "*solution-strategy*",
        "*building_block_view*",
        "*building-block-view*",
        "*technical_risks*",
        "*risks-and-technical-debt*",
        "*risks_and_technical_debt*",
    ])],
    markers: &[],
    run: extract,
};

/// Blocks of one document at most.
const MOST: usize = 3_000;
/// Risks and debts of one chapter that are kept.
const MAX_RISKS: usize = 6;

/// What is done with a chapter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chapter {
    /// Its table or first sentence answers the question of this key.
    Said(&'static str),
    /// Each row or item limits the system.
    Risks,
    /// Headings below it are parts.
    Blocks,
}

/// Headings of the template as they are compared.
const CHAPTERS: [(&str, Chapter); 15] = [
    ("quality goals", Chapter::Said("goals")),
    ("requirements overview", Chapter::Said("requirements")),
    ("stakeholders", Chapter::Said("stakeholders")),
    ("stakeholder", Chapter::Said("stakeholders")),
    ("solution strategy", Chapter::Said("technology-reasons")),
    ("technology decisions", Chapter::Said("technology-reasons")),
    (
        "technological decisions",
        Chapter::Said("technology-reasons"),
    ),
    ("risks", Chapter::Risks),
    ("technical risks", Chapter::Risks),
    ("risks and technical debt", Chapter::Risks),
    ("risks and technical debts", Chapter::Risks),
    ("technical debt", Chapter::Said("technical-debt")),
    ("technical debts", Chapter::Said("technical-debt")),
    ("building block view", Chapter::Blocks),
    ("building blocks", Chapter::Blocks),
];

/// What the template says to those who fill it in
/// (<https://github.com/arc42/arc42-template/tree/master/EN>).
const HELP: [&str; 5] = [
    "**contents.**",
    "**motivation.**",
    ".contents",
    ".motivation",
    "<insert ",
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if paths::is_test(file.path) || is_of_others(file.path) {
        return;
    }
    let mut all = blocks(file.text, Markup::of(file.path));
    all.truncate(MOST);
    let lower = file.text.to_ascii_lowercase();
    let lines: Vec<&str> = lower.lines().collect();
    let mut readme = Readme::default();
    for (heading, first, whole) in chapter_texts(&all) {
        let known = CHAPTERS.iter().find(|(name, _)| *name == heading);
        let (Some((_, chapter)), Some(last)) = (known, whole.last()) else {
            continue;
        };
        let written = lines.get(first as usize..last.last as usize);
        let is_help = |line: &&str| {
            HELP.iter().any(|h| line.trim_start().starts_with(h)) || line.contains("arc42help")
        };
        if written.is_some_and(|lines| lines.iter().any(is_help)) {
            continue;
        }
        let is_heading = |b: &Block| matches!(b.kind, Kind::Heading(_));
        let own = whole.iter().position(is_heading).unwrap_or(whole.len());
        let own = whole.get(..own).unwrap_or_default();
        match *chapter {
            Chapter::Said(key) => {
                let said = listed(&pairs(own)).or_else(|| below_heading(whole));
                if let Some((said, last)) = said {
                    mark(acc, file, (first, last), key, said);
                }
            }
            Chapter::Risks => {
                // How likely each is and what is done about it stands in further columns.
                for (name, _, lines) in pairs(own).into_iter().take(MAX_RISKS) {
                    limit(acc, file, lines, name);
                }
            }
            Chapter::Blocks => parts(&mut readme, file, whole),
        }
    }
    if let (Some((_, first)), Some((_, last))) = (readme.parts.first(), readme.parts.last()) {
        let lines = (first.at.lines[0], last.at.lines[1]);
        acc.add(file, lines.0, lines.1, Claim::Readme(Box::new(readme)));
    }
}

/// Rows of tables and items as a name, what is said of it and the lines. Columns of numbers and priorities
/// are passed over.
fn pairs(blocks: &[Block]) -> Vec<(String, String, (u32, u32))> {
    const ORDER: [&str; 9] = [
        "#", "id", "no", "no.", "nr", "nr.", "prio", "priority", "prio.",
    ];
    let mut columns: Vec<usize> = vec![0, 1];
    let mut found = Vec::new();
    for block in blocks {
        let (name, text) = match &block.kind {
            Kind::Row {
                cells,
                header: true,
            } => {
                let named = |cell: &String| !ORDER.contains(&plain(cell).to_lowercase().trim());
                columns = (0..cells.len())
                    .filter(|&n| named(&cells[n]))
                    .take(2)
                    .collect();
                continue;
            }
            Kind::Row { cells, .. } => {
                let at = |n: usize| columns.get(n).copied().unwrap_or(usize::MAX);
                words::cells_of(cells, (at(0), at(1)))
            }
            Kind::Item(0 | 1) => (plain(&block.text), String::new()),
            _ => continue,
        };
        // `<Name of the role>` is for those who fill it in.
        let unfilled = |text: &str| text.starts_with(['<', '…']) || text == "...";
        let (name, text) = (name.trim().to_owned(), text.trim().to_owned());
        if !name.is_empty() && !unfilled(&name) && !unfilled(&text) {
            found.push((name, text, (block.first, block.last)));
        }
    }
    found
}

/// How a row is called that says what the building block above it does.
const RESPONSIBILITY: [&str; 4] = [
    "responsibility",
    "responsibilities",
    "purpose",
    "purpose / responsibility",
];

/// Building blocks: rows of a table of names and responsibilities, and headings with a row that says
/// their responsibility or with a sentence.
fn parts(readme: &mut Readme, file: &SourceFile<'_>, blocks: &[Block]) {
    let mut heading: Option<String> = None;
    let mut table: Option<(usize, usize)> = None;
    for block in blocks {
        let place = |value: String| Placed {
            value,
            at: file.evidence(block.first, block.last),
        };
        let told = match &block.kind {
            Kind::Heading(_) => {
                // `5.2.1 Label Service`, as the template numbers them.
                let text = plain(&block.text);
                let of_number = |c: char| c.is_ascii_digit() || ".)".contains(c);
                let numbered = text
                    .split_once(' ')
                    .filter(|(number, _)| number.chars().all(of_number));
                let name = numbered
                    .map_or(text.as_str(), |(_, name)| name.trim())
                    .to_owned();
                heading = words::is_part_name(&name).then_some(name);
                table = None;
                None
            }
            Kind::Row {
                cells,
                header: true,
            } => {
                table = words::part_columns(cells);
                None
            }
            Kind::Row { cells, .. } => {
                let (name, text) = words::cells_of(cells, table.unwrap_or((0, 1)));
                match table {
                    Some(_) => Some((name, text)),
                    None if RESPONSIBILITY.contains(&&*name.to_lowercase()) => {
                        heading.take().map(|name| (name, text))
                    }
                    None => None,
                }
            }
            Kind::Paragraph => {
                let text = plain(&block.text);
                let said =
                    words::is_prose(&text) && words::is_sentence(&text) && !text.starts_with('<');
                heading.take().filter(|_| said).map(|name| (name, text))
            }
            _ => None,
        };
        let told = told.filter(|(name, text)| words::is_part_name(name) && words::is_prose(text));
        readme
            .parts
            .extend(told.map(|(name, text)| (name, place(text))));
    }
}
