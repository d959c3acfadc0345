//! Stations and request classes of a design.

use crate::derive::compute::instances;
use crate::derive::latency::Z99;
use crate::design::Design;
use groundplan_model::{Blueprint, Flow, Step, StepKind};

/// Requests of flows that get a row of their own; the rest are plain reads and writes.
const MOST: usize = 10;
/// Systems outside answer in so many ms at the median and at P99 (E).
const OUTSIDE: (f64, f64) = (60.0, 400.0);
/// A signed address or a small body of an object store, ms (E).
const OBJECTS: (f64, f64) = (15.0, 60.0);
/// Network and load balancer, ms (E), as the analytic model has them.
const EDGE: (f64, f64) = (0.75, 3.0);
/// A request that has waited so long is given up, seconds (E).
const PATIENCE: f64 = 5.0;

/// What fails while requests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Scenario {
    Steady,
    InstanceLoss,
    ZoneLoss,
    DatabaseFailover,
    CacheFlush,
    SlowDependency,
}

/// How requests arrive: Poisson at a rate that is the peak or below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The peak all the time.
    Peak,
    /// One day between trough and peak over the whole run: the mean is that of the design.
    Day,
    /// The peak for a tenth of the run, then down to the average.
    Start,
}

/// How long a station serves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Service {
    /// Exponential with this mean, seconds.
    Exponential {
        /// Mean, seconds.
        mean_s: f64,
    },
    /// Log-normal.
    LogNormal {
        /// Median, seconds.
        median_s: f64,
        /// Standard deviation of the logarithm: ln(P99/P50)/[`Z99`].
        sigma: f64,
    },
    /// Always the same, seconds.
    Constant {
        /// Seconds.
        s: f64,
    },
}

impl Service {
    /// A log-normal time with this median and P99, both in ms.
    pub fn log_normal(p50_ms: f64, p99_ms: f64) -> Service {
        Service::LogNormal {
            median_s: p50_ms / 1e3,
            sigma: (p99_ms.max(p50_ms) / p50_ms.max(1e-9)).ln() / Z99,
        }
    }
}

/// Something that serves requests.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Name; it names the stream of random numbers too.
    pub name: String,
    /// Requests that are served at once; `None` for a delay without queue.
    pub slots: Option<u32>,
    /// Service time.
    pub service: Service,
    /// Waiting requests beyond which more are turned away.
    pub queue_limit: Option<usize>,
    /// Seconds after which a waiting request is given up.
    pub timeout_s: f64,
    /// Slots that the disturbance takes.
    pub lost_slots: u32,
    /// Whether the disturbance silences it.
    pub down: bool,
    /// Factor of the service time during the disturbance.
    pub slower: f64,
}

impl Station {
    /// A delay without queue.
    pub fn delay(name: &str, (p50_ms, p99_ms): (f64, f64)) -> Station {
        Station {
            name: name.to_owned(),
            slots: None,
            service: Service::log_normal(p50_ms, p99_ms),
            queue_limit: None,
            timeout_s: PATIENCE,
            lost_slots: 0,
            down: false,
            slower: 1.0,
        }
    }

    /// A station with slots and a queue.
    pub fn queue(name: &str, slots: u32, service: Service) -> Station {
        Station {
            slots: Some(slots),
            service,
            ..Station::delay(name, (1.0, 1.0))
        }
    }

    /// Whether the disturbance changes how it answers.
    pub fn is_disturbed(&self) -> bool {
        self.down || self.slower != 1.0
    }
}

/// A visit of a station on the way of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hop {
    /// Index of the station.
    pub station: usize,
    /// Probability that the request goes there.
    pub probability: f64,
    /// Whether it goes there because a cache did not have the answer.
    pub miss: bool,
}

/// Requests of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Id: that of the flow and the number of the request in it.
    pub id: String,
    /// As a reader knows it.
    pub name: String,
    /// Share of all requests.
    pub share: f64,
    /// Stations in order.
    pub hops: Vec<Hop>,
}

/// What is simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Stations.
    pub stations: Vec<Station>,
    /// Kinds of requests.
    pub classes: Vec<Class>,
    /// Requests per second at the peak.
    pub rate: f64,
    /// Average over peak.
    pub average: f64,
    /// How they arrive.
    pub profile: Profile,
    /// Seconds of one period of the profile.
    pub period_s: f64,
    /// Seconds of the disturbance.
    pub disturbance_s: f64,
    /// Seconds in which an emptied cache fills to 63 %, if it is emptied.
    pub flush_s: Option<f64>,
    /// P99 target, ms.
    pub target_ms: f64,
}

impl Plan {
    /// Sum of the shares.
    pub fn total_share(&self) -> f64 {
        self.classes.iter().map(|c| c.share).sum()
    }

    /// Rate at a second, as a share of the peak.
    pub fn level(&self, second: f64) -> f64 {
        let phase = second / self.period_s.max(1e-9);
        match self.profile {
            Profile::Peak => 1.0,
            Profile::Day => {
                // A cosine about the average that touches the peak.
                let swing = (1.0 - self.average).min(self.average * 0.95);
                self.average - swing * (std::f64::consts::TAU * phase).cos()
            }
            Profile::Start if phase < 0.1 => 1.0,
            Profile::Start => self.average + (1.0 - self.average) * (-(phase - 0.1) / 0.1).exp(),
        }
    }
}

/// Indices of the stations of a design.
const APP: usize = 1;
const CACHE: usize = 2;
const DATABASE: usize = 3;
const PARTNER: usize = 4;
const STORE: usize = 5;

/// The stations and classes of a design for so many requests.
pub fn plan(design: &Design, profile: Profile, scenario: Scenario, requests: u32) -> Plan {
    let out = &design.outcome;
    let constant = |name: &str| design.inputs.constant(name);
    let vcpu = out.compute.vcpu.max(1.0) as u32;
    let slots = (instances(out.compute.base, out.tier) * out.compute.vcpu).max(1.0) as u32;
    let mean_s = out.compute.service_s;
    let mut app = Station::queue("application", slots, Service::Exponential { mean_s });
    app.queue_limit = Some((slots as usize * 100).max(1_000));
    let mut stations = vec![
        Station::delay("edge", EDGE),
        app,
        Station::delay("cache", (constant("cache_p50"), constant("cache_p99"))),
        Station::delay("database", (constant("db_p50"), constant("db_p99"))),
        Station::delay("systems outside", OUTSIDE),
        Station::delay("object store", OBJECTS),
    ];
    let mut disturbance_s = 0.0;
    let mut flush_s = None;
    let mut change = |at: usize, seconds: f64, how: &dyn Fn(&mut Station)| {
        disturbance_s = seconds;
        if let Some(station) = stations.get_mut(at) {
            how(station);
        }
    };
    match scenario {
        Scenario::Steady => {}
        Scenario::InstanceLoss => change(APP, 300.0, &|s| s.lost_slots = vcpu.min(slots)),
        Scenario::ZoneLoss => change(APP, 900.0, &|s| s.lost_slots = slots.div_ceil(3)),
        // 60 to 120 s is what providers publish for a promotion.
        Scenario::DatabaseFailover => change(DATABASE, 90.0, &|s| s.down = true),
        Scenario::SlowDependency => change(PARTNER, 300.0, &|s| s.slower = 10.0),
        Scenario::CacheFlush => {
            change(CACHE, 300.0, &|_| {});
            flush_s = Some(120.0);
        }
    }
    let rate = out.load.peak;
    let average = (out.load.avg / rate.max(1e-9)).clamp(0.01, 1.0);
    let mean_level = match profile {
        Profile::Peak => 1.0,
        Profile::Day => average,
        Profile::Start => average + (1.0 - average) * 0.2,
    };
    Plan {
        classes: classes(design),
        stations,
        rate,
        average,
        profile,
        period_s: f64::from(requests) / (rate * mean_level).max(1e-9),
        disturbance_s,
        flush_s,
        target_ms: out.compute.p99_ms,
    }
}

fn hop(station: usize) -> Hop {
    Hop {
        station,
        probability: 1.0,
        miss: false,
    }
}

/// Statements that a cache may spare.
fn reads(hit: f64, count: f64) -> Vec<Hop> {
    let mut hops = Vec::new();
    if hit > 0.0 {
        hops.push(hop(CACHE));
    }
    for _ in 0..count.round().max(1.0) as usize {
        hops.push(Hop {
            station: DATABASE,
            probability: 1.0 - hit,
            miss: true,
        });
    }
    hops
}

fn classes(design: &Design) -> Vec<Class> {
    let out = &design.outcome;
    let hit = out.data.hit;
    let per_read = design.inputs.constant("queries_per_read");
    let mut all: Vec<Class> = design
        .blueprint
        .flows
        .iter()
        .flat_map(|flow| requests(design, flow, hit, per_read))
        .collect();
    all.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
    all.truncate(MOST);
    // Shares of flows may not be more than all requests.
    let sum: f64 = all.iter().map(|c| c.share).sum();
    if sum > 0.95 {
        all.iter_mut().for_each(|c| c.share *= 0.95 / sum);
    }
    let rest = (1.0 - all.iter().map(|c| c.share).sum::<f64>()).max(0.0);
    let plain = |id: &str, name: &str, share: f64, mut hops: Vec<Hop>| {
        hops.splice(0..0, [hop(0), hop(APP)]);
        Class {
            id: id.to_owned(),
            name: name.to_owned(),
            share: rest * share,
            hops,
        }
    };
    let writes = vec![hop(DATABASE), hop(DATABASE)];
    all.push(plain(
        "read",
        "Other reads",
        out.load.reads,
        reads(hit, per_read),
    ));
    all.push(plain("write", "Other writes", 1.0 - out.load.reads, writes));
    all.retain(|c| c.share > 0.0);
    all
}

/// The requests of a flow: each begins where somebody outside calls the system, and ends before the
/// next such call. Steps of workers are not waited for.
fn requests(design: &Design, flow: &Flow, hit: f64, per_read: f64) -> Vec<Class> {
    let b = &design.blueprint;
    let Some(per_day) = design.facts.get(&format!("flow.{}.per_day", flow.id)) else {
        return Vec::new();
    };
    let own = per_day.inputs.iter().any(|i| i == "brief.flows");
    let runs = design.facts.number(&format!("flow.{}.per_day", flow.id)) / 86_400.0;
    let share = runs / design.outcome.load.avg.max(1e-9);
    let mut found: Vec<Vec<Hop>> = Vec::new();
    for step in &flow.steps {
        if enters(b, step) {
            found.push(vec![hop(0), hop(APP)]);
            continue;
        }
        let Some(hops) = found.last_mut() else {
            continue;
        };
        if works_alone(b, &step.from) || step.kind == StepKind::Consume {
            continue;
        }
        hops.extend(target(b, step, hit));
    }
    let count = found.len();
    found
        .into_iter()
        .enumerate()
        .map(|(i, mut hops)| {
            if hops.len() <= 2 {
                hops.extend(reads(hit, per_read));
            }
            let many = count > 1;
            Class {
                id: if many {
                    format!("{}.{}", flow.id, i + 1)
                } else {
                    flow.id.clone()
                },
                name: if many {
                    format!("{}, request {}", flow.title, i + 1)
                } else {
                    flow.title.clone()
                },
                share: if own { share / count as f64 } else { share },
                hops,
            }
        })
        .collect()
}

/// Whether somebody outside calls the system.
fn enters(b: &Blueprint, step: &Step) -> bool {
    let outside = |id: &str| {
        id.starts_with("person.")
            || id.starts_with("device.")
            || b.element(id).is_some_and(|e| e.external)
    };
    outside(&step.from) && !outside(&step.to)
}

/// Whether an element works on queues and clocks, so that nobody waits for it.
fn works_alone(b: &Blueprint, id: &str) -> bool {
    use groundplan_model::Role;
    let role = b.element(id).and_then(|e| e.role);
    id == "worker" || matches!(role, Some(Role::Job | Role::Broker))
}

fn target(b: &Blueprint, step: &Step, hit: f64) -> Vec<Hop> {
    use groundplan_model::Role;
    let Some(element) = b.element(&step.to).filter(|_| step.from != step.to) else {
        return Vec::new();
    };
    match element.role {
        Some(Role::Database) if step.kind == StepKind::Read => reads(hit, 1.0),
        Some(Role::Database | Role::SearchIndex) => vec![hop(DATABASE)],
        Some(Role::Cache) => vec![hop(CACHE)],
        Some(Role::ObjectStorage) => vec![hop(STORE)],
        // A message is kept before the caller goes on.
        Some(Role::Broker) => vec![hop(DATABASE)],
        _ if step.kind == StepKind::Respond || step.to.starts_with("person.") => Vec::new(),
        _ if element.external && step.kind != StepKind::Publish => vec![hop(PARTNER)],
        _ => Vec::new(),
    }
}
