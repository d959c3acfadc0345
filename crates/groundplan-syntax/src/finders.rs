//! Searches for fixed words, made once.

use aho_corasick::packed;
use memchr::memmem::Finder;
use std::sync::OnceLock;

/// Some words, searched for in many texts: to make a search ready costs more than to run it over a
/// short text.
pub struct Finders {
    words: &'static [&'static str],
    made: OnceLock<Vec<Finder<'static>>>,
    /// One search for all of them; `None` where the processor has no instructions for it.
    at_once: OnceLock<Option<packed::Searcher>>,
}

impl Finders {
    /// Searches for these words.
    pub const fn of(words: &'static [&'static str]) -> Finders {
        Finders {
            words,
            made: OnceLock::new(),
            at_once: OnceLock::new(),
        }
    }

    /// For each word where it stands first, in the order of the words.
    pub fn places<'t>(&self, text: &'t str) -> impl Iterator<Item = Option<usize>> + use<'_, 't> {
        let made = self.made().iter();
        made.map(|finder| finder.find(text.as_bytes()))
    }

    /// The words, each with its search.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &Finder<'static>)> {
        self.words.iter().copied().zip(self.made())
    }

    fn made(&self) -> &[Finder<'static>] {
        self.made.get_or_init(|| {
            let words = self.words.iter();
            words.map(|word| Finder::new(word.as_bytes())).collect()
        })
    }

    /// The first word in the order of the words that stands in the text, in one search for all. Words
    /// may begin alike, the longer before the shorter; none may end as another begins.
    pub fn first(&self, text: &str) -> Option<usize> {
        let at_once = self
            .at_once
            .get_or_init(|| packed::Searcher::new(self.words));
        let Some(search) = at_once else {
            return self.places(text).position(|place| place.is_some());
        };
        let mut least: Option<usize> = None;
        for found in search.find_iter(text) {
            let word = found.pattern().as_usize();
            if word == 0 {
                return Some(0);
            }
            least = Some(least.map_or(word, |known| known.min(word)));
        }
        least
    }

    /// Whether any of the words stands in the text.
    pub fn any(&self, text: &str) -> bool {
        /// For fewer words one search after another is as fast.
        const FEWEST: usize = 4;
        if self.words.len() < FEWEST {
            return self.places(text).any(|place| place.is_some());
        }
        let at_once = self
            .at_once
            .get_or_init(|| packed::Searcher::new(self.words));
        match at_once {
            Some(search) => search.find(text).is_some(),
            None => self.places(text).any(|place| place.is_some()),
        }
    }
}

/// The words of both lists; `N` is how many these are.
pub const fn both<const A: usize, const B: usize, const N: usize>(
    first: &[&'static str; A],
    second: &[&'static str; B],
) -> [&'static str; N] {
    let mut all = [""; N];
    let mut at = 0;
    while at < A && at < N {
        all[at] = first[at];
        at += 1;
    }
    while at < A + B && at < N {
        all[at] = second[at - A];
        at += 1;
    }
    all
}

/// The first of each pair.
pub const fn firsts<const N: usize>(
    pairs: &[(&'static str, &'static str); N],
) -> [&'static str; N] {
    let mut all = [""; N];
    let mut at = 0;
    while at < N {
        all[at] = pairs[at].0;
        at += 1;
    }
    all
}
