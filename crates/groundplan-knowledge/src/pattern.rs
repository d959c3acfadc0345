//! Names with `*`, in tables that answer by binary search wherever the `*` stands at an end.

use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Whether `text` matches `pattern`, where `*` stands for any run of characters, also an empty one.
/// Linear in the text for each `*`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    // The byte at an end nearly always says no, and to look for a `*` costs more.
    let asked = |end: Option<u8>| end != Some(b'*');
    let (last, first) = (pattern.bytes().next_back(), pattern.bytes().next());
    if asked(last) && last != text.bytes().next_back()
        || asked(first) && first != text.bytes().next()
    {
        return false;
    }
    let star = |text: &str| text.bytes().position(|b| b == b'*');
    let Some(first) = star(pattern) else {
        return pattern == text;
    };
    let last = pattern.bytes().rposition(|b| b == b'*').unwrap_or(first);
    let (Some(mut rest), true) = (
        text.strip_prefix(&pattern[..first]),
        text.ends_with(&pattern[last + 1..]),
    ) else {
        return false;
    };
    let mut inner = &pattern[first..last];
    while let Some(begun) = inner.strip_prefix('*') {
        let end = star(begun).unwrap_or(begun.len());
        match place(rest, &begun[..end]) {
            Some(at) => rest = &rest[at + end..],
            None => return false,
        }
        inner = &begun[end..];
    }
    rest.ends_with(&pattern[last + 1..])
}

/// Where a short text holds a part: to make a real search ready costs more than to look at each place.
fn place(text: &str, part: &str) -> Option<usize> {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let [first, second, ..] = *part else {
        return match part {
            [] => Some(0),
            _ => text.iter().position(|b| part.first() == Some(b)),
        };
    };
    let mut pairs = text.windows(2).enumerate();
    pairs.find_map(|(at, pair)| {
        (pair == [first, second] && text[at..].starts_with(part)).then_some(at)
    })
}

/// A table by names: every file is asked for by many of them, and nobody but who writes the data says which
/// ones are in it.
type Named<V> = FxHashMap<Cow<'static, str>, V>;

/// A table from patterns to values. The most specific pattern answers: an exact one, then the one
/// with the most literal characters. The first value put in for a pattern stays. The hash maps are
/// only ever asked for a key, never walked, so that their order shows nowhere.
#[derive(Clone)]
pub(crate) struct PatternTable<V> {
    exact: Named<V>,
    /// `prefix*`, by prefix; the lengths that occur, longest first.
    prefixes: Named<V>,
    prefix_lengths: Vec<Length>,
    /// `*suffix`, by suffix.
    suffixes: Named<V>,
    suffix_lengths: Vec<Length>,
    /// All others, longest literal first.
    general: Vec<(Cow<'static, str>, V)>,
}

impl<V> Default for PatternTable<V> {
    fn default() -> Self {
        PatternTable {
            exact: FxHashMap::default(),
            prefixes: FxHashMap::default(),
            prefix_lengths: Vec::new(),
            suffixes: FxHashMap::default(),
            suffix_lengths: Vec::new(),
            general: Vec::new(),
        }
    }
}

impl<V> PatternTable<V> {
    /// Makes room for as many exact names.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.exact.reserve(count);
    }

    /// The value of exactly this pattern, put in if it is new.
    pub(crate) fn entry(&mut self, pattern: Cow<'static, str>, new: V) -> &mut V {
        let stars = pattern.matches('*').count();
        if stars == 0 {
            return self.exact.entry(pattern).or_insert(new);
        }
        if stars == 1 && pattern.ends_with('*') {
            let prefix = part(pattern, |p| p.strip_suffix('*'));
            add_length(&mut self.prefix_lengths, &prefix, prefix.bytes().last());
            return self.prefixes.entry(prefix).or_insert(new);
        }
        if stars == 1 && pattern.starts_with('*') {
            let suffix = part(pattern, |p| p.strip_prefix('*'));
            add_length(&mut self.suffix_lengths, &suffix, suffix.bytes().next());
            return self.suffixes.entry(suffix).or_insert(new);
        }
        let at = match self.general.iter().position(|(p, _)| *p == pattern) {
            Some(at) => at,
            None => {
                let length = literal(&pattern);
                let at = self.general.partition_point(|(p, _)| literal(p) >= length);
                self.general.insert(at, (pattern, new));
                at
            }
        };
        &mut self.general[at].1
    }

    /// The value of the exact name.
    pub(crate) fn exact(&self, name: &str) -> Option<&V> {
        self.exact.get(name)
    }

    /// The value of the most specific pattern that matches.
    pub(crate) fn find(&self, name: &str) -> Option<&V> {
        self.exact.get(name).or_else(|| self.wild(name))
    }

    /// The values of all patterns that match, the most specific kind first.
    pub(crate) fn all(&self, name: &str) -> Vec<&V> {
        let mut found: Vec<&V> = self.exact.get(name).into_iter().collect();
        found.extend(self.by_prefix(name).map(|(_, v)| v));
        found.extend(self.by_suffix(name).map(|(_, v)| v));
        found.extend(self.by_general(name).map(|(_, v)| v));
        found
    }

    fn wild(&self, name: &str) -> Option<&V> {
        let candidates = [
            self.by_prefix(name).next(),
            self.by_suffix(name).next(),
            self.by_general(name).next(),
        ];
        let mut best: Option<(usize, &V)> = None;
        for (length, value) in candidates.into_iter().flatten() {
            if best.is_none_or(|(known, _)| length > known) {
                best = Some((length, value));
            }
        }
        best.map(|(_, value)| value)
    }

    fn by_prefix<'a>(&'a self, name: &str) -> impl Iterator<Item = (usize, &'a V)> {
        self.prefix_lengths.iter().filter_map(|length| {
            let prefix = name.get(..length.bytes)?;
            if !length.may_hold(prefix.bytes().last()) {
                return None;
            }
            Some((length.bytes, self.prefixes.get(prefix)?))
        })
    }

    fn by_suffix<'a>(&'a self, name: &str) -> impl Iterator<Item = (usize, &'a V)> {
        self.suffix_lengths.iter().filter_map(|length| {
            let suffix = name.get(name.len().checked_sub(length.bytes)?..)?;
            if !length.may_hold(suffix.bytes().next()) {
                return None;
            }
            Some((length.bytes, self.suffixes.get(suffix)?))
        })
    }

    fn by_general<'a>(&'a self, name: &str) -> impl Iterator<Item = (usize, &'a V)> {
        self.general
            .iter()
            .filter(move |(pattern, _)| matches(pattern, name))
            .map(|(pattern, value)| (literal(pattern), value))
    }
}

/// A part of a name, without a copy if the name is static.
fn part(name: Cow<'static, str>, cut: fn(&str) -> Option<&str>) -> Cow<'static, str> {
    match name {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text).unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(cut(&text).unwrap_or(&text).to_owned()),
    }
}

fn literal(pattern: &str) -> usize {
    pattern.len() - pattern.matches('*').count()
}

/// A length that prefixes or suffixes have. Most names are told apart by the byte beside the `*`, and
/// to hash them all would cost more than everything else that is asked of a name.
#[derive(Clone, Copy)]
struct Length {
    bytes: usize,
    /// A bit for the last six bits of each byte that stands beside the `*`.
    edges: u64,
}

impl Length {
    fn may_hold(self, edge: Option<u8>) -> bool {
        self.edges & bit(edge) != 0
    }
}

fn bit(edge: Option<u8>) -> u64 {
    1 << (edge.unwrap_or_default() & 63)
}

fn add_length(lengths: &mut Vec<Length>, text: &str, edge: Option<u8>) {
    let bytes = text.len();
    let at = lengths.partition_point(|l| l.bytes > bytes);
    match lengths.get_mut(at).filter(|l| l.bytes == bytes) {
        Some(known) => known.edges |= bit(edge),
        None => {
            let edges = bit(edge);
            lengths.insert(at, Length { bytes, edges });
        }
    }
}
