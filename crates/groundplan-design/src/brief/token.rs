//! The tokenizer of brief texts: numbers, words and marks, each with its bytes.

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// A number with the letters that stand directly behind it (`50k`, `30s`, `2TB`).
    Number {
        /// The number as written, without the letters.
        value: f64,
        /// Letters behind it, lower case; empty if none.
        suffix: String,
        /// Whether one point and three digits make it doubtful (`1.000`).
        ambiguous: bool,
    },
    /// A word in lower case; letters, digits, `+`, `#` and inner `-`, `.`, `'`.
    Word(String),
    /// Any other character.
    Mark(char),
}

/// The mark between the hours and minutes of a time: `18:00` ends no sentence, as a colon does.
pub(crate) const OF_TIME: char = '\u{2236}';

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// First byte in the text.
    pub(crate) start: usize,
    /// Byte behind the last.
    pub(crate) end: usize,
}

impl Token {
    /// The word, or an empty text.
    pub(crate) fn word(&self) -> &str {
        match &self.kind {
            Kind::Word(word) => word,
            _ => "",
        }
    }

    /// Whether it is this character.
    pub(crate) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// Whether a clause ends here.
    pub(crate) fn ends_clause(&self) -> bool {
        matches!(self.kind, Kind::Mark(',' | ';' | '\n' | '.' | '(' | ')'))
    }
}

/// The tokens of a text, in order.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let byte = |i: usize| chars.get(i).map_or(text.len(), |(b, _)| *b);
    // `50,000` and `50 000`: three digits follow, and no fourth.
    let groups_here = |i: usize| {
        let digit = |k: usize| at(k).is_some_and(|c| c.is_ascii_digit());
        (1..4).all(|k| digit(i + k)) && !digit(i + 4)
    };
    let mut all = Vec::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        let first = i;
        if c.is_ascii_digit() {
            let mut digits = String::new();
            let mut points = 0;
            let mut groups = 0;
            while let Some(d) = at(i) {
                let digit_next = at(i + 1).is_some_and(|n| n.is_ascii_digit());
                match d {
                    '0'..='9' => digits.push(d),
                    '.' if points == 0 && digit_next => {
                        points += 1;
                        digits.push('.');
                    }
                    ',' | '_' | '\'' | ' ' | '\u{a0}' | '\u{202f}' if groups_here(i) => {
                        groups += 1;
                    }
                    _ => break,
                }
                i += 1;
            }
            let fraction = digits.split_once('.').map_or("", |(_, f)| f);
            let ambiguous = points == 1 && groups == 0 && fraction.len() == 3;
            let mut suffix = String::new();
            while let Some(l) = at(i).filter(|l| l.is_alphabetic() || *l == '%') {
                suffix.extend(l.to_lowercase());
                i += 1;
            }
            let value = digits.parse().unwrap_or(0.0);
            all.push(Token {
                kind: Kind::Number {
                    value,
                    suffix,
                    ambiguous,
                },
                start: byte(first),
                end: byte(i),
            });
        } else if c.is_alphabetic() || c == '.' && at(i + 1).is_some_and(char::is_alphabetic) {
            let mut word = String::new();
            while let Some(l) = at(i) {
                let inner = matches!(l, '-' | '.' | '\'' | '’')
                    && at(i + 1).is_some_and(char::is_alphanumeric);
                let lead = i == first && l == '.';
                if l.is_alphanumeric() || inner || lead || matches!(l, '#' | '+') {
                    word.extend(l.to_lowercase());
                    i += 1;
                } else {
                    break;
                }
            }
            all.push(Token {
                kind: Kind::Word(word),
                start: byte(first),
                end: byte(i),
            });
        } else {
            i += 1;
            let digit = |k: usize| at(k).is_some_and(|c| c.is_ascii_digit());
            let time = c == ':' && first > 0 && digit(first - 1) && digit(first + 1);
            if !c.is_whitespace() || c == '\n' {
                all.push(Token {
                    kind: Kind::Mark(if time { OF_TIME } else { c }),
                    start: byte(first),
                    end: byte(i),
                });
            }
        }
    }
    all
}

/// A word without its plural ending, for comparison with singular nouns.
pub(crate) fn singular(word: &str) -> &str {
    let word = word.strip_suffix("'s").unwrap_or(word);
    if let Some((one, _)) = super::story::ODD.iter().find(|(_, many)| *many == word) {
        return one;
    }
    if let Some(stem) = word.strip_suffix('s')
        && super::story::CHE.contains(&stem)
    {
        return stem;
    }
    if word.len() > 4
        && let Some(stem) = word.strip_suffix("es")
        && (stem.ends_with(['x', 'h']) || stem.ends_with("ss") || super::story::US.contains(&stem))
    {
        return stem;
    }
    match word.strip_suffix('s') {
        Some(stem) if word.len() > 3 && !stem.ends_with('s') => stem,
        _ => word,
    }
}

/// What a multiplier behind a number stands for; `None` for other words. `m` is million; whether
/// it may be minutes is for the caller to know.
pub(crate) fn multiplier(word: &str) -> Option<f64> {
    match word {
        "" => Some(1.0),
        "k" | "thousand" | "tsd" => Some(1e3),
        "lakh" => Some(1e5),
        "crore" => Some(1e7),
        "m" | "mn" | "mm" | "mio" | "million" | "millions" => Some(1e6),
        "b" | "bn" | "billion" | "billions" => Some(1e9),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let words = tokens(text).into_iter().map(|t| match t.kind {
            Kind::Number {
                value,
                suffix,
                ambiguous,
            } => format!("{value}{}{suffix}", if ambiguous { "?" } else { "" }),
            Kind::Word(word) => word,
            Kind::Mark(mark) => mark.to_string(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_keep_their_suffix() {
        assert_eq!(
            shown("50k users, 2TB/yr"),
            "50k user s , 2tb / yr".replace("user s", "users")
        );
        assert_eq!(shown("1,000,000 MAU"), "1000000 mau");
        assert_eq!(shown("$5k/month 99.95%"), "$ 5k / month 99.95%");
        assert_eq!(shown("120 000 users, 3 5000"), "120000 users , 3 5000");
        assert_eq!(shown("1.000 users"), "1?  users".replace("  ", " "));
        assert_eq!(shown("C#, .NET and us-east-1"), "c# , .net and us-east-1");
        assert_eq!(shown("-3 engineers."), "- 3 engineers .");
        assert_eq!(shown("at 18:00, team: 4"), "at 18 \u{2236} 0 , team : 4");
    }

    #[test]
    fn plurals_fold() {
        assert_eq!(singular("devices"), "device");
        assert_eq!(singular("buses"), "bus");
        assert_eq!(singular("class"), "class");
    }
}
