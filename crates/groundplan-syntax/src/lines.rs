use groundplan_model::Evidence;
use memchr::memchr_iter;

/// Line starts of a text, and the way from lines to evidence.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
}

impl<'t> Lines<'t> {
    /// Finds the line starts of `text`; texts above 4 GiB are cut there.
    pub fn new(text: &'t str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            memchr_iter(b'\n', text.as_bytes()).filter_map(|at| u32::try_from(at + 1).ok()),
        );
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

    /// Evidence for lines `first..=last` of this text, which lies at `path`; lines beyond the end
    /// are cut, so that a citation always resolves.
    pub fn evidence(&self, path: &str, first: u32, last: u32) -> Evidence {
        let end = self.count();
        let first = first.clamp(1, end);
        let last = last.clamp(first, end);
        Evidence::new(path, first, last, hash_lines(self.slice(first, last)))
    }
}

/// The hash that evidence carries: 16 hexadecimal digits of BLAKE3, `\r\n` read as `\n`, without
/// the end of the last line.
pub fn hash_lines(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let hash = match memchr::memchr(b'\r', text.as_bytes()) {
        Some(_) => blake3::hash(text.replace("\r\n", "\n").as_bytes()),
        None => blake3::hash(text.as_bytes()),
    };
    hash.to_hex()[..16].to_owned()
}
