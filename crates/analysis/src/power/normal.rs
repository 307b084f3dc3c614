//! Quantiles of the standard normal distribution.

/// The x below which the share `p` of the standard normal distribution lies, for p in (0, 1).
///
/// The distribution function is that of libm's `erfc`; its inverse is found by halving, to the last digits of f64.
pub(super) fn quantile(p: f64) -> f64 {
    let below = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if below(middle) < p { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::quantile;

    /// `scipy.stats.norm.ppf([0.975, 0.8, 0.9, 0.95, 0.001])` of scipy 1.17.1.
    #[test]
    fn quantiles_are_those_of_scipy() {
        for (p, expected) in [
            (0.975, 1.959_963_984_540_054),
            (0.8, 0.841_621_233_572_914_3),
            (0.9, 1.281_551_565_544_600_4),
            (0.95, 1.644_853_626_951_472_2),
            (0.001, -3.090_232_306_167_813_5),
        ] {
            assert!((quantile(p) - expected).abs() < 1e-12, "{p}: {}", quantile(p));
        }
        assert!(quantile(0.5).abs() < 1e-12);
    }
}
