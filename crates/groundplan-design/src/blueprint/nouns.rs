//! The nouns of the brief in place of those of the packs: a clinic stays a clinic.

mod about;

use crate::brief::story::{Act, story};
use crate::brief::{Brief, Field, tokens};
use crate::capabilities::Chosen;
use crate::domain::{actor, articles, many};
use std::collections::BTreeMap;

/// Names of a pack to the nouns that the brief uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nouns {
    /// Entity name to the name that stands in the blueprint.
    entities: BTreeMap<String, String>,
    /// Actor id to singular and plural.
    actors: BTreeMap<String, (String, String)>,
    /// Entities that exist only if named and are not named.
    absent: Vec<String>,
    /// What sentences of every system call by the names of this one: `persons`, `things`, `name`; and
    /// those of a pack its records: `case_record`, `case_records`.
    words: BTreeMap<String, String>,
    /// What they make of a record of a pack that is what the system is about, and what is said instead.
    twice: Vec<(String, String)>,
    /// Whether money moves by transfer or debit and by no card.
    no_card: bool,
    /// What is never done with the records of a pack, as the brief says: pack and verb.
    never: Vec<(String, String)>,
}

/// What sentences on cards become where money moves between bank accounts.
const ACCOUNTS: [(&str, &str); 9] = [
    (
        "pay for {a_paid} by card or wallet while the card number goes to the provider only",
        "pay for {a_paid} by bank transfer or direct debit under a reference of {name}",
    ),
    (
        "my card cannot leak from {name}",
        "my payment finds what it is for",
    ),
    (
        "No request field, log line or table column holds a card number or a security code; a request that carries one gets 422.",
        "No log line or table column holds a full account number; the provider keeps the mandate and {name} its reference.",
    ),
    (
        "pays for {a_paid} by card",
        "pays for {a_paid} by bank transfer or direct debit",
    ),
    (
        "enters the card for {a_paid} in the provider's hosted field and confirms",
        "gives the transfer order or the mandate to the provider",
    ),
    ("may try another card", "may try another account"),
    (
        "copies card numbers while they are typed",
        "copies account numbers while they are typed",
    ),
    (
        "authorises, captures and refunds card and wallet payments for {name} and pays out",
        "collects direct debits, reports transfers, refunds and pays out for {name}",
    ),
    (
        "Storing or forwarding card numbers of {persons}; the card data environment stays with the provider",
        "Storing full account numbers; mandates stay with the provider",
    ),
];

/// What the purpose and the constraints say is never done with what: noun and verb, in their base
/// forms.
fn denied(brief: &Brief) -> Vec<[String; 2]> {
    let mut all = Vec::new();
    for field in [Field::Purpose, Field::Constraints] {
        let words = tokens(brief.text(field));
        let word = |i: usize| words.get(i).map_or("", |t| t.word());
        for i in 1..words.len() {
            // `calls are never recorded`, `no call is recorded`
            let be = matches!(word(i), "is" | "are" | "be");
            let not = matches!(word(i + 1), "never" | "not");
            let before = i.checked_sub(2).map_or("", word);
            let (verb, denies) = match (not, before) {
                (true, _) => (word(i + 2), true),
                (false, "no" | "never") => (word(i + 1), true),
                _ => ("", false),
            };
            let base = verb.strip_suffix("ed").map(str::to_owned);
            if let Some(base) = base.filter(|_| be && denies) {
                all.push([crate::brief::story::single(word(i - 1)), base]);
            }
        }
    }
    all
}

/// Whether a word is what somebody does: `donors book an appointment`, `hospitals order products`, and no
/// book and no order.
fn is_done(words: &[String], at: usize) -> bool {
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    let before = at.checked_sub(1).map_or("", word);
    let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
    let people = || {
        let one = crate::brief::story::single(before);
        one != before && vocabulary.is_somebody(&one)
    };
    let led = crate::brief::story::points(word(at + 1));
    crate::brief::story::is_verb(word(at)) && (led || people())
}

/// Whether the words of a noun stand in the text, in singular or plural.
fn spoken(words: &[String], singular: &str, plural: &str) -> Option<usize> {
    let found = |noun: &str| {
        let parts: Vec<&str> = noun.split_whitespace().collect();
        let fits = |at: usize| {
            parts
                .iter()
                .enumerate()
                .all(|(i, p)| words.get(at + i).is_some_and(|w| w == p))
                && !is_done(words, at)
        };
        (0..words.len()).find(|at| fits(*at))
    };
    match (found(singular), found(plural)) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Nouns {
    pub(crate) fn new(brief: &Brief, chosen: &Chosen, deployables: f64, system: &str) -> Nouns {
        let packs = chosen.packs();
        let mut words: Vec<String> = Vec::new();
        for field in [Field::Purpose, Field::Scale] {
            words.extend(
                tokens(brief.text(field))
                    .iter()
                    .map(|t| t.word().to_owned()),
            );
        }
        // A title names things, too, after all that sentences name.
        let title = brief.title.as_deref().unwrap_or_default();
        words.extend(tokens(title).iter().map(|t| t.word().to_owned()));
        let mut nouns = Nouns {
            no_card: brief.has("bank_money") && !brief.has("card_money"),
            ..Nouns::default()
        };
        let names: Vec<&str> = packs
            .iter()
            .flat_map(|p| p.entities.iter())
            .map(|e| e.name.as_str())
            .collect();
        let mut used: Vec<String> = Vec::new();
        let text = [Field::Purpose, Field::Scale, Field::Constraints]
            .map(|f| brief.text(f))
            .join(".\n");
        let deeds = story(brief);
        // Visit notes are no visits.
        let other = |noun: &str| {
            let head = format!("{noun} ");
            let mut things = deeds.iter().flat_map(|d| &d.what);
            things.any(|w| w.starts_with(&head))
        };
        for entity in packs.iter().flat_map(|p| p.entities.iter()) {
            let mut best: Option<(usize, String)> = None;
            for noun in &entity.nouns {
                let Some(at) = spoken(&words, &noun.singular, &noun.plural) else {
                    continue;
                };
                let snake = noun.singular.replace([' ', '-'], "_");
                let free = !other(&noun.singular)
                    && !used.contains(&snake)
                    && (snake == entity.name || !names.contains(&snake.as_str()));
                if free && best.as_ref().is_none_or(|(b, _)| at < *b) {
                    best = Some((at, snake));
                }
            }
            // What the brief calls free is what is reserved, whatever else has its word in the list.
            if entity.name == "resource"
                && let Some(one) = crate::brief::story::held(&text)
            {
                let snake = one.replace([' ', '-'], "_");
                if !used.contains(&snake) && !names.contains(&snake.as_str()) {
                    best = Some((0, snake));
                }
            }
            match best {
                Some((_, snake)) => {
                    used.push(snake.clone());
                    nouns.entities.insert(entity.name.clone(), snake);
                }
                None if entity.only_if_named => nouns.absent.push(entity.name.clone()),
                None => {}
            }
        }
        // `Calls are never recorded`: no record of what the brief says is not done.
        for denied in denied(brief) {
            for (pack, entity) in packs
                .iter()
                .flat_map(|p| p.entities.iter().map(move |e| (p, e)))
            {
                let parts: Vec<&str> = entity.name.split('_').collect();
                let has = |stem: &String| {
                    parts.iter().any(|p| {
                        let one = crate::brief::story::single(p);
                        one == *stem || one.strip_suffix("ing").is_some_and(|s| s == stem)
                    })
                };
                if parts.len() > 1 && denied.iter().all(has) && !nouns.absent.contains(&entity.name)
                {
                    nouns.absent.push(entity.name.clone());
                    let [_, verb] = &denied;
                    nouns.never.push((pack.id.clone(), verb.clone()));
                }
            }
        }
        // A register of graves keeps graves.
        if packs.iter().any(|p| p.id == "records")
            && !nouns.entities.contains_key("register_entry")
            && let Some(noun) = crate::brief::story::collection(brief.text(Field::Purpose))
        {
            let snake = noun.replace([' ', '-'], "_");
            if !used.contains(&snake) && !names.contains(&snake.as_str()) {
                nouns.entities.insert("register_entry".to_owned(), snake);
            }
        }
        for actor in packs.iter().flat_map(|p| p.actors.iter()) {
            let mut best: Option<(usize, (String, String))> = None;
            for noun in &actor.nouns {
                // `180 users`, of whom the brief says what they are.
                if noun.singular == "user" && !brief.people.is_empty() {
                    continue;
                }
                if let Some(at) = spoken(&words, &noun.singular, &noun.plural)
                    && best.as_ref().is_none_or(|(b, _)| at < *b)
                {
                    best = Some((at, (noun.singular.clone(), noun.plural.clone())));
                }
            }
            if let Some((_, noun)) = best {
                nouns.actors.entry(actor.id.clone()).or_insert(noun);
            }
        }
        let acting = &groundplan_knowledge::design_tables().vocabulary.acting;
        for actor_of_pack in packs.iter().flat_map(|p| p.actors.iter()) {
            let Some(verbs) = acting.get(&actor_of_pack.id) else {
                continue;
            };
            let mut doing = deeds.iter().filter(|d| verbs.contains(&d.verb));
            let who = doing.find_map(actor);
            if let Some(who) = who.filter(|_| !nouns.actors.contains_key(&actor_of_pack.id)) {
                let noun = (who.to_owned(), many(who));
                nouns.actors.insert(actor_of_pack.id.clone(), noun);
            }
        }
        // `parents are told when nobody has come`, `critical values alert staff`: who is told is the
        // recipient, and whom something alerts only where the brief says nobody who is.
        let whom = match about::told_of_it(&words) {
            Some(_) if nouns.actors.contains_key("recipient") => None,
            Some(one) => Some(one),
            None => about::whom_it_tells(&words),
        };
        if let Some(one) = whom {
            let many = many(&one);
            nouns.actors.insert("recipient".to_owned(), (one, many));
        }
        let person = nouns.person(brief, &packs, &deeds);
        // Whoever signs in is the person that the brief speaks of first.
        let held = nouns.actors.contains_key("user");
        if !held
            && packs
                .iter()
                .any(|p| p.actors.iter().any(|a| a.id == "user"))
        {
            nouns
                .actors
                .insert("user".to_owned(), (person.clone(), many(&person)));
        }
        let thing = nouns.thing(brief, chosen, &deeds, system);
        let verb = deeds
            .iter()
            .find(|d| {
                d.what.contains(&thing) && d.act != Act::Read && actor(d) == Some(person.as_str())
            })
            .map_or("see", |d| d.verb.as_str());
        let parts = match deployables {
            n if n <= 1.0 => "1 deployable".to_owned(),
            n => format!("{n} deployables"),
        };
        let with = |noun: &str| format!("{} {noun}", super::article(noun));
        // Receipts and photos of a phone are small; films, scans of a body and data sets are not.
        let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
        let is_large = |what: &String| {
            let mut words = what.split(' ').map(crate::brief::story::single);
            words.any(|w| vocabulary.large.contains(&w))
        };
        let sent = ["upload", "send", "submit", "import", "record"];
        let mut sent = deeds.iter().filter(|d| sent.contains(&d.verb.as_str()));
        let (bytes, most) = match packs.iter().any(|p| p.id == "media")
            || sent.any(|d| d.what.iter().any(is_large))
        {
            true => ("5000000000", "5 GB"),
            false => ("50000000", "50 MB"),
        };
        let paid = nouns.paid(&deeds, &packs).unwrap_or(thing.clone());
        let words = [
            ("a_person", with(&person)),
            ("a_thing", with(&thing)),
            ("a_paid", with(&paid)),
            ("paid", paid),
            ("partner", partner(brief)),
            ("parts", parts),
            ("persons", many(&person)),
            ("person", person),
            ("file_bytes", bytes.to_owned()),
            ("file_most", most.to_owned()),
            ("name", system.to_owned()),
            ("things", many(&thing)),
            ("thing", thing),
            ("verb", verb.to_owned()),
        ];
        for entity in packs.iter().flat_map(|p| &p.entities) {
            if !entity.nouns.is_empty() {
                let word = nouns.spoken(&entity.name);
                nouns
                    .words
                    .insert(format!("a_{}", entity.name), with(&word));
                nouns.words.insert(format!("{}s", entity.name), many(&word));
                nouns.words.insert(entity.name.clone(), word);
            }
        }
        let words = words.into_iter().map(|(key, word)| (key.to_owned(), word));
        nouns.words.extend(words);
        nouns.twice = nouns.twice();
        nouns
    }

    /// What a sentence calls a record: by the noun of the brief, else by the name without what only
    /// tables need.
    fn spoken(&self, entity: &str) -> String {
        let name = self.entity(entity);
        let plain = ["_record", "_object"]
            .iter()
            .find_map(|s| name.strip_suffix(s));
        plain.unwrap_or(&name).replace('_', " ")
    }

    /// A text with `{things}`, `{persons}` and the like called as in the brief.
    pub(crate) fn filled(&self, text: &str) -> String {
        if self.no_card {
            let change = ACCOUNTS.iter().find(|(card, _)| text.contains(card));
            if let Some((card, account)) = change {
                return self.worded(&text.replace(card, account));
            }
        }
        self.worded(text)
    }

    fn worded(&self, text: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            out.push_str(before);
            match behind.split_once('}') {
                Some((key, after)) if self.words.contains_key(key) => {
                    out.push_str(self.words.get(key).map_or("", String::as_str));
                    rest = after;
                }
                // Facts have their own marks.
                _ => {
                    out.push('{');
                    rest = behind;
                }
            }
        }
        out.push_str(rest);
        articles(&self.once(out))
    }

    /// `a photo of a photo` and the like, each with the photo alone.
    fn twice(&self) -> Vec<(String, String)> {
        let word = |key: &str| self.words.get(key).map_or("", String::as_str);
        let (thing, things) = (word("thing"), word("things"));
        let behind = [
            format!("a {thing}"),
            format!("the {thing}"),
            things.to_owned(),
        ];
        let mut all = Vec::new();
        for of in [" of ", " on "] {
            for before in [thing, things] {
                let one = |behind| (format!("{before}{of}{behind}"), before.to_owned());
                all.extend(behind.iter().map(one));
            }
        }
        all
    }

    /// Where a record of a pack is what the system is about, no photo of a photo.
    fn once(&self, mut out: String) -> String {
        for (twice, once) in &self.twice {
            let whole = |at: &usize| {
                let before = out.get(..*at).unwrap_or_default();
                let behind = out.get(at + twice.len()..).unwrap_or_default();
                !before.ends_with(char::is_alphanumeric)
                    && !behind.starts_with(char::is_alphanumeric)
            };
            let found = out.match_indices(twice).map(|(at, _)| at).find(whole);
            if let Some(at) = found {
                out.replace_range(at..at + twice.len(), once);
            }
        }
        out
    }

    /// Whether an entity exists in this design.
    pub(crate) fn exists(&self, entity: &str) -> bool {
        !self.absent.iter().any(|a| a == entity)
    }

    /// Whether the brief says that what a word of a pack names is never done: a column
    /// `recording_consent`, a wish to `record with the consent of all`.
    pub(crate) fn never(&self, pack: &str, words: &str) -> bool {
        let head = words.split([' ', '_', '-']).next().unwrap_or(words);
        self.never.iter().any(|(p, verb)| {
            p == pack && (head == verb || head.strip_suffix("ing") == Some(verb.as_str()))
        })
    }

    /// The name of an entity.
    pub(crate) fn entity(&self, name: &str) -> String {
        self.entities
            .get(name)
            .cloned()
            .unwrap_or_else(|| name.to_owned())
    }

    /// The id of an actor, in kebab case.
    pub(crate) fn actor_id(&self, id: &str) -> String {
        match self.actors.get(id) {
            Some((singular, _)) => singular.replace(' ', "-"),
            None => id.to_owned(),
        }
    }

    /// The noun of an actor.
    pub(crate) fn actor(&self, id: &str) -> String {
        match self.actors.get(id) {
            Some((singular, _)) => singular.clone(),
            None => id.replace('-', " "),
        }
    }

    /// An identifier of a pack: field, table, path or expression, with entities renamed. Path
    /// segments have plurals with hyphens.
    pub(crate) fn identifier(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (from, to) in &self.entities {
            if from == to {
                continue;
            }
            out = replaced(&out, from, to);
            let path = |name: &str| format!("/{}", plural(&name.replace('_', "-")));
            out = out.replace(&path(from), &path(to));
        }
        out
    }

    /// A sentence of a pack, with actors called as in the brief.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut out = self.filled(text);
        for (id, (singular, plural)) in &self.actors {
            let word = id.replace('-', " ");
            if word == *singular {
                continue;
            }
            out = worded(&out, &format!("{word}s"), plural);
            out = worded(&out, &word, singular);
        }
        out
    }
}

/// What sentences on the exchange of data call the other side.
fn partner(brief: &Brief) -> String {
    let mut names = brief
        .partners
        .iter()
        .filter(|p| super::neighbours::exchanges(&p.what));
    match (names.next(), names.next(), names.next()) {
        (Some(one), None, _) => one.name.clone(),
        (Some(one), Some(other), None) => format!("{} or {}", one.name, other.name),
        _ => "the other system".to_owned(),
    }
}

/// A noun in the plural, as paths have it.
pub(crate) fn plural(noun: &str) -> String {
    let same = [
        "deceased",
        "staff",
        "stock",
        "equipment",
        "luggage",
        "baggage",
        "aircraft",
        "livestock",
        "sheep",
        "fish",
        "series",
        "species",
        "news",
        "feedback",
        "furniture",
        "evidence",
        "correspondence",
        "laundry",
        "fungi",
        "bacteria",
        "alumni",
        "criteria",
        "media",
        "data",
    ];
    if same.contains(&noun) {
        return noun.to_owned();
    }
    let odd = crate::brief::story::ODD;
    let head = noun.rsplit('-').next().unwrap_or(noun);
    if let Some((one, many)) = odd.iter().find(|(one, _)| *one == head) {
        return format!("{}{many}", noun.strip_suffix(one).unwrap_or_default());
    }
    if let Some(stem) = noun.strip_suffix("person") {
        return format!("{stem}people");
    }
    // `storemen`, `women`; humans and Germans are none.
    if let Some(stem) = noun.strip_suffix("man")
        && stem.len() > 1
        && !["hu", "ger", "ro", "sha", "talis", "cai", "otto", "nor"].contains(&stem)
    {
        return format!("{stem}men");
    }
    if let Some(stem) = noun
        .strip_suffix('y')
        .filter(|s| !s.ends_with(['a', 'e', 'o', 'u']))
    {
        return format!("{stem}ies");
    }
    if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("ch") || noun.ends_with("sh") {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

/// Whole identifiers `from`, and those that begin with `from_`, replaced.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, tail) = rest.split_at(at);
        let after = &tail[from.len()..];
        let joins = |c: char| c.is_alphanumeric() || c == '_';
        let last = before.chars().last().or(out.chars().last());
        let starts = !last.is_some_and(joins);
        let ends = !after.starts_with(joins) || after.starts_with("_id");
        out.push_str(before);
        out.push_str(if starts && ends { to } else { from });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A word replaced in running text, with the article before it put right.
fn worded(text: &str, from: &str, to: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let capital = |s: &str| {
        let mut chars = s.chars();
        chars.next().map_or(String::new(), |c| {
            c.to_uppercase().collect::<String>() + chars.as_str()
        })
    };
    while let Some(at) = rest
        .to_lowercase()
        .find(from)
        .filter(|at| rest.is_char_boundary(*at) && rest.is_char_boundary(at + from.len()))
    {
        let (before, tail) = rest.split_at(at);
        let (found, after) = tail.split_at(from.len());
        let joins = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '/' || c == '`';
        let whole = !before.ends_with(joins) && !after.starts_with(joins);
        out.push_str(before);
        if whole {
            let upper = found.starts_with(char::is_uppercase);
            let vowel = super::article(to) == "an";
            if vowel && (out.ends_with(" a ") || out == "a " || out == "A " || out.ends_with("A "))
            {
                out.insert(out.len() - 1, 'n');
            } else if !vowel
                && (out.ends_with(" an ") || out == "an " || out == "An " || out.ends_with("An "))
            {
                out.remove(out.len() - 2);
            }
            out.push_str(&if upper { capital(to) } else { to.to_owned() });
        } else {
            out.push_str(found);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_identifiers_are_replaced_whole() {
        assert_eq!(
            worded("A booker books; the booker's slot", "booker", "owner"),
            "An owner books; the owner's slot"
        );
        assert_eq!(
            worded("an agent and agents", "agent", "clerk"),
            "a clerk and agents"
        );
        assert_eq!(
            replaced(
                "resource_id, resource_kind -> resource",
                "resource",
                "dentist"
            ),
            "dentist_id, resource_kind -> dentist"
        );
        assert_eq!(plural("category"), "categories");
    }

    #[test]
    fn what_is_said_of_cards_stands_in_the_pack() {
        let pack = format!("{:?}", groundplan_knowledge::capability("payments"));
        for (card, _) in ACCOUNTS {
            assert!(pack.contains(card), "{card}");
        }
    }

    #[test]
    fn no_photo_of_a_photo() {
        let words = [("thing", "order"), ("things", "orders")];
        let mut nouns = Nouns {
            words: words.map(|(k, w)| (k.to_owned(), w.to_owned())).into(),
            ..Nouns::default()
        };
        nouns.twice = nouns.twice();
        let filled = |text: &str| nouns.filled(text);
        assert_eq!(filled("{things} of the {thing}"), "orders");
        assert_eq!(
            filled("the border of the {thing}, {things} on the {thing}s, {things} on {things}"),
            "the border of the order, orders on the orders, orders"
        );
    }
}
