//! What pages say of safety: that nobody is asked who they are, how soon reports are answered, which versions are
//! cared for, and which hosts have to be reached.

use super::chapters::{Chapter, Page, sentences};
use super::phrases::has;
use super::{LONGEST, knows, mark};
use crate::addresses;
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, plain};
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::{HOSTS_REACHED, NO_SIGN_IN, REPORT_ANSWERED};

/// Adds what the chapters of a page say of safety.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (page, title): (Page, &str),
    all: &[Chapter<'_>],
) {
    if matches!(
        page,
        Page::Template | Page::Contributing | Page::Deprecations
    ) {
        return;
    }
    for chapter in all {
        if !super::told::is_of_change(&chapter.bare) {
            unasked(acc, file, (page, title), chapter);
            hosts(acc, file, chapter);
        }
    }
    if page == Page::Security {
        answered(acc, file, all);
    }
}

/// A sentence that says that the system has no sign-in of its own.
fn unasked(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (page, title): (Page, &str),
    chapter: &Chapter<'_>,
) {
    const NONE: [&str; 9] = [
        "no built-in authentication",
        "no built in authentication",
        "no authentication built in",
        "no built-in access control",
        "not have built-in authentication",
        "not have any built-in authentication",
        "not include built-in authentication",
        "not provide built-in authentication",
        "not come with built-in authentication",
    ];
    // Where a policy on security says so, it is said of the whole.
    const OF_POLICY: [&str; 4] = [
        "has no authentication",
        "does not have authentication",
        "does not provide authentication",
        "does not implement authentication",
    ];
    // Of others than the system a page says it, too; what stands first tells of whom.
    const OF_IT: [&str; 12] = [
        "as",
        "because",
        "by",
        "currently",
        "it",
        "note",
        "please",
        "since",
        "the",
        "there",
        "this",
        "we",
    ];
    let of_pages = matches!(
        page,
        Page::Readme | Page::Faq | Page::Security | Page::Install | Page::Index
    );
    if !of_pages || knows(acc, NO_SIGN_IN) {
        return;
    }
    for block in chapter.own.iter().filter(|b| is_prose(b)) {
        let text = block.plain().to_owned();
        for one in sentences(&text) {
            let lower = one.to_lowercase().replace('’', "'");
            let denies = has(&lower, &NONE) || page == Page::Security && has(&lower, &OF_POLICY);
            let count = one.split_whitespace().count();
            // Of a part, an option or an example something else may hold.
            let partly = has(
                &lower,
                &[
                    "if ",
                    "when ",
                    "endpoint",
                    "unless ",
                    "example",
                    "authentication for ",
                    "authentication on ",
                    "access control for ",
                ],
            );
            let mut words = lower.split(|c: char| !c.is_alphanumeric());
            let first = words.find(|word| !word.is_empty()).unwrap_or_default();
            let whole = page == Page::Security
                || OF_IT.contains(&first)
                || super::chapters::names(&lower, title);
            if denies && !partly && whole && (4..=70).contains(&count) && !one.ends_with([':', '?'])
            {
                let lines = (block.first, block.last);
                mark(
                    acc,
                    file,
                    lines,
                    NO_SIGN_IN,
                    sentence::cut(one, 2 * LONGEST),
                );
                return;
            }
        }
    }
}

fn is_prose(block: &Block) -> bool {
    matches!(block.kind, Kind::Paragraph | Kind::Quote | Kind::Item(_))
}

/// What a policy says of how soon a report is answered.
fn answered(acc: &mut FileFacts, file: &SourceFile<'_>, all: &[Chapter<'_>]) {
    const MOST: usize = 3;
    const ANSWERS: [&str; 7] = [
        "acknowledge",
        "response within",
        "respond ",
        "reply ",
        "receive a response",
        "feedback",
        "get back to you",
    ];
    let mut told: Vec<String> = Vec::new();
    let mut lines: Option<(u32, u32)> = None;
    for block in all.iter().flat_map(|c| c.own).filter(|b| is_prose(b)) {
        let text = block.plain().to_owned();
        for one in sentences(&text) {
            let lower = one.to_lowercase();
            let count = one.split_whitespace().count();
            let soon = has_span(&lower) && has(&lower, &["within ", " in "]);
            let of_others =
                lower.starts_with("please ") || has(&lower, &["you must", "if you do not"]);
            if told.len() < MOST
                && soon
                && has(&lower, &ANSWERS)
                && !of_others
                && (4..=40).contains(&count)
            {
                told.push(one.trim_end_matches(['.', ';']).to_owned());
                lines = Some((lines.map_or(block.first, |(first, _)| first), block.last));
            }
        }
    }
    if let Some(lines) = lines {
        let text = sentence::cut(&told.join("; "), 2 * LONGEST);
        mark(acc, file, lines, REPORT_ANSWERED, text);
    }
}

/// Whether a text has a number with hours, days or weeks behind it: `48 hours`, `five business days`.
fn has_span(lower: &str) -> bool {
    const NUMBERS: [&str; 11] = [
        "a", "one", "two", "three", "four", "five", "six", "seven", "ten", "fourteen", "thirty",
    ];
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let unit = |word: &str| {
        let one = word.strip_suffix('s').unwrap_or(word);
        matches!(one, "hour" | "day" | "week")
    };
    words.iter().enumerate().any(|(at, word)| {
        let mut before = words
            .get(at.saturating_sub(2)..at)
            .unwrap_or_default()
            .iter();
        unit(word) && before.any(|w| w.bytes().all(|b| b.is_ascii_digit()) || NUMBERS.contains(w))
    })
}

/// Which versions a table of a policy says are cared for, with its last line.
pub(super) fn cared_for(blocks: &[Block]) -> Option<(String, u32)> {
    const YES: [&str; 6] = ["white_check_mark", "heavy_check_mark", "✅", "✔", "✓", "☑"];
    const NO: [&str; 5] = [":x:", "❌", "✗", "✘", "negative_squared_cross_mark"];
    let (mut kept, mut left): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut last = 0;
    for block in blocks {
        let Kind::Row {
            cells,
            header: false,
        } = &block.kind
        else {
            continue;
        };
        let (Some(version), Some(said)) = (cells.first(), cells.get(1)) else {
            return None;
        };
        let version = plain(version).trim().to_owned();
        let lower = said.trim().to_lowercase();
        let list = match () {
            () if YES.iter().any(|y| lower.contains(y)) || lower == "yes" => &mut kept,
            () if NO.iter().any(|n| lower.contains(n)) || lower == "no" => &mut left,
            // What it says is no plain yes or no.
            () => return None,
        };
        if version.is_empty() || list.len() == 8 {
            return None;
        }
        list.push(version);
        last = block.last;
    }
    let text = match (kept.is_empty(), left.is_empty()) {
        (true, _) => return None,
        (false, true) => format!("Supported: {}", kept.join(", ")),
        (false, false) => {
            let (kept, left) = (kept.join(", "), left.join(", "));
            format!("Supported: {kept}; not supported: {left}")
        }
    };
    Some((text, last))
}

/// The hosts below a heading that asks which of them are reached: `Which network flows must be authorized?`
fn hosts(acc: &mut FileFacts, file: &SourceFile<'_>, chapter: &Chapter<'_>) {
    const MOST: usize = 20;
    const ASKS: [&str; 11] = [
        "network flows",
        "outgoing connections",
        "outbound connections",
        "outgoing network",
        "outbound network",
        "outgoing traffic",
        "outbound traffic",
        "external services does",
        "external hosts",
        "domains does",
        "which domains",
    ];
    // `Regression` has the word in it.
    let mut words = chapter.bare.split(|c: char| !c.is_alphanumeric());
    let asks = has(&chapter.bare, &ASKS) || words.any(|word| word == "egress");
    if !asks || knows(acc, HOSTS_REACHED) {
        return;
    }
    let mut found: Vec<String> = Vec::new();
    let mut last = chapter.first;
    for block in chapter.whole {
        let text = match &block.kind {
            Kind::Row { cells, .. } => cells.join(" "),
            _ => block.text.clone(),
        };
        for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`' | '|')) {
            if let Some(host) = host(word).filter(|host| !found.contains(host)) {
                found.push(host);
                last = block.last;
            }
        }
    }
    if !(2..=MOST).contains(&found.len()) {
        return;
    }
    let heading = chapter
        .heading
        .map(|b| b.plain().to_owned())
        .unwrap_or_default();
    let said = format!("{}\n{}", heading.trim(), found.join("\n"));
    mark(acc, file, (chapter.first, last), HOSTS_REACHED, said);
}

/// A word that is the name of a host of the internet: `auth.acme.org`, `https://api.acme.org/v1`, `*.acme.org`.
fn host(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| {
        matches!(
            c,
            '*' | '_' | '<' | '>' | '(' | ')' | '"' | '\'' | '.' | ':'
        )
    });
    let host = addresses::host(word).trim_start_matches('.');
    let (before, top) = host.rsplit_once('.')?;
    // What names files and settings ends otherwise: `networkPolicy.egress.enabled`, `main.rs`.
    const TOPS: [&str; 34] = [
        "ai", "app", "at", "au", "be", "biz", "br", "ca", "ch", "cloud", "cn", "co", "com", "de",
        "dev", "edu", "es", "eu", "fr", "gov", "info", "io", "jp", "ms", "net", "network", "nl",
        "org", "pl", "run", "se", "tech", "uk", "us",
    ];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let sound = !before.is_empty()
        && host.chars().all(plain)
        && before.chars().any(|c| c.is_ascii_alphabetic())
        && !before.starts_with("example")
        && !word.contains('@');
    (sound && TOPS.contains(&top)).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{has_span, host};

    #[test]
    fn hosts_are_names_of_the_internet() {
        for (word, is) in [
            ("auth.acme.org", Some("auth.acme.org")),
            ("https://api.acme.org/v1", Some("api.acme.org")),
            ("(*.acme.org)", Some("acme.org")),
            ("compose.yaml", None),
            ("main.rs", None),
            ("networkPolicy.egress.enabled", None),
            ("192.168.0.1", None),
            ("e.g.", None),
            ("ann@acme.org", None),
        ] {
            assert_eq!(host(word).as_deref(), is, "{word}");
        }
    }

    #[test]
    fn spans_have_a_number() {
        assert!(has_span("acknowledge it within 48 hours"));
        assert!(has_span("feedback within 5 business days"));
        assert!(!has_span("we answer in the coming days"));
    }
}
