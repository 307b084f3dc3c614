//! Exponential and logarithm without branches, so that the compiler can make vectors of them.

/// `e^x` for `x <= 0` in f32, to 2 units in the last place; 0 below -87.3, NaN for NaN.
#[inline(always)]
pub(in crate::ops) fn exp_of_negative(x: f32) -> f32 {
    /// Added and subtracted, it rounds a small number to an integer, which then lies in its lowest bits.
    const ROUND: f32 = 12_582_912.;
    let clamped = if x < -87.3 { -87.3 } else { x };
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    // log 2 in two parts, of which the first is exact when multiplied by n.
    let r = clamped - n * 0.693_359_4 + n * 2.121_944_4e-4;
    // The polynomial for e^r on |r| <= log(2)/2, from Moshier's Cephes library.
    let mut p = 1.987_569_1e-4f32;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 5e-1;
    let power = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    let y = (p * r * r + r + 1.) * f32::from_bits(power);
    if x < -87.3 { 0. } else { y }
}

/// `log(1 + x)` for `0 <= x <= 1` in f32, to a few units in the last place.
#[inline(always)]
pub(in crate::ops) fn ln_1p_of_unit(x: f32) -> f32 {
    // log(1 + x) = 2 artanh(s) with s = x / (2 + x) <= 1/3, whose series gains a digit per term.
    let s = x / (2. + x);
    let q = s * s;
    let mut p = 1f32 / 15.;
    p = p * q + 1. / 13.;
    p = p * q + 1. / 11.;
    p = p * q + 1. / 9.;
    p = p * q + 1. / 7.;
    p = p * q + 1. / 5.;
    p = p * q + 1. / 3.;
    2. * (s + s * q * p)
}

/// `log(x)` for `x >= 1` in f32, to a few units in the last place; infinity and NaN stay what they are.
#[inline(always)]
pub(in crate::ops) fn ln_from_one(x: f32) -> f32 {
    /// The bits of sqrt(1/2): `x = 2^n m` with `m` from there to sqrt(2).
    const LOWEST: u32 = 0x3f35_04f3;
    let n = x.to_bits().wrapping_sub(LOWEST) >> 23;
    let m = f32::from_bits(x.to_bits().wrapping_sub(n << 23));
    // log(m) = 2 artanh(s) with |s| <= 0.172, whose series gains one and a half digits per term.
    let s = (m - 1.) / (m + 1.);
    let q = s * s;
    let mut p = 1f32 / 9.;
    p = p * q + 1. / 7.;
    p = p * q + 1. / 5.;
    p = p * q + 1. / 3.;
    // log 2 in two parts, of which the first is exact when multiplied by n.
    let n = n as f32;
    let y = n * 0.693_359_4 + (2. * (s + s * q * p) - n * 2.121_944_4e-4);
    if x < f32::INFINITY { y } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_right_to_a_few_units() {
        for i in 0..=1_000_000 {
            let x = i as f32 * -9e-5;
            let exact = (x as f64).exp();
            let error = (exp_of_negative(x) as f64 - exact).abs();
            assert!(error <= 2.5e-7 * exact || x < -87.3, "exp({x}) is off by {error:e}");
            let u = i as f32 * 1e-6;
            let exact = (u as f64).ln_1p();
            let error = (ln_1p_of_unit(u) as f64 - exact).abs();
            assert!(error <= 4e-7 * exact, "ln_1p({u}) is off by {error:e}");
        }
        for i in 0..=1_000_000 {
            let x = 1. + (i as f32 * 1e-3).powi(2);
            let exact = (x as f64).ln();
            let error = (ln_from_one(x) as f64 - exact).abs();
            assert!(error <= 4e-7 * exact, "ln({x}) is off by {error:e}");
        }
        assert!(ln_from_one(f32::NAN).is_nan());
        assert_eq!((ln_from_one(1.), ln_from_one(f32::INFINITY)), (0., f32::INFINITY));
        assert!(exp_of_negative(f32::NAN).is_nan() && ln_1p_of_unit(f32::NAN).is_nan());
        assert_eq!((exp_of_negative(f32::NEG_INFINITY), exp_of_negative(0.)), (0., 1.));
        assert_eq!((ln_1p_of_unit(0.), exp_of_negative(-1e30)), (0., 0.));
    }
}
