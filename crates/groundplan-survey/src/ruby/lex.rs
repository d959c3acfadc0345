//! Tokens of Ruby as far as declarations need them.
//!
//! The lexer that all languages share knows no symbols, no ends of lines and no regular
//! expressions of Ruby, and one quote in a pattern would cost it the rest of the file. The few
//! files that are read as declarations are lexed here instead.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name, a keyword, a number or a constant with its modules: `Rails`, `A::B`, `valid?`.
    Word,
    /// `:name`; the text is the name.
    Symbol,
    /// `name:`; the text is the name.
    Label,
    /// A string; the text stands between its quotes.
    Text,
    /// `%w[a b]`, `%i[a b]`; the text stands between its brackets.
    Words,
    /// A regular expression.
    Pattern,
    /// Punctuation.
    Mark,
    /// The end of a line or a semicolon.
    Line,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind,
    pub(crate) text: &'t str,
    /// First byte and the byte behind the last one.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) line: u32,
}

/// All tokens of a text. Linear in its length; never fails.
pub(crate) fn lex(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        line: 1,
        tokens: Vec::with_capacity(text.len() / 5),
        heredocs: Vec::new(),
    };
    while lexer.at < text.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    tokens: Vec<Token<'t>>,
    /// Words that end the texts which begin behind this line.
    heredocs: Vec<&'t str>,
}

impl<'t> Lexer<'t> {
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Adds a token that ends at `end` and goes on behind it.
    fn push(&mut self, kind: Kind, text: &'t str, end: usize) {
        self.tokens.push(Token {
            kind,
            text,
            start: self.at,
            end,
            line: self.line,
        });
        let end = end.min(self.text.len());
        let passed = &self.text.as_bytes()[self.at..end];
        self.line += passed.iter().filter(|b| **b == b'\n').count() as u32;
        self.at = end;
    }

    fn next(&mut self) {
        let at = self.at;
        let byte = self.byte(at);
        match byte {
            b'\n' => self.end_of_line(),
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\\' if self.byte(at + 1) == b'\n' => {
                self.at += 2;
                self.line += 1;
            }
            b'#' => self.at = self.line_end(at),
            b';' => self.push(Kind::Line, "", at + 1),
            b'"' | b'\'' | b'`' => self.quote(byte),
            b':' => self.symbol(),
            b'%' if self.begins_value() => self.percent(),
            b'/' if self.begins_value() => {
                let end = self.pattern_end(at + 1);
                self.push(Kind::Pattern, self.slice(at, end), end);
            }
            b'<' if self.heredoc() => {}
            _ if is_word(byte) => self.word(),
            _ => {
                const PAIRS: [&str; 16] = [
                    "=>", "->", "==", "!=", ">=", "<=", "=~", "||", "&&", "&.", "<<", "+=", "**",
                    "..", "!~", "::",
                ];
                let pair = self.text.get(at..at + 2).filter(|p| PAIRS.contains(p));
                let width = pair.map_or(1, str::len);
                // Characters of several bytes are no punctuation of Ruby.
                let mut end = at + width;
                while !self.text.is_char_boundary(end) {
                    end += 1;
                }
                self.push(Kind::Mark, self.slice(at, end), end);
            }
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |n| from + n)
    }

    /// Ends a line; texts that begin behind it and blocks of comments are passed over.
    fn end_of_line(&mut self) {
        self.push(Kind::Line, "", self.at + 1);
        for word in std::mem::take(&mut self.heredocs) {
            while self.at < self.text.len() {
                let end = self.line_end(self.at);
                let is_end = self.slice(self.at, end).trim() == word;
                self.at = (end + 1).min(self.text.len());
                self.line += 1;
                if is_end {
                    break;
                }
            }
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with("=begin") {
            let length = rest.find("\n=end").map_or(rest.len(), |n| n + 5);
            self.line += rest[..length].matches('\n').count() as u32;
            self.at = self.line_end(self.at + length);
        } else if rest.starts_with("__END__") {
            self.at = self.text.len();
        }
    }

    /// Whether a value may begin here, so that a slash or a percent sign is no operator.
    fn begins_value(&self) -> bool {
        let Some(last) = self.tokens.last() else {
            return true;
        };
        match last.kind {
            Kind::Line | Kind::Label => true,
            Kind::Mark => !matches!(last.text, ")" | "]" | "}"),
            // `get /x/` and `get %w[a b]`, against `a / b`.
            Kind::Word => last.end < self.at && !matches!(self.byte(self.at + 1), b' ' | b'='),
            _ => false,
        }
    }

    fn quote(&mut self, quote: u8) {
        let (at, mut end) = (self.at, self.at + 1);
        let mut depth = 0_u32;
        while end < self.text.len() {
            match self.byte(end) {
                b'\\' => end += 1,
                b'#' if quote != b'\'' && self.byte(end + 1) == b'{' => {
                    depth += 1;
                    end += 1;
                }
                b'{' if depth > 0 => depth += 1,
                b'}' if depth > 0 => depth -= 1,
                found if found == quote && depth == 0 => break,
                _ => {}
            }
            end += 1;
        }
        let text = self.slice(at + 1, end);
        let is_label = self.byte(end + 1) == b':' && matches!(self.byte(end + 2), b' ' | b'\n');
        match (is_label, quote) {
            (true, _) => self.push(Kind::Label, text, end + 2),
            (false, b'`') => self.push(Kind::Pattern, text, end + 1),
            (false, _) => self.push(Kind::Text, text, end + 1),
        }
    }

    fn symbol(&mut self) {
        let at = self.at;
        match self.byte(at + 1) {
            b':' => self.push(Kind::Mark, "::", at + 2),
            quote @ (b'"' | b'\'') => {
                let rest = self.slice(at + 2, self.text.len());
                let length = rest.find(quote as char).unwrap_or(rest.len());
                self.push(Kind::Symbol, &rest[..length], at + 3 + length);
            }
            first if is_word(first) => {
                let mut end = self.word_end(at + 1);
                if matches!(self.byte(end), b'?' | b'!') {
                    end += 1;
                }
                self.push(Kind::Symbol, self.slice(at + 1, end), end);
            }
            _ => self.push(Kind::Mark, ":", at + 1),
        }
    }

    /// `%w[…]`, `%i(…)`, `%q{…}`, `%(…)`.
    fn percent(&mut self) {
        let at = self.at;
        let letter = self.byte(at + 1);
        let named = letter.is_ascii_alphabetic();
        let open = if named { at + 2 } else { at + 1 };
        let close = match self.byte(open) {
            b'[' => b']',
            b'(' => b')',
            b'{' => b'}',
            b'<' => b'>',
            other if other.is_ascii_punctuation() && named => other,
            _ => return self.push(Kind::Mark, "%", at + 1),
        };
        let rest = self.slice(open + 1, self.text.len());
        let length = rest.find(close as char).unwrap_or(rest.len());
        let kind = match letter {
            b'w' | b'W' | b'i' | b'I' => Kind::Words,
            b'r' => Kind::Pattern,
            _ => Kind::Text,
        };
        self.push(kind, &rest[..length], open + 2 + length);
    }

    fn pattern_end(&self, from: usize) -> usize {
        let (mut end, mut class) = (from, false);
        while end < self.text.len() {
            match self.byte(end) {
                b'\\' => end += 1,
                b'[' => class = true,
                b']' => class = false,
                b'\n' => return end,
                b'/' if !class => {
                    end += 1;
                    while self.byte(end).is_ascii_alphabetic() {
                        end += 1;
                    }
                    return end;
                }
                _ => {}
            }
            end += 1;
        }
        self.text.len()
    }

    /// `<<~SQL`, `<<-SQL`, `<<"SQL"`: the text stands on the lines that follow.
    fn heredoc(&mut self) -> bool {
        let rest = self.slice(self.at, self.text.len());
        let Some(after) = rest.strip_prefix("<<") else {
            return false;
        };
        let bare = after.trim_start_matches(['~', '-']);
        let quoted = bare.trim_start_matches(['"', '\'']);
        let end = quoted.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let word = &quoted[..end.unwrap_or(quoted.len())];
        let marked = bare.len() < after.len() || quoted.len() < bare.len();
        if !word.starts_with(|c: char| c.is_ascii_uppercase()) || !marked {
            return false;
        }
        self.heredocs.push(word);
        let length = rest.len() - quoted.len() + word.len() + (bare.len() - quoted.len());
        self.push(Kind::Pattern, "", self.at + length);
        true
    }

    fn word_end(&self, from: usize) -> usize {
        let mut end = from;
        while end < self.text.len() && is_word(self.byte(end)) {
            end += 1;
        }
        end
    }

    fn word(&mut self) {
        let at = self.at;
        let mut end = self.word_end(at);
        while self.byte(end) == b':' && self.byte(end + 1) == b':' && is_word(self.byte(end + 2)) {
            end = self.word_end(end + 2);
        }
        if matches!(self.byte(end), b'?' | b'!') && self.byte(end + 1) != b'=' {
            end += 1;
        }
        let text = self.slice(at, end);
        let is_label = self.byte(end) == b':' && self.byte(end + 1) != b':';
        // `t.string :a` has a blank before its colon; a method behind a point is no label.
        match is_label {
            true => self.push(Kind::Label, text, end + 1),
            false => self.push(Kind::Word, text, end),
        }
    }
}

/// Whether a byte is part of a name.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@' || byte == b'$' || byte >= 128
}
