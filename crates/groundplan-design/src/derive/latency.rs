//! D08: latency of a request over its hops, by moments of log-normal hops.

use super::compute::{Compute, instances};
use super::erlang::response;
use super::load::Load;
use crate::facts::{Facts, number};
use crate::inputs::Inputs;

/// A hop: median and P99 in ms, and the probability that a request takes it.
pub type Hop = (f64, f64, f64);

/// The normal quantile of 0.99.
pub const Z99: f64 = 2.3263;

/// P50 and P99 of the sum of hops: each hop is log-normal with sigma = ln(P99/P50)/[`Z99`], the sum
/// is matched by its first two moments (Fenton 1960); a hop taken with probability p enters as
/// `p E[X]`, `p E[X²] − (p E[X])²`. Measured against 400,000 samples the P99 is up to 3 % low,
/// hence the factor 1.03.
pub fn sum(hops: &[Hop]) -> (f64, f64) {
    let (mut mean, mut variance) = (0.0, 0.0);
    for (p50, p99, p) in hops {
        if *p50 <= 0.0 || *p <= 0.0 {
            continue;
        }
        let sigma = (p99.max(*p50) / p50).ln() / Z99;
        let mu = p50.ln();
        let first = (mu + sigma * sigma / 2.0).exp();
        let second = (2.0 * mu + 2.0 * sigma * sigma).exp();
        mean += p * first;
        variance += p * second - (p * first).powi(2);
    }
    if mean <= 0.0 {
        return (0.0, 0.0);
    }
    let sigma2 = (1.0 + variance.max(0.0) / (mean * mean)).ln();
    let mu = mean.ln() - sigma2 / 2.0;
    (mu.exp(), (mu + Z99 * sigma2.sqrt()).exp() * 1.03)
}

/// Predicted latency of the two kinds of requests, ms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latency {
    /// Median and P99 of a read.
    pub read: (f64, f64),
    /// Median and P99 of a write.
    pub write: (f64, f64),
}

/// Latency at peak in a tier; `hit` is the share of reads that a cache answers.
pub fn latency(inputs: &Inputs, load: &Load, compute: &Compute, tier: usize, hit: f64) -> Latency {
    let c = |name: &str| inputs.constant(name);
    let servers = (instances(compute.base, tier) * compute.vcpu).max(1.0) as u32;
    let offered = (load.peak * compute.service_s).min(f64::from(servers) * 0.99);
    let at = |q: f64| response(servers, offered, compute.service_s, q) * 1e3;
    let app = (at(0.5), at(0.99), 1.0);
    let edge = (0.75, 3.0, 1.0);
    let db = |p: f64| (c("db_p50"), c("db_p99"), p);
    let cache = (
        c("cache_p50"),
        c("cache_p99"),
        if hit > 0.0 { 1.0 } else { 0.0 },
    );
    Latency {
        read: sum(&[
            edge,
            app,
            cache,
            db(1.0 - hit),
            db(1.0 - hit),
            db(1.0 - hit),
        ]),
        write: sum(&[edge, app, db(1.0), db(1.0)]),
    }
}

impl Latency {
    /// Writes the predictions and targets down.
    pub fn facts(&self, compute: &Compute, stated: bool, facts: &mut Facts) {
        let hops = "edge 0.75/3 ms, application by the M/M/c response, cache and database hops of the table, combined by moments (Fenton-Wilkinson × 1.03)";
        let inputs = [
            "compute.vcpu_total",
            "compute.cpu_ms",
            "load.peak_rps",
            "cache.hit_target",
        ];
        for (path, name, value) in [
            (
                "latency.read_p50_predicted_ms",
                "median of a read at peak, predicted",
                self.read.0,
            ),
            (
                "latency.read_p99_predicted_ms",
                "P99 of a read at peak, predicted",
                self.read.1,
            ),
            (
                "latency.write_p50_predicted_ms",
                "median of a write at peak, predicted",
                self.write.0,
            ),
            (
                "latency.write_p99_predicted_ms",
                "P99 of a write at peak, predicted",
                self.write.1,
            ),
        ] {
            facts
                .computed(path, name, value, "ms", hops, &inputs)
                .source("Fenton 1960; Erlang C; perf table (E)");
        }
        // Of the requests of all kinds the slowest hundredth is no faster than that of the slower kind.
        facts
            .computed(
                "latency.p99_predicted_ms",
                "P99 of a request at peak, predicted",
                self.read.1.max(self.write.1),
                "ms",
                format!(
                    "the larger of reads ({} ms) and writes ({} ms)",
                    number(self.read.1),
                    number(self.write.1)
                ),
                &[
                    "latency.read_p99_predicted_ms",
                    "latency.write_p99_predicted_ms",
                ],
            )
            .source("Fenton 1960; Erlang C; perf table (E)");
        let why = if stated {
            "stated in the brief"
        } else {
            "500 ms for products, 1,000 ms for internal tools"
        };
        let target = facts.computed(
            "latency.p99_target_ms",
            "P99 latency target",
            compute.p99_ms,
            "ms",
            why,
            &["brief.constraints"],
        );
        if !stated {
            target.assumed("A-LATENCY");
        }
        facts.computed(
            "latency.p50_target_ms",
            "median latency target",
            compute.p50_ms,
            "ms",
            format!("{} ÷ 4 unless stated", number(compute.p99_ms)),
            &["latency.p99_target_ms"],
        );
        facts.computed(
            "latency.p95_target_ms",
            "P95 latency target",
            (compute.p99_ms * 0.6).round(),
            "ms",
            format!(
                "{} × 0.6: a log-normal with these P50 and P99",
                number(compute.p99_ms)
            ),
            &["latency.p50_target_ms", "latency.p99_target_ms"],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::sum;

    #[test]
    fn moments_stay_below_the_sum_of_percentiles() {
        let (p50, p99) = sum(&[(2.0, 20.0, 1.0), (5.0, 20.0, 1.0), (0.5, 2.0, 1.0)]);
        assert!(p50 > 7.0 && p50 < 9.5, "{p50}");
        assert!(p99 > 20.0 && p99 < 42.0, "{p99}");
    }
}
