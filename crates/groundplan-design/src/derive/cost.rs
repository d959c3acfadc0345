//! D18: what hosting costs in each tier.

use super::compute::{Compute, instances};
use super::data::Data;
use super::load::Load;
use crate::facts::{Facts, number};
use crate::inputs::Inputs;
use groundplan_knowledge::capability::Need;

/// Monthly cost by item at list prices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Items in the order of the list.
    pub items: Vec<(&'static str, f64)>,
    /// Factors of the range.
    pub low: f64,
    /// See `low`.
    pub high: f64,
}

impl Cost {
    /// The sum at list prices.
    pub fn sum(&self) -> f64 {
        self.items.iter().map(|(_, cost)| cost).sum()
    }

    /// The low end.
    pub fn least(&self) -> f64 {
        self.sum() * self.low
    }

    /// The high end.
    pub fn most(&self) -> f64 {
        self.sum() * self.high
    }
}

/// Cost of a tier (0 to 4).
pub fn cost(inputs: &Inputs, load: &Load, compute: &Compute, data: &Data, tier: usize) -> Cost {
    let prices = &inputs.tables.prices;
    let p = |name: &str| prices.get(name);
    let hours = prices.hours;
    let n = instances(compute.base, tier);
    let many = compute.base > 20.0;
    let cpu = if many {
        p("vm_vcpu_hour")
    } else {
        p("paas_vcpu_hour")
    };
    let size = if compute.base > 1.0 || load.peak > 50.0 {
        compute.vcpu
    } else {
        1.0
    };
    let mut items = Vec::new();
    let mut running = 0.0;
    let mut database = 0.0;
    if tier == 0 {
        let small = load.peak < 20.0 && data.db_vcpu <= 2.0;
        let db = if data.db_vcpu > 2.0 {
            data.db_vcpu
        } else {
            0.0
        };
        let vm = if small {
            p("small_vm_month")
        } else {
            (n * compute.vcpu + db) * p("vm_vcpu_hour") * hours + 10.0
        };
        items.push(("machine with application and database", vm));
    } else {
        running = n * size * (cpu + if many { 0.0 } else { 2.0 * p("paas_gb_hour") }) * hours;
        items.push(("application instances", running));
        items.push((
            "load balancer",
            p("lb_month") + ((load.peak / 1_000.0 - 1.0) * 8.0).max(0.0),
        ));
        let copies = if tier >= 2 { 2.0 } else { 1.0 };
        let one = if data.db_vcpu <= 2.0 && load.peak < 100.0 {
            p("db_small_month")
        } else {
            data.db_vcpu * p("db_vcpu_hour") * hours
        };
        database =
            one * copies * data.shards + data.replicas * data.db_vcpu * p("db_vcpu_hour") * hours;
        items.push(("database instances", database));
        if tier >= 2 {
            items.push(("network address translation", p("nat_month") * 2.0));
        }
        items.push((
            "secrets and web application firewall",
            p("waf_month") + p("secrets_month"),
        ));
    }
    let copies = if tier >= 2 { 2.0 } else { 1.0 };
    let stored = data.db_gb().max(20.0);
    if let Some(licence) = licence(inputs) {
        // Each copy of a primary is a node of its own; a single machine has one.
        let nodes = if tier == 0 {
            1.0
        } else {
            copies * data.shards + data.replicas
        };
        let units = (data.db_vcpu.max(1.0) / licence.vcpu)
            .ceil()
            .max(licence.least);
        items.push((LICENCE, nodes * units * licence.month));
    }
    items.push(("database storage", stored * p("db_storage_gb") * copies));
    items.push(("backups", data.db_gb() * 1.3 * p("backup_gb")));
    if data.objects {
        let bodies = match data.only_rows {
            true => 0.0,
            false => data.gb_year1,
        };
        if bodies > 0.0 {
            items.push(("object storage", bodies * p("object_gb")));
        }
    }
    if data.cache {
        let nodes = (data.read_queries / inputs.constant("cache_ops") / 0.5).ceil();
        let cache = (2.0 * p("cache_small_month")).max(2.0 * nodes * 6.0 * p("cache_gb_month"));
        items.push(("cache", cache));
    }
    if load.stream {
        let brokers = 3.0_f64
            .max((data.partitions / 60.0).ceil())
            .max((data.stream_mb_s / 30.0).ceil());
        items.push(("log brokers", brokers * p("stream_broker_month")));
    } else if queued(inputs) {
        items.push(("queue", 5.0 + data.writes * 2.6 * p("queue_million")));
    }
    if inputs.needs(Need::Inference) && load.peak > 100.0 {
        items.push(("inference", p("gpu_month") * (load.peak / 1_000.0).ceil()));
    }
    if inputs.needs(Need::TextIndex) && data.gb_year3 > 200.0 {
        items.push(("search nodes", 3.0 * p("search_node_month")));
    }
    let bulk = data.egress_gb > 1e6;
    let mixed = (1.0 - data.cdn_share) * p("egress_gb") + data.cdn_share * p("cdn_gb");
    items.push((
        OUTSIDE,
        data.egress_gb * if bulk { p("egress_bulk_gb") } else { mixed },
    ));
    let sampled = if load.avg > 1_000.0 { 0.1 } else { 1.0 };
    items.push((
        "logs and metrics",
        10.0 + load.avg * 2.628 * inputs.constant("log_kb") * p("log_gb") * sampled,
    ));
    let staging = if tier == 0 {
        10.0
    } else {
        0.3 * (running + database / 2.0)
    };
    items.push(("staging", staging));
    for (_, cost) in &mut items {
        *cost *= inputs.exchange;
    }
    let sum: f64 = items.iter().map(|(_, cost)| cost).sum();
    // What leaves for the users leaves once, from whichever region answers.
    let served: f64 = items
        .iter()
        .filter(|(name, _)| *name == OUTSIDE)
        .map(|(_, cost)| cost)
        .sum();
    match tier {
        3 => items.push(("standby region", 0.4 * (sum - served))),
        4 => items.push(("second region", 1.1 * (sum - served))),
        _ => {}
    }
    Cost {
        items,
        low: prices.low,
        high: prices.high,
    }
}

/// Name of the item of traffic.
const OUTSIDE: &str = "data to the outside";

/// Name of the item.
pub const LICENCE: &str = "database licences";

/// The licence of the database that the brief demands, if it has one that costs.
fn licence(inputs: &Inputs) -> Option<&groundplan_knowledge::Licence> {
    let (wished, _) = inputs.wished.get("primary_db")?;
    inputs.tables.prices.licences.get(wished)
}

/// Whether work is handed to a queue or an outbox.
pub fn queued(inputs: &Inputs) -> bool {
    inputs.needs(Need::Timers)
        || inputs.any(&[
            "analytics",
            "notifications",
            "integration",
            "payments",
            "files",
            "workflow",
            "orders",
            "booking",
            "messaging",
            "social",
            "media",
            "health",
        ])
}

impl Cost {
    /// Writes the sums down.
    pub fn facts(&self, inputs: &Inputs, currency: &str, facts: &mut Facts) {
        let prices = &inputs.tables.prices;
        let list = format!("list prices of {}: {}", prices.version, prices.source);
        let unit = format!("{currency}/month");
        for (item, cost) in &self.items {
            let path = format!("cost.item.{}", item.replace(' ', "_"));
            if let Some(licence) = licence(inputs).filter(|_| *item == LICENCE) {
                let formula = format!(
                    "nodes × units of {} vCPU, {} a node at least, × {} a month: {}",
                    number(licence.vcpu),
                    number(licence.least),
                    number(licence.month),
                    licence.about
                );
                facts
                    .computed(
                        &path,
                        item,
                        *cost,
                        &unit,
                        formula,
                        &["db.vcpu", "db.shards", "region_tier"],
                    )
                    .source(format!("{}, read {}", licence.source, licence.read));
                continue;
            }
            facts
                .computed(
                    &path,
                    item,
                    *cost,
                    &unit,
                    "quantity × list price",
                    &["compute.instances", "db.vcpu", "region_tier"],
                )
                .source(list.clone());
        }
        let note = if inputs.on_premises {
            "; machines of one's own are not priced, this is the same capacity at a cloud's list prices"
        } else {
            ""
        };
        let exchange = if currency == prices.currency {
            String::new()
        } else if inputs.exchange == 1.0 {
            format!("; {} taken one to one as {currency}", prices.currency)
        } else {
            format!(
                "; one {} taken for {} {currency}, to be replaced by the rate of the day",
                prices.currency,
                number(inputs.exchange)
            )
        };
        let items: Vec<String> = self
            .items
            .iter()
            .map(|(item, cost)| format!("{item} {}", number(cost.round())))
            .collect();
        for (path, name, value, factor) in [
            (
                "cost.low",
                "cost of hosting, low end",
                self.least(),
                self.low,
            ),
            (
                "cost.high",
                "cost of hosting, high end",
                self.most(),
                self.high,
            ),
        ] {
            facts
                .computed(
                    path,
                    name,
                    value.round(),
                    &unit,
                    format!(
                        "({}) × {}{note}{exchange}",
                        items.join(" + "),
                        number(factor)
                    ),
                    &["cost.item"],
                )
                .source(list.clone());
        }
    }
}
