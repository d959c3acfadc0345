//! A line scanner for Markdown, reStructuredText and AsciiDoc: headings, paragraphs, items, rows.
//!
//! It knows as much of these languages as is needed to quote them; emphasis, links and images are
//! taken out by [`plain`].

mod html;
mod inline;

pub(crate) use html::page;
pub(crate) use inline::{is_link_only, links, plain};

/// Which language a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    Markdown,
    Rst,
    AsciiDoc,
}

impl Markup {
    /// Judged by the ending of the path.
    pub(crate) fn of(path: &str) -> Self {
        let lower = path.to_ascii_lowercase();
        if lower.ends_with(".rst") {
            Markup::Rst
        } else if lower.ends_with(".adoc") || lower.ends_with(".asciidoc") {
            Markup::AsciiDoc
        } else {
            Markup::Markdown
        }
    }
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading(u8),
    Paragraph,
    Quote,
    /// An item of a list with the columns before its mark.
    Item(usize),
    /// A row of a table; the text of the block is empty.
    Row {
        cells: Vec<String>,
        header: bool,
    },
}

/// A block with its markup and its lines.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: Kind,
    /// Lines joined by blanks, markup kept.
    pub(crate) text: String,
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// What [`Block::plain`] has made once.
    plain: std::cell::OnceCell<String>,
}

impl Block {
    /// A block with its markup.
    pub(crate) fn new(kind: Kind, text: String, first: u32, last: u32) -> Block {
        Block {
            kind,
            text,
            first,
            last,
            plain: std::cell::OnceCell::new(),
        }
    }

    /// Its plain words, made once: many questions are asked of the same block.
    pub(crate) fn plain(&self) -> &str {
        self.plain.get_or_init(|| plain(&self.text))
    }
}

/// The blocks of a text. Code, comments, rules and front matter are left out.
pub(crate) fn blocks(text: &str, markup: Markup) -> Vec<Block> {
    let mut scanner = Scanner {
        lines: text.lines().collect(),
        markup,
        at: 0,
        open: None,
        found: Vec::new(),
        rst_marks: Vec::new(),
    };
    scanner.at = front_matter_end(text);
    scanner.run();
    scanner.found
}

/// Number of lines of the front matter between `---`, marks included; 0 if there is none.
pub(crate) fn front_matter_end(text: &str) -> usize {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    if lines.next().map(str::trim_end) != Some("---") {
        return 0;
    }
    let end = lines.take(200).position(|line| line.trim_end() == "---");
    end.map_or(0, |end| end + 2)
}

struct Scanner<'t> {
    lines: Vec<&'t str>,
    markup: Markup,
    at: usize,
    open: Option<Block>,
    found: Vec<Block>,
    /// Underlines of reStructuredText in the order in which they came: that makes their level.
    rst_marks: Vec<(u8, bool)>,
}

impl<'t> Scanner<'t> {
    fn line(&self, ahead: usize) -> &'t str {
        self.lines.get(self.at + ahead).copied().unwrap_or("")
    }

    fn number(&self) -> u32 {
        self.at as u32 + 1
    }

    fn close(&mut self) {
        if let Some(block) = self.open.take().filter(|b| !b.text.is_empty()) {
            self.found.push(block);
        }
    }

    fn start(&mut self, kind: Kind, text: &str) {
        self.close();
        let number = self.number();
        self.open = Some(Block::new(kind, text.trim().to_owned(), number, number));
    }

    fn heading(&mut self, level: u8, text: &str, lines: usize) {
        self.start(Kind::Heading(level), text);
        if let Some(block) = &mut self.open {
            block.last += lines as u32 - 1;
        }
        self.close();
        self.at += lines;
    }

    /// Adds a line to the open block, or begins a paragraph.
    fn go_on(&mut self, text: &str) {
        let number = self.number();
        match &mut self.open {
            Some(block) => {
                // A sentence that is wrapped goes on with a small letter.
                let broken = ["<br>", "<br/>", "<br />", "\\"];
                let begins = text.starts_with(|c: char| c.is_uppercase())
                    || broken.iter().any(|mark| block.text.ends_with(mark))
                        && text.starts_with(char::is_alphanumeric);
                let head = bold_head(&block.text).filter(|_| begins);
                if let Some(head) = head {
                    block.text.truncate(head);
                    block.text.push(':');
                }
                block.text.push(' ');
                block.text.push_str(text.trim());
                block.last = number;
            }
            None => self.start(Kind::Paragraph, text),
        }
        self.at += 1;
    }

    fn run(&mut self) {
        while self.at < self.lines.len() {
            let line = self.line(0);
            let trimmed = line.trim();
            if trimmed.is_empty() {
                self.close();
                self.at += 1;
                continue;
            }
            let special = match self.markup {
                Markup::Markdown => self.markdown(line, trimmed),
                Markup::Rst => self.rst(line, trimmed),
                Markup::AsciiDoc => self.asciidoc(line, trimmed),
            };
            if special || self.item(line, trimmed) {
                continue;
            }
            self.go_on(trimmed);
        }
        self.close();
    }

    fn markdown(&mut self, line: &str, trimmed: &str) -> bool {
        let indent = line.len() - line.trim_start().len();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            self.fence(&trimmed[..3]);
        } else if trimmed.starts_with("<!--") {
            self.close();
            self.skip_until("-->");
        } else if indent < 4
            && ["!!! ", "??? ", "???+ "]
                .iter()
                .any(|m| trimmed.starts_with(m))
        {
            self.admonition();
        } else if let Some((level, text)) = atx(trimmed).filter(|_| indent < 4) {
            self.heading(level, text, 1);
        } else if self.is_underline(trimmed) {
            self.underlined(trimmed);
        } else if is_rule(trimmed) {
            self.close();
            self.at += 1;
        } else if trimmed.contains('|') && is_delimiter_row(self.line(1)) {
            self.table();
        } else if trimmed.starts_with('>') {
            self.quote();
        } else if let Some(title) = folded(trimmed) {
            self.heading(6, title, 1);
        } else if trimmed.starts_with("</Accordion") {
            self.close();
            self.at += 1;
        } else if html::starts_block(trimmed) {
            self.html();
        } else if indent >= 4 && self.open.is_none() && !self.after_item() && !is_item(trimmed) {
            self.at += 1;
        } else if trimmed.starts_with('[') && trimmed.contains("]: ") {
            self.close();
            self.at += 1;
        } else {
            return false;
        }
        true
    }

    fn after_item(&self) -> bool {
        matches!(self.found.last(), Some(block) if matches!(block.kind, Kind::Item(_)))
    }

    fn fence(&mut self, mark: &str) {
        self.close();
        self.at += 1;
        while self.at < self.lines.len() && !self.line(0).trim_start().starts_with(mark) {
            self.at += 1;
        }
        self.at += 1;
    }

    /// Takes the indentation from the text of an admonition, `!!! note "Title"`, which is no code
    /// (<https://python-markdown.github.io/extensions/admonition/>).
    fn admonition(&mut self) {
        self.close();
        self.at += 1;
        for line in self.lines.iter_mut().skip(self.at) {
            match line.strip_prefix("    ") {
                Some(rest) => *line = rest,
                None if line.trim().is_empty() => {}
                None => break,
            }
        }
    }

    fn skip_until(&mut self, mark: &str) {
        while self.at < self.lines.len() && !self.line(0).contains(mark) {
            self.at += 1;
        }
        self.at += 1;
    }

    /// Whether this line underlines the open paragraph.
    fn is_underline(&self, trimmed: &str) -> bool {
        let same = |mark: char| trimmed.len() > 1 && trimmed.chars().all(|c| c == mark);
        (same('=') || same('-'))
            && matches!(&self.open, Some(block) if block.kind == Kind::Paragraph)
    }

    fn underlined(&mut self, trimmed: &str) {
        if let Some(block) = &mut self.open {
            block.kind = Kind::Heading(if trimmed.starts_with('=') { 1 } else { 2 });
        }
        self.close();
        self.at += 1;
    }

    fn table(&mut self) {
        self.close();
        let mut header = true;
        while self.at < self.lines.len() {
            let line = self.line(0).trim();
            if !line.contains('|') {
                break;
            }
            let number = self.number();
            if !is_delimiter_row(line) {
                let cells = cells(line);
                let row = Kind::Row { cells, header };
                self.found
                    .push(Block::new(row, String::new(), number, number));
                header = false;
            }
            self.at += 1;
        }
    }

    fn quote(&mut self) {
        let bare = |line: &'t str| line.trim().trim_start_matches(['>', ' ']).trim();
        let text = bare(self.line(0));
        let text = atx(text).map_or(text, |(_, text)| text);
        self.start(Kind::Quote, text);
        self.at += 1;
        while self.line(0).trim_start().starts_with('>') {
            let text = bare(self.line(0));
            self.go_on(text);
        }
        self.close();
    }

    /// An HTML block goes on to the next empty line.
    fn html(&mut self) {
        self.close();
        let from = self.at;
        while self.at < self.lines.len() && !self.line(0).trim().is_empty() {
            self.at += 1;
        }
        let lines = &self.lines[from..self.at];
        self.found.extend(html::blocks(lines, from as u32 + 1));
    }

    fn item(&mut self, line: &str, trimmed: &str) -> bool {
        let Some(text) = item_text(trimmed) else {
            return false;
        };
        // A paragraph that happens to begin a line with `*` or `1.` goes on.
        let indent = line.len() - line.trim_start().len();
        self.start(Kind::Item(indent), text);
        self.at += 1;
        true
    }

    fn rst(&mut self, line: &str, trimmed: &str) -> bool {
        let over = is_rst_line(trimmed);
        let next = self.line(1).trim();
        if over && is_rst_line(self.line(2).trim()) && !next.is_empty() && self.open.is_none() {
            let level = self.rst_level(trimmed.as_bytes()[0], true);
            self.at += 1;
            let title = self.line(0).to_owned();
            self.heading(level, &title, 2);
        } else if self.open.is_none()
            && is_rst_line(next)
            && !over
            && next.chars().count() + 1 >= trimmed.chars().count().min(next.len() + 1)
            && !line.starts_with(' ')
        {
            let level = self.rst_level(next.as_bytes()[0], false);
            let title = trimmed.to_owned();
            self.heading(level, &title, 2);
        } else if trimmed.starts_with(".. ") || trimmed == ".." {
            self.directive();
        } else if trimmed.starts_with('|')
            || over
            || (line.starts_with([' ', '\t']) && self.open.is_none())
        {
            self.at += 1;
        } else if trimmed.starts_with(':') && trimmed[1..].contains(": ") {
            self.close();
            self.at += 1;
        } else {
            return false;
        }
        true
    }

    fn rst_level(&mut self, mark: u8, over: bool) -> u8 {
        let known = self.rst_marks.iter().position(|m| *m == (mark, over));
        let level = known.unwrap_or_else(|| {
            self.rst_marks.push((mark, over));
            self.rst_marks.len() - 1
        });
        (level + 1).min(6) as u8
    }

    /// A directive with its indented body.
    fn directive(&mut self) {
        self.close();
        self.at += 1;
        while self.at < self.lines.len() {
            let line = self.line(0);
            if !line.trim().is_empty() && !line.starts_with([' ', '\t']) {
                break;
            }
            self.at += 1;
        }
    }

    fn asciidoc(&mut self, line: &str, trimmed: &str) -> bool {
        if matches!(trimmed, "----" | "...." | "====" | "____" | "****" | "++++") {
            let mark = trimmed.to_owned();
            self.fence(&mark);
        } else if trimmed.starts_with("|===") {
            self.close();
            self.at += 1;
            self.skip_until("|===");
        } else if trimmed.starts_with("```") {
            self.fence("```");
        } else if let Some(level) = heading_marks(line, '=') {
            self.heading(level, &line[level as usize..], 1);
        } else if let Some((level, text)) = atx(line) {
            self.heading(level, text, 1);
        } else if trimmed.starts_with(':')
            || trimmed.starts_with("//")
            || trimmed.starts_with("image::")
            || trimmed.starts_with("toc::")
            || trimmed.starts_with("include::")
            || (trimmed.starts_with('[') && trimmed.ends_with(']'))
        {
            self.close();
            self.at += 1;
        } else if trimmed.starts_with("** ") || trimmed.starts_with(". ") {
            self.start(Kind::Item(0), trimmed.trim_start_matches(['*', '.', ' ']));
            self.at += 1;
        } else {
            return false;
        }
        true
    }
}

/// Where a line ends that is all in bold, as the head of what the next line says of it; without
/// the marks of a break. `None` where it ends like a sentence or in a colon.
fn bold_head(line: &str) -> Option<usize> {
    let bare = ["<br>", "<br/>", "<br />", "\\"]
        .iter()
        .find_map(|mark| line.strip_suffix(mark))
        .unwrap_or(line)
        .trim_end();
    let inner = ["**", "__"]
        .iter()
        .find_map(|mark| bare.strip_prefix(mark)?.strip_suffix(mark))?;
    let ended = inner.trim_end().ends_with([':', '.', '!', '?', ',', ';']);
    let whole = !inner.contains("**") && !inner.contains("__");
    (whole && !ended && !inner.is_empty()).then_some(bare.len())
}

/// Level of a heading that begins with one to six marks and a blank.
fn heading_marks(line: &str, mark: char) -> Option<u8> {
    let count = line.chars().take_while(|c| *c == mark).count();
    let blank = line[count * mark.len_utf8()..].starts_with([' ', '\t']);
    ((1..=6).contains(&count) && blank).then_some(count as u8)
}

fn atx(line: &str) -> Option<(u8, &str)> {
    let level = heading_marks(line, '#')?;
    let text = line[level as usize..].trim();
    let bare = text.trim_end_matches('#');
    let text = if bare.ends_with(' ') || bare.is_empty() {
        bare.trim()
    } else {
        text
    };
    Some((level, text))
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| *c != ' ');
    let first = marks.next().filter(|c| "-*_=".contains(*c));
    first.is_some_and(|mark| marks.clone().all(|c| c == mark) && marks.count() >= 2)
}

fn is_rst_line(line: &str) -> bool {
    let Some(mark) = line.chars().next().filter(char::is_ascii_punctuation) else {
        return false;
    };
    line.len() >= 3 && line.chars().all(|c| c == mark)
}

fn is_delimiter_row(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.chars().all(|c| "|-: \t".contains(c))
}

/// The cells of a row; `\|` and bars inside code stay.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let mut all = vec![String::new()];
    let (mut escaped, mut code) = (false, false);
    for c in line.chars() {
        match c {
            '|' if !escaped && !code => {
                all.push(String::new());
                continue;
            }
            '`' => code = !code,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn is_item(trimmed: &str) -> bool {
    item_text(trimmed).is_some()
}

/// The title of what a page of MDX folds up: `<Accordion title="Is it free?">`
/// (<https://www.mintlify.com/docs/components/accordions>).
fn folded(trimmed: &str) -> Option<&str> {
    let rest = trimmed.strip_prefix("<Accordion")?;
    let rest = rest.strip_prefix("Item").unwrap_or(rest);
    // `<AccordionGroup>` holds several.
    let attributes = rest
        .strip_suffix('>')
        .filter(|rest| rest.starts_with(' '))?;
    let (_, title) = attributes.split_once(" title=\"")?;
    let title = title.split('"').next()?;
    (!title.trim().is_empty()).then_some(title)
}

/// The text of an item without its mark and check box.
fn item_text(trimmed: &str) -> Option<&str> {
    let text = without_mark(trimmed)?;
    let text = boxed(text).map_or(text, |(_, rest)| rest);
    (!text.is_empty()).then_some(text)
}

/// Whether the box of an item is ticked, by the line that it begins in; `None` where it has none.
pub(crate) fn is_ticked(line: &str) -> Option<bool> {
    let (ticked, _) = boxed(without_mark(line.trim())?)?;
    Some(ticked)
}

/// Whether the box before a text is ticked, and the text behind it.
fn boxed(text: &str) -> Option<(bool, &str)> {
    [("[ ] ", false), ("[x] ", true), ("[X] ", true)]
        .into_iter()
        .find_map(|(mark, ticked)| Some((ticked, text.strip_prefix(mark)?)))
}

/// What stands behind the mark of an item.
fn without_mark(trimmed: &str) -> Option<&str> {
    let text = match trimmed.as_bytes().first()? {
        b'-' | b'*' | b'+' => trimmed[1..].strip_prefix([' ', '\t'])?,
        b'0'..=b'9' => {
            let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
            let rest = trimmed[digits..].strip_prefix(['.', ')'])?;
            (digits <= 3).then_some(rest.strip_prefix([' ', '\t'])?)?
        }
        _ => trimmed
            .strip_prefix('•')
            .or(trimmed.strip_prefix('–'))?
            .trim_start(),
    };
    Some(text.trim())
}

/// The title in the head of a page that a site generator reads: `title: Retries` between `---`.
pub(crate) fn front_title(text: &str) -> Option<(String, u32, u32)> {
    let mut lines = (1_u32..).zip(text.lines());
    lines.next().filter(|(_, line)| line.trim_end() == "---")?;
    let mut head = lines
        .take(40)
        .take_while(|(_, line)| line.trim_end() != "---");
    head.find_map(|(number, line)| {
        let title = line.strip_prefix("title:")?.trim();
        let title = title.trim_matches(['"', '\'']);
        (!title.is_empty()).then(|| (title.to_owned(), number, number))
    })
}
