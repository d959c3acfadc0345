//! Sentences of documents that limit the system, give a reason, explain a term or lead to the plans.

use super::chapters::{Chapter, Page, names, sentences};
use super::phrases::has;
use super::{LONGEST, knows, mark};
use crate::facts::{Claim, FileFacts, Mark};
use crate::markdown::{Block, Kind, links, plain};
use crate::sentence;
use crate::source::SourceFile;
use groundplan_knowledge::{Category, knowledge};
use groundplan_model::{REASON, Topic};

/// The name of marks of a heading that the text below it explains: the heading and, behind a line break, the
/// sentence. It is a term where data of this name is kept.
pub(crate) const HEADED_TERM: &str = "term of a heading";

/// Whether documents beside the code tell of this, which holds wherever they lie.
pub(crate) fn is_of_documents(topic: Topic) -> bool {
    matches!(
        topic,
        Topic::Documentation | Topic::Limitation | Topic::LoadTest | Topic::Runbook | Topic::Stated
    )
}

/// Statements of one kind that are kept of a file.
const MOST: usize = 4;

/// How much was kept of the file.
#[derive(Default)]
pub(super) struct Kept {
    limits: usize,
    reasons: usize,
}

/// Adds what a chapter tells.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    kept: &mut Kept,
    (page, title): (Page, &str),
    chapter: &Chapter<'_>,
) {
    if page == Page::Template {
        return;
    }
    let mut limit = |lines: (u32, u32), text: String| {
        if kept.limits < MOST {
            kept.limits += 1;
            super::limit(acc, file, lines, text);
        }
    };
    if matches!(page, Page::Readme | Page::Faq | Page::Index)
        && let Some((text, last)) = denied(chapter)
    {
        limit((chapter.first, last), text);
    }
    let of_page = || page == Page::Readme || !is_of_change(title);
    let of_now = page != Page::Faq && !is_of_change(&chapter.bare) && of_page();
    if matches!(page, Page::Readme | Page::Install | Page::Index) && of_now {
        for block in chapter.own.iter().filter(|b| is_prose(b)) {
            for text in limits(block, page, title) {
                limit((block.first, block.last), text);
            }
        }
    }
    for (lines, text) in reasons(chapter) {
        if kept.reasons < MOST {
            kept.reasons += 1;
            said(acc, file, lines, REASON, text);
        }
    }
    // The title of a README names the whole.
    let whole = page == Page::Readme && chapter.bare == super::chapters::bare(title);
    if let Some((text, last)) = explained(chapter).filter(|_| !whole) {
        said(acc, file, (chapter.first, last), HEADED_TERM, text);
    }
    // Other pages lead to the plans of what the system stands on.
    let of_plans = |text: &str| has(text, &["roadmap", "road map"]);
    let own = matches!(
        page,
        Page::Readme | Page::Index | Page::Contributing | Page::Faq
    ) || of_plans(&chapter.bare)
        || of_plans(title);
    if own
        && !knows(acc, "roadmap")
        && let Some((address, lines)) = plans(chapter, title)
    {
        mark(acc, file, lines, "roadmap", address);
    }
}

fn said(acc: &mut FileFacts, file: &SourceFile<'_>, lines: (u32, u32), name: &str, text: String) {
    let mark = Mark {
        topic: Topic::Stated,
        name: name.to_owned(),
        detail: Some(super::said::without_addresses(&text)),
    };
    acc.add(file, lines.0, lines.1, Claim::Mark(mark));
}

fn is_prose(block: &Block) -> bool {
    matches!(block.kind, Kind::Paragraph | Kind::Quote | Kind::Item(_))
}

/// Whether a chapter speaks of what was, of work on the code, or of others. What it says of limits under their
/// own heading is read there.
pub(super) fn is_of_change(bare: &str) -> bool {
    let words = [
        "alternativ",
        "changelog",
        "change log",
        "compar",
        "contribut",
        "credit",
        "develop",
        "history",
        "licen",
        "limitation",
        "migrat",
        "known ",
        "news",
        "releas",
        "roadmap",
        "test",
        "troubleshoot",
        "upgrad",
        "what's new",
    ];
    has(bare, &words)
}

/// A question whether something can be done that is answered with no.
fn denied(chapter: &Chapter<'_>) -> Option<(String, u32)> {
    let heading = plain(&chapter.heading?.text);
    let asks = [
        "can i ",
        "can we ",
        "can it ",
        "can you ",
        "could i ",
        "do you support ",
        "is it possible ",
        "is there support ",
        "does it support ",
    ];
    let asked = heading.trim_end().ends_with('?')
        && (asks.iter().any(|begin| chapter.bare.starts_with(begin))
            || chapter.bare.starts_with("does ") && chapter.bare.contains(" support "));
    // That nothing bad happens is no limit.
    let fears = [
        "abuse", "abused", "break", "cost", "fail", "hack", "hacked", "harm", "harmed", "leak",
        "leaked", "lose", "pay",
    ];
    let feared = has_word(&chapter.bare, &fears);
    let block = chapter.own.first().filter(|_| asked && !feared)?;
    let answer = block.plain().to_owned();
    let lower = answer.to_lowercase();
    let no = [
        "no.",
        "no,",
        "no!",
        "no -",
        "no –",
        "no —",
        "not yet",
        "not at the moment",
        "unfortunately not",
    ];
    if block.kind != Kind::Paragraph || !no.iter().any(|begin| lower.starts_with(begin)) {
        return None;
    }
    let all = sentences(&answer);
    let told = all.get(..all.len().min(2))?.join(" ");
    Some((
        format!("{} {}", heading.trim(), sentence::cut(&told, LONGEST)),
        block.last,
    ))
}

/// Whether one of some words stands in a text by itself: `older`, not `folders`.
fn has_word(lower: &str, words: &[&str]) -> bool {
    let mut all = lower.split(|c: char| !c.is_alphanumeric());
    all.any(|word| words.contains(&word))
}

/// Whether a sentence speaks to the reader, or of what holds for some of them.
pub(super) fn speaks_to_reader(lower: &str) -> bool {
    has_word(lower, &["if", "unless", "when", "you", "your"])
}

/// The sentences of a block that say what is not there.
fn limits(block: &Block, page: Page, title: &str) -> Vec<String> {
    let text = block.plain().to_owned();
    let text = super::said::without_alert(&text);
    // What marks a footnote.
    let text = text.trim_start_matches(['*', '\\', '†', ' ']);
    let mut before: Option<&str> = None;
    let mut found = Vec::new();
    for one in sentences(text) {
        let whole = before.replace(one);
        // Where more is read is no part of it.
        let told = [" read more", " see more", " learn more"]
            .iter()
            .find_map(|tail| one.split_once(tail))
            .map_or(one, |(told, _)| told);
        let lower = told.to_lowercase().replace('’', "'");
        let count = told.split_whitespace().count();
        if !(4..=45).contains(&count) || !is_limit(&lower, page, title) {
            continue;
        }
        let first = lower.split_whitespace().next().unwrap_or_default();
        let refers = matches!(
            first,
            "they" | "these" | "it" | "this" | "those" | "however,"
        );
        match (refers, whole) {
            (false, _) => found.push(told.to_owned()),
            // Without what it refers to nobody knows what it is about.
            (true, Some(whole)) => found.push(format!("{whole} {told}")),
            (true, None) => {}
        }
    }
    found
}

fn is_limit(lower: &str, page: Page, title: &str) -> bool {
    const OF_OLD: [&str; 10] = [
        "earlier",
        "error",
        "errors",
        "http",
        "https",
        "older",
        "previous",
        "previously",
        "version",
        "versions",
    ];
    // What somebody has done, or the reader's machine.
    const OF_READER: [&str; 7] = ["browser", "browsers", "if", "unless", "when", "you", "your"];
    const OF_EITHER: [&str; 5] = [
        "before v",
        "prior to",
        "pull request",
        "used to ",
        "was not ",
    ];
    // What is said behind it consoles.
    let lower = lower.split(" but ").next().unwrap_or(lower);
    let mut now = lower.to_owned();
    for next in ["future version", "next version", "next major version"] {
        now = now.replace(next, "");
    }
    if lower.ends_with([':', '?'])
        || has_word(&now, &OF_OLD)
        || has_word(lower, &OF_READER)
        || has(lower, &OF_EITHER)
    {
        return false;
    }
    let removed = lower.contains("will be removed")
        && has(
            lower,
            &[
                "deprecat",
                "in future",
                "in a future",
                "next major",
                "upcoming",
            ],
        );
    let unready = ["not ready", "n't ready"]
        .iter()
        .any(|not| lower.contains(not))
        || lower.split_once(" not ").is_some_and(|(_, rest)| {
            // Behind a comma something else is told of.
            let clause = rest.split([',', ';', ':', '–', '—']).next().unwrap_or(rest);
            let near = clause.split(|c: char| !c.is_alphanumeric());
            let mut near = near.filter(|w| !w.is_empty()).take(6);
            near.any(|word| word == "ready")
        });
    let unsupported = has(
        lower,
        &[
            "is not supported",
            "are not supported",
            "isn't supported",
            "aren't supported",
            "not yet supported",
            "not currently supported",
            "currently not supported",
            "is unsupported",
            "are unsupported",
        ],
    );
    // That others help with it is no limit of it.
    let unsupported = unsupported
        && !has(
            lower,
            &[
                "supported by the core",
                "supported by the maintainers",
                "supported by the team",
                "supported by us",
            ],
        );
    let lacks = [
        "does not support ",
        "doesn't support ",
        "do not support ",
        "don't support ",
    ]
    .iter()
    .find_map(|verb| lower.split_once(verb))
    .is_some_and(|(before, _)| {
        let last = before
            .split_whitespace()
            .rev()
            .find(|w| !matches!(*w, "currently" | "yet" | "still"));
        last.is_some_and(|who| who == "we" || page == Page::Readme && names(who, title))
    });
    removed || unready || unsupported || lacks
}

/// Why something is used, and what the authors say that they have decided.
fn reasons(chapter: &Chapter<'_>) -> Vec<((u32, u32), String)> {
    let heading = chapter
        .heading
        .map(|h| h.plain().to_owned())
        .unwrap_or_default();
    let asked = asks_why(&chapter.bare);
    let mut found = Vec::new();
    for block in chapter.whole.iter().filter(|b| asked && is_prose(b)) {
        let text = block.plain().to_owned();
        let because = sentences(&text).into_iter().find(|s| {
            let long = (6..=60).contains(&s.split_whitespace().count());
            long && !s.ends_with([':', '?']) && tells_why(&s.to_lowercase())
        });
        if let Some(because) = because {
            let text = format!("{}\n{}", heading.trim(), sentence::cut(because, LONGEST));
            found.push(((chapter.first, block.last), text));
            break;
        }
    }
    if asked || chapter.bare.contains("changelog") {
        return found;
    }
    for block in chapter.own.iter().filter(|b| is_prose(b)) {
        let text = block.plain().to_owned();
        let decided = sentences(&text)
            .into_iter()
            .find(|s| (5..=50).contains(&s.split_whitespace().count()) && decides(s));
        if let Some(one) = decided {
            let text = sentence::cut(one, LONGEST);
            found.push(((block.first, block.last), text));
        }
    }
    found
}

/// Whether a heading asks why a technology, or a thing that systems are made of, is used: `why a database`,
/// `why postgresql`. `why is it slow` asks something else.
fn asks_why(bare: &str) -> bool {
    const THINGS: [&str; 14] = [
        "api",
        "apis",
        "cache",
        "containers",
        "database",
        "databases",
        "event sourcing",
        "microservices",
        "monolith",
        "monorepo",
        "queue",
        "relational database",
        "rest",
        "sql",
    ];
    let Some(rest) = bare.strip_prefix("why ") else {
        return false;
    };
    let used = [
        "we use ",
        "we chose ",
        "do we use ",
        "did we choose ",
        "using ",
        "use ",
        "an ",
        "a ",
        "the ",
        "not ",
    ];
    let mut rest = rest;
    for begin in used {
        rest = rest.strip_prefix(begin).unwrap_or(rest);
    }
    let words = rest.split_whitespace().count();
    (1..=3).contains(&words) && (THINGS.contains(&rest) || knowledge().by_name(rest).is_some())
}

fn tells_why(lower: &str) -> bool {
    let words = [
        "allow",
        "avoid",
        "because",
        "better",
        "easier",
        "enables",
        "faster",
        "in order to",
        "instead of",
        "lets ",
        "reliable",
        "safer",
        "simpler",
        "so that",
        "without ",
    ];
    has(lower, &words) && !has(lower, &["you can ", "see "])
}

/// Whether a sentence says what its authors have decided. Where they moved to is a decision on the system where
/// it is a technology.
fn decides(one: &str) -> bool {
    let speaks = |pair: &[u8]| pair.eq_ignore_ascii_case(b"we");
    if !one.as_bytes().windows(2).any(speaks) {
        return false;
    }
    let lower = one.to_lowercase().replace('’', "'");
    const SAY: [&str; 10] = [
        "we decided to ",
        "we have decided ",
        "we've decided ",
        "we settled on ",
        "we have settled on ",
        "we've settled on ",
        "we chose ",
        "we have chosen ",
        "we've chosen ",
        "we opted for ",
    ];
    const MOVED: [&str; 6] = [
        "we moved to ",
        "we have moved to ",
        "we've moved to ",
        "we switched to ",
        "we have switched to ",
        "we've switched to ",
    ];
    let behind = |all: &[&str]| {
        let begin = all
            .iter()
            .find_map(|say| Some((lower.find(say)?, say.len())))?;
        let before = lower.get(..begin.0)?;
        let clear = !has(before, &["if ", "once ", "unless ", "until ", "when "]);
        lower.get(begin.0 + begin.1..).filter(|_| clear)
    };
    let to_technology = |rest: &str| {
        let first = rest.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-');
        let first: Vec<&str> = first.filter(|w| !w.is_empty()).take(2).collect();
        (1..=first.len()).any(|n| {
            let name = first.get(..n).unwrap_or_default().join(" ");
            let known = knowledge().by_name(name.trim_end_matches('.'));
            // Among those are networks where people talk.
            known.is_some_and(|t| t.category != Category::OtherLibrary)
        })
    };
    !lower.ends_with([':', '?'])
        && (behind(&SAY).is_some() || behind(&MOVED).is_some_and(to_technology))
}

/// A heading and the sentence below it that says what a thing of this name is.
fn explained(chapter: &Chapter<'_>) -> Option<(String, u32)> {
    let heading = plain(&chapter.heading?.text);
    let heading = heading.trim();
    let block = chapter.own.first().filter(|b| b.kind == Kind::Paragraph)?;
    if !(1..=3).contains(&heading.split_whitespace().count()) || heading.ends_with('?') {
        return None;
    }
    let text = block.plain().to_owned();
    let first = *sentences(&text).first()?;
    let lower = first.to_lowercase();
    let lower = ["a ", "an ", "the "]
        .iter()
        .find_map(|article| lower.strip_prefix(article))
        .unwrap_or(&lower);
    let term = heading.to_lowercase();
    let one = crate::inflect::singular(&term);
    let rest = [term.as_str(), one.as_str()]
        .iter()
        .find_map(|name| lower.strip_prefix(name)?.strip_prefix(' '))?;
    let is = match rest.split_once(' ')? {
        ("is", rest) => ["a ", "an ", "the ", "one "]
            .iter()
            .any(|a| rest.starts_with(a)),
        ("are", rest) => names_kind(rest),
        _ => false,
    };
    let count = first.split_whitespace().count();
    (is && (5..=45).contains(&count)).then(|| (format!("{heading}\n{first}"), block.last))
}

/// Whether what follows `are` says what kind of things they are: `fully isolated instances of Acme`, in contrast
/// to `created by users` and `not deleted`.
fn names_kind(rest: &str) -> bool {
    const STATES: [&str; 12] = [
        "able",
        "also",
        "always",
        "at",
        "available",
        "currently",
        "in",
        "needed",
        "not",
        "now",
        "on",
        "only",
    ];
    let mut words = rest
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|w| !w.is_empty() && !w.ends_with("ly"));
    let Some(first) = words.next().filter(|w| !STATES.contains(w)) else {
        return false;
    };
    let plural = |word: &str| word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    match first {
        "a" | "an" | "the" => true,
        // An adjective stands before what it describes.
        _ => {
            plural(first)
                || words
                    .next()
                    .is_some_and(|w| plural(w) && !w.ends_with("us"))
        }
    }
}

/// The address of the plans: of a link that is called so, or behind the word.
fn plans(chapter: &Chapter<'_>, title: &str) -> Option<(String, (u32, u32))> {
    const CALLED: [&str; 13] = [
        "development roadmap",
        "milestones",
        "our public roadmap",
        "our roadmap",
        "product roadmap",
        "project board",
        "project roadmap",
        "public roadmap",
        "road map",
        "roadmap",
        "roadmap board",
        "roadmap here",
        "the roadmap",
    ];
    let page_of_plans = title.ends_with("roadmap") || title.ends_with("road map");
    chapter.own.iter().find_map(|block| {
        let lines = (block.first, block.last);
        let text = block.plain().to_lowercase();
        let found = match &block.kind {
            Kind::Row { cells, .. } => cells.iter().flat_map(|cell| links(cell)).collect(),
            _ => links(&block.text),
        };
        let linked = found.into_iter().find(|(label, address)| {
            let label = super::chapters::bare(&plain(label));
            let lower = address.to_lowercase();
            let work = ["worked on", "planned", "progress", "coming next"];
            address.starts_with("http")
                && (CALLED.contains(&label.as_str())
                    || page_of_plans && is_board(&lower) && has(&text, &work))
        });
        if let Some((_, address)) = linked {
            return Some((address, lines));
        }
        let rest = ["roadmap", "road map"]
            .iter()
            .find_map(|word| text.strip_prefix(word))?;
        let address = rest.trim_start_matches([':', ' ', '-', '–', '—']);
        let alone = address.starts_with("http") && !address.contains(char::is_whitespace);
        let at = block.text.to_lowercase().find("http").filter(|_| alone)?;
        let address = block
            .text
            .get(at..)?
            .trim_end_matches(['>', ')', '*', '.', ' ']);
        (!address.contains(['(', ']', ' '])).then(|| (address.to_owned(), lines))
    })
}

/// Whether an address is that of a board of tasks on a forge.
fn is_board(lower: &str) -> bool {
    has(
        lower,
        &["/projects/", "/milestone", "/boards/", "/-/boards"],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Markup;

    #[test]
    fn limits_are_told_by_whole_words() {
        for one in [
            "it is not yet production ready.",
            "nested folders are not supported.",
            "animated gif files are not supported.",
        ] {
            assert!(is_limit(one, Page::Readme, "acme"), "{one}");
        }
        for other in [
            "docker is not required, the image is ready.",
            "older drives are not supported.",
            "previously drives were not ready.",
            "drives are not supported if it rains.",
        ] {
            assert!(!is_limit(other, Page::Readme, "acme"), "{other}");
        }
    }

    #[test]
    fn questions_are_denied_unless_they_fear_something() {
        let is_denied = |question: &str| {
            let blocks =
                crate::markdown::blocks(&format!("## {question}\n\nNo.\n"), Markup::Markdown);
            let all = super::super::chapters::chapters(&blocks);
            all.iter().any(|chapter| denied(chapter).is_some())
        };
        for one in [
            "Does it support failover?",
            "Does it support payments?",
            "Can I set breakpoints?",
        ] {
            assert!(is_denied(one), "{one}");
        }
        for other in ["Can I lose data?", "Can it be hacked?"] {
            assert!(!is_denied(other), "{other}");
        }
    }

    #[test]
    fn reasons_are_asked_for_technologies() {
        for bare in [
            "why a database",
            "why we use postgresql",
            "why an api",
            "why docker",
        ] {
            assert!(asks_why(bare), "{bare}");
        }
        for other in [
            "why is there no button",
            "why does it fail",
            "why",
            "why acme",
            "why we care",
        ] {
            assert!(!asks_why(other), "{other}");
        }
    }

    #[test]
    fn decisions_are_on_the_system() {
        for one in [
            "We have settled on a single container deployment.",
            "In 2021 we moved to PostgreSQL for search.",
        ] {
            assert!(decides(one), "{one}");
        }
        for other in [
            "If we decided to change it, tell us.",
            "We moved to Discord for questions.",
            "You decided to use a proxy.",
        ] {
            assert!(!decides(other), "{other}");
        }
    }

    #[test]
    fn kinds_are_named() {
        for rest in [
            "fully isolated instances of acme.",
            "subdivisions within a group.",
            "a way to sort.",
        ] {
            assert!(names_kind(rest), "{rest}");
        }
        for other in [
            "created by users.",
            "not deleted as orders.",
            "only visible to admins.",
            "able to log in.",
        ] {
            assert!(!names_kind(other), "{other}");
        }
    }
}
