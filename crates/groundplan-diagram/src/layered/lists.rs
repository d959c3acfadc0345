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
