//! The transforms of F(2x2, 3x3), along one side: points 0, 1, -1 and infinity.
//!
//! Lavin and Gray (2016), "Fast Algorithms for Convolutional Neural Networks".

use super::lanes::Line;
use crate::ops::cpu::real::Real;

/// `B^T d`, of four pixels that are read.
pub(super) struct Read;

impl Line<4, 4> for Read {
    #[inline(always)]
    fn of<T: Real>(d: [T; 4]) -> [T; 4] {
        [d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]]
    }
}

/// `G g`, of the three taps.
pub(super) struct Taps;

impl Line<3, 4> for Taps {
    #[inline(always)]
    fn of<T: Real>(g: [T; 3]) -> [T; 4] {
        let half = T::from_f64(0.5);
        let (even, odd) = (half * (g[0] + g[2]), half * g[1]);
        [g[0], even + odd, even - odd, g[2]]
    }
}

/// `A^T m`: two results of four products.
pub(super) struct Write;

impl Line<4, 2> for Write {
    #[inline(always)]
    fn of<T: Real>(m: [T; 4]) -> [T; 2] {
        [m[0] + (m[1] + m[2]), (m[1] - m[2]) - m[3]]
    }
}

/// `A y`: the gradients of four products from those of two results.
pub(super) struct WriteGradient;

impl Line<2, 4> for WriteGradient {
    #[inline(always)]
    fn of<T: Real>(y: [T; 2]) -> [T; 4] {
        [y[0], y[0] + y[1], y[0] - y[1], -y[1]]
    }
}

/// `G^T m`: the gradients of three taps from those of their four transforms.
pub(super) struct TapsGradient;

impl Line<4, 3> for TapsGradient {
    #[inline(always)]
    fn of<T: Real>(m: [T; 4]) -> [T; 3] {
        let half = T::from_f64(0.5);
        let (even, odd) = (half * (m[1] + m[2]), half * (m[1] - m[2]));
        [m[0] + even, odd, even + m[3]]
    }
}
