//! Records without headings: labels in bold, and titles that are the decision.

use super::markdown;
use crate::markdown::{Block, Kind, plain};
use crate::source::SourceFile;

/// What lines such as `**Decision:** …` say.
#[derive(Default)]
pub(super) struct Labels {
    pub(super) context: Option<String>,
    pub(super) decision: Option<String>,
}

/// The labels in bold at the begin of paragraphs and items.
pub(super) fn of(blocks: &[Block]) -> Labels {
    let mut all = Labels::default();
    for block in blocks {
        if !matches!(block.kind, Kind::Paragraph | Kind::Item(_)) {
            continue;
        }
        let Some((label, rest)) = labelled(&block.text) else {
            continue;
        };
        let place = match label.as_str() {
            "decision" | "decision outcome" | "outcome" => &mut all.decision,
            "context" | "problem" | "background" => &mut all.context,
            _ => continue,
        };
        if place.is_none() && !rest.is_empty() {
            *place = Some(rest.to_owned());
        }
    }
    all
}

/// `**Label:** text` and `**Label**: text`; the label in lower case.
fn labelled(text: &str) -> Option<(String, &str)> {
    let rest = text
        .strip_prefix("**")
        .or_else(|| text.strip_prefix("__"))?;
    let (label, rest) = rest.split_once("**").or_else(|| rest.split_once("__"))?;
    let inside = label.strip_suffix(':');
    let rest = match inside {
        Some(_) => rest,
        None => rest.strip_prefix(':')?,
    };
    let label = inside.unwrap_or(label).trim().to_lowercase();
    (label.len() < 30).then(|| (label, rest.trim()))
}

/// What stands under the title before the first heading, without labels.
pub(super) fn lead(file: &SourceFile<'_>, blocks: &[Block]) -> String {
    let own: Vec<String> = blocks
        .iter()
        .take_while(|b| !matches!(b.kind, Kind::Heading(_)))
        .filter(|b| matches!(b.kind, Kind::Paragraph | Kind::Item(_)))
        .filter(|b| labelled(&b.text).is_none() && !is_pairs(file, b))
        .take(8)
        .map(|b| markdown(file, std::slice::from_ref(b)))
        .collect();
    own.join("\n\n")
}

/// Whether every line of a block is a short key with a value: `Date: 2024-05-06`.
fn is_pairs(file: &SourceFile<'_>, block: &Block) -> bool {
    let text = file.lines().slice(block.first, block.last);
    text.lines().all(|line| {
        let line = line.trim().trim_start_matches(['-', '*', ' ']);
        line.split_once(':')
            .is_some_and(|(key, _)| key.len() < 20 && !key.contains(['.', ',', '(']))
    })
}

/// Whether a title begins with the number of another kind of paper: `GAP-006: …`, `Deviation 001: …`.
pub(super) fn other_kind(title: &str) -> bool {
    let Some((head, _)) = title.split_once(':') else {
        return false;
    };
    let head = plain(head).to_lowercase();
    let word: String = head.chars().take_while(|c| c.is_alphabetic()).collect();
    let rest = head[word.len()..].trim_matches([' ', '-', '_', '#']);
    let numbered = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    numbered && !word.is_empty() && !matches!(word.as_str(), "adr" | "rfc" | "decision" | "madr")
}
