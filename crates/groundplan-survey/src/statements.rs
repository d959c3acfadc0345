//! What a document says under a heading that is the answer to a question.

mod chapters;
pub(crate) mod documented;
mod outlook;
pub(crate) mod pages;
mod phrases;
mod safety;
pub(crate) mod said;
pub(crate) mod status;
pub(crate) mod style;
pub(crate) mod told;
pub(crate) mod topics;

pub(crate) use chapters::bare;

use crate::facts::{Claim, FileFacts, Mark};
use crate::markdown::{Block, Kind, front_title, plain};
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::Topic;

/// Characters of a statement; more is cut.
const LONGEST: usize = 300;

/// Keys of questions, and the headings in plain lower case under which they are answered.
const HEADINGS: [(&str, &[&str]); 17] = [
    (
        "goals",
        &[
            "goals",
            "project goals",
            "design goals",
            "objectives",
            "aims",
            "purpose",
            "mission",
        ],
    ),
    (
        "non-goals",
        &[
            "non-goals",
            "non goals",
            "nongoals",
            "anti-goals",
            "out of scope",
            "what this is not",
        ],
    ),
    (
        "requirements",
        &[
            "requirements specification",
            "functional requirements",
            "product requirements",
        ],
    ),
    (
        "users",
        &[
            "target users",
            "target audience",
            "audience",
            "intended audience",
            "who is this for",
            "who is it for",
            "who uses this",
        ],
    ),
    (
        "threat-review",
        &[
            "threat model",
            "threat models",
            "threat modeling",
            "threat modelling",
            "security considerations",
        ],
    ),
    (
        "releases",
        &[
            "releases",
            "releasing",
            "release process",
            "release schedule",
            "release cadence",
            "release cycle",
            "release policy",
            "release notes",
            "how to release",
            "making a release",
        ],
    ),
    (
        "versioning",
        &[
            "versioning",
            "versioning policy",
            "api versioning",
            "api-version",
            "api versions",
            "semantic versioning",
            "version support",
            "backwards compatibility",
            "backward compatibility",
            "compatibility policy",
            "api deprecation policy",
            "api version deprecation policy",
        ],
    ),
    (
        "architecture-style",
        &[
            "architecture style",
            "architectural style",
            "architecture principles",
            "design principles",
        ],
    ),
    (
        "backup",
        &[
            "backup",
            "backups",
            "backup and restore",
            "backup & restore",
            "backing up",
            "backing up your data",
            "backup and recovery",
            "creating backups",
            "making backups",
        ],
    ),
    (
        "recovery-objectives",
        &["disaster recovery", "recovery objectives"],
    ),
    (
        "rollback",
        &[
            "rollback",
            "rollbacks",
            "rolling back",
            "rollback procedure",
            "rollback strategy",
            "how to roll back",
            "downgrade",
            "downgrading",
        ],
    ),
    (
        "incident-response",
        &[
            "incident response",
            "on-call",
            "on call",
            "incident management",
        ],
    ),
    (
        "data-retention",
        &[
            "data retention",
            "retention policy",
            "data retention policy",
        ],
    ),
    ("glossary", &["glossary", "terminology"]),
    ("trade-offs", &["trade-offs", "tradeoffs"]),
    (
        "limitations",
        &[
            "known limitations",
            "current limitations",
            "limitations",
            "limitations of the project",
            "known issues",
            "known bugs",
            "known problems",
            "known caveats",
            "caveats",
        ],
    ),
    ("success-criteria", &["success criteria", "success metrics"]),
];

/// Keys whose headings speak of the whole only as the title of a document or in its README.
const OF_THE_WHOLE: [&str; 7] = [
    "goals",
    "users",
    "backup",
    "rollback",
    "releases",
    "non-goals",
    "success-criteria",
];

/// Names of documents that speak of the whole in each of their sections.
const ON_THE_WHOLE: [&str; 13] = [
    "about",
    "architecture",
    "goals",
    "introduction",
    "mission",
    "overview",
    "prd",
    "product",
    "project",
    "purpose",
    "requirements",
    "scope",
    "vision",
];

/// Keys that documents on one matter answer for that matter: each says what it is about.
const OF_A_MATTER: [&str; 2] = ["limitations", "rollback"];

/// Keys that a policy on reports or contributions does not answer for the system.
const OF_THE_SYSTEM: [&str; 6] = [
    "goals",
    "limitations",
    "non-goals",
    "requirements",
    "success-criteria",
    "users",
];

/// The terms that a glossary explains, as many as are read at a glance, and its last line: items or rows with a
/// term and its meaning, else a heading for each.
fn terms(blocks: &[Block]) -> Option<(String, u32)> {
    const SHOWN: usize = 12;
    let short = |term: &str| {
        let words = term.split_whitespace().count();
        (1..=6).contains(&words) && !term.ends_with('.')
    };
    let mut found: Vec<String> = Vec::new();
    let mut headings: Vec<String> = Vec::new();
    let mut last = 0;
    let mut end = 0;
    for block in blocks {
        let term = match &block.kind {
            Kind::Item(0 | 1) => {
                let text = block.plain().to_owned();
                let cut = [": ", " - ", " – ", " — "]
                    .iter()
                    .filter_map(|mark| text.find(mark))
                    .min();
                cut.map(|cut| text[..cut].to_owned())
            }
            Kind::Row {
                cells,
                header: false,
            } => cells.first().map(|cell| plain(cell)),
            Kind::Heading(_) => {
                let text = block.plain().to_owned();
                // Of an alphabet each letter is none, and parts no chapters.
                let letter = text.chars().count() < 4;
                if !found.is_empty() && !letter {
                    break;
                }
                if short(&text) && !letter {
                    headings.push(text);
                    end = block.last;
                }
                None
            }
            _ => None,
        };
        if let Some(term) = term.filter(|term| short(term)) {
            found.push(term.trim().to_owned());
            last = block.last;
        }
    }
    if found.len() < 3 {
        (found, last) = (headings, end);
    }
    if found.len() < 3 {
        return None;
    }
    let more = found.len().saturating_sub(SHOWN);
    found.truncate(SHOWN);
    let mut said = found.join(", ");
    if more > 0 {
        said.push_str(&format!(" and {more} more"));
    }
    Some((said, last))
}

/// How deep a file lies below the folder of documents that holds it, itself counted; the site of a
/// workspace has its own: `apps/docs/content/docs/hosting/upgrades.mdx` lies two deep. What a site generator makes
/// pages of is the content of a site: `site/content/docs/hosting.md`.
fn below_documents(path: &str) -> Option<usize> {
    let is = |folder: &str| {
        ["docs", "doc", "documentation"]
            .iter()
            .any(|name| folder.eq_ignore_ascii_case(name))
    };
    let folders: Vec<&str> = path.split('/').collect();
    let (_, folders) = folders.split_last()?;
    let content = |pair: &[&str]| pair[0].eq_ignore_ascii_case("content") && is(pair[1]);
    let inside = folders.iter().take(2).any(|f| is(f)) || folders.windows(2).take(4).any(content);
    inside.then_some(())?;
    let last = folders.iter().rposition(|f| is(f))?;
    Some(folders.len() - last)
}

/// Adds a mark for each question that a heading of the document answers, with the first sentence
/// below it. Documents deep in a tree speak of parts and are left out.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    let inside = below_documents(file.path);
    let depth = inside.unwrap_or_else(|| file.path.matches('/').count());
    let guide = inside.is_some() && depth <= 4;
    if depth > 2 && !guide || is_of_others(file.path) {
        return;
    }
    let stem = page_stem(file.path);
    let of_policy = [
        "security",
        "contributing",
        "code_of_conduct",
        "support",
        "governance",
    ]
    .iter()
    .any(|name| stem.to_ascii_lowercase().starts_with(name));
    let mut title = true;
    // The title of a page may stand in its head, where its first heading is that of a chapter.
    if let Some((text, line, _)) = front_title(file.text).filter(|_| guide)
        && let Some(key) = key_of(&bare(&text), true)
        && key != "glossary"
        && (!OF_THE_WHOLE.contains(&key) || matches!(key, "backup" | "rollback"))
        && let Some((said, last)) = told_below(blocks, key)
    {
        title = false;
        mark(acc, file, (line, last), key, said);
    }
    for chapter in chapters::chapters(blocks) {
        if chapter.bare.is_empty() {
            continue;
        }
        let first = std::mem::take(&mut title);
        let Some(key) = key_of(&chapter.bare, first) else {
            continue;
        };
        if key == "glossary" {
            if let Some((terms, last)) = terms(chapter.whole) {
                mark(acc, file, (chapter.first, last), key, terms);
            }
            continue;
        }
        // Each of its headings is one.
        if key == "limitations"
            && chapters::Page::of(file.path) == Some(chapters::Page::KnownIssues)
        {
            continue;
        }
        // What a policy leaves out of its reports is no goal of the system.
        if of_policy && OF_THE_SYSTEM.contains(&key) {
            continue;
        }
        let matter = guide && OF_A_MATTER.contains(&key);
        if depth > 2 && !matter || depth > 1 && !first && !matter && key != "versioning" {
            continue;
        }
        let operated = guide && matches!(key, "backup" | "rollback") && is_for_operators(stem);
        let on_the_whole = depth <= 1 && ON_THE_WHOLE.contains(&&*stem.to_ascii_lowercase());
        let whole = OF_THE_WHOLE.contains(&key) && !matter && !operated && !on_the_whole;
        if depth > 0 && !first && whole || knows(acc, key) {
            continue;
        }
        let Some((said, last)) = told_below(chapter.whole, key) else {
            continue;
        };
        // Where releases are found says nothing of how they are made.
        if key == "releases" && said::tells_places(&said) {
            continue;
        }
        let central = depth == 0 || guide;
        if key == "versioning" && !speaks_of_interface(&chapter.bare, &said, central) {
            continue;
        }
        mark(acc, file, (chapter.first, last), key, said);
    }
}

/// What stands below a heading in answer to the question of a key; of backups as many sentences as have room.
fn told_below(blocks: &[Block], key: &str) -> Option<(String, u32)> {
    let found = below(blocks, OF_A_MATTER.contains(&key) || key == "backup");
    if key != "backup" {
        return found;
    }
    let (said, last) = found?;
    let mut texts = blocks.iter().filter(|b| b.kind == Kind::Paragraph);
    let text =
        texts.find_map(|block| Some(block.plain().to_owned()).filter(|t| t.starts_with(&said)));
    let mut more = String::new();
    for one in text.iter().flat_map(|text| sentences_of(text)) {
        if more.chars().count() + one.chars().count() > LONGEST {
            break;
        }
        more.push_str(if more.is_empty() { "" } else { " " });
        more.push_str(one);
    }
    Some((if more.len() > said.len() { more } else { said }, last))
}

/// The name by which a page is known: of the file, or of the folder that it is the first page of.
fn page_stem(path: &str) -> &str {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let first = matches!(stem, "index" | "_index");
    let folder = parts.next().filter(|_| first && parts.next().is_some());
    folder.unwrap_or(stem)
}

/// Whether a page of the documents tells those who run the system what to do, by its file name.
fn is_for_operators(stem: &str) -> bool {
    let stem = stem.to_ascii_lowercase();
    [
        "admin",
        "backup",
        "deploy",
        "hosting",
        "install",
        "mainten",
        "operat",
        "production",
        "upgrad",
    ]
    .iter()
    .any(|word| stem.contains(word))
}

/// Whether what is said of versions is said of an interface: how a package numbers its releases
/// says nothing of the operations that a service offers.
fn speaks_of_interface(heading: &str, said: &str, central: bool) -> bool {
    let has = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric()).any(|word| {
            matches!(
                word,
                "api"
                    | "apis"
                    | "endpoint"
                    | "endpoints"
                    | "route"
                    | "routes"
                    | "contract"
                    | "contracts"
                    | "v1"
                    | "v2"
                    | "schema"
                    | "rest"
                    | "graphql"
                    | "grpc"
            )
        })
    };
    has(heading) || has(&said.to_lowercase()) || central && heading.contains("compatibility")
}

/// Sentences of a README that say who uses the system or who keeps it.
pub(crate) fn add_people(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    if file.path.contains('/') {
        return;
    }
    let mut chapters = 0;
    for block in blocks {
        chapters += u32::from(matches!(block.kind, Kind::Heading(_)));
        if block.kind != Kind::Paragraph {
            continue;
        }
        let text = block.plain().to_owned();
        for part in text.split_inclusive(". ") {
            let part = part.trim();
            let lower = part.to_lowercase();
            // Further down a README speaks of how its parts are used.
            let used = chapters <= 3 && !lower.contains("used by default");
            let key = if used && (lower.starts_with("used by ") || lower.contains(" is used by ")) {
                "users"
            } else if lower.starts_with("maintained by ") || lower.contains(" maintained by ") {
                "team"
            } else {
                continue;
            };
            let counts = part.split_whitespace().count();
            if (5..=60).contains(&counts) {
                mark(acc, file, (block.first, block.last), key, part.to_owned());
            }
        }
    }
}

/// Whether a document lies in a folder of those that speak of something else than the system as it is: of
/// examples, other versions, translations, or one decision.
pub(crate) fn is_of_others(path: &str) -> bool {
    const OTHERS: [&str; 26] = [
        "test",
        "tests",
        "testdata",
        "fixtures",
        "example",
        "examples",
        "sample",
        "samples",
        "template",
        "templates",
        "node_modules",
        "vendor",
        "versioned-docs",
        "versioned_docs",
        "archive",
        "archived",
        "old",
        "legacy",
        "i18n",
        "adr",
        "adrs",
        "decisions",
        "rfcs",
        "proposals",
        "blog",
        "release-notes",
    ];
    let lower = path.to_ascii_lowercase();
    let folders = lower.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|part| OTHERS.contains(&part))
}

/// Whether the file has answered the question of this key already.
pub(crate) fn knows(acc: &FileFacts, key: &str) -> bool {
    acc.facts.iter().any(|fact| match &fact.claim {
        Claim::Mark(mark) => mark.topic == Topic::Stated && mark.name == key,
        _ => false,
    })
}

/// Adds what a document says in answer to the question of this key, without addresses of people; what it says
/// first stands.
pub(crate) fn mark(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    key: &str,
    said: String,
) {
    if knows(acc, key) {
        return;
    }
    let told = said::without_addresses(&said);
    // Nothing but addresses says nothing.
    if told.is_empty() && !said.is_empty() {
        return;
    }
    let mark = Mark {
        topic: Topic::Stated,
        name: key.to_owned(),
        detail: Some(told),
    };
    acc.add(file, lines.0, lines.1, Claim::Mark(mark));
}

/// Adds what limits the system.
pub(crate) fn limit(acc: &mut FileFacts, file: &SourceFile<'_>, lines: (u32, u32), text: String) {
    let mark = Mark {
        topic: Topic::Limitation,
        name: said::without_addresses(&text),
        detail: None,
    };
    let told = |claim: &Claim| matches!(claim, Claim::Mark(m) if *m == mark);
    if acc.facts.iter().any(|fact| told(&fact.claim)) {
        return;
    }
    acc.add(file, lines.0, lines.1, Claim::Mark(mark));
}

/// The question that a heading answers, which is given as it is compared.
fn key_of(bare: &str, is_title: bool) -> Option<&'static str> {
    let known = HEADINGS.iter().find(|(_, names)| names.contains(&bare));
    if let Some((key, _)) = known {
        return Some(key);
    }
    if bare.starts_with("what ") && bare.ends_with(" is not") {
        return Some("non-goals");
    }
    if is_title && bare.ends_with(" threat model") {
        return Some("threat-review");
    }
    if is_title && bare.starts_with("releasing ") {
        return Some("releases");
    }
    if is_title && moves_data(bare) {
        return Some("data-migration");
    }
    if is_title && is_of_backups(bare) {
        return Some("backup");
    }
    if asks_how_long(bare) {
        return Some("data-retention");
    }
    let begins = [
        "caveats and ",
        "limitations and ",
        "known issues and ",
        "known limitations and ",
    ];
    if begins.iter().any(|begin| bare.starts_with(begin)) {
        return Some("limitations");
    }
    None
}

/// Whether a heading asks how long data is kept: `How long will Acme keep my orders?`
fn asks_how_long(bare: &str) -> bool {
    let mut words = bare.split(|c: char| !c.is_alphanumeric());
    let kept = ["keep", "kept", "retain", "retained", "store", "stored"];
    // `How long does it take to store an order` asks for something else.
    let lasts = words.clone().any(|word| matches!(word, "take" | "takes"));
    bare.starts_with("how long ") && !lasts && words.any(|word| kept.contains(&word))
}

/// Whether a title is of a page on backups of the whole: `Automatic and Manual Backup`, `How to back up your data`.
fn is_of_backups(title: &str) -> bool {
    const WORDS: [&str; 24] = [
        "a",
        "and",
        "automatic",
        "back",
        "backing",
        "backup",
        "backups",
        "create",
        "creating",
        "daily",
        "data",
        "database",
        "full",
        "how",
        "instance",
        "making",
        "manual",
        "of",
        "scheduled",
        "server",
        "the",
        "to",
        "up",
        "your",
    ];
    let mut words = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty());
    let named =
        title.contains("backup") || title.contains("back up") || title.contains("backing up");
    named && words.all(|word| WORDS.contains(&word))
}

/// Whether a title is of a page on how data comes from elsewhere: `Migrating from Acme`, `Acme to Shop
/// Migration`. What changes the schema, or leads from one version to the next, moves no data from an older system.
fn moves_data(title: &str) -> bool {
    let words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |names: &[&str]| words.iter().any(|w| names.contains(w));
    let moves = has(&["migrating", "migrate", "migration", "migrations"]);
    let of_schema = has(&["schema", "schemas", "database", "databases", "sql", "code"]);
    let is_version = |word: &&str| {
        let number = word.trim_start_matches('v');
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    };
    moves && !of_schema && !words.iter().any(is_version) && has(&["from", "to", "between"])
}

/// The chapters of a page: the heading as it is compared, its first line and what stands below it, headings
/// below it included.
pub(crate) fn chapter_texts(blocks: &[Block]) -> Vec<(String, u32, &[Block])> {
    let all = chapters::chapters(blocks).into_iter();
    all.map(|c| (c.bare, c.first, c.whole)).collect()
}

/// What the first paragraph or list below a heading says.
pub(crate) fn below_heading(blocks: &[Block]) -> Option<(String, u32)> {
    below(blocks, true)
}

/// The sentences of a text.
pub(crate) fn sentences_of(text: &str) -> Vec<&str> {
    chapters::sentences(text)
}

/// The first sentence below a heading, or its `whole` paragraph if that is short; where it only leads
/// into a list, with the list's beginning.
fn below(blocks: &[Block], whole: bool) -> Option<(String, u32)> {
    const ITEMS: usize = 5;
    let mut lead: Option<(String, u32)> = None;
    let mut items: Vec<String> = Vec::new();
    let (mut last, mut more) = (0, false);
    for block in blocks.iter().take(24) {
        let text = block.plain().to_owned();
        match block.kind {
            // A sub-heading right below the title still leads to the text.
            Kind::Heading(_) if lead.is_none() && items.is_empty() => continue,
            Kind::Heading(_) => break,
            Kind::Paragraph if lead.is_none() && items.is_empty() => {
                let text = text.trim();
                // What a page of MDX is drawn with (<https://mdxjs.com/docs/what-is-mdx/#esm>).
                if text.starts_with("import ") || text.starts_with("export ") {
                    continue;
                }
                if text.split_whitespace().count() < 4 {
                    continue;
                }
                if whole && text.chars().count() <= LONGEST && !text.ends_with(':') {
                    return Some((text.to_owned(), block.last));
                }
                if !text.ends_with(':') {
                    return Some((one_sentence(text), block.last));
                }
                // Only the sentence that leads into the list belongs to it.
                let text = text.trim_end_matches(':');
                let last = text.rsplit(". ").next().unwrap_or(text);
                lead = Some((last.to_owned(), block.last));
            }
            Kind::Item(indent) if indent < 2 && items.len() < ITEMS && !text.is_empty() => {
                items.push(text.trim_end_matches(['.', ';', ',']).to_owned());
                last = block.last;
            }
            Kind::Item(_) => more |= items.len() == ITEMS,
            // A row of a table that a sentence leads to is an item with what is said of it.
            Kind::Row {
                ref cells,
                header: false,
            } if lead.is_some() && items.len() < ITEMS => {
                let cells: Vec<String> = cells.iter().take(2).map(|cell| plain(cell)).collect();
                let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
                if cells.iter().all(|cell| !cell.is_empty()) {
                    items.push(
                        cells
                            .join(": ")
                            .trim_end_matches(['.', ';', ','])
                            .to_owned(),
                    );
                    last = block.last;
                }
            }
            Kind::Row { header: false, .. } => more |= items.len() == ITEMS,
            Kind::Row { .. } => continue,
            _ if !items.is_empty() => break,
            _ => {}
        }
    }
    if items.is_empty() {
        return None;
    }
    let lead = lead.map_or_else(String::new, |(lead, _)| {
        format!("{}: ", sentence::cut(&lead, LONGEST))
    });
    Some((joined(lead, &items, more), last))
}

/// Names with what is said of each, as one text and with the last line; `None` where there are none.
pub(crate) fn listed(pairs: &[(String, String, (u32, u32))]) -> Option<(String, u32)> {
    const ITEMS: usize = 5;
    let shown = pairs.get(..pairs.len().min(ITEMS))?;
    let items: Vec<String> = (shown.iter())
        .map(|(name, text, _)| match text.is_empty() {
            true => name.trim_end_matches(['.', ';', ',']).to_owned(),
            false => format!("{name}: {}", text.trim_end_matches(['.', ';', ','])),
        })
        .collect();
    let (_, _, (_, last)) = shown.last()?;
    Some((joined(String::new(), &items, pairs.len() > ITEMS), *last))
}

/// Items behind what leads to them, as many as have room; an item is told whole or not at all: its end
/// may turn what it says.
fn joined(lead: String, items: &[String], more: bool) -> String {
    let mut said = lead;
    let room = LONGEST + said.chars().count();
    for (at, item) in items.iter().enumerate() {
        if at > 0 && said.chars().count() + item.chars().count() > room {
            said.push_str("; …");
            return said;
        }
        match at {
            0 => said.push_str(&sentence::cut(item, LONGEST)),
            _ => {
                said.push_str("; ");
                said.push_str(item);
            }
        }
    }
    if more {
        said.push_str("; …");
    }
    said
}

fn one_sentence(text: &str) -> String {
    sentence::one(text, LONGEST).unwrap_or_else(|| sentence::cut(text, LONGEST))
}
