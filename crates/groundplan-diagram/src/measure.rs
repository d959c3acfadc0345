//! Text metrics: advance widths of Helvetica (the ASCII part of Adobe's AFM tables, which Arial and
//! Liberation Sans share), so that the size of a text is known without a font or a browser.

use unicode_width::UnicodeWidthChar;

/// Advance widths of U+0020 to U+007E, regular weight, in 1/1000 em.
const REGULAR: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Advance widths of U+0020 to U+007E, bold, in 1/1000 em.
const BOLD: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
];

/// Share that every text is measured wider, in percent: fallback fonts are wider than Helvetica.
const SLACK_PERCENT: i64 = 8;

fn advance(c: char, bold: bool) -> i64 {
    let table = if bold { &BOLD } else { &REGULAR };
    let ascii = (c as usize).checked_sub(0x20).and_then(|i| table.get(i));
    match ascii {
        Some(width) => i64::from(*width),
        None => match UnicodeWidthChar::width(c).unwrap_or(0) {
            0 => 0,
            1 => 650,
            _ => 1000,
        },
    }
}

/// Width of `text` at `size` pixels, in whole pixels, rounded up, with slack for fallback fonts.
pub(crate) fn width(text: &str, size: i32, bold: bool) -> i32 {
    let units: i64 = text.chars().map(|c| advance(c, bold)).sum();
    pixels(units, size)
}

fn pixels(units: i64, size: i32) -> i32 {
    let px = (units * i64::from(size) * (100 + SLACK_PERCENT) + 99_999) / 100_000;
    i32::try_from(px).unwrap_or(i32::MAX / 4)
}

/// Height of one line at `size` pixels.
pub(crate) fn line_height(size: i32) -> i32 {
    size + (size * 3 + 9) / 10
}

/// `text` without control characters and with single spaces, as it can be drawn on one line.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parted = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            parted = true;
        } else if !is_unsafe(c) {
            if parted && !out.is_empty() {
                out.push(' ');
            }
            parted = false;
            out.push(c);
        }
    }
    out
}

/// Characters that reorder text or that XML forbids.
fn is_unsafe(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// `text` in lines of at most `limit` pixels; words that are too long are broken, nothing is lost.
pub(crate) fn wrap(text: &str, size: i32, bold: bool, limit: i32) -> Vec<String> {
    let text = plain(text);
    Words::of(&text, size, bold).lines(limit)
}

/// As [`wrap`], with lines of about one length: the narrowest limit that takes no more lines.
pub(crate) fn wrap_evenly(text: &str, size: i32, bold: bool, limit: i32) -> Vec<String> {
    let text = plain(text);
    let words = Words::of(&text, size, bold);
    let longest = words.longest();
    let (count, letters) = match longest <= limit {
        true => (words.count(limit), 0),
        false => {
            let lines = words.lines(limit);
            (lines.len(), lines.concat().len())
        }
    };
    let as_good = |narrower: i32| {
        if longest <= narrower {
            return words.count(narrower) <= count;
        }
        // A word that must be broken only at the narrower limit would be broken needlessly.
        let tried = || words.lines(narrower);
        let whole = |tried: Vec<String>| tried.len() <= count && tried.concat().len() == letters;
        longest > limit && whole(tried())
    };
    let mut least = limit / i32::try_from(count).unwrap_or(1).max(1);
    let mut enough = limit;
    while count > 1 && least < enough {
        let middle = least + (enough - least) / 2;
        if as_good(middle) {
            enough = middle
        } else {
            least = middle + 1
        }
    }
    words.lines(enough)
}

/// The words of a plain text with their widths, measured once.
struct Words<'a> {
    words: Vec<(&'a str, i64)>,
    size: i32,
    bold: bool,
}

impl<'a> Words<'a> {
    fn of(text: &'a str, size: i32, bold: bool) -> Self {
        let words = text.split(' ').filter(|word| !word.is_empty());
        let units = |word: &str| word.chars().map(|c| advance(c, bold)).sum();
        Words {
            words: words.map(|word| (word, units(word))).collect(),
            size,
            bold,
        }
    }

    /// Width of the longest word.
    fn longest(&self) -> i32 {
        let longest = self.words.iter().map(|(_, units)| *units).max();
        pixels(longest.unwrap_or(0), self.size)
    }

    /// Number of lines of at most `limit` pixels, which is enough for each word.
    fn count(&self, limit: i32) -> usize {
        let space = advance(' ', self.bold);
        let mut lines = 0;
        let mut line = 0;
        for (_, units) in &self.words {
            let joined = line + space + units;
            if lines > 0 && pixels(joined, self.size) <= limit {
                line = joined;
            } else {
                lines += 1;
                line = *units;
            }
        }
        lines
    }

    fn lines(&self, limit: i32) -> Vec<String> {
        let space = advance(' ', self.bold);
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        let mut width = 0;
        for (word, units) in &self.words {
            let joined = if line.is_empty() {
                *units
            } else {
                width + space + units
            };
            if pixels(joined, self.size) <= limit {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
                width = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let mut pieces = broken(word, self.size, self.bold, limit);
            line = pieces.pop().unwrap_or_default();
            width = line.chars().map(|c| advance(c, self.bold)).sum();
            lines.append(&mut pieces);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// A word in pieces that fit, cut after `-`, `_`, `/`, `.` or `:` or before a capital where one is
/// near.
fn broken(word: &str, size: i32, bold: bool, limit: i32) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece: Vec<char> = Vec::new();
    let mut units = 0;
    for c in word.chars() {
        while !piece.is_empty() && pixels(units + advance(c, bold), size) > limit {
            let cut = cut(&piece, c);
            let rest = piece.split_off(cut);
            pieces.push(piece.iter().collect());
            piece = rest;
            units = piece.iter().map(|c| advance(*c, bold)).sum();
        }
        units += advance(c, bold);
        piece.push(c);
    }
    if !piece.is_empty() {
        pieces.push(piece.iter().collect());
    }
    pieces
}

/// Where to cut `piece`, which is followed by `next`: at least one third of it is kept.
fn cut(piece: &[char], next: char) -> usize {
    let least = piece.len() / 3 + 1;
    for at in (least..=piece.len()).rev() {
        let before = piece.get(at - 1).copied().unwrap_or(' ');
        let after = piece.get(at).copied().unwrap_or(next);
        if matches!(before, '-' | '_' | '/' | '.' | ':' | ',')
            || (before.is_lowercase() && after.is_uppercase())
        {
            return at;
        }
    }
    piece.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_by_wrapping() {
        let text =
            "PaymentAuthorisationServiceImplementation accepts a_very_long.path/to/things 支払い";
        for limit in [12, 40, 90, 400] {
            let lines = wrap(text, 12, false, limit);
            let joined: String = lines.concat();
            assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
            for line in lines {
                assert!(
                    width(&line, 12, false) <= limit || line.chars().count() == 1,
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn control_characters_and_bidi_marks_are_dropped() {
        assert_eq!(plain(" a\u{202e}b\n\tc\u{0}d "), "ab c d");
    }
}
