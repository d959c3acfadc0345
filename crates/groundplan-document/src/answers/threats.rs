//! The threat model: stories that follow from what was seen, by STRIDE.

mod access;
mod containers;
mod exposure;

use super::goals::distinct;

use super::records;
use super::seen::end;
use crate::answer::Answer;
use crate::context::Context;
use crate::subject::Subject;
use crate::text::{first_places, inline, names};
use crate::tree::{Block, Item, Text};
use crate::words;
use access::{floods, no_trace, open_doors, trusted_inside};
use containers::{mighty_containers, moving_images};
use exposure::{
    any_origin, foreign_settings, open_stores, plain_wires, readable_secrets,
    unchecked_certificates,
};
use groundplan_model::{Element, Topic};
use std::collections::BTreeMap;

records! {
    "threat-model": threat_model, "Threats as stories, the worst first.";
}

/// Fewer stories than this, and somebody is asked for more.
const LEAST: usize = 5;

/// A design tells so many with detection and proof.
const FULL: usize = 5;

/// More stories than this are not read.
const MOST_STORIES: usize = 8;

/// One story: what it may cost, its STRIDE word, and the sentences.
struct Story {
    /// Higher stands first: 3 takes data or control, 2 needs one more step, 1 takes time.
    weight: u8,
    category: &'static str,
    text: Text,
}

fn story(weight: u8, category: &'static str, text: Text) -> Story {
    Story {
        weight,
        category,
        text: end(text),
    }
}

/// `Nothing` or what was seen that stands against it.
fn against(c: &Context, topics: &[Topic]) -> Option<Text> {
    let seen: Vec<_> = topics.iter().flat_map(|t| c.seen(*t)).copied().collect();
    let all = distinct(seen.iter().map(|o| o.name.as_str()));
    if all.is_empty() {
        return None;
    }
    let policies = seen.iter().all(|o| o.topic == Topic::NetworkPolicy);
    let verb = words::verb_for(all.len(), " Against it stands ", " Against it stand ");
    let text = match policies && all.len() > 3 {
        true => Text::plain(format!(
            "{verb}{}.",
            words::count(all.len(), "network policy")
        )),
        false => Text::plain(verb).spans(names(all, 3)).then("."),
    };
    Some(text.from(&first_places(seen.iter().map(|o| &o.provenance), 2)))
}

/// The story, and what was seen against it. That nothing was seen is not said: what stands against
/// it may stand where nobody reads.
fn with_defence(c: &Context, text: Text, topics: &[Topic]) -> Text {
    let text = end(text);
    match against(c, topics) {
        Some(more) => text.append(more),
        None => text,
    }
}

/// Whether Kubernetes policies or a mesh keep strangers from the services.
fn mutual_tls(c: &Context) -> bool {
    c.seen(Topic::Tls).iter().any(|o| {
        o.detail
            .as_deref()
            .is_some_and(|d| d.contains("mutual TLS STRICT") || d.contains("MUTUAL to"))
    })
}

/// Whether an element is a page for administrators of a store.
fn administers(e: &Element) -> bool {
    e.technology.iter().any(|t| {
        let technology = groundplan_knowledge::knowledge().by_name(t);
        technology.is_some_and(|t| t.category == groundplan_knowledge::Category::Dashboard)
    })
}

fn stride(letter: &str) -> &str {
    match letter.trim() {
        "S" => "Spoofing",
        "T" => "Tampering",
        "R" => "Repudiation",
        "I" => "Information disclosure",
        "D" => "Denial of service",
        "E" => "Elevation of privilege",
        other => other,
    }
}

/// `webhook-ssrf` as `webhook SSRF`: what has no vowel is no word but letters of several.
fn in_words(id: &str) -> String {
    let vowels = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let words = id
        .split(['-', '_'])
        .map(|word| match word.contains(vowels) {
            true => word.to_owned(),
            false => word.to_uppercase(),
        });
    words.collect::<Vec<_>>().join(" ")
}

fn threat_model<'a>(c: &Context<'a>, _: Subject<'a>) -> Answer {
    let mut items: Vec<Item> = Vec::new();
    for t in &c.blueprint.threats {
        let mut text = Text {
            spans: inline(&words::sentence(&t.story)),
            sources: vec![t.provenance.clone()],
        };
        if !t.mitigations.is_empty() {
            let against = words::list(&t.mitigations, "and");
            text = text
                .then(" Against it: ")
                .spans(inline(&words::sentence(&against)));
        }
        for (label, said) in [
            (" Detected by: ", &t.detection),
            (" Proved by: ", &t.verification),
            (" Severity: ", &t.severity),
        ] {
            if let Some(said) = said {
                text = text.then(label).spans(inline(&words::sentence(said)));
            }
        }
        let name = match c.designed() && !t.id.is_empty() {
            true => format!("{}, {}", stride(&t.category), in_words(&t.id)),
            false => stride(&t.category).to_owned(),
        };
        items.push(Item::labelled(name, text));
    }
    let mut stories: Vec<Story> = open_doors(c);
    let open = super::security::anonymous_access(c).into_iter();
    stories.extend(open.map(|text| story(3, "Spoofing", text)));
    stories.extend(readable_secrets(c));
    stories.extend(open_stores(c));
    stories.extend(trusted_inside(c));
    stories.extend(plain_wires(c));
    stories.extend(moving_images(c));
    stories.extend(foreign_settings(c));
    stories.extend(mighty_containers(c));
    stories.extend(floods(c));
    stories.extend(no_trace(c));
    stories.extend(any_origin(c));
    stories.extend(unchecked_certificates(c));
    stories.sort_by_key(|s| std::cmp::Reverse(s.weight));
    let total = items.len() + stories.len();
    // Two of a kind first, so that one kind does not hide the others.
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (first, rest): (Vec<Story>, Vec<Story>) = stories.into_iter().partition(|s| {
        let n = counts.entry(s.category).or_default();
        *n += 1;
        *n <= 2
    });
    items.extend(
        first
            .into_iter()
            .chain(rest)
            .map(|s| Item::labelled(s.category, s.text)),
    );
    if items.is_empty() {
        return Answer::Gap("threat-review");
    }
    items.truncate(MOST_STORIES.max(c.blueprint.threats.len()));
    let shown = items.len();
    let list = Block::List {
        ordered: false,
        items,
    };
    if c.designed() {
        let all = c.blueprint.threats.len();
        let ask = Text::plain(match all > FULL {
            true => format!(
                "The first {FULL} of {all} are the heaviest by likelihood times impact, at most two of a kind; the other {} are what else the capabilities bring. What people who know the business would add is asked in ",
                all - FULL
            ),
            false => "Ranked by likelihood times impact, at most two of a kind; what people who know the business would add is asked in ".to_owned(),
        });
        let ask = ask.and(c.ask("threat-review")).then(".");
        return Answer::blocks(vec![list, Block::Paragraph(ask)]);
    }
    let ask = match (total < LEAST, total > shown) {
        (true, _) => Text::plain(format!(
            "Files show {}; what people who know the business would add is asked in ",
            words::spelled_count(total, "threat")
        )),
        (false, _) => {
            Text::plain("These follow from files alone; motives and assets are asked in ")
        }
    };
    let ask = ask.and(c.ask("threat-review")).then(".");
    let said = c.stated_in_documents("threat-review").map(Block::Paragraph);
    let blocks = std::iter::once(list)
        .chain(said)
        .chain([Block::Paragraph(ask)]);
    Answer::blocks(blocks.collect())
}
