//! Cuts a script into statements, so that one that no parser knows costs no other.

/// Which marks a script is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavour {
    ClickHouse,
    Postgres,
    MySql,
    MsSql,
    Sqlite,
}

/// Judges the flavour by marks that the others do not have.
pub(super) fn flavour(text: &str) -> Flavour {
    let mut end = text.len().min(256 * 1024);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let upper = without_comments(&text[..end]).to_ascii_uppercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| upper.contains(mark));
    if has(&["[DBO]", "NVARCHAR(", "IDENTITY(1", "UNIQUEIDENTIFIER"])
        || upper.lines().any(|line| line.trim() == "GO")
    {
        Flavour::MsSql
    } else if has(&["MERGETREE", "LOWCARDINALITY(", "NULLABLE("]) {
        Flavour::ClickHouse
    } else if has(&["ENGINE=", "ENGINE =", "AUTO_INCREMENT"])
        // A command of the client of MySQL, which often names `$$`.
        || upper.lines().any(|line| line.starts_with("DELIMITER "))
    {
        Flavour::MySql
    } else if has(&[
        "$$",
        "BIGSERIAL",
        " SERIAL",
        "TIMESTAMPTZ",
        "JSONB",
        "PG_CATALOG",
        "::TEXT",
    ]) {
        Flavour::Postgres
    } else if has(&["AUTOINCREMENT", "PRAGMA "]) {
        Flavour::Sqlite
    } else if has(&["`"]) {
        Flavour::MySql
    } else {
        Flavour::Postgres
    }
}

/// The text without whole lines of comments and blocks of them, whose words are no marks: Prisma quotes
/// columns in them as Markdown does.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        // `/*!40101 SET …*/` is a statement of MySQL.
        let is_code = rest[at..].starts_with("/*!");
        let end = rest[at..].find("*/").map_or(rest.len(), |end| at + end + 2);
        kept.push_str(&rest[..if is_code { end } else { at }]);
        rest = &rest[end..];
    }
    kept.push_str(rest);
    let lines = kept.lines().filter(|l| !l.trim_start().starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A statement without its delimiter and the comments before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statement<'t> {
    pub(super) text: &'t str,
    /// One-based line of its first character.
    pub(super) line: u32,
}

/// The statements of a script. Linear in its length.
pub(super) fn split(text: &str, flavour: Flavour) -> Vec<Statement<'_>> {
    let mut splitter = Splitter {
        text,
        bytes: text.as_bytes(),
        flavour,
        at: 0,
        line: 1,
        start: None,
        delimiter: b";".to_vec(),
        depth: 0,
        words: Vec::new(),
        found: Vec::new(),
    };
    splitter.run();
    splitter.found
}

struct Splitter<'t> {
    text: &'t str,
    bytes: &'t [u8],
    flavour: Flavour,
    at: usize,
    line: u32,
    /// Offset and line of the statement that is open.
    start: Option<(usize, u32)>,
    delimiter: Vec<u8>,
    /// Open `BEGIN` and `CASE` of a routine.
    depth: u32,
    /// First words of the statement, upper case.
    words: Vec<String>,
    found: Vec<Statement<'t>>,
}

impl<'t> Splitter<'t> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            if self.at_line_start() && self.line_command() {
                continue;
            }
            let byte = self.bytes[self.at];
            let next = self.bytes.get(self.at + 1).copied().unwrap_or(0);
            match byte {
                b'-' if next == b'-' => self.to(self.line_end(self.at)),
                b'/' if next == b'*' => self.to(self.find(self.at + 2, b"*/")),
                b' ' | b'\t' | b'\r' | b'\n' => self.to(self.at + 1),
                _ if self.bytes[self.at..].starts_with(&self.delimiter)
                    && (self.depth == 0 || self.delimiter != b";") =>
                {
                    self.close();
                    self.to(self.at + self.delimiter.len());
                    self.copy_body();
                }
                b'\'' => self.quoted(b'\''),
                b'"' => self.quoted(b'"'),
                b'`' => self.quoted(b'`'),
                b'[' if self.flavour == Flavour::MsSql => {
                    self.open();
                    self.to(self.find(self.at, b"]"));
                }
                b'$' if self.flavour != Flavour::MySql => self.dollar(),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
                _ => {
                    self.open();
                    self.to(self.at + 1);
                }
            }
        }
        self.close();
    }

    fn open(&mut self) {
        if self.start.is_none() {
            self.start = Some((self.at, self.line));
        }
    }

    /// Ends the statement before the current place.
    fn close(&mut self) {
        if let Some((start, line)) = self.start.take()
            && let Some(text) = self.text.get(start..self.at)
        {
            let text = text.trim_end();
            self.found.push(Statement { text, line });
        }
        self.depth = 0;
        self.words.clear();
    }

    /// Moves on and counts the lines on the way.
    fn to(&mut self, end: usize) {
        let end = end.min(self.bytes.len());
        if end > self.at {
            self.line += memchr::memchr_iter(b'\n', &self.bytes[self.at..end]).count() as u32;
            self.at = end;
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |p| from + p + 1)
    }

    /// The offset behind the next `needle`.
    fn find(&self, from: usize, needle: &[u8]) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        memchr::memmem::find(rest, needle).map_or(self.bytes.len(), |p| from + p + needle.len())
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || self.bytes[self.at - 1] == b'\n'
    }

    /// Lines that speak to the client and not to the server; whether this was one.
    fn line_command(&mut self) -> bool {
        let end = self.line_end(self.at);
        let line = self.text.get(self.at..end).unwrap_or_default().trim();
        let alone = line.trim_end_matches(';');
        if alone == "/" || (self.flavour == Flavour::MsSql && is_go(alone)) {
            self.close();
        } else if self.start.is_some() {
            return false;
        } else if let Some(rest) = strip_word(line, "DELIMITER") {
            let mark = rest.trim();
            if !mark.is_empty() {
                self.delimiter = mark.as_bytes().to_vec();
            }
        } else if !line.starts_with(['\\', '#']) {
            return false;
        }
        self.to(end);
        true
    }

    fn quoted(&mut self, quote: u8) {
        self.open();
        let escapes = self.flavour == Flavour::MySql && quote != b'`'
            || quote == b'\'' && self.at > 0 && matches!(self.bytes[self.at - 1], b'E' | b'e');
        let mut at = self.at + 1;
        while let Some(rest) = self.bytes.get(at..) {
            match memchr::memchr2(quote, b'\\', rest) {
                None => {
                    at = self.bytes.len();
                    break;
                }
                Some(p) if rest[p] == b'\\' => at += p + 1 + usize::from(escapes),
                Some(p) => {
                    at += p + 1;
                    // A doubled quote begins the next round as an empty string would.
                    if self.bytes.get(at) != Some(&quote) {
                        break;
                    }
                    at += 1;
                }
            }
        }
        self.to(at);
    }

    /// `$tag$ … $tag$`.
    fn dollar(&mut self) {
        self.open();
        let inside = self.at > 0
            && (self.bytes[self.at - 1].is_ascii_alphanumeric() || self.bytes[self.at - 1] == b'_');
        let mut end = self.at + 1;
        while self
            .bytes
            .get(end)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_')
        {
            end += 1;
        }
        let starts_with_digit = self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit);
        if inside || starts_with_digit || self.bytes.get(end) != Some(&b'$') {
            return self.to(self.at + 1);
        }
        let tag = self.bytes.get(self.at..=end).unwrap_or_default().to_vec();
        self.to(self.find(end + 1, &tag));
    }

    fn word(&mut self) {
        self.open();
        let start = self.at;
        let mut end = start;
        while self
            .bytes
            .get(end)
            .is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b == b'$')
            // `END$$` is a word and the delimiter behind it.
            && !(self.delimiter != b";" && self.bytes[end..].starts_with(&self.delimiter))
        {
            end += 1;
        }
        let word = &self.bytes[start..end];
        if self.words.len() < 12 {
            self.words
                .push(String::from_utf8_lossy(word).to_ascii_uppercase());
        }
        if word.len() <= 5 && self.is_routine() {
            if word.eq_ignore_ascii_case(b"BEGIN") || word.eq_ignore_ascii_case(b"CASE") {
                self.depth += 1;
            } else if word.eq_ignore_ascii_case(b"END") {
                end = self.end_word(end);
            }
        }
        self.to(end);
    }

    /// After `END`: takes in the word that says of what, and closes what was counted.
    fn end_word(&mut self, from: usize) -> usize {
        let rest = &self.bytes[from..];
        let gap = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let rest = &rest[gap..];
        let length = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let word = rest[..length].to_ascii_uppercase();
        match word.as_slice() {
            b"IF" | b"LOOP" | b"WHILE" | b"REPEAT" | b"FOR" => return from + gap + length,
            b"CASE" => {
                self.depth = self.depth.saturating_sub(1);
                return from + gap + length;
            }
            _ => {}
        }
        self.depth = self.depth.saturating_sub(1);
        from
    }

    /// Whether the statement creates something whose body holds statements.
    fn is_routine(&self) -> bool {
        matches!(
            self.words.first().map(String::as_str),
            Some("CREATE" | "ALTER")
        ) && self.words.iter().any(|w| {
            matches!(
                w.as_str(),
                "TRIGGER" | "PROCEDURE" | "PROC" | "FUNCTION" | "EVENT" | "PACKAGE"
            )
        })
    }

    /// After `COPY … FROM stdin;` come rows up to `\.`.
    fn copy_body(&mut self) {
        let Some(last) = self.found.last() else {
            return;
        };
        let is_copy = strip_word(last.text, "COPY").is_some_and(|rest| {
            let lower = rest.to_ascii_lowercase();
            lower
                .rsplit_once("from")
                .is_some_and(|(_, source)| source.trim_start().starts_with("stdin"))
        });
        if !is_copy {
            return;
        }
        self.to(self.line_end(self.at));
        while self.at < self.bytes.len() {
            let end = self.line_end(self.at);
            let is_end = self.bytes[self.at..end].trim_ascii_end() == b"\\.";
            self.to(end);
            if is_end {
                break;
            }
        }
        // The rows are cited by nobody; the statement must not be looked at again.
        self.found.pop();
    }
}

fn is_go(line: &str) -> bool {
    strip_word(line, "GO").is_some_and(|rest| rest.trim().bytes().all(|b| b.is_ascii_digit()))
}

/// What follows a keyword, in any case, at the start of a text.
pub(super) fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    (head.eq_ignore_ascii_case(word) && ends).then_some(rest)
}
