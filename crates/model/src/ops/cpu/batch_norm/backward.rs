//! The backward pass of batch normalisation.

use super::NAME;
use super::coefficients::{Channel, Coefficients, channels};
use super::gradient_kernels::{self as kernels, Gradient};
use super::rows::Rows;
use super::sums::{Adder, Sums};
use crate::ops::Activation;
use crate::ops::batch_norm::gradients::{Backward, Gradients};
use crate::ops::cpu::memory::{filled, write_pieces};
use crate::ops::cpu::parallel;
use crate::ops::cpu::real::{Real, read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor, bail};
use std::sync::OnceLock;

/// The gradients, in two passes over memory.
pub(in crate::ops) fn backward(b: &Backward<'_>) -> Result<Gradients> {
    let _operator = tracing::trace_span!("batch norm, backward").entered();
    let relu = b.activation == Activation::Relu;
    if relu && b.residual && b.y.is_none() {
        bail!("{NAME}: expected the result, from which the residual's gradient is masked");
    }
    let (x, dy) = (channels_last(b.x)?, channels_last(b.dy)?);
    let y = b.y.filter(|_| relu).map(channels_last).transpose()?;
    with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| read(NAME, &dy, |dys: &[T]| {
        let pass = Pass { b, x, rows: Rows::of(b.x.dim(1)?), channels: channels::<T>(b.statistics, b.layer)? };
        match &y {
            Some(y) => read(NAME, y, |y: &[T]| pass.with_result(y, dys)),
            None => {
                let gradient = if relu { Gradient::FromInput(dys) } else { Gradient::Given(dys) };
                pass.finish(gradient, pass.sums(gradient), b.residual.then(|| b.dy.clone()))
            }
        }
    })))
}

struct Pass<'a, T> {
    b: &'a Backward<'a>,
    x: &'a [T],
    rows: Rows,
    channels: Vec<Channel>,
}

impl<T: Real> Pass<'_, T> {
    /// The gradients where the result says what the rectifier let through.
    fn with_result(&self, y: &[T], dy: &[T]) -> Result<Gradients> {
        if !self.b.residual {
            let gradient = Gradient::FromResult { y, dy };
            return self.finish(gradient, self.sums(gradient), None);
        }
        let (masked, sums) = self.masked(y, dy);
        let (dx, parameters) = self.gradients(Gradient::Given(&masked), sums)?;
        self.tensors(dx, parameters, Some(self.map(masked)?))
    }

    fn finish(&self, gradient: Gradient<'_, T>, sums: Sums, residual: Option<Tensor>) -> Result<Gradients> {
        let (dx, parameters) = self.gradients(gradient, sums)?;
        self.tensors(dx, parameters, residual)
    }

    /// Of each channel, over this process's images: the sums of `d` and of `d * (x - mean)`.
    fn sums(&self, gradient: Gradient<'_, T>) -> Sums {
        let (rows, len) = (&self.rows, self.x.len());
        let of = Coefficients::new(rows, &self.channels);
        let blocks = parallel::map(len.div_ceil(rows.block.max(1)), len / 2, |i| {
            let (mut adder, mut buffer) = (Adder::new(rows), vec![T::zero(); rows.width]);
            let end = len.min((i + 1) * rows.block);
            for at in (i * rows.block..end).step_by(rows.run) {
                let length = rows.run.min(end - at);
                let (x, gradient) = (&self.x[at..][..length], gradient.part(at, length));
                adder.run(|sum, product| kernels::sums(x, gradient, &of, &mut buffer, sum, product));
            }
            adder.total()
        });
        Sums::of_channels(rows, blocks.into_iter())
    }

    /// `d`, which is the residual's gradient, and the sums.
    fn masked(&self, y: &[T], dy: &[T]) -> (Vec<T>, Sums) {
        let (rows, len) = (&self.rows, self.x.len());
        let of = Coefficients::new(rows, &self.channels);
        let blocks: Vec<OnceLock<Sums>> = vec![OnceLock::new(); len.div_ceil(rows.block.max(1))];
        let masked = filled(len, rows.block, len, |i, d| {
            let mut adder = Adder::new(rows);
            let d = write_pieces(d, rows.run, |run, d| {
                let (at, length) = (i * rows.block + run * rows.run, d.len());
                let d = kernels::mask(&y[at..][..length], &dy[at..][..length], d);
                let x = &self.x[at..][..length];
                adder.run(|sum, product| kernels::sums(x, Gradient::Given(d), &of, &mut [], sum, product));
                d
            });
            // Each block is one task's.
            let _ = blocks[i].set(adder.total());
            d
        });
        (masked, Sums::of_channels(rows, blocks.into_iter().filter_map(OnceLock::into_inner)))
    }

    /// The gradient of `x`, and those of gamma and beta.
    fn gradients(&self, gradient: Gradient<'_, T>, own: Sums) -> Result<(Vec<T>, [Vec<T>; 2])> {
        let inverse = |c: &Channel| 1. / (c.var + self.b.layer.eps).sqrt();
        let gamma = own.second.iter().zip(&self.channels).map(|(v, c)| T::from_f64(v * inverse(c)));
        let parameters = [gamma.collect(), own.first.iter().map(|&v| T::from_f64(v)).collect()];
        let (n, channels, h, w) = self.b.x.dims4()?;
        let (all, count) = match self.b.across {
            None => (own, n * h * w),
            Some(across) => {
                let packed = [own.first, own.second].concat();
                let packed = Tensor::from_vec(packed, (2, channels), &Device::Cpu)?;
                let all = across.group.sum(&packed)?;
                let (first, second) = (all.get(0)?.to_vec1()?, all.get(1)?.to_vec1()?);
                (Sums { first, second }, across.pictures * h * w)
            }
        };
        let mut of = Coefficients::new(&self.rows, &self.channels);
        if !self.b.constant {
            let share = |c: &Channel| c.scale / count as f64;
            let along = all.second.iter().zip(&self.channels);
            let along = along.map(|(v, c)| T::from_f64(share(c) * v * inverse(c) * inverse(c)));
            of.along = self.rows.repeated(&along.collect::<Vec<T>>());
            let offset = all.first.iter().zip(&self.channels).map(|(v, c)| T::from_f64(share(c) * v));
            of.offset = self.rows.repeated(&offset.collect::<Vec<T>>());
        }
        let dx = filled(self.x.len(), self.rows.block, self.x.len() / 2, |i, dx| {
            let (at, len) = (i * self.rows.block, dx.len());
            let mut buffer = vec![T::zero(); self.rows.width];
            kernels::gradient(&self.x[at..][..len], gradient.part(at, len), &of, &mut buffer, dx)
        });
        Ok((dx, parameters))
    }

    fn tensors(&self, dx: Vec<T>, [gamma, beta]: [Vec<T>; 2], residual: Option<Tensor>) -> Result<Gradients> {
        let channels = self.channels.len();
        Ok(Gradients {
            x: self.map(dx)?,
            gamma: Tensor::from_vec(gamma, channels, &Device::Cpu)?,
            beta: Tensor::from_vec(beta, channels, &Device::Cpu)?,
            residual,
        })
    }

    /// A map of the shape of `x`.
    fn map(&self, values: Vec<T>) -> Result<Tensor> {
        let (n, c, h, w) = self.b.x.dims4()?;
        as_map(&Tensor::from_vec(values, (n, h, w, c), &Device::Cpu)?)
    }
}
