//! Architecture decision records.

mod head;
mod outcome;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::markdown::{Block, Kind, Markup, blocks, plain};
use crate::source::SourceFile;
use groundplan_model::{Consideration, Decision, DecisionStatus, Provenance};
use head::Head;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "adr",
    docs: "\
### What it finds
Decision records in the folders that adr-tools, MADR and Log4brains use: id, title, status and
successor, date, deciders, context, options with arguments, decision with its reason, and
consequences sorted into good and bad where the record sorts them.

### What it does not find
Templates, indexes, and records in other folders. Decision drivers are left out.
",
    reads: &[Reads::Paths(&[
        "**/adr/**/*.md",
        "**/adrs/**/*.md",
        "**/decisions/**/*.md",
        "**/decision-records/**/*.md",
        "**/architecture-decisions/**/*.md",
        "**/architecture_decisions/**/*.md",
        "adr-[0-9]*.md",
    ])],
    markers: &[],
    run: extract,
};

/// A section: its heading in plain lower case, level, and the blocks below it.
struct Section<'b> {
    heading: String,
    written: String,
    level: u8,
    blocks: &'b [Block],
}

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.name().to_ascii_lowercase();
    let is_template = lower.contains("template") || lower.starts_with('_');
    if is_template || matches!(lower.as_str(), "readme.md" | "index.md" | "summary.md") {
        return;
    }
    let blocks = blocks(file.text, Markup::Markdown);
    let Some((at, written)) = blocks.iter().enumerate().find_map(|(at, block)| {
        let title = plain(&block.text);
        (matches!(block.kind, Kind::Heading(_)) && !title.is_empty()).then_some((at, title))
    }) else {
        return;
    };
    let sections = sections(&blocks[at + 1..]);
    // The first name that any section has, not the first section that has any name.
    let find = |names: &[&str]| {
        names.iter().find_map(|name| {
            sections
                .iter()
                .find(|s| s.heading.starts_with(name) && !s.heading.contains("driver"))
        })
    };
    let context = find(&["context", "problem", "issue", "background", "motivation"]);
    let outcome = find(&["decision outcome", "outcome", "decision", "solution"]);
    let head = Head::read(file, &blocks[at + 1..], find(&["status"]));
    if outcome.is_none() && context.is_none() && head.status == DecisionStatus::Unknown {
        return;
    }
    let (id, title) = identify(file, &written);
    let mut decision = Decision {
        id,
        title,
        status: head.status,
        date: head.date,
        deciders: head.deciders,
        context: context
            .map(|s| markdown(file, s.blocks))
            .unwrap_or_default(),
        options: Vec::new(),
        decision: String::new(),
        rationale: String::new(),
        positive: Vec::new(),
        negative: Vec::new(),
        consequences: Vec::new(),
        would_change: Vec::new(),
        superseded_by: head.superseded_by,
        provenance: Provenance::observed([file.evidence(1, file.lines().count())]),
    };
    decision.options = options(&sections);
    if let Some(outcome) = outcome {
        outcome::read(&mut decision, file, outcome);
    }
    outcome::consequences(&mut decision, &sections);
    let last = file.lines().count();
    acc.add(file, 1, last, Claim::Decision(Box::new(decision)));
}

/// Sections with the blocks up to the next heading of any level.
fn sections(blocks: &[Block]) -> Vec<Section<'_>> {
    let mut found = Vec::new();
    let headings: Vec<(usize, u8)> = blocks
        .iter()
        .enumerate()
        .filter_map(|(at, block)| match block.kind {
            Kind::Heading(level) => Some((at, level)),
            _ => None,
        })
        .collect();
    for (number, (at, level)) in headings.iter().enumerate() {
        let end = headings
            .get(number + 1)
            .map_or(blocks.len(), |(end, _)| *end);
        let written = plain(&blocks[*at].text);
        found.push(Section {
            heading: written
                .to_lowercase()
                .trim_start_matches(|c: char| c.is_ascii_digit() || ". ".contains(c))
                .to_owned(),
            written,
            level: *level,
            blocks: &blocks[at + 1..end],
        });
    }
    found
}

/// The lines of blocks as they stand in the file.
fn markdown(file: &SourceFile<'_>, blocks: &[Block]) -> String {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
        return String::new();
    };
    let text = file.lines().slice(first.first, last.last);
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Id and title: the number stands in the file name or before the title.
fn identify(file: &SourceFile<'_>, written: &str) -> (String, String) {
    let stem = file
        .name()
        .rsplit_once('.')
        .map_or(file.name(), |(stem, _)| stem);
    let lower = written.to_lowercase();
    let bare = ["adr", "architecture decision record", "decision record"]
        .iter()
        .find_map(|mark| lower.starts_with(mark).then(|| written.get(mark.len()..))?)
        .filter(|rest| rest.trim_start_matches([' ', '-', '#', ':', '_']).len() < rest.len())
        .map_or(written, |rest| {
            rest.trim_start_matches([' ', '-', '#', ':', '_'])
        });
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let after = &bare[digits..];
    let numbered = (1..=5).contains(&digits) && after.starts_with(['.', ':', ' ', '-', ')']);
    let title = if numbered {
        after.trim_start_matches(['.', ':', ' ', '-', '–', ')'])
    } else {
        bare
    };
    let title = if title.is_empty() { written } else { title };
    let by_title = numbered.then(|| format!("ADR-{:0>4}", &bare[..digits]));
    let id = id_of_stem(stem).or(by_title);
    (
        id.unwrap_or_else(|| stem.to_owned()),
        title.trim().to_owned(),
    )
}

/// `0007-use-x`, `adr-7`, `ADR_007_x` as `ADR-0007`; a stem that begins with a date as it is.
fn id_of_stem(stem: &str) -> Option<String> {
    let lower = stem.to_ascii_lowercase();
    let rest = lower.strip_prefix("adr").unwrap_or(&lower);
    let rest = rest.trim_start_matches(['-', '_', ' ', '#']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    match digits.len() {
        1..=5 => {
            let number = digits.trim_start_matches('0');
            Some(format!("ADR-{number:0>4}"))
        }
        8 => Some(stem.to_owned()),
        _ => None,
    }
}

/// The options of MADR with their arguments.
fn options(sections: &[Section<'_>]) -> Vec<Consideration> {
    let mut found: Vec<Consideration> = Vec::new();
    let listed = sections.iter().find(|s| {
        [
            "considered option",
            "options considered",
            "considered alternatives",
            "alternatives",
        ]
        .iter()
        .any(|name| s.heading.starts_with(name))
            || s.heading == "options"
    });
    for block in listed.map(|s| s.blocks).unwrap_or_default() {
        let name = plain(&block.text);
        if block.kind == Kind::Item(0) && !name.is_empty() {
            found.push(Consideration {
                name,
                chosen: false,
                pros: Vec::new(),
                cons: Vec::new(),
                score: None,
                excluded: None,
            });
        }
    }
    let Some(argued) = sections
        .iter()
        .position(|s| s.heading.starts_with("pros and cons"))
    else {
        return found;
    };
    let level = sections[argued].level;
    for section in sections[argued + 1..]
        .iter()
        .take_while(|s| s.level > level)
    {
        let (mut pros, mut cons) = (Vec::new(), Vec::new());
        for block in section.blocks {
            if let Kind::Item(_) = block.kind {
                match outcome::judged(&plain(&block.text)) {
                    (Some(true), text) => pros.push(text),
                    (Some(false), text) => cons.push(text),
                    (None, _) => {}
                }
            }
        }
        let known = found
            .iter_mut()
            .find(|o| outcome::same(&o.name, &section.written));
        match known {
            Some(option) => (option.pros, option.cons) = (pros, cons),
            None => found.push(Consideration {
                name: section.written.clone(),
                chosen: false,
                pros,
                cons,
                score: None,
                excluded: None,
            }),
        }
    }
    found
}
