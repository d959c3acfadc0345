//! The chapters of a document, and what kind of page it is.

use crate::markdown::{Block, Kind};

/// A heading with what stands below it.
pub(super) struct Chapter<'b> {
    /// The heading in lower case, without marks, numbers and emoji around it.
    pub(super) bare: String,
    /// The heading; `None` before the first one.
    pub(super) heading: Option<&'b Block>,
    /// The first line of the heading.
    pub(super) first: u32,
    /// The blocks up to the next heading.
    pub(super) own: &'b [Block],
    /// The blocks up to the next heading of the same level, headings below included.
    pub(super) whole: &'b [Block],
    /// Whether the whole says what the system is: the beginning of a page, `About`, `What is Acme?`
    pub(super) introduces: bool,
}

/// A heading as it is compared: `what's next` of `🆕 What’s Next?`
pub(crate) fn bare(heading: &str) -> String {
    let lower = heading.to_lowercase().replace('’', "'");
    let lower = lower.split(" {#").next().unwrap_or(&lower);
    lower
        .trim_start_matches(|c: char| !c.is_alphabetic())
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')')
        .to_owned()
}

/// The chapters of a page in their order; what stands before the first heading has an empty one.
pub(super) fn chapters(blocks: &[Block]) -> Vec<Chapter<'_>> {
    let level = |b: &Block| match b.kind {
        Kind::Heading(level) => Some(level),
        _ => None,
    };
    let end = |from: usize, ends: &dyn Fn(u8) -> bool| {
        let rest = blocks.get(from..).unwrap_or_default();
        let next = rest.iter().position(|b| level(b).is_some_and(ends));
        next.map_or(blocks.len(), |n| from + n)
    };
    let mut all = Vec::new();
    let before = end(0, &|_| true);
    all.push(Chapter {
        bare: String::new(),
        heading: None,
        first: 1,
        own: &blocks[..before],
        whole: &blocks[..before],
        introduces: true,
    });
    let title = title(blocks);
    let mut titles = 0;
    for (at, block) in blocks.iter().enumerate() {
        let Some(depth) = level(block) else {
            continue;
        };
        let bare = bare(block.plain());
        titles += 1;
        let own = end(at + 1, &|_| true);
        let whole = end(at + 1, &|other| other <= depth);
        all.push(Chapter {
            introduces: titles == 1 && depth == 1 || introduces(&bare, &title),
            bare,
            heading: Some(block),
            first: block.first,
            own: &blocks[at + 1..own],
            whole: &blocks[at + 1..whole],
        });
    }
    all
}

/// The title of a page in lower case; empty where it has none.
pub(super) fn title(blocks: &[Block]) -> String {
    let title = blocks.iter().find(|b| b.kind == Kind::Heading(1));
    title.map_or_else(String::new, |b| b.plain().to_lowercase())
}

/// Whether a text has a word of the title of the page.
pub(super) fn names(text: &str, title: &str) -> bool {
    const GENERAL: [&str; 8] = [
        "the", "and", "for", "with", "http", "https", "github", "com",
    ];
    let words = |text: &str| -> Vec<String> {
        let all = text.split(|c: char| !c.is_alphanumeric());
        let all = all.filter(|w| w.len() > 2 && !GENERAL.contains(w));
        all.map(str::to_owned).collect()
    };
    let own = words(title);
    words(&text.to_lowercase()).iter().any(|w| own.contains(w))
}

/// Whether a chapter of this name says what the system is: that of another thing says what that is.
fn introduces(bare: &str, title: &str) -> bool {
    const NAMES: [&str; 7] = [
        "about",
        "introduction",
        "overview",
        "description",
        "what is it",
        "what is this",
        "summary",
    ];
    // `Intro & motivation` says it before it says why.
    let first = bare.split([' ', '&']).next().unwrap_or_default();
    let and = bare
        .strip_prefix(first)
        .is_some_and(|rest| rest.starts_with(" & ") || rest.starts_with(" and "));
    NAMES.contains(&bare)
        || and && (NAMES.contains(&first) || first == "intro")
        || ["what is ", "what's ", "about "].iter().any(|begin| {
            bare.strip_prefix(begin).is_some_and(|rest| {
                let words = rest.split_whitespace().count();
                (1..=3).contains(&words) && names(rest, title)
            })
        })
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut begin = 0;
    for (at, mark) in text.match_indices(['.', '!', '?']) {
        let end = at + mark.len();
        let rest = &text[end..];
        let goes_on = rest
            .trim_start()
            .starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        let short = ["e.g.", "i.e.", "etc.", "vs.", "approx."];
        let named = short.iter().any(|s| text[..end].ends_with(s));
        if rest.starts_with(' ') && !goes_on && !named {
            all.push(text[begin..end].trim());
            begin = end;
        }
    }
    all.push(text[begin..].trim());
    all.retain(|s| !s.is_empty());
    all
}

/// What kind of page a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The README at the root.
    Readme,
    /// Questions and answers.
    Faq,
    /// How to work on the system.
    Contributing,
    /// What a pull request has to say.
    Template,
    /// The policy on security.
    Security,
    /// What is deprecated.
    Deprecations,
    /// Faults that are known.
    KnownIssues,
    /// How to install and run the system.
    Install,
    /// The first page of the documents or of a part of them.
    Index,
    /// Another page of the documents.
    Other,
}

impl Page {
    /// Judged by the path; `None` for what speaks of something else than the system as it is.
    pub(super) fn of(path: &str) -> Option<Page> {
        let lower = path.to_ascii_lowercase();
        let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
        let stem = name.split('.').next().unwrap_or(name).replace('_', "-");
        if super::is_of_others(path) {
            return None;
        }
        // The first page of a folder is about what the folder is named after.
        if matches!(stem.as_str(), "index" | "-index") {
            let mut up = folders.rsplit('/');
            const WHOLE: [&str; 6] = ["content", "doc", "docs", "documentation", "pages", "src"];
            if let (Some(folder), Some(_)) = (up.next(), up.next())
                && !WHOLE.contains(&folder)
            {
                let above = folders.rsplit_once('/').map_or("", |(above, _)| above);
                let named = Page::of(&format!("{above}/{folder}.md"));
                return Some(match named? {
                    Page::Other | Page::Security => Page::Index,
                    page => page,
                });
            }
        }
        let has = |words: &[&str]| words.iter().any(|w| stem.contains(w));
        if stem == "readme" && folders.is_empty() {
            return Some(Page::Readme);
        }
        if stem == "pull-request-template" {
            return Some(Page::Template);
        }
        // What lies deep in a tree speaks of parts.
        let within = |words: &[&str]| folders.split('/').any(|f| words.contains(&f));
        let documents = super::below_documents(path).is_some_and(|depth| depth <= 3);
        let central = documents || folders.is_empty() || folders == ".github";
        if !central {
            return None;
        }
        Some(match () {
            () if has(&["faq", "frequently-asked"]) => Page::Faq,
            () if has(&["contributing", "maintainers", "governance"])
                || within(&["contributing", "development", "developers"]) =>
            {
                Page::Contributing
            }
            () if stem == "security" => Page::Security,
            () if stem.starts_with("deprecat") || has(&["breaking-changes"]) => Page::Deprecations,
            () if has(&["known-issue", "known-limitation", "known-bug"])
                || stem == "limitations" =>
            {
                Page::KnownIssues
            }
            () if has(&[
                "install",
                "requirement",
                "prerequisite",
                "getting-started",
                "hardware",
                "self-host",
                "deploy",
                "hosting",
                "sizing",
            ]) || within(&["install", "installation", "deployment", "self-hosting"]) =>
            {
                Page::Install
            }
            () if matches!(
                stem.as_str(),
                "index" | "readme" | "introduction" | "overview" | "about"
            ) =>
            {
                Page::Index
            }
            () => Page::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_without_their_marks() {
        assert_eq!(bare("🆕 What’s Next?"), "what's next");
        assert_eq!(bare("1. Known issues:"), "known issues");
        let title = "the acme shop";
        assert!(introduces("what's acme", title) && introduces("about", title));
        for other in [
            "what's next",
            "what is kafka",
            "what is the way to install acme at home",
        ] {
            assert!(!introduces(other, title), "{other}");
        }
    }

    #[test]
    fn sentences_end_where_the_next_begins() {
        let text = "It runs on v1.2 e.g. Linux. It is fast! Really";
        assert_eq!(
            sentences(text),
            ["It runs on v1.2 e.g. Linux.", "It is fast!", "Really"]
        );
    }

    #[test]
    fn pages_are_known_by_their_paths() {
        for (path, page) in [
            ("README.md", Some(Page::Readme)),
            ("docs/faq.md", Some(Page::Faq)),
            (".github/CONTRIBUTING.md", Some(Page::Contributing)),
            (".github/PULL_REQUEST_TEMPLATE.md", Some(Page::Template)),
            ("docs/known-issues.md", Some(Page::KnownIssues)),
            (
                "docs/docs/administration/installation.mdx",
                Some(Page::Install),
            ),
            ("docs/i18n/faq.md", None),
            ("docs/a/b/c/faq.md", None),
            ("web/README.md", None),
            ("examples/docs/faq.md", None),
        ] {
            assert_eq!(Page::of(path), page, "{path}");
        }
    }
}
