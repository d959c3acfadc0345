//! Privacy policies and terms of service.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, Markup, blocks, page, plain};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use crate::statements::{below_heading, chapter_texts, is_of_others, mark, sentences_of};
use groundplan_model::BY_LAW;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "legal",
    docs: "\
### What it finds
Of a privacy policy or terms of service, as Markdown, HTML or a component of a page: what stands under headings
on retention and processors, under the first of those on legal bases, governing law and transfers, the sentence
that speaks of encryption, and who controls the data.

### What it does not find
Texts with places to be filled in, elements that a program fills in, texts below tests and samples, policies of
others that are linked, headings in other languages than English.
",
    reads: &[Reads::Paths(&[
        "*{privacy,terms}*.{md,mdx,html,tsx,jsx,astro,vue,svelte}",
        "**/{privacy,terms}*/*.tsx",
        "**/{privacy,terms}*/index.{md,mdx,html,jsx,astro,vue,svelte}",
    ])],
    markers: &[
        "Privacy Policy",
        "Privacy policy",
        "Privacy Notice",
        "Privacy Statement",
        "PRIVACY POLICY",
        "Terms of Service",
        "Terms of service",
        "Terms of Use",
        "Terms and Conditions",
        "Terms & Conditions",
    ],
    run: extract,
};

/// Questions and words of the headings that answer them, the first that is found before others.
const HEADINGS: [(&str, &[&str]); 7] = [
    (
        "data-retention",
        &[
            "retention",
            "how long we keep",
            "how long do we keep",
            "storage period",
        ],
    ),
    ("compliance", &["legal bas", "lawful bas"]),
    ("compliance", &["governing law", "applicable law"]),
    (
        "compliance",
        &[
            "international transfer",
            "data transfers",
            "transfers of data",
        ],
    ),
    (
        "cloud",
        &["subprocessor", "sub-processor", "processors", "hosting"],
    ),
    ("encryption", &["security"]),
    ("encryption", &["retention", "how we protect"]),
];

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let lower = file.path.to_ascii_lowercase();
    let foreign = |part: &str| matches!(part, "locales" | "emails" | "demo");
    if paths::is_test(file.path) || is_of_others(file.path) || lower.split('/').any(foreign) {
        return;
    }
    let all = match lower.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "md" | "mdx" => blocks(file.text, Markup::of(file.path)),
        _ => page(file.text),
    };
    let title = all
        .iter()
        .find(|b| matches!(b.kind, Kind::Heading(_)))
        .map(|b| plain(&b.text).to_lowercase())
        .or_else(|| crate::markdown::front_title(file.text).map(|(title, ..)| title.to_lowercase()))
        .unwrap_or_default();
    // `Acme - Privacy Policy`, and not how a link to one is hidden.
    let parts = || title.split(['|', '–', '—', ':', '-']).map(str::trim);
    let of = |names: &[&str]| {
        let is = |part: &str, name: &str| {
            let words = part.split_whitespace().count();
            words <= 6 && (part.starts_with(name) || part.ends_with(name))
        };
        names.iter().any(|name| parts().any(|part| is(part, name)))
    };
    let kind = if of(&["privacy policy", "privacy notice", "privacy statement"]) {
        "privacy policy"
    } else if of(&[
        "terms of service",
        "terms of use",
        "terms and conditions",
        "terms & conditions",
    ]) {
        "terms of service"
    } else {
        return;
    };
    if all.iter().any(|b| is_to_fill_in(&b.text)) {
        return;
    }
    let chapters = chapter_texts(&all);
    for (key, words) in HEADINGS {
        let mut named =
            (chapters.iter()).filter(|(bare, ..)| words.iter().any(|w| bare.contains(w)));
        let found = named.find_map(|(_, first, own)| {
            let (text, last) = match key {
                "encryption" => sentence_with(own, |lower| lower.contains("encrypt")),
                "data-retention" => {
                    sentence_with(own, says_how_long).or_else(|| below_heading(own))
                }
                _ => below_heading(own),
            }?;
            Some((format!("{kind}\n{text}"), (*first, last)))
        });
        if let Some((text, lines)) = found {
            mark(acc, file, lines, &format!("{BY_LAW}{key}"), text);
        }
    }
    let controls = sentence_with(&all, |lower| {
        let controls = [
            "is the data controller",
            "is the controller of",
            "is operated by",
        ];
        controls.iter().any(|c| lower.contains(c))
    });
    if let Some((text, last)) = controls {
        mark(acc, file, (last, last), "maintainers", text);
    }
}

fn says_how_long(lower: &str) -> bool {
    let units = [
        "day", "days", "week", "weeks", "month", "months", "year", "years",
    ];
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| units.contains(&word))
}

/// The first sentence that says so, given in lower case, and the last line of its block.
fn sentence_with(blocks: &[Block], says: impl Fn(&str) -> bool) -> Option<(String, u32)> {
    let mut texts = blocks
        .iter()
        .filter(|b| !matches!(b.kind, Kind::Heading(_)));
    texts.find_map(|block| {
        let text = plain(&block.text);
        let found = sentences_of(&text)
            .into_iter()
            .find(|one| one.split_whitespace().count() >= 4 && says(&one.to_lowercase()))?;
        Some((sentence::cut(found, 400), block.last))
    })
}

/// Whether a text has a place where its user has to write something: `[Company Name]`, `YOUR_DOMAIN`. A link,
/// `[Your rights](#rights)`, is none.
fn is_to_fill_in(text: &str) -> bool {
    const PLACES: [&str; 8] = [
        "address", "company", "country", "date", "name", "state", "website", "your",
    ];
    const MARKS: [&str; 9] = [
        "[insert",
        "{{",
        "<your",
        "your_",
        "company name]",
        "lorem ipsum",
        "example.com",
        "acme inc",
        "xxx",
    ];
    let lower = text.to_lowercase();
    let named = |rest: &&str| PLACES.iter().any(|place| rest.starts_with(place));
    let mut open = (lower.match_indices('['))
        .filter_map(|(at, _)| lower.get(at + 1..))
        .filter(named)
        .map_while(|rest| rest.split_once(']'));
    open.any(|(_, behind)| !behind.starts_with(['(', '[']))
        || MARKS.iter().any(|mark| lower.contains(mark))
}
