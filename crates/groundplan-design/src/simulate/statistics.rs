//! Percentiles by nearest rank, and their intervals by batch means.

/// Batches that a run is cut into.
const BATCHES: usize = 20;
/// Student's t for 19 degrees of freedom, two-sided 95 %.
const T_19: f64 = 2.093;

/// The value that a share `q` of sorted values stays at or below (nearest rank); 0 for none.
pub fn percentile(sorted: &[u64], q: f64) -> u64 {
    let rank = (q * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).or(sorted.last()).copied().unwrap_or(0)
}

/// A percentile with the half width of its 95 % interval, both in ms: the values, in the order of
/// their arrival and in ns, are cut into 20 batches, whose percentiles count as independent (batch
/// means, Law and Kelton). Without 20 values for each batch there is no interval.
pub fn interval(values: &[u64], q: f64) -> (f64, Option<f64>) {
    let sorted_percentile = |part: &[u64]| {
        let mut part = part.to_vec();
        part.sort_unstable();
        percentile(&part, q) as f64 / 1e6
    };
    let whole = sorted_percentile(values);
    let size = values.len() / BATCHES;
    if size < 20 {
        return (whole, None);
    }
    let parts: Vec<f64> = values
        .chunks_exact(size)
        .take(BATCHES)
        .map(sorted_percentile)
        .collect();
    let count = parts.len() as f64;
    let mean = parts.iter().sum::<f64>() / count;
    let square: f64 = parts.iter().map(|p| (p - mean).powi(2)).sum();
    (whole, Some(T_19 * (square / (count - 1.0) / count).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_the_nearest() {
        let values: Vec<u64> = (1..=100).collect();
        assert_eq!(percentile(&values, 0.5), 50);
        assert_eq!(percentile(&values, 0.99), 99);
        assert_eq!(percentile(&values, 1.0), 100);
        assert_eq!(percentile(&[7], 0.01), 7);
        assert_eq!(percentile(&[], 0.5), 0);
    }

    #[test]
    fn even_batches_have_a_narrow_interval() {
        let values: Vec<u64> = (0..40_000).map(|i| (i % 1_000) * 1_000_000).collect();
        let (median, half) = interval(&values, 0.5);
        assert!((median - 499.0).abs() < 1.0, "{median}");
        assert!(half.is_some_and(|h| h < 1e-6), "{half:?}");
        assert_eq!(interval(&values[..100], 0.5).1, None);
    }
}
