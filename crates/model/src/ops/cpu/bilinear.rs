//! Bilinear resizing on the CPU.

use super::level::vectorised;
use super::memory::{filled, write_each, write_rows};
use super::real::{read, with_real};
use super::scratch;
use crate::ops::layout::{as_map, channels_last};
use crate::ops::resizing::{Resizing, Side};
use candle_core::{Device, Result, Tensor};
use std::mem::MaybeUninit;

const NAME: &str = "upsample_bilinear";

/// `x` `[N, C, H, W]` resized.
pub(in crate::ops) fn forward(x: &Tensor, resizing: &Resizing) -> Result<Tensor> {
    let _operator = tracing::trace_span!("bilinear, forward").entered();
    let (n, c, h, w) = x.dims4()?;
    let (oh, ow) = (resizing.out_h, resizing.out_w);
    let x = channels_last(x)?;
    let y = with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| {
        let (rows, columns) = resizing.sides::<T>();
        let len = n * oh * ow * c;
        let y = filled(len, ow * c, len, |row, y| {
            let (image, oy) = (row / oh, row % oh);
            let line = |at: usize| &x[(image * h + at) * w * c..][..w * c];
            let ([above, below], weight) = (rows.from[oy].map(line), rows.weight[oy]);
            scratch::with(w * c, |blend: &mut [T]| {
                mix(above, below, weight, blend);
                stretch(blend, c, &columns, y)
            })
        });
        Tensor::from_vec(y, (n, oh, ow, c), &Device::Cpu)
    }))?;
    as_map(&y)
}

/// The gradient of the input, given that of the resized map.
pub(in crate::ops) fn backward(dy: &Tensor, resizing: &Resizing) -> Result<Tensor> {
    let _operator = tracing::trace_span!("bilinear, backward").entered();
    let (n, c, oh, ow) = dy.dims4()?;
    let (h, w) = (resizing.h, resizing.w);
    let dy = channels_last(dy)?;
    let dx = with_real!(dy.dtype(), NAME, T => read(NAME, &dy, |dy: &[T]| {
        let (rows, columns) = resizing.sides::<T>();
        let dx = filled(n * h * w * c, w * c, 2 * dy.len(), |row, dx| {
            let (image, y) = (row / h, row % h);
            scratch::with(ow * c, |sum: &mut [T]| {
                sum.fill(0 as T);
                for (oy, share) in rows.uses(y) {
                    add(&dy[(image * oh + oy) * ow * c..][..ow * c], share, sum);
                }
                shrink(sum, c, &columns, dx)
            })
        });
        Tensor::from_vec(dx, (n, h, w, c), &Device::Cpu)
    }))?;
    as_map(&dx)
}

vectorised! {
    /// `(1 - weight) * first + weight * second`.
    fn mix<T>(first: &[T], second: &[T], weight: T, out: &mut [T]) {
        let rest = T::one() - weight;
        for ((out, &a), &b) in out.iter_mut().zip(first).zip(second) {
            *out = rest * a + weight * b;
        }
    }
}

vectorised! {
    /// A row of outputs, each mixed from two pixels of `blend`.
    fn stretch<'a, T>(blend: &[T], c: usize, columns: &Side<T>, y: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        write_rows!(y, c, (ox, pixel) => {
            let (len, weight) = (pixel.len(), columns.weight[ox]);
            let [left, right] = columns.from[ox].map(|at| &blend[at * c..][..len]);
            let rest = T::one() - weight;
            write_each!(pixel, i => rest * left[i] + weight * right[i])
        })
    }
}

vectorised! {
    /// `sum += share * row`.
    fn add<T>(row: &[T], share: T, sum: &mut [T]) {
        for (sum, &v) in sum.iter_mut().zip(row) {
            *sum += share * v;
        }
    }
}

vectorised! {
    /// A row of the input's gradient: what the pixels of `sum` took from each of its pixels.
    fn shrink<'a, T>(sum: &[T], c: usize, columns: &Side<T>, dx: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        write_rows!(dx, c, (x, pixel) => {
            let out = write_each!(pixel, _i => T::zero());
            for (ox, share) in columns.uses(x) {
                for (out, &v) in out.iter_mut().zip(&sum[ox * c..][..c]) {
                    *out += share * v;
                }
            }
            out
        })
    }
}
