//! Pages beside the README that their file name says the matter of: the product, its releases, who keeps it
//! and who uses it.

use super::chapters::{Chapter, bare, chapters, names, sentences};
use super::phrases::has;
use super::{LONGEST, below, mark};
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, plain};
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::{ADOPTERS, PEOPLE_LISTED};
use std::collections::BTreeMap;

/// Whether a page lies where those on the whole are looked for.
fn is_central(folder: &str) -> bool {
    let folders = ["", ".github", "docs", "doc"];
    folders.iter().any(|f| f.eq_ignore_ascii_case(folder))
}

/// Adds what the page says, where it is one of those.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    if !is_central(file.folder()) {
        return;
    }
    let name = file.name().to_ascii_lowercase().replace('-', "_");
    match name.split('.').next().unwrap_or_default() {
        "product" | "vision" | "mission" => product(acc, file, blocks),
        "release" | "releases" | "releasing" | "release_process" | "release_policy" => {
            releases(acc, file, blocks);
        }
        "maintainers" => people(acc, file, blocks),
        "adopters" => adopters(acc, file, blocks),
        // Among the documents a page on users says how they are managed.
        "users" if file.folder().is_empty() => adopters(acc, file, blocks),
        _ => {}
    }
}

/// Chapters of a page on the product, and the questions that they answer.
const OF_PRODUCT: [(&str, &[&str]); 3] = [
    (
        "goals",
        &[
            "vision",
            "our vision",
            "product vision",
            "mission",
            "our mission",
            "vision and mission",
        ],
    ),
    (
        "requirements",
        &[
            "features",
            "key features",
            "core features",
            "main features",
            "capabilities",
            "key capabilities",
        ],
    ),
    ("roadmap", &super::said::PLANS),
];

fn product(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    for chapter in chapters(blocks) {
        let of = OF_PRODUCT
            .iter()
            .find(|(_, names)| names.contains(&chapter.bare.as_str()));
        let Some((key, _)) = of else { continue };
        let aimed = match *key {
            "goals" => aim(chapter.own),
            _ => None,
        };
        let said = aimed.or_else(|| below(chapter.whole, true));
        if let Some((text, last)) = said {
            mark(acc, file, (chapter.first, last), key, text);
        }
    }
}

/// The sentence that says what is aimed at: a chapter may say what the product is before.
fn aim(blocks: &[Block]) -> Option<(String, u32)> {
    const NAMES: [&str; 6] = [
        "vision is ",
        "mission is ",
        "goal is ",
        "aim is ",
        "we aim to ",
        "strive to ",
    ];
    blocks.iter().find_map(|block| {
        let text = block.plain().to_owned();
        let mut all = sentences(&text).into_iter();
        let found = all.find(|s| has(&s.to_lowercase(), &NAMES))?;
        Some((sentence::cut(found, 2 * LONGEST), block.last))
    })
}

/// Adds the first paragraph of a roadmap that has no list of phases.
pub(crate) fn roadmap(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    let listed = |b: &Block| matches!(b.kind, Kind::Item(_) | Kind::Row { .. });
    if !is_central(file.folder()) || blocks.iter().any(listed) {
        return;
    }
    if let Some((text, last)) = below(blocks, true) {
        let first = blocks.first().map_or(1, |b| b.first);
        mark(acc, file, (first, last), "roadmap", text);
    }
}

/// What a sentence on releases tells: how often, when nothing more goes in, how a fix goes out, who decides.
const OF_RELEASES: [fn(&str) -> bool; 6] = [
    |s| {
        s.contains("release")
            && has(
                s,
                &[
                    "per year",
                    "per quarter",
                    "each quarter",
                    "every quarter",
                    "per month",
                    "each month",
                    "every month",
                    "every week",
                    "quarterly",
                    "monthly",
                    "weekly",
                    "bi-weekly",
                    "biweekly",
                    "every two",
                    "every three",
                    "every six",
                ],
            )
    },
    |s| has(s, &["hotfix", "hot fix", "hot-fix", "patch release"]) && binds(s),
    |s| {
        has(
            s,
            &[
                "code freeze",
                "feature freeze",
                "release window",
                "release candidate",
            ],
        ) && binds(s)
    },
    |s| has(s, &["release manager", "release lead", "release captain"]) && binds(s),
    |s| {
        s.contains("maintainer")
            && s.contains("release")
            && has(s, &[" can ", " may ", " must ", "only "])
    },
    |s| {
        has(s, &["approve", "approval", "sign off", "sign-off"])
            && s.contains("release")
            && has(s, &["maintainer", "must", "should", "required", "need"])
    },
];

/// Whether a sentence says how something is done and not how it is called.
fn binds(lower: &str) -> bool {
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let verbs = [
        "should", "must", "is", "are", "will", "shall", "decides", "cuts", "creates", "approves",
    ];
    words.into_iter().any(|word| verbs.contains(&word))
}

/// Whether a heading names a version: `v2.11.0`, `ntfy server v1.2 (June)`.
fn is_of_version(block: &&Block) -> bool {
    let number = |word: &str| {
        let word = word.trim_start_matches(['v', 'V']);
        word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit())
    };
    matches!(block.kind, Kind::Heading(_)) && block.plain().split_whitespace().any(number)
}

fn releases(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    // Notes on what each release brought say nothing of how one is made.
    if blocks.iter().filter(is_of_version).count() > 1 {
        return;
    }
    let (told, life) = sentences_on_releases(blocks);
    if let Some((text, lines)) = as_told(&told) {
        mark(acc, file, lines, "releases", text);
    }
    if let Some((text, first, last)) = life {
        mark(
            acc,
            file,
            (first, last),
            "supported-versions",
            sentence::cut(&text, LONGEST),
        );
    }
}

/// What the sentences of a chapter tell of how releases are made, and its lines.
pub(super) fn told_of_releases(blocks: &[Block]) -> Option<(String, (u32, u32))> {
    as_told(&sentences_on_releases(blocks).0)
}

/// A sentence with its lines.
type One = (String, u32, u32);

/// The sentences that tell how releases are made, and the one that tells how long one is cared for.
fn sentences_on_releases(blocks: &[Block]) -> (Vec<One>, Option<One>) {
    let mut known = [false; OF_RELEASES.len()];
    let mut told: Vec<One> = Vec::new();
    let mut life: Option<One> = None;
    for block in blocks {
        if !matches!(block.kind, Kind::Paragraph | Kind::Item(_)) {
            continue;
        }
        let text = block.plain().to_owned();
        for one in sentences(&text) {
            let count = one.split_whitespace().count();
            let lower = one.to_lowercase();
            let of_one = lower.starts_with("this ") || lower.contains("this release ");
            if !(5..=60).contains(&count) || one.ends_with([':', '?']) || of_one {
                continue;
            }
            let said = || (one.to_owned(), block.first, block.last);
            let mut new = false;
            for (known, tells) in known.iter_mut().zip(OF_RELEASES) {
                if !*known && tells(&lower) {
                    (*known, new) = (true, true);
                }
            }
            if new {
                told.push(said());
            }
            let lives = has(&lower, &["maintain", "support", "end of life"])
                && has(&lower, &["week", "month", "year"])
                && binds(&lower);
            if life.is_none() && lives {
                life = Some(said());
            }
        }
    }
    (told, life)
}

fn as_told(told: &[One]) -> Option<(String, (u32, u32))> {
    let lines = (told.first()?.1, told.last()?.2);
    let mut text = String::new();
    for (one, ..) in told {
        if text.chars().count() + one.chars().count() > 2 * LONGEST {
            break;
        }
        text.push_str(if text.is_empty() { "" } else { " … " });
        text.push_str(one);
    }
    if text.is_empty() {
        text = sentence::cut(&told.first()?.0, 2 * LONGEST);
    }
    Some((text, lines))
}

/// How many people stand under each heading: `3 under “Maintainers”`. Who left is not counted.
fn people(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    let gone = ["emerit", "alumni", "former", "inactive", "past ", "retired"];
    let mut counts: Vec<String> = Vec::new();
    let mut lines: Option<(u32, u32)> = None;
    for chapter in chapters(blocks) {
        let rows = chapter
            .own
            .iter()
            .filter(|b| is_person(b))
            .collect::<Vec<_>>();
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            continue;
        };
        if has(&chapter.bare, &gone) {
            continue;
        }
        let heading = chapter
            .heading
            .map(|b| b.plain().to_owned())
            .unwrap_or_default();
        counts.push(match heading.is_empty() {
            true => rows.len().to_string(),
            false => format!("{} under “{heading}”", rows.len()),
        });
        lines = Some((lines.map_or(first.first, |(first, _)| first), last.last));
    }
    if let Some(lines) = lines {
        mark(acc, file, lines, PEOPLE_LISTED, counts.join("\n"));
    }
}

/// Whether a row or an item names a person: it has a handle, a link or an address beside the name.
fn is_person(block: &Block) -> bool {
    let text = match &block.kind {
        Kind::Row {
            cells,
            header: false,
        } if cells.len() > 1 => cells.join(" "),
        Kind::Item(indent) if *indent < 2 => block.text.clone(),
        _ => return false,
    };
    let words = text.split_whitespace().count();
    (text.contains('@') || text.contains("github.com/")) && words <= 40
}

/// Who uses the system: the rows of a table with a column of organisations, else the links of a list under a
/// heading that says so.
fn adopters(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    let mut columns: Option<(usize, Option<usize>)> = None;
    let mut names: Vec<String> = Vec::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut lines: Option<(u32, u32)> = None;
    let mut listed = false;
    for block in blocks {
        let name = match &block.kind {
            Kind::Heading(_) => {
                let bare = bare(block.plain());
                listed = matches!(
                    bare.as_str(),
                    "adopters" | "users" | "our users" | "who uses it" | "list of adopters"
                ) || bare.starts_with("who is using ")
                    || bare.starts_with("who uses ");
                columns = None;
                continue;
            }
            Kind::Row {
                cells,
                header: true,
            } => {
                let at = |words: &[&str]| {
                    cells
                        .iter()
                        .position(|cell| has(&plain(cell).to_lowercase(), words))
                };
                let who = at(&[
                    "organization",
                    "organisation",
                    "company",
                    "adopter",
                    "institution",
                ]);
                let kind = at(&["type", "kind"]);
                columns = who.map(|who| (who, kind.filter(|k| *k != who)));
                continue;
            }
            Kind::Row {
                cells,
                header: false,
            } => {
                let Some((who, kind)) = columns else { continue };
                let kind = kind
                    .and_then(|k| cells.get(k))
                    .map(String::as_str)
                    .unwrap_or_default();
                for kind in kind
                    .split('`')
                    .map(str::trim)
                    .filter(|k| k.chars().any(char::is_alphabetic))
                {
                    let kind = plain(kind).to_lowercase().replace('-', " ");
                    *kinds.entry(kind).or_default() += 1;
                }
                cells.get(who).map(|cell| plain(cell))
            }
            Kind::Item(indent) if *indent < 2 && listed => {
                let rest = block
                    .text
                    .trim_start_matches(['*', '_', ' '])
                    .strip_prefix('[');
                // A link within the repository leads to no user.
                rest.and_then(|rest| rest.split_once("]("))
                    .filter(|(_, to)| to.starts_with("http"))
                    .map(|(label, _)| plain(label))
            }
            _ => continue,
        };
        let Some(name) = name
            .map(|n| n.trim().to_owned())
            .filter(|n| n.chars().any(char::is_alphabetic))
        else {
            continue;
        };
        names.push(name);
        lines = Some((lines.map_or(block.first, |(first, _)| first), block.last));
    }
    if names.len() < 2 {
        return;
    }
    let Some(lines) = lines else { return };
    let mut kinds: Vec<(String, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let kinds: Vec<String> = kinds
        .into_iter()
        .take(4)
        .map(|(kind, n)| format!("{kind} ({n})"))
        .collect();
    let shown: Vec<&str> = names.iter().take(4).map(String::as_str).collect();
    let detail = [names.len().to_string(), shown.join(", "), kinds.join(", ")];
    mark(acc, file, lines, ADOPTERS, detail.join("\n"));
}

/// Chapters of a README that say how far the system of this title is, and what may happen to those who use it.
pub(super) fn notices(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    title: &str,
    chapter: &Chapter<'_>,
) {
    let named = [
        "notice",
        "disclaimer",
        "project status",
        "status",
        "development status",
        "beta",
        "warning",
        "important",
        "stability",
    ];
    if !named.contains(&chapter.bare.as_str()) {
        return;
    }
    const SAYS: [&str; 11] = [
        "beta",
        "alpha",
        "data loss",
        "experimental",
        "work in progress",
        "early stage",
        "unstable",
        "not stable",
        "breaking changes",
        "not yet ready",
        "not ready for",
    ];
    // What is avoided, or was so once, limits nobody.
    const DENIES: [&str; 2] = ["avoid", "no longer"];
    const OF_IT: [&str; 6] = ["application", "it", "project", "software", "this", "we"];
    let mut told = 0;
    for block in chapter.own {
        if !matches!(block.kind, Kind::Paragraph | Kind::Quote) {
            continue;
        }
        let text = block.plain().to_owned();
        for one in sentences(&text) {
            let lower = one.to_lowercase();
            let words: Vec<&str> = lower
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            let says = |phrase: &&str| {
                let phrase: Vec<&str> = phrase.split(' ').collect();
                words.windows(phrase.len()).any(|some| some == phrase)
            };
            let of_it = || OF_IT.iter().any(says) || names(one, title);
            let said = SAYS.iter().any(says) && !DENIES.iter().any(says) && !one.contains('?');
            let count = one.split_whitespace().count();
            if told < 2 && (4..=40).contains(&count) && said && of_it() {
                told += 1;
                super::limit(acc, file, (block.first, block.last), one.to_owned());
            }
        }
    }
}
