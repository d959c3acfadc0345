//! What headings mean, and what counts as prose, as a notice, as the name of a part.

use crate::facts::Placed;
use crate::markdown::{links, plain};
use crate::statements::{bare, sentences_of};
use std::borrow::Cow;

/// What a section is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Features,
    Limitations,
    NonGoals,
    Goals,
    Parts,
    About,
    Other,
}

/// Headings in plain lower case and what they mean.
const HEADINGS: [(Section, &[&str]); 6] = [
    (
        Section::NonGoals,
        &[
            "non-goals",
            "non goals",
            "nongoals",
            "anti-goals",
            "out of scope",
            "what this is not",
            "what it is not",
            "what it does not do",
        ],
    ),
    (
        Section::Goals,
        &[
            "goals",
            "goal",
            "objectives",
            "project goals",
            "design goals",
            "aims",
        ],
    ),
    (
        Section::Limitations,
        &[
            "limitations",
            "known limitations",
            "current limitations",
            "known issues",
            "known bugs",
            "known problems",
            "caveats",
            "restrictions",
            "shortcomings",
        ],
    ),
    (
        Section::Features,
        &[
            "features",
            "feature list",
            "key features",
            "main features",
            "core features",
            "current features",
            "supported features",
            "implemented features",
            "notable features",
            "feature overview",
            "highlights",
            "capabilities",
            "functionality",
            "what it does",
        ],
    ),
    (
        Section::Parts,
        &[
            "services",
            "microservices",
            "service",
            "components",
            "modules",
            "packages",
            "crates",
            "applications",
            "architecture",
            "service architecture",
            "system architecture",
            "application architecture",
            "architecture overview",
            "services overview",
            "microservices overview",
            "project structure",
            "repository structure",
            "structure",
            "layout",
            "project layout",
            "what's inside",
        ],
    ),
    (
        Section::About,
        &[
            "about",
            "about the project",
            "overview",
            "introduction",
            "intro",
            "description",
            "summary",
            "purpose",
            "what is this",
            "project overview",
            "general information",
        ],
    ),
];

/// Whether a paragraph says what the system is: `"Acme" is a shop for paint.`
pub(super) fn defines(text: &str, title: &str) -> bool {
    const FARTHEST: usize = 60;
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (lower, title) = (text.to_lowercase(), title.to_lowercase());
    let rest = lower
        .strip_prefix(title.as_str())
        .filter(|_| !title.is_empty());
    rest.is_some_and(|rest| {
        let mut all = IS.iter().filter_map(|is| rest.find(is));
        all.any(|at| at <= FARTHEST)
    })
}

/// Whether a paragraph says of what kind something is: `A manager for money`, `Acme is a shop`.
pub(super) fn names_kind(text: &str) -> bool {
    let lower = text.to_lowercase();
    let article = ["a ", "an ", "the "].iter().any(|a| lower.starts_with(a));
    article || IS.iter().any(|is| lower.contains(is))
}

/// What stands between a thing and its kind.
const IS: [&str; 6] = [
    " is a ",
    " is an ",
    " is the ",
    " is your ",
    " are a ",
    " are the ",
];

/// An item that begins with a name in bold and breaks the line behind it, with a colon in place of the
/// break: `**Logs** <br> Read them in the browser.`
pub(super) fn without_break(text: &str) -> Cow<'_, str> {
    let named = (text.strip_prefix("**")).and_then(|t| t.split_once("**"));
    let told = named.and_then(|(name, rest)| {
        let rest = rest.trim_start();
        let told = ["<br>", "<br/>", "<br />"];
        let told = told.iter().find_map(|mark| rest.strip_prefix(mark))?;
        Some(format!(
            "**{}:** {}",
            name.trim_end_matches([':', ' ']),
            told.trim_start()
        ))
    });
    told.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// What a heading says that its section is about.
pub(super) fn section_of(heading: &str) -> Section {
    let bare = bare(heading);
    // `Features (demo)` is about features.
    let bare = match bare.rsplit_once(" (") {
        Some((bare, aside)) if aside.ends_with(')') => bare,
        _ => bare.as_str(),
    };
    for (section, names) in &HEADINGS {
        if names.contains(&bare) {
            return section.clone();
        }
    }
    if bare.ends_with(" and features") || bare.starts_with("features and ") {
        return Section::Features;
    }
    // `Intro & motivation` says what it is before it says why.
    if [" & ", " and "].iter().any(|and| {
        let parts = bare.split_once(and);
        parts.is_some_and(|(first, _)| {
            matches!(first, "about" | "intro" | "introduction" | "overview")
        })
    }) {
        return Section::About;
    }
    // `What Acme provides`.
    if let Some(rest) = bare.strip_prefix("what ") {
        let ends = [
            " provides",
            " offers",
            " can do",
            " gives you",
            " does for you",
        ];
        let words = rest.split_whitespace().count();
        if words <= 5 && ends.iter().any(|end| rest.ends_with(end)) {
            return Section::Features;
        }
    }
    // `What Acme isn't`.
    let denies = ["isn't", "is not", "doesn't do", "does not do"];
    if bare.starts_with("what ") && denies.iter().any(|end| bare.ends_with(end)) {
        return Section::NonGoals;
    }
    let asks = bare
        .strip_prefix("what's ")
        .is_some_and(|rest| !["new", "next", "included", "inside", "in the box"].contains(&rest));
    if asks {
        return Section::About;
    }
    if ["what is ", "about ", "welcome to "]
        .iter()
        .any(|start| bare.starts_with(start))
    {
        return Section::About;
    }
    Section::Other
}

/// Whether a heading announces something: `Update: Shop is archived`, `🚨 Notice`.
pub(super) fn is_announcement(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let first = bare.split(':').next().unwrap_or_default();
    is_notice_of_state(bare)
        || matches!(
            first.trim_end_matches(|c: char| !c.is_alphanumeric()),
            "update"
                | "updates"
                | "news"
                | "notice"
                | "announcement"
                | "announcements"
                | "important"
                | "deprecated"
                | "deprecation"
                | "deprecation notice"
                | "archived"
                | "attention"
                | "thank you"
                | "thanks"
                | "sponsors"
        )
}

/// What a heading names behind a mark of its state: `Acme` of `DEPRECATED: Acme`.
pub(super) fn marked(heading: &str) -> Option<&str> {
    const MARKS: [&str; 5] = [
        "archived",
        "deprecated",
        "legacy",
        "obsolete",
        "unmaintained",
    ];
    let (mark, name) = heading.split_once(':')?;
    let mark = mark.trim().trim_matches(|c: char| !c.is_alphabetic());
    let is = MARKS.iter().any(|m| mark.eq_ignore_ascii_case(m));
    let name = name.trim();
    (is && name.contains(char::is_alphabetic)).then_some(name)
}

/// Whether a heading says that something is archived, left or moved: `Acme is being archived`.
fn is_notice_of_state(lower: &str) -> bool {
    const SAYS: [&str; 16] = [
        " is archived",
        " is now archived",
        " is being archived",
        " has been archived",
        " been archived",
        " will be archived",
        " is deprecated",
        " is now deprecated",
        " has been deprecated",
        " is unmaintained",
        " no longer maintained",
        " not maintained",
        " is discontinued",
        " has moved",
        " was moved to",
        " looking for maintainers",
    ];
    SAYS.iter().any(|says| lower.contains(says))
}

/// Whether a heading names a section of every README and not the project: `Documentation`,
/// `Getting started`, `How to run it`, `1. Installation`.
pub(super) fn is_generic_heading(heading: &str) -> bool {
    const GENERIC: [&str; 101] = [
        "介绍",
        "目录",
        "简介",
        "说明",
        "项目介绍",
        "项目说明",
        "acknowledgements",
        "acknowledgments",
        "api",
        "api documentation",
        "api reference",
        "authors",
        "background",
        "backend",
        "build",
        "build status",
        "building",
        "changelog",
        "code of conduct",
        "code style",
        "commands",
        "community",
        "configuration",
        "contact",
        "contents",
        "contribute",
        "contributing",
        "contribution",
        "contributions",
        "contributors",
        "contributing guidelines",
        "credits",
        "demo",
        "dependencies",
        "deployment",
        "developer guide",
        "development",
        "development setup",
        "disclaimer",
        "docker",
        "docker compose",
        "docs",
        "documentation",
        "download",
        "environment variables",
        "example",
        "examples",
        "faq",
        "feature request",
        "feature requests",
        "frontend",
        "get started",
        "getting help",
        "getting started",
        "guide",
        "help",
        "home",
        "index",
        "install",
        "installation",
        "instructions",
        "issues",
        "license",
        "licence",
        "links",
        "local development",
        "maintainers",
        "note",
        "notes",
        "notice",
        "prerequisites",
        "project",
        "quick start",
        "quickstart",
        "read me",
        "readme",
        "references",
        "releases",
        "requirements",
        "resources",
        "roadmap",
        "running",
        "running locally",
        "running tests",
        "screenshots",
        "security",
        "setup",
        "sponsors",
        "stack",
        "status",
        "support",
        "table of content",
        "table of contents",
        "tech stack",
        "technologies",
        "technology stack",
        "testing",
        "tests",
        "usage",
        "warning",
        "welcome",
    ];
    // What tells the reader to do something.
    const STARTS: [&str; 6] = [
        "how to ",
        "how do ",
        "how it ",
        "getting started",
        "why ",
        "what's ",
    ];
    // `Building Management System` is a name, `Building the image` a chapter.
    const DOING: [&str; 3] = ["running ", "installing ", "building "];
    const WHAT: [&str; 13] = [
        "a",
        "all",
        "and",
        "everything",
        "from",
        "in",
        "it",
        "locally",
        "on",
        "the",
        "this",
        "with",
        "your",
    ];
    let bare = bare(heading);
    let bare = bare.as_str();
    if is_announcement(heading) {
        return true;
    }
    let each = |words: &str| {
        let one = words.trim();
        GENERIC.contains(&one) || section_of(one) != Section::Other
    };
    // `Support & Community`, `Install and run`.
    let joined = |mark: &str| {
        let mut parts = bare.split(mark);
        bare.contains(mark) && parts.all(each)
    };
    each(bare)
        || section_of(heading) != Section::Other
        || [" & ", " and ", " / ", ", "]
            .iter()
            .any(|mark| joined(mark))
        || STARTS.iter().any(|start| bare.starts_with(start))
        || DOING.iter().any(|start| {
            let what = bare.strip_prefix(start).and_then(|w| w.split(' ').next());
            what.is_some_and(|what| WHAT.contains(&what) || each(what))
        })
}

/// Whether a plain text is a sentence or more: enough words, mostly letters.
pub(in crate::extractors) fn is_prose(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .filter(|w| w.chars().any(char::is_alphabetic))
        .count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let all = text.chars().filter(|c| !c.is_whitespace()).count();
    // Chinese and Japanese write no blanks.
    let wide = text.chars().filter(|c| *c as u32 >= 0x3040).count();
    let menu = text.matches(" | ").count() >= 2
        || text.matches(" • ").count() >= 2
        || text.matches(" · ").count() >= 2;
    (words >= 4 || wide >= 10)
        && letters * 3 >= all * 2
        && !menu
        && !text.starts_with(['$', '{', '@', '|'])
}

/// Whether a text ends like a sentence, or is long enough to be one.
pub(in crate::extractors) fn is_sentence(text: &str) -> bool {
    let long = text.split_whitespace().count() >= 12;
    // `Maven (to build it)` is an item of a list.
    let aside = text.ends_with(')')
        && text
            .split('(')
            .next()
            .is_some_and(|t| t.split_whitespace().count() < 4);
    (text.ends_with(['.', '!', '?', '。', ')']) || long) && !text.ends_with(':') && !aside
}

/// Whether a sentence is that of the skeleton from which somebody began: it says how the folder came
/// to be and not what it is for.
pub(super) fn is_of_skeleton(text: &str) -> bool {
    const SAYS: [&str; 17] = [
        "framework typescript starter repository",
        "this project was created using the",
        "this project was generated by",
        "look at the nuxt documentation to learn more",
        "this is a starter template for",
        "bootstrapped with",
        "was generated with",
        "was generated using",
        "was created with create-",
        "created using create-",
        "created with `create-",
        "scaffolded with",
        "this template provides a minimal setup",
        "this template should help get you started",
        "everything you need to build a svelte project",
        "this is a new react native project",
        "this readme would normally document whatever steps",
    ];
    let lower = text.to_lowercase();
    SAYS.iter().any(|says| lower.contains(says))
}

/// Whether a sentence is that in which a framework presents itself, as its generator puts it into what it
/// makes.
pub(super) fn is_of_framework(text: &str) -> bool {
    const SAYS: [&str; 4] = [
        "a progressive node.js framework for building",
        "a progressive javascript framework for building",
        "the intuitive vue framework",
        "the react framework for",
    ];
    let lower = text.to_lowercase();
    SAYS.iter().any(|says| lower.contains(says))
}

/// Whether the first sentence of a text says of the thing that it is code: `Shop is a Rails codebase and
/// uses SQLite`.
pub(super) fn is_of_code(text: &str) -> bool {
    let first = text.split(". ").next().unwrap_or(text);
    let lower = first.to_lowercase();
    let behind = [" is a ", " is an ", " is the "]
        .iter()
        .find_map(|is| lower.split_once(is));
    let Some((_, rest)) = behind else {
        return false;
    };
    let mut words = rest.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '#');
    let at = words.position(|word| matches!(word, "codebase" | "monolith"));
    // `a codebase search engine` is no codebase.
    let ends = |next: Option<&str>| {
        next.is_none_or(|w| matches!(w, "" | "and" | "that" | "with" | "written" | "using" | "in"))
    };
    at.is_some_and(|at| at < 4) && ends(words.next())
}

/// Whether a text is a notice and not what the project is for.
pub(super) fn is_notice(text: &str) -> bool {
    const STARTS: [&str; 32] = [
        "note",
        "warning",
        "important",
        "caution",
        "tip:",
        "attention",
        "notice",
        "disclaimer",
        "update",
        "news",
        "table of content",
        "deprecated",
        "this repository has moved",
        "this repo has moved",
        "this repository is archived",
        "this repository is no longer",
        "this repo is no longer",
        "this project is no longer",
        "thanks",
        "thank you",
        "for more information",
        "translations",
        "read this in",
        "language:",
        "if you like",
        "if you are using",
        "please",
        "clone the",
        "to run ",
        "see the overall",
        "made with",
        "copyright",
    ];
    // What the authors advise their readers to do says nothing of the thing.
    const ADVICE: [&str; 30] = [
        "brought to you by",
        "we recommend",
        "we highly recommend",
        "we strongly recommend",
        "it is recommended",
        "take a look at",
        "have a look at",
        "check out",
        "feel free to",
        "learn more",
        "just released",
        "read the blog",
        "we're hiring",
        "we are hiring",
        "sign up for",
        "star us",
        "star this repo",
        "give us a star",
        "give it a star",
        "help us grow",
        "follow us",
        "join our",
        "free credits",
        "one click deploy",
        "one-click deploy",
        "use code ",
        "maintenance mode",
        "will be archived",
        "has been archived",
        "no longer maintained",
    ];
    // What begs for money or attention says nothing of it either.
    const BEGS: [&str; 12] = [
        "become a backer",
        "become a sponsor",
        "buy me a coffee",
        "consider donating",
        "consider sponsoring",
        "consider supporting",
        "donate to ",
        "make a donation",
        "sponsor the project",
        "sponsor this project",
        "support the project",
        "support this project",
    ];
    let lower = text
        .trim_start_matches([' ', '!', '[', '_', '*'])
        .to_lowercase();
    let first = lower.split(". ").next().unwrap_or_default();
    if BEGS.iter().any(|begs| first.contains(begs)) {
        return true;
    }
    STARTS.iter().any(|start| lower.starts_with(start))
        || ADVICE.iter().any(|advice| first.contains(advice))
}

/// The sentences at the beginning of `text` that say what the thing is: what tells how to build or
/// start it ends them.
pub(super) fn saying(text: &str) -> &str {
    let mut at = 0;
    while let Some(end) = text[at..].find(". ") {
        let next = at + end + 2;
        let rest = &text[next..];
        if is_instruction(rest) || is_notice(rest) {
            return &text[..next - 1];
        }
        at = next;
    }
    text
}

/// A text that says of what kind something is, without the words that lead into a list of examples:
/// `Acme is a server that powers shops such as:`
pub(super) fn without_lead(text: String) -> String {
    const LEADS: [&str; 4] = [" such as:", " including:", " like:", ", for example:"];
    if let Some(lead) = LEADS.iter().find(|lead| text.ends_with(**lead)) {
        let rest = text[..text.len() - lead.len()].trim_end_matches([',', ' ']);
        if names_kind(rest) && rest.split_whitespace().count() > 5 {
            return format!("{rest}.");
        }
    }
    // The sentences before the one that leads are whole.
    let mut whole = sentences_of(&text);
    whole.pop();
    let whole = whole.join(" ");
    match text.ends_with(':') && whole.split_whitespace().count() > 5 {
        true => whole,
        false => text,
    }
}

/// A text without the questions with which it draws its readers in: `Tired of lists? Acme is a board.`
pub(super) fn without_questions(text: String) -> String {
    match text.rfind("? ").and_then(|at| text.get(at + 2..)) {
        Some(rest) if names_kind(rest) => rest.to_owned(),
        _ => text,
    }
}

/// Whether a paragraph goes on with a sentence that a list or code interrupts: `and how to test it.`
pub(super) fn goes_on(text: &str) -> bool {
    const JOINTS: [&str; 14] = [
        "also", "and", "as", "but", "for", "how", "or", "plus", "so", "that", "then", "which",
        "while", "with",
    ];
    let first = text.split(' ').next().unwrap_or_default();
    JOINTS.contains(&first.trim_end_matches(','))
}

/// Whether a text tells what to do or leads into what stands below it, instead of saying what the
/// thing is.
pub(super) fn is_instruction(text: &str) -> bool {
    const STARTS: [&str; 26] = [
        "click ",
        "check out ",
        "to build",
        "to start",
        "to use ",
        "to install",
        "to get started",
        "to test",
        "to deploy",
        "to develop",
        "to compile",
        "to generate",
        "to update",
        "run ",
        "install ",
        "use the following",
        "build ",
        "execute ",
        "make sure",
        "ensure ",
        "when this ",
        "when the service",
        "after ",
        "before ",
        "first,",
        "you can ",
    ];
    let lower = text.to_lowercase();
    let first = lower
        .find(". ")
        .map_or(lower.as_str(), |end| lower.get(..end).unwrap_or(&lower));
    text.trim_end().ends_with(':')
        || STARTS.iter().any(|start| lower.starts_with(start))
        || [
            "the following",
            "as follows",
            "shown below",
            "see below",
            "was taken from",
            "is taken from",
        ]
        .iter()
        .any(|lead| first.contains(lead))
}

/// Whether a paragraph sells something: all in bold, or mostly addresses.
pub(super) fn is_advertisement(markup: &str) -> bool {
    let trimmed = markup.trim();
    let bold = trimmed.len() > 4 && trimmed.starts_with("**") && trimmed.ends_with("**");
    let whole = bold && !trimmed[2..trimmed.len() - 2].contains("**");
    let addresses: usize = links(markup)
        .iter()
        .filter(|(label, address)| label == address)
        .map(|(_, address)| address.len())
        .sum();
    (whole && addresses > 0) || addresses * 5 > trimmed.len() * 2
}

/// The columns of a table that name parts and describe them, judged by its header.
pub(in crate::extractors) fn part_columns(header: &[String]) -> Option<(usize, usize)> {
    const NAMES: [&str; 21] = [
        "service",
        "services",
        "service name",
        "microservice",
        "microservices",
        "component",
        "components",
        "module",
        "modules",
        "package",
        "crate",
        "project",
        "application",
        "app",
        "container",
        "folder",
        "path",
        "directory",
        "library",
        "name of service",
        "subproject",
    ];
    const TEXTS: [&str; 12] = [
        "description",
        "purpose",
        "role",
        "responsibility",
        "responsibilities",
        "function",
        "details",
        "what it does",
        "summary",
        "about",
        "notes",
        "functionality",
    ];
    let plain: Vec<String> = header.iter().map(|h| plain(h).to_lowercase()).collect();
    let name = plain.iter().position(|h| NAMES.contains(&h.as_str()))?;
    let text = plain.iter().position(|h| TEXTS.contains(&h.as_str()))?;
    Some((name, text))
}

/// The texts of two cells of a row; empty where it has none.
pub(in crate::extractors) fn cells_of(cells: &[String], at: (usize, usize)) -> (String, String) {
    let text = |n: usize| plain(cells.get(n).map_or("", String::as_str));
    (text(at.0), text(at.1))
}

/// Whether a text may name a part: short, with a letter, no sentence.
pub(in crate::extractors) fn is_part_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    (1..=4).contains(&words)
        && name.chars().count() <= 48
        && name.chars().any(char::is_alphabetic)
        && !name.ends_with(['.', '?', '!'])
        && !name.contains("://")
}

/// Name and description of an item such as `**catalog** - lists products`. Outside of a section on
/// parts the name must say that it is a service.
pub(super) fn part_of_item(markup: &str, in_parts: bool) -> Option<(String, String)> {
    let (cut, mark) = [": ", " - ", " – ", " — ", " -- "]
        .iter()
        .filter_map(|mark| Some((markup.find(mark)?, mark.len())))
        .min()?;
    let head = markup[..cut].trim();
    // A mark inside a link or code belongs to its text.
    if head.matches('[').count() != head.matches(']').count()
        || head.matches('`').count() % 2 == 1
        || head.matches('(').count() != head.matches(')').count()
    {
        return None;
    }
    let marked = head.starts_with("**") || head.starts_with('`') || head.starts_with('[');
    let name = plain(head);
    let name = name.trim_end_matches(':').trim().to_owned();
    let text = plain(&markup[cut + mark..]);
    let lower = name.to_lowercase();
    let last = lower.rsplit([' ', '-', '_']).next().unwrap_or_default();
    let is_service = matches!(
        last,
        "service" | "services" | "gateway" | "microservice" | "server" | "worker"
    ) || lower.ends_with("service");
    let fits = is_service || (in_parts && marked);
    (fits && is_part_name(&name) && text.split_whitespace().count() >= 2).then_some((name, text))
}

/// The sentence of a paragraph that warns against running what it speaks of for anybody: `Do not run this in
/// production`.
pub(super) fn warning(text: &str) -> Option<String> {
    const MARKS: [&str; 8] = [
        "do not run this in production",
        "do not use this in production",
        "do not use in production",
        "don't use this in production",
        "not for production",
        "not meant for production",
        "not suitable for production",
        "not production ready",
    ];
    let text = plain(text);
    let mut sentences = text.split(". ").flat_map(|part| part.split("! "));
    let sentence = sentences.find(|sentence| {
        let lower = sentence
            .to_lowercase()
            .replace("production-ready", "production ready");
        MARKS.iter().any(|mark| lower.contains(mark))
    })?;
    let sentence = sentence.trim().trim_matches(['*', '_', '!']).trim();
    Some(sentence.to_owned())
}

/// What a list of parts says of one whose folder it leads to: `[shop-order](services/shop-order) to take
/// orders`. The folder names it, since a label may be any text.
pub(super) fn part_of_link(markup: &str) -> Option<(String, String)> {
    let (label, rest) = markup.trim().strip_prefix('[')?.split_once("](")?;
    let (address, rest) = rest.split_once(')')?;
    let path = address.trim_start_matches("./").trim_end_matches('/');
    let name = path.rsplit('/').next()?;
    if label.contains('[') || path.contains(['#', ':', '?']) || name.contains('.') {
        return None;
    }
    told_of(name, rest)
}

/// What a list of parts says of one that it names with its first word: `Order to take orders`, `Billing
/// receives the messages`.
pub(super) fn part_of_sentence(markup: &str) -> Option<(String, String)> {
    let bare = markup.trim_start_matches(['*', '`']);
    let end = bare.find(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))?;
    let (name, rest) = bare.split_at(end);
    told_of(name, rest.trim_start_matches(['*', '`']))
}

/// The first sentence of what follows a name, where it goes on as one.
fn told_of(name: &str, rest: &str) -> Option<(String, String)> {
    let text = plain(rest);
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    // `takes`, `receives`, `is`: what a thing does.
    let does = first.len() > 1 && first.ends_with('s') && first.chars().all(|c| c.is_lowercase());
    let starts = matches!(first, "to" | "for" | "which" | "that") || does;
    let text = text
        .split(". ")
        .next()
        .unwrap_or(text)
        .trim_end_matches('.');
    let fits = starts && is_part_name(name) && text.split_whitespace().count() > 2;
    fits.then(|| (name.to_owned(), text.to_owned()))
}

/// Whether a paragraph leads to a list of the parts of a system: `It uses three microservices:`.
pub(super) fn leads_to_parts(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    let last = lower.rsplit(['.', '\n']).next().unwrap_or_default();
    let mut words = last.split(|c: char| !c.is_ascii_alphanumeric());
    lower.ends_with(':')
        && words.any(|w| matches!(w, "microservices" | "services" | "components" | "modules"))
}

/// The sentences of a paragraph that say what something is not meant for: `It is not intended to be a
/// reference.`
pub(super) fn not_intended(paragraph: &Placed<String>) -> Vec<Placed<String>> {
    const MARKS: [&str; 5] = [
        " is not intended ",
        " is not meant ",
        " is not designed ",
        " is not supposed ",
        " is not a replacement ",
    ];
    let sentences = paragraph.value.split_inclusive(". ");
    let said = sentences.filter(|s| MARKS.iter().any(|mark| s.contains(mark)));
    said.map(|sentence| Placed {
        value: sentence.trim().to_owned(),
        at: paragraph.at.clone(),
    })
    .collect()
}
