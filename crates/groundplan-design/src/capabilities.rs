//! Which capabilities a brief speaks of, and by which words.

mod arguments;

use crate::brief::story::{single, story};
use crate::brief::{Brief, Field, Place, mentions};
use crate::domain::{self, domain};
use groundplan_knowledge::capability::{Always, federated_accounts, variants};
use groundplan_knowledge::{Capability, Strength, capabilities, detect, suffices};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a capability belongs to the design.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Words of the brief show it.
    Words {
        /// The words.
        words: String,
        /// Where they stand.
        place: Place,
    },
    /// Another capability builds on it, by id.
    Required(String),
    /// Every system, or every system that people use, has it.
    Always(&'static str),
    /// A person added it.
    Added,
}

/// The capabilities of a design, sorted by id.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Id to reason.
    pub reasons: BTreeMap<&'static str, Reason>,
    /// Packs that words spoke of but something cancelled: id, words, what cancelled them.
    pub cancelled: Vec<(&'static str, String, String)>,
    /// Packs of which one word speaks that no sentence of the brief bears out: id, the word, where.
    pub doubted: Vec<(&'static str, String, Place)>,
    /// Words of the brief that speak of a capability that was chosen.
    pub spoken: BTreeSet<String>,
    /// The words that brought each pack, in the order of the brief.
    pub live: BTreeMap<&'static str, Vec<String>>,
    /// Packs of which any word stands in the brief, enough of them or not.
    pub heard: BTreeSet<&'static str>,
    /// The records that only this brief knows, if it speaks of any.
    pub domain: Option<Arc<Capability>>,
    /// Whether people sign in.
    pub people: bool,
    /// Whether the purpose names a capability.
    pub recognised: bool,
    /// Packs that take the place of those with their id, by their place among the variants.
    pub variants: Vec<usize>,
    /// Whether an identity provider signs people in, as the decision on it falls later.
    pub federated: bool,
}

impl Chosen {
    /// Whether a capability belongs to the design.
    pub fn has(&self, id: &str) -> bool {
        self.reasons.contains_key(id)
    }

    /// What takes the place of the pack with this id.
    fn variant(&self, id: &str) -> Option<&'static Capability> {
        let mut all = self.variants.iter().filter_map(|at| variants().get(*at));
        all.find(|v| v.id == id)
    }

    /// The packs, in the order of their ids.
    pub fn packs(&self) -> Vec<&Capability> {
        let chosen = |pack: &&Capability| self.has(&pack.id);
        let accounts = |pack: &'static Capability| match pack.id.as_str() {
            "accounts" if self.federated => federated_accounts().unwrap_or(pack),
            id => self.variant(id).unwrap_or(pack),
        };
        let all = capabilities().iter().filter(chosen).map(accounts);
        let mut all: Vec<&Capability> = all.collect();
        all.extend(self.domain.as_deref());
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }
}

/// Finds the capabilities of a brief in purpose, scale and constraints. Never in the timeline: `go
/// live` is no live stream.
pub fn choose(brief: &Brief) -> Chosen {
    let mut chosen = Chosen::default();
    let fields = [Field::Purpose, Field::Scale, Field::Constraints];
    let mut text = String::new();
    let mut starts = Vec::new();
    for field in fields {
        starts.push((text.len(), field));
        // A line may end inside of a sentence.
        let said = without_today(brief.text(field));
        let mut next = said.chars().skip(1);
        let folded = said.chars().map(|c| {
            let behind = next.next();
            let inside = behind.is_some_and(|b| b.is_lowercase());
            if c == '\n' && inside { ' ' } else { c }
        });
        text.extend(folded);
        text.push_str(".\n");
    }
    let told = story(brief);
    for mut detection in detect(&text) {
        let Some(pack) = capabilities().iter().find(|p| p.id == detection.id) else {
            continue;
        };
        chosen.heard.insert(&pack.id);
        let field_of = |at: usize| {
            let before = starts.iter().rev().find(|(start, _)| *start <= at);
            before.copied().unwrap_or((0, Field::Purpose))
        };
        arguments::weigh(&text, &mut detection, brief, |at| field_of(at).1);
        let words = |start: usize, end: usize| text.get(start..end).unwrap_or_default().to_owned();
        // The word that weighs most is shown; of two alike the first.
        let strong = |h: &&groundplan_knowledge::Hit| h.strength == Strength::Strong;
        let mut alive = detection.hits.iter().filter(|h| h.cancelled_by.is_none());
        let first = alive.clone().next();
        let live = alive.find(strong).or(first);
        let hits = detection.hits.iter().filter(|h| h.cancelled_by.is_none());
        let seen: Vec<Seen> = hits
            .map(|h| Seen {
                words: words(h.start, h.end).to_lowercase(),
                at: h.start,
                field: field_of(h.start).1,
                demanded: demanded(&text, h.start, h.end),
            })
            .collect();
        let wanted = brief.capabilities.get(&pack.id) == Some(&true);
        if detection.found
            && !wanted
            && !borne_out(
                pack,
                &seen,
                live.is_some_and(|h| h.strength == Strength::Strong),
                &told,
                brief,
            )
        {
            let said = live.map_or_else(String::new, |h| words(h.start, h.end));
            let place = brief.place(Field::Purpose, &said);
            chosen.doubted.push((&pack.id, said, place));
            continue;
        }
        if detection.found {
            let said = seen.iter().map(|s| s.words.clone()).collect();
            chosen.live.insert(&pack.id, said);
            chosen.spoken.extend(seen.into_iter().map(|s| s.words));
        }
        if let Some(hit) = live.filter(|_| detection.found) {
            let (_, field) = field_of(hit.start);
            let said = words(hit.start, hit.end);
            let place = brief.place(field, &said);
            let reason = Reason::Words { words: said, place };
            let in_purpose = detection
                .hits
                .iter()
                .any(|h| h.cancelled_by.is_none() && field_of(h.start).1 == Field::Purpose);
            chosen.recognised |= in_purpose && pack.always_if.is_none();
            chosen.reasons.insert(&pack.id, reason);
        } else if let Some(hit) = detection.hits.iter().find(|h| h.cancelled_by.is_some()) {
            let by = hit.cancelled_by.clone().unwrap_or_default();
            chosen
                .cancelled
                .push((&pack.id, words(hit.start, hit.end), by));
        }
    }
    for (at, variant) in variants().iter().enumerate() {
        if suffices(&variant.lexicon.hits(&text)) {
            chosen.variants.push(at);
        }
    }
    homonyms(&text, &mut chosen);
    analysed_elsewhere(&text, &mut chosen);
    regulated(brief, &mut chosen);
    tenants(brief, &mut chosen);
    senders(brief, &mut chosen);
    // `No online payment` among the constraints outweighs words that sound like it.
    let denied = denied(brief);
    for (id, words, by) in &denied {
        chosen.reasons.remove(id);
        chosen.cancelled.retain(|(other, ..)| other != id);
        chosen.cancelled.push((id, words.clone(), by.clone()));
    }
    for (id, wanted) in &brief.capabilities {
        let Some(pack) = capabilities().iter().find(|p| p.id == *id) else {
            continue;
        };
        if *wanted {
            chosen.recognised = true;
            chosen.reasons.entry(&pack.id).or_insert(Reason::Added);
        } else {
            chosen.reasons.remove(pack.id.as_str());
        }
    }
    // What the brief rules out is asked of nobody.
    let out = |id: &str| {
        brief.capabilities.get(id) == Some(&false) || denied.iter().any(|(other, ..)| *other == id)
    };
    chosen.doubted.retain(|(id, ..)| !out(id));
    let own = brief.capabilities.get(domain::ID) != Some(&false);
    let mut deeds = story(brief);
    let told = deeds.iter().filter(|d| !d.what.is_empty()).count();
    let by_packs = chosen.recognised;
    if own && told >= 1 {
        let noun = deeds.iter().find_map(|d| d.what.first());
        let words = noun.map_or_else(String::new, |noun| spoken(brief, noun));
        let place = brief.place(Field::Purpose, &words);
        chosen.recognised = true;
        chosen
            .reasons
            .insert(domain::ID, Reason::Words { words, place });
    }
    // Where nothing else is said, one word is what there is to go by.
    if !chosen.recognised {
        for (id, words, place) in std::mem::take(&mut chosen.doubted) {
            chosen.recognised = true;
            chosen.spoken.insert(words.to_lowercase());
            chosen.reasons.insert(id, Reason::Words { words, place });
        }
    }
    if !chosen.recognised {
        sensing(brief, &mut chosen);
    }
    // Who must keep to card rules takes cards, whatever words the purpose has for it; who only has
    // the numbers of cards in files says so by what is done with them.
    let takes = |d: &crate::brief::story::Deed| {
        [
            "pay",
            "charge",
            "buy",
            "sell",
            "order",
            "purchase",
            "donate",
            "subscribe",
            "book",
            "refund",
        ]
        .contains(&d.verb.as_str())
    };
    let paid = mentions_one(&text, &["pay", "pays", "payment", "payments", "checkout"]);
    // An interface for those who issue or acquire cards sees payments of others.
    let serves = brief.has("public_api") || chosen.has("fraud");
    let files = (chosen.has("batch") || serves) && !paid;
    let takes = !files || deeds.iter().any(takes);
    if brief.packs.contains_key("pci-dss")
        && brief.capabilities.get("payments") != Some(&false)
        && takes
    {
        let reason = Reason::Required("PCI DSS".to_owned());
        let pack = capabilities().iter().find(|p| p.id == "payments");
        if let Some(pack) = pack {
            chosen.reasons.entry(&pack.id).or_insert(reason);
        }
    }
    // Who integrates with a payment provider takes money by it.
    let provider = brief.partners.iter().find(|p| p.what == "payment provider");
    let unwanted = denied.iter().any(|(id, ..)| *id == "payments")
        || brief.capabilities.get("payments") == Some(&false);
    if let Some(partner) = provider.filter(|_| !unwanted)
        && let Some(pack) = capabilities().iter().find(|p| p.id == "payments")
    {
        let reason = Reason::Words {
            words: partner.name.clone(),
            place: partner.place.clone(),
        };
        chosen.doubted.retain(|(id, ..)| *id != "payments");
        chosen.reasons.entry(&pack.id).or_insert(reason);
    }
    chosen.people = human_users(brief, &chosen);
    let people = chosen.people;
    // Where nobody signs in, what other capabilities would ask accounts for is done by keys.
    let for_people = |id: &str| {
        let pack = capabilities().iter().find(|p| p.id == id);
        pack.is_some_and(|p| p.always_if == Some(Always::HumanUsers))
    };
    let struck = |id: &str| {
        let said = brief.capabilities.get(id);
        said == Some(&false)
            || denied.iter().any(|(d, ..)| *d == id) && said.is_none()
            || !people && for_people(id)
    };
    let mut open: Vec<&'static str> = chosen.reasons.keys().copied().collect();
    while let Some(id) = open.pop() {
        // Sealed bids need no live view, which an auction does.
        let pack = chosen.variant(id);
        let Some(pack) = pack.or_else(|| capabilities().iter().find(|p| p.id == id)) else {
            continue;
        };
        for required in pack.requires.iter().filter(|r| !struck(r)) {
            if !chosen.has(required) {
                open.push(required);
                chosen
                    .reasons
                    .insert(required, Reason::Required(id.to_owned()));
            }
        }
    }
    if !chosen.reasons.is_empty() {
        for pack in capabilities().iter().filter(|p| !struck(&p.id)) {
            let why = match pack.always_if {
                Some(Always::Any) => "every operated system has it",
                Some(Always::HumanUsers) if people => "people sign in",
                _ => continue,
            };
            chosen
                .reasons
                .entry(&pack.id)
                .or_insert(Reason::Always(why));
        }
    }
    // What is counted by the day is kept, also where no sentence has it as its object: `1.4 million
    // pledges in 4 hours`.
    if let Some(noun) = counted(brief, &deeds)
        && own
        && (chosen.recognised || told > 0)
    {
        deeds.push(noun);
        let words = spoken(
            brief,
            deeds.last().and_then(|d| d.what.first()).map_or("", |w| w),
        );
        let place = brief.place(Field::Purpose, &words);
        let reason = Reason::Words { words, place };
        chosen.reasons.entry(domain::ID).or_insert(reason);
    }
    let reasons = &chosen.reasons;
    chosen.doubted.retain(|(id, ..)| !reasons.contains_key(id));
    if chosen.has(domain::ID) {
        let counted = ["scale.items_per_s", "scale.rows_together"];
        let counted: Vec<&str> = counted
            .iter()
            .filter_map(|key| brief.nouns.get(key).map(String::as_str))
            .collect();
        chosen.domain = domain(&deeds, &chosen.packs(), &text, &counted).map(Arc::new);
        if chosen.domain.is_none() {
            chosen.reasons.remove(domain::ID);
            chosen.recognised = by_packs;
            if !by_packs {
                sensing(brief, &mut chosen);
            }
        }
    }
    chosen
}

/// Takes out what only a word of two trades brought: where journals are kept, a booking is a line, and
/// where blood is donated, a donor gives no money.
fn homonyms(text: &str, chosen: &mut Chosen) {
    let words = crate::brief::tokens(text);
    for homonym in &groundplan_knowledge::design_tables().vocabulary.homonyms {
        let meant = homonym.beside.iter().find(|id| {
            let said = chosen.reasons.get(id.as_str());
            matches!(said, Some(Reason::Words { .. }))
        });
        let beside = meant.and_then(|id| capabilities().iter().find(|p| p.id == *id));
        let among = || {
            let mut all = homonym.among.iter();
            let one = all.find(|one| mentions(&words, std::slice::from_ref(*one)));
            one.cloned()
        };
        let Some(by) = beside.map(|p| p.name.to_lowercase()).or_else(among) else {
            continue;
        };
        let known = chosen.live.get(homonym.pack.as_str());
        let alone = known.is_some_and(|all| {
            all.iter().all(|said| {
                let plain = said.to_lowercase();
                homonym.words.contains(&single(&plain))
            })
        });
        if let Some((id, _)) = alone
            .then(|| chosen.reasons.remove_entry(homonym.pack.as_str()))
            .flatten()
        {
            let said = known.and_then(|all| all.first()).cloned();
            chosen.cancelled.push((id, said.unwrap_or_default(), by));
        }
    }
}

/// Results that come from a laboratory's own system are shown here and made there: where nothing else
/// speaks of work on samples, it asks for no laboratory.
fn analysed_elsewhere(text: &str, chosen: &mut Chosen) {
    let words = crate::brief::tokens(text);
    let word = |i: usize| words.get(i).map_or("", |t| t.word());
    let source = (0..words.len()).any(|i| {
        let at = i + 1 + usize::from(matches!(word(i + 1), "the" | "our" | "their" | "a"));
        let result = |at: usize| i >= at && matches!(word(i - at), "result" | "results");
        word(i) == "from"
            && (result(1) || result(2))
            && (matches!(word(at), "lab" | "laboratory")
                && (matches!(word(at + 1), "system" | "systems")
                    || word(at + 1) == "information" && word(at + 2) == "system")
                || word(at) == "lims")
    });
    // Who enters, releases or orders them works there.
    let made = (0..words.len()).any(|i| {
        let works = ["enter", "release", "report", "order", "take"]
            .iter()
            .any(|verb| matches!(word(i).strip_prefix(verb), Some("" | "s" | "d" | "ed")));
        let on = |k: usize| matches!(word(k), "result" | "results" | "test" | "tests");
        works && (i + 1..i + 4).any(on)
    });
    let only_results = chosen.live.get("lab").is_some_and(|all| {
        all.iter().all(|said| {
            let staffed = ["lab technician", "lab test", "laborator"];
            let lab = said.starts_with("lab") && !said.contains("sample");
            lab && !staffed.iter().any(|begin| said.starts_with(begin))
                || said == "result"
                || said == "results"
        })
    });
    if source
        && !made
        && only_results
        && let Some((id, _)) = chosen.reasons.remove_entry("lab")
    {
        let said = chosen.live.get("lab").and_then(|all| all.first()).cloned();
        chosen.cancelled.push((
            id,
            said.unwrap_or_default(),
            "from the lab system".to_owned(),
        ));
    }
}

/// HIPAA binds health data only: who is bound by it, and says that those who treat or are treated have to
/// do with what is found about people, keeps such data. Who plans beds only has names.
fn regulated(brief: &Brief, chosen: &mut Chosen) {
    if !brief.packs.contains_key("hipaa") || brief.capabilities.get("health") == Some(&false) {
        return;
    }
    if !found_about_people(brief.text(Field::Purpose)) {
        return;
    }
    // Where samples, prescriptions or claims are worked on, that is the health data.
    let known = ["lab", "prescriptions", "claims", "health"];
    if known.iter().any(|id| chosen.has(id)) {
        return;
    }
    let at = chosen.doubted.iter().position(|(id, ..)| *id == "health");
    if let Some(at) = at {
        let (id, words, place) = chosen.doubted.remove(at);
        chosen.spoken.insert(words.to_lowercase());
        chosen.recognised = true;
        chosen.reasons.insert(id, Reason::Words { words, place });
    }
}

/// Whether somebody who treats or is treated has to do with what was found: `clinicians see lab results`,
/// or `them` behind a clause with results.
fn found_about_people(purpose: &str) -> bool {
    let treats = [
        "patient",
        "clinician",
        "physician",
        "doctor",
        "nurse",
        "therapist",
        "physiotherapist",
        "midwife",
    ];
    let medical = ["lab", "medical", "clinical", "patient", "session"];
    let noted = [
        "result", "results", "records", "history", "notes", "chart", "charts",
    ];
    let plain = [
        "finding",
        "findings",
        "diagnosis",
        "diagnoses",
        "vitals",
        "medication",
    ];
    let words = crate::brief::tokens(purpose);
    let word = |i: usize| words.get(i).map_or("", |t| t.word());
    let found = |i: usize| {
        plain.contains(&word(i))
            || noted.contains(&word(i)) && i > 0 && medical.contains(&word(i - 1))
    };
    (0..words.len()).any(|i| {
        let range = crate::brief::clause(&words, i);
        if !treats.contains(&single(word(i)).as_str()) || i > range.start + 2 {
            return false;
        }
        let before = range.start.checked_sub(1);
        let before = before.map_or(0..0, |at| crate::brief::clause(&words, at));
        let told =
            before.clone().any(|k| noted.contains(&word(k))) && before.into_iter().any(found);
        (i + 1..range.end).any(|k| found(k) || told && k < i + 4 && word(k) == "them")
    })
}

/// Whether one of these words stands in a text.
fn mentions_one(text: &str, words: &[&str]) -> bool {
    crate::brief::tokens(text)
        .iter()
        .any(|t| words.contains(&t.word()))
}

/// A text with blanks for sentences that tell how it is done today: what the system ends is no part
/// of it.
fn without_today(text: &str) -> String {
    let past = crate::brief::story::before_now(text);
    let blank = |(at, c): (usize, char)| match past.iter().any(|span| span.contains(&at)) {
        true => " ".repeat(c.len_utf8()),
        false => c.to_string(),
    };
    text.char_indices().map(blank).collect()
}

/// Words of the brief that a pack knows.
struct Seen {
    words: String,
    at: usize,
    field: Field,
    /// Whether its clause says that somebody must be able to do it.
    demanded: bool,
}

/// Whether the clause around some bytes demands what they name: `must be able to chat`, `a chat is
/// required`. `Availability of 99.8 % is required` and `receipts must be kept` bind, and demand none.
fn demanded(text: &str, start: usize, end: usize) -> bool {
    let stops = ['.', ';', ',', '\n', ':'];
    let before = text.get(..start).unwrap_or_default();
    let from = before.rfind(stops).map_or(0, |at| at + 1);
    let behind = text.get(end..).unwrap_or_default();
    let to = behind.find(stops).map_or(text.len(), |at| end + at);
    let clause = text.get(from..to).unwrap_or_default().to_lowercase();
    // What they are able to do stands behind: of `sellers must be able to chat` the chat.
    let behind = before
        .get(from..)
        .is_some_and(|b| b.to_lowercase().contains("be able to "));
    let has = |words: &[&str]| words.iter().any(|w| clause.contains(w));
    let denied = clause
        .split_whitespace()
        .any(|w| matches!(w, "no" | "not" | "never" | "nobody"));
    let counted = clause.contains(|c: char| c.is_ascii_digit());
    !denied && (behind || has(&[" is required", " are required"]) && !counted)
}

/// Engineer-weeks from which a capability is a product of its own, and one word too little for it.
const PRODUCT: f64 = 4.0;

/// Capabilities that say how a system works: a constraint may ask for them. What it is for stands in its
/// purpose.
const BOUND: [&str; 17] = [
    "accounts",
    "admin",
    "devapi",
    "evidence",
    "exports",
    "files",
    "fraud",
    "gateway",
    "integration",
    "kyc",
    "moderation",
    "multitenant",
    "notifications",
    "offline",
    "payments",
    "search",
    "signing",
];

/// Whether more than one word speaks for a large capability: another word of it, a quantity, a
/// demand, or somebody of the brief who does it. `From the magazine` names a place, `by video` a
/// way, and hospitals among the customers keep no charts.
fn borne_out(
    pack: &Capability,
    seen: &[Seen],
    strong: bool,
    deeds: &[crate::brief::story::Deed],
    brief: &Brief,
) -> bool {
    if pack.effort.value < PRODUCT && strong || pack.always_if.is_some() {
        return true;
    }
    // `Availability of 99.8 %`, `receipts are kept for ten years` bind, and ask for no product.
    let bound = |hit: &&Seen| hit.field == Field::Constraints;
    if seen.iter().all(|hit| bound(&hit)) && !BOUND.contains(&pack.id.as_str()) {
        return seen.iter().any(|hit| hit.demanded);
    }
    let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
    let mut subjects: BTreeSet<String> = BTreeSet::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut counted = false;
    for hit in seen {
        let plain = hit.words.split([' ', '-', '\n']).filter(|w| w.len() > 2);
        for word in plain.map(single) {
            all.insert(word.clone());
            if !vocabulary.is_somebody(&word) {
                counted |=
                    hit.field == Field::Scale || bound(&hit) && BOUND.contains(&pack.id.as_str());
                subjects.insert(word);
            }
        }
    }
    // Its people and places beside its subject bear it out: dental clinics and their patients.
    if counted || subjects.len() > 1 || !subjects.is_empty() && all.len() > 2 {
        return true;
    }
    let person = |word: &str| {
        let mut people = vocabulary.users.iter().chain(&vocabulary.folk);
        people.any(|u| u == word) || vocabulary.sounds_like_person(word)
    };
    let purpose = brief.text(Field::Purpose);
    let first = crate::brief::tokens(purpose).get(2).map_or(0, |t| t.start);
    let named = |hit: &Seen| {
        let mut words = hit.words.split([' ', '-']).map(single);
        // `tells online shops`: who is told, unless the system is one: `An online shop for tea`.
        let last = hit.words.rsplit([' ', '-']).next().map(single);
        let somebody = hit.words.contains([' ', '-'])
            && last.is_some_and(|w| vocabulary.is_somebody(&w))
            && hit.at > first;
        !somebody && words.any(|w| w.len() > 2 && !person(&w) && subjects.contains(&w))
    };
    // Behind a preposition a word says where, how or of what: `from the magazine`, `by video`. What
    // is acted on, or acts, is part of the system.
    let words = crate::brief::tokens(purpose);
    let beside = |hit: &Seen| {
        let at = words.iter().position(|t| t.end > hit.at).unwrap_or(0);
        let before = words.get(at.saturating_sub(3)..at).unwrap_or_default();
        // `every published number`: what kind of number, and no deed.
        let word = |k: usize| words.get(k).map_or("", |t| t.word());
        let led = at > 0 && crate::brief::story::points(word(at - 1));
        let noun = !word(at + 1).is_empty() && !crate::brief::story::links(word(at + 1));
        if led && noun && word(at).ends_with("ed") && !hit.words.contains(' ') {
            return true;
        }
        before
            .iter()
            .rev()
            .take_while(|t| !t.ends_clause())
            .any(|t| crate::brief::story::links(t.word()))
    };
    let told = |hit: &Seen| hit.field == Field::Purpose && named(hit) && !beside(hit);
    if seen.iter().any(told) {
        return true;
    }
    let Some(word) = subjects.iter().next() else {
        return false;
    };
    deeds.iter().any(|deed| {
        let verb = deed.verb.split(' ').next().unwrap_or(&deed.verb);
        // `paid` and `ordered` are forms of the verb.
        let same = word == verb
            || crate::brief::story::past(verb) == *word
            || word
                .strip_suffix("ing")
                .is_some_and(|stem| stem == verb || format!("{stem}e") == verb);
        let makes = deed.act != crate::brief::story::Act::Read
            && deed
                .what
                .iter()
                .any(|w| w.split(' ').any(|part| part == word));
        same || makes
    })
}

/// The entry of what comes every day, if the purpose names it and no deed has it.
fn counted(
    brief: &Brief,
    deeds: &[crate::brief::story::Deed],
) -> Option<crate::brief::story::Deed> {
    let noun = brief.nouns.get("scale.items_per_s")?;
    let words = crate::brief::tokens(brief.text(Field::Purpose));
    let named = words
        .iter()
        .any(|t| t.word() != noun && single(t.word()) == *noun);
    let has = deeds
        .iter()
        .flat_map(|d| &d.what)
        .any(|w| w.ends_with(noun.as_str()));
    let vague = [
        "record",
        "event",
        "message",
        "item",
        "request",
        "transaction",
    ];
    if !named || has || vague.contains(&noun.as_str()) {
        return None;
    }
    Some(crate::brief::story::Deed {
        who: brief.people.first().cloned(),
        verb: "enter".to_owned(),
        act: crate::brief::story::Act::Create,
        what: vec![noun.clone()],
        rest: domain::many(noun),
        agentless: false,
        fields: Vec::new(),
        said: None,
    })
}

/// The last word of a noun as the purpose has it first: `papers` of a `paper`.
fn spoken(brief: &Brief, noun: &str) -> String {
    let text = brief.text(Field::Purpose);
    let head = noun.rsplit(' ').next().unwrap_or(noun);
    let words = crate::brief::tokens(text);
    let at = words.iter().find(|t| single(t.word()) == head);
    let said = at.and_then(|t| text.get(t.start..t.end));
    said.unwrap_or(head).to_owned()
}

/// Of a purpose that no sentence and no pack explains: things that send by themselves make it one of
/// devices. `Thermostats in 900 flats` wants their readings.
fn sensing(brief: &Brief, chosen: &mut Chosen) {
    let text = brief.text(Field::Purpose);
    let things = &groundplan_knowledge::design_tables().vocabulary.sensing;
    let words = crate::brief::tokens(text);
    let found = words.iter().find(|t| {
        let noun = single(t.word());
        things.contains(&noun) && noun != t.word()
    });
    let pack = groundplan_knowledge::capability::capability("iot");
    let (Some(token), Some(pack)) = (found, pack) else {
        return;
    };
    if brief.capabilities.get("iot") == Some(&false) {
        return;
    }
    let words = text.get(token.start..token.end).unwrap_or_default();
    chosen.recognised = true;
    chosen.cancelled.retain(|(other, ..)| *other != "iot");
    chosen.reasons.entry(&pack.id).or_insert(Reason::Words {
        words: words.to_owned(),
        place: brief.place(Field::Purpose, words),
    });
}

/// Things that are counted with the interval at which they send are devices, whatever the purpose
/// calls them: `18,000 scooters every 15 s`. People who report where they are move.
fn senders(brief: &Brief, chosen: &mut Chosen) {
    let (Some(count), Some(_)) = (
        brief.numbers.get("scale.devices"),
        brief.numbers.get("scale.device_interval_s"),
    ) else {
        return;
    };
    // A bench that finishes a harness every 3 min works, and a terminal that says every 30 s that it
    // lives has nothing to keep: both are load, and no readings.
    let interval = brief.numbers.get("scale.device_interval_s");
    let said = interval.map_or("", |s| s.words.as_str()).to_lowercase();
    let words: Vec<&str> = said
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .collect();
    let has = |list: &[&str]| words.iter().any(|w| list.iter().any(|l| w.starts_with(l)));
    let alive = has(&["heartbeat", "keepalive", "keep-alive", "ping"]);
    let sends = has(&[
        "send", "sent", "report", "transmit", "reading", "messag", "measur", "position", "sampl",
        "level", "value", "data", "telemetr", "upload", "stream", "publish", "log", "record",
    ]);
    let works = words
        .iter()
        .skip(1)
        .any(|w| crate::brief::story::is_verb(w) && !crate::brief::story::is_filler(w));
    if alive || works && !sends {
        return;
    }
    let noun = brief.nouns.get("scale.devices").map_or("", String::as_str);
    let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
    // `640 buses, position every 10 seconds`: what carries people or goods and sends where it is, is
    // followed; what measures besides is a device.
    let placed = ["position", "location", "gps"];
    let scale = crate::brief::tokens(brief.text(Field::Scale));
    let mut scale = scale.iter().map(|t| single(t.word()));
    let where_it_is = has(&placed) || scale.any(|word| placed.contains(&word.as_str()));
    let carries = crate::brief::CARRIES.contains(&noun) && where_it_is && !chosen.has("iot");
    let id = match vocabulary.movers.iter().any(|m| m == noun) || carries {
        true => "tracking",
        false => "iot",
    };
    let Some(pack) = groundplan_knowledge::capability::capability(id) else {
        return;
    };
    chosen.cancelled.retain(|(other, ..)| *other != id);
    chosen.reasons.entry(&pack.id).or_insert(Reason::Words {
        words: count.words.clone(),
        place: count.place.clone(),
    });
}

/// Capabilities that the constraints deny as a whole: a negated word of a pack with which the clause
/// ends (`no online payment`). `No video ads` denies no video.
fn denied(brief: &Brief) -> Vec<(&'static str, String, String)> {
    let text = format!("{}.", brief.text(Field::Constraints));
    let mut all = Vec::new();
    for detection in detect(&text) {
        let Some(pack) = capabilities().iter().find(|p| p.id == detection.id) else {
            continue;
        };
        let whole = detection.hits.iter().find(|hit| {
            let ends = text.get(hit.end..).is_some_and(|rest| {
                rest.trim_start()
                    .starts_with(['.', ',', ';', ')', '\n', ':'])
            });
            let by = hit.cancelled_by.as_deref();
            let no = matches!(by, Some("no" | "without" | "never"));
            hit.strength == Strength::Strong && ends && no
        });
        let positive = detection
            .hits
            .iter()
            .any(|h| h.cancelled_by.is_none() && h.strength == Strength::Strong);
        if let Some(hit) = whole.filter(|_| !positive) {
            let words = text.get(hit.start..hit.end).unwrap_or_default();
            let by = hit.cancelled_by.clone().unwrap_or_default();
            all.push((pack.id.as_str(), words.to_owned(), by));
        }
    }
    all
}

/// A system for organisations that are counted serves each as a tenant: `a portal for law firms` of
/// which there are 120.
fn tenants(brief: &Brief, chosen: &mut Chosen) {
    let Some(pack) = groundplan_knowledge::capability::capability("multitenant") else {
        return;
    };
    let text = brief.text(Field::Purpose);
    let head = text.split(['.', ':', ';']).next().unwrap_or_default();
    let words = crate::brief::tokens(head);
    let kinds = &groundplan_knowledge::design_tables()
        .vocabulary
        .organisations;
    for (noun, stated) in brief
        .stocks
        .iter()
        .filter(|(n, s)| kinds.contains(n) && s.value > 2.0)
    {
        let at = words
            .iter()
            .position(|t| single(t.word()) == *noun && t.word() != noun);
        let Some(at) = at else { continue };
        let led = words.get(at.saturating_sub(3)..at).unwrap_or_default();
        if led.iter().any(|t| t.word() == "for") {
            chosen.cancelled.retain(|(id, ..)| *id != "multitenant");
            chosen.recognised = true;
            chosen.reasons.entry(&pack.id).or_insert(Reason::Words {
                words: stated.words.clone(),
                place: stated.place.clone(),
            });
        }
    }
}

/// Whether people sign in: the brief counts or names them, or asks for more than programs and
/// devices do by themselves.
fn human_users(brief: &Brief, chosen: &Chosen) -> bool {
    let counted = ["scale.mau", "scale.dau", "scale.concurrent"]
        .iter()
        .any(|key| brief.numbers.contains_key(key));
    let scale = brief.numbers.keys().any(|key| key.starts_with("scale."));
    let by_themselves = ["gateway", "batch", "iot", "analytics", "integration"];
    let mut named = chosen.reasons.keys();
    let machines = scale && named.all(|id| by_themselves.contains(id));
    counted || !brief.people.is_empty() || !machines
}
