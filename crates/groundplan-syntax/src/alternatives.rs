//! Alternatives of C# that a template or a build chooses from: `#if (UsePostgres) … #else … #endif`
//! (<https://learn.microsoft.com/dotnet/csharp/language-reference/preprocessor-directives>).
//! What is compiled where nobody defines the symbols is what counts; symbols in brackets are the
//! parameters of templates, which the repository itself builds without.

use std::ops::Range;

/// Whether a text has alternatives of that kind.
pub(crate) fn any(text: &str) -> bool {
    text.contains("#if (")
}

/// One `#if` that is open.
struct Open {
    /// Whether one of its branches was taken.
    taken: bool,
    /// Whether a condition hangs on what is not known here: then every branch counts.
    unknown: bool,
    /// Where the branch begins that is left out.
    begins: Option<u32>,
}

/// The lines of branches that are not compiled, in their order, none within another.
pub(crate) fn left_out(text: &str) -> Vec<Range<u32>> {
    let mut all: Vec<Range<u32>> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let Some(directive) = line.trim_start().strip_prefix('#') else {
            continue;
        };
        let directive = directive.trim();
        if let Some(condition) = directive.strip_prefix("if ") {
            let holds = match condition.trim_start().starts_with('(') {
                true => holds(condition),
                false => None,
            };
            open.push(Open {
                taken: holds == Some(true),
                unknown: holds.is_none(),
                begins: (holds == Some(false)).then_some(number),
            });
            continue;
        }
        let Some(last) = open.last_mut() else {
            continue;
        };
        let branch = directive.strip_prefix("elif ");
        let other = directive.starts_with("else");
        let ends = directive.starts_with("endif");
        if branch.is_none() && !other && !ends {
            continue;
        }
        if let Some(begins) = last.begins.take() {
            all.push(begins..number);
        }
        if ends {
            open.pop();
        } else if last.taken {
            last.begins = Some(number);
        } else if !last.unknown {
            let holds = branch.map_or(Some(true), holds);
            last.unknown = holds.is_none();
            if holds == Some(false) {
                last.begins = Some(number);
            }
            last.taken = holds == Some(true);
        }
    }
    // One within another ends first; what lies behind the last end stands in none.
    all.sort_by_key(|lines| lines.start);
    let mut merged: Vec<Range<u32>> = Vec::new();
    for lines in all {
        match merged.last_mut() {
            Some(last) if lines.start <= last.end => last.end = last.end.max(lines.end),
            _ => merged.push(lines),
        }
    }
    merged
}

/// Whether a condition holds where no symbol is defined; `None` where it names one that compilers and
/// frameworks define.
fn holds(condition: &str) -> Option<bool> {
    let condition = condition.split("//").next().unwrap_or(condition);
    let mut words = Words { rest: condition };
    let value = words.any()?;
    words.rest.trim().is_empty().then_some(value)
}

struct Words<'t> {
    rest: &'t str,
}

impl Words<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let Some(rest) = self.rest.trim_start().strip_prefix(sign) else {
            return false;
        };
        self.rest = rest;
        true
    }

    fn any(&mut self) -> Option<bool> {
        let mut value = self.all()?;
        while self.takes("||") {
            value |= self.all()?;
        }
        Some(value)
    }

    fn all(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.takes("&&") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        let mut turned = false;
        while self.takes("!") {
            turned = !turned;
        }
        // Brackets nest as deep as a line is long: one level is what people write.
        if self.takes("(") {
            let end = self.rest.find(')')?;
            let inner = &self.rest[..end];
            if inner.contains('(') {
                return None;
            }
            let value = Words { rest: inner }.any()?;
            self.rest = &self.rest[end + 1..];
            return Some(value != turned);
        }
        let text = self.rest.trim_start();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = text.find(|c| !plain(c)).unwrap_or(text.len());
        let word = &text[..end];
        self.rest = &text[end..];
        let value = match word {
            "" => return None,
            "true" => true,
            "false" => false,
            // `DEBUG`, `NET8_0_OR_GREATER`: capitals are what builds define, parameters have small
            // letters.
            _ if !word.bytes().any(|b| b.is_ascii_lowercase()) => return None,
            _ => false,
        };
        Some(value != turned)
    }
}

#[cfg(test)]
mod tests {
    use super::left_out;

    #[test]
    fn what_is_not_compiled_is_left_out() {
        let text = "a\n#if (UsePostgres)\nb\n#elif (UseSqlServer)\nc\n#else\nd\n#endif\n\
                    #if (!ApiOnly)\ne\n#endif\n#if DEBUG\nf\n#endif\n#if (NET8_0)\ng\n#else\nh\n#endif\n";
        let lines: Vec<(u32, u32)> = left_out(text).iter().map(|r| (r.start, r.end)).collect();
        assert_eq!(lines, [(2, 6)]);
    }

    #[test]
    fn behind_the_branch_that_counts_no_other_does() {
        let text = "#if (!ApiOnly)\na\n#elif (DEBUG)\nb\n#else\nc\n#endif\n#if (UseA)\n#if (UseB)\nd\n#endif\ne\n#endif\n";
        let lines: Vec<(u32, u32)> = left_out(text).iter().map(|r| (r.start, r.end)).collect();
        assert_eq!(lines, [(3, 7), (8, 13)]);
    }
}
