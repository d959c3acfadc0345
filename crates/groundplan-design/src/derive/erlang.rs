//! The M/M/c queue.

/// Probability that a request waits, Erlang C by the B recursion
/// `b_i = a b / (i + a b)`, `C = b / (1 - rho (1 - b))`; `a` is the offered load in Erlang.
pub fn erlang_c(servers: u32, a: f64) -> f64 {
    let c = f64::from(servers);
    if a >= c {
        return 1.0;
    }
    let mut b = 1.0;
    for i in 1..=servers {
        b = a * b / (f64::from(i) + a * b);
    }
    b / (1.0 - a / c * (1.0 - b))
}

/// Waiting time in seconds that 99 % of requests stay below: `max(0, ln(C/0.01) / (c mu - lambda))`
/// with service time `service` in seconds.
pub fn wait_p99(servers: u32, a: f64, service: f64) -> f64 {
    let c = f64::from(servers);
    if a >= c {
        return f64::INFINITY;
    }
    // Above some thousand servers the recursion changes nothing that a reader could see.
    let capped = servers.min(3_000);
    let waits = erlang_c(capped, a * f64::from(capped) / c).max(1e-12);
    ((waits / 0.01).ln() / ((c - a) / service)).max(0.0)
}

/// The response time in seconds that a share `q` of requests stays below, by bisection of
/// `P(T > t) = (1-C) e^(-mu t) + C (theta e^(-mu t) - mu e^(-theta t)) / (theta - mu)`,
/// `theta = c mu - lambda`.
pub fn response(servers: u32, a: f64, service: f64, q: f64) -> f64 {
    let capped = servers.min(3_000);
    let waits = erlang_c(capped, a * f64::from(capped) / f64::from(servers));
    let mu = 1.0 / service;
    let theta = (f64::from(servers) - a) * mu;
    let above = |t: f64| {
        if (theta - mu).abs() < 1e-9 * mu {
            return (-mu * t).exp() * (1.0 + waits * mu * t);
        }
        (1.0 - waits) * (-mu * t).exp()
            + waits * (theta * (-mu * t).exp() - mu * (-theta * t).exp()) / (theta - mu)
    };
    let (mut low, mut high) = (0.0, service);
    while above(high) > 1.0 - q && high < 1e6 {
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if above(middle) > 1.0 - q {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Table 5.3 of the design: 4 ms service.
    #[test]
    fn quantiles_are_those_of_the_exact_formula() {
        for (rho, c, p50, p99) in [
            (0.6, 2, 4.611, 26.272),
            (0.6, 4, 3.484, 19.919),
            (0.8, 16, 3.207, 18.940),
            (0.9, 16, 4.312, 21.079),
        ] {
            let a = rho * f64::from(c);
            let found = response(c, a, 0.004, 0.5) * 1e3;
            assert!((found - p50).abs() < 0.002, "{rho} {c}: {found}");
            let found = response(c, a, 0.004, 0.99) * 1e3;
            assert!((found - p99).abs() < 0.002, "{rho} {c}: {found}");
        }
    }
}
