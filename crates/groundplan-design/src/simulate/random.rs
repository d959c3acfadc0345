//! Random numbers: SplitMix64 (Steele, Lea, Flood 2014), one stream per seed and station.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    /// The second number of a Box-Muller pair.
    spare: Option<f64>,
}

impl Random {
    /// The stream of a seed for a name: the name is hashed (FNV-1a, 64 bits) into the state.
    pub fn new(seed: u64, name: &str) -> Random {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut random = Random {
            state: seed ^ hash,
            spare: None,
        };
        // Near seeds give near states; one round tells them apart.
        random.state = random.bits();
        random
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0 to 1, 1 excluded: the upper 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// Exponential with this mean, by inversion.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -(1.0 - self.uniform()).ln() * mean
    }

    /// Standard normal, by Box and Muller 1958.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.uniform();
        self.spare = Some(radius * angle.sin());
        radius * angle.cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First outputs of the published generator for state 0.
    #[test]
    fn bits_are_those_of_the_published_generator() {
        let mut random = Random {
            state: 0,
            spare: None,
        };
        assert_eq!(random.bits(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.bits(), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!(random.bits(), 0x06c4_5d18_8009_454f);
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut random = Random::new(1, "moments");
        let n = 200_000;
        let (mut mean, mut normal, mut square) = (0.0, 0.0, 0.0);
        for _ in 0..n {
            mean += random.exponential(3.0);
            let z = random.normal();
            normal += z;
            square += z * z;
        }
        let n = f64::from(n);
        assert!((mean / n - 3.0).abs() < 0.03, "{}", mean / n);
        assert!((normal / n).abs() < 0.01, "{}", normal / n);
        assert!((square / n - 1.0).abs() < 0.02, "{}", square / n);
    }
}
