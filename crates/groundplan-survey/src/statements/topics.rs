//! Which topics the pages and sections of a document are on, by their headings and the names of files, so that
//! nobody is asked what a page answers.

use super::chapters::{Page, chapters, sentences};
use super::{below_documents, is_of_others, page_stem, said};
use crate::facts::{Claim, FileFacts, Mark};
use crate::markdown::{Block, Kind, Markup, blocks, front_title};
use crate::source::SourceFile;
use groundplan_knowledge::{On, PageTopic, page_topics_of, page_topics_of_file};
use groundplan_model::{PAGE_ON, SECTION_ON, Topic};

/// Characters of a sentence that is quoted.
const LONGEST: usize = 220;

/// How many topics of one page are kept.
const MOST: usize = 24;

/// Adds a mark for each topic that the page or a section of it is on.
pub(crate) fn add(acc: &mut FileFacts, file: &SourceFile<'_>) {
    let Some(depth) = depth(file.path) else {
        return;
    };
    let stem = page_stem(file.path).trim_start_matches('.');
    let by_name = page_topics_of_file(stem);
    if !is_text(file.path) {
        for topic in by_name {
            mark(acc, file, (1, 1), (PAGE_ON, topic), (file.name(), ""));
        }
        return;
    }
    let markup = Markup::of(file.path);
    let front = front_title(file.text);
    let titled = |title: &str| !page_topics_of(title, On::Page).is_empty();
    let in_front = front.as_ref().is_some_and(|(title, ..)| titled(title));
    if by_name.is_empty() && !in_front && markup == Markup::Markdown && !has_heading(file.text) {
        return;
    }
    let all = blocks(file.text, markup);
    let mut title = front.map(|(title, first, last)| (title, (first, last)));
    let heading = all.iter().find(|b| b.kind == Kind::Heading(1));
    let heading = heading.map(|b| (b.plain().to_owned(), (b.first, b.last)));
    title = title
        .or(heading)
        .filter(|(title, _)| !title.trim().is_empty());
    let (name, lines) = match &title {
        Some((title, lines)) => (title.trim(), *lines),
        None => (stem, (1, 1)),
    };
    let mut of_page = by_name;
    of_page.retain(|topic| !topic.is_other(name));
    let readme = Page::of(file.path) == Some(Page::Readme);
    let on = if readme { On::Readme } else { On::Section };
    for topic in page_topics_of(name, On::Page) {
        if !of_page.contains(&topic) {
            of_page.push(topic);
        }
    }
    let asks = |topic: &&'static PageTopic| !topic.with.is_empty();
    if of_page.iter().any(asks) {
        let whole = file.text.to_lowercase();
        of_page.retain(|topic| topic.is_said_in(std::iter::once(whole.as_str())));
    }
    // What the README of the whole is called says nothing of its topics.
    if !readme && !of_page.is_empty() {
        let sentence = telling(&all);
        for topic in &of_page {
            mark(acc, file, lines, (PAGE_ON, topic), (name, &sentence));
        }
    }
    // Deep in a tree sections speak of parts.
    if depth > 2 {
        return;
    }
    for chapter in chapters(&all) {
        let Some(heading) = chapter.heading else {
            continue;
        };
        // What has no text below is a word in a list.
        if chapter.whole.is_empty() {
            continue;
        }
        let text = heading.plain().to_owned();
        let text = text.split(" {").next().unwrap_or(&text).trim();
        for topic in page_topics_of(text, on) {
            let said = || {
                let texts = chapter.whole.iter().map(|block| &block.text);
                let texts: Vec<String> = texts.map(|text| text.to_lowercase()).collect();
                let heading = chapter.bare.as_str();
                topic.is_said_in(texts.iter().map(String::as_str).chain([heading]))
            };
            if !of_page.contains(&topic) && (topic.with.is_empty() || said()) {
                let lines = (heading.first, heading.last);
                mark(
                    acc,
                    file,
                    lines,
                    (SECTION_ON, topic),
                    (text, &telling(chapter.own)),
                );
            }
        }
    }
}

/// The id of the topic that a mark says a page or section is on.
pub(crate) fn topic_of(mark: &Mark) -> Option<&str> {
    if mark.topic != Topic::Stated {
        return None;
    }
    let name = mark.name.as_str();
    name.strip_prefix(PAGE_ON)
        .or_else(|| name.strip_prefix(SECTION_ON))
}

fn mark(
    acc: &mut FileFacts,
    file: &SourceFile<'_>,
    lines: (u32, u32),
    (kind, topic): (&str, &PageTopic),
    (heading, sentence): (&str, &str),
) {
    let name = format!("{kind}{}", topic.id);
    let marks = acc.facts.iter().filter_map(|fact| match &fact.claim {
        Claim::Mark(mark) => topic_of(mark).map(|_| &mark.name),
        _ => None,
    });
    let known: Vec<&String> = marks.collect();
    if known.len() >= MOST || known.contains(&&name) {
        return;
    }
    let detail = said::without_addresses(&format!("{heading}\n{sentence}"));
    let mark = Mark {
        topic: Topic::Stated,
        name,
        detail: Some(detail),
    };
    acc.add(file, lines.0, lines.1, Claim::Mark(mark));
}

/// How deep below its folder of documents a page lies that speaks of the system; `None` for other files.
fn depth(path: &str) -> Option<usize> {
    // What is not about this system as it is run, or stands in another language.
    const APART: [&str; 23] = [
        "adapters",
        "apps",
        "blog",
        "cli",
        "clients",
        "connectors",
        "cookbook",
        "integration",
        "integrations",
        "mobile",
        "news",
        "notifications",
        "packages",
        "plugin",
        "plugins",
        "providers",
        "recipes",
        "sdk",
        "sdks",
        "third-party",
        "tutorial",
        "tutorials",
        "use-cases",
    ];
    const LANGUAGES: [&str; 30] = [
        "ar", "bg", "ca", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id",
        "it", "ja", "ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
    ];
    const SITES: [&str; 8] = [
        "handbook", "help", "manual", "site", "web-docs", "website", "wiki", "www",
    ];
    if is_of_others(path) {
        return None;
    }
    let lower = path.to_ascii_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split('.').next().unwrap_or(name);
    let of_else = [
        "agents",
        "change",
        "claude",
        "code_of_conduct",
        "code-of-conduct",
        "copilot",
        "gemini",
        "history",
        "licen",
        "news",
        "pull_request",
        "pull-request",
        "release-notes",
        "release_notes",
        "security-insights",
        "thanks",
        "todo",
    ];
    if of_else.iter().any(|begin| stem.starts_with(begin)) {
        return None;
    }
    let language = |part: &str| {
        let code = part.split(['-', '_']).next().unwrap_or(part);
        // `zh-hans` is named by its script.
        LANGUAGES.contains(&code) && (code == "zh" || matches!(part.len(), 2 | 5))
    };
    let parts: Vec<&str> = folders.split('/').filter(|part| !part.is_empty()).collect();
    let below = below_documents(path);
    let within = match below {
        // The package of a site is where it lies.
        Some(depth) => parts
            .get(parts.len().saturating_sub(depth)..)
            .unwrap_or_default(),
        None => parts.as_slice(),
    };
    if within
        .iter()
        .any(|part| APART.contains(part) || language(part))
    {
        return None;
    }
    let translated = name.split('.').nth(1).is_some_and(language) && name.matches('.').count() > 1;
    if translated {
        return None;
    }
    let of_site = || {
        parts
            .first()
            .filter(|first| SITES.contains(first))
            .map(|_| parts.len())
    };
    // Folders that only the generator of a site asks for.
    let technical = ["content", "current", "en", "latest", "pages", "src"];
    let passed = within
        .iter()
        .filter(|part| technical.contains(part))
        .count();
    match (below, folders) {
        (Some(depth), _) => Some(depth.saturating_sub(passed)),
        (None, "" | ".github") => Some(0),
        _ => of_site(),
    }
    .filter(|depth| *depth <= 4)
}

/// Whether a file is written in one of the markups, by its ending.
fn is_text(path: &str) -> bool {
    let end = path.rsplit_once('.').map_or("", |(_, end)| end);
    ["md", "mdx", "markdown", "rst", "adoc"]
        .iter()
        .any(|e| e.eq_ignore_ascii_case(end))
}

/// Whether a line looks like a heading that is on a topic: most pages have none and need not be parsed.
fn has_heading(text: &str) -> bool {
    let on = |line: &str| !page_topics_of(line.trim_matches(['#', ' ']), On::Page).is_empty();
    let mut before = "";
    for line in text.lines() {
        let underlined = line.starts_with("===") || line.starts_with("---");
        if line.starts_with('#') && on(line) || underlined && on(before) {
            return true;
        }
        before = line;
    }
    false
}

/// The first sentence of the first paragraph, where it can be quoted; else nothing.
fn telling(blocks: &[Block]) -> String {
    let own = |text: &String| {
        // What a page of MDX is drawn with stands before its words.
        let imports = ["import ", "export "];
        !imports.iter().any(|begin| text.starts_with(begin))
    };
    let paragraphs = blocks.iter().take(12);
    let mut paragraphs = paragraphs.filter(|b| b.kind == Kind::Paragraph);
    let found = paragraphs.find_map(|b| Some(b.plain().trim().to_owned()).filter(own));
    let found = found.unwrap_or_default();
    let first = sentences(&found).first().copied().unwrap_or_default();
    let sound = first.ends_with('.')
        && first.starts_with(|c: char| c.is_uppercase() || c == '`')
        && !first.contains("http")
        && first.chars().count() <= LONGEST
        && first.split_whitespace().count() > 3
        && !first.contains(['<', '>', '{', '}', '|', '\\', '[', '“', '”']);
    match sound {
        true => first.to_owned(),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_system_have_a_depth() {
        for (path, found) in [
            ("README.md", Some(0)),
            ("RELEASE_PROCESS.md", Some(0)),
            ("docs/backup.md", Some(1)),
            ("docs/guides/backup.mdx", Some(2)),
            ("apps/docs/content/docs/hosting/backup.md", Some(2)),
            ("wiki/Backup.md", Some(1)),
            ("doc/content/admin/backup.md", Some(2)),
            ("docs/src/content/backup.md", Some(1)),
            ("CHANGELOG.md", None),
            ("docs/de/backup.md", None),
            ("docs/backup.de.md", None),
            ("docs/integrations/backup.md", None),
            ("docs/zh-cn/backup.md", None),
            ("docs/zh-Hans/backup.md", None),
            ("web/README.md", None),
            ("packages/docs/backup.md", Some(1)),
        ] {
            assert_eq!(depth(path), found, "{path}");
        }
    }
}
