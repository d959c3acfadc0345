//! Privacy policies and terms of service.

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Mark};
use crate::markdown::{Block, Kind, Markup, blocks, plain};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use crate::statements::chapter_texts;
use groundplan_model::Topic;

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "legal",
    docs: "\
### What it finds
Of a privacy policy or terms of service, as Markdown, HTML or a component of a page: what stands under headings
on retention, legal bases, governing law, transfers and processors, the sentence that speaks of encryption, and
who controls the data.

### What it does not find
Texts with places to be filled in, texts below tests and samples, policies of others that are linked, headings
in other languages than English.
",
    reads: &[Reads::Paths(&[
        "*rivacy*.md",
        "*rivacy*.mdx",
        "*rivacy*.html",
        "*rivacy*.tsx",
        "*rivacy*.jsx",
        "*rivacy*.astro",
        "*rivacy*.vue",
        "*rivacy*.svelte",
        "PRIVACY*.md",
        "*erms*.md",
        "*erms*.mdx",
        "*erms*.html",
        "*erms*.tsx",
        "*erms*.jsx",
        "*erms*.astro",
        "*erms*.vue",
        "*erms*.svelte",
        "TERMS*.md",
        "**/privacy*/*.tsx",
        "**/terms*/*.tsx",
        "**/privacy*/index.*",
        "**/terms*/index.*",
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
    let foreign = |part: &str| {
        matches!(
            part,
            "node_modules"
                | "vendor"
                | "examples"
                | "example"
                | "samples"
                | "sample"
                | "fixtures"
                | "versioned_docs"
                | "i18n"
                | "locales"
                | "template"
                | "templates"
                | "emails"
        )
    };
    if paths::is_test(file.path) || lower.split('/').any(foreign) {
        return;
    }
    let all = match lower.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "md" | "mdx" => blocks(file.text, Markup::of(file.path)),
        _ => elements(file.text),
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
    let mut told: Vec<&str> = Vec::new();
    for (key, words) in HEADINGS {
        if told.contains(&key) {
            continue;
        }
        let found = chapter_texts(&all)
            .into_iter()
            .find_map(|(bare, first, own)| {
                if !words.iter().any(|w| bare.contains(w)) {
                    return None;
                }
                let (text, last) = match key {
                    "encryption" => sentence_with(own, &["encrypt"])?,
                    "data-retention" => sentence_with(own, &["day", "month", "year"])
                        .or_else(|| crate::statements::below_heading(own))?,
                    _ => crate::statements::below_heading(own)?,
                };
                Some((text, first, last))
            });
        if let Some((text, first, last)) = found {
            told.push(key);
            mark(
                acc,
                file,
                (first, last),
                &format!("legal:{key}"),
                format!("{kind}\n{text}"),
            );
        }
    }
    let controls = sentence_with(
        &all,
        &[
            "is the data controller",
            "is the controller of",
            "is operated by",
        ],
    );
    if let Some((text, last)) = controls {
        mark(acc, file, (last, last), "maintainers", text);
    }
}

fn mark(acc: &mut FileFacts, file: &SourceFile<'_>, lines: (u32, u32), key: &str, said: String) {
    let mark = Mark {
        topic: Topic::Stated,
        name: key.to_owned(),
        detail: Some(said),
    };
    acc.add(file, lines.0, lines.1, Claim::Mark(mark));
}

/// The first sentence with one of the words, and the last line of its block.
fn sentence_with(blocks: &[Block], words: &[&str]) -> Option<(String, u32)> {
    blocks
        .iter()
        .filter(|b| !matches!(b.kind, Kind::Heading(_)))
        .find_map(|block| {
            let text = plain(&block.text);
            let found = crate::statements::sentences_of(&text)
                .into_iter()
                .find(|one| {
                    let lower = one.to_lowercase();
                    let long = one.split_whitespace().count() >= 4;
                    long && words.iter().any(|w| lower.contains(w))
                })?;
            let found = crate::statements::said::without_addresses(found);
            Some((sentence::cut(&found, 400), block.last))
        })
}

/// Whether a text has a place where its user has to write something: `[Company Name]`, `YOUR_DOMAIN`.
fn is_to_fill_in(text: &str) -> bool {
    let lower = text.to_lowercase();
    let told = [
        "[company",
        "[your",
        "[name",
        "[address",
        "[country",
        "[state",
        "[date",
        "[insert",
        "[website",
        "{{",
        "<your",
        "your_",
        "company name]",
        "lorem ipsum",
        "example.com",
        "acme inc",
        "xxx",
    ];
    told.iter().any(|t| lower.contains(t))
}

/// Headings, paragraphs and items of a page of elements, as blocks. What is no text of an element is left out.
fn elements(text: &str) -> Vec<Block> {
    const MOST: usize = 2_000;
    let mut all: Vec<Block> = Vec::new();
    let mut open: Option<(usize, u32, &str)> = None;
    let mut line = 1;
    let mut at = 0;
    for (start, _) in text.match_indices('<') {
        line += text[at..start].matches('\n').count() as u32;
        at = start;
        let rest = &text[start + 1..];
        let closes = rest.starts_with('/');
        let name: &str = rest
            .trim_start_matches('/')
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or("");
        let kept = matches!(name, "h1" | "h2" | "h3" | "h4" | "p" | "li");
        if !kept || all.len() >= MOST {
            continue;
        }
        match open.take() {
            Some((from, first, opened)) if closes && opened == name => {
                let kind = match name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()) {
                    Some(level) => Kind::Heading(level),
                    None if name == "li" => Kind::Item(0),
                    None => Kind::Paragraph,
                };
                let text = bare_text(text.get(from..start).unwrap_or_default());
                if !text.is_empty() {
                    all.push(Block {
                        kind,
                        text,
                        first,
                        last: line,
                    });
                }
            }
            // `<p>` without an end, or an element in another one: the inner one is read.
            _ if !closes => {
                let Some(end) = rest.find('>') else { break };
                open = Some((start + 1 + end + 1, line, name));
            }
            other => open = other.filter(|_| !closes),
        }
    }
    all
}

/// The text of an element without tags and expressions; joined by single blanks.
fn bare_text(inner: &str) -> String {
    let mut out = String::new();
    let (mut tags, mut braces) = (0_usize, 0_usize);
    for c in inner.chars() {
        match c {
            '<' => {
                tags += 1;
                out.push(' ');
            }
            '>' if tags > 0 => tags -= 1,
            '{' => braces += 1,
            '}' if braces > 0 => {
                braces -= 1;
                out.push(' ');
            }
            c if tags == 0 && braces == 0 => out.push(c),
            _ => {}
        }
    }
    let joined = out.split_whitespace().collect::<Vec<_>>().join(" ");
    joined
        .replace(" ,", ",")
        .replace(" .", ".")
        .replace(" :", ":")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
