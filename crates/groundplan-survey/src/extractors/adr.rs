//! Architecture decision records.

mod head;
mod labels;
mod options;
mod outcome;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts};
use crate::markdown::{Block, Kind, Markup, blocks, front_title, plain};
use crate::source::SourceFile;
use groundplan_model::{Decision, DecisionStatus, Provenance};
use head::Head;
use std::collections::BTreeMap;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "adr",
    docs: "\
### What it finds
Decision records in the folders that adr-tools, MADR and Log4brains use, in folders of RFCs that
say what became of them, and in files named `adr-7-…` anywhere: id, title, status and successor,
date, deciders, context, options with arguments, decision with its reason, and consequences sorted
into good and bad where the record sorts them, each with its lines. Labels may be headings, lines in
bold, front matter or the columns of a table at the head. A record whose first heading is that of a
section is called as its file is. A numbered file without any of them is a record too: its title is
the decision, and what stands below it the text.

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
    /// The line of the heading, and the last one before the next heading of any level.
    lines: (u32, u32),
}

/// Headings of what every record has: where the first heading is one of them, the record has no title of its
/// own.
fn is_part(heading: &str) -> bool {
    const PARTS: [&str; 18] = [
        "context",
        "context and problem statement",
        "problem",
        "problem statement",
        "background",
        "motivation",
        "introduction",
        "summary",
        "overview",
        "status",
        "date",
        "metadata",
        "meta",
        "issue",
        "decision",
        "decision outcome",
        "deciders",
        "decision drivers",
    ];
    let plain = heading.to_lowercase();
    let plain = plain
        .trim_start_matches(|c: char| c.is_ascii_digit() || ". ".contains(c))
        .trim_end_matches([':', ' ']);
    PARTS.contains(&plain)
}

/// What a file is called, in words: `012-drop-the-queue` as `Drop the queue`.
fn title_of_stem(stem: &str) -> String {
    let rest = strip_ignoring_case(stem, "adr").or_else(|| strip_ignoring_case(stem, "rfc"));
    let rest = rest
        .filter(|rest| rest.starts_with(|c: char| !c.is_alphabetic()))
        .unwrap_or(stem);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "-_ #.".contains(c));
    let words = rest.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => stem.to_owned(),
    }
}

fn strip_ignoring_case<'s>(text: &'s str, head: &str) -> Option<&'s str> {
    let (start, rest) = (text.get(..head.len())?, text.get(head.len()..)?);
    start.eq_ignore_ascii_case(head).then_some(rest)
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
    // Where the title stands in the front matter, or nowhere but in the name of the file, the first heading is
    // that of a section.
    let front = front_title(file.text).filter(|_| !matches!(blocks[at].kind, Kind::Heading(1)));
    let (written, body) = match front {
        Some((title, _, _)) => (title, &blocks[at..]),
        None if is_part(&written) => (title_of_stem(stem_of(file)), &blocks[at..]),
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
    // A table may stand above the title.
    let above = &blocks[..at];
    let status = find(&["status"]).map(|(_, s)| s);
    let head = Head::read(file, (above, body), &sections, status);
    let said = labels::of(body);
    // A solution may be one that somebody thinks of.
    let decides =
        outcome.is_some_and(|(_, s)| !s.heading.starts_with("solution")) || said.decision.is_some();
    let undecided = is_rfc(file) && head.status == DecisionStatus::Unknown;
    if undecided || !decides && !is_record(file, &written, &head, context.or(outcome).is_some()) {
        return;
    }
    let (id, title) = identify(file, &written);
    let in_section = context.is_some();
    let (context, context_at) = match context {
        Some((at, _)) => whole(file, &sections, at),
        None => (said.context.unwrap_or_default(), None),
    };
    let mut decision = Decision {
        id,
        title,
        status: head.status,
        status_note: head.note,
        date: head.date,
        deciders: head.deciders,
        context,
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
        places: BTreeMap::new(),
        provenance: Provenance::observed([file.evidence(1, file.lines().count())]),
    };
    place(&mut decision, file, "status", head.status_at);
    place(&mut decision, file, "date", head.date_at);
    place(&mut decision, file, "context", context_at);
    let (options, at) = options::of(file, &sections);
    let at = at.map(|at| all_lines(&sections, at));
    place(&mut decision, file, "options", at);
    decision.options = options;
    if let Some((at, section)) = outcome {
        let lines = match outcome::read(&mut decision, section) {
            Some(lines) => Some(lines),
            None => {
                let (text, lines) = whole(file, &sections, at);
                decision.decision = text;
                lines
            }
        };
        // The reason stands in the sentence of the choice.
        if !decision.rationale.is_empty() {
            place(&mut decision, file, "rationale", lines);
        }
        place(&mut decision, file, "decision", lines);
        options::mark_chosen(&mut decision);
    } else if let Some(text) = said.decision {
        decision.decision = text;
    } else if !in_section {
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
        let (text, lines) = whole(file, &sections, at);
        decision.rationale = text;
        place(&mut decision, file, "rationale", lines);
    }
    outcome::consequences(&mut decision, file, &sections);
    decision.consequences.extend(outcome::done(&sections));
    let last = file.lines().count();
    acc.add(file, 1, last, Claim::Decision(Box::new(decision)));
}

/// Notes the lines that a part of a decision stands in.
fn place(decision: &mut Decision, file: &SourceFile<'_>, part: &str, lines: Option<(u32, u32)>) {
    if let Some((first, last)) = lines {
        let seen = Provenance::observed([file.evidence(first, last)]);
        decision.places.insert(part.to_owned(), seen);
    }
}

/// The name of a file without its ending.
fn stem_of<'t>(file: &SourceFile<'t>) -> &'t str {
    let name = file.name();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
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
    let stem = stem_of(file);
    context && !plain_name(stem) || id_of_stem(stem).is_some()
}

/// Whether a file is called by one word in capitals, as overviews of a folder are: `EVOLUTION.md`.
fn plain_name(stem: &str) -> bool {
    !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_uppercase())
}

/// The lines of a section with those below it.
fn all_lines(sections: &[Section<'_>], at: usize) -> (u32, u32) {
    let level = sections[at].level;
    let below = sections[at + 1..].iter().take_while(|s| s.level > level);
    let last = below.last().map_or(sections[at].lines.1, |s| s.lines.1);
    (sections[at].lines.0, last)
}

/// Headings of parts that are told for themselves wherever they stand.
fn is_told_apart(heading: &str) -> bool {
    const APART: [&str; 9] = [
        "consequence",
        "positive",
        "negative",
        "confirmation",
        "rationale",
        "justification",
        "implications",
        "references",
        "status",
    ];
    options::is_list(heading) || APART.iter().any(|word| heading.starts_with(word))
}

/// The text of a section, and the headings of the sections below it, each with the first sentence that stands
/// there; with the lines of both.
fn whole(
    file: &SourceFile<'_>,
    sections: &[Section<'_>],
    at: usize,
) -> (String, Option<(u32, u32)>) {
    let mut text = markdown(file, sections[at].blocks);
    let level = sections[at].level;
    let below: Vec<&Section<'_>> = sections[at + 1..]
        .iter()
        .take_while(|s| s.level > level)
        .filter(|s| s.level == level + 1 && !is_told_apart(&s.heading))
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
    let own = sections[at].blocks;
    let first = own.first().filter(|_| !text.is_empty()).map(|b| b.first);
    let first = first.or_else(|| below.first().map(|s| s.lines.0));
    let last = below.last().map(|s| s.lines.1);
    let last = last.or_else(|| own.last().map(|b| b.last));
    // What it led in to, code or a picture, is left out; the sections below are something else.
    let leads = own.last().is_some_and(|b| b.kind == Kind::Paragraph);
    if leads && text.ends_with(':') {
        text.pop();
        text.push('.');
    }
    let text = match (text.is_empty(), lines.is_empty()) {
        (_, true) => text,
        (true, false) => lines.join("\n"),
        (false, false) => format!("{text}\n\n{}", lines.join("\n")),
    };
    (text, first.zip(last))
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
            lines: (blocks[*at].first, blocks[end - 1].last),
        });
    }
    found
}

/// The lines of blocks as they stand in the file, without code, tables, pictures and the addresses of links:
/// none of them is a sentence. What led in to them ends with a full stop.
fn markdown(file: &SourceFile<'_>, blocks: &[Block]) -> String {
    let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
        return String::new();
    };
    let text = file.lines().slice(first.first, last.last);
    let mut kept: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut left_out = false;
    for line in text.lines() {
        let bare = line.trim_start_matches([' ', '>']).trim_end();
        if let Some(mark) = fence {
            if bare.starts_with(mark) {
                fence = None;
            }
            continue;
        }
        // Code of one line opens nothing.
        let opened = ["```", "~~~"].into_iter();
        let mut opened = opened.filter(|m| bare.strip_prefix(m).is_some_and(|r| !r.contains(m)));
        let opened = opened.next();
        let address = bare.starts_with('[') && bare.contains("]: ");
        let picture = bare.starts_with("![") || bare.starts_with("<!--");
        if opened.is_some() || bare.starts_with('|') || address || picture {
            fence = opened;
            left_out |= !address;
            continue;
        }
        if !bare.is_empty() && std::mem::take(&mut left_out) {
            end_lead(&mut kept);
        }
        let quoted = line.trim_start().starts_with('>');
        kept.push(if quoted { bare } else { line.trim_end() }.to_owned());
    }
    if left_out {
        end_lead(&mut kept);
    }
    let mut out = String::new();
    let mut empty = true;
    for line in kept {
        // What was left out leaves no gap.
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(&line);
        out.push('\n');
    }
    out.trim().to_owned()
}

/// Ends the last line that says something with a full stop where it led in to what was left out.
fn end_lead(kept: &mut [String]) {
    let last = kept.iter_mut().rev().find(|line| !line.trim().is_empty());
    if let Some(line) = last.filter(|line| line.trim_end().ends_with(':')) {
        let end = line.trim_end().len().saturating_sub(1);
        line.truncate(end);
        line.push('.');
    }
}

/// Id and title: the number stands in the file name or before the title.
fn identify(file: &SourceFile<'_>, written: &str) -> (String, String) {
    let stem = stem_of(file);
    // `[ADR-7] Title`
    let written = written.trim_start_matches('[');
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
    let numbered = (1..=5).contains(&digits) && after.starts_with(['.', ':', ' ', '-', ')', ']']);
    let title = if numbered {
        after.trim_start_matches(['.', ':', ' ', '-', '–', '—', '|', ')', ']'])
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
