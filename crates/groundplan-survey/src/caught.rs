//! Calls over a network whose errors the function that makes them catches.

use crate::facts::{Claim, FileFacts};
use crate::scan;
use crate::source::SourceFile;
use groundplan_model::{CAUGHT_CALL, Topic};
use groundplan_syntax::{Code, Language};

/// Calls of one file at most.
const MOST: usize = 40;

/// Notes of the calls of a file that were read which of them stand in a `try` with a `catch` of the same
/// function: what becomes of the error there is another question.
pub(crate) fn note(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let braced = matches!(
        file.language,
        Language::CSharp
            | Language::Java
            | Language::JavaScript
            | Language::Kotlin
            | Language::Php
            | Language::TypeScript
    );
    if !braced && file.language != Language::Python || !file.text.contains("try") {
        return;
    }
    let calls = acc.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Client(client) if client.protocol == "http" => Some(fact.at.lines[0]),
        _ => None,
    });
    let mut lines: Vec<u32> = calls.collect();
    lines.sort_unstable();
    lines.dedup();
    if lines.is_empty() {
        return;
    }
    let code = file.code();
    lines.truncate(MOST);
    let mut at = 0;
    for line in lines {
        while at < code.tokens.len() && code.line(at) < line {
            at += 1;
        }
        let caught = match braced {
            true => in_braces(code, at),
            false => by_lines(file.text, line),
        };
        if caught {
            scan::mark(acc, file, line, Topic::Stated, CAUGHT_CALL, None);
        }
    }
}

/// Whether a block around a token is tried and caught, within its function.
fn in_braces(code: &Code<'_>, from: usize) -> bool {
    let mut at = from;
    while at > 0 {
        at -= 1;
        match code.raw(at) {
            "}" | ")" | "]" => at = code.partner(at).unwrap_or(at),
            "{" => {
                let before = at.checked_sub(1).map_or("", |before| code.raw(before));
                if before == "try" {
                    let close = code.partner(at).unwrap_or(at);
                    return code.is(close + 1, "catch");
                }
                // A closure may run after the function has ended.
                let arrow = before == ">" || before == "=>";
                let head = before == ")" && {
                    let open = code.partner(at - 1).unwrap_or(at);
                    let word = open.checked_sub(1).map_or("", |word| code.raw(word));
                    !matches!(
                        word,
                        "if" | "for"
                            | "foreach"
                            | "while"
                            | "using"
                            | "switch"
                            | "synchronized"
                            | "try"
                    )
                };
                if arrow || head {
                    return false;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a line of Python stands below a `try:` of its function that an `except` follows.
fn by_lines(text: &str, line: u32) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let column = |text: &str| text.len() - text.trim_start().len();
    let index = (line as usize).saturating_sub(1);
    let Some(mut own) = lines.get(index).map(|text| column(text)) else {
        return false;
    };
    for above in (0..index).rev() {
        let Some(text) = lines.get(above) else { break };
        if text.trim().is_empty() || column(text) >= own {
            continue;
        }
        own = column(text);
        let head = text.trim_start();
        if head.starts_with("try:") {
            let below = lines.get(index + 1..).unwrap_or_default().iter();
            let mut at_same = below.filter(|text| !text.trim().is_empty() && column(text) <= own);
            return at_same
                .next()
                .is_some_and(|text| text.trim_start().starts_with("except"));
        }
        if head.starts_with("def ")
            || head.starts_with("async def ")
            || head.starts_with("class ")
            || own == 0
        {
            return false;
        }
    }
    false
}
