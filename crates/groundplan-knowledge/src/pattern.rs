//! Names with `*`, in tables that answer by binary search wherever the `*` stands at an end.

use std::borrow::Cow;
use std::collections::HashMap;

/// Whether `text` matches `pattern`, where `*` stands for any run of characters, also an empty one.
/// Linear in the text for each `*`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A table from patterns to values. The most specific pattern answers: an exact one, then the one
/// with the most literal characters. The first value put in for a pattern stays. The hash maps are
/// only ever asked for a key, never walked, so that their order shows nowhere.
#[derive(Clone)]
pub(crate) struct PatternTable<V> {
    exact: HashMap<Cow<'static, str>, V>,
    /// `prefix*`, by prefix; the lengths that occur, longest first.
    prefixes: HashMap<Cow<'static, str>, V>,
    prefix_lengths: Vec<usize>,
    /// `*suffix`, by suffix.
    suffixes: HashMap<Cow<'static, str>, V>,
    suffix_lengths: Vec<usize>,
    /// All others, longest literal first.
    general: Vec<(Cow<'static, str>, V)>,
}

impl<V> Default for PatternTable<V> {
    fn default() -> Self {
        PatternTable {
            exact: HashMap::new(),
            prefixes: HashMap::new(),
            prefix_lengths: Vec::new(),
            suffixes: HashMap::new(),
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
            add_length(&mut self.prefix_lengths, prefix.len());
            return self.prefixes.entry(prefix).or_insert(new);
        }
        if stars == 1 && pattern.starts_with('*') {
            let suffix = part(pattern, |p| p.strip_prefix('*'));
            add_length(&mut self.suffix_lengths, suffix.len());
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
        self.prefix_lengths.iter().filter_map(|&length| {
            let prefix = name.get(..length)?;
            Some((length, self.prefixes.get(prefix)?))
        })
    }

    fn by_suffix<'a>(&'a self, name: &str) -> impl Iterator<Item = (usize, &'a V)> {
        self.suffix_lengths.iter().filter_map(|&length| {
            let suffix = name.get(name.len().checked_sub(length)?..)?;
            Some((length, self.suffixes.get(suffix)?))
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

fn add_length(lengths: &mut Vec<usize>, length: usize) {
    let at = lengths.partition_point(|&l| l > length);
    if lengths.get(at) != Some(&length) {
        lengths.insert(at, length);
    }
}
