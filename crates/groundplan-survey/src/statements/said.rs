//! Sentences and chapters of documents that answer a question under another name than the question has.

use super::chapters::{Chapter, Page, chapters, sentences};
use super::phrases::{
    counts_people, has, is_audience, is_gate, is_goal, is_place, is_plan, is_problem, is_size,
    is_store, promises,
};
use super::{LONGEST, below, knows, mark};
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, is_ticked, links, plain};
use crate::sentence;
use crate::source::SourceFile;

/// What a page says, each key once.
struct Said<'a, 'f> {
    acc: &'a mut FileFacts,
    file: &'a SourceFile<'f>,
    /// The title of the page, in lower case.
    title: String,
    /// What asks of a change what it should reach; a sentence that says what it must goes before.
    asked: Option<(String, (u32, u32))>,
}

impl Said<'_, '_> {
    fn say(&mut self, key: &str, lines: (u32, u32), text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            mark(
                self.acc,
                self.file,
                lines,
                key,
                sentence::cut(text, LONGEST * 2),
            );
        }
    }
}

/// Adds a mark for each question that the page answers.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>, blocks: &[Block]) {
    let Some(page) = Page::of(file.path) else {
        return;
    };
    let mut said = Said {
        acc,
        file,
        title: super::chapters::title(blocks),
        asked: None,
    };
    let all = chapters(blocks);
    for chapter in &all {
        if page == Page::Readme {
            super::pages::notices(said.acc, file, &said.title, chapter);
        }
        by_heading(&mut said, page, chapter);
    }
    let mut kept = super::told::Kept::default();
    for chapter in &all {
        super::told::add(said.acc, file, &mut kept, (page, &said.title), chapter);
    }
    super::outlook::add(said.acc, file, (page, &said.title), &all);
    super::safety::add(said.acc, file, (page, &said.title), &all);
    if page == Page::KnownIssues {
        issues(&mut said, blocks);
    }
    for chapter in &all {
        for block in chapter.own {
            by_sentence(&mut said, page, chapter, block);
        }
    }
    if let Some((text, lines)) = said.asked.take() {
        said.say("quality-gates", lines, &text);
    }
    if matches!(page, Page::Readme | Page::Contributing | Page::Security) {
        by_link(&mut said, page, &all);
    }
}

/// Whether a chapter tells how a release is made: `cutting a release`, `drafting releases`.
fn makes_releases(bare: &str) -> bool {
    const VERBS: [&str; 7] = [
        "creating",
        "cutting",
        "doing",
        "drafting",
        "making",
        "preparing",
        "publishing",
    ];
    bare.split_once(' ').is_some_and(|(verb, what)| {
        VERBS.contains(&verb) && matches!(what, "a release" | "releases")
    })
}

/// What the name of a chapter says that it answers.
fn key_of_chapter(page: Page, bare: &str, title: &str) -> Option<&'static str> {
    use Page as P;
    let is = |names: &[&str]| names.contains(&bare);
    let own = matches!(page, P::Readme | P::Faq | P::Index);
    let asked = || asks_why(bare, title);
    let named = || {
        is(&[
            "motivation",
            "why",
            "the why",
            "the problem",
            "problem",
            "problem statement",
            "rationale",
            "motivation and goals",
            "background and motivation",
            "why this project",
            "why does this exist",
            "why was this made",
        ])
    };
    if own && (named() || asked()) {
        return Some("problem");
    }
    // Elsewhere such a chapter tells how the users promise something.
    if matches!(page, P::Readme | P::Faq) && promises(bare) {
        return Some("availability-target");
    }
    if matches!(page, P::Readme | P::Contributing | P::Index)
        && is(&[
            "maintainers",
            "maintainer",
            "project maintainers",
            "current maintainers",
            "core maintainers",
            "core team",
            "the core team",
            "meet the team",
        ])
    {
        return Some("maintainers");
    }
    if matches!(page, P::Contributing | P::Readme)
        && (makes_releases(bare)
            || is(&[
                "release process",
                "release workflow",
                "releases and tags",
                "tags and releases",
                "how to make a release",
                "release procedure",
                "release procedures",
                "release checklist",
            ]))
    {
        return Some("releases");
    }
    if matches!(page, P::Security | P::Other)
        && is(&[
            "supported versions",
            "support versions",
            "supported releases",
        ])
    {
        return Some("supported-versions");
    }
    if matches!(page, P::Readme | P::Install | P::Index | P::Security)
        && is(&[
            "how to update",
            "how to upgrade",
            "updating",
            "upgrading",
            "upgrade",
            "upgrade guide",
            "upgrade notes",
            "upgrading from older versions",
            "migration guide",
            "migrating",
        ])
    {
        return Some("migration-guide");
    }
    if page == P::Readme && is(&PLANS) {
        return Some("roadmap");
    }
    None
}

/// Chapters on what comes next.
pub(super) const PLANS: [&str; 8] = [
    "roadmap",
    "product roadmap",
    "what's next",
    "what is next",
    "future plans",
    "planned features",
    "upcoming features",
    "coming soon",
];

/// Whether a chapter says why its authors made the system: `why did we build this`, `why i wrote acme`.
fn asks_why(bare: &str, title: &str) -> bool {
    let Some(rest) = bare.strip_prefix("why ") else {
        return false;
    };
    let words: Vec<&str> = rest
        .strip_prefix("did ")
        .unwrap_or(rest)
        .split(' ')
        .collect();
    let [who, verb, what, more @ ..] = words.as_slice() else {
        return false;
    };
    let made = [
        "build", "built", "create", "created", "make", "made", "write", "wrote",
    ];
    matches!(*who, "i" | "we" | "you")
        && made.contains(verb)
        && more.len() < 2
        && (matches!(*what, "it" | "this") || super::chapters::names(what, title))
}

fn by_heading(said: &mut Said<'_, '_>, page: Page, chapter: &Chapter<'_>) {
    sizes(said, page, chapter);
    let Some(key) = key_of_chapter(page, &chapter.bare, &said.title) else {
        return;
    };
    if knows(said.acc, key) {
        return;
    }
    // Other pages tell which versions of other products fit.
    if key == "supported-versions" && page != Page::Security && !is_of_versions(said.file.path) {
        return;
    }
    if key == "roadmap"
        && let Some((text, lines)) = open_boxes(said.file, chapter.whole)
    {
        return said.say(key, lines, &text);
    }
    let found = match key {
        "supported-versions" => {
            super::safety::cared_for(chapter.own).or_else(|| below(chapter.whole, true))
        }
        "maintainers" => people(chapter),
        "availability-target" => paragraphs(chapter).filter(|(text, _)| {
            let lower = text.to_lowercase();
            let binding = ["guarantee", "promise", "best effort", "best-effort", "%"];
            !is_within(said.file.path, &OF_USE) && has(&lower, &binding)
        }),
        "problem" => lacking(chapter).or_else(|| below(chapter.whole, true)),
        "releases" => super::pages::told_of_releases(chapter.whole)
            .map(|(text, (_, last))| (text, last))
            .or_else(|| below(chapter.whole, true)),
        _ => below(chapter.whole, true).or_else(|| address(chapter.own)),
    };
    let found = found.filter(|(text, _)| key != "releases" || !tells_places(text));
    let found = found.filter(|(text, _)| !tells_the_writer(text));
    if let Some((text, last)) = found {
        said.say(key, (chapter.first, last), &text);
    }
}

/// What is not ticked off in a list with boxes, an empty text where all is; `None` where the list has no boxes.
fn open_boxes(file: &SourceFile<'_>, blocks: &[Block]) -> Option<(String, (u32, u32))> {
    const MOST: usize = 8;
    let boxed = blocks.iter().filter(|b| matches!(b.kind, Kind::Item(_)));
    let boxed: Vec<(&Block, bool)> = boxed
        .filter_map(|b| Some((b, is_ticked(file.lines().text(b.first))?)))
        .collect();
    if boxed.is_empty() {
        return None;
    }
    let open: Vec<&Block> = boxed
        .iter()
        .filter(|(_, done)| !done)
        .map(|(b, _)| *b)
        .collect();
    let (Some(first), Some(last)) = (open.first(), open.iter().take(MOST).next_back()) else {
        return Some((String::new(), (1, 1)));
    };
    let text = |b: &&Block| b.plain().trim_end_matches(['.', ';', ',']).to_owned();
    let items: Vec<String> = open.iter().take(MOST).map(text).collect();
    let more = open.len() > MOST;
    let said = super::joined("Not ticked off: ".to_owned(), &items, more);
    Some((said, (first.first, last.last)))
}

/// Whether a sentence tells those who fill in a template what to write, as the one for security policies does
/// (<https://docs.github.com/code-security/getting-started/adding-a-security-policy-to-your-repository>).
fn tells_the_writer(said: &str) -> bool {
    let lower = said.trim_start().to_lowercase();
    [
        "use this section to",
        "in this section, describe",
        "describe here",
    ]
    .iter()
    .any(|begin| lower.starts_with(begin))
}

/// Whether what is said of releases tells where they are found, which says nothing of how they are made.
pub(super) fn tells_places(said: &str) -> bool {
    let found = [
        "can be found",
        "download",
        "installations",
        "are available",
        "is available",
    ];
    has(&said.to_lowercase(), &found)
}

/// Folders of documents on how the product is used.
const OF_USE: [&str; 6] = [
    "features",
    "guide",
    "guides",
    "tutorials",
    "usage",
    "user-guide",
];

/// Whether a file lies below a folder of one of these names.
fn is_within(path: &str, names: &[&str]) -> bool {
    let lower = path.to_ascii_lowercase();
    let folders = lower.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|part| names.contains(&part))
}

/// Whether a page at the root of the documents is about versions by its name.
fn is_of_versions(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    matches!(folder, "docs" | "doc" | "documentation")
        && has(name, &["version", "release", "support"])
}

/// The sentences of a chapter that say what was missing before, the first two of them.
fn lacking(chapter: &Chapter<'_>) -> Option<(String, u32)> {
    let says = [
        " lack",
        "missing",
        "could not find",
        "wanted ",
        "no existing",
        "frustrating",
        "didn't have",
        "did not have",
        "none of ",
        "painful",
        "too expensive",
    ];
    let mut found: Vec<String> = Vec::new();
    let mut last = chapter.first;
    for block in chapter.own.iter().filter(|b| b.kind == Kind::Paragraph) {
        let text = block.plain().to_owned();
        for sentence in sentences(&text) {
            let lower = sentence.to_lowercase().replace('’', "'");
            let long = sentence.split_whitespace().count() >= 4;
            if found.len() < 2 && long && (is_problem(&lower) || has(&lower, &says)) {
                found.push(sentence.to_owned());
                last = block.last;
            }
        }
    }
    (!found.is_empty()).then(|| (found.join(" … "), last))
}

/// The first two paragraphs of a chapter, where they are short.
fn paragraphs(chapter: &Chapter<'_>) -> Option<(String, u32)> {
    let mut text = String::new();
    let mut last = chapter.first;
    for block in chapter.own.iter().take(2) {
        let more = block.plain().to_owned();
        if block.kind != Kind::Paragraph || text.chars().count() + more.chars().count() > LONGEST {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(more.trim());
        last = block.last;
    }
    let letters = text.chars().any(char::is_alphabetic);
    (letters && !text.ends_with(':')).then_some((text, last))
}

/// The address that a chapter leads to and says nothing else.
fn address(blocks: &[Block]) -> Option<(String, u32)> {
    blocks.iter().take(3).find_map(|block| {
        let (_, address) = links(&block.text).into_iter().next()?;
        address.starts_with("http").then_some((address, block.last))
    })
}

/// Who is named in a table below a heading, or in a list right below it, with what stands beside each name.
fn people(chapter: &Chapter<'_>) -> Option<(String, u32)> {
    const MOST: usize = 8;
    let mut names: Vec<String> = Vec::new();
    let (mut last, mut more) = (chapter.first, false);
    let is_row = |b: &Block| matches!(b.kind, Kind::Row { header: false, .. });
    let tabled = chapter.whole.iter().any(is_row);
    let all = match tabled {
        true => chapter.whole,
        false => chapter.own,
    };
    for block in all {
        let entry = match &block.kind {
            Kind::Row {
                cells,
                header: false,
            } => {
                let cells: Vec<String> = cells.iter().map(|c| plain(c)).collect();
                let mut cells = cells.into_iter().filter(|c| !c.trim().is_empty());
                let name = cells.next().unwrap_or_default();
                let rest: Vec<String> = cells.take(2).collect();
                match rest.is_empty() {
                    true => name,
                    false => format!("{name} ({})", rest.join(", ")),
                }
            }
            Kind::Item(indent) if *indent < 2 && !tabled => block.plain().to_owned(),
            _ => continue,
        };
        // Addresses of people are not kept.
        let entry = without_addresses(&entry);
        let words = entry.split_whitespace().count();
        if !(1..=14).contains(&words) || !entry.chars().any(char::is_alphabetic) {
            continue;
        }
        more |= names.len() == MOST;
        if names.len() < MOST {
            names.push(entry);
            last = block.last;
        }
    }
    if names.is_empty() {
        return None;
    }
    let rest = if more { "; …" } else { "" };
    Some((format!("Maintainers: {}{rest}", names.join("; ")), last))
}

/// A text without e-mail addresses and what encloses them; lines without any stay as they are. `acme@1.2.3` and
/// `git@forge.org:acme/shop` are none.
pub(crate) fn without_addresses(text: &str) -> String {
    let is_address = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let (before, behind) = bare.split_once('@').unwrap_or_default();
        let (host, top) = behind.rsplit_once('.').unwrap_or_default();
        // `node@18.x` is a version.
        let named = top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic());
        !before.is_empty() && !host.is_empty() && named && !behind.contains(['/', ':'])
    };
    let lines = text.split('\n').map(|line| {
        if !line.split_whitespace().any(|word| is_address(&word)) {
            return line.to_owned();
        }
        let mut out = String::new();
        for word in line.split_whitespace() {
            if !is_address(&word) {
                if !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(word);
            } else if let Some(sign) = word.chars().last().filter(|c| matches!(c, ',' | ';'))
                && out.ends_with(|c: char| !matches!(c, ',' | ';'))
            {
                // What parts one name from the next stays.
                out.push(sign);
            }
        }
        let out = out.replace("<>", "").replace("()", "");
        out.trim().trim_end_matches([',', ';']).to_owned()
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// What a chapter on requirements says of memory, processors and disks.
fn sizes(said: &mut Said<'_, '_>, page: Page, chapter: &Chapter<'_>) {
    if !matches!(page, Page::Readme | Page::Install | Page::Index | Page::Faq)
        || knows(said.acc, "sizing")
        || is_within(said.file.path, &["integrations", "plugins", "connectors"])
    {
        return;
    }
    let named = [
        "requirement",
        "prerequisite",
        "hardware",
        "sizing",
        "specs",
        "specifications",
    ];
    if !named.iter().any(|word| chapter.bare.contains(word)) {
        return;
    }
    let mut found: Vec<String> = Vec::new();
    let mut last = chapter.first;
    for block in chapter.whole {
        let texts = match &block.kind {
            Kind::Row {
                cells,
                header: false,
            } => {
                vec![
                    cells
                        .iter()
                        .map(|c| plain(c))
                        .collect::<Vec<_>>()
                        .join(", "),
                ]
            }
            Kind::Paragraph => {
                let text = block.plain().to_owned();
                sentences(&text).into_iter().map(str::to_owned).collect()
            }
            Kind::Item(_) => vec![block.plain().to_owned()],
            _ => continue,
        };
        for text in texts {
            if found.len() < 4 && is_size(&text) {
                found.push(text.trim_end_matches(['.', ';']).to_owned());
                last = block.last;
            }
        }
    }
    if !found.is_empty() {
        said.say("sizing", (chapter.first, last), &found.join("; "));
    }
}

/// The faults that a page on known ones has a heading for each of.
fn issues(said: &mut Said<'_, '_>, blocks: &[Block]) {
    const MOST: usize = 6;
    let heading = |b: &&Block| matches!(b.kind, Kind::Heading(_));
    let mut all = blocks.iter().filter(heading);
    let Some(title) = all.next() else {
        return;
    };
    let mut names: Vec<String> = Vec::new();
    let (mut last, mut more) = (title.last, false);
    let level = |b: &Block| match b.kind {
        Kind::Heading(level) => level,
        _ => u8::MAX,
    };
    let depth = all.clone().map(level).min().unwrap_or(u8::MAX);
    for block in all.filter(|b| level(b) == depth) {
        let text = block.plain().to_owned();
        // Where it is reported is another thing.
        let text = text
            .split(" (see ")
            .next()
            .unwrap_or(&text)
            .trim()
            .to_owned();
        more |= names.len() == MOST;
        if names.len() < MOST && text.split_whitespace().count() > 2 {
            names.push(text);
            last = block.last;
        }
    }
    if names.len() < 2 {
        return;
    }
    let rest = if more { "; …" } else { "" };
    said.say(
        "limitations",
        (title.first, last),
        &format!("{}{rest}", names.join("; ")),
    );
}

fn by_sentence(said: &mut Said<'_, '_>, page: Page, chapter: &Chapter<'_>, block: &Block) {
    if !matches!(block.kind, Kind::Paragraph | Kind::Quote | Kind::Item(_)) {
        return;
    }
    let text = block.plain().to_owned();
    let text = without_alert(&text);
    let lines = (block.first, block.last);
    // With a name in it the sentence is about one thing and not about all.
    if page == Page::Deprecations && block.kind == Kind::Paragraph && !block.text.contains('`') {
        let until = ["removed after", "supported for"];
        let span = ["month", "year", "week", "release", "version"];
        // `kept for at least two releases`, in contrast to `needs at least version 3`.
        let kept = |lower: &str| {
            has(lower, &["at least"])
                && has(lower, &span)
                && has(lower, &["deprecat", "support", "remov", "kept"])
        };
        let all = sentences(text);
        if let Some(sentence) = all.iter().find(|s| {
            let lower = s.to_lowercase();
            has(&lower, &until) || kept(&lower)
        }) {
            said.say("deprecation-policy", lines, sentence);
        }
    }
    let listed = || {
        // `❌ FreeBSD` among what the system runs on.
        let rest = block.text.trim_start().strip_prefix(['❌', '✗', '✘'])?;
        let rest = plain(rest);
        let lower = rest.trim_start().to_lowercase();
        let denied = ["no ", "not ", "="].iter().any(|b| lower.starts_with(b));
        (!denied && (2..=120).contains(&rest.chars().count()))
            .then(|| format!("Not supported: {rest}"))
    };
    // Such marks stand before what others lack too.
    let required = || {
        let words = [
            "requirement",
            "platform",
            "compatib",
            "supported",
            "prerequisite",
        ];
        let before = |b: &Block| {
            b.kind == Kind::Paragraph
                && b.first < block.first
                && has(&b.text.to_lowercase(), &words)
        };
        has(&chapter.bare, &words) || chapter.own.iter().any(before)
    };
    if page == Page::Readme
        && matches!(block.kind, Kind::Item(_))
        && required()
        && let Some(limit) = listed()
    {
        super::limit(said.acc, said.file, lines, limit);
    }
    if page == Page::Readme && block.kind == Kind::Quote {
        warned(said, &block.text, lines);
    }
    for sentence in sentences(text) {
        if matches!(page, Page::Readme | Page::Contributing) && counts_people(sentence) {
            said.say("team", lines, sentence.trim_end_matches(':'));
        }
        let count = sentence.split_whitespace().count();
        if !(4..=70).contains(&count) || sentence.ends_with([':', '?']) {
            continue;
        }
        let lower = sentence.to_lowercase().replace('’', "'");
        if page == Page::Readme && chapter.introduces {
            if is_problem(&lower) {
                said.say("problem", lines, sentence);
            }
            if is_audience(&lower) {
                said.say("users", lines, sentence);
            }
        }
        if page == Page::Readme
            && is_plan(&lower)
            && (chapter.introduces || block.kind == Kind::Quote)
        {
            said.say("roadmap", lines, sentence);
        }
        let guide = file_begins(said.file, "contributing");
        if (page == Page::Readme || guide) && is_goal(&lower, &said.title) {
            said.say("goals", lines, sentence);
        }
        if matches!(page, Page::Readme | Page::Faq) && is_place(&lower) {
            said.say("cloud", lines, sentence);
        }
        if matches!(page, Page::Readme | Page::Faq | Page::Index) && is_store(&lower) {
            said.say("stores", lines, sentence);
        }
        let of_changes = || {
            let mut words = lower.split(|c: char| !c.is_alphanumeric());
            page == Page::Template || guide || words.any(|w| CHANGES.contains(&w))
        };
        if matches!(page, Page::Contributing | Page::Template) && is_gate(&lower) && of_changes() {
            match has(&lower, &["must ", "not be ", "required"]) {
                true => said.say("quality-gates", lines, sentence),
                false if said.asked.is_none() => said.asked = Some((sentence.to_owned(), lines)),
                false => {}
            }
        }
        let own = || {
            let mut words = lower.split(|c: char| !c.is_alphanumeric());
            lower.contains("this project") || words.any(|w| matches!(w, "we" | "our" | "api"))
        };
        if matches!(page, Page::Contributing | Page::Readme)
            && lower.contains("breaking change")
            && own()
            && has(
                &lower,
                &[
                    "major version",
                    "major release",
                    "semver",
                    "semantic version",
                ],
            )
        {
            said.say("versioning", lines, sentence);
        }
        if page == Page::Readme && tells_owner(&chapter.bare, sentence) {
            said.say("maintainers", lines, sentence);
        }
        if page == Page::Readme
            && block.kind == Kind::Paragraph
            && count <= 20
            && lower.contains(" by ")
            && has(
                &lower,
                &[
                    "made with ",
                    "made by ",
                    "created by ",
                    "developed by ",
                    "built by ",
                ],
            )
            && matches!(
                lower.split_whitespace().next(),
                Some("made" | "created" | "developed" | "built")
            )
        {
            // The heart between the words is a picture.
            let names = sentence.replace("with by ", "by ");
            said.say("maintainers", lines, &names);
        }
    }
}

/// Whether a sentence says to whom the system belongs: in a chapter on its licence or on itself, and to a
/// name.
fn tells_owner(bare: &str, sentence: &str) -> bool {
    let of = [
        "",
        "license",
        "licence",
        "legal",
        "about",
        "credits",
        "copyright",
        "ownership",
    ];
    let named = [
        " owned by ",
        " owned and operated by ",
        " owned and maintained by ",
    ]
    .iter()
    .find_map(|by| sentence.split_once(by))
    .is_some_and(|(_, who)| {
        who.trim_start_matches(['*', '_', '['])
            .starts_with(char::is_uppercase)
    });
    named && of.contains(&bare) && sentence.split_whitespace().count() <= 30
}

/// What a gate lets through.
const CHANGES: [&str; 16] = [
    "pull",
    "pulls",
    "pr",
    "prs",
    "merge",
    "merged",
    "merging",
    "commit",
    "commits",
    "change",
    "changes",
    "contribution",
    "contributions",
    "patch",
    "patches",
    "merges",
];

/// A text without the mark of an alert: `!NOTE The team …`.
pub(super) fn without_alert(text: &str) -> &str {
    let rest = text
        .trim_start()
        .strip_prefix('!')
        .and_then(|r| r.split_once(' '));
    rest.filter(|(mark, _)| mark.chars().all(|c| c.is_ascii_uppercase()))
        .map_or(text, |(_, rest)| rest)
}

/// Whether the name of a file begins so.
fn file_begins(file: &SourceFile<'_>, with: &str) -> bool {
    file.name().to_ascii_lowercase().starts_with(with)
}

/// What an alert at the head of a README or in a chapter of it warns of: that something is not supported.
fn warned(said: &mut Said<'_, '_>, text: &str, lines: (u32, u32)) {
    let alert = [
        "[!WARNING]",
        "[!CAUTION]",
        "[!IMPORTANT]",
        "Warning:",
        "WARNING:",
    ];
    let Some(rest) = alert.iter().find_map(|a| text.trim_start().strip_prefix(a)) else {
        return;
    };
    let rest = &plain(rest);
    let limits = [
        "not supported",
        "unsupported",
        "not recommended",
        "is not possible",
        "does not support",
    ];
    let found = sentences(rest)
        .into_iter()
        .find(|s| has(&s.to_lowercase(), &limits));
    if let Some(sentence) = found.filter(|s| s.split_whitespace().count() >= 4) {
        let text = sentence.trim().to_owned();
        super::limit(said.acc, said.file, lines, text);
    }
}

/// Links whose names say what they lead to.
fn by_link(said: &mut Said<'_, '_>, page: Page, all: &[Chapter<'_>]) {
    for chapter in all {
        for block in chapter.own {
            let found = match &block.kind {
                Kind::Row { cells, .. } => cells.iter().flat_map(|cell| links(cell)).collect(),
                _ => links(&block.text),
            };
            for (label, address) in found {
                let label = super::chapters::bare(&plain(&label));
                let lower = address.to_lowercase();
                if !lower.starts_with("http") {
                    continue;
                }
                let lines = (block.first, block.last);
                let told = format!("{}: {address}", label);
                if page == Page::Readme && label == "todo" && is_of_plans(&lower) {
                    said.say("roadmap", lines, &address);
                }
                if page == Page::Readme
                    && (label.starts_with("migrate to ") || label.starts_with("migrate from "))
                {
                    said.say("data-migration", lines, &told);
                }
                let tail = lower.rsplit('/').next().unwrap_or_default();
                // Guides of others lead from one version of theirs to another.
                let own = super::chapters::names(&lower, &said.title)
                    || super::chapters::names(&label, &said.title);
                if page == Page::Readme
                    && own
                    && (tail.starts_with("migration-from")
                        || tail.starts_with("migration-guide")
                        || tail.starts_with("upgrade-guide")
                        || tail.starts_with("upgrading"))
                    && !tail.contains("migrations")
                {
                    said.say("migration-guide", lines, &address);
                }
            }
        }
    }
}

/// Whether an address leads to where plans are kept.
fn is_of_plans(lower: &str) -> bool {
    let kept = ["/projects/", "/issues", "/milestone"];
    has(lower, &kept) || lower.ends_with("todo.md")
}

/// Whether a text stands where a name is to be filled in.
pub(crate) fn is_placeholder(name: &str) -> bool {
    let lower = name.to_lowercase();
    let todo = lower.split(|c: char| !c.is_alphanumeric()).next() == Some("todo");
    todo || has(&lower, &["your name", "author name"])
}

#[cfg(test)]
mod tests {
    use super::{asks_why, without_addresses};

    #[test]
    fn addresses_of_people_are_not_kept() {
        assert_eq!(
            without_addresses("Ann Miller <ann@acme.org> (@ann)"),
            "Ann Miller (@ann)"
        );
        assert_eq!(
            without_addresses("Ann ann@acme.org; Bo bo@acme.org, Cy <cy@acme.org>;"),
            "Ann; Bo, Cy"
        );
        for kept in [
            "Needs node@18.x",
            "Run acme@1.2.3 of git@forge.example:acme/shop.",
            "2 under “People”\nBo  (b) flush()",
        ] {
            assert_eq!(without_addresses(kept), kept);
        }
    }

    #[test]
    fn authors_say_why_they_made_it() {
        for bare in [
            "why did i build it",
            "why we wrote acme",
            "why i made acme shop",
        ] {
            assert!(asks_why(bare, "acme shop"), "{bare}");
        }
        for other in [
            "why did we build a database",
            "why we use it",
            "why it is made",
        ] {
            assert!(!asks_why(other, "acme shop"), "{other}");
        }
    }
}
