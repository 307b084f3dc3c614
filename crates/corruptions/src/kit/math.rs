//! Exponential, logarithm, sine and cosine in plain IEEE arithmetic, so that every platform gives the same bits.
//!
//! The reference takes them from the host's C library, which rounds all but about one result in a hundred
//! correctly.
//! [`exp`] here is evaluated in double-double and so rounded correctly but for vanishingly rare ties: its
//! results are the weights of filters, where one last bit can show on flat areas.
//! [`ln`], [`sin`] and [`cos`] are within about one last bit: they only meet random numbers, where such a bit
//! decides nothing (a sample would have to fall within 1e-16 of the edge between two bytes).

use super::double_double::Dd;

const LN_2: Dd = Dd::from_parts(std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);

/// `e^x` for `|x| < 700`, correctly rounded.
#[must_use]
pub(crate) fn exp(x: f64) -> f64 {
    let k = (x / std::f64::consts::LN_2).round();
    let r = Dd::new(x).add(Dd::new(-k).mul(LN_2));
    // |r| <= 0.35; the series of r / 8 to the 18th term leaves less than 1e-40, and three squarings undo the 8.
    let r = r.div(8.0);
    let mut sum = Dd::new(1.0);
    for n in (1..=18).rev() {
        sum = Dd::new(1.0).add(r.mul(sum).div(f64::from(n)));
    }
    for _ in 0..3 {
        sum = sum.mul(sum);
    }
    sum.round() * power_of_two(k as i32)
}

fn power_of_two(k: i32) -> f64 {
    f64::from_bits(((1023 + i64::from(k)) as u64) << 52)
}

/// The natural logarithm of a positive normal number.
///
/// `x = 2^k m` with `m` in `[sqrt(1/2), sqrt(2))`, and `ln m = 2 artanh(s)` with `s = (m-1)/(m+1)`,
/// by its power series. There is no branch in it, so a loop over it becomes vector code.
#[inline(always)]
#[must_use]
pub(crate) fn ln(x: f64) -> f64 {
    const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    let shifted = x.to_bits() + (ONE - ROOT_HALF);
    // The biased exponent as a double, by placing it in the low bits of 2^52.
    let k = f64::from_bits(0x4330_0000_0000_0000 | (shifted >> 52)) - (4_503_599_627_370_496.0 + 1023.0);
    let m = f64::from_bits((shifted & 0x000f_ffff_ffff_ffff) + ROOT_HALF);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    // ln m = f - f^2/2 + s (f^2/2 + r) with r = 2 (z/3 + z^2/5 + ...): f itself is exact.
    let r = z * odd_reciprocals(z);
    let half = 0.5 * f * f;
    // k ln 2 in two parts, the first with 21 low zero bits so that its product is exact.
    let high = k * 0.693_147_180_369_123_8;
    let low = k * 1.908_214_929_270_587_7e-10;
    high - ((half - (s * (half + r) + low)) - f)
}

/// `2 (1/3 + z/5 + z^2/7 + ...)`, summed by Estrin's scheme.
#[inline(always)]
fn odd_reciprocals(z: f64) -> f64 {
    const C: [f64; 11] = [
        2.0 / 3.0,
        2.0 / 5.0,
        2.0 / 7.0,
        2.0 / 9.0,
        2.0 / 11.0,
        2.0 / 13.0,
        2.0 / 15.0,
        2.0 / 17.0,
        2.0 / 19.0,
        2.0 / 21.0,
        2.0 / 23.0,
    ];
    let z2 = z * z;
    let z4 = z2 * z2;
    let low = (C[0] + C[1] * z) + (C[2] + C[3] * z) * z2;
    let mid = (C[4] + C[5] * z) + (C[6] + C[7] * z) * z2;
    let high = (C[8] + C[9] * z) + C[10] * z2;
    low + (mid + high * z4) * z4
}

/// The sine of an angle in radians, `|x| < 100`.
#[must_use]
pub(crate) fn sin(x: f64) -> f64 {
    let (quarter, r) = reduce(x);
    match quarter {
        0 => sin_series(r),
        1 => cos_series(r),
        2 => -sin_series(r),
        _ => -cos_series(r),
    }
}

/// The cosine of an angle in radians, `|x| < 100`.
#[must_use]
pub(crate) fn cos(x: f64) -> f64 {
    let (quarter, r) = reduce(x);
    match quarter {
        0 => cos_series(r),
        1 => -sin_series(r),
        2 => -cos_series(r),
        _ => sin_series(r),
    }
}

/// The quarter turn in `0..4` and the rest in about `[-pi/4, pi/4]`.
fn reduce(x: f64) -> (u8, f64) {
    let k = (x / std::f64::consts::FRAC_PI_2).round();
    let half_pi = Dd::from_parts(std::f64::consts::FRAC_PI_2, 6.123_233_995_736_766e-17);
    let r = Dd::new(x).add(Dd::new(-k).mul(half_pi)).round();
    (k.rem_euclid(4.0) as u8, r)
}

fn sin_series(x: f64) -> f64 {
    let z = x * x;
    let mut sum = 0.0;
    for n in (1..=9).rev() {
        let n = f64::from(n);
        sum = (1.0 + sum) * -z / ((2.0 * n) * (2.0 * n + 1.0));
    }
    x + x * sum
}

fn cos_series(x: f64) -> f64 {
    let z = x * x;
    let mut sum = 0.0;
    for n in (1..=9).rev() {
        let n = f64::from(n);
        sum = (1.0 + sum) * -z / ((2.0 * n - 1.0) * (2.0 * n));
    }
    1.0 + sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Distance in units of the last place.
    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    #[test]
    fn agrees_with_the_platform_within_one_last_bit() {
        for i in 1..20_000_u32 {
            let u = f64::from(i) / 20_000.0;
            assert!(ulps(ln(u), u.ln()) <= 1, "ln {u}");
            assert!(ulps(ln(u * 300.0), (u * 300.0).ln()) <= 1, "ln {}", u * 300.0);
            assert!(ulps(exp(-u * 60.0), (-u * 60.0).exp()) <= 1, "exp {}", -u * 60.0);
            let angle = (u - 0.5) * 5.0;
            assert!((sin(angle) - angle.sin()).abs() < 3e-16, "sin {angle}");
            assert!((cos(angle) - angle.cos()).abs() < 3e-16, "cos {angle}");
        }
    }

    #[test]
    fn exact_cases() {
        assert_eq!(exp(0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(ln(1.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(sin(0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(cos(0.0).to_bits(), 1.0_f64.to_bits());
    }
}
