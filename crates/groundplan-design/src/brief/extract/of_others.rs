//! Products that a brief names because others run them: `Oracle must be read for the container register` asks
//! for no Oracle here.

use super::super::token::Token;
use super::super::words::{Hit, clause, find};
use super::super::{Field, Partner};
use super::{Reader, spoken};

/// What is done to a system of others, as participles.
const READ: [&str; 12] = [
    "consulted",
    "copied",
    "extracted",
    "fetched",
    "imported",
    "loaded",
    "migrated",
    "mirrored",
    "queried",
    "read",
    "synced",
    "synchronised",
];

/// Words of the deed before `from`.
const FROM: [&str; 14] = [
    "come",
    "comes",
    "fetch",
    "fetches",
    "import",
    "imports",
    "migrate",
    "migrates",
    "pull",
    "pulled",
    "pulls",
    "read",
    "reads",
    "replicated",
];

/// What may stand between a product and what is done to it.
const KINDS: [&str; 7] = [
    "cluster", "database", "instance", "schema", "server", "store", "tables",
];

impl Reader<'_> {
    /// Products that others run and from which this system only reads, as systems outside.
    pub(super) fn stores_of_others(
        &self,
        field: Field,
        text: &str,
        tokens: &[Token],
    ) -> Vec<(Field, usize, Partner)> {
        let names = self.vocabulary.names.values().flatten();
        let hits = names.flat_map(|(value, aliases)| {
            let hits = find(tokens, aliases).into_iter();
            hits.map(move |hit| (value.as_str(), hit))
        });
        let read = hits.filter(|(_, hit)| is_of_others(tokens, hit));
        read.map(|(value, hit)| {
            let product = text.get(hit.start..hit.end).unwrap_or_default();
            let (name, end) = match kept_in(text, tokens, &hit) {
                Some((kept, end)) => (format!("{kept} ({product})"), end),
                None => (format!("existing {product}"), hit.end),
            };
            let partner = Partner {
                name,
                what: crate::brief::SOURCE.to_owned(),
                protocol: spoken(tokens, end)
                    .or_else(|| crate::brief::store_protocol(value))
                    .unwrap_or("that of the product; to be agreed")
                    .to_owned(),
                auth: "an account that only reads; to be agreed".to_owned(),
                rps: None,
                place: self.place(field, hit.start, end),
            };
            (field, hit.start, partner)
        })
        .collect()
    }
}

/// Whether a product is only read, or read from: it is there and stays with those who run it.
pub(super) fn is_of_others(tokens: &[Token], hit: &Hit) -> bool {
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let range = clause(tokens, hit.at);
    let mut behind = hit.at + hit.count;
    while KINDS.contains(&word(behind)) {
        behind += 1;
    }
    if matches!(word(behind), "must" | "can" | "may" | "will" | "should") {
        behind += 1;
    }
    let is = matches!(word(behind), "be" | "is" | "are" | "gets");
    // `is only read`.
    let only = usize::from(word(behind + 1) == "only");
    if is && READ.contains(&word(behind + 1 + only)) {
        return true;
    }
    // `imports them from the old Oracle`.
    let mut from = hit.at;
    while from > range.start
        && matches!(
            word(from - 1),
            "the" | "our" | "an" | "a" | "their" | "existing" | "old" | "legacy" | "central"
        )
    {
        from -= 1;
    }
    let led = from > range.start && word(from - 1) == "from";
    led && (range.start..from).any(|i| FROM.contains(&word(i)) || READ.contains(&word(i)))
}

/// What is kept in it, and where its name ends: `the container register` of `must be read for the container
/// register`.
pub(super) fn kept_in(text: &str, tokens: &[Token], hit: &Hit) -> Option<(String, usize)> {
    /// Words of a name at most.
    const LONGEST: usize = 4;
    let range = clause(tokens, hit.at);
    let word = |i: usize| tokens.get(i).map_or("", Token::word);
    let link = (hit.at + hit.count..range.end).find(|i| word(*i) == "for")?;
    let first = link + 1 + usize::from(matches!(word(link + 1), "the" | "our" | "their" | "its"));
    let mut last = first;
    while last < range.end
        && last < first + LONGEST
        && !word(last).is_empty()
        && !matches!(
            word(last),
            "and" | "or" | "of" | "by" | "every" | "each" | "in" | "at" | "on"
        )
    {
        last += 1;
    }
    let (from, to) = (tokens.get(first)?, tokens.get(last.checked_sub(1)?)?);
    let name = text.get(from.start..to.end).filter(|_| last > first)?;
    Some((name.to_owned(), to.end))
}
