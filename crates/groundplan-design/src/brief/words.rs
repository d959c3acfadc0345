//! Names, clauses and force: what a text mentions, and whether it demands, prefers or excludes it.

use super::token::{Kind, Token, singular, tokens};
use groundplan_knowledge::design_tables;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// How strongly a clause speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Force {
    /// It is excluded.
    Forbid,
    /// It would be liked.
    Prefer,
    /// It stands there without a word of force.
    Bare,
    /// It is demanded.
    Must,
}

impl Force {
    /// What a word of this force makes of a technology.
    pub fn word(self) -> &'static str {
        match self {
            Force::Forbid => "excluded",
            Force::Prefer => "preferred",
            Force::Bare => "named",
            Force::Must => "demanded",
        }
    }
}

const MUST: [&str; 8] = [
    "must",
    "mandatory",
    "only",
    "required",
    "requires",
    "require",
    "mandated",
    "has",
];
const PREFER: [&str; 10] = [
    "sensible",
    "maybe",
    "perhaps",
    "prefer",
    "prefers",
    "preferred",
    "preferably",
    "ideally",
    "like",
    "possible",
];
const NOT: [&str; 8] = [
    "no",
    "without",
    "not",
    "never",
    "avoid",
    "excluding",
    "except",
    "non",
];

/// A name that was found in a text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    /// First byte.
    pub(crate) start: usize,
    /// Byte behind the last.
    pub(crate) end: usize,
    /// Index of the first token.
    pub(crate) at: usize,
    /// How many tokens.
    pub(crate) count: usize,
    /// How strongly the clause speaks.
    pub(crate) force: Force,
}

/// Whether two tokens say the same, plurals folded.
fn same(a: &Token, b: &Token) -> bool {
    match (&a.kind, &b.kind) {
        // What differs in its first letter differs in singular too: no plural bends that.
        (Kind::Word(a), Kind::Word(b)) => {
            a == b || a.as_bytes().first() == b.as_bytes().first() && singular(a) == singular(b)
        }
        (Kind::Number { value: a, .. }, Kind::Number { value: b, .. }) => a == b,
        (Kind::Mark(a), Kind::Mark(b)) => a == b,
        _ => false,
    }
}

/// The tokens of the names of the vocabulary, which each brief is searched for many times.
fn split_names() -> &'static BTreeMap<&'static str, Vec<Token>> {
    static ALL: OnceLock<BTreeMap<&'static str, Vec<Token>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let vocabulary = &design_tables().vocabulary;
        let lists = vocabulary
            .names
            .values()
            .flat_map(BTreeMap::values)
            .chain(vocabulary.packs.values())
            .chain(vocabulary.rules.values())
            .chain(vocabulary.regions.values())
            .chain(vocabulary.traits.values())
            .chain(vocabulary.partners.iter().map(|p| &p.alias));
        lists.flatten().map(|n| (n.as_str(), tokens(n))).collect()
    })
}

/// Every place where one of `names` stands. Hyphens and blanks are the same.
pub(crate) fn find(text: &[Token], names: &[String]) -> Vec<Hit> {
    let mut all = Vec::new();
    // No plural bends the first letter: a name with another one than all words of the text stands
    // nowhere in it.
    let letter = |byte: u8| match byte {
        b'a'..=b'z' => 1_u32 << (byte - b'a'),
        _ => 0,
    };
    let first = |t: &Token| t.word().as_bytes().first().map_or(0, |b| letter(*b));
    let letters = text.iter().fold(0, |all, t| all | first(t));
    for name in names {
        let byte = name.as_bytes().first().copied().unwrap_or(0);
        let asked = letter(byte.to_ascii_lowercase());
        if asked != 0 && letters & asked == 0 {
            continue;
        }
        let new;
        let wanted = match split_names().get(name.as_str()) {
            Some(known) => known,
            None => {
                new = tokens(name);
                &new
            }
        };
        let count = wanted.len();
        for at in 0..text.len() {
            let plain = text
                .get(at..at + count)
                .is_some_and(|part| part.iter().zip(wanted).all(|(a, b)| same(a, b)));
            // `eu-only` mentions `eu`; `us-east-1` mentions `us-east`.
            let head = count == 1
                && text.get(at).is_some_and(|t| {
                    let rest = t.word().strip_prefix(name.as_str());
                    name.len() > 1 && rest.is_some_and(|r| r.starts_with('-'))
                });
            if plain || head {
                let last = at + count - 1;
                all.push(Hit {
                    start: text.get(at).map_or(0, |t| t.start),
                    end: text.get(last).map_or(0, |t| t.end),
                    at,
                    count,
                    force: force(text, at),
                });
            }
        }
    }
    all.sort_by_key(|h| (h.start, std::cmp::Reverse(h.count)));
    all
}

/// Whether one of `names` stands in the text and is not excluded.
pub(crate) fn mentions(text: &[Token], names: &[String]) -> bool {
    find(text, names).iter().any(|h| h.force != Force::Forbid)
}

/// First and last token of the clause around `at`.
pub(crate) fn clause(text: &[Token], at: usize) -> std::ops::Range<usize> {
    let ends = |t: &Token| t.ends_clause() || t.word() == "but";
    let before = text.get(..at).unwrap_or_default();
    let start = before.iter().rposition(ends).map_or(0, |i| i + 1);
    let after = text.get(at..).unwrap_or_default();
    let end = after.iter().position(ends).map_or(text.len(), |i| at + i);
    start..end
}

/// How strongly the clause around a token speaks of it.
pub(crate) fn force(text: &[Token], at: usize) -> Force {
    let range = clause(text, at);
    let words = |r: std::ops::Range<usize>| {
        let part = text.get(r).unwrap_or_default();
        part.iter().map(Token::word).collect::<Vec<_>>()
    };
    // A negation counts only shortly before the name: `must run without Kubernetes`.
    let near = words(range.start.max(at.saturating_sub(3))..at);
    let instead = near.windows(2).any(|w| w == ["instead", "of"]);
    if near.iter().any(|w| NOT.contains(w)) || instead {
        return Force::Forbid;
    }
    // `Kubernetes is not available`: what is said of it stands behind.
    let behind = words(at..range.end);
    let denied = behind.windows(3).take(3).any(|w| {
        matches!(w[0], "is" | "are")
            && (w[1] == "not"
                && matches!(
                    w[2],
                    "available"
                        | "allowed"
                        | "possible"
                        | "permitted"
                        | "wanted"
                        | "welcome"
                        | "approved"
                )
                || w[1] == "no" && w[2] == "option")
    });
    // `is not an issue` and `is out of the box` forbid nothing.
    let out = (0..behind.len().min(3)).any(|i| match behind.get(i..).unwrap_or_default() {
        ["is" | "are", "not", "an", "option", ..]
        | [
            "is" | "are",
            "out",
            "of",
            "scope" | "question" | "bounds",
            ..,
        ]
        | ["is" | "are", "out", "of", "the", "question", ..] => true,
        ["is" | "are", "out", rest @ ..] => rest.first() != Some(&"of"),
        _ => false,
    });
    let barred = behind.windows(2).take(3).any(|w| {
        matches!(w[0], "is" | "are") && matches!(w[1], "forbidden" | "banned" | "unavailable")
    });
    if denied || out || barred {
        return Force::Forbid;
    }
    // `DynamoDB is fine` allows it, and asks for nothing.
    let allowed = behind.windows(2).take(3).any(|w| {
        matches!(w[0], "is" | "are" | "be")
            && matches!(
                w[1],
                "fine" | "ok" | "okay" | "acceptable" | "allowed" | "possible"
            )
    });
    if allowed {
        return Force::Prefer;
    }
    let all = words(range);
    // `Kafka only if needed` asks for nothing yet.
    let perhaps = all
        .windows(2)
        .any(|w| w[0] == "only" && matches!(w[1], "if" | "when" | "where"));
    if perhaps {
        return Force::Prefer;
    }
    let has_to = all.windows(2).any(|w| w == ["has", "to"]);
    let must = |w: &&str| MUST.contains(w) && (*w != "has" || has_to);
    if all.iter().any(must) || all.iter().any(|w| w.ends_with("-only")) {
        return Force::Must;
    }
    if all.iter().any(|w| PREFER.contains(w)) {
        return Force::Prefer;
    }
    Force::Bare
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forces(text: &str, name: &str) -> Vec<Force> {
        let hits = find(&tokens(text), &[name.to_owned()]);
        hits.into_iter().map(|h| h.force).collect()
    }

    #[test]
    fn force_comes_from_the_clause() {
        assert_eq!(forces("Go, no Kubernetes", "kubernetes"), [Force::Forbid]);
        assert_eq!(forces("must be Go, Kafka", "kafka"), [Force::Bare]);
        assert_eq!(forces("we would like Kafka", "kafka"), [Force::Prefer]);
        assert_eq!(forces("PostgreSQL only", "postgresql"), [Force::Must]);
        assert_eq!(forces("EU-only hosting", "eu"), [Force::Must]);
        assert_eq!(
            forces("Kubernetes is not available", "kubernetes"),
            [Force::Forbid]
        );
        assert_eq!(
            forces("Kafka is not an option here", "kafka"),
            [Force::Forbid]
        );
        assert_eq!(forces("Oracle is forbidden", "oracle"), [Force::Forbid]);
        for out in [
            "Kafka is out",
            "Kafka is out of scope",
            "Kafka is out of the question",
        ] {
            assert_eq!(forces(out, "kafka"), [Force::Forbid], "{out}");
        }
        for fine in ["Kafka is not an issue", "Kafka is out of the box there"] {
            assert_eq!(forces(fine, "kafka"), [Force::Bare], "{fine}");
        }
        assert_eq!(forces("DynamoDB is fine", "dynamodb"), [Force::Prefer]);
        assert_eq!(forces("Kafka only if needed", "kafka"), [Force::Prefer]);
        assert_eq!(forces("only Kafka, if needed", "kafka"), [Force::Must]);
        assert_eq!(forces("Django", "go"), []);
        assert_eq!(forces("two data centres", "two data centre"), [Force::Bare]);
    }
}
