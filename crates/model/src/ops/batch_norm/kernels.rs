//! The loops of batch normalisation over one plane.

use crate::ops::cpu::level::vectorised;

/// Independent sums of a run, so that they can be added in vectors.
const LANES: usize = 32;
/// Elements summed in the element type before the sums are widened to f64.
const RUN: usize = 4096;

vectorised! {
    /// Sums of `x - pivot` and of its square. A pivot near the values keeps the variance exact.
    pub(super) fn moments<T>(x: &[T], pivot: T) -> (f64, f64) {
        let (mut total, mut total_square) = (0f64, 0f64);
        for run in x.chunks(RUN) {
            let (mut sum, mut square) = ([T::zero(); LANES], [T::zero(); LANES]);
            let (whole, rest) = run.as_chunks::<LANES>();
            for lanes in whole {
                for i in 0..LANES {
                    let d = lanes[i] - pivot;
                    sum[i] += d;
                    square[i] += d * d;
                }
            }
            for (i, &x) in rest.iter().enumerate() {
                let d = x - pivot;
                sum[i] += d;
                square[i] += d * d;
            }
            total += sum.iter().map(|s| s.to_f64()).sum::<f64>();
            total_square += square.iter().map(|s| s.to_f64()).sum::<f64>();
        }
        (total, total_square)
    }
}

vectorised! {
    /// `y = x * scale + shift`, rectified if asked.
    pub(super) fn normalise<T>(x: &[T], y: &mut [T], scale: T, shift: T, relu: bool) {
        if relu {
            for (y, &x) in y.iter_mut().zip(x) {
                let v = x * scale + shift;
                *y = if v < T::zero() { T::zero() } else { v };
            }
        } else {
            for (y, &x) in y.iter_mut().zip(x) {
                *y = x * scale + shift;
            }
        }
    }
}

vectorised! {
    /// `y = x * scale + shift + residual`, rectified if asked.
    pub(super) fn normalise_add<T>(x: &[T], residual: &[T], y: &mut [T], scale: T, shift: T, relu: bool) {
        if relu {
            for ((y, &x), &r) in y.iter_mut().zip(x).zip(residual) {
                let v = x * scale + shift + r;
                *y = if v < T::zero() { T::zero() } else { v };
            }
        } else {
            for ((y, &x), &r) in y.iter_mut().zip(x).zip(residual) {
                *y = x * scale + shift + r;
            }
        }
    }
}

vectorised! {
    /// The gradient before the rectifier: `dy` where the result `y` is positive (or NaN), else 0.
    pub(super) fn mask<T>(y: &[T], dy: &[T], masked: &mut [T]) {
        for ((m, &y), &dy) in masked.iter_mut().zip(y).zip(dy) {
            *m = if y <= T::zero() { T::zero() } else { dy };
        }
    }
}

vectorised! {
    /// Sums of `d` and of `d * (x - mean)`.
    pub(super) fn gradient_sums<T>(x: &[T], d: &[T], mean: T) -> (f64, f64) {
        let (mut total, mut total_product) = (0f64, 0f64);
        for (x, d) in x.chunks(RUN).zip(d.chunks(RUN)) {
            let (mut sum, mut product) = ([T::zero(); LANES], [T::zero(); LANES]);
            let ((x_whole, x_rest), (d_whole, d_rest)) = (x.as_chunks::<LANES>(), d.as_chunks::<LANES>());
            for (x, d) in x_whole.iter().zip(d_whole) {
                for i in 0..LANES {
                    sum[i] += d[i];
                    product[i] += d[i] * (x[i] - mean);
                }
            }
            for (i, (&x, &d)) in x_rest.iter().zip(d_rest).enumerate() {
                sum[i] += d;
                product[i] += d * (x - mean);
            }
            total += sum.iter().map(|s| s.to_f64()).sum::<f64>();
            total_product += product.iter().map(|s| s.to_f64()).sum::<f64>();
        }
        (total, total_product)
    }
}

vectorised! {
    /// `dx = d * scale - (x - mean) * along - offset`.
    pub(super) fn gradient<T>(x: &[T], d: &[T], dx: &mut [T], mean: T, scale: T, along: T, offset: T) {
        for ((dx, &x), &d) in dx.iter_mut().zip(x).zip(d) {
            *dx = d * scale - (x - mean) * along - offset;
        }
    }
}

vectorised! {
    /// As [`gradient`], with `d` already in `dx`.
    pub(super) fn gradient_in_place<T>(x: &[T], dx: &mut [T], mean: T, scale: T, along: T, offset: T) {
        for (dx, &x) in dx.iter_mut().zip(x) {
            *dx = *dx * scale - (x - mean) * along - offset;
        }
    }
}
