//! The forward pass of batch normalisation and its two operators.

use super::{NAME, backward, kernels};
use crate::ops::Activation;
use crate::ops::parallel::{self, Shared, written_by};
use crate::ops::real::{Real, element_type, elements, with_real};
use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, WithDType};
use std::sync::{Arc, OnceLock};

/// Mean and biased variance of each channel.
#[derive(Debug)]
pub(super) struct Statistics {
    pub(super) mean: Vec<f64>,
    pub(super) var: Vec<f64>,
}

/// One application of the layer.
pub(super) struct BatchNorm {
    pub(super) eps: f64,
    pub(super) activation: Activation,
    /// The running statistics, when those of the batch are not to be used.
    pub(super) given: Option<Statistics>,
    /// Those of the batch, once the forward pass has run.
    pub(super) statistics: Arc<OnceLock<Statistics>>,
}

/// Inputs `x`, `gamma`, `beta`.
pub(super) struct Plain(pub(super) BatchNorm);

/// Inputs `x`, `[gamma, beta]`, `residual`.
pub(super) struct WithResidual(pub(super) BatchNorm);

type Gradients = (Option<Tensor>, Option<Tensor>, Option<Tensor>);

impl CustomOp3 for Plain {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        gamma: &CpuStorage,
        gamma_layout: &Layout,
        beta: &CpuStorage,
        beta_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let shape = x_layout.shape().clone();
        let y = with_real!(element_type(x), NAME, T => {
            let x = elements::<T>(NAME, x, x_layout)?;
            let gamma = elements::<T>(NAME, gamma, gamma_layout)?;
            let beta = elements::<T>(NAME, beta, beta_layout)?;
            T::to_cpu_storage_owned(self.0.forward(x, gamma, beta, None, shape.dims4()?))
        });
        Ok((y, shape))
    }

    fn bwd(&self, x: &Tensor, gamma: &Tensor, _: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Gradients> {
        let g = backward::run(&self.0, x, gamma, y, dy, false)?;
        Ok((Some(g.x), Some(g.gamma), Some(g.beta)))
    }
}

impl CustomOp3 for WithResidual {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        affine: &CpuStorage,
        affine_layout: &Layout,
        residual: &CpuStorage,
        residual_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let shape = x_layout.shape().clone();
        let y = with_real!(element_type(x), NAME, T => {
            let x = elements::<T>(NAME, x, x_layout)?;
            let affine = elements::<T>(NAME, affine, affine_layout)?;
            let residual = elements::<T>(NAME, residual, residual_layout)?;
            let (gamma, beta) = affine.split_at(affine.len() / 2);
            T::to_cpu_storage_owned(self.0.forward(x, gamma, beta, Some(residual), shape.dims4()?))
        });
        Ok((y, shape))
    }

    fn bwd(&self, x: &Tensor, affine: &Tensor, _: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Gradients> {
        let g = backward::run(&self.0, x, &affine.get(0)?.detach(), y, dy, true)?;
        let residual = g.residual.unwrap_or_else(|| dy.clone());
        Ok((Some(g.x), Some(Tensor::stack(&[g.gamma, g.beta], 0)?), Some(residual)))
    }
}

impl BatchNorm {
    fn forward<T: Real>(
        &self,
        x: &[T],
        gamma: &[T],
        beta: &[T],
        residual: Option<&[T]>,
        (n, c, h, w): (usize, usize, usize, usize),
    ) -> Vec<T> {
        let hw = h * w;
        let relu = self.activation == Activation::Relu;
        let mut statistics = Vec::new();
        // SAFETY: the task of a channel writes all planes of that channel.
        let y = unsafe {
            written_by(x.len(), |y: Shared<T>| {
                statistics = parallel::map(c, x.len(), |channel| {
                    let plane = |image: usize| (image * c + channel) * hw;
                    let (mean, var) = match &self.given {
                        Some(given) => (given.mean[channel], given.var[channel]),
                        None => moments(x, hw, (0..n).map(plane)),
                    };
                    let scale = gamma[channel].to_f64() / (var + self.eps).sqrt();
                    let shift = T::from_f64(beta[channel].to_f64() - mean * scale);
                    let scale = T::from_f64(scale);
                    for at in (0..n).map(plane) {
                        let (x, y) = (&x[at..][..hw], y.slice(at, hw));
                        match residual {
                            None => kernels::normalise(x, y, scale, shift, relu),
                            Some(r) => kernels::normalise_add(x, &r[at..][..hw], y, scale, shift, relu),
                        }
                    }
                    (mean, var)
                });
            })
        };
        let (mean, var) = statistics.into_iter().unzip();
        // The operator object runs once; a second run would find the same numbers.
        let _ = self.statistics.set(Statistics { mean, var });
        y
    }

    /// The statistics that the forward pass used.
    pub(super) fn used(&self) -> Option<&Statistics> {
        self.statistics.get()
    }
}

/// Mean and biased variance of the planes that start at `planes`.
fn moments<T: Real>(x: &[T], hw: usize, planes: impl Iterator<Item = usize> + Clone) -> (f64, f64) {
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
