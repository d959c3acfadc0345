//! The as-designed blueprint: capabilities, choices and numbers as elements, records and flows.

mod answers;
mod contracts;
mod decisions;
mod delivery;
mod dialect;
mod elements;
mod flows;
mod neighbours;
mod nodes;
pub(crate) mod nouns;
mod observations;
mod own_flows;
mod plan;
mod quality;
mod questions;
mod scenarios;
mod services;
mod threats;
mod wiring;

use crate::brief::Brief;
use crate::capabilities::Reason;
use crate::design::Design;
use elements::Parts;
pub(crate) use elements::{capital, listed};
use groundplan_knowledge::Capability;
use groundplan_model::{Blueprint, Identity, Provenance, SCHEMA_VERSION, Statement};
pub(crate) use nouns::Nouns;
pub(crate) use nouns::plural;
pub(crate) use quality::lost;
pub use questions::RESEARCH;

/// What the parts of a blueprint are made from.
pub(crate) struct Maker<'a> {
    pub(crate) brief: &'a Brief,
    pub(crate) design: &'a Design,
    pub(crate) packs: Vec<&'a Capability>,
    pub(crate) nouns: &'a Nouns,
    /// Id of the software system.
    pub(crate) system: String,
    /// Name of the system.
    pub(crate) name: String,
    /// What the brief demands and nothing else of it reads.
    pub(crate) rules: Vec<crate::brief::rules::Rule>,
}

/// Lower-case words with hyphens, as ids have them.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() {
        "system".to_owned()
    } else {
        out.to_owned()
    }
}

/// The indefinite article of a noun.
pub(crate) fn article(noun: &str) -> &'static str {
    let said = ["use", "uni", "uti", "ubi", "ura", "eu", "one"]
        .iter()
        .any(|p| noun.starts_with(p));
    // Said letter by letter: an RSS feed, an SMS.
    let spelled = [
        "rss", "sms", "html", "http", "mri", "nda", "sla", "sql", "xml", "hr", "mp3", "mp4",
        "x-ray", "fm", "lng", "ngo", "nfc", "ssl", "ssh", "svg",
    ];
    let silent = ["hour", "heir", "honest", "honour", "honor"];
    let silent = silent.iter().any(|p| noun.starts_with(p));
    let first = noun.split([' ', '_']).next().unwrap_or(noun).to_lowercase();
    let spelled = spelled.contains(&first.as_str());
    if spelled || silent || noun.starts_with(['a', 'e', 'i', 'o', 'u']) && !said {
        "an"
    } else {
        "a"
    }
}

impl Maker<'_> {
    /// Why something of a capability stands in the blueprint.
    pub(crate) fn reason(&self, pack: &Capability) -> Provenance {
        let id = format!("capabilities.{}", pack.id);
        match self.design.chosen.reasons.get(pack.id.as_str()) {
            Some(Reason::Words { words, place }) => {
                let formula = format!("capability {}, recognised by “{words}”", pack.name);
                Provenance::computed(formula, [id]).and(place.evidence.clone())
            }
            Some(Reason::Required(by)) => {
                Provenance::computed(format!("capability {}, required by {by}", pack.name), [id])
            }
            Some(Reason::Always(why)) => {
                Provenance::computed(format!("capability {}: {why}", pack.name), [id])
            }
            _ => Provenance::computed(format!("capability {}, added by hand", pack.name), [id]),
        }
    }

    /// What follows from facts.
    pub(crate) fn computed(&self, formula: impl Into<String>, inputs: &[&str]) -> Provenance {
        Provenance::computed(formula, inputs.iter().map(|i| (*i).to_owned()))
    }

    /// What a decision chose.
    pub(crate) fn decided(&self, path: &str) -> Provenance {
        let taken = self.design.outcome.taken.get(path);
        Provenance::decided(taken.map_or("K11", |t| t.spec.id.as_str()))
    }

    /// A text with the nouns of the brief and with facts filled in.
    pub(crate) fn tell(&self, template: &str) -> String {
        self.design.facts.filled(&self.nouns.filled(template))
    }

    /// A statement with facts filled in.
    pub(crate) fn say(&self, template: &str, provenance: Provenance) -> Statement {
        Statement {
            text: self.tell(template),
            provenance,
        }
    }

    /// A fact as a reader writes it.
    pub(crate) fn fact(&self, path: &str) -> String {
        self.design.facts.shown(path)
    }

    /// Whether a capability belongs to the design.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.design.chosen.has(id)
    }

    /// Whether it runs in more than one region.
    pub(crate) fn spread(&self) -> bool {
        !self.design.inputs.on_premises && self.design.outcome.tier >= 3
    }

    /// Whether a model says something about people that weighs on them: of applicants, borrowers,
    /// insured, pupils, patients and those who are checked.
    pub(crate) fn profiles(&self) -> bool {
        let weighs = [
            "people",
            "recruiting",
            "lending",
            "claims",
            "kyc",
            "fraud",
            "learning",
            "health",
        ];
        self.has("ml") && weighs.iter().any(|id| self.has(id)) && self.judged()
    }

    /// Whether what a model does is done to people or to what they apply with: `AI ranks candidates`.
    fn judged(&self) -> bool {
        let vocabulary = &groundplan_knowledge::design_tables().vocabulary;
        let papers = ["application", "cv", "resume", "résumé", "profile"];
        let last = |words: &str| words.rsplit(' ').next().unwrap_or(words).to_owned();
        crate::brief::story::story(self.brief).iter().any(|deed| {
            let model = deed.who.as_deref().map(last);
            let model =
                model.is_some_and(|who| matches!(who.as_str(), "ai" | "model" | "algorithm"));
            model
                && deed
                    .what
                    .iter()
                    .map(|w| last(w))
                    .any(|w| papers.contains(&w.as_str()) || vocabulary.is_person(&w))
        })
    }

    /// Whether the brief speaks of another place than one in which some of the data stays.
    pub(crate) fn elsewhere(&self, region: &str) -> bool {
        let mut places = self.brief.residency.keys().chain(self.brief.hosting.keys());
        let words = [crate::brief::Field::Scale, crate::brief::Field::Constraints];
        places.any(|place| place != region)
            || self.brief.has("global")
            || words.iter().any(|field| {
                crate::brief::tokens(self.brief.text(*field))
                    .iter()
                    .any(|t| matches!(t.word(), "others" | "elsewhere"))
            })
    }

    /// The id of the option of a decision.
    pub(crate) fn option(&self, path: &str) -> &str {
        self.design.outcome.option(path)
    }
}

/// The blueprint of a design; `name` is that of the system.
pub(crate) fn blueprint(brief: &Brief, design: &Design, nouns: &Nouns, name: String) -> Blueprint {
    let maker = Maker {
        brief,
        design,
        packs: design.chosen.packs(),
        nouns,
        system: slug(&name),
        name: name.clone(),
        rules: crate::brief::rules::rules(brief),
    };
    let mut blueprint = Blueprint {
        schema_version: SCHEMA_VERSION.to_owned(),
        origin: "designed".to_owned(),
        system: Identity {
            id: maker.system.clone(),
            name,
            ..Identity::default()
        },
        calculations: design.facts.calculations(),
        ..Blueprint::default()
    };
    let parts: Parts = elements::elements(&maker, &mut blueprint);
    nodes::nodes(&maker, &parts, &mut blueprint);
    contracts::entities(&maker, &parts, &mut blueprint);
    contracts::interfaces(&maker, &parts, &mut blueprint);
    flows::flows(&maker, &parts, &mut blueprint);
    wiring::relationships(&maker, &parts, &mut blueprint);
    quality::quality(&maker, &parts, &mut blueprint);
    decisions::decisions(&maker, &mut blueprint);
    threats::threats(&maker, &parts, &mut blueprint);
    delivery::delivery(&maker, &parts, &mut blueprint);
    observations::observations(&maker, &parts, &mut blueprint);
    answers::answers(&maker, &parts, &mut blueprint);
    questions::questions(&maker, &mut blueprint);
    sort(&mut blueprint);
    blueprint
}

fn sort(b: &mut Blueprint) {
    b.elements.sort_by(|x, y| x.id.cmp(&y.id));
    b.elements.dedup_by(|x, y| x.id == y.id);
    b.relationships.sort_by(|x, y| x.id.cmp(&y.id));
    b.relationships.dedup_by(|x, y| x.id == y.id);
    b.entities.sort_by(|x, y| x.id.cmp(&y.id));
    b.interfaces.sort_by(|x, y| x.id.cmp(&y.id));
    b.slos.sort_by(|x, y| x.id.cmp(&y.id));
    b.observations
        .sort_by(|x, y| (x.topic, &x.element, &x.name).cmp(&(y.topic, &y.element, &y.name)));
    b.observations
        .dedup_by(|x, y| x.topic == y.topic && x.element == y.element && x.name == y.name);
    b.settings
        .sort_by(|x, y| (&x.element, &x.name).cmp(&(&y.element, &y.name)));
}

/// Whether the brief allows no loss of data, and nothing stands by that has each change before it is
/// confirmed: there is one machine, or the budget carries no more.
fn loses(m: &Maker) -> bool {
    m.design.outcome.tier < 2 && m.design.facts.number("recovery.rpo_min") < 1.0
}

/// How the log of the database leaves its machine.
fn backup_log(m: &Maker) -> &'static str {
    match m.design.facts.number("recovery.rpo_min") > 0.0 {
        _ if loses(m) => "the log every minute (point-in-time recovery)",
        true => "the log every {recovery.rpo_min} (point-in-time recovery)",
        false => {
            "each change in the standby before it is confirmed (synchronous replication, {recovery.rpo_min} of data lost)"
        }
    }
}

/// What hosting costs, from the verb on: a range, and what it is a range of where that is not the
/// currency of the price list, or no list at all.
fn costs(m: &Maker) -> String {
    let prices = &m.design.inputs.tables.prices;
    let currency = m.brief.currency.as_deref().unwrap_or(&prices.currency);
    let range = "{cost.low} to {cost.high}";
    if m.design.inputs.on_premises {
        return format!(
            "is not priced, since on-premises hardware has no list price: capacity counts, {{compute.vcpu_total}} for the application, {{db.vcpu}} for the database ({{db.shards}}), {{data.gb_year3}} of disks after three years; as a cloud sells it, that would be {range} at list prices"
        );
    }
    if currency == prices.currency {
        return format!("costs {range}");
    }
    let listed = &prices.currency;
    match m.design.inputs.exchange == 1.0 {
        true => format!(
            "costs {range} by list prices in {listed} that were not converted (one {listed} stands for one {currency})"
        ),
        false => format!(
            "costs {range} by list prices in {listed}, converted at a rough {} {currency} for one {listed}",
            crate::facts::number(m.design.inputs.exchange)
        ),
    }
}

/// Where copies lie that whoever takes the system over does not reach.
fn backup_place(m: &Maker) -> String {
    let place = match (
        m.design.inputs.on_premises,
        m.design.inputs.has("two_sites"),
    ) {
        (true, true) => "at the other site, on storage that the servers can only add to",
        (true, false) => "on storage outside of the server room that the servers can only add to",
        // A copy is data too.
        _ if !m.brief.residency.is_empty() => {
            let places: Vec<String> = m.brief.residency.keys().map(|p| place_name(p)).collect();
            let stays = listed(&places);
            return format!("in another account, its region in {stays} as well");
        }
        _ => "in another account",
    };
    place.to_owned()
}

/// A place as a reader writes it: `the EU`, `Norway`.
fn place_name(place: &str) -> String {
    let known = match place {
        "eu" => "the EU",
        "us" => "the US",
        "uk" => "the UK",
        "ch" => "Switzerland",
        "ca" => "Canada",
        "au" => "Australia",
        "in" => "India",
        other => return capital(other),
    };
    known.to_owned()
}
