//! What pages say of where a system is to go and of what it takes to run it: lists of goals that a sentence leads
//! to, moves under way, what will be taken away, who keeps it, how many of it may run, and who hosts it for others.

use super::chapters::{Chapter, Page, sentences};
use super::phrases::has;
use super::{LONGEST, joined, mark, told};
use crate::facts::FileFacts;
use crate::markdown::{Block, Kind, links};
use crate::sentence;
use crate::source::SourceFile;
use groundplan_model::HOSTS_OFFERED;

/// Limits that are kept of a file.
const MOST: usize = 3;

/// Adds what the chapters of a page say.
pub(super) fn add(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    (page, title): (Page, &str),
    all: &[Chapter<'_>],
) {
    // What others promise, what a change has to say, and what was.
    if matches!(page, Page::Template | Page::Security) || told::is_of_change(title) {
        return;
    }
    // What a reference lists is said of things that others use.
    let reference = file
        .path
        .to_ascii_lowercase()
        .split(['/', '.'])
        .any(|part| matches!(part, "reference" | "references"));
    let mut limits = if reference { MOST } else { 0 };
    let mut buttons: Vec<(&str, u32)> = Vec::new();
    for chapter in all.iter().filter(|c| !told::is_of_change(&c.bare)) {
        hosts(acc, file, chapter);
        if page == Page::Readme {
            buttons.extend(chapter.own.iter().flat_map(buttons_of));
        }
        for (at, block) in chapter.own.iter().enumerate() {
            let lines = (block.first, block.last);
            if let Some((said, last)) = goals(chapter.own, at) {
                mark(acc, file, (block.first, last), "goals", said);
            }
            if !matches!(block.kind, Kind::Paragraph | Kind::Quote) {
                continue;
            }
            let text = block.plain().to_owned();
            let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@');
            let mut before = None;
            for one in sentences(text) {
                let whole = before.replace(one);
                let lower = one.to_lowercase().replace('’', "'");
                let count = one.split_whitespace().count();
                if !(4..=60).contains(&count) || one.ends_with([':', '?']) {
                    continue;
                }
                let cut = sentence::cut(one, 2 * LONGEST);
                if moves(&lower, title) {
                    mark(acc, file, lines, "roadmap", cut.clone());
                }
                if matches!(page, Page::Readme | Page::Faq | Page::Contributing) && keeps(one) {
                    mark(acc, file, lines, "maintainers", cut.clone());
                }
                let ends = page != Page::Readme && is_taken_away(&lower);
                if limits < MOST && (ends || is_single(&lower) || is_untried(&lower)) {
                    limits += 1;
                    let refers = ["however", "it ", "these ", "they ", "this "]
                        .iter()
                        .any(|begin| lower.starts_with(begin));
                    let said = match whole.filter(|_| refers) {
                        Some(whole) => format!("{whole} {one}"),
                        None => one.to_owned(),
                    };
                    super::limit(acc, file, lines, said);
                }
            }
        }
    }
    if let (Some((_, first)), Some((_, last))) = (buttons.first(), buttons.last()) {
        let (first, last) = (*first, *last);
        let mut names: Vec<String> = Vec::new();
        for (name, _) in buttons {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        let said = joined("Buttons that set it up at: ".to_owned(), &names, false);
        mark(acc, file, (first, last), HOSTS_OFFERED, said);
    }
}

/// Where a button of a README sets the system up, by the address that it leads to.
fn buttons_of(block: &Block) -> Vec<(&'static str, u32)> {
    const ADDRESSES: [(&str, &str); 13] = [
        ("//app.koyeb.com/deploy", "Koyeb"),
        ("//app.netlify.com/start/deploy", "Netlify"),
        ("//cloud.digitalocean.com/apps/new", "DigitalOcean"),
        ("//deploy.cloud.run", "Google Cloud Run"),
        ("//heroku.com/deploy", "Heroku"),
        ("//www.heroku.com/deploy", "Heroku"),
        ("//portal.azure.com/#create", "Microsoft Azure"),
        ("//railway.app/new/template", "Railway"),
        ("//railway.app/template", "Railway"),
        ("//railway.com/deploy", "Railway"),
        ("//render.com/deploy", "Render"),
        // Without a repository it leads to the vendor only, as that of a new program does.
        ("//vercel.com/new/", "Vercel"),
        ("//www.pikapods.com/pods?run=", "PikaPods"),
    ];
    let text = match &block.kind {
        Kind::Row { cells, .. } => cells.join(" "),
        _ => block.text.clone(),
    };
    let mut found: Vec<(usize, &str)> = ADDRESSES
        .iter()
        .filter_map(|(address, name)| Some((text.find(address)?, *name)))
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .map(|(_, name)| (name, block.first))
        .collect()
}

/// What a sentence that leads to a list says are goals: `The main goals of this API are:`. Of what they are the
/// goals stands in the sentence.
fn goals(blocks: &[Block], at: usize) -> Option<(String, u32)> {
    const ITEMS: usize = 7;
    const BEGINS: [&str; 9] = [
        "goals of ",
        "its goals ",
        "our goals ",
        "our main goals ",
        "the design goals ",
        "the goals ",
        "the key goals ",
        "the main goals ",
        "the primary goals ",
    ];
    // What readers are to learn, and what a piece of work is to reach.
    const OTHERS: [&str; 16] = [
        "benchmark",
        "chapter",
        "course",
        "document",
        "example",
        "exercise",
        "guide",
        "lab",
        "meeting",
        "page",
        "section",
        "sprint",
        "test",
        "tests",
        "tutorial",
        "workshop",
    ];
    let block = blocks.get(at).filter(|b| b.kind == Kind::Paragraph)?;
    let text = block.plain().to_owned();
    let lead = text.trim_end().strip_suffix(':')?;
    let lead = sentences(lead).pop()?;
    let lower = lead.to_lowercase();
    let is_lead = BEGINS.iter().any(|begin| lower.starts_with(begin))
        && [" are", " are the following", " include"]
            .iter()
            .any(|end| lower.ends_with(end));
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    if !is_lead || words.any(|word| OTHERS.contains(&word)) {
        return None;
    }
    let (items, last) = items_of(&blocks[at + 1..])?;
    let more = items.len() > ITEMS;
    let shown = &items[..items.len().min(ITEMS)];
    let lead = format!("{}: ", sentence::cut(lead, LONGEST));
    Some((joined(lead, shown, more), last))
}

/// The items that a list begins with, and its last line.
fn items_of(blocks: &[Block]) -> Option<(Vec<String>, u32)> {
    let mut items = Vec::new();
    let mut last = 0;
    for block in blocks {
        match block.kind {
            Kind::Item(indent) if indent < 2 => {
                items.push(
                    block
                        .plain()
                        .to_owned()
                        .trim_end_matches(['.', ';', ','])
                        .to_owned(),
                );
                last = block.last;
            }
            Kind::Item(_) => last = block.last,
            _ => break,
        }
    }
    items.retain(|item| !item.trim().is_empty());
    (items.len() > 1).then_some((items, last))
}

/// Whether a sentence says that the authors move the system, or a part of it, to something else.
fn moves(lower: &str, title: &str) -> bool {
    const UNDER_WAY: [&str; 7] = [
        "are being migrated to",
        "is being migrated to",
        "is being rewritten",
        "ongoing effort to ",
        "ongoing migration ",
        "we are currently migrating",
        "we are migrating",
    ];
    let own = [
        "the new ",
        "this ",
        "we ",
        "our ",
        "there is an ongoing effort to ",
    ]
    .iter()
    .any(|begin| lower.starts_with(begin))
        || lower
            .split_whitespace()
            .next()
            .is_some_and(|first| super::chapters::names(first, title));
    // Pages are written anew, too.
    const PAGES: [&str; 9] = [
        "chapter",
        "docs",
        "document",
        "documentation",
        "guide",
        "page",
        "readme",
        "section",
        "wiki",
    ];
    let mut first = lower.split(|c: char| !c.is_alphanumeric()).take(4);
    let of_page = first.any(|word| PAGES.contains(&word));
    own && !of_page && has(lower, &UNDER_WAY) && !told::speaks_to_reader(lower)
}

/// Words in place of a thing: what is said of them names none.
const NO_NAMES: [&str; 8] = [
    "all",
    "anything",
    "everything",
    "that",
    "what",
    "whatever",
    "which",
    "who",
];

/// Whether a sentence says that something of a name is deprecated and will be taken away: `X is deprecated and will
/// be removed`, `the deprecated X will be removed`.
fn is_taken_away(lower: &str) -> bool {
    let before = ["will be removed", "will be dropped", "going to be removed"]
        .iter()
        .find_map(|words| Some(lower.split_once(words)?.0));
    let Some(before) = before.filter(|_| !told::speaks_to_reader(lower)) else {
        return false;
    };
    let words: Vec<&str> = before.split_whitespace().collect();
    let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let Some(at) = words.iter().position(|w| bare(w).starts_with("deprecat")) else {
        return false;
    };
    let head = &words[..at];
    let is_verb = |word: &&str| matches!(*word, "are" | "has" | "have" | "is");
    let verb = head.iter().rposition(is_verb).filter(|n| at - n <= 3);
    match verb {
        Some(verb) => head[..verb].last().is_some_and(|subject| {
            // Behind a comma stands what is said of something, or an item of a list.
            !subject.ends_with([',', ';', ':']) && !NO_NAMES.contains(&bare(subject).as_str())
        }),
        // Beside its thing, which stands behind it.
        None => {
            let led = head
                .iter()
                .all(|w| matches!(*w, "our" | "the" | "these" | "this"));
            let next = words.get(at + 1).map(bare).unwrap_or_default();
            led && !matches!(next.as_str(), "" | "and" | "are" | "it" | "or" | "they")
        }
    }
}

/// Whether a sentence says that only one of the system may run.
fn is_single(lower: &str) -> bool {
    const ONE: [&str; 7] = [
        "cannot be scaled horizontally",
        "does not support horizontal scaling",
        "more than one instance is not",
        "more than one replica is not",
        "multiple instances are not supported",
        "multiple replicas are not supported",
        "only one instance can",
    ];
    let whole = |words: &&str| {
        let rest = lower.split_once(*words).map(|(_, rest)| rest);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    // A step of a piece of work is no limit: `scale the replicas to 1 before you restore`.
    let kept = has(lower, &["keep ", "leave ", "must "])
        && !has(
            lower,
            &["after ", "before ", "during ", "scale ", "until ", "while "],
        );
    ONE.iter().any(whole) || kept && ["replicas set to 1", "replicas to 1"].iter().any(whole)
}

/// Whether the authors say that they have not tried something.
fn is_untried(lower: &str) -> bool {
    const UNTRIED: [&str; 6] = [
        "has not been tested",
        "have not been tested",
        "i have not tested",
        "i haven't test",
        "we have not tested",
        "we haven't test",
    ];
    // `what has not been tested` names nothing.
    let named = |words: &str| {
        lower.split_once(words).is_some_and(|(before, _)| {
            let mut before = before.split(|c: char| !c.is_alphanumeric()).rev();
            let last = before.find(|word| !word.is_empty()).unwrap_or_default();
            !NO_NAMES.contains(&last)
        })
    };
    UNTRIED.iter().any(|words| named(words)) && !has(lower, &["your ", "pull request"])
}

/// Whether a sentence names who keeps the system: `@ada is the current maintainer`.
fn keeps(sentence: &str) -> bool {
    let is_name = |word: &str| {
        let name = word.strip_prefix('@').unwrap_or_default();
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    sentence
        .split_once(" is the ")
        .is_some_and(|(before, rest)| {
            let role = rest.split(|c: char| !c.is_alphanumeric()).take(4);
            before.split_whitespace().next_back().is_some_and(is_name)
                && role.into_iter().any(|word| word == "maintainer")
        })
}

/// Adds the names of those who run the system for others, or where it can be set up with one step, by a chapter that
/// is called so or by a sentence on providers before a list.
fn hosts(acc: &mut FileFacts, file: &SourceFile<'_>, chapter: &Chapter<'_>) {
    const NAMES: [&str; 8] = [
        "cloud hosting",
        "hosted options",
        "hosted solutions",
        "hosting providers",
        "managed hosting",
        "managed hosting providers",
        "one-click deploy",
        "one-click deployment",
    ];
    const ITEMS: usize = 8;
    let named = NAMES.contains(&chapter.bare.as_str());
    let below = || {
        let heads = chapter
            .whole
            .iter()
            .filter(|b| matches!(b.kind, Kind::Heading(_)));
        let heads: Vec<(String, u32)> = heads.map(|b| (b.plain().to_owned(), b.last)).collect();
        let items = chapter
            .own
            .iter()
            .filter(|b| matches!(b.kind, Kind::Item(_)));
        let linked = items.flat_map(|b| {
            let labels = links(&b.text).into_iter().take(1);
            labels.map(|(label, _)| (label, b.last)).collect::<Vec<_>>()
        });
        match heads.is_empty() {
            true => linked.collect(),
            false => heads,
        }
    };
    let leads = |block: &Block| {
        let text = block.plain().to_owned();
        let lead = text.trim_end().strip_suffix(':').map(str::to_lowercase);
        lead.is_some_and(|lead| {
            // Others provide accounts, mail or room for copies.
            const RUN: [&str; 9] = [
                "cluster", "deploy", "deployed", "host", "hosted", "install", "instance", "run",
                "server",
            ];
            let mut words = lead.split(|c: char| !c.is_alphanumeric());
            let provided = ["following providers", "following cloud providers"]
                .iter()
                .any(|end| lead.ends_with(end));
            provided && words.any(|word| RUN.contains(&word))
                || lead.ends_with("following hosting providers")
        })
    };
    let listed = chapter.own.iter().position(leads).and_then(|at| {
        let (items, last) = items_of(&chapter.own[at + 1..])?;
        let text = chapter.own[at].plain().to_owned();
        let lead = sentences(text.trim_end().trim_end_matches(':'))
            .pop()?
            .to_owned();
        Some((chapter.own[at].first, lead, items, last))
    });
    let found = match (named, listed) {
        (_, Some(found)) => Some(found),
        (true, None) => {
            let all: Vec<(String, u32)> = below();
            let last = all.last().map(|(_, last)| *last);
            let heading = chapter.heading.map(|h| h.plain().to_owned());
            let names = all.into_iter().map(|(name, _)| name).collect();
            heading
                .zip(last)
                .map(|(heading, last)| (chapter.first, heading, names, last))
        }
        (false, None) => None,
    };
    if let Some((first, lead, items, last)) = found {
        let fits = |item: &String| (1..=6).contains(&item.split_whitespace().count());
        let items: Vec<String> = items.into_iter().filter(fits).collect();
        if items.is_empty() {
            return;
        }
        let more = items.len() > ITEMS;
        let shown = &items[..items.len().min(ITEMS)];
        let said = joined(format!("{lead}: "), shown, more);
        mark(acc, file, (first, last), HOSTS_OFFERED, said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_tell_of_the_system_itself() {
        assert!(moves(
            "the new api is an ongoing effort to migrate the old one.",
            ""
        ));
        assert!(!moves(
            "kubernetes has an ongoing effort to drop docker.",
            "shop"
        ));
        assert!(!moves(
            "while you work, there is an ongoing effort to move.",
            "shop"
        ));
        assert!(is_taken_away(
            "this api is deprecated and will be removed in the future."
        ));
        assert!(is_taken_away(
            "the deprecated export will be removed in version 4."
        ));
        for none in [
            "old files will be removed after a day.",
            "goals of a list, what is deprecated and will be removed, and who keeps it.",
            "the old export, which is deprecated and will be removed in 4.",
            "moves, deprecated and will be removed, what was not tried.",
        ] {
            assert!(!is_taken_away(none), "{none}");
        }
        assert!(!is_untried("it lists what has not been tested by anybody."));
        assert!(!is_single("scale the replicas to 1 before the restore."));
        assert!(!moves("this page is being rewritten.", "shop"));
        assert!(is_single(
            "we suggest to keep replicas set to 1 with sqlite."
        ));
        assert!(!is_single("set replicas to 10 at the peak."));
        assert!(keeps(
            "@ada is the current active maintainer though @eve helps."
        ));
        assert!(!keeps("@ada is the author of the library."));
        assert!(!keeps("Ask who is the maintainer."));
    }
}
