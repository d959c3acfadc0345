//! What a word of a capability argues for where it stands: the dispatch desk of a firm, 8,000 page
//! views a day and complaints that are not handled here ask for no part of a system.

use crate::brief::denials::OUTSIDE;
use crate::brief::{Brief, Field, tokens};
use groundplan_knowledge::{Detection, Hit, design_tables, suffices};

/// Nouns behind a word that make it a property of somebody or something: `dispatch desk`,
/// `settlement files`.
const OWNERS: [&str; 22] = [
    "firm",
    "firms",
    "company",
    "companies",
    "desk",
    "desks",
    "department",
    "departments",
    "office",
    "offices",
    "agency",
    "agencies",
    "business",
    "businesses",
    "industry",
    "vendor",
    "vendors",
    "manufacturer",
    "manufacturers",
    "files",
    "file",
    "format",
];

/// Kinds of systems outside that a capability of their own speaks to.
const OWN_PART: [&str; 4] = [
    "payment provider",
    "SMS provider",
    "e-mail provider",
    "maps and routing",
];

/// Cancels the hits of a detection that argue for nothing, and says again whether the rest suffice.
pub(super) fn weigh(
    text: &str,
    detection: &mut Detection,
    brief: &Brief,
    field_of: impl Fn(usize) -> Field,
) {
    let integration = detection.id == "integration";
    for hit in &mut detection.hits {
        if hit.cancelled_by.is_some() {
            continue;
        }
        let field = field_of(hit.start);
        hit.cancelled_by = property(text, hit)
            .or_else(|| outside(text, hit))
            .or_else(|| there(text, hit, brief).filter(|_| !integration))
            .or_else(|| rate(text, hit).filter(|_| field == Field::Scale))
            .or_else(|| provider(text, hit, brief).filter(|_| integration));
    }
    detection.found = suffices(&detection.hits);
}

/// The phrase of which a hit is only the first part.
fn property(text: &str, hit: &Hit) -> Option<String> {
    let rest = text.get(hit.end..)?;
    let rest = rest.strip_prefix(' ')?;
    let end = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    let next = rest.get(..end)?.to_lowercase();
    let said = text.get(hit.start..hit.end)?;
    let verb = said.split(' ').next_back().is_some_and(|w| {
        let last = w.to_lowercase();
        // `signs files` does something, `settlement files` are files.
        crate::brief::story::is_verb(&last) && !crate::brief::story::bare(&last)
    });
    let file = next.starts_with("file") || next == "format";
    let owned = OWNERS.contains(&next.as_str()) && !verb && (!file || !said.contains(' '));
    owned.then(|| format!("{said} {next}"))
}

/// What takes a thing out of the system behind its word: `complaints are not handled here`, `from
/// SAP (not from us)`.
fn outside(text: &str, hit: &Hit) -> Option<String> {
    let rest = text.get(hit.end..)?;
    let all = tokens(
        rest.get(..rest.len().min(120))
            .or_else(|| rest.get(..rest.find('.')?))?,
    );
    let word = |i: usize| all.get(i).map_or("", |t| t.word());
    let is = matches!(
        word(0),
        "is" | "are" | "stay" | "stays" | "remain" | "remains"
    );
    let out = |w: &str| OUTSIDE.contains(&w) || matches!(w, "in" | "our" | "done");
    if is && word(1) == "not" && out(word(2))
        || is && word(1) == "out" && word(2) == "of" && word(3) == "scope"
        || is && word(1) == "elsewhere"
    {
        return Some(
            format!("{} {} {}", word(0), word(1), word(2))
                .trim()
                .to_owned(),
        );
    }
    // `Freight is arranged by the buyer`
    let others = is && matches!(
            word(1),
            "arranged" | "organised" | "organized" | "borne" | "insured"
        ) && word(2) == "by"
            // Our own people do it with the system.
            && !matches!(word(3), "our" | "us" | "card" | "app");
    if others {
        return Some(format!("{} {} by", word(0), word(1)));
    }
    let bracket = all.first().is_some_and(|t| t.is('('));
    (bracket
        && word(1) == "not"
        && matches!(word(2), "from" | "by" | "with" | "in" | "ours" | "part"))
    .then(|| {
        format!("{} {} {}", word(1), word(2), word(3))
            .trim()
            .to_owned()
    })
}

/// The system outside in which a record is kept: `open a work order in SAP`, `file a ticket in Jira`.
fn there(text: &str, hit: &Hit, brief: &Brief) -> Option<String> {
    let rest = text.get(hit.end..)?;
    let rest = rest.split(['.', ',', ';', '\n']).next()?.to_lowercase();
    let link = ["in ", "into ", "at "];
    let rest = rest.trim_start();
    let behind = link.iter().find_map(|l| rest.strip_prefix(l))?;
    let behind = behind.trim_start_matches("the ").trim_start_matches("our ");
    let partner = brief.partners.iter().find(|p| {
        let name = p.name.to_lowercase();
        !name.is_empty() && behind.starts_with(&name)
    })?;
    // What the purpose is about is not kept elsewhere.
    let said = text.get(hit.start..hit.end)?.to_lowercase();
    let noun = said.contains(' ') || crate::brief::story::single(&said) == said;
    noun.then(|| format!("in {}", partner.name))
}

/// Requests that a scale counts: how often pages are looked at says nothing of who writes them.
fn rate(text: &str, hit: &Hit) -> Option<String> {
    let said = text.get(hit.start..hit.end)?.to_lowercase();
    let requests = design_tables().vocabulary.rates.get("requests")?;
    let counted = |w: &str| {
        let one = crate::brief::story::single(w);
        requests.contains(&one)
            && !matches!(
                one.as_str(),
                "play" | "stream" | "listen" | "download" | "call"
            )
            || matches!(one.as_str(), "visit" | "per" | "click")
    };
    let all = said.split([' ', '-']).all(counted);
    all.then_some(said)
}

/// A provider of which a capability of its own takes care: Stripe stands with payments.
fn provider(text: &str, hit: &Hit, brief: &Brief) -> Option<String> {
    let said = text.get(hit.start..hit.end)?.to_lowercase();
    let known = brief
        .partners
        .iter()
        .find(|p| p.name.to_lowercase() == said)?;
    OWN_PART.contains(&known.what.as_str()).then_some(said)
}
