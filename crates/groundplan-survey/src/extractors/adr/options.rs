//! What was considered: lists, tables and sections of alternatives, with what speaks for and against each.

use super::{Section, outcome};
use crate::markdown::{Block, Kind, plain};
use crate::source::SourceFile;
use groundplan_model::{Consideration, Decision};

/// Options of one record at most.
const MOST: usize = 100;

/// Whether a heading is that of what was considered.
pub(super) fn is_list(heading: &str) -> bool {
    const HEADS: [&str; 16] = [
        "considered option",
        "options considered",
        "considered alternatives",
        "considered solutions",
        "considered approaches",
        "alternatives",
        "alternative solutions",
        "alternative approaches",
        "other options",
        "possible solutions",
        "possible options",
        "possible approaches",
        "potential solutions",
        "solutions considered",
        "approaches considered",
        "options for",
    ];
    HEADS.iter().any(|name| heading.starts_with(name))
        || matches!(heading, "options" | "candidates")
        || rejects(heading)
}

/// Whether a heading says of what stands below it that it was turned down.
fn rejects(heading: &str) -> bool {
    let of = |word: &str| heading.contains(word);
    (of("rejected") || of("discarded"))
        && (of("alternative") || of("option") || of("solution") || of("approach"))
}

fn option(name: String, cons: Vec<String>) -> Consideration {
    Consideration {
        name,
        chosen: false,
        pros: Vec::new(),
        cons,
        score: None,
        excluded: None,
    }
}

/// The options of a record, and the section that has them.
pub(super) fn of(
    file: &SourceFile<'_>,
    sections: &[Section<'_>],
) -> (Vec<Consideration>, Option<usize>) {
    let lists: Vec<usize> = (0..sections.len())
        .filter(|&at| is_list(&sections[at].heading))
        .collect();
    let mut found: Vec<Consideration> = Vec::new();
    let mut from = None;
    for at in lists {
        let mut own = tabled(sections[at].blocks);
        if own.is_empty() {
            own = itemized(file, sections[at].blocks);
        }
        if own.is_empty() {
            own = headed(sections, at);
        }
        if own.is_empty() {
            own.extend(told(sections[at].blocks));
        }
        if rejects(&sections[at].heading) {
            for one in &mut own {
                if one.cons.is_empty() {
                    one.excluded = Some("the record rejects it".to_owned());
                }
            }
        }
        if !own.is_empty() {
            from = from.or(Some(at));
        }
        own.truncate(MOST.saturating_sub(found.len()));
        // What is rejected further on may have been named before.
        own.retain(|o| !found.iter().any(|f| outcome::same(&f.name, &o.name)));
        found.extend(own);
    }
    if found.is_empty() {
        found.extend(in_words(sections));
    }
    let argued = sections
        .iter()
        .position(|s| s.heading.starts_with("pros and cons"));
    if let Some(argued) = argued {
        for one in headed(sections, argued).into_iter().take(MOST) {
            let known = found.iter_mut().find(|o| outcome::same(&o.name, &one.name));
            match known {
                Some(option) => (option.pros, option.cons) = (one.pros, one.cons),
                None => found.push(one),
            }
        }
        from = from.or(Some(argued));
    }
    (found, from)
}

/// The rows of a table whose first column names options.
fn tabled(blocks: &[Block]) -> Vec<Consideration> {
    let mut heads: Option<Vec<String>> = None;
    let mut found = Vec::new();
    for block in blocks {
        let Kind::Row { cells, header } = &block.kind else {
            continue;
        };
        let cells: Vec<String> = cells.iter().map(|c| plain(c).trim().to_owned()).collect();
        if *header {
            let words = ["option", "alternative", "approach", "solution", "candidate"];
            let lower: Vec<String> = cells.iter().map(|c| c.to_lowercase()).collect();
            let names = lower
                .first()
                .is_some_and(|c| words.iter().any(|w| c.starts_with(w)));
            heads = names.then_some(lower);
            continue;
        }
        let (Some(heads), Some(name)) = (&heads, cells.first().filter(|c| !c.is_empty())) else {
            continue;
        };
        let of = |wanted: &[&str]| -> Vec<String> {
            let at = heads
                .iter()
                .position(|h| wanted.contains(&h.trim_end_matches("(s)").trim_end_matches('s')));
            let cell = at.and_then(|at| cells.get(at));
            cell.filter(|c| c.chars().any(char::is_alphanumeric))
                .cloned()
                .into_iter()
                .collect()
        };
        let mut one = option(
            without_mark(name),
            of(&[
                "con",
                "against",
                "disadvantage",
                "why rejected",
                "drawback",
                "why not",
            ]),
        );
        one.pros = of(&["pro", "for", "advantage", "benefit"]);
        one.chosen = says_chosen(name);
        found.push(one);
    }
    found
}

/// Marks of the option that was taken.
const TAKEN: [&str; 4] = ["(chosen)", "(selected)", "(accepted)", "✅"];

/// Whether a name has the mark of the one that was taken.
fn says_chosen(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    TAKEN.iter().any(|mark| lower.contains(mark))
}

fn without_mark(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let end = TAKEN
        .iter()
        .filter_map(|mark| lower.find(mark))
        .filter(|at| *at > 0)
        .min();
    name.get(..end.unwrap_or(name.len()))
        .unwrap_or(name)
        .trim()
        .to_owned()
}

/// The items of a list of options. A list behind sentences is one of options only where the last of them says
/// so: reasons stand in lists, too.
fn itemized(file: &SourceFile<'_>, blocks: &[Block]) -> Vec<Consideration> {
    let first = blocks.iter().position(|b| matches!(b.kind, Kind::Item(0)));
    let Some(first) = first else {
        return Vec::new();
    };
    let leads: Vec<String> = blocks[..first]
        .iter()
        .filter(|b| b.kind == Kind::Paragraph)
        .map(|b| plain(&b.text).to_lowercase())
        .collect();
    if let Some(lead) = leads.last() {
        let of = |words: &[&str]| words.iter().any(|w| lead.contains(w));
        let reasons = of(&[
            "reason",
            "because",
            "discard",
            "reject",
            "drawback",
            "disadvantage",
            "why ",
        ]);
        let options = of(&["option", "alternative", "approach", "solution", "consider"]);
        if reasons || !options && (leads.len() > 1 || lead.ends_with('.')) {
            return Vec::new();
        }
    }
    // Where sentences stand between the options, only numbers tell them from lists below each.
    let numbered = |b: &Block| {
        let line = file.lines().slice(b.first, b.first);
        line.trim_start().starts_with(|c: char| c.is_ascii_digit())
    };
    let by_number = numbered(&blocks[first]);
    let mut found: Vec<Consideration> = Vec::new();
    let mut group = None;
    for block in &blocks[first..] {
        match block.kind {
            Kind::Item(0) if !by_number || numbered(block) => found.extend(item(&block.text)),
            Kind::Item(_) => {
                let text = plain(&block.text);
                if let (Some(side), Some(one)) = (group, found.last_mut()) {
                    let all = if side { &mut one.pros } else { &mut one.cons };
                    all.push(text);
                }
            }
            Kind::Paragraph if by_number => group = outcome::leads_in(&plain(&block.text)),
            Kind::Paragraph => break,
            _ => {}
        }
    }
    found
}

/// An item as an option: `**Keep it.** Rejected. It costs …` with what speaks against it.
fn item(text: &str) -> Option<Consideration> {
    let bold = ["**", "__"].iter().find_map(|mark| {
        let (name, rest) = text.strip_prefix(mark)?.split_once(mark)?;
        Some((name, rest))
    });
    if let Some((name, rest)) = bold {
        let name = plain(name);
        let name = name.trim().trim_end_matches(['.', ':', ',']).to_owned();
        let rest = plain(rest);
        let rest = rest.trim_start_matches([':', '.', ',', '-', '–', '—', ' ']);
        let against = turned_down(rest);
        if !name.is_empty() && against.is_some() {
            return Some(option(name, against.into_iter().flatten().collect()));
        }
    }
    let name = plain(text);
    let chosen = says_chosen(&name);
    let name = without_mark(&name);
    (!name.is_empty()).then(|| Consideration {
        chosen,
        ..option(name, Vec::new())
    })
}

/// What follows the word that turns an option down, if a text begins with one: `Rejected: too slow`. Nothing is
/// in it where no reason stands there.
fn turned_down(text: &str) -> Option<Option<String>> {
    let word = ["rejected", "not chosen", "discarded", "declined"]
        .into_iter()
        .find(|word| text.to_lowercase().starts_with(word))?;
    let rest = text.get(word.len()..)?;
    let rest = rest.trim_start_matches(['.', ':', ',', ' ', '–', '-', '—']);
    let rest = rest.strip_prefix("because ").unwrap_or(rest).to_owned();
    Some(Some(rest).filter(|rest| !rest.is_empty()))
}

/// The sections below one, each an option with its arguments.
fn headed(sections: &[Section<'_>], at: usize) -> Vec<Consideration> {
    let level = sections[at].level;
    let mut found: Vec<Consideration> = Vec::new();
    for section in sections[at + 1..].iter().take_while(|s| s.level > level) {
        // What a heading or a line within an option says of what stands below it.
        let mut group = None;
        if section.level == level + 1 {
            let mut said = section.blocks.iter().filter(|b| b.kind == Kind::Paragraph);
            let against = said.find_map(|b| turned_down(&plain(&b.text))).flatten();
            let mut one = option(
                without_mark(&section.written),
                against.into_iter().collect(),
            );
            one.chosen = says_chosen(&section.written);
            found.push(one);
        } else {
            group = outcome::leads_in(&section.heading);
            if group.is_none() {
                continue;
            }
        }
        let Some(one) = found.last_mut() else {
            continue;
        };
        for block in section.blocks {
            let text = plain(&block.text);
            match block.kind {
                Kind::Paragraph => group = outcome::leads_in(&text),
                Kind::Item(_) => {
                    let (judged, said) = outcome::judged(&text);
                    // `- Pros:` with items of their own below.
                    if let Some(side) = outcome::leads_in(&text) {
                        group = Some(side);
                        continue;
                    }
                    match judged.or(group) {
                        Some(true) => one.pros.push(said),
                        Some(false) => one.cons.push(said),
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// The first sentence of a section without a list that says what was considered.
fn told(blocks: &[Block]) -> Option<Consideration> {
    let first = blocks.iter().find(|b| b.kind == Kind::Paragraph)?;
    let text = plain(&first.text);
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    let sentence = text.get(..end)?.trim();
    let says = sentence.to_lowercase().contains("considered");
    (says && sentence.ends_with('.') && sentence.len() <= 240)
        .then(|| option(sentence.trim_end_matches('.').to_owned(), Vec::new()))
}

/// The items behind a line that leads in to them: `The alternatives considered were:`.
fn in_words(sections: &[Section<'_>]) -> Vec<Consideration> {
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
        .map(|name| option(name, Vec::new()))
        .collect()
}

/// Marks the option that the decision names by its letter or number: `We will follow option B`.
pub(super) fn mark_chosen(decision: &mut Decision) {
    if decision.options.iter().any(|o| o.chosen) {
        return;
    }
    let text = plain(&decision.decision);
    let words: Vec<&str> = text.split_whitespace().take(40).collect();
    let kind = |word: &str| {
        let word = word.to_lowercase();
        matches!(
            word.as_str(),
            "option" | "solution" | "alternative" | "approach"
        )
    };
    let label = |word: &str| -> Option<String> {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase());
        let number =
            word.len() <= 2 && !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        (letter || number).then(|| word.to_owned())
    };
    // `Option A was rejected`, `unlike option A` and `we weighed option A` name no choice.
    const OTHERS: [&str; 12] = [
        "against",
        "discard",
        "discarded",
        "instead",
        "no",
        "not",
        "over",
        "reject",
        "rejected",
        "than",
        "unlike",
        "without",
    ];
    const TAKES: [&str; 20] = [
        "accept",
        "accepted",
        "adopt",
        "adopted",
        "choose",
        "chose",
        "chosen",
        "decided",
        "follow",
        "go",
        "going",
        "implement",
        "pick",
        "picked",
        "prefer",
        "select",
        "selected",
        "take",
        "use",
        "with",
    ];
    let bare = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.to_lowercase()
    };
    let labelled = |pair: &[&str]| kind(pair[0]) && label(pair[1]).is_some();
    let at = words.windows(2).position(labelled).unwrap_or(0);
    // What turns it down stands before it or right behind it; further on reasons follow.
    let mut near = words.iter().take(at + 5);
    if near.any(|w| OTHERS.contains(&bare(w).as_str())) {
        return;
    }
    let takes = words.iter().position(|w| TAKES.contains(&bare(w).as_str()));
    let mut named: Vec<String> = words
        .windows(2)
        .enumerate()
        .filter(|(at, pair)| kind(pair[0]) && (*at == 0 || takes.is_some_and(|t| t < *at)))
        .filter_map(|(_, pair)| label(pair[1]))
        .collect();
    named.dedup();
    let [wanted] = named.as_slice() else {
        return;
    };
    let is = |name: &str| {
        let mut parts = name.split_whitespace();
        let mut first = parts.next().unwrap_or_default();
        if kind(first) {
            first = parts.next().unwrap_or_default();
        }
        let bare = first.trim_end_matches([':', '.', ')', ',', '-', '–', '—']);
        bare == wanted
            && (bare.len() < first.len()
                || parts.next().is_none_or(|p| matches!(p, "-" | "–" | "—"))
                || kind(name.split_whitespace().next().unwrap_or_default()))
    };
    let mut fitting = decision.options.iter_mut().filter(|o| is(&o.name));
    if let (Some(one), None) = (fitting.next(), fitting.next()) {
        one.chosen = true;
    }
}
