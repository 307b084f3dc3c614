//! Batch normalisation fused with the residual sum and the rectifier.

pub(in crate::ops) mod across;
pub(in crate::ops) mod batch_stats;
mod functions;
pub(in crate::ops) mod gradients;
pub(in crate::ops) mod layer;
pub(in crate::ops) mod moments;
mod operator;
pub(in crate::ops) mod running;
pub(in crate::ops) mod statistics;
mod together;
mod track;

pub use across::{Across, SumOverRanks};
pub use batch_stats::BatchStats;
pub(crate) use functions::{backward, fold, moments, normalise};
pub(crate) use gradients::Backward;
pub(crate) use layer::Layer;
pub(crate) use moments::{Applied, Moments};
pub use running::Running;
pub(crate) use statistics::Statistics;
pub use together::batch_norm_together;
pub use track::track_statistics;

use super::Activation;
use super::types::{check_argument, check_computed, parameters};
use candle_core::{DType, Result, Tensor, bail};
use operator::BatchNorm;

const NAME: &str = "batch_norm";

/// `activation(gamma * (x - mean) / sqrt(var + eps) + beta + residual)` with the statistics of the batch itself.
///
/// `x` and `residual` are `[N, C, H, W]`, `gamma` and `beta` `[C]`; all four receive gradients, and the statistics are
/// part of the function that is differentiated. Sums are kept in f64.
///
/// # Errors
/// When shapes or element types do not belong together, there is no value to take statistics of, or `eps` is not a number
/// of 0 or more.
pub fn batch_norm_train(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<(Tensor, BatchStats)> {
    let (n, _, h, w) = check(x, gamma, beta, eps, residual)?;
    let statistics = moments(&x.detach())?;
    let Statistics { mean, var } = statistics.clone();
    let op = BatchNorm { statistics, eps, activation, constant: false, across: None };
    let y = operator::apply(op, x, gamma, beta, residual)?;
    Ok((y, BatchStats { mean, var, count: n * h * w }))
}

/// As [`batch_norm_train`], with given statistics `[C]`, which are constants.
///
/// Differentiable in `x`, `gamma`, `beta` and `residual`. Each image's result is independent of the others.
///
/// # Errors
/// When shapes or element types do not belong together, or `eps` is not a number of 0 or more.
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
    let (_, c, _, _) = check(x, gamma, beta, eps, residual)?;
    if running_mean.dims() != [c] || running_var.dims() != [c] {
        bail!(
            "{NAME}: expected running statistics of [{c}], got {:?} and {:?}",
            running_mean.dims(),
            running_var.dims()
        );
    }
    let f64s = |t: &Tensor| t.detach().to_dtype(DType::F64)?.contiguous();
    let statistics = Statistics { mean: f64s(running_mean)?, var: f64s(running_var)? };
    let op = BatchNorm { statistics, eps, activation, constant: true, across: None };
    operator::apply(op, x, gamma, beta, residual)
}

/// Checks that the arguments belong together and gives the shape of `x`.
fn check(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
) -> Result<(usize, usize, usize, usize)> {
    let (n, c, h, w) = x.dims4()?;
    if n * h * w * c == 0 {
        bail!("{NAME}: expected at least one channel, and one value per channel, got {:?}", x.dims());
    }
    check_computed(NAME, x)?;
    for (what, values) in [("gamma", gamma), ("beta", beta)] {
        check_argument(NAME, what, values, &[c], parameters(x.dtype()))?;
    }
    if let Some(residual) = residual {
        check_argument(NAME, "a residual", residual, x.dims(), x.dtype())?;
    }
    check_eps(eps)?;
    Ok((n, c, h, w))
}

/// Checks what is added to the variance.
pub(super) fn check_eps(eps: f64) -> Result<()> {
    if eps.is_finite() && eps >= 0. {
        return Ok(());
    }
    bail!("{NAME}: expected an eps of 0 or more, got {eps}")
}
