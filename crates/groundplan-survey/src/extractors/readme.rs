//! READMEs.

pub(super) mod words;

use crate::extractor::{Extractor, Reads};
use crate::facts::{Claim, FileFacts, Placed, Readme};
use crate::markdown::{Block, Kind, Markup, blocks, is_link_only, is_ticked, links, plain};
use crate::source::SourceFile;
use crate::statements::sentences_of;
use words::{Section, section_of};

pub(super) static EXTRACTOR: Extractor = Extractor {
    name: "readme",
    docs: "\
### What it finds
Of a README in Markdown, reStructuredText or AsciiDoc: the title, the first paragraph of prose as
purpose, features, limitations, goals and non-goals from lists under such headings, named parts with
their descriptions from tables and lists of services or modules, headings and links; under headings such as
notice or status the sentences that call it unfinished, as limitations.

### What it does not find
Badges, images, code, notices, navigation. Lists under other headings than those of the table.
",
    reads: &[Reads::Paths(&[
        "README",
        "README.md",
        "README.markdown",
        "README.mdx",
        "README.rst",
        "README.adoc",
        "README.asciidoc",
        "README.txt",
    ])],
    markers: &[],
    run: extract,
};

/// No README is longer in earnest; what comes after is left out.
const MAX_BLOCKS: usize = 5_000;
const MAX_LINKS: usize = 300;
/// A title further down is the title of a chapter.
const MAX_TITLE_LINE: u32 = 40;

/// Warnings of one file that are kept.
const MAX_WARNINGS: usize = 2;

fn extract(acc: &mut FileFacts, file: &SourceFile<'_>) {
    if file.path.split('/').any(|part| part == "node_modules") {
        return;
    }
    let mut blocks = blocks(file.text, Markup::of(file.path));
    blocks.truncate(MAX_BLOCKS);
    crate::statements::add(acc, file, &blocks);
    crate::statements::add_people(acc, file, &blocks);
    crate::statements::style::add(acc, file, &blocks);
    crate::statements::status::add(acc, file, &blocks);
    crate::statements::said::add(acc, file, &blocks);
    crate::statements::documented::add(acc, file);
    let mut readme = Readme::default();
    let mut open: Option<(u8, Section)> = None;
    let mut table: Option<(usize, usize)> = None;
    // Whether features are told by paragraphs, each with a list of its details below it.
    let mut led = false;
    // Whether the list that is read is led to as one of the parts.
    let mut listed = false;
    // The columns before the first item below a heading: some indent whole lists.
    let mut margin: Option<usize> = None;
    for block in &blocks {
        let place = |text: String| Placed {
            value: text,
            at: file.evidence(block.first, block.last),
        };
        match &block.kind {
            Kind::Heading(level) => {
                (led, listed, margin) = (false, false, None);
                let text = block.plain().to_owned();
                if text.is_empty() {
                    continue;
                }
                if open.as_ref().is_some_and(|(above, _)| level <= above) {
                    open = None;
                }
                let section = section_of(&text);
                if section != Section::Other {
                    open = Some((*level, section));
                }
                readme.headings.push((*level, place(text)));
            }
            Kind::Row { cells, header } => {
                if *header {
                    table = words::part_columns(cells);
                } else if let Some(columns) = table {
                    let (name, text) = words::cells_of(cells, columns);
                    if words::is_part_name(&name) && text.chars().count() > 2 {
                        readme.parts.push((name, place(text)));
                    }
                }
            }
            Kind::Item(indent) => {
                let in_parts = matches!(open, Some((_, Section::Parts)));
                if let Some((name, text)) = words::part_of_item(&block.text, in_parts) {
                    readme.parts.push((name, place(text)));
                } else if in_parts || listed {
                    let told = words::part_of_link(&block.text)
                        .or_else(|| words::part_of_sentence(&block.text).filter(|_| listed));
                    readme
                        .parts
                        .extend(told.map(|(name, text)| (name, place(text))));
                }
                if *indent < 2 + *margin.get_or_insert(*indent)
                    && !led
                    && let Some((_, section)) = &open
                {
                    let text = plain(&words::without_break(&block.text));
                    // An open box stands before what is not there yet.
                    let open = *section == Section::Features
                        && is_ticked(file.lines().text(block.first)) == Some(false);
                    if open {
                        continue;
                    }
                    if let Some(list) = list_of(&mut readme, section).filter(|_| text.len() > 1) {
                        list.push(place(text));
                    }
                }
            }
            Kind::Paragraph => {
                listed = words::leads_to_parts(&block.text);
                if matches!(open, Some((_, Section::Features))) && leads(&block.text) {
                    led = true;
                    readme.features.push(place(block.plain().to_owned()));
                }
            }
            Kind::Quote => {}
        }
        if matches!(block.kind, Kind::Paragraph | Kind::Quote | Kind::Heading(_))
            && let Some(said) = words::warning(&block.text)
            && readme.warnings.len() < MAX_WARNINGS
        {
            readme.warnings.push(place(said));
        }
        for (label, address) in block_links(block) {
            if readme.links.len() < MAX_LINKS {
                readme.links.push((label, place(address)));
            }
        }
    }
    paragraphs_as_items(&mut readme, file, &blocks);
    readme.title = title(file, &blocks);
    readme.purpose = purpose(file, &blocks);
    if readme.non_goals.is_empty() {
        let said = readme.purpose.iter();
        readme.non_goals = said.flat_map(words::not_intended).take(3).collect();
    }
    if readme == Readme::default() {
        return;
    }
    let (first, last) = match (&readme.title, &readme.purpose) {
        (Some(title), Some(purpose)) => {
            let [first, last] = title.at.lines;
            (
                first.min(purpose.at.lines[0]),
                last.max(purpose.at.lines[1]),
            )
        }
        (Some(one), None) | (None, Some(one)) => (one.at.lines[0], one.at.lines[1]),
        (None, None) => (1, 1),
    };
    acc.add(file, first, last, Claim::Readme(Box::new(readme)));
}

/// Whether a paragraph begins with a name in bold that it explains: `**Fast:** Answers at once.`
fn leads(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '*' && c != '_');
    let named = ["**", "__"].iter().find_map(|mark| {
        let (name, rest) = text.strip_prefix(mark)?.split_once(mark)?;
        let colon = name.trim_end().ends_with(':');
        let parted = rest.trim_start().starts_with([':', '-', '–', '—']);
        let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        Some((colon || parted) && name.len() <= 60 && rest.contains(' '))
    });
    named.unwrap_or(false)
}

fn list_of<'r>(readme: &'r mut Readme, section: &Section) -> Option<&'r mut Vec<Placed<String>>> {
    match section {
        Section::Features => Some(&mut readme.features),
        Section::Limitations => Some(&mut readme.limitations),
        Section::NonGoals => Some(&mut readme.non_goals),
        Section::Goals => Some(&mut readme.goals),
        Section::Parts | Section::About | Section::Other => None,
    }
}

fn block_links(block: &Block) -> Vec<(String, String)> {
    match &block.kind {
        Kind::Row { cells, .. } => cells.iter().flat_map(|cell| links(cell)).collect(),
        _ => links(&block.text),
    }
}

/// A section on limits or goals without a list says it in paragraphs.
fn paragraphs_as_items(readme: &mut Readme, file: &SourceFile<'_>, blocks: &[Block]) {
    let mut open: Option<(u8, Section)> = None;
    let mut found: Vec<(Section, Placed<String>)> = Vec::new();
    for block in blocks {
        match block.kind {
            Kind::Heading(level) => {
                if open.as_ref().is_some_and(|(above, _)| level <= *above) {
                    open = None;
                }
                let section = section_of(block.plain());
                if section != Section::Other {
                    open = Some((level, section));
                }
            }
            Kind::Paragraph => {
                let text = block.plain().to_owned();
                if let Some((_, section)) = &open
                    && matches!(
                        section,
                        Section::Limitations | Section::NonGoals | Section::Goals
                    )
                    && words::is_prose(&text)
                    && !text.ends_with(':')
                {
                    let at = file.evidence(block.first, block.last);
                    found.push((section.clone(), Placed { value: text, at }));
                }
            }
            _ => {}
        }
    }
    for section in [Section::Limitations, Section::NonGoals, Section::Goals] {
        if let Some(list) = list_of(readme, &section).filter(|list| list.is_empty()) {
            let of = found.iter().filter(|(s, _)| *s == section).take(5);
            list.extend(of.map(|(_, item)| item.clone()));
        }
    }
}

/// The first heading that stands before all prose, one of the first level before others; behind
/// prose a heading of the first level alone, where the file has no second one: of several each is
/// a chapter.
fn title(file: &SourceFile<'_>, blocks: &[Block]) -> Option<Placed<String>> {
    let blocks = behind_news(blocks);
    let named = |block: &&Block| {
        let text = block.plain().to_owned();
        let is_heading = matches!(block.kind, Kind::Heading(_)) && !text.is_empty();
        // `Website | Roadmap | Blog` is a bar of links and no name.
        let is_bar = || is_link_only(&block.text) && block_links(block).len() > 1;
        is_heading
            && text.chars().any(char::is_alphanumeric)
            && !is_bar()
            && block.first <= MAX_TITLE_LINE
            && !words::is_generic_heading(&text)
    };
    let is_prose = |b: &Block| !matches!(b.kind, Kind::Heading(_)) && words::is_prose(b.plain());
    let is_first = |b: &&Block| b.kind == Kind::Heading(1);
    let before = || blocks.iter().take_while(|b| !is_prose(b));
    let chapters = blocks.iter().filter(is_first).count();
    let block = before()
        .filter(named)
        .find(is_first)
        .or_else(|| {
            let alone = blocks.iter().filter(named).find(is_first);
            alone.filter(|_| chapters == 1)
        })
        .or_else(|| before().find(named))?;
    let written = block.plain().to_owned();
    let value = words::marked(&written)
        .map(str::to_owned)
        .unwrap_or(written);
    // A slogan is no name, and `What is Acme?` further down says the name.
    if let Some((name, at)) = subject(blocks).filter(|(name, _)| {
        let words = value.split_whitespace().count();
        words > 2 && !value.to_lowercase().contains(&name.to_lowercase())
    }) {
        return Some(Placed {
            value: name,
            at: file.evidence(at.first, at.last),
        });
    }
    Some(Placed {
        value,
        at: file.evidence(block.first, block.last),
    })
}

/// The name in a heading such as `What is Acme?` or `About Acme`: one word or two, in capitals.
fn subject(blocks: &[Block]) -> Option<(String, &Block)> {
    blocks.iter().find_map(|block| {
        if !matches!(block.kind, Kind::Heading(_)) {
            return None;
        }
        let text = block.plain().to_owned();
        let lower = text.to_lowercase();
        let begin = ["what is ", "about "]
            .iter()
            .find(|b| lower.starts_with(**b))?;
        let name = text.get(begin.len()..)?.trim_end_matches(['?', '!', ' ']);
        let mut words = name.split_whitespace().peekable();
        let capital = |w: &str| w.starts_with(char::is_uppercase);
        let sound =
            words.peek().is_some() && words.all(capital) && name.split_whitespace().count() < 3;
        let general = [
            "Us",
            "Me",
            "It",
            "This",
            "The",
            "Project",
            "This Project",
            "The Project",
        ];
        (sound && !general.contains(&name)).then(|| (name.to_owned(), block))
    })
}

/// The blocks behind an announcement with which a README begins.
fn behind_news(blocks: &[Block]) -> &[Block] {
    let is_heading = |b: &Block| matches!(b.kind, Kind::Heading(_));
    let Some(first) = blocks.iter().position(is_heading) else {
        return blocks;
    };
    let heading = plain(&blocks[first].text);
    if !words::is_announcement(&heading) {
        return blocks;
    }
    // `DEPRECATED: Acme` above what Acme is heads the whole page.
    let below = blocks.get(first + 1).filter(|b| b.kind == Kind::Paragraph);
    let says = below.map(|b| b.plain().to_owned()).is_some_and(|text| {
        words::is_prose(&text) && words::is_sentence(&text) && !words::is_notice(&text)
    });
    if blocks[first].kind == Kind::Heading(1) && words::marked(&heading).is_some() && says {
        return blocks;
    }
    // What stands below a notice belongs to it, where the page goes on with a heading as high as that.
    let level = |b: &Block| match b.kind {
        Kind::Heading(level) => Some(level),
        _ => None,
    };
    let of_notice = level(&blocks[first]);
    let high = |b: &Block| level(b).is_some_and(|l| of_notice.is_none_or(|n| l <= n));
    let rest = &blocks[first + 1..];
    let next = (rest.iter().position(high)).or_else(|| rest.iter().position(is_heading));
    next.map_or(blocks, |next| behind_news(&rest[next..]))
}

/// The first paragraph of prose before the second heading, else the first one under a heading such
/// as "About"; if there is none, a tagline in a quote below the title.
fn purpose(file: &SourceFile<'_>, blocks: &[Block]) -> Option<Placed<String>> {
    let blocks = behind_news(blocks);
    let mut preamble: Vec<&Block> = Vec::new();
    let mut about: Vec<&Block> = Vec::new();
    let mut headings = 0;
    let mut in_about = false;
    for block in blocks {
        match block.kind {
            Kind::Heading(level) => {
                let text = block.plain().to_owned();
                // A bar of links is no chapter, and neither is a slogan right below the title.
                let slogan = headings == 1
                    && preamble.is_empty()
                    && level > 1
                    && section_of(&text) == Section::Other
                    && text.split_whitespace().count() > 2;
                let signed = ["created by ", "made by ", "by "]
                    .iter()
                    .any(|by| text.to_lowercase().starts_with(by));
                let chapter =
                    (!text.is_empty() || level > 1) && !is_link_only(&block.text) && !signed;
                headings += u32::from(chapter && !slogan);
                // `Acme is the parcel service` heads what Acme is.
                let asks = ["how", "it", "this", "there", "what", "when", "where", "why"];
                let word = text.split(' ').next().unwrap_or_default().to_lowercase();
                let says = !text.ends_with('?')
                    && !asks.contains(&word.as_str())
                    && [" is a ", " is an ", " is the "]
                        .iter()
                        .any(|is| text.contains(is));
                in_about = says || section_of(&text) == Section::About;
            }
            // A heading above an introduction that is no title.
            _ if headings < 2 => preamble.push(block),
            _ if in_about => about.push(block),
            _ => {}
        }
    }
    // What a generator left tells of its framework.
    let starter = blocks
        .iter()
        .any(|block| words::is_of_skeleton(block.plain()));
    let prose = |blocks: &[&Block], strict: bool| {
        blocks.iter().find_map(|block| {
            let text = words::without_questions(words::without_lead(block.plain().to_owned()));
            let left = words::is_of_skeleton(&text) || starter && words::is_of_framework(&text);
            let good = block.kind == Kind::Paragraph
                && words::is_prose(&text)
                && !words::is_notice(&text)
                && !words::goes_on(&text)
                && !(sentences_of(&text).first()).is_some_and(|first| first.ends_with('?'))
                && !left
                && !words::is_instruction(&text)
                && !is_link_only(&block.text)
                && !(strict
                    && (words::is_advertisement(&block.text) || !words::is_sentence(&text)));
            good.then_some((text, (block.first, block.last)))
        })
    };
    let quote = || {
        preamble.iter().find_map(|block| {
            let text = block.plain().to_owned();
            let good = block.kind == Kind::Quote
                && words::is_prose(&text)
                && !words::is_notice(&text)
                && !words::is_instruction(&text)
                && !block.text.starts_with("[!");
            good.then_some((text, (block.first, block.last)))
        })
    };
    // What says `Acme is a …` says what it is for, and what else stands at the top may be news.
    let title = title(file, blocks).map(|title| title.value);
    let defining = |found: &(String, (u32, u32))| {
        title
            .as_deref()
            .is_some_and(|title| words::defines(&found.0, title))
    };
    let first = prose(&preamble, true);
    let defined = || prose(&about, true).filter(defining);
    let first = match first {
        Some(found) if !defining(&found) && !words::names_kind(&found.0) => {
            defined().or(Some(found))
        }
        found => found,
    };
    let (text, (first, last)) = first
        .or_else(|| prose(&about, true))
        .or_else(|| prose(&preamble, false))
        .or_else(quote)?;
    // What it is written with is not what it is for, and what stands further down is not about that.
    if words::is_of_code(&text) {
        return None;
    }
    Some(Placed {
        value: words::saying(&text).to_owned(),
        at: file.evidence(first, last),
    })
}
