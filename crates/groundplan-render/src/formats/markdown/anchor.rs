//! The anchors that GitHub gives to headings.

use std::collections::{BTreeMap, BTreeSet};

/// Hands out anchors in the order of the headings.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    next: BTreeMap<String, usize>,
    taken: BTreeSet<String>,
}

impl Anchors {
    /// The anchor of the next heading, as it stands in a link.
    pub(super) fn of(&mut self, heading: &str) -> String {
        let base = slug(heading);
        let count = self.next.entry(base.clone()).or_default();
        let mut anchor = base.clone();
        while self.taken.contains(&anchor) {
            *count += 1;
            anchor = format!("{base}-{count}");
        }
        self.taken.insert(anchor.clone());
        linkable(&anchor)
    }
}

/// Lower case; letters, marks, decimal digits, `_` and `-` stay, spaces become `-`, the rest goes.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' | '\u{203f}' | '\u{2040}' => Some(c),
            // Marks that are no letters: accents, variation selectors, keycaps. The selector of an
            // emoji stays although the emoji goes.
            '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{20d0}'..='\u{20f0}' => Some(c),
            // Numbers that are no digits: superscripts, fractions, circled and dingbat numbers.
            '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}' | '\u{2074}'..='\u{2079}' => None,
            '\u{2080}'..='\u{2089}' | '\u{2150}'..='\u{215f}' | '\u{2460}'..='\u{249b}' => None,
            '\u{24ea}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' => None,
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

/// The invisible marks of an anchor as `%XX`, so that they survive copying; GitHub does the same.
fn linkable(anchor: &str) -> String {
    let mut out = String::with_capacity(anchor.len());
    for c in anchor.chars() {
        if matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{20d0}'..='\u{20f0}') {
            out.push_str(&crate::links::encode_path(c.encode_utf8(&mut [0; 4])));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_githubs() {
        let cases = [
            ("3) Core Components", "3-core-components"),
            ("Trade-offs & Constraints", "trade-offs--constraints"),
            ("🎯 Business Context", "-business-context"),
            ("🏗️ System Architecture", "%EF%B8%8F-system-architecture"),
            ("Привет non-latin 你好", "привет-non-latin-你好"),
            ("snake_case (x²)", "snake_case-x"),
            ("CI/CD: \"a\" <b>", "cicd-a-b"),
            ("!?", ""),
        ];
        for (heading, wanted) in cases {
            assert_eq!(Anchors::default().of(heading), wanted);
        }
    }

    #[test]
    fn repeated_headings_are_counted() {
        let mut anchors = Anchors::default();
        let found: Vec<String> = ["A", "a", "A-1", "A"]
            .iter()
            .map(|h| anchors.of(h))
            .collect();
        assert_eq!(found, ["a", "a-1", "a-1-1", "a-2"]);
    }
}
