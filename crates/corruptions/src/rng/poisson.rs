//! numpy's legacy Poisson draw, where what depends only on the mean is computed once.

use super::Rng;
use super::mt19937::{N, Twister};
use crate::kit::math;
use std::sync::LazyLock;

/// A Poisson distribution, drawn as `np.random.poisson` draws it.
///
/// Mean 0 draws nothing; below 10 doubles are multiplied until the product falls to `exp(-mean)`; from 10 on
/// it is Hörmann's transformed rejection (PTRS).
///
/// ```
/// use scribe_corruptions::{Poisson, Rng};
/// // >>> np.random.seed(0); np.random.poisson(4.0, size=5)
/// let mut rng = Rng::seed(0);
/// assert_eq!([0; 5].map(|_| Poisson::new(4.0).sample(&mut rng)), [6, 7, 1, 8, 4]);
/// ```
#[derive(Clone, Debug)]
pub struct Poisson(Method);

#[derive(Clone, Debug)]
enum Method {
    Zero,
    Product { limit: f64 },
    Rejection { lambda: f64, ln_lambda: f64, b: f64, a: f64, ln_inv_alpha: f64, vr: f64 },
}

impl Poisson {
    /// The largest mean, as numpy has it: ten standard deviations below the largest `i64`.
    pub const MAX_MEAN: f64 = 9.223_372_006_484_771e18;

    /// The distribution of the given mean, which is 0 to [`Poisson::MAX_MEAN`].
    ///
    /// # Panics
    /// If the mean is less, more, or not a number; numpy raises a `ValueError` then.
    #[must_use]
    pub fn new(lambda: f64) -> Poisson {
        let possible = (0.0..=Poisson::MAX_MEAN).contains(&lambda);
        assert!(
            possible,
            "a Poisson distribution needs a mean of 0 to {:e}, not {lambda}",
            Poisson::MAX_MEAN
        );
        if lambda >= 10.0 {
            let root = lambda.sqrt();
            let b = 0.931 + 2.53 * root;
            let a = -0.059 + 0.02483 * b;
            let inv_alpha = 1.1239 + 1.1328 / (b - 3.4);
            let vr = 0.9277 - 3.6224 / (b - 2.0);
            let (ln_lambda, ln_inv_alpha) = (math::ln(lambda), math::ln(inv_alpha));
            Poisson(Method::Rejection { lambda, ln_lambda, b, a, ln_inv_alpha, vr })
        } else if lambda > 0.0 {
            Poisson(Method::Product { limit: math::exp(-lambda) })
        } else {
            Poisson(Method::Zero)
        }
    }

    /// The product at which a count stops, for means above 0 and below 10; NaN for others.
    pub(crate) fn limit(&self) -> f64 {
        if let Poisson(Method::Product { limit }) = self { *limit } else { f64::NAN }
    }

    /// The next count.
    pub fn sample(&self, rng: &mut Rng) -> u64 {
        self.sample_from(rng)
    }

    /// The next count, from any source of doubles.
    #[inline(always)]
    pub(crate) fn sample_from(&self, rng: &mut impl Doubles) -> u64 {
        match *self {
            Poisson(Method::Zero) => 0,
            Poisson(Method::Product { limit }) => count_to(limit, rng),
            Poisson(Method::Rejection { lambda, ln_lambda, b, a, ln_inv_alpha, vr }) => loop {
                let u = rng.double() - 0.5;
                let v = rng.double();
                let us = 0.5 - u.abs();
                let k = ((2.0 * a / us + b) * u + lambda + 0.43).floor();
                if us >= 0.07 && v <= vr {
                    return k as u64;
                }
                if k < 0.0 || (us < 0.013 && v > us) {
                    continue;
                }
                let left = ln_or_less(v) + ln_inv_alpha - math::ln(a / (us * us) + b);
                if left <= -lambda + k * ln_lambda - ln_factorial(k) {
                    return k as u64;
                }
            },
        }
    }
}

/// How many doubles can be multiplied before the product falls to `limit`.
#[inline(always)]
pub(crate) fn count_to(limit: f64, rng: &mut impl Doubles) -> u64 {
    let mut count = 0;
    let mut product = rng.double();
    while product > limit {
        count += 1;
        product *= rng.double();
    }
    count
}

/// A source of doubles in `[0, 1)`.
pub(crate) trait Doubles {
    /// The next one.
    fn double(&mut self) -> f64;
}

impl Doubles for Rng {
    #[inline]
    fn double(&mut self) -> f64 {
        Rng::double(self)
    }
}

/// Doubles in one state of the generator.
const STATE: usize = N / 2;

/// The doubles of a generator, made 312 at a time; what was not used stays in the generator.
pub(crate) struct Stream<'a> {
    twister: &'a mut Twister,
    /// The doubles not yet used end at the buffer's end.
    buffer: [f64; STATE],
    first: usize,
    next: usize,
}

impl<'a> Stream<'a> {
    pub(crate) fn new(rng: &'a mut Rng) -> Self {
        Stream { twister: &mut rng.twister, buffer: [0.0; STATE], first: STATE, next: STATE }
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) -> f64 {
        self.twister.skip_shown_doubles(STATE - self.first);
        let count = self.twister.peek_doubles(&mut self.buffer);
        self.first = STATE - count;
        self.next = (self.first + 1).min(STATE);
        if count == 0 { self.twister.double() } else { self.buffer[self.first] }
    }
}

impl Doubles for Stream<'_> {
    #[inline(always)]
    fn double(&mut self) -> f64 {
        if self.next < STATE {
            let value = self.buffer[self.next];
            self.next += 1;
            return value;
        }
        self.refill()
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        self.twister.skip_shown_doubles(self.next - self.first);
    }
}

/// The logarithm, and minus infinity of zero.
fn ln_or_less(v: f64) -> f64 {
    if v > 0.0 { math::ln(v) } else { f64::NEG_INFINITY }
}

fn ln_factorial(k: f64) -> f64 {
    static TABLE: LazyLock<Vec<f64>> =
        LazyLock::new(|| (0..512).map(|k| ln_gamma(f64::from(k) + 1.0)).collect());
    TABLE.get(k as usize).copied().unwrap_or_else(|| ln_gamma(k + 1.0))
}

/// The logarithm of the gamma function of a whole `x >= 1`, by numpy's own series: Stirling's, shifted to `x >= 7`.
fn ln_gamma(x: f64) -> f64 {
    // B(2n) / (2n (2n - 1)) for n = 1 to 10, to as many digits as numpy writes.
    const C: [f64; 10] = [
        8.333333333333333e-02,
        -2.777777777777778e-03,
        7.936507936507937e-04,
        -5.952380952380952e-04,
        8.417508417508418e-04,
        -1.917526917526918e-03,
        6.41025641025641e-03,
        -2.955065359477124e-02,
        1.796443723688307e-01,
        -1.3924322169059,
    ];
    if x == 1.0 || x == 2.0 {
        return 0.0;
    }
    let shift = if x <= 7.0 { (7.0 - x).floor() } else { 0.0 };
    let mut x0 = x + shift;
    let x2 = 1.0 / (x0 * x0);
    let series = C[..9].iter().rev().fold(C[9], |sum, c| sum * x2 + c);
    let mut result = series / x0 + 0.5 * math::ln(std::f64::consts::TAU) + (x0 - 0.5) * math::ln(x0) - x0;
    for _ in 0..shift as u32 {
        result -= math::ln(x0 - 1.0);
        x0 -= 1.0;
    }
    result
}
