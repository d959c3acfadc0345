//! Many short lists of numbers in little room: a large drawing has half a million items.

/// A number as it is kept. A view has far fewer items than there are such numbers.
pub(super) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A kept number as an index.
pub(super) fn wide(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// Lists of numbers, one after the other.
pub(super) struct Lists {
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Lists {
    /// `count` lists out of pairs of a list and a number in it, in the order of the pairs.
    pub(super) fn of(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (list, _) in pairs.clone() {
            starts[wide(list) + 1] += 1;
        }
        for n in 0..count {
            starts[n + 1] += starts[n];
        }
        let mut next = starts.clone();
        let mut all = vec![0; starts.last().copied().map_or(0, wide)];
        for (list, number) in pairs {
            let at = &mut next[wide(list)];
            all[wide(*at)] = number;
            *at += 1;
        }
        Lists { starts, all }
    }

    /// One of the lists.
    pub(super) fn at(&self, n: usize) -> &[u32] {
        &self.all[wide(self.starts[n])..wide(self.starts[n + 1])]
    }
}

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// Lists of numbers that grow and shrink, all in one piece of memory.
pub(super) struct Chains {
    /// The first link of each list.
    heads: Vec<u32>,
    /// A number and the link after it.
    links: Vec<(u32, u32)>,
    /// The first of the links that are not in use.
    unused: u32,
}

impl Chains {
    /// `count` empty lists.
    pub(super) fn new(count: usize) -> Self {
        Chains {
            heads: vec![NONE; count],
            // A tree has one arc less than nodes, and each has two ends.
            links: Vec::with_capacity(2 * count),
            unused: NONE,
        }
    }

    /// The first link of a list.
    pub(super) fn first(&self, list: u32) -> u32 {
        self.heads[wide(list)]
    }

    /// The number at a link and the link after it; none after the last one.
    pub(super) fn link(&self, link: u32) -> Option<(u32, u32)> {
        self.links.get(wide(link)).copied()
    }

    /// The numbers of a list.
    pub(super) fn at(&self, list: u32) -> impl Iterator<Item = u32> {
        let mut link = self.first(list);
        std::iter::from_fn(move || {
            let (number, next) = self.link(link)?;
            link = next;
            Some(number)
        })
    }

    /// Adds a number to a list.
    pub(super) fn push(&mut self, list: u32, number: u32) {
        let link = (number, self.heads[wide(list)]);
        let at = match self.links.get_mut(wide(self.unused)) {
            Some(free) => {
                let at = std::mem::replace(&mut self.unused, free.1);
                *free = link;
                at
            }
            None => {
                self.links.push(link);
                small(self.links.len() - 1)
            }
        };
        self.heads[wide(list)] = at;
    }

    /// Takes a number out of a list.
    pub(super) fn remove(&mut self, list: u32, number: u32) {
        let mut before = NONE;
        let mut at = self.heads[wide(list)];
        while let Some((here, next)) = self.link(at) {
            if here == number {
                match self.links.get_mut(wide(before)) {
                    Some(link) => link.1 = next,
                    None => self.heads[wide(list)] = next,
                }
                self.links[wide(at)].1 = self.unused;
                self.unused = at;
                return;
            }
            (before, at) = (at, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_use_their_links_again() {
        let mut chains = Chains::new(2);
        for n in 0..3 {
            chains.push(0, n);
        }
        chains.remove(0, 1);
        chains.push(1, 7);
        chains.remove(1, 9);
        assert_eq!(chains.at(0).collect::<Vec<_>>(), [2, 0]);
        assert_eq!(chains.at(1).collect::<Vec<_>>(), [7]);
        assert_eq!(chains.links.len(), 3);
    }
}
