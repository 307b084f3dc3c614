//! The transforms of F(4x4, 3x3), along one side: points 0, +-sqrt(1/2), +-sqrt(2) and infinity.
//!
//! Lavin and Gray (2016) take 0, +-1, +-2 and infinity. These points are each other's reciprocals, which keeps the
//! transforms' numbers close to 1: their squares are 1/2 and 2, and the rounding errors are two thirds as large or less.

use super::lanes::Line;
use crate::ops::cpu::real::Real;
use std::f64::consts::{FRAC_1_SQRT_2, SQRT_2};

/// `B^T d`, of six pixels that are read.
pub(super) struct Read;

impl Line<6, 6> for Read {
    #[inline(always)]
    fn of<T: Real>(d: [T; 6]) -> [T; 6] {
        let [half, two, sum] = [0.5, 2., 2.5].map(T::from_f64);
        let small = T::from_f64(FRAC_1_SQRT_2) * (d[3] - two * d[1]);
        let large = T::from_f64(SQRT_2) * (d[3] - half * d[1]);
        let (even_small, even_large) = (d[4] - two * d[2], d[4] - half * d[2]);
        [
            (d[0] + d[4]) - sum * d[2],
            even_small + small,
            even_small - small,
            even_large + large,
            even_large - large,
            (d[1] + d[5]) - sum * d[3],
        ]
    }
}

/// `G g`, of the three taps.
pub(super) struct Taps;

impl Line<3, 6> for Taps {
    #[inline(always)]
    fn of<T: Real>(g: [T; 3]) -> [T; 6] {
        let factor = |value: f64| T::from_f64(value);
        let even_small = factor(-2. / 3.) * (g[0] + factor(0.5) * g[2]);
        let even_large = factor(1. / 6.) * (g[0] + factor(2.) * g[2]);
        let (small, large) = (factor(-SQRT_2 / 3.) * g[1], factor(SQRT_2 / 6.) * g[1]);
        [g[0], even_small + small, even_small - small, even_large + large, even_large - large, g[2]]
    }
}

/// `A^T m`: four results of six products.
pub(super) struct Write;

impl Line<6, 4> for Write {
    #[inline(always)]
    fn of<T: Real>(m: [T; 6]) -> [T; 4] {
        let [half, two] = [0.5, 2.].map(T::from_f64);
        let (even_small, even_large) = (m[1] + m[2], m[3] + m[4]);
        let small = T::from_f64(FRAC_1_SQRT_2) * (m[1] - m[2]);
        let large = T::from_f64(SQRT_2) * (m[3] - m[4]);
        [
            m[0] + (even_small + even_large),
            small + large,
            half * even_small + two * even_large,
            (half * small + two * large) + m[5],
        ]
    }
}
