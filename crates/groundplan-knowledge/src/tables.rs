//! Tables that designs are computed from: service demands, availability, prices, words of a brief.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A constant of a formula.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// The value, in `unit`.
    pub value: f64,
    /// Unit; empty for a share or a factor.
    #[serde(default)]
    pub unit: String,
    /// `S` standard or vendor text, `M` measured by the named source, `E` estimate.
    pub class: String,
    /// Where it comes from, in words.
    pub source: String,
}

/// CPU demand per plain request, by language.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CpuDemand {
    /// `S`, `M` or `E`.
    pub class: String,
    /// Where the values come from.
    pub source: String,
    /// Language to milliseconds of one core.
    pub values: BTreeMap<String, f64>,
}

/// Service demands and limits.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Performance {
    /// Date of the table.
    pub version: String,
    /// CPU per request.
    pub cpu_ms: CpuDemand,
    /// Everything else, by name.
    pub constants: BTreeMap<String, Constant>,
}

impl Performance {
    /// The value of a constant; 0 for a name that the table does not have, which the lint reports.
    pub fn get(&self, name: &str) -> f64 {
        self.constants.get(name).map_or(0.0, |c| c.value)
    }
}

/// Expected availability of the parts of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// Date of the table.
    pub version: String,
    /// Part to expected share of time up.
    pub expected: BTreeMap<String, f64>,
    /// Part to the share of time that a provider's contract names.
    pub sla: BTreeMap<String, f64>,
    /// Deployments per month, share that fails, minutes until one is taken back.
    pub change: BTreeMap<String, f64>,
    /// Share of users that a bad deployment reaches, tier T0 to T4.
    pub exposed: Vec<f64>,
    /// Share of outage minutes that end before a warm standby takes over.
    pub short_outage_share: f64,
    /// Outages of a whole region per year.
    pub region_events_per_year: f64,
    /// Minutes until another replica or region serves, tier T0 to T4.
    pub failover_min: Vec<f64>,
    /// Incidents per year that need a person, tier T0 to T4.
    pub human_incidents_per_year: Vec<f64>,
    /// Engineers at least, to minutes until a person has mended it.
    pub response_min: BTreeMap<u32, f64>,
    /// Where the values come from.
    pub sources: Vec<String>,
}

/// List prices of one provider.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Month of the list.
    pub version: String,
    /// ISO code.
    pub currency: String,
    /// Where the prices come from.
    pub source: String,
    /// Hours of a month.
    pub hours: f64,
    /// Factor for the low end of a range.
    pub low: f64,
    /// Factor for the high end of a range.
    pub high: f64,
    /// Item to price.
    pub prices: BTreeMap<String, f64>,
    /// Units of a currency for one of the list's, for currencies that are far from it; others are
    /// taken one to one, and documents say so.
    #[serde(default)]
    pub rates: BTreeMap<String, f64>,
    /// Value of the decision on the database to its licence, where it has one that costs.
    #[serde(default)]
    pub licences: BTreeMap<String, Licence>,
}

/// What a licensed product costs on top of the machines that it runs on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Edition and metric, for readers.
    pub about: String,
    /// vCPU that one unit covers.
    pub vcpu: f64,
    /// Units of a node at least.
    pub least: f64,
    /// Price of a unit a month.
    pub month: f64,
    /// Where the price comes from.
    pub source: String,
    /// Day on which it was read.
    pub read: String,
}

impl Prices {
    /// The price of an item; 0 for a name that the list does not have, which the lint reports.
    pub fn get(&self, name: &str) -> f64 {
        self.prices.get(name).copied().unwrap_or(0.0)
    }
}

/// A system that briefs ask to integrate with.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// As documents write it.
    pub name: String,
    /// As briefs write it, lower case.
    pub alias: Vec<String>,
    /// What kind of system it is.
    pub what: String,
    /// How it is spoken to.
    pub protocol: String,
    /// How the caller signs in.
    pub auth: String,
}

/// A place in which a system may run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Region of the residency rules: `eu`.
    pub region: String,
    /// How briefs name it; empty for the region as a whole.
    pub alias: Vec<String>,
    /// How documents speak of it where no provider is chosen.
    pub name: String,
    /// Region of a provider there: `aws` to `eu-west-3 (Paris)`.
    pub provider: BTreeMap<String, String>,
}

/// A word that two trades have for two things: a booking of a ledger is no reservation.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Homonym {
    /// The capability that the word brings.
    pub pack: String,
    /// The words, singular.
    pub words: Vec<String>,
    /// Capabilities beside which the words mean something else.
    pub beside: Vec<String>,
    /// Phrases of a brief among which they do: what is donated is blood.
    pub among: Vec<String>,
}

/// The words of a brief that carry quantities and choices.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Nouns for people who use a system, singular.
    pub users: Vec<String>,
    /// Nouns for things that send by themselves.
    pub devices: Vec<String>,
    /// People who send by themselves when an interval stands with them.
    pub movers: Vec<String>,
    /// `requests`, `writes`, `transactions` to the nouns that a rate may count.
    pub rates: BTreeMap<String, Vec<String>>,
    /// Nouns of amounts, of which nothing is one record: `4 million litres a day`.
    pub measures: Vec<String>,
    /// Nouns of requests each of which takes a whole body to the outside: a download, a stream.
    pub fetched: Vec<String>,
    /// Words of a system that somebody runs: `the land register`.
    pub systems: Vec<String>,
    /// Words that mean something else beside another capability.
    pub homonyms: Vec<Homonym>,
    /// Nouns for people who build.
    pub engineers: Vec<String>,
    /// Vague words that are records where people work on them.
    pub worked_on: Vec<String>,
    /// Verbs of that work: `investigate`.
    pub working: Vec<String>,
    /// One person each, where a team is told by who they are: `nephew`, `intern`.
    pub kin: Vec<String>,
    /// Nouns for people whose work the system is part of: they come on every working day.
    pub jobs: Vec<String>,
    /// Names of a stack that say how parts speak or what runs on the machines of people: the
    /// design has them, and no decision is about them.
    pub spoken: Vec<String>,
    /// Verbs of deeds, base form: `create`, `read`, `change`.
    pub verbs: BTreeMap<String, Vec<String>>,
    /// Verb to the nouns with which it makes one name: `pay` and `slip`.
    pub compounds: BTreeMap<String, Vec<String>>,
    /// Nouns that never are a record of their own.
    pub vague: Vec<String>,
    /// Kinds of organisations, singular: where a system serves many, each is a tenant.
    pub organisations: Vec<String>,
    /// Places of work, singular: where one of them acts, somebody who works there does.
    pub workplaces: Vec<String>,
    /// Countries and cities with the name under which documents speak of the region.
    pub sites: Vec<Site>,
    /// Nouns that sound like people and are things, and what may be concurrent without being
    /// people.
    pub lifeless: Vec<String>,
    /// Id of an actor of a pack to verbs: whoever of the brief does this is meant.
    pub acting: BTreeMap<String, Vec<String>>,
    /// What stands beside the record that a system is about: attachments, sums, states.
    pub beside: Vec<String>,
    /// What people send that is large: films, data sets.
    pub large: Vec<String>,
    /// Pack to the record that it is about, for briefs that name none, and before it the record whose
    /// noun says which of them it is.
    pub central: BTreeMap<String, String>,
    /// Nouns that no system is about; a purpose of nothing else says nothing.
    pub blather: Vec<String>,
    /// Things that send by themselves even where nobody counts them.
    pub sensing: Vec<String>,
    /// What holds many entries of one kind: a register, a waiting list.
    pub collections: Vec<String>,
    /// People whom no ending gives away.
    pub folk: Vec<String>,
    /// Nouns for programs, which act but are no people.
    pub programs: Vec<String>,
    /// Number words; [`Vocabulary::number`] joins them.
    pub numbers: BTreeMap<String, f64>,
    /// Decision to value to the names that stand for it.
    pub names: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Compliance pack to its names.
    pub packs: BTreeMap<String, Vec<String>>,
    /// Rules without a pack, and their names.
    pub rules: BTreeMap<String, Vec<String>>,
    /// Region to its names.
    pub regions: BTreeMap<String, Vec<String>>,
    /// Systems to integrate with.
    pub partners: Vec<Partner>,
    /// Trait of a system to the words that show it.
    pub traits: BTreeMap<String, Vec<String>>,
}

impl Vocabulary {
    /// The number that a word spells out: `eleven`, `forty-two`.
    pub fn number(&self, word: &str) -> Option<f64> {
        let of = |word: &str| self.numbers.get(word).copied();
        let Some((ten, one)) = word.split_once('-') else {
            return of(word);
        };
        let ten = of(ten).filter(|n| (20.0..100.0).contains(n))?;
        Some(ten + of(one).filter(|n| (1.0..10.0).contains(n))?)
    }

    /// Whether lists know a noun, in the singular, as a person; organisations and devices are none.
    pub fn is_person(&self, noun: &str) -> bool {
        let lists = [&self.users, &self.jobs, &self.folk];
        lists.iter().any(|l| l.iter().any(|n| n == noun))
    }

    /// Whether a noun, in the singular, is somebody by its ending though no list has it: a
    /// translator, an arborist. Things that end alike stand in `lifeless` and `devices`.
    pub fn sounds_like_person(&self, noun: &str) -> bool {
        let agent = ["er", "or", "ist", "ian", "man"];
        noun.len() > 4
            && agent.iter().any(|e| noun.ends_with(e))
            && !self.lifeless.iter().chain(&self.devices).any(|l| l == noun)
    }

    /// Whether a noun, in the singular, is somebody: people and organisations that lists know, and
    /// who sounds like one.
    pub fn is_somebody(&self, noun: &str) -> bool {
        let lists = [
            &self.users,
            &self.movers,
            &self.organisations,
            &self.workplaces,
            &self.folk,
        ];
        lists.iter().any(|l| l.iter().any(|n| n == noun)) || self.sounds_like_person(noun)
    }
}

/// The embedded tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DesignTables {
    /// Service demands and limits.
    pub performance: Performance,
    /// Availability of parts.
    pub availability: Availability,
    /// Prices.
    pub prices: Prices,
    /// Words.
    pub vocabulary: Vocabulary,
}

const PERFORMANCE: &str = include_str!(concat!(env!("OUT_DIR"), "/perf.json"));
const AVAILABILITY: &str = include_str!(concat!(env!("OUT_DIR"), "/availability.json"));
const PRICES: &str = include_str!(concat!(env!("OUT_DIR"), "/prices.json"));
const VOCABULARY: &str = include_str!(concat!(env!("OUT_DIR"), "/vocabulary.json"));

/// The template of the records that only a brief knows, as a tree of lists and texts with
/// placeholders in braces; decoded at each call.
pub fn domain_template() -> serde_json::Value {
    const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/domain.json"));
    serde_json::from_str(TEXT).unwrap_or_default()
}

/// The built-in tables, read at the first call.
pub fn design_tables() -> &'static DesignTables {
    static TABLES: OnceLock<DesignTables> = OnceLock::new();
    // The tests read the same tables; an error cannot occur in a program that passes them.
    TABLES.get_or_init(|| DesignTables {
        performance: serde_json::from_str(PERFORMANCE).unwrap_or_default(),
        availability: serde_json::from_str(AVAILABILITY).unwrap_or_default(),
        prices: serde_json::from_str(PRICES).unwrap_or_default(),
        vocabulary: serde_json::from_str(VOCABULARY).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_parse_and_every_constant_has_a_source() {
        // What the build made of the files is what they say.
        const PERFORMANCE: &str = include_str!("../data/design/perf.yaml");
        const AVAILABILITY: &str = include_str!("../data/design/availability.yaml");
        const PRICES: &str = include_str!("../data/design/prices.yaml");
        const VOCABULARY: &str = include_str!("../data/design/vocabulary.yaml");
        let made = design_tables();
        let performance: Performance = serde_saphyr::from_str(PERFORMANCE).unwrap();
        assert!(made.performance == performance);
        for (name, constant) in &performance.constants {
            assert!(["S", "M", "E"].contains(&constant.class.as_str()), "{name}");
            assert!(!constant.source.is_empty(), "{name}");
        }
        let availability: Availability = serde_saphyr::from_str(AVAILABILITY).unwrap();
        assert!(made.availability == availability);
        assert_eq!(availability.exposed.len(), 5);
        assert_eq!(availability.human_incidents_per_year.len(), 5);
        let prices: Prices = serde_saphyr::from_str(PRICES).unwrap();
        assert!(made.prices == prices);
        assert!(prices.low < 1.0 && prices.high > 1.0);
        let vocabulary: Vocabulary = serde_saphyr::from_str(VOCABULARY).unwrap();
        assert!(made.vocabulary == vocabulary);
        assert!(vocabulary.partners.iter().all(|p| !p.alias.is_empty()));
    }
}
