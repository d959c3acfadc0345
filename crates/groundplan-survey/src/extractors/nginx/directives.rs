//! Directives of an nginx configuration with their lines.

/// Deeper blocks are read as if they stood at this depth.
const MAX_DEPTH: usize = 32;
/// A file with more directives is cut.
const MAX_DIRECTIVES: usize = 50_000;

/// A directive: flat, with the index of the block around it.
pub(super) struct Directive {
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
    pub(super) first: u32,
    pub(super) last: u32,
    /// Whether it opens a block.
    pub(super) block: bool,
    /// Index of the directive whose block it stands in.
    pub(super) parent: Option<usize>,
}

enum Token {
    Word(String),
    Open,
    Close,
    End,
}

/// All directives in the order of the text, blocks before what stands in them. Missing ends are
/// read over.
pub(super) fn parse(text: &str, offset: u32) -> Vec<Directive> {
    let mut lexer = Lexer {
        rest: text,
        line: offset + 1,
    };
    let mut all: Vec<Directive> = Vec::new();
    let mut stack: Vec<usize> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut first = 0;
    while let Some((token, line)) = lexer.next() {
        if all.len() >= MAX_DIRECTIVES {
            break;
        }
        let parent = stack.last().copied();
        let mut directive = |words: &mut Vec<String>, block: bool| {
            let mut words = std::mem::take(words).into_iter();
            let name = words.next()?;
            all.push(Directive {
                name,
                arguments: words.collect(),
                first,
                last: line,
                block,
                parent,
            });
            Some(all.len() - 1)
        };
        match token {
            Token::Word(word) => {
                if words.is_empty() {
                    first = line;
                }
                words.push(word);
            }
            Token::End => {
                directive(&mut words, false);
            }
            Token::Open => {
                let lua = words
                    .first()
                    .is_some_and(|name| name.ends_with("_by_lua_block"));
                if lua {
                    words.clear();
                    lexer.skip_block();
                } else if let Some(index) = directive(&mut words, true)
                    && stack.len() < MAX_DEPTH
                {
                    stack.push(index);
                }
            }
            Token::Close => {
                directive(&mut words, false);
                if let Some(index) = stack.pop() {
                    all[index].last = line;
                }
            }
        }
    }
    all
}

struct Lexer<'t> {
    rest: &'t str,
    line: u32,
}

impl Lexer<'_> {
    fn take(&mut self, length: usize) {
        let (head, tail) = self.rest.split_at(length);
        self.line += head.bytes().filter(|b| *b == b'\n').count() as u32;
        self.rest = tail;
    }

    fn next(&mut self) -> Option<(Token, u32)> {
        loop {
            let blank = self.rest.len() - self.rest.trim_start().len();
            self.take(blank);
            if !self.rest.starts_with('#') {
                break;
            }
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.take(end);
        }
        let line = self.line;
        let mark = self.rest.chars().next()?;
        let token = match mark {
            ';' => Token::End,
            '{' if !self.rest.starts_with("{{") && !self.rest.starts_with("{%") => Token::Open,
            '}' => Token::Close,
            _ => return Some((Token::Word(self.word()), line)),
        };
        self.take(1);
        Some((token, line))
    }

    /// A word, quoted or not; `${NAME}` and `{{ name }}` of templates are parts of words.
    fn word(&mut self) -> String {
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote {
            let mut escaped = false;
            let end = self.rest.char_indices().skip(1).find(|(_, c)| {
                let ends = *c == quote && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            let (text, length) = match end {
                Some((at, c)) => (&self.rest[1..at], at + c.len_utf8()),
                None => (&self.rest[1..], self.rest.len()),
            };
            let text = text.to_owned();
            self.take(length);
            return text;
        }
        let mut length = 0;
        while let Some(c) = self.rest[length..].chars().next() {
            let tail = &self.rest[length..];
            let template = [("${", "}"), ("{{", "}}"), ("{%", "%}"), ("<%", "%>")]
                .iter()
                .find(|(open, _)| tail.starts_with(open));
            if let Some((_, close)) = template
                && let Some(end) = tail.lines().next().and_then(|l| l.find(close))
            {
                length += end + close.len();
                continue;
            }
            if c.is_whitespace() || matches!(c, ';' | '{' | '}') {
                break;
            }
            length += c.len_utf8();
        }
        // A lone brace of a broken template still moves on.
        let length = if length == 0 {
            self.rest.chars().next().map_or(0, char::len_utf8)
        } else {
            length
        };
        let text = self.rest[..length].to_owned();
        self.take(length);
        text
    }

    /// Goes behind the end of a block whose opening brace was read.
    fn skip_block(&mut self) {
        let (mut depth, mut quote) = (1_u32, None);
        let end = self.rest.bytes().position(|b| {
            match b {
                // A string of Lua ends with its line, so that an apostrophe costs little.
                b'\n' => quote = None,
                _ if quote == Some(b) => quote = None,
                _ if quote.is_some() => {}
                b'"' | b'\'' => quote = Some(b),
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.take(end.map_or(self.rest.len(), |at| at + 1));
    }
}
