//! The graph in its order: everything that follows from the inputs.

use crate::decide::{Taken, take};
use crate::derive::availability::{Reach, TIERS, reach};
use crate::derive::compute::{Compute, compute, instances};
use crate::derive::cost::{Cost, cost, queued};
use crate::derive::data::{Data, data};
use crate::derive::latency::{Latency, latency};
use crate::derive::load::{Load, load};
use crate::derive::team::{Team, team};
use crate::inputs::{Inputs, Segment};
use groundplan_knowledge::capability::Need;
use groundplan_knowledge::{DecisionSpec, decisions};
use std::collections::BTreeMap;

/// What follows from the inputs.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Load.
    pub load: Load,
    /// Compute.
    pub compute: Compute,
    /// Data.
    pub data: Data,
    /// Availability by tier.
    pub reach: Reach,
    /// Cost by tier.
    pub costs: Vec<Cost>,
    /// Team and schedule.
    pub team: Team,
    /// Latency in the chosen tier.
    pub latency: Latency,
    /// The tier, 0 to 4.
    pub tier: usize,
    /// The least tier that reaches the target, before budget, region and team cut it.
    pub wanted: usize,
    /// The target of recovery for which a replica is wanted where availability asks for none.
    pub standby: Option<Standby>,
    /// Deployables.
    pub deployables: f64,
    /// Why the tier is less than wanted: finding codes in the order in which they cut.
    pub cuts: Vec<&'static str>,
    /// Variables that decisions read.
    pub variables: BTreeMap<&'static str, f64>,
    /// Decision path to what was taken.
    pub taken: BTreeMap<&'static str, Taken>,
}

/// Capabilities of which products are sold, and what such a product is called.
pub(crate) const PRODUCTS: [(&str, &str); 12] = [
    ("cms", "a content management system (CMS)"),
    ("learning", "a learning management system (LMS)"),
    ("orders", "a shop or marketplace product"),
    ("listings", "a product for classified offers"),
    ("payroll", "a payroll product"),
    ("recruiting", "an applicant tracking product"),
    ("people", "an HR product"),
    ("support", "a helpdesk product"),
    ("crm", "a CRM"),
    ("surveys", "a survey product"),
    ("booking", "a booking product"),
    ("workflow", "a workflow product"),
];

/// Why a replica stands by, if not for the availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standby {
    /// A full restore takes longer than the brief allows.
    Time,
    /// The brief allows no data to be lost.
    Loss,
}

impl Standby {
    /// The reason as half a sentence.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Standby::Time => "a full restore takes longer than the brief allows",
            Standby::Loss => "the brief allows no data to be lost",
        }
    }
}

impl Outcome {
    /// The value of a decision; empty if it was not taken.
    pub fn choice(&self, path: &str) -> &str {
        self.taken
            .get(path)
            .map_or("", |t| t.choice().value.as_str())
    }

    /// The id of the option of a decision.
    pub fn option(&self, path: &str) -> &str {
        self.taken.get(path).map_or("", |t| t.choice().id.as_str())
    }

    /// How documents name the option of a decision.
    pub fn name(&self, path: &str) -> &str {
        self.taken.get(path).map_or("", |t| t.choice().name())
    }

    /// The cost of the chosen tier.
    pub fn cost(&self) -> Option<&Cost> {
        self.costs.get(self.tier)
    }
}

/// Evaluates the graph.
pub fn outcome(inputs: &Inputs) -> Outcome {
    let mut out = Outcome {
        load: load(inputs),
        ..Outcome::default()
    };
    out.team = team(inputs, &out.load);
    let all = decisions();
    let mut pending: Vec<&'static DecisionSpec> = all.iter().collect();
    base_variables(inputs, &mut out);
    // Language and style read nothing that depends on them.
    for path in ["style", "language"] {
        decide(path, &mut pending, inputs, &mut out);
    }
    out.deployables = deployables(inputs, &out);
    out.compute = compute(inputs, &out.load, out.option_value("language"));
    out.data = data(inputs, &out.load);
    out.reach = reach(inputs, &out.load);
    out.costs = (0..5)
        .map(|tier| cost(inputs, &out.load, &out.compute, &out.data, tier))
        .collect();
    pick_tier(inputs, &mut out);
    sized_variables(inputs, &mut out);
    for spec in pending {
        let taken = take(spec, inputs, &out);
        out.taken.insert(spec.path.as_str(), taken);
    }
    // A licence that was priced by a wish goes with the wish.
    let wished = inputs
        .wished
        .get("primary_db")
        .map(|(value, _)| value.as_str());
    if wished.is_some_and(|value| value != out.choice("primary_db")) {
        for cost in &mut out.costs {
            cost.items
                .retain(|(item, _)| *item != crate::derive::cost::LICENCE);
        }
    }
    // A table of the database is no queue on the bill, and machines of one's own rent neither
    // address translation nor a firewall of a provider.
    let outbox = matches!(out.choice("queue"), "none" | "database outbox/queue");
    let own = inputs.on_premises;
    for cost in &mut out.costs {
        cost.items.retain(|(item, _)| match *item {
            "queue" => !outbox,
            "network address translation" | "secrets and web application firewall" => !own,
            _ => true,
        });
    }
    out.latency = latency(inputs, &out.load, &out.compute, out.tier, out.data.hit);
    out
}

impl Outcome {
    fn option_value(&self, path: &str) -> &'static str {
        match self.taken.get(path) {
            Some(taken) => taken.choice().value.as_str(),
            None => "go",
        }
    }

    /// A variable of conditions and curves. Prefixes: `cap.`, `pack.`, `need.`, `has.`, `wish.`, and
    /// the path of an earlier decision with the id of its option (`style.monolith`).
    pub fn variable(&self, inputs: &Inputs, name: &str) -> f64 {
        if let Some(value) = self.variables.get(name) {
            return *value;
        }
        let Some((prefix, rest)) = name.split_once('.') else {
            return 0.0;
        };
        let flag = match prefix {
            "cap" => inputs.ids.contains(rest),
            "pack" => inputs.packs.contains(rest),
            "has" => inputs.has(rest),
            "need" => inputs.needs.iter().any(|n| need_word(*n) == rest),
            "wish" => inputs.wished.values().any(|(value, _)| value == rest),
            path => self.option(path) == rest,
        };
        f64::from(u8::from(flag))
    }
}

fn need_word(need: Need) -> &'static str {
    match need {
        Need::Serialisable => "serialisable",
        Need::Stream => "stream",
        Need::Objects => "objects",
        Need::FanOut => "fan-out",
        Need::Connections => "connections",
        Need::TimeSeries => "time-series",
        Need::TextIndex => "text-index",
        Need::GeoIndex => "geo-index",
        Need::Columnar => "columnar",
        Need::Inference => "inference",
        Need::Timers => "timers",
        Need::Edge => "edge",
    }
}

fn decide(
    path: &str,
    pending: &mut Vec<&'static DecisionSpec>,
    inputs: &Inputs,
    out: &mut Outcome,
) {
    let Some(at) = pending.iter().position(|d| d.path == path) else {
        return;
    };
    let spec = pending.remove(at);
    let taken = take(spec, inputs, out);
    out.taken.insert(spec.path.as_str(), taken);
}

fn base_variables(inputs: &Inputs, out: &mut Outcome) {
    let flag = |b: bool| f64::from(u8::from(b));
    let trivial = ["accounts", "admin", "notifications"];
    let capabilities = inputs
        .ids
        .iter()
        .filter(|id| !trivial.contains(*id))
        .count();
    let heavy = [Need::Stream, Need::Connections, Need::Edge, Need::FanOut];
    let regulated = ["hipaa", "pci-dss", "soc2", "iso27001", "sox"]
        .iter()
        .any(|p| inputs.packs.contains(*p));
    let directory = inputs.wished.contains_key("directory") || inputs.has("directory");
    let v = &mut out.variables;
    v.insert("peak", out.load.peak);
    v.insert("avg", out.load.avg);
    v.insert("msgs", out.load.device_msgs);
    v.insert("stream", flag(out.load.streams()));
    v.insert("mau", out.load.mau.max(out.load.dau));
    v.insert("engineers", inputs.engineers());
    v.insert("weeks", inputs.weeks());
    v.insert("deployables_max", out.team.deployables_max);
    v.insert("ratio", out.team.ratio);
    v.insert("capabilities", capabilities as f64);
    v.insert("entities", inputs.entities as f64);
    v.insert("clients", inputs.clients as f64);
    v.insert("partners", inputs.partners as f64);
    v.insert("tenants", inputs.get("tenants").unwrap_or(200.0));
    v.insert("internal", flag(inputs.segment == Segment::Internal));
    v.insert("business", flag(inputs.segment == Segment::Business));
    v.insert("people", flag(inputs.people));
    v.insert("devices", flag(inputs.get("scale.devices").is_some()));
    v.insert("on_prem", flag(inputs.on_premises));
    v.insert("air_gap", flag(inputs.has("air_gap")));
    v.insert(
        "public",
        flag(inputs.has("public_api") || inputs.ids.contains("gateway")),
    );
    v.insert("directory", flag(directory));
    v.insert("regulated", flag(regulated));
    v.insert(
        "network_heavy",
        flag(heavy.iter().any(|n| inputs.needs(*n))),
    );
    v.insert("product", flag(inputs.product.is_some()));
    v.insert("p99", inputs.get("constraints.p99_ms").unwrap_or(500.0));
}

fn sized_variables(inputs: &Inputs, out: &mut Outcome) {
    let flag = |b: bool| f64::from(u8::from(b));
    let total = instances(out.compute.base, out.tier);
    let v = &mut out.variables;
    v.insert("tier", out.tier as f64);
    v.insert("instances", total);
    v.insert("vcpu", out.compute.base * out.compute.vcpu);
    v.insert("deployables", out.deployables);
    v.insert("read_queries", out.data.read_queries);
    v.insert("cached", flag(out.data.cache));
    v.insert("objects", flag(out.data.objects));
    v.insert("queued", flag(queued(inputs)));
    v.insert("gb3", out.data.gb_year3);
    v.insert("db_gb3", out.data.db_gb_year3);
    v.insert("shards", out.data.shards);
    v.insert("shards_year3", out.data.shards_year3);
    v.insert("egress", out.data.egress_gb);
}

/// How many deployables the style makes of the capabilities: never more than the team can own,
/// apart from the worker that every style with a queue has.
fn deployables(inputs: &Inputs, out: &Outcome) -> f64 {
    let capabilities = out.variables.get("capabilities").copied().unwrap_or(1.0);
    let most = out.team.deployables_max;
    let engineers = inputs.engineers();
    let split = most.min((capabilities + 2.0).max((engineers / 6.0).ceil()));
    match out.option("style") {
        "services" | "microservices" => split.max(2.0),
        "pipeline" if engineers >= 20.0 => split.max(3.0),
        // Ingestion, processing, application; one artefact plays two parts in a small team.
        "pipeline" => most.clamp(2.0, 3.0),
        // Who can own one deployable runs the worker inside it.
        _ if most < 2.0 => 1.0,
        _ => 1.0 + f64::from(u8::from(queued(inputs) || inputs.needs(Need::Inference))),
    }
}

/// A target that nobody stated contradicts nothing that was: the highest one that regions, team and
/// budget carry is taken.
fn soften(inputs: &Inputs, one_site: bool, single: bool, out: &mut Outcome) {
    let demanded = ["criticality_high", "criticality_life"];
    if out.reach.stated || demanded.iter().any(|t| inputs.has(t)) {
        return;
    }
    let engineers = inputs.engineers();
    let budget = inputs
        .get("constraints.budget_per_month")
        .filter(|_| !inputs.on_premises);
    let most = match engineers {
        _ if inputs.has("one_machine") => 0,
        _ if one_site || single => 2,
        n if n < 4.0 => 2,
        n if n < 8.0 => 3,
        _ => 4,
    };
    let carried = |out: &Outcome| {
        let Some(tier) = out.reach.least else {
            return false;
        };
        let cost = out.costs.get(tier).map_or(0.0, Cost::least);
        tier <= most && budget.is_none_or(|budget| cost <= budget)
    };
    for target in [99.9, 99.5, 99.0] {
        if carried(out) {
            return;
        }
        if target < out.reach.target {
            out.reach.lower(target);
        }
    }
}

/// D16 and K11: the least tier that reaches the target, cut by regions, team and budget.
fn pick_tier(inputs: &Inputs, out: &mut Outcome) {
    let engineers = inputs.engineers();
    let single = inputs.has("single_region");
    let one_site = inputs.on_premises && !inputs.has("two_sites");
    soften(inputs, one_site, single, out);
    let mut pick = out.reach.least.unwrap_or(TIERS.len() - 1);
    // Without a replica the loss of the database waits for a full restore: a recovery time that is
    // shorter needs one, whatever the availability asks for.
    if let Some(rto) = inputs.get("constraints.rto_min") {
        let waits = crate::table::failover_of(&out.data, pick) > rto;
        if pick < 2 && waits {
            out.standby = Some(Standby::Time);
            pick = 2;
        }
    }
    // A log that is shipped every minute loses up to a minute of it.
    let rpo = inputs.get("constraints.rpo_min");
    if rpo.is_some_and(|rpo| rpo < 1.0) && pick < 2 {
        out.standby = Some(Standby::Loss);
        pick = 2;
    }
    if inputs.has("many_regions") {
        pick = pick.max(3);
    }
    // Whatever is asked for: there is no second machine for it.
    let alone = inputs.has("one_machine");
    if alone {
        pick = 0;
    }
    out.wanted = pick;
    let least_reachable = match () {
        () if alone => 0,
        () if one_site => 2,
        () => 4,
    };
    let best = out
        .reach
        .expected
        .iter()
        .take(least_reachable + 1)
        .copied()
        .fold(0.0, f64::max);
    if out.reach.least.is_none() || (one_site || alone) && best < out.reach.target {
        out.cuts.push("C-AVAIL-UNREACHABLE");
    }
    if one_site {
        pick = pick.min(2);
    }
    if single && pick > 2 {
        out.cuts.push("C-AVAIL-REGION");
        pick = 2;
    }
    if pick == 4 && engineers < 8.0 || pick == 3 && engineers < 4.0 {
        out.cuts.push("C-TEAM-SLO");
        pick = if engineers < 4.0 { 2 } else { 3 };
    }
    if let Some(budget) = inputs
        .get("constraints.budget_per_month")
        .filter(|_| !inputs.on_premises)
    {
        let least = |tier: usize| out.costs.get(tier).map_or(0.0, Cost::least);
        if least(0) > budget {
            out.cuts.push("C-BUDGET");
        } else if least(out.wanted) > budget {
            out.cuts.push("C-AVAIL-BUDGET");
            pick = (0..=pick)
                .rev()
                .find(|tier| least(*tier) <= budget)
                .unwrap_or(0);
        }
    }
    out.tier = pick;
}
