//! The records that only this brief knows, as a capability of their own: the turnstile and the
//! pass of a ski resort stand in no pack.

use crate::blueprint::{capital, listed};
use crate::brief::story::{Act, Deed, past, single, third};
use crate::brief::tokens;
use groundplan_knowledge::{Capability, design_tables, domain_template};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Id of the capability.
pub(crate) const ID: &str = "domain";

/// How many nouns of a brief become records; more would be a data model that nobody asked for.
const MOST: usize = 6;

/// A noun that people handle, with what is done to it.
struct Thing<'a> {
    noun: String,
    deeds: Vec<&'a Deed>,
}

/// What only people do, whatever they are called.
const HUMAN: [&str; 14] = [
    "see",
    "read",
    "choose",
    "decide",
    "approve",
    "ask",
    "apply",
    "pay",
    "buy",
    "subscribe",
    "browse",
    "vote",
    "comment",
    "enrol",
];

/// Vague nouns that are somebody where they act.
const WHO: [&str; 5] = ["customer", "user", "tenant", "company", "business"];

/// Verbs of which the object is told something, and is no record.
const TELLS: [&str; 6] = ["warn", "notify", "alert", "inform", "remind", "tell"];

/// The noun of a person or organisation that acts, if a deed has one.
pub(crate) fn actor(deed: &Deed) -> Option<&str> {
    let vocabulary = &design_tables().vocabulary;
    let who = deed.who.as_deref()?;
    let head = who.rsplit(' ').next().unwrap_or(who);
    // A social worker is no program, a queue worker is one.
    let jobs = [
        "batch",
        "background",
        "queue",
        "import",
        "job",
        "async",
        "cron",
        "ingest",
    ];
    let human = head == "worker" && who.contains(' ') && !jobs.iter().any(|j| who.starts_with(j));
    let program = |w: &String| w == head && !human;
    let plain = head.len() > 2 && head.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    // What happens is nobody: `an excursion quarantines the batch`.
    let happens = ["sion", "ction", "ption", "tance", "rence"]
        .iter()
        .any(|e| head.ends_with(e))
        && !vocabulary.organisations.iter().any(program)
        && head != "commission";
    // A tree that gets a pruning order is nobody; `staff` of a place of work is somebody.
    // `The controller signs off`, and no door controller that sends.
    let sends = ["send", "report", "measure", "transmit", "read", "switch"];
    let job = vocabulary.jobs.iter().any(|j| j == head)
        && (who == head || !vocabulary.devices.iter().any(|d| d == head))
        && !sends.contains(&deed.verb.as_str());
    let somebody = vocabulary.is_somebody(head)
        || job
        || crate::brief::role_nouns().contains(head)
        || who.contains(' ') && vocabulary.is_somebody(who)
        || HUMAN.contains(&deed.verb.as_str());
    (plain
        && !happens
        && somebody
        && !vocabulary.programs.iter().any(program)
        && (job || !vocabulary.devices.iter().any(program))
        // A person is anybody, a wardrobe person is one of a kind.
        && (head == "person" && who.contains(' ')
            || !vocabulary
                .vague
                .iter()
                .any(|w| w == head && !WHO.contains(&head))))
    .then_some(who)
}

/// Keeps the nouns that weigh most, in the order of the brief: those that people do most with and
/// that the brief speaks of most.
fn heaviest(things: &mut Vec<Thing>, text: &str) {
    let words = tokens(text);
    let said: Vec<String> = words.iter().map(|t| single(t.word())).collect();
    let weight = |thing: &Thing| {
        let parts: Vec<&str> = thing.noun.split(' ').collect();
        let named = said.windows(parts.len());
        let mentions = named.filter(|w| w.iter().zip(&parts).all(|(a, b)| a == b));
        2 * thing.deeds.len() + mentions.count()
    };
    let mut weights: Vec<(usize, usize)> = things
        .iter()
        .enumerate()
        .map(|(i, t)| (weight(t), i))
        .collect();
    weights.sort_by_key(|(w, i)| (std::cmp::Reverse(*w), *i));
    let kept: Vec<usize> = weights.into_iter().take(MOST).map(|(_, i)| i).collect();
    let mut at = 0;
    things.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
}

/// `Wardens issue parking fines, drivers look up a fine`: said short the second time, it is the same
/// record, unless two of the long ones end alike.
fn same_things(things: &mut Vec<Thing>) {
    let longs = |things: &[Thing], head: &str| -> Vec<usize> {
        let long = |t: &Thing| t.noun.rsplit_once(' ').is_some_and(|(_, h)| h == head);
        (0..things.len())
            .filter(|i| things.get(*i).is_some_and(long))
            .collect()
    };
    let mut at = 0;
    while at < things.len() {
        let noun = things.get(at).map_or("", |t| t.noun.as_str()).to_owned();
        let [long] = longs(things, &noun)[..] else {
            at += 1;
            continue;
        };
        let short = things.remove(at);
        let long = if long > at { long - 1 } else { long };
        if let Some(thing) = things.get_mut(long) {
            thing.deeds.extend(short.deeds);
        }
        // What was said first stays first.
        if long > at {
            let thing = things.remove(long);
            things.insert(at, thing);
        }
    }
}

/// Nouns that packs have already, by their last word.
fn covered(packs: &[&Capability]) -> Vec<String> {
    let mut all = Vec::new();
    for pack in packs.iter().filter(|p| p.id != ID) {
        for entity in &pack.entities {
            all.push(entity.name.replace('_', " "));
            all.extend(entity.nouns.iter().map(|n| n.singular.clone()));
        }
        for actor in &pack.actors {
            all.extend(actor.nouns.iter().map(|n| n.singular.clone()));
            all.push(actor.id.replace('-', " "));
        }
        all.extend(pack.externals.iter().map(|e| e.id.replace('-', " ")));
    }
    all
}

/// The record behind a noun that is no single thing: of a stock an item, of a database an entry.
pub(crate) fn recorded(noun: &str) -> String {
    const MASS: [&str; 8] = [
        "stock",
        "equipment",
        "luggage",
        "baggage",
        "furniture",
        "laundry",
        "clothing",
        "merchandise",
    ];
    match noun.rsplit_once(' ') {
        Some((of, "database")) => format!("{of} entry"),
        _ if MASS
            .iter()
            .any(|m| noun == *m || noun.ends_with(&format!(" {m}"))) =>
        {
            format!("{noun} item")
        }
        _ => noun.to_owned(),
    }
}

/// The nouns that people handle and no pack has; `loose` takes vague ones of two words too.
fn things_of<'a>(
    deeds: &'a [Deed],
    known: &[String],
    people: &[String],
    counted: &[&str],
    loose: bool,
) -> Vec<Thing<'a>> {
    let vocabulary = &design_tables().vocabulary;
    let mut things: Vec<Thing> = Vec::new();
    for deed in deeds {
        for noun in &deed.what {
            let head = noun.rsplit(' ').next().unwrap_or(noun);
            let plain = noun.len() > 2
                && noun
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c == ' ' || c == '-');
            // `Officers investigate an alert`: what is worked on is kept, however it came about.
            let worked_on = vocabulary.worked_on.iter().any(|w| w == head)
                && vocabulary.working.contains(&deed.verb);
            // `1.5M reports/day`: what is counted by the day is kept.
            let kept = loose && noun.contains(' ') || worked_on || counted.contains(&head);
            let vague = vocabulary.vague.iter().any(|w| w == head) && !kept
                || vocabulary.blather.iter().any(|w| w == noun);
            let has = known
                .iter()
                .any(|k| k == noun || k == head && !noun.contains(' '));
            let person = people.contains(noun)
                || vocabulary.sounds_like_person(head)
                || vocabulary.users.iter().any(|u| u == head)
                || vocabulary.programs.iter().any(|u| u == head);
            // Who gets a text is told something; nobody keeps it.
            let told = ["text", "sms", "email", "e-mail", "mail"].contains(&noun.as_str())
                && ["get", "receive", "send"].contains(&deed.verb.as_str())
                || TELLS.contains(&deed.verb.as_str())
                    && vocabulary.organisations.iter().any(|o| o == head);
            // What people report is there already; their report of it is not.
            let reported = has && deed.verb == "report" && deed.who.is_some();
            if !plain || vague || has && !reported || person || told {
                continue;
            }
            let noun = match reported {
                true => format!("{noun} report"),
                false => recorded(noun),
            };
            match things.iter_mut().find(|t| t.noun == noun) {
                Some(thing) => thing.deeds.push(deed),
                None => things.push(Thing {
                    noun,
                    deeds: vec![deed],
                }),
            }
        }
    }
    things
}

/// The capability of the records that the deeds of a brief handle; `None` where packs know them all.
pub(crate) fn domain(
    deeds: &[Deed],
    packs: &[&Capability],
    text: &str,
    counted: &[&str],
) -> Option<Capability> {
    let mut known = covered(packs);
    if packs.iter().any(|p| p.id == "records") {
        known.extend(crate::brief::story::collection(text));
    }
    if packs.iter().any(|p| p.id == "booking") {
        known.extend(crate::brief::story::held(text));
    }
    let people: Vec<String> = deeds
        .iter()
        .filter_map(|d| actor(d).map(str::to_owned))
        .collect();
    let mut things = things_of(deeds, &known, &people, counted, false);
    if things.is_empty() && packs.iter().all(|p| p.id == ID || p.always_if.is_some()) {
        // `compare prices of heating oil`: vague by itself, and yet what the brief is about.
        things = things_of(deeds, &known, &people, counted, true);
    }
    same_things(&mut things);
    heaviest(&mut things, text);
    if things.is_empty() {
        return None;
    }
    let names: Vec<String> = things.iter().map(|t| snake(&t.noun)).collect();
    let template = domain_template();
    let part = |key: &str| template.get(key).cloned().unwrap_or_default();
    let about = things.iter().map(told_of).collect::<Vec<_>>();
    let words = BTreeMap::from([
        ("about", format!("keeps {}", about.join("; "))),
        ("effort", format!("{}", things.len())),
    ]);
    let mut pack = filled(part("pack"), &words);
    let mut actors: Vec<String> = Vec::new();
    for (i, thing) in things.iter().enumerate() {
        let words = thing_words(thing, &things, &names, i);
        merge(&mut pack, filled(part("thing"), &words));
        for deed in &thing.deeds {
            let mut words = words.clone();
            deed_words(deed, &mut words);
            // One deed on several nouns is wanted once.
            let shared: Vec<usize> = (0..things.len())
                .filter(|k| things.get(*k).is_some_and(|t| t.deeds.contains(deed)))
                .collect();
            let first = shared.first() == Some(&i);
            if deed.what.len() > 1 {
                words.insert("act", wanted(deed));
            }
            let key = match deed.act {
                Act::Create => "create",
                Act::Read => "read",
                Act::Change => "change",
            };
            let piece = template.pointer(&format!("/deed/{key}")).cloned();
            let mut piece = piece.unwrap_or_default();
            if let (false, Value::Object(parts)) = (first, &mut piece) {
                parts.remove("requirements");
            }
            // What a machine does is no story of an operator.
            let machine = deed.agentless || deed.who.is_some() && actor(deed).is_none();
            if let (true, Value::Object(parts)) = (machine, &mut piece) {
                for part in ["requirements", "flows", "threats"] {
                    parts.remove(part);
                }
            }
            merge(&mut pack, filled(piece, &words));
        }
    }
    for deed in deeds {
        if let Some(who) = actor(deed) {
            let id = who.replace(' ', "-");
            if !actors
                .iter()
                .any(|l: &String| l.starts_with(&format!("{id}:")))
            {
                actors.push(format!("{id}: {} | {who}/{}", does(deed), many(who)));
            }
        }
    }
    merge(
        &mut pack,
        Value::Object(Map::from_iter([(
            "actors".to_owned(),
            Value::String(actors.join("\n")),
        )])),
    );
    once(&mut pack);
    serde_json::from_value(pack).ok()
}

/// A thing and what people do with it: `items, which finders hand in and officers release`.
fn told_of(thing: &Thing) -> String {
    // `apply` and its like are done for a thing, not to it.
    let loose = [
        "ask",
        "apply",
        "pay",
        "bid",
        "vote",
        "enrol",
        "listen",
        "work",
        "subscribe",
        "sign up",
    ];
    let mut all: Vec<(String, Vec<&str>)> = Vec::new();
    for deed in &thing.deeds {
        let Some(who) = actor(deed).filter(|_| !loose.contains(&deed.verb.as_str())) else {
            continue;
        };
        let who = many(who);
        match all.iter_mut().find(|(w, _)| *w == who) {
            Some((_, verbs)) if verbs.contains(&deed.verb.as_str()) => {}
            Some((_, verbs)) => verbs.push(&deed.verb),
            None => all.push((who, vec![&deed.verb])),
        }
    }
    let told: Vec<String> = all
        .iter()
        .map(|(who, verbs)| format!("{who} {}", listed_words(verbs)))
        .collect();
    match told.is_empty() {
        true => many(&thing.noun),
        false => format!("{}, which {}", many(&thing.noun), listed(&told)),
    }
}

fn listed_words(words: &[&str]) -> String {
    listed(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>())
}

/// Words of a clause without marks that the grammar of packs knows.
fn plain(text: &str) -> String {
    let digit = |c: Option<&u8>| c.is_some_and(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    // `at 18:00` is a time.
    let mark = |(at, c): (usize, char)| {
        let time = c == ':'
            && digit(at.checked_sub(1).and_then(|k| bytes.get(k)))
            && digit(bytes.get(at + 1));
        match c {
            ':' | '|' | ';' | '"' if !time => ' ',
            c => c,
        }
    };
    let text: String = text.char_indices().map(mark).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn does(deed: &Deed) -> String {
    plain(&format!("{} {}", third(&deed.verb), behind(deed)))
}

/// What stands behind the verb; of two words the second is not said twice.
fn behind(deed: &Deed) -> String {
    let rest = deed.rest.trim();
    match deed.verb.split_once(' ') {
        Some((_, particle)) => rest
            .strip_prefix(particle)
            // `in` begins `inspectors` as well.
            .filter(|r| r.is_empty() || r.starts_with(' '))
            .map_or(rest, str::trim)
            .to_owned(),
        None => rest.to_owned(),
    }
}

fn snake(noun: &str) -> String {
    noun.replace([' ', '-'], "_")
}

/// Many of a noun of one or two words.
pub(crate) fn many(noun: &str) -> String {
    match noun.rsplit_once(' ') {
        Some((before, head)) => format!("{before} {}", crate::blueprint::plural(head)),
        None => crate::blueprint::plural(noun),
    }
}

/// The type of a field by its name; text where the name says nothing.
fn kind_of(field: &str) -> &'static str {
    match field.rsplit('_').next().unwrap_or(field) {
        "date" | "day" | "birthday" => "date",
        "time" => "timestamptz",
        _ => "text",
    }
}

fn with_article(noun: &str) -> String {
    format!("{} {noun}", crate::blueprint::article(noun))
}

/// What every template says of a thing.
fn thing_words(
    thing: &Thing,
    things: &[Thing],
    names: &[String],
    at: usize,
) -> BTreeMap<&'static str, String> {
    let noun = &thing.noun;
    let (who, person) = thing
        .deeds
        .iter()
        .find_map(|d| actor(d))
        .map_or(("operator".to_owned(), "operator".to_owned()), |w| {
            (w.replace(' ', "-"), w.to_owned())
        });
    // What no person handles comes from the machine that sends it.
    let plain = |who: &&str| {
        who.chars()
            .all(|c| c.is_ascii_lowercase() || c == ' ' || c == '-')
    };
    let sender = match thing.deeds.iter().any(|d| actor(d).is_some()) {
        true => person.clone(),
        false => {
            let mut machines = thing.deeds.iter().filter_map(|d| d.who.as_deref());
            machines.find(plain).map_or(person.clone(), str::to_owned)
        }
    };
    let mut verbs: Vec<&str> = Vec::new();
    for deed in &thing.deeds {
        if !verbs.contains(&deed.verb.as_str()) {
            verbs.push(&deed.verb);
        }
    }
    let named = thing.deeds.iter().any(|d| !d.agentless);
    let by_somebody = thing.deeds.iter().filter(|d| !named || !d.agentless);
    let told: Vec<String> = by_somebody
        .map(|d| {
            let who = actor(d).unwrap_or(&sender);
            format!("{} {} them", many(who), d.verb)
        })
        .collect();
    let mut told = told;
    told.dedup();
    // A thing that stands in the clause of another belongs to it.
    let mut relations = Vec::new();
    for (k, other) in things.iter().enumerate() {
        let named = |d: &&Deed| {
            tokens(&d.rest)
                .iter()
                .any(|t| single(t.word()) == other.noun)
                && !d.what.contains(&other.noun)
        };
        let named_here = k != at
            && thing.deeds.iter().any(named)
            && !(k > at && other.deeds.iter().any(|d| thing.deeds.contains(d)));
        if let Some(name) = names.get(k).filter(|_| named_here) {
            relations.push(format!("{name}_id uuid ? -> {name}"));
        }
    }
    let mut held: Vec<String> = Vec::new();
    for field in thing.deeds.iter().flat_map(|d| &d.fields) {
        let name = snake(field);
        let own = [
            "label",
            "details",
            "state",
            "version",
            "number",
            "created_at",
        ];
        let known = own.contains(&name.as_str()) || name == snake(noun) || names.contains(&name);
        if !known && !held.contains(&name) {
            held.push(name);
        }
    }
    relations.extend(held.iter().map(|f| format!("{f} {} ?", kind_of(f))));
    let inputs: String = held
        .iter()
        .map(|f| format!("{f} {} ?, ", kind_of(f)))
        .collect();
    let held: Vec<String> = held.iter().map(|f| f.replace('_', " ")).collect();
    let (ask, why) = match held.is_empty() {
        true => (
            format!("Which fields does {} have", with_article(noun)),
            "takes them until then, without types or indexes",
        ),
        false => (
            format!(
                "Which types, units and further fields do {} of {} have",
                listed(&held),
                with_article(noun)
            ),
            "takes what has no column until then",
        ),
    };
    let mut states = vec!["open".to_owned()];
    for deed in thing.deeds.iter().filter(|d| d.act == Act::Change) {
        let done = past(&deed.verb).replace(' ', "_");
        if !states.contains(&done) {
            states.push(done);
        }
    }
    if states.len() == 1 {
        states.push("closed".to_owned());
    }
    states.push("withdrawn".to_owned());
    let slug = noun.replace(' ', "-");
    BTreeMap::from([
        ("thing", noun.clone()),
        ("things", many(noun)),
        ("a_thing", with_article(noun)),
        ("e", snake(noun)),
        ("path", many(noun).replace(' ', "-")),
        ("scope", many(noun).replace(' ', "-")),
        ("part", format!("{slug}-module")),
        ("slug", slug),
        ("who_field", format!("{}_id", snake(&person))),
        ("who", who),
        ("persons", many(&sender)),
        ("a_person", with_article(&sender)),
        ("A_person", capital(&with_article(&sender))),
        ("person", sender),
        ("handle", verbs.join(" and ")),
        ("deeds", told.join(", ")),
        ("relations", relations.join("\n")),
        ("inputs", inputs),
        ("ask", ask),
        ("ask_why", why.to_owned()),
        ("states", states.join("|")),
        ("states_words", listed(&states)),
    ])
}

/// Words of a deed as who does it says them.
const OWN: [(&str, &str); 9] = [
    (" from his ", " from my "),
    (" from her ", " from my "),
    (" of their ", " of my "),
    (" from their ", " from my "),
    (" on their ", " on my "),
    (" with their ", " with my "),
    (" and can ", " and "),
    (" and is ", " and be "),
    (" and are ", " and be "),
];

/// What somebody wants to do, in the first person: `renew my season subscription`.
pub(crate) fn wanted(deed: &Deed) -> String {
    let rest = behind(deed);
    let mine = ["their ", "his ", "her "]
        .iter()
        .find_map(|p| rest.strip_prefix(p));
    // `we stitch their spots`: those of others. `rates its severity`: that of a thing, unless an
    // organisation acts.
    let head = deed.who.as_deref().and_then(|w| w.rsplit(' ').next());
    let words = &design_tables().vocabulary;
    let many = head.is_some_and(|h| words.organisations.iter().any(|o| o == h));
    let rest = match (mine, rest.strip_prefix("its ")) {
        (Some(mine), _) if deed.who.is_some() => format!("my {mine}"),
        (_, Some(its)) if many => format!("my {its}"),
        (_, Some(its)) => format!("the {its}"),
        _ => rest,
    };
    // `I want to press a button and be connected`
    let mut own = rest;
    let own_words = OWN
        .iter()
        .filter(|(said, _)| deed.who.is_some() || !said.ends_with("their "));
    for (said, mine) in own_words {
        own = own.replace(*said, mine);
    }
    let own = match own.strip_suffix(" themselves") {
        // `swap shifts among themselves`: each of them with the rest.
        Some(head) if head.ends_with(" among") || head.ends_with(" between") => {
            let head = head.rsplit_once(' ').map_or(head, |(head, _)| head);
            format!("{head} with others")
        }
        Some(head) => format!("{head} myself"),
        None => own,
    };
    let rest = own;
    plain(&format!("{} {rest}", deed.verb))
}

/// What the template of a deed says besides.
fn deed_words(deed: &Deed, words: &mut BTreeMap<&'static str, String>) {
    let person = actor(deed).unwrap_or("operator").to_owned();
    let mut act = wanted(deed);
    let mut acts = does(deed);
    // One deed on several nouns is told for each of them.
    if deed.what.len() > 1 {
        let things = words.get("things").cloned().unwrap_or_default();
        act = format!("{} {things}", deed.verb);
        acts = format!("{} {things}", third(&deed.verb));
    }
    let takes = match deed.verb.as_str() {
        "buy" | "purchase" | "order" => "takes an order for",
        "book" | "reserve" => "takes a booking of",
        _ => "takes in",
    };
    words.insert("takes", takes.to_owned());
    // What the brief says stands before what its kind of system brings along.
    words.insert("priority", "must".to_owned());
    words.insert("verb", deed.verb.clone());
    words.insert("verb_slug", deed.verb.replace(' ', "-"));
    words.insert("act", act);
    words.insert("acts_short", acts);
    words.insert("who", person.replace(' ', "-"));
    words.insert("persons", many(&person));
    words.insert("a_person", with_article(&person));
    words.insert("A_person", capital(&with_article(&person)));
    words.insert("person", person);
    // What a machine sends comes from it, and an operator answers for it.
    let machine = deed.who.as_deref().filter(|who| {
        let plain = |c: char| c.is_ascii_lowercase() || c == ' ' || c == '-';
        actor(deed).is_none() && who.chars().all(plain)
    });
    if let Some(machine) = machine {
        words.insert("persons", many(machine));
        words.insert("a_person", with_article(machine));
        words.insert("A_person", capital(&with_article(machine)));
        words.insert("person", machine.to_owned());
    }
}

/// A template with its placeholders replaced, through all lists and texts.
fn filled(value: Value, words: &BTreeMap<&'static str, String>) -> Value {
    match value {
        Value::String(text) => {
            let mut out = text;
            for (key, word) in words {
                let mark = format!("{{{key}}}");
                if out.contains(&mark) {
                    out = out.replace(&mark, word);
                }
            }
            Value::String(articles(&out))
        }
        Value::Array(all) => Value::Array(all.into_iter().map(|v| filled(v, words)).collect()),
        Value::Object(all) => Value::Object(
            all.into_iter()
                .map(|(k, v)| (k, filled(v, words)))
                .collect(),
        ),
        other => other,
    }
}

/// `a invoice` becomes `an invoice`.
pub(crate) fn articles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            let vowel =
                crate::blueprint::article(word) == "an" && word.starts_with(char::is_alphabetic);
            if vowel
                && (out == "A"
                    || out.ends_with(" A")
                    || out.ends_with("\nA")
                    || out == "a"
                    || out.ends_with(" a")
                    || out.ends_with("\na"))
            {
                out.push('n');
            }
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Adds the lists and lines of a piece to a pack.
fn merge(pack: &mut Value, piece: Value) {
    let (Value::Object(pack), Value::Object(piece)) = (pack, piece) else {
        return;
    };
    for (key, value) in piece {
        match (pack.get_mut(&key), value) {
            (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
            (Some(Value::String(all)), Value::String(more)) => {
                all.push('\n');
                all.push_str(&more);
            }
            (_, value) => {
                pack.insert(key, value);
            }
        }
    }
}

/// Drops what two deeds added alike: the second operation or flow of one name.
fn once(pack: &mut Value) {
    let Value::Object(pack) = pack else {
        return;
    };
    for value in pack.values_mut() {
        match value {
            Value::Array(all) => {
                let mut seen: Vec<String> = Vec::new();
                all.retain(|v| {
                    let name = ["id", "op", "name"]
                        .iter()
                        .find_map(|k| v.get(k).and_then(Value::as_str))
                        .unwrap_or_default()
                        .to_owned();
                    let fresh = !seen.contains(&name);
                    seen.push(name);
                    fresh
                });
            }
            Value::String(text) => {
                let mut seen: Vec<&str> = Vec::new();
                for line in text.lines() {
                    if !seen.contains(&line) {
                        seen.push(line);
                    }
                }
                let joined = seen.join("\n");
                *text = joined;
            }
            _ => {}
        }
    }
}
