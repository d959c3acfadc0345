//! What the sums start from: the numbers and traits of a brief and its capabilities, as plain data
//! that sensitivity can vary.

use crate::brief::Brief;
use crate::capabilities::Chosen;
use groundplan_knowledge::capability::Need;
use groundplan_knowledge::{DesignTables, design_tables};
use std::collections::{BTreeMap, BTreeSet};

/// Who uses the system; decides stickiness and peak factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// People of one organisation.
    Internal,
    /// Organisations and their people.
    Business,
    /// Anybody.
    Consumer,
}

impl Segment {
    /// The word in documents.
    pub fn word(self) -> &'static str {
        match self {
            Segment::Internal => "internal",
            Segment::Business => "business",
            Segment::Consumer => "consumer",
        }
    }
}

/// What a capability adds to the load.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Id of the pack.
    pub id: &'static str,
    /// Requests per active user and day.
    pub requests: f64,
    /// Share of reads.
    pub reads: f64,
    /// CPU against a plain request.
    pub cpu: f64,
    /// Bytes of a new record.
    pub record: f64,
    /// Engineer-weeks.
    pub effort: f64,
    /// Share of its requirements that the first version must meet.
    pub must: f64,
}

/// The inputs of all sums.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Constants.
    pub tables: &'static DesignTables,
    /// Stated numbers by key, varied by sensitivity.
    pub numbers: BTreeMap<&'static str, f64>,
    /// Records that the brief counts, organisations left out.
    pub stock: f64,
    /// Who uses it.
    pub segment: Segment,
    /// Words of the brief: `spike`, `global`, `air_gap` …
    pub traits: BTreeSet<String>,
    /// Ids of capabilities.
    pub ids: BTreeSet<&'static str>,
    /// What capabilities ask of the platform.
    pub needs: BTreeSet<Need>,
    /// What each capability adds.
    pub shares: Vec<Share>,
    /// Compliance packs.
    pub packs: BTreeSet<String>,
    /// Systems to integrate with.
    pub partners: usize,
    /// Entities of all capabilities.
    pub entities: usize,
    /// Kinds of clients: browser, native app, partner programs, devices.
    pub clients: usize,
    /// Whether people use it.
    pub people: bool,
    /// Whether those who are counted are at work with it, whoever else uses it.
    pub at_work: bool,
    /// The capability that most of the work goes into, if products of its kind are sold.
    pub product: Option<&'static str>,
    /// Rates stand for messages that are written.
    pub write_stream: bool,
    /// Rates stand for transactions.
    pub transactional: bool,
    /// The stated peak counts what devices send, not what people do.
    pub device_rate: bool,
    /// The same of the stated mean.
    pub device_mean: bool,
    /// The stated peak counts what is looked up: queries, page views.
    pub looked_up: bool,
    /// Wished option and force by decision: forbidden ones in `forbidden`.
    pub wished: BTreeMap<String, (String, bool)>,
    /// Excluded options: decision and value.
    pub forbidden: BTreeSet<(String, String)>,
    /// Whether machines of one's own are demanded.
    pub on_premises: bool,
    /// Units of the brief's currency for one of the price list.
    pub exchange: f64,
}

/// The id of a built-in pack.
fn fixed(id: &str) -> Option<&'static str> {
    groundplan_knowledge::capability::capability(id).map(|p| p.id.as_str())
}

/// The share of a pack's requirements that are a must; all of it where it has none.
fn musts(pack: &groundplan_knowledge::Capability) -> f64 {
    let all = pack.requirements.len();
    let must = |r: &&groundplan_knowledge::capability::Requirement| {
        r.priority == groundplan_model::Priority::Must
    };
    match all {
        0 => 1.0,
        n => pack.requirements.iter().filter(must).count() as f64 / n as f64,
    }
}

/// The capability of which most of the system consists, if such products are sold: the heaviest of
/// those that the brief speaks of, named in the first half of the purpose.
fn product(
    brief: &Brief,
    chosen: &Chosen,
    packs: &[&groundplan_knowledge::Capability],
) -> Option<&'static str> {
    // What products of many kinds bring along, unless it is what the brief begins with.
    let parts = ["ml", "payments", "search", "files", "analytics"];
    let purpose = brief.text(crate::brief::Field::Purpose).to_lowercase();
    let purpose = purpose.replace('\n', " ");
    let said = |id: &str| match chosen.reasons.get(id) {
        Some(crate::capabilities::Reason::Words { words, .. }) => {
            Some(purpose.find(&words.to_lowercase()).unwrap_or(purpose.len()))
        }
        _ => None,
    };
    let all: Vec<(&str, f64, usize)> = packs
        .iter()
        .filter_map(|p| Some((p.id.as_str(), p.effort.value, said(&p.id)?)))
        .collect();
    let whole = all
        .iter()
        .filter(|one| !parts.contains(&one.0))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)))?;
    let first = all
        .iter()
        .all(|one| one.1 <= whole.1 || one.2 > whole.2 || !parts.contains(&one.0));
    let (sold, _) = (crate::outcome::PRODUCTS.iter()).find(|(id, _)| *id == whole.0)?;
    (first && whole.2 * 2 <= purpose.len()).then_some(*sold)
}

/// Whether a stated rate counts what devices send. A rate under its key says nothing of who causes
/// it, and is taken for all.
fn sent_by_devices(brief: &Brief, key: &str) -> bool {
    let sent = [
        "message",
        "msg",
        "reading",
        "measurement",
        "event",
        "sample",
        "ping",
        "position",
        "update",
        "heartbeat",
        "write",
        "record",
        "line",
        "log",
    ];
    match (brief.nouns.get(key), brief.numbers.get(key)) {
        (Some(noun), _) => {
            sent.contains(&noun.as_str()) || brief.nouns.get("scale.devices") == Some(noun)
        }
        (None, Some(_)) => true,
        (None, None) => false,
    }
}

impl Inputs {
    /// The inputs of a brief with its capabilities.
    pub fn new(brief: &Brief, chosen: &Chosen) -> Inputs {
        let packs = chosen.packs();
        let mau = brief.number("scale.mau").unwrap_or(0.0);
        // What only this brief knows is no kind of system, so decisions do not read it.
        let ids: BTreeSet<&'static str> = packs.iter().filter_map(|p| fixed(&p.id)).collect();
        // Who is named only by jobs is at work with it.
        let jobs = &design_tables().vocabulary.jobs;
        let movers = &design_tables().vocabulary.movers;
        let at_work = brief.counted.iter().any(|n| jobs.contains(n))
            && brief
                .counted
                .iter()
                .all(|n| jobs.contains(n) || movers.contains(n));
        let staffed = !brief.people.is_empty() && brief.people.iter().all(|p| jobs.contains(p));
        let internal = brief.has("internal") || staffed && !brief.has("business");
        let segment = if internal && mau <= 50_000.0 && !ids.contains("multitenant") {
            Segment::Internal
        } else if brief.has("business") || ids.contains("multitenant") {
            Segment::Business
        } else {
            Segment::Consumer
        };
        let mut wished = BTreeMap::new();
        for wish in &brief.wishes {
            if let Some(best) = brief.wish(&wish.decision) {
                let must = best.force == crate::brief::Force::Must;
                wished.insert(wish.decision.clone(), (best.value.clone(), must));
            }
        }
        let forbidden = brief
            .wishes
            .iter()
            .filter(|w| w.force == crate::brief::Force::Forbid)
            .map(|w| (w.decision.clone(), w.value.clone()))
            .collect();
        let on_premises = brief.has("air_gap")
            || brief
                .wish("cloud")
                .is_some_and(|w| w.value == "on-premises");
        let people = chosen.people;
        let devices = brief.numbers.contains_key("scale.devices");
        let public = brief.has("public_api") || ids.contains("gateway");
        let clients = usize::from(people)
            + usize::from(brief.has("mobile"))
            + usize::from(public)
            + usize::from(devices);
        Inputs {
            tables: design_tables(),
            numbers: brief.numbers.iter().map(|(k, s)| (*k, s.value)).collect(),
            stock: brief.records(),
            segment,
            traits: brief.traits.clone(),
            needs: packs.iter().flat_map(|p| p.needs.iter().copied()).collect(),
            shares: packs
                .iter()
                .map(|p| Share {
                    id: fixed(&p.id).unwrap_or(crate::domain::ID),
                    requests: p.requests.value,
                    reads: p.reads.value,
                    cpu: p.cpu.value,
                    record: p.record.value,
                    effort: p.effort.value,
                    must: musts(p),
                })
                .collect(),
            ids,
            packs: brief.packs.keys().cloned().collect(),
            partners: brief.partners.len(),
            entities: packs.iter().map(|p| p.entities.len()).sum(),
            clients: clients.max(1),
            people,
            at_work,
            product: product(brief, chosen, &packs),
            write_stream: brief.write_stream,
            transactional: brief.transactional,
            device_rate: sent_by_devices(brief, "scale.peak_rps"),
            device_mean: sent_by_devices(brief, "scale.avg_rps"),
            // The peak is a sum: what is written beside the queries is not looked up.
            looked_up: !brief.write_stream
                && !brief.transactional
                && brief.nouns.get("scale.peak_rps").is_some_and(|noun| {
                    matches!(
                        noun.as_str(),
                        "query"
                            | "lookup"
                            | "read"
                            | "search"
                            | "view"
                            | "pageview"
                            | "impression"
                            | "redirect"
                            | "fetch"
                    )
                }),
            wished,
            forbidden,
            on_premises,
            exchange: brief
                .currency
                .as_ref()
                .and_then(|c| design_tables().prices.rates.get(c))
                .copied()
                .unwrap_or(1.0),
        }
    }

    /// A stated number.
    pub fn get(&self, key: &str) -> Option<f64> {
        self.numbers.get(key).copied()
    }

    /// Whether words of the brief show a trait.
    pub fn has(&self, name: &str) -> bool {
        self.traits.contains(name)
    }

    /// Whether a capability asks for something.
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }

    /// Whether a stated rate is that of programs which ask for rules of flags, since nobody else is
    /// counted: what people do with the flags is no part of it.
    pub fn asks_rules(&self) -> bool {
        let people = [
            "scale.mau",
            "scale.dau",
            "scale.concurrent",
            "scale.devices",
            "read_write_ratio",
        ];
        // Where something else is done too, its requests are part of the rate.
        let beside = [
            "flags",
            "accounts",
            "admin",
            "analytics",
            "notifications",
            "exports",
            "integration",
            "domain",
            "devapi",
            "multitenant",
            "realtime",
        ];
        self.ids.contains("flags")
            && self.ids.iter().all(|id| beside.contains(id))
            && self.get("scale.peak_rps").is_some()
            && !people.iter().any(|key| self.numbers.contains_key(key))
            && !self.write_stream
            && !self.transactional
    }

    /// Whether one of these capabilities is present.
    pub fn any(&self, ids: &[&str]) -> bool {
        ids.iter().any(|id| self.ids.contains(id))
    }

    /// A constant of the performance table.
    pub fn constant(&self, name: &str) -> f64 {
        self.tables.performance.get(name)
    }

    /// Engineers, or the assumption of four.
    pub fn engineers(&self) -> f64 {
        self.get("team.engineers").unwrap_or(4.0)
    }

    /// The part of their time that engineers have for it.
    pub fn share(&self) -> f64 {
        self.get("team.share").unwrap_or(1.0).clamp(0.05, 1.0)
    }

    /// Weeks until the system is live, or the assumption of half a year.
    pub fn weeks(&self) -> f64 {
        self.get("timeline.weeks").unwrap_or(26.0)
    }
}
