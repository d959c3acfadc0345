//! What was decided, why, and what follows.

use super::{Section, place};
use crate::markdown::{Kind, plain};
use crate::source::SourceFile;
use groundplan_model::Decision;

/// Reads `Chosen option: "X", because Y` of MADR from the section of the decision, and gives its lines.
pub(super) fn read(decision: &mut Decision, section: &Section<'_>) -> Option<(u32, u32)> {
    let chosen = section.blocks.iter().find_map(|block| {
        let text = plain(&block.text);
        let rest = ["Chosen option:", "Chosen Option:", "We chose", "We choose"]
            .iter()
            .find_map(|mark| text.strip_prefix(mark))?;
        let (name, reason) = match rest.find("because") {
            Some(at) => (&rest[..at], rest[at + "because".len()..].trim()),
            None => (rest, ""),
        };
        let trim = |c: char| c.is_whitespace() || "\"'“”,.:;".contains(c);
        let lines = (block.first, block.last);
        Some((name.trim_matches(trim).to_owned(), reason.to_owned(), lines))
    });
    let (name, reason, lines) = chosen?;
    for option in &mut decision.options {
        option.chosen = same(&option.name, &name);
    }
    decision.decision = name;
    decision.rationale = reason;
    Some(lines)
}

/// Whether two texts name the same option.
pub(super) fn same(a: &str, b: &str) -> bool {
    let fold = |text: &str| {
        let lower = text.to_lowercase();
        let kept = lower.chars().filter(|c| c.is_alphanumeric());
        kept.collect::<String>()
    };
    fold(a) == fold(b)
}

/// `Good, because X` as good and `X`; the text as it is if it does not judge.
pub(super) fn judged(text: &str) -> (Option<bool>, String) {
    const MARKS: [(&str, Option<bool>); 10] = [
        ("Good, because", Some(true)),
        ("Good because", Some(true)),
        ("Positive, because", Some(true)),
        ("Pro:", Some(true)),
        ("Bad, because", Some(false)),
        ("Bad because", Some(false)),
        ("Negative, because", Some(false)),
        ("Con:", Some(false)),
        ("Neutral, because", None),
        ("Neutral because", None),
    ];
    for (mark, good) in MARKS {
        if let Some(rest) = text.strip_prefix(mark) {
            return (good, rest.trim().to_owned());
        }
    }
    (None, text.to_owned())
}

/// What a line says of those below it: `Easier:`, `Negative:`.
pub(super) fn leads_in(text: &str) -> Option<bool> {
    let bare = text.trim().trim_matches(['*', '_', ':', ' ']);
    let lower = bare.to_lowercase();
    const GOOD: [&str; 10] = [
        "advantages",
        "benefits",
        "pro",
        "good points",
        "better",
        "easier",
        "good",
        "positive",
        "positive consequences",
        "pros",
    ];
    const BAD: [&str; 12] = [
        "bad",
        "bad points",
        "con",
        "cons",
        "costs",
        "disadvantages",
        "drawbacks",
        "harder",
        "more difficult",
        "negative",
        "negative consequences",
        "worse",
    ];
    match lower.as_str() {
        word if GOOD.contains(&word) => Some(true),
        word if BAD.contains(&word) => Some(false),
        _ => None,
    }
}

/// Reads the sections of consequences, with the lines of each.
pub(super) fn consequences(
    decision: &mut Decision,
    file: &SourceFile<'_>,
    sections: &[Section<'_>],
) {
    // The level of the section of consequences that stands around.
    let mut around: Option<u8> = None;
    for section in sections {
        let heading = section.heading.as_str();
        around = around.filter(|level| section.level > *level);
        let sort = if heading.starts_with("positive consequence") || heading == "positive" {
            Some(true)
        } else if heading.starts_with("negative consequence") || heading == "negative" {
            Some(false)
        } else if heading.starts_with("consequence") || heading == "implications" {
            around = around.or(Some(section.level));
            None
        } else if let Some(side) = leads_in(heading).filter(|_| around.is_some()) {
            Some(side)
        } else {
            continue;
        };
        let mut group = None;
        for block in section.blocks {
            let text = plain(&block.text);
            let fits = matches!(block.kind, Kind::Item(_) | Kind::Paragraph);
            // A line such as "Positive:" only leads in to what is so.
            if fits && text.ends_with(':') {
                group = leads_in(&text);
                continue;
            }
            if !fits || text.is_empty() {
                continue;
            }
            let (judged, text) = judged(&text);
            let (part, all) = match sort.or(judged).or(group) {
                Some(true) => ("positive", &mut decision.positive),
                Some(false) => ("negative", &mut decision.negative),
                None => ("consequences", &mut decision.consequences),
            };
            let part = format!("{part}.{}", all.len());
            all.push(text);
            place(decision, file, &part, Some((block.first, block.last)));
        }
    }
}

/// That parts of what was proposed are there, where a section about it lists them as done.
pub(super) fn done(sections: &[Section<'_>]) -> Option<String> {
    let about = sections
        .iter()
        .position(|s| s.heading.starts_with("implementation status") || s.heading == "progress")?;
    let level = sections[about].level;
    let below = sections[about + 1..].iter().take_while(|s| s.level > level);
    let is_done = |text: &str| {
        let lower = plain(text).to_lowercase();
        ["done", "✅", "completed", "implemented"]
            .iter()
            .any(|w| lower.trim().starts_with(w))
    };
    let count = std::iter::once(&sections[about])
        .chain(below)
        .flat_map(|s| s.blocks)
        .filter(|block| match &block.kind {
            Kind::Row { cells, header } => !header && cells.iter().any(|cell| is_done(cell)),
            Kind::Item(_) => block.text.starts_with("[x]") || block.text.starts_with("[X]"),
            _ => false,
        })
        .count();
    let heading = &sections[about].written;
    match count {
        0 => None,
        1 => Some(format!(
            "The section `{heading}` of the record lists one part as done"
        )),
        n => Some(format!(
            "The section `{heading}` of the record lists {n} parts as done"
        )),
    }
}
