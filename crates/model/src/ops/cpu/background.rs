//! The implicit background logit.

use super::parallel::for_each_chunk;
use super::real::{Real, read, with_real};
use super::tiles::{self, TILE, Tile};
use crate::ops::head::Form;
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor};

/// Pixels handled by one task.
const BLOCK: usize = 1024;
/// Rough cost of one channel of one pixel.
const NANOSECONDS: usize = 2;

/// The background logits of a tile of foreground logits `v`, which are used up.
pub(super) fn value<T: Real>(form: Form, v: &mut Tile<T>, b: &mut [T; TILE]) {
    match form {
        Form::NegLse => {
            let mut largest = [T::zero(); TILE];
            tiles::log_sum(v, b, &mut largest);
            b.iter_mut().zip(largest).for_each(|(b, largest)| *b = -(largest + *b));
        }
        Form::NegMax => {
            tiles::largest(v, &mut [T::zero(); TILE], b);
            b.iter_mut().for_each(|b| *b = -*b);
        }
    }
}

/// As [`value`], and replaces `v` by the derivatives of the background logits.
pub(super) fn value_and_slope<T: Real>(form: Form, v: &mut Tile<T>, b: &mut [T; TILE]) {
    match form {
        Form::NegLse => {
            let (mut log_sum, mut largest) = ([T::zero(); TILE], [T::zero(); TILE]);
            // The softmax is taken from `v`: from the value, which is rounded, it would lose digits for large logits.
            tiles::softmax(v, &mut log_sum, &mut largest);
            for i in 0..TILE {
                b[i] = -(largest[i] + log_sum[i]);
            }
            v.as_flattened_mut().iter_mut().for_each(|v| *v = -*v);
        }
        Form::NegMax => {
            let mut winner = [T::zero(); TILE];
            tiles::largest(v, &mut winner, b);
            v.fill([T::zero(); TILE]);
            for i in 0..TILE {
                b[i] = -b[i];
                v[winner[i].to_f64() as usize][i] = -T::one();
            }
        }
    }
}

/// `v` `[N, K, H, W]` to its background logit `[N, 1, H, W]`.
pub(in crate::ops) fn logit(v: &Tensor, form: Form) -> Result<Tensor> {
    let _operator = tracing::trace_span!("background logit, forward").entered();
    let (n, k, h, w) = v.dims4()?;
    let v = channels_last(v)?;
    let b = with_real!(v.dtype(), form.name(), T => read(form.name(), &v, |v: &[T]| {
        let mut b = vec![0 as T; n * h * w];
        for_each_chunk(&mut b, BLOCK, v.len() * NANOSECONDS, |block, b| {
            let (mut tile, mut value_of) = (tiles::zeros(k), [0 as T; TILE]);
            let v = &v[block * BLOCK * k..][..b.len() * k];
            for (v, b) in v.chunks(TILE * k).zip(b.chunks_mut(TILE)) {
                tiles::load(v, k, &mut tile);
                value(form, &mut tile, &mut value_of);
                b.copy_from_slice(&value_of[..b.len()]);
            }
        });
        Tensor::from_vec(b, (n, h, w, 1), &Device::Cpu)
    }))?;
    as_map(&b)
}

/// `v` `[N, K, H, W]` to `[b, v]` `[N, K + 1, H, W]`.
pub(in crate::ops) fn prepend(v: &Tensor, form: Form) -> Result<Tensor> {
    let _operator = tracing::trace_span!("background logit, forward").entered();
    let (n, k, h, w) = v.dims4()?;
    let v = channels_last(v)?;
    let z = with_real!(v.dtype(), form.name(), T => read(form.name(), &v, |v: &[T]| {
        let mut z = vec![0 as T; n * h * w * (k + 1)];
        for_each_chunk(&mut z, BLOCK * (k + 1), v.len() * NANOSECONDS, |block, z| {
            let (mut tile, mut b) = (tiles::zeros(k), [0 as T; TILE]);
            let v = v[block * BLOCK * k..].chunks(TILE * k);
            for (v, z) in v.zip(z.chunks_mut(TILE * (k + 1))) {
                tiles::load(v, k, &mut tile);
                value(form, &mut tile, &mut b);
                for ((z, v), b) in z.chunks_exact_mut(k + 1).zip(v.chunks_exact(k)).zip(b) {
                    z[0] = b;
                    z[1..].copy_from_slice(v);
                }
            }
        });
        Tensor::from_vec(z, (n, h, w, k + 1), &Device::Cpu)
    }))?;
    as_map(&z)
}

/// The gradient of `v`, given that of its background logit.
pub(in crate::ops) fn logit_backward(v: &Tensor, db: &Tensor, form: Form) -> Result<Tensor> {
    gradient(v, db, form)
}

/// The gradient of `v`, given that of [`prepend`]'s result.
pub(in crate::ops) fn prepend_backward(v: &Tensor, dz: &Tensor, form: Form) -> Result<Tensor> {
    gradient(v, dz, form)
}

/// The gradient of `v` `[N, K, H, W]`, given that of its background logit, channel 0 of `dz`, and that of `v` itself in the
/// other channels where there are any.
fn gradient(v: &Tensor, dz: &Tensor, form: Form) -> Result<Tensor> {
    let _operator = tracing::trace_span!("background logit, backward").entered();
    let ((n, k, h, w), given) = (v.dims4()?, dz.dim(1)?);
    let (v, dz) = (channels_last(v)?, channels_last(dz)?);
    let dv = with_real!(v.dtype(), form.name(), T => {
        let mut dv = vec![0 as T; n * h * w * k];
        read(form.name(), &v, |v: &[T]| read(form.name(), &dz, |dz: &[T]| {
            for_each_chunk(&mut dv, BLOCK * k, v.len() * NANOSECONDS, |block, dv| {
                let (mut tile, mut b) = (tiles::zeros(k), [0 as T; TILE]);
                let v = v[block * BLOCK * k..].chunks(TILE * k);
                let dz = dz[block * BLOCK * given..].chunks(TILE * given);
                for ((v, dz), dv) in v.zip(dz).zip(dv.chunks_mut(TILE * k)) {
                    tiles::load(v, k, &mut tile);
                    value_and_slope(form, &mut tile, &mut b);
                    tiles::store(&tile, k, dv);
                    for (dv, dz) in dv.chunks_exact_mut(k).zip(dz.chunks_exact(given)) {
                        dv.iter_mut().for_each(|dv| *dv *= dz[0]);
                        dv.iter_mut().zip(&dz[1..]).for_each(|(dv, dz)| *dv += dz);
                    }
                }
            });
            Ok(())
        }))?;
        Tensor::from_vec(dv, (n, h, w, k), &Device::Cpu)?
    });
    as_map(&dv)
}
