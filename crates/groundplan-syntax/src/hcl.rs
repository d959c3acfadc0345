//! HCL as Terraform and OpenTofu write it, with positions
//! (<https://developer.hashicorp.com/terraform/language/syntax/configuration>).
//!
//! It reads on after a fault: what cannot be read is passed over up to the end of its line, so that
//! the rest of a file still counts. Expressions stay text; the functions below look into them.

/// A block: `resource "aws_sqs_queue" "orders" { … }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block<'t> {
    /// First word: `resource`, `variable`, `lifecycle`.
    pub kind: &'t str,
    /// Labels, without quotes.
    pub labels: Vec<&'t str>,
    /// First and last line, counted from 1.
    pub lines: (u32, u32),
    /// Arguments, in order.
    pub attributes: Vec<Attribute<'t>>,
    /// Blocks inside, in order.
    pub blocks: Vec<Block<'t>>,
}

/// An argument of a block or a key of an object, with its expression as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'t> {
    /// Name, without quotes.
    pub name: &'t str,
    /// Expression as written, without blanks around it.
    pub value: &'t str,
    /// First and last line, counted from 1.
    pub lines: (u32, u32),
}

impl<'t> Block<'t> {
    /// The argument of this name.
    pub fn get(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The blocks of this kind that stand directly inside.
    pub fn inner<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block<'t>> {
        self.blocks.iter().filter(move |b| b.kind == kind)
    }
}

/// Blocks inside one another beyond these are passed over.
const MAX_DEPTH: usize = 24;

/// The blocks at the top level of a text.
pub fn hcl(text: &str) -> Vec<Block<'_>> {
    let mut reader = Reader::new(text, 1);
    let mut top = Block::default();
    reader.body(&mut top, 0);
    top.blocks
}

/// The keys of an object `{ a = 1, "b" : 2 }`, whose first line is given.
pub fn object(value: &str, line: u32) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    let Some(inner) = value.strip_prefix('{') else {
        return found;
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let mut reader = Reader::new(inner, line);
    while let Some(name) = reader.key() {
        reader.blanks();
        if !reader.eat(b'=') && !reader.eat(b':') {
            reader.skip_line();
            continue;
        }
        found.push(reader.expression(name, true));
        reader.eat(b',');
    }
    found
}

/// The expressions of a list `[a, b]`, each with its first line.
pub fn list(value: &str, line: u32) -> Vec<(&str, u32)> {
    match value.strip_prefix('[') {
        Some(inner) => arguments(inner.strip_suffix(']').unwrap_or(inner), line),
        None => Vec::new(),
    }
}

/// The expressions between commas, as a call has them, each with its first line.
pub fn arguments(inner: &str, line: u32) -> Vec<(&str, u32)> {
    let mut found = Vec::new();
    let mut reader = Reader::new(inner, line);
    loop {
        reader.space();
        if reader.at_end() {
            return found;
        }
        let item = reader.expression("", true);
        if !item.value.is_empty() {
            found.push((item.value, item.lines.0));
        }
        if !reader.eat(b',') && !reader.at_end() {
            reader.position += 1;
        }
    }
}

/// What a text in quotes holds, if nothing in it is filled in; numbers and truth values as written.
pub fn literal(value: &str) -> Option<&str> {
    if let Some(inner) = value.strip_prefix('"') {
        let inner = inner.strip_suffix('"')?;
        return (!inner.contains(['"', '\\']) && !inner.contains("${") && !inner.contains("%{"))
            .then_some(inner);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let number = value.starts_with(|c: char| c.is_ascii_digit());
    let known = matches!(value, "true" | "false");
    (known || number && value.chars().all(plain)).then_some(value)
}

/// The name and the argument text of an expression that is one call, `jsonencode([…])`, with the line
/// on which the arguments begin; `line` is that of the expression.
pub fn call(value: &str, line: u32) -> Option<(&str, &str, u32)> {
    let (name, rest) = value.split_once('(')?;
    let named = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(named)).then_some(())?;
    let inner = rest.strip_suffix(')')?;
    let begun = inner.trim_start();
    let skipped = inner.get(..inner.len() - begun.len()).unwrap_or_default();
    let line = line + skipped.matches('\n').count() as u32;
    Some((name, begun.trim_end(), line))
}

/// What an expression refers to, in order: `aws_sqs_queue.orders.url`, `var.region`,
/// `module.network.subnets`, also inside `${…}` of a text. Indices are left out:
/// `module.api[0].url` gives `module.api.url`.
pub fn references(value: &str) -> Vec<String> {
    let bytes = value.as_bytes();
    let mut found: Vec<String> = Vec::new();
    // Whether the place is inside of a text, for each `${` that is open.
    let mut texts = vec![false];
    let mut at = 0;
    while at < bytes.len() {
        let inside = texts.last().copied().unwrap_or(false);
        match bytes[at] {
            b'\\' if inside => at += 2,
            b'"' => {
                if let Some(last) = texts.last_mut() {
                    *last = !inside;
                }
                at += 1;
            }
            b'$' if inside && bytes.get(at + 1) == Some(&b'{') => {
                texts.push(false);
                at += 2;
            }
            b'}' if !inside && texts.len() > 1 => {
                texts.pop();
                at += 1;
            }
            b if !inside && is_word(b) && !b.is_ascii_digit() => {
                let (word, end) = traversal(value, at);
                if word.contains('.') {
                    found.push(word);
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// Words with points between them from a place on, without indices, and where they end.
fn traversal(value: &str, start: usize) -> (String, usize) {
    let bytes = value.as_bytes();
    let (mut from, mut at) = (start, start);
    let mut word = String::new();
    loop {
        while at < bytes.len() && (is_word(bytes[at]) || bytes[at] == b'.') {
            at += 1;
        }
        word.push_str(value.get(from..at).unwrap_or_default());
        // An index holds no line end and no bracket of its own.
        let close = match bytes.get(at) {
            Some(b'[') => bytes
                .get(at + 1..)
                .and_then(|rest| rest.iter().position(|b| matches!(b, b']' | b'[' | b'\n')))
                .map(|n| at + 1 + n)
                .filter(|&n| bytes.get(n) == Some(&b']') && bytes.get(n + 1) == Some(&b'.')),
            _ => None,
        };
        match close {
            Some(close) => {
                from = close + 1;
                at = from;
            }
            None => return (word.trim_end_matches('.').to_owned(), at),
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    position: usize,
    /// Line of the position, and where the counting has come to.
    line: u32,
    counted: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, line: u32) -> Self {
        let bytes = text.as_bytes();
        Self {
            text,
            bytes,
            position: 0,
            line,
            counted: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn at_end(&self) -> bool {
        self.position >= self.bytes.len()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.position += usize::from(there);
        there
    }

    fn line(&mut self) -> u32 {
        let end = self.position.min(self.bytes.len());
        let passed = self.bytes.get(self.counted..end).unwrap_or_default();
        self.line += passed.iter().filter(|&&b| b == b'\n').count() as u32;
        self.counted = end;
        self.line
    }

    /// Passes over blanks and comments, not over ends of lines.
    fn blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.position += 1,
                b'#' => self.skip_to_line_end(),
                b'/' if self.follows(b'/') => self.skip_to_line_end(),
                b'/' if self.follows(b'*') => self.comment(),
                _ => return,
            }
        }
    }

    /// Passes over blanks, comments and ends of lines.
    fn space(&mut self) {
        loop {
            self.blanks();
            if !self.eat(b'\n') {
                return;
            }
        }
    }

    fn follows(&self, byte: u8) -> bool {
        self.bytes.get(self.position + 1) == Some(&byte)
    }

    fn skip_to_line_end(&mut self) {
        while self.peek().is_some_and(|b| b != b'\n') {
            self.position += 1;
        }
    }

    fn skip_line(&mut self) {
        self.skip_to_line_end();
        self.eat(b'\n');
    }

    fn comment(&mut self) {
        let rest = self.text.get(self.position + 2..).unwrap_or_default();
        self.position = match rest.find("*/") {
            Some(at) => self.position + 2 + at + 2,
            None => self.bytes.len(),
        };
    }

    fn word(&mut self) -> Option<&'t str> {
        let start = self.position;
        while self.peek().is_some_and(is_word) {
            self.position += 1;
        }
        (self.position > start).then(|| self.slice(start, self.position))
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// A name of an object's key: a word, a text, or an expression in brackets, which has no name.
    fn key(&mut self) -> Option<&'t str> {
        self.space();
        match self.peek()? {
            b'"' => {
                let start = self.position;
                self.quoted();
                Some(self.slice(start, self.position).trim_matches('"'))
            }
            b'(' => {
                self.nested();
                Some("")
            }
            byte if is_word(byte) => {
                let start = self.position;
                while self.peek().is_some_and(|b| is_word(b) || b == b'.') {
                    self.position += 1;
                }
                Some(self.slice(start, self.position))
            }
            _ => {
                self.position += 1;
                // What is no key has no name; its line is passed over by the caller.
                Some("")
            }
        }
    }

    /// Passes over a text in quotes, with what is filled in.
    fn quoted(&mut self) {
        self.position += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.position += 2,
                b'"' => {
                    self.position += 1;
                    return;
                }
                b'\n' => return,
                b'$' | b'%' if self.follows(b'{') => {
                    self.position += 1;
                    self.nested();
                }
                _ => self.position += 1,
            }
        }
    }

    /// Passes over brackets and all that is inside.
    fn nested(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.position += 1;
                        return;
                    }
                }
                b'"' => {
                    self.text_inside();
                    continue;
                }
                b'#' => {
                    self.skip_to_line_end();
                    continue;
                }
                b'/' if self.follows(b'/') => {
                    self.skip_to_line_end();
                    continue;
                }
                b'/' if self.follows(b'*') => {
                    self.comment();
                    continue;
                }
                b'<' if self.follows(b'<') => {
                    self.heredoc();
                    continue;
                }
                _ => {}
            }
            self.position += 1;
        }
    }

    /// Passes over a text inside of brackets without going deeper: a hostile file nests for ever.
    fn text_inside(&mut self) {
        self.position += 1;
        let mut filled = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.position += 1,
                b'$' | b'%' if self.follows(b'{') => {
                    filled += 1;
                    self.position += 1;
                }
                b'{' if filled > 0 => filled += 1,
                b'}' if filled > 0 => filled -= 1,
                b'"' if filled == 0 => {
                    self.position += 1;
                    return;
                }
                b'\n' if filled == 0 => return,
                _ => {}
            }
            self.position += 1;
        }
    }

    /// Passes over `<<EOF … EOF`, or over the two signs where no such text begins.
    fn heredoc(&mut self) {
        self.position += 2;
        self.eat(b'-');
        let Some(end) = self.word() else {
            return;
        };
        self.skip_line();
        while !self.at_end() {
            let start = self.position;
            self.skip_to_line_end();
            if self.slice(start, self.position).trim() == end {
                return;
            }
            self.eat(b'\n');
        }
    }

    /// An expression up to the end of its line, or up to a comma where one of several.
    fn expression(&mut self, name: &'t str, listed: bool) -> Attribute<'t> {
        if listed {
            self.space();
        } else {
            self.blanks();
        }
        let start = self.position;
        let first = self.line();
        // Where the expression ends when comments behind it are left out.
        let mut end = start;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' | b'}' => break,
                b',' if listed => break,
                b'"' => self.quoted(),
                b'{' | b'[' | b'(' => self.nested(),
                b'<' if self.follows(b'<') => self.heredoc(),
                b'#' => {
                    self.skip_to_line_end();
                    continue;
                }
                b'/' if self.follows(b'/') || self.follows(b'*') => {
                    self.blanks();
                    continue;
                }
                _ => self.position += 1,
            }
            self.position = self.position.min(self.bytes.len());
            end = self.position;
        }
        let last = {
            let behind = std::mem::replace(&mut self.position, end);
            let line = self.line();
            self.position = behind;
            line
        };
        Attribute {
            name,
            value: self.slice(start, end).trim(),
            lines: (first, last),
        }
    }

    fn body(&mut self, into: &mut Block<'t>, depth: usize) {
        loop {
            self.space();
            match self.peek() {
                None => return,
                Some(b'}') => {
                    if depth > 0 {
                        return;
                    }
                    self.position += 1;
                    continue;
                }
                Some(byte) if is_word(byte) => {}
                Some(_) => {
                    self.skip_line();
                    continue;
                }
            }
            let first = self.line();
            let Some(name) = self.word() else {
                self.skip_line();
                continue;
            };
            self.blanks();
            if self.peek() == Some(b'=') && !self.follows(b'=') {
                self.position += 1;
                let attribute = self.expression(name, false);
                into.attributes.push(attribute);
                continue;
            }
            let mut block = Block {
                kind: name,
                ..Block::default()
            };
            while let Some(byte) = self.peek() {
                if byte == b'"' {
                    let start = self.position;
                    self.quoted();
                    block
                        .labels
                        .push(self.slice(start, self.position).trim_matches('"'));
                } else if let Some(label) = self.word() {
                    block.labels.push(label);
                } else {
                    break;
                }
                self.blanks();
            }
            if !self.eat(b'{') {
                self.skip_line();
                continue;
            }
            if depth >= MAX_DEPTH {
                self.position -= 1;
                self.nested();
                continue;
            }
            self.body(&mut block, depth + 1);
            block.lines = (first, self.line());
            self.eat(b'}');
            into.blocks.push(block);
        }
    }
}
