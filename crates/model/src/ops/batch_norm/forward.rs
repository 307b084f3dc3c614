//! The forward pass of batch normalisation and its two operators.

use super::moments::moments;
use super::op::{BatchNorm, Used};
use super::statistics::Statistics;
use super::{NAME, backward, kernels};
use crate::ops::Activation;
use crate::ops::cpu::parallel::{self, Shared, written_by};
use crate::ops::cpu::real::{Real, element_type, elements, with_real};
#[cfg(feature = "cuda")]
use crate::ops::cuda::batch_norm as cuda;
#[cfg(feature = "cuda")]
use candle_core::CudaStorage;
use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, WithDType};

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
            T::to_cpu_storage_owned(self.0.forward(x, gamma, beta, None, shape.dims4()?)?)
        });
        Ok((y, shape))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        x_layout: &Layout,
        gamma: &CudaStorage,
        gamma_layout: &Layout,
        beta: &CudaStorage,
        beta_layout: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        let affine = cuda::Affine::Apart((gamma, gamma_layout), (beta, beta_layout));
        self.0.cuda((x, x_layout), affine, None)
    }

    fn bwd(&self, x: &Tensor, gamma: &Tensor, _: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Gradients> {
        #[cfg(feature = "cuda")]
        if x.device().is_cuda() {
            let g = backward::cuda(&self.0, x, gamma, y, dy, false)?;
            return Ok((Some(g.0), Some(g.1.get(0)?), Some(g.1.get(1)?)));
        }
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
            T::to_cpu_storage_owned(self.0.forward(x, gamma, beta, Some(residual), shape.dims4()?)?)
        });
        Ok((y, shape))
    }

    #[cfg(feature = "cuda")]
    fn cuda_fwd(
        &self,
        x: &CudaStorage,
        x_layout: &Layout,
        affine: &CudaStorage,
        affine_layout: &Layout,
        residual: &CudaStorage,
        residual_layout: &Layout,
    ) -> Result<(CudaStorage, Shape)> {
        let affine = cuda::Affine::Packed((affine, affine_layout));
        self.0.cuda((x, x_layout), affine, Some((residual, residual_layout)))
    }

    fn bwd(&self, x: &Tensor, affine: &Tensor, _: &Tensor, y: &Tensor, dy: &Tensor) -> Result<Gradients> {
        #[cfg(feature = "cuda")]
        if x.device().is_cuda() {
            let g = backward::cuda(&self.0, x, &affine.get(0)?.detach(), y, dy, true)?;
            return Ok((Some(g.0), Some(g.1), Some(g.2.unwrap_or_else(|| dy.clone()))));
        }
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
    ) -> Result<Vec<T>> {
        let _operator = tracing::trace_span!("batch norm, forward").entered();
        let hw = h * w;
        let relu = self.activation == Activation::Relu;
        let given = self.given.as_ref().map(Statistics::pairs).transpose()?;
        let mut statistics = Vec::new();
        // SAFETY: the task of a channel writes all planes of that channel.
        let y = unsafe {
            written_by(x.len(), |y: Shared<T>| {
                statistics = parallel::map(c, x.len(), |channel| {
                    let plane = |image: usize| (image * c + channel) * hw;
                    let (mean, var) = match &given {
                        Some(given) => given[channel],
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
        let statistics = Statistics::from_pairs(&statistics)?;
        // The operator object runs once; a second run would find the same numbers.
        let _ = self.used.set(Used {
            statistics,
            #[cfg(feature = "cuda")]
            folded: None,
        });
        Ok(y)
    }

    #[cfg(feature = "cuda")]
    fn cuda(
        &self,
        x: cuda::Part<'_>,
        affine: cuda::Affine<'_>,
        residual: Option<cuda::Part<'_>>,
    ) -> Result<(CudaStorage, Shape)> {
        let forward = cuda::Forward {
            x,
            affine,
            residual,
            given: self.given.as_ref().map(|given| (&given.mean, &given.var)),
            eps: self.eps,
            relu: self.activation == Activation::Relu,
        };
        let (y, kept) = cuda::forward(NAME, &forward)?;
        let statistics = Statistics { mean: kept.mean, var: kept.var };
        let _ = self.used.set(Used { statistics, folded: Some(kept.folded) });
        Ok((y, x.1.shape().clone()))
    }
}
