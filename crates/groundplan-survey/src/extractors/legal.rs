//! Privacy policies and terms of service.

use crate::extractor::{Extractor, Reads};
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, Markup, blocks, page, plain};
use crate::paths;
use crate::sentence;
use crate::source::SourceFile;
use crate::statements::{below_heading, chapter_texts, is_of_others, mark, sentences_of};
use groundplan_model::{BY_LAW, LAWS_NAMED};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "legal",
    docs: "\
### What it finds
Of a privacy policy or terms of service, as Markdown, HTML or a component of a page: the sentences with a time under
headings on retention, what stands under headings on processors and providers that are named, under the first of
those on legal bases, governing law and transfers, the sentences that speak of encryption and of backups with their
time, who controls the data, and the laws that are named.

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
const HEADINGS: [(&str, &[&str]); 9] = [
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
    (
        PROVIDERS,
        &[
            "third-party provider",
            "third party provider",
            "third-party service",
            "third party service",
            "service provider",
        ],
    ),
    ("encryption", &["security"]),
    ("encryption", &["retention", "how we protect"]),
    ("backup", &["retention", "backup", "storage", "security"]),
];

/// Providers under headings that need not name any.
const PROVIDERS: &str = "providers";

/// Laws by the words that name them.
const LAWS: [(&str, &[&str]); 8] = [
    ("GDPR", &["gdpr", "general data protection regulation"]),
    ("UK GDPR", &["uk gdpr"]),
    ("CCPA", &["ccpa", "california consumer privacy act"]),
    ("HIPAA", &["hipaa"]),
    ("COPPA", &["coppa", "children's online privacy protection"]),
    ("LGPD", &["lgpd"]),
    ("PIPEDA", &["pipeda"]),
    ("DSGVO", &["dsgvo"]),
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
    // The title may stand in the head of a page, where its first heading is that of a chapter.
    let heading = all
        .iter()
        .find(|b| matches!(b.kind, Kind::Heading(_)))
        .map(|b| plain(&b.text).to_lowercase());
    let front = crate::markdown::front_title(file.text).map(|(title, ..)| title.to_lowercase());
    let titles: Vec<String> = front.into_iter().chain(heading).collect();
    // `Acme - Privacy Policy`, and not how a link to one is hidden.
    let parts = || {
        let all = titles.iter();
        all.flat_map(|title| title.split(['|', '–', '—', ':', '-']).map(str::trim))
    };
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
                "backup" => sentence_with(own, |lower| {
                    lower.contains("backup") && says_how_long(lower)
                }),
                "data-retention" => times(own).or_else(|| below_heading(own)),
                PROVIDERS => below_heading(own).filter(|_| names_providers(own)),
                _ => below_heading(own),
            }?;
            Some((format!("{kind}\n{text}"), (*first, last)))
        });
        if let Some((text, lines)) = found {
            let key = if key == PROVIDERS { "cloud" } else { key };
            mark(acc, file, lines, &format!("{BY_LAW}{key}"), text);
        }
    }
    laws(acc, file, &all, kind);
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

/// The sentences that say how long something is kept, and the last line of them.
fn times(blocks: &[Block]) -> Option<(String, u32)> {
    const MOST: usize = 5;
    let mut told: Vec<String> = Vec::new();
    let mut last = 0;
    for block in blocks
        .iter()
        .filter(|b| !matches!(b.kind, Kind::Heading(_)))
    {
        let text = plain(&block.text);
        for one in sentences_of(&text) {
            let long = one.split_whitespace().count() >= 4;
            if told.len() < MOST && long && says_how_long(&one.to_lowercase()) {
                told.push(one.trim_end_matches(['.', ';']).to_owned());
                last = block.last;
            }
        }
    }
    (!told.is_empty()).then(|| (sentence::cut(&told.join("; "), 700), last))
}

/// Whether a list names those who are hired: `Acme Cloud: hosting`, `Acme (mail)`. What they are hired for names
/// nobody.
fn names_providers(blocks: &[Block]) -> bool {
    // Who is hired for what, and to whom data goes, without a name.
    const COMMON: [&str; 66] = [
        "advertisers",
        "advertising",
        "affiliates",
        "agencies",
        "analytics",
        "and",
        "auditors",
        "authorities",
        "backups",
        "billing",
        "business",
        "cloud",
        "communication",
        "communications",
        "companies",
        "compliance",
        "computing",
        "consent",
        "consultants",
        "content",
        "contractors",
        "customer",
        "data",
        "delivery",
        "email",
        "emails",
        "enforcement",
        "error",
        "financial",
        "for",
        "fraud",
        "hosting",
        "infrastructure",
        "law",
        "legal",
        "logistics",
        "mail",
        "marketing",
        "mergers",
        "messaging",
        "monitoring",
        "obligations",
        "of",
        "other",
        "partners",
        "payment",
        "payments",
        "prevention",
        "processing",
        "processors",
        "professional",
        "providers",
        "requirements",
        "security",
        "service",
        "services",
        "storage",
        "support",
        "third",
        "parties",
        "tracking",
        "transfers",
        "vendors",
        "with",
        "you",
        "your",
    ];
    let named = |block: &&Block| {
        let text = match &block.kind {
            Kind::Item(_) => plain(&block.text),
            Kind::Row {
                cells,
                header: false,
            } if cells.len() > 1 => format!("{}:", plain(cells.first().map_or("", String::as_str))),
            _ => return false,
        };
        let cut = [": ", " (", " - ", " – ", " — ", ":"];
        let cut = cut.iter().filter_map(|sign| text.find(sign)).min();
        let name = cut.and_then(|at| text.get(..at)).unwrap_or_default();
        let lower = name.to_lowercase();
        let common = |word: &str| COMMON.contains(&word);
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        words.any(|word| !word.is_empty() && !common(word))
            && (1..=4).contains(&name.split_whitespace().count())
            && name
                .split_whitespace()
                .all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
    };
    blocks.iter().filter(named).count() > 1
}

/// Adds the laws that a text names, with the first line that names one.
fn laws(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block], kind: &str) {
    let mut named: Vec<&str> = Vec::new();
    let mut lines: Option<(u32, u32)> = None;
    for block in blocks {
        let lower = match &block.kind {
            Kind::Row { cells, .. } => cells.join(" ").to_lowercase(),
            _ => block.text.to_lowercase(),
        };
        let lower = lower.replace('’', "'");
        let has = |mark: &str| {
            lower
                .split(|c: char| !c.is_alphanumeric())
                .any(|w| w == mark)
        };
        for (name, marks) in LAWS {
            let is = |mark: &&str| match mark.contains(' ') {
                true => lower.contains(*mark),
                false => has(mark),
            };
            if !named.contains(&name) && marks.iter().any(is) {
                named.push(name);
                lines.get_or_insert((block.first, block.last));
            }
        }
    }
    if let Some(lines) = lines {
        let text = format!("{kind}\n{}", named.join(", "));
        mark(acc, file, lines, &format!("{BY_LAW}{LAWS_NAMED}"), text);
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
