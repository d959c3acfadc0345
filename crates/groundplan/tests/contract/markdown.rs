//! Sections of a Markdown document, and what counts in their texts.

use regex::Regex;
use std::sync::LazyLock;

/// A pattern that is made once.
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// A section: its heading, what stands below it, and its parts.
pub(crate) struct Section {
    level: usize,
    title: String,
    /// The heading without numbers, marks and capitals.
    pub(crate) key: String,
    text: String,
    pub(crate) parts: Vec<Section>,
}

/// Words without marks, links, numbers of headings and capitals.
pub(crate) fn norm(text: impl AsRef<str>) -> String {
    static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[([^\]]*)\]\([^)]*\)"));
    static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[^>]+>"));
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*\d+(?:\.\d+)*[.)]?\s+"));
    let plain: String = text
        .as_ref()
        .chars()
        .filter(|c| !matches!(c, '`' | '*'))
        .collect();
    let plain = LINK.replace_all(&plain, "$1");
    let plain = TAG.replace_all(&plain, " ");
    let plain = NUMBER.replace(plain.trim(), "").to_lowercase();
    let parts = plain.split(|c: char| !c.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The words that tell headings and labels apart.
pub(crate) fn words(key: &str) -> Vec<&str> {
    let small = ["and", "the", "of", "a", "or"];
    key.split_whitespace()
        .filter(|word| !small.contains(word))
        .collect()
}

/// Whether two headings are the same.
pub(crate) fn same(key: &str, wanted: &str) -> bool {
    key == wanted || words(key) == words(wanted)
}

/// The sections of a document; fenced text stays in them and has no headings.
pub(crate) fn sections(markdown: &str) -> Vec<Section> {
    let mut flat: Vec<Section> = Vec::new();
    let mut fence: Option<String> = None;
    for line in markdown.lines() {
        let bare = line.trim_start();
        let run: String = bare
            .chars()
            .take_while(|c| bare.starts_with(*c) && matches!(c, '`' | '~'))
            .collect();
        let is_fence = run.len() > 2;
        if is_fence {
            let closes = |open: &String| {
                run.len() >= open.len() && run.starts_with(&open[..1]) && bare.trim() == run
            };
            fence = match fence {
                None => Some(run),
                Some(open) if closes(&open) => None,
                open => open,
            };
        }
        let level = line.bytes().take_while(|b| *b == b'#').count();
        let title = line
            .get(level..)
            .filter(|rest| rest.starts_with(' '))
            .map(str::trim);
        match title.filter(|_| (1..7).contains(&level) && fence.is_none() && !is_fence) {
            Some(title) => flat.push(Section {
                level,
                title: title.to_owned(),
                key: norm(title),
                text: String::new(),
                parts: Vec::new(),
            }),
            None => {
                if let Some(last) = flat.last_mut() {
                    last.text.push_str(line);
                    last.text.push('\n');
                }
            }
        }
    }
    nested(&mut flat.into_iter().peekable(), 0)
}

fn nested(
    flat: &mut std::iter::Peekable<std::vec::IntoIter<Section>>,
    above: usize,
) -> Vec<Section> {
    let mut all = Vec::new();
    while let Some(mut section) = flat.next_if(|next| next.level > above) {
        section.parts = nested(flat, section.level);
        all.push(section);
    }
    all
}

/// Whether a text begins with an absence: `No X …`, `None …`, `Not …`.
pub(crate) fn is_absence(text: &str) -> bool {
    static ABSENT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:^|[.:>*\s])(?:no|none|not)\b"));
    ABSENT.is_match(text)
}

/// Whether a text says why something is not there.
pub(crate) fn is_reasoned(text: &str) -> bool {
    static REASON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)searched|would change|reconsider|because|since|above about|below|instead|not needed|not used|found in|was found|suffic|enough|at \d",
        )
    });
    REASON.is_match(text)
}

/// Whether a text names an open question.
pub(crate) fn asks(text: &str) -> bool {
    static ASKED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bOQ-\d+"));
    ASKED.is_match(text)
}

/// The first characters of a text.
pub(crate) fn begin(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(at, _)| &text[..at])
}

fn is_row(line: &str) -> bool {
    line.trim_start().starts_with('|')
}

/// Whether a line of a table only parts its head from its rows.
pub(crate) fn is_rule(line: &str) -> bool {
    line.chars()
        .all(|c| c.is_whitespace() || matches!(c, '|' | ':' | '-'))
}

/// The cells of all tables of a text.
pub(crate) fn cells(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| is_row(line))
        .flat_map(|line| line.trim().trim_matches('|').split('|'))
}

/// Rows of tables, without a head, and items of lists.
pub(crate) fn counts(text: &str) -> (usize, usize) {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:[-*]|\d+\.)\s+\S"));
    let rows = text
        .lines()
        .filter(|line| is_row(line) && !is_rule(line))
        .count();
    let items = text.lines().filter(|line| ITEM.is_match(line)).count();
    (rows.saturating_sub(1), items)
}

impl Section {
    /// Its text with that of its parts and their headings.
    pub(crate) fn whole(&self) -> String {
        let mut all = self.text.clone();
        for part in &self.parts {
            let mark = "#".repeat(part.level);
            all.extend([mark.as_str(), " ", &part.title, "\n", &part.whole()]);
        }
        all
    }

    /// Whether its own text is an absence with its reason or an open question, and little else: that
    /// stands for all below it.
    pub(crate) fn is_excused(&self) -> bool {
        const MOST: usize = 70;
        let text = self.text.trim();
        let reasoned = is_reasoned(text);
        let stands = is_absence(begin(text, 60)) && reasoned || asks(text);
        !text.is_empty() && words(&norm(text)).len() < MOST && stands
    }

    /// Whether its text says how many more there are: `12 more`.
    pub(crate) fn counts_more(&self) -> bool {
        static MORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d+ more\b"));
        MORE.is_match(&self.text)
    }
}
