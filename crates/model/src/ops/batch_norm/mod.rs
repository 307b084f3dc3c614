//! Batch normalisation fused with the residual sum and the rectifier.

mod across;
mod backward;
mod forward;
mod kernels;
mod moments;
mod op;
mod statistics;
mod together;
mod track;

pub use across::{Across, SumOverRanks};
pub use together::batch_norm_together;
pub use track::{Running, track_statistics};

use super::Activation;
use candle_core::{DType, Result, Tensor, bail};
use op::BatchNorm;
use statistics::Statistics;
use std::sync::{Arc, OnceLock};

const NAME: &str = "batch_norm";

/// The statistics of one batch, from which a layer updates its running ones. They stay on the device of the map.
#[derive(Clone, Debug)]
pub struct BatchStats {
    /// Mean of each channel over `[N, H, W]`: `[C]` in f64.
    pub mean: Tensor,
    /// Biased variance (divided by `count`) of each channel: `[C]` in f64.
    pub var: Tensor,
    /// Number of values per channel, `N * H * W`.
    pub count: usize,
}

/// `activation(gamma * (x - mean) / sqrt(var + eps) + beta + residual)` with the statistics of the batch itself.
///
/// `x` and `residual` are `[N, C, H, W]`, `gamma` and `beta` `[C]`; all four receive gradients, and the statistics are
/// part of the function that is differentiated. Sums are kept in f64.
///
/// # Errors
/// When shapes or element types do not belong together, or there is no value to take statistics of.
pub fn batch_norm_train(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<(Tensor, BatchStats)> {
    let (n, _, h, w) = check(x, gamma, beta, residual)?;
    let used = Arc::new(OnceLock::new());
    let op = BatchNorm { eps, activation, given: None, across: None, used: used.clone() };
    let y = apply(op, x, gamma, beta, residual)?;
    let Some(used) = used.get() else { bail!("{NAME}: the forward pass did not run") };
    let Statistics { mean, var } = used.statistics.clone();
    Ok((y, BatchStats { mean, var, count: n * h * w }))
}

/// As [`batch_norm_train`], with given statistics `[C]`, which are constants.
///
/// Differentiable in `x`, `gamma`, `beta` and `residual`. Each image's result is independent of the others.
///
/// # Errors
/// When shapes or element types do not belong together.
#[expect(clippy::too_many_arguments, reason = "the layer's parameters, as every framework has them")]
pub fn batch_norm_eval(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    running_mean: &Tensor,
    running_var: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let (_, c, _, _) = check(x, gamma, beta, residual)?;
    if running_mean.dims() != [c] || running_var.dims() != [c] {
        bail!(
            "{NAME}: expected running statistics of [{c}], got {:?} and {:?}",
            running_mean.dims(),
            running_var.dims()
        );
    }
    let f64s = |t: &Tensor| t.detach().to_dtype(DType::F64)?.contiguous();
    let given = Statistics { mean: f64s(running_mean)?, var: f64s(running_var)? };
    let op = BatchNorm { eps, activation, given: Some(given), across: None, used: Arc::default() };
    apply(op, x, gamma, beta, residual)
}

/// Checks that the arguments belong together and gives the shape of `x`.
fn check(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    residual: Option<&Tensor>,
) -> Result<(usize, usize, usize, usize)> {
    let (n, c, h, w) = x.dims4()?;
    if n * h * w == 0 {
        bail!("{NAME}: expected at least one value per channel, got {:?}", x.dims());
    }
    if gamma.dims() != [c] || beta.dims() != [c] {
        bail!("{NAME}: expected gamma and beta of [{c}], got {:?} {:?}", gamma.dims(), beta.dims());
    }
    if let Some(residual) = residual.filter(|r| r.dims() != x.dims()) {
        bail!("{NAME}: expected a residual of {:?}, got {:?}", x.dims(), residual.dims());
    }
    Ok((n, c, h, w))
}

/// candle's operators have at most three inputs: with a residual, gamma and beta travel as one tensor `[2, C]`.
fn apply(
    op: BatchNorm,
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    residual: Option<&Tensor>,
) -> Result<Tensor> {
    let x = x.contiguous()?;
    match residual {
        None => x.apply_op3(&gamma.contiguous()?, &beta.contiguous()?, forward::Plain(op)),
        Some(residual) => {
            let affine = Tensor::stack(&[gamma, beta], 0)?;
            x.apply_op3(&affine, &residual.contiguous()?, forward::WithResidual(op))
        }
    }
}
