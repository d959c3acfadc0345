//! The brief: what a person says about a system that does not exist yet.

mod amounts;
mod counts;
mod crew;
mod crowd;
mod dates;
pub(crate) mod denials;
mod extract;
mod fields;
mod grammar;
mod hints;
mod keys;
mod more;
mod outline;
mod read;
mod retention;
mod rhythm;
pub(crate) mod rules;
mod schema;
mod seeks;
mod spelled;
mod stops;
pub(crate) mod story;
mod token;
mod windows;
mod words;

pub(crate) use grammar::role_nouns;
pub use keys::{KEYS, set};
pub use read::{read_brief, read_measured};
pub use retention::Retention;
pub use schema::{brief_schema, with_brief};
pub(crate) use seeks::CARRIES;
pub(crate) use token::tokens;
pub use words::Force;
pub(crate) use words::{clause, mentions};

use groundplan_model::Evidence;
use std::collections::{BTreeMap, BTreeSet};

/// Values of `criticality`: what an outage costs, the least first; `life` where people come to harm.
pub const CRITICALITY: [&str; 4] = ["low", "normal", "high", "life"];

/// Values of `data_classes`; [`weight_of`] has the impact of their loss.
pub const DATA_CLASSES: [&str; 8] = [
    "public",
    "internal",
    "personal",
    "location",
    "health",
    "card",
    "ledger",
    "credentials",
];

/// What the loss of a class of data weighs, 1 to 4: public 1, internal 2, personal and location 3,
/// the others 4.
pub fn weight_of(class: &str) -> u8 {
    match class {
        "public" => 1,
        "internal" => 2,
        "personal" | "location" => 3,
        _ => 4,
    }
}

/// The six questions of a brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Field {
    Purpose,
    Scale,
    Team,
    Timeline,
    Stack,
    Constraints,
}

impl Field {
    /// All, in the order in which a brief gives them.
    pub const ALL: [Field; 6] = [
        Field::Purpose,
        Field::Scale,
        Field::Team,
        Field::Timeline,
        Field::Stack,
        Field::Constraints,
    ];

    /// The key in the file.
    pub fn key(self) -> &'static str {
        match self {
            Field::Purpose => "purpose",
            Field::Scale => "scale",
            Field::Team => "team",
            Field::Timeline => "timeline",
            Field::Stack => "stack",
            Field::Constraints => "constraints",
        }
    }
}

/// Where words of a brief stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File and lines; `None` for what a command line or a caller said.
    pub evidence: Option<Evidence>,
    /// First and last column of the words in the first line, one-based, if known.
    pub columns: Option<[u32; 2]>,
}

/// A value with the words that said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated<T> {
    /// The value, in the unit of its key.
    pub value: T,
    /// The words.
    pub words: String,
    /// Where they stand.
    pub place: Place,
}

/// A field as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The text; structured fields are put into words.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Said {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A technology that a brief names.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Path of the decision it is about, for example `language`.
    pub decision: String,
    /// Value of that decision.
    pub value: String,
    /// The name as written.
    pub name: String,
    /// How strongly it was said.
    pub force: Force,
    /// Where.
    pub place: Place,
}

/// A system to integrate with.
#[derive(Clone, Debug, PartialEq)]
pub struct Partner {
    /// As documents write it.
    pub name: String,
    /// What kind of system it is.
    pub what: String,
    /// How it is spoken to.
    pub protocol: String,
    /// How the caller signs in.
    pub auth: String,
    /// Calls a second at peak, if the brief counts them.
    pub rps: Option<f64>,
    /// Where the brief names it.
    pub place: Place,
}

/// What a partner is of which the brief only reads: [`Partner::what`].
pub(crate) const SOURCE: &str = "source of records that others keep";

/// What a primary store is spoken to by, for options of K04 and names of the vocabulary; none for others.
pub(crate) fn store_protocol(option: &str) -> Option<&'static str> {
    Some(match option {
        "sqlite" => "file",
        "sqlserver" => "TDS",
        "oracle" => "Oracle Net",
        "mysql" => "MySQL",
        "kv" => "CQL",
        "postgres" => "PostgreSQL over TLS",
        _ => return None,
    })
}

/// An entity that the brief describes itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnEntity {
    /// Name.
    pub name: String,
    /// Field names, with `: type` if given.
    pub fields: Vec<String>,
    /// Whether it holds personal data.
    pub personal: bool,
    /// Where.
    pub place: Place,
}

/// A flow that the brief describes itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnFlow {
    /// Name.
    pub name: String,
    /// Share of all requests, 0 to 1, if stated.
    pub share: Option<f64>,
    /// Steps, one sentence each, that begin with who acts, and where they stand.
    pub steps: Vec<(String, Place)>,
    /// Where.
    pub place: Place,
}

/// What a brief says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brief {
    /// Path as documents cite it.
    pub path: String,
    /// Text of the file; empty for what a caller said.
    pub source: String,
    /// Title, if given.
    pub title: Option<String>,
    /// The six fields.
    pub fields: BTreeMap<Field, Said>,
    /// Fields as they were written, where an outline was read as sentences.
    pub(crate) written: BTreeMap<Field, String>,
    /// Numbers by key, for example `scale.peak_rps`; units are those of [`KEYS`].
    pub numbers: BTreeMap<&'static str, Stated<f64>>,
    /// Nouns that came with numbers: key to noun, for example `scale.items_per_s` to `url`.
    pub nouns: BTreeMap<&'static str, String>,
    /// The date by which it must be live, where the brief gives no day to count weeks from.
    pub deadline: Option<Stated<String>>,
    /// Phrases of structured fields that were read by their key.
    pub(crate) keyed: Vec<String>,
    /// Currency of the budget, ISO code.
    pub currency: Option<String>,
    /// Technologies, platforms, clouds, styles.
    pub wishes: Vec<Wish>,
    /// Compliance packs by id.
    pub packs: BTreeMap<String, Place>,
    /// Packs that are to bind later, in the words of the brief.
    pub later: BTreeMap<String, Place>,
    /// Rules that are named and for which there is no pack.
    pub rules: BTreeMap<String, Place>,
    /// Regions in which data must stay.
    pub residency: BTreeMap<String, Place>,
    /// Regions that are named as hosting.
    pub hosting: BTreeMap<String, Place>,
    /// Regions in which data of some must stay: `documents of EU workspaces must stay in the EU`.
    pub pinned: BTreeMap<String, Stated<String>>,
    /// What is to be kept without an end.
    pub endless: Vec<Retention>,
    /// Systems to integrate with.
    pub partners: Vec<Partner>,
    /// Traits that words show: `internal`, `business`, `spike` …
    pub traits: BTreeSet<String>,
    /// Kinds of people that the brief names, singular, in order of appearance.
    pub people: Vec<String>,
    /// Entities of its own.
    pub entities: Vec<OwnEntity>,
    /// Flows of its own, in order.
    pub flows: Vec<OwnFlow>,
    /// Capabilities that a person added (`true`) or struck (`false`).
    pub capabilities: BTreeMap<String, bool>,
    /// Rates stand for messages that are written.
    pub write_stream: bool,
    /// Rates stand for transactions.
    pub transactional: bool,
    /// Nouns of the people whom the scale counts, singular.
    pub counted: BTreeSet<String>,
    /// Stocks that the brief counts: noun to number.
    pub stocks: BTreeMap<String, Stated<f64>>,
    /// Periods for which some of the records are kept.
    pub retention: Vec<Retention>,
    /// What was measured: `availability` in percent, `p50_ms` and `p99_ms`, `<flow>.p99_ms`, or a
    /// service level by its id.
    pub measured: BTreeMap<String, Stated<f64>>,
    /// Free answers of the optional fields: `criticality`, `locale`, `as_of_date` …
    pub answers: BTreeMap<String, Stated<String>>,
}

/// Where names stand among tokens: index of the first token and how many.
pub(crate) fn found(text: &[token::Token], names: &[String]) -> Vec<(usize, usize)> {
    let hits = words::find(text, names);
    hits.into_iter().map(|h| (h.at, h.count)).collect()
}

impl Brief {
    /// Where words of a field stand.
    pub fn place(&self, field: Field, words: &str) -> Place {
        let said = self.fields.get(&field).map(|s| &s.place);
        match said.and_then(|p| p.evidence.as_ref()) {
            Some(evidence) if !self.source.is_empty() => {
                let lines = groundplan_syntax::Lines::new(&self.source);
                extract::locate(&lines, &self.path, evidence.lines, words)
            }
            _ => said.cloned().unwrap_or_default(),
        }
    }

    /// The text of a field; empty if nothing was said.
    pub fn text(&self, field: Field) -> &str {
        self.fields.get(&field).map_or("", |s| s.text.as_str())
    }

    /// The text of a field in its own words, without the bullets and numbers of an outline.
    pub fn written(&self, field: Field) -> String {
        let outline = self.written.get(&field).map(String::as_str);
        let text = outline.unwrap_or_else(|| self.text(field));
        outline::quoted(text).unwrap_or_else(|| text.to_owned())
    }

    /// What an outage costs, one of [`CRITICALITY`]; `None` if nothing was said.
    pub fn criticality(&self) -> Option<&str> {
        let said = self.answers.get("criticality")?;
        let said = said.value.to_lowercase();
        let mut words = keys::closed_words(&said);
        let word = words.next().filter(|_| words.next().is_none())?;
        CRITICALITY.into_iter().find(|known| *known == word)
    }

    /// Puts the criticality among the traits, where sums look for it.
    pub(crate) fn mark(&mut self) {
        self.traits.retain(|t| !t.starts_with("criticality_"));
        let mark = self.criticality().map(|c| format!("criticality_{c}"));
        self.traits.extend(mark);
    }

    /// Classes of data that the brief states, of [`DATA_CLASSES`].
    pub fn data_classes(&self) -> Vec<&'static str> {
        let said = self.answers.get("data_classes");
        let said = said.map_or(String::new(), |s| s.value.to_lowercase());
        let words: Vec<&str> = keys::closed_words(&said).collect();
        DATA_CLASSES
            .into_iter()
            .filter(|known| words.contains(known))
            .collect()
    }

    /// Records that are counted, organisations and what one of them is left out.
    pub fn records(&self) -> f64 {
        let kinds = &groundplan_knowledge::design_tables()
            .vocabulary
            .organisations;
        let stocks = self.stocks.iter();
        stocks
            .filter(|(noun, _)| !kinds.contains(noun))
            .map(|(_, s)| s.value)
            .sum()
    }

    /// A stated number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.numbers.get(key).map(|s| s.value)
    }

    /// Whether words show a trait.
    pub fn has(&self, name: &str) -> bool {
        self.traits.contains(name)
    }

    /// The strongest wish about a decision that is no exclusion; the first of equal ones.
    pub fn wish(&self, decision: &str) -> Option<&Wish> {
        let mut best: Option<&Wish> = None;
        for wish in self.wishes.iter().filter(|w| w.decision == decision) {
            let stronger = best.is_none_or(|b| wish.force > b.force);
            if wish.force != Force::Forbid && stronger {
                best = Some(wish);
            }
        }
        best
    }

    /// Whether the brief excludes an option.
    pub fn forbids(&self, decision: &str, value: &str) -> bool {
        self.wishes
            .iter()
            .any(|w| w.decision == decision && w.value == value && w.force == Force::Forbid)
    }

    /// Name of the system: the title, what the purpose calls it, or, where the purpose begins with a
    /// sentence, what that one is about.
    pub fn name(&self) -> String {
        if let Some(title) = &self.title {
            return title.clone();
        }
        let purpose = self.text(Field::Purpose);
        let head = purpose
            .split([':', ',', '.', ';'])
            .next()
            .unwrap_or(purpose);
        // `Online voting at meetings - holders register`: what stands before the dash names it.
        let head = [" - ", " – ", " — "]
            .iter()
            .fold(head, |head, dash| head.split(dash).next().unwrap_or(head));
        let all: Vec<&str> = head.split_whitespace().collect();
        if let Some(name) = seeks::sought(purpose).and_then(|s| s.name) {
            return name;
        }
        if let Some(thing) = seeks::runs(purpose)
            .or_else(|| seeks::hosts(purpose))
            .or_else(|| seeks::followed(purpose))
        {
            return format!("{} system", crate::blueprint::capital(&thing));
        }
        if let Some(thing) = self.told_of(&all) {
            return format!("{} system", crate::blueprint::capital(&thing));
        }
        // `Our techs forget to log temperatures` complains and names nothing; what is counted does.
        let complains = all
            .first()
            .is_some_and(|w| matches!(w.to_lowercase().as_str(), "our" | "my" | "we" | "i"));
        let named = |noun: &&String| {
            let words = tokens(purpose);
            words.iter().any(|t| story::single(t.word()) == **noun)
        };
        let devices = self.nouns.get("scale.devices");
        let counted = devices.or(self.stocks.keys().find(named));
        if let Some(noun) = counted.filter(|_| complains) {
            return format!("{} system", crate::blueprint::capital(noun));
        }
        let link = |w: &&str| {
            [
                "a", "an", "the", "for", "of", "to", "and", "where", "with", "from", "in", "on",
                "at", "by", "into", "when", "who", "which", "that", "under", "over", "between",
                "during", "or", "so", "as",
            ]
            .contains(w)
        };
        let article = all
            .first()
            .is_some_and(|w| ["a", "an", "the"].contains(&w.to_lowercase().as_str()));
        let all = all.get(usize::from(article)..).unwrap_or_default();
        let mut words: Vec<&str> = all.iter().take(7).copied().collect();
        // Of `a rota for a music festival` the half of the festival names nothing.
        if all.len() > 7
            && let Some(cut) = words.iter().rposition(link).filter(|cut| *cut > 0)
        {
            words.truncate(cut);
        }
        while words.last().is_some_and(link) {
            words.pop();
        }
        if words.is_empty() {
            "Unnamed system".to_owned()
        } else {
            crate::blueprint::capital(&words.join(" "))
        }
    }

    /// What the first deed is done with, where the first words of the purpose tell that deed:
    /// `operators book passes`, `we run a shop`, `collect readings`. They are a sentence and no name.
    fn told_of(&self, head: &[&str]) -> Option<String> {
        let deeds = story::story(self);
        let deed = deeds.first()?;
        let first = head.first()?.to_lowercase();
        let verb = |w: &str| {
            let w = w.to_lowercase();
            let head = deed.verb.split(' ').next().unwrap_or_default();
            let rest = w.strip_prefix(head);
            rest.is_some_and(|rest| ["", "s", "es"].contains(&rest))
        };
        let who = deed.who.as_deref().and_then(|who| who.rsplit(' ').next());
        let actor = head.iter().position(|w| {
            let w = w.to_lowercase();
            who.is_some_and(|who| story::single(&w) == who)
        });
        let does = actor.is_some_and(|at| head.iter().skip(at + 1).any(|w| verb(w)));
        let purpose = self.text(Field::Purpose);
        let now = story::before_now(purpose);
        let first_now = now.first().is_some_and(|span| span.start == 0);
        let spoken = seeks::speaks(purpose) || first_now;
        let sentence = does || first == deed.verb || first == "we" || spoken;
        let words = &groundplan_knowledge::design_tables().vocabulary;
        let vague = &words.vague;
        // `Lifts report faults` is about lifts.
        let machine = deed
            .who
            .as_ref()
            .filter(|_| crate::domain::actor(deed).is_none());
        let mut things = machine
            .into_iter()
            .chain(deeds.iter().flat_map(|d| &d.what));
        let plain = |w: &&String| {
            !vague
                .iter()
                .any(|v| v == *w || w.ends_with(&format!(" {v}")))
                // `reports a sick child`: nobody is what a system is about.
                && !words.is_person(w.rsplit(' ').next().unwrap_or(w))
        };
        let thing = things.find(plain).filter(|_| sentence)?;
        Some(thing.replace('_', " "))
    }
}
