//! Mean and variance of one channel.

use super::kernels;
use crate::ops::cpu::real::Real;

/// Mean and biased variance of the planes that start at `planes`.
pub(super) fn moments<T: Real>(
    x: &[T],
    hw: usize,
    planes: impl Iterator<Item = usize> + Clone,
) -> (f64, f64) {
    let first = planes.clone().next().unwrap_or(0);
    let sample = &x[first..][..hw.min(64)];
    let pivot = T::from_f64(sample.iter().map(|v| v.to_f64()).sum::<f64>() / sample.len() as f64);
    let (mut sum, mut square, mut count) = (0f64, 0f64, 0usize);
    for at in planes {
        let (s, q) = kernels::moments(&x[at..][..hw], pivot);
        sum += s;
        square += q;
        count += hw;
    }
    let offset = sum / count as f64;
    let var = square / count as f64 - offset * offset;
    // Rounding may leave a constant channel slightly below zero; `max` would turn NaN into 0.
    (pivot.to_f64() + offset, if var < 0. { 0. } else { var })
}
