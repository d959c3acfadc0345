//! Pages beside the README that their file name says the matter of: the product, its releases, who keeps it
//! and who uses it.

use super::chapters::{Chapter, bare, chapters, sentences};
use super::phrases::has;
use super::{LONGEST, below, mark};
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, plain};
use crate::sentence;
use crate::source::SourceFile;

/// Adds what the page says, where it is one of those.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    let folder = file.folder().to_ascii_lowercase();
    if !matches!(folder.as_str(), "" | ".github" | "docs" | "doc") {
        return;
    }
    let name = file.name().to_ascii_lowercase().replace('-', "_");
    match name.split('.').next().unwrap_or_default() {
        "product" | "vision" | "mission" => product(acc, file, blocks),
        "roadmap" => roadmap(acc, file, blocks),
        "release" | "releases" | "releasing" | "release_process" | "release_policy" => {
            releases(acc, file, blocks);
        }
        "maintainers" => people(acc, file, blocks),
        "adopters" | "users" => adopters(acc, file, blocks),
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
    (
        "roadmap",
        &[
            "roadmap",
            "product roadmap",
            "what's next",
            "future plans",
            "planned features",
        ],
    ),
];

fn product(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    for chapter in chapters(blocks) {
        let of = OF_PRODUCT
            .iter()
            .find(|(_, names)| names.contains(&chapter.bare.as_str()));
        let Some((key, _)) = of else { continue };
        // A chapter may say what the product is before what it is to reach.
        let said = chapter.own.iter().find_map(|block| {
            let text = plain(&block.text);
            let names = [
                "vision is ",
                "mission is ",
                "goal is ",
                "aim is ",
                "we aim to ",
                "strive to ",
            ];
            let found = sentences(&text)
                .into_iter()
                .find(|s| has(&s.to_lowercase(), &names))?;
            Some((sentence::cut(found, 2 * LONGEST), block.last))
        });
        let said = said
            .filter(|_| *key == "goals")
            .or_else(|| below(chapter.whole, true));
        if let Some((text, last)) = said {
            mark(acc, file, (chapter.first, last), key, text);
        }
    }
}

/// A roadmap that has no list of phases says where the plans are kept.
fn roadmap(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    if blocks
        .iter()
        .any(|b| matches!(b.kind, Kind::Item(_) | Kind::Row { .. }))
    {
        return;
    }
    if let Some((text, last)) = below(blocks, true) {
        let first = blocks.first().map_or(1, |b| b.first);
        mark(acc, file, (first, last), "roadmap", text);
    }
}

/// What a sentence on releases tells: how often, when nothing more goes in, how a fix goes out, who decides.
const OF_RELEASES: [fn(&str) -> bool; 4] = [
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
    matches!(block.kind, Kind::Heading(_)) && plain(&block.text).split_whitespace().any(number)
}

fn releases(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    // Notes on what each release brought say nothing of how one is made.
    if blocks.iter().filter(is_of_version).count() > 1 {
        return;
    }
    let mut of: [Option<(String, u32, u32)>; OF_RELEASES.len()] = Default::default();
    let mut life: Option<(String, u32, u32)> = None;
    for block in blocks {
        if !matches!(block.kind, Kind::Paragraph | Kind::Item(_)) {
            continue;
        }
        let text = plain(&block.text);
        for one in sentences(&text) {
            let count = one.split_whitespace().count();
            let lower = one.to_lowercase();
            let of_one = lower.starts_with("this ") || lower.contains("this release ");
            if !(5..=60).contains(&count) || one.ends_with([':', '?']) || of_one {
                continue;
            }
            let said = || Some((one.to_owned(), block.first, block.last));
            for (place, tells) in of.iter_mut().zip(OF_RELEASES) {
                if place.is_none() && tells(&lower) {
                    *place = said();
                }
            }
            let lives = has(&lower, &["maintain", "support", "end of life"])
                && has(&lower, &["week", "month", "year"])
                && binds(&lower);
            if life.is_none()
                && (lives || has(&lower, &["semantic versioning", "semver"]) && binds(&lower))
            {
                life = said();
            }
        }
    }
    let mut told: Vec<(String, u32, u32)> = of.into_iter().flatten().collect();
    told.sort_by_key(|(_, first, _)| *first);
    told.dedup();
    if let (Some((_, first, _)), Some((_, _, last))) = (told.first(), told.last()) {
        let lines = (*first, *last);
        let mut text = String::new();
        for (one, ..) in &told {
            if text.chars().count() + one.chars().count() > 2 * LONGEST {
                break;
            }
            text.push_str(if text.is_empty() { "" } else { " … " });
            text.push_str(one);
        }
        if text.is_empty() {
            text = told
                .first()
                .map_or_else(String::new, |(one, ..)| sentence::cut(one, 2 * LONGEST));
        }
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
        let heading = blocks
            .iter()
            .find(|b| b.first == chapter.first && matches!(b.kind, Kind::Heading(_)));
        let heading = heading.map(|b| plain(&b.text)).unwrap_or_default();
        counts.push(match heading.is_empty() {
            true => rows.len().to_string(),
            false => format!("{} under “{heading}”", rows.len()),
        });
        lines = Some((lines.map_or(first.first, |(first, _)| first), last.last));
    }
    if let Some(lines) = lines {
        mark(acc, file, lines, "people-listed", counts.join("\n"));
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
    let mut kinds: Vec<(String, usize)> = Vec::new();
    let mut lines: Option<(u32, u32)> = None;
    let mut listed = false;
    for block in blocks {
        let name = match &block.kind {
            Kind::Heading(_) => {
                let bare = bare(&plain(&block.text));
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
                    match kinds.iter_mut().find(|(known, _)| *known == kind) {
                        Some((_, count)) => *count += 1,
                        None => kinds.push((kind, 1)),
                    }
                }
                cells.get(who).map(|cell| plain(cell))
            }
            Kind::Item(indent) if *indent < 2 && listed => {
                let rest = block
                    .text
                    .trim_start_matches(['*', '_', ' '])
                    .strip_prefix('[');
                rest.and_then(|rest| rest.split_once("]("))
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
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let kinds: Vec<String> = kinds
        .into_iter()
        .take(4)
        .map(|(kind, n)| format!("{kind} ({n})"))
        .collect();
    let shown: Vec<&str> = names.iter().take(4).map(String::as_str).collect();
    let detail = [names.len().to_string(), shown.join(", "), kinds.join(", ")];
    mark(acc, file, lines, "adopters", detail.join("\n"));
}

/// Chapters of a README that say how far the system is, and what may happen to those who use it.
pub(super) fn notices(acc: &mut FileFacts, file: &SourceFile<'_>, chapter: &Chapter<'_>) {
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
    let says = [
        "beta",
        "alpha",
        "lose data",
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
    let mut told = 0;
    for block in chapter.own {
        if !matches!(block.kind, Kind::Paragraph | Kind::Quote) {
            continue;
        }
        let text = plain(&block.text);
        for one in sentences(&text) {
            let lower = one.to_lowercase();
            let spaced: String = lower
                .chars()
                .map(|c| if c.is_alphanumeric() { c } else { ' ' })
                .collect();
            let spaced = format!(
                " {} ",
                spaced.split_whitespace().collect::<Vec<_>>().join(" ")
            );
            let count = one.split_whitespace().count();
            let said = says.iter().any(|s| spaced.contains(&format!(" {s} ")));
            // What is avoided, or was so once, limits nobody.
            let denied = has(
                &lower,
                &["avoid", "no longer", "join", "sign up", "tester", "?"],
            );
            if told < 2 && (4..=40).contains(&count) && said && !denied {
                told += 1;
                super::limit(acc, file, (block.first, block.last), one.to_owned());
            }
        }
    }
}
