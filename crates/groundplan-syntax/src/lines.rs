use groundplan_model::Evidence;

/// Line starts of a text, and the way from lines to evidence.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
}

impl<'t> Lines<'t> {
    /// Finds the line starts of `text`; texts above 4 GiB are cut there.
    pub fn new(text: &'t str) -> Self {
        // A line of code has some thirty bytes.
        let mut starts = Vec::with_capacity(text.len() / 32 + 2);
        starts.push(0);
        let bytes = text.as_bytes();
        let bytes = bytes.get(..u32::MAX as usize).unwrap_or(bytes);
        // Lines are so short that to start a search for each costs more than to look at sixteen bytes
        // at once.
        let mut at = 0;
        let mut chunks = bytes.chunks_exact(16);
        for chunk in &mut chunks {
            let any = chunk.iter().fold(false, |any, b| any | (*b == b'\n'));
            if any {
                for (half, from) in chunk.chunks_exact(8).zip([at, at + 8]) {
                    let mut ends = line_ends(half);
                    while ends != 0 {
                        starts.push(from + ends.trailing_zeros() / 8 + 1);
                        ends &= ends - 1;
                    }
                }
            }
            at += 16;
        }
        let rest = chunks.remainder().iter().zip(at + 1..);
        starts.extend(rest.filter(|(b, _)| **b == b'\n').map(|(_, next)| next));
        Lines { text, starts }
    }

    /// Number of lines, at least one.
    pub fn count(&self) -> u32 {
        let last_is_empty = self
            .starts
            .last()
            .is_some_and(|&s| s as usize == self.text.len());
        (self.starts.len() - usize::from(last_is_empty && self.starts.len() > 1)) as u32
    }

    /// One-based line of a byte offset.
    pub fn line_of(&self, offset: usize) -> u32 {
        self.starts
            .partition_point(|&start| start as usize <= offset)
            .max(1) as u32
    }

    /// The text of one line without its end; empty if there is no such line.
    pub fn text(&self, line: u32) -> &'t str {
        self.slice(line, line).trim_end_matches(['\n', '\r'])
    }

    /// The text of lines `first..=last`, line ends included.
    pub fn slice(&self, first: u32, last: u32) -> &'t str {
        let start = match self.starts.get(first.max(1) as usize - 1) {
            Some(&start) => start as usize,
            None => return "",
        };
        let end = self
            .starts
            .get(last.max(first) as usize)
            .map_or(self.text.len(), |&e| e as usize);
        self.text.get(start..end).unwrap_or_default()
    }

    /// All lines in order, line ends included; no line behind the last line end.
    pub fn all(&self) -> impl Iterator<Item = &'t str> + '_ {
        let ends = self.starts.iter().skip(1).copied();
        let ends = ends.chain([u32::try_from(self.text.len()).unwrap_or(u32::MAX)]);
        (self.starts.iter().zip(ends))
            .map(|(&start, end)| self.text.get(start as usize..end as usize))
            .take(self.count() as usize)
            .map(Option::unwrap_or_default)
    }

    /// Evidence for lines `first..=last` of this text, which lies at `path`; lines beyond the end
    /// are cut, so that a citation always resolves.
    pub fn evidence(&self, path: &str, first: u32, last: u32) -> Evidence {
        let (first, last) = self.within(first, last);
        Evidence::new(path, first, last, hash_lines(self.slice(first, last)))
    }

    /// Lines and hash of that evidence, the hash as a number.
    pub fn place(&self, first: u32, last: u32) -> ([u32; 2], u64) {
        let (first, last) = self.within(first, last);
        let hash = hash_of(self.slice(first, last));
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        let number = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        ([first, last], number)
    }

    fn within(&self, first: u32, last: u32) -> (u32, u32) {
        let end = self.count();
        let first = first.clamp(1, end);
        (first, last.clamp(first, end))
    }
}

/// The hash that evidence carries: 16 hexadecimal digits of BLAKE3, `\r\n` read as `\n`, without
/// the end of the last line.
pub fn hash_lines(text: &str) -> String {
    hexadecimal(hash_of(text).as_bytes())
}

fn hash_of(text: &str) -> blake3::Hash {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    match memchr::memchr(b'\r', text.as_bytes()) {
        Some(_) => blake3::hash(text.replace("\r\n", "\n").as_bytes()),
        None => blake3::hash(text.as_bytes()),
    }
}

/// The first eight bytes of a hash as they are written.
fn hexadecimal(hash: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(16);
    for byte in &hash[..8] {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Of eight bytes the highest bit of each that is a line end, the first byte lowest.
fn line_ends(chunk: &[u8]) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let Ok(bytes) = <[u8; 8]>::try_from(chunk) else {
        return 0;
    };
    // A byte of these is zero where a line ends.
    let odd = u64::from_le_bytes(bytes) ^ u64::from_le_bytes([b'\n'; 8]);
    !(((odd & LOW) + LOW) | odd | LOW)
}
