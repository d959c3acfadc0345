//! Architecture decision records.

mod head;
mod labels;
mod outcome;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::markdown::{Block, Kind, Markup, blocks, front_title, plain};
use crate::source::SourceFile;
use groundplan_model::{Consideration, Decision, DecisionStatus, Provenance};
use head::Head;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "adr",
    docs: "\
### What it finds
Decision records in the folders that adr-tools, MADR and Log4brains use, in folders of RFCs that
say what became of them, and in files named `adr-7-…` anywhere: id, title, status and successor,
date, deciders, context, options with arguments, decision with its reason, and consequences sorted
into good and bad where the record sorts them. Labels may be headings, lines in bold or front
matter. A numbered file without any of them is a record too: its title is the decision, and what
stands below it the text.

### What it does not find
Templates, indexes, files beside the records that decide nothing (gaps, notes), and records in other
folders. Decision drivers are left out.
",
    reads: &[Reads::Paths(&[
        "**/adr/**/*.md",
        "**/adrs/**/*.md",
        "**/decisions/**/*.md",
        "**/decision-records/**/*.md",
        "**/architecture-decisions/**/*.md",
        "**/architecture_decisions/**/*.md",
        "**/*decision-log*/**/*.md",
        "**/*decision_log*/**/*.md",
        "**/*decision-record*/**/*.md",
        "**/*decision_record*/**/*.md",
        "**/adr/**/*.adoc",
        "**/adr/**/*.rst",
        "**/adrs/**/*.adoc",
        "**/adrs/**/*.rst",
        "**/decisions/**/*.adoc",
        "**/decisions/**/*.rst",
        "**/rfc/**/*.md",
        "**/rfcs/**/*.md",
        "**/adr-[0-9]*.md",
        "**/adr[0-9]*.md",
        "**/adr_[0-9]*.md",
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
    let stem = lower
        .rsplit_once('.')
        .map_or(lower.as_str(), |(stem, _)| stem);
    if is_template || matches!(stem, "readme" | "index" | "summary") {
        return;
    }
    let blocks = blocks(file.text, Markup::of(file.path));
    let Some((at, written)) = blocks.iter().enumerate().find_map(|(at, block)| {
        let title = plain(&block.text);
        (matches!(block.kind, Kind::Heading(_)) && !title.is_empty()).then_some((at, title))
    }) else {
        return;
    };
    // Where the title stands in the front matter, the first heading is that of a section.
    let front = front_title(file.text).filter(|_| !matches!(blocks[at].kind, Kind::Heading(1)));
    let (written, body) = match front {
        Some((title, _, _)) => (title, &blocks[at..]),
        None => (written, &blocks[at + 1..]),
    };
    let sections = sections(body);
    // The first name that any section has, not the first section that has any name.
    let find = |names: &[&str]| {
        names.iter().find_map(|name| {
            sections.iter().enumerate().find(|(_, s)| {
                // How somebody comes to decisions is none.
                const OTHER: [&str; 18] = [
                    "driver",
                    "drivers",
                    "log",
                    "logs",
                    "record",
                    "records",
                    "flow",
                    "flows",
                    "process",
                    "processes",
                    "criteria",
                    "criterion",
                    "maker",
                    "makers",
                    "matrices",
                    "tree",
                    "trees",
                    "matrix",
                ];
                let mut words = s.heading.split(|c: char| !c.is_alphanumeric());
                s.heading.starts_with(name) && !words.any(|w| OTHER.contains(&w))
            })
        })
    };
    let context = find(&["context", "problem", "issue", "background", "motivation"]);
    let outcome = find(&["decision outcome", "outcome", "decision", "solution"]);
    let head = Head::read(file, body, &sections, find(&["status"]).map(|(_, s)| s));
    let said = labels::of(body);
    // A solution may be one that somebody thinks of.
    let decides =
        outcome.is_some_and(|(_, s)| !s.heading.starts_with("solution")) || said.decision.is_some();
    let undecided = is_rfc(file) && head.status == DecisionStatus::Unknown;
    if undecided || !decides && !is_record(file, &written, &head, context.or(outcome).is_some()) {
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
            .map(|(at, _)| whole(file, &sections, at))
            .or(said.context)
            .unwrap_or_default(),
        options: Vec::new(),
        decision: String::new(),
        rationale: String::new(),
        positive: Vec::new(),
        negative: Vec::new(),
        consequences: Vec::new(),
        would_change: Vec::new(),
        superseded_by: head.superseded_by.map(|other| match is_rfc(file) {
            true => other.replacen("ADR-", "RFC-", 1),
            false => other,
        }),
        provenance: Provenance::observed([file.evidence(1, file.lines().count())]),
    };
    decision.options = options(&sections);
    if let Some((at, section)) = outcome {
        outcome::read(&mut decision, file, section);
        if decision.decision.is_empty() {
            decision.decision = whole(file, &sections, at);
        }
    } else if let Some(text) = said.decision {
        decision.decision = text;
    } else if context.is_none() {
        decision.decision = labels::lead(file, body);
    }
    // A reason that has a section of its own.
    let reason = find(&[
        "rationale",
        "justification",
        "reasoning",
        "reasons",
        "reason",
        "why",
    ]);
    if let Some((at, _)) = reason.filter(|_| decision.rationale.is_empty()) {
        decision.rationale = whole(file, &sections, at);
    }
    outcome::consequences(&mut decision, &sections);
    decision.consequences.extend(outcome::done(&sections));
    let last = file.lines().count();
    acc.add(file, 1, last, Claim::Decision(Box::new(decision)));
}

/// Whether a file lies in a folder of requests for comments, of which only those with a known status
/// are records.
fn is_rfc(file: &SourceFile<'_>) -> bool {
    let of =
        |folder: &str| folder.eq_ignore_ascii_case("rfc") || folder.eq_ignore_ascii_case("rfcs");
    file.folder().split('/').any(of)
}

/// Whether a file that nothing calls a decision is a record all the same: one with a status that
/// decisions have, or a numbered one without any. A number of its own kind before the title
/// (`GAP-006: …`) or a status that only problems have (`Open`) says that it decides nothing.
fn is_record(file: &SourceFile<'_>, title: &str, head: &Head, context: bool) -> bool {
    if head.status != DecisionStatus::Unknown {
        return true;
    }
    if head.has_status || labels::other_kind(title) {
        return false;
    }
    let stem = file
        .name()
        .rsplit_once('.')
        .map_or(file.name(), |(stem, _)| stem);
    context && !plain_name(stem) || id_of_stem(stem).is_some()
}

/// Whether a file is called by one word in capitals, as overviews of a folder are: `EVOLUTION.md`.
fn plain_name(stem: &str) -> bool {
    !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_uppercase())
}

/// The text of a section; of one that has nothing but sections of its own, their headings, each with
/// the first sentence below it.
fn whole(file: &SourceFile<'_>, sections: &[Section<'_>], at: usize) -> String {
    let text = markdown(file, sections[at].blocks);
    if !text.is_empty() {
        return text;
    }
    let level = sections[at].level;
    let below: Vec<&Section<'_>> = sections[at + 1..]
        .iter()
        .take_while(|s| s.level > level)
        .filter(|s| s.level == level + 1)
        .collect();
    let lines: Vec<String> = below
        .iter()
        .map(|s| {
            let number = |c: char| c.is_ascii_digit() || ".) ".contains(c);
            let heading = s.written.trim_start_matches(number);
            let mut said = s.blocks.iter().filter(|b| b.kind == Kind::Paragraph);
            let text = said.next().map(|b| plain(&b.text)).unwrap_or_default();
            let end = text.find(". ").map_or(text.len(), |at| at + 1);
            // What only leads in to a list or an example says nothing alone.
            match text[..end].trim() {
                "" => format!("- {heading}"),
                first if first.ends_with(':') => format!("- {heading}"),
                first => format!("- {heading}: {first}"),
            }
        })
        .collect();
    lines.join("\n")
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
    let bare = [
        "adr",
        "rfc",
        "architecture decision record",
        "decision record",
    ]
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
    let mut id = id_of_stem(stem).or(by_title);
    if is_rfc(file) {
        id = id.map(|id| id.replacen("ADR-", "RFC-", 1));
    }
    (
        id.unwrap_or_else(|| stem.to_owned()),
        title.trim().to_owned(),
    )
}

/// `0007-use-x`, `adr-7`, `ADR_007_x` as `ADR-0007`; a stem that begins with a date as it is.
fn id_of_stem(stem: &str) -> Option<String> {
    let lower = stem.to_ascii_lowercase();
    let rest = ["adr", "rfc"]
        .iter()
        .find_map(|kind| lower.strip_prefix(kind))
        .unwrap_or(&lower);
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

/// The items behind a line that leads in to them: `The alternatives considered were:`.
fn in_words(sections: &[Section<'_>]) -> Vec<String> {
    let leads = |text: &str| {
        let lower = text.to_lowercase();
        let what = ["alternatives", "options"]
            .iter()
            .any(|w| lower.contains(w));
        what && lower.contains("considered") && lower.ends_with(':')
    };
    let name = |text: String| {
        let end = [" — ", " – ", " - ", ": "]
            .iter()
            .filter_map(|s| text.find(s))
            .min();
        text[..end.unwrap_or(text.len())].trim().to_owned()
    };
    let mut blocks = sections.iter().flat_map(|s| s.blocks);
    let found = blocks.find(|b| b.kind == Kind::Paragraph && leads(plain(&b.text).trim()));
    let items = found.map(|_| blocks.take_while(|b| matches!(b.kind, Kind::Item(_))));
    let names = items
        .into_iter()
        .flatten()
        .filter(|b| b.kind == Kind::Item(0));
    let names = names.map(|b| name(plain(&b.text)));
    names
        .filter(|name| !name.is_empty() && name.len() <= 120)
        .collect()
}

/// The options of MADR with their arguments.
fn options(sections: &[Section<'_>]) -> Vec<Consideration> {
    let mut found: Vec<Consideration> = Vec::new();
    let listed = sections.iter().position(|s| {
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
    let option = |name: String, cons: Vec<String>| Consideration {
        name,
        chosen: false,
        pros: Vec::new(),
        cons,
        score: None,
        excluded: None,
    };
    for block in listed.map(|at| sections[at].blocks).unwrap_or_default() {
        let name = plain(&block.text);
        if block.kind == Kind::Item(0) && !name.is_empty() {
            found.push(option(name, Vec::new()));
        }
    }
    // An alternative may have a heading of its own, with why it was turned down below it.
    if let Some(at) = listed.filter(|_| found.is_empty()) {
        let level = sections[at].level;
        let below = sections[at + 1..].iter().take_while(|s| s.level > level);
        for section in below.filter(|s| s.level == level + 1) {
            let mut said = section.blocks.iter().filter(|b| b.kind == Kind::Paragraph);
            let text = said.next().map(|b| plain(&b.text)).unwrap_or_default();
            let against = ["rejected", "not chosen", "discarded", "declined"]
                .iter()
                .find(|word| text.to_lowercase().starts_with(**word))
                .and_then(|word| text.get(word.len()..))
                .map(|rest| {
                    rest.trim_start_matches(['.', ':', ',', ' ', '–', '-'])
                        .to_owned()
                })
                .filter(|rest| !rest.is_empty());
            found.push(option(
                section.written.clone(),
                against.into_iter().collect(),
            ));
        }
    }
    if found.is_empty() {
        found.extend(
            in_words(sections)
                .into_iter()
                .map(|name| option(name, Vec::new())),
        );
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
                pros,
                ..option(section.written.clone(), cons)
            }),
        }
    }
    found
}
