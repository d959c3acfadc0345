//! One search for the markers of many extractors.
//!
//! Of each marker the four bytes that are rarest in code are known by their hash, and a table
//! tells whether the four bytes at a place have such a hash. Places do not depend on one another,
//! which an automaton cannot say of its states, so that a byte costs half as much. Shorter markers
//! are few; each has a search of its own, asked only where it still decides.

use crate::blocks;
use memchr::memmem::Finder;
use std::collections::BTreeMap;

/// How many bits a hash of a block has here: the table has a byte for each and stays in the nearest
/// cache, and to ask it takes half of what a bitmap takes.
const BITS: u32 = 15;
/// Slots of the table of chains: fewer than bits, since hits are few.
const HEADS: u32 = 10;

/// Some markers, each with what asks for it.
pub struct Markers {
    /// For each hash whether a block of a marker has it, as 0 or 1.
    known: Box<[u8; 1 << BITS]>,
    /// For the first bits of each hash the last marker with it, from 1.
    heads: Vec<u16>,
    /// The rarest block of each marker from 1 on, and the next marker in the same chain; 0 for none.
    chained: Vec<(u32, u16)>,
    long: Vec<Marker>,
    short: Vec<(Finder<'static>, Vec<usize>)>,
}

struct Marker {
    text: &'static [u8],
    /// Where its rarest four bytes begin.
    rarest: usize,
    owners: Vec<usize>,
}

/// The hash of a block.
fn slot(block: u32) -> usize {
    blocks::slot(block) >> (blocks::BITS - BITS)
}

/// Where the rarest four bytes begin; `None` of what is shorter.
fn rarest(text: &[u8]) -> Option<(usize, [u8; 4])> {
    let at = blocks::rarest(text, 4)?;
    Some((at, text.get(at..at + 4)?.try_into().ok()?))
}

impl Markers {
    /// The markers of the owners `0..`; `None` if there are none.
    pub fn of<'m>(all: impl Iterator<Item = &'m [&'static str]>) -> Option<Markers> {
        let mut owners: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (owner, markers) in all.enumerate() {
            for marker in markers {
                owners.entry(*marker).or_default().push(owner);
            }
        }
        if owners.is_empty() {
            return None;
        }
        let mut found = Markers {
            known: Box::new([0; 1 << BITS]),
            heads: vec![0; 1 << HEADS],
            chained: vec![(0, 0)],
            long: Vec::new(),
            short: Vec::new(),
        };
        for (marker, owners) in owners {
            let text = marker.as_bytes();
            match rarest(text) {
                Some((rarest, block)) => {
                    let block = u32::from_le_bytes(block);
                    let slot = slot(block);
                    found.known[slot] = 1;
                    let head = &mut found.heads[slot >> (BITS - HEADS)];
                    found.chained.push((block, *head));
                    *head = found.chained.len() as u16 - 1;
                    found.long.push(Marker {
                        text,
                        rarest,
                        owners,
                    });
                }
                None => found.short.push((Finder::new(text), owners)),
            }
        }
        Some(found)
    }

    /// The next place from `place` on with a block that may be one of a marker, and the hash of that
    /// block.
    fn next_block(&self, text: &[u8], mut place: usize) -> Option<(usize, usize)> {
        let is_known = |slot: usize| self.known[slot] != 0;
        // Five blocks for each time that bytes are fetched.
        while let Some(Ok(bytes)) = text.get(place..place + 8).map(<[u8; 8]>::try_from) {
            let word = u64::from_le_bytes(bytes);
            let slots = [word, word >> 8, word >> 16, word >> 24, word >> 32]
                .map(|block| slot(block as u32));
            if slots
                .into_iter()
                .fold(0, |any, slot| any | self.known[slot])
                != 0
            {
                let at = slots.into_iter().position(is_known)?;
                return Some((place + at, slots[at]));
            }
            place += 5;
        }
        while let Some(Ok(block)) = text.get(place..place + 4).map(<[u8; 4]>::try_from) {
            let slot = slot(u32::from_le_bytes(block));
            if is_known(slot) {
                return Some((place, slot));
            }
            place += 1;
        }
        None
    }

    /// Sets `found` for each owner of a marker that stands in the text.
    pub fn search(&self, text: &str, found: &mut [bool]) {
        let mut open = found.iter().filter(|found| !**found).count();
        let text = text.as_bytes();
        let mut place = 0;
        while let Some((at, slot)) = self.next_block(text, place) {
            place = at + 1;
            let mut next = usize::from(self.heads[slot >> (BITS - HEADS)]);
            let here = text.get(at..at + 4).map(<[u8; 4]>::try_from);
            let Some(Ok(here)) = here else { continue };
            while next > 0 {
                let marker = &self.long[next - 1];
                let (block, chained) = self.chained[next];
                next = usize::from(chained);
                // Most of what has the same hash are other bytes.
                if block != u32::from_le_bytes(here) {
                    continue;
                }
                if marker.owners.iter().all(|owner| found[*owner]) {
                    continue;
                }
                let Some(start) = at.checked_sub(marker.rarest) else {
                    continue;
                };
                // A byte beside the block tells most of what only looks alike.
                if text[start] == marker.text[0] && text[start..].starts_with(marker.text) {
                    open -= tell(found, &marker.owners);
                }
            }
            if open == 0 {
                return;
            }
        }
        for (finder, owners) in &self.short {
            if owners.iter().any(|owner| !found[*owner]) && finder.find(text).is_some() {
                tell(found, owners);
            }
        }
    }
}

/// Says that these owners have something to do; how many did not know it yet.
fn tell(found: &mut [bool], owners: &[usize]) -> usize {
    let mut new = 0;
    for &owner in owners {
        new += usize::from(!found[owner]);
        found[owner] = true;
    }
    new
}

#[cfg(test)]
mod tests {
    use super::Markers;

    #[test]
    fn markers_are_found_wherever_they_stand() {
        let asked: [&[&str]; 5] = [
            &["@Path", "ws.rs"],
            &["k6", "test"],
            &["@"],
            &["nothing of this kind"],
            &["Path", "at the very end"],
        ];
        for (text, expected) in [
            ("", [false; 5]),
            ("@Pat", [false, false, true, false, false]),
            ("@Path", [true, false, true, false, true]),
            ("a k6", [false, true, false, false, false]),
            ("x ws.rs test", [true, true, false, false, false]),
            ("it is at the very end", [false, false, false, false, true]),
        ] {
            let markers = Markers::of(asked.into_iter());
            let mut found = [false; 5];
            if let Some(markers) = markers {
                markers.search(text, &mut found);
            }
            assert_eq!(found, expected, "{text}");
        }
    }
}
