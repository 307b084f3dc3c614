//! The loops of the forward pass over rows of pixels. Slices of parameters hold one for each element of a row.

use crate::ops::cpu::level::vectorised;
use crate::ops::cpu::memory::{write_each, write_rows};
use std::mem::MaybeUninit;

vectorised! {
    /// Adds a run's sums to those of a block, and starts the next run.
    pub(super) fn widen<T>(run: &mut [T], total: &mut [f64]) {
        for (total, run) in total.iter_mut().zip(run) {
            *total += run.to_f64();
            *run = T::zero();
        }
    }
}

vectorised! {
    /// Adds `x - pivot` and its square. A pivot near the values keeps the variance exact.
    pub(super) fn moments<T>(x: &[T], pivot: &[T], sum: &mut [T], square: &mut [T]) {
        let width = pivot.len();
        let (sum, square) = (&mut sum[..width], &mut square[..width]);
        let mut fours = x.chunks_exact(4 * width);
        for four in &mut fours {
            let (a, b) = four.split_at(2 * width);
            let ((a, b), (c, d)) = (a.split_at(width), b.split_at(width));
            let (a, b, c, d) = (&a[..width], &b[..width], &c[..width], &d[..width]);
            for i in 0..width {
                let p = pivot[i];
                let (a, b, c, d) = (a[i] - p, b[i] - p, c[i] - p, d[i] - p);
                sum[i] += (a + b) + (c + d);
                square[i] += (a * a + b * b) + (c * c + d * d);
            }
        }
        for row in fours.remainder().chunks(width) {
            for (((&x, &p), sum), square) in row.iter().zip(pivot).zip(&mut *sum).zip(&mut *square) {
                *sum += x - p;
                *square += (x - p) * (x - p);
            }
        }
    }
}

vectorised! {
    /// `y = x * scale + shift`, rectified if asked.
    pub(super) fn normalise<'a, T>(
        x: &[T],
        scale: &[T],
        shift: &[T],
        relu: bool,
        y: &'a mut [MaybeUninit<T>],
    ) -> &'a mut [T] {
        let width = scale.len();
        write_rows!(y, width, (row, y) => {
            let len = y.len();
            let (x, scale, shift) = (&x[row * width..][..len], &scale[..len], &shift[..len]);
            if relu {
                write_each!(y, i => {
                    let v = x[i] * scale[i] + shift[i];
                    if v < T::zero() { T::zero() } else { v }
                })
            } else {
                write_each!(y, i => x[i] * scale[i] + shift[i])
            }
        })
    }
}

vectorised! {
    /// `y = x * scale + shift + residual`, rectified if asked.
    pub(super) fn normalise_add<'a, T>(
        x: &[T],
        residual: &[T],
        scale: &[T],
        shift: &[T],
        relu: bool,
        y: &'a mut [MaybeUninit<T>],
    ) -> &'a mut [T] {
        let width = scale.len();
        write_rows!(y, width, (row, y) => {
            let (at, len) = (row * width, y.len());
            let (x, residual) = (&x[at..][..len], &residual[at..][..len]);
            let (scale, shift) = (&scale[..len], &shift[..len]);
            if relu {
                write_each!(y, i => {
                    let v = x[i] * scale[i] + shift[i] + residual[i];
                    if v < T::zero() { T::zero() } else { v }
                })
            } else {
                write_each!(y, i => x[i] * scale[i] + shift[i] + residual[i])
            }
        })
    }
}
