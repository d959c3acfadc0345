//! D05 to D07: CPU per request, requests in flight, instances.

use super::erlang::wait_p99;
use super::load::Load;
use crate::facts::{Facts, number};
use crate::inputs::{Inputs, Segment};

/// The compute that answers requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compute {
    /// Seconds of one core per request.
    pub service_s: f64,
    /// Offered load, Erlang.
    pub offered: f64,
    /// vCPU at the utilisation target.
    pub needed: f64,
    /// vCPU of an instance.
    pub vcpu: f64,
    /// Instances that carry the peak.
    pub base: f64,
    /// P99 latency target, ms.
    pub p99_ms: f64,
    /// P50 latency target, ms.
    pub p50_ms: f64,
    /// Requests in flight at peak.
    pub in_flight: f64,
    /// Milliseconds of one core for a plain request in the chosen language.
    pub cpu_ms: f64,
}

/// Compute for a load in a language. The count of instances without spares; [`instances`] adds
/// those of a tier.
pub fn compute(inputs: &Inputs, load: &Load, language: &str) -> Compute {
    let perf = &inputs.tables.performance;
    let cpu_ms = perf.cpu_ms.values.get(language).copied().unwrap_or(4.0);
    let service_s = cpu_ms * load.cpu_factor / 1_000.0;
    let utilisation = perf.get("utilisation");
    let p99_ms = inputs
        .get("constraints.p99_ms")
        .or(inputs.get("constraints.p95_ms").map(|p| p * 1.7))
        .unwrap_or(if inputs.segment == Segment::Internal {
            1_000.0
        } else {
            500.0
        });
    let p50_ms = inputs
        .get("constraints.p50_ms")
        .unwrap_or((p99_ms / 4.0).round());
    let offered = load.peak * service_s;
    let mut servers = (offered / utilisation).ceil().max(1.0);
    let budget = p99_ms / 1_000.0 * perf.get("wait_share_p99");
    while servers < 200_000.0
        && offered < servers
        && wait_p99(servers as u32, offered, service_s) > budget
    {
        servers += 1.0;
    }
    let mut vcpu = perf.get("instance_vcpu").max(1.0);
    // One machine grows, and has no second beside it.
    let alone = inputs.has("one_machine");
    while (alone && servers > vcpu) || (servers / vcpu > 60.0 && vcpu < 16.0) {
        vcpu *= 2.0;
    }
    Compute {
        service_s,
        offered,
        needed: servers,
        vcpu,
        base: (servers / vcpu).ceil().max(1.0),
        p99_ms,
        p50_ms,
        // Little: L = lambda W, W = service time and 12 ms of stores and network.
        in_flight: load.peak * (service_s + 0.012),
        cpu_ms,
    }
}

/// Instances in a tier (0 to 4): one more from T1, loss of one zone of three from T2.
pub fn instances(base: f64, tier: usize) -> f64 {
    match tier {
        0 => base,
        1 => (base + 1.0).max(2.0),
        _ => {
            let least = if base > 1.0 { 3.0_f64 } else { 2.0 };
            least.max((base * 1.5).ceil()).max(base + 1.0)
        }
    }
}

impl Compute {
    /// Writes the sums down.
    pub fn facts(
        &self,
        inputs: &Inputs,
        load: &Load,
        language: &str,
        tier: usize,
        facts: &mut Facts,
    ) {
        let perf = &inputs.tables.performance;
        let total = instances(self.base, tier);
        let alone = inputs.has("one_machine");
        facts
            .computed(
                "compute.cpu_ms",
                "CPU of a request",
                self.service_s * 1e3,
                "ms",
                format!(
                    "{} ms ({language}) × {}",
                    number(self.cpu_ms),
                    number(load.cpu_factor)
                ),
                &["language", "load.cpu_factor"],
            )
            .source(format!("{} ({})", perf.cpu_ms.source, perf.cpu_ms.class));
        facts
            .computed(
                "compute.in_flight",
                "requests in flight at peak",
                self.in_flight,
                "requests",
                format!(
                    "{} requests/s × {} ms (Little)",
                    number(load.peak),
                    number(self.service_s * 1e3 + 12.0)
                ),
                &["load.peak_rps", "compute.cpu_ms"],
            )
            .source("Little 1961: L = λW");
        facts.computed("compute.vcpu_needed", "vCPU at peak", self.needed, "vCPU", format!("{} requests/s × {} ms ÷ {}, and P99 of waiting at most a quarter of {} ms (Erlang C)", number(load.peak), number(self.service_s * 1e3), number(perf.get("utilisation")), number(self.p99_ms)), &["load.peak_rps", "compute.cpu_ms", "latency.p99_target_ms"]).source("utilisation target 0.6 (E); Erlang C");
        facts.computed(
            "compute.instance_vcpu",
            "size of an instance",
            self.vcpu,
            "vCPU",
            match alone {
                true => "doubled until one machine carries the peak",
                false => "doubled while more than 60 instances would be needed, up to 16",
            },
            &["compute.vcpu_needed"],
        );
        let rule = match tier {
            0 => "one instance that is restarted".to_owned(),
            1 => format!("{} + 1: one may fail", number(self.base)),
            _ => format!(
                "{} × 1.5, at least one more: one of three {} may fail",
                number(self.base),
                if inputs.on_premises {
                    "machines"
                } else {
                    "zones"
                }
            ),
        };
        facts.computed(
            "compute.instances",
            "application instances in production",
            total,
            "instances",
            rule,
            &[
                "compute.vcpu_needed",
                "compute.instance_vcpu",
                "region_tier",
            ],
        );
        facts.computed(
            "compute.vcpu_total",
            "vCPU of all application instances",
            total * self.vcpu,
            "vCPU",
            format!("{} × {}", number(total), number(self.vcpu)),
            &["compute.instances", "compute.instance_vcpu"],
        );
        let (most, rule) = match alone {
            true => (total, "one machine"),
            false => ((total * 2.0).max(total + 2.0), "twice the launch size"),
        };
        facts.computed(
            "compute.instances_max",
            "instances up to which scaling goes",
            most,
            "instances",
            rule,
            &["compute.instances"],
        );
        let rho = load.peak * self.service_s / (total * self.vcpu);
        facts.computed(
            "compute.utilisation_peak",
            "utilisation at peak",
            rho * 100.0,
            "%",
            format!(
                "{} × {} ms ÷ {} vCPU",
                number(load.peak),
                number(self.service_s * 1e3),
                number(total * self.vcpu)
            ),
            &["load.peak_rps", "compute.cpu_ms", "compute.vcpu_total"],
        );
    }
}
