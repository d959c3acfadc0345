//! The patterns of paths that extractors read: all of them asked at once.
//!
//! A hundred thousand paths against four hundred patterns is a cost that regular expressions feel:
//! most patterns end in a name or an ending, so that a path is held against few of them, by plain
//! comparison.

use std::collections::HashMap;

/// One part of a path as a pattern writes it.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// `**`: any number of folders, also none.
    Folders,
    /// Literal pieces with `*` between them; one piece is the whole name.
    Pieces(Vec<String>),
}

#[derive(Debug)]
struct Pattern {
    /// What the name of the file is held against first, without a look at any text elsewhere.
    name: Ends,
    /// The same of the folder right above, where the pattern says one.
    above: Ends,
    parts: Vec<Part>,
    owner: usize,
}

/// The first and the last eight bytes of a text, and which of them a pattern asks for.
#[derive(Debug, Default, Clone, Copy)]
struct Ends {
    head: u64,
    tail: u64,
    head_asked: u64,
    tail_asked: u64,
}

impl Ends {
    /// Of a text: the bytes that there are, zeros where it is shorter.
    fn of(text: &str) -> Ends {
        let bytes = text.as_bytes();
        let length = bytes.len().min(8);
        let (mut head, mut tail) = ([0; 8], [0; 8]);
        head[..length].copy_from_slice(&bytes[..length]);
        tail[8 - length..].copy_from_slice(&bytes[bytes.len() - length..]);
        Ends {
            head: u64::from_le_bytes(head),
            tail: u64::from_be_bytes(tail),
            ..Ends::default()
        }
    }

    /// Of a part of a pattern.
    fn asked(part: Option<&Part>) -> Ends {
        // How many bytes at an end count, as ones in the lowest of them.
        let ones = |text: &str| match text.len() {
            8.. => u64::MAX,
            length => (1 << (8 * length)) - 1,
        };
        let (Some(first), Some(last)) = (match part {
            Some(Part::Pieces(pieces)) => (pieces.first(), pieces.last()),
            _ => (None, None),
        }) else {
            return Ends::default();
        };
        Ends {
            head: Ends::of(first).head,
            tail: Ends::of(last).tail,
            head_asked: ones(first),
            tail_asked: ones(last),
        }
    }

    /// Whether a text with these ends may be what is asked for.
    fn may_be(&self, text: &Ends) -> bool {
        (text.head ^ self.head) & self.head_asked == 0
            && (text.tail ^ self.tail) & self.tail_asked == 0
    }
}

/// Patterns with the position of what asks for each.
#[derive(Debug, Default)]
pub struct Patterns {
    all: Vec<Pattern>,
    /// By the whole name of the file.
    by_name: HashMap<String, Vec<usize>>,
    /// By what follows the last dot of the name.
    by_ending: HashMap<String, Vec<usize>>,
    /// By the first byte of the name.
    by_first: HashMap<u8, Vec<usize>>,
    /// Neither name, ending nor beginning is known.
    others: Vec<usize>,
}

impl Patterns {
    /// Adds a pattern: `*` does not cross `/`, `**/` does, `{a,b}` is one of several, `[0-9]` a
    /// digit; a pattern without `/` is that of a name in any folder. Case does not matter.
    pub fn add(&mut self, pattern: &str, owner: usize) {
        let lower = pattern.to_ascii_lowercase();
        let full = match lower.contains('/') {
            true => lower,
            false => format!("**/{lower}"),
        };
        for written in alternatives(&full) {
            let parts: Vec<Part> = written
                .split('/')
                .map(|part| match part {
                    "**" => Part::Folders,
                    _ => Part::Pieces(part.split('*').map(str::to_owned).collect()),
                })
                .collect();
            let index = self.all.len();
            let name = written.rsplit('/').next().unwrap_or_default();
            let ending = name.rsplit_once('.').map(|(_, ending)| ending);
            let list = match ending {
                _ if !name.contains('*') => self.by_name.entry(name.to_owned()).or_default(),
                Some(ending) if !ending.contains('*') => {
                    self.by_ending.entry(ending.to_owned()).or_default()
                }
                _ => match name.bytes().next().filter(|b| *b != b'*') {
                    Some(first) => self.by_first.entry(first).or_default(),
                    None => &mut self.others,
                },
            };
            list.push(index);
            self.all.push(Pattern {
                name: Ends::asked(parts.last()),
                above: Ends::asked(parts.len().checked_sub(2).and_then(|at| parts.get(at))),
                parts,
                owner,
            });
        }
    }

    /// The owners of the patterns that match a path, in no order, each as often as it matches.
    pub fn matches(&self, path: &str) -> Vec<usize> {
        let lower = crate::paths::lower(path);
        self.found(&lower).map(|p| p.owner).collect()
    }

    /// Whether any pattern matches a path.
    pub fn is_match(&self, path: &str) -> bool {
        let lower = crate::paths::lower(path);
        self.found(&lower).next().is_some()
    }

    fn found<'p>(&'p self, lower: &'p str) -> impl Iterator<Item = &'p Pattern> + use<'p> {
        let (folders, name) = crate::paths::split_name(lower).unwrap_or(("", lower));
        let above = crate::paths::split_name(folders).map_or(folders, |(_, above)| above);
        let ends = (Ends::of(name), Ends::of(above));
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let by_name = self.by_name.get(name);
        let by_ending = ending.and_then(|ending| self.by_ending.get(ending));
        let by_first = name.bytes().next().and_then(|b| self.by_first.get(&b));
        let all = [by_name, by_ending, by_first, Some(&self.others)];
        let all = all.into_iter().flatten().flatten();
        let all = all.filter_map(|&index| self.all.get(index));
        let all = all.filter(move |p| p.name.may_be(&ends.0) && p.above.may_be(&ends.1));
        all.filter(move |pattern| match pattern.parts.as_slice() {
            [Part::Folders, Part::Pieces(pieces)] => is_name(pieces, name),
            [.., Part::Pieces(pieces)] => {
                is_name(pieces, name) && fits(&pattern.parts, Some(lower))
            }
            parts => fits(parts, Some(lower)),
        })
    }
}

/// A pattern with `{a,b}` or `[0-9]` as all that it stands for.
fn alternatives(pattern: &str) -> Vec<String> {
    let all = |before: &str, middle: Vec<String>, after: &str| {
        let with = |m: String| alternatives(&format!("{before}{m}{after}"));
        middle.into_iter().flat_map(with).collect()
    };
    if let Some((before, rest)) = pattern.split_once('{')
        && let Some((inner, after)) = rest.split_once('}')
    {
        return all(before, inner.split(',').map(str::to_owned).collect(), after);
    }
    if let Some((before, after)) = pattern.split_once("[0-9]") {
        return all(before, (0..10).map(|n| n.to_string()).collect(), after);
    }
    vec![pattern.to_owned()]
}

/// Whether the beginning of a path is what the parts say; `None` where nothing is left of the path.
/// The end is held against the end: folders right above a name say no sooner than those at the root.
fn fits(parts: &[Part], path: Option<&str>) -> bool {
    let Some((part, more)) = parts.split_last() else {
        return path.is_none();
    };
    let above = |text: &str| crate::paths::split_name(text).map(|(folders, _)| folders.len());
    match (part, path) {
        (Part::Folders, None) => fits(more, None),
        (Part::Folders, Some(text)) => {
            fits(more, path) || fits(parts, above(text).map(|end| &text[..end]))
        }
        (Part::Pieces(_), None) => false,
        (Part::Pieces(pieces), Some(text)) => {
            let end = above(text);
            let name = end.map_or(text, |end| &text[end + 1..]);
            is_name(pieces, name) && fits(more, end.map(|end| &text[..end]))
        }
    }
}

fn is_name(pieces: &[String], name: &str) -> bool {
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
        return false;
    };
    if pieces.len() == 1 {
        return first == name;
    }
    // The last byte nearly always says no, and to compare texts costs more.
    let end = |text: &str| text.bytes().next_back();
    if !last.is_empty() && end(last) != end(name) {
        return false;
    }
    let inner = name.strip_prefix(first.as_str());
    let Some(mut rest) = inner.and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    for piece in &pieces[1..pieces.len() - 1] {
        match place(rest, piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}

/// Where a name holds a piece: to make a real search ready costs more than to look at each place.
fn place(name: &str, piece: &str) -> Option<usize> {
    let (name, piece) = (name.as_bytes(), piece.as_bytes());
    let Some(first) = piece.first() else {
        return Some(0);
    };
    let mut places = name.iter().enumerate();
    places.find_map(|(at, b)| (b == first && name[at..].starts_with(piece)).then_some(at))
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn patterns_cross_folders_only_where_they_say_so() {
        for (pattern, path, expected) in [
            ("pom.xml", "pom.xml", true),
            ("pom.xml", "a/b/POM.xml", true),
            ("pom.xml", "a/pom.xml/b", false),
            ("pom-*.xml", "pom-x.xml", true),
            ("pom-*.xml", "pom.xml", false),
            ("Dockerfile.*", "x/Dockerfile.dev", true),
            ("*ocelot*.json", "Ocelot.prod.json", true),
            ("*.min*.js", "a.js", false),
            ("a*a", "a", false),
            (".github/workflows/*.yml", ".github/workflows/a.yml", true),
            (
                ".github/workflows/*.yml",
                "x/.github/workflows/a.yml",
                false,
            ),
            (
                ".github/workflows/*.yml",
                ".github/workflows/b/a.yml",
                false,
            ),
            ("**/docs/**/*.md", "docs/a.md", true),
            ("**/docs/**/*.md", "x/docs/y/z/a.md", true),
            ("**/docs/**/*.md", "x/docs.md", false),
            ("**/adr-[0-9]*.md", "x/adr-12.md", true),
            ("**/adr-[0-9]*.md", "x/adr-a.md", false),
            ("**/{db,data}/*.{xml,yml}", "a/data/x.yml", true),
            ("**/{db,data}/*.{xml,yml}", "a/other/x.yml", false),
            ("**/nginx/*", "nginx/site", true),
            (".eslintrc*", ".eslintrc", true),
            ("x.y*ml", "x.yml", true),
        ] {
            let mut patterns = Patterns::default();
            patterns.add(pattern, 0);
            assert_eq!(patterns.is_match(path), expected, "{pattern} {path}");
        }
    }
}
